"""Say how an option's distances from the record are spread: nine in ten, the furthest, and the bell curve."""

from __future__ import annotations

import math
from typing import Any

from explainers.results import Narrative, Sentence, Spread
from explainers.study import Study
from explainers.words import numbers, phrases
from explainers.words.numbers import Scale
from explainers.words.off_where import history, scale_of, score
from explainers.words.say import BUSINESS, Audience, Shown, join, plural, sentence, whole

HEAVY = 1.25  # so many times the normal width of the middle 95 in 100
LOPSIDED = 0.6


def describe(result: Spread, study: Study, *, audience: Audience = BUSINESS) -> Narrative:
    """Say how distances are spread; parameters as for :func:`explainers.words.residuals.describe`."""
    head = headline(result, study, audience)
    if not result.n:
        return Narrative(headline=head, sentences=())
    said = _classes(result, study, audience) if result.kind == "classes" else _numbers(result, study, audience)
    if audience != BUSINESS:
        said += _technical(result)
    caveats = []
    if result.rows == "unknown history":
        template = "the option may have learned from these {cases}"
        caveats.append(sentence("caveat", template, cases=study.cases, to=audience))
    return Narrative(headline=head, sentences=tuple(said), caveats=tuple(caveats))


def headline(result: Spread, study: Study, audience: Audience) -> Sentence:
    """Return the finding: where nine in ten records lie; for classes which scores both kinds of record had."""
    if not result.n:
        return sentence(
            "answer", "there are no {rows}{cases} with a record to look at", rows=history(result), cases=study.cases
        )
    if result.kind == "classes":
        return _by_score(result, study, audience)
    scale = scale_of(result, study, audience)
    low, high = result.outer_lower, result.outer_upper
    if scale.step.count(low) == scale.step.count(high) == 0:
        template = "for 9 in 10 {cases} the record is what the option says"
        return sentence("answer", template, cases=study.cases, facts={"n": 9, "of": 10}, to=audience)
    template = "for 9 in 10 {cases} the record lies {ends} the answer"
    ends = _ends(low, high, scale)
    return sentence("answer", template, cases=study.cases, ends=ends, facts={"n": 9, "of": 10}, to=audience)


def _ends(low: float, high: float, scale: Scale) -> Shown:
    """Return where the middle nine tenths lie beside the answer."""
    sizes = scale.size(abs(low)), scale.size(abs(high))
    if low <= 0 <= high:
        return join("between {low} below and {high} above", low=sizes[0], high=sizes[1])
    if low > 0:
        return join("{low} to {high} above", low=sizes[0], high=sizes[1])
    return join("{high} to {low} below", low=sizes[0], high=sizes[1])


def _numbers(result: Spread, study: Study, audience: Audience) -> list[Sentence]:
    scale = scale_of(result, study, audience)
    cases = plural(result.n, study.case, study.cases)
    parts: dict[str, Any] = {"n": result.n, "cases": cases, "rows": history(result), "off": scale.size(result.off)}
    out = [sentence("comparison", "over all {n} {rows}{cases} it is off by {off} on average", **parts)]
    side = max(result.above, 1 - result.above)
    if side >= LOPSIDED:
        k = round(side * result.n)
        word = "above" if result.above >= 0.5 else "below"
        template = "the record lies {word} the answer for {k} of {n}"
        out.append(sentence("comparison", template, word=word, k=k, n=result.n))
    if math.isfinite(result.worst_share) and result.n >= 20:
        template = "the {worst} furthest off hold {share} of all that it is off by"
        share = numbers.share(result.worst_share)
        out.append(sentence("comparison", template, worst=result.worst_n, share=share))
    ends = [(f, w) for f, w in ((result.highest, "above"), (result.lowest, "below")) if len(f)]
    if ends:
        frame, word = max(ends, key=lambda e: abs(float(e[0]["residual"].iloc[0])))
        row = frame.iloc[0]
        template = "furthest off is {case} {id}. Its record lies {size} {word}"
        size = scale.size(abs(float(row["residual"])))
        name = Shown(str(row["id"]), {"": str(row["id"])})
        out.append(sentence("comparison", template, case=study.case, id=name, size=size, word=word))
    if result.tails >= HEAVY:
        out.append(sentence("comparison", "a few {cases} lie much further off than the rest", cases=study.cases))
    return out


