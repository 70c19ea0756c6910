"""What can be told of bins with so few rows: ranges that hold for all bins together, rows that belong together counted
as one piece of evidence.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np

from explainers.calibration import wilson
from explainers.fields import FloatArray
from explainers.residuals import normal
from explainers.residuals.rows import Ints

LEVEL = 0.95
LEAST = 10  # pieces of evidence below which nothing is said of a bin


def units_of(codes: Ints, groups: Ints | None, k: int) -> tuple[Ints, Ints, Ints]:
    """Return the unit of each row, the bin of each unit, and how many units each of k bins has.

    A unit is what a group has in one bin; without groups every row is one. Rows outside all bins have the unit -1.
    """
    inside = codes >= 0
    units = np.full(codes.size, -1, dtype=np.int64)
    if groups is None:
        units[inside] = np.arange(int(inside.sum()))
        own = codes[inside]
    else:
        pair = codes[inside] * (int(groups.max(initial=0)) + 1) + groups[inside]
        seen, units[inside] = np.unique(pair, return_inverse=True)
        own = seen // (int(groups.max(initial=0)) + 1)
    return units, own, np.bincount(own, minlength=k)


def errors(values: FloatArray, codes: Ints, units: Ints, own: Ints, counts: Ints) -> tuple[FloatArray, FloatArray]:
    """Return the mean of each bin and its standard error, rows of one unit taken together (CR0 with G/(G-1)).

    Parameters
    ----------
    values : array of shape (n,)
    codes, units : arrays of shape (n,)
        Bin and unit of each row, -1 outside.
    own : array of shape (n_units,)
        Bin of each unit.
    counts : array of shape (k,)
        Units of each bin.
    """
    k = len(counts)
    inside = codes >= 0
    here = codes[inside]
    n = np.bincount(here, minlength=k)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.bincount(here, weights=values[inside], minlength=k) / n
        each = np.bincount(units[inside], weights=values[inside] - means[here], minlength=len(own))
        squares = np.bincount(own, weights=each**2, minlength=k)
        out = np.sqrt(squares * counts / (counts - 1)) / n
    return means, np.where(counts > 1, out, np.inf)


def z_of(level: float, k: int = 1) -> float:
    """Return the normal quantile for ranges that hold for k bins together."""
    return NormalDist().inv_cdf(1 - (1 - level) / (2 * max(k, 1)))


def shares(means: FloatArray, error: FloatArray, n: Ints, z: float) -> tuple[FloatArray, FloatArray]:
    """Return Wilson's range of shares; where rows belong together as if there were as few rows as the error tells."""
    with np.errstate(invalid="ignore", divide="ignore"):
        alone = means * (1 - means) / (n - 1)  # as the error has it where rows count alone
        worth = n / np.maximum(np.where(np.isfinite(error), error**2, 0.0) / alone, 1.0)
    worth = np.where((n > 0) & np.isfinite(worth) & (worth > 0), worth, n)
    with np.errstate(invalid="ignore", divide="ignore"):
        return wilson(means, worth, z)


def median_range(values: FloatArray, alpha: float) -> tuple[float, float]:
    """Return the distribution-free range of the median of independent values; infinite where they are too few."""
    ranks = normal.median_ranks(len(values), alpha)
    if ranks is None:
        return -np.inf, np.inf
    ordered = np.partition(values, ranks)
    return float(ordered[ranks[0]]), float(ordered[ranks[1]])


def sides(low: FloatArray, high: FloatArray, counts: Ints) -> tuple[Any, ...]:
    """Return whether records lie above (too low) or below (too high) the answers of each bin."""
    return tuple(
        "too few" if n < LEAST else "too low" if a > 0 else "too high" if b < 0 else "cannot tell"
        for a, b, n in zip(low, high, counts, strict=True)
    )


def sizes(
    off: FloatArray, error: FloatArray, n: Ints, counts: Ints, z: float, *, share: bool, overall: float
) -> tuple[Any, ...]:
    """Return whether each bin is more or less off than all other rows together.

    Parameters
    ----------
    off, error : arrays of shape (k,)
        Mean of each bin and its standard error.
    n, counts : arrays of shape (k,)
        Rows and pieces of evidence of each bin.
    z : float
        Normal quantile of the level for all bins together.
    share : bool
        Whether the means are shares: the error then is that of equal shares, which no bin without any can hide.
    overall : float
        Mean of all rows.
    """
    out = []
    total = int(n.sum())
    usable = n > 0
    for at in range(len(n)):
        rest = usable.copy()
        rest[at] = False
        others = int(n[rest].sum())
        if counts[at] < LEAST or counts[rest].sum() < LEAST or not others:
            out.append("too few")
            continue
        there = float((off[rest] * n[rest]).sum() / others)
        weight = n[rest] / others
        both = error[at] ** 2 + float((weight**2 * np.where(np.isfinite(error[rest]), error[rest], 0.0) ** 2).sum())
        if share:
            alone = off[at] * (1 - off[at]) / n[at]
            more = max(error[at] ** 2 / alone, 1.0) if alone > 0 and np.isfinite(error[at]) else n[at] / counts[at]
            both = max(both, overall * (1 - overall) * (1 / n[at] + 1 / others) * more)
        gap = float(off[at]) - there
        clear = both > 0 and abs(gap) > z * np.sqrt(both)
        out.append(("more" if gap > 0 else "less") if clear and total else "cannot tell")
    return tuple(out)
