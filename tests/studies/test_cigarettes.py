"""The cigarette study: the split by moments, the last known figure, and the elasticity by hand with statsmodels."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

from explainers import Study
from explainers.attribution import explain
from explainers.elasticity import elasticities
from explainers.errors import CandidateError, StudyError
from explainers.estimators import FormulaRegressor, LastKnown
from explainers.lineup import make
from explainers.metrics import evaluate
from explainers.predict import predict, stored
from explainers.split import folds, make_split
from explainers.words import formula as formula_words
from explainers.words import home, metrics, say, several
from tests.studies.conftest import SAMPLES, built
from tests.words import gates

NAME = "cigarette_demand"
FORMULA = (
    "np.log(packs_per_capita) ~ np.log(real_price) + np.log(real_neighbour_min_price) + np.log(real_income_per_capita)"
    " + C(state)"
)
INPUTS = ("real_price", "real_neighbour_min_price", "real_income_per_capita")


@pytest.fixture(scope="module")
def study() -> Study:
    return built(NAME)


@pytest.fixture(scope="module")
def source() -> pd.DataFrame:
    return pd.read_csv(SAMPLES / NAME / "data.csv")


@pytest.fixture(scope="module")
def by_hand(source: pd.DataFrame) -> dict[str, Any]:
    """Fit the formula as a person would, from the file and with statsmodels alone."""
    import statsmodels.formula.api as smf

    train = source[source["year"] <= 1980]
    model = smf.ols(FORMULA, train)
    groups = pd.factorize(train["state"])[0]
    return {
        "plain": model.fit(),
        "clustered": model.fit(cov_type="cluster", cov_kwds={"groups": groups}, use_t=True),
        "train": train,
    }


# -- data and split ------------------------------------------------------------------------------------------------
def test_last_years_figure_is_the_column_of_sales_one_year_earlier(source: pd.DataFrame) -> None:
    known = {(r.state, r.year): r.packs_per_capita for r in source.itertuples()}
    for r in source.itertuples():
        before = known.get((r.state, r.year - 1), np.nan)
        assert r.packs_last_year == before or (np.isnan(r.packs_last_year) and r.year == 1963)
    assert source["figure"].is_unique


def test_the_split_is_by_the_moments_that_study_yaml_names(study: Study) -> None:
    year = study.frame["year"]
    assert set(year[study.split == "train"]) == set(range(1963, 1981))
    assert set(year[study.split == "calibration"]) == set(range(1981, 1987))
    assert set(year[study.split == "test"]) == set(range(1987, 1993))
    assert study.split.value_counts().to_dict() == {"train": 828, "calibration": 276, "test": 276}
    assert study.split_by == "time:year"
    assert study.dictionary["year"].role == "time"
    for fit, held in folds(study):
        assert year.iloc[fit].max() < year.iloc[held].min()


def test_a_split_by_moments_is_kept_when_saved(study: Study, tmp_path: Any) -> None:
    from explainers import open_study

    again = open_study(study.save(tmp_path / "again"), build=False)
    assert again.split.equals(study.split)
    assert again.split_by == "time:year"
    assert again.data_key == study.data_key


MOMENTS = {"time": "day", "calibration_from": "2024-03-01", "test_from": "2024-05-01"}


def test_dates_and_rows_without_a_moment() -> None:
    days = pd.to_datetime(["2024-01-01", "2024-03-01", "2024-04-30", "2024-05-01", None, "2024-06-01"])
    frame = pd.DataFrame({"day": days, "y": [1.0, 2.0, 3.0, 4.0, 5.0, np.nan]})
    labels = make_split(frame, MOMENTS, target="y", classification=False)
    assert labels.tolist() == ["train", "calibration", "calibration", "test", "unknown", "unknown"]


@pytest.mark.parametrize(
    ("split", "says"),
    [
        ({"time": "year", "test_from": 5}, "calibration_from"),
        ({"time": "nowhere", "calibration_from": 3, "test_from": 5}, "nowhere"),
        ({"time": "year", "calibration_from": 5, "test_from": 3}, "not later"),
        ({"time": "year", "calibration_from": "soon", "test_from": 5}, "soon"),
        ({"time": "year", "calibration_from": [1], "test_from": {}}, "same kind"),
        ({"time": "name", "calibration_from": 3, "test_from": 5}, "same kind"),
        ({"time": "year", "calibration_from": 3, "test_from": 5, "until": 6}, "until"),
        ({}, "calibration_from"),
    ],
)
def test_a_wrong_split_by_moments_says_what_is_wrong(split: dict[str, Any], says: str) -> None:
    frame = pd.DataFrame({"year": range(20), "name": list("abcdefghij") * 2, "y": np.arange(20.0)})
    with pytest.raises(StudyError, match=re.escape(says)):
        make_split(frame, split, target="y", classification=False)
    with pytest.raises(StudyError):
        Study.from_frame(frame, target="y", candidates={"no_model": "no_model"}, split=split)  # type: ignore[arg-type]


# -- the last known figure -----------------------------------------------------------------------------------------
def mae(study: Study) -> dict[str, float]:
    return {n: {m.name: m.value for m in evaluate(study, n)}["mae"] for n in study.candidates}


def test_the_rule_says_last_years_figure_and_is_told_nothing_else(study: Study) -> None:
    rule = study.candidates["rule"]
    assert rule.recipe == "last_known"
    assert rule.features == ("packs_last_year",)
    assert all("packs_last_year" not in c.features for n, c in study.candidates.items() if n != "rule")
    test = study.rows("test")
    assert np.array_equal(predict(study, "rule", test)["prediction"], test["packs_last_year"])
    first = study.frame[study.frame["year"] == 1963]
    usual = study.rows("train")["packs_per_capita"].median()
    assert set(predict(study, "rule", first)["prediction"]) == {usual}


def test_no_option_beats_the_last_known_figure(study: Study, source: pd.DataFrame) -> None:
    found = mae(study)
    test = source[source["year"] >= 1987]
    assert found["rule"] == pytest.approx((test["packs_per_capita"] - test["packs_last_year"]).abs().mean(), abs=1e-12)
    assert found["rule"] == pytest.approx(4.398, abs=0.001)
    assert all(value > 3 * found["rule"] for name, value in found.items() if name != "rule")


def test_the_other_readings_of_last_known_are_as_the_readme_says(source: pd.DataFrame) -> None:
    test = source[source["year"] >= 1987]
    for year, expected in ((1980, 28.1), (1986, 12.4)):
        last = source[source["year"] == year].set_index("state")["packs_per_capita"]
        off = (test["packs_per_capita"] - test["state"].map(last)).abs().mean()
        assert off == pytest.approx(expected, abs=0.05)


def test_last_known_refuses_what_it_cannot_do() -> None:
    frame = pd.DataFrame({"before": [1.0, 2.0], "name": ["a", "b"]})
    with pytest.raises(CandidateError, match="'after'"):
        LastKnown(["before"], "after").fit(frame, [1.0, 2.0])
    with pytest.raises(CandidateError, match="has to be a number"):
        LastKnown(["name"], "name").fit(frame, [1.0, 2.0])
    study = built("saratoga_heating")
    with pytest.raises(CandidateError, match="classes"):
        make("last_known", study, study.candidates["rule"])
    study = built("saratoga_prices")
    with pytest.raises(CandidateError, match="column: COLUMN"):
        make("last_known", study, study.candidates["rule"])


# -- the formula and its elasticities ------------------------------------------------------------------------------
def test_the_formula_answers_as_by_hand(study: Study, by_hand: dict[str, Any], source: pd.DataFrame) -> None:
    fit = by_hand["plain"]
    said = np.exp(fit.predict(source)) * np.exp(fit.resid).mean()
    assert stored(study, "formula")["prediction"].to_numpy() == pytest.approx(said.to_numpy(), rel=1e-9)


def test_elasticities_and_both_ranges_equal_those_by_hand(study: Study, by_hand: dict[str, Any]) -> None:
    found = {e.feature: e for e in study.candidates["formula"].elasticities}
    assert tuple(found) == INPUTS
    plain, clustered = by_hand["plain"], by_hand["clustered"]
    for name, e in found.items():
        term = f"np.log({name})"
        assert e.exponent == pytest.approx(plain.params[term], abs=1e-10)
        assert e.standard_error == pytest.approx(clustered.bse[term], rel=1e-7)
        assert e.value == pytest.approx(1.1 ** plain.params[term] - 1, abs=1e-10)
        low, high = clustered.conf_int().loc[term]
        assert (e.lower, e.upper) == pytest.approx((1.1**low - 1, 1.1**high - 1), abs=1e-8)
        low, high = plain.conf_int().loc[term]
        assert (e.plain_lower, e.plain_upper) == pytest.approx((1.1**low - 1, 1.1**high - 1), abs=1e-8)
        assert (e.n, e.clusters, e.together_by, e.level, e.change) == (828, 46, "state", 0.95, 0.10)
    price = found["real_price"]
    assert (price.value, price.lower, price.upper) == pytest.approx((-0.0767, -0.1024, -0.0503), abs=0.0001)


def test_ten_percent_more_in_the_price_is_what_the_option_then_says(study: Study) -> None:
    """The closed form against the door itself."""
    cases = study.rows("test").iloc[::40]
    for e in study.candidates["formula"].elasticities:
        higher = predict(study, "formula", cases.assign(**{e.feature: cases[e.feature] * 1.1}))["prediction"]
        as_it_is = predict(study, "formula", cases)["prediction"]
        assert (higher / as_it_is - 1).to_numpy() == pytest.approx(np.full(len(cases), e.value), abs=1e-10)


def test_states_drawn_again_move_the_elasticity_as_the_range_says(by_hand: dict[str, Any]) -> None:
    """Whole states drawn with replacement: the spread is near the clustered error, far from the plain one."""
    train = by_hand["train"]
    columns = ["packs_per_capita", *INPUTS]
    logs = np.log(train[columns]) - np.log(train[columns]).groupby(train["state"]).transform("mean")
    blocks = [part.to_numpy() for _, part in logs.groupby(train["state"])]
    cross = np.stack([b[:, 1:].T @ b[:, 1:] for b in blocks])
    with_y = np.stack([b[:, 1:].T @ b[:, 0] for b in blocks])
    drawn = np.random.default_rng(0).integers(0, len(blocks), (2000, len(blocks)))
    b = np.array([np.linalg.solve(cross[d].sum(axis=0), with_y[d].sum(axis=0)) for d in drawn])
    spread = float(b[:, 0].std())
    assert spread == pytest.approx(by_hand["clustered"].bse["np.log(real_price)"], rel=0.15)
    assert spread > 3 * by_hand["plain"].bse["np.log(real_price)"]


def test_a_log_target_goes_through_the_sampler_and_adds_up(study: Study) -> None:
    e = explain(study, "formula", study.rows("test").iloc[:5])
    assert e.method != "closed form"
    assert np.abs(e.values.sum(axis=1) + e.base_values - e.predictions).max() < 1e-9 * e.predictions.max()


def test_other_formulas_have_no_elasticity_and_planted_ones_are_found() -> None:
    rng = np.random.default_rng(1)
    n = 600
    frame = pd.DataFrame({"x": rng.uniform(1, 9, n), "z": rng.uniform(1, 9, n), "w": rng.normal(size=n)})
    frame["y"] = np.exp(0.5 - 1.5 * np.log(frame["x"]) + 0.2 * frame["w"] + rng.normal(0, 0.05, n))
    labels = ["train"] * n
    labels[-100:] = ["test"] * 100
    for text, names in (
        ("log(y) ~ log(x) + log(z) + w", ["x", "z"]),
        ("log(y) ~ log(x) + x + log(z)", ["z"]),
        ("log(y) ~ log(x):w + log(z)", ["z"]),
        ("y ~ log(x) + z", []),
        ("log(y) ~ x + w", []),
    ):
        fields = {"formula": {"recipe": "formula", "parameters": {"formula": text}}}
        study = Study.from_frame(frame, target="y", candidates=fields, split=labels)
        found = study.candidates["formula"].elasticities
        assert [e.feature for e in found] == names, text
        if "x" in names:
            assert found[0].exponent == pytest.approx(-1.5, abs=0.01)
            assert found[0].clusters == 0
            assert (found[0].lower, found[0].upper) == (found[0].plain_lower, found[0].plain_upper)
    assert elasticities(study, object()) == ()


def test_rows_are_taken_together_by_a_column_that_is_there() -> None:
    frame = pd.DataFrame({"x": np.arange(1.0, 31.0), "one": ["a"] * 30})
    y = np.exp(np.sin(np.arange(30.0)))
    for column, says in (("nowhere", "'nowhere'"), ("one", "one value")):
        with pytest.raises(CandidateError, match=says):
            FormulaRegressor("log(y) ~ log(x)", ["x", "one"], ["number", "level"], clusters=column).fit(frame, y)


# -- the words -----------------------------------------------------------------------------------------------------
def test_home_says_the_elasticity_with_its_range(study: Study) -> None:
    text = say.text(home.describe(study, metrics={n: evaluate(study, n) for n in study.candidates}))
    assert "Where the price is 10% higher, sales are 7.7% lower (5.0% to 10.2%)." in text
    assert "Where the lowest price next door is 10% higher, sales are 3.8% higher (0.6% to 7.0%)." in text
    assert "Where income per head is 10% higher, sales are 2.1% higher (1.2% to 3.0%)." in text
    assert "These are not causes" in text
    assert "They rest on 46 groups" in text


def test_the_sentence_says_the_numbers_by_hand(study: Study, by_hand: dict[str, Any], source: pd.DataFrame) -> None:
    """Every figure of the page's three sentences and of the hardest to beat, from statsmodels and the file alone."""
    text = say.text(home.describe(study, metrics={n: evaluate(study, n) for n in study.candidates}))
    looked_at = formula_words.describe(study, candidate="formula")
    assert looked_at is not None
    fit = by_hand["clustered"]
    for name, noun in zip(INPUTS, ("the price", "the lowest price next door", "income per head"), strict=True):
        b, ends = fit.params[f"np.log({name})"], fit.conf_int().loc[f"np.log({name})"]
        value, low, high = (100 * (1.1**x - 1) for x in (b, *ends))
        least, most = sorted((abs(low), abs(high)))
        way = "lower" if value < 0 else "higher"
        said = f"Where {noun} is 10% higher, sales are {abs(value):.1f}% {way} ({least:.1f}% to {most:.1f}%)."
        assert said in text
        assert said in say.text(looked_at)
    test = source[source["year"] >= 1987]
    off = (test["packs_per_capita"] - test["packs_last_year"]).abs().mean()
    assert f"is the hardest to beat: it is off by {off:.1f} packs on {len(test)} never-seen yearly figures." in text


