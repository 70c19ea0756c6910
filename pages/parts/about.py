"""The first page: the question, the answer in a sentence, how good, where to start, what people said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from explainers import metrics
from explainers.errors import BakeoffError, DatabaseError
from explainers.words import asking, brackets, several
from explainers.words import formula as say_formula
from explainers.words import home as say
from explainers.words import metrics as say_metrics
from explainers.words import verdict as say_verdict
from pages.parts import cached, link, people, pickers, quality, show, work
from pages.parts.text import plain, short

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from explainers.database import Mark
    from explainers.results import Errors, Judgement, Metric, Sentence
    from explainers.study import Study
    from pages.parts.shell import Here

SAID_AT_ONCE = 20


def heading(here: Here) -> None:
    """Write caption, question and, with several studies, their cards."""
    study = here.study
    sample = "sample study: not for decisions · " if study.sample else ""
    years = f"data from {study.data_from} · " if study.data_from else ""
    seen = len(pickers.never_seen(study))
    st.caption(plain(f"{study.title} · {years}{sample}{len(study.frame):,} {study.cases}, {seen:,} of them never seen"))
    st.title(plain(study.question), anchor=False)
    titles = cached.titles()
    if len(titles) > 1:
        with st.expander(f"All {len(titles)} studies"):
            for column, (name, title) in zip(
                st.columns(min(3, len(titles))) * len(titles), titles.items(), strict=False
            ):
                with column, st.container(border=True):
                    st.markdown(f"**{plain(title)}**")
                    st.button("Open", key=f"open_{name}", on_click=_open, args=(name,), disabled=name == study.name)


def _open(name: str) -> None:
    st.session_state["study"] = name
    for key in ("option", "case", "reference", "outcome"):
        link.drop(key)


def answer(here: Here, news: Callable[[Here], None] | None = None) -> None:
    """Write the answer card: what the option finds, beside no model, and whose decisions it repeats; news below it."""
    study = here.study
    ready = [n for n, c in study.candidates.items() if c.built]
    measured = {n: metrics.evaluate(study, n) for n in ready}
    judged = {} if work.unbuilt(study) else metrics.verdicts(study)  # all options count, so all have to be there
    two = study.task == "classification" and study.positive is not None
    errors = {n: metrics.errors(study, n) for n in ready} if two else {}
    each = {n: metrics.errors_of_classes(study, n) for n in ready} if len(study.classes) > 2 else {}
    whole = say.describe(study, audience=here.audience)
    good = say_metrics.describe(
        measured,
        study,
        errors=errors,
        each=each,
        verdicts=judged,
        candidate=here.candidate.name,
        audience=here.audience,
    )
    holds = say_formula.describe(study, audience=here.audience)
    with st.container(border=True, key="answer_card"):
        st.markdown(f"### {plain(good.headline.text)}")
        lead = _lead(here, good.sentences, judged)
        show.sentences(lead)
        if study.required and here.candidate.name in judged:
            show.sentences(say_verdict.required(judged[here.candidate.name], study, audience=here.audience))
        show.sentences([whole.headline])
        if holds is not None:
            show.sentences([holds.headline, *(s for s in holds.sentences if s.kind == "answer")])
    with st.container(gap="xsmall"):
        limits = holds.caveats if holds is not None else ()
        for sentence in (*whole.caveats, *(s for s in good.sentences if s.kind == "caveat"), *limits):
            st.caption(f":material/info: {plain(sentence.text)}")
    show.sentences(say.whose_decisions(study, audience=here.audience))
    if news is not None:
        news(here)
    st.subheader(f"How good is each {_word(here)}?", anchor=False)
    if any(j.measured is not None for j in judged.values()):
        quality.beside(here, judged)
    _options(here, _table(here, measured, errors, each, judged))
    tested = len(pickers.never_seen(study))
    st.caption(
        plain(f"Counted on all {tested:,} never-seen {study.cases}, which no {_word(here)} saw while it was prepared.")
    )
    rest = [s for s in good.sentences if s.kind != "caveat" and s.text not in {first.text for first in lead}]
    if rest:
        with st.expander(plain(f"More on how good “{here.option_label}” is")):
            show.listed(rest)
    with st.expander(f"How each {_word(here)} answers"):
        for candidate in study.candidates.values():
            label = candidate.technical if here.technical and candidate.technical else candidate.label
            st.markdown(f"- **{plain(label)}:** {plain(candidate.description)}")
        if holds is not None:
            show.sentences(s for s in holds.sentences if s.kind != "answer")
    waiting = work.unbuilt(study)
    if waiting:
        st.caption(f"{len(waiting)} {_word(here)}s are still being prepared; this list fills by itself.")


def _word(here: Here) -> str:
    """Return what this audience calls one way to answer."""
    return "model" if here.technical else "option"


def _lead(here: Here, said: Sequence[Sentence], judged: Mapping[str, Judgement]) -> list[Sentence]:
    """Return what stands in the card: both kinds of error, or what is hardest to beat, and what that is worth."""
    # Several classes have a column each in the table below.
    many = {0: 1, 2: 2}.get(len(here.study.classes), 0)
    first = [s for s in said if s.kind == "comparison"][:many]
    mine = judged.get(here.candidate.name)
    worth = () if mine is None else say_verdict.against_no_model(mine, here.study, audience=here.audience)[:1]
    return [*first, *(s for s in worth if s.text in {known.text for known in said} - {known.text for known in first})]


def _options(here: Here, table: pd.DataFrame) -> None:
    """Write the table of options; figures with ranges need room, so a phone scrolls them beside fixed names."""
    alt = "Every option with its quality on never-seen rows"
    if not here.technical:
        show.table(table, alt=alt)
        return
    show.wide(table, alt=alt)


def _table(
    here: Here,
    measured: Mapping[str, Sequence[Metric]],
    errors: Mapping[str, Errors],
    each: Mapping[str, Sequence[Errors]],
    judged: Mapping[str, Judgement],
) -> pd.DataFrame:
    """Return every option, simplest first, with both kinds of error as counts, or the usual error for numbers."""
    study = here.study
    focus = study.outcome_words.get(study.positive, str(study.positive))
    rest = " or ".join(study.outcome_words.get(c, str(c)) for c in study.classes if c != study.positive)
    rows = []
    for name, candidate in study.candidates.items():
        label = candidate.technical if here.technical and candidate.technical else candidate.label
        row = {_word(here).capitalize(): label}
        if not candidate.built:
            rows.append(row | {"State": short(candidate.failure or "still being prepared", 160)})
            continue
        if name in errors:
            e = errors[name]
            row[f"Finds, of those {focus}"] = f"{e.found:,} of {e.found + e.missed:,}"
            row[f"Flags, of those {rest}"] = f"{e.false_alarms:,} of {e.false_alarms + e.passed:,}"
        if here.technical:
            row |= {say_metrics.NAMES.get(m.name, m.name): say_metrics.cell(m) for m in measured[name]}
        elif name not in errors:
            row |= _plain_figures(study, measured, name)
        for e in each.get(name, ()):
            row[f"Finds, of those {study.outcome_words.get(e.outcome, e.outcome)}"] = (
                f"{e.found:,} of {e.found + e.missed:,}"
            )
        if name in judged:
            # The header names the measure: an option may beat no model in one and flag nobody all the same.
            row[say_verdict.column(judged, audience=here.audience)] = say_verdict.chip(judged[name])
        rows.append(row)
    return pd.DataFrame(rows).fillna("")


def _plain_figures(study: Study, measured: Mapping[str, Sequence[Metric]], name: str) -> dict[str, str]:
    """Return the quality of an option without a term of statistics: counts of classes, or the usual error."""
    found = {m.name: m for m in measured[name]}
    if "mae" in found:
        scale = several.errors_scale(measured, study)
        off = found["mae"]
        return {"Usually off by": f"{scale.size(off.value)}{brackets.between(say_verdict.ends(off), scale)}"}
    if "accuracy" in found:
        right = found["accuracy"]
        return {"Same as the record": f"{round(right.value * right.n):,} of {right.n:,}"}
    return {}


def start(here: Here) -> None:
    """Say what to look at first, with a way there."""
    study = here.study
    st.subheader("What to look at first", anchor=False)
    cases = pickers.demo(study)[:3] or [(str(i), "") for i in pickers.never_seen(study)[:1]]
    for at, (column, (case_id, note)) in enumerate(zip(st.columns(3), cases, strict=False)):
        with (
            column,
            st.container(border=True, height="stretch", vertical_alignment="distribute", key=f"start_{at}"),
        ):
            name = "A kept case" if case_id.startswith(pickers.PIN) else f"{study.case.capitalize()} {case_id}"
            words = short(note or f"See why the option answers as it does for this {study.case}.", 140)
            st.markdown(f"**{plain(name)}**\n\n{plain(words)}")
            if st.button("Explain it", key=f"explain_{at}"):
                st.session_state["go_to_case"] = case_id
                st.switch_page("explain.py")


def said(here: Here) -> None:
    """List what people said of reasons, newest first, open or answered."""
    from explainers import database

    study = here.study
    st.subheader("What people said", anchor=False)
    try:
        marks = () if database.nothing_yet() else database.marks(study.name)
    except DatabaseError as error:
        st.warning(plain(error.message))
        return
    if not marks:
        show.empty(
            f"Nobody has said anything yet. Open {study.cases}, read the reasons, and mark each as makes sense, odd "
            "or wrong. "
            "What you write is listed here with your name."
        )
        return
    opened = sum(m.state == "open" for m in marks)
    st.caption(f"{len(marks)} marks, {opened} open. Kept in {plain(database.where())}.")
    for mark in marks[:SAID_AT_ONCE]:
        _mark(here, mark)
    if len(marks) > SAID_AT_ONCE:
        with st.expander(f"{len(marks) - SAID_AT_ONCE} older ones", on_change="rerun", key="older_marks") as box:
            if box.open:
                for mark in marks[SAID_AT_ONCE:]:
                    _mark(here, mark)


def _mark(here: Here, mark: Mark) -> None:
    from explainers import database

    study = here.study
    label = study.dictionary[mark.feature].label if mark.feature in study.dictionary else mark.feature
    option = study.candidates[mark.candidate].label if mark.candidate in study.candidates else mark.candidate
    kept = str(mark.case_id or "").startswith(pickers.PIN)
    where = f"kept case {str(mark.case_id).removeprefix(pickers.PIN)}" if kept else f"{study.case} {mark.case_id}"
    if mark.case_id is None:
        where = f"all {study.cases}"
    with st.container(border=True, key=f"said_{mark.id}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.badge(mark.mark, icon=people.ICONS.get(mark.mark), color="orange" if mark.mark == "wrong" else "gray")
            st.badge(mark.state, color="gray" if mark.state == "answered" else "blue")
            when = mark.created_at.strftime("%d %B %Y, %H:%M UTC")
            st.caption(plain(f"{mark.author} on “{label}” · {where} · {option} · {when}"), width="content")
        st.markdown(plain(mark.comment or mark.reason))
        if mark.comment and mark.reason:
            st.caption(plain(f"About: {mark.reason}"))
        for reply in mark.answers:
            st.markdown(f"↳ **{plain(reply.author)}**: {plain(reply.text)}")
        with st.container(horizontal=True):
            if mark.case_id and st.button("Look at it", key=f"look_{mark.id}", type="tertiary"):
                st.session_state["go_to_case"] = mark.case_id
                st.session_state["go_to_option"] = mark.candidate
                st.switch_page("explain.py")
            with st.popover("Answer", type="tertiary", key=f"answer_{mark.id}", on_change="rerun") as box:
                if box.open:
                    text = st.text_area(
                        "Your answer", key=f"answer_text_{mark.id}", max_chars=4000, persist_state="session"
                    )
                    name = people.ask_name(f"answer_{mark.id}")
                    form = f"answer:{mark.id}"
                    if people.send("Save the answer", form, text, key=f"answer_save_{mark.id}"):
                        if not (text or "").strip() or not name:
                            st.warning("Write your answer and your name first.")
                            return
                        try:
                            database.answer_mark(mark.id, submission_id=people.submission(form), author=name, text=text)
                        except BakeoffError as error:
                            st.error(f"{plain(error.message)} What you wrote is still here.")
                            return
                        people.written(name)
                        people.next_submission(form)
                        st.rerun()


def background(here: Here) -> None:
    """Say where the data comes from, who stands for it, and what validation found."""
    study = here.study
    with st.expander("About this study: whom to ask, where the data comes from, what is known of it"):
        show.sentences(say.lineage(study))
        show.sentences(asking.whom(study))
        st.markdown(plain(study.source))
        if study.problems:
            show.problems(study.problems, title="What was noticed in the data")
