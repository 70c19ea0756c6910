"""Lazy tabs: only the open one is worked out, and which one is open is in the link."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from explainers.errors import JobCancelled, JobError
from pages.parts import link, work
from pages.parts.text import plain

Room = Callable[..., None]


def tabs(rooms: Mapping[str, tuple[str, Room]], *about: Any, key: str) -> None:
    """Draw tabs and what is in the open one.

    Parameters
    ----------
    rooms : mapping of str to (str, callable)
        Name in the link to the words on the tab and the function that fills it, in order.
    *about : object
        What every room is called with.
    key : str
        Key of the tabs in the session.
    """
    link.only("look", rooms)
    asked = st.session_state.pop("look", None)
    shown = {name: plain(words) for name, (words, _) in rooms.items()}
    # A run that ended before the tabs were drawn has forgotten which one was open; other words on them are other tabs.
    if key not in st.session_state or st.session_state.get(f"words_{key}") != shown:
        asked = asked or st.session_state.get(f"open_{key}")
    st.session_state[f"words_{key}"] = shown
    if asked in shown:  # as a value and not as a default: the next click on the page would fall back to the first tab
        st.session_state[key] = shown[asked]
    drawn = st.tabs(list(shown.values()), key=key, on_change="rerun")
    for tab, (name, (_, room)) in zip(drawn, rooms.items(), strict=True):
        if tab.open:
            link.keep("look", name)
            st.session_state[f"open_{key}"] = name
            with tab:
                try:
                    room(*about)
                except JobCancelled:
                    work.cancelled(key=f"{key}_{name}_again")
                except JobError as error:
                    st.error(plain(str(error)))
