"""The outcome: is it there, does it vary, does each class have rows to learn from."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from explainers.results import Problem
from explainers.study import TRAIN, Feature
from explainers.validate.say import at_rows, column_place, counted, quoted

FEW_PER_CLASS = 10
MOST_CLASSES = 50
MOST_NUMBER_CLASSES = 20
FEW_ROWS = 30
FARTHEST, NEAREST = 1e60, 1e-60
"""Outcomes beyond, or all nearer to each other: tests take fourth powers of them, which end at 1e308 and 1e-308."""


def outcome_problems(
    feature: Feature,
    values: pd.Series[Any],
    task: str,
    classes: tuple[Hashable, ...],
    split: pd.Series[Any] | None,
) -> list[Problem]:
    """Return the problems of the outcome.

    Parameters
    ----------
    feature : Feature
        Its entry in the dictionary.
    values : Series of shape (n_rows,)
        Recorded outcomes.
    task : str
        classification or regression.
    classes : tuple
        The classes; empty for numbers.
    split : Series of str or None
        Labels of the rows, where they are known already.

    Returns
    -------
    list of Problem
        A missing or constant outcome stops the study; small classes do not unless nothing can be learned of them.
    """
    where = column_place(feature.name, feature.label)
    missing = values.isna().to_numpy()
    if missing.all():
        return [_error("all_missing_target", where, "No row has an outcome.", "Fill in what became of the past cases.")]
    found = []
    if missing.any():
        found.append(
            Problem(
                code="target_missing_values",
                where=where,
                message=f"{counted(int(missing.sum()), 'row')} {'has' if missing.sum() == 1 else 'have'} no outcome "
                f"({at_rows(missing)}). They are kept, but nothing is learned from them or measured on them.",
                remedy="Fill in the outcome if it is known.",
                severity="warning",
            )
        )
    known = values[~missing]
    if len(known) == 1:
        return [*found, _error("one_row", where, "Only one row has an outcome.", "Give more rows.")]
    if known.nunique() == 1:
        return [
            *found,
            _error(
                "constant_target",
                where,
                f"Every row has the same outcome, {quoted([known.iloc[0]])}, so there is nothing to tell apart.",
                "Give rows with other outcomes too, or choose another column.",
            ),
        ]
    if len(known) < FEW_ROWS:
        found.append(
            Problem(
                code="few_rows",
                where="the data",
                message=f"Only {counted(len(known), 'row')} with an outcome: too few to tell options apart.",
                remedy="Give more rows; some hundred at least.",
                severity="warning",
            )
        )
    if task == "regression":
        return found + _numbers(known, where)
    return found + _classes(known, classes, split, missing, where)


def _error(code: str, where: str, message: str, remedy: str) -> Problem:
    return Problem(code=code, where=where, message=message, remedy=remedy)


def _numbers(known: pd.Series[Any], where: str) -> list[Problem]:
    if pd.api.types.is_numeric_dtype(known.dtype):
        return _out_of_reach(known.to_numpy(dtype=np.float64), where)
    return [
        _error(
            "target_not_numbers",
            where,
            f"The outcome should be a number, but the column holds {quoted(pd.unique(known))}.",
            "Write plain numbers, or say task: classification.",
        )
    ]


def _out_of_reach(values: np.ndarray[Any, Any], where: str) -> list[Problem]:
    """Return the problem of numbers whose powers are nothing or without end: every figure of them would be wrong."""
    finite = values[np.isfinite(values)]
    far = float(np.abs(finite).max(initial=0.0))
    apart = float(finite.max(initial=-far) / 2 - finite.min(initial=far) / 2)
    if far <= FARTHEST and (apart >= NEAREST or apart <= 0):
        return []
    said = f"too large to compute with: they reach {far:.0e}"
    if far <= FARTHEST:
        said = f"too close together to compute with: they lie within {2 * apart:.0e}"
    return [_error("out_of_reach", where, f"The outcomes are {said}.", "Give them in another unit.")]


def _classes(
    known: pd.Series[Any],
    classes: tuple[Hashable, ...],
    split: pd.Series[Any] | None,
    missing: np.ndarray[Any, Any],
    where: str,
) -> list[Problem]:
    numeric = pd.api.types.is_numeric_dtype(known.dtype)
    most = MOST_NUMBER_CLASSES if numeric else MOST_CLASSES
    if len(classes) > most:
        return [
            _error(
                "too_many_classes",
                where,
                f"The outcome has {len(classes):,} different values, too many to be classes.",
                "It looks like a number: say task: regression."
                if numeric
                else "Join classes, or choose another column as the outcome.",
            )
        ]
    if split is None:
        return []
    train = known[(split == TRAIN).to_numpy()[~missing]]
    counts = train.value_counts()
    found = []
    few = {c: int(counts.get(c, 0)) for c in classes if counts.get(c, 0) < FEW_PER_CLASS}
    if not len(train):
        return []
    for level, n in few.items():
        rows = f"Only {counted(n, 'training row')} {'has' if n == 1 else 'have'}" if n else "No training row has"
        found.append(
            Problem(
                code="class_too_small",
                where=where,
                message=f"{rows} the outcome {quoted([level])}, so {'little' if n > 1 else 'nothing'} can be learned "
                "of it.",
                remedy="Give more rows with it, join it with another outcome, or leave it out.",
                severity="warning" if n > 1 else "error",
            )
        )
    return found
