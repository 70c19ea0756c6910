"""What a column is for: an input, the number of the case, a date, a group of rows, or not to be learned from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from explainers.guess.names import has, tokens
from explainers.study import Role

FEWEST = 10
HEAD = 2000
FEWEST_BLOCKS = 30
_ID_WORDS = {"id", "ids", "uuid", "guid", "key", "no", "nr", "nbr", "number", "index", "rownames", "rowname", "rownum"}
_ID_WORDS |= {"identifier", "ref", "reference", "case", "serial", "record", "row", "idx", "pk", "ssn", "iban", "ein"}
_SURE_ID = {"id", "uuid", "guid", "rownames", "identifier", "ssn", "iban", "serial", "pk", "ids"}
_CONTACT = {"email", "mail", "phone", "telephone", "mobile", "fax", "url", "link", "website", "address", "street"}
_NAMES = {"name", "surname", "firstname", "lastname", "fullname", "title"}
_TIME_WORDS = {"year", "yr", "date", "month", "quarter", "week", "day", "time", "timestamp", "period", "hour"}
_COUNTS = {"year", "yr", "period", "time", "t", "month", "week", "quarter", "date"}
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.\w+$")
_UUID = re.compile(r"^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$", re.I)
_PROTECTED = {"race", "sex", "gender", "religion", "religious", "ethnicity", "ethnic", "ethnicgroup", "nationality"}
_PROTECTED |= {"disability", "disabled", "pregnant", "pregnancy", "black", "hispanic", "female", "male", "marital"}
_PROTECTED |= {"married", "marriage", "divorced", "orientation", "minority", "foreign", "foreigner", "citizenship"}


@dataclass(frozen=True, slots=True)
class RoleGuess:
    """What a column is for, and how that was seen."""

    role: Role
    why: str


def role_of(name: str, values: pd.Series[Any], kind: str) -> RoleGuess:
    """Return what a column is for, by itself: see :func:`explainers.guess.giving.giveaways` for what tells the outcome.

    Examples
    --------
    >>> role_of("customer_id", pd.Series(range(1000, 1100)), "numeric").role
    'id'
    """
    known = values.dropna()
    n = len(known)
    if n == 0:
        return RoleGuess("excluded", "Every cell is empty.")
    if kind == "date":
        return RoleGuess("time", "It holds dates.")
    head = known.iloc[:HEAD]
    if head.nunique() == 1 and known.nunique() == 1 and n == len(values):
        return RoleGuess("excluded", "Every row has the same value.")
    text = not pd.api.types.is_numeric_dtype(values.dtype)
    whole = not text and kind == "numeric" and bool((head == np.round(head.astype(float))).all())
    period = _period(name, known, whole)
    if period is not None:
        return period
    if not (text or whole) or pd.api.types.is_bool_dtype(values.dtype):
        return RoleGuess("feature", "Nothing speaks against using it.")
    found = _id(name, known, head, text=text)
    return found or RoleGuess("feature", "Nothing speaks against using it.")


def _period(name: str, known: pd.Series[Any], whole: bool) -> RoleGuess | None:
    """Return the role of a column of years or other periods in the order of the rows."""
    words = tokens(name)
    if not (len(words) <= 2 and words and words[-1] in _COUNTS):
        return None
    if not pd.api.types.is_numeric_dtype(known.dtype) or pd.api.types.is_bool_dtype(known.dtype):
        return None
    numbers = known.to_numpy(dtype=float)
    up = bool((np.diff(numbers) >= 0).all())
    if words[-1] in ("year", "yr") and numbers.min() >= 1500 and numbers.max() <= 2200:
        again = len(known) > 2 * known.nunique() and not up  # years of cars or houses: many rows, no order
        built = bool(set(words) & {"built", "build", "birth", "model", "made", "construction", "renovated"})
        if (up or _panel(numbers)) and not built:
            return RoleGuess("time", "It holds years in the order of the rows.")
        return None if again or built or not up else RoleGuess("time", "It holds years.")
    if up and known.nunique() == len(known) and len(known) >= FEWEST and (whole or words[-1] != "t"):
        return RoleGuess("time", "It counts the periods in the order of the rows.")
    return None


def _panel(numbers: np.ndarray[Any, Any]) -> bool:
    """Return whether years start again and again, as where several units follow each other."""
    steps = np.diff(numbers)
    return bool(len(steps) > 20 and (steps == 1).mean() > 0.6 and (steps < 0).any())


def _id(name: str, known: pd.Series[Any], head: pd.Series[Any], *, text: bool) -> RoleGuess | None:
    words = set(tokens(name))
    n = len(known)
    plain = name.strip().casefold()
    named = bool(words & _ID_WORDS) or plain in ("", "unnamed: 0") or plain.startswith(("unnamed", "column 1"))
    share = head.nunique() / len(head)
    unique = share >= 0.95 and n >= FEWEST and known.nunique() >= 0.95 * n
    if text:
        texts = head.astype(str)
        if words & _CONTACT or texts.str.match(_EMAIL).mean() > 0.8:
            return RoleGuess("excluded", "It says how to reach somebody.")
        if texts.str.match(_UUID).mean() > 0.8:
            return RoleGuess("id", "Its cells are made to name one thing each.")
        if unique:
            long = texts.str.count(" ").mean() > 3
            if long and not named:
                return RoleGuess("excluded", "It is free text: nearly every row has its own.")
            return RoleGuess("id", "Nearly every row has its own value.")
        if share > 0.5 and n >= 20 and known.nunique() > 0.5 * n:
            if texts.str.count(" ").mean() > 3:
                return RoleGuess("excluded", "It is free text: nearly every row has its own.")
            if named or words & _NAMES:
                return RoleGuess("group" if named else "excluded", "More than half of the rows have their own value.")
            return RoleGuess("excluded", "More than half of the rows have their own value.")
        if named and words & _SURE_ID and known.nunique() > 20:
            return RoleGuess("group", "By its name it says whose row it is, and rows share it.")
        return None
    numbers = known.to_numpy(dtype=float)
    steps = np.diff(numbers)
    counts_up = bool(len(numbers) >= FEWEST and (steps == 1).all() and numbers[0] in (0, 1))
    if counts_up and not words & {"age", "year"}:
        return RoleGuess("id", "It counts the rows.")
    if unique and named and not words & {"rooms", "of"}:
        return RoleGuess("id", "By its name it is the number of the case, and nearly every row has its own.")
    if unique and (steps == 1).mean() > 0.98:
        return RoleGuess("id", "It counts the rows.")
    if unique and known.nunique() == n and n >= 100 and numbers.min() >= 10_000 and _same_length(numbers):
        return RoleGuess("id", "Every row has its own whole number of the same length.")
    if n > 1.9 * known.nunique() > 1.9 * FEWEST_BLOCKS and np.isin(steps, (0, 1)).all():
        return RoleGuess("group", "It counts up in blocks: several rows share each number.")
    if words & _SURE_ID and n > 2 * known.nunique() and known.nunique() > 5:
        return RoleGuess("group", "By its name it says whose row it is, and rows share it.")
    return None


def _same_length(numbers: np.ndarray[Any, Any]) -> bool:
    digits = np.floor(np.log10(np.abs(numbers[:HEAD]) + 1))
    return bool((digits == digits[0]).all())


def protected(name: str) -> str:
    """Return why a column may be a protected characteristic by its name; empty if nothing says so.

    Examples
    --------
    >>> bool(protected("Gender")), bool(protected("price"))
    (True, False)
    """
    words = set(tokens(name))
    if words & _PROTECTED and not (words & {"rate", "rating", "score", "length"} and "marriage" in words):
        return "By its name it is a characteristic that the law protects."
    return ""


def in_time(name: str) -> bool:
    """Return whether a name speaks of time."""
    return has(name, *_TIME_WORDS)
