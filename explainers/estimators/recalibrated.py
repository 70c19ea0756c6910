"""A classifier whose chances are set right by how it did on training rows that it was not fitted on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.model_selection import StratifiedKFold
from sklearn.utils import _safe_indexing
from sklearn.utils.validation import check_is_fitted

Array = np.ndarray[Any, np.dtype[np.float64]]
SMALLEST = 1e-6
PULL = 1.0  # towards leaving chances as they are, as one row would


class Recalibrated(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Chances of an estimator, bent by one slope and one offset per class on the scale of log chances.

    Parameters
    ----------
    estimator : classifier
        With ``predict_proba``; it is cloned, never changed.
    folds : int
        Parts of the training rows; each is answered by a copy fitted on the others. Below 2 nothing is bent.
    parts : ndarray of shape (n,), optional
        Part of each row that it will be fitted to, where rows must not be parted at random; -1: never held out.
    ordered : bool
        Whether parts follow each other in time: each is then answered by a copy fitted on what came before.

    Attributes
    ----------
    estimator_ : classifier
        Fitted on all training rows.
    slope_ : float
        Below 1 where chances were too extreme, above 1 where they were too timid; never negative, so that with two
        classes the order of cases stays.
    offsets_ : ndarray of shape (n_classes,)
        Added to the log chances; the last is 0.

    Notes
    -----
    Rows set aside for ranges are not used, so that ranges formed on them stay honest. With two classes this is Platt's
    sigmoid on the log odds.

    References
    ----------
    Platt (1999), Advances in Large Margin Classifiers, 61-74; Cox (1958), https://doi.org/10.1093/biomet/45.3-4.562
    """

    def __init__(self, estimator: Any, folds: int = 5, parts: Any = None, ordered: bool = False) -> None:
        self.estimator = estimator
        self.folds = folds
        self.parts = parts
        self.ordered = ordered

    def fit(self, X: Any, y: Any) -> Recalibrated:
        """Fit the estimator on all rows, and the bend on rows each copy has not seen."""
        y = np.asarray(y)
        self.classes_, codes = np.unique(y, return_inverse=True)
        self.n_features_in_ = np.shape(X)[1]
        k = len(self.classes_)
        self.slope_, self.offsets_ = 1.0, np.zeros(k)
        unseen = np.full((len(y), k), np.nan)
        for fit, held in self._held_out(codes):
            copy = clone(self.estimator).fit(_safe_indexing(X, fit), y[fit])
            unseen[held] = copy.predict_proba(_safe_indexing(X, held))
        known = np.isfinite(unseen).all(axis=1)
        if known.any():
            self.slope_, self.offsets_ = _bend(_logs(unseen[known]), codes[known])
        self.estimator_ = clone(self.estimator).fit(X, y)
        return self

    def _held_out(self, codes: np.ndarray[Any, Any]) -> Iterator[tuple[Any, Any]]:
        """Yield positions to fit on and positions to answer; a copy has to know every class."""
        if self.parts is None:
            if self.folds >= 2 and np.bincount(codes).min() >= self.folds:
                yield from StratifiedKFold(self.folds).split(np.zeros(len(codes)), codes)
            return
        parts = np.asarray(self.parts)
        if len(parts) != len(codes):
            raise ValueError(f"Expected the {len(parts):,} rows whose parts were given, got {len(codes):,}.")
        for part in np.unique(parts[parts >= 0]):
            fit = np.flatnonzero(parts < part if self.ordered else parts != part)
            if len(np.unique(codes[fit])) == len(self.classes_):
                yield fit, np.flatnonzero(parts == part)

    def predict_proba(self, X: Any) -> Array:
        """Return the bent chances, shape (n, n_classes)."""
        check_is_fitted(self)
        return _softmax(self.slope_ * _logs(self.estimator_.predict_proba(X)) + self.offsets_)

    def predict(self, X: Any) -> np.ndarray[Any, Any]:
        """Return the likeliest class of each row."""
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])


def _logs(chances: Any) -> Array:
    return np.log(np.clip(np.asarray(chances, dtype=np.float64), SMALLEST, 1.0))


def _softmax(scores: Array) -> Array:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _bend(logs: Array, codes: np.ndarray[Any, Any]) -> tuple[float, Array]:
    """Return slope and offsets of the largest likelihood, by Newton's method; the likelihood has one peak."""
    n, k = logs.shape
    truth = np.eye(k)[codes]
    # Columns of the design of each class's score: the slope, then the offsets of all classes but the last.
    design = np.zeros((n, k, k))
    design[:, :, 0] = logs
    for j in range(k - 1):
        design[:, j, 1 + j] = 1.0
    b = np.zeros(k)
    b[0] = 1.0
    start = b.copy()
    for _ in range(100):
        p = _softmax(design @ b)
        gradient = np.einsum("nk,nkd->d", truth - p, design) - PULL * (b - start)
        mean = np.einsum("nk,nkd->nd", p, design)
        hessian = np.einsum("nk,nkd,nke->de", p, design, design) - mean.T @ mean + PULL * np.eye(k)
        step = np.linalg.solve(hessian, gradient)
        b = b + np.clip(step, -1, 1)
        b[0] = max(b[0], 0.0)
        if np.abs(step).max() < 1e-9:
            break
    return float(b[0]), np.r_[b[1:], 0.0]
