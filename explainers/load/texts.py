"""What is said about a study: titles, words for outcomes, figures that were declared, pinned cases."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np

from explainers.dictionary import humanise, match_level
from explainers.load.study_file import CHOICES, wrong_choice, wrong_type
from explainers.results import Problem
from explainers.study import Feature, Study
from explainers.validate.say import nearest, plain

TEXTS = (
    *("name", "title", "question", "case", "cases", "people", "decided_by", "data_from", "used_for"),
    *("contact", "challenge", "source", "formula", "first", "owner"),
)
ABOUT = (
    *TEXTS,
    *("task", "outcome_words", "outcome_is", "sample", "required", "lineage", "metric", "margin", "threshold"),
    *("pinned", "assumptions", "split_by"),
)
WHERE = "the study"


def checked_texts(
    given: Mapping[str, Any], classes: tuple[Hashable, ...], target: Feature | None, options: Sequence[str]
) -> tuple[dict[str, Any], list[Problem]]:
    """Return the fields of the study with something in each that has to be there, and what is wrong with them.

    Parameters
    ----------
    given : mapping
        Fields of Study by name, as the caller or study.yaml gave them.
    classes : tuple
        Classes of the outcome; empty for numbers.
    target : Feature or None
        Entry of the outcome.
    options : sequence of str
        Names of the candidates.

    Returns
    -------
    fields : dict
        Ready for Study.
    problems : list of Problem
        Unknown fields, wrong types, words for outcomes that do not occur.
    """
    out: dict[str, Any] = {}
    found: list[Problem] = []
    for key, value in given.items():
        if key not in ABOUT:
            near = nearest(key, ABOUT)
            remedy = f"Did you mean '{near}'?" if near else f"Use one of: {', '.join(ABOUT)}."
            found.append(_problem("unknown_field", f"The field '{plain(key)}' is not known.", remedy))
        elif key in CHOICES and value and value not in CHOICES[key]:
            found.append(wrong_choice(key, value, CHOICES[key], WHERE))
        elif key in TEXTS and value is not None and not isinstance(value, str):
            found.append(wrong_type(key, "text", value, WHERE))
        elif value is not None:
            out[key] = value
    out["name"] = str(out.get("name") or "study")
    out["title"] = str(out.get("title") or humanise(out["name"]))
    label = plain(target.label) if target else "the outcome"
    out["question"] = str(out.get("question") or f"What is “{label}” for a {plain(out.get('case', 'case'))}?")
    found += _figures(out)
    if out.get("first") and out["first"] not in options:
        message = f"'{plain(out['first'])}' is to be shown first, but there is no option of that name."
        remedy = f"Use one of: {', '.join(plain(o) for o in options)}."
        found.append(_problem("unknown_first", message, remedy, "warning"))
        out["first"] = ""
    out["outcome_words"] = _outcome_words(out.get("outcome_words"), classes, target, found)
    out["assumptions"] = dict(out.get("assumptions") or {})
    out["lineage"] = {str(k): plain(v, 500) for k, v in (out.get("lineage") or {}).items()}
    out.pop("split_by", None)
    return out, found


def _problem(code: str, message: str, remedy: str, severity: Any = "error", where: str = WHERE) -> Problem:
    return Problem(code=code, where=where, message=message, remedy=remedy, severity=severity)


def _number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool) and math.isfinite(value)


def _figures(out: Mapping[str, Any]) -> list[Problem]:
    found = []
    threshold, margin = out.get("threshold", 0.5), out.get("margin")
    if not _number(threshold) or not 0 < threshold < 1:
        message = f"The threshold is '{plain(threshold)}'."
        found.append(_problem("wrong_type", message, "Give a number between 0 and 1."))
    if margin is not None and (not _number(margin) or margin < 0):
        found.append(_problem("wrong_type", f"The margin is '{plain(margin)}'.", "Give a number of 0 or more."))
    return found


def _outcome_words(
    given: Any, classes: tuple[Hashable, ...], target: Feature | None, found: list[Problem]
) -> dict[Hashable, str]:
    """Return words for every class: those given, else the dictionary's, else the class itself."""
    labels: Mapping[Any, str] = target.level_labels if target else {}
    words = {c: labels.get(c, str(c)) for c in classes}
    for key, value in (given if isinstance(given, Mapping) else {}).items():
        level = match_level(key, classes)
        if level is None:
            message = f"There are words for the outcome '{plain(key)}', which does not occur."
            remedy = "Write the outcome as in the data."
            found.append(_problem("unknown_outcome", message, remedy, "warning", "outcome_words"))
        else:
            words[level] = str(value)
    return words


def with_pins(study: Study) -> tuple[Study, list[Problem]]:
    """Return the study with those pinned cases that are in its data, and the others as problems."""
    if not study.pinned:
        return study.replace(pinned=()), []
    ids = set(study.case_ids)
    kept, found = [], []
    for pin in study.pinned:
        fields = pin if isinstance(pin, Mapping) else {"case": pin}
        case = str(fields.get("case", fields.get("id", "")))
        if case in ids:
            kept.append({"case": case, "note": str(fields.get("note") or "")})
        else:
            message = f"The pinned case '{plain(case)}' is not in the data."
            found.append(_problem("unknown_pin", message, "Use the number of a case that is.", "warning", "pinned"))
    return study.replace(pinned=tuple(kept)), found
