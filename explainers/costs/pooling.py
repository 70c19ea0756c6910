"""Several fits to rows drawn anew as one figure: its range counts the never-seen rows and the draws."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist, fmean, variance
from typing import TYPE_CHECKING, Any

import numpy as np

from explainers.metrics import (
    GREATER_IS_BETTER,
    Array,
    class_measures,
    focus_of,
    groups_of,
    number_measures,
    ordering,
    recorded,
    resampling,
)
from explainers.metrics.differing import paired, standing
from explainers.metrics.evaluating import LEAST_OF_A_CLASS, range_of
from explainers.metrics.measures import each_row
from explainers.metrics.ordering import t_quantile
from explainers.results import Difference, Metric

if TYPE_CHECKING:
    from explainers.metrics import IntArray
    from explainers.study import Study

LEVEL = 0.95
_SHARES = ("accuracy", "auc", "brier")
Ends = tuple[float, float]


def pooled(
    values: Sequence[float], ends: Sequence[Ends | None], *, level: float = LEVEL, drawn: bool = True
) -> tuple[float, Ends | None]:
    """Return the mean of a figure over draws, with a range that counts how much the draws differ.

    Parameters
    ----------
    values : sequence of float
        The figure in each draw.
    ends : sequence of tuple or None
        Its range in each draw; None where there are too few rows for one.
    level : float
        Level of the ranges.
    drawn : bool
        False where there is one figure of all rows, so that no draw adds to its range.

    Returns
    -------
    tuple of float, and tuple or None
        Mean and range.

    Notes
    -----
    The never-seen rows are the same in every draw, so that their part of the variance stays whole; that between the
    draws is divided by their number. The degrees of freedom of the sum are Satterthwaite's. A range that is not even
    keeps its form: each half is widened by itself.

    References
    ----------
    Satterthwaite (1946), Biometrics Bulletin 2, 110-114, https://doi.org/10.2307/3002019

    Examples
    --------
    >>> pooled([1.0, 1.0], [(0.5, 1.5), (0.5, 1.5)])
    (1.0, (0.5, 1.5))
    """
    value = fmean(values)
    known = [e for e in ends if e is not None]
    if len(known) < len(ends):
        return value, None
    low = [(v - e[0]) ** 2 for v, e in zip(values, known, strict=True)]
    high = [(e[1] - v) ** 2 for v, e in zip(values, known, strict=True)]
    if not drawn or len(values) < 2:
        return value, (value - math.sqrt(fmean(low)), value + math.sqrt(fmean(high)))
    between = variance(values) / len(values)
    normal = NormalDist().inv_cdf(0.5 + level / 2)
    within = (fmean(low) + fmean(high)) / 2 / normal**2
    df = (len(values) - 1) * (1 + within / between) ** 2 if between > 0 else math.inf
    far = t_quantile(level, df) / normal  # ranges within draws hold the normal or Student's quantile already
    halves = (math.sqrt(fmean(h) + between * normal**2) * far for h in (low, high))
    least, most = halves
    return value, (value - least, value + most)


class Asked:
    """The never-seen rows that every fit was asked, with what was recorded."""

    def __init__(self, study: Study, metric: str, at: IntArray, said_of: str) -> None:
        self.study, self.metric, self.at, self.said_of = study, metric, at, said_of
        self.groups = groups_of(study, at)
        self.focus = focus_of(study)
        self.actual: Any = (
            recorded(study, at) if study.classes else study.frame[study.target].to_numpy(dtype=np.float64)[at]
        )

    def value(self, answers: Array) -> float | None:
        """Return the measure of these answers; None where these rows cannot give it."""
        if self.study.classes:
            found = class_measures(answers, self.actual, focus=self.focus, threshold=self.study.threshold)
        else:
            found = number_measures(answers[:, 0], self.actual)
        return found.get(self.metric)

    def measured(self, answers: Sequence[Array], *, drawn: bool) -> Metric | None:
        """Return the measure over the draws of one size, with its range."""
        values = [self.value(a) for a in answers]
        known = [v for v in values if v is not None]
        if not known or len(known) < len(values):
            return None
        ends, method = [], ""
        for value, said in zip(known, answers, strict=True):
            found, method = range_of(
                self.metric, value, said, self.actual, self.focus, self.study.threshold, groups=self.groups, level=LEVEL
            )
            ends.append(found)
        value, whole = pooled(known, ends, drawn=drawn)
        whole = _within(self.metric, whole)
        counts = np.bincount(self.actual, minlength=len(self.study.classes)) if self.study.classes else None
        return Metric(
            name=self.metric,
            value=value,
            lower=whole[0] if whole else None,
            upper=whole[1] if whole else None,
            level=LEVEL if whole else None,
            greater_is_better=GREATER_IS_BETTER[self.metric],
            n=int(self.at.size),
            rows=self.said_of,
            rarest=int(counts.min()) if counts is not None else None,
            groups=self._n_groups(),
            method=method + (f", {len(known)} draws" if drawn and len(known) > 1 else ""),
        )

    def gain(self, name: str, whole: Array, halves: Sequence[Array], *, margin: float | None) -> Difference | None:
        """Return the measure with all rows minus that with half of them, over the draws of the halves."""
        mine = self.value(whole)
        theirs = [self.value(h) for h in halves]
        known = [t for t in theirs if t is not None]
        if mine is None or not known or len(known) < len(theirs):
            return None
        lower, upper, method = self._ends(mine, known, whole, halves)
        better = GREATER_IS_BETTER[self.metric]
        return Difference(
            a=name,
            b=name,
            metric=self.metric,
            value=mine - fmean(known),
            lower=lower,
            upper=upper,
            level=LEVEL,
            verdict=standing(lower, upper, greater_is_better=better, margin=margin),
            margin=margin,
            greater_is_better=better,
            n=int(self.at.size),
            rows=self.said_of,
            groups=self._n_groups(),
            method=method,
        )

    def _ends(
        self, mine: float, theirs: Sequence[float], whole: Array, halves: Sequence[Array]
    ) -> tuple[float | None, float | None, str]:
        """Return the range of the gap and its method: paired for one half, rows crossed with draws for several."""
        if len(halves) == 1:
            lower, upper, _, _, method = paired(
                *(self.metric, whole, halves[0], self.actual, self.focus, self.study.threshold),
                groups=self.groups,
                level=LEVEL,
            )
            return lower, upper, method
        by = ", by group" if self.groups is not None else ""
        method = f"infinitesimal jackknife of rows, {len(halves)} draws" + by
        each = [influence(self.metric, a, self.actual, self.focus, self.study.threshold) for a in (whole, *halves)]
        units = self._n_groups() or int(self.at.size)
        known = [e for e in each if e is not None]
        if len(known) < len(each) or units < resampling.LEAST_UNITS:
            return None, None, method
        rows = ordering.variance(known[0] - np.mean(known[1:], axis=0), self.groups)
        drawn = variance(theirs) / len(theirs)
        total = rows + drawn
        if total <= 0:
            return mine - fmean(theirs), mine - fmean(theirs), method
        df = total**2 / (rows**2 / (units - 1) + drawn**2 / (len(theirs) - 1))
        half = t_quantile(LEVEL, df) * math.sqrt(total)
        return mine - fmean(theirs) - half, mine - fmean(theirs) + half, method

    def _n_groups(self) -> int:
        return 0 if self.groups is None else int(self.groups.max()) + 1


def influence(metric: str, answers: Array, actual: Any, focus: int, threshold: float = 0.5) -> Array | None:
    """Return by how much each row moves a measure, so that the sum of squares is its variance over rows.

    Parameters
    ----------
    metric : str
        Any measure.
    answers : ndarray of shape (n, n_outputs)
        Class probabilities or numbers.
    actual : ndarray of shape (n,)
        Places of recorded classes, or recorded numbers.
    focus, threshold
        The positive class of two, and from which probability on it is chosen.

    Returns
    -------
    ndarray of shape (n,) or None
        None for auc where a class has fewer than five rows.

    References
    ----------
    Hampel (1974), The influence curve and its role in robust estimation, https://doi.org/10.2307/2285666

    Examples
    --------
    >>> each = influence("mae", np.array([[1.0], [2.0]]), np.array([1.0, 4.0]), 0)
    >>> round(float((each**2).sum()), 6)
    1.0
    """
    n, k = answers.shape
    if metric == "auc":
        if int(np.bincount(actual, minlength=k).min()) < LEAST_OF_A_CLASS:
            return None
        places = [focus] if k == 2 else range(k)
        parts = [ordering.components(answers[:, j], actual == j)[1] for j in places]
        return np.asarray(np.mean(parts, axis=0))
    each = each_row(metric, answers, actual, focus, threshold)
    mean, scale = float(each.mean()), math.sqrt(n * max(n - 1, 1))
    if metric == "rmse":
        scale *= 2 * math.sqrt(mean) or 1.0
    if metric == "r2":
        off = (actual - actual.mean()) ** 2
        spread = float(off.mean()) or 1.0
        return np.asarray((mean * (off - spread) / spread - (each - mean)) / spread / scale)
    return np.asarray((each - mean) / scale)


def _within(metric: str, ends: Ends | None) -> Ends | None:
    """Return a range cut to what the measure can be."""
    if ends is None:
        return None
    least = 0.0 if metric != "r2" else -math.inf
    most = 1.0 if metric in (*_SHARES, "r2") else math.inf
    return max(ends[0], least), min(ends[1], most)
