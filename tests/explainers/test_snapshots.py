"""Two states of a study against each other: everything that is said to have changed is counted by hand here."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest

from explainers import Study, metrics, predict, snapshots
from explainers.errors import CaseError, StudyError
from explainers.packing import pack, unpack
from explainers.results import Snapshot
from explainers.snapshots.pairing import pair

N = 200


def frame_of(n: int = N, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "id": [f"house {i}" for i in range(n)],
            "size": rng.normal(100, 20, n).round(1),
            "age": rng.integers(0, 60, n).astype(float),
            "heating": rng.choice(["gas", "oil"], n),
        }
    )
    pull = (frame["size"] - 100) / 20 - 0.03 * (frame["age"] - 30)
    frame["sold"] = np.where(rng.random(n) < 1 / (1 + np.exp(-2 * pull)), "yes", "no")
    frame["price"] = (200 + 30 * pull + rng.normal(0, 8, n)).round(1)
    return frame


def houses(frame: pd.DataFrame, tree: int = 3, target: str = "sold", **about) -> Study:
    """A study with two options that stay and one tree that may change; the same rows are never seen each time."""
    other = "price" if target == "sold" else "sold"
    columns = {"id": {"role": "id"}} if "id" in frame else {}
    split = ["test" if i % 2 else "calibration" if i % 10 == 0 else "train" for i in range(len(frame))]
    if "split" in about:
        split = about.pop("split")
    return Study.from_frame(
        frame.drop(columns=[other]),
        target=target,
        candidates={
            "no_model": "no_model",
            "rule": "rule",
            "tree": {"recipe": "tree", "parameters": {"max_depth": tree}},
        },
        dictionary={"columns": columns} if columns else None,
        split=split,
        name="houses",
        **about,
    )


@pytest.fixture(scope="module")
def before() -> Study:
    return houses(frame_of(), positive="yes")


@pytest.fixture(scope="module")
def after() -> Study:
    return houses(frame_of(), tree=1, positive="yes")


@pytest.fixture
def few_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reasons of few cases, where a test is about something else."""
    monkeypatch.setattr("explainers.snapshots.freezing.MOST_REASONED", 12)
    monkeypatch.setattr("explainers.snapshots.freezing.MOST_NEAR", 4)


def answers(study: Study, name: str) -> np.ndarray:
    """The chance of the class in focus for never-seen rows."""
    at = np.flatnonzero((study.split == "test").to_numpy())
    return predict.stored(study, name)["yes"].to_numpy()[at]


def option(found, name):
    return next(o for o in found.options if o.candidate == name)


def test_one_changed_option_is_as_counted_by_hand(before: Study, after: Study) -> None:
    found = snapshots.changes(snapshots.freeze(before), after)
    assert not found.same
    assert not found.data_changed
    assert [o.fate for o in found.options] == ["same", "same", "changed"]
    then, now = answers(before, "tree"), answers(after, "tree")
    record = (before.frame["sold"][(before.split == "test").to_numpy()] == "yes").to_numpy()
    turned = (then >= 0.5) != (now >= 0.5)
    tree = option(found, "tree")
    assert 0 < turned.sum() == tree.n_flips
    ids = before.case_ids[(before.split == "test").to_numpy()][turned]
    assert {f.case for f in tree.flips} == set(ids)
    assert tree.towards == int((turned & ((now >= 0.5) == record)).sum())
    assert tree.away == int((turned & ((then >= 0.5) == record)).sum())
    assert tree.towards + tree.away == tree.n_flips
    assert tree.counts_before == (
        int((record & (then >= 0.5)).sum()),
        int((record & (then < 0.5)).sum()),
        int((~record & (then >= 0.5)).sum()),
    )
    assert tree.counts_after == (
        int((record & (now >= 0.5)).sum()),
        int((record & (now < 0.5)).sum()),
        int((~record & (now >= 0.5)).sum()),
    )
    for flip in tree.flips:
        at = list(ids).index(flip.case)
        assert (flip.chance_before, flip.chance_after) == (then[turned][at], now[turned][at])
        assert (flip.before, flip.after) == (("yes", "no") if then[turned][at] >= 0.5 else ("no", "yes"))
        assert flip.record == ("yes" if record[turned][at] else "no")
    moved = [abs(f.chance_after - f.chance_before) for f in tree.flips]
    assert moved == sorted(moved, reverse=True)
    for name in ("no_model", "rule"):
        same = option(found, name)
        assert (same.n_flips, same.difference.value, same.difference.verdict) == (0, 0.0, "about the same")
        assert (same.difference.lower, same.difference.upper) == (0.0, 0.0)


