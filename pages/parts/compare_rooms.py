"""The tabs of the page on which option is worth it: every option, break-even, cut-off, more data, the method."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from explainers import costs, jobs
from explainers.errors import BakeoffError
from explainers.figures import compare as draw
from explainers.figures import growth as draw_growth
from explainers.results import VARIANTS, AnswersByCost, ThresholdChoice
from explainers.words import cheapest as say_cheapest
from explainers.words import compare as say
from explainers.words import compare_charts as say_charts
from explainers.words import costs as say_costs
from explainers.words import cutting as say_cut
from explainers.words import growth as say_growth
from explainers.words import money as say_money
from explainers.words import numbers, turning
from explainers.words.say import capital
from pages.parts import compare_answer, show, work
from pages.parts.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from explainers.results import BreakEven, Comparison, Growth, OptionRow
    from explainers.study import Candidate
    from pages.parts.compare_figures import Figures
    from pages.parts.shell import Here


# -- every option --------------------------------------------------------------------------------------------------
def options(here: Here, found: Comparison, figures: Figures) -> None:
    """Say all that follows from the comparison, and set the options side by side in a table."""
    del figures
    study = here.study
    said = say.describe(found, study, audience=here.audience)
    told = {s.text for s in compare_answer.lead(said)}
    rest = [s for s in said.sentences if s.text not in told and s.kind != "method"]
    show.listed(rest)
    show.wide(_table(here, found), alt="Every option: what it costs, how good it is, what its answers cost")
    st.caption(plain(f"Amounts are a month's. {' '.join(s.text for s in said.sentences if s.kind == 'method')}"))
    mine = next((o for o in found.options if o.candidate == here.candidate.name and not o.variant), None)
    if mine is None:
        return
    st.markdown(f"##### {plain(_own(here, here.candidate))}")
    left, right = st.columns([1, 1], gap="large")
    with left:
        show.narrative(say_money.describe(mine, found, study, audience=here.audience), heading=False)
    with right:
        cost = costs.known(study, mine.candidate)
        show.narrative(say_costs.describe_cost(cost, study, mine.candidate, audience=here.audience), heading=False)


def _own(here: Here, mine: Candidate) -> str:
    name = mine.technical if here.technical and mine.technical else mine.label
    return f"The {'model' if here.technical else 'option'} on screen: {name}"


def _label(here: Here, row: OptionRow) -> str:
    candidate = here.study.candidates.get(row.candidate)
    name = candidate.technical if here.technical and candidate is not None and candidate.technical else ""
    if not name:
        return row.label
    return f"{name}, {VARIANTS.get(row.variant, row.variant)}" if row.variant else name


def _table(here: Here, found: Comparison) -> pd.DataFrame:
    """Return every option with cost, quality, both kinds of error, time to production and kind of reasons."""
    currency, times = found.assumptions.currency, say_charts.factor(found, audience=here.audience)
    digits = _digits(found, times)
    whole = {o.candidate: o for o in found.options if not o.variant}
    several = any(o.variant for o in found.options)
    rows = []
    for o in found.options:
        row = {
            "Model" if here.technical else "Option": _label(here, whole.get(o.candidate, o)),
            # A name and its way to answer do not fit one column: two options would be cut to the same text.
            **({"Answers": VARIANTS.get(o.variant, o.variant) if o.variant else "as now"} if several else {}),
            "To have it": say_money.amount(o.cost, currency).text,
            _measure(here, found): _figure(o, times, digits) if not o.variant else "",
        }
        if o.finds is not None and o.misses is not None and o.false_alarms is not None:
            row["Finds"] = f"{o.finds:,} of {o.finds + o.misses:,}"
            row["Flags others"] = f"{o.false_alarms:,} of {found.n - o.finds - o.misses:,}"
        row |= {
            "Working days": f"{max(1, math.ceil(o.time_to_production_days)):,}",
            "Its reasons": say.EXPLAINED[o.explainability],
            "Answers that differ": say_money.amount(o.wrong, currency).text,
            "In all": say_money.amount(o.total, currency).text
            + say_money.bracket((o.total_lower, o.total_upper), currency).text,
            "Beside no model": say.PAYS[o.pays],
            "Beside cheaper ones": _standing(here, whole[o.candidate]) if not o.variant else _cut(found, o),
        }
        rows.append(row)
    return pd.DataFrame(rows)


def _measure(here: Here, found: Comparison) -> str:
    return capital(say_charts.axis(found, here.study, audience=here.audience))


def _figure(o: OptionRow, times: float, digits: int) -> str:
    if o.value is None:
        return "not known"
    text = numbers.decimal(times * o.value, digits)
    if o.lower is None or o.upper is None or o.lower == o.upper:
        return text
    return f"{text} ({numbers.decimal(times * o.lower, digits)} to {numbers.decimal(times * o.upper, digits)})"


def _digits(found: Comparison, times: float) -> int:
    """Return the decimals of the column: of three figures, the same in every row."""
    largest = max((abs(times * o.value) for o in found.options if o.value is not None), default=1.0)
    return 0 if largest >= 100 else 1 if largest >= 10 else 3 if largest < 1 else 2


def _standing(here: Here, o: OptionRow) -> str:
    if o.cannot_tell_from and o.cannot_tell_from in here.study.candidates:
        return f"cannot be told from “{here.study.candidates[o.cannot_tell_from].label}”"
    return o.standing


def _cut(found: Comparison, o: OptionRow) -> str:
    """Return what a variant comes to beside its own as it answers today, on the same cases."""
    every: tuple[ThresholdChoice | AnswersByCost, ...] = (*found.by_cost, *found.answers_by_cost)
    chosen = next((t for t in every if t.candidate == o.candidate), None)
    if chosen is None:
        return ""
    if isinstance(chosen, ThresholdChoice) and chosen.cut == chosen.usual:
        return "as with the cut-off of today"
    ends = (chosen.saving_lower, chosen.saving_upper)
    amount = say_money.less_or_more(chosen.saving, ends, found.assumptions.currency).text
    return f"{amount} than with {say_cut.today(chosen)}"


# -- break-even ----------------------------------------------------------------------------------------------------
def even(here: Here, found: Comparison, figures: Figures) -> None:
    """Say from which figure on the option on screen would pay; behind one click the others."""
    del figures
    study, name = here.study, here.candidate.name
    said = turning.describe(found, study, audience=here.audience)
    if not found.break_even:
        show.narrative(said)
        return
    st.markdown(f"##### {plain(said.headline.text)}")
    show.caveats(said, key="limits_even")
    mine = [b for b in found.break_even if name in (b.a, b.b)]
    rest = [b for b in found.break_even if name not in (b.a, b.b)]
    if name == found.no_model:
        mine, rest = rest, mine  # every option is set against no model: nothing of that is about it alone
    st.markdown(f"**{plain(_own(here, here.study.candidates[name]))}**")
    _evens(here, found, mine)
    if rest:
        words = f"{len(rest)} more, about the other {'models' if here.technical else 'options'}"
        with st.expander(words, on_change="rerun", key="even_rest") as box:
            if box.open:
                _evens(here, found, rest)


def _evens(here: Here, found: Comparison, some: Sequence[BreakEven]) -> None:
    """Write break-evens as a list: first where there is a figure, then why there is none."""
    ordered = sorted(some, key=lambda b: b.value is None)
    show.listed(turning.one(b, found, here.study, audience=here.audience) for b in ordered)


# -- the cut-off ---------------------------------------------------------------------------------------------------
def cut(here: Here, found: Comparison, figures: Figures) -> None:
    """Say from which chance on the option on screen should flag if answers cost what is assumed."""
    study, made = here.study, figures.assumptions
    chosen = next((t for t in found.by_cost if t.candidate == here.candidate.name), None)
    if chosen is None:
        show.empty(
            f"Here you would see from which chance on “{here.candidate.label}” should flag. It needs an option that "
            "gives different chances to different cases; choose one on the left."
        )
        return
    left, right = st.columns([1, 1], gap="large")
    with left:
        show.narrative(say_cut.describe(chosen, made, study, audience=here.audience))
    with right:
        st.markdown(f"##### {plain(say_cut.title(chosen, made, study, audience=here.audience))}")
        alt = say_cut.alt(chosen, made, study, audience=here.audience)
        show.chart(
            draw.draw_cuts(chosen, study, title="", alt=alt, currency=made.currency),
            key="cut_chart",
            caption=f"What answers to {chosen.n:,} {say.ROWS.get(chosen.rows, chosen.rows)} {study.cases} come to.",
            data=chosen.to_frame() if here.technical else None,
            technical=here.technical,
        )


def by_cost(here: Here, found: Comparison, figures: Figures) -> None:
    """Say which answer the option on screen should give if answers cost what is assumed: with several classes."""
    study, made = here.study, figures.assumptions
    chosen = next((t for t in found.answers_by_cost if t.candidate == here.candidate.name), None)
    if chosen is None:
        show.empty(
            f"Here you would see which answers of “{here.candidate.label}” are expected to cost least. It needs an "
            "option that states chances; choose one on the left."
        )
        return
    show.narrative(say_cheapest.describe(chosen, made, study, audience=here.audience))
    table = pd.DataFrame(say_cheapest.table(chosen, study))
    show.wide(table, alt="Each outcome: how many cases, and how many of them are called so by cost and as now")


# -- more data -----------------------------------------------------------------------------------------------------
def more(here: Here, found: Comparison, figures: Figures) -> None:
    """Say how the option on screen does with fewer rows, and whether more would help."""
    del found, figures
    study = here.study
    key = ("growth", study.data_key, study.fingerprint, here.candidate.key)
    kept: Growth = work.kept_result(
        key,
        lambda: jobs.submit("growth", study=study, candidate=here.candidate.name),
        doing=f"Trying “{here.option_label}” with fewer {study.cases}",
        height=300,
        key="growth",
    )
    said = say_costs.describe_growth(kept, study, audience=here.audience)
    left, right = st.columns([1, 1], gap="large")
    with left:
        show.narrative(said)
    if not kept.steps:
        return
    with right:
        axis = say_growth.axis(kept, study, audience=here.audience)
        alt = say_growth.alt(kept, study, audience=here.audience)
        of = say_growth.shown(1.0, kept.metric, here.audience)
        time = say_growth.time_axis(here.audience)
        figure = draw_growth.draw(kept, study, title="", alt=alt, measure=axis, time=time, of=of)
        data = kept.to_frame() if here.technical else None
        show.chart(figure, key="growth_chart", data=data, technical=here.technical)


# -- the method ----------------------------------------------------------------------------------------------------
def method(here: Here, found: Comparison, figures: Figures) -> None:
    """Say how amounts and ranges came about, and on which machine times were taken."""
    del figures
    said = say.describe(found, here.study, audience=here.audience)
    show.listed([*(s for s in said.sentences if s.kind == "method"), *said.caveats])
    st.markdown("##### What each option takes")
    rows = []
    for o in found.options:
        if o.variant or o.candidate not in here.study.candidates:
            continue
        cost = _cost(here, o.candidate)
        if cost is not None:
            cells: dict[str, Any] = dict(say_costs.cells(cost, audience=here.audience))
            rows.append(
                {
                    "Model" if here.technical else "Option": _label(here, o),
                    **cells,
                    "Figures": say_costs.source(cost, audience=here.audience),
                }
            )
    if rows:
        show.wide(pd.DataFrame(rows).fillna(""), alt="What each option takes to be trained and to answer")


def _cost(here: Here, name: str) -> Any:
    try:
        return costs.known(here.study, name)
    except BakeoffError:
        return None
