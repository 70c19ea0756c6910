# ruff: noqa: E501 (whole sentences stay on one line)
from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers.reasons import reasons
from explainers.results import Explanation, Reference
from explainers.study import Dictionary, Feature, Study
from explainers.words import attribution, case, phrases, say
from tests.words import gates
from tests.words.parser import parse
from tests.words.samples import HOSTILE, explained, houses, loans

STUDY, HOUSES = loans(), houses()
LOANS = {checked: loans(checked=checked) for checked in (True, False, None)}
amounts = st.floats(-0.3, 0.3, allow_nan=False)


def told(values: Any, *, study: Study = STUDY, name: str = "trees", base: float = 0.12, **more: Any) -> str:
    return say.text(attribution.describe(explained(study, name, values, base=base, **more), study))


@pytest.mark.parametrize(
    ("prediction", "headline"),
    [
        (
            0.31,
            "About 31 in 100 applications with a score like this were turned down by the lender, more than twice the usual 12 in 100.",
        ),
        (
            0.24,
            "About 24 in 100 applications with a score like this were turned down by the lender, above the usual 12 in 100.",
        ),
        (
            0.12,
            "About 12 in 100 applications with a score like this were turned down by the lender, the same as the average.",
        ),
        (
            0.11,
            "About 11 in 100 applications with a score like this were turned down by the lender, close to the usual 12 in 100.",
        ),
        (
            0.004,
            "Fewer than 1 in 100 applications with a score like this were turned down by the lender, less than a third of the usual 12 in 100.",
        ),
        (
            1.0,
            "More than 99 in 100 applications with a score like this were turned down by the lender, more than three times the usual 12 in 100.",
        ),
    ],
)
def test_the_headline_is_a_full_sentence_that_is_true_of_its_number(prediction: float, headline: str) -> None:
    assert told([prediction - 0.12, 0, 0, 0, 0]).split("\n\n")[0] == headline


@pytest.mark.parametrize(
    ("checked", "headline"),
    [
        (
            None,
            "The score for being turned down by the lender is 31 of 100, more than twice the usual 12 of 100; it was not checked against outcomes.",
        ),
        (
            False,
            "The score for being turned down by the lender is 31 of 100, more than twice the usual 12 of 100; such scores did not match outcomes when checked.",
        ),
    ],
)
def test_only_checked_scores_are_frequencies(checked: bool | None, headline: str) -> None:
    text = told([0.19, 0, 0, 0, 0], study=loans(checked=checked))
    assert text.split("\n\n")[0] == headline
    assert "in 100" not in text.replace("like 25 in 100 applicants", "").split("The option")[-1]


def test_the_words_for_both_sides_differ() -> None:
    cases = {
        "everything that stands out counts towards": [0.2, 0.1, 0, 0, 0],
        "everything that stands out counts against": [-0.05, -0.04, 0, 0, 0],
        "one thing stands out, and it counts towards": [0.2, 0, 0, 0, 0],
        "one thing stands out, and it counts against": [-0.1, 0, 0, 0, 0],
        "one thing counts towards being turned down by the lender and two against it": [0.2, -0.1, -0.05, 0, 0],
        "no single thing stands out": [0.002, 0.001, 0, 0, 0],
    }
    said = {words: told(values) for words, values in cases.items()}
    for words, text in said.items():
        assert [w for w in cases if w in text] == [words]


def test_a_protected_reason_that_counts_the_other_way_is_not_passed_over() -> None:
    e = explained(STUDY, "guarded", [0.2, 0.1, 0.05, 0.03, 0.0, -0.02], base=0.12)
    text = say.text(attribution.describe(e, STUDY))
    assert "all the strongest reasons count towards being turned down" in text
    assert "everything that stands out" not in text
    assert attribution.title(e, STUDY).startswith("All the strongest reasons count towards")
    same = explained(STUDY, "guarded", [0.2, 0.1, 0.05, 0.03, 0.0, 0.02], base=0.12)
    assert "everything that stands out counts towards" in say.text(attribution.describe(same, STUDY))


def test_no_model_says_that_nothing_counts() -> None:
    text = told(np.zeros(5), name="none", errors=0.0)
    assert text == (
        "This option gives every application the same answer: about 12 in 100 were turned down by the lender.\n\n"
        "Nothing about this application counts."
    )


