"""Both kinds of error of a classifier as counts on never-seen rows."""

from __future__ import annotations

from collections.abc import Hashable
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from explainers import calibration
from explainers.errors import CandidateError
from explainers.metrics.evaluating import groups_of
from explainers.metrics.measures import IntArray, measured_rows, recorded
from explainers.results import Errors
from explainers.study import TEST

if TYPE_CHECKING:
    from explainers.study import Study


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
    return _counted(study, candidate, at, said_of, focus, flagged, study.threshold)


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
    chosen = stored(study, candidate).to_numpy()[at].argmax(axis=1)
    every = range(len(study.classes))
    return tuple(_counted(study, candidate, at, said_of, k, chosen == k, float("nan")) for k in every)


def _counted(
    study: Study, candidate: str, at: IntArray, said_of: str, focus: int, flagged: Any, threshold: float
) -> Errors:
    actual = recorded(study, at) == focus
    groups = groups_of(study, at)
    return Errors(
        candidate=candidate,
        outcome=study.classes[focus],
        found=int((actual & flagged).sum()),
        missed=int((actual & ~flagged).sum()),
        false_alarms=int((~actual & flagged).sum()),
        passed=int((~actual & ~flagged).sum()),
        threshold=threshold,
        rows=said_of,
        found_range=_range(flagged, actual, groups),
        alarm_range=_range(flagged, ~actual, groups),
    )


def _range(flagged: Any, among: Any, groups: IntArray | None) -> tuple[float, float] | None:
    """Return Wilson's 95% range of the share flagged among some rows; None where there are none."""
    each = np.asarray(flagged[among], dtype=np.float64)
    if not each.size:
        return None
    n = calibration.effective_rows(each, None if groups is None else groups[among])
    lower, upper = calibration.wilson(np.array([each.mean()]), np.array([n]), NormalDist().inv_cdf(0.975))
    return float(lower[0]), float(upper[0])
