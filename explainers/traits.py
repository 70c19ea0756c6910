"""What picked cases have in common: conditions that hold of them more often than of the others, by more than chance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from explainers.errors import CaseError
from explainers.fields import FloatArray
from explainers.residuals.slicing import Ints, Sliced, slice_column
from explainers.results_segments import Trait, Traits, WhyNoTraits
from explainers.study import Study

RESULT_VERSION = 1
LEVEL = 0.95
SHUFFLES = 199
MOST_DRAWN = 4_000_000
"""Rows drawn in all, over every pick at random; with more picked, fewer picks are drawn, at least 39."""
MOST = 6
ALIKE = 0.8
"""A trait that nearly always comes with one that was named says nothing new: from this correlation on."""


def traits(
    study: Study,
    ids: Iterable[str],
    *,
    among: Iterable[str] | None = None,
    columns: Sequence[str] | None = None,
    random_state: int = 0,
) -> Traits:
    """Return what picked cases have in common, and the others have not.

    Every level, range of values and missing value of every column is looked at. Each is judged by the gain in
    log-likelihood over no difference between picked and others, and named only if picks of as many cases at random
    seldom have anything as clear in common (199 of them).

    Parameters
    ----------
    study : Study
    ids : iterable of str
        Ids of the picked cases, as in ``study.case_ids``.
    among : iterable of str, optional
        Ids of the cases that were picked from; by default all rows with the split labels of the picked ones.
    columns : sequence of str, optional
        Columns to look at; by default inputs that are not protected, times, groups and the outcome.
    random_state : int
        Seed of the picks at random.

    Returns
    -------
    Traits
        At most six, one for each column, none that only repeats another.

    Raises
    ------
    CaseError
        A picked case is not in the study.

    References
    ----------
    Westfall and Young (1993), Resampling-Based Multiple Testing.

    Examples
    --------
    >>> import pandas as pd
    >>> from explainers import Study
    >>> frame = pd.DataFrame({"fuel": ["gas"] * 100 + ["oil"] * 10, "size": range(110), "price": range(110)})
    >>> parts = ["train"] * 10 + ["test"] * 100
    >>> study = Study.from_frame(frame, target="price", candidates={"no_model": "no_model"}, split=parts)
    >>> found = traits(study, [str(i) for i in range(98, 108)], columns=["fuel"])
    >>> found.traits[0].condition.levels, found.traits[0].picked, found.traits[0].others
    (('oil',), 8, 2)
    """
    at, picked = _places(study, ids, among)
    names = looked_at(study) if columns is None else tuple(columns)
    n, m = int(picked.sum()), at.size
    why: WhyNoTraits = "none picked" if not n else "everything picked" if n == m else ""
    cut = [slice_column(study, name, study.frame[name].iloc[at], least=1) for name in names] if not why else []
    sliced = [c for c in cut if c is not None]
    if not why and not sliced:
        why = "no columns"
    common: dict[str, Any] = {"n_picked": n, "n_others": m - n, "level": LEVEL}
    if why:
        return Traits(traits=(), columns=names, why=why, **common)
    times = int(np.clip(MOST_DRAWN // n, 39, SHUFFLES))
    rng = np.random.default_rng(random_state)
    drawn = np.stack([rng.choice(m, n, replace=False) for _ in range(times)])
    by_chance = np.zeros(times)
    best: list[tuple[float, Sliced, int, int, int]] = []
    rows = np.flatnonzero(picked)
    for column in sliced:
        whole = np.rint(column.sets @ np.bincount(column.codes, minlength=column.size)).astype(np.int64)
        counts = _counts(column, np.concatenate([rows[None], drawn]))
        gains = gain(counts, whole, n, m)
        by_chance = np.maximum(by_chance, gains[1:].max(axis=1, initial=0))
        where = int(gains[0].argmax())
        k = int(counts[0, where])
        best.append((float(gains[0, where]), column, where, k, int(whole[where]) - k))
    kept: list[Trait] = []
    marks: list[FloatArray] = []
    for nats, column, where, k, others in sorted(best, key=lambda b: -b[0]):
        p = (1 + int((by_chance >= nats - 1e-9).sum())) / (times + 1)
        if p > 1 - LEVEL or len(kept) == MOST:
            break
        mark = column.sets[where][column.codes].astype(np.float64)
        if any(abs(float(np.corrcoef(mark, other)[0, 1])) >= ALIKE for other in marks):
            continue
        marks.append(mark)
        condition = column.conditions[where]
        kept.append(
            Trait(condition=condition, picked=k, others=others, p_value=p, stands_out=True, evidence=float(nats))
        )
    return Traits(
        traits=tuple(kept),
        columns=tuple(c.name for c in sliced),
        n_looked=sum(len(c.conditions) for c in sliced),
        n_shuffles=times,
        **common,
    )


def looked_at(study: Study) -> tuple[str, ...]:
    """Return the columns that are looked at by default: inputs that are not protected, times, groups, the outcome."""
    roles = ("time", "group", "target")
    names = [*study.inputs, *(n for role in roles for n in study.dictionary.names(role))]  # type: ignore[arg-type]
    return tuple(dict.fromkeys(n for n in names if n in study.frame.columns))


def _places(study: Study, ids: Iterable[str], among: Iterable[str] | None) -> tuple[Ints, np.ndarray[Any, Any]]:
    """Return the positions of the cases that are compared, and which of them are picked."""
    wanted = {str(i) for i in ids}
    known = study.case_ids
    inside = known.isin(list(wanted))
    lacking = wanted - set(known[inside])
    if lacking:
        raise CaseError(
            f"There is no {study.case} {min(lacking)!r} in {study.title!r}. Pick {study.cases} that are on the chart."
        )
    if among is not None:
        compared = known.isin([str(i) for i in among]) | inside
    else:
        label = study.split.to_numpy()
        compared = np.isin(label, np.unique(label[inside].astype(str)))
    at = np.flatnonzero(compared)
    return at, np.asarray(inside[at], dtype=bool)


def _counts(column: Sliced, rows: Ints) -> Ints:
    """Return how many of each pick meet each condition, shape (picks, n_conditions)."""
    codes = column.codes[rows] + column.size * np.arange(len(rows))[:, None]
    table = np.bincount(codes.ravel(), minlength=column.size * len(rows)).reshape(len(rows), column.size)
    return np.asarray(np.rint(table @ column.sets.T.astype(np.float64)), dtype=np.int64)


def gain(picked: Any, whole: Any, n: int, total: int) -> FloatArray:
    """Return the gain in log-likelihood of two shares over one; 0 where the picked have no larger share.

    Parameters
    ----------
    picked : ndarray of int of shape (..., m)
        Picked cases that meet each condition.
    whole : ndarray of int of shape (m,)
        All cases that do.
    n, total : int
        Picked cases, and all cases.

    Examples
    --------
    >>> round(float(gain(np.array([8]), np.array([10]), 10, 100)[0]), 2)
    17.91
    """
    k = np.asarray(picked, dtype=np.float64)
    rest = np.asarray(whole, dtype=np.float64) - k
    m = total - n

    def likely(hits: Any, of: float) -> Any:
        share = np.clip(hits / of, 1e-300, 1)
        other = np.clip(1 - hits / of, 1e-300, 1)
        return hits * np.log(share) + (of - hits) * np.log(other)

    gained = likely(k, n) + likely(rest, m) - likely(k + rest, total)
    return np.asarray(np.where(k * m > rest * n, np.maximum(gained, 0.0), 0.0))
