"""The standard candidates: their words, and that each can be made, fitted and asked on every kind of study."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from explainers import Candidate, Study
from explainers.cases import check_cases
from explainers.errors import CandidateError, NotInstalledError
from explainers.lineup import PACKAGES, RECIPES, columns, defaults, make, prepared

JARGON = [
    "boost",
    "boosted",
    "boosting",
    "forest",
    "regression",
    "classifier",
    "candidate",
    "logistic",
    "logit",
    "coefficient",
    "percentile",
    "quantile",
    "median",
    "variance",
    "overfit",
    "hyperparameter",
    "feature",
    "estimator",
    "algorithm",
    "model-free",
    "gradient",
    "probability",
]


def candidate_of(study: Study, recipe: str, **parameters: object) -> Candidate:
    return Candidate(
        name=recipe, estimator=None, features=study.inputs, recipe=recipe, parameters=parameters, **defaults(recipe)
    )


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("task", ["classification", "regression"])
def test_words_are_plain(recipe: str, task: str) -> None:
    found = defaults(recipe, task)
    text = f"{found['label']} {found['description']}".lower()
    assert not [w for w in JARGON if re.search(rf"\b{w}\b", text)]
    assert len(found["description"].split()) <= 20
    assert found["description"].endswith(".")
    assert len(found["label"]) <= 30
    assert "|" not in found["technical"]
    assert found["kind"] in ("baseline", "rule", "statistical", "glass_box", "black_box")
    assert PACKAGES[recipe]


def test_labels_differ() -> None:
    assert len({defaults(r)["label"] for r in RECIPES}) == len(RECIPES)


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("kind", ["regression", "three classes", "missing values", "odd names", "tiny"])
def test_each_can_be_made_on_each_kind(study_of: Callable[[str], Study], recipe: str, kind: str) -> None:
    """Fitted with warnings as errors; missing values and levels never seen are answered."""
    study = study_of(kind)
    candidate = candidate_of(study, recipe, **({"n_estimators": 5} if recipe == "forest" else {}))
    study = study.replace(candidates={recipe: candidate})
    train = study.rows("train")
    estimator = make(recipe, study, candidate)
    fitted = estimator.fit(train[list(study.inputs)], train[study.target].to_numpy())
    strange = pd.DataFrame([dict.fromkeys(study.inputs), dict.fromkeys(study.inputs, "never seen")])
    for name in study.inputs:
        if study.frame[name].dtype.kind in "iuf":
            strange[name] = np.array([np.nan, 1e6])
    for rows in (study.frame, check_cases(study, recipe, strange)):
        ask = fitted.predict_proba if study.task == "classification" else fitted.predict
        said = ask(rows[list(study.inputs)])
        assert len(said) == len(rows)
        assert np.isfinite(said).all()
        if study.task == "classification":
            assert said.sum(axis=1) == pytest.approx(np.ones(len(rows)))
            assert said.min() >= 0


@pytest.mark.parametrize("recipe", ["rule", "table", "formula", "tree", "logistic", "forest", "boosting"])
def test_the_same_rows_give_the_same_answers(study_of: Callable[[str], Study], recipe: str) -> None:
    study = study_of("binary")
    candidate, train = candidate_of(study, recipe), study.rows("train")
    answers = [
        make(recipe, study, candidate)
        .fit(train[list(study.inputs)], train[study.target].to_numpy())
        .predict_proba(study.frame[list(study.inputs)])
        for _ in range(2)
    ]
    assert np.array_equal(*answers)


def test_recipes_look_at_test_rows_only_when_asked(study_of: Callable[[str], Study]) -> None:
    """Scrambled test rows change nothing in what is fitted."""
    study = study_of("binary")
    frame = study.frame.copy()
    held = (study.split != "train").to_numpy()
    for name in study.inputs:
        frame.loc[held, name] = frame.loc[held, name].to_numpy()[::-1]
    frame.loc[held, ["garden", "heating"]] = "a level of test rows only"
    other = study.replace(frame=frame)
    train = study.rows("train")
    for recipe in ("rule", "table", "formula", "tree", "logistic", "boosting"):
        one, two = (make(recipe, s, candidate_of(s, recipe)) for s in (study, other))
        assert repr(one.get_params()) == repr(two.get_params())
        for made in (one, two):
            made.fit(train[list(study.inputs)], train[study.target].to_numpy())
        rows = study.frame[list(study.inputs)]
        assert np.array_equal(one.predict_proba(rows), two.predict_proba(rows))


def test_parameters_reach_the_last_step(study_of: Callable[[str], Study]) -> None:
    study = study_of("binary")
    assert make("forest", study, candidate_of(study, "forest", n_estimators=7)).steps[-1][1].n_estimators == 7
    assert make("tree", study, candidate_of(study, "tree", max_depth=2)).steps[-1][1].max_depth == 2
    assert make("formula", study, candidate_of(study, "formula", formula="sold ~ age")).formula == "sold ~ age"
    for recipe in RECIPES:
        with pytest.raises((CandidateError, ValueError), match="no_such_parameter"):
            make(recipe, study, candidate_of(study, recipe, no_such_parameter=1))


def test_unknown_recipes_are_named_with_the_known(study_of: Callable[[str], Study]) -> None:
    for call in (lambda: defaults("svm"), lambda: make("svm", study_of("binary"), None)):  # type: ignore[arg-type]
        with pytest.raises(CandidateError, match=r"'svm'.*no_model, rule"):
            call()


def test_without_its_package_the_remedy_is_said(study_of: Callable[[str], Study], monkeypatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "interpret.glassbox", None)
    study = study_of("binary")
    with pytest.raises(NotInstalledError, match=r"bakeoff\[ebm\]"):
        make("ebm", study, candidate_of(study, "ebm"))


def test_ordered_text_is_read_in_its_order_and_numbers_as_numbers(mortgages: Study) -> None:
    names, kinds, order = columns(mortgages, mortgages.candidates["forest"])
    read = dict(zip(names, kinds, strict=True))
    assert read["consumer_credit_score"] == "number"
    assert read["self_employed"] == "level"
    assert order["self_employed"] == ["no", "yes"]


def test_an_estimator_that_reads_numbers_only_can_stand_behind_the_encoder(study_of: Callable[[str], Study]) -> None:
    from sklearn.linear_model import LogisticRegression

    study = study_of("missing values")
    candidate = replace(candidate_of(study, "tree"), recipe="")
    train = study.rows("train")
    made = prepared(study, candidate, LogisticRegression())
    made.fit(train[list(study.inputs)], train[study.target].to_numpy())
    assert np.isfinite(made.predict_proba(study.frame[list(study.inputs)])).all()


def test_each_option_earns_its_place_on_the_sample_study(mortgages: Study) -> None:
    from explainers.metrics import evaluate

    loss = {n: {m.name: m.value for m in evaluate(mortgages, n)}["log_loss"] for n in mortgages.candidates}
    assert loss["rule"] < loss["no_model"]
    assert loss["tree"] < loss["rule"]
    assert max(loss[n] for n in ("formula", "logistic", "ebm", "forest", "boosting")) < 0.30 < loss["tree"]
    train = {n: {m.name: m.value for m in evaluate(mortgages, n, rows=("train",))}["log_loss"] for n in loss}
    assert loss["boosting"] - train["boosting"] < 0.06  # does not learn the training rows by heart


def test_no_warning_is_left_to_the_reader(mortgages: Study) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name, candidate in mortgages.candidates.items():
            said = candidate.estimator.predict_proba(mortgages.frame[list(candidate.features)][:50])
            assert said.shape == (50, 2), name
