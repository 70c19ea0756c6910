"""Long work can be cancelled, the page says so, and one button starts it again; a click right after a box counts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Reader, reading, serving
from tests.browser.test_residuals import PAGE, box, picked

pytestmark = pytest.mark.browser


def test_both_pages_can_be_cancelled_and_started_again(
    browser: Browser, built_home: Path, studies: Path, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    slow = {"BAKEOFF_WORKER_TASKS": "tests.browser.slow_tasks", "BAKEOFF_LET_GO": str(go)}
    home = tmp_path / "home"
    found = shutil.ignore_patterns("residuals*", "outliers*", "detector*")
    shutil.copytree(built_home / "store", home / "store", ignore=found)
    with (
        serving(home, tmp_path / "log", BAKEOFF_STUDIES=str(studies), **slow) as address,
        reading(browser, address) as reader,
    ):
        page = reader.page
        page.goto(f"{address}/residuals?study=houses&option=logistic&look=groups")
        expect(reader.at("segments_progress")).to_be_visible()
        reader.press("segments_cancel")
        reader.says("The search for groups was cancelled. Nothing is lost.")
        reader.settle()
        page.wait_for_timeout(1500)  # nothing starts it anew by itself, and the rest of the page holds
        reader.says("The search for groups was cancelled. Nothing is lost.")
        expect(reader.at("answer_card")).to_be_visible()
        reader.press("segments_again")
        expect(reader.at("segments_progress")).to_be_visible()
        page.goto(f"{address}/outliers?study=houses&option=logistic")
        expect(reader.at("odd_inputs_progress")).to_be_visible()
        reader.press("odd_inputs_cancel")
        reader.says("This was cancelled. Nothing is lost.")
        go.touch()
        reader.press("start_again")
        reader.says("has the oddest values")
        reader.settle()
        page.goto(f"{address}/residuals?study=houses&option=logistic&look=groups")
        reader.says("Two things at a time")


def test_a_click_right_after_a_box_was_drawn_counts(reader: Reader) -> None:
    """The browser tells of one box twice: what was clicked in between must not be taken back by the second time."""
    page = reader.open(PAGE)
    reader.says("group stands out")
    reader.settle()
    box(reader, 0.02, 0.02, 0.98, 0.4)
    reader.press("pick_worst")
    reader.link_has(pick="worst:10")
    page.wait_for_timeout(1500)
    reader.settle()
    assert reader.parameter("pick") == "worst:10"
    assert picked(reader) == 10

    box(reader, 0.02, 0.02, 0.98, 0.4)
    page.wait_for_function("() => decodeURIComponent(location.search).includes('pick=box:')")
    reader.press("picked_explain")
    reader.says("Why this prediction?")
    page.wait_for_timeout(1500)
    reader.settle()
    assert "/explain" in page.url
    reader.press("go_back")
    reader.says("Where is it wrong?")
    reader.settle()
    assert reader.parameter("pick").startswith("box:")
