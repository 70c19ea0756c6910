"""What is on screen is in the link: the parameters of the address and the pickers follow each other.

Streamlit's own binding writes the words of a picker into the address; words change with language and audience, so we
write names instead.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NoReturn

import streamlit as st

LINKED = (
    *("study", "option", "audience", "case", "reference", "outcome", "against", "level", "by", "look", "input"),
    *("present", "pick", "segment", "zoom", "among", "scenario", "figures", "weights", "since", "between"),
)
EVERYWHERE = ("study", "option", "audience")


OURS = "run_by_us"


def anew() -> NoReturn:
    """Run the page anew because something is ready, not because somebody asked for it.

    Such a run comes with the address as the browser had it when it last spoke. A tab that was opened meanwhile would
    close again if that were taken for what the reader wants.
    """
    st.session_state[OURS] = True
    st.rerun()


def read() -> None:
    """Take what the address asks for, once per change of the address; call before any picker is drawn."""
    if st.session_state.pop(OURS, False):
        return
    for key in LINKED:
        asked = st.query_params.get(key)
        if asked is not None and asked != st.session_state.get(f"linked_{key}"):
            st.session_state[key] = st.session_state[f"linked_{key}"] = asked
    for key in EVERYWHERE:
        # A script that switches pages ends before its pickers are told of as drawn: what they held is forgotten then.
        if key not in st.session_state and f"linked_{key}" in st.session_state:
            st.session_state[key] = st.session_state[f"linked_{key}"]


def only(key: str, known: Collection[str]) -> None:
    """Forget a value that the picker does not have, so that it falls back to its default."""
    if key in st.session_state and st.session_state[key] not in list(known):  # a list: the value may be unhashable
        del st.session_state[key]


def place(key: str, options: Sequence[object], default: int = 0) -> int:
    """Return where the value of a picker stands among its options, to be given to it as its default.

    A browser that draws a picker late, because a rerun overtook the first one, falls back to the picker's default: that
    has to be what is on screen, or the page would answer for another option than the link asked for.
    """
    value = st.session_state.get(key)
    return options.index(value) if value in options else default


def keep(key: str, value: object) -> None:
    """Write a value into the address."""
    text = str(value)
    st.session_state[f"linked_{key}"] = text
    if st.query_params.get(key) != text:
        st.query_params[key] = text


def drop(key: str) -> None:
    """Take a value out of the address and out of the session."""
    st.session_state.pop(key, None)
    st.session_state.pop(f"linked_{key}", None)
    if key in st.query_params:
        del st.query_params[key]
