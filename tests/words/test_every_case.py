"""The gates of plain language and truth over the narratives of real, never-seen cases by every option."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from explainers import Explanation, Study
from explainers.attribution import explain, reference
from explainers.metrics import errors, evaluate
from explainers.reasons import reasons
from explainers.similar import similar
from explainers.words import attribution, case, change, home, metrics, say
from explainers.words import similar as similar_words
from tests.words import gates
from tests.words.parser import parse


def told(explanations: dict[str, Explanation], study: Study) -> Iterator[tuple[str, int, Explanation]]:
    for name, e in explanations.items():
        for row in range(len(e.predictions)):
            yield name, row, e


def check(study: Study, e: Explanation, row: int) -> list[str]:
    business = case.describe(e, study, row=row)
    technical = case.describe(e, study, row=row, audience="technical")
    faults = gates.plain(gates.every(business))
    faults += gates.true(gates.every(business), study) + gates.true(gates.every(technical), study)
    faults += gates.true(attribution.method(e, study, row=row), study)
    faults += gates.plain(attribution.method(e, study, row=row))
    if "turned down by the lender" not in business.headline.text:
        faults.append(f"whose decision: {business.headline.text}")
    return faults


def test_every_narrative_of_a_sample_passes_the_gates(mortgages: Study, explanations: dict[str, Explanation]) -> None:
    faults = [f"{name} {row}: {f}" for name, row, e in told(explanations, mortgages) for f in check(mortgages, e, row)]
    assert faults == []


@pytest.mark.promise
def test_every_narrative_of_every_never_seen_case_passes_the_gates(
    mortgages: Study, promise: Callable[[str, str], None]
) -> None:
    cases, n, faults, grades = mortgages.rows("test"), 0, [], []
    for name, c in mortgages.candidates.items():
        if c.failure:
            continue
        e = explain(mortgages, name, cases)
        for row in range(len(cases)):
            found = check(mortgages, e, row)
            faults += [f"{name} {row}: {f}" for f in found]
            n += 1
        grades += [gates.grade(say.text(case.describe(e, mortgages, row=row))) for row in range(0, len(cases), 10)]
    promise(
        "every narrative of every never-seen application by every option passes the gates of WORDS.md",
        f"{n} narratives, {len(faults)} faults, highest grade {max(grades):.1f}",
    )
    assert faults == []


def test_references_pass_the_gates(mortgages: Study) -> None:
    cases = mortgages.rows("test").iloc[:4]
    for ref in (
        reference(mortgages, group=("consumer_credit_score", 6)),
        reference(mortgages, group=("self_employed", "yes")),
        reference(mortgages, case=str(mortgages.case_ids[16])),
    ):
        e = explain(mortgages, "boosting", cases, reference=ref)
        for row in range(len(cases)):
            assert check(mortgages, e, row) == []


def test_a_parser_reads_back_what_the_text_says(
    mortgages: Study, explanations: dict[str, Explanation], promise: Callable[[str, str], None]
) -> None:
    n = understood = 0
    for name, row, e in told(explanations, mortgages):
        r = reasons(e, mortgages, row=row)
        narrative = case.describe(e, mortgages, row=row)
        read = parse(say.text(narrative))
        n += 1
        if read is None or read.outcome != "turned down by the lender":
            continue
        whole = round(1 / r.step)
        shown = min(max(round(r.prediction * whole), 1), whole - 1)
        limit = narrative.caveats[0].text.rstrip(".") if narrative.caveats else ""
        fine = (read.number, read.of) == (shown, whole) and read.limit == limit.split(". ")[0]
        baseline = mortgages.candidates[name].kind == "baseline"
        fine = fine and bool(read.relation) is not baseline
        if r.shown:
            first = r.shown[0]
            fine = fine and bool(read.reasons)
            if fine:
                clause, amount = read.reasons[0]
                sentence = next(s for s in narrative.sentences if s.facts.get("feature") == first.feature)
                fine = clause.lower() in sentence.text.lower() and (amount > 0) == (first.exact > 0)
        else:
            fine = fine and not [x for x in read.reasons if "protected" not in x[0]]
        understood += fine
    promise("a parser recovers outcome, number, comparison, first reason, direction and limit", f"{understood} of {n}")
    assert n >= 200
    assert understood >= 0.95 * n


def test_cases_with_different_first_reasons_never_share_a_text(
    mortgages: Study, explanations: dict[str, Explanation]
) -> None:
    texts: dict[str, object] = {}
    for _, row, e in told(explanations, mortgages):
        shown = reasons(e, mortgages, row=row).shown
        first = (shown[0].feature, shown[0].exact > 0) if shown else None
        assert texts.setdefault(say.text(attribution.describe(e, mortgages, row=row)), first) == first


def test_shown_amounts_add_up_in_the_text(mortgages: Study, explanations: dict[str, Explanation]) -> None:
    checked = 0
    for _, row, e in told(explanations, mortgages):
        text = say.text(attribution.describe(e, mortgages, row=row))
        read = parse(text)
        r = reasons(e, mortgages, row=row)
        edge = not 0 < round(r.prediction / r.step) < round(1 / r.step)
        if read is None or not read.reasons or edge or r.protected or "rounding makes up" in text:
            continue
        base = read.base if read.base is not None else read.number
        assert base + sum(a for _, a in read.reasons) + read.others == read.number, text
        checked += 1
    assert checked >= 100


def test_phrases_of_every_level_and_column_read_as_clauses(mortgages: Study) -> None:
    from explainers.words import phrases

    for f in mortgages.dictionary:
        if f.role != "feature":
            continue
        for value in mortgages.frame[f.name].drop_duplicates().iloc[:40]:
            said = phrases.clause(mortgages, f.name, value).text
            assert "“" not in said, f"{f.name} has no phrase of its own for {value!r}"
            assert "_" not in said
            assert not re.search(r"\b(?:is|are) (?:yes|no)$", said)
            assert said[0].islower()
            assert said[-1] not in ".,;:"


def test_similar_home_metrics_and_change_pass_the_gates(mortgages: Study, explanations: dict[str, Explanation]) -> None:
    study = mortgages
    figures = {n: evaluate(study, n) for n in explanations}
    counts = {n: errors(study, n) for n in explanations}
    business, technical = [home.describe(study, metrics=figures, errors=counts)], []
    for name in explanations:
        business.append(metrics.describe(figures, study, errors=counts, candidate=name))
        technical.append(metrics.describe(figures, study, errors=counts, candidate=name, audience="technical"))
    for row in range(0, 25, 5):
        one = explanations["boosting"].cases.iloc[[row]]
        near = similar(study, study.frame.loc[one.index], candidate="boosting")
        business.append(similar_words.describe(near, study))
        technical.append(similar_words.describe(near, study, audience="technical"))
        business.append(case.describe(explanations["boosting"], study, row=row, similar=near))
        before = explain(study, "boosting", one)
        after = explain(study, "boosting", one.assign(debt_payments_to_income=0.62, consumer_credit_score=6))
        business += [change.describe(before, after, study), change.describe(before, before, study)]
        technical.append(change.describe(before, after, study, audience="technical"))
    for n in business:
        assert gates.plain(gates.every(n)) == []
    for n in (*business, *technical):
        assert gates.true(gates.every(n), study) == []


def test_both_kinds_of_error_are_counted_beside_no_model(mortgages: Study) -> None:
    counts = {n: errors(mortgages, n) for n in ("no_model", "boosting")}
    text = say.text(metrics.describe({}, mortgages, errors=counts, candidate="boosting"))
    e = counts["boosting"]
    assert f"Of {e.found + e.missed} never-seen applications that were turned down by the lender" in text
    assert f"It flags {e.false_alarms} of the {e.false_alarms + e.passed} that were accepted by the lender" in text
    assert "“No model” finds none of them" in text
    assert "wrongly" not in text


def test_home_says_what_a_manager_must_know(mortgages: Study) -> None:
    text = say.text(home.describe(mortgages))
    for piece in (
        "285 were turned down by the lender",
        "around 1990",
        "This is a sample study: not for decisions.",
        "Nobody has set yet what is good enough.",
        "Nobody has checked the recorded outcomes yet.",
        "it repeats those decisions",
        "For questions, ask the Bakeoff sample desk",
        "You can challenge an answer",
        "Look first at applications where an option differs from what the lender decided",
    ):
        assert piece in text


def test_a_typed_in_case_has_no_record_and_a_known_one_has(
    mortgages: Study, explanations: dict[str, Explanation]
) -> None:
    e = explanations["boosting"]
    fact = case.known(e, mortgages)
    assert fact is not None
    assert fact.case == str(mortgages.case_ids[np.flatnonzero(mortgages.frame.index == e.cases.index[0])[0]])
    assert "by the lender: the option" in say.text(case.describe(e, mortgages))
    changed = dataclasses.replace(e, cases=e.cases.assign(loan_to_value=0.123))
    assert case.known(changed, mortgages) is None
    assert case.agrees(changed, mortgages) is None
    assert "This application was" not in say.text(case.describe(changed, mortgages))
