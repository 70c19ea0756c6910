"""Say from which score on an option should flag if answers cost what is assumed, and what follows in counts."""

from __future__ import annotations

import math
from typing import Any

from explainers.results import Assumptions, Narrative, Sentence, ThresholdChoice
from explainers.study import Study
from explainers.words import money, numbers, phrases
from explainers.words.say import BUSINESS, Audience, Shown, join, sentence

ROWS = {"test": "never-seen", "unknown history": "possibly seen"}


def describe(
    result: ThresholdChoice, figures: Assumptions, study: Study, *, audience: Audience = BUSINESS
) -> Narrative:
    """Say what the cut-off chosen by cost is, and what it changes.

    Parameters
    ----------
    result : ThresholdChoice
    figures : Assumptions
        What the money rests on.
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    Narrative
        Headline: from which score on to flag. Sentences: both kinds of error beside the study's own cut-off, and money.
    """
    name = phrases.option(study, result.candidate, audience)
    if not result.n_chosen_on:
        head = sentence(
            "answer", "for {option} there are too few set-aside {cases} to choose", option=name, cases=study.cases
        )
        return Narrative(headline=head, sentences=tuple(_counts(result, study)))
    if result.cut == result.usual:
        template = "with {figures}, {option} should flag from {cut} on, as it does now"
    else:
        template = "with {figures}, {option} should flag {what}"
    head = sentence(
        "answer",
        template,
        figures=_figures(figures),
        option=name,
        cut=_score(result.usual),
        what=_what(result, study),
        facts={"cut": None if math.isinf(result.cut) else result.cut},
    )
    said = [*_counts(result, study), *_money(result, figures)]
    said.append(
        sentence(
            "method",
            "it was chosen on {aside} set-aside {cases}. The counts are of {n} {rows} ones",
            aside=result.n_chosen_on,
            cases=study.cases,
            n=result.n,
            rows=ROWS.get(result.rows, result.rows),
        )
    )
    return Narrative(headline=head, sentences=tuple(said))


def title(result: ThresholdChoice, figures: Assumptions, study: Study) -> str:
    """Return the finding of the chart: what the change of cut-off saves, or that nothing shows that it does."""
    option = phrases.option(study, result.candidate)
    if result.saving_lower is not None and result.saving_lower > 0:
        return f"Another cut-off saves {option} {money.about(result.saving, figures.currency)} a month"
    return f"No other cut-off is shown to save {option} money"


def alt(result: ThresholdChoice, figures: Assumptions, study: Study) -> str:
    """Return the text alternative of the chart."""
    now = money.amount(result.money, figures.currency)
    own = money.amount(result.usual_money, figures.currency)
    cut = "none flagged" if math.isinf(result.cut) else f"from {round(100 * result.cut)} of 100 on"
    return (
        f"Line of what answers come to a month at each cut-off. By cost, {cut}: {now}. The study's own, from "
        f"{round(100 * result.usual)} of 100 on: {own}. {title(result, figures, study)}."
    )


def _figures(figures: Assumptions) -> str:
    return "your figures" if figures.confirmed_by else "these example figures"


def _score(cut: float) -> Shown:
    n = round(100 * cut)
    return Shown(f"a score of {n} of 100", {"": cut, "shown": n, "of": 100})


def _what(result: ThresholdChoice, study: Study) -> Shown:
    if math.isinf(result.cut):
        return Shown(f"no {study.case} at all")
    if result.cut <= 0:
        return Shown(f"every {study.case}")
    word = "already from" if result.cut < result.usual else "only from"
    return join(word + " {cut} on", cut=_score(result.cut))


def _counts(result: ThresholdChoice, study: Study) -> list[Sentence]:
    n = result.finds + result.misses
    parts: dict[str, Any] = {"n": n, "cases": study.cases, "outcome": phrases.outcome(study, result.outcome)}
    return [
        sentence(
            "comparison",
            "it then finds {found} of {n} {cases} that were {outcome}, and {before} as it is now",
            found=_count(result.finds),
            before=_count(result.usual_finds),
            **parts,
        ),
        sentence(
            "comparison",
            "of the {others} others it flags {flagged}, and {before} as it is now",
            others=result.n - n,
            flagged=_count(result.false_alarms),
            before=_count(result.usual_false_alarms),
        ),
    ]


def _money(result: ThresholdChoice, figures: Assumptions) -> list[Sentence]:
    ends = (result.saving_lower, result.saving_upper)
    mover = money.label(figures, result.moves_most)
    facts = {"saving": result.saving}
    if result.saving == 0 and result.saving_lower == result.saving_upper:
        template = (
            "in money that is the same. {mover} moves it most" if result.moves_most else "in money it is the same"
        )
        return [sentence("comparison", template, mover=mover, facts=facts)]
    said = [
        sentence(
            "range",
            "answers then come to {amount} a month. {mover} moves that most",
            amount=money.less_or_more(result.saving, ends, figures.currency),
            mover=mover,
            facts=facts,
        )
    ]
    if result.saving_lower is None or result.saving_upper is None or result.saving_lower <= 0 <= result.saving_upper:
        said.append(sentence("caveat", "so nothing shows that the change saves money"))
    return said


def _count(n: int) -> Shown:
    return Shown("none" if n == 0 else numbers.decimal(n, 0), {"": n})
