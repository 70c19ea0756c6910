"""Ranges, rates and sets: closed forms, agreement with mapie, crepes and statsmodels, every kind of study."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers import Study, intervals, store
from explainers.errors import CandidateError
from explainers.intervals import basis, conformal, covering, frequencies, stating
from explainers.packing import pack, unpack
from explainers.predict import stored

ROOT = Path(__file__).resolve().parents[2]
LEVELS = (0.8, 0.9, 0.95)
Make = Callable[[str], Study]


# -- arithmetic ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("level", LEVELS)
def test_the_quantile_is_the_score_of_that_rank(level: float) -> None:
    for n in (4, 9, 19, 20, 99, 100, 199, 346):
        scores = np.random.default_rng(n).permutation(np.arange(1.0, n + 1))
        exact = -(-(n + 1) * round(level * 100) // 100)  # in whole numbers, so that nothing is rounded
        assert conformal.quantile(scores, level) == (exact if exact <= n else np.inf)
        assert (n >= conformal.rows_needed(level)) == (exact <= n)


def test_bins_with_too_few_rows_are_merged_with_a_neighbour() -> None:
    edges = np.array([1.0, 2.0, 3.0, 4.0])
    rows = np.repeat([0.5, 1.5, 2.5, 3.5, 4.5], [3, 20, 20, 4, 5])
    assert conformal.merged(edges, rows, 10).tolist() == [2.0]  # 4 + 5 rows at the top are too few as well
    assert conformal.merged(edges, rows, 9).tolist() == [2.0, 3.0]
    assert conformal.merged(edges, rows, 1).tolist() == edges.tolist()
    assert conformal.merged(edges, rows, 1000).size == 0


@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=80),
    st.lists(st.integers(1, 29), min_size=0, max_size=8, unique=True),
    st.integers(1, 30),
)
def test_every_bin_has_enough_rows_or_there_is_one(rows: list[int], edges: list[int], least: int) -> None:
    inner, values = np.array(sorted(edges), dtype=float), np.array(rows, dtype=float)
    kept = conformal.merged(inner, values, least)
    counts = np.bincount(np.searchsorted(kept, values, side="left"), minlength=len(kept) + 1)
    assert set(kept) <= set(inner)
    assert len(kept) == 0 or counts.min() >= least


def test_a_range_by_bins_uses_the_rows_of_its_bin_alone() -> None:
    answers, scores = np.repeat([0.0, 10.0], 50), np.r_[np.arange(50.0), 100 + np.arange(50.0)]
    half = conformal.by_bins(np.array([5.0]), answers, scores, np.array([1.0, 5.0, 9.0]), 0.9)
    assert half.tolist() == [45.0, 45.0, 145.0]


def test_a_set_is_never_empty_and_grows_with_the_promise() -> None:
    rng = np.random.default_rng(0)
    said, codes = rng.dirichlet([1, 1, 1], 400), rng.integers(0, 3, 400)
    sizes = []
    for level in (0.5, 0.8, 0.9, 0.95):
        for of in (conformal.set_threshold, conformal.set_thresholds_by_class):
            chosen = conformal.in_sets(said, of(said[:200], codes[:200], level))
            assert chosen.any(axis=1).all()
        sizes.append(chosen.sum())
    assert sizes == sorted(sizes)
    alone = conformal.in_sets(np.array([[0.3, 0.6, 0.1]]), np.zeros(3))
    assert alone.tolist() == [[False, True, False]]


def test_a_class_with_too_few_rows_is_never_ruled_out() -> None:
    said = np.tile([0.98, 0.01, 0.01], (60, 1))
    codes = np.r_[np.zeros(57), [1, 1, 1]].astype(int)
    chosen = conformal.in_sets(said[:1], conformal.set_thresholds_by_class(said, codes, 0.9))
    assert chosen.tolist() == [[True, True, True]]  # three rows of class 1 and none of class 2


# -- the oracles ---------------------------------------------------------------------------------------------------
class Given:
    """A fitted model of scikit-learn's kind that answers with its one column."""

    def fit(self, X: Any, y: Any) -> Given:
        self.classes_ = np.array([0, 1, 2])
        self.is_fitted_ = True
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def predict(self, X: Any) -> np.ndarray[Any, Any]:
        return np.asarray(X)[:, 0]


