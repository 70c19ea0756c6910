"""Which training rows a smaller study would have: drawn at random, whole groups, or the latest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from explainers.results_costs import RowsTaken

if TYPE_CHECKING:
    from explainers.study import Study

IntArray = np.ndarray[Any, np.dtype[np.int64]]


def draws(
    study: Study, shares: tuple[float, ...], n: int, *, random_state: int = 0
) -> tuple[RowsTaken, dict[float, list[IntArray]]]:
    """Return training rows of smaller studies.

    Parameters
    ----------
    study : Study
    shares : tuple of float
        Shares of the training rows, each below 1.
    n : int
        Draws of each share; with rows in order of time there is only one.
    random_state : int
        Seed.

    Returns
    -------
    tuple of str and dict
        How rows are taken, and for each share the places of the rows in ``study.frame``, rising, for each draw. The
        smaller share of a draw lies within the larger one.

    Notes
    -----
    Where the split goes by time, fewer rows are a shorter history: the latest moments are kept, whole. Where rows
    belong together by a group, whole groups are kept, for a study with half of the rows would have half of the groups.
    Else rows are drawn at random, of each class its share, and one at least.

    Examples
    --------
    >>> from explainers import Study
    >>> frame = pd.DataFrame({"size": range(100), "sold": ["no", "yes"] * 50})
    >>> study = Study.from_frame(frame, target="sold", candidates=["no_model"])
    >>> how, rows = draws(study, (0.5,), 2)
    >>> how, [len(r) for r in rows[0.5]]
    ('at random', [30, 30])
    """
    from explainers.metrics import together
    from explainers.split import apart

    training = study.training()
    how, column = apart(study)
    if how == "random" and (group := together(study)) is not None:
        how, column = "group", group
    if how == "time":
        order = _latest_first(study.frame[column].iloc[training])
        return "latest", {s: [np.sort(training[_whole(order, s)])] for s in shares}
    found: dict[float, list[IntArray]] = {s: [] for s in shares}
    for draw in range(n):
        rng = np.random.default_rng([random_state, draw])
        if how == "group":
            order = _shuffled_groups(study.frame[column].iloc[training], rng)
            for s in shares:
                found[s].append(np.sort(training[_whole(order, s)]))
            continue
        ranks = _ranks_within(study, training, rng)
        for s in shares:
            found[s].append(training[ranks < s])
    return ("by group" if how == "group" else "at random"), found


def _latest_first(moments: pd.Series[Any]) -> IntArray:
    """Return the place of each row's moment, the latest 0; rows without a moment come last."""
    codes = np.asarray(pd.factorize(moments, sort=True)[0], dtype=np.int64)
    top = int(codes.max(initial=-1))
    return np.where(codes < 0, top + 1, top - codes)


def _shuffled_groups(groups: pd.Series[Any], rng: np.random.Generator) -> IntArray:
    codes = np.asarray(pd.factorize(groups.astype(object))[0], dtype=np.int64)
    alone = codes < 0
    codes[alone] = codes.max(initial=-1) + 1 + np.arange(int(alone.sum()))
    return np.asarray(rng.permutation(int(codes.max(initial=-1)) + 1)[codes], dtype=np.int64)


def _whole(order: IntArray, share: float) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return which rows are kept: whole moments or groups in order, as near to the share as they come, one at least."""
    reached = np.cumsum(np.bincount(order))
    last = int(np.argmin(np.abs(reached - share * len(order)))) if len(order) else 0
    return np.asarray(order <= last)


def _ranks_within(study: Study, training: IntArray, rng: np.random.Generator) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return a random rank from 0 to below 1 for each training row, spread evenly within each class."""
    target = study.frame[study.target].iloc[training]
    codes = np.zeros(training.size, dtype=np.int64)
    if study.classes:
        codes = np.asarray(pd.factorize(target.astype(object).astype(str))[0], dtype=np.int64)
    ranks = np.empty(training.size)
    for code in np.unique(codes):
        mine = np.flatnonzero(codes == code)
        ranks[rng.permutation(mine)] = np.arange(mine.size) / mine.size
    return ranks
