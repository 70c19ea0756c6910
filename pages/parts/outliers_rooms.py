"""The lists of odd cases: by their values, by their record, copies, and those that weigh most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from explainers import jobs
from explainers.words import duplicates as say_twice
from explainers.words import influence as say_weight
from explainers.words import labels as say_labels
from explainers.words import odd as say
from pages.parts import outliers_answer, outliers_rows, row_marks, show, terms, work
from pages.parts.text import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from explainers.database import RowMark
    from explainers.results import CopyGroup, Duplicates, Influence, Narrative, Suspicious
    from pages.parts.shell import Here

UNUSUAL = 0.05


def rows(here: Here, found: pd.DataFrame, among: str) -> str:
    """Return which rows the page is about, for the caption line."""
    n, cases = len(found), here.study.cases
    if not n:
        return f"no never-seen {cases}"
    return f"{n:,} never-seen {cases}" if among == "test" else f"all {n:,} {cases}"


def inputs(here: Here, found: pd.DataFrame, among: str, marks: Mapping[str, RowMark]) -> None:
    """List the cases with the oddest values, the oddest first, each with its reasons."""
    del among
    if found.empty:
        show.empty(f"Here you would see the {here.study.cases} with the oddest values, each with its reason.")
        return
    shares = found["share"].to_numpy(dtype=float)
    total = min(len(found), outliers_answer.REASONED)
    if np.isfinite(shares).any():  # the rest is nothing unusual
        total = min(total, int((shares <= UNUSUAL).sum()))
    if not total:
        show.empty(f"None of these {here.study.cases} stands out by its values.")
        return
    shown = outliers_rows.shown(total, about="inputs")
    reasons = outliers_answer.reasons(here, found, shown)
    if reasons is None:
        show.empty("The reasons cannot be told for these.")
        return
    for place in range(shown):
        said = say.reason(reasons, here.study, row=place, audience=here.audience)
        outliers_rows.entry(here, str(found.index[place]), said, about="inputs", place=place, marks=marks)
    outliers_rows.more(total, about="inputs")


def outcomes(here: Here, found: pd.DataFrame, among: str, marks: Mapping[str, RowMark]) -> None:
    """List the records that are worth a check, the oddest first, and how well such a list did when measured."""
    del found
    job = jobs.submit("suspicious", study=here.study)
    doing = "Asking options that never saw them, case by case"
    result: Suspicious = work.result_of(job, doing=doing, height=320, key="suspicious")
    narrative = say_labels.describe(result, here.study, audience=here.audience)
    _heading(narrative)
    suspects = [s for s in result.suspects if among == "all" or s.part == "test"]
    if not suspects:
        if not result.why:
            show.empty(f"None of the never-seen {here.study.cases} is on the list. Look at all of them instead.")
        return
    total = len(suspects)
    shown = outliers_rows.shown(total, about="outcome")
    if among != "all" and total < len(result.suspects):
        st.caption(plain(f"{total} of the {len(result.suspects)} on the list are never-seen {here.study.cases}."))
    about = "label" if here.study.classes else "outcome"
    for place, one in enumerate(suspects[:shown]):
        said = say_labels.item(one, here.study, scale=result.scale, audience=here.audience)
        outliers_rows.entry(here, one.id, said, about=about, place=place, marks=marks, neighbours=one.neighbours)
    outliers_rows.more(total, about="outcome")
    with st.expander("How this list was made and measured", on_change="rerun", key="labels_how") as box:
        if box.open:
            show.listed((*narrative.sentences, *narrative.caveats))


def twice(here: Here, found: pd.DataFrame, among: str, marks: Mapping[str, RowMark]) -> None:
    """List cases that are there twice, and those alike in everything but the record."""
    del found, among
    job = jobs.submit("duplicates", study=here.study)
    result: Duplicates = work.result_of(job, doing="Looking for copies", height=240, key="duplicates")
    narrative = say_twice.describe(result, here.study, audience=here.audience)
    _heading(narrative)
    show.sentences(narrative.sentences)
    shown = outliers_rows.shown(len(result.groups), about="duplicate")
    for place, group in enumerate(result.groups[:shown]):
        _group(here, group, place, marks)
    outliers_rows.more(len(result.groups), about="duplicate")


def _group(here: Here, group: CopyGroup, place: int, marks: Mapping[str, RowMark]) -> None:
    said = say_twice.item(group, here.study, audience=here.audience)
    reason = " ".join(s.text for s in said)
    with st.container(border=True, key=f"odd_duplicate_{place}_row"):
        badges = " ".join(row_marks.badge(marks.get(i)) for i in group.ids if i in marks)
        st.markdown(f"{terms.paragraph(said)} {badges}".rstrip())
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
            key = f"odd_duplicate_{place}_one"
            one = st.selectbox(
                plain(here.study.case.capitalize()), list(group.ids), format_func="No. {}".format, key=key, width=160
            )
            form = f"odd_duplicate_{place}_{one}"  # one case may stand in two groups
            row_marks.popover(here, str(one), about="duplicate", reason=reason, key=form)
            with st.popover(
                "Side by side",
                icon=":material/group:",
                key=f"odd_duplicate_{place}_like",
                on_change="rerun",
                type="tertiary",
            ) as box:
                if box.open:
                    show.table(
                        outliers_rows.side_by_side(here, group.ids[: outliers_rows.NEIGHBOURS + 1]),
                        alt="Cases that are alike, side by side",
                    )


def weight(here: Here, found: pd.DataFrame, among: str, marks: Mapping[str, RowMark]) -> None:
    """List the cases on which a formula rests more than on others."""
    del found, among
    job = jobs.submit("influence", study=here.study, candidate=here.candidate.name)
    doing = f"Looking at what single {here.study.cases} do"
    result: Influence = work.result_of(job, doing=doing, height=240, key="influence")
    narrative = say_weight.describe(result, here.study, audience=here.audience)
    _heading(narrative)
    if result.why or not result.n:
        return
    show.sentences(s for s in narrative.sentences if s.kind == "method")
    order = say_weight.order(result)[: outliers_answer.REASONED]
    shown = outliers_rows.shown(len(order), about="influence")
    for place, row in enumerate(order[:shown]):
        said = say_weight.item(result, here.study, row=int(row), audience=here.audience)
        outliers_rows.entry(here, str(result.ids[row]), said, about="influence", place=place, marks=marks)
    outliers_rows.more(len(order), about="influence")


def _heading(narrative: Narrative) -> None:
    st.markdown(f"##### {plain(narrative.headline.text)}")
    show.caveats(narrative, key="limits_odd")


def method(here: Here, found: pd.DataFrame, among: str, marks: Mapping[str, RowMark]) -> None:
    """Say how odd cases are found, and that nothing is taken out of the data."""
    del marks
    show.listed(say.method(found, here.study, rows=among, audience=here.audience))
