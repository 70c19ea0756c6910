from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from explainers import Study
from explainers.effects import effect
from explainers.importance import importance
from explainers.interactions import interactions
from explainers.results import Branch, Condition, Effect, Importance, Interactions, Narrative, Pair, Weight, Whole
from explainers.whole import whole
from explainers.words import amounts
from explainers.words import effects as say_effect
from explainers.words import importance as say
from explainers.words import interactions as say_pairs
from explainers.words import levels as say_levels
from explainers.words import whole as say_whole
from tests.words import gates, samples


def faults(study: Study, narrative: Narrative, *, business: bool = True) -> list[str]:
    every = gates.every(narrative)
    return gates.true(every, study) + (gates.plain(every) if business else [])


def counted(study: Study, values: list[float], **changes: Any) -> Importance:
    names = study.candidates["trees"].features
    size = np.array(values)
    share = size / size.sum() if size.sum() else size
    blank = np.zeros(len(size))
    fields: dict[str, Any] = {
        "candidate": "trees",
        "feature_names": names,
        "attribution": size,
        "attribution_lower": size * 0.9,
        "attribution_upper": size * 1.1,
        "share": share,
        "share_lower": share * 0.95,
        "share_upper": share * 1.05,
        "increase": size,
        "increase_lower": size * 0.5,
        "increase_upper": size * 1.5,
        "unit": "probability" if study.classes else "target",
        "outcome": study.positive,
        "measure": "auc" if study.classes else "mae",
        "loss": 0.2,
        "level": 0.95,
        "n_attributed": 80,
        "n_shuffled": 80,
        "population": 80,
        "rows": "test",
        "n_repeats": 20,
        "reference_rows": 50,
        "noise": blank,
    }
    return Importance(**{**fields, **changes})


def curve(study: Study, feature: str, grid: tuple[Any, ...], values: list[float], **changes: Any) -> Effect:
    one = np.array(values, dtype=float)
    each = np.stack([np.stack([1 - one, one]) + d * np.array([[-1.0], [1.0]]) for d in np.linspace(-0.02, 0.02, 40)])
    if not study.classes:
        each = each[:, 1:]
    fields: dict[str, Any] = {
        "candidate": "trees",
        "feature": feature,
        "kind": "curve" if study.dictionary[feature].kind == "numeric" else "points",
        "grid": grid,
        "average": each.mean(axis=0)[None],
        "individual": each,
        "at_missing": None,
        "density": np.full(len(grid), 10.0),
        "outputs": tuple(study.classes),
        "focus": len(study.classes) - 1 if study.classes else 0,
        "unit": "probability" if study.classes else "target",
        "counts": (40,),
        "group_of": np.zeros(40),
        "n": 40,
        "population": 80,
        "rows": "test",
        "rising": float(np.mean(np.diff(one) >= 0)),
        "falling": float(np.mean(np.diff(one) <= 0)),
    }
    return Effect(**{**fields, **changes})


# -- importance --------------------------------------------------------------------------------------------------
def test_the_headline_names_the_strongest_with_its_share() -> None:
    study = samples.loans()
    found = counted(study, [0.02, 0.06, 0.01, 0.01, 0.0])
    said = say.describe(found, study)
    assert said.headline.text == "It looks most at “Credit history”: 60 in 100 of all that moves its answers."
    text = gates.text_of(gates.every(said))
    assert "The option gives no weight to “Years in the job”." in text
    assert "6 more of 100 pairs are scored the other way round (3 to 9)" in text
    assert faults(study, said) == []


def test_two_that_cannot_be_told_apart_are_both_named() -> None:
    study = samples.loans()
    size = np.array([0.060, 0.058, 0.01, 0.01, 0.01])
    said = say.describe(counted(study, list(size), share_lower=size / size.sum() * 0.8), study)
    assert said.headline.text.startswith("It looks most at “Debt payments” and “Credit history”: 41 and 39 in 100")
    assert "Which of the two comes first cannot be told." in gates.text_of(said.sentences)


