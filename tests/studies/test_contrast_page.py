"""Why not another answer: the tab of a study with several classes, by link and by picker."""

from __future__ import annotations

import json
import re

import pytest

from tests.pages.conftest import told
from tests.studies.conftest import built, opened
from tests.studies.test_pages import workers  # noqa: F401

LINK = {"study": "saratoga_heating", "option": "tree", "look": "contrast"}


def test_the_second_likeliest_is_asked_about_first_and_the_link_keeps_another() -> None:
    built("saratoga_heating")
    at = opened("explain", **LINK, case="111")
    assert at.selectbox(key="against").value in ("gas", "oil", "electric")
    text = told(at)
    assert re.search(r"The option says \d+ (?:in|of) 100 for “heated with \w+” and", text)
    assert "rather than heated with" in text
    other = opened("explain", **LINK, case="111", outcome="gas", against="electric")
    assert other.selectbox(key="against").value == "electric"
    assert "for “heated with gas” and" in told(other)
    assert "for “heated with electricity”" in told(other)
    other.selectbox(key="against").set_value("oil").run()
    assert other.query_params["against"] in ("oil", ["oil"])
    assert "for “heated with oil”" in told(other)


@pytest.mark.parametrize("against", ["gone", "<b>", "gas"])
def test_an_outcome_that_cannot_be_asked_about_falls_back(against: str) -> None:
    at = opened("explain", **LINK, case="504", outcome="gas", against=against)
    assert at.selectbox(key="against").value in ("electric", "oil")
    assert "Something went wrong" not in told(at)


def test_both_audiences_see_the_same_steps() -> None:
    drawn = []
    for audience in ("business", "technical"):
        at = opened("explain", **LINK, case="504", outcome="gas", against="oil", audience=audience)
        assert "Something went wrong" not in told(at)
        (chart,) = [c for c in at.get("plotly_chart") if "contrast_chart" in c.proto.id]
        drawn.append(json.loads(chart.proto.spec)["data"][0]["x"])
    assert drawn[0] == pytest.approx([100 * v for v in drawn[1]], abs=1.1)  # the last bar takes the rounding


def test_numbers_have_no_such_tab() -> None:
    built("saratoga_prices")
    at = opened("explain", study="saratoga_prices", option="tree", case="1543", look="contrast")
    assert "Why not another answer?" not in [t.label for t in at.tabs]
    assert "Something went wrong" not in told(at)
