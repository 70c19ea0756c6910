"""Charts of costs to take along: what options cost against how good they are, and where the money goes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from explainers.figures import compare as draw
from explainers.figures.compare_money import PART_COLOURS, draw_money
from explainers.figures.theme import CONTEXT, colour_of
from explainers.report.parts import Exhibit
from explainers.results import VARIANTS
from explainers.words import compare as say_compare
from explainers.words import compare_charts as say
from explainers.words.say import BUSINESS, Audience

if TYPE_CHECKING:
    from explainers.results import Comparison, OptionRow
    from explainers.study import Study

LOG_FROM = 20.0  # times as dear: below that an even axis shows all


def line(result: Comparison, study: Study, candidate: str, *, audience: Audience = BUSINESS) -> Exhibit | None:
    """Return what each option costs to have against how good it is; None where nothing was measured."""
    technical = audience != BUSINESS
    rows = [o for o in result.options if not o.variant and o.value is not None]
    if not rows:
        return None
    factor = say.factor(result, audience=audience)
    axis, alt = say.axis(result, study, audience=audience), say.alt(result, study, audience=audience)
    values = [factor * (o.value or 0.0) for o in rows]
    data = pd.DataFrame(
        {
            "name": [_name(study, o, technical) for o in rows],
            "x": [o.cost for o in rows],
            "y": values,
            "lower": [v if o.lower is None else factor * o.lower for o, v in zip(rows, values, strict=True)],
            "upper": [v if o.upper is None else factor * o.upper for o, v in zip(rows, values, strict=True)],
        }
    )
    low, high = float(data["x"].min()), float(data["x"].max())
    better = "" if result.greater_is_better else " On this slide lower is better."
    return Exhibit(
        kind="points",
        title=say.title(result, study, audience=audience),
        alt=alt,
        figure=draw.draw(
            result, study, title="", alt=alt, axis=axis, factor=factor, chosen=candidate, technical=technical
        ),
        data=data,
        axis=axis,
        other_axis=f"to have it, {result.assumptions.currency} a month",
        note=say.caption(result, study, audience=audience),
        slide_note=f"Grey: cannot be told from a cheaper one.{better}",
        colours=tuple(CONTEXT if o.cannot_tell_from else colour_of(study, o.candidate) for o in rows),
        log=low > 0 and high / low > LOG_FROM,
    )


def parts(result: Comparison, study: Study, candidate: str, *, audience: Audience = BUSINESS) -> Exhibit | None:
    """Return where the money of each option goes, what its answers come to beside it; None without options."""
    technical = audience != BUSINESS
    spoken = say_compare.spoken_of(result)  # as on the page: of other cut-offs only the one that is spoken of
    result = replace(result, options=tuple(o for o in result.options if not o.variant or o is spoken))
    rows = list(result.options)
    if not rows:
        return None
    found: dict[str, list[float] | list[str]] = {
        "name": [_name(study, o, technical) for o in rows],
        "Building it": [o.build for o in rows],
        "Machines": [o.train + o.serve for o in rows],
        "People": [o.people for o in rows],
        "Answers that differ": [o.wrong for o in rows],
    }
    colours = [PART_COLOURS[k] for k in ("build", "machines", "people", "wrong")]
    if any(o.right for o in rows):
        found["Right answers bring"] = [-o.right for o in rows]
        colours.append(PART_COLOURS["right"])
    alt = say.money_alt(result, study, audience=audience)
    frame, unit = pd.DataFrame(found), f"{result.assumptions.currency} a month"
    whole = Exhibit(
        kind="stack",
        title=say.money_title(result, study, audience=audience),
        alt=alt,
        figure=draw_money(result, study, title="", alt=alt, chosen=candidate, technical=technical),
        data=frame,
        axis=unit,
        note=say.money_caption(result, study, audience=audience),
        slide_note="Answers that differ are no part of what it costs to have an option.",
        colours=tuple(colours),
    )
    # What answers cost is often a hundred times what it takes to have an option: on one axis the parts would vanish.
    having, answers = list(frame.columns[:4]), [frame.columns[0], *frame.columns[4:]]
    halves = (
        ("To have it", having, colours[:3], ""),
        ("What its answers come to", answers, colours[3:], whole.slide_note),
    )
    return replace(
        whole,
        beside=tuple(
            replace(whole, title=title, data=frame[columns], colours=tuple(tints), beside=(), note="", slide_note=note)
            for title, columns, tints, note in halves
        ),
    )


def _name(study: Study, option: OptionRow, technical: bool) -> str:
    known = study.candidates.get(option.candidate)
    if technical and known is not None and known.technical:
        return known.technical + (f", {VARIANTS.get(option.variant, '')}" if option.variant else "")
    return option.label
