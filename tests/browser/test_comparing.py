"""Which option is worth it: a figure is changed, kept, shared; an option is trained; on a phone, by keyboard, aloud."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import Reader, reading, serving
from tests.browser.test_hostile_study import nothing_lives
from tests.browser.test_looks import INNER, SIDEWAYS, findings

pytestmark = pytest.mark.browser
HOUSES = "/compare?study=houses&option=logistic"
LOANS = "/compare?study=boston_mortgages&option=tree"
TABS = {
    "Every option": "To have it",
    "The figures": "A builder's hour",
    "When would it pay?": "The option on screen",
    "The cut-off": "a score of",
    "Where they disagree": "disagree on",
    "Train another": "can be trained on the same",
    "How it was worked out": "What each option takes",
}


def field(reader: Reader, label: str) -> Locator:
    return reader.at("figures_all").get_by_label(label)


def headline(reader: Reader) -> str:
    return reader.answer().locator("h3").inner_text()


def test_a_changed_figure_moves_the_choice_and_a_colleague_with_the_link_sees_the_same(
    reader: Reader, browser: Browser, server: str
) -> None:
    page = reader.open(HOUSES + "&look=figures")
    before = headline(reader)
    prices = field(reader, "that an answer is off")
    prices.fill("0")
    prices.press("Enter")  # by keyboard: a form is sent with Enter
    reader.link_has(figures="wrong_per_unit:0")
    expect(reader.answer()).to_contain_text("go on without a model")
    reader.settle()
    after = reader.answer().inner_text()
    expect(reader.at("figures_say")).to_contain_text("Changed:")
    with reading(browser, server) as colleague:
        colleague.open(page.url.removeprefix(server))
        expect(colleague.answer()).to_contain_text("go on without a model")
        colleague.settle()
        assert colleague.answer().inner_text() == after
        expect(field(colleague, "that an answer is off")).to_have_value("0")
    # It goes along to another page and back.
    page.get_by_role("link", name="How sure is it?").click()
    reader.says("anges that promise")
    page.get_by_role("link", name="Which option is worth it?").click()
    reader.link_has(figures="wrong_per_unit:0")
    expect(reader.answer()).to_contain_text("go on without a model")
    reader.look("The figures")
    reader.press("figures_undo")
    expect(reader.answer()).to_contain_text(before)
    reader.settle()
    expect(field(reader, "that an answer is off")).not_to_have_value("0")
    assert reader.parameter("figures") == ""


@pytest.mark.promise
def test_a_scenario_is_kept_once_and_others_pick_it(reader: Reader, browser: Browser, server: str) -> None:
    page = reader.open("/compare?study=grades&option=logistic&look=figures")
    cases = field(reader, "Houses a month")
    cases.fill("7")
    cases.press("Enter")
    reader.link_has(figures="cases_per_month:7")
    reader.settle()
    few = headline(reader)
    reader.press("scenario_keep")
    form = reader.popover()
    form.get_by_label("Name of the scenario").fill("A **quiet** <b>year</b>")
    form.get_by_label("Name of the scenario").press("Tab")
    form.get_by_role("button", name="Keep", exact=True).click()
    expect(form).to_contain_text("Write your name first")
    expect(form.get_by_label("Name of the scenario")).to_have_value("A **quiet** <b>year</b>")
    form.get_by_label("Your name").fill("Ada")
    form.get_by_label("Your name").press("Tab")
    reader.settle()
    reader.twice(form.get_by_role("button", name="Keep", exact=True))  # an impatient reader keeps one, not two
    expect(reader.answer()).to_contain_text("Scenario: A **quiet** <b>year</b>")
    page.keyboard.press("Escape")
    reader.settle()
    number = reader.parameter("scenario")
    expect(page.get_by_text("Ada ·")).to_have_count(1)
    expect(reader.at(f"scenario_{number}")).to_contain_text("on screen")
    with reading(browser, server) as colleague:
        colleague.open("/compare?study=grades&option=logistic")
        colleague.pick("figures_picker", "A **quiet")
        colleague.link_has(scenario=number, figures="cases_per_month:7")
        expect(colleague.answer()).to_contain_text("Scenario: A **quiet** <b>year</b>")
        assert headline(colleague) == few
        colleague.pick("figures_picker", "Example figures")
        expect(colleague.answer()).not_to_contain_text("Scenario:")
        assert colleague.parameter("figures") == ""


@pytest.mark.promise
def test_confirmed_figures_carry_a_name_and_a_date(reader: Reader, browser: Browser, server: str) -> None:
    page = reader.open("/compare?study=tiny&option=logistic&look=figures")
    expect(reader.answer()).to_contain_text("Example figures: nobody has confirmed them")
    reader.press("confirm")
    form = reader.popover()
    form.get_by_label("Your name").fill("Bo <i>")
    form.get_by_label("Your name").press("Tab")
    reader.settle()
    form.get_by_role("button", name="Confirm", exact=True).click()
    expect(reader.answer()).to_contain_text(re.compile(r"Figures confirmed by Bo <i> on \d+ \w+ 20\d\d"))
    page.keyboard.press("Escape")
    with reading(browser, server) as colleague:
        colleague.open("/compare?study=tiny&option=logistic")
        expect(colleague.answer()).to_contain_text("Figures confirmed by Bo <i>")


def test_an_option_is_trained_after_a_first_try_was_cancelled(reader: Reader, browser: Browser, server: str) -> None:
    page = reader.open(LOANS + "&look=train")
    reader.pick("train_choice", "Additive curves, chances set right")
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("Your name").press("Tab")
    reader.settle()
    reader.press("train_start")
    expect(reader.at("train_progress")).to_be_visible()
    reader.press("train_cancel")
    reader.says("was taken off")
    reader.says("Any of these can be trained")
    reader.settle()
    reader.pick("train_choice", "Decision tree, up to 2 questions")
    expect(reader.at("train_choice").locator("input")).to_have_value(re.compile("2 questions"))
    reader.settle()
    reader.press("train_start")
    reader.says("is trained. It stands beside the others now")
    with reading(browser, server) as colleague:
        theirs = colleague.open("/explain?study=boston_mortgages&option=tree_2&case=8")
        colleague.link_has(option="tree_2")
        colleague.says("Decision tree, up to 2 questions")
        expect(colleague.at("waterfall").locator(".main-svg").first).to_be_visible()
        del theirs
    page.locator("[class*='st-key-added_']").get_by_role("button", name="Take it off").click()
    reader.says("“Decision tree, up to 2 questions” was taken off")
    with reading(browser, server) as colleague:
        colleague.open("/explain?study=boston_mortgages&option=tree_2&case=8")
        colleague.link_has(option="boosting")


def test_a_case_on_which_options_disagree_is_looked_at_and_explained(reader: Reader) -> None:
    page = reader.open(LOANS + "&look=apart&between=rule,tree")
    reader.says("disagree on")
    first = reader.parameter("case")
    expect(page.locator("table").filter(has_text="Answer and first reason")).to_be_visible()
    reader.press("apart_explain")
    reader.link_has(case=first, option="tree")
    reader.says("Why this prediction?")
    reader.press("go_back")
    reader.says("Which option is worth it?")


@pytest.mark.promise
def test_measuring_shows_how_far_it_is_and_can_be_stopped_while_the_page_is_used(
    browser: Browser, studies: Path, tmp_path: Path
) -> None:
    """In a home where nothing was measured; measuring is held up until the page was used beside it."""
    go, home = tmp_path / "go", tmp_path / "home"
    slow = {"BAKEOFF_WORKER_TASKS": "tests.browser.slow_tasks", "BAKEOFF_LET_GO": str(go)}
    home.mkdir()
    with (
        serving(home, tmp_path / "log", BAKEOFF_STUDIES=str(studies), **slow) as address,
        reading(browser, address) as reader,
    ):
        page = reader.open("/compare?study=tiny&option=rule")
        expect(reader.at("answer_card")).to_be_visible()
        expect(page.get_by_text("Times are those of one core")).to_have_count(0)
        sidebar = page.locator('[data-testid="stSidebar"]')
        expect(sidebar).to_contain_text(re.compile("Measuring what .* takes.*; 2 more after it"))
        reader.look("The figures")
        expect(reader.at("figures_all")).to_be_visible()
        reader.press("costs_cancel")
        expect(sidebar).to_contain_text("What 3 options take is not measured yet.")
        reader.press("costs_go_on")
        expect(sidebar).to_contain_text("Measuring what")
        reader.press("costs_cancel")
        expect(sidebar).to_contain_text("not measured yet")
        expect(reader.at("figures_all")).to_be_visible()
        go.touch()
        reader.press("costs_go_on")
        expect(sidebar).not_to_contain_text(re.compile("Measuring|measured"), timeout=90_000)
        reader.look("Every option")
        reader.says("Times are those of one core of the machine")


@pytest.mark.parametrize("more", [{}, pytest.param({"More data?": "With half of them"}, marks=pytest.mark.promise)])
def test_every_tab_says_its_finding(reader: Reader, more: dict[str, str]) -> None:
    page = reader.open(LOANS)
    for tab, finding in {**TABS, **more}.items():
        reader.look(tab)
        reader.says(finding)
    expect(page.locator("[class*='st-key-compare_chart'] .main-svg").first).to_be_visible()
    expect(page.locator("[class*='st-key-money_chart'] .main-svg").first).to_be_visible()


@pytest.mark.promise
def test_markup_stays_text_in_every_tab(reader: Reader) -> None:
    reader.open("/compare?study=markup&option=logistic")
    for tab, finding in TABS.items():
        reader.look(tab)
        reader.says(finding)
        nothing_lives(reader)


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.promise)])
def test_a_phone_shows_everything_and_nothing_serious_is_found(browser: Browser, server: str, scheme: str) -> None:
    with reading(browser, server, width=400, scheme=scheme) as reader:
        page = reader.open(HOUSES + "&look=figures")
        expect(reader.at("figures_all")).to_be_visible()
        assert page.evaluate(SIDEWAYS) <= 0
        assert page.evaluate(INNER) <= 0
        card, chart, form = (reader.at(k).bounding_box() for k in ("answer_card", "compare_chart", "figures_all"))
        assert card
        assert chart
        assert form
        assert card["y"] < chart["y"] < form["y"]
        assert findings(reader) == []


@pytest.mark.promise
@pytest.mark.parametrize("look", ["options", "figures", "even", "cut", "apart", "train", "method"])
@pytest.mark.parametrize("width", [400, 1440])
def test_nothing_serious_in_any_tab_at_any_width(browser: Browser, server: str, width: int, look: str) -> None:
    with reading(browser, server, width=width) as reader:
        page = reader.open(f"{LOANS}&look={look}&audience=technical")
        expect(reader.at("answer_card")).to_be_visible()
        assert page.evaluate(SIDEWAYS) <= 0
        assert page.evaluate(INNER) <= 0
        assert findings(reader) == []
