"""The results about a decision: votes counted, options ranked by what counts for one person, what was decided.

Take them from :mod:`explainers.results`, where every result can be found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from explainers.fields import explained

Weighed = Literal["accuracy", "cost", "speed", "explainability", "answers"]
AskKind = Literal[
    "figures", "vote", "answer", "rows", "required", "decide", "decide again", "decision is older", "freeze"
]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VotesFor:
    """The votes for one option."""

    candidate: str = explained("Name of the candidate.")
    variant: str = explained("A variant of it; empty for the candidate as it is.", default="")
    label: str = explained("Name that people read.")
    names: tuple[str, ...] = explained("Who voted for it, the first one first.")
    older: int = explained("Of these votes, those given before the option was made anew.", default=0)
    there: bool = explained("Whether the study still has this option.", default=True)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tally:
    """The votes as they stand: of each person the latest."""

    options: tuple[VotesFor, ...] = explained("Options with votes, most votes first.")
    n: int = explained("People whose vote counts.")
    abstain: tuple[str, ...] = explained("Who abstains.", default=())
    first: tuple[str, ...] = explained("Labels of the options with most votes: several where they are level.")

    def to_frame(self) -> pd.DataFrame:
        """Return one row per option with votes."""
        rows = [(o.candidate, o.variant, o.label, len(o.names), ", ".join(o.names), o.older) for o in self.options]
        return pd.DataFrame(rows, columns=["candidate", "variant", "label", "votes", "names", "older"])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RankedOption:
    """One option and what it comes to with somebody's own weights."""

    candidate: str = explained("Name of the candidate.")
    variant: str = explained("A variant of it; empty for the candidate as it is.", default="")
    label: str = explained("Name that people read.")
    score: float = explained("Its parts times the weights, 0 to 100.")
    lower: float = explained("The same with its figure of quality, and what answers cost, at the worse end.")
    upper: float = explained("The same at the better end.")
    parts: Mapping[str, float] = explained("How it stands in each thing: 0 for the worst option, 1 for the best.")
    lacking: tuple[str, ...] = explained("Things that are not known of it; they count as 0.", default=())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ranking:
    """Options in the order that somebody's own weights give."""

    weights: Mapping[str, float] = explained("What counts how much; together 1.")
    options: tuple[RankedOption, ...] = explained("The options, best first.")
    close: tuple[str, ...] = explained("Labels of options that could be first within the ranges of their figures.")
    metric: str = explained("The measure behind accuracy.")
    example: bool = explained("Whether the figures of money are examples.", default=True)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per option: score, its range, its parts."""
        rows = [
            {
                "candidate": o.candidate,
                "variant": o.variant,
                "label": o.label,
                "score": o.score,
                "lower": o.lower,
                "upper": o.upper,
                **o.parts,
            }
            for o in self.options
        ]
        return pd.DataFrame(rows)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decided:
    """What was decided, and whether what it rests on is still the same."""

    number: int = explained("1 for the first decision of the study, then 2, 3, ...")
    candidate: str = explained("Name of the chosen candidate; empty where none was chosen.")
    variant: str = explained("A variant of it; empty for the candidate as it is.", default="")
    label: str = explained("Name that people read.")
    kind: str = explained("Kind of the candidate, such as baseline; empty where it is gone.", default="")
    author: str = explained("Who recorded it.")
    on: str = explained("When, such as 2026-03-03.")
    votes_for: int = explained("Votes for it when it was recorded.")
    n_votes: int = explained("All votes when it was recorded.")
    option_there: bool = explained("Whether the study still has the option.", default=True)
    option_changed: bool = explained("Whether the option was made anew since.", default=False)
    data_changed: bool = explained("Whether the study is in another state than then.", default=False)
    earlier: int = explained("Decisions before it, whose place it took.", default=0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ask:
    """One thing that the people around the table are asked for."""

    kind: AskKind = explained("What is asked for.")
    n: int = explained("How many there are of it.", default=1)
    of: int = explained("Out of how many.", default=0)
    name: str = explained("Whom or what it is about; empty where that is plain.", default="")
