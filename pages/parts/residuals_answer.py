"""The answer card of the page on where an option is wrong: the worst group, and what the chart shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from explainers import jobs
from explainers.words import amounts
from explainers.words import residuals as say
from explainers.words import worst as say_worst
from explainers.words.say import plural, whole
from pages.parts import later, show, sure, terms
from pages.parts.text import plain

if TYPE_CHECKING:
    from explainers.results import Binned, Narrative, Segments, Sentence
    from pages.parts.shell import Here


def rows(here: Here, found: Binned) -> str:
    """Return which rows the page is about, for the caption line."""
    study, n = here.study, found.n_rows
    if not n:
        return f"no never-seen {study.cases}"
    known = amounts.ROWS.get(found.rows, "possibly seen")
    part = " in the picked region" if found.zoom else ""
    return f"{whole(n)} {known} {plural(n, study.case, study.cases)}{part}"


STOPPED = "segments_stopped"


def ask(here: Here) -> jobs.Job | None:
    """Ask in which groups the option is most wrong; it comes from disk where it was searched before.

    Card and tab both ask: where the reader cancelled the search, neither starts it anew by itself, and there is None.
    """
    mark = (here.study.fingerprint, here.candidate.key)
    if st.session_state.pop("cancelled:segments", False):
        st.session_state[STOPPED] = mark
    if st.session_state.get(STOPPED) == mark:
        return None
    return jobs.submit("segments", study=here.study, candidate=here.candidate.name)


def again() -> None:
    """Search for groups after all; used as a callback."""
    st.session_state.pop(STOPPED, None)


def on_card(worst: Narrative) -> list[Sentence]:
    """Return which sentences on the worst group stand on the card; the tab below says the others."""
    return [s for s in worst.sentences if s.kind != "method"][:2]


def card(here: Here, found: Binned) -> str:
    """Write where it is most wrong, as far as that is known by now; return the headline."""
    study = here.study
    along = say.describe(found, study, audience=here.audience)
    job = ask(here)
    segments: Segments | None = job.result() if job is not None and job.wait(0) and job.state == "done" else None
    parts: list[Any] = [along.headline, *(s for s in along.sentences if s.kind != "method")]
    caveats = along
    heading = along.headline
    if segments is not None and not found.zoom:
        worst = say_worst.describe(segments, study, audience=here.audience)
        heading, parts, caveats = worst.headline, on_card(worst), worst
    elif job is not None and job.state in ("waiting", "running"):
        later.note(job, "the groups in which it is most wrong")
    body = [s for s in parts if s is not heading]
    with st.container(border=True, key="answer_card"):
        st.markdown(f"### {plain(heading.text)}\n\n{terms.paragraph(body)}".strip(), anchors=False)
    show.caveats(caveats)
    for sentence in sure.no_better(here):
        st.caption(plain(sentence.text))
    return heading.text
