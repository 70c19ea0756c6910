"""Rows and columns that are there twice, found by one hash per cell."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pandas as pd

from explainers.results import Problem
from explainers.study import Dictionary
from explainers.validate.say import at_rows, column_place, counted, listed


def copy_problems(frame: pd.DataFrame, dictionary: Dictionary) -> list[Problem]:
    """Return rows that repeat another row and columns that repeat another column.

    A column with the number of the case does not count for rows; columns that are left out do not count for columns.

    Parameters
    ----------
    frame : DataFrame
        All rows.
    dictionary : Dictionary
        Roles of the columns.

    Returns
    -------
    list of Problem
        Warnings.
    """
    seen: dict[bytes, str] = {}
    found: list[Problem] = []
    mixed = np.zeros(len(frame), dtype=np.uint64)
    possible, columns = 1.0, 0
    for name in frame.columns:  # one at a time: the signs of all columns together weigh as much as the table
        if dictionary[name].role == "id":
            continue
        cells = pd.util.hash_pandas_object(frame[name], index=False).to_numpy(dtype=np.uint64)
        mixed = np.bitwise_xor(mixed * np.uint64(0x9E3779B97F4A7C15), cells, dtype=np.uint64)
        possible *= len(np.unique(cells[:5000]))
        columns += 1
        found += _column(frame, dictionary, name, cells, seen)
    # where few different rows are possible at all, equal ones are no sign of a mistake
    return found + (_rows(mixed, usual=possible < 20.0 * len(frame)) if columns and len(frame) > 1 else [])


def _column(
    frame: pd.DataFrame, dictionary: Dictionary, name: str, cells: np.ndarray[Any, Any], seen: dict[bytes, str]
) -> list[Problem]:
    """Return the problem of a column that holds the same as an earlier one; notes what it holds in `seen`."""
    if dictionary[name].role not in ("feature", "target") or frame[name].isna().all():
        return []
    if len(cells) > 1 and (cells == cells[0]).all():
        return []  # columns that are always the same are said elsewhere
    first = seen.setdefault(hashlib.sha256(cells.tobytes()).digest(), name)
    if first == name:
        return []
    gives_away = "target" in (dictionary[name].role, dictionary[first].role)
    return [
        Problem(
            code="repeated_column",
            where=column_place(name, dictionary[name].label),
            message=f"It holds the same as {column_place(first, dictionary[first].label)} in every row"
            + (", which is the outcome." if gives_away else ", so their parts in an answer cannot be told apart."),
            remedy="Leave one of the two out (role: excluded).",
            severity="warning",
        )
    ]


def _rows(mixed: np.ndarray[Any, Any], *, usual: bool) -> list[Problem]:
    """Return the problem of rows whose signs are equal."""
    again = pd.Series(mixed).duplicated().to_numpy()
    if not again.any():
        return []
    n = int(again.sum())
    originals = np.flatnonzero(again)[:3]
    firsts = [int(np.flatnonzero(mixed == mixed[i])[0]) + 1 for i in originals]
    repeated = listed(f"{f:,}" for f in firsts)
    return [
        Problem(
            code="repeated_rows",
            where="the data",
            message=f"{counted(n, 'row')} {'is' if n == 1 else 'are'} the same as an earlier row in every column "
            f"({at_rows(again)}; {'it repeats row' if n == 1 else 'they repeat rows'} {repeated}).",
            remedy="If they are copies, remove them: options are checked on rows they may have learned from. If "
            "they are different cases that are alike, leave them.",
            severity="note" if usual else "warning",
        )
    ]
