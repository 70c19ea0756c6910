"""Words about quality, verdicts, chances and triage: plain, true, and in step with the results."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest

from explainers.results import Difference, Errors, Judgement, Metric, Reliability, Triage, TriageRule
from explainers.study import Study
from explainers.words import calibration, home, metrics, quality, triage, verdict
from explainers.words.say import text
from tests.words import gates
from tests.words.samples import HOSTILE, houses, loans

STANDINGS = ("better", "worse", "about the same", "cannot tell")


def metric(name: str, value: float = 0.8, **more: Any) -> Metric:
    fields: dict[str, Any] = {"lower": value * 0.9, "upper": value * 1.1, "level": 0.95, "rarest": 57, "method": "made"}
    better = name in ("accuracy", "auc", "r2")
    return Metric(name=name, value=value, greater_is_better=better, n=476, **{**fields, **more})


def gap(name: str, word: Any, value: float = 0.1, **more: Any) -> Difference:
    fields: dict[str, Any] = {"lower": value - 0.05, "upper": value + 0.05, "level": 0.95, "p_value": 0.01, "n": 476}
    better = name in ("accuracy", "auc", "r2")
    return Difference(
        a="trees", b="none", metric=name, value=value, verdict=word, greater_is_better=better, **{**fields, **more}
    )


def judged(name: str = "auc", word: Any = "better", **more: Any) -> Judgement:
    value = 25_000.0 if name in ("mae", "rmse") else 0.1
    mine = (
        gap(name, word, -value if name in ("mae", "rmse") else value, lower=-1.4 * value, upper=-0.6 * value)
        if name in ("mae", "rmse")
        else gap(name, word)
    )
    fields: dict[str, Any] = {
        "candidate": "trees",
        "metric": name,
        "declared": True,
        "measured": metric(name, 41_000.0 if name in ("mae", "rmse") else 0.8),
        "required": "not set",
        "no_model": "none",
        "standing": word,
        "difference": mine,
        "adjusted": 0.03,
        "n_options": 8,
    }
    return Judgement(**{**fields, **more})


def rule(**more: Any) -> TriageRule:
    fields: dict[str, Any] = {
        "cuts": (0.9, 0.8),
        "low": 0.1,
        "high": 0.8,
        "alone": (230, 12),
        "off": (8, 2),
        "person": 234,
        "error": 10 / 242,
        "lower": 0.02,
        "upper": 0.075,
        "lower_each": (0.02, 0.05),
        "upper_each": (0.07, 0.45),
        "hours": 163.9,
        "money": 8193.3,
    }
    return TriageRule(**{**fields, **more})


def triaged(chosen: TriageRule | None, **more: Any) -> Triage:
    nothing = rule(
        cuts=(math.inf, math.inf),
        alone=(0, 0),
        off=(0, 0),
        person=476,
        error=None,
        lower=None,
        upper=None,
        lower_each=(None, None),
        upper_each=(None, None),
        hours=333.3,
        money=16_667.0,
    )
    fields: dict[str, Any] = {
        "candidate": "trees",
        "kind": "two classes",
        "outcomes": ("no", "yes"),
        "rules": (rule(), nothing),
        "chosen": chosen,
        "allowed": 0.1,
        "level": 0.95,
        "n": 476,
        "n_chosen_on": 476,
        "minutes": 20.0,
        "hourly": 50.0,
        "monthly": 1000.0,
        "confirmed": False,
    }
    return Triage(**{**fields, **more})


def reliable(**more: Any) -> Reliability:
    fields: dict[str, Any] = {
        "candidate": "trees",
        "outcome": "yes",
        "holds": True,
        "stated": (0.04, 0.2, 0.5),
        "observed": (0.02, 0.25, 0.55),
        "lower": (0.0, 0.15, 0.4),
        "upper": (0.06, 0.35, 0.7),
        "joint_lower": (0.0, 0.12, 0.35),
        "joint_upper": (0.08, 0.4, 0.75),
        "counts": (200, 100, 60),
        "happened": (4, 25, 33),
        "level": 0.95,
        "n": 360,
        "mean_stated": 0.16,
        "mean_observed": 0.17,
        "worst": 1,
        "tilt": "none",
    }
    return Reliability(**{**fields, **more})


def passes(narrative: Any, study: Study, *, business: bool = True) -> None:
    said = gates.every(narrative)
    assert gates.true(said, study) == []
    if business:
        assert gates.plain(said) == []


@pytest.mark.parametrize("audience", ["business", "technical"])
@pytest.mark.parametrize("word", STANDINGS)
@pytest.mark.parametrize("name", ["accuracy", "auc", "log_loss", "brier", "mae", "rmse", "r2"])
def test_every_verdict_is_plain_and_true(name: str, word: Any, audience: Any) -> None:
    study = houses() if name in ("mae", "rmse", "r2") else loans()
    other = gap("brier", "worse" if word == "better" else "better", -0.02, lower=-0.03, upper=-0.01)
    for required in ("not set", "meets it", "does not", "cannot tell"):
        result = judged(
            name,
            word,
            required=required,
            required_metric="" if required == "not set" else name,
            required_level=None if required == "not set" else 0.7,
            required_figure=metric(name),
            against_rule=gap(name, word),
            others=(other,),
            disagreeing=("brier",),
        )
        asked = study.replace(required={"measure": name, "level": 0.7, "who": "the loan desk", "when": "3 May 2026"})
        passes(verdict.describe(result, asked, audience=audience), study, business=audience == "business")


@pytest.mark.parametrize("word", STANDINGS)
def test_better_is_said_only_where_it_is_better(word: Any) -> None:
    """Swapping two templates breaks this."""
    said = text(verdict.describe(judged(word=word), loans()))
    assert ("does better than" in said) == (word == "better")
    assert ("does worse than" in said) == (word == "worse")
    assert ("about the same as" in said) == (word == "about the same")
    assert ("has not been shown to beat" in said) == (word == "cannot tell")
    assert (
        verdict.chip(judged(word=word))
        == {
            "better": "better than no model",
            "worse": "worse than no model",
            "about the same": "no better than no model",
            "cannot tell": "not shown to beat no model",
        }[word]
    )


def test_a_gap_is_told_in_the_reader_s_direction() -> None:
    less = text(verdict.describe(judged("mae"), houses()))
    assert (
        "It is off by 24,000 dollars less on average" in less or "It is off by 25,000 dollars less on average" in less
    )
    assert "15,000 to 35,000 dollars less" in less
    both = text(verdict.describe(judged("auc", "cannot tell", difference=gap("auc", "cannot tell", 0.02)), loans()))
    assert "3 fewer to 7 more" in both
    more = text(verdict.describe(judged("auc"), loans()))
    assert "Of 100 pairs it puts 10 more in the right order. The range of that gap is 5 to 15 more." in more


def test_luck_with_many_options_is_said() -> None:
    result = judged("auc", "cannot tell", difference=gap("auc", "better"), adjusted=0.2)
    said = text(verdict.describe(result, loans()))
    assert "Alone it would count as better; with eight options tried, luck could show as much." in said
    assert "does better" not in said


def test_few_cases_groups_and_unknown_rows_are_said() -> None:
    said = text(verdict.describe(judged(measured=metric("auc", rarest=12, groups=46, rows="unknown history")), loans()))
    assert "Only 12 of the 476 applications had the rarest outcome, so these ranges are rough." in said
    assert "46 groups" in said
    assert "may have seen these applications before" in said


def test_no_model_and_a_study_without_it() -> None:
    alone = judged(candidate="none", standing="", difference=None, adjusted=None)
    assert "Every option has to beat “No model”." in text(verdict.describe(alone, loans()))
    assert verdict.chip(alone) == verdict.chip(None) == ""
    without = judged(no_model="", standing="", difference=None)
    assert "no option without a model" in text(verdict.describe(without, loans()))


def test_quality_has_ranges_and_a_verdict_in_place_of_the_old_limit() -> None:
    study = loans()
    figures = {n: (metric("auc"), metric("accuracy")) for n in ("none", "trees")}
    counted = {
        n: Errors(
            candidate=n,
            outcome="yes",
            found=9,
            missed=48,
            false_alarms=6,
            passed=413,
            threshold=0.5,
            found_range=(0.085, 0.275),
            alarm_range=(0.006, 0.031),
        )
        for n in figures
    }
    before = metrics.describe(figures, study, errors=counted, candidate="trees")
    after = metrics.describe(figures, study, errors=counted, candidate="trees", verdicts={"trees": judged()})
    passes(before, study)
    passes(after, study)
    assert "such gaps may still be luck" in text(before).lower()
    assert "nobody has checked yet" not in text(after).lower()
    assert "finds 9 (4 to 16)" in text(after)
    assert "in 80 of 100 (72 to 88) such pairs" in text(after)
    assert "does better than “No model”" in text(after)
    technical = metrics.describe(figures, study, errors=counted, candidate="trees", audience="technical")
    assert "ROC AUC 0.800 (0.720 to 0.880)" in text(technical)
    passes(technical, study, business=False)


def test_what_is_good_enough_is_said_without_terms() -> None:
    study = loans(required={"measure": "auc", "level": 0.8, "who": "the loan desk", "when": "3 May 2026"})
    said = home.required(study)
    assert said.text == "Good enough means 80 of 100 pairs in the right order. The loan desk set this on 3 May 2026."
    assert gates.plain((said,)) == []
    assert "ROC AUC 0.8" in home.required(study, audience="technical").text


@pytest.mark.parametrize("tilt", ["too high", "too low", "too extreme", "too timid", "none", "mixed"])
@pytest.mark.parametrize("audience", ["business", "technical"])
def test_reliability_is_plain_true_and_in_step(tilt: Any, audience: Any) -> None:
    study = loans()
    bad = reliable(tilt=tilt, holds=tilt == "none", stated=(0.04, 0.2 if tilt == "none" else 0.6, 0.5))
    said = calibration.describe(bad, study, audience=audience)
    passes(said, study, business=audience == "business")
    assert ("held in all three groups" in said.headline.text) == (tilt == "none")
    assert ("did not hold in one of three groups" in said.headline.text) == (tilt != "none")
    at = int(np.argmax(np.abs(np.subtract(bad.stated, bad.observed))))
    stated, counted = (round(100 * float(v[at])) for v in (bad.stated, bad.observed))
    n = f"{bad.counts[at]} applications"
    assert (
        calibration.title(bad, study) == f"Furthest apart: {stated} in 100 stated, {counted} in 100 counted among {n}"
    )
    one = dataclasses.replace(
        bad,
        holds=True,
        tilt="none",
        worst=0,
        **{
            f: getattr(bad, f)[:1]
            for f in ("stated", "observed", "lower", "upper", "joint_lower", "joint_upper", "counts", "happened")
        },
    )
    passes(calibration.describe(one, study, audience=audience), study, business=audience == "business")
    assert "too few never-seen" in calibration.describe(None, study, candidate="trees").headline.text.lower()
    assert "turned down by the lender" in calibration.alt(bad, study)


@pytest.mark.parametrize("audience", ["business", "technical"])
def test_triage_is_plain_true_and_in_step(audience: Any) -> None:
    study = loans()
    business = audience == "business"
    said = triage.describe(triaged(rule()), study, audience=audience)
    passes(said, study, business=business)
    whole = text(said)
    assert (
        said.headline.text
        == "“Many trees” could decide 242 of 476 never-seen applications alone; 234 would go to a person."
    )
    assert "Of 230 that it would call accepted, 8 (4 to 17) differ from what the lender decided." in whole
    assert "Of 12 that it would call turned down, 2 (0 to 6) differ from what the lender decided." in whole
    assert "This does not keep to 10 in 100 off" in whole
    assert "With example figures, the rest takes people about 160 hours a month: $8,200" in whole
    assert "nobody has set it" in whole
    sure = triaged(
        rule(cuts=(0.9, math.inf), alone=(230, 0), off=(8, 0), person=246), confirmed=True, allowed_given=True
    )
    told = text(triage.describe(sure, study, audience=audience))
    passes(triage.describe(sure, study, audience=audience), study, business=business)
    assert "It calls no application turned down alone; a person sees all of those." in told
    assert "example" not in told
    none = triage.describe(triaged(None), study, audience=audience)
    passes(none, study, business=business)
    assert "every application goes to a person" in none.headline.text
    number = triaged(
        rule(cuts=(-20_000.0,), low=None, high=None, alone=(90,), off=(4,), lower_each=(0.02,), upper_each=(0.11,)),
        kind="numbers",
        outcomes=(),
        tolerance=50_000.0,
    )
    passes(triage.describe(number, houses(), audience=audience), houses(), business=business)
    assert "4 (1 to 7) lie further than 50,000 dollars from the record" in text(triage.describe(number, houses()))
    one = dataclasses.replace(number, chosen=dataclasses.replace(number.chosen, off=(1,)))
    assert "1 (1 to 7) lies further than" in text(triage.describe(one, houses()))


def test_the_technical_audience_reads_the_field_s_name_of_an_option() -> None:
    study = loans()
    trees = dataclasses.replace(study.candidates["trees"], technical="Random forest")
    study = study.replace(candidates={**study.candidates, "trees": trees})
    for chosen in (rule(), None):
        said = triage.describe(triaged(chosen), study, audience="technical").headline.text
        assert ("“Random forest”" in said, "“Many trees”" in said) == (True, False)
    every = {"trees": judged(), "none": judged(candidate="none", word="cannot tell")}
    for audience, label in (("business", "“Many trees”"), ("technical", "“Random forest”")):
        assert f"only {label}" in quality.title(every, study, audience=audience)
        assert label.strip("“”") in quality.alt(every, study, audience=audience)


def test_one_usual_error_never_reads_two_ways_on_a_page() -> None:
    study = houses(unit="packs", typical_error=None)
    rule_ = dataclasses.replace(study.candidates["trees"], name="last", label="Last known figure", kind="rule")
    study = study.replace(candidates={**study.candidates, "last": rule_})
    figures = {n: (metric("mae", v),) for n, v in (("none", 22.62), ("trees", 15.56), ("last", 4.38))}
    said = text(metrics.describe(figures, study, candidate="trees"))
    assert "usually off by 15.6 packs (14.0 to 17.1 packs). For “No model” it is 22.6 packs." in said
    assert "it is off by 4.4 packs" in said
    assert "“Many trees”, is off by 15.6 packs" in said


@pytest.mark.parametrize("audience", ["business", "technical"])
def test_with_several_classes_the_headline_speaks_of_all_of_them(audience: Any) -> None:
    study = loans().replace(
        classes=("later", "no", "yes"), outcome_words={"later": "put off"}, outcome_is="recorded fact", decided_by=""
    )
    figures = {n: (metric("accuracy", 0.8 if n == "trees" else 0.7), metric("auc")) for n in ("none", "trees")}
    each = [
        Errors(candidate="trees", outcome=c, found=9, missed=48, false_alarms=6, passed=413, threshold=0.5)
        for c in study.classes
    ]
    said = metrics.describe(figures, study, each={"trees": each}, candidate="trees", audience=audience)
    passes(said, study, business=audience == "business")
    assert said.headline.text == (
        "“Many trees” agrees with the record on 381 (342 to 419) of 476 never-seen applications, “No model” on 333."
    )


@pytest.mark.parametrize("label", HOSTILE)
def test_names_are_put_in_as_they_are(label: str) -> None:
    study = loans()
    trees = dataclasses.replace(study.candidates["trees"], label=label)
    study = study.replace(candidates={**study.candidates, "trees": trees})
    for narrative in (
        verdict.describe(judged(), study),
        calibration.describe(reliable(), study),
        triage.describe(triaged(rule()), study),
    ):
        assert f"“{label}”" in text(narrative)


@pytest.mark.parametrize("name", ["boston_mortgages", "saratoga_heating", "saratoga_prices", "cigarette_demand"])
def test_every_option_of_every_sample_is_said_plainly(name: str) -> None:
    from explainers.calibration import reliability
    from explainers.metrics import errors, errors_of_classes, evaluate, verdicts
    from tests.studies.conftest import built

    study = built(name)
    figures, found = {n: evaluate(study, n) for n in study.candidates}, verdicts(study)
    counted = {n: errors(study, n) for n in study.candidates} if len(study.classes) == 2 else {}
    each = {n: errors_of_classes(study, n) for n in study.candidates}
    for option in study.candidates:
        said = [
            metrics.describe(figures, study, errors=counted, each=each, verdicts=found, candidate=option),
            verdict.describe(found[option], study),
        ]
        if study.classes:
            said.append(calibration.describe(reliability(study, option), study, candidate=option))
        for narrative in said:
            passes(narrative, study)
        technical = metrics.describe(
            figures, study, errors=counted, each=each, verdicts=found, candidate=option, audience="technical"
        )
        passes(technical, study, business=False)
        passes(verdict.describe(found[option], study, audience="technical"), study, business=False)
    assert found["tree"].standing
