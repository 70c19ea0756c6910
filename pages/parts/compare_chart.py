"""The two charts of the page on which option is worth it: cost against quality, and where the money goes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from explainers.figures import compare as draw
from explainers.words import compare as say_compare
from explainers.words import compare_charts as say
from pages.parts import cached, show
from pages.parts.text import plain

if TYPE_CHECKING:
    from typing import Any

    from explainers.results import Comparison
    from pages.parts.compare_figures import Figures
    from pages.parts.shell import Here


def line(here: Here, found: Comparison, figures: Figures) -> None:
    """Draw what each option costs to have against how good it is."""
    study = here.study
    st.markdown(f"##### {plain(say.title(found, study, audience=here.audience))}", anchors=False)
    show.chart(
        _kept(here, found, figures, "line"),
        key="compare_chart",
        caption=say.caption(found, study, audience=here.audience),
        technical=here.technical,
    )


def money(here: Here, found: Comparison, figures: Figures) -> None:
    """Draw where the money of each option goes, what its answers cost beside it."""
    study = here.study
    st.markdown(f"##### {plain(say.money_title(found, study, audience=here.audience))}", anchors=False)
    show.chart(
        _kept(here, found, figures, "money"),
        key="money_chart",
        caption=say.money_caption(found, study, audience=here.audience),
        technical=here.technical,
    )


def _kept(here: Here, found: Comparison, figures: Figures, which: str) -> Any:
    """Return a figure that is made once for what is on screen: two of them take longer than a moment."""
    study = here.study
    total = sum(o.total for o in found.options)  # what was measured since may have moved the amounts
    about = (study.data_key, study.fingerprint, figures.text, f"{total:.9g}", here.candidate.name, here.audience)
    made = _line if which == "line" else _money
    return cached.once(("compare chart", which, *about), lambda: made(here, found))


def _line(here: Here, found: Comparison) -> Any:
    study = here.study
    return draw.draw(
        found,
        study,
        title="",
        alt=say.alt(found, study, audience=here.audience),
        axis=say.axis(found, study, audience=here.audience),
        factor=say.factor(found, audience=here.audience),
        chosen=here.candidate.name,
        technical=here.technical,
    )


def _money(here: Here, found: Comparison) -> Any:
    """Draw every option, and of those with another cut-off the one that the card speaks of: the table has them all."""
    study = here.study
    spoken = say_compare.spoken_of(found)
    found = replace(found, options=tuple(o for o in found.options if not o.variant or o is spoken))
    alt = say.money_alt(found, study, audience=here.audience)
    return draw.draw_money(found, study, title="", alt=alt, chosen=here.candidate.name, technical=here.technical)
