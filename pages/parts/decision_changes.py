"""Keeping the state of today, and what changed since an earlier one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from explainers import costs, jobs
from explainers.errors import DatabaseError, JobCancelled, JobError
from explainers.figures import changes as draw
from explainers.words import changes as say
from explainers.words import changes_charts as say_charts
from explainers.words import flips as say_flips
from explainers.words.say import capital
from pages.parts import back, cached, link, people, show, work
from pages.parts.text import plain, short

if TYPE_CHECKING:
    from explainers.database import KeptSnapshot
    from explainers.results import Changes, Flip, OptionChange
    from pages.parts.compare_figures import Figures
    from pages.parts.decision_state import Standing
    from pages.parts.shell import Here

AT_ONCE = 5  # turned cases of an option; the rest is a table
ROUND = "freeze_round"
NEXT = "since_next"


def room(here: Here, now: Standing) -> None:
    """Draw the form that keeps the state, and the changes since an earlier one."""
    known, problem = kept(here)
    if problem:
        st.warning(plain(problem))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="snapshot_controls"):
        then = _picker(known)
        _keep(here, now)
    if then is None:
        show.empty(
            "Here you would see what changed since an earlier state: figures with their ranges, answers that turned "
            "with the reasons then and now, and costs. Keep the state of today to begin with."
        )
        return
    when = then.created_at.strftime("%d %B %Y, %H:%M UTC")
    note = f"{then.author} kept “{then.name}” on {when}." + (f" “{then.comment}”" if then.comment else "")
    st.caption(plain(note))
    try:
        found: Changes = work.result_of(
            asked(here, now.figures, then), doing="Looking for what changed", height=300, key="changes"
        )
    except JobCancelled:
        work.cancelled("Looking for what changed", key="changes_again")
        return
    except (JobError, DatabaseError) as error:
        st.error(plain(str(error)))
        return
    _shown(here, found, then)


def kept(here: Here) -> tuple[tuple[KeptSnapshot, ...], str]:
    """Return the states that were kept, newest first, and why they could not be read."""
    from explainers import database

    try:
        return (() if database.nothing_yet() else database.snapshots(here.study.name)), ""
    except DatabaseError as error:
        return (), error.message


def asked(here: Here, figures: Figures, then: KeptSnapshot) -> jobs.Job:
    """Return the job that looks for what changed since a state.

    Raises
    ------
    DatabaseError
        The state cannot be read.
    """
    from explainers import database

    key = ("snapshot", then.submission_id)
    payload = cached.known(key)
    if payload is None:
        payload = cached.once(key, lambda: database.snapshot(then.id).payload)
    return jobs.submit(
        "changes",
        study=here.study,
        before=payload,
        assumptions=costs.plain(figures.assumptions),
    )


def _picker(known: tuple[KeptSnapshot, ...]) -> KeptSnapshot | None:
    if not known:
        return None
    by_id = {str(one.id): one for one in known}
    names = list(by_id)
    if NEXT in st.session_state:  # a picker that is drawn already cannot be set
        st.session_state["since"] = st.session_state.pop(NEXT)
    link.only("since", names)
    picked = st.selectbox(
        "Since",
        names,
        index=link.place("since", names),
        format_func=lambda i: f"{short(by_id[i].name, 60)} · {by_id[i].created_at.strftime('%d %b %Y')}",
        key="since",
        persist_state="session",
        width=340,
    )
    link.keep("since", picked)
    return by_id[picked]


# -- keeping ---------------------------------------------------------------------------------------------------------
def _keep(here: Here, now: Standing) -> None:
    with st.popover("Keep the state of today", icon=":material/bookmark_add:", key="freeze", on_change="rerun") as box:
        saved = people.news(f"frozen:{here.study.name}")
        if not box.open:
            return
        if saved:
            st.success(plain(f"“{saved}” is kept. Next time this page shows what changed since."))
        _freeze_form(here, now)


def _freeze_form(here: Here, now: Standing) -> None:
    slot = f"freeze:{here.study.name}"
    round_ = st.session_state.get(ROUND, 0)  # a browser would fill in again what was sent
    name = st.text_input(
        "What is it called?",
        key=f"freeze_name_{round_}",
        max_chars=120,
        placeholder="such as: Sprint 4",
        persist_state="session",
    )
    comment = st.text_area(
        "Comment", key=f"freeze_comment_{round_}", max_chars=4000, height=80, persist_state="session"
    )
    author = people.ask_name("freeze")
    if people.send("Keep it", slot, name, comment, key="freeze_save"):
        if not (name or "").strip() or not author:
            missing = "your name" if (name or "").strip() else "what it is called"
            st.warning(f"Write {missing} first. What you wrote is kept.")
        else:
            st.session_state[f"{slot}:wanted"] = author
    wanted = st.session_state.get(f"{slot}:wanted")
    if wanted:
        _freeze(here, now, slot, name or "", comment or "", wanted)


def _freeze(here: Here, now: Standing, slot: str, name: str, comment: str, author: str) -> None:
    from explainers import database

    if work.unbuilt(here.study):
        st.session_state.pop(f"{slot}:wanted", None)
        st.warning("Not all options are prepared yet. Keep the state when they are; what you wrote is kept.")
        return
    try:
        payload: bytes = work.result_of(
            jobs.submit("freeze", study=here.study, assumptions=costs.plain(now.figures.assumptions)),
            doing="Keeping what every option answers, and why",
            height=60,
            key="freeze_work",
        )
    except (JobCancelled, JobError) as error:
        st.session_state.pop(f"{slot}:wanted", None)
        st.error(plain(f"{error} What you wrote is still here."))
        return
    st.session_state.pop(f"{slot}:wanted", None)
    try:
        stored = database.add_snapshot(
            submission_id=people.submission(slot),
            author=author,
            study=here.study.name,
            fingerprint=here.study.fingerprint,
            name=name,
            payload=payload,
            comment=comment,
        )
    except DatabaseError as error:
        st.error(f"{plain(error.message)} What you wrote is still here.")
        return
    people.written(author)
    people.next_submission(slot)
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    people.tell(f"frozen:{here.study.name}", stored.name)
    st.session_state[NEXT] = str(stored.id)
    st.rerun()


# -- showing ---------------------------------------------------------------------------------------------------------
def _shown(here: Here, found: Changes, then: KeptSnapshot) -> None:
    narrative = say.describe(found, here.study, since=then.name, audience=here.audience)
    if found.same:
        with st.container(border=True, key="changes_same"):
            st.markdown(plain(narrative.headline.text))
        return
    drawn = draw.moved(found) or draw.turned(found)
    left, right = st.columns([1, 1], gap="large") if drawn else (st.container(), None)
    with left:
        st.markdown(f"##### {plain(narrative.headline.text)}")
        show.caveats(narrative, key="changes_limits")
        for option in found.options:
            show.sentences(say.option(option, found, here.study, audience=here.audience))
        show.sentences(say.money(found))
    if right is not None:
        with right:
            _figure(here, found)
    turned = [o for o in found.options if o.n_flips]
    if turned:
        st.markdown("##### Answers that turned")
    for option in turned:
        _turned(here, option)


def _figure(here: Here, found: Changes) -> None:
    """Draw what moved in the measure; where nothing did, how many answers turned."""
    study, caption = here.study, f"on the {found.n_both:,} never-seen {here.study.cases} that both states have."
    title = say_charts.title(found, audience=here.audience)
    if draw.moved(found):
        figure = draw.draw(
            found,
            study,
            title="",
            alt=say_charts.alt(found, study, audience=here.audience),
            axis=say_charts.axis(found, study, audience=here.audience),
            factor=say_charts.factor(found),
            technical=here.technical,
        )
        caption = f"Now against then, {caption}"
    else:
        caption = f"{title}, {caption}"
        title = say_charts.turned_title(found, study, audience=here.audience)
        figure = draw.draw_turned(
            found,
            title="",
            alt=say_charts.turned_alt(found, study, audience=here.audience),
            axis=say_charts.turned_axis(found),
            parts=say_charts.turned_parts(found, study),
            technical=here.technical,
        )
    st.markdown(f"##### {plain(title)}")
    show.chart(
        figure,
        key="changes_chart",
        caption=caption,
        data=found.to_frame() if here.technical else None,
        technical=here.technical,
    )


def _turned(here: Here, option: OptionChange) -> None:
    label = option.technical if here.technical and option.technical else option.label
    words = f"{label}: {option.n_flips:,} {'answer' if option.n_flips == 1 else 'answers'}"
    with st.expander(plain(words), key=f"turned_{option.candidate}", on_change="rerun", expanded=False) as box:
        if not box.open:
            return
        show.sentences(say.turned(option, here.study, audience=here.audience))
        for flip in option.flips[:AT_ONCE]:
            _one(here, option, flip)
        rest = option.flips[AT_ONCE:]
        if rest:
            show.table(_table(here, rest, option), alt="More answers that turned")
            if option.n_flips > len(option.flips):
                st.caption(f"The {len(option.flips)} that moved furthest are listed.")


def _one(here: Here, option: OptionChange, flip: Flip) -> None:
    with st.container(border=True, key=f"flip_{option.candidate}_{flip.case}", gap="xsmall"):
        what, *why = say_flips.describe(flip, option, here.study, audience=here.audience)
        st.markdown(f"**{plain(f'{here.study.case.capitalize()} {flip.case}')}**: {plain(what.text)}")
        for sentence in why:
            st.markdown(plain(sentence.text))
        if st.button("Explain it", key=f"flip_explain_{option.candidate}_{flip.case}", type="tertiary"):
            st.session_state["go_to_option"] = option.candidate
            back.explain(flip.case, "decision")


def _table(here: Here, flips: tuple[Flip, ...], option: OptionChange) -> pd.DataFrame:
    said = [say_flips.describe(flip, option, here.study, audience=here.audience)[0].text for flip in flips]
    return pd.DataFrame(
        {
            here.study.case.capitalize(): [flip.case for flip in flips],
            "What turned": said,
            "First reason then": [capital(say_flips.first_reason(flip.why_before, here.study)) for flip in flips],
            "First reason now": [capital(say_flips.first_reason(flip.why_after, here.study)) for flip in flips],
        }
    )
