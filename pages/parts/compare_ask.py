"""Ask for the comparison of all options: at once where every two were set against each other, else by the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from explainers import compare, costs, jobs
from pages.parts import cached, work

if TYPE_CHECKING:
    from explainers.results import Comparison
    from pages.parts.compare_figures import Figures
    from pages.parts.shell import Here


def comparison(here: Here, figures: Figures) -> Comparison:
    """Return the comparison with the figures on screen; every change of a figure asks again.

    Raises
    ------
    JobCancelled
        Somebody cancelled it.
    JobError
        It failed; the message says why.
    """
    study, made = here.study, figures.assumptions
    ready = [n for n, c in study.candidates.items() if c.built and not c.failure]
    # What an option takes may have been measured since: amounts follow.
    taken = [costs.known(study, n) for n in ready]
    measured = [f"{n}{'' if c is None else f'{c.source}{c.measured_on}'}" for n, c in zip(ready, taken, strict=True)]
    who = made.confirmed_by, made.confirmed_on
    key = ("comparison", study.data_key, study.fingerprint, study.title, figures.text, *who, *measured)
    place = st.container()  # also where nothing is waited for: what follows stays where it stands
    known: Comparison | None = cached.known(key)
    if known is not None:
        return known
    if not compare.ready(study, ready):
        job = jobs.submit("compare", study=study)
        with place:
            work.result_of(job, doing="Setting every option against the others", height=420, key="compare")
    return cached.once(key, lambda: compare.comparison(study, made, variants=True))
