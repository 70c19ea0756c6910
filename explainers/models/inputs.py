"""What a fitted model says of its own inputs: names, levels, numbers, classes."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

_OF_NUMBERS = frozenset(
    {
        *("StandardScaler", "MinMaxScaler", "MaxAbsScaler", "RobustScaler", "PowerTransformer", "QuantileTransformer"),
        *("KBinsDiscretizer", "SplineTransformer", "PolynomialFeatures", "Binarizer", "Normalizer"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What a model says of its inputs; empty where it does not say."""

    names: tuple[str, ...] = ()
    count: int | None = None
    levels: Mapping[str, tuple[Hashable, ...]] = field(default_factory=dict)
    numbers: frozenset[str] = frozenset()
    classes: tuple[Hashable, ...] = ()
    task: str = ""

    def to_plain(self) -> dict[str, Any]:
        """Return it as plain values, for JSON."""
        return {
            "names": list(self.names),
            "count": self.count,
            "levels": {name: list(map(_plain, known)) for name, known in self.levels.items()},
            "numbers": sorted(self.numbers),
            "classes": list(map(_plain, self.classes)),
            "task": self.task,
        }

    @classmethod
    def from_plain(cls, values: Mapping[str, Any]) -> Inputs:
        """Return it from what :meth:`to_plain` gave."""
        return cls(
            names=tuple(values.get("names", ())),
            count=values.get("count"),
            levels={str(k): tuple(v) for k, v in (values.get("levels") or {}).items()},
            numbers=frozenset(values.get("numbers", ())),
            classes=tuple(values.get("classes", ())),
            task=str(values.get("task", "")),
        )


def _plain(value: Any) -> Any:
    value = value.item() if isinstance(value, np.generic) else value
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def inputs(estimator: Any) -> Inputs:
    """Return what a fitted model says of its inputs.

    Parameters
    ----------
    estimator : object
        An estimator of scikit-learn's kind or one of Bakeoff's adapters.

    Returns
    -------
    Inputs

    Examples
    --------
    >>> from sklearn.linear_model import LinearRegression
    >>> inputs(LinearRegression().fit(pd.DataFrame({"a": [0.0, 1.0]}), [0.0, 2.0])).names
    ('a',)
    """
    names = _attribute(estimator, "names_") or _attribute(estimator, "feature_names_in_")
    if names is None and type(estimator).__module__.startswith("catboost"):
        names = _attribute(estimator, "feature_names_")
    given = tuple(map(str, names)) if names is not None and len(names) else ()
    if given == tuple(map(str, range(len(given)))):
        given = ()
    count = _attribute(estimator, "n_features_in_")
    levels: dict[str, tuple[Hashable, ...]] = dict(_attribute(estimator, "levels_") or {}) if given else {}
    if not isinstance(_attribute(estimator, "levels_"), Mapping):
        levels = {}
    numbers: set[str] = set(_attribute(estimator, "numbers_") or ())
    for name, known in _encoded(estimator, given):
        if known is None:
            numbers.add(name)
        else:
            levels[name] = known
    classes = _attribute(estimator, "classes_")
    listed = tuple(classes) if isinstance(classes, np.ndarray) and classes.ndim == 1 else ()
    return Inputs(
        names=given,
        count=int(count) if isinstance(count, int | np.integer) else (len(given) or None),
        levels=levels,
        numbers=frozenset(numbers - set(levels)),
        classes=tuple(c.item() if isinstance(c, np.generic) else c for c in listed),
        task=_task(estimator),
    )


def rows_for(found: Inputs, n: int = 24) -> pd.DataFrame:
    """Return made-up rows of these inputs: usual, extreme and missing values, known and unknown levels."""
    names = found.names or tuple(f"x{i}" for i in range(min(found.count or 1, 100_000)))
    rng = np.random.default_rng(0)
    numbers = np.concatenate([rng.normal(0, 10.0 ** rng.integers(-2, 6, n)), [0.0, 1.0, -1.0, 1e30, -1e30, np.nan]])
    columns: dict[str, Any] = {}
    for name in names:
        known = found.levels.get(name)
        values = rng.permutation(numbers)
        if known is not None:
            texts = np.array([*map(str, known[:50]), "never seen"], dtype=object)
            columns[name] = texts[rng.integers(0, len(texts), len(values))]
        else:
            columns[name] = values
    return pd.DataFrame(columns)


def _task(estimator: Any) -> str:
    said = _attribute(estimator, "task_")
    if said:
        return str(said)
    try:
        from sklearn.base import is_classifier, is_regressor

        return "classification" if is_classifier(estimator) else "regression" if is_regressor(estimator) else ""
    except Exception:  # estimators that only look like scikit-learn's have no tags
        return ""


def _encoded(estimator: Any, names: tuple[str, ...]) -> Iterator[tuple[str, tuple[Hashable, ...] | None]]:
    """Yield the columns that a pipeline encodes: with their levels, or None for numbers."""
    if not isinstance(_attribute(estimator, "steps"), list) or not names:
        return
    first = estimator.steps[0][1]
    parts = _attribute(first, "transformers_")
    if parts is None:
        parts = [("", first, list(names))]
    for _, transformer, columns in parts:
        here = _named(columns, names)
        steps = (
            [s for _, s in transformer.steps] if isinstance(_attribute(transformer, "steps"), list) else [transformer]
        )
        for step in steps:
            known = _attribute(step, "categories_")
            if known is not None and len(known) == len(here):
                yield from ((n, tuple(v.tolist())) for n, v in zip(here, known, strict=True))
            elif type(step).__name__ in _OF_NUMBERS:
                yield from ((n, None) for n in here)
            else:
                continue
            break


def _named(columns: Any, names: tuple[str, ...]) -> list[str]:
    """Return the names of the columns that a part of a ColumnTransformer reads."""
    if isinstance(columns, str):
        return [columns]
    if isinstance(columns, slice):
        return list(names[columns]) if not isinstance(columns.start, str) else []
    found = list(columns) if isinstance(columns, list | tuple | np.ndarray | pd.Index) else []
    if found and all(isinstance(c, bool | np.bool_) for c in found):
        return [n for n, c in zip(names, found, strict=False) if c]
    return [names[c] if isinstance(c, int | np.integer) and c < len(names) else str(c) for c in found]


def _attribute(estimator: Any, name: str) -> Any:
    try:
        return getattr(estimator, name, None)
    except Exception:  # a property may fail on estimators without it
        return None
