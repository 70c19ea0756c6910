"""Say the weights of an input with many levels: what they span, and all of them as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from explainers.results import Sentence, Weight, Whole
from explainers.study import Study
from explainers.words import amounts
from explainers.words.numbers import Scale
from explainers.words.say import BUSINESS, Audience, sentence
from explainers.words.whole import scale, size

MOST_LINES = 8  # of one input; more of them make a table of their own


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """The weights of one input with many levels."""

    feature: str
    label: str
    sentence: Sentence
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def folded(result: Whole, study: Study, *, audience: Audience = BUSINESS) -> tuple[Fold, ...]:
    """Return the inputs with more levels than a list can hold.

    Parameters
    ----------
    result : Whole
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    tuple of Fold
        What their weights span, and a row for each, the highest first. Empty where no input has more than 8 levels.
    """
    by_input: dict[str, list[Weight]] = {}
    for w in result.weights:
        if len(w.features) == 1:
            by_input.setdefault(w.features[0], []).append(w)
    return tuple(_fold(result, study, f, ws, audience) for f, ws in by_input.items() if len(ws) > MOST_LINES)


def _fold(result: Whole, study: Study, name: str, weights: list[Weight], audience: Audience) -> Fold:
    s = scale(result, study, audience)
    ordered = sorted(weights, key=lambda w: -w.amount)
    most, least = ordered[0], ordered[-1]
    parts: dict[str, Any] = {
        "name": amounts.name(study, name),
        "n": len(weights),
        "low": amounts.value(study, name, most.low),
        "top": amounts.value(study, name, most.high),
        "most": size(s, most, most.amount),
        "bottom": amounts.value(study, name, least.high),
        "least": size(s, least, least.amount),
    }
    template = (
        f"{{name}} has {{n}} weights, each against {{low}}. The answer is then {{least}} {_way(least.amount)} for "
        f"{{bottom}}, up to {{most}} {_way(most.amount)} for {{top}}"
    )
    facts = {"feature": name, "exact_most": most.amount, "exact_least": least.amount}
    said = sentence("reason", template, facts=facts, to=audience, **parts)
    label, against = (str(parts[k]).strip("“”") for k in ("name", "low"))
    rows = tuple(
        (str(amounts.value(study, name, w.high)).strip("“”"), _cell(s, w, w.amount), _could(s, w)) for w in ordered
    )
    header = (label, f"Answer, against {against}", "Could be")
    return Fold(feature=name, label=label, sentence=said, header=header, rows=rows)


def _way(amount: float) -> str:
    return "higher" if amount > 0 else "lower"


def _cell(s: Scale, weight: Weight, value: float) -> str:
    """Return an amount with its direction."""
    return f"{size(s, weight, value)} {_way(value)}"


def _could(s: Scale, weight: Weight) -> str:
    """Return the range of a weight, the direction said once where it is the same."""
    low, high = weight.lower, weight.upper
    if low is None or high is None:
        return "no range"
    if _way(low) == _way(high):
        low, high = sorted((low, high), key=abs)
        return f"{size(s, weight, low)} to {_cell(s, weight, high)}"
    return f"{_cell(s, weight, low)} to {_cell(s, weight, high)}"
