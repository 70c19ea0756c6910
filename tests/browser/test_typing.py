"""What a reader types stays where it is typed, whatever is on its way to the browser meanwhile."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import reading, serving
from tests.browser.test_clicks_count import Line

pytestmark = pytest.mark.browser


def test_the_answer_to_a_click_leaves_what_is_typed_meanwhile(
    browser: Browser, built_home: Path, studies: Path, tmp_path: Path
) -> None:
    """The first screen waited for the comparison and showed a skeleton, the second has none."""
    home = tmp_path / "home"
    shutil.copytree(built_home / "store", home / "store", ignore=shutil.ignore_patterns("compare*"))
    with serving(home, tmp_path / "log", BAKEOFF_STUDIES=str(studies)) as address, reading(browser, address) as reader:
        line = Line(reader)
        reader.open("/decision?study=grades")
        ballot = reader.page.get_by_role("radiogroup", name="Which option do you want?")
        line.holding = True
        with line.until(runs=1):
            ballot.get_by_test_id("stRadioOption").nth(1).click()
        why = reader.page.get_by_label("Why? (others read it)")
        why.click()
        reader.page.keyboard.type("Simple ")
        line.let_through()
        expect(ballot.get_by_role("radio").nth(1)).to_be_checked()
        reader.settle()
        reader.page.keyboard.type("enough")  # where the cursor was
        expect(why).to_have_value("Simple enough")
