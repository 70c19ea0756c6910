"""The normal distribution by numpy alone, and ranges of medians: a page computes them without loading scipy."""

from __future__ import annotations

import math

import numpy as np

from explainers.fields import FloatArray

# Coefficients of Wichura (1988), algorithm AS 241 (PPND16): numerator and denominator, highest power first.
_NEAR = (
    (
        *(2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457),
        *(13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608),
    ),
    (
        *(5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867),
        *(5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0),
    ),
)
_FAR = (
    (
        *(7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258),
        *(3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734),
    ),
    (
        *(1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459),
        *(0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0),
    ),
)
_FURTHEST = (
    (
        *(2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093),
        *(0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772),
    ),
    (
        *(2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4),
        *(0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0),
    ),
)
EXACT = 4_000  # rows up to which the ranks of a median's range are counted exactly


def quantile(p: FloatArray) -> FloatArray:
    """Return normal quantiles, shape of ``p``; to 1e-15 relative (Wichura 1988, doi:10.2307/2347330).

    Parameters
    ----------
    p : array
        Probabilities; 0 and 1 give minus and plus infinity.

    Examples
    --------
    >>> quantile(np.array([0.5, 0.975])).round(6).tolist()
    [0.0, 1.959964]
    """
    p = np.asarray(p, dtype=np.float64)
    q = p - 0.5
    out = np.empty_like(p)
    near = np.abs(q) <= 0.425
    r = 0.180625 - q[near] ** 2
    out[near] = q[near] * np.polyval(_NEAR[0], r) / np.polyval(_NEAR[1], r)
    tail = np.where(q < 0, p, 1.0 - p)[~near]
    with np.errstate(divide="ignore"):
        r = np.sqrt(-np.log(tail))
    far = np.where(r <= 5.0, r - 1.6, 0.0)
    furthest = np.where((r > 5.0) & np.isfinite(r), r - 5.0, 0.0)
    size = np.where(
        r <= 5.0,
        np.polyval(_FAR[0], far) / np.polyval(_FAR[1], far),
        np.polyval(_FURTHEST[0], furthest) / np.polyval(_FURTHEST[1], furthest),
    )
    out[~near] = np.copysign(np.where(np.isfinite(r), size, np.inf), q[~near])
    return out


def median_ranks(n: int, alpha: float) -> tuple[int, int] | None:
    """Return the places, from 0 on, of the two ordered values between which the median lies.

    Distribution-free: of ``n`` independent values the median is below the j-th smallest with the chance that a
    binomial of n and a half is below j.

    Parameters
    ----------
    n : int
        Values.
    alpha : float
        Chance, at most, that the median lies outside.

    Returns
    -------
    (int, int) or None
        None where so few values can promise nothing.

    Examples
    --------
    >>> median_ranks(10, 0.05), median_ranks(5, 0.05)
    ((1, 8), None)
    """
    if n < 1:
        return None
    if n > EXACT:
        z = -float(quantile(np.array([alpha / 2]))[0])
        first = math.floor(n / 2 - z * math.sqrt(n) / 2)
    else:
        logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])
        below = np.cumsum(np.exp(logs[n] - logs - logs[::-1] - n * math.log(2)))
        first = int(np.searchsorted(below, alpha / 2 * (1 + 1e-9), side="right"))
    return (first - 1, n - first) if first >= 1 else None
