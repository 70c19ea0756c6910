"""How wrong a candidate is on each row that it has never seen: what every search for bad spots adds up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from explainers.fields import FloatArray
from explainers.study import TEST

if TYPE_CHECKING:
    from explainers.study import Study

Ints = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, slots=True, eq=False)
class Wrong:
    """Errors of some rows: distance for numbers, 1 or 0 for classes."""

    at: Ints  # positions in the study's frame
    rows: str  # what these rows are called
    errors: FloatArray
    measure: Literal["absolute error", "wrong answers"]
    signed: FloatArray  # actual minus predicted; nan for classes
    announced: FloatArray  # chance of being wrong by its own probabilities; nan for numbers
    kind: Ints  # two classes: 0 found, 1 missed, 2 false alarm, 3 passed; else -1


def wrong(study: Study, candidate: str, parts: Sequence[str] = (TEST,)) -> Wrong:
    """Return how wrong a candidate is on the rows with these split labels that have a recorded outcome.

    Parameters
    ----------
    study : Study
    candidate : str
    parts : sequence of str
        Split labels; where there are no test rows, those of unknown history.

    Returns
    -------
    Wrong

    Raises
    ------
    CandidateError
        There is no such candidate, or it does not answer.
    """
    from explainers import metrics
    from explainers.metrics.measures import chosen as chosen_of
    from explainers.predict import stored

    at, rows = metrics.measured_rows(study, candidate, parts)
    if not at.size:
        none = np.empty(0)
        measure: Literal["absolute error", "wrong answers"] = "wrong answers" if study.classes else "absolute error"
        return Wrong(at, rows, none, measure, none, none, np.empty(0, dtype=np.int64))
    every = stored(study, candidate).to_numpy(dtype=np.float64)
    answers = every[at]
    if not study.classes:
        actual = study.frame[study.target].iloc[at].to_numpy(dtype=np.float64, na_value=np.nan)
        known = np.isfinite(actual)
        signed = (actual - answers[:, 0])[known]
        blank = np.full(signed.size, np.nan)
        return Wrong(
            at[known], rows, np.abs(signed), "absolute error", signed, blank, np.full(signed.size, -1, dtype=np.int64)
        )
    codes, focus = metrics.recorded(study, at), metrics.focus_of(study)
    at, codes = at[codes >= 0], codes[codes >= 0]  # a recorded outcome that is none of the classes
    answers = every[at]
    chosen = chosen_of(answers, focus, study.threshold)
    errors = (chosen != codes).astype(np.float64)
    announced = 1.0 - answers[np.arange(at.size), chosen]
    kind = np.full(at.size, -1, dtype=np.int64)
    if len(study.classes) == 2:
        kind = np.where(codes == focus, np.where(chosen == focus, 0, 1), np.where(chosen == focus, 2, 3))
    return Wrong(at, rows, errors, "wrong answers", np.full(at.size, np.nan), announced, kind.astype(np.int64))
