"""Say why a candidate answers as it does: the reasons of one case, for two audiences, from the same result."""

from __future__ import annotations

from typing import Any

import numpy as np

from explainers.results import Explanation, Narrative, Reason, Sentence
from explainers.study import Study
from explainers.words import phrases
from explainers.words.display import Line, alt, chips, lines, title
from explainers.words.headline import answer, same_for_all
from explainers.words.limits import limits
from explainers.words.say import BUSINESS, Audience, Shown, capital, join, plural, sentence, spelled
from explainers.words.telling import Told, direction, facts_of, told, verb
from explainers.words.workings import method

CAUSES = "these are not causes: they show what the option looked at"


def describe(explanation: Explanation, study: Study, *, audience: Audience = BUSINESS, row: int = 0) -> Narrative:
    """Say what a candidate answers for one case, what is not known about that, and why it answers so.

    Parameters
    ----------
    explanation : Explanation
    study : Study
    audience : "business" or "technical"
    row : int
        Which case of the explanation.

    Returns
    -------
    Narrative
        Headline: the answer and its comparison. Caveats: limits, to be read before the reasons.
    """
    t = told(explanation, study, audience=audience, row=row)
    head = answer(t.explanation, study, t.reasons, audience, row)
    return Narrative(headline=head, sentences=body(t), caveats=limits(t))


def body(t: Told) -> tuple[Sentence, ...]:
    """Return the comparison, the reasons, everything else, and that reasons are not causes."""
    said = [tally(t)]
    if not same_for_all(t.explanation, t.study):
        said += [_reason(t, r) for r in t.reasons.shown]
        said += [_protected(t, r) for r in t.reasons.protected if t.reasons.shown or r.exact]
        rest = _others(t)
        said += [rest] if rest else []
        if t.reasons.shown:
            said.append(sentence("caveat", CAUSES, to=t.audience))
    return tuple(said)


# -- the comparison ----------------------------------------------------------------------------------------------
def tally(t: Told) -> Sentence:
    """Say how many of the shown reasons count each way, and what the case is compared with."""
    shown = t.reasons.shown
    reference = phrases.compared_with(t.explanation.reference, t.study)
    if same_for_all(t.explanation, t.study):
        return sentence("comparison", "nothing about this {case} counts", case=t.study.case)
    # A group is named in a sentence of its own, since its clause may be long.
    group = t.explanation.reference.kind == "group"
    start, first = ("it is compared with {reference}. ", capital) if group else ("compared with {reference}, ", str)
    n = len(shown)
    n_for = sum(r.exact > 0 for r in shown)
    facts = {"n": n, "towards": n_for, "against": n - n_for}
    if n == 0:
        return sentence("comparison", start + first("no single thing stands out"), reference=reference, facts=facts)
    goal = t.towards
    if n_for in (0, n):
        way = "counts towards" if n_for else "counts against"
        # A protected characteristic is listed apart from the strongest and may count the other way.
        every = all((r.exact > 0) == bool(n_for) for r in t.reasons.protected if r.exact)
        template = (
            start + first("one thing stands out, and it ") + way + " {goal}"
            if n == 1
            else start
            + first("everything that stands out " if every else "all the strongest reasons ")
            + (way if every else way.replace("counts", "count"))
            + " {goal}"
        )
        return sentence("comparison", template, reference=reference, goal=goal, facts=facts)
    return sentence(
        "comparison",
        start + "{n_for} {things} towards {goal} and {n_against} against it",
        reference=reference,
        n_for=Shown(first(spelled(n_for).text), {"": n_for}),
        things=plural(n_for, "thing counts", "things count"),
        goal=goal,
        n_against=spelled(n - n_for),
        facts=facts,
    )


# -- the reasons -------------------------------------------------------------------------------------------------
def _value(t: Told, r: Reason) -> Shown:
    """Return the clause of a reason with how usual its value is."""
    said = phrases.clause(t.study, r.feature, r.value)
    how = phrases.usual(t.study, r.feature, r.value)
    return said if how is None else join("{value}, {usual}", value=said, usual=how)


