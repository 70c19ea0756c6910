"""Read cells that are text as numbers, true/false or dates, where all of a column can be read so."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from explainers.results import Problem
from explainers.validate.say import at_rows, column_place, counted, quoted

USUAL_MARKS = {"na", "n/a", "#n/a", "nan", "null", "none", "nil", "-", "--", "?", ".", "missing", "unknown", "#value!"}
_ISO_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$")
_ANY_DATE = re.compile(r"^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}$|^\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{2,4}$")
_COMMA_NUMBER = re.compile(r"^[+-]?\d+,\d+$")
_AS_TEXT = re.compile(r"^[^\dA-Za-z]{0,3}[+-]?\d{1,3}([ ,.']\d{3})*([.,]\d+)?\s?(%|[^\dA-Za-z\s]{1,2}|[A-Z]{3})?$")


def read_cells(
    frame: pd.DataFrame, entries: Mapping[str, Any], *, raw: bool, missing: Iterable[str] = ()
) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the table with columns of text read as what they hold.

    Parameters
    ----------
    frame : DataFrame
        Tidy table; columns of text are looked at, the others are kept.
    entries : mapping
        Column to its fields in the dictionary (kind, level_labels, missing_values), as far as there are any.
    raw : bool
        True for a text file, where every number is text: then columns that are not described are read as well.
        False for a table that has types: then only columns that the dictionary calls numbers or dates.
    missing : iterable of str
        Cells that stand for "missing" in every column.

    Returns
    -------
    frame : DataFrame
        The table; a column where some cell cannot be read stays text.
    problems : list of Problem
        What could not be read, and what was read with a guess.
    """
    problems: list[Problem] = []
    comma = raw and _decimal_comma(frame)
    changed: dict[str, pd.Series[Any]] = {}
    marks = {str(m) for m in missing}
    for name in frame.columns:
        values = frame[name]
        if not isinstance(values.dtype, pd.StringDtype):
            continue
        entry = entries.get(name)
        fields: Any = entry if isinstance(entry, Mapping) else {}
        kind = fields.get("kind") if isinstance(entry, Mapping) else getattr(entry, "kind", None)
        labels = fields.get("level_labels") if isinstance(entry, Mapping) else getattr(entry, "level_labels", None)
        declared = fields.get("missing_values")
        own = marks | ({str(m) for m in declared} if isinstance(declared, list) else set())
        if own:
            values = values.mask(values.isin(own))
        label = fields.get("label") if isinstance(entry, Mapping) else getattr(entry, "label", None)
        where = column_place(name, str(label) if label else None)
        labels = labels if isinstance(labels, Mapping) else {}
        column = _Column(values, where=where, kind=kind, labels=labels, comma=comma)
        read = column.read(problems, guess=raw)
        if read is not frame[name]:
            changed[name] = read
    return frame.assign(**changed) if changed else frame, problems


def _decimal_comma(frame: pd.DataFrame) -> bool:
    """Return whether numbers of this file are written 1,5: some are, and none is written 1.5."""
    found = False
    for name in frame.columns:
        sample = frame[name].dropna().iloc[:200]
        if sample.empty or not isinstance(sample.dtype, pd.StringDtype):
            continue
        texts = [str(v).strip() for v in sample]
        if any(re.match(r"^[+-]?\d+\.\d+$", t) for t in texts):
            return False
        if all(_COMMA_NUMBER.match(t) or t.lstrip("+-").isdigit() or t.casefold() in USUAL_MARKS for t in texts):
            found = found or any(_COMMA_NUMBER.match(t) and not re.match(r"^[+-]?\d{1,3},\d{3}$", t) for t in texts)
    return found


