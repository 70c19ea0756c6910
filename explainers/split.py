"""Which rows are for training, calibration and test, and the folds for out-of-fold work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from explainers.errors import StudyError
from explainers.study import CALIBRATION, TEST, TRAIN, UNKNOWN, Role

if TYPE_CHECKING:
    from explainers.study import Study

IntArray = np.ndarray[Any, np.dtype[np.int64]]
PARTS = (TRAIN, CALIBRATION, TEST)
SHARES = (0.6, 0.2, 0.2)
_PATTERN = np.array([TRAIN, CALIBRATION, TRAIN, TEST, TRAIN], dtype=object)
_SAME = {"training": TRAIN, "validation": CALIBRATION}


def make_split(
    frame: pd.DataFrame,
    split: str | Sequence[Any] | pd.Series[Any] | Mapping[str, Any] | None,
    *,
    target: str,
    classification: bool,
    seed: int = 0,
) -> pd.Series[str]:
    """Label every row train, calibration, test or unknown.

    Parameters
    ----------
    frame : DataFrame of shape (n, k)
        All rows; rows without a target value are labelled unknown.
    split : None, str, mapping or sequence of n labels
        None or "random": 60/20/20, every class in the same shares; "time:COLUMN": the earliest 60% of rows train, the
        latest 20% test, rows of one moment together; "group:COLUMN": whole groups; or one label per row; or a
        mapping with the first moments of calibration and test, ``{"time": "year", "calibration_from": 1981,
        "test_from": 1987}``, where what is earlier trains. A Series with the frame's index in another order is taken
        by index, anything else by position.
    target : str
        Column that is to be answered.
    classification : bool
        Whether the random split keeps the shares of the classes.
    seed : int
        Seed of the random and the group split.

    Returns
    -------
    Series of str
        One label per row, with the frame's index.

    Raises
    ------
    StudyError
        The column does not exist, the labels do not fit, or there are too few moments or groups to split.

    Examples
    --------
    >>> frame = pd.DataFrame({"x": range(10), "y": ["no", "yes"] * 5})
    >>> labels = make_split(frame, None, target="y", classification=True)
    >>> [int((labels == part).sum()) for part in ("train", "calibration", "test")]
    [6, 2, 2]
    """
    if split is None or isinstance(split, str):
        labels = _by_rule(frame, split or "random", target, classification, seed)
        labels[frame[target].isna().to_numpy()] = UNKNOWN
    elif isinstance(split, Mapping):
        labels = _from_moments(frame, split)
        labels[frame[target].isna().to_numpy()] = UNKNOWN
    else:
        labels = _given(frame, split)
    return pd.Series(labels, index=frame.index, name="split", dtype="str")


def folds(study: Study, n: int = 5) -> tuple[tuple[IntArray, IntArray], ...]:
    """Return folds of the training rows, by time or group where the split is.

    Parameters
    ----------
    study : Study
        The study; its ``split_by`` says how the rows were split.
    n : int
        Folds wanted; fewer where there are fewer rows, moments or groups.

    Returns
    -------
    tuple of (fit, held) pairs
        Row positions in ``study.frame``. By time every fold is fitted on what came before it, so the first of the
        n + 1 blocks is never held out, and a row without a time is in no fold. A row without a group is one of its own.

    Raises
    ------
    StudyError
        There are fewer than two training rows, moments or groups.
    """
    rows = study.training()
    how, column = apart(study)
    rng = np.random.default_rng(0)
    if how == "time":
        moments = _codes(study.frame[column].iloc[rows], sort=True)
        rows, moments = rows[moments >= 0], moments[moments >= 0]
        block = _blocks(moments, n + 1)
        pairs = [(rows[block < k], rows[block == k]) for k in range(1, block.max(initial=0) + 1)]
    else:
        if how == "group":
            groups = _codes(study.frame[column].iloc[rows], sort=False)
            alone = np.flatnonzero(groups < 0)
            groups[alone] = groups.max(initial=-1) + 1 + np.arange(alone.size)
            fold = _fill_groups(groups, np.full(min(n, groups.max(initial=-1) + 1), 1.0), rng)
        else:
            fold = _dealt(study.frame[study.target].iloc[rows], study.task == "classification", n, rng)
        pairs = [(rows[fold != k], rows[fold == k]) for k in range(fold.max(initial=0) + 1)]
    pairs = [(fit, held) for fit, held in pairs if fit.size and held.size]
    if not pairs or (how != "time" and len(pairs) < 2):
        raise StudyError(
            f"Out-of-fold work on {study.title!r} needs at least two training rows, moments or groups, and "
            f"{rows.size} training rows came. Give more rows the label train."
        )
    return tuple(pairs)


def apart(study: Study) -> tuple[str, str]:
    """Return what keeps rows apart, "time", "group" or "random", and the column that says so."""
    how, _, column = study.split_by.partition(":")
    if how in ("time", "group") and column in study.frame.columns:
        return how, column
    roles: tuple[Role, ...] = ("time", "group")
    for role in roles:  # labels given row by row: the roles say what must not be torn apart
        named = study.dictionary.names(role)
        if how == "labels" and named:
            return role, named[0]
    return "random", ""


def _by_rule(frame: pd.DataFrame, split: str, target: str, classification: bool, seed: int) -> np.ndarray[Any, Any]:
    rng = np.random.default_rng(seed)
    how, _, column = split.partition(":")
    if how in ("time", "group") and column:
        if column not in frame.columns:
            raise StudyError(
                f"The split {split!r} names the column {column!r}, which is not in the data. "
                f"It has: {', '.join(map(str, frame.columns[:20]))}. Name one of these."
            )
        return _by_time(frame[column]) if how == "time" else _by_group(frame[column], rng)
    if split != "random":
        raise StudyError(
            f"A split is 'random', 'time:COLUMN', 'group:COLUMN' or one label per row, and {split!r} came. "
            "Write one of these."
        )
    return _random(frame[target], classification, rng)


def _random(target: pd.Series[Any], classification: bool, rng: np.random.Generator) -> np.ndarray[Any, Any]:
    known = np.flatnonzero(target.notna().to_numpy())
    order = rng.permutation(known)
    codes = _codes(target.iloc[order], sort=True) if classification else np.zeros(order.size, dtype=np.int64)
    order = order[np.argsort(codes, kind="stable")]
    labels = np.full(len(target), UNKNOWN, dtype=object)
    # Dealing the rows out class by class in a fixed rhythm gives every class its share and the whole exactly 60/20/20.
    labels[order] = np.resize(_PATTERN, order.size)
    if classification:
        _every_class_trains(labels, order, np.sort(codes))
    return labels


def _every_class_trains(labels: np.ndarray[Any, Any], order: IntArray, codes: IntArray) -> None:
    for code in np.unique(codes):
        rows = order[codes == code]
        if not (labels[rows] == TRAIN).any():
            labels[rows[0]] = TRAIN


def _by_time(moments: pd.Series[Any]) -> np.ndarray[Any, Any]:
    known = np.flatnonzero(moments.notna().to_numpy())
    codes = _codes(moments.iloc[known], sort=True)
    if codes.max(initial=-1) < 2:
        raise StudyError(
            f"A split by time needs at least three different values in {str(moments.name)!r}, and "
            f"{codes.max(initial=-1) + 1} came. Use another column or a random split."
        )
    share = np.cumsum(np.bincount(codes)) / codes.size
    first = int(np.clip(np.argmin(np.abs(share - SHARES[0])), 0, share.size - 3))
    second = int(np.clip(np.argmin(np.abs(share - SHARES[0] - SHARES[1])), first + 1, share.size - 2))
    labels = np.full(len(moments), UNKNOWN, dtype=object)
    labels[known] = np.where(codes <= first, TRAIN, np.where(codes <= second, CALIBRATION, TEST))
    return labels


def _from_moments(frame: pd.DataFrame, split: Mapping[str, Any]) -> np.ndarray[Any, Any]:
    """Label rows by the first moments of calibration and test; a moment is a number or a date, as the column holds."""
    column = str(split.get("time"))
    moments: list[Any] = []
    if column not in frame.columns or set(split) != {"time", "calibration_from", "test_from"}:
        raise StudyError(
            f"A split by moments has time (a column), calibration_from and test_from, and {dict(split)} came. "
            "Write all three, and nothing else."
        )
    values = frame[column]
    dates = pd.api.types.is_datetime64_any_dtype(values.dtype)
    for name in ("calibration_from", "test_from"):
        text = str(split[name])
        moment = pd.to_datetime(text, errors="coerce") if dates else pd.to_numeric(text, errors="coerce")
        if pd.isna(moment) or not (dates or pd.api.types.is_numeric_dtype(values.dtype)):
            raise StudyError(
                f"The split holds {name} {split[name]!r}, and the column {column!r} holds "
                f"{values.dropna().iloc[:1].tolist()}. Give a moment of the same kind, such as 1981 or 2024-12-31."
            )
        moments.append(moment)
    if not moments[0] < moments[1]:
        raise StudyError(
            f"Calibration begins at {split['calibration_from']!r} and test at {split['test_from']!r}, which is not "
            "later. Begin the test after calibration."
        )
    labels = np.full(len(frame), UNKNOWN, dtype=object)
    labels[(values < moments[0]).to_numpy()] = TRAIN
    labels[((values >= moments[0]) & (values < moments[1])).to_numpy()] = CALIBRATION
    labels[(values >= moments[1]).to_numpy()] = TEST
    return labels


def _by_group(groups: pd.Series[Any], rng: np.random.Generator) -> np.ndarray[Any, Any]:
    known = np.flatnonzero(groups.notna().to_numpy())
    codes = _codes(groups.iloc[known], sort=True)
    if codes.max(initial=-1) < 2:
        raise StudyError(
            f"A split by group needs at least three groups in {str(groups.name)!r}, and "
            f"{codes.max(initial=-1) + 1} came. Use another column or a random split."
        )
    labels = np.full(len(groups), UNKNOWN, dtype=object)
    labels[known] = np.array(PARTS, dtype=object)[_fill_groups(codes, np.array(SHARES), rng)]
    return labels


def _fill_groups(codes: IntArray, shares: np.ndarray[Any, Any], rng: np.random.Generator) -> IntArray:
    """Give whole groups, largest first, to the part furthest from its share; an empty part is always furthest."""
    sizes = np.bincount(codes)
    if not len(shares):
        return np.zeros(0, dtype=np.int64)
    wanted = shares / shares.sum() * codes.size
    part = np.empty(sizes.size, dtype=np.int64)
    have = np.zeros(len(shares))
    shuffled = rng.permutation(sizes.size)
    queue = shuffled[np.argsort(-sizes[shuffled], kind="stable")]
    for group in queue:
        part[group] = int(np.argmax((wanted - have) / wanted))
        have[part[group]] += sizes[group]
    return part[codes]


def _dealt(target: pd.Series[Any], classification: bool, n: int, rng: np.random.Generator) -> IntArray:
    order = rng.permutation(len(target))
    if classification:
        order = order[np.argsort(_codes(target.iloc[order], sort=True), kind="stable")]
    fold = np.empty(len(target), dtype=np.int64)
    fold[order] = np.resize(np.arange(max(1, min(n, len(target)))), len(target))
    return fold


def _blocks(codes: IntArray, n: int) -> IntArray:
    share = (np.cumsum(np.bincount(codes)) - 0.5 * np.bincount(codes)) / max(codes.size, 1)
    block = np.minimum((share * n).astype(np.int64), n - 1)
    _, dense = np.unique(block, return_inverse=True)  # fewer moments than blocks leave gaps
    return np.asarray(dense[codes], dtype=np.int64)


def _codes(values: pd.Series[Any], *, sort: bool) -> IntArray:
    if values.dtype == object:
        values = values.astype(str)  # mixed types cannot be sorted
    return np.asarray(pd.factorize(values, sort=sort)[0], dtype=np.int64)


def _given(frame: pd.DataFrame, split: Sequence[Any] | pd.Series[Any]) -> np.ndarray[Any, Any]:
    if len(split) != len(frame):
        raise StudyError(
            f"A split by label has one label per row: {len(frame):,} were expected and {len(split):,} came. "
            "Give every row its label."
        )
    if isinstance(split, pd.Series) and not split.index.equals(frame.index) and _same_rows(split.index, frame.index):
        split = split.reindex(frame.index)
    codes, given = pd.factorize(np.asarray(split, dtype=object))  # -1 where the label is missing
    table = [*(_SAME.get(str(v), str(v)) for v in given), UNKNOWN]
    labels = np.array(table, dtype=object)[codes]
    strange = sorted(set(labels) - {*PARTS, UNKNOWN})
    if strange:
        raise StudyError(
            f"The labels of a split are train, calibration, test and unknown, and {', '.join(map(repr, strange[:5]))} "
            "came. Rename them."
        )
    return labels


def _same_rows(a: pd.Index[Any], b: pd.Index[Any]) -> bool:
    return a.is_unique and b.is_unique and len(a) == len(b) and bool(a.isin(b).all())