def test_home_says_that_the_last_known_figure_is_the_hardest_to_beat_and_what_that_means(study: Study) -> None:
    text = say.text(home.describe(study, metrics={n: evaluate(study, n) for n in study.candidates}))
    assert (
        "“Last known figure” is the hardest to beat: it is off by 4.4 packs on 276 never-seen yearly figures." in text
    )
    assert re.search(r"The next closest, “Additive curves”, is off by 15\.\d packs", text)
    assert "“Last known figure” is the only option that is told “Sales the year before”." in text
    assert "nothing costlier has earned its place here yet" in text
    assert "“Plain formula” answers another question: what goes with sales." in text


def test_nothing_is_said_to_be_hard_to_beat_where_a_costlier_option_is_closest() -> None:
    prices = built("saratoga_prices")
    assert several.hardest({n: evaluate(prices, n) for n in prices.candidates}, prices) == []
    assert "hardest" not in say.text(metrics.describe({n: evaluate(prices, n) for n in prices.candidates}, prices))
    assert formula_words.describe(prices) is None


def test_the_words_follow_the_signs_and_a_range_over_zero_is_said(study: Study) -> None:
    import dataclasses

    formula = study.candidates["formula"]
    price = formula.elasticities[0]

    def told(**changes: float) -> str:
        changed = dataclasses.replace(price, **changes)
        one = dataclasses.replace(formula, elasticities=(changed,))
        said = formula_words.describe(study.replace(candidates={**study.candidates, "formula": one}))
        assert said is not None
        assert gates.plain(gates.every(said)) == []
        assert gates.true(gates.every(said), study) == []
        return said.headline.text

    assert (
        told(value=0.05, lower=0.02, upper=0.08)
        == "Where the price is 10% higher, sales are 5.0% higher (2.0% to 8.0%)."
    )
    assert told(value=-0.01, lower=-0.04, upper=0.02) == (
        "Where the price is 10% higher, sales are 1.0% lower. Anything from 4.0% lower to 2.0% higher fits the record."
    )


def test_the_technical_words_hold_both_ranges(study: Study) -> None:
    said = formula_words.describe(study, audience="technical")
    assert said is not None
    assert "elasticity −0.837, standard error 0.147" in said.headline.text
    assert "95% interval −10.2% to −5.0%" in said.headline.text
    assert "−8.3% to −7.0% if rows were independent" in said.headline.text
    assert gates.true(gates.every(said), study) == []
