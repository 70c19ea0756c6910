"""The results about what changed: the state of a study at one moment, and the difference between two of them.

Take them from :mod:`explainers.results`, where every result can be found.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from explainers.fields import FloatArray, explained
from explainers.results_quality import Difference

OptionFate = Literal["same", "changed", "new", "gone", "cannot be compared"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OptionState:
    """One option as it was when the state was frozen."""

    candidate: str = explained("Name of the candidate.")
    label: str = explained("Name that people read.")
    technical: str = explained("Its name in the field's own words.", default="")
    kind: str = explained("baseline, rule, statistical, glass_box or black_box.", default="")
    key: str = explained("Key of the candidate: the same key, the same answers.", default="")
    failure: str = explained("Why it was not there; empty if it was.", default="")
    answers: FloatArray = explained("Its answers to the kept cases, shape (n_cases, n_outputs).")
    usual_error: float | None = explained("How far off it usually was, in the target's unit; None for classes.")
    figures: Mapping[str, tuple[float, float | None, float | None]] = explained(
        "Measure to value and both ends of its range.", factory=dict
    )
    money: Mapping[str, float] = explained(
        "Part of the money a month to amount; empty where none was known.", factory=dict
    )
    cost_moves_most: str = explained("Name of the assumption that moves its cost most.", default="")
    reasoned: tuple[str, ...] = explained("Ids of the cases whose reasons were kept.", default=())
    columns: tuple[str, ...] = explained("The columns that the reasons are about.", default=())
    reasons: FloatArray | None = explained("Attributions, shape (n_reasoned, n_columns).", default=None)
    reason_errors: FloatArray | None = explained("Their standard errors; None where they are exact.", default=None)
    bases: FloatArray | None = explained("What each case was compared with, shape (n_reasoned,).", default=None)
    reasoned_answers: FloatArray | None = explained("The answers explained, shape (n_reasoned,).", default=None)
    reasoned_outcomes: tuple[str, ...] = explained("For classes the class explained for each, as text.", default=())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Snapshot:
    """The state of a study at one moment: what every option answered, how good it was, and what it cost."""

    study: str = explained("Name of the study.")
    fingerprint: str = explained("Its fingerprint.")
    data_key: str = explained("SHA-256 over data, roles, kinds and split.")
    classes: tuple[str, ...] = explained("Classes as text, in order; empty for numbers.")
    positive: str = explained("The class in focus as text; empty without one.", default="")
    threshold: float = explained("A case is flagged from this chance of the class in focus on.", default=0.5)
    metric: str = explained("The declared measure.")
    margin: float | None = explained("The difference in it that would matter.", default=None)
    rows: str = explained("Which rows: test, or unknown history.", default="test")
    n: int = explained("Never-seen rows with a recorded outcome, of which the kept cases are all or a sample.")
    cases: tuple[str, ...] = explained("Ids of the kept cases.")
    by_id: bool = explained("Whether the data has an id column; else cases are known by their values.", default=True)
    contents: tuple[int, ...] = explained("A number for the values of each case: the same values, the same number.")
    record: tuple[str, ...] = explained("For classes the recorded outcome of each case as text.", default=())
    numbers: FloatArray | None = explained("For numbers the recorded outcome of each case.", default=None)
    groups: tuple[int, ...] = explained("Group of each case; empty where cases stand alone.", default=())
    values: pd.DataFrame = explained("The columns of the cases whose reasons were kept, one row per case, by id.")
    options: tuple[OptionState, ...] = explained("The options in the order of the study.")
    assumptions: Mapping[str, float] = explained("The figures of money and volume.", factory=dict)
    figure_labels: Mapping[str, str] = explained("What people call these figures.", factory=dict)
    currency: str = explained("Currency of all amounts.", default="")
    example: bool = explained("Whether nobody had confirmed these figures.", default=True)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per option: its figures and its money."""
        rows = []
        for option in self.options:
            row: dict[str, object] = {"candidate": option.candidate, "label": option.label}
            row |= {name: found[0] for name, found in option.figures.items()}
            rows.append(row | {f"money_{part}": amount for part, amount in option.money.items()})
        return pd.DataFrame(rows)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KeptReasons:
    """Why one option answered one case as it did, then or now."""

    answer: float = explained("The answer explained: a chance or a number.")
    base: float = explained("What it is compared with.")
    outcome: str = explained("For classes the class explained, as text.", default="")
    first: tuple[tuple[str, float, Hashable], ...] = explained(
        "The strongest reasons: column, amount and the value of the case, strongest first."
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Flip:
    """A case that an option answers otherwise than before."""

    case: str = explained("Id of the case.")
    before: str | float = explained("What the option said then: a class as text, or a number.")
    after: str | float = explained("What it says now.")
    record: str | float | None = explained("What is recorded now; None where nothing is.")
    chance_before: float | None = explained("Two classes: the chance of the class in focus then.", default=None)
    chance_after: float | None = explained("The same now.", default=None)
    values_changed: bool = explained("Whether the values of the case are others than then.", default=False)
    why_before: KeptReasons | None = explained("Its reasons then; None where they were not kept.", default=None)
    why_after: KeptReasons | None = explained("Its reasons now; None where they are not known.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OptionChange:
    """What became of one option between two states."""

    candidate: str = explained("Name of the candidate.")
    label: str = explained("Name that people read, the newer one.")
    technical: str = explained("Its name in the field's own words.", default="")
    fate: OptionFate = explained(
        "same: made of the same; changed; new; gone; cannot be compared: it was or is not there, or other outcomes."
    )
    value_before: float | None = explained("Its figure in the measure then, on the cases both have.", default=None)
    value_after: float | None = explained("The same now.", default=None)
    difference: Difference | None = explained(
        "Now minus then on the cases both have; its verdict speaks of now. None where there are too few.", default=None
    )
    counts_before: tuple[int, int, int] | None = explained(
        "Two classes: found, missed and false alarms then, on the cases both have.", default=None
    )
    counts_after: tuple[int, int, int] | None = explained("The same now.", default=None)
    n: int = explained("Cases that both states have, with a recorded outcome.", default=0)
    flips: tuple[Flip, ...] = explained("Cases answered otherwise, those that moved furthest first.", default=())
    n_flips: int = explained("How many cases are answered otherwise.", default=0)
    towards: int = explained("Of them, those that now agree with the record (numbers: lie nearer to it).", default=0)
    away: int = explained("Of them, those that agreed with it before (numbers: now lie further off).", default=0)
    tolerance: float | None = explained("Numbers: an answer counts as another beyond this.", default=None)
    reasons: pd.DataFrame | None = explained(
        "One row per column: its share of all reasons then and now, and in how many cases it came first.", default=None
    )
    n_explained: int = explained("Cases whose reasons are known then and now.", default=0)
    n_first_changed: int = explained("Of them, those whose first reason is another one now.", default=0)
    money_before: Mapping[str, float] = explained("Part of the money a month to amount, then.", factory=dict)
    money_after: Mapping[str, float] = explained("The same now.", factory=dict)
    cost_moves_most: str = explained("Label of the assumption that moves its cost most now.", default="")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FigureChange:
    """One figure of money or volume that is another one now."""

    name: str = explained("Short name of the figure.")
    label: str = explained("What people call it.", default="")
    before: float | None = explained("What it was; None where it was not there.")
    after: float | None = explained("What it is; None where it is gone.")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Changes:
    """What changed in a study between two states."""

    study: str = explained("Name of the study.")
    same: bool = explained("Whether nothing at all changed: data, options, figures of money.")
    data_changed: bool = explained("Whether rows, values, roles or the split are others.")
    n_before: int = explained("Never-seen cases then.")
    n_after: int = explained("Never-seen cases now.")
    n_both: int = explained("Kept cases that both states have: what is compared, is compared on them.")
    n_values: int = explained("Of them, cases whose values are others now.", default=0)
    n_record: int = explained("Of them, cases whose recorded outcome is another one now.", default=0)
    threshold_before: float = explained("The chance from which on a case was flagged.", default=0.5)
    threshold_after: float = explained("The same now.", default=0.5)
    metric: str = explained("The measure in which options are compared.")
    greater_is_better: bool = explained("Whether more of it is better.")
    options: tuple[OptionChange, ...] = explained("What became of each option, in the order of the study.")
    figures: tuple[FigureChange, ...] = explained("Figures of money and volume that are others now.", default=())
    confirmed_before: bool = explained("Whether somebody had confirmed the figures of money then.", default=False)
    confirmed_after: bool = explained("Whether somebody has confirmed them now.", default=False)
    currency: str = explained("Currency of all amounts.", default="")
    level: float = explained("Level of the ranges.", default=0.95)
    rows: str = explained("Which rows: test, or unknown history.", default="test")

    def to_frame(self) -> pd.DataFrame:
        """Return one row per option."""
        rows = []
        for o in self.options:
            d = o.difference
            ends = (d.value, d.lower, d.upper, d.verdict) if d is not None else (None, None, None, "")
            rows.append((o.candidate, o.fate, o.value_before, o.value_after, *ends, o.n_flips, o.towards, o.away))
        names = ["candidate", "fate", "before", "after", "difference", "lower", "upper", "verdict"]
        return pd.DataFrame(rows, columns=[*names, "flips", "towards", "away"])
