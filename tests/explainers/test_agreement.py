"""Our attributions beside shap's: same game, same result; and a wrong result is seen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from explainers import Study
from explainers.attribution import agreement, checking, explain, reference
from explainers.errors import CaseError
from explainers.results import Agreement
from tests.explainers.games import by_hand, mixed_frame, pipeline, study_of


@pytest.fixture(scope="module")
def few_columns() -> Study:
    frame = mixed_frame(400, 6, missing=True)
    boosting = pipeline(HistGradientBoostingClassifier(max_iter=20, random_state=0), frame)
    return study_of(frame, "binary", no_model="no_model", boosting=boosting)


@pytest.fixture(scope="module")
def exact(few_columns: Study) -> Agreement:
    return agreement(few_columns, "boosting", few_columns.rows("test").iloc[[0]])


def test_few_columns_agree_with_the_exact_explainer(few_columns: Study, exact: Agreement) -> None:
    assert exact.explainer.startswith("ExactExplainer, shap 0.")
    assert exact.agrees
    assert exact.largest_gap <= exact.allowed_gap < 0.02
    by_brute_force = by_hand(few_columns, "boosting", exact.ours.cases, exact.ours.reference.rows)
    np.testing.assert_allclose(exact.shap_values, by_brute_force, rtol=0, atol=1e-9)
    assert exact.shap_base == pytest.approx(exact.ours.base_values[0], abs=1e-9)
    gaps = exact.to_frame().set_index("feature").gap.abs()
    assert gaps.idxmax() == exact.feature
    assert gaps.max() == pytest.approx(exact.largest_gap)
    assert exact.ours.reference_rows == 200  # shap would quietly keep 100 of them


def test_many_columns_agree_with_the_permutation_explainer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "SECONDS", 1.5)
    frame = mixed_frame(400, 12)
    study = study_of(frame, "three", tree="tree", logistic="logistic")
    case = study.case_ids[5]
    for outcome in study.classes[:2]:
        found = agreement(study, "logistic", case, outcome=outcome)
        assert found.explainer.startswith("PermutationExplainer")
        assert found.agrees
        assert found.ours.outcome == (outcome,)
        assert found.shap_values.sum() + found.shap_base == pytest.approx(found.ours.predictions[0], abs=1e-9)
        assert found.seconds < 10


def test_little_time_takes_fewer_reference_rows_for_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "SECONDS", 0.02)
    study = study_of(mixed_frame(400, 12), "number", boosting="boosting")
    found = agreement(study, "boosting", study.case_ids[5])
    assert 2 <= found.ours.reference_rows < 200
    assert found.shap_base == pytest.approx(found.ours.base_values[0], abs=1e-9)
    assert found.agrees


def test_one_other_case_and_a_constant(few_columns: Study) -> None:
    compared = reference(few_columns, case=few_columns.case_ids[3])
    found = agreement(few_columns, "boosting", few_columns.case_ids[1], reference=compared)
    assert found.agrees
    assert found.largest_gap <= 1e-9
    found = agreement(few_columns, "no_model", few_columns.case_ids[1])
    assert found.agrees
    assert np.abs(found.shap_values).max() <= 1e-12


def test_a_wrong_result_is_not_called_agreement(monkeypatch: pytest.MonkeyPatch, few_columns: Study) -> None:
    def swapped(*given: Any, **more: Any) -> Any:
        e = explain(*given, **more)
        e.values[:, [0, 1]] = e.values[:, [1, 0]]
        return e

    monkeypatch.setattr(checking, "explain", swapped)
    found = agreement(few_columns, "boosting", few_columns.rows("test").iloc[[0]])
    assert not found.agrees
    assert found.feature in found.ours.feature_names[:2]


def test_chance_alone_is_hardly_ever_called_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "REPEATS", 6)
    study = study_of(mixed_frame(300, 12), "binary", logistic="logistic")
    compared = reference(study, size=20)
    found = [
        agreement(study, "logistic", i, reference=compared, random_state=s) for s, i in enumerate(study.case_ids[:25])
    ]
    assert sum(not one.agrees for one in found) <= 1
    assert np.median([one.allowed_gap for one in found]) < 0.1


def test_quiet_and_one_case_only(few_columns: Study, capfd: pytest.CaptureFixture[str]) -> None:
    agreement(few_columns, "boosting", few_columns.case_ids[2])
    said = capfd.readouterr()
    assert said.out == said.err == ""
    np.random.seed(5)
    wanted = np.random.random()
    np.random.seed(5)
    agreement(few_columns, "boosting", few_columns.case_ids[2])
    assert np.random.random() == wanted  # shap sets numpy's global seed
    with pytest.raises(CaseError, match="not 2"):
        agreement(few_columns, "boosting", few_columns.frame.iloc[:2])
