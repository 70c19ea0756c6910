"""Say of one recorded number why it is worth a check."""

from __future__ import annotations

from typing import Any

from explainers.results import Sentence, Suspect
from explainers.study import Study
from explainers.words import amounts, numbers
from explainers.words.say import BUSINESS, Audience, Shown, sentence


def item(
    suspect: Suspect, study: Study, *, scale: str = "as it is", audience: Audience = BUSINESS
) -> tuple[Sentence, ...]:
    """Say what is recorded, what options that never saw the row expect, and what similar rows show.

    Parameters
    ----------
    suspect : Suspect
    study : Study
    scale : str
        Whether distances were counted as they are or as ratios.
    audience : "business" or "technical"
    """
    off, usual = abs(suspect.off or 0.0), suspect.usual or 0.0
    given, expected = amount(study, float(suspect.given), 6), amount(study, float(suspect.expected))
    template = "the record says {given}. Options that never saw it would say about {expected}"
    said = [sentence("reason", template, given=given, expected=expected)]
    if audience != BUSINESS:
        times = Shown(f"{suspect.score:.1f}", {"": round(suspect.score, 1)})
        template = "out-of-fold residual {off}; expected size {usual}; score {times} ({scale})"
        how = "raw scale" if scale == "as it is" else "geometric mean of the raw and the log scale"
        parts: dict[str, Any] = {"off": amount(study, suspect.off or 0.0), "usual": amount(study, usual)}
        said.append(sentence("reason", template, scale=how, times=times, **parts))
    else:
        template = "so it is {off} off. As a rule such {cases} are about {usual} off"
        parts = {"off": amount(study, off), "usual": amount(study, usual, 2)}
        said.append(sentence("reason", template, cases=study.cases, **parts))
    values = [float(v) for v in suspect.neighbour_outcomes if not numbers.missing(v)]
    if len(values) > 1:
        template = "the {n} past {cases} most like it lie between {low} and {high}"
        low, high = (amount(study, f(values), 6) for f in (min, max))
        said.append(sentence("comparison", template, n=len(values), cases=study.cases, low=low, high=high))
    return tuple(said)


def amount(study: Study, value: float, digits: int = 3) -> Shown:
    """Return an amount of the outcome with its unit, rounded to so many digits.

    Examples
    --------
    >>> import pandas as pd
    >>> study = Study.from_frame(pd.DataFrame({"x": [1.0, 2.0] * 9, "price": [1.0, 3.0] * 9}), target="price")
    >>> amount(study, 231487.21).text
    '231,000'
    """
    return amounts.value(study, study.target, float(f"{value:.{digits}g}"))
