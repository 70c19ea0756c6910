"""What is said of one group of rows: its error with a range, its share of all errors, and which way it leans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from explainers.calibration import wilson
from explainers.fields import FloatArray
from explainers.residuals.slicing import Bools, members
from explainers.residuals.wrong import Wrong
from explainers.results_looks_at import Condition
from explainers.results_segments import FoundBy, Segment

if TYPE_CHECKING:
    from explainers.study import Study

USUAL = 1.96
MATTERS = 1.2


def state(
    study: Study,
    seen: Wrong,
    again: Wrong,
    conditions: Sequence[Condition],
    inside: Bools,
    *,
    wide: float,
    p_value: float,
    found_by: FoundBy,
    evidence: float,
    clear: bool,
) -> Segment:
    """Return a segment with its figures.

    Parameters
    ----------
    study : Study
    seen, again : Wrong
        Errors of the rows that were searched, and of rows that had no part in it.
    conditions : sequence of Condition
    inside : ndarray of bool of shape (n,)
        Which of the rows searched belong to it.
    wide : float
        Spreads by which the lower end lies below the error: what the clearest of a search is off by, by chance.
    p_value, found_by, evidence, clear
        What the search says of it; it stands out where that is clear and the error is large enough to matter.
    """
    errors = seen.errors[inside]
    n, total = errors.size, seen.errors.size
    error, overall = float(errors.mean()), float(seen.errors.mean())
    lower, upper = ends(errors, seen.measure == "wrong answers", max(wide, USUAL))
    lean = seen.signed[inside]
    half = USUAL * float(lean.std(ddof=1)) / np.sqrt(n) if n > 1 else float("nan")
    two = bool(seen.kind.size) and int(seen.kind[0]) >= 0
    other = again.errors[members(study, study.frame.iloc[again.at], conditions)] if again.at.size else again.errors
    return Segment(
        conditions=tuple(conditions),
        n=n,
        share=n / total,
        error=error,
        lower=lower,
        upper=upper,
        elsewhere=float(seen.errors[~inside].mean()) if n < total else float("nan"),
        share_of_errors=float(errors.sum() / seen.errors.sum()) if seen.errors.sum() > 0 else 0.0,
        p_value=p_value,
        stands_out=bool(clear and error >= MATTERS * overall),
        found_by=found_by,
        evidence=float(evidence),
        lean=float(lean.mean()),
        lean_lower=float(lean.mean() - half),
        lean_upper=float(lean.mean() + half),
        expected=float(seen.announced[inside].mean()),
        counts=tuple(int(k) for k in np.bincount(seen.kind[inside], minlength=4)) if two else (),
        n_again=int(other.size),
        error_again=float(other.mean()) if other.size else float("nan"),
    )


def ends(errors: FloatArray, shares: bool, down: float, up: float = USUAL) -> tuple[float, float]:
    """Return the ends of the range of a mean error: so many spreads down, and up.

    Shares by Wilson; distances on a log scale, as they cannot fall below none.

    Examples
    --------
    >>> [round(e, 3) for e in ends(np.array([0.0, 1.0] * 50), True, 1.96)]
    [0.404, 0.596]
    """
    n, error = errors.size, float(errors.mean())
    if shares:
        rate, count = np.array([error]), np.array([float(n)])
        return float(wilson(rate, count, down)[0][0]), float(wilson(rate, count, up)[1][0])
    if n < 2 or error <= 0:
        return (0.0 if n < 2 else error), (float("inf") if n < 2 else error)
    relative = float(errors.std(ddof=1)) / np.sqrt(n) / error
    return error * float(np.exp(-down * relative)), error * float(np.exp(up * relative))
