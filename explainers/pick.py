"""Ways to pick a case: ids of never-seen rows, the most telling first. Numbers from disk only, nothing is asked."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from explainers import predict
from explainers.results import FloatArray
from explainers.study import TEST, UNKNOWN, Study

Bools = np.ndarray[Any, np.dtype[np.bool_]]
KEPT = 16
_marked: dict[Hashable, Bools] = {}


def differs(study: Study, candidate: str) -> pd.Index[Any]:
    """Return the cases where the candidate's answer differs from the record, the clearest difference first.

    For numbers all cases, the largest error first.
    """
    return _ids(study, _error(study, candidate), wrong(study, candidate) if study.classes else None)


def closest(study: Study, candidate: str) -> pd.Index[Any]:
    """Return all cases, those first that the candidate nearly answers the other way.

    With a class in focus by the distance to the threshold, with several classes by the lead of the first over the
    second. Numbers have no threshold: the result is empty.
    """
    if not study.classes:
        return study.case_ids[:0]
    answers = _answers(study, candidate)
    if study.positive is not None:
        return _ids(study, -np.abs(answers[:, study.classes.index(study.positive)] - study.threshold))
    ranked = np.sort(answers, axis=1)
    lead = ranked[:, -1] - ranked[:, -2] if ranked.shape[1] > 1 else ranked[:, -1]
    return _ids(study, -lead)


def unsure(study: Study) -> pd.Index[Any]:
    """Return all cases, those first on which the options' answers lie furthest apart.

    Baselines are left out, as they answer every case alike; empty where fewer than two options are left.
    """
    names = [n for n, c in study.candidates.items() if c.built and not c.failure and c.kind != "baseline"]
    if len(names) < 2:
        return study.case_ids[:0]
    every = np.stack([_answers(study, name) for name in names])
    if study.positive is not None and study.classes:
        every = every[:, :, [study.classes.index(study.positive)]]
    return _ids(study, np.ptp(every, axis=0).max(axis=1))


def random(study: Study, *, random_state: int = 0) -> pd.Index[Any]:
    """Return all cases in random order."""
    return _ids(study, np.random.default_rng(random_state).random(len(study.frame)))


def apart(study: Study, candidate: str) -> FloatArray:
    """Return for every row how far the answer is from the record, shape (n_rows,); NaN where nothing is recorded.

    For numbers the distance in the unit of the target; for classes 1 less the probability of what is recorded.
    """
    found = _error(study, candidate).copy()
    recorded = study.frame[study.target].notna().to_numpy()
    found[~recorded | (found < 0)] = np.nan
    return found


def wrong(study: Study, candidate: str) -> Bools:
    """Return for every row of the data whether the class that the candidate chooses differs from the record.

    With a class in focus the question is only whether the row is flagged (from the threshold on). Rows without a
    record are never wrong.
    """
    # Asked again with each case on screen; the key holds no study, so that none is kept in memory for it.
    key = (study.data_key, study.candidate(candidate).key, study.target, study.positive, study.threshold)
    known = _marked.get(key) if all(key[:2]) else None
    if known is None:
        known = _wrong(study, candidate)
        known.flags.writeable = False
        while len(_marked) >= KEPT:
            _marked.pop(next(iter(_marked)), None)
        _marked[key] = known
    return known


def _wrong(study: Study, candidate: str) -> Bools:
    answers, record = _answers(study, candidate), study.frame[study.target]
    if study.positive is not None:
        flagged = answers[:, study.classes.index(study.positive)] >= study.threshold
        apart = flagged != (record == study.positive).fillna(False).to_numpy(dtype=bool)
    else:
        chosen = answers.argmax(axis=1)
        apart = np.zeros(len(record), dtype=bool)
        for at, value in enumerate(study.classes):
            apart |= (chosen == at) & ~(record == value).fillna(False).to_numpy(dtype=bool)
    return np.array(apart & record.notna().to_numpy())


def _answers(study: Study, candidate: str) -> FloatArray:
    """Return the kept predictions of all rows, shape (n_rows, n_classes or 1)."""
    kept = predict.stored(study, candidate)
    if not study.classes:
        return kept[["prediction"]].to_numpy(dtype=float)
    return kept[list(study.classes)].to_numpy(dtype=float)


def _error(study: Study, candidate: str) -> FloatArray:
    """Return how far each answer is from the record: 1 less the probability of what is recorded, or the distance."""
    answers, record = _answers(study, candidate), study.frame[study.target]
    if not study.classes:
        apart = np.abs(answers[:, 0] - pd.to_numeric(record, errors="coerce").to_numpy(dtype=float, na_value=np.nan))
        return np.asarray(np.nan_to_num(apart, nan=-1.0))
    error = np.zeros(len(record))
    for at, value in enumerate(study.classes):
        here = (record == value).fillna(False).to_numpy(dtype=bool)
        error[here] = 1.0 - answers[here, at]
    return error


def _ids(study: Study, score: FloatArray, keep: Bools | None = None) -> pd.Index[Any]:
    """Return ids of never-seen rows by falling score, ties in the order of the data."""
    for label in (TEST, UNKNOWN):
        rows = np.flatnonzero((study.split == label).to_numpy())
        if rows.size:
            break
    if keep is not None:
        rows = rows[keep[rows]]
    return study.case_ids[rows[np.argsort(-score[rows], kind="stable")]]
