"""What did we decide?"""

from __future__ import annotations

import streamlit as st

from pages.parts import (
    compare_scenarios,
    decision_changes,
    decision_record,
    decision_state,
    decision_votes,
    decision_weights,
    later,
    rooms,
    shell,
    show,
)

here = shell.open_page()
above = st.container()
left, right = st.columns([1, 1], vertical_alignment="bottom")
with left:
    st.title("What did we decide?", anchor=False)
now = decision_state.read(here)
with right:
    compare_scenarios.picker(here, now.figures, where="The page “Which option is worth it?” shows and changes them.")
with above:
    shell.caption(here, decision_state.rows(here, now))
decision_state.card(here, now)
voting, voted = st.columns([1, 1], gap="large")
with voting:
    decision_votes.form(here, now)
with voted:
    decision_votes.listed(here, now)

looks = {
    "weights": ("What counts for you", decision_weights.room),
    "record": ("Record the decision", decision_record.room),
    "changes": ("Changed since last time", decision_changes.room),
    "take": ("Take it along", decision_record.take_along),
    "method": ("How it was worked out", decision_weights.method),
}
rooms.tabs(looks, here, now, key="decision_tabs")
show.who_to_ask(here)
later.follow()
