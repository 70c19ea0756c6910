"""Say what every option answers for one case, how many differ, and each one's first reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any

from explainers.reasons import Step, one_two_five
from explainers.results import Answer, Narrative, Sentence
from explainers.study import Study
from explainers.words import numbers, phrases
from explainers.words.case import agrees, known
from explainers.words.headline import same_for_all
from explainers.words.numbers import Scale
from explainers.words.say import BUSINESS, Audience, Shown, join, plural, sentence
from explainers.words.telling import Told, told


def describe(
    answers: Sequence[Answer],
    study: Study,
    *,
    audience: Audience = BUSINESS,
    chosen: str | None = None,
    recorded: Hashable = None,
) -> Narrative:
    """Say how many options would flag a case, how many differ, and what each one says with its first reason.

    Parameters
    ----------
    answers : sequence of Answer
        One per option, for the same case.
    study : Study
    audience : "business" or "technical"
    chosen : str, optional
        The option on screen, with which the others are compared.
    recorded : object, optional
        The recorded outcome; by default looked up through the explanations.

    Returns
    -------
    Narrative
    """
    if not answers:
        head = sentence("answer", "no option has answered yet", to=audience)
        return Narrative(headline=head, sentences=())
    if recorded is None:
        recorded = _recorded(answers, study)
    each = tuple(_one(a, study, audience) for a in answers)
    if study.task == "regression":
        return Narrative(headline=_spread(answers, study, audience), sentences=each)
    said = [*_chosen(answers, study, chosen, audience), *_record(answers, study, recorded, audience)]
    return Narrative(headline=_flags(answers, study, audience), sentences=(*said, *each))


def says(answer: Answer, study: Study) -> Hashable:
    """Return the outcome an answer amounts to: flagged or not for two classes, else the class it would choose."""
    if len(study.classes) > 2 and answer.outcome is not None:
        return answer.outcome
    return answer.prediction >= study.threshold


def _flags(answers: Sequence[Answer], study: Study, audience: Audience) -> Sentence:
    n = len(answers)
    if len(study.classes) > 2:
        (most, k), *_ = Counter(says(a, study) for a in answers).most_common()
        template = "{k} of {n} options would say that this {case} was {outcome}"
        outcome = phrases.outcome(study, most)
    else:
        k = sum(bool(says(a, study)) for a in answers)
        template = (
            "none of the {n} options flags this {case} as one that was {outcome}"
            if k == 0 and n > 1
            else "{k} of {n} options " + plural(k, "flags", "flag") + " this {case} as one that was {outcome}"
        )
        outcome = phrases.outcome(study, study.positive)
    return sentence("answer", template, k=k, n=n, case=study.case, outcome=outcome, to=audience)


def _chosen(answers: Sequence[Answer], study: Study, chosen: str | None, audience: Audience) -> tuple[Sentence, ...]:
    mine = next((a for a in answers if a.candidate == chosen), None)
    n = len(answers) - 1
    if mine is None or n == 0:
        return ()
    k = sum(says(a, study) != says(mine, study) for a in answers if a is not mine)
    template = (
        "all {n} others come to the same answer as {option}"
        if k == 0 and n > 1
        else "{k} of the {n} others " + plural(k, "comes", "come") + " to another answer than {option}"
        if n > 1
        else "the other one comes to " + ("another answer than" if k else "the same answer as") + " {option}"
    )
    name = phrases.option(study, mine.candidate, audience)
    return (sentence("comparison", template, k=k, n=n, option=name),)


def _record(answers: Sequence[Answer], study: Study, recorded: Hashable, audience: Audience) -> tuple[Sentence, ...]:
    if recorded is None or numbers.missing(recorded):
        return ()
    two = len(study.classes) <= 2
    truth = phrases.same_value(recorded, study.positive) if two else recorded
    k = sum(says(a, study) != truth for a in answers)
    n = len(answers)
    template = "this {case} was {was}; {k} of {n} options " + plural(k, "differs", "differ") + " from that"
    if k == 0:
        template = "this {case} was {was}, and no option differs from that"
    was = phrases.outcome(study, recorded)
    return (sentence("comparison", template, case=study.case, was=was, k=k, n=n, to=audience, facts={"n": n}),)


def _recorded(answers: Sequence[Answer], study: Study) -> Any:
    for a in answers:
        fact = known(a.explanation, study) if a.explanation is not None else None
        if fact is not None:
            return fact.outcome
    return None


def _one(answer: Answer, study: Study, audience: Audience) -> Sentence:
    """Say what one option answers, with its first reason."""
    name = phrases.option(study, answer.candidate, audience)
    e = answer.explanation
    t = told(e, study, audience=audience) if e is not None else None
    scale = t.scale if t is not None else _scale(answer, study, audience)
    shown = scale.answer(answer.prediction)
    score = "a score of " if scale.kind == "score" else ""
    facts = {"candidate": answer.candidate, "prediction_exact": answer.prediction}
    if len(study.classes) > 2 and answer.outcome is not None:  # each option speaks of the class it would choose
        shown = join("{p} for being {outcome}", p=shown, outcome=phrases.outcome(study, answer.outcome))
    if e is not None and same_for_all(e, study):
        return sentence(
            "answer",
            "{option}: " + score + "{prediction}, the same for every {case}",
            option=name,
            prediction=shown,
            case=study.case,
            facts=facts,
        )
    return sentence(
        "answer",
        "{option}: " + score + "{prediction}" + ("; {first}" if t is not None else ""),
        option=name,
        prediction=shown,
        first=_first(t) if t is not None else "",
        facts=facts,
    )


def _first(t: Told) -> Shown:
    if not t.reasons.shown:
        return Shown("nothing stands out")
    r = t.reasons.shown[0]
    return join(
        "most of all, {because} ({amount})",
        because=phrases.clause(t.study, r.feature, r.value),
        amount=t.scale.amount(r.amount),
    )


def _scale(answer: Answer, study: Study, audience: Audience) -> Scale:
    if study.task == "regression":
        usual = study.candidate(answer.candidate).typical_error
        return Scale("number", one_two_five(usual / 10) if usual else Step(1, 0), numbers.target_unit(study))
    how = numbers.checked(study.candidates.get(answer.candidate))
    if audience != BUSINESS:
        return Scale("probability", Step(1, -3), checked=how)
    return Scale("chance" if how == "matched" else "score", Step(1, -2), checked=how)


def _own(answer: Answer, study: Study, audience: Audience) -> Scale:
    """Return how one option's answer is rounded, wherever it stands."""
    e = answer.explanation
    return told(e, study, audience=audience).scale if e is not None else _scale(answer, study, audience)


