"""Say with several outcomes which answers are expected to cost least, and what answering so changes."""

from __future__ import annotations

from explainers.results import AnswersByCost, Assumptions, Narrative, Sentence
from explainers.study import Study
from explainers.words import cutting, phrases
from explainers.words.say import BUSINESS, Audience, capital, none_or, quoted, sentence


def describe(result: AnswersByCost, figures: Assumptions, study: Study, *, audience: Audience = BUSINESS) -> Narrative:
    """Say what answers by expected cost change beside the likeliest ones.

    Parameters
    ----------
    result : AnswersByCost
    figures : Assumptions
        What the money rests on.
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    Narrative
        Headline: in how many cases the answer is another one. Sentences: each outcome in counts, answers as in the
        record and money, each beside the likeliest answers on the same cases.
    """
    name = phrases.option(study, result.candidate, audience)
    whose = cutting.whose(figures)
    if not result.changed:
        template = "with {figures}, the likeliest answers of {option} are also those expected to cost least"
        return Narrative(
            headline=sentence("answer", template, figures=whose, option=name), sentences=(_method(result, study),)
        )
    head = sentence(
        "answer",
        "with {figures}, {option} should answer {k} of {n} {cases} otherwise than by what is likeliest",
        figures=whose,
        option=name,
        k=result.changed,
        n=result.n,
        cases=study.cases,
    )
    said = [*_counts(result, study), *cutting.right(result, study), *cutting.saved(result, figures, study)]
    return Narrative(headline=head, sentences=(*said, _method(result, study)), caveats=tuple(_limits(result, name)))


def _counts(result: AnswersByCost, study: Study) -> list[Sentence]:
    """Say of each outcome how many cases are called so, where that is another number now."""
    said = []
    for outcome, n, found, before in zip(
        result.outcomes, result.recorded, result.finds, result.usual_finds, strict=True
    ):
        if found != before:
            said.append(
                sentence(
                    "comparison",
                    "of {n} {cases} recorded as {outcome}, it then finds {found}, and {before} as it is now",
                    n=n,
                    cases=study.cases,
                    outcome=quoted(str(study.outcome_words.get(outcome) or outcome)),
                    found=none_or(found),
                    before=none_or(before),
                )
            )
    return said


def _method(result: AnswersByCost, study: Study) -> Sentence:
    return sentence(
        "method",
        "what an answer is expected to cost rests on the chances that are stated. The counts are of {n} {rows} {cases}",
        n=result.n,
        rows=cutting.ROWS.get(result.rows, result.rows),
        cases=study.cases,
    )


def _limits(result: AnswersByCost, name: str) -> list[Sentence]:
    if result.checked:
        return []
    if result.checked is None:
        template = "it was not checked whether the chances that {option} states come true"
    else:
        template = "the chances that {option} states did not all come true, so the expected costs are rough"
    return [sentence("caveat", template, option=name)]


def table(result: AnswersByCost, study: Study) -> list[dict[str, object]]:
    """Return one row per outcome: how many cases, and how many of them are called so by cost and as now."""
    every = zip(
        result.outcomes,
        result.recorded,
        result.finds,
        result.usual_finds,
        result.named,
        result.usual_named,
        strict=True,
    )
    return [
        {
            "Outcome": capital(str(study.outcome_words.get(outcome) or outcome)),
            "Recorded": f"{n:,}",
            "Found, by cost": f"{found:,}",
            "Found, likeliest": f"{before:,}",
            "Called so, by cost": f"{named:,}",
            "Called so, likeliest": f"{usual:,}",
        }
        for outcome, n, found, before, named, usual in every
    ]
