from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from explainers.results import Agreement, Answer, Errors, Metric, Problem, Similar
from explainers.words import agreement, answers, change, home, metrics, phrases, problems, say, similar
from tests.words import gates
from tests.words.samples import explained, houses, loans

STUDY, HOUSES = loans(), houses()


def answer(name: str, values: list[float], base: float = 0.12) -> Answer:
    e = explained(STUDY, name, values, base=base, errors=0.0)
    return Answer(candidate=name, prediction=float(e.predictions[0]), explanation=e)


def test_what_the_others_say() -> None:
    given = (answer("none", [0] * 5), answer("trees", [0.5, 0, 0, 0, 0]), answer("guarded", [0.1, -0.05, 0, 0, 0, 0]))
    n = answers.describe(given, STUDY, chosen="trees", recorded="yes")
    text = say.text(n)
    assert n.headline.text == "1 of 3 options flags this application as one that was turned down by the lender."
    assert "2 of the 2 others come to another answer than “Many trees”." in text
    assert "This application was turned down by the lender; 2 of 3 options differ from that." in text
    assert "“No model”: 12 in 100, the same for every application." in text
    assert "“Many trees”: 62 in 100; most of all, debt payments take" in text
    for audience in ("business", "technical"):
        said = gates.every(answers.describe(given, STUDY, audience=audience, chosen="trees"))  # type: ignore[arg-type]
        assert gates.true(said, STUDY) == []
    assert gates.plain(gates.every(n)) == []


@pytest.mark.parametrize(
    ("others", "words"),
    [
        (0, "None of the 2 options flags"),
        (1, "1 of 2 options flags"),
        (2, "2 of 2 options flag "),
    ],
)
def test_flags_are_counted(others: int, words: str) -> None:
    given = tuple(answer(n, [0.6 if i < others else 0.0, *[0.0] * 4]) for i, n in enumerate(("trees", "none")))
    assert answers.describe(given, STUDY).headline.text.startswith(words)


def test_the_record_is_looked_up_where_the_case_is_known() -> None:
    given = (answer("trees", [0.5, 0, 0, 0, 0]),)
    recorded = "turned down" if STUDY.frame["denied"].iloc[0] == "yes" else "accepted"
    assert f"This application was {recorded} by the lender" in say.text(answers.describe(given, STUDY))


def test_numbers_lie_between() -> None:
    given = tuple(
        Answer(candidate="trees", prediction=p, explanation=explained(HOUSES, "trees", [p - 2e5, 0, 0], base=2e5))
        for p in (210_000, 254_000)
    )
    n = answers.describe(given, HOUSES)
    assert n.headline.text == "The 2 options answer between 210,000 dollars and 254,000 dollars."
    assert gates.true(gates.every(n), HOUSES) == []


def make_agreement(gap: float, *, agrees: bool) -> Agreement:
    ours = explained(STUDY, "trees", [0.2, -0.1, 0, 0, 0], base=0.12)
    return Agreement(
        ours=ours,
        shap_values=ours.values[0] + gap,
        shap_base=0.12,
        largest_gap=gap,
        feature="debt",
        allowed_gap=0.02,
        agrees=agrees,
        explainer="PermutationExplainer, shap 0.51.0",
        n_evaluations=8_800,
        seconds=1.0,
    )


def test_agreement_names_the_gap_in_the_readers_unit() -> None:
    good = agreement.describe(make_agreement(0.012, agrees=True), STUDY)
    assert good.headline.text == (
        "A second method, the package shap, comes to the same result: the largest gap is 1 in 100, on “Debt payments”."
    )
    bad = agreement.describe(make_agreement(0.08, agrees=False), STUDY)
    assert "comes to a different result: the largest gap is 8 in 100" in bad.headline.text
    assert "do not rely on these reasons" in say.text(bad)
    tiny = agreement.describe(make_agreement(0.001, agrees=True), STUDY)
    assert "less than 1 in 100" in tiny.headline.text
    for n in (good, bad, tiny):
        assert gates.plain(gates.every(n)) == []
        assert gates.true(gates.every(n), STUDY) == []
    technical = agreement.describe(make_agreement(0.012, agrees=True), STUDY, audience="technical")
    assert "PermutationExplainer, shap 0.51.0 agrees" in technical.headline.text
    assert "8,800 by shap, 880 by Bakeoff" in say.text(technical)
    assert gates.true(gates.every(technical), STUDY) == []


def test_a_change_is_what_the_option_would_say() -> None:
    before = explained(STUDY, "trees", [0.2, -0.1, 0, 0, 0], base=0.12)
    lower = explained(STUDY, "trees", [0.02, -0.1, 0, 0, 0], base=0.12)
    after = dataclasses.replace(lower, cases=before.cases.assign(debt=0.123, record="yes"))
    n = change.describe(before, after, STUDY)
    text = say.text(n)
    assert n.headline.text == (
        "With “Debt payments” and “Public record” changed, the option would say 4 in 100 instead of 22 in 100."
    )
    assert n.caveats[0].text == "This is what the option would say, not what would happen."
    assert "Debt payments: 12% instead of" in text
    assert "from +20 in 100 to +2 in 100, away from being turned down by the lender" in text
    assert gates.true(gates.every(n), STUDY) == []
    assert (
        change.describe(before, before, STUDY).headline.text == "Nothing was changed, so the answer is still 22 in 100."
    )


