"""Answers that came as a table: no model is there, so only cases of the table are answered."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from explainers.adapters.boosters import Adapted
from explainers.errors import CandidateError

Array = np.ndarray[Any, Any]
Hashes = np.ndarray[Any, np.dtype[np.uint64]]
NO_MODEL = (
    "This option came as a table of answers, without the model behind it. It answers the cases of its table only: "
    "reasons, changed cases and new ones need the model. Hand in a model file to get these."
)


class PredictionsOnly(Adapted):
    """Looks answers up by the row they were given for.

    Parameters
    ----------
    rows : DataFrame of shape (n, k)
        Inputs of the rows, by which they are found again.
    answers : ndarray of shape (n,) or (n, n_classes)
        What was answered.
    classes : sequence
        The study's classes; empty for numbers.

    Examples
    --------
    >>> rows = pd.DataFrame({"size": [1.0, 2.0]})
    >>> PredictionsOnly(rows, np.array([10.0, 20.0])).predict(rows[1:]).tolist()
    [20.0]
    """

    kind_ = "predictions"

    def __init__(self, rows: pd.DataFrame, answers: Array, classes: Any = ()) -> None:
        super().__init__()
        self.model_ = None
        self.task_ = "classification" if len(classes) else "regression"
        self.n_classes_ = len(classes)
        if len(classes):
            self.classes_ = np.empty(len(classes), dtype=object)
            self.classes_[:] = list(classes)
        self.names_ = tuple(map(str, rows.columns))
        self.answers_ = np.asarray(answers, dtype=np.float64).reshape(len(rows), -1)
        self.rows_, self.places_ = row_hashes(rows), label_hashes(rows.index)
        self.notes_ = [NO_MODEL]

    def _found(self, frame: pd.DataFrame) -> Array:
        rows, labels = row_hashes(frame[list(self.names_)]), label_hashes(frame.index)
        at = self._at(rows, labels)
        if (at < 0).any():
            raise CandidateError(NO_MODEL)
        return self.answers_[at]

    def _at(self, rows: Hashes, labels: Hashes) -> Array:
        """Return the place of each row: of the same name and content, else of the same content where that decides."""
        both = pd.Series(np.arange(len(self.rows_)), index=pd.MultiIndex.from_arrays([self.places_, self.rows_]))
        both = both[~both.index.duplicated()]
        at = both.reindex(pd.MultiIndex.from_arrays([labels, rows])).fillna(-1.0).to_numpy(dtype=np.float64, copy=True)
        left = np.flatnonzero(at < 0)
        if left.size:
            at[left] = self._by_content().reindex(rows[left]).fillna(-1.0).to_numpy(dtype=np.float64)
        return at.astype(np.int64)

    def _by_content(self) -> pd.Series[Any]:
        """Return the first place of each content whose rows were all answered alike."""
        groups = pd.DataFrame(self.answers_).groupby(self.rows_)
        alike = ((groups.max() - groups.min()) <= 1e-12).all(axis=1)
        first = pd.Series(np.arange(len(self.rows_)), index=self.rows_)
        first = first[~first.index.duplicated()]
        return first[alike.reindex(first.index).to_numpy(dtype=bool)]

    def _chances(self, frame: pd.DataFrame) -> Array:
        return self._found(frame)

    def _numbers(self, frame: pd.DataFrame) -> Array:
        return self._found(frame)[:, 0]


def row_hashes(frame: pd.DataFrame) -> Hashes:
    """Return a number for the content of each row; 1 and 1.0 are the same content."""
    plain = {}
    for i, name in enumerate(frame.columns):
        values = frame[name]
        numbers = pd.api.types.is_numeric_dtype(values.dtype) and values.dtype != bool
        plain[i] = (
            values.to_numpy(dtype=np.float64, na_value=np.nan) + 0.0
            if numbers
            else values.astype(object).where(values.notna(), "\x00").astype(str).to_numpy(dtype=object)
        )
    if not plain:
        return np.zeros(len(frame), dtype=np.uint64)
    return np.asarray(pd.util.hash_pandas_object(pd.DataFrame(plain), index=False), dtype=np.uint64)


def label_hashes(index: pd.Index[Any]) -> Hashes:
    """Return a number for the name of each row."""
    found: Any = pd.util.hash_array(index.astype(str).to_numpy(dtype=object))
    return np.asarray(found, dtype=np.uint64)
