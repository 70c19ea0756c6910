"""The field's usual measures by numpy, equal to scikit-learn's, and the rows they are taken on."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from explainers.study import CALIBRATION, TEST, TRAIN, UNKNOWN

if TYPE_CHECKING:
    from explainers.study import Study

Array = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]
GREATER_IS_BETTER = {
    "accuracy": True,
    "auc": True,
    "log_loss": False,
    "brier": False,
    "mae": False,
    "rmse": False,
    "r2": True,
}
CLASS_MEASURES = ("accuracy", "auc", "log_loss", "brier")
NUMBER_MEASURES = ("mae", "rmse", "r2")
_ROWS = {TEST: "test", CALIBRATION: "calibration", TRAIN: "training", UNKNOWN: "unknown history"}


def measured_rows(study: Study, candidate: str, rows: Sequence[str]) -> tuple[IntArray, str]:
    """Return the positions of the rows to measure on that have a recorded outcome, and what to call them.

    A candidate that was handed in fitted without row labels may have seen any row: its rows are of unknown history.
    """
    labels = study.split.to_numpy()
    known = study.frame[study.target].notna().to_numpy()
    wanted = np.isin(labels, list(rows))
    names = [_ROWS.get(r, r) for r in rows]
    if not wanted.any() and TEST in rows:
        wanted, names = labels == UNKNOWN, [_ROWS[UNKNOWN]]
    if study.candidate(candidate).given_fitted and study.split_by != "labels":
        names = [_ROWS[UNKNOWN]]
    return np.flatnonzero(wanted & known), " and ".join(names)


def recorded(study: Study, at: IntArray) -> IntArray:
    """Return the recorded class of these rows as its place in ``study.classes``."""
    from explainers.predict import place_of

    values = study.frame[study.target].iloc[at].astype(object).to_numpy()
    return np.asarray(place_of(study.classes, values), dtype=np.int64)


def class_measures(answers: Array, actual: IntArray, *, focus: int, threshold: float = 0.5) -> dict[str, float]:
    """Return accuracy, auc (where every class occurs), log_loss and brier.

    Parameters
    ----------
    answers : ndarray of shape (n, n_classes)
        Class probabilities.
    actual : ndarray of shape (n,)
        Places of the recorded classes.
    focus : int
        Place of the positive class.
    threshold : float
        With two classes: positive from this probability on.
    """
    k = answers.shape[1]
    out = {"accuracy": float(each_row("accuracy", answers, actual, focus, threshold).mean())}
    areas = [auc(answers[:, j], actual == j) for j in ([focus] if k == 2 else range(k))]
    if all(area is not None for area in areas):
        out["auc"] = float(np.mean([a for a in areas if a is not None]))
    return out | {m: float(each_row(m, answers, actual).mean()) for m in ("log_loss", "brier")}


def number_measures(answers: Array, actual: Array) -> dict[str, float]:
    """Return mae, rmse and (where it exists) r2 of answers of shape (n,)."""
    off = actual - answers
    out = {"mae": float(np.abs(off).mean()), "rmse": float(np.sqrt((off**2).mean()))}
    total = float(((actual - actual.mean()) ** 2).sum())
    if len(actual) >= 2 and total > 0:
        out["r2"] = 1.0 - float((off**2).sum()) / total
    return out


def auc(scores: Array, positive: Any) -> float | None:
    """Return the share of pairs that the scores put in the right order, ties half; None with one kind only.

    Examples
    --------
    >>> auc(np.array([0.1, 0.4, 0.4, 0.8]), np.array([False, False, True, True]))
    0.875
    """
    positive = np.asarray(positive, dtype=bool)
    n_pos, n_neg = int(positive.sum()), int((~positive).sum())
    if not n_pos or not n_neg:
        return None
    ranks = pd.Series(scores).rank(method="average").to_numpy()
    return float((ranks[positive].sum() - n_pos * (n_pos + 1) / 2) / (n_pos * n_neg))


def classes_of(answers: pd.DataFrame, study: Study) -> list[Hashable]:
    """Return the class that each answer stands for, by the rule of :func:`explainers.metrics.evaluate`."""
    codes = chosen(answers.to_numpy(), focus_of(study), study.threshold)
    return [study.classes[c] for c in codes]


def focus_of(study: Study) -> int:
    """Return the place of the positive class; of two classes without one the second, of several any will do."""
    return study.classes.index(study.positive) if study.positive in study.classes else len(study.classes) - 1


def each_row(measure: str, answers: Array, actual: Any, focus: int = 0, threshold: float = 0.5) -> Array:
    """Return what each row adds to a measure that is a mean: 1 where right, else its loss; rmse and r2: its square.

    Parameters
    ----------
    measure : str
        Any but auc.
    answers : ndarray of shape (n, n_outputs)
        Class probabilities or numbers.
    actual : ndarray of shape (n,)
        Places of recorded classes, or recorded numbers.
    focus, threshold
        The positive class of two, and from which probability on it is chosen.
    """
    if measure == "mae":
        return np.asarray(np.abs(actual - answers[:, 0]))
    if measure in ("rmse", "r2"):
        return np.asarray((actual - answers[:, 0]) ** 2)
    n, k = answers.shape
    if measure == "accuracy":
        return np.asarray(chosen(answers, focus, threshold) == actual, dtype=np.float64)
    if measure == "brier":
        off = ((np.eye(k)[actual] - answers) ** 2).sum(axis=1)
        return np.asarray(off * (0.5 if k == 2 else 1.0))
    tiny = np.finfo(np.float64).eps
    return np.asarray(-np.log(np.clip(answers[np.arange(n), actual], tiny, 1 - tiny)))


def chosen(answers: Array, focus: int, threshold: float) -> IntArray:
    """Return the place of the class that each answer stands for: from the threshold on, or the likeliest."""
    if answers.shape[1] == 2:
        return np.where(answers[:, focus] >= threshold, focus, 1 - focus)
    return np.asarray(answers.argmax(axis=1), dtype=np.int64)
