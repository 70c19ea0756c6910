"""Waiting for work in the worker: a skeleton at once, what is being done after a second, and a way to cancel."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from explainers import jobs
from explainers.ahead import cases_ahead
from explainers.errors import JobCancelled, JobError
from explainers.words.say import capital
from pages.parts import cached, later, link, turn
from pages.parts.text import plain

if TYPE_CHECKING:
    from explainers.study import Study

PATIENCE = 0.7  # seconds before a progress bar takes the place of the skeleton
STEP = 0.25


def result_of(job: jobs.Job, *, doing: str, height: int = 160, key: str = "work") -> Any:
    """Return the result of a job, with a skeleton, then progress and a cancel button while it runs.

    They have a place of their own also where nothing is waited for. A browser that finds what follows one place further
    up than in the run before draws it anew, and what a reader was typing there is gone.

    Raises
    ------
    JobCancelled
        Somebody cancelled it.
    JobError
        It failed; the message says why.
    """
    # The click on Cancel ends the run that waits; the next run asks anew and must hear of it here.
    if st.session_state.pop(f"cancelled:{key}", False) and job.state not in ("done", "failed"):
        leave(job)
        raise JobCancelled("This was cancelled.")
    place = st.container()
    if not job.wait(0):
        job.join(session())
        with turn.given_up(), place:
            _watched(job, doing=doing, height=height, key=key)
    if job.state == "cancelled":
        raise JobCancelled("This was cancelled.")
    if job.state == "failed":
        raise JobError(job.error or "The work failed.")
    return job.result()


def kept_result(known: tuple[str, ...], ask: Callable[[], jobs.Job], *, doing: str, height: int, key: str) -> Any:
    """Return what this server keeps under a key, else what a job makes, waited for as in :func:`result_of`.

    Parameters
    ----------
    known : tuple of str
        What it depends on; see :func:`cached.once`.
    ask : callable
        Starts the job; called where nothing is kept.
    doing, height, key
        As in :func:`result_of`.
    """
    place = st.container()
    found = cached.known(known)
    if found is None:
        with place:
            made = result_of(ask(), doing=doing, height=height, key=key)
        found = cached.once(known, lambda: made)
    return found


def cancelled(what: str = "", *, key: str = "start_again", again: Callable[[], None] | None = None) -> None:
    """Say that the reader cancelled the work, with a way to start it anew.

    Parameters
    ----------
    what : str
        What was cancelled, as it stands in the sentence; empty for all of it.
    key : str
        Key of the button: one per place on a page.
    again : callable, optional
        What the button does before the page is run anew; asking anew is enough by default.
    """
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"{key}_offer"):
        st.markdown(plain(f"{what or 'This'} was cancelled. Nothing is lost."), width="content")
        st.button("Start again", icon=":material/refresh:", key=key, type="tertiary", on_click=again)


def _watched(job: jobs.Job, *, doing: str, height: int, key: str) -> None:
    """Wait for a job, first quietly, then with a skeleton, then with its progress."""
    if job.wait(0.03):
        return
    place = st.empty()
    with place.container():
        st.skeleton(height=height)
    if not job.wait(PATIENCE):
        with place.container(border=True, key=f"{key}_progress"):
            bar = st.progress(0.0, text=plain(doing))
            st.button("Cancel", key=f"{key}_cancel", on_click=_cancel, args=(job, key))
            while not job.wait(STEP):
                # Writing to the bar is also where Streamlit stops this run when the reader does something else.
                bar.progress(job.fraction or 0.0, text=plain(capital(job.doing or doing)))
    place.empty()


def session() -> str:
    ctx = get_script_run_ctx()
    return ctx.session_id if ctx is not None else ""


def leave(job: jobs.Job) -> None:
    """Stop a job unless another reader, whose session is still open, waits for it too."""
    me = session()
    if runtime.exists():
        for other in job.askers - {me}:
            if not runtime.get_instance().is_active_session(other):
                job.join(me)
                job.cancel(other)
    job.cancel(me)


def _cancel(job: jobs.Job, key: str) -> None:
    leave(job)
    st.session_state[f"cancelled:{key}"] = True


def unbuilt(study: Study) -> list[str]:
    """Return the candidates that are neither built nor failed."""
    return [name for name, c in study.candidates.items() if not c.built and not c.failure]


def first_build(study: Study, name: str, case: object = None) -> jobs.Job:
    """Start to build one option and to explain by it the case that will be on screen."""
    known = set(study.case_ids)
    asked = str(case) if str(case) in known else next(iter(cases_ahead(study)), None)
    return jobs.submit("build", study=study, names=[name], case=asked)


def build_now(study: Study, folder: Path, name: str) -> None:
    """Build the candidate on screen while the reader waits; the page goes on only when it is there.

    The rest follows in the background, so that the option on screen comes first.
    """
    candidate = study.candidate(name)
    if candidate.built:
        return
    if not st.session_state.get(f"build_stopped:{folder}"):
        st.markdown(f"#### Preparing the option “{plain(candidate.label)}”")
        st.caption(f"It is fitted once on {len(study.rows('train')):,} past {plain(study.cases)} and kept.")
        job = first_build(study, name, st.session_state.get("case"))
        try:
            result_of(job, doing=f"Fitting {candidate.label}", height=120, key="build")
        except JobCancelled:
            st.session_state[f"build_stopped:{folder}"] = True
        link.anew()
    with st.container(border=True, key="build_offer"):
        st.markdown("Preparing this option was cancelled. Nothing is lost; what was ready is kept.")
        st.button(
            "Go on preparing",
            type="primary",
            key="build_go_on",
            on_click=st.session_state.pop,
            args=(f"build_stopped:{folder}", None),
        )
    st.stop()


def build_rest_of(study: Study, folder: Path, first: str) -> None:
    """Build the other candidates in the background and show in the sidebar how far that is."""
    waiting = unbuilt(study)
    if not waiting:
        _ahead(study, folder, first)
    if not waiting or st.session_state.get(f"build_stopped:{folder}"):
        if waiting:
            st.caption(f"{len(waiting)} options are not prepared yet.")
            st.button(
                "Prepare them",
                key="build_rest_go_on",
                on_click=st.session_state.pop,
                args=(f"build_stopped:{folder}", None),
            )
        return
    job = jobs.submit("build", study=study, names=waiting)
    job.join(session())
    later.watch(_rest_built, job, folder, f"Preparing {len(waiting)} of {len(study.candidates)} options")
    st.button("Cancel", key="build_rest_cancel", on_click=_leave_rest, args=(job, folder))


def _rest_built(job: jobs.Job, folder: Path, doing: str) -> bool:
    if job.state == "cancelled":
        st.session_state[f"build_stopped:{folder}"] = True
    st.progress(job.fraction or 0.0, text=plain(job.doing or doing))
    return job.state in ("done", "failed", "cancelled")


def _leave_rest(job: jobs.Job, folder: Path) -> None:
    st.session_state[f"build_stopped:{folder}"] = True
    leave(job)


_going: set[tuple[str, str]] = set()
DRAWING_SECONDS = 3.0  # the browser draws the first page
QUIET_SECONDS = 1.5  # who picks one case after the other shares no processor with it
PATIENT_SECONDS = 6.0  # with many readers it is never quiet
CHUNK_SECONDS = 0.5  # other long work waits no longer than this


def _ahead(study: Study, folder: Path, name: str) -> None:
    """Explain never-seen cases by the option on screen while nothing else is to do; once per server and option."""
    mark = (study.data_key, study.candidates[name].key)
    if not cached.SERVING.is_set() or mark in _going or study.candidates[name].failure:
        return
    _going.add(mark)

    def go() -> None:
        at: int | None = 0
        cached.STOPPING.wait(DRAWING_SECONDS)
        jobs.warm(folder)
        while at is not None and not _stopping_before_quiet():
            job = jobs.submit("ahead", study=study, candidate=name, start=at, seconds=CHUNK_SECONDS)
            job.wait()
            at = job.result() if job.state == "done" else None

    threading.Thread(target=go, name=f"ahead {name}", daemon=True).start()


def _stopping_before_quiet() -> bool:
    """Wait until nobody turned to another page or case for a moment; return whether the server ends instead."""
    until = time.monotonic() + PATIENT_SECONDS
    while (left := min(QUIET_SECONDS - turn.quiet_for(), until - time.monotonic())) > 0:
        if cached.STOPPING.wait(left):
            return True
    return cached.STOPPING.is_set()
