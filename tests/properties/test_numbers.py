"""Numbers read out are true of the numbers they stand for."""

from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from explainers.reasons import Step
from explainers.study import Feature
from explainers.words import numbers, phrases
from explainers.words.numbers import MINUS, Scale, relation
from tests.words.samples import loans

HUNDREDTH, THOUSANDTH = Step(1, -2), Step(1, -3)
chances = st.floats(0, 1)
steps = st.sampled_from([HUNDREDTH, THOUSANDTH])


@settings(max_examples=1000)
@given(chances, chances, steps)
def test_comparisons_are_true_of_the_exact_and_of_the_shown_numbers(value: float, base: float, step: Step) -> None:
    how = relation(value, base, step)
    a, b = step.count(value), step.count(base)
    if how == "several times":
        assert value > 3 * base
        assert a > 3 * b
    elif how == "twice":
        assert value > 2 * base
        assert a > 2 * b
    elif how == "above":
        assert value > base
        assert a > b
    elif how == "below":
        assert value < base
        assert a < b
    elif how == "half":
        assert value * 2 < base
        assert a * 2 < b
    elif how == "third":
        assert value * 3 < base
        assert a * 3 < b
    else:
        assert abs(a - b) <= 3
        assert a == b or abs(value - base) <= 0.1 * base


@settings(max_examples=500)
@given(chances, st.sampled_from(["chance", "score"]), steps)
def test_a_chance_never_reads_as_certainty(value: float, kind: str, step: Step) -> None:
    scale = Scale(kind, step)  # type: ignore[arg-type]
    said = scale.answer(value)
    shown, of = said.facts["shown"], said.facts["of"]
    assert 1 <= shown <= of - 1
    assert str(shown) in said.text.replace(",", "")
    if said.text.startswith(("fewer", "below")):
        assert value < shown / of
    elif said.text.startswith(("more", "above")):
        assert value > shown / of
    else:
        assert abs(value - shown / of) <= step.size / 2 + 1e-12


@given(st.floats(-1, 1), steps)
def test_amounts_carry_the_sign_of_the_number_with_a_real_minus(value: float, step: Step) -> None:
    text = Scale("chance", step).amount(value).text
    n = step.count(value)
    assert text.startswith("+" if n > 0 else MINUS if n < 0 else "0")
    assert "-" not in text
    assert int(re.findall(r"[\d,]+", text)[0].replace(",", "")) == abs(n)


@given(st.floats(-1e9, 1e9), st.sampled_from([1, 2, 5]), st.integers(-3, 5))
def test_a_number_is_shown_within_half_a_step(value: float, mantissa: int, exponent: int) -> None:
    step = Step(mantissa, exponent)
    text = Scale("number", step).answer(value).text
    shown = float(text.replace(",", "").replace(MINUS, "-"))
    assert abs(shown - value) <= step.size / 2 * (1 + 1e-6) + 1e-6


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_plain_numbers_keep_three_digits_and_no_idle_zeros(value: float) -> None:
    text = numbers.plain(value)
    shown = float(text.replace(",", "").replace(MINUS, "-"))
    assert abs(shown - value) <= max(abs(value) * 0.006, 1e-12)
    assert not re.search(r"\.\d*0$", text)
    assert "-" not in text


@given(st.integers(0, 10**6))
def test_ordinals(n: int) -> None:
    text = numbers.ordinal(n)
    assert text[-2:] == ("th" if 10 < n % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th"))
    assert int(text[:-2].replace(",", "")) == n


@given(st.floats(0, 1))
def test_shares_of_known_rows_are_true(part: float) -> None:
    said = numbers.share(part)
    shown = said.facts["shown"]
    if said.text.startswith("fewer"):
        assert 0 < part < shown / 100
    elif said.text.startswith("more"):
        assert shown / 100 < part < 1
    else:
        assert abs(part * 100 - shown) <= 0.5 + 1e-9
    assert (said.text == "0 in 100") == (part == 0)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=2, max_size=60), st.integers(-2, 14))
