"""What is odd about a case, counted on the training rows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from explainers.fields import FloatArray
from explainers.outliers import columns as cols
from explainers.outliers import tails, together
from explainers.outliers.columns import Column
from explainers.outliers.detector import PARTS, Learned, Scored
from explainers.outliers.pairs import Ints
from explainers.results_unusual import Oddity, OddKind, Side

Bools = np.ndarray[Any, np.dtype[np.bool_]]
FAR, SEVERAL, COMBINATION, LEVEL, PAIR = range(len(PARTS))
MOST = 3  # reasons of a case, and columns of a reason
ALSO = -math.log(0.02)  # a further part is told from this surprise on
ALSO_FAR = -math.log(0.01)  # a further number
PART_OF_SEVERAL = -math.log(0.2)


@dataclass(slots=True)
class Past:
    """The training rows as the detector reads them, column by column, kept for the next case."""

    learned: Learned
    frame: pd.DataFrame
    numbers: dict[str, FloatArray]
    codes: dict[str, Ints]

    def number(self, name: str) -> FloatArray:
        if name not in self.numbers:
            column = next(c for c in self.learned.columns if c.name == name)
            self.numbers[name] = cols.as_numbers(column, self.frame[name])
        return self.numbers[name]

    def code(self, name: str) -> Ints:
        if name not in self.codes:
            self.codes[name] = cols.as_codes(self.learned.levels[name], self.frame[name])
        return self.codes[name]


def oddities(past: Past, scored: Scored, calibrated: FloatArray, cases: pd.DataFrame, row: int) -> tuple[Oddity, ...]:
    """Return what is odd about one case, the strongest first; nothing where every part is below one half."""
    parts = calibrated[row]
    if not parts.size or float(parts.max(initial=0.0)) <= math.log(2):
        return ()
    said: list[Oddity] = []
    for part in _order(past, scored, parts, row):
        if said and (len(said) >= MOST or parts[part] < ALSO):
            continue
        told = {name for o in said for name in o.features}
        for o in _of_part(past, scored, cases, row, part, float(parts[part])):
            if not set(o.features) & told:
                said.append(o)
    return tuple(said[:MOST])


def _order(past: Past, scored: Scored, parts: FloatArray, row: int) -> list[int]:
    """Return the parts, strongest first; a number far out by itself goes before a combination it is part of."""
    order = [int(p) for p in np.argsort(-parts, kind="stable")]
    first = order[0]
    if first in (SEVERAL, COMBINATION, PAIR) and parts[FAR] >= ALSO:
        names = [c.name for c in past.learned.columns if c.number]
        furthest = names[int(np.argmax(scored.surprises[row]))]
        if first == SEVERAL or furthest in _pair(past.learned, scored, row, first):
            order.remove(FAR)
            order.insert(0, FAR)
    return order


def _of_part(past: Past, scored: Scored, cases: pd.DataFrame, row: int, part: int, surprise: float) -> list[Oddity]:
    learned = past.learned
    numbers = [c.name for c in learned.columns if c.number]
    if part in (FAR, SEVERAL):
        far = scored.surprises[row]
        order = np.argsort(-far, kind="stable")
        if part == FAR:
            chosen = [numbers[j] for at, j in enumerate(order) if far[j] > 0 and (at == 0 or far[j] >= ALSO_FAR)]
            return [_made(past, cases, row, "far", (name,), surprise) for name in chosen[:MOST]]
        names = tuple(numbers[j] for j in order[:MOST] if far[j] >= PART_OF_SEVERAL)
        together_far: OddKind = "several" if len(names) > 1 else "far"
        return [_made(past, cases, row, together_far, names, surprise)] if names else []
    if part == LEVEL:
        column = learned.columns[int(np.argmax(scored.level[row]))]
        kind: OddKind = "missing" if not column.level or cols.absent(cases[column.name].iloc[row]) else "level"
        return [_made(past, cases, row, kind, (column.name,), surprise)]
    names = _pair(learned, scored, row, part)
    if not names:
        return []
    kind = "combination" if set(names) <= set(numbers) else "pair"
    return [_made(past, cases, row, kind, names, surprise)]


def _pair(learned: Learned, scored: Scored, row: int, part: int) -> tuple[str, ...]:
    """Return the two columns that are odd together, by the copula or by the cell."""
    if part == PAIR:
        cell = int(scored.cell[row])
        return tuple(learned.paired[int(j)] for j in learned.cells.columns[cell]) if cell >= 0 else ()
    numbers = [c.name for c in learned.columns if c.number]
    found = together.oddest(learned.together, scored.normal[row])
    return tuple(numbers[j] for j in found)


def _made(past: Past, cases: pd.DataFrame, row: int, kind: OddKind, names: tuple[str, ...], surprise: float) -> Oddity:
    """Count the training rows that are like the case in these columns, alone and together."""
    values = {name: _plain(cases[name].iloc[row]) for name in names}
    likes = {name: _like(past, name, values[name], kind) for name in names}
    names = (
        tuple(sorted(names, key=lambda name: int(likes[name][1].sum()))) if kind in ("pair", "combination") else names
    )
    counts = tuple(int(likes[name][1].sum()) for name in names)
    all_of = np.logical_and.reduce([likes[name][1] for name in names])
    n = past.learned.n
    lower = upper = within = None
    if kind == "far":
        known = past.number(names[0])
        lower, upper = tails.span(past.learned.numbers[names[0]])
        finite = known[np.isfinite(known)]
        within = float(((finite >= lower) & (finite <= upper)).mean()) if finite.size else None
    return Oddity(
        kind=kind,
        features=names,
        values=tuple(values[name] for name in names),
        sides=tuple(likes[name][0] for name in names),
        counts=counts,
        together=int(all_of.sum()),
        expected=float(np.prod(np.array(counts, dtype=float) / max(n, 1)) * n),
        n=n,
        lower=lower,
        upper=upper,
        within=within,
        beyond=int(all_of.sum()) == 0,
        surprise=surprise,
    )


def _plain(value: Any) -> Any:
    if cols.absent(value):
        return None
    return value.item() if isinstance(value, np.generic) and not isinstance(value, np.datetime64) else value


def _like(past: Past, name: str, value: Any, kind: OddKind) -> tuple[Side, Bools]:
    """Return how training rows are counted for one column, and which are like the case."""
    learned = past.learned
    column: Column = next(c for c in learned.columns if c.name == name)
    if kind == "missing":
        known = past.number(name) if column.number else past.code(name)
        gone = np.isnan(known) if column.number else known == cols.ABSENT
        return ("missing", gone) if value is None else ("is", ~gone)
    ordered = column.number and column.level
    if column.level and not (ordered and kind in ("combination", "several", "far")):
        here = cols.as_codes(learned.levels[name], pd.Series([value], dtype=object))[0]
        return "is", (past.code(name) == here) & (here >= 0)
    known = past.number(name)
    x = float(cols.as_numbers(column, pd.Series([value], dtype=object))[0])
    low, high = known <= x, known >= x
    n_low, n_high = int(low.sum()), int(high.sum())
    edges = learned.edges[name]
    fifth = int(np.searchsorted(edges, x, side="left"))
    if kind in ("pair", "combination") and 0 < fifth < edges.size and min(n_low, n_high) > 0.3 * max(n_low + n_high, 1):
        return "near", np.searchsorted(edges, known, side="left") == fifth
    return ("low", low) if n_low < n_high or (n_low == n_high and x < 0) else ("high", high)
