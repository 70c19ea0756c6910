"""How good a candidate is on never-seen rows: the field's usual measures, equal to scikit-learn's, by numpy."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from explainers.errors import CandidateError
from explainers.results import Errors, Metric
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
_ROWS = {TEST: "test", CALIBRATION: "calibration", TRAIN: "training", UNKNOWN: "unknown history"}


def evaluate(study: Study, candidate: str, *, rows: Sequence[str] = (TEST,)) -> tuple[Metric, ...]:
    """Measure a candidate.

    Parameters
    ----------
    study : Study
        The study.
    candidate : str
        Name of the candidate; built on the way if it is not.
    rows : sequence of str
        Split labels of the rows to measure on. Where the study has no test rows because its history is unknown, its
        unknown rows are taken, and said so.

    Returns
    -------
    tuple of Metric
        Classes: accuracy, auc, log_loss, brier; numbers: mae, rmse, r2. A measure that these rows cannot give is left
        out: auc where not every class occurs (several classes: the mean over classes, each against the rest), r2
        with fewer than two rows or a target that does not vary; all of them where there are no rows.

    Notes
    -----
    With two classes a case counts as positive from ``study.threshold`` on, so that accuracy agrees with
    :func:`errors`; with several it is the likeliest class. brier is halved for two classes, as scikit-learn has it.
    """
    at, said_of = measured_rows(study, candidate, rows)
    if not at.size:
        return ()
    from explainers.predict import stored

    answers = stored(study, candidate).to_numpy()[at]
    if study.task == "classification":
        values = class_measures(answers, recorded(study, at), focus=_focus(study), threshold=study.threshold)
    else:
        values = number_measures(answers[:, 0], study.frame[study.target].to_numpy(dtype=np.float64)[at])
    return tuple(
        Metric(name=name, value=value, greater_is_better=GREATER_IS_BETTER[name], n=int(at.size), rows=said_of)
        for name, value in values.items()
    )


def errors(study: Study, candidate: str, *, outcome: Hashable = None) -> Errors:
    """Count both kinds of error on never-seen rows.

    Parameters
    ----------
    study : Study
        A study with classes; its positive class is in focus, its threshold decides from which probability on a case
        is flagged.
    candidate : str
        Name of the candidate.
    outcome : hashable, optional
        The class in focus, by default ``study.positive``.

    Returns
    -------
    Errors
        Found, missed, false alarms and passed; of several classes the others count together.

    Raises
    ------
    CandidateError
        The study asks for numbers, which has no two kinds of error; or no class is in focus.
    """
    if study.task != "classification":
        raise CandidateError(
            f"Both kinds of error are counted for classes, and {study.title!r} asks for a number. "
            "Use mae, which says how far off it usually is."
        )
    outcome = study.positive if outcome is None else outcome
    if outcome not in study.classes:
        raise CandidateError(
            f"Both kinds of error are counted for one class, and {outcome!r} is none of "
            f"{', '.join(map(str, study.classes))}. Name one of them."
        )
    from explainers.predict import stored

    at, said_of = measured_rows(study, candidate, (TEST,))
    focus = study.classes.index(outcome)
    flagged = stored(study, candidate).to_numpy()[at, focus] >= study.threshold
    actual = recorded(study, at) == focus
    return Errors(
        candidate=candidate,
        outcome=outcome,
        found=int((actual & flagged).sum()),
        missed=int((actual & ~flagged).sum()),
        false_alarms=int((~actual & flagged).sum()),
        passed=int((~actual & ~flagged).sum()),
        threshold=study.threshold,
        rows=said_of,
    )


def errors_of_classes(study: Study, candidate: str) -> tuple[Errors, ...]:
    """Count both kinds of error for each of several classes, a case being flagged as its likeliest class.

    Parameters
    ----------
    study : Study
        A study with classes.
    candidate : str
        Name of the candidate.

    Returns
    -------
    tuple of Errors
        One per class, in the order of ``study.classes``, on the rows of :func:`errors`. There is no threshold (nan):
        the likeliest class is taken, as in accuracy. Empty for numbers.
    """
    if study.task != "classification":
        return ()
    from explainers.predict import stored

    at, said_of = measured_rows(study, candidate, (TEST,))
    chosen, actual = stored(study, candidate).to_numpy()[at].argmax(axis=1), recorded(study, at)
    return tuple(
        Errors(
            candidate=candidate,
            outcome=outcome,
            found=int(((actual == k) & (chosen == k)).sum()),
            missed=int(((actual == k) & (chosen != k)).sum()),
            false_alarms=int(((actual != k) & (chosen == k)).sum()),
            passed=int(((actual != k) & (chosen != k)).sum()),
            threshold=float("nan"),
            rows=said_of,
        )
        for k, outcome in enumerate(study.classes)
    )


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
    n, k = answers.shape
    if k == 2:
        chosen = np.where(answers[:, focus] >= threshold, focus, 1 - focus)
    else:
        chosen = answers.argmax(axis=1)
    truth = np.eye(k)[actual]
    out = {"accuracy": float((chosen == actual).mean())}
    areas = [auc(answers[:, j], actual == j) for j in ([focus] if k == 2 else range(k))]
    if all(area is not None for area in areas):
        out["auc"] = float(np.mean([a for a in areas if a is not None]))
    tiny = np.finfo(np.float64).eps
    out["log_loss"] = float(-np.log(np.clip(answers[np.arange(n), actual], tiny, 1 - tiny)).mean())
    out["brier"] = float(((truth - answers) ** 2).sum(axis=1).mean()) * (0.5 if k == 2 else 1.0)
    return out


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
    """Return the class that each answer stands for, by the rule of :func:`evaluate`."""
    values = answers.to_numpy()
    focus = _focus(study)
    if values.shape[1] == 2:
        codes = np.where(values[:, focus] >= study.threshold, focus, 1 - focus)
    else:
        codes = values.argmax(axis=1)
    return [study.classes[c] for c in codes]


def _focus(study: Study) -> int:
    """Return the place of the positive class; of two classes without one the second, of several any will do."""
    return study.classes.index(study.positive) if study.positive in study.classes else len(study.classes) - 1
