from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy

from explainers import database
from explainers.errors import DatabaseError

HOSTILE = {
    "markdown": "# big **bold** [link](javascript:alert(1)) ![x](http://x/y.png) $\\frac{1}{2}$ :red[x]",
    "html": "<script>alert('x')</script><img src=x onerror=alert(1)>",
    "sql": "'; DROP TABLE bakeoff_marks; -- \" % %s :name ? {x}",
    "formula": "=HYPERLINK(\"http://x\",\"y\")\t+1\t-1\t@x",
    "emoji": "👩🏽‍⚖️🏳️‍🌈🇳🇬",
    "right to left": "\u202eأهلاً بالعالم שלום\u202c",
    "lines": "  first\r\n\tsecond\n\n  third  ",
    "long": "漢" * 4_000,
    "escapes": "\\x00 \\u0000 \x01\x7f\ufeff\ufffe",
}  # fmt: skip


def test_a_mark_comes_back_as_it_was_written(kept, add):
    before = datetime.now(UTC)
    stored = add(candidate="forest", case={"debt": 0.46, "credit": "good", "n": 3, "new": True, "gone": None})
    database.dispose()  # from the disk, not from memory

    (found,) = database.marks("mortgages")
    assert found == stored
    assert found.created_at.utcoffset() == timedelta(0)
    assert before <= found.created_at <= datetime.now(UTC)
    assert (found.author, found.study, found.candidate, found.case_id) == (
        "Ada Okafor",
        "mortgages",
        "forest",
        "1042",
    )
    assert (found.fingerprint, found.candidate_key) == ("f" * 64, "k" * 64)
    assert (found.feature, found.mark, found.reason) == ("debt", "odd", "Debt payments take 46% of income.")
    assert found.comment == "This is usual here."
    assert list(found.case.items()) == [("debt", 0.46), ("credit", "good"), ("n", 3), ("new", True), ("gone", None)]


def test_hostile_text_is_only_text(kept, add, pin):
    for text in HOSTILE.values():
        short = text[:120]
        stored = add(
            comment=text, reason=text, feature=text, case={text: text}, study=short, candidate=short, case_id=short
        )
        (found,) = database.marks(short, case_id=short, candidate=short)
        assert found == stored
        assert (found.comment, found.reason, found.feature, found.case) == (text, text, text, {text: text})
        assert (found.study, found.candidate, found.case_id) == (short, short, short)

        answered = database.answer_mark(found.id, submission_id=str(uuid.uuid4()), author=f"x{text[:70]}", text=text)
        assert answered.answers[0].text == text
        pin(label=short, study=short, case={text: text})
        assert [(one.label, one.case) for one in database.pins(short)] == [(short, {text: text})]
        database.keep_draft("Ada", short, text)
        assert database.draft("Ada", short) == text


def test_what_no_database_can_hold_is_replaced_where_it_stood(kept, add):
    stored = add(comment="a\x00b\ud800c", case={"x\x00": "y\udfff"}, author="A\x00B")
    assert (stored.comment, stored.case, stored.author) == ("a\ufffdb\ufffdc", {"x\ufffd": "y\ufffd"}, "A\ufffdB")
    assert database.marks("mortgages") == (stored,)
    assert database.marks("mort\x00gages") == ()


def test_the_same_form_twice_is_stored_once(kept, add):
    form = str(uuid.uuid4())
    first = add(submission_id=form, comment="first")
    again = add(submission_id=form.upper(), comment="changed after a second click", mark="wrong")
    assert again == first
    assert database.marks("mortgages") == (first,)

    reply = str(uuid.uuid4())
    once = database.answer_mark(first.id, submission_id=reply, author="Bo", text="looked at")
    twice = database.answer_mark(first.id, submission_id=reply, author="Bo", text="looked at again")
    assert once == twice
    assert [answer.text for answer in twice.answers] == ["looked at"]


def test_newest_first_filtered_and_limited(kept, add):
    ids = [add(case_id=case, candidate=option).id for case in ("1", "2") for option in ("rule", "forest")]
    add(study="other")
    assert [mark.id for mark in database.marks("mortgages")] == ids[::-1]
    assert [mark.id for mark in database.marks("mortgages", case_id="1")] == [ids[1], ids[0]]
    assert [mark.id for mark in database.marks("mortgages", candidate="rule")] == [ids[2], ids[0]]
    assert [mark.id for mark in database.marks("mortgages", case_id="2", candidate="rule")] == [ids[2]]
    assert [mark.id for mark in database.marks("mortgages", limit=2)] == ids[:1:-1]
    assert database.marks("mortgages", limit=0) == ()
    assert database.marks("nobody wrote here") == ()


def test_a_typed_in_case_has_no_row(kept, add):
    stored = add(case_id=None)
    assert database.marks("mortgages") == (stored,)
    assert stored.case_id is None
    assert database.marks("mortgages", case_id="1042") == ()


