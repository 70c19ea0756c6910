"""How far off an option is on each row: closed forms, reference numbers, every kind of study, hostile inputs."""

from __future__ import annotations

import math
import statistics
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from explainers import Study, keys, packing, tasks
from explainers.errors import CandidateError, CaseError
from explainers.predict import predict, stored
from explainers.residuals import binned, choices, distribution, measures, normal, residuals
from explainers.residuals.leverage import leverages
from tests.conftest import ROOT


def linear(n: int = 400, *, seed: int = 0, target: str = "price") -> Study:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"size": rng.normal(100, 20, n), "town": rng.choice(["a", "b", "c"], n)})
    frame["price"] = 50 + 2 * frame["size"] + 10 * (frame["town"] == "b") + rng.normal(0, 9, n)
    return Study.from_frame(frame, target=target, candidates={"formula": "formula", "tree": "tree"})


def honest() -> Any:
    """Return an estimator whose answer is the chance in the column x."""
    from sklearn.base import BaseEstimator, ClassifierMixin

    class Honest(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
        def fit(self, _x: Any, y: Any) -> Honest:
            self.classes_ = np.unique(y)
            return self

        def predict_proba(self, frame: pd.DataFrame) -> Any:
            p = frame["x"].to_numpy()
            return np.column_stack([1 - p, p])

        def predict(self, frame: pd.DataFrame) -> Any:
            return self.classes_[(frame["x"] > 0.5).astype(int)]

    return Honest()


# -- every kind of study ----------------------------------------------------
def test_every_kind_of_study_has_residuals(any_study: Study) -> None:
    for name in list(any_study.candidates)[:3]:
        found = residuals(any_study, name, rows="all")
        assert len(found) == int(any_study.frame[any_study.target].notna().sum())
        assert found.index.equals(any_study.frame.index[any_study.frame[any_study.target].notna()])
        np.testing.assert_array_equal(found["residual"], found["actual"] - found["predicted"])
        assert set(found["part"]) <= {"train", "calibration", "test", "unknown"}
        assert list(found["id"]) == list(any_study.case_ids[any_study.frame[any_study.target].notna()])
        if any_study.classes:
            assert set(found["actual"]) <= {0.0, 1.0}
            assert np.isfinite(found[["deviance", "pearson", "quantile"]].to_numpy()).all()
        shape = distribution(any_study, name)
        assert shape.n == sum(shape.counts)
        for against in choices(any_study)[:7]:
            made = binned(any_study, name, against)
            assert sum(made.n) == made.n_rows == shape.n
            assert len(made.n) == len(made.verdict) == len(made.off_verdict) == len(made.middle)
            unpacked = packing.unpack(packing.pack(made))
            pd.testing.assert_frame_equal(unpacked.to_frame(), made.to_frame())
        packing.unpack(packing.pack(shape)).to_frame()


# -- numbers ----------------------------------------------------
def test_residuals_are_the_record_less_the_answer_on_never_seen_rows() -> None:
    study = linear()
    found = residuals(study, "tree")
    rows = study.rows("test")
    assert found.index.equals(rows.index)
    np.testing.assert_array_equal(found["actual"], rows["price"])
    np.testing.assert_array_equal(found["predicted"], predict(study, "tree", rows)["prediction"])
    np.testing.assert_array_equal(found["residual"], rows["price"] - found["predicted"])
    spread = statistics.stdev(found["residual"])
    np.testing.assert_allclose(found["standardised"], found["residual"] / spread, rtol=1e-12)


def test_of_a_formula_they_equal_statsmodels_to_ten_digits() -> None:
    import statsmodels.api as sm
    from statsmodels.stats.outliers_influence import OLSInfluence

    study = linear()
    found = residuals(study, "formula", rows="all")
    frame = study.frame.assign(b=(study.frame["town"] == "b") * 1.0, c=(study.frame["town"] == "c") * 1.0)
    design = sm.add_constant(frame[["size", "b", "c"]])
    train = (study.split == "train").to_numpy()
    fit = sm.OLS(frame["price"][train], design[train]).fit()
    influence = OLSInfluence(fit)
    np.testing.assert_allclose(found["standardised"][train], influence.resid_studentized_internal, atol=1e-10)
    np.testing.assert_allclose(found["studentised"][train], influence.resid_studentized_external, atol=1e-10)
    assert found["studentised"][~train].isna().all()
    others = design[~train]
    error = fit.get_prediction(others).se_obs
    off = frame["price"][~train] - fit.predict(others)
    np.testing.assert_allclose(found["standardised"][~train], off / error, atol=1e-10)


def test_of_a_formula_of_logs_they_are_of_logs() -> None:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"size": rng.uniform(10, 100, 300)})
    frame["price"] = np.exp(1 + np.log(frame["size"]) * 0.7 + rng.normal(0, 0.2, 300))
    study = Study.from_frame(frame, target="price", candidates={"formula": "formula"}, formula="log(price) ~ log(size)")
    found = residuals(study, "formula", rows="train")
    x = np.column_stack([np.ones(len(found)), np.log(frame["size"][found.index])])
    y = np.log(frame["price"][found.index])
    off = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    h = np.diag(x @ np.linalg.inv(x.T @ x) @ x.T)
    expected = off / np.sqrt((off**2).sum() / (len(x) - 2) * (1 - h))
    np.testing.assert_allclose(found["standardised"], expected, atol=1e-9)


