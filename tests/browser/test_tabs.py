from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser


def test_every_tab_brings_its_evidence(reader: Reader) -> None:
    page = reader.open("/explain?study=boston_mortgages&option=logistic&case=379")
    reader.look("What the other options say")
    table = page.locator("table").filter(has_text="Answer and first reason")
    expect(table.locator("tbody tr")).to_have_count(9)
    expect(reader.at("answers").locator(".main-svg").first).to_be_visible()
    reader.link_has(look="others", case="379")

    reader.look("Similar past applications")
    reader.says("most similar past applications")
    reader.link_has(look="similar")

    reader.look("All its values")
    expect(page.locator("table").filter(has_text="Counts")).to_contain_text("protected, not used")

    reader.look("How it was worked out")
    reader.press("check_with_shap")
    expect(page.locator("table").filter(has_text="Gap").locator("tbody tr")).to_have_count(10)
    reader.link_has(look="method")
