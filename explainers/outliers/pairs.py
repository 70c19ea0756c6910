"""Values that are rare together: cells of two columns with far fewer rows than either column alone would give.

Numbers take part by fifths, so that a hole in the middle, and a number that does not go with a level, are found too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from explainers.fields import FloatArray

Ints = np.ndarray[Any, np.dtype[np.int64]]
MOST_LEVELS = 40  # of a column; rarer ones are odd by themselves
MOST_COLUMNS = 40
MOST_CELLS = 20_000
FIFTHS = 5
ENOUGH = 3.0  # rows that a cell would have if the columns had nothing to do with each other
FEW = 0.25  # of them that it has at most
RARE = 0.05  # share of the rows in cells as rare


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells that hold too few rows: two columns, a code of each, rows there, rows expected, how surprising."""

    columns: Ints  # (n_cells, 2)
    codes: Ints  # (n_cells, 2)
    seen: Ints
    expected: FloatArray
    surprise: FloatArray


def learn_pairs(codes: Ints, sizes: Ints) -> Cells:
    """Return the cells that hold far too few training rows.

    Parameters
    ----------
    codes : array of shape (n, m)
        Codes by column, below 0 for what takes no part.
    sizes : array of shape (m,)
        Codes of each column.
    """
    m = codes.shape[1]
    found: list[tuple[Any, ...]] = []
    for a in range(m):
        for b in range(a + 1, m):
            if sizes[a] < 2 or sizes[b] < 2:
                continue
            both = (codes[:, a] >= 0) & (codes[:, b] >= 0)
            total = int(both.sum())
            flat = np.bincount(codes[both, a] * sizes[b] + codes[both, b], minlength=int(sizes[a] * sizes[b]))
            table = flat.reshape(int(sizes[a]), int(sizes[b]))
            expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / max(total, 1)
            few = (expected >= ENOUGH) & (table + 0.5 <= FEW * (expected + 0.5))
            if not few.any():
                continue
            i, j = np.nonzero(few)
            seen = table[i, j]
            order = np.sort(seen)
            once = max(0.5, float((seen == 1).sum())) / (total + 1)
            as_rare = np.cumsum(order)[np.searchsorted(order, seen, side="right") - 1] / total
            chance = np.maximum(as_rare, once)
            keep = chance <= RARE
            # A hole where thirty rows were expected says more than one where three were.
            amount = -np.log(chance) - np.log((seen + 0.5) / (expected[i, j] + 0.5))
            found += [
                (a, b, *row)
                for row in zip(i[keep], j[keep], seen[keep], expected[i, j][keep], amount[keep], strict=True)
            ]
    found.sort(key=lambda cell: -float(cell[5]))
    rows = np.array(found[:MOST_CELLS], dtype=float).reshape(-1, 7)
    return Cells(
        rows[:, :2].astype(np.int64), rows[:, 2:4].astype(np.int64), rows[:, 4].astype(np.int64), rows[:, 5], rows[:, 6]
    )


def surprise(cells: Cells, codes: Ints) -> tuple[FloatArray, Ints]:
    """Return the largest surprise of each row over the cells it lies in, and which cell that is (-1: none).

    Parameters
    ----------
    codes : array of shape (n, m)
    """
    n, k = len(codes), len(cells.seen)
    best, which = np.zeros(n), np.full(n, -1, dtype=np.int64)
    if not k:
        return best, which
    step = max(1, 4_000_000 // k)
    for start in range(0, n, step):
        part = codes[start : start + step]
        inside = (part[:, cells.columns[:, 0]] == cells.codes[:, 0]) & (
            part[:, cells.columns[:, 1]] == cells.codes[:, 1]
        )
        amount = np.where(inside, cells.surprise, 0.0)
        at = amount.argmax(axis=1)
        top = amount[np.arange(len(part)), at]
        best[start : start + step] = top
        which[start : start + step] = np.where(top > 0, at, -1)
    return best, which
