"""Say what an option looks at: which inputs move its answers, and which it is good because of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from explainers.results import Importance, Narrative, Sentence
from explainers.study import Study
from explainers.words import amounts, numbers, phrases
from explainers.words.attribution import CAUSES
from explainers.words.numbers import Scale
from explainers.words.say import BUSINESS, Audience, Shown, join, listed, plural, sentence, spelled
from explainers.words.shuffling import change, loss_name, name, shuffled

SMALL = 0.05  # of the whole: less is not worth a sentence of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One input as a row of a table."""

    feature: str
    label: str
    amount: str
    share: str
    shuffled: str
    protected: bool


def describe(result: Importance, study: Study, *, audience: Audience = BUSINESS) -> Narrative:
    """Say what an option looks at most, how much of the whole that is, and what it could do without.

    Parameters
    ----------
    result : Importance
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    Narrative
        Headline: the input that counts most with its share. Caveats: that these are not causes, protected inputs.
    """
    order = ranked(result)
    if not order:
        return Narrative(headline=_nothing(study, audience), sentences=())
    said = _tied(result, order)
    said += [_strongest(result, study, order[0], audience), *_rest(result, study, order, audience)]
    if result.measure:
        said += _pairs(result, study, order[0], audience)
        said += [shuffled(result, study, order[0], audience)]
        said += _without(result, study, order, audience)
    said += _unused(result, study, audience)
    return Narrative(
        headline=headline(result, study, audience=audience),
        sentences=tuple(said),
        caveats=(*_protected(result, study, order, audience), sentence("caveat", CAUSES, to=audience)),
    )


def ranked(result: Importance) -> list[int]:
    """Return the places of the inputs that count at all, the strongest first."""
    order = np.argsort(-result.attribution, kind="stable")
    return [int(i) for i in order if result.attribution[i] > 0]


def headline(result: Importance, study: Study, *, audience: Audience = BUSINESS) -> Sentence:
    """Return the finding: what counts most, as a share of the whole, true of its range."""
    order = ranked(result)
    if not order:
        return _nothing(study, audience)
    if len(order) == 1:
        facts = {"feature": result.feature_names[order[0]], "share": 1.0}
        template = "this option looks at one thing only: {name}"
        return sentence("answer", template, name=name(result, study, order[0]), to=audience, facts=facts)
    first, second = order[0], order[1]
    facts = {
        "feature": result.feature_names[first],
        "lower": float(result.share_lower[first]),
        "upper": float(result.share_upper[first]),
    }
    parts: dict[str, Any] = {"a": name(result, study, first), "share": amounts.in_hundred(float(result.share[first]))}
    if audience != BUSINESS:
        facts |= {"share": float(result.share[first])}
        template = "{a} has the largest mean absolute attribution, {part} of the sum ({low} to {high})"
        figures: dict[str, Any] = {k: _percent(float(getattr(result, n)[first])) for k, n in _ENDS.items()}
        return sentence("answer", template, a=parts["a"], facts=facts, **figures)
    if _close(result, order):
        template = "it looks most at {a} and {b}: {n} and {other} of all that moves its answers"
        other = amounts.in_hundred(float(result.share[second]))
        ours = parts.pop("share")
        parts["n"] = Shown(ours.text.removesuffix(" in 100") if other.text[0].isdigit() else ours.text, ours.facts)
        return sentence("answer", template, b=name(result, study, second), other=other, facts=facts, **parts)
    return sentence("answer", "it looks most at {a}: {share} of all that moves its answers", facts=facts, **parts)


_ENDS = {"part": "share", "low": "share_lower", "high": "share_upper"}


def scale(result: Importance, study: Study, audience: Audience = BUSINESS) -> Scale:
    """Return the scale on which mean absolute attributions are read."""
    return amounts.scale(study, result.candidate, result.unit, result.attribution, audience=audience)


def spread(result: Importance, study: Study) -> str:
    """Return how few inputs make up most of it, as the title of the chart."""
    order = ranked(result)
    if not order:
        return f"Every {study.case} gets the same answer"
    if len(order) == 1:
        return "One input makes up all of it"
    total = np.cumsum(result.share[order])
    k = int(np.searchsorted(total, 0.8 * float(total[-1])) + 1)
    if k == len(result.feature_names):
        return f"All {k} inputs count"
    return f"{k} of {len(result.feature_names)} inputs make up {amounts.part(float(total[k - 1]))} of it"


def table(result: Importance, study: Study, *, audience: Audience = BUSINESS) -> tuple[Row, ...]:
    """Return every input as a row: the strongest first, those without weight last."""
    s = scale(result, study, audience)
    order = ranked(result)
    order += [i for i in range(len(result.feature_names)) if i not in order]
    rows = []
    for i in order:
        rows.append(
            Row(
                feature=result.feature_names[i],
                label=name(result, study, i).strip("“”"),
                amount=_between(s, result, i) if result.attribution[i] > 0 else "no weight",
                share=str(amounts.in_hundred(float(result.share[i]))) if result.share[i] > 0 else "none",
                shuffled=change(result, study, i),
                protected=_is_protected(result, study, i),
            )
        )
    return tuple(rows)


