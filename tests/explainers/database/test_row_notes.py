from __future__ import annotations

import uuid

import pytest

from explainers import database
from explainers.errors import DatabaseError


@pytest.fixture
def note(kept):
    def make(**changes):
        fields = {
            "submission_id": str(uuid.uuid4()),
            "author": "Ada",
            "study": "houses",
            "fingerprint": "f" * 64,
            "case_id": "1011",
            "about": "outcome",
            "mark": "data error",
            "reason": "Sold for 5,000.",
            "comment": "=HYPERLINK(1) **is** what it says",
        }
        return database.add_row_mark(**{**fields, **changes})

    return make


def test_marks_come_back_newest_first_and_the_latest_of_a_row_holds(kept, note):
    first, other = note(), note(case_id="7", mark="check")
    second = note(mark="real", author="Bo", comment="")
    note(study="other")
    database.dispose()
    assert database.row_marks("houses") == (second, other, first)
    assert database.row_marks("houses", case_id="1011") == (second, first)
    assert database.standing_row_marks("houses") == (second, other)
    assert (first.author, first.mark, first.about, first.comment) == (
        "Ada",
        "data error",
        "outcome",
        "=HYPERLINK(1) **is** what it says",
    )
    assert first.created_at.tzinfo is not None


def test_a_mark_that_was_taken_back_holds_no_longer_and_is_not_lost(kept, note):
    first = note()
    back = note(mark="taken back")
    assert database.standing_row_marks("houses") == ()
    assert database.row_marks("houses") == (back, first)
    again = note(mark="check")
    assert database.standing_row_marks("houses") == (again,)


def test_the_same_form_twice_is_one_mark(kept, note):
    form = str(uuid.uuid4())
    first = note(submission_id=form)
    assert note(submission_id=form, mark="real") == first
    assert kept.sql("SELECT count(*) FROM bakeoff_row_marks") == [(1,)]


@pytest.mark.parametrize(
    "change",
    [
        {"author": " "},
        {"case_id": ""},
        {"case_id": None},
        {"study": ""},
        {"mark": "wrong"},
        {"mark": None},
        {"about": "x" * 41},
        {"submission_id": "x"},
        {"comment": 3},
    ],
)
def test_what_cannot_be_stored_is_said(kept, note, change):
    with pytest.raises(DatabaseError):
        note(**change)
    assert database.row_marks("houses") == ()


def test_the_database_itself_refuses_another_word(kept, note):
    note()
    with pytest.raises(Exception, match=r"(?i)check"):
        kept.sql("UPDATE bakeoff_row_marks SET mark = 'deleted'")
