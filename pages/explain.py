"""Why this prediction?"""

from __future__ import annotations

import streamlit as st

from explainers.errors import JobCancelled, JobError
from explainers.words import case
from pages.parts import answer, change, links, method, others, past, pickers, shell, show, work
from pages.parts.text import plain

here = shell.open_page()
above = st.container()
left, right = st.columns([1, 1], vertical_alignment="bottom")
with left:
    st.title("Why this prediction?", anchor=False)
with right:
    chosen = pickers.case(here)
with above:
    shell.caption(here, chosen.rows)
pickers.demo_cases(here, chosen)
bar = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom", key="compare_bar")
with bar:
    spec = pickers.reference(here, chosen)
    share = st.container(horizontal=True, width="content")

try:
    explanation = work.result_of(
        answer.explain(here, chosen, spec), doing=f"Working out the reasons for this {here.study.case}", height=420
    )
except JobCancelled:
    st.info(plain(f"Working out the reasons was cancelled. Choose {here.study.case} or option again to start anew."))
    st.stop()
except JobError as error:
    st.error(plain(str(error)))
    st.stop()

similar = past.similar(here, chosen)
with share:
    links.share(here, chosen, explanation)
narrative = case.describe(explanation, here.study, similar=similar, audience=here.audience, case=chosen.id)
answer.card(here, chosen, narrative, explanation)
answer.reasons_and_waterfall(here, chosen, narrative, explanation)

names = {
    "change": f"Change this {here.study.case}",
    "others": "What the other options say",
    "similar": f"Similar past {here.study.cases}",
    "values": "All its values",
    "method": "How it was worked out",
}
tabs = st.tabs([plain(n) for n in names.values()], key="look", on_change="rerun")
for tab, room in zip(tabs, (change.room, others.room, past.room, answer.values, method.room), strict=True):
    if tab.open:
        with tab:
            try:
                room(here, chosen, explanation, spec)
            except JobCancelled:
                st.info("This was cancelled. Open the tab again to start anew.")
            except JobError as error:
                st.error(plain(str(error)))
show.who_to_ask(here)
