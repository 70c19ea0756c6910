"""Why this prediction?"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from explainers.errors import JobCancelled, JobError
from explainers.words import case
from explainers.words import similar as say_similar
from pages.parts import (
    answer,
    back,
    burst,
    change,
    contrast,
    later,
    links,
    method,
    others,
    past,
    pickers,
    rooms,
    shell,
    show,
    sure,
    work,
)
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
back.offer()
pickers.demo_cases(here, chosen)
first = st.container()
bar = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom", key="compare_bar")
with bar:
    spec = pickers.reference(here, chosen)
    wanted = pickers.outcome(here)
    share = st.container(width="content")

with first:
    try:
        explanation = work.result_of(
            answer.explain(here, chosen, spec, outcome=wanted),
            doing=f"Working out the reasons for this {here.study.case}",
            height=420,
        )
    except JobCancelled:
        st.info(
            plain(f"Working out the reasons was cancelled. Choose {here.study.case} or option again to start anew.")
        )
        st.stop()
    except JobError as error:
        st.error(plain(str(error)))
        st.stop()

similar = past.similar(here, chosen)
interval, coverage = sure.of_case(here, chosen)
odd = sure.unusual(here, chosen.row)
narrative = case.describe(
    explanation,
    here.study,
    interval=interval,
    coverage=coverage,
    unusual=odd,
    audience=here.audience,
    case=chosen.id,
)
few = say_similar.limits(similar, here.study) if similar is not None else ()
narrative = replace(narrative, caveats=(*few, *sure.no_better(here), *narrative.caveats))
with first:
    answer.card(here, chosen, narrative, explanation, odd)
answer.reasons_and_waterfall(here, chosen, narrative, explanation)
burst.so_far()

with share:
    links.share(here, chosen, explanation)
looks: dict[str, tuple[str, rooms.Room]] = {
    "similar": (f"Similar past {here.study.cases}", partial(past.room, found=similar)),
    "change": (f"Change this {here.study.case}", change.room),
    "others": (f"What the other {'models' if here.technical else 'options'} say", others.room),
    "contrast": ("Why not another answer?", contrast.room),
    "values": ("All its values", answer.values),
    "method": ("How it was worked out", method.room),
}
if not contrast.offered(here):
    del looks["contrast"]
rooms.tabs(looks, here, chosen, explanation, spec, key="tabs")
show.who_to_ask(here)
later.follow()
