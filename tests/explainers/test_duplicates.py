"""Copies and contradictions are found, all of them and no others, and what luck alone would give is said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers import Study
from explainers.outliers import duplicates
from explainers.packing import pack, unpack


def study(frame: pd.DataFrame, target: str = "sold", **about: Any) -> Study:
    return Study.from_frame(frame, target=target, candidates={"no_model": "no_model"}, **about)


def rows(n: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {"size": rng.normal(size=n), "fuel": rng.choice(["gas", "oil"], n), "sold": ["yes", "no"] * (n // 2)}
    )


def test_planted_copies_and_contradictions_are_found() -> None:
    data = rows()
    data.loc[30] = data.loc[0]
    data.loc[41] = data.loc[1]
    data.loc[41, "sold"] = "yes"
    found = duplicates(study(data))
    assert [(g.kind, g.ids) for g in found.groups] == [("other outcome", ("1", "41")), ("copies", ("0", "30"))]
    assert (found.n_copies, found.n_copy_groups, found.n_conflicts, found.n_conflicting, found.pairs) == (1, 1, 1, 2, 2)
    assert found.expected < 1
    assert len(found.to_frame()) == 4


def test_without_any_nothing_is_found() -> None:
    found = duplicates(study(rows()))
    assert found.groups == ()
    assert found.pairs == 0


def test_missing_values_are_equal_and_ids_do_not_count() -> None:
    data = rows().assign(number=[f"n{i}" for i in range(60)])
    data.loc[[3, 9], "size"] = np.nan
    data.loc[9, ["fuel", "sold"]] = data.loc[3, ["fuel", "sold"]].to_numpy()
    dictionary = {"number": {"role": "id", "label": "Number"}}
    found = duplicates(study(data, dictionary=dictionary))
    assert [g.ids for g in found.groups] == [("n3", "n9")]


def test_never_seen_copies_of_training_rows_are_counted() -> None:
    data = rows()
    data.loc[50] = data.loc[0]
    data.loc[51] = data.loc[52]
    found = duplicates(study(data, split=["train"] * 40 + ["calibration"] * 10 + ["test"] * 10))
    assert found.n_across == 1
    assert found.n_copies == 2


def test_the_widest_contradiction_of_numbers_comes_first() -> None:
    data = pd.DataFrame({"size": [float(i) for i in range(30)] + [3.0, 7.0], "price": [*range(30), 5, 90]})
    found = duplicates(study(data, "price"))
    assert [(g.ids, g.spread) for g in found.groups] == [(("7", "31"), 83.0), (("3", "30"), 2.0)]


def test_what_luck_gives_is_counted_right() -> None:
    rng = np.random.default_rng(4)
    pairs, expected = [], []
    for _ in range(20):
        data = pd.DataFrame({c: rng.choice(["x", "y", "z"], 80) for c in ("a", "b", "c")})
        data["sold"] = rng.choice(["yes", "no"], 80)
        found = duplicates(study(data))
        pairs.append(found.pairs)
        expected.append(found.expected)
    assert np.mean(pairs) == pytest.approx(np.mean(expected), rel=0.05)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.booleans()), min_size=12, max_size=40))
def test_it_equals_counting_by_hand(made: list[tuple[int, int, bool]]) -> None:
    data = pd.DataFrame(made, columns=["a", "b", "sold"]).astype({"a": float})
    data["sold"] = np.where(data["sold"], "yes", "no")
    others = pd.DataFrame({"a": np.arange(10.0, 30.0), "b": range(10, 30), "sold": ["yes", "no"] * 10})
    data = pd.concat([data, others], ignore_index=True)
    found = duplicates(study(data))
    assert found.n_copies == int(data.duplicated().sum())
    kinds = data.groupby(["a", "b"])["sold"].nunique()
    assert found.n_conflicts == int((kinds > 1).sum())


def test_ten_thousand_levels_and_every_row_alike() -> None:
    many = pd.DataFrame({"town": [f"t{i}" for i in range(10_000)], "sold": ["yes", "no"] * 5_000})
    assert duplicates(study(many)).pairs == 0
    same = pd.DataFrame({"town": ["a"] * 40 + ["b"], "sold": ["yes", "no"] * 20 + ["no"]})
    assert duplicates(study(same)).pairs == 40 * 39 // 2


def test_every_kind_of_study_is_answered(any_study: Study) -> None:
    found = duplicates(any_study)
    assert unpack(pack(found)).n_rows == found.n_rows == len(any_study.frame)
    assert found.n_conflicting >= 2 * found.n_conflicts
