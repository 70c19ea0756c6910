"""The groups by which the page shows how often what was stated held: the usual ones, or those of one column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from explainers.errors import JobCancelled, JobError
from explainers.figures import intervals as draw
from explainers.words import coverage as say
from pages.parts import link, show, sure, sure_named, work
from pages.parts.text import plain, short

if TYPE_CHECKING:
    from explainers.results import Coverage
    from explainers.study import Study
    from pages.parts.shell import Here

USUAL = "every_group"


def choices(study: Study, found: Coverage) -> dict[str, str]:
    """Return what the groups can be made of: its name in the link and the words for it."""
    known = {USUAL: "Every group", "prediction": "Its score" if study.classes else "Its answer"}
    if "outcome" in found.feature:
        known["outcome"] = "What was recorded"
    if "time" in found.feature:
        times = study.dictionary.names("time")
        known["time"] = study.dictionary[times[0]].label if times else "Time"
    for name in study.inputs:
        known.setdefault(name, study.dictionary[name].label)
    return known


def picker(here: Here, found: Coverage) -> str:
    """Draw the control that says by which groups it is shown, and return what was picked."""
    known = choices(here.study, found)
    names = list(known)
    link.only("by", names)
    st.selectbox(
        "Shown by",
        names,
        index=link.place("by", names),
        format_func=lambda name: short(known[name], 60),
        key="by",
        persist_state="session",
        help="Does what was stated hold alike in every group? Numbers are cut into five groups of about equal size.",
    )
    link.keep("by", st.session_state["by"])
    return str(st.session_state["by"])


def segments(here: Here, found: Coverage) -> Coverage:
    """Draw how often what was stated held, group by group, and return the groups that are on screen."""
    if found.method == "none":
        show.empty("Here you would see, group by group, how often what was stated held.")
        return found
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with right:
        by = picker(here, found)
    shown = _of(here, found, by)
    study = here.study
    places, labels = say.chart_rows(shown, study)
    title, alt = say.title(shown, study), say.alt(shown, study)
    with left:
        st.markdown(f"### {plain(title)}", anchors=False)
    figure = draw.draw(shown, study, title="", alt=alt, labels=labels, segments=places)
    note = "Lines show how far each figure could be off."
    if shown.kind == "rates":
        note = "Grey bars are what was stated, dots what was counted; lines show how far a count could be off."
    seen = {shown.verdict[k] for k in places}
    note += " Open dots: too few to tell." if "cannot tell" in seen else ""
    note += " Diamonds: fell short." if "short" in seen else ""
    show.chart(figure, key="coverage_chart", caption=note, technical=here.technical)
    if by != USUAL:
        show.sentences(say.picked(shown, study, audience=here.audience))
    return shown


def _of(here: Here, found: Coverage, by: str) -> Coverage:
    """Return how often it held by the picked groups; by the usual ones where that cannot be had."""
    if by == USUAL:
        return found
    try:
        shown: Coverage = work.result_of(
            sure.ask_coverage(here, found.level, by), doing="Counting group by group", height=300, key="coverage_by"
        )
    except JobCancelled:
        st.info("This was cancelled. Every group is shown instead.")
        return found
    except JobError as error:
        st.error(plain(str(error)))
        return found
    return shown


def table(here: Here, found: Coverage) -> None:
    """List the groups on screen with their counts, small ones too."""
    listed = say.table(found, here.study, audience=here.audience)
    if not listed:
        show.empty("Here you would see every group with how often ranges held in it.")
        return
    wide = {"ranges": "Typical width", "rates": "Average width", "sets": "Left open, on average"}[found.kind]
    what = "Happened" if found.kind == "rates" else "Held"
    data = pd.DataFrame(
        [(r.name, f"{r.held} ({r.between})", r.width) for r in listed], columns=["Group", f"{what} (could be)", wide]
    )
    notes = [f"{r.n:,} {here.study.case if r.n == 1 else here.study.cases}, {r.verdict}" for r in listed]
    # More columns would have to be scrolled on a phone.
    show.table(data, alt="Every group with how often ranges held", notes=notes)
    sure_named.groups(here, found)
