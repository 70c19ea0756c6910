"""What a deck is made of: one section per question, each with its finding, its sentences and its charts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from explainers.results import Sentence, explained

ExhibitKind = Literal["steps", "ranges", "points", "stack"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Exhibit:
    """One chart, as the page draws it and as the numbers that a slide draws it from."""

    kind: ExhibitKind = explained(
        "steps: a sum from start to answer; ranges: a figure with its range per row; points: two figures per row; "
        "stack: parts per row."
    )
    title: str = explained("The finding.")
    alt: str = explained("Text alternative: what the chart shows, in a sentence or two.")
    figure: Any = explained("The plotly figure that the page shows.")
    data: pd.DataFrame = explained("The numbers drawn, in the units of the axis; the first column names the rows.")
    axis: str = explained("What the numbers are, with their unit.", default="")
    other_axis: str = explained("Of points: what stands along the foot.", default="")
    note: str = explained("What the marks of the chart mean.", default="")
    slide_note: str = explained("The same of the chart of a slide, where its marks are others.", default="")
    colours: tuple[str, ...] = explained("Colour of each row; of a stack, of each part.", default=())
    log: bool = explained("Of points: whether the foot is stretched so that tenfold is always as wide.", default=False)
    beside: tuple[Exhibit, ...] = explained(
        "Charts that stand side by side on a slide in place of this one, where its parts need axes of their own.",
        default=(),
    )
    level: float | None = explained("A line to compare with, on the axis of the numbers.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Section:
    """One question and its answer: a slide, and a part of the page that stands alone."""

    name: str = explained("Short name, unique in the deck.")
    question: str = explained("The question.")
    headline: Sentence = explained("The answer in a full sentence.")
    part: str = explained("Of a report: the kind of explanation it belongs to.", default="")
    about: str = explained("What it is about: the case, the option, which rows.", default="")
    sentences: tuple[Sentence, ...] = explained("What else there is to say, the most important first.", default=())
    reasons: tuple[tuple[str, str], ...] = explained("Of a case: amount and reason, as on the page.", default=())
    caveats: tuple[Sentence, ...] = explained("Limits; they come before the reasons.", default=())
    exhibits: tuple[Exhibit, ...] = explained("Its charts.", default=())
    table: pd.DataFrame | None = explained("A small table of text.", default=None)
    table_note: str = explained("Which rows the table counts.", default="")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Deck:
    """What is handed round after a meeting: the same words, numbers and charts as on the pages."""

    title: str = explained("Title of the study.")
    question: str = explained("Its question.")
    option: str = explained("Name of the option that is spoken of.")
    audience: str = explained("Whom the words are for: business or technical.")
    date: dt.date = explained("Day on which it was made.")
    sample: bool = explained("Whether it is a sample study, not for decisions.")
    sections: tuple[Section, ...] = explained("One per question; each pinned case has its own.")
    version: str = explained("Version of the option, and the fingerprint of the study.", default="")
    kind: Literal["deck", "report"] = explained("deck: for a meeting; report: to be kept.", default="deck")


MOST_LEAD = 2


def lead(section: Section) -> tuple[Sentence, ...]:
    """Return what is said of a case before its reasons, as on the page; nothing for other sections."""
    if not section.reasons:
        return ()
    return tuple(s for s in section.sentences if s.kind in ("range", "comparison"))[:MOST_LEAD]