def numbers(n: int, seed: int = 0) -> tuple[np.ndarray[Any, Any], ...]:
    rng = np.random.default_rng(seed)
    answer = rng.normal(10, 3, n + 50)
    scale = np.exp(rng.normal(0, 0.5, n + 50))
    actual = answer + scale * rng.standard_t(5, n + 50)
    return answer[:n], actual[:n], scale[:n], answer[n:], scale[n:]


def ends(method: str, level: float, n: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    answer, actual, scale, new, new_scale = numbers(n)
    at = np.arange(n)
    made = basis.Basis(
        why="",
        answers=answer,
        recorded=actual,
        at=at,
        scales=scale,
        scaled=True,
        edges=np.array([8.0, 10.0, 12.0]),
        few=False,
        beta=np.empty(0),
        covariance=np.empty((0, 0)),
        formula=None,
        floor=-np.inf,
        ceiling=np.inf,
    )
    return stating._numbers(made, new, level, method, new_scale, None)  # type: ignore[arg-type]


@pytest.mark.parametrize("n", [60, 200, 346])
@pytest.mark.parametrize("level", LEVELS)
def test_crepes_agrees(level: float, n: int) -> None:
    from crepes import ConformalRegressor

    answer, actual, scale, new, new_scale = numbers(n)
    cases: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "plain": ({}, {}),
        "normalised": ({"sigmas": scale}, {"sigmas": new_scale}),
        "by bins": (
            {"bins": np.searchsorted([8.0, 10.0, 12.0], answer)},
            {"bins": np.searchsorted([8.0, 10.0, 12.0], new)},
        ),
    }
    for method, (fit, ask) in cases.items():
        if method == "by bins" and n < 200:
            continue  # crepes does not merge small bins
        # crepes rounds (1 - level) * (n + 1) down, and 0.2 * 90 to 17 on the way; a hair less of a level mends that.
        fitted = ConformalRegressor().fit(residuals=actual - answer, **fit)
        theirs = fitted.predict_int(new, confidence=level - 1e-12, **ask)
        assert np.allclose(np.column_stack(ends(method, level, n)), theirs, rtol=0, atol=1e-9), method


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("level", LEVELS)
def test_mapie_agrees_on_plain_ranges_and_on_sets(level: float) -> None:
    from mapie.classification import SplitConformalClassifier
    from mapie.regression import SplitConformalRegressor
    from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin

    class Regressor(RegressorMixin, Given, BaseEstimator):  # type: ignore[misc]
        pass

    class Classifier(ClassifierMixin, Given, BaseEstimator):  # type: ignore[misc]
        def predict_proba(self, X: Any) -> np.ndarray[Any, Any]:
            return np.asarray(X)

        def predict(self, X: Any) -> np.ndarray[Any, Any]:
            return np.asarray(X).argmax(axis=1)

    answer, actual, _, new, _ = numbers(200)
    asked = SplitConformalRegressor(Regressor().fit(None, None), confidence_level=level, prefit=True)
    theirs = asked.conformalize(answer[:, None], actual).predict_interval(new[:, None])[1][:, :, 0]
    assert np.allclose(np.column_stack(ends("plain", level, 200)), theirs, rtol=0, atol=1e-9)

    rng = np.random.default_rng(1)
    said = rng.dirichlet([2, 1, 1], 300)
    codes = np.array([rng.choice(3, p=p) for p in said])
    chosen = SplitConformalClassifier(
        Classifier().fit(None, None), confidence_level=level, prefit=True, conformity_score="lac"
    )
    sets = chosen.conformalize(said[:200], codes[:200]).predict_set(said[200:])[1][:, :, 0]
    ours = 1 - said[200:] <= conformal.set_threshold(said[:200], codes[:200], level)[None, :] + conformal.HAIR
    assert (ours == sets).all()


