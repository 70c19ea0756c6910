from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Reader, reading

pytestmark = pytest.mark.browser


def whole(reader: Reader) -> None:
    """Wait until nothing of the page is still being worked out: the card says how sure it is only then."""
    expect(reader.page.get_by_text("Still being worked out")).to_have_count(0)
    reader.settle()


def test_change_a_value_compare_reset_and_keep_it_as_a_demo_case(reader: Reader, browser: Browser, server: str) -> None:
    page = reader.open("/explain?study=boston_mortgages&option=tree&case=621&look=change")
    debts = page.get_by_role("spinbutton", name="Debt payments (%)")
    expect(debts).to_have_value("116.0")
    recorded = page.get_by_role("heading", name="As recorded: 26 of 100")
    expect(recorded).to_have_count(0)
    debts.fill("30")
    debts.press("Enter")
    expect(recorded).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile(r"With your changes: \d of 100"))).to_be_visible()
    before, after = reader.at("change_As-recorded"), reader.at("change_With-your-changes")
    expect(before.locator(".main-svg").first).to_be_visible()
    expect(after.locator(".main-svg").first).to_be_visible()
    left, right = before.bounding_box(), after.bounding_box()
    assert left
    assert right
    assert left["x"] + left["width"] <= right["x"]
    assert abs(left["y"] - right["y"]) < 2

    reader.press("change_reset")
    reader.says("Nothing is changed yet.")
    expect(debts).to_have_value("116.0")
    expect(recorded).to_have_count(0)

    debts.fill("31")
    debts.press("Enter")
    expect(recorded).to_be_visible()
    reader.press("keep")
    reader.popover().get_by_label("What it shows").fill("Debts as *usual* [a](http://x.example)")
    reader.at("keep_save").locator("button").click()
    expect(reader.popover()).to_contain_text("Write your name first")
    reader.popover().get_by_label("Your name").fill("Ada")
    reader.popover().get_by_label("Your name").press("Tab")
    reader.at("keep_save").locator("button").click()
    page.wait_for_function("() => (new URLSearchParams(location.search).get('case') || '').startsWith('pin-')")
    kept = reader.parameter("case")
    reader.says("Debts as *usual* [a]")
    reader.says("kept by Ada")
    reader.says("a typed-in case")
    reader.settle()  # the caption is there before the card has followed
    whole(reader)
    answer = reader.answer().inner_text()

    with reading(browser, server) as colleague:
        colleague.open(f"/explain?study=boston_mortgages&option=tree&case={kept}")
        colleague.says("kept by Ada")
        whole(colleague)
        assert colleague.answer().inner_text() == answer

    reader.press("pin_remove")
    reader.says("was removed from the demo cases")
    with reading(browser, server) as colleague:
        colleague.open(f"/explain?study=boston_mortgages&option=tree&case={kept}")
        colleague.says("is not there any more")
    reader.press("pin_restore")
    reader.link_has(case=kept)
    reader.says("kept by Ada")
    reader.press("pin_remove")
    reader.says("was removed from the demo cases")
