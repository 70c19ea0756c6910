"""The rooms of the page on how sure an option is: the card, quality with ranges, stated chances, triage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from explainers import calibration, metrics
from explainers.figures import reliability as draw_reliability
from explainers.words import amounts, ranging
from explainers.words import calibration as say_meaning
from explainers.words import coverage as say
from explainers.words import intervals as say_intervals
from explainers.words import metrics as say_metrics
from explainers.words import verdict as say_verdict
from explainers.words.say import plural, whole
from pages.parts import quality, show, sure, sure_triage, terms, work
from pages.parts.text import plain

if TYPE_CHECKING:
    from explainers.results import Coverage
    from pages.parts.shell import Here

triage = sure_triage.room


def rows(here: Here, found: Coverage) -> str:
    """Return which rows the page is about, for the caption line."""
    n = found.n[0] if found.n else len(here.study.rows("test"))
    if not n:
        return f"no never-seen {here.study.cases}"
    return f"{whole(n)} {amounts.ROWS.get(found.rows, 'possibly seen')} {plural(n, here.study.case, here.study.cases)}"


def card(here: Here, found: Coverage) -> None:
    """Write the answer card: whether ranges hold, and what the option is worth beside no model."""
    narrative = say.describe(found, here.study, audience=here.audience)
    judged = sure.judged(here).get(here.candidate.name)
    known = judged is not None and judged.measured is not None and judged.measured.rows == "test"
    # Praise for rows that an option may have learned from is no praise.
    chips = [text for text in (say_verdict.chip(judged), say_verdict.required_chip(judged)) if text and known]
    parts = [f"### {plain(narrative.headline.text)}", terms.paragraph(narrative.sentences)]
    parts.append(" ".join(f":gray-badge[{plain(text[:1].upper() + text[1:])}]" for text in chips))
    with st.container(border=True, key="answer_card"):
        st.markdown("\n\n".join(parts), anchors=False)
    show.caveats(narrative)


def good(here: Here, found: Coverage) -> None:
    """Say how good the option is, with ranges, beside no model and the others."""
    study, waiting = here.study, len(work.unbuilt(here.study))
    every = sure.judged(here)
    if here.candidate.name not in every:
        rest = f": {waiting} of {len(study.candidates)} are still to come" if waiting else ""
        show.empty(f"Here you would see how good each option is beside no model, once all are prepared{rest}.")
        return
    judged = every[here.candidate.name]
    if judged.measured is None:
        show.narrative(say_verdict.describe(judged, study, audience=here.audience))
        return
    left, right = st.columns([1, 1], gap="large")
    with left:
        show.narrative(say_verdict.describe(judged, study, audience=here.audience))
    with right:
        quality.beside(here, every)
    if here.technical:
        measured = metrics.evaluate(study, here.candidate.name)
        table = [(say_metrics.NAMES.get(m.name, m.name), say_metrics.cell(m), m.n) for m in measured]
        show.table(pd.DataFrame(table, columns=["Measure", "Figure and 95% interval", "Rows"]), alt="Every measure")
    del found


def meaning(here: Here, found: Coverage) -> None:
    """Say and draw whether stated chances are borne out."""
    study = here.study
    result = calibration.reliability(study, here.candidate.name)
    left, right = st.columns([1, 1], gap="large")
    with left:
        show.narrative(say_meaning.describe(result, study, candidate=here.candidate.name, audience=here.audience))
    if result is None:
        return
    with right:
        title, alt = say_meaning.title(result, study), say_meaning.alt(result, study)
        figure = draw_reliability.draw(result, study, title="", alt=alt)
        st.markdown(f"##### {plain(title)}")
        show.chart(figure, key="reliability", data=result.to_frame() if here.technical else None)
    del found


def method(here: Here, found: Coverage) -> None:
    """Say how ranges are made and how they were tested."""
    if found.method == "none":
        show.sentences([say_intervals.refusal(found, here.study, here.audience)])
        return
    show.sentences(ranging.made(found, here.study))
    if here.technical:
        show.sentences([say_intervals.method(found, here.study)])
