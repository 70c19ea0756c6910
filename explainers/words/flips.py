"""Say of one case what an option answered then and answers now, and the first reason of each."""

from __future__ import annotations

from typing import Any, Literal

from explainers.reasons import one_two_five
from explainers.results import Changes, Flip, KeptReasons, OptionChange, Sentence
from explainers.study import Study
from explainers.words import amounts, numbers, phrases
from explainers.words.numbers import Scale
from explainers.words.say import BUSINESS, Audience, Shown, join, plural, quoted, sentence, spelled


def describe(f: Flip, o: OptionChange, study: Study, *, audience: Audience = BUSINESS) -> tuple[Sentence, ...]:
    """Say of one case what an option answered then and answers now, and the first reason of each.

    Parameters
    ----------
    f : Flip
    o : OptionChange
        The option that answered.
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    tuple of Sentence
        What turned, the reasons of then, the reasons of now.
    """
    said = [_what(f, o, study, audience)]
    if f.values_changed:
        said.append(sentence("caveat", "its values are others now"))
    scale = _scale(f, o, study, audience)
    said.append(_because("then", f.why_before, study, scale))
    said.append(_because("now", f.why_after, study, scale))
    return tuple(said)


def _what(f: Flip, o: OptionChange, study: Study, audience: Audience) -> Sentence:
    facts: dict[str, Any] = {"case": f.case}
    if isinstance(f.before, float) and isinstance(f.after, float):
        step = one_two_five((o.tolerance or abs(f.after - f.before) or 1.0) / 10)
        scale = Scale("number", step, numbers.target_unit(study))
        template = "it said {before} then, and it says {after} now. The record says {record}"
        record = scale.answer(f.record) if isinstance(f.record, float) else Shown("nothing")
        return sentence(
            "answer", template, before=scale.answer(f.before), after=scale.answer(f.after), record=record, facts=facts
        )
    scale = _scale(f, o, study, audience)
    then, now = (_class(study, str(v)) for v in (f.before, f.after))
    chances = (Shown(""), Shown(""))
    if f.chance_before is not None and f.chance_after is not None:
        chances = tuple(join(" ({chance})", chance=scale.answer(c)) for c in (f.chance_before, f.chance_after))  # type: ignore[assignment]
    return sentence(
        "answer",
        "called {then}{first} then, {now}{second} now; {whose} was {record}",
        then=then,
        now=now,
        first=chances[0],
        second=chances[1],
        whose=phrases.whose(study) if phrases.decided(study) else "the record",
        record=quoted(_class(study, str(f.record))),
        facts=facts,
    )


def _class(study: Study, text: str) -> str:
    """Return words for a class that was kept as text."""
    known = next((c for c in study.classes if str(c) == text), text)
    return phrases.class_words(study, known)


def _scale(f: Flip, o: OptionChange, study: Study, audience: Audience) -> Scale:
    told = [w for w in (f.why_before, f.why_after) if w is not None]
    sizes = [amount for w in told for _, amount, _ in w.first]
    unit: Literal["probability", "target"] = "probability" if study.classes else "target"
    return amounts.scale(study, o.candidate, unit, sizes, audience=audience)


def _because(when: str, why: KeptReasons | None, study: Study, scale: Scale) -> Sentence:
    if why is None:
        return sentence("reason", "{when}: the reasons were not kept", when=when)
    if not why.first:
        return sentence("reason", "{when}: nothing stood out", when=when)
    column, amount, value = why.first[0]
    return sentence(
        "reason",
        "{when}, most of all: {because} ({amount})",
        when=when,
        because=phrases.clause(study, column, value),
        amount=scale.amount(amount),
        facts={"exact": amount, "feature": column},
    )


def since(result: Changes, since: str, *, audience: Audience = BUSINESS) -> list[Sentence]:
    """Say how many answers turned since a state, and of which options.

    Parameters
    ----------
    result : Changes
    since : str
        What the earlier state is called.
    audience : "business" or "technical"

    Returns
    -------
    list of Sentence
        The first one for all options, then one for each whose answers turned.
    """
    some = [o for o in result.options if o.n_flips]
    n = sum(o.n_flips for o in some)
    template = "since {since}, {n} " + plural(n, "answer", "answers") + " turned"
    said = [sentence("answer", template, since=quoted(since), n=spelled(n))]
    for o in some:
        name = quoted(o.technical if audience != BUSINESS and o.technical else o.label)
        template = "{option}: {k} of {n} " + plural(o.n, "answer", "answers") + " turned"
        said.append(sentence("comparison", template, option=name, k=o.n_flips, n=o.n))
    return said


def first_reason(why: KeptReasons | None, study: Study) -> str:
    """Return the first reason of a case in a few words, for a table; empty where there is none."""
    if why is None or not why.first:
        return ""
    column, _, value = why.first[0]
    return phrases.clause(study, column, value).text
