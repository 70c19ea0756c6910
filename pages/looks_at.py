"""What does it look at?"""

from __future__ import annotations

import streamlit as st

from explainers.errors import JobCancelled, JobError
from pages.parts import link, looks_answer, looks_effect, looks_rooms, shell, show, work
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
looks_answer.card(here, found)
left, right = st.columns([1, 1], gap="large")
with right:
    chosen = looks_effect.picker(here, found)
with left:
    looks_answer.chart(here, found, chosen)
with right:
    looks_effect.room(here, chosen)

names = {
    "whole": "The whole of it",
    "together": "What counts together",
    "inputs": "Every input",
    "said": "What people said",
    "method": "How it was worked out",
}
link.only("look", names)
asked = st.session_state.pop("look", None)
shown = {key: plain(name) for key, name in names.items()}
tabs = st.tabs(list(shown.values()), key="looks_tabs", on_change="rerun", default=shown.get(asked or ""))
rooms = (looks_rooms.whole, looks_rooms.together, looks_rooms.inputs, looks_rooms.said, looks_rooms.method)
for tab, look, room in zip(tabs, names, rooms, strict=True):
    if tab.open:
        link.keep("look", look)
        with tab:
            try:
                room(here, found, chosen)
            except JobCancelled:
                st.info("This was cancelled. Open the tab again to start anew.")
            except JobError as error:
                st.error(plain(str(error)))
show.who_to_ask(here)
