"""What is taken along shows what the pages show: the same charts, figure by figure, and the same headlines."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from explainers import Study, open_study
from explainers.report import decks, parts
from tests.pages.conftest import ROOT, Open, told

LINK = {"study": "boston_mortgages", "option": "tree"}
SHOWN = ("x", "y", "base", "text", "error_x", "error_y")


@pytest.fixture(scope="module")
def study() -> Study:
    return open_study(ROOT / "sample_data" / "boston_mortgages")


@pytest.fixture(scope="module")
def deck(study: Study) -> parts.Deck:
    return decks.deck(study, "tree", cases=("461",))


def section(deck: parts.Deck, name: str) -> parts.Section:
    return next(s for s in deck.sections if s.name == name)


def drawn(at: AppTest) -> list[str]:
    """Return what every chart of a page draws, as text to compare."""
    return [_marks(json.loads(c.proto.spec)) for c in at.main.get("plotly_chart")]


def _marks(spec: dict[str, Any]) -> str:
    traces = [{k: _plain(t[k]) for k in SHOWN if k in t} for t in spec["data"]]
    names = [spec["layout"].get(axis, {}).get("ticktext") for axis in ("xaxis", "yaxis")]
    # A figure on a page emphasises the option on screen in another place than here: bold is no number.
    return json.dumps([traces, names], sort_keys=True).replace("<b>", "").replace("</b>", "")


def _plain(value: Any) -> Any:
    """Return values as lists, whichever way a figure packs its arrays."""
    if isinstance(value, dict) and "bdata" in value:
        return np.frombuffer(base64.b64decode(value["bdata"]), dtype=value["dtype"]).tolist()
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items() if k in ("array", "arrayminus")}
    return value


@pytest.mark.parametrize(
    ("page_name", "section_name", "link"),
    [
        ("explain", "case-1", {"case": "461"}),
        ("confidence", "sure", {}),
        ("compare", "worth", {}),
        ("residuals", "wrong", {"look": "groups"}),
    ],
)
def test_charts_and_headlines_are_those_of_the_page(
    page: Open, deck: parts.Deck, page_name: str, section_name: str, link: dict[str, str]
) -> None:
    at = page(page_name, **LINK, **link)
    mine = section(deck, section_name)
    theirs = drawn(at)
    found = [_marks(json.loads(e.figure.to_json())) in theirs for e in mine.exhibits]
    # The page on ranges draws stated chances beside what happened in another tab.
    assert found[0], page_name
    assert all(found) or page_name == "confidence"
    assert mine.headline.text in told(at)


def test_quality_is_that_of_the_page(page: Open, deck: parts.Deck) -> None:
    at = page("confidence", **LINK, look="good")
    assert _marks(json.loads(section(deck, "good").exhibits[0].figure.to_json())) in drawn(at)
