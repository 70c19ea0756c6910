"""Why not another answer: of several outcomes two are set against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from explainers import jobs, keys
from explainers.figures import contrast as draw
from explainers.predict import stored
from explainers.words import contrast as say
from explainers.words import phrases
from pages.parts import link, show, work
from pages.parts.text import plain, short

if TYPE_CHECKING:
    from explainers.results import Contrast, Explanation
    from pages.parts.pickers import Chosen
    from pages.parts.shell import Here


def offered(here: Here) -> bool:
    """Whether the study has more than two outcomes, so that there is another one to ask about."""
    return len(here.study.classes) > 2


def room(here: Here, chosen: Chosen, explanation: Explanation, spec: dict[str, Any]) -> None:
    """Let the reader pick the other outcome, say why it is not that one, and draw the lead."""
    study, first = here.study, explanation.outcome[0]
    second = _picker(here, chosen, first)
    job = jobs.submit(
        "contrast",
        study=study,
        candidate=here.candidate.name,
        case=keys.case_values(chosen.row[list(here.candidate.features)]),
        reference=spec,
        a=first,
        b=second,
    )
    found: Contrast = work.result_of(job, doing="Setting the two outcomes apart", height=320, key="contrast")
    said = say.describe(found, study, audience=here.audience)
    st.markdown(f"##### {plain(said.headline.text)}")
    show.caveats(said, key="limits_contrast")
    reasons = [s for s in said.sentences if s.kind == "reason"]
    before = [s for s in said.sentences if s.kind == "comparison"]
    left, right = st.columns([1, 1], gap="large")
    with left:
        show.sentences(before)
        if reasons:
            show.listed(reasons)
        show.sentences([s for s in said.sentences if s.kind == "caveat"], small=True)
    with right:
        st.markdown(f"**{plain(say.title(found, study, audience=here.audience))}**")
        alt = say.alt(found, study, audience=here.audience)
        figure = draw.draw(found, study, title="", alt=alt, technical=here.technical)
        method = say.method(found, study, audience=here.audience)
        show.chart(figure, key="contrast_chart", caption=method[1].text, technical=here.technical)
    show.sentences((method[0], *method[2:]), small=True)


def _picker(here: Here, chosen: Chosen, first: Any) -> Any:
    """Draw the picker of the other outcome, the likeliest one first; what it holds is in the address."""
    study = here.study
    others = [c for c in study.classes if c != first]
    likely = _answers(here, chosen)
    if likely is not None:
        others.sort(key=lambda c: -likely[c])
    known = {str(c): c for c in others}
    link.only("against", known)
    picked = st.selectbox(
        plain(f"Why {phrases.outcome(study, first)}, and not"),
        list(known),
        format_func=lambda k: short(phrases.outcome(study, known[k]), 60),
        key="against",
        persist_state="session",
        width=330,
        help="To ask about another pair, choose first for which outcome reasons are given.",
    )
    link.keep("against", picked)
    return known[picked]


def _answers(here: Here, chosen: Chosen) -> dict[Any, float] | None:
    """Return the probability of each outcome for a case of the study; None for one that was typed in."""
    if chosen.typed:
        return None
    kept = stored(here.study, here.candidate.name)
    row = kept.iloc[here.study.frame.index.get_indexer_for(chosen.row.index)[0]]
    return {c: float(row[c]) for c in here.study.classes}
