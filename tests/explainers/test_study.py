"""The structures: looking up candidates, cases and rows."""

from __future__ import annotations

import pytest

from explainers.errors import CandidateError, CaseError
from explainers.load import from_frame
from explainers.results import Problem
from explainers.study import study_error
from tests.bad_studies import loans


@pytest.fixture(scope="module")
def study():
    return from_frame(
        loans().assign(loan_id=range(500, 560)), target="refused", case="loan", cases="loans", title="Loans"
    )


def test_an_unknown_candidate_is_said_with_those_there_are(study) -> None:
    with pytest.raises(CandidateError, match=r"no candidate 'tree'.*no_model, rule"):
        study.candidate("tree")


def test_a_case_is_found_by_its_id_as_text(study) -> None:
    assert study.row("507")["loan_id"].tolist() == [507]
    assert study.row(507).index.tolist() == [7]  # type: ignore[arg-type]
    with pytest.raises(CaseError, match="no loan '9'"):
        study.row("9")


def test_rows_by_label_keep_their_order(study) -> None:
    rows = study.rows("train", "test")
    assert rows.index.is_monotonic_increasing
    assert len(rows) == study.split.isin(["train", "test"]).sum()
    assert len(study.rows()) == 0


def test_inputs_leave_out_protected_columns_ids_and_the_target(study) -> None:
    assert study.inputs == ("age", "income", "grade", "home")
    closed = from_frame(loans(), target="refused", dictionary={"home": {"protected": True}, "age": {"role": "leakage"}})
    assert closed.feature_names == ("home", "income", "grade")
    assert closed.inputs == ("income", "grade")


def test_the_dictionary_as_a_table(study) -> None:
    table = study.dictionary.to_frame()
    assert table.set_index("column").loc["loan_id", "role"] == "id"
    assert len(table) == len(study.dictionary) == 6
    assert "age" in study.dictionary
    assert "nothing" not in study.dictionary


def test_the_summary_of_many_problems_names_five_and_counts_the_rest() -> None:
    many = [Problem(code="c", where=f"w{i}", message="M.", remedy="R.") for i in range(8)]
    many.append(Problem(code="n", where="note", message="M.", remedy="R.", severity="note"))
    error = study_error(many, "The study")
    assert "w4: M. R." in error.message
    assert "w5" not in error.message
    assert error.message.endswith("And 3 more.")
    assert len(error.problems) == 9
