from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser


def test_a_term_in_technical_text_opens_its_entry_beside_the_page(reader: Reader) -> None:
    page = reader.open("/explain?study=boston_mortgages&option=logistic&case=379&audience=technical&look=method")
    term = page.get_by_role("link", name="Shapley values").first
    expect(term).to_be_visible()
    with page.expect_popup() as opened:
        term.click()
    entry = opened.value
    expect(entry.get_by_text("Why it matters").first).to_be_visible(timeout=20_000)
    first = entry.locator('[data-testid="stMain"] [data-testid="stMarkdown"] strong').first
    expect(first).to_have_text("Shapley value")
    assert "option=logistic" in entry.url
    assert "audience=technical" in entry.url
    expect(entry.get_by_label("Search")).to_have_value("Shapley value")
