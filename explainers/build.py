"""Fit and measure candidates once, and keep what came of it: in memory, and on disk by key."""

from __future__ import annotations

import threading
import warnings
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING, Any

import numpy as np

from explainers import fitting, identity
from explainers.errors import BakeoffError, CandidateError, NotInstalledError
from explainers.study import data_key

if TYPE_CHECKING:
    from explainers.study import Candidate, Study

Progress = Callable[[float, str], object]
_MOST_IN_MEMORY = 48
_DATA_DIGITS = 16
_memory: OrderedDict[str, Any] = OrderedDict()
_memory_lock = threading.Lock()
_NOT_INSTALLED = "none"


def candidate_key(study: Study, candidate: Candidate) -> str:
    """Return the key of a candidate: what its answers depend on, and nothing else.

    Parameters
    ----------
    study : Study
        Data, roles, kinds, split, target and classes.
    candidate : Candidate
        Recipe with parameters and columns; or the estimator that was given, or the bytes of its file.

    Returns
    -------
    str
        64 hexadecimal digits, the first 16 for the data. Labels, phrases and other words do not count. Versions of
        the packages that fit it do. Standard candidates need no scikit-learn for this.
    """
    data = (study.data_key or data_key(study.frame, study.dictionary, study.split), study.target, study.classes)
    head = identity.digest(data)[:_DATA_DIGITS]
    if candidate.key.startswith(head) and not candidate.recipe:
        return candidate.key  # given estimators: worked out once, when they were built
    order = [
        (f, tuple(map(str, study.dictionary[f].level_labels)))
        for f in candidate.features
        if study.dictionary[f].kind == "ordered"
    ]
    if candidate.recipe:
        from explainers import lineup
        from explainers.recalibrating import rests_on

        packages = lineup.PACKAGES.get(candidate.recipe, ())
        what: tuple[Any, ...] = (
            "recipe",
            lineup.VERSION,
            candidate.recipe,
            rests_on(candidate.recipe, study),
        )
    else:
        packages = identity.packages(candidate)
        what = identity.of_given(study, candidate)
    parts = (what, dict(candidate.parameters), candidate.features, order, [(p, _version(p)) for p in packages])
    return head + identity.digest(parts)[_DATA_DIGITS:]


def build(study: Study, names: Sequence[str] | None = None, *, progress: Progress | None = None) -> Study:
    """Return the study with candidates fitted and measured, or taken from the store.

    Parameters
    ----------
    study : Study
        The study; it is not changed.
    names : sequence of str, optional
        Candidates in the order in which they are built; all by default.
    progress : callable, optional
        Called with the share done (0 to 1) and what is being done, such as "fitting Many trees together".

    Returns
    -------
    Study
        With estimators, cost, typical error and calibration. A candidate that cannot be fitted gets ``failure``; the
        others are built all the same.

    Raises
    ------
    CandidateError
        There is no candidate of that name.
    """
    wanted = list(study.candidates if names is None else names)
    for name in wanted:
        study.candidate(name)
    made = dict(study.candidates)
    for i, name in enumerate(wanted):
        candidate = made[name]
        if progress is not None:
            progress(i / len(wanted), f"fitting {candidate.label}")
        key = candidate_key(study, candidate)
        try:
            estimator, record = _ensure(study, candidate, key)
            made[name] = _with_record(candidate, key, record, estimator)
        except BakeoffError as error:
            made[name] = candidate_failed(candidate, key, str(error))
    if progress is not None:
        progress(1.0, "done")
    return study.replace(candidates=made)


def attach(study: Study) -> Study:
    """Return the study with what the store knows of its candidates; nothing is fitted, no estimator is loaded.

    Parameters
    ----------
    study : Study
        The study; it is not changed.

    Returns
    -------
    Study
        Candidates that were built before, here or in another process, are marked built, with their figures.
    """
    from explainers import store

    made = {}
    for name, candidate in study.candidates.items():
        key = candidate_key(study, candidate)
        record = store.get("candidate", key)
        if not isinstance(record, dict):
            made[name] = replace(candidate, key=key)
        elif record.get("failure"):
            made[name] = candidate_failed(candidate, key, str(record["failure"]))
        else:
            made[name] = _with_record(candidate, key, record, candidate.estimator)
    return study.replace(candidates=made)


def fitted(study: Study, name: str) -> Any:
    """Return the fitted estimator of a candidate: from memory, else from the store, else fitted now.

    Parameters
    ----------
    study : Study
        The study.
    name : str
        Name of the candidate.

    Returns
    -------
    estimator
        Fitted; never change it, others use it too.

    Raises
    ------
    CandidateError
        There is no such candidate, or it cannot be fitted.
    """
    candidate = study.candidate(name)
    if candidate.estimator is not None and (candidate.built or candidate.given_fitted):
        return candidate.estimator
    return _ensure(study, candidate, candidate_key(study, candidate))[0]


def candidate_failed(candidate: Candidate, key: str, failure: str) -> Candidate:
    """Return a candidate that could not be built, with the reason."""
    return replace(candidate, key=key, built=False, failure=failure)


