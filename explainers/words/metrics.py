"""Say how good options are beside no model, with both kinds of error as counts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from explainers.results import Errors, Judgement, Metric, Narrative, Sentence
from explainers.study import Study
from explainers.words import brackets, numbers, phrases, several, verdict
from explainers.words.say import BUSINESS, Audience, Shown, join, listed, plural, sentence, whole
from explainers.words.verdict import NAMES as NAMES  # noqa: PLC0414

ROWS = {"test": "never-seen", "calibration": "set-aside", "training": "training", "unknown": "possibly seen"}


def baseline(study: Study) -> str | None:
    """Return the name of the option that uses nothing, if the study has one."""
    return next((n for n, c in study.candidates.items() if c.kind == "baseline"), None)


def describe(
    metrics: Mapping[str, Sequence[Metric]],
    study: Study,
    *,
    errors: Mapping[str, Errors] | None = None,
    each: Mapping[str, Sequence[Errors]] | None = None,
    verdicts: Mapping[str, Judgement] | None = None,
    candidate: str | None = None,
    audience: Audience = BUSINESS,
) -> Narrative:
    """Say how good one option is beside no model, and whether that is more than chance.

    Parameters
    ----------
    metrics : mapping of str to sequence of Metric
        Figures of quality by candidate name.
    study : Study
    errors : mapping of str to Errors, optional
        Both kinds of error by candidate name, for classes.
    each : mapping of str to sequence of Errors, optional
        With several classes: both kinds of error for each class, by candidate name.
    verdicts : mapping of str to Judgement, optional
        What the never-seen rows say of each option; without it differences are stated and not judged.
    candidate : str, optional
        The option that is spoken of; by default the study's first.
    audience : "business" or "technical"

    Returns
    -------
    Narrative
    """
    errors = errors or {}
    known = [n for n in (*metrics, *errors) if n in study.candidates]
    if not known:
        return Narrative(headline=sentence("answer", "nothing was measured yet"), sentences=())
    name = candidate if candidate in known else study.first if study.first in known else known[-1]
    none = baseline(study)
    none = none if none in known and none != name else None
    said: list[Sentence] = []
    if study.task == "classification":
        if name in errors:
            said += counts(errors[name], errors.get(none or ""), study, audience=audience)
        if len(study.classes) > 2:
            said += several.agreed(metrics, study, name, none, audience)
            said += several.found((each or {}).get(name, ()), study)
        said += _pairs(metrics, study, name, none) if audience == BUSINESS else []
    elif audience == BUSINESS:
        said += _usual(metrics, study, name, none)
    if study.task == "regression":
        said += several.hardest(metrics, study, audience, verdicts=verdicts)
    if audience != BUSINESS:
        said += _figures(metrics, study, name, none)
    if not said:
        said = [
            sentence("answer", "nothing was measured yet for {option}", option=phrases.option(study, name, audience))
        ]
    ranged = any(m.lower is not None for m in metrics.get(name, ())) or (name in errors and errors[name].found_range)
    if ranged and audience == BUSINESS:
        said.append(sentence("method", "ranges in brackets hold {n} times in {of}", n=95, of=100))
    judged = (verdicts or {}).get(name)
    if judged is None:
        said.append(sentence("caveat", "such gaps may still be luck"))
    else:
        said += verdict.against_no_model(judged, study, audience=audience)
    said += verdict.few(judged, study)
    return Narrative(headline=said[0], sentences=tuple(said[1:]))


def counts(mine: Errors, none: Errors | None, study: Study, *, audience: Audience = BUSINESS) -> list[Sentence]:
    """Say both kinds of error as counts, beside no model."""
    n, others = mine.found + mine.missed, mine.false_alarms + mine.passed
    name = phrases.option(study, mine.candidate, audience)
    rows = ROWS.get(mine.rows, mine.rows)
    outcome = phrases.outcome(study, mine.outcome)
    rest = _rest(study, mine.outcome)
    facts = {"missed": mine.missed, "passed": mine.passed, "threshold": mine.threshold}
    said = [
        sentence(
            "comparison",
            "of {n} {rows} {cases} that " + plural(n, "was", "were") + " {outcome}, {option} finds {found}{range}",
            n=n,
            rows=rows,
            cases=plural(n, study.case, study.cases),
            outcome=outcome,
            option=name,
            found=_none(mine.found),
            range=brackets.of_hundred(mine.found_range, each=n),
            facts=facts,
        ),
        sentence(
            "comparison",
            "it flags {flagged} of the {others} that were {rest}{range}"
            if phrases.decided(study)
            else "it wrongly flags {flagged} of the {others} that were {rest}{range}",
            flagged=_none(mine.false_alarms),
            others=others,
            rest=rest,
            range=brackets.of_hundred(mine.alarm_range, each=others),
            facts=facts,
        ),
    ]
    if none is not None:
        template = "with {option}, {found} would be found and {flagged} of the others flagged"
        if none.found == none.false_alarms == 0:
            template = "{option} finds none of them and flags none of the others"
        said.append(
            sentence(
                "comparison",
                template,
                option=phrases.option(study, none.candidate, audience),
                found=_none(none.found),
                flagged=_none(none.false_alarms),
            )
        )
    return said


def _rest(study: Study, focus: object) -> str:
    others = [c for c in study.classes if not phrases.same_value(c, focus)]
    return phrases.outcome(study, others[0]) if len(others) == 1 else "not"


def _none(n: int) -> Shown:
    return Shown("none" if n == 0 else whole(n), {"": n})


def _find(metrics: Mapping[str, Sequence[Metric]], name: str | None, metric: str) -> Metric | None:
    return next((m for m in metrics.get(name or "", ()) if m.name == metric), None)


def _pairs(metrics: Mapping[str, Sequence[Metric]], study: Study, name: str, none: str | None) -> list[Sentence]:
    """Say how well the option tells the outcomes apart, as counted pairs."""
    auc = _find(metrics, name, "auc")
    if auc is None or len(study.classes) != 2:
        return []
    template = "take one that was {a} and one that was {b}: in {share}{range} such pairs it scores the first higher"
    said = [
        sentence(
            "comparison",
            template,
            share=_of_hundred(auc.value),
            range=brackets.of_hundred(verdict.ends(auc)),
            a=phrases.outcome(study, study.positive),
            b=phrases.class_words(study, next(c for c in study.classes if c != study.positive)),
            facts={"auc": auc.value, "rows": auc.n},
        )
    ]
    base = _find(metrics, none, "auc")
    if base is not None and none is not None:
        said.append(
            sentence(
                "comparison",
                "for {option} that is {share}" + (", like tossing a coin" if abs(base.value - 0.5) < 0.005 else ""),
                option=phrases.option(study, none),
                share=_of_hundred(base.value),
                facts={"auc": base.value},
            )
        )
    return said


def _of_hundred(value: float) -> Shown:
    found = numbers.share(value)
    return Shown(found.text.replace(" in ", " of "), found.facts)


def _usual(metrics: Mapping[str, Sequence[Metric]], study: Study, name: str, none: str | None) -> list[Sentence]:
    mae, base = _find(metrics, name, "mae"), _find(metrics, none, "mae")
    if mae is None:
        return []
    scale = several.errors_scale(metrics, study)
    parts: dict[str, Any] = {
        "option": phrases.option(study, name),
        "error": join("{size}{range}", size=scale.size(mae.value), range=brackets.between(verdict.ends(mae), scale)),
        "n": mae.n,
        "rows": ROWS.get(mae.rows, mae.rows),
        "cases": study.cases,
    }
    facts = {"mae": mae.value}
    if base is None or none is None:
        template = "{option} is usually off by {error} on {n} {rows} {cases}"
        return [sentence("comparison", template, facts=facts, **parts)]
    return [
        sentence(
            "comparison",
            "on {n} {rows} {cases}, {option} is usually off by {error}. For {none} it is {base}",
            none=phrases.option(study, none),
            base=scale.size(base.value),
            facts={**facts, "mae_none": base.value},
            **parts,
        )
    ]


def _figures(metrics: Mapping[str, Sequence[Metric]], study: Study, name: str, none: str | None) -> list[Sentence]:
    said = []
    for who in (name, none):
        found = metrics.get(who or "", ())
        if not found or who is None:
            continue
        pieces = [
            join("{name} {value}{range}", name=NAMES.get(m.name, m.name), value=_value(m.value), range=_technical(m))
            for m in found
        ]
        facts = {m.name: m.value for m in found}
        for m, piece in zip(found, pieces, strict=True):
            facts |= {f"{m.name}_{k}": v for k, v in piece.facts.items() if k != "name"}
        said.append(
            sentence(
                "comparison",
                "{option} on {n} {rows} {cases}: {figures}",
                option=phrases.option(study, who, "technical"),
                n=found[0].n,
                rows=ROWS.get(found[0].rows, found[0].rows),
                cases=study.cases,
                figures=Shown(listed([p.text for p in pieces])),
                facts=facts,
            )
        )
    return said


def cell(metric: Metric) -> str:
    """Return a figure with its range as it stands in a table for the technical audience."""
    return f"{_value(metric.value)}{_technical(metric)}"


def _technical(metric: Metric) -> Shown:
    if metric.lower is None or metric.upper is None:
        return Shown("")
    return join(" ({low} to {high})", low=_value(metric.lower), high=_value(metric.upper))


def _value(value: float) -> Shown:
    # Four figures with their zeros, so that a figure and its range have the same decimals.
    text = numbers.decimal(value, 3 if abs(value) < 10 else max(0, 3 - math.floor(math.log10(abs(value)))))
    return Shown(text, {"": numbers.read(text)})
