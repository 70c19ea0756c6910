"""Who is writing, and what people say of a reason: asked once by name, kept in the database."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

import streamlit as st

from explainers.errors import DatabaseError
from pages.parts.text import plain

if TYPE_CHECKING:
    from pages.parts.shell import Here

Say = Literal["makes sense", "odd", "wrong"]
MARKS: tuple[Say, ...] = ("makes sense", "odd", "wrong")
DOUBLE_CLICK = 1.0  # seconds; slow hands and a slow line together
NAMELESS = "somebody without a name"  # who takes back what another wrote is not recorded as that other
ICONS = {"makes sense": ":material/thumb_up:", "odd": ":material/help:", "wrong": ":material/thumb_down:"}


def author() -> str:
    """Return the name of the person who writes; empty until it was given."""
    return str(st.session_state.get("author", ""))


def signature() -> None:
    """Show in the sidebar who is writing, with a way to change it."""
    if author():
        st.caption(f"Writing as **{plain(author())}**")
        st.button("Write under another name", key="author_change", type="tertiary", on_click=_forget_author)


def _forget_author() -> None:
    st.session_state.pop("author", None)


def ask_name(key: str) -> str:
    """Return the name, asking for it in a field the first time."""
    if author():
        return author()
    return st.text_input(
        "Your name",
        key=f"{key}_name",
        max_chars=80,
        placeholder="Asked once; shown beside what you write",
        autocomplete="name",
    ).strip()


def submission(key: str) -> str:
    """Return the id of the form on screen, made when it was first drawn, so that nothing is written twice."""
    slot = f"submission:{key}"
    if slot not in st.session_state:
        st.session_state[slot] = str(uuid.uuid4())
    return str(st.session_state[slot])


def next_submission(key: str) -> None:
    """Make a new id after a form was written."""
    st.session_state.pop(f"submission:{key}", None)
    st.session_state[f"sent:{key}"] = time.monotonic()


def begin() -> None:
    """Note when the browser was heard; call first in a run. How long a page takes to draw does not count as waiting."""
    st.session_state["run_began"] = time.monotonic()


def just_sent(key: str, heard: float) -> bool:
    """Tell whether something was written under this key a moment before the browser was heard.

    See :func:`next_submission`.
    """
    sent: float | None = st.session_state.get(f"sent:{key}")
    return sent is not None and heard - sent < DOUBLE_CLICK


def _heard() -> float:
    return float(st.session_state.get("run_began", time.monotonic()))


def send(words: str, form: str, *said: object, key: str, icon: str | None = None) -> bool:
    """Draw the button that sends a form; return whether it was pressed, once for a double click.

    Parameters
    ----------
    words : str
        Words on the button.
    form : str
        Key of the form, as for :func:`submission`.
    *said : object
        What is in the form. The same a moment later is the second half of a double click, and so is what is left of it
        where the browser had heard of some fields that they are empty now.
    key, icon
        As for any button.
    """
    if not st.button(words, type="primary", key=key, icon=icon):
        return False
    slot = f"said:{form}"
    before = st.session_state.get(slot, ())
    if just_sent(form, _heard()) and all(not now or now == then for now, then in zip(said, before, strict=True)):
        return False
    st.session_state[slot] = said
    return True


def tell(slot: str, text: str) -> None:
    """Keep what the next run is to say once in this session, such as that something was saved."""
    st.session_state[slot] = text
    st.session_state.pop(f"{slot}:since", None)


def news(slot: str) -> str:
    """Return what :func:`tell` kept; empty where there is nothing.

    The second half of a double click does not take it off the screen again.
    """
    text, since = str(st.session_state.get(slot, "")), f"{slot}:since"
    if text and _heard() - st.session_state.setdefault(since, time.monotonic()) <= DOUBLE_CLICK:
        return text
    st.session_state.pop(slot, None)
    st.session_state.pop(since, None)
    return ""


def written(name: str) -> None:
    """Remember the name for the rest of the session."""
    st.session_state["author"] = name


def mark_form(
    here: Here,
    *,
    key: str,
    case_id: str | None,
    case: Mapping[str, Any],
    feature: str,
    sentence: str,
    label: str,
    question: str = "What do you say to this reason?",
    on_choice: Callable[[], None] | None = None,
) -> None:
    """Draw the form that marks one reason; the answer says when it was saved, or why not."""
    from explainers import database

    form = f"{here.study.name}:{here.candidate.name}:{case_id}:{feature}"
    st.markdown(f"**{plain(label)}**")
    st.caption(plain(sentence))
    mark = st.segmented_control(
        question,
        MARKS,
        format_func=lambda m: f"{ICONS[m]} {m}",
        key=f"{key}_mark",
        on_change=on_choice,
        persist_state="session",
    )
    st.session_state[f"{key}_drawn"] = mark
    slot = f"{key}_comment"
    if slot not in st.session_state:
        st.session_state[slot] = draft(form)
    comment = st.text_area(
        "Comment",
        key=slot,
        on_change=keep_draft,
        args=(form, slot),
        max_chars=4000,
        height=90,
        placeholder="What would you have expected?",
        persist_state="session",
    )
    name = ask_name(key)
    if send("Save", form, mark, comment, key=f"{key}_save"):
        if not mark:
            st.warning("Choose makes sense, odd or wrong first. Your comment is kept.")
        elif not name:
            st.warning("Write your name first, so that others can ask you. Your comment is kept.")
        else:
            try:
                database.add_mark(
                    submission_id=submission(form),
                    author=name,
                    study=here.study.name,
                    fingerprint=here.study.fingerprint,
                    candidate=here.candidate.name,
                    candidate_key=here.candidate.key,
                    case_id=case_id,
                    case=dict(case),
                    feature=feature,
                    mark=mark,
                    reason=sentence,
                    comment=comment or "",
                )
            except DatabaseError as error:
                st.error(f"{plain(error.message)} What you wrote is still here.")
            else:
                written(name)
                next_submission(form)
                drop_draft(form)
                st.session_state[f"saved:{form}"] = str(mark)
                st.rerun()
    if st.session_state.get(f"saved:{form}"):
        st.success(f"Saved as “{st.session_state[f'saved:{form}']}”. It is listed on the first page.")


def move_choice(drawn: str, meant: str) -> None:
    """Give a choice made in the form that was still on screen to the one that was meant; for a callback.

    Parameters
    ----------
    drawn, meant : str
        Keys of the two forms.
    """
    slot, before = f"{drawn}_mark", st.session_state.get(f"{drawn}_drawn")
    clicked = st.session_state.get(slot)
    if clicked != before:
        st.session_state[f"{meant}_mark"] = clicked or before  # a click on what was chosen there took it away
        st.session_state[slot] = before


def draft(form: str) -> str:
    """Return what this person began to write in this form, also in an earlier session; empty if it cannot be read."""
    from explainers import database

    if not author():
        return ""
    try:
        return database.draft(author(), form)
    except DatabaseError:
        return ""


def keep_draft(form: str, slot: str) -> None:
    """Keep what is being written; a database that is away costs only the draft, the text stays in its field."""
    from explainers import database

    if author():
        with suppress(DatabaseError):
            database.keep_draft(author(), form, str(st.session_state.get(slot) or ""))


def drop_draft(form: str) -> None:
    """Forget the draft of a form that was saved."""
    from explainers import database

    with suppress(DatabaseError):
        database.drop_draft(author(), form)
