"""What options cost to fit and to ask: measured one after the other while the page is used, with a way to stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from explainers import costs, jobs
from explainers.errors import BakeoffError
from explainers.words.say import plural
from pages.parts import cached, later, work
from pages.parts.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pages.parts.shell import Here

ENDED = ("done", "failed", "cancelled")


def missing(here: Here) -> list[str]:
    """Return the prepared options whose cost nobody has measured yet, the one on screen first."""
    study = here.study
    names = [n for n, c in study.candidates.items() if c.built and not c.failure]
    names.sort(key=lambda n: n != here.candidate.name)
    return [n for n in names if not _measured(here, n)]


def _measured(here: Here, name: str) -> bool:
    """Whether an option was measured; asked at each click, so that what is known to be there is not read again."""
    key = ("measured", here.study.data_key, here.study.candidates[name].key)
    if cached.known(key) is not None:
        return True
    try:
        found = costs.known(here.study, name)
    except BakeoffError:
        return False
    if found is None or not found.measured_on:
        return False
    return cached.once(key, lambda: True)


def follow(here: Here, waiting: Sequence[str]) -> None:
    """Measure what is missing and show in the sidebar how far that is; the page is used meanwhile."""
    failed = st.session_state.get(_slot(here, "failed"), {})
    waiting = [n for n in waiting if n not in failed]
    with st.sidebar:
        for name, why in failed.items():
            if name in here.study.candidates:
                st.caption(plain(f"What “{_label(here, name)}” takes could not be measured. {why}"))
        if not waiting or work.unbuilt(here.study):  # options come before what they cost
            return
        if st.session_state.get(_slot(here, "stopped")):
            n = len(waiting)
            st.caption(plain(f"What {n} {plural(n, 'option takes', 'options take')} is not measured yet."))
            st.button("Measure it", key="costs_go_on", on_click=_go_on, args=(here,))
            return
        later.watch(_all_measured, here, list(waiting))
        st.button("Cancel", key="costs_cancel", on_click=_stop, args=(here,))


def _all_measured(here: Here, waiting: list[str]) -> bool:
    """Measure one option after the other; the page runs anew when all are done, so that nothing moves meanwhile."""
    slot = _slot(here, "job")
    job: jobs.Job | None = st.session_state.get(slot)
    if job is not None and job.state in ENDED:
        name = str(job.arguments["candidate"])
        if job.state == "failed":
            st.session_state.setdefault(_slot(here, "failed"), {})[name] = job.error
        if job.state == "cancelled":
            st.session_state[_slot(here, "stopped")] = True
        job = None
        st.session_state.pop(slot)
    failed = st.session_state.get(_slot(here, "failed"), {})
    left = [n for n in waiting if n not in failed and not _measured(here, n)]
    if not left or st.session_state.get(_slot(here, "stopped")):
        return True
    if job is None:
        job = st.session_state[slot] = jobs.submit("costs", study=here.study, candidate=left[0])
        job.join(work.session())
    label = _label(here, str(job.arguments["candidate"]))
    doing = f" ({job.doing})" if job.state == "running" else ""
    rest = f"; {len(left) - 1} more after it" if len(left) > 1 else ""
    st.progress(job.fraction or 0.0, text=plain(f"Measuring what “{label}” takes{doing}{rest}"))
    return False


def _label(here: Here, name: str) -> str:
    candidate = here.study.candidates[name]
    return candidate.technical if here.technical and candidate.technical else candidate.label


def make_way(here: Here) -> None:
    """Break off what is being measured, so that a person who asks for something else does not wait; it starts anew."""
    job: jobs.Job | None = st.session_state.pop(_slot(here, "job"), None)
    if job is not None:
        work.leave(job)


def _stop(here: Here) -> None:
    st.session_state[_slot(here, "stopped")] = True
    make_way(here)


def _go_on(here: Here) -> None:
    st.session_state.pop(_slot(here, "stopped"), None)


def _slot(here: Here, what: str) -> str:
    return f"costs_{what}:{here.study.name}"