def test_a_rule_that_looks_at_one_thing_says_that_nothing_else_counts() -> None:
    assert "Nothing else counts" in told([0.2, 0, 0, 0, 0])


@settings(max_examples=150, deadline=None)
@given(st.lists(amounts, min_size=6, max_size=6), st.floats(0.05, 0.9), st.sampled_from(["trees", "guarded"]))
def test_figures_in_the_text_add_up_and_directions_agree_with_signs(
    values: list[float], base: float, name: str
) -> None:
    e = explained(STUDY, name, values[: len(STUDY.candidates[name].features)], base=base)
    total = base + float(np.sum(e.values))
    if not 0.01 < total < 0.99:
        return
    r = reasons(e, STUDY)
    text = say.text(attribution.describe(e, STUDY))
    read = parse(text)
    assert read is not None
    exact = {x.feature: x for x in r.shown}
    for (clause, amount), reason in zip(read.reasons, r.shown, strict=False):
        assert (amount > 0) == (exact[reason.feature].exact > 0), clause
        assert amount == round(reason.amount / r.step)
    start = read.base if read.base is not None else read.number
    rest = sum(round(p.amount / r.step) for p in r.protected if len(read.reasons) == len(r.shown))
    rounding = round(r.others / r.step) if "rounding makes up" in text else read.others
    # The rounding of "nothing else counts" has no direction word; everything else is read from the text.
    assert start + sum(a for _, a in read.reasons) + rest + rounding == read.number or "rounding makes up" in text


@settings(max_examples=60, deadline=None)
@given(
    st.lists(amounts, min_size=6, max_size=6),
    st.floats(0.0, 1.0),
    st.sampled_from([True, False, None]),
    st.sampled_from(["business", "technical"]),
)
def test_every_number_is_a_fact_for_any_explanation(
    values: list[float], base: float, checked: bool | None, audience: Any
) -> None:
    study = LOANS[checked]
    e = explained(study, "guarded", values, base=base)
    sentences = gates.every(attribution.describe(e, study, audience=audience))
    assert gates.true((*sentences, *attribution.method(e, study, audience=audience)), study) == []


def test_technical_and_business_tell_the_same_reasons() -> None:
    e = explained(STUDY, "guarded", [0.11, -0.05, 0.03, 0.004, -0.02, 0.06], base=0.12)
    both = [attribution.describe(e, STUDY, audience=a) for a in ("business", "technical")]
    facts = [
        [(s.facts["feature"], s.facts["exact"], s.facts["direction"]) for s in n.sentences if "feature" in s.facts]
        for n in both
    ]
    assert facts[0] == facts[1]
    assert "the option" not in say.text(both[1])


def test_protected_columns_are_named_as_what_they_are() -> None:
    strong = told([0.1, 0, 0, 0, 0, 0.2], name="guarded")
    assert "This option uses protected characteristics: “Group”." in strong
    assert strong.count("“Group” is a protected characteristic.") == 1
    weak = told([0.1, 0, 0, 0, 0, 0.001], name="guarded")
    assert "“Group” is a protected characteristic." in weak
    none = told([0.1, 0, 0, 0, 0, 0.0], name="guarded")
    assert "This option gives that no weight" in none


def test_what_a_case_is_compared_with_is_named() -> None:
    rows = STUDY.frame[list(STUDY.candidates["trees"].features)]
    values = [0.19, 0, 0, 0, 0]
    group = told(values, reference=Reference(kind="group", rows=rows[:40], feature="history", level=4, population=90))
    assert "more than twice the group's average of 12 in 100" in group
    assert (
        "It is compared with the average over applications where the credit history has grade 4 of 4. One thing"
        in group
    )
    other = told(values, reference=Reference(kind="case", rows=rows[:1], case="r17"))
    assert "more than twice that of application r17, at 12 in 100" in other
    assert "Compared with application r17" in other
    chosen = told(values, reference=Reference(kind="rows", rows=rows[:7]))
    assert "Compared with the average over 7 applications that were chosen" in chosen


