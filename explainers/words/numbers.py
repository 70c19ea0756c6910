"""Numbers as people read them: chances, scores, amounts, counts, dates, and comparisons that are true of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from explainers.reasons import Step, one_two_five
from explainers.results import Explanation, Reasons
from explainers.study import Candidate, Study
from explainers.words.say import Shown, whole

MINUS = "\u2212"
CURRENCIES = ("$", "€", "£", "¥", "₹")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
Checked = Literal["matched", "did not match", "not checked"]


def signed(text: str, value: float) -> str:
    """Return a size with a plus or a real minus sign in front; zero has none."""
    return text if value == 0 else ("+" if value > 0 else MINUS) + text


def decimal(value: float, decimals: int) -> str:
    """Return a number with thousands separated, a real minus sign and fixed decimals.

    Examples
    --------
    >>> decimal(-1234.5, 1)
    '−1,234.5'
    """
    text = f"{abs(value):,.{max(decimals, 0)}f}"
    return MINUS + text if value < 0 and any(c in "123456789" for c in text) else text


def plain(value: float, digits: int = 3) -> str:
    """Return a number with at most so many significant digits after the point, and no zeros at the end.

    Examples
    --------
    >>> plain(3.900000095), plain(1250000.0), plain(0.0421)
    ('3.9', '1,250,000', '0.0421')
    """
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else "beyond any number"
    if value == 0:
        return "0"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = decimal(round(value, decimals), min(decimals, 12))
    return text.rstrip("0").rstrip(".") if "." in text else text


def rough(value: float) -> Shown:
    """Return an error or another figure of which only the size matters, with two digits.

    Examples
    --------
    >>> rough(218.8).text, rough(0.0132).text, rough(1.2e-7).text
    ('220', '0.013', '1.2e-07')
    """
    rounded = float(f"{value:.2g}")
    text = plain(rounded, 2) if rounded == 0 or abs(rounded) >= 1e-4 else f"{value:.2g}"
    return Shown(text, {"": value, "shown": rounded})


def ordinal(n: int) -> str:
    """Return 1st, 2nd, 3rd, 11th.

    Examples
    --------
    >>> [ordinal(n) for n in (1, 2, 3, 11, 112, 1023)]
    ['1st', '2nd', '3rd', '11th', '112th', '1,023rd']
    """
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{whole(n)}{ending}"


def date(value: Any) -> str:
    """Return a day as '3 March 2024', with the time of day only where there is one; other text stays."""
    try:
        moment: Any = pd.Timestamp(value)
    except (ValueError, TypeError):
        return str(value)
    if pd.isna(moment):
        return str(value)
    day = f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"
    return day if (moment.hour, moment.minute) == (0, 0) else f"{day}, {moment.hour:02d}:{moment.minute:02d}"


def measured(text: str, unit: str | None, *, one: bool = False) -> str:
    """Return a number with its unit where people put it: '$1,200', '3.9%', '20 minutes', '1 minute'."""
    if not unit:
        return text
    if unit in CURRENCIES:
        sign = MINUS if text.startswith(MINUS) else ""
        return f"{sign}{unit}{text.removeprefix(MINUS)}"
    if unit in ("%", "percent", "per cent"):
        return f"{text}%"
    if one and unit.endswith("s") and not unit.endswith("ss") and " " not in unit:
        unit = unit[:-1]
    return f"{text} {unit}"


def checked(candidate: Candidate | None) -> Checked:
    """Return how a candidate's probabilities did when they were compared with outcomes."""
    calibration = candidate.calibrated if candidate is not None else None
    if calibration is None:
        return "not checked"
    return "matched" if calibration.holds else "did not match"


