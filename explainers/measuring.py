"""What is measured of a candidate when it is built: cost of asking, usual error, whether its probabilities hold."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from explainers.results import Calibration, Cost
from explainers.study import CALIBRATION, TEST, UNKNOWN

if TYPE_CHECKING:
    from explainers.predict import Door
    from explainers.study import Study

Array = np.ndarray[Any, np.dtype[np.float64]]
_ONE_CASE_SECONDS = 0.3
_ONE_CASE_TIMES = 20


def measure(study: Study, door: Door) -> tuple[Cost, Array]:
    """Return what asking costs, and the answers to every row."""
    from explainers.estimators.size import count_parameters
    from explainers.predict import check_cases

    inputs = check_cases(study, door.candidate, study.frame)
    answers = door.ask(inputs)
    one, per_1000 = _speed(door, inputs)
    cost = Cost(
        predict_ms_p50=float(np.percentile(one, 50)),
        predict_ms_p95=float(np.percentile(one, 95)),
        predict_ms_per_1000=per_1000,
        n_inputs=len(door.features),
        n_parameters=count_parameters(door.estimator),
    )
    return cost, answers


def _speed(door: Door, inputs: pd.DataFrame) -> tuple[list[float], float]:
    """Return milliseconds of single cases, and of 1,000 at once."""
    n = len(inputs)
    door.ask(inputs.iloc[:1])
    one, begun = [], time.perf_counter()
    for i in range(_ONE_CASE_TIMES):
        case = inputs.iloc[[(i * 7919) % n]]
        start = time.perf_counter()
        door.ask(case)
        one.append((time.perf_counter() - start) * 1e3)
        if time.perf_counter() - begun > _ONE_CASE_SECONDS and len(one) >= 5:
            break
    many = inputs.iloc[np.arange(1000) % n]
    start = time.perf_counter()
    door.ask(many)
    return one, (time.perf_counter() - start) * 1e3


def typical_error(study: Study, answers: Array) -> float | None:
    """Return the mean absolute error on calibration rows, else on test rows, else on rows of unknown history."""
    if study.task != "regression":
        return None
    actual = study.frame[study.target].to_numpy(dtype=np.float64, na_value=np.nan)
    off = np.abs(actual - answers)
    for label in (CALIBRATION, TEST, UNKNOWN):
        here = off[(study.split == label).to_numpy()]
        here = here[~np.isnan(here)]
        if here.size:
            return float(here.mean())
    return None


def calibrated(study: Study, answers: Array) -> Calibration | None:
    """Check the probabilities on test rows; on rows of unknown history nothing is claimed."""
    if study.task != "classification":
        return None
    from explainers.calibration import check
    from explainers.metrics import recorded

    at = np.flatnonzero((study.split == TEST).to_numpy() & study.frame[study.target].notna().to_numpy())
    if not at.size:
        return None
    outcomes = np.eye(len(study.classes))[recorded(study, at)]
    if len(study.classes) == 2:
        return check(answers[at, 1], outcomes[:, 1])
    return check(answers[at], outcomes)
