"""Two classes: how often the outcome was recorded at such a score, with its range."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np

from explainers.calibration import wilson

Array = np.ndarray[Any, np.dtype[np.float64]]
FEW_SCORES = 10
"""With at most so many different scores each of them is counted on its own."""
LEAST_FOR_SLOPE, LEAST_FOR_BEND = 10, 30
"""Rows of the rarer outcome that a straight and a bent curve need."""
LEAST_NEAREST, SHARE_NEAREST = 30, 0.1
_STEPS = 50


def clipped_logit(scores: Array, n: int) -> Array:
    """Return log-odds of scores; those nearer to 0 or 1 than half a row in n are taken to be that near."""
    edge = 0.5 / max(n, 1)
    inside = np.clip(scores, edge, 1 - edge)
    return np.asarray(np.log(inside) - np.log1p(-inside))


def fit(scores: Array, hits: Array) -> tuple[Array, Array] | None:
    """Fit the rate as a curve of the score: logistic regression on its log-odds and, with enough rows, their square.

    Parameters
    ----------
    scores : ndarray of shape (n,)
        Scores of calibration rows, 0 to 1.
    hits : ndarray of shape (n,)
        1 where the outcome was recorded, else 0.

    Returns
    -------
    tuple of ndarray (p,), ndarray (p, p), or None
        Coefficients and their covariance, as statsmodels' GLM gives them; None where the outcome is too rare, where
        there are too few different scores, or where no finite coefficients exist.

    Notes
    -----
    Platt (1999) with the delta method. The square is there because the plain curve held for .58 to .92 of true rates
    (nominal .9) where scores were bent, this one for .87 to .94, with ranges a sixth wider.
    """
    rarer = float(min(hits.sum(), len(hits) - hits.sum()))
    if rarer < LEAST_FOR_SLOPE or len(np.unique(scores)) <= FEW_SCORES:
        return None
    logits = clipped_logit(scores, len(scores))
    found = _newton(_design(logits, 3), hits) if rarer >= LEAST_FOR_BEND else None
    return found if found is not None else _newton(_design(logits, 2), hits)


def _design(logits: Array, p: int) -> Array:
    return np.column_stack([logits**k for k in range(p)])


def _newton(design: Array, hits: Array) -> tuple[Array, Array] | None:
    """Return the maximum of the likelihood and the inverse of the information there; None without a maximum."""
    beta = np.zeros(design.shape[1])
    base = float(hits.mean())
    beta[0] = np.log(base / (1 - base))
    covariance: Array = np.eye(len(beta))
    for _ in range(_STEPS):
        p = _expit(design @ beta)
        information = design.T @ (design * (p * (1 - p))[:, None])
        try:
            covariance = np.asarray(np.linalg.inv(information), dtype=np.float64)
        except np.linalg.LinAlgError:
            return None
        step = covariance @ (design.T @ (hits - p))
        beta = beta + step
        if not np.isfinite(beta).all() or np.abs(beta).max() > 1e3:
            return None
        if np.abs(step).max() < 1e-11:
            return beta, covariance
    return None


def curve(scores: Array, calibration: Array, fitted: tuple[Array, Array], level: float) -> tuple[Array, Array, Array]:
    """Return rate, lower and upper end at each score, each of shape (n,).

    Scores outside those of the calibration rows are taken to be the nearest of them: the curve is not drawn on.
    """
    beta, covariance = fitted
    inside = np.clip(scores, calibration.min(), calibration.max())
    design = _design(clipped_logit(inside, len(calibration)), len(beta))
    link = design @ beta
    error = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", design, covariance, design), 0.0))
    z = NormalDist().inv_cdf(0.5 + level / 2)
    return _expit(link), _expit(link - z * error), _expit(link + z * error)


def nearest(scores: Array, calibration: Array, hits: Array) -> tuple[Array, Array]:
    """Return for each score how many calibration rows have the nearest scores, and how many of those the outcome.

    Parameters
    ----------
    scores : ndarray of shape (n,)
        Scores of cases.
    calibration, hits : ndarray of shape (m,)
        Scores of calibration rows and whether the outcome was recorded.

    Returns
    -------
    tuple of ndarray (n,), ndarray (n,)
        Counts. A tenth of the rows, at least 30, half of them from below, and all rows that tie with the outermost;
        where there are at most 10 different scores only the rows with the nearest one.
    """
    order = np.argsort(calibration, kind="stable")
    ordered = calibration[order]
    total = np.r_[0.0, np.cumsum(hits[order])]
    m = len(ordered)
    distinct = np.unique(ordered)
    if len(distinct) <= FEW_SCORES:
        at = np.abs(scores[:, None] - distinct[None, :]).argmin(axis=1)
        first, last = distinct[at], distinct[at]
    else:
        k = min(m, max(LEAST_NEAREST, round(SHARE_NEAREST * m)))
        middle = (np.searchsorted(ordered, scores, "left") + np.searchsorted(ordered, scores, "right")) // 2
        best = np.clip(middle - k // 2, 0, m - k)
        first, last = ordered[best], ordered[best + k - 1]
    start, end = np.searchsorted(ordered, first, "left"), np.searchsorted(ordered, last, "right")
    return (end - start).astype(np.float64), total[end] - total[start]


def counted(n: Array, hits: Array, level: float) -> tuple[Array, Array, Array]:
    """Return rate, lower and upper end by Wilson's ranges of counted rows."""
    rate = hits / n
    lower, upper = wilson(rate, n, NormalDist().inv_cdf(0.5 + level / 2))
    return rate, lower, upper


def _expit(link: Array) -> Array:
    return np.asarray(0.5 * (1 + np.tanh(0.5 * link)))
