"""Say amounts of money: about how much, between what, with whose figures, and which of them moves it most."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from explainers.results import VARIANTS, Assumptions, Comparison, Narrative, OptionRow, Sentence
from explainers.study import Study
from explainers.words import numbers, phrases
from explainers.words.say import BUSINESS, Audience, Shown, join, listed, quoted, sentence

Ends = tuple[float | None, float | None]
PARTS = ("build", "train", "serve", "people")
ABOUT: Mapping[str, str] = {
    "build": "Building it, spread over time",
    "train": "Machines that train it",
    "serve": "Machines that answer",
    "people": "People who keep it running or look at cases",
}
LACKING: Mapping[str, str] = {
    "train": "what it takes to train",
    "serve": "what it takes to answer",
    "memory": "the memory it needs",
}


def describe(option: OptionRow, result: Comparison, study: Study, *, audience: Audience = BUSINESS) -> Narrative:
    """Say what one option costs a month, part by part, and what its answers come to.

    Parameters
    ----------
    option : OptionRow
        One of ``result.options``.
    result : Comparison
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    Narrative
        Headline: what it costs to have. Sentences: the parts, what its answers come to, the sum with its range.
    """
    name = named(option, study, audience)
    currency = result.assumptions.currency
    every = tuple(getattr(option, p) for p in (*PARTS, "wrong", "right"))
    head = sentence(
        "answer",
        "to have {option} costs {amount} a month {whose}. {mover} moves that most",
        option=name,
        amount=about(option.cost, currency),
        whose=whose(result.assumptions),
        mover=label(result.assumptions, option.cost_moves_most),
        facts=dict(zip((*PARTS, "wrong", "right"), every, strict=True)),
    )
    said = [_parts(option, currency, result.assumptions), *answers(option, result, study)]
    said.append(in_all(option, result, subject="it"))
    if audience != BUSINESS:
        said.append(_technical(result))
    return Narrative(headline=head, sentences=tuple(said), caveats=tuple(lacking(option, name)))


def _parts(option: OptionRow, currency: str, assumed: Assumptions) -> Sentence:
    return sentence(
        "comparison",
        "building it takes {build}, machines {machines} and people {people}. {mover} moves it most",
        build=amount(option.build, currency),
        machines=amount(option.train + option.serve, currency),
        people=amount(option.people, currency),
        mover=label(assumed, option.cost_moves_most),
    )


def answers(option: OptionRow, result: Comparison, study: Study) -> list[Sentence]:
    """Say what an option's answers cost and bring a month."""
    currency = result.assumptions.currency
    differing = "answers that differ from {record} cost {amount} a month beside that. {mover} moves it most"
    said = [
        sentence(
            "comparison",
            differing,
            record=phrases.record(study),
            amount=about(option.wrong, currency),
            mover=label(result.assumptions, option.wrong_moves_most),
        )
    ]
    if option.right:
        said.append(
            sentence(
                "comparison",
                "answers as in {record} bring {amount} a month. {mover} moves it most",
                record=phrases.record(study),
                amount=about(option.right, currency),
                mover=label(result.assumptions, "cases_per_month"),
            )
        )
    return said


def in_all(option: OptionRow, result: Comparison, *, subject: Shown | str) -> Sentence:
    """Say what an option comes to a month in all, with its range."""
    currency = result.assumptions.currency
    template = "in all {subject} comes to {amount} a month{range}. {mover} moves that most"
    value, ends = option.total, (option.total_lower, option.total_upper)
    if value < 0:
        template = "in all {subject} brings in {amount} a month more than it takes{range}. {mover} moves that most"
        value, ends = -value, (_minus(ends[1]), _minus(ends[0]))
    return sentence(
        "range",
        template,
        subject=subject,
        amount=about(value, currency),
        range=bracket(ends, currency),
        mover=label(result.assumptions, option.moves_most),
        facts={"total": option.total},
    )


def lacking(option: OptionRow, name: str) -> list[Sentence]:
    """Say which parts of the cost were not measured."""
    if not option.lacking:
        return []
    what = listed([LACKING.get(p, p) for p in option.lacking])
    template = "for {option}, {what} was not measured. It counts as nothing"
    return [sentence("caveat", template, option=name, what=what)]


def assumed(found: Assumptions) -> list[Sentence]:
    """Say whose figures these are: nobody's yet, or who confirmed them and when."""
    examples = sum(f.given == "example" for f in found.figures)
    if found.confirmed_by:
        when = f" on {numbers.date(found.confirmed_on)}" if found.confirmed_on else ""
        who = Shown(f"{found.confirmed_by}{when}", {"": f"{found.confirmed_by}{when}"})
        return [sentence("method", "{who} confirmed these figures", who=Shown(who.text, who.facts))]
    said = [sentence("caveat", "nobody has confirmed these figures yet, so every amount is an example")]
    if examples == len(found.figures):
        template = "all {n} figures are the tool's own examples. Put in what holds for you"
        said.append(sentence("method", template, n=examples))
    elif examples:
        template = "{n} of the {all} figures are the tool's own examples. Put in what holds for you"
        said.append(sentence("method", template, n=examples, all=len(found.figures)))
    return said


