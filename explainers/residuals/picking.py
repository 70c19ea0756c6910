"""The points that are drawn: every row where there are few, else the worst cases and a random sample of the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from explainers.fields import FloatArray
from explainers.residuals.places import Places
from explainers.residuals.rows import Ints, Rows

if TYPE_CHECKING:
    from explainers.study import Study

WORST_SHARE, MOST_WORST = 0.05, 200


def picked(
    study: Study,
    read: Rows,
    places: Places,
    y: FloatArray,
    *,
    zoom: Sequence[Any],
    points: int,
    random_state: int,
) -> pd.DataFrame:
    """Return the rows to draw, in the order of the study.

    Parameters
    ----------
    study : Study
        Gives the ids.
    read : Rows
    places : Places
        Where each row lies along x; rows outside all bins are not drawn.
    y : array of shape (n,)
        What is looked at; rows without a value are not drawn.
    zoom : sequence
        With four numbers, only points between the last two are drawn.
    points : int
        At most so many.
    random_state : int

    Returns
    -------
    DataFrame
        id, x, y, actual, predicted, and worst: whether a row is among the worst cases of those looked at, the twentieth
        (at most 200) furthest from 0.
    """
    inside = (places.codes >= 0) & np.isfinite(y)
    if len(zoom) == 4:
        inside &= (y >= float(min(zoom[2:]))) & (y <= float(max(zoom[2:])))
    at = np.flatnonzero(inside)
    worst = furthest(np.abs(y[at]), min(worst_of(at.size), max(points, 0)))
    marked = np.zeros(at.size, dtype=bool)
    marked[worst] = True
    chosen = np.arange(at.size)
    if at.size > points:
        rest = np.flatnonzero(~marked)
        rng = np.random.default_rng(random_state)
        drawn = rng.choice(rest, points - worst.size, replace=False, shuffle=False)
        chosen = np.sort(np.concatenate([worst, drawn]))
    rows = at[chosen]
    return pd.DataFrame(
        {
            "id": study.case_ids.take(read.at[rows]).to_numpy(dtype=object),
            "x": places.x[rows],
            "y": y[rows],
            "actual": read.actual[rows],
            "predicted": read.predicted[rows],
            "worst": marked[chosen],
        }
    )


def worst_of(n: int) -> int:
    """Return how many of n rows are called the worst cases: a twentieth, at least one, at most 200."""
    return min(max(round(n * WORST_SHARE), 1), MOST_WORST, n)


def furthest(sizes: FloatArray, most: int) -> Ints:
    """Return the places of the largest sizes, rising; of equal ones the first."""
    if most <= 0 or not sizes.size:
        return np.zeros(0, dtype=np.int64)
    if most >= sizes.size:
        return np.arange(sizes.size)
    least = np.partition(sizes, sizes.size - most)[sizes.size - most]
    above = np.flatnonzero(sizes > least)
    tied = np.flatnonzero(sizes == least)[: most - above.size]
    return np.sort(np.concatenate([above, tied]))
