"""Read columns of text as numbers, dates or true/false where all of their cells can be read so; say how, and of what.

Every different text of a column is looked at once, so that a million rows of a few levels cost nothing.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from explainers.load.cells import USUAL_MARKS
from explainers.load.dates_read import date_format, read_dates
from explainers.results import Problem, explained
from explainers.validate.say import at_rows, column_place, counted, quoted

SAMPLE = 300
LONGEST_NUMBER = 60  # longer ones are no numbers that people write, and take the searches below for ever
_SIGNS = {"%": "percent", "€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}
_MONEY = "EUR|USD|GBP|CHF|JPY|SEK|NOK|DKK|PLN|CZK"
_UNIT = re.compile(rf"^(?P<before>[€$£¥]|{_MONEY})?\s?(?P<number>[+-−]?[\d.,'’\s]*\d)\s?(?P<after>%|[€$£¥]|{_MONEY})?$")
_CODE = re.compile(r"^[+-]?0\d+$")
_DIGITS = {"\u2019": "'", "\u00a0": " ", "\u202f": " ", "\u2212": "-"}
_TIMES = re.compile(r"^\d{1,2}:\d{2}(:\d{2})?$")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ColumnRead:
    """How one column was read."""

    name: str = explained("The column.")
    read_as: str = explained("number, date, yes or no, text or empty.")
    why: str = explained("How that was seen.", default="")
    unit: str = explained("Unit that stood beside its numbers.", default="")
    unreadable: int = explained("Cells that could not be read and are empty now.", default=0)


def read_columns(
    frame: pd.DataFrame,
    *,
    decimal: str = ".",
    dates: str = "",
    wanted: Mapping[str, str] | None = None,
    problems: list[Problem],
) -> tuple[pd.DataFrame, tuple[ColumnRead, ...], tuple[str, str] | None]:
    """Return the table with its text read, how each column was read, and how dates were meant.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        Cells; columns with other types than text are kept.
    decimal : str
        The sign before decimals in text.
    dates : str
        "day first", "month first", "year first"; empty: detect it.
    wanted : mapping
        Column to text, number or date, where somebody said so: then cells that cannot be read so become empty.
    problems : list of Problem
        What could not be read is added.

    Returns
    -------
    frame : DataFrame
    columns : tuple of ColumnRead
    dates : tuple of str, or None
        What dates were taken as and why; None where it does not matter.
    """
    wanted = wanted or {}
    out: dict[str, Any] = {}
    told: list[ColumnRead] = []
    order: tuple[str, str] | None = None
    for name in frame.columns:
        values = frame[name]
        want = wanted.get(name, "")
        if values.dtype == object:
            values = _plain_objects(values)
        if not isinstance(values.dtype, pd.StringDtype):
            read, how = _typed(name, values, want)
        else:
            read, how, found = _text(name, values, decimal, dates, want, problems)
            order = order or found
        if read is not frame[name]:
            out[name] = read
        told.append(how)
    return (frame.assign(**out) if out else frame), tuple(told), order


def _plain_objects(values: pd.Series[Any]) -> pd.Series[Any]:
    """Return cells of a workbook as one type where they have one; text beside numbers becomes text."""
    kind = pd.api.types.infer_dtype(values, skipna=True)
    if kind in ("string", "mixed", "mixed-integer", "empty"):
        if kind == "empty":
            return pd.Series(np.nan, index=values.index)
        texts = [None if pd.isna(v) else _cell_text(v) for v in values]
        return pd.Series(texts, index=values.index, dtype="str")
    if kind == "integer" and values.notna().all():
        with contextlib.suppress(OverflowError):
            return values.astype("int64")
    if kind in ("integer", "floating", "mixed-integer-float", "decimal"):
        return pd.Series(pd.to_numeric(values.where(values.notna(), np.nan).astype("float64")), index=values.index)
    if kind in ("datetime", "datetime64", "date"):
        return pd.to_datetime(values, errors="coerce")
    return values.astype(bool) if kind == "boolean" and values.notna().all() else values


def _cell_text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return text.encode("utf-8", "replace").decode()


def _typed(name: str, values: pd.Series[Any], want: str) -> tuple[pd.Series[Any], ColumnRead]:
    dtype: Any = values.dtype
    if want == "text" and not values.isna().all():
        texts = values.map(lambda v: None if pd.isna(v) else _cell_text(v)).astype("str")
        return texts, ColumnRead(name=name, read_as="text", why="You said so.")
    if want == "date" and pd.api.types.is_numeric_dtype(dtype):
        read = read_dates(values.astype("Int64").astype("str"), "%Y%m%d")
        if read.notna().any():
            return read, ColumnRead(name=name, read_as="date", why="You said so.")
    if values.isna().all():
        return values, ColumnRead(name=name, read_as="empty", why="No cell holds anything.")
    if pd.api.types.is_bool_dtype(dtype):
        return values, ColumnRead(name=name, read_as="yes or no", why="Every cell is true or false.")
    if pd.api.types.is_datetime64_any_dtype(dtype):
        if getattr(dtype, "tz", None) is None:
            values = values.astype("datetime64[us]")
        return values, ColumnRead(name=name, read_as="date", why="Every cell is a date.")
    if pd.api.types.is_numeric_dtype(dtype):
        if re.search(r"date|day", name, re.I) and pd.api.types.is_integer_dtype(dtype):
            days = _packed_dates(values)
            if days is not None:
                return days, ColumnRead(name=name, read_as="date", why="Every cell is a date such as 20240131.")
        return values, ColumnRead(name=name, read_as="number", why="Every cell is a number.")
    kind = pd.api.types.infer_dtype(values, skipna=True)
    as_what = {"date": "date", "datetime": "date", "boolean": "yes or no", "integer": "number", "floating": "number"}
    return values, ColumnRead(name=name, read_as=as_what.get(kind, "text"), why="The file says so.")


def _packed_dates(values: pd.Series[Any]) -> pd.Series[Any] | None:
    known = values.dropna()
    if known.empty or not known.between(18000101, 22001231).all():
        return None
    read = read_dates(values.astype("Int64").astype("str"), "%Y%m%d")
    return read if read.isna().sum() == values.isna().sum() else None


def _text(
    name: str, values: pd.Series[Any], decimal: str, dates: str, want: str, problems: list[Problem]
) -> tuple[pd.Series[Any], ColumnRead, tuple[str, str] | None]:
    codes, uniques = pd.factorize(values)
    texts = [str(u).strip() for u in uniques]
    blank = np.array([t == "" for t in texts], dtype=bool)
    if blank.any():
        values = values.mask(_at(blank, codes))
    known = [t for t in texts if t]
    if not known:
        return pd.Series(np.nan, index=values.index), _read(name, "empty", "No cell holds anything."), None
    if want == "text":
        return values, _read(name, "text", "You said so."), None
    marks = np.array([t.casefold() in USUAL_MARKS or t == "" for t in texts], dtype=bool)
    real = [t for t, m in zip(texts, marks, strict=True) if not m]
    if not want and not real:
        return values, _read(name, "text", "Its cells hold text."), None
    if want != "date":
        found = _numbers(name, values, texts, marks, codes, decimal, want == "number", problems)
        if found is not None:
            return *found, None
        if want == "number":
            return values, _read(name, "text", "No cell can be read as a number."), None
    if {t.casefold() for t in real} <= {"true", "false"}:
        return _flags(values, texts, codes), _read(name, "yes or no", "Every cell is true or false."), None
    return _dates(name, values, texts, marks, codes, dates, want == "date", problems)


def _read(name: str, read_as: str, why: str, unit: str = "", unreadable: int = 0) -> ColumnRead:
    return ColumnRead(name=name, read_as=read_as, why=why, unit=unit, unreadable=unreadable)


def _at(which: np.ndarray[Any, Any], codes: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return for each row whether its text is among those marked; an empty cell is not."""
    found: np.ndarray[Any, Any] = np.append(which, False)[codes]
    return found