def test_the_difference_is_that_of_two_options_side_by_side(before: Study, after: Study) -> None:
    """The paired range is the one that metrics gives for both trees in one study."""
    made = {n: {"recipe": "tree", "parameters": {"max_depth": d}} for n, d in (("old", 3), ("new", 1))}
    about = {"target": "sold", "positive": "yes", "dictionary": {"columns": {"id": {"role": "id"}}}}
    both = Study.from_frame(before.frame, candidates=made, split=list(before.split), **about)
    expected = metrics.difference(both, "new", "old", "log_loss")
    found = option(snapshots.changes(snapshots.freeze(before), after), "tree").difference
    assert found.metric == "log_loss"
    assert (found.value, found.lower, found.upper) == pytest.approx((expected.value, expected.lower, expected.upper))
    assert found.verdict == expected.verdict
    assert found.n == N // 2


def test_both_explanations_stand_beside_a_case_that_turned(before: Study, after: Study) -> None:
    from explainers import attribution

    tree = option(snapshots.changes(snapshots.freeze(before), after), "tree")
    flip = tree.flips[0]
    for study, why in ((before, flip.why_before), (after, flip.why_after)):
        explained = attribution.explain(study, "tree", study.row(flip.case), pairs=2)
        column, amount, value = why.first[0]
        at = explained.feature_names.index(column)
        assert amount == pytest.approx(explained.values[0, at], abs=1e-9)
        assert abs(amount) == pytest.approx(np.abs(explained.values[0]).max())
        assert value == study.row(flip.case)[column].iloc[0]
        assert why.answer == pytest.approx(explained.predictions[0])
        assert why.base == pytest.approx(explained.base_values[0])


def test_reasons_that_changed_are_counted(before: Study, after: Study) -> None:
    then, now = snapshots.freeze(before), snapshots.freeze(after)
    tree = option(snapshots.changes(then, now), "tree")
    states = [option(s, "tree") for s in (then, now)]
    firsts = [np.abs(s.reasons).argmax(axis=1) for s in states]
    first = [np.bincount(f, minlength=len(states[0].columns)).tolist() for f in firsts]
    table = tree.reasons.set_index("column").loc[list(states[0].columns)]
    assert table["first_before"].tolist() == first[0]
    assert table["first_after"].tolist() == first[1]
    assert table["share_before"].sum() == pytest.approx(1.0)
    assert tree.n_explained == N // 2
    assert tree.n_first_changed <= int((firsts[0] != firsts[1]).sum())


@pytest.mark.parametrize("kind", ["binary", "three classes", "regression", "missing values"])
def test_identical_builds_show_no_difference(study_of: Callable[[str], Study], kind: str, few_reasons: None) -> None:
    whole = study_of(kind)
    few = whole.replace(candidates={n: whole.candidates[n] for n in ("no_model", "tree")}).build()
    then = snapshots.from_bytes(snapshots.to_bytes(snapshots.freeze(few)))
    found = snapshots.changes(then, few)
    assert found.same
    assert (found.figures, found.n_both) == ((), found.n_after)
    for o in found.options:
        assert (o.fate, o.n_flips, o.flips, o.n_first_changed) == ("same", 0, (), 0)
        assert o.difference is None or (o.difference.value, o.difference.lower, o.difference.upper) == (0, 0, 0)
        assert dict(o.money_before) == dict(o.money_after) != {}


