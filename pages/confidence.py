"""How sure is it?"""

from __future__ import annotations

import streamlit as st

from explainers.errors import JobCancelled, JobError
from pages.parts import rooms, shell, show, sure, sure_groups, sure_ranges, sure_rooms, work
from pages.parts.text import plain

here = shell.open_page()
above = st.container()
left, right = st.columns([1, 1], vertical_alignment="bottom")
with left:
    st.title("How sure is it?", anchor=False)
with right:
    wanted = sure.level_picker()
try:
    found = work.result_of(
        sure.ask_coverage(here, wanted), doing="Counting how often ranges held", height=420, key="coverage"
    )
except JobCancelled:
    st.info("This was cancelled. Choose the option again to start anew.")
    st.stop()
except JobError as error:
    st.error(plain(str(error)))
    st.stop()
with above:
    shell.caption(here, sure_rooms.rows(here, found))
sure_rooms.card(here, found)
shown = sure_groups.segments(here, found)

looks = {
    "good": ("How good is it?", sure_rooms.good),
    "ranges": ("Every range", sure_ranges.room),
    "meaning": ("Does 30 in 100 mean 30 in 100?", sure_rooms.meaning),
    "triage": ("Who decides which cases?", sure_rooms.triage),
    "groups": ("Every group", lambda here, _: sure_groups.table(here, shown)),
    "method": ("How it was worked out", sure_rooms.method),
}
del looks["ranges" if here.study.task == "classification" else "meaning"]
rooms.tabs(looks, here, found, key="sure_tabs")
show.who_to_ask(here)
