"""Two classes, taken literally: pooled over random splits, is the observed rate of similar scores in the stated range?

Within one split a group of similar scores has some 95 rows, so that its own rate is off by chance as far as the stated
range is wide; ``test_intervals_promises`` allows for that. Pooled over 20 splits nothing is allowed for. The same rows
come back in other splits, so that a tenth of the scores still rests on no more than about 230 applications.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

from explainers import Study, intervals
from explainers.split import make_split
from tests.explainers.test_intervals_promises import real

Promise = Callable[[str, str], None]
Array = np.ndarray[Any, Any]
OPTIONS = {
    "boston_mortgages": ("rule", "formula", "tree", "logistic", "ebm", "forest", "boosting"),
    "affairs": ("formula", "logistic", "boosting"),
}


@cache
def never_seen(name: str, option: str, splits: int) -> Array:
    """Return score, stated ends at 90% and outcome of every never-seen row of these splits, shape (n, 4)."""
    frame, target, more = real(name)
    out = []
    for seed in range(splits):
        labels = make_split(frame, None, target=target, classification=True, seed=seed + 1)
        study = Study.from_frame(frame, target=target, candidates={option: option}, split=labels, **more)
        rows = study.rows("test")
        found = intervals.interval(study, option, rows, level=0.9)
        hits = (rows[target] == study.positive).to_numpy(dtype=float)
        out.append(np.column_stack([found.prediction, found.lower, found.upper, hits]))
    return np.vstack(out)


def groups_inside(pooled: Array, parts: int) -> tuple[int, int]:
    """Return in how many groups of similar scores the observed rate is in the mean stated range, and how many are."""
    score, low, high, hits = pooled.T
    # The same brackets over all splits; equal scores stay together.
    edges = np.unique(np.quantile(score, np.arange(1, parts) / parts, method="lower"))
    place = np.searchsorted(edges, score, side="left")
    here = [place == k for k in np.unique(place)]
    return sum(bool(low[m].mean() <= hits[m].mean() <= high[m].mean()) for m in here), len(here)


def test_pooled_rates_are_in_the_stated_range_small() -> None:
    pooled = never_seen("boston_mortgages", "formula", 6)
    assert groups_inside(pooled, 5) == (5, 5)
    for factor in (0.6, 1.6):  # statements that are off by that much are found out
        wrong = pooled * [1, factor, factor, 1]
        assert groups_inside(wrong, 5)[0] <= 2


@pytest.mark.promise
@pytest.mark.parametrize("name", list(OPTIONS))
def test_pooled_rates_are_in_the_stated_range(promise: Promise, name: str) -> None:
    fifths, tenths = ({o: groups_inside(never_seen(name, o, 20), n) for o in OPTIONS[name]} for n in (5, 10))
    promise(
        f"Two classes, chance not allowed for: the observed rate inside the mean stated range in at least 85% of the "
        f"groups of similar scores, never-seen rows of 20 random splits pooled ({name})",
        "fifths, as on the page: "
        + ", ".join(f"{o} {a} of {n}" for o, (a, n) in fifths.items())
        + "; tenths: "
        + ", ".join(f"{o} {a} of {n}" for o, (a, n) in tenths.items()),
    )
    for inside, every in fifths.values():
        assert inside >= 0.85 * every
    every_tenth = np.array(list(tenths.values()))
    assert every_tenth[:, 0].sum() >= 0.85 * every_tenth[:, 1].sum()
