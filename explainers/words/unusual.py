"""Say how unlike anything seen a case is, what is odd about it, and how often never-seen cases are as odd."""

from __future__ import annotations

import math
from typing import Any

from explainers.results import Narrative, Oddity, Sentence, Unusual
from explainers.study import Study
from explainers.words import numbers, phrases
from explainers.words.say import BUSINESS, Audience, Shown, capital, listed, plural, quoted, sentence

TECHNICAL = {
    "far": "tail of one number (ranks, generalised Pareto beyond them)",
    "several": "tails of several numbers together",
    "combination": "numbers that do not go together (Gaussian copula, and holes between fifths)",
    "level": "rare or new level",
    "missing": "gap, or value, where that is rare",
    "pair": "rare pair of values",
}


def describe(result: Unusual, study: Study, *, audience: Audience = BUSINESS, row: int = 0) -> Narrative:
    """Say how unusual a case is, why, and what that was counted on.

    Parameters
    ----------
    result : Unusual
    study : Study
    audience : "business" or "technical"
    row : int
        Which case of the result.

    Returns
    -------
    Narrative
        The headline says whether it is unlike anything seen, unusual, nothing unusual, or that nobody can tell.
    """
    if flagged(result, row):
        first, *rest = limits(result, study, audience=audience, row=row)
        return Narrative(headline=first, sentences=(*rest, *method(result, study, audience=audience, row=row)))
    if result.finest is None:
        head = _cannot_say(result, study)
    else:
        head = sentence(
            "answer",
            "nothing is odd about this {case}. In all, {share} never-seen ones are just as odd",
            case=study.case,
            share=share(float(result.shares[row]), result.finest, about=False),
        )
    return Narrative(headline=head, sentences=method(result, study, audience=audience, row=row))


def flagged(result: Unusual, row: int = 0) -> bool:
    """Return whether a case is among the most unusual 1 in 20, as far as that can be told."""
    return result.at_1_in_20[row] is True


def strength(result: Unusual, row: int = 0) -> str:
    """Return how unusual a flagged case is: 'unlike anything seen' where no training row is like it."""
    first = result.reasons[row][0] if result.reasons[row] else None
    strongest = result.at_1_in_100[row] is not False
    if first is not None and first.beyond and strongest:
        return "unlike anything seen"
    return "very unusual" if result.at_1_in_100[row] else "unusual"


def limits(
    result: Unusual, study: Study, *, audience: Audience = BUSINESS, row: int = 0, lead: str = ""
) -> tuple[Sentence, ...]:
    """Return what a reader must know before the reasons: what is odd, and how many never-seen cases are as odd.

    Nothing for a case that is not among the most unusual 1 in 20. A ``lead`` stands before how unusual it is.
    """
    if result.finest is None:
        return (_cannot_say(result, study),)
    if not flagged(result, row) or not result.reasons[row]:
        return ()
    first, *others = result.reasons[row]
    said = [_first(first, study, lead + strength(result, row)), *_counted(first, study)]
    for other in others[:1]:
        said.append(_also(other, study))
    said.append(_share(result, study, audience, row))
    return tuple(said)


def changed(
    before: Unusual | None, after: Unusual, study: Study, *, audience: Audience = BUSINESS, row: int = 0
) -> tuple[Sentence, ...]:
    """Say what a changed case has become: unusual, still unusual, or unusual no longer.

    Parameters
    ----------
    before : Unusual or None
        The case as it was; None for a case that was typed in from nothing.
    after : Unusual
        The case with its changed values.
    study : Study
    audience : "business" or "technical"
    row : int
    """
    was = before is not None and flagged(before, row)
    if not flagged(after, row):
        if was:
            template = "with these values the {case} is no longer unusual"
            return (sentence("caveat", template, case=study.case, facts={"share": float(after.shares[row])}),)
        return limits(after, study, audience=audience, row=row) if after.finest is None else ()
    lead = f"with these values the {study.case} is {'still ' if was else ''}"
    said = limits(after, study, audience=audience, row=row, lead=lead)
    if after.reasons[row] and after.reasons[row][0].beyond:
        tail = "the option has seen nothing like it, so its answer is a guess"
        return (*said, sentence("caveat", tail, to=audience))
    return said


def chips(result: Unusual, study: Study, *, row: int = 0) -> tuple[Sentence, ...]:
    """Return a short label for the answer card of an unusual case; nothing for others. Its text carries no stop."""
    if not flagged(result, row):
        return ()
    said = share(float(result.shares[row]), result.finest or 0.05)
    text = f"{capital(strength(result, row))}: {said.text} {study.cases}"
    return (
        Sentence(text=text, kind="caveat", facts={f"share_{k}" if k else "share": v for k, v in said.facts.items()}),
    )


