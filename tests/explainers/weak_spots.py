"""Studies with one weak spot planted, or none: errors are doubled in 3 of 100 rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from explainers import Study
from explainers.build import candidate_key

TRAINING = 200
SPOTS = ("level", "levels", "range and level", "none")


def planted(
    seed: int, *, spot: str, classes: bool, n: int = 5_000, share: float = 0.03, times: float = 2.0
) -> tuple[Study, np.ndarray[Any, Any]]:
    """Return a study whose option is off anywhere alike but in one spot, and which never-seen rows are in the spot.

    Parameters
    ----------
    seed : int
    spot : str
        level: one level; levels: two levels together; range and level: a fifth of a number's values with a level;
        ranges: two numbers; none.
    classes : bool
        12 of 100 answers are off; else the error is a normal one.
    n : int
        Never-seen rows.
    share, times : float
        Share of the rows in the spot, and by how much the error is larger there.
    """
    rng = np.random.default_rng(seed)
    total = n + TRAINING
    root = np.sqrt(share)
    frame = pd.DataFrame({f"x{k}": rng.normal(size=total) for k in range(4)})
    frame["years"] = rng.integers(0, 60, total)
    # A level of 3 in 100 rows, and two of 17 in 100 that make a cell of 3 in 100.
    frame["region"] = rng.choice(list("abcdefgh"), total, p=[share, 0.2, 0.2, 0.17, 0.13, 0.12, 0.1, 0.08 - share])
    frame["fuel"] = rng.choice(["gas", "oil", "wood", "sun"], total, p=[0.45, 0.25, root, 0.3 - root])
    frame["kind"] = rng.choice(["a", "b", "c", "d", "e"], total, p=[root, 0.3, 0.25, 0.2, 0.25 - root])
    frame["grade"] = rng.choice(["low", "middle", "high"], total)
    frame["new"] = rng.choice(["no", "yes"], total, p=[0.8, 0.2])
    wood, first = (frame["fuel"] == "wood").to_numpy(), (frame["kind"] == "a").to_numpy()
    low = rng.uniform(0, 1 - root)
    place = (frame["x1"].rank() / total).to_numpy()
    other = (frame["x2"].rank() / total).to_numpy()
    end = rng.uniform(0, 1 - root)
    inside = {
        "level": (frame["region"] == "a").to_numpy(),
        "levels": wood & first,
        "range and level": wood & (place > low) & (place <= low + root),
        "ranges": (place > low) & (place <= low + root) & (other > end) & (other <= end + root),
        "none": np.zeros(total, dtype=bool),
    }[spot]
    if classes:
        frame["off"] = np.where(rng.random(total) < np.where(inside, 0.12 * times, 0.12), "yes", "no")
    else:
        frame["off"] = rng.normal(size=total) * np.where(inside, times, 1.0)
    return _like(_read(classes, n, frame), frame, f"{spot} {seed} {share} {times}"), inside[TRAINING:]


_first: dict[tuple[bool, int], Study] = {}


def _read(classes: bool, n: int, frame: pd.DataFrame) -> Study:
    """Return a study of such a frame; the first of each size is read with all its checks."""
    if (classes, n) not in _first:
        _first[classes, n] = Study.from_frame(
            frame,
            target="off",
            positive="yes" if classes else None,
            candidates={"no_model": "no_model"},
            split=["train"] * TRAINING + ["test"] * n,
        )
    return _first[classes, n]


def _like(study: Study, frame: pd.DataFrame, name: str) -> Study:
    """Return the study with other rows of the same kind, as if they had been read and nothing built."""
    option = replace(study.candidate("no_model"), built=False, estimator=None, key="")
    frame = frame.astype(study.frame.dtypes.to_dict())
    again = study.replace(frame=frame, data_key=f"{name} {len(frame)} {study.task}")
    return again.replace(candidates={"no_model": replace(option, key=candidate_key(again, option))})
