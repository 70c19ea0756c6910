"""The values of a case, as they are stored: plain Python values that mean the same after a round trip."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import numpy as np

from explainers.database.checks import storable

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
