"""Leverage, Cook's distance, DFFITS and DFBETAS: equal to statsmodels, and to leaving rows out by hand."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from explainers import Study
from explainers.build import fitted
from explainers.errors import CandidateError
from explainers.outliers import influence
from explainers.outliers.influential import least_squares, one_step
from explainers.packing import pack, unpack
from explainers.predict import check_cases


def frame(n: int = 160, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    made = pd.DataFrame(
        {
            "size": rng.gamma(4, 25, n),
            "age": rng.integers(0, 60, n).astype(float),
            "fuel": rng.choice(["gas", "oil", "wood"], n, p=[0.6, 0.3, 0.1]),
        }
    )
    link = 0.02 * (made["size"] - 100) - 0.03 * (made["age"] - 30) + (made["fuel"] == "wood")
    made["price"] = np.exp(5 + 0.3 * link + rng.normal(0, 0.2, n))
    made["sold"] = np.where(rng.random(n) < 1 / (1 + np.exp(-link)), "yes", "no")
    made["grade"] = np.array(["low", "middle", "top"])[
        np.clip((link + rng.normal(0, 1, n)).round(), -1, 1).astype(int) + 1
    ]
    return made


@cache
def study(formula: str) -> Study:
    target = formula.split(" ~ ", maxsplit=1)[0].removeprefix("log(").removesuffix(")")
    data = frame()
    return Study.from_frame(
        data[["size", "age", "fuel", target]],
        target=target,
        candidates={"formula": "formula", "tree": "tree"},
        formula=formula,
        split=["train"] * 140 + ["test"] * 20,
    )


def parts(made: Study) -> tuple[np.ndarray, pd.Series]:
    train = made.rows("train")
    design = fitted(made, "formula").design(check_cases(made, "formula", train)).to_numpy()
    return design, train[made.target]


@pytest.mark.parametrize("formula", ["price ~ size + age + age^2 + fuel", "log(price) ~ log(size) + age + fuel"])
def test_least_squares_equals_statsmodels(formula: str) -> None:
    from statsmodels.regression.linear_model import OLS
    from statsmodels.stats.outliers_influence import OLSInfluence

    made = study(formula)
    found = influence(made, "formula")
    design, target = parts(made)
    theirs = OLSInfluence(OLS(np.log(target) if formula.startswith("log") else target, design).fit())
    pairs = {
        "leverage": theirs.hat_matrix_diag,
        "cooks": theirs.cooks_distance[0],
        "dffits": theirs.dffits[0],
        "standardised": theirs.resid_studentized_internal,
        "studentised": theirs.resid_studentized_external,
        "dfbetas": theirs.dfbetas,
    }
    for name, expected in pairs.items():
        np.testing.assert_allclose(getattr(found, name), np.asarray(expected), rtol=0, atol=1e-10, err_msg=name)
    assert found.leverage.sum() == pytest.approx(found.p, abs=1e-9)
    assert found.method == "least squares"


def test_far_columns_cost_no_digits() -> None:
    from statsmodels.regression.linear_model import OLS
    from statsmodels.stats.outliers_influence import OLSInfluence

    rng = np.random.default_rng(1)
    x = np.column_stack([np.ones(90), 2e6 + 3e3 * rng.normal(size=90), 1e-6 * rng.normal(size=90)])
    y = 1e-3 * x[:, 1] + rng.normal(size=90)
    found = least_squares(x, y)
    centred = x - np.array([0.0, 2e6, 0.0])
    theirs = OLSInfluence(OLS(y, centred / np.array([1.0, 3e3, 1e-6])).fit())
    np.testing.assert_allclose(found["leverage"], theirs.hat_matrix_diag, rtol=0, atol=1e-10)
    np.testing.assert_allclose(found["dfbetas"][:, 1:], theirs.dfbetas[:, 1:], rtol=0, atol=1e-8)


def test_logistic_equals_statsmodels() -> None:
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    made = study("sold ~ size + age + fuel")
    found = influence(made, "formula")
    design, target = parts(made)
    fit = GLM((target == "yes").astype(float).to_numpy(), design, family=Binomial()).fit(tol=1e-14)
    theirs = fit.get_influence(observed=False)
    np.testing.assert_allclose(found.leverage, theirs.hat_matrix_diag, atol=1e-8)
    np.testing.assert_allclose(found.cooks, theirs.cooks_distance[0], atol=1e-8)
    np.testing.assert_allclose(found.standardised, theirs.resid_studentized, atol=1e-7)
    np.testing.assert_allclose(found.dfbetas, theirs.d_params / fit.bse, atol=1e-6)
    assert found.method == "one step"


def test_several_classes_come_close_to_leaving_the_row_out() -> None:
    from explainers.estimators.likelihood import fit_classes

    made = study("grade ~ size + age")
    found = influence(made, "formula")
    design, target = parts(made)
    codes = np.unique(target, return_inverse=True)[1]
    whole, cov, _ = fit_classes(design, codes, 3)
    errors = np.sqrt(np.diag(cov))
    rows = [int(np.argmax(found.cooks)), 3, 17]
    for row in rows:
        keep = np.arange(len(design)) != row
        left = fit_classes(design[keep], codes[keep], 3)[0]
        exact = (whole - left).T.ravel() / errors
        np.testing.assert_allclose(found.dfbetas[row], exact, atol=0.02 + 0.15 * np.abs(exact).max())
    assert found.outcomes == ("middle",) * 3 + ("top",) * 3
    assert found.leverage.sum() == pytest.approx(6, abs=1e-8)


def test_two_classes_are_the_case_of_several() -> None:
    design, target = parts(study("sold ~ size + age + fuel"))
    coefficients = fitted(study("sold ~ size + age + fuel"), "formula").coef_
    codes = (target == "yes").astype(int).to_numpy()
    found = one_step(design, codes, coefficients)
    said = 1 / (1 + np.exp(-(design @ coefficients)[:, 0]))
    weight = said * (1 - said)
    hat = np.einsum("ij,jk,ik->i", design, np.linalg.inv((design * weight[:, None]).T @ design), design) * weight
    np.testing.assert_allclose(found["leverage"], hat, atol=1e-9)
    np.testing.assert_allclose(found["standardised"], (codes - said) / np.sqrt(weight * (1 - hat)), atol=1e-8)


def test_a_row_that_is_the_only_one_of_its_level_is_counted_and_not_divided_by() -> None:
    data = frame()[["size", "fuel", "price"]].copy()
    data.loc[5, "fuel"] = "straw"
    made = Study.from_frame(
        data, target="price", candidates=["formula"], formula="price ~ size + fuel", split=["train"] * 160
    )
    found = influence(made, "formula")
    assert found.alone == 1
    assert np.isnan(found.cooks[5])
    assert np.isfinite(np.delete(found.cooks, 5)).all()
    assert found.to_frame()["id"][0] == "5"


def _double() -> Study:
    data = frame()[["size", "price"]].assign(again=lambda f: 2 * f["size"])
    return Study.from_frame(data, target="price", candidates=["formula"], formula="price ~ size + again")


def _few() -> Study:
    data = frame(10)[["size", "price"]]
    return Study.from_frame(
        data, target="price", candidates=["formula"], formula="price ~ size", split=["train"] * 3 + ["test"] * 7
    )


@pytest.mark.parametrize(
    ("made", "candidate", "why"),
    [
        (lambda: study("price ~ size + age + fuel"), "tree", "not a formula"),
        (_double, "formula", "penalty"),
        (_few, "formula", "too few rows"),
    ],
)
def test_not_applicable_says_why(made: object, candidate: str, why: str) -> None:
    found = influence(made(), candidate)  # type: ignore[operator]
    assert found.why == why
    assert len(found.to_frame()) == 0
    assert unpack(pack(found)).why == why


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(CandidateError):
        influence(study("price ~ size + age + fuel"), "nobody")


def test_it_is_kept_whole() -> None:
    found = influence(study("price ~ size + age + fuel"), "formula")
    back = unpack(pack(found))
    np.testing.assert_array_equal(back.dfbetas, found.dfbetas)
    assert list(back.ids) == list(found.ids)


def test_every_kind_of_study_is_answered(any_study: Study) -> None:
    for name in any_study.candidates:
        if name not in ("formula", "no_model", "ours"):
            continue
        found = influence(any_study, name)
        if found.why:
            continue
        assert found.leverage.shape == found.cooks.shape == (found.n,)
        ok = found.leverage < 1 - 1e-6
        assert (found.leverage[ok] >= -1e-9).all()
        assert np.isfinite(found.cooks[ok]).all()
