"""The results about which cases are odd: outcomes worth a check, influential rows, copies, and what goes without them.

Take them from :mod:`explainers.results`, where every result can be found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from explainers.fields import FloatArray, explained

Ints = np.ndarray[Any, np.dtype[np.int64]]
WhyNoCheck = Literal["", "too few rows", "one outcome", "no rows to fold", "cannot be judged"]
WhyNoInfluence = Literal["", "not a formula", "unknown history", "penalty", "too few rows"]
WhyNotWithout = Literal["", "no rows named", "nothing left", "cannot be fitted again"]
Fate = Literal["turns", "fades", "appears", "gone", "stays"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Suspect:
    """One row whose recorded outcome is worth a check."""

    id: str = explained("Id of the case.")
    at: int = explained("Its place in the data.")
    part: str = explained("train, calibration, test or unknown.")
    given: Any = explained("The recorded outcome.")
    expected: Any = explained("What options that were fitted without this row expect: a class, or a number.")
    chance: float | None = explained("For classes the out-of-fold probability of the recorded class.", default=None)
    off: float | None = explained("For numbers the record minus what is expected, in the target's unit.", default=None)
    usual: float | None = explained(
        "For numbers how far records of such cases usually lie from what is expected, in the target's unit.",
        default=None,
    )
    score: float = explained("Classes: 1 minus the chance; numbers: how many times the usual distance. More is odder.")
    neighbours: tuple[str, ...] = explained("Ids of the most similar past cases, nearest first.", default=())
    neighbour_outcomes: tuple[Any, ...] = explained("Their recorded outcomes.", default=())
    alike: int | None = explained("For classes: how many of those have the recorded outcome too.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Suspicious:
    """Rows whose recorded outcome is worth a check, the oddest first, and how well such a list does when measured."""

    kind: Literal["classes", "numbers"] = explained("Whether the outcome is a class or a number.")
    why: WhyNoCheck = explained("Why there is no list; empty where there is one.", default="")
    suspects: tuple[Suspect, ...] = explained("The rows, the oddest first, at most 100.", default=())
    n_worth: int = explained(
        "Rows worth a check, shown or not: another class is expected, or three times the usual distance.", default=0
    )
    scores: FloatArray = explained("Score of every row of the data, shape (n_rows,); NaN where none was made.")
    n_scored: int = explained("Rows that were scored.")
    n_unscored: int = explained("Rows that were not: no recorded outcome, or no fold held them out.")
    n_folds: int = explained("Folds in which the stock options were fitted.")
    options: tuple[str, ...] = explained("Standard options whose answers were averaged.")
    scale: Literal["as it is", "both"] = explained(
        "For numbers whether distances are counted as they are, or also as ratios (logs), with the geometric mean.",
        default="as it is",
    )
    first: int = explained("How long a list the trial looked at.", default=0)
    precision: float | None = explained(
        "Of the first so many in a trial on this study, the share whose outcome had been changed on purpose.",
        default=None,
    )
    precision_lower: float | None = explained("Lower end of its 95% range.", default=None)
    precision_upper: float | None = explained("Upper end of its 95% range.", default=None)
    hits: int = explained("Changed outcomes among the first so many, all trials together.", default=0)
    looked_at: int = explained("Rows looked at, all trials together.", default=0)
    trials: int = explained("How often outcomes were changed on purpose.", default=0)
    planted: int = explained("Outcomes changed in each trial.", default=0)
    chance: float = explained("Share of changed outcomes among all: what a list drawn by lot would find.", default=0.0)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per suspect: id, part, recorded, expected, chance or distance, score, neighbours."""
        names = ("id", "part", "given", "expected", "chance", "off", "usual", "score", "alike")
        rows = [{n: getattr(s, n) for n in names} | {"neighbours": ", ".join(s.neighbours)} for s in self.suspects]
        return pd.DataFrame(rows, columns=[*names, "neighbours"])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Influence:
    """How much each training row counts in a formula: what would move if it were left out."""

    candidate: str = explained("Name of the candidate.")
    why: WhyNoInfluence = explained("Why there is nothing to say; empty where there is.", default="")
    method: Literal["least squares", "one step", ""] = explained(
        "least squares: exact; one step: one Newton step of the likelihood, which is close for single rows.", default=""
    )
    ids: np.ndarray = explained("Ids of the rows, in the order of the data, shape (n,).")
    at: Ints = explained("Their places in the data, shape (n,).")
    terms: tuple[str, ...] = explained("Coefficients of the formula, the intercept first.", default=())
    outcomes: tuple[Any, ...] = explained(
        "With several classes the class of each coefficient, against the first; else empty.", default=()
    )
    leverage: FloatArray = explained("Diagonal of the hat matrix: how unlike the others its inputs are, shape (n,).")
    cooks: FloatArray = explained("Cook's distance: how far all coefficients move together without the row.")
    dffits: FloatArray = explained("DFFITS: how far its own fitted value moves, in standard errors.")
    standardised: FloatArray = explained("Residual by its standard error (internally studentised).")
    studentised: FloatArray = explained("Residual by its standard error with the row left out; one step: as above.")
    dfbetas: FloatArray | None = explained(
        "DFBETAS: move of each coefficient in standard errors, shape (n, p); None where it would take too much room.",
        default=None,
    )
    largest: FloatArray = explained("The DFBETAS of largest size of each row, with its sign, shape (n,).")
    largest_term: Ints = explained("Which coefficient that is, shape (n,).")
    n: int = explained("Rows that the formula was fitted to.", default=0)
    p: int = explained("Coefficients.", default=0)
    alone: int = explained("Rows that decide a coefficient alone, such as the only one of its level.", default=0)
    clusters: int = explained("Groups of rows that belong together behind its ranges; 0: none.", default=0)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per training row, the most influential first."""
        out = pd.DataFrame(
            {
                "id": self.ids,
                "at": self.at,
                "cooks": self.cooks,
                "leverage": self.leverage,
                "studentised": self.studentised,
                "standardised": self.standardised,
                "dffits": self.dffits,
                "largest_dfbetas": self.largest,
                "of_term": [self.terms[k] for k in self.largest_term] if self.terms else [],
            }
        )
        order = np.argsort(-np.nan_to_num(self.cooks, nan=np.inf), kind="stable")
        return out.iloc[order].reset_index(drop=True)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CopyGroup:
    """Rows that are the same in everything, or in everything but the outcome."""

    kind: Literal["copies", "other outcome"] = explained(
        "copies: the outcome is the same too; other outcome: the same inputs, not the same outcome."
    )
    ids: tuple[str, ...] = explained("Ids of the rows, in the order of the data.")
    at: tuple[int, ...] = explained("Their places in the data.")
    outcomes: tuple[Any, ...] = explained("Their recorded outcomes.")
    parts: tuple[str, ...] = explained("train, calibration, test or unknown, for each.")
    spread: float | None = explained("For numbers: largest less smallest outcome.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Duplicates:
    """Rows that are there twice, and rows alike whose outcomes differ."""

    groups: tuple[CopyGroup, ...] = explained("Other outcomes first, the widest first; at most 100 of each kind.")
    columns: tuple[str, ...] = explained("Columns that must be equal, besides the outcome.")
    n_rows: int = explained("Rows that were looked at.")
    n_copies: int = explained("Rows that repeat an earlier row, the outcome too.")
    n_copy_groups: int = explained("Groups of such rows.")
    n_conflicts: int = explained("Groups of rows with the same inputs and other outcomes.")
    n_conflicting: int = explained("Rows in those groups.")
    n_across: int = explained("Never-seen rows whose inputs and outcome an option has learned from in another row.")
    expected: float = explained("Pairs of rows with equal inputs if the columns had nothing to do with each other.")
    pairs: int = explained("Pairs of rows with equal inputs that there are.")

    def to_frame(self) -> pd.DataFrame:
        """Return one row per case of a group."""
        rows = [
            (k, g.kind, i, o, p)
            for k, g in enumerate(self.groups)
            for i, o, p in zip(g.ids, g.outcomes, g.parts, strict=True)
        ]
        return pd.DataFrame(rows, columns=["group", "kind", "id", "outcome", "part"])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Move:
    """One figure of an option with and without some rows."""

    kind: Literal["term", "effect", "metric"] = explained(
        "term: a coefficient of a formula; effect: how far the answer moves from a low to a high value of an input; "
        "metric: a measure on never-seen rows."
    )
    name: str = explained("The coefficient, the input, or the measure.")
    outcome: Any = explained("With several classes the class it is about; else None.", default=None)
    low: Any = explained("Of an effect: the value that the input moves from.", default=None)
    high: Any = explained("Of an effect: the value that it moves to.", default=None)
    before: float = explained("With all rows.")
    before_lower: float | None = explained("Lower end of its 95% range; None where there is none.", default=None)
    before_upper: float | None = explained("Upper end of its 95% range.", default=None)
    after: float | None = explained("Without the rows; None where it is gone with them.")
    after_lower: float | None = explained("Lower end of its 95% range.", default=None)
    after_upper: float | None = explained("Upper end of its 95% range.", default=None)
    change: float | None = explained("After less before.", default=None)
    change_lower: float | None = explained(
        "Lower end of the 95% range of the change, for effects and measures: both asked about the same rows.",
        default=None,
    )
    change_upper: float | None = explained("Upper end of it.", default=None)
    usual: float | None = explained(
        "Largest change in the trials that leave out as many training rows drawn by lot.", default=None
    )
    fate: Fate = explained(
        "Of a term: turns: clear before and after, the sign other; fades: clear before only; appears: clear after only;"
        " gone: no row of it is left; stays. Clear: its range leaves out zero. Of others: stays.",
        default="stays",
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Without:
    """What changes about an option when some rows are left out and it is fitted again."""

    candidate: str = explained("Name of the candidate.")
    ids: tuple[str, ...] = explained("The rows that were left out.")
    unknown: tuple[str, ...] = explained("Ids that were named and are not in the data.", default=())
    why: WhyNotWithout = explained("Why nothing was compared; empty where it was.", default="")
    detail: str = explained("What went wrong, where it could not be fitted again.", default="")
    n_training: int = explained("Rows left out that it had learned from.", default=0)
    n_never_seen: int = explained("Rows left out that it is measured on.", default=0)
    n_other: int = explained("Rows left out that are neither.", default=0)
    n_left: int = explained("Rows that it learned from without them.", default=0)
    n_measured: int = explained("Never-seen rows that both are measured on: those left out do not count.", default=0)
    rows: str = explained("Which rows those are: test, or unknown history.", default="")
    moves: tuple[Move, ...] = explained("Terms, effects and measures, in that order.", default=())
    mean_move: float | None = explained(
        "Mean absolute change of the answers to never-seen rows: probability of the focus class, or the number.",
        default=None,
    )
    largest_move: float | None = explained("Largest absolute change among those answers.", default=None)
    largest_id: str = explained("The case whose answer changes most.", default="")
    usual_move: float | None = explained("Largest mean change in the trials with rows drawn by lot.", default=None)
    trials: int = explained("How often as many training rows, drawn by lot, were left out instead.", default=0)
    fitted_anew: bool = explained(
        "Whether the option with all rows was fitted again too, since it came fitted.", default=False
    )

    def to_frame(self) -> pd.DataFrame:
        """Return one row per figure, before and after, with ranges."""
        names = list(Move.__dataclass_fields__)
        return pd.DataFrame([{n: getattr(m, n) for n in names} for m in self.moves], columns=names)
