"""Voting by name: one form, sent as often as somebody likes and kept once, and the votes as they stand."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from explainers import deciding
from explainers.errors import DatabaseError
from explainers.results import VARIANTS
from explainers.words import decision as say
from pages.parts import decision_weights, later, people, show
from pages.parts.text import plain

if TYPE_CHECKING:
    from explainers.database import Vote
    from explainers.results import Sentence
    from pages.parts.decision_state import Standing
    from pages.parts.shell import Here

ABSTAIN = ""
JOIN = "|"  # between a candidate and its variant
LOOK_SECONDS = 4.0  # so soon everybody sees what the others voted
_FORMS = uuid.UUID("0b3f5d0e-5a55-4c0f-9f5e-6d7a2c9b1e44")


def options(here: Here, now: Standing) -> dict[str, str]:
    """Return what can be voted for, an option before its variants, and what it is called; to abstain comes last."""
    labels = {
        n: deciding.labelled(here.study, n, technical=here.technical)
        for n, c in here.study.candidates.items()
        if not c.failure
    }
    every = list(labels.values())
    variants = _variants(now)
    found = {}
    for name, label in labels.items():
        words = label if every.count(label) == 1 else f"{label} ({name})"
        found[name] = words
        found |= {f"{name}{JOIN}{v}": f"{words}, {VARIANTS.get(v, v)}" for v in variants.get(name, ())}
    return found | {ABSTAIN: "I abstain"}


def _variants(now: Standing) -> dict[str, list[str]]:
    """Return the variants of each option that answer otherwise than it does."""
    found: dict[str, list[str]] = {}
    for row in deciding.offered(now.comparison) if now.comparison is not None else ():
        if row.variant:
            found.setdefault(row.candidate, []).append(row.variant)
    return found


def parted(choice: str) -> tuple[str, str]:
    """Return the candidate and the variant of a choice."""
    candidate, _, variant = choice.partition(JOIN)
    return candidate, variant


def form(here: Here, now: Standing) -> None:
    """Draw the vote: an option, a comment, a name."""
    study = here.study
    st.subheader("Your vote", anchor=False)
    known, slot = options(here, now), f"vote_comment:{study.name}"
    names, variants = [k for k in known if not parted(k)[1]], _variants(now)
    lines = say.lines(now.comparison, study) if now.comparison is not None else {}
    if now.comparison is not None:
        show.sentences([*say.lines_note(now.comparison), *say.also(variants)], small=True)
    choice = st.radio(
        "Which option do you want?",
        names,
        index=None,
        format_func=lambda k: plain(known[k]),
        captions=[plain(lines[k].text) if k in lines else "" for k in names],
        key=f"vote_choice:{study.name}",
        persist_state="session",
    )
    if choice in variants:
        choice = _variant(here, choice, variants[choice], lines)
    if slot not in st.session_state:
        st.session_state[slot] = people.draft(slot)
    comment = st.text_area(
        "Why? (others read it)",
        key=slot,
        on_change=people.keep_draft,
        args=(slot, slot),
        max_chars=4000,
        height=90,
        persist_state="session",
    )
    name = people.ask_name("vote")
    # to abstain is an empty choice, and no emptied field
    pressed = people.send("Vote", slot, repr(choice), comment, name, key="vote_save", icon=":material/how_to_vote:")
    if pressed:
        if choice is None:
            st.warning("Choose an option first, or “I abstain”. Your comment is kept.")
        elif not name:
            st.warning("Write your name first, so that others know whose vote it is. Your comment is kept.")
        else:
            _send(here, now, choice, comment or "", name, slot)
    saved = people.news(f"voted:{study.name}")
    if saved:
        st.success(plain(saved))


def _variant(here: Here, name: str, variants: Sequence[str], lines: Mapping[str, Sentence]) -> str:
    """Ask how the chosen option is to answer: with a row for every variant the list would be twice as long."""
    every = [name, *(f"{name}{JOIN}{v}" for v in variants)]
    picked = st.radio(
        f"How should “{plain(deciding.labelled(here.study, name, technical=here.technical))}” answer?",
        every,
        format_func=lambda k: say.way(parted(k)[1]),
        captions=[plain(lines[k].text) if k in lines else "" for k in every],
        key=f"vote_variant:{here.study.name}:{name}",
        persist_state="session",
    )
    return str(picked or name)


def _send(here: Here, now: Standing, choice: str, comment: str, name: str, slot: str) -> None:
    """Keep a vote; the very same vote twice is one, also where the first answer was lost with the connection."""
    from explainers import database

    study = here.study
    candidate, variant = parted(choice)
    weights = decision_weights.mine(now)
    known = study.candidates.get(candidate)
    try:
        mine = _standing_vote(here, name)
        key = "" if known is None else known.key
        said = (candidate, key, variant, comment, weights)
        if mine is None or (mine.candidate, mine.candidate_key, mine.variant, mine.comment, mine.weights) != said:
            # made of what is said and of what stood before: a form that is sent again has the same number
            number = uuid.uuid5(_FORMS, repr((study.name, name.casefold(), 0 if mine is None else mine.id, said)))
            database.add_vote(
                submission_id=str(number),
                author=name,
                study=study.name,
                fingerprint=study.fingerprint,
                candidate=candidate,
                candidate_key=key,
                variant=variant,
                comment=comment,
                weights=weights,
            )
    except DatabaseError as error:
        st.error(f"{plain(error.message)} What you wrote is still here.")
        return
    people.written(name)
    people.next_submission(slot)
    people.drop_draft(slot)
    label = deciding.labelled(study, candidate, variant, technical=here.technical) if candidate else ""
    people.tell(
        f"voted:{study.name}",
        f"Saved: your vote is for “{label}”. You can change it by voting again."
        if candidate
        else "Saved: you abstain. You can still vote.",
    )
    st.rerun()


def _standing_vote(here: Here, name: str) -> Vote | None:
    from explainers import database

    if database.nothing_yet():
        return None
    person = " ".join(name.split()).casefold()
    return next((vote for vote in database.votes(here.study.name) if vote.person == person), None)


def listed(here: Here, now: Standing) -> None:
    """List how the votes stand and what people say, and follow what others vote meanwhile."""
    st.subheader("How the votes stand", anchor=False)
    later.watch(_newer, here, now, every=LOOK_SECONDS)
    tally = now.tally
    if not now.votes:
        show.empty("Nobody has voted yet. Votes stand here with names and comments, and everybody's latest counts.")
        return
    for option in tally.options:
        n = len(option.names)
        who = ", ".join(option.names)
        gone = "" if option.there else " :gray-badge[no longer an option]"
        label = deciding.labelled(here.study, option.candidate, option.variant, technical=here.technical)
        st.markdown(f"**{plain(label)}**: {n} {'vote' if n == 1 else 'votes'}{gone}  \n:small[{plain(who)}]")
        st.progress(n / max(tally.n, 1))
    if tally.abstain:
        st.caption(plain(f"Abstaining: {', '.join(tally.abstain)}"))
    _comments(here, now)


def _comments(here: Here, now: Standing) -> None:
    """Write everybody's latest comment; earlier votes of the same person are counted."""
    seen: dict[str, int] = {}
    for vote in now.votes:
        seen[vote.person] = seen.get(vote.person, 0) + 1
    latest: dict[str, Vote] = {}
    for vote in now.votes:
        latest.setdefault(vote.person, vote)
    with st.container(key="vote_comments", gap="xsmall"):
        for vote in latest.values():
            if not vote.comment:
                continue
            option = "abstains"
            if vote.candidate:
                option = deciding.labelled(here.study, vote.candidate, vote.variant, technical=here.technical)
            earlier = seen[vote.person] - 1
            more = f" · {earlier} earlier {'vote' if earlier == 1 else 'votes'}" if earlier else ""
            with st.container(border=True, key=f"vote_{vote.id}", gap="xsmall"):
                st.markdown(plain(f"“{vote.comment}”"))
                when = vote.created_at.strftime("%d %B %Y, %H:%M UTC")
                st.caption(plain(f"{vote.author} · {option} · {when}{more}"))


def _newer(here: Here, now: Standing) -> bool:
    """Whether somebody else has voted or recorded a decision since; nothing is drawn here."""
    from pages.parts import decision_state

    votes, decisions, problem = decision_state.kept(here)
    if problem:
        return False
    newest = (votes[0].id if votes else 0, decisions[0].id if decisions else 0)
    drawn = (now.votes[0].id if now.votes else 0, now.decisions[0].id if now.decisions else 0)
    return newest > drawn and not now.problem
