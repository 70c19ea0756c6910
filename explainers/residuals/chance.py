"""How surprising the mean error of a group of rows is, if the group had nothing to do with the errors.

The rate function of the errors themselves (Cramér 1938; for draws without replacement Hoeffding 1963, theorem 4,
https://doi.org/10.1080/01621459.1963.10500830) turns a mean and a count into a signed root that is close to standard
normal in the tail whatever the errors' shape: skewed errors and shares are treated alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from explainers.fields import FloatArray

GRID, PARTS = 2048, 512
CAP = 0.99
"""Errors of numbers count at most as much as that of this share of the rows: one odd case makes no segment."""


@dataclass(frozen=True, slots=True, eq=False)
class Rate:
    """Errors on their own scale, and the root of twice the rate function on a grid of standardised means."""

    mean: float
    sd: float
    top: float  # largest standardised error
    roots: np.ndarray[Any, np.dtype[np.float32]]  # (GRID + 1,) at 0 to top
    most: float  # largest root over standardised mean, for one row

    def standardised(self, errors: FloatArray) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Return errors with mean 0 and spread 1."""
        return ((errors - self.mean) / self.sd).astype(np.float32)

    def root(self, sums: Any, n: Any, total: int) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Return the signed roots of groups; 0 where the mean is not above the overall one.

        Parameters
        ----------
        sums : ndarray of shape (..., m)
            Sums of standardised errors.
        n : ndarray of shape (m,)
            Rows of each group, above 0.
        total : int
            Rows in all: a group that is most of them can hardly differ from them.
        """
        n = np.asarray(n, dtype=np.float32)
        scale = np.float32(GRID / self.top)
        place = np.clip(sums * (scale / n), 0, np.float32(GRID - 0.001))
        below = place.astype(np.int32)
        steps = np.diff(self.roots)
        roots = self.roots[below] + (place - below) * steps[below]
        return np.asarray(roots * np.sqrt(n / np.maximum(1 - n / total, 1 / total)), dtype=np.float32)


def clearest(
    rate: Rate, sums: Any, n: Any, total: int, counts: Any, floor: Any = None
) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return the largest root of each row of sums, shape (times,), without working out most of the others.

    A root is at most ``rate.most`` times the spreads by which a mean lies off, which take one product: only groups
    that could still be the clearest are looked at more closely.

    Parameters
    ----------
    rate : Rate
    sums : ndarray of shape (times, m)
        Sums of standardised errors.
    n : ndarray of shape (m,)
        Rows of each group.
    total : int
        Rows in all.
    counts : ndarray of bool of shape (m,)
        Groups that count.
    floor : ndarray of shape (times,), optional
        Roots of other groups: where none is larger, these are returned.
    """
    n = np.asarray(n, dtype=np.float32)
    weight = np.where(counts, 1 / np.sqrt(np.maximum(n, 1) * np.maximum(1 - n / total, 1 / total)), 0)
    spreads = sums * weight.astype(np.float32)
    first = spreads.argmax(axis=1)
    every = np.arange(len(sums))
    best = np.where(counts[first], rate.root(sums[every, first], np.maximum(n[first], 1), total), 0)
    if floor is not None:
        best = np.maximum(best, np.asarray(floor, dtype=best.dtype))
    times, groups = np.nonzero(spreads >= (np.maximum(best, 1e-6) / np.float32(rate.most * 1.001))[:, None])
    if times.size:
        np.maximum.at(best, times, rate.root(sums[times, groups], n[groups], total))
    return np.asarray(best, dtype=np.float32)


def capped(errors: FloatArray) -> FloatArray:
    """Return errors of numbers, the largest cut down to the 99th of 100."""
    return np.minimum(errors, np.quantile(errors, CAP)) if errors.size else errors


def rate_of(errors: FloatArray) -> Rate | None:
    """Return the rate function of errors; None where all are alike.

    Parameters
    ----------
    errors : ndarray of shape (n,)

    Examples
    --------
    >>> found = rate_of(np.random.default_rng(0).normal(size=20_000))
    >>> bool(abs(found.root(np.array([50.0]), np.array([100.0]), 10**9)[0] - 5) < 0.1)  # I(x) = x²/2 of the normal
    True
    """
    mean, sd = (float(errors.mean()), float(errors.std())) if errors.size else (0.0, 0.0)
    if not sd > 1e-12 * max(abs(mean), 1e-300):
        return None
    z = np.sort((errors - mean) / sd)
    values, weights = np.unique(z, return_counts=True)
    if values.size > PARTS:
        starts = np.linspace(0, z.size, PARTS, endpoint=False).astype(np.int64)
        weights = np.diff(np.append(starts, z.size))
        values = np.add.reduceat(z, starts) / weights
    share = weights / weights.sum()
    top = float(values[-1])
    t = np.concatenate([[0.0], np.geomspace(1e-3, 60.0 / top + 60.0 / max(top - float(values[-2]), 0.05), 240)])
    exponent = t[:, None] * (values - top)[None, :]
    tilted = np.exp(exponent) * share[None, :]
    total = tilted.sum(axis=1)
    means = (tilted @ values) / total
    information = np.maximum(t * means - (np.log(total) + t * top), 0.0)
    means, information = np.append(means, top), np.append(information, -np.log(share[-1]))
    # Rounding far out may bend the curve back; the rate function never falls.
    means, information = np.maximum.accumulate(means), np.maximum.accumulate(information)
    roots = np.interp(np.linspace(0, top, GRID + 1), means, np.sqrt(2 * information))
    most = float((roots[1:] / np.linspace(0, top, GRID + 1)[1:]).max())
    return Rate(mean, sd, top, roots.astype(np.float32), most)


def shuffled(
    errors: FloatArray, groups: Any, times: int, rng: np.random.Generator
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the errors shuffled so many times, shape (times, n).

    Where rows belong together, the level of each group and what rows add to it are dealt out anew on their own: rows
    of a group still resemble each other, and a group of groups is no news.

    Parameters
    ----------
    errors : ndarray of shape (n,)
    groups : ndarray of int of shape (n,) or None
        Which rows belong together.
    times : int
    rng : Generator
    """
    n = errors.size
    if groups is None:
        return np.stack([errors[rng.permutation(n)] for _ in range(times)]) if times else np.empty((0, n))
    sizes = np.maximum(np.bincount(groups), 1)
    levels = np.bincount(groups, weights=errors) / sizes
    within = errors - levels[groups]
    # What is left of a group's rows is a little too small by having its own mean taken off.
    within *= np.sqrt(sizes / np.maximum(sizes - 1, 1))[groups]
    return np.stack([levels[rng.permutation(levels.size)][groups] + rng.permutation(within) for _ in range(times)])
