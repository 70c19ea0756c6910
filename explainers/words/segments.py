"""Name the segments in which ranges were tested, and pick those that a reader may see."""

from __future__ import annotations

from typing import Any

from explainers.results import Coverage
from explainers.study import Study
from explainers.words import amounts, numbers, phrases
from explainers.words.numbers import Scale
from explainers.words.say import BUSINESS, Audience, Shown, join, quoted, whole


def visible(result: Coverage, study: Study, *, owner: bool = False) -> list[int]:
    """Return the places of the segments that a reader may see: protected ones are the owner's."""
    return [
        k
        for k, name in enumerate(result.feature)
        if k and (owner or name not in study.dictionary or not study.dictionary[name].protected)
    ]


def in_order(result: Coverage, study: Study, *, owner: bool = False) -> list[int]:
    """Return the places of the segments that a reader may see, those of an ordered column in its own order."""
    seen = visible(result, study, owner=owner)
    names = {result.feature[k] for k in seen}
    name = next(iter(names), "")
    if len(names) != 1 or name not in study.dictionary or study.dictionary[name].kind != "ordered":
        return seen
    levels = [str(level) for level in study.dictionary[name].level_labels]
    known = {level: at for at, level in enumerate(levels)}
    return sorted(seen, key=lambda k: known.get(str(result.value[k]), len(levels)))


def worst(result: Coverage, study: Study, *, owner: bool = False) -> int | None:
    """Return the place of the worst visible segment with enough rows; None where there is none."""
    seen = set(visible(result, study, owner=owner))
    return next((k for k in result.order if k in seen), None)


def segment(
    result: Coverage, study: Study, at: int, scale: Scale | None = None, audience: Audience = BUSINESS
) -> Shown:
    """Return a segment as a clause that fits after 'where': 'the option says $110,000 to $148,000'."""
    name, value = result.feature[at], result.value[at]
    facts = {"segment": at}
    if name == "":
        return Shown(f"all {study.cases} are taken together", facts)
    if name == "prediction":
        said = _answer(result, value, scale or amounts.scale(study, result.candidate, "target", ()), study, audience)
        return Shown(said.text, {**said.facts, **facts})
    if name == "time":
        return _time(study, value, facts)
    if name == "outcome":
        return Shown(f"the {study.cases} were {phrases.outcome(study, value)}", facts)
    if isinstance(value, tuple):
        ends = [amounts.value(study, name, v) for v in value]
        unit = f" {phrases.feature(study, name).unit}"
        if all(e.text.endswith(unit) for e in ends) and ends[0].text != ends[1].text:  # the unit is said once
            text = ends[0].text.removesuffix(unit)
            ends[0] = Shown(text, {**ends[0].facts, "text": text})
        label = quoted(phrases.label(study, name))
        text = f"{label} is {ends[0]}" if ends[0].text == ends[1].text else f"{label} is {ends[0]} to {ends[1]}"
        return Shown(text, {"low": ends[0].text, "high": ends[1].text, **facts})
    said = phrases.clause(study, name, value)
    return Shown(said.text, {**said.facts, **facts})


def short(result: Coverage, study: Study, at: int, scale: Scale | None = None) -> str:
    """Return a segment as a label of a chart or table: 'Heating fuel: oil'."""
    name, value = result.feature[at], result.value[at]
    if name == "":
        return f"All {study.cases}"
    if name == "prediction":
        text = _answer(
            result, value, scale or amounts.scale(study, result.candidate, "target", ()), study, BUSINESS
        ).text
        for said, short_name in (
            ("the option says", "Answer"),
            ("the score is", "Score"),
            ("the highest score is", "Highest score"),
        ):
            text = text.replace(said, short_name, 1) if text.startswith(said) else text
        return text
    if name == "time":
        return f"{value[0]}" if value[0] == value[1] else f"{value[0]} to {value[1]}"
    if name == "outcome":
        return f"Recorded: {phrases.level_words(study.outcome_words, value) or _class(study, value)}"
    if isinstance(value, tuple):
        ends = [phrases.value_text(phrases.feature(study, name), v) for v in value]
        return f"{phrases.label(study, name)}: {ends[0]} to {ends[1]}"
    return f"{phrases.label(study, name)}: {phrases.value_text(phrases.feature(study, name), value)}"


def _class(study: Study, value: Any) -> str:
    return phrases.level_words(phrases.feature(study, study.target).level_labels, value) or str(value)


def _answer(result: Coverage, value: Any, scale: Scale, study: Study, audience: Audience) -> Shown:
    low, high = value
    if study.classes:
        a, b = (int(v * 100 + 0.5) for v in (low, high))
        ends = f"{a} of 100" if a == b else f"{a} to {b} of 100"
        what = "the score is" if result.kind == "rates" else "the highest score is"
        return Shown(f"{what} {ends}", {"low": a, "high": b, "of": 100})
    who = "the option" if audience == BUSINESS else "the model"
    if scale.step.count(low) == scale.step.count(high):
        return join(who + " says {low}", low=scale.answer(low))
    return join(who + " says {ends}", ends=amounts.between(scale, low, high))


def _time(study: Study, value: Any, facts: dict[str, Any]) -> Shown:
    names = study.dictionary.names("time")
    label = phrases.label(study, names[0]) if names else "Time"
    first, last = (str(v) if isinstance(v, str) else whole_year(v) for v in value)
    text = f"{quoted(label)} is {first}" if first == last else f"{quoted(label)} is {first} to {last}"
    return Shown(text, {"first": first, "last": last, **facts})


def whole_year(value: float) -> str:
    """Return a moment that is kept as a number: years without a separator."""
    return str(int(value)) if float(value).is_integer() else numbers.plain(float(value))


def in_hundred(share: float) -> Shown:
    """Return a share as '89 in 100', or 'all'; never all or none unless it is exactly that."""
    found = numbers.share(share)
    return Shown("all", found.facts) if share == 1 else found


def ends(low: float, high: float) -> tuple[Shown, Shown]:
    """Return both ends of the range of a share, what they are out of said once where it can be."""
    first, last = numbers.share(low), numbers.share(high)
    if first.text[0].isdigit() and last.text[0].isdigit():
        first = Shown(first.text.removesuffix(" in 100"), first.facts)
    return first, last


def counted(result: Coverage, at: int) -> Shown:
    """Return how many rows of a segment were inside: '35 of 42'."""
    n = result.n[at]
    hits = round(float(result.covered[at]) * n)
    return Shown(f"{whole(hits)} of {whole(n)}", {"hits": hits, "n": n})