def _flags(values: pd.Series[Any], texts: list[str], codes: np.ndarray[Any, Any]) -> pd.Series[Any]:
    words: Any = np.empty(len(texts) + 1, dtype=object)
    words[:] = [{"true": True, "false": False}.get(t.casefold()) for t in texts] + [None]
    out = words[codes]
    gaps = any(v is None for v in out)
    return pd.Series(out if gaps else out.astype(bool), index=values.index)


# -- numbers ---------------------------------------------------------------------------------------------------------
def _numbers(
    name: str,
    values: pd.Series[Any],
    texts: list[str],
    marks: np.ndarray[Any, Any],
    codes: np.ndarray[Any, Any],
    decimal: str,
    wanted: bool,
    problems: list[Problem],
) -> tuple[pd.Series[Any], ColumnRead] | None:
    real = [t for t, m in zip(texts, marks, strict=True) if not m]
    if not wanted:
        if not real or not _mostly_numbers(texts, marks, codes, decimal):
            return None
        if any(_CODE.match(t) for t in real):
            return None  # 01234 is a code and not a number
    read = [None if m else _number(t, decimal) for t, m in zip(texts, marks, strict=True)]
    bad = np.array([r is None and not m for r, m in zip(read, marks, strict=True)], dtype=bool)
    where = column_place(name)
    if bad.any() and not wanted:
        rows = _at(bad, codes)
        problems.append(
            Problem(
                code="mixed_types",
                where=where,
                message=f"It holds numbers, but {counted(int(rows.sum()), 'cell')} cannot be read as one: "
                f"{quoted([t for t, b in zip(texts, bad, strict=True) if b])} ({at_rows(rows)}). It is used as text.",
                remedy="Correct these cells, or read the column as numbers: then these cells are empty.",
                severity="warning",
            )
        )
        return None
    numbers = np.array([np.nan if r is None else r[0] for r in read] + [np.nan])[codes]
    if np.isnan(numbers).all():
        return None
    units = {r[1] for r in read if r is not None}
    unit = next(iter(units)) if len(units) == 1 else ""
    if len(units - {""}) > 1:
        message = f"Its numbers have different units: {quoted(sorted(units - {''}))}. They are read as they stand."
        problems.append(
            Problem(
                code="mixed_units", where=where, message=message, remedy="Give all of them in one unit.",
                severity="warning",
            )
        )  # fmt: skip
    marked = _at(marks & np.array([t != "" for t in texts], dtype=bool), codes)
    if marked.any():
        examples = quoted(dict.fromkeys(t for t, m in zip(texts, marks, strict=True) if m and t))
        problems.append(
            Problem(
                code="missing_marks",
                where=where,
                message=f"{counted(int(marked.sum()), 'cell')} such as {examples} in a column of numbers: taken as "
                "empty.",
                remedy="If they stand for something, read the column as text.",
                severity="note",
            )
        )
    lost = int(_at(bad, codes).sum())
    if lost:
        problems.append(_lost(where, lost, [t for t, b in zip(texts, bad, strict=True) if b], "number"))
    out = numbers
    if not np.isnan(numbers).any() and (numbers == np.round(numbers)).all() and np.abs(numbers).max() < 2**53:
        out = numbers.astype("int64")
    why = "You said so." if wanted else f"Its cells are numbers such as {quoted(real[:1])}."
    return pd.Series(out, index=values.index), _read(name, "number", why, unit, lost)


