"""The picked cases of the page on where an option is wrong: kept in the session and in the address, found again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st

from explainers import jobs, residuals
from explainers.errors import BakeoffError
from explainers.residuals.places import placed
from explainers.residuals.rows import read_rows
from pages.parts import cached, link, named, picked
from pages.parts.picked import Pick

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pages.parts.picked import Coordinates
    from pages.parts.shell import Here

WORST = 10
FOUND = "found-"
KEPT = "kept-"


@dataclass(frozen=True, slots=True, eq=False)
class Picked:
    """What is picked now, and where it came from."""

    rows: pd.DataFrame  # of the residuals, the most wrong first
    ids: tuple[str, ...]
    source: str  # the pick as text, or the name of a segment
    name: str = ""  # of a segment
    conditions: tuple[Any, ...] = ()


def rows(here: Here) -> pd.DataFrame:
    """Return the residuals of the never-seen rows; kept at hand, as every pick asks for them."""
    key = ("residuals", here.study.data_key, here.study.fingerprint, here.candidate.key)
    return cached.once(key, lambda: residuals.residuals(here.study, here.candidate.name))


def read(here: Here) -> Picked | None:
    """Return what is picked; what belongs to another study, or means nothing here, is forgotten."""
    owner = st.session_state.get("pick_study")
    if owner not in (None, here.study.name):
        forget()
    st.session_state["pick_study"] = here.study.name
    segment = st.session_state.get("segment")
    found = _of_segment(here, str(segment)) if segment else None
    pick = None
    if found is None:
        pick = picked.from_text(st.session_state.get("pick"))
        if pick is not None:
            every = rows(here)
            ids = pd.Index(every["id"].astype(str))
            at = picked.places(pick, ids, _error(every), lambda against: coordinates(here, against))
            chosen = every.iloc[at]
            found = Picked(chosen, tuple(ids[at]), picked.to_text(pick)) if len(chosen) else None
    for key, on in (("segment", found is not None and pick is None), ("pick", found is not None and pick is not None)):
        if on:
            link.keep(key, st.session_state[key])
        elif st.session_state.get(key) is not None:
            link.drop(key)
    return found


def history(every: pd.DataFrame) -> str:
    """Return what these rows are called: never-seen, or nothing where an option may have learned from them."""
    return "never-seen" if len(every) and (every["part"] == "test").all() else ""


def _error(frame: pd.DataFrame) -> Any:
    return np.abs(frame["residual"].to_numpy(dtype=float))


def coordinates(here: Here, against: str) -> Coordinates | None:
    """Return x and y of every never-seen row on the chart set against something; None where there is none."""
    try:
        read = read_rows(here.study, here.candidate.name, None, None)
        return placed(here.study, read, against, ()).x, read.residual
    except BakeoffError:
        return None


def _of_segment(here: Here, asked: str) -> Picked | None:
    """Return the cases of a segment that was found, or of a group that somebody kept."""
    every = rows(here)
    if asked.startswith(KEPT):
        group = next((g for g in named.groups(here) if f"{KEPT}{g.id}" == asked), None)
        if group is None:
            return None
        inside = named.inside(here, group, every)
        return _chosen(every, inside, asked, group.name, group.conditions)
    number = asked.removeprefix(FOUND)
    if not asked.startswith(FOUND) or not number.isdigit():
        return None
    job = jobs.submit("segments", study=here.study, candidate=here.candidate.name)
    if not job.wait(0) or job.state != "done":
        return None
    listed = job.result().segments
    if int(number) >= len(listed):
        return None
    conditions = listed[int(number)].conditions
    return _chosen(every, named.meets(here, conditions, every), asked, "", conditions)


def _chosen(every: pd.DataFrame, inside: Any, source: str, name: str, conditions: Any) -> Picked | None:
    at = np.flatnonzero(inside)
    if not at.size:
        return None
    at = at[np.argsort(-_error(every)[at], kind="stable")]
    chosen = every.iloc[at]
    return Picked(chosen, tuple(chosen["id"].astype(str)), source, name, tuple(conditions))


# -- changing it ---------------------------------------------------------------------------------------------------
def from_chart(key: str, against: str, *, levels: bool = False) -> None:
    """Take over what was just drawn on a chart; used as its callback. The chart itself stays as it is.

    Levels are drawn side by side with their points spread a little: a box stands for the levels that it touches.
    """
    if not key.endswith(f"_{st.session_state.get('pick_round', 0)}"):
        return  # told late, of a chart that a button has replaced since: what was clicked last counts
    state: Mapping[str, Any] = st.session_state.get(key) or {}
    pick = picked.of_selection(state.get("selection") or {}, against, levels=levels)
    forget()
    if pick is not None:
        st.session_state["pick"] = picked.to_text(pick)


def put(text: str) -> None:
    """Pick something by its text, not on the chart; used as a callback. The chart is drawn anew to show it."""
    forget()
    st.session_state["pick"] = text
    _again()


def put_segment(name: str) -> None:
    """Pick the cases of a segment; used as a callback."""
    forget()
    st.session_state["segment"] = name
    _again()


def put_numbers(slot: str) -> None:
    """Pick the cases whose numbers were typed; used as a callback."""
    asked = tuple(t for t in str(st.session_state.get(slot) or "").replace(";", ",").replace(" ", ",").split(",") if t)
    if asked:
        put(picked.to_text(Pick(kind="cases", cases=asked)))
        st.session_state["pick_asked"] = asked


def clear() -> None:
    """Pick nothing; used as a callback."""
    forget()
    _again()


def forget() -> None:
    """Forget what was picked; the chart is left alone."""
    for key in ("pick", "segment"):
        st.session_state.pop(key, None)
    st.session_state.pop("pick_asked", None)


def _again() -> None:
    st.session_state["pick_round"] = int(st.session_state.get("pick_round", 0)) + 1
