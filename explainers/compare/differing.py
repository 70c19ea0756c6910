"""Where options disagree: the never-seen cases that they answer differently, with the record beside them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from explainers import metrics
from explainers.costs import money
from explainers.costs.answering import Rows
from explainers.errors import CandidateError
from explainers.metrics import Array, IntArray
from explainers.metrics.measures import chosen as chosen_class
from explainers.results import Disagreements
from explainers.study import TEST, UNKNOWN

if TYPE_CHECKING:
    from explainers.study import Study


def disagreements(study: Study, names: Sequence[str] | None = None) -> Disagreements:
    """List the never-seen cases that options answer differently.

    Parameters
    ----------
    study : Study
    names : sequence of str, optional
        Candidates to ask; by default every built one but no model, which answers every case alike.

    Returns
    -------
    Disagreements
        Classes: options differ where they name different classes, with two classes by the study's cut-off. Numbers:
        where the highest and the lowest answer lie further apart than the largest usual error among them. Rows without
        a recorded outcome are asked about too. Furthest apart comes first; then the order of the rows.

    Raises
    ------
    CandidateError
        Fewer than two options were named, or there is no such option.

    Examples
    --------
    >>> from explainers import Study
    >>> frame = pd.DataFrame({"size": [float(i % 10) for i in range(500)]})
    >>> frame["sold"] = (frame["size"] > 4).map({True: "yes", False: "no"})
    >>> study = Study.from_frame(frame, target="sold", candidates=["no_model", "tree", "rule"])
    >>> found = disagreements(study, ["no_model", "tree"])
    >>> found.n, found.differing
    (100, 50)
    """
    chosen = list(dict.fromkeys(names)) if names is not None else _default(study)
    for name in chosen:
        study.candidate(name)
    if len(chosen) < 2:
        raise CandidateError(
            f"Expected two options or more to compare, got {', '.join(chosen) or 'none'}. Name another, or build one."
        )
    at, rows = _rows(study, chosen)
    asked = Rows(study, at)
    said = [asked.said(name) for name in chosen]
    numbers = [s[:, 0] for s in said] if not study.classes else []
    if study.classes:
        ways = np.column_stack([chosen_class(s, metrics.focus_of(study), study.threshold) for s in said])
        apart = _apart_classes(said, ways)
        tolerance = None
        differs = (ways != ways[:, :1]).any(axis=1)
        answers: list[list[Any]] = [[study.classes[k] for k in ways[:, j]] for j in range(len(chosen))]
        pairs = {(i, j): int((ways[:, i] != ways[:, j]).sum()) for i, j in _every_two(chosen)}
    else:
        values = np.column_stack(numbers)
        tolerance = _tolerance(study, chosen, values, at)
        apart = values.max(axis=1) - values.min(axis=1) if len(at) else np.zeros(0)
        differs = apart > tolerance
        answers = [v.tolist() for v in numbers]
        pairs = {(i, j): int((np.abs(numbers[i] - numbers[j]) > tolerance).sum()) for i, j in _every_two(chosen)}
    order = np.flatnonzero(differs)
    order = order[np.argsort(-apart[order], kind="stable")]
    ids = study.case_ids[at[order]]
    record = study.frame[study.target].iloc[at[order]].astype(object).tolist()
    return Disagreements(
        names=tuple(chosen),
        n=len(at),
        differing=len(order),
        tolerance=tolerance,
        rows=rows,
        cases=tuple(map(str, ids)),
        record=tuple(None if pd.isna(r) else r for r in record),
        answers=_framed(chosen, [[a[i] for i in order] for a in answers]),
        chances=_chances(study, chosen, said, order),
        apart=tuple(apart[order].tolist()),
        pairs=_matrix(chosen, pairs),
    )


def _default(study: Study) -> list[str]:
    return [n for n in money.names_of(study) if study.candidates[n].kind != "baseline"]


def _rows(study: Study, names: Sequence[str]) -> tuple[IntArray, str]:
    """Return never-seen rows, whether or not their outcome is known; rows of unknown history where there are none."""
    labels = study.split.to_numpy()
    wanted = labels == TEST
    if not wanted.any():
        wanted = labels == UNKNOWN
    said = {metrics.measured_rows(study, n, (TEST,))[1] for n in names}
    return np.flatnonzero(wanted), next((s for s in said if s != "test"), "test")


def _every_two(names: Sequence[str]) -> list[tuple[int, int]]:
    return list(combinations(range(len(names)), 2))


def _apart_classes(said: Sequence[Array], ways: IntArray) -> Array:
    """Return the largest gap, between any two options, in the chance of a class that either of them names."""
    out = np.zeros(len(ways))
    every = np.arange(len(ways))
    for i, j in _every_two(said):  # type: ignore[arg-type]
        for k in (i, j):
            gap = np.abs(said[i][every, ways[:, k]] - said[j][every, ways[:, k]])
            out = np.maximum(out, np.where(ways[:, i] != ways[:, j], gap, 0.0))
    return out


def _tolerance(study: Study, names: Sequence[str], values: Array, at: IntArray) -> float:
    """Return the largest usual error among the options; from these rows where none was measured."""
    known = [c.typical_error for c in (study.candidates[n] for n in names) if c.typical_error is not None]
    if known:
        return float(max(known))
    actual = study.frame[study.target].to_numpy(dtype=np.float64, na_value=np.nan)[at]
    off = np.abs(values - actual[:, None])
    return float(np.nanmax(np.nanmean(off, axis=0))) if np.isfinite(off).any() else 0.0


def _framed(names: Sequence[str], columns: Sequence[Sequence[Any]]) -> pd.DataFrame:
    return pd.DataFrame({n: pd.Series(list(c), dtype=object) for n, c in zip(names, columns, strict=True)})


def _chances(study: Study, names: Sequence[str], said: Sequence[Array], order: IntArray) -> pd.DataFrame | None:
    if len(study.classes) != 2:
        return None
    focus = metrics.focus_of(study)
    return pd.DataFrame({n: s[order, focus] for n, s in zip(names, said, strict=True)})


def _matrix(names: Sequence[str], pairs: dict[tuple[int, int], int]) -> pd.DataFrame:
    counts = np.zeros((len(names), len(names)), dtype=np.int64)
    for (i, j), n in pairs.items():
        counts[i, j] = counts[j, i] = n
    return pd.DataFrame(counts, index=list(names), columns=list(names))
