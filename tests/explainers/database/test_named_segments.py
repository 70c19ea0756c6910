from __future__ import annotations

import math
import uuid

import pytest

from explainers import database
from explainers.errors import DatabaseError


@pytest.fixture
def keep(kept):
    def make(**changes):
        fields = {
            "submission_id": str(uuid.uuid4()),
            "author": "Ada",
            "study": "houses",
            "fingerprint": "f" * 64,
            "candidate": "tree",
            "name": "Old  houses **at** the lake",
            "ids": ["7", "12", "7", "=1+1"],
            "said": "All were built before 1900.",
            "comment": "Ask the surveyor",
        }
        return database.add_segment(**{**fields, **changes})

    return make


def test_groups_come_back_newest_first_with_their_cases_once_each(kept, keep):
    first = keep()
    second = keep(
        ids=(), conditions=[{"column": "age", "low": 100.0, "high": math.inf}, {"column": "a", "levels": ("b", 2)}]
    )
    keep(study="other")
    database.dispose()
    assert database.named_segments("houses") == (second, first)
    assert (first.name, first.ids, first.conditions) == ("Old houses **at** the lake", ("7", "12", "=1+1"), ())
    assert second.conditions == ({"column": "age", "low": 100.0, "high": None}, {"column": "a", "levels": ["b", 2]})
    assert (first.author, first.said, first.comment) == ("Ada", "All were built before 1900.", "Ask the surveyor")


def test_a_removed_group_can_be_restored_by_anybody(kept, keep):
    first, second = keep(), keep(name="Another")
    form = str(uuid.uuid4())
    database.remove_segment(first.id, submission_id=form, author="Bo")
    database.remove_segment(first.id, submission_id=form, author="Bo")
    assert database.named_segments("houses") == (second,)
    database.restore_segment(first.id, submission_id=str(uuid.uuid4()), author="Ada")
    assert database.named_segments("houses") == (second, first)
    assert kept.sql("SELECT count(*) FROM bakeoff_segment_events") == [(2,)]


def test_the_same_form_twice_is_one_group(kept, keep):
    form = str(uuid.uuid4())
    first = keep(submission_id=form)
    assert keep(submission_id=form, name="changed") == first
    assert database.named_segments("houses") == (first,)


@pytest.mark.parametrize(
    "change",
    [
        {"author": ""},
        {"name": "  "},
        {"name": "x" * 121},
        {"ids": ()},
        {"ids": "7"},
        {"ids": 7},
        {"ids": [None]},
        {"ids": (str(i) for i in range(200_001))},
        {"conditions": ["a"]},
        {"conditions": [{"column": "a"}] * 21},
        {"submission_id": "x"},
    ],
)
def test_what_cannot_be_stored_is_said(kept, keep, change):
    with pytest.raises(DatabaseError):
        keep(**change)
    assert database.named_segments("houses") == ()


@pytest.mark.parametrize("number", [0, -1, 5, 2**40, "1"])
def test_no_such_group(kept, keep, number):
    keep()
    with pytest.raises(DatabaseError):
        database.remove_segment(number, submission_id=str(uuid.uuid4()), author="Ada")
    assert len(database.named_segments("houses")) == 1
