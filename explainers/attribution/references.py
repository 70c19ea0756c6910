"""What an explanation compares with: everyone, a group, one other case, or rows handed in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from explainers.errors import CaseError
from explainers.results import Reference
from explainers.study import TRAIN, UNKNOWN, Study

SIZE = 200


def reference(
    study: Study,
    *,
    group: tuple[str, Any] | None = None,
    case: str | None = None,
    size: int = SIZE,
    random_state: int = 0,
) -> Reference:
    """Return the rows that cases are compared with.

    Parameters
    ----------
    study : Study
        The study.
    group : tuple of (column, level), optional
        Compare with training rows that have this level (a level may be given as text, as it stands in a link).
    case : str, optional
        Compare with this one case, by id.
    size : int
        Rows to draw at random; all of them where there are fewer. With 200 rows the choice of rows moves a reason by
        about a fourteenth of its spread over the rows; the attribution carries that error.
    random_state : int
        Seed of the draw. The draw is without replacement and in random order.

    Returns
    -------
    Reference
        Its rows have the study's feature columns and keep their index.

    Raises
    ------
    CaseError
        There is no such column, level or case; or both a group and a case were given.

    Examples
    --------
    >>> from explainers.study import Dictionary, Feature
    >>> study = Study(name="s", title="S", question="?", task="regression", target="y",
    ...     frame=pd.DataFrame({"x": [1.0, 2.0, 3.0], "y": [1.0, 2.0, 3.0]}),
    ...     dictionary=Dictionary(features={"x": Feature(name="x", label="X")}),
    ...     split=pd.Series(["train", "train", "test"]), candidates={})
    >>> sorted(reference(study).rows["x"])
    [1.0, 2.0]
    """
    if group is not None and case is not None:
        raise CaseError("A comparison with a group and with one case were both asked for. Give one of them.")
    columns = list(study.feature_names)
    if case is not None:
        return Reference(kind="case", rows=study.row(case)[columns], case=str(case), population=1)
    pool = training_rows(study)
    feature, level = group if group is not None else (None, None)
    if feature is not None:
        if feature not in study.frame.columns:
            raise CaseError(f"There is no column {feature!r} to make a group of. Use one of: {', '.join(columns)}.")
        inside = _of_level(pool[feature], level)
        if not inside.any():
            raise CaseError(
                f"No training {study.case} has {feature} = {level!r}, so there is nothing to compare with. "
                "Choose another group."
            )
        pool = pool[inside]
    if pool.empty:
        raise CaseError(f"The study {study.name!r} has no {study.cases} to compare with. Add rows to its data.")
    drawn = np.random.default_rng(random_state).permutation(len(pool))[: max(1, size)]
    return Reference(
        kind="everyone" if feature is None else "group",
        rows=pool.iloc[drawn][columns],
        feature=feature,
        level=level,
        population=len(pool),
    )


def as_reference(study: Study, given: Reference | pd.DataFrame | None) -> Reference:
    """Return the reference that ``explain`` was given, or the default one."""
    if given is None:
        return reference(study)
    if isinstance(given, Reference):
        return given
    if len(given) == 0:
        raise CaseError("The reference has no rows, so there is nothing to compare with. Give at least one row.")
    return Reference(kind="rows", rows=given, population=0)


def training_rows(study: Study) -> pd.DataFrame:
    """Return the training rows; where none are known to be training rows, those of unknown history, else all."""
    for label in (TRAIN, UNKNOWN):
        rows = study.rows(label)
        if len(rows):
            return rows
    return study.frame


def _of_level(values: pd.Series[Any], level: Any) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return where a column has a level, which a link gives as text."""
    if level is None or (isinstance(level, float) and np.isnan(level)):
        return values.isna().to_numpy(dtype=bool)
    same = (values == level).fillna(False).to_numpy(dtype=bool)
    if not same.any():
        same = (values.astype(str) == str(level)).to_numpy(dtype=bool) & ~values.isna().to_numpy(dtype=bool)
    return np.asarray(same)
