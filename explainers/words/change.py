"""Say what a changed value does to the answer: what the option would say, not what would happen."""

from __future__ import annotations

from typing import Any

import numpy as np

from explainers.reasons import rounding_step
from explainers.results import Explanation, Narrative, Sentence, Unusual
from explainers.study import Study
from explainers.words import numbers, phrases
from explainers.words.attribution import direction, limits, told
from explainers.words.headline import goal
from explainers.words.numbers import Scale
from explainers.words.say import BUSINESS, Audience, Shown, join, listed, sentence

NOT_WHAT_HAPPENS = "this is what the option would say, not what would happen"


def describe(
    before: Explanation,
    after: Explanation,
    study: Study,
    *,
    was_unusual: Unusual | None = None,
    unusual: Unusual | None = None,
    audience: Audience = BUSINESS,
    row: int = 0,
) -> Narrative:
    """Say what was changed in a case, how the answer follows, and where the reasons moved most.

    Parameters
    ----------
    before, after : Explanation
        The case as it is and as it was changed, by the same candidate against the same reference.
    study : Study
    was_unusual, unusual : Unusual, optional
        How unlike anything seen the case was, and is.
    audience : "business" or "technical"
    row : int

    Returns
    -------
    Narrative
    """
    changed = changes(before, after, row=row)
    scale = _scale(before, after, study, audience, row)
    old, new = (float(e.predictions[row]) for e in (before, after))
    if not changed:
        head = sentence("answer", "nothing was changed, so the answer is still {old}", old=scale.answer(old))
        return Narrative(headline=head, sentences=())
    names = [n for n, _, _ in changed]
    said = [_changed(study, *change) for change in changed]
    moved = _moved(before, after, study, scale, row)
    return Narrative(
        headline=_headline(study, scale, (old, new), names, audience),
        sentences=(*said, *([moved] if moved else [])),
        caveats=(
            sentence("caveat", NOT_WHAT_HAPPENS, to=audience),
            *limits(told(after, study, audience=audience, row=row), before=was_unusual, unusual=unusual, changed=True),
        ),
    )


def changes(before: Explanation, after: Explanation, *, row: int = 0) -> tuple[tuple[str, Any, Any], ...]:
    """Return each column that differs, with its old and its new value."""
    found = []
    for name in before.feature_names:
        a, b = before.cases[name].iloc[row], after.cases[name].iloc[row]
        if numbers.missing(a) and numbers.missing(b):
            continue
        if numbers.missing(a) or numbers.missing(b) or not phrases.same_value(a, b):
            found.append((name, a, b))
    return tuple(found)


def _scale(before: Explanation, after: Explanation, study: Study, audience: Audience, row: int) -> Scale:
    """Return one scale for both answers, the coarser of the two."""
    step = max((rounding_step(e, study, row=row) for e in (before, after)), key=lambda s: s.size)
    step = step if audience == BUSINESS else step.finer(10)
    return numbers.scale_of(before, study, step, before.candidate, technical=audience != BUSINESS)


def _headline(
    study: Study, scale: Scale, answers: tuple[float, float], names: list[str], audience: Audience
) -> Sentence:
    old, new = answers
    labels = listed([f"“{phrases.label(study, n)}”" for n in names]) if len(names) <= 2 else ""
    what = Shown(labels) if labels else join("these {n} values", n=len(names))
    facts = {"changed": len(names), "old_exact": old, "new_exact": new}
    thing = {"chance": "", "score": "a score of ", "number": "", "probability": "a probability of "}[scale.kind]
    a, b = scale.answer(old), scale.answer(new)
    gap = scale.step.count(new) - scale.step.count(old)
    if gap == 0:
        return sentence(
            "answer",
            "with {what} changed, the option would still say " + thing + "{new}",
            what=what,
            new=b,
            facts=facts,
            to=audience,
        )
    return sentence(
        "answer",
        "with {what} changed, the option would say " + thing + "{new} instead of {old}",
        what=what,
        new=b,
        old=a,
        facts={**facts, "direction": direction(gap)},
        to=audience,
    )


def _changed(study: Study, name: str, old: Any, new: Any) -> Sentence:
    """Say a change of one value; more digits where both would read the same."""
    entry = phrases.feature(study, name)
    a, b = phrases.value_text(entry, old), phrases.value_text(entry, new)
    digits = 3
    while a == b and digits < 12:
        digits += 1
        a, b = (phrases.value_text(entry, v, digits=digits) for v in (old, new))
    return sentence(
        "comparison",
        "{label}: {new} instead of {old}",
        label=entry.label,
        new=Shown(b, {"": new, "text": b}),
        old=Shown(a, {"": old, "text": a}),
        facts={"feature": name},
    )


def _moved(before: Explanation, after: Explanation, study: Study, scale: Scale, row: int) -> Sentence | None:
    """Say on which column the reasons moved most."""
    gaps = np.asarray(after.values[row]) - np.asarray(before.values[row])
    at = int(np.argmax(np.abs(gaps)))
    if not gaps.size or scale.step.count(float(gaps[at])) == 0:
        return None
    name = before.feature_names[at]
    template = "the reasons move most on “{label}”: from {old} to {new}"
    way = direction(float(gaps[at]))
    if before.unit == "probability":
        template += ", towards {goal}" if way == "towards" else ", away from {goal}"
    return sentence(
        "reason",
        template,
        label=phrases.label(study, name),
        old=scale.amount(float(before.values[row, at])),
        new=scale.amount(float(after.values[row, at])),
        goal=goal(study, told(before, study, row=row).reasons),
        facts={"feature": name, "exact": float(gaps[at]), "direction": way},
    )
