"""Resamples as a matrix of weights times a matrix of columns: every measure in every resample by one product.

A resample of units (rows, or groups of rows that belong together) is how often each unit is drawn. Means, root mean
squares and R squared follow from weighted totals of a few columns; the area under the curve from one sort.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Any

import numpy as np

from explainers.metrics.measures import Array, IntArray

RESAMPLES = 2_000
MOST_UNITS = 5_000  # from here on the resampled quantiles are the normal ones but for noise
LEAST_UNITS = 10  # with fewer the spread of a resample is no guide
_CELLS = 4_000_000
_KEPT = 2_000_000
_CACHED = 400_000  # cells at a time that stay near the processor
_MEANS = ("accuracy", "log_loss", "brier", "mae")


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure with the spread that resampling shows, on the scale on which its range is formed."""

    value: float
    error: float
    quantiles: Array | None  # studentised resamples in order; None: the normal ones
    even: bool = False  # equally far both ways: for differences, which are as likely to fall one way as the other

    def ends(self, level: float) -> tuple[float, float]:
        """Return the ends of the range on that scale."""
        if self.quantiles is None:
            high = NormalDist().inv_cdf(0.5 + level / 2)
            low = -high
        elif self.even:
            high = float(np.quantile(np.abs(self.quantiles), level))
            low = -high
        else:
            low, high = (float(q) for q in np.quantile(self.quantiles, [0.5 - level / 2, 0.5 + level / 2]))
        return self.value - high * self.error, self.value - low * self.error

    def p_value(self) -> float:
        """Return the two-sided p-value of zero that goes with the range."""
        if self.error <= 0:
            return 1.0 if self.value == 0 else 0.0
        seen = self.value / self.error
        if self.quantiles is None:
            return 2 * NormalDist().cdf(-abs(seen))
        if self.even:
            beyond = int((np.abs(self.quantiles) >= abs(seen)).sum())
            return (beyond + 1) / (len(self.quantiles) + 1)
        above = int((self.quantiles >= seen).sum())
        tail = min(above, int((self.quantiles <= seen).sum()))
        return min(1.0, 2 * (tail + 1) / (len(self.quantiles) + 1))


def weights(n_units: int, n_resamples: int, rng: np.random.Generator) -> Array:
    """Return how often each unit is drawn in each resample, shape (n_resamples, n_units).

    Examples
    --------
    >>> weights(5, 3, np.random.default_rng(0)).sum(axis=1).tolist()
    [5.0, 5.0, 5.0]
    """
    drawn = rng.integers(0, n_units, (n_resamples, n_units))
    return counted(drawn, n_units)


def counted(drawn: IntArray, n_units: int) -> Array:
    """Return drawn places, shape (n_resamples, n_draws), as weights of shape (n_resamples, n_units)."""
    out = np.empty((len(drawn), n_units))
    for i, places in enumerate(drawn):  # row by row stays in the processor's cache
        out[i] = np.bincount(places, minlength=n_units)
    return out


def by_unit(columns: Array, groups: IntArray | None) -> Array:
    """Return the totals of each unit, shape (n_units, n_columns): rows as they are, or summed by group."""
    if groups is None:
        return columns
    n = int(groups.max()) + 1
    return np.column_stack([np.bincount(groups, weights=c, minlength=n) for c in columns.T])


def columns_of(measure: str, each: Array, actual: Array | None = None) -> Array:
    """Return the columns whose totals give a measure, shape (n, 2), or (n, 4) for r2.

    Parameters
    ----------
    measure : str
        accuracy, log_loss, brier, mae, rmse or r2.
    each : ndarray of shape (n,)
        What each row adds: 1 where right, its loss, its absolute or squared error.
    actual : ndarray of shape (n,), optional
        Recorded numbers, for r2.
    """
    one = np.ones(len(each))
    if measure != "r2":
        return np.column_stack([each, one])
    assert actual is not None
    y = actual - actual.mean()
    return np.column_stack([each, y, y**2, one])


