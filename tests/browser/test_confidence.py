"""How sure is it: a level, a link, who decides, a case unlike anything seen; on a phone and with a screen reader."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Reader, reading
from tests.browser.test_looks import INNER, SIDEWAYS, findings

pytestmark = pytest.mark.browser
PAGE = "/confidence?study=houses&option=logistic"
LOANS = "/confidence?study=boston_mortgages&option=tree"
TABS = {
    "Does 30 in 100 mean 30 in 100?": "groups of applications with similar chances",
    "Every group": "Credit history: grade 1 of 6",
    "How it was worked out": "never seen before, then showed how often that held",
    "How good is it?": "does better than “No model” in telling outcomes apart",
}


def test_another_level_changes_figures_and_link_and_a_colleague_sees_the_same(
    reader: Reader, browser: Browser, server: str
) -> None:
    page = reader.open(PAGE)
    reader.says("Ranges that promise 90 in 100")
    reader.link_has(level="90")
    before = reader.answer().inner_text()
    page.get_by_role("radio", name="19 in 20").click()
    reader.says("Ranges that promise 95 in 100")
    reader.link_has(level="95")
    reader.settle()
    after = reader.answer().inner_text()
    width = re.compile(r"wider than ([\d.]+)")
    assert float(width.findall(after)[0]) > float(width.findall(before)[0])
    with reading(browser, server) as colleague:
        colleague.open(PAGE + "&level=95")
        colleague.says("Ranges that promise 95 in 100")
        colleague.settle()
        assert colleague.answer().inner_text() == after
    # The level goes along to the page of one case: its range is as wide as was promised.
    page.get_by_role("link", name="Why this prediction?").click()
    reader.says("The promise was 95 in 100")


def test_groups_of_a_picked_column_are_kept_and_a_colleague_sees_them(
    reader: Reader, browser: Browser, server: str
) -> None:
    page = reader.open(LOANS)
    reader.link_has(by="every_group")
    before = reader.answer().inner_text()
    reader.pick("by", "Debt payments")
    reader.link_has(by="debt_payments_to_income")
    reader.says("Whoever looks at many columns finds some gap by chance")
    chart = reader.at("coverage_chart").locator(".ytick text")
    expect(chart.filter(has_text="Debt payments:")).to_have_count(5)
    assert reader.answer().inner_text() == before  # the answer is about the option, whatever groups are looked at
    page.reload()
    reader.settle()
    expect(chart.filter(has_text="Debt payments:")).to_have_count(5)
    with reading(browser, server) as colleague:
        colleague.open(LOANS + "&by=debt_payments_to_income&look=groups")
        colleague.says("Debt payments: ")
        theirs = colleague.at("coverage_chart").locator(".ytick text")
        expect(theirs.filter(has_text="Debt payments:")).to_have_count(5)
    # It goes along to another option, and back to what is usual.
    reader.pick("option", "One rule")
    reader.link_has(option="rule", by="debt_payments_to_income")
    expect(chart.filter(has_text="Debt payments:")).to_have_count(5)
    reader.pick("by", "Every group")
    reader.link_has(by="every_group")
    expect(page.get_by_text("Whoever looks at many columns")).to_have_count(0)


def test_every_tab_says_its_finding(reader: Reader) -> None:
    page = reader.open(LOANS)
    for tab, finding in TABS.items():
        reader.look(tab)
        reader.says(finding)
    expect(page.locator("[class*='st-key-quality'] .main-svg").first).to_be_visible()


def test_who_decides_is_tried_kept_once_and_found_again(reader: Reader, browser: Browser, server: str) -> None:
    page = reader.open(LOANS + "&look=triage")
    reader.says("so every application goes to a person")
    reader.pick("triage_off", "20 in 100")
    reader.says("could decide 456 of 476 never-seen applications alone; 20 would go to a person")
    reader.settle()
    reader.press("triage_keep")
    form = reader.popover()
    form.get_by_label("Why this one?").fill("Few enough for **us** <b>")
    form.get_by_label("Why this one?").press("Tab")
    form.get_by_role("button", name="Keep", exact=True).click()
    expect(form).to_contain_text("Write your name first")
    expect(form.get_by_label("Why this one?")).to_have_value("Few enough for **us** <b>")
    form.get_by_label("Your name").fill("Ada [L](http://x.example)")
    form.get_by_label("Your name").press("Tab")
    reader.settle()
    reader.twice(form.get_by_role("button", name="Keep", exact=True))  # an impatient reader keeps one choice, not two
    mine = page.locator("[class*='st-key-triage_']").filter(has_text="Ada [L](http")
    expect(mine.filter(has_text="holds now")).to_have_count(1)
    page.reload()
    reader.settle()
    reader.says("so every application goes to a person")
    expect(mine).to_have_count(1)
    expect(mine).to_contain_text("Few enough for **us** <b>")
    with reading(browser, server) as colleague:
        colleague.open(LOANS + "&look=triage")
        colleague.says("Few enough for **us** <b>")
        colleague.says("could decide 456 of 476 never-seen applications alone")


def test_a_typed_case_unlike_anything_seen_is_said_first_and_gone_after_reset(reader: Reader) -> None:
    page = reader.open("/explain?study=boston_mortgages&option=tree&case=8&look=change")
    expect(reader.at("limits")).not_to_contain_text("Not checked yet: how unusual")
    debts = page.get_by_role("spinbutton", name="Debt payments (%)")
    debts.fill("300")
    debts.press("Enter")
    reader.says("With your changes")
    reader.says("With these values the application is unlike anything seen")
    text = reader.text()
    assert "so its answer is a guess" in text
    assert text.index("With these values the application is unlike") < text.index("With your changes")
    reader.press("change_reset")
    reader.says("Nothing is changed yet.")
    expect(page.get_by_text("unlike anything seen")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.promise)])
def test_a_phone_shows_everything_and_nothing_serious_is_found(browser: Browser, server: str, scheme: str) -> None:
    with reading(browser, server, width=400, scheme=scheme) as reader:
        page = reader.open(LOANS + "&look=triage")
        expect(reader.at("coverage_chart").locator(".main-svg").first).to_be_visible()
        expect(reader.at("triage_chart").locator(".main-svg").first).to_be_visible()
        assert page.evaluate(SIDEWAYS) <= 0
        assert page.evaluate(INNER) <= 0
        assert findings(reader) == []


@pytest.mark.promise
@pytest.mark.parametrize("look", ["good", "meaning", "groups", "method"])
@pytest.mark.parametrize("width", [400, 1440])
def test_nothing_serious_in_any_tab_at_any_width(browser: Browser, server: str, width: int, look: str) -> None:
    with reading(browser, server, width=width) as reader:
        page = reader.open(f"{LOANS}&look={look}&audience=technical")
        expect(reader.at("coverage_chart").locator(".main-svg").first).to_be_visible()
        assert page.evaluate(SIDEWAYS) <= 0
        assert page.evaluate(INNER) <= 0
        assert findings(reader) == []
