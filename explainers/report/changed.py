"""What changed since the state that was kept last: how good every option is now, and the answers that turned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from explainers.errors import BakeoffError
from explainers.figures import changes as draw
from explainers.figures.theme import colour_of
from explainers.report.gathering import result_of
from explainers.report.parts import Exhibit, Section
from explainers.report.sections import Asked
from explainers.words import changes as say
from explainers.words import changes_charts as say_charts
from explainers.words import flips as say_flips
from explainers.words import numbers
from explainers.words.say import capital, whole

if TYPE_CHECKING:
    from explainers.database import KeptSnapshot
    from explainers.results import Changes, OptionChange

QUESTION = "What changed since last time?"
MOST_TURNED = 12
LOOKED_BACK = 2  # states: where nothing changed since the last one, it was kept for this very meeting


def kept(asked: Asked) -> tuple[KeptSnapshot, ...]:
    """Return the states that were kept, newest first; none where the database cannot be read."""
    from explainers import database

    try:
        return () if database.nothing_yet() else database.snapshots(asked.study.name)
    except BakeoffError:
        return ()


def sections(asked: Asked, assumptions: Mapping[str, Any] | None = None) -> tuple[Section, ...]:
    """Return what changed since the last state, and the answers that turned; nothing where no state was kept.

    Parameters
    ----------
    asked : Asked
    assumptions : mapping, optional
        Figures of money and volume of now, where they differ from the study's own.

    Raises
    ------
    BakeoffError
        A state cannot be read, or the options cannot be asked.
    """
    from explainers import database

    found: tuple[KeptSnapshot, Changes] | None = None
    for then in kept(asked)[:LOOKED_BACK]:
        values = dict(assumptions) if assumptions else None
        made = result_of(asked.study, "changes", before=database.snapshot(then.id).payload, assumptions=values)
        if found is None or not made.same:
            found = then, made
        if not made.same:
            break
    if found is None:
        return ()
    then, made = found
    first = _changed(asked, then, made)
    return (first, _turned(asked, then, made)) if any(o.n_flips for o in made.options) else (first,)


def _changed(asked: Asked, then: KeptSnapshot, result: Changes) -> Section:
    study = asked.study
    said = say.describe(result, study, since=then.name, audience=asked.audience)
    chart = exhibit(asked, result)
    note = f" “{then.comment}”" if then.comment else ""
    cases = f"the {whole(result.n_both)} never-seen {study.cases} that both states have"
    return Section(
        name="changed",
        question=QUESTION,
        headline=said.headline,
        about=f"Since {numbers.date(then.created_at)}, on {cases}. Kept by {then.author}.{note}",
        sentences=said.sentences,
        caveats=said.caveats,
        exhibits=() if chart is None else (chart,),
    )


def exhibit(asked: Asked, result: Changes) -> Exhibit | None:
    """Return how much every option changed in the measure, as on the page.

    Where no measure moved, the answers that turned are counted instead; None where none of these turned either.
    """
    if result.same:
        return None
    if draw.moved(result):
        return _measures(asked, result)
    return _counts(asked, result) if draw.turned(result) else None


def _measures(asked: Asked, result: Changes) -> Exhibit:
    study, every = asked.study, draw.shown(result)
    factor = say_charts.factor(result)
    axis, alt = (f(result, study, audience=asked.audience) for f in (say_charts.axis, say_charts.alt))
    sign = 1.0 if result.greater_is_better else -1.0
    rows = [(_name(asked, o), *draw.ends(o, sign * factor)) for o in every]
    figure = draw.draw(result, study, title="", alt=alt, axis=axis, factor=factor, technical=asked.technical)
    return Exhibit(
        kind="ranges",
        title=say_charts.title(result, audience=asked.audience),
        alt=alt,
        figure=figure,
        data=pd.DataFrame(rows, columns=["name", "value", "lower", "upper"]),
        axis=axis,
        note="To the right is better than it was; open dots cannot be told from what they were.",
        slide_note="To the right is better than it was. Lines show how far each could be off.",
        colours=tuple(colour_of(study, o.candidate) for o in every),
        level=0.0,
    )


def _counts(asked: Asked, result: Changes) -> Exhibit:
    """Return how many answers of every option turned, which way."""
    study, found = asked.study, draw.turned(result)
    title = say_charts.turned_title(result, study, audience=asked.audience)
    alt, axis = say_charts.turned_alt(result, study, audience=asked.audience), say_charts.turned_axis(result)
    names = say_charts.turned_parts(result, study)
    counts = {name: list(k) for name, k in zip(names, zip(*map(draw.ways, found), strict=True), strict=True)}
    tints = dict(zip(names, draw.TURNED_COLOURS, strict=True))
    counts = {name: k for name, k in counts.items() if any(k)}
    return Exhibit(
        kind="stack",
        title=title,
        alt=alt,
        figure=draw.draw_turned(result, title="", alt=alt, axis=axis, parts=names, technical=asked.technical),
        data=pd.DataFrame({"name": [_name(asked, o) for o in found], **counts}),
        axis=axis,
        note=say_charts.title(result, audience=asked.audience) + ".",
        colours=tuple(tints[name] for name in counts),
    )


def _turned(asked: Asked, then: KeptSnapshot, result: Changes) -> Section:
    """Return the cases that are answered otherwise now, with the first reason of then and of now."""
    study = asked.study
    turned = sorted((o for o in result.options if o.n_flips), key=lambda o: o.candidate != asked.candidate)
    rows = [
        {
            study.case.capitalize(): flip.case,
            "Model" if asked.technical else "Option": _name(asked, o),
            "What turned": say_flips.describe(flip, o, study, audience=asked.audience)[0].text,
            "First reason then": capital(say_flips.first_reason(flip.why_before, study)),
            "First reason now": capital(say_flips.first_reason(flip.why_after, study)),
        }
        for o in turned
        for flip in o.flips
    ]
    head, *rest = say_flips.since(result, then.name, audience=asked.audience)
    some = f"{MOST_TURNED} of {whole(len(rows))}" if len(rows) > MOST_TURNED else "All of them"
    return Section(
        name="turned",
        question=QUESTION,
        headline=head,
        about=f"{some}, those that moved furthest first",
        sentences=tuple(rest),
        table=pd.DataFrame(rows[:MOST_TURNED]).fillna(""),
        table_note="Reasons are those that weighed most; empty where they were not kept.",
    )


def _name(asked: Asked, option: OptionChange) -> str:
    return option.technical if asked.technical and option.technical else option.label
