"""Figures of the comparison: dots where the figures are, labels that touch nothing, ticks that mean something."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from explainers import Study, compare
from explainers.figures import compare as figure
from explainers.figures.currency import money
from explainers.figures.placing import LETTER, LINE, Spot, apart, places
from explainers.results import Comparison
from tests.explainers.conftest import study_by_name

KINDS = ["binary", "three classes", "regression"]


@cache
def compared(kind: str) -> tuple[Study, Comparison]:
    study = study_by_name(kind)
    return study, compare.comparison(study, variants=True)


@pytest.mark.parametrize("kind", KINDS)
def test_each_option_has_its_dot_its_range_and_its_label(kind: str) -> None:
    study, found = compared(kind)
    drawn = figure.draw(found, study, title="A finding", alt="What it says", axis="measure", factor=100.0)
    dots = {t.customdata[0][0]: t for t in drawn.data if t.customdata is not None}
    rows = [o for o in found.options if not o.variant]
    assert list(dots) == [o.candidate for o in rows]
    for o in rows:
        dot = dots[o.candidate]
        assert dot.y[0] == pytest.approx(100 * o.value)
        assert dot.error_y.array[0] == pytest.approx(100 * (o.upper - o.value))
        assert dot.error_y.arrayminus[0] == pytest.approx(100 * (o.value - o.lower))
        assert dot.x[0] == pytest.approx(o.cost, rel=0.35)  # options of equal cost stand side by side
        grey = dot.marker.color == figure.CONTEXT
        assert grey == bool(o.cannot_tell_from) or o.kind == "baseline"
        assert dot.marker.symbol.endswith("-open") != o.pareto
    assert [a.text.rstrip("…") in o.label for a, o in zip(drawn.layout.annotations, rows, strict=True)] == [True] * len(
        rows
    )
    line = next(t for t in drawn.data if t.name == "line")
    assert list(line.y) == pytest.approx([100 * next(o.value for o in rows if o.candidate == n) for n in found.line])
    assert drawn.layout.meta["alt"] == "What it says"
    assert all(re_unit(t) for t in drawn.layout.xaxis.ticktext)
    better, worse = sorted((drawn.layout.yaxis.range[1], drawn.layout.yaxis.range[0]), reverse=found.greater_is_better)
    assert (drawn.layout.yaxis.range[1], drawn.layout.yaxis.range[0]) == (better, worse)  # up is better


def re_unit(text: str) -> bool:
    digits = text.removeprefix("$").replace(",", "").rstrip("0.").lstrip("0.") or "0"
    return text.startswith("$") and digits in ("1", "2", "5", "0")


def test_costs_of_nothing_are_drawn_on_a_plain_axis() -> None:
    study, found = compared("binary")
    free = replace(found, options=tuple(replace(o, cost=0.0) for o in found.options))
    assert figure.draw(free, study, title="", alt="x").layout.xaxis.type == "linear"
    nothing = replace(found, options=tuple(replace(o, value=None) for o in found.options))
    assert not figure.draw(nothing, study, title="", alt="x").data


@pytest.mark.parametrize("kind", KINDS)
def test_money_by_part_adds_up(kind: str) -> None:
    study, found = compared(kind)
    drawn = figure.draw_money(found, study, title="", alt="x")
    shown = [
        o for o in found.options if not o.variant or (o.candidate, o.variant) == (found.least, found.least_variant)
    ]
    bars = {t.name: list(t.x) for t in drawn.data if t.type == "bar"}
    upper = np.sum([bars[n] for n in ("building it", "machines", "people")], axis=0)
    assert upper == pytest.approx([o.cost for o in shown])
    lower = np.sum([bars[n] for n in ("having it", "answers that differ")], axis=0)
    assert lower == pytest.approx([o.cost + o.wrong for o in shown])
    sums = next(t for t in drawn.data if t.name == "in all, with its range")
    assert list(sums.x) == pytest.approx([o.total for o in shown])
    earning = compare.comparison(study, {"right": 50})
    brought = figure.draw_money(earning, study, title="", alt="x")
    assert min(next(t for t in brought.data if t.name == "right answers bring").x) < 0


def test_the_chosen_cut_off_and_the_study_s_own_are_marked() -> None:
    study, found = compared("binary")
    choice = found.by_cost[-1]
    drawn = figure.draw_cuts(choice, study, title="", alt="x")
    assert [drawn.data[1].x[0], drawn.data[2].x[0]] == [100 * min(choice.cut, 1.0), 50.0]
    assert (drawn.data[1].y[0], drawn.data[2].y[0]) == (choice.money, choice.usual_money)
    none = replace(choice, cut=math.inf)
    assert figure.draw_cuts(none, study, title="", alt="x").data[1].x[0] == 100


# -- labels ------------------------------------------------------------------------------------------------------------
def boxes(spots: list[Spot]) -> list[tuple[float, float, float, float]]:
    out = []
    for spot, place in zip(spots, places(spots, width=figure.NARROW, height=figure.TALL), strict=True):
        wide = LETTER * len(spot.text)
        left = {"left": spot.x - 4, "center": spot.x - wide / 2, "right": spot.x - wide + 4}[place.anchor]
        out.append((left, place.y - LINE / 2, left + wide, place.y + LINE / 2))
    return out


def touch(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[1], b[1])


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.floats(120, 220), st.floats(5, 25)), min_size=1, max_size=7))
@example([(0, 120.0, 5.0), (0, 140.0, 21.0), (1, 120.0, 5.0), (2, 120.0, 8.0), (2, 138.0, 5.0)])
def test_labels_touch_no_label_and_no_range_and_stay_inside(made: list[tuple[int, float, float]]) -> None:
    xs = apart([30.0 + 42 * column for column, _, _ in made], figure.BESIDE, figure.NARROW)
    spots = [
        Spot(x, y, min(y - 7, y - half), max(y + 7, y + half), "A name of it")
        for x, (_, y, half) in zip(xs, made, strict=True)
    ]
    found = boxes(spots)
    for i, a in enumerate(found):
        assert a[0] >= -1
        assert a[2] <= figure.NARROW + 1
        assert a[1] >= -1
        assert a[3] <= figure.TALL + 1
        assert not [b for b in found[:i] if touch(a, b)]
        assert not [s for s in spots if touch(a, (s.x - 2, s.top, s.x + 2, s.bottom))]


@given(st.lists(st.floats(0, 268), max_size=12))
def test_dots_stand_apart_in_their_order(xs: list[float]) -> None:
    moved = apart(xs, 8.0, 268.0)
    order = sorted(range(len(xs)), key=lambda i: (xs[i], i))
    gaps = [moved[b] - moved[a] for a, b in pairwise(order)]
    assert all(g >= 8 - 1e-6 for g in gaps)
    assert apart([], 8.0, 268.0) == []


@pytest.mark.parametrize(
    ("value", "currency", "said"),
    [(0, "$", "$0"), (12.4, "€", "€12"), (0.0405, "$", "$0.0405"), (1e7, "kr", "10m kr"), (-3, "<b>", "−3 &lt;b&gt;")],
)
def test_amounts_on_axes(value: float, currency: str, said: str) -> None:
    assert money(value, currency) == said
