"""The results about money: assumptions, what each option costs and brings a month, which pays, where options differ.

Take them from :mod:`explainers.results`, where every result can be found.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from explainers.fields import explained
from explainers.results_quality import Difference, Metric, Standing

Explainability = Literal["exact", "estimated", "none"]
Pays = Literal["yes", "no", "cannot tell", ""]
Variant = Literal["", "cut by cost", "answers by cost"]
VARIANTS: Mapping[str, str] = {"cut by cost": "cut-off by cost", "answers by cost": "answers by cost"}
"""What people call the variants of an option."""
WhyNoPrice = Literal["", "no price can be named", "at any", "at none"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Assumption:
    """One figure that money rests on, with where it comes from."""

    name: str = explained("Short name, as in links, study.yaml and code.")
    label: str = explained("What people call it.")
    value: float = explained("The figure.")
    usual: float = explained("The figure without changes: the study's own, else the example.")
    unit: str = explained("Its unit, such as '$ an hour'.")
    minimum: float = explained("Smallest value that is taken.")
    maximum: float = explained("Largest value that is taken.")
    source: str = explained("Where the figure comes from, or why it was chosen.")
    given: Literal["example", "study", "changed"] = explained(
        "example: nobody set it; study: from the study file; changed: other than what the study says."
    )
    group: Literal["cases", "machines", "people", "differing", "time"] = explained(
        "What it is about: number of cases, machines, people, answers that differ from the record, time."
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Assumptions:
    """Every figure that the money of a study rests on, and who confirmed them."""

    figures: tuple[Assumption, ...] = explained("The figures in the order in which they are shown.")
    values: Mapping[str, float] = explained("The same by name.")
    currency: str = explained("Currency of all amounts.")
    wrong_from: str = explained(
        "Column whose value multiplies the cost of each differing answer; empty for one price for all.", default=""
    )
    confirmed_by: str = explained("Who confirmed these very figures; empty: nobody, so they are examples.", default="")
    confirmed_on: str = explained("When that was.", default="")

    def to_frame(self) -> pd.DataFrame:
        """Return one row per figure."""
        names = ("name", "label", "value", "usual", "unit", "minimum", "maximum", "source", "given", "group")
        return pd.DataFrame([[getattr(f, n) for n in names] for f in self.figures], columns=list(names))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OptionRow:
    """One option in the comparison: what it costs a month, how good it is, and what its answers cost and bring."""

    candidate: str = explained("Name of the candidate.")
    variant: Variant = explained(
        "The same option, answering by what answers cost: cut by cost (two classes), answers by cost (several).",
        default="",
    )
    label: str = explained("Name that people read.")
    kind: str = explained("baseline, rule, statistical, glass_box or black_box.")
    build: float = explained("Building it, a month, spread over the horizon.")
    train: float = explained("Machine time and memory to train it again, a month.")
    serve: float = explained("Machine time and memory to answer, a month.")
    people: float = explained("People who keep it running and who look at cases, a month.")
    cost: float = explained("What it costs a month to have: build, train, serve and people; no answers in it.")
    wrong: float = explained("What answers that differ from the record cost a month.")
    right: float = explained("What answers as in the record bring a month.")
    total: float = explained("Cost plus what differing answers cost, less what right ones bring.")
    total_lower: float | None = explained("Lower end of the range of the total; None with too few rows.", default=None)
    total_upper: float | None = explained("Upper end of it.", default=None)
    saving: float | None = explained("Total of no model less this total; None for no model itself.", default=None)
    saving_lower: float | None = explained("Lower end of its range, on the same rows.", default=None)
    saving_upper: float | None = explained("Upper end of it.", default=None)
    pays: Pays = explained(
        "yes: its saving against no model leaves out zero, all options counted; no: it costs more; cannot tell.",
        default="",
    )
    value: float | None = explained("Its figure in the declared measure; None where the rows cannot give it.")
    lower: float | None = explained("Lower end of its range.", default=None)
    upper: float | None = explained("Upper end of it.", default=None)
    against: str = explained("The best option among those that cost less; empty for the cheapest.", default="")
    difference: float | None = explained("Its measure less that one's.", default=None)
    difference_lower: float | None = explained("Lower end of its range.", default=None)
    difference_upper: float | None = explained("Upper end of it.", default=None)
    against_moves_most: str = explained(
        "Name of the assumption that moves most what it costs more than that one.", default=""
    )
    standing: Standing | Literal[""] = explained("What that lets one say; empty for the cheapest.", default="")
    pareto: bool = explained("Whether no other option is at least as good for no more cost, one of both strictly.")
    cannot_tell_from: str = explained(
        "The cheapest option that costs less and that it cannot be told from; empty if there is none.", default=""
    )
    moves_most: str = explained("Name of the assumption that moves its total most.", default="")
    moves_by: float = explained("How much the total moves when that assumption is a tenth higher.", default=0.0)
    cost_moves_most: str = explained("Name of the assumption that moves its cost most.", default="")
    wrong_moves_most: str = explained("Name of the assumption that moves its differing answers most.", default="")
    time_to_production_days: float = explained("Working days until it can be in use.", default=0.0)
    explainability: Explainability = explained("Whether its reasons are exact, estimated, or there are none.")
    finds: int | None = explained("Cases of the outcome in focus that it flags; None for numbers.", default=None)
    misses: int | None = explained("Cases of the outcome in focus that it does not flag.", default=None)
    false_alarms: int | None = explained("Other cases that it flags.", default=None)
    cut: float | None = explained("It flags from this chance on; None where there is no cut-off.", default=None)
    lacking: tuple[str, ...] = explained("Parts of the cost that were not measured and count as nothing.", default=())

    def to_frame(self) -> pd.DataFrame:
        """Return the option as one row."""
        return pd.DataFrame([{name: getattr(self, name) for name in self.__slots__ if name != "lacking"}])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BreakEven:
    """The value of one assumption at which two options come to the same total."""

    a: str = explained("The option that costs more to have.")
    b: str = explained("The option that it is compared with.")
    a_variant: Variant = explained("Variant of a.", default="")
    b_variant: Variant = explained("Variant of b.", default="")
    quantity: str = explained("Name of the assumption, or 'wrong' for all prices of differing answers together.")
    now: float = explained("What the assumption is now; 1 for 'wrong', which multiplies all prices.")
    value: float | None = explained("At this value both cost the same; None where none is named.", default=None)
    lower: float | None = explained("Lower end of its range.", default=None)
    upper: float | None = explained("Upper end of it; None: it has no end.", default=None)
    why: WhyNoPrice = explained(
        "Why there is no value: the gap may be nothing, a costs less at any value, or at none.", default=""
    )
    above: bool = explained("Whether a costs less above that value, or else below it.", default=True)
    moves_most: str = explained("Name of the other assumption that moves it most; empty where none does.", default="")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PointPrice:
    """What one more point of the declared measure costs between two neighbours on the line."""

    a: str = explained("The better option, which costs more.")
    b: str = explained("The option before it on the line.")
    more: float = explained("What a costs more a month.")
    points: float = explained("Points by which a is better: of 100 for shares, else in the unit of the measure.")
    lower: float | None = explained("Lower end of the range of those points.", default=None)
    upper: float | None = explained("Upper end of it.", default=None)
    price: float | None = explained("What one point costs a month; None where the points may be none.", default=None)
    price_lower: float | None = explained("Lower end of its range.", default=None)
    price_upper: float | None = explained("Upper end of it.", default=None)
    moves_most: str = explained("Name of the assumption that moves it most.", default="")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ThresholdChoice:
    """From which chance on an option should flag if answers cost what is assumed, and what follows in counts."""

    candidate: str = explained("Name of the candidate.")
    outcome: Hashable = explained("The class in focus.")
    cut: float = explained("The chance from which on it flags, chosen on set-aside rows.")
    usual: float = explained("The study's own cut-off.")
    n_chosen_on: int = explained("Set-aside rows on which it was chosen; 0: too few, so the study's own is kept.")
    n: int = explained("Never-seen rows on which the counts were made.")
    rows: str = explained("Which rows: test, or unknown history.", default="test")
    finds: int = explained("Cases of the outcome in focus that it flags with this cut-off.")
    misses: int = explained("Cases of it that it does not flag.")
    false_alarms: int = explained("Other cases that it flags.")
    usual_finds: int = explained("The same with the study's own cut-off.")
    usual_misses: int = explained("Cases that are not flagged with the study's own.")
    usual_false_alarms: int = explained("Other cases that are flagged with the study's own.")
    right: int = explained("Answers as in the record with this cut-off.", default=0)
    usual_right: int = explained("The same with the study's own.", default=0)
    right_more: float = explained(
        "Share of answers as in the record with this cut-off, less that with the study's own.", default=0.0
    )
    right_more_lower: float | None = explained("Lower end of its range, on the same rows.", default=None)
    right_more_upper: float | None = explained("Upper end of it.", default=None)
    money: float = explained("What differing answers cost, less what right ones bring, a month, with this cut-off.")
    usual_money: float = explained("The same with the study's own.")
    saving: float = explained("What the change of cut-off saves a month.")
    saving_lower: float | None = explained("Lower end of its range, on the same rows.", default=None)
    saving_upper: float | None = explained("Upper end of it.", default=None)
    moves_most: str = explained("Name of the assumption that moves that saving most.", default="")
    cuts: tuple[float, ...] = explained("Cut-offs that were tried, for a chart.", default=())
    money_at: tuple[float, ...] = explained("What each of them would cost a month on the never-seen rows.", default=())

    def to_frame(self) -> pd.DataFrame:
        """Return one row per cut-off that was tried."""
        return pd.DataFrame({"cut": self.cuts, "money": self.money_at})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AnswersByCost:
    """With several classes: each case's answer that is expected to cost least, beside the likeliest one."""

    candidate: str = explained("Name of the candidate.")
    outcomes: tuple[Hashable, ...] = explained("The classes.")
    recorded: tuple[int, ...] = explained("Cases of each class, as recorded.")
    finds: tuple[int, ...] = explained("Cases of each class that are called so.")
    usual_finds: tuple[int, ...] = explained("The same with the likeliest answers.")
    named: tuple[int, ...] = explained("How often each class is the answer.")
    usual_named: tuple[int, ...] = explained("How often each class is the likeliest one.")
    changed: int = explained("Cases that are answered otherwise than by what is likeliest.")
    checked: bool | None = explained(
        "Whether the chances it rests on were borne out by outcomes; None: that was not measured.", default=None
    )
    n: int = explained("Never-seen rows on which the counts were made.")
    rows: str = explained("Which rows: test, or unknown history.", default="test")
    right: int = explained("Answers as in the record.")
    usual_right: int = explained("The same with the likeliest answers.")
    right_more: float = explained("Share of answers as in the record, less that with the likeliest answers.")
    right_more_lower: float | None = explained("Lower end of its range, on the same rows.", default=None)
    right_more_upper: float | None = explained("Upper end of it.", default=None)
    money: float = explained("What differing answers cost, less what right ones bring, a month.")
    usual_money: float = explained("The same with the likeliest answers.")
    saving: float = explained("What it saves a month to answer so.")
    saving_lower: float | None = explained("Lower end of its range, on the same rows.", default=None)
    saving_upper: float | None = explained("Upper end of it.", default=None)
    moves_most: str = explained("Name of the assumption that moves that saving most.", default="")

    def to_frame(self) -> pd.DataFrame:
        """Return one row per class."""
        columns = ("outcomes", "recorded", "finds", "usual_finds", "named", "usual_named")
        return pd.DataFrame({name: list(getattr(self, name)) for name in columns})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparison:
    """Options side by side: cost against quality, money with its ranges, and which of them pay."""

    options: tuple[OptionRow, ...] = explained("The options in the order of the study; variants after their own.")
    metric: str = explained("The measure in which they are compared.")
    declared: bool = explained("Whether the study declares that measure; else it is the plain one.")
    greater_is_better: bool = explained("Whether more of it is better.")
    line: tuple[str, ...] = explained("Names on the Pareto line, cheapest first.")
    no_model: str = explained("Name of the option that uses nothing.")
    rule: str = explained("Name of the simplest rule; empty without one.", default="")
    set_aside: tuple[str, ...] = explained(
        "Options that use protected characteristics; they are shown and never named as the one to take.", default=()
    )
    state: Literal["least", "none", "cannot tell", "nothing"] = explained(
        "least: some option pays; none: none does; cannot tell; nothing: there is nothing to compare."
    )
    least: str = explained("The option with the smallest total where some option pays; else no model.")
    least_variant: str = explained("Its variant, if it is one.", default="")
    next_least: str = explained("The option with the next smallest total; empty without one.", default="")
    next_gap: float | None = explained("How much more that one comes to a month.", default=None)
    next_lower: float | None = explained("Lower end of the range of that gap.", default=None)
    next_upper: float | None = explained("Upper end of it.", default=None)
    next_moves_most: str = explained("Name of the assumption that moves that gap most.", default="")
    best: str = explained("The option with the best figure in the measure.", default="")
    break_even: tuple[BreakEven, ...] = explained("Where pairs of options come to the same total.", default=())
    points: tuple[PointPrice, ...] = explained("What one more point costs along the line.", default=())
    by_cost: tuple[ThresholdChoice, ...] = explained("Cut-offs chosen by cost, one per option.", default=())
    answers_by_cost: tuple[AnswersByCost, ...] = explained(
        "With several classes: answers expected to cost least, one per option.", default=()
    )
    differences: tuple[Difference, ...] = explained("Each option against the best one that costs less.", default=())
    plain: str = explained("The plainest option that adds things up, such as a formula; empty without.", default="")
    beside_plain: tuple[Difference, ...] = explained(
        "Each dearer option against that one, in every measure.", default=()
    )
    otherwise: tuple[Difference, ...] = explained(
        "Differences of the same pairs in other measures that conclude something else.", default=()
    )
    figures: tuple[Metric, ...] = explained("Each option's figure in the measure.", default=())
    moves_most: str = explained("Name of the assumption that moves the gap behind the headline most.", default="")
    moves_by: float = explained("How much that gap moves when the assumption is a tenth higher.", default=0.0)
    assumptions: Assumptions = explained("What the money rests on.")
    example: bool = explained("Whether nobody has confirmed these figures.")
    level: float = explained("Level of the ranges.")
    n: int = explained("Never-seen rows that answers were counted on.")
    rows: str = explained("Which rows: test, or unknown history.", default="test")

    def to_frame(self) -> pd.DataFrame:
        """Return one row per option: money, measure, and what can be told from what."""
        columns = [n for n in OptionRow.__slots__ if n not in ("lacking", "candidate", "variant")]
        rows = [[getattr(o, n) for n in ("candidate", "variant", *columns)] for o in self.options]
        return pd.DataFrame(rows, columns=["candidate", "variant", *columns]).assign(example=self.example)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Disagreements:
    """The never-seen cases that options answer differently."""

    names: tuple[str, ...] = explained("Candidates that were asked.")
    n: int = explained("Never-seen cases that were asked about.")
    differing: int = explained("Cases of them that not all options answer alike.")
    tolerance: float | None = explained("Numbers: answers differ when they lie further apart than this.", default=None)
    rows: str = explained("Which rows: test, or unknown history.", default="test")
    cases: tuple[str, ...] = explained("Ids of the differing cases, furthest apart first.")
    record: tuple[Hashable, ...] = explained("What is recorded for each; missing where nothing is.")
    answers: pd.DataFrame = explained("What each option says of each of those cases: class or number.")
    chances: pd.DataFrame | None = explained(
        "With two classes each option's chance of the one in focus; None otherwise.", default=None
    )
    apart: tuple[float, ...] = explained("How far apart the answers are: numbers, or chances of what they name.")
    pairs: pd.DataFrame = explained("Cases on which each two options differ.")

    def to_frame(self) -> pd.DataFrame:
        """Return one row per differing case: id, record, each option's answer."""
        out = self.answers.copy()
        out.insert(0, "record", list(self.record), allow_duplicates=True)
        out.insert(0, "case", list(self.cases), allow_duplicates=True)
        return out
