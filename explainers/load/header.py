"""Find the row with the names of the columns: title rows stand above it in many files that people keep by hand."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from explainers.validate.say import plain

LOOKED_AT = 40
LONGEST_NUMBER = 40  # longer ones are no numbers that people write, and take the search below for ever
_NUMBER = re.compile(r"^[+-]?[\d.,'\s]*\d[\d.,'\s]*%?$")


def header_row(rows: Sequence[Sequence[Any]]) -> tuple[int, str]:
    """Return the row with the names of the columns, from 1, or 0 where there is none; and how that was seen.

    Parameters
    ----------
    rows : sequence of sequences
        The first rows; empty cells are "" or None.

    Examples
    --------
    >>> header_row([["Sales 2024"], [], ["day", "price"], ["1", "2"], ["2", "3"]])[0]
    3
    """
    filled = [sum(not _empty(c) for c in row) for row in rows[:LOOKED_AT]]
    wide = sorted(f for f in filled if f)
    if not wide:
        return 1, "The file has one row."
    usual = max(set(wide[len(wide) // 3 :]), key=wide.count)
    for i, n in enumerate(filled):
        if n < max(1, 0.6 * usual) or (usual > 1 and n < 2):
            continue
        cells = [c for c in rows[i] if not _empty(c)]
        numbers = sum(_is_number(c) for c in cells)
        if numbers > 0.5 * len(cells):
            if i == 0 or not _headed(rows, i, usual):
                return 0, "The first row holds numbers and not names."
            continue
        if i == 0:
            return 1, "It is the first row."
        return i + 1, f"The {_rows(i)} above {'has' if i == 1 else 'have'} fewer cells than the table."
    return 1, "It is the first row."


def _rows(n: int) -> str:
    return "row" if n == 1 else f"{n} rows"


def _headed(rows: Sequence[Sequence[Any]], at: int, usual: int) -> bool:
    """Return whether a row of names may still come below a row of numbers, as below a line of years."""
    following = rows[at + 1 : at + 3]
    return (
        any(sum(not _empty(c) and not _is_number(c) for c in row) >= max(2, 0.8 * usual) for row in following)
        and len(rows) > at + 3
    )


def _empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, float) and math.isnan(cell)) or not str(cell).strip()


def _is_number(cell: Any) -> bool:
    if isinstance(cell, bool):
        return False
    if isinstance(cell, int | float):
        return True
    text = str(cell).strip()
    return len(text) <= LONGEST_NUMBER and bool(_NUMBER.match(text))


def names_of(rows: Sequence[Sequence[Any]], at: int) -> list[Any]:
    """Return the names in that row; numbers where there is no such row."""
    if at == 0:
        return [f"column {i + 1}" for i in range(max(len(r) for r in rows[:LOOKED_AT]))]
    return ["" if _empty(c) else str(c).strip() for c in rows[at - 1]]


def title_why(rows: Sequence[Sequence[Any]], at: int) -> tuple[str, ...]:
    """Return the text of the rows above the names."""
    texts = (plain(" ".join(str(c) for c in row if not _empty(c)), 120) for row in rows[: max(0, at - 1)])
    return tuple(t for t in texts if t)[:5]