def test_nothing_and_one_thing_are_answers_of_their_own() -> None:
    study = samples.loans()
    nothing = say.describe(counted(study, [0.0] * 5), study)
    assert nothing.headline.text == "It looks at nothing. Every application gets the same answer."
    one = say.describe(counted(study, [0.0, 0.05, 0.0, 0.0, 0.0]), study)
    assert one.headline.text == "This option looks at one thing only: “Credit history”."
    assert faults(study, one) == []


@pytest.mark.parametrize("measure", ["accuracy", "auc", "log_loss", "brier"])
def test_what_shuffling_costs_is_said_in_the_readers_unit(measure: str) -> None:
    study = samples.loans()
    said = say.describe(counted(study, [0.06, 0.01, 0.01, 0.01, 0.01], measure=measure), study)
    shown = next(s for s in said.sentences if "shuffled" in s.text)
    assert re.search(r"in 100|of 100", shown.text)
    assert faults(study, said) == []


def test_numbers_are_said_in_their_unit() -> None:
    study = samples.houses()
    said = say.describe(counted(study, [9_000.0, 3_000.0, 0.0]), study)
    text = gates.text_of(gates.every(said))
    assert "moves an answer by 9,000 dollars, up or down (8,000 to 10,000 dollars)" in text.replace(
        "9,900", "10,000"
    ).replace("8,100", "8,000")
    assert "it is usually off by 9,000 dollars more" in text
    assert faults(study, said) == []


def test_a_difference_that_may_be_none_is_called_that() -> None:
    study = samples.loans()
    size = np.array([0.06, 0.02, 0.01, 0.01, 0.0])
    said = say.describe(counted(study, list(size), increase_lower=-size), study)
    assert "makes no difference to how good it is, as far as 80 applications can tell" in gates.text_of(said.sentences)


def test_an_input_whose_shuffling_helps_is_not_called_harmless() -> None:
    study = samples.loans()
    size = np.array([0.06, 0.02, 0.01, 0.01, 0.0])
    low, high = size * 0.5, size * 1.5
    low[1], high[1] = -0.03, -0.01
    text = gates.text_of(
        say.describe(counted(study, list(size), increase_lower=low, increase_upper=high), study).sentences
    )
    assert "“Credit history” moves answers too. With it shuffled the option does better on these applications." in text
    assert "Shuffling it makes no difference" not in text


def test_a_protected_characteristic_is_named_before_anything_else() -> None:
    study = samples.loans()
    names = study.candidates["guarded"].features
    values = [0.05, 0.02, 0.01, 0.01, 0.0, 0.03]
    found = replace(counted(study, values[:5]), candidate="guarded")
    wide = counted(
        replace(study, candidates={**study.candidates, "trees": replace(study.candidates["trees"], features=names)}),
        values,
    )
    assert "It looks at a protected characteristic: “Group” (25 in 100)." in gates.text_of(
        say.describe(wide, study).caveats
    )
    assert not any("protected" in s.text for s in say.describe(found, study).caveats)


def test_flipping_which_is_larger_changes_the_headline() -> None:
    study = samples.loans()
    a, b = counted(study, [0.06, 0.01, 0.0, 0.0, 0.0]), counted(study, [0.01, 0.06, 0.0, 0.0, 0.0])
    assert say.headline(a, study).text != say.headline(b, study).text


# -- effects -----------------------------------------------------------------------------------------------------
def test_a_rising_curve_is_called_rising_and_a_falling_one_falling() -> None:
    study = samples.loans()
    up = curve(study, "debt", (0.1, 0.5, 0.9), [0.1, 0.2, 0.4])
    down = curve(study, "debt", (0.1, 0.5, 0.9), [0.4, 0.2, 0.1])
    assert say_effect.headline(up, study).text == (
        "The higher “Debt payments”, the higher the answer: 10 in 100 at 10%, 40 in 100 at 90%."
    )
    assert say_effect.headline(down, study).text == (
        "The higher “Debt payments”, the lower the answer: 40 in 100 at 10%, 10 in 100 at 90%."
    )
    bent = say_effect.headline(curve(study, "debt", (0.1, 0.5, 0.9), [0.3, 0.1, 0.4]), study).text
    assert bent == (
        "Over “Debt payments”, the average answer is lowest at 50% (10 in 100) and highest at 90% (40 in 100)."
    )


