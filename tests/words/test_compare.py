"""Words about money and options on every kind of study: true of their facts, with odd names and hardly any rows."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from explainers import Study, compare, costs
from explainers.results import BreakEven, Narrative
from explainers.words import cheapest, compare_charts, cutting, disagree, money, turning
from explainers.words import compare as say
from explainers.words.say import Audience, text
from tests.explainers.conftest import STUDIES, study_by_name
from tests.words import gates

AUDIENCES: tuple[Audience, ...] = ("business", "technical")


@pytest.mark.parametrize("kind", list(STUDIES))
def test_every_kind_of_study_can_be_told_of_and_every_number_is_a_fact(kind: str) -> None:
    study = study_by_name(kind)
    odd: tuple[dict[str, object], ...] = ({"cases_per_month": 0}, {"right": 40, "currency": "CHF"})
    for values in odd if kind in ("binary", "one feature") else odd[1:]:
        found = compare.comparison(study, values, variants=True)
        for audience in AUDIENCES:
            narratives: list[Narrative] = [say.describe(found, study, audience=audience)]
            narratives.append(turning.describe(found, study, audience=audience))
            narratives += [money.describe(o, found, study, audience=audience) for o in found.options]
            narratives += [cutting.describe(c, found.assumptions, study, audience=audience) for c in found.by_cost]
            by_cost = [cheapest.describe(c, found.assumptions, study, audience=audience) for c in found.answers_by_cost]
            narratives += by_cost
            said = [s for n in narratives for s in gates.every(n)]
            faults = [f for f in gates.true(said, study) if not f.startswith(("raw", "column", "ugly"))]
            assert faults == []
            labels = compare_charts.alt(found, study, audience=audience) + compare_charts.money_alt(
                found, study, audience=audience
            )
            assert not re.search(r"\bnan\b|\binf\b|\bNone\b", labels)
            assert not [s.text for s in said if re.search(r"\bnan\b|\binf\b|\bis None\b|\{", s.text)]


def test_answers_by_cost_are_said_in_plain_words_with_what_moves_them() -> None:
    study = study_by_name("three classes")
    dear = {n: 900.0 for n in costs.assumptions(study).values if n.startswith(f"wrong:{study.classes[0]}:")}
    found = compare.comparison(study, dear, variants=True)
    assert any(c.changed for c in found.answers_by_cost)
    for choice in found.answers_by_cost:
        narrative = cheapest.describe(choice, found.assumptions, study)
        said = list(gates.every(narrative))
        assert [f for f in gates.true(said, study) if not f.startswith(("raw", "column", "ugly"))] == []
        assert gates.plain(said) == []
        money_said = [s for s in said if "a month" in s.text]
        assert all("moves that most" in s.text for s in money_said)
        assert bool(money_said) == (choice.saving != 0)
        rows = cheapest.table(choice, study)
        assert [r["Recorded"] for r in rows] == [f"{n:,}" for n in choice.recorded]
    whole = text(say.describe(found, study))
    assert "answers by cost” comes to about" in whole or "answers by cost” costs least" in whole


def test_the_headline_says_what_the_state_is() -> None:
    study = study_by_name("binary")
    free = compare.comparison(study, {"wrong": 0})
    assert say.headline(free, study).text == "None pays for itself with these example figures: go on without a model."
    assert "comes to about" in text(say.describe(free, study))
    numbers = study_by_name("regression")
    dear = compare.comparison(numbers, {"wrong_per_unit": 100, "confirmed_by": "Ada"})
    assert say.headline(dear, numbers).text.endswith("costs least with your figures.")
    assert "Ada confirmed these figures" in text(say.describe(dear, numbers))
    bare = study.replace(candidates={"no_model": study.candidates["no_model"]})
    assert say.describe(compare.comparison(bare), bare).headline.text == "There is nothing to compare yet."
    unsure = compare.comparison(study, {"cases_per_month": 30})
    if unsure.state == "cannot tell":
        assert "no option has been shown to pay for itself" in say.headline(unsure, study).text


def test_a_saving_is_less_and_a_loss_is_more() -> None:
    assert money.less_or_more(500.0, (200.0, 800.0), "$").text == "about $500 less ($200 to $800 less)"
    assert money.less_or_more(-500.0, (-800.0, -200.0), "$").text == "about $500 more ($200 to $800 more)"
    assert money.less_or_more(100.0, (-50.0, 250.0), "€").text == "about €100 less (€50 more to €250 less)"
    assert money.less_or_more(77.0, (77.0, 77.0), "kr").text == "about 77 kr less"
    assert money.less_or_more(0.0, (None, None), "$").text == "nothing less"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "$0"),
        (0.001, "less than $0.01"),
        (12.345, "$12.30"),
        (12345.6, "$12,300"),
        (-3.0, "−$3"),
        (2e6, "$2,000,000"),
    ],
)
def test_amounts(value: float, said: str) -> None:
    assert money.amount(value, "$").text == said


def test_break_even_says_which_side_pays_and_why_there_is_none() -> None:
    study = study_by_name("binary")
    found = compare.comparison(study)
    one = BreakEven(
        a="forest", b="no_model", quantity="cases_per_month", now=1000.0, value=412.3, lower=200.0, upper=900.0
    )
    assert turning.one(one, found, study).text == (
        "“Many trees together” costs less than “No model” once “Cases a month” is above 412 (200 to 900)."
    )
    other = BreakEven(
        a="forest", b="tree", quantity="wrong:yes:no", now=100.0, value=50.0, lower=10.0, upper=99.0, above=False
    )
    assert "is below $50 ($10 to $99)" in turning.one(other, found, study).text
    none = BreakEven(a="forest", b="tree", quantity="wrong:yes:no", now=100.0, why="no price can be named")
    assert "no price can be named" in turning.one(none, found, study).text
    never = BreakEven(a="forest", b="tree", quantity="cases_per_month", now=100.0, why="at none")
    assert (
        "costs more than “Small decision tree”, whatever the value of “Cases a month”"
        in turning.one(never, found, study).text
    )


def test_text_of_strangers_stays_text() -> None:
    frame = pd.DataFrame({"x": np.arange(120.0), "y": ["<b>{a}</b>", "=SUM(A1)", "**c**"] * 40})
    about = {"case": "<i>row</i>", "cases": "{rows}", "outcome_words": {"=SUM(A1)": "[x](http://a.b)"}}
    study = Study.from_frame(frame, target="y", candidates=["no_model", "rule", "tree"], **about)
    found = compare.comparison(study, {"currency": "<script>"})
    said = text(say.describe(found, study))
    assert "{rows}" in said
    labels = [f.label for f in costs.assumptions(study).figures]
    assert "<b>{a}</b>, called [x](http://a.b)" in labels
    differing = compare.disagreements(study)
    assert len(disagree.describe(differing, study).headline.text) > 20
