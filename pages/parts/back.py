"""From a list or a chart to the explanation of one case, and back to where the reader was."""

from __future__ import annotations

import streamlit as st

FROM = {
    "residuals": "Back to where it is wrong",
    "outliers": "Back to the odd cases",
    "compare": "Back to the options",
    "decision": "Back to the decision",
}


def explain(case_id: str, page: str) -> None:
    """Open the explanation of a case and remember the page that it was asked for on."""
    st.session_state["go_to_case"] = case_id
    st.session_state["came_from"] = page
    st.switch_page("explain.py")


def offer() -> None:
    """Draw the way back, where a case was opened from another page; what was picked there is still picked."""
    page = st.session_state.get("came_from")
    if page in FROM and st.button(FROM[page], key="go_back", icon=":material/arrow_back:", type="tertiary"):
        st.switch_page(f"{page}.py")
