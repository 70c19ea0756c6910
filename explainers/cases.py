"""Raw cases, checked and brought to the types that the study's own rows have."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from explainers.errors import CaseError

if TYPE_CHECKING:
    from explainers.study import Feature, Study

_YES = frozenset({"yes", "true", "1", "y", "t", "on"})
_NO = frozenset({"no", "false", "0", "n", "f", "off"})
_MOST_SEEN = 2000
_seen: dict[tuple[str, str, tuple[str, ...]], dict[str, Any]] = {}


def check_cases(study: Study, candidate: str, cases: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that a candidate reads, checked, in the types of the study's own rows.

    Parameters
    ----------
    study : Study
        The study; its frame and dictionary say of which kind each column is.
    candidate : str
        Name of the candidate.
    cases : DataFrame of shape (n, k)
        Raw columns. Extra ones (the target too) are ignored, order and index kept, duplicates in the index too.
        Numbers may come as text; yes, true and 1 stand for each other where the dictionary says yes or no; missing
        values and levels that were never seen are kept for the candidate to answer.

    Returns
    -------
    DataFrame of shape (n, len(candidate.features))
        A new frame; ``cases`` is not changed.

    Raises
    ------
    CaseError
        Not a frame, a column is missing or there twice, a value is of the wrong kind or infinite.
    """
    features = study.candidate(candidate).features
    if not isinstance(cases, pd.DataFrame):
        raise CaseError(
            f"Cases come as a DataFrame with one row per {study.case}, and {type(cases).__name__} came. "
            "Write pd.DataFrame([case]) for a single one."
        )
    missing = [f for f in features if f not in cases.columns]
    if missing:
        raise CaseError(
            f"The option {candidate!r} needs {_listed(missing)}, which the given columns lack. "
            "Add what is missing; leave a value empty where it is not known."
        )
    if not cases.columns.is_unique:
        twice = [f for f in features if isinstance(cases[f], pd.DataFrame)]
        if twice:
            raise CaseError(f"The given columns have {_listed(twice)} more than once. Keep one of each.")
    checked = {f: _checked(cases[f], study, study.frame[f], study.dictionary[f]) for f in features}
    return pd.DataFrame(checked, index=cases.index, columns=list(features))


def _listed(names: list[str]) -> str:
    return ", ".join(map(repr, names[:8])) + (f" and {len(names) - 8} more" if len(names) > 8 else "")


def _checked(given: pd.Series[Any], study: Study, own: pd.Series[Any], feature: Feature) -> pd.Series[Any]:
    kind = own.dtype.kind
    if kind in "iuf":
        return _numbers(given, own, feature)
    if kind == "M":
        return _dates(given, own, feature)
    if isinstance(own.dtype, pd.CategoricalDtype):
        texts = _levels(given, study, own, feature)
        known = own.cat.categories
        new = [v for v in pd.unique(texts.dropna()) if v not in known]
        return texts.astype(pd.CategoricalDtype([*known, *new], ordered=own.cat.ordered))
    if kind == "O" and feature.kind == "numeric":
        return _numbers(given, own, feature)
    return _levels(given, study, own, feature)


def _refused(feature: Feature, row: Hashable, value: Any, wanted: str) -> CaseError:
    # numpy's own numbers would show as np.int64(7)
    row = row.item() if isinstance(row, np.generic) else row
    shown = repr(value.item() if isinstance(value, np.generic) else value)
    return CaseError(
        f"{feature.name!r} should be {wanted}, and {shown[:60]} came in row {row!r}. "
        "Correct the value, or leave it empty if it is not known."
    )


def _numbers(given: pd.Series[Any], own: pd.Series[Any], feature: Feature) -> pd.Series[Any]:
    if given.dtype.kind in "mMc":
        row = int(np.argmax(given.notna().to_numpy())) if len(given) else 0
        if len(given):
            raise _refused(feature, given.index[row], given.iloc[row], "a number")
    if given.dtype.kind in "iufb":
        values = given.to_numpy(dtype=np.float64, na_value=np.nan)
    else:
        raw = given.astype(object)
        blank = raw.isna() | raw.map(lambda v: isinstance(v, str) and not v.strip())
        numbers = pd.to_numeric(raw.mask(blank).map(_plain_number), errors="coerce")
        values = numbers.to_numpy(dtype=np.float64, na_value=np.nan)
        wrong = np.isnan(values) & ~blank.to_numpy(dtype=bool)
        if wrong.any():
            at = int(np.argmax(wrong))
            raise _refused(feature, given.index[at], raw.iloc[at], "a number")
    if np.isinf(values).any():
        at = int(np.argmax(np.isinf(values)))
        raise _refused(feature, given.index[at], float(values[at]), "a finite number")
    if own.dtype.kind in "iu" and not isinstance(own.dtype, pd.api.extensions.ExtensionDtype):
        limits = np.iinfo(np.dtype(str(own.dtype)))
        whole = values == np.round(values)
        if values.size and whole.all() and values.min() >= limits.min and values.max() <= limits.max:
            return pd.Series(values.astype(own.dtype), index=given.index)
    return pd.Series(values, index=given.index)


