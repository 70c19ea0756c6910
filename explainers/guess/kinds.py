"""What a column holds: numbers, levels with or without an order, yes or no, dates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from explainers.guess.levels import flag_words, level_words, order_of
from explainers.guess.names import has, tokens
from explainers.study import Kind

MOST_CODES = 12
LOOKED_AT = 20_000
_CODED = (
    "code",
    "mode",
    "type",
    "category",
    "cat",
    "region",
    "zone",
    "district",
    "occupation",
    "industry",
    "sector",
    "status",
)
_CODED2 = (
    "group",
    "cluster",
    "species",
    "segment",
    "branch",
    "store",
    "plant",
    "county",
    "state",
    "cylinder",
    "origin",
)
_ORDERED = (
    "grade",
    "score",
    "rating",
    "rate",
    "level",
    "class",
    "band",
    "rank",
    "stage",
    "tier",
    "satisfaction",
    "quality",
)
_COUNTED = ("number", "num", "n", "count", "cnt", "years", "yrs", "months", "days", "hours", "age", "amount")


@dataclass(frozen=True, slots=True)
class KindGuess:
    """What a column holds, and how that was seen."""

    kind: Kind
    why: str
    level_labels: dict[Any, str] = field(default_factory=dict)


def kind_of(name: str, values: pd.Series[Any]) -> KindGuess:
    """Return what a column holds.

    Examples
    --------
    >>> kind_of("size", pd.Series(["large", "small", "medium"])).level_labels
    {'small': 'small', 'medium': 'medium', 'large': 'large'}
    """
    dtype: Any = values.dtype
    if pd.api.types.is_datetime64_any_dtype(dtype):
        return KindGuess("date", "Its cells are dates.")
    if isinstance(dtype, pd.CategoricalDtype):
        return _categories(name, values)
    seen = [_plain(v) for v in pd.unique(values.iloc[:LOOKED_AT].dropna())]
    if seen and all(isinstance(v, bool) for v in seen):
        return KindGuess("boolean", "Its cells are true or false.", {False: "no", True: "yes"})
    if pd.api.types.is_numeric_dtype(dtype):
        return _numbers(name, values, seen)
    return _words(name, [str(v) for v in seen], values)


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _categories(name: str, values: pd.Series[Any]) -> KindGuess:
    levels = [_plain(v) for v in values.cat.categories]
    words = level_words(name, levels)
    if values.cat.ordered:
        return KindGuess(
            "ordered", "The file says that its levels have an order.", words or {v: str(v) for v in levels}
        )
    if all(isinstance(v, str) for v in levels):
        return _words(name, levels, values)
    if set(levels) <= {0, 1}:
        return KindGuess("boolean", "Its cells are 0 or 1.", {0: "no", 1: "yes"})
    return KindGuess("categorical", "The file says that it has levels.", words)


def _numbers(name: str, values: pd.Series[Any], seen: list[Any]) -> KindGuess:
    whole = all(float(v).is_integer() for v in seen[:500])
    if set(seen) <= {0, 1} and len(seen) == 2 and set(pd.unique(values.dropna()).tolist()) <= {0, 1}:
        return KindGuess("boolean", "Its cells are 0 or 1.", {0: "no", 1: "yes"})
    words = set(tokens(name))
    counted = bool(words & set(_COUNTED)) or name.casefold().startswith("n_")
    few = whole and 2 <= len(seen) <= MOST_CODES and (not seen or min(seen) >= -1)
    if few and not counted:
        if words & {*_CODED, *_CODED2}:
            return KindGuess("categorical", "A few whole numbers, and the name speaks of groups.")
        if words & set(_ORDERED):
            order = {v: f"{v:g}" for v in sorted(seen)}
            return KindGuess("ordered", "A few whole numbers, and the name speaks of a scale.", order)
    return KindGuess("numeric", "Its cells are numbers.")


def _words(name: str, levels: list[str], values: pd.Series[Any]) -> KindGuess:
    flags = flag_words(levels)
    if flags is not None:
        labels = {} if all(k == v for k, v in flags.items()) else dict(flags)
        return KindGuess("boolean", "Its cells say yes or no.", labels)
    if not levels or len(levels) > 200:
        return KindGuess("categorical", "Its cells are text.")
    order = order_of(name, levels)
    if order is not None:
        words = level_words(name, order[0])
        return KindGuess("ordered", order[1], {v: words.get(v, v) for v in order[0]})
    if has(name, "sex", "gender"):
        return KindGuess("categorical", "Its cells are words.", level_words(name, levels))
    by_count = values.value_counts().index
    in_order = [v for v in map(str, by_count) if v in set(levels)]
    return KindGuess("categorical", "Its cells are words.", level_words(name, sorted(in_order)))
