"""The results about a whole candidate: what it looks at, how answers move with it, what it looks at together.

Take them from :mod:`explainers.results`, where every result can be found.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from explainers.fields import FloatArray, explained


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Importance:
    """How much a candidate looks at each column, measured in two ways on rows it has never seen."""

    candidate: str = explained("Name of the candidate.")
    feature_names: tuple[str, ...] = explained("Columns, or names of groups of columns, in the dictionary's order.")
    attribution: FloatArray = explained("Mean absolute attribution of each, in the unit below, shape (n_features,).")
    attribution_lower: FloatArray = explained("Lower ends of their ranges.")
    attribution_upper: FloatArray = explained("Upper ends of their ranges.")
    share: FloatArray = explained("Share of each in their sum; zeros where that is zero.")
    share_lower: FloatArray = explained("Lower ends of the ranges of the shares.")
    share_upper: FloatArray = explained("Upper ends of the ranges of the shares.")
    increase: FloatArray = explained("By how much the loss grows when the column is shuffled, shape (n_features,).")
    increase_lower: FloatArray = explained("Lower ends of their ranges.")
    increase_upper: FloatArray = explained("Upper ends of their ranges.")
    unit: Literal["probability", "target"] = explained("Unit of the attributions.")
    outcome: Hashable = explained("The class in focus; None for numbers, or where each case's own answer is taken.")
    measure: str = explained("The measure whose loss is meant: accuracy, auc, log_loss, brier, mae, rmse, r2; or none.")
    loss: float = explained("That loss with nothing shuffled; 1 minus the measure where more of it is better.")
    level: float = explained("Level of the ranges.")
    n_attributed: int = explained("Never-seen rows whose answers were taken apart.")
    n_shuffled: int = explained("Never-seen rows that were shuffled.")
    population: int = explained("Never-seen rows that both were drawn from.")
    rows: str = explained("Which rows: test, calibration, training, or unknown history.")
    n_repeats: int = explained("How often each column was shuffled.")
    reference_rows: int = explained("Rows that the attributions compare with.")
    noise: FloatArray = explained("What sampling error alone would show as mean absolute attribution.")
    groups: Mapping[str, tuple[str, ...]] = explained("Columns of each group, where asked for.", factory=dict)
    n_evaluations: int = explained("Rows that were sent through the estimator.", default=0)
    seconds: float = explained("Processor seconds that it took.", default=float("nan"))

    def to_frame(self) -> pd.DataFrame:
        """Return one row per column, the largest attribution first."""
        names = ("attribution", "share", "increase")
        ends = [f"{name}{end}" for name in names for end in ("", "_lower", "_upper")]
        frame = pd.DataFrame({"feature": self.feature_names} | {e: getattr(self, e) for e in ends})
        return frame.sort_values("attribution", ascending=False, kind="stable", ignore_index=True)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Effect:
    """What a candidate says on average, and for single rows, when one column takes each of its values."""

    candidate: str = explained("Name of the candidate.")
    feature: str = explained("The column that is moved.")
    kind: Literal["curve", "points"] = explained("curve: numbers or dates; points: levels.")
    grid: tuple[Any, ...] = explained("Values it takes: numbers at data quantiles, or levels.")
    average: FloatArray = explained("Average answers, shape (n_groups, n_outputs, n_grid).")
    individual: FloatArray = explained("Answers for each row, shape (n_rows, n_outputs, n_grid).")
    at_missing: FloatArray | None = explained(
        "Average answers where the value is missing, shape (n_groups, n_outputs); None where training rows miss none."
    )
    density: FloatArray = explained("Training rows nearest to each value of the grid, shape (n_grid,).")
    outside: int = explained("Training rows beyond the ends of the grid, or of levels that are not shown.", default=0)
    n_missing: int = explained("Training rows that miss the value.", default=0)
    lowest: Any = explained("Smallest value of the training rows; None for levels.", default=None)
    highest: Any = explained("Largest value of the training rows; None for levels.", default=None)
    outputs: tuple[Hashable, ...] = explained("Classes that the outputs stand for; empty for numbers.")
    focus: int = explained("The output that is spoken of.", default=0)
    unit: Literal["probability", "target"] = explained("Unit of the answers.")
    by: str | None = explained("The second column, whose values make the groups.", default=None)
    groups: tuple[tuple[Any, ...], ...] = explained("Of each (low, high) or its level; () for all.", default=((),))
    counts: tuple[int, ...] = explained("Rows of each group.")
    group_of: np.ndarray[Any, Any] = explained("Group of each row, -1 for none, shape (n_rows,).")
    n: int = explained("Rows that were asked about.")
    population: int = explained("Rows that they were drawn from.")
    rows: str = explained("Which rows: test, calibration, training, or unknown history.")
    rising: float = explained("Share of the range where the average in focus rises or stays.", default=float("nan"))
    falling: float = explained("Share of the range where it falls or stays.", default=float("nan"))

    def to_frame(self) -> pd.DataFrame:
        """Return one row per value of the grid: training rows nearest to it and the average of each group."""
        frame = pd.DataFrame({self.feature: list(self.grid), "training_rows": self.density})
        for g in range(len(self.groups)):
            for k in range(self.average.shape[1]):
                of_class = f"_{self.outputs[k]}" if self.outputs else ""
                of_group = f"_{g}" if self.by is not None else ""
                frame[f"average{of_class}{of_group}"] = self.average[g, k]
        return frame


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pair:
    """Two columns that a candidate looks at together."""

    a: str = explained("The stronger column.")
    b: str = explained("The other one.")
    size: float = explained("Mean absolute departure of the two-way curve from the sum of the two one-way curves.")
    lower: float = explained("Lower end of its range over the choice of rows.")
    upper: float = explained("Upper end of its range.")
    share: float = explained("Share of the two-way curve's variance that the sum of the two does not give (H squared).")
    noise: float = explained("Its noise floor: what is left where what rows share is shuffled away.")
    stands_out: bool = explained("Whether it is above the noise floor and more than trees learn by chance.")
    at_a: Any = explained("Value of a where the departure counts most.")
    at_b: Any = explained("Value of b there.")
    there: float = explained("The departure there, with its sign.")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Interactions:
    """The strongest pairs among the columns that a candidate looks at most."""

    candidate: str = explained("Name of the candidate.")
    pairs: tuple[Pair, ...] = explained("Pairs, the strongest first.")
    columns: tuple[str, ...] = explained("Columns among which pairs were looked at.")
    unit: Literal["probability", "target"] = explained("Unit of the sizes.")
    outcome: Hashable = explained("The class in focus; None for numbers.")
    n: int = explained("Rows that were asked about.")
    population: int = explained("Rows that they were drawn from.")
    rows: str = explained("Which rows: test, calibration, training, or unknown history.")
    n_looked_at: int = explained("Pairs that there was time for.")
    n_pairs: int = explained("Pairs in all among those columns.")
    level: float = explained("Level of the ranges, and of the noise floors over all pairs together.", default=0.95)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per pair, the strongest first."""
        names = ("a", "b", "size", "lower", "upper", "share", "noise", "stands_out", "at_a", "at_b", "there")
        return pd.DataFrame([[getattr(p, n) for n in names] for p in self.pairs], columns=list(names))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Condition:
    """What must hold of one column: a range, or one of some levels, or that it is missing."""

    feature: str = explained("The column.")
    above: float | None = explained("Greater than this; None: no lower end.", default=None)
    up_to: float | None = explained("At most this; None: no upper end.", default=None)
    levels: tuple[Any, ...] = explained("One of these levels.", default=())
    other: bool = explained("Any level but these.", default=False)
    missing: bool | None = explained("True: missing; False: recorded; None: not asked.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Branch:
    """One cell of a table, or one node of a tree, in reading order."""

    conditions: tuple[Condition, ...] = explained("What holds of its rows; of a node only the last question.")
    depth: int = explained("How deep it stands in the tree; 0 for cells.", default=0)
    leaf: bool = explained("Whether it answers.", default=True)
    rows: int = explained("Training rows behind it.")
    answers: tuple[float, ...] = explained("Number, or probability of each class in the study's order.")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weight:
    """What one column does in a formula or weighted score, for a typical case."""

    features: tuple[str, ...] = explained("The column, or columns that are multiplied.")
    low: Any = explained("The value that is compared with.")
    high: Any = explained("The value that is compared.")
    before: float = explained("The answer for a typical case with the first value.")
    amount: float = explained("By how much the answer with the second value differs.")
    lower: float | None = explained("Lower end of its range; None where the method gives none.", default=None)
    upper: float | None = explained("Upper end of its range.", default=None)
    relative: bool = explained("Whether the amount is a share of the answer before.", default=False)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Whole:
    """The whole of a candidate, where it can be shown."""

    candidate: str = explained("Name of the candidate.")
    kind: Literal["constant", "table", "tree", "formula", "weights", "none"] = explained(
        "What it is; none: it cannot be shown whole."
    )
    columns: tuple[str, ...] = explained("Columns that it uses.")
    unused: tuple[str, ...] = explained("Columns that it is given and does not use.", default=())
    branches: tuple[Branch, ...] = explained("Cells of a table or nodes of a tree.", default=())
    weights: tuple[Weight, ...] = explained("What each column does, the strongest first.", default=())
    coefficients: pd.DataFrame | None = explained("Name, coefficient, standard error and range of each.", default=None)
    formula: str = explained("The formula as it was written.", default="")
    link: str = explained("identity, log or logit: what the sum of the terms stands for.", default="identity")
    unit: Literal["probability", "target"] = explained("Unit of the answers.")
    outcome: Hashable = explained("The class that is spoken of; None for numbers.", default=None)
    focus: int = explained("Its place among the answers.", default=0)
    level: float = explained("Level of the ranges.", default=0.95)
    n: int = explained("Training rows that it was fitted on.", default=0)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per branch, or per weight."""
        if self.branches:
            rows = [(b.depth, b.leaf, b.rows, b.answers[self.focus]) for b in self.branches]
            return pd.DataFrame(rows, columns=["depth", "leaf", "rows", "answer"])
        names = ("features", "low", "high", "before", "amount", "lower", "upper")
        return pd.DataFrame([[getattr(w, n) for n in names] for w in self.weights], columns=list(names))
