"""Fitted results of statsmodels as estimators of raw columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from explainers.adapters.boosters import Adapted, two_columns
from explainers.errors import CandidateError

Array = np.ndarray[Any, Any]
CONSTANTS = ("const", "Intercept", "intercept")


def is_results(model: Any) -> bool:
    """Return whether an object is what ``fit`` of a statsmodels model returned."""
    home = type(model).__module__.partition(".")[0]
    return home == "statsmodels" and hasattr(model, "params") and callable(getattr(model, "predict", None))


class StatsmodelsModel(Adapted):
    """Results of OLS, GLM, Logit, Probit, Poisson, MNLogit and the like, by formula or on a design matrix.

    Parameters
    ----------
    results : statsmodels results
        Fitted, in this process: results out of a file run code when they are opened.
    task : {"classification", "regression"}
        The study's task; chances of 0/1 models are numbers in a study of numbers.
    n_classes : int
        Number of classes of the study.

    Raises
    ------
    CandidateError
        It answers several numbers at once.

    Examples
    --------
    >>> StatsmodelsModel(sm.Logit(y, X).fit(), "classification", 2).predict_proba(frame)  # doctest: +SKIP
    """

    kind_, package_ = "statsmodels", "statsmodels"

    def __init__(self, results: Any, task: str, n_classes: int = 0) -> None:
        super().__init__()
        self.model_ = results
        self.task_, self.n_classes_ = task, n_classes if task == "classification" else 0
        inner = results.model
        self.by_formula_ = getattr(inner, "formula", None) is not None
        self.exog_ = tuple(map(str, getattr(inner, "exog_names", ()) or ()))
        self.names_ = self._columns(inner) if self.by_formula_ else tuple(n for n in self.exog_ if n not in CONSTANTS)
        named = getattr(inner, "_ynames_map", None)
        numbered = named and [str(named[i]) for i in sorted(named)] == [str(i) for i in range(len(named))]
        if task == "classification" and named and not numbered:  # numbers alone say no more than the order
            self.classes_ = np.asarray([named[i] for i in sorted(named)], dtype=object)

    def _columns(self, inner: Any) -> tuple[str, ...]:
        """Return the columns of the data that a formula reads, as far as the data it was fitted on tell."""
        data = getattr(inner.data, "frame", None)
        text = str(inner.formula).partition("~")[2]
        known = [] if data is None else [str(c) for c in data.columns]
        return tuple(c for c in known if _is_in(c, text))

    def _chances(self, frame: pd.DataFrame) -> Array:
        said = self._ask(frame)
        return said if said.ndim == 2 and said.shape[1] > 1 else two_columns(said)

    def _numbers(self, frame: pd.DataFrame) -> Array:
        said = self._ask(frame)
        return said.ravel() if said.size == len(frame) else said

    def _ask(self, frame: pd.DataFrame) -> Array:
        if self.by_formula_:
            said = self.model_.predict(frame)
        else:
            constant = {n: 1.0 for n in self.exog_ if n in CONSTANTS}
            given = frame.assign(**constant)
            lacking = [n for n in self.exog_ if n not in given.columns]
            if lacking:
                raise CandidateError(
                    f"The statsmodels results read {', '.join(map(repr, lacking[:5]))}, which are no columns of the "
                    "data. Fit by formula, or on a design matrix made of the data's own columns."
                )
            said = self.model_.predict(given[list(self.exog_)].astype(np.float64))
        found = np.asarray(said, dtype=np.float64)
        if len(found) != len(frame):
            raise CandidateError(
                f"The statsmodels results answer {len(found)} of {len(frame)} rows: they leave out rows with missing "
                "values. Fill missing values before it, or use another option."
            )
        return found


def _is_in(column: str, text: str) -> bool:
    import re

    return re.search(rf"(?<!\w){re.escape(column)}(?!\w)", text) is not None
