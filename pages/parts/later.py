"""What a page does without for now: it says what is still being worked out, and follows when that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.parts import link
from pages.parts.text import plain

if TYPE_CHECKING:
    from explainers.jobs import Job

Waiting = list[tuple["Job", str]]
KEY = "worked_out_later"


def note(job: Job, what: str) -> None:
    """Note work that the page goes on without, and what it is in words."""
    st.session_state.setdefault(KEY, []).append((job, what))


def follow() -> None:
    """Say what was noted, if anything; call once, late on the page."""
    waiting: Waiting = st.session_state.pop(KEY, [])
    if waiting:
        _follow(waiting)


@st.fragment(run_every=1.0)
def _follow(waiting: Waiting) -> None:
    if all(job.state in ("done", "failed", "cancelled") for job, _ in waiting):
        link.anew()
    doing = next((job.doing for job, _ in waiting if job.state == "running" and job.doing), "")
    what = " and ".join(dict.fromkeys(words for _, words in waiting))
    st.caption(plain(f"Still being worked out: {what}{f' ({doing})' if doing else ''}."))
