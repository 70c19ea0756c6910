"""All tests of an option: planted faults are found, trifles and clean studies are not, every kind of study is taken."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from explainers import Study, open_study
from explainers.diagnostics import diagnose
from explainers.diagnostics.catalogue import ABOUT, found
from explainers.diagnostics.judging import judged
from explainers.errors import CandidateError
from explainers.packing import pack, unpack
from explainers.results import Diagnostic
from tests.conftest import ROOT
from tests.explainers.simulated import FAULTS, clean

FOUND = ("caution", "problem")
NUMBERS_ONLY = ("breusch_pagan", "spread_by_input", "white", "jarque_bera", "anderson_darling", "lilliefors")
FORMULA_ONLY = ("reset", "spread_by_input", "white", "vif", "condition_number", "influence")


def by_code(study: Study, candidate: str = "formula") -> dict[str, Diagnostic]:
    return {d.code: d for d in diagnose(study, candidate)}


# -- planted faults ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault: str) -> None:
    study, wanted = FAULTS[fault](0)
    result = by_code(study)
    assert not [c for c in wanted if result[c].status not in FOUND]


def test_a_missing_square_is_named_and_never_seen_rows_say_that_it_mends() -> None:
    result = by_code(FAULTS["square"](0)[0])["reset"]
    assert result.status in FOUND
    mend = result.remedy_check
    assert mend is not None
    assert (mend.kind, mend.column, mend.verdict, mend.rows) == ("square", "a", "better", "test")
    assert "a^2" in mend.formula
    assert mend.after < mend.before
    assert mend.upper is not None
    assert mend.upper < 0


def test_of_chances_a_missing_square_is_named_and_mends() -> None:
    result = by_code(FAULTS["bent chances"](0)[0])["columns"]
    mend = result.remedy_check
    assert result.columns == ("a",)
    assert mend is not None
    assert (mend.kind, mend.column, mend.metric, mend.verdict) == ("square", "a", "log_loss", "better")
    assert mend.after < mend.before


def test_a_missing_log_is_named_and_mends() -> None:
    study = FAULTS["log"](0)[0]
    mend = by_code(study)["breusch_pagan"].remedy_check
    assert mend is not None
    assert (mend.kind, mend.column, mend.verdict) == ("log target", "y", "better")


def test_a_missing_group_is_named_and_mends() -> None:
    result = by_code(FAULTS["group"](0)[0])["columns"]
    assert result.columns == ("shop",)
    assert set(result.levels[:2]) == {"north", "south"}
    mend = result.remedy_check
    assert mend is not None
    assert (mend.kind, mend.column, mend.verdict) == ("group", "shop", "better")
    north = result.levels.index("north")
    assert result.level_values[north] == pytest.approx(2.0, abs=0.6)  # recorded minus predicted


def test_a_change_that_does_not_mend_is_not_called_better() -> None:
    """Wider at one end without a log: the log of the target is tried, and never-seen rows do not take it."""
    mend = by_code(FAULTS["spread"](0)[0])["breusch_pagan"].remedy_check
    assert mend is None or mend.verdict != "better"


def test_influence_names_the_row() -> None:
    result = by_code(FAULTS["one row"](0)[0])["influence"]
    assert result.status == "problem"
    assert result.levels[0] == "0"


# -- size before chance ------------------------------------------------------------------------------------------------
def test_many_rows_do_not_turn_a_trifle_red() -> None:
    rng = np.random.default_rng(0)
    n = 100_000
    a = rng.normal(size=n)
    y = 1 + a + 0.03 * a**2 + rng.normal(size=n) * (1 + 0.03 * a) + 0.02 * rng.exponential(size=n) ** 2
    study = Study.from_frame(
        pd.DataFrame({"a": a, "y": y}), target="y", candidates={"formula": "formula"}, name="large"
    )
    result = by_code(study)
    assert result["reset"].p_value is not None
    assert result["reset"].p_value < 1e-6
    assert {c for c, d in result.items() if d.status in FOUND} == set()


@pytest.mark.parametrize(
    ("effect", "p", "status"),
    [
        (0.01, 1e-30, "ok"),
        (0.05, 1e-30, "caution"),
        (0.20, 1e-30, "problem"),
        (0.20, 0.03, "caution"),
        (0.20, 0.2, "ok"),
        (0.05, 0.2, "ok"),
    ],
)
def test_a_fault_is_large_and_more_than_chance(effect: float, p: float, status: str) -> None:
    assert judged([found("reset", "x", effect=effect, p_value=p)])[0].status == status


def test_p_values_are_corrected_for_all_tests_of_the_option() -> None:
    alone = judged([found("reset", "x", effect=0.2, p_value=0.02)])[0]
    among = judged([found("reset", "x", effect=0.2, p_value=0.02)] + [found("white", "x", effect=0.0, p_value=0.5)] * 9)
    assert (alone.status, alone.adjusted) == ("caution", 0.02)
    assert (among[0].status, among[0].adjusted) == ("ok", pytest.approx(0.2))


def test_a_few_clean_studies_show_no_problem() -> None:
    for kind in ("series", "panel", "two"):
        for seed in range(3):
            assert not [d.code for d in diagnose(clean(kind, 300, seed), "formula") if d.status == "problem"]


# -- every kind of study and option ------------------------------------------------------------------------------------
def test_every_kind_of_study_and_option_is_tested_or_says_why(any_study: Study) -> None:
    for name, candidate in any_study.build().candidates.items():
        if candidate.failure:
            continue
        result = diagnose(any_study, name)
        assert [d.code for d in result] == list(ABOUT)
        for d in result:
            assert (d.status in ("not applicable", "skipped")) == bool(d.why)
            assert d.meaning.endswith(".")
            assert d.reference
            if not d.why:
                assert d.effect is not None
                assert d.effect >= 0
                assert d.p_value is None or 0 <= d.p_value <= 1
                assert d.n > 0
                assert d.rows in ("training", "test", "unknown history")
                assert len(d.levels) == len(d.level_n) or not d.level_n or d.code == "bias"


def test_it_says_why_a_test_does_not_apply(study_of: Callable[[str], Study]) -> None:
    forest = by_code(study_of("regression"), "forest")
    assert all(forest[c].status == "not applicable" and "formula" in forest[c].why for c in FORMULA_ONLY)
    assert "no column says when" in forest["durbin_watson"].why
    assert "number" in forest["scores"].why
    classes = by_code(study_of("binary"))
    assert all(classes[c].status == "not applicable" and "chances" in classes[c].why for c in NUMBERS_ONLY)
    tiny = by_code(study_of("tiny"), "tree")
    assert tiny["bias"].status == "skipped"
    assert "only" in tiny["bias"].why


def test_a_fitted_estimator_says_that_its_history_is_unknown(study_of: Callable[[str], Study]) -> None:
    assert by_code(study_of("given fitted"), "ours")["bias"].rows == "unknown history"


def test_an_unknown_option_is_refused(study_of: Callable[[str], Study]) -> None:
    with pytest.raises(CandidateError, match="no candidate"):
        diagnose(study_of("binary"), "nobody")


def hostile(**columns: Any) -> Study:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.normal(size=150), "y": rng.normal(size=150)})
    for name, values in columns.items():
        frame[name] = values
    return Study.from_frame(frame, target="y", candidates={"formula": "formula", "tree": "tree"}, name="hostile")


@pytest.mark.parametrize(
    "columns",
    [
        {"b": np.resize([1.0, np.nan], 150)},
        {"b": [f"level {i}" for i in range(150)]},
        {"y": np.r_[np.random.default_rng(1).normal(size=149), 1e12]},
        {"y": np.arange(150.0) * 1e-9, "a": np.arange(150.0)},
        {"y": 2 * np.arange(150.0), "a": np.arange(150.0)},
        {"b": np.random.default_rng(0).normal(size=150)},
        {"b": pd.date_range("2020-01-01", periods=150)},
    ],
    ids=["half missing", "every row a level", "one huge", "tiny numbers", "exact", "copy of a column", "dates"],
)
def test_hostile_columns_do_not_stop_it(columns: dict[str, Any]) -> None:
    study = hostile(**columns)
    for name in study.candidates:
        for d in diagnose(study, name):
            assert d.effect is None or not np.isnan(d.effect)
            assert d.p_value is None or 0 <= d.p_value <= 1


def test_without_test_rows_it_says_so() -> None:
    study = hostile()
    labels = pd.Series(np.where(study.split == "test", "train", study.split), index=study.frame.index)
    result = by_code(study.replace(split=labels.astype("str"), split_by="labels", data_key=""))
    assert result["bias"].status == "skipped"
    assert "has not seen" in result["bias"].why
    assert result["reset"].status == "ok"


# -- time --------------------------------------------------------------------------------------------------------------
def test_several_rows_of_a_moment_without_a_group_are_not_put_in_order() -> None:
    frame = hostile().frame.assign(day=np.repeat(np.arange(50), 3))
    study = Study.from_frame(
        frame, target="y", candidates={"formula": "formula"}, dictionary={"day": {"role": "time"}}, name="ties"
    )
    result = by_code(study)["durbin_watson"]
    assert result.status == "not applicable"
    assert "share a moment" in result.why


def test_the_group_whose_rows_have_a_moment_each_is_found() -> None:
    study = clean("panel", 300, 0)
    open_group = dataclasses.replace(study.dictionary["g"], role="feature")
    study = study.replace(
        dictionary=dataclasses.replace(study.dictionary, features={**study.dictionary.features, "g": open_group})
    )
    assert by_code(study)["durbin_watson"].within == "g"


# -- the sample studies ------------------------------------------------------------------------------------------------
def test_cigarettes_say_by_themselves_what_is_known_of_them() -> None:
    study = open_study(ROOT / "sample_data" / "cigarette_demand", build=False)
    result = by_code(study)
    time = result["durbin_watson"]
    assert (time.status, time.within, time.n_within, time.side) == ("problem", "state", 46, "alike")
    assert time.effect == pytest.approx(0.745, abs=0.01)
    assert time.remedy_check is not None
    assert (time.remedy_check.kind, time.remedy_check.verdict) == ("last known", "better")
    assert result["spread_by_input"].status == "problem"
    assert result["spread_by_input"].columns[0] == "state"
    groups = result["groups"]
    assert groups.status == "problem"
    assert groups.columns == ("state",)
    assert groups.levels[:2] == ("S09", "S30")
    assert groups.level_values[0] < -0.5  # log units: predicted far above what was sold


def test_it_survives_the_store() -> None:
    result = diagnose(FAULTS["group"](0)[0], "formula")
    again = unpack(pack(result))
    assert [(d.code, d.status, d.levels, d.effect) for d in again] == [
        (d.code, d.status, d.levels, d.effect) for d in result
    ]
