"""A formula whose coefficients came without their covariance: it answers, and says nothing of how sure it is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from explainers.adapters.boosters import Adapted
from explainers.adapters.columns import in_order

Array = np.ndarray[Any, Any]
NO_COVARIANCE = "The file has no covariance: how sure the formula is of its coefficients is not known."


class GivenFormula(Adapted):
    """Asks a formula without showing the parts of it that rest on a covariance.

    Parameters
    ----------
    formula : FormulaRegressor or FormulaClassifier
        With coefficients, without a covariance.
    data : bytes
        The file that it came from.

    Examples
    --------
    >>> GivenFormula(formula, data).predict(frame)  # doctest: +SKIP
    """

    kind_ = "formula"

    def __init__(self, formula: Any, data: bytes) -> None:
        super().__init__()
        self.model_, self.data_ = formula, data
        self.names_ = tuple(map(str, formula.columns))
        self.n_features_in_ = len(self.names_)
        self.levels_ = {c: tuple(known) for c, known in formula.levels_.items()}
        self.numbers_ = tuple(c for c in self.names_ if c not in self.levels_)
        classes = getattr(formula, "classes_", None)
        self.task_, self.n_classes_ = "regression" if classes is None else "classification", 0
        if classes is not None:
            self.classes_, self.n_classes_ = classes, len(classes)
        self.notes_ = [NO_COVARIANCE]

    def _chances(self, frame: pd.DataFrame) -> Array:
        return np.asarray(self.model_.predict_proba(in_order(frame, self.names_, "The formula")))

    def _numbers(self, frame: pd.DataFrame) -> Array:
        return np.asarray(self.model_.predict(in_order(frame, self.names_, "The formula")))

    def to_bytes(self) -> bytes:
        """Return the file that it came from."""
        return self.data_
