"""Say what a study is: its question, the answer in a sentence, whose decisions it repeats, where it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from explainers.reasons import one_two_five
from explainers.results import Errors, Metric, Narrative, Sentence
from explainers.study import CALIBRATION, TEST, TRAIN, UNKNOWN, Study
from explainers.words import formula as formula_words
from explainers.words import metrics as metric_words
from explainers.words import numbers, phrases, verdict
from explainers.words.asking import sample, whom
from explainers.words.numbers import Scale
from explainers.words.say import BUSINESS, Audience, Shown, capital, listed, sentence, whole

LINEAGE = {
    "supplied": "supplied by",
    "received": "received",
    "labels_checked": "outcomes checked by",
    "built": "built",
    "approved": "approved by",
}


def describe(
    study: Study,
    *,
    metrics: Mapping[str, Sequence[Metric]] | None = None,
    errors: Mapping[str, Errors] | None = None,
    each: Mapping[str, Sequence[Errors]] | None = None,
    audience: Audience = BUSINESS,
) -> Narrative:
    """Say what a study is about, how good its first option is beside no model, and what to look at first.

    Parameters
    ----------
    study : Study
    metrics, errors : mapping, optional
        What was measured, by candidate name.
    each : mapping, optional
        With several classes: both kinds of error for each class, by candidate name.
    audience : "business" or "technical"

    Returns
    -------
    Narrative
        Headline: how often the outcome was recorded. Caveats: what it may not be used for, and what is missing.
    """
    said = [*whose_decisions(study, audience=audience), *rows(study, audience)]
    if metrics or errors:
        good = metric_words.describe(metrics or {}, study, errors=errors, each=each, audience=audience)
        said += [good.headline, *good.sentences]
    holds = formula_words.describe(study, audience=audience)
    if holds is not None:
        said += [holds.headline, *holds.sentences, *holds.caveats]
    said += [look_first(study)]
    return Narrative(
        headline=answer(study),
        sentences=(*said, *lineage(study), *whom(study)),
        caveats=(*sample(study), *_use(study), required(study, audience=audience)),
    )


def answer(study: Study) -> Sentence:
    """Return the answer to the study's question in a sentence: what the record holds."""
    n = len(study.frame)
    years = f" from {study.data_from}" if study.data_from else ""
    column = study.frame[study.target]
    if study.task == "regression":
        values = np.asarray(column, dtype=float)
        values = values[np.isfinite(values)]
        middle, low, high = (float(np.quantile(values, q)) for q in (0.5, 0.25, 0.75)) if values.size else (0.0,) * 3
        spread = high - low or abs(middle) or 1.0
        scale = Scale("number", one_two_five(spread / 20), numbers.target_unit(study))
        return sentence(
            "answer",
            "for {n} {cases}{years}, the typical “{label}” is {middle}, and half lie between {low} and {high}",
            n=n,
            cases=study.cases,
            years=years,
            label=phrases.feature(study, study.target).label,
            middle=scale.answer(middle),
            low=scale.answer(low),
            high=scale.answer(high),
        )
    if len(study.classes) > 2:
        found = {c: int(sum(phrases.same_value(v, c) for v in column)) for c in study.classes}
        ranked = sorted(found, key=lambda c: -found[c])
        parts = [f"{whole(found[c])} were {phrases.class_words(study, c)}" for c in ranked[:3]]
        if len(ranked) > 3:
            others = sum(found[c] for c in ranked[3:])
            parts.append(f"{whole(others)} were something else")
        return sentence(
            "answer",
            "of {n} {cases}{years}, {parts}",
            n=n,
            cases=study.cases,
            years=years,
            parts=listed(parts),
            facts={str(c): k for c, k in found.items()} | {"others": sum(found[c] for c in ranked[3:])},
        )
    k = int(sum(phrases.same_value(v, study.positive) for v in column))
    return sentence(
        "answer",
        "of {n} {cases}{years}, {k} were {outcome}: {share}",
        n=n,
        cases=study.cases,
        years=years,
        k=k,
        outcome=phrases.outcome(study, study.positive),
        share=numbers.share(k / n if n else 0.0),
    )


