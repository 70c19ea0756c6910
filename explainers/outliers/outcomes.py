"""How odd each recorded outcome is beside what an option fitted without it expects."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from explainers.fields import FloatArray

if TYPE_CHECKING:
    from explainers.study import Study

Ints = np.ndarray[Any, np.dtype[np.int64]]
FEWEST_SIZED = 200
"""Rows below which the usual distance is the same for all."""
LEAST = 0.25
"""The usual distance is at least this share of the average one, so that tiny ones make nothing of trifles."""
MOST = 0.99  # of distances: larger ones teach no more than this one, or an odd row would make itself usual
FOLDS = 5
_ROUNDS, _LEAVES, _RATE = 80, 6, 0.05


@dataclass(frozen=True, slots=True)
class Judged:
    """Of every row: how odd its outcome is, what was expected, and how far such rows usually lie from that."""

    score: FloatArray
    expected: FloatArray
    usual: FloatArray
    scale: Literal["as it is", "both"]


def judge(study: Study, answers: FloatArray, target: pd.Series) -> Judged:
    """Return how odd each outcome is.

    Parameters
    ----------
    study : Study
        The study.
    answers : ndarray of shape (n_rows, n_classes) or (n_rows, 1)
        Out-of-fold answers, NaN where there is none.
    target : Series of length n_rows
        Outcomes.
    """
    return _classes(study, answers, target) if study.classes else _numbers(study, answers[:, 0], target)


def _classes(study: Study, answers: FloatArray, target: pd.Series) -> Judged:
    from explainers.predict import place_of

    codes = place_of(study.classes, target.astype(object).to_numpy())
    ok = (codes >= 0) & np.isfinite(answers[:, 0])
    score = np.full(len(answers), np.nan)
    score[ok] = 1.0 - answers[ok, codes[ok]]
    expected = np.where(ok, np.nan_to_num(answers).argmax(axis=1), -1)
    return Judged(score, expected.astype(np.float64), np.full(len(answers), np.nan), "as it is")


def _numbers(study: Study, answers: FloatArray, target: pd.Series) -> Judged:
    """Count distances as they are and, where all outcomes are above zero, as ratios too.

    A price of 5,000 where 200,000 is expected is nothing out of the way among misses of as much, and far out as a
    share; a price of 900,000 where 600,000 is expected is the other way about. Of positive outcomes the score is the
    geometric mean of both views: with outcomes exchanged on purpose it found as many as the better of the two.
    """
    actual = pd.to_numeric(target, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    ok = np.flatnonzero(np.isfinite(actual) & np.isfinite(answers))
    y, f = actual[ok], answers[ok]
    off, usual = _sized(study, ok, y - f, f)
    odd, scale = np.abs(off) / usual, "as it is"
    if y.size and y.min() > 0:
        logs = np.log(np.maximum(f, float(np.quantile(y, 0.01))))
        off, size = _sized(study, ok, np.log(y) - logs, logs)
        odd, scale = np.sqrt(odd * np.abs(off) / size), "both"
    score, sizes = np.full(len(actual), np.nan), np.full(len(actual), np.nan)
    score[ok], sizes[ok] = odd, usual
    return Judged(score, answers, sizes, scale)  # type: ignore[arg-type]


def _sized(study: Study, rows: Ints, off: FloatArray, answers: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return distances from their middle, and how far such rows usually lie from it, each judged by other rows."""
    off = off - (np.median(off) if off.size else 0.0)
    size = np.abs(off)
    mean = float(size.mean()) if size.size else 0.0
    if size.size < FEWEST_SIZED or mean <= 0:
        return off, np.full(off.size, max(mean, 1e-12))
    capped = np.minimum(size, np.quantile(size, MOST)) / mean
    fold = np.random.default_rng(0).permutation(size.size) % FOLDS
    usual = np.empty(size.size)
    frame = study.frame.iloc[rows]
    for k in range(FOLDS):
        usual[fold == k] = _learned(study, frame, answers, capped, fold != k, fold == k)
    return off, np.maximum(usual, LEAST) * mean


def _learned(
    study: Study, frame: pd.DataFrame, answers: FloatArray, size: FloatArray, fit: np.ndarray, held: np.ndarray
) -> FloatArray:
    from sklearn.ensemble import HistGradientBoostingRegressor
    from sklearn.pipeline import Pipeline

    from explainers.estimators import Encoder
    from explainers.outliers.folded import NAME, stock
    from explainers.predict import check_cases, one_thread

    part = stock(study)
    from explainers.lineup import columns

    names, kinds, order = columns(part, part.candidate(NAME))
    rows = check_cases(part, NAME, frame)
    shown = [n for n in names if rows[n][fit].notna().any()]  # boosting cannot read a column without a value
    kinds, names = [kind for n, kind in zip(names, kinds, strict=True) if n in shown], shown
    name = "answer"
    while name in rows.columns:
        name += "_"
    rows = rows.assign(**{name: answers})
    encode = Encoder([*names, name], [*kinds, "number"], order=order or None, flags=False, fill=False, most=40)
    model = HistGradientBoostingRegressor(
        loss="gamma",
        learning_rate=_RATE,
        max_iter=_ROUNDS,
        max_leaf_nodes=_LEAVES,
        min_samples_leaf=max(20, int(fit.sum()) // 25),
        early_stopping=False,
        random_state=0,
    )
    with one_thread(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = Pipeline([("encode", encode), ("model", model)]).fit(rows[fit], np.maximum(size[fit], 1e-3))
        return np.asarray(found.predict(rows[held]), dtype=np.float64)