def title(result: Importance, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return the finding as the title of the chart."""
    return headline(result, study, audience=audience).text.rstrip(".")


def alt(result: Importance, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return the chart's text alternative."""
    s = scale(result, study, audience)
    bars = [f"{name(result, study, i).strip('“”')} {s.size(float(result.attribution[i]))}" for i in ranked(result)[:8]]
    middle = f" From the longest: {'; '.join(bars)}." if bars else ""
    return f"Chart of bars with ranges, one for each input.{middle} {title(result, study, audience=audience)}."


def chips(result: Importance, study: Study) -> tuple[Sentence, ...]:
    """Return short labels for the answer card; their texts carry no stop."""
    used, n = len(ranked(result)), len(result.feature_names)
    texts = [(f"Uses {used} of {n} {plural(n, 'input', 'inputs')}", {"used": used, "n": n})]
    rows = amounts.ROWS.get(result.rows, "possibly seen")
    m = result.n_attributed  # the rows of the headline's share; shuffling may have more, and the method says so
    texts.append((f"Measured on {m:,} {rows} {study.cases}", {"m": m}))
    return tuple(Sentence(text=text, kind="comparison", facts=facts) for text, facts in texts)


def method(result: Importance, study: Study, *, audience: Audience = BUSINESS) -> tuple[Sentence, ...]:
    """Say how both measures were made, on which rows, and what their ranges hold for."""
    business = audience == BUSINESS
    n, population, kind = result.n_attributed, result.population, result.rows
    level = round(100 * result.level)
    out = [
        sentence(
            "method",
            "first each answer is taken apart, and the sizes of its parts are averaged"
            if business
            else "mean absolute interventional Shapley value over rows, against {refs} reference rows",
            facts={"reference_rows": result.reference_rows},
            refs=result.reference_rows,
        ),
        amounts.rows(study, n, population, kind, to=audience),
        sentence(
            "method",
            "then one input after the other is shuffled among the {cases}, {k} times, to see how much worse it gets"
            if business
            else "permutation importance: growth of {measure}, {k} shuffles, all columns in one batch",
            k=result.n_repeats,
            cases=study.cases,
            measure=loss_name(result.measure),
            to=audience,
        ),
        amounts.rows(study, result.n_shuffled, population, kind, to=audience),
        sentence(
            "method",
            "with more {cases} of this kind, {level} in {of} such ranges hold the true figure"
            if business
            else "{level}% intervals over rows (Student's t), when shuffling over rows and shuffles together",
            level=level,
            cases=study.cases,
            of=100,
            to=audience,
        ),
        sentence("method", "inputs that say nearly the same share what they count for", to=audience),
    ]
    if not business:
        worst = float(result.noise.max(initial=0.0))
        template = "what sampling alone would show as mean absolute attribution: {w} at most"
        out.append(sentence("method", template, w=numbers.rough(worst)))
        out.append(sentence("method", "estimator evaluations: {n}", n=int(result.n_evaluations)))
    return tuple(out)


# -- sentences ---------------------------------------------------------------------------------------------------
def _nothing(study: Study, audience: Audience) -> Sentence:
    template = "it looks at nothing. Every {case} gets the same answer"
    return sentence("answer", template, case=study.case, to=audience)


def _close(result: Importance, order: list[int]) -> bool:
    """Whether the ranges of the two largest shares overlap."""
    return len(order) > 1 and bool(result.share_lower[order[0]] <= result.share_upper[order[1]])


def _tied(result: Importance, order: list[int]) -> list[Sentence]:
    if not _close(result, order):
        return []
    return [sentence("range", "which of the two comes first cannot be told", facts={"n": 2})]


def _pairs(result: Importance, study: Study, at: int, audience: Audience) -> list[Sentence]:
    """Say what is meant by a pair, before pairs are counted."""
    told = result.increase_lower[at] > 0 or result.increase_upper[at] < 0
    if result.measure != "auc" or audience != BUSINESS or not told or len(study.classes) != 2:
        return []
    template = "a pair is one {case} that was {a} and one that was {b}"
    other = next(c for c in study.classes if c != study.positive)
    a, b = phrases.class_words(study, study.positive), phrases.class_words(study, other)
    return [sentence("method", template, case=study.case, a=a, b=b)]


def _strongest(result: Importance, study: Study, at: int, audience: Audience) -> Sentence:
    s = scale(result, study, audience)
    size = float(result.attribution[at])
    template = "on average {a} moves an answer by {size}, up or down"
    parts: dict[str, Any] = {"a": name(result, study, at), "size": s.size(size), "facts": {"exact": size}}
    if np.isfinite(result.attribution_upper[at]):
        template += " ({range})"
        parts["range"] = amounts.between(s, float(result.attribution_lower[at]), float(result.attribution_upper[at]))
    return sentence("range", template, to=audience, **parts)


def _rest(result: Importance, study: Study, order: list[int], audience: Audience) -> list[Sentence]:
    next_ = order[1:4]
    if not next_:
        return []
    pieces = [
        join("{a} ({share})", a=name(result, study, i), share=amounts.part(float(result.share[i]), audience))
        for i in next_
    ]
    facts = {f"share_{n}_{k}": v for n, p in enumerate(pieces) for k, v in p.facts.items()}
    first = listed([p.text for p in pieces[:2]])
    text = (
        ("next comes " if len(next_) == 1 else "next come ")
        + "{first}"
        + (". Then comes {third}" if pieces[2:] else "")
    )
    third = pieces[2].text if pieces[2:] else ""
    out = [sentence("comparison", text, first=first, third=third, facts=facts)]
    others = order[4:]
    if others:
        part = float(result.share[others].sum())
        template = (
            "the other {n} {things} together make up {share}" if len(others) > 1 else "the last one makes up {share}"
        )
        out.append(
            sentence(
                "comparison", template, n=spelled(len(others)), things="inputs", share=amounts.part(part, audience)
            )
        )
    return out


def _without(result: Importance, study: Study, order: list[int], audience: Audience) -> list[Sentence]:
    """Say which inputs move answers without making them better, as far as these rows can tell."""
    many = [i for i in order if result.share[i] >= SMALL and i != order[0]]
    idle = [i for i in many if result.increase_lower[i] <= 0 <= result.increase_upper[i]][:3]
    worse = [i for i in many if result.increase_upper[i] < 0][:3]
    out = []
    for which, template in (
        (idle, "{names} {moves} answers too. Shuffling {it} makes no difference that can be told"),
        (worse, "{names} {moves} answers too. With {it} shuffled the option does better on these {cases}"),
    ):
        if which:
            out.append(
                sentence(
                    "comparison",
                    template,
                    names=listed([name(result, study, i) for i in which]),
                    moves=plural(len(which), "moves", "move"),
                    it=plural(len(which), "it", "them one by one" if which is idle else "any of them"),
                    cases=study.cases,
                    to=audience,
                    facts={"n": len(which)},
                )
            )
    return out


def _unused(result: Importance, study: Study, audience: Audience) -> list[Sentence]:
    none = [i for i in range(len(result.feature_names)) if result.attribution[i] == 0]
    if not none or len(none) == len(result.feature_names):
        return []
    shown = listed([name(result, study, i) for i in none]) if len(none) <= 3 else ""
    if shown:
        return [sentence("comparison", "the option gives no weight to {names}", names=shown, to=audience)]
    first = ", ".join(name(result, study, i) for i in none[:2])
    template = "the option gives no weight to {first} and {n} others"
    return [sentence("comparison", template, first=first, n=spelled(len(none) - 2), to=audience)]


def _is_protected(result: Importance, study: Study, at: int) -> bool:
    known = result.feature_names[at]
    return any(phrases.feature(study, c).protected for c in result.groups.get(known, (known,)))


def _protected(result: Importance, study: Study, order: list[int], audience: Audience) -> list[Sentence]:
    found = [i for i in order if _is_protected(result, study, i)]
    if not found:
        return []
    pieces = [
        join("{a} ({share})", a=name(result, study, i), share=amounts.part(float(result.share[i]), audience))
        for i in found[:4]
    ]
    facts = {f"share_{n}_{k}": v for n, p in enumerate(pieces) for k, v in p.facts.items()}
    template = (
        "it looks at protected characteristics: " if len(found) > 1 else "it looks at a protected characteristic: "
    )
    return [sentence("caveat", template + "{names}", names=listed([p.text for p in pieces]), facts=facts, to=audience)]


# -- figures -----------------------------------------------------------------------------------------------------
def _between(s: Scale, result: Importance, i: int) -> str:
    low, high = float(result.attribution_lower[i]), float(result.attribution_upper[i])
    size = float(result.attribution[i])
    middle = str(s.size(size)) if s.step.count(size) else f"below {s.size(s.step.size)}"
    return f"{middle} ({amounts.between(s, low, high)})" if np.isfinite(high) and s.step.count(high) else middle


def _percent(value: float) -> Shown:
    return Shown(f"{100 * value:.1f}%", {"": value, "shown": round(100 * value, 1)})


__all__ = ["Row", "alt", "chips", "describe", "headline", "method", "ranked", "scale", "shuffled", "table", "title"]
