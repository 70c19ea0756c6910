"""The page "Which option is worth it?": every tab of every kind of study, figures that are changed, options added."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from explainers import database
from tests.pages.conftest import Open, told
from tests.pages.test_confidence import nothing_tested, one_class_tested, ready, unknown_history

LOOKS = ("options", "figures", "even", "cut", "apart", "train", "method")
POOR = (nothing_tested, one_class_tested, unknown_history)
LOANS = {"study": "boston_mortgages", "option": "tree"}
HOUSES = {"study": "houses", "option": "logistic"}
WRONG = re.compile(r"(?<!\\)(?:\]\(http|<img|<script|\$x\^2|:red\[|!\[)")


@pytest.fixture(scope="module")
def poor(studies: Path) -> Iterator[Path]:
    import shutil

    made = [studies / make.__name__ for make in POOR]
    for make, folder in zip(POOR, made, strict=True):
        make(folder)
    yield studies
    for folder in made:
        shutil.rmtree(folder)


@pytest.fixture(autouse=True)
def unwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let each test begin with figures that nobody has named or confirmed."""
    monkeypatch.setenv("BAKEOFF_DATABASE_URL", f"sqlite:///{tmp_path / 'written.sqlite'}")
    # Measuring takes seconds an option; it has a test of its own.
    monkeypatch.setattr("pages.parts.compare_costs.missing", lambda _: [])
    yield
    database.dispose()


def calm(at: AppTest) -> str:
    """Return what is told, which is neither a failure nor an error; "None pays for itself" is a sentence of ours."""
    said = told(at)
    assert "Something went wrong" not in said
    assert [e.value for e in at.error] == []
    assert not re.search(r"\bnan\b|\binf\b|\bNone\b(?! (?:of|pays))|[{}]", said), said
    return said


def heading(at: AppTest) -> str:
    return next(str(e.value) for e in at.markdown if str(e.value).startswith("### ")).split("\n")[0]


def figure(at: AppTest, name: str) -> Any:
    return next(n for n in at.number_input if str(n.key).endswith(f":{name}"))


def change(at: AppTest, name: str, value: float) -> AppTest:
    figure(at, name).set_value(value)
    return next(b for b in at.button if b.key == "figures_take").click().run()


def parameter(at: AppTest, name: str) -> str:
    found = at.query_params.get(name, "")
    return str(found[0] if isinstance(found, list) else found)


# -- every tab ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("audience", ["business", pytest.param("technical", marks=pytest.mark.promise)])
@pytest.mark.parametrize(
    "study", [pytest.param("boston_mortgages", marks=pytest.mark.promise), "houses", "grades", "markup"]
)
def test_every_tab_of_every_kind_of_study_says_something(page: Open, study: str, audience: str) -> None:
    option = "tree" if study == "boston_mortgages" else "logistic"
    ready(page, "compare", study=study, option=option)
    bodies = set()
    for look in LOOKS if audience == "business" else ("options", "figures", "apart"):
        at = page("compare", study=study, option=option, look=look, audience=audience)
        said = told(at) if study == "markup" else calm(at)
        assert "Which option is worth it?" in said
        assert "example figures" in said
        assert "best value" not in said.lower()
        bodies.add(said)
        for kind in ("markdown", "caption", "subheader", "warning"):
            for element in at.get(kind):
                assert not WRONG.search(str(getattr(element, "value", ""))), element.value
        for chart in at.get("plotly_chart"):
            layout = {k: v for k, v in json.loads(chart.proto.spec)["layout"].items() if k != "meta"}
            assert "<img" not in json.dumps(layout)
    by_cost = study != "houses"  # a cut-off with two outcomes, answers by cost with several, nothing for numbers
    assert len(bodies) == (len(LOOKS) - (not by_cost) if audience == "business" else 3)


@pytest.mark.parametrize(
    "study",
    [*(pytest.param(make.__name__, marks=pytest.mark.promise) for make in POOR), "tiny"],
)
def test_what_cannot_be_compared_is_said_calmly(page: Open, poor: Path, study: str) -> None:
    del poor
    option = {"tiny": "logistic", "unknown_history": "given"}.get(study, "tree")
    ready(page, "compare", study=study, option=option)
    for look in LOOKS:
        assert "Which option is worth it?" in calm(page("compare", study=study, option=option, look=look))