@pytest.mark.parametrize("n", [150, 600])
def test_the_curve_of_two_classes_is_that_of_statsmodels(n: int) -> None:
    import statsmodels.api as sm

    rng = np.random.default_rng(n)
    scores = 1 / (1 + np.exp(-rng.normal(-1.5, 1.2, n)))
    hits = (rng.random(n) < scores**1.2).astype(float)
    found = frequencies.fit(scores, hits)
    assert found is not None
    logits = frequencies.clipped_logit(scores, n)
    p = 3 if min(hits.sum(), n - hits.sum()) >= frequencies.LEAST_FOR_BEND else 2
    design = np.column_stack([logits**k for k in range(p)])
    glm = sm.GLM(hits, design, family=sm.families.Binomial()).fit(tol=1e-14)
    assert np.allclose(found[0], glm.params, atol=1e-8)
    asked = glm.get_prediction(design[:20])
    frame = asked.summary_frame(alpha=0.1)
    rate, lower, upper = frequencies.curve(scores[:20], scores, found, 0.9)
    assert np.allclose(rate, frame["mean"], atol=1e-8)
    assert np.allclose(np.column_stack([lower, upper]), frame[["mean_ci_lower", "mean_ci_upper"]], atol=1e-6)


def test_the_nearest_scores_are_counted_with_their_ties() -> None:
    scores = np.r_[np.repeat(0.2, 50), np.linspace(0.3, 0.9, 100)]
    hits = np.r_[np.repeat([1.0, 0.0], [5, 45]), np.ones(100)]
    n, hit = frequencies.nearest(np.array([0.2, 0.6]), scores, hits)
    assert n.tolist() == [50.0, 30.0]
    assert hit.tolist() == [5.0, 30.0]
    few, hit = frequencies.nearest(
        np.array([0.24, 0.8]), np.repeat([0.2, 0.7], [40, 10]), np.r_[hits[:40], np.ones(10)]
    )
    assert few.tolist() == [40.0, 10.0]
    assert hit.tolist() == [5.0, 10.0]


def test_an_outcome_that_the_score_decides_has_no_curve_but_counts() -> None:
    scores = np.linspace(0.01, 0.99, 100)
    assert frequencies.fit(scores, (scores > 0.5).astype(float)) is None
    assert frequencies.fit(scores, np.zeros(100)) is None


# -- whole studies ---------------------------------------------------------------------------------------------------
def test_every_kind_of_study_gets_a_statement_or_a_reason(any_study: Study) -> None:
    cases = any_study.frame.iloc[:7]
    for name in any_study.candidates:
        for level in LEVELS:
            found = intervals.interval(any_study, name, cases, level=level)
            assert (found.method == "none") == bool(found.why)
            assert len(found.lower) == len(found.upper) == len(found.prediction) == 7
            assert found.index == tuple(cases.index)
            again = unpack(pack(found))
            assert np.array_equal(again.lower, found.lower, equal_nan=True)
            assert again.sets == found.sets
            if found.method == "none":
                assert found.why in ("no calibration rows", "too few", "unknown history", "one class")
                continue
            if found.sets:
                assert all(s and set(s) <= set(any_study.classes) for s in found.sets)
                continue
            assert (found.lower <= found.upper).all()
            middle = found.rate if any_study.classes else found.prediction
            assert (found.lower <= middle + 1e-9).all()
            assert (middle <= found.upper + 1e-9).all()
        counted = intervals.coverage(any_study, name)
        assert (counted.method == "none") == bool(counted.why)
        assert unpack(pack(counted)).n == counted.n
        if not counted.why:
            assert counted.feature[0] == ""
            assert len(counted.covered) == len(counted.verdict) == len(counted.n)
            assert set(counted.to_frame()["verdict"]) <= {"held", "short", "cannot tell", "too few"}


def test_why_there_is_none(study_of: Make) -> None:
    frame = study_of("regression").frame
    assert intervals.interval(study_of("given fitted"), "ours", study_of("given fitted").frame.head(1)).why == (
        "unknown history"
    )
    tiny = study_of("tiny")
    assert intervals.interval(tiny, "no_model", tiny.frame.head(1)).why == "too few"
    none = Study.from_frame(
        frame, target="price", candidates={"logistic": "logistic"}, split=["train"] * 200 + ["test"] * 40
    )
    assert intervals.interval(none, "logistic", frame.head(1)).why == "no calibration rows"
    assert intervals.coverage(none, "logistic").why == "no calibration rows"
    sold = study_of("binary").frame.sort_values("sold")
    labels = ["calibration"] * 60 + ["train", "train", "test", "train"] * 60
    one = Study.from_frame(sold, target="sold", candidates={"tree": "tree"}, split=labels)
    assert intervals.interval(one, "tree", sold.head(1)).why == "one class"


