"""Columns that give the answer away: the outcome under another name, or known only after it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from explainers.guess.names import tokens
from explainers.study import Dictionary
from explainers.validate.giveaways import giveaway_scores

LEVEL = 0.98
FEWEST_GAPS = 5
_AFTER = {"reason", "date", "flag", "code", "prediction", "predicted", "pred", "prob", "probability", "label"}
_AFTER |= {"encoded", "bin", "binary", "class", "group", "type", "category", "score", "log", "cat", "amount", "status"}


def giveaways(frame: pd.DataFrame, dictionary: Dictionary, target: str, task: str) -> dict[str, str]:
    """Return the inputs that give the answer away, with how that was seen.

    Parameters
    ----------
    frame : DataFrame
        All rows.
    dictionary : Dictionary
        Roles as guessed so far; only inputs are looked at.
    target : str
        Column with the outcome.
    task : str
        classification or regression.
    """
    out: dict[str, str] = {}
    for name, score in giveaway_scores(frame, dictionary, target, task).items():
        if score >= LEVEL:
            out[name] = "It tells the outcome nearly every time."
    for name in dictionary.names("feature"):
        if name not in out and same_answer(frame[name], frame[target], task):
            out[name] = "It is the outcome under another name."
        if name not in out and task == "classification" and by_absence(frame[name], frame[target]):
            out[name] = "It is filled in for one outcome only."
        if name not in out and _of_the_outcome(name, target):
            out[name] = "By its name it is made of the outcome, so it is known only after it."
    return out


def _of_the_outcome(name: str, target: str) -> bool:
    """Return whether a name is the outcome's with a word beside it that speaks of what comes after."""
    words, outcome = tokens(name), tokens(target)
    rest = set(words) - set(outcome)
    return len(words) > len(outcome) and set(outcome) <= set(words) and bool(rest) and rest <= _AFTER


def by_absence(values: pd.Series[Any], outcome: pd.Series[Any]) -> bool:
    """Return whether a column is filled in for the cases of one outcome and for no others, or the other way round.

    Examples
    --------
    >>> by_absence(pd.Series([1.0, None, None] * 9), pd.Series(["a", "b", "c"] * 9))
    True
    """
    known = outcome.notna().to_numpy()
    gaps = values.isna().to_numpy()[known]
    if not FEWEST_GAPS <= gaps.sum() <= gaps.size - FEWEST_GAPS:
        return False
    codes = pd.factorize(outcome[known])[0]
    for some in (gaps, ~gaps):
        only = codes[some][0]
        if ((codes == only) == some).all():
            return True
    return False


def same_answer(values: pd.Series[Any], outcome: pd.Series[Any], task: str) -> bool:
    """Return whether a column is the outcome in other words, or moves with it along one straight line.

    Examples
    --------
    >>> same_answer(pd.Series([1, 0, 1, 0] * 5), pd.Series(["a", "b", "a", "b"] * 5), "classification")
    True
    """
    known = (values.notna() & outcome.notna()).to_numpy()
    if known.sum() < 8:
        return False
    x, y = values[known], outcome[known]
    if task == "regression":
        if not (pd.api.types.is_numeric_dtype(x.dtype) and pd.api.types.is_numeric_dtype(y.dtype)):
            return False
        a, b = x.to_numpy(dtype=float), y.to_numpy(dtype=float)
        if np.ptp(a) == 0 or np.ptp(b) == 0:
            return False
        return abs(float(np.corrcoef(a, b)[0, 1])) > 0.99999
    first, second = pd.factorize(x)[0], pd.factorize(y)[0]
    pairs = len(np.unique(first.astype(np.int64) * (second.max() + 1) + second))
    levels = int(first.max()) + 1
    return bool(1 < levels <= len(x) / 3 and pairs == levels == second.max() + 1)
