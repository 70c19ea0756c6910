"""Past cases nearest to one case, and what became of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from explainers.errors import CaseError
from explainers.results import FloatArray, Similar
from explainers.study import TEST, TRAIN, UNKNOWN, Feature, Study

Floats = np.ndarray[Any, np.dtype[np.float32]]
Ints = np.ndarray[Any, np.dtype[np.intp]]
ENOUGH = 10  # of the nearest cases that must lie within the usual distance
PROBES, SEARCHED = 100, 4_000  # rows that measure the usual distance, and rows each is compared with
KEPT, KEPT_POSITIONS = 2, 12
_spaces: OrderedDict[Hashable, _Space] = OrderedDict()
_split_at: dict[tuple[str, str], Ints] = {}


@dataclass(slots=True)
class _Column:
    """How one column is measured."""

    feature: Feature
    spread: float  # 0: equal or not
    levels: dict[Any, int]


@dataclass(slots=True)
class _Space:
    """All rows of a study as numbers, one row of the array per column."""

    columns: list[_Column]
    values: Floats  # (n_columns, n_rows), NaN where missing
    usual: dict[int, float]  # n to the usual distance


def similar(study: Study, case: pd.DataFrame | str, *, candidate: str | None = None, n: int = 50) -> Similar:
    """Return the training rows nearest to a case.

    The distance is the average over the study's inputs: numbers and ordered levels by their difference as a share of
    the range of the middle 90% of training rows (at most 1); categories 0 or 1; a missing value is at distance 1 from
    any value and 0 from another missing one (after Gower 1971, doi:10.2307/2528823). The case itself is left out,
    ties keep the order of the data.

    Parameters
    ----------
    study : Study
        The study.
    case : DataFrame of one row, or str
        Raw feature columns, or the id of a case.
    candidate : str, optional
        Count how often this candidate's answer differs from the record among the n nearest never-seen rows.
    n : int
        How many to return, at most.

    Returns
    -------
    Similar
        ``few`` is set when fewer than 10 of them are within the usual distance: the median distance of training
        rows to their own n-th nearest.

    Raises
    ------
    CaseError
        The case is not one row, or there is nothing to search.
    """
    row, own = _place(study, case)
    by_id = not isinstance(case, str) and any(name in case.columns for name in study.dictionary.names("id"))
    space = _space(study)
    train, never_seen = _positions(study, TRAIN), _positions(study, TEST)
    if train.size == 0:
        train = _positions(study, UNKNOWN)
    train = train[train != own]
    if train.size == 0:
        raise CaseError(f"The study {study.name!r} has no past {study.cases} to search. Add rows to its data.")
    # A case found by its values has its numbers already; one found by its id may have been changed.
    point = space.values[:, own] if own >= 0 and not by_id else _numbers(space.columns, row)[:, 0]
    distances = _distances(space.columns, space.values[:, train], point)
    nearest = _first(distances, min(n, train.size))
    usual = _usual(space, train, n)
    chosen = train[nearest]
    shown = [f.name for f in study.dictionary if f.role in ("id", "feature", "target") and f.name in study.frame]
    disagrees, checked, unknown = None, None, False
    if candidate is not None and study.classes:
        from explainers.pick import wrong

        unknown = study.candidate(candidate).given_fitted and study.split_by != "labels"
        others = never_seen[never_seen != own]
        others = (
            others[_first(_distances(space.columns, space.values[:, others], point), min(n, others.size))]
            if others.size
            else others
        )
        if others.size:
            disagrees, checked = int(wrong(study, candidate)[others].sum()), int(others.size)
    return Similar(
        rows=study.frame[shown].iloc[chosen],
        distances=distances[nearest].astype(float),
        outcomes=tuple(study.frame[study.target].iloc[chosen].tolist()),
        feature_names=tuple(c.feature.name for c in space.columns),
        n_searched=int(train.size),
        typical_distance=usual,
        few=int((distances[nearest] <= usual + 1e-6).sum()) < min(ENOUGH, n),
        model_disagrees=disagrees,
        model_checked=checked,
        model_rows="unknown history" if unknown else TEST,
    )


def _place(study: Study, case: pd.DataFrame | str) -> tuple[pd.DataFrame, int]:
    """Return the case as one row and its position in the data, -1 where it is not there."""
    if isinstance(case, str):
        return study.row(case), int(np.flatnonzero(study.case_ids == case)[0])
    if len(case) != 1:
        raise CaseError(
            f"Similar {study.cases} are found for one {study.case} at a time, not {len(case)}. Give one row."
        )
    lacking = [name for name in study.inputs if name not in case.columns]
    if lacking:
        raise CaseError(
            f"The {study.case} lacks the columns {', '.join(lacking)}. Give every input, empty if not known."
        )
    ids = study.dictionary.names("id")
    if ids and ids[0] in case.columns:
        same = np.flatnonzero(study.case_ids == str(case[ids[0]].iloc[0]))
        return case, int(same[0]) if same.size else -1
    # Without an id, a row of the same index is the case only if no value was changed.
    for at in np.flatnonzero(study.frame.index == case.index[0]).tolist():
        if all(_same(study.frame[name].iloc[at], case[name].iloc[0]) for name in study.inputs):
            return case, at
    return case, -1


def _same(there: Any, here: Any) -> bool:
    missing = pd.isna(there), pd.isna(here)
    return all(missing) if any(missing) else bool(there == here)


def _positions(study: Study, label: str) -> Ints:
    known = _split_at.get((study.data_key, label)) if study.data_key else None
    if known is None:
        known = np.flatnonzero((study.split == label).to_numpy())
        while len(_split_at) >= KEPT_POSITIONS:
            _split_at.pop(next(iter(_split_at)), None)
        _split_at[study.data_key, label] = known
    return known


def _space(study: Study) -> _Space:
    """Return the study's rows as numbers, kept for the next call."""
    orders = tuple((name, tuple(study.dictionary[name].level_labels)) for name in study.inputs)
    key = (study.data_key, orders)
    if study.data_key and key in _spaces:
        _spaces.move_to_end(key)
        return _spaces[key]
    train = _positions(study, TRAIN)
    columns = [_measure(study.dictionary[name], study.frame[name], train) for name in study.inputs]
    space = _Space(columns, _numbers(columns, study.frame), {})
    if study.data_key:
        _spaces[key] = space
        while len(_spaces) > KEPT:
            _spaces.popitem(last=False)
    return space


