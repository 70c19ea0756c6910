"""What each option costs and brings a month: every part by a formula that a reader can follow with a pencil."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from explainers.costs.answering import Answered, Rows
from explainers.costs.assuming import assumptions as figures_of
from explainers.costs.averaging import Averages
from explainers.metrics import Array
from explainers.results import Assumptions, Cost

if TYPE_CHECKING:
    from explainers.study import Study

PARTS = ("build", "train", "serve", "people", "wrong", "right")
MOVERS_SKIP = ("most_off", "right_within")  # no money, or a limit rather than a price


def monthly(study: Study, assumptions: Assumptions | Mapping[str, Any] | None = None) -> pd.DataFrame:
    """Return what every option costs and brings a month.

    Parameters
    ----------
    study : Study
        Its built options are taken, all if none is built; one that failed is left out.
    assumptions : Assumptions or mapping, optional
        Figures, or changes of the study's own.

    Returns
    -------
    DataFrame
        One row per option: candidate, label, kind, build, train, serve, people, wrong, right, total (cost + wrong -
        right), cost (build + train + serve + people), total_lower, total_upper (95%; missing with fewer than 10 rows),
        example (nobody confirmed the figures), moves_most (name of the assumption that moves the total most).

    Notes
    -----
    Amounts are a month's, in the currency of the assumptions. With the measured :class:`explainers.results.Cost`:

    - build = hours to build (as the option's maker stated them, else assumed) x hourly rate / months of the horizon
    - train = trainings x (processor hours x price + hours x GB x price)
    - serve = cases x processor hours of one case x price + hours kept ready x GB x price
    - people = hours to keep it running x hourly rate of builders + cases x share seen x hours each x hourly rate
    - wrong = cases x units of each kind of differing answer per never-seen case x its price
    - right = cases x share of never-seen cases answered as recorded x value

    The range of the total is that of its answers on never-seen rows, by studentised resamples; what was measured or
    assumed of machines and people has none.

    References
    ----------
    Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapter 12, https://doi.org/10.1201/9780429246593

    Examples
    --------
    >>> from explainers import Study
    >>> frame = pd.DataFrame({"size": [float(i % 9) for i in range(200)]})
    >>> frame["price"] = 2 * frame["size"] + frame.index / 100
    >>> study = Study.from_frame(frame, target="price", candidates=["no_model", "tree"])
    >>> found = monthly(study, {"wrong_per_unit": 1.0, "cases_per_month": 100})
    >>> found["candidate"].tolist(), bool(found["example"].all())
    (['no_model', 'tree'], True)
    """
    found = figures_of(study, assumptions)
    rows = Rows.of(study, names_of(study))
    answered = {n: rows.answered(n, found) for n in names_of(study)}
    raised = raised_of(found.values)
    averages = Averages(rows.groups)
    averages.prepare([a.money(found.values) for a in answered.values()])
    out = []
    for name, mine in answered.items():
        cost, kind = cost_of(study, name), study.candidate(name).kind
        parts = parts_by_share(cost, kind, mine.shares, mine.right_share, found.values)
        low, high = averages.ends(mine.money(found.values))
        cases, fixed = found.values["cases_per_month"], spent(parts)
        moved, _ = mover(_total_of(cost, kind, mine), found.values, raised=raised)
        out.append(
            {"candidate": name, "label": study.candidate(name).label, "kind": kind, **parts}
            | {"total": total(parts), "cost": fixed}
            | {"total_lower": fixed + cases * low if low is not None else None}
            | {"total_upper": fixed + cases * high if high is not None else None}
            | {"example": not found.confirmed_by, "moves_most": moved}
        )
    names = ["candidate", "label", "kind", *PARTS, "total", "cost", "total_lower", "total_upper", "example"]
    return pd.DataFrame(out, columns=[*names, "moves_most"])


def names_of(study: Study) -> list[str]:
    """Return the options whose money is worked out: the built ones, all if none is, none that failed."""
    usable = [n for n, c in study.candidates.items() if not c.failure]
    built = [n for n in usable if study.candidates[n].built]
    return built or usable


def cost_of(study: Study, candidate: str) -> Cost:
    """Return what is known of the cost of an option: measured by itself, else from when it was built, else nothing."""
    if candidate not in study.candidates:
        return Cost(train_seconds=0.0, train_cpu_seconds=0.0, peak_memory_mb=0.0, predict_ms_p50=0.0)
    from explainers import costs

    return costs.known(study, candidate) or study.candidate(candidate).cost or Cost()


def lacking(cost: Cost) -> tuple[str, ...]:
    """Return which parts of a cost were not measured, and count as nothing."""
    memory = cost.peak_memory_mb if cost.serve_memory_mb is None else cost.serve_memory_mb
    wanted = {"train": cost.train_cpu_seconds, "serve": cost.predict_ms_p50, "memory": memory}
    return tuple(name for name, value in wanted.items() if value is None)


# -- money -------------------------------------------------------------------------------------------------------------
def parts_by_share(
    cost: Cost, kind: str, shares: Mapping[str, float], right: float, v: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the parts of a month's money by name; see the notes of :func:`monthly`.

    Parameters
    ----------
    cost : Cost
        What was measured; what is missing counts as nothing.
    kind : str
        Kind of the candidate.
    shares : mapping
        Units of each price per case, by the name of the price.
    right : float
        Share of cases answered as in the record.
    v : mapping
        The figures by name; arrays of one shape give arrays.
    """
    cases = v["cases_per_month"]
    fitting = (cost.peak_memory_mb or 0.0) / 1_000
    ready = (cost.serve_memory_mb or cost.peak_memory_mb or 0.0) / 1_000
    hours = v[f"build_hours:{kind}"] if cost.build_hours is None else cost.build_hours
    cpu, wall = cost.train_cpu_seconds or 0.0, cost.train_seconds or cost.train_cpu_seconds or 0.0
    once = cpu / 3_600 * v["cpu_hour"] + wall / 3_600 * fitting * v["gb_hour"]
    answer = (cost.predict_ms_p50 or 0.0) / 3_600_000 * v["cpu_hour"]
    seen = cases * v["seen_by_person"] * v["minutes_per_case"] / 60 * v["hourly_rate"]
    return {
        "build": hours * v["engineer_rate"] / v["horizon_months"],
        "train": v["retrains_per_month"] * once,
        "serve": cases * answer + v["hours_on"] * ready * v["gb_hour"],
        "people": v[f"keep_hours:{kind}"] * v["engineer_rate"] + seen,
        "wrong": cases * sum(share * v[name] for name, share in shares.items()),
        "right": cases * right * v["right"],
    }


def spent(parts: Mapping[str, Any]) -> Any:
    """Return what it costs to have: build, train, serve and people."""
    return parts["build"] + parts["train"] + parts["serve"] + parts["people"]


def total(parts: Mapping[str, Any]) -> Any:
    """Return the cost plus what differing answers cost, less what right ones bring."""
    return spent(parts) + parts["wrong"] - parts["right"]


def _total_of(cost: Cost, kind: str, answered: Answered) -> Callable[[Mapping[str, Any]], Any]:
    shares, right = answered.shares, answered.right_share
    return lambda values: total(parts_by_share(cost, kind, shares, right, values))


def mover(
    of: Callable[[Mapping[str, Any]], Any],
    values: Mapping[str, float],
    *skip: str,
    raised: Mapping[str, Any] | None = None,
) -> tuple[str, float]:
    """Return the assumption that moves an amount most when it is a tenth higher, and by how much.

    Parameters
    ----------
    of : callable
        Gives the amount for figures by name; for arrays of each figure, an array of amounts.
    values : mapping
        The figures as they are.
    *skip : str
        Figures that do not count here.
    raised : mapping, optional
        As :func:`raised_of` gives them of these values; made here by default.

    Returns
    -------
    str, float
        Empty and 0 where nothing moves it.
    """
    start = float(of(values))
    if not math.isfinite(start):
        return "", 0.0
    return largest(of(raised_of(values) if raised is None else raised) - start, start, values, *skip)


def raised_of(values: Mapping[str, float]) -> dict[str, Array]:
    """Return every figure as an array of shape (n_figures,): at its own place a tenth higher, else as it is."""
    out = {name: np.full(len(values), float(value)) for name, value in values.items()}
    for at, each in enumerate(out.values()):
        each[at] *= 1.1
    return out


def largest(moved: Any, start: float, values: Mapping[str, float], *skip: str) -> tuple[str, float]:
    """Return the figure that moves an amount most, and by how much: of two that move it alike the first one."""
    found = ("", 0.0)
    least = 1e-9 * max(abs(start), 1e-9)
    every = np.broadcast_to(np.asarray(moved, dtype=np.float64), (len(values),)).tolist()
    for (name, value), by in zip(values.items(), every, strict=True):
        if value != 0 and name not in skip and name not in MOVERS_SKIP and abs(by) > abs(found[1]) + least:
            found = (name, by)
    return found
