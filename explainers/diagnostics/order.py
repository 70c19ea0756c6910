"""Whether errors that follow each other in time are alike: Durbin-Watson and Ljung-Box within each group.

Rows of several groups are never put in one order: the last row of one group and the first of the next have nothing to
do with each other. What fitting alone does to residuals is taken off by the exact moments of the statistic.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from explainers.study import Study

Array = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]
MOST_LAGS = 10


@dataclass(frozen=True, slots=True)
class Ordered:
    """Rows in the order of time within their groups."""

    order: IntArray  # places of the rows, group after group
    groups: IntArray  # the group of each place in that order
    within: str  # the column that makes the groups; empty for one series
    why: str = ""  # why there is no order


def ordered(study: Study, at: IntArray, unit: str | None) -> Ordered:
    """Return rows in the order of time, group by group, or why there is no such order.

    Parameters
    ----------
    study : Study
        Its time column says the order.
    at : ndarray of int, shape (n,)
        Positions of the rows.
    unit : str or None
        Column whose rows belong together; else one is looked for whose rows each have a moment of their own.
    """
    none = np.zeros(0, dtype=np.int64)
    time = time_column(study)
    if time is None:
        return Ordered(none, none, "", "no column says when a row was recorded")
    moments = _ranks(study.frame[time].iloc[at])
    known = moments >= 0
    if int(known.sum()) < 2:
        return Ordered(none, none, "", "no moment is recorded for these rows")
    names = [unit] if unit is not None else ["", *_may_hold_series(study, time)]
    for name in names:
        groups = np.zeros(at.size, dtype=np.int64) if not name else _codes(study.frame[name].iloc[at])
        usable = np.flatnonzero(known & (groups >= 0))
        pair = groups[usable] * (moments.max() + 1) + moments[usable]
        if np.unique(pair).size == usable.size and usable.size:
            order = usable[np.argsort(pair, kind="stable")]
            return Ordered(order, groups[order], name)
    return Ordered(none, none, "", "several rows share a moment, and no column says which rows belong together")


def time_column(study: Study) -> str | None:
    """Return the column that says when a row was recorded."""
    how, _, column = study.split_by.partition(":")
    named = [*study.dictionary.names("time"), *([column] if how == "time" else [])]
    return next((n for n in named if n in study.frame.columns), None)


def _may_hold_series(study: Study, time: str) -> list[str]:
    """Return columns of levels whose rows may be one series each, those with the fewest levels last."""
    kinds = ("categorical", "ordered", "boolean")
    found = [f.name for f in study.dictionary if f.kind in kinds and f.role in ("feature", "excluded", "group")]
    found = [n for n in found if n in study.frame.columns and n != time and not study.dictionary[n].protected]
    levels = {n: int(study.frame[n].nunique()) for n in found}
    return sorted((n for n in found if 1 < levels[n] <= len(study.frame) // 3), key=lambda n: levels[n])


def _ranks(values: pd.Series[Any]) -> IntArray:
    if values.dtype == object:
        values = values.astype(str).where(values.notna())
    return np.asarray(pd.factorize(values, sort=True)[0], dtype=np.int64)


def _codes(values: pd.Series[Any]) -> IntArray:
    return np.asarray(pd.factorize(values.astype(object))[0], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Fit:
    """What was fitted to residuals: an orthonormal basis, or the mean of each group."""

    basis: Array | None = None


def centred(residuals: Array, groups: IntArray) -> Array:
    """Return residuals less the mean of their group."""
    counts = np.bincount(groups)
    means = np.bincount(groups, weights=residuals) / np.maximum(counts, 1)
    return np.asarray(residuals - means[groups])


def durbin_watson(residuals: Array, groups: IntArray, fit: Fit) -> tuple[float, float, float]:
    """Test whether neighbours in time are alike, within each group.

    Parameters
    ----------
    residuals : ndarray of shape (n,)
        Group after group, each in the order of time; what was fitted is taken off already.
    groups : ndarray of int, shape (n,)
        The group of each; equal values stand together.
    fit : Fit
        What was fitted: an orthonormal basis in the same order of rows, or nothing for the mean of each group.

    Returns
    -------
    tuple of float
        The statistic (2 where neighbours have nothing to do with each other), its two-sided p-value from the exact
        mean and variance and the normal distribution, and the first autocorrelation beyond what chance and fitting
        bring about.

    References
    ----------
    Durbin and Watson (1950), Biometrika 37, 409-428, https://doi.org/10.1093/biomet/37.3-4.409; for panels Bhargava,
    Franzini and Narendranathan (1982), Review of Economic Studies 49, 533-549, https://doi.org/10.2307/2297285
    """
    from scipy.stats import norm

    same = groups[1:] == groups[:-1]
    steps = np.diff(residuals)[same]
    whole = float(residuals @ residuals)
    if whole <= 0 or not same.any():
        return 2.0, 1.0, 0.0
    statistic = float(steps @ steps) / whole
    neighbours = np.zeros(residuals.size)
    neighbours[1:] += same
    neighbours[:-1] += same
    trace, square = float(neighbours.sum()), float((neighbours**2).sum() + 2 * same.sum())
    rank = int(groups[-1] >= 0) * np.unique(groups).size
    if fit.basis is not None:
        moved = neighbours[:, None] * fit.basis - 2 * _beside(fit.basis, groups, 1)
        inner = fit.basis.T @ moved
        trace -= float(np.trace(inner))
        square += float((inner**2).sum()) - 2 * float((moved**2).sum())
        rank = fit.basis.shape[1]
    mean, variance = _moments(trace, square, residuals.size - rank)
    if variance <= 0:
        return statistic, 1.0, 0.0
    p = 2 * float(norm.sf(abs(statistic - mean) / np.sqrt(variance)))
    first = correlations(residuals, groups, fit, 1)
    return statistic, p, float(first[0][0])


def ljung_box(residuals: Array, groups: IntArray, fit: Fit, lags: int | None = None) -> tuple[float, float, int, float]:
    """Test the first autocorrelations together, within each group.

    Parameters
    ----------
    residuals, groups, fit
        As for :func:`durbin_watson`.
    lags : int, optional
        How many; by default 10, fewer where groups are short.

    Returns
    -------
    tuple
        Statistic, p-value, degrees of freedom, and the largest autocorrelation beyond what chance and fitting bring
        about. For one series the statistic is Ljung and Box's; for several the sum of squared autocorrelations, each
        less its exact mean and in units of its exact error.

    References
    ----------
    Ljung and Box (1978), Biometrika 65, 297-303, https://doi.org/10.1093/biomet/65.2.297
    """
    from scipy.stats import chi2

    n = residuals.size
    lags = most_lags(groups) if lags is None else lags
    whole = float(residuals @ residuals)
    if lags < 1 or whole <= 0:
        return 0.0, 1.0, 0, 0.0
    apart, errors, raw = correlations(residuals, groups, fit, lags)
    k = np.arange(1, lags + 1)
    if groups[0] == groups[-1]:
        statistic = float(n * (n + 2) * (raw**2 / (n - k)).sum())
    else:
        statistic = float(((apart / errors) ** 2).sum())
    return statistic, float(chi2.sf(statistic, lags)), lags, float(np.abs(apart).max())


def most_lags(groups: IntArray) -> int:
    """Return how many lags are looked at: 10, or fewer where the typical group is short."""
    counts = np.bincount(np.unique(groups, return_inverse=True)[1])
    typical = int(np.median(counts))
    return int(max(0, min(MOST_LAGS, typical // 5 if counts.size == 1 else max(1, typical // 3), typical - 2)))


def correlations(residuals: Array, groups: IntArray, fit: Fit, lags: int) -> tuple[Array, Array, Array]:
    """Return autocorrelations within groups less their mean, their errors, and the raw ones, each of shape (lags,)."""
    n, whole = residuals.size, float(residuals @ residuals)
    place, counts = np.unique(groups, return_inverse=True)[1], np.bincount(np.unique(groups, return_inverse=True)[1])
    apart, errors, raw = np.zeros(lags), np.ones(lags), np.zeros(lags)
    for k in range(1, lags + 1):
        same = groups[k:] == groups[:-k]
        raw[k - 1] = float((residuals[k:] * residuals[:-k])[same].sum()) / whole
        square = 0.5 * float(same.sum())
        if fit.basis is None:  # the mean of each group: its basis is one flat column for each
            partners = np.zeros(n)
            partners[k:] += same
            partners[:-k] += same
            inner = np.bincount(place, weights=partners) / (2 * counts)
            trace = -float(inner.sum())
            square += float((inner**2).sum()) - 2 * float((0.25 * np.bincount(place, partners**2) / counts).sum())
            rank = counts.size
        else:
            moved = _beside(fit.basis, groups, k)
            product = fit.basis.T @ moved
            trace = -float(np.trace(product))
            square += float((product**2).sum()) - 2 * float((moved**2).sum())
            rank = fit.basis.shape[1]
        mean, variance = _moments(trace, square, n - rank)
        apart[k - 1], errors[k - 1] = raw[k - 1] - mean, np.sqrt(variance) if variance > 0 else np.inf
    return apart, errors, raw


def _beside(basis: Array, groups: IntArray, k: int) -> Array:
    """Return half the sum of the rows k places before and after, within groups."""
    out = np.zeros_like(basis)
    same = (groups[k:] == groups[:-k])[:, None]
    out[k:] += 0.5 * basis[:-k] * same
    out[:-k] += 0.5 * basis[k:] * same
    return out


def _moments(trace: float, square: float, free: int) -> tuple[float, float]:
    """Return mean and variance of e'Ae / e'e for normal errors from the traces of MA and MAMA."""
    if free < 1:
        return 0.0, 0.0
    mean = trace / free
    return mean, 2 * (square - trace * mean) / (free * (free + 2))
