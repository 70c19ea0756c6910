"""The frozen results about ranges: what is stated for single cases, and how often that held on never-seen rows."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from explainers.fields import FloatArray, explained

RangeMethod = Literal[
    "normalised", "by bins", "plain", "formula", "sigmoid", "nearest", "sets", "sets by class", "none"
]
WhyNoRange = Literal["", "no calibration rows", "too few", "unknown history", "one class", "no test rows"]
RangeVerdict = Literal["held", "short", "cannot tell", "too few"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Interval:
    """What is stated beside the answers to cases: a range, a frequency with its range, or a set of classes."""

    candidate: str = explained("Name of the candidate.")
    prediction: FloatArray = explained("Its answers, shape (n,): a number, or the probability of the outcome below.")
    lower: FloatArray = explained("Lower end of each range, shape (n,); minus infinity: too few rows; nan for sets.")
    upper: FloatArray = explained("Upper end of each range, shape (n,).")
    rate: FloatArray = explained("With two classes: rate of the outcome at such a score, shape (n,); else nan.")
    sets: tuple[tuple[Hashable, ...], ...] = explained(
        "With several classes: those that are not ruled out for each case, likeliest first; empty otherwise.",
        default=(),
    )
    outcome: tuple[Hashable, ...] = explained(
        "For classes the class of each prediction; empty for numbers.", default=()
    )
    group_n: tuple[int, ...] = explained("With two classes: calibration rows with the nearest scores.", default=())
    group_hits: tuple[int, ...] = explained("Of those, the rows with the outcome.", default=())
    level: float = explained("Promised share: the range is to hold for so many of 1.")
    method: RangeMethod = explained("How it was made; none: it was not, see why.")
    why: WhyNoRange = explained("WhyNoRange there is no range; empty where there is one.", default="")
    n_calibration: int = explained("Calibration rows that it rests on.", default=0)
    index: tuple[Any, ...] = explained("Index of the cases, in their order.", default=())

    def to_frame(self) -> pd.DataFrame:
        """Return one row per case."""
        out = pd.DataFrame(
            {"prediction": self.prediction, "rate": self.rate, "lower": self.lower, "upper": self.upper},
            index=pd.Index(self.index),
        )
        if self.sets:
            out["set"] = [", ".join(map(str, s)) for s in self.sets]
        return out.dropna(axis=1, how="all")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Coverage:
    """How often what was stated held on never-seen rows: overall and segment by segment."""

    candidate: str = explained("Name of the candidate.")
    kind: Literal["ranges", "rates", "sets"] = explained(
        "ranges of numbers, rates at a score (two classes), or sets of classes."
    )
    level: float = explained("Promised share.")
    method: RangeMethod = explained("How the ranges were made; none: they were not, see why.")
    why: WhyNoRange = explained("WhyNoRange nothing was measured; empty where it was.", default="")
    n_calibration: int = explained("Calibration rows that the ranges rest on.", default=0)
    rows: str = explained("Which rows it was measured on.", default="test")
    feature: tuple[str, ...] = explained(
        "What makes each segment: empty for all rows (the first segment), a column, 'prediction' for bins of the "
        "answer, 'time' for moments, 'outcome' for recorded classes.",
        default=(),
    )
    value: tuple[Any, ...] = explained("Level of that column, or (low, high) of a bin.", default=())
    n: tuple[int, ...] = explained("Rows in each segment.", default=())
    covered: FloatArray = explained(
        "Share of the rows inside their range or set; for rates the observed rate.", factory=lambda: np.empty(0)
    )
    lower: FloatArray = explained("Lower end of the 95% range of that share (Wilson).", factory=lambda: np.empty(0))
    upper: FloatArray = explained("Upper end of that range.", factory=lambda: np.empty(0))
    width: FloatArray = explained(
        "Median width of the ranges, or mean number of classes in a set.", factory=lambda: np.empty(0)
    )
    stated: FloatArray = explained("For rates: mean stated rate of each segment.", factory=lambda: np.empty(0))
    stated_lower: FloatArray = explained("For rates: mean lower end that was stated.", factory=lambda: np.empty(0))
    stated_upper: FloatArray = explained("For rates: mean upper end that was stated.", factory=lambda: np.empty(0))
    inside: tuple[bool, ...] = explained(
        "For rates: whether the observed rate agrees with the stated range, chance in so few rows allowed for.",
        default=(),
    )
    verdict: tuple[RangeVerdict, ...] = explained(
        "held, short (beyond chance, also for having looked at all segments), cannot tell, or too few.", default=()
    )
    order: tuple[int, ...] = explained("Segments with enough rows, the worst first.", default=())
    least: int = explained("Rows that a segment needs before it is judged.", default=0)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per segment, all rows first."""
        out = {"segment": self.feature, "value": list(map(str, self.value)), "n": self.n}
        out |= {k: getattr(self, k) for k in ("covered", "lower", "upper", "width", "verdict")}
        if self.kind == "rates":
            out |= {k: getattr(self, k) for k in ("stated", "stated_lower", "stated_upper", "inside")}
        return pd.DataFrame(out)
