"""Rows and columns that are there twice, found by one hash per cell."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from explainers.results import Problem
from explainers.study import Dictionary
from explainers.validate.say import at_rows, column_place, counted, listed

Hashes = dict[str, np.ndarray[Any, Any]]


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
    hashes: Hashes = {
        name: pd.util.hash_pandas_object(frame[name], index=False).to_numpy(dtype=np.uint64)
        for name in frame.columns
        if dictionary[name].role != "id"
    }
    return _columns(frame, dictionary, hashes) + _rows(frame, hashes)


def _columns(frame: pd.DataFrame, dictionary: Dictionary, hashes: Hashes) -> list[Problem]:
    seen: dict[bytes, str] = {}
    found = []
    for name, cells in hashes.items():
        if dictionary[name].role not in ("feature", "target") or frame[name].isna().all():
            continue
        if len(cells) > 1 and (cells == cells[0]).all():
            continue  # columns that are always the same are said elsewhere
        content = cells.tobytes()
        first = seen.setdefault(content, name)
        if first == name:
            continue
        gives_away = "target" in (dictionary[name].role, dictionary[first].role)
        found.append(
            Problem(
                code="repeated_column",
                where=column_place(name, dictionary[name].label),
                message=f"It holds the same as {column_place(first, dictionary[first].label)} in every row"
                + (", which is the outcome." if gives_away else ", so their parts in an answer cannot be told apart."),
                remedy="Leave one of the two out (role: excluded).",
                severity="warning",
            )
        )
    return found


def _rows(frame: pd.DataFrame, hashes: Hashes) -> list[Problem]:
    if not hashes or len(frame) < 2:
        return []
    mixed = np.zeros(len(frame), dtype=np.uint64)
    for cells in hashes.values():
        mixed = mixed * np.uint64(0x9E3779B97F4A7C15) ^ cells
    again = pd.Series(mixed).duplicated().to_numpy()
    if not again.any():
        return []
    n = int(again.sum())
    # where few different rows are possible at all, equal ones are no sign of a mistake
    possible = 1.0
    for cells in hashes.values():
        possible *= len(np.unique(cells[:5000]))
    usual = possible < 20.0 * len(frame)
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
