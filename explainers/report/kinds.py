"""A report of a study in the order of the six kinds of explanation: why, who, which data, fair, how good, what for.

References
----------
Information Commissioner's Office and The Alan Turing Institute (2020), Explaining decisions made with AI.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from explainers.report import decks
from explainers.report.gathering import Progress
from explainers.report.parts import Deck, Section
from explainers.report.sections import Asked
from explainers.words import kinds as say
from explainers.words.say import BUSINESS, Audience

if TYPE_CHECKING:
    from explainers.results import Narrative
    from explainers.study import Study

RATIONALE, RESPONSIBILITY, DATA, FAIRNESS, SAFETY, IMPACT = say.PARTS
# Where each section of a deck stands in a report; the order within a part is this one, then cases.
_PLACES = {
    "about": RATIONALE,
    "looks-at": RATIONALE,
    "good": SAFETY,
    "sure": SAFETY,
    "wrong": SAFETY,
    "changed": SAFETY,
    "turned": SAFETY,
    "impact": IMPACT,
    "worth": IMPACT,
    "decided": IMPACT,
}


def report(
    study: Study,
    candidate: str | None = None,
    *,
    audience: Audience = BUSINESS,
    level: float = 0.9,
    assumptions: Mapping[str, Any] | None = None,
    cases: tuple[str, ...] | None = None,
    today: dt.date | None = None,
    progress: Progress | None = None,
) -> Deck:
    """Put a study together as a report to be kept; parameters as for :func:`explainers.report.decks.deck`.

    Returns
    -------
    Deck
        Its sections in the order of the six kinds of explanation; each names its kind.

    Raises
    ------
    BakeoffError
        There is no such option or case, or the option is not built.
    """
    made = decks.deck(
        study,
        candidate,
        audience=audience,
        level=level,
        assumptions=assumptions,
        cases=cases,
        today=today,
        progress=progress,
    )
    name = decks.chosen(study, candidate)
    asked = Asked(study=study, candidate=name, audience=audience, level=level)
    placed = [replace(s, part=part) for s in made.sections if (part := _place(s.name)) is not None]
    own = [
        _of(RESPONSIBILITY, "responsibility", "Who stands for it?", say.responsibility(study, name, audience=audience)),
        replace(_of(DATA, "data", "Which data?", say.data(study, audience=audience)), table=_dictionary(asked)),
        _of(FAIRNESS, "fairness", "Does it treat groups alike?", say.fairness(study, name, audience=audience)),
        _of(IMPACT, "impact", "What is it for?", say.impact(study, audience=audience)),
    ]
    found = [*placed, *own]
    order = list(_PLACES)
    found.sort(key=lambda s: order.index(s.name) if s.name in order else len(order))
    ordered = [s for part in say.PARTS for s in found if s.part == part]
    return replace(made, sections=tuple(ordered), kind="report")


def _place(name: str) -> str | None:
    return RATIONALE if name.startswith("case-") else _PLACES.get(name)


def _of(part: str, name: str, question: str, said: Narrative) -> Section:
    return Section(
        name=name,
        question=question,
        part=part,
        headline=said.headline,
        sentences=said.sentences,
        caveats=said.caveats,
    )


def _dictionary(asked: Asked) -> pd.DataFrame:
    """Return every column as people call it, with what it is and whether it is protected."""
    roles = {
        "target": "what is asked",
        "time": "moment",
        "group": "belongs together",
        "leakage": "left out: gives it away",
    }
    rows = [
        (
            f.label,
            f.description or f.unit or "",
            "protected, not used by default" if f.protected else roles.get(f.role, "may be used"),
        )
        for f in asked.study.dictionary
        if f.role not in ("id", "excluded")
    ]
    return pd.DataFrame(rows, columns=["What", "What it is", "Its part"])
