"""What was picked: how many, what they have in common, each of them, and what can be done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from explainers import jobs, pick
from explainers.errors import BakeoffError, JobCancelled
from explainers.report import table
from explainers.words import phrases
from explainers.words import picked as say
from explainers.words import traits as say_traits
from pages.parts import back, named, residuals_pick, show, work
from pages.parts.text import plain, short

if TYPE_CHECKING:
    from explainers.results import Sentence, Traits
    from pages.parts.residuals_pick import Picked
    from pages.parts.shell import Here

LISTED = 200
MOST_COMPARED = 20_000  # cases whose traits are looked for


def panel(here: Here, chosen: Picked | None) -> None:
    """Say what was picked and what those cases have in common; without a pick, how to pick."""
    with st.container(border=True, key="picked_card"):
        if chosen is None:
            _how(here)
        else:
            _common(here, chosen)
        _by_hand(here, chosen)


def _how(here: Here) -> None:
    st.markdown(f"#### {plain(f'Pick some {here.study.cases}')}", anchors=False)
    st.markdown(
        "Draw a box or a lasso on the chart. Here you then see what those have in common, each of them, and a way to "
        "its reasons. Without a mouse, use the fields below."
    )
    unknown = st.session_state.get("pick_asked")
    if unknown:
        numbers = ", ".join(map(str, unknown[:5]))
        st.warning(
            plain(f"None of {numbers} is a never-seen {here.study.case}. Type numbers as they stand in the data.")
        )


def _by_hand(here: Here, chosen: Picked | None) -> None:
    """Draw the ways to pick without a mouse."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="pick_by_hand"):
        st.text_input(
            "By number",
            key="pick_numbers",
            placeholder="such as 12, 40, 77",
            on_change=residuals_pick.put_numbers,
            args=("pick_numbers",),
            width=200,
        )
        st.button(
            f"The {residuals_pick.WORST} furthest off",
            key="pick_worst",
            on_click=residuals_pick.put,
            args=(f"worst:{residuals_pick.WORST}",),
        )
        if chosen is not None:
            st.button("Pick nothing", key="pick_clear", type="tertiary", on_click=residuals_pick.clear)
    del here


def _common(here: Here, chosen: Picked) -> None:
    study = here.study
    said = _off(here, chosen)
    st.markdown(f"#### {plain(chosen.name or said[0].text.removesuffix('.'))}", anchors=False)
    show.sentences(said if chosen.name else said[1:])
    found = traits(here, chosen)
    if found is not None:
        narrative = say_traits.describe(found, study, audience=here.audience)
        st.markdown(f"**{plain(narrative.headline.text)}**")
        show.sentences(s for s in narrative.sentences if s.kind != "method")
        show.sentences((s for s in narrative.sentences if s.kind == "method"), small=True)


def _off(here: Here, chosen: Picked) -> tuple[Sentence, ...]:
    """Say how far off the option is on the picked cases and on all."""
    every, study = residuals_pick.rows(here), here.study
    differs = None
    if study.classes:
        apart = pick.wrong(study, here.candidate.name)
        at = study.case_ids.get_indexer(pd.Index(chosen.ids))
        among = study.case_ids.get_indexer(pd.Index(every["id"].astype(str)))
        differs = int(apart[at].sum()), int(apart[among].sum())
    return say.describe(
        chosen.rows, every, study, differs=differs, rows=residuals_pick.history(every), audience=here.audience
    )


def _shared(here: Here, chosen: Picked) -> tuple[Sentence, ...]:
    """Return what the picked cases have in common, where that is known by now; nothing otherwise."""
    if len(chosen.ids) > MOST_COMPARED:
        return ()
    job = jobs.submit("traits", study=here.study, ids=sorted(chosen.ids))
    if not job.wait(0) or job.state != "done" or not job.result().traits:
        return ()
    return (say_traits.describe(job.result(), here.study, audience=here.audience).headline,)