def test_how_usual_a_number_is_is_counted_truly(values: list[int], value: int) -> None:
    study = loans(len(values)).replace(
        frame=loans(len(values)).frame.assign(years=values),
        split=pd.Series(["train"] * len(values), index=loans(len(values)).frame.index),
    )
    said = phrases.usual(study, "years", value)
    assert said is not None
    below, above = np.mean(np.array(values) < value), np.mean(np.array(values) > value)
    counted = re.search(r"(\d+) in (\d+)", said.text)
    if said.text.startswith("higher"):
        assert counted
        assert below >= int(counted[1]) / int(counted[2]) - 1e-9
    elif said.text.startswith("lower"):
        assert counted
        assert above >= int(counted[1]) / int(counted[2]) - 1e-9
    elif said.text.startswith("like"):
        tied = np.mean(np.array(values) == value)
        assert tied > 0
        assert said.text.startswith("like all") if tied == 1 else counted
    else:
        assert said.text == "about as usual"
        assert max(below, above) < 0.6
    assert said.facts.get("rows") == len(values)


@given(st.lists(st.sampled_from(["no", "yes"]), min_size=1, max_size=60), st.sampled_from(["no", "yes", "new"]))
def test_how_usual_a_level_is_is_counted_truly(values: list[str], value: str) -> None:
    base = loans(len(values))
    study = base.replace(
        frame=base.frame.assign(record=values), split=pd.Series(["train"] * len(values), index=base.frame.index)
    )
    said = phrases.usual(study, "record", value)
    assert said is not None
    share = values.count(value) / len(values)
    if share == 0:
        assert said.text == "unlike any of the applicants seen before"
    elif share == 1:
        assert said.text == "like all applicants"
    else:
        assert numbers.share(share).text in said.text
        assert ("only" in said.text) == (share < 0.095 and "fewer" not in said.text)


def test_only_training_rows_count_for_what_is_usual() -> None:
    study = loans(10)
    split = pd.Series(["train"] * 5 + ["test"] * 5, index=study.frame.index)
    study = study.replace(frame=study.frame.assign(years=[1] * 5 + [9] * 5), split=split)
    said = phrases.usual(study, "years", 1)
    assert said is not None
    assert (said.text, said.facts["rows"]) == ("like all applicants", 5)


@pytest.mark.parametrize(
    ("value", "style", "text"),
    [
        (0.46, "percent", "46%"),
        (0.045, "percent", "4.5%"),
        (3.0, "percent", "300%"),
        (0.0, "percent", "0%"),
        (3.9000000953, "points", "3.9%"),
        (1234567.0, "number", "1,230,000"),
        (12.0, "integer", "12"),
        (-4.25, "number", "−4.25"),
    ],
)
def test_formats(value: float, style: str, text: str) -> None:
    said = phrases.value_text(Feature(name="x", label="X"), value, style=style)
    assert said == (text if style != "number" or value < 1e6 else "1,234,567")


@pytest.mark.parametrize(
    ("text", "unit", "said"),
    [
        ("20", "minutes", "20 minutes"),
        ("1", "minutes", "1 minute"),
        ("5", "$", "$5"),
        ("−5", "€", "−€5"),
        ("3", "%", "3%"),
        ("2", None, "2"),
    ],
)
def test_units(text: str, unit: str | None, said: str) -> None:
    assert numbers.measured(text, unit, one=text == "1") == said


def test_dates() -> None:
    assert numbers.date("2024-03-03") == "3 March 2024"
    assert numbers.date(pd.Timestamp("2024-03-03 14:05")) == "3 March 2024, 14:05"
    assert numbers.date("not a day") == "not a day"
    assert numbers.date(pd.NaT) == "NaT" or numbers.missing(pd.NaT)


@given(st.floats(0.001, 1e6))
def test_levels_are_found_whatever_they_were_kept_as(x: float) -> None:
    assume(not math.isclose(x, round(x)))
    words = {"yes": "y", 1: "one", "2": "two"}
    assert phrases.level_words(words, True) == "y"
    assert phrases.level_words(words, np.int64(1)) == "one"
    assert phrases.level_words(words, 1.0) == "one"
    assert phrases.level_words(words, 2.0) == "two"
    assert phrases.level_words(words, "1") == "one"
    assert phrases.level_words(words, x) is None
    assert phrases.level_words(words, None) is None
