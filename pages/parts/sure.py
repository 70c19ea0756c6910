"""How sure an answer is: the level that the reader chose, the range beside the answer, how unusual the case is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from explainers import intervals, jobs, keys, metrics, outliers
from explainers.errors import BakeoffError
from explainers.words import verdict
from explainers.words.intervals import LEVELS
from pages.parts import cached, later, link, turn

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from explainers.results import Coverage, Interval, Judgement, Sentence, Unusual
    from pages.parts.pickers import Chosen
    from pages.parts.shell import Here

BY_NAME = {f"{100 * level:g}": level for level in LEVELS}
USUAL = "90"
HOW_SURE = "how sure this is"


def level() -> float:
    """Return the share of ranges that are to hold, as this reader chose it."""
    link.only("level", BY_NAME)
    return BY_NAME[str(st.session_state.get("level") or USUAL)]


def level_picker() -> float:
    """Draw the control that says how many ranges are to hold, in words."""
    link.only("level", BY_NAME)
    st.segmented_control(
        "Ranges that are to hold for",
        list(BY_NAME),
        format_func=lambda name: LEVELS[BY_NAME[name]],
        default=list(BY_NAME)[link.place("level", list(BY_NAME), list(BY_NAME).index(USUAL))],
        required=True,
        key="level",
        persist_state="session",
        help="A range that is to hold more often is wider.",
    )
    link.keep("level", st.session_state["level"])
    return level()


def ask_coverage(here: Here, wanted: float, by: str | None = None) -> jobs.Job:
    """Ask how often such ranges held on never-seen cases; it comes from disk where it was counted before.

    Groups of one column are counted at once, and only asked for when the usual ones are there: what is slow, learning
    how wide ranges must be, is done by then.
    """
    # Every pick asks: what was read from disk once stays at hand.
    key = ("coverage", here.study.data_key, here.study.fingerprint, here.candidate.key, str(wanted), str(by))
    about: dict[str, Any] = {"candidate": here.candidate.name, "level": wanted} | ({} if by is None else {"by": by})
    known: jobs.Job | None = cached.known(key)
    job = known or jobs.submit("coverage" if by is None else "coverage_by", study=here.study, **about)
    return cached.once(key, lambda: job) if job.state == "done" else job


def of_case(here: Here, chosen: Chosen, row: pd.DataFrame | None = None) -> tuple[Interval | None, Coverage | None]:
    """Return the range beside the answer and how often such ranges held; None for what is still being worked out.

    Parameters
    ----------
    here : Here
    chosen : Chosen
    row : DataFrame of one row, optional
        The case with changed values.
    """
    wanted = level()
    counted = ask_coverage(here, wanted)
    if not counted.wait(0) or counted.state != "done":
        if counted.state in ("waiting", "running"):
            later.note(counted, HOW_SURE)
        return None, None
    try:
        if row is None and not chosen.typed:
            found = intervals.of_case(here.study, here.candidate.name, chosen.id, level=wanted)
            return found, counted.result()
        job = jobs.submit(
            "interval",
            study=here.study,
            candidate=here.candidate.name,
            case=keys.case_values((chosen.row if row is None else row)[list(here.candidate.features)]),
            level=wanted,
        )
        with turn.given_up():
            job.wait(10)
        if job.state in ("waiting", "running"):
            later.note(job, HOW_SURE)
        return (job.result() if job.state == "done" else None), counted.result()
    except BakeoffError:
        return None, None


def unusual(here: Here, row: pd.DataFrame) -> Unusual | None:
    """Return how unlike anything seen a case is; None while that is still being learned."""
    name = here.candidate.name
    if not outliers.ready(here.study, name):
        job = jobs.submit("usual", study=here.study)
        if not job.wait(0):
            later.note(job, HOW_SURE)
        if job.state != "done":
            return None
    try:
        return outliers.unusual(here.study, row, candidate=name)
    except BakeoffError:
        return None


def judged(here: Here) -> Mapping[str, Judgement]:
    """Return the verdict on every option against no model; nothing while some are still prepared, as all count."""
    every = here.study.candidates.values()
    if not all(c.built or c.failure for c in every):
        return {}
    try:
        return cached.once(
            ("verdicts", here.study.fingerprint, *(c.key for c in every)), lambda: metrics.verdicts(here.study)
        )
    except BakeoffError:
        return {}


def no_better(here: Here) -> tuple[Sentence, ...]:
    """Return what has to be said of an option that was not shown to beat no model."""
    return verdict.limit(judged(here).get(here.candidate.name), here.study, audience=here.audience)
