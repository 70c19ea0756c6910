"""Who decides which cases: what the option could decide alone, what that leaves to people, and who chose it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from explainers import jobs
from explainers import triage as compute
from explainers.errors import BakeoffError, DatabaseError
from explainers.figures import triage as draw
from explainers.words import triage as say
from pages.parts import people, show, work
from pages.parts.text import plain

if TYPE_CHECKING:
    from explainers.results import Coverage, Triage
    from pages.parts.shell import Here

ALLOWED = (1, 2, 5, 10, 15, 20, 30)


def room(here: Here, found: Coverage) -> None:
    """Say and draw what the option could decide alone; keep what somebody chose."""
    study = here.study
    if not len(study.rows("test")) and found.rows == "test":
        show.empty(
            f"Here you would see which {study.cases} the option could decide alone. That is counted on never-seen "
            f"{study.cases}, and there are none."
        )
        return
    if not study.classes and found.method == "none":
        show.empty(
            f"Here you would see which {study.cases} the option could decide alone. It would be those with a "
            "narrow range, and there are no ranges."
        )
        return
    figures = _figures(here)
    try:
        result: Triage = work.result_of(
            jobs.submit("triage", study=here.study, candidate=here.candidate.name, **figures),
            doing="Trying rules for who decides",
            height=300,
            key="triage",
        )
    except BakeoffError as error:
        show.empty(error.message)
        return
    left, right = st.columns([1, 1], gap="large")
    narrative = say.describe(result, here.study, audience=here.audience)
    with left:
        show.narrative(narrative)
        _keep(here, result, narrative.headline.text)
    with right:
        title, alt = say.title(result, here.study), say.alt(result, here.study)
        rows = say.ROWS.get(result.rows, result.rows)
        st.markdown(f"##### {plain(title)}")
        show.chart(
            draw.draw(result, here.study, title="", alt=alt),
            key="triage_chart",
            caption=f"Each point is a rule, measured on {result.n:,} {rows} {study.cases}.",
            data=result.to_frame() if here.technical else None,
            technical=here.technical,
        )
    _kept(here)


def _figures(here: Here) -> dict[str, Any]:
    """Draw the controls for what may be off and what a person's time is; return what differs from the study's own."""
    own = compute.assumptions(here.study)
    usual = round(100 * float(own["most_off"]))
    allowed = sorted({*ALLOWED, usual})
    with st.container(horizontal=True, vertical_alignment="bottom", key="triage_controls"):
        off = st.selectbox(
            "At most so many may be off",
            allowed,
            index=allowed.index(usual),
            format_func=lambda n: f"{n} in 100",
            key="triage_off",
            persist_state="session",
            width=220,
            help="Of the cases that the option decides alone. It is held for each kind of answer by itself.",
        )
        minutes = _number("Minutes of a person for one", float(own["minutes_per_case"]), "triage_minutes")
        hourly = _number(f"An hour costs ({own['currency']})", float(own["hourly_rate"]), "triage_hourly")
        monthly = _number(f"{here.study.cases.capitalize()} a month", float(own["cases_per_month"]), "triage_monthly")
    share = float(own["most_off"]) if off == usual else off / 100
    given = {"most_off": share, "minutes_per_case": minutes, "hourly_rate": hourly, "cases_per_month": monthly}
    differing = {k: v for k, v in given.items() if abs(v - float(own[k])) > 1e-9}
    if differing.keys() - {"most_off"}:
        differing["confirmed"] = False  # whoever confirmed the study's figures has not confirmed these
    return differing


def _number(label: str, usual: float, key: str) -> float:
    given = st.number_input(
        plain(label),
        min_value=0.0,
        max_value=1e7,
        value=usual,
        step=1.0,
        format="%.6g",
        key=key,
        persist_state="session",
        width=200,
    )
    return float(usual if given is None else given)


def _keep(here: Here, result: Triage, said: str) -> None:
    """Offer to keep this choice with a name and a comment."""
    from explainers import database

    with st.popover("Keep this choice", icon=":material/how_to_vote:", key="triage_keep", on_change="rerun") as box:
        if not box.open:
            return
        st.caption(plain(said))
        comment = st.text_area(
            "Why this one?", key="triage_comment", max_chars=4000, height=90, persist_state="session"
        )
        name = people.ask_name("triage")
        form = f"triage:{here.study.name}:{here.candidate.name}"
        if not people.send("Keep", form, comment, key="triage_save"):
            return
        if not name:
            st.warning("Write your name first, so that others know whose choice it is. Your comment is kept.")
            return
        chosen = result.chosen
        try:
            database.add_triage(
                submission_id=people.submission(form),
                author=name,
                study=here.study.name,
                fingerprint=here.study.fingerprint,
                candidate=here.candidate.name,
                candidate_key=here.candidate.key,
                rule={"most_off": result.allowed}
                | {f"cut_{at + 1}": cut for at, cut in enumerate(chosen.cuts if chosen is not None else ())},
                assumptions={
                    "minutes_per_case": result.minutes,
                    "hourly_rate": result.hourly,
                    "cases_per_month": result.monthly,
                    "currency": result.currency,
                    "confirmed": result.confirmed,
                },
                said=said,
                comment=comment or "",
            )
        except DatabaseError as error:
            st.error(f"{plain(error.message)} What you wrote is still here.")
            return
        people.written(name)
        people.next_submission(form)
        st.session_state.pop("triage_comment", None)
        st.rerun()


def _kept(here: Here) -> None:
    """List what was chosen for this option, the newest first."""
    from explainers import database

    try:
        choices = () if database.nothing_yet() else database.triages(here.study.name, here.candidate.name)
    except DatabaseError as error:
        st.warning(plain(error.message))
        return
    st.markdown("##### What was chosen")
    if not choices:
        show.empty("Nobody has chosen yet. Set what may be off, read what follows, and keep the choice with your name.")
        return
    for at, choice in enumerate(choices[:10]):
        when = choice.created_at.strftime("%d %B %Y, %H:%M UTC")
        state = "holds now" if at == 0 else "earlier"
        if at == 0 and choice.candidate_key != here.candidate.key:
            state = "chosen for an earlier version of this option"
        with st.container(border=True, key=f"triage_{choice.id}"):
            st.caption(plain(f"{choice.author} · {when} · {state}"))
            st.markdown(plain(choice.said))
            if choice.comment:
                st.markdown(plain(f"“{choice.comment}”"))
