"""The tabs: the whole of an option, what counts together, every input, what people said, how it was worked out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from explainers import database, jobs
from explainers.errors import DatabaseError
from explainers.figures import effects as draw_effect
from explainers.figures import interactions as draw_pairs
from explainers.words import amounts
from explainers.words import effects as say_effect
from explainers.words import formula as say_formula
from explainers.words import importance as say
from explainers.words import interactions as say_pairs
from explainers.words import levels as say_levels
from explainers.words import whole as say_whole
from pages.parts import looks_answer, looks_effect, show, work
from pages.parts.text import plain, strong

if TYPE_CHECKING:
    from explainers.results import Importance, Interactions, Whole
    from pages.parts.shell import Here


def whole(here: Here, found: Importance, chosen: str | None) -> None:
    """Show all of the option where that can be shown: table, questions, formula or weights."""
    del found, chosen
    study = here.study
    job = jobs.submit("whole", study=here.study, candidate=here.candidate.name)
    result: Whole = work.result_of(job, doing="Listing the whole of it", height=200, key="whole")
    said = say_whole.describe(result, study, audience=here.audience)
    st.markdown(f"##### {plain(said.headline.text)}")
    show.caveats(said, key="limits_whole")
    elastic = say_formula.describe(study, candidate=here.candidate.name, audience=here.audience)
    if elastic is not None:
        show.sentences([elastic.headline, *elastic.sentences])
    show.sentences(say_whole.meant(result, study, audience=here.audience))
    if result.kind == "table":
        header, rows = say_whole.table(result, study, audience=here.audience)
        show.table(pd.DataFrame(rows, columns=list(_apart(header))), alt="Every row of the table that it goes by")
    folds = say_levels.folded(result, study, audience=here.audience)
    lines = say_whole.lines(result, study, audience=here.audience, without=[f.feature for f in folds])
    if lines:
        least = min(line.depth for line in lines)
        st.markdown("\n".join("    " * (line.depth - least) + "- " + plain(line.sentence.text) for line in lines))
    for fold in folds:
        show.listed([fold.sentence])
        with st.expander(plain(f"All of “{fold.label}”"), key=f"fold_{fold.label}", on_change="rerun") as box:
            if box.open:
                show.table(pd.DataFrame(fold.rows, columns=list(fold.header)), alt=f"All weights of “{fold.label}”")
    if here.technical and result.coefficients is not None:
        st.markdown("##### Coefficients")
        st.code(result.formula, language=None, wrap_lines=True)
        st.dataframe(result.coefficients, hide_index=True, alt="Every coefficient with its error and range")
    show.sentences(say_whole.method(result, study), small=True)


def _apart(header: tuple[str, ...]) -> list[str]:
    """Return column names that differ from each other."""
    out: list[str] = []
    for name in header:
        out.append(name if name not in out else f"{name} ({out.count(name) + 1})")
    return out


def together(here: Here, found: Importance, chosen: str | None) -> None:
    """Say which pairs count together, draw them, and separate the curve of the strongest by its partner."""
    del found, chosen
    study = here.study
    job = jobs.submit("interactions", study=here.study, candidate=here.candidate.name)
    result: Interactions = work.result_of(job, doing="Trying pairs of inputs", height=300, key="pairs")
    said = say_pairs.describe(result, study, audience=here.audience)
    st.markdown(f"##### {plain(said.headline.text)}")
    show.sentences(said.sentences)
    if not result.pairs:
        return
    left, right = st.columns([1, 1], gap="large")
    with left:
        alt = say_pairs.alt(result, study, audience=here.audience)
        figure = draw_pairs.draw(result, study, title="", alt=alt, technical=here.technical)
        rows = say_pairs.method(result, study, audience=here.audience)[-1].text
        show.chart(figure, key="pairs", caption=rows, data=_pairs(here, result), technical=here.technical)
    first = result.pairs[0]
    if not first.stands_out:
        return
    with right:
        curve = looks_effect.ask(here, first.a, by=first.b)
        by = say_effect.describe(curve, study, audience=here.audience)
        said_by = [s for s in by.sentences if "group" in s.facts]
        show.sentences(said_by)
        names = tuple(say_effect.group_name(curve, study, g) for g in range(len(curve.groups)))
        alt = say_effect.alt(curve, study, audience=here.audience)
        figure = draw_effect.draw(curve, study, title="", alt=alt, names=names, technical=here.technical)
        caption = say_effect.caption(curve, study, audience=here.audience)
        show.chart(figure, key="effect_by", caption=" ".join(s.text for s in caption), technical=here.technical)


def _pairs(here: Here, result: Interactions) -> pd.DataFrame:
    s = say_pairs.scale(result, here.study, here.audience)
    rows = [
        (
            say_pairs.pair_name(p, here.study),
            str(s.size(p.size)),
            str(amounts.between(s, p.lower, p.upper)),
            "yes" if p.stands_out else "no",
        )
        for p in result.pairs
    ]
    return pd.DataFrame(rows, columns=["Pair", "Beyond each alone", "Could be", "Stands out"])


def inputs(here: Here, found: Importance, chosen: str | None) -> None:
    """List every input with both measures."""
    del chosen
    st.caption(
        plain("Everything the option is given: how much it moves answers, and what is lost when it is shuffled.")
    )
    show.table(looks_answer.table(here, found), alt="Every input with both measures")


def said(here: Here, found: Importance, chosen: str | None) -> None:
    """List what people said of the inputs of this option, the chosen input first."""
    del found
    try:
        every = database.marks(here.study.name, candidate=here.candidate.name)
    except DatabaseError as error:
        st.warning(plain(error.message))
        return
    about = [m for m in every if m.case_id is None and m.feature in here.study.dictionary]
    if not about:
        show.empty("Nobody has said anything yet. Mark how the answer moves with an input above; it is listed here.")
        return
    counts = {m: sum(x.mark == m for x in about) for m in ("makes sense", "odd", "wrong")}
    st.caption(plain(", ".join(f"{n} times “{m}”" for m, n in counts.items() if n)))
    for mark in sorted(about, key=lambda m: (m.feature != chosen, -m.id)):
        with st.container(border=True, gap="xsmall"):
            label = here.study.dictionary[mark.feature].label
            st.markdown(f"{strong(label)} · {plain(mark.mark)} · {plain(mark.author)}, {mark.created_at:%d %B %Y}")
            st.caption(plain(mark.reason))
            if mark.comment:
                st.markdown(plain(mark.comment))


def method(here: Here, found: Importance, chosen: str | None) -> None:
    """Say how everything on the page was worked out."""
    study = here.study
    lines = [*say.method(found, study, audience=here.audience)]
    if chosen is not None:
        lines += say_effect.method(looks_effect.ask(here, chosen), study, audience=here.audience)
    show.listed(lines)
    if here.technical:
        st.markdown("##### Every figure")
        frame = found.to_frame()
        frame["feature"] = [study.dictionary[n].label if n in study.dictionary else n for n in frame["feature"]]
        st.dataframe(frame, hide_index=True, alt="Both measures with their ranges")