def traits(here: Here, chosen: Picked) -> Traits | None:
    """Return what the picked cases have in common against the other never-seen ones; None where that was not found."""
    if len(chosen.ids) > MOST_COMPARED:
        st.caption(plain(f"What more than {MOST_COMPARED:,} {here.study.cases} have in common is not looked for."))
        return None
    job = jobs.submit("traits", study=here.study, ids=sorted(chosen.ids))
    try:
        found: Traits = work.result_of(job, doing="Looking for what they have in common", height=120, key="traits")
    except JobCancelled:
        work.cancelled("Looking for what they have in common", key="traits_again")
        return None
    except BakeoffError as error:
        st.error(plain(error.message))
        return None
    return found


# -- each of them --------------------------------------------------------------------------------------------------
def cases(here: Here, chosen: Picked | None) -> None:
    """List the picked cases, with a way to the reasons of one, to a table to take along, and to keep them."""
    if chosen is None:
        return
    study = here.study
    ids = list(chosen.ids[:LISTED])
    shown = _table(here, chosen, ids)
    more = f"; the {LISTED} furthest off are listed" if len(chosen.ids) > LISTED else ""
    st.markdown(f"##### {plain(f'Each of them, furthest off first ({len(chosen.ids):,}{more})')}")
    key = f"picked_table_{abs(hash((chosen.source, here.candidate.key)))}"
    st.session_state["picked_ids"] = (key, ids)
    st.dataframe(
        shown,
        hide_index=True,
        height=min(320, 36 * (len(shown) + 1) + 3),
        key=key,
        on_select=_take,
        selection_mode="single-row",
        column_config={c: st.column_config.TextColumn(short(c, 40)) for c in shown.columns},
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="picked_do"):
        if st.session_state.get("picked_one") not in ids:
            st.session_state.pop("picked_one", None)
        one = st.selectbox(
            plain(study.case.capitalize()), ids, format_func=lambda i: f"No. {i}", key="picked_one", width=160
        )
        if st.button("Explain it", icon=":material/help:", key="picked_explain", type="primary"):
            back.explain(str(one), "residuals")
        with st.popover("Keep as a group", icon=":material/bookmark_add:", key="picked_keep", on_change="rerun") as box:
            if box.open:
                said = " ".join(s.text for s in _shared(here, chosen) or _off(here, chosen))
                named.keep_form(here, key="picked", ids=chosen.ids, conditions=chosen.conditions, said=said)
        st.download_button(
            "Table (CSV)",
            lambda: _csv(here, chosen),  # made when it is asked for: a box may hold many thousands
            file_name=table.filename("picked", study.name, here.candidate.name),
            mime="text/csv",
            key="picked_csv",
            icon=":material/download:",
            on_click="ignore",
        )


def _take() -> None:
    key, ids = st.session_state.get("picked_ids", ("", []))
    at = (st.session_state.get(key) or {"selection": {"rows": []}})["selection"]["rows"]
    if at and at[0] < len(ids):
        st.session_state["picked_one"] = ids[at[0]]


def _table(here: Here, chosen: Picked, ids: list[str]) -> pd.DataFrame:
    """Return the cases as people read them: number, record, answer, how far off, then every input."""
    study = here.study
    rows = chosen.rows.iloc[: len(ids)]
    at = study.case_ids.get_indexer(pd.Index(ids))
    frame = study.frame.iloc[at]
    target = study.dictionary[study.target]
    out: dict[str, Any] = {study.case.capitalize(): ids}
    out[target.label] = [phrases.value_text(target, v) for v in frame[study.target]]
    said = say.cells(rows, study, here.candidate.name, audience=here.audience)
    out |= {str(name): list(said[name]) for name in said}
    for name in study.inputs:
        column = study.dictionary[name]
        out[column.label if column.label not in out else name] = [phrases.value_text(column, v) for v in frame[name]]
    return pd.DataFrame(out)


def _csv(here: Here, chosen: Picked) -> bytes:
    """Return all picked cases as they stand in the data, with record, answer and how far off it is."""
    study = here.study
    at = study.case_ids.get_indexer(pd.Index(chosen.ids))
    rows = chosen.rows.drop(columns=["part"], errors="ignore").reset_index(drop=True)
    inputs = study.frame.iloc[at][[study.target, *study.inputs]].reset_index(drop=True)
    return table.to_csv(pd.concat([rows, inputs.drop(columns=[c for c in inputs if c in rows])], axis=1))
