"""The results about what an option takes: time, memory, space, and how that grows with the data.

Take them from :mod:`explainers.results`, where every result can be found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from explainers.fields import explained
from explainers.results_quality import Difference, Metric

CostSource = Literal["built", "measured", "given", "none"]
WhyNoGrowth = Literal["", "came fitted", "too few rows", "cannot be fitted", "too slow"]
RowsTaken = Literal["at random", "by group", "latest"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cost:
    """What one option takes: to fit it, to ask it and to explain what it says."""

    train_seconds: float | None = explained("Wall seconds to fit.", default=None)
    train_cpu_seconds: float | None = explained("Processor seconds to fit.", default=None)
    peak_memory_mb: float | None = explained("Peak memory of the process that fitted it, in MB.", default=None)
    predict_ms_p50: float | None = explained("Median milliseconds to answer one case.", default=None)
    predict_ms_p95: float | None = explained("95th percentile of the same.", default=None)
    predict_ms_per_1000: float | None = explained("Milliseconds to answer 1,000 cases at once.", default=None)
    artefact_mb: float | None = explained("Size of the stored model in MB.", default=None)
    n_inputs: int | None = explained("Columns it reads.", default=None)
    n_parameters: int | None = explained("Coefficients, leaves or table entries.", default=None)
    n_inputs_needed: int | None = explained(
        "Columns without which it would answer some case differently; the others it reads and does not use.",
        default=None,
    )
    explain_ms: float | None = explained("Median milliseconds to work out the reasons of one case.", default=None)
    serve_memory_mb: float | None = explained(
        "Most memory that the process held while it answered, in MB.", default=None
    )
    source: CostSource = explained(
        "Where the figures of fitting come from: built (taken while it was built), measured (in a process of its own), "
        "given (by whoever made it), none (nobody knows). Figures of asking are measured, but for built.",
        default="built",
    )
    given: tuple[str, ...] = explained("Figures that whoever made it stated in study.yaml.", default=())
    build_hours: float | None = explained(
        "Hours of people's work to build it, as whoever made it stated them.", default=None
    )
    blocks: Mapping[str, tuple[float, ...]] = explained(
        "Each repeated figure's median in blocks of repeats one after the other, by the name of the figure.",
        factory=dict,
    )
    blocks_agree: bool | None = explained(
        "Whether the last two blocks of every figure lie within 20% or 5 ms; None where there is only one.",
        default=None,
    )
    repeats: int = explained("How often it was fitted while that was timed.", default=0)
    n_training: int | None = explained("Rows that it was fitted to.", default=None)
    own_process: bool = explained(
        "Whether it was measured in a fresh process; else beside other work, because it cannot be sent to one.",
        default=False,
    )
    cut_short: bool = explained("Whether time ran out before everything was measured.", default=False)
    machine: str = explained("The machine, its processor and the version of Python.", default="")
    measured_on: str = explained("The day on which it was measured, such as 2026-11-22.", default="")

    def to_frame(self) -> pd.DataFrame:
        """Return one row per figure that is known, with the medians of its blocks."""
        names = (
            *("train_seconds", "train_cpu_seconds", "peak_memory_mb", "predict_ms_p50", "predict_ms_p95"),
            *(
                "predict_ms_per_1000",
                "explain_ms",
                "serve_memory_mb",
                "artefact_mb",
                "n_inputs",
                "n_inputs_needed",
                "n_parameters",
            ),
            "build_hours",
        )
        rows = [(n, getattr(self, n), n in self.given, self.blocks.get(n, ())) for n in names]
        return pd.DataFrame([r for r in rows if r[1] is not None], columns=["figure", "value", "given", "blocks"])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GrowthStep:
    """One size of training data: what fitting took, and how good the option was then."""

    share: float = explained("Share of all training rows.")
    rows: int = explained("Training rows, on average over the draws.")
    draws: int = explained("How often so many rows were drawn and it was fitted to them.")
    train_cpu_seconds: float = explained("Median processor seconds to fit.")
    predict_ms_per_1000: float = explained("Median milliseconds to answer 1,000 cases at once.")
    measured: Metric | None = explained(
        "Its figure in the measure that decides, with a range that counts the draws too; None without one."
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Growth:
    """How an option does with a quarter, half and all of its training rows: cost, quality, and what more would do."""

    candidate: str = explained("Name of the candidate.")
    why: WhyNoGrowth = explained("Why it could not be tried with fewer rows; empty if it could.", default="")
    detail: str = explained("What went wrong, where something did.", default="")
    metric: str = explained("The measure that decides.")
    steps: tuple[GrowthStep, ...] = explained("The sizes, smallest first.", default=())
    more_data: Difference | None = explained(
        "The measure with all training rows minus that with half of them: better means that more data helped; "
        "None where it could not be measured.",
        default=None,
    )
    times_as_long: float | None = explained(
        "How many times as long fitting took with all rows as with half of them; None where it is too quick to tell.",
        default=None,
    )
    exponent: float | None = explained(
        "Slope of the log of processor seconds on the log of rows; None where fitting is too quick to tell.",
        default=None,
    )
    taken: RowsTaken = explained(
        "How fewer rows were taken: at random, by group (whole groups), or latest (the oldest left out).",
        default="at random",
    )
    n_training: int = explained("All training rows with a recorded outcome.", default=0)
    n: int = explained("Never-seen rows on which quality was measured.", default=0)
    rows: str = explained("Which rows: test, or unknown history.", default="test")
    cut_short: bool = explained("Whether time ran out before all sizes were tried.", default=False)
    machine: str = explained("The machine, its processor and the version of Python.", default="")

    def to_frame(self) -> pd.DataFrame:
        """Return one row per size."""
        columns = ["share", "rows", "draws", "train_cpu_seconds", "predict_ms_per_1000", "value", "lower", "upper"]
        found = []
        for s in self.steps:
            m = s.measured
            ends = (m.value, m.lower, m.upper) if m is not None else (None, None, None)
            found.append((s.share, s.rows, s.draws, s.train_cpu_seconds, s.predict_ms_per_1000, *ends))
        return pd.DataFrame(found, columns=columns)
