"""The detector: learned on training rows, made comparable on folds of them, counted out on held-out rows.

Five parts look at a case, each for its own reason: far (the number furthest out), several (the others, together),
combination (numbers that do not go together), level (new or rare levels, values missing where they never are), pair
(two values that are rare together). Each part is turned into a surprise that means the same for all: minus the log of
the share of training rows that show as much when they were left out. The score is the largest.

Numpy and pandas only: a page scores a case without loading scikit-learn or scipy.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from explainers.fields import FloatArray
from explainers.outliers import columns as cols
from explainers.outliers import pairs, tails, together
from explainers.outliers.columns import Column, Levels
from explainers.outliers.pairs import Cells, Ints
from explainers.outliers.tails import Numbers
from explainers.outliers.together import Together
from explainers.study import CALIBRATION, TEST, TRAIN, UNKNOWN, Study

Marks = np.ndarray[Any, np.dtype[np.uint64]]
PARTS = ("far", "several", "combination", "level", "pair")
MOST_TOGETHER = 20_000  # training rows that the copula is learned on
MOST_FOLDED = 6_000  # training rows that the parts are made comparable on
MOST_HELD_OUT = 20_000
FOLDS = 5
FEWEST_FOLDED = 60
KNOTS = 64
UPPER, FEWEST_UPPER = 0.02, 10  # share of the rows that the tail of a part is fitted on, and how many at least
PRIOR_ROWS, FEW_ROWS = 5.0, 2.0
TIE = 1e-3
CAP = 30.0  # of the surprise of one number in the sum of several


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned of the training rows, column by column and together."""

    columns: tuple[Column, ...]
    numbers: dict[str, Numbers]
    levels: dict[str, Levels]
    absent: dict[str, tuple[float, float]]  # of numbers: surprise of a missing value, and of one that is given
    edges: dict[str, FloatArray]  # of numbers: between fifths
    together: Together
    paired: tuple[str, ...]
    cells: Cells
    n: int


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows as they are read: numbers and codes of levels by column."""

    n: int
    numbers: dict[str, FloatArray]
    codes: dict[str, Ints]


@dataclass(frozen=True, slots=True)
class Part:
    """What one part shows in left-out rows: quantiles, and an exponential tail from the last one on."""

    values: FloatArray
    above: FloatArray  # share of the rows at least as large
    scale: float


@dataclass(frozen=True, slots=True)
class Detector:
    """What scores a case."""

    learned: Learned
    parts: tuple[Part, ...]
    held: FloatArray  # scores of held-out rows, rising
    marks: Marks  # what each held-out row is known by, rising
    rows: str


@dataclass(frozen=True, slots=True)
class Scored:
    """Cases as the detector reads them."""

    raw: FloatArray  # (n, parts)
    surprises: FloatArray  # of each number, 0 where missing
    normal: FloatArray
    level: FloatArray  # (n, columns): surprise of a level, or of a missing value
    cell: Ints


def learn(study: Study, names: tuple[str, ...]) -> Detector:
    """Return a detector of these columns of a study."""
    label = study.split.to_numpy()
    train = np.flatnonzero(label == TRAIN)
    if not train.size:  # nobody said which rows were for training: nothing is held out then
        train = np.flatnonzero(label == UNKNOWN)
    held = np.flatnonzero((label == CALIBRATION) | (label == TEST))
    rng = np.random.default_rng(0)
    if held.size > MOST_HELD_OUT:
        held = np.sort(rng.choice(held, MOST_HELD_OUT, replace=False))
    read = tuple(cols.read(study.dictionary[n], study.frame[n]) for n in names)
    frame = study.frame[list(names)]
    past = frame.iloc[train]
    learned = learn_rows(read, past, rng)
    parts = _comparable(read, past, rng)
    rows = read_rows(learned, frame.iloc[held])
    scores = total(totals(parts, score(learned, rows).raw))
    present = [part for part in (CALIBRATION, TEST) if (label[held] == part).any()]
    return Detector(learned, parts, np.sort(scores), np.sort(marks(rows)), " and ".join(present) or "none")


def learn_rows(read: tuple[Column, ...], frame: pd.DataFrame, rng: np.random.Generator) -> Learned:
    """Return what these rows show."""
    numbers, levels, absent, edges, seen = {}, {}, {}, {}, {}
    n = len(frame)
    few = min(n, MOST_TOGETHER)
    drawn = np.sort(rng.choice(n, few, replace=False)) if n > few else np.arange(n)
    scores = np.full((few, sum(c.number for c in read)), np.nan)
    at = 0
    for column in read:
        if column.number:
            x = cols.as_numbers(column, frame[column.name])
            seen[column.name] = x
            numbers[column.name] = tails.learn_numbers(x)
            gone = int(np.isnan(x).sum())
            absent[column.name] = (_rarity(gone, n), _rarity(n - gone, n))
            finite = x[np.isfinite(x)]
            fifths = np.quantile(finite, np.arange(1, pairs.FIFTHS) / pairs.FIFTHS) if finite.size else np.zeros(0)
            edges[column.name] = np.unique(fifths)
            scores[:, at] = _normal(numbers[column.name], x[drawn])
            at += 1
        if column.level:
            levels[column.name] = cols.learn_levels(frame[column.name])
    joint = together.learn_together(scores)
    paired = _paired(read, numbers, levels)
    rows = Rows(n, seen, {name: cols.as_codes(levels[name], frame[name]) for name in levels if name in paired})
    codes, sizes = _codes(paired, levels, edges, rows)
    return Learned(read, numbers, levels, absent, edges, joint, paired, pairs.learn_pairs(codes, sizes), n)


def _rarity(k: int, n: int) -> float:
    return 0.0 if 2 * k >= n else float(-np.log(max(k, 0.5) / (n + 1)))


def _normal(column: Numbers, x: FloatArray) -> FloatArray:
    lower, upper = tails.chances(column, x)
    return np.where(np.isnan(x), np.nan, tails.normal_scores(lower, upper, most=together.MOST))


def _paired(read: tuple[Column, ...], numbers: dict[str, Numbers], levels: dict[str, Levels]) -> tuple[str, ...]:
    """Return the columns that take part in pairs: levels first, then numbers that vary, up to so many."""
    named = [c.name for c in read if c.level and len(levels[c.name].names) > 1]
    counted = [c.name for c in read if c.number and not c.level and numbers[c.name].values.size > 1]
    chosen = {*named[: pairs.MOST_COLUMNS], *counted[: max(0, pairs.MOST_COLUMNS - len(named))]}
    return tuple(c.name for c in read if c.name in chosen)


def _codes(
    paired: tuple[str, ...], levels: dict[str, Levels], edges: dict[str, FloatArray], rows: Rows
) -> tuple[Ints, Ints]:
    """Return codes of the columns that take part in pairs, and how many codes each has."""
    codes = np.full((rows.n, len(paired)), -1, dtype=np.int64)
    sizes = np.zeros(len(paired), dtype=np.int64)
    for at, name in enumerate(paired):
        if name in levels:
            found = rows.codes[name]
            codes[:, at] = np.where(found < pairs.MOST_LEVELS, found, -1)
            sizes[at] = min(len(levels[name].names), pairs.MOST_LEVELS)
        else:
            x = rows.numbers[name]
            codes[:, at] = np.where(np.isnan(x), -1, np.searchsorted(edges[name], x, side="left"))
            sizes[at] = edges[name].size + 1
    return codes, sizes


def read_rows(learned: Learned, frame: pd.DataFrame) -> Rows:
    """Return rows as numbers and codes."""
    return Rows(
        len(frame),
        {c.name: cols.as_numbers(c, frame[c.name]) for c in learned.columns if c.number},
        {c.name: cols.as_codes(learned.levels[c.name], frame[c.name]) for c in learned.columns if c.level},
    )


def score(learned: Learned, rows: Rows) -> Scored:
    """Return what each part shows in some rows, before it is made comparable."""
    named = [c for c in learned.columns if c.number]
    surprises, normal = np.zeros((rows.n, len(named))), np.zeros((rows.n, len(named)))
    level = np.zeros((rows.n, len(learned.columns)))
    for at, column in enumerate(named):
        x, known = rows.numbers[column.name], learned.numbers[column.name]
        lower, upper = tails.chances(known, x)
        if not column.level and known.n:
            surprises[:, at] = tails.surprise(lower, upper)
        normal[:, at] = np.where(np.isnan(x), np.nan, tails.normal_scores(lower, upper, most=together.MOST))
    for at, column in enumerate(learned.columns):
        if column.level:
            level[:, at] = cols.level_surprise(learned.levels[column.name], rows.codes[column.name])
        else:
            level[:, at] = np.where(np.isnan(rows.numbers[column.name]), *learned.absent[column.name])
    codes, _ = _codes(learned.paired, learned.levels, learned.edges, rows)
    pair, cell = pairs.surprise(learned.cells, codes)
    far = surprises.max(axis=1, initial=0.0)
    several = np.minimum(surprises, CAP).sum(axis=1) - np.minimum(far, CAP)
    parts = (far, several, together.oddness(learned.together, normal), level.max(axis=1, initial=0.0), pair)
    return Scored(np.column_stack(parts), surprises, normal, level, cell)


# -- one scale for all parts -------------------------------------------------------------------------------------
def _comparable(read: tuple[Column, ...], frame: pd.DataFrame, rng: np.random.Generator) -> tuple[Part, ...]:
    """Return the scale of each part, from training rows that were left out while the others were learned."""
    n = len(frame)
    if n < FEWEST_FOLDED:
        return tuple(Part(np.zeros(0), np.zeros(0), 1.0) for _ in PARTS)
    drawn = rng.permutation(n)[:MOST_FOLDED]
    fold = np.arange(drawn.size) % FOLDS
    shown = []
    for k in range(FOLDS):
        learned = learn_rows(read, frame.iloc[drawn[fold != k]], rng)
        shown.append(score(learned, read_rows(learned, frame.iloc[drawn[fold == k]])).raw)
    raw = np.concatenate(shown)
    return tuple(_part(raw[:, at]) for at in range(len(PARTS)))


def _part(shown: FloatArray) -> Part:
    n = shown.size
    rising = np.sort(shown)
    start = int(np.searchsorted(rising, rising[n - 1 - max(FEWEST_UPPER, int(UPPER * n))], side="right"))
    if start == n:  # the largest is common
        start = int(np.searchsorted(rising, rising[-1], side="left"))
    over = rising[start:]
    places = np.linspace(0, start, KNOTS).round().astype(int)
    kept = np.unique(rising[places])
    # A part that hardly ever shows anything has been seen too seldom to tell how seldom that is: add a few rows.
    above: FloatArray = np.asarray((n - np.searchsorted(rising, kept, side="left") + FEW_ROWS) / (n + FEW_ROWS), float)
    # A surprise is a logarithm already, so its tail falls by about one for each one: a few rows' worth of that.
    scale = (float((over - over[0]).sum()) + PRIOR_ROWS) / (over.size + PRIOR_ROWS)
    return Part(kept, above, scale)


def totals(parts: tuple[Part, ...], raw: FloatArray) -> FloatArray:
    """Return the parts as surprises that mean the same for all, shape (n, n_parts)."""
    out = np.empty(raw.shape)
    for at, part in enumerate(parts):
        if not part.values.size:
            out[:, at] = raw[:, at]
            continue
        start = part.values[-1]
        inside = -np.log(np.interp(raw[:, at], part.values, part.above))
        tail = -np.log(part.above[-1]) + (raw[:, at] - start) / part.scale
        out[:, at] = np.where(raw[:, at] > start, tail, inside)
    return np.abs(np.maximum(out, 0.0))  # no minus zero


def total(calibrated: FloatArray) -> FloatArray:
    """Return the score of each row: its largest part; where that is the same, the others tell them apart."""
    largest = calibrated.max(axis=1, initial=0.0)
    return np.asarray(largest + TIE * (calibrated.sum(axis=1) - largest))


def marks(rows: Rows) -> Marks:
    """Return what rows are known by: a hash of their values as the detector reads them."""
    read = [*rows.numbers.values(), *(codes.astype(float) for codes in rows.codes.values())]
    if not read or not rows.n:
        return np.zeros(rows.n, dtype=np.uint64)
    table = np.ascontiguousarray(np.column_stack(read)) + 0.0  # minus zero is zero
    table[np.isnan(table)] = np.nan  # one spelling of missing
    found = [int.from_bytes(hashlib.blake2b(row.tobytes(), digest_size=8).digest(), "big") for row in table]
    return np.array(found, dtype=np.uint64)


# -- on disk -----------------------------------------------------------------------------------------------------
def packed(detector: Detector) -> dict[str, Any]:
    """Return a detector as plain values and arrays, as the store keeps it."""
    learned = detector.learned
    joint, cells = learned.together, learned.cells
    return {
        "columns": [[c.name, c.number, c.level, c.date, list(c.order)] for c in learned.columns],
        "numbers": {name: tails.packed(found) for name, found in learned.numbers.items()},
        "levels": {n: [list(v.names), v.counts, v.absent, v.n] for n, v in learned.levels.items()},
        "absent": {name: list(v) for name, v in learned.absent.items()},
        "edges": learned.edges,
        "together": [joint.at, joint.spread, joint.matrix, joint.inverse],
        "paired": list(learned.paired),
        "cells": [cells.columns, cells.codes, cells.seen, cells.expected, cells.surprise],
        "n": learned.n,
        "parts": [[p.values, p.above, p.scale] for p in detector.parts],
        "held": detector.held,
        "marks": detector.marks,
        "rows": detector.rows,
    }


def unpacked(kept: dict[str, Any]) -> Detector:
    """Return a detector as :func:`packed` made it."""
    learned = Learned(
        columns=tuple(
            Column(n, number, level, date, tuple(order)) for n, number, level, date, order in kept["columns"]
        ),
        numbers={name: tails.unpacked(found) for name, found in kept["numbers"].items()},
        levels={n: cols.levels_of(tuple(v[0]), v[1], v[2], v[3]) for n, v in kept["levels"].items()},
        absent={name: (v[0], v[1]) for name, v in kept["absent"].items()},
        edges=kept["edges"],
        together=Together(*kept["together"]),
        paired=tuple(kept["paired"]),
        cells=Cells(*kept["cells"]),
        n=kept["n"],
    )
    return Detector(learned, tuple(Part(*p) for p in kept["parts"]), kept["held"], kept["marks"], kept["rows"])