def whose_decisions(study: Study, *, audience: Audience = BUSINESS) -> tuple[Sentence, ...]:
    """Say whose decisions the options repeat, where the outcome is one."""
    if not phrases.decided(study):
        return ()
    who = study.decided_by or "those who decided"
    return (
        sentence(
            "comparison",
            "every option here learned from what {who} decided, so it repeats those decisions, fair or not",
            to=audience,
            who=who,
        ),
        sentence("comparison", "it does not say what would have been the right decision"),
    )


def rows(study: Study, audience: Audience = BUSINESS) -> tuple[Sentence, ...]:
    """Say how many rows the options learned from, were checked on and never saw."""
    counts = {part: int((study.split == part).sum()) for part in (TRAIN, CALIBRATION, TEST, UNKNOWN)}
    if not counts[TRAIN]:
        return (sentence("method", "nobody has said which {cases} the options learned from", cases=study.cases),)
    names: dict[str, Any] = {"train": counts[TRAIN], "check": counts[CALIBRATION], "test": counts[TEST]}
    said = [sentence("method", "the options learned from {train} {cases}", cases=study.cases, **names, to=audience)]
    if counts[CALIBRATION]:
        said.append(sentence("method", "{check} more were set aside to check their chances and errors", **names))
    if counts[TEST]:
        said.append(sentence("method", "{test} were never seen and serve as the test", **names))
    return tuple(said)


def _use(study: Study) -> tuple[Sentence, ...]:
    if not study.used_for:
        return (sentence("caveat", "nobody has said yet what the answers may be used for"),)
    return (sentence("caveat", "the answers may be used for {used_for}", used_for=study.used_for),)


def required(study: Study, *, audience: Audience = BUSINESS) -> Sentence:
    """Say what is good enough, who set it and when, or that nobody has."""
    if not study.required:
        return sentence("caveat", "nobody has set yet what is good enough")
    need: Mapping[str, Any] = study.required
    measure, level = str(need.get("measure", "the measure")), need.get("level", "not given")
    who, when = str(need.get("who", "")), str(need.get("when", ""))
    if isinstance(level, (int, float)) and not isinstance(level, bool):
        said = verdict.enough(measure, float(level), study, audience=audience)
    else:
        said = Shown(str(level), {"": level})
    template = "good enough means {level}"
    template += (". {who} set this" if who else "") + (" on {when}" if who and when else "")
    return sentence("caveat", template, level=said, who=capital(who), when=when)


def lineage(study: Study) -> tuple[Sentence, ...]:
    """Say where the data comes from, who received and checked it, who built and who approved."""
    said = []
    nobody = {
        "labels_checked": "nobody has checked the recorded outcomes yet",
        "approved": "nobody has approved it yet",
    }
    for key, words in LINEAGE.items():
        value = str(study.lineage.get(key, "") or "").strip()
        if key in nobody and (not value or value.lower().startswith("nobody")):
            rest = value[6:].lstrip(" ;,:").removeprefix("yet").lstrip(" ;,:")
            said.append(sentence("method", nobody[key] + (": {rest}" if rest else ""), rest=rest))
        elif value:
            plain = words.removesuffix(" by") if value.startswith("by ") else words
            said.append(sentence("method", plain + " {value}", value=value))
    return tuple(said)


def look_first(study: Study) -> Sentence:
    """Say what to look at first."""
    if phrases.decided(study) and study.task == "classification":
        return sentence(
            "comparison",
            "look first at {cases} where an option differs from {record}",
            cases=study.cases,
            record=phrases.record(study),
        )
    template = "look first at {cases} where the options' answers lie furthest apart"
    return sentence("comparison", template, cases=study.cases)