def test_a_formula_has_its_own_range_even_without_calibration_rows(study_of: Make) -> None:
    frame = study_of("regression").frame
    none = Study.from_frame(
        frame, target="price", candidates={"formula": "formula"}, split=["train"] * 200 + ["test"] * 40
    )
    found = intervals.interval(none, "formula", frame.tail(40))
    assert found.method == "formula"
    assert intervals.coverage(none, "formula").n[0] == 40


def test_the_range_of_a_formula_is_that_of_statsmodels() -> None:
    import statsmodels.api as sm

    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.normal(5, 1, 120), "b": rng.normal(0, 2, 120)})
    frame["y"] = np.exp(0.3 * frame.a - 0.1 * frame.b + rng.normal(0, 0.2, 120))
    for target, link in (("y", np.asarray), ("log(y)", np.log)):
        study = Study.from_frame(frame, target="y", candidates={"f": "formula"}, formula=f"{target} ~ a + b")
        train = study.rows("train")
        ols = sm.OLS(link(train.y.to_numpy()), sm.add_constant(train[["a", "b"]].to_numpy())).fit()
        new = frame.head(10)
        theirs = ols.get_prediction(sm.add_constant(new[["a", "b"]].to_numpy())).summary_frame(alpha=0.1)
        both = theirs[["obs_ci_lower", "obs_ci_upper"]].to_numpy()
        found = intervals.interval(study, "f", new, method="formula")
        both = np.exp(both) if target != "y" else np.maximum(both, 0)  # no training row is below 0
        assert np.allclose(np.column_stack([found.lower, found.upper]), both, rtol=1e-9)


def test_no_range_goes_beyond_the_ends_of_the_dictionary(study_of: Make) -> None:
    study = study_of("regression")
    frame = study.frame.assign(price=study.frame["price"] - 200)
    dictionary = {"price": {"minimum": -20.0, "maximum": 30.0}}
    made = Study.from_frame(frame, target="price", candidates={"logistic": "logistic"}, dictionary=dictionary)
    found = intervals.interval(made, "logistic", frame, level=0.95)
    assert found.lower.min() == -20.0
    assert found.upper.max() == 30.0


def test_few_answers_make_bins_and_one_answer_a_plain_range(study_of: Make) -> None:
    study = study_of("regression")
    assert intervals.methods(study, "no_model") == ("plain",)
    assert intervals.methods(study, "tree")[0] == "by bins"
    assert intervals.methods(study, "boosting") == ("normalised", "by bins", "plain")
    assert intervals.methods(study, "formula")[-1] == "formula"
    assert intervals.methods(study_of("binary"), "rule") == ("nearest",)


def test_a_method_that_does_not_fit_is_refused(study_of: Make) -> None:
    study = study_of("regression")
    for method in ("formula", "sigmoid", "magic"):
        with pytest.raises(CandidateError, match="Use one of"):
            intervals.interval(study, "boosting", study.frame.head(1), method=method)  # type: ignore[arg-type]
    for level in (0.0, 0.4, 1.0, 2.0, float("nan")):
        with pytest.raises(CandidateError, match="level"):
            intervals.interval(study, "boosting", study.frame.head(1), level=level)


def test_a_stored_case_gets_the_same_range_without_the_estimator(study_of: Make) -> None:
    for kind, name in (("regression", "boosting"), ("regression", "formula"), ("binary", "forest")):
        study = study_of(kind).build(name)
        for method in intervals.prepare(study, name):
            direct = intervals.interval(study, name, study.frame.iloc[[5]], method=method)
            kept = intervals.of_case(study, name, study.case_ids[5], method=method)
            assert kept is not None
            assert np.allclose([kept.lower[0], kept.upper[0]], [direct.lower[0], direct.upper[0]], rtol=1e-12)
            assert kept.method == direct.method == method
    assert intervals.of_case(study, name, "no such case") is None


