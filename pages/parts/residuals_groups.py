"""In which groups an option is most wrong: those that were found, two columns at a time, and those that people kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from explainers import jobs, pick
from explainers.errors import BakeoffError
from explainers.figures import worst as draw
from explainers.words import picked as say_picked
from explainers.words import where as say_where
from explainers.words import worst as say
from explainers.words import worst_cells as say_cells
from pages.parts import named, residuals_answer, residuals_pick, show, work
from pages.parts.text import plain, short

if TYPE_CHECKING:
    from explainers.database import NamedSegment
    from explainers.results import Binned, Cells, Segments
    from pages.parts.shell import Here

MANY = 12


def room(here: Here, found: Binned) -> None:
    """Say and draw in which groups it is most wrong; each can be put on screen."""
    study = here.study
    if not found.n_rows:
        show.empty(f"Here you would see in which groups of {study.cases} the option is most wrong.")
        return
    job = residuals_answer.ask(here)
    if job is None:
        work.cancelled("The search for groups", key="segments_again", again=residuals_answer.again)
        return
    segments: Segments = work.result_of(job, doing="Looking everywhere for groups", height=300, key="segments")
    narrative = say.describe(segments, study, audience=here.audience)
    left, right = st.columns([1, 1], gap="large")
    with left:
        if found.zoom:  # the card is about the region then, else it says this and its limits
            st.markdown(f"##### {plain(narrative.headline.text)}")
            show.caveats(narrative, key="limits_groups")
        said = [] if found.zoom else residuals_answer.on_card(narrative)
        rest = [s for s in narrative.sentences if all(s is not other for other in said)]
        if said:  # what follows says "there" of this group
            st.markdown(f"**{plain(say_where.short(segments.segments[0].conditions, study))}**")
        show.sentences(s for s in rest if s.kind != "method")
        show.sentences((s for s in rest if s.kind == "method"), small=True)
        _buttons(here, segments)
    with right:
        if segments.segments:
            st.markdown(f"##### {plain(say.title(segments, study))}")
            figure = draw.draw(
                segments,
                title="",
                alt=say.alt(segments, study),
                labels=say.labels(segments, study),
                axis=say.axis(segments, study),
            )
            caption = "Orange diamonds stand out; grey rings may be chance. Lines show how far each could be off."
            show.chart(
                figure, key="segments_chart", caption=caption, data=_listed(here, segments), technical=here.technical
            )
    _two(here)


def _listed(here: Here, segments: Segments) -> pd.DataFrame:
    """Return the groups as a table."""
    rows = say.table(segments, here.study, audience=here.audience)
    names = ("Group", here.study.cases.capitalize(), "Off by", "Could be", "Elsewhere", "Of all that is off", "Says")
    return pd.DataFrame(
        [(r.name, f"{r.n:,}", r.error, r.between, r.elsewhere, r.share_of_errors, r.verdict) for r in rows],
        columns=list(names),
    )


def _buttons(here: Here, segments: Segments) -> None:
    """Offer to pick the cases of each group that was found, under its name, which no button has room for."""
    cases = here.study.cases
    for at, segment in enumerate(segments.segments):
        with st.container(gap="xxsmall", key=f"segment_row_{at}"):
            st.markdown(plain(say_where.short(segment.conditions, here.study)))
            st.button(
                plain(f"Show these {segment.n:,} {cases}"),
                icon=":material/ads_click:",
                key=f"segment_{at}",
                type="tertiary",
                on_click=residuals_pick.put_segment,
                args=(f"{residuals_pick.FOUND}{at}",),
            )


def _two(here: Here) -> None:
    """Draw how wrong it is in each cell of two columns that the reader chooses."""
    study = here.study
    every = [n for n in study.inputs if n in study.frame.columns]
    # Columns of many levels come last: most of their cells would hold too few rows.
    names = sorted(every, key=lambda n: study.frame[n].dtype.kind not in "iufb" and study.frame[n].nunique() > MANY)
    if len(names) < 2:
        return
    st.markdown("##### Two things at a time")
    with st.container(horizontal=True, vertical_alignment="bottom", key="cells_controls"):
        a = _column(here, "Down the side", names, "cells_a", 0)
        b = _column(here, "Along the foot", names, "cells_b", 1)
    if a == b:
        st.caption("Choose two different ones.")
        return
    job = jobs.submit("cells", study=study, candidate=here.candidate.name, a=a, b=b)
    cells: Cells = work.result_of(job, doing="Counting cell by cell", height=300, key="cells")
    narrative = say_cells.describe(cells, study, audience=here.audience)
    show.narrative(narrative)
    figure = draw.draw_cells(
        cells,
        title="",
        alt=say_cells.alt(cells, study),
        rows=say_where.cell_labels(cells.groups_a, study),
        columns=say_where.cell_labels(cells.groups_b, study),
        names=(study.dictionary[a].label, study.dictionary[b].label),
        axis=say.axis(cells, study),
    )
    show.chart(figure, key="cells_chart", data=cells.to_frame() if here.technical else None, technical=here.technical)


def _column(here: Here, label: str, names: list[str], key: str, usual: int) -> str:
    if st.session_state.get(key) not in names:
        st.session_state.pop(key, None)
    picked = st.selectbox(
        label,
        names,
        index=usual,
        format_func=lambda n: short(here.study.dictionary[n].label, 60),
        key=key,
        persist_state="session",
        width=260,
    )
    return str(picked)


def kept(here: Here, found: Binned) -> None:
    """List the groups that people named, with how far off the option is in each."""
    del found
    study = here.study
    every = residuals_pick.rows(here)
    apart = pick.wrong(study, here.candidate.name) if study.classes else None

    def line(group: NamedSegment, inside: Any) -> str:
        del group
        chosen: pd.DataFrame = every[inside]
        differs = None
        if apart is not None:
            among = study.case_ids.get_indexer(pd.Index(every["id"].astype(str)))
            differs = int(apart[among][inside].sum()), int(apart[among].sum())
        said = say_picked.describe(
            chosen, every, study, differs=differs, rows=residuals_pick.history(every), audience=here.audience
        )
        return " ".join(s.text for s in said)

    try:
        there = named.listed(here, every, key="residuals", line=line, pick=residuals_pick.put_segment)
    except BakeoffError as error:
        st.warning(plain(error.message))
        return
    if not there:
        show.empty(
            f"Nobody has kept a group yet. Pick some {study.cases} on the chart, read what they have in common, and "
            "keep them under a name. They are then offered here and on the page on how sure an option is."
        )
