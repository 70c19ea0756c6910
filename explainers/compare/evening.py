"""Where two options come to the same total, with a range, and what one more point of quality costs along the line."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from explainers.compare.options import Option, Weighed
from explainers.compare.quality import Quality
from explainers.costs import money
from explainers.costs.assuming import with_value
from explainers.costs.averaging import LEVEL
from explainers.metrics import Array, IntArray, resampling
from explainers.results import Assumptions, BreakEven, PointPrice

if TYPE_CHECKING:
    from explainers.study import Study

ALL_WRONG = "wrong"
HUNDREDTHS = ("auc", "accuracy", "r2", "log_loss", "brier")


def quantities(study: Study, figures: Assumptions) -> tuple[str, ...]:
    """Return the assumptions that are tried: cases a month, and prices of differing answers.

    With two classes each kind has its price; with several all prices together are multiplied ("wrong").
    """
    if not study.classes:
        return ("wrong_per_unit", "cases_per_month")
    if len(study.classes) == 2:
        pairs = [n for n in figures.values if n.startswith("wrong:")]
        return (*pairs, "cases_per_month")
    return (ALL_WRONG, "cases_per_month")


def inserted(figures: Assumptions, found: BreakEven) -> Assumptions:
    """Return the figures with a break-even put in: then both options come to the same total."""
    if found.value is None:
        return figures
    if found.quantity != ALL_WRONG or ALL_WRONG in figures.values:
        return with_value(figures, found.quantity, found.value)
    out = figures
    for name, price in figures.values.items():
        if name.startswith("wrong:"):
            out = with_value(out, name, price * found.value)
    return out


def break_even(weighed: Weighed, a: Option, b: Option, quantity: str) -> BreakEven:
    """Return the value of one assumption at which two options come to the same total.

    Parameters
    ----------
    weighed : Weighed
        Rows and figures.
    a, b : Option
        The options; a is the one that costs more to have.
    quantity : str
        One of :func:`quantities`.

    Returns
    -------
    BreakEven
        Its range is Fieller's: all values at which the gap between the two may be nothing. Where the part of the gap
        that hangs on the assumption may be nothing itself, no price can be named.

    References
    ----------
    Fieller (1954), Some problems in interval estimation, https://doi.org/10.1111/j.2517-6161.1954.tb00159.x
    """
    fixed, slope = line_of(weighed, a, b, quantity)
    values = weighed.figures.values
    one = quantity == ALL_WRONG and ALL_WRONG not in values
    found = BreakEven(
        a=a.name,
        b=b.name,
        a_variant=a.variant,
        b_variant=b.variant,
        quantity=quantity,
        now=1.0 if one else values[quantity],
    )
    x, y = (float(z.mean()) if len(z) else 0.0 for z in (fixed, slope))
    spread = weighed.averages.spread(slope, even=True) if len(slope) else None
    if spread is not None:
        low, high = spread.ends(LEVEL)
        if low <= 0 <= high:
            return replace(found, why="no price can be named")
        critical = (high - spread.value) / spread.error
    elif len(slope) < resampling.LEAST_UNITS or y == 0:  # too few rows for a range, or nothing hangs on it
        return replace(found, why="no price can be named")
    else:
        critical = 0.0  # it hangs on no row
    value = -x / y
    lower, upper = _fieller(x, y, _covariances(fixed, slope, weighed.rows.groups), critical)
    if value < 0:
        if upper >= 0:
            return replace(found, why="no price can be named")
        return replace(found, why="at none" if x > 0 else "at any")
    skip = names_of(quantity, values)
    start, moved = _value(weighed, a, b, quantity, values), _value(weighed, a, b, quantity, weighed.raised)
    mover, _ = money.largest(moved - start, float(start), values, *skip) if np.isfinite(start) else ("", 0.0)
    return replace(found, value=value, lower=max(lower, 0.0), upper=upper, above=y < 0, moves_most=mover)


def points(weighed: Weighed, found: Quality, line: Sequence[Option], metric: str) -> tuple[PointPrice, ...]:
    """Return what one more point costs a month between neighbours on the line, cheapest first.

    Points are hundredths, for numbers one unit less that an answer is off. No price is named where the gap in quality
    may be nothing.
    """
    times = 100.0 if metric in HUNDREDTHS else 1.0
    out = []
    for b, a in pairwise(line):
        gap = found.between(a.name, b.name, metric)
        if gap is None:
            continue
        sign = times if gap.greater_is_better else -times
        ends = sorted(sign * e for e in (gap.lower, gap.upper) if e is not None)
        more = a.spent - b.spent
        lower, upper = (ends[0], ends[1]) if len(ends) == 2 else (None, None)
        mover, _ = weighed.moves_cost(a, b)
        named = PointPrice(
            a=a.name, b=b.name, more=more, points=sign * gap.value, lower=lower, upper=upper, moves_most=mover
        )
        if lower is not None and upper is not None and lower > 0:
            named = replace(named, price=more / named.points, price_lower=more / upper, price_upper=more / lower)
        out.append(named)
    return tuple(out)


def names_of(quantity: str, values: Mapping[str, float]) -> list[str]:
    """Return the assumptions that a quantity stands for."""
    if quantity != ALL_WRONG:
        return [quantity]
    return [m for m in values if m.startswith("wrong:") or m == ALL_WRONG]


# -- inside ------------------------------------------------------------------------------------------------------------
def line_of(weighed: Weighed, a: Option, b: Option, quantity: str) -> tuple[Array, Array]:
    """Return for each row what the monthly gap is without the assumption, and what each unit of it adds."""
    cases, n = weighed.cases, len(a.answered.right)
    (spent, each, units), (others, its, their) = (_line(weighed, o, quantity) for o in (a, b))
    if quantity == "cases_per_month":
        (none, one), (other_none, other_one) = spent, others
        fixed = none - other_none
        return np.full(n, fixed), each - its + (one - other_one - fixed)
    return spent[0] - others[0] + cases * (each - its), cases * (units - their)


def _line(weighed: Weighed, option: Option, quantity: str) -> tuple[tuple[float, ...], Array, Array]:
    """Return of one option what it costs to have, what its answers cost without the assumption, and units of it."""
    found: tuple[tuple[float, ...], Array, Array] = weighed.once(
        option, f"line {quantity}", lambda: _worked_out(weighed, option, quantity)
    )
    return found


def _worked_out(weighed: Weighed, option: Option, quantity: str) -> tuple[tuple[float, ...], Array, Array]:
    values = weighed.figures.values
    if quantity == "cases_per_month":
        ends = tuple(float(money.spent(option.parts_at({**values, quantity: times}))) for times in (0.0, 1.0))
        return ends, option.each, option.each
    names = names_of(quantity, values)
    without = {**values, **dict.fromkeys(names, 0.0)}
    all_wrong = quantity == ALL_WRONG and ALL_WRONG not in values
    priced = {m: values[m] if all_wrong else 1.0 for m in names}
    units = option.answered.each @ np.array([priced.get(m, 0.0) for m in option.answered.names])
    return (option.spent,), option.answered.money(without), np.asarray(units)


def _value(weighed: Weighed, a: Option, b: Option, quantity: str, values: Mapping[str, Any]) -> Any:
    """Return the same value from averages alone, with other figures; not a number where nothing hangs on it."""
    (start, one), (other, its) = (_ends(weighed, o, quantity, values) for o in (a, b))
    start = start - other
    slope = one - its - start
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(slope != 0, -start / np.where(slope != 0, slope, 1.0), math.nan)


def _ends(weighed: Weighed, option: Option, quantity: str, values: Mapping[str, Any]) -> tuple[Any, Any]:
    """Return the totals of an option with an assumption at 0 and at 1."""
    own = quantity == ALL_WRONG and ALL_WRONG not in values
    names = names_of(quantity, values)
    put = [{m: times * values[m] if own else times for m in names} for times in (0.0, 1.0)]
    what = f"ends {quantity}{' raised' if values is weighed.raised else ''}"
    found: tuple[Any, Any] = weighed.once(
        option, what, lambda: tuple(money.total(option.parts_at({**values, **p})) for p in put)
    )
    return found


def _covariances(x: Array, y: Array, groups: IntArray | None) -> tuple[float, float, float]:
    """Return variances and covariance of two means over rows, rows that belong together counted together."""
    n = len(x)
    dx, dy = x - x.mean(), y - y.mean()
    if groups is not None:
        dx, dy = np.bincount(groups, weights=dx), np.bincount(groups, weights=dy)
    units = len(dx)
    times = units / max(units - 1, 1) / n**2
    return float(dx @ dx) * times, float(dx @ dy) * times, float(dy @ dy) * times


def _fieller(x: float, y: float, spread: tuple[float, float, float], critical: float) -> tuple[float, float]:
    """Return the ends between which -x/y may lie."""
    xx, xy, yy = (critical**2 * s for s in spread)
    square, middle, rest = y**2 - yy, x * y - xy, x**2 - xx
    root = math.sqrt(max(middle**2 - square * rest, 0.0))
    return (-middle - root) / square, (-middle + root) / square
