"""The answer card of the page on odd cases, beside the chart of both kinds of oddness."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st

from explainers import jobs, outliers
from explainers.errors import BakeoffError
from explainers.figures import odd as draw
from explainers.words import odd as say
from pages.parts import cached, link, row_marks, show, terms, work
from pages.parts.text import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from explainers.database import RowMark
    from explainers.results import Unusual
    from pages.parts.shell import Here

AMONG = {"test": "Never-seen ones", "all": "All"}
REASONED = 50


def among() -> str:
    """Draw the control that says which cases are looked at; what it holds is in the address."""
    names = list(AMONG)
    link.only("among", names)
    st.segmented_control(
        "Look at",
        names,
        format_func=AMONG.__getitem__,
        default=names[link.place("among", names)],
        required=True,
        key="among",
        persist_state="session",
        help="Never-seen cases were kept apart while the options learned.",
    )
    link.keep("among", st.session_state["among"])
    return str(st.session_state["among"])


def ranked(here: Here, rows: str) -> pd.DataFrame:
    """Return the cases by how odd their values are, the oddest first."""
    job = jobs.submit("odd_inputs", study=here.study, candidate=here.candidate.name, rows=rows)
    found: pd.DataFrame = work.result_of(job, doing="Looking for odd values", height=420, key="odd_inputs")
    return found


def reasons(here: Here, found: pd.DataFrame, n: int) -> Unusual | None:
    """Return why the first of them are odd; None where nothing can be said."""
    first = [str(i) for i in found.index[:n]]
    if not first:
        return None
    at = pd.Index(here.study.case_ids).get_indexer(pd.Index(first))
    try:
        return cached.once(
            ("odd", here.study.data_key, here.study.fingerprint, here.candidate.key, *first),
            lambda: outliers.unusual(here.study, here.study.frame.iloc[at], candidate=here.candidate.name),
        )
    except BakeoffError:
        return None


def off(here: Here, found: pd.DataFrame) -> pd.Series[float]:
    """Return how far the option's answer is from the record of each case, not negative."""
    from explainers import pick

    try:
        every = pick.apart(here.study, here.candidate.name)
    except BakeoffError:
        every = np.full(len(here.study.frame), np.nan)
    at = pd.Index(here.study.case_ids).get_indexer(found.index.astype(str))
    return pd.Series(every[at], index=found.index)


def card(here: Here, found: pd.DataFrame, rows: str, marks: Mapping[str, RowMark]) -> None:
    """Write which case is oddest, and why, beside the chart of all."""
    study = here.study
    first = reasons(here, found, 1)
    narrative = say.describe(
        found, first, study, rows=rows, marks=row_marks.counts(marks) if marks else None, audience=here.audience
    )
    left, right = st.columns([1, 1], gap="large")
    with left:
        with st.container(border=True, key="answer_card"):
            body = terms.paragraph(narrative.sentences)
            st.markdown("\n\n".join(t for t in (f"### {plain(narrative.headline.text)}", body) if t), anchors=False)
        show.caveats(narrative)
    with right:
        _chart(here, found, marks)


def _chart(here: Here, found: pd.DataFrame, marks: Mapping[str, Any]) -> None:
    study = here.study
    if found.empty:
        show.empty(f"Here you would see every one of these {study.cases} as a point: odd ones stand to the right.")
        return
    apart = off(here, found)
    title, alt = say.title(found, apart, study), say.alt(found, apart, study)
    st.markdown(f"##### {plain(title)}")
    shares = bool(np.isfinite(found["share"].to_numpy(dtype=float)).any())
    axes = say.axes(study, shares=shares, audience=here.audience)
    figure = draw.draw(found, apart, study, title="", alt=alt, axes=axes, marked=set(marks), technical=here.technical)
    drawn, of = figure.layout.meta["drawn"], figure.layout.meta["of"]
    which = f"All {of:,} {study.cases} are drawn"
    if drawn < of:
        which = f"{drawn:,} of {of:,} {study.cases} are drawn, the oddest always among them"
    caption = f"{which}. Orange diamonds are the oddest, and those that people marked."
    listed = found.assign(apart=apart).head(200).reset_index() if here.technical else None
    show.chart(figure, key="odd_chart", caption=caption, data=listed, technical=here.technical)
