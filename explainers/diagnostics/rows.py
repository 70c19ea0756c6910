"""Single rows that move a formula: leverage, Cook's distance, and the largest shift of a coefficient."""

from __future__ import annotations

from typing import Any

import numpy as np

from explainers.diagnostics.spread import orthonormal

Array = np.ndarray[Any, np.dtype[np.float64]]


def cooks_distance(residuals: Array, design: Array, variance: float | None = None) -> tuple[Array, Array]:
    """Return leverage and Cook's distance of each row.

    Parameters
    ----------
    residuals : ndarray of shape (n,)
        Of least squares; for a logistic formula Pearson residuals.
    design : ndarray of shape (n, k)
        With the intercept; for a logistic formula each row times the root of its weight.
    variance : float, optional
        Known residual variance (1 for Pearson residuals); by default estimated.

    Returns
    -------
    tuple of ndarray of shape (n,)

    References
    ----------
    Cook (1977), Technometrics 19, 15-18, https://doi.org/10.1080/00401706.1977.10489493; Pregibon (1981), Annals of
    Statistics 9, 705-724, https://doi.org/10.1214/aos/1176345513
    """
    basis = orthonormal(design)
    leverage = np.minimum((basis**2).sum(axis=1), 1.0)
    n, k = basis.shape
    if variance is None:
        variance = float(residuals @ residuals) / max(n - k, 1)
    if variance <= 0:
        return leverage, np.zeros(n)
    # A row that a term of its own fits exactly says nothing of the others, and moves nothing else.
    free = np.where(leverage > 1 - 1e-9, np.inf, 1 - leverage)
    return leverage, residuals**2 * leverage / (k * variance * free**2)
