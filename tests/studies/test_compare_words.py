"""What the comparison concludes of the sample studies, and everything that it says of them, for both audiences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from explainers import Study, compare, costs
from explainers.results import Comparison, Narrative, Sentence
from explainers.words import compare as say
from explainers.words import compare_charts as charts
from explainers.words import cutting, disagree, glossary, money, turning
from explainers.words.say import Audience, sentence, text
from tests.studies.conftest import NAMES, built
from tests.words import gates

AUDIENCES: tuple[Audience, ...] = ("business", "technical")
SCENARIOS: tuple[dict[str, Any], ...] = (
    {},
    {"cases_per_month": 100_000, "confirmed_by": "Ada Lovelace", "confirmed_on": "2026-11-20"},
)
MORE: tuple[dict[str, Any], ...] = (
    {"cases_per_month": 0},
    {"right": 5, "currency": "kr"},
    {"seen_by_person": 1, "engineer_rate": 0, "currency": "€"},
)
DEAR = {True: {"wrong": 5_000}, False: {"wrong_per_unit": 3}}


# -- what is true of them ----------------------------------------------------------------------------------------------
def test_on_mortgages_the_dear_option_cannot_be_told_from_the_formula_and_its_chances_fit_a_little_worse() -> None:
    study = built("boston_mortgages")
    gaps = compare.apart(study, "boosting", "formula")
    assert gaps["auc"].verdict in ("about the same", "cannot tell")
    assert gaps["log_loss"].value > 0
    assert gaps["brier"].value > 0
    found = compare.comparison(study)
    row = next(o for o in found.options if o.candidate == "boosting")
    assert row.cannot_tell_from == "formula"
    said = text(say.describe(found, study, candidate="boosting"))
    assert "“Step-by-step trees” cannot be told from “Plain formula” in telling outcomes apart" in said
    worse = {"worse": "states are worse", "cannot tell": "fit a little worse here, which may be luck"}
    assert worse[gaps["log_loss"].verdict] in said


def test_on_heating_the_dear_option_is_better_than_the_formula_and_both_measures_are_said() -> None:
    study = built("saratoga_heating")
    gaps = compare.apart(study, "boosting", "formula")
    assert gaps["auc"].verdict == "better"
    assert gaps["log_loss"].verdict == "better"  # below 0: less surprise
    said = text(say.describe(compare.comparison(study), study, candidate="boosting"))
    assert "“Step-by-step trees” does better than “Plain formula” in telling outcomes apart" in said
    assert "The chances that “Step-by-step trees” states are better too" in said
    technical = text(say.describe(compare.comparison(study), study, candidate="boosting", audience="technical"))
    assert "in ROC AUC: better" in technical
    assert "In log loss the verdict is better" in technical


def test_on_cigarettes_nothing_beats_the_last_known_figure() -> None:
    study = built("cigarette_demand")
    for name in study.candidates:
        if name != "rule" and not study.candidates[name].failure:
            assert compare.apart(study, name, "rule")["mae"].verdict == "worse", name
    found = compare.comparison(study)
    assert found.line == ("no_model", "rule")
    assert (found.state, found.least, found.best) == ("least", "rule", "rule")
    assert say.headline(found, study).text == "“Last known figure” costs least with these example figures."


@pytest.mark.parametrize(
    ("name", "state"),
    [("boston_mortgages", "least"), ("saratoga_heating", "none"), ("saratoga_prices", "least")],
)
def test_the_headline_of_each_sample_study(name: str, state: str) -> None:
    study = built(name)
    found = compare.comparison(study, variants=True)
    assert found.state == state
    said = say.headline(found, study).text
    if state == "none":
        assert said == "None pays for itself with these example figures: go on without a model."
    else:
        assert "costs least with these example figures" in said
    assert "best value" not in text(say.describe(found, study)).lower()
    sure = compare.comparison(study, {"confirmed_by": "Ada", "confirmed_on": "2026-11-20"}, variants=True)
    assert "with your figures" in say.headline(sure, study).text
    assert "example" not in text(say.describe(sure, study)).lower()


def test_a_protected_option_is_never_named_as_the_one_to_take() -> None:
    study = built("boston_mortgages")
    found = compare.comparison(study, variants=True)
    assert found.set_aside == ("logistic_protected",)
    assert "race" not in say.headline(found, study).text
    assert "uses protected characteristics" in text(say.describe(found, study))


# -- gates -------------------------------------------------------------------------------------------------------------
def told(study: Study, values: dict[str, Any], *, all_of_it: bool = True) -> Iterator[tuple[Audience, list[Sentence]]]:
    """Yield what stands together, with its audience."""
    found = compare.comparison(study, values, variants=True)
    for audience in AUDIENCES:
        narratives: list[Narrative] = [say.describe(found, study, audience=audience)]
        narratives.append(turning.describe(found, study, audience=audience))
        narratives += [money.describe(o, found, study, audience=audience) for o in found.options]
        narratives += [cutting.describe(c, found.assumptions, study, audience=audience) for c in found.by_cost]
        if all_of_it:
            names = [o.candidate for o in found.options if not o.variant]
            gaps = [list(compare.apart(study, n, names[0]).values()) for n in names[1:]]
            narratives += [say.pair(g, study, audience=audience) for g in gaps]
            narratives.append(disagree.describe(compare.disagreements(study), study, audience=audience))
        for narrative in narratives:
            yield audience, list(gates.every(narrative))


def labels(found: Comparison, study: Study) -> list[str]:
    out = []
    for audience in AUDIENCES:
        out += [charts.title(found, study, audience=audience), charts.alt(found, study, audience=audience)]
        out += [charts.money_title(found, study, audience=audience), charts.money_alt(found, study, audience=audience)]
        out += [charts.caption(found, study, audience=audience), charts.money_caption(found, study, audience=audience)]
        out.append(charts.axis(found, study, audience=audience))
    for choice in found.by_cost:
        out += [cutting.title(choice, found.assumptions, study), cutting.alt(choice, found.assumptions, study)]
    return out


def check(name: str, scenarios: tuple[dict[str, Any], ...]) -> tuple[int, list[str]]:
    study, n, faults = built(name), 0, []
    for values in scenarios:
        for audience, said in told(study, values, all_of_it=not values):
            n += 1
            faults += gates.true(said, study) + (gates.plain(said) if audience == "business" else [])
            faults += [f"no mover: {s.text}" for s in said if lacks_mover(s)]
        found = compare.comparison(study, values, variants=True)
        for label in labels(found, study):
            n += 1
            own = re.sub(r"“[^”]*”", "“”", label)
            faults += [f"ugly {m[0]!r}: {label}" for m in re.finditer(r"\bnan\b|\binf\b|\bNone\b|  |\{|_", own)]
            faults += [f"cause: {label}" for _ in gates.CAUSES.finditer(own)]
        titles = [charts.title(found, study), charts.money_title(found, study)]
        business = [sentence("answer", "{t}", t=t) for t in titles]
        faults += [f for f in gates.plain(business) if not f.startswith(("grade", "average"))]
    differing = compare.disagreements(study)
    for case in differing.cases[:40]:
        n += 1
        one = [disagree.one(differing, study, case)]
        # The grade of one sentence with two long amounts says nothing.
        faults += gates.true(one, study) + [f for f in gates.plain(one) if not f.startswith("grade")]
    return n, [f"{name} {f}" for f in faults]


def lacks_mover(said: Sentence) -> bool:
    """Whether a sentence has an amount a month and names no assumption that moves it."""
    amount = re.search(r"[$€]\d|\d kr\b", re.sub(r"“[^”]*”", "“”", said.text))
    return bool(amount) and "tolerance" not in said.facts and not re.search(r"” moves (?:that|it) most", said.text)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_passes_the_gates(name: str) -> None:
    n, faults = check(name, SCENARIOS)
    assert n > 60
    assert faults == []


@pytest.mark.promise
@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_in_every_scenario_passes_the_gates(name: str, promise: Callable[[str, str], None]) -> None:
    study = built(name)
    n, faults = check(name, (*SCENARIOS, *MORE, DEAR[bool(study.classes)]))
    promise(
        f"everything that “Which option is worth it?” says of {name} passes the gates of WORDS.md",
        f"{n} texts in 6 scenarios, {len(faults)} faults",
    )
    assert faults == []


def test_every_amount_is_an_example_until_somebody_confirms_it() -> None:
    study = built("saratoga_prices")
    found = compare.comparison(study)
    assert found.example
    assert costs.monthly(study)["example"].all()
    said = text(say.describe(found, study))
    assert "with example figures" in said
    assert "every amount is an example" in said
    assert "with example figures" in money.describe(found.options[2], found, study).headline.text


def test_the_examples_of_the_glossary_are_what_the_sample_study_shows() -> None:
    study = built("boston_mortgages")
    found = compare.comparison(study)
    none, formula = (next(o for o in found.options if o.candidate == n) for n in ("no_model", "formula"))
    turn = next(b for b in found.break_even if (b.a, b.b, b.quantity) == ("formula", "no_model", "cases_per_month"))
    rise = next(p for p in found.points if (p.a, p.b) == ("formula", "rule"))
    differing = compare.disagreements(study)
    shares = {
        "cost to have": money.amount(formula.cost, "$").text,
        "total cost": money.amount(none.total, "$").text,
        "break-even": f"above {turn.value:.0f} ({turn.lower:.0f} to {turn.upper:.0f})",
        "price of a point": f"about {money.amount(rise.price or 0.0, '$').text} a month",
        "decision threshold by cost": f"{100 * compare.threshold(study, 'boosting').cut:.0f} of 100",
        "disagreement": f"{differing.differing} of {differing.n}",
    }
    example = {e.term: e.example for e in glossary.entries()}
    assert not {t: (w, example[t]) for t, w in shares.items() if w not in example[t]}
