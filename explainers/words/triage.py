"""Say what an option could decide alone, how often it would be off there, and what the rest costs people."""

from __future__ import annotations

import math

from explainers.reasons import one_two_five
from explainers.results import Narrative, Sentence, Triage, TriageRule
from explainers.study import Study
from explainers.words import brackets, numbers, phrases
from explainers.words.numbers import Scale
from explainers.words.say import BUSINESS, Audience, Shown, join, plural, sentence

ROWS = {"test": "never-seen", "unknown history": "possibly seen"}


def describe(
    result: Triage, study: Study, *, rule: TriageRule | None = None, audience: Audience = BUSINESS
) -> Narrative:
    """Say what one rule would do.

    Parameters
    ----------
    result : Triage
    study : Study
    rule : TriageRule, optional
        The rule that is spoken of; by default the chosen one.
    audience : "business" or "technical"

    Returns
    -------
    Narrative
        Headline: cases decided alone and cases for a person. Sentences: how often it is off each way, hours and money.
    """
    rule = result.chosen if rule is None else rule
    if rule is None or not any(rule.alone):
        return Narrative(
            headline=_nothing(result, study, audience),
            sentences=tuple(_work(result, study, _all_person(result))),
            caveats=tuple(_example(result)),
        )
    said = [*_each_way(result, study, rule, audience), *_work(result, study, rule)]
    return Narrative(
        headline=_headline(result, study, rule, audience),
        sentences=tuple(said),
        caveats=tuple(_limits(result, study, rule, audience)),
    )


def title(result: Triage, study: Study) -> str:
    """Return the finding of the figure: how often the option would be off alone, with all cases and with the rule's."""
    first = next((r for r in result.rules if r.error is not None), None)
    if first is None or first.error is None:
        return _nothing(result, study).text.rstrip(".")
    start = f"Deciding all {study.cases} alone it is off for {numbers.share(first.error).text}"
    rule = result.chosen
    if rule is None or rule.error is None or not rule.person:
        return start
    return f"{start}; with {rule.person:,} left to a person, for {numbers.share(rule.error).text}"


def alt(result: Triage, study: Study) -> str:
    """Return the text alternative of the figure."""
    first = next((r for r in result.rules if r.error is not None), None)
    if first is None:
        return f"{title(result, study)}."
    share = numbers.share(first.error or 0.0).text
    return f"{title(result, study)}. With all {result.n:,} decided alone, {share} would be off."


def _headline(result: Triage, study: Study, rule: TriageRule, audience: Audience) -> Sentence:
    return sentence(
        "answer",
        "{option} could decide {alone} of {n} {rows} {cases} alone; {person} would go to a person",
        option=phrases.option(study, result.candidate, audience),
        alone=sum(rule.alone),
        n=result.n,
        rows=ROWS.get(result.rows, result.rows),
        cases=study.cases,
        person=Shown("none" if not rule.person else f"{rule.person:,}", {"": rule.person}),
    )


def _nothing(result: Triage, study: Study, audience: Audience = BUSINESS) -> Sentence:
    return sentence(
        "answer",
        "no rule for {option} is sure to keep to {allowed} off, so every {case} goes to a person",
        option=phrases.option(study, result.candidate, audience),
        allowed=numbers.share(result.allowed),
        case=study.case,
    )


def _all_person(result: Triage) -> TriageRule:
    return result.rules[-1]


# -- each way --------------------------------------------------------------------------------------------------------
def _each_way(result: Triage, study: Study, rule: TriageRule, audience: Audience) -> list[Sentence]:
    said = []
    for at, count in enumerate(rule.alone):
        if not result.outcomes:
            said.append(_numbers(result, study, rule))
            continue
        outcome = phrases.class_words(study, result.outcomes[at])
        if not count:
            never = math.isinf(rule.cuts[at]) and rule.cuts[at] > 0
            template = "it calls no {case} {outcome}" + (" alone; a person sees all of those" if never else "")
            said.append(sentence("comparison", template, case=study.case, outcome=outcome, facts={"alone": 0}))
            continue
        low, high = rule.lower_each[at], rule.upper_each[at]
        ends = (low, high) if low is not None and high is not None else None
        template = "of {n} that it would call {outcome}, {off}{range} " + plural(rule.off[at], "differs", "differ")
        template += " from {record}"
        said.append(
            sentence(
                "range",
                template,
                n=count,
                outcome=outcome,
                off=Shown("none" if not rule.off[at] else f"{rule.off[at]:,}", {"": rule.off[at]}),
                range=brackets.of_hundred(ends, each=count),
                record=phrases.record(study),
            )
        )
    if audience != BUSINESS and rule.error is not None:
        said.append(_technical(result, rule))
    return said


