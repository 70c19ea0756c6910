"""How wrong a candidate is in each cell of two columns: what a heatmap shows, with the chance in so many cells."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from explainers.errors import CaseError
from explainers.residuals.slicing import Ints, slice_column
from explainers.residuals.stating import ends
from explainers.residuals.wrong import wrong
from explainers.results_looks_at import Condition
from explainers.results_segments import Cells, CellVerdict

if TYPE_CHECKING:
    from explainers.study import Study

RESULT_VERSION = 2
LEVEL = 0.95
LEAST = 20
"""Rows below which a cell is not judged."""
BINS, LEVELS = 6, 9
CELL = 1.5 * LEAST
"""Rows that a cell of two numbers should hold: few wide cells can be judged, many narrow ones cannot."""


def cells(study: Study, candidate: str, a: str, b: str, *, random_state: int = 0) -> Cells:
    """Return how wrong a candidate is in each cell of two columns, on rows that it has never seen.

    Parameters
    ----------
    study : Study
    candidate : str
        Name of the candidate.
    a, b : str
        Two different columns: numbers are cut into two to six parts with about as many rows, the more the more rows
        there are; of levels the nine most frequent stand alone.
    random_state : int
        Not used; nothing here is drawn at random.

    Returns
    -------
    Cells
        Ranges and verdicts hold for all cells together at 95% (Bonferroni); cells with fewer than 20 rows have none.

    Raises
    ------
    CaseError
        The columns are the same, or not in the data.
    CandidateError
        There is no such candidate, or it does not answer.

    Examples
    --------
    >>> import pandas as pd
    >>> from explainers import Study
    >>> rng = np.random.default_rng(0)
    >>> frame = pd.DataFrame({"fuel": rng.choice(["gas", "oil"], 900), "new": rng.choice(["no", "yes"], 900)})
    >>> frame["price"] = rng.normal(0, np.where((frame["fuel"] == "oil") & (frame["new"] == "yes"), 40, 10))
    >>> study = Study.from_frame(frame, target="price", candidates={"no_model": "no_model"})
    >>> sorted({v for row in cells(study, "no_model", "fuel", "new").verdicts for v in row})
    ['less', 'more']
    """
    del random_state
    for name in (a, b):
        if name not in study.frame.columns or name not in study.dictionary:
            raise CaseError(f"There is no column {name!r} in {study.title!r}. Pick two of its columns.")
    if a == b:
        raise CaseError(f"Expected two different columns, got {a!r} twice. Pick another one.")
    seen = wrong(study, candidate)
    codes_a, groups_a = _groups(study, a, seen.at)
    codes_b, groups_b = _groups(study, b, seen.at)
    shape = (len(groups_a), len(groups_b))
    flat = codes_a * shape[1] + codes_b
    size = shape[0] * shape[1]
    n = np.bincount(flat, minlength=size)
    sums = np.bincount(flat, weights=seen.errors, minlength=size)
    errors = np.divide(sums, n, out=np.full(size, np.nan), where=n > 0)
    overall = float(seen.errors.mean()) if seen.errors.size else float("nan")
    judged = int((n >= LEAST).sum())
    wide = NormalDist().inv_cdf(1 - (1 - LEVEL) / 2 / max(judged, 1))
    lower, upper = np.full(size, np.nan), np.full(size, np.nan)
    verdicts: list[CellVerdict] = ["too few"] * size
    order = np.argsort(flat, kind="stable")
    starts = np.concatenate([[0], np.cumsum(n)])
    for k in np.flatnonzero(n >= LEAST):
        own = seen.errors[order[starts[k] : starts[k + 1]]]
        lower[k], upper[k] = ends(own, seen.measure == "wrong answers", wide, wide)
        verdicts[k] = "more" if lower[k] > overall else "less" if upper[k] < overall else "cannot tell"
    return Cells(
        candidate=candidate,
        measure=seen.measure,
        a=a,
        b=b,
        groups_a=groups_a,
        groups_b=groups_b,
        n=n.reshape(shape),
        errors=errors.reshape(shape),
        lower=lower.reshape(shape),
        upper=upper.reshape(shape),
        verdicts=tuple(tuple(verdicts[i * shape[1] : (i + 1) * shape[1]]) for i in range(shape[0])),
        error=overall,
        total=int(seen.errors.size),
        rows=seen.rows,
        least=LEAST,
        level=LEVEL,
    )


def _groups(study: Study, name: str, at: Ints) -> tuple[Ints, tuple[Condition, ...]]:
    """Return the group of each row and what makes the groups; a column that tells nothing apart is one group."""
    bins = min(BINS, max(2, int((at.size / CELL) ** 0.5)))
    cut = slice_column(study, name, study.frame[name].iloc[at], least=1, bins=bins, most=LEVELS)
    if cut is None:
        return np.zeros(at.size, dtype=np.int64), (Condition(feature=name),)
    return cut.codes, cut.bins