def test_numbers_turn_where_they_move_by_more_than_the_usual_error() -> None:
    old, new = (houses(frame_of(), tree=d, target="price") for d in (3, 1))
    old = old.build()
    tree = option(snapshots.changes(snapshots.freeze(old), new.build()), "tree")
    test = (old.split == "test").to_numpy()
    then, now = (predict.stored(s, "tree")["prediction"].to_numpy()[test] for s in (old, new))
    actual = old.frame["price"].to_numpy()[test]
    usual = old.candidates["tree"].typical_error
    turned = np.abs(now - then) > usual
    assert tree.tolerance == usual
    assert 0 < tree.n_flips == turned.sum()
    assert tree.towards == int((turned & (np.abs(now - actual) < np.abs(then - actual))).sum())
    assert tree.away == tree.n_flips - tree.towards
    assert tree.difference.value == pytest.approx(np.abs(now - actual).mean() - np.abs(then - actual).mean())


def test_rows_that_came_went_and_changed_are_told_apart(few_reasons: None) -> None:
    frame = frame_of()
    later = frame.iloc[10:].reset_index(drop=True)  # ten went
    later = pd.concat([later, frame_of(6, seed=9).assign(id=[f"new {i}" for i in range(6)])], ignore_index=True)
    split = ["train"] * 60 + ["calibration"] * 20 + ["test"] * (N - 80)
    new_split = split[10:] + ["test"] * 6
    at = later.index[later["id"] == "house 150"][0]
    later.loc[at, "size"] += 55
    at = later.index[later["id"] == "house 151"][0]
    later.loc[at, "sold"] = "no" if later.loc[at, "sold"] == "yes" else "yes"
    old, new = houses(frame, split=split, positive="yes"), houses(later, split=new_split, positive="yes")
    found = snapshots.changes(snapshots.freeze(old), new)
    assert found.data_changed
    assert (found.n_before, found.n_after, found.n_both) == (N - 80, N - 74, N - 80)
    assert (found.n_values, found.n_record) == (1, 1)
    flips = [f for o in found.options for f in o.flips if f.case == "house 150"]
    assert all(f.values_changed for f in flips)


def test_without_ids_cases_are_known_by_their_values_and_copies_stay_apart() -> None:
    frame = frame_of().drop(columns="id")
    frame.iloc[31] = frame.iloc[33] = frame.iloc[35]
    shuffled = frame.iloc[::-1].reset_index(drop=True)
    split = ["test" if i % 2 else "train" for i in range(N)]
    then = snapshots.freeze(houses(frame, split=split, positive="yes"))
    now = snapshots.freeze(houses(shuffled, split=split[::-1], positive="yes"))
    both = pair(then, now)
    assert len(both.after) == len(set(both.before)) == len(set(both.after)) == N // 2
    assert not both.values_changed.any()
    assert [then.contents[i] for i in both.before] == [now.contents[i] for i in both.after]


def test_an_option_that_came_or_went_is_said_and_nothing_else(before: Study) -> None:
    without = before.replace(candidates={n: c for n, c in before.candidates.items() if n != "tree"})
    came = snapshots.changes(snapshots.freeze(without), before)
    assert [(o.candidate, o.fate) for o in came.options] == [("no_model", "same"), ("rule", "same"), ("tree", "new")]
    went = snapshots.changes(snapshots.freeze(before), without)
    assert [(o.candidate, o.fate) for o in went.options][-1] == ("tree", "gone")
    assert not came.same
    assert not went.same


def test_figures_of_money_that_changed_are_said(before: Study) -> None:
    then = snapshots.freeze(before, {"cases_per_month": 100})
    found = snapshots.changes(then, before, {"cases_per_month": 250})
    assert [(f.name, f.before, f.after) for f in found.figures] == [("cases_per_month", 100.0, 250.0)]
    assert found.figures[0].label
    assert not found.same
    assert all(o.fate == "same" for o in found.options)


def test_a_cost_that_was_measured_anew_is_a_change_too(before: Study) -> None:
    state = snapshots.freeze(before)
    dearer = {**option(state, "tree").money, "cost": option(state, "tree").money["cost"] + 1}
    options = tuple(replace(o, money=dearer) if o.candidate == "tree" else o for o in state.options)
    found = snapshots.changes(state, replace(state, options=options))
    assert not found.same
    assert option(found, "tree").money_after["cost"] == option(found, "tree").money_before["cost"] + 1
    assert all(o.fate == "same" for o in found.options)


