"""What a page does without for now: it says what is still being worked out, and follows when that is there."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.parts import link
from pages.parts.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable

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
        watch(_ended, waiting)


def _ended(waiting: Waiting) -> bool:
    if all(job.state in ("done", "failed", "cancelled") for job, _ in waiting):
        return True
    doing = next((job.doing for job, _ in waiting if job.state == "running" and job.doing), "")
    what = " and ".join(dict.fromkeys(words for _, words in waiting))
    st.caption(plain(f"Still being worked out: {what}{f' ({doing})' if doing else ''}."))
    return False


_drawings = count()


def watch(ended: Callable[..., bool], *given: Any, every: float = 1.0) -> None:
    """Draw something again every so often until it has ended; then the page runs anew.

    The page does so only when the browser has what was drawn last: of an open form that it had not heard of yet,
    Streamlit would send what was kept over what the reader clicks meanwhile. So each drawing is a part of its own, and
    what the browser still asked for an earlier one is not answered.

    Parameters
    ----------
    ended : callable
        Draws and returns whether it has ended. It holds no button: a click on an earlier drawing would go unanswered.
    *given
        What it is called with.
    every : float
        Seconds between two drawings.
    """
    asked = False

    def part() -> None:
        nonlocal asked
        if ended(*given) and asked:
            link.anew()
        asked = True

    part.__qualname__ = f"part_{next(_drawings)}"  # parts of one place on the page are told apart by their names
    st.fragment(part, run_every=every)()