def test_leverages_add_up_to_the_coefficients_and_refuse_a_design_without_full_rank() -> None:
    rng = np.random.default_rng(0)
    design = np.column_stack([np.ones(500), rng.normal(0, 1e6, 500), rng.normal(0, 1e-4, 500)])
    h = leverages(design, design)
    assert h is not None
    assert h.sum() == pytest.approx(3, abs=1e-9)
    assert ((h > 0) & (h < 1)).all()
    assert leverages(np.column_stack([design, np.zeros(500)]), np.ones((2, 4))) is None


def test_a_model_that_is_exact_has_no_standardised_residual_and_no_finding() -> None:
    frame = pd.DataFrame({"size": np.arange(200.0)})
    frame["price"] = 3 * frame["size"] + 1
    study = Study.from_frame(frame, target="price", candidates={"formula": "formula"})
    assert np.abs(residuals(study, "formula")["residual"]).max() < 1e-9
    made = binned(study, "formula", "size")
    assert all(math.isfinite(v) for v in made.middle)
    constant = Study.from_frame(frame.assign(price=5.0, twin=1.0), target="size", candidates={"none": "no_model"})
    assert len(residuals(constant, "none")) == 40


# -- classes ----------------------------------------------------
def test_of_classes_they_follow_their_definitions(study_of: Callable[[str], Study]) -> None:
    study = study_of("binary")
    found = residuals(study, "logistic")
    p = predict(study, "logistic", study.rows("test"))["yes"].to_numpy()
    y = (study.rows("test")["sold"] == "yes").to_numpy(dtype=float)
    np.testing.assert_allclose(found["residual"], y - p)
    np.testing.assert_allclose(found["pearson"], (y - p) / np.sqrt(p * (1 - p)))
    np.testing.assert_array_equal(found["standardised"], found["pearson"])
    deviance = np.sign(y - p) * np.sqrt(-2 * np.where(y > 0, np.log(p), np.log(1 - p)))
    np.testing.assert_allclose(found["deviance"], deviance)
    place = np.array([statistics.NormalDist().cdf(q) for q in found["quantile"]])
    assert ((place >= np.where(y > 0, 1 - p, 0) - 1e-12) & (place <= np.where(y > 0, 1, 1 - p) + 1e-12)).all()


def test_randomised_quantile_residuals_are_seeded_and_of_each_row_alone(study_of: Callable[[str], Study]) -> None:
    study = study_of("binary")
    every, some = residuals(study, "logistic", rows="all"), residuals(study, "logistic")
    pd.testing.assert_series_equal(every.loc[some.index, "quantile"], some["quantile"])
    again = residuals(study, "logistic", random_state=1)
    assert (again["quantile"] != some["quantile"]).all()


def test_randomised_quantile_residuals_are_normal_where_chances_are_true() -> None:
    from scipy.stats import kstest

    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"x": rng.uniform(0.02, 0.98, 5_000)})
    frame["hit"] = np.where(rng.random(5_000) < frame["x"], "yes", "no")
    labels = ["train"] * 100 + ["test"] * 4_900
    study = Study.from_frame(frame, target="hit", positive="yes", candidates={"honest": honest()}, split=labels)
    assert kstest(residuals(study, "honest")["quantile"], "norm").pvalue > 0.01
    shape = distribution(study, "honest")
    assert shape.qq_outside <= 2
    assert all(v == "cannot tell" for v in binned(study, "honest", "x").verdict)


def test_with_several_classes_each_row_is_looked_at_by_its_likeliest_one(study_of: Callable[[str], Study]) -> None:
    study = study_of("three classes")
    found = residuals(study, "tree")
    answers = stored(study, "tree")[(study.split == "test").to_numpy()]
    assert list(found["outcome"]) == [study.classes[k] for k in answers.to_numpy().argmax(axis=1)]
    np.testing.assert_allclose(found["predicted"], answers.to_numpy().max(axis=1))
    own = residuals(study, "tree", outcome="low")
    np.testing.assert_allclose(own["predicted"], answers["low"])
    assert binned(study, "tree", "size").outcome is None
    assert binned(study, "tree", "size", outcome="low").outcome == "low"
    with pytest.raises(CandidateError, match="none of the outcomes"):
        residuals(study, "tree", outcome="huge")


