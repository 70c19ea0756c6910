"""Raw columns as a foreign model wants them: its own names, its own levels, nothing that it never saw."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from explainers.errors import CandidateError


def in_order(frame: pd.DataFrame, names: Sequence[str], what: str) -> pd.DataFrame:
    """Return the columns under the model's names, in its order.

    Parameters
    ----------
    frame : DataFrame of shape (n, k)
        Columns of the study; by name where all names are there, else by place.
    names : sequence of str
        The model's names; empty where it has none.
    what : str
        What to call the model in messages.

    Raises
    ------
    CandidateError
        There are more or fewer columns than the model reads.
    """
    if not names:
        return frame
    if set(names) <= set(frame.columns):
        return frame[list(names)]
    if len(names) != frame.shape[1]:
        raise CandidateError(f"{what} reads {len(names)} columns, and {frame.shape[1]} came. Give it its own columns.")
    return frame.set_axis(list(names), axis=1)


def level_text(value: Any) -> str:
    """Return a level as text, the same for 1, 1.0 and "1"."""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)


def as_levels(values: pd.Series[Any], levels: Sequence[Hashable]) -> pd.Series[Any]:
    """Return a column as categories of exactly these levels; what the model never saw is missing."""
    place = {level_text(level): i for i, level in enumerate(levels)}
    short, unique = pd.factorize(values.astype(object), use_na_sentinel=True)
    table = np.array([*(place.get(level_text(v), -1) for v in unique), -1], dtype=np.int64)
    categories: Any = pd.Index(list(levels))
    made = pd.Categorical.from_codes(table[short], categories=categories)
    return pd.Series(made, index=values.index)


def with_levels(frame: pd.DataFrame, levels: Mapping[str, Sequence[Hashable]]) -> pd.DataFrame:
    """Return the frame with the columns of ``levels`` as categories of these levels."""
    if not levels:
        return frame
    return frame.assign(**{name: as_levels(frame[name], known) for name, known in levels.items() if name in frame})


def as_texts(values: pd.Series[Any], missing: str) -> pd.Series[Any]:
    """Return a column as Python texts, with a word for what is missing; whole numbers without a decimal point."""
    short, unique = pd.factorize(values.astype(object), use_na_sentinel=True)
    table = np.array([*(level_text(v) for v in unique), missing], dtype=object)
    return pd.Series(table[short], index=values.index, dtype=object)


def softmax(margins: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return class probabilities of shape (n, k) for sums of shape (n, k)."""
    powers = np.exp(margins - margins.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
