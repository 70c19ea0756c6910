"""The declared measure as a loss, with what each row adds to it: what an interval over rows needs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from explainers.metrics import GREATER_IS_BETTER, IntArray
from explainers.results import FloatArray
from explainers.study import Study

CLASS_MEASURES = ("accuracy", "auc", "log_loss", "brier")
NUMBER_MEASURES = ("mae", "rmse", "r2")


def measure_of(study: Study, actual: FloatArray | IntArray) -> str:
    """Return the measure whose loss is taken: the declared one where these rows can give it, else the plain one.

    Parameters
    ----------
    study : Study
        With its declared measure, if any.
    actual : ndarray of shape (n,)
        Recorded numbers, or places of recorded classes.
    """
    known, plain = (CLASS_MEASURES, "log_loss") if study.classes else (NUMBER_MEASURES, "mae")
    declared = study.metric if study.metric in known else plain
    seen = np.unique(actual).size
    if (declared == "auc" and seen < len(study.classes)) or (declared == "r2" and seen < 2):
        return plain
    return declared


def loss(
    measure: str, answers: FloatArray, actual: FloatArray | IntArray, *, focus: int = 0, threshold: float = 0.5
) -> tuple[float, FloatArray]:
    """Return the loss and how far each row moves it.

    Parameters
    ----------
    measure : str
        accuracy, auc, log_loss, brier, mae, rmse or r2; where more is better the loss is 1 minus the measure.
    answers : ndarray of shape (n, n_outputs)
        Class probabilities, or numbers.
    actual : ndarray of shape (n,)
        Places of recorded classes, or recorded numbers.
    focus, threshold
        The positive class of two, and from which probability on it is chosen.

    Returns
    -------
    tuple of float and ndarray of shape (n,)
        The loss, equal to :mod:`explainers.metrics`, and its influence by row: values of mean zero whose variance over
        n is the variance of the loss (of auc the structural components of DeLong et al. 1988, doi:10.2307/2531595).

    Examples
    --------
    >>> loss("mae", np.array([[1.0], [2.0]]), np.array([1.0, 4.0]))
    (1.0, array([-1.,  1.]))
    """
    if measure == "auc":
        return _order(answers, np.asarray(actual, dtype=np.int64), focus)
    if measure in ("mae", "rmse", "r2"):
        return _numbers(measure, answers[:, 0], np.asarray(actual, dtype=np.float64))
    each = _classes(measure, answers, np.asarray(actual, dtype=np.int64), focus, threshold)
    return float(each.mean()), each - each.mean()


def _classes(measure: str, answers: FloatArray, actual: IntArray, focus: int, threshold: float) -> FloatArray:
    n, k = answers.shape
    if measure == "accuracy":
        two = np.where(answers[:, focus] >= threshold, focus, 1 - focus) if k == 2 else answers.argmax(axis=1)
        return np.asarray(two != actual, dtype=np.float64)
    if measure == "brier":
        off = ((np.eye(k)[actual] - answers) ** 2).sum(axis=1)
        return np.asarray(off * (0.5 if k == 2 else 1.0))
    tiny = np.finfo(np.float64).eps
    return np.asarray(-np.log(np.clip(answers[np.arange(n), actual], tiny, 1 - tiny)))


def _numbers(measure: str, answers: FloatArray, actual: FloatArray) -> tuple[float, FloatArray]:
    off = actual - answers
    if measure == "mae":
        value = float(np.abs(off).mean())
        return value, np.abs(off) - value
    square = float((off**2).mean())
    if measure == "rmse":
        root = float(np.sqrt(square))
        return root, (off**2 - square) / (2 * root) if root > 0 else np.zeros(len(off))
    around = (actual - actual.mean()) ** 2
    spread = float(around.mean())
    return square / spread, (off**2 - square) / spread - square * (around - spread) / spread**2


def _order(answers: FloatArray, actual: IntArray, focus: int) -> tuple[float, FloatArray]:
    """1 minus auc; of several classes the mean over the classes, each against the rest."""
    total, each = 0.0, np.zeros(len(actual))
    places = [focus] if answers.shape[1] == 2 else list(range(answers.shape[1]))
    for k in places:
        positive = actual == k
        m, n = int(positive.sum()), int((~positive).sum())
        ranks = pd.Series(answers[:, k]).rank(method="average").to_numpy()
        inside = np.empty(len(actual))
        inside[positive] = pd.Series(answers[positive, k]).rank(method="average").to_numpy()
        inside[~positive] = pd.Series(answers[~positive, k]).rank(method="average").to_numpy()
        below = np.where(positive, (ranks - inside) / n, 1 - (ranks - inside) / m)
        value = float(below[positive].mean())
        share = np.where(positive, m, n) / len(actual)
        total += 1 - value
        each -= (below - value) / share
    return total / len(places), each / len(places)


__all__ = ["CLASS_MEASURES", "GREATER_IS_BETTER", "NUMBER_MEASURES", "loss", "measure_of"]