def test_thin_lines_are_spoken_of_only_where_some_can_be_seen() -> None:
    study = samples.loans()
    found = curve(study, "debt", (0.1, 0.5, 0.9), [0.1, 0.2, 0.4])
    alike = replace(found, individual=np.repeat(found.individual.mean(axis=0)[None], 40, axis=0))

    def said(effect: Effect) -> str:
        return " ".join(s.text for s in say_effect.caption(effect, study))

    assert "Thin lines are single applications" in said(found)
    assert "Thin lines" not in said(alike)
    assert "Thin lines" not in said(replace(found, individual=found.individual[:0]))


def test_with_several_classes_the_headline_names_the_one_that_is_meant() -> None:
    study = samples.loans()
    words = {"no": "heated with gas", "yes": "heated with oil", "none": "not heated"}
    study = study.replace(classes=("no", "yes", "none"), outcome_words=words, outcome_is="recorded fact")
    one = np.array([0.1, 0.2, 0.4])
    each = np.stack([one, 0.9 * (1 - one), 0.1 * (1 - one)])[None].repeat(40, axis=0)
    found = replace(
        curve(study, "debt", (0.1, 0.5, 0.9), list(one)), outputs=study.classes, individual=each, average=each[:1]
    )
    for focus, words in enumerate(("heated with gas", "heated with oil", "not heated")):
        told = say_effect.describe(replace(found, focus=focus), study)
        assert f"being {words}" in told.headline.text
        assert sum("being" in s.text for s in told.sentences) == 0
        assert not faults(study, told)
        assert (
            f"predicted probability of being {words}"
            in say_effect.headline(replace(found, focus=focus), study, audience="technical").text
        )


def test_one_large_step_the_other_way_is_not_passed_over() -> None:
    """A tree's curve is flat nearly everywhere: nearly all of its range "falls" although it jumps up first."""
    study = samples.loans()
    steps = curve(
        study, "debt", tuple(np.linspace(0.1, 0.9, 41)), [0.1, *[0.4] * 20, *[0.1] * 20], falling=0.975, rising=0.975
    )
    assert say_effect.headline(steps, study).text.startswith("Over “Debt payments”, the average answer is lowest at")
    found = say_effect.agreement(steps, study)
    assert found is None or found[0] != "agrees"
    flat = curve(study, "debt", (0.1, 0.5, 0.7, 0.9), [0.4, 0.4, 0.1, 0.1], falling=1.0, rising=2 / 3)
    assert "the lower the answer" in say_effect.headline(flat, study).text


def test_hardly_and_not_at_all_are_told_apart() -> None:
    study = samples.loans()
    little = curve(study, "debt", (0.1, 0.9), [0.200, 0.202])
    none = curve(study, "debt", (0.1, 0.9), [0.2, 0.2])
    assert "hardly moves" in say_effect.headline(little, study).text
    assert "counts for nothing" in say_effect.headline(none, study).text


@pytest.mark.parametrize(
    ("better", "values", "says"),
    [
        (
            "low",
            [0.1, 0.2, 0.3, 0.4],
            "to count towards being turned down by the lender. The option agrees over the whole range.",
        ),
        ("low", [0.4, 0.3, 0.2, 0.1], "The option does not agree: from end to end it goes the other way."),
        (
            "high",
            [0.4, 0.3, 0.2, 0.1],
            "to count against being turned down by the lender. The option agrees over the whole range.",
        ),
        ("low", [0.1, 0.3, 0.2, 0.4], "The option agrees over 6 in 10 of the range. Over the rest it does not."),
        ("low", [0.2, 0.2, 0.2, 0.2], "The option gives it next to no weight."),
    ],
)
def test_what_the_expert_expects_is_compared_with_what_the_option_does(
    better: Any, values: list[float], says: str
) -> None:
    study = samples.loans()
    entry = replace(study.dictionary["debt"], better=better)
    study = replace(study, dictionary=replace(study.dictionary, features={**study.dictionary.features, "debt": entry}))
    found = curve(study, "debt", (0.1, 0.3, 0.6, 0.9), values)
    said = say_effect.expectation(found, study)
    assert said is not None
    assert said.text.endswith(says)
    assert faults(study, say_effect.describe(found, study)) == []


