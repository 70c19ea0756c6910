"""Taking something off a list that people keep, and putting it back: nothing is deleted, and both are signed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Literal

import streamlit as st

from explainers.errors import DatabaseError
from pages.parts import people

What = Literal["remove", "restore"]


def change(kind: str, one: Any, what: What, by: Callable[..., object]) -> bool:
    """Take one entry off its list or put it back; return whether that was stored.

    What was taken off stands in the session as ``KIND_removed``, for the undo, and what went wrong as ``KIND_failed``.

    Parameters
    ----------
    kind : str
        Which list: one per kind of entry.
    one : object
        The entry; it has an id.
    what : {"remove", "restore"}
    by : callable
        Stores it: called with the id, the number of the submission and the author.
    """
    # The entry below has moved up, under the second half of a double click. This is called as soon as it is heard.
    if what == "remove" and people.just_sent(kind, time.monotonic()):
        return False
    form = f"{kind}_{what}_{one.id}"
    try:
        by(one.id, submission_id=people.submission(form), author=people.author() or people.NAMELESS)
    except DatabaseError as error:
        st.session_state[f"{kind}_failed"] = error.message
        return False
    people.next_submission(form)
    people.next_submission(kind)
    st.session_state[f"{kind}_removed"] = one if what == "remove" else None
    return True
