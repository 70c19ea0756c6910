"""Whether stated probabilities are borne out by outcomes, in groups of similar scores."""

from __future__ import annotations

from collections.abc import Hashable
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from explainers.errors import CandidateError
from explainers.results import Calibration, Reliability
from explainers.study import TEST

if TYPE_CHECKING:
    from explainers.study import Study

Array = np.ndarray[Any, np.dtype[np.float64]]
RESULT_VERSION = 1
LEVEL = 0.95
LEAST_ROWS = 100
LEAST_OF_RARER = 10
MOST_GROUPS = 10
LEAST_IN_GROUP = 20
LEAST_EXPECTED = 5.0


def check(probabilities: Any, outcomes: Any, *, rows: str = "test") -> Calibration | None:
    """Compare stated probabilities with what happened.

    Parameters
    ----------
    probabilities : array of shape (n,) or (n, n_classes)
        Probability of the outcome, or of every class.
    outcomes : array of shape (n,) or (n, n_classes)
        1 where it happened, else 0; for several classes one column per class.
    rows : str
        Which rows these are: "test" or "calibration".

    Returns
    -------
    Calibration or None
        Groups from low to high scores, for several classes one class after the other. It holds if the mean stated
        probability of every group lies inside the range of its observed rate. The ranges are Wilson's, each at a level
        (Bonferroni) at which all of them together are right 95 times in 100. None where there are fewer than 100
        rows or 10 of the rarer outcome: then nothing can be said. A class with fewer than 10 rows is left out of
        several; None if that leaves none.

    Notes
    -----
    Up to 10 groups of about equal size; equal scores stay together. Groups are merged until each has 20 rows and at
    least 5 expected of both outcomes: with fewer the ranges would be too narrow. A check of this kind finds large
    faults only: see the simulations in the tests for how large.

    References
    ----------
    Wilson (1927), JASA 22, 209-212, https://doi.org/10.1080/01621459.1927.10502953

    Examples
    --------
    >>> said = np.repeat([0.1, 0.5], 100)
    >>> happened = np.r_[np.repeat([1.0, 0.0], [10, 90]), np.repeat([1.0, 0.0], [90, 10])]
    >>> found = check(said, happened)
    >>> found.holds, found.counts, round(found.worst_gap, 3)
    (False, (100, 100), 0.4)
    """
    said = np.asarray(probabilities, dtype=np.float64)
    happened = np.asarray(outcomes, dtype=np.float64)
    if said.shape != happened.shape:
        raise ValueError(f"Outcomes should have the shape of the probabilities, {said.shape}; {happened.shape} came.")
    if said.ndim == 1:
        said, happened = said[:, None], happened[:, None]
    elif said.shape[1] == 2:  # the second class says it all
        said, happened = said[:, 1:], happened[:, 1:]
    n = len(said)
    rarer = np.minimum(happened.sum(axis=0), n - happened.sum(axis=0))
    columns = [j for j in range(said.shape[1]) if rarer[j] >= LEAST_OF_RARER]
    if n < LEAST_ROWS or not columns:
        return None
    groups = [(said[g, j], happened[g, j]) for j in columns for g in _groups(said[:, j])]
    quantile = NormalDist().inv_cdf(1 - (1 - LEVEL) / (2 * len(groups)))
    counts = np.array([len(s) for s, _ in groups])
    stated = np.array([s.mean() for s, _ in groups])
    rates = np.array([h.mean() for _, h in groups])
    lower, upper = wilson(rates, counts, quantile)
    # Equal scores are averaged with rounding; a hair's breadth outside is not outside.
    inside = (stated >= lower - 1e-12) & (stated <= upper + 1e-12)
    return Calibration(
        holds=bool(inside.all()),
        n=n,
        rows=rows,
        predicted=tuple(map(float, stated)),
        observed=tuple(map(float, rates)),
        lower=tuple(map(float, lower)),
        upper=tuple(map(float, upper)),
        counts=tuple(map(int, counts)),
        worst_gap=float(np.abs(stated - rates).max()),
    )


