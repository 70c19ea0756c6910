"""Figures of money as text in a link: what goes in comes out, and nonsense means nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.parts import compare_figures as figures
from tests.pages import hostile

NAMES = st.text(min_size=1, max_size=40).filter(lambda n: n not in figures.WHO and n.isprintable())
NUMBERS = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12)


@given(st.dictionaries(NAMES, NUMBERS, max_size=20))
def test_numbers_come_back_to_the_last_digit(changed: dict[str, float]) -> None:
    text = figures.to_text(changed)
    assert text.isascii()
    assert figures.from_text(text) == changed or len(text) > figures.LONGEST


@pytest.mark.parametrize("name", [*hostile.TEXTS, "wrong:yes:no", "wrong:a%3Ab:c", "build_hours:black_box"])
def test_hostile_names_and_texts_come_back_as_they_are(name: str) -> None:
    assert figures.from_text(figures.to_text({name: 2.5})) == {name: 2.5}
    assert figures.from_text(figures.to_text({"currency": name})) == {"currency": name[: figures.LONGEST_TEXT]}


@pytest.mark.parametrize(
    "text",
    [None, 7, ["a:1"], "", "a", "a:", ":1", "a:b", "a:nan", "a:inf", "a:-inf", "a:1e999", "x" * 7000, "own"],
)
def test_nonsense_means_no_change(text: object) -> None:
    assert figures.from_text(text) == {}


def test_nobody_confirms_by_a_link() -> None:
    assert figures.from_text("confirmed_by:~the%20board;confirmed_on:~today;hourly_rate:7") == {"hourly_rate": 7.0}


def test_a_link_is_short_and_readable_where_figures_are_plain() -> None:
    assert figures.to_text({"hourly_rate": 75.0, "cpu_hour": 0.04048}) == "cpu_hour:0.04048;hourly_rate:75"