# -- the parts -----------------------------------------------------------------------------------------------------
def share(part: float, finest: float, *, about: bool = True) -> Shown:
    """Return a share of never-seen cases in thousands, or hundreds from 1 in 10 on; never finer than can be claimed.

    Examples
    --------
    >>> share(0.0155, 0.005).text, share(0.001, 0.005).text, share(0.03, 0.05).text
    ('about 16 in 1,000', 'at most 5 in 1,000', 'at most 5 in 100')
    """
    of = 1000 if max(part, finest) < 0.05 else 100
    text = "1,000" if of == 1000 else "100"
    if part <= finest:
        n = math.ceil(finest * of - 1e-9)
        return Shown(f"at most {n} in {text}", {"": part, "shown": n, "of": of})
    n = math.ceil(part * of - 1e-9)
    if n >= of:
        if part >= 1:
            return Shown("all", {"": part})
        return Shown("more than 99 in 100", {"": part, "shown": 99, "of": 100})
    return Shown(f"{'about ' if about else ''}{n} in {text}", {"": part, "shown": n, "of": of})


def _share(result: Unusual, study: Study, audience: Audience, row: int) -> Sentence:
    n, k = result.compared[row], result.counts[row]
    facts = {"score": float(result.scores[row])}
    if audience != BUSINESS:
        return sentence(
            "caveat",
            "conformal p-value {p} against {n} held-out rows; {k} "
            + plural(k, "scores", "score")
            + " as high. Strongest part: {part}",
            p=Shown(f"{result.shares[row]:.4f}", {"": round(float(result.shares[row]), 4)}),
            n=n,
            k=k,
            part=TECHNICAL.get(result.kinds[row], "none"),
            facts=facts,
        )
    template = "{share} never-seen {cases} are as unusual. " + ("That is {k} of {n}" if k else "Of {n}, none is")
    said = share(float(result.shares[row]), result.finest or 0.05)
    return sentence("caveat", template, share=said, cases=study.cases, k=k, n=n, facts=facts)


def _cannot_say(result: Unusual, study: Study) -> Sentence:
    n = result.n_held_out
    template = "nobody can tell how unusual this {case} is: there are only {n} never-seen {cases} to compare it with"
    if n == 0:
        template = "nobody can tell how unusual this {case} is: there are no never-seen {cases} to compare it with"
    if n == 1:
        template = "nobody can tell how unusual this {case} is: there is one never-seen {case} to compare it with"
    return sentence("caveat", template, case=study.case, cases=study.cases, n=n)


def _first(o: Oddity, study: Study, how: str) -> Sentence:
    facts = _facts(o)
    what = [phrases.clause(study, name, value) for name, value in zip(o.features, o.values, strict=True)]
    if o.kind == "several":
        listing = listed([_at(study, name, value) for name, value in zip(o.features, o.values, strict=True)])
        named = Shown(listing, {"": listing})
        return sentence(
            "caveat", "{how}, with several numbers far out at once: {what}", how=how, what=named, facts=facts
        )
    if len(what) > 1:
        return sentence("caveat", "{how} together: {a}, and {b}", how=how, a=what[0], b=what[1], facts=facts)
    return sentence("caveat", "{how}: {what}", how=how, what=what[0], facts=facts)


def _counted(o: Oddity, study: Study) -> tuple[Sentence, ...]:
    """Say what is usual instead, in counts of past cases."""
    facts = _facts(o)
    parts: dict[str, Any] = {"n": o.n, "cases": study.cases, "case": study.case}
    k = Shown("none" if o.together == 0 else f"{o.together:,}", {"": o.together})
    if len(o.features) > 1:
        template = "of {n} past {cases}, {a} go as far as the first, {b} as the second, {k} as both"
        if "is" in o.sides or "near" in o.sides:
            template = "of {n} past {cases}, {a} are like the first, {b} like the second, {k} like both"
        if o.kind == "several":
            template = (
                f"of {{n}} past {{cases}}, {{k}} {plural(max(o.together, 1), 'goes', 'go')} as far in all of them"
            )
            return (sentence("caveat", template, k=k, facts=facts, **parts),)
        a, b = o.counts[:2]
        said = [sentence("caveat", template, a=a, b=b, k=k, facts=facts, **parts)]
        if min(a, b) >= 0.05 * o.n:
            said.append(sentence("caveat", "either alone is common; together they are rare", facts=facts))
        return tuple(said)
    if o.kind == "far" and o.lower is not None and o.upper is not None:
        name = o.features[0]
        low, high = (_amount(study, name, v) for v in (o.lower, o.upper))
        inside = numbers.share(math.floor((o.within or 0.98) * 100) / 100)
        far = f"; {{k}} {plural(max(o.together, 1), 'goes', 'go')} as far"
        template = "{inside} past {cases} " + (
            "have {low}" if low.text == high.text else "lie between {low} and {high}"
        )
        return (sentence("caveat", template + far, inside=inside, low=low, high=high, k=k, facts=facts, **parts),)
    if o.sides[0] == "missing" or (o.kind == "missing" and o.sides[0] == "is"):
        gap = o.sides[0] == "missing"
        template = (
            "it is missing for {k} of {n} past {cases}" if gap else "only {k} of {n} past {cases} have it recorded"
        )
        return (sentence("caveat", template, k=k, facts=facts, **parts),)
    template = "{k} of {n} past {cases} " + ("is" if o.together == 1 else "are") + " like that"
    return (sentence("caveat", template, k=k, facts=facts, **parts),)


