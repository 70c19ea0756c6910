"""Columns as the detector reads them: numbers, levels by name, or both."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from explainers.fields import FloatArray
from explainers.study import Feature

Ints = np.ndarray[Any, np.dtype[np.int64]]
ABSENT, UNSEEN = -2, -1
HANDFUL = 16  # rows that are read one by one, since pandas takes longer to begin than they take


@dataclass(frozen=True, slots=True)
class Column:
    """How one column is read."""

    name: str
    number: bool  # read as a number, or as its place in the order
    level: bool  # read as a level
    date: bool = False
    order: tuple[str, ...] = ()  # of ordered levels that are text


@dataclass(frozen=True, slots=True)
class Levels:
    """The levels of one column over the training rows; a missing value is a level too."""

    names: tuple[str, ...]
    counts: Ints
    absent: int
    n: int
    at: Mapping[str, int] = field(default_factory=dict)


def read(feature: Feature, values: pd.Series[Any]) -> Column:
    """Return how a column is read: numbers and dates as numbers, ordered ones as both, the rest as levels."""
    numeric = pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype)
    if feature.kind == "date" or pd.api.types.is_datetime64_any_dtype(values.dtype):
        return Column(feature.name, number=True, level=False, date=True)
    if feature.kind == "numeric":
        return Column(feature.name, number=True, level=False)
    if feature.kind == "ordered":
        order = () if numeric else tuple(map(level_name, feature.level_labels))
        return Column(feature.name, number=numeric or bool(order), level=True, order=order)
    return Column(feature.name, number=False, level=True)


def level_name(value: Any) -> str:
    """Return one name for a level, however it is kept: 1, 1.0 and "1" are the same."""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (int, float, np.number)) and float(value).is_integer():
        return str(int(value))
    return str(value)


def absent(value: Any) -> bool:
    """Return whether there is no value."""
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value))


def _number(value: Any) -> float:
    if absent(value):
        return float("nan")
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


def as_numbers(column: Column, values: pd.Series[Any]) -> FloatArray:
    """Return a column as numbers (dates as days), NaN where there is none; infinities stay."""
    if column.date:
        when = pd.to_datetime(values, errors="coerce", utc=True)
        days = (when - pd.Timestamp("1970-01-01", tz="UTC")) / pd.Timedelta(days=1)
        return np.asarray(days.to_numpy(dtype=float, na_value=np.nan))
    if column.order:
        codes, unique = pd.factorize(values)
        place = {name: float(at) for at, name in enumerate(column.order)}
        table = np.array([place.get(level_name(v), np.nan) for v in unique] + [np.nan])
        return np.asarray(table[codes], dtype=float)
    if len(values) <= HANDFUL:
        return np.array([_number(v) for v in values.tolist()], dtype=float)
    return np.asarray(pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan))


def learn_levels(values: pd.Series[Any]) -> Levels:
    """Return the levels of training rows with their counts, the commonest first."""
    codes, unique = pd.factorize(values)
    found: dict[str, int] = {}
    for name, n in zip(map(level_name, unique), np.bincount(codes[codes >= 0], minlength=len(unique)), strict=True):
        found[name] = found.get(name, 0) + int(n)
    names = tuple(sorted(found, key=lambda name: (-found[name], name)))
    counts = np.array([found[name] for name in names], dtype=np.int64)
    return levels_of(names, counts, int((codes < 0).sum()), len(values))


def levels_of(names: tuple[str, ...], counts: Ints, absent: int, n: int) -> Levels:
    """Return levels with their index, as they were kept."""
    return Levels(names, counts, absent, n, {name: at for at, name in enumerate(names)})


def as_codes(levels: Levels, values: pd.Series[Any]) -> Ints:
    """Return a column as places among its levels; UNSEEN for a new one, ABSENT for a missing value."""
    if len(values) <= HANDFUL:
        found = [ABSENT if absent(v) else levels.at.get(level_name(v), UNSEEN) for v in values.tolist()]
        return np.array(found, dtype=np.int64)
    codes, unique = pd.factorize(values)
    table = np.array([levels.at.get(level_name(v), UNSEEN) for v in unique] + [ABSENT], dtype=np.int64)
    return np.asarray(table[codes], dtype=np.int64)


def level_surprise(levels: Levels, codes: Ints) -> FloatArray:
    """Return how rare each code is: minus the log of the share of training rows whose level is as rare.

    A new level counts as all levels seen once together (Good 1953, doi:10.1093/biomet/40.3-4.237), so that one more
    postcode is no surprise where every tenth is new.
    """
    if levels.n == 0:
        return np.zeros(codes.shape)
    each = np.append(levels.counts, [levels.absent] if levels.absent else [])
    order = np.sort(each)
    total = np.cumsum(order)
    as_rare = total[np.searchsorted(order, each, side="right") - 1] / levels.n if each.size else each
    once = max(0.5, float((levels.counts == 1).sum())) / (levels.n + 1)
    never = 0.5 / (levels.n + 1)
    absent = float(as_rare[-1]) if levels.absent else never
    table = np.concatenate([as_rare[: levels.counts.size], [absent, once]])  # -2: absent, -1: unseen
    return np.asarray(-np.log(np.clip(table[codes], never, 1.0)))
