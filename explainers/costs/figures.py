"""Which figures money rests on: name, label, unit, limits, example and the source of the example."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from explainers.reasons import one_two_five

if TYPE_CHECKING:
    from explainers.study import Study

Group = Literal["cases", "machines", "people", "differing", "time"]
KINDS = ("baseline", "rule", "statistical", "glass_box", "black_box")
LABELS_OF_KINDS: Mapping[str, str] = {
    "baseline": "no model",
    "rule": "a rule",
    "statistical": "a formula or score",
    "glass_box": "a tree or curves",
    "black_box": "many trees",
}
MOST_PAIRS_OF = 4  # classes up to which every pair has a price of its own from the start
BILLION = 1e9
EXAMPLES: Mapping[str, float] = {
    "cases_per_month": 1_000.0,
    "retrains_per_month": 1.0,
    "horizon_months": 24.0,
    "cpu_hour": 0.04048,
    "gb_hour": 0.004445,
    "hours_on": 730.0,
    "engineer_rate": 77.0,
    "hours_a_day": 6.0,
    "seen_by_person": 0.0,
    "minutes_per_case": 20.0,
    "hourly_rate": 50.0,
    "most_off": 0.1,
    "wrong": 100.0,
    "right": 0.0,
}
BUILD_HOURS: Mapping[str, float] = {
    "baseline": 4.0,
    "rule": 16.0,
    "statistical": 60.0,
    "glass_box": 80.0,
    "black_box": 120.0,
}
KEEP_HOURS: Mapping[str, float] = {"baseline": 0.5, "rule": 1.0, "statistical": 3.0, "glass_box": 4.0, "black_box": 8.0}
_EXAMPLE = "An example, not a measurement: put your own figure here."
_LIST_PRICE = "List price of AWS Fargate, Linux on x86, region us-east-1, {what}, seen in 2026."


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure as the tool knows it, before anybody gave a value."""

    label: str
    unit: str
    example: float
    minimum: float = 0.0
    maximum: float = BILLION
    source: str = _EXAMPLE
    group: Group = "people"
    hidden: bool = False


def wrong_name(recorded: Hashable, said: Hashable) -> str:
    """Return the name of the price of saying one class where another is recorded.

    Examples
    --------
    >>> wrong_name("yes", "no"), wrong_name("a:b", "c")
    ('wrong:yes:no', 'wrong:a%3Ab:c')
    """
    return f"wrong:{_coded(recorded)}:{_coded(said)}"


def _coded(value: Hashable) -> str:
    return str(value).replace("%", "%25").replace(":", "%3A")


def known_figures(study: Study) -> dict[str, Figure]:
    """Return the figures of a study by name, in the order in which they are shown."""
    e = EXAMPLES
    cases = study.cases[:1].upper() + study.cases[1:]
    out = {
        "cases_per_month": Figure(
            label=f"{cases} a month", unit="a month", example=e["cases_per_month"], group="cases"
        ),
        **_differing(study),
        "right": _right(study),
        **({} if study.classes else {"right_within": _within(study)}),
        "hourly_rate": Figure(
            label="A reviewer's hour",
            unit="{currency} an hour",
            example=e["hourly_rate"],
            maximum=1e6,
        ),
        "minutes_per_case": Figure(
            label=f"Minutes to review one {study.case}",
            unit="minutes",
            example=e["minutes_per_case"],
            maximum=1e5,
        ),
        "seen_by_person": Figure(
            label=f"Share of {study.cases} that a person reviews",
            unit="share",
            example=e["seen_by_person"],
            maximum=1.0,
        ),
        "engineer_rate": Figure(
            label="A builder's hour",
            unit="{currency} an hour",
            example=e["engineer_rate"],
            maximum=1e6,
            source=(
                "US Bureau of Labor Statistics: median wage of data scientists, May 2024, $112,590 a year; that is "
                "$54 an hour, and benefits add about 42 in 100."
            ),
        ),
    }
    for kind in KINDS:
        out[f"build_hours:{kind}"] = Figure(
            label=f"Hours to build {LABELS_OF_KINDS[kind]}",
            unit="hours",
            example=BUILD_HOURS[kind],
            maximum=1e6,
            source="An example: from a morning for no model to three weeks for many trees, with tests and sign-off.",
        )
    for kind in KINDS:
        out[f"keep_hours:{kind}"] = Figure(
            label=f"Hours a month to look after {LABELS_OF_KINDS[kind]}",
            unit="hours a month",
            example=KEEP_HOURS[kind],
            maximum=1e5,
            source="An example: those who built it watch it, answer questions about it and mend it.",
        )
    return out | {
        "retrains_per_month": Figure(
            label="Trainings a month",
            unit="a month",
            example=e["retrains_per_month"],
            maximum=1e5,
            group="machines",
        ),
        "cpu_hour": Figure(
            label="An hour of one processor",
            unit="{currency} an hour",
            example=e["cpu_hour"],
            maximum=1e4,
            source=_LIST_PRICE.format(what="per vCPU and hour"),
            group="machines",
        ),
        "gb_hour": Figure(
            label="An hour of one gigabyte of memory",
            unit="{currency} an hour",
            example=e["gb_hour"],
            maximum=1e4,
            source=_LIST_PRICE.format(what="per GB and hour"),
            group="machines",
        ),
        "hours_on": Figure(
            label="Hours a month kept ready",
            unit="hours a month",
            example=e["hours_on"],
            maximum=744.0,
            source="Day and night: 8,760 hours a year over 12 months.",
            group="machines",
        ),
        "horizon_months": Figure(
            label="Months to spread building over",
            unit="months",
            example=e["horizon_months"],
            minimum=1.0,
            maximum=1_200.0,
            group="time",
        ),
        "hours_a_day": Figure(
            label="Hours a day for building",
            unit="hours a day",
            example=e["hours_a_day"],
            minimum=0.1,
            maximum=240.0,
            group="time",
        ),
        # What an option may be off by where it decides alone: no money hangs on it, so it is not shown among these.
        "most_off": Figure(
            label="Share that may be off", unit="share", example=e["most_off"], maximum=1.0, hidden=True
        ),
    }


