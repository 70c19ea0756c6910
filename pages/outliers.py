"""Which cases are odd?"""

from __future__ import annotations

import streamlit as st

from explainers.errors import JobCancelled, JobError
from pages.parts import outliers_answer, outliers_marks, outliers_rooms, rooms, row_marks, shell, show, work
from pages.parts.text import plain

here = shell.open_page()
above = st.container()
left, right = st.columns([1, 1], vertical_alignment="bottom")
with left:
    st.title("Which cases are odd?", anchor=False)
with right:
    rows = outliers_answer.among()
try:
    found = outliers_answer.ranked(here, rows)
except JobCancelled:
    work.cancelled()
    st.stop()
except JobError as error:
    st.error(plain(str(error)))
    st.stop()
with above:
    shell.caption(here, outliers_rooms.rows(here, found, rows))
marks = row_marks.standing(here)
outliers_answer.card(here, found, rows, marks)

looks = {
    "inputs": ("Odd values", outliers_rooms.inputs),
    "outcomes": ("Records to check", outliers_rooms.outcomes),
    "twice": ("There twice", outliers_rooms.twice),
    "weight": (f"{here.study.cases.capitalize()} that weigh most", outliers_rooms.weight),
    "marks": ("What people said", outliers_marks.room),
    "without": ("What changes without them", outliers_marks.without),
    "method": ("How it was worked out", outliers_rooms.method),
}
rooms.tabs(looks, here, found, rows, marks, key="odd_tabs")
show.who_to_ask(here)