def _with_record(candidate: Candidate, key: str, record: dict[str, Any], estimator: Any) -> Candidate:
    return replace(
        candidate,
        key=key,
        estimator=estimator,
        built=True,
        failure="",
        cost=record.get("cost"),
        typical_error=record.get("typical_error"),
        calibrated=record.get("calibrated"),
        notes=tuple(record.get("notes") or ()),
        elasticities=tuple(record.get("elasticities") or ()),
    )


# -- finding or making -------------------------------------------------------------------------------------------
def _ensure(study: Study, candidate: Candidate, key: str) -> tuple[Any, dict[str, Any]]:
    from explainers import store

    found = _find(candidate, key)
    if found is not None:
        return found
    with store.lock("candidate", key):
        found = _find(candidate, key)  # another process may have built it while we waited
        if found is not None:
            return found
        try:
            return _make(study, candidate, key)
        except Exception as error:
            failure = error if isinstance(error, BakeoffError) else _as_failure(candidate, error)
            if not isinstance(error, NotInstalledError):
                store.put("candidate", key, {"failure": str(failure)})
            raise failure from error


def _as_failure(candidate: Candidate, error: Exception) -> CandidateError:
    return CandidateError(
        f"The option {candidate.label!r} could not be fitted: {type(error).__name__}: {str(error)[:500]}. "
        "Check its columns and parameters, or leave it out."
    )


def _find(candidate: Candidate, key: str) -> tuple[Any, dict[str, Any]] | None:
    from explainers import store

    record = store.get("candidate", key)
    if not isinstance(record, dict) or record.get("failure"):
        return None
    with _memory_lock:
        estimator = _memory.get(key)
        if estimator is not None:
            _memory.move_to_end(key)
            return estimator, record
    data = store.get_bytes("model", key)
    if data is None:
        return None
    from explainers import models

    try:
        estimator = models.loads(data, name=f"The kept model of {candidate.label!r}")
    except BakeoffError:
        return None  # damaged, or kept by other versions: it is fitted anew
    _remember(key, estimator)
    return estimator, record


def _remember(key: str, estimator: Any) -> None:
    with _memory_lock:
        _memory[key] = estimator
        _memory.move_to_end(key)
        while len(_memory) > _MOST_IN_MEMORY:
            _memory.popitem(last=False)


def _make(study: Study, candidate: Candidate, key: str) -> tuple[Any, dict[str, Any]]:
    from explainers import measuring, models, store
    from explainers.elasticity import elasticities
    from explainers.predict import Door

    estimator, seconds, cpu, notes = _fit(study, candidate)
    try:
        data = models.dump(estimator)
    except BakeoffError as error:
        data = b""
        notes.append(f"It is kept in memory only: {error}")
    door = Door(study, candidate.name, estimator)
    cost, answers = measuring.measure(study, door)
    cost = replace(cost, train_seconds=seconds, train_cpu_seconds=cpu, artefact_mb=len(data) / 1e6 if data else None)
    if door.answers == "scores":
        notes.append("It gives scores, not probabilities; they are squeezed into 0 to 1.")
    if door.answers == "labels":
        notes.append("It names a class without saying how likely it is; its answers are 0 or 1.")
    record = {
        "cost": cost,
        "typical_error": measuring.typical_error(study, answers),
        "calibrated": measuring.calibrated(study, answers),
        "elasticities": list(elasticities(study, estimator)),
        "notes": notes,
        "failure": "",
    }
    store.put("predictions", key, np.ascontiguousarray(answers.reshape(len(answers), -1)))
    if data:
        store.put_bytes("model", key, data)
    store.put("candidate", key, record)
    _remember(key, estimator)
    return estimator, record


def _fit(study: Study, candidate: Candidate) -> tuple[Any, float | None, float | None, list[str]]:
    """Return the fitted estimator, wall and processor seconds (None if it came fitted), and notes."""
    from explainers.predict import check_cases, one_thread

    estimator = _unfitted(study, candidate)
    if candidate.given_fitted or identity.came_fitted(candidate, estimator):
        return estimator, None, None, list(getattr(estimator, "notes_", ()))
    rows = study.frame.iloc[study.training()]
    if not len(rows):
        raise CandidateError(
            f"The option {candidate.label!r} cannot be fitted: no row is labelled train. Label some rows train."
        )
    inputs = check_cases(study, candidate.name, rows)
    target = rows[study.target].to_numpy()
    with one_thread(), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        estimator, seconds, cpu_seconds, notes = fitting.fit(study, candidate, estimator, inputs, target)
    if any(w.category.__name__ == "ConvergenceWarning" for w in caught):
        notes.append("Fitting was stopped before it settled; more rounds could change it a little.")
    notes += list(getattr(estimator, "notes_", ()))
    return estimator, seconds, cpu_seconds, notes


def _unfitted(study: Study, candidate: Candidate) -> Any:
    if candidate.recipe:
        from explainers import lineup

        return lineup.make(candidate.recipe, study, candidate)
    estimator = identity.given_estimator(study, candidate)
    if estimator is None:
        raise CandidateError(
            f"The option {candidate.name!r} has neither a recipe nor an estimator. Give it one of them."
        )
    if candidate.given_fitted or identity.came_fitted(candidate, estimator):
        return estimator
    return identity.fresh_copy(estimator)


@cache
def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return _NOT_INSTALLED
