"""The result about how unlike anything seen a case is.

Take it from :mod:`explainers.results`, where every result can be found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from explainers.fields import FloatArray, explained

OddKind = Literal["far", "several", "combination", "level", "missing", "pair", "nothing"]
Side = Literal["low", "high", "near", "is", "missing"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Oddity:
    """One thing about a case that is unusual: a value, or values that are rare together."""

    kind: OddKind = explained(
        "far: a number far out; several: numbers that are far out together; combination: numbers that do not go "
        "together; level: an unseen or rare level; missing: a value missing, or given, where that is rare; pair: two "
        "values of which one is a level, rare together."
    )
    features: tuple[str, ...] = explained("The columns, the oddest first.")
    values: tuple[Any, ...] = explained("The case's values in them.")
    sides: tuple[Side, ...] = explained(
        "How each is counted: low or high: training rows at least as far out on that side; near: in the same fifth; "
        "is: that level; missing."
    )
    counts: tuple[int, ...] = explained("Training rows that have each alone, counted so.")
    together: int = explained("Training rows that have all of them at once.")
    expected: float = explained(
        "Training rows that would have all at once if the columns had nothing to do with others."
    )
    n: int = explained("Training rows that were counted.")
    lower: float | None = explained("Of numbers far out: where the middle 98 in 100 training rows begin.", default=None)
    upper: float | None = explained("Where the middle 98 in 100 training rows end.", default=None)
    within: float | None = explained(
        "Share of the training rows between those two; ties may make it more.", default=None
    )
    beyond: bool = explained("Whether no training row is like it: past both ends, a new level, or a new pair.")
    surprise: float = explained("Minus the natural logarithm of its calibrated tail chance.")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Unusual:
    """How unlike anything seen each of some cases is, measured on rows that nothing was fitted on."""

    cases: pd.DataFrame = explained("The cases as they were given, the columns looked at, shape (n_cases, n_features).")
    feature_names: tuple[str, ...] = explained("Columns that were looked at.")
    scores: FloatArray = explained("Largest calibrated surprise of each case, shape (n_cases,); more is more unusual.")
    shares: FloatArray = explained(
        "Share of held-out rows at least as unusual, the case counted among them, shape (n_cases,); NaN: cannot say."
    )
    counts: tuple[int, ...] = explained("Held-out rows at least as unusual as each case, itself not counted.")
    compared: tuple[int, ...] = explained("Held-out rows each case is compared with: all, or all but itself.")
    n_held_out: int = explained("Held-out rows that the shares are counted on.")
    finest: float | None = explained("Finest share that so many rows can claim; None: too few rows to say anything.")
    rows: str = explained("Which rows those are: calibration and test, or none.")
    n_training: int = explained("Training rows that it learned from.")
    at_1_in_100: tuple[bool | None, ...] = explained("Whether each case is flagged at 1 in 100; None: too few rows.")
    at_1_in_20: tuple[bool | None, ...] = explained("Whether each case is flagged at 1 in 20; None: too few rows.")
    kinds: tuple[OddKind, ...] = explained("What is strongest in each case.")
    reasons: tuple[tuple[Oddity, ...], ...] = explained("What is odd about each case, strongest first, at most 3.")
    part_names: tuple[str, ...] = explained("Parts of the score: far, several, combination, level, pair.")
    parts: FloatArray = explained("Calibrated surprise by part, shape (n_cases, n_parts); the score is the largest.")

    def to_frame(self) -> pd.DataFrame:
        """Return one row per case: score, share, flags, the strongest kind, its columns, and every part."""
        first = [r[0].features if r else () for r in self.reasons]
        known = {
            "score": self.scores,
            "share": self.shares,
            "at_1_in_100": list(self.at_1_in_100),
            "at_1_in_20": list(self.at_1_in_20),
            "kind": list(self.kinds),
            "columns": [", ".join(names) for names in first],
        }
        parts = {f"part_{name}": np.asarray(self.parts)[:, at] for at, name in enumerate(self.part_names)}
        return pd.DataFrame({**known, **parts}, index=self.cases.index)
