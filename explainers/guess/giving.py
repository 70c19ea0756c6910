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
FEWEST_OF_LEVEL = 20
MOST_LEVELS = 30
RARE = 0.25
DECIDES = 0.75
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
        levels = task == "classification" and dictionary[name].kind in ("categorical", "boolean")
        if name not in out and levels and one_level_decides(frame[name], frame[target]):
            out[name] = "One of its values nearly always goes with an outcome that is rare otherwise."
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


def one_level_decides(values: pd.Series[Any], outcome: pd.Series[Any]) -> bool:
    """Return whether one level alone settles an outcome that is rare otherwise, however rare the level is.

    That is how a step on the way to the outcome looks: an insurance that was refused before the loan was. The lower end
    of the 95% range (Wilson) of the share of that outcome within the level has to lie three quarters of the way from
    its share among all rows to one; only outcomes of at most a quarter of the rows count. On 472 outcomes of 174 public
    tables (1,987 pairs of columns of few levels) this spoke up 21 times where the other rules did not: 18 were other
    codings of the outcome or steps on the way to it, 3 may be inputs.

    Examples
    --------
    >>> outcome = pd.Series(["no"] * 170 + ["yes"] * 30)
    >>> one_level_decides(pd.Series(["fine"] * 175 + ["refused"] * 25), outcome)
    True
    >>> one_level_decides(pd.Series(["a", "b"] * 100), outcome)
    False
    """
    known = (values.notna() & outcome.notna()).to_numpy()
    level, names = pd.factorize(values[known])
    answer, classes = pd.factorize(outcome[known])
    if not 2 <= len(names) <= MOST_LEVELS or len(classes) < 2:
        return False
    counts = np.bincount(level * len(classes) + answer, minlength=len(names) * len(classes)).reshape(len(names), -1)
    n = counts.sum(axis=1, keepdims=True)
    usual = counts.sum(axis=0) / counts.sum()
    share, z = counts / n, 1.96
    middle, half = share + z * z / (2 * n), z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    lower = (middle - half) / (1 + z * z / n)
    decided = (lower - usual) / (1 - usual) >= DECIDES
    return bool((decided & (usual <= RARE) & (n >= FEWEST_OF_LEVEL)).any())


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
