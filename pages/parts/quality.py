"""How good every option is, drawn beside no model: the same picture wherever it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from explainers.figures import quality as draw
from explainers.words import quality as say
from pages.parts import show
from pages.parts.text import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from explainers.results import Judgement
    from pages.parts.shell import Here


def beside(here: Here, every: Mapping[str, Judgement]) -> None:
    """Draw the measure that decides for every option, with what follows as its title.

    Parameters
    ----------
    here : Here
    every : mapping of str to Judgement
        Verdicts by candidate name.
    """
    study = here.study
    st.markdown(f"##### {plain(say.title(every, study, audience=here.audience))}")
    figure = draw.draw(
        every,
        study,
        title="",
        alt=say.alt(every, study, audience=here.audience),
        axis=say.axis(every, study, audience=here.audience),
        chosen=here.candidate.name,
        factor=say.factor(every, audience=here.audience),
        technical=here.technical,
    )
    show.chart(figure, key="quality", caption=say.caption(every), technical=here.technical)
