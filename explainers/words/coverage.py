"""Say whether ranges held on never-seen cases: overall, where least, and where there are too few to tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from explainers.results import Coverage, Narrative, Sentence
from explainers.study import Study
from explainers.words import amounts, intervals, numbers, segments
from explainers.words.say import BUSINESS, Audience, Shown, listed, plural, quoted, sentence

MOST_NAMED, MOST_DRAWN = 3, 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One segment as a row of a table."""

    name: str
    n: int
    held: str
    between: str
    width: str
    verdict: str
    protected: bool


def describe(result: Coverage, study: Study, *, audience: Audience = BUSINESS, owner: bool = False) -> Narrative:
    """Say how often ranges, rates or sets held on never-seen cases.

    Parameters
    ----------
    result : Coverage
    study : Study
    audience : "business" or "technical"
    owner : bool
        Whether the reader may see protected groups.

    Returns
    -------
    Narrative
        Headline: whether the promise held. Sentences: its own uncertainty, the worst segment, how many fall short,
        those that are too small to say. Caveats: what the test cannot show.
    """
    if result.method == "none":
        return Narrative(headline=intervals.refusal(result, study, audience), sentences=())
    said = [*_sure(result, study, audience), *_width(result, study, audience)]
    said += [*_worst(result, study, audience, owner), *_short(result, study, audience, owner)]
    said += _few(result, study, owner)
    said.append(amounts.rows(study, result.n[0], result.n[0], result.rows, to=audience))
    if audience != BUSINESS:
        said.append(intervals.method(result, study))
    return Narrative(
        headline=headline(result, study, audience=audience),
        sentences=tuple(said),
        caveats=_caveats(result, study, audience),
    )


def headline(result: Coverage, study: Study, *, audience: Audience = BUSINESS) -> Sentence:
    """Return the finding: whether the promise held, and by how much it did not."""
    if result.kind == "rates":
        return _rates_headline(result, study, audience)
    if audience != BUSINESS:
        return intervals.held(result, study, audience)
    share = segments.in_hundred(float(result.covered[0]))
    gap = round(100 * result.level) - int(share.facts["shown"])
    parts: dict[str, Any] = {
        "share": share,
        "level": numbers.share(result.level),
        "cases": study.cases,
        "gap": Shown(str(gap), {"": gap}),
    }
    facts = {"promised": result.level, "covered": float(result.covered[0])}
    what = "ranges that promise {level}" if result.kind == "ranges" else "lists of answers that promise {level}"
    if result.verdict[0] == "short":
        start = "the promise did not hold: " + what + " held for {share} never-seen {cases}, {gap} fewer than promised"
        return sentence("answer", start, facts=facts, **parts)
    if result.verdict[0] == "too few":
        template = "too few never-seen {cases} to tell if " + what + " hold: they did for {share} of {n}"
        return sentence("answer", template, n=result.n[0], facts=facts, **parts)
    template = what + " held for {share} never-seen {cases}"
    if result.verdict[0] == "cannot tell" and gap > 0:
        template += "; being {gap} short may be chance"
    return sentence("answer", template, facts=facts, **parts)


def _rates_headline(result: Coverage, study: Study, audience: Audience) -> Sentence:
    said = intervals.groups_held(result, study, audience)
    return sentence("answer", "{said}", said=Shown(said.text.removesuffix(".")), facts=said.facts)


def _sure(result: Coverage, study: Study, audience: Audience) -> list[Sentence]:
    """Say how sure the share itself is."""
    if audience != BUSINESS:
        return []
    if result.kind == "rates":
        return [sentence("method", "chance in so few {cases} was allowed for", cases=study.cases)]
    low, high = segments.ends(float(result.lower[0]), float(result.upper[0]))
    template = "with {n} {cases} tested, the true share is likely between {low} and {high}"
    cases = plural(result.n[0], study.case, study.cases)
    return [sentence("comparison", template, n=result.n[0], low=low, high=high, cases=cases)]


def _width(result: Coverage, study: Study, audience: Audience) -> list[Sentence]:
    width = float(result.width[0])
    if result.kind == "sets":
        text = numbers.plain(width, 2)
        template = "on average a list holds {width} of {all} possible answers"
        shown = Shown(text, {"": width, "shown": numbers.read(text)})
        return [sentence("comparison", template, width=shown, all=len(study.classes))]
    if result.kind == "rates":
        template = "on average such a range is {wide} wide"
        return [sentence("comparison", template, wide=amounts.part(width, audience))]
    if not np.isfinite(width):
        return []
    scale = intervals.scale_of(result, study, audience)
    return [sentence("comparison", "half of the ranges are wider than {width}", width=scale.size(width))]


