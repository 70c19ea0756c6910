"""What is on screen is in the link: the parameters of the address and the pickers follow each other.

Streamlit's own binding writes the words of a picker into the address; words change with language and audience, so we
write names instead.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from time import monotonic
from typing import NoReturn

import streamlit as st

LINKED = (
    *("study", "option", "audience", "case", "reference", "outcome", "against", "level", "by", "look", "input"),
    *("present", "pick", "segment", "zoom", "among", "scenario", "figures", "weights", "since", "between"),
)
EVERYWHERE = ("study", "option", "audience")


OURS = "run_by_us"
LAG = 3.0  # seconds that a busy browser takes to hear of what was written into its address


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
        if asked is not None and asked != st.session_state.get(f"linked_{key}") and not _late(key, asked):
            st.session_state[key] = st.session_state[f"linked_{key}"] = asked
    for key in EVERYWHERE:
        # A script that switches pages ends before its pickers are told of as drawn: what they held is forgotten then.
        if key not in st.session_state and f"linked_{key}" in st.session_state:
            st.session_state[key] = st.session_state[f"linked_{key}"]


def _late(key: str, asked: str) -> bool:
    """Tell whether the address still says what was replaced a moment ago: the browser spoke before it heard of that."""
    value, until = st.session_state.get(f"left_{key}") or ("", 0.0)
    return bool(asked == value and monotonic() < until)


def _leave(key: str) -> None:
    """Remember what the address said until now."""
    said = st.query_params.get(key)
    if said is not None:
        st.session_state[f"left_{key}"] = (said, monotonic() + LAG)


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
        _leave(key)
        st.query_params[key] = text


def drop(key: str) -> None:
    """Take a value out of the address and out of the session."""
    st.session_state.pop(key, None)
    st.session_state.pop(f"linked_{key}", None)
    if key in st.query_params:
        _leave(key)
        del st.query_params[key]
