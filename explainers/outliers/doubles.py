"""Rows that are there twice, and rows that are alike in every input and differ in the outcome."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from explainers.results import CopyGroup, Duplicates
from explainers.study import CALIBRATION, TEST, TRAIN, Study

RESULT_VERSION = 1
MOST_GROUPS = 100  # of each kind
Ints = np.ndarray[Any, np.dtype[np.int64]]


def duplicates(study: Study) -> Duplicates:
    """Return groups of rows that are equal in every input, with the same outcome or with others.

    Every column that says something about a case must be equal: inputs, protected columns and moments. Numbers of
    cases, groups and columns that are left out do not count. Two missing values are equal. Nothing is rounded.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    Duplicates
        ``expected`` says how many pairs of equal rows there would be if no column had to do with another: where that
        is many, equal rows are no sign of a slip.

    Examples
    --------
    >>> frame = pd.DataFrame({"size": [1.0, 2.0, 3.0, 1.0, 2.0, 9.0], "sold": ["no", "no", "yes", "no", "yes", "yes"]})
    >>> study = Study.from_frame(frame, target="sold", candidates={"no_model": "no_model"}, split=["train"] * 6)
    >>> [(g.kind, g.ids) for g in duplicates(study).groups]
    [('other outcome', ('1', '4')), ('copies', ('0', '3'))]
    """
    names = [f.name for f in study.dictionary if f.role in ("feature", "time") and f.name in study.frame.columns]
    known = np.flatnonzero(study.frame[study.target].notna().to_numpy())
    codes = [_codes(study.frame[n].iloc[known]) for n in names]
    outcome = _codes(study.frame[study.target].iloc[known])
    inputs = _together(codes, len(known))
    whole = _together([inputs, outcome], len(known))
    parts = study.split.to_numpy()[known]
    sizes = np.bincount(inputs) if len(known) else np.zeros(0, dtype=np.int64)
    kinds = _several(inputs, outcome)
    copies = np.bincount(whole) if len(known) else np.zeros(0, dtype=np.int64)
    found = [
        *_groups(study, known, inputs, np.flatnonzero(kinds > 1), "other outcome"),
        *_groups(study, known, whole, np.flatnonzero(copies > 1), "copies"),
    ]
    return Duplicates(
        groups=tuple(found),
        columns=tuple(names),
        n_rows=len(known),
        n_copies=int((copies[copies > 1] - 1).sum()),
        n_copy_groups=int((copies > 1).sum()),
        n_conflicts=int((kinds > 1).sum()),
        n_conflicting=int(sizes[kinds > 1].sum()),
        n_across=_across(whole, parts),
        expected=_expected(codes, len(known)),
        pairs=int((sizes * (sizes - 1) // 2).sum()),
    )


def _codes(values: pd.Series[Any]) -> Ints:
    """Return a column as numbers from 0 on, a missing value as one of them."""
    try:
        codes = pd.factorize(values, use_na_sentinel=False)[0]
    except TypeError:  # lists and the like cannot be looked up
        codes = pd.factorize(values.astype(str))[0]
    return np.asarray(codes, dtype=np.int64)


def _together(columns: list[Ints], n: int) -> Ints:
    """Return one number for each combination, from 0 on: columns are joined one by one, so nothing can collide."""
    joined = np.zeros(n, dtype=np.int64)
    for codes in columns:
        width = int(codes.max(initial=0)) + 1
        joined = np.unique(joined * width + codes, return_inverse=True)[1].astype(np.int64)
    return joined


def _several(inputs: Ints, outcome: Ints) -> Ints:
    """Return how many different outcomes each combination of inputs has."""
    if not inputs.size:
        return np.zeros(0, dtype=np.int64)
    pairs = np.unique(np.column_stack([inputs, outcome]), axis=0)
    return np.bincount(pairs[:, 0], minlength=int(inputs.max()) + 1)


def _across(whole: Ints, parts: np.ndarray) -> int:
    """Return how many never-seen rows repeat a row that options learn from."""
    never = np.isin(parts, (CALIBRATION, TEST))
    return int(np.isin(whole[never], np.unique(whole[parts == TRAIN])).sum())


def _expected(columns: list[Ints], n: int) -> float:
    """Return how many pairs of rows would be equal if no column had to do with another."""
    if n < 2:
        return 0.0
    pairs = n * (n - 1) / 2.0
    share = 1.0
    for codes in columns:
        counts = np.bincount(codes).astype(np.float64)
        share *= float((counts * (counts - 1)).sum()) / 2.0 / pairs
    return pairs * share


def _groups(study: Study, known: Ints, codes: Ints, wanted: Ints, kind: Any) -> list[CopyGroup]:
    """Return the groups of some codes, those with the widest outcomes first, then the largest."""
    rows = np.flatnonzero(np.isin(codes, wanted))
    order = rows[np.argsort(codes[rows], kind="stable")]
    edges = np.flatnonzero(np.diff(codes[order])) + 1
    ids, target = study.case_ids, study.frame[study.target]
    labels = study.split.to_numpy()
    numbers = study.task == "regression"
    values = pd.to_numeric(target, errors="coerce").to_numpy(dtype=float, na_value=np.nan) if numbers else np.zeros(0)
    places = [known[rows] for rows in np.split(order, edges)] if order.size else []
    spreads = [float(np.ptp(values[at])) if numbers else 0.0 for at in places]
    ranked = sorted(range(len(places)), key=lambda k: (-spreads[k], -len(places[k]), int(places[k][0])))
    return [
        CopyGroup(
            kind=kind,
            ids=tuple(ids[places[k]].tolist()),
            at=tuple(map(int, places[k])),
            outcomes=tuple(target.iloc[places[k]].tolist()),
            parts=tuple(map(str, labels[places[k]])),
            spread=spreads[k] if numbers else None,
        )
        for k in ranked[:MOST_GROUPS]
    ]
