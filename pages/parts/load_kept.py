"""The studies that were made here: rename them, download them as one file, remove them with a way back."""

from __future__ import annotations

import datetime

import streamlit as st

from explainers import kept
from explainers.errors import BakeoffError
from pages.parts import load_adding
from pages.parts.text import plain, short


def room() -> None:
    """List the studies that are kept here."""
    _told()
    found = kept.studies()
    if not found:
        return
    st.markdown("#### Studies made here")
    for study in found:
        with st.container(border=True, key=f"kept_{study.name}", gap="xsmall"):
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                st.markdown(f"**{plain(study.title)}**", width="content")
                with st.container(horizontal=True, width="content", gap="small", key=f"kept_do_{study.name}"):
                    _open(study)
                    _add(study)
                    _rename(study)
                    _download(study)
                    _remove(study)
            day = datetime.datetime.fromtimestamp(study.changed, tz=datetime.UTC).strftime("%d %B %Y")
            st.caption(plain(f"{day} · {study.size / 1e6:.1f} MB"))


def _told() -> None:
    """Say what just happened, with a way back."""
    problem = st.session_state.pop("kept_problem", "")
    if problem:
        st.warning(plain(problem))
    gone = st.session_state.get("kept_removed")
    if gone:
        with st.container(horizontal=True, vertical_alignment="center", key="kept_undo_offer"):
            st.caption(
                plain(f"“{gone[1]}” was removed. It can be brought back for {kept.REMOVED_DAYS} days."), width="content"
            )
            st.button("Undo", key="kept_undo", type="tertiary", on_click=_restore, args=(gone[0],))


def _open(study: kept.Kept) -> None:
    if st.button("Open", icon=":material/open_in_new:", key=f"kept_open_{study.name}", type="tertiary"):
        st.switch_page("home.py", query_params={"study": load_adding.link_name(study.name)})


def _add(study: kept.Kept) -> None:
    st.button(
        "Models",
        icon=":material/deployed_code:",
        key=f"kept_add_{study.name}",
        type="tertiary",
        on_click=load_adding.begin,
        args=(study.name,),
    )


def _rename(study: kept.Kept) -> None:
    with st.popover(
        "Rename", icon=":material/edit:", key=f"kept_rename_{study.name}", type="tertiary", on_change="rerun"
    ) as box:
        if box.open:
            slot = f"kept_title_{study.name}"
            st.text_input("Title", value=study.title, key=slot, max_chars=kept.LONGEST_TITLE)
            st.button("Save", key=f"kept_save_{study.name}", type="primary", on_click=_renamed, args=(study.name, slot))


def _renamed(name: str, slot: str) -> None:
    try:
        kept.rename(name, str(st.session_state.get(slot) or ""))
    except (BakeoffError, OSError) as error:
        st.session_state["kept_problem"] = error.message if isinstance(error, BakeoffError) else "It could not be kept."


def _download(study: kept.Kept) -> None:
    slot = f"kept_zip_{study.name}"
    with st.popover(
        "Download", icon=":material/download:", key=f"kept_get_{study.name}", type="tertiary", on_change="rerun"
    ) as box:
        if box.open:
            st.caption(
                "One file with the data, the dictionary and the options. It can be opened here or on another server."
            )
            st.download_button(
                "Download the study",
                lambda: kept.pack(study.name),
                file_name=f"{study.name}.zip",
                mime="application/zip",
                key=slot,
                on_click="ignore",
            )


def _remove(study: kept.Kept) -> None:
    with st.popover(
        "Remove", icon=":material/delete:", key=f"kept_out_{study.name}", type="tertiary", on_change="rerun"
    ) as box:
        if box.open:
            st.markdown(
                plain(
                    f"Remove “{short(study.title, 60)}”? It leaves the list for everybody. What people wrote is kept."
                )
            )
            st.button(
                "Remove it",
                key=f"kept_remove_{study.name}",
                type="primary",
                on_click=_removed,
                args=(study.name, study.title),
            )


def _removed(name: str, title: str) -> None:
    try:
        kept.remove(name)
    except (BakeoffError, OSError) as error:
        st.session_state["kept_problem"] = (
            error.message if isinstance(error, BakeoffError) else "It could not be removed."
        )
        return
    st.session_state["kept_removed"] = (name, title)


def _restore(name: str) -> None:
    st.session_state.pop("kept_removed", None)
    try:
        kept.restore(name)
    except (BakeoffError, OSError) as error:
        st.session_state["kept_problem"] = (
            error.message if isinstance(error, BakeoffError) else "It could not be brought back."
        )