def test_nothing_is_expected_where_the_dictionary_expects_nothing() -> None:
    study = samples.loans()
    assert say_effect.expectation(curve(study, "debt", (0.1, 0.9), [0.1, 0.4]), study) is None
    houses = samples.houses()
    entry = replace(houses.dictionary["area"], better="high")
    houses = replace(
        houses, dictionary=replace(houses.dictionary, features={**houses.dictionary.features, "area": entry})
    )
    found = curve(houses, "area", (50.0, 150.0), [200_000.0, 300_000.0])
    assert say_effect.expectation(found, houses) is None


# -- interactions ------------------------------------------------------------------------------------------------
def pair(a: str, b: str, size: float, *, out: bool = True, there: float = 0.06) -> Pair:
    return Pair(a=a, b=b, size=size, lower=size * 0.8, upper=size * 1.2, share=0.1, noise=size / 4, stands_out=out,
                at_a=0.8, at_b=4, there=there)  # fmt: skip


def pairs(*found: Pair) -> Interactions:
    return Interactions(candidate="trees", pairs=found, columns=("debt", "history", "record"), unit="probability",
                        outcome="yes", n=40, population=80, rows="test", n_looked_at=3, n_pairs=3)  # fmt: skip


def test_the_strongest_pair_is_said_with_where_it_shows() -> None:
    study = samples.loans()
    strongest, next_ = pair("debt", "history", 0.03), pair("debt", "record", 0.02)
    said = say_pairs.describe(pairs(strongest, next_), study)
    assert said.headline.text == (
        "“Debt payments” and “Credit history” count together: "
        "they move answers by 3 in 100 beyond what each does alone."
    )
    assert "There the option says 6 in 100 more than the two alone add up to." in gates.text_of(said.sentences)
    less = say_pairs.describe(pairs(pair("debt", "history", 0.03, there=-0.06)), study)
    assert "There the option says 6 in 100 less than" in gates.text_of(less.sentences)
    assert faults(study, said) == []


def test_no_pair_stands_out_is_an_answer() -> None:
    study = samples.loans()
    said = say_pairs.describe(pairs(pair("debt", "history", 0.03, out=False)), study)
    assert said.headline.text.startswith("No pair stands out")
    assert faults(study, said) == []


# -- the whole of it ---------------------------------------------------------------------------------------------
def test_weights_say_range_or_that_nothing_can_be_told() -> None:
    study = samples.loans()
    sure = Weight(features=("debt",), low=0.3, high=0.4, before=0.1, amount=0.06, lower=0.03, upper=0.09)
    open_ = replace(sure, lower=-0.02)
    common: dict[str, Any] = {"candidate": "trees", "kind": "formula", "columns": ("debt",), "unit": "probability"}
    said = [
        say_whole.lines(Whole(weights=(w,), outcome="yes", focus=1, **common), study)[0].sentence.text
        for w in (sure, open_)
    ]
    assert said[0] == "Take “Debt payments” at 40% rather than 30%. The answer is then 6 in 100 higher (3 to 9 in 100)."
    assert said[1].endswith("Anything from 2 in 100 lower to 9 in 100 higher fits the record.")


def test_a_table_has_a_row_for_each_cell_in_the_dictionarys_words() -> None:
    study = samples.loans()
    branches = tuple(
        Branch(conditions=(Condition(feature="record", levels=(v,)),), rows=n, answers=(1 - p, p))
        for v, n, p in (("no", 200, 0.1), ("yes", 30, 0.4))
    )
    found = Whole(
        candidate="trees",
        kind="table",
        columns=("record",),
        branches=branches,
        unit="probability",
        outcome="yes",
        focus=1,
    )
    header, rows = say_whole.table(found, study)
    assert header == ("Public record", "Past applications", "It says")
    assert rows == [("“none”", "200", "10 in 100"), ("“credit problems”", "30", "40 in 100")]


def test_a_range_says_its_unit_once() -> None:
    study = samples.loans()
    chance = amounts.scale(study, "trees", "probability", [0.3])
    assert amounts.between(chance, 0.04, 0.06).text == "4 to 6 in 100"
    score = amounts.scale(samples.loans(checked=None), "trees", "probability", [0.3])
    assert amounts.between(score, 0.01, 0.02).text == "1 to 2 points"


