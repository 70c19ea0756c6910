"""Options that people added: which are offered, how they are set beside the study's own, and that workers know them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from explainers import Study, added, jobs, lineup, open_study, predict
from explainers.errors import CandidateError


def little(n: int = 120, numbers: bool = False) -> pd.DataFrame:
    frame = pd.DataFrame({"size": [float(i % 10) for i in range(n)], "age": [float((7 * i) % 13) for i in range(n)]})
    if numbers:
        frame["price"] = 3.0 * frame["size"] + frame["age"]
    else:
        frame["sold"] = (frame["size"] > 4).map({True: "yes", False: "no"})
    return frame


@pytest.fixture(scope="module")
def sold() -> Study:
    return Study.from_frame(little(), target="sold", candidates=["no_model", "rule", "tree"], name="sold")


@pytest.fixture(scope="module")
def priced() -> Study:
    frame = little(numbers=True)
    return Study.from_frame(frame, target="price", candidates=["no_model", "rule"], name="priced")


@pytest.fixture
def folder(tmp_path: Path, sold: Study) -> Iterator[Path]:
    yield sold.save(tmp_path / "sold")
    jobs.shutdown()


def spec(choice: added.Choice) -> dict[str, Any]:
    return {n: getattr(choice, n) for n in ("name", "label", "recipe", "parameters")}


def test_what_the_study_has_is_not_offered_and_everything_else_once(sold: Study, priced: Study) -> None:
    for study in (sold, priced):
        offered = added.choices(study)
        names = [c.name for c in offered]
        assert len(names) == len(set(names))
        assert not set(names) & set(study.candidates)
        wanted = set(lineup.RECIPES) - {c.recipe for c in study.candidates.values()}
        assert wanted <= set(names)
        assert {c.recipe for c in offered} <= set(lineup.KNOWN)
    assert "recalibrated_tree" in [c.name for c in added.choices(sold)]
    assert not [c for c in added.choices(priced) if c.recipe == "recalibrated"]
    assert {c.parameters["column"] for c in added.choices(priced) if c.recipe == "last_known"} == {"size", "age"}
    assert not [c for c in added.choices(sold) if c.recipe == "last_known"]


def test_an_offer_once_taken_is_no_longer_offered(sold: Study) -> None:
    first = added.choices(sold)[0]
    more = added.extended(sold, [spec(first)])
    assert first.name in more.candidates
    assert first.name not in [c.name for c in added.choices(more)]


def train(study: Study, choice: added.Choice) -> None:
    built = added.extended(study, [spec(choice)]).build(choice.name)
    candidate = built.candidates[choice.name]
    assert candidate.built, candidate.failure
    assert candidate.kind == choice.kind
    assert len(predict.predict(built, choice.name, study.frame[list(study.inputs)].head(5))) == 5


def test_an_option_of_each_quick_kind_can_be_trained_and_answers(sold: Study, priced: Study) -> None:
    quick = {"tree_2", "table", "recalibrated_tree", "last_known_size"}
    every = [(s, c) for s in (sold, priced) for c in added.choices(s) if c.name in quick]
    assert {c.name for _, c in every} == quick
    for study, choice in every:
        train(study, choice)


@pytest.mark.promise
def test_every_offer_can_be_trained_and_answers(sold: Study, priced: Study) -> None:
    for study in (sold, priced):
        for choice in added.choices(study):
            train(study, choice)


def test_sizes_and_columns_stand_in_the_words(sold: Study, priced: Study) -> None:
    deep = added.choice(sold, "tree", {"max_depth": 5})
    assert deep.label == "Decision tree, up to 5 questions"
    assert deep.technical == "Decision tree, depth 5"
    assert "up to 5 yes-or-no questions" in deep.description
    right = added.choice(sold, "recalibrated", {"of": "tree"})
    assert right.label == "Small decision tree, chances set right"
    assert added.choice(priced, "last_known", {"column": "size"}).label.startswith("Last known figure: ")
    with pytest.raises(CandidateError, match="no standard option"):
        added.choice(sold, "magic", {})


def test_the_same_option_has_the_same_key_however_it_came(sold: Study) -> None:
    choice = added.choice(sold, "tree", {"max_depth": 2})
    mine = added.extended(sold, [spec(choice)]).candidates[choice.name]
    frame = little()
    theirs = Study.from_frame(frame, target="sold", candidates=["no_model", "rule", "tree"], name="sold")
    from dataclasses import replace

    own = theirs.replace(candidates={"t": replace(mine, name="t", provenance="standard line-up", key="")})
    from explainers.build import candidate_key

    assert candidate_key(own, own.candidates["t"]) == mine.key


@pytest.mark.parametrize(
    "odd",
    [
        {"name": "tree", "label": "x", "recipe": "forest", "parameters": {}},  # a name that the study has
        {"name": "", "label": "x", "recipe": "forest", "parameters": {}},
        {"name": "x", "label": "x", "recipe": "of a later version", "parameters": {}},
        {"name": "x", "label": "x", "recipe": "forest", "parameters": "many"},
        {"name": "x", "label": "x", "recipe": "recalibrated", "parameters": {"of": "recalibrated"}},
        {"name": "x", "label": "x", "recipe": "recalibrated", "parameters": {}},
    ],
)
def test_what_cannot_be_made_is_left_out_and_stops_nothing(sold: Study, odd: dict[str, Any]) -> None:
    assert added.extended(sold, [odd]) is sold


def test_parameters_that_a_recipe_does_not_take_are_a_failure_of_that_option_alone(sold: Study) -> None:
    odd = {"name": "odd", "label": "Odd", "recipe": "tree", "parameters": {"colour": "red"}}
    built = added.extended(sold, [odd]).build("odd")
    assert "colour" in built.candidates["odd"].failure
    assert built.candidates["tree"].built


def test_there_is_an_end_to_how_many_are_added(sold: Study) -> None:
    many = [
        {"name": f"t{i}", "label": f"T{i}", "recipe": "tree", "parameters": {"min_samples_leaf": i + 1}}
        for i in range(added.MOST + 5)
    ]
    assert len(added.extended(sold, many).candidates) == len(sold.candidates) + added.MOST


def test_specs_carry_added_options_to_another_process_and_nothing_else(sold: Study) -> None:
    assert added.specs(sold) == []
    choice = added.choice(sold, "forest", {"n_estimators": 30})
    more = added.extended(sold, [spec(choice)])
    again = added.extended(sold, added.specs(more))
    assert again.candidates[choice.name].key == more.candidates[choice.name].key
    assert again.fingerprint == more.fingerprint != sold.fingerprint
    assert added.is_added(again.candidates[choice.name])


def test_an_option_with_hostile_columns_and_labels_is_made(sold: Study) -> None:
    frame = little(numbers=True).rename(columns={"size": "=cmd|' /C calc'!A0", "age": "<b>x</b> $y$"})
    study = Study.from_frame(frame, target="price", candidates=["no_model"])
    names = [c.name for c in added.choices(study) if c.recipe == "last_known"]
    assert len(set(names)) == 2
    assert all(n.replace("_", "").isalnum() and n.isascii() for n in names)
    del sold


def test_a_worker_builds_and_explains_an_option_that_no_file_names(folder: Path) -> None:
    study = open_study(folder, build=False)
    choice = added.choice(study, "tree", {"max_depth": 2})
    more = added.extended(study, [spec(choice)])
    assert jobs.submit("build", study=more, names=[choice.name]).result() == {choice.name: "built"}
    more = added.extended(open_study(folder, build=False), [spec(choice)])
    assert more.candidates[choice.name].built
    found = jobs.submit("explain", study=more, candidate=choice.name, case=str(more.case_ids[0])).result()
    assert found.predictions.shape == (1,)
    given = jobs.submit("answers", study=more, case=str(more.case_ids[0])).result()
    assert choice.name in [a.candidate for a in given]
    # The same question without the option is another question.
    fewer = jobs.submit("answers", study=study, case=str(study.case_ids[0])).result()
    assert choice.name not in [a.candidate for a in fewer]


def test_options_are_read_from_the_database_in_the_order_in_which_they_came(
    sold: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from explainers import database

    monkeypatch.setenv("BAKEOFF_DATABASE_URL", f"sqlite:///{tmp_path / 'kept.sqlite'}")
    for choice in added.choices(sold)[:2]:
        database.add_option(submission_id=str(uuid.uuid4()), author="Ada <b>", study="sold", **spec(choice))
    stored = added.stored("sold")
    assert [o.name for o in stored] == [c.name for c in added.choices(sold)[:2]]
    more = added.extended(sold, stored)
    assert list(more.candidates)[: len(sold.candidates)] == list(sold.candidates)
    assert more.candidates[stored[0].name].provenance == "trained from the page, asked for by Ada <b>"
    database.remove_option(stored[0].id, submission_id=str(uuid.uuid4()), author="Ada")
    assert [o.name for o in added.stored("sold")] == [stored[1].name]
    assert added.stored("another") == ()
    database.dispose()
