"""Look at every condition on one column, and at every two conditions on two columns, for the worst group of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from explainers.fields import FloatArray
from explainers.residuals.chance import Rate, clearest
from explainers.residuals.slicing import FINE, Bools, Ints, Sliced, cuts_of
from explainers.results_looks_at import Condition

Floats = np.ndarray[Any, np.dtype[np.float32]]
MOST_PAIRED = 25
"""Columns whose pairs are looked at; of more, those that show most on their own, for shuffled errors too."""
MOST_SHARE = 0.5
MOVES = 3
FEW = 8  # shuffles that are quicker counted one by one


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A group of rows: its signed root, its conditions, and the bins of each column that they are."""

    root: float
    conditions: tuple[Condition, ...]
    bins: tuple[tuple[int, Bools], ...]  # column and its bins


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """Which groups count: their fewest and most rows, and the lowest mean that matters, in spreads."""

    least: int
    most: float
    lowest: float = 0.0


# -- one column --------------------------------------------------------------------------------------------------
def single_roots(column: Sliced, rows: Any, z: Floats, rate: Rate, limits: Limits) -> Floats:
    """Return the roots of every set of one column, shape (times, n_sets); 0 for groups that do not count.

    Parameters
    ----------
    column : Sliced
    rows : ndarray of int
        Rows that are looked at.
    z : ndarray of shape (times, n_rows)
        Standardised errors of these rows, once or shuffled.
    """
    n, sums = single_sums(column, rows, z)
    return _roots(sums, n, len(rows), rate, limits)


def single_sums(column: Sliced, rows: Any, z: Floats) -> tuple[Floats, Floats]:
    """Return rows (n_sets,) and sums of errors (times, n_sets) of every set of one column."""
    codes = column.codes[rows]
    n = column.sets @ np.bincount(codes, minlength=column.size).astype(np.float32)
    return n, by_bin(codes, column.size, z) @ column.sets.T


def by_bin(codes: Ints, size: int, z: Floats) -> Floats:
    """Return the sums of errors in each bin, shape (times, size).

    Of many shuffles at once by a sparse matrix, which takes a seventh of the time of counting one by one; quickest
    where the shuffles of a row stand side by side (``np.asfortranarray(z)``).
    """
    if len(z) < FEW:
        return np.stack([np.bincount(codes, weights=row, minlength=size) for row in z]).astype(np.float32)
    from scipy.sparse import csr_array

    order = np.argsort(codes, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(codes, minlength=size))])
    each = csr_array((np.ones(codes.size, dtype=z.dtype), order, starts), shape=(size, codes.size))
    return np.asarray((each @ z.T).T, dtype=np.float32)


def _count(n: Floats, total: int, limits: Limits) -> Bools:
    return np.asarray((n >= limits.least) & (n <= limits.most * total))


def _roots(sums: Floats, n: Floats, total: int, rate: Rate, limits: Limits) -> Floats:
    counts = _count(n, total, limits)
    out = np.zeros(sums.shape, dtype=np.float32)
    if counts.any():
        found = rate.root(sums[..., counts], n[counts], total)
        if limits.lowest > 0:
            found[sums[..., counts] < limits.lowest * n[counts]] = 0
        out[..., counts] = found
    return out


# -- two columns -------------------------------------------------------------------------------------------------
def pair_sums(a: Sliced, b: Sliced, rows: Any, z: Floats) -> tuple[Floats, Floats]:
    """Return rows (n_groups,) and sums of errors (times, n_groups) of every two sets of two columns."""
    codes = a.codes[rows] * b.size + b.codes[rows]
    size = a.size * b.size
    n = np.bincount(codes, minlength=size).astype(np.float32).reshape(a.size, b.size)
    sums = np.ascontiguousarray(by_bin(codes, size, z))
    every = a.sets @ sums.reshape(len(z), a.size, b.size) @ b.sets.T
    return (a.sets @ n @ b.sets.T).ravel(), every.reshape(len(z), -1)


def pair_roots(a: Sliced, b: Sliced, rows: Any, z: Floats, rate: Rate, limits: Limits) -> Floats:
    """Return the roots of every two sets, shape (times, n_groups); 0 for groups that do not count."""
    n, sums = pair_sums(a, b, rows, z)
    return _roots(sums, n, len(rows), rate, limits)


def paired(singles: Floats, most: int = MOST_PAIRED) -> Bools:
    """Return which columns take part in pairs, shape (times, n_columns), from the best single root of each."""
    if singles.shape[1] <= most:
        return np.ones(singles.shape, dtype=bool)
    places = np.argsort(np.argsort(-singles, axis=1, kind="stable"), axis=1, kind="stable")
    return np.asarray(places < most)


# -- the best of all ---------------------------------------------------------------------------------------------
def best_single(columns: Sequence[Sliced], rows: Any, z: Floats, rate: Rate, limits: Limits) -> Found | None:
    """Return the clearest group made by one condition."""
    best: tuple[float, int, int] = (0.0, -1, -1)
    for at, column in enumerate(columns):
        roots = single_roots(column, rows, z[None], rate, limits)[0]
        where = int(roots.argmax()) if roots.size else -1
        if where >= 0 and roots[where] > best[0]:
            best = (float(roots[where]), at, where)
    return _made(columns, best[0], [(best[1], best[2])]) if best[1] >= 0 else None


