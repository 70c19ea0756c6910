"""What people say of a row: real, a data error, or to be checked. The row stays in the data whatever is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd
import streamlit as st

from explainers.errors import DatabaseError
from pages.parts import people
from pages.parts.text import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from explainers.database import RowMark
    from pages.parts.shell import Here

Held = Literal["real", "data error", "check"]
HELD: tuple[Held, ...] = ("real", "data error", "check")
ICONS = {"real": ":material/verified:", "data error": ":material/error:", "check": ":material/search:"}
COLOURS: dict[str, Literal["gray", "orange", "blue"]] = {"real": "gray", "data error": "orange", "check": "blue"}
MEANING = {
    "real": "Odd, but true: it happened like this.",
    "data error": "A slip in the data: a typing error, a wrong unit, a mixed-up record.",
    "check": "Nobody knows yet: somebody has to look it up.",
}
LISTS = {
    "inputs": "odd inputs",
    "outcome": "odd outcomes",
    "label": "records to check",
    "influence": "rows that carry weight",
    "duplicate": "rows that are there twice",
    "picked": "picked on a chart",
}


def standing(here: Here) -> dict[str, RowMark]:
    """Return the marks that hold now, by case, newest first; a database that is away is said once, and calmly."""
    from explainers import database

    try:
        found = () if database.nothing_yet() else database.standing_row_marks(here.study.name)
    except DatabaseError as error:
        st.warning(plain(error.message))
        return {}
    return {mark.case_id: mark for mark in found}


def badge(mark: RowMark | None) -> str:
    """Return the mark as a badge; nothing where there is none."""
    if mark is None:
        return ""
    return f":{COLOURS[mark.mark]}-badge[{ICONS[mark.mark]} {plain(mark.mark)}, said {plain(mark.author)}]"


def popover(here: Here, case_id: str, *, about: str, reason: str, key: str) -> None:
    """Draw the button that opens the form for one row; it stays open when something was saved, and says so."""
    words = "Say what it is"
    with st.popover(words, icon=":material/rate_review:", key=f"{key}_say", on_change="rerun", type="tertiary") as box:
        if box.open:
            _form(here, case_id, about=about, reason=reason, key=key)


def _form(here: Here, case_id: str, *, about: str, reason: str, key: str) -> None:
    from explainers import database

    form = f"row:{here.study.name}:{case_id}:{about}"
    st.markdown(f"**{plain(f'{here.study.case.capitalize()} {case_id}')}**")
    st.caption(plain(reason))
    held = st.radio(
        "What is it?",
        HELD,
        index=None,
        format_func=str.capitalize,
        captions=[MEANING[h] for h in HELD],
        key=f"{key}_held",
        persist_state="session",
    )
    slot = f"{key}_comment"
    if slot not in st.session_state:
        st.session_state[slot] = people.draft(form)
    comment = st.text_area(
        "Comment",
        key=slot,
        on_change=people.keep_draft,
        args=(form, slot),
        max_chars=4000,
        height=90,
        placeholder="How do you know?",
        persist_state="session",
    )
    name = people.ask_name(key)
    pressed = people.send("Save", form, held, comment, key=f"{key}_save")
    saved = people.news(f"saved:{form}")
    if saved:
        st.success(plain(f"Saved as “{saved}”. Nothing is taken out of the data."))
    if not pressed:
        return
    if not held:
        st.warning("Choose real, data error or check first. Your comment is kept.")
        return
    if not name:
        st.warning("Write your name first, so that others can ask you. Your comment is kept.")
        return
    try:
        database.add_row_mark(
            submission_id=people.submission(form),
            author=name,
            study=here.study.name,
            fingerprint=here.study.fingerprint,
            case_id=case_id,
            about=about,
            mark=held,
            reason=reason,
            comment=comment or "",
        )
    except DatabaseError as error:
        st.error(f"{plain(error.message)} What you wrote is still here.")
        return
    people.written(name)
    people.next_submission(form)
    people.drop_draft(form)
    for spent in (slot, f"{key}_held"):
        st.session_state.pop(spent, None)
    people.tell(f"saved:{form}", held)
    st.rerun()


def take_back(here: Here, mark: RowMark) -> None:
    """Undo a mark; used as a callback. The mark stays in the history."""
    _again(here, mark, "taken back")


def put_back(here: Here, mark: RowMark) -> None:
    """Undo the undoing; used as a callback."""
    _again(here, mark, mark.mark)


def _again(here: Here, mark: RowMark, what: Literal["real", "data error", "check", "taken back"]) -> None:
    from explainers import database

    form = f"row:{what}:{mark.id}"
    try:
        database.add_row_mark(
            submission_id=people.submission(form),
            author=people.author() or people.NAMELESS,
            study=here.study.name,
            fingerprint=here.study.fingerprint,
            case_id=mark.case_id,
            about=mark.about,
            mark=what,
            reason=mark.reason,
            comment=mark.comment,
        )
    except DatabaseError as error:
        st.session_state["row_mark_failed"] = error.message
        return
    people.next_submission(form)
    st.session_state["row_mark_taken_back"] = mark if what == "taken back" else None


def to_frame(here: Here, marks: Sequence[RowMark]) -> pd.DataFrame:
    """Return marks as a table to take along, one row per mark, newest first."""
    study = here.study
    at = {str(case): place for place, case in enumerate(study.case_ids)}
    target = study.dictionary[study.target]
    record = [study.frame[study.target].iloc[at[m.case_id]] if m.case_id in at else None for m in marks]
    return pd.DataFrame(
        {
            study.case.capitalize(): [m.case_id for m in marks],
            "Held to be": [m.mark for m in marks],
            "Comment": [m.comment for m in marks],
            "Who": [m.author for m in marks],
            "When (UTC)": [m.created_at.strftime("%Y-%m-%d %H:%M") for m in marks],
            "Stood in": [LISTS.get(m.about, m.about) for m in marks],
            "What was shown": [m.reason for m in marks],
            target.label: record,
            "Study": [study.name for _ in marks],
            "State of the study": [m.fingerprint for m in marks],
        }
    )


def counts(marks: Mapping[str, RowMark]) -> dict[str, int]:
    """Return how many rows are held to be each."""
    return {held: sum(m.mark == held for m in marks.values()) for held in HELD}
