"""Where labels of dots stand so that nothing runs through them: worked out for a phone, which holds wherever is wider.

A label keeps its foot on its dot's place. On a wider chart every label takes up less of the axis around the same foot,
so what does not touch on the narrow one does not touch there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

LETTER, LINE = 6.1, 17.0  # pixels of a letter and of a line of text at size 12
GAP = 5.0  # pixels between a label and what it stands beside
ROWS = 13  # lines of text that a label may be moved away
MORE_ORDERS = 60  # further orders in which labels are placed, while something is still crossed
TURNS = 3  # times that each label is placed anew among the others
CROSSED, OUTSIDE, FAR = 10.0, 1_000.0, 0.4  # how bad it is to cross something, to stick out a pixel, to be a line away
Anchor = Literal["left", "center", "right"]
Box = tuple[float, float, float, float]  # left, top, right, bottom
Array = np.ndarray[Any, np.dtype[np.float64]]
_ANCHORS: tuple[Anchor, ...] = ("center", "left", "right")
_NOWHERE: Box = (np.nan, np.nan, np.nan, np.nan)


@dataclass(frozen=True, slots=True)
class Spot:
    """A dot with its range, in pixels from the left and from the top of the plot."""

    x: float
    y: float
    top: float
    bottom: float
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a label stands: the middle of its line, how it lies beside its foot, and whether a line leads to it."""

    y: float
    anchor: Anchor
    leader: bool


@dataclass(frozen=True, slots=True)
class _Tries:
    """Every place of one label: its text, its leading line, and what is bad about each whatever stands elsewhere."""

    places: tuple[Place, ...]
    boxes: Array
    leads: Array
    own: Array


def places(spots: Sequence[Spot], *, width: float, height: float, lines: Sequence[Box] = ()) -> list[Place]:
    """Return a place for each label: near its dot, on no range, dot, other label or leading line, within the plot.

    Parameters
    ----------
    spots : sequence of Spot
        The dots.
    width, height : float
        Pixels of the narrowest plot.
    lines : sequence of tuple
        Left, top, right and bottom of what else is drawn, such as pieces of a line.

    Returns
    -------
    list of Place
        In the order of the dots. Where there is no free place the one that covers least is taken.
    """
    marks = [[(s.x - 2, s.top, s.x + 2, s.bottom), (s.x - 7, s.y - 7, s.x + 7, s.y + 7)] for s in spots]
    tries = []
    for at, spot in enumerate(spots):
        others = [box for i, pair in enumerate(marks) if i != at for box in pair]
        tries.append(_tries(spot, marks[at], others, list(lines), width, height))
    every = list(range(len(spots)))
    by_place = sorted(every, key=lambda i: spots[i].x)
    orders = [by_place[k:] + by_place[:k] for k in every]
    orders += [o[::-1] for o in orders] + [sorted(every, key=lambda i: spots[i].top)]
    found = [_placed(order, tries) for order in orders]
    shuffled = np.random.default_rng(0)
    for _ in range(MORE_ORDERS):
        if not every or min(f[0] for f in found) < CROSSED:
            break
        # Something is still crossed: the next label in line took the last free place of another.
        found.append(_placed([int(i) for i in shuffled.permutation(every)], tries))
    best = min(found, key=lambda f: f[0])[1] if every else {}
    return [tries[i].places[best[i]] for i in every]


def _tries(
    spot: Spot, own: Sequence[Box], others: Sequence[Box], lines: Sequence[Box], width: float, height: float
) -> _Tries:
    made = [_try(spot, row, anchor, up) for row in range(ROWS) for up in (True, False) for anchor in _ANCHORS]
    boxes, leads = np.array([m[1] for m in made]), np.array([m[2] for m in made])
    covered = _overlaps(boxes, np.array([*own, *others, *lines]))
    covered += _overlaps(leads, np.array([*others, *lines])) if others or lines else 0.0
    beyond = np.maximum(-boxes[:, 0], 0) + np.maximum(boxes[:, 2] - width, 0)
    beyond += np.maximum(-boxes[:, 1], 0) + np.maximum(boxes[:, 3] - height, 0)
    far = np.array([m[3] for m in made])
    return _Tries(tuple(m[0] for m in made), boxes, leads, CROSSED * covered + OUTSIDE * beyond + FAR * far)