def test_many_levels_of_one_input_make_a_table_and_one_sentence() -> None:
    study = samples.houses()
    weights = tuple(
        Weight(
            features=("town",),
            low="north",
            high=f"part {k}",
            before=200_000.0,
            amount=1_000.0 * k,
            lower=1_000.0 * k - 500,
            upper=1_000.0 * k + 500,
        )
        for k in range(-4, 6)
        if k
    )
    other = Weight(features=("area",), low=60.0, high=120.0, before=200_000.0, amount=5_000.0)
    result = Whole(
        candidate="trees", kind="formula", columns=("town", "area"), unit="target", outcome=None, focus=0, n=150,
        weights=(*weights, other),
    )  # fmt: skip
    (fold,) = say_levels.folded(result, study)
    assert fold.sentence.text == (
        "“Part of town” has 9 weights, each against “north”. The answer is then 4,000 dollars lower for “part -4”, "
        "up to 5,000 dollars higher for “part 5”."
    )
    assert [r[0] for r in fold.rows] == [f"part {k}" for k in (5, 4, 3, 2, 1, -1, -2, -3, -4)]
    assert fold.rows[-1][1:] == ("4,000 dollars lower", "3,500 dollars to 4,500 dollars lower")
    (line,) = say_whole.lines(result, study, without=[fold.feature])
    assert "“Living area”" in line.sentence.text
    assert len(say_whole.lines(result, study)) == 10
    assert say_levels.folded(replace(result, weights=weights[:8]), study) == ()
    assert gates.true([fold.sentence], study) == []


def test_an_option_of_curves_is_not_said_to_be_beyond_showing() -> None:
    study = samples.loans()
    curves = replace(study, candidates={"trees": replace(study.candidates["trees"], recipe="ebm")})
    result = Whole(
        candidate="trees", kind="none", columns=("debt", "history"), unit="probability", outcome="yes", focus=1, n=240
    )
    assert say_whole.headline(result, study).text == "This option cannot be shown whole."
    said = say_whole.describe(result, curves)
    assert said.headline.text == "This option adds up curves, one for each input, and a few for pairs."
    assert "Choose an input above" in gates.text_of(said.caveats)
    assert faults(curves, said) == []


# -- everything that is real -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "option", ["no_model", "rule", "formula", "tree", "logistic", "boosting", "logistic_protected"]
)
def test_everything_said_of_the_sample_study_passes_the_gates(mortgages: Study, option: str) -> None:
    found = [say.describe(importance(mortgages, option, max_seconds=0.5), mortgages)]
    features = mortgages.candidates[option].features
    found += [say_effect.describe(effect(mortgages, option, f), mortgages) for f in features]
    found += [say_effect.describe(effect(mortgages, option, features[0], by=features[3]), mortgages)]
    found += [say_pairs.describe(interactions(mortgages, option, top=4), mortgages)]
    found += [say_whole.describe(whole(mortgages, option), mortgages)]
    assert [f for n in found for f in faults(mortgages, n)] == []


def test_both_audiences_are_told_the_same_finding(mortgages: Study) -> None:
    found = importance(mortgages, "boosting", max_seconds=0.5)
    business, technical = say.headline(found, mortgages), say.headline(found, mortgages, audience="technical")
    assert business.facts["feature"] == technical.facts["feature"]
    assert faults(mortgages, say.describe(found, mortgages, audience="technical"), business=False) == []


def test_every_kind_of_study_is_told(study_of_kind: Study) -> None:
    study = study_of_kind
    for name, candidate in study.candidates.items():
        if candidate.failure or name in ("forest", "table"):
            continue
        found = [say.describe(importance(study, name, max_seconds=0.2), study)]
        found += [say_effect.describe(effect(study, name, f), study) for f in candidate.features[:4]]
        found += [say_whole.describe(whole(study, name), study)]
        assert [f for n in found for f in faults(study, n) if not f.startswith(("average", "grade"))] == []


@pytest.fixture(params=["regression", "three classes", "missing values", "tiny", "one feature"])
def study_of_kind(request: pytest.FixtureRequest) -> Study:
    from tests.explainers.conftest import study_by_name

    make: Callable[[str], Study] = study_by_name
    return make(request.param)
