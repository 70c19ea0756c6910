"""The size of a gap in words: an end of a range that is something never reads as nothing, and never the other way."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from explainers.results import Sentence
from explainers.words import cutting, verdict
from tests.words import gates
from tests.words.samples import houses, loans
from tests.words.test_changes import gap


def told(value: float, low: float, high: float) -> str:
    """Return what is said of an error that is so much less than the other's."""
    study = houses()
    found = replace(gap("mae", "better"), value=-value, lower=-high, upper=-low)
    said = verdict.amount(found, study, "business")
    assert said is not None
    assert gates.true([said], study) == []
    return said.text


@pytest.mark.parametrize(
    ("value", "low", "high", "ending"),
    [
        (2.0, 0.02, 4.4, "is just above 0 to 4.4 "),
        (2.0, 0.0, 4.4, "is 0 to 4.4 "),
        (2.0, 0.6, 4.4, "is 0.6 to 4.4 "),
        (2.0, -0.02, 4.4, "is less than 0.2 "),
        (-2.0, -4.4, -0.02, "is just above 0 to 4.4 "),
        (-2.0, -4.4, 0.02, "more to less than 0.2 "),
    ],
)
def test_an_end_near_nothing_is_said_as_what_it_is(value: float, low: float, high: float, ending: str) -> None:
    said = told(value, low, high)
    assert ending in said
    assert gates.plain([Sentence(text=said, kind="range", facts={})]) == []
    assert said.endswith(" more." if high <= 0 else " less.")


def test_a_gap_that_rounds_to_nothing_says_which_way_it_leans() -> None:
    assert told(0.02, -4.0, 4.4).startswith("It is off by slightly less on average.")
    assert told(-0.02, -4.0, 4.4).startswith("It is off by slightly more on average.")
    assert told(0.0, -4.0, 4.4).startswith("It is off by as much on average.")


def test_no_end_that_is_something_reads_as_nothing() -> None:
    chance = np.random.default_rng()
    for _ in range(300):
        low, value, high = np.sort(chance.normal(scale=10 ** chance.uniform(-4, 6), size=3) ** 3)
        assert not re.search(r"(?<![\d.,])0(\.0+)?(?![\d.,]*\d)", told(value, low, high).replace("just above 0", ""))


def test_a_share_near_nothing_is_less_than_a_tenth() -> None:
    assert cutting._in_100(0.0002, 0.031).text == ": less than 0.1 to 3.1 more in 100"
    assert cutting._in_100(-0.0002, 0.031).text == ": from less than 0.1 fewer to 3.1 more in 100"
    assert cutting._in_100(0.0, 0.031).text == ": 0.0 to 3.1 more in 100"


def test_points_of_100_keep_their_words() -> None:
    study = loans()
    said = verdict.amount(replace(gap("auc", "better"), value=0.02, lower=0.001, upper=0.04), study, "business")
    assert said is not None
    assert said.text.endswith("The range of that gap is less than 1 to 4 more.")
