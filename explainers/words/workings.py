"""Say how reasons were worked out: what was asked, how often, how exact it is, which version, whom to ask."""

from __future__ import annotations

from typing import Any

import numpy as np

from explainers.reasons import own_errors
from explainers.results import Explanation, Sentence
from explainers.study import TRAIN, Study
from explainers.words import numbers, phrases
from explainers.words.say import BUSINESS, Audience, Shown, sentence
from explainers.words.telling import Told, told


def method(
    explanation: Explanation, study: Study, *, audience: Audience = BUSINESS, row: int = 0
) -> tuple[Sentence, ...]:
    """Return how the reasons were worked out: reference rows, questions asked, errors, version, whose study it is."""
    t = told(explanation, study, audience=audience, row=row)
    return (*method_of(t), *version(t))


def method_of(t: Told) -> tuple[Sentence, ...]:
    """Return reference rows, questions asked and errors of an explanation that was made ready to be told."""
    return (*_reference(t), *(_asked(t) if t.audience == BUSINESS else _technical(t)))


def _reference(t: Told) -> tuple[Sentence, ...]:
    reference, study = t.explanation.reference, t.study
    n, population = t.explanation.reference_rows, reference.population
    if reference.kind == "case":
        other = Shown(str(reference.case), {"": str(reference.case)})
        return (sentence("method", "this {case} is compared with {case} {id}", case=study.case, id=other),)
    if reference.kind == "rows":
        return (sentence("method", "the average is over {n} {cases} that were chosen", n=n, cases=study.cases),)
    template = "the average is over {n} {cases}"
    parts: dict[str, Any] = {"n": n, "cases": study.cases, "population": population}
    if reference.kind == "group" and reference.feature is not None:
        template += " where {group}"
        parts["group"] = phrases.clause(study, reference.feature, reference.level)
    if population > n:
        template += ". They were drawn at random from the {population} that the option learned from"
    elif t.audience != BUSINESS:
        template += ", all of them training rows"
    return (sentence("method", template, to=t.audience, **parts),)


def _asked(t: Told) -> tuple[Sentence, ...]:
    e, study = t.explanation, t.study
    said = []
    if e.n_evaluations:
        said.append(
            sentence(
                "method",
                "the option was asked {n} times, each time with some values of this {case} swapped for another's",
                n=int(e.n_evaluations),
                case=study.case,
            )
        )
    worst = float(np.max(own_errors(e, row=t.row), initial=0.0))
    if worst == 0:
        said.append(sentence("method", "the amounts are exact", facts={"error": 0.0}))
    else:
        step = t.scale.step
        shown = t.scale.size(max(worst, step.size)) if step.count(worst) else t.scale.size(step.size)
        word = "by about {error} at most" if step.count(worst) else "by less than {error}"
        said.append(
            sentence(
                "method",
                "drawn again, 95 in 100 times each amount would move " + word,
                error=shown,
                facts={"error_exact": worst, "level": 95, "of": 100},
            )
        )
        said.append(sentence("method", "an amount within its own error is not shown as a reason"))
    return tuple(said)


def _technical(t: Told) -> tuple[Sentence, ...]:
    e = t.explanation
    unit = "probability space" if e.unit == "probability" else "the unit of the target"
    said = [
        sentence(
            "method",
            "interventional Shapley values on the original columns, in {unit}; computed by: {method}",
            unit=unit,
            method=e.method,
        ),
        sentence("method", "estimator evaluations: {n}", n=int(e.n_evaluations)),
    ]
    for errors, name in ((e.standard_errors, "Monte Carlo"), (e.reference_errors, "reference-sample")):
        if errors is not None:
            worst = float(np.max(errors[t.row], initial=0.0))
            template = "largest {name} standard error: {error}"
            said.append(sentence("method", template, name=name, error=numbers.rough(worst)))
    gap = abs(float(np.sum(e.values[t.row])) - float(e.predictions[t.row] - e.base_values[t.row]))
    said.append(
        sentence(
            "method",
            "attributions sum to prediction minus base within {gap}",
            gap=Shown(f"{max(gap, 1e-15):.1g}", {"": gap, "shown": float(f"{max(gap, 1e-15):.1g}")}),
        )
    )
    if np.isfinite(e.seconds):
        spent = Shown(f"{e.seconds:.2f}", {"": e.seconds, "shown": round(e.seconds, 2)})
        said.append(sentence("method", "processor time: {s} s", s=spent))
    n = int((t.study.split == TRAIN).sum())
    said.append(sentence("method", "how usual a value is was counted over {n} training rows", n=n))
    return tuple(said)


def version(t: Told) -> tuple[Sentence, ...]:
    """Return which option and version answered, and whose study it is."""
    study = t.study
    candidate = study.candidates.get(t.explanation.candidate)
    key = phrases.version(study, t.explanation.candidate)
    name = phrases.option(study, t.explanation.candidate)
    parts: dict[str, Any] = {"option": name, "key": Shown(key or "not known", {"": key})}
    template = "the option is {option}, version {key}"
    if t.audience != BUSINESS and candidate is not None and candidate.technical:
        parts["technical"] = candidate.technical
        template = "the option is {option} ({technical}), version {key}"
    said = [sentence("method", template, to=t.audience, **parts)]
    if study.owner:
        said.append(sentence("method", "the study belongs to {owner}", owner=study.owner))
    return tuple(said)
