"""Name the parts along which an option is looked at, and read out how far off it is."""

from __future__ import annotations

from typing import Any

import numpy as np

from explainers.reasons import Step, one_two_five
from explainers.results import Binned, Sentence, Spread
from explainers.study import Study
from explainers.words import amounts, numbers, phrases
from explainers.words.numbers import Scale
from explainers.words.say import BUSINESS, Audience, Shown, join, plural, quoted, sentence, whole

ROWS = {"test": "never-seen ", "calibration": "set-aside ", "training": "training "}


def history(result: Binned | Spread) -> str:
    """Return which rows are meant, as it stands before the word for cases; empty where they may have been seen."""
    return ROWS.get(result.rows, "")


def scale_of(result: Binned | Spread, study: Study, audience: Audience = BUSINESS) -> Scale:
    """Return the scale on which distances are read: how far off it is in all gets about two figures."""
    off = result.overall_off if isinstance(result, Binned) else result.off
    step = one_two_five(off / 10) if np.isfinite(off) and off > 0 else Step(1, 0)
    return Scale("number", step if audience == BUSINESS else step.finer(10), numbers.target_unit(study))


def score(result: Binned | Spread, study: Study, chance: float, audience: Audience = BUSINESS) -> Shown:
    """Return a stated chance: '12 in 100' where it was checked, else 'a score of 12 of 100'."""
    how = numbers.checked(study.candidates.get(result.candidate))
    if audience != BUSINESS:
        return Scale("probability", Step(1, -3), checked=how).answer(chance)
    if how == "matched":
        return Scale("chance", Step(1, -2), checked=how).answer(chance)
    return join("a score of {score}", score=Scale("score", Step(1, -2), checked=how).answer(chance))


def side_of(middle: float) -> str:
    """Return to which side an answer is off, by the record less the answer."""
    return "too little" if middle > 0 else "too much"


def seeming(result: Binned, study: Study, audience: Audience = BUSINESS) -> list[Sentence]:
    """Say in which part most records lie on one side although chance could do that; nothing where none does.

    The eye sees it on the chart: to call it nothing would be denied by the picture.
    """
    if study.classes or result.measure != "residual" or result.against == "actual":
        return []
    parts = [k for k in range(len(result.n)) if result.n[k] >= 4 and (result.lower[k] > 0 or result.upper[k] < 0)]
    if not parts:
        return []
    k = max(parts, key=lambda at: abs(float(result.middle[at])))
    side = side_of(float(result.middle[k]))
    head = "where {where}, the option seems to say " + side + ", but that may be chance"
    shape = "at least 3 in 4 records there lie " + ("above" if side == "too little" else "below") + " the answer"
    said = [
        sentence("answer", head, to=audience, where=where(result, study, k, audience)),
        sentence("comparison", shape, facts={"share": 3, "of": 4}),
    ]
    n, units = result.n[k], result.units[k]
    cases = plural(n, study.case, study.cases)
    if result.together_by and units < n:
        label = amounts.name(study, result.together_by)
        template = "these {n} {cases} share {units} " + plural(units, "value", "values")
        template += " of {label}, and each counts once"
        said.append(sentence("comparison", template, n=n, cases=cases, units=units, label=label))
    else:
        said.append(sentence("comparison", "{n} {cases} are too few to rule out luck", n=n, cases=cases))
    return said


def differs(result: Binned, at: int) -> Shown:
    """Return for how many rows of a part an option calls the row otherwise: '12 of 57'."""
    k, n = round(float(result.off[at]) * result.n[at]), result.n[at]
    return Shown(f"{whole(k)} of {whole(n)}", {"k": k, "n": n})


def thing(result: Binned, study: Study, audience: Audience = BUSINESS) -> Shown:
    """Return what parts are made along, such as '“Living area”' or 'what the option says'."""
    who = "the option" if audience == BUSINESS else "the model"
    if result.against in study.dictionary:
        return Shown(amounts.name(study, result.against), {"label": phrases.label(study, result.against)})
    said = {"predicted": f"what {who} says", "actual": "what was recorded", "order": "the order of the data"}
    return Shown(said.get(result.against, quoted(result.against)), {"label": result.against})


def where(result: Binned, study: Study, at: int, audience: Audience = BUSINESS) -> Shown:
    """Return a part as a clause that fits after 'where': '“Living area” is 1,064 to 1,300 square feet'."""
    if result.kind == "levels":
        return _level(result, study, at)
    if result.missing and at == len(result.n) - 1:
        return Shown(f"nothing is recorded for {thing(result, study).text}", thing(result, study).facts)
    low, high = _ends(result, at)
    if result.kind == "time":
        first, last = _moments(result, low, high)
        text = first if first == last else f"{first} to {last}"
        return Shown(f"{thing(result, study).text} is {text}", {"first": first, "last": last, "text": text})
    return _range(result, study, low, high, audience)


