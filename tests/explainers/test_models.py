"""Model files: what is permitted comes back equal, everything else is refused with nothing run."""

from __future__ import annotations

import io
import json
import os
import pickle
import warnings
import zipfile
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest
import skops.io
from scipy import sparse
from sklearn.base import BaseEstimator, clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import TransformedTargetRegressor, make_column_transformer
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Lasso, LinearRegression, LogisticRegression, SGDClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, OrdinalEncoder, StandardScaler
from sklearn.svm import SVC, SVR
from sklearn.tree import DecisionTreeClassifier

from explainers import models
from explainers.errors import BakeoffError, ModelFileError
from explainers.models import kinds

N = 240
RNG = np.random.default_rng(0)
X = pd.DataFrame(
    {
        "a": RNG.normal(size=N),
        "b": RNG.normal(size=N),
        "c": pd.Categorical(RNG.choice(["x", "y", "z"], N)),
        "d": pd.Categorical(RNG.choice(["u", "v"], N)),
    }
)
X.loc[::7, "a"] = np.nan
YES = np.where(X["b"] + RNG.normal(size=N) > 0, "yes", "no")
THREE = RNG.choice(["p", "q", "r"], N)
NUMBER = X["b"].to_numpy() + RNG.normal(size=N)


def columns(sparse_output=False):
    return make_column_transformer(
        (make_pipeline(SimpleImputer(), StandardScaler()), ["a", "b"]),
        (OneHotEncoder(handle_unknown="ignore", sparse_output=sparse_output), ["c", "d"]),
    )


KINDS = {
    "dummy": (DummyClassifier(), YES),
    "dummy_number": (DummyRegressor(strategy="median"), NUMBER),
    "logistic": (make_pipeline(columns(), LogisticRegression(solver="saga", l1_ratio=1.0, C=0.1, max_iter=200)), YES),
    "logistic_sparse": (make_pipeline(columns(True), LogisticRegression()), THREE),
    "lasso": (make_pipeline(columns(), Lasso(alpha=0.1)), NUMBER),
    "tree": (make_pipeline(columns(), DecisionTreeClassifier(max_depth=3)), THREE),
    "forest": (make_pipeline(columns(), RandomForestClassifier(5)), YES),
    "forest_number": (make_pipeline(columns(), RandomForestRegressor(5)), NUMBER),
    "extra": (make_pipeline(columns(), ExtraTreesClassifier(5)), THREE),
    "hist": (HistGradientBoostingClassifier(max_iter=10, categorical_features="from_dtype"), YES),
    "hist_three": (HistGradientBoostingClassifier(max_iter=5, categorical_features=["c", "d"]), THREE),
    "hist_number": (
        make_pipeline(
            make_column_transformer((OrdinalEncoder(), ["c", "d"]), remainder="passthrough"),
            HistGradientBoostingRegressor(max_iter=10, categorical_features=[0, 1], loss="absolute_error"),
        ),
        NUMBER,
    ),
    "stages": (make_pipeline(columns(), GradientBoostingClassifier(n_estimators=5)), THREE),
    "calibrated": (CalibratedClassifierCV(make_pipeline(columns(), GaussianNB()), cv=3), YES),
    "vote": (VotingClassifier([("a", make_pipeline(columns(), GaussianNB()))], voting="soft"), YES),
    "stack": (StackingClassifier([("a", make_pipeline(columns(), GaussianNB()))], cv=2), YES),
    "net": (make_pipeline(columns(), MLPClassifier((4,), max_iter=5)), YES),
    "sgd": (make_pipeline(columns(), SGDClassifier(loss="log_loss")), YES),
    "svm": (make_pipeline(columns(), SVC()), THREE),
    "svm_number": (make_pipeline(columns(), SVR()), NUMBER),
    "log_target": (
        TransformedTargetRegressor(make_pipeline(columns(), LinearRegression()), func=np.log, inverse_func=np.exp),
        np.exp(NUMBER),
    ),
    "function": (make_pipeline(columns(), FunctionTransformer(np.tanh), LinearRegression()), NUMBER),
}


def fit(kind):
    estimator, target = KINDS[kind]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return clone(estimator).fit(X, target)


def answers(estimator):
    return estimator.predict_proba(X) if hasattr(estimator, "predict_proba") else estimator.predict(X)


