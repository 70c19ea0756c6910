"""Say where an option is off, to which side, and how such distances are spread."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from explainers.results import Binned, Narrative, Sentence, SentenceKind, Spread
from explainers.study import Study
from explainers.words import amounts, numbers, off_spread, phrases
from explainers.words.off_where import differs, history, names, scale_of, score, seeming, side_of, thing, where
from explainers.words.say import BUSINESS, Audience, Shown, plural, sentence, whole

WORTH = 0.1  # of how far off it is in all, from which on a side is worth a word
METHODS = {
    "residual": "actual − predicted",
    "standardised": "standardised",
    "studentised": "externally studentised",
    "deviance": "deviance",
    "pearson": "Pearson",
    "quantile": "randomised quantile (Dunn and Smyth 1996)",
}

__all__ = ["alt", "caption", "describe", "kinds", "names", "qq_alt", "qq_title", "spread_caption", "title", "where"]

kinds = off_spread.kinds
spread_caption = off_spread.caption
qq_title = off_spread.qq_title
qq_alt = off_spread.qq_alt


def describe(result: Binned | Spread, study: Study, *, audience: Audience = BUSINESS) -> Narrative:
    """Say where an option is off, or how its distances from the record are spread.

    Parameters
    ----------
    result : Binned or Spread
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    Narrative
        Headline: the part where it is furthest off, else the part where it says too much or too little, else that no
        part stands out; for a Spread where nine in ten records lie. Caveats: what such a picture cannot tell.
    """
    if isinstance(result, Spread):
        return off_spread.describe(result, study, audience=audience)
    if not result.n_rows:
        return Narrative(headline=_nothing(result, study), sentences=())
    found = _findings(result, study, audience) or seeming(result, study, audience)
    head = found[0] if found else _even(result, study, audience)
    said = [*found[1:], *_overall(result, study, audience, head), *_few(result, study)]
    said += _method(result, study, audience)
    return Narrative(headline=head, sentences=tuple(said), caveats=_caveats(result, study, audience))


def title(result: Binned | Spread, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return the title of the figure: the finding."""
    if isinstance(result, Spread):
        return off_spread.headline(result, study, audience).text.removesuffix(".")
    return describe(result, study, audience=audience).headline.text.removesuffix(".")