# -- which rows ----------------------------------------------------
def test_parts_of_the_split_are_taken_as_asked() -> None:
    study = linear(100)
    assert set(residuals(study, "tree", rows=("train", "test"))["part"]) == {"train", "test"}
    assert set(residuals(study, "tree", rows="calibration")["part"]) == {"calibration"}
    assert binned(study, "tree", rows="all").rows == "all rows"
    assert binned(study, "tree", rows="train").rows == "training"
    for wrong in ("tests", (), ("test", "x")):
        with pytest.raises(CandidateError, match="parts of a split"):
            residuals(study, "tree", rows=wrong)
    with pytest.raises(CaseError, match="no column"):
        binned(study, "tree", "nothing")
    with pytest.raises(CandidateError, match="no residual"):
        binned(study, "tree", "size", measure="deviance")
    with pytest.raises(CandidateError, match="no candidate"):
        residuals(study, "nobody")


def test_rows_without_a_record_are_left_out_and_none_at_all_is_no_accident() -> None:
    frame = pd.DataFrame({"size": np.arange(60.0), "price": np.arange(60.0)})
    frame.loc[50:, "price"] = np.nan
    labels = ["train"] * 50 + ["test"] * 10
    study = Study.from_frame(frame, target="price", candidates={"tree": "tree"}, split=labels)
    assert residuals(study, "tree").empty
    made = binned(study, "tree", "size")
    assert (made.n, made.n_rows, len(made.points), made.verdict) == ((), 0, 0, ())
    assert math.isnan(made.overall_off)
    shape = distribution(study, "tree")
    assert (shape.n, shape.counts, shape.worst_n) == (0, (), 0)
    assert shape.lowest.empty


def test_a_fitted_estimator_of_unknown_history_is_called_so(study_of: Callable[[str], Study]) -> None:
    assert binned(study_of("given fitted"), "ours", "size").rows == "unknown history"


def test_what_can_be_looked_at(mortgages_unbuilt: Study) -> None:
    study = linear(60)
    assert measures(study, "formula") == ("residual", "standardised", "studentised")
    assert measures(study, "tree") == ("residual", "standardised")
    assert choices(study) == ("predicted", "size", "town", "actual", "order")
    assert not any(mortgages_unbuilt.dictionary[n].protected for n in choices(mortgages_unbuilt)[1:-2])
    protected = [f.name for f in mortgages_unbuilt.dictionary if f.protected]
    assert set(protected) <= set(choices(mortgages_unbuilt, owner=True))


def test_views_do_not_share_their_keys(study_of: Callable[[str], Study]) -> None:
    study = study_of("regression")
    made = {name: tasks.TASKS[name].key for name in ("residuals", "binned", "distribution")}
    given = {name: key(study, candidate="tree") for name, key in made.items() if key is not None}
    assert len(set(given.values())) == 3
    assert keys.result_version("residuals") >= 1


def test_a_page_needs_no_heavy_package_for_residuals_of_kept_answers() -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "import explainers.residuals, explainers.words.residuals, explainers.figures.residuals;"
        "print(sorted(set(sys.modules) & {'sklearn', 'scipy', 'statsmodels'}))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(ROOT)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# -- the normal distribution ----------------------------------------------------
def test_normal_quantiles_equal_the_standard_librarys() -> None:
    p = np.concatenate([np.linspace(0.001, 0.999, 999), 10.0 ** -np.arange(4, 300, 7), [0.5, 0.075, 0.925]])
    expected = [statistics.NormalDist().inv_cdf(float(v)) for v in p]
    np.testing.assert_allclose(normal.quantile(p), expected, rtol=1e-14)
    assert normal.quantile(np.array([0.0, 1.0])).tolist() == [-math.inf, math.inf]


@pytest.mark.parametrize("n", [1, 5, 6, 10, 57, 399, 4_000, 4_001, 20_000])
@pytest.mark.parametrize("alpha", [0.05, 0.05 / 20])
def test_ranks_of_a_median_are_the_binomials(n: int, alpha: float) -> None:
    from scipy.stats import binom

    found = normal.median_ranks(n, alpha)
    if found is None:
        assert 2 * binom.cdf(0, n, 0.5) > alpha
        return
    low, high = found
    assert low + high == n - 1
    assert 2 * binom.cdf(low, n, 0.5) <= alpha * 1.02
    assert 2 * binom.cdf(low + 1, n, 0.5) > alpha * 0.95
