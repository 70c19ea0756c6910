"""Figures of quality: what is drawn equals the results, text is escaped, the alternative is kept."""

from __future__ import annotations

from dataclasses import replace

import plotly.graph_objects as go
import pytest

from explainers.figures import quality, reliability, triage
from explainers.words import calibration as say_calibration
from explainers.words import triage as say_triage
from tests.words.samples import loans
from tests.words.test_quality import judged, metric, reliable, rule, triaged


def test_reliability_shows_every_group_with_its_range() -> None:
    study, result = loans(), reliable()
    figure = reliability.draw(result, study, title="", alt=say_calibration.alt(result, study))
    dots = figure.data[0]
    assert list(dots.x) == pytest.approx([100 * v for v in result.stated])
    assert list(dots.y) == pytest.approx([100 * v for v in result.observed])
    top = [y + e for y, e in zip(dots.y, dots.error_y.array, strict=True)]
    assert top == pytest.approx([100 * v for v in result.upper])
    assert list(dots.marker.size) == sorted(dots.marker.size, reverse=True)
    assert figure.layout.meta["alt"].startswith("The chances of “Many trees” held")


def test_triage_shows_every_rule_and_marks_the_chosen_one() -> None:
    study, result = loans(), triaged(rule(person=200))
    figure = triage.draw(result, study, title=say_triage.title(result, study), alt=say_triage.alt(result, study))
    line, mark = figure.data[1], figure.data[2]
    assert list(line.x) == pytest.approx([100 * 234 / 476])
    assert list(mark.x) == pytest.approx([100 * 200 / 476])
    assert list(line.y) == pytest.approx([100 * 10 / 242])
    assert len(triage.draw(triaged(None), study, title="", alt="").data) == 2


def test_the_name_of_the_dashed_line_stands_where_no_line_runs() -> None:
    study, result = loans(), triaged(None)
    base = result.rules[0]

    def made(uppers: list[float]) -> go.Figure:
        rules = tuple(
            replace(base, person=round(476 * k / 10), error=u / 3, lower=0.0, upper=u) for k, u in enumerate(uppers)
        )
        return triage.draw(replace(result, rules=rules, allowed=0.1), study, title="", alt="")

    falling = made([0.2, 0.18, 0.14, 0.11, 0.08, 0.06, 0.05, 0.04, 0.03, 0.02]).layout.annotations[0]
    assert (falling.x, falling.xanchor, falling.yanchor) == (100, "right", "bottom")
    rising = made([0.02, 0.03, 0.03, 0.04, 0.05, 0.06, 0.07, 0.09, 0.12, 0.2]).layout.annotations[0]
    assert (rising.x, rising.xanchor, rising.yanchor) == (0, "left", "bottom")
    both = made([0.2, 0.14, 0.07, 0.05, 0.04, 0.04, 0.05, 0.07, 0.13, 0.2]).layout.annotations[0]
    assert (both.x, both.xanchor, both.yanchor) == (50, "center", "bottom")


def test_quality_has_one_row_per_option_and_open_dots_where_nothing_was_shown() -> None:
    study = loans()
    none = judged(candidate="none", standing="", difference=None, measured=metric("auc", 0.5, lower=0.5, upper=0.5))
    result = {"none": none, "trees": judged(), "guarded": judged(candidate="guarded", word="cannot tell")}
    figure = quality.draw(result, study, title="t", alt="a", axis="pairs of 100", chosen="trees")
    assert [d.x[0] for d in figure.data] == [0.5, 0.8, 0.8]
    assert [d.marker.symbol for d in figure.data] == ["circle", "circle", "circle-open"]
    assert figure.layout.shapes[0].x0 == 0.5
    assert "<b>Many trees</b>" in figure.layout.yaxis.ticktext


def test_figures_of_which_one_is_near_zero_are_read_from_zero() -> None:
    study = loans()

    def drawn(*values: float) -> object:
        found = {
            name: judged(candidate=name, standing="", measured=metric("mae", v, lower=0.9 * v, upper=1.1 * v))
            for name, v in zip(("none", "trees"), values, strict=True)
        }
        return quality.draw(found, study, title="t", alt="a").layout.xaxis.rangemode

    assert drawn(22.0, 4.4) == "tozero"
    assert drawn(72_000.0, 38_000.0) is None
