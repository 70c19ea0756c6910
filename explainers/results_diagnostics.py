"""The results of tests of what an option is off by: one Diagnostic per test, with what a change would mend.

Take them from :mod:`explainers.results`, where every result can be found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from explainers.fields import explained

DiagnosticStatus = Literal["ok", "caution", "problem", "not applicable", "skipped"]
MendKind = Literal["log target", "logs", "log", "square", "group", "input", "last known"]
DiagnosticFamily = Literal["level", "form", "spread", "shape", "time", "terms", "rows"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mend:
    """A change that may mend what a test found, and what never-seen rows say of it."""

    kind: MendKind = explained(
        "log target: the formula answers with the log of the target; logs: its inputs enter by theirs too; log, "
        "square: a column enters so as well; group, "
        "input: a column that the formula leaves out enters; last known: another option goes by the figure before."
    )
    column: str = explained("The column that is changed or added; the target for its log.")
    formula: str = explained("The changed formula; empty where another option is what would mend it.")
    candidate: str = explained("Another option of the study that does it already; empty for a changed formula.")
    metric: str = explained("The measure it was compared in: mae, rmse, r2, log_loss, brier, auc or accuracy.")
    before: float = explained("The option's figure as it is.")
    after: float = explained("The figure with the change.")
    lower: float | None = explained("Lower end of the range of after minus before; None: too few rows.", default=None)
    upper: float | None = explained("Upper end of that range.", default=None)
    level: float = explained("Level of that range.", default=0.95)
    verdict: Literal["better", "worse", "about the same", "cannot tell"] = explained(
        "What never-seen rows say of the option with the change against the option as it is."
    )
    n: int = explained("Rows that both were measured on.")
    rows: str = explained("Which rows: test, or unknown history.")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Diagnostic:
    """One test of what an option is off by: how large the fault is first, then whether chance explains it."""

    code: str = explained("Short stable name of the test, such as 'spread'.")
    title: str = explained("What it looks for, in plain words.")
    family: DiagnosticFamily = explained(
        "What it is about: level, form, spread, shape, time, terms of a formula, or single rows."
    )
    candidate: str = explained("Name of the option.")
    status: DiagnosticStatus = explained(
        "ok: nothing found; caution or problem: large enough to matter and more than chance; not applicable; skipped."
    )
    effect: float | None = explained("How large it is; None where it was not measured.", default=None)
    effect_name: str = explained("What that size is, in the field's own words.", default="")
    threshold: float | None = explained("From this size on it counts, if chance does not explain it.", default=None)
    problem_from: float | None = explained("From this size on it is called a problem.", default=None)
    statistic_name: str = explained("Name of the test's statistic, in the field's own words.", default="")
    statistic: float | None = explained("The statistic.", default=None)
    df: tuple[float, ...] = explained("Degrees of freedom of the statistic, where it has any.", default=())
    p_value: float | None = explained("Chance of such a statistic if nothing were wrong.", default=None)
    adjusted: float | None = explained(
        "That p-value after Holm's correction over all tests of the option.", default=None
    )
    n: int = explained("Rows it was measured on.", default=0)
    rows: str = explained("Which rows: training, test, or unknown history.", default="")
    scale: str = explained("On what the difference was taken: target, log, or probability.", default="target")
    columns: tuple[str, ...] = explained("The columns it is about, the strongest first.", default=())
    outcome: Any = explained("For classes the class that is meant.", default=None)
    levels: tuple[Any, ...] = explained(
        "Levels, ends of a range, or ids of rows that stand out, the furthest first.", default=()
    )
    level_values: tuple[float, ...] = explained(
        "How far recorded minus predicted is off there on average; Cook's distance of rows.", default=()
    )
    level_n: tuple[int, ...] = explained("Rows behind each of them.", default=())
    side: str = explained("Which way, where that is told: high, low, alike, opposite, both.", default="")
    within: str = explained("Column whose levels were kept apart, for tests in the order of time.", default="")
    n_within: int = explained("Groups that were kept apart, or levels and ranges that were compared.", default=0)
    why: str = explained("Why it does not apply or was skipped, in plain words.", default="")
    meaning: str = explained("What it means for a decision, in a sentence.", default="")
    remedy: str = explained("What to do about it.", default="")
    remedy_check: Mend | None = explained("What never-seen rows say of a change that may mend it.", default=None)
    reference: str = explained("Where the test comes from.", default="")
