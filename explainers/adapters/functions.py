"""Any function of a data frame as an estimator."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from explainers.adapters.boosters import Adapted
from explainers.errors import CandidateError

Array = np.ndarray[Any, Any]


class FunctionModel(Adapted):
    """A function that takes a frame of raw columns.

    Parameters
    ----------
    function : callable
        Called with a DataFrame of shape (n, k). For numbers it returns n numbers. For classes it returns a frame with
        one column of probabilities per class, an array of shape (n, n_classes) in the study's order, n probabilities
        of the class in focus, or n class labels.
    task : {"classification", "regression"}
        The study's task.
    classes : sequence
        The study's classes in order.
    positive : hashable
        The class in focus.

    Examples
    --------
    >>> FunctionModel(lambda frame: frame["size"] * 2.0, "regression").predict(pd.DataFrame({"size": [1.0]})).tolist()
    [2.0]
    """

    kind_ = "function"

    def __init__(
        self,
        function: Callable[[pd.DataFrame], Any],
        task: str,
        classes: Sequence[Hashable] = (),
        positive: Hashable = None,
    ) -> None:
        super().__init__()
        self.model_ = function
        self.task_, self.n_classes_ = task, len(classes)
        self.order_, self.positive_ = tuple(classes), positive
        if task == "classification":
            self.classes_ = np.empty(len(classes), dtype=object)
            self.classes_[:] = list(classes)

    def _chances(self, frame: pd.DataFrame) -> Array:
        said = self.model_(frame)
        if isinstance(said, pd.DataFrame):
            places = {str(c): i for i, c in enumerate(said.columns)}
            lacking = [c for c in self.order_ if str(c) not in places]
            if lacking:
                raise CandidateError(
                    f"The function returns the columns {', '.join(map(str, said.columns))}, and the classes are "
                    f"{', '.join(map(str, self.order_))}. Return one column of probabilities per class."
                )
            return np.asarray(said.iloc[:, [places[str(c)] for c in self.order_]], dtype=np.float64)
        found = np.asarray(said)
        if found.ndim == 2 and found.shape[1] > 1:
            return np.asarray(found, dtype=np.float64)
        return self._of_one(found.ravel())

    def _of_one(self, said: Array) -> Array:
        """Return a column per class for labels, or for probabilities of the class in focus."""
        from explainers.predict import place_of

        labels = place_of(self.order_, said)
        if (labels >= 0).all():
            return np.asarray(np.eye(len(self.order_))[labels])
        if self.positive_ is None or len(self.order_) != 2 or said.dtype.kind not in "fiub":
            raise CandidateError(
                "The function should return one column of probabilities per class, or labels that are classes of the "
                f"study ({', '.join(map(str, self.order_))}); {said.dtype} of shape {said.shape} came."
            )
        chance = said.astype(np.float64)
        out = np.empty((len(chance), 2))
        focus = self.order_.index(self.positive_)
        out[:, focus], out[:, 1 - focus] = chance, 1 - chance
        return out

    def _numbers(self, frame: pd.DataFrame) -> Array:
        said = np.asarray(self.model_(frame), dtype=np.float64)
        return said.ravel() if said.size == len(frame) else said
