"""Splits: shares, ties, groups, labels and folds."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers import Study
from explainers.errors import StudyError
from explainers.split import folds, make_split


def parts(labels: pd.Series) -> dict[str, int]:
    return {name: int((labels == name).sum()) for name in ("train", "calibration", "test", "unknown")}


def frame_of(n: int, classes: int = 2) -> pd.DataFrame:
    rng = np.random.default_rng(n)
    return pd.DataFrame({"x": rng.normal(size=n), "y": rng.integers(0, classes, n).astype(str)})


@given(n=st.integers(5, 300), classes=st.integers(1, 6))
def test_random_is_60_20_20_in_all_and_within_each_class(n: int, classes: int) -> None:
    frame = frame_of(n, classes)
    labels = make_split(frame, None, target="y", classification=True)
    counts = parts(labels)
    assert sum(counts.values()) == n
    assert counts["unknown"] == 0
    assert abs(counts["train"] - 0.6 * n) <= 1 + classes  # a class without a training row is given one
    for level in frame["y"].unique():
        here = labels[frame["y"] == level]
        assert (here == "train").any()
        assert abs((here == "test").sum() - 0.2 * len(here)) < 1.01


def test_mortgages_are_split_exactly(mortgages: Study) -> None:
    assert parts(mortgages.split) == {"train": 1428, "calibration": 476, "test": 476, "unknown": 0}
    denied = mortgages.frame["denied"] == "yes"
    assert parts(mortgages.split[denied]) == {"train": 171, "calibration": 57, "test": 57, "unknown": 0}


def test_the_seed_decides_and_nothing_else() -> None:
    frame = frame_of(100)
    one = make_split(frame, "random", target="y", classification=True)
    assert one.equals(make_split(frame, None, target="y", classification=True))
    assert not one.equals(make_split(frame, None, target="y", classification=True, seed=1))


def test_rows_are_mixed_not_dealt_in_order() -> None:
    labels = make_split(pd.DataFrame({"y": np.arange(1000.0)}), None, target="y", classification=False)
    first_half = (labels[:500] == "test").mean()
    assert 0.14 < first_half < 0.26
    assert len(set(pairwise(labels))) == 9  # no rhythm in the order of the file


def test_time_keeps_moments_whole_and_in_order() -> None:
    frame = pd.DataFrame({"year": np.repeat(np.arange(1963, 1993), 46), "y": np.arange(1380.0)})
    shuffled = frame.sample(frac=1, random_state=0)
    labels = make_split(shuffled, "time:year", target="y", classification=False)
    assert labels.groupby(shuffled["year"]).nunique().max() == 1
    years = {name: shuffled["year"][labels == name] for name in ("train", "calibration", "test")}
    assert (years["train"].max(), years["calibration"].min(), years["calibration"].max()) == (1980, 1981, 1986)
    assert years["test"].min() == 1987


def test_time_with_one_huge_tie_still_has_three_parts() -> None:
    frame = pd.DataFrame({"t": [1] * 1 + [2] * 97 + [3, 4], "y": 0.0})
    counts = parts(make_split(frame, "time:t", target="y", classification=False))
    assert all(counts[p] for p in ("train", "calibration", "test"))


@given(sizes=st.lists(st.integers(1, 40), min_size=3, max_size=30), seed=st.integers(0, 5))
def test_groups_stay_whole_and_no_part_is_empty(sizes: list[int], seed: int) -> None:
    frame = pd.DataFrame({"g": np.repeat([f"g{i}" for i in range(len(sizes))], sizes), "y": 1.0})
    labels = make_split(frame, "group:g", target="y", classification=False, seed=seed)
    assert labels.groupby(frame["g"]).nunique().max() == 1
    assert set(labels) == {"train", "calibration", "test"}


def test_missing_targets_moments_and_groups_are_unknown() -> None:
    frame = pd.DataFrame({"g": ["a", "b", "c", None] * 5, "y": [1.0, 2.0, np.nan, 4.0] * 5})
    labels = make_split(frame, "group:g", target="y", classification=False)
    assert (labels[frame["g"].isna() | frame["y"].isna()] == "unknown").all()
    assert (make_split(frame, None, target="y", classification=False) == "unknown").sum() == 5


def test_given_labels_are_taken_by_index_where_it_is_the_same_rows() -> None:
    frame = pd.DataFrame({"y": [1.0, 2.0, 3.0]}, index=["a", "b", "c"])
    by_index = pd.Series(["test", "train", "training"], index=["c", "a", "b"])
    assert make_split(frame, by_index, target="y", classification=False).tolist() == ["train", "train", "test"]
    by_place = pd.Series(["test", "train", "validation"])
    assert make_split(frame, by_place, target="y", classification=False).tolist() == ["test", "train", "calibration"]
    assert make_split(frame, ["test", None, np.nan], target="y", classification=False).tolist() == [
        "test",
        "unknown",
        "unknown",
    ]


@pytest.mark.parametrize(
    ("split", "said"),
    [
        ("quarter", "'random', 'time:COLUMN'"),
        ("time:when", "not in the data"),
        ("group:", "'random', 'time:COLUMN'"),
        ("time:x", "three different values"),
        ("group:x", "three groups"),
        (["train", "test"], "3 were expected and 2 came"),
        (["train", "test", "holdout"], "'holdout'"),
    ],
)
def test_what_cannot_be_split_is_said(split: object, said: str) -> None:
    frame = pd.DataFrame({"x": [1, 1, 2], "y": [1.0, 2.0, 3.0]})
    with pytest.raises(StudyError, match=said):
        make_split(frame, split, target="y", classification=False)  # type: ignore[arg-type]


def test_folds_cover_training_rows_once(mortgages: Study) -> None:
    found = folds(mortgages)
    train = np.flatnonzero(mortgages.split == "train")
    assert len(found) == 5
    assert np.array_equal(np.sort(np.concatenate([held for _, held in found])), train)
    for fit, held in found:
        assert not set(fit) & set(held)
        assert np.array_equal(np.sort(np.r_[fit, held]), train)
        rate = (mortgages.frame["denied"].iloc[held] == "yes").mean()
        assert abs(rate - 171 / 1428) < 0.01


def test_folds_by_time_never_look_ahead_and_groups_stay_whole() -> None:
    frame = pd.DataFrame({"year": np.repeat(np.arange(20), 6), "firm": list("abcdef") * 20, "x": np.arange(120.0)})
    frame["y"] = frame["x"] * 2 + np.random.default_rng(0).normal(size=120)
    by_time = Study.from_frame(frame, target="y", split="time:year", candidates={"no_model": "no_model"})
    for fit, held in folds(by_time):
        assert frame["year"].iloc[fit].max() < frame["year"].iloc[held].min()
    by_group = Study.from_frame(frame, target="y", split="group:firm", candidates={"no_model": "no_model"})
    for fit, held in folds(by_group, 3):
        assert not set(frame["firm"].iloc[fit]) & set(frame["firm"].iloc[held])


def test_a_row_without_a_time_is_in_no_fold_and_one_without_a_group_is_a_group_of_its_own() -> None:
    frame = pd.DataFrame({"year": [*np.repeat(np.arange(19.0), 6), *[np.nan] * 6], "x": np.arange(120.0)})
    frame["firm"] = ["a", "b", "c", None] * 30
    frame["y"] = frame["x"] * 2
    labels = np.resize(["train", "train", "train", "test"], 120)
    for role in ("time", "group"):
        column = "year" if role == "time" else "firm"
        about = {column: {"role": role}}
        study = Study.from_frame(
            frame, target="y", split=list(labels), candidates={"no_model": "no_model"}, dictionary=about
        )
        found = folds(study)
        held = np.concatenate([rows for _, rows in found])
        assert held.size == len(set(held))
        if role == "time":
            assert frame["year"].iloc[np.concatenate([np.r_[fit, rows] for fit, rows in found])].notna().all()
        else:
            assert set(held) == set(np.flatnonzero(labels == "train"))


def test_folds_need_two_rows(mortgages: Study) -> None:
    none = mortgages.replace(split=pd.Series("test", index=mortgages.frame.index))
    with pytest.raises(StudyError, match="training rows"):
        folds(none)
