"""Simulated studies for the diagnostics: clean ones, where the formula is right, and ones with one planted fault."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from explainers import Study

N_GROUPS = 20


def clean(kind: str, n: int, seed: int) -> Study:
    """Return a study whose formula is right: linear in its inputs, with noise that follows the textbook.

    series: one series in time; panel: 20 groups over time; random: no time; two and three: classes.
    """
    rng = np.random.default_rng(seed)
    frame, link = _inputs(rng, n)
    about: dict[str, Any] = {}
    split: str | None = None
    if kind in ("series", "panel"):
        groups = N_GROUPS if kind == "panel" else 1
        frame["t"] = np.arange(n) // groups
        about["t"] = {"role": "time"}
        if kind == "panel":
            frame["g"] = [f"g{i}" for i in np.arange(n) % groups]
            about["g"] = {"role": "group"}
        split = "time:t"
    if kind == "two":
        frame["y"] = np.where(rng.random(n) < 1 / (1 + np.exp(0.5 - link)), "yes", "no")
    elif kind == "three":
        sums = np.column_stack([np.zeros(n), link, 0.5 - 0.6 * frame["a"]])
        shares = np.exp(sums) / np.exp(sums).sum(axis=1, keepdims=True)
        frame["y"] = np.array(["p", "q", "r"])[(rng.random((n, 1)) > shares.cumsum(axis=1)).sum(axis=1)]
    else:
        frame["y"] = link + rng.normal(size=n)
    return study_of(frame, dictionary=about or None, split=split)


def _inputs(rng: np.random.Generator, n: int) -> tuple[pd.DataFrame, np.ndarray[Any, Any]]:
    frame = pd.DataFrame(
        {
            "a": rng.normal(size=n),
            "b": rng.exponential(size=n),
            "c": rng.uniform(-1, 1, n),
            "d": rng.choice(["u", "v", "w"], n),
        }
    )
    link = 1 + 0.8 * frame["a"] - 0.5 * frame["b"] + 0.7 * frame["c"] + 0.6 * (frame["d"] == "v")
    return frame, link.to_numpy()


def study_of(frame: pd.DataFrame, *, formula: str | None = None, **about: Any) -> Study:
    return Study.from_frame(
        frame, target="y", candidates={"formula": "formula"}, formula=formula, name="simulated", **about
    )


# -- one fault each: the study, and the tests that have to find it -----------------------------------------------------
Planted = tuple[Study, tuple[str, ...]]


def _square(seed: int, n: int = 600) -> Planted:
    rng = np.random.default_rng(seed)
    frame, link = _inputs(rng, n)
    frame["y"] = link + frame["a"] ** 2 + rng.normal(size=n)
    return study_of(frame), ("reset",)


def _log(seed: int, n: int = 600) -> Planted:
    rng = np.random.default_rng(seed)
    frame, link = _inputs(rng, n)
    frame["y"] = np.exp(0.8 * link + 0.4 * rng.normal(size=n))
    return study_of(frame), ("breusch_pagan", "jarque_bera", "anderson_darling", "lilliefors", "reset")


def _spread(seed: int, n: int = 600) -> Planted:
    rng = np.random.default_rng(seed)
    frame, link = _inputs(rng, n)
    frame["y"] = 20 + 3 * link + rng.normal(size=n) * np.exp(0.6 * frame["a"])
    return study_of(frame), ("breusch_pagan", "spread_by_input", "white")


def _tails(seed: int, n: int = 1_500) -> Planted:
    rng = np.random.default_rng(seed)
    frame, link = _inputs(rng, n)
    frame["y"] = link + rng.standard_t(2.5, size=n)
    return study_of(frame), ("jarque_bera", "anderson_darling", "lilliefors")


def _group(seed: int, n: int = 600) -> Planted:
    rng = np.random.default_rng(seed)
    frame, link = _inputs(rng, n)
    frame["shop"] = rng.choice(["north", "south", "east", "west"], n)
    frame["y"] = link + 2 * (frame["shop"] == "north") - 2 * (frame["shop"] == "south") + rng.normal(size=n)
    return study_of(frame, formula="y ~ a + b + c + d"), ("columns",)


def _level(seed: int, n: int = 600) -> Planted:
    rng = np.random.default_rng(seed)
    frame, link = _inputs(rng, n)
    frame["t"] = np.arange(n)
    frame["y"] = link + 1.5 * (frame["t"] >= 0.8 * n) + rng.normal(size=n)
    about = {"t": {"role": "time"}}
    return study_of(frame, dictionary=about, split="time:t"), ("bias",)


def _time(seed: int, n: int = 600) -> Planted:
    rng = np.random.default_rng(seed)
    frame, link = _inputs(rng, n)
    frame["t"], frame["g"] = np.arange(n) // N_GROUPS, [f"g{i}" for i in np.arange(n) % N_GROUPS]
    noise = rng.normal(size=(n // N_GROUPS, N_GROUPS))
    for t in range(1, len(noise)):
        noise[t] += 0.7 * noise[t - 1]
    frame["y"] = link + noise.ravel()
    about = {"t": {"role": "time"}, "g": {"role": "group"}}
    return study_of(frame, dictionary=about, split="time:t"), ("durbin_watson", "ljung_box")


def _copies(seed: int, n: int = 600) -> Planted:
    rng = np.random.default_rng(seed)
    frame, link = _inputs(rng, n)
    frame["e"] = frame["a"] + 0.02 * rng.normal(size=n)
    frame["y"] = link + rng.normal(size=n)
    return study_of(frame), ("vif", "condition_number")


def _one_row(seed: int, n: int = 200) -> Planted:
    rng = np.random.default_rng(seed)
    frame, link = _inputs(rng, n)
    frame["y"] = link + rng.normal(size=n)
    frame.loc[0, ["a", "y"]] = [25.0, -40.0]
    labels = np.array(["train", "train", "test"])[np.arange(n) % 3]
    return study_of(frame, split=labels), ("influence",)


def _bent_chances(seed: int, n: int = 2_000) -> Planted:
    rng = np.random.default_rng(seed)
    frame, link = _inputs(rng, n)
    link = link + 0.8 * frame["a"] ** 2 - 1.5
    frame["y"] = np.where(rng.random(n) < 1 / (1 + np.exp(-link)), "yes", "no")
    return study_of(frame), ("columns",)


def _overconfident(seed: int, n: int = 3_000) -> Planted:
    """Copies of one input, each of which naive Bayes takes for news: its chances are far too extreme."""
    from sklearn.naive_bayes import GaussianNB

    rng = np.random.default_rng(seed)
    frame, _ = _inputs(rng, n)
    frame = pd.DataFrame({f"a{i}": frame["a"] + 0.01 * rng.normal(size=n) for i in range(6)})
    frame["y"] = np.where(rng.random(n) < 1 / (1 + np.exp(-frame["a0"])), "yes", "no")
    made = Study.from_frame(frame, target="y", candidates={"formula": GaussianNB()}, name="simulated")
    return made, ("scores",)


FAULTS: dict[str, Callable[[int], Planted]] = {
    "square": _square,
    "log": _log,
    "spread": _spread,
    "tails": _tails,
    "group": _group,
    "level": _level,
    "time": _time,
    "copies": _copies,
    "one row": _one_row,
    "bent chances": _bent_chances,
    "too sure": _overconfident,
}
