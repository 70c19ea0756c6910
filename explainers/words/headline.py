"""The headline: one full sentence with the answer and its comparison, true of its numbers."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np

from explainers.results import Explanation, Reasons, Reference, Sentence
from explainers.study import Study
from explainers.words import numbers, phrases
from explainers.words.numbers import RELATIONS, Scale, relation
from explainers.words.say import BUSINESS, Audience, Part, Shown, join, sentence


def outcome_of(explanation: Explanation, study: Study, row: int = 0) -> Hashable:
    """Return the class that is explained for a case; None for numbers."""
    if explanation.outcome:
        return explanation.outcome[row]
    return study.positive if explanation.unit == "probability" else None


def goal(study: Study, reasons: Reasons) -> str:
    """Return what reasons count towards: 'being turned down by the lender' or 'a higher answer'."""
    if reasons.unit == "target":
        return "a higher answer"
    value = reasons.outcome if reasons.outcome is not None else study.positive
    return f"being {phrases.outcome(study, value)}"


def same_for_all(explanation: Explanation, study: Study) -> bool:
    """Whether the candidate is one that gives every case the same answer."""
    candidate = study.candidates.get(explanation.candidate)
    baseline = candidate is not None and candidate.kind == "baseline" and not candidate.uses_protected
    return baseline and not np.any(explanation.values) and float(np.ptp(explanation.predictions)) == 0


def answer(explanation: Explanation, study: Study, reasons: Reasons, audience: Audience, row: int = 0) -> Sentence:
    """Return the headline of one case."""
    step, technical = numbers.step_of(reasons), audience != BUSINESS
    scale = numbers.scale_of(explanation, study, step, explanation.candidate, technical=technical)
    prediction, base = float(explanation.predictions[row]), float(explanation.base_values[row])
    if technical:
        return _technical(explanation, study, scale, row)
    same = same_for_all(explanation, study)
    if scale.kind == "number":
        return _number(explanation, study, scale, prediction, base, same=same)
    outcome = phrases.outcome(study, outcome_of(explanation, study, row))
    shown = scale.answer(prediction)
    facts = {"prediction_exact": prediction, "base_exact": base, "outcome": outcome}
    about = "" if scale.rounds_to_none(prediction) or scale.rounds_to_all(prediction) else "about "
    if scale.kind == "chance":
        start = about + "{prediction} {cases} with a score like this were {outcome}"
        if same:
            start = "this option gives every {case} the same answer: " + about + "{prediction} were {outcome}"
            return sentence("answer", start, prediction=shown, case=study.case, outcome=outcome, facts=facts)
        compared = comparison(scale, prediction, base, explanation.reference, study)
        return sentence(
            "answer",
            start + ", {comparison}",
            prediction=shown,
            cases=study.cases,
            outcome=outcome,
            comparison=compared,
            facts=facts,
        )
    check = {
        "not checked": "it was not checked against outcomes",
        "did not match": "such scores did not match outcomes when checked",
    }[scale.checked]
    if same:
        start = "this option gives every {case} the same score for being {outcome}, {prediction}; {check}"
        return sentence("answer", start, prediction=shown, case=study.case, outcome=outcome, check=check, facts=facts)
    compared = comparison(scale, prediction, base, explanation.reference, study)
    return sentence(
        "answer",
        "the score for being {outcome} is {prediction}, {comparison}; {check}",
        outcome=outcome,
        prediction=shown,
        comparison=compared,
        check=check,
        facts=facts,
    )


def comparison(scale: Scale, prediction: float, base: float, reference: Reference, study: Study) -> Shown:
    """Return how an answer compares with what it is compared with, such as 'more than twice the usual 12 in 100'."""
    how = relation(prediction, base, scale.step)
    shown = scale.answer(base)
    equal = scale.step.count(prediction) == scale.step.count(base)
    edge = scale.rounds_to_none(base) or scale.rounds_to_all(base)
    parts: dict[str, Part] = {
        "base": shown,
        "case": study.case,
        "id": Shown(str(reference.case), {"": str(reference.case)}),
        "relation": Shown(RELATIONS[how], {"": how}),
    }
    templates = {
        "everyone": (
            "the same as the average",
            "{relation} the usual {base}",
            "{relation} the average, which is {base}",
        ),
        "group": (
            "the same as the group's average",
            "{relation} the group's average of {base}",
            "{relation} the group's average, which is {base}",
        ),
        "case": ("the same as for {case} {id}", *["{relation} that of {case} {id}, at {base}"] * 2),
        "rows": (
            "the same as the average it is compared with",
            "{relation} the average of {base} it is compared with",
            "{relation} the average it is compared with, which is {base}",
        ),
    }[reference.kind]
    return join(templates[0] if equal else templates[2] if edge else templates[1], **parts)


def _number(
    explanation: Explanation, study: Study, scale: Scale, prediction: float, base: float, *, same: bool
) -> Sentence:
    label = phrases.feature(study, study.target).label
    by = f", as set by {study.decided_by}," if phrases.decided(study) and study.decided_by else ""
    facts = {"prediction_exact": prediction, "base_exact": base}
    shown = scale.answer(prediction)
    if same:
        return sentence(
            "answer",
            "this option gives every {case} the same answer for “{label}”" + by.rstrip(",") + ": {prediction}",
            case=study.case,
            label=label,
            prediction=shown,
            facts=facts,
        )
    gap = scale.step.count(prediction) - scale.step.count(base)
    what = {"everyone": "the average", "group": "the group's average", "rows": "the average it is compared with"}
    reference = explanation.reference
    whom = what.get(reference.kind, "that of {case} {id}")
    compared = "the same as " + whom if gap == 0 else "{gap} " + ("above " if gap > 0 else "below ") + whom
    if gap != 0:
        compared += " of {base}" if reference.kind in ("everyone", "group") else ", at {base}"
    return sentence(
        "answer",
        "for “{label}”" + by + " the option says {prediction}, " + compared,
        label=label,
        prediction=shown,
        gap=scale.size(scale.step.times(gap)),
        base=scale.answer(base),
        case=study.case,
        id=Shown(str(reference.case), {"": str(reference.case)}),
        facts=facts,
    )


def _technical(explanation: Explanation, study: Study, scale: Scale, row: int) -> Sentence:
    prediction, base = float(explanation.predictions[row]), float(explanation.base_values[row])
    other = str(explanation.reference.case)
    over = "; mean over {rows} reference rows: {base}"
    if explanation.reference.kind == "case":
        over = "; {case} {id}, the reference: {base}"
    parts: dict[str, Any] = {
        "id": Shown(other, {"": other}),
        "facts": {"prediction_exact": prediction, "base_exact": base},
        "prediction": scale.answer(prediction),
        "base": scale.answer(base),
        "option": phrases.option(study, explanation.candidate, "technical"),
        "rows": explanation.reference_rows,
        "case": study.case,
    }
    if scale.kind == "number":
        label = phrases.feature(study, study.target).label
        return sentence("answer", "{option} predicts {prediction} for “{label}”" + over, label=label, **parts)
    outcome = phrases.outcome(study, outcome_of(explanation, study, row))
    how = {"matched": "calibrated", "did not match": "not calibrated", "not checked": "calibration not checked"}
    return sentence(
        "answer",
        "{option}: predicted probability of being {outcome} {prediction} ({check})" + over,
        outcome=outcome,
        check=how[scale.checked],
        **parts,
    )