def reliability(study: Study, candidate: str, *, outcome: Hashable = None, level: float = LEVEL) -> Reliability | None:
    """Measure on never-seen rows whether stated chances of one class mean what they say.

    Parameters
    ----------
    study : Study
        A study with classes.
    candidate : str
        Name of the candidate; built on the way if it is not.
    outcome : hashable, optional
        The class whose chances are meant, by default ``study.positive``, else the last class.
    level : float
        Level of the ranges.

    Returns
    -------
    Reliability or None
        Groups as :func:`check` makes them, with Wilson's range of each by itself and of all together. None where there
        are fewer than 100 rows or 10 of the rarer kind: then nothing can be said.

    Raises
    ------
    CandidateError
        The study asks for numbers, or has no such class.

    Notes
    -----
    Only test rows count, so the figure is as honest for an option that was recalibrated as for any other. Rows that
    belong together count as so many alone as would give the same spread. ``tilt`` rests on the mean of all chances
    and on Cox's slope of the outcome on the log odds of the chances.

    References
    ----------
    Cox (1958), Biometrika 45, 562-565, https://doi.org/10.1093/biomet/45.3-4.562

    Examples
    --------
    >>> from explainers import Study
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"size": [float(i) for i in range(600)], "sold": ["no", "no", "yes"] * 200})
    >>> study = Study.from_frame(frame, target="sold", candidates={"no_model": "no_model"})
    >>> found = reliability(study, "no_model")
    >>> found.holds, found.counts
    (True, (120,))
    """
    from explainers.metrics import focus_of, groups_of, measured_rows, recorded
    from explainers.predict import stored

    if study.task != "classification":
        raise CandidateError(
            f"{study.title!r} asks for a number, so there are no chances to check. Look at its ranges."
        )
    place = focus_of(study) if outcome is None else _place(study, outcome)
    at, said_of = measured_rows(study, candidate, (TEST,))
    said = stored(study, candidate).to_numpy(dtype=np.float64)[at, place]
    happened = np.asarray(recorded(study, at) == place, dtype=np.float64)
    n = len(at)
    if n < LEAST_ROWS or min(happened.sum(), n - happened.sum()) < LEAST_OF_RARER:
        return None
    together = groups_of(study, at)
    groups = _groups(said)
    counts = np.array([len(g) for g in groups])
    stated, rates = (np.array([v[g].mean() for g in groups]) for v in (said, happened))
    alone = np.array([effective_rows(happened[g], None if together is None else together[g]) for g in groups])
    own = wilson(rates, alone, NormalDist().inv_cdf(0.5 + level / 2))
    joint = wilson(rates, alone, NormalDist().inv_cdf(1 - (1 - level) / (2 * len(groups))))
    holds = bool(((stated >= joint[0] - 1e-12) & (stated <= joint[1] + 1e-12)).all())
    return Reliability(
        candidate=candidate,
        outcome=study.classes[place],
        holds=holds,
        stated=tuple(map(float, stated)),
        observed=tuple(map(float, rates)),
        lower=tuple(map(float, own[0])),
        upper=tuple(map(float, own[1])),
        joint_lower=tuple(map(float, joint[0])),
        joint_upper=tuple(map(float, joint[1])),
        counts=tuple(map(int, counts)),
        happened=tuple(int(happened[g].sum()) for g in groups),
        level=level,
        n=n,
        rows=said_of,
        mean_stated=float(said.mean()),
        mean_observed=float(happened.mean()),
        worst=int(np.argmax(np.abs(stated - rates) / np.maximum((own[1] - own[0]) / 2, 1e-12))),
        tilt=_tilt(said, happened, effective_rows(happened, together) / n, holds, level),
    )


def _place(study: Study, outcome: Hashable) -> int:
    if outcome not in study.classes:
        raise CandidateError(
            f"Chances are checked for one class, and {outcome!r} is none of {', '.join(map(str, study.classes))}. "
            "Name one of them."
        )
    return study.classes.index(outcome)


