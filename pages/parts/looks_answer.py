"""The answer card and the chart of what counts most."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from explainers import jobs
from explainers.figures import importance as draw
from explainers.words import amounts, numbers
from explainers.words import importance as say
from explainers.words.say import whole
from pages.parts import show
from pages.parts.text import plain

if TYPE_CHECKING:
    from explainers.results import Importance, Sentence
    from explainers.study import Study
    from pages.parts.shell import Here


def ask(here: Here) -> jobs.Job:
    """Ask for what counts; it comes from disk where it was worked out before."""
    return jobs.submit("importance", study=here.study, candidate=here.candidate.name)


def rows(here: Here, found: Importance) -> str:
    """Return which rows the page is about, for the caption line."""
    kind = amounts.ROWS.get(found.rows, "possibly seen")
    most = max(found.n_attributed, found.n_shuffled)
    if most == found.population:
        return f"{whole(most)} {kind} {here.study.cases}"
    return f"{whole(most)} of {whole(found.population)} {kind} {here.study.cases}"


def card(here: Here, found: Importance, limits: tuple[Sentence, ...] = ()) -> None:
    """Write the answer card: headline, what it does, chips; the limits stand right below it."""
    narrative = say.describe(found, here.study, audience=here.audience)
    with st.container(border=True, key="answer_card"):
        st.markdown(f"### {plain(narrative.headline.text)}")
        show.sentences(narrative.sentences)
        st.markdown(show.chips(say.chips(found, here.study)))
    show.caveats(replace(narrative, sentences=(), caveats=(*limits, *narrative.caveats)))


def chart(here: Here, found: Importance, chosen: str | None) -> None:
    """Draw a bar for each input that counts, with what is not drawn said below."""
    study = here.study
    order = say.ranked(found)
    if not order:
        show.empty("Here you would see what counts most. No input counts in this option.")
        return
    st.subheader(plain(say.spread(found, study)), anchor=False)
    figure = draw.draw(
        found,
        study,
        title="",
        alt=say.alt(found, study, audience=here.audience),
        chosen=chosen or "",
        technical=here.technical,
        texts={}
        if found.unit == "probability"
        else {r.feature: _bare(r.amount, study) for r in say.table(found, study, audience=here.audience)},
    )
    hidden = len(order) - draw.MOST
    weaker = "1 weaker input is" if hidden == 1 else f"{hidden} weaker inputs are"
    more = f" {weaker} in the tab “Every input”." if hidden > 0 else ""
    note = "Lines show how far each figure could be off."
    show.chart(
        figure,
        key="importance",
        caption=f"{say.method(found, study, audience=here.audience)[1].text} {note}{more}",
        data=table(here, found),
        technical=here.technical,
    )


def _bare(amount: str, study: Study) -> str:
    """Return an amount without its range and unit: the axis has the unit, and a phone no room for it at each bar."""
    unit = numbers.target_unit(study) or ""
    bare = amount.partition(" (")[0]
    return bare.removesuffix(f" {unit}").removesuffix(f" {unit.removesuffix('s')}") if unit else bare


def table(here: Here, found: Importance) -> pd.DataFrame:
    """Return every input as a table of text, the strongest first."""
    rows_ = say.table(found, here.study, audience=here.audience)
    return pd.DataFrame(
        [(r.label + (" (protected)" if r.protected else ""), r.amount, r.share, r.shuffled) for r in rows_],
        columns=["Input", "Moves an answer by", "Share of the whole", "With it shuffled"],
    )
