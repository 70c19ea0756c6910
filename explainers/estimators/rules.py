"""The two plainest options that look at the case: one rule, and a table of groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils.validation import check_is_fitted

from explainers.estimators.bins import Bins, group_name, learn_bins, place, to_plain

Array = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]


class _Table(BaseEstimator):  # type: ignore[misc]
    """What both share: the best columns are picked by cross-checks on training rows, cells are pulled to the average.

    Parameters
    ----------
    columns : sequence of str
        Columns to choose from.
    kinds : sequence of {"number", "ordered", "level"}
        How each is read.
    depth : int
        Number of columns in the table: 1 is the rule.
    most : int
        Groups per column at most.
    least : int
        Rows that a group of numbers should have at least.
    pull : float
        So many imaginary rows at the average of the coarser table are added to every cell.
    order : dict of column to list of str, optional
        Order of ordered levels.

    Attributes
    ----------
    chosen_ : list of str
        Columns of the table, the strongest first.
    bins_ : list of dict
        Groups of each of them.
    cells_ : ndarray of shape (groups of the first, ..., outputs)
        Class probabilities, or one number.
    counts_ : ndarray of shape (groups of the first, ...)
        Training rows in each cell.
    steps_ : list of ndarray
        The coarser tables: without any column, with the first, and so on.
    """

    def __init__(
        self,
        columns: Sequence[str] = (),
        kinds: Sequence[str] = (),
        *,
        depth: int = 1,
        most: int = 6,
        least: int = 30,
        pull: float = 5.0,
        order: dict[str, list[str]] | None = None,
    ) -> None:
        self.columns = columns
        self.kinds = kinds
        self.depth = depth
        self.most = most
        self.least = least
        self.pull = pull
        self.order = order

    def _learn(self, frame: pd.DataFrame, outputs: Array) -> None:
        self.feature_names_in_ = np.array(list(self.columns), dtype=object)
        self.n_features_in_ = len(self.columns)
        n = len(outputs)
        every = [
            learn_bins(
                frame[c], c, k, most=self.most, order=(self.order or {}).get(c), least=min(self.least, max(n // 3, 1))
            )
            for c, k in zip(self.columns, self.kinds, strict=True)
        ]
        codes = [place(b, frame) for b in every]
        fold = np.random.default_rng(0).permutation(n) % min(5, max(n, 1))
        picked: list[int] = []
        best = self._checked_loss([], [], outputs, fold)
        while len(picked) < self.depth:
            tried = [
                (self._checked_loss([every[j] for j in trial], [codes[j] for j in trial], outputs, fold), i)
                for i in range(len(every))
                if i not in picked and every[i].size > 1
                for trial in [[*picked, i]]
            ]
            loss, i = min(tried, default=(np.inf, -1))
            # The rule always looks at something; a further column of the table must earn its place.
            if i < 0 or (picked and loss >= best):
                break
            picked.append(i)
            best = loss
        bins = [every[i] for i in picked]
        self.chosen_ = [str(b.column) for b in bins]
        self.bins_ = [to_plain(b) for b in bins]
        self.steps_, counts = _cells(bins, [codes[i] for i in picked], outputs, self.pull)
        self.cells_: Array = self.steps_[-1]
        self.counts_: Array = counts

    def _look_up(self, frame: pd.DataFrame) -> Array:
        check_is_fitted(self)
        bins = [Bins(**b) for b in self.bins_]
        return _answers(self.steps_, [place(b, frame) for b in bins], len(frame))

    def _checked_loss(self, bins: list[Bins], codes: list[IntArray], outputs: Array, fold: IntArray) -> float:
        total = 0.0
        for k in range(int(fold.max(initial=0)) + 1):
            fit, held = (fold != k, fold == k) if (fold != k).any() else (fold == k, fold == k)
            steps, _ = _cells(bins, [c[fit] for c in codes], outputs[fit], self.pull)
            total += self._loss(outputs[held], _answers(steps, [c[held] for c in codes], int(held.sum())))
        return total

    @staticmethod
    def _loss(outputs: Array, said: Array) -> float:
        raise NotImplementedError

    def table(self) -> pd.DataFrame:
        """Return the whole table: one row per cell with its group of each column, rows behind it and answer."""
        check_is_fitted(self)
        bins = [Bins(**b) for b in self.bins_]
        names = [str(c) for c in self.classes_] if hasattr(self, "classes_") else ["prediction"]
        rows = []
        for cell in np.ndindex(self.counts_.shape):
            groups = {b.column: group_name(b, g) for b, g in zip(bins, cell, strict=True)}
            answer = dict(zip(names, map(float, self.cells_[cell]), strict=True))
            rows.append({**groups, "rows": int(self.counts_[cell]), **answer})
        return pd.DataFrame(rows)


class _ClassTable(ClassifierMixin, _Table):  # type: ignore[misc]
    def fit(self, X: pd.DataFrame, y: Any) -> _ClassTable:
        """Fit on training rows of shape (n, k) and their classes of shape (n,)."""
        self.classes_, codes = np.unique(np.asarray(y), return_inverse=True)
        self._learn(X, np.eye(len(self.classes_))[codes])
        return self

    def predict_proba(self, X: pd.DataFrame) -> Array:
        """Return class probabilities, shape (n, n_classes)."""
        return self._look_up(X)

    def predict(self, X: pd.DataFrame) -> np.ndarray[Any, Any]:
        """Return the likeliest class of each row."""
        likeliest = self._look_up(X).argmax(axis=1)
        return np.asarray(self.classes_[likeliest])

    @staticmethod
    def _loss(outputs: Array, said: Array) -> float:
        return float(-(outputs * np.log(np.clip(said, 1e-12, 1.0))).sum())


class _NumberTable(RegressorMixin, _Table):  # type: ignore[misc]
    def fit(self, X: pd.DataFrame, y: Any) -> _NumberTable:
        """Fit on training rows of shape (n, k) and their numbers of shape (n,)."""
        self._learn(X, np.asarray(y, dtype=np.float64)[:, None])
        return self

    def predict(self, X: pd.DataFrame) -> Array:
        """Return the average of the case's cell, shape (n,)."""
        return np.asarray(self._look_up(X)[:, 0])

    @staticmethod
    def _loss(outputs: Array, said: Array) -> float:
        return float(((outputs - said) ** 2).sum())