# -- pieces ------------------------------------------------------------------------------------------------------------
def named(option: OptionRow, study: Study, audience: Audience = BUSINESS) -> str:
    """Return an option's name in quotation marks; a variant says what it is."""
    if not option.variant:
        return phrases.option(study, option.candidate, audience)
    return varied(phrases.option(study, option.candidate, audience), option.variant)


def varied(name: str, variant: str) -> str:
    """Return the name of an option's variant from its own, in quotation marks; its own where it is none."""
    return quoted(f"{name.strip('“”')}, {VARIANTS.get(variant, variant)}") if variant else name


def whose(found: Assumptions) -> str:
    """Return 'with example figures' until somebody confirmed them, then 'with your figures'."""
    return "with your figures" if found.confirmed_by else "with example figures"


def label(found: Assumptions, name: str) -> Shown:
    """Return what people call an assumption, in quotation marks, as it stands within a sentence."""
    text = next((f.label for f in found.figures if f.name == name), name.replace("_", " ") or "nothing")
    return Shown(quoted(text), {"": text})


def rounded(value: float) -> float:
    """Return an amount with three figures, which is more than examples and counts bear.

    Examples
    --------
    >>> rounded(12345.6), rounded(0.0), rounded(-0.04567)
    (12300.0, 0.0, -0.0457)
    """
    return float(f"{value:.3g}") if math.isfinite(value) else value


def amount(value: float, currency: str) -> Shown:
    """Return an amount: '$12,300', '$0.04', 'less than $0.01'."""
    if 0 < abs(value) < 0.005:
        return Shown(f"less than {numbers.measured('0.01', currency)}", {"": value, "shown": 0.01})
    shown = rounded(value)
    text = numbers.decimal(shown, 0 if abs(shown) >= 100 or float(shown).is_integer() else 2)
    return Shown(numbers.measured(text, currency), {"": value, "shown": numbers.read(text)})


def about(value: float, currency: str) -> Shown:
    """Return an amount as 'about $12,300'; nothing is said to be about nothing."""
    found = amount(value, currency)
    if value == 0 or found.text.startswith("less"):
        return Shown("nothing" if value == 0 else found.text, {**found.facts, "": value})
    return Shown(f"about {found.text}", found.facts)


def bracket(ends: Ends, currency: str) -> Shown:
    """Return a range as ' ($12,000 to $13,000)'; nothing without ends."""
    low, high = ends
    if low is None or high is None or low == high:
        return Shown("")
    return join(" ({low} to {high})", low=amount(low, currency), high=amount(high, currency))


def less_or_more(value: float, ends: Ends, currency: str) -> Shown:
    """Return a saving as 'about $500 less ($200 to $800 less)', or more where it is below zero."""
    word = "less" if value >= 0 else "more"
    low, high = ends
    if low is None or high is None or low == high:
        return join("{amount} {word}", amount=about(abs(value), currency), word=word)
    if low >= 0 or high <= 0:
        near, far = sorted((abs(low), abs(high)))
        span = join("{near} to {far} {word}", near=amount(near, currency), far=amount(far, currency), word=word)
    else:
        span = join("{low} more to {high} less", low=amount(-low, currency), high=amount(high, currency))
    return join("{amount} {word} ({span})", amount=about(abs(value), currency), word=word, span=span)


def _minus(value: float | None) -> float | None:
    return None if value is None else -value


def _technical(result: Comparison) -> Sentence:
    return sentence(
        "method",
        "ranges: studentised bootstrap of the answers, {level}%, n {n}; measured and assumed costs have none",
        level=round(100 * result.level),
        n=result.n,
    )


def table(
    result: Comparison, study: Study, names: Sequence[str] = (), *, audience: Audience = BUSINESS
) -> list[dict[str, object]]:
    """Return the options as rows of a table, amounts as people read them."""
    currency = result.assumptions.currency
    out: list[dict[str, object]] = []
    for option in result.options:
        if names and option.candidate not in names:
            continue
        row: dict[str, object] = {"Option": named(option, study, audience).strip("“”")}
        row |= {ABOUT[p]: amount(getattr(option, p), currency).text for p in PARTS}
        row["To have it"] = amount(option.cost, currency).text
        row["Answers that differ"] = amount(option.wrong, currency).text
        if any(o.right for o in result.options):
            row["Right answers bring"] = amount(option.right, currency).text
        row["In all"] = amount(option.total, currency).text
        out.append(row)
    return out
