"""Tests of a formula's terms on its training rows: missing bends, and columns that say the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from explainers.diagnostics.spread import orthonormal

Array = np.ndarray[Any, np.dtype[np.float64]]
POWERS = (2, 3)


def reset(residuals: Array, design: Array, fitted: Array) -> tuple[float, float, tuple[float, float], float]:
    """Test whether powers of the fitted values explain what a linear formula leaves over (Ramsey's RESET).

    Parameters
    ----------
    residuals, fitted : ndarray of shape (n,)
        Of least squares on the design.
    design : ndarray of shape (n, k)
        With the intercept.

    Returns
    -------
    tuple
        F statistic, p-value, degrees of freedom, and the share of the leftover variance that the powers explain beyond
        chance.

    References
    ----------
    Ramsey (1969), Journal of the Royal Statistical Society B 31, 350-371, https://doi.org/10.1111/j.2517-6161.1969.tb00796.x
    """
    spread = float(fitted.std())
    scaled = (fitted - fitted.mean()) / (spread if spread > 0 else 1.0)  # the same span, far better conditioned
    return added(residuals, design, np.column_stack([scaled**p for p in POWERS]))


def added(residuals: Array, design: Array, more: Array) -> tuple[float, float, tuple[float, float], float]:
    """Test whether further columns explain what least squares leaves over; returns as :func:`reset`."""
    from scipy.stats import f

    basis = orthonormal(design)
    rest = more - basis @ (basis.T @ more)
    size = np.sqrt((rest**2).sum(axis=0))
    rest = rest[:, size > 1e-9 * np.maximum(np.sqrt((more**2).sum(axis=0)), 1e-300)]
    if not rest.shape[1]:
        return 0.0, 1.0, (0.0, 0.0), 0.0
    extra = orthonormal(rest)
    k, free = extra.shape[1], len(residuals) - basis.shape[1] - extra.shape[1]
    whole = float(residuals @ residuals)
    gain = float(((extra.T @ residuals) ** 2).sum())
    if free < 1 or whole <= gain:
        return 0.0, 1.0, (float(k), float(max(free, 0))), 0.0
    statistic = (gain / k) / ((whole - gain) / free)
    beyond = 1 - (whole - gain) / free / (whole / (free + k))  # adjusted, so that noise explains nothing
    return statistic, float(f.sf(statistic, k, free)), (float(k), float(free)), max(0.0, beyond)


def link_test(codes: Array, design: Array, link: Array) -> tuple[float, float, tuple[float, ...], float] | None:
    """Test whether powers of a logistic formula's sum explain more of the outcome (Pregibon's link test).

    Parameters
    ----------
    codes : ndarray of shape (n,)
        1 where it happened, else 0.
    design : ndarray of shape (n, k)
        With the intercept.
    link : ndarray of shape (n,)
        Sum of the terms.

    Returns
    -------
    tuple or None
        Likelihood ratio, p-value, degrees of freedom, share of the deviance it explains beyond chance; None where
        there is no maximum.

    References
    ----------
    Pregibon (1980), Applied Statistics 29, 15-23, https://doi.org/10.2307/2346405
    """
    from scipy.stats import chi2

    spread = float(link.std())
    if spread <= 0:
        return None
    scaled = (link - link.mean()) / spread
    basis = orthonormal(design)
    more = np.column_stack([scaled**p for p in POWERS])
    rest = more - basis @ (basis.T @ more)
    size = np.sqrt((rest**2).sum(axis=0))
    rest = rest[:, size > 1e-9 * np.sqrt((more**2).sum(axis=0))]
    if not rest.shape[1]:
        return None
    first, second = _deviance(codes, basis), _deviance(codes, np.column_stack([basis, orthonormal(rest)]))
    if first is None or second is None:
        return None
    statistic, df = max(0.0, first - second), orthonormal(rest).shape[1]
    return statistic, float(chi2.sf(statistic, df)), (float(df),), max(0.0, (statistic - df) / max(first, 1e-300))


def _deviance(codes: Array, design: Array) -> float | None:
    """Return minus twice the largest log likelihood of a logistic formula, by Newton's method."""
    beta = np.zeros(design.shape[1])
    last = np.inf
    for _ in range(60):
        link = design @ beta
        p = 1 / (1 + np.exp(-np.clip(link, -40, 40)))
        deviance = -2 * float((codes * link - np.logaddexp(0, link)).sum())
        if last - deviance < 1e-12 * (abs(deviance) + 1) and np.isfinite(last):
            return deviance if np.abs(link).max() < 35 else None  # some value decides the outcome
        last = deviance
        weight = np.maximum(p * (1 - p), 1e-12)
        try:
            beta = beta + np.linalg.solve((design * weight[:, None]).T @ design, design.T @ (codes - p))
        except np.linalg.LinAlgError:
            return None
    return None


def inflation(design: Array, term_of: Sequence[int]) -> dict[int, float]:
    """Return how many times the variance of each term's coefficients is inflated by the other terms, per coefficient.

    Parameters
    ----------
    design : ndarray of shape (n, k)
        With the intercept in some column.
    term_of : sequence of int, length k
        The term of each column, -1 for the intercept.

    Returns
    -------
    dict of int to float
        For a term of one column the variance inflation factor; for more its generalisation to the power of one over
        their number. A term that others say altogether is infinite.

    References
    ----------
    Fox and Monette (1992), JASA 87, 178-183, https://doi.org/10.1080/01621459.1992.10475190

    Examples
    --------
    >>> x = np.array([1.0, 2.0, 3.0, 4.0])
    >>> found = inflation(np.column_stack([np.ones(4), x, [1.0, -1.0, -1.0, 1.0]]), [-1, 0, 1])
    >>> {term: round(value, 6) for term, value in found.items()}
    {0: 1.0, 1: 1.0}
    """
    places = [j for j, t in enumerate(term_of) if t >= 0 and np.ptp(design[:, j]) > 0]
    if not places:
        return {}
    x = design[:, places] - design[:, places].mean(axis=0)
    r = x.T @ x
    r /= np.sqrt(np.outer(np.diag(r), np.diag(r)))
    of = np.array([term_of[j] for j in places])
    whole = _log_det(r)
    out = {}
    for term in dict.fromkeys(of.tolist()):
        own, others = np.flatnonzero(of == term), np.flatnonzero(of != term)
        log = _log_det(r[np.ix_(own, own)]) + _log_det(r[np.ix_(others, others)]) - whole
        value = np.exp(log / own.size) if np.isfinite(whole) else np.inf
        out[term] = float(value)
    return out


def _log_det(matrix: Array) -> float:
    if not matrix.size:
        return 0.0
    values = np.linalg.eigvalsh(matrix)
    return float(np.log(values).sum()) if values[0] > 1e-12 * values[-1] else -np.inf


def condition_number(design: Array) -> float:
    """Return the ratio of the largest to the smallest singular value of the centred, scaled columns.

    Parameters
    ----------
    design : ndarray of shape (n, k)
        Columns that do not vary, such as the intercept, are left out.

    References
    ----------
    Belsley, Kuh and Welsch (1980), Regression Diagnostics, chapter 3, https://doi.org/10.1002/0471725153
    """
    x = design[:, np.ptp(design, axis=0) > 0]
    if x.shape[1] < 2:
        return 1.0
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    values = np.linalg.eigvalsh(x.T @ x)
    return float(np.sqrt(values[-1] / values[0])) if values[0] > 1e-15 * values[-1] else float("inf")