def _measure(feature: Feature, values: pd.Series[Any], train: Ints) -> _Column:
    """Return how a column is measured: its levels and its spread over training rows."""
    by_number = feature.kind in ("numeric", "date") or (
        feature.kind == "ordered" and pd.api.types.is_numeric_dtype(values.dtype)
    )
    levels: dict[Any, int] = {}
    if not by_number:
        named = [str(level) for level in feature.level_labels] if feature.kind == "ordered" else []
        every = [*named, *sorted(set(map(str, values.dropna().unique())) - set(named))]
        levels = {level: at for at, level in enumerate(every)}
        if feature.kind != "ordered":
            return _Column(feature, 0.0, levels)
    column = _Column(feature, 1.0, levels)
    known = _column_numbers(column, values)
    known = known[train] if train.size else known
    known = known[np.isfinite(known)]
    if known.size:
        low, high = np.percentile(known, [5, 95])
        if high <= low:  # nearly all rows are alike: measure by the whole range
            low, high = known.min(), known.max()
        column.spread = float(high - low)
    return column


def _numbers(columns: list[_Column], frame: pd.DataFrame) -> Floats:
    out = np.empty((len(columns), len(frame)), dtype=np.float32)
    for at, column in enumerate(columns):
        out[at] = _column_numbers(column, frame[column.feature.name])
    return out


def _column_numbers(column: _Column, values: pd.Series[Any]) -> FloatArray:
    """Return a column as numbers, NaN where missing; a level that is not in the data gets a number of its own."""
    if column.levels:
        codes, unique = pd.factorize(values)
        table = np.array([column.levels.get(str(level), -1) for level in unique] + [np.nan], dtype=float)
        return np.asarray(table[codes], dtype=float)
    if column.feature.kind == "date":
        when = pd.to_datetime(values, errors="coerce", utc=True)
        days = (when - pd.Timestamp("1970-01-01", tz="UTC")) / pd.Timedelta(days=1)
        return np.asarray(days.to_numpy(dtype=float, na_value=np.nan))
    return np.asarray(pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan))


def _distances(columns: list[_Column], rows: Floats, point: Floats) -> Floats:
    """Return the distance of the point, shape (n_columns,), to rows of shape (n_columns, n_rows), 0 to 1."""
    total = np.zeros(rows.shape[1], dtype=np.float32)
    for column, values, here in zip(columns, rows, point, strict=True):
        if np.isnan(here):
            total += ~np.isnan(values)
            continue
        if column.spread > 0:
            apart = np.minimum(np.abs(values - here) / np.float32(column.spread), 1.0)
        else:
            apart = (values != here).astype(np.float32)
        total += np.where(np.isnan(values), np.float32(1.0), apart)
    return np.asarray(total / np.float32(max(1, len(columns))), dtype=np.float32)


def _first(distances: Floats, n: int) -> Ints:
    """Return the places of the n smallest, ties in the order they come."""
    if n >= distances.size:
        return np.argsort(distances, kind="stable")
    limit = np.partition(distances, n - 1)[n - 1]
    within = np.flatnonzero(distances <= limit)
    return within[np.argsort(distances[within], kind="stable")][:n]


def _usual(space: _Space, train: Ints, n: int) -> float:
    """Return the median distance of training rows to their own n-th nearest, on a fixed sample.

    Where there are more training rows than are searched, the n-th nearest of all is about the n * share-th of those.
    """
    if n not in space.usual:
        drawn = np.random.default_rng(0).permutation(train)
        searched = drawn[:SEARCHED]
        rank = max(1, round(n * searched.size / train.size))
        rows = np.ascontiguousarray(space.values[:, searched])
        found = []
        for place in range(min(PROBES, searched.size)):
            apart = np.delete(_distances(space.columns, rows, rows[:, place]), place)
            if apart.size:
                found.append(np.partition(apart, min(rank, apart.size) - 1)[min(rank, apart.size) - 1])
        space.usual[n] = float(np.median(found)) if found else 0.0
    return space.usual[n]
