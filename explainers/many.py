"""Explain many rows of a study at once, in blocks that tell how far they are; each row as if it were asked alone."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from explainers import attribution
from explainers.errors import CaseError
from explainers.results import Explanation, FloatArray
from explainers.study import CALIBRATION, TEST, TRAIN, UNKNOWN, Study

RESULT_VERSION = 1
MOST = 5_000
BLOCK = 100
PAIRS = 2  # as for many cases asked at once: half the time is worth more than an error smaller by 30%
PARTS = (TEST, CALIBRATION, TRAIN, UNKNOWN)


def explain_rows(
    study: Study,
    candidate: str,
    *,
    most: int = MOST,
    outcome: Hashable = None,
    progress: Callable[[float, str], Any] | None = None,
) -> Explanation:
    """Return the explanations of rows of the study, never-seen ones first, beside everyone.

    Parameters
    ----------
    study : Study
        The study.
    candidate : str
        Name of the candidate.
    most : int
        Number of rows, at most. Where there are more never-seen rows they are a random sample, the same at each call.
    outcome : hashable, optional
        The class explained, as for :func:`explainers.attribution.explain`.
    progress : callable, optional
        Called with the share done (0 to 1) and what is being done.

    Returns
    -------
    Explanation
        One row per case, in the order of the data within never-seen, calibration and training rows. A row's values
        are those of ``explain`` with two pairs of walks, whichever rows are explained beside it.

    Raises
    ------
    CandidateError
        There is no such candidate, or it does not answer.
    CaseError
        There is no row to explain, or no such outcome.

    Examples
    --------
    >>> from explainers import open_study  # doctest: +SKIP
    >>> study = open_study("sample_data/boston_mortgages")  # doctest: +SKIP
    >>> explain_rows(study, "boosting", most=500).values.shape  # doctest: +SKIP
    (500, 12)
    """
    at = _places(study, most)
    if not at.size:
        raise CaseError(f"The study {study.name!r} has no {study.cases} to explain. Add rows to its data.")
    compared, parts = attribution.reference(study), []
    for first in range(0, at.size, BLOCK):
        if progress is not None:
            progress(first / at.size, f"explaining {at.size:,} {study.cases}")
        rows = study.frame.iloc[at[first : first + BLOCK]]
        parts.append(attribution.explain(study, candidate, rows, outcome=outcome, reference=compared, pairs=PAIRS))
    return together(parts)


def _places(study: Study, most: int) -> np.ndarray[Any, np.dtype[np.intp]]:
    found: list[np.ndarray[Any, np.dtype[np.intp]]] = []
    for label in PARTS:
        at, left = np.flatnonzero((study.split == label).to_numpy()), most - sum(len(f) for f in found)
        if at.size > left:
            at = np.sort(np.random.default_rng(0).permutation(at)[: max(0, left)])
        found.append(at)
    return np.concatenate(found)


def together(parts: list[Explanation]) -> Explanation:
    """Return one explanation of the rows of all parts."""
    return replace(
        parts[0],
        values=np.concatenate([p.values for p in parts]),
        standard_errors=_errors(parts, [p.standard_errors for p in parts]),
        reference_errors=_errors(parts, [p.reference_errors for p in parts]),
        base_values=np.concatenate([p.base_values for p in parts]),
        predictions=np.concatenate([p.predictions for p in parts]),
        cases=pd.concat([p.cases for p in parts]),
        outcome=tuple(o for p in parts for o in p.outcome),
        method=next((p.method for p in parts if p.standard_errors is not None), parts[0].method),
        n_evaluations=sum(p.n_evaluations for p in parts),
        seconds=sum(p.seconds for p in parts),
    )


def _errors(parts: list[Explanation], errors: list[FloatArray | None]) -> FloatArray | None:
    """Return the errors of all parts, zero for parts that were enumerated exactly; None where all were."""
    if all(e is None for e in errors):
        return None
    return np.concatenate([np.zeros(p.values.shape) if e is None else e for p, e in zip(parts, errors, strict=True)])