def _by_score(result: Spread, study: Study, audience: Audience) -> Sentence:
    """Say how many of those in which it happened got less than an even chance."""
    half = len(result.score_happened) // 2
    happened, low = sum(result.score_happened), sum(result.score_happened[:half])
    parts: dict[str, Any] = {"n": happened, "cases": plural(happened, study.case, study.cases)}
    if result.outcome is None:
        template = "the option's first choice came true for {k} of {n} {cases}"
        parts |= {"k": happened, "n": result.n, "cases": study.cases}
        return sentence("answer", template, to=audience, **parts)
    parts["outcome"] = phrases.class_words(study, result.outcome)
    if not happened:
        template = "none of {n} {rows}{cases} was {outcome}"
        return sentence("answer", template, **(parts | {"n": result.n, "rows": history(result), "cases": study.cases}))
    parts |= {"k": _count(low, happened), "less": _less(result, study, audience)}
    template = "of {n} {cases} that " + plural(happened, "was", "were") + " {outcome}, the option gives {less} to {k}"
    return sentence("answer", template, to=audience, **parts)


def _count(k: int, n: int) -> Shown:
    return Shown("none" if not k else "all of them" if k == n and n > 1 else whole(k), {"": k})


def _less(result: Spread, study: Study, audience: Audience, *, word: str = "less than") -> Shown:
    """Return an even chance as a limit: 'less than 50 in 100', 'a score below 50 of 100'."""
    fifty = score(result, study, 0.5, audience)
    if fifty.text.startswith("a score of "):
        below = "a score below " if word == "less than" else "a score of at least "
        return Shown(below + fifty.text.removeprefix("a score of "), fifty.facts)
    return Shown(f"{word} {fifty.text}", fifty.facts)


def _classes(result: Spread, study: Study, audience: Audience) -> list[Sentence]:
    half = len(result.score_happened) // 2
    others, high = sum(result.score_others), sum(result.score_others[half:])
    out = []
    if result.outcome is not None and others:
        template = "of {n} others, it gives {more} to {k}"
        more = _less(result, study, audience, word="at least")
        out.append(sentence("comparison", template, n=others, more=more, k=_count(high, others)))
    ends = [(f, happened) for f, happened in ((result.highest, True), (result.lowest, False)) if len(f)]
    if ends and result.outcome is not None:
        frame, happened = max(ends, key=lambda e: abs(float(e[0]["residual"].iloc[0])))
        row = frame.iloc[0]
        name = Shown(str(row["id"]), {"": str(row["id"])})
        stated = score(result, study, float(row["predicted"]), audience)
        template = "furthest from the record is {case} {id}, with {stated}"
        out.append(sentence("comparison", template, case=study.case, id=name, stated=stated))
        outcome = phrases.class_words(study, result.outcome)
        out.append(sentence("comparison", f"it {'was' if happened else 'was not'} {{outcome}}", outcome=outcome))
    parts: dict[str, Any] = {"rows": history(result), "cases": plural(result.n, study.case, study.cases)}
    out.append(sentence("method", "counted on {n} {rows}{cases}", n=result.n, **parts))
    return out


def _technical(result: Spread) -> list[Sentence]:
    out = [_ranks(result)]
    if result.kind == "numbers":
        for name, value in (("mean residual", result.mean), ("skewness", result.skew)):
            if math.isfinite(value):
                shown = Shown(numbers.plain(value, 3), {"": value, "shown": numbers.read(numbers.plain(abs(value), 3))})
                out.append(sentence("method", "{name} {value}", name=name, value=shown))
    return out


def _ranks(result: Spread) -> Sentence:
    what = "randomised quantile residuals" if result.qq_measure == "quantile" else "standardised residuals"
    total = len(result.qq_theory)
    if total < 2:
        return sentence("method", "too few rows for a Q-Q plot of {what}", what=what)
    template = "Q-Q plot of {what}: {k} of {n} ranks lie outside the band that holds 95% of normal samples"
    return sentence("method", template, what=what, k=result.qq_outside, n=total, facts={"level": 95})


def kinds(result: Spread, study: Study) -> tuple[str, str]:
    """Return what the bars upwards and downwards are called: those with the outcome, and the others."""
    if result.outcome is None:
        return "it came true", "it did not"
    return str(phrases.class_words(study, result.outcome)), "the others"


def caption(result: Spread) -> str:
    """Return what the colours of the bars mean; empty where the legend says it."""
    if result.kind == "classes" or not result.n:
        return ""
    return "Orange: the record lies above the answer. Blue: below."


def qq_title(result: Spread, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return the title of the Q-Q figure: whether the distances keep to a bell curve."""
    curve = "a bell curve" if audience == BUSINESS else "a normal distribution"
    if len(result.qq_theory) < 2:
        return f"Too few {study.cases} to compare with {curve}"
    if not result.qq_outside:
        return f"They keep to {curve}, as far as {result.n:,} {study.cases} can tell"
    return f"They leave {curve} at {result.qq_outside:,} of {len(result.qq_theory):,} places"


def qq_alt(result: Spread, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return the Q-Q figure's text alternative."""
    finding = qq_title(result, study, audience=audience)
    return f"Points over the values that a bell curve has at the same ranks, with a band. {finding}."
