"""What people said of odd cases: listed, taken back, taken along; and what would change without those cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from explainers import jobs
from explainers.errors import DatabaseError
from explainers.report import table
from explainers.words import without as say_without
from explainers.words.say import plural
from pages.parts import back, row_marks, show, work
from pages.parts.text import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from explainers.database import RowMark
    from explainers.results import Without
    from pages.parts.shell import Here

AT_ONCE = 20


def room(here: Here, found: pd.DataFrame, rows: str, marks: Mapping[str, RowMark]) -> None:
    """List what people hold cases to be, newest first, with who said it and when."""
    del found, rows
    study = here.study
    _undone(here)
    if not marks:
        show.empty(
            f"Nobody has said anything yet. Open a list, read why {study.cases} stand in it, and say of each what it "
            "is: real, a data error, or to be checked. What you say is kept here with your name; nothing is taken out "
            "of the data."
        )
    for mark in list(marks.values())[:AT_ONCE]:
        _mark(here, mark)
    if len(marks) > AT_ONCE:
        with st.expander(f"{len(marks) - AT_ONCE} older ones", on_change="rerun", key="older_row_marks") as box:
            if box.open:
                for mark in list(marks.values())[AT_ONCE:]:
                    _mark(here, mark)
    _by_number(here)
    _take_along(here)


def _mark(here: Here, mark: RowMark) -> None:
    key = f"row_mark_{mark.id}"
    known = mark.case_id in here.study.case_ids
    with st.container(border=True, key=key):
        name = f"{here.study.case.capitalize()} {mark.case_id}"
        st.markdown(f"**{plain(name)}** {row_marks.badge(mark)}")
        if mark.comment:
            st.markdown(plain(f"“{mark.comment}”"))
        if mark.reason:
            st.markdown(plain(mark.reason))
        when = mark.created_at.strftime("%d %B %Y, %H:%M UTC")
        old = "" if mark.fingerprint == here.study.fingerprint else " · said of an earlier state of the study"
        gone = "" if known else f" · there is no such {here.study.case} any more"
        st.caption(plain(f"{mark.author} · {when} · {row_marks.LISTS.get(mark.about, mark.about)}{old}{gone}"))
        with st.container(horizontal=True, gap="small", key=f"{key}_do"):
            if known and st.button("Explain it", icon=":material/help:", key=f"{key}_explain", type="tertiary"):
                back.explain(mark.case_id, "outliers")
            st.button(
                "Take back",
                icon=":material/undo:",
                key=f"{key}_back",
                type="tertiary",
                on_click=row_marks.take_back,
                args=(here, mark),
            )


def _undone(here: Here) -> None:
    """Say that a mark was taken back, with a way to undo it, or why it could not be."""
    failed = st.session_state.pop("row_mark_failed", "")
    if failed:
        st.error(plain(failed))
    gone = st.session_state.get("row_mark_taken_back")
    if gone is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            said = f"“{gone.mark}” for {here.study.case} {gone.case_id} was taken back; the table keeps it."
            st.caption(plain(said), width="content")
            st.button("Undo", key="row_mark_undo", type="tertiary", on_click=row_marks.put_back, args=(here, gone))


def _by_number(here: Here) -> None:
    """Let a reader say something of any case, also of one that stands in no list."""
    study = here.study
    with st.container(horizontal=True, vertical_alignment="bottom", key="odd_by_number"):
        asked = st.text_input(
            plain(f"Another {study.case}, by number"), key="odd_number", width=260, persist_state="session"
        ).strip()
        if asked and asked in study.case_ids:
            row_marks.popover(
                here,
                asked,
                about="picked",
                reason="Chosen by its number.",
                key=f"odd_number_{asked}",
            )
    if asked and asked not in study.case_ids:
        st.caption(plain(f"There is no {study.case} {asked}. Type a number as it stands in the lists."))


def _take_along(here: Here) -> None:
    """Offer every mark as a table, earlier ones and those taken back too."""
    from explainers import database

    try:
        every = () if database.nothing_yet() else database.row_marks(here.study.name)
    except DatabaseError:
        return  # said above already
    if every:
        st.download_button(
            "All that was said, as a table (CSV)",
            table.to_csv(row_marks.to_frame(here, every)),
            file_name=table.filename("odd cases", here.study.name),
            mime="text/csv",
            key="row_marks_csv",
            icon=":material/download:",
            on_click="ignore",
        )


def without(here: Here, found: pd.DataFrame, rows: str, marks: Mapping[str, RowMark]) -> None:
    """Say what would change if the option were made again without marked cases. The data stays as it is."""
    del found, rows
    study = here.study
    if not marks:
        show.empty(
            f"Here you would see what changes when the option is made again without marked {study.cases}. Mark some "
            "first: in each list a button says what one is. Nothing is taken out of the data."
        )
        return
    ids = chosen(here, marks)
    if not ids:
        st.caption(plain(f"Choose which marked {study.cases} to leave out."))
        return
    words = plural(len(ids), study.case, study.cases)
    st.caption(plain(f"A trial without {len(ids)} {words}. Data and options stay as they are."))
    job = jobs.submit("without", study=study, candidate=here.candidate.name, ids=ids)
    result: Without = work.result_of(job, doing="Making the option again without them", height=300, key="without")
    show.narrative(say_without.describe(result, study, audience=here.audience))
    if result.moves and here.technical:
        with st.expander("Every figure, before and after", on_change="rerun", key="without_all") as box:
            if box.open:
                st.dataframe(result.to_frame().astype({"low": str, "high": str, "outcome": str}), hide_index=True)


def chosen(here: Here, marks: Mapping[str, RowMark]) -> list[str]:
    """Draw the control that says which marked cases to leave out for the trial, and return them."""
    counted = row_marks.counts(marks)
    offered: list[Any] = [held for held in row_marks.HELD if counted[held]]
    if not offered:
        return []
    usual = ["data error"] if counted["data error"] else offered
    held = st.pills(
        "Leave out those held to be",
        offered,
        selection_mode="multi",
        default=usual,
        format_func=lambda h: f"{h} ({counted[h]})",
        key="without_held",
        persist_state="session",
    )
    known = set(here.study.case_ids)
    return sorted(case for case, mark in marks.items() if mark.mark in (held or ()) and case in known)
