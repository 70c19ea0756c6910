"""Measures equal scikit-learn's; errors are counts of the rows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics as sk

from explainers import Study
from explainers.errors import CandidateError
from explainers.metrics import auc, class_measures, classes_of, errors, evaluate, number_measures
from explainers.predict import stored


def answers_of(n: int, k: int, seed: int, *, ties: bool) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    said = rng.dirichlet(np.full(k, 0.7), n)
    if ties:
        said = np.round(said * 8) / 8
        said /= said.sum(axis=1, keepdims=True)
    actual = rng.integers(0, k, n)
    actual[:k] = np.arange(k)
    return said, actual


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("k", [2, 3, 5])
def test_classes_equal_scikit_learn(k: int, seed: int, ties: bool) -> None:
    said, actual = answers_of(150, k, seed, ties=ties)
    ours = class_measures(said, actual, focus=1)
    labels = list(range(k))
    if k == 2:
        assert ours["accuracy"] == sk.accuracy_score(actual, (said[:, 1] >= 0.5).astype(int))
        area = sk.roc_auc_score(actual, said[:, 1])
    else:
        assert ours["accuracy"] == sk.accuracy_score(actual, said.argmax(axis=1))
        area = sk.roc_auc_score(actual, said, multi_class="ovr", average="macro", labels=labels)
    assert ours["auc"] == pytest.approx(area, abs=1e-12)
    assert ours["log_loss"] == pytest.approx(sk.log_loss(actual, said, labels=labels), abs=1e-12)
    assert ours["brier"] == pytest.approx(sk.brier_score_loss(actual, said, labels=labels), abs=1e-12)


def test_certain_and_wrong_is_clipped_as_scikit_learn_does() -> None:
    said = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
    actual = np.array([1, 1, 0])
    assert class_measures(said, actual, focus=1)["log_loss"] == pytest.approx(sk.log_loss(actual, said), abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_numbers_equal_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    actual, said = rng.normal(1e5, 3e4, (2, 200))
    ours = number_measures(said, actual)
    assert ours["mae"] == pytest.approx(sk.mean_absolute_error(actual, said), rel=1e-12)
    assert ours["rmse"] == pytest.approx(sk.root_mean_squared_error(actual, said), rel=1e-12)
    assert ours["r2"] == pytest.approx(sk.r2_score(actual, said), rel=1e-12)


def test_what_the_rows_cannot_give_is_left_out() -> None:
    said = np.array([[0.3, 0.7], [0.6, 0.4]])
    assert "auc" not in class_measures(said, np.array([1, 1]), focus=1)
    assert "auc" not in class_measures(np.eye(3)[[0, 1]], np.array([0, 1]), focus=0)
    assert "r2" not in number_measures(np.array([1.0, 2.0]), np.array([5.0, 5.0]))
    assert "r2" not in number_measures(np.array([1.0]), np.array([5.0]))
    assert auc(np.array([0.1, 0.2]), np.array([False, False])) is None


def test_auc_is_turned_by_turning_the_scores() -> None:
    rng = np.random.default_rng(0)
    scores, positive = np.round(rng.random(80), 1), rng.random(80) < 0.4
    area = auc(scores, positive)
    assert area is not None
    assert auc(-scores, positive) == pytest.approx(1 - area, abs=1e-15)
    assert auc(np.exp(scores), positive) == area


def test_every_option_of_the_sample_study_is_measured_on_test_rows(mortgages: Study) -> None:
    test = (mortgages.split == "test").to_numpy()
    actual = (mortgages.frame["denied"] == "yes").to_numpy()[test]
    for name in mortgages.candidates:
        said = stored(mortgages, name)["yes"].to_numpy()[test]
        found = {m.name: m for m in evaluate(mortgages, name)}
        assert list(found) == ["accuracy", "auc", "log_loss", "brier"]
        assert found["auc"].value == pytest.approx(sk.roc_auc_score(actual, said), abs=1e-12)
        assert {(m.n, m.rows) for m in found.values()} == {(476, "test")}
        counted = errors(mortgages, name)
        assert counted.found == (actual & (said >= 0.5)).sum()
        assert counted.found + counted.missed == 57
        assert counted.false_alarms + counted.passed == 419
        # The share of right answers and the counts of errors are one truth.
        assert found["accuracy"].value == (counted.found + counted.passed) / 476


def test_the_formula_finds_what_was_measured_when_the_study_was_made(mortgages: Study) -> None:
    counted = errors(mortgages, "formula")
    assert (counted.found, counted.missed, counted.false_alarms, counted.passed) == (12, 45, 7, 412)


def test_the_threshold_moves_errors_and_accuracy_together(mortgages: Study) -> None:
    low = mortgages.replace(threshold=0.2)
    counted = errors(low, "formula")
    assert counted.found > errors(mortgages, "formula").found
    assert evaluate(low, "formula")[0].value == (counted.found + counted.passed) / 476
    said = stored(low, "formula")
    assert classes_of(said, low) == ["yes" if p >= 0.2 else "no" for p in said["yes"]]


def test_other_rows_are_named(mortgages: Study) -> None:
    found = evaluate(mortgages, "tree", rows=("train", "calibration"))
    assert {(m.n, m.rows) for m in found} == {(1904, "training and calibration")}


def test_every_kind_of_study_is_measured(any_study: Study) -> None:
    for name in any_study.candidates:
        found = evaluate(any_study, name)
        assert found
        assert all(np.isfinite(m.value) for m in found)
        expected = "unknown history" if any_study.candidates[name].given_fitted else "test"
        assert {m.rows for m in found} == {expected}


def test_rows_without_an_outcome_are_not_measured() -> None:
    frame = pd.DataFrame({"x": np.arange(60.0), "y": [0.5 * i for i in range(60)]})
    frame.loc[50:, "y"] = np.nan
    labels = ["train"] * 30 + ["test"] * 30
    study = Study.from_frame(frame, target="y", candidates={"no_model": "no_model"}, split=labels)
    assert evaluate(study, "no_model")[0].n == 20


def test_errors_need_a_class(study_of: Callable[[str], Study]) -> None:
    with pytest.raises(CandidateError, match="number"):
        errors(study_of("regression"), "no_model")
    three = study_of("three classes")
    with pytest.raises(CandidateError, match="low, middle"):
        errors(three.replace(positive=None), "no_model", outcome="huge")
    counted = errors(three, "formula", outcome="low")
    test = three.split == "test"
    assert counted.found + counted.missed == int((three.frame["grade"][test] == "low").sum())
    assert counted.to_frame().to_numpy().sum() == int(test.sum())
