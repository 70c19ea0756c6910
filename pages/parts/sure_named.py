"""The groups that people kept, on the page on how sure an option is: how often what was stated held in each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st

from explainers import intervals, pick, predict
from explainers.errors import BakeoffError
from explainers.words import named_groups as say
from pages.parts import named

if TYPE_CHECKING:
    from explainers.database import NamedSegment
    from explainers.results import Coverage, Sentence
    from pages.parts.shell import Here


def groups(here: Here, found: Coverage) -> None:
    """List the groups that people kept; nothing where there are none."""
    study = here.study
    if found.method == "none" or not named.groups(here):
        return
    at = np.flatnonzero((study.split == "test").to_numpy() & study.frame[study.target].notna().to_numpy())
    every = pd.DataFrame({"id": study.case_ids[at]})
    st.markdown("##### Groups that people kept")

    def line(group: NamedSegment, inside: Any) -> str:
        del group
        try:
            said = _said(here, found, at[inside])
        except BakeoffError as error:
            return error.message
        return " ".join(s.text for s in said)

    named.listed(here, every, key="sure", line=line, pick=None)


def _said(here: Here, found: Coverage, at: Any) -> tuple[Sentence, ...]:
    study, name, to = here.study, here.candidate.name, here.audience
    n = int(at.size)
    if not study.classes:
        stated = intervals.of_never_seen(study, name, level=found.level)
        if stated is None:
            return say.ranges(0, 0, found.level, study, audience=to)
        rows = pd.Index(stated.index).get_indexer(study.frame.index[at])
        rows, record = rows[rows >= 0], pd.to_numeric(study.frame[study.target], errors="coerce").to_numpy(dtype=float)
        actual = record[at[: rows.size]]
        held = (stated.lower[rows] <= actual) & (actual <= stated.upper[rows])
        return say.ranges(int(rows.size), int(held.sum()), found.level, study, audience=to)
    if study.positive is not None:
        chances = predict.stored(study, name)[study.positive].to_numpy(dtype=float)[at]
        happened = int((study.frame[study.target].iloc[at] == study.positive).sum())
        return say.rates(n, happened, float(chances.sum()), study, audience=to)
    return say.agreeing(n, n - int(pick.wrong(study, name)[at].sum()), study, audience=to)
