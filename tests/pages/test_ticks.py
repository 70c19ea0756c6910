"""Ticks of a page that was left are not answered; everything else that a browser asks for is."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests, ScriptRequestType

from pages.parts import ticks


@pytest.fixture
def context(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The run of a page "new" that has begun."""
    storage = MemoryFragmentStorage()
    storage.register("part", lambda: None)
    made = SimpleNamespace(script_requests=ScriptRequests(), fragment_storage=storage, page_script_hash="new")
    monkeypatch.setattr(ticks, "get_script_run_ctx", lambda **_: made)
    for _ in range(3):  # a page that runs anew begins again
        ticks.of_this_page()
    return made


def tick(page: str) -> RerunData:
    return RerunData(fragment_id="part", is_auto_rerun=True, page_script_hash=page)


def test_a_tick_of_the_page_that_was_left_is_not_answered(context: SimpleNamespace) -> None:
    requests = context.script_requests
    assert requests.request_rerun(tick("old"))
    assert requests.on_scriptrunner_ready().type is ScriptRequestType.STOP


@pytest.mark.parametrize(
    "asked", [tick("new"), RerunData(page_script_hash="old"), RerunData(fragment_id="part", page_script_hash="old")]
)
def test_a_tick_of_this_page_and_every_click_are_answered(context: SimpleNamespace, asked: RerunData) -> None:
    requests = context.script_requests
    assert requests.request_rerun(asked)
    assert requests.on_scriptrunner_ready().type is ScriptRequestType.RERUN


def test_what_was_drawn_before_is_forgotten_when_a_page_begins(context: SimpleNamespace) -> None:
    assert not context.fragment_storage.contains("part")


def test_without_a_run_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticks, "get_script_run_ctx", lambda **_: None)
    ticks.of_this_page()