@pytest.mark.parametrize("kind", KINDS)
def test_permitted_estimators_answer_the_same_after_loading(kind, tmp_path):
    estimator = fit(kind)
    data = models.dump(estimator)
    np.testing.assert_array_equal(answers(estimator), answers(models.loads(data)))
    path = tmp_path / "model.skops"
    path.write_bytes(data)
    np.testing.assert_array_equal(answers(estimator), answers(models.load(path)))
    np.testing.assert_array_equal(answers(estimator), answers(models.loads(skops.io.dumps(estimator))))


def test_additive_curves_answer_the_same_after_loading():
    interpret = pytest.importorskip("interpret.glassbox", reason="the extra ebm is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        estimator = interpret.ExplainableBoostingClassifier(outer_bags=1, max_rounds=20, n_jobs=1).fit(X, YES)
    np.testing.assert_array_equal(answers(estimator), answers(models.loads(models.dump(estimator))))


def test_every_estimator_of_our_own_is_on_the_list_and_every_entry_exists():
    ours = import_module("explainers.estimators")
    for name in ours.__all__:
        thing = getattr(ours, name)
        if isinstance(thing, type) and issubclass(thing, BaseEstimator):
            assert f"{thing.__module__}.{name}" in models.ALLOWED
    optional = ("interpret", "xgboost", "lightgbm", "catboost")
    for entry in models.ALLOWED:
        module, _, name = entry.rpartition(".")
        if not module.startswith(optional) or find_spec(module.partition(".")[0]):
            assert hasattr(import_module(module), name), entry


# -- files that would run something ------------------------------------------------------------------------------
class Evil(BaseEstimator):
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.system, (f"touch {self.path}",)


def refused(path) -> str:
    with pytest.raises(ModelFileError) as caught:
        models.load(path)
    assert isinstance(caught.value, BakeoffError)
    assert str(path.parent) not in caught.value.message, "no private folder in a message"
    return caught.value.message


@pytest.mark.parametrize(
    "suffix", [".pkl", ".pickle", ".joblib", ".dill", ".sav", ".skops", ".p", ".PKL", "", ".bin", ".model"]
)
@pytest.mark.parametrize("how", ["pickle", "joblib"])
def test_pickles_are_refused_by_any_name(tmp_path, canary, suffix, how):
    path = tmp_path / f"model{suffix}"
    if how == "pickle":
        path.write_bytes(pickle.dumps(Evil(canary)))
    else:
        joblib.dump(Evil(canary), path)
    message = refused(path)
    assert "skops.io.dump" in message
    if suffix.lower() in kinds.RUNS_CODE:
        assert "can run any code" in message


@pytest.mark.parametrize("suffix", [".npy", ".skops"])
def test_numpy_files_with_objects_in_them_are_refused(tmp_path, canary, suffix):
    path = tmp_path / f"model{suffix}"
    with path.open("wb") as file:
        np.save(file, np.array([Evil(canary)], dtype=object), allow_pickle=True)
    refused(path)


def zip_of(tmp_path, schema, parts=(), name="model.skops") -> Path:
    path = tmp_path / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts:
            archive.writestr(part, data)
        archive.writestr("schema.json", schema if isinstance(schema, str) else json.dumps(schema))
    return path


def test_a_function_that_runs_commands_is_refused(tmp_path, canary):
    path = tmp_path / "model.skops"
    skops.io.dump(make_pipeline(FunctionTransformer(os.system, kw_args={}), LinearRegression()), path)
    message = refused(path)
    assert "system" in message
    assert "nothing in it was run" in message


def node(loader, module, name, **more):
    return {"__loader__": loader, "__module__": module, "__class__": name, "__id__": id(more), **more}


def json_node(value):
    return node("JsonNode", "builtins", "str", content=json.dumps(value), is_json=True)


def craft(tmp_path, inner) -> Path:
    return zip_of(tmp_path, {**inner, "protocol": 2, "_skops_version": "0.16"})


def text_tuple(*texts):
    return node("TupleNode", "builtins", "tuple", content=[json_node(t) for t in texts])


@pytest.mark.parametrize("how", ["constructor", "partial", "method", "operator", "reduce", "type", "object", "unknown"])
def test_crafted_calls_are_refused(tmp_path, canary, how):
    command = f"touch {canary}"
    system = node("FunctionNode", "os", "system")
    inner = {
        "constructor": node("ConstructorFromReduceNode", "subprocess", "Popen", content=text_tuple(command)),
        "partial": node(
            "PartialNode",
            "functools",
            "partial",
            content={"func": system, "args": text_tuple(command), "kwds": json_node({}), "namespace": json_node({})},
        ),
        "method": node(
            "MethodNode", "pathlib", "Path", content={"func": "touch", "obj": node("ObjectNode", "pathlib", "Path")}
        ),
        "operator": node("OperatorFuncNode", "operator", "methodcaller", attrs=text_tuple("system", command)),
        "reduce": node("ReduceNode", "os", "system", __reduce__={"args": text_tuple(command)}, content=json_node({})),
        "type": node("TypeNode", "builtins", "eval"),
        "object": node("ObjectNode", "subprocess", "Popen", content=json_node({"args": command})),
        "unknown": node("NoSuchNode", "os", "system"),
    }[how]
    assert "nothing in it was run" in refused(craft(tmp_path, inner))


def test_trusting_harmless_partials_does_not_open_a_door_for_others(tmp_path, canary):
    inner = node(
        "PartialNode",
        "functools",
        "partial",
        content={
            "func": node("FunctionNode", "numpy", "add"),
            "args": text_tuple("a"),
            "kwds": json_node({}),
            "namespace": json_node({}),
        },
    )
    assert "partial" in refused(craft(tmp_path, inner))


def test_files_of_other_protocols_are_refused(tmp_path):
    for protocol in (0, 1, 3, True, None, "2"):
        path = zip_of(tmp_path, {**json_node(1), "protocol": protocol})
        assert "another version of skops" in refused(path)


# -- bombs -------------------------------------------------------------------------------------------------------
def test_archives_that_unpack_to_much_more_are_not_unpacked(tmp_path):
    path = zip_of(tmp_path, json_node(1), [("x.npy", b"\0" * 50_000_000)])
    assert path.stat().st_size < 100_000
    assert "made to fill the memory" in refused(path)


def test_an_array_that_claims_more_than_it_has_is_refused(tmp_path):
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, {"descr": "<f8", "fortran_order": False, "shape": (10**11,)})
    array = node("NdArrayNode", "numpy", "ndarray", type="numpy", file="x.npy")
    path = zip_of(tmp_path, {**array, "protocol": 2}, [("x.npy", head.getvalue())])
    assert "not what it says" in refused(path)