def _mostly_numbers(texts: list[str], marks: np.ndarray[Any, Any], codes: np.ndarray[Any, Any], decimal: str) -> bool:
    """Return whether nine in ten of the filled cells are numbers, by the most frequent texts."""
    counts = np.bincount(codes[codes >= 0], minlength=len(texts))
    often = [i for i in np.argsort(-counts, kind="stable")[:SAMPLE] if not marks[i]]
    whole = sum(int(counts[i]) for i in often)
    read = sum(int(counts[i]) for i in often if _number(texts[i], decimal) is not None)
    return read >= 0.9 * whole > 0


def _lost(where: str, n: int, examples: list[str], what: str) -> Problem:
    return Problem(
        code=f"not_{what}s",
        where=where,
        message=f"{counted(n, 'cell')} cannot be read as a {what}, such as {quoted(examples)}: empty now.",
        remedy="Correct these cells, or read the column as text.",
        severity="warning",
    )


def _number(text: str, decimal: str) -> tuple[float, str] | None:
    """Return a number and the unit beside it; None where the text is none."""
    if len(text) > LONGEST_NUMBER:
        return None
    for sign, plain in _DIGITS.items():
        text = text.replace(sign, plain)
    match = _UNIT.match(text)
    if match is None:
        return _scientific(text)
    digits = match["number"].replace(" ", "\x00")
    group = "." if decimal == "," else ","
    whole, _, rest = digits.partition(decimal)
    if decimal in rest or group in rest or "\x00" in rest or "'" in rest:
        return None
    if any(sign in whole for sign in (group, "'", "\x00")):
        sign = next(s for s in (group, "'", "\x00") if s in whole)
        if not re.fullmatch(rf"[+-]?\d{{1,3}}({re.escape(sign)}\d{{3}})+", whole):
            return None
        whole = whole.replace(sign, "")
    try:
        value = float(f"{whole}.{rest}" if rest else whole)
    except ValueError:
        return None
    unit = match["after"] or match["before"] or ""
    return value, _SIGNS.get(unit, unit)


