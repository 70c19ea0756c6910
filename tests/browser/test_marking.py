from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import Reader, reading

pytestmark = pytest.mark.browser
CASE = "/explain?study=boston_mortgages&option=tree&case=621"


def mark_form(reader: Reader, at: int) -> Locator:
    """Open the form and choose the reason in this place of the list."""
    reader.press("mark")
    form = reader.popover()
    which = form.get_by_role("radiogroup", name="Which reason").get_by_role("radio").nth(at)
    which.check(force=True)
    expect(which).to_be_checked()
    reader.settle()
    # The form of the reason that was chosen, and not of the one before, which stands until the answer has come.
    said = form.get_by_role("radiogroup", name="Which reason").get_by_test_id("stRadioOption").nth(at).inner_text()
    expect(form.locator("strong")).to_have_text(said.rpartition(" (")[0])
    return form


def mark(reader: Reader, at: int, word: str, comment: str, name: str | None) -> None:
    """Mark the reason in this row; the name is asked for only where it is not known yet."""
    form = mark_form(reader, at)
    form.get_by_role("radio", name=word).click()
    expect(form.get_by_role("radio", name=word)).to_be_checked()
    form.get_by_label("Comment").fill(comment)
    if name is None:
        expect(form.get_by_label("Your name")).to_have_count(0)
    else:
        form.get_by_label("Your name").fill(name)
        form.get_by_label("Your name").press("Tab")
    reader.twice(form.get_by_role("button", name="Save"))  # an impatient reader writes one mark, not two
    expect(form).to_contain_text(f"Saved as “{word}”")
    reader.page.keyboard.press("Escape")


def test_mark_a_reason_find_it_on_home_and_answer_it(reader: Reader, browser: Browser, server: str) -> None:
    reader.open(CASE)
    mark(reader, 0, "odd", "Nobody pays **this** much <b>", "Ada [L](http://x.example)")
    expect(reader.page.locator('[data-testid="stSidebar"]')).to_contain_text("Writing as Ada [L](http")
    mark(reader, 1, "makes sense", "", None)

    with reading(browser, server) as colleague:
        home = colleague.open("/?study=boston_mortgages")
        colleague.says("2 marks, 2 open")
        expect(home.locator("[class*='st-key-said_']").filter(has_text="Nobody pays")).to_have_count(1)
        colleague.says("Nobody pays **this** much <b>")
        colleague.says("Ada [L](http")
        colleague.says("application 621")
        said = home.locator("[class*='st-key-said_']").filter(has_text="Nobody pays")
        said.get_by_role("button", name="Answer").click()
        colleague.popover().get_by_label("Your answer").fill("We will look at *it*.")
        colleague.popover().get_by_label("Your name").fill("Bo")
        colleague.popover().get_by_label("Your name").press("Tab")
        colleague.popover().get_by_role("button", name="Save the answer").click()
        colleague.says("2 marks, 1 open")
        expect(said).to_contain_text("We will look at *it*.")
        expect(said).to_contain_text("answered")
        home.keyboard.press("Escape")
        said.get_by_role("button", name="Look at it").click()
        colleague.link_has(case="621", option="tree")
        colleague.says("Why this prediction?")

    reader.page.reload()
    reader.settle()
    expect(reader.page.locator('[data-testid="stSidebar"]')).not_to_contain_text("Writing as")
    reader.open("/?study=boston_mortgages")
    reader.says("We will look at *it*.")


def test_an_incomplete_mark_is_not_written_and_nothing_typed_is_lost(reader: Reader) -> None:
    reader.open(CASE)
    form = mark_form(reader, 2)
    form.get_by_label("Comment").fill("Half a thought")
    form.get_by_label("Comment").press("Tab")
    form.get_by_role("button", name="Save").click()
    expect(form).to_contain_text("Choose makes sense, odd or wrong first")
    form.get_by_role("radio", name="wrong").click()
    form.get_by_role("button", name="Save").click()
    expect(form).to_contain_text("Write your name first")
    expect(form.get_by_label("Comment")).to_have_value("Half a thought")
    reader.page.keyboard.press("Escape")
    reader.pick("case", "8")
    reader.link_has(case="8")
    reader.pick("case", "621")
    reader.link_has(case="621")
    expect(mark_form(reader, 2).get_by_label("Comment")).to_have_value("Half a thought")
