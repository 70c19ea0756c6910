"""The frozen results of every feature: what compute returns and what words and figures take.

Results are never changed after they are made. They offer ``to_frame`` and nothing else: wording and drawing are
functions of the result. Every field carries a one-line help in its metadata under ``"help"``.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from explainers.fields import FloatArray as FloatArray  # noqa: PLC0414
from explainers.fields import explained as explained  # noqa: PLC0414
from explainers.results_compare import VARIANTS as VARIANTS  # noqa: PLC0414
from explainers.results_compare import AnswersByCost as AnswersByCost  # noqa: PLC0414
from explainers.results_compare import Assumption as Assumption  # noqa: PLC0414
from explainers.results_compare import Assumptions as Assumptions  # noqa: PLC0414
from explainers.results_compare import BreakEven as BreakEven  # noqa: PLC0414
from explainers.results_compare import Comparison as Comparison  # noqa: PLC0414
from explainers.results_compare import Disagreements as Disagreements  # noqa: PLC0414
from explainers.results_compare import Explainability as Explainability  # noqa: PLC0414
from explainers.results_compare import OptionRow as OptionRow  # noqa: PLC0414
from explainers.results_compare import Pays as Pays  # noqa: PLC0414
from explainers.results_compare import PointPrice as PointPrice  # noqa: PLC0414
from explainers.results_compare import ThresholdChoice as ThresholdChoice  # noqa: PLC0414
from explainers.results_compare import Variant as Variant  # noqa: PLC0414
from explainers.results_compare import WhyNoPrice as WhyNoPrice  # noqa: PLC0414
from explainers.results_contrast import Contrast as Contrast  # noqa: PLC0414
from explainers.results_costs import Cost as Cost  # noqa: PLC0414
from explainers.results_costs import CostSource as CostSource  # noqa: PLC0414
from explainers.results_costs import Growth as Growth  # noqa: PLC0414
from explainers.results_costs import GrowthStep as GrowthStep  # noqa: PLC0414
from explainers.results_costs import RowsTaken as RowsTaken  # noqa: PLC0414
from explainers.results_costs import WhyNoGrowth as WhyNoGrowth  # noqa: PLC0414
from explainers.results_decision import Ask as Ask  # noqa: PLC0414
from explainers.results_decision import AskKind as AskKind  # noqa: PLC0414
from explainers.results_decision import Decided as Decided  # noqa: PLC0414
from explainers.results_decision import RankedOption as RankedOption  # noqa: PLC0414
from explainers.results_decision import Ranking as Ranking  # noqa: PLC0414
from explainers.results_decision import Tally as Tally  # noqa: PLC0414
from explainers.results_decision import VotesFor as VotesFor  # noqa: PLC0414
from explainers.results_decision import Weighed as Weighed  # noqa: PLC0414
from explainers.results_diagnostics import Diagnostic as Diagnostic  # noqa: PLC0414
from explainers.results_diagnostics import DiagnosticStatus as DiagnosticStatus  # noqa: PLC0414
from explainers.results_diagnostics import Mend as Mend  # noqa: PLC0414
from explainers.results_looks_at import Branch as Branch  # noqa: PLC0414
from explainers.results_looks_at import Condition as Condition  # noqa: PLC0414
from explainers.results_looks_at import Effect as Effect  # noqa: PLC0414
from explainers.results_looks_at import Importance as Importance  # noqa: PLC0414
from explainers.results_looks_at import Interactions as Interactions  # noqa: PLC0414
from explainers.results_looks_at import Pair as Pair  # noqa: PLC0414
from explainers.results_looks_at import Weight as Weight  # noqa: PLC0414
from explainers.results_looks_at import Whole as Whole  # noqa: PLC0414
from explainers.results_odd import CopyGroup as CopyGroup  # noqa: PLC0414
from explainers.results_odd import Duplicates as Duplicates  # noqa: PLC0414
from explainers.results_odd import Fate as Fate  # noqa: PLC0414
from explainers.results_odd import Influence as Influence  # noqa: PLC0414
from explainers.results_odd import Move as Move  # noqa: PLC0414
from explainers.results_odd import Suspect as Suspect  # noqa: PLC0414
from explainers.results_odd import Suspicious as Suspicious  # noqa: PLC0414
from explainers.results_odd import WhyNoCheck as WhyNoCheck  # noqa: PLC0414
from explainers.results_odd import WhyNoInfluence as WhyNoInfluence  # noqa: PLC0414
from explainers.results_odd import WhyNotWithout as WhyNotWithout  # noqa: PLC0414
from explainers.results_odd import Without as Without  # noqa: PLC0414
from explainers.results_quality import Difference as Difference  # noqa: PLC0414
from explainers.results_quality import Judgement as Judgement  # noqa: PLC0414
from explainers.results_quality import Metric as Metric  # noqa: PLC0414
from explainers.results_quality import Reliability as Reliability  # noqa: PLC0414
from explainers.results_quality import Triage as Triage  # noqa: PLC0414
from explainers.results_quality import TriageRule as TriageRule  # noqa: PLC0414
from explainers.results_ranges import Coverage as Coverage  # noqa: PLC0414
from explainers.results_ranges import Interval as Interval  # noqa: PLC0414
from explainers.results_ranges import RangeMethod as RangeMethod  # noqa: PLC0414
from explainers.results_ranges import RangeVerdict as RangeVerdict  # noqa: PLC0414
from explainers.results_ranges import WhyNoRange as WhyNoRange  # noqa: PLC0414
from explainers.results_residuals import Binned as Binned  # noqa: PLC0414
from explainers.results_residuals import Measure as Measure  # noqa: PLC0414
from explainers.results_residuals import Spread as Spread  # noqa: PLC0414
from explainers.results_segments import Cells as Cells  # noqa: PLC0414
from explainers.results_segments import CellVerdict as CellVerdict  # noqa: PLC0414
from explainers.results_segments import FoundBy as FoundBy  # noqa: PLC0414
from explainers.results_segments import Segment as Segment  # noqa: PLC0414
from explainers.results_segments import Segments as Segments  # noqa: PLC0414
from explainers.results_segments import Trait as Trait  # noqa: PLC0414
from explainers.results_segments import Traits as Traits  # noqa: PLC0414
from explainers.results_segments import WhyNoSegments as WhyNoSegments  # noqa: PLC0414
from explainers.results_segments import WhyNoTraits as WhyNoTraits  # noqa: PLC0414
from explainers.results_snapshots import Changes as Changes  # noqa: PLC0414
from explainers.results_snapshots import FigureChange as FigureChange  # noqa: PLC0414
from explainers.results_snapshots import Flip as Flip  # noqa: PLC0414
from explainers.results_snapshots import KeptReasons as KeptReasons  # noqa: PLC0414
from explainers.results_snapshots import OptionChange as OptionChange  # noqa: PLC0414
from explainers.results_snapshots import OptionFate as OptionFate  # noqa: PLC0414
from explainers.results_snapshots import OptionState as OptionState  # noqa: PLC0414
from explainers.results_snapshots import Snapshot as Snapshot  # noqa: PLC0414
from explainers.results_unusual import Oddity as Oddity  # noqa: PLC0414
from explainers.results_unusual import OddKind as OddKind  # noqa: PLC0414
from explainers.results_unusual import Unusual as Unusual  # noqa: PLC0414

Severity = Literal["error", "warning", "note"]
SentenceKind = Literal["answer", "range", "reason", "comparison", "caveat", "method"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Problem:
    """Something found in data, dictionary, study file or model, with what to do about it."""

    code: str = explained("Short stable name of the kind of problem, such as 'constant_target'.")
    where: str = explained("Column, row, file or field in which it was found, as the person would name it.")
    message: str = explained("What was expected and what came instead.")
    remedy: str = explained("What to do about it.")
    severity: Severity = explained("error stops the study; warning and note do not.", default="error")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reference:
    """What an explanation compares with."""

    kind: Literal["everyone", "group", "case", "rows"] = explained(
        "everyone: a fixed random sample of training rows; group: training rows of one level; case: one other case; "
        "rows: rows handed in by the caller."
    )
    rows: pd.DataFrame = explained("The reference rows, raw feature columns.")
    feature: str | None = explained("The column that makes the group.", default=None)
    level: Any = explained("The level of that column.", default=None)
    case: str | None = explained("The id of the other case.", default=None)
    population: int = explained("How many rows the sample was drawn from.", default=0)

    def to_frame(self) -> pd.DataFrame:
        return self.rows


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explanation:
    """Attributions of predictions to the original columns; each row adds up to prediction minus base."""

    candidate: str = explained("Name of the candidate that was explained.")
    values: FloatArray = explained("Attributions, shape (n_cases, n_features), in the unit below.")
    standard_errors: FloatArray | None = explained(
        "Monte Carlo standard errors with the reference rows held fixed, same shape; None where the method is exact."
    )
    reference_errors: FloatArray | None = explained(
        "Standard errors from the choice of reference rows, same shape; None where there is one reference row.",
    )
    base_values: FloatArray = explained("Average prediction over the reference rows, shape (n_cases,).")
    predictions: FloatArray = explained("Predictions that were explained, shape (n_cases,).")
    cases: pd.DataFrame = explained("The cases as they were given, raw feature columns.")
    feature_names: tuple[str, ...] = explained("Original columns, in the order of the attributions.")
    unit: Literal["probability", "target"] = explained("Probability of the outcome, or the target's own unit.")
    outcome: tuple[Hashable, ...] = explained(
        "For classes the class explained for each case, shape (n_cases,); empty for numbers.", default=()
    )
    method: str = explained("How it was computed: exact, closed form, sampled permutations.")
    reference: Reference = explained("What the cases are compared with.")
    reference_rows: int = explained("Number of reference rows.")
    n_evaluations: int = explained("Rows that were sent through the estimator.")
    seconds: float = explained("Processor seconds that the computation took.", default=float("nan"))
    stopped_early: bool = explained("Whether the time budget ended before the planned number of rounds.", default=False)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per case and column: value, attribution and both errors."""
        n, d = self.values.shape
        blank = np.full((n, d), np.nan)
        mc = self.standard_errors if self.standard_errors is not None else blank
        ref = self.reference_errors if self.reference_errors is not None else blank
        raw = self.cases[list(self.feature_names)].astype(object).to_numpy()
        return pd.DataFrame(
            {
                "case": np.repeat(self.cases.index.to_numpy(), d),
                "feature": list(self.feature_names) * n,
                "value": raw.ravel(),
                "attribution": self.values.ravel(),
                "standard_error": mc.ravel(),
                "reference_error": ref.ravel(),
                "base": np.repeat(self.base_values, d),
                "prediction": np.repeat(self.predictions, d),
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Errors:
    """Both kinds of error of a classifier as counts on never-seen rows, for one focus class."""

    candidate: str = explained("Name of the candidate.")
    outcome: Hashable = explained("The class in focus.")
    found: int = explained("Cases of the focus class that the candidate flags.")
    missed: int = explained("Cases of the focus class that it does not flag.")
    false_alarms: int = explained("Other cases that it flags.")
    passed: int = explained("Other cases that it does not flag.")
    threshold: float = explained("A case is flagged from this probability on.")
    rows: str = explained("Which rows: test, or unknown history.", default="test")
    found_range: tuple[float, float] | None = explained("Range of the share of the focus class found.", default=None)
    alarm_range: tuple[float, float] | None = explained("Range of the share of the others flagged.", default=None)

    def to_frame(self) -> pd.DataFrame:
        """Return the two-by-two table: rows are the record, columns what the candidate says."""
        return pd.DataFrame(
            {"flagged": [self.found, self.false_alarms], "not flagged": [self.missed, self.passed]},
            index=[str(self.outcome), "other"],
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Elasticity:
    """How the answer of a log-log formula goes with one input, everything else in the formula being equal."""

    feature: str = explained("The input.")
    change: float = explained("How much higher the input is, as a share: 0.1 for 10%.")
    value: float = explained("How much higher the answer is then, as a share; below 0 for lower.")
    lower: float = explained("Lower end of its range.")
    upper: float = explained("Upper end of its range.")
    level: float = explained("Level of that range.")
    plain_lower: float = explained("Lower end if all training rows were independent of each other.")
    plain_upper: float = explained("Upper end if all training rows were independent of each other.")
    exponent: float = explained("The coefficient of the logs: the elasticity itself.")
    standard_error: float = explained("Standard error of that coefficient.")
    n: int = explained("Training rows it rests on.")
    clusters: int = explained("Groups of rows that belong together behind the range; 0: rows count alone.", default=0)
    together_by: str = explained("The column that makes those groups; empty without.", default="")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calibration:
    """Whether the stated probabilities were borne out by outcomes, in groups of similar scores."""

    holds: bool = explained("Whether the observed rate lies inside the range of every group.")
    n: int = explained("Rows it was measured on.")
    rows: str = explained("Which rows: calibration or test.")
    predicted: tuple[float, ...] = explained("Mean stated probability of each group.")
    observed: tuple[float, ...] = explained("Observed rate of each group.")
    lower: tuple[float, ...] = explained("Lower end of the range of the observed rate.")
    upper: tuple[float, ...] = explained("Upper end of the range of the observed rate.")
    counts: tuple[int, ...] = explained("Rows in each group.")
    worst_gap: float = explained("Largest gap between stated and observed, in probability.")

    def to_frame(self) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "predicted": self.predicted,
                "observed": self.observed,
                "lower": self.lower,
                "upper": self.upper,
                "n": self.counts,
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Similar:
    """Past cases nearest to one case, and what became of them."""

    rows: pd.DataFrame = explained("The similar training rows with their features and outcome, nearest first.")
    distances: FloatArray = explained("Distance of each, 0 for equal in every column used, 1 for as far as can be.")
    outcomes: tuple[Hashable, ...] = explained("Recorded outcome of each.")
    feature_names: tuple[str, ...] = explained("Columns that the distance uses.")
    n_searched: int = explained("Training rows that were searched.")
    typical_distance: float = explained("Median distance of a training row to its own nearest cases, for comparison.")
    few: bool = explained("Whether too few past cases are near enough to say much.")
    model_disagrees: int | None = explained(
        "For classes: of never-seen rows among the nearest, those where the candidate differs from the record.",
        default=None,
    )
    model_checked: int | None = explained("Never-seen rows behind that count.", default=None)
    model_rows: str = explained(
        "What these rows are to the candidate: test, or unknown history where it may have learned from them.",
        default="test",
    )

    def to_frame(self) -> pd.DataFrame:
        out = self.rows.copy()
        out.insert(0, "distance", self.distances)
        return out


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answer:
    """What one candidate says of one case, with its first reason."""

    candidate: str = explained("Name of the candidate.")
    prediction: float = explained("Probability of the focus class, or the predicted number.")
    outcome: Hashable = explained("For classes the class it would choose; None for numbers.", default=None)
    explanation: Explanation | None = explained("Its explanation, where one was made.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Agreement:
    """Our attributions beside those of the shap package on the same reference rows."""

    ours: Explanation = explained("Our explanation.")
    shap_values: FloatArray = explained("shap's attributions, shape (n_features,).")
    shap_base: float = explained("shap's base value.")
    largest_gap: float = explained("Largest absolute difference over the columns, in the reader's unit.")
    feature: str = explained("The column with the largest difference.")
    allowed_gap: float = explained("Gap that sampling alone explains (both methods' errors together).")
    agrees: bool = explained("Whether the largest gap is within that.")
    explainer: str = explained("Which shap explainer was used, with its version.")
    n_evaluations: int = explained("Rows that shap sent through the estimator.")
    seconds: float = explained("Seconds that shap took.")

    def to_frame(self) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "feature": self.ours.feature_names,
                "ours": self.ours.values[0],
                "shap": self.shap_values,
                "gap": self.ours.values[0] - self.shap_values,
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reason:
    """One line of a rounded sum that adds up exactly."""

    feature: str = explained("Original column.")
    value: Any = explained("The case's value.")
    amount: float = explained("Rounded attribution, in the explanation's unit.")
    exact: float = explained("Attribution before rounding.")
    error: float = explained("95% error: 1.96 times both standard errors together.")
    protected: bool = explained("Whether the dictionary marks the column as protected.", default=False)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reasons:
    """The shown reasons of one case: base + reasons + others = prediction, exactly, after rounding."""

    base: float = explained("Rounded average over the reference rows.")
    prediction: float = explained("Rounded prediction.")
    shown: tuple[Reason, ...] = explained("At most 4 reasons above their own error, strongest first.")
    protected: tuple[Reason, ...] = explained("Protected columns that are used but not among those shown.")
    others: float = explained("Rounded sum of everything else; it takes the rounding.")
    n_others: int = explained("Number of other columns summed up.")
    step: float = explained("Rounding step of all these figures.")
    unit: Literal["probability", "target"] = explained("Unit of the explanation.")
    outcome: Hashable = explained("For classes the class explained.", default=None)

    def to_frame(self) -> pd.DataFrame:
        rows: list[tuple[str, float]] = [("base", self.base)]
        rows += [(r.feature, r.amount) for r in (*self.shown, *self.protected)]
        rows += [("others", self.others), ("prediction", self.prediction)]
        return pd.DataFrame(rows, columns=["part", "amount"])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sentence:
    """One sentence with the facts it rests on."""

    text: str = explained("The sentence.")
    kind: SentenceKind = explained("answer, range, reason, comparison, caveat or method.")
    facts: Mapping[str, Any] = explained("Name to number (or text) of every fact in the sentence.")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Narrative:
    """A headline, sentences and caveats: what a reader is told."""

    headline: Sentence = explained("One sentence: the answer and its comparison.")
    sentences: tuple[Sentence, ...] = explained("The body, in reading order.")
    caveats: tuple[Sentence, ...] = explained("Limits; shown before the reasons.", default=())

    def to_frame(self) -> pd.DataFrame:
        every = (self.headline, *self.caveats, *self.sentences)
        return pd.DataFrame([(s.kind, s.text) for s in every], columns=["kind", "text"])
