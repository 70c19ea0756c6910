"""The answer card of the page on which option is worth it: what costs least, what it costs, what the best one buys."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from explainers.words import compare as say
from explainers.words import money as say_money
from explainers.words.say import plural, whole
from pages.parts import compare_scenarios, show, terms, work
from pages.parts.text import plain, short

if TYPE_CHECKING:
    from explainers.results import Comparison, Narrative, Sentence
    from pages.parts.compare_figures import Figures
    from pages.parts.shell import Here

ON_CARD = 2


def rows(here: Here, found: Comparison) -> str:
    """Return which rows the page is about, for the caption line."""
    study, n = here.study, found.n
    options = sum(not o.variant for o in found.options)
    some = f"{options} {plural(options, 'option', 'options')}" if not here.technical else f"{options} models"
    if not n:
        return f"{some}, no never-seen {study.cases}"
    return f"{some} on {whole(n)} {say.ROWS.get(found.rows, found.rows)} {plural(n, study.case, study.cases)}"


def card(here: Here, found: Comparison, figures: Figures, said: Narrative) -> None:
    """Write the answer card: headline, one line of what that saves, and whose figures these are."""
    body = lead(said)
    with st.container(border=True, key="answer_card"):
        parts = [f"### {plain(said.headline.text)}", terms.paragraph(body)]
        parts.append(" ".join(f":gray-badge[{plain(text)}]" for text in _chips(here, found, figures)))
        st.markdown("\n\n".join(p for p in parts if p), anchors=False)
    waiting = len(work.unbuilt(here.study))
    if waiting:
        st.caption(
            f"{waiting} {plural(waiting, 'option is', 'options are')} still being prepared and not counted here."
        )
    # Whose figures these are stands on a chip, and in full where they can be changed.
    assumed = {s.text for s in say_money.assumed(found.assumptions)}
    show.caveats(replace(said, caveats=tuple(s for s in said.caveats if s.text not in assumed)))


def lead(said: Narrative) -> list[Sentence]:
    """Return the sentences that stand on the card; a tab below says all of them."""
    every = [s for s in said.sentences if s.kind != "method"]
    at = ON_CARD
    while at < len(every) and every[at].kind == "caveat":  # it limits the sentence before it
        at += 1
    return every[:at]


def _chips(here: Here, found: Comparison, figures: Figures) -> list[str]:
    chips = [short(compare_scenarios.standing(figures), 70)]
    if figures.scenario is not None:
        chips.append(short(f"scenario: {figures.scenario.name}", 60))
    elif figures.text and not figures.assumptions.confirmed_by:
        chips.append("figures changed, not kept yet")
    if found.moves_most:
        chips.append(short(f"moves it most: {say_money.label(found.assumptions, found.moves_most).text}", 80))
    del here
    return [text[:1].upper() + text[1:] for text in chips][:3]
