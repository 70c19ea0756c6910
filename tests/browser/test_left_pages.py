"""A page that was left has no say any more: its clock may tick once more before the browser hears of the new page."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import reading, serving
from tests.browser.test_clicks_count import Line

pytestmark = pytest.mark.browser


def test_a_tick_of_the_page_that_was_left_takes_nothing_off_the_screen(
    browser: Browser, built_home: Path, studies: Path, tmp_path: Path
) -> None:
    """The new page waits for its work until the clock of the one before has ticked."""
    home, go = tmp_path / "home", tmp_path / "go"
    shutil.copytree(built_home / "store", home / "store", ignore=shutil.ignore_patterns("intervals*", "importance*"))
    held = {"BAKEOFF_HELD": "coverage importance", "BAKEOFF_LET_GO": str(go)}
    slow = {"BAKEOFF_WORKER_TASKS": "tests.browser.slow_tasks", **held}
    with (
        serving(home, tmp_path / "log", BAKEOFF_STUDIES=str(studies), **slow) as address,
        reading(browser, address) as reader,
    ):
        line = Line(reader)
        reader.open("/explain?study=grades&option=logistic&level=99&present=1")
        reader.says("Still being worked out")
        line.holding = True
        with line.until(ticks=2):
            reader.press("present_next")
        with line.until(runs=1):
            go.touch()
        line.let_through()
        reader.says("What does it look at?")
        expect(reader.answer()).to_be_visible()
        reader.settle()
        expect(reader.answer()).to_be_visible()
