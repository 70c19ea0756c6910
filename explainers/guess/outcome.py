"""Which column is the outcome, how the rows are best set apart, and what a case is called: guesses to start from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from explainers.guess.names import tokens
from explainers.study import Feature

_WORDS = ("target", "outcome", "label", "y", "class", "result", "response", "dependent")
_USUAL = ("churn", "default", "defaulted", "survived", "diagnosis", "denied", "approved", "fraud", "price", "sales")
_USUAL2 = (
    "sold",
    "bought",
    "converted",
    "cancelled",
    "canceled",
    "died",
    "passed",
    "grade",
    "quality",
    "status",
    "income",
)
_CASE = re.compile(r"^(?P<noun>[a-z]{3,})[ _]?(?:id|no|nr|number|key|uuid|ref)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OutcomeGuess:
    """What the study may be about."""

    column: str
    why: str


def outcome(frame: pd.DataFrame, features: Mapping[str, Feature]) -> OutcomeGuess | None:
    """Return the column that looks most like an outcome, or None where no column may be one.

    Examples
    --------
    >>> frame = pd.DataFrame({"size": [1.5, 2, 3], "target": [0, 1, 1]})
    >>> outcome(frame, {n: Feature(name=n, label=n) for n in frame}).column
    'target'
    """
    able = [n for n, f in features.items() if f.role in ("feature", "target", "group") and f.kind != "date"]
    able = [n for n in able if frame[n].nunique() > 1 and (_number(frame[n]) or frame[n].nunique() <= 50)]
    for words, why in ((_WORDS, "Its name says so."), ((*_USUAL, *_USUAL2), "Its name is usual for an outcome.")):
        for name in (*reversed(able),):
            found = tokens(name)
            if found and (name.casefold() in words or (len(found) <= 3 and found[-1] in words)):
                return OutcomeGuess(name, why)
    return OutcomeGuess(able[-1], "It is the last column that may be one.") if able else None


def _number(values: pd.Series[Any]) -> bool:
    return pd.api.types.is_numeric_dtype(values.dtype)


def split_of(features: Mapping[str, Feature]) -> tuple[str, str]:
    """Return how the rows are best set apart, and why: groups stay together, later rows are kept for last."""
    groups = [f for f in features.values() if f.role == "group"]
    if groups:
        return f"group:{groups[0].name}", f"Several rows share one “{groups[0].label}”, so they stay together."
    times = [f for f in features.values() if f.role == "time"]
    if times:
        return f"time:{times[0].name}", f"The rows have a date, “{times[0].label}”: the latest are kept for checking."
    return "random", "Nothing in the data speaks for another way."


def case_words(features: Mapping[str, Feature], file_name: str = "") -> tuple[str, str]:
    """Return the words for one case and for several, out of the name of the number of the case.

    Examples
    --------
    >>> case_words({"customer_id": Feature(name="customer_id", label="Customer ID", role="id")})
    ('customer', 'customers')
    """
    for feature in features.values():
        match = _CASE.match(feature.name.strip())
        if feature.role == "id" and match and match["noun"].casefold() not in ("row", "record", "case", "unique"):
            noun = match["noun"].casefold()
            return noun, plural(noun)
    stem = re.sub(r"[_\W\d]+", " ", file_name.rsplit("/", 1)[-1].split(".", maxsplit=1)[0]).split()
    if (
        len(stem) == 1
        and re.fullmatch(r"[a-z]{4,20}s", stem[0])
        and not stem[0].endswith(("ss", "us", "is", "news", "sales"))
    ):
        noun = stem[0].removesuffix("s") if not stem[0].endswith("ies") else stem[0][:-3] + "y"
        return noun, stem[0]
    return "case", "cases"


def plural(noun: str) -> str:
    """Return the usual plural of an English noun."""
    if noun.endswith(("s", "x", "ch", "sh")):
        return noun + "es"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + "s"
