"""The answer card, the reasons beside the waterfall, and the values of one case."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from explainers import jobs, keys
from explainers.figures import attribution as draw_attribution
from explainers.figures import dots
from explainers.words import attribution as say
from explainers.words import case as say_case
from explainers.words import display, phrases
from explainers.words import unusual as say_unusual
from explainers.words.say import capital
from explainers.words.telling import told
from pages.parts import people, show, terms
from pages.parts.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from explainers.results import Explanation, Narrative, Sentence, Unusual
    from pages.parts.pickers import Chosen
    from pages.parts.shell import Here

Spec = dict[str, Any]
COLOURS: dict[str, Any] = {"towards": "orange", "against": "blue", "neither": "gray"}


def explain(
    here: Here, chosen: Chosen, spec: Spec, row: pd.DataFrame | None = None, *, outcome: Any = None
) -> jobs.Job:
    """Ask for the explanation of a case; it comes from disk where it was made before."""
    cases = chosen.row if row is None else row
    return jobs.submit(
        "explain",
        study=here.study,
        candidate=here.candidate.name,
        case=keys.case_values({name: cases[name].iloc[0] for name in here.candidate.features}),
        reference=spec,
        **({} if outcome is None else {"outcome": outcome}),
    )


def short_answer(here: Here, explanation: Explanation) -> str:
    """Return the bare answer in the reader's unit, such as "31 in 100"."""
    t = told(explanation, here.study, audience=here.audience)
    return str(t.scale.answer(t.reasons.prediction))


def card(
    here: Here, chosen: Chosen, narrative: Narrative, explanation: Explanation, odd: Unusual | None = None
) -> None:
    """Write the answer card: headline, comparison, chips, counted dots; the limits stand right below it."""
    study = here.study
    compared, _, _ = _parts(narrative)
    agrees = None if chosen.typed else say_case.agrees(explanation, study, case=chosen.id)
    chips = display.chips(explanation, study, audience=here.audience, agrees=agrees)
    if odd is not None:
        chips = (*say_unusual.chips(odd, study), *chips)
    with st.container(border=True, key="answer_card"):
        pictured = explanation.unit == "probability"
        sides = st.columns([3, 2] if pictured else 1, vertical_alignment="center", gap="large")
        with sides[0]:
            # One piece of text and not five: what the browser has to draw anew is what a reader waits for.
            st.markdown(
                f"### {plain(narrative.headline.text)}\n\n{terms.paragraph(compared)}\n\n{show.chips(chips)}",
                anchors=False,
            )
        if pictured:
            with sides[1]:
                # A chance is never shown as none or as certain, however close it comes.
                count = min(max(round(100 * float(explanation.predictions[0])), 0), 99)
                outcome = phrases.outcome(study, explanation.outcome[0])
                alt = f"{count} of 100 dots are filled, for {study.cases} that were {outcome}."
                st.image(dots.draw(count, 100, alt=alt), alt=alt)
    show.caveats(narrative)


def _parts(narrative: Narrative) -> tuple[list[Sentence], Sentence | None, list[Sentence]]:
    """Return what stands on the card, the sentence that opens the reasons, and the caveats that close them."""
    before, after = [], []
    for at, sentence in enumerate(narrative.sentences):
        if sentence.kind in ("range", "comparison") and not any(s.kind == "reason" for s in narrative.sentences[:at]):
            before.append(sentence)
        elif sentence.kind == "caveat":
            after.append(sentence)
    return before[:-1], before[-1] if before else None, after