def _worst(result: Coverage, study: Study, audience: Audience, owner: bool) -> list[Sentence]:
    """Name the worst segment with enough cases, with its own uncertainty."""
    at = segments.worst(result, study, owner=owner)
    if at is None:
        return []
    where = segments.segment(result, study, at, intervals.scale_of(result, study, audience), audience)
    looked = sum(1 for k in result.order if k in set(segments.visible(result, study, owner=owner)))
    low, high = segments.ends(float(result.lower[at]), float(result.upper[at]))
    facts = {"lower": float(result.lower[at]), "upper": float(result.upper[at]), "verdict": result.verdict[at]}
    if result.kind == "rates":
        expected = round(float(result.stated[at]) * result.n[at])
        first = sentence(
            "comparison",
            "stated and real rate are furthest apart where {where}. Of {n}, about {stated} "
            + plural(expected, "was", "were")
            + " expected, and it was {real}",
            where=where,
            stated=Shown(f"{expected:,}", {"": expected, "exact": float(result.stated[at])}),
            real=_hits(result, at),
            n=result.n[at],
            facts=facts,
        )
    elif result.covered[at] >= result.level:
        template = "every group with enough {cases} kept the promise. The lowest share is where {where}: {held}"
        held = segments.counted(result, at)
        return [sentence("comparison", template, cases=study.cases, where=where, held=held, facts=facts)]
    else:
        what = "the ranges" if result.kind == "ranges" else "the lists"
        first = sentence(
            "comparison",
            what + " hold least often where {where}: for {held}. The true share there is likely {low} to {high}",
            where=where,
            held=segments.counted(result, at),
            low=low,
            high=high,
            facts=facts,
        )
    if result.verdict[at] == "short":
        second = "chance alone does not explain that, even among {looked} groups"
    else:
        second = "among {looked} groups, that much may be chance"
    if looked == 1:
        second = second.split(",", maxsplit=1)[0] if result.verdict[at] == "short" else "that much may be chance"
    return [first, sentence("comparison", second, looked=looked)]


def _hits(result: Coverage, at: int) -> int:
    return round(float(result.covered[at]) * result.n[at])


def _short(result: Coverage, study: Study, audience: Audience, owner: bool) -> list[Sentence]:
    seen = set(segments.visible(result, study, owner=owner))
    low = [k for k in result.order if k in seen and result.verdict[k] == "short"]
    judged = [k for k in result.order if k in seen]
    if len(low) < 2:
        return []
    what = "the promise fell short" if result.kind != "rates" else "the rate was outside the stated range"
    template = "in {n} of {all} groups " + what + " by more than chance"
    return [sentence("comparison", template, n=len(low), all=len(judged), to=audience)]


def _few(result: Coverage, study: Study, owner: bool, *, most: int = MOST_NAMED) -> list[Sentence]:
    """Name the segments that are too small to say anything about, or count them where there are many."""
    small = [k for k in segments.visible(result, study, owner=owner) if result.verdict[k] == "too few"]
    if not small:
        return []
    facts: dict[str, Any] = {f"n_{k}": result.n[k] for k in small}
    if len(small) > most:
        template = "{n} {groups} fewer than {least} {cases}: too few to tell"
        groups = plural(len(small), "group has", "groups have")
        parts: dict[str, Any] = {"n": len(small), "groups": groups, "cases": study.cases, "least": result.least}
        return [sentence("caveat", template, facts=facts, **parts)]
    labels = [segments.short(result, study, k) for k in small]
    named = listed([f"{quoted(label)} ({result.n[k]})" for label, k in zip(labels, small, strict=True)])
    more = {f"label_{k}": label for k, label in zip(small, labels, strict=True)}
    template = "too few {cases} to tell: {named}"
    return [sentence("caveat", template, cases=study.cases, named=Shown(named), facts={**facts, **more})]


def _caveats(result: Coverage, study: Study, audience: Audience) -> tuple[Sentence, ...]:
    said = []
    if study.split_by.startswith("time:"):
        template = (
            "the never-seen {cases} are the latest. Ranges rest on earlier ones and hold only while nothing changes"
        )
        said.append(sentence("caveat", template, cases=study.cases, to=audience))
    if result.kind != "ranges" or len(study.classes):
        return tuple(said)
    if result.verdict[0] != "short" and any(v == "short" for v in result.verdict):
        template = "holding for all {cases} together does not mean that ranges hold in each group"
        said.append(sentence("caveat", template, cases=study.cases, to=audience))
    return tuple(said)


