"""Small words for problems: names, examples and row numbers as a person would say them, always plain text."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

MOST_EXAMPLES = 3


def plain(value: Any, most: int = 60) -> str:
    """Return a value as one short line of text: no line breaks or control characters, cut at `most` characters.

    Examples
    --------
    >>> plain('two  spaces')
    'two spaces'
    """
    text = str(value)[: most * 4]
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= most else text[: most - 1] + "…"


def listed(items: Iterable[Any], most: int = MOST_EXAMPLES) -> str:
    """Return 'a', 'a and b' or 'a, b and c'; only the first `most` are named.

    Examples
    --------
    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    names = [plain(i) for i, _ in zip(items, range(most), strict=False)]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1] if names else "none"


def quoted(items: Iterable[Any]) -> str:
    """Return up to three examples in quotes."""
    return listed(f"'{plain(i, 40)}'" for i in items)


def counted(n: int, one: str, many: str | None = None) -> str:
    """Return '1 row' or '2,000 rows'."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def at_rows(where: Any) -> str:
    """Return 'in row 4' or 'in rows 4, 9 and others' for a mask of rows; the first row of data is row 1."""
    rows = np.flatnonzero(where) + 1
    if rows.size == 1:
        return f"in row {rows[0]:,}"
    first = [f"{r:,}" for r in rows[:MOST_EXAMPLES]]
    if rows.size > MOST_EXAMPLES:
        return f"in rows {', '.join(first)} and others"
    return "in rows " + listed(first)


def nearest(name: str, known: Sequence[str]) -> str | None:
    """Return the known name that is most like this one, or None if none is."""
    found = difflib.get_close_matches(name.casefold()[:80], [k.casefold()[:80] for k in known], n=1, cutoff=0.6)
    return next((k for k in known if k.casefold()[:80] == found[0]), None) if found else None


def column_place(name: str, label: str | None = None) -> str:
    """Return how a column is named in a problem: its label, with the name in the data beside it."""
    shown, called = plain(name) or "without a name", plain(label or "")
    return f"column {shown}" if called in ("", shown) else f"column {called} ({shown})"