def _tilt(
    said: Array, happened: Array, worth: float, holds: bool, level: float
) -> Literal["too high", "too low", "too extreme", "too timid", "none", "mixed"]:
    """Return how chances are off; ``worth``: what share of the rows count as if they stood alone."""
    high = NormalDist().inv_cdf(0.5 + level / 2)
    lower, upper = wilson(np.array([happened.mean()]), np.array([worth * len(said)]), high)
    if not lower[0] - 1e-12 <= said.mean() <= upper[0] + 1e-12:
        return "too high" if said.mean() > happened.mean() else "too low"
    odds = np.log(np.clip(said, 1e-6, 1 - 1e-6) / np.clip(1 - said, 1e-6, 1 - 1e-6))
    if odds.std() > 1e-9:
        slope, error = _slope(odds, happened)
        if abs(slope - 1) > high * error / np.sqrt(worth):
            return "too extreme" if slope < 1 else "too timid"
    return "none" if holds else "mixed"


def _slope(odds: Array, happened: Array) -> tuple[float, float]:
    """Return the slope of a logistic regression of what happened on log odds, with its standard error, by Newton."""
    x = np.column_stack([odds, np.ones(len(odds))])
    b = np.array([1.0, 0.0])
    inverse = np.eye(2)
    for _ in range(50):
        p = 0.5 * (1 + np.tanh(0.5 * np.clip(x @ b, -30, 30)))
        inverse = np.linalg.inv((x * (p * (1 - p))[:, None]).T @ x + 1e-9 * np.eye(2))
        step = inverse @ (x.T @ (happened - p))
        b = b + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-8:
            break
    return float(b[0]), float(np.sqrt(inverse[0, 0]))


def effective_rows(each: Array, groups: Any = None) -> float:
    """Return how many rows that stand alone would show the same spread of a share as these rows in their groups.

    Parameters
    ----------
    each : ndarray of shape (n,)
        1 or 0.
    groups : ndarray of shape (n,), optional
        Group of each row as whole numbers; None: every row stands alone.

    Examples
    --------
    >>> each = np.array([1.0, 1.0, 0.0, 0.0])
    >>> effective_rows(each), effective_rows(each, np.array([0, 0, 1, 1]))
    (4.0, 1.0)
    """
    n = float(len(each))
    if groups is None or not n:
        return n
    share = float(each.mean())
    sums = np.bincount(groups, weights=each - share)
    known = int((np.bincount(groups) > 0).sum())
    spread = float(sums @ sums) / n**2 * known / max(known - 1, 1)
    return max(1.0, min(n, share * (1 - share) / spread) if spread > 0 else float(known))


def wilson(rates: Array, counts: np.ndarray[Any, Any], quantile: float) -> tuple[Array, Array]:
    """Return the ends of Wilson's ranges of rates seen in so many rows."""
    z2 = quantile**2
    centre = (rates + z2 / (2 * counts)) / (1 + z2 / counts)
    half = quantile / (1 + z2 / counts) * np.sqrt(rates * (1 - rates) / counts + z2 / (4 * counts**2))
    return np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)


def _groups(scores: Array) -> list[np.ndarray[Any, Any]]:
    """Return the row positions of each group, low scores first."""
    order = np.argsort(scores, kind="stable")
    ordered = scores[order]
    most = max(1, min(MOST_GROUPS, len(scores) // LEAST_IN_GROUP))
    size = len(scores) / most
    # Whole runs of equal scores are dealt out, so that ties never fall into two groups.
    ends = np.flatnonzero(np.r_[ordered[1:] != ordered[:-1], True]) + 1
    groups: list[np.ndarray[Any, Any]] = []
    start = 0
    for end in ends:
        part = ordered[start:end]
        if (end - start >= size * 0.999 or end == len(scores)) and _large_enough(part):
            groups.append(order[start:end])
            start = int(end)
    if start < len(scores):  # what is left is too few: it joins the group before
        rest = order[start:]
        groups = [*groups[:-1], np.r_[groups[-1], rest]] if groups else [rest]
    return groups


def _large_enough(scores: Array) -> bool:
    expected = float(scores.sum())
    return len(scores) >= LEAST_IN_GROUP and min(expected, len(scores) - expected) >= LEAST_EXPECTED
