"""Waiting for work: what is shown, and that Cancel stops it instead of starting it anew."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

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
