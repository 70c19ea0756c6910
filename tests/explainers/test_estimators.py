"""Our own estimators: the encoder, the rule and the table, the formula."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from sklearn.base import clone, is_classifier, is_regressor
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import check_is_fitted

from explainers import Study, models
from explainers.errors import CandidateError, CaseError
from explainers.estimators import (
    Encoder,
    FormulaClassifier,
    FormulaRegressor,
    GroupTable,
    GroupTableNumbers,
    OneRule,
    OneRuleNumbers,
)
from explainers.estimators.likelihood import fit_classes, fit_numbers, softmax

# Printed by tests/reference/formula_by_statsmodels.py: coefficient and standard error.
REFERENCE = {
    "(intercept)": (-6.6609153325, 1.5463945218),
    "debt_payments_to_income": (0.7524117905, 1.6791436100),
    "housing_expense_to_income": (2.3149512694, 2.0029150075),
    "loan_to_value": (1.4324008315, 3.5312209706),
    "consumer_credit_score": (0.3126240582, 0.0633453329),
    "mortgage_credit_score": (0.1443935550, 0.2259949432),
    "public_bad_credit[yes]": (0.7540496114, 0.3440547306),
    "loan_to_value^2": (1.1293961446, 2.2177535052),
    "log(industry_unemployment)": (0.6424065279, 0.2628871248),
    "debt_payments_to_income:self_employed[yes]": (1.3538807406, 0.8438008239),
}


def rows(n: int = 200, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "a": rng.normal(50, 10, n),
            "b": np.exp(rng.normal(0, 0.5, n)),
            "c": rng.choice(["u", "v", "w"], n),
            "d": rng.choice(["no", "yes"], n),
        }
    )


COLUMNS, KINDS = ["a", "b", "c", "d"], ["number", "number", "level", "level"]


# -- encoder -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("flags", [True, False])
@pytest.mark.parametrize("scale", [True, False])
def test_every_output_column_comes_from_its_input_column_alone(flags: bool, scale: bool) -> None:
    frame = rows()
    frame.loc[::7, "a"] = np.nan
    frame.loc[::5, "c"] = None
    encoder = Encoder(COLUMNS, KINDS, flags=flags, scale=scale, fill=flags).fit(frame)
    mixed, other = rows(50, 1), rows(50, 2)
    for i, column in enumerate(COLUMNS):
        swapped = mixed.assign(**{column: other[column]})
        expected = encoder.transform(mixed)
        own = np.array(encoder.input_of_output_) == i
        expected[:, own] = encoder.transform(other)[:, own]
        assert np.array_equal(encoder.transform(swapped), expected, equal_nan=True)
    assert len(encoder.get_feature_names_out()) == len(encoder.input_of_output_)


def test_missing_and_unseen_become_finite_with_flags_and_nan_with_codes() -> None:
    strange = pd.DataFrame({"a": [np.nan], "b": [np.nan], "c": ["never"], "d": [None]})
    flagged = Encoder(COLUMNS, KINDS).fit(rows()).transform(strange)
    assert np.isfinite(flagged).all()
    assert flagged[0, 0] == pytest.approx(rows()["a"].median())
    assert np.isnan(Encoder(COLUMNS, KINDS, flags=False, fill=False).fit(rows()).transform(strange)).all()


def test_missing_in_training_rows_has_a_column_of_its_own() -> None:
    frame = rows()
    frame.loc[0, ["a", "d"]] = [np.nan, None]
    encoder = Encoder(COLUMNS, KINDS).fit(frame)
    names = list(encoder.get_feature_names_out())
    assert names == ["a", "a is missing", "b", "c is u", "c is v", "c is w", "d is yes", "d is missing"]
    encoded = encoder.transform(frame)
    assert encoded[:, names.index("a is missing")].sum() == encoded[:, names.index("d is missing")].sum() == 1
    mostly = frame.assign(d=["yes"] * 150 + ["no"] * 49 + [None])
    flags = Encoder(["d"], ["level"]).fit_transform(mostly)
    assert flags[-1].tolist() == [0, 1]  # missing is neither level, however usual one of them is


def test_levels_are_the_same_whatever_their_type() -> None:
    texts = pd.DataFrame({"x": ["1", "2", "3", None]})
    encoder = Encoder(["x"], ["level"], flags=False).fit(texts)
    for values in ([1, 2, 3, None], [1.0, 2.0, 3.0, np.nan], pd.array([1, 2, 3, None], dtype="Int64")):
        assert np.array_equal(encoder.transform(pd.DataFrame({"x": values})), encoder.transform(texts), equal_nan=True)


def test_rare_levels_share_a_place_and_so_do_levels_never_seen() -> None:
    frame = pd.DataFrame({"x": [f"l{i % 30}" for i in range(300)] + ["l0"] * 10 + ["l1"] * 5})
    encoder = Encoder(["x"], ["level"], most=2).fit(frame)
    assert list(encoder.get_feature_names_out()) == ["x is l0", "x is l1", "x is other"]
    assert encoder.transform(pd.DataFrame({"x": ["l0", "l7", "never"]})).tolist() == [[1, 0, 0], [0, 0, 1], [0, 0, 1]]


def test_ordered_levels_and_dates_are_numbers() -> None:
    frame = pd.DataFrame({"o": ["low", "high", "middle"], "t": pd.to_datetime(["1970-01-02", "1970-01-03", None])})
    encoder = Encoder(["o", "t"], ["ordered", "number"], order={"o": ["low", "middle", "high"]}, fill=False).fit(frame)
    encoded = encoder.transform(frame)
    assert encoded[:, 0].tolist() == [0, 2, 1]
    assert encoded[:2, 1].tolist() == [1, 2]


def test_scaling_never_divides_by_nothing() -> None:
    frame = pd.DataFrame({"x": [3.0, 3.0, 3.0], "y": [np.nan] * 3})
    assert np.array_equal(Encoder(["x", "y"], ["number"] * 2, scale=True).fit_transform(frame), np.zeros((3, 3)))


# -- rule and table ----------------------------------------------------------------------------------------------
def test_the_rule_picks_the_planted_column_and_gives_its_shares() -> None:
    frame = rows(600)
    y = np.where((frame["c"] == "v") ^ (np.random.default_rng(1).random(600) < 0.1), "yes", "no")
    rule = OneRule(COLUMNS, KINDS, pull=0.0).fit(frame, y)
    assert rule.chosen_ == ["c"]
    for level in "uvw":
        here = (frame["c"] == level).to_numpy()
        said = rule.predict_proba(frame[here][:1])[0, 1]
        assert said == pytest.approx((y[here] == "yes").mean(), abs=1e-12)
    assert rule.predict(frame).tolist() == np.where(frame["c"] == "v", "yes", "no").tolist()


def test_the_rule_does_not_fall_for_an_id() -> None:
    """OneR on training error would pick the column with a level per row."""
    frame = rows(300).assign(id=[f"row {i}" for i in range(300)])
    y = np.where((frame["d"] == "yes") ^ (np.random.default_rng(1).random(300) < 0.3), "yes", "no")
    assert OneRule([*COLUMNS, "id"], [*KINDS, "level"], most=1000).fit(frame, y).chosen_ == ["d"]


def test_the_rule_for_numbers_answers_with_group_means() -> None:
    frame = rows(400)
    y = 10.0 * (frame["c"] == "w") + np.random.default_rng(0).normal(0, 1, 400)
    rule = OneRuleNumbers(COLUMNS, KINDS, pull=0.0).fit(frame, y)
    assert rule.predict(frame[frame["c"] == "w"][:1])[0] == pytest.approx(y[frame["c"] == "w"].mean(), abs=1e-12)


def test_the_table_finds_two_columns_that_only_tell_together() -> None:
    frame = rows(800)
    y = 5.0 * ((frame["c"] == "w") & (frame["d"] == "yes")) + np.random.default_rng(0).normal(0, 0.5, 800)
    table = GroupTableNumbers(COLUMNS, KINDS, depth=3).fit(frame, y)
    assert set(table.chosen_[:2]) == {"c", "d"}
    case = pd.DataFrame({"a": [50.0], "b": [1.0], "c": ["w"], "d": ["yes"]})
    assert table.predict(case)[0] == pytest.approx(5.0, abs=0.4)


def test_a_group_never_seen_is_answered_by_the_coarser_table() -> None:
    frame = rows(400)
    y = np.where((frame["c"] == "w") | (frame["d"] == "yes"), "yes", "no")
    table = GroupTable(COLUMNS, KINDS, depth=2).fit(frame, y)
    first = table.chosen_[0]
    case = frame[:1].assign(**dict.fromkeys(table.chosen_, "never"))
    assert table.predict_proba(case)[0] == pytest.approx(table.steps_[0])
    half = frame[:1].assign(**{table.chosen_[1]: "never"})
    place = ["u", "v", "w"] if first == "c" else ["no", "yes"]
    assert table.predict_proba(half)[0] == pytest.approx(table.steps_[1][place.index(frame[first].iloc[0])])


def test_the_table_as_a_frame_counts_every_training_row() -> None:
    frame = rows(300)
    y = np.where(frame["d"] == "yes", "yes", "no")
    whole = GroupTable(COLUMNS, KINDS, depth=2).fit(frame, y).table()
    assert whole["rows"].sum() == 300
    assert np.allclose(whole[["no", "yes"]].sum(axis=1), 1)
    assert whole[["no", "yes"]].to_numpy().min() > 0  # a class is never ruled out


# -- formula -----------------------------------------------------------------------------------------------------
def every_third(study: Study) -> tuple[pd.DataFrame, np.ndarray]:
    frame = study.frame.iloc[::3]
    return frame, frame["denied"].to_numpy()


def test_coefficients_and_errors_equal_recorded_reference_numbers(mortgages: Study) -> None:
    frame, y = every_third(mortgages)
    names = list(mortgages.inputs)
    kinds = ["level" if frame[n].dtype.kind == "O" else "number" for n in names]
    text = (
        "denied ~ debt_payments_to_income + housing_expense_to_income + loan_to_value + consumer_credit_score"
        " + mortgage_credit_score + public_bad_credit + loan_to_value^2 + log(industry_unemployment)"
        " + debt_payments_to_income:self_employed"
    )
    model = FormulaClassifier(text, names, kinds).fit(frame, y)
    assert model.names_ == list(REFERENCE)
    assert model.coef_[:, 0] == pytest.approx([c for c, _ in REFERENCE.values()], abs=1e-8)
    assert np.sqrt(np.diag(model.cov_)) == pytest.approx([e for _, e in REFERENCE.values()], abs=1e-8)
    assert model.notes_ == []


def test_numbers_equal_statsmodels_on_the_same_design() -> None:
    frame = rows(150)
    y = 3 + 0.5 * frame["a"] + np.log(frame["b"]) + (frame["c"] == "w") + np.random.default_rng(0).normal(size=150)
    model = FormulaRegressor("y ~ a + log(b) + c + a:d + a^2", COLUMNS, KINDS).fit(frame, y)
    result = sm.OLS(y.to_numpy(), model.design(frame).to_numpy()).fit()
    assert model.coef_[:, 0] == pytest.approx(result.params, rel=1e-8, abs=1e-8)
    assert model.cov_ == pytest.approx(np.asarray(result.cov_params()), rel=1e-6, abs=1e-10)
    assert model.predict(frame) == pytest.approx(result.fittedvalues, abs=1e-8)


def test_several_classes_equal_statsmodels() -> None:
    frame = rows(400)
    rng = np.random.default_rng(0)
    link = np.column_stack([np.zeros(400), (frame["a"] - 50) / 10, np.log(frame["b"])])
    y = np.array([["p", "q", "r"][rng.choice(3, p=p)] for p in np.exp(link) / np.exp(link).sum(1, keepdims=True)])
    model = FormulaClassifier("y ~ a + log(b) + d", COLUMNS, KINDS).fit(frame, y)
    design = model.design(frame).to_numpy()
    result = sm.MNLogit(np.unique(y, return_inverse=True)[1], design).fit(disp=False, tol=1e-13)
    assert model.coef_ == pytest.approx(result.params, abs=1e-8)
    assert model.cov_ == pytest.approx(np.asarray(result.cov_params()), abs=1e-8)
    assert model.predict_proba(frame) == pytest.approx(result.predict(design), abs=1e-10)


@pytest.mark.parametrize("kind", ["regression", "binary", "three classes", "missing values", "unseen levels"])
def test_terms_add_up_to_the_link_and_read_their_columns_only(study_of: Callable[[str], Study], kind: str) -> None:
    study = study_of(kind)
    model = study.candidates["formula"].estimator
    frame = study.frame[list(study.inputs)]
    terms, link = model.terms(frame), model.link(frame)
    assert terms.sum(axis=1).reshape(link.shape) + model.coef_[0] == pytest.approx(link, abs=1e-9)
    other = frame.sample(frac=1, random_state=0).set_axis(frame.index)
    for i, columns in enumerate(model.term_columns_):
        kept = other.assign(**{c: frame[c] for c in columns})
        assert model.terms(kept)[:, i] == pytest.approx(terms[:, i], abs=1e-12)


def test_a_log_target_gives_the_elasticity_and_answers_in_its_own_unit() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"price": np.exp(rng.normal(4, 0.3, 3000))})
    sales = np.exp(8 - 0.9 * np.log(frame["price"]) + rng.normal(0, 0.3, 3000))
    model = FormulaRegressor("sales ~ log(price)".replace("sales ~", "log(sales) ~"), ["price"], ["number"]).fit(
        frame, sales
    )
    assert model.coef_[1, 0] == pytest.approx(-0.9, abs=0.06)
    assert model.predict(frame).mean() == pytest.approx(sales.mean(), rel=0.02)  # without smearing 4% too low
    assert model.smear_ == pytest.approx(np.exp(0.045), abs=0.01)


def test_separation_is_met_with_a_penalty_and_said() -> None:
    frame = rows(60)
    y = np.where(frame["d"] == "yes", "yes", "no")
    model = FormulaClassifier("y ~ d + a", COLUMNS, KINDS).fit(frame, y)
    assert "penalty" in model.notes_[0]
    assert np.isfinite(model.coef_).all()
    assert np.isfinite(model.cov_).all()
    assert (model.predict(frame) == y).all()


@pytest.mark.parametrize("n_classes", [2, 3])
def test_the_penalised_fit_is_at_its_optimum(n_classes: int) -> None:
    """Wide: more terms than rows, so only the penalty gives an answer; the slope of its loss must be zero there."""
    rng = np.random.default_rng(0)
    design = np.column_stack([np.ones(20), rng.normal(size=(20, 30))])
    codes = np.arange(20) % n_classes
    coefficients, _, note = fit_classes(design, codes, n_classes)
    assert note
    scaled = (design[:, 1:] - design[:, 1:].mean(0)) / design[:, 1:].std(0)
    own = coefficients[1:] * design[:, 1:].std(0)[:, None]
    slope = scaled.T @ (softmax(design @ coefficients) - np.eye(n_classes)[codes])[:, 1:] + own
    assert np.abs(slope).max() < 1e-7


def test_columns_that_say_the_same_do_not_break_it() -> None:
    frame = rows(100).assign(e=lambda f: 2 * f["a"], f=1.0)
    y = frame["a"] + np.random.default_rng(0).normal(size=100)
    model = FormulaRegressor("y ~ a + e + f", ["a", "e", "f"], ["number"] * 3).fit(frame, y)
    assert "penalty" in model.notes_[0]
    assert np.corrcoef(model.predict(frame), y)[0, 1] > 0.98
    constant = FormulaRegressor("y ~ a + f", ["a", "f"], ["number"] * 2).fit(frame, y)
    assert constant.notes_ == []
    assert constant.coef_[2, 0] == 0


def test_a_target_that_never_varies_is_answered() -> None:
    coefficients, covariance, _ = fit_numbers(np.column_stack([np.ones(10), np.arange(10.0)]), np.full(10, 4.0))
    assert coefficients[:, 0] == pytest.approx([4, 0], abs=1e-10)
    assert np.isfinite(covariance).all()


def test_missing_values_take_the_typical_value_and_a_term_of_their_own() -> None:
    frame = rows(300)
    frame.loc[:59, "a"] = np.nan
    y = 2.0 * frame["a"].fillna(80) + np.random.default_rng(0).normal(0, 0.1, 300)
    model = FormulaRegressor("y ~ a", COLUMNS, KINDS).fit(frame, y)
    assert model.terms_ == ["a", "a is missing"]
    assert model.predict(frame[:1])[0] == pytest.approx(160, abs=0.2)
    never = FormulaRegressor("y ~ a", COLUMNS, KINDS).fit(rows(300), y)
    typical = rows(300).assign(a=rows(300)["a"].median())
    assert never.predict(frame[:1])[0] == pytest.approx(never.predict(typical[:1])[0])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("y ~ a + leak", "'leak'"),
        ("y ~ log(c)", "holds levels"),
        ("y ~ c^2", "holds levels"),
        ("y ~ log(z)", "above 0"),
        ("log(y) ~ a", "above 0"),
    ],
)
def test_formulas_that_cannot_be_fitted_say_why(text: str, said: str) -> None:
    frame = rows(30).assign(z=0.0)
    with pytest.raises(CandidateError, match=said):
        FormulaRegressor(text, [*COLUMNS, "z"], [*KINDS, "number"]).fit(frame, np.linspace(-1, 1, 30))


def test_a_case_outside_the_log_is_refused_by_name() -> None:
    model = FormulaRegressor("y ~ log(b)", COLUMNS, KINDS).fit(rows(), rows()["a"])
    with pytest.raises(CaseError, match="'b' is -1 in row 7"):
        model.predict(rows(1).assign(b=-1.0).set_axis([7]))


# -- all of them -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "made",
    [
        OneRule(COLUMNS, KINDS),
        OneRuleNumbers(COLUMNS, KINDS),
        GroupTable(COLUMNS, KINDS, depth=2),
        GroupTableNumbers(COLUMNS, KINDS, depth=2),
        FormulaClassifier("y ~ a + c", COLUMNS, KINDS, order={"c": ["w", "v", "u"]}),
        FormulaRegressor("y ~ a:c + log(b)", COLUMNS, KINDS),
    ],
    ids=lambda m: type(m).__name__,
)
def test_they_keep_the_rules_of_scikit_learn_and_survive_a_model_file(made) -> None:
    frame = rows(120)
    number = frame["a"] + np.random.default_rng(0).normal(0, 10, 120)
    y = np.where(number > 50, "yes", "no") if is_classifier(made) else number.to_numpy()
    assert is_classifier(made) != is_regressor(made)
    copy = clone(made)
    assert copy.get_params() == made.get_params()
    with pytest.raises(NotFittedError):
        copy.predict(frame)
    copy.fit(frame, y)
    check_is_fitted(copy)
    back = models.loads(models.dump(copy))
    strange = pd.DataFrame({"a": [np.nan], "b": [1.0], "c": ["never"], "d": [None]})
    for given in (frame, strange):
        assert np.array_equal(back.predict(given), copy.predict(given))
    assert list(copy.feature_names_in_) == COLUMNS
