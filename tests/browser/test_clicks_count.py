"""A click counts whatever is on its way to the browser when it is made: the line to the server is held up by hand."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, WebSocketRoute, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.conftest import PATIENCE_MS, Reader, reading, serving

pytestmark = pytest.mark.browser
WHOLE_PAGE = ForwardMsg.FINISHED_SUCCESSFULLY
CASE = "/explain?study=boston_mortgages&option=tree&case=621"


class Line:
    """The line between a reader's browser and the server; what the server says can be held up and let through."""

    def __init__(self, reader: Reader) -> None:
        self.page = reader.page
        self.holding = False
        self.held: list[bytes] = []
        self.ticks = 0
        self.runs = 0
        self.page.route_web_socket(re.compile("_stcore/stream"), self._connect)

    def _connect(self, browser: WebSocketRoute) -> None:
        self._browser, self._server = browser, browser.connect_to_server()
        browser.on_message(self._asked)
        self._server.on_message(self._said)

    def _asked(self, message: str | bytes) -> None:
        if isinstance(message, bytes):
            self.ticks += BackMsg.FromString(message).rerun_script.is_auto_rerun
        self._server.send(message)

    def _said(self, message: str | bytes) -> None:
        assert isinstance(message, bytes)
        said = ForwardMsg.FromString(message)
        self.runs += said.WhichOneof("type") == "script_finished" and said.script_finished == WHOLE_PAGE
        if self.holding:
            self.held.append(message)
        else:
            self._browser.send(message)

    @contextmanager
    def until(self, *, runs: int = 0, ticks: int = 0) -> Iterator[None]:
        """Wait after the block until the page ran, or its clock ticked, so many times more than before it."""
        wanted = (self.runs + runs, self.ticks + ticks)
        yield
        for _ in range(PATIENCE_MS // 20):
            if self.runs >= wanted[0] and self.ticks >= wanted[1]:
                return
            self.page.wait_for_timeout(20)
        raise AssertionError(f"runs and ticks: {(self.runs, self.ticks)}, and not {wanted}")

    def let_through(self, messages: int | None = None) -> None:
        """Let through what was held up, oldest first; from then on everything if all of it is let through."""
        for message in self.held[:messages]:
            self._browser.send(message)
        self.held = self.held[len(self.held) if messages is None else messages :]
        self.holding = bool(self.held)


def word(form: Locator, name: str) -> Locator:
    return form.get_by_role("radio", name=name)


def test_a_click_on_the_form_of_the_reason_before_counts_for_the_reason_that_was_chosen(reader: Reader) -> None:
    line = Line(reader)
    reader.open(CASE)
    with line.until(runs=1):
        reader.press("mark")
    form = reader.popover()
    with line.until(runs=1):
        word(form, "odd").click()
    which = form.get_by_role("radiogroup", name="Which reason").get_by_role("radio")
    line.holding = True
    with line.until(runs=1):
        which.nth(1).check(force=True)
    with line.until(runs=1):
        word(form, "makes sense").click()
    line.let_through()
    expect(form).to_contain_text("best of 6 grades")
    expect(word(form, "makes sense")).to_be_checked()
    which.nth(0).check(force=True)
    expect(form).not_to_contain_text("best of 6 grades")
    expect(word(form, "odd")).to_be_checked()


def test_a_choice_holds_although_the_page_runs_by_itself(
    browser: Browser, built_home: Path, studies: Path, tmp_path: Path
) -> None:
    """What was worked out is drawn by a run that began before the browser had the form."""
    home, go = tmp_path / "home", tmp_path / "go"
    shutil.copytree(built_home / "store", home / "store", ignore=shutil.ignore_patterns("intervals*"))
    slow = {"BAKEOFF_WORKER_TASKS": "tests.browser.slow_tasks", "BAKEOFF_LET_GO": str(go), "BAKEOFF_HELD": "coverage"}
    with (
        serving(home, tmp_path / "log", BAKEOFF_STUDIES=str(studies), **slow) as address,
        reading(browser, address) as reader,
    ):
        line = Line(reader)
        reader.open(f"{CASE}&level=99")
        reader.says("Still being worked out")
        with line.until(runs=1):
            reader.press("mark")
        form = reader.popover()
        with line.until(runs=1):
            word(form, "odd").click()
        with line.until(runs=1, ticks=1):
            reader.page.keyboard.press("Escape")
        expect(form).to_have_count(0)

        line.holding = True
        with line.until(runs=1):
            reader.press("mark")
        drawn = len(line.held)
        with line.until(ticks=3):
            go.touch()
        line.let_through(drawn)
        expect(word(form, "odd")).to_be_checked()
        word(form, "wrong").click()
        expect(word(form, "wrong")).to_be_checked()
        line.let_through()
        expect(reader.page.get_by_text("Still being worked out")).to_have_count(0)
        reader.settle()
        expect(word(form, "wrong")).to_be_checked()
        form.get_by_label("Your name").fill("Ada")
        form.get_by_label("Your name").press("Tab")
        form.get_by_role("button", name="Save").click()
        expect(form).to_contain_text("Saved as “wrong”")
