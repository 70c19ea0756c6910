from __future__ import annotations

import math
import uuid

import pytest

from explainers import database
from explainers.errors import DatabaseError


@pytest.fixture
def choose(kept):
    def make(**changes):
        fields = {
            "submission_id": str(uuid.uuid4()),
            "author": "Ada",
            "study": "mortgages",
            "fingerprint": "f" * 64,
            "candidate": "tree",
            "candidate_key": "k" * 64,
            "rule": {"cut 0": 0.93, "cut 1": math.inf, "most off": 0.1},
            "assumptions": {"minutes per case": 20.0, "confirmed": False},
            "said": "It decides 230 of 476 alone.",
            "comment": "As agreed with the desk",
        }
        return database.add_triage(**{**fields, **changes})

    return make


def test_choices_come_back_newest_first_with_author_and_figures(kept, choose):
    first, second = choose(), choose(candidate="forest", author="Bo")
    choose(study="other")
    database.dispose()
    assert database.triages("mortgages") == (second, first)
    assert database.triages("mortgages", "tree") == (first,)
    found = database.triages("mortgages")[1]
    assert (found.author, found.said, found.comment) == (
        "Ada",
        "It decides 230 of 476 alone.",
        "As agreed with the desk",
    )
    assert found.rule == {"cut 0": 0.93, "cut 1": math.inf, "most off": 0.1}
    assert found.assumptions == {"minutes per case": 20.0, "confirmed": False}
    assert found.created_at.tzinfo is not None


def test_the_same_form_twice_is_one_choice_and_nothing_is_edited(kept, choose):
    form = str(uuid.uuid4())
    first = choose(submission_id=form)
    assert choose(submission_id=form, comment="changed") == first
    again = choose(comment="on second thoughts")
    assert database.triages("mortgages") == (again, first)
    assert kept.sql("SELECT count(*) FROM bakeoff_triage_choices") == [(2,)]


@pytest.mark.parametrize(
    "change", [{"author": " "}, {"said": ""}, {"study": ""}, {"submission_id": "x"}, {"comment": 3}]
)
def test_what_cannot_be_stored_is_said(kept, choose, change):
    with pytest.raises(DatabaseError):
        choose(**change)
    assert database.triages("mortgages") == ()
