"""What the name of a column says: its words, its unit, what it may be for."""

from __future__ import annotations

import re

from explainers.dictionary import humanise
from explainers.validate.say import plain

_WORDS = {
    "amt": "amount",
    "avg": "average",
    "cnt": "count",
    "cust": "customer",
    "dob": "date of birth",
    "emp": "employee",
    "freq": "frequency",
    "hh": "household",
    "hrs": "hours",
    "max": "largest",
    "mean": "average",
    "min": "smallest",
    "mths": "months",
    "nbr": "number",
    "num": "number",
    "pct": "percent",
    "perc": "percent",
    "prev": "previous",
    "prod": "product",
    "qty": "quantity",
    "temp": "temperature",
    "tot": "total",
    "txn": "transaction",
    "wt": "weight",
    "yr": "year",
    "yrs": "years",
}
UNITS = {
    "pct": "percent",
    "percent": "percent",
    "percentage": "percent",
    "perc": "percent",
    "%": "percent",
    "eur": "€",
    "€": "€",
    "usd": "$",
    "$": "$",
    "dollars": "$",
    "gbp": "£",
    "£": "£",
    "chf": "CHF",
    "kg": "kg",
    "lbs": "lbs",
    "lb": "lbs",
    "mg": "mg",
    "cm": "cm",
    "mm": "mm",
    "km": "km",
    "m2": "m²",
    "sqm": "m²",
    "m²": "m²",
    "sqft": "square feet",
    "sqrft": "square feet",
    "ft": "feet",
    "mph": "mph",
    "kmh": "km/h",
    "kwh": "kWh",
    "kw": "kW",
    "hp": "hp",
    "years": "years",
    "yrs": "years",
    "months": "months",
    "mths": "months",
    "weeks": "weeks",
    "days": "days",
    "hours": "hours",
    "hrs": "hours",
    "minutes": "minutes",
    "mins": "minutes",
    "seconds": "seconds",
    "secs": "seconds",
    "ms": "ms",
    "celsius": "°C",
    "°c": "°C",
    "°f": "°F",
    "thousands": "thousand",
    "millions": "million",
}
_IN_LABEL = {"years", "months", "weeks", "days", "hours", "minutes", "seconds"}
_BRACKETS = re.compile(r"[\[(]\s*(?:in\s+)?([^\[\]()]{1,12})\s*[\])]\s*$")


def tokens(name: str) -> list[str]:
    """Return the words of a column name, small.

    Examples
    --------
    >>> tokens("custID_no"), tokens("Sepal length (cm)")
    (['cust', 'id', 'no'], ['sepal', 'length', 'cm'])
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return [t.casefold() for t in re.split(r"[^\w²%€$£]+|_+", spaced) if t]


def unit_of(name: str) -> str:
    """Return the unit that a name ends with, such as 'cm' in 'sepal length (cm)'; empty if it has none."""
    bracket = _BRACKETS.search(name)
    if bracket is not None:
        return UNITS.get(bracket[1].strip().casefold(), "")
    words = tokens(name)
    if len(words) > 1:
        return UNITS.get(words[-1], "")
    return ""


def label_of(name: str) -> str:
    """Return a name as people would write it; a unit at its end is left to the unit.

    Examples
    --------
    >>> label_of("avg_price_eur"), label_of("sepal length (cm)"), label_of("CRIM")
    ('Average price', 'Sepal length', 'CRIM')
    """
    unit = unit_of(name)
    text = name
    if unit:
        bracket = _BRACKETS.search(name)
        if bracket is not None:
            text = name[: bracket.start()].strip()
        elif tokens(name)[-1] not in _IN_LABEL:
            text = re.sub(r"[^A-Za-z0-9]*[A-Za-z%€$£²0-9]+$", "", name) if "_" in name or " " in name else name
    human = humanise(text.strip(" _.-") or name)
    if re.search(r"[_.]", text) and not text.isidentifier():
        human = humanise(re.sub(r"[._]+", "_", text)) if re.fullmatch(r"[\w.]+", text) else human
    words = [_WORDS.get(w.casefold(), w) if i or not w.isupper() else w for i, w in enumerate(human.split())]
    said = " ".join(words)
    return plain(said[:1].upper() + said[1:], 60) or "Column without a name"


def has(name: str, *words: str) -> bool:
    """Return whether a name holds one of these words, whole."""
    return bool(set(tokens(name)) & set(words))
