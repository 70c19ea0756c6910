from __future__ import annotations

import re

import numpy as np
import pytest

from explainers.figures import worst as draw
from explainers.figures.theme import CONTEXT, TOWARDS
from tests.words.test_worst import result, segment, table_of


def test_each_segment_is_a_dot_with_its_range_beside_the_overall_error() -> None:
    found = result(segment(), segment(stands_out=False, error=0.3, lower=0.1, upper=0.5))
    figure = draw.draw(found, title="t", alt="words", labels=("<b>a</b>", "b"), axis="of 100")
    dots = figure.data[-1]
    assert list(dots.x) == pytest.approx([50, 30])
    assert [list(t.x) for t in figure.data[:-1]] == [pytest.approx([30, 65]), pytest.approx([10, 50])]
    assert list(dots.marker.color) == [TOWARDS, CONTEXT]
    assert len(set(dots.marker.symbol)) == 2
    assert [list(c) for c in dots.customdata] == [[0], [1]]
    assert isinstance(dots.customdata, (list, tuple))
    assert figure.layout.shapes[0].x0 == pytest.approx(14)
    assert figure.layout.meta["alt"] == "words"
    assert "<b>" not in str(figure.layout.yaxis.ticktext) + str(dots.hovertext)
    assert "may be chance" in dots.hovertext[1]
    assert figure.layout.xaxis.range[0] == 0


def test_long_names_get_taller_rows_and_keep_their_count() -> None:
    found = result(segment(), segment())
    long = "Sewer: septic; House age: over 21 years; Living area: over 2,000 square feet; Heating fuel: electric"
    short, tall = (draw.draw(found, title="", alt="", labels=("a", name)) for name in ("b", long))
    label = tall.layout.yaxis.ticktext[1]
    assert label.endswith("… (40)")
    lines = label.count("<br>") + 1
    assert (tall.layout.height - short.layout.height) / 2 >= 15 * lines - draw.ROW_PIXELS
    assert (tall.layout.height - 92) / 2 >= 17 * lines


def test_amounts_are_drawn_in_their_unit() -> None:
    found = result(segment(error=68_000.0, lower=41_000.0, upper=90_000.0), measure="absolute error", error=42_000.0)
    figure = draw.draw(found, title="", alt="", labels=("a",))
    assert list(figure.data[-1].x) == pytest.approx([68_000])
    assert "68,000 (41,000 to 90,000)" in figure.data[-1].hovertext[0]


def test_nothing_to_draw_is_an_empty_chart() -> None:
    figure = draw.draw(result(error=float("nan"), why="no rows", n=0), title="", alt="", labels=())
    assert len(figure.data[-1].x) == 0
    assert not figure.layout.shapes


def test_the_heatmap_leaves_out_what_cannot_be_told() -> None:
    found = table_of()
    figure = draw.draw_cells(
        found, title="t", alt="words", rows=("no", "<i>yes</i>"), columns=("low", "high"), names=("a", "b"), axis="x"
    )
    heat = figure.data[0]
    assert all(re.fullmatch("#[0-9A-F]{6}", colour) for _, colour in heat.colorscale)  # else figures vanish in the dark
    drawn = np.array(heat.z, dtype=float)
    assert drawn[0] == pytest.approx([10, 12])
    assert drawn[1][0] == pytest.approx(40)
    assert np.isnan(drawn[1][1])
    assert heat.text[1][0] == "40 ▲"
    assert heat.text[1][1] == ""
    assert "too few to tell" in heat.hovertext[1][1]
    assert list(heat.customdata[1][0]) == [1, 0]
    assert heat.zmax == pytest.approx(40)
    only = table_of(verdicts=(("cannot tell", "too few"), ("too few",) * 2))
    alone = draw.draw_cells(only, title="", alt="", rows=("no", "yes"), columns=("low", "high"), names=("a", "b"))
    assert alone.data[0].zmax == pytest.approx(17)
    assert "<i>" not in str(heat.hovertext) + str(figure.layout.yaxis.ticktext)
