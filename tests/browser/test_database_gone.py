from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import reading

pytestmark = pytest.mark.browser


def test_a_database_that_cannot_be_reached_is_told_and_what_was_typed_stays(
    browser: Browser, server_without_database: str
) -> None:
    with reading(browser, server_without_database) as reader:
        reader.open("/explain?study=boston_mortgages&option=tree&case=621")
        expect(reader.answer()).to_be_visible()
        reader.press("mark")
        form = reader.popover()
        form.get_by_role("radio", name="odd").click()
        form.get_by_label("Comment").fill("Do not lose this")
        form.get_by_label("Your name").fill("Ada")
        form.get_by_label("Your name").press("Tab")
        form.get_by_role("button", name="Save").click()
        expect(form).to_contain_text("What you wrote is still here")
        expect(form).to_contain_text("What people write is kept in")
        expect(form.get_by_label("Comment")).to_have_value("Do not lose this")
        assert "in-the-way" not in form.inner_text()

        reader.open("/?study=boston_mortgages")
        reader.says("How good is each option?")
        reader.says("What people write is kept in")
