"""What is on screen is in the link: the parameters of the address and the pickers follow each other.

Streamlit's own binding writes the words of a picker into the address; words change with language and audience, so we
write names instead.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NoReturn

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

LINKED = (
    *("study", "option", "audience", "case", "reference", "outcome", "against", "level", "by", "look", "input"),
    *("present", "pick", "segment", "zoom", "among", "scenario", "figures", "weights", "since", "between"),
)
EVERYWHERE = ("study", "option", "audience")


PAGE = "linked_page"
MOST_PASSED = 50  # earlier values of a parameter that a browser could still speak of


def anew() -> NoReturn:
    """Run the page anew because something is ready, not because somebody asked for it.

    Such a run comes with the address as the browser had it when it last spoke; see :func:`read`.
    """
    st.rerun()


def read(page: str = "") -> None:
    """Take what the address asks for, once per change of the address; call before any picker is drawn.

    A browser that has not heard yet what was written into its address speaks of an earlier one, however long that
    takes it. What an address of this page said before is therefore taken only from a reader who goes back to it.

    Parameters
    ----------
    page : str
        Address of the page that is run.
    """
    went = _history() or st.session_state.get(PAGE) != page
    st.session_state[PAGE] = page
    for key in LINKED:
        asked = st.query_params.get(key)
        if asked is None or asked == st.session_state.get(f"linked_{key}"):
            continue
        if went or asked not in st.session_state.get(f"passed_{key}", ()):
            st.session_state[key] = st.session_state[f"linked_{key}"] = asked
    for key in EVERYWHERE:
        # A script that switches pages ends before its pickers are told of as drawn: what they held is forgotten then.
        if key not in st.session_state and f"linked_{key}" in st.session_state:
            st.session_state[key] = st.session_state[f"linked_{key}"]


def _history() -> bool:
    """Tell whether the reader went back or forward in the browser."""
    return bool(getattr(get_script_run_ctx(suppress_warning=True), "is_history_navigation", False))


def _leave(key: str) -> None:
    """Remember what the address said until now, as the browser last spoke of it and as it was written since."""
    gone = [said for said in (st.query_params.get(key), st.session_state.get(f"linked_{key}")) if said is not None]
    passed = [value for value in st.session_state.get(f"passed_{key}", ()) if value not in gone]
    st.session_state[f"passed_{key}"] = tuple([*passed, *dict.fromkeys(gone)][-MOST_PASSED:])


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
    if st.query_params.get(key) != text:
        _leave(key)
        st.query_params[key] = text
    st.session_state[f"linked_{key}"] = text


def drop(key: str) -> None:
    """Take a value out of the address and out of the session."""
    _leave(key)
    st.session_state.pop(key, None)
    st.session_state.pop(f"linked_{key}", None)
    if key in st.query_params:
        del st.query_params[key]