def _try(spot: Spot, row: int, anchor: Anchor, up: bool) -> tuple[Place, Box, Box, float]:
    """Return a place so many lines above or below the range of a dot, its box, its leading line and how far it is."""
    away = GAP + LINE * (row + 0.5)
    y = spot.top - away if up else spot.bottom + away
    wide = LETTER * len(spot.text)
    left = {"left": spot.x - 4, "center": spot.x - wide / 2, "right": spot.x - wide + 4}[anchor]
    lead = _NOWHERE
    if row:
        ends = (y + LINE / 2, spot.top) if up else (spot.bottom, y - LINE / 2)
        lead = (spot.x - 1.5, ends[0], spot.x + 1.5, ends[1])
    box = (left, y - LINE / 2, left + wide, y + LINE / 2)
    return Place(y, anchor, row > 0), box, lead, row + (0.3 if anchor != "center" else 0.0)


def _placed(order: Sequence[int], tries: Sequence[_Tries]) -> tuple[float, dict[int, int]]:
    """Return how bad it is on the whole, and which try each label took, each placed among the others a few times."""
    chosen: dict[int, int] = {}
    for at in [*order] * TURNS:
        chosen.pop(at, None)
        chosen[at] = int(np.argmin(_costs(at, chosen, tries)))
    bad = [float(_costs(at, {i: k for i, k in chosen.items() if i != at}, tries)[k]) for at, k in chosen.items()]
    return sum(bad), chosen


def _costs(at: int, chosen: dict[int, int], tries: Sequence[_Tries]) -> Array:
    """Return how bad each place of a label is beside the labels that stand."""
    mine = tries[at]
    if not chosen:
        return mine.own
    texts = np.array([tries[i].boxes[k] for i, k in chosen.items()])
    leads = np.array([tries[i].leads[k] for i, k in chosen.items()])
    crossed = _overlaps(mine.boxes, np.vstack([texts, leads])) + _overlaps(mine.leads, texts)
    return np.asarray(mine.own + CROSSED * crossed)


def _overlaps(boxes: Array, others: Array) -> Array:
    """Return for each box what it covers of the others: one for each that it touches, more the more it covers."""
    if not len(others):
        return np.zeros(len(boxes))
    with np.errstate(invalid="ignore"):
        across = np.minimum(boxes[:, None, 2], others[:, 2]) - np.maximum(boxes[:, None, 0], others[:, 0])
        down = np.minimum(boxes[:, None, 3], others[:, 3]) - np.maximum(boxes[:, None, 1], others[:, 1])
        touched = (across > 0) & (down > 0)  # a line that is not there touches nothing
        return np.asarray(np.where(touched, 1.0 + across * down / 50.0, 0.0).sum(axis=1))


def apart(xs: Sequence[float], least: float, width: float) -> list[float]:
    """Return places moved so little that neighbours lie ``least`` apart, each group around its own middle.

    Examples
    --------
    >>> apart([10.0, 10.0, 50.0], 8.0, 100.0)
    [6.0, 14.0, 50.0]
    """
    order = sorted(range(len(xs)), key=lambda i: (xs[i], i))
    groups: list[list[int]] = []
    for i in order:
        groups.append([i])
        while len(groups) > 1 and _start(groups[-1], xs, least) - _end(groups[-2], xs, least) < least - 1e-9:
            groups[-2:] = [groups[-2] + groups[-1]]
    out = [0.0] * len(xs)
    for group in groups:
        for k, i in enumerate(group):
            out[i] = _start(group, xs, least) + k * least
    for at, i in enumerate(order):  # groups at an end move inwards, and those beside them on
        out[i] = max(out[i], 0.0 if not at else out[order[at - 1]] + least)
    for at, i in reversed(list(enumerate(order))):
        out[i] = min(out[i], width if at == len(order) - 1 else out[order[at + 1]] - least)
    return out


def _start(group: Sequence[int], xs: Sequence[float], least: float) -> float:
    return sum(xs[i] for i in group) / len(group) - least * (len(group) - 1) / 2


def _end(group: Sequence[int], xs: Sequence[float], least: float) -> float:
    return _start(group, xs, least) + least * (len(group) - 1)
