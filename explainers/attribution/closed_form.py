"""Closed forms: where the answer is a sum of terms of one column each, attributions need no sampling at all.

The attribution of a column is its term at the case minus the mean of that term over the reference rows, for instance
coefficient times (value - mean). shap.LinearExplainer does the same but takes only 100 of the reference rows.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from explainers.attribution.separable import Encoded
from explainers.results import FloatArray

EQUAL = 1e-9


def linear_terms(encoded: Encoded, coefficients: FloatArray, n_columns: int) -> FloatArray:
    """Return the term of every original column in every row, shape (n_rows, n_columns).

    For a logistic model with its coefficients these are the terms on the link scale (log odds).
    """
    each = encoded.rows * np.asarray(coefficients, dtype=float)
    terms = np.zeros((len(each), n_columns))
    for column in range(n_columns):
        terms[:, column] = each[:, encoded.group == column].sum(axis=1)
    return terms


def terms_of_numbers(encoded: Encoded | None, n_columns: int, predictions: FloatArray) -> FloatArray | None:
    """Return the terms of a linear model of a number, or None where its answers are not the sum of such terms.

    Parameters
    ----------
    encoded : Encoded or None
        The encoded rows, where there is an encoded route.
    n_columns : int
        Number of original columns.
    predictions : ndarray, shape (n,)
        The door's answers for the first n of these rows, which intercept and terms must add up to.
    """
    if encoded is None or not hasattr(encoded.final, "coef_") or not hasattr(encoded.final, "intercept_"):
        return None
    coefficients = np.asarray(encoded.final.coef_, dtype=float).ravel()
    intercept = np.asarray(encoded.final.intercept_, dtype=float).ravel()
    if coefficients.size != encoded.rows.shape[1] or intercept.size != 1 or not np.isfinite(encoded.rows).all():
        return None
    terms = linear_terms(encoded, coefficients, n_columns)
    return terms if _adds_up(terms, float(intercept[0]), predictions) else None


def terms_of_formula(estimator: Any, rows: pd.DataFrame, predictions: FloatArray) -> FloatArray | None:
    """Return the terms of a formula for a number by column, or None where a term reads several columns or a log.

    Parameters
    ----------
    estimator : object
        Fitted; formulas have ``terms``, ``term_columns_`` and ``link_``.
    rows : DataFrame
        Raw rows.
    predictions : ndarray, shape (n,)
        The door's answers for the first n of these rows, which intercept and terms must add up to.
    """
    if getattr(estimator, "link_", "") != "identity" or any(len(set(c)) > 1 for c in estimator.term_columns_):
        return None
    place = {name: at for at, name in enumerate(rows.columns)}
    each = np.asarray(estimator.terms(rows), dtype=float)
    terms = np.zeros(rows.shape)
    for at, (name, *_) in enumerate(estimator.term_columns_):
        terms[:, place[name]] += each[:, at]
    return terms if _adds_up(terms, float(estimator.coef_[0, 0]), predictions) else None


def _adds_up(terms: FloatArray, intercept: float, predictions: FloatArray) -> bool:
    total = intercept + terms[: len(predictions)].sum(axis=1)
    scale = EQUAL * max(1.0, float(np.abs(predictions).max(initial=0.0)))
    return bool(np.abs(total - predictions).max(initial=0.0) <= scale)


def from_terms(cases: FloatArray, refs: FloatArray) -> tuple[FloatArray, FloatArray | None]:
    """Return attributions (n_cases, n_columns) and the standard error of the reference means (None for one row)."""
    values = cases - refs.mean(axis=0)
    if len(refs) < 2:
        return values, None
    error = refs.std(axis=0, ddof=1) / np.sqrt(len(refs))
    return values, np.tile(error, (len(cases), 1))
