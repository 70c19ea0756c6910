"""The page "Where is it wrong?": what it says of every kind of study, what was picked, what it cannot say."""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import Open, told
from tests.pages.test_confidence import calm, nothing_tested, one_class_tested, ready, unknown_history

LOOKS = ("groups", "kept", "spread", "checks", "method")
POOR = (nothing_tested, one_class_tested, unknown_history)


@pytest.fixture(scope="module")
def poor(studies: Path) -> Any:
    import shutil

    made = [studies / make.__name__ for make in POOR]
    for make, folder in zip(POOR, made, strict=True):
        make(folder)
    yield studies
    for folder in made:
        shutil.rmtree(folder)


def chart(at: AppTest) -> dict[str, Any]:
    return dict(json.loads(at.get("plotly_chart")[0].proto.spec))


@pytest.mark.parametrize("audience", ["business", "technical"])
@pytest.mark.parametrize("study", ["boston_mortgages", "houses", "grades", "markup"])
def test_every_tab_of_every_kind_of_study_says_something(page: Open, study: str, audience: str) -> None:
    option = "tree" if study == "boston_mortgages" else "logistic"
    ready(page, "residuals", study=study, option=option)
    bodies = set()
    for look in LOOKS:
        at = page("residuals", study=study, option=option, look=look, audience=audience, pick="worst:5")
        said = calm(at)
        assert "Where is it wrong?" in said
        assert "5 of" in said
        assert "furthest off first (5)" in said
        bodies.add(said)
        for kind in ("markdown", "caption", "subheader", "warning"):
            for element in at.get(kind):
                text = getattr(element, "value", "")
                assert not re.search(r"(?<!\\)(?:\]\(http|<img|<script|\$x\^2|:red\[|!\[)", text)
    assert len(bodies) == len(LOOKS)


def test_what_was_picked_is_in_the_link_and_in_the_table(page: Open) -> None:
    at = page("residuals", study="houses", option="logistic", pick="cases:7,8,gone")
    assert at.query_params["pick"] in ("cases:7,8,gone", ["cases:7,8,gone"])
    never = {str(i) for i in at.dataframe[0].value["House"]} if at.dataframe else set()
    assert never <= {"7", "8"}
    every = page("residuals", study="houses", option="logistic", pick="worst:48")
    assert len(every.dataframe[0].value) == 48
    assert "nothing in common" in told(every) or "no others to compare" in told(every)


def test_a_box_means_every_case_inside_it(page: Open) -> None:
    at = page("residuals", study="houses", option="logistic", pick="box:predicted:-1e9,-1e9;1e9,0")
    n = int(re.search(r"(\d+) of 48 never-seen houses picked", told(at))[1])  # type: ignore[index]
    assert f"The record lies below the answer for {n} of {n}" in told(at)
    other = page("residuals", study="houses", option="logistic", pick="box:predicted:-1e9,0;1e9,1e9")
    assert f"{48 - n} of 48 never-seen houses picked" in told(other)


@pytest.mark.parametrize("pick", ["", "nonsense", "cases:gone", "box:gone:0,0;1,1", "lasso:x:1", "worst:0", "9" * 7000])
def test_nonsense_in_the_link_picks_nothing(page: Open, pick: str) -> None:
    at = page(
        "residuals", study="houses", option="logistic", pick=pick, segment="kept-x", zoom="box:q:1", against="gone"
    )
    said = calm(at)
    assert "Pick some houses" in said
    assert "pick" not in at.query_params
    assert "segment" not in at.query_params
    assert at.query_params["against"] in ("predicted", ["predicted"])


@pytest.mark.parametrize("state", [{"pick": 7}, {"pick": ["worst:3"]}, {"zoom": 4}, {"segment": ["a"]}, {"against": 3}])
def test_hostile_session_values_never_stop_the_page(page: Open, state: dict[str, Any]) -> None:
    assert "Where is it wrong?" in calm(page("residuals", state=state, study="houses", option="logistic"))


def test_buttons_pick_and_clear_and_the_chart_shows_it(page: Open) -> None:
    at = page("residuals", study="houses", option="logistic")
    assert all(t.get("selectedpoints") is None for t in chart(at)["data"])
    at.button(key="pick_worst").click().run()
    assert "10 of 48 never-seen houses picked" in told(at)
    marked = sum(len(t.get("selectedpoints") or []) for t in chart(at)["data"])
    assert marked == 10
    at.button(key="pick_clear").click().run()
    assert "Pick some houses" in told(at)
    at.text_input(key="pick_numbers").set_value("none; such").run()
    assert "None of none, such is a never-seen house" in told(at)


def test_what_was_picked_in_one_study_is_not_picked_in_another(page: Open) -> None:
    at = page("residuals", study="houses", option="logistic", pick="worst:3")
    assert "3 of 48 never-seen houses picked" in told(at)
    at.selectbox(key="study").set_value("boston_mortgages").run()
    assert "Pick some applications" in told(at)


def test_a_kept_group_is_offered_shown_removed_and_restored(page: Open) -> None:
    from explainers import database

    link = {"study": "houses", "option": "logistic"}
    at = page("residuals", **link, pick="worst:4")
    ids = [str(i) for i in at.dataframe[0].value["House"]]
    kept = database.add_segment(
        submission_id=str(uuid.uuid4()),
        author="Ada <b>",
        study="houses",
        fingerprint="f",
        name="**far** off",
        ids=ids,
        said="4 picked",
    )
    shown = page("residuals", **link, look="kept", segment=f"kept-{kept.id}")
    said = calm(shown)
    assert "**far** off" in said
    assert "furthest off first (4)" in said
    assert "Ada <b>" in said
    sure = told(page("confidence", **link, look="groups"))
    assert "Groups that people kept" in sure
    assert re.search(r"The range held for \d of 4 houses\. It was to hold for 90 in 100", sure)
    shown.button(key=f"residuals_remove_{kept.id}").click().run()
    assert "was removed from the list" in told(shown)
    assert database.named_segments("houses") == ()
    shown.button(key="residuals_group_restore").click().run()
    assert [g.id for g in database.named_segments("houses")] == [kept.id]
    database.remove_segment(kept.id, submission_id=str(uuid.uuid4()), author="Ada")


def test_without_a_study_the_page_says_what_would_stand_here(page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explainers.load.catalogue.list_studies", dict)
    assert "Here you would see your studies" in told(page("residuals"))
    assert "Here you would see your studies" in told(page("outliers"))


@pytest.mark.parametrize("study", ["broken", "unreadable"])
def test_a_broken_study_says_what_to_mend(page: Open, study: str) -> None:
    assert "cannot be opened yet" in told(page("residuals", study=study))


@pytest.mark.parametrize("study", ["tiny", *(make.__name__ for make in POOR)])
def test_what_cannot_be_said_is_said_calmly(page: Open, poor: Path, study: str) -> None:
    del poor
    option = {"tiny": "logistic", "unknown_history": "given"}.get(study, "tree")
    ready(page, "residuals", study=study, option=option)
    for look in LOOKS:
        said = calm(page("residuals", study=study, option=option, look=look))
        assert "Where is it wrong?" in said
        if study == "unknown_history":
            assert "never-seen" not in re.sub(r"no never-seen", "", said)