def reasons_and_waterfall(here: Here, chosen: Chosen, narrative: Narrative, explanation: Explanation) -> None:
    """Put the reasons and the waterfall side by side; below each other on a phone, the chart second."""
    _, tally, after = _parts(narrative)
    left, right = st.columns([1, 1], gap="large")
    # The chart goes out first: the browser draws it while the rest of the page is still being made.
    with right:
        title = display.title(explanation, here.study, audience=here.audience)
        alt = display.alt(explanation, here.study, audience=here.audience)
        st.markdown(f"### {plain(title)}", anchors=False)
        figure = draw_attribution.draw(explanation, here.study, title="", alt=alt, technical=here.technical)
        show.chart(
            figure,
            key="waterfall",
            caption=" ".join(s.text for s in say.method(explanation, here.study, audience=here.audience)[:1]),
            technical=here.technical,
        )
    with left:
        found = display.lines(explanation, here.study, here.audience)
        if all(line.kind == "others" and line.direction == "neither" for line in found):
            found = ()
        said = f"### What counts for it and against it\n\n{terms.paragraph([tally] if tally else [])}"
        with st.container(key="reasons"):
            st.markdown(f"{said}\n\n{_table(found)}" if found else said, anchors=False)
        _mark(here, chosen, [line for line in found if line.feature])
        show.sentences(after, small=True)


def _table(lines: Sequence[display.Line]) -> str:
    """Return the reasons as one table, amount and sentence in fixed columns at every width."""
    rows = ["| Amount | Reason |", "|:--|:--|"]
    for line in lines:
        notes = [capital(line.usual)] if line.usual else []
        notes += ["A protected characteristic"] if line.protected else []
        note = f" :gray[{plain('. '.join(notes))}.]" if notes else ""
        rows.append(f"| :{COLOURS[line.direction]}-badge[{plain(line.amount)}] | {plain(line.text)}.{note} |")
    return "\n".join(rows)


def _mark(here: Here, chosen: Chosen, lines: Sequence[display.Line]) -> None:
    """Offer to say of each reason whether it makes sense."""
    if not lines:
        return
    with st.popover("Mark a reason", icon=":material/rate_review:", key="mark", on_change="rerun") as box:
        if box.open:
            about = f"{here.candidate.name}_{chosen.id}"
            forms = [f"form_{about}_{line.feature}" for line in lines]
            at = st.radio(
                "Which reason",
                range(len(lines)),
                format_func=lambda i: plain(f"{lines[i].label} ({lines[i].amount})"),
                key=f"mark_which_{about}",
            )
            line = lines[at or 0]
            people.mark_form(
                here,
                key=forms[at or 0],
                on_choice=partial(_choose, f"mark_which_{about}", forms, at or 0),
                case_id=chosen.id,
                case=keys.case_values(chosen.row),
                feature=str(line.feature),
                sentence=line.text,
                label=line.label,
            )


def _choose(which: str, forms: Sequence[str], drawn: int) -> None:
    """Take a click for the reason that was picked, although the form of the one before was still on screen."""
    meant = st.session_state.get(which) or 0
    if meant != drawn and meant < len(forms):
        people.move_choice(forms[drawn], forms[meant])


def values(here: Here, chosen: Chosen, explanation: Explanation, spec: Spec) -> None:
    """List every value of the case in the dictionary's words, with what the option made of it."""
    study = here.study
    names = list(explanation.feature_names)
    scale = told(explanation, study, audience=here.audience).scale
    rows, notes = [], []
    for column in study.dictionary:
        if column.role not in ("feature", "leakage", "group", "time"):
            continue
        if column.name not in chosen.row:
            continue  # what the page does not hold is not shown as missing
        given = chosen.row[column.name].iloc[0]
        if column.name in names:
            count = str(scale.amount(float(explanation.values[0, names.index(column.name)])))
        else:
            count = "protected, not used" if column.protected else "not used"
        rows.append((column.label, phrases.value_text(column, given), count))
        notes.append(column.description or "")
    st.caption(plain(f"Everything the data holds on this {study.case}, and what each value adds to the answer."))
    show.table(
        pd.DataFrame(rows, columns=["What", "Value", "Counts"]), alt=f"All values of this {study.case}", notes=notes
    )
    del spec
