"""Levels as boosters read them: as categories that were seen when fitting, or as texts."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, clone
from sklearn.utils.metaestimators import available_if

from explainers.adapters.columns import as_texts, with_levels

MISSING_LEVEL = "nan"


def _has(name: str) -> Any:
    return available_if(lambda self: hasattr(getattr(self, "estimator_", self.estimator), name))


class KnownLevels(BaseEstimator):  # type: ignore[misc]
    """Hands columns that hold levels to a booster in the form that it reads itself.

    Parameters
    ----------
    estimator : object
        An estimator of XGBoost, LightGBM or CatBoost in the style of scikit-learn.
    way : {"categories", "text"}
        As pandas categories with the levels of the training rows (anything else is missing to it), or as texts, with
        "nan" for what is missing.

    Attributes
    ----------
    levels_ : dict of column to list
        The levels of the training rows; empty lists with ``way="text"``.
    estimator_ : object
        Fitted.
    """

    def __init__(self, estimator: Any = None, way: Literal["categories", "text"] = "categories") -> None:
        self.estimator = estimator
        self.way = way

    @classmethod
    def around(
        cls, fitted: Any, levels: Mapping[str, Sequence[Hashable]], way: Literal["categories", "text"]
    ) -> KnownLevels:
        """Return it around an estimator that is fitted already."""
        made = cls(fitted, way)
        made.estimator_ = fitted
        made.levels_ = {name: list(known) for name, known in levels.items()}
        made._take_over()
        return made

    def fit(self, X: pd.DataFrame, y: Any) -> KnownLevels:
        """Learn the levels and fit the estimator on rows of shape (n, k) and their outcomes of shape (n,)."""
        self.levels_: dict[str, list[Any]] = {}
        for name in X.columns:
            values = X[name]
            if isinstance(values.dtype, pd.CategoricalDtype):
                known = list(values.cat.remove_unused_categories().cat.categories)
            elif not pd.api.types.is_numeric_dtype(values.dtype) and values.dtype.kind not in "mM":
                known = sorted(pd.unique(values.dropna()), key=str)
            else:
                continue
            self.levels_[name] = [] if self.way == "text" else [_plain(v) for v in known]
        more = {}
        if self.way == "text" and self.levels_:
            more["cat_features"] = list(self.levels_)
        self.estimator_ = clone(self.estimator).fit(self._read(X), y, **more)
        self.feature_names_in_ = np.array(list(X.columns), dtype=object)
        self.n_features_in_ = X.shape[1]
        self._take_over()
        return self

    def _take_over(self) -> None:
        for name in ("classes_", "feature_names_in_", "n_features_in_"):
            try:
                value = getattr(self.estimator_, name, None)
            except Exception:  # some fail where there is none
                value = None
            if value is not None and not hasattr(self, name):
                setattr(self, name, value)

    def _read(self, X: pd.DataFrame) -> pd.DataFrame:
        if self.way == "text":
            return X.assign(**{name: as_texts(X[name], MISSING_LEVEL) for name in self.levels_})
        return with_levels(X, self.levels_)

    @_has("predict_proba")  # type: ignore[untyped-decorator]
    def predict_proba(self, X: pd.DataFrame) -> Any:
        """Return class probabilities, shape (n, n_classes)."""
        return self.estimator_.predict_proba(self._read(X))

    def predict(self, X: pd.DataFrame) -> np.ndarray[Any, Any]:
        """Return the answer of each row."""
        return np.asarray(self.estimator_.predict(self._read(X)))

    def __sklearn_tags__(self) -> Any:
        """Say what the estimator inside says: whether it answers with classes or numbers."""
        from sklearn.utils import get_tags

        inner = self.estimator_ if hasattr(self, "estimator_") else self.estimator
        tags = super().__sklearn_tags__()
        try:
            tags.estimator_type = get_tags(inner).estimator_type
        except Exception:  # not one of scikit-learn's
            tags.estimator_type = "classifier" if hasattr(inner, "predict_proba") else "regressor"
        return tags


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
