"""Any model is an option: families of estimators for every kind of question; what cannot be one is refused by name."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from explainers import Study
from explainers.adapters.columns import as_levels, as_texts
from explainers.attribution import explain
from explainers.errors import CandidateError, StudyError
from explainers.predict import predict
from tests.explainers.model_files import TARGETS, codes, native, outcome, pipeline, rows

SAMPLE = (
    *(("pipeline", "three"), ("XGB", "two"), ("XGB", "three"), ("LGBM", "numbers"), ("CatBoost", "two")),
    *(("statsmodels formula", "three"), ("function", "two"), ("function", "numbers")),
)


def sklearn_family(name: str, target: str) -> Any:
    """Return an unfitted estimator of scikit-learn: plain, in a pipeline, or around another."""
    from sklearn import ensemble, linear_model, model_selection, naive_bayes, neighbors, neural_network, svm, tree
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.multiclass import OneVsRestClassifier

    numbers = target == "numbers"
    trees: Any = tree.DecisionTreeRegressor(max_depth=3) if numbers else tree.DecisionTreeClassifier(max_depth=3)
    return {
        "linear": linear_model.Ridge() if numbers else linear_model.LogisticRegression(max_iter=500),
        "tree": trees,
        "forest": (ensemble.RandomForestRegressor if numbers else ensemble.RandomForestClassifier)(8, random_state=0),
        "boosting": (ensemble.HistGradientBoostingRegressor if numbers else ensemble.HistGradientBoostingClassifier)(
            max_iter=8
        ),
        "neighbours": (neighbors.KNeighborsRegressor if numbers else neighbors.KNeighborsClassifier)(5),
        "support vectors": svm.SVR() if numbers else svm.SVC(),
        "net": (neural_network.MLPRegressor if numbers else neural_network.MLPClassifier)(
            hidden_layer_sizes=(6,), solver="lbfgs", max_iter=300, random_state=0
        ),
        "bayes": linear_model.BayesianRidge() if numbers else naive_bayes.GaussianNB(),
        "search": model_selection.GridSearchCV(trees, {"max_depth": [1, 2]}, cv=2),
        "vote": (ensemble.VotingRegressor([("a", trees)]) if numbers else ensemble.VotingClassifier([("a", trees)])),
        "stack": (
            ensemble.StackingRegressor([("a", trees)], cv=2)
            if numbers
            else ensemble.StackingClassifier([("a", trees)], cv=2)
        ),
        "bagging": (ensemble.BaggingRegressor if numbers else ensemble.BaggingClassifier)(trees, 3, random_state=0),
        "around": TransformedTargetRegressor(trees, func=np.log, inverse_func=np.exp)
        if numbers
        else CalibratedClassifierCV(trees, cv=2),
        "one against the rest": linear_model.HuberRegressor() if numbers else OneVsRestClassifier(trees),
    }[name]


SKLEARN = (
    *("linear", "tree", "forest", "boosting", "neighbours", "support vectors", "net", "bayes", "search", "vote"),
    *("stack", "bagging", "around", "one against the rest"),
)


def of_package(package: str, name: str, **fields: Any) -> Callable[[str], Any]:
    def make(target: str) -> Any:
        home = pytest.importorskip(package, reason="the extra models is not installed")
        return getattr(home, name + ("Regressor" if target == "numbers" else "Classifier"))(**fields)

    return make


def booster(target: str) -> Any:
    xgboost = pytest.importorskip("xgboost", reason="the extra models is not installed")
    objective = {"numbers": "reg:squarederror", "two": "binary:logistic", "three": "multi:softprob"}[target]
    more = {"num_class": 3} if target == "three" else {}
    data = xgboost.DMatrix(native(), codes(target), enable_categorical=True)
    return xgboost.train({"objective": objective, "nthread": 1, **more}, data, 5)


def lightgbm_booster(target: str) -> Any:
    lightgbm = pytest.importorskip("lightgbm", reason="the extra models is not installed")
    objective = {"numbers": "regression", "two": "binary", "three": "multiclass"}[target]
    more = {"num_class": 3} if target == "three" else {}
    data = lightgbm.Dataset(native(), codes(target))
    return lightgbm.train({"objective": objective, "verbose": -1, "num_threads": 1, **more}, data, 5)


def statsmodels_formula(target: str) -> Any:
    import statsmodels.formula.api as smf

    frame = rows().fillna({"age": 30}).assign(y=codes(target))
    fit = {"numbers": smf.ols, "two": smf.logit, "three": smf.mnlogit}[target]
    done = fit("y ~ size + C(heating)", frame)
    return done.fit() if target == "numbers" else done.fit(disp=0)


def statsmodels_arrays(target: str) -> Any:
    import statsmodels.api as sm

    design = sm.add_constant(rows()[["size"]])
    if target == "numbers":
        return sm.GLM(outcome(target), design).fit()
    return (sm.Probit if target == "two" else sm.MNLogit)(codes(target), design).fit(disp=0)


def function(target: str) -> Any:
    def answer(frame: pd.DataFrame) -> Any:
        link = ((frame["size"] - 100) / 20).fillna(0).to_numpy() + (frame["heating"] == "wood").to_numpy()
        if target == "numbers":
            return 200 + 30 * link
        if target == "two":
            return 1 / (1 + np.exp(-link))
        powers = np.exp(np.column_stack([-link, 0 * link, link]))
        return pd.DataFrame(powers / powers.sum(axis=1, keepdims=True), columns=["high", "low", "middle"])

    return answer


FAMILIES: dict[str, Callable[[str], Any]] = {
    "pipeline": pipeline,
    "XGB": of_package("xgboost", "XGB", n_estimators=5, n_jobs=1, enable_categorical=True),
    "XGB without levels": of_package("xgboost", "XGB", n_estimators=5, n_jobs=1),
    "LGBM": of_package("lightgbm", "LGBM", n_estimators=5, verbose=-1, n_jobs=1),
    "CatBoost": of_package("catboost", "CatBoost", iterations=5, verbose=0, allow_writing_files=False, thread_count=1),
    "XGBoost booster": booster,
    "LightGBM booster": lightgbm_booster,
    "statsmodels formula": statsmodels_formula,
    "statsmodels arrays": statsmodels_arrays,
    "function": function,
    **{f"sklearn {n}": (lambda target, n=n: sklearn_family(n, target)) for n in SKLEARN},
}


def check(family: str, target: str) -> Study:
    """Make an option of a model; it answers, also where values are missing, and its reasons add up."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = FAMILIES[family](target)
        frame = rows().assign(outcome=outcome(target))
        study = Study.from_frame(
            frame, target="outcome", candidates={"mine": model}, positive="yes" if target == "two" else None
        )
        mine = study.candidates["mine"]
        assert mine.built, mine.failure
        said = predict(study, "mine", frame)
        assert np.isfinite(said.to_numpy()).all()
        cases = frame.iloc[[0, 9, 17]]  # two of them with a missing value
        found = explain(study, "mine", cases)
    np.testing.assert_allclose(found.values.sum(axis=1), found.predictions - found.base_values, atol=1e-9)
    if target == "numbers":
        truth = outcome(target)
        assert np.corrcoef(said["prediction"], truth)[0, 1] > 0.5
    else:
        assert list(said.columns) == sorted(set(outcome(target)))
        right = said.columns[said.to_numpy().argmax(axis=1)] == outcome(target)
        assert right.mean() > (0.65 if target == "two" else 0.45), "the classes are mixed up"
    return study


