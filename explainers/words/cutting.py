"""Say from which score on an option should flag if answers cost what is assumed, and what follows in counts."""

from __future__ import annotations

import math
from typing import Any

from explainers.results import AnswersByCost, Assumptions, Narrative, Sentence, ThresholdChoice
from explainers.study import Study
from explainers.words import money, numbers, phrases
from explainers.words.say import BUSINESS, Audience, Shown, join, none_or, plural, sentence

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
        Headline: from which score on to flag. Sentences: both kinds of error, answers as in the record and money, each
        set against the study's own cut-off on the same cases.
    """
    name = phrases.option(study, result.candidate, audience)
    if not result.n_chosen_on:
        head = sentence(
            "answer", "for {option} there are too few set-aside {cases} to choose", option=name, cases=study.cases
        )
        return Narrative(headline=head, sentences=tuple(_counts(result, study)))
    if result.cut == result.usual:
        template = "with {figures}, {option} should flag from {cut} on, as it does now"
    elif result.saving_lower is not None and result.saving_lower > 0:
        template = "with {figures}, {option} should flag {what}"
    else:
        template = "with {figures}, {option} costs least if it flags {what}"
    head = sentence(
        "answer",
        template,
        figures=whose(figures),
        option=name,
        cut=_score(result.usual),
        what=_what(result, study),
        facts={"cut": None if math.isinf(result.cut) else result.cut},
    )
    said = [*_counts(result, study), *right(result, study), *saved(result, figures, study)]
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


def title(result: ThresholdChoice, figures: Assumptions, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return the finding of the chart: what the change of cut-off saves, or that nothing shows that it does."""
    option = phrases.option(study, result.candidate, audience)
    if result.saving_lower is not None and result.saving_lower > 0:
        return f"Another cut-off saves {option} {money.about(result.saving, figures.currency)} a month"
    return f"No other cut-off is shown to save {option} money"


def alt(result: ThresholdChoice, figures: Assumptions, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return the text alternative of the chart."""
    now = money.amount(result.money, figures.currency)
    own = money.amount(result.usual_money, figures.currency)
    cut = "none flagged" if math.isinf(result.cut) else f"from {round(100 * result.cut)} of 100 on"
    return (
        f"Line of what answers come to a month at each cut-off. By cost, {cut}: {now}. The study's own, from "
        f"{round(100 * result.usual)} of 100 on: {own}. {title(result, figures, study, audience=audience)}."
    )


def whose(figures: Assumptions) -> str:
    """Return whose figures money rests on, as it stands within a sentence."""
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
            found=none_or(result.finds),
            before=none_or(result.usual_finds),
            **parts,
        ),
        sentence(
            "comparison",
            "of the {others} others it flags {flagged}, and {before} as it is now",
            others=result.n - n,
            flagged=none_or(result.false_alarms),
            before=none_or(result.usual_false_alarms),
        ),
    ]


def right(result: ThresholdChoice | AnswersByCost, study: Study) -> list[Sentence]:
    """Say by how many answers as in the record the two cut-offs differ, with the paired range in 100."""
    more = result.right - result.usual_right
    facts = {"right_more": result.right_more}
    record = phrases.record(study)
    if not more and result.right_more_lower == result.right_more_upper:
        return [sentence("comparison", "as many answers agree with {record} as now", record=record, facts=facts)]
    word, agree = "more" if more > 0 else "fewer", plural(abs(more), "answer agrees", "answers agree")
    template = "in all {n} " + word + " " + agree + " with {record}{range}"
    if not more:
        template = "in all as many answers agree with {record}{range}"
    span = _in_100(result.right_more_lower, result.right_more_upper)
    return [sentence("range", template, n=abs(more), record=record, range=span, facts=facts)]


def _in_100(low: float | None, high: float | None) -> Shown:
    """Return a range of a share as ': 9 to 4 fewer in 100' or ': 2 fewer to 3 more in 100'."""
    if low is None or high is None:
        return Shown("")
    ends = [_tenths(v) for v in (low, high)]
    if low >= 0 or high <= 0:
        near, far = ends if low >= 0 else ends[::-1]
        word = "more" if low >= 0 else "fewer"
        return join(": {near} to {far} " + word + " in {of}", near=near, far=far, of=100)
    return join(": from {low} fewer to {high} more in {of}", low=ends[0], high=ends[1], of=100)


def _tenths(value: float) -> Shown:
    """Return a share of 100 with one decimal; what is not nothing never reads as nothing."""
    size = abs(100 * value)
    if 0 < size < 0.05:
        return Shown("less than 0.1", {"": value, "shown": 0.1})
    return Shown(numbers.decimal(size, 1), {"": value, "shown": round(size, 1)})


def against_today(result: ThresholdChoice | AnswersByCost, figures: Assumptions, name: str, study: Study) -> Sentence:
    """Say in one sentence what an option with the cut-off by cost comes to beside its own with the cut-off of today.

    Parameters
    ----------
    result : ThresholdChoice or AnswersByCost
    figures : Assumptions
        What the money rests on.
    name : str
        What the variant is called.
    study : Study
    """
    ends = (result.saving_lower, result.saving_upper)
    return sentence(
        "range",
        f"beside {today(result)}, {{option}} comes to {{amount}} a month. Both answered the same {{n}} {{cases}}. "
        "{mover} moves that most",
        n=result.n,
        cases=study.cases,
        option=name,
        amount=money.less_or_more(result.saving, ends, figures.currency),
        mover=money.label(figures, result.moves_most),
        facts={"saving": result.saving},
    )


def today(result: ThresholdChoice | AnswersByCost) -> str:
    """Return what a choice by cost is set against."""
    return "the cut-off of today" if isinstance(result, ThresholdChoice) else "the likeliest answers"


def saved(result: ThresholdChoice | AnswersByCost, figures: Assumptions, study: Study) -> list[Sentence]:
    """Say what answers come to beside those of today, with the paired range."""
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
            f"answers then come to {{amount}} a month than with {today(result)}. Both answered the same {{n}} "
            "{cases}. {mover} moves that most",
            n=result.n,
            cases=study.cases,
            amount=money.less_or_more(result.saving, ends, figures.currency),
            mover=mover,
            facts=facts,
        )
    ]
    if result.saving_lower is None or result.saving_upper is None or result.saving_lower <= 0 <= result.saving_upper:
        said.append(sentence("caveat", "so nothing shows that the change saves money"))
    return said