def test_a_mark_is_open_until_it_is_answered(kept, add):
    asked, other = add(), add()
    assert asked.state == "open"
    database.answer_mark(asked.id, submission_id=str(uuid.uuid4()), author="Bo", text="one")
    answered = database.answer_mark(asked.id, submission_id=str(uuid.uuid4()), author="Cy", text="two")
    assert answered.state == "answered"
    assert [(answer.author, answer.text) for answer in answered.answers] == [("Bo", "one"), ("Cy", "two")]
    assert database.marks("mortgages") == (other, answered)


def test_nothing_that_was_written_changes(kept, add):
    mark = add()
    before = kept.sql("SELECT * FROM bakeoff_marks")
    database.answer_mark(mark.id, submission_id=str(uuid.uuid4()), author="Bo", text="one")
    answers = kept.sql("SELECT * FROM bakeoff_answers")
    add(submission_id=mark.submission_id, comment="other")
    database.answer_mark(mark.id, submission_id=str(uuid.uuid4()), author="Bo", text="two")
    assert kept.sql("SELECT * FROM bakeoff_marks") == before
    assert kept.sql("SELECT * FROM bakeoff_answers ORDER BY id LIMIT 1") == answers


def test_reading_asks_twice_however_many_marks_there_are(kept, add):
    for _ in range(6):
        database.answer_mark(add().id, submission_id=str(uuid.uuid4()), author="Bo", text="x")
    asked = []

    def note(_connection, _cursor, statement, *_rest):
        if statement.startswith("SELECT"):
            asked.append(statement)

    sqlalchemy.event.listen(sqlalchemy.Engine, "before_cursor_execute", note)
    try:
        found = database.marks("mortgages")
    finally:
        sqlalchemy.event.remove(sqlalchemy.Engine, "before_cursor_execute", note)
    assert [len(mark.answers) for mark in found] == [1] * 6
    assert len(asked) == 2


def test_an_answer_to_no_mark_is_refused(kept):
    with pytest.raises(DatabaseError, match="Expected the number of a mark that was kept, came 1, which is none"):
        database.answer_mark(1, submission_id=str(uuid.uuid4()), author="Bo", text="x")
    assert kept.sql("SELECT count(*) FROM bakeoff_answers") == [(0,)]


@pytest.mark.parametrize("number", [0, -1, 2**31, 2**70, "1", None, 1.0])
def test_what_is_no_number_of_a_mark_is_refused(home, number):
    with pytest.raises(DatabaseError, match="Expected the number of a mark"):
        database.answer_mark(number, submission_id=str(uuid.uuid4()), author="Bo", text="x")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"author": ""}, "Expected the name of the person who writes, came nothing"),
        ({"author": " \n\t"}, "Expected the name of the person who writes, came nothing"),
        ({"author": "x" * 81}, "up to 80 characters, came 81"),
        ({"author": None}, "The name of the author: expected text, came NoneType"),
        ({"comment": "x" * 4_001}, "The comment may have up to 4,000 characters, came 4,001"),
        ({"comment": b"x"}, "The comment: expected text, came bytes"),
        ({"reason": "x" * 4_001}, "The reason may have up to 4,000 characters"),
        ({"mark": "fine"}, "Expected one of: makes sense, odd, wrong. Came 'fine'"),
        ({"mark": None}, "Expected one of: makes sense, odd, wrong. Came None"),
        ({"submission_id": "1"}, "Expected the number of the form"),
        ({"submission_id": None}, "Expected the number of the form"),
        ({"study": " "}, "The name of the study: expected some text, came nothing"),
        ({"study": "x" * 501}, "The name of the study may have up to 500 characters"),
        ({"feature": ""}, "The name of the column: expected some text"),
        ({"case_id": 7}, "The name of the case: expected text, came int"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_a_reason(home, add, changes, message):
    with pytest.raises(DatabaseError) as refused:
        add(**changes)
    assert message in str(refused.value)
    assert not home.exists()  # refused before a database is opened


def test_the_longest_that_is_allowed_is_stored(kept, add, pin):
    stored = add(author=f"  {'😀' * 80}\n", comment="😀" * 4_000, study="😀" * 500, case_id="😀" * 500)
    assert (stored.author, stored.comment) == ("😀" * 80, "😀" * 4_000)
    assert database.marks("😀" * 500) == (stored,)
    assert pin(label="😀" * 120, study="😀" * 500).label == "😀" * 120
    with pytest.raises(DatabaseError, match="up to 120 characters, came 121"):
        pin(label="x" * 121)
    with pytest.raises(DatabaseError, match="The answer: expected some text"):
        database.answer_mark(stored.id, submission_id=str(uuid.uuid4()), author="Bo", text=" ")
    with pytest.raises(DatabaseError, match="The answer may have up to 4,000"):
        database.answer_mark(stored.id, submission_id=str(uuid.uuid4()), author="Bo", text="x" * 4_001)
