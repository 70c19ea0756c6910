"""Each statistic against statsmodels, against figures of R (tests/reference/diagnostics.R), and closed forms."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from explainers.diagnostics import levels, order, shape, spread, terms
from explainers.outliers.influential import least_squares, one_step
from tests.conftest import ROOT

CLOSE = 1e-8


@pytest.fixture(scope="module")
def houses() -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], pd.DataFrame]:
    """Every fifth house: the design written out by hand, the price, the rows."""
    frame = pd.read_csv(ROOT / "sample_data" / "saratoga_prices" / "data.csv", keep_default_na=False).iloc[::5]
    design = np.column_stack(
        [
            np.ones(len(frame)),
            frame[["living_area", "house_age", "bathrooms"]].to_numpy(float),
            (frame["sewer"] == "public/commercial").to_numpy(float),
            (frame["sewer"] == "septic").to_numpy(float),
        ]
    )
    return design, frame["sale_price"].to_numpy(float), frame


@pytest.fixture(scope="module")
def line() -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """The thirty years of one state: design and log sales."""
    frame = pd.read_csv(ROOT / "sample_data" / "cigarette_demand" / "data.csv")
    one = frame[frame["state"] == frame["state"].iloc[0]]
    logs = np.log(one[["real_price", "real_income_per_capita"]].to_numpy(float))
    return np.column_stack([np.ones(len(one)), logs]), np.log(one["packs_per_capita"].to_numpy(float))


def fit(design: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> Any:
    from statsmodels.regression.linear_model import OLS

    return OLS(y, design).fit()


@pytest.mark.filterwarnings("ignore:The design matrix is rank-deficient")
def test_spread_equals_statsmodels(houses: Any) -> None:
    from statsmodels.stats.diagnostic import het_breuschpagan, het_white

    design, y, _ = houses
    e = fit(design, y).resid
    assert spread.breusch_pagan(e, design)[:2] == pytest.approx(het_breuschpagan(e, design)[:2], rel=CLOSE)
    # The indicator columns repeat themselves when squared, and statsmodels counts their rank as we do.
    assert spread.white(e, design)[:2] == pytest.approx(het_white(e, design)[:2], rel=CLOSE)


def test_shape_equals_statsmodels(houses: Any) -> None:
    from statsmodels.stats.diagnostic import lilliefors, normal_ad
    from statsmodels.stats.stattools import jarque_bera

    design, y, _ = houses
    rng = np.random.default_rng(0)
    for e in (fit(design, y).resid, rng.normal(size=60), rng.gamma(4, size=500), rng.uniform(size=40)):
        assert shape.jarque_bera(e)[:2] == pytest.approx(jarque_bera(e)[:2], rel=CLOSE, abs=1e-300)
        assert shape.anderson_darling(e) == pytest.approx(normal_ad(e), rel=CLOSE, abs=1e-300)
        assert shape.lilliefors(e) == pytest.approx(lilliefors(e, pvalmethod="approx"), rel=CLOSE, abs=1e-300)


@pytest.mark.parametrize("size", [1e-300, 1e-160, 1e160])
def test_the_unit_of_the_target_does_not_matter_to_its_shape(size: float) -> None:
    e = np.random.default_rng(0).normal(size=60)
    assert shape.jarque_bera(e * size) == pytest.approx(shape.jarque_bera(e), rel=1e-6)


def test_bends_equal_statsmodels(line: Any) -> None:
    from statsmodels.stats.diagnostic import linear_reset

    design, y = line
    result = fit(design, y)
    theirs = linear_reset(result, power=3, use_f=True)
    ours = terms.reset(result.resid, design, result.fittedvalues)
    # Powers of logs near 5 are almost the same column to statsmodels, which costs it digits; ours are centred first.
    assert ours[0] == pytest.approx(float(theirs.fvalue), rel=1e-5)
    centred = fit(np.column_stack([np.ones(len(y)), design[:, 1:] - design[:, 1:].mean(axis=0)]), y - y.mean())
    theirs = linear_reset(centred, power=3, use_f=True)
    ours = terms.reset(centred.resid, centred.model.exog, centred.fittedvalues)
    assert ours[:2] == pytest.approx((float(theirs.fvalue), float(theirs.pvalue)), rel=CLOSE)
    assert ours[2] == (2.0, len(y) - 5.0)


def test_the_link_test_is_the_likelihood_ratio_of_statsmodels() -> None:
    from statsmodels.discrete.discrete_model import Logit

    rng = np.random.default_rng(1)
    x = rng.normal(size=(400, 2))
    design = np.column_stack([np.ones(400), x])
    y = (rng.random(400) < 1 / (1 + np.exp(-x[:, 0] - x[:, 1] ** 2))).astype(float)
    small = Logit(y, design).fit(disp=False, tol=1e-12)
    link = design @ small.params
    large = Logit(y, np.column_stack([design, link**2, link**3])).fit(disp=False, tol=1e-12, maxiter=100)
    found = terms.link_test(y, design, link)
    assert found is not None
    assert found[0] == pytest.approx(2 * (large.llf - small.llf), rel=CLOSE)
    assert found[2] == (2.0,)


def test_terms_equal_statsmodels(houses: Any) -> None:
    from statsmodels.stats.outliers_influence import variance_inflation_factor

    design, y, _ = houses
    factors = terms.inflation(design, [-1, 0, 1, 2, 3, 4])
    theirs = [variance_inflation_factor(design, j) for j in range(1, 6)]
    assert [factors[t] for t in range(5)] == pytest.approx(theirs, rel=CLOSE)
    x = (design[:, 1:] - design[:, 1:].mean(axis=0)) / design[:, 1:].std(axis=0)
    assert terms.condition_number(design) == pytest.approx(fit(x, y).condition_number, rel=CLOSE)


def test_rows_equal_statsmodels(houses: Any) -> None:
    from statsmodels.stats.outliers_influence import OLSInfluence

    design, y, _ = houses
    result = fit(design, y)
    found = least_squares(design, y)
    theirs = OLSInfluence(result)
    assert found["leverage"] == pytest.approx(theirs.hat_matrix_diag, abs=1e-10)
    assert found["cooks"] == pytest.approx(theirs.cooks_distance[0], abs=1e-10)


def test_time_equals_statsmodels_for_one_series(line: Any) -> None:
    from statsmodels.stats.diagnostic import acorr_ljungbox
    from statsmodels.stats.stattools import durbin_watson

    design, y = line
    e = fit(design, y).resid
    one = np.zeros(len(e), dtype=np.int64)
    basis = order.Fit(spread.orthonormal(design))
    assert order.durbin_watson(e, one, basis)[0] == pytest.approx(durbin_watson(e), rel=CLOSE)
    theirs = acorr_ljungbox(e, lags=[6])
    assert order.ljung_box(e, one, basis, 6)[:2] == pytest.approx(tuple(theirs.iloc[0]), rel=CLOSE)


def test_the_mean_by_level_equals_an_analysis_of_variance() -> None:
    from scipy.stats import f_oneway, ttest_1samp

    rng = np.random.default_rng(2)
    codes = rng.integers(0, 4, 200)
    e = rng.normal(size=200) + 0.2 * codes
    found = levels.between(levels.Errors(e), levels.Binned(codes, ("a", "b", "c", "d")))
    theirs = f_oneway(*(e[codes == k] for k in range(4)))
    assert found is not None
    assert (found.statistic, found.p_value) == pytest.approx(tuple(theirs), rel=CLOSE)
    mean = levels.on_the_whole(levels.Errors(e))
    assert (mean.statistic, mean.p_value) == pytest.approx(tuple(ttest_1samp(e, 0.0)), rel=CLOSE)


def test_a_formulas_means_by_level_take_what_estimation_adds_along() -> None:
    """The predictive F test of Chow: the same as adding a column for each new level of the held-out rows."""
    from statsmodels.regression.linear_model import OLS

    rng = np.random.default_rng(3)
    design = np.column_stack([np.ones(90), rng.normal(size=(90, 2))])
    y = design @ [1.0, 2.0, -1.0] + rng.normal(size=90)
    old, new = slice(0, 60), slice(60, 90)
    result = OLS(y[old], design[old]).fit()
    codes = np.repeat([0, 1, 2], 10)
    errors = levels.Errors(
        y[new] - design[new] @ result.params,
        jacobian=design[new],
        covariance=result.cov_params(),
        residual_variance=result.scale,
        free=float(result.df_resid),
    )
    found = levels.between(errors, levels.Binned(codes, ("a", "b", "c")))
    whole = levels.on_the_whole(errors)
    assert found is not None
    means = np.array([design[new][codes == k].mean(axis=0) for k in range(3)])
    covariance = means @ result.cov_params() @ means.T + result.scale * np.eye(3) / 10
    contrast = np.array([[1.0, 0.0, -1.0], [0.0, 1.0, -1.0]])
    gap = contrast @ [errors.residuals[codes == k].mean() for k in range(3)]
    wald = gap @ np.linalg.inv(contrast @ covariance @ contrast.T) @ gap / 2
    assert found.statistic == pytest.approx(float(wald), rel=CLOSE)
    assert found.df == (2.0, 57.0)
    middle = design[new].mean(axis=0)
    error = np.sqrt(middle @ result.cov_params() @ middle + result.scale / 30)
    assert whole.statistic == pytest.approx(float(errors.residuals.mean() / error), rel=CLOSE)


# -- time, never on pooled order ---------------------------------------------------------------------------------------
def series(groups: int, length: int, rho: float, seed: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    rng = np.random.default_rng(seed)
    e = rng.normal(size=(groups, length))
    for t in range(1, length):
        e[:, t] = rho * e[:, t - 1] + np.sqrt(1 - rho**2) * e[:, t]
    return e.ravel(), np.repeat(np.arange(groups), length)


def test_groups_are_never_put_in_one_order() -> None:
    """Levels of their own look like a strong order in time only where the last row of one group meets the next."""
    e, groups = series(200, 2, 0.0, 0)
    e = e + np.repeat(np.linspace(-50, 50, 200), 2)  # far apart, in order: pooled, neighbours would be much alike
    one = np.zeros_like(groups)
    within = order.durbin_watson(order.centred(e, groups), groups, order.Fit())
    pooled = order.durbin_watson(order.centred(e, one), one, order.Fit())
    assert pooled[1] < 1e-50
    assert within[1] > 0.01


def test_the_step_from_one_group_to_the_next_is_not_counted() -> None:
    e, groups = np.array([1.0, -1.0, 1.0, -1.0]), np.array([0, 0, 1, 1])
    assert order.durbin_watson(e, groups, order.Fit())[0] == 2.0  # (4 + 4) / 4; pooled it would be 3
    assert order.correlations(e, groups, order.Fit(), 1)[2].tolist() == [-0.5]  # pooled -0.75


def test_several_groups_are_the_weighted_mean_of_each() -> None:
    from statsmodels.stats.stattools import durbin_watson

    e, groups = series(6, 12, 0.4, 3)
    e = order.centred(e, groups)
    each = np.array([durbin_watson(e[groups == g]) for g in range(6)])
    weight = np.array([float((e[groups == g] ** 2).sum()) for g in range(6)])
    assert order.durbin_watson(e, groups, order.Fit())[0] == pytest.approx(
        float(each @ weight / weight.sum()), rel=CLOSE
    )


def test_what_the_mean_of_a_short_group_takes_off_is_given_back() -> None:
    short = [order.durbin_watson(order.centred(*series(60, 5, 0.0, s)), series(60, 5, 0.0, s)[1], order.Fit())
             for s in range(60)]  # fmt: skip
    assert abs(float(np.mean([d[2] for d in short]))) < 0.02  # without it -1/5 or so
    assert 0.3 < float(np.mean([d[1] for d in short])) < 0.7
    e, groups = series(60, 5, 0.6, 1)
    _, p, first = order.durbin_watson(order.centred(e, groups), groups, order.Fit())
    assert p < 1e-3
    assert first > 0.15


def test_moments_by_group_means_equal_those_of_the_basis_written_out() -> None:
    e, groups = series(7, 9, 0.3, 2)
    centred = order.centred(e, groups)
    basis = (groups[:, None] == np.arange(7)) / 3.0
    for ours, theirs in zip(
        order.correlations(centred, groups, order.Fit(), 3),
        order.correlations(centred, groups, order.Fit(basis), 3),
        strict=True,
    ):
        assert ours == pytest.approx(theirs, abs=1e-12)
    plain, written = (order.durbin_watson(centred, groups, f) for f in (order.Fit(), order.Fit(basis)))
    assert plain == pytest.approx(written, abs=1e-12)


# -- figures of R: printed by tests/reference/diagnostics.R ------------------------------------------------------------
R: dict[str, tuple[float, ...]] = {
    "reset": (8.61741162945561, 0.000223767670652949),
    "breusch_pagan": (27.3198478511972, 4.94166654579713e-05),
    "white": (44.4881958516988, 0.000166212559911056, 16),
    "jarque_bera": (419.769476050221, 7.05044355425163e-92),
    "anderson_darling": (5.2540098290068, 5.37777959912365e-13),
    "lilliefors": (0.0990530001593436, 1.0745165561138e-08),
    "gvif": (2.4984213774857, 1.16751636080327, 2.74338992150374, 1.03863135554879, 1, 1, 1, 2),
    "cook": (
        0.000417937620808058,
        0.000173764874911984,
        0.00101138386234685,
        1.02197060166438e-06,
        0.000301149731245776,
        0.139668003822762,
    ),
    "leverage": (
        0.0163323318053489,
        0.0159569294435276,
        0.0769418642905154,
        0.0205791359315542,
        0.0191095435928863,
        0.337082656418807,
    ),
    "condition_number": (9.89637936226969,),
    "one_way": (17.2583881912986, 1.85546836268654e-10),
    "durbin_watson": (1.03807182027299, 0.00161290928776442),
    "ljung_box": (14.5331978575759, 0.0242152574894938),
    "link_test": (9.81808949919736, 0.00737953426858669),
    "cook_logistic": (
        6.95445813721747e-05,
        2.98402954865971e-05,
        2.221313636324e-05,
        0.000132092245041917,
        0.00753845372550749,
        0.671898559452394,
    ),
}


def test_houses_equal_r(houses: Any) -> None:
    design, y, frame = houses
    result = fit(design, y)
    e = result.resid
    assert terms.reset(e, design, result.fittedvalues)[:2] == pytest.approx(R["reset"], rel=CLOSE)
    assert spread.breusch_pagan(e, design)[:2] == pytest.approx(R["breusch_pagan"], rel=CLOSE)
    assert spread.white(e, design) == pytest.approx(R["white"], rel=CLOSE)
    assert shape.jarque_bera(e)[:2] == pytest.approx(R["jarque_bera"], rel=CLOSE)
    # nortest's p-value goes by a fit that turns at larger sizes; only the statistic is the same there.
    assert shape.anderson_darling(e)[0] == pytest.approx(R["anderson_darling"][0], rel=CLOSE)
    assert shape.lilliefors(e) == pytest.approx(R["lilliefors"], rel=CLOSE)
    factors = terms.inflation(design, [-1, 0, 1, 2, 3, 3])
    df = R["gvif"][4:]
    assert [factors[t] for t in range(4)] == pytest.approx(
        [g ** (1 / k) for g, k in zip(R["gvif"][:4], df, strict=True)], rel=CLOSE
    )
    of_rows = least_squares(design, y)
    for name, theirs in (("cooks", R["cook"]), ("leverage", R["leverage"])):
        assert [*of_rows[name][:5], of_rows[name].max()] == pytest.approx(theirs, rel=CLOSE)
    assert terms.condition_number(design) == pytest.approx(R["condition_number"][0], rel=CLOSE)
    ends = np.quantile(frame["land_value"], [0.25, 0.5, 0.75])
    bins = levels.Binned(np.searchsorted(ends, frame["land_value"], side="left"), ("a", "b", "c", "d"))
    found = levels.between(levels.Errors(e), bins)
    assert found is not None
    assert (found.statistic, found.p_value) == pytest.approx(R["one_way"], rel=CLOSE)


def test_one_state_equals_r(line: Any) -> None:
    design, y = line
    e = fit(design, y).resid
    one = np.zeros(len(e), dtype=np.int64)
    basis = order.Fit(spread.orthonormal(design))
    assert order.durbin_watson(e, one, basis)[:2] == pytest.approx(R["durbin_watson"], rel=CLOSE)
    assert order.ljung_box(e, one, basis, 6)[:2] == pytest.approx(R["ljung_box"], rel=CLOSE)


def test_applications_equal_r() -> None:
    from statsmodels.discrete.discrete_model import Logit

    frame = pd.read_csv(ROOT / "sample_data" / "boston_mortgages" / "data.csv", keep_default_na=False).iloc[::5]
    design = np.column_stack(
        [
            np.ones(len(frame)),
            frame[["debt_payments_to_income", "loan_to_value"]].to_numpy(float),
            (frame["public_bad_credit"] == "yes").to_numpy(float),
        ]
    )
    y = (frame["denied"] == "yes").to_numpy(float)
    coefficients = Logit(y, design).fit(disp=False, tol=1e-14, maxiter=100).params
    found = terms.link_test(y, design, design @ coefficients)
    assert found is not None
    assert found[:2] == pytest.approx(R["link_test"], rel=CLOSE)
    cook = one_step(design, y.astype(int), coefficients[:, None])["cooks"]
    assert [*cook[:5], cook.max()] == pytest.approx(R["cook_logistic"], rel=CLOSE)


# -- a split that deals classes out evenly ----------------------------------------------------------------------------
def test_the_level_of_chances_allows_for_a_split_that_fixed_the_share() -> None:
    """Of right chances 5 in 100 look off on the whole, though the number of outcomes in the rows holds no news."""
    rng = np.random.default_rng(4)
    with_it, without_it = [], []
    for _ in range(500):
        chance = rng.beta(2, 3, 1_200)
        happened = (rng.random(1_200) < chance).astype(float)
        order_ = np.argsort(happened + rng.random(1_200) / 2)  # dealt out class by class, as the random split does
        test = order_[::5]
        errors = levels.Errors(
            happened[test] - chance[test],
            variance=chance[test] * (1 - chance[test]),
            strata=levels.Strata(happened[test], 720, 1_200),
        )
        with_it.append(levels.on_the_whole(errors).p_value)
        without_it.append(levels.on_the_whole(levels.Errors(errors.residuals, errors.variance)).p_value)
    assert 0.025 < np.mean(np.array(with_it) < 0.05) < 0.08
    assert np.mean(np.array(without_it) < 0.05) < 0.02
