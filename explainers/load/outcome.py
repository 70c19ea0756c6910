"""The outcome of a study: classes or numbers, which classes, and which of them is in focus."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Literal

import numpy as np
import pandas as pd

from explainers.dictionary import match_level
from explainers.results import Problem
from explainers.study import Feature
from explainers.validate.say import column_place, quoted

Task = Literal["classification", "regression"]
_POSITIVE = ("yes", "true", "1", "1.0")


def choose_task(values: pd.Series[Any], *, declared_numeric: bool) -> Task:
    """Return whether an outcome is classes or numbers, for a study that does not say.

    Text, categories, true/false, two different values, and at most ten different whole numbers that no dictionary calls
    numeric are classes; everything else is numbers.

    Examples
    --------
    >>> choose_task(pd.Series([0, 1, 1]), declared_numeric=False)
    'classification'
    >>> choose_task(pd.Series([0.5, 1.5, 2.5]), declared_numeric=False)
    'regression'
    """
    known = values.dropna()
    if pd.api.types.is_bool_dtype(known.infer_objects().dtype) or not pd.api.types.is_numeric_dtype(values.dtype):
        return "classification"
    distinct = known.iloc[:5000].nunique()
    if distinct <= 2 and known.nunique() <= 2 and (not declared_numeric or known.isin([0, 1]).all()):
        return "classification"
    if declared_numeric or distinct > 10:
        return "regression"
    whole = bool((known == known.round()).all())
    return "classification" if whole and known.nunique() <= 10 else "regression"


def choose_classes(values: pd.Series[Any], feature: Feature | None) -> tuple[Hashable, ...]:
    """Return the classes that occur, in the order of the dictionary's levels if it names them all, else sorted."""
    seen = [v.item() if isinstance(v, np.generic) else v for v in pd.unique(values.dropna())]
    if feature is not None and feature.level_labels and set(seen) <= set(feature.level_labels):
        as_recorded = {v: v for v in seen}  # 1 and 1.0 are equal, and the data decide which it is
        return tuple(as_recorded[level] for level in feature.level_labels if level in as_recorded)
    try:
        return tuple(sorted(seen))
    except TypeError:
        return tuple(sorted(seen, key=str))


def choose_positive(
    values: pd.Series[Any], classes: tuple[Hashable, ...], positive: Hashable, feature: Feature
) -> tuple[Hashable, Problem | None]:
    """Return the class in focus: the one that was given, else yes/true/1, else the rarer of two.

    Of three or more classes none is in focus unless it was given.
    """
    if positive is not None:
        level = match_level(positive, classes)
        if level is not None:
            return level, None
        by_label = [c for c in classes if feature.level_labels.get(c, "").casefold() == str(positive).casefold()]
        if len(by_label) == 1:
            return by_label[0], None
        problem = Problem(
            code="unknown_positive",
            where=column_place(feature.name, feature.label),
            message=f"The class in focus is given as {quoted([positive])}, but the outcome has {quoted(classes)}.",
            remedy="Give one of these as 'positive', written as in the data.",
        )
        return None, problem
    if len(classes) != 2:
        return None, None
    for word in _POSITIVE:
        for level in classes:
            if str(level).strip().casefold() == word:
                return level, None
    counts = values.value_counts()
    return min(classes, key=lambda c: (counts.get(c, 0), -classes.index(c))), None
