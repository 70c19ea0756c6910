"""Recording the choice with everything it rests on, what was decided before, and taking it all along."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from explainers import costs, deciding
from explainers.errors import DatabaseError
from explainers.words import compare_charts as charts
from explainers.words import money as say_money
from explainers.words.say import capital
from pages.parts import export, people, show
from pages.parts.decision_votes import ABSTAIN, options, parted
from pages.parts.text import plain

if TYPE_CHECKING:
    from explainers.database import Decision
    from pages.parts.decision_state import Standing
    from pages.parts.shell import Here

NONE_YET = "No option yet"
KEPT = (
    *("candidate", "variant", "label", "kind", "cost", "total", "total_lower", "total_upper", "saving", "pays"),
    *("value", "lower", "upper", "standing", "pareto", "cannot_tell_from", "time_to_production_days"),
    *("explainability", "finds", "misses", "false_alarms"),
)


def room(here: Here, now: Standing) -> None:
    """Draw the form that records the choice, and the decisions so far."""
    left, right = st.columns([1, 1], gap="large")
    with left:
        st.markdown("##### Record what you decide")
        _form(here, now)
    with right:
        st.markdown("##### What was decided")
        _history(here, now)


def _form(here: Here, now: Standing) -> None:
    study = here.study
    known = {k: v for k, v in options(here, now).items() if k != ABSTAIN} | {ABSTAIN: NONE_YET}
    names = list(known)
    first = now.tally.options[0] if now.tally.options else None
    leading = "" if first is None else f"{first.candidate}|{first.variant}" if first.variant else first.candidate
    choice = st.selectbox(
        "What do you go on with?",
        names,
        index=names.index(leading) if leading in names and len(now.tally.first) == 1 else None,
        format_func=lambda k: plain(known[k]),
        key=f"decision_choice:{study.name}",
        placeholder="Choose an option",
        persist_state="session",
    )
    slot = f"decision_reason:{study.name}"
    if slot not in st.session_state:
        st.session_state[slot] = people.draft(slot)
    reason = st.text_area(
        "Why?",
        key=slot,
        on_change=people.keep_draft,
        args=(slot, slot),
        max_chars=4000,
        height=110,
        persist_state="session",
    )
    name = people.ask_name("decision")
    n = now.tally.n
    st.caption(
        plain(
            f"Kept with it: {len(known) - 1} options with their figures, {n} {'vote' if n == 1 else 'votes'}, the "
            "figures of money on screen, and the version of everything it rests on."
        )
    )
    words = "Record it in the place of the last one" if now.decisions else "Record the decision"
    if people.send(words, slot, reason, key="decision_save", icon=":material/gavel:"):
        if choice is None or not (reason or "").strip() or not name:
            missing = "Choose an option" if choice is None else "Say why" if not (reason or "").strip() else "Say who"
            st.warning(f"{missing} first. What you wrote is kept.")
        else:
            _save(here, now, choice, reason or "", name, slot)
    saved = people.news(f"decided:{study.name}")
    if saved:
        st.success(plain(saved))


def _save(here: Here, now: Standing, choice: str, reason: str, name: str, slot: str) -> None:
    from explainers import database

    study = here.study
    candidate, variant = parted(choice)
    known = study.candidates.get(candidate)
    figures = now.figures
    try:
        made = database.add_decision(
            submission_id=people.submission(slot),
            author=name,
            study=study.name,
            fingerprint=study.fingerprint,
            candidate=candidate,
            candidate_key="" if known is None else known.key,
            variant=variant,
            reason=reason,
            said=deciding.labelled(study, candidate, variant) if candidate else NONE_YET,
            options=_options(here, now),
            votes=_votes(now),
            scenario="" if figures.scenario is None else figures.scenario.name,
            values=costs.plain(figures.assumptions),
            supersedes=now.decisions[0].id if now.decisions else None,
        )
    except DatabaseError as error:
        st.error(f"{plain(error.message)} What you wrote is still here.")
        return
    people.written(name)
    people.next_submission(slot)
    people.drop_draft(slot)
    st.session_state.pop(slot, None)
    people.tell(f"decided:{study.name}", f"Recorded as decision {made.number}.")
    st.rerun()


def _options(here: Here, now: Standing) -> list[dict[str, Any]]:
    """Return what was known of every option on the table; those that could not be compared by name only."""
    keys = {n: c.key for n, c in here.study.candidates.items()}
    if now.comparison is None:
        return [{"candidate": n, "label": c.label, "key": c.key} for n, c in here.study.candidates.items()]
    every = deciding.offered(now.comparison)
    rows = [{name: getattr(o, name) for name in KEPT} for o in every]
    cuts = [o.cut if o.cut is not None and math.isfinite(o.cut) else None for o in every]
    return [row | {"key": keys.get(str(row["candidate"]), ""), "cut": c} for row, c in zip(rows, cuts, strict=True)]


def _votes(now: Standing) -> list[dict[str, Any]]:
    """Return the votes as they stand: of each person the latest."""
    latest: dict[str, dict[str, Any]] = {}
    for vote in now.votes:  # newest first
        latest.setdefault(
            vote.person,
            {
                "author": vote.author,
                "candidate": vote.candidate,
                "variant": vote.variant,
                "comment": vote.comment,
                "weights": dict(vote.weights),
                "on": vote.created_at.isoformat(),
            },
        )
    return list(latest.values())


def _history(here: Here, now: Standing) -> None:
    if not now.decisions:
        show.empty("Nothing is decided yet. Decisions stand here with their reasons; none is ever edited.")
        return
    for at, record in enumerate(now.decisions):
        state = "holds now" if at == 0 else f"replaced by decision {now.decisions[at - 1].number}"
        label = _label(here, record.candidate, record.variant) if record.candidate else NONE_YET
        with st.container(border=True, key=f"decision_{record.id}", gap="xsmall"):
            badge = "blue" if at == 0 else "gray"
            st.markdown(f"**{record.number}. {plain(label)}** :{badge}-badge[{plain(state)}]")
            st.markdown(plain(f"“{record.reason}”"))
            st.caption(plain(f"{record.author} · {record.created_at.strftime('%d %B %Y, %H:%M UTC')}"))
            with st.expander("What it rested on", key=f"rests_{record.id}", on_change="rerun") as box:
                if box.open:
                    _rests(here, now, record)


def _label(here: Here, candidate: str, variant: str) -> str:
    return deciding.labelled(here.study, candidate, variant, technical=here.technical)


def _rests(here: Here, now: Standing, record: Decision) -> None:
    """Write the votes, options and figures that a decision was made with."""
    voted = [v for v in record.votes if v.get("candidate")]
    for vote in record.votes:
        name = str(vote.get("candidate") or "")
        label = _label(here, name, str(vote.get("variant") or "")) if name else "abstained"
        comment = f": “{vote['comment']}”" if vote.get("comment") else ""
        st.markdown(f"- **{plain(vote.get('author'))}**, {plain(label)}{plain(comment)}")
    if not voted:
        st.caption("Nobody had voted for an option.")
    currency = str(record.values.get("currency") or "")
    quality, times = "Quality", 1.0
    if now.comparison is not None:
        quality = capital(charts.axis(now.comparison, here.study, audience=here.audience))
        times = charts.factor(now.comparison, audience=here.audience)
    table = pd.DataFrame(
        [
            {
                "Option": str(o.get("label", o.get("candidate", ""))),
                "Cost a month": _money(o.get("cost"), currency),
                quality: _quality([o.get(name) for name in ("value", "lower", "upper")], times),
            }
            for o in record.options
        ]
    )
    if len(table):
        show.table(table, alt="The options as they were")
    who = record.values.get("confirmed_by")
    figures = f"confirmed by {who}" if who else "example figures"
    scenario = f" of the scenario “{record.scenario}”" if record.scenario else ""
    st.caption(plain(f"Figures of money{scenario}: {figures}. State of the study: {record.fingerprint[:12]}"))


def _money(value: Any, currency: str) -> str:
    return say_money.amount(float(value), currency).text if _number(value) else ""


def _quality(found: list[Any], times: float) -> str:
    """Return a figure of quality with its range, as far as they were kept."""
    said = [times * v if _number(v) else None for v in found]
    value, *ends = ["" if v is None else f"{v:,.0f}" if abs(v) >= 100 else f"{v:.3g}" for v in said]
    return f"{value} ({ends[0]} to {ends[1]})" if all(ends) else value


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def take_along(here: Here, now: Standing) -> None:
    """Offer the whole of it as slides, a page that stands alone, and a table of the votes."""
    export.exports(here, costs.plain(now.figures.assumptions))
    if now.votes:
        _votes_file(here, now)


def _votes_file(here: Here, now: Standing) -> None:
    from explainers.report import table

    with st.container(border=True, key="export_votes"):
        st.markdown("**Votes and comments**  \nEvery vote with name and time, as a table.")
        frame = pd.DataFrame(
            {
                "Who": [v.author for v in now.votes],
                "Option": [_label(here, v.candidate, v.variant) if v.candidate else "abstains" for v in now.votes],
                "Comment": [v.comment for v in now.votes],
                "When (UTC)": [v.created_at.strftime("%Y-%m-%d %H:%M:%S") for v in now.votes],
            }
        )
        st.download_button(
            "Download",
            table.to_csv(frame),
            file_name=table.filename("votes", here.study.name),
            mime="text/csv",
            key="votes_csv",
        )
