"""Which cases are odd: mark one, reload, take the marks along, see what changes without it; by keyboard; on a phone."""

from __future__ import annotations

import csv
import io

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Reader, reading
from tests.browser.test_looks import INNER, SIDEWAYS, findings

pytestmark = pytest.mark.browser
PAGE = "/outliers?study=houses&option=logistic"
LOANS = "/outliers?study=boston_mortgages&option=tree"


def test_mark_reload_export_and_what_changes_without(reader: Reader, browser: Browser, server: str) -> None:
    page = reader.open(PAGE + "&among=all")
    first = reader.at("odd_inputs_0_row")
    expect(first).to_contain_text("House")
    case = first.locator("strong").first.inner_text().removeprefix("House ")
    first.get_by_role("button", name="Say what it is").click()
    form = reader.popover()
    form.get_by_label("Comment").fill("=1+1 **no** <b>")
    form.get_by_label("Comment").press("Tab")
    reader.settle()
    form.get_by_role("button", name="Save").click()
    expect(form).to_contain_text("Choose real, data error or check first")
    expect(form.get_by_label("Comment")).to_have_value("=1+1 **no** <b>")
    form.get_by_role("radio", name="Data error").check(force=True)
    form.get_by_label("Your name").fill("Ada [L](http://x.example)")
    form.get_by_label("Your name").press("Tab")
    reader.settle()
    reader.twice(form.get_by_role("button", name="Save"))  # an impatient reader marks once, not twice
    expect(form).to_contain_text("Saved as “data error”")
    expect(first).to_contain_text("data error, said Ada [L](http")

    page.reload()
    reader.settle()
    expect(first).to_contain_text("data error, said Ada [L](http")
    expect(reader.answer()).to_contain_text("Nothing was taken out of the data")
    reader.look("What people said")
    mine = page.locator("[class*='st-key-row_mark_']").filter(has_text="=1+1 **no** <b>")
    expect(mine).to_have_count(1)
    reader.settle()
    with page.expect_download() as waiting:
        reader.press("row_marks_csv")
    rows = list(csv.reader(io.StringIO(waiting.value.path().read_text("utf-8-sig"))))
    assert [r[:4] for r in rows[1:]] == [[case, "data error", "'=1+1 **no** <b>", "Ada [L](http://x.example)"]]

    reader.look("What changes without them")
    reader.says("this is a trial")
    reader.settle()
    with reading(browser, server) as colleague:
        colleague.open(PAGE + "&look=marks")
        colleague.says("=1+1 **no** <b>")
        colleague.page.locator("[class*='st-key-row_mark_']").get_by_role("button", name="Take back").first.click()
        colleague.says("was taken back; the table keeps it")
        colleague.press("row_mark_undo")
        colleague.says("=1+1 **no** <b>")


def test_by_keyboard_alone_a_case_is_marked_by_its_number(reader: Reader) -> None:
    page = reader.open(PAGE + "&look=marks")
    field = page.get_by_role("textbox", name="Another house, by number")
    page.locator('[data-testid="stMain"]').focus()
    for _ in range(120):
        page.keyboard.press("Tab")
        if field.evaluate("e => e === document.activeElement"):
            break
    page.keyboard.type("77777")
    page.keyboard.press("Enter")
    reader.says("There is no house 77777")
    page.keyboard.press("Control+a")
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    say = reader.at("odd_by_number").get_by_role("button", name="Say what it is")
    expect(say).to_be_visible()
    reader.settle()
    for _ in range(10):
        page.keyboard.press("Tab")
        if say.evaluate("e => e === document.activeElement"):
            break
    page.keyboard.press("Enter")
    form = reader.popover()
    expect(form).to_contain_text("House 7")
    form.get_by_label("Your name").fill("Bo")
    form.get_by_label("Your name").press("Tab")
    reader.settle()
    form.get_by_role("radio", name="Check").focus()
    page.keyboard.press("Space")
    reader.settle()
    form.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[class*='st-key-row_mark_']").filter(has_text="check, said Bo")).to_have_count(1)


def test_explain_one_and_come_back_to_the_same_list(reader: Reader) -> None:
    reader.open(LOANS + "&among=all")
    reader.says("Application 1095")
    reader.press("odd_inputs_0_explain")
    reader.says("Why this prediction?")
    reader.link_has(case="1095", study="boston_mortgages", option="tree")
    reader.settle()
    reader.press("go_back")
    reader.says("Which cases are odd?")
    reader.link_has(among="all", option="tree")


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.promise)])
def test_a_phone_shows_everything_and_nothing_serious_is_found(browser: Browser, server: str, scheme: str) -> None:
    with reading(browser, server, width=400, scheme=scheme) as reader:
        page = reader.open(LOANS)
        expect(reader.at("odd_chart").locator(".main-svg").first).to_be_visible()
        reader.settle()
        assert page.evaluate(SIDEWAYS) <= 0
        assert page.evaluate(INNER) <= 0
        assert findings(reader) == []


@pytest.mark.promise
@pytest.mark.parametrize("look", ["outcomes", "twice", "weight", "marks", "without", "method"])
@pytest.mark.parametrize("width", [400, 1440])
def test_nothing_serious_in_any_tab_at_any_width(browser: Browser, server: str, width: int, look: str) -> None:
    with reading(browser, server, width=width) as reader:
        page = reader.open(f"{PAGE}&look={look}&audience=technical")
        expect(reader.at("odd_chart").locator(".main-svg").first).to_be_visible()
        reader.settle()
        assert page.evaluate(SIDEWAYS) <= 0
        assert page.evaluate(INNER) <= 0
        assert findings(reader) == []
