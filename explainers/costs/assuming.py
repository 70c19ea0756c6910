"""The figures that money rests on: the study's own, else examples with a source; what somebody changes is checked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from explainers.costs.figures import (
    EXAMPLES,
    LABELS_OF_KINDS,
    MOST_PAIRS_OF,
    Figure,
    known_figures,
    pair_figure,
    wrong_name,
)
from explainers.errors import AssumptionError
from explainers.results import Assumption, Assumptions, Problem

if TYPE_CHECKING:
    from explainers.study import Study

OTHER_NAMES = {"predictions_per_month": "cases_per_month", "right_value": "right"}
TEXTS = ("currency", "confirmed_by", "confirmed_on", "wrong_from")
MOST_TEXT = 80
CURRENCY = "$"
NESTED = ("build_hours", "keep_hours", "wrong")


@dataclass(frozen=True, slots=True)
class _Given:
    """Figures as somebody gave them, under their one name, with a source where there is one."""

    values: dict[str, Any]
    sources: dict[str, str]
    texts: dict[str, str]


def assumptions(study: Study, values: Mapping[str, Any] | Assumptions | None = None) -> Assumptions:
    """Return the figures that the money of a study rests on.

    Parameters
    ----------
    study : Study
        Its ``assumptions`` (study.yaml) give the figures; where they are silent or cannot be used, examples do.
    values : mapping or Assumptions, optional
        Changes by name, as :func:`plain` and :func:`changed` give them; nested mappings as in study.yaml will do too.
        ``confirmed_by`` and ``confirmed_on`` say who confirmed these very figures.

    Returns
    -------
    Assumptions
        Every figure with label, unit, source, limits, and whether it is an example. A change of any figure takes the
        study's own confirmation away.

    Raises
    ------
    AssumptionError
        There is no figure of that name, or the value is no number within its limits.

    Examples
    --------
    >>> from explainers import Study
    >>> frame = pd.DataFrame({"size": [float(i) for i in range(40)], "sold": ["no", "yes"] * 20})
    >>> study = Study.from_frame(frame, target="sold", candidates=["no_model"])
    >>> found = assumptions(study, {"cases_per_month": 200})
    >>> found.values["cases_per_month"], found.values["wrong:yes:no"], found.confirmed_by
    (200.0, 100.0, '')
    """
    if isinstance(values, Assumptions):
        return values
    own, _ = _read(study, study.assumptions, strict=False)
    mine, _ = _read(study, values or {}, strict=True)
    known = _known(study, {*own.values, *mine.values})
    usual = {n: float(own.values.get(n, f.example)) for n, f in known.items()}
    now = {n: float(mine.values.get(n, v)) for n, v in usual.items()}
    texts = {t: mine.texts.get(t, own.texts.get(t, "")) for t in TEXTS}
    differs = now != usual or any(mine.texts.get(t, own.texts.get(t)) != own.texts.get(t) for t in ("currency",))
    differs = differs or ("wrong_from" in mine.texts and mine.texts["wrong_from"] != own.texts.get("wrong_from", ""))
    if differs and "confirmed_by" not in mine.texts:
        texts["confirmed_by"] = texts["confirmed_on"] = ""
    currency = texts["currency"] or CURRENCY
    figures = tuple(
        Assumption(
            name=name,
            label=f.label,
            value=now[name],
            usual=usual[name],
            unit=f.unit.replace("{currency}", currency),
            minimum=f.minimum,
            maximum=f.maximum,
            source=own.sources.get(name) or ("Given by the study." if name in own.values else f.source),
            given="changed" if now[name] != usual[name] else "study" if name in own.values else "example",
            group=f.group,
        )
        for name, f in known.items()
        if not f.hidden
    )
    return Assumptions(
        figures=figures,
        values=now,
        currency=currency,
        wrong_from=texts["wrong_from"],
        confirmed_by=texts["confirmed_by"],
        confirmed_on=texts["confirmed_on"],
    )


def problems(study: Study) -> tuple[Problem, ...]:
    """Return what is wrong with the assumptions of a study, each with what to do; such figures are not used.

    Parameters
    ----------
    study : Study

    Returns
    -------
    tuple of Problem
        Of severity warning.
    """
    return tuple(_read(study, study.assumptions, strict=False)[1])


def plain(found: Assumptions) -> dict[str, float | str]:
    """Return every figure by name as plain values, to be kept or sent; :func:`assumptions` takes them back."""
    texts = {"currency": found.currency, "wrong_from": found.wrong_from}
    texts |= {"confirmed_by": found.confirmed_by, "confirmed_on": found.confirmed_on}
    return {**found.values, **{k: v for k, v in texts.items() if v}}


def changed(found: Assumptions, study: Study) -> dict[str, float | str]:
    """Return what differs from the study's own figures, as plain values: what a link has to carry."""
    own = assumptions(study)
    out: dict[str, float | str] = {n: v for n, v in found.values.items() if own.values.get(n) != v}
    for name in ("currency", "wrong_from"):
        if getattr(found, name) != getattr(own, name):
            out[name] = getattr(found, name)
    if out and found.confirmed_by:
        out |= {"confirmed_by": found.confirmed_by, "confirmed_on": found.confirmed_on}
    return out


def with_value(found: Assumptions, name: str, value: float) -> Assumptions:
    """Return the figures with one of them set, whatever its limits: for sums, not for what people type."""
    figures = tuple(replace(f, value=value) if f.name == name else f for f in found.figures)
    return replace(found, figures=figures, values={**found.values, name: value})


