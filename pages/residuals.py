"""Where is it wrong?"""

from __future__ import annotations

import streamlit as st

from explainers.errors import JobCancelled, JobError
from pages.parts import (
    burst,
    later,
    residuals_answer,
    residuals_chart,
    residuals_groups,
    residuals_panel,
    residuals_pick,
    residuals_rooms,
    rooms,
    shell,
    show,
    work,
)
from pages.parts.text import plain

here = shell.open_page()
above = st.container()
left, right = st.columns([1, 1], vertical_alignment="bottom")
with left:
    st.title("Where is it wrong?", anchor=False)
with right:
    against = residuals_chart.against_picker(here)
try:
    found = residuals_chart.ask(here, against, residuals_chart.zoom(against))
except JobCancelled:
    work.cancelled()
    st.stop()
except JobError as error:
    st.error(plain(str(error)))
    st.stop()
with above:
    shell.caption(here, residuals_answer.rows(here, found))
said = residuals_answer.card(here, found)
if found.n_rows:
    chosen = residuals_pick.read(here)
    chart, panel = st.columns([3, 2], gap="large")
    with chart:
        residuals_chart.chart(here, found, chosen, said)
    with panel:
        residuals_panel.panel(here, chosen)
    residuals_panel.cases(here, chosen)
    burst.so_far()

looks = {
    "groups": ("In which groups?", residuals_groups.room),
    "kept": ("Groups that people kept", residuals_groups.kept),
    "spread": ("How far off is it?", residuals_rooms.spread),
    "checks": ("What to check", residuals_rooms.checks),
    "method": ("How it was worked out", residuals_rooms.method),
}
rooms.tabs(looks, here, found, key="residual_tabs")
show.who_to_ask(here)
later.follow()
