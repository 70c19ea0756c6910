"""One odd case of a list: what is odd about it, what people said, its neighbours, and a way to its explanation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from explainers import similar as compute
from explainers.errors import BakeoffError
from explainers.words import phrases
from pages.parts import back, row_marks, show, terms
from pages.parts.text import plain, short

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from explainers.database import RowMark
    from explainers.results import Sentence
    from pages.parts.shell import Here

AT_ONCE = 10
NEIGHBOURS = 5
LONGEST_REASON = 1000


def entry(
    here: Here,
    case_id: str,
    said: Sequence[Sentence],
    *,
    about: str,
    place: int,
    marks: Mapping[str, RowMark],
    neighbours: Sequence[str] | None = None,
) -> None:
    """Draw one case of a list.

    Parameters
    ----------
    here : Here
    case_id : str
    said : sequence of Sentence
        Why it stands in the list.
    about : str
        Which list it is.
    place : int
        Its place there, from 0; part of the keys.
    marks : mapping
        What people hold cases to be.
    neighbours : sequence of str, optional
        Cases like it; looked up when asked for by default.
    """
    key = f"odd_{about}_{place}"
    reason = short(" ".join(s.text for s in said), LONGEST_REASON)
    with st.container(border=True, key=f"{key}_row", gap="xsmall"):
        with st.container(
            horizontal=True,
            horizontal_alignment="distribute",
            vertical_alignment="center",
            gap="small",
            key=f"{key}_do",
        ):
            name = f"{here.study.case.capitalize()} {case_id}"
            st.markdown(f"**{plain(name)}** {row_marks.badge(marks.get(case_id))}".rstrip(), width="content")
            with st.container(horizontal=True, gap="small", width="content"):
                if st.button("Explain it", icon=":material/help:", key=f"{key}_explain", type="tertiary"):
                    back.explain(case_id, "outliers")
                # The key holds the case: what was typed for one must never stand in the form of another.
                form = f"{key}_{case_id}"
                row_marks.popover(here, case_id, about=about, reason=reason, key=form)
                like = st.popover(
                    "Cases like it", icon=":material/group:", key=f"{form}_like", on_change="rerun", type="tertiary"
                )
                with like:
                    if like.open:
                        _like(here, case_id, neighbours)
        st.markdown(terms.paragraph(said))


def _like(here: Here, case_id: str, neighbours: Sequence[str] | None) -> None:
    """Show a case beside the ones that are most like it."""
    study = here.study
    try:
        row = study.row(case_id)
        ids = list(neighbours or ())[:NEIGHBOURS] or _looked_up(here, row, case_id)
    except BakeoffError as error:
        st.caption(plain(error.message))
        return
    if not ids:
        st.caption(plain(f"No past {study.cases} are known to compare with."))
        return
    st.caption(plain(f"The first column is {study.case} {case_id}; the others are most like it in their values."))
    show.table(side_by_side(here, [case_id, *ids]), alt="The case beside those that are most like it")


def _looked_up(here: Here, row: pd.DataFrame, case_id: str) -> list[str]:
    study = here.study
    found = compute.similar(study, row[list(study.feature_names)], candidate=here.candidate.name).rows
    at = study.frame.index.get_indexer_for(found.index)[: len(found)]
    return [str(i) for i in study.case_ids[at] if str(i) != case_id][:NEIGHBOURS]


def side_by_side(here: Here, ids: Iterable[str]) -> pd.DataFrame:
    """Return cases as columns, the record first, then every input in the dictionary's words."""
    study = here.study
    at = [int(k) for k in pd.Index(study.case_ids).get_indexer(pd.Index(list(ids))) if k >= 0]
    target = study.dictionary[study.target]
    names = [study.target, *study.inputs]
    table = {"What": [study.dictionary[n].label for n in (target.name, *study.inputs)]}
    for k in at:
        row = study.frame.iloc[k]
        table[f"No. {study.case_ids[k]}"] = [phrases.value_text(study.dictionary[n], row[n]) for n in names]
    return pd.DataFrame(table)


def shown(total: int, *, about: str) -> int:
    """Return how many cases of a list are on screen."""
    return min(total, int(st.session_state.get(f"odd_{about}_shown", AT_ONCE)))


def more(total: int, *, about: str) -> None:
    """Draw the button that shows more of a list, where there is more."""
    now = shown(total, about=about)
    if now < total:
        words = f"Show {min(AT_ONCE, total - now)} more"
        st.button(words, key=f"odd_{about}_more", on_click=_more, args=(f"odd_{about}_shown", now + AT_ONCE))


def _more(slot: str, n: int) -> None:
    st.session_state[slot] = n
