"""Whether errors are as wide everywhere: Breusch-Pagan in Koenker's form, White, and how much wider."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]
MOST_WHITE_TERMS = 150
MOST_WHITE_CELLS = 30_000_000


def breusch_pagan(residuals: Array, design: Array) -> tuple[float, float, int]:
    """Test whether squared residuals go with the columns of a design.

    Parameters
    ----------
    residuals : ndarray of shape (n,)
        Recorded minus predicted.
    design : ndarray of shape (n, k)
        With the intercept.

    Returns
    -------
    tuple of float, float, int
        The Lagrange multiplier n R² of squared residuals on the design, its p-value, its degrees of freedom.

    References
    ----------
    Breusch and Pagan (1979), Econometrica 47, 1287-1294, https://doi.org/10.2307/1911963; Koenker (1981), Journal of
    Econometrics 17, 107-112, https://doi.org/10.1016/0304-4076(81)90062-2

    Examples
    --------
    >>> x = np.linspace(1, 2, 50)
    >>> signs = np.resize([-1.0, 1.0], 50)
    >>> breusch_pagan(signs * x, np.column_stack([np.ones(50), x]))[1] < 1e-9
    True
    """
    from scipy.stats import chi2

    r2, rank = explained_by(residuals**2, design)
    statistic = len(residuals) * r2
    df = rank - 1
    return float(statistic), float(chi2.sf(statistic, df)) if df > 0 else 1.0, df


def white(residuals: Array, design: Array) -> tuple[float, float, int]:
    """Test whether squared residuals go with the columns of a design, their squares and products.

    Parameters
    ----------
    residuals : ndarray of shape (n,)
        Recorded minus predicted.
    design : ndarray of shape (n, k)
        With the intercept.

    Returns
    -------
    tuple of float, float, int
        n R², its p-value, its degrees of freedom (products that say the same as others are not counted).

    References
    ----------
    White (1980), Econometrica 48, 817-838, https://doi.org/10.2307/1912934
    """
    at, to = np.triu_indices(design.shape[1])
    return breusch_pagan(residuals, design[:, at] * design[:, to])


def white_feasible(n: int, k: int) -> bool:
    """Return whether White's test is worth its time and has rows enough, for n rows and k columns of a design."""
    terms = k * (k + 1) // 2
    return terms <= MOST_WHITE_TERMS and n * terms <= MOST_WHITE_CELLS and n >= 5 * terms


def explained_by(values: Array, design: Array) -> tuple[float, int]:
    """Return R² of values on a design that has an intercept, and the rank of the design."""
    basis = orthonormal(design)
    middle = values - values.mean()
    whole = float(middle @ middle)
    if whole <= 0:
        return 0.0, basis.shape[1]
    fitted = basis @ (basis.T @ middle)
    return float(np.clip(fitted @ fitted / whole, 0.0, 1.0)), basis.shape[1]


def orthonormal(design: Array) -> Array:
    """Return an orthonormal basis of the columns of a design, shape (n, rank)."""
    spread = np.sqrt((design**2).sum(axis=0))
    scaled = design / np.where(spread > 0, spread, 1.0)
    values = np.linalg.eigvalsh(scaled.T @ scaled)
    if values[0] > 1e-6 * values[-1]:  # far from singular: one cheap factorisation
        return np.linalg.qr(scaled)[0]
    left, singular, _ = np.linalg.svd(scaled, full_matrices=False)
    return np.asarray(left[:, singular > singular[0] * 1e-10])


def ratio(residuals: Array, along: Array) -> tuple[float, bool]:
    """Return how many times as wide residuals are in the wider outer third as in the other, and if that is the upper.

    Parameters
    ----------
    residuals, along : ndarray of shape (n,)
        What spreads, and what rows are put in order by; rows of equal value stay together.

    Returns
    -------
    tuple of float, bool
        Ratio of root mean squares, at least 1; whether the upper third is the wider one.
    """
    low, high = np.quantile(along, [1 / 3, 2 / 3])
    lower, upper = residuals[along <= low], residuals[along >= high]
    if low == high or not lower.size or not upper.size:
        return 1.0, True
    sizes = float(np.sqrt((lower**2).mean())), float(np.sqrt((upper**2).mean()))
    if min(sizes) <= 0:
        return (1.0, True) if max(sizes) <= 0 else (float("inf"), sizes[1] > sizes[0])
    return max(sizes) / min(sizes), sizes[1] >= sizes[0]
