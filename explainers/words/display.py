"""Short pieces for a page: the rows of reasons, the title and alternative of the chart, the chips of the card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from explainers.results import Explanation, Reason, Sentence
from explainers.study import Study
from explainers.words import phrases
from explainers.words.headline import same_for_all
from explainers.words.say import BUSINESS, Audience, capital, plural
from explainers.words.telling import Direction, Told, direction, facts_of, told


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the list of reasons on a page: an amount, what it is for and how usual that is."""

    kind: Literal["reason", "protected", "others"]
    feature: str | None
    label: str
    amount: str
    direction: Direction
    text: str
    usual: str
    protected: bool
    facts: dict[str, Any]


def lines(explanation: Explanation, study: Study, audience: Audience = BUSINESS, *, row: int = 0) -> tuple[Line, ...]:
    """Return the rows of the list of reasons: shown ones, protected ones, everything else.

    Parameters
    ----------
    explanation : Explanation
    study : Study
    audience : "business" or "technical"
    row : int

    Returns
    -------
    tuple of Line
        The amounts add up from the average to the answer.
    """
    t = told(explanation, study, audience=audience, row=row)
    found = []
    for r in (*t.reasons.shown, *t.reasons.protected):
        said = phrases.clause(study, r.feature, r.value)
        how = phrases.usual(study, r.feature, r.value)
        found.append(
            Line(
                kind="reason" if r in t.reasons.shown else "protected",
                feature=r.feature,
                label=phrases.label(study, r.feature),
                amount=t.scale.amount(r.amount).text,
                direction=direction(r.amount),
                text=capital(said.text),
                usual=how.text if how else "",
                protected=r.protected,
                facts={**facts_of(t, r), "amount": r.amount, **(dict(how.facts) if how else {})},
            )
        )
    r_ = t.reasons
    if r_.n_others or t.scale.step.count(r_.others):
        n = r_.n_others
        name = f"{n} other {plural(n, 'thing', 'things together')}" if n else "Rounding"
        found.append(
            Line(
                kind="others",
                feature=None,
                label=name,
                amount=t.scale.amount(r_.others).text,
                direction=direction(r_.others),
                text=name,
                usual="",
                protected=False,
                facts={"amount": r_.others, "n_others": n},
            )
        )
    return tuple(found)


def title(explanation: Explanation, study: Study, *, audience: Audience = BUSINESS, row: int = 0) -> str:
    """Return the title of the waterfall: the finding, as plain text."""
    t = told(explanation, study, audience=audience, row=row)
    if same_for_all(explanation, study):
        return f"This {'option' if audience == BUSINESS else 'model'} gives every {study.case} the same answer"
    if not t.reasons.shown:
        return f"Nothing about this {study.case} stands out"
    first = t.reasons.shown[0]
    other = next((r for r in t.reasons.shown if (r.exact > 0) != (first.exact > 0)), None)
    if other is None:
        way = f"{'towards' if first.exact > 0 else 'against'} {_goal(t)}"
        every = all((r.exact > 0) == (first.exact > 0) for r in t.reasons.protected if r.exact)
        if len(t.reasons.shown) == 1:
            return f"One thing stands out {way}: {_named(t, first)}"
        lead = f"All that stands out counts {way}" if every else f"All the strongest reasons count {way}"
        return f"{lead}, most of all: {_named(t, first)}"
    ways = ("towards", "against") if first.exact > 0 else ("against", "towards")
    return f"Most counts {ways[0]} {_goal(t)}: {_named(t, first)}; most {ways[1]} it: {_named(t, other)}"


def _named(t: Told, r: Reason) -> str:
    """Return a reason as a title names it; its amount stands beside its bar."""
    return phrases.label(t.study, r.feature)


def _goal(t: Told) -> str:
    """Return what reasons count towards, as short as it can be said: a title has to fit two lines."""
    if t.reasons.unit == "target":
        return t.towards
    value = t.reasons.outcome if t.reasons.outcome is not None else t.study.positive
    return f"being {phrases.class_words(t.study, value)}"


def alt(explanation: Explanation, study: Study, *, audience: Audience = BUSINESS, row: int = 0) -> str:
    """Return the waterfall's text alternative: where it starts, each step, where it ends."""
    t = told(explanation, study, audience=audience, row=row)
    steps = [f"{line.label} {line.amount}" for line in lines(explanation, study, audience, row=row)]
    start, end = t.scale.answer(t.reasons.base), t.scale.answer(t.reasons.prediction)
    middle = f" The steps: {'; '.join(steps)}." if steps and not same_for_all(explanation, study) else ""
    reference = phrases.compared_with(explanation.reference, study)
    return (
        f"Chart of steps. It starts at {start}, {reference}, and ends at {end}.{middle} "
        f"{capital(title(explanation, study, audience=audience, row=row))}."
    )


def chips(
    explanation: Explanation, study: Study, *, audience: Audience = BUSINESS, row: int = 0, agrees: bool | None = None
) -> tuple[Sentence, ...]:
    """Return at most three short labels for the answer card; their texts carry no stop.

    Parameters
    ----------
    explanation : Explanation
    study : Study
    audience : "business" or "technical"
    row : int
    agrees : bool or None
        Whether the answer is the recorded outcome; None where there is no record.

    Returns
    -------
    tuple of Sentence
    """
    t = told(explanation, study, audience=audience, row=row)
    found: list[tuple[str, dict[str, Any]]] = []
    if explanation.unit == "probability":
        candidate = study.candidates.get(explanation.candidate)
        calibration = candidate.calibrated if candidate is not None else None
        how = {"matched": "matched outcomes when checked", "did not match": "did not match outcomes when checked"}
        name = "Chances" if t.scale.checked == "matched" else "Scores"
        text = f"{name} {how.get(t.scale.checked, 'not checked against outcomes')}"
        found.append((text, {"n": calibration.n if calibration else 0}))
    if agrees is not None:
        found.append((f"{'Same as' if agrees else 'Differs from'} {phrases.whose(study)}", {"agrees": agrees}))
    if t.reasons.shown:
        r = t.reasons.shown[0]
        how_usual = phrases.usual(study, r.feature, r.value, short=True)
        if how_usual is not None:
            found.append((f"{phrases.label(study, r.feature)}: {how_usual.text}", dict(how_usual.facts)))
    return tuple(Sentence(text=text, kind="comparison", facts=facts) for text, facts in found[:3])