def test_the_scale_survives_a_restart(study_of: Make) -> None:
    study = study_of("regression").build("boosting")
    before = intervals.interval(study, "boosting", study.frame.head(3))
    basis._memory.clear()
    basis._models.clear()
    assert store.has(basis.SCALE_MODEL, basis.key_of(study, "boosting"))
    after = intervals.interval(study, "boosting", study.frame.head(3))
    assert np.array_equal(before.lower, after.lower)


def test_out_of_fold_answers_never_saw_their_row(study_of: Make) -> None:
    from explainers.intervals import spread

    study = study_of("one feature")
    held = spread.out_of_fold(study, "tree")
    train = (study.split == "train").to_numpy()
    assert np.isfinite(held[train]).all()
    assert np.isnan(held[~train]).all()
    changed = study.frame.copy()
    at = int(np.flatnonzero(train)[3])
    changed.loc[changed.index[at], "price"] += 500.0
    other = Study.from_frame(changed, target="price", candidates={"tree": "tree"}, split=study.split)
    assert spread.out_of_fold(other, "tree")[at] == pytest.approx(held[at])


def test_a_kept_range_takes_no_heavy_package_and_little_time(tmp_path: Path) -> None:
    code = (
        "import sys, time; sys.path.insert(0, sys.argv[1]);"
        "from explainers import open_study, intervals; from explainers.build import attach;"
        "s = attach(open_study(sys.argv[1] + '/sample_data/saratoga_prices', build=False));"
        "found = intervals.of_case(s, 'formula', s.case_ids[0]); assert found is not None;"
        "start = time.perf_counter();"
        "[intervals.of_case(s, 'formula', c, level=0.8) for c in s.case_ids[:20]];"
        "print((time.perf_counter() - start) / 20 * 1000);"
        "print(sorted(set(sys.modules) & {'sklearn', 'scipy', 'statsmodels'}))"
    )
    from explainers import open_study

    intervals.prepare(open_study(ROOT / "sample_data" / "saratoga_prices", build=False).build("formula"), "formula")
    done = subprocess.run([sys.executable, "-c", code, str(ROOT)], capture_output=True, text=True, check=True)
    milliseconds, modules = done.stdout.split("\n")[:2]
    assert modules == "[]"
    assert float(milliseconds) < 20


def test_the_workers_tasks_answer_and_have_keys_of_their_own(study_of: Make) -> None:
    from explainers import tasks

    study = study_of("regression").build("tree")
    case = {"size": 100.0, "age": 10, "heating": "gas", "garden": "yes"}
    one, counted, ranges = (tasks.task(name) for name in ("interval", "coverage", "ranges"))
    assert ranges.run(study, None, candidate="tree") == list(intervals.methods(study, "tree"))
    found = one.run(study, None, candidate="tree", case=case, level=0.8)
    direct = intervals.interval(study, "tree", pd.DataFrame([case]), level=0.8)
    assert (found.lower[0], found.upper[0]) == (direct.lower[0], direct.upper[0])
    assert counted.run(study, None, candidate="tree", level=0.8).n[0] == 48
    assert one.key is not None
    assert counted.key is not None
    asked = [
        one.key(study, candidate="tree", case=case, level=0.8),
        one.key(study, candidate="tree", case=case, level=0.9),
        one.key(study, candidate="tree", case={**case, "age": 11}, level=0.8),
        counted.key(study, candidate="tree", level=0.8),
        counted.key(study, candidate="tree", level=0.8, by=["age"]),
        counted.key(study.replace(split_by="labels"), candidate="tree", level=0.8),
        basis.key_of(study, "tree"),
    ]
    assert len(set(asked)) == len(asked)


def test_other_ends_in_the_dictionary_are_another_basis(study_of: Make) -> None:
    from dataclasses import replace

    study = study_of("regression").build("tree")
    target = replace(study.dictionary["price"], minimum=190.0)
    features = {**study.dictionary.features, "price": target}
    other = study.replace(dictionary=replace(study.dictionary, features=features))
    assert intervals.interval(study, "tree", study.frame).lower.min() < 190
    assert intervals.interval(other, "tree", study.frame).lower.min() == 190


