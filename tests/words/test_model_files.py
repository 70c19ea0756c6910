"""What is said of a model file that was brought: plain, true of its numbers, and never more than is known."""

from __future__ import annotations

from typing import Any

import pytest

from explainers import Study
from explainers.results import Problem
from explainers.words import model_files
from tests.explainers import model_files as files
from tests.words import gates


def tried(**more: Any) -> dict[str, Any]:
    """Return what came of trying a model of two outcomes."""
    out: dict[str, Any] = {
        "kind": "skops", "says": {"names": ["size", "age"]}, "problems": [], "columns": ["size", "age", "heating"],
        "labelled": False, "task": "classification", "technical": "LogisticRegression", "unfitted": False, "notes": [],
        "names_classes": True, "table": False, "answers": "probabilities", "n": 48, "part": "test", "all_rows": 240,
        "classes": ["no", "yes"], "agree": 40, "positive": 1, "n_positive": 28, "found": 24, "flagged": 4,
        "rows": [{"case": "h2", "answers": [0.32, 0.68], "was": "yes"}],
    }  # fmt: skip
    return out | more


@pytest.fixture(scope="module")
def study() -> Study:
    frame = files.rows().assign(sold=files.outcome("two"))
    about = {"case": "house", "cases": "houses", "outcome_words": {"yes": "sold", "no": "kept"}}
    return Study.from_frame(frame, target="sold", candidates=["no_model"], **about)


STATES: dict[str, tuple[dict[str, Any], str]] = {
    "two outcomes": (tried(), "“x.skops” fits these data and says which of 2 outcomes is likeliest."),
    "numbers": (tried(task="regression", off=13.53), "“x.skops” fits these data and answers with a number."),
    "table": (tried(table=True), "“x.skops” holds answers to these 240 houses."),
    "not fitted": (tried(unfitted=True), "“x.skops” fits these data and has not learned yet: it is trained here."),
    "no names": (tried(names_classes=False, kind="ONNX"), "“x.skops” fits these data and says which"),
    "every row": (tried(part="known"), "“x.skops” fits these data and says which"),
    "cancelled": ({"stopped": True}, "Trying “x.skops” was cancelled."),
    "blocked": ({"blocked": "x", "kind": "skops"}, "“x.skops” was opened, and the data stand in the way."),
}


@pytest.mark.parametrize("what", STATES)
def test_every_state_is_said_plainly_and_truly(what: str, study: Study) -> None:
    found, head = STATES[what]
    said = model_files.describe(found, "x.skops", study, labels={"size": "Size", "age": "Age"})
    assert said.headline.text.startswith(head)
    assert not gates.plain(gates.every(said))
    assert not gates.true(gates.every(said), study)


def test_counts_are_those_that_were_found(study: Study) -> None:
    text = gates.text_of(model_files.describe(tried(), "x.skops", study, labels={}).sentences)
    assert "For 40 of 48 houses that are kept for checking it agrees with the record." in text
    assert "Of 28 houses that were sold it finds 24; of the 20 others it flags 4." in text


@pytest.mark.parametrize(("more", "said"), [({}, True), ({"labelled": True}, False), ({"unfitted": True}, False)])
def test_what_it_learned_from_is_said_where_nobody_knows(more: dict[str, Any], said: bool, study: Study) -> None:
    limits = gates.text_of(model_files.describe(tried(**more), "x.skops", study, labels={}).caveats)
    assert ("Nobody said which rows it learned from." in limits) is said


def test_technical_readers_hear_what_it_is(study: Study) -> None:
    said = model_files.describe(tried(notes=["A note."]), "x", study, labels={}, audience="technical")
    text = gates.text_of(said.sentences)
    assert "The skops file holds a LogisticRegression." in text
    assert "It gives probabilities." in text
    assert "A note." in text


def test_answers_beside_others(study: Study) -> None:
    assert not model_files.beside(None, study)
    same = model_files.beside({"name": "score", "n": 48, "apart": 0, "largest": 1e-7}, study)
    assert gates.text_of(same) == "Its answers to 48 houses are those of “score”."
    apart = model_files.beside({"name": "score", "n": 48, "apart": 3, "largest": 0.214}, study)
    assert gates.text_of(apart).startswith("For 3 of 48 houses its answer is not that of “score”, by 0.21 at most.")
    for said in (same, apart):
        assert not gates.true(said, study)
        assert not gates.plain(said)


def test_differences_say_what_to_do_on_the_page_in_question() -> None:
    problems = [
        Problem(code="unknown_history", where="option x", message="a", remedy="b", severity="warning"),
        Problem(code="inputs_not_read", where="option x", message="Note.", remedy="c", severity="note"),
        Problem(code="wrong_task", where="option x", message="It answers with numbers, but", remedy="d"),
        Problem(code="input_kind", where="column Size (size)", message="Numbers.", remedy="e", severity="warning"),
    ]
    new, kept = model_files.differences(problems), model_files.differences(problems, kept=True)
    assert [d.stops for d in new] == [True, False, False]
    assert "3 The question" in new[0].remedy
    assert "3 The question" not in kept[0].remedy
    assert new[1].text == "Column Size (size): Numbers."


def test_a_preview_shows_the_answer_in_the_words_of_the_study(study: Study) -> None:
    assert model_files.preview(tried(), study) == [("h2", "yes, score 68 of 100", "yes")]
    assert model_files.preview(tried(answers="labels"), study)[0][1] == "yes"
