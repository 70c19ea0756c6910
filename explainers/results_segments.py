"""The frozen results about where a candidate is most wrong, and about what picked cases have in common.

Take them from :mod:`explainers.results`, where every result can be found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from explainers.fields import FloatArray, explained
from explainers.results_looks_at import Condition

FoundBy = Literal["one column", "two columns", "tree", "group"]
WhyNoSegments = Literal["", "no rows", "too few", "no columns", "all errors alike"]
CellVerdict = Literal["more", "less", "cannot tell", "too few"]
WhyNoTraits = Literal["", "none picked", "everything picked", "no columns"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Segment:
    """Rows that meet a few conditions, and how wrong the candidate is there."""

    conditions: tuple[Condition, ...] = explained("What holds of its rows, one condition for each column.")
    n: int = explained("Rows in it.")
    share: float = explained("Its share of all rows.")
    error: float = explained("Mean absolute error in it; for classes the share that it gets wrong.")
    lower: float = explained("Lower end of its range, lowered for having looked at so many segments.")
    upper: float = explained("Upper end of its range, at 97.5%.")
    elsewhere: float = explained("The same error over all other rows; nan where there are none.")
    share_of_errors: float = explained("Its share of the sum of all errors.")
    p_value: float = explained("How often shuffled errors showed a segment as clear anywhere, itself counted.")
    stands_out: bool = explained("Whether it is worse than chance explains after looking everywhere, and by enough.")
    found_by: FoundBy = explained("one column, two columns, tree, or group: a level of the column that makes groups.")
    evidence: float = explained("Log-likelihood gain above what chance shows once in 20 searches, in nats.")
    lean: float = explained("Numbers: mean of actual minus predicted; classes: nan.", default=float("nan"))
    lean_lower: float = explained("Lower end of the 95% range of that mean.", default=float("nan"))
    lean_upper: float = explained("Upper end of it.", default=float("nan"))
    expected: float = explained("Classes: error that its own probabilities announce; nan.", default=float("nan"))
    counts: tuple[int, ...] = explained("Two classes: found, missed, false alarms, passed; else empty.", default=())
    n_again: int = explained("Set-aside rows that meet the conditions and had no part in the search.", default=0)
    error_again: float = explained("The error on those; nan where there are none.", default=float("nan"))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Segments:
    """Where a candidate is most wrong, corrected for having looked everywhere."""

    candidate: str = explained("Name of the candidate.")
    measure: Literal["absolute error", "wrong answers"] = explained("What is averaged over rows.")
    error: float = explained("It over all rows; nan without rows.")
    error_again: float = explained("It over the set-aside rows; nan without any.", default=float("nan"))
    n: int = explained("Rows that were searched.")
    rows: str = explained("Which rows: test, calibration, training, or unknown history.")
    segments: tuple[Segment, ...] = explained("Those that stand out, clearest first, then a few that may be chance.")
    leaves: tuple[Segment, ...] = explained("A shallow tree that deals all rows into parts, worst part first.")
    columns: tuple[str, ...] = explained("Columns that were searched.")
    n_looked: int = explained("Segments that were looked at.", default=0)
    n_shuffles: int = explained("Times that the errors were shuffled to see what chance alone shows.", default=0)
    n_shuffled: int = explained("Rows in each shuffle: all, or a sample of them.", default=0)
    least: int = explained("Fewest rows of a segment.", default=0)
    matters: float = explained("A segment stands out only from so many times the overall error on.", default=1.2)
    level: float = explained("How sure all that stand out are together.", default=0.95)
    group: str | None = explained("Column whose equal values mark rows that belong together.", default=None)
    why: WhyNoSegments = explained("Why nothing was searched; empty where it was.", default="")

    def to_frame(self) -> pd.DataFrame:
        """Return one row per segment, the clearest first."""
        names = ("n", "share", "error", "lower", "upper", "elsewhere", "share_of_errors", "p_value", "stands_out")
        where = [" and ".join(map(_text, s.conditions)) for s in self.segments]
        frame = pd.DataFrame([[getattr(s, n) for n in names] for s in self.segments], columns=list(names))
        frame.insert(0, "segment", where)
        return frame


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cells:
    """How wrong a candidate is in each cell of two columns."""

    candidate: str = explained("Name of the candidate.")
    measure: Literal["absolute error", "wrong answers"] = explained("What is averaged over rows.")
    a: str = explained("The column down the side.")
    b: str = explained("The column along the foot.")
    groups_a: tuple[Condition, ...] = explained("Groups of the first column, in order.")
    groups_b: tuple[Condition, ...] = explained("Groups of the second column, in order.")
    n: np.ndarray[Any, Any] = explained("Rows of each cell, shape (n_groups_a, n_groups_b).")
    errors: FloatArray = explained("Error of each cell, same shape; nan without rows.")
    lower: FloatArray = explained("Lower end of its range, the cells looked at together.")
    upper: FloatArray = explained("Upper end of it.")
    verdicts: tuple[tuple[CellVerdict, ...], ...] = explained("Each against the other rows: more, less, cannot tell.")
    error: float = explained("Error over all rows.")
    total: int = explained("Rows in all.")
    rows: str = explained("Which rows: test, calibration, training, or unknown history.")
    least: int = explained("Rows below which a cell is not judged.")
    level: float = explained("Level of the ranges and verdicts, all cells together.", default=0.95)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per cell."""
        places = [(i, j) for i in range(len(self.groups_a)) for j in range(len(self.groups_b))]
        return pd.DataFrame(
            {
                self.a: [_text(self.groups_a[i]) for i, _ in places],
                f"{self.b} " if self.b == self.a else self.b: [_text(self.groups_b[j]) for _, j in places],
                "n": [int(self.n[p]) for p in places],
                "error": [float(self.errors[p]) for p in places],
                "lower": [float(self.lower[p]) for p in places],
                "upper": [float(self.upper[p]) for p in places],
                "verdict": [self.verdicts[i][j] for i, j in places],
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trait:
    """Something that picked cases have in common more often than the others."""

    condition: Condition = explained("What holds of them.")
    picked: int = explained("Picked cases of which it holds.")
    others: int = explained("Other cases of which it holds.")
    p_value: float = explained("How often picks at random had anything as clear in common, themselves counted.")
    stands_out: bool = explained("Whether that is too much for chance, after looking at everything.")
    evidence: float = explained("Log-likelihood gain over no difference, in nats.")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Traits:
    """What picked cases have in common, corrected for having looked at everything."""

    traits: tuple[Trait, ...] = explained("Those that stand out, clearest first; at most one for each column.")
    n_picked: int = explained("Cases that were picked.")
    n_others: int = explained("Cases that they are compared with.")
    columns: tuple[str, ...] = explained("Columns that were looked at.")
    n_looked: int = explained("Conditions that were looked at.", default=0)
    n_shuffles: int = explained("Picks at random that show what chance alone does.", default=0)
    level: float = explained("How sure all that stand out are together.", default=0.95)
    why: WhyNoTraits = explained("Why nothing was compared; empty where it was.", default="")

    def to_frame(self) -> pd.DataFrame:
        """Return one row per trait."""
        rows = [(_text(t.condition), t.picked, t.others, t.p_value, t.stands_out) for t in self.traits]
        return pd.DataFrame(rows, columns=["trait", "picked", "others", "p_value", "stands_out"])


def _text(c: Condition) -> str:
    """Return a condition as a table for computers shows it."""
    if c.missing:
        return f"{c.feature} missing"
    if c.levels:
        return f"{c.feature} {'not ' if c.other else ''}in {list(c.levels)}"
    low = f"{c.above:g} < " if c.above is not None else ""
    high = f" <= {c.up_to:g}" if c.up_to is not None else ""
    return f"{low}{c.feature}{high}" if low or high else f"{c.feature} recorded"
