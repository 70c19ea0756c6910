"""The results about how good an option is: differences, verdicts, whether chances hold, who decides which cases.

Take them from :mod:`explainers.results`, where every result can be found.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from explainers.fields import explained

Standing = Literal["better", "worse", "about the same", "cannot tell"]
Requirement = Literal["meets it", "does not", "cannot tell", "not set"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Metric:
    """One figure of quality on never-seen rows."""

    name: str = explained("accuracy, auc, log_loss, brier, mae, rmse or r2.")
    value: float = explained("The figure.")
    lower: float | None = explained("Lower end of its range; None where no range was computed.", default=None)
    upper: float | None = explained("Upper end of its range.", default=None)
    level: float | None = explained("Level of that range.", default=None)
    greater_is_better: bool = explained("Whether more is better.")
    n: int = explained("Rows it was measured on.")
    rows: str = explained("Which rows: test, calibration, training, or unknown history.", default="test")
    rarest: int | None = explained("Rows of the rarest class among them; None for numbers.", default=None)
    groups: int = explained("Groups of rows that belong together behind the range; 0: rows count alone.", default=0)
    method: str = explained("How the range was formed, in the field's own words.", default="")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Difference:
    """How much better one option does than another on the same rows, with a range."""

    a: str = explained("The option that the verdict speaks of.")
    b: str = explained("The option that it is compared with.")
    metric: str = explained("accuracy, auc, log_loss, brier, mae, rmse or r2.")
    value: float = explained("The measure of a minus the measure of b.")
    lower: float | None = explained("Lower end of its range; None where there are too few rows for one.", default=None)
    upper: float | None = explained("Upper end of its range.", default=None)
    level: float = explained("Level of that range.")
    verdict: Standing = explained(
        "better or worse where the range leaves out zero; about the same where it lies inside the margin; cannot tell."
    )
    margin: float | None = explained("The difference that would matter; None where nobody has set one.", default=None)
    greater_is_better: bool = explained("Whether more of the measure is better.")
    p_value: float | None = explained("Two-sided p-value of no difference, by the method of the range.", default=None)
    mcnemar: float | None = explained("For accuracy the exact p-value of McNemar's test.", default=None)
    n: int = explained("Rows that both were measured on.")
    rows: str = explained("Which rows: test, or unknown history.", default="test")
    groups: int = explained("Groups of rows that belong together behind the range; 0: rows count alone.", default=0)
    method: str = explained("How the range was formed, in the field's own words.", default="")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judgement:
    """What the never-seen rows say of one option: against what is required, and against no model."""

    candidate: str = explained("Name of the candidate.")
    metric: str = explained("The measure that decides.")
    declared: bool = explained("Whether the study declares that measure; else it is the plain one.")
    measured: Metric | None = explained("The option's figure in it; None where these rows cannot give it.")
    required: Requirement = explained("meets it, does not, cannot tell, or not set: nobody has said what is enough.")
    required_metric: str = explained("The measure in which it is required.", default="")
    required_level: float | None = explained("What is good enough in it.", default=None)
    required_figure: Metric | None = explained("The option's figure in that measure.", default=None)
    no_model: str = explained("Name of the option that uses nothing; empty without one.", default="")
    standing: Standing | Literal[""] = explained(
        "Against no model, all options that were tried counted; empty for no model itself or without one.", default=""
    )
    difference: Difference | None = explained("The difference from no model in that measure.", default=None)
    adjusted: float | None = explained("Its p-value after Holm's correction over the options.", default=None)
    n_options: int = explained("Options that were compared with no model.", default=0)
    rule: str = explained("Name of the simplest rule; empty without one.", default="")
    against_rule: Difference | None = explained("The difference from that rule.", default=None)
    others: tuple[Difference, ...] = explained("The difference from no model in each other measure.", default=())
    disagreeing: tuple[str, ...] = explained(
        "Other measures that conclude otherwise, one of the two being better or worse.", default=()
    )

    def to_frame(self) -> pd.DataFrame:
        """Return one row per measure: the difference from no model with its range and verdict."""
        every = [d for d in (self.difference, *self.others) if d is not None]
        names = ("metric", "value", "lower", "upper", "verdict", "p_value")
        return pd.DataFrame([[getattr(d, n) for n in names] for d in every], columns=list(names))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reliability:
    """Whether "30 in 100" means 30 in 100: stated chances beside what happened, in groups of similar scores."""

    candidate: str = explained("Name of the candidate.")
    outcome: Hashable = explained("The class whose chances are meant.")
    holds: bool = explained("Whether the mean stated chance of every group lies inside its joint range.")
    stated: tuple[float, ...] = explained("Mean stated chance of each group, low scores first.")
    observed: tuple[float, ...] = explained("Share of each group in which it happened.")
    lower: tuple[float, ...] = explained("Lower ends of their ranges, each group by itself.")
    upper: tuple[float, ...] = explained("Upper ends of their ranges, each group by itself.")
    joint_lower: tuple[float, ...] = explained("Lower ends of ranges that hold for all groups together.")
    joint_upper: tuple[float, ...] = explained("Upper ends of ranges that hold for all groups together.")
    counts: tuple[int, ...] = explained("Rows of each group.")
    happened: tuple[int, ...] = explained("Rows of each group in which it happened.")
    level: float = explained("Level of the ranges.")
    n: int = explained("Rows it was measured on.")
    rows: str = explained("Which rows: test, or unknown history.", default="test")
    mean_stated: float = explained("Mean stated chance of all rows.")
    mean_observed: float = explained("Share of all rows in which it happened.")
    worst: int = explained("Place of the group where the two lie furthest apart, in units of their error.")
    tilt: Literal["too high", "too low", "too extreme", "too timid", "none", "mixed"] = explained(
        "How the stated chances are off: too high or low on the whole, too extreme or timid at the ends, none, mixed."
    )

    def to_frame(self) -> pd.DataFrame:
        """Return one row per group."""
        names = ("stated", "observed", "lower", "upper", "joint_lower", "joint_upper", "counts", "happened")
        return pd.DataFrame({n: getattr(self, n) for n in names})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TriageRule:
    """One rule for who decides: which cases the option decides alone, and how often it is off there."""

    cuts: tuple[float, ...] = explained(
        "From this sureness on it decides alone, by what it decides (numbers: one cut); infinite: never alone."
    )
    low: float | None = explained("Two classes: it decides for the other class up to this chance.", default=None)
    high: float | None = explained("Two classes: it decides for the class in focus from this chance on.", default=None)
    alone: tuple[int, ...] = explained("Cases that it decides alone, by what it decides; numbers: one count.")
    off: tuple[int, ...] = explained("Of those, cases where the record says otherwise, or it is further off.")
    person: int = explained("Cases that go to a person.")
    error: float | None = explained("Share of the cases decided alone that are off; None where there are none.")
    lower: float | None = explained("Lower end of its range.", default=None)
    upper: float | None = explained("Upper end of its range.", default=None)
    lower_each: tuple[float | None, ...] = explained("Lower ends by what it decides.", default=())
    upper_each: tuple[float | None, ...] = explained("Upper ends by what it decides.", default=())
    hours: float = explained("Hours of people's work a month that remain.")
    money: float = explained("What those hours cost.")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Triage:
    """What an option may decide alone, the rest going to a person: every rule, and the one that was chosen."""

    candidate: str = explained("Name of the candidate.")
    kind: Literal["two classes", "several classes", "numbers"] = explained("What sureness is made of.")
    outcomes: tuple[Hashable, ...] = explained("What it decides; empty for numbers.")
    rules: tuple[TriageRule, ...] = explained("Rules, from everything decided alone to nothing.")
    chosen: TriageRule | None = explained("The chosen rule; None where none keeps to what is allowed.", default=None)
    allowed: float = explained("Share of cases decided alone that may be off.")
    allowed_given: bool = explained("Whether somebody set that share; else it is an example figure.", default=False)
    tolerance: float | None = explained("Numbers: off means further from the record than this.", default=None)
    level: float = explained("Level of the ranges.")
    n: int = explained("Never-seen rows it was measured on.")
    rows: str = explained("Which rows: test, or unknown history.", default="test")
    n_chosen_on: int = explained("Set-aside rows that the rule was chosen on; 0: it was given.", default=0)
    minutes: float = explained("Minutes that a person takes for one case.")
    hourly: float = explained("What an hour of a person costs.")
    monthly: float = explained("Cases a month.")
    currency: str = explained("Currency of the amounts.", default="$")
    confirmed: bool = explained("Whether somebody confirmed these assumptions; else they are example figures.")

    def to_frame(self) -> pd.DataFrame:
        """Return one row per rule."""
        rows = []
        for rule in self.rules:
            row: dict[str, object] = {"cut": min(rule.cuts), "low": rule.low, "high": rule.high}
            for at, count in enumerate(rule.alone):
                name = f"_{self.outcomes[at]}" if self.outcomes else ""
                row |= {f"alone{name}": count, f"off{name}": rule.off[at]}
            rows.append(
                row
                | {"person": rule.person, "error": rule.error, "lower": rule.lower, "upper": rule.upper}
                | {"hours": rule.hours, "money": rule.money}
            )
        return pd.DataFrame(rows)
