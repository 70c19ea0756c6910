"""Groups of cases that somebody gave a name: offered wherever groups are looked at, with who made them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st

from explainers.errors import BakeoffError, DatabaseError
from explainers.residuals.slicing import members
from explainers.results_looks_at import Condition
from pages.parts import lists, people
from pages.parts.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from explainers.database import NamedSegment
    from pages.parts.shell import Here


def groups(here: Here) -> tuple[NamedSegment, ...]:
    """Return the named groups of the study, newest first; a database that is away is said calmly by who lists them."""
    from explainers import database

    try:
        return () if database.nothing_yet() else database.named_segments(here.study.name)
    except DatabaseError:
        return ()


def inside(here: Here, group: NamedSegment, rows: pd.DataFrame) -> Any:
    """Return which of some rows (by their column id) belong to a group, shape (n,)."""
    if group.conditions:
        return meets(here, tuple(map(condition, group.conditions)), rows)
    return rows["id"].astype(str).isin(set(group.ids)).to_numpy()


def meets(here: Here, conditions: Sequence[Condition], rows: pd.DataFrame) -> Any:
    """Return which of some rows (by their column id) meet conditions, shape (n,); none where a column is gone."""
    if any(c.feature not in here.study.frame.columns for c in conditions):
        return np.zeros(len(rows), dtype=bool)
    at = here.study.case_ids.get_indexer(pd.Index(rows["id"].astype(str)))
    try:
        return members(here.study, here.study.frame.iloc[at], conditions)
    except (BakeoffError, TypeError, ValueError):  # a column that has become another kind since
        return np.zeros(len(rows), dtype=bool)


def condition(kept: Mapping[str, Any]) -> Condition:
    """Return a condition as it was kept."""
    levels = kept.get("levels") or ()
    return Condition(
        feature=str(kept.get("feature", "")),
        above=_number(kept.get("above")),
        up_to=_number(kept.get("up_to")),
        levels=tuple(levels) if isinstance(levels, (list, tuple)) else (levels,),
        other=bool(kept.get("other", False)),
        missing=None if kept.get("missing") is None else bool(kept["missing"]),
    )


def to_keep(one: Condition) -> dict[str, Any]:
    """Return a condition as it is kept."""
    return {
        "feature": one.feature,
        "above": one.above,
        "up_to": one.up_to,
        "levels": list(one.levels),
        "other": one.other,
        "missing": one.missing,
    }


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def keep_form(
    here: Here, *, key: str, ids: Sequence[str], conditions: Sequence[Condition] = (), said: str = ""
) -> None:
    """Draw the form that keeps picked cases as a group with a name; it says when it was saved, or why not."""
    from explainers import database

    form = f"group:{here.study.name}"
    st.caption(plain(said) if said else plain(f"{len(ids):,} {here.study.cases}"))
    name = st.text_input(
        "Name of the group", key=f"{key}_group_name", max_chars=120, placeholder="such as: old houses at the lake"
    )
    slot = f"{key}_group_comment"
    if slot not in st.session_state:
        st.session_state[slot] = people.draft(form)
    comment = st.text_area(
        "Comment", key=slot, on_change=people.keep_draft, args=(form, slot), max_chars=4000, height=90
    )
    author = people.ask_name(key)
    pressed = people.send("Keep", form, name, comment, key=f"{key}_group_save")
    saved = people.news(f"saved:{form}")
    if saved:
        st.success(plain(f"“{saved}” is kept. The page on how sure an option is lists it too."))
    if not pressed:
        return
    if not (name or "").strip():
        st.warning("Give the group a name first. Your comment is kept.")
        return
    if not author:
        st.warning("Write your name first, so that others know whose group it is. Your comment is kept.")
        return
    try:
        database.add_segment(
            submission_id=people.submission(form),
            author=author,
            study=here.study.name,
            fingerprint=here.study.fingerprint,
            candidate=here.candidate.name,
            name=name,
            ids=() if conditions else ids,
            conditions=[to_keep(c) for c in conditions],
            said=said,
            comment=comment or "",
        )
    except DatabaseError as error:
        st.error(f"{plain(error.message)} What you wrote is still here.")
        return
    people.written(author)
    people.next_submission(form)
    people.drop_draft(form)
    for spent in (slot, f"{key}_group_name"):
        st.session_state.pop(spent, None)
    people.tell(f"saved:{form}", name)
    st.rerun()


def listed(
    here: Here,
    rows: pd.DataFrame,
    *,
    key: str,
    line: Callable[[NamedSegment, Any], str],
    pick: Callable[..., None] | None,
) -> bool:
    """List the named groups with what is to be said of each; return whether there is any.

    Parameters
    ----------
    here : Here
    rows : DataFrame
        Rows with a column id among which their cases are counted.
    key : str
        Start of the keys.
    line : callable
        Gives what is said of a group from it and the rows inside.
    pick : callable, optional
        Called with the number of a group to put its cases on screen; no button without it.
    """
    every = groups(here)
    _undone(here, key)
    for group in every:
        with st.container(border=True, key=f"{key}_group_{group.id}"):
            at = inside(here, group, rows)
            st.markdown(f"**{plain(group.name)}**")
            st.markdown(plain(line(group, at)))
            if group.said:
                st.caption(plain(group.said))
            if group.comment:
                st.caption(plain(f"“{group.comment}”"))
            st.caption(plain(f"{group.author} · {group.created_at.strftime('%d %B %Y, %H:%M UTC')}"))
            with st.container(horizontal=True, gap="small"):
                if pick is not None:
                    st.button(
                        "Show these",
                        icon=":material/ads_click:",
                        key=f"{key}_show_{group.id}",
                        type="tertiary",
                        on_click=pick,
                        args=(f"kept-{group.id}",),
                        disabled=not bool(at.any()),
                    )
                st.button(
                    "Remove",
                    icon=":material/delete:",
                    key=f"{key}_remove_{group.id}",
                    type="tertiary",
                    on_click=_remove,
                    args=(group,),
                )
    return bool(every)


def _undone(here: Here, key: str) -> None:
    failed = st.session_state.pop("group_failed", "")
    if failed:
        st.error(plain(failed))
    gone = st.session_state.get("group_removed")
    if gone is not None and gone.study == here.study.name:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(plain(f"“{gone.name}” was removed from the list."), width="content")
            st.button("Undo", key=f"{key}_group_restore", type="tertiary", on_click=_restore, args=(gone,))


def _remove(group: NamedSegment) -> None:
    from explainers import database

    lists.change("group", group, "remove", database.remove_segment)


def _restore(group: NamedSegment) -> None:
    from explainers import database

    lists.change("group", group, "restore", database.restore_segment)
