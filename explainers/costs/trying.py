"""What is done with one option to see how it grows: fit it to more and fewer rows, ask each fit the same cases."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from explainers.costs import timing
from explainers.costs.fitting import Fit, fit_once, warm, with_training
from explainers.costs.taking import Keep, Tell, thousand
from explainers.errors import BakeoffError

if TYPE_CHECKING:
    from explainers.metrics import IntArray
    from explainers.study import Study

DRAWS = ((0.5, 10), (2.0, 5), (10.0, 3))
"""Processor seconds of one fit to all rows, and how often fewer rows are drawn where it takes less than that."""
LEAST_DRAWS = 2


def take_growth(
    study: Study,
    name: str,
    *,
    seconds: float,
    tell: Tell,
    keep: Keep,
    plan: Sequence[Mapping[str, Any]],
    at: IntArray,
    least: float = 0.1,
) -> dict[str, Any]:
    """Fit one option to more and fewer rows, and ask each fit the same never-seen rows.

    Parameters
    ----------
    study, name, seconds, tell, keep
        As in :func:`explainers.costs.taking.take_cost`.
    plan : sequence of mapping
        The largest size first: ``share`` and ``rows``, a list of places of rows for each draw.
    at : ndarray of int
        Places of the never-seen rows.
    least : float
        Seconds of processor time for which a fit is repeated.

    Returns
    -------
    dict
        ``steps``: share, rows, cpu, per_1000, answers of each draw, shape (n, n_outputs); ``failed``: share to message.
    """
    from explainers.predict import Door, check_cases

    deadline = time.monotonic() + seconds
    option = study.candidate(name)
    tell(0.0, "getting ready")
    warm(study, option)
    asked = check_cases(study, name, study.frame.iloc[at])
    some = asked if len(asked) else check_cases(study, name, study.frame)  # how long answers take is asked of any rows
    steps: list[dict[str, Any]] = []
    failed: dict[str, str] = {}
    draws, cut = 1, False
    for number, size in enumerate(plan):
        step: dict[str, Any] = {"share": size["share"], "rows": [], "cpu": [], "per_1000": [], "answers": []}
        for rows in size["rows"][: 1 if number == 0 else draws]:
            tell((number + 0.3) / len(plan), f"fitting {option.label} to {len(rows):,} rows")
            if time.monotonic() >= deadline:
                cut = True
                break
            try:
                part = with_training(study, rows)
                fit = fit_once(part, option)
                more = _repeated(fit, least, deadline)
                door = Door(part, name, fit.estimator)
                said = door.ask(asked).reshape(len(at), len(study.classes) or 1)
                step["per_1000"].append(median(timing.block(thousand(door, some), least / 3, deadline)))
            except BakeoffError as error:
                failed[str(size["share"])] = error.message
                continue
            step["rows"].append(len(rows))
            step["cpu"].append(median([fit.cpu or 0.0, *more]))
            step["answers"].append(np.ascontiguousarray(said))
        if number == 0 and step["cpu"]:
            draws = _draws(step["cpu"][0])
        if step["cpu"]:
            steps.append(step)
            keep({"steps": steps, "failed": failed, "cut_short": True})
    return {"steps": steps, "failed": failed, "cut_short": cut}


def _repeated(fit: Fit, least: float, deadline: float) -> list[float]:
    """Return processor seconds of further fits, where one alone is too short to tell."""
    again = fit.again
    if again is None or fit.cpu is None or fit.cpu >= least:
        return []
    return timing.block(lambda: again()[1], least, deadline)


def _draws(cpu: float) -> int:
    return next((n for most, n in DRAWS if cpu < most), LEAST_DRAWS)