def test_both_audiences_see_the_same_amounts(page: Open) -> None:
    seen = []
    for audience in ("business", "technical"):
        at = page("compare", audience=audience, **LOANS)
        charts = [json.loads(c.proto.spec)["data"] for c in at.get("plotly_chart")]
        seen.append([t["x"] for t in charts[1] if t["type"] == "bar"])
    assert seen[0] == seen[1]


def test_no_option_and_no_study_are_said(page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "cannot be opened yet" in told(page("compare", study="broken"))
    monkeypatch.setattr("explainers.load.catalogue.list_studies", dict)
    assert "Here you would see your studies" in told(page("compare"))


# -- figures -----------------------------------------------------------------------------------------------------------
def test_a_changed_figure_moves_the_choice_and_stands_in_the_link_and_can_be_undone(page: Open) -> None:
    at = page("compare", look="figures", **HOUSES)
    before = heading(at)
    assert parameter(at, "figures") == ""
    change(at, "wrong_per_unit", 0.0)
    after = heading(at)
    assert after != before
    assert "go on without a model" in after
    assert parameter(at, "figures") == "wrong_per_unit:0"
    assert "Figures changed, not kept yet" in told(at)
    assert figure(at, "wrong_per_unit").value == 0.0
    # A colleague with the link sees the same.
    theirs = page("compare", figures=parameter(at, "figures"), **HOUSES)
    assert heading(theirs) == after
    at.button(key="figures_undo").click().run()
    assert heading(at) == before
    assert parameter(at, "figures") == ""
    change(at, "hourly_rate", 99.0)
    change(at, "cases_per_month", 5.0)
    assert parameter(at, "figures") == "cases_per_month:5;hourly_rate:99"
    at.button(key="figures_reset").click().run()
    assert heading(at) == before
    at.button(key="figures_undo").click().run()
    assert parameter(at, "figures") == "cases_per_month:5;hourly_rate:99"


def screen(at: AppTest) -> list[Any]:
    """Return all that a reader sees of a page: texts, charts, tables, and what the controls hold."""
    charts = [json.loads(c.proto.spec) for c in at.get("plotly_chart")]
    tables = [d.value.astype(str).to_dict("list") for d in at.dataframe]
    controls = ("number_input", "selectbox", "multiselect", "slider", "radio", "segmented_control")
    held = [(w.label, w.value) for kind in controls for w in at.get(kind)]
    return [told(at), charts, tables, held]


def link_shows_it_again(page: Open, changed: dict[str, float]) -> None:
    at = page("compare", look="figures", **HOUSES)
    first = screen(at)
    for name, value in changed.items():
        figure(at, name).set_value(value)
    next(b for b in at.button if b.key == "figures_take").click().run()
    assert (screen(at) != first) == bool(changed)
    assert screen(page("compare", **{name: parameter(at, name) for name in at.query_params})) == screen(at)


def test_a_link_brings_the_whole_screen_again(page: Open) -> None:
    link_shows_it_again(page, {"wrong_per_unit": 0.012345678, "hourly_rate": 71.25})


@pytest.mark.promise
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changed=st.dictionaries(
        st.sampled_from(["wrong_per_unit", "hourly_rate", "engineer_rate", "cpu_hour", "build_hours:black_box"]),
        st.floats(0.001, 900.0),
    )
)
def test_any_figures_are_brought_again_by_the_link(page: Open, changed: dict[str, float]) -> None:
    link_shows_it_again(page, changed)


@pytest.mark.parametrize(
    "figures", ["nonsense", "gone:7", "cases_per_month:-5", "cases_per_month:1e300", "x" * 9000, "<b>:1", ":;:;"]
)
def test_nonsense_in_the_link_changes_nothing(page: Open, figures: str) -> None:
    at = page("compare", figures=figures, scenario="77", between="gone,<b>", **HOUSES)
    said = calm(at)
    assert "example figures" in said
    assert parameter(at, "figures") == ""
    assert parameter(at, "scenario") == ""