@pytest.mark.parametrize(("family", "target"), SAMPLE)
def test_a_sample_of_families(family: str, target: str) -> None:
    check(family, target)


@pytest.mark.promise
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_for_every_kind_of_question(family: str, target: str, promise: Any) -> None:
    check(family, target)
    promise(f"{family}: an option for {target}, its reasons add up", "to 1e-9")


@pytest.mark.parametrize(
    "classes",
    [(0, 1), (False, True), ("no", "yes"), (1.0, 2.0), (-1, 1), (10, 20), ("0", "1")],
    ids=str,
)
def test_classes_of_any_type(classes: tuple[Any, Any]) -> None:
    frame = rows()[["size"]].assign(outcome=[classes[int(v)] for v in codes("two")])
    given = {n: FAMILIES[n]("two") for n in ("XGB", "LGBM", "CatBoost")}
    fitted = FAMILIES["LGBM"]("two").fit(frame[["size"]], frame["outcome"])
    study = Study.from_frame(frame, target="outcome", candidates={**given, "fitted": fitted})
    for name, candidate in study.candidates.items():
        assert candidate.built, (name, candidate.failure)
        said = predict(study, name, frame)
        assert np.corrcoef(said.iloc[:, 1], codes("two"))[0, 1] > 0.4, name


def test_missing_values_and_levels_are_passed_through(monkeypatch: pytest.MonkeyPatch) -> None:
    lightgbm = pytest.importorskip("lightgbm", reason="the extra models is not installed")
    seen: list[pd.DataFrame] = []

    class Watched(lightgbm.LGBMClassifier):  # type: ignore[misc, name-defined]
        def fit(self, X: pd.DataFrame, y: Any) -> Any:
            seen.append(X)
            return super().fit(X, y)

    Watched.__module__ = "lightgbm.sklearn"
    frame = native().assign(outcome=outcome("two"))
    study = Study.from_frame(frame, target="outcome", candidates={"mine": Watched(n_estimators=3, verbose=-1)})
    assert study.candidates["mine"].built
    assert seen[0]["age"].isna().any()
    assert isinstance(seen[0]["heating"].dtype, pd.CategoricalDtype)
    strange = frame.head(2).astype({"heating": object}).assign(heating=["straw", None])
    assert np.isfinite(predict(study, "mine", strange).to_numpy()).all()


