"""Tell how dates in text are written, and read them all the same way."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from typing import Any

import pandas as pd

from explainers.validate.say import plain

SAMPLE = 2000
_NUMERIC = re.compile(
    r"^(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})"
    r"(?:[ T](\d{1,2}:\d{2})(:\d{2}(?:\.\d+)?)?\s?([AaPp][Mm])?(Z|[+-]\d{2}:?\d{2})?)?$"
)
_NAMED = re.compile(r"^(?:(\d{1,2})[ .-]+([A-Za-z]{3,9})\.?[ ,-]+(\d{2,4})|([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4}))$")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class DateForm:
    """How dates are written."""

    form: str
    order: str
    why: str
    unsure: bool = False


def date_format(texts: list[str], order: str = "", *, most: float = 1.0) -> DateForm | None:
    """Return how dates are written, or None where these texts are none.

    Parameters
    ----------
    texts : list of str
        Different texts of a column, without empty ones.
    order : str
        "day first", "month first", "year first"; empty: tell it from the dates.
    most : float
        Share of the texts that have to look like dates.

    Examples
    --------
    >>> date_format(["31.01.2024", "1.2.2024"]).form
    '%d.%m.%Y'
    """
    sample = texts[:SAMPLE]
    if not sample or not any(c.isdigit() for c in sample[0]):
        return None if not sample or not _NAMED.match(sample[0]) else _named(sample)
    matches = [m for m in map(_NUMERIC.match, sample) if m]
    if len(matches) < 0.9 * most * len(sample) or not matches:
        return _named(sample) if _NAMED.match(sample[0]) else None
    first, sign = matches[0], matches[0][2]
    time = _time(first)
    if all(len(m[1]) == 4 for m in matches):
        if sign == "-" and all(len(m[3]) == 2 and len(m[4]) == 2 for m in matches):
            return DateForm("ISO8601", "", "Its cells are dates written year-month-day.")
        return DateForm(f"%Y{sign}%m{sign}%d{time}", "", "Its cells are dates that begin with the year.")
    if any(len(m[1]) > 2 for m in matches):
        return None
    wide = [len(m[4]) for m in matches]
    if set(wide) - {2, 4}:
        return None
    year = "%Y" if wide[0] == 4 else "%y"
    days, months = f"%d{sign}%m{sign}{year}{time}", f"%m{sign}%d{sign}{year}{time}"
    start, second = max(int(m[1]) for m in matches), max(int(m[3]) for m in matches)
    if order in ("day first", "month first"):
        return DateForm(days if order == "day first" else months, order, "You said so.")
    if order == "year first" and year == "%y":
        return DateForm(f"%y{sign}%m{sign}%d{time}", order, "You said so.")
    example = plain(next((m[0] for m in matches if int(m[1]) > 12 or int(m[3]) > 12), sample[0]))
    if start > 12 and second <= 12:
        return DateForm(days, "day first", f"In dates such as {example} the first number is no month.")
    if second > 12 and start <= 12:
        return DateForm(months, "month first", f"In dates such as {example} the second number is no month.")
    if start > 12:
        return None
    if sign == ".":
        return DateForm(days, "day first", "Dates with points are written with the day first.")
    return DateForm(days, "day first", "Nothing in the dates tells day from month.", unsure=True)


def _time(match: re.Match[str]) -> str:
    if not match[5]:
        return ""
    between = "T" if "T" in match[0] else " "
    if match[7]:
        return f"{between}%I:%M{':%S' if match[6] else ''}{' ' if ' ' + match[7] in match[0] else ''}%p"
    seconds = "" if not match[6] else ":%S.%f" if "." in match[6] else ":%S"
    return f"{between}%H:%M{seconds}{'%z' if match[8] else ''}"


def _named(sample: list[str]) -> DateForm | None:
    matches = [_NAMED.match(t) for t in sample]
    if not all(matches):
        return None
    names = [(m[2] or m[4]).lower() for m in matches if m]
    if not all(n.startswith(_MONTHS) for n in names):
        return None
    return DateForm("mixed", "", "Its cells are dates with the name of the month.")


def read_dates(texts: pd.Series[Any], form: str) -> pd.Series[Any]:
    """Return texts as moments without a time zone; what is not written so is missing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            if form == "mixed":
                read = pd.to_datetime(texts, errors="coerce", format="mixed", dayfirst=True)
            else:
                read = pd.to_datetime(texts, errors="coerce", format=form, utc="%z" in form)
        except (ValueError, TypeError, OverflowError):
            return pd.Series(pd.NaT, index=texts.index, dtype="datetime64[us]")
    if getattr(read.dtype, "tz", None) is not None:
        read = read.dt.tz_convert("UTC").dt.tz_localize(None)
    if not pd.api.types.is_datetime64_any_dtype(read.dtype):  # offsets that differ stay objects
        read = pd.to_datetime(texts, errors="coerce", format=form, utc=True).dt.tz_localize(None)
    return read.astype("datetime64[us]")
