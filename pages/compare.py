"""Which option is worth it?"""

from __future__ import annotations

import streamlit as st

from explainers.errors import BakeoffError, JobCancelled, JobError
from explainers.words import compare as say
from pages.parts import (
    compare_answer,
    compare_apart,
    compare_ask,
    compare_assume,
    compare_chart,
    compare_costs,
    compare_figures,
    compare_rooms,
    compare_scenarios,
    compare_train,
    rooms,
    shell,
    show,
    work,
)
from pages.parts.text import plain

here = shell.open_page()
above = st.container()
figures = compare_figures.current(here)
left, right = st.columns([1, 1], vertical_alignment="bottom")
with left:
    st.title("Which option is worth it?", anchor=False)
with right:
    compare_scenarios.picker(here, figures)
try:
    found = compare_ask.comparison(here, figures)
except JobCancelled:
    work.cancelled("Setting the options against each other", key="compare_again")
    st.stop()
except (JobError, BakeoffError) as error:
    st.error(plain(error.message))
    st.stop()
said = say.describe(found, here.study, audience=here.audience)
with above:
    shell.caption(here, compare_answer.rows(here, found))
compare_answer.card(here, found, figures, said)
chart, money = st.columns([6, 5], gap="large")
with chart:
    compare_chart.line(here, found, figures)
with money:
    compare_chart.money(here, found, figures)

looks = {
    "options": ("Every option", compare_rooms.options),
    "figures": ("The figures", lambda h, f, g: compare_assume.room(h, f, g, said)),
    "even": ("When would it pay?", compare_rooms.even),
    "cut": ("The cut-off", compare_rooms.cut),
    "apart": ("Where they disagree", compare_apart.room),
    "more": ("More data?", compare_rooms.more),
    "train": ("Train another", compare_train.room),
    "method": ("How it was worked out", compare_rooms.method),
}
if len(here.study.classes) > 2:
    looks["cut"] = ("Answers by cost", compare_rooms.by_cost)
elif not here.study.classes:
    del looks["cut"]
rooms.tabs(looks, here, found, figures, key="compare_tabs")
show.who_to_ask(here)
compare_costs.follow(here, compare_costs.missing(here))
