"""Columns cut into bins, and the conditions that can be made of bins: what a search for segments looks at.

Everything here depends on the inputs only, never on the errors: so errors can be shuffled against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from explainers.fields import FloatArray
from explainers.outliers.columns import Column, as_numbers, level_name, read
from explainers.results_looks_at import Condition

if TYPE_CHECKING:
    from explainers.study import Study

Ints = np.ndarray[Any, np.dtype[np.int64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]
BINS = 16
FINE = 64
LENGTHS = (1, 2, 3, 4, 6, 8)
"""Ranges of so many bins are looked at wherever they begin; from either end on, ranges of any length."""
MOST_LEVELS = 40
"""Of a column; rarer ones are put together and not looked at on their own."""


@dataclass(frozen=True, slots=True, eq=False)
class Sliced:
    """One column: the bin of each row, and the sets of bins that make conditions."""

    name: str
    codes: Ints  # (n,)
    size: int  # bins, that of missing values last
    sets: np.ndarray[Any, np.dtype[np.float32]]  # (n_sets, size), 1 where the bin belongs to the set
    conditions: tuple[Condition, ...]  # of each set
    bins: tuple[Condition, ...]  # of each bin alone
    ordered: bool
    missing: bool
    numbers: FloatArray | None = None  # the values, where ranges can be made finer


def slice_column(
    study: Study, name: str, values: pd.Series[Any], *, least: int, bins: int = BINS, most: int = MOST_LEVELS
) -> Sliced | None:
    """Return a column cut into bins; None where it does not tell rows apart.

    Parameters
    ----------
    study : Study
        Its dictionary says how the column is read.
    name : str
        The column.
    values : Series of shape (n,)
    least : int
        Levels with fewer rows are put together.
    bins : int
        Bins of numbers, each with about as many rows.
    most : int
        Levels that are looked at on their own.
    """
    column = read(study.dictionary[name], values)
    if column.number and not column.level:
        return _numbers(column, as_numbers(column, values), bins)
    ordered = study.dictionary[name].kind == "ordered"
    order = tuple(map(level_name, study.dictionary[name].level_labels)) if ordered else None
    return _levels(name, values, least, most, order)


def cuts_of(values: FloatArray, bins: int) -> FloatArray:
    """Return values that cut others into bins of about as many: at most a cut belongs to the lower bin."""
    finite = values[np.isfinite(values)]
    known = np.unique(finite)
    if known.size <= bins:
        return np.asarray(known[:-1])
    return np.unique(np.quantile(finite, np.arange(1, bins) / bins, method="lower"))


def _numbers(column: Column, values: FloatArray, bins: int) -> Sliced | None:
    absent = np.isnan(values)
    cuts = cuts_of(values, bins)
    k = cuts.size + 1
    codes = np.where(absent, k, np.searchsorted(cuts, values, side="left")).astype(np.int64)
    if k == 1 and absent.all() == absent.any():
        return None
    ends = [None, *map(float, cuts), None]

    def span(i: int, j: int) -> Condition:
        whole = i == 0 and j == k - 1
        return Condition(feature=column.name, above=ends[i], up_to=ends[j + 1], missing=False if whole else None)

    alone = [span(i, i) for i in range(k)]
    return _sliced(column.name, codes, k, span, alone, bool(absent.any()), True, values)


def _levels(name: str, values: pd.Series[Any], least: int, most: int, order: tuple[str, ...] | None) -> Sliced | None:
    raw, unique = pd.factorize(values)
    names = [level_name(v) for v in unique]
    first: dict[str, Any] = {}
    for text, value in zip(names, unique, strict=True):
        first.setdefault(text, value.item() if isinstance(value, np.generic) else value)
    counts = dict.fromkeys(first, 0)
    for text, n in zip(names, np.bincount(raw[raw >= 0], minlength=len(unique)).tolist(), strict=True):
        counts[text] += int(n)
    order = order if len(first) <= most else None
    if order is not None:
        kept = [*(t for t in order if t in first), *sorted((t for t in first if t not in order), key=_number)]
    else:
        kept = sorted((t for t in first if counts[t] >= least), key=lambda t: (-counts[t], t))[:most]
    place = {text: at for at, text in enumerate(kept)}
    rest = len(kept) < len(first)
    k = len(kept) + rest
    absent = bool((raw < 0).any())
    if k + absent < 2 or not kept:
        return None
    table = np.array([place.get(text, len(kept)) for text in names] + [k], dtype=np.int64)
    codes = table[raw]

    def span(i: int, j: int) -> Condition:
        if absent and j - i + 1 == k > 1:
            return Condition(feature=name, missing=False)
        return Condition(feature=name, levels=tuple(first[t] for t in kept[i : j + 1]))

    alone = [span(i, i) for i in range(len(kept))]
    if rest:
        named = tuple(first[t] for t in kept)
        alone.append(Condition(feature=name, levels=named, other=True, missing=False if absent else None))
    return _sliced(name, codes, k, span, alone, absent, order is not None, None, named=len(kept))


def _number(text: str) -> tuple[float, str]:
    try:
        return float(text), text
    except ValueError:
        return float("inf"), text


def _sliced(
    name: str,
    codes: Ints,
    k: int,
    span: Any,
    alone: list[Condition],
    missing: bool,
    ordered: bool,
    numbers: FloatArray | None,
    named: int | None = None,
) -> Sliced:
    """Return the column with the sets of bins that are looked at."""
    spans = ranges(k) if ordered else [(i, i) for i in range(k if named is None else named)]
    if missing:
        spans = [*spans, (0, k - 1)] if ordered else spans
    size = k + missing
    sets = np.zeros((len(spans) + missing, size), dtype=np.float32)
    conditions = []
    for row, (i, j) in enumerate(spans):
        sets[row, i : j + 1] = 1
        conditions.append(span(i, j))
    if missing:
        sets[-1, k] = 1
        conditions.append(Condition(feature=name, missing=True))
        alone = [*alone, Condition(feature=name, missing=True)]
    return Sliced(name, codes, size, sets, tuple(conditions), tuple(alone), ordered, missing, numbers)


def ranges(k: int) -> list[tuple[int, int]]:
    """Return the ranges of k bins that are looked at, first and last bin of each; never all of them.

    Examples
    --------
    >>> ranges(3)
    [(0, 0), (0, 1), (1, 1), (1, 2), (2, 2)]
    """
    out = set()
    for i in range(k):
        for j in range(i, k):
            length = j - i + 1
            if length < k and (length in LENGTHS or i == 0 or j == k - 1):
                out.add((i, j))
    return sorted(out)


def members(study: Study, frame: pd.DataFrame, conditions: Sequence[Condition]) -> Bools:
    """Return which rows meet all conditions.

    Parameters
    ----------
    study : Study
        Its dictionary says how columns are read.
    frame : DataFrame of shape (n, at least the columns named)
    conditions : sequence of Condition

    Returns
    -------
    ndarray of bool, shape (n,)

    Examples
    --------
    >>> from explainers import Study
    >>> frame = pd.DataFrame({"size": [1.0, 2.0, 3.0] * 10, "sold": ["no", "yes", "no"] * 10})
    >>> study = Study.from_frame(frame, target="sold", candidates={"no_model": "no_model"})
    >>> members(study, frame.head(3), [Condition(feature="size", above=1.0, up_to=2.0)]).tolist()
    [False, True, False]
    """
    inside = np.ones(len(frame), dtype=bool)
    for c in conditions:
        values = frame[c.feature]
        absent = values.isna().to_numpy(dtype=bool)
        if c.missing is not None:
            inside &= absent if c.missing else ~absent
        if c.levels:
            wanted = set(map(level_name, c.levels))
            codes, unique = pd.factorize(values)
            among = np.array([level_name(v) in wanted for v in unique] + [False], dtype=bool)[codes]
            inside &= ~among if c.other else among
        if c.above is not None or c.up_to is not None:
            numbers = as_numbers(read(study.dictionary[c.feature], values), values)
            with np.errstate(invalid="ignore"):
                inside &= numbers > c.above if c.above is not None else ~np.isnan(numbers)
                inside &= numbers <= c.up_to if c.up_to is not None else ~np.isnan(numbers)
    return inside
