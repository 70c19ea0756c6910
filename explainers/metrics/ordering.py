"""The area under the ROC curve with its standard error: structural components of DeLong, summed by group if need be."""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd

from explainers.metrics.measures import Array, IntArray


def components(scores: Array, positive: Any) -> tuple[float, Array]:
    """Return the area and by how much each row moves it.

    Parameters
    ----------
    scores : ndarray of shape (n,)
        Higher for the positive kind.
    positive : array of bool of shape (n,)
        Which rows are of that kind; at least two of each.

    Returns
    -------
    tuple of float and ndarray of shape (n,)
        Area, and values whose sum of squares is its variance (of two areas on the same rows: the sum of products is
        their covariance).

    References
    ----------
    DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44, 837-845, https://doi.org/10.2307/2531595

    Examples
    --------
    >>> area, each = components(np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, False, True, True]))
    >>> area, round(float((each**2).sum()), 6)
    (0.75, 0.125)
    """
    kind = np.asarray(positive, dtype=bool)
    m, n = int(kind.sum()), int((~kind).sum())
    ranks = _ranks(scores)
    up = (ranks[kind] - _ranks(scores[kind])) / n
    down = 1 - (ranks[~kind] - _ranks(scores[~kind])) / m
    area = float(up.mean())
    each = np.empty(len(kind))
    each[kind] = (up - area) / np.sqrt(m * max(m - 1, 1))
    each[~kind] = (down - area) / np.sqrt(n * max(n - 1, 1))
    return area, each


def variance(each: Array, groups: IntArray | None) -> float:
    """Return the variance of what rows move: over rows, or over groups of rows that belong together.

    References
    ----------
    Obuchowski (1997), Biometrics 53, 567-578, https://doi.org/10.2307/2533958
    """
    if groups is None:
        return float(each @ each)
    sums = np.bincount(groups, weights=each)
    n = len(sums)
    return float(sums @ sums) * n / max(n - 1, 1)


def freedom(each: Array, positive: Any, groups: IntArray | None) -> float:
    """Return the degrees of freedom behind that variance: Welch's for two kinds of rows, or the groups less one."""
    if groups is not None:
        return float(max(int(groups.max()), 1))
    kind = np.asarray(positive, dtype=bool)
    up, down = float(each[kind] @ each[kind]), float(each[~kind] @ each[~kind])
    m, n = int(kind.sum()), int((~kind).sum())
    below = up**2 / max(m - 1, 1) + down**2 / max(n - 1, 1)
    return (up + down) ** 2 / below if below > 0 else float(m + n - 2)


# -- Student's t without scipy, which a page that shows a built study must not import ------------------------------
def t_quantile(level: float, df: float) -> float:
    """Return the value within which, both ways, a share ``level`` of Student's t lies.

    Examples
    --------
    >>> round(t_quantile(0.95, 9), 3), round(t_quantile(0.95, 1e6), 3)
    (2.262, 1.96)
    """
    if df > _NORMAL_FROM:
        return NormalDist().inv_cdf(0.5 + level / 2)
    angles, beyond = _tails(round(df, 3))
    return math.sqrt(df) * math.tan(float(np.interp(1 - level, beyond[::-1], angles[::-1])))


def t_tail(value: float, df: float) -> float:
    """Return the two-sided p-value of a value of Student's t.

    Examples
    --------
    >>> round(t_tail(2.262, 9), 3)
    0.05
    """
    if df > _NORMAL_FROM:
        return 2 * NormalDist().cdf(-abs(value))
    angles, beyond = _tails(round(df, 3))
    return float(np.interp(math.atan(abs(value) / math.sqrt(df)), angles, beyond))


_NORMAL_FROM = 300.0


@lru_cache(maxsize=64)
def _tails(df: float) -> tuple[Array, Array]:
    """Return angles and the share of Student's t beyond the square root of df times their tangent, both ways."""
    angles = np.linspace(0, math.pi / 2, 4001)
    density = np.cos(angles) ** (df - 1)
    steps = (density[1:] + density[:-1]) / 2
    beyond = np.r_[np.cumsum(steps[::-1])[::-1], 0.0]
    return angles, beyond / beyond[0]


def _ranks(values: Array) -> Array:
    return np.asarray(pd.Series(values).rank(method="average").to_numpy(), dtype=np.float64)
