"""Give a table one plain type per column, so that everything after can rely on it; the caller's table stays as it was.

Text becomes ``str``, nullable and Arrow numbers become numpy's, infinite values become missing ones. Categories stay
categories, because an estimator that was handed in may read them. A cell is never dropped without a word.
"""

from __future__ import annotations

import datetime
import warnings
from typing import Any

import numpy as np
import pandas as pd

from explainers.errors import StudyError
from explainers.results import Problem
from explainers.study import study_error
from explainers.validate.say import at_rows, column_place, counted, plain, quoted

MOST_LOOKED_AT = 1_000


def tidy(frame: Any) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the table with plain column types and text as column names, and what had to be changed.

    Parameters
    ----------
    frame : DataFrame
        Any table; it is not changed.

    Returns
    -------
    frame : DataFrame
        Same rows, order and index.
    problems : list of Problem
        Repeated names, mixed types, infinite values.

    Raises
    ------
    StudyError
        It is not a table, or it has no columns or no rows.
    """
    if not isinstance(frame, pd.DataFrame):
        raise StudyError(f"A pandas DataFrame was expected, but a {type(frame).__name__} came. Put the data in one.")
    problems: list[Problem] = []
    if frame.shape[1] == 0 or frame.shape[0] == 0:
        raise study_error([_empty(frame)], "The data")
    names = _names(frame.columns, problems)
    keep = [i for i, name in enumerate(names) if name not in names[:i]]
    columns = {names[i]: _column(names[i], frame.iloc[:, i], problems) for i in keep}
    index = frame.index
    if not index.is_unique:
        problems.append(
            Problem(
                code="index_repeated",
                where="row names",
                message=f"{counted(int(index.duplicated().sum()), 'row')} have a name that another row has already.",
                remedy="Give every row its own name, or a column with its own number, so that each can be found.",
                severity="warning",
            )
        )
    # Columns are shared with the caller's table until somebody writes to one: a copy of all would double the memory.
    plain_rows = pd.RangeIndex(len(index))
    return pd.DataFrame({n: v.set_axis(plain_rows) for n, v in columns.items()}, copy=False).set_axis(index), problems


def _empty(frame: pd.DataFrame) -> Problem:
    what = "no columns" if frame.shape[1] == 0 else "column names but no rows"
    return Problem(
        code="empty_table",
        where="the data",
        message=f"The table has {what}.",
        remedy="Give a table with one row per case and a first line with the names of the columns.",
    )


def _names(columns: pd.Index[Any], problems: list[Problem]) -> list[str]:
    """Return the column names as text; say where that changed them and where two are the same."""
    names = []
    for i, name in enumerate(columns):
        text = " ".join(str(part) for part in name if str(part)) if isinstance(name, tuple) else str(name)
        text = text.encode("utf-8", "replace").decode()
        if not text.strip() or (isinstance(name, float) and np.isnan(name)):
            text = f"column {i + 1}"
            problems.append(
                Problem(
                    code="column_without_name",
                    where=text,
                    message=f"Column {i + 1} has no name; it is called '{text}'.",
                    remedy="Give it a name in the first line.",
                    severity="warning",
                )
            )
        names.append(text)
    for name in dict.fromkeys(n for i, n in enumerate(names) if n in names[:i]):
        problems.append(
            Problem(
                code="repeated_column_name",
                where=column_place(name),
                message=f"{names.count(name)} columns are called '{plain(name)}', so it is not clear which is meant.",
                remedy="Give each column its own name.",
            )
        )
    return names


def _column(name: str, values: pd.Series[Any], problems: list[Problem]) -> pd.Series[Any]:
    """Return one column with a plain type."""
    dtype = values.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        levels = pd.api.types.infer_dtype(dtype.categories, skipna=True)
        if levels in ("string", "integer", "floating", "boolean"):
            return values
        return _column(name, values.astype(object), problems)
    if isinstance(dtype, pd.StringDtype):
        return values if str(dtype) == "str" else values.astype(object).where(values.notna(), np.nan).astype("str")
    if isinstance(dtype, np.dtype) and dtype.kind in "biuM":
        return values
    if pd.api.types.is_float_dtype(dtype) or pd.api.types.is_integer_dtype(dtype):
        return _numbers(name, values, problems)
    if pd.api.types.is_bool_dtype(dtype):
        whole = not values.isna().any()
        return values.astype(bool) if whole else _objects(values)
    if isinstance(dtype, pd.DatetimeTZDtype):
        return values
    if isinstance(dtype, np.dtype) and dtype.kind == "m":
        return pd.Series(values.dt.total_seconds())
    return _object(name, values.astype(object), problems)


def _numbers(name: str, values: pd.Series[Any], problems: list[Problem]) -> pd.Series[Any]:
    if not isinstance(values.dtype, np.dtype):
        whole = pd.api.types.is_integer_dtype(values.dtype) and not values.isna().any()
        numbers = values.to_numpy(dtype="int64") if whole else values.to_numpy(dtype="float64", na_value=np.nan)
        values = pd.Series(numbers, index=values.index)
    if values.dtype.kind != "f":
        return values
    if values.to_numpy().itemsize > 8:
        values = values.astype("float64")
    infinite = np.isinf(values.to_numpy())
    if not infinite.any():
        return values
    problems.append(
        Problem(
            code="infinite",
            where=column_place(name),
            message=f"{counted(int(infinite.sum()), 'value')} {'is' if infinite.sum() == 1 else 'are'} infinite "
            f"({at_rows(infinite)}), often from a division by zero. They are taken as missing.",
            remedy="Correct these cells or leave them empty.",
            severity="warning",
        )
    )
    return values.mask(infinite)


def _objects(values: pd.Series[Any]) -> pd.Series[Any]:
    """Return true, false and None as objects: the one type that holds them and survives a file."""
    out = np.empty(len(values), dtype=object)
    out[:] = [None if m else bool(v) for v, m in zip(values, values.isna(), strict=True)]
    return pd.Series(out, index=values.index)


def _object(name: str, values: pd.Series[Any], problems: list[Problem]) -> pd.Series[Any]:
    kind = pd.api.types.infer_dtype(values, skipna=True)
    if kind == "empty":
        return pd.Series(np.nan, index=values.index)
    if kind == "boolean":
        return values.astype(bool) if not values.isna().any() else _objects(values)
    if kind in ("integer", "floating", "mixed-integer-float", "decimal"):
        try:
            return (
                _numbers(name, pd.to_numeric(values.where(values.notna(), np.nan).astype(float)), problems)
                if (kind != "integer" or values.isna().any())
                else values.astype("int64")
            )
        except (OverflowError, TypeError, ValueError):
            return _text(values)
    if kind in ("datetime", "datetime64", "date"):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return pd.to_datetime(values)
        except (ValueError, TypeError, OverflowError):
            return _text(values)
    if kind != "string":
        if any(_no_value(v) for v in values.iloc[:MOST_LOOKED_AT]):
            problems.append(_images(name))
            return pd.Series(np.nan, index=values.index)
        known = values[values.notna()]
        types = dict.fromkeys(_type_word(v) for v in known)
        problems.append(
            Problem(
                code="mixed_types",
                where=column_place(name),
                message=f"The column mixes {' and '.join(list(types)[:3])}, such as "
                f"{quoted(next(v for v in known if _type_word(v) == t) for t in types)}. Its cells are taken as text.",
                remedy="Keep one kind of value in a column; leave cells empty where there is none.",
                severity="warning",
            )
        )
    return _text(values)


def _no_value(value: Any) -> bool:
    """Return whether a cell holds an image, an array or raw bytes, of which no row of a table is made."""
    whole = hasattr(value, "__array_interface__") and not isinstance(value, np.generic)
    return whole or isinstance(value, np.ndarray | bytes | bytearray | memoryview)


def _images(name: str) -> Problem:
    return Problem(
        code="cells_are_no_values",
        where=column_place(name),
        message="Its cells hold images, arrays or raw bytes. Bakeoff explains tables of numbers, levels and dates.",
        remedy="Leave the column out, or put in its place numbers that are made of it, each in its own column.",
    )


def _type_word(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return "true/false"
    if isinstance(value, int | float | np.number):
        return "numbers"
    if isinstance(value, datetime.date | np.datetime64):
        return "dates"
    return "text" if isinstance(value, str) else "other things"


def _text(values: pd.Series[Any]) -> pd.Series[Any]:
    missing = values.isna().to_numpy()
    texts = [np.nan if m else str(v).encode("utf-8", "replace").decode() for v, m in zip(values, missing, strict=True)]
    return pd.Series(texts, index=values.index, dtype="str")