def _also(o: Oddity, study: Study) -> Sentence:
    """Say a further oddity in one sentence."""
    facts = _facts(o)
    what = [phrases.clause(study, name, value) for name, value in zip(o.features, o.values, strict=True)]
    k = Shown("none" if o.together == 0 else f"only {o.together:,}", {"": o.together})
    if o.kind == "several":
        names = listed([quoted(phrases.label(study, name)) for name in o.features])
        return sentence("caveat", "also far out together: {what}", what=Shown(names, {"": names}), facts=facts)
    if len(what) > 1:
        template = "also rare together: {a}, and {b}"
        return sentence("caveat", template, a=what[0], b=what[1], facts=facts)
    one = o.together < 2
    tail = ("goes" if one else "go") + " as far" if o.kind == "far" else ("is" if one else "are") + " like that"
    return sentence("caveat", "also, {what}: {k} " + tail, what=what[0], k=k, facts=facts)


def _amount(study: Study, name: str, value: float) -> Shown:
    entry = phrases.feature(study, name)
    if entry.kind == "date":
        text = numbers.date(_day(value))
    else:
        text = phrases.value_text(entry, value)
        if not entry.phrase and entry.unit:
            text = numbers.measured(text, entry.unit, one=text == "1")
    return Shown(text, {"": value, "text": text})


def _day(value: float) -> Any:
    import pandas as pd

    return pd.Timestamp("1970-01-01") + pd.Timedelta(days=round(value))


def _at(study: Study, name: str, value: Any) -> str:
    """Return a column and its value as they stand in a list: '“Bathrooms” at 4.5'."""
    entry = phrases.feature(study, name)
    text = phrases.value_text(entry, value)
    own = entry.unit is None or entry.unit in text or entry.unit.lower() == entry.label.lower() or text.endswith("%")
    if not own and "{value:percent}" not in (entry.phrase or ""):
        text = numbers.measured(text, entry.unit, one=text == "1")
    return f"{quoted(entry.label)} at {text}"


def _facts(o: Oddity) -> dict[str, Any]:
    return {"kind": o.kind, "features": ", ".join(o.features), "together": o.together, "beyond": o.beyond}


# -- what it was counted on ----------------------------------------------------------------------------------------
def method(result: Unusual, study: Study, *, audience: Audience = BUSINESS, row: int = 0) -> tuple[Sentence, ...]:
    """Say on which rows this was counted, and what so many rows can and cannot tell."""
    n = result.n_held_out
    said = []
    if audience == BUSINESS:
        template = "it learned from {learned} others. The {n} never-seen ones had no part in it"
        if n == 0:
            template = "it learned from {learned} past {cases}"
        said.append(sentence("method", template, learned=result.n_training, cases=study.cases, n=n))
        if result.finest is not None and result.at_1_in_100[row] is None:
            template = "so few can tell 1 in 20 but not 1 in 100, which takes 500"
            said.append(sentence("method", template, facts={"n": n, "one": 1, "a": 20, "b": 100, "c": 500}))
        return tuple(said)
    parts = ", ".join(f"{k} {float(v):.2f}" for k, v in zip(result.part_names, result.parts[row], strict=True))
    learned = (
        "learned on {learned} training rows over {d} columns; calibrated out of fold; counted on {n} rows ({rows})"
    )
    said.append(
        sentence("method", learned, learned=result.n_training, d=len(result.feature_names), n=n, rows=result.rows)
    )
    said.append(
        sentence(
            "method",
            "score {score}, the largest of minus log tail shares: {parts}",
            score=Shown(f"{result.scores[row]:.2f}", {"": round(float(result.scores[row]), 2)}),
            parts=Shown(parts, {"": parts}),
        )
    )
    return tuple(said)