# -- counting how often they held --------------------------------------------------------------------------------------
def test_coverage_counts_by_hand(study_of: Make) -> None:
    study = study_of("regression")
    test = study.rows("test")
    found = intervals.interval(study, "boosting", test)
    inside = ((test["price"] >= found.lower) & (test["price"] <= found.upper)).to_numpy()
    counted = intervals.coverage(study, "boosting")
    assert counted.n[0] == len(test)
    assert counted.covered[0] == pytest.approx(inside.mean())
    frame = counted.to_frame().set_index(["segment", "value"])
    gas = (test["heating"] == "gas").to_numpy()
    assert frame.loc[("heating", "gas"), "n"] == gas.sum()
    assert frame.loc[("heating", "gas"), "covered"] == pytest.approx(inside[gas].mean())
    assert frame.loc["prediction", "n"].sum() == len(test)
    assert [counted.verdict[k] == "too few" for k in range(len(counted.n))] == [n < covering.LEAST for n in counted.n]
    only = intervals.coverage(study, "boosting", by="garden")
    assert set(only.feature) == {"", "garden"}
    assert set(intervals.coverage(study, "boosting", by=["age"]).feature) == {"", "age"}


def test_protected_groups_are_among_the_segments() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": rng.normal(size=400), "sex": rng.choice(["f", "m"], 400)})
    frame["y"] = frame.x + np.where(frame.sex == "f", 3, 0.3) * rng.normal(size=400)
    about = {"sex": {"protected": True, "kind": "categorical"}}
    study = Study.from_frame(frame, target="y", candidates={"logistic": "logistic"}, dictionary=about)
    counted = intervals.coverage(study, "logistic")
    assert "sex" not in study.candidates["logistic"].features
    worst = counted.order[0]
    assert (counted.feature[worst], counted.value[worst], counted.verdict[worst]) == ("sex", "f", "short")


def test_ranges_that_are_too_narrow_are_called_short(study_of: Make) -> None:
    """The verdict can fail: calibration rows without noise promise too much."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": rng.normal(size=600)})
    labels = np.array(["train"] * 200 + ["calibration"] * 200 + ["test"] * 200)
    noise = np.where(labels == "test", 2.0, 1.0)
    frame["y"] = frame.x + noise * rng.normal(size=600)
    study = Study.from_frame(frame, target="y", candidates={"logistic": "logistic"}, split=labels)
    counted = intervals.coverage(study, "logistic")
    assert counted.verdict[0] == "short"
    assert counted.upper[0] < 0.9


def test_a_rate_outside_its_range_is_seen(study_of: Make) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": rng.normal(size=1500)})
    labels = np.array(["train", "calibration", "test"] * 500)
    shift = np.where(labels == "test", 1.5, 0.0)
    frame["y"] = np.where(rng.random(1500) < 1 / (1 + np.exp(-frame.x - shift)), "yes", "no")
    study = Study.from_frame(frame, target="y", candidates={"logistic": "logistic"}, split=labels)
    counted = intervals.coverage(study, "logistic")
    groups = [k for k, f in enumerate(counted.feature) if f == "prediction"]
    assert counted.verdict[0] == "short"
    assert sum(counted.inside[k] for k in groups) <= 1
    assert (counted.stated < counted.covered).all()


def test_time_makes_segments_where_the_split_is_by_time() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"year": np.repeat(np.arange(2000, 2020), 30), "x": rng.normal(size=600)})
    frame["y"] = frame.x * 2 + rng.normal(size=600)
    study = Study.from_frame(frame, target="y", candidates={"logistic": "logistic"}, split="time:year")
    counted = intervals.coverage(study, "logistic")
    years = [counted.value[k] for k, f in enumerate(counted.feature) if f == "time"]
    assert years == [(y, y) for y in range(2016, 2020)]


def test_stored_answers_are_what_is_measured(study_of: Make) -> None:
    study = study_of("three classes")
    counted = intervals.coverage(study, "forest")
    at, _ = covering.rows_of(study, "forest")
    found = intervals.interval(study, "forest", study.frame.iloc[at])
    actual = study.frame["grade"].to_numpy()[at]
    assert counted.covered[0] == pytest.approx(np.mean([a in s for a, s in zip(actual, found.sets, strict=True)]))
    assert counted.width[0] == pytest.approx(np.mean([len(s) for s in found.sets]))
    assert len(stored(study, "forest")) == len(study.frame)
