"""How answers move with the chosen input, whether that is as expected, and what the expert says to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from explainers import jobs
from explainers.errors import JobCancelled, JobError
from explainers.figures import effects as draw
from explainers.words import amounts
from explainers.words import effects as say
from explainers.words import importance as say_importance
from pages.parts import link, people, show, work
from pages.parts.text import plain, short

if TYPE_CHECKING:
    from explainers.results import Effect, Importance
    from pages.parts.shell import Here


def picker(here: Here, found: Importance) -> str | None:
    """Draw the picker of the input, the strongest first; what it holds is in the address."""
    order = say_importance.ranked(found)
    names = [found.feature_names[i] for i in order]
    names += [n for n in found.feature_names if n not in names]
    if not names:
        return None
    link.only("input", names)
    labels = {n: here.study.dictionary[n].label for n in names}
    chosen = st.selectbox(
        "Input", names, format_func=lambda n: short(labels[n], 60), key="input", help="The strongest come first."
    )
    link.keep("input", chosen)
    return str(chosen)


def ask(here: Here, feature: str, by: str | None = None) -> Effect:
    """Return the curve of an input, from disk where it was worked out before."""
    wanted = {} if by is None else {"by": by}
    job = jobs.submit("effect", study=here.study, candidate=here.candidate.name, feature=feature, **wanted)
    found: Effect = work.result_of(job, doing="Moving this input", height=draw.HEIGHT, key=f"effect_{by is None}")
    return found


def room(here: Here, feature: str | None) -> None:
    """Say the finding, draw the curve over its data, say what was expected, and offer to mark it."""
    if feature is None:
        show.empty("This option is given no input, so nothing moves with it.")
        return
    study = here.study
    try:
        found = ask(here, feature)
    except JobCancelled:
        st.info("This was cancelled. Choose the input again to start anew.")
        return
    except JobError as error:
        st.error(plain(str(error)))
        return
    narrative = say.describe(found, study, audience=here.audience)
    st.subheader(plain(narrative.headline.text), anchor=False)
    figure = draw.draw(
        found, study, title="", alt=say.alt(found, study, audience=here.audience), technical=here.technical
    )
    show.chart(
        figure,
        key="effect",
        caption=" ".join(s.text for s in say.caption(found, study, audience=here.audience)),
        data=_table(here, found),
        technical=here.technical,
    )
    show.sentences(narrative.sentences)
    show.caveats(narrative, key="limits_input")
    _mark(here, feature, found)


def _table(here: Here, found: Effect) -> pd.DataFrame:
    s = say.scale(found, here.study, here.audience)
    values = [str(amounts.value(here.study, found.feature, v)) for v in found.grid]
    answers = [str(s.answer(float(a))) for a in say.curve_of(found)]
    rows = [f"{int(n):,}" for n in found.density]
    return pd.DataFrame(
        {"Value": values, "Average answer": answers, f"{here.study.cases.capitalize()} learned from": rows}
    )


def _mark(here: Here, feature: str, found: Effect) -> None:
    label = here.study.dictionary[feature].label
    with st.popover(
        "Say what you think of this",
        icon=":material/rate_review:",
        key="mark_input",
        on_change="rerun",
        help=plain(f"Mark how the answer moves with “{label}”"),
    ) as box:
        if box.open:
            people.mark_form(
                here,
                key=f"form_{here.candidate.name}_input_{feature}",
                case_id=None,
                case={},
                feature=feature,
                sentence=say.marking(found, here.study, audience=here.audience),
                label=label,
                question="Is this what you would expect?",
            )
