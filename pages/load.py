"""My own data: from a file to an explained case."""

from __future__ import annotations

import streamlit as st

from explainers.errors import JobCancelled, JobError
from pages.parts import (
    load_adding,
    load_columns,
    load_draft,
    load_file,
    load_kept,
    load_method,
    load_question,
    load_start,
    load_train,
    rooms,
    work,
)
from pages.parts.text import plain

draft = load_draft.current()
if load_adding.current():
    load_adding.room()
    st.stop()
if draft:
    st.caption(plain(draft.upload.name))
st.title("My own data", anchor=False)
if draft is None:
    load_start.room()
    load_kept.room()
else:
    try:
        load_draft.read(draft)
    except JobCancelled:
        work.cancelled("Reading the file", key="load_read_again")
        st.button("Bring another file", key="load_other", on_click=load_draft.drop)
        st.stop()
    except JobError as error:
        load_file.refused(draft, error)
        st.stop()
    load_file.card(draft)
    looks: dict[str, tuple[str, rooms.Room]] = {
        "file": ("1 The file", load_file.room),
        "columns": ("2 The columns", load_columns.room),
        "question": ("3 The question", load_question.room),
        "train": ("4 The options", load_train.room),
        "method": ("How it was worked out", load_method.room),
    }
    rooms.tabs(looks, draft, key="load_tabs")
