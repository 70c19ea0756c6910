"""What picked cases have in common: counts by hand, chance allowed for, odd picks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from explainers import Study, packing
from explainers.errors import CaseError
from explainers.traits import gain, looked_at, traits

NONE = {"no_model": "no_model"}


def made(n: int = 1_000, seed: int = 0) -> Study:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "fuel": rng.choice(["gas", "oil", "wood"], n),
            "size": rng.normal(100, 20, n),
            "age": rng.integers(0, 60, n),
            "region": rng.choice(list("abcdefgh"), n),
        },
        index=[f"h{k}" for k in range(n)],
    )
    frame.loc[frame.index[::7], "size"] = np.nan
    frame["price"] = rng.normal(size=n)
    return Study.from_frame(frame, target="price", candidates=NONE, split=["train"] * 200 + ["test"] * (n - 200))


def test_gain_is_that_of_a_table_by_hand() -> None:
    # scipy.stats.chi2_contingency([[8, 2], [2, 88]], lambda_="log-likelihood", correction=False).statistic / 2
    assert gain(np.array([8]), np.array([10]), 10, 100)[0] == pytest.approx(17.913337, abs=1e-6)
    assert gain(np.array([0, 1, 5]), np.array([0, 50, 50]), 10, 100).tolist() == [0, 0, 0]


def test_what_was_planted_is_found_with_its_counts() -> None:
    study = made()
    test = study.rows("test")
    oil = test.index[(test["fuel"] == "oil") & (test["age"] < 20)]
    rest = test.index[test["fuel"] == "gas"]
    picked = [*oil[:30], *rest[:4]]
    found = traits(study, picked)
    named = {t.condition.feature: t for t in found.traits}
    assert set(named) == {"fuel", "age"}
    assert named["fuel"].condition.levels == ("oil",)
    assert (named["fuel"].picked, found.n_picked) == (30, 34)
    assert named["fuel"].others == int((test["fuel"] == "oil").sum()) - 30
    assert found.n_others == 800 - 34
    assert all(t.p_value <= 0.05 and t.stands_out for t in found.traits)


def test_missing_values_can_be_what_is_common() -> None:
    study = made()
    test = study.rows("test")
    found = traits(study, test.index[test["size"].isna()][:12])
    assert found.traits[0].condition.missing
    assert found.traits[0].picked == 12


def test_picks_at_random_have_nothing_in_common() -> None:
    study = made()
    rng = np.random.default_rng(1)
    ids = study.case_ids[200:]
    hits = [bool(traits(study, rng.choice(ids, 25, replace=False), random_state=k).traits) for k in range(60)]
    assert sum(hits) <= 8  # 5 in 100 are expected


@pytest.mark.promise
def test_the_share_of_random_picks_with_a_trait(promise: Callable[[str, str], None]) -> None:
    figures = []
    for n in (8, 40, 200):
        hits = 0
        for k in range(200):
            study = made(seed=k % 10)
            ids = np.random.default_rng(k).choice(study.case_ids[200:], n, replace=False)
            hits += bool(traits(study, ids, random_state=k).traits)
        figures.append(hits / 200)
        assert hits / 200 <= 0.09
    promise(
        "Cases picked at random have nothing in common (200 picks each of 8, 40 and 200 cases)",
        ", ".join(f"{f:.1%} named something" for f in figures),
    )


def test_the_same_trait_is_said_once() -> None:
    study = made()
    frame = study.frame.assign(heating=study.frame["fuel"].map({"gas": "g", "oil": "o", "wood": "w"}))
    twice = Study.from_frame(frame, target="price", candidates=NONE, split=study.split.tolist())
    oil = frame.index[200:][(frame["fuel"] == "oil")[200:]][:30]
    assert [t.condition.feature for t in traits(twice, oil).traits] == ["fuel"]


def test_compared_are_the_parts_that_were_picked_from() -> None:
    study = made()
    assert traits(study, ["h5", "h6"]).n_others == 198
    assert traits(study, ["h5", "h500"]).n_others == 998
    assert traits(study, ["h500"], among=["h501", "h502"]).n_others == 2


def test_odd_picks() -> None:
    study = made()
    assert traits(study, []).why == "none picked"
    assert traits(study, study.case_ids).why == "everything picked"
    assert traits(study, ["h300"]).traits == ()
    assert traits(study, ["h300"], columns=[]).why == "no columns"
    with pytest.raises(CaseError, match="There is no case 'nobody'"):
        traits(study, ["h300", "nobody"])


def test_every_kind_of_study(any_study: Study) -> None:
    ids = any_study.case_ids[: max(1, len(any_study.case_ids) // 4)]
    found = traits(any_study, ids)
    assert found.n_picked == len(ids)
    assert set(found.columns) <= set(looked_at(any_study))
    pd.testing.assert_frame_equal(packing.unpack(packing.pack(found)).to_frame(), found.to_frame())


def test_protected_columns_are_left_out(mortgages_unbuilt: Study) -> None:
    assert not [n for n in looked_at(mortgages_unbuilt) if mortgages_unbuilt.dictionary[n].protected]
    assert "denied" in looked_at(mortgages_unbuilt)
