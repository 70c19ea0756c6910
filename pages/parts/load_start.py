"""Bring a file, ask a database, or open a study that was downloaded here."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from explainers import jobs, uploads
from explainers.errors import BakeoffError, JobCancelled
from explainers.load import connections
from pages.parts import cached, load_draft, show, work
from pages.parts.text import plain

KINDS = ("csv", "tsv", "txt", "gz", "xlsx", "xlsm", "ods", "parquet", "feather", "arrow")
OPENING = "load_opening"


def room() -> None:
    """Draw the ways to begin."""
    st.markdown(
        "Bring a table with one row per case. It is read, you correct what was guessed, simple and costlier options "
        "are tried on it, and every answer comes with its reasons. A model that you have already can stand beside "
        "them: bring the table first, then its file in the fourth step."
    )
    brought = st.file_uploader(
        "A table: CSV, TSV, Excel, OpenDocument, Parquet or Feather, also packed with gzip",
        type=list(KINDS),
        key=f"load_upload_{load_draft.times()}",
        help="Nothing in a file is run. It is kept here for a week; a study made of it stays until it is removed.",
    )
    if brought is not None:
        _take(brought)
    _database()
    with st.expander(
        "Open a study from a file", icon=":material/folder_zip:", key="load_open", on_change="rerun"
    ) as box:
        if box.open:
            _open()


def _take(brought: object) -> None:
    name = str(getattr(brought, "name", "the file"))
    try:
        with st.spinner(plain(f"Taking {name}")):
            upload = uploads.bring(brought, name)  # type: ignore[arg-type]
    except BakeoffError as error:
        show.problems(getattr(error, "problems", ()), title="This file cannot be taken")
        if not getattr(error, "problems", ()):
            st.error(plain(error.message))
        return
    load_draft.begin(upload)
    st.rerun()


def _database() -> None:
    """Offer tables of the databases that the operator of this server named, if any."""
    named = connections.connections()
    if not named:
        return
    with st.expander(
        "Read a table of a database", icon=":material/database:", key="load_sql", on_change="rerun"
    ) as box:
        if not box.open:
            return
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.selectbox("Database", named, key="load_sql_name", width=240)
            try:
                found = connections.tables(str(name))
            except BakeoffError as error:
                st.error(plain(error.message))
                return
            table = st.selectbox("Table", found, key=f"load_sql_table_{name}", width=320)
            if st.button("Read it", type="primary", key="load_sql_read", disabled=table is None) and table is not None:
                load_draft.begin(uploads.of_table(str(name), table), (str(name), table))
                st.rerun()
        st.caption(f"It is only read, at most {connections.most_rows():,} rows.")


def _open() -> None:
    """Open a study that was downloaded here, here or on another server."""
    done = st.session_state.pop("load_opened", "")
    if done:
        st.success(plain(f"“{done}” is here now. Choose it on the left."))
    brought = st.file_uploader("A study as it was downloaded (.zip)", type=["zip"], key="load_study_file")
    if brought is None:
        return
    known, job = st.session_state.get(OPENING, ("", None))
    if known == brought.file_id and job is None:  # what came of it was said
        return
    try:
        if known != brought.file_id:
            upload = uploads.bring(brought, brought.name)
            job = jobs.submit("unpack_upload", study=None, key=upload.key, name=upload.name)
            st.session_state[OPENING] = (brought.file_id, job)
        done = work.result_of(job, doing="Opening the study", height=90, key="load_open_work")
    except JobCancelled:
        work.cancelled("Opening it", key="load_open_again", again=_forget_opening)
        return
    except BakeoffError as error:
        done = {"message": error.message, "problems": ()}
    st.session_state[OPENING] = (brought.file_id, None)
    if "folder" not in done:
        found = [uploads.problem(p) for p in done["problems"]]
        show.problems(found, title="This study cannot be opened") if found else st.error(plain(done["message"]))
        return
    name = Path(done["folder"]).name
    st.session_state["load_opened"] = cached.titles().get(name, name)
    st.rerun()


def _forget_opening() -> None:
    st.session_state.pop(OPENING, None)
