"""Figures of residuals: drawn where the result says, ids first, plain lists, nothing of a user interpreted."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from explainers import Study
from explainers.figures.axes import moments
from explainers.figures.residuals import draw, draw_qq, draw_spread, spans
from explainers.residuals import binned, distribution
from tests.words import samples


@pytest.fixture(scope="module")
def study() -> Study:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"size": rng.normal(100, 20, 600), "town": rng.choice(["<b>a</b>", "b"], 600)})
    frame["price"] = 3 * frame["size"] + rng.normal(0, 30, 600)
    return Study.from_frame(frame, target="price", candidates={"none": "no_model", "formula": "formula"})


def test_points_are_where_the_result_has_them_with_their_ids_first(study: Study) -> None:
    found = binned(study, "formula", "size")
    figure = draw(found, study, title="", alt="alt")
    points = [t for t in figure.data if t.mode == "markers"]
    ids = [c[0] for t in points for c in t.customdata]
    assert sorted(ids) == sorted(found.points["id"])
    by_id = found.points.set_index("id")
    finest = [1e-5 * np.ptp(found.points[c]) for c in ("x", "y")]  # a screen shows two thousand steps
    for trace in points:
        for x, y, (name, actual, predicted) in zip(trace.x, trace.y, trace.customdata, strict=True):
            case = by_id.loc[name]
            assert abs(x - case["x"]) <= finest[0]
            assert abs(y - case["y"]) <= finest[1]
            assert [actual, predicted] == [np.round(case[c], 1) for c in ("actual", "predicted")]
    worst = next(t for t in points if t.marker.symbol == "diamond")
    assert {c[0] for c in worst.customdata} == set(found.points["id"][found.points["worst"]])
    assert figure.layout.dragmode == "select"
    assert figure.layout.meta == {"alt": "alt", "drawn": found.n_shown, "of": found.n_rows}
    assert isinstance(json.loads(figure.to_json())["data"][-1]["customdata"], list)


def test_lines_and_bands_are_those_of_the_bins(study: Study) -> None:
    found = binned(study, "formula", "size")
    figure = draw(found, study, title="", alt="")
    outer, inner, line = figure.data[:3]
    assert [v for v in line.y if v is not None][::2] == pytest.approx(found.middle.tolist())
    assert [v for v in inner.y if v is not None][0::5] == pytest.approx(found.lower.tolist())
    assert [v for v in inner.y if v is not None][2::5] == pytest.approx(found.upper.tolist())
    assert [v for v in outer.y if v is not None][0::5] == pytest.approx(found.outer_lower.tolist())
    ends = np.array(spans(found))
    np.testing.assert_allclose(ends[:, 0], found.edges[:-1])
    np.testing.assert_allclose(ends[1:, 0], ends[:-1, 1])


def test_picked_cases_are_marked_and_the_rest_of_the_figure_stays(study: Study) -> None:
    found = binned(study, "formula", "size")
    names = list(found.points["id"][:3])
    figure = draw(found, study, title="", alt="", picked=frozenset(names))
    marked = [t.customdata[k][0] for t in figure.data if t.mode == "markers" for k in t.selectedpoints]
    assert sorted(marked) == sorted(names)
    plain = draw(found, study, title="", alt="")
    assert all(t.selectedpoints is None for t in plain.data)
    assert plain.layout.xaxis.to_plotly_json() == figure.layout.xaxis.to_plotly_json()


def test_levels_are_spread_about_their_place_and_always_the_same_way(study: Study) -> None:
    found = binned(study, "formula", "town")
    one, two = (draw(found, study, title="", alt="") for _ in range(2))
    assert one.to_json() == two.to_json()
    for trace in (t for t in one.data if t.mode == "markers"):
        assert (np.abs(np.array(trace.x) - np.round(trace.x)) <= 0.32).all()
    assert any("&lt;b&gt;a&lt;/b&gt;" in t for t in one.layout.xaxis.ticktext)
    assert "<b>" not in one.to_json().replace("\\u003cb\\u003e", "<b>").replace("&lt;b&gt;", "")


def test_what_a_point_tells_shows_names_as_they_are_and_is_sent_once(study: Study) -> None:
    named = study.frame.set_axis([f"<b>%{{x}}</b>{k}" for k in range(600)])
    hostile = Study.from_frame(named, target="price", candidates={"none": "no_model"}).replace(case="<i>%{y}")
    points = [t for t in draw(binned(hostile, "none", "size"), hostile, title="", alt="").data if t.mode == "markers"]
    for trace in points:
        assert isinstance(trace.hovertemplate, str)
        assert trace.hovertemplate.startswith("&lt;i&gt;&#37;{y} %{hovertext}: recorded %{customdata[1]:,.0f},<br>")
        assert all(t.startswith("&lt;b&gt;") for t in trace.hovertext)
        assert [t.removeprefix("&lt;b&gt;%{x}&lt;/b&gt;") for t in trace.hovertext] == [
            c[0].removeprefix("<b>%{x}</b>") for c in trace.customdata
        ]


def test_a_figure_of_many_points_stays_small(study: Study) -> None:
    whole = draw(binned(study, "none", "size", rows="all", points=500), study, title="", alt="")
    assert len(whole.to_json()) < 45_000


def test_every_kind_is_drawn(study: Study) -> None:
    days = study.frame.assign(day=pd.Timestamp("2020-02-01") + pd.to_timedelta(np.arange(600), unit="D"))
    dated = Study.from_frame(
        days, target="price", candidates={"none": "no_model"}, dictionary={"day": {"kind": "date"}}
    )
    axis = draw(binned(dated, "none", "day"), dated, title="", alt="").layout.xaxis
    assert "2021" in " ".join(axis.ticktext)
    gaps = study.frame.copy()
    gaps.loc[::3, "size"] = np.nan
    holes = Study.from_frame(gaps, target="price", candidates={"none": "no_model"})
    axis = draw(binned(holes, "none", "size"), holes, title="", alt="").layout.xaxis
    assert axis.ticktext[-1] == "not recorded"
    nobody = study.replace(split=pd.Series(["train"] * 600, index=study.frame.index))
    empty = binned(nobody, "none", "size", rows="test")
    assert draw(empty, nobody, title="", alt="").data


def test_moments_on_an_axis_are_round() -> None:
    def day(text: str) -> float:
        return (pd.Timestamp(text) - pd.Timestamp(0)) / pd.Timedelta(days=1)

    assert [name for _, name in moments(day("2001-05-01"), day("2006-02-01"))] == ["2002", "2004", "2006"]
    assert [name for _, name in moments(day("2024-01-10"), day("2024-05-02"))] == [
        "2024-02",
        "2024-03",
        "2024-04",
        "2024-05",
    ]
    assert len(moments(day("2024-01-10"), day("2024-01-10"))) == 2


def test_bars_and_ranks_are_those_of_the_result(study: Study) -> None:
    found = distribution(study, "formula")
    bars = draw_spread(found, study, title="", alt="").data[0]
    assert list(bars.y) == list(found.counts)
    points = draw_qq(found, study, title="", alt="").data[2]
    np.testing.assert_array_equal(points.x, found.qq_theory)
    np.testing.assert_array_equal(points.y, found.qq_observed)
    assert sum(s == "diamond" for s in points.marker.symbol) == found.qq_outside
    loans = samples.loans(600)
    frame = loans.frame.assign(denied=np.where(np.arange(600) % 4, "no", "yes"))
    classes = Study.from_frame(frame, target="denied", positive="yes", candidates={"none": "no_model"})
    shape = distribution(classes, "none")
    up, down = draw_spread(shape, classes, title="", alt="").data
    assert sum(up.y) == sum(shape.score_happened)
    assert -sum(down.y) == sum(shape.score_others)
    halves = {"left": np.r_[np.zeros(10), np.ones(10)], "right": np.r_[np.ones(10), np.zeros(10)]}
    for side, hanging in halves.items():  # the legend never lies on bars
        here = replace(shape, score_others=hanging)
        assert draw_spread(here, classes, title="", alt="").layout.legend.xanchor == side


def test_chances_are_of_100_for_business_and_probabilities_for_technical_readers() -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"x": rng.normal(size=600)})
    frame["y"] = np.where(rng.random(600) < 1 / (1 + np.exp(-frame["x"])), "yes", "no")
    study = Study.from_frame(frame, target="y", candidates={"formula": "formula"})
    found = binned(study, "formula", "predicted")
    for technical, largest in ((False, 100.0), (True, 1.0)):
        layout = draw(found, study, title="", alt="", technical=technical).layout
        across = [float(t) for t in layout.xaxis.ticktext]
        assert largest / 4 < max(across) <= largest
        assert across == pytest.approx([largest * v for v in layout.xaxis.tickvals])
        assert ("of 100" in layout.xaxis.title.text) != technical
        assert ("of 100" in layout.yaxis.title.text) != technical
