"""Say what a log-log formula holds: how many percent the answer goes with ten percent of an input, with its range."""

from __future__ import annotations

from typing import Any

from explainers.results import Elasticity, Narrative, Sentence
from explainers.study import Candidate, Study
from explainers.words import numbers, phrases
from explainers.words.say import BUSINESS, Audience, Shown, listed, plural, quoted, sentence


def describe(study: Study, *, candidate: str | None = None, audience: Audience = BUSINESS) -> Narrative | None:
    """Say how the answer of a log-log formula goes with each input.

    Parameters
    ----------
    study : Study
    candidate : str, optional
        The formula; by default the study's first option that is one.
    audience : "business" or "technical"

    Returns
    -------
    Narrative or None
        Headline: the first input. None where no option is such a formula, or it is not built yet.
    """
    found = next((c for n, c in study.candidates.items() if c.elasticities and candidate in (None, n)), None)
    if found is None:
        return None
    business = audience == BUSINESS
    said = [(_business if business else _technical)(study, e) for e in found.elasticities]
    return Narrative(
        headline=said[0],
        sentences=(*said[1:], *(_ranges(study, found) if business else ())),
        caveats=(sentence("caveat", "these are not causes: they show what goes with what in the record"),),
    )


def _business(study: Study, e: Elasticity) -> Sentence:
    template = "where {input} is {change} higher, {target} {are} {size} {way} ({low} to {high})"
    low, high = sorted((abs(e.lower), abs(e.upper)))
    if e.lower < 0 < e.upper:
        low, high = abs(e.lower), e.upper
        template = "where {input} is {change} higher, {target} {are} {size} {way}"
        template += ". Anything from {low} lower to {high} higher fits the record"
    noun = phrases.feature(study, study.target).noun
    return sentence(
        "answer",
        template,
        input=_within(study, e.feature),
        change=_percent(e.change, 0),
        target=noun or "the answer",
        are=plural(2 if _several(noun) else 1, "is", "are"),
        size=_percent(e.value),
        way="higher" if e.value > 0 else "lower",
        low=_percent(low),
        high=_percent(high),
        facts={"feature": e.feature, "exact": e.value, "lower": e.lower, "upper": e.upper, "level": e.level},
    )


def _technical(study: Study, e: Elasticity) -> Sentence:
    how = "95% interval {low} to {high}"
    if e.clusters:
        how += ", robust to clusters ({clusters} by {together}); {plain_low} to {plain_high} if rows were independent"
    clustered = f"{e.level:.0%}".replace("%", "")
    return sentence(
        "answer",
        "{input}: elasticity {exponent}, standard error {error}; {change} more goes with {value}, "
        + how.replace("95", "{level}"),
        input=quoted(phrases.label(study, e.feature)),
        exponent=_decimal(e.exponent),
        error=_decimal(e.standard_error),
        change=_percent(e.change, 0),
        value=_signed(e.value),
        level=Shown(clustered, {"": int(clustered)}),
        low=_signed(e.lower),
        high=_signed(e.upper),
        clusters=e.clusters,
        together=quoted(phrases.label(study, e.together_by)) if e.together_by else "",
        plain_low=_signed(e.plain_lower),
        plain_high=_signed(e.plain_upper),
        facts={"feature": e.feature},
    )


def _ranges(study: Study, candidate: Candidate) -> tuple[Sentence, ...]:
    """Say what is held equal, what the ranges rest on, and which option it is."""
    e = candidate.elasticities[0]
    rest = [phrases.label(study, c) for c in candidate.features if c not in {x.feature for x in candidate.elasticities}]
    also = " and for the same {rest}" if rest else ""
    said = [
        sentence(
            "method",
            "this is what {option} holds, with the other things equal" + also,
            option=phrases.option(study, candidate.name),
            rest=listed(quoted(r) for r in rest),
        )
    ]
    level = round(e.level * 100)
    ranges = "such ranges are made to be right {level} times in 100"
    said.append(sentence("method", ranges, level=level, facts={"of": 100}))
    if e.clusters:
        template = (
            "they rest on {clusters} groups ({together}), not on {n} single {cases}: those of one group are alike"
        )
        parts: dict[str, Any] = {"clusters": e.clusters, "n": e.n, "cases": study.cases}
        said.append(sentence("method", template, together=quoted(phrases.label(study, e.together_by)), **parts))
    return tuple(said)


def _within(study: Study, name: str) -> str:
    entry = phrases.feature(study, name)
    return entry.noun or quoted(entry.label or name)


def _several(noun: str) -> bool:
    """Whether a noun is one of several things, as far as its last letters tell."""
    first = noun.partition(" the ")[0]
    return first.endswith("s") and not first.endswith("ss")


def _percent(share: float, decimals: int = 1) -> Shown:
    text = numbers.decimal(abs(share) * 100, decimals)
    return Shown(f"{text}%", {"": share, "shown": numbers.read(text)})


def _signed(share: float) -> Shown:
    found = _percent(share)
    return Shown(numbers.signed(found.text, round(share * 100, 1)), found.facts)


def _decimal(value: float) -> Shown:
    text = numbers.decimal(value, 3)
    return Shown(text, {"": abs(numbers.read(text))})


__all__ = ["describe"]
