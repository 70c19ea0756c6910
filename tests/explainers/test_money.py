"""Money a month: every part by hand, ranges by the metrics' bootstrap, figures that are checked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers import Study, costs, metrics, triage
from explainers.costs import averaging, money
from explainers.costs.answering import Rows
from explainers.costs.figures import KINDS, wrong_name
from explainers.errors import AssumptionError
from explainers.metrics import resampling
from explainers.packing import pack, unpack
from explainers.predict import stored
from explainers.results import Cost

COST = Cost(
    train_seconds=40.0,
    train_cpu_seconds=36.0,
    peak_memory_mb=500.0,
    serve_memory_mb=200.0,
    predict_ms_p50=7.2,
)
FIGURES: dict[str, Any] = {
    "cases_per_month": 5_000,
    "retrains_per_month": 4,
    "horizon_months": 12,
    "cpu_hour": 0.5,
    "gb_hour": 0.1,
    "hours_on": 100,
    "engineer_rate": 60,
    "hourly_rate": 30,
    "minutes_per_case": 6,
    "seen_by_person": 0.25,
    "build_hours": {"glass_box": 50},
    "keep_hours": {"glass_box": 2},
    "right": 0.5,
}


def little(n: int = 200) -> Study:
    """Return a study whose tree says "yes" from 5 on, and whose record differs in known rows."""
    frame = pd.DataFrame({"size": [float(i % 10) for i in range(n)]})
    frame["sold"] = np.where(frame["size"] > 4, "yes", "no")
    labels = np.array(["train"] * (n // 2) + ["calibration"] * (n // 4) + ["test"] * (n // 4))
    test = np.flatnonzero(labels == "test")
    frame.loc[test[0:3], "sold"] = np.where(frame.loc[test[0:3], "size"] > 4, "no", "yes")
    return Study.from_frame(frame, target="sold", candidates=["no_model", "tree"], split=labels)


def numbers() -> Study:
    frame = pd.DataFrame({"size": [float(i % 10) for i in range(200)]})
    frame["price"] = 10 * frame["size"] + np.arange(200) * 0.013
    frame["weight"] = [1.0 + (i % 3) for i in range(200)]
    frame.loc[5, "weight"] = np.nan
    about = {"weight": {"role": "excluded", "reason": "a weight"}}
    return Study.from_frame(frame, target="price", candidates=["no_model", "tree"], dictionary=about)


def test_every_part_is_that_of_a_hand_calculation(monkeypatch: pytest.MonkeyPatch) -> None:
    study = little()
    monkeypatch.setattr(costs, "known", lambda *_: COST)
    found = costs.monthly(study, {**FIGURES, "wrong": {"yes": {"no": 12}, "no": {"yes": 7}}}).set_index("candidate")
    tree = found.loc["tree"]
    # Of 50 never-seen rows 3 differ: two of size 0, 1, 2 (recorded yes, said no).
    differing = {("yes", "no"): 0, ("no", "yes"): 0}
    test = study.rows("test")
    said = stored(study, "tree")["yes"].to_numpy()[(study.split == "test").to_numpy()] >= 0.5
    for recorded, flagged in zip(test["sold"], said, strict=True):
        if (recorded == "yes") != flagged:
            differing[(recorded, "yes" if flagged else "no")] += 1
    assert sum(differing.values()) == 3
    assert tree["build"] == pytest.approx(50 * 60 / 12)
    assert tree["train"] == pytest.approx(4 * (36 / 3600 * 0.5 + 40 / 3600 * 0.5 * 0.1))
    assert tree["serve"] == pytest.approx(5_000 * 7.2 / 1000 / 3600 * 0.5 + 100 * 0.2 * 0.1)
    assert tree["people"] == pytest.approx(2 * 60 + 5_000 * 0.25 * 6 / 60 * 30)
    assert tree["wrong"] == pytest.approx(5_000 * (12 * differing["yes", "no"] + 7 * differing["no", "yes"]) / 50)
    assert tree["right"] == pytest.approx(5_000 * 47 / 50 * 0.5)
    assert tree["cost"] == pytest.approx(tree[["build", "train", "serve", "people"]].sum())
    assert tree["total"] == pytest.approx(tree["cost"] + tree["wrong"] - tree["right"])
    assert tree["total_lower"] < tree["total"] < tree["total_upper"]
    assert bool(tree["example"])


def test_hours_that_the_maker_of_an_option_states_take_the_place_of_those_assumed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(costs, "known", lambda *_: Cost(build_hours=10.0))
    found = costs.monthly(little(), FIGURES).set_index("candidate")
    assert found.loc["tree", "build"] == pytest.approx(10 * 60 / 12)
    assert found.loc["no_model", "build"] == pytest.approx(10 * 60 / 12)


def test_an_error_in_numbers_costs_by_unit_and_by_the_column_that_is_named() -> None:
    study = numbers()
    rows = study.split == "test"
    off = np.abs(stored(study, "no_model")["prediction"] - study.frame["price"])[rows]
    plain = costs.monthly(study, {"wrong_per_unit": 2, "cases_per_month": 100}).set_index("candidate")
    assert plain.loc["no_model", "wrong"] == pytest.approx(100 * 2 * off.mean())
    weights = study.frame["weight"].fillna(study.frame["weight"].mean())[rows]
    changes = {"wrong_per_unit": 2, "cases_per_month": 100, "wrong_from": "weight", "right": 3, "right_within": 15}
    by = costs.monthly(study, changes).set_index("candidate")
    assert by.loc["no_model", "wrong"] == pytest.approx(100 * 2 * (off * weights).mean())
    assert by.loc["no_model", "right"] == pytest.approx(100 * 3 * (off <= 15).mean())


def test_ranges_of_many_averages_are_those_of_the_metrics_bootstrap(any_study: Study) -> None:
    names = money.names_of(any_study)[:4]
    rows, found = Rows.of(any_study, names), costs.assumptions(any_study)
    each = [rows.answered(n, found).money(found.values) for n in names]
    each.append(each[0] - each[-1])
    together = averaging.Averages(rows.groups)
    together.prepare(each)
    for column in each:
        alone = resampling.spread(
            ["mae"], [resampling.by_unit(resampling.columns_of("mae", column), rows.groups)], even=True
        )
        mine = together.spread(column, even=True)
        if alone is None:
            assert mine is None
            continue
        assert mine is not None
        assert mine.ends(0.95) == pytest.approx(alone.ends(0.95), rel=1e-9, abs=1e-9)
        assert mine.p_value() == pytest.approx(alone.p_value())


def test_rows_that_belong_together_are_drawn_together() -> None:
    rng = np.random.default_rng(3)
    groups = np.repeat(np.arange(30), rng.integers(1, 9, 30))
    each = rng.normal(size=(len(groups), 3)) + rng.normal(size=30)[groups][:, None]
    drawn = resampling.weights(30, resampling.RESAMPLES, np.random.default_rng(0))
    for column, mine in zip(each.T, averaging.spreads(each, groups, drawn), strict=True):
        alone = resampling.spread(["mae"], [resampling.by_unit(resampling.columns_of("mae", column), groups)])
        assert alone is not None
        assert mine is not None
        assert (mine.value, mine.error) == pytest.approx((alone.value, alone.error))
        assert mine.ends(0.95) == pytest.approx(alone.ends(0.95))


def test_the_assumption_that_moves_a_total_most_is_the_one_of_trying_all() -> None:
    study = little()
    found = costs.assumptions(study)
    start = costs.monthly(study, found).set_index("candidate")["total"]
    moved = {}
    for name in found.values:
        if name != "most_off":
            other = costs.with_value(found, name, 1.1 * found.values[name])
            moved[name] = costs.monthly(study, other).set_index("candidate")["total"] - start
    most = pd.DataFrame(moved).abs().idxmax(axis=1)
    assert costs.monthly(study, found).set_index("candidate")["moves_most"].to_dict() == most.to_dict()


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["cpu_hour", "gb_hour", "engineer_rate", "hourly_rate", "minutes_per_case", "wrong:yes:no"]),
        st.floats(0, 1e4),
    ),
    st.sampled_from(["cpu_hour", "gb_hour", "engineer_rate", "hourly_rate", "wrong:yes:no", "wrong:no:yes"]),
    st.floats(0, 1e4),
)
def test_raising_a_price_never_lowers_a_cost(kind: str, start: dict[str, float], name: str, more: float) -> None:
    values = costs.assumptions(_LITTLE, {"seen_by_person": 0.3, **start}).values
    shares = {"wrong:yes:no": 0.1, "wrong:no:yes": 0.04}
    before = money.parts_by_share(COST, kind, shares, 0.86, values)
    after = money.parts_by_share(COST, kind, shares, 0.86, {**values, name: values[name] + more})
    assert all(after[p] >= before[p] for p in before)
    assert money.total(after) >= money.total(before)


_LITTLE = little(80)


# -- figures -----------------------------------------------------------------------------------------------------------
def test_figures_go_out_and_come_back(any_study: Study) -> None:
    found = costs.assumptions(any_study)
    again = costs.assumptions(any_study, costs.plain(found))
    assert again.values == found.values
    assert costs.changed(found, any_study) == {}
    other = costs.assumptions(any_study, {"cases_per_month": 77, "currency": "€"})
    sent = costs.changed(other, any_study)
    assert sent == {"cases_per_month": 77.0, "currency": "€"}
    assert costs.plain(costs.assumptions(any_study, sent)) == costs.plain(other)
    assert unpack(pack(other)).values == other.values
    assert costs.assumptions(any_study, {"predictions_per_month": 5}).values["cases_per_month"] == 5
    for figure in found.figures:
        assert figure.minimum <= figure.value <= figure.maximum
        assert figure.label
        assert figure.source
        assert figure.given == "example"


def test_the_study_gives_figures_with_their_source_and_its_owner_confirms_them(
    study_of: Callable[[str], Study],
) -> None:
    given = {
        "cases_per_month": {"value": 300, "source": "Count of last year."},
        "wrong": {"yes": {"no": 5}},
        "keep_hours": {"rule": 2},
        "confirmed_by": "Ada",
        "confirmed_on": "2026-11-20",
    }
    study = study_of("binary").replace(assumptions=given)
    found = costs.assumptions(study)
    by_name = {f.name: f for f in found.figures}
    assert by_name["cases_per_month"].source == "Count of last year."
    assert (by_name["cases_per_month"].given, by_name["cpu_hour"].given) == ("study", "example")
    assert (found.values["wrong:yes:no"], found.values["wrong:no:yes"], found.values["keep_hours:rule"]) == (5, 100, 2)
    assert found.confirmed_by == "Ada"
    assert not costs.monthly(study)["example"].any()
    # Who confirmed those has not confirmed these.
    changed = costs.assumptions(study, {"cases_per_month": 301})
    assert changed.confirmed_by == ""
    assert costs.monthly(study, changed)["example"].all()
    mine = costs.assumptions(study, {"cases_per_month": 301, "confirmed_by": "Bo", "confirmed_on": "2026-11-21"})
    assert (mine.confirmed_by, mine.confirmed_on) == ("Bo", "2026-11-21")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"cases_per_mont": 5}, "Did you mean 'cases_per_month'"),
        ({"nonsense": 5}, "Use one of"),
        ({"cases_per_month": "many"}, "should be a number"),
        ({"cases_per_month": float("nan")}, "should be a number"),
        ({"cases_per_month": True}, "should be a number"),
        ({"cpu_hour": -1}, "from 0 to"),
        ({"seen_by_person": 20}, "A share of 20 in 100 is 0.2"),
        ({"horizon_months": 0}, "from 1 to"),
        ({"wrong": {"yes": {"maybe": 4}}}, "no assumption"),
        ({"wrong": {"yes": 4}}, "no assumption"),
        ({"wrong_from": "heating"}, "does not hold numbers"),
        ({"wrong_from": "absent"}, "none of that name"),
    ],
)
def test_what_cannot_be_used_is_said_with_what_to_do(
    values: dict[str, Any], said: str, study_of: Callable[[str], Study]
) -> None:
    study = study_of("binary")
    with pytest.raises(AssumptionError, match=said):
        costs.assumptions(study, values)
    kept = study.replace(assumptions=values)  # in a study file it is a problem, and an example takes its place
    assert costs.assumptions(kept).values == costs.assumptions(study).values
    problem = costs.problems(kept)[0]
    assert problem.severity == "warning"
    assert problem.remedy


def test_a_study_file_says_what_is_wrong_with_its_figures() -> None:
    frame = pd.DataFrame({"x": np.arange(40.0), "y": ["a", "b"] * 20})
    study = Study.from_frame(frame, target="y", candidates=["no_model"], assumptions={"cpu_hours": 3})
    assert [p.code for p in study.problems if p.where == "the assumptions"] == ["unknown_assumption"]


def test_one_price_for_all_kinds_and_names_of_odd_classes() -> None:
    frame = pd.DataFrame({"x": np.arange(60.0), "y": ["a:b", "c%3A", "d"] * 20})
    study = Study.from_frame(frame, target="y", candidates=["no_model"])
    found = costs.assumptions(study, {"wrong": 9, wrong_name("a:b", "d"): 4})
    prices = {n: v for n, v in found.values.items() if n.startswith("wrong:")}
    assert len(prices) == 6
    assert prices.pop("wrong:a%3Ab:d") == 4
    assert set(prices.values()) == {9}
    frame["y"] = [f"c{i % 7}" for i in range(60)]
    many = Study.from_frame(frame, target="y", candidates=["no_model"])
    found = costs.assumptions(many, {"wrong": {"c1": {"c2": 3}}})
    assert (found.values["wrong"], found.values["wrong:c1:c2"]) == (100, 3)
    assert costs.monthly(many, found)["wrong"].iloc[0] > 0


def test_triage_draws_from_the_same_figures(study_of: Callable[[str], Study]) -> None:
    study = study_of("binary").replace(assumptions={"hourly_rate": {"value": 80, "source": "payroll"}})
    assert triage.assumptions(study)["hourly_rate"] == costs.assumptions(study).values["hourly_rate"] == 80


def test_money_of_every_kind_of_study(any_study: Study) -> None:
    found = costs.monthly(any_study)
    assert found["candidate"].tolist() == money.names_of(any_study)
    amounts = found[["build", "train", "serve", "people", "wrong", "right", "cost", "total"]]
    assert np.isfinite(amounts.to_numpy(dtype=float)).all()
    ranged = found.dropna(subset=["total_lower", "total_upper"])
    assert (ranged["total_lower"] <= ranged["total"] + 1e-6).all()
    assert (ranged["total"] <= ranged["total_upper"] + 1e-6).all()
    assert set(found["moves_most"]) <= set(costs.assumptions(any_study).values)
    n = len(metrics.measured_rows(any_study, found["candidate"].iloc[0], ("test",))[0])
    assert ranged.empty == (n < 10)