def _reason(t: Told, r: Reason) -> Sentence:
    if t.audience != BUSINESS:
        return _technical_reason(t, r)
    first = t.reasons.shown[0]
    opposing = next((x for x in t.reasons.shown if (x.exact > 0) != (first.exact > 0)), None)
    lead = "on the other side, " if r is opposing else ""
    if r is first and len(t.reasons.shown) > 1:
        lead = "most of all, "
    end = " “{label}” is a protected characteristic." if r.protected else ""
    return sentence(
        "reason",
        lead + "{because}. The option " + verb(r.amount) + " {amount}." + end,
        because=_value(t, r),
        amount=t.scale.size(r.amount),
        label=phrases.label(t.study, r.feature),
        facts=facts_of(t, r),
        to=t.audience,
    )


def _technical_reason(t: Told, r: Reason) -> Sentence:
    how = phrases.place(t.study, r.feature, r.value)
    place = join("; {how}", how=how) if how else Shown("")
    template = "{label} ({value}{place}): {amount}" + (", 95% error {error}" if r.error > 0 else ", exact")
    return sentence(
        "reason",
        template + ("; protected attribute" if r.protected else ""),
        label=phrases.label(t.study, r.feature),
        value=phrases.value_text(phrases.feature(t.study, r.feature), r.value),
        place=place,
        amount=t.scale.amount(r.amount),
        error=_error(t, r.error),
        facts={**facts_of(t, r), "level": 95},
    )


def _error(t: Told, error: float) -> Shown:
    """Return an error on the scale, never as nothing."""
    if t.scale.step.count(error):
        return t.scale.size(error)
    least = t.scale.size(t.scale.step.size)
    return Shown(f"below {least}", least.facts)


def _protected(t: Told, r: Reason) -> Sentence:
    said = phrases.clause(t.study, r.feature, r.value)
    parts: dict[str, Any] = {
        "because": said,
        "label": phrases.label(t.study, r.feature),
        "facts": {**facts_of(t, r), "amount": r.amount},
        "to": t.audience,
    }
    if not t.scale.step.count(r.exact):
        least = t.scale.size(t.scale.step.size)
        if r.exact == 0:
            template = "{because}. This option gives that no weight. “{label}” is a protected characteristic."
            return sentence("reason", template, **parts)
        template = "{because}. This moves the answer by less than {least}. “{label}” is a protected characteristic."
        return sentence("reason", template, least=least, **parts)
    if abs(r.exact) <= r.error:
        template = "{because}. The option {verb} {size}, which is too close to nothing to tell."
    else:
        template = "{because}. The option {verb} {size}."
    return sentence(
        "reason",
        template + " “{label}” is a protected characteristic.",
        verb=verb(r.amount),
        size=t.scale.size(r.amount),
        **parts,
    )


def _others(t: Told) -> Sentence | None:
    """Sum up everything else; it takes the rounding, so that the shown figures add up."""
    r = t.reasons
    shown = {x.feature for x in (*r.shown, *r.protected)}
    rest = [
        float(v)
        for name, v in zip(t.explanation.feature_names, t.explanation.values[t.row], strict=True)
        if name not in shown
    ]
    exact = float(np.sum(rest)) if rest else 0.0
    facts = {"others": r.others, "n_others": r.n_others, "exact": exact}
    if not any(rest):
        if t.scale.step.count(r.others) == 0:
            return sentence("reason", "nothing else counts", facts=facts) if rest else None
        template = "nothing else counts; rounding makes up the last {amount}"
        return sentence("reason", template, amount=t.scale.size(r.others), facts=facts)
    n = r.n_others
    who = "the other thing" if n == 1 else "the {n} other things together"
    if not r.shown:
        who = "the one thing it looks at" if n == 1 else "all {n} things together"
    if t.scale.step.count(r.others) == 0:
        return sentence("reason", who + plural(n, " comes", " come") + " to nothing after rounding", n=n, facts=facts)
    rounded = t.scale.step.count(r.others) != t.scale.step.count(exact)
    return sentence(
        "reason",
        "for " + who + (", rounding included," if rounded else "") + " the option {verb} {amount}",
        n=n,
        verb=verb(r.others),
        amount=t.scale.size(r.others),
        facts=facts,
        to=t.audience,
    )


__all__ = ["Line", "alt", "body", "chips", "describe", "direction", "limits", "lines", "method", "title", "told"]
