"""A shallow tree on the errors: it deals all rows into a few parts, the worst of which is a group of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from explainers.fields import FloatArray
from explainers.residuals.chance import Rate
from explainers.residuals.scan import Floats, Limits, by_bin
from explainers.residuals.slicing import Bools, Ints, Sliced
from explainers.results_looks_at import Condition

DEPTH = 3
PART = 0.02
"""Smallest share of the rows in a leaf."""


@dataclass(frozen=True, slots=True, eq=False)
class Questions:
    """What a tree may ask: bins of all columns side by side, and which of them each question puts on one side."""

    flat: Ints  # (n, n_columns): bin of each row in each column, numbered through
    starts: Ints  # (n_columns + 1,)
    counts: Ints  # (n_bins,): rows of each bin
    sides: Any  # (n_questions, n_bins), sparse: of hundreds of columns each question is about one
    own: tuple[Bools, ...]  # of each question, the bins of its column on one side
    column: Ints  # (n_questions,)


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """One part: its rows, and for each column that was asked about the bins that are left."""

    rows: Ints
    bins: tuple[tuple[int, Bools], ...]
    tally: FloatArray | None = None  # (n_bins, 2): rows and sum of errors in each bin; None where nobody asks again


def questions(columns: Sequence[Sliced], rows: Any) -> Questions:
    """Return what a tree may ask of these rows: below a cut, one level, or missing."""
    from scipy.sparse import csr_array

    starts = np.concatenate([[0], np.cumsum([c.size for c in columns])]).astype(np.int64)
    flat = np.stack([c.codes[rows] + starts[at] for at, c in enumerate(columns)], axis=1)
    own: list[Bools] = []
    owner: list[int] = []
    for at, c in enumerate(columns):
        bins = np.arange(c.size)
        asked = [bins == c.size - 1] if c.missing else []
        if c.ordered and not c.missing:
            asked += [bins <= k for k in range(c.size - 1)]
        named = [k for k, cond in enumerate(c.bins) if cond.levels and not cond.other]
        if not c.ordered:
            asked += [bins == k for k in (named if c.size > 2 else named[:1])]
        own += asked
        owner += [at] * len(asked)
    held = [np.flatnonzero(side) + starts[at] for side, at in zip(own, owner, strict=True)]
    places = np.concatenate(held) if held else np.zeros(0, dtype=np.int64)
    ends = np.concatenate([[0], np.cumsum([h.size for h in held])]).astype(np.int64)
    sides = csr_array((np.ones(places.size), places, ends), shape=(len(own), int(starts[-1])))
    counts = np.bincount(flat.ravel(), minlength=int(starts[-1]))
    return Questions(flat, starts, counts, sides, tuple(own), np.array(owner, dtype=np.int64))


def sums_of(asked: Questions, z: Floats) -> FloatArray:
    """Return the sums of errors in each bin over all rows, shape (times, n_bins), for many shuffles at once."""
    sums = []
    for at in range(asked.flat.shape[1]):
        start, end = int(asked.starts[at]), int(asked.starts[at + 1])
        sums.append(by_bin(asked.flat[:, at] - start, end - start, z))
    return np.concatenate(sums, axis=1).astype(np.float64)


def grow(asked: Questions, z: Floats, least: int, depth: int = DEPTH, *, sums: FloatArray | None = None) -> list[Leaf]:
    """Return the parts of a tree that makes the errors within parts as alike as it can, question by question.

    Parameters
    ----------
    asked : Questions
    z : ndarray of shape (n,)
        Standardised errors.
    least : int
        Fewest rows of a part.
    depth : int
        Questions on the way to a part.
    sums : ndarray of shape (n_bins,), optional
        Sums of the errors in each bin over all rows, where they are known: see :func:`sums_of`.
    """
    n = z.size
    every = np.arange(n)
    tally = _tally(asked, z, every) if sums is None else np.stack([asked.counts, sums], axis=1)
    leaves = [Leaf(every, (), tally)]
    small = max(least, int(np.ceil(PART * n)))
    for step in range(depth):
        grown: list[Leaf] = []
        for leaf in leaves:
            grown += _split(asked, z, leaf, small, last=step == depth - 1)
        if len(grown) == len(leaves):
            break
        leaves = grown
    return leaves


def _tally(asked: Questions, z: Floats, rows: Ints) -> FloatArray:
    """Return rows and sum of errors in each bin over some rows, shape (n_bins, 2)."""
    size = int(asked.starts[-1])
    flat = asked.flat[rows]
    n = np.bincount(flat.ravel(), minlength=size)
    sums = np.bincount(flat.ravel(), weights=np.repeat(z[rows], flat.shape[1]), minlength=size)
    return np.stack([n, sums], axis=1)


def _split(asked: Questions, z: Floats, leaf: Leaf, small: int, *, last: bool) -> list[Leaf]:
    if leaf.rows.size < 2 * small or not asked.own or leaf.tally is None:
        return [leaf]
    left_n, left = (asked.sides @ leaf.tally).T
    total = float(leaf.tally[: asked.starts[1], 1].sum())  # every row is in one bin of the first column
    right_n, right = leaf.rows.size - left_n, total - left
    usable = (left_n >= small) & (right_n >= small)
    if not usable.any():
        return [leaf]
    gain = np.where(usable, left**2 / np.maximum(left_n, 1) + right**2 / np.maximum(right_n, 1), -1.0)
    best = float(gain.max())
    if best - total**2 / leaf.rows.size <= 1e-9 * max(leaf.rows.size, 1):
        return [leaf]
    at = int((gain >= best * (1 - 1e-6)).argmax())  # of questions that part alike the first, whatever the rounding
    column = int(asked.column[at])
    side = asked.own[at]
    chosen = side[asked.flat[leaf.rows, column] - int(asked.starts[column])]
    sides = (leaf.rows[chosen], leaf.rows[~chosen])
    tallies: list[FloatArray | None] = [None, None]
    if not last:  # counted in the smaller part only: the rest is in the other
        less = int(sides[1].size < sides[0].size)
        counted = _tally(asked, z, sides[less])
        tallies[less], tallies[1 - less] = counted, leaf.tally - counted
    return [
        Leaf(sides[0], _narrowed(leaf.bins, column, side), tallies[0]),
        Leaf(sides[1], _narrowed(leaf.bins, column, ~side), tallies[1]),
    ]


def _narrowed(bins: tuple[tuple[int, Bools], ...], column: int, side: Bools) -> tuple[tuple[int, Bools], ...]:
    known = dict(bins)
    known[column] = known[column] & side if column in known else side
    return tuple(known.items())


def roots_of(leaves: Sequence[Leaf], z: Floats, rate: Rate, limits: Limits) -> FloatArray:
    """Return the root of each part that takes three columns to say; 0 for the others and those that do not count."""
    out = np.zeros(len(leaves))
    for at, leaf in enumerate(leaves):
        n, total = leaf.rows.size, float(z[leaf.rows].sum())
        if len(leaf.bins) == DEPTH and n <= limits.most * z.size and total >= limits.lowest * n:
            out[at] = float(rate.root(np.array([total], dtype=np.float32), np.array([n]), z.size)[0])
    return out


def conditions_of(leaf: Leaf, columns: Sequence[Sliced]) -> tuple[Condition, ...]:
    """Return what holds of the rows of a leaf."""
    return tuple(_condition(columns[at], bins) for at, bins in leaf.bins)


def _condition(column: Sliced, bins: Bools) -> Condition:
    held = np.flatnonzero(bins)
    plain = column.size - column.missing
    if column.missing and held.size == 1 and held[0] == plain:
        return Condition(feature=column.name, missing=True)
    if column.missing and held.size == plain and held[-1] < plain:
        return Condition(feature=column.name, missing=False)
    if column.ordered:
        first, last = column.bins[held[0]], column.bins[held[-1]]
        if first.levels:
            return Condition(feature=column.name, levels=tuple(v for k in held for v in column.bins[k].levels))
        return Condition(feature=column.name, above=first.above, up_to=last.up_to)
    if held.size == 1:
        return column.bins[int(held[0])]
    left_out = [k for k in range(column.size) if not bins[k]]
    named = tuple(v for k in left_out for v in column.bins[k].levels if not column.bins[k].other)
    missing = False if column.missing and not bins[-1] else None
    return Condition(feature=column.name, levels=named, other=bool(named), missing=missing)
