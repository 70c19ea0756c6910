"""What the page of the decision stands on: votes and decisions from the database, the comparison, and the card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from explainers import deciding
from explainers.errors import BakeoffError, DatabaseError, JobCancelled, JobError
from explainers.words import decision as say
from pages.parts import compare_ask, compare_figures, compare_scenarios, pickers, show
from pages.parts.text import plain

if TYPE_CHECKING:
    from explainers.database import Decision, Vote
    from explainers.results import Comparison, Decided, Tally
    from pages.parts.compare_figures import Figures
    from pages.parts.shell import Here


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standing:
    """Everything that the parts of the page share."""

    votes: tuple[Vote, ...]
    decisions: tuple[Decision, ...]
    tally: Tally
    decided: Decided | None
    figures: Figures
    comparison: Comparison | None
    problem: str  # why the database could not be read
    no_comparison: str  # why options could not be compared


def read(here: Here) -> Standing:
    """Read votes and decisions, and compare the options with the figures on screen."""
    votes, decisions, problem = kept(here)
    figures = compare_figures.current(here)
    found, why = None, ""
    try:
        found = compare_ask.comparison(here, figures)
    except JobCancelled:
        why = "Setting the options against each other was cancelled. Open the page again to start it anew."
    except (JobError, BakeoffError) as error:
        why = error.message
    return Standing(
        votes=votes,
        decisions=decisions,
        tally=deciding.tally(votes, here.study),
        decided=deciding.decided(decisions[0], here.study) if decisions else None,
        figures=figures,
        comparison=found,
        problem=problem,
        no_comparison=why,
    )


def kept(here: Here) -> tuple[tuple[Vote, ...], tuple[Decision, ...], str]:
    """Return votes and decisions, newest first, and why they could not be read."""
    from explainers import database

    try:
        if database.nothing_yet():
            return (), (), ""
        return database.votes(here.study.name), database.decisions(here.study.name), ""
    except DatabaseError as error:
        return (), (), error.message


def rows(here: Here, now: Standing) -> str:
    """Return the rows that the figures on the page rest on."""
    n = now.comparison.n if now.comparison is not None else len(pickers.never_seen(here.study))
    return f"{n:,} never-seen {here.study.cases}"


def card(here: Here, now: Standing) -> None:
    """Write what was decided, or how the votes stand."""
    narrative = say.describe(now.tally, now.decided, here.study, audience=here.audience)
    with st.container(border=True, key="answer_card"):
        st.markdown(f"### {plain(narrative.headline.text)}")
        show.sentences(narrative.sentences[:2])
        if now.decisions and now.decisions[0].reason:
            st.markdown(plain(f"“{now.decisions[0].reason}”"))
        n = now.tally.n
        chips = [f"{n} {'vote' if n == 1 else 'votes'}", compare_scenarios.standing(now.figures)]
        if here.study.sample:
            chips.append("sample study: not for decisions")
        st.markdown(" ".join(f":gray-badge[{plain(chip)}]" for chip in chips))
        show.caveats(narrative)
    if now.problem:
        st.warning(plain(now.problem))
