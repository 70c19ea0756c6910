"""Classes of any type for estimators that only know 0, 1, 2 and so on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.utils.metaestimators import available_if


def _has(name: str) -> Any:
    return available_if(lambda self: hasattr(getattr(self, "estimator_", self.estimator), name))


class CodedClasses(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Numbers the classes for the estimator inside, and names them again in its answers.

    Parameters
    ----------
    estimator : object
        A classifier for the classes 0 to k - 1, such as XGBClassifier.

    Attributes
    ----------
    classes_ : ndarray of shape (k,)
        The classes in order.
    estimator_ : object
        Fitted to their numbers.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> CodedClasses(DummyClassifier()).fit([[0], [1], [2]], ["no", "yes", "yes"]).predict([[5]]).tolist()
    ['yes']
    """

    def __init__(self, estimator: Any = None) -> None:
        self.estimator = estimator

    def fit(self, X: pd.DataFrame, y: Any) -> CodedClasses:
        """Fit the estimator inside on rows of shape (n, k) and classes of shape (n,)."""
        self.classes_, codes = np.unique(np.asarray(y), return_inverse=True)
        self.estimator_ = clone(self.estimator).fit(X, codes)
        if isinstance(X, pd.DataFrame):
            self.feature_names_in_ = np.array(list(X.columns), dtype=object)
            self.n_features_in_ = X.shape[1]
        return self

    @_has("predict_proba")  # type: ignore[untyped-decorator]
    def predict_proba(self, X: pd.DataFrame) -> Any:
        """Return class probabilities, shape (n, n_classes)."""
        return self.estimator_.predict_proba(X)

    @_has("decision_function")  # type: ignore[untyped-decorator]
    def decision_function(self, X: pd.DataFrame) -> Any:
        """Return the scores of the estimator inside."""
        return self.estimator_.decision_function(X)

    def predict(self, X: pd.DataFrame) -> np.ndarray[Any, Any]:
        """Return the class of each row."""
        return np.asarray(self.classes_[np.asarray(self.estimator_.predict(X)).astype(np.int64).ravel()])