@pytest.mark.parametrize("state", [{"figures": 7}, {"figures": ["a"]}, {"scenario": {"a": 1}}, {"between": 3.5}])
def test_hostile_session_values_never_stop_the_page(page: Open, state: dict[str, Any]) -> None:
    assert "Which option is worth it?" in calm(page("compare", state=state, look="apart", **HOUSES))


def test_figures_of_one_study_are_not_those_of_another(page: Open) -> None:
    at = page("compare", figures="cases_per_month:5", look="figures", **HOUSES)
    assert figure(at, "cases_per_month").value == 5.0
    at.selectbox(key="study").set_value("grades").run()
    assert figure(at, "cases_per_month").value == 1000.0
    assert parameter(at, "figures") == ""


def test_a_scenario_is_kept_once_picked_removed_and_restored(page: Open) -> None:
    at = page("compare", look="figures", figures="cases_per_month:5", state={"scenario_keep": True}, **HOUSES)
    few = heading(at)
    at.text_input(key="scenario_name").set_value("A **quiet** <b>year")
    at.button(key="scenario_save").click().run()
    assert "Write your name first" in told(at)
    at.text_input(key=_name_field(at)).set_value("Ada")
    at.button(key="scenario_save").click().run()
    kept = database.scenarios("houses")
    assert [(k.name, k.author, k.values["cases_per_month"]) for k in kept] == [("A **quiet** <b>year", "Ada", 5.0)]
    assert parameter(at, "scenario") == str(kept[0].id)
    fresh = page("compare", look="figures", **HOUSES)
    assert heading(fresh) != few or parameter(fresh, "figures") == ""
    fresh.selectbox(key="figures_picker").set_value(str(kept[0].id)).run()
    assert heading(fresh) == few
    assert "Scenario: A **quiet** <b>year" in told(fresh)
    # The link of a scenario alone shows its figures too.
    linked = page("compare", look="figures", scenario=str(kept[0].id), **HOUSES)
    assert heading(linked) == few
    linked.button(key=f"scenario_remove_{kept[0].id}").click().run()
    assert database.scenarios("houses") == ()
    assert "was taken off the list" in told(linked)
    assert heading(linked) == few  # what is on screen stays
    linked.button(key="scenario_restore").click().run()
    assert [k.name for k in database.scenarios("houses")] == ["A **quiet** <b>year"]


