"""The last questions of a deck: which option is worth it, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from explainers.errors import BakeoffError
from explainers.report import exhibits_money as money
from explainers.report.parts import Section
from explainers.report.sections import Asked
from explainers.words import compare as say_compare
from explainers.words import decision as say_decision
from explainers.words import money as say_money
from explainers.words import numbers
from explainers.words.say import whole

if TYPE_CHECKING:
    from explainers.study import Study

MOST_VOTES = 20


def worth(asked: Asked, assumptions: Mapping[str, Any] | None = None) -> Section:
    """Which option is worth it? What each costs, what it buys, and what that is with these figures."""
    from explainers import compare

    study = asked.study
    result = compare.comparison(study, dict(assumptions) if assumptions else _confirmed(study), variants=True)
    said = say_compare.describe(result, study, audience=asked.audience)
    charts = [chart(result, study, asked.candidate, audience=asked.audience) for chart in (money.line, money.parts)]
    return Section(
        name="worth",
        question="Which option is worth it?",
        headline=said.headline,
        about=f"All options, on {whole(result.n)} never-seen {study.cases}, {say_money.whose(result.assumptions)}",
        sentences=said.sentences,
        caveats=said.caveats,
        exhibits=tuple(c for c in charts if c is not None),
        table=pd.DataFrame(say_money.table(result, study)).fillna(""),
    )


def _confirmed(study: Study) -> dict[str, Any] | None:
    """Return the figures that somebody confirmed last, as the page has them; None: the study's own."""
    from explainers import costs, database

    try:
        known = () if database.nothing_yet() else database.confirmed(study.name)
        if not known:
            return None
        who = {"confirmed_by": known[0].author, "confirmed_on": known[0].created_at.strftime("%Y-%m-%d")}
        return costs.plain(costs.assumptions(study, {**known[0].values, **who}))
    except BakeoffError:  # figures that this study no longer has are nobody's
        return None


def decided(asked: Asked) -> Section:
    """What did we decide? The recorded choice with its reason, and the votes by name."""
    from explainers import database, deciding

    study = asked.study
    nothing = database.nothing_yet()
    votes = () if nothing else database.votes(study.name)
    records = () if nothing else database.decisions(study.name)
    tally = deciding.tally(votes, study)
    holds = deciding.decided(records[0], study) if records else None
    said = say_decision.describe(tally, holds, study, audience=asked.audience)
    rows = [
        (
            v.author,
            deciding.labelled(study, v.candidate, v.variant, technical=asked.technical),
            v.comment,
            numbers.date(v.created_at),
        )
        for v in database.standing_votes(votes)[:MOST_VOTES]
    ]
    return Section(
        name="decided",
        question="What did we decide?",
        headline=said.headline,
        about=f"Reason given: {records[0].reason}" if records else "",
        sentences=said.sentences,
        caveats=said.caveats,
        table=pd.DataFrame(rows, columns=["Who", "Votes for", "Says", "On"]),
    )