def _scientific(text: str) -> tuple[float, str] | None:
    if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", text):
        value = float(text)
        return (value, "") if np.isfinite(value) else None
    return None


# -- dates -----------------------------------------------------------------------------------------------------------
def _dates(
    name: str,
    values: pd.Series[Any],
    texts: list[str],
    marks: np.ndarray[Any, Any],
    codes: np.ndarray[Any, Any],
    order: str,
    wanted: bool,
    problems: list[Problem],
) -> tuple[pd.Series[Any], ColumnRead, tuple[str, str] | None]:
    real = [t for t, m in zip(texts, marks, strict=True) if not m]
    form = date_format(real, order, most=1.0 if not wanted else 0.5)
    where = column_place(name)
    if form is None:
        if wanted:
            problems.append(_lost(where, len(real), real, "date"))
        return values, _read(name, "text", "Its cells hold text."), None
    read = read_dates(pd.Series([None if m else t for t, m in zip(texts, marks, strict=True)], dtype="str"), form.form)
    bad = read.isna().to_numpy() & ~marks
    if bad.any() and not wanted:
        n = int(_at(bad, codes).sum())
        problems.append(
            Problem(
                code="dates_as_text",
                where=where,
                message=f"It holds dates, but {counted(n, 'cell')} cannot be read as one: "
                f"{quoted([t for t, b in zip(texts, bad, strict=True) if b])}. It is used as text.",
                remedy="Correct these cells, or read the column as dates: then these cells are empty.",
                severity="warning",
            )
        )
        return values, _read(name, "text", "Its cells hold dates and other text."), None
    lost = int(_at(bad, codes).sum())
    if lost:
        problems.append(_lost(where, lost, [t for t, b in zip(texts, bad, strict=True) if b], "date"))
    whole = read.to_numpy()
    # Without a unit of its own the empty moment is deprecated by newer numpy.
    out = pd.Series(np.append(whole, np.array(["NaT"], dtype=whole.dtype))[codes], index=values.index)
    if form.unsure:
        problems.append(
            Problem(
                code="dates_unsure",
                where=where,
                message=f"Dates such as {quoted(real[:1])} may be meant with the day or with the month first; they "
                f"are read with the {form.order.split()[0]} first.",
                remedy="If that is not right, choose the other order.",
                severity="warning",
            )
        )
    why = "You said so." if wanted else form.why
    return out, _read(name, "date", why, "", lost), ((form.order, form.why) if form.order else None)
