"""How often what was stated held on never-seen rows: overall, by groups, by bins of the answer, by time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from explainers.calibration import wilson
from explainers.results import Coverage, Interval, RangeVerdict
from explainers.study import TEST

if TYPE_CHECKING:
    from explainers.study import Study

Array = np.ndarray[Any, np.dtype[np.float64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]
LEAST = 30
"""Rows below which a segment is not judged: at 9 in 10 its range would span a fifth and more."""
TOLERANCE = 0.05
"""Ranges are said to have held where the whole range of their share is above the promise less this; rates where the
whole range of the observed one is inside the stated range widened by this."""
OWN_LEVEL = 0.95
BINS = 5
MOST_LEVELS, MOST_MOMENTS = 12, 12
EVERYTHING, ANSWER, MOMENT, OUTCOME = "", "prediction", "time", "outcome"


def measure(study: Study, candidate: str, stated: Interval, at: np.ndarray[Any, Any], rows: str, by: Any) -> Coverage:
    """Return how often intervals held for the rows at these positions; see :func:`explainers.intervals.coverage`."""
    kind = "ranges" if not study.classes else "rates" if len(study.classes) == 2 else "sets"
    segments = [(EVERYTHING, None, np.ones(at.size, dtype=bool)), *_segments(study, stated, at, kind, by)]
    fields: dict[str, Any] = {
        "candidate": candidate,
        "kind": kind,
        "level": stated.level,
        "method": stated.method,
        "n_calibration": stated.n_calibration,
        "rows": rows,
        "feature": tuple(s[0] for s in segments),
        "value": tuple(s[1] for s in segments),
        "n": tuple(int(s[2].sum()) for s in segments),
        "least": LEAST,
    }
    masks = [s[2] for s in segments]
    if kind == "rates":
        return Coverage(**fields, **_rates(study, stated, at, masks))
    return Coverage(**fields, **_held(study, stated, at, masks))


# -- ranges and sets: each row is inside or not -----------------------------------------------------------------
def inside_of(study: Study, stated: Interval, at: np.ndarray[Any, Any]) -> Mask:
    """Return for each row whether its record is inside its range or set."""
    if stated.sets:
        from explainers.metrics import recorded

        place = {c: k for k, c in enumerate(study.classes)}
        codes = recorded(study, at)
        return np.array([c in {place[v] for v in s} for s, c in zip(stated.sets, codes, strict=True)], dtype=bool)
    actual = study.frame[study.target].to_numpy(dtype=np.float64)[at]
    hair = 1e-12 * np.maximum(np.abs(actual), 1.0)
    return np.asarray((actual >= stated.lower - hair) & (actual <= stated.upper + hair))


def _held(study: Study, stated: Interval, at: np.ndarray[Any, Any], masks: Sequence[Mask]) -> dict[str, Any]:
    inside = inside_of(study, stated, at)
    size = np.array([len(s) for s in stated.sets], dtype=np.float64) if stated.sets else stated.upper - stated.lower
    n = np.array([m.sum() for m in masks], dtype=np.float64)
    covered = np.array([inside[m].mean() for m in masks])
    lower, upper = wilson(covered, n, _z(OWN_LEVEL))
    judged = [k for k in range(len(masks)) if k == 0 or n[k] >= LEAST]
    # All rows are judged by their own range; segments together, so that one in twenty is not called short by chance.
    least_upper = wilson(covered, n, _z(1 - (1 - OWN_LEVEL) / max(len(judged) - 1, 1)))[1]
    least_upper[0] = upper[0]
    verdict: list[RangeVerdict] = []
    for k in range(len(masks)):
        if n[k] < LEAST:
            verdict.append("too few")
        elif least_upper[k] < stated.level:
            verdict.append("short")
        else:
            verdict.append("held" if lower[k] >= stated.level - TOLERANCE else "cannot tell")
    return {
        "covered": covered,
        "lower": lower,
        "upper": upper,
        "width": np.array([np.mean(size[m]) if stated.sets else np.median(size[m]) for m in masks]),
        "verdict": tuple(verdict),
        "order": tuple(sorted((k for k in judged if k), key=lambda k: float(covered[k]))),
    }


# -- rates: a segment's observed rate agrees with the stated range or not -----------------------------------------
def _rates(study: Study, stated: Interval, at: np.ndarray[Any, Any], masks: Sequence[Mask]) -> dict[str, Any]:
    from explainers.metrics import recorded

    hits = (recorded(study, at) == study.classes.index(study.positive)).astype(np.float64)
    n = np.array([m.sum() for m in masks], dtype=np.float64)
    observed = np.array([hits[m].mean() for m in masks])
    mean, low, high = (np.array([v[m].mean() for m in masks]) for v in (stated.rate, stated.lower, stated.upper))
    lower, upper = wilson(observed, n, _z(OWN_LEVEL))
    allowed = luck(mean, low, high, n, _z(stated.level))
    inside = (observed >= allowed[0]) & (observed <= allowed[1])
    judged = [k for k in range(len(masks)) if k == 0 or n[k] >= LEAST]
    wide = luck(mean, low, high, n, _z(1 - (1 - OWN_LEVEL) / max(len(judged) - 1, 1)), given=_z(stated.level))
    wide[0][0], wide[1][0] = (end[0] for end in luck(mean, low, high, n, _z(OWN_LEVEL), given=_z(stated.level)))
    verdict: list[RangeVerdict] = []
    for k in range(len(masks)):
        if n[k] < LEAST:
            verdict.append("too few")
        elif not wide[0][k] <= observed[k] <= wide[1][k]:
            verdict.append("short")
        else:
            near = lower[k] >= low[k] - TOLERANCE and upper[k] <= high[k] + TOLERANCE
            verdict.append("held" if inside[k] and near else "cannot tell")
    apart = np.abs(observed - mean) / np.maximum((allowed[1] - allowed[0]) / 2, 1e-12)
    return {
        "covered": observed,
        "lower": lower,
        "upper": upper,
        "width": high - low,
        "stated": mean,
        "stated_lower": low,
        "stated_upper": high,
        "inside": tuple(map(bool, inside)),
        "verdict": tuple(verdict),
        "order": tuple(sorted((k for k in judged if k), key=lambda k: -float(apart[k]))),
    }


def luck(
    mean: Array, low: Array, high: Array, n: Array, z: float, *, given: float | None = None
) -> tuple[Array, Array]:
    """Return the ends within which the rate of so many rows is to lie: the stated range and chance together.

    Parameters
    ----------
    mean, low, high : ndarray of shape (m,)
        Stated rate and its range.
    n : ndarray of shape (m,)
        Rows; a rate seen in few of them lies off the true one by chance.
    z : float
        Normal quantile of the ends that are asked for.
    given : float, optional
        Normal quantile of ``low`` and ``high``; by default the same.

    Examples
    --------
    >>> ends = luck(np.array([0.5]), np.array([0.4]), np.array([0.6]), np.array([100.0]), 1.645)
    >>> [round(float(e[0]), 3) for e in ends]
    [0.371, 0.629]
    """
    given = z if given is None else given
    # Chance is largest at the end of the range that is nearer to one half.
    below = np.sqrt(((mean - low) / given) ** 2 + np.maximum(low * (1 - low), mean * (1 - mean)) / n)
    above = np.sqrt(((high - mean) / given) ** 2 + np.maximum(high * (1 - high), mean * (1 - mean)) / n)
    # A count cannot come closer to the ends than half a row.
    return mean - z * below - 0.5 / n, mean + z * above + 0.5 / n


# -- which segments there are -----------------------------------------------------------------------------------------
def _segments(
    study: Study, stated: Interval, at: np.ndarray[Any, Any], kind: str, by: str | Sequence[str] | None
) -> Iterator[tuple[str, Any, Mask]]:
    wanted = (by,) if isinstance(by, str) else by
    if wanted is None or ANSWER in wanted:
        yield from _bins(stated.prediction)
    if kind == "sets" and (wanted is None or OUTCOME in wanted):
        from explainers.metrics import recorded

        codes = recorded(study, at)
        yield from ((OUTCOME, c, codes == k) for k, c in enumerate(study.classes) if (codes == k).any())
    how, _, column = study.split_by.partition(":")
    times = study.dictionary.names("time")
    column = column if how == "time" and column in study.frame.columns else times[0] if times else ""
    if column and how in ("time", "labels") and (wanted is None or MOMENT in wanted or column in wanted):
        yield from _moments(study, column, at)
    for feature in study.dictionary:
        name = feature.name
        if feature.role != "feature" or name not in study.frame.columns:
            continue
        groups = feature.kind in ("boolean", "categorical", "ordered")
        if (wanted is None and groups) or (wanted is not None and name in wanted):
            yield from _groups(study, name, at)


def _bins(answers: Array) -> Iterator[tuple[str, Any, Mask]]:
    """Yield fifths of the answer, equal answers together."""
    edges = np.unique(np.quantile(answers, np.arange(1, BINS) / BINS, method="lower"))
    place = np.searchsorted(edges, answers, side="left")
    kinds = np.unique(place)
    if len(kinds) < 2:
        return
    for k in kinds:
        here = place == k
        yield ANSWER, (float(answers[here].min()), float(answers[here].max())), here


def _moments(study: Study, column: str, at: np.ndarray[Any, Any]) -> Iterator[tuple[str, Any, Mask]]:
    """Yield moments, neighbours together where there are many."""
    moments = study.frame[column].iloc[at].to_numpy()
    values, codes = np.unique(moments, return_inverse=True)
    share = (np.cumsum(np.bincount(codes)) - 0.5 * np.bincount(codes)) / max(len(codes), 1)
    block = np.arange(len(values)) if len(values) <= MOST_MOMENTS else (share * MOST_MOMENTS).astype(np.int64)
    for k in np.unique(block):
        inside = values[block == k]
        first, last = (v.item() if isinstance(v, np.number) else str(v) for v in (inside[0], inside[-1]))
        yield MOMENT, (first, last), block[codes] == k


def _groups(study: Study, name: str, at: np.ndarray[Any, Any]) -> Iterator[tuple[str, Any, Mask]]:
    """Yield the levels of a column, the most frequent first; numbers by fifths of their values."""
    column = study.frame[name].iloc[at]
    if study.dictionary[name].kind in ("numeric", "date"):
        numbers = column.to_numpy(dtype=np.float64, na_value=np.nan) if column.dtype.kind in "iufb" else None
        known = np.isfinite(numbers) if numbers is not None else None
        if numbers is None or known is None or not known.any():
            return
        for _, ends, here in _bins(numbers[known]):
            mask = np.zeros(len(column), dtype=bool)
            mask[np.flatnonzero(known)[here]] = True
            yield name, ends, mask
        return
    counts = column.value_counts(sort=True)
    for level in list(counts.index)[:MOST_LEVELS]:
        same = (column == level).to_numpy(dtype=bool, na_value=False)
        yield name, level.item() if isinstance(level, np.generic) else level, same


def _z(level: float) -> float:
    return NormalDist().inv_cdf(0.5 + level / 2)


def rows_of(study: Study, candidate: str) -> tuple[np.ndarray[Any, Any], str]:
    """Return the positions of the never-seen rows, and what to call them."""
    from explainers.metrics import measured_rows

    return measured_rows(study, candidate, (TEST,))
