"""A column cut into few groups: what the rule and the group table look things up by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from explainers.estimators.encode import MISSING, UNSEEN, as_numbers, learn_levels, level_codes

Array = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]


@dataclass
class Bins:
    """Groups of one column. Numbers fall between edges, a value on an edge into the lower group."""

    column: str
    kind: str
    edges: list[float]
    levels: list[str]
    other: bool
    missing: bool

    @property
    def size(self) -> int:
        """Number of groups, the one for missing values included."""
        return (len(self.edges) + 1 if self.kind == "number" else len(self.levels) + self.other) + self.missing


def learn_bins(
    values: pd.Series[Any], column: str, kind: str, *, most: int, order: Sequence[str] | None, least: int
) -> Bins:
    """Cut a column into groups by its training values alone.

    Parameters
    ----------
    values : Series of length n
        Training values.
    column, kind : str
        Its name, and "number", "ordered" or "level".
    most : int
        At most so many groups.
    order : sequence of str, optional
        Order of ordered levels.
    least : int
        Numbers: rows that a group should have at least.

    Returns
    -------
    Bins
        Numbers with few different values get one group each where every group is large enough, else groups of about
        equal size.
    """
    missing = bool(values.isna().any())
    if kind != "number":
        levels, other = learn_levels(values, most, order)
        return Bins(column=column, kind=kind, edges=[], levels=levels, other=other, missing=missing)
    numbers = as_numbers(values)
    return Bins(column=column, kind=kind, edges=_edges(numbers, most, least), levels=[], other=False, missing=missing)


def place(bins: Bins, frame: pd.DataFrame) -> IntArray:
    """Return the group of each row, shape (n,); -1 where training rows had no such group."""
    if bins.kind == "number":
        numbers = as_numbers(frame[bins.column])
        codes = np.searchsorted(np.asarray(bins.edges), numbers, side="left").astype(np.int64)
        return np.where(np.isnan(numbers), bins.size - 1 if bins.missing else -1, codes)
    codes = level_codes(frame[bins.column], bins.levels)
    codes = np.where(codes == UNSEEN, len(bins.levels) if bins.other else -1, np.where(codes == MISSING, -3, codes))
    return np.where(codes == -3, bins.size - 1 if bins.missing else -1, codes)


def group_name(bins: Bins, group: int) -> str:
    """Return what a group holds, such as "0.4 to 0.6", in raw values."""
    if bins.missing and group == bins.size - 1:
        return "missing"
    if bins.kind != "number":
        return bins.levels[group] if group < len(bins.levels) else "other"
    if not bins.edges:
        return "any"
    if group == 0:
        return f"up to {bins.edges[0]:g}"
    if group == len(bins.edges):
        return f"over {bins.edges[-1]:g}"
    return f"over {bins.edges[group - 1]:g}, up to {bins.edges[group]:g}"


def to_plain(bins: Bins) -> dict[str, Any]:
    """Return the groups as a plain mapping, which a model file can hold."""
    return {
        "column": bins.column,
        "kind": bins.kind,
        "edges": list(bins.edges),
        "levels": list(bins.levels),
        "other": bins.other,
        "missing": bins.missing,
    }


def _edges(numbers: Array, most: int, least: int) -> list[float]:
    known = np.sort(numbers[~np.isnan(numbers)])
    values, counts = np.unique(known, return_counts=True)
    if values.size < 2:
        return []
    if values.size <= most and counts.min() >= least:
        cuts = np.arange(values.size - 1)
    else:
        groups = int(np.clip(known.size // max(least, 1), 1, most))
        wanted = np.arange(1, groups) * known.size / groups
        cuts = np.unique([int(np.argmin(np.abs(np.cumsum(counts) - w))) for w in wanted]).astype(np.int64)
        cuts = cuts[cuts < values.size - 1]
    # Halfway between neighbours, so that an edge never falls on a value that rounding could move.
    return [float((values[c] + values[c + 1]) / 2) for c in cuts]
