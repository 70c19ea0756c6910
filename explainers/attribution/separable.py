"""Which encoded column comes from which original column, where every preprocessing step works column by column.

Mixed rows can then be put together from encoded rows, which saves encoding each of them. Two gates guard it: the
steps must all be of kinds known to work column by column, and the map is read off the encoder's own output: each
original column is shuffled in its own way and every encoded column must come out shuffled exactly like one of them.
Names of encoded columns are never read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from explainers.attribution.walks import Bools, Ints
from explainers.results import FloatArray

COLUMN_BY_COLUMN = frozenset(
    {
        "SimpleImputer",
        "MissingIndicator",
        "StandardScaler",
        "MinMaxScaler",
        "MaxAbsScaler",
        "RobustScaler",
        "OrdinalEncoder",
        "OneHotEncoder",
        "TargetEncoder",
        "QuantileTransformer",
        "PowerTransformer",
        "KBinsDiscretizer",
        "SplineTransformer",
        "Binarizer",
        "VarianceThreshold",
        "SelectKBest",
        "SelectPercentile",
        "SelectFromModel",
    }
)
LARGEST_WIDTH = 20_000
MIXED_ROWS = 50


@dataclass(frozen=True, slots=True)
class Encoded:
    """Encoded rows with the original column of each encoded one."""

    rows: FloatArray  # (n_rows, n_encoded)
    group: Ints  # (n_encoded,): position of the original column
    final: Any  # the estimator behind the encoder
    columns: Any  # column names where the estimator was fitted on a frame, else None


def steps_of(estimator: Any) -> list[Any]:
    """Return the steps of a fitted pipeline, nested ones opened; a single entry for any other estimator."""
    if not (hasattr(estimator, "steps") and hasattr(estimator, "named_steps")):
        return [estimator]
    return [inner for _, step in estimator.steps for inner in (steps_of(step) if step is not None else [])]


def works_by_column(step: Any) -> bool:
    """Return whether a preprocessing step computes each of its output columns from one input column alone.

    A class of one's own says so by the attribute ``input_of_output_``: the input column of each output column.
    """
    if step is None or isinstance(step, str) or hasattr(step, "input_of_output_"):
        return True
    if hasattr(step, "steps"):
        return all(works_by_column(s) for s in steps_of(step))
    if hasattr(step, "transformers_"):
        return all(works_by_column(inner) for _, inner, _ in step.transformers_)
    if hasattr(step, "transformer_list"):
        return all(works_by_column(inner) for _, inner in step.transformer_list)
    home = type(step).__module__
    if type(step).__name__ == "FunctionTransformer" and home.startswith("sklearn."):
        return step.func is None or isinstance(step.func, np.ufunc)
    return home.startswith("sklearn.") and type(step).__name__ in COLUMN_BY_COLUMN


def encode(estimator: Any, rows: pd.DataFrame) -> Encoded | None:
    """Return the encoded rows with their map to the original columns, or None where that cannot be shown.

    Parameters
    ----------
    estimator : object
        Fitted estimator; only pipelines have an encoder.
    rows : DataFrame, shape (n_rows, n_columns)
        Raw rows: all that will be mixed, and some more to tell the columns apart.
    """
    steps = steps_of(estimator)
    if len(steps) < 2 or not all(works_by_column(s) for s in steps[:-1]):
        return None
    transform = _transformer(estimator)
    try:
        plain, names = _dense(transform(rows))
        if plain is None:
            return None
        group = _declared(steps[:-1], rows, plain)
        if group is None:
            group = _map(transform, rows, plain)
    except (TypeError, ValueError, KeyError, AttributeError):
        return None  # the encoder does not give numbers, or refuses shuffled rows: the raw door answers everything
    if group is None:
        return None
    final = steps[-1]
    return Encoded(plain, group, final, names if hasattr(final, "feature_names_in_") else None)


def _transformer(estimator: Any) -> Callable[[pd.DataFrame], Any]:
    def transform(rows: pd.DataFrame) -> Any:
        out: Any = rows
        for step in steps_of(estimator)[:-1]:
            out = out if step == "passthrough" else step.transform(out)
        return out

    return transform


def _dense(encoded: Any) -> tuple[FloatArray | None, Any]:
    """Return the encoded rows as floats and their column names, or None where they are too wide or not numbers."""
    if encoded.ndim != 2 or encoded.shape[1] > LARGEST_WIDTH:
        return None, None
    if isinstance(encoded, pd.DataFrame):
        if not all(pd.api.types.is_numeric_dtype(t) for t in encoded.dtypes):
            return None, None
        return encoded.to_numpy(dtype="float64", na_value=np.nan), encoded.columns
    if hasattr(encoded, "toarray"):
        encoded = encoded.toarray()
    if not np.issubdtype(encoded.dtype, np.number):
        return None, None
    return np.asarray(encoded, dtype="float64"), None


def _declared(steps: list[Any], rows: pd.DataFrame, plain: FloatArray) -> Ints | None:
    """Return the map that a single encoder declares itself, or None where there is none for these columns."""
    if len(steps) != 1 or not hasattr(steps[0], "input_of_output_"):
        return None
    group = np.asarray(steps[0].input_of_output_, dtype=np.intp)
    known = list(getattr(steps[0], "columns", ()))
    if group.size != plain.shape[1] or known != list(rows.columns):
        return None
    return group


def _map(transform: Callable[[pd.DataFrame], Any], rows: pd.DataFrame, plain: FloatArray) -> Ints | None:
    """Return the original column of each encoded one, or None where one of them follows no single column."""
    n, d = rows.shape
    if d == 1:
        return np.zeros(plain.shape[1], dtype=np.intp)
    rng = np.random.default_rng(0)
    group = np.zeros(plain.shape[1], dtype=np.intp)
    values = np.nan_to_num(plain, nan=-97.3)  # any number that is not in the data; equality is checked below
    open_ = np.flatnonzero((values != values[:1]).any(axis=0))  # the others never change, whatever is mixed
    fits = np.ones((open_.size, d), dtype=bool)
    for _ in range(6):
        if open_.size == 0:
            return group
        moved = rng.permuted(np.tile(np.arange(n), (d, 1)), axis=1)
        shuffled = pd.DataFrame(
            {name: rows.iloc[:, j].array.take(moved[j]) for j, name in enumerate(rows.columns)}, index=rows.index
        )
        again, _names = _dense(transform(shuffled))
        if again is None or again.shape != plain.shape:
            return None
        again = np.nan_to_num(again, nan=-97.3)
        # A random sum over rows tells at once which shuffle explains which encoded column.
        weight = rng.standard_normal(n)
        sums = np.empty((d, n))
        for j in range(d):
            sums[j, moved[j]] = weight
        wanted, offered = weight @ again[:, open_], sums @ values[:, open_]
        scale = 1e-9 * (np.abs(weight) @ np.abs(values[:, open_]) + 1e-12)
        fits &= np.abs(wanted[:, None] - offered.T) <= scale[:, None]
        count = fits.sum(axis=1)
        if (count == 0).any():
            return None
        sure = count == 1
        for at in np.flatnonzero(sure):
            column, j = open_[at], int(fits[at].argmax())
            if not np.array_equal(again[:, column], values[moved[j], column]):
                return None
            group[column] = j
        open_, fits = open_[~sure], fits[~sure]
    return group if open_.size == 0 else None


def used_by_position(final: Any, group: Ints, n_columns: int) -> Bools:
    """Return which original columns the final estimator can react to at all; all of them where that is not known."""
    used = np.ones(n_columns, dtype=bool)
    encoded: Sequence[int] | Ints | None = None
    if hasattr(final, "tree_") and hasattr(final.tree_, "feature"):
        encoded = np.unique(final.tree_.feature[final.tree_.feature >= 0])
    elif hasattr(final, "coef_") and type(final).__module__.startswith("sklearn.linear_model"):
        encoded = np.flatnonzero(np.atleast_2d(np.asarray(final.coef_)).any(axis=0))
    if encoded is not None:
        used[:] = False
        used[group[np.asarray(encoded, dtype=np.intp)]] = True
    return used


def used_by_name(estimator: Any, columns: Sequence[str]) -> Bools:
    """Return which columns an estimator of raw rows reads; all of them where it does not say so itself."""
    known: set[str] | None = None
    if hasattr(estimator, "chosen_"):  # rules and tables
        known = set(estimator.chosen_)
    elif hasattr(estimator, "term_columns_"):  # formulas
        known = {name for names in estimator.term_columns_ for name in names}
    elif type(estimator).__module__ == "sklearn.dummy":
        known = set()
    return np.array([known is None or name in known for name in columns], dtype=bool)


def mixed(rows: pd.DataFrame, n: int = MIXED_ROWS, seed: int = 0) -> tuple[pd.DataFrame, Ints]:
    """Return ``n`` rows with each column drawn from a row of its own, and the rows drawn, shape (n, n_columns)."""
    at = np.random.default_rng(seed).integers(0, len(rows), size=(n, rows.shape[1]))
    frame = pd.DataFrame({name: rows.iloc[:, j].array.take(at[:, j]) for j, name in enumerate(rows.columns)})
    return frame, at
