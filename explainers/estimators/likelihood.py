"""Coefficients and their covariance for a design matrix: statsmodels, or a small penalty where it has no answer."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]
PENALTY = 1.0
_HUGE_COEFFICIENT = 30.0
_HUGE_ERROR = 20.0


def fit_numbers(design: Array, y: Array, groups: np.ndarray[Any, Any] | None = None) -> tuple[Array, Array, str]:
    """Least squares through ``statsmodels`` OLS.

    Parameters
    ----------
    design : ndarray of shape (n, p)
        Design matrix, the intercept in the first column.
    y : ndarray of shape (n,)
        Target.
    groups : ndarray of int, shape (n,), optional
        Rows of one group are not taken as independent: the covariance is the cluster-robust one (Liang and Zeger 1986,
        https://doi.org/10.1093/biomet/73.1.13), with the usual correction for few groups.

    Returns
    -------
    tuple of ndarray (p, 1), ndarray (p, p), str
        Coefficients, their covariance, and a note (empty if nothing special had to be done).
    """
    from statsmodels.regression.linear_model import OLS

    scaled, back = _scaled(design)
    n, p = scaled.shape
    free = n - np.linalg.matrix_rank(scaled)
    if free > 0 and n - free == int((np.ptp(scaled, axis=0) > 0).sum()) + 1:
        kept = _varying(scaled)
        how = {} if groups is None else {"cov_type": "cluster", "cov_kwds": {"groups": groups}}
        result = OLS(y, scaled[:, kept]).fit(**how)
        coefficients, covariance = np.zeros(p), np.zeros((p, p))
        coefficients[kept] = result.params
        covariance[np.ix_(kept, kept)] = result.cov_params()
        return (back @ coefficients)[:, None], back @ covariance @ back.T, ""
    penalty = _penalty(scaled)
    inverse = np.linalg.inv(scaled.T @ scaled + np.diag(penalty))
    coefficients = inverse @ scaled.T @ y
    spread = float(((y - scaled @ coefficients) ** 2).sum() / max(n - p, 1))
    note = (
        "Some columns say the same as others, or there are more terms than rows: a small penalty on large "
        "coefficients was needed."
    )
    return (back @ coefficients)[:, None], back @ (inverse * spread) @ back.T, note


def fit_classes(design: Array, codes: np.ndarray[Any, Any], n_classes: int) -> tuple[Array, Array, str]:
    """Maximum likelihood through ``statsmodels`` Logit or MNLogit, the first class being the base.

    Parameters
    ----------
    design : ndarray of shape (n, p)
        Design matrix, the intercept in the first column.
    codes : ndarray of shape (n,)
        Class numbers from 0.
    n_classes : int
        Number of classes.

    Returns
    -------
    tuple of ndarray (p, n_classes - 1), ndarray (p * (n_classes - 1),) * 2, str
        Coefficients; covariance of the coefficients stacked class by class; a note. Where some value decides the
        class altogether no finite coefficients exist, and a small penalty (ridge) is put on them.
    """
    scaled, back = _scaled(design)
    kept = _varying(scaled)
    p, m = scaled.shape[1], n_classes - 1
    found = _statsmodels(scaled[:, kept], codes, n_classes)
    note = ""
    if found is None:
        found = _ridge(scaled[:, kept], codes, n_classes)
        note = (
            "Some value decides the outcome of the training rows, or columns say the same: a small penalty on large "
            "coefficients was needed."
        )
    coefficients = np.zeros((p, m))
    coefficients[kept] = found[0]
    where = (np.arange(m)[:, None] * p + kept[None, :]).ravel()
    covariance = np.zeros((p * m, p * m))
    covariance[np.ix_(where, where)] = found[1]
    whole = np.kron(np.eye(m), back)
    return back @ coefficients, whole @ covariance @ whole.T, note


def _statsmodels(design: Array, codes: np.ndarray[Any, Any], n_classes: int) -> tuple[Array, Array] | None:
    from statsmodels.discrete.discrete_model import Logit, MNLogit

    if design.shape[0] <= design.shape[1] * (n_classes - 1) or np.linalg.matrix_rank(design) < design.shape[1]:
        return None
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            model = Logit(codes, design) if n_classes == 2 else MNLogit(codes, design)
            result = model.fit(disp=False, method="newton", maxiter=60, tol=1e-12, warn_convergence=False)
            coefficients = np.asarray(result.params, dtype=np.float64).reshape(design.shape[1], n_classes - 1)
            covariance = np.asarray(result.cov_params(), dtype=np.float64)
        except Exception:  # statsmodels raises several kinds where there is no maximum; the penalty answers them all
            return None
    errors = np.sqrt(np.abs(np.diag(covariance)))
    sane = np.isfinite(coefficients).all() and np.isfinite(covariance).all()
    if not sane or np.abs(coefficients).max() > _HUGE_COEFFICIENT or errors.max() > _HUGE_ERROR:
        return None
    return coefficients, covariance


def _ridge(design: Array, codes: np.ndarray[Any, Any], n_classes: int) -> tuple[Array, Array]:
    """Newton's method for the penalised multinomial likelihood; strictly convex, so it always ends."""
    p, m = design.shape[1], n_classes - 1
    wanted = np.eye(n_classes)[codes][:, 1:]
    penalty = _penalty(design)
    penalty[0] = 1e-6  # keeps the base finite where a class has hardly a row
    beta = np.zeros((p, m))

    def loss(b: Array) -> float:
        link = design @ b
        top = np.maximum(link.max(axis=1), 0.0)
        total = top + np.log(np.exp(-top) + np.exp(link - top[:, None]).sum(axis=1))
        return float((total - (link * wanted).sum(axis=1)).sum() + 0.5 * (penalty[:, None] * b**2).sum())

    hessian = np.eye(p * m)
    for _ in range(100):
        said = softmax(design @ beta)[:, 1:]
        slope = design.T @ (said - wanted) + penalty[:, None] * beta
        weights = said[:, :, None] * (np.eye(m)[None] - said[:, None, :])
        hessian = np.einsum("ni,nab,nj->aibj", design, weights, design, optimize=True).reshape(p * m, p * m)
        hessian += np.kron(np.eye(m), np.diag(penalty))
        step = np.linalg.solve(hessian, slope.T.ravel()).reshape(m, p).T
        size, now = 1.0, loss(beta)
        while loss(beta - size * step) > now and size > 1e-8:
            size /= 2
        beta = beta - size * step
        if np.abs(size * step).max() < 1e-10:
            break
    return beta, np.asarray(np.linalg.inv(hessian), dtype=np.float64)


def softmax(link: Array) -> Array:
    """Return class probabilities of shape (n, m + 1) from links of shape (n, m) against the first class."""
    full = np.column_stack([np.zeros(len(link)), np.clip(link, -1e6, 1e6)])  # an infinite link has no difference
    full -= full.max(axis=1, keepdims=True)
    np.exp(full, out=full)
    return np.asarray(full / full.sum(axis=1, keepdims=True))


def _scaled(design: Array) -> tuple[Array, Array]:
    """Return the design with mean 0 and spread 1, and the matrix that takes its coefficients back."""
    p = design.shape[1]
    mean, spread = design.mean(axis=0), design.std(axis=0)
    flat = spread <= 1e-10 * (1 + np.abs(mean))
    mean[0] = 0.0
    spread = np.where(flat, 1.0, spread)
    scaled = (design - mean) / spread
    scaled[:, flat] = 0.0
    scaled[:, 0] = 1.0
    back = np.diag(1.0 / spread)
    back[0, 1:] = -(mean / spread)[1:]
    back[0, 0] = 1.0
    return scaled, back if p else np.zeros((0, 0))


def _varying(scaled: Array) -> np.ndarray[Any, Any]:
    kept = np.ptp(scaled, axis=0) > 0
    kept[0] = True
    return np.flatnonzero(kept)


def _penalty(scaled: Array) -> Array:
    penalty = np.full(scaled.shape[1], PENALTY)
    penalty[0] = 0.0
    return penalty