def alt(result: Binned | Spread, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return the figure's text alternative: what is drawn, and the finding."""
    finding = title(result, study, audience=audience)
    if isinstance(result, Spread):
        return f"Bars that count {result.n:,} {study.cases} by how far the record is from the answer. {finding}."
    what = thing(result, study, audience).text
    low, high = (min(result.middle, default=math.nan), max(result.middle, default=math.nan))
    ends = ""
    if math.isfinite(low) and math.isfinite(high):
        unit = 100.0 if study.classes and result.measure == "residual" else 1.0
        ends = f" The typical value of a part goes from {numbers.plain(unit * low)} to {numbers.plain(unit * high)}."
    drawn = f"Points of {result.n_shown:,} {study.cases} over {what}, with a line for each of {len(result.n)} parts"
    return f"{drawn}. {finding}.{ends}"


def caption(result: Binned, study: Study, *, audience: Audience = BUSINESS) -> tuple[Sentence, ...]:
    """Say which rows are drawn, whole or sample, and what line and bands are."""
    if not result.n_rows:
        return ()
    cases = plural(result.n_shown, study.case, study.cases)
    parts: dict[str, Any] = {"n": result.n_shown, "all": result.n_rows, "cases": cases, "rows": history(result)}
    if result.n_shown == result.n_rows:
        drawn = sentence("method", "each point is one of {all} {rows}{cases}", **parts)
    elif result.zoom:
        drawn = sentence("method", "{n} {rows}{cases} of this region are drawn as points", **parts)
    else:
        template = "{n} of {all} {rows}{cases} are drawn: the {worst} furthest off, and a random sample of the others"
        drawn = sentence("method", template, worst=result.n_worst, **parts)
    marked = sentence("method", "orange diamonds are the {worst} furthest off", worst=result.n_worst)
    if audience != BUSINESS:
        template = "line: median; bands: quartiles and 5th to 95th percentile of each bin"
        if study.classes:
            template = "line: mean; band: its 95% range, bin by bin"
        facts = {"fifth": "5th", "last": "95th", "level": 95}
        return drawn, marked, sentence("method", template, facts=facts)
    template = "the line is the middle of each part; the darker band holds half of it, the lighter one 9 in 10"
    facts = {"level": 9, "of": 10}
    if study.classes:
        template = "the line is the average of each part, the band its range (19 in 20)"
        facts = {"level": 19, "of": 20}
    low = sentence("method", template, facts=facts)
    return drawn, marked, low


# -- findings --------------------------------------------------------------------------------------------------------
def _findings(result: Binned, study: Study, audience: Audience) -> list[Sentence]:
    """Return what stands out: how far off, then to which side, the strongest first."""
    if result.measure != "residual":
        return _in_units(result, study, audience)
    far, out = _furthest(result, study, audience)
    out += _rates(result, study, audience, far) if study.classes else _sides(result, study, audience, far)
    return out or _so_few(result, study, audience)


def _furthest(result: Binned, study: Study, audience: Audience) -> tuple[int | None, list[Sentence]]:
    """Return the part where it is furthest off beyond chance, and what is said of it."""
    more = [k for k, v in enumerate(result.off_verdict) if v == "more"]
    if not more or result.against == "actual":
        return None, []
    k = max(more, key=lambda at: float(result.off[at]))
    rest = _rest(result, k)
    place = where(result, study, k, audience)
    if study.classes:
        head = "the option differs from {record} most often where {where}"
        template = "there it does for {here} {cases}, elsewhere for {rest}"
        here, there = differs(result, k), numbers.share(rest)
        cases = plural(result.n[k], study.case, study.cases)
        parts: dict[str, Any] = {"here": here, "rest": there, "cases": cases}
    else:
        scale = scale_of(result, study, audience)
        times = float(result.off[k]) / rest if rest > 0 else math.inf
        if times < 1.1 or scale.step.count(float(result.off[k])) == scale.step.count(rest):
            return None, []
        head = "the option is furthest off where {where}"
        template = "there it is off by {here} on average. Elsewhere it is off by {rest}"
        parts = {"here": scale.size(float(result.off[k])), "rest": scale.size(rest)}
    record = phrases.record(study)
    first = sentence("answer", head, to=audience, where=place, record=record, facts={"verdict": "more"})
    return k, [first, sentence("comparison", template, **parts)]


def _rest(result: Binned, at: int) -> float:
    """Return how far off it is in all other rows."""
    n = np.array(result.n, dtype=float)
    others = [k for k in range(len(n)) if k != at and n[k] > 0]
    weight = n[others].sum()
    return float((result.off[others] * n[others]).sum() / weight) if weight else math.nan


def _sides(result: Binned, study: Study, audience: Audience, far: int | None) -> list[Sentence]:
    """Say where the typical answer is too high or too low, of numbers; ``far``: the part that was just spoken of."""
    scale = scale_of(result, study, audience)
    clear = [
        k
        for k, v in enumerate(result.verdict)
        if v in ("too low", "too high")
        and abs(float(result.middle[k])) >= WORTH * result.overall_off
        and scale.step.count(abs(float(result.middle[k])))
    ]
    own = [k for k in clear if not result.sure_lower[k] <= result.overall_middle <= result.sure_upper[k]]
    judged = sum(v != "too few" for v in result.verdict)
    if not clear:
        return []
    side = side_of(float(result.middle[max(clear, key=lambda at: abs(float(result.middle[at])))]))
    same = [c for c in clear if side_of(float(result.middle[c])) == side]
    out = []
    if len(same) >= 3 and 2 * len(same) > judged:
        template = "in {n} of {all} parts the option typically says " + side
        if len(same) == judged:
            template = "in all {all} parts the option typically says " + side
        out.append(sentence("answer", template, n=len(same), all=judged, to=audience))
    elif not own:
        return []
    for at in _two_sides(result, own or same)[: 1 if far is not None else 2]:
        size, main, side = scale.size(abs(float(result.middle[at]))), side, side_of(float(result.middle[at]))
        if at == far:
            out.append(sentence("comparison", "in that part it typically says {size} " + side, size=size))
            continue
        kind: SentenceKind = "comparison" if out or far is not None else "answer"
        place = where(result, study, at, audience)
        if out and side == main:
            out.append(sentence("comparison", "most of all where {where}: typically by {size}", where=place, size=size))
            continue
        out.append(sentence(kind, "where {where}, the option typically says " + side, to=audience, where=place))
        template = "half of the records there lie {size} or more " + ("above" if side == "too little" else "below")
        out.append(sentence("comparison", template, size=size))
    return out


def _two_sides(result: Binned, parts: list[int]) -> list[int]:
    """Return the part with the largest typical distance, and the one on the other side if there is one."""
    order = sorted(parts, key=lambda at: -abs(float(result.middle[at])))
    other = [at for at in order[1:] if (result.middle[at] > 0) != (result.middle[order[0]] > 0)]
    return [order[0], *other[:1]]


def _rates(result: Binned, study: Study, audience: Audience, far: int | None) -> list[Sentence]:
    """Say where it happened more or less often than stated; ``far``: the part that was spoken of just before."""
    clear = [k for k, v in enumerate(result.verdict) if v in ("too low", "too high")]
    if not clear or result.against == "actual":
        return []
    k = max(clear, key=lambda at: abs(float(result.middle[at])))
    happened = round(float(result.recorded[k]) * result.n[k])
    more = result.verdict[k] == "too low"
    parts: dict[str, Any] = {
        "k": Shown("none" if not happened else whole(happened), {"": happened}),
        "n": result.n[k],
        "stated": score(result, study, float(result.stated[k]), audience),
        "cases": plural(result.n[k], study.case, study.cases),
        "more": "more" if more else "fewer",
    }
    if result.outcome is None:
        head, it = "where {where}, its first choice comes true {more} often than the option states", "it came true"
        parts["more"] = "more" if more else "less"
    else:
        head, it = "where {where}, {more} {several} were {outcome} than the option states", "that was so"
        parts |= {"outcome": phrases.class_words(study, result.outcome), "several": study.cases}
    facts = {"verdict": result.verdict[k]}
    template = it + " for {k} of {n} {cases}, and it states {stated} on average"
    if k == far:
        if result.outcome is not None:
            verb = "was" if happened == 1 else "were"
            template = "of those {n}, {k} " + verb + " {outcome}, and it states {stated} on average"
        return [sentence("comparison", template, facts=facts, **parts)]
    place = where(result, study, k, audience)
    return [
        sentence("answer", head, to=audience, where=place, facts=facts, **parts),
        sentence("comparison", template, facts=facts, **parts),
    ]


def _so_few(result: Binned, study: Study, audience: Audience) -> list[Sentence]:
    """Where no part has enough rows, name the part that is furthest off in them, and that it may be chance."""
    if any(v != "too few" for v in result.verdict) or sum(n > 0 for n in result.n) < 2 or study.classes:
        return []
    there = [k for k in range(len(result.n)) if result.n[k] > 0]
    k = max(there, key=lambda at: float(result.off[at]))
    head = "the parts of {what} hold too few {cases} to tell"
    template = "in these it is furthest off where {where}. There it is off by {off} on average, over {n} {cases}"
    off = scale_of(result, study, audience).size(float(result.off[k]))
    cases = plural(result.n[k], study.case, study.cases)
    place = where(result, study, k, audience)
    return [
        sentence("answer", head, cases=study.cases, what=thing(result, study, audience)),
        sentence("comparison", template, where=place, off=off, n=result.n[k], cases=cases),
    ]


def _in_units(result: Binned, study: Study, audience: Audience) -> list[Sentence]:
    """Say which bin's residuals, in other units, are off zero beyond chance."""
    clear = [k for k, v in enumerate(result.verdict) if v in ("too low", "too high")]
    if not clear:
        return []
    k = max(clear, key=lambda at: abs(float(result.middle[at])))
    value = float(result.middle[k])
    shown = Shown(numbers.decimal(value, 2), {"": value, "shown": round(abs(value), 2)})
    what = METHODS[result.measure].split(" (")[0]
    middle = "mean" if study.classes else "median"
    template = "the {middle} {what} residual is furthest from 0 where {where}: {value}"
    place = where(result, study, k, audience)
    return [sentence("answer", template, middle=middle, what=what, where=place, value=shown, facts={"zero": 0})]


def _even(result: Binned, study: Study, audience: Audience) -> Sentence:
    judged = sum(v != "too few" for v in result.verdict)
    what = thing(result, study, audience)
    if judged < 2:
        return sentence("answer", "too few {cases} to tell parts of {what} apart", cases=study.cases, what=what)
    template = "no part of {what} stands out: what differs between {n} parts may be chance"
    if result.against == "actual":
        template = "over {what}, nothing is known that would not be so with any option"
    return sentence("answer", template, what=what, n=judged, to=audience)


def _nothing(result: Binned, study: Study) -> Sentence:
    template = "there are no {rows}{cases} with a record to look at"
    if result.zoom:
        template = "there are no {rows}{cases} in this region"
    return sentence("answer", template, rows=history(result), cases=study.cases)


# -- the rest --------------------------------------------------------------------------------------------------------
def _overall(result: Binned, study: Study, audience: Audience, head: Sentence) -> list[Sentence]:
    if result.measure != "residual" or not math.isfinite(result.overall_off):
        return []
    cases = plural(result.n_rows, study.case, study.cases)
    parts: dict[str, Any] = {"n": result.n_rows, "rows": history(result), "cases": cases}
    if study.classes:
        k = round(result.overall_off * result.n_rows)
        record = phrases.record(study)
        template = (
            "in all it differs " + ("" if record in head.text else "from {record} ") + "for {k} of {n} {rows}{cases}"
        )
        parts |= {"record": record, "k": Shown(f"{k:,}" if k else "none", {"": k})}
        return [sentence("comparison", template, **parts)]
    off = scale_of(result, study, audience).size(result.overall_off)
    out = [sentence("comparison", "over all {n} {rows}{cases} it is off by {off} on average", off=off, **parts)]
    side = max(result.above, result.n_rows - result.above)
    if side >= 0.6 * result.n_rows and result.n_rows >= 20:
        word = "above" if side == result.above else "below"
        template = "the record lies {word} the answer for {k} of {n}"
        out.append(sentence("comparison", template, word=word, k=side, n=result.n_rows))
    return out


def _few(result: Binned, study: Study) -> list[Sentence]:
    small = sum(v == "too few" for v in result.verdict)
    judged = len(result.verdict) - small
    if not small or not judged:
        return []
    template = "{n} of {all} parts " + plural(small, "has", "have") + " too few {cases} to tell"
    return [sentence("caveat", template, n=small, all=len(result.verdict), cases=study.cases)]


def _method(result: Binned, study: Study, audience: Audience) -> list[Sentence]:
    judged = sum(v != "too few" for v in result.verdict)
    out = []
    if audience == BUSINESS:
        if judged > 1:
            out.append(sentence("method", "of {n} parts, some differ by luck. That is allowed for", n=judged))
    else:
        middle = "mean with Wilson's" if study.classes else "median with a rank-based"
        if study.classes and result.measure != "residual":
            middle = "mean with a normal"
        template = "{what} residual; per bin the {middle} joint {level}% range (Bonferroni over {n} bins)"
        level = Shown(f"{100 * result.level:g}", {"": round(100 * result.level)})
        what = METHODS[result.measure]
        out.append(sentence("method", template, what=what, middle=middle, level=level, n=max(judged, 1)))
    if result.together_by:
        label = amounts.name(study, result.together_by)
        template = "{cases} that share {label} count as one in each part"
        out.append(sentence("method", template, cases=study.cases, label=label))
    return out


def _caveats(result: Binned, study: Study, audience: Audience) -> tuple[Sentence, ...]:
    out = []
    if result.against == "actual":
        template = (
            "sorted by the record, every option says too much for the lowest and too little for the highest, "
            "however good it is. Look along its answers instead"
        )
        if study.classes:
            template = "sorted by the record, every option looks worse on one side, however good it is"
        out.append(sentence("caveat", template, to=audience))
    if result.rows == "unknown history":
        out.append(sentence("caveat", "the option may have learned from these {cases}", cases=study.cases, to=audience))
    return tuple(out)
