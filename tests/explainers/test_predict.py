"""The door: what it lets in, what it counts, and the shape of what comes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers import Candidate, Study
from explainers.errors import CandidateError, CaseError
from explainers.predict import Door, check_cases, door, place_of, predict, stored

NAMES = ("no_model", "rule", "formula", "tree", "logistic", "boosting", "forest", "ebm")


def case(study: Study, **changes: Any) -> pd.DataFrame:
    frame = study.frame.iloc[[3]].astype(object)
    for name, value in changes.items():
        frame[name] = pd.Series([value], index=frame.index, dtype=object)
    return frame


# -- answers -----------------------------------------------------------------------------------------------------
def test_every_option_answers_every_kind_of_study(any_study: Study) -> None:
    rows = any_study.frame.iloc[::-3]
    for name, candidate in any_study.candidates.items():
        said = predict(any_study, name, rows)
        assert said.index.equals(rows.index)
        if any_study.task == "classification":
            assert tuple(said.columns) == any_study.classes
            assert np.allclose(said.sum(axis=1), 1)
        else:
            assert list(said.columns) == ["prediction"]
        raw = rows[list(candidate.features)]
        direct = candidate.estimator.predict_proba(raw) if any_study.classes else candidate.estimator.predict(raw)
        assert said.to_numpy().ravel() == pytest.approx(np.ravel(direct), abs=1e-12)
        assert stored(any_study, name).loc[rows.index].to_numpy() == pytest.approx(said.to_numpy(), abs=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_a_case_is_answered_the_same_alone_and_among_others(mortgages: Study, name: str) -> None:
    rows = mortgages.frame.iloc[:12]
    alone = pd.concat([predict(mortgages, name, rows.iloc[[i]]) for i in range(12)])
    assert alone.to_numpy() == pytest.approx(predict(mortgages, name, rows).to_numpy(), abs=1e-12)


def test_extra_columns_are_ignored_and_order_and_index_kept(mortgages: Study) -> None:
    rows = mortgages.frame.iloc[[5, 2, 5, 9]]
    rows = rows.set_axis(["x", "y", "x", "z"])
    turned = rows[rows.columns[::-1]].assign(denied="???", black=None, more=[[1], [2], [3], [4]])
    said = predict(mortgages, "boosting", turned)
    assert said.index.tolist() == ["x", "y", "x", "z"]
    assert said.equals(predict(mortgages, "boosting", rows))


def test_no_rows_give_an_empty_frame_of_the_right_columns(mortgages: Study, study_of: Callable[[str], Study]) -> None:
    assert list(predict(mortgages, "tree", mortgages.frame.iloc[:0]).columns) == ["no", "yes"]
    empty = study_of("regression").frame.iloc[:0]
    assert list(predict(study_of("regression"), "tree", empty).columns) == ["prediction"]
    assert len(door(mortgages, "tree").ask(check_cases(mortgages, "tree", mortgages.frame.iloc[:0]))) == 0


def test_the_door_counts_the_rows_it_sends(mortgages: Study) -> None:
    asked = door(mortgages, "tree")
    rows = check_cases(mortgages, "tree", mortgages.frame)
    asked.ask(rows.iloc[:7])
    asked.ask(rows.iloc[:0])
    asked.ask(rows.iloc[:30])
    assert asked.n_evaluations == 37
    assert asked.answers == "probabilities"


# -- what comes in -----------------------------------------------------------------------------------------------
def test_missing_values_and_levels_never_seen_are_answered(mortgages: Study) -> None:
    given = case(mortgages, self_employed="sometimes", loan_to_value=None, condominium=None)
    for name in mortgages.candidates:
        assert np.isfinite(predict(mortgages, name, given).to_numpy()).all()


@pytest.mark.parametrize(
    ("value", "same"),
    [(True, "yes"), (False, "no"), ("True", "yes"), ("YES", "yes"), (1, "yes"), (0.0, "no"), ("no", "no"), ("f", "no")],
)
def test_truth_values_stand_for_the_levels_of_the_dictionary(mortgages: Study, value: object, same: str) -> None:
    checked = check_cases(mortgages, "formula", case(mortgages, self_employed=value))
    assert checked["self_employed"].tolist() == [same]
    assert checked["self_employed"].dtype == mortgages.frame["self_employed"].dtype


@pytest.mark.parametrize("value", ["0.5", " 0.5 ", "5e-1", 0.5, np.float32(0.5), "+.5"])
def test_numbers_may_come_as_text(mortgages: Study, value: object) -> None:
    assert check_cases(mortgages, "tree", case(mortgages, loan_to_value=value))["loan_to_value"].tolist() == [0.5]


@pytest.mark.parametrize("value", [None, np.nan, "", "  ", pd.NA, pd.NaT])
def test_blank_is_missing(mortgages: Study, value: object) -> None:
    checked = check_cases(mortgages, "tree", case(mortgages, loan_to_value=value, self_employed=value))
    assert checked[["loan_to_value", "self_employed"]].isna().all(axis=None)


@pytest.mark.parametrize(
    "value",
    ["high", "1,5", "0x10", "1_000", np.inf, -np.inf, "inf", "1e999", [1], {"a": 1}, 1j, pd.Timestamp("2020-01-01")],
)
def test_what_is_no_finite_number_is_refused_by_column_and_row(mortgages: Study, value: object) -> None:
    given = mortgages.frame.iloc[[3, 4]].astype(object).set_axis(["fine", "bad row"])
    given["loan_to_value"] = pd.Series([0.8, None], index=given.index, dtype=object)
    given.at["bad row", "loan_to_value"] = value
    with pytest.raises(CaseError, match=r"'loan_to_value'.*'bad row'"):
        predict(mortgages, "tree", given)


@pytest.mark.parametrize("value", [[1], {"a": 1}, np.inf])
def test_what_is_no_level_is_refused(mortgages: Study, value: object) -> None:
    given = case(mortgages)
    given["self_employed"] = pd.Series([value], index=given.index, dtype=object)
    with pytest.raises(CaseError, match="'self_employed'"):
        check_cases(mortgages, "tree", given)


@pytest.mark.parametrize("given", [{"a": 1}, [1, 2], None, "case", pd.Series([1.0])])
def test_only_frames_are_cases(mortgages: Study, given: Any) -> None:
    with pytest.raises(CaseError, match="DataFrame"):
        predict(mortgages, "tree", given)


def test_missing_and_repeated_columns_are_named_all_at_once(mortgages: Study) -> None:
    with pytest.raises(CaseError, match=r"'loan_to_value', 'self_employed'"):
        predict(mortgages, "tree", mortgages.frame.drop(columns=["self_employed", "loan_to_value"]))
    twice = pd.concat([mortgages.frame, mortgages.frame[["loan_to_value"]]], axis=1)
    with pytest.raises(CaseError, match="'loan_to_value' more than once"):
        predict(mortgages, "tree", twice)


def test_cases_are_not_changed(mortgages: Study) -> None:
    given = case(mortgages, self_employed=True, loan_to_value="0.7")
    before = given.copy(deep=True)
    predict(mortgages, "tree", given)
    pd.testing.assert_frame_equal(given, before)


def test_dates_and_whole_numbers_keep_their_types() -> None:
    days = pd.date_range("2020-01-01", periods=60)
    frame = pd.DataFrame({"day": days, "n": np.arange(60), "y": np.arange(60.0) + np.tile([0.0, 1.0], 30)})
    kinds = {"day": {"kind": "date", "role": "feature"}, "n": {"kind": "numeric", "role": "feature"}}
    study = Study.from_frame(frame, target="y", candidates={"tree": "tree", "formula": "formula"}, dictionary=kinds)
    given = pd.DataFrame({"day": ["2020-01-05", None], "n": ["4", 7.5]})
    checked = check_cases(study, "tree", given)
    assert checked["day"].dtype == study.frame["day"].dtype
    assert checked["day"].iloc[0] == pd.Timestamp("2020-01-05")
    assert checked["n"].tolist() == [4.0, 7.5]
    assert check_cases(study, "tree", given[:1])["n"].dtype == study.frame["n"].dtype
    assert np.isfinite(predict(study, "tree", given).to_numpy()).all()
    for value in ("soon", 5, "2020-13-01"):
        with pytest.raises(CaseError, match="'day'"):
            check_cases(study, "tree", pd.DataFrame({"day": [value], "n": [1]}))


@given(
    value=st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.binary(max_size=4))
)
def test_any_value_is_answered_or_refused(mortgages: Study, value: object) -> None:
    given_ = case(mortgages, loan_to_value=value, self_employed=value)
    try:
        said = predict(mortgages, "formula", given_)
    except CaseError:
        return
    assert np.isfinite(said.to_numpy()).all()


# -- estimators of all kinds -------------------------------------------------------------------------------------
class Answering:
    """Answers whatever it was made with."""

    def __init__(self, **methods: Any) -> None:
        for name, answer in methods.items():
            setattr(self, name, answer if name.endswith("_") else lambda X, a=answer: a(X) if callable(a) else a)


def door_of(study: Study, estimator: Any) -> Door:
    made = Candidate(
        name="ours", label="Ours", kind="black_box", estimator=estimator, features=study.inputs, built=True
    )
    return door(study.replace(candidates={"ours": made}), "ours")


def test_classes_are_put_in_the_order_of_the_study(study_of: Callable[[str], Study]) -> None:
    study = study_of("three classes")  # high, low, middle
    said = np.array([[0.1, 0.2, 0.7]])
    turned = Answering(predict_proba=said, classes_=np.array(["middle", "high", "low"]))
    rows = study.frame[list(study.inputs)][:1]
    order = ["middle", "high", "low"]
    assert door_of(study, turned).ask(rows)[0].tolist() == [said[0, order.index(c)] for c in study.classes]
    fewer = Answering(predict_proba=np.array([[0.4, 0.6]]), classes_=np.array(["low", "high"]))
    found = dict(zip(study.classes, door_of(study, fewer).ask(rows)[0], strict=True))
    assert found == {"low": 0.4, "high": 0.6, "middle": 0.0}


def test_scores_and_labels_are_taken_and_marked(study_of: Callable[[str], Study]) -> None:
    study = study_of("binary")
    rows = study.frame[list(study.inputs)][:2]
    scores = door_of(study, Answering(decision_function=np.array([0.0, 3.0]), classes_=np.array(["no", "yes"])))
    assert scores.answers == "scores"
    assert scores.ask(rows)[:, 1] == pytest.approx([0.5, 1 / (1 + np.exp(-3))])
    labels = door_of(study, Answering(predict=np.array(["yes", "no"])))
    assert labels.answers == "labels"
    assert labels.ask(rows).tolist() == [[0, 1], [1, 0]]


def test_answers_that_are_none_are_refused(study_of: Callable[[str], Study]) -> None:
    study = study_of("binary")
    rows = study.frame[list(study.inputs)][:2]
    classes = np.array(["no", "yes"])
    bad: list[tuple[Any, str]] = [
        (Answering(predict_proba=np.array([[np.nan, 1], [0.5, 0.5]]), classes_=classes), "1 of 2"),
        (Answering(predict_proba=np.array([[0.5, 0.5]]), classes_=classes), "shape"),
        (Answering(predict_proba=np.full((2, 3), 1 / 3), classes_=classes), "2 classes and answers for 3"),
        (Answering(predict_proba=np.array([[1.5, -0.5], [0, 1]]), classes_=classes), "outside 0 to 1"),
        (Answering(predict_proba=lambda X: 1 / 0, classes_=classes), "ZeroDivisionError"),
        (Answering(predict=np.array(["maybe", "no"])), "none of the classes"),
    ]
    for estimator, said in bad:
        with pytest.raises(CandidateError, match=said):
            door_of(study, estimator).ask(rows)
    for estimator, said in [
        (Answering(predict_proba=classes, classes_=np.array(["a", "b"])), "classes a, b"),
        (object(), "neither"),
    ]:
        with pytest.raises(CandidateError, match=said):
            door_of(study, estimator)
    number = study_of("regression")
    with pytest.raises(CandidateError, match="shape"):
        door_of(number, Answering(predict=np.zeros((2, 2)))).ask(number.frame[list(number.inputs)][:2])


def test_places_among_classes() -> None:
    assert place_of((0, 1), np.array([1.0, 0.0])).tolist() == [1, 0]
    assert place_of(("0", "1"), np.array([True, False])).tolist() == [1, 0]
    assert place_of((False, True), np.array([1, 0, 2])).tolist() == [1, 0, -1]
    assert place_of(("no", "yes"), np.array(["yes", None], dtype=object)).tolist() == [1, -1]


def test_an_unknown_name_lists_the_known(mortgages: Study) -> None:
    with pytest.raises(CandidateError, match="no_model, rule"):
        predict(mortgages, "oracle", mortgages.frame)


def test_large_batches_are_sent_in_parts(mortgages: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = predict(mortgages, "boosting", mortgages.frame)
    monkeypatch.setattr("explainers.predict._BATCH", 1000)
    assert predict(mortgages, "boosting", mortgages.frame).equals(whole)


def test_stored_answers_are_computed_once(mortgages: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    first = stored(mortgages, "tree")
    monkeypatch.setattr(Door, "ask", lambda self, frame: pytest.fail("asked again"))
    assert stored(mortgages, "tree").equals(first)
    assert stored(mortgages, "tree").index.equals(mortgages.frame.index)
    with pytest.raises(pytest.fail.Exception):
        stored(
            mortgages.replace(
                candidates={
                    "t": replace(
                        mortgages.candidates["tree"], name="t", parameters={"max_depth": 1}, estimator=None, built=False
                    )
                }
            ),
            "t",
        )
