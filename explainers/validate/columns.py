"""Each column by itself: empty, always the same, out of range, levels without words, a number of the case."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from explainers import dictionary  # the module: each of the two needs the other
from explainers.results import Problem
from explainers.study import Feature
from explainers.validate.say import at_rows, column_place, counted, plain, quoted

MOST_LEVELS = 50
_MARKUP = ("<", ">", "`", "$", "[", "](", "**", "{")
_PROTECTED = ("race", "sex", "gender", "religion", "ethnicity", "nationality", "disability", "pregnant", "black")


def column_problems(feature: Feature, values: pd.Series[Any]) -> list[Problem]:
    """Return the problems of one column that is used.

    Parameters
    ----------
    feature : Feature
        Its entry in the dictionary.
    values : Series of shape (n_rows,)
        Its values.

    Returns
    -------
    list of Problem
        In no order.
    """
    where = column_place(feature.name, feature.label)
    found = _words(feature, where)
    if feature.role in ("excluded", "leakage"):
        return found
    n_missing = int(values.isna().sum())
    if feature.role == "id":
        return found + _ids(values, where, n_missing)
    if feature.role != "feature":
        return found
    if n_missing == len(values):
        found.append(
            _warning("all_missing", where, "Every cell of this column is empty.", "Fill it in, or leave it out.")
        )
        return found
    levels = _levels(values)
    if len(levels) == 1 and not n_missing:
        found.append(
            _warning(
                "constant_column",
                where,
                f"Every row has the same value, {quoted(levels)}, so it tells nothing.",
                "Leave it out (role: excluded).",
            )
        )
    found += _kind(feature, values, levels, where)
    found += _range(feature, values, where)
    if dictionary.looks_like_id(feature.name, values) or _free_text(feature, values):
        found.append(
            _warning(
                "id_as_input",
                where,
                "Nearly every row has its own value here, so it looks like a number or name of the case. Options may "
                "learn single rows by heart.",
                "Give it role: id or role: excluded.",
            )
        )
    return found


def _warning(code: str, where: str, message: str, remedy: str, severity: Any = "warning") -> Problem:
    return Problem(code=code, where=where, message=message, remedy=remedy, severity=severity)


def _levels(values: pd.Series[Any]) -> list[Any]:
    """Return the different values of a column, at most a little more than there may be levels."""
    if pd.api.types.is_float_dtype(values.dtype):
        head = pd.unique(values.iloc[:2000].dropna())
        if len(head) > MOST_LEVELS:
            return list(head)
    return [v.item() if isinstance(v, np.generic) else v for v in pd.unique(values.dropna())]


def _words(feature: Feature, where: str) -> list[Problem]:
    """Return problems of the words in the dictionary."""
    found = []
    if not feature.label.strip():
        found.append(_warning("no_label", where, "It has no label that people can read.", "Give it a label."))
    elif len(feature.label) > 60:
        found.append(
            _warning(
                "long_label",
                where,
                f"Its label has {len(feature.label)} letters and will be cut in pictures.",
                "Use at most about 30 letters.",
                "note",
            )
        )
    written = (feature.phrase or "").replace("{value", "") if feature.phrase else ""
    if any(sign in written for sign in _MARKUP):
        found.append(
            _warning(
                "markup",
                where,
                f"The phrase '{plain(feature.phrase)}' holds signs that look like markup. They are shown as they are.",
                "Write plain words.",
                "note",
            )
        )
    if feature.minimum is not None and feature.maximum is not None and feature.minimum > feature.maximum:
        found.append(
            _warning(
                "range_turned",
                where,
                f"Its smallest allowed value, {feature.minimum:g}, is above its largest, {feature.maximum:g}.",
                "Swap minimum and maximum.",
                "error",
            )
        )
    if feature.role == "feature" and not feature.protected and feature.name.casefold() in _PROTECTED:
        found.append(
            _warning(
                "perhaps_protected",
                where,
                "By its name this may be a characteristic that the law protects, and options are given it.",
                "Say protected: true if it is one.",
                "note",
            )
        )
    return found


def _ids(values: pd.Series[Any], where: str, n_missing: int) -> list[Problem]:
    found = []
    if n_missing:
        found.append(
            _warning(
                "id_missing",
                where,
                f"{counted(n_missing, 'row')} {'has' if n_missing == 1 else 'have'} no number here "
                f"({at_rows(values.isna().to_numpy())}).",
                "Give every row its own number.",
            )
        )
    again = (values.duplicated() & values.notna()).to_numpy()
    if again.any():
        found.append(
            _warning(
                "id_repeated",
                where,
                f"{counted(int(again.sum()), 'row')} {'has' if again.sum() == 1 else 'have'} a number that another row "
                f"has already: {quoted(pd.unique(values[again]))} ({at_rows(again)}). Only the first is found by it.",
                "Give every row its own number.",
            )
        )
    return found


def _kind(feature: Feature, values: pd.Series[Any], levels: list[Any], where: str) -> list[Problem]:
    """Return what does not fit between the declared kind and the values."""
    found = []
    text = not pd.api.types.is_numeric_dtype(values.dtype)
    if feature.kind == "boolean" and len(levels) > 2:
        found.append(
            _warning(
                "not_boolean",
                where,
                f"The dictionary says yes or no, but there are {len(levels)} different values: {quoted(levels)}. It is "
                "used as a column of levels.",
                "Correct the values, or give it another kind.",
            )
        )
    if feature.kind in ("categorical", "ordered", "boolean"):
        unnamed = dictionary.missing_labels(feature, levels)
        found += [unnamed] if unnamed else []
        if len(levels) > MOST_LEVELS and feature.kind != "ordered" and not _free_text(feature, values):
            found.append(
                _warning(
                    "too_many_levels",
                    where,
                    f"It has {'more than ' if not text else ''}{len(levels):,} different levels, too many to tell "
                    "apart in words or pictures.",
                    "Join rare levels, or call it numeric if it is a number.",
                )
            )
    if text and feature.kind in ("categorical", "boolean"):
        found += _alike(levels, where)
    if feature.kind == "numeric" and text and not pd.api.types.is_bool_dtype(values.dtype):
        found.append(
            _warning(
                "not_numbers",
                where,
                f"The dictionary says numbers, but the column holds {quoted(levels)}.",
                "Write plain numbers, or give the column kind: categorical.",
                "error",
            )
        )
    if feature.kind == "date" and not pd.api.types.is_datetime64_any_dtype(values.dtype):
        found.append(
            _warning(
                "not_dates",
                where,
                f"The dictionary says dates, but the column holds {quoted(levels)}.",
                "Write dates as year-month-day, or give the column another kind.",
                "error",
            )
        )
    return found


def _alike(levels: list[Any], where: str) -> list[Problem]:
    """Say it where two levels differ by capitals or spaces only."""
    seen: dict[str, str] = {}
    for level in levels[:2000]:
        key = " ".join(str(level).split()).casefold()
        if key in seen:
            return [
                _warning(
                    "levels_alike",
                    where,
                    f"The levels '{plain(seen[key])}' and '{plain(level)}' differ by capitals or spaces only, and "
                    "count as two.",
                    "Write them alike if they mean the same.",
                )
            ]
        seen[key] = str(level)
    return []


def _range(feature: Feature, values: pd.Series[Any], where: str) -> list[Problem]:
    if feature.minimum is None and feature.maximum is None:
        return []
    if not pd.api.types.is_numeric_dtype(values.dtype):
        return []
    numbers = values.to_numpy(dtype="float64", na_value=np.nan)
    out = np.zeros(len(numbers), dtype=bool)
    if feature.minimum is not None:
        out |= numbers < feature.minimum
    if feature.maximum is not None:
        out |= numbers > feature.maximum
    if not out.any():
        return []
    low = "…" if feature.minimum is None else f"{feature.minimum:g}"
    high = "…" if feature.maximum is None else f"{feature.maximum:g}"
    examples = quoted(f"{v:g}" for v in pd.unique(numbers[out]))
    return [
        _warning(
            "out_of_range",
            where,
            f"{counted(int(out.sum()), 'value')} {'lies' if out.sum() == 1 else 'lie'} outside {low} to {high}: "
            f"{examples} ({at_rows(out)}).",
            "Correct these cells, or the minimum and maximum in the dictionary.",
        )
    ]


def _free_text(feature: Feature, values: pd.Series[Any]) -> bool:
    if pd.api.types.is_numeric_dtype(values.dtype) or feature.kind == "date" or len(values) < 20:
        return False
    known = values.dropna()
    head = known.iloc[:1000]
    if pd.api.types.is_datetime64_any_dtype(values.dtype) or len(known) < 20 or head.nunique() < 0.5 * len(head):
        return False
    return bool(known.nunique() > 0.5 * len(known))