@dataclass(frozen=True, slots=True)
class Scale:
    """How the answers and amounts of one candidate are read out.

    chance: "31 in 100"; score: "31 of 100"; number: with the target's unit; probability: a decimal, for the technical
    audience.
    """

    kind: Literal["chance", "score", "number", "probability"]
    step: Step
    unit: str | None = None
    checked: Checked = "matched"

    @property
    def of(self) -> int:
        """100, 1,000 or 10,000: what a chance or score is out of."""
        return round(1 / self.step.size) if self.kind in ("chance", "score") else 1

    @property
    def between(self) -> str:
        """The word between a count and what it is out of."""
        return "in" if self.kind == "chance" else "of"

    def _number(self, value: float) -> str:
        n = self.step.count(value)
        if self.kind in ("chance", "score"):
            return whole(abs(n))
        return decimal(abs(self.step.times(n)), max(0, -self.step.exponent))

    def size(self, value: float) -> Shown:
        """Return how large an amount is, without sign: '11 in 100', '11 points', '20,000 dollars'."""
        number = self._number(value)
        facts: dict[str, Any] = {"": self.step.times(self.step.count(value)), "shown": read(number)}
        if self.kind == "number":
            return Shown(measured(number, self.unit, one=number == "1"), facts)
        if self.kind == "probability":
            return Shown(number, facts)
        if self.kind == "score":
            return Shown(f"{number} {'point' if number == '1' else 'points'}", facts)
        return Shown(f"{number} in {whole(self.of)}", {**facts, "of": self.of})

    def amount(self, value: float) -> Shown:
        """Return an amount with its sign: '+11 in 100', '−20,000 dollars'."""
        size = self.size(value)
        return Shown(signed(size.text, self.step.count(value)), size.facts)

    def answer(self, value: float) -> Shown:
        """Return an answer: '31 in 100', 'fewer than 1 in 100', 'more than 99 in 100', '231,000 dollars'."""
        n = self.step.count(value)
        if self.kind == "number":
            size = self.size(value)
            return Shown(MINUS + size.text if n < 0 else size.text, size.facts)
        if self.kind == "probability":
            if self.rounds_to_none(value) or self.rounds_to_all(value):
                edge = self.size(self.step.size if n <= 0 else 1 - self.step.size)
                return Shown(f"{'below' if n <= 0 else 'above'} {edge}", {**edge.facts, "": self.step.times(n)})
            return self.size(value)
        facts: dict[str, Any] = {"": self.step.times(n), "of": self.of}
        if self.rounds_to_none(value) or self.rounds_to_all(value):
            shown = 1 if n <= 0 else self.of - 1
            few, many = ("fewer", "more") if self.kind == "chance" else ("below", "above")
            word = (few if n <= 0 else many) + (" than" if self.kind == "chance" else "")
            return Shown(f"{word} {whole(shown)} {self.between} {whole(self.of)}", {**facts, "shown": shown})
        return Shown(f"{whole(n)} {self.between} {whole(self.of)}", {**facts, "shown": n})

    def rounds_to_none(self, value: float) -> bool:
        """Whether a chance or score is so small that it would read as never."""
        return self.kind != "number" and self.step.count(value) <= 0

    def rounds_to_all(self, value: float) -> bool:
        """Whether a chance or score is so large that it would read as always."""
        return self.kind != "number" and self.step.count(value) >= round(1 / self.step.size)


def read(number: str) -> float | int:
    """Return the number that a text shows."""
    value = float(number.replace(",", "").replace(MINUS, "-"))
    return int(value) if value.is_integer() else value


def scale_of(
    result: Explanation | Reasons, study: Study, step: Step, candidate: str, *, technical: bool = False
) -> Scale:
    """Return the scale on which the answers of a candidate are read out."""
    how = checked(study.candidates.get(candidate))
    if result.unit == "target":
        return Scale("number", step, target_unit(study))
    if technical:
        return Scale("probability", step, checked=how)
    return Scale("chance" if how == "matched" else "score", step, checked=how)


def step_of(reasons: Reasons) -> Step:
    """Return the step that reasons were rounded with."""
    return one_two_five(reasons.step)


def target_unit(study: Study) -> str | None:
    """Return the unit of a number that is answered, if the dictionary has one."""
    return study.dictionary[study.target].unit if study.target in study.dictionary else None


def metric_unit(study: Study, metric: str) -> str | None:
    """Return the unit of a measure: that of the answer where it is an error in it, else none."""
    return target_unit(study) if metric in ("mae", "rmse") else None


Relation = Literal["several times", "twice", "above", "about", "below", "half", "third"]
RELATIONS: dict[Relation, str] = {
    "several times": "more than three times",
    "twice": "more than twice",
    "above": "above",
    "about": "close to",
    "below": "below",
    "half": "less than half",
    "third": "less than a third of",
}


def relation(value: float, base: float, step: Step) -> Relation:
    """Return how one chance compares with another, true of the exact and of the rounded figures.

    Parameters
    ----------
    value, base : float
        Exact probabilities.
    step : Step
        What both are rounded to where they are shown.

    Examples
    --------
    >>> relation(0.312, 0.121, Step(1, -2)), relation(0.24, 0.12, Step(1, -2)), relation(0.121, 0.12, Step(1, -2))
    ('twice', 'above', 'about')
    """
    a, b = step.count(value), step.count(base)
    close = abs(value - base) <= 0.1 * base and abs(value - base) <= 3 * step.size
    if a == b or (close and abs(a - b) <= 3):
        return "about"
    if value > base:
        for times, name in ((3, "several times"), (2, "twice")):
            if value > times * base and a > times * max(b, 1):
                return name  # type: ignore[return-value]
        return "above"
    for times, name in ((3, "third"), (2, "half")):
        if value * times < base and max(a, 1) * times < b:
            return name  # type: ignore[return-value]
    return "below"


def share(part: float) -> Shown:
    """Return a share of known rows as '57 in 100', never 0 or 100 unless it is exactly that."""
    n = math.floor(part * 100 + 0.5)
    if 0 < part < 1 and n in (0, 100):
        word, n = ("fewer than", 1) if n == 0 else ("more than", 99)
        return Shown(f"{word} {n} in 100", {"": float(part), "shown": n, "of": 100})
    return Shown(f"{n} in 100", {"": float(part), "shown": n, "of": 100})


def missing(value: Any) -> bool:
    """Whether a case's value is not there."""
    return value is None or value is pd.NaT or (isinstance(value, (float, np.floating)) and math.isnan(float(value)))
