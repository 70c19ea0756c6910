"""The values of a case, as they are stored: plain Python values that mean the same after a round trip."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import numpy as np

from explainers.database.checks import storable
from explainers.errors import DatabaseError

DEEPEST = 6
MOST_VALUES = 20_000
_INFINITE = "$float"  # JSON has no infinity: it is written as {"$float": "inf"}; values are never objects otherwise


def plain_case(case: Mapping[Any, Any]) -> dict[str, Any]:
    """Turn the values of a case into plain Python values.

    Parameters
    ----------
    case : mapping
        Values by column: Python, NumPy or pandas scalars.

    Returns
    -------
    dict
        The same order; missing values (NaN, NaT, NA) are None, dates and times ISO text, NumPy scalars Python
        values, anything else its text.
    """
    return {storable(str(column)): plain_value(value) for column, value in case.items()}


def plain_value(value: Any) -> str | int | float | bool | None:
    """Turn one value into text, a number, a truth value or None."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return None
    if isinstance(value, np.datetime64 | np.timedelta64):
        return None if np.isnat(value) else str(value)
    if isinstance(value, str):
        return storable(str(value))
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating | Decimal):
        number = float(value)
        return None if math.isnan(number) else number
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return storable(str(value))


def to_json(case: Mapping[str, Any]) -> dict[str, Any]:
    """Write infinities in a way that JSON can carry."""
    return {
        column: {_INFINITE: str(value)} if isinstance(value, float) and math.isinf(value) else value
        for column, value in case.items()
    }


def from_json(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Undo `to_json`."""
    return {column: float(value[_INFINITE]) if isinstance(value, dict) else value for column, value in stored.items()}


def plain_tree(what: str, given: Any) -> Any:
    """Turn values by name, lists and what is inside them into plain Python values.

    Parameters
    ----------
    what : str
        What it is, for the message.
    given : object
        Mappings, lists or tuples, scalars; at most 6 deep and 20,000 values in all.

    Returns
    -------
    object
        Dicts with text as names, lists, and the values of :func:`plain_value`.

    Raises
    ------
    DatabaseError
        It is too deep or too much.

    Examples
    --------
    >>> plain_tree("The figures", {"wrong": {"yes": (1, float("nan"))}})
    {'wrong': {'yes': [1, None]}}
    """
    left = MOST_VALUES

    def copied(value: Any, depth: int) -> Any:
        nonlocal left
        left -= 1
        if depth > DEEPEST or left < 0:
            raise DatabaseError(
                f"{what}: expected at most {MOST_VALUES:,} values, at most {DEEPEST} deep, came more. "
                "Take fewer and save again; nothing was stored."
            )
        if isinstance(value, Mapping):
            return {storable(str(name)): copied(one, depth + 1) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return [copied(one, depth + 1) for one in value]
        return plain_value(value)

    return copied(given, 0)


def tree_to_json(tree: Any) -> Any:
    """Write infinities in a way that JSON can carry, however deep they are."""
    if isinstance(tree, dict):
        return {name: tree_to_json(one) for name, one in tree.items()}
    if isinstance(tree, list):
        return [tree_to_json(one) for one in tree]
    return {_INFINITE: str(tree)} if isinstance(tree, float) and math.isinf(tree) else tree


def tree_from_json(stored: Any) -> Any:
    """Undo :func:`tree_to_json`."""
    if isinstance(stored, dict):
        if stored.keys() == {_INFINITE} and stored[_INFINITE] in ("inf", "-inf"):
            return float(stored[_INFINITE])
        return {name: tree_from_json(one) for name, one in stored.items()}
    if isinstance(stored, list):
        return [tree_from_json(one) for one in stored]
    return stored