class _Column:
    """One column of text with what the dictionary says of it."""

    def __init__(self, values: Any, *, where: str, kind: Any, labels: Mapping[Any, Any], comma: bool) -> None:
        self.values, self.where, self.kind, self.labels, self.comma = values, where, kind, labels, comma

    def read(self, problems: list[Problem], *, guess: bool) -> Any:
        """Return the values as numbers, true/false or dates if all can be read so, else as they are."""
        known = self.values.dropna()
        if known.empty:
            return pd.Series(np.nan, index=self.values.index) if guess else self.values
        text_levels = self.labels and all(isinstance(k, str) for k in self.labels)
        if text_levels and set(known.iloc[:50]) <= set(self.labels):
            return self.values
        if self.kind == "date":
            return self._dates(problems, declared=True)
        number = self.kind == "numeric" or (self.kind == "ordered" and not text_levels)
        if not guess and not number:
            self._hint(known, problems)
            return self.values
        numbers = self._numbers(known, problems, declared=number)
        if numbers is not None:
            return numbers
        if guess and self.kind in (None, "boolean") and set(known.iloc[:50].str.lower()) <= {"true", "false"}:
            flags = self._flags()
            if flags is not None:
                return flags
        if guess and self.kind is None and _ISO_DATE.match(known.iloc[0]):
            return self._dates(problems, declared=False)
        if self.kind is None:
            self._hint(known, problems)
        return self.values

    def _numbers(self, known: Any, problems: list[Problem], *, declared: bool) -> Any:
        head = known.iloc[:50].str.strip()
        if not declared and not head.str.match(r"^[+-]?[\d.,]").any():
            return None
        texts = self.values.str.strip()
        if self.comma:
            texts = texts.str.replace(r"^([+-]?\d+),(\d+)$", r"\1.\2", regex=True)
        numbers = pd.to_numeric(texts, errors="coerce")
        bad = (self.values.notna() & (numbers.isna() | np.isinf(numbers))).to_numpy()
        marks = np.zeros(len(bad), dtype=bool)
        if bad.any():
            marks = bad & texts.str.lower().isin(USUAL_MARKS).to_numpy()
        if (bad & ~marks).any():
            if declared:
                problems.append(self._not_numbers(bad & ~marks))
            return None
        if bad.all() or (not declared and (marks.sum() > 0.5 * len(known))):
            return None
        if not declared and known.str.match(r"^[+-]?0\d").any():
            return None  # 01234 is a code, not a number
        if marks.any():
            problems.append(
                Problem(
                    code="missing_marks",
                    where=self.where,
                    message=f"{counted(int(marks.sum()), 'cell')} such as {quoted(pd.unique(self.values[marks]))} "
                    "in a column of numbers: taken as missing.",
                    remedy="Leave such cells empty, or name them in missing_values.",
                    severity="warning",
                )
            )
        whole = not texts.str.contains(r"[.eE]", regex=True, na=False).any()
        if whole and not numbers.isna().any() and float(numbers.abs().max()) < 2**53:
            return numbers.astype("int64")
        return numbers.astype("float64")

    def _not_numbers(self, bad: Any) -> Problem:
        return Problem(
            code="not_numbers",
            where=self.where,
            message=f"The dictionary says numbers, but {counted(int(bad.sum()), 'cell')} cannot be read as one: "
            f"{quoted(pd.unique(self.values[bad]))} ({at_rows(bad)}).",
            remedy="Write plain numbers such as 1234.5, without signs or spaces, or give the column another kind.",
        )

    def _flags(self) -> Any:
        lower = self.values.str.lower()
        if not set(lower.dropna().unique()) <= {"true", "false"}:
            return None
        if not lower.isna().any():
            return lower == "true"
        out = np.empty(len(lower), dtype=object)
        out[:] = [None if m else v == "true" for v, m in zip(lower, lower.isna(), strict=True)]
        return pd.Series(out, index=lower.index)

    def _dates(self, problems: list[Problem], *, declared: bool) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                dates = pd.to_datetime(self.values, errors="coerce", format="ISO8601")
            except (ValueError, TypeError):
                dates = pd.Series(pd.NaT, index=self.values.index)
        bad = (self.values.notna() & dates.isna()).to_numpy()
        if not bad.any():
            return dates
        if declared:
            problems.append(
                Problem(
                    code="not_dates",
                    where=self.where,
                    message=f"The dictionary says dates, but {counted(int(bad.sum()), 'cell')} cannot be read as one: "
                    f"{quoted(pd.unique(self.values[bad]))} ({at_rows(bad)}).",
                    remedy="Write dates as year-month-day, such as 1990-03-31.",
                )
            )
        else:
            self._hint(self.values.dropna(), problems)
        return self.values

    def _hint(self, known: Any, problems: list[Problem]) -> None:
        """Say it where most cells look like numbers or dates and the column is text all the same."""
        head = known.iloc[:200].str.strip()
        plain_number = pd.to_numeric(head, errors="coerce").notna()
        numbers = plain_number | head.str.match(_AS_TEXT)
        dates = head.str.match(_ISO_DATE) | head.str.match(_ANY_DATE)
        if dates.mean() > 0.8:
            code, what, remedy = "dates_as_text", "dates", "write them as year-month-day and give the column kind: date"
        elif plain_number.mean() > 0.5 and not numbers.all() and not plain_number.all():
            code, what, remedy = "mixed_types", "numbers beside other text", "keep one kind of value in the column"
        elif numbers.mean() > 0.8 and not known.iloc[:200].str.match(r"^[+-]?0\d").any():
            code, what, remedy = "numbers_as_text", "numbers written as text", "write plain numbers such as 1234.5"
        else:
            return
        odd = head[~plain_number] if code == "mixed_types" else head
        problems.append(
            Problem(
                code=code,
                where=self.where,
                message=f"The column holds {what}, such as {quoted(pd.unique(odd))}; it is used as plain text.",
                remedy=f"If that is not meant: {remedy}.",
                severity="warning",
            )
        )
