"""What does it look at?"""

from __future__ import annotations

import streamlit as st

from explainers.errors import JobCancelled, JobError
from pages.parts import looks_answer, looks_effect, looks_rooms, rooms, shell, show, sure, work
from pages.parts.text import plain

here = shell.open_page()
above = st.container()
st.title("What does it look at?", anchor=False)
try:
    found = work.result_of(
        looks_answer.ask(here), doing="Looking at what counts in this option", height=420, key="importance"
    )
except JobCancelled:
    st.info("This was cancelled. Choose the option again to start anew.")
    st.stop()
except JobError as error:
    st.error(plain(str(error)))
    st.stop()
with above:
    shell.caption(here, looks_answer.rows(here, found))
looks_answer.card(here, found, sure.no_better(here))
left, right = st.columns([1, 1], gap="large")
with right:
    chosen = looks_effect.picker(here, found)
with left:
    looks_answer.chart(here, found, chosen)
with right:
    looks_effect.room(here, chosen)

rooms.tabs(
    {
        "whole": ("The whole of it", looks_rooms.whole),
        "together": ("What counts together", looks_rooms.together),
        "inputs": ("Every input", looks_rooms.inputs),
        "said": ("What people said", looks_rooms.said),
        "method": ("How it was worked out", looks_rooms.method),
    },
    here,
    found,
    chosen,
    key="looks_tabs",
)
show.who_to_ask(here)
