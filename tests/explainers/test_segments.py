"""Where it is most wrong: figures by hand, the search against brute force, chance that is allowed for, odd studies."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from explainers import Study, packing, tasks
from explainers.errors import CaseError
from explainers.predict import stored
from explainers.residuals import cells, members, scan, segments, worst_tree
from explainers.residuals.chance import capped, clearest, rate_of, shuffled
from explainers.residuals.scan import Limits
from explainers.residuals.slicing import Sliced, ranges, slice_column
from explainers.residuals.stating import ends
from explainers.results import Condition, Segment
from tests.explainers.weak_spots import planted

NONE = {"no_model": "no_model"}
MESSY = {
    "number": [1.0, 2.5, np.nan, np.inf, -np.inf, 3.0, 3.0, 8.25] * 30,
    "few": [0, 1, 2, 1, 0, 2, 2, 5] * 30,
    "text": ["a", "b", None, "b", "<i>c</i>", "=1+1", "a", "{x}"] * 30,
    "truth": [True, False, None, True, True, False, True, False] * 30,
    "day": list(pd.date_range("2020-01-01", periods=7)) * 34 + [pd.NaT, pd.Timestamp("2024-02-29")],
    "empty": [None] * 240,
}


def messy(n: int = 240) -> Study:
    frame = pd.DataFrame(MESSY)
    frame["empty"] = frame["empty"].astype(object)
    frame["price"] = np.random.default_rng(0).normal(size=len(frame))
    return Study.from_frame(frame.head(n), target="price", candidates=NONE, split=["train"] * 20 + ["test"] * (n - 20))


def sliced(study: Study, frame: pd.DataFrame, names: tuple[str, ...], least: int = 5, bins: int = 16) -> list[Sliced]:
    found = [slice_column(study, n, frame[n], least=least, bins=bins) for n in names]
    return [c for c in found if c is not None]


# -- the measure of surprise -----------------------------------------------------------------------------------
@pytest.mark.parametrize("share", [0.03, 0.12, 0.5, 0.8])
def test_for_shares_the_root_is_the_relative_entropy(share: float) -> None:
    errors = (np.arange(10_000) < share * 10_000).astype(float)
    rate = rate_of(errors)
    assert rate is not None
    for k, n in (
        (1.05 * share * 5_000, 5_000),
        (0.9 * share * 100, 100),
        (1.3 * min(share, 0.7) * 100, 100),
        (100, 100),
        (0.95 * 60, 60),
    ):
        q = k / n
        entropy = q * np.log(q / share) + ((1 - q) * np.log((1 - q) / (1 - share)) if q < 1 else 0)
        wanted = np.sqrt(2 * n * entropy / (1 - n / 10_000)) if q > share else 0.0
        got = rate.root(np.array([(k - share * n) / rate.sd]), np.array([n]), 10_000)[0]
        assert got == pytest.approx(wanted, rel=0.01, abs=0.02)


def test_a_root_is_about_normal_by_chance_however_skewed_the_errors() -> None:
    rng = np.random.default_rng(1)
    errors = capped(rng.lognormal(0, 1.2, 20_000))
    rate = rate_of(errors)
    assert rate is not None
    z = rate.standardised(errors)
    sums = np.array([z[rng.choice(20_000, 60, replace=False)].sum() for _ in range(20_000)])
    roots = rate.root(sums, np.full(20_000, 60), 20_000)
    plain = sums / np.sqrt(60)
    assert 0.0008 <= (roots > 3.0).mean() <= 0.0022  # 0.00135
    assert (plain > 3.0).mean() > 0.003  # the mean over its spread is fooled by the skew


def test_errors_that_are_all_alike_have_no_rate() -> None:
    assert rate_of(np.zeros(50)) is None
    assert rate_of(np.full(50, 3.3)) is None
    assert rate_of(np.empty(0)) is None


@pytest.mark.parametrize("kind", ["skewed", "shares", "mostly wrong"])
def test_the_clearest_root_is_that_of_all_of_them(kind: str) -> None:
    rng = np.random.default_rng(2)
    errors = {
        "skewed": capped(rng.lognormal(0, 1, 3_000)),
        "shares": (rng.random(3_000) < 0.1).astype(float),
        "mostly wrong": (rng.random(3_000) < 0.9).astype(float),
    }[kind]
    rate = rate_of(errors)
    assert rate is not None
    n = rng.integers(5, 900, 400)
    sums = (rng.normal(size=(30, 400)) * np.sqrt(n)).astype(np.float32)
    sums = np.minimum(sums, rate.top * n).astype(np.float32)
    counts = rng.random(400) < 0.8
    every = rate.root(sums[:, counts], n[counts], 3_000).max(axis=1)
    assert clearest(rate, sums, n, 3_000, counts) == pytest.approx(every, rel=1e-5)
    assert clearest(rate, sums, n, 3_000, np.zeros(400, dtype=bool)).tolist() == [0.0] * 30


def test_shuffles_keep_the_errors_and_how_groups_resemble_each_other() -> None:
    rng = np.random.default_rng(3)
    groups = np.repeat(np.arange(40), 25)
    errors = rng.normal(size=40)[groups] + rng.normal(size=1_000) * 0.5
    alone = shuffled(errors, None, 5, rng)
    assert all(sorted(row) == sorted(errors) for row in alone)
    together = shuffled(errors, groups, 50, rng)
    spread = [row.reshape(40, 25).mean(axis=1).std() for row in together]
    assert np.mean(spread) == pytest.approx(errors.reshape(40, 25).mean(axis=1).std(), rel=0.1)
    assert np.mean([row.reshape(40, 25).mean(axis=1).std() for row in alone]) < 0.4 * np.mean(spread)


# -- conditions ----------------------------------------------------------------------------------------------------
def test_each_condition_holds_of_exactly_the_rows_that_were_counted() -> None:
    study = messy()
    columns = sliced(study, study.frame, tuple(MESSY))
    assert {c.name for c in columns} == set(MESSY) - {"empty"}
    columns += sliced(study, study.frame, ("text",), least=40)
    assert columns[-1].bins[-2].other
    for c in columns:
        for row, condition in zip(c.sets, c.conditions, strict=True):
            assert (row.astype(bool)[c.codes] == members(study, study.frame, [condition])).all(), condition
        for k, condition in enumerate(c.bins):
            assert ((c.codes == k) == members(study, study.frame, [condition])).all(), condition


def test_ordered_levels_make_ranges_in_the_dictionarys_order(mortgages_unbuilt: Study) -> None:
    found = slice_column(
        mortgages_unbuilt, "consumer_credit_score", mortgages_unbuilt.frame["consumer_credit_score"], least=1
    )
    assert found is not None
    assert [c.levels for c in found.bins] == [(k,) for k in (1, 2, 3, 4, 5, 6)]
    assert Condition(feature="x", levels=(4, 5, 6)).levels in [c.levels for c in found.conditions]
    assert (1, 3) not in [c.levels for c in found.conditions]


def test_ten_thousand_levels_are_put_together() -> None:
    frame = pd.DataFrame({"code": [f"p{k % 10_000}" for k in range(20_000)], "price": np.arange(20_000.0)})
    frame.loc[:300, "code"] = "p1"
    study = Study.from_frame(frame, target="price", candidates=NONE)
    found = slice_column(study, "code", frame["code"], least=100)
    assert found is not None
    assert found.size == 2
    assert [c.levels for c in found.conditions] == [("p1",)]
    assert found.bins[1].other


def test_ranges_never_hold_everything() -> None:
    for k in range(1, 20):
        assert (0, k - 1) not in ranges(k) or k == 0
        assert len(set(ranges(k))) == len(ranges(k))


# -- the search ------------------------------------------------------------------------------------------------------
def test_the_best_group_is_that_of_brute_force() -> None:
    rng = np.random.default_rng(4)
    n = 400
    frame = pd.DataFrame({"a": rng.normal(size=n).round(1), "b": rng.choice(list("xyz"), n), "c": rng.normal(size=n)})
    frame.loc[::9, "a"] = np.nan
    errors = rng.exponential(size=n) * np.where((frame["b"] == "y") & (frame["c"] > 0.5), 3, 1)
    frame["price"] = errors
    study = Study.from_frame(frame, target="price", candidates=NONE)
    columns = sliced(study, frame, ("a", "b", "c"), bins=5)
    rate = rate_of(errors)
    assert rate is not None
    z, rows, limits = rate.standardised(errors), np.arange(n), Limits(10, 0.5)

    def root(inside: Any) -> float:
        if not 10 <= inside.sum() <= n / 2:
            return 0.0
        return float(rate.root(np.array([z[inside].sum()]), np.array([inside.sum()]), n)[0])

    single = scan.best_single(columns, rows, z, rate, limits)
    pair = scan.best_pair(columns, rows, z, rate, limits)
    assert single is not None
    assert pair is not None
    every = [root(members(study, frame, [c])) for column in columns for c in column.conditions]
    assert single.root == pytest.approx(max(every), rel=1e-4)
    two = [
        root(members(study, frame, [p, q]))
        for i, j in ((0, 1), (0, 2), (1, 2))
        for p, q in product(columns[i].conditions, columns[j].conditions)
    ]
    assert pair.root == pytest.approx(max(two), rel=1e-4)
    assert root(members(study, frame, pair.conditions)) == pytest.approx(pair.root, rel=1e-4)
    fine = scan.refined(pair, columns, rows, z, rate, limits)
    assert root(members(study, frame, fine.conditions)) >= pair.root * 0.9999


def test_the_tree_deals_all_rows_into_parts_and_says_which() -> None:
    study = messy()
    columns = sliced(study, study.frame, tuple(MESSY))
    rng = np.random.default_rng(5)
    errors = rng.exponential(size=240) * np.where(study.frame["text"] == "a", 4, 1)
    rate = rate_of(errors)
    assert rate is not None
    leaves = worst_tree.grow(worst_tree.questions(columns, np.arange(240)), rate.standardised(errors), 5)
    assert sorted(np.concatenate([leaf.rows for leaf in leaves]).tolist()) == list(range(240))
    assert 2 <= len(leaves) <= 8
    for leaf in leaves:
        inside = members(study, study.frame, worst_tree.conditions_of(leaf, columns))
        assert np.flatnonzero(inside).tolist() == sorted(leaf.rows.tolist())
        assert leaf.rows.size >= 5


def test_of_many_columns_pairs_are_made_of_those_that_show_most() -> None:
    singles = np.random.default_rng(6).random((7, 40)).astype(np.float32)
    used = scan.paired(singles, 10)
    assert (used.sum(axis=1) == 10).all()
    assert all(singles[k][used[k]].min() > singles[k][~used[k]].max() for k in range(7))
    assert scan.paired(singles, 40).all()


# -- what is named -----------------------------------------------------------------------------------------------------
def jaccard(study: Study, named: Segment, truth: Any) -> float:
    inside = members(study, study.rows("test"), named.conditions)
    return float((inside & truth).sum() / (inside | truth).sum())


@pytest.mark.parametrize("spot", ["level", "levels", "range and level"])
def test_a_planted_spot_is_named_first(spot: str) -> None:
    study, truth = planted(1, spot=spot, classes=False, n=3_000)
    found = segments(study, "no_model")
    first = found.segments[0]
    assert first.stands_out
    assert jaccard(study, first, truth) >= 0.7
    assert first.p_value == pytest.approx(1 / 200)
    assert first.lower > first.elsewhere


def test_without_a_spot_none_stands_out() -> None:
    found = [segments(planted(seed, spot="none", classes=False, n=800)[0], "no_model") for seed in range(4)]
    assert sum(s.stands_out for f in found for s in f.segments) <= 1
    assert all(len(f.segments) <= 3 for f in found if not any(s.stands_out for s in f.segments))


def test_a_second_spot_is_found_in_the_rows_that_are_left() -> None:
    rng = np.random.default_rng(7)
    n = 4_000
    frame = pd.DataFrame({"a": rng.choice(list("uvwxyz"), n), "b": rng.choice(list("klmnop"), n)})
    frame["y"] = rng.normal(size=n) * np.where(frame["a"] == "u", 3, np.where(frame["b"] == "k", 2, 1))
    study = Study.from_frame(frame, target="y", candidates=NONE, split=["train"] * 100 + ["test"] * 3_900)
    named = [s.conditions for s in segments(study, "no_model").segments if s.stands_out]
    assert [[(c.feature, c.levels) for c in s] for s in named[:2]] == [[("a", ("u",))], [("b", ("k",))]]


def test_many_rows_do_not_make_trifles_stand_out() -> None:
    rng = np.random.default_rng(8)
    n = 40_000
    frame = pd.DataFrame({"a": rng.choice(list("uvwx"), n)})
    frame["y"] = rng.normal(size=n) * np.where(frame["a"] == "u", 1.12, 1)
    study = Study.from_frame(frame, target="y", candidates=NONE, split=["train"] * 100 + ["test"] * (n - 100))
    assert not [s for s in segments(study, "no_model").segments if s.stands_out]


def test_groups_that_are_too_small_or_most_of_the_rows_do_not_count() -> None:
    counted = scan._count(np.array([4, 5, 50, 51], dtype=np.float32), 100, Limits(5, 0.5))
    assert counted.tolist() == [False, True, True, False]


def test_one_huge_error_makes_no_segment() -> None:
    rng = np.random.default_rng(9)
    frame = pd.DataFrame({f"x{k}": rng.normal(size=1_000) for k in range(4)})
    frame["y"] = rng.normal(size=1_000)
    frame.loc[500, "y"] = 1e6
    split = ["train"] * 100 + ["test"] * 900
    study = Study.from_frame(frame, target="y", candidates=NONE, split=split)
    assert not [s for s in segments(study, "no_model").segments if s.stands_out]
    assert capped(np.append(np.ones(999), 1e6)).tolist() == [1.0] * 1_000


def clustered(seed: int, *, told: bool) -> Study:
    """Return a study whose errors differ from group to group, with columns that are the same within groups."""
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(30), 30)
    frame = pd.DataFrame({f"x{k}": rng.normal(size=30)[group] for k in range(4)} | {"shop": [f"s{g}" for g in group]})
    frame["y"] = rng.normal(size=900) * np.exp(0.5 * rng.normal(size=30))[group]
    shop = {"shop": {"role": "group" if told else "excluded", "kind": "categorical"}}
    return Study.from_frame(frame, target="y", candidates=NONE, dictionary=shop, split=["train", "test", "test"] * 300)


def test_rows_that_belong_together_are_allowed_for() -> None:
    def named(told: bool) -> int:
        found = [segments(clustered(seed, told=told), "no_model") for seed in range(5)]
        return sum(any(s.stands_out and s.found_by != "group" for s in f.segments) for f in found)

    assert named(told=False) >= 4  # taken row by row, chance looks like weak spots
    assert named(told=True) <= 1


def test_figures_are_those_of_the_rows(mortgages: Study) -> None:
    found = segments(mortgages, "tree")
    rows = mortgages.rows("test")
    answers = stored(mortgages, "tree").loc[rows.index, "yes"].to_numpy()
    wrong = (answers >= mortgages.threshold) != (rows["denied"] == "yes").to_numpy()
    assert found.error == pytest.approx(wrong.mean())
    assert found.n == len(rows) == 476
    for s in (*found.segments, *found.leaves):
        inside = members(mortgages, rows, s.conditions)
        assert s.n == inside.sum()
        assert s.share == pytest.approx(inside.mean())
        assert s.error == pytest.approx(wrong[inside].mean())
        assert s.elsewhere == pytest.approx(wrong[~inside].mean())
        assert s.share_of_errors == pytest.approx(wrong[inside].sum() / wrong.sum())
        assert s.lower <= s.error <= s.upper
        assert sum(s.counts) == s.n
        assert s.counts[1] + s.counts[2] == wrong[inside].sum()
        again = members(mortgages, mortgages.rows("calibration"), s.conditions)
        assert s.n_again == again.sum()
    assert sum(s.n for s in found.leaves) == found.n
    assert sum(s.share_of_errors for s in found.leaves) == pytest.approx(1)
    assert not {"race", "applicant_race", "hispanic"} & set(found.columns)


def test_protected_columns_are_searched_only_where_they_are_named(mortgages: Study) -> None:
    protected = {f.name for f in mortgages.dictionary if f.protected}
    assert protected
    assert not protected & set(segments(mortgages, "tree").columns)
    assert segments(mortgages, "tree", columns=sorted(protected)).columns == tuple(sorted(protected))


def test_ends_of_an_error_never_fall_below_none() -> None:
    errors = np.random.default_rng(0).exponential(size=12)
    low, high = ends(errors, False, 5.0)
    assert 0 < low < errors.mean() < high
    assert ends(np.zeros(10), False, 5.0) == (0.0, 0.0)
    low, high = ends(np.zeros(10), True, 5.0)
    assert low == 0.0
    assert 0 < high < 0.5


def test_the_same_seed_gives_the_same_result() -> None:
    study, _ = planted(3, spot="none", classes=True, n=600)
    a, b, c = (segments(study, "no_model", random_state=k).to_frame() for k in (0, 0, 1))
    pd.testing.assert_frame_equal(a, b)
    assert a["p_value"].tolist() != c["p_value"].tolist()


# -- studies of every kind -----------------------------------------------------------------------------------------
def test_every_kind_of_study(any_study: Study) -> None:
    for name in list(any_study.candidates)[1:2]:
        found = segments(any_study, name)
        assert found.why in ("", "too few", "all errors alike")
        back = packing.unpack(packing.pack(found))
        pd.testing.assert_frame_equal(back.to_frame(), found.to_frame())
        if len(any_study.inputs) > 1:
            table = cells(any_study, name, *any_study.inputs[:2])
            assert int(table.n.sum()) == table.total == found.n
            pd.testing.assert_frame_equal(packing.unpack(packing.pack(table)).to_frame(), table.to_frame())


@pytest.mark.parametrize("rows", [0, 1, 30])
def test_too_few_rows_say_so(rows: int) -> None:
    frame = pd.DataFrame({"x": np.arange(100.0), "y": np.arange(100.0)})
    study = Study.from_frame(frame, target="y", candidates=NONE, split=["test"] * rows + ["train"] * (100 - rows))
    found = segments(study, "no_model")
    assert found.why == ("too few" if rows else "no rows")
    assert found.segments == found.leaves == ()
    assert found.n == rows


def test_nothing_wrong_and_nothing_to_tell_apart_say_so() -> None:
    frame = pd.DataFrame({"x": np.arange(200.0), "same": 1.0, "y": ["no"] * 190 + ["yes"] * 10})
    split = ["test"] * 100 + ["train"] * 100
    assert segments(Study.from_frame(frame, target="y", candidates=NONE, split=split), "no_model").why == (
        "all errors alike"
    )
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": np.arange(200.0), "y": rng.normal(size=200)})
    study = Study.from_frame(frame, target="y", candidates=NONE, split=split)
    assert segments(study, "no_model", columns=[]).why == "no columns"


def test_a_fitted_estimator_of_unknown_history_is_searched_and_said_so(study_of: Any) -> None:
    found = segments(study_of("given fitted"), "ours")
    assert found.rows == "unknown history"
    assert all(s.n_again == 0 for s in found.segments)


def test_missing_infinite_and_odd_values_are_searched() -> None:
    found = segments(messy(), "no_model")
    assert found.why == ""
    assert "empty" not in found.columns


# -- cells -----------------------------------------------------------------------------------------------------------
def test_cells_are_counted_by_hand() -> None:
    frame = pd.DataFrame({"a": ["u", "v"] * 200, "b": ["k", "k", "l", "l"] * 100})
    signs = np.tile([1, 1, 1, 1, -1, -1, -1, -1], 50)
    frame["y"] = np.where((frame["a"] == "u") & (frame["b"] == "k"), 30.0, 1.0) * signs
    frame.loc[:15, "y"] = 0.0  # so that no model says 0
    frame["y"] += np.linspace(-1e-4, 1e-4, 400)
    study = Study.from_frame(frame, target="y", candidates=NONE, split=["train"] * 16 + ["test"] * 384)
    found = cells(study, "no_model", "a", "b")
    assert [c.levels for c in found.groups_a] == [("u",), ("v",)]
    assert found.n.tolist() == [[96, 96], [96, 96]]
    assert found.errors == pytest.approx(np.array([[30, 1], [1, 1]]), abs=1e-3)
    assert found.error == pytest.approx(8.25, abs=1e-3)
    assert found.verdicts == (("more", "less"), ("less", "less"))
    assert found.total == 384


def test_cells_with_few_rows_are_not_judged(mortgages: Study) -> None:
    found = cells(mortgages, "tree", "consumer_credit_score", "public_bad_credit")
    for i, j in np.ndindex(found.n.shape):
        few = found.n[i, j] < found.least
        assert (found.verdicts[i][j] == "too few") == few
        assert np.isnan(found.lower[i, j]) == few
    assert np.nansum(found.errors * found.n) == pytest.approx(found.error * found.total)


def test_cells_refuse_what_is_no_pair(mortgages: Study) -> None:
    with pytest.raises(CaseError, match="two different columns"):
        cells(mortgages, "tree", "condominium", "condominium")
    with pytest.raises(CaseError, match="There is no column"):
        cells(mortgages, "tree", "condominium", "nothing")


def test_the_worker_knows_both() -> None:
    for name in ("segments", "cells"):
        task = tasks.task(name)
        assert task.kind == f"residuals.{name}"
    study, _ = planted(0, spot="none", classes=False, n=60)
    keys = {tasks.task("segments").key(study, candidate="no_model") for _ in range(2)}  # type: ignore[misc]
    keys |= {tasks.task("cells").key(study, candidate="no_model", a="x0", b="x1")}  # type: ignore[misc]
    assert len(keys) == 2
