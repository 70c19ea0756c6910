"""Fit an estimator that was given, in the first way in which it can read these columns and classes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from explainers.study import Candidate, Study

BOOSTERS = ("xgboost", "lightgbm", "catboost")
ENCODED = "It cannot read levels or missing values itself and stands behind the standard encoder."
NUMBERED = "It knows classes as 0, 1, 2 only; they are numbered for it and named again in its answers."
TEXTS = "Levels are handed to it as texts of its own; a missing one is the word nan to it."
LEVELS = "Levels are handed to it as categories of its own; a level that it never saw is missing to it."


def fit(
    study: Study, candidate: Candidate, estimator: Any, inputs: pd.DataFrame, target: Any
) -> tuple[Any, float, float, list[str]]:
    """Return the fitted estimator with wall and processor seconds, and notes on how it had to be fitted.

    Parameters
    ----------
    study : Study
        The study.
    candidate : Candidate
        A standard option is fitted as it is; one that was given may need its levels or classes in another form.
    estimator : object
        Unfitted; a copy that may be changed.
    inputs : DataFrame of shape (n, k)
        Training rows.
    target : array of shape (n,)
        Their outcomes.

    Raises
    ------
    Exception
        Whatever the estimator raised in the last way that was tried.
    """
    failed: Exception | None = None
    for make, notes in _ways(study, candidate, estimator, inputs, target):
        tried = make()
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            made = tried.fit(inputs, target)
        except Exception as error:  # estimators fail in ways of their own
            failed = error
            continue
        return made if made is not None else tried, time.perf_counter() - wall, time.process_time() - cpu, list(notes)
    assert failed is not None
    raise failed


def _ways(
    study: Study, candidate: Candidate, estimator: Any, inputs: pd.DataFrame, target: Any
) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """Yield ways to fit, the plainest first."""
    if candidate.recipe:
        yield lambda: estimator, ()
        return
    from explainers import identity, lineup
    from explainers.estimators import CodedClasses, KnownLevels

    home = type(estimator).__module__.partition(".")[0]
    coded = study.task == "classification" and not _numbered(target)
    levels = any(d.kind not in "iufbmM" for d in inputs.dtypes)
    if home in BOOSTERS and levels:
        way, said = ("text", TEXTS) if home == "catboost" else ("categories", LEVELS)
        yield lambda: KnownLevels(identity.fresh_copy(estimator), way), (said,)  # type: ignore[arg-type]
        if coded:
            yield (
                lambda: KnownLevels(CodedClasses(identity.fresh_copy(estimator)), way),  # type: ignore[arg-type]
                (said, NUMBERED),
            )
    else:
        yield lambda: estimator, ()
        if coded:
            yield lambda: _last_coded(identity.fresh_copy(estimator)), (NUMBERED,)
    if any(d.kind not in "iufb" for d in inputs.dtypes) or bool(inputs.isna().to_numpy().any()):
        yield lambda: lineup.prepared(study, candidate, identity.fresh_copy(estimator)), (ENCODED,)
        if coded:
            inner = identity.fresh_copy(estimator)
            yield lambda: lineup.prepared(study, candidate, CodedClasses(inner)), (ENCODED, NUMBERED)


def _numbered(target: Any) -> bool:
    """Return whether classes are 0 to k - 1 already."""
    values = np.unique(np.asarray(target)) if np.asarray(target).dtype.kind in "iu" else None
    return values is not None and np.array_equal(values, np.arange(len(values)))


def _last_coded(estimator: Any) -> Any:
    """Return the estimator with its classes numbered; of a pipeline the last step, so that the others stay in sight."""
    from explainers.estimators import CodedClasses

    steps = getattr(estimator, "steps", None)
    if isinstance(steps, list) and steps:
        name, last = steps[-1]
        return type(estimator)([*steps[:-1], (name, CodedClasses(last))])
    return CodedClasses(estimator)
