from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from explainers import database
from explainers.errors import DatabaseError


def test_the_latest_draft_of_a_person_and_form_is_kept(kept):
    assert database.draft("Ada", "mark 7") == ""
    database.keep_draft("Ada", "mark 7", "half a sen")
    database.keep_draft(" Ada ", "mark 7", "half a sentence 😀'; --\x00")
    database.keep_draft("Bo", "mark 7", "of somebody else")
    database.keep_draft("Ada", "mark 8", "of another form")
    database.dispose()
    assert database.draft("Ada", "mark 7") == "half a sentence 😀'; --\ufffd"
    database.drop_draft("Ada", "mark 7")
    database.drop_draft("Ada", "mark 7")
    assert database.draft("Ada", "mark 7") == ""
    assert database.draft("Bo", "mark 7") == "of somebody else"
    assert database.draft("Ada", "mark 8") == "of another form"
    assert kept.sql("SELECT count(*) FROM bakeoff_drafts") == [(2,)]


def test_drafts_typed_in_two_windows_at_once_leave_one(kept):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: database.keep_draft("Ada", "mark 7", str(n)), range(24)))
    assert kept.sql("SELECT count(*) FROM bakeoff_drafts") == [(1,)]
    assert database.draft("Ada", "mark 7") in {str(n) for n in range(24)}


def test_a_draft_needs_a_name_and_has_an_end(home):
    with pytest.raises(DatabaseError, match="name of the person who writes"):
        database.keep_draft("", "mark 7", "x")
    with pytest.raises(DatabaseError, match="up to 20,000 characters, came 20,001"):
        database.keep_draft("Ada", "mark 7", "x" * 20_001)
