"""Whether errors have the shape of a bell: Jarque-Bera, Anderson-Darling, Lilliefors."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]


def jarque_bera(values: Array) -> tuple[float, float, float, float]:
    """Test skewness and tails against those of a normal distribution.

    Parameters
    ----------
    values : ndarray of shape (n,)
        Residuals.

    Returns
    -------
    tuple of float
        Statistic, p-value, skewness, excess kurtosis.

    References
    ----------
    Jarque and Bera (1987), International Statistical Review 55, 163-172, https://doi.org/10.2307/1403192

    Examples
    --------
    >>> jarque_bera(np.array([-1.0, 1.0, -1.0, 1.0]))[2:]
    (0.0, -2.0)
    """
    from scipy.stats import chi2

    middle = values - values.mean()
    middle = middle / np.abs(middle).max()  # the powers of tiny numbers are nothing, those of huge ones infinite
    variance = float((middle**2).mean())
    skewness = float((middle**3).mean()) / variance**1.5
    excess = float((middle**4).mean()) / variance**2 - 3.0
    statistic = len(values) / 6 * (skewness**2 + excess**2 / 4)
    return statistic, float(chi2.sf(statistic, 2)), skewness, excess


def anderson_darling(values: Array) -> tuple[float, float]:
    """Test the whole shape, tails weighted most, against a normal one with the same mean and spread.

    Parameters
    ----------
    values : ndarray of shape (n,)
        Residuals.

    Returns
    -------
    tuple of float, float
        A², not corrected for n, and its p-value.

    References
    ----------
    Stephens in D'Agostino and Stephens (1986), Goodness-of-Fit Techniques, table 4.9, https://doi.org/10.1201/9780203753064
    """
    from scipy.special import log_ndtr

    n = len(values)
    z = (np.sort(values) - values.mean()) / values.std(ddof=1)
    i = np.arange(1, n + 1)
    statistic = -n - float(((2 * i - 1) / n * (log_ndtr(z) + log_ndtr(-z[::-1]))).sum())
    a = statistic * (1 + 0.75 / n + 2.25 / n**2)
    if a >= 0.6:
        p = math.exp(1.2937 - 5.709 * a + 0.0186 * a**2) if a <= 13 else 0.0  # beyond, it is below 1e-30
    elif a >= 0.34:
        p = math.exp(0.9177 - 4.279 * a - 1.38 * a**2)
    elif a >= 0.2:
        p = 1 - math.exp(-8.318 + 42.796 * a - 59.938 * a**2)
    else:
        p = 1 - math.exp(-13.436 + 101.14 * a - 223.73 * a**2)
    return statistic, p


def lilliefors(values: Array) -> tuple[float, float]:
    """Test the largest gap between the shares below any size and those of a normal distribution.

    Parameters
    ----------
    values : ndarray of shape (n,)
        Residuals; at least 4.

    Returns
    -------
    tuple of float, float
        Largest gap D, and its p-value by the formula of Dallal and Wilkinson; above 0.1 by the table of statsmodels.

    References
    ----------
    Lilliefors (1967), JASA 62, 399-402, https://doi.org/10.1080/01621459.1967.10482916; Dallal and Wilkinson (1986),
    The American Statistician 40, 294-296, https://doi.org/10.1080/00031305.1986.10475419
    """
    from scipy.special import ndtr

    n = len(values)
    below = ndtr((np.sort(values) - values.mean()) / values.std(ddof=1))
    i = np.arange(1, n + 1)
    gap = float(max((i / n - below).max(), (below - (i - 1) / n).max()))
    d, m = gap, float(n)
    if n > 100:
        d, m = gap * (n / 100) ** 0.49, 100.0
    p = math.exp(
        -7.01256 * d**2 * (m + 2.78019)
        + 2.99587 * d * math.sqrt(m + 2.78019)
        - 0.122119
        + 0.974598 / math.sqrt(m)
        + 1.67997 / m
    )
    if p > 0.1:  # the formula is no good there
        from statsmodels.stats.diagnostic import lilliefors as by_table

        p = float(by_table(values, dist="norm", pvalmethod="table")[1])
    return gap, p
