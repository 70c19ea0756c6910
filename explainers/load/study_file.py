"""Read study.yaml, which is hostile input: limits first, then plain YAML without its traps, then known fields only."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from explainers.errors import StudyError
from explainers.results import Problem
from explainers.study import study_error
from explainers.validate.say import nearest, plain

FILE = "study.yaml"
MOST_BYTES = 5_000_000
MOST_DEPTH = 12

TEXTS = (
    *("name", "title", "question", "case", "cases", "people", "outcome_is", "decided_by", "data_from", "used_for"),
    *("owner", "contact", "challenge", "source", "metric", "formula", "first", "split", "split_by"),
    *("data", "target", "task"),
)
MAPPINGS = ("outcome_words", "required", "lineage", "columns", "assumptions")
KNOWN = (
    *TEXTS,
    *MAPPINGS,
    "sample",
    "positive",
    "margin",
    "threshold",
    "candidates",
    "pinned",
    "missing_values",
    "remarks",
)
CHOICES = {
    "task": ("classification", "regression"),
    "outcome_is": ("recorded fact", "a person's past decision"),
    "metric": ("accuracy", "auc", "log_loss", "brier", "mae", "rmse", "r2"),
}

_DIGITS = "0123456789"
IMPLICIT: tuple[tuple[str, re.Pattern[str], list[str]], ...] = (
    ("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""]),
    ("tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")),
    ("tag:yaml.org,2002:int", re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$"), list("-+" + _DIGITS)),
    (
        "tag:yaml.org,2002:float",
        re.compile(r"^[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?$"),
        list("-+." + _DIGITS),
    ),
)

_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_BASE):  # type: ignore[misc, unused-ignore]
    """YAML where only true/false are booleans: no, yes, on, dates and 010 stay the text that was written."""

    yaml_implicit_resolvers: dict[Any, Any] = {}  # noqa: RUF012 - replaces the table of the parent

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.repeated: list[tuple[str, int]] = []

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            marker = (type(key).__name__, str(key))
            if marker in seen:
                self.repeated.append((str(key), key_node.start_mark.line + 1))
            seen.add(marker)
        return super().construct_mapping(node, deep=deep)  # type: ignore[no-any-return, unused-ignore]


for _tag, _pattern, _first in IMPLICIT:
    _Loader.add_implicit_resolver(_tag, _pattern, _first)


def read_study_file(path: Path) -> tuple[dict[str, Any], list[Problem]]:
    """Return the fields of a study.yaml with the problems in its form.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    fields : dict
        The known fields, of the right types; a field with an error is left out.
    problems : list of Problem
        Unknown fields, repeated fields, wrong types.

    Raises
    ------
    StudyError
        The file is too large, is not text or is not YAML, so that nothing can be read from it.
    """
    text = _text(path)
    _limits(text)
    loader = _Loader(text)
    try:
        raw = loader.get_single_data()
    except yaml.YAMLError as error:
        raise _unreadable(error) from None
    except (ValueError, RecursionError):  # a number with thousands of digits, for one
        raise _refused("It holds a value that cannot be read.", "Look for a very long number.") from None
    finally:
        loader.dispose()
    if not isinstance(raw, dict):
        raise _refused(
            "It does not hold fields such as 'title: ...'.", "Write one field per line, with a colon and a space."
        )
    problems = [
        Problem(
            code="repeated_field",
            where=f"{FILE}, line {line}",
            message=f"The field '{plain(name)}' is there twice in the same place, and only one can hold.",
            remedy="Remove one of the two.",
        )
        for name, line in loader.repeated
    ]
    return _known(raw, problems), problems


def _text(path: Path) -> str:
    if path.stat().st_size > MOST_BYTES:
        raise _refused(
            f"It is larger than {MOST_BYTES // 1_000_000} MB.", "Keep data in a data file and only fields here."
        )
    data = path.read_bytes()
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused("It is not written as UTF-8 text.", "Save it again as UTF-8.") from None


def _limits(text: str) -> None:
    """Refuse aliases (a few lines can stand for gigabytes) and deep nesting, before anything is built."""
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.AliasEvent):
                raise _refused(
                    f"Line {_line(event)} refers to another place with '*', which is not used in study files.",
                    "Write the value out.",
                )
            if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                depth += 1
                if depth > MOST_DEPTH:
                    raise _refused("Its fields are nested too deeply.", "Keep to the fields that are described.")
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                depth -= 1
    except yaml.YAMLError as error:
        raise _unreadable(error) from None


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _refused(message: str, remedy: str) -> StudyError:
    return study_error((Problem(code="study_file", where=FILE, message=message, remedy=remedy),), "The study")


def _unreadable(error: yaml.YAMLError) -> StudyError:
    mark: Any = getattr(error, "problem_mark", None)
    at = f"Line {mark.line + 1}" if mark is not None else "A line"
    why = plain(getattr(error, "problem", None) or "it is not in the form that was expected", 120)
    return _refused(
        f"{at} cannot be read: {why}.",
        "Put text that holds a colon or special signs in quotes, and indent with the same number of spaces.",
    )


def _known(raw: Mapping[Any, Any], problems: list[Problem]) -> dict[str, Any]:
    """Keep the known fields that are of the right type; say what is wrong with the others."""
    fields: dict[str, Any] = {}
    for key, value in raw.items():
        name = str(key)
        if name not in KNOWN:
            problems.append(unknown_field(name, KNOWN, FILE))
        elif name in MAPPINGS and not isinstance(value, Mapping | None):
            problems.append(wrong_type(name, "fields of its own, one per line", value))
        elif name == "split" and isinstance(value, Mapping):
            fields[name] = dict(value)
        elif name in TEXTS and isinstance(value, Mapping | list | bool):
            problems.append(wrong_type(name, "text", value))
        elif name == "sample" and as_bool(value) is None:
            problems.append(wrong_type(name, "true or false", value))
        elif name in ("margin", "threshold") and not _is_number(value):
            problems.append(wrong_type(name, "a number", value))
        elif name == "candidates" and not isinstance(value, Mapping | list | None):
            problems.append(wrong_type(name, "a list of options", value))
        elif name in ("pinned", "missing_values", "remarks") and not isinstance(value, list | None):
            problems.append(wrong_type(name, "a list", value))
        elif name in CHOICES and value is not None and value not in CHOICES[name]:
            problems.append(wrong_choice(name, value, CHOICES[name]))
        elif value is not None:
            fields[name] = str(value).strip() if name in TEXTS else value
    if "sample" in fields:
        fields["sample"] = bool(as_bool(fields["sample"]))
    return fields


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def as_bool(value: Any) -> bool | None:
    """Return true/false, also from yes/no and on/off as text; None if it is neither."""
    if isinstance(value, bool):
        return value
    return {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}.get(
        str(value).strip().casefold()
    )


def unknown_field(name: str, known: tuple[str, ...], where: str) -> Problem:
    """Return the problem of a field that is not known, with the nearest name that is."""
    near = nearest(name, known)
    return Problem(
        code="unknown_field",
        where=where,
        message=f"The field '{plain(name)}' is not known, so it is not used.",
        remedy=f"Did you mean '{near}'?" if near else "Remove it, or see the sample study for the fields there are.",
        severity="warning",
    )


def wrong_type(name: str, expected: str, value: Any, where: str = FILE) -> Problem:
    """Return the problem of a field that holds something of another type."""
    came = {dict: "fields", list: "a list", bool: "true or false"}.get(type(value), f"'{plain(value)}'")
    return Problem(
        code="wrong_type",
        where=where,
        message=f"The field '{name}' should hold {expected}, but holds {came}.",
        remedy=f"Write {expected} there.",
    )


def wrong_choice(name: str, value: Any, choices: tuple[str, ...], where: str = FILE) -> Problem:
    """Return the problem of a field that holds a word that is not among its choices."""
    near = nearest(str(value), choices)
    return Problem(
        code="wrong_choice",
        where=where,
        message=f"The field '{name}' holds '{plain(value)}', which is not one of: {', '.join(choices)}.",
        remedy=f"Did you mean '{near}'?" if near else "Use one of these.",
    )
