"""From raw columns to numbers: the first step of every option that needs numbers.

Every output column comes from one input column (``input_of_output_``), so rows may be mixed column by column after
encoding as well as before: explanations encode once and rely on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

Array = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]
MISSING, UNSEEN = -1, -2
_DAY = np.timedelta64(1, "D")


def level_text(value: Any) -> str:
    """Return a level as text, the same for 1, 1.0 and "1".

    Examples
    --------
    >>> level_text(1.0), level_text("gas"), level_text(True)
    ('1', 'gas', 'True')
    """
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)


def as_numbers(values: pd.Series[Any]) -> Array:
    """Return a column as float64; dates as days since 1970, anything missing as NaN."""
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        values = values.dt.tz_convert(None)
    raw = values.to_numpy()
    if raw.dtype.kind == "M":
        return np.asarray((raw - np.datetime64(0, "D")) / _DAY, dtype=np.float64)
    if raw.dtype.kind in "fiub":
        return raw.astype(np.float64)
    return np.asarray(pd.to_numeric(values).to_numpy(dtype=np.float64, na_value=np.nan))


def level_codes(values: pd.Series[Any], known: Sequence[str]) -> IntArray:
    """Return the place of each level in ``known``; MISSING and UNSEEN are negative."""
    place = {text: i for i, text in enumerate(known)}
    short, texts = _texts(values)
    table = np.array([place.get(text, UNSEEN) for text in texts] + [MISSING], dtype=np.int64)
    return np.asarray(table[short])


def _texts(values: pd.Series[Any]) -> tuple[IntArray, list[str]]:
    """Return the place of each value among the different ones, -1 where missing, and those as text."""
    short, unique = pd.factorize(values.astype(object) if values.dtype == bool else values)
    # As a plain list: going through pandas' own arrays takes ten times as long, which thousands of levels make felt.
    return np.asarray(short, dtype=np.int64), [level_text(v) for v in np.asarray(unique, dtype=object).tolist()]


def learn_levels(values: pd.Series[Any], most: int, order: Sequence[str] | None = None) -> tuple[list[str], bool]:
    """Return the levels of a column and whether rarer ones were left out.

    Parameters
    ----------
    values : Series of length n
        Raw levels of the training rows.
    most : int
        At most so many levels; the rarest are left out.
    order : sequence of str, optional
        Order of the levels where they have one; the others follow in order of the alphabet.

    Returns
    -------
    tuple of list of str and bool
        Levels as text; True where rarer ones were left out.
    """
    short, named = _texts(values)
    counts: dict[str, int] = {}
    for text, n in zip(named, np.bincount(short[short >= 0], minlength=len(named)).tolist(), strict=True):
        counts[text] = counts.get(text, 0) + n
    texts = sorted(counts)
    if len(texts) > most:
        texts = sorted(sorted(texts, key=lambda t: (-counts[t], t))[:most])
    rank = {text: i for i, text in enumerate(order or ())}
    return sorted(texts, key=lambda t: (rank.get(t, len(rank)), t)), len(counts) > most


class Encoder(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Raw columns to numbers, one input column behind every output column.

    Parameters
    ----------
    columns : sequence of str
        Columns to read, in order; others are ignored.
    kinds : sequence of {"number", "ordered", "level"}
        How each is read: as a number (dates too); as the place of an ordered level; as a level.
    flags : bool
        Levels become one 0/1 column each (a pair of levels one column); else one column of codes with NaN for what
        is missing or was never seen.
    fill : bool
        Missing numbers become the typical value of training rows, with a 0/1 column beside where training rows had
        missing values, and codes of levels that are missing or were never seen become -1; else they stay NaN.
    scale : bool
        Every output column gets mean 0 and spread 1 on training rows.
    most : int
        At most so many levels of a column are told apart; the rest are one level, "other".
    order : dict of column to list of str, optional
        Order of the levels of ordered columns.

    Attributes
    ----------
    input_of_output_ : list of int
        For each output column the place of its input column in ``columns``.
    levels_ : list of list of str
        Levels of each column, empty for numbers.
    fill_, missing_, other_ : list
        Of each column: typical value or code, whether training rows miss it, whether rare levels are put together.
    mean_, spread_ : ndarray of shape (n_outputs,)
        What scaling takes off and divides by.
    """

    def __init__(
        self,
        columns: Sequence[str] = (),
        kinds: Sequence[str] = (),
        *,
        flags: bool = True,
        fill: bool = True,
        scale: bool = False,
        most: int = 40,
        order: dict[str, list[str]] | None = None,
    ) -> None:
        self.columns = columns
        self.kinds = kinds
        self.flags = flags
        self.fill = fill
        self.scale = scale
        self.most = most
        self.order = order

    def fit(self, X: pd.DataFrame, y: Any = None) -> Encoder:  # noqa: ARG002
        """Learn levels, typical values, means and spreads from training rows of shape (n, k)."""
        self.feature_names_in_ = np.array(list(self.columns), dtype=object)
        self.n_features_in_ = len(self.columns)
        self.levels_: list[list[str]] = []
        self.fill_: list[float] = []
        self.missing_: list[bool] = []
        self.other_: list[bool] = []
        for column, kind in zip(self.columns, self.kinds, strict=True):
            values = X[column]
            levels: list[str] = []
            other = False
            if kind != "number":
                levels, other = learn_levels(values, self.most, (self.order or {}).get(column))
            self.levels_.append(levels)
            self.other_.append(other)
            self.missing_.append(bool(values.isna().any()))
            self.fill_.append(_typical(_raw(values, kind, levels, other), kind))
        self.input_of_output_: list[int] = []
        self.names_out_: list[str] = []
        for i, (column, kind) in enumerate(zip(self.columns, self.kinds, strict=True)):
            names = self._names(i, str(column), kind)
            self.names_out_ += names
            self.input_of_output_ += [i] * len(names)
        encoded = self._encode(X)
        self.mean_: Array = encoded.mean(axis=0) if self.scale and len(encoded) else np.zeros(encoded.shape[1])
        spread = encoded.std(axis=0) if self.scale and len(encoded) else np.ones(encoded.shape[1])
        self.spread_: Array = np.where(spread > 1e-12 * (1 + np.abs(self.mean_)), spread, 1.0)
        return self

    def transform(self, X: pd.DataFrame) -> Array:
        """Return the encoded rows, shape (n, n_outputs)."""
        check_is_fitted(self)
        encoded = self._encode(X)
        if self.scale:
            encoded -= self.mean_
            encoded /= self.spread_
        return encoded

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray[Any, Any]:  # noqa: ARG002
        """Return a name for each output column."""
        check_is_fitted(self)
        return np.array(self.names_out_, dtype=object)

    def _names(self, i: int, column: str, kind: str) -> list[str]:
        marks = [f"{column} is missing"] if self.missing_[i] and self.fill else []
        if kind != "level" or not self.flags:
            return [column, *(marks if kind != "level" else [])]
        levels = self.levels_[i] + (["other"] if self.other_[i] else [])
        shown = levels[1:] if len(levels) == 2 else levels
        return [f"{column} is {level}" for level in shown] + marks

    def _encode(self, frame: pd.DataFrame) -> Array:
        out = np.empty((len(frame), len(self.names_out_)))
        at = 0
        for i, (column, kind) in enumerate(zip(self.columns, self.kinds, strict=True)):
            raw = _raw(frame[column], kind, self.levels_[i], self.other_[i])
            lost = np.isnan(raw)
            if kind == "level" and self.flags:
                at = self._flags(out, at, i, raw, frame[column])
                continue
            if self.fill and kind != "level":
                out[:, at] = np.where(lost, self.fill_[i], raw)
                if self.missing_[i]:
                    out[:, at + 1] = lost
                at += 1 + self.missing_[i]
            else:
                out[:, at] = np.where(lost, -1.0, raw) if self.fill else raw
                at += 1
        return out

    def _flags(self, out: Array, at: int, i: int, codes: Array, values: pd.Series[Any]) -> int:
        n = len(self.levels_[i]) + self.other_[i]
        lost = np.isnan(codes)
        if self.missing_[i]:
            gone = values.isna().to_numpy()
            unseen = lost & ~gone
        else:
            gone, unseen = np.zeros(len(codes), dtype=bool), lost
        if n == 2:  # a level never seen, of a pair, counts as the more usual one
            out[:, at] = np.where(unseen, self.fill_[i], codes) == 1
            at += 1
        else:
            for level in range(n):
                out[:, at + level] = codes == level
            at += n
        if self.missing_[i] and self.fill:
            out[:, at] = gone
            at += 1
        return at


def _raw(values: pd.Series[Any], kind: str, levels: Sequence[str], other: bool) -> Array:
    if kind == "number":
        return as_numbers(values)
    codes = level_codes(values, levels)
    if other:
        codes = np.where(codes == UNSEEN, len(levels), codes)
    return np.where(codes < 0, np.nan, codes.astype(np.float64))


def _typical(values: Array, kind: str) -> float:
    known = values[~np.isnan(values)]
    if not known.size:
        return 0.0
    if kind == "level":
        return float(np.argmax(np.bincount(known.astype(np.int64))))
    return float(np.median(known))
