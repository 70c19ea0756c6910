"""Say where two options come to the same total: at which price or number of cases, between what, or why none."""

from __future__ import annotations

from typing import Any

from explainers.results import BreakEven, Comparison, Narrative, Sentence
from explainers.study import Study
from explainers.words import money, numbers, phrases
from explainers.words.say import BUSINESS, Audience, Shown, join, sentence

ALL_WRONG = "wrong"
TINY = 0.01  # of a currency: a price below it is next to nothing


def describe(result: Comparison, study: Study, *, audience: Audience = BUSINESS) -> Narrative:
    """Say every break-even of the comparison.

    Parameters
    ----------
    result : Comparison
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    Narrative
        One sentence per two options and assumption.
    """
    said = [one(b, result, study, audience=audience) for b in result.break_even]
    if not said:
        return Narrative(
            headline=sentence("answer", "there are no two options to set against each other"), sentences=()
        )
    named = sum(b.value is not None for b in result.break_even)
    head = sentence(
        "answer",
        "for {n} of {all} comparisons a value can be named at which two options cost the same",
        to=audience,
        n=named,
        all=len(said),
    )
    return Narrative(headline=head, sentences=tuple(said))


def main(result: Comparison, study: Study, *, audience: Audience = BUSINESS) -> list[Sentence]:
    """Say where the option that costs least, else the nearest to it, comes to the same as no model."""
    name = (result.least, result.least_variant) if result.state == "least" else (nearest(result), "")
    none = (result.no_model, "")
    about = [b for b in result.break_even if {(b.a, b.a_variant), (b.b, b.b_variant)} == {name, none}]
    named = [b for b in about if b.value is not None]
    chosen = [b for b in named if b.quantity == "cases_per_month"][:1]
    chosen += [b for b in named if b.quantity != "cases_per_month"][:1]
    return [one(b, result, study, audience=audience) for b in (chosen or about[:1])]


def nearest(result: Comparison) -> str:
    """Return the option but for no model that comes to least."""
    passed = {result.no_model, *result.set_aside}
    others = [o for o in result.options if o.candidate not in passed and not o.variant]
    return min(others, key=lambda o: o.total).candidate if others else ""


def one(found: BreakEven, result: Comparison, study: Study, *, audience: Audience = BUSINESS) -> Sentence:
    """Say one break-even, or why there is none."""
    parts: dict[str, Any] = {
        "a": _name(found.a, found.a_variant, study, audience),
        "b": _name(found.b, found.b_variant, study, audience),
    }
    what = quantity(found, result)
    facts = {"value": found.value, "lower": found.lower, "upper": found.upper}
    if found.why == "no price can be named":
        thing = "number" if found.quantity == "cases_per_month" else "price"
        template = "for {what} no " + thing + " can be named. The gap between {a} and {b} may be nothing"
        return sentence("comparison", template, what=what, facts=facts, **parts)
    if found.why:
        template = "{a} costs less than {b}" if found.why == "at any" else "{a} costs more than {b}"
        return sentence("comparison", template + ", whatever the value of {what}", what=what, facts=facts, **parts)
    assert found.value is not None
    word = "above" if found.above else "below"
    template = "{a} costs less than {b} once {what} is " + word + " {value}{range}"
    if _factor(found, result):
        template = "{a} costs less than {b} once answers that differ cost " + word + " {value} what is assumed{range}"
    elif found.quantity != "cases_per_month" and max(found.value, found.upper or 0.0) < TINY:
        template = "{a} costs less than {b} at " + ("almost any" if found.above else "next to no") + " value of {what}"
    if found.moves_most:
        template += ". {mover} moves that most"
        parts["mover"] = money.label(result.assumptions, found.moves_most)
    value = _value(found, found.value, result)
    return sentence("comparison", template, value=value, range=_range(found, result), what=what, facts=facts, **parts)


def quantity(found: BreakEven, result: Comparison) -> Shown:
    """Return what people call the assumption that is turned."""
    if _factor(found, result):
        return Shown("the prices of all answers that differ")
    return money.label(result.assumptions, found.quantity)


def _factor(found: BreakEven, result: Comparison) -> bool:
    """Whether it is all prices together that are multiplied."""
    return found.quantity == ALL_WRONG and ALL_WRONG not in result.assumptions.values


def _name(name: str, variant: str, study: Study, audience: Audience) -> str:
    if name not in study.candidates:
        return "no model at all"
    known = phrases.option(study, name, audience)
    return money.varied(known, variant)


def _value(found: BreakEven, value: float, result: Comparison) -> Shown:
    currency = result.assumptions.currency
    if found.quantity == "cases_per_month":
        if value < 1:
            return Shown("1", {"": value, "shown": 1})
        said = numbers.decimal(money.rounded(value), 0)
        return Shown(said, {"": value, "shown": numbers.read(said)})
    if _factor(found, result):
        said = numbers.plain(float(f"{value:.2g}"), 2)
        return Shown(f"{said} times", {"": value, "shown": numbers.read(said)})
    return _price(value, currency)


def _price(value: float, currency: str) -> Shown:
    if 0.01 <= abs(value) < 1:
        said = numbers.plain(float(f"{value:.2g}"), 2)
        return Shown(numbers.measured(said, currency), {"": value, "shown": numbers.read(said)})
    return money.amount(value, currency)


def _range(found: BreakEven, result: Comparison) -> Shown:
    if found.lower is None or found.upper is None:
        return Shown("")
    low, high = (_value(found, v, result) for v in (found.lower, found.upper))
    if low.text == high.text:
        return Shown("")
    return join(" ({low} to {high})", low=low, high=high)


# -- for the technical audience ----------------------------------------------------------------------------------------
def signed(value: float) -> Shown:
    """Return a difference with its sign and three figures."""
    text = numbers.plain(abs(value), 3)
    return Shown(numbers.signed(text, value), {"": value, "shown": numbers.read(text)})


def signed_range(lower: float | None, upper: float | None) -> Shown:
    """Return the range of a difference; nothing without one."""
    if lower is None or upper is None:
        return Shown("")
    return join(", {low} to {high}", low=signed(lower), high=signed(upper))
