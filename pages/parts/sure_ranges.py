"""Every range beside what was recorded: a band over the answers of an option for numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from explainers import intervals
from explainers.figures import intervals as draw
from explainers.words import coverage as say
from pages.parts import show
from pages.parts.text import plain

if TYPE_CHECKING:
    from explainers.results import Coverage
    from pages.parts.shell import Here


def room(here: Here, found: Coverage) -> None:
    """Draw the range of each never-seen case beside its record."""
    study = here.study
    stated = intervals.of_never_seen(study, here.candidate.name, level=found.level)
    if stated is None or stated.method == "none" or found.method == "none":
        show.empty(f"Here you would see the range of each of the never-seen {study.cases} beside its record.")
        return
    actual = pd.to_numeric(study.frame.loc[list(stated.index), study.target], errors="coerce").to_numpy(dtype=float)
    title, alt = say.band_title(found, study), say.band_alt(found, study)
    st.markdown(f"##### {plain(title)}")
    figure = draw.band(stated, actual, study, title="", alt=alt)
    drawn, of = figure.layout.meta["drawn"], figure.layout.meta["of"]
    which = f"All {of:,}" if drawn == of else f"{drawn:,} of {of:,}, spread evenly over the answers,"
    caption = f"{which} never-seen {study.cases}: the line is the range, orange diamonds are records outside it."
    data = stated.to_frame().assign(recorded=actual) if here.technical else None
    show.chart(figure, key="ranges_chart", caption=caption, data=data, technical=here.technical)
