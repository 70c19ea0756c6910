"""Residuals of a least-squares formula in units of their own error: every row has its own, by its leverage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from explainers.fields import FloatArray
from explainers.study import TRAIN

if TYPE_CHECKING:
    from explainers.study import Study


def is_formula(study: Study, candidate: str) -> bool:
    """Return whether an option is a least-squares formula, told without loading it."""
    known = study.candidate(candidate)
    own = type(known.estimator).__name__ == "FormulaRegressor"
    return study.task == "regression" and (known.recipe == "formula" or own)


def leverages(design: FloatArray, rows: FloatArray) -> FloatArray | None:
    """Return x' (X'X)^-1 x of each row, shape (n,), by a Cholesky factor of the scaled design.

    Parameters
    ----------
    design : array of shape (m, p)
        What the formula was fitted to, columns without a coefficient left out.
    rows : array of shape (n, p)
        Rows to measure.

    Returns
    -------
    array of shape (n,) or None
        None where the design has not full rank.
    """
    scale = np.sqrt((design**2).sum(axis=0))
    if not scale.size or not (scale > 0).all():
        return None
    scaled = design / scale
    try:
        factor = np.linalg.cholesky(scaled.T @ scaled)
    except np.linalg.LinAlgError:
        return None
    solved = np.linalg.solve(factor, (rows / scale).T)
    return np.asarray(np.einsum("ij,ij->j", solved, solved))


def formula_residuals(study: Study, candidate: str) -> dict[str, FloatArray] | None:
    """Return standardised and studentised residuals of every row of a study, on the formula's own scale.

    Of training rows: the residual over its error, s sqrt(1 - h) (standardised), and the same with s taken without the
    row (studentised; Cook and Weisberg 1982, ISBN 0-412-24280-X). Of other rows: over the error of a forecast,
    s sqrt(1 + h); there is no studentised one. With a log target both are of logs.

    Parameters
    ----------
    study : Study
    candidate : str

    Returns
    -------
    dict of array of shape (len(study.frame),), or None
        standardised and studentised; None where the option is no such formula or leaves no degree of freedom.
    """
    from explainers.build import fitted
    from explainers.estimators import FormulaRegressor
    from explainers.predict import check_cases

    estimator: Any = fitted(study, candidate)
    actual = study.frame[study.target].to_numpy(dtype=np.float64, na_value=np.nan)
    known = np.isfinite(actual)
    train = (study.split == TRAIN).to_numpy() & known
    if not isinstance(estimator, FormulaRegressor) or not train.any() or estimator.plain_free_ < 1:
        return None
    if study.candidate(candidate).given_fitted:
        return None  # nobody knows which rows it was fitted to
    kept = np.diag(estimator.plain_cov_) != 0
    design = estimator.design(check_cases(study, candidate, study.frame)).to_numpy()
    with np.errstate(invalid="ignore", divide="ignore"):
        wanted = np.log(actual) if estimator.link_ == "log" else actual
    off = wanted - (design @ estimator.coef_)[:, 0]
    h = leverages(design[train][:, kept], design[:, kept])
    if h is None:
        return None
    free = estimator.plain_free_
    total = float((off[train] ** 2).sum())
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.sqrt(total / free * np.where(train, np.maximum(1 - h, 0.0), 1 + h))
        standardised = np.where(error > 0, off / error, np.nan)
        without = (total - off**2 / (1 - h)) / (free - 1) if free > 1 else np.full(len(off), np.nan)
        studentised = np.where(train & (h < 1), off / np.sqrt(np.maximum(without, 0.0) * (1 - h)), np.nan)
    standardised[~np.isfinite(standardised)] = np.nan
    studentised[~np.isfinite(studentised)] = np.nan
    return {"standardised": standardised, "studentised": studentised}