class OneRule(_ClassTable):
    """Classes by the one column that tells them apart best.

    After Holte (1993), Machine Learning 11, 63-91, https://doi.org/10.1023/A:1022631118932; probabilities per group,
    pulled to the average, and the column picked by cross-checked log loss rather than training error.
    """


class OneRuleNumbers(_NumberTable):
    """Numbers by the one column that tells them apart best."""


class GroupTable(_ClassTable):
    """Classes by a table of up to ``depth`` columns, picked one after the other."""


class GroupTableNumbers(_NumberTable):
    """Numbers by a table of up to ``depth`` columns, picked one after the other."""


def _cells(bins: list[Bins], codes: list[IntArray], outputs: Array, pull: float) -> tuple[list[Array], Array]:
    """Return the table without columns, with one, with two and so on, each pulled to the one before."""
    k = outputs.shape[1]
    if k > 1:  # one imaginary row per class: a class is never ruled out
        steps = [(outputs.sum(axis=0) + 1.0 / k) / (len(outputs) + 1.0)]
    else:
        steps = [outputs.mean(axis=0) if len(outputs) else np.zeros(k)]
    counts: Array = np.array(float(len(outputs)))
    shape: tuple[int, ...] = ()
    flat = np.zeros(len(outputs), dtype=np.int64)
    known = np.ones(len(outputs), dtype=bool)
    for b, c in zip(bins, codes, strict=True):
        shape = (*shape, b.size)
        known &= c >= 0
        flat = flat * b.size + np.maximum(c, 0)
        size = int(np.prod(shape))
        counts = np.bincount(flat[known], minlength=size).astype(np.float64)
        sums = np.stack([np.bincount(flat[known], outputs[known, j], minlength=size) for j in range(k)], axis=1)
        before = np.repeat(steps[-1].reshape(-1, k), b.size, axis=0)
        steps.append(((sums + pull * before) / (counts + pull)[:, None]).reshape(*shape, k))
        counts = counts.reshape(shape)
    return steps, counts


def _answers(steps: list[Array], codes: list[IntArray], n: int) -> Array:
    """Answer each row from the finest table that has its groups."""
    answer = np.repeat(steps[0][None, :], n, axis=0)
    known = np.ones(n, dtype=bool)
    for depth in range(1, len(steps)):
        known &= codes[depth - 1] >= 0
        answer[known] = steps[depth][tuple(c[known] for c in codes[:depth])]
    return answer