def test_a_description_that_refers_to_itself_without_end_is_refused(tmp_path):
    value = json_node(1)
    for i in range(60):
        value = node(
            "ListNode", "builtins", "list", content=[{**value, "__id__": i}, {"__id__": i, "__loader__": "JsonNode"}]
        )
    assert "more parts" in refused(craft(tmp_path, value))


@pytest.mark.parametrize(
    "schema",
    ["", "[", "[" * 100_000, "null", "[]", "{}", '{"protocol": 2}', '{"protocol": 2, "__loader__": "ListNode"}'],
)
def test_broken_descriptions_are_refused(tmp_path, schema):
    assert "skops" in refused(zip_of(tmp_path, schema))


def test_files_that_are_cut_or_empty_or_missing_or_folders_are_refused(tmp_path):
    data = models.dump(fit("tree"))
    path = tmp_path / "model.skops"
    for cut in (0, 10, len(data) // 2, len(data) - 5):
        path.write_bytes(data[:cut])
        assert "not a whole skops file" in refused(path)
    assert "no model file" in refused(tmp_path / "gone.skops")
    assert "folder" in refused(tmp_path)


def test_a_file_over_the_limit_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "model.skops"
    path.write_bytes(models.dump(fit("tree")))
    monkeypatch.setattr(kinds, "MOST_BYTES", 100)
    assert "larger than" in refused(path)


# -- permitted types with wrong numbers inside: these crash the process if they are asked ------------------------
def tampered(kind, change):
    estimator = fit(kind)
    change(estimator)
    return skops.io.dumps(estimator)


def nodes_of(tree, **values):
    state = tree.__getstate__()
    for name, (at, value) in values.items():
        state["nodes"][name][at] = value
    tree.__setstate__(state)


def first_tree(estimator):
    last = estimator[-1]
    if hasattr(last, "tree_"):
        return last.tree_
    return np.asarray(last.estimators_, dtype=object).ravel()[0].tree_


@pytest.mark.parametrize("kind", ["tree", "forest", "extra", "stages"])
@pytest.mark.parametrize(
    "values",
    [
        {"left_child": (0, 10**6)},
        {"right_child": (0, 10**9)},
        {"left_child": (0, 0)},
        {"right_child": (0, -7)},
        {"feature": (0, 10**5)},
        {"feature": (0, -1000)},
    ],
    ids=str,
)
def test_trees_that_point_outside_or_back_are_refused(kind, values):
    data = tampered(kind, lambda e: nodes_of(first_tree(e), **values))
    with pytest.raises(ModelFileError, match="was not asked anything"):
        models.loads(data)


def first_predictor(estimator):
    return (estimator[-1] if hasattr(estimator, "steps") else estimator)._predictors[0][0]


@pytest.mark.parametrize(
    ("name", "value"), [("left", 10**6), ("right", 0), ("feature_idx", 500), ("feature_idx", -3), ("bitset_idx", 10**6)]
)
@pytest.mark.parametrize("kind", ["hist", "hist_three", "hist_number"])
def test_boosted_trees_that_point_outside_or_back_are_refused(kind, name, value):
    def change(estimator):
        nodes = first_predictor(estimator).nodes
        nodes[name][0] = value
        if name == "bitset_idx":
            nodes["is_categorical"][0] = 1

    with pytest.raises(ModelFileError, match="was not asked anything"):
        models.loads(tampered(kind, change))


def mapper_of(estimator):
    return (estimator[-1] if hasattr(estimator, "steps") else estimator)._bin_mapper


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("tree", lambda e: setattr(e[-1], "n_features_in_", 2)),
        ("tree", lambda e: setattr(e[-1], "n_classes_", 9)),
        ("stages", lambda e: setattr(e[-1], "n_trees_per_iteration_", 1)),
        ("hist", lambda e: setattr(e, "n_features_in_", 1)),
        ("hist_number", lambda e: mapper_of(e).bin_thresholds_.__setitem__(0, np.array([0.0, 5000.0]))),
        ("hist_number", lambda e: mapper_of(e).bin_thresholds_.pop()),
        ("svm", lambda e: setattr(e[-1], "_dual_coef_", e[-1]._dual_coef_[:, :1])),
        ("svm", lambda e: setattr(e[-1], "_n_support", e[-1]._n_support * 1000)),
        ("svm_number", lambda e: setattr(e[-1], "support_vectors_", e[-1].support_vectors_[:1])),
    ],
)
def test_parts_that_do_not_fit_each_other_are_refused(kind, change):
    with pytest.raises(ModelFileError, match="was refused and was not asked"):
        models.loads(tampered(kind, change))


