"""Ranges in words: true of their numbers, plain, and honest where a promise did not hold or nothing can be said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers import Study, intervals, open_study
from explainers.attribution import explain
from explainers.results import Coverage, Interval, Narrative, WhyNoRange
from explainers.words import attribution as say_why
from explainers.words import coverage as say_coverage
from explainers.words import intervals as say
from explainers.words import segments
from explainers.words.say import text
from tests.conftest import ROOT
from tests.words import gates, samples

STUDIES = {
    "saratoga_prices": ("formula", "tree", "no_model"),
    "saratoga_heating": ("formula", "rule", "no_model"),
    "boston_mortgages": ("formula", "rule", "no_model"),
    "cigarette_demand": ("formula", "tree", "no_model"),
}


def opened(name: str) -> Study:
    return open_study(ROOT / "sample_data" / name, build=False)


def faults(study: Study, narrative: Narrative, *, plain: bool = True) -> list[str]:
    every = gates.every(narrative)
    return gates.true(every, study) + (gates.plain(every) if plain else [])


@pytest.mark.parametrize("name", list(STUDIES))
def test_coverage_is_told_truly_and_plainly(name: str) -> None:
    study = opened(name)
    for option in STUDIES[name]:
        for level in intervals.LEVELS:
            found = intervals.coverage(study, option, level=level)
            for owner in (False, True):
                assert not faults(study, say_coverage.describe(found, study, owner=owner))
                technical = say_coverage.describe(found, study, owner=owner, audience="technical")
                assert not faults(study, technical, plain=False)
            places, labels = say_coverage.chart_rows(found, study)
            assert len(places) == len(labels) == len(set(labels))
            assert all(found.verdict[k] != "too few" for k in places[1:])
            assert say_coverage.title(found, study)
            assert say_coverage.alt(found, study).endswith(".")
            assert len(say_coverage.table(found, study, owner=True)) == len(found.n)


@pytest.mark.parametrize("name", list(STUDIES))
def test_groups_of_one_column_are_told_truly_and_stand_in_its_order(name: str) -> None:
    study = opened(name)
    option = STUDIES[name][0]
    for by in ("prediction", *study.inputs):
        found = intervals.coverage(study, option, by=by)
        for audience in ("business", "technical"):
            said = say_coverage.picked(found, study, audience=audience)
            assert said
            assert not gates.true(said, study)
            if audience == "business":
                assert not gates.plain(said)
        places, labels = say_coverage.chart_rows(found, study)
        assert len(set(labels)) == len(labels)
        shown = [k for k in range(1, len(found.n)) if found.verdict[k] != "too few"]
        if by in study.dictionary and study.dictionary[by].kind == "ordered":
            levels = [str(level) for level in study.dictionary[by].level_labels]
            shown.sort(key=lambda k: levels.index(str(found.value[k])))
        assert list(places) == [0, *shown]
        if len(found.n) == 1:
            assert said[0].text.startswith("There are no groups here")


@pytest.mark.parametrize("name", list(STUDIES))
def test_a_case_is_told_truly_and_plainly_with_its_reasons(name: str) -> None:
    study = opened(name)
    option = STUDIES[name][0]
    cases = study.rows("test").iloc[:8]
    reasons = explain(study, option, cases)
    for level in intervals.LEVELS:
        found = intervals.interval(study, option, cases, level=level)
        counted = intervals.coverage(study, option, level=level)
        for row in range(len(cases)):
            for coverage in (None, counted):
                told = say.describe(found, study, coverage=coverage, row=row)
                assert not gates.true(gates.every(told), study)
                whole = say_why.describe(reasons, study, row=row)
                together = (*gates.every(told), *gates.every(whole))
                assert not gates.plain(together)
                technical = say.describe(found, study, coverage=coverage, row=row, audience="technical")
                assert not faults(study, technical, plain=False)


# -- made by hand ----------------------------------------------------------------------------------------------------
def made(**changes: Any) -> Interval:
    fields: dict[str, Any] = {
        "candidate": "trees",
        "prediction": np.array([0.31]),
        "lower": np.array([0.243]),
        "upper": np.array([0.378]),
        "rate": np.array([0.306]),
        "outcome": ("yes",),
        "group_n": (48,),
        "group_hits": (15,),
        "level": 0.9,
        "method": "sigmoid",
        "n_calibration": 476,
    }
    return Interval(**{**fields, **changes})


def counts(**changes: Any) -> Coverage:
    fields: dict[str, Any] = {
        "candidate": "trees",
        "kind": "ranges",
        "level": 0.9,
        "method": "normalised",
        "n_calibration": 100,
        "feature": ("", "record", "record", "group", "history"),
        "value": (None, "no", "yes", "a", 2),
        "n": (200, 150, 50, 60, 7),
        "covered": np.array([0.9, 0.94, 0.78, 0.7, 0.5]),
        "lower": np.array([0.85, 0.89, 0.65, 0.57, 0.25]),
        "upper": np.array([0.93, 0.97, 0.87, 0.8, 0.75]),
        "width": np.ones(5),
        "verdict": ("held", "held", "cannot tell", "short", "too few"),
        "order": (3, 2, 1),
        "least": 30,
    }
    return Coverage(**{**fields, **changes})


def rates(**changes: Any) -> Coverage:
    fields: dict[str, Any] = {
        "kind": "rates",
        "method": "sigmoid",
        "feature": ("", "prediction", "prediction", "record"),
        "value": (None, (0.1, 0.2), (0.2, 0.6), "yes"),
        "n": (200, 100, 100, 40),
        "covered": np.array([0.2, 0.1, 0.3, 0.5]),
        "lower": np.array([0.15, 0.05, 0.2, 0.35]),
        "upper": np.array([0.25, 0.17, 0.4, 0.65]),
        "width": np.full(4, 0.1),
        "stated": np.array([0.2, 0.12, 0.28, 0.2]),
        "stated_lower": np.array([0.15, 0.08, 0.2, 0.15]),
        "stated_upper": np.array([0.25, 0.16, 0.36, 0.25]),
        "inside": (True, True, True, False),
        "verdict": ("held", "held", "held", "short"),
        "order": (3, 1, 2),
    }
    return counts(**{**fields, **changes})


def test_a_frequency_speaks_of_a_hundred_and_never_of_the_one() -> None:
    study = samples.loans()
    said = text(say.describe(made(), study, coverage=rates()))
    assert "Of 100 applications with a similar score, about 31 were turned down by the lender: 24 to 38." in said
    assert "In both groups of similar scores" in said
    assert "your" not in said


def test_a_second_figure_that_would_puzzle_is_left_out() -> None:
    study = samples.loans()
    said = say.describe(made(prediction=np.array([0.36])), study).headline.text
    assert said == "Of 100 applications with a similar score, 24 to 38 were turned down by the lender."
    unchecked = samples.loans(checked=None)
    assert "about 31" in say.describe(made(prediction=np.array([0.36])), unchecked).headline.text


def test_an_answer_outside_its_own_range_is_said_first() -> None:
    study = samples.loans()
    told = say.describe(made(prediction=np.array([0.62])), study)
    assert told.caveats[0].text == "The option’s own score, 62 of 100, is above that range."
    assert "below that range" in say.describe(made(prediction=np.array([0.1])), study).caveats[0].text
    assert not say.describe(made(), study).caveats


def test_rare_outcomes_are_counted_in_a_thousand() -> None:
    study = samples.loans()
    rare = made(prediction=np.array([0.004]), rate=np.array([0.004]), lower=np.array([0.0012]), upper=np.array([0.014]))
    assert "Of 1,000 applications" in say.describe(rare, study).headline.text
    assert "1 to 14" in say.describe(rare, study).headline.text


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_whatever_the_rates_the_text_is_true(a: float, b: float, c: float, own: float) -> None:
    low, rate, high = sorted((a, b, c))
    study = samples.loans()
    found = made(prediction=np.array([own]), rate=np.array([rate]), lower=np.array([low]), upper=np.array([high]))
    assert not gates.true(gates.every(say.describe(found, study, coverage=rates())), study)


def test_what_is_left_is_named_and_what_is_ruled_out() -> None:
    study = opened("saratoga_heating")
    found = made(
        candidate="tree", rate=np.array([np.nan]), method="sets by class", sets=(("gas", "oil"),), outcome=("gas",)
    )
    assert say.describe(found, study).headline.text == "Gas or oil; electricity is ruled out."
    alone = replace(found, sets=(("gas",),))
    assert say.describe(alone, study).headline.text == "Gas; electricity and oil are ruled out."
    every = replace(found, sets=(("gas", "oil", "electric"),))
    assert say.describe(every, study).headline.text == "Nothing can be ruled out: gas, oil or electricity."


@pytest.mark.parametrize("why", ["no calibration rows", "too few", "unknown history", "one class"])
def test_where_there_is_no_range_it_says_why(why: WhyNoRange) -> None:
    study = samples.loans()
    none = made(method="none", why=why, n_calibration=7)
    told = say.describe(none, study)
    assert told.headline.text.startswith("No range can be given")
    assert not faults(study, told)
    covered = Coverage(candidate="trees", kind="rates", level=0.9, method="none", why=why)
    assert say_coverage.describe(covered, study).headline.text.startswith("No range can be given")
    told = say.describe(made(), study, coverage=covered)
    assert not gates.true(gates.every(told), study)


def test_a_promise_that_did_not_hold_comes_before_anything_else() -> None:
    study = samples.loans()
    short = counts(
        covered=np.array([0.74, 0.7, 0.7, 0.7, 0.5]), verdict=("short", "short", "short", "short", "too few")
    )
    told = say_coverage.describe(short, study)
    assert told.headline.text == (
        "The promise did not hold: ranges that promise 90 in 100 held for 74 in 100 never-seen applications, "
        "16 fewer than promised."
    )
    caveat = say.describe(made(), study, coverage=short).caveats[0].text
    assert "only 74 in 100 never-seen applications" in caveat
    assert not gates.true(gates.every(told), study)


def test_a_gap_that_may_be_chance_is_called_that() -> None:
    study = samples.loans()
    unsure = counts(covered=np.array([0.87, 0.9, 0.9, 0.9, 0.5]), verdict=("cannot tell", *["held"] * 3, "too few"))
    assert "being 3 short may be chance" in say_coverage.headline(unsure, study).text
    few = counts(n=(12, 6, 6, 4, 2), verdict=("too few",) * 5, order=())
    assert say_coverage.headline(few, study).text.startswith("Too few never-seen applications to tell")


def test_protected_groups_are_the_owners() -> None:
    study = samples.loans()
    found = counts()
    assert "first group" not in text(say_coverage.describe(found, study))
    assert "“Group” is “first group”" in text(say_coverage.describe(found, study, owner=True))
    assert segments.worst(found, study) == 2
    assert segments.worst(found, study, owner=True) == 3
    assert all(not r.protected for r in say_coverage.table(found, study))


def test_the_worst_group_is_named_with_its_own_uncertainty_and_the_small_ones_too() -> None:
    study = samples.loans()
    said = text(say_coverage.describe(counts(), study))
    assert "hold least often where there is a public record: for 39 of 50. The true share" in said
    assert "is likely 65 to 87 in 100." in said
    assert "Among 2 groups, that much may be chance." in said
    assert "Too few applications to tell: “Credit history: grade 2 of 4” (7)." in said
    short = text(say_coverage.describe(counts(), study, owner=True))
    assert "Chance alone does not explain that, even among 3 groups." in short


def test_rates_say_in_how_many_groups_they_fit() -> None:
    study = samples.loans()
    assert say_coverage.headline(rates(), study).text == (
        "In both groups of similar scores, the real rate fitted the stated range."
    )
    wrong = rates(inside=(True, True, False, False))
    assert "In only 1 of 2 groups" in say_coverage.headline(wrong, study).text
    told = say_coverage.describe(rates(), study)
    assert "Of 40, about 8 were expected, and it was 20." in text(told)
    assert not gates.true(gates.every(told), study)


def test_levels_have_their_words() -> None:
    assert [say.level_words(level).text for level in intervals.LEVELS] == ["8 in 10", "9 in 10", "19 in 20"]
    assert say.level_words(0.85).text == "85 in 100"


def test_the_sign_of_a_shortfall_is_never_turned() -> None:
    study = samples.loans()
    more = counts(covered=np.array([0.96, 0.96, 0.96, 0.96, 0.9]))
    assert "fewer" not in say_coverage.headline(more, study).text
    assert "kept the promise" in text(say_coverage.describe(more, study))
