from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers.figures import attribution
from explainers.figures.theme import AGAINST, CONTEXT, TOWARDS
from explainers.reasons import reasons
from explainers.results import Reference
from explainers.study import Dictionary, Feature
from tests.pages import hostile
from tests.words.samples import explained, houses, loans

LOANS, HOUSES = loans(), houses()
SOME = (0.2, -0.05, 0.03, -0.02, 0.004)
amounts = st.lists(st.floats(-0.15, 0.15, allow_nan=False), min_size=5, max_size=5)


def drawn(values: Any = SOME, *, study: Any = LOANS, base: float = 0.3, name: str = "trees", **more: Any) -> Any:
    return attribution.draw(explained(study, name, values, base=base, **more), study, title="", alt="What it says.")


def texts(figure: Any) -> list[str]:
    return list(figure.data[2].text)


def figures(figure: Any) -> list[int]:
    return [int(t.replace("−", "-").replace("+", "")) for t in texts(figure)]


@settings(max_examples=60, deadline=None)
@given(amounts)
def test_plotly_takes_every_property_that_is_drawn_without_its_check(values: list[float]) -> None:
    for study, technical in ((LOANS, False), (LOANS, True), (HOUSES, False)):
        result = explained(study, "trees", values, base=0.3)
        made = attribution.draw(result, study, title="A finding", alt="x", technical=technical).to_dict()
        assert go.Figure(made).to_dict() == made


@settings(max_examples=60, deadline=None)
@given(amounts)
def test_bars_follow_each_other_add_up_and_are_the_reasons(values: list[float]) -> None:
    result = explained(LOANS, "trees", values, base=0.4)
    parts = reasons(result, LOANS)
    figure = attribution.draw(result, LOANS, title="", alt="x")
    bar = figure.data[0]
    lengths, starts = np.array(bar.x, dtype=float), np.array(bar.base, dtype=float)
    assert starts[0] == starts[-1] == 0
    assert np.allclose(starts[1:-1], np.cumsum(lengths[:-2]), atol=1e-9)
    assert lengths[:-1].sum() == pytest.approx(lengths[-1], abs=1e-9)
    steps = [r.amount for r in parts.shown] + ([parts.others] if len(lengths) - 2 > len(parts.shown) else [])
    assert lengths[1:-1] == pytest.approx([100 * s for s in steps])
    assert lengths[-1] == pytest.approx(100 * parts.prediction)
    shown = figures(figure)
    assert sum(shown[:-1]) == shown[-1]


def test_colours_say_the_direction_and_signs_say_it_too() -> None:
    figure = drawn()
    bar = figure.data[0]
    assert bar.marker.color[0] == bar.marker.color[-1] == CONTEXT
    for length, colour, text in list(zip(bar.x, bar.marker.color, texts(figure), strict=True))[1:-1]:
        if length == 0:
            assert text == "0"
            continue
        assert colour == (TOWARDS if length > 0 else AGAINST)
        assert text.startswith("+" if length > 0 else "−")


def test_a_protected_column_has_a_bar_of_its_own() -> None:
    figure = drawn((*SOME, 0.05), name="guarded")
    assert "Group" in figure.layout.yaxis.ticktext


def test_numbers_start_at_zero_in_the_unit_with_separated_thousands() -> None:
    figure = drawn((40_000.0, -12_000.0, 3_000.0), study=HOUSES, base=230_000.0, errors=100.0)
    assert figure.layout.xaxis.title.text == "Price, dollars"
    assert texts(figure)[0] == "230,000"
    assert figure.layout.xaxis.range[0] == 0


@pytest.mark.parametrize(
    ("checked", "axis"), [(True, "turned down, of 100 applications"), (False, "score for being turned down, of 100")]
)
def test_only_checked_chances_are_so_many_in_a_hundred_cases(checked: bool, axis: str) -> None:
    assert drawn(study=loans(checked=checked)).layout.xaxis.title.text == axis


def test_the_alternative_is_kept_for_the_page() -> None:
    assert drawn().layout.meta["alt"] == "What it says."


@pytest.mark.parametrize("label", [*hostile.COLUMNS, *hostile.VALUES])
def test_labels_are_escaped_and_wrap_without_running_into_the_next_bar(label: str) -> None:
    features = {**LOANS.dictionary.features, "debt": Feature(name="debt", label=label)}
    figure = drawn(study=LOANS.replace(dictionary=Dictionary(features=features)))
    for text in (*figure.layout.yaxis.ticktext, *figure.data[0].hovertext):
        assert "<" not in text.replace("<br>", "")
    for text in figure.layout.yaxis.ticktext:
        lines = text.split("<br>")
        assert len(lines) * 15 <= attribution.BAR_PIXELS + 1
        assert all(len(line.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")) <= 17 for line in lines)


def test_the_first_bar_says_what_is_compared_with() -> None:
    rows = LOANS.frame[list(LOANS.candidates["trees"].features)]
    other = Reference(kind="case", rows=rows[:1], population=1, case="17")
    assert "17" in drawn(reference=other).layout.yaxis.ticktext[0].replace("<br>", " ")
    assert "Average" in drawn().layout.yaxis.ticktext[0]


def test_a_constant_answer_has_two_equal_bars_and_no_reason() -> None:
    bar = drawn((0.0,) * 5, name="none", errors=0.0).data[0]
    assert list(bar.x) == pytest.approx([30, 30])


@pytest.mark.parametrize(
    ("value", "decimals", "text"), [(-1234.5, 1, "−1,234.5"), (-0.04, 1, "0.0"), (0, 0, "0"), (2e6, 0, "2,000,000")]
)
def test_figures_have_a_real_minus_and_never_minus_nothing(value: float, decimals: int, text: str) -> None:
    assert attribution.number(value, decimals) == text
    assert attribution.signed(abs(value), decimals).lstrip("+") == text.lstrip("−")