def test_another_cut_off_turns_answers_without_another_option(before: Study) -> None:
    stricter = before.replace(threshold=0.7)
    found = snapshots.changes(snapshots.freeze(before), stricter)
    chances = answers(before, "tree")
    assert (found.threshold_before, found.threshold_after) == (0.5, 0.7)
    assert option(found, "tree").n_flips == int(((chances >= 0.5) & (chances < 0.7)).sum())


def test_many_cases_are_a_sample_that_later_states_take_too(before: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    from explainers.snapshots import freezing

    monkeypatch.setattr(freezing, "MOST_CASES", 30)
    monkeypatch.setattr(freezing, "MOST_REASONED", 20)
    monkeypatch.setattr(freezing, "MOST_NEAR", 5)
    first, second = snapshots.freeze(before), snapshots.freeze(before)
    assert len(first.cases) == 30
    assert first.n == N // 2
    assert first.cases == second.cases
    tree = option(first, "tree")
    assert 15 <= len(tree.reasoned) <= 20
    assert set(tree.reasoned) <= set(first.cases)
    chances = dict(zip(first.cases, tree.answers[:, 1], strict=True))
    nearest = sorted(first.cases, key=lambda c: abs(chances[c] - 0.5))[:1]
    assert set(nearest) <= set(tree.reasoned)


# -- as bytes --------------------------------------------------------------------------------------------------------
def test_a_state_survives_its_bytes(before: Study) -> None:
    state = snapshots.freeze(before)
    again = snapshots.from_bytes(snapshots.to_bytes(state))
    for field in fields(Snapshot):
        if field.name in ("options", "values"):
            continue
        assert getattr(again, field.name) == getattr(state, field.name), field.name
    pd.testing.assert_frame_equal(again.values, state.values)
    for a, b in zip(again.options, state.options, strict=True):
        np.testing.assert_array_equal(a.answers, b.answers)
        np.testing.assert_array_equal(a.reasons, b.reasons)
        assert (a.key, dict(a.figures), dict(a.money), a.reasoned) == (
            b.key,
            dict(b.figures),
            dict(b.money),
            b.reasoned,
        )


def test_what_an_older_version_did_not_write_has_its_default_and_what_it_knew_more_is_left(before: Study) -> None:
    found = unpack(zlib.decompress(snapshots.to_bytes(snapshots.freeze(before))))
    del found["state"]["groups"], found["state"]["options"][0]["money"]
    found["state"]["something_else"] = 1
    again = snapshots.from_bytes(zlib.compress(pack(found)))
    assert again.groups == ()
    assert again.options[0].money == {}


@pytest.mark.parametrize("damage", ["cut", "turned", "empty", "newer", "lacking"])
def test_damaged_bytes_are_said(before: Study, damage: str) -> None:
    data = snapshots.to_bytes(snapshots.freeze(before))
    found = unpack(zlib.decompress(data))
    if damage == "newer":
        found["format"] = 99
    if damage == "lacking":
        del found["state"]["cases"]
    broken = {"cut": data[:-20], "turned": data[:50] + bytes([data[50] ^ 255]) + data[51:], "empty": b""}
    with pytest.raises(StudyError, match="newer Bakeoff" if damage == "newer" else "damaged"):
        snapshots.from_bytes(broken.get(damage) or (b"" if damage == "empty" else zlib.compress(pack(found))))


def test_without_a_never_seen_case_nothing_can_be_kept() -> None:
    with pytest.raises(CaseError, match="freeze again"):
        snapshots.freeze(houses(frame_of(), split=["train"] * N, positive="yes"))


def test_an_option_that_is_not_there_is_noted(before: Study) -> None:
    failed = replace(before.candidates["tree"], built=False, failure="no luck")
    state = snapshots.freeze(before.replace(candidates={**before.candidates, "tree": failed}))
    assert option(state, "tree").failure == "no luck"
    assert option(snapshots.changes(state, before), "tree").fate == "cannot be compared"
