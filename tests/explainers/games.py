"""Data with known interactions, pipelines on it, and attributions by brute force: for the tests of attributions."""

from __future__ import annotations

from collections.abc import Hashable
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from explainers import Study, predict


def mixed_frame(n: int = 2_000, columns: int = 12, seed: int = 0, missing: bool = False) -> pd.DataFrame:
    """Return numbers and categories with a binary target, a number and three classes that depend on interactions."""
    rng = np.random.default_rng(seed)
    n_levels = columns // 3
    data: dict[str, Any] = {f"x{j}": rng.standard_normal(n) for j in range(columns - n_levels)}
    data |= {f"c{j}": rng.choice(list("abcd")[: 2 + j % 3], n) for j in range(n_levels)}
    frame = pd.DataFrame(data)
    x0, x1, x2, x3, x4, x5 = (frame[f"x{min(j, columns - n_levels - 1)}"] for j in range(6))
    score = x0 + 0.8 * x1 * x2 - x3.abs()
    if n_levels:
        score += (frame.c0 == "a") * x4 + 0.7 * (frame.iloc[:, -1] == "b") + 0.4 * np.sin(2 * x5)
    frame["binary"] = np.where(rng.random(n) < 1 / (1 + np.exp(-score)), "yes", "no")
    frame["number"] = score + 0.3 * rng.standard_normal(n)
    frame["three"] = pd.cut(score + rng.standard_normal(n), [-np.inf, -1, 0.5, np.inf], labels=["low", "mid", "top"])
    frame["three"] = frame["three"].astype(str)
    if missing:
        for name in list(data)[::2]:
            frame.loc[rng.random(n) < 0.1, name] = None
    return frame


def inputs(frame: pd.DataFrame) -> list[str]:
    """Return the columns that are not a target."""
    return [c for c in frame.columns if c not in ("binary", "number", "three")]


def pipeline(model: Any, frame: pd.DataFrame) -> Any:
    """Return an unfitted pipeline of the usual encoders and a model."""
    numbers = [c for c in inputs(frame) if pd.api.types.is_numeric_dtype(frame[c])]
    levels = [c for c in inputs(frame) if c not in numbers]
    encoder = ColumnTransformer(
        [
            ("numbers", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
            (
                "levels",
                make_pipeline(
                    SimpleImputer(strategy="most_frequent", missing_values=np.nan),
                    OneHotEncoder(handle_unknown="ignore", sparse_output=False),
                ),
                levels,
            ),
        ]
    )
    return make_pipeline(encoder, model)


def study_of(frame: pd.DataFrame, target: str, **candidates: Any) -> Study:
    """Return a study of one of the targets, with the candidates given."""
    kept = frame[[*inputs(frame), target]]
    positive = "yes" if target == "binary" else None
    return Study.from_frame(kept, target=target, candidates=candidates, positive=positive)


def by_hand(
    study: Study, candidate: str, case: pd.DataFrame, refs: pd.DataFrame, outcome: Hashable = None
) -> np.ndarray[Any, Any]:
    """Return exact attributions of one case: every subset of columns, every reference row, through the raw door.

    Written on its own from the definition, and slow.
    """
    names = list(study.candidate(candidate).features)
    door = predict.door(study, candidate)
    case, refs = case[names], refs[names]
    d = len(names)
    subsets = [frozenset(s) for size in range(d + 1) for s in combinations(range(d), size)]
    worth: dict[frozenset[int], float] = {}
    step = max(1, 60_000 // len(refs))
    for start in range(0, len(subsets), step):
        block = subsets[start : start + step]
        inside = np.array([[j in s for j in range(d)] for s in block])
        mixed = {}
        for j, name in enumerate(names):
            both = pd.concat([case[name], refs[name]], ignore_index=True)
            at = np.where(inside[:, j][:, None], 0, np.arange(1, len(refs) + 1)[None, :]).ravel()
            mixed[name] = both.array.take(at)
        answer = np.asarray(door.ask(pd.DataFrame(mixed)))
        if answer.ndim == 2:
            answer = answer[:, study.classes.index(study.positive if outcome is None else outcome)]
        worth |= dict(zip(block, answer.reshape(len(block), -1).mean(axis=1), strict=True))
    values = np.zeros(d)
    for s, v in worth.items():
        for j in range(d):
            if j in s:
                values[j] += factorial(len(s) - 1) * factorial(d - len(s)) / factorial(d) * v
            else:
                values[j] -= factorial(len(s)) * factorial(d - len(s) - 1) / factorial(d) * v
    return values
