from __future__ import annotations

import uuid

import pytest

from explainers import database
from explainers.errors import DatabaseError


def new() -> str:
    return str(uuid.uuid4())


def test_pins_come_back_oldest_first(kept, pin):
    first, second = pin(label="b", case_id="17", case={}), pin(label="a")
    pin(study="other")
    database.dispose()
    assert database.pins("mortgages") == (first, second)
    assert (first.case_id, first.case, second.case_id, second.case) == ("17", {}, None, {"debt": 0.3})


def test_removed_and_restored_as_often_as_one_likes(kept, pin):
    first, second, third = pin(), pin(), pin()
    database.remove_pin(second.id, submission_id=new(), author="Bo")
    assert database.pins("mortgages") == (first, third)
    database.restore_pin(second.id, submission_id=new(), author="Cy")
    assert database.pins("mortgages") == (first, second, third)
    database.remove_pin(second.id, submission_id=new(), author="Bo")
    database.remove_pin(first.id, submission_id=new(), author="Bo")
    assert database.pins("mortgages") == (third,)
    database.restore_pin(first.id, submission_id=new(), author="Bo")
    assert database.pins("mortgages") == (first, third)
    assert kept.sql("SELECT count(*) FROM bakeoff_pins") == [(3,)]
    assert kept.sql("SELECT pin_id, event, author FROM bakeoff_pin_events ORDER BY id") == [
        (second.id, "removed", "Bo"),
        (second.id, "restored", "Cy"),
        (second.id, "removed", "Bo"),
        (first.id, "removed", "Bo"),
        (first.id, "restored", "Bo"),
    ]


def test_a_late_repeat_of_a_click_does_not_undo_what_came_after(kept, pin):
    one, click = pin(), new()
    database.remove_pin(one.id, submission_id=click, author="Bo")
    database.restore_pin(one.id, submission_id=new(), author="Bo")
    database.remove_pin(one.id, submission_id=click, author="Bo")
    assert database.pins("mortgages") == (one,)


def test_the_same_form_twice_is_one_pin(kept, pin):
    form = new()
    first = pin(submission_id=form)
    assert pin(submission_id=form, label="changed") == first
    assert database.pins("mortgages") == (first,)


@pytest.mark.parametrize("change", [database.remove_pin, database.restore_pin])
def test_no_such_pin_is_said(kept, change):
    with pytest.raises(DatabaseError, match="Expected the number of a pinned case that was kept, came 9"):
        change(9, submission_id=new(), author="Bo")
    assert kept.sql("SELECT count(*) FROM bakeoff_pin_events") == [(0,)]
