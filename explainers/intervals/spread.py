"""How far off an option usually is on cases like one: a scale learned from training rows that were held out."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from explainers.study import TRAIN, UNKNOWN

if TYPE_CHECKING:
    from explainers.study import Study

Array = np.ndarray[Any, np.dtype[np.float64]]
LEAST_ROWS = 60
"""Held-out training rows below which no scale is learned: every range is then equally wide."""
FLOOR = 0.05
"""The scale is at least this share of the mean absolute residual: a range of no width could never hold."""
_MOST_LEVELS = 40
_ROUNDS, _LEAVES, _RATE = 100, 6, 0.05


def out_of_fold(study: Study, candidate: str) -> Array:
    """Return an answer to each training row by the option fitted without that row's fold.

    Parameters
    ----------
    study : Study
        A study that asks for numbers; folds respect its time or group column.
    candidate : str
        Name of the candidate.

    Returns
    -------
    ndarray of shape (len(study.frame),)
        NaN for rows that were never held out.

    Raises
    ------
    StudyError or CandidateError
        There are too few rows to fold, or the option cannot be fitted to a part of them.
    """
    from explainers.build import _fit
    from explainers.identity import fresh_copy, given_estimator
    from explainers.predict import Door, check_cases
    from explainers.split import folds

    known = study.candidate(candidate)
    recipe = known
    if not known.recipe:
        fresh = fresh_copy(given_estimator(study, known))
        recipe = replace(known, estimator=fresh, given_fitted=False, file="", built=False)
    out = np.full(len(study.frame), np.nan)
    for fit, held in folds(study):
        labels = np.full(len(study.frame), UNKNOWN, dtype=object)
        labels[fit] = TRAIN
        part = study.replace(
            split=pd.Series(labels, index=study.frame.index, dtype="str"),
            candidates={**study.candidates, candidate: recipe},
        )
        estimator = _fit(part, part.candidates[candidate])[0]
        rows = check_cases(study, candidate, study.frame.iloc[held])
        out[held] = Door(study, candidate, estimator).ask(rows)
    return out


def learn(study: Study, candidate: str, held_out: Array) -> Any:
    """Return a fitted model of the absolute residual, or None where there are too few rows to learn one.

    Parameters
    ----------
    study : Study
        The study.
    candidate : str
        Name of the candidate.
    held_out : ndarray of shape (len(study.frame),)
        As :func:`out_of_fold` returns them.

    Notes
    -----
    Gradient boosting with the gamma loss on the option's own columns and its answer: of eight ways that were compared
    (squared and Poisson loss, a forest, each with and without a constant added) the one whose ranges held most alike
    for quiet and noisy cases.
    """
    from sklearn.ensemble import HistGradientBoostingRegressor
    from sklearn.pipeline import Pipeline

    from explainers.estimators import Encoder
    from explainers.lineup import columns
    from explainers.predict import check_cases, one_thread

    actual = study.frame[study.target].to_numpy(dtype=np.float64, na_value=np.nan)
    off = np.abs(actual - held_out)
    at = np.flatnonzero(np.isfinite(off))
    if at.size < LEAST_ROWS or off[at].mean() <= 0:
        return None
    off = off[at] / off[at].mean()
    names, kinds, order = columns(study, study.candidate(candidate))
    frame = _with_answer(check_cases(study, candidate, study.frame.iloc[at]), held_out[at])
    encode = Encoder(
        [*names, frame.columns[-1]],
        [*kinds, "number"],
        order=order or None,
        flags=False,
        fill=False,
        most=_MOST_LEVELS,
    )
    model = HistGradientBoostingRegressor(
        loss="gamma",
        learning_rate=_RATE,
        max_iter=_ROUNDS,
        max_leaf_nodes=_LEAVES,
        min_samples_leaf=max(20, at.size // 25),
        early_stopping=False,
        random_state=0,
    )
    with one_thread(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Pipeline([("encode", encode), ("model", model)]).fit(frame, np.maximum(off, 1e-3))


def scales(model: Any, rows: pd.DataFrame, answers: Array) -> Array:
    """Return the scale of each case, shape (n,): 1 is as far off as usual.

    Parameters
    ----------
    model : estimator or None
        As :func:`learn` returns it; None: every case has the scale 1.
    rows : DataFrame of shape (n, k)
        The option's columns, checked.
    answers : ndarray of shape (n,)
        Its answers.
    """
    from explainers.predict import one_thread

    if model is None:
        return np.ones(len(rows))
    with one_thread(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.maximum(np.asarray(model.predict(_with_answer(rows, answers)), dtype=np.float64), FLOOR)


def _with_answer(rows: pd.DataFrame, answers: Array) -> pd.DataFrame:
    """Return the rows with the answers as a last column, under a name that none of them has."""
    name = "answer"
    while name in rows.columns:
        name += "_"
    return rows.assign(**{name: answers})


def formula_parts(study: Study, candidate: str, rows: pd.DataFrame) -> dict[str, Any] | None:
    """Return what the interval of a formula for numbers is made of; None for any other option.

    Returns
    -------
    dict or None
        ``link`` and ``error``, shape (n,): sum of the terms and standard error of a new row around it; ``free``:
        degrees of freedom; ``log``: whether the link is the log of the target.

    Notes
    -----
    The textbook interval of least squares: spread of the residuals and covariance of the coefficients together, with
    the covariance that is robust to rows that belong together where the formula has it.
    """
    from explainers.build import fitted
    from explainers.estimators import FormulaRegressor
    from explainers.predict import check_cases

    estimator = fitted(study, candidate)
    train = study.frame.iloc[study.training()]
    if not isinstance(estimator, FormulaRegressor) or not len(train):
        return None
    target = train[study.target].to_numpy(dtype=np.float64)
    return formula_interval(estimator, check_cases(study, candidate, train), target, rows)


def formula_interval(estimator: Any, train: pd.DataFrame, target: Array, rows: pd.DataFrame) -> dict[str, Any] | None:
    """Return the parts for rows from the formula and the rows and numbers it was fitted to; see `formula_parts`."""
    if estimator.plain_free_ < 1:
        return None
    log = estimator.link_ == "log"
    off = (np.log(target) if log else target) - estimator.link(train)[:, 0]
    spread = float((off**2).sum() / estimator.plain_free_)
    design = estimator.design(rows).to_numpy()
    error = np.sqrt(spread + np.einsum("ij,jk,ik->i", design, estimator.cov_, design))
    return {"link": (design @ estimator.coef_)[:, 0], "error": error, "free": estimator.plain_free_, "log": log}
