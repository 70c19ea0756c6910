"""What a meeting leaves behind: scenarios, confirmed figures, votes, decisions, snapshots, added options."""

from __future__ import annotations

import math
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from explainers import database
from explainers.errors import DatabaseError


def form() -> str:
    return str(uuid.uuid4())


FIELDS = {
    "scenario": {"name": "A  busy year", "values": {"cases_per_month": 900.0, "wrong": {"yes": [1, math.inf]}}},
    "confirmation": {"values": {"hourly_rate": 75, "currency": "€"}, "comment": "Cost centre 410"},
    "vote": {"fingerprint": "f", "candidate": "tree", "candidate_key": "k", "weights": {"cost": 3, "speed": 0}},
    "decision": {"fingerprint": "f", "candidate": "tree", "reason": "It is cheap", "options": [{"candidate": "tree"}]},
    "snapshot": {"fingerprint": "f", "name": "Sprint 4", "payload": b"\x00\x01\xff" * 5000},
    "option": {"name": "tree_6", "label": "Small tree", "recipe": "tree", "parameters": {"max_depth": 6}},
}
CALLS = {
    "scenario": ("add_scenario", "scenarios", "scenarios"),
    "confirmation": ("confirm_figures", "confirmed", "confirmations"),
    "vote": ("add_vote", "votes", "votes"),
    "decision": ("add_decision", "decisions", "decisions"),
    "snapshot": ("add_snapshot", "snapshots", "snapshots"),
    "option": ("add_option", "added_options", "added_options"),
}


def add(kind: str, **changes):
    common = {"submission_id": form(), "author": "Ada", "study": "mortgages"}
    return getattr(database, CALLS[kind][0])(**{**common, **FIELDS[kind], **changes})


def listed(kind: str, study: str = "mortgages"):
    return getattr(database, CALLS[kind][1])(study)


@pytest.mark.parametrize("kind", CALLS)
def test_what_is_added_comes_back_and_only_in_its_study(kept, kind):
    first = add(kind)
    add(kind, study="other")
    database.dispose()
    assert listed(kind) == (first,)
    assert (first.author, first.study) == ("Ada", "mortgages")
    assert first.created_at.tzinfo is not None


@pytest.mark.parametrize("kind", CALLS)
def test_the_same_form_twice_is_one_record_and_nothing_is_edited(kept, kind):
    number = form()
    first = add(kind, submission_id=number)
    assert add(kind, submission_id=number, author="Somebody else") == first
    assert kept.sql(f"SELECT count(*) FROM bakeoff_{CALLS[kind][2]}") == [(1,)]


@pytest.mark.parametrize("kind", CALLS)
def test_what_cannot_be_stored_is_said(kept, kind):
    for change in ({"author": " "}, {"study": ""}, {"submission_id": "x"}, {"author": "x" * 81}):
        with pytest.raises(DatabaseError):
            add(kind, **change)
    assert listed(kind) == ()


def test_what_makes_no_sense_is_said(kept):
    for kind, change in (
        ("scenario", {"name": "  "}),
        ("scenario", {"name": "x" * 121}),
        ("scenario", {"values": {"a": {"b": {"c": {"d": {"e": {"f": {"g": 1}}}}}}}}),
        ("scenario", {"values": {"a": list(range(20_001))}}),
        ("decision", {"reason": " "}),
        ("decision", {"supersedes": 7}),
        ("decision", {"supersedes": "the first"}),
        ("snapshot", {"payload": b""}),
        ("snapshot", {"payload": "text"}),
        ("snapshot", {"name": ""}),
        ("option", {"recipe": ""}),
        ("option", {"label": ""}),
    ):
        with pytest.raises(DatabaseError):
            add(kind, **change)
        assert listed(kind) == ()


def test_figures_come_back_as_they_were_whatever_is_inside(kept):
    given = {"a": 1, "b": -math.inf, "c": [True, None, "x\x00"], "d": {"e": {"f": [0.1, math.nan]}}, 7: "seven"}
    add("confirmation", values=given)
    database.dispose()
    expected = {"a": 1, "b": -math.inf, "c": [True, None, "x\ufffd"], "d": {"e": {"f": [0.1, None]}}, "7": "seven"}
    assert listed("confirmation")[0].values == expected


