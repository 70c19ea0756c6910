"""The page "What did we decide?" and what the first page says of it: votes, decisions, states, and a lost database."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from streamlit.testing.v1 import AppTest

from explainers import database, open_study
from tests.pages.conftest import ROOT, Open, told, unescaped

STUDY = "houses"
LOOKS = ("weights", "record", "changes", "take", "method")
Decide = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A database of this test's own."""
    file = tmp_path / "own.sqlite"
    monkeypatch.setenv("BAKEOFF_DATABASE_URL", f"sqlite:///{file}")
    yield file
    database.dispose()


@pytest.fixture
def decide(page: Open) -> Decide:
    def opened(study: str = STUDY, **link: str) -> AppTest:
        return page("decision", study=study, **link)

    return opened


def vote(at: AppTest, option: str | None, comment: str = "", name: str | None = None, study: str = STUDY) -> AppTest:
    if option is not None:
        at.radio(key=f"vote_choice:{study}").set_value(option)
    at.text_area(key=f"vote_comment:{study}").set_value(comment)
    if name is not None:
        at.text_input(key="vote_name").set_value(name)
    return at.button(key="vote_save").click().run()


def add_vote(author: str, candidate: str, study: str = STUDY, **more: Any) -> database.Vote:
    number = str(uuid.uuid4())
    return database.add_vote(
        submission_id=number, author=author, study=study, fingerprint="f", candidate=candidate, **more
    )


def add_decision(candidate: str, reason: str = "It is cheap", **more: Any) -> database.Decision:
    number = str(uuid.uuid4())
    fields = {"author": "Ada", "study": STUDY, "fingerprint": "f", "candidate": candidate, "reason": reason, **more}
    return database.add_decision(submission_id=number, **fields)


# -- what is on the page ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("study", ["boston_mortgages", "houses", "grades", "tiny"])
@pytest.mark.parametrize("audience", ["business", "technical"])
def test_every_kind_of_study_can_be_decided_on(decide: Decide, study: str, audience: str) -> None:
    at = decide(study, audience=audience)
    text = told(at)
    assert "Nothing is decided yet, and nobody has voted." in text
    assert "example figures: nobody has confirmed them" in text
    assert at.radio(key=f"vote_choice:{study}").options[-1] == "I abstain"


@pytest.mark.parametrize("look", LOOKS)
def test_every_tab_opens_by_its_link(decide: Decide, look: str) -> None:
    add_vote("Ada", "rule", comment="Cheap")
    add_decision("rule")
    at = decide(look=look)
    assert not at.exception
    assert at.query_params["look"] == look
    expected = {
        "weights": "counts the same until you move something",
        "record": "Record what you decide",
        "changes": "Keep the state of today to begin with",
        "take": "Slides (PowerPoint)",
        "method": "is never edited",
    }[look]
    assert expected in told(at)


def test_names_and_comments_are_shown_as_text(decide: Decide) -> None:
    add_vote("<b>Ada</b> :red[x]", "rule", comment="[link](http://x.example) $\\alpha$ *star*")
    text = told(decide())
    assert "<b>Ada</b> :red[x]" in text
    assert "[link](http://x.example) $\\alpha$ *star*" in text


# -- voting ----------------------------------------------------------------------------------------------------------
def test_a_vote_is_kept_once_and_can_be_changed(decide: Decide) -> None:
    at = vote(decide(), "rule", "Cheap enough", "Ada")
    assert "Saved: your vote is for" in told(at)
    assert [(v.author, v.candidate, v.comment) for v in database.votes(STUDY)] == [("Ada", "rule", "Cheap enough")]
    assert database.votes(STUDY)[0].weights == {"accuracy": 3, "cost": 3, "speed": 3, "explainability": 3}
    at = at.button(key="vote_save").click().run()  # the same once more
    assert "Saved: your vote is for" in told(at)
    assert len(database.votes(STUDY)) == 1
    at = vote(at, "logistic", "On second thoughts")
    assert [v.candidate for v in database.votes(STUDY)] == ["logistic", "rule"]
    text = told(at)
    assert "1 of 1 vote is for" in text
    assert "1 earlier vote" in text
    at = vote(at, "", "On second thoughts")
    assert "Saved: you abstain" in told(at)
    assert "Nothing is decided yet, and nobody has voted." in told(at)


