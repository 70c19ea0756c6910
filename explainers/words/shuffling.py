"""Say how much worse an option gets when one input is shuffled, in the reader's unit."""

from __future__ import annotations

import math
from typing import Any

from explainers.reasons import Step, one_two_five
from explainers.results import Importance, Sentence
from explainers.study import Study
from explainers.words import amounts, numbers, phrases
from explainers.words.metrics import NAMES
from explainers.words.numbers import Scale
from explainers.words.say import BUSINESS, Audience, Shown, join, quoted, sentence


def shuffled(result: Importance, study: Study, at: int, audience: Audience = BUSINESS) -> Sentence:
    """Say how much worse the option gets when one input is shuffled, in the reader's unit."""
    who = name(result, study, at)
    low, high = float(result.increase_lower[at]), float(result.increase_upper[at])
    facts: dict[str, Any] = {"increase": float(result.increase[at]), "lower": low, "upper": high}
    if audience != BUSINESS:
        return sentence(
            "comparison",
            "shuffling {a}: {measure} {value} ({low} to {high})",
            a=who,
            measure=loss_name(result.measure),
            value=_signed(float(result.increase[at])),
            low=_signed(low),
            high=_signed(high),
            facts=facts,
        )
    if low <= 0 <= high:
        template = "shuffling {a} makes no difference to how good it is, as far as {n} {cases} can tell"
        return sentence("comparison", template, a=who, n=result.n_shuffled, cases=study.cases, facts=facts)
    return sentence("comparison", "with {a} shuffled, {worse}", a=who, worse=_worse(result, study, at), facts=facts)


def _worse(result: Importance, study: Study, at: int) -> Shown:
    """Return how much worse it gets, as a clause with its range."""
    value = float(result.increase[at])
    low, high = float(result.increase_lower[at]), float(result.increase_upper[at])
    more, sign = ("more", 1.0) if value > 0 else ("fewer", -1.0)
    ends = sorted((sign * low, sign * high))
    if result.measure in ("mae", "rmse"):
        s = Scale("number", one_two_five(max(abs(value), 1e-12) / 10), numbers.target_unit(study))
        word = "more" if value > 0 else "less"
        big = ", large gaps counting double" if result.measure == "rmse" else ""
        range_ = amounts.between(s, *ends)
        return join(f"it is usually off by {{size}} {word} ({{range}}){big}", size=s.size(sign * value), range=range_)
    if result.measure in ("log_loss", "brier"):
        what = "its usual gap to what came true"
        before, after = (math.sqrt(max(x, 0.0)) for x in (result.loss, result.loss + value))
        if result.measure == "log_loss":
            what = "the usual chance it gives to what came true"
            before, after = (math.exp(-x) for x in (result.loss, result.loss + value))
        ends_ = join("{before} to {after}", before=_hundredth(before), after=_hundredth(after))
        return Shown(f"{what} goes from {ends_} in 100", {**ends_.facts, "of": 100})
    step = _step(value)
    of = round(1 / step.size)
    n, least, most = (step.count(v) for v in (sign * value, *ends))
    parts: dict[str, Any] = {"n": n, "low": Shown(numbers.decimal(least, 0), {"": least}), "high": most, "of": of}
    if result.measure == "auc":
        return join(f"{{n}} {more} of {{of}} pairs are scored the other way round ({{low}} to {{high}})", **parts)
    if result.measure == "accuracy":
        against = phrases.record(study)
        return join(f"{{n}} {more} in {{of}} answers differ from {against} ({{low}} to {{high}})", **parts)
    less = "less" if value > 0 else "more"
    return join(f"its answers match {{n}} in {{of}} {less} of the differences ({{low}} to {{high}})", **parts)


def change(result: Importance, study: Study, at: int) -> str:
    """Return how much worse it gets when an input is shuffled, short, for a table."""
    if not result.measure:
        return ""
    low, high = result.increase_lower[at], result.increase_upper[at]
    if result.increase[at] == 0 and low == 0 == high:
        return "no difference"
    if low <= 0 <= high:
        return "no difference that can be told"
    return _worse(result, study, at).text


def _step(value: float) -> Step:
    step = Step(1, -2)
    while 0 < abs(value) < 2 * step.size and step.exponent > -4:
        step = step.finer(10)
    return step


def _hundredth(value: float) -> Shown:
    text = numbers.decimal(100 * value, 1)
    return Shown(text, {"": value, "shown": numbers.read(text)})


def _signed(value: float) -> Shown:
    text = numbers.signed(numbers.decimal(abs(value), 4) if abs(value) < 10 else numbers.plain(abs(value), 4), value)
    return Shown(text, {"": value, "shown": abs(numbers.read(text.lstrip("+")))})


def loss_name(measure: str) -> str:
    known = NAMES.get(measure, measure)
    return f"1 − {known}" if measure in ("auc", "accuracy", "r2") else known


def name(result: Importance, study: Study, at: int) -> str:
    """Return the name of an input or of a group of them, in quotation marks."""
    known = result.feature_names[at]
    return quoted(known) if known in result.groups else amounts.name(study, known)
