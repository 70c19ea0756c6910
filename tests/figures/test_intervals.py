from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from explainers import Study, open_study
from explainers.figures import intervals as draw
from explainers.figures.theme import AGAINST, CONTEXT, TOWARDS
from explainers.results import Interval
from tests.conftest import ROOT
from tests.words import samples
from tests.words.test_intervals import counts, rates

LABELS = ("All", "no", "yes", "a", "2")


@pytest.fixture
def study() -> Study:
    return samples.loans()


def test_each_segment_is_a_dot_with_its_range_beside_the_promise(study: Study) -> None:
    figure = draw.draw(counts(), study, title="t", alt="words", labels=LABELS)
    dots = figure.data[-1]
    assert list(dots.x) == pytest.approx([90, 94, 78, 70, 50])
    assert [list(t.x) for t in figure.data[:-1]] == [
        pytest.approx([100 * a, 100 * b]) for a, b in zip(counts().lower, counts().upper, strict=True)
    ]
    assert list(dots.marker.color) == [AGAINST, AGAINST, CONTEXT, TOWARDS, CONTEXT]
    assert len(set(dots.marker.symbol)) == 4
    assert figure.layout.shapes[0].x0 == figure.layout.shapes[0].x1 == pytest.approx(90)
    assert figure.layout.meta["alt"] == "words"
    assert figure.layout.yaxis.ticktext[1] == "no (150)"
    low, high = figure.layout.xaxis.range
    assert low <= 25
    assert high >= 100


def test_only_the_segments_that_are_asked_for_are_drawn(study: Study) -> None:
    figure = draw.draw(counts(), study, title="", alt="", labels=("All", "yes"), segments=(0, 2))
    assert list(figure.data[-1].x) == pytest.approx([90, 78])
    assert figure.layout.title.text is None


def test_rates_are_drawn_over_what_was_stated(study: Study) -> None:
    found = rates()
    figure = draw.draw(found, study, title="", alt="", labels=LABELS[:4])
    stated = figure.data[0]
    assert list(stated.base) == pytest.approx(list(100 * found.stated_lower))
    assert list(stated.x) == pytest.approx(list(100 * (found.stated_upper - found.stated_lower)))
    assert figure.layout.xaxis.range[0] == 0
    assert not figure.layout.shapes
    assert "stated 15 to 25" in figure.data[-1].hovertext[0]


def test_text_of_users_is_escaped(study: Study) -> None:
    figure = draw.draw(counts(), study, title="<b>t</b>", alt="", labels=("<i>x</i>", *LABELS[1:]))
    assert "<i>" not in str(figure.layout.yaxis.ticktext) + str(figure.data[-1].hovertext)
    assert "<b>t" not in figure.layout.title.text


def ranges(n: int) -> Interval:
    at = np.linspace(100, 400, n)
    blank = np.full(n, np.nan)
    return Interval(
        candidate="tree", prediction=at, lower=at - 50, upper=at + 50, rate=blank, level=0.9, method="plain"
    )


def test_a_band_has_every_end_and_marks_what_is_outside() -> None:
    study = open_study(ROOT / "sample_data" / "saratoga_prices", build=False)
    found = ranges(50)
    actual = found.prediction + np.where(np.arange(50) % 10 == 0, 80, 10)
    figure = draw.band(found, actual, study, title="", alt="", chosen=200.0)
    band, inside, outside = figure.data
    ends = np.asarray(band.y, dtype=float).reshape(-1, 3)
    assert np.allclose(ends[:, 0], found.lower)
    assert np.allclose(ends[:, 1], found.upper)
    assert (len(inside.x), len(outside.x)) == (45, 5)
    assert outside.marker.symbol == "diamond"
    assert figure.layout.shapes[0].x0 == 200.0
    assert (figure.layout.meta["drawn"], figure.layout.meta["of"]) == (50, 50)


def test_a_large_band_is_a_sample_that_says_so_and_unbounded_ranges_are_left_out() -> None:
    study = open_study(ROOT / "sample_data" / "saratoga_prices", build=False)
    found = ranges(5000)
    figure = draw.band(found, found.prediction, study, title="", alt="")
    assert (figure.layout.meta["drawn"], figure.layout.meta["of"]) == (draw.MOST_POINTS, 5000)
    none = replace(found, lower=np.full(5000, -np.inf), upper=np.full(5000, np.inf))
    assert draw.band(none, found.prediction, study, title="", alt="").layout.meta["drawn"] == 0
