"""The other rooms of the page on where an option is wrong: how far off it is, what to check, how it was worked out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from explainers import jobs
from explainers.figures import diagnostics as draw_checks
from explainers.figures import residuals as draw
from explainers.words import diagnostics as say_checks
from explainers.words import residuals as say
from pages.parts import show, work
from pages.parts.text import plain

if TYPE_CHECKING:
    from explainers.results import Binned, Diagnostic, Spread
    from pages.parts.shell import Here

LOOKS = {
    "problem": ("orange", ":material/priority_high:"),
    "caution": ("blue", ":material/visibility:"),
    "ok": ("gray", ":material/check:"),
    "not applicable": ("gray", ":material/remove:"),
    "skipped": ("gray", ":material/remove:"),
}


def spread(here: Here, found: Binned) -> None:
    """Say and draw how far off the option is over all, and whether the largest distances are out of the ordinary."""
    study = here.study
    if not found.n_rows:
        show.empty(f"Here you would see how far off the option is on never-seen {study.cases}.")
        return
    result = _spread(here)
    left, right = st.columns([1, 1], gap="large")
    narrative, title = (
        say.describe(result, study, audience=here.audience),
        say.title(result, study, audience=here.audience),
    )
    with left:
        show.narrative(narrative)
    with right:
        if title != narrative.headline.text.removesuffix("."):
            st.markdown(f"##### {plain(title)}")
        alt = say.alt(result, study, audience=here.audience)
        figure = draw.draw_spread(
            result, study, title="", alt=alt, technical=here.technical, kinds=say.kinds(result, study)
        )
        data = result.to_frame() if here.technical else None
        caption = say.spread_caption(result)
        show.chart(figure, key="spread_chart", caption=caption, data=data, technical=here.technical)
        if here.technical:
            figure = draw.draw_qq(result, study, title="", alt=say.qq_alt(result, study, audience=here.audience))
            st.markdown(f"##### {plain(say.qq_title(result, study, audience=here.audience))}")
            show.chart(figure, key="qq_chart", technical=True)


def _spread(here: Here) -> Spread:
    key = ("spread", here.study.data_key, here.study.fingerprint, here.candidate.key)
    found: Spread = work.kept_result(
        key,
        lambda: jobs.submit("distribution", study=here.study, candidate=here.candidate.name),
        doing="Counting how far off it is",
        height=300,
        key="spread",
    )
    return found


def checks(here: Here, found: Binned) -> None:
    """Say what tests of the option found: what it means for a decision, what to do, and what that would mend."""
    del found
    study = here.study
    job = jobs.submit("diagnose", study=study, candidate=here.candidate.name)
    result: tuple[Diagnostic, ...] = work.result_of(job, doing="Testing what it is off by", height=320, key="diagnose")
    narrative = say_checks.describe(result, study, audience=here.audience)
    st.markdown(f"##### {plain(narrative.headline.text)}")
    show.caveats(narrative, key="limits_checks")
    every = say_checks.rows(result, study, audience=here.audience)
    first = {d.code for d in say_checks.shown(result)}  # the headline counts these: one for each kind of fault
    told = [row for row in every if row.code in first]
    tried: set[str] = set()
    left, right = st.columns([3, 2], gap="large")
    with left:
        for at, row in enumerate(told):
            _check(row, at, tried)
        rest = [row for row in every if row.code not in first]
        if rest:
            words = f"{len(rest)} others: more of the same kind, nothing found, or not applicable"
            with st.expander(words, on_change="rerun", key="checks_rest") as box:
                if box.open:
                    for at, row in enumerate(rest, len(told)):
                        _check(row, at, tried)
    with right:
        _sizes(here, result)


def _sizes(here: Here, result: tuple[Diagnostic, ...]) -> None:
    """Draw how large each fault is beside the size from which it counts."""
    study, drawn = here.study, draw_checks.drawn(result)
    if not drawn:
        return
    hover = say_checks.sizes_hover(drawn, study)
    figure = draw_checks.draw(
        result,
        title="",
        alt=say_checks.sizes_alt(drawn, study),
        labels=say_checks.sizes_labels(drawn, study),
        hover=hover,
        axis=say_checks.AXIS,
        counts=say_checks.COUNTS,
    )
    st.markdown(f"##### {plain(say_checks.sizes_title(drawn))}")
    data = pd.DataFrame([(d.title, d.effect_name, d.effect, d.threshold, d.problem_from, d.n) for d in drawn])
    data.columns = ["What", "Size", "Here", "Counts from", "Matters from", here.study.cases.capitalize()]
    show.chart(
        figure,
        key="checks_chart",
        caption=say_checks.sizes_caption(drawn),
        data=data if here.technical else None,
        technical=here.technical,
    )


def _check(row: say_checks.Row, at: int, tried: set[str]) -> None:
    """Draw one test: what it found, what that means, what to do, and what never-seen rows say of it."""
    colour, icon = LOOKS[row.status]
    with st.container(border=True, key=f"check_{at}"):
        st.markdown(f"**{plain(row.title)}** :{colour}-badge[{icon} {plain(row.short)}]")
        st.markdown(plain(row.found))
        check = "" if row.check in tried else row.check  # one change may mend several: it is told once
        tried.add(row.check)
        for words, text in (("What it means", row.meaning), ("What to do", row.remedy), ("Tried", check)):
            if text:
                st.markdown(f"**{words}:** {plain(text)}")


def method(here: Here, found: Binned) -> None:
    """Say which rows were looked at and how."""
    narrative = say.describe(found, here.study, audience=here.audience)
    said = [s for s in narrative.sentences if s.kind == "method"]
    show.listed([*said, *say.caption(found, here.study, audience=here.audience), *narrative.caveats])
