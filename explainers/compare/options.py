"""The options of a comparison with their money: what each costs, what its answers come to, and whether it pays."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from explainers.costs import money
from explainers.costs.answering import Answered, Rows
from explainers.costs.averaging import LEVEL, Averages
from explainers.metrics import Array
from explainers.metrics.judging import holm
from explainers.results import Assumptions, Cost, Explainability, Pays, ThresholdChoice, Variant

if TYPE_CHECKING:
    from explainers.study import Study

CERTAIN = 1e-9  # of an amount: below it a gap of money is none


@dataclass(frozen=True, slots=True)
class Option:
    """One option made ready: its cost, its answers on the measured rows, its parts in money."""

    name: str
    variant: Variant
    kind: str
    cost: Cost
    answered: Answered
    each: Array
    shares: Mapping[str, float]
    right: float
    parts: dict[str, float]
    cut: float | None

    @property
    def key(self) -> tuple[str, str]:
        """Name and variant."""
        return self.name, self.variant

    def parts_at(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return its parts with other figures; arrays of them give arrays."""
        return money.parts_by_share(self.cost, self.kind, self.shares, self.right, values)

    @property
    def spent(self) -> float:
        """What it costs a month to have."""
        return float(money.spent(self.parts))

    @property
    def total(self) -> float:
        """The same with what its answers cost and bring."""
        return float(money.total(self.parts))


@dataclass(frozen=True, slots=True)
class Gap:
    """How much more a month one option comes to than another, with its range and p-value of nothing."""

    value: float
    lower: float | None
    upper: float | None
    p_value: float | None


class Weighed:
    """The rows and figures that money is worked out on.

    Parameters
    ----------
    rows : Rows
        The measured rows.
    figures : Assumptions
        What money rests on.
    """

    def __init__(self, rows: Rows, figures: Assumptions) -> None:
        self.rows, self.figures = rows, figures
        self.study = rows.study
        self.averages = Averages(rows.groups)
        self.raised = money.raised_of(figures.values)
        self._kept: dict[tuple[int, str], tuple[Option, Any]] = {}

    @property
    def cases(self) -> float:
        """Cases a month."""
        return self.figures.values["cases_per_month"]

    def option(self, name: str, cut: ThresholdChoice | None = None, by_cost: Answered | None = None) -> Option:
        """Return an option with its money; with a cut-off or with answers chosen by cost it is the variant."""
        study = self.study
        kind = study.candidate(name).kind if name in study.candidates else "baseline"
        usual = study.threshold if len(study.classes) == 2 else None
        at_cut = cut.cut if cut is not None else usual
        answered = by_cost if by_cost is not None else self.rows.answered(name, self.figures, cut=at_cut)
        cost = money.cost_of(study, name)
        shares, right = answered.shares, answered.right_share
        parts = money.parts_by_share(cost, kind, shares, right, self.figures.values)
        variant: Variant = "cut by cost" if cut is not None else "answers by cost" if by_cost is not None else ""
        each = answered.money(self.figures.values)
        return Option(name, variant, kind, cost, answered, each, shares, right, parts, at_cut)

    def prepare(self, every: Sequence[Option], none: Option) -> None:
        """Work out the averages of all options and of their gaps from no model together."""
        self.averages.prepare([*(o.each for o in every), *(none.each - o.each for o in every if o.key != none.key)])

    def range(self, option: Option) -> tuple[float | None, float | None]:
        """Return the range of an option's total."""
        low, high = self.averages.ends(option.each)
        if low is None or high is None:
            return None, None
        return option.spent + self.cases * low, option.spent + self.cases * high

    def gap(self, a: Option, b: Option) -> Gap:
        """Return how much more a comes to than b a month, on the same rows."""
        each, fixed = a.each - b.each, a.spent - b.spent
        value = fixed + self.cases * (float(each.mean()) if len(each) else 0.0)
        if self.cases == 0 or not np.any(each):
            return Gap(value, value, value, float(abs(value) <= CERTAIN * max(1.0, abs(fixed))))
        low, high = self.averages.ends(each, even=True)
        if low is None or high is None:
            return Gap(value, None, None, None)
        found = self.averages.spread(each, even=True)
        # What is added whatever the rows moves the average and leaves its resamples where they are.
        p_value = replace(found, value=found.value + fixed / self.cases).p_value() if found else float(value == 0)
        return Gap(value, fixed + self.cases * low, fixed + self.cases * high, p_value)

    def moves(self, of: Callable[[Mapping[str, Any]], Any], a: Option, b: Option | None = None) -> tuple[str, float]:
        """Return the assumption that moves an amount most when it is a tenth higher, and by how much.

        The amount is one of an option's parts, or how much more it is than another option's.
        """
        start = float(of(a.parts)) - (float(of(b.parts)) if b is not None else 0.0)
        moved = of(self._parts_raised(a)) - (of(self._parts_raised(b)) if b is not None else 0.0)
        return money.largest(moved - start, start, self.figures.values)

    def _parts_raised(self, option: Option) -> dict[str, Any]:
        parts: dict[str, Any] = self.once(option, "raised", lambda: option.parts_at(self.raised))
        return parts

    def once(self, option: Option, what: str, work: Callable[[], Any]) -> Any:
        """Return what was worked out of this very option before, else work it out: pairs ask for the same again."""
        key = id(option), what
        if key not in self._kept:
            self._kept[key] = option, work()  # the option is kept too, so that its number stays its own
        return self._kept[key][1]

    def moves_total(self, a: Option, b: Option | None = None) -> tuple[str, float]:
        """Return the same for the total of an option, or for how much more it comes to than another."""
        return self.moves(money.total, a, b)

    def moves_cost(self, a: Option, b: Option | None = None) -> tuple[str, float]:
        """Return the same for what an option costs to have, or for how much more it costs than another."""
        return self.moves(money.spent, a, b)


