"""The page "Which cases are odd?": every list of every kind of study, marks that stay, calm where nothing is odd."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.pages.conftest import Open, told
from tests.pages.test_confidence import calm, nothing_tested, one_class_tested, ready, unknown_history

LOOKS = ("inputs", "outcomes", "twice", "weight", "marks", "without", "method")
POOR = (nothing_tested, one_class_tested, unknown_history)


@pytest.fixture(scope="module", autouse=True)
def poor(studies: Path) -> Any:
    """Poor studies beside the usual ones, all of them built here: what a worker loads first to do so takes longest."""
    import shutil

    from explainers import open_study

    made = [studies / make.__name__ for make in POOR]
    for make, folder in zip(POOR, made, strict=True):
        make(folder)
    for folder in (*made, *(studies / name for name in ("houses", "grades", "markup", "tiny"))):
        open_study(folder)
    yield studies
    for folder in made:
        shutil.rmtree(folder)


@pytest.mark.parametrize("audience", ["business", pytest.param("technical", marks=pytest.mark.promise)])
@pytest.mark.parametrize("study", ["houses", "grades", "markup"])
def test_every_list_of_every_kind_of_study_says_something(page: Open, study: str, audience: str) -> None:
    ready(page, "outliers", study=study, option="logistic")
    bodies = set()
    for look in LOOKS:
        at = page("outliers", study=study, option="logistic", look=look, audience=audience, among="all")
        said = told(at) if study == "markup" else calm(at)  # its own names hold braces
        assert "Which cases are odd?" in said
        assert [e.value for e in at.error] == []
        bodies.add(said)
        for kind in ("markdown", "caption", "subheader", "warning"):
            for element in at.get(kind):
                text = getattr(element, "value", "")
                assert not re.search(r"(?<!\\)(?:\]\(http|<img|<script|\$x\^2|:red\[|!\[)", text)
    assert len(bodies) == len(LOOKS)


def test_the_application_with_debts_of_three_times_the_income_comes_first(page: Open) -> None:
    said = calm(page("outliers", study="boston_mortgages", option="tree"))
    assert "Of 476 never-seen applications, No. 1095 has the oddest values" in said
    assert "300% of income" in said
    assert re.search(r"All 476 applications are drawn", said)


def test_which_cases_are_looked_at_is_in_the_link(page: Open) -> None:
    at = page("outliers", study="houses", option="logistic", among="all")
    assert "all 240 houses" in told(at)
    assert at.query_params["among"] in ("all", ["all"])
    odd = page("outliers", study="houses", option="logistic", among="<b>")
    assert "48 never-seen houses" in calm(odd)


def test_a_mark_is_kept_with_its_author_and_taken_back_and_put_back(page: Open) -> None:
    from explainers import database

    link = {"study": "houses", "option": "logistic", "look": "marks"}
    state = {"odd_number": "7", "odd_number_7_say": True, "odd_number_7_held": "data error"}
    at = page("outliers", state=state | {"odd_number_7_comment": "**no** =1"}, **link)
    at.button(key="odd_number_7_save").click().run()
    assert "Write your name first" in told(at)
    assert database.row_marks("houses") == ()
    at.text_input(key="odd_number_7_name").set_value("Ada <b>").run()
    at.button(key="odd_number_7_save").click().run()
    (kept,) = database.row_marks("houses")
    assert (kept.case_id, kept.mark, kept.author, kept.comment) == ("7", "data error", "Ada <b>", "**no** =1")
    # The second half of a double click, from a browser that had heard of one empty field and not of the other.
    at.radio(key="odd_number_7_held").set_value("data error")
    at.button(key="odd_number_7_save").click().run()
    assert len(database.row_marks("houses")) == 1
    assert "Saved as “data error”" in told(at)
    again = page("outliers", **link)
    said = calm(again)
    assert "**no** =1" in said
    assert "People marked one house: one as a data error. Nothing was taken out of the data." in said
    trial = calm(page("outliers", study="houses", option="logistic", look="without"))
    assert "trial" in trial
    again.button(key=f"row_mark_{kept.id}_back").click().run()
    assert "was taken back" in told(again)
    assert database.standing_row_marks("houses") == ()
    again.button(key="row_mark_undo").click().run()
    assert [m.mark for m in database.standing_row_marks("houses")] == ["data error"]
    assert len(database.row_marks("houses")) == 3


def test_no_such_case_is_said(page: Open) -> None:
    said = told(page("outliers", state={"odd_number": "<b>77777"}, study="houses", option="logistic", look="marks"))
    assert "There is no house <b>77777" in said


@pytest.mark.parametrize("state", [{"among": 3}, {"odd_inputs_shown": 25}, {"without_held": ["gone"]}])
def test_hostile_session_values_never_stop_the_page(page: Open, state: dict[str, Any]) -> None:
    assert "Which cases are odd?" in calm(page("outliers", state=state, study="houses", option="logistic"))


@pytest.mark.parametrize("study", ["broken", "unreadable"])
def test_a_broken_study_says_what_to_mend(page: Open, study: str) -> None:
    assert "cannot be opened yet" in told(page("outliers", study=study))


@pytest.mark.parametrize("study", ["tiny", *(make.__name__ for make in POOR)])
def test_what_cannot_be_said_is_said_calmly(page: Open, study: str) -> None:
    option = {"tiny": "logistic", "unknown_history": "given"}.get(study, "tree")
    ready(page, "outliers", study=study, option=option)
    for look in LOOKS:
        assert "Which cases are odd?" in calm(page("outliers", study=study, option=option, look=look))
