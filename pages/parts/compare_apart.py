"""Where the options disagree: in how many cases, each with the record beside it, who says what and why."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import pandas as pd
import streamlit as st

from explainers import compare, jobs, keys
from explainers.errors import BakeoffError
from explainers.words import answers as say_answers
from explainers.words import disagree as say
from explainers.words.say import whole
from pages.parts import back, cached, link, others, show, work
from pages.parts.text import plain, short

if TYPE_CHECKING:
    from explainers.results import Comparison, Disagreements
    from pages.parts.compare_figures import Figures
    from pages.parts.shell import Here

LISTED = 200
MOST_NAMES = 40
HEIGHT, ROW = 388, 35  # pixels of the list, and of one of its rows


def room(here: Here, found: Comparison, figures: Figures) -> None:
    """Say where options disagree, list those cases, and set the reasons for one of them side by side."""
    del found, figures
    study = here.study
    names = _asked(here)
    if len(names) < 2:
        show.empty(
            f"Here you would see the {study.cases} on which options disagree. Choose two of them, or more, above."
        )
        return
    key = ("apart", study.data_key, study.fingerprint, str(study.threshold), *names)
    try:
        result = cached.once(key, lambda: compare.disagreements(study, names))
    except BakeoffError as error:
        show.empty(error.message)
        return
    narrative = say.describe(result, study, audience=here.audience)
    st.markdown(f"##### {plain(narrative.headline.text)}")
    show.sentences(narrative.sentences)
    if not result.cases:
        return
    _listed(here, result)
    _one(here, result)


def _asked(here: Here) -> list[str]:
    """Draw the control that says which options are set against each other; it is part of the link."""
    study = here.study
    able = [n for n, c in study.candidates.items() if c.built and not c.failure]
    usual = [n for n in able if study.candidates[n].kind != "baseline"]
    asked = st.session_state.get("between")
    wanted = [unquote(n) for n in str(asked).split(",")[:MOST_NAMES]] if isinstance(asked, str) else usual
    one = "model" if here.technical else "option"
    with st.popover(f"Which {one}s", icon=":material/tune:", key="apart_which"):
        picked = st.multiselect(
            f"Set these {one}s against each other",
            able,
            default=[n for n in able if n in wanted] or usual,
            format_func=lambda n: short(_label(here, n), 60),
            key="apart_names",
            persist_state="session",
            placeholder="Choose two or more",
            width=420,
        )
    if picked == usual:
        link.drop("between")
    else:
        st.session_state["between"] = ",".join(quote(n, safe="") for n in picked)
        link.keep("between", st.session_state["between"])
    return list(picked)


def _label(here: Here, name: str) -> str:
    candidate = here.study.candidates[name]
    return candidate.technical if here.technical and candidate.technical else candidate.label


def _listed(here: Here, result: Disagreements) -> None:
    """List the cases, those on which answers lie furthest apart first."""
    study = here.study
    shown = min(LISTED, len(result.cases))
    columns: dict[str, list[str]] = {
        study.case.capitalize(): list(result.cases[:shown]),
        "The record": [say.record(result, study, v) for v in result.record[:shown]],
    }
    for name in result.names:
        label = _label(here, name)
        said = [say.answer(result, study, v) for v in result.answers[name].iloc[:shown]]
        columns[label if label not in columns else f"{label} ({name})"] = said
    table = pd.DataFrame(columns)
    alt = f"{study.cases} on which options disagree, with the record and each answer"
    show.wide(table, alt=alt, height=min(HEIGHT, ROW * (shown + 1) + 3))
    rest = f"The first {whole(shown)} of {whole(len(result.cases))}" if shown < len(result.cases) else "All of them"
    st.caption(plain(f"{rest}, those furthest apart first."))


def _one(here: Here, result: Disagreements) -> None:
    """Set the answers to one case side by side, each with its first reason."""
    study = here.study
    options = list(result.cases[:LISTED])
    with st.container(horizontal=True, vertical_alignment="bottom", key="apart_controls"):
        picked = st.selectbox(
            plain(f"Look at {study.case}"),
            options,
            index=link.place("case", options),
            format_func=lambda i: f"No. {i}",
            key="apart_case",
            persist_state="session",
            width=220,
        )
        if st.button("Explain it", icon=":material/help:", key="apart_explain"):
            back.explain(str(picked), "compare")
    case = str(picked)
    st.session_state["case"] = case
    link.keep("case", case)
    st.markdown(plain(say.one(result, study, case, audience=here.audience).text))
    row = study.row(case)
    job = jobs.submit(
        "answers",
        study=study,
        case=keys.case_values(row[list(study.feature_names)]),
        reference={"kind": "everyone"},
    )
    given = work.result_of(job, doing="Asking every option for its reasons", height=260, key="apart")
    asked = tuple(a for a in given if a.candidate in result.names)
    said = say_answers.describe(
        asked, study, chosen=here.candidate.name, recorded=row[study.target].iloc[0], audience=here.audience
    )
    others.reasons(here, said.sentences)
