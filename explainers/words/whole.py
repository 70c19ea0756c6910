"""Say the whole of an option where it can be said: its table, its questions, its formula or weights."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

from explainers.results import Branch, Condition, Narrative, Sentence, Weight, Whole
from explainers.study import Study
from explainers.words import amounts, numbers, phrases
from explainers.words.numbers import Scale
from explainers.words.say import BUSINESS, Audience, Shown, join, listed, plural, sentence, spelled

MOST_LEVELS = 5  # named of a condition; the table of the data has the others
MOST_CUTS = 4_096
_BESIDE: dict[tuple[str, str, float], tuple[float, float]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the whole: how deep it stands and what it says."""

    depth: int
    leaf: bool
    sentence: Sentence


def describe(result: Whole, study: Study, *, audience: Audience = BUSINESS) -> Narrative:
    """Say what an option is made of, and all of it where that can be said.

    Parameters
    ----------
    result : Whole
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    Narrative
        Headline: what it is. Sentences: every line of it; a table has its cells in :func:`table`.
    """
    said = [*meant(result, study, audience=audience)]
    said += [line.sentence for line in lines(result, study, audience=audience)]
    return Narrative(
        headline=headline(result, study, audience=audience),
        sentences=(*said, *_unused(result, study, audience)),
        caveats=_caveats(result, study, audience),
    )


def headline(result: Whole, study: Study, *, audience: Audience = BUSINESS) -> Sentence:
    """Return what kind of thing the option is."""
    s = scale(result, study, audience)
    n = len(result.columns)
    if result.kind == "constant":
        answer = s.answer(result.branches[0].answers[result.focus])
        template = "this is the whole of it: every {case} gets {answer}"
        return sentence("answer", template, case=study.case, answer=answer, to=audience)
    if result.kind == "table":
        rows = len(result.branches)
        name = listed([amounts.name(study, c) for c in result.columns])
        template = "this is the whole of it: a table of {rows} rows by {name}"
        if not result.columns:
            template = "this is the whole of it: it found nothing to go by"
        return sentence("answer", template, rows=rows, name=name, to=audience)
    if result.kind == "tree":
        deep = max((b.depth for b in result.branches), default=0)
        template = "this is the whole of it: at most {deep} {questions} about {n} {things}"
        if not deep:
            template = "this is the whole of it: it asks nothing and gives every {case} the same answer"
        return sentence(
            "answer",
            template,
            deep=spelled(deep),
            questions=plural(deep, "question", "questions"),
            n=spelled(n),
            things=plural(n, "thing", "things"),
            case=study.case,
            to=audience,
        )
    if result.kind in ("formula", "weights"):
        template = "this is the whole of it: {n} {things} with a fixed weight each"
        if not n:
            template = "this is the whole of it: no input has any weight"
        if result.kind == "formula" and result.link == "log":
            template = "this is the whole of it: a formula with {n} {things}"
        return sentence("answer", template, n=spelled(n), things=plural(n, "input", "inputs"), to=audience)
    if _adds_curves(result, study):
        pairs = ", and a few for pairs" if len(study.classes) <= 2 and len(result.columns) > 1 else ""
        return sentence("answer", "this option adds up curves, one for each input" + pairs, to=audience)
    return sentence("answer", "this option cannot be shown whole", to=audience)


def _adds_curves(result: Whole, study: Study) -> bool:
    known = study.candidates.get(result.candidate)
    return result.kind == "none" and known is not None and known.recipe == "ebm"


def scale(result: Whole, study: Study, audience: Audience = BUSINESS) -> Scale:
    """Return the scale on which its answers are read."""
    amounts_ = [b.answers[result.focus] for b in result.branches]
    spread = [float(np.ptp(amounts_))] if amounts_ and np.ptp(amounts_) else amounts_
    spread += [w.amount for w in result.weights if not w.relative]
    return amounts.scale(study, result.candidate, result.unit, spread, audience=audience)


def meant(result: Whole, study: Study, *, audience: Audience = BUSINESS) -> tuple[Sentence, ...]:
    """Say what the answers below are chances or scores of, or in which unit."""
    if result.kind == "none":
        return ()
    s = scale(result, study, audience)
    if not study.classes:
        template = "answers are for {label}"
        return (sentence("comparison", template, label=amounts.name(study, study.target)),)
    if result.outcome is None and result.kind in ("table", "tree", "constant"):
        return (sentence("comparison", "answers name the likeliest outcome and its score"),)
    kind = {"chance": "chances of", "score": "scores for", "probability": "predicted probabilities of"}[s.kind]
    outcome = phrases.outcome(study, result.outcome if result.outcome is not None else study.classes[result.focus])
    return (sentence("comparison", "answers are {kind} being {outcome}", kind=kind, outcome=outcome),)