def test_sparse_matrices_that_point_outside_are_refused():
    estimator = LogisticRegression().fit(np.eye(4), [0, 1, 0, 1]).sparsify()
    assert sparse.issparse(estimator.coef_)
    estimator.coef_.indices[0] = 10**6
    data = skops.io.dumps(estimator)
    with pytest.raises(ModelFileError):
        models.loads(data)


def test_estimators_that_would_touch_files_when_asked_are_refused(tmp_path):
    reader = make_pipeline(CountVectorizer(), LogisticRegression()).fit(["aa bb", "bb cc"], [0, 1])
    reader[0].set_params(input="filename")
    with pytest.raises(ModelFileError, match="read files"):
        models.loads(skops.io.dumps(reader))
    keeper = fit("logistic").set_params(memory=str(tmp_path))
    with pytest.raises(ModelFileError, match="folder"):
        models.loads(skops.io.dumps(keeper))


def test_dump_says_at_once_what_could_not_be_loaded_again():
    with pytest.raises(ModelFileError, match="KDTree"):
        models.dump(make_pipeline(columns(), KNeighborsClassifier(algorithm="kd_tree")).fit(X, YES))
    with pytest.raises(ModelFileError, match="list of harmless"):
        models.dump(FunctionTransformer(os.path.exists))
