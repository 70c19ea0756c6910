"""Tick labels of axes of numbers, years and dates."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from explainers.figures.attribution import number


def moments(low: float, high: float) -> list[tuple[float, str]]:
    """Return at most about seven round moments between two ends, in days since 1970, with their names."""
    start, end = (np.datetime64(round(v * 86_400), "s") for v in (low, high))
    for unit, steps in (("Y", (50, 20, 10, 5, 2, 1)), ("M", (6, 3, 1)), ("D", (14, 7, 2, 1)), ("h", (12, 6, 3, 1))):
        for step in steps:
            first, last = (int(v.astype(f"M8[{unit}]").astype(np.int64)) for v in (start, end))
            every = np.arange(first, last + 1).astype(f"M8[{unit}]")
            every = every[every.astype(np.int64) % step == 0]
            every = every[(every >= start) & (every <= end)]
            if len(every) >= 3:
                every = every[:: max(1, -(-len(every) // 8))]
                at = every.astype("M8[s]").astype(np.int64) / 86_400
                return [(float(a), str(e).replace("T", " ")) for a, e in zip(at, every, strict=True)]
    return [(low, str(start.astype("M8[m]")).replace("T", " ")), (high, str(end.astype("M8[m]")).replace("T", " "))]


def tick(value: float, places: list[float], *, years: bool) -> str:
    if years and float(value).is_integer():
        return f"{value:.0f}"
    step = min((b - a for a, b in pairwise(places)), default=1.0)
    digits = 0 if step >= 1 else min(6, len(f"{step:.6f}".rstrip("0").partition(".")[2]))
    return number(value, digits)
