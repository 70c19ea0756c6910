from __future__ import annotations

import dataclasses
import datetime as dt
import html as html_module
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers.report.letter import Letter, Refusal, letter
from explainers.results import Reference
from explainers.study import Dictionary
from tests.words import gates
from tests.words.samples import HOSTILE, explained, houses, loans

STUDY = loans()
DAY = dt.date(2026, 3, 9)


def write(values: list[float], *, name: str = "trees", **more: object) -> Letter | Refusal:
    return letter(explained(STUDY, name, values, base=0.12, **more), STUDY, today=DAY)  # type: ignore[arg-type]


def test_a_letter_says_answer_reasons_whom_to_ask_and_how_to_challenge() -> None:
    made = write([0.5, -0.1, 0.05, 0.03, 0.02])
    assert isinstance(made, Letter)
    for piece in (
        "9 March 2026",
        "About application r0",
        "Sample study: not for decisions.",
        "About 62 in 100 applications with a score like this were turned down by the lender",
        "The option flags this application.",
        "It is not a decision about you.",
        "1. Debt payments take",
        "For questions, ask the loan desk.",
        "You can challenge an answer. Write to the loan desk.",
        "version beefcafe",
    ):
        assert piece in made.text
    assert [r.feature for r in made.reasons] == ["debt", "record", "jobless", "years"]
    assert "credit history" not in made.text
    assert gates.plain(made.sentences) == []
    assert gates.true(made.sentences, STUDY) == []


def test_of_five_strong_reasons_the_four_strongest_are_told() -> None:
    made = write([0.05, 0.2, 0.1, 0.3, 0.15])
    assert isinstance(made, Letter)
    assert [r.exact for r in made.reasons] == pytest.approx([0.3, 0.2, 0.15, 0.1])
    assert "4. " in made.text
    assert "5. " not in made.text


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.floats(-0.3, 0.3), min_size=5, max_size=5),
    st.lists(st.floats(0, 0.1), min_size=5, max_size=5),
    st.floats(0.05, 0.6),
)
def test_every_reason_is_against_and_above_its_own_error(values: list[float], sizes: list[float], base: float) -> None:
    made = letter(explained(STUDY, "trees", values, base=base, errors=np.array(sizes)), STUDY, today=DAY)
    strong = [v for v, s in zip(values, sizes, strict=True) if v > 1.96 * s and v >= 0.005]
    if isinstance(made, Refusal):
        assert made.code == "no_reason"
        assert not strong
        return
    assert 1 <= len(made.reasons) <= 4
    assert all(r.exact > 0 and r.exact > r.error and not r.protected for r in made.reasons)
    assert len(re.findall(r"^\d\. ", made.text, re.MULTILINE)) == len(made.reasons)


@pytest.mark.parametrize(
    ("code", "made"),
    [
        ("protected", lambda: write([0.5, 0, 0, 0, 0, 0.1], name="guarded")),
        ("protected", lambda: write([0.5, 0, 0, 0, 0, 0.0], name="guarded")),
        ("no_reason", lambda: write([-0.05, -0.02, 0, 0, 0])),
        ("no_reason", lambda: write([0.05, 0, 0, 0, 0], errors=0.05)),
        ("no_weight", lambda: write([0.0] * 5, name="none")),
        ("not_two_outcomes", lambda: write([0.5, 0, 0, 0, 0], outcome="no")),
        (
            "other_case",
            lambda: write([0.5, 0, 0, 0, 0], reference=Reference(kind="case", rows=STUDY.frame[:1], case="r1")),
        ),
        ("not_two_outcomes", lambda: letter(explained(houses(), "trees", [9e4, 0, 0], base=2e5), houses())),
    ],
)
def test_no_letter_and_why(code: str, made: object) -> None:
    refused = made()  # type: ignore[operator]
    assert isinstance(refused, Refusal)
    assert refused.code == code
    assert refused.reason.text.startswith("No letter is issued: ")
    assert gates.true([refused.reason], STUDY) == []


def test_the_refusal_names_the_protected_characteristics() -> None:
    refused = write([0.5, 0, 0, 0, 0, 0.1], name="guarded")
    assert isinstance(refused, Refusal)
    assert "“Group”" in refused.reason.text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_stay_words(hostile: str) -> None:
    features = {
        f.name: dataclasses.replace(f, label=hostile, phrase=hostile.replace("{value}", "")) for f in STUDY.dictionary
    }
    study = STUDY.replace(dictionary=Dictionary(features=features), contact=hostile, title=hostile)
    made = letter(explained(study, "trees", [0.5, 0, 0, 0, 0], base=0.12), study, today=DAY)
    assert isinstance(made, Letter)
    assert hostile in made.text
    assert "<img" not in made.html
    assert html_module.escape(hostile) in made.html
    assert not re.search(r"<(?:script|a|img|link|iframe)\b|https?:", made.html)


def test_a_typed_in_case_has_no_number() -> None:
    e = explained(STUDY, "trees", [0.5, 0, 0, 0, 0], base=0.12)
    made = letter(dataclasses.replace(e, cases=e.cases.assign(debt=0.77)), STUDY, today=DAY)
    assert isinstance(made, Letter)
    assert made.case == ""
    assert "About a typed-in application" in made.text
