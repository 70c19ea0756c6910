from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Reader, reading

pytestmark = pytest.mark.browser


def test_a_deep_link_shows_exactly_that_screen_and_its_copy_does_too(
    reader: Reader, browser: Browser, server: str
) -> None:
    link = (
        "study=boston_mortgages&option=tree&case=379&reference=public_bad_credit%3Ayes&audience=technical&look=values"
    )
    reader.open(f"/explain?{link}")
    reader.link_has(
        study="boston_mortgages", option="tree", case="379", reference="public_bad_credit:yes", audience="technical"
    )
    expect(reader.at("case").locator("input")).to_have_value("No. 379")
    expect(reader.at("option").locator("input")).to_have_value("Decision tree, depth 3")
    expect(reader.at("reference").locator("input")).to_have_value("Public credit record: credit problems")
    expect(reader.page.get_by_role("tab", name="All its values")).to_have_attribute("aria-selected", "true")
    expect(reader.page.get_by_role("dialog", name="Page not found")).to_have_count(0)
    card = reader.answer().inner_text()

    reader.press("take_along")
    copied = reader.popover().locator("code").inner_text()
    with reading(browser, server) as colleague:
        colleague.page.goto(copied)
        colleague.settle()
        expect(colleague.answer()).to_have_text(reader.answer().text_content() or "-")
        assert colleague.answer().inner_text() == card
        expect(colleague.at("reference").locator("input")).to_have_value("Public credit record: credit problems")


def test_option_audience_and_reference_change_what_is_said_and_the_link(reader: Reader) -> None:
    page = reader.open("/explain?study=boston_mortgages&option=boosting&case=461")
    first = reader.answer().inner_text()
    assert "in 100" in first

    reader.pick("option", "One rule")
    reader.link_has(option="rule", case="461")
    expect(reader.answer()).not_to_have_text(first)
    expect(page.locator('[data-testid="stMain"]')).to_contain_text("The option is “One rule”")

    page.get_by_role("radio", name="Technical").click()
    reader.link_has(option="rule", case="461", audience="technical")
    reader.says("predicted probability of being turned down")
    page.get_by_role("radio", name="Business").click()
    reader.link_has(audience="business")

    everyone = reader.at("waterfall").text_content()
    reader.pick("reference", "credit problems")
    reader.link_has(reference="public_bad_credit:yes", case="461")
    expect(reader.at("waterfall")).not_to_have_text(everyone or "-")
    expect(reader.at("waterfall")).to_contain_text("Average of that")
    reader.pick("reference", "8")
    reader.link_has(reference="case:8")
    reader.says("application 8")
    reader.pick("reference", "99999")
    reader.says("There is no application 99999 to compare with")
    reader.link_has(reference="case:8")