def test_the_same_vote_is_confirmed_each_time_and_said_no_longer_than_a_double_click_lasts(
    decide: Decide, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = vote(decide(), "rule", "Cheap enough", "Ada")
    assert "Saved: your vote is for" in told(at.run())
    monkeypatch.setattr("pages.parts.people.DOUBLE_CLICK", 0.0)  # a moment later
    at = at.button(key="vote_save").click().run()
    assert "Saved: your vote is for" in told(at)
    assert "Saved: your vote is for" not in told(at.run())
    assert len(database.votes(STUDY)) == 1


def test_the_ballot_asks_for_the_option_first_and_then_how_it_is_to_answer(decide: Decide) -> None:
    name = "boston_mortgages"
    at = decide(name, look="record")
    ballot = at.radio(key=f"vote_choice:{name}")
    # Here variants stand by their whole names.
    every = [unescaped(words) for words in at.selectbox(key=f"decision_choice:{name}").options]
    variants = [words for words in every if words.endswith(", cut-off by cost")]
    assert variants
    assert sorted([*map(unescaped, ballot.options[:-1]), *variants]) == sorted(every[:-1])
    assert [r.key for r in at.radio] == [ballot.key]
    at = ballot.set_value("tree").run()
    assert told(at).count("also be had with the cut-off by cost") == 1
    way = at.radio(key=f"vote_variant:{name}:tree")
    assert [unescaped(words) for words in way.options] == ["As it does now", "With the cut-off by cost"]
    assert way.value == "tree"  # nothing more is asked of a person in a hurry
    way.set_value("tree|cut by cost")
    at = vote(at, None, "Fewer misses", "Ada", study=name)
    assert [(v.candidate, v.variant) for v in database.votes(name)] == [("tree", "cut by cost")]
    assert "cut-off by cost” has one vote: Ada" in told(at)
    at = vote(at, "no_model", "After all", study=name)
    assert not [r for r in at.radio if r.key == f"vote_variant:{name}:tree"]
    assert database.votes(name)[0].candidate == "no_model"
    assert database.votes(name)[0].variant == ""


def test_technical_words_name_options_as_the_field_does_wherever_votes_stand(decide: Decide) -> None:
    add_vote("Ada", "tree", comment="Short", study="boston_mortgages")
    add_decision("tree", study="boston_mortgages")
    plain = told(decide("boston_mortgages", look="record"))
    technical = told(decide("boston_mortgages", look="record", audience="technical"))
    known = open_study(ROOT / "sample_data" / "boston_mortgages").candidates["tree"]
    assert known.technical
    assert known.label in plain
    assert known.label not in technical
    assert known.technical in technical


def test_the_same_vote_after_a_lost_answer_is_one(decide: Decide) -> None:
    """The server died after the commit: a new session fills in the same and sends it again."""
    vote(decide(), "rule", "Cheap", "Ada")
    vote(decide(), "rule", "Cheap", "ada")
    assert len(database.votes(STUDY)) == 1
    add_vote("Ada", "rule", comment="Cheap", candidate_key="of another build")
    vote(decide(), "rule", "Cheap", "Ada")  # the option was made anew since then: that is another vote
    assert len(database.votes(STUDY)) == 3


def test_an_incomplete_vote_is_not_written_and_nothing_is_lost(decide: Decide) -> None:
    at = vote(decide(), None, "Half a thought", "Ada")
    assert "Choose an option first" in told(at)
    at.text_input(key="vote_name").set_value("")
    at = vote(at, "rule", "Half a thought")
    assert "Write your name first" in told(at)
    assert at.text_area(key=f"vote_comment:{STUDY}").value == "Half a thought"
    assert database.votes(STUDY) == ()


def test_votes_of_another_build_are_told(decide: Decide) -> None:
    add_vote("Ada", "rule", candidate_key="of another build")
    add_vote("Bo", "gone")
    text = told(decide())
    assert "One vote was given before the option was made anew." in text
    assert "One vote is for an option that is gone." in text


# -- deciding --------------------------------------------------------------------------------------------------------
def test_a_decision_is_recorded_with_all_it_rests_on_and_superseded(decide: Decide) -> None:
    add_vote("Bo", "rule", comment="Cheap")
    at = decide(look="record")
    assert at.selectbox(key=f"decision_choice:{STUDY}").value == "rule"  # who leads is offered
    at.text_area(key=f"decision_reason:{STUDY}").set_value("We can read it")
    at.text_input(key="decision_name").set_value("Ada")
    at = at.button(key="decision_save").click().run()
    assert "Recorded as decision 1." in told(at)
    assert "go on with “" in told(at)
    (first,) = database.decisions(STUDY)
    assert (first.candidate, first.author, first.reason, first.supersedes) == ("rule", "Ada", "We can read it", None)
    assert [(v["author"], v["candidate"], v["comment"]) for v in first.votes] == [("Bo", "rule", "Cheap")]
    assert {o["candidate"] for o in first.options} >= {"no_model", "rule", "logistic"}
    assert all(o["cost"] >= 0 for o in first.options)
    assert len(first.candidate_key) == 64
    assert first.values["cases_per_month"] > 0
    at.session_state[f"rests_{first.id}"] = True
    rests = at.run().table[0].value.replace(r"\\", "", regex=True)
    assert rests.iloc[:, 1].str.startswith("$").all(), rests
    assert rests.iloc[:, 2].str.fullmatch(r"[\d.]+ \([\d.]+ to [\d.]+\)|[\d.]+").all(), "a figure has its range"

    at.selectbox(key=f"decision_choice:{STUDY}").set_value("")
    at.text_area(key=f"decision_reason:{STUDY}").set_value("Wait")
    at = at.button(key="decision_save").click().run()
    second, kept_first = database.decisions(STUDY)
    assert (second.candidate, second.supersedes, second.number) == ("", first.id, 2)
    assert kept_first == first
    text = told(at)
    assert "no option is chosen yet" in text
    assert "replaced by decision 2" in text


def test_a_decision_that_comes_too_late_keeps_what_was_typed(decide: Decide) -> None:
    at = decide(look="record")
    at.selectbox(key=f"decision_choice:{STUDY}").set_value("rule")
    at.text_area(key=f"decision_reason:{STUDY}").set_value("My reason")
    at.text_input(key="decision_name").set_value("Bo")
    shown = at.button(key="decision_save").click()
    add_decision("logistic", author="Cy")
    real, database.decisions = database.decisions, lambda study: ()  # what was on screen
    try:
        at = shown.run()
    finally:
        database.decisions = real
    assert "Cy recorded another one meanwhile" in told(at)
    assert at.text_area(key=f"decision_reason:{STUDY}").value == "My reason"
    assert [d.author for d in database.decisions(STUDY)] == ["Cy"]


def test_a_decision_on_an_option_that_was_made_anew_asks_to_look_again(decide: Decide, page: Open) -> None:
    add_decision("rule", candidate_key="of another build")
    assert "The option was made anew since then" in told(decide())
    assert "was made anew since it was chosen" in told(page("home", study=STUDY))


# -- own weights -----------------------------------------------------------------------------------------------------
def test_own_weights_move_the_order_and_are_in_the_link(decide: Decide) -> None:
    at = decide(weights="0-5-0-0")
    assert "With your weights “No model” comes first, with 100 of 100 points" in told(at)
    assert at.slider(key="weight_cost").value == 5
    at.slider(key="weight_cost").set_value(0)
    at = at.slider(key="weight_accuracy").set_value(5).run()
    assert at.query_params["weights"] == "5-0-0-0"
    assert "“No model” comes first" not in told(at)
    at = vote(at, "rule", "", "Ada")
    assert database.votes(STUDY)[0].weights == {"accuracy": 5, "cost": 0, "speed": 0, "explainability": 0}


@pytest.mark.parametrize("given", ["", "9-9-9-9", "1-2-3", "a-b-c-d", "-1-1-1-1", "1" * 400])
def test_weights_that_make_no_sense_are_the_usual_ones(decide: Decide, given: str) -> None:
    at = decide(weights=given)
    assert not at.exception
    assert at.slider(key="weight_cost").value == 3


# -- states ----------------------------------------------------------------------------------------------------------
def freeze(at: AppTest, name: str, round_: int) -> AppTest:
    at.session_state["freeze"] = True
    at = at.run()
    at.text_input(key=f"freeze_name_{round_}").set_value(name)
    if round_ == 0:
        at.text_input(key="freeze_name").set_value("Ada")
    return at.button(key="freeze_save").click().run()


def test_states_are_kept_and_nothing_changed_since(decide: Decide, page: Open) -> None:
    at = freeze(decide(look="changes"), "Sprint 4", 0)
    assert "Nothing has changed since “Sprint 4”" in told(at)
    at = freeze(at, "Sprint 5", 1)
    assert "Nothing has changed since “Sprint 5”" in told(at)  # the newest is on screen
    newest, first = database.snapshots(STUDY)
    assert (newest.name, first.name) == ("Sprint 5", "Sprint 4")
    assert at.query_params["since"] == str(newest.id)
    assert "Nothing has changed since “Sprint 4”" in told(decide(look="changes", since=str(first.id)))
    assert "Nothing has changed since “Sprint 5”" in told(decide(look="changes", since="none of them"))
    assert "Nothing has changed since “Sprint 5”" in told(page("home", study=STUDY))


def test_a_state_without_a_name_is_not_kept(decide: Decide) -> None:
    at = decide(look="changes")
    at.session_state["freeze"] = True
    at = at.run()
    at = at.button(key="freeze_save").click().run()
    assert "Write what it is called first" in told(at)
    assert database.snapshots(STUDY) == ()


# -- a database that is lost -----------------------------------------------------------------------------------------
def read_only(file: Path, patch: pytest.MonkeyPatch) -> None:
    add_vote("Somebody", "rule")
    database.dispose()
    patch.setenv("BAKEOFF_DATABASE_URL", f"sqlite:///file:{file}?mode=ro&uri=true")


def full(file: Path, patch: pytest.MonkeyPatch) -> None:
    add_vote("Somebody", "rule")
    database.dispose()
    with sqlite3.connect(file) as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]

    def fill(connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    sqlalchemy.event.listen(sqlalchemy.Engine, "connect", fill)
    patch.setattr(sqlalchemy, "_fill", fill, raising=False)


def gone(file: Path, patch: pytest.MonkeyPatch) -> None:
    in_the_way = file.with_name("file")
    in_the_way.write_text("x")
    patch.setenv("BAKEOFF_DATABASE_URL", f"sqlite:///{in_the_way / 'own.sqlite'}")


@pytest.fixture
def lost(kept: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    def lose(how: str) -> None:
        {"read only": read_only, "full": full, "gone": gone}[how](kept, monkeypatch)

    yield lose
    fill = getattr(sqlalchemy, "_fill", None)
    if fill is not None:
        sqlalchemy.event.remove(sqlalchemy.Engine, "connect", fill)
        database.dispose()


@pytest.mark.parametrize(
    ("how", "says"),
    [("read only", "can only be read"), ("full", "full disk"), ("gone", "What people write is kept in")],
)
def test_a_lost_database_is_told_and_what_was_typed_stays(
    decide: Decide, lost: Callable[[str], None], kept: Path, how: str, says: str
) -> None:
    lost(how)
    long = "Do not lose this € " * 200  # more than a page of the file has room for
    at = vote(decide(look="record"), "rule", long, "Ada")
    text = told(at)
    assert says in text
    assert "What you wrote is still here." in text
    assert str(kept.parent) not in text
    assert at.text_area(key=f"vote_comment:{STUDY}").value == long
    assert at.radio(key=f"vote_choice:{STUDY}").value == "rule"
    assert at.text_input(key="vote_name").value == "Ada"

    at.selectbox(key=f"decision_choice:{STUDY}").set_value("rule")
    at.text_area(key=f"decision_reason:{STUDY}").set_value(long)
    at.text_input(key="decision_name").set_value("Ada")
    at = at.button(key="decision_save").click().run()
    assert says in told(at)
    assert at.text_area(key=f"decision_reason:{STUDY}").value == long


# -- the first page --------------------------------------------------------------------------------------------------
def test_the_first_page_says_what_is_needed_and_leads_there(page: Open) -> None:
    at = page("home", study=STUDY)
    text = told(at)
    assert "What we need from you today" in text
    assert "Nobody has confirmed the figures of money yet." in text
    assert "Nobody has voted yet." in text
    assert "Nobody has set yet what is good enough." in text
    assert "Keep the state of today" in text
    assert "Changed since last time" not in text
    add_vote("Bo", "rule")
    database.confirm_figures(submission_id=str(uuid.uuid4()), author="Ada", study=STUDY, values={"a": 1})
    text = told(at.run())
    assert "One person has voted." in text
    assert "One vote is in. Record what you decide." in text
    assert "Nobody has confirmed the figures" not in text
    at = at.button(key="ask_go_decide").click().run()
    assert not at.exception


def test_a_first_page_without_its_database_asks_for_nothing(page: Open, lost: Callable[[str], None]) -> None:
    lost("gone")
    text = told(page("home", study=STUDY))
    assert "Nothing is needed from you today." in text
