"""The figure of growth: what is drawn equals the result, and nothing is drawn of nothing."""

from __future__ import annotations

import plotly.graph_objects as go
import pytest

from explainers.figures import growth
from explainers.results import Growth
from explainers.words import growth as say
from tests.words.samples import HOSTILE, houses, loans
from tests.words.test_costs import grown


def drawn(result: Growth, **more: object) -> go.Figure:
    study = loans()
    return growth.draw(result, study, title=say.title(result, study), alt=say.alt(result, study), of=100.0, **more)  # type: ignore[arg-type]


def test_every_size_is_drawn_with_its_range_and_its_time() -> None:
    result = grown()
    figure = drawn(result, measure=say.axis(result, loans()))
    quality, time = figure.data
    assert list(quality.x) == [357, 714, 1428]
    assert list(quality.y) == pytest.approx([74, 77, 80])
    top = [y + e for y, e in zip(quality.y, quality.error_y.array, strict=True)]
    low = [y - e for y, e in zip(quality.y, quality.error_y.arrayminus, strict=True)]
    assert top == pytest.approx([100 * s.measured.upper for s in result.steps])
    assert low == pytest.approx([100 * s.measured.lower for s in result.steps])
    assert list(time.y) == pytest.approx([0.2, 0.33, 0.62])
    assert figure.layout.xaxis2.ticktext == ("357", "714", "1,428")
    assert figure.layout.yaxis2.range[0] == 0
    assert figure.layout.yaxis.title.text.replace("<br>", " ") == "of 100 pairs in the right order"
    assert figure.layout.meta["alt"].startswith("More past applications would likely help")


def test_without_sizes_it_is_empty_and_without_ranges_whole() -> None:
    nothing = Growth(candidate="trees", why="came fitted", metric="auc")
    assert [len(t.x) for t in drawn(nothing).data] == [0, 0]
    from dataclasses import replace

    steps = tuple(replace(s, measured=replace(s.measured, lower=None, upper=None)) for s in grown().steps)
    assert list(drawn(grown(steps=steps)).data[0].error_y.array) == [0, 0, 0]


def test_text_of_a_study_is_shown_as_it_is() -> None:
    for name in HOSTILE:
        study = houses().replace(cases=name)
        figure = growth.draw(grown("mae"), study, title="", alt="", measure=name)
        assert "<img" not in figure.to_json()
