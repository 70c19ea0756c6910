"""Figures of quality: what is drawn equals the results, text is escaped, the alternative is kept."""

from __future__ import annotations

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


def test_quality_has_one_row_per_option_and_open_dots_where_nothing_was_shown() -> None:
    study = loans()
    none = judged(candidate="none", standing="", difference=None, measured=metric("auc", 0.5, lower=0.5, upper=0.5))
    result = {"none": none, "trees": judged(), "guarded": judged(candidate="guarded", word="cannot tell")}
    figure = quality.draw(result, study, title="t", alt="a", axis="pairs of 100", chosen="trees")
    assert [d.x[0] for d in figure.data] == [0.5, 0.8, 0.8]
    assert [d.marker.symbol for d in figure.data] == ["circle", "circle", "circle-open"]
    assert figure.layout.shapes[0].x0 == 0.5
    assert "<b>Many trees</b>" in figure.layout.yaxis.ticktext
