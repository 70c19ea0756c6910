"""Which bin a row is in: equal counts of a number, moments, or levels; missing values have a bin of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from explainers.fields import FloatArray
from explainers.residuals.rows import Ints, Rows, column_of

if TYPE_CHECKING:
    from explainers.results_residuals import BinKind
    from explainers.study import Study

MOST_BINS, ROWS_PER_BIN, MOST_MOMENTS, MOST_LEVELS, MOST_GROUPS = 20, 25, 40, 12, 60
DAY = 86_400e9  # nanoseconds
ROOM = 0.07  # of the axis, from the last number to where missing values are drawn


@dataclass(frozen=True, slots=True)
class Places:
    """Where each row lies: its bin (-1: outside the zoom) and its place on the axis."""

    kind: BinKind
    codes: Ints
    x: FloatArray
    edges: FloatArray = field(default_factory=lambda: np.empty(0))
    dates: bool = False
    levels: tuple[Any, ...] = ()
    others: int = 0
    missing: bool = False
    missing_at: float | None = None

    @property
    def bins(self) -> int:
        """How many bins there are, the one of missing values among them."""
        return len(self.levels) if self.kind == "levels" else max(len(self.edges) - 1, 0) + self.missing


def placed(study: Study, read: Rows, against: str, zoom: Sequence[Any]) -> Places:
    """Return where rows lie along something.

    Parameters
    ----------
    study : Study
    read : Rows
    against : str
        predicted, actual, order, or a column; a column of one of these names is meant where there is one.
    zoom : sequence
        Ends of x, or of x and y, or levels; empty: all.
    """
    named = against in study.frame.columns
    if not named and against == "order":
        return _numbers(read.at.astype(np.float64), "numeric", zoom)
    if not named and against == "predicted":
        return _numbers(read.predicted, "numeric", zoom)
    if not named and against == "actual":
        if study.classes:
            return _levels(pd.Series(_recorded(study, read), dtype=object), list(map(str, study.classes)), zoom)
        return _numbers(read.actual, "numeric", zoom)
    values = column_of(study, against).iloc[read.at]
    entry = study.dictionary.features.get(against)
    if (entry is not None and entry.kind == "date") or pd.api.types.is_datetime64_any_dtype(values.dtype):
        return replace(_numbers(days(values), "time", zoom), dates=True)
    number = pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype)
    if number and (entry is None or entry.kind == "numeric"):
        time = entry is not None and entry.role == "time"
        given = values.to_numpy(dtype=np.float64, na_value=np.nan)
        return _numbers(given, "time" if time else "numeric", zoom)
    order = [str(v) for v in entry.level_labels] if entry is not None and entry.kind == "ordered" else []
    if entry is not None and entry.kind == "ordered" and not order and number:
        order = [_text(v) for v in np.sort(values.dropna().unique())]
    from explainers.metrics import together

    return _levels(values, order, zoom, most=MOST_GROUPS if against == together(study) else MOST_LEVELS)


def days(values: pd.Series[Any]) -> FloatArray:
    """Return moments as days since 1970, NaN where there is none.

    Examples
    --------
    >>> days(pd.Series(["1970-01-02", None, "1970-01-01 12:00"])).tolist()
    [1.0, nan, 0.5]
    """
    moments = pd.to_datetime(values, errors="coerce", utc=True, format=None if values.dtype.kind == "M" else "mixed")
    there = moments.notna().to_numpy()
    out = np.full(len(values), np.nan)
    out[there] = moments[there].dt.as_unit("ns").astype("int64").to_numpy() / DAY
    return out


def _numbers(values: FloatArray, kind: BinKind, zoom: Sequence[Any]) -> Places:
    known = np.isfinite(values)
    if len(zoom) in (2, 4):
        known &= (values >= float(min(zoom[:2]))) & (values <= float(max(zoom[:2])))
    missing = bool(~np.isfinite(values).all()) and len(zoom) not in (2, 4)
    inside = values[known]
    edges = _moments(inside) if kind == "time" else _equal_counts(inside)
    codes = np.full(values.size, -1, dtype=np.int64)
    k = max(len(edges) - 1, 0)
    if k:
        codes[known] = np.clip(np.searchsorted(edges[1:-1], inside, side="right"), 0, k - 1)
    at = None
    x = values
    if missing:
        span = float(edges[-1] - edges[0]) if k else 1.0
        at = (float(edges[-1]) if k else 0.0) + ROOM * (span or 1.0)
        gone = ~np.isfinite(values)
        codes[gone] = k
        x = np.where(gone, at, values)
    return Places(kind, codes, x, edges=edges, missing=missing, missing_at=at)


def _equal_counts(values: FloatArray) -> FloatArray:
    """Return edges of bins that hold about as many rows each; ties stay together, few values have a bin each."""
    if not values.size:
        return np.empty(0)
    wanted = int(np.clip(values.size // ROWS_PER_BIN, 1, MOST_BINS))
    low, high = float(values.min()), float(values.max())
    if low == high:
        return np.array([low, high])
    some = values if values.size < 4_096 else values[:: values.size // 2_048]
    seen = np.unique(some)
    if len(seen) <= min(wanted, MOST_LEVELS) and len(seen := np.sort(pd.unique(values))) <= min(wanted, MOST_LEVELS):
        return np.concatenate([[low], (seen[1:] + seen[:-1]) / 2, [high]])
    inner = np.quantile(values, np.arange(1, wanted) / wanted, method="lower")
    inner = np.unique(inner)
    return np.concatenate([[low], inner[(inner > low) & (inner < high)], [high]])


def _moments(values: FloatArray) -> FloatArray:
    """Return edges around each moment where there are few, else of equal lengths of time."""
    if not values.size:
        return np.empty(0)
    low, high = float(values.min()), float(values.max())
    if low == high:
        return np.array([low, high])
    seen = np.unique(values if values.size < 4_096 else values[:: values.size // 2_048])
    if len(seen) <= MOST_MOMENTS and len(seen := np.sort(pd.unique(values))) <= MOST_MOMENTS:
        half = float(np.diff(seen).min()) / 2
        return np.concatenate([[low - half], (seen[1:] + seen[:-1]) / 2, [high + half]])
    wanted = int(np.clip(values.size // ROWS_PER_BIN, 1, MOST_BINS))
    return np.linspace(low, high, wanted + 1)


def _levels(values: pd.Series[Any], order: list[str], zoom: Sequence[Any], *, most: int = MOST_LEVELS) -> Places:
    codes, found = pd.factorize(values.astype(object), use_na_sentinel=True)
    codes = np.asarray(codes, dtype=np.int64)
    counts = np.bincount(codes[codes >= 0], minlength=len(found))
    gone = codes < 0
    texts = [_text(v) for v in found]
    rank = {t: i for i, t in enumerate(order)}
    places = sorted(range(len(found)), key=lambda i: (rank.get(texts[i], len(rank)), -counts[i], texts[i]))
    if len(zoom):
        wanted = {_text(z) for z in zoom}
        places = [i for i in places if texts[i] in wanted]
        gone &= "" in wanted
    kept, rest = places, []
    if len(places) > most:
        common = set(sorted(places, key=lambda i: (-counts[i], texts[i]))[: most - 1])
        kept, rest = [i for i in places if i in common], [i for i in places if i not in common]
    table = np.full(len(found) + 1, -1, dtype=np.int64)
    table[kept] = np.arange(len(kept))
    table[rest] = len(kept)
    levels: list[Any] = [found[i] for i in kept] + (["other"] if rest else [])
    out = table[codes]
    missing = bool(gone.any())
    if missing:
        out[gone] = len(levels)
        levels.append(None)
    levels = [v.item() if isinstance(v, np.generic) else v for v in levels]
    return Places("levels", out, out.astype(np.float64), levels=tuple(levels), others=len(rest), missing=missing)


def _recorded(study: Study, read: Rows) -> list[Any]:
    from explainers.metrics import recorded

    return [study.classes[c] for c in recorded(study, read.at)]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    return str(value)
