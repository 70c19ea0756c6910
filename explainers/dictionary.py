"""The data dictionary: read from fields as in study.yaml, or guessed from the data where there is none."""

from __future__ import annotations

import re
import string
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pandas as pd

from explainers.results import Problem
from explainers.study import Feature, Kind, Role
from explainers.validate.say import column_place, nearest, plain, quoted

FORMATS = ("percent", "points", "number", "integer", "unit", "money", "level")
_FIELDS = tuple(f.name for f in dataclass_fields(Feature) if f.name != "name")
_CHOICES: dict[str, tuple[str, ...]] = {
    "kind": get_args(Kind),
    "role": get_args(Role),
    "better": ("low", "high", "neither"),
    "changeable": ("no", "any", "increase", "decrease"),
}
_ID_NAME = re.compile(r"(^|[_\W])(id|ids|uuid|guid|key|number|no|nr|index|rownames?)$", re.IGNORECASE)
_FLAGS = ({"yes", "no"}, {"true", "false"}, {"y", "n"}, {"0", "1"}, {"0.0", "1.0"})


def humanise(name: str) -> str:
    """Return a column name as words, for columns that nobody has named.

    Examples
    --------
    >>> humanise("loan_to_value")
    'Loan to value'
    >>> humanise("loanToValue")
    'Loan to value'
    """
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name) if name.isidentifier() and not name.isupper() else name
    text = plain(words.replace("_", " "), 500)
    if not name.isidentifier():
        return text or "column without a name"
    text = text.lower() if words != name else text
    return text[:1].upper() + text[1:]


def infer(name: str, values: pd.Series[Any], *, role: Role | None = None) -> Feature:
    """Guess the entry of a column from its values.

    Dates are kept but are no inputs, and neither is a column whose values look like numbers of cases (a different one
    in every row): whoever wants them as inputs says so in a dictionary.

    Parameters
    ----------
    name : str
        The column.
    values : Series of shape (n_rows,)
        Its values.
    role : str, optional
        Its role, where it is known.

    Returns
    -------
    Feature
        Kind from the type of the values, label from the name.

    Examples
    --------
    >>> infer("loan_to_value", pd.Series([0.8, 0.9])).kind
    'numeric'
    """
    levels: dict[Any, str] = {}
    kind: Kind = "categorical"
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        kind = "date"
    elif pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype):
        kind = "numeric"
        few = pd.unique(values.iloc[:200].dropna())
        if len(few) <= 2 and set(pd.unique(values.dropna()).tolist()) == {0, 1}:
            kind, levels = "boolean", {0: "no", 1: "yes"}
    else:
        seen = list(pd.unique(values.iloc[:200].dropna()))
        if len(seen) <= 2:
            seen = list(pd.unique(values.dropna()))
            words = {str(v).strip().casefold() for v in seen}
            if words and any(words <= flags for flags in _FLAGS):
                kind = "boolean"
                if all(isinstance(v, bool | np.bool_) for v in seen):
                    levels = {False: "no", True: "yes"}
    if role is None:
        role = "id" if looks_like_id(name, values, by_name=True) else "time" if kind == "date" else "feature"
    return Feature(name=name, label=humanise(name), kind=kind, level_labels=levels, role=role)


def looks_like_id(name: str, values: pd.Series[Any], *, by_name: bool = False) -> bool:
    """Return whether nearly every row has its own value: as text, or as whole numbers named like an id or counting up.

    With `by_name`, whole numbers have to be named like an id: a column that counts up may be a real input.
    """
    known = values.dropna()
    n = len(known)
    if n < 20 or pd.api.types.is_float_dtype(values.dtype) or pd.api.types.is_datetime64_any_dtype(values.dtype):
        return False
    whole = pd.api.types.is_integer_dtype(values.dtype)
    if whole and not _ID_NAME.search(name) and (by_name or not _counts_up(known)):
        return False
    if known.iloc[:1000].nunique() < 0.95 * min(n, 1000):
        return False
    return bool(known.nunique() >= (1.0 if whole else 0.95) * n)


