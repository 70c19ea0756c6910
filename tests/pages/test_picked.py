"""What was picked survives a link: text and back, boxes and lassos around every case and not only the drawn ones."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.parts import picked
from pages.parts.picked import Pick

IDS = pd.Index([str(i) for i in range(6)])
X = np.array([0.0, 1.0, 2.0, 3.0, 4.0, np.nan])
Y = np.array([0.0, -5.0, 2.0, 1.0, 9.0, 3.0])
ERROR = np.abs(Y)


def among(pick: Pick, error: np.ndarray = ERROR) -> list[str]:
    found = picked.places(pick, IDS, error, lambda against: (X, Y) if against == "size" else None)
    return [str(i) for i in IDS[found]]


@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=20))
def test_any_names_of_cases_come_back(names: list[str]) -> None:
    names = [n.encode("utf-8", "replace").decode() for n in names]
    back = picked.from_text(picked.to_text(Pick(kind="cases", cases=tuple(names))))
    assert back is not None
    assert back.cases == tuple(names)


@given(
    st.sampled_from(["box", "lasso"]),
    st.text(min_size=1, max_size=30),
    st.lists(st.tuples(*[st.floats(-1e9, 1e9)] * 2), min_size=3, max_size=40),
)
def test_any_region_comes_back(kind: picked.Kind, against: str, corners: list[tuple[float, float]]) -> None:
    against = against.encode("utf-8", "replace").decode()
    pick = Pick(kind=kind, against=against, corners=tuple(corners))
    back = picked.from_text(picked.to_text(pick))
    assert back is not None
    assert (back.kind, back.against) == (kind, against)
    assert np.allclose(back.corners, corners, rtol=1e-5, atol=1e-12)


@given(st.text(max_size=60) | st.none() | st.integers() | st.lists(st.text(max_size=3)))
def test_whatever_somebody_writes_into_a_link_is_a_pick_or_none(text: object) -> None:
    found = picked.from_text(text)
    assert found is None or isinstance(found, Pick)


@pytest.mark.parametrize(
    "text",
    ["", "worst:", "worst:0", "worst:-3", "worst:1e3", "worst:²", "box:size:0,0", "box:size:0,nan;1,1", "box",
     "lasso:a:0,0;1,1", "cases:", "x:1", "box:size:0,0,0;1,1", "worst:10" + "0" * 7000, "box:size:inf,0;1,1"],
)  # fmt: skip
def test_nonsense_is_no_pick(text: str) -> None:
    assert picked.from_text(text) is None


def test_a_box_holds_every_case_inside_the_most_wrong_first() -> None:
    assert among(Pick(kind="box", against="size", corners=((0.5, -6.0), (3.5, 3.0)))) == ["1", "2", "3"]
    assert among(Pick(kind="box", against="size", corners=((3.5, 3.0), (0.5, -6.0)))) == ["1", "2", "3"]
    assert among(Pick(kind="box", against="size", corners=((0.5, 0.0), (3.5, 1.5)))) == ["3"]
    assert among(Pick(kind="box", against="gone", corners=((0.0, 0.0), (9.0, 9.0)))) == []


def test_a_lasso_holds_what_is_inside_its_outline() -> None:
    triangle = ((-1.5, -1.0), (3.5, -1.0), (3.5, 4.0))
    assert among(Pick(kind="lasso", against="size", corners=triangle)) == ["2", "3", "0"]
    star = ((0.5, -6.0), (4.5, -6.0), (4.5, 10.0), (3.9, 10.0), (3.9, -5.5), (0.5, -5.5))
    assert among(Pick(kind="lasso", against="size", corners=star)) == ["4"]


def test_a_lasso_agrees_with_areas() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.random((2, 20_000))
    angles = np.linspace(0, 2 * math.pi, 400, endpoint=False)
    circle = tuple((0.5 + 0.4 * math.cos(a), 0.5 + 0.4 * math.sin(a)) for a in angles)
    pick = Pick(kind="lasso", against="size", corners=circle)
    inside = picked.places(pick, pd.Index(range(20_000)).astype(str), x, lambda _: (x, y))
    assert abs(len(inside) / 20_000 - math.pi * 0.16) < 0.02
    assert all((x[k] - 0.5) ** 2 + (y[k] - 0.5) ** 2 < 0.161 for k in inside)


def test_the_most_wrong_and_named_ones() -> None:
    error = ERROR.copy()
    error[4] = np.nan
    assert among(Pick(kind="worst", n=2)) == ["4", "1"]
    assert among(Pick(kind="worst", n=99), error) == ["1", "5", "2", "3", "0"]
    assert among(Pick(kind="cases", cases=("0", "gone", "4"))) == ["4", "0"]


@pytest.mark.parametrize(
    ("selection", "text"),
    [
        ({}, None),
        ({"points": [], "box": [], "lasso": []}, None),
        ({"points": [{"customdata": ["7", 1.0]}, {"customdata": {"0": "8"}}, {"x": 1}]}, "cases:7,8"),
        ({"points": [{"customdata": ["7"]}], "box": [{"x": [2, 1], "y": [0.5, -1]}]}, "box:size:1,-1;2,0.5"),
        ({"points": [{"customdata": ["7"]}], "box": [{"x": ["a", "b"], "y": [0, 1]}]}, "cases:7"),
        ({"points": [], "lasso": [{"x": [0, 1, 1], "y": [0, 0, 1]}]}, "lasso:size:0,0;1,0;1,1"),
        ({"points": [], "lasso": [{"x": [0, 1], "y": [0, 0]}]}, None),
    ],
)
def test_what_the_chart_gives_becomes_a_pick(selection: dict[str, object], text: str | None) -> None:
    pick = picked.of_selection(selection, "size")
    assert (None if pick is None else picked.to_text(pick)) == text


def test_a_box_over_levels_stands_for_the_levels_that_it_touches() -> None:
    pick = picked.of_selection({"box": [{"x": [0.6, 2.2], "y": [-9, 9]}]}, "size", levels=True)
    assert pick is not None
    assert pick.corners == ((1.0, -9.0), (2.0, 9.0))
    assert among(pick) == ["1", "2"]
    lasso = {"points": [{"customdata": ["3"]}], "lasso": [{"x": [0, 1, 1], "y": [0, 0, 1]}]}
    assert picked.of_selection(lasso, "size", levels=True) == Pick(kind="cases", cases=("3",))


def test_a_long_outline_is_thinned_and_a_long_list_is_cut() -> None:
    many = Pick(kind="lasso", against="x", corners=tuple((float(i), float(i % 7)) for i in range(900)))
    back = picked.from_text(picked.to_text(many))
    assert back is not None
    assert len(back.corners) == picked.MOST_CORNERS
    cases = Pick(kind="cases", cases=tuple(map(str, range(900))))
    text = picked.to_text(cases)
    assert len(text) < picked.LONGEST
    assert picked.from_text(text) is not None