def _numbers(result: Triage, study: Study, rule: TriageRule) -> Sentence:
    ends = (rule.lower, rule.upper) if rule.lower is not None and rule.upper is not None else None
    return sentence(
        "range",
        "of those {n}, {off}{range} " + plural(rule.off[0], "lies", "lie") + " further than {tolerance} from {record}",
        n=rule.alone[0],
        off=Shown("none" if not rule.off[0] else f"{rule.off[0]:,}", {"": rule.off[0]}),
        range=brackets.of_hundred(ends, each=rule.alone[0]),
        tolerance=_amount(result.tolerance or 0.0, study),
        record=phrases.record(study),
    )


def _amount(value: float, study: Study) -> Shown:
    step = one_two_five(value / 20 if value > 0 else 1)
    return Scale("number", step, numbers.target_unit(study)).size(value)


def _technical(result: Triage, rule: TriageRule) -> Sentence:
    cuts = ", ".join("never" if math.isinf(c) and c > 0 else numbers.decimal(c, 3) for c in rule.cuts)
    return sentence(
        "method",
        "cuts {cuts}; error {error}{range}, Wilson at {level}%, chosen on {aside} calibration rows",
        cuts=Shown(cuts, {"": cuts}),
        error=_share(rule.error or 0.0),
        range=join(" ({low} to {high})", low=_share(rule.lower or 0.0), high=_share(rule.upper or 0.0)),
        level=round(100 * result.level),
        aside=result.n_chosen_on,
    )


def _share(value: float) -> Shown:
    text = numbers.decimal(value, 3)
    return Shown(text, {"": value, "shown": numbers.read(text)})


# -- hours and money -------------------------------------------------------------------------------------------------
def _work(result: Triage, study: Study, rule: TriageRule) -> list[Sentence]:
    if not rule.person:
        return [sentence("comparison", "nothing is left for people to decide", facts={"hours": rule.hours})]
    unit = result.currency if result.currency else None
    hours = numbers.rough(rule.hours)
    start = "" if result.confirmed else "with example figures, "
    return [
        sentence(
            "comparison",
            start
            + "the rest takes people about {hours} "
            + plural(round(rule.hours), "hour", "hours")
            + " a month: {money}",
            hours=hours,
            money=_about(rule.money, unit),
        ),
        sentence(
            "method",
            "that counts {monthly} {cases} a month at {minutes} minutes each. An hour costs {hourly}",
            monthly=_plain(result.monthly),
            cases=study.cases,
            minutes=_plain(result.minutes),
            hourly=_money(result.hourly, unit),
        ),
        sentence("comparison", "twice the minutes would be twice the hours"),
    ]


def _plain(value: float) -> Shown:
    text = numbers.plain(value, 3)
    return Shown(text, {"": value, "shown": numbers.read(text)})


def _about(value: float, unit: str | None) -> Shown:
    """Return an amount that rests on examples and counts: two figures are all it bears."""
    said = numbers.rough(value)
    return Shown(numbers.measured(said.text, unit), said.facts)


def _money(value: float, unit: str | None) -> Shown:
    text = numbers.plain(value, 2)
    return Shown(numbers.measured(text, unit), {"": value, "shown": numbers.read(text)})


# -- limits ----------------------------------------------------------------------------------------------------------
def _example(result: Triage) -> list[Sentence]:
    """Say that nobody has set what may be off, where that is so."""
    if result.allowed_given:
        return []
    template = "that {share} may be off is an example figure; nobody has set it"
    return [sentence("caveat", template, share=numbers.share(result.allowed))]


def _limits(result: Triage, study: Study, rule: TriageRule, audience: Audience) -> list[Sentence]:
    said = _example(result)
    seen = [off / n for off, n in zip(rule.off, rule.alone, strict=True) if n]
    high = [u for u, n in zip(rule.upper_each, rule.alone, strict=True) if n and u is not None]
    share = numbers.share(result.allowed)
    if max(seen, default=0.0) > result.allowed + 1e-12:
        said.append(sentence("caveat", "this does not keep to {share} off", share=share))
    elif max(high, default=0.0) > result.allowed + 1e-12:
        template = "with so few {cases} it could be more than {share} that are off"
        said.append(sentence("caveat", template, cases=study.cases, share=share))
    if len(result.outcomes) == 2:
        said.append(sentence("method", "a good answer is held to the same share as a refusal"))
    if phrases.decided(study):
        said.append(sentence("caveat", "people can differ from each other too; that was not measured"))
    else:
        said.append(sentence("caveat", "how often a person would be off was not measured"))
    if result.rows == "unknown history":
        said.append(sentence("caveat", "the option may have seen these {cases} before", cases=study.cases, to=audience))
    return said
