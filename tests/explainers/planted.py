"""Data with odd rows planted in it, and how well they are found: extremes, and values that do not go together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from explainers import Study
from explainers.results import Unusual

NUMBERS = ("area", "rooms", "value", "age", "debt", "score", "share")


def rows(n: int, seed: int) -> pd.DataFrame:
    """Return usual rows: skewed, whole, bounded and tied numbers, three that go together; levels, two that do."""
    rng = np.random.default_rng(seed)
    size = rng.normal(size=n)
    frame = pd.DataFrame(
        {
            "area": np.exp(4 + 0.4 * size),
            "rooms": np.clip(np.round(6 + 1.5 * (0.9 * size + 0.44 * rng.normal(size=n))), 1, None),
            "value": np.exp(3 + 0.6 * (0.7 * size + 0.7 * rng.normal(size=n))),
            "age": rng.gamma(2, 20, n).round(),
            "debt": rng.beta(2, 5, n),
            "rate": rng.choice([3.1, 3.9, 5.3, 8.0], n),
            "score": rng.normal(size=n),
            "share": rng.uniform(size=n),
            "fuel": rng.choice(["gas", "oil", "electric", "wood"], n, p=[0.55, 0.25, 0.12, 0.08]),
            "garden": rng.choice(["no", "yes"], n, p=[0.7, 0.3]),
            "region": rng.choice([f"r{i}" for i in range(12)], n),
            "answer": np.where(rng.random(n) < 0.3, "yes", "no"),
        }
    )
    other = rng.choice(["air", "water"], n)
    frame["system"] = np.select([frame.fuel == "electric", frame.fuel == "wood"], ["panels", "stove"], other)
    stray = rng.random(n) < 0.002  # so that a rare pair is rare, not impossible
    frame.loc[stray, "system"] = rng.choice(["panels", "stove", "air"], int(stray.sum()))
    return frame


def study(n: int, seed: int) -> Study:
    return Study.from_frame(rows(n, seed), target="answer", candidates={"no_model": "no_model"}, name="planted")


@dataclass
class Planted:
    """Odd rows of one kind, and the columns that make each odd."""

    cases: pd.DataFrame
    columns: list[set[str]]


def plant(usual: pd.DataFrame, n: int, seed: int) -> dict[str, Planted]:
    """Return n odd rows of each kind; everything else about them is as usual."""
    rng = np.random.default_rng(seed)
    fresh = rows(n, seed + 1000)
    picked = rng.choice(NUMBERS, n)
    extreme = fresh.copy()
    for at, name in enumerate(picked):
        top, middle, low = usual[name].max(), usual[name].median(), usual[name].min()
        extreme[name] = extreme[name].astype(float)
        up = name in ("area", "rooms", "value", "age", "debt") or rng.random() < 0.5
        extreme.loc[at, name] = top + 0.6 * (top - middle) if up else low - 0.6 * (middle - low)
    numbers = fresh.copy()
    small, large = (usual[["area", "rooms"]].quantile(q) for q in (0.08, 0.92))
    turned = rng.random(n) < 0.5
    numbers["area"] = np.where(turned, small.area, large.area)
    numbers["rooms"] = np.where(turned, large.rooms, small.rooms)
    unseen = fresh.copy()
    unseen["fuel"] = "coal"
    pairs = fresh.copy()
    kind = rng.integers(0, 3, n)
    pairs["fuel"] = np.array(["electric", "wood", "gas"])[kind]
    pairs["system"] = np.array(["water", "panels", "stove"])[kind]
    return {
        "extremes": Planted(extreme, [{str(p)} for p in picked]),
        "impossible pairs of numbers": Planted(numbers, [{"area", "rooms"}] * n),
        "unseen levels": Planted(unseen, [{"fuel"}] * n),
        "rare pairs of levels": Planted(pairs, [{"fuel", "system"}] * n),
    }


def auc(usual: np.ndarray, odd: np.ndarray) -> float:
    """Return the share of pairs in which the odd one scores higher, ties by half."""
    order = np.sort(usual)
    wins = np.searchsorted(order, odd, side="left") + np.searchsorted(order, odd, side="right")
    return float(wins.mean() / 2 / usual.size)


def named(found: Unusual, columns: list[set[str]]) -> float:
    """Return the share of cases whose first reason is about the columns that make them odd, and about no others."""
    first = [set(r[0].features) if r else set() for r in found.reasons]
    return float(np.mean([f == c for f, c in zip(first, columns, strict=True)]))
