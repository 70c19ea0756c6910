"""Which rows a formula rests on: leverage, Cook's distance, DFFITS and DFBETAS, all rows at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from explainers.fields import FloatArray
from explainers.results import Influence, WhyNoInfluence

if TYPE_CHECKING:
    from explainers.study import Study

RESULT_VERSION = 1
MOST_CELLS = 20_000_000
"""Rows times coefficients above which DFBETAS are not kept one by one."""
ALONE = 1e-9
"""A row whose leverage is that near to 1 decides a coefficient alone: nothing can be said of it without the row."""


def influence(study: Study, candidate: str, *, random_state: int = 0) -> Influence:  # noqa: ARG001
    """Return how much each training row counts in a formula.

    Parameters
    ----------
    study : Study
        The study.
    candidate : str
        Name of the candidate; built on the way if it is not.
    random_state : int
        Not used: nothing is drawn by lot.

    Returns
    -------
    Influence
        Arrays over the training rows. For any option but a formula, and for formulas whose coefficients were held back
        by a penalty, ``why`` says so.

    Raises
    ------
    CandidateError
        There is no such candidate, or it cannot be fitted.

    Notes
    -----
    Numbers (least squares; on the log scale where the target is a log): with the hat matrix H, all figures come from
    one Cholesky factor of X'X. Classes: the hat matrix of the weighted problem at the maximum, and one Newton step
    without the row (Pregibon 1981), for several classes with a block for each row. Equal to ``OLSInfluence`` and to
    ``GLMInfluence`` of statsmodels.

    References
    ----------
    Cook (1977), https://doi.org/10.1080/00401706.1977.10489493; Belsley, Kuh and Welsch (1980),
    https://doi.org/10.1002/0471725153; Pregibon (1981), https://doi.org/10.1214/aos/1176345513

    Examples
    --------
    >>> from explainers import Study
    >>> import pandas as pd
    >>> x = [float(i % 10) for i in range(60)]
    >>> frame = pd.DataFrame({"size": x, "price": [2 * v + (i % 3) for i, v in enumerate(x)]})
    >>> frame.loc[0, "price"] = 90.0
    >>> study = Study.from_frame(frame, target="price", candidates=["formula"], split=["train"] * 60)
    >>> found = influence(study, "formula")
    >>> found.to_frame()["id"][0], bool(found.cooks.max() > 0.4)
    ('0', True)
    """
    from explainers.build import fitted
    from explainers.estimators.formula_model import FormulaModel
    from explainers.predict import check_cases

    option = study.candidate(candidate)
    estimator = fitted(study, candidate)
    if not isinstance(estimator, FormulaModel):
        return _nothing(candidate, "not a formula")
    if option.given_fitted and study.split_by != "labels":
        return _nothing(candidate, "unknown history")
    at = study.training()
    if estimator.notes_:
        return _nothing(candidate, "penalty")
    train = study.frame.iloc[at]
    design = estimator.design(check_cases(study, candidate, train)).to_numpy()
    kept = np.flatnonzero(np.ptp(design, axis=0) > 0) if len(design) else np.zeros(0, dtype=np.int64)
    kept = np.union1d([0], kept).astype(np.int64)
    m = estimator.coef_.shape[1]
    if len(at) <= kept.size * m + 1:
        return _nothing(candidate, "too few rows")
    names = [estimator.names_[k] for k in kept]
    if study.task == "regression":
        y = train[study.target].to_numpy(dtype=np.float64)
        found = least_squares(design[:, kept], np.log(y) if estimator.link_ == "log" else y)
        outcomes: tuple[Any, ...] = ()
    else:
        from explainers.predict import place_of

        codes = place_of(list(estimator.classes_), train[study.target].astype(object).to_numpy())
        found = one_step(design[:, kept], codes, estimator.coef_[kept])
        outcomes = tuple(np.repeat(estimator.classes_[1:], kept.size).tolist()) if m > 1 else ()
        names = names * m
    shifts = found.pop("dfbetas")
    size = np.nan_to_num(np.abs(shifts), nan=0.0)
    size[:, :: kept.size] = 0.0  # an intercept moves against every other coefficient and means little by itself
    term = size.argmax(axis=1) if size.size else np.zeros(len(at), dtype=np.int64)
    rows = np.arange(len(at))
    return Influence(
        candidate=candidate,
        method="least squares" if study.task == "regression" else "one step",
        ids=study.case_ids.to_numpy(dtype=object)[at].astype(str),
        at=at,
        terms=tuple(names),
        outcomes=outcomes,
        dfbetas=shifts if shifts.size <= MOST_CELLS else None,
        largest=shifts[rows, term],
        largest_term=term,
        n=len(at),
        p=len(names),
        alone=int((found["leverage"] > 1 - ALONE).sum()) if m == 1 else 0,
        clusters=int(getattr(estimator, "clusters_", 0)),
        **found,
    )


def least_squares(design: FloatArray, y: FloatArray) -> dict[str, Any]:
    """Return leverage, standardised and studentised residuals, cooks, dffits (n,) and dfbetas (n, p) of least squares.

    Parameters
    ----------
    design : ndarray of shape (n, p)
        Of full rank, the intercept in its first column.
    y : ndarray of shape (n,)
        What was fitted.
    """
    z, back = _centred(design)
    n, p = z.shape
    root = np.linalg.inv(np.linalg.cholesky(z.T @ z)).T
    q = z @ root  # orthonormal columns
    residual = y - q @ (q.T @ y)
    residual -= q @ (q.T @ residual)  # once more: takes off what rounding left
    leverage = np.einsum("ij,ij->i", q, q)
    rest = np.where(leverage > 1 - ALONE, np.nan, 1 - leverage)
    squares = float(residual @ residual)
    standardised = residual / np.sqrt(squares / (n - p) * rest)
    without = np.sqrt(np.maximum(squares - residual**2 / rest, 0.0) / (n - p - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        studentised = residual / (without * np.sqrt(rest))
    spread = np.sqrt(np.einsum("ij,ij->i", back @ root, back @ root))
    with np.errstate(divide="ignore", invalid="ignore"):
        shifts = (q @ (back @ root).T) * (residual / rest / without)[:, None] / spread
    return {
        "leverage": leverage,
        "standardised": standardised,
        "studentised": studentised,
        "cooks": standardised**2 * leverage / rest / p,
        "dffits": studentised * np.sqrt(leverage / rest),
        "dfbetas": shifts,
    }


def one_step(design: FloatArray, codes: np.ndarray, coefficients: FloatArray) -> dict[str, Any]:
    """Return the same for logistic regression, by one Newton step without each row.

    Parameters
    ----------
    design : ndarray of shape (n, p)
        Of full rank, the intercept in its first column.
    codes : ndarray of shape (n,)
        Class numbers from 0.
    coefficients : ndarray of shape (p, m)
        At the maximum of the likelihood, each class against the first.

    Notes
    -----
    With several classes leverage is the trace of a row's block of the hat matrix, and its residuals are one number:
    the root of the quadratic form of its block, without a sign.
    """
    z, back = _centred(design)
    n, p = z.shape
    m = coefficients.shape[1]
    link = design @ coefficients
    top = np.maximum(link.max(axis=1, keepdims=True), 0.0)
    odds = np.exp(link - top)
    said = odds / (np.exp(-top) + odds.sum(axis=1, keepdims=True))
    off = (codes[:, None] == np.arange(1, m + 1)).astype(np.float64) - said
    weights = said[:, :, None] * (np.eye(m)[None] - said[:, None, :])
    whole = np.zeros((m, p, m, p))
    for a in range(m):
        for b in range(a, m):
            whole[a, :, b, :] = whole[b, :, a, :] = (z * weights[:, a, b, None]).T @ z
    inverse = np.linalg.inv(whole.reshape(m * p, m * p)).reshape(m, p, m, p)
    block = np.empty((n, m, m))
    for a in range(m):
        for b in range(a, m):
            block[:, a, b] = block[:, b, a] = np.einsum("ij,ij->i", z @ inverse[a, :, b, :], z)
    hat = weights @ block  # the row's block of the hat matrix, up to a change of basis
    near = np.eye(m)[None] - hat
    near[np.abs(np.linalg.det(near)) < ALONE] = np.nan
    # Without row i the Hessian is H - x W x': by Woodbury its step is H^-1 x (1 - W x'H^-1 x)^-1 (y - p).
    step = np.full((n, m), np.nan)
    sound = np.isfinite(near[:, 0, 0])
    step[sound] = np.linalg.solve(near[sound], off[sound][:, :, None])[:, :, 0]
    moves = np.stack([sum((z * step[:, b, None]) @ inverse[b, :, a, :] for b in range(m)) for a in range(m)], axis=1)
    cooks = np.einsum("ia,iab,ib->i", step, block, step) / (p * m)
    spread = np.stack([np.sqrt(np.einsum("ij,jk,ik->i", back, inverse[a, :, a, :], back)) for a in range(m)])
    shifts = np.einsum("iak,jk->iaj", moves, back) / spread[None]
    leverage = np.trace(hat, axis1=1, axis2=2)
    if m == 1:
        rest = near[:, 0, 0]
        pearson = off[:, 0] / np.sqrt(weights[:, 0, 0])
        standardised = pearson / np.sqrt(rest)
        dffits = standardised * np.sqrt(leverage / rest)
    else:
        inner = np.linalg.pinv(weights, hermitian=True) @ step[:, :, None]
        standardised = np.sqrt(np.maximum(np.einsum("ia,ia->i", off, inner[:, :, 0]), 0.0))
        dffits = np.sqrt(np.maximum(cooks * p * m, 0.0))
    return {
        "leverage": leverage,
        "standardised": standardised,
        "studentised": standardised,
        "cooks": cooks,
        "dffits": dffits,
        "dfbetas": shifts.reshape(n, m * p),
    }


def _centred(design: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the design with mean 0 and spread 1, and the matrix that takes its coefficients back."""
    mean, spread = design.mean(axis=0), design.std(axis=0)
    mean[0], spread[0] = 0.0, 1.0
    back = np.diag(1.0 / spread)
    back[0, 1:] = -(mean / spread)[1:]
    return (design - mean) / spread, back


def _nothing(candidate: str, why: WhyNoInfluence) -> Influence:
    none = np.zeros(0)
    return Influence(
        candidate=candidate,
        why=why,
        ids=np.zeros(0, dtype=str),
        at=np.zeros(0, dtype=np.int64),
        leverage=none,
        cooks=none,
        dffits=none,
        standardised=none,
        studentised=none,
        largest=none,
        largest_term=np.zeros(0, dtype=np.int64),
    )
