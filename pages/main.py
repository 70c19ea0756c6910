"""The script: menu, pickers for study, option and audience, and the page."""

from __future__ import annotations

import streamlit as st

from pages.parts import burst, link, people, present, shell, ticks, turn

every = {
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
    "Decide": [
        st.Page("compare.py", title="Which option is worth it?"),
        st.Page("decision.py", title="What did we decide?"),
    ],
    "Set up": [
        st.Page("load.py", title="My own data"),
        st.Page("glossary.py", title="What does that word mean?"),
    ],
}
people.begin()
# A piece sent alone makes the browser draw the whole page once more: whatever is sent belongs into the burst.
with turn.taken(), burst.together(), shell.logo():
    ticks.of_this_page()
    # Wide enough for the titles of studies in the picker.
    st.set_page_config(page_title="Bakeoff", page_icon="⚖️", layout="wide", initial_sidebar_state=356)
    page = st.navigation(every)
    link.read(page.url_path)
    shell.sidebar()
    present.bar(page, [one for group in every.values() for one in group])
    page.run()
    shell.background()
