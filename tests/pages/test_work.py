"""Waiting for work: what is shown, and that Cancel stops it instead of starting it anew."""

from __future__ import annotations

import time

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import turn, work
from tests.pages.conftest import told


def _waiting() -> None:
    """The smallest page that waits: a job that ends only when it is cancelled."""
    import streamlit as st

    from explainers.errors import JobCancelled
    from pages.parts import work

    class Endless:
        state, fraction, doing, error = "running", 0.4, "fitting many trees", ""

        def wait(self, seconds: float | None = None) -> bool:
            return self.state != "running"

        def __init__(self) -> None:
            self.askers: set[str] = set()

        def join(self, asker: str) -> None:
            self.askers.add(asker)

        def cancel(self, asker: str) -> None:
            self.askers.discard(asker)
            if not self.askers:
                self.state = "cancelled"

        def result(self) -> str:
            return "never"

    st.session_state["started"] = st.session_state.get("started", 0) + 1
    try:
        work.result_of(Endless(), doing="Fitting", key="build")  # type: ignore[arg-type]
    except JobCancelled:
        st.title("It was cancelled")


def test_cancel_is_heard_by_the_next_run_and_only_by_that() -> None:
    at = AppTest.from_function(_waiting)
    at.session_state["cancelled:build"] = True
    at.run()
    assert [t.value for t in at.title] == ["It was cancelled"]
    assert "cancelled:build" not in at.session_state
    assert "It was cancelled" in told(at)


class _Clock:
    """Time that passes only where somebody waits; ``turned`` are the moments at which a page was turned."""

    def __init__(self, turned: list[float], stops: float = float("inf")) -> None:
        self.now, self.turned, self.stops = 0.0, turned, stops

    def monotonic(self) -> float:
        return self.now

    def quiet_for(self) -> float:
        return self.now - max((at for at in self.turned if at <= self.now), default=-100.0)

    def wait(self, seconds: float) -> bool:
        self.now = min(self.now + seconds, self.stops)
        return self.is_set()

    def is_set(self) -> bool:
        return self.now >= self.stops


def _paced(monkeypatch: pytest.MonkeyPatch, clock: _Clock) -> bool:
    monkeypatch.setattr(work, "time", clock)
    monkeypatch.setattr(work, "turn", clock)
    monkeypatch.setattr(work.cached, "STOPPING", clock)
    return work._stopping_before_quiet()


def test_cases_are_explained_ahead_only_between_picks(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = _Clock([])
    assert not _paced(monkeypatch, nobody)
    assert nobody.now == 0.0
    picking = _Clock([0.0, 1.0, 2.0])
    assert not _paced(monkeypatch, picking)
    assert picking.now == 2.0 + work.QUIET_SECONDS
    crowd = _Clock([at / 10 for at in range(1000)])
    assert not _paced(monkeypatch, crowd)
    assert crowd.now == work.PATIENT_SECONDS


def test_a_server_that_ends_waits_for_no_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    ending = _Clock([0.0], stops=0.5)
    assert _paced(monkeypatch, ending)
    assert ending.now == 0.5


def test_a_turned_page_ends_the_quiet_when_it_begins_and_when_it_ends() -> None:
    before = turn._last
    with turn.taken():
        begun = turn._last
        assert before < begun
    assert begun < turn._last
    assert 0 <= turn.quiet_for() <= time.monotonic() - turn._last
