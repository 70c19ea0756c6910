"""Columns under the names that a model learned them by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin


class OwnNames(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Hands the columns of the data to a model under its own names: the first step of a pipeline around it.

    Parameters
    ----------
    columns : sequence of str
        Columns of the data, in the model's order.
    names : sequence of str
        What the model calls each of them.

    Attributes
    ----------
    feature_names_in_ : ndarray of str
        The columns of the data.
    n_features_in_ : int
        How many there are.

    Examples
    --------
    >>> rows = pd.DataFrame({"size": [1.0], "age": [2.0]})
    >>> list(OwnNames(["age", "size"], ["Age", "Size"]).fit(rows).transform(rows).columns)
    ['Age', 'Size']
    """

    def __init__(self, columns: Sequence[str] = (), names: Sequence[str] = ()) -> None:
        self.columns = columns
        self.names = names

    def fit(self, X: Any = None, y: Any = None) -> OwnNames:
        """Learn nothing; rows are not looked at."""
        del X, y
        self.feature_names_in_ = np.array(list(self.columns), dtype=object)
        self.n_features_in_ = len(self.columns)
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Return rows of shape (n, k) with the model's names, in its order."""
        return X[list(self.columns)].set_axis(list(self.names), axis=1)
