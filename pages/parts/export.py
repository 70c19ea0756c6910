"""Taking the whole study along: slides, or a page that stands alone; made in the background with progress."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import streamlit as st

from explainers import database, jobs
from explainers.errors import DatabaseError, JobCancelled, JobError
from explainers.report import exporting, slides, table
from pages.parts import sure, work
from pages.parts.text import plain

if TYPE_CHECKING:
    from pages.parts.shell import Here


@dataclass(frozen=True, slots=True)
class Form:
    """One thing to take along: what it is, and how it is made."""

    title: str
    what: str
    kind: str
    form: str


FORMS = {
    "slides": Form(
        "Slides (PowerPoint)",
        "One slide per question and per demo case, with charts that can be edited.",
        "deck",
        "pptx",
    ),
    "page": Form(
        "A page (HTML)",
        "The same as one file that opens in any browser, without a network, and prints.",
        "deck",
        "html",
    ),
    "report": Form(
        "A report (HTML)",
        "To be kept: how it answers, who stands for it, its data, groups of people, how good it is, its use.",
        "report",
        "html",
    ),
}


def exports(here: Here, assumptions: Mapping[str, Any] | None = None, *, key: str = "export") -> None:
    """Offer the study as slides and as a page that stands alone.

    Parameters
    ----------
    here : Here
    assumptions : mapping, optional
        Figures of money and volume on screen, where they differ from the study's own.
    key : str
        Key of the controls in the session.
    """
    figures = dict(assumptions or {})
    for name, form in FORMS.items():
        with st.container(border=True, key=f"{key}_{name}"):
            st.markdown(f"**{form.title}**  \n{form.what}")
            if form.form == "pptx" and not slides.installed():
                st.caption("Slides need one more package on the server. Ask whoever runs it for: python-pptx")
                continue
            _one(here, figures, form, f"{key}_{name}")


def _one(here: Here, figures: dict[str, Any], form: Form, key: str) -> None:
    """Draw one form: a button that makes it, then progress, then a button that hands it out."""
    mark = _mark(here, figures, form)
    made = st.session_state.get(f"{key}_made")
    if made is not None and made[0] == mark:
        _hand_out(here, form, made[1], key)
    elif made is not None:
        st.caption("What is on screen changed since this was made.")
    again = made is not None
    if st.button("Make it again" if again else "Make it", key=f"{key}_make", type="tertiary" if again else "secondary"):
        st.session_state[f"{key}_wanted"] = mark
    if st.session_state.get(f"{key}_wanted") != mark:
        return
    try:
        data: bytes = work.result_of(_ask(here, figures, form), doing="Putting it together", height=60, key=key)
    except JobCancelled:
        st.session_state.pop(f"{key}_wanted", None)
        st.info("This was cancelled.")
        return
    except JobError as error:
        st.session_state.pop(f"{key}_wanted", None)
        st.error(plain(str(error)))
        return
    st.session_state.pop(f"{key}_wanted", None)
    st.session_state[f"{key}_made"] = (mark, data)
    st.rerun()


def _ask(here: Here, figures: dict[str, Any], form: Form) -> jobs.Job:
    return jobs.submit(
        "export",
        study=here.study,
        candidate=here.candidate.name,
        form=form.form,
        kind=form.kind,
        audience=here.audience,
        level=sure.level(),
        assumptions=figures,
    )


def _mark(here: Here, figures: dict[str, Any], form: Form) -> tuple[str, ...]:
    """Return what a file is made of, to tell whether it still shows what is on screen."""
    told = repr(sorted(figures.items()))
    try:
        read = (database.votes, database.decisions, database.snapshots)
        kept = () if database.nothing_yet() else tuple(of(here.study.name) for of in read)
        latest = [max((record.id for record in records), default=0) for records in kept]
    except DatabaseError:  # what people wrote is then left out of the file, which says so
        latest = []
    level = str(sure.level())
    return (here.study.fingerprint, here.candidate.key, here.audience, level, told, form.title, repr(latest))


def _hand_out(here: Here, form: Form, data: bytes, key: str) -> None:
    ending, mime = exporting.ENDINGS[form.form]
    day = datetime.now(tz=UTC).strftime("%Y-%m-%d")
    st.download_button(
        f"Download ({len(data) / 1e6:.1f} MB)",
        data,
        file_name=table.filename(form.kind, here.study.name, here.candidate.name, day, ending=ending),
        mime=mime,
        key=f"{key}_download",
        type="primary",
        icon=":material/download:",
        on_click="ignore",
    )