@pytest.mark.parametrize("family", ["XGB", "LGBM", "CatBoost"])
def test_a_fitted_booster_reads_text_as_the_levels_that_it_knows(family: str) -> None:
    frame = rows()
    given = frame.astype({"heating": object}) if family == "CatBoost" else native()
    more = {"cat_features": ["heating"]} if family == "CatBoost" else {}
    model = FAMILIES[family]("two").fit(given, codes("two"), **more)
    study = Study.from_frame(frame.assign(outcome=codes("two")), target="outcome", candidates={"mine": model})
    np.testing.assert_allclose(predict(study, "mine", frame).to_numpy(), model.predict_proba(given), atol=1e-7)
    strange, missing = (predict(study, "mine", frame.assign(heating=v)).to_numpy() for v in ("straw", None))
    assert np.isfinite(strange).all()
    if family != "CatBoost":  # where levels are texts, a new one is a level of its own
        np.testing.assert_array_equal(strange, missing)


def test_levels_are_found_by_their_text_and_unknown_ones_are_missing() -> None:
    given = pd.Series(["oil", "straw", None, 1.0], index=list("abcd"), dtype=object)
    found = as_levels(given, ["gas", "oil", 1])
    assert found.cat.codes.tolist() == [1, -1, -1, 2]
    assert found.cat.categories.tolist() == ["gas", "oil", 1]
    assert found.index.tolist() == list("abcd")
    assert as_texts(given, "nan").tolist() == ["oil", "straw", "nan", "1"]


def test_a_function_may_return_labels_or_the_class_in_focus() -> None:
    frame = rows().assign(outcome=outcome("two"))
    study = Study.from_frame(
        frame,
        target="outcome",
        positive="no",
        candidates={
            "labels": lambda f: np.where(f["size"] > 100, "yes", "no"),
            "chance": lambda f: np.where(f["size"] > 100, 0.2, 0.7),
            "columns": lambda f: np.tile([0.3, 0.7], (len(f), 1)),
            "wrong": lambda f: np.full(len(f), "maybe"),
            "named": lambda f: pd.DataFrame({"yes": np.full(len(f), 0.9), "no": np.full(len(f), 0.1)}),
        },
    )
    big = frame[frame["size"] > 100].head(1)
    assert predict(study, "labels", big).iloc[0].tolist() == [0, 1]
    assert predict(study, "chance", big).iloc[0].tolist() == pytest.approx([0.2, 0.8])
    assert predict(study, "columns", big).iloc[0].tolist() == pytest.approx([0.3, 0.7])
    assert predict(study, "named", big).iloc[0].tolist() == pytest.approx([0.1, 0.9])
    assert "labels that are classes of the study (no, yes)" in study.candidates["wrong"].failure


# -- refused -----------------------------------------------------------------------------------------------------
class Network:
    """As the class of another package looks from here."""

    __module__ = "torch.nn.modules"

    def __call__(self, frame: pd.DataFrame) -> Any:
        return frame


def several_numbers() -> Any:
    from sklearn.linear_model import LinearRegression

    return LinearRegression().fit(rows()[["size"]], np.column_stack([outcome("numbers")] * 2))


def several_trees() -> Any:
    from sklearn.tree import DecisionTreeRegressor

    return DecisionTreeRegressor(max_depth=2).fit(rows()[["size"]], np.column_stack([outcome("numbers")] * 3))


def bare_text() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline

    return make_pipeline(TfidfVectorizer(), Ridge()).fit(rows()["heating"], outcome("numbers"))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (Network, "network of PyTorch"),
        (several_numbers, "2 answers to each case"),
        (several_trees, "3 answers to each case"),
        (bare_text, "bare texts"),
        (lambda: 3, "of the type 'int'"),
        (lambda: Network.__class__, "the class 'type' itself"),
        (object, "no 'predict'"),
    ],
)
def test_what_cannot_be_an_option_is_refused_by_name(make: Callable[[], Any], says: str) -> None:
    with pytest.raises(StudyError, match=says) as caught:
        Study.from_frame(rows().assign(outcome=outcome("numbers")), target="outcome", candidates={"mine": make()})
    assert [p.remedy for p in caught.value.problems if p.code == "not_an_estimator"]


def test_cells_that_hold_images_are_refused() -> None:
    frame = rows().assign(outcome=outcome("two"), picture=[np.zeros((4, 4))] * len(rows()))
    with pytest.raises(StudyError, match="picture"):
        Study.from_frame(frame, target="outcome", candidates={"rule": "rule"})


def test_an_answer_of_the_wrong_shape_is_refused_when_it_is_asked() -> None:
    study = Study.from_frame(
        rows().assign(outcome=outcome("numbers")),
        target="outcome",
        candidates={"mine": lambda f: np.zeros((len(f), 2))},
    )
    assert "shape" in study.candidates["mine"].failure
    with pytest.raises(CandidateError):
        predict(study, "mine", study.frame)
