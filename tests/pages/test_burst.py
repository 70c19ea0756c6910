"""What a script draws is sent in one burst, in its order; nothing is lost where a script stops or waits."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from pages.parts import burst, turn


class Stopped(Exception):
    """What Streamlit raises where a script is to stop."""


class Runner:
    """Streamlit's runner as far as a burst knows it."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.stop = False
        self.on_event = SimpleNamespace(send=self._take)

    def _maybe_handle_execution_control_request(self) -> None:
        if self.stop:
            raise Stopped

    def _take(self, _runner: Runner, *, event: Any, forward_msg: str) -> None:
        self.sent.append(forward_msg)
        del event

    def enqueue(self, message: str) -> None:
        self._maybe_handle_execution_control_request()
        self.sent.append(message)


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> tuple[Runner, Callable[[str], None]]:
    """Return a runner and what a script sends its messages with."""
    runner = Runner()
    context = SimpleNamespace(_enqueue=runner.enqueue)
    monkeypatch.setattr(burst, "get_script_run_ctx", lambda **_: context)

    def send(message: str) -> None:
        context._enqueue(message)  # looked up anew: a burst puts itself in its place

    return runner, send


def test_nothing_goes_out_before_the_end_and_then_everything_in_its_order(script: Any) -> None:
    runner, send = script
    with burst.together():
        for message in "abc":
            send(message)
        assert runner.sent == []
    assert runner.sent == list("abc")
    send("d")
    assert runner.sent == list("abcd")


def test_what_a_reader_waits_for_goes_first_and_the_rest_in_one_burst(script: Any) -> None:
    runner, send = script
    with burst.together():
        send("answer")
        burst.so_far()
        assert runner.sent == ["answer"]
        send("tab")
        assert runner.sent == ["answer"]
    assert runner.sent == ["answer", "tab"]
    burst.so_far()  # without a burst there is nothing to send
    assert runner.sent == ["answer", "tab"]


def test_what_takes_longer_than_a_moment_is_seen_in_the_making(script: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    runner, send = script
    monkeypatch.setattr(burst, "MOMENT", 0.0)
    with burst.together():
        send("a")
        assert runner.sent == ["a"]


def test_who_waits_for_a_worker_shows_what_there_is_and_then_each_piece(script: Any) -> None:
    runner, send = script
    with burst.together():
        send("title")
        with turn.given_up():
            assert runner.sent == ["title"]
            send("half done")
            assert runner.sent == ["title", "half done"]


def test_a_script_that_stops_ends_there_and_keeps_what_it_drew(script: Any) -> None:
    runner, send = script

    @burst.together()
    def page() -> None:
        send("why there is nothing")
        runner.stop = True
        send("never")
        raise AssertionError("It went on.")

    with pytest.raises(Stopped):
        page()
    assert runner.sent == ["why there is nothing"]


def test_an_error_on_the_page_keeps_what_was_drawn_before_it(script: Any) -> None:
    runner, send = script

    @burst.together()
    def page() -> None:
        send("title")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        page()
    assert runner.sent == ["title"]


def test_another_streamlit_sends_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    context = SimpleNamespace(_enqueue=sent.append)
    monkeypatch.setattr(burst, "get_script_run_ctx", lambda **_: context)
    with burst.together():
        context._enqueue("a")
        assert sent == ["a"]