def test_the_second_half_of_a_double_click_removes_nothing_else(page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("A", "B", "C")
    kept = [
        database.add_scenario(submission_id=str(uuid.uuid4()), author="Ada", study="houses", name=n, values={})
        for n in names
    ]
    at = page("compare", look="figures", **HOUSES)
    at.button(key=f"scenario_remove_{kept[2].id}").click().run()
    at.button(key=f"scenario_remove_{kept[1].id}").click().run()  # it moved under the pointer
    assert sorted(k.name for k in database.scenarios("houses")) == ["A", "B"]
    monkeypatch.setattr("pages.parts.people.DOUBLE_CLICK", 0.0)  # a moment later it is meant
    at.button(key=f"scenario_remove_{kept[1].id}").click().run()
    assert [k.name for k in database.scenarios("houses")] == ["A"]


def _name_field(at: AppTest) -> str:
    return next(str(t.key) for t in at.text_input if t.label == "Your name")


def test_confirmed_figures_are_no_examples_until_they_are_changed(page: Open) -> None:
    at = page(
        "compare", look="figures", figures="cases_per_month:50", state={"confirm": True, "author": "Bo <i>"}, **HOUSES
    )
    assert "example figures" in told(at).lower()
    at.button(key="confirm_save").click().run()
    assert [c.author for c in database.confirmed("houses")] == ["Bo <i>"]
    said = calm(at)
    assert "Figures confirmed by Bo <i>" in said
    assert "with your figures" in said
    assert "with example figures," not in said
    # Without a link the page opens with what somebody stands for; nobody confirms by a link.
    fresh = page("compare", look="figures", **HOUSES)
    assert figure(fresh, "cases_per_month").value == 50.0
    assert "Figures confirmed by Bo <i>" in told(fresh)
    change(fresh, "cases_per_month", 51.0)
    assert "Example figures: nobody has confirmed them" in told(fresh)
    own = page("compare", look="figures", figures="own", **HOUSES)
    assert figure(own, "cases_per_month").value == 1000.0
    assert parameter(own, "figures") == "own"
    claimed = page("compare", figures="cases_per_month:9;confirmed_by:~the%20board", **HOUSES)
    assert "the board" not in told(claimed)


def test_without_a_database_the_page_works_and_says_what_was_not_kept(
    page: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    monkeypatch.setenv("BAKEOFF_DATABASE_URL", f"sqlite:///{tmp_path / 'folder'}")
    state = {"scenario_keep": True, "scenario_name": "Busy", "author": "Ada"}
    at = page("compare", look="figures", figures="cases_per_month:5", state=state, **HOUSES)
    assert "Which option is worth it?" in told(at)
    at.button(key="scenario_save").click().run()
    assert at.error
    assert "What you wrote is still here" in told(at)
    assert at.text_input(key="scenario_name").value == "Busy"


# -- where options disagree --------------------------------------------------------------------------------------------
def test_disagreements_are_those_of_the_chosen_options_and_can_be_looked_at(page: Open) -> None:
    from explainers import compare
    from pages.parts import cached

    at = page("compare", look="apart", between="rule,tree", **LOANS)
    study = cached.study(cached.folders()["boston_mortgages"])
    found = compare.disagreements(study, ["rule", "tree"])
    assert f"disagree on {found.differing} of {found.n} never-seen applications" in told(at)
    assert list(at.dataframe[0].value["Application"]) == list(found.cases)
    assert parameter(at, "between") == "rule,tree"
    assert parameter(at, "case") == found.cases[0]
    assert len(at.get("table")[-1].value) == 2
    at.selectbox(key="apart_case").set_value(found.cases[1]).run()
    assert parameter(at, "case") == found.cases[1]
    alone = page("compare", look="apart", between="rule", **LOANS)
    assert "disagree" in calm(alone)


# -- options that people add -------------------------------------------------------------------------------------------
def test_an_option_is_trained_stands_beside_the_others_and_is_taken_off_again(page: Open) -> None:
    at = page("compare", look="train", **HOUSES)
    at.selectbox(key="train_choice").set_value("tree_2").run()
    at.button(key="train_start").click().run()
    assert "Write your name first" in told(at)
    at.text_input(key="train_name").set_value("Ada <b>")
    at.button(key="train_start").click().run()
    said = calm(at)
    assert "is trained. It stands beside the others now" in said
    assert "Asked for by Ada <b>" in said
    option = database.added_options("houses")[0]
    assert (option.name, option.recipe, option.parameters) == ("tree_2", "tree", {"max_depth": 2})
    assert "Decision tree, up to 2 questions" in at.selectbox(key="option").options
    every = page("compare", look="options", study="houses", option="tree_2")
    assert "Decision tree, up to 2 questions" in set(every.dataframe[0].value["Option"])
    assert "Decision tree, up to 2 questions" in told(page("explain", study="houses", option="tree_2"))
    at.button(key=f"added_remove_{option.id}").click().run()
    assert "was taken off" in told(at)
    assert database.added_options("houses") == ()
    gone = page("compare", look="options", study="houses", option="tree_2")
    assert "Decision tree, up to 2 questions" not in set(gone.dataframe[0].value["Option"])
    at.button(key="train_restore").click().run()
    assert [o.name for o in database.added_options("houses")] == ["tree_2"]


def test_what_cannot_be_trained_says_why_and_can_be_taken_off(page: Open) -> None:
    option = database.add_option(
        submission_id=str(uuid.uuid4()),
        author="Ada",
        study="houses",
        name="odd",
        label="An *odd* one <b>",
        recipe="tree",
        parameters={"colour": "red"},
    )
    from pages.parts import cached

    cached.read_added()
    at = ready(page, "compare", look="train", **HOUSES)
    said = told(at)
    assert "colour" in said
    assert "An *odd* one <b>" in said
    at.button(key=f"added_remove_{option.id}").click().run()
    assert "An *odd* one <b>” was taken off" in told(at)
