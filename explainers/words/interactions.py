"""Say which two inputs an option looks at together, or that no pair stands out."""

from __future__ import annotations

from explainers.results import Interactions, Narrative, Pair, Sentence
from explainers.study import Study
from explainers.words import amounts
from explainers.words.numbers import Scale
from explainers.words.say import BUSINESS, Audience, join, plural, sentence, spelled

MOST = 3


def describe(result: Interactions, study: Study, *, audience: Audience = BUSINESS) -> Narrative:
    """Say which pairs stand out, what the strongest does, and how many pairs were tried.

    Parameters
    ----------
    result : Interactions
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    Narrative
        Headline: the strongest pair, or that none stands out.
    """
    found = [p for p in result.pairs if p.stands_out and scale(result, study).step.count(p.size)]
    said: list[Sentence] = []
    if found:
        range_ = amounts.between(scale(result, study, audience), found[0].lower, found[0].upper)
        if range_.facts["low"] != range_.facts["high"]:
            said.append(sentence("range", "that is the average; it could be {range}", range=range_))
        said.append(_there(result, study, found[0], audience))
        said += _others(result, study, found[1:], audience)
    said += _tried(result, study, audience)
    return Narrative(headline=headline(result, study, audience=audience), sentences=tuple(said))


def scale(result: Interactions, study: Study, audience: Audience = BUSINESS) -> Scale:
    """Return the scale on which sizes are read."""
    sizes = [p.size for p in result.pairs] + [p.there for p in result.pairs[:1]]
    return amounts.scale(study, result.candidate, result.unit, sizes, audience=audience)


def headline(result: Interactions, study: Study, *, audience: Audience = BUSINESS) -> Sentence:
    """Return the finding."""
    if len(result.columns) < 2:
        template = "this option looks at one thing only, so no two can count together"
        if not result.columns:
            template = "this option looks at nothing, so no two things can count together"
        return sentence("answer", template, to=audience)
    s = scale(result, study, audience)
    found = [p for p in result.pairs if p.stands_out and scale(result, study).step.count(p.size)]
    if not found:
        template = "no pair stands out: what one input does hardly depends on another"
        return sentence("answer", template, facts={"pairs": result.n_looked_at})
    first = found[0]
    return sentence(
        "answer",
        "{a} and {b} count together: they move answers by {size} beyond what each does alone",
        a=amounts.name(study, first.a),
        b=amounts.name(study, first.b),
        size=s.size(first.size),
        facts={"exact": first.size, "noise": first.noise, "lower": first.lower, "upper": first.upper},
    )


def title(result: Interactions, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return the finding as the title of the chart."""
    return headline(result, study, audience=audience).text.rstrip(".")


def alt(result: Interactions, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return the chart's text alternative."""
    s = scale(result, study, audience)
    bars = [f"{pair_name(p, study)} {s.size(p.size)}" for p in result.pairs[:8]]
    return f"Chart of bars, one for each pair. {'; '.join(bars)}. {title(result, study, audience=audience)}."


def pair_name(pair: Pair, study: Study) -> str:
    """Return both names of a pair, without quotation marks."""
    return f"{amounts.name(study, pair.a).strip('“”')} with {amounts.name(study, pair.b).strip('“”')}"


def method(result: Interactions, study: Study, *, audience: Audience = BUSINESS) -> tuple[Sentence, ...]:
    """Say how pairs were looked for."""
    business = audience == BUSINESS
    return (
        sentence(
            "method",
            "two inputs are moved at once. The answer is set against what both do alone, added up"
            if business
            else "two-way partial dependence less the sum of the one-way curves; H squared is its share of variance",
        ),
        sentence(
            "method",
            "a pair is named only where {cases} agree on it more than by chance. It must not be tiny either"
            if business
            else "noise floor: signs of the rows' departures shuffled, {level}% over all pairs; share at least 5%",
            cases=study.cases,
            level=round(100 * result.level),
            facts={"least": 5},
        ),
        amounts.rows(study, result.n, result.population, result.rows, to=audience),
    )


def _there(result: Interactions, study: Study, pair: Pair, audience: Audience) -> Sentence:
    s = scale(result, study, audience)
    more = "more" if pair.there > 0 else "less"
    template = "it shows most where {a} is {at_a} and {b} is {at_b}. There the option says {size} " + more
    return sentence(
        "comparison",
        template + " than the two alone add up to",
        a=amounts.name(study, pair.a),
        at_a=amounts.value(study, pair.a, pair.at_a),
        b=amounts.name(study, pair.b),
        at_b=amounts.value(study, pair.b, pair.at_b),
        size=s.size(pair.there),
        facts={"exact": pair.there, "direction": more},
        to=audience,
    )


def _others(result: Interactions, study: Study, pairs: list[Pair], audience: Audience) -> list[Sentence]:
    if not pairs:
        return []
    s = scale(result, study, audience)
    pieces = [
        join("{a} with {b} ({size})", a=amounts.name(study, p.a), b=amounts.name(study, p.b), size=s.size(p.size))
        for p in pairs[: MOST - 1]
    ]
    out = [
        sentence("comparison", ("next" if at == 0 else "then") + " comes {pair}", pair=piece)
        for at, piece in enumerate(pieces)
    ]
    rest = len(pairs) - len(pieces)
    if rest:
        template = "{n} more {pairs} out, by less"
        out.append(sentence("comparison", template, n=spelled(rest), pairs=plural(rest, "pair stands", "pairs stand")))
    return out


def _tried(result: Interactions, study: Study, audience: Audience) -> list[Sentence]:
    if not result.n_pairs:
        return []
    template = "all {n} pairs of its {k} strongest inputs were tried"
    if result.n_pairs == 1:
        template = "the one pair of inputs that it looks at was tried"
    if result.n_looked_at < result.n_pairs:
        template = "there was time for {done} of {n} pairs. These are pairs of its {k} strongest inputs"
    return [
        sentence(
            "method",
            template,
            n=result.n_pairs,
            k=len(result.columns),
            done=result.n_looked_at,
            to=audience,
            facts={"cases": study.cases},
        )
    ]