def of_totals(measure: str, totals: Array) -> tuple[Array, Array]:
    """Return a measure and its gradient from totals of :func:`columns_of`, shape (..., n_columns)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if measure in _MEANS:
            value = totals[..., 0] / totals[..., 1]
            return value, np.stack([1 / totals[..., 1], -value / totals[..., 1]], axis=-1)
        if measure == "rmse":
            value = np.sqrt(np.maximum(totals[..., 0], 0) / totals[..., 1])
            return value, np.stack([0.5 / (value * totals[..., 1]), -0.5 * value / totals[..., 1]], axis=-1)
        square, y, y2, n = (totals[..., j] for j in range(4))
        around = y2 - y**2 / n
        value = 1 - square / around
        by = square / around**2
        return value, np.stack([-1 / around, -2 * y / n * by, by, y**2 / n**2 * by], axis=-1)


def spread(
    measures: Sequence[str],
    parts: Sequence[Array],
    *,
    log: bool = False,
    even: bool = False,
    seed: int = 0,
    n_resamples: int = RESAMPLES,
) -> Spread | None:
    """Return one measure, or the first minus the second on the same units, with its studentised resamples.

    Parameters
    ----------
    measures : sequence of str
        One measure, or the same measure twice.
    parts : sequence of ndarray of shape (n_units, n_columns)
        Totals of each unit for each, as :func:`by_unit` gives them.
    log : bool
        On the scale of the logarithm, of 1 - r2 for r2: for losses, which are above 0 and skewed.
    even : bool
        Whether the range reaches equally far both ways.
    seed : int
        Of the resamples.
    n_resamples : int
        How many.

    Returns
    -------
    Spread or None
        None with fewer than 10 units, or where the units do not differ.

    Notes
    -----
    The standard error, of the whole and of each resample, is that of the linearised figure over units.

    References
    ----------
    Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapter 12, https://doi.org/10.1201/9780429246593
    """
    x = np.column_stack(parts)
    n = len(x)
    if n < LEAST_UNITS:
        return None
    middle = x.mean(axis=0)
    x = x - middle
    places = np.triu_indices(x.shape[1])
    everything = np.column_stack([x, x[:, places[0]] * x[:, places[1]]])

    def linearised(totals: Array) -> tuple[Array, Array]:
        own, cross = totals[..., : x.shape[1]], totals[..., x.shape[1] :]
        value, gradient = _combined(measures, own + n * middle, log)
        outer = np.zeros((*own.shape, x.shape[1]))
        outer[..., places[0], places[1]] = cross
        outer[..., places[1], places[0]] = cross
        outer -= own[..., :, None] * own[..., None, :] / n
        variance = np.einsum("...i,...ij,...j->...", gradient, outer, gradient) * n / (n - 1)
        return value, np.sqrt(np.maximum(variance, 0))

    if not np.isfinite(_combined(measures, n * middle, log)[0]):
        return None  # nothing is off at all, or the target does not vary
    value, error = linearised(everything.sum(axis=0))
    with np.errstate(invalid="ignore"):  # an option that is off by nothing: no gradient, and no range
        size = float(np.abs(_combined(measures, n * middle, log)[1] * np.abs(x).max(axis=0)).sum())
    if not float(error) > 1e-12 * max(size, 1e-300):
        return None
    if n > MOST_UNITS:
        return Spread(float(value), float(error), None)
    studentised = []
    for drawn in _batches(n, n_resamples, seed):
        again, its_error = linearised(drawn @ everything)
        with np.errstate(divide="ignore", invalid="ignore"):
            studentised.append((again - value) / its_error)
    found = np.concatenate(studentised)
    return Spread(float(value), float(error), np.sort(found[np.isfinite(found)]), even)


def _combined(measures: Sequence[str], totals: Array, log: bool) -> tuple[Array, Array]:
    width = totals.shape[-1] // len(measures)
    found = [of_totals(m, totals[..., i * width : (i + 1) * width]) for i, m in enumerate(measures)]
    if len(found) == 2:
        (value, gradient), (other, its) = found
        return value - other, np.concatenate([gradient, -its], axis=-1)
    value, gradient = found[0]
    if not log:
        return value, gradient
    with np.errstate(divide="ignore", invalid="ignore"):
        if measures[0] == "r2":
            return np.log(1 - value), -gradient / (1 - value)[..., None]
        return np.log(value), gradient / value[..., None]


@lru_cache(maxsize=1)
def _small(n_units: int, n_resamples: int, seed: int) -> Array:
    return weights(n_units, n_resamples, np.random.default_rng(seed))


def _batches(n_units: int, n_resamples: int, seed: int) -> Iterator[Array]:
    if n_units * n_resamples <= _KEPT:  # options of one study are asked about one after the other, on the same rows
        yield _small(n_units, n_resamples, seed)
        return
    rng = np.random.default_rng(seed)
    size = max(1, _CELLS // n_units)
    for start in range(0, n_resamples, size):
        yield weights(n_units, min(size, n_resamples - start), rng)


# -- measures in given resamples -----------------------------------------------------------------------------------
def resampled(measure: str, columns: Array, drawn: Array) -> Array:
    """Return a measure in every resample, shape (n_resamples,).

    Parameters
    ----------
    measure : str
        Any but auc.
    columns : ndarray of shape (n_units, n_columns)
        As :func:`columns_of` and :func:`by_unit` give them.
    drawn : ndarray of shape (n_resamples, n_units)
        Weights.
    """
    return of_totals(measure, drawn @ columns)[0]


def weighted_auc(scores: Array, positive: Any, drawn: Array) -> Array:
    """Return the area under the ROC curve in every resample, shape (n_resamples,); nan where one kind is missing.

    Parameters
    ----------
    scores : ndarray of shape (n,)
        Higher for the positive kind.
    positive : array of bool of shape (n,)
        Which rows are of that kind.
    drawn : ndarray of shape (n_resamples, n)
        Weights of the rows.

    Notes
    -----
    Rows are sorted once. Each positive row lies above the negative ones that sort before it, ties half; all counts are
    whole numbers, so that nothing is rounded before the last division.
    """
    kind = np.asarray(positive, dtype=bool)
    order = np.argsort(scores, kind="stable")
    up, down = order[kind[order]], order[~kind[order]]
    first = np.searchsorted(scores[down], scores[up], "left")
    last = np.searchsorted(scores[down], scores[up], "right")
    out = np.empty(len(drawn))
    size = max(1, _CACHED // max(len(scores), 1))
    for at in range(0, len(drawn), size):
        some = drawn[at : at + size]
        below = np.zeros((len(some), len(down) + 1))
        np.cumsum(np.take(some, down, axis=1), axis=1, out=below[:, 1:])
        beaten = np.take(below, first, axis=1)
        if (first != last).any():
            beaten = (beaten + np.take(below, last, axis=1)) / 2
        above = np.take(some, up, axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            out[at : at + size] = np.einsum("ij,ij->i", above, beaten) / (above.sum(axis=1) * below[:, -1])
    return out
