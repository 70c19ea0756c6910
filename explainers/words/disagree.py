"""Say where options disagree: in how many never-seen cases, and who stands against whom in one of them."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from explainers.reasons import one_two_five
from explainers.results import Disagreements, Narrative, Sentence
from explainers.study import Study
from explainers.words import numbers, phrases
from explainers.words.numbers import Scale
from explainers.words.say import BUSINESS, Audience, Shown, capital, listed, plural, quoted, sentence, spelled

ROWS = {"test": "never-seen", "unknown history": "possibly seen"}


def describe(result: Disagreements, study: Study, *, audience: Audience = BUSINESS) -> Narrative:
    """Say in how many cases options disagree, and which two disagree most.

    Parameters
    ----------
    result : Disagreements
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    Narrative
    """
    head = sentence(
        "answer",
        "the {k} options disagree on {n} of {all} {rows} {cases}",
        to=audience,
        k=spelled(len(result.names)),
        n=Shown("none" if not result.differing else f"{result.differing:,}", {"": result.differing}),
        all=result.n,
        rows=ROWS.get(result.rows, result.rows),
        cases=study.cases,
    )
    said = [_how(result, study, audience)]
    found = _most(result)
    if found is not None and len(result.names) > 2:
        a, b, count = found
        said.append(
            sentence(
                "comparison",
                "{a} and {b} differ most often, on {n} of them",
                a=phrases.option(study, a, audience),
                b=phrases.option(study, b, audience),
                n=count,
            )
        )
    return Narrative(headline=head, sentences=tuple(said))


def one(result: Disagreements, study: Study, case: str, *, audience: Audience = BUSINESS) -> Sentence:
    """Say who says what of one differing case, with the record beside it.

    Parameters
    ----------
    result : Disagreements
    study : Study
    case : str
        One of ``result.cases``.
    audience : "business" or "technical"

    Returns
    -------
    Sentence
    """
    at = result.cases.index(case)
    recorded = _record(result.record[at], study)
    if not study.classes:
        values = [float(result.answers[n].iloc[at]) for n in result.names]
        low, high = (result.names[values.index(end)] for end in (min(values), max(values)))
        return sentence(
            "comparison",
            "{low} says {least} and {high} says {most}. {record}",
            low=phrases.option(study, low, audience),
            least=_amount(min(values), result, study),
            high=phrases.option(study, high, audience),
            most=_amount(max(values), result, study),
            record=_recorded_amount(result.record[at], result, study),
        )
    groups: dict[Hashable, list[str]] = {}
    for name in result.names:
        groups.setdefault(result.answers[name].iloc[at], []).append(name)
    parts = [
        f"{_who(names, study, audience)} {plural(len(names), 'says', 'say')} {quoted(phrases.class_words(study, c))}"
        for c, names in sorted(groups.items(), key=lambda p: len(p[1]))
    ]
    facts = {f"n_{i}": len(names) for i, names in enumerate(groups.values())}
    text = ". ".join(capital(t) for t in (recorded, *parts))
    return sentence("comparison", "{text}", text=Shown(text, {"": text}), facts=facts)


def answer(result: Disagreements, study: Study, value: Any) -> str:
    """Return one option's answer as it stands in a table: words for a class, a number with its unit."""
    if study.classes:
        return phrases.class_words(study, value)
    return _amount(float(value), result, study).text


def record(result: Disagreements, study: Study, value: Any) -> str:
    """Return what is recorded of a case as it stands beside the answers, in their unit; empty where nothing is."""
    return "" if numbers.missing(value) else answer(result, study, value)


def _how(result: Disagreements, study: Study, audience: Audience) -> Sentence:
    if study.classes:
        return sentence("method", "they disagree where not all of them name the same outcome", to=audience)
    return sentence(
        "method",
        "they disagree where answers lie more than {tolerance} apart. That is the largest of their usual errors",
        tolerance=_amount(result.tolerance or 0.0, result, study),
    )


def _most(result: Disagreements) -> tuple[str, str, int] | None:
    """Return the two options that differ most often; None where all agree."""
    counts = result.pairs.to_numpy()
    if not counts.size or not counts.max():
        return None
    at = int(counts.argmax())
    i, j = divmod(at, counts.shape[1])
    return result.names[i], result.names[j], int(counts[i, j])


def _who(names: list[str], study: Study, audience: Audience) -> str:
    if len(names) > 3:
        return f"{spelled(len(names)).text} others"
    return listed([phrases.option(study, n, audience) for n in names])


def _record(value: Hashable, study: Study) -> str:
    if numbers.missing(value):
        return "nothing is recorded"
    by = f" by {study.decided_by}" if phrases.decided(study) and study.decided_by else ""
    return f"it was {phrases.class_words(study, value)}{by}"


def _recorded_amount(value: Hashable, result: Disagreements, study: Study) -> Shown:
    if numbers.missing(value):
        return Shown("Nothing is recorded")
    found = _amount(float(value), result, study)  # type: ignore[arg-type]
    return Shown(f"The record is {found.text}", found.facts)


def _amount(value: float, result: Disagreements, study: Study) -> Shown:
    size = result.tolerance if result.tolerance else abs(value)
    scale = Scale("number", one_two_five(size / 20) if size > 0 else one_two_five(1.0), numbers.target_unit(study))
    return scale.answer(value)
