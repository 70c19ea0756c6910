"""Say what one more point of quality costs between neighbours on the line, or that no price can be named."""

from __future__ import annotations

from typing import Any

from explainers.reasons import one_two_five
from explainers.results import Comparison, PointPrice, Sentence
from explainers.study import Study
from explainers.words import money, numbers, phrases
from explainers.words.numbers import Scale
from explainers.words.say import BUSINESS, Audience, Shown, sentence

ONE_MORE = {
    "auc": "one more of {of} pairs in the right order",
    "accuracy": "one more of {of} {cases} answered as in the record",
    "log_loss": "one hundredth better in the chances that it states",
    "brier": "one hundredth nearer with its chances",
    "r2": "one hundredth more of the ups and downs",
}


def describe(result: Comparison, study: Study, *, audience: Audience = BUSINESS) -> list[Sentence]:
    """Say the price of a point where the line climbs last: what the best option on it asks for its lead.

    Parameters
    ----------
    result : Comparison
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    list of Sentence
        Empty with fewer than two options on the line.
    """
    return [one(result.points[-1], result, study, audience=audience)] if result.points else []


def one(found: PointPrice, result: Comparison, study: Study, *, audience: Audience = BUSINESS) -> Sentence:
    """Say what one more point costs from one option on the line to the next."""
    parts: dict[str, Any] = {
        "a": phrases.option(study, found.a, audience),
        "b": phrases.option(study, found.b, audience),
    }
    facts = {"points": found.points, "lower": found.lower, "upper": found.upper, "more": found.more}
    if found.price is None:
        template = "no price can be put on one more point from {b} to {a}: there may be no lead at all"
        return sentence("comparison", template, facts=facts, **parts)
    times, what = _point(found, result, study)
    currency = result.assumptions.currency
    ends = (
        found.price_lower * times if found.price_lower is not None else None,
        found.price_upper * times if found.price_upper is not None else None,
    )
    return sentence(
        "comparison",
        "from {b} to {a}, {what} costs {price} a month{range}. {mover} moves that most",
        what=what,
        price=money.about(found.price * times, currency),
        range=money.bracket(ends, currency),
        mover=money.label(result.assumptions, found.moves_most),
        facts=facts,
        **parts,
    )


def _point(found: PointPrice, result: Comparison, study: Study) -> tuple[float, Shown]:
    """Return how many units one point is here, and what people call it."""
    known = ONE_MORE.get(result.metric)
    if known is not None:
        text = known.format(of=100, cases=study.cases)
        return 1.0, Shown(text, {"of": 100})
    step = one_two_five(found.points) if found.points > 0 else one_two_five(1.0)
    size = Scale("number", step, numbers.target_unit(study)).size(step.size)
    return step.size, Shown(f"being off by {size} less", size.facts)