def lines(
    result: Whole, study: Study, *, audience: Audience = BUSINESS, without: Collection[str] = ()
) -> tuple[Line, ...]:
    """Return the questions of a tree, or what each input does in a formula, in reading order.

    Parameters
    ----------
    result : Whole
    study : Study
    audience : "business" or "technical"
    without : collection of str
        Leave out these inputs, which have tables of their own.

    Returns
    -------
    tuple of Line
    """
    if result.kind == "tree":
        return tuple(_node(result, study, b, audience) for b in result.branches if b.depth or b.leaf)
    shown = [w for w in result.weights if len(w.features) > 1 or w.features[0] not in without]
    return tuple(Line(depth=0, leaf=True, sentence=_weight(result, study, w, audience)) for w in shown)


def table(
    result: Whole, study: Study, *, audience: Audience = BUSINESS
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return header and rows of a rule or group table as text."""
    s = scale(result, study, audience)
    names = (amounts.name(study, c).strip("“”") for c in result.columns)
    header = (*names, f"Past {study.cases}", "It says")
    rows = []
    for branch in result.branches:
        cells = [condition(study, c, short=True).text for c in branch.conditions]
        rows.append((*cells, f"{branch.rows:,}", _answer(result, study, branch, s).text))
    return header, rows


def condition(study: Study, what: Condition, *, short: bool = False) -> Shown:
    """Return a condition as people say it: '“Debt payments” is at most 43%', or 'at most 43%' where short."""
    name = amounts.name(study, what.feature)
    facts: dict[str, Any] = {"feature": what.feature}
    if what.missing:
        said = "not recorded"
    elif what.levels:
        named = [amounts.value(study, what.feature, v) for v in what.levels]
        if len(named) > MOST_LEVELS:
            rest = len(named) - MOST_LEVELS + 1
            others = f"{rest} others" if what.other else f"one of {rest} others"
            named = [*named[: MOST_LEVELS - 1], Shown(others, {"": rest})]
        facts |= {f"level_{i}": v.text for i, v in enumerate(named)}
        if what.other and short:
            said = "anything else"
        elif what.other:
            texts = [v.text for v in named]
            said = f"not {listed(texts, 'or')}" if len(named) <= 3 else f"none of {listed(texts)}"
        else:
            said = listed([v.text for v in named], "or")
    elif what.above is not None and what.up_to is not None:
        low, high = _cut(study, what.feature, what.above), _cut(study, what.feature, what.up_to)
        said = f"over {low} and at most {high}"
        facts |= {"above": low.text, "up_to": high.text}
    elif what.up_to is not None:
        high = _cut(study, what.feature, what.up_to)
        said, facts = f"at most {high}", {**facts, "up_to": high.text}
    elif what.above is not None:
        low = _cut(study, what.feature, what.above)
        said, facts = f"over {low}", {**facts, "above": low.text}
    else:
        said = "recorded" if what.missing is False else "anything"
    return Shown(said if short else f"{name} is {said}", {**facts, "said": said})


def _cut(study: Study, name: str, cut: float) -> Shown:
    """Return a cut between two values with as many figures as tell those apart."""
    entry = phrases.feature(study, name)
    dtype = study.frame[name].dtype
    if not entry.level_labels and (entry.kind == "date" or dtype.kind == "M"):
        day = np.datetime64(0, "D") + np.timedelta64(int(cut), "D")
        return Shown(numbers.date(str(day)), {"": cut})
    pair = _beside(study, name, cut)
    if entry.level_labels:
        return amounts.value(study, name, pair[0])
    for digits in range(2, 8):
        texts = [phrases.value_text(entry, v, digits=digits) for v in (pair[0], pair[1], cut)]
        if texts[0] != texts[1] or pair[0] == pair[1]:
            break
    # A value that occurs reads better than a point between two: the largest at or below the cut says the same.
    said = phrases.value_text(entry, pair[0], digits=digits)
    money = entry.phrase is not None and "{value:money" in entry.phrase
    styled = money or (entry.phrase is not None and "{value:" in entry.phrase and not said[-1:].isdigit())
    return Shown(said if styled else numbers.measured(said, entry.unit, one=said == "1"), {"": cut})


def _beside(study: Study, name: str, cut: float) -> tuple[float, float]:
    """Return the values that occur next to a cut, at or below it and above it; the cut itself where there is none.

    A list of groups asks a hundred times, and each answer means a look at every row.
    """
    key = (study.data_key, name, cut)
    if not study.data_key or key not in _BESIDE:
        held = study.frame[name].dropna()
        known = held.dtype.kind in "iufb" or bool(phrases.feature(study, name).level_labels)
        values = np.asarray(held if known else [], dtype=float)
        below, above = values[values <= cut], values[values > cut]
        if len(_BESIDE) >= MOST_CUTS:
            _BESIDE.clear()
        _BESIDE[key] = (float(below.max()) if below.size else cut, float(above.min()) if above.size else cut)
    return _BESIDE[key]


def method(result: Whole, study: Study) -> tuple[Sentence, ...]:
    """Say where the lines come from; both audiences read the same."""
    said = [sentence("method", "it was fitted on {n} past {cases}", n=result.n, cases=study.cases)]
    if result.kind in ("formula", "weights"):
        said.append(
            sentence("method", "a typical {case} has the most usual value in all other things", case=study.case)
        )
    return tuple(said)


# -- sentences ---------------------------------------------------------------------------------------------------
def _answer(result: Whole, study: Study, branch: Branch, s: Scale) -> Shown:
    if study.classes and result.outcome is None:
        best = int(np.argmax(branch.answers))
        words = phrases.class_words(study, study.classes[best])
        return join("{words}, {score}", words=words, score=s.answer(branch.answers[best]))
    return s.answer(branch.answers[result.focus])


def _node(result: Whole, study: Study, branch: Branch, audience: Audience) -> Line:
    s = scale(result, study, audience)
    where = condition(study, branch.conditions[0]) if branch.conditions else Shown("nothing is asked")
    facts = {"rows": branch.rows, "exact": branch.answers[result.focus]}
    if not branch.leaf:
        said = sentence("reason", "where {where}, it asks further", where=where, facts=facts, to=audience)
        return Line(depth=branch.depth, leaf=False, sentence=said)
    said = sentence(
        "reason",
        "where {where}, it says {answer} (from {rows} past {cases})",
        where=where,
        answer=_answer(result, study, branch, s),
        cases=plural(branch.rows, study.case, study.cases),
        rows=branch.rows,
        facts={"exact": branch.answers[result.focus]},
        to=audience,
    )
    return Line(depth=branch.depth, leaf=True, sentence=said)


def _weight(result: Whole, study: Study, weight: Weight, audience: Audience) -> Sentence:
    s = scale(result, study, audience)
    parts: dict[str, Any] = {
        "name": listed([amounts.name(study, f) for f in weight.features]),
        "high": amounts.value(study, weight.features[0], weight.high),
        "low": amounts.value(study, weight.features[0], weight.low),
        "size": size(s, weight, weight.amount),
    }
    facts: dict[str, Any] = {"exact": weight.amount, "before": weight.before, "feature": weight.features[0]}
    higher = "higher" if weight.amount > 0 else "lower"
    start = "take {name} at {high} rather than {low}. The answer is then "
    start += "hardly different" if _none(s, weight, weight.amount) else "{size} " + higher
    lower, upper = weight.lower, weight.upper
    if lower is not None and upper is not None:
        facts |= {"lower": lower, "upper": upper}
        if not (_none(s, weight, lower) and _none(s, weight, upper)):
            if lower < 0 < upper:
                start += ". Anything from {least} lower to {most} higher fits the record"
                parts |= {"least": size(s, weight, lower), "most": size(s, weight, upper)}
            elif not weight.relative:
                start += " ({range})"
                parts["range"] = amounts.between(s, *sorted((abs(lower), abs(upper))))
            else:
                start += " ({least} to {most})"
                ends = sorted((lower, upper), key=abs)
                parts |= {"least": size(s, weight, ends[0]), "most": size(s, weight, ends[1])}
    return sentence("reason", start, facts=facts, to=audience, **parts)


def size(s: Scale, weight: Weight, value: float) -> Shown:
    """Return how large a weight is, without sign, on the scale or as a share of the answer."""
    if not weight.relative:
        return s.size(value)
    shown = 100 * abs(value)
    text = f"{numbers.decimal(shown, 1 if shown < 100 else 0)}%"
    return Shown(text, {"": value, "shown": numbers.read(text.rstrip("%"))})


def _none(s: Scale, weight: Weight, value: float) -> bool:
    return abs(value) < 0.0005 if weight.relative else s.step.count(value) == 0


def _unused(result: Whole, study: Study, audience: Audience) -> list[Sentence]:
    if not result.unused or result.kind in ("none", "constant"):
        return []
    names = [amounts.name(study, c) for c in result.unused[:3]]
    rest = len(result.unused) - len(names)
    template = "it does not use {names}" + (" and {n} {more}" if rest else "")
    return [
        sentence("comparison", template, names=listed(names) if not rest else ", ".join(names), n=spelled(rest),
                 more=plural(rest, "other", "others"), to=audience)
    ]  # fmt: skip


def _caveats(result: Whole, study: Study, audience: Audience) -> tuple[Sentence, ...]:
    said = []
    if result.kind == "none":
        template = "it takes too many small steps to list. What it looks at, and how answers move, can be shown instead"
        if _adds_curves(result, study):
            template = "curves cannot be written as a list. Choose an input above to see how answers move with it"
        said.append(sentence("caveat", template, to=audience))
    if result.kind == "weights":
        template = "its weights are pulled towards nothing, so no honest range can be given for them"
        said.append(sentence("caveat", template, to=audience))
    if result.kind in ("formula", "weights") and study.classes:
        template = "said for a typical {case}; for others the same weight moves the answer by more or less"
        said.append(sentence("caveat", template, case=study.case, to=audience))
    if result.kind in ("formula", "weights", "tree", "table") and result.columns:
        said.append(sentence("caveat", "these are not causes: they show what the option looked at", to=audience))
    return tuple(said)
