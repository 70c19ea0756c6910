"""Presenter view without a browser: which steps there are, what stays in the session, what others see."""

from __future__ import annotations

import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import present
from tests.pages.conftest import Open

LINK = {"study": "boston_mortgages", "option": "tree"}


def bar(at: AppTest) -> str:
    return next((c.value for c in at.main.caption if " of " in c.value and "·" in c.value.split("of ")[1][:6]), "")


def test_nobody_else_sees_anything_of_it(page: Open) -> None:
    at = page("home", **LINK)
    assert not at.exception
    assert not [b for b in at.button if b.key == "present_next"]
    assert [b for b in at.button if b.key == "present_start"]


def test_it_starts_steps_and_ends(page: Open) -> None:
    at = page("home", **LINK)
    at.button(key="present_start").click().run()
    assert "1 of " in bar(at)
    assert "1" in at.query_params["present"]
    assert at.button(key="present_back").disabled
    at.button(key="present_leave").click().run()
    assert "present" not in at.query_params
    assert not [b for b in at.button if b.key == "present_next"]


def test_other_words_in_the_address_are_no_presenting(page: Open) -> None:
    at = page("home", **LINK, present="<script>")
    assert not at.exception
    assert not [b for b in at.button if b.key == "present_next"]


def test_a_case_of_the_meeting_knows_its_place(page: Open) -> None:
    at = page("explain", **LINK, case="461", present="1")
    assert "3 of " in bar(at)
    other = page("explain", **LINK, case="8", present="1")
    assert "2 of " in bar(other)


def test_charts_grow_with_the_type_and_the_page_keeps_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    figure = go.Figure(
        go.Scatter(x=[1, 2], y=[1, 2], marker={"size": [10, 20]}, textfont={"size": 10}),
        {
            "height": 100,
            "font": {"size": 10},
            "margin": {"l": 10},
            "annotations": [{"font": {"size": 10}}],
            "xaxis": {"tickfont": {"size": 10}},
            "yaxis2": {"title": {"text": "Price"}},
        },
    )
    assert present.enlarged(figure) is figure
    monkeypatch.setattr(present, "on", lambda: True)
    grown = present.enlarged(figure)
    assert grown is not figure
    assert figure.layout.height == 100
    assert grown.layout.height == round(100 * present.LARGER)
    assert grown.layout.font.size == grown.layout.annotations[0].font.size == 10 * present.LARGER
    assert list(grown.data[0].marker.size) == [10 * present.LARGER, 20 * present.LARGER]
    assert grown.layout.margin.l == round(10 * present.LARGER)
    # Where a figure leaves it to the theme of the page, the theme would write as small as ever.
    assert grown.layout.xaxis.tickfont.size == 10 * present.LARGER
    assert grown.layout.yaxis2.tickfont.size == present.SMALL * present.LARGER
    assert list(grown.data[0].x) == [1, 2]
