"""What changes without some rows: a term that one row turns is said to turn, and everything else is compared fairly."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from explainers import Study
from explainers.errors import CandidateError
from explainers.metrics import evaluate
from explainers.outliers import influence, without
from explainers.outliers.moving import fate
from explainers.packing import pack, unpack
from explainers.results import Move, Without
from explainers.words import say
from explainers.words import without as words


def rows(n: int = 240, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {"size": rng.normal(100, 10, n), "age": rng.uniform(0, 50, n), "fuel": rng.choice(["gas", "oil"], n)}
    )
    frame["price"] = 50 + 2 * (frame["size"] - 100) - 0.3 * frame["age"] + rng.normal(0, 4, n)
    return frame


@cache
def planted() -> Study:
    """A study whose one row with a misplaced point turns the term of size."""
    frame = rows()
    frame.loc[3, ["size", "price"]] = [1_800.0, -6_000.0]
    return Study.from_frame(
        frame,
        target="price",
        candidates=["no_model", "formula", "boosting"],
        formula="price ~ size + age + fuel",
        split=["train"] * 160 + ["calibration"] * 20 + ["test"] * 60,
    )


@cache
def found() -> Without:
    return without(planted(), "formula", ["3"])


def move(result: Without, kind: str, name: str) -> Move:
    return next(m for m in result.moves if (m.kind, m.name) == (kind, name))


def test_one_row_that_turns_a_term_is_said_to_turn_it() -> None:
    size = move(found(), "term", "size")
    assert size.fate == "turns"
    assert size.before < 0 < size.after  # type: ignore[operator]
    assert size.before_upper < 0 < size.after_lower  # type: ignore[operator]
    assert size.after == pytest.approx(2.0, abs=0.2)
    assert size.usual is not None
    assert size.usual < abs(size.change or 0.0) / 10
    assert move(found(), "term", "age").fate != "turns"
    text = say.text(words.describe(found(), planted()))
    assert text.startswith("Without case 3, the weight of “Size” points the other way.")
    top = influence(planted(), "formula")
    assert top.to_frame()["id"][0] == "3"


def test_terms_equal_a_fit_without_the_row() -> None:
    from statsmodels.regression.linear_model import OLS

    train = planted().rows("train").drop(index=3)
    design = np.column_stack([np.ones(159), train["size"], train["age"], train["fuel"] == "oil"]).astype(float)
    fit = OLS(train["price"].to_numpy(), design).fit()
    terms = [m for m in found().moves if m.kind == "term"]
    np.testing.assert_allclose([m.after for m in terms], fit.params, rtol=1e-8)
    np.testing.assert_allclose([[m.after_lower, m.after_upper] for m in terms], fit.conf_int(), rtol=1e-8)


def test_measures_are_those_of_the_option_and_of_the_one_without() -> None:
    known = {m.name: m for m in evaluate(planted(), "formula")}
    for m in found().moves:
        if m.kind == "metric":
            assert m.before == pytest.approx(known[m.name].value)
            assert m.before_lower == pytest.approx(known[m.name].lower)
            assert m.change == pytest.approx((m.after or 0.0) - m.before)
    mae = move(found(), "metric", "mae")
    assert mae.change_upper is not None
    assert mae.change_upper < 0  # clearly better without the slip


def test_an_effect_of_a_formula_is_its_coefficient_times_the_step() -> None:
    effect, term = move(found(), "effect", "age"), move(found(), "term", "age")
    step = effect.high - effect.low
    assert effect.before == pytest.approx(term.before * step)
    assert effect.after == pytest.approx((term.after or 0.0) * step)


def test_rows_that_are_measured_on_do_not_count_on_either_side() -> None:
    study = planted()
    ids = [str(i) for i in range(200, 210)]
    result = without(study, "formula", ids)
    assert (result.n_training, result.n_never_seen, result.n_other, result.n_measured) == (0, 10, 0, 50)
    assert result.trials == 0
    assert result.mean_move == pytest.approx(0.0, abs=1e-9)
    left = study.rows("test").iloc[:30].index.union(study.rows("test").iloc[40:].index)
    from explainers.predict import stored

    off = (
        (study.frame["price"] - stored(study, "formula")["prediction"])
        .loc[study.rows("test").index]
        .drop(index=range(200, 210))
    )
    assert len(left) == 50
    assert move(result, "metric", "mae").before == pytest.approx(off.abs().mean())
    text = say.text(words.describe(result, study))
    assert text.startswith("The option did not learn from these 10 cases, so nothing about it changes.")


def test_ordinary_rows_change_no_more_than_others_would() -> None:
    result = without(planted(), "formula", ["20", "30", "40"])
    assert not [m for m in result.moves if m.fate == "turns"]
    assert result.mean_move is not None
    assert result.usual_move is not None
    assert result.mean_move <= 20 * result.usual_move
    assert result.trials == 5


def test_any_option_that_can_be_fitted_again_is_answered() -> None:
    result = without(planted(), "boosting", ["3", "17"])
    assert {m.kind for m in result.moves} == {"effect", "metric"}
    assert result.why == ""
    assert without(planted(), "no_model", ["3"]).why == ""


def test_nothing_to_compare_says_why() -> None:
    assert without(planted(), "formula", []).why == "no rows named"
    strange = without(planted(), "formula", ["nobody", "3", "3"])
    assert (strange.unknown, strange.ids) == (("nobody",), ("3",))
    assert without(planted(), "formula", ["nobody"]).why == "no rows named"
    assert without(planted(), "formula", [str(i) for i in range(160)]).why == "nothing left"
    with pytest.raises(CandidateError):
        without(planted(), "nobody", ["3"])


def test_one_class_left_cannot_be_fitted_and_says_so() -> None:
    frame = rows(120)[["size", "age"]].assign(sold=["yes"] * 6 + ["no"] * 114)
    study = Study.from_frame(
        frame, target="sold", candidates=["formula"], formula="sold ~ size + age", split=["train"] * 90 + ["test"] * 30
    )
    result = without(study, "formula", [str(i) for i in range(6)])
    assert result.why == "cannot be fitted again"
    assert result.detail


def test_without_never_seen_rows_only_terms_are_compared() -> None:
    study = Study.from_frame(
        rows(), target="price", candidates=["formula"], formula="price ~ size + age", split=["train"] * 240
    )
    result = without(study, "formula", ["3"])
    assert {m.kind for m in result.moves} == {"term"}
    assert result.mean_move is None
    assert say.text(words.describe(result, study)).startswith("The option was made again without case 3.")
    assert without(study, "formula", [str(i) for i in range(239)]).why == "nothing left"


def test_a_level_that_goes_is_gone() -> None:
    frame = rows()
    frame.loc[[3, 4], "fuel"] = "straw"
    study = Study.from_frame(
        frame,
        target="price",
        candidates=["formula"],
        formula="price ~ size + fuel",
        split=["train"] * 180 + ["test"] * 60,
    )
    result = without(study, "formula", ["3", "4"])
    assert move(result, "term", "fuel[straw]").fate == "gone"
    assert move(result, "term", "fuel[straw]").after is None


def test_an_option_that_came_fitted_is_made_anew_on_both_sides(study_of: object) -> None:
    study = study_of("given fitted")  # type: ignore[operator]
    result = without(study, "ours", [str(i) for i in study.case_ids[:5]])
    assert result.why == ""
    assert result.fitted_anew


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((1, 0.5, 1.5), (0.1, -0.5, 0.7), "fades"),
        ((1, -0.5, 1.5), (2, 0.5, 3.5), "appears"),
        ((1, 0.5, 1.5), (2, 0.5, 3.5), "stays"),
        ((1, -0.5, 1.5), (-1, -1.5, 0.5), "stays"),
    ],
)
def test_fates(before: tuple[float, ...], after: tuple[float, ...], expected: str) -> None:
    assert fate(before, after) == expected  # type: ignore[arg-type]


def test_it_is_kept_whole_and_the_same_twice() -> None:
    again = unpack(pack(without(planted(), "formula", ["3"])))
    pd.testing.assert_frame_equal(again.to_frame(), found().to_frame())


@pytest.mark.parametrize(
    "name", ["three classes", "missing values", "unseen levels", "one feature", "odd names", "wide"]
)
def test_kinds_of_study_are_answered(name: str, study_of: object) -> None:
    study = study_of(name)  # type: ignore[operator]
    option = "formula" if "formula" in study.candidates else "tree"
    result = without(study, option, [str(i) for i in study.case_ids[:7]])
    assert result.why == "" or result.detail
    assert len(result.ids) == 7
