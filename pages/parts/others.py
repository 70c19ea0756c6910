"""What the other options say of the same case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from explainers import jobs, keys
from explainers.figures import answers as draw
from explainers.words import answers as say
from explainers.words import verdict
from explainers.words.say import capital
from pages.parts import show, sure, work
from pages.parts.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from explainers.results import Explanation, Sentence
    from pages.parts.pickers import Chosen
    from pages.parts.shell import Here


def room(here: Here, chosen: Chosen, explanation: Explanation, spec: dict[str, Any]) -> None:
    """Say how many options differ, draw every answer, and list each with its first reason."""
    study = here.study
    waiting = work.unbuilt(study)
    if waiting:
        st.caption(plain(f"{len(waiting)} options are still being prepared and are missing here."))
    job = jobs.submit("answers", study=here.study, case=keys.case_values(chosen.row), reference=spec)
    given = work.result_of(job, doing="Asking every option", height=300, key="answers")
    said = say.describe(given, study, chosen=here.candidate.name, recorded=chosen.record, audience=here.audience)
    st.markdown(f"##### {plain(said.headline.text)}")
    show.sentences(s for s in said.sentences if "candidate" not in s.facts)
    left, right = st.columns([2, 3], gap="large")
    with left:
        threshold = study.threshold if study.task == "classification" else None
        figure = draw.draw(
            given,
            study,
            title="",
            alt=said.headline.text,
            chosen=here.candidate.name,
            threshold=threshold,
            texts=say.figures(given, study, audience=here.audience),
            technical=here.technical,
        )
        show.chart(figure, key="answers", technical=here.technical)
    with right:
        reasons(here, said.sentences)
    del explanation


def reasons(here: Here, said: Sequence[Sentence]) -> None:
    """List options with their answer and first reason; one that was not shown to beat no model says so."""
    rows = []
    judged = sure.judged(here)
    for sentence in said:
        if "candidate" in sentence.facts:
            option, _, rest = sentence.text.partition(": ")
            worth = verdict.limit(judged.get(sentence.facts["candidate"]), here.study)
            note = f" ({verdict.chip(judged[sentence.facts['candidate']])})" if worth else ""
            rows.append((option.strip("“”") + note, capital(rest)))
    frame = pd.DataFrame(rows, columns=["Option", "Answer and first reason"])
    show.table(frame, alt="Every option with its first reason")
