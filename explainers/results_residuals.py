"""The results about where an option is off: residuals in bins of anything, and how they are spread.

Take them from :mod:`explainers.results`, where every result can be found.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from explainers.fields import FloatArray, explained

BinKind = Literal["numeric", "levels", "time"]
Measure = Literal["residual", "standardised", "studentised", "deviance", "pearson", "quantile"]
SideVerdict = Literal["too low", "too high", "cannot tell", "too few"]
SizeVerdict = Literal["more", "less", "cannot tell", "too few"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Binned:
    """Residuals of one option in bins of something, with a sample of points that always holds the worst cases."""

    candidate: str = explained("Name of the candidate.")
    against: str = explained("What the bins are made of: predicted, actual, order (of the rows), or a column.")
    kind: BinKind = explained("numeric: bins of a number; time: moments; levels: one bin per level.")
    measure: Measure = explained("What is looked at: residual, standardised, studentised, deviance, pearson, quantile.")
    outcome: Hashable = explained(
        "For classes the class whose chance is looked at; None with several classes: each row's likeliest one.",
        default=None,
    )
    edges: FloatArray = explained(
        "Ends of the bins of numbers, one more than bins; days since 1970 for dates; empty for levels."
    )
    dates: bool = explained("Whether the edges are days since 1970.", default=False)
    levels: tuple[Any, ...] = explained("Levels, one per bin; None for a missing value.", default=())
    others: int = explained("How many rare levels the last bin but a missing one holds together; 0: none.", default=0)
    missing: bool = explained("Whether the last bin holds the rows without a value.", default=False)
    missing_at: float | None = explained("Where points without a value are drawn on an axis of numbers.", default=None)
    smallest: FloatArray = explained("Smallest value in each bin; NaN for levels and missing values.")
    largest: FloatArray = explained("Largest value in each bin.")
    n: tuple[int, ...] = explained("Rows in each bin.")
    units: tuple[int, ...] = explained("Rows, or groups of rows that belong together, that count as evidence.")
    middle: FloatArray = explained("Typical residual of each bin: the median; for classes the mean.")
    lower: FloatArray = explained(
        "Where the middle half of the residuals begins; for classes the lower end of the mean's 95% range."
    )
    upper: FloatArray = explained("Where it ends; for classes the upper end of that range.")
    outer_lower: FloatArray = explained("Where the middle nine tenths begin; NaN for classes.")
    outer_upper: FloatArray = explained("Where the middle nine tenths end; NaN for classes.")
    sure_lower: FloatArray = explained("Lower end of the range of the middle that holds for all bins together.")
    sure_upper: FloatArray = explained("Upper end of that range.")
    verdict: tuple[SideVerdict, ...] = explained(
        "too low: the option says too little there, beyond chance for all bins together; too high; cannot tell; "
        "too few rows."
    )
    stated: FloatArray = explained("Mean answer of each bin: the mean chance for classes.")
    recorded: FloatArray = explained("Mean record of each bin: the observed share for classes.")
    off: FloatArray = explained(
        "How far off it is in each bin: mean absolute residual; for classes the share of rows that it calls otherwise."
    )
    off_verdict: tuple[SizeVerdict, ...] = explained(
        "more or less off than in all other rows, beyond chance for all bins together; cannot tell; too few rows."
    )
    overall_middle: float = explained("Typical residual of all rows looked at.")
    overall_off: float = explained("How far off it is in all rows looked at.")
    above: int = explained("Rows looked at whose record lies above the answer.")
    level: float = explained("Level of the ranges.", default=0.95)
    together_by: str = explained(
        "The column whose rows count as one piece of evidence; empty where rows count alone.", default=""
    )
    points: pd.DataFrame = explained("Rows to draw: id, x, y, actual, predicted, worst (whether a worst case).")
    n_shown: int = explained("Points among them.")
    n_worst: int = explained("Worst cases among them: the largest residuals of all.")
    n_rows: int = explained("Rows looked at.")
    rows: str = explained("Which rows: test, another part, or unknown history.", default="test")
    zoom: tuple[Any, ...] = explained("The region looked at: ends of x, or of x and y, or levels; empty: all.")

    def to_frame(self) -> pd.DataFrame:
        """Return one row per bin."""
        k = len(self.n)
        out: dict[str, Any] = {"against": [self.against] * k}
        if len(self.edges):
            pad = [float("nan")] * (k - len(self.edges) + 1)
            out |= {"from": [*self.edges[:-1], *pad], "to": [*self.edges[1:], *pad]}
        else:
            out["level"] = [str(v) if v is not None else "" for v in self.levels]
        for name in ("n", "middle", "lower", "upper", "sure_lower", "sure_upper", "verdict", "stated", "recorded"):
            out[name] = getattr(self, name)
        return pd.DataFrame(out | {"off": self.off, "off_verdict": self.off_verdict})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spread:
    """How the residuals of one option are spread, beside what a normal distribution would show."""

    candidate: str = explained("Name of the candidate.")
    kind: Literal["numbers", "classes"] = explained("Numbers or classes.")
    outcome: Hashable = explained(
        "For classes the class whose chance is looked at; None with several classes: each row's likeliest one.",
        default=None,
    )
    n: int = explained("Rows looked at.")
    rows: str = explained("Which rows: test, another part, or unknown history.", default="test")
    edges: FloatArray = explained("Ends of the bars, one more than bars.")
    counts: tuple[int, ...] = explained("Rows in each bar; the first and last also hold what lies beyond.")
    beyond: tuple[int, int] = explained("Rows below the first and above the last end, which those bars hold.")
    mean: float = explained("Mean residual.")
    middle: float = explained("Median residual.")
    lower: float = explained("Where the middle half begins.")
    upper: float = explained("Where the middle half ends.")
    outer_lower: float = explained("Where the middle nine tenths begin.")
    outer_upper: float = explained("Where the middle nine tenths end.")
    off: float = explained("Mean absolute residual.")
    above: float = explained("Share of the rows whose record lies above the answer.")
    worst_n: int = explained("The most wrong twentieth of the rows, at least one.")
    worst_share: float = explained("Share of all absolute residuals that those rows hold.")
    tails: float = explained(
        "Width of the middle 95 in 100 over that of the middle half, as a multiple of the normal one; above 1: more "
        "cases far off than the bell curve has; NaN for classes and with fewer than 40 rows."
    )
    skew: float = explained(
        "Third standardised moment: above 0 where the largest lie above the answer; NaN for classes."
    )
    qq_measure: Measure = explained("What the Q-Q points are of: standardised, or quantile for classes.")
    qq_theory: FloatArray = explained("Normal quantiles.")
    qq_observed: FloatArray = explained("Residuals at the same ranks.")
    qq_line: FloatArray = explained(
        "Where they would lie if normal: the line through the quartiles; classes: spread 1."
    )
    qq_lower: FloatArray = explained("Lower end of the band that holds all points of a normal sample in 95 of 100.")
    qq_upper: FloatArray = explained("Upper end of that band.")
    qq_outside: int = explained("Ranks outside that band.")
    lowest: pd.DataFrame = explained("Rows furthest below the answer, furthest first: id, actual, predicted, residual.")
    highest: pd.DataFrame = explained("Rows furthest above the answer, furthest first.")
    score_edges: FloatArray = explained("For classes: ends of the bins of the score; empty for numbers.")
    score_happened: tuple[int, ...] = explained("Rows of each bin in which it happened.", default=())
    score_others: tuple[int, ...] = explained("Rows of each bin in which it did not.", default=())

    def to_frame(self) -> pd.DataFrame:
        """Return one row per bar."""
        return pd.DataFrame({"from": self.edges[:-1], "to": self.edges[1:], "n": self.counts})