def _ends(result: Binned, at: int) -> tuple[float, float]:
    """Return the smallest and largest value of a part; its edges where it holds no row."""
    low, high = float(result.smallest[at]), float(result.largest[at])
    return (low, high) if np.isfinite(low) else (float(result.edges[at]), float(result.edges[at + 1]))


def _level(result: Binned, study: Study, at: int) -> Shown:
    value = result.levels[at]
    name = result.against if result.against in study.dictionary else study.target
    label = phrases.label(study, name)
    if value is None:
        return Shown(f"nothing is recorded for {quoted(label)}", {"label": label})
    if result.others and at == len(result.levels) - 1 - result.missing:
        return Shown(
            f"{quoted(label)} is one of {whole(result.others)} others", {"others": result.others, "label": label}
        )
    if name == study.target and study.classes:
        outcome = phrases.outcome(study, value)
        return Shown(f"the {study.case} was {outcome}", {"outcome": outcome})
    said = phrases.clause(study, name, value)
    return Shown(said.text, {**said.facts, "text": said.text})


def _range(result: Binned, study: Study, low: float, high: float, audience: Audience) -> Shown:
    if result.against == "order":
        return join("the row is {low} to {high} of the data", low=int(low) + 1, high=int(high) + 1)
    if result.against == "predicted" and study.classes:
        ends = [score(result, study, v, audience) for v in (low, high)]
        if ends[0].text == ends[1].text:
            return join("it states {low}", low=ends[0])
        return join("it states {low} to {high}", low=_bare(ends[0], ends[1]), high=_end(ends[1], ends[0]))
    if result.against in ("predicted", "actual") and result.against not in study.dictionary:
        scale = _answers(low, high, study, scale_of(result, study, audience))
        what = "it says" if result.against == "predicted" else "the record is"
        if scale.step.count(low) == scale.step.count(high):
            return join(what + " {low}", low=scale.answer(low))
        return join(what + " {ends}", ends=amounts.between(scale, low, high))
    ends_of = [amounts.value(study, result.against, v) for v in (low, high)]
    label = phrases.label(study, result.against)
    facts: dict[str, Any] = {"low": ends_of[0].text, "high": ends_of[1].text, "label": label}
    first, last = ends_of[0].text, ends_of[1].text
    number, _, unit = last.partition(" ")
    if unit and first.endswith(f" {unit}"):
        first = first.removesuffix(f" {unit}")
        facts |= {"low": first, "high_number": number}
    text = f"{quoted(label)} is {last}" if first in (last, number) else f"{quoted(label)} is {first} to {last}"
    return Shown(text, facts)


def _bare(first: Shown, last: Shown) -> Shown:
    """Return the lower of two scores without what it is out of, where the higher says it."""
    text = first.text.removeprefix("a score of ")
    for unit in (" in 100", " of 100"):
        if text.endswith(unit) and last.text.endswith(unit) and text[:1].isdigit():
            text = text.removesuffix(unit)
    return Shown(f"a score of {text}" if first.text.startswith("a score of ") else text, first.facts)


def _end(last: Shown, first: Shown) -> Shown:
    return Shown(last.text.removeprefix("a score of ") if first.text.startswith("a score") else last.text, last.facts)


def _answers(low: float, high: float, study: Study, scale: Scale) -> Scale:
    """Return a scale on which both ends of a part can be told apart."""
    step = scale.step
    for _ in range(4):
        if low == high or step.count(low) != step.count(high):
            break
        step = step.finer(10)
    return Scale("number", step, numbers.target_unit(study))


def _moments(result: Binned, low: float, high: float) -> tuple[str, str]:
    if result.dates:
        first, last = (np.datetime64(round(v * 86_400), "s") for v in (low, high))
        return numbers.date(first), numbers.date(last)
    return tuple(str(int(v)) if float(v).is_integer() else numbers.plain(v) for v in (low, high))  # type: ignore[return-value]


def names(result: Binned, study: Study) -> tuple[str, ...]:
    """Return the parts as labels of a table: 'Oil', '1,064 to 1,300', 'not recorded'."""
    out = []
    entry = phrases.feature(study, result.against if result.against in study.dictionary else study.target)
    for at in range(len(result.n)):
        if result.missing and at == len(result.n) - 1:
            out.append("not recorded")
        elif result.kind == "levels":
            rest = result.others and at == len(result.levels) - 1 - result.missing
            out.append(f"{result.others} others" if rest else phrases.value_text(entry, result.levels[at]))
        elif result.kind == "time":
            first, last = _moments(result, *_ends(result, at))
            out.append(first if first == last else f"{first} to {last}")
        else:
            ends = _ends(result, at)
            if result.against in study.dictionary:
                first, last = (phrases.value_text(entry, v) for v in ends)
            elif result.against == "order":
                first, last = (whole(int(v) + 1) for v in ends)
            elif result.against == "predicted" and study.classes:
                first, last = (numbers.plain(100 * v, 3) for v in ends)
            else:
                scale = _answers(ends[0], ends[1], study, scale_of(result, study))
                first, last = (scale.answer(v).text for v in ends)
            out.append(first if first == last else f"{first} to {last}")
    return tuple(out)
