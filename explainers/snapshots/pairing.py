"""Which cases two states have in common: by id where the data has ids, else by their values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from explainers.results import Snapshot

Ints = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Paired:
    """The places of the same cases in two states.

    Attributes
    ----------
    before, after : ndarray of int, shape (n_both,)
        Places in either state; both in the order of the later one.
    values_changed : ndarray of bool, shape (n_both,)
        Whether the case has other values now.
    record_changed : ndarray of bool, shape (n_both,)
        Whether its recorded outcome is another one now.
    """

    before: Ints
    after: Ints
    values_changed: Flags
    record_changed: Flags


def pair(before: Snapshot, after: Snapshot) -> Paired:
    """Find the cases that both states have.

    Parameters
    ----------
    before, after : Snapshot

    Returns
    -------
    Paired
        With an id column cases of the same id. Without one cases of the same values, each used once.
    """
    if before.by_id and after.by_id:
        names: tuple[list[Any], list[Any]] = (list(before.cases), list(after.cases))
    else:
        names = (_numbered(before.contents), _numbered(after.contents))
    at = pd.Index(names[0]).get_indexer(pd.Index(names[1]))
    mine = np.flatnonzero(at >= 0)
    theirs = np.asarray(at[mine], dtype=np.int64)
    values = np.asarray(before.contents)[theirs] != np.asarray(after.contents)[mine]
    return Paired(theirs, mine, values, _record(before)[theirs] != _record(after)[mine])


def _numbered(contents: tuple[int, ...]) -> list[Any]:
    """Return each number with how often it was there before, so that copies of a case stay apart."""
    column = pd.Series(contents)
    return list(zip(contents, column.groupby(column).cumcount(), strict=True)) if len(column) else []


def _record(state: Snapshot) -> np.ndarray[Any, Any]:
    return np.asarray(state.record, dtype=object) if state.numbers is None else np.asarray(state.numbers)