def test_a_tiny_change_shows_more_digits() -> None:
    e = explained(STUDY, "trees", [0.2, 0, 0, 0, 0], base=0.12)
    a = dataclasses.replace(e, cases=e.cases.assign(debt=0.4601))
    b = dataclasses.replace(e, cases=e.cases.assign(debt=0.4604))
    said = change.describe(a, b, STUDY)
    assert "46.04% instead of 46.01%" in say.text(said)
    assert "would still say 32 in 100" in said.headline.text


@pytest.mark.parametrize(
    ("disagrees", "words"),
    [
        (0, "the option never differs from what the lender decided"),
        (1, "differs from what the lender decided once"),
        (6, "decided 6 times"),
    ],
)
def test_similar_cases(disagrees: int, words: str) -> None:
    outcomes = ("yes",) * 14 + ("no",) * 36
    made = Similar(
        rows=STUDY.frame.iloc[:50],
        distances=np.linspace(0, 0.1, 50),
        outcomes=outcomes,
        feature_names=("debt",),
        n_searched=240,
        typical_distance=0.05,
        few=True,
        model_disagrees=disagrees,
        model_checked=40,
    )
    n = similar.describe(made, STUDY)
    assert n.headline.text == "Of the 50 most similar past applications, 14 were turned down by the lender."
    assert words in say.text(n)
    assert "not in the option's score" in say.text(n)
    assert "few past applications are like this one".capitalize() in n.caveats[0].text
    for audience in ("business", "technical"):
        assert gates.true(gates.every(similar.describe(made, STUDY, audience=audience)), STUDY) == []  # type: ignore[arg-type]
    values = tuple(float(v) for v in HOUSES.frame["price"].iloc[:50])
    prices = dataclasses.replace(
        made, outcomes=values, rows=HOUSES.frame.iloc[:50], model_disagrees=None, model_checked=None
    )
    said = similar.describe(prices, HOUSES)
    assert said.headline.text.startswith("Of the 50 most similar past houses, the one in the middle is ")
    assert "Half lie between " in said.headline.text
    assert gates.true(gates.every(said), HOUSES) == []


def test_metrics_for_numbers_and_for_facts() -> None:
    def metric(name: str, value: float) -> Metric:
        return Metric(name=name, value=value, greater_is_better=False, n=150)

    figures = {
        "none": (metric("mae", 52_300.0), metric("r2", 0.0)),
        "trees": (metric("mae", 21_200.0), metric("r2", 0.71)),
    }
    n = metrics.describe(figures, HOUSES, candidate="trees")
    assert n.headline.text == (
        "On 150 never-seen houses, “Many trees” is usually off by 21,000 dollars. For “No model” it is 52,000 dollars."
    )
    assert gates.plain(gates.every(n)) == []
    for audience in ("business", "technical"):
        assert gates.true(gates.every(metrics.describe(figures, HOUSES, audience=audience)), HOUSES) == []  # type: ignore[arg-type]
    fact = loans(outcome_is="recorded fact", decided_by="", outcome_words={"yes": "not repaid", "no": "repaid"})
    counts = {
        "trees": Errors(
            candidate="trees", outcome="yes", found=12, missed=45, false_alarms=7, passed=412, threshold=0.5
        )
    }
    text = say.text(metrics.describe({}, fact, errors=counts))
    assert "Of 57 never-seen applications that were not repaid, “Many trees” finds 12." in text
    assert "It wrongly flags 7 of the 419 that were repaid." in text
    assert metrics.describe({}, fact).headline.text == "Nothing was measured yet."


def test_home_of_a_numbers_study() -> None:
    n = home.describe(HOUSES)
    assert n.headline.text.startswith("For 300 houses, the typical “Price” is ")
    assert gates.true(gates.every(n), HOUSES) == []
    assert "repeats those decisions" not in say.text(n)
    needed = HOUSES.replace(required={"measure": "mae", "level": 15000, "who": "the owner", "when": "2026-01-05"})
    assert "Good enough means off by at most 15,000 dollars. The owner set this on 2026-01-05." in say.text(
        home.describe(needed)
    )


def test_problems_are_listed_errors_first() -> None:
    found = [
        Problem(code="b", where="Column x", message="It is empty.", remedy="Leave it out.", severity="note"),
        Problem(code="a", where="Row 3", message="The date is text", remedy="Write it as 2024-03-01."),
    ]
    n = problems.describe(found)
    assert n.headline.text == "1 thing has to be put right before the study can be opened."
    assert [s.text for s in n.sentences] == [
        "Row 3: The date is text. Write it as 2024-03-01.",
        "Column x: It is empty. Leave it out.",
    ]
    assert problems.describe(found[:1]).headline.text == "The study can be opened; 1 thing is worth a look."


def test_nobody_to_ask_is_said() -> None:
    study = loans(contact="", owner="", challenge="", sample=False, used_for="")
    text = say.text(home.describe(study))
    assert "This study does not say yet whom to ask." in text
    assert "Nobody has said yet what the answers may be used for." in text
    assert isinstance(study.split, pd.Series)


def test_the_technical_audience_reads_the_names_of_the_field() -> None:
    long = "Log-log regression with effects, range of coefficients robust by state"
    named = {n: dataclasses.replace(c, technical=f"Field {n}") for n, c in STUDY.candidates.items()}
    study = STUDY.replace(candidates=named | {"trees": dataclasses.replace(named["trees"], technical=long)})
    assert phrases.option(study, "none") == "“No model”"
    assert phrases.option(study, "none", "technical") == "“Field none”"
    assert phrases.option(study, "trees", "technical") == "“Log-log regression with effects”"
    twin = dataclasses.replace(named["none"], technical="Log-log regression with effects")
    both = study.replace(candidates=dict(study.candidates) | {"none": twin})
    assert phrases.option(both, "trees", "technical") == f"“{long}”"
