"""The comparison against counts by hand: line, what can be told apart, break-even, points, cut-offs, disagreements."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers import Study, compare, costs, metrics
from explainers.compare import cheapest, cutting, evening
from explainers.compare.options import Gap, Option, Weighed, explainable, on_line, paying
from explainers.compare.quality import quality
from explainers.costs import money
from explainers.costs.answering import Answered, Rows
from explainers.errors import CandidateError
from explainers.metrics import resampling
from explainers.metrics.measures import chosen as chosen_class
from explainers.packing import pack, unpack
from explainers.predict import stored
from explainers.results import Cost
from tests.explainers.conftest import study_by_name

KINDS = ["binary", "three classes", "regression"]


@cache
def noisy() -> Study:
    """Return a study of 600 rows with noise, so that options differ and ranges are not empty."""
    rng = np.random.default_rng(11)
    frame = pd.DataFrame({"size": rng.normal(size=900).round(3), "age": rng.normal(size=900).round(3)})
    chance = 1 / (1 + np.exp(-(1.6 * frame["size"] + frame["age"])))
    frame["sold"] = np.where(rng.random(900) < chance, "yes", "no")
    labels = np.array(["train"] * 300 + ["calibration"] * 300 + ["test"] * 300)
    return Study.from_frame(frame, target="sold", candidates=["no_model", "rule", "logistic", "tree"], split=labels)


# -- the line ----------------------------------------------------------------------------------------------------------
points = st.lists(st.tuples(st.integers(0, 6).map(float), st.integers(0, 6).map(float) | st.none()), max_size=9)


@given(points, st.booleans())
def test_a_dominated_option_is_never_on_the_line_and_all_others_are(
    found: list[tuple[float, float | None]], up: bool
) -> None:
    sign = 1 if up else -1
    for i, (on, (cost, value)) in enumerate(zip(on_line(found, greater_is_better=up), found, strict=True)):
        beaten = value is None
        for j, (c, v) in enumerate(found):
            if i != j and v is not None and value is not None:
                at_least = c <= cost and sign * v >= sign * value
                beaten = beaten or (at_least and (c < cost or sign * v > sign * value))
        assert on == (not beaten)


@pytest.mark.parametrize("kind", KINDS)
def test_the_line_of_a_study_holds_nothing_that_another_beats(kind: str) -> None:
    study = study_by_name(kind)
    for values in ({}, {"build_hours": {"black_box": 1}, "keep_hours": {"black_box": 0}}):
        found = compare.comparison(study, values)
        sign = 1 if found.greater_is_better else -1
        for o in found.options:
            better = [
                p
                for p in found.options
                if p.cost <= o.cost and sign * p.value >= sign * o.value and (p.cost, p.value) != (o.cost, o.value)
            ]
            assert o.pareto == (not better)
        assert [o.cost for n in found.line for o in found.options if o.candidate == n] == sorted(
            o.cost for o in found.options if o.pareto
        )


@pytest.mark.parametrize("kind", KINDS)
def test_what_cannot_be_told_from_a_cheaper_one_is_what_the_paired_ranges_say(kind: str) -> None:
    study = study_by_name(kind)
    found = compare.comparison(study)
    sign = 1 if found.greater_is_better else -1
    for o in found.options:
        cheaper = sorted((p for p in found.options if p.cost < o.cost), key=lambda p: p.cost)
        if not cheaper:
            assert (o.against, o.cannot_tell_from, o.standing) == ("", "", "")
            continue
        best = max(cheaper, key=lambda p: sign * p.value)
        gap = metrics.difference(study, o.candidate, best.candidate, found.metric)
        assert (o.against, o.standing) == (best.candidate, gap.verdict)
        assert (o.difference, o.difference_lower) == (pytest.approx(gap.value), pytest.approx(gap.lower))
        alike = [
            p.candidate
            for p in cheaper
            if metrics.difference(study, o.candidate, p.candidate, found.metric).verdict
            in ("cannot tell", "about the same")
        ]
        assert o.cannot_tell_from == (alike[0] if alike else "")


def test_one_row_per_option_and_the_columns_that_are_relied_on(any_study: Study) -> None:
    found = compare.compare(any_study)
    assert found["candidate"].tolist() == money.names_of(any_study)
    wanted = {"cost", "value", "lower", "upper", "pareto", "cannot_tell_from", "wrong", "total", "standing", "label"}
    wanted |= {"time_to_production_days", "explainability", "finds", "misses", "false_alarms", "kind", "example"}
    assert wanted <= set(found.columns)
    rich = compare.comparison(any_study, variants=True)
    again = unpack(pack(rich))
    assert again.to_frame().equals(rich.to_frame())
    amounts = costs.monthly(any_study).set_index("candidate")
    for o in rich.options:
        if not o.variant:
            assert (o.cost, o.total) == pytest.approx(
                (amounts.loc[o.candidate, "cost"], amounts.loc[o.candidate, "total"])
            )
            if o.total_lower is not None:
                assert o.total_lower == pytest.approx(amounts.loc[o.candidate, "total_lower"])
        assert o.time_to_production_days == pytest.approx(
            rich.assumptions.values[f"build_hours:{o.kind}"] / rich.assumptions.values["hours_a_day"]
        )


def test_a_measure_can_be_asked_for_and_one_of_another_kind_is_refused() -> None:
    study = study_by_name("binary")
    found = compare.comparison(study, metric="accuracy")
    assert (found.metric, found.declared) == ("accuracy", False)
    with pytest.raises(CandidateError, match="accuracy, auc"):
        compare.comparison(study, metric="mae")


def test_both_kinds_of_error_are_those_of_the_metrics(any_study: Study) -> None:
    for o in compare.comparison(any_study).options:
        if any_study.positive not in any_study.classes or len(any_study.classes) != 2:
            continue
        errors = metrics.errors(any_study, o.candidate)
        assert (o.finds, o.misses, o.false_alarms) == (errors.found, errors.missed, errors.false_alarms)


def test_reasons_are_exact_where_explaining_says_so() -> None:
    from explainers.attribution import explain

    for kind in ("binary", "regression"):
        study = study_by_name(kind)
        for name in money.names_of(study):
            if explainable(study, name) == "exact":
                assert explain(study, name, study.frame.head(2)).method in ("closed form", "exact enumeration"), name


# -- what pays ---------------------------------------------------------------------------------------------------------
def test_savings_against_no_model_are_paired_and_counted_by_hand() -> None:
    study, values = noisy(), {"cases_per_month": 900, "wrong": 40}
    found = compare.comparison(study, values)
    test = (study.split == "test").to_numpy()
    recorded = (study.frame["sold"] == "yes").to_numpy()[test]
    off = {n: ((stored(study, n)["yes"].to_numpy()[test] >= 0.5) != recorded).astype(float) for n in study.candidates}
    none = next(o for o in found.options if o.candidate == "no_model")
    for o in found.options[1:]:
        each = 40 * (off["no_model"] - off[o.candidate])
        assert o.saving == pytest.approx(none.total - o.total)
        assert o.saving == pytest.approx(900 * each.mean() + none.cost - o.cost)
        half = 1.96 * 900 * each.std(ddof=1) / math.sqrt(len(each))
        assert o.saving_upper - o.saving == pytest.approx(o.saving - o.saving_lower)
        assert o.saving_upper - o.saving == pytest.approx(half, rel=0.1)
    assert found.state == "least"
    assert found.least == min(found.options, key=lambda o: o.total).candidate


def test_none_pays_when_answers_cost_nothing_and_the_best_pays_when_they_cost_much() -> None:
    study = noisy()
    free = compare.comparison(study, {"wrong": 0})
    assert (free.state, free.least) == ("none", "no_model")
    assert {o.pays for o in free.options if o.candidate != "no_model"} == {"no"}
    dear = compare.comparison(study, {"wrong": 1e5})
    assert dear.state == "least"
    assert next(o for o in dear.options if o.candidate == dear.least).pays == "yes"
    nothing = compare.comparison(study, {"cases_per_month": 0})
    assert nothing.state == "none"
    assert all(o.saving == pytest.approx(o.saving_lower) for o in nothing.options if o.saving is not None)


def test_luck_of_many_options_is_counted() -> None:
    gaps = [Gap(5.0, 0.1, 9.9, 0.04)] * 3
    assert paying(gaps) == ["cannot tell"] * 3
    assert paying(gaps[:1]) == ["yes"]
    assert paying([Gap(-5.0, -9.9, -0.1, 0.04), Gap(1.0, None, None, None)]) == ["cannot tell", "cannot tell"]
    assert paying([Gap(-5.0, -5.0, -5.0, 0.0)]) == ["no"]


def test_an_option_with_protected_columns_is_shown_and_never_named() -> None:
    study = noisy()
    protected = study.candidates["logistic"]
    from dataclasses import replace

    marked = study.replace(candidates={**study.candidates, "logistic": replace(protected, uses_protected=True)})
    found = compare.comparison(marked, {"wrong": 1e4}, variants=True)
    assert found.set_aside == ("logistic",)
    assert "logistic" in [o.candidate for o in found.options]
    assert "logistic" not in (found.least, found.best, found.next_least, *(o.against for o in found.options))


# -- break-even --------------------------------------------------------------------------------------------------------
def totals(study: Study, figures: Any, name: str) -> float:
    found = costs.monthly(study, figures).set_index("candidate")
    return float(found.loc[name, "total"])


@pytest.mark.parametrize("kind", KINDS)
def test_where_break_even_is_named_putting_it_in_makes_totals_equal(kind: str) -> None:
    study = study_by_name(kind)
    named = 0
    for values in ({}, {"right": 3}, {"seen_by_person": 0.2, "cases_per_month": 7}):
        found = compare.comparison(study, values)
        assert all(b.value is not None or b.why for b in found.break_even)
        for b in [b for b in found.break_even if b.value is not None][:6]:
            named += 1
            put = compare.inserted(found.assumptions, b)
            a, other = totals(study, put, b.a), totals(study, put, b.b)
            assert a == pytest.approx(other, abs=1e-6, rel=1e-9)
            assert b.lower is not None
            assert b.upper is not None
            assert b.lower <= b.value <= b.upper
    assert named > 3


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.floats(0, 1_000),
    st.floats(0, 1_000),
    st.floats(1, 500),
    st.sampled_from(["wrong:yes:no", "wrong:no:yes", "cases_per_month"]),
)
def test_break_even_of_any_two_options(seed: int, build: float, keep: float, price: float, quantity: str) -> None:
    study, rng = noisy(), np.random.default_rng(seed)
    figures = costs.assumptions(study, {"wrong:yes:no": price, "right": float(rng.integers(0, 3))})
    weighed = Weighed(Rows(study, np.arange(300)), figures)
    made = [_option(figures, rng, rate, hours) for rate, hours in ((0.2, build), (0.35, keep))]
    a, b = sorted(made, key=lambda o: -o.spent)
    found = evening.break_even(weighed, a, b, quantity)
    if found.value is None:
        assert found.why
        return
    put = compare.inserted(figures, found)
    both = [money.total(o.parts_at(put.values)) for o in (a, b)]
    assert both[0] == pytest.approx(both[1], abs=1e-6, rel=1e-9)
    for times, less in ((1.5, found.above), (0.5, not found.above)):
        moved = {**figures.values, quantity: times * found.value}
        gap = money.total(a.parts_at(moved)) - money.total(b.parts_at(moved))
        if abs(gap) > 1e-6:
            assert (gap < 0) == less


def _option(figures: Any, rng: np.random.Generator, rate: float, hours: float) -> Option:
    each = (rng.random((300, 2)) < rate / 2).astype(float)
    each[:, 1] *= 1 - each[:, 0]
    answered = Answered(("wrong:no:yes", "wrong:yes:no"), each, 1 - each.sum(axis=1))
    cost = Cost(build_hours=hours)
    shares, right = answered.shares, answered.right_share
    parts = money.parts_by_share(cost, "rule", shares, right, figures.values)
    return Option("x", "", "rule", cost, answered, answered.money(figures.values), shares, right, parts, 0.5)


def test_no_price_is_named_where_the_gap_may_be_nothing() -> None:
    study = noisy()
    figures = costs.assumptions(study)
    weighed, tried = Weighed(Rows(study, np.arange(300)), figures), 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        a, b = _option(figures, rng, 0.3, 90.0), _option(figures, rng, 0.3, 10.0)
        slope = a.answered.each[:, 1] - b.answered.each[:, 1]
        low, high = weighed.averages.ends(slope, even=True)
        assert low is not None
        assert high is not None
        if slope.mean() < 0 and low <= 0 <= high:  # a point to name there would be
            tried += 1
            found = evening.break_even(weighed, a, b, "wrong:yes:no")
            assert (found.value, found.why) == (None, "no price can be named")
    assert tried > 5


def test_the_range_of_a_break_even_holds_as_often_as_it_says() -> None:
    """Answers drawn at known rates: the true break-even lies in the range in about 95 of 100 draws."""
    study = noisy()
    figures = costs.assumptions(study, {"wrong": 100})
    rows, held = Rows.of(study, ["tree"]), []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        a, b = _option(figures, rng, 0.15, 600.0), _option(figures, rng, 0.4, 10.0)
        # Rates of differing answers as they were drawn: half in one column, half of what is left in the other.
        per_case = [100 * (rate / 2 + rate / 2 * (1 - rate / 2)) for rate in (0.15, 0.4)]
        true = (a.spent - b.spent) / (per_case[1] - per_case[0])
        found = evening.break_even(Weighed(rows, figures), a, b, "cases_per_month")
        held.append(found.lower is not None and found.lower <= true <= (found.upper or math.inf))
    assert 0.88 <= np.mean(held) <= 1.0


def test_the_price_of_a_point_is_the_cost_between_neighbours_over_their_gap() -> None:
    study = noisy()
    found = compare.comparison(study, metric="auc")
    rows = {o.candidate: o for o in found.options}
    assert len(found.points) == len(found.line) - 1
    for p in found.points:
        gap = metrics.difference(study, p.a, p.b, "auc")
        assert p.more == pytest.approx(rows[p.a].cost - rows[p.b].cost)
        assert p.points == pytest.approx(100 * gap.value)
        if gap.lower is not None and gap.lower > 0:
            assert p.price == pytest.approx(p.more / (100 * gap.value))
            assert (p.price_lower, p.price_upper) == pytest.approx((p.more / 100 / gap.upper, p.more / 100 / gap.lower))
        else:
            assert p.price is None


# -- cut-offs ----------------------------------------------------------------------------------------------------------
def test_a_cut_off_by_cost_is_the_cheapest_on_set_aside_rows_and_counted_on_never_seen_ones() -> None:
    study, values = noisy(), {"wrong:yes:no": 500, "wrong:no:yes": 50}
    found = compare.threshold(study, "logistic", values)
    aside, test = ((study.split == s).to_numpy() for s in ("calibration", "test"))
    p, yes = stored(study, "logistic")["yes"].to_numpy(), (study.frame["sold"] == "yes").to_numpy()

    def price(rows: Any, cut: float) -> float:
        flagged = p[rows] >= cut
        return float(np.where(yes[rows] & ~flagged, 500, np.where(~yes[rows] & flagged, 50, 0)).mean())

    tried = [0.0, *np.sort(p[aside]), 2.0]
    assert price(aside, found.cut) == pytest.approx(min(price(aside, c) for c in tried))
    assert found.cut < study.threshold
    flagged = p[test] >= found.cut
    assert (found.finds, found.misses) == (int((yes[test] & flagged).sum()), int((yes[test] & ~flagged).sum()))
    assert found.false_alarms == int((~yes[test] & flagged).sum())
    assert found.money == pytest.approx(1000 * price(test, found.cut))
    assert found.usual_money == pytest.approx(1000 * price(test, 0.5))
    assert found.saving == pytest.approx(found.usual_money - found.money)
    assert found.n_chosen_on == 300
    for cut, amount in zip(found.cuts, found.money_at, strict=True):
        assert amount == pytest.approx(1000 * price(test, cut))


def test_a_cut_off_is_set_against_that_of_today_on_the_same_rows() -> None:
    study, values = noisy(), {"wrong:yes:no": 500, "wrong:no:yes": 50, "right": 20}
    found = compare.threshold(study, "logistic", values)
    test = (study.split == "test").to_numpy()
    p, yes = stored(study, "logistic")["yes"].to_numpy()[test], (study.frame["sold"] == "yes").to_numpy()[test]
    now, then = (((p >= cut) == yes).astype(float) for cut in (found.cut, found.usual))
    assert (found.right, found.usual_right) == (int(now.sum()), int(then.sum()))
    assert found.right_more == pytest.approx((now - then).mean())
    more, fewer, n = int((now > then).sum()), int((now < then).sum()), len(now)
    a, b = (more + 1) / (n + 2), (fewer + 1) / (n + 2)
    half = 1.959964 * math.sqrt((a + b - (a - b) ** 2) / (n + 2))
    assert (found.right_more_lower, found.right_more_upper) == pytest.approx((a - b - half, a - b + half), rel=1e-5)
    money = [np.where(yes == (p >= c), -20.0, np.where(yes, 500.0, 50.0)) for c in (found.usual, found.cut)]
    apart = resampling.spread(["mae"], [resampling.columns_of("mae", money[0] - money[1])], even=True)
    assert apart is not None
    ends = [1000 * e for e in apart.ends(0.95)]
    assert (found.saving_lower, found.saving_upper) == pytest.approx(ends)
    same = compare.threshold(study, "logistic", {"wrong:yes:no": 0, "wrong:no:yes": 0})
    assert (same.cut, same.right_more, same.right_more_lower, same.right_more_upper) == (0.5, 0.0, 0.0, 0.0)


def test_never_seen_rows_have_no_say_in_the_cut_off() -> None:
    study = noisy()
    before = compare.threshold(study, "logistic", {"wrong:yes:no": 500})
    said = stored(study, "logistic")
    frame, test = study.frame.copy(), (study.split == "test").to_numpy()
    frame.loc[test, "sold"] = np.where(frame.loc[test, "sold"] == "yes", "no", "yes")
    turned = study.replace(frame=frame)
    assert stored(turned, "logistic").equals(said)
    assert compare.threshold(turned, "logistic", {"wrong:yes:no": 500}).cut == before.cut


def test_a_cut_off_can_be_to_flag_all_or_none() -> None:
    study = noisy()
    none = compare.threshold(study, "tree", {"wrong:yes:no": 0, "wrong:no:yes": 10})
    assert (math.isinf(none.cut), none.finds, none.false_alarms) == (True, 0, 0)
    every = compare.threshold(study, "tree", {"wrong:yes:no": 10, "wrong:no:yes": 0})
    assert every.misses == 0
    assert unpack(pack(none)).cut == math.inf


def test_a_cut_off_needs_two_classes_and_enough_set_aside_rows() -> None:
    with pytest.raises(CandidateError, match="two outcomes"):
        compare.threshold(study_by_name("three classes"), "tree")
    with pytest.raises(CandidateError, match="two outcomes"):
        compare.threshold(study_by_name("regression"), "tree")
    found = compare.threshold(study_by_name("tiny"), "tree")
    assert (found.n_chosen_on, found.cut) == (0, 0.5)
    assert cutting.LEAST_ROWS == 30


def test_answers_by_cost_are_those_of_a_hand_calculation_and_counted_beside_the_likeliest() -> None:
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"size": rng.normal(size=600).round(3), "age": rng.normal(size=600).round(3)})
    pulls = np.column_stack([frame["size"], frame["age"], np.zeros(600)]) + rng.gumbel(size=(600, 3))
    frame["kind"] = np.array(["large", "old", "plain"])[pulls.argmax(axis=1)]
    study = Study.from_frame(frame, target="kind", candidates=["no_model", "logistic"])
    a, b, c = study.classes
    values = {f"wrong:{a}:{b}": 700, f"wrong:{a}:{c}": 300, f"wrong:{b}:{a}": 50, f"wrong:{c}:{b}": 20, "right": 10}
    found = compare.answers_by_cost(study, "logistic", values)
    price = {(a, b): 700.0, (a, c): 300.0, (b, a): 50.0, (b, c): 100.0, (c, a): 100.0, (c, b): 20.0}
    test = (study.split == "test").to_numpy()
    said, record = stored(study, "logistic")[list(study.classes)].to_numpy()[test], study.frame[study.target][test]
    spent, usual, finds, changed = 0.0, 0.0, dict.fromkeys(study.classes, 0), 0
    for p, actual in zip(said, record, strict=True):
        expected = {
            k: sum(q * price[j, k] for q, j in zip(p, study.classes, strict=True) if j != k) - 10 * p[at]
            for at, k in enumerate(study.classes)
        }
        likeliest = study.classes[int(p.argmax())]
        mine = likeliest if expected[likeliest] <= min(expected.values()) + 1e-7 else min(expected, key=expected.get)
        spent += -10.0 if mine == actual else price[actual, mine]
        usual += -10.0 if likeliest == actual else price[actual, likeliest]
        finds[actual] += mine == actual
        changed += mine != likeliest
    n = int(test.sum())
    assert changed
    assert (found.changed, found.finds, found.n) == (changed, tuple(finds.values()), n)
    assert (found.money, found.usual_money) == pytest.approx((1000 * spent / n, 1000 * usual / n))
    assert found.saving == pytest.approx(1000 * (usual - spent) / n)
    assert found.saving_lower is not None
    assert found.saving_lower <= found.saving <= found.saving_upper
    assert unpack(pack(found)).finds == found.finds
    alike = compare.answers_by_cost(study, "logistic")  # all prices alike: the likeliest answer costs least
    assert (alike.changed, alike.saving, alike.named) == (0, 0.0, alike.usual_named)
    with pytest.raises(CandidateError, match="three classes or more"):
        compare.answers_by_cost(study_by_name("binary"), "tree")


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.integers(1, 30), k=st.integers(3, 5), right=st.floats(0, 50))
def test_no_other_answer_is_expected_to_cost_less(seed: int, n: int, k: int, right: float) -> None:
    rng = np.random.default_rng(seed)
    chances = rng.dirichlet(np.ones(k), n)
    each = rng.integers(0, 100, (k, k)).astype(float)
    np.fill_diagonal(each, -right)
    weights = rng.uniform(0, 3, n)
    ways = cheapest.cheapest_ways(chances, chances.argmax(axis=1), each, weights)

    def expected(i: int, named: int) -> float:
        return sum(float(chances[i, j]) * (weights[i] * each[j, named] if j != named else -right) for j in range(k))

    for i, way in enumerate(ways):
        assert all(expected(i, int(way)) <= expected(i, other) + 1e-6 for other in range(k))


def test_with_several_classes_no_model_answers_by_cost_too() -> None:
    study = study_by_name("three classes")
    first = study.classes[0]
    dear = {n: 5000.0 for n in costs.assumptions(study).values if n.startswith(f"wrong:{first}:")}
    found = compare.comparison(study, dear, variants=True)
    flat = next(o for o in found.options if o.candidate == found.no_model and o.variant)
    own = next(o for o in found.options if o.candidate == found.no_model and not o.variant)
    assert (flat.variant, flat.cost) == ("answers by cost", own.cost)
    assert flat.saving == pytest.approx(own.total - flat.total)
    assert min(o.total for o in found.options) == next(
        o.total for o in found.options if (o.candidate, o.variant) == (found.least, found.least_variant)
    )
    plain = compare.comparison(study, variants=True)
    assert not [o for o in plain.options if o.variant]  # all prices alike


def test_variants_count_as_options_of_their_own() -> None:
    study, values = noisy(), {"wrong:yes:no": 900}
    found = compare.comparison(study, values, variants=["logistic"])
    assert [(o.candidate, o.variant) for o in found.options if o.variant] == [("logistic", "cut by cost")]
    variant = next(o for o in found.options if o.variant)
    choice = compare.threshold(study, "logistic", values)
    assert (variant.cut, variant.finds, variant.false_alarms) == (choice.cut, choice.finds, choice.false_alarms)
    own = next(o for o in found.options if o.candidate == "logistic" and not o.variant)
    assert own.total - variant.total == pytest.approx(choice.saving)
    assert (variant.cost, variant.value) == (own.cost, own.value)
    by_name = {c.candidate: c for c in found.by_cost}
    assert (by_name["logistic"].cut, by_name["logistic"].saving_lower) == (
        choice.cut,
        pytest.approx(choice.saving_lower),
    )
    if found.least_variant:
        about = [b for b in found.break_even if (b.a_variant or b.b_variant)]
        assert about


# -- disagreements -----------------------------------------------------------------------------------------------------
def test_disagreements_equal_a_count_by_hand(any_study: Study) -> None:
    names = [n for n in money.names_of(any_study) if any_study.candidates[n].kind != "baseline"]
    if len(names) < 2:
        with pytest.raises(CandidateError, match="two options"):
            compare.disagreements(any_study)
        return
    found = compare.disagreements(any_study)
    rows = any_study.split == "test"
    rows = (rows if rows.any() else any_study.split == "unknown").to_numpy()
    assert (found.names, found.n) == (tuple(names), int(rows.sum()))
    said: dict[str, Any] = {}
    for n in names:
        answers = stored(any_study, n).to_numpy(dtype=float)[rows]
        said[n] = answers[:, 0]
        if any_study.classes:
            ways = chosen_class(answers, metrics.focus_of(any_study), any_study.threshold)
            said[n] = np.array([any_study.classes[k] for k in ways], dtype=object)
    ids, differing = [], 0
    usual = max(any_study.candidates[n].typical_error or 0.0 for n in names)
    for i, case in enumerate(any_study.case_ids[rows]):
        every = [said[n][i] for n in names]
        if (len(set(every)) > 1) if any_study.classes else (max(every) - min(every) > usual):
            differing += 1
            ids.append(str(case))
    assert found.differing == differing == len(found.cases)
    assert sorted(found.cases) == sorted(ids)
    assert list(found.apart) == sorted(found.apart, reverse=True)
    for a, b in combinations(names, 2):
        apart = (
            int((said[a] != said[b]).sum())
            if any_study.classes
            else int((np.abs(said[a].astype(float) - said[b].astype(float)) > usual).sum())
        )
        assert found.pairs.loc[a, b] == found.pairs.loc[b, a] == apart
    frame = found.to_frame()
    assert list(frame.columns) == ["case", "record", *names]
    for _, row in frame.head(5).iterrows():
        at = list(map(str, any_study.case_ids[rows])).index(row["case"])
        assert [row[n] for n in names] == [said[n][at] for n in names]
    assert unpack(pack(found)).to_frame().equals(frame)


def test_disagreements_of_two_and_of_names_that_do_not_exist() -> None:
    study = noisy()
    found = compare.disagreements(study, ["no_model", "tree"])
    flagged = stored(study, "tree")["yes"].to_numpy()[(study.split == "test").to_numpy()] >= 0.5
    one = stored(study, "no_model")["yes"].iloc[0] >= 0.5
    assert found.differing == int((flagged != one).sum())
    with pytest.raises(CandidateError, match="no candidate"):
        compare.disagreements(study, ["tree", "absent"])
    with pytest.raises(CandidateError, match="two options"):
        compare.disagreements(study, ["tree", "tree"])


# -- work and studies that are hard ------------------------------------------------------------------------------------
def test_pairs_are_kept_and_the_task_makes_them_ready() -> None:
    from explainers import store, tasks
    from explainers.compare.quality import key_of

    study = noisy()
    names = money.names_of(study)
    store.remove("compare", key_of(study, names))
    assert not compare.ready(study, names)
    assert tasks.task("compare").run(study, lambda *_: None) == names
    assert compare.ready(study, names)
    kept = quality(study, names)
    for a, b in combinations(names, 2):
        gap = metrics.difference(study, b, a, "brier")
        mine = kept.between(b, a, "brier")
        assert mine is not None
        assert (mine.value, mine.lower, mine.upper, mine.verdict) == pytest.approx(
            (gap.value, gap.lower, gap.upper, gap.verdict)
        )


def test_a_study_without_no_model_is_set_against_the_usual_answer(study_of: Callable[[str], Study]) -> None:
    study = study_of("binary")
    rest = study.replace(candidates={n: c for n, c in study.candidates.items() if n in ("tree", "rule")})
    found = compare.comparison(rest)
    assert [o.candidate for o in found.options] == ["rule", "tree"]
    assert found.no_model == "no_model"
    with_it = compare.comparison(study)
    tree = next(o for o in found.options if o.candidate == "tree")
    other = next(o for o in with_it.options if o.candidate == "tree")
    assert tree.wrong == pytest.approx(other.wrong)
    none = next(o for o in with_it.options if o.candidate == "no_model")
    assert tree.saving + tree.total == pytest.approx(none.wrong - none.right + none.build + none.people)


def test_studies_with_hardly_anything_in_them() -> None:
    frame = pd.DataFrame({"x": np.arange(30.0), "y": ["a", "b"] * 15})
    bare = Study.from_frame(frame, target="y", candidates=["no_model", "rule"], split=["train"] * 30)
    found = compare.comparison(bare)
    assert (found.state, found.n, found.break_even) == ("nothing", 0, ())
    assert all(o.value is None and o.total_lower is None for o in found.options)
    assert compare.disagreements(bare, ["no_model", "rule"]).n == 0
    alone = Study.from_frame(frame, target="y", candidates=["no_model"])
    assert compare.comparison(alone).state == "nothing"
    lost = frame.assign(y=[None if i % 2 else "a" if i % 3 else "b" for i in range(30)])
    part = Study.from_frame(lost, target="y", candidates=["no_model", "rule"])
    assert compare.comparison(part).n < 6