def picked(
    result: Coverage, study: Study, *, audience: Audience = BUSINESS, owner: bool = False
) -> tuple[Sentence, ...]:
    """Say what there is to say of the groups of one column that a reader picked.

    Parameters
    ----------
    result : Coverage
        Measured by one column.
    study : Study
    audience : "business" or "technical"
    owner : bool
        Whether the reader may see protected groups.

    Returns
    -------
    tuple of Sentence
        The worst group, how many fell short, those too small to say, and what looking around does; or that there are
        no groups.
    """
    if not segments.visible(result, study, owner=owner):
        template = "there are no groups here: all never-seen {cases} are alike in this, or it is not known"
        return (sentence("caveat", template, cases=study.cases, to=audience),)
    said = [*_worst(result, study, audience, owner), *_short(result, study, audience, owner)]
    said += _few(result, study, owner, most=0)  # their names stand in the table
    said.append(sentence("caveat", "whoever looks at many columns finds some gap by chance", to=audience))
    return tuple(said)


def table(result: Coverage, study: Study, *, audience: Audience = BUSINESS, owner: bool = False) -> tuple[Row, ...]:
    """Return all rows and every visible segment as rows of a table."""
    if result.method == "none":
        return ()
    scale = intervals.scale_of(result, study, audience)
    said = {"held": "held", "short": "fell short", "cannot tell": "cannot tell", "too few": "too few"}
    out = []
    for k in (0, *segments.in_order(result, study, owner=owner)):
        width = float(result.width[k])
        shown = numbers.decimal(width, 1)
        if result.kind == "ranges" and np.isfinite(width):
            shown = scale.size(width).text
        elif result.kind == "rates":
            shown = amounts.part(width, audience).text
        name = result.feature[k]
        out.append(
            Row(
                name=segments.short(result, study, k, scale),
                n=result.n[k],
                held=amounts.part(float(result.covered[k]), audience).text,
                between=_between(float(result.lower[k]), float(result.upper[k]), audience),
                width=shown,
                verdict=said[result.verdict[k]],
                protected=name in study.dictionary and study.dictionary[name].protected,
            )
        )
    return tuple(out)


def _between(low: float, high: float, audience: Audience) -> str:
    """Return both ends of a share, the unit said once."""
    first, last = amounts.part(low, audience).text, amounts.part(high, audience).text
    unit = " in 100"
    return f"{first.removesuffix(unit)} to {last}" if last.endswith(unit) else f"{first} to {last}"


def chart_rows(
    result: Coverage, study: Study, *, owner: bool = False, most: int = MOST_DRAWN
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Return the places and names of the segments that the chart draws: all rows, bins and moments, the worst others.

    Those with too few rows are left to the text.
    """
    seen = [k for k in segments.in_order(result, study, owner=owner) if result.verdict[k] != "too few"]
    # Groups of one column stand in its own order; of many columns the worst come first.
    one = len(set(result.feature[1:])) == 1
    first = [k for k in seen if one or result.feature[k] in ("prediction", "time", "outcome")]
    others = [k for k in result.order if k in seen and k not in first]
    places = (0, *first, *others)[:most]
    scale = intervals.scale_of(result, study) if result.kind == "ranges" else None
    return places, tuple(segments.short(result, study, k, scale) for k in places)


def title(result: Coverage, study: Study, *, owner: bool = False) -> str:
    """Return the title of the chart of segments: the finding."""
    at = segments.worst(result, study, owner=owner)
    if at is None:
        return headline(result, study).text.removesuffix(".")
    name = segments.short(result, study, at, intervals.scale_of(result, study))
    if result.kind == "rates":
        if result.verdict[at] == "short":
            return f"Stated and real rates are furthest apart for “{name}”"
        return "Stated and real rates agree as far as so few can tell"
    what = "Ranges hold" if result.kind == "ranges" else "Lists hold the true one"
    return f"{what} least often for “{name}”: {segments.in_hundred(float(result.covered[at]))}"


def band_title(result: Coverage, study: Study) -> str:
    """Return the title of the chart of single ranges: how wide they are and how many records lie outside."""
    outside = result.n[0] - _hits(result, 0)
    few = f"{outside:,} of {result.n[0]:,} records lie outside" if outside else "no record lies outside"
    wide = [s.text.removesuffix(".") for s in _width(result, study, BUSINESS)]
    return f"{wide[0]}; {few}" if wide else few


def band_alt(result: Coverage, study: Study) -> str:
    """Return that chart's text alternative."""
    return (
        f"Lines from end to end of each range over the answer, with the record as a point. {band_title(result, study)}."
    )


def alt(result: Coverage, study: Study, *, owner: bool = False) -> str:
    """Return the chart's text alternative: the promise, all rows, the worst segment."""
    rows = table(result, study, owner=owner)
    promise = intervals.level_words(result.level)
    listed_ = "; ".join(f"{r.name}: {r.held} of {r.n}" for r in rows[:12])
    return f"Chart of dots with ranges beside the promise of {promise}. {listed_}. {title(result, study, owner=owner)}."


__all__ = ["Row", "alt", "band_alt", "band_title", "chart_rows", "describe", "headline", "picked", "table", "title"]