def _plain_number(value: Any) -> Any:
    """Pass what may be read as a number; lists, dates and times may not, though pandas would turn some into one."""
    if isinstance(value, str):
        return value.strip().replace("_", "x")
    if isinstance(value, bool | np.bool_):
        return int(value)
    if isinstance(value, np.datetime64 | np.timedelta64 | pd.Timestamp | pd.Timedelta):
        return "x"
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return "x"


def _dates(given: pd.Series[Any], own: pd.Series[Any], feature: Feature) -> pd.Series[Any]:
    if given.dtype == own.dtype:
        return given
    zoned = isinstance(own.dtype, pd.DatetimeTZDtype)
    numbers = given.dtype.kind in "iufb" and given.notna().to_numpy()
    found = pd.to_datetime(given.astype(object), errors="coerce", format="mixed", utc=zoned)
    wrong = np.asarray((found.isna() & given.notna()).to_numpy() | numbers)
    if wrong.any():
        at = int(np.argmax(wrong))
        raise _refused(feature, given.index[at], given.iloc[at], "a date such as 2024-12-31")
    return found.astype(own.dtype)


def _levels(given: pd.Series[Any], study: Study, own: pd.Series[Any], feature: Feature) -> pd.Series[Any]:
    if given.dtype == own.dtype and isinstance(own.dtype, pd.CategoricalDtype):
        return given
    truth = own.dtype.kind == "b"
    if given.dtype == own.dtype and truth:
        return given
    try:
        short, unique = pd.factorize(given.astype(object))
    except TypeError:  # a list or a mapping cannot be looked up
        odd = next(i for i, value in enumerate(given) if not isinstance(value, Hashable))
        raise _refused(feature, given.index[odd], given.iloc[odd], "one level") from None
    known = _known(study, own, feature)
    first = np.zeros(len(unique) + 1, dtype=np.int64)
    first[short[::-1]] = np.arange(len(given))[::-1]
    table = np.empty(len(unique) + 1, dtype=object)
    for i, value in enumerate(unique):
        table[i] = _level(value, known, feature, given.index[first[i]], truth)
    table[-1] = np.nan
    values = table[short]
    if truth and len(values) and (short >= 0).all():
        return pd.Series(values.astype(bool), index=given.index)
    if isinstance(own.dtype, pd.StringDtype):
        return pd.Series(values, index=given.index, dtype=own.dtype)
    return pd.Series(values, index=given.index, dtype=object)


def _known(study: Study, own: pd.Series[Any], feature: Feature) -> dict[str, Any]:
    """Return the levels of a column by their text; those of the data before those of the dictionary."""
    at = (study.data_key, feature.name, tuple(map(str, feature.level_labels)))
    if study.data_key and at in _seen:  # looking through a long column for every single case would be slow
        return _seen[at]
    levels: dict[str, Any] = {}
    values = own.cat.categories if isinstance(own.dtype, pd.CategoricalDtype) else pd.unique(own.dropna())
    for value in [*values, *feature.level_labels]:
        levels.setdefault(_text(value), value)
    if study.data_key:
        while len(_seen) >= _MOST_SEEN:
            _seen.pop(next(iter(_seen)), None)
        _seen[at] = levels
    return levels


def _level(value: Any, known: dict[str, Any], feature: Feature, row: Hashable, only_known: bool) -> Any:
    if not np.isscalar(value) and not isinstance(value, pd.Timestamp):
        raise _refused(feature, row, value, "one level")
    text = _text(value)
    if text in known:
        return known[text]
    lowered = text.strip().lower()
    same = _YES if lowered in _YES else _NO if lowered in _NO else None
    if same is not None and (feature.kind == "boolean" or only_known):
        fits = [level for known_text, level in known.items() if known_text.lower() in same]
        if len(fits) == 1:
            return fits[0]
    if only_known:
        raise _refused(feature, row, value, f"one of {', '.join(known)}")
    if not text.strip():
        return np.nan
    if isinstance(value, float | np.floating) and np.isinf(value):
        raise _refused(feature, row, value, "one level")
    return text


def _text(value: Any) -> str:
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)
