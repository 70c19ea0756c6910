"""Similar past cases and what became of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from explainers import similar as compute
from explainers.errors import BakeoffError
from explainers.figures import dots
from explainers.words import phrases
from explainers.words import similar as say
from pages.parts import show

if TYPE_CHECKING:
    from explainers.results import Explanation, Similar
    from pages.parts.pickers import Chosen
    from pages.parts.shell import Here

LISTED = 10


def similar(here: Here, chosen: Chosen) -> Similar | None:
    """Return the similar past cases; None where nothing can be searched."""
    try:
        return compute.similar(here.study, chosen.row, candidate=here.candidate.name)
    except BakeoffError:
        return None


def room(here: Here, chosen: Chosen, explanation: Explanation, spec: dict[str, Any], *, found: Similar | None) -> None:
    """Say what became of similar past cases; behind one click show them as dots and list the nearest."""
    if found is None or found.rows.empty:
        show.empty(f"There are no past {here.study.cases} to compare with.")
        return
    study = here.study
    said = say.describe(found, study, audience=here.audience)
    show.narrative(replace(said, caveats=()))  # the limits stand below the answer
    shown = min(LISTED, len(found.rows))
    # First in its row of tabs: what is not asked for is not drawn at every picked case.
    words = f"The {shown} nearest, side by side with this one"
    with st.expander(words, key="similar_rows", on_change="rerun") as box:
        if box.open:
            _nearest(here, chosen, explanation, found)
    del spec


def _nearest(here: Here, chosen: Chosen, explanation: Explanation, found: Similar) -> None:
    """Count the outcomes of the similar cases in dots, and list the nearest beside this one."""
    study = here.study
    if study.task == "classification":
        focus = explanation.outcome[0]
        count = sum(o == focus for o in found.outcomes)
        past = f"past {study.cases} that were {phrases.outcome(study, focus)}"
        alt = f"{count} of {len(found.outcomes)} dots are filled: {past}."
        st.image(dots.draw(count, len(found.outcomes), alt=alt, per_row=10), alt=alt)
    names = [*found.feature_names]
    target = study.dictionary[study.target]
    rows = found.rows.head(LISTED)
    ids = study.case_ids[study.frame.index.get_indexer_for(rows.index)[: len(rows)]]
    columns: dict[str, list[str]] = {study.case.capitalize(): [str(i) for i in ids]}
    columns[target.label] = [phrases.value_text(target, v) for v in rows[study.target]]
    for name in names:
        columns[study.dictionary[name].label] = [phrases.value_text(study.dictionary[name], v) for v in rows[name]]
    this = [f"{chosen.id} (this one)", "" if chosen.record is None else phrases.value_text(target, chosen.record)]
    this += [phrases.value_text(study.dictionary[n], chosen.row[n].iloc[0]) for n in names]
    shown = pd.DataFrame(columns)
    shown.loc[-1] = this
    shown = shown.sort_index().set_index(study.case.capitalize()).T.reset_index(names="What")
    alt = f"The nearest past {study.cases}, the first column is this one"
    show.wide(shown, alt=alt)