# -- reading ---------------------------------------------------------------------------------------------------------
def _known(study: Study, more: set[str]) -> dict[str, Figure]:
    """Return the figures of a study by name; those of class pairs that only somebody's values name come last."""
    known = known_figures(study)
    for name in sorted(more - set(known)):
        found = pair_figure(study, name)
        if found is not None:
            known[name] = found
    return known


def _read(study: Study, given: Mapping[str, Any], *, strict: bool) -> tuple[_Given, list[Problem]]:
    """Return figures under their one name, and what cannot be used; strict: the first such is raised."""
    known = known_figures(study)
    out = _Given({}, {}, {})
    found: list[Problem] = []
    flat, odd = _flat(study, given)
    for name in odd:
        found.append(_unknown(name, known))
    for name, (value, source) in flat.items():
        if name in TEXTS:
            problem = _text(study, name, value, out)
        else:
            figure = known.get(name) or pair_figure(study, name)
            problem = _unknown(name, known) if figure is None else _number(name, figure, value, out)
        if problem is not None:
            found.append(problem)
        elif source:
            out.sources[name] = source
    if strict and found:
        raise AssumptionError(f"{found[0].message} {found[0].remedy}")
    return out, found


def _flat(study: Study, given: Mapping[str, Any]) -> tuple[dict[str, tuple[Any, str]], list[str]]:
    """Return values with sources by their one name, nested mappings taken apart, and names that say nothing."""
    out: dict[str, tuple[Any, str]] = {}
    odd: list[str] = []
    for raw, value in given.items():
        name = OTHER_NAMES.get(str(raw), str(raw))
        if value is None:
            continue
        if name in NESTED and not _sourced(value) and isinstance(value, Mapping):
            for key, inner in value.items():
                if name != "wrong":
                    out[f"{name}:{key}"] = _value(inner)
                elif isinstance(inner, Mapping) and not _sourced(inner):
                    out |= {_pair(study, key, said): _value(cost) for said, cost in inner.items()}
                else:
                    odd.append(f"wrong:{key}")
        elif name == "wrong" and 0 < len(study.classes) <= MOST_PAIRS_OF:
            pairs = [(a, b) for a in study.classes for b in study.classes if a != b]
            out = {wrong_name(a, b): _value(value) for a, b in pairs} | out
        else:
            out[name] = _value(value)
    return out, odd


def _sourced(value: Any) -> bool:
    return isinstance(value, Mapping) and "value" in value and set(value) <= {"value", "source"}


def _value(value: Any) -> tuple[Any, str]:
    if _sourced(value):
        return value["value"], " ".join(str(value.get("source") or "").split())[:300]
    return value, ""


def _pair(study: Study, recorded: Any, said: Any) -> str:
    """Return the name of a pair of classes, whether they came as text or as themselves."""
    by_text = {str(c): c for c in study.classes}
    return wrong_name(by_text.get(str(recorded), recorded), by_text.get(str(said), said))


def _number(name: str, figure: Figure, value: Any, out: _Given) -> Problem | None:
    number = value
    if isinstance(value, str):
        try:
            number = float(value.replace(",", "").strip())
        except ValueError:
            number = value
    fits = isinstance(number, (int, float, np.number)) and not isinstance(number, (bool, np.bool_))
    if not fits or not math.isfinite(number) or not figure.minimum <= number <= figure.maximum:
        share = " A share of 20 in 100 is 0.2." if figure.maximum == 1 else ""
        return _problem(
            "wrong_assumption",
            f"“{figure.label}” ({name}) should be a number from {figure.minimum:g} to {figure.maximum:,.12g}, and "
            f"{str(value)[:40]!r} came.",
            f"Give such a number.{share}",
        )
    out.values[name] = float(number)
    return None


def _text(study: Study, name: str, value: Any, out: _Given) -> Problem | None:
    text = " ".join(str(value).split())[:MOST_TEXT]
    if name == "wrong_from" and text:
        problem = _column(study, text)
        if problem is not None:
            return problem
    out.texts[name] = text
    return None


def _column(study: Study, name: str) -> Problem | None:
    if name not in study.frame.columns:
        return _problem(
            "wrong_assumption",
            f"Answers that differ are to be priced by the column {name!r}, and there is none of that name.",
            "Name a column of numbers, or leave wrong_from out.",
        )
    column = study.frame[name]
    if not pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_bool_dtype(column.dtype):
        return _problem(
            "wrong_assumption",
            f"Answers that differ are to be priced by the column {name!r}, which does not hold numbers.",
            "Name a column of numbers, or leave wrong_from out.",
        )
    numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
    if not np.isfinite(numbers).any() or np.nanmin(np.where(np.isfinite(numbers), numbers, np.nan)) < 0:
        return _problem(
            "wrong_assumption",
            f"Answers that differ are to be priced by the column {name!r}, which has no values or some below 0.",
            "Name a column of amounts of 0 or more, or leave wrong_from out.",
        )
    return None


def _unknown(name: str, known: Mapping[str, Figure]) -> Problem:
    from explainers.validate.say import nearest

    near = nearest(name, [*known, *TEXTS, *OTHER_NAMES])
    remedy = f"Did you mean {near!r}?" if near else f"Use one of {', '.join(known)}."
    return _problem("unknown_assumption", f"There is no assumption named {name[:80]!r}.", remedy)


def _problem(code: str, message: str, remedy: str) -> Problem:
    return Problem(code=code, where="the assumptions", message=message, remedy=remedy, severity="warning")


__all__ = [
    "EXAMPLES",
    "LABELS_OF_KINDS",
    "assumptions",
    "changed",
    "plain",
    "problems",
    "with_value",
    "wrong_name",
]