def _counts_up(values: pd.Series[Any]) -> bool:
    steps = np.diff(values.to_numpy())
    return bool(steps.size and (steps == 1).all())


def read_entry(name: str, entry: Any, values: pd.Series[Any] | None, where: str) -> tuple[Feature, list[Problem]]:
    """Return the entry of one column from its fields, with what is wrong with them.

    Parameters
    ----------
    name : str
        The column.
    entry : mapping or Feature or None
        Fields as in study.yaml; what is not given is guessed from the values.
    values : Series or None
        The column's values, None where the data do not have it.
    where : str
        How problems name the place.

    Returns
    -------
    feature : Feature
        The entry; fields with a problem keep what was guessed.
    problems : list of Problem
        Unknown fields, wrong words, broken phrases.
    """
    if isinstance(entry, Feature):
        feature = replace(entry, name=name) if entry.name != name else entry
        phrase, problems = checked_phrase(feature.phrase, column_place(name, feature.label))
        feature = replace(feature, phrase=phrase) if phrase != feature.phrase else feature
        return (fit_levels(feature, values, problems) if values is not None else feature), problems
    guess = infer(name, values, role="feature") if values is not None else Feature(name=name, label=humanise(name))
    problems = []
    if entry is not None and not isinstance(entry, Mapping):
        problems.append(_wrong(where, name, "fields of its own, such as 'label: ...'", entry))
        entry = None
    given: dict[str, Any] = {}
    for key, value in (entry or {}).items():
        if key not in (*_FIELDS, "missing_values"):
            near = nearest(str(key), _FIELDS)
            problems.append(
                Problem(
                    code="unknown_field",
                    where=where,
                    message=f"The field '{plain(key)}' is not known, so it is not used.",
                    remedy=f"Did you mean '{near}'?" if near else f"Use one of: {', '.join(_FIELDS)}.",
                    severity="warning",
                )
            )
        elif key in _FIELDS and value is not None:
            _take(str(key), value, where, given, problems)
    if "kind" in given and given["kind"] != guess.kind:
        given.setdefault("level_labels", {})
    feature = replace(guess, **given)
    phrase, broken = checked_phrase(feature.phrase, where)
    feature = replace(feature, phrase=phrase)
    problems += broken
    return (fit_levels(feature, values, problems) if values is not None else feature), problems


def _take(key: str, value: Any, where: str, given: dict[str, Any], problems: list[Problem]) -> None:
    """Put one field among those given if it is of the right type."""
    if key in _CHOICES:
        word = value
        if isinstance(value, bool):
            word = "no" if not value else "any" if key == "changeable" else "yes"
        if word not in _CHOICES[key]:
            near = nearest(str(word), _CHOICES[key])
            problems.append(
                Problem(
                    code="wrong_choice",
                    where=where,
                    message=f"The field '{key}' holds '{plain(word)}', which is none of: {', '.join(_CHOICES[key])}.",
                    remedy=f"Did you mean '{near}'?" if near else "Use one of these.",
                )
            )
            return
        given[key] = word
    elif key == "protected":
        word = {"yes": True, "true": True, "no": False, "false": False}.get(str(value).strip().casefold())
        if word is None:
            problems.append(_wrong(where, key, "true or false", value))
        else:
            given[key] = word
    elif key in ("minimum", "maximum"):
        if isinstance(value, bool) or not isinstance(value, int | float):
            problems.append(_wrong(where, key, "a number", value))
        else:
            given[key] = value
    elif key in ("level_labels", "level_phrases"):
        if not isinstance(value, Mapping):
            problems.append(_wrong(where, key, "each level with the words for it", value))
        else:
            given[key] = {k: str(v) for k, v in value.items()}
    elif isinstance(value, Mapping | list | tuple | set):
        problems.append(_wrong(where, key, "text", value))
    else:
        given[key] = str(value)


def _wrong(where: str, field: str, expected: str, value: Any) -> Problem:
    came = "fields" if isinstance(value, Mapping) else "a list" if isinstance(value, list) else f"'{plain(value)}'"
    return Problem(
        code="wrong_type",
        where=where,
        message=f"'{plain(field)}' should hold {expected}, but holds {came}.",
        remedy=f"Write {expected} there.",
    )