def paying(savings: Sequence[Gap]) -> list[Pays]:
    """Return for each saving against no model whether it is shown to be one, all of them counted (Holm)."""
    adjusted = holm([g.p_value if g.p_value is not None else 1.0 for g in savings])
    out: list[Pays] = []
    for gap, p in zip(savings, adjusted, strict=True):
        if gap.p_value is None or p > 1 - LEVEL:
            out.append("cannot tell")
        else:
            out.append("yes" if gap.value > 0 else "no")
    return out


def on_line(points: Sequence[tuple[float, float | None]], *, greater_is_better: bool) -> list[bool]:
    """Return which points no other one beats: at least as good for no more, one of both strictly.

    Parameters
    ----------
    points : sequence of (cost, value)
        A value of None is never on the line.
    greater_is_better : bool

    Examples
    --------
    >>> on_line([(1.0, 0.5), (2.0, 0.4), (3.0, 0.9)], greater_is_better=True)
    [True, False, True]
    """
    sign = 1.0 if greater_is_better else -1.0
    known = [(c, sign * v) for c, v in points if v is not None]

    def beaten(cost: float, value: float) -> bool:
        return any(c <= cost and v >= value and (c < cost or v > value) for c, v in known)

    return [v is not None and not beaten(c, sign * v) for c, v in points]


def explainable(study: Study, name: str) -> Explainability:
    """Return whether reasons of an option are exact, estimated, or there are none.

    A number that a formula adds up has exact reasons. So has an answer that rests on a few columns, whose combinations
    are all tried. Chances bend what is added up, so their reasons are drawn at random and have an error.
    """
    option = study.candidate(name)
    if option.estimator is None and not option.recipe and not option.file:
        return "none"
    if option.kind in ("baseline", "rule"):
        return "exact"
    straight = option.recipe in ("formula", "logistic") and not (study.formula or "").lstrip().startswith("log(")
    return "exact" if study.task == "regression" and straight else "estimated"


def days(option: Option, figures: Assumptions) -> float:
    """Return the working days until an option can be in use: hours to build it over hours a day."""
    stated = option.cost.build_hours
    hours = figures.values[f"build_hours:{option.kind}"] if stated is None else stated
    return hours / figures.values["hours_a_day"]


def set_aside(study: Study, names: Sequence[str]) -> tuple[str, ...]:
    """Return the options that use protected characteristics, unless all but no model do."""
    using = tuple(n for n in names if study.candidate(n).uses_protected)
    models = [n for n in names if study.candidate(n).kind != "baseline"]
    return using if set(using) != set(models) else ()


def wanted(variants: Collection[str] | bool, names: Sequence[str]) -> list[str]:
    """Return the options whose variant is asked for."""
    if isinstance(variants, bool):
        return list(names) if variants else []
    return [n for n in names if n in variants]