def best_pair(columns: Sequence[Sliced], rows: Any, z: Floats, rate: Rate, limits: Limits) -> Found | None:
    """Return the clearest group made by two conditions on two columns."""
    firsts = [float(single_roots(c, rows, z[None], rate, limits_of_singles(limits))[0].max(initial=0)) for c in columns]
    use = paired(np.array([firsts], dtype=np.float32))[0]
    best: tuple[float, int, int, int] = (0.0, -1, -1, -1)
    for i, a in enumerate(columns):
        for j in range(i + 1, len(columns)):
            if not (use[i] and use[j]):
                continue
            b = columns[j]
            roots = pair_roots(a, b, rows, z[None], rate, limits)[0]
            where = int(roots.argmax()) if roots.size else -1
            if where >= 0 and roots[where] > best[0]:
                best = (float(roots[where]), i, j, where)
    if best[1] < 0:
        return None
    one, two = divmod(best[3], len(columns[best[2]].conditions))
    return _made(columns, best[0], [(best[1], one), (best[2], two)])


def limits_of_singles(limits: Limits) -> Limits:
    """Return the limits by which columns are picked for pairs: as for shuffled errors, whatever matters."""
    return Limits(limits.least, limits.most)


def _made(columns: Sequence[Sliced], root: float, places: list[tuple[int, int]]) -> Found:
    conditions = tuple(columns[column].conditions[at] for column, at in places)
    return Found(root, conditions, tuple((column, columns[column].sets[at].astype(bool)) for column, at in places))


# -- finer ends --------------------------------------------------------------------------------------------------
def refined(found: Found, columns: Sequence[Sliced], rows: Any, z: Floats, rate: Rate, limits: Limits) -> Found:
    """Return a group with the ends of its ranges moved to where it is clearest, to a 64th of the rows.

    Whether it stands out was decided before; this only says better where it lies.
    """
    parts = {column: bins[columns[column].codes[rows]] for column, bins in found.bins}
    conditions = dict(zip(parts, found.conditions, strict=True))
    movable = [c for c in parts if columns[c].numbers is not None and conditions[c].missing is None]
    for _ in range(MOVES):
        before = [(conditions[c].above, conditions[c].up_to) for c in movable]
        for c in movable:
            others = np.ones(len(rows), dtype=bool)
            for other, part in parts.items():
                others &= part if other != c else True
            parts[c], conditions[c] = _moved(columns[c], rows, z, others, rate, limits, (parts[c], conditions[c]))
        if before == [(conditions[c].above, conditions[c].up_to) for c in movable]:
            break
    kept = tuple(conditions[c] for c in parts if not parts[c].all())
    return Found(found.root, kept, found.bins) if kept else found


def _moved(
    column: Sliced,
    rows: Any,
    z: Floats,
    others: Bools,
    rate: Rate,
    limits: Limits,
    before: tuple[Bools, Condition],
) -> tuple[Bools, Condition]:
    """Return the range of one column that is clearest among the rows that meet the other conditions."""
    assert column.numbers is not None
    values = column.numbers[rows]
    cuts = cuts_of(values, FINE)
    known = ~np.isnan(values)
    codes = np.where(known, np.searchsorted(cuts, values, side="left"), 0)
    here = others & known
    n = np.bincount(codes[here], minlength=cuts.size + 1)
    sums = np.bincount(codes[here], weights=z[here], minlength=cuts.size + 1)
    total_n, total = np.concatenate([[0], np.cumsum(n)]), np.concatenate([[0.0], np.cumsum(sums)])
    i, j = np.triu_indices(cuts.size + 1)
    roots = _roots((total[j + 1] - total[i]).astype(np.float32), (total_n[j + 1] - total_n[i]), len(rows), rate, limits)
    at = int(roots.argmax())
    if roots[at] <= 0:
        return before
    first, last = int(i[at]), int(j[at])
    above = float(cuts[first - 1]) if first else None
    up_to = float(cuts[last]) if last < cuts.size else None
    whole = above is None and up_to is None
    condition = Condition(feature=column.name, above=above, up_to=up_to, missing=False if whole else None)
    return known & (codes >= first) & (codes <= last), condition


# -- what chance alone shows -------------------------------------------------------------------------------------
def chance(columns: Sequence[Sliced], rows: Ints, z: Floats, rate: Rate, limits: Limits) -> tuple[FloatArray, int]:
    """Return the clearest root of each shuffle by one and by two columns, shape (times, 2), and groups looked at."""
    times = len(z)
    out = np.zeros((times, 2))
    if not columns or not times:
        return out, 0
    singles = np.zeros((times, len(columns)), dtype=np.float32)
    looked = 0
    for at, column in enumerate(columns):
        n, sums = single_sums(column, rows, z)
        counts = _count(n, rows.size, limits)
        singles[:, at] = clearest(rate, sums, n, rows.size, counts)
        looked += int(counts.sum())
    out[:, 0] = singles.max(axis=1)
    use = paired(singles)
    for i, a in enumerate(columns):
        for j in range(i + 1, len(columns)):
            both = np.flatnonzero(use[:, i] & use[:, j])
            if both.size:
                n, sums = pair_sums(a, columns[j], rows, z if both.size == times else z[both])
                counts = _count(n, rows.size, limits)
                out[both, 1] = clearest(rate, sums, n, rows.size, counts, floor=out[both, 1])
                looked += int(counts.sum())
    return out, looked
