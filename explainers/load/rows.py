"""Which rows train, calibrate and test: check what was asked for, then let `explainers.split` do it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from explainers.errors import StudyError
from explainers.results import Problem
from explainers.study import CALIBRATION, TEST, TRAIN, UNKNOWN
from explainers.validate.say import at_rows, column_place, counted, nearest, quoted

LABELS = (TRAIN, CALIBRATION, TEST, UNKNOWN)
_SAME = {"training": TRAIN, "validation": CALIBRATION, "testing": TEST}
WHERE = "the split of the rows"


def choose_rows(
    frame: pd.DataFrame,
    split: str | Sequence[Any] | pd.Series[Any] | Mapping[str, Any] | None,
    *,
    target: str,
    classification: bool,
) -> tuple[pd.Series[str] | None, str, list[Problem]]:
    """Return a label for each row, how the rows were split, and what is wrong with that.

    Rows without a recorded outcome are labelled unknown: nothing is learned from them and nothing is measured on them.

    Parameters
    ----------
    frame : DataFrame
        All rows.
    split : str or sequence of labels or None
        As in :meth:`explainers.study.Study.from_frame`.
    target : str
        Column with the outcome.
    classification : bool
        Whether the outcome is classes.

    Returns
    -------
    labels : Series of str, or None
        None where the split cannot be made.
    by : str
        "random", "time:COLUMN", "group:COLUMN" or "labels".
    problems : list of Problem
        Why not, or which rows are left out.
    """
    from explainers.split import make_split

    problems: list[Problem] = []
    by = "random"
    given: Any = split
    if isinstance(split, str):
        by = split.strip() or "random"
        how, _, column = by.partition(":")
        if how not in ("random", "time", "group") or (how != "random" and not column):
            near = nearest(how, ("random", "time", "group"))
            problems.append(
                _problem(
                    "unknown_split",
                    f"'{by}' is not a way to split the rows.",
                    (f"Did you mean '{near}'? " if near else "") + "Write random, time:COLUMN or group:COLUMN.",
                )
            )
        elif how != "random" and column not in frame.columns:
            near = nearest(column, [str(c) for c in frame.columns])
            problems.append(
                _problem(
                    "split_column",
                    f"The rows are to be split by the column '{column}', which is not in the data.",
                    f"Did you mean '{near}'?" if near else "Name a column of the data.",
                )
            )
        elif how != "random":
            problems += _gaps(frame[column], how)
    elif isinstance(split, Mapping):
        by = f"time:{split.get('time')}"
        if split.get("time") in frame.columns:
            problems += _gaps(frame[str(split["time"])], "time")
    elif split is not None:
        by = "labels"
        given = _labels(frame, split, problems)
    if any(p.severity == "error" for p in problems):
        return None, by, problems
    try:
        labels = make_split(frame, given, target=target, classification=classification)
    except StudyError as error:
        message, _, remedy = error.message.rpartition(". ")
        problems.append(_problem("split_failed", f"{message}.", remedy))
        return None, by, problems
    labels = labels.mask(frame[target].isna().to_numpy(), UNKNOWN).astype("str")
    problems += _sizes(labels)
    return labels, by, problems


def _problem(code: str, message: str, remedy: str, severity: Any = "error") -> Problem:
    return Problem(code=code, where=WHERE, message=message, remedy=remedy, severity=severity)


def _gaps(values: pd.Series[Any], how: str) -> list[Problem]:
    gaps = values.isna().to_numpy()
    if not gaps.any():
        return []
    what = "date or time" if how == "time" else "group"
    return [
        Problem(
            code=f"{how}_missing",
            where=column_place(str(values.name)),
            message=f"{counted(int(gaps.sum()), 'row')} {'has' if gaps.sum() == 1 else 'have'} no {what} "
            f"({at_rows(gaps)}). They cannot be put in order and are left out of learning and checking.",
            remedy="Fill in the column for these rows, or split another way.",
            severity="warning",
        )
    ]


def _labels(frame: pd.DataFrame, split: Any, problems: list[Problem]) -> np.ndarray[Any, Any] | None:
    """Return the labels in the order of the rows; a Series is taken by its index where that names the same rows."""
    try:
        n = len(split)
    except TypeError:
        problems.append(
            _problem("split_labels", f"A {type(split).__name__} is no split.", "Give a label for each row.")
        )
        return None
    if isinstance(split, pd.Series) and n == len(frame) and not split.index.equals(frame.index):
        same = split.index.is_unique and frame.index.is_unique and bool(split.index.isin(frame.index).all())
        if same:
            split = split.reindex(frame.index)
        elif not isinstance(split.index, pd.RangeIndex):
            problems.append(
                _problem(
                    "split_labels",
                    "The labels have other row names than the data, so it is not clear which label is for which row.",
                    "Give the labels with the row names of the data, or as a list in the order of the rows.",
                )
            )
            return None
    if n != len(frame):
        problems.append(
            _problem(
                "split_labels",
                f"There are {counted(n, 'label')} for {counted(len(frame), 'row')}.",
                "Give one label for each row, in the order of the rows.",
            )
        )
        return None
    raw = pd.Series(np.asarray(split, dtype=object))
    gaps = raw.isna().to_numpy()
    codes, given = pd.factorize(raw.where(~gaps, UNKNOWN))  # a few labels on any number of rows
    plain_labels = [str(v).strip().casefold() for v in given]
    texts = pd.Series(np.array([_SAME.get(v, v) for v in plain_labels], dtype=object)[codes])
    strange = (~texts.isin(LABELS)).to_numpy()
    if strange.any():
        near = nearest(str(raw[strange].iloc[0]), LABELS)
        problems.append(
            _problem(
                "split_labels",
                f"{counted(int(strange.sum()), 'row')} {'has a label' if strange.sum() == 1 else 'have labels'} that "
                f"{'is' if strange.sum() == 1 else 'are'} not known: {quoted(pd.unique(raw[strange]))} "
                f"({at_rows(strange)}).",
                (f"Did you mean '{near}'? " if near else "") + f"Use {quoted(LABELS[:3])} or 'unknown'.",
            )
        )
        return None
    if gaps.any():
        problems.append(
            _problem(
                "split_labels",
                f"{counted(int(gaps.sum()), 'row')} without a label ({at_rows(gaps)}): taken as unknown.",
                "Give these rows a label too.",
                "warning",
            )
        )
    return texts.to_numpy(dtype=object)


def _sizes(labels: pd.Series[str]) -> list[Problem]:
    found = []
    if not (labels == TRAIN).any():
        found.append(
            _problem("no_training_rows", "No row is for training, so nothing can be learned.", "Label rows 'train'.")
        )
    for label, use in ((CALIBRATION, "to check stated chances"), (TEST, "to measure how good the options are")):
        if not (labels == label).any():
            found.append(
                _problem(
                    f"no_{label}_rows", f"There are no rows {use}.", f"Label some rows '{label}'.", severity="warning"
                )
            )
    return found


def split_columns(split: Any) -> dict[str, Any]:
    """Return the role that a split by time or group gives to its column."""
    if isinstance(split, Mapping):
        return {str(split["time"]): "time"} if "time" in split else {}
    match = re.match(r"^\s*(time|group):(.+)$", split) if isinstance(split, str) else None
    return {match.group(2).strip(): match.group(1)} if match else {}