def test_raising_one_attribution_changes_only_its_own_sentence_and_the_answer() -> None:
    before = explained(STUDY, "trees", [0.20, -0.10, 0.05, 0.03, 0.0], base=0.12)
    after = explained(STUDY, "trees", [0.23, -0.10, 0.05, 0.03, 0.0], base=0.12)
    a, b = (attribution.describe(e, STUDY) for e in (before, after))
    assert len(a.sentences) == len(b.sentences)
    changed = [x.facts.get("feature") for x, y in zip(a.sentences, b.sentences, strict=True) if x.text != y.text]
    assert changed == ["debt"]
    assert a.headline.text != b.headline.text


def test_cases_with_different_first_reasons_never_share_a_text() -> None:
    texts: dict[str, str] = {}
    for order in itertools.permutations([0.2, 0.1, -0.05, 0.02, 0.0]):
        e = explained(STUDY, "trees", list(order), base=0.12)
        first = reasons(e, STUDY).shown[0].feature
        text = say.text(attribution.describe(e, STUDY))
        assert texts.setdefault(text, first) == first


@pytest.mark.parametrize("hostile", HOSTILE)
def test_user_text_passes_through_untouched(hostile: str) -> None:
    features = {
        f.name: dataclasses.replace(
            f, label=hostile, phrase=None, level_phrases={}, level_labels={"no": hostile, "yes": hostile}
        )
        for f in STUDY.dictionary
    }
    study = STUDY.replace(dictionary=Dictionary(features=features), decided_by=hostile)
    e = explained(study, "trees", [0.2, -0.1, 0.05, 0.03, 0.0], base=0.12)
    for audience in ("business", "technical"):
        text = say.text(case.describe(e, study, audience=audience))  # type: ignore[arg-type]
        assert hostile in text
        assert hostile in attribution.title(e, study)
        assert any(hostile in line.text for line in attribution.lines(e, study))
    assert hostile in attribution.alt(e, study)


def test_levels_without_words_never_read_as_is_yes() -> None:
    features = {f.name: Feature(name=f.name, label=f.label, kind=f.kind, role=f.role) for f in STUDY.dictionary}
    study = STUDY.replace(
        dictionary=Dictionary(features=features), outcome_words={}, outcome_is="recorded fact", decided_by=""
    )
    e = explained(study, "trees", [0.1, 0.1, 0.2, 0.03, 0.1], base=0.12)
    text = say.text(attribution.describe(e, study))
    assert gates.true(gates.every(attribution.describe(e, study)), study) == []
    assert "were recorded as “Turned down: yes”" in text
    assert "“Public record” was answered with" in text


def test_missing_and_never_seen_values_are_said() -> None:
    e = explained(STUDY, "trees", [0.2, 0.1, 0, 0, 0], base=0.12)
    cases = e.cases.assign(debt=[np.nan], history=[9])
    text = say.text(attribution.describe(dataclasses.replace(e, cases=cases), STUDY))
    assert "nothing is recorded for “Debt payments”" in text
    assert "no application that the option learned from is like that" in text


@pytest.mark.parametrize(
    ("value", "clause"), [(1, "the age is 1 year"), (12.5, "the age is 12.5 years"), (0, "the age is 0 years")]
)
def test_a_phrase_can_ask_for_the_number_with_its_unit(value: float, clause: str) -> None:
    entry = Feature(name="rooms", label="Age", phrase="the age is {value:unit}", unit="years")
    features = {**HOUSES.dictionary.features, "rooms": entry}
    study = HOUSES.replace(dictionary=Dictionary(features=features))
    assert phrases.clause(study, "rooms", value).text == clause
    assert phrases.value_text(entry, value) == clause.split()[3]  # in a table the unit stands in the header


def test_limits_come_before_reasons() -> None:
    e = explained(STUDY, "trees", [0.2, 0, 0, 0, 0], base=0.12)
    stopped = dataclasses.replace(e, stopped_early=True)
    n = attribution.describe(stopped, STUDY)
    assert [c.text for c in n.caveats] == [
        "The time ran out, so these amounts are rougher than usual.",
        "Not checked yet: how sure this answer is, and how unusual this application is.",
    ]
    text = say.text(n)
    assert text.index("Not checked yet") < text.index("The option adds")


