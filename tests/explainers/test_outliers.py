"""Unusual cases: closed forms, counting, every kind of study and of column, hostile inputs, keeping."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from explainers import Dictionary, Feature, Study, store
from explainers.errors import CaseError
from explainers.outliers import columns, detector, pairs, scoring, tails, together, unusual
from explainers.packing import pack, unpack
from explainers.study import Kind
from tests.conftest import ROOT
from tests.explainers.planted import rows, study


def made(frame: pd.DataFrame, **about: Any) -> Study:
    return Study.from_frame(frame, target="answer", candidates={"no_model": "no_model"}, name="made", **about)


# -- one number --------------------------------------------------------------------------------------------------
def test_ranks_inside_and_a_fitted_tail_beyond() -> None:
    x = np.random.default_rng(0).exponential(1.0, 20_000)
    column = tails.learn_numbers(x)
    asked = np.array([1.0, 3.0, 8.0, 15.0])
    _, upper = tails.chances(column, asked)
    assert upper[:2] == pytest.approx(np.exp(-asked[:2]), rel=0.1)
    assert np.log(upper[2:]) == pytest.approx(-asked[2:], rel=0.15)  # no row lies beyond 12


def test_heavy_tails_fall_slowly_and_light_ones_fast() -> None:
    rng = np.random.default_rng(1)
    pareto, normal = (tails.learn_numbers(v) for v in (rng.pareto(3.0, 20_000), rng.normal(size=20_000)))
    far = [float(c.values[-1] + (c.values[-1] - np.median(c.values))) for c in (pareto, normal)]
    chance = [float(tails.chances(c, np.array([x]))[1][0]) for c, x in zip((pareto, normal), far, strict=True)]
    assert chance[0] > 100 * chance[1]


def test_the_chance_never_rises_further_out() -> None:
    rng = np.random.default_rng(2)
    for x in (rng.normal(size=500), rng.integers(0, 5, 500).astype(float), np.ones(300), np.r_[np.zeros(290), 5.0]):
        column = tails.learn_numbers(x)
        asked = np.sort(np.r_[np.linspace(-50, 50, 801), x])
        lower, upper = tails.chances(column, asked)
        assert (np.diff(lower) >= -1e-12).all()
        assert (np.diff(upper) <= 1e-12).all()
        assert ((lower >= 0) & (lower <= 1) & (upper >= 0) & (upper <= 1)).all()


def test_shares_of_whole_numbers_are_counted_with_their_ties() -> None:
    x = np.repeat([1.0, 2.0, 3.0, 4.0], [100, 200, 500, 200])
    lower, upper = tails.chances(tails.learn_numbers(x), np.array([1.0, 2.0, 3.0, 3.5]))
    assert lower == pytest.approx([0.1, 0.3, 0.8, 0.8])
    assert upper == pytest.approx([1.0, 0.9, 0.7, 0.2])
    assert tails.span(tails.learn_numbers(np.arange(1000.0))) == (10.0, 989.0)


def test_normal_scores_are_those_of_the_ranks() -> None:
    from scipy.stats import norm

    x = np.random.default_rng(3).normal(size=5_001)
    lower, upper = tails.chances(tails.learn_numbers(x), x)
    z = tails.normal_scores(lower, upper, most=3.0)
    exact = norm.ppf((np.argsort(np.argsort(x)) + 0.5) / x.size)
    middle = np.abs(exact) < 2
    assert z[middle] == pytest.approx(exact[middle], abs=0.03)
    assert np.abs(z).max() <= 3.0


# -- numbers together ----------------------------------------------------------------------------------------------
def test_the_distance_is_the_mahalanobis_distance() -> None:
    rng = np.random.default_rng(4)
    z = rng.multivariate_normal(np.zeros(3), np.array([[1, 0.8, 0], [0.8, 1, 0], [0, 0, 1]]), 5_000)
    joint = together.learn_together(z)
    point = np.array([[1.5, -1.5, 0.3]])
    scaled = point[0] / joint.spread
    assert together.oddness(joint, point)[0] == pytest.approx(0.5 * float(scaled @ joint.inverse @ scaled), rel=1e-9)
    assert set(together.oddest(joint, point[0])) == {0, 1}


def test_missing_numbers_are_left_out_exactly() -> None:
    rng = np.random.default_rng(5)
    cover = np.full((5, 5), 0.6) + 0.4 * np.eye(5)
    joint = together.learn_together(rng.multivariate_normal(np.zeros(5), cover, 4_000))
    point = np.array([[2.0, np.nan, -1.0, np.nan, 0.5]])
    known = [0, 2, 4]
    z = point[0, known] / joint.spread[known]
    alone = 0.5 * float(z @ np.linalg.inv(joint.matrix[np.ix_(known, known)]) @ z)
    assert together.oddness(joint, point)[0] == pytest.approx(alone, rel=1e-9)


def test_a_column_that_follows_from_another_is_odd_where_it_does_not() -> None:
    rng = np.random.default_rng(6)
    x = rng.normal(size=1_200)
    frame = pd.DataFrame({"x": x, "twice": 2 * x, "same": 7.0, "noise": rng.normal(size=1_200), "answer": "no"})
    frame["answer"] = np.where(rng.random(1_200) < 0.5, "yes", "no")
    study_ = made(frame)
    asked = pd.DataFrame({"x": [1.0, 1.0], "twice": [2.0, -2.0], "same": 7.0, "noise": 0.0})
    found = unusual(study_, asked)
    assert found.shares[1] < 0.01 < found.shares[0]
    assert set(found.reasons[1][0].features) == {"x", "twice"}


# -- levels and pairs ----------------------------------------------------------------------------------------------
def test_a_new_level_is_as_odd_as_new_levels_are_there() -> None:
    common = columns.learn_levels(pd.Series(["a", "b"] * 500))
    many = columns.learn_levels(pd.Series([f"z{i}" for i in range(900)] + ["z0"] * 100))
    new = np.array([columns.UNSEEN])
    assert columns.level_surprise(common, new)[0] == pytest.approx(np.log(1001 / 0.5))
    assert columns.level_surprise(many, new)[0] == pytest.approx(np.log(1001 / 899))


@pytest.mark.parametrize(("kept", "typed"), [([1, 2], 1.0), (["1", "2"], 1), ([1.0, 2.0], "1"), ([True, False], True)])
def test_a_level_is_known_however_it_is_kept(kept: list[Any], typed: Any) -> None:
    levels = columns.learn_levels(pd.Series(kept * 10))
    assert columns.as_codes(levels, pd.Series([typed], dtype=object))[0] >= 0


def test_few_rows_are_read_as_many_are() -> None:
    frame = rows(400, 3)
    frame.loc[5, "fuel"], frame.loc[7, "score"] = None, np.nan
    kinds: dict[str, Kind] = {"fuel": "categorical", "score": "numeric", "rate": "ordered"}
    for name, kind in kinds.items():
        column = columns.read(Feature(name=name, label=name, kind=kind), frame[name])
        if column.number:
            whole = columns.as_numbers(column, frame[name])
            one = [columns.as_numbers(column, frame[name].iloc[[i]])[0] for i in range(20)]
            np.testing.assert_array_equal(whole[:20], one)
        if column.level:
            levels = columns.learn_levels(frame[name])
            codes = columns.as_codes(levels, frame[name])
            assert codes[:20].tolist() == [columns.as_codes(levels, frame[name].iloc[[i]])[0] for i in range(20)]


def test_a_pair_is_rare_only_where_more_were_to_be_expected() -> None:
    rng = np.random.default_rng(7)
    a, b = rng.integers(0, 3, 3_000), rng.integers(0, 3, 3_000)
    b = np.where((a == 2) & (b == 2), 1, b)
    found = pairs.learn_pairs(np.column_stack([a, b]), np.array([3, 3]))
    assert found.codes.tolist() == [[2, 2]]
    amount, which = pairs.surprise(found, np.array([[2, 2], [0, 0], [2, -1]]))
    assert which.tolist() == [0, -1, -1]
    assert amount[0] > 8
    rare = np.column_stack([rng.random(3_000) < 0.07, rng.random(3_000) < 0.07]).astype(np.int64)
    assert pairs.learn_pairs(rare, np.array([2, 2])).codes.size == 0  # as rare as each alone would have it


# -- the share, and what may be claimed ------------------------------------------------------------------------------
def test_the_share_counts_held_out_rows_and_the_case_itself() -> None:
    study_ = study(1_500, 1)
    held = study_.rows("calibration", "test")
    found = unusual(study_, held)
    order = np.argsort(-found.scores)
    assert found.n_held_out == len(held)
    for at in (0, 4, 200):  # a held-out row is compared with the others
        assert found.counts[order[at]] == at
        assert found.shares[order[at]] == pytest.approx((1 + at) / len(held))
    typed = unusual(study_, held.iloc[[int(order[0])]].assign(score=0.123))
    assert typed.compared == (len(held),)
    assert typed.shares[0] == (1 + typed.counts[0]) / (len(held) + 1)


def test_one_case_alone_scores_as_among_others() -> None:
    study_ = study(1_500, 1)
    held = study_.rows("test").iloc[:40]
    whole = unusual(study_, held)
    for at in range(0, 40, 7):
        alone = unusual(study_, held.iloc[[at]])
        assert alone.scores[0] == pytest.approx(whole.scores[at], rel=1e-9)
        assert (alone.counts[0], alone.kinds[0]) == (whole.counts[at], whole.kinds[at])


@pytest.mark.parametrize(
    ("n", "finest", "at_20", "at_100"), [(40, None, None, None), (300, 0.05, True, None), (2_000, 5 / 800, True, True)]
)
def test_few_held_out_rows_claim_no_fine_share(n: int, finest: float | None, at_20: Any, at_100: Any) -> None:
    study_ = study(n, 2)
    odd = study_.rows("test").iloc[[0]].assign(area=1e6)
    found = unusual(study_, odd)
    assert found.finest == finest
    assert (found.at_1_in_20[0], found.at_1_in_100[0]) == (at_20, at_100)
    assert np.isnan(found.shares[0]) == (finest is None)
    assert found.reasons[0][0].features == ("area",)  # the reason is there all the same
    assert found.reasons[0][0].beyond


def test_nothing_is_learned_from_held_out_rows() -> None:
    study_ = study(1_500, 4)
    other = study_.frame.copy()
    held = (study_.split != "train").to_numpy()
    other.loc[held, ["area", "score"]] = 1e9
    first, second = (
        detector.learn(s, ("area", "score", "fuel")).learned for s in (study_, study_.replace(frame=other, data_key=""))
    )
    assert pack(tails.packed(first.numbers["area"])) == pack(tails.packed(second.numbers["area"]))
    np.testing.assert_array_equal(first.together.matrix, second.together.matrix)


# -- reasons -------------------------------------------------------------------------------------------------------
def test_reasons_are_counted_truly() -> None:
    study_ = study(2_000, 5)
    train = study_.rows("train")
    usual = study_.rows("test").iloc[[0]]
    far = unusual(study_, usual.assign(area=float(train.area.max() * 3))).reasons[0][0]
    assert (far.kind, far.features, far.counts, far.together, far.beyond) == ("far", ("area",), (0,), 0, True)
    assert far.lower is not None
    assert far.upper is not None
    assert far.within == pytest.approx(train.area.between(far.lower, far.upper).mean())
    assert 0.975 <= (far.within or 0) <= 0.99
    pair = unusual(study_, usual.assign(fuel="electric", system="stove")).reasons[0][0]
    counts = {"fuel": int((train.fuel == "electric").sum()), "system": int((train.system == "stove").sum())}
    assert pair.kind == "pair"
    assert dict(zip(pair.features, pair.counts, strict=True)) == counts
    assert pair.together == int(((train.fuel == "electric") & (train.system == "stove")).sum())
    gap = unusual(study_, usual.assign(score=np.nan)).reasons[0][0]
    assert (gap.kind, gap.features, gap.together, gap.beyond) == ("missing", ("score",), 0, True)


def test_protected_columns_count_only_where_an_option_uses_them() -> None:
    frame = rows(1_500, 6)
    fields = {"region": {"kind": "categorical", "protected": True}}
    study_ = Study.from_frame(
        frame,
        target="answer",
        dictionary=fields,
        candidates={"logistic": "logistic"},
        name="protected",
    )
    odd = study_.rows("test").iloc[[0]].assign(region="never seen")
    assert "region" not in unusual(study_, odd).feature_names
    uses = study_.candidates["logistic"]
    with_it = dataclasses.replace(uses, features=(*uses.features, "region"))
    found = unusual(study_.replace(candidates={"logistic": with_it}), odd, candidate="logistic")
    assert found.reasons[0][0].features == ("region",)


# -- every kind of study, hostile inputs ------------------------------------------------------------------------------
def test_every_kind_of_study_is_answered(any_study: Study) -> None:
    found = unusual(any_study, any_study.frame)
    n = len(any_study.frame)
    assert found.scores.shape == (n,)
    assert np.isfinite(found.scores).all()
    assert len(found.reasons) == len(found.kinds) == n
    assert unpack(pack(found)).kinds == found.kinds
    assert list(found.to_frame().index) == list(any_study.frame.index)
    if found.finest is None:
        assert set(found.at_1_in_20) == {None}


def test_hostile_values_are_answered() -> None:
    study_ = study(1_500, 1)
    one = study_.rows("test").iloc[[0]].astype(object)
    for name in study_.inputs:
        for value in (None, np.nan, np.inf, -np.inf, 1e308, -1e308, "", "<b>", "=1+1", True, pd.NaT, 10**30):
            found = unusual(study_, one.assign(**{name: pd.Series([value], index=one.index, dtype=object)}))
            assert np.isfinite(found.scores).all(), (name, value)
    for value in (np.inf, -np.inf):
        assert unusual(study_, one.assign(score=value)).reasons[0][0].features == ("score",)
    assert unusual(study_, study_.frame.iloc[:0]).scores.shape == (0,)
    with pytest.raises(CaseError, match="lacks the columns area"):
        unusual(study_, one.drop(columns="area"))


def test_dates_ordered_text_and_nullable_columns() -> None:
    rng = np.random.default_rng(8)
    n = 1_400
    frame = pd.DataFrame(
        {
            "day": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 700, n), unit="D"),
            "grade": rng.choice(["low", "middle", "high"], n, p=[0.5, 0.3, 0.2]),
            "count": pd.array(rng.integers(0, 9, n), dtype="Int64"),
            "flag": pd.array(rng.random(n) < 0.5, dtype="boolean"),
            "answer": rng.choice(["no", "yes"], n),
        }
    )
    frame.loc[3, "count"] = pd.NA
    entries = {
        "day": Feature(name="day", label="Day", kind="date"),
        "grade": Feature(
            name="grade", label="Grade", kind="ordered", level_labels={k: k for k in ("low", "middle", "high")}
        ),
        "count": Feature(name="count", label="Count"),
        "flag": Feature(name="flag", label="Flag", kind="boolean"),
        "answer": Feature(name="answer", label="Answer", role="target", kind="boolean"),
    }
    study_ = made(frame, dictionary=Dictionary(features=entries))
    usual = study_.rows("test").iloc[[0]]
    assert unusual(study_, usual.assign(day=pd.Timestamp("2040-01-01"))).reasons[0][0].features == ("day",)
    assert unusual(study_, usual.assign(grade="highest")).reasons[0][0].kind == "level"
    assert unusual(study_, usual.assign(count=90)).reasons[0][0].features == ("count",)


@pytest.mark.parametrize("n", [1, 2, 3, 12])
def test_a_handful_of_rows(n: int) -> None:
    few = study(200, 1)
    frame = few.frame.iloc[:n]
    found = unusual(few.replace(frame=frame, split=few.split.iloc[:n], data_key=""), frame)
    assert found.finest is None
    assert np.isnan(found.shares).all()


# -- keeping and speed ---------------------------------------------------------------------------------------------
def test_it_is_kept_and_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    study_ = study(1_500, 11)
    assert scoring.prepare(study_) == 1
    assert scoring.ready(study_)
    scoring._at_hand.clear()
    monkeypatch.setattr(detector, "learn", lambda *_: pytest.fail("learned again"))
    cases = study_.rows("test").iloc[:5]
    first = unusual(study_, cases)
    scoring._at_hand.clear()
    np.testing.assert_array_equal(unusual(study_, cases).scores, first.scores)
    place = scoring.detector_key(study_, study_.inputs)
    assert store.has(scoring.KIND, place)
    assert len(pack(store.get(scoring.KIND, place))) < 300_000


def test_a_case_is_scored_without_heavy_packages_and_soon() -> None:
    code = (
        "import sys, time; sys.path.insert(0, sys.argv[1]);"
        "from explainers import open_study; from explainers.outliers import unusual; import explainers.words.unusual;"
        "s = open_study(sys.argv[1] + '/sample_data/boston_mortgages', build=False); c = s.row('1095');"
        "unusual(s, c); t = time.perf_counter();"
        "[unusual(s, c.assign(loan_to_value=i / 10)) for i in range(20)]; t = (time.perf_counter() - t) / 20;"
        "print(sorted(set(sys.modules) & {'sklearn', 'scipy', 'statsmodels'}), t < 0.05)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(ROOT)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] True"


def test_many_rows_columns_and_levels_are_learned_in_time() -> None:
    rng = np.random.default_rng(9)
    n = 60_000
    frame = pd.DataFrame({f"x{i}": rng.normal(size=n) for i in range(12)} | {"zip": rng.integers(0, 10_000, n)})
    frame["zip"] = "z" + frame["zip"].astype(str)
    frame["answer"] = rng.choice(["no", "yes"], n)
    study_ = made(frame, dictionary={"zip": {"kind": "categorical"}})
    started = time.perf_counter()
    detector.learn(study_, study_.inputs)
    assert time.perf_counter() - started < 10  # under a second where nothing else runs


def test_the_worker_learns_it_while_building(study_of: Callable[[str], Study]) -> None:
    from explainers.tasks import TASKS

    study_ = study_of("binary")
    assert TASKS["usual"].run(study_, lambda *_: None) >= 1
    assert scoring.ready(study_)
