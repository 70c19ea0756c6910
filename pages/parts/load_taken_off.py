"""Models that came as files to a study that is kept here: take one off after a question, and put it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from explainers import jobs, kept, model_uploads, uploads
from explainers.errors import JobCancelled, JobError
from explainers.words import model_files
from pages.parts import cached, show, work
from pages.parts.text import plain

if TYPE_CHECKING:
    from explainers.study import Candidate, Study

ASKED = "load_take_off"  # the option that is to go, or the model that is to come back
GONE = "load_taken_off"


def room(name: str, study: Study) -> None:
    """List the options that came as files, each with a way to take it off; say what was taken off last.

    Parameters
    ----------
    name : str
        Name of the kept study.
    study : Study
        What it is now.
    """
    _work(name)
    gone: dict[str, Any] | None = st.session_state.get(GONE)
    found = model_uploads.removable(study)
    if gone is not None:
        with st.container(horizontal=True, vertical_alignment="center", key="load_put_back_offer"):
            show.sentences([model_files.taken_off(gone["label"], uploads.KEEP_DAYS)])
            st.button("Undo", key="load_put_back", type="tertiary", on_click=_ask, args=(gone,))
    if not found:
        return
    st.markdown("##### Models of this study that came as files")
    for option in found:
        with st.container(horizontal=True, vertical_alignment="center", key=f"load_has_{option.name}"):
            st.markdown(f"**{plain(option.label)}**", width="stretch")
            _offer(option)


def forget() -> None:
    """Forget what was taken off; nobody is offered a way back to another study's model."""
    for slot in (ASKED, GONE):
        st.session_state.pop(slot, None)


def _offer(option: Candidate) -> None:
    with st.popover(
        "Take it off", icon=":material/delete:", key=f"load_off_{option.name}", type="tertiary", on_change="rerun"
    ) as box:
        if box.open:
            st.markdown(
                plain(f"Take “{option.label}” off the study, for everybody? What people wrote about it is kept.")
            )
            st.button(
                "Take it off", key=f"load_off_{option.name}_yes", type="primary", on_click=_ask, args=(option.name,)
            )


def _ask(what: str | dict[str, Any]) -> None:
    st.session_state[ASKED] = what


def _work(name: str) -> None:
    """Do what was asked for: take an option off, or put a model back."""
    asked = st.session_state.get(ASKED)
    if asked is None:
        return
    back = not isinstance(asked, str)
    doing = "Putting it back" if back else "Taking it off"
    if back:
        job = jobs.submit("add_models", study=None, name=name, models=[asked])
    else:
        job = jobs.submit("take_off_model", study=None, name=name, option=asked)
    problem, done = "", {}
    try:
        done = work.result_of(job, doing=doing, height=60, key="load_take_off_work")
        problem = str(done.get("message", ""))
    except JobCancelled:
        problem = f"{doing} was cancelled."
    except JobError as error:
        problem = str(error)
    st.session_state.pop(ASKED, None)
    if problem:
        st.warning(plain(problem))
        return
    st.session_state[GONE] = None if back else done
    cached.forget(kept.folder(name))
    st.rerun()
