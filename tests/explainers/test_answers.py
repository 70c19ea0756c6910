"""What every option says of one case."""

from __future__ import annotations

import numpy as np
import pytest

from explainers import predict
from explainers.answers import answers, choice
from explainers.attribution import reference
from explainers.errors import CandidateError, CaseError
from tests.explainers.games import mixed_frame, study_of


def test_every_option_answers_with_its_explanation() -> None:
    study = study_of(mixed_frame(300, 6), "binary", no_model="no_model", rule="rule", tree="tree", boosting="boosting")
    case = study.rows("test").iloc[[2]]
    told: list[tuple[float, str]] = []
    found = answers(study, case, progress=lambda share, what: told.append((share, what)))
    assert [a.candidate for a in found] == list(study.candidates)
    for answer in found:
        yes = predict.predict(study, answer.candidate, case)["yes"].iloc[0]
        assert answer.prediction == pytest.approx(yes, abs=1e-12)
        assert answer.outcome == ("yes" if yes >= study.threshold else "no")
        assert answer.explanation is not None
        total = answer.explanation.values.sum() + answer.explanation.base_values[0]
        assert total == pytest.approx(yes, abs=1e-9)
        assert answer.explanation.reference_rows == 100
    assert [share for share, _ in told] == [0, 0.25, 0.5, 0.75, 1]
    assert study.candidate("rule").label in told[1][1]


def test_names_ids_and_reference() -> None:
    study = study_of(mixed_frame(300, 4), "number", no_model="no_model", tree="tree", logistic="logistic")
    compared = reference(study, size=7)
    (one,) = answers(study, study.case_ids[4], names=["tree"], reference=compared)
    assert one.outcome is None
    assert one.prediction == pytest.approx(predict.predict(study, "tree", study.frame.iloc[[4]]).iloc[0, 0])
    assert one.explanation is not None
    assert one.explanation.reference_rows == 7


def test_options_that_could_not_be_built_are_left_out() -> None:
    study = study_of(mixed_frame(200, 4), "binary", no_model="no_model", tree="tree")
    tree = study.candidate("tree")
    broken = type(tree)(
        **{f: getattr(tree, f) for f in tree.__dataclass_fields__} | {"built": False, "failure": "It could not."}
    )
    study = study.replace(candidates={**study.candidates, "broken": broken})
    assert [a.candidate for a in answers(study, study.case_ids[0])] == ["no_model", "tree"]


def test_choice_by_threshold_and_by_likelihood() -> None:
    study = study_of(mixed_frame(200, 4), "binary", no_model="no_model").replace(threshold=0.2)
    assert choice(study, np.array([0.8, 0.2])) == "yes"
    assert choice(study, np.array([0.81, 0.19])) == "no"
    three = study_of(mixed_frame(200, 4), "three", no_model="no_model")
    assert choice(three, np.array([0.3, 0.3, 0.4])) == three.classes[2]


def test_more_or_less_than_one_case_is_refused() -> None:
    study = study_of(mixed_frame(200, 4), "binary", no_model="no_model")
    for n in (0, 2):
        with pytest.raises(CaseError, match=f"not {n}"):
            answers(study, study.frame.iloc[:n])
    with pytest.raises(CandidateError):
        answers(study, study.case_ids[0], names=["nobody"])
