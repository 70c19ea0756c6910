from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import reading, serving

pytestmark = pytest.mark.browser
LINK = "/explain?study=boston_mortgages&option=boosting&case=621"


def test_a_fresh_home_builds_with_progress_stops_goes_on_and_finishes(browser: Browser, tmp_path: Path) -> None:
    """The first link on a fresh server; the option on screen comes first, the others follow in the background."""
    home, go = tmp_path / "own", tmp_path / "go"
    # Held up until it was cancelled: on a quick machine the option would be there before the click.
    slow = {"BAKEOFF_WORKER_TASKS": "tests.browser.slow_tasks", "BAKEOFF_LET_GO": str(go), "BAKEOFF_HELD": "build"}
    with serving(home, tmp_path / "log", **slow) as address, reading(browser, address) as reader:
        page = reader.page
        page.goto(address + LINK)
        reader.says("Preparing the option “Step-by-step trees”")
        reader.at("build_cancel").locator("button:visible").first.click()
        reader.says("Preparing this option was cancelled")
        expect(page.get_by_role("dialog", name="Page not found")).to_have_count(0)
        expect(reader.at("answer_card")).to_have_count(0)

        go.touch()
        reader.press("build_go_on")
        expect(reader.at("answer_card")).to_be_visible(timeout=180_000)
        reader.link_has(study="boston_mortgages", option="boosting", case="621")

        cancel = reader.at("build_rest_cancel").locator("button:visible").first
        cancel.click(timeout=120_000)
        sidebar = page.locator('[data-testid="stSidebar"]')
        expect(sidebar).to_contain_text("not prepared yet")
        expect(reader.at("answer_card")).to_be_visible()
        reader.press("build_rest_go_on")
        expect(sidebar).not_to_contain_text("not prepared yet")
        page.get_by_role("tab", name="What the other options say").click()
        expect(reader.at("build_rest_cancel")).to_have_count(0, timeout=240_000)
        reader.page.reload()
        expect(page.locator("table").filter(has_text="Answer and first reason").locator("tbody tr")).to_have_count(
            9, timeout=120_000
        )
