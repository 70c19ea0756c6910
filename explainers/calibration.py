"""Whether stated probabilities are borne out by outcomes, in groups of similar scores."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np

from explainers.results import Calibration

Array = np.ndarray[Any, np.dtype[np.float64]]
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