def pair_figure(study: Study, name: str) -> Figure | None:
    """Return the price of one pair of classes by its name; None where there is no such pair."""
    for a in study.classes:
        for b in study.classes:
            if a != b and wrong_name(a, b) == name:
                return _pair(study, a, b)
    return None


def _differing(study: Study) -> dict[str, Figure]:
    """Return the prices of answers that differ from the record."""
    if not study.classes:
        unit = _unit(study)
        return {
            "wrong_per_unit": Figure(
                label=f"Each {_one(unit)} that an answer is off",
                unit="{currency} per " + _one(unit),
                example=_per_unit(study),
                source="An example: an answer as far off as records usually lie from their middle costs about 100.",
                group="differing",
            )
        }
    if len(study.classes) > MOST_PAIRS_OF:
        first = Figure(
            label="An answer that differs from the record",
            unit="{currency} each",
            example=EXAMPLES["wrong"],
            group="differing",
        )
        return {"wrong": first}
    pairs = [(a, b) for a in study.classes for b in study.classes if a != b]
    return {wrong_name(a, b): _pair(study, a, b) for a, b in pairs}


def _pair(study: Study, recorded: Hashable, said: Hashable) -> Figure:
    words = {c: str(study.outcome_words.get(c) or c) for c in study.classes}
    return Figure(
        label=f"{words[recorded][:1].upper()}{words[recorded][1:]}, called {words[said]}",
        unit="{currency} each",
        example=EXAMPLES["wrong"],
        group="differing",
    )


def _right(study: Study) -> Figure:
    how = "as in the record" if study.classes else "close to the record"
    return Figure(
        label=f"What an answer {how} brings",
        unit="{currency} each",
        example=EXAMPLES["right"],
        source="Nothing, so that only what differs counts; put a value here if a right answer earns money.",
        group="differing",
    )


def _within(study: Study) -> Figure:
    unit = _unit(study)
    return Figure(
        label="An answer is close when it is off by at most",
        unit=unit or "units",
        example=_spread(study) / 2,
        maximum=1e15,
        source="An example: half of how far records usually lie from their middle.",
        group="differing",
    )


def _one(unit: str) -> str:
    """Return one of a unit: '$1', 'pack', else 'unit'.

    Examples
    --------
    >>> _one("$"), _one("packs"), _one("")
    ('$1', 'pack', 'unit')
    """
    if unit in ("$", "€", "£", "¥", "₹"):
        return f"{unit}1"
    return unit[:-1] if unit.endswith("s") and not unit.endswith("ss") and " " not in unit else unit or "unit"


def _unit(study: Study) -> str:
    return (study.dictionary[study.target].unit or "") if study.target in study.dictionary else ""


def _spread(study: Study) -> float:
    """Return how far records usually lie from their middle, rounded down to 1, 2 or 5."""
    known = study.frame[study.target].to_numpy(dtype=np.float64, na_value=np.nan)
    known = known[np.isfinite(known)]
    with np.errstate(over="ignore"):
        size = float(np.abs(known - np.median(known)).mean()) if known.size else 1.0
    return one_two_five(size).size if 1e-6 < size < 1e15 else 1.0


def _per_unit(study: Study) -> float:
    return one_two_five(EXAMPLES["wrong"] / _spread(study)).size
