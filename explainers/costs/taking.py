"""What is done with one option where its cost is measured: fit it, ask it, explain it, again and again.

All figures are processor time: what others do on the machine meanwhile then counts little.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from explainers.costs import timing
from explainers.costs.fitting import fit_once, warm
from explainers.errors import BakeoffError

if TYPE_CHECKING:
    from explainers.predict import Door
    from explainers.study import Candidate, Study

Tell = Callable[[float, str], object]
Keep = Callable[[dict[str, Any]], object]
SLACK_S, SLACK_MS = timing.SLACK_MS / 1e3, timing.SLACK_MS
CASES = 50
"""Different cases that are asked one by one."""
NEEDED_ROWS = 300


def take_cost(
    study: Study,
    name: str,
    *,
    seconds: float,
    tell: Tell,
    keep: Keep,
    least: float = 1.0,
) -> dict[str, Any]:
    """Measure one option.

    Parameters
    ----------
    study : Study
        Its training rows are what the option is fitted to.
    name : str
        Name of the option.
    seconds : float
        Time for all of it.
    tell, keep : callable
        Take progress, and what was found so far.
    least : float
        Seconds of processor time in one block of repeats.

    Returns
    -------
    dict
        Fields of :class:`explainers.results.Cost`.

    Raises
    ------
    CandidateError
        It cannot be fitted, or does not answer.
    """
    from explainers.estimators.size import count_parameters
    from explainers.predict import Door, check_cases

    deadline = time.monotonic() + seconds
    option, found, blocks = study.candidate(name), dict[str, Any](), dict[str, tuple[float, ...]]()
    agreed: list[bool | None] = []
    tell(0.0, "getting ready")
    warm(study, option)
    tell(0.1, f"fitting {option.label}")
    timing.forget_peak()
    fit = fit_once(study, option)
    if fit.cpu is not None:
        found |= {"train_cpu_seconds": fit.cpu, "train_seconds": fit.seconds, "peak_memory_mb": timing.peak_mb()}
        found |= {"n_training": int(study.training().size), "repeats": 1}
    found |= {
        "n_inputs": len(option.features),
        "n_parameters": count_parameters(fit.estimator),
    }
    keep({**found, "cut_short": True})
    if fit.cpu is not None and fit.again is not None and time.monotonic() < deadline:
        wall: list[float] = []
        again = fit.again

        def once() -> float:
            taken = again()
            wall.append(taken[0])
            return taken[1]

        tell(0.2, f"fitting {option.label} again")
        timed = timing.blocks(once, least, slack=SLACK_S, deadline=deadline)
        found |= {
            "train_cpu_seconds": median([v for b in timed for v in b]),
            "train_seconds": median(wall),
            "repeats": 1 + len(wall),
        }
        blocks["train_cpu_seconds"] = tuple(map(median, timed))
        agreed.append(timing.settled(timed, slack=SLACK_S))
    door = Door(study, name, fit.estimator)
    inputs = check_cases(study, name, study.frame)
    tell(0.5, f"asking {option.label}")
    gc.collect()
    timing.forget_peak()
    for figure, ask in (
        ("predict_ms_p50", _one_by_one(door, inputs)),
        ("predict_ms_per_1000", thousand(door, inputs)),
    ):
        timed = timing.blocks(ask, least, slack=SLACK_MS, deadline=deadline)
        every = [v for b in timed for v in b]
        found[figure] = median(every)
        if figure == "predict_ms_p50":
            found["predict_ms_p95"] = float(np.percentile(every, 95))
        blocks[figure] = tuple(map(median, timed))
        agreed.append(timing.settled(timed, slack=SLACK_MS))
    found["serve_memory_mb"] = timing.peak_mb()
    found["artefact_mb"] = _size(study, option, fit.estimator)  # what that imports is no part of answering
    done = {**found, "blocks": blocks, "blocks_agree": _all(agreed)}
    keep({**done, "cut_short": True})
    tell(0.7, f"looking which inputs {option.label} needs")
    done["n_inputs_needed"] = inputs_needed(door, inputs, deadline)
    tell(0.8, f"explaining what {option.label} says")
    done["explain_ms"] = _explaining(study, option, fit.estimator, least, deadline)
    return {**done, "cut_short": time.monotonic() >= deadline}


# -- asking ------------------------------------------------------------------------------------------------------
def _one_by_one(door: Door, inputs: pd.DataFrame) -> Callable[[], float]:
    """Return what asks one case and returns processor milliseconds; each time another case."""
    n = len(inputs)
    cases = [inputs.iloc[[(i * 7919) % n]] for i in range(min(CASES, n))]
    door.ask(cases[0])
    at = -1

    def once() -> float:
        nonlocal at
        at = (at + 1) % len(cases)
        return _processor_ms(lambda: door.ask(cases[at]))

    return once


def thousand(door: Door, inputs: pd.DataFrame) -> Callable[[], float]:
    """Return what asks 1,000 cases at once and returns processor milliseconds."""
    many = inputs.iloc[np.arange(1000) % len(inputs)]
    return lambda: _processor_ms(lambda: door.ask(many))


def _processor_ms(what: Callable[[], object]) -> float:
    begun = time.process_time()
    what()
    return (time.process_time() - begun) * 1e3


def inputs_needed(door: Door, inputs: pd.DataFrame, deadline: float = float("inf")) -> int | None:
    """Return how many inputs change some answer when their values are moved to other rows.

    Parameters
    ----------
    door : Door
    inputs : DataFrame
        Checked rows; some of them are taken.
    deadline : float
        On the clock of ``time.monotonic``.

    Returns
    -------
    int or None
        None where there are too few rows to move anything, or time ran out.
    """
    rows = inputs.iloc[np.unique(np.linspace(0, len(inputs) - 1, NEEDED_ROWS).astype(int))]
    if len(rows) < 10:
        return None
    before, needed = door.ask(rows), 0
    scale = 1e-9 * max(1.0, float(np.abs(before).max()))
    for name in rows.columns:
        if time.monotonic() > deadline:
            return None
        for step in (1, len(rows) // 2):  # rows in order of something would hide a move by one
            moved = rows.copy()
            moved[name] = rows[name].take(np.roll(np.arange(len(rows)), step)).set_axis(rows.index)
            if float(np.abs(door.ask(moved) - before).max()) > scale:
                needed += 1
                break
    return needed


def _explaining(study: Study, option: Candidate, estimator: Any, least: float, deadline: float) -> float | None:
    """Return the median processor milliseconds of explaining one case; None where it cannot be explained or in time."""
    from explainers import attribution

    left = deadline - time.monotonic()
    if left <= 0:
        return None
    ready = replace(option, estimator=estimator, built=True)
    built = study.replace(candidates={option.name: ready})
    n, at = len(study.frame), 0

    def once() -> float:
        nonlocal at
        at += 1
        case = study.frame.iloc[[(at * 7919) % n]]
        return attribution.explain(built, option.name, case, max_seconds=max(left / 2, 1.0)).seconds * 1e3

    try:
        first = once()
        if time.monotonic() >= deadline:
            return first
        return median(timing.block(once, least, deadline))
    except BakeoffError:
        return None


def _size(study: Study, option: Candidate, estimator: Any) -> float | None:
    """Return the size of the kept model in MB; None where it cannot be kept."""
    from explainers import models

    if option.file and study.folder is not None and (study.folder / option.file).is_file():
        return (study.folder / option.file).stat().st_size / 1e6
    try:
        return len(models.dump(estimator)) / 1e6
    except BakeoffError:
        return None


def _all(agreed: Sequence[bool | None]) -> bool | None:
    known = [a for a in agreed if a is not None]
    return all(known) if known and len(known) == len(agreed) else None