def test_lines_add_up_and_carry_direction() -> None:
    e = explained(STUDY, "guarded", [0.2, -0.1, 0.05, 0.03, 0.0, 0.01], base=0.12)
    lines = attribution.lines(e, STUDY)
    r = reasons(e, STUDY)
    assert [line.kind for line in lines] == ["reason"] * 4 + ["protected", "others"]
    assert sum(line.facts["amount"] for line in lines) + r.base == pytest.approx(r.prediction)
    assert [line.direction for line in lines[:3]] == ["towards", "against", "towards"]
    assert [line.amount for line in lines[:2]] == ["+20 in 100", "−10 in 100"]


def test_titles_state_the_finding() -> None:
    def title(values: list[float], name: str = "trees") -> str:
        return attribution.title(explained(STUDY, name, values, base=0.12), STUDY)

    assert title([0.2, -0.1, 0, 0, 0]) == (
        "Most counts towards being turned down: Debt payments; most against it: Credit history"
    )
    assert title([0.2, 0.1, 0, 0, 0]).startswith("All that stands out counts towards")
    assert title([-0.1, 0, 0, 0, 0]).startswith("One thing stands out against")
    assert title([0.001, 0, 0, 0, 0]) == "Nothing about this application stands out"
    assert title([0.0] * 5, "none") == "This option gives every application the same answer"


def test_chips_are_at_most_three_and_true() -> None:
    e = explained(STUDY, "trees", [0.2, 0, 0, 0, 0], base=0.12)
    texts = [c.text for c in attribution.chips(e, STUDY, agrees=False)]
    assert texts[:2] == ["Chances matched outcomes when checked", "Differs from the lender's decision"]
    assert texts[2].startswith("Debt payments: ")
    assert len(attribution.chips(e, STUDY)) == 2
    unchecked = loans(checked=None)
    assert attribution.chips(e, unchecked)[0].text == "Scores not checked against outcomes"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(-1e5, 1e5, allow_nan=False), min_size=3, max_size=3),
    st.floats(-5e5, 5e5),
    st.sampled_from(["dollars", "$", "%", None, "minutes"]),
)
def test_numbers_studies_read_well(values: list[float], base: float, unit: str | None) -> None:
    study = houses(unit=unit)
    e = explained(study, "trees", values, base=base, errors=100.0)
    for audience in ("business", "technical"):
        n = attribution.describe(e, study, audience=audience)  # type: ignore[arg-type]
        assert gates.true(gates.every(n), study) == []
        assert "in 100 houses" not in n.headline.text


def test_a_numbers_study_in_words() -> None:
    study = houses()
    e = explained(study, "trees", [31_000, -8_000, 1_000], base=229_400, errors=100.0)
    assert say.text(attribution.describe(e, study)).startswith(
        "For “Price” the option says 254,000 dollars, 24,000 dollars above the average of 230,000 dollars."
    )
    same = explained(study, "none", [0, 0, 0], base=229_400, errors=0.0)
    assert attribution.describe(same, study).headline.text == (
        "This option gives every house the same answer for “Price”: 230,000 dollars."
    )


def test_several_classes_read_well() -> None:
    study = STUDY.replace(
        classes=("low", "middle", "high"), positive="high", outcome_words={}, outcome_is="recorded fact", decided_by=""
    )
    e = explained(study, "trees", [0.3, -0.1, 0, 0, 0], base=0.4, outcome="middle")
    n = case.describe(e, study)
    assert n.headline.text == (
        "About 60 in 100 applications with a score like this were recorded as “Turned down: middle”, above the usual 40 in 100."
    )
    assert gates.true(gates.every(n), study) == []


def test_the_method_says_rows_questions_errors_version_and_owner() -> None:
    e: Explanation = explained(STUDY, "trees", [0.2, 0, 0, 0, 0], base=0.12)
    business = " ".join(s.text for s in attribution.method(e, STUDY))
    for piece in ("50 applications", "240", "880 times", "beefcafe", "the loan desk", "about 1 in 100"):
        assert piece in business
    technical = " ".join(s.text for s in attribution.method(e, STUDY, audience="technical"))
    for piece in ("Shapley", "sampled permutations", "Monte Carlo standard error: 0.004", "880"):
        assert piece in technical
