"""Put a model of one's own beside the options of a study that is kept here."""

from __future__ import annotations

import streamlit as st

from explainers import jobs, kept
from explainers.errors import JobCancelled, JobError, StudyError
from explainers.words import model_files
from pages.parts import cached, load_models, load_taken_off, show, work
from pages.parts.load_brought import Bench, Brought
from pages.parts.text import plain

SLOT = "load_adding"
MODELS = "load_adding_models"
ADDED = "load_added"


def current() -> str:
    """Return the name of the study to which a model is being added; empty where there is none."""
    return str(st.session_state.get(SLOT, ""))


def begin(name: str) -> None:
    """Start to add models to a kept study; used as a callback."""
    leave()
    st.session_state[SLOT] = name


def leave() -> None:
    """Go back to the list; used as a callback."""
    load_taken_off.forget()
    for slot in (SLOT, MODELS, ADDED):
        st.session_state.pop(slot, None)


def link_name(name: str) -> str:
    """Return the name in links of a kept study."""
    place = kept.place() / name
    return next((n for n, folder in cached.folders().items() if folder == place), name)


def room() -> None:
    """Draw the whole page: which study, the files, and the button that adds them."""
    name = current()
    try:
        study = cached.study(kept.folder(name))
    except StudyError as error:
        st.title("My own data", anchor=False)
        st.error(plain(error.message))
        st.button("Back to the list", icon=":material/arrow_back:", key="load_back", on_click=leave)
        return
    st.caption(plain(f"My own data · {study.title}"))
    st.title("Models from files", anchor=False)
    st.button("Back to the list", icon=":material/arrow_back:", key="load_back", type="tertiary", on_click=leave)
    added: list[str] = st.session_state.get(ADDED, [])
    if added:
        _done(name, added, [c.label for n, c in study.candidates.items() if n in added])
        return
    st.markdown(
        plain(
            f"Bring the file of a model for “{study.title}”. It is tried on its {len(study.frame):,} {study.cases}, "
            f"and stands beside its {len(study.candidates)} options for everybody once you add it."
        )
    )
    models: list[Brought] = st.session_state.setdefault(MODELS, [])
    bench = Bench(
        key=f"adding_{name}",
        models=models,
        taken=study.candidates,
        ask={"kept": name},
        mark=study.fingerprint,
        study=study,
        labels=[c.label for c in study.candidates.values()],
        kept=True,
    )
    load_models.room(bench)
    left = [m.upload.name for m in models if not m.able]
    if left and bench.able:
        show.sentences([model_files.together(left)])
    label = "Add it to the study" if len(bench.able) < 2 else f"Add the {len(bench.able)} models to the study"
    if st.button(label, type="primary", icon=":material/add:", key="load_add", disabled=not bench.able):
        _add(name, bench)
    load_taken_off.room(name, study)


def _add(name: str, bench: Bench) -> None:
    job = jobs.submit("add_models", study=None, name=name, models=[m.spec() for m in bench.able])
    try:
        done = work.result_of(job, doing="Adding to the study", height=90, key="load_add_work")
    except JobCancelled:
        work.cancelled("Adding it", key="load_add_again")
        return
    except JobError as error:
        st.error(plain(str(error)))
        return
    if "message" in done:
        st.error(plain(done["message"]))
        return
    cached.forget(kept.folder(name))
    st.session_state[ADDED] = done["options"]
    st.rerun()


def _done(name: str, added: list[str], labels: list[str]) -> None:
    """Say what was added, and open a case with it."""
    with st.container(border=True, key="load_added_card"):
        st.markdown(f"#### {plain(model_files.added(labels).text)}", anchors=False)
        with st.container(horizontal=True):
            if st.button("Explain a case", type="primary", icon=":material/search:", key="load_explain"):
                leave()
                st.switch_page("explain.py", query_params={"study": link_name(name), "option": added[-1]})
            st.button("Add another one", key="load_add_more", on_click=begin, args=(name,))
