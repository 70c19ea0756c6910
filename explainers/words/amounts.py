"""What the words about a whole option share: amounts and values as people read them, and which rows are meant."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any, Literal

import numpy as np

from explainers.reasons import Step, one_two_five
from explainers.results import Sentence
from explainers.study import Study
from explainers.words import numbers, phrases
from explainers.words.numbers import Scale
from explainers.words.say import BUSINESS, Audience, Shown, quoted, sentence

ROWS = {"test": "never-seen", "calibration": "set-aside", "training": "training", "chosen": "chosen"}


def scale(
    study: Study,
    candidate: str,
    unit: Literal["probability", "target"],
    amounts: Iterable[float],
    *,
    audience: Audience = BUSINESS,
    coarse: bool = False,
) -> Scale:
    """Return the scale on which amounts about a whole option are read: fine enough for the largest of them.

    Parameters
    ----------
    study : Study
    candidate : str
    unit : "probability" or "target"
    amounts : iterable of float
        All that will be said on it; the largest gets at least two figures.
    audience : "business" or "technical"
    """
    finite = [abs(float(a)) for a in amounts if np.isfinite(a)]
    largest = max(finite, default=0.0)
    known = study.candidates.get(candidate)
    how = numbers.checked(known)
    if unit == "probability":
        step = Step(1, -2)
        while 0 < largest < 2 * step.size and step.exponent > -4:
            step = step.finer(10)
        if audience != BUSINESS:
            return Scale("probability", step.finer(10), checked=how)
        return Scale("chance" if how == "matched" else "score", step, checked=how)
    usual = known.typical_error if known is not None else None
    size = (usual / 10 if coarse else min(usual / 10, largest / 10)) if usual else largest / 20
    step = one_two_five(size) if size > 0 else Step(1, 0)
    return Scale("number", step if audience == BUSINESS else step.finer(10), numbers.target_unit(study), how)


def what(scale_: Scale, study: Study, outcome: Hashable) -> str:
    """Return what an answer is, such as 'the chance of being turned down by the lender'."""
    if scale_.kind == "number":
        return "the answer"
    if outcome is None:
        return "its answer"
    noun = {"chance": "the chance of", "probability": "the predicted probability of"}.get(scale_.kind, "the score for")
    return f"{noun} being {phrases.outcome(study, outcome)}"


def value(study: Study, name: str, given: Any) -> Shown:
    """Return a value of a column as people write it, with its unit; levels in quotation marks."""
    entry = phrases.feature(study, name)
    text = phrases.value_text(entry, given)
    if numbers.missing(given):
        return Shown(text, {"": text})
    if entry.kind == "numeric":
        styled = entry.phrase is not None and "{value:" in entry.phrase
        money = entry.phrase is not None and "{value:money" in entry.phrase
        text = (
            text
            if money or (styled and not text[-1:].isdigit())
            else numbers.measured(text, entry.unit, one=text == "1")
        )
        return Shown(text, {"": given, "text": text})
    if entry.kind == "date":
        return Shown(text, {"": text})
    return Shown(quoted(text), {"": given, "text": text})


def name(study: Study, column: str) -> str:
    """Return what people call a column, in quotation marks."""
    return quoted(phrases.label(study, column))


def between(scale_: Scale, low: float, high: float) -> Shown:
    """Return a range with its unit said once: '4 to 6 in 100', '12,000 to 15,000 dollars'."""
    ends = scale_.size(low), scale_.size(high)
    first = f"{numbers.MINUS if scale_.step.count(low) < 0 else ''}{ends[0]}"
    last = f"{numbers.MINUS if scale_.step.count(high) < 0 else ''}{ends[1]}"
    facts = {f"{w}_{k}" if k else w: v for w, e in zip(("low", "high"), ends, strict=True) for k, v in e.facts.items()}
    number, _, unit = first.partition(" ")
    if (unit and last.endswith(f" {unit}")) or (scale_.kind == "score" and unit.startswith("point")):
        first = number
    return Shown(f"{first} to {last}", facts)


def part(share: float, audience: Audience = BUSINESS) -> Shown:
    """Return a share as '30 in 100', or in percent with a decimal for the technical audience."""
    if audience == BUSINESS:
        return numbers.share(share)
    return Shown(f"{100 * share:.1f}%", {"": share, "shown": round(100 * share, 1)})


def in_hundred(part: float) -> Shown:
    """Return a share as '30 in 100', never none or all unless it is exactly that."""
    return numbers.share(part)


def tenths(part: float) -> Shown:
    """Return a share of a range: 'the whole range', 'none of the range', '9 in 10 of the range'."""
    if part >= 0.995:
        return Shown("the whole range", {"": part})
    n = int(part * 10 + 1e-9)
    if n == 0:
        return Shown(
            "less than 1 in 10 of the range" if part > 0 else "none of the range", {"": part, "n": 1, "of": 10}
        )
    return Shown(f"{n} in 10 of the range", {"": part, "n": n, "of": 10})


def rows(study: Study, n: int, population: int, kind: str, *, to: Audience = BUSINESS) -> Sentence:
    """Say which rows something was measured on, how many, whole or sample."""
    history = kind not in ROWS
    parts: dict[str, Any] = {"n": n, "rows": ROWS.get(kind, ""), "cases": study.cases, "all": population}
    if history:
        template = "measured on {n} {cases} that the option may have learned from"
    elif n < population:
        template = "measured on {n} {rows} {cases}, drawn at random from {all}"
    else:
        template = "measured on all {n} {rows} {cases}"
    return sentence("method", template, to=to, **parts)
