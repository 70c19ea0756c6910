"""Columns that give the answer away: one column alone tells the outcome almost every time, by a rule of one line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from explainers.results import Problem
from explainers.study import Dictionary
from explainers.validate.say import column_place, counted

LEVEL = 0.98
MOST_ROWS = 20_000
FEWEST_ROWS = 30
FEWEST_OF_CLASS = 5
BINS = 50
FloatArray = np.ndarray[Any, np.dtype[np.float64]]


def giveaway_problems(frame: pd.DataFrame, dictionary: Dictionary, target: str, task: str) -> list[Problem]:
    """Return the inputs that tell the outcome by themselves.

    For each input a rule of one column is made on one half of the rows and checked on the other: the share of each
    level (numbers: of each of 50 groups), also of whether the cell is empty. For two classes it is measured by how
    often it puts a case of the one class above one of the other, for more by how often it is right, for numbers by how
    much of the spread it takes away; 98 in 100 counts as giving the answer away. Numbers are also taken as they are.
    At most 20,000 rows are looked at.

    Parameters
    ----------
    frame : DataFrame
        All rows.
    dictionary : Dictionary
        Roles of the columns.
    target : str
        Column with the outcome.
    task : str
        classification or regression.

    Returns
    -------
    list of Problem
        Warnings.
    """
    scores = giveaway_scores(frame, dictionary, target, task)
    sampled = int(frame[target].notna().sum()) > MOST_ROWS
    return [
        Problem(
            code="gives_answer_away",
            where=column_place(name, dictionary[name].label),
            message="This column alone tells the outcome almost every time"
            + (f" (seen in a sample of {counted(MOST_ROWS, 'row')})" if sampled else "")
            + ". It may be known only after the outcome, or be the outcome under another name.",
            remedy="If it is not known when the question is asked, give it role: leakage.",
            severity="warning",
        )
        for name, score in scores.items()
        if score >= LEVEL
    ]


def giveaway_scores(frame: pd.DataFrame, dictionary: Dictionary, target: str, task: str) -> dict[str, float]:
    """Return how well each input alone tells the outcome, as :func:`giveaway_problems` measures it.

    Parameters
    ----------
    frame, dictionary, target, task
        As there.

    Returns
    -------
    dict of str to float
        1 always, about 0.5 or 0 never; empty where there are too few rows to tell.
    """
    known = np.flatnonzero(frame[target].notna().to_numpy())
    rng = np.random.default_rng(0)
    rows = np.sort(rng.choice(known, MOST_ROWS, replace=False)) if known.size > MOST_ROWS else known
    if rows.size < FEWEST_ROWS:
        return {}
    outcome = frame[target].iloc[rows]
    numbers = task == "regression"
    if numbers:
        if not pd.api.types.is_numeric_dtype(outcome.dtype):
            return {}
        y = outcome.to_numpy(dtype="float64")
    else:
        y = pd.factorize(outcome, sort=False)[0].astype("float64")
        if np.bincount(y.astype(int)).min() < FEWEST_OF_CLASS and y.max() == 1:
            return {}
    half = np.zeros(rows.size, dtype=bool)
    half[rng.permutation(rows.size)[: rows.size // 2]] = True
    return {n: _score(frame[n].iloc[rows], y, half, numbers=numbers) for n in dictionary.names("feature")}


def _score(values: pd.Series[Any], y: FloatArray, half: np.ndarray[Any, np.dtype[np.bool_]], *, numbers: bool) -> float:
    """Return how well the column alone tells the outcome: 1 always, about .5 or 0 never."""
    codes = _codes(values)
    best = 0.0
    if pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype):
        x = values.to_numpy(dtype="float64", na_value=np.nan)
        ok = ~np.isnan(x)
        if ok.sum() >= FEWEST_ROWS and ok.mean() > 0.5:
            if numbers:
                best = max(_fit(x[ok], y[ok]), _fit(_ranks(x[ok]), _ranks(y[ok])))
            elif y.max() == 1 and min(y[ok].sum(), (1 - y[ok]).sum()) >= FEWEST_OF_CLASS:
                best = _order(x[ok], y[ok])
    for code in (codes, values.isna().to_numpy().astype(np.int64)):
        if best >= LEVEL or not (code != code[0]).any():
            continue
        best = max(best, _rule(code, y, half, numbers=numbers))
    return best


def _codes(values: pd.Series[Any]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return a small whole number for each row: its level, or the group of its number; 0 for an empty cell."""
    if pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype):
        x = values.to_numpy(dtype="float64", na_value=np.nan)
        ok = ~np.isnan(x)
        if len(np.unique(x[ok])) > BINS:
            edges = np.unique(np.quantile(x[ok], np.linspace(0, 1, BINS + 1)[1:-1]))
            return np.where(ok, np.searchsorted(edges, x, side="right") + 1, 0)
    return pd.factorize(values)[0].astype(np.int64) + 1


def _rule(code: np.ndarray[Any, Any], y: FloatArray, half: np.ndarray[Any, Any], *, numbers: bool) -> float:
    """Return how a rule "each level has its usual outcome", made on one half, does on the other."""
    size = int(code.max()) + 1
    counts = np.bincount(code[half], minlength=size)
    test_y, test_code = y[~half], code[~half]
    if numbers:
        means = np.bincount(code[half], weights=y[half], minlength=size) / np.maximum(counts, 1)
        told = np.where(counts > 0, means, y[half].mean())[test_code]
        spread = float(np.square(test_y - test_y.mean()).sum())
        return 1 - float(np.square(test_y - told).sum()) / spread if spread > 0 else 0.0
    k = int(y.max()) + 1
    table = np.bincount(code[half] * k + y[half].astype(int), minlength=size * k).reshape(size, k)
    if k == 2:
        rate = (table[:, 1] + y[half].mean()) / (counts + 1)
        positives = test_y.sum()
        return _order(rate[test_code], test_y) if 0 < positives < test_y.size else 0.0
    guess = table.sum(axis=0).argmax()
    told = np.where(counts > 0, table.argmax(axis=1), guess)[test_code]
    right, without = float((told == test_y).mean()), float((test_y == guess).mean())
    return right if without < LEVEL - 0.03 else 0.0


def _order(x: FloatArray, y: FloatArray) -> float:
    """Return how often a case of one class lies above one of the other, ties half, whichever way round is larger."""
    ranks = _ranks(x)
    n1 = float(y.sum())
    n0 = y.size - n1
    above = (float(ranks[y == 1].sum()) - n1 * (n1 + 1) / 2) / (n1 * n0)
    return max(above, 1 - above)


def _ranks(x: FloatArray) -> FloatArray:
    """Return ranks from 1 on; equal values share the middle of theirs."""
    _, inverse, counts = np.unique(x, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[inverse]


def _fit(x: FloatArray, y: FloatArray) -> float:
    """Return the share of the spread of y that a straight line in x takes away."""
    dx, dy = x - x.mean(), y - y.mean()
    below = float(dx @ dx) * float(dy @ dy)
    return float(dx @ dy) ** 2 / below if below > 0 else 0.0
