"""Triage: counts of the rows, rules that keep to what is allowed, hours and money by hand."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from explainers import Study
from explainers.errors import CandidateError
from explainers.packing import pack, unpack
from explainers.predict import stored
from explainers.triage import EXAMPLES, assumptions, triage


def test_counts_are_those_of_the_rows(mortgages: Study) -> None:
    found = triage(mortgages, "formula", cuts=(0.9, 0.7))
    test = (mortgages.split == "test").to_numpy()
    p, yes = stored(mortgages, "formula")["yes"].to_numpy()[test], (mortgages.frame["denied"] == "yes").to_numpy()[test]
    rule = found.chosen
    assert rule is not None
    assert (rule.low, rule.high) == pytest.approx((0.1, 0.7))
    assert rule.alone == (int((p <= 0.1).sum()), int((p >= 0.7).sum()))
    assert rule.off == (int((yes & (p <= 0.1)).sum()), int((~yes & (p >= 0.7)).sum()))
    assert rule.person == 476 - sum(rule.alone)
    assert rule.error == pytest.approx(sum(rule.off) / sum(rule.alone))
    assert found.n_chosen_on == 0


def test_every_kind_of_study_adds_up(any_study: Study) -> None:
    for name in list(any_study.candidates)[:3]:
        sure = None if any_study.task == "classification" else -np.arange(float(len(any_study.frame)))
        found = triage(any_study, name, sureness=sure)
        assert found.rules[0].person == 0
        assert found.rules[-1].person == found.n
        for rule in (*found.rules, *([found.chosen] if found.chosen else [])):
            assert sum(rule.alone) + rule.person == found.n
            assert all(0 <= o <= a for o, a in zip(rule.off, rule.alone, strict=True))
            assert rule.hours == pytest.approx(rule.person / found.n * 1000 * 20 / 60)
            assert rule.money == pytest.approx(rule.hours * 50)
            if rule.error is not None:
                assert rule.lower is not None
                assert rule.upper is not None
                assert rule.lower <= rule.error <= rule.upper
        people = [r.person for r in found.rules]
        assert people == sorted(people)
        assert len(found.to_frame()) == len(found.rules)
        assert unpack(pack(found)).rules[0].alone == found.rules[0].alone


def test_the_rule_is_chosen_on_set_aside_rows_and_each_answer_keeps_to_it(mortgages: Study) -> None:
    found = triage(mortgages, "boosting", most_off=0.1)
    assert found.chosen is not None
    assert found.n_chosen_on == 476
    aside = (mortgages.split == "calibration").to_numpy()
    p, yes = stored(mortgages, "boosting")["yes"].to_numpy()[aside], (mortgages.frame["denied"] == "yes")[aside]
    alone = p <= 1 - found.chosen.cuts[0]
    assert alone.sum() >= 20
    assert yes[alone].mean() < 0.1
    # Refusals are off too often on their own, so none is given without a person.
    assert math.isinf(found.chosen.cuts[1])
    assert found.chosen.high is None
    strict = triage(mortgages, "boosting", most_off=0.001)
    assert strict.chosen is None
    loose = triage(mortgages, "boosting", most_off=1.0)
    assert loose.chosen is not None
    assert loose.chosen.person <= found.chosen.person


def test_never_seen_rows_have_no_say_in_the_choice(mortgages: Study) -> None:
    turned = mortgages.frame.copy()
    test = (mortgages.split == "test").to_numpy()
    before = triage(mortgages, "tree", most_off=0.15)
    said = stored(mortgages, "tree")
    turned.loc[test, "denied"] = np.where(turned.loc[test, "denied"] == "yes", "no", "yes")
    other = mortgages.replace(frame=turned)
    assert stored(other, "tree").equals(said)
    after = triage(other, "tree", most_off=0.15)
    assert before.chosen is not None
    assert after.chosen is not None
    assert after.chosen.cuts == before.chosen.cuts
    assert after.chosen.off != before.chosen.off


def test_numbers_are_decided_where_the_range_is_narrow(study_of: Callable[[str], Study]) -> None:
    study = study_of("regression")
    off = np.abs(stored(study, "formula")["prediction"].to_numpy() - study.frame["price"].to_numpy())
    sure = -off  # a made-up range that knows: then the surest are never off
    found = triage(study, "formula", tolerance=10.0, sureness=sure)
    test = (study.split == "test").to_numpy()
    assert found.kind == "numbers"
    assert found.rules[0].off == (int((off[test] > 10).sum()),)
    assert found.rules[-2].off == (0,)
    assert triage(study, "formula").tolerance == pytest.approx(
        2 * (study.candidates["formula"].typical_error or 0), rel=0.7
    )


def test_assumptions_are_examples_until_somebody_confirms_them(study_of: Callable[[str], Study]) -> None:
    study = study_of("binary")
    assert assumptions(study) == {**EXAMPLES, "confirmed": False}
    own = study.replace(assumptions={"hourly_rate": 80, "confirmed_by": "Ada", "most_off": 0.2})
    found = triage(own, "tree", minutes_per_case=30, cases_per_month=10)
    assert (found.hourly, found.minutes, found.monthly, found.confirmed) == (80, 30, 10, True)
    assert (found.allowed, found.allowed_given) == (0.2, True)
    assert found.rules[-1].hours == pytest.approx(5.0)
    assert found.rules[-1].money == pytest.approx(400.0)
    assert not triage(study, "tree").allowed_given


def test_what_cannot_be_done_is_said(study_of: Callable[[str], Study]) -> None:
    with pytest.raises(CandidateError, match="2 cuts"):
        triage(study_of("binary"), "tree", cuts=(0.9,))
    frame = pd.DataFrame({"x": np.arange(40.0), "y": np.arange(40.0)})
    bare = Study.from_frame(frame, target="y", candidates={"tree": "tree"}, split=["train"] * 40)
    with pytest.raises(CandidateError, match="never-seen"):
        triage(bare, "tree")
