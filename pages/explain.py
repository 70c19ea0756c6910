"""Why this prediction?"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from explainers.errors import JobCancelled, JobError
from explainers.words import case
from explainers.words import similar as say_similar
from pages.parts import answer, change, link, links, method, others, past, pickers, shell, show, work
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
    wanted = pickers.outcome(here)
    share = st.container(horizontal=True, width="content")

try:
    explanation = work.result_of(
        answer.explain(here, chosen, spec, outcome=wanted),
        doing=f"Working out the reasons for this {here.study.case}",
        height=420,
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
narrative = case.describe(explanation, here.study, audience=here.audience, case=chosen.id)
if similar is not None:
    few = say_similar.limits(similar, here.study)
    narrative = replace(narrative, caveats=(*few, *narrative.caveats))
answer.card(here, chosen, narrative, explanation)
answer.reasons_and_waterfall(here, chosen, narrative, explanation, similar)

names = {
    "change": f"Change this {here.study.case}",
    "others": "What the other options say",
    "similar": f"Similar past {here.study.cases}",
    "values": "All its values",
    "method": "How it was worked out",
}
link.only("look", names)
asked = st.session_state.pop("look", None)
shown = {key: plain(name) for key, name in names.items()}
tabs = st.tabs(list(shown.values()), key="tabs", on_change="rerun", default=shown.get(asked or ""))
rooms = (change.room, others.room, past.room, answer.values, method.room)
for tab, look, room in zip(tabs, names, rooms, strict=True):
    if tab.open:
        link.keep("look", look)
        with tab:
            try:
                room(here, chosen, explanation, spec)
            except JobCancelled:
                st.info("This was cancelled. Open the tab again to start anew.")
            except JobError as error:
                st.error(plain(str(error)))
show.who_to_ask(here)