def test_a_payload_that_is_too_large_is_said(kept, monkeypatch):
    monkeypatch.setattr(database.checks, "MOST_BYTES", 1000)
    with pytest.raises(DatabaseError, match="up to 0 MB"):
        add("snapshot", payload=b"x" * 1001)


# -- scenarios -------------------------------------------------------------------------------------------------------
def test_the_newest_of_a_name_counts_and_a_removed_name_stays_away(kept):
    old, other = add("scenario", values={"a": 1}), add("scenario", name="Quiet")
    new = add("scenario", name="A busy year", values={"a": 2})
    assert listed("scenario") == (new, other)
    database.remove_scenario(new.id, submission_id=form(), author="Bo")
    assert listed("scenario") == (other,)  # the one before it does not come back in its place
    database.restore_scenario(new.id, submission_id=form(), author="Ada")
    assert listed("scenario") == (new, other)
    assert old.name == new.name == "A busy year"
    assert kept.sql("SELECT count(*) FROM bakeoff_scenarios") == [(3,)]


def test_an_added_option_can_be_removed_and_restored(kept):
    first, second = add("option"), add("option", name="forest")
    database.remove_option(first.id, submission_id=form(), author="Bo")
    assert listed("option") == (second,)
    database.restore_option(first.id, submission_id=form(), author="Bo")
    assert listed("option") == (first, second)
    with pytest.raises(DatabaseError, match="added option"):
        database.remove_option(99, submission_id=form(), author="Bo")


# -- votes -----------------------------------------------------------------------------------------------------------
def test_the_latest_vote_of_a_person_counts_however_the_name_is_written(kept):
    add("vote", author="Ada"), add("vote", author="Bo", candidate="forest")
    last = add("vote", author=" aDA ", candidate="forest", comment="On second thoughts")
    add("vote", author="Bo", candidate="")  # abstains
    every = listed("vote")
    assert len(every) == 4
    assert database.standing_votes(every) == (last,)
    assert database.standing_votes(reversed(every)) == (last,)


# -- decisions -------------------------------------------------------------------------------------------------------
def test_a_decision_takes_the_place_of_the_last_and_is_kept_beside_it(kept):
    first = add("decision", votes=[{"author": "Ada", "candidate": "tree"}], values={"hourly_rate": 75.0})
    second = add("decision", candidate="", reason="Wait for more data", supersedes=first.id)
    database.dispose()
    assert listed("decision") == (second, first)
    assert (first.number, first.supersedes, second.number, second.supersedes) == (1, None, 2, first.id)
    assert first.votes == ({"author": "Ada", "candidate": "tree"},)
    assert first.values == {"hourly_rate": 75.0}


def test_a_decision_that_comes_too_late_is_told_who_was_first(kept):
    first = add("decision")
    add("decision", author="Bo", supersedes=first.id)
    for stale in (None, first.id):
        with pytest.raises(DatabaseError, match="Bo recorded another one meanwhile"):
            add("decision", author="Cy", supersedes=stale)
    assert [d.author for d in listed("decision")] == ["Bo", "Ada"]


def test_of_eight_decisions_at_once_one_is_stored(kept):
    add("vote")  # the tables are there
    ready = threading.Barrier(8)

    def send(n: int) -> str:
        ready.wait()
        try:
            return add("decision", author=f"Person {n}").author
        except DatabaseError as error:
            return error.message

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))
    (stored,) = [d.author for d in listed("decision")]
    assert sorted("meanwhile" in a for a in answers) == [False] + [True] * 7
    assert stored in answers


# -- snapshots -------------------------------------------------------------------------------------------------------
def test_a_list_of_snapshots_leaves_the_bytes_where_they_are(kept):
    stored = add("snapshot")
    assert listed("snapshot")[0].payload == b""
    found = database.snapshot(stored.id)
    assert found.payload == FIELDS["snapshot"]["payload"]
    assert found.name == "Sprint 4"
    with pytest.raises(DatabaseError, match="snapshot"):
        database.snapshot(stored.id + 1)
