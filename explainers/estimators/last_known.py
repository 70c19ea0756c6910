"""The plainest option for numbers that are recorded again and again: say the figure that was known last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.utils.validation import check_is_fitted

from explainers.errors import CandidateError
from explainers.estimators.encode import as_numbers

Array = np.ndarray[Any, np.dtype[np.float64]]


class LastKnown(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Answers with the figure in one column, such as what was recorded the year before.

    In forecasting this is the naive method, the yardstick of Hyndman and Koehler (2006),
    https://doi.org/10.1016/j.ijforecast.2006.03.001. Nothing is learned but the typical figure, which answers cases
    for which no earlier figure is recorded.

    Parameters
    ----------
    columns : sequence of str
        Columns it is given; only ``column`` is read.
    column : str
        The numeric column that holds the figure known last, in the unit of the target.

    Attributes
    ----------
    constant_ : float
        Median of the training rows' target, for cases where ``column`` is empty.

    Examples
    --------
    >>> frame = pd.DataFrame({"before": [10.0, np.nan]})
    >>> LastKnown(["before"], "before").fit(frame, [11.0, 13.0]).predict(frame).tolist()
    [10.0, 12.0]
    """

    def __init__(self, columns: Sequence[str] = (), column: str = "") -> None:
        self.columns = columns
        self.column = column

    def fit(self, X: pd.DataFrame, y: Any) -> LastKnown:
        """Learn the typical figure from training rows of shape (n, k) and their numbers of shape (n,)."""
        if self.column not in self.columns:
            raise CandidateError(
                f"The last known figure stands in the column {self.column!r}, which this option is not given. "
                f"Name one of: {', '.join(map(repr, self.columns))}."
            )
        if not pd.api.types.is_numeric_dtype(X[self.column].dtype):
            raise CandidateError(
                f"The last known figure has to be a number, and {self.column!r} is none. Name another column."
            )
        self.feature_names_in_ = np.array(list(self.columns), dtype=object)
        self.n_features_in_ = len(self.columns)
        self.constant_ = float(np.median(np.asarray(y, dtype=np.float64)))
        return self

    def predict(self, X: pd.DataFrame) -> Array:
        """Return the figures known last, shape (n,)."""
        check_is_fitted(self)
        known = as_numbers(X[self.column])
        return np.where(np.isnan(known), self.constant_, known)