def figures(answers: Sequence[Answer], study: Study, *, audience: Audience = BUSINESS) -> dict[str, str]:
    """Return each option's number as it is rounded in its sentence, without the unit, for the chart of answers.

    Parameters
    ----------
    answers : sequence of Answer
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    dict of str to str
        By candidate name; empty for classes, whose scores are drawn in whole hundredths.
    """
    if study.task != "regression":
        return {}
    plain = {a.candidate: replace(_own(a, study, audience), unit=None) for a in answers}
    return {a.candidate: plain[a.candidate].answer(a.prediction).text for a in answers}


def _spread(answers: Sequence[Answer], study: Study, audience: Audience) -> Sentence:
    low, high = min(answers, key=lambda a: a.prediction), max(answers, key=lambda a: a.prediction)
    scale = max((_own(a, study, audience) for a in answers), key=lambda s: s.step.size)
    if len(answers) == 1 or scale.step.count(low.prediction) == scale.step.count(high.prediction):
        template = "the options say the same: {low}" if len(answers) > 1 else "one option has answered: {low}"
    else:
        template = "the {n} options answer between {low} and {high}"
    return sentence(
        "answer",
        template,
        n=len(answers),
        low=_own(low, study, audience).answer(low.prediction),  # each as it stands in the list below
        high=_own(high, study, audience).answer(high.prediction),
        to=audience,
    )


__all__ = ["agrees", "describe", "figures", "says"]
