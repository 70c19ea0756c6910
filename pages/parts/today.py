"""The first page's news: what changed since last time, and what is needed from the people who are here today."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from explainers import deciding
from explainers.errors import BakeoffError, DatabaseError
from explainers.results import Ask
from explainers.words import asks as say_asks
from explainers.words import changes as say_changes
from pages.parts import compare_figures, decision_changes, later, people, row_marks, show, work
from pages.parts.text import plain

if TYPE_CHECKING:
    from explainers.results import AskKind, Changes, Decided
    from pages.parts.shell import Here

MOST_ASKS = 5
MOST_SAID = 4
# Where each ask leads, and what the button says.
LEADS: dict[AskKind, tuple[str, str, str]] = {
    "figures": ("compare.py", "figures", "Look at the figures"),
    "vote": ("decision.py", "weights", "Vote"),
    "decide": ("decision.py", "record", "Decide"),
    "decide again": ("decision.py", "record", "Look again"),
    "decision is older": ("decision.py", "changes", "See what changed"),
    "rows": ("outliers.py", "marks", "See the list"),
    "freeze": ("decision.py", "changes", "Keep the state"),
}


def news(here: Here) -> None:
    """Say what changed since last time and what is needed today."""
    changed(here)
    needed(here)


def changed(here: Here) -> None:
    """Say what changed since the last state that was kept; nothing where none was."""
    known, _ = decision_changes.kept(here)
    if not known or work.unbuilt(here.study):
        return
    then = known[0]
    try:
        job = decision_changes.asked(here, compare_figures.current(here), then)
    except BakeoffError:
        return
    with st.container(border=True, key="changed_since"):
        st.markdown("##### Changed since last time")
        if job.state == "failed":
            st.caption(plain(f"This could not be worked out. {job.error}"))
            return
        if not job.wait(0):
            st.caption(plain(f"What changed since “{then.name}” is being worked out."))
            later.note(job, f"what changed since “{then.name}”")
            return
        found: Changes = job.result()
        said = say_changes.describe(found, here.study, since=then.name, audience=here.audience)
        st.markdown(plain(said.headline.text))
        each = [say_changes.option(o, found, here.study, audience=here.audience)[:1] for o in found.options]
        show.sentences([first for some in each for first in some][:MOST_SAID], small=True)
        if not found.same:
            _leads_to("decision.py", "changes", "See all of it", "changed_see")


def needed(here: Here) -> None:
    """Say what is needed from the reader today, each with a way there."""
    asks = _asks(here)
    with st.container(border=True, key="needed_today"):
        said = say_asks.describe(asks, here.study, audience=here.audience)
        st.markdown("##### What we need from you today")
        if not asks:
            st.markdown(plain(said.headline.text))
            return
        for ask, sentence in zip(asks, said.sentences, strict=True):
            with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"ask_{_slug(ask)}"):
                st.markdown(plain(sentence.text), width="stretch")
                lead = LEADS.get(ask.kind)
                if lead is not None:
                    _leads_to(*lead, f"ask_go_{_slug(ask)}")


def _slug(ask: Ask) -> str:
    return ask.kind.replace(" ", "_")


def _leads_to(page: str, tab: str, words: str, key: str) -> None:
    if st.button(words, key=key, type="tertiary", icon=":material/arrow_forward:"):
        st.session_state["look"] = tab
        st.switch_page(page)


def _asks(here: Here) -> list[Ask]:
    """Return what is needed, the most urgent first; a database that is away asks for nothing."""
    from explainers import database

    study = here.study
    found: list[Ask] = []
    try:
        there = not database.nothing_yet()
        votes = database.votes(study.name) if there else ()
        decisions = database.decisions(study.name) if there else ()
        confirmed = database.confirmed(study.name) if there else ()
        opened = sum(m.state == "open" for m in database.marks(study.name)) if there else 0
        states = database.snapshots(study.name) if there else ()
    except DatabaseError:
        return []
    tally = deciding.tally(votes, study)
    holds = deciding.decided(decisions[0], study) if decisions else None
    me = people.author().casefold()
    voted = any(v.person == me for v in votes) if me else False
    if not confirmed and not study.assumptions.get("confirmed_by"):
        found.append(Ask(kind="figures"))
    if holds is None:
        if not voted:
            found.append(Ask(kind="vote", n=tally.n, of=tally.n))
        if tally.n:
            found.append(Ask(kind="decide", n=tally.n))
    else:
        found += _again(holds)
    if opened:
        found.append(Ask(kind="answer", n=opened))
    checks = row_marks.counts(row_marks.standing(here)).get("check", 0)
    if checks:
        found.append(Ask(kind="rows", n=checks))
    if not study.required:
        found.append(Ask(kind="required"))
    if not states:
        found.append(Ask(kind="freeze"))
    return found[:MOST_ASKS]


def _again(holds: Decided) -> list[Ask]:
    if holds.option_changed or not holds.option_there:
        return [Ask(kind="decide again", name=holds.label)]
    if holds.data_changed and holds.candidate:
        return [Ask(kind="decision is older", name=holds.label)]
    return []