def checked_phrase(phrase: str | None, where: str) -> tuple[str | None, list[Problem]]:
    """Return the phrase if its placeholder can be filled, else None with the problem.

    Only ``{value}`` and ``{value:FORMAT}`` are taken: anything else in braces would be looked up in the program.
    """
    if phrase is None:
        return None, []
    message = ""
    remedy = "Write the value as {value:number} or with one of: " + ", ".join(FORMATS) + "."
    try:
        parts = [p for p in string.Formatter().parse(phrase) if p[1] is not None]
    except ValueError:
        message = f"The phrase '{plain(phrase)}' has a brace that is not closed or not opened."
    else:
        for _, name, form, conversion in parts:
            if name != "value" or conversion:
                message = f"The phrase '{plain(phrase)}' holds '{{{plain(name)}}}', which cannot be filled in."
            elif form and form not in FORMATS:
                near = nearest(form, FORMATS)
                message = f"The phrase '{plain(phrase)}' asks for the format '{plain(form)}', which is not known."
                remedy = f"Did you mean '{{value:{near}}}'?" if near else remedy
    if not message:
        return phrase, []
    return None, [
        Problem(
            code="broken_phrase",
            where=where,
            message=f"{message} The phrase is left out.",
            remedy=remedy,
            severity="warning",
        )
    ]


def match_level(value: Any, levels: Iterable[Hashable]) -> Hashable | None:
    """Return the level that a written value stands for: equal, or the same text, or true/false for yes/no.

    Examples
    --------
    >>> match_level("1", [1, 2])
    1
    >>> match_level(True, ["no", "yes"])
    'yes'
    """
    levels = list(levels)
    flags = [v for v in levels if isinstance(v, bool | np.bool_)]
    for level in levels:
        if level == value and (isinstance(value, bool) == (level in flags) or not levels):
            return level
    texts = [str(v).strip().casefold() for v in levels]
    written = str(value).strip().casefold()
    aliases = {
        "true": ("true", "yes", "y", "1", "1.0"),
        "yes": ("yes", "true", "1", "1.0", "y"),
        "false": ("false", "no", "n", "0", "0.0"),
        "no": ("no", "false", "0", "0.0", "n"),
    }
    options = [written, f"{written}.0", *aliases.get(written, ())]
    for option in options:
        if texts.count(option) == 1:
            return levels[texts.index(option)]
    return None


def fit_levels(feature: Feature, values: pd.Series[Any], problems: list[Problem]) -> Feature:
    """Return the entry with the keys of level_labels and level_phrases as the data write them."""
    if not feature.level_labels and not feature.level_phrases:
        return feature
    seen = [_plain_value(v) for v in pd.unique(values.dropna())[:1000]]
    changes: dict[str, Any] = {}
    for field in ("level_labels", "level_phrases"):
        written: Mapping[Any, str] = getattr(feature, field)
        fitted = {}
        for key, words in written.items():
            level = match_level(key, seen)
            if isinstance(key, bool) and level is not None and not isinstance(level, bool):
                problems.append(
                    Problem(
                        code="level_read_as_boolean",
                        where=column_place(feature.name, feature.label),
                        message=f"'{key}' in {field} is read as the level '{plain(level)}' of the data.",
                        remedy=f"Write '{plain(level)}' in quotes there.",
                        severity="warning",
                    )
                )
            fitted[key if level is None else level] = words
        changes[field] = fitted
    return replace(feature, **changes)


def _plain_value(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def missing_labels(feature: Feature, seen: list[Any]) -> Problem | None:
    """Return the problem of levels in the data that level_labels does not name."""
    if not feature.level_labels:
        return None
    unnamed = [v for v in seen if v not in feature.level_labels]
    if not unnamed:
        return None
    return Problem(
        code="level_without_label",
        where=column_place(feature.name, feature.label),
        message=f"The data hold {quoted(unnamed)}, for which the dictionary has no words.",
        remedy="Add these levels to level_labels, or correct them in the data.",
        severity="warning",
    )
