"""Say the whole of one case: answer, limits, the record, reasons, similar cases, whom to ask."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from explainers.reasons import Step
from explainers.results import Coverage, Explanation, Interval, Narrative, Sentence, Similar, Unusual
from explainers.study import TRAIN, UNKNOWN, Study
from explainers.words import intervals as interval_words
from explainers.words import numbers, phrases
from explainers.words import similar as similar_words
from explainers.words.asking import sample, whom
from explainers.words.attribution import body, limits
from explainers.words.headline import answer, outcome_of, same_for_all
from explainers.words.say import BUSINESS, Audience, Shown, sentence
from explainers.words.telling import Told, told


@dataclass(frozen=True, slots=True)
class Known:
    """What the data says of an explained case: its id, its recorded outcome, its part of the split."""

    case: str
    outcome: Any
    part: str


def known(explanation: Explanation, study: Study, *, row: int = 0, case: str | None = None) -> Known | None:
    """Return what the data says of an explained case; None for a case that was typed in or changed.

    Parameters
    ----------
    explanation : Explanation
    study : Study
    row : int
    case : str, optional
        Its id; by default it is looked up by the index of the frame.
    """
    ids = study.case_ids
    if case is not None:
        at = np.flatnonzero(ids == str(case))
    else:
        at = np.flatnonzero(study.frame.index == explanation.cases.index[row])
    columns = [c for c in explanation.cases.columns if c in study.frame.columns]
    if at.size != 1 or not columns:
        return None
    given, kept = explanation.cases.iloc[row], study.frame.iloc[int(at[0])]
    for name in columns:
        a, b = given[name], kept[name]
        if not (numbers.missing(a) and numbers.missing(b)) and not phrases.same_value(a, b):
            return None
    outcome = kept[study.target] if study.target in study.frame.columns else None
    return Known(str(ids[int(at[0])]), outcome, str(study.split.iloc[int(at[0])]))


def flagged(explanation: Explanation, study: Study, *, row: int = 0) -> bool | None:
    """Return whether a case reaches the study's threshold; None where there is none (numbers, several classes)."""
    if explanation.unit != "probability" or len(study.classes) > 2:
        return None
    p = float(explanation.predictions[row])
    focus = outcome_of(explanation, study, row) == study.positive
    return (p if focus else 1 - p) >= study.threshold


def agrees(explanation: Explanation, study: Study, *, row: int = 0, case: str | None = None) -> bool | None:
    """Return whether the answer is the recorded outcome; None where there is no record or no clear answer."""
    fact = known(explanation, study, row=row, case=case)
    if fact is None or numbers.missing(fact.outcome) or explanation.unit != "probability":
        return None
    flag = flagged(explanation, study, row=row)
    if flag is not None:
        return flag == phrases.same_value(fact.outcome, study.positive)
    if float(explanation.predictions[row]) > 0.5:
        return phrases.same_value(fact.outcome, outcome_of(explanation, study, row))
    return None


def describe(
    explanation: Explanation,
    study: Study,
    *,
    interval: Interval | None = None,
    coverage: Coverage | None = None,
    unusual: Unusual | None = None,
    similar: Similar | None = None,
    audience: Audience = BUSINESS,
    row: int = 0,
    case: str | None = None,
) -> Narrative:
    """Say everything about one case that a reader needs, limits before reasons.

    Parameters
    ----------
    explanation : Explanation
    study : Study
    interval : Interval, optional
        The range beside the answer, of this case alone or of all cases of the explanation; while it is None the text
        says that it is missing.
    coverage : Coverage, optional
        How often such ranges held.
    unusual : Unusual, optional
        How unlike anything seen the case is, said before everything else; while it is None the text says that it is
        missing. The result of this case alone, or of all cases of the explanation.
    similar : Similar, optional
        Past cases like this one.
    audience : "business" or "technical"
    row : int
    case : str, optional
        Id of the case, where the explanation's index does not tell.

    Returns
    -------
    Narrative
    """
    t = told(explanation, study, audience=audience, row=row)
    fact = known(explanation, study, row=row, case=case)
    before = limits(t, measured=interval is not None, unusual=unusual)
    sure = _sure(t, interval, coverage)
    caveats = [*before, *sure.caveats, *_seen(t, fact)]
    if similar is not None:
        caveats += similar_words.limits(similar, study)
    caveats += sample(study)
    said = [*sure.sentences, *_flag(t), *_record(t, fact), *body(t)]
    if similar is not None:
        said += similar_words.body(similar, study, audience=audience)
    return Narrative(
        headline=answer(explanation, study, t.reasons, audience, row),
        sentences=(*said, *whom(study, explanation.candidate, audience)),
        caveats=tuple(caveats),
    )


