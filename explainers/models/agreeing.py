"""Two forms of the same model, such as an estimator and its ONNX file: do they give the same answers?"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from explainers.errors import CandidateError
from explainers.results import explained

EQUAL = 1e-3
"""Probabilities, or shares of the answers' spread, within which two forms are the same: single precision gives 1e-6."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SameAnswers:
    """How far two forms of a model are apart on the same rows."""

    n: int = explained("Number of rows that both were asked about.")
    n_apart: int = explained("Rows on which they differ by more than a thousandth.")
    largest: float = explained("The largest difference: in probability, or in the target's unit.")
    scale: float = explained("What a difference is measured against: 1 for probabilities, else the answers' spread.")

    @property
    def same(self) -> bool:
        """Whether they give the same answers to every row."""
        return self.n_apart == 0


def compare(first: Any, second: Any, rows: pd.DataFrame, *, task: str, classes: Sequence[Hashable] = ()) -> SameAnswers:
    """Return how far the answers of two estimators are apart.

    Parameters
    ----------
    first, second : object
        Fitted; each is given all columns of ``rows``.
    rows : DataFrame of shape (n, k)
        Raw rows in the order of the model's columns.
    task : {"classification", "regression"}
        What they answer with.
    classes : sequence
        Classes in order.

    Returns
    -------
    SameAnswers

    Raises
    ------
    CandidateError
        One of them does not answer.

    Examples
    --------
    >>> from sklearn.linear_model import LinearRegression
    >>> rows = pd.DataFrame({"a": [0.0, 1.0, 2.0]})
    >>> model = LinearRegression().fit(rows, [0.0, 1.0, 2.0])
    >>> compare(model, model, rows, task="regression").same
    True
    """
    one, two = (_answers(m, rows, task, classes) for m in (first, second))
    if one.shape != two.shape:
        raise CandidateError(
            f"The two forms of this model answer in the shapes {one.shape} and {two.shape}. Export it again."
        )
    scale = 1.0 if task == "classification" else float(np.ptp(one)) or max(1.0, float(np.abs(one).max(initial=0.0)))
    apart = np.abs(one - two).reshape(len(rows), -1).max(axis=1) if len(rows) else np.zeros(0)
    apart = np.nan_to_num(apart, nan=np.inf)
    return SameAnswers(
        n=len(rows),
        n_apart=int((apart > EQUAL * scale).sum()),
        largest=float(apart.max(initial=0.0)),
        scale=scale,
    )


def verdict(found: SameAnswers, first: str, second: str, unit: str) -> str:
    """Return what is said where two forms differ; empty where they do not."""
    if found.same:
        return ""
    return (
        f"{first} does not answer like {second}: of {found.n:,} rows {found.n_apart:,} differ, at most by "
        f"{found.largest:.3g} {unit}. An exported model can be wrong without a word. Use {second}, or export it again "
        "and compare."
    )


def _answers(model: Any, rows: pd.DataFrame, task: str, classes: Sequence[Hashable]) -> Any:
    from explainers.predict import place_of

    try:
        if task == "regression":
            return np.asarray(model.predict(rows), dtype=np.float64).ravel()
        if not hasattr(model, "predict_proba"):
            return np.eye(len(classes))[place_of(classes, np.asarray(model.predict(rows)).ravel())]
        said = np.asarray(model.predict_proba(rows), dtype=np.float64)
    except Exception as e:
        raise CandidateError(
            f"One form of this model does not answer these rows: {type(e).__name__}: {str(e)[:200]}. "
            "Check that both were made for these columns, in this order."
        ) from e
    own = getattr(model, "classes_", None)
    order = place_of(classes, np.asarray(own)) if own is not None else np.arange(said.shape[1])
    out = np.zeros((len(rows), len(classes)))
    out[:, order] = said
    return out
