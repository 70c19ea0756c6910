"""Fit one option, to all or some of the training rows, and be able to do it again."""

from __future__ import annotations

import contextlib
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from explainers.errors import BakeoffError
from explainers.study import TRAIN, UNKNOWN

if TYPE_CHECKING:
    from explainers.metrics import IntArray
    from explainers.study import Candidate, Study

WARM_ROWS = 200


@dataclass(frozen=True, slots=True)
class Fit:
    """One fitted option, what that took, and how to fit it again."""

    estimator: Any
    seconds: float | None
    cpu: float | None
    again: Callable[[], tuple[float, float]] | None


def fit_once(study: Study, option: Candidate) -> Fit:
    """Fit an option to the training rows.

    Raises
    ------
    CandidateError
        It cannot be fitted.
    """
    from explainers.build import _as_failure, _fit
    from explainers.identity import fresh_copy
    from explainers.predict import check_cases, one_thread

    try:
        estimator, seconds, cpu, _ = _fit(study, option)
    except BakeoffError:
        raise
    except Exception as error:
        raise _as_failure(option, error) from error
    if cpu is None:
        return Fit(estimator, None, None, None)
    rows = study.frame.iloc[study.training()]
    inputs, target = check_cases(study, option.name, rows), rows[study.target].to_numpy()

    def again() -> tuple[float, float]:
        fresh = fresh_copy(estimator)
        with one_thread(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wall, processor = time.perf_counter(), time.process_time()
            fresh.fit(inputs, target)
            return time.perf_counter() - wall, time.process_time() - processor

    return Fit(estimator, seconds, cpu, again)


def warm(study: Study, option: Candidate) -> None:
    """Fit it to a few rows: what is imported and set up the first time is no part of what an option takes."""
    from explainers.predict import Door, check_cases

    training = study.training()
    few = (
        training[np.linspace(0, training.size - 1, min(WARM_ROWS, training.size)).astype(int)] if training.size else []
    )
    with contextlib.suppress(BakeoffError):
        part = with_training(study, np.asarray(few, dtype=np.int64)) if not option.given_fitted else study
        fit = fit_once(part, option)
        Door(study, option.name, fit.estimator).ask(check_cases(study, option.name, study.frame.iloc[:2]))


def with_training(study: Study, rows: IntArray) -> Study:
    """Return the study with these rows as its training rows, all others of no use."""
    labels = np.full(len(study.frame), UNKNOWN, dtype=object)
    labels[rows] = TRAIN
    return study.replace(split=pd.Series(labels, index=study.frame.index, dtype="str", name="split"))