def _sure(t: Told, interval: Interval | None, coverage: Coverage | None) -> Narrative:
    """Say the range beside the answer and whether such ranges held, or why there is none."""
    nothing = Narrative(headline=Sentence(text="", kind="range", facts={}), sentences=())
    if interval is None or same_for_all(t.explanation, t.study):
        return nothing
    at = t.row if len(interval.prediction) == len(t.explanation.predictions) else 0
    if interval.sets or interval.method == "none" or t.explanation.unit == "target" or len(t.study.classes) == 2:
        said = interval_words.describe(interval, t.study, coverage=coverage, audience=t.audience, row=at)
        if interval.method == "none":
            return replace(nothing, caveats=(said.headline,))
        return replace(said, sentences=(said.headline, *said.sentences))
    return nothing


def _seen(t: Told, fact: Known | None) -> tuple[Sentence, ...]:
    """Say that the option learned from this very case, where it did."""
    candidate = t.study.candidates.get(t.explanation.candidate)
    if fact is None or (candidate is not None and candidate.given_fitted) or same_for_all(t.explanation, t.study):
        return ()
    template = {
        TRAIN: "the option learned from this very {case}, so this is no test of it",
        UNKNOWN: "nobody has said whether the option learned from this {case}",
    }.get(fact.part)
    return (sentence("caveat", template, case=t.study.case, to=t.audience),) if template else ()


def _flag(t: Told) -> tuple[Sentence, ...]:
    flag = flagged(t.explanation, t.study, row=t.row)
    if flag is None:
        return ()
    scale = numbers.scale_of(
        t.explanation,
        t.study,
        Step(1, -2) if t.audience == BUSINESS else t.scale.step,
        t.explanation.candidate,
        technical=t.audience != BUSINESS,
    )
    line = scale.answer(t.study.threshold)
    facts = {"flagged": flag}
    p = float(t.explanation.predictions[t.row])
    just = "just " if scale.step.count(p) == scale.step.count(t.study.threshold) else ""
    template = "this stays " + just + "below the study's line of {line}, so the option does not flag it"
    if flag:
        template = "this reaches the study's line of {line}, so the option flags it"
    return (sentence("comparison", template, line=line, facts=facts, to=t.audience),)


def _record(t: Told, fact: Known | None) -> tuple[Sentence, ...]:
    """Say what the record holds, and whether the answer differs from it."""
    if fact is None or numbers.missing(fact.outcome):
        return ()
    study = t.study
    if t.explanation.unit == "target":
        return (_recorded_number(t, float(fact.outcome)),)
    outcome: Hashable = fact.outcome
    same = agrees(t.explanation, study, row=t.row, case=fact.case)
    facts = {"outcome": str(outcome), "case": fact.case}
    parts = {"case": study.case, "was": phrases.outcome(study, outcome), "record": phrases.record(study)}
    template = "this {case} was {was}"
    if same is not None:
        template += ": the option agrees with {record}" if same else ": the option differs from {record}"
    return (sentence("comparison", template, facts={**facts, "agrees": same}, to=t.audience, **parts),)


def _recorded_number(t: Told, actual: float) -> Sentence:
    """Say the record as it stands there, unrounded, and how far off the option is in its own steps."""
    gap = t.scale.step.count(float(t.explanation.predictions[t.row]) - actual)
    template = "the record says {actual}, " + (
        "the same after rounding" if gap == 0 else "so the option is about {gap} too " + ("high" if gap > 0 else "low")
    )
    if phrases.decided(t.study) and gap:
        way = "above" if gap > 0 else "below"
        template = "the record says {actual}: the option is about {gap} " + way + " {record}"
    text = numbers.plain(actual, 7)
    shown = numbers.measured(text, numbers.target_unit(t.study), one=text == "1")
    return sentence(
        "comparison",
        template,
        actual=Shown(shown, {"": actual, "shown": abs(numbers.read(text))}),
        gap=t.scale.size(t.scale.step.times(gap)),
        record=phrases.record(t.study),
        to=t.audience,
    )


__all__ = ["Known", "agrees", "describe", "flagged", "known"]
