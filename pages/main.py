"""The script: menu, pickers for study, option and audience, and the page."""

from __future__ import annotations

import streamlit as st

from pages.parts import burst, link, shell, turn

# Wide enough for the titles of studies in the picker.
st.set_page_config(page_title="Bakeoff", page_icon="⚖️", layout="wide", initial_sidebar_state=356)

link.read()
page = st.navigation(
    {
        "Understand": [
            st.Page("home.py", title="What is this about?", default=True),
            st.Page("explain.py", title="Why this prediction?"),
            st.Page("looks_at.py", title="What does it look at?"),
        ],
        "Trust": [
            st.Page("confidence.py", title="How sure is it?"),
            st.Page("residuals.py", title="Where is it wrong?"),
            st.Page("outliers.py", title="Which cases are odd?"),
        ],
        "Set up": [st.Page("glossary.py", title="What does that word mean?")],
    }
)
with turn.taken(), burst.together():
    shell.sidebar()
    page.run()
    shell.background()
