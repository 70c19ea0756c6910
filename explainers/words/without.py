"""Say what changes about an option when some rows are left out and it is fitted again."""

from __future__ import annotations

from typing import Any

from explainers.results import Move, Narrative, Sentence, Without
from explainers.study import Study
from explainers.words import amounts, numbers, weights
from explainers.words.numbers import Scale
from explainers.words.say import BUSINESS, Audience, Shown, join, listed, plural, sentence
from explainers.words.verdict import NAMES

WHY = {
    "no rows named": "no {cases} are marked yet, so nothing was left out",
    "nothing left": "hardly a {case} to learn from would be left, so nothing was compared",
    "cannot be fitted again": "this option cannot be made again without them",
}
FATES = ("turns", "fades", "appears", "gone")
MOST_TERMS, MOST_EFFECTS = 4, 2
# Measures that business readers know, with what a figure is multiplied by.
PLAIN = {"mae": 1.0, "auc": 100.0, "accuracy": 100.0}


def describe(result: Without, study: Study, *, audience: Audience = BUSINESS) -> Narrative:
    """Say which terms turn or fade, how far answers move, and whether the option does better or worse.

    Parameters
    ----------
    result : Without
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    Narrative
        The headline names a term that turns, if there is one.
    """
    if result.why:
        head = sentence("answer", WHY[result.why], case=study.case, cases=study.cases, to=audience)
        detail = Shown(result.detail, {"": result.detail})
        more = (sentence("method", "{detail}", detail=detail),) if result.detail and audience != BUSINESS else ()
        return Narrative(headline=head, sentences=more)
    terms = [m for f in FATES for m in result.moves if m.kind == "term" and m.fate == f and m.name != "(intercept)"]
    said_of = [_term(m, study, audience) for m in terms[:MOST_TERMS]]
    head = _headline(result, study, terms, audience)
    said = [*said_of]
    if len(terms) > MOST_TERMS:
        said.append(
            sentence("comparison", "{n} further weights change like that", n=len(terms) - MOST_TERMS, to=audience)
        )
    said += _answers(result, study, audience)
    said += _effects(result, study, audience)
    said += _measures(result, study, audience)
    said += _method(result, study, audience)
    return Narrative(headline=head, sentences=tuple(said), caveats=_caveats(result))


def _these(result: Without, study: Study) -> Shown:
    n = len(result.ids)
    if n == 1:
        return Shown(f"{study.case} {result.ids[0]}", {"": result.ids[0]})
    return Shown(f"these {n:,} {study.cases}", {"": n})


def _headline(result: Without, study: Study, terms: list[Move], audience: Audience) -> Sentence:
    these = _these(result, study)
    facts = {"mean_move": result.mean_move or 0.0, "usual_move": result.usual_move or 0.0}
    if terms:
        first = terms[0]
        template = {
            "turns": "without {these}, the weight of {term} points the other way",
            "fades": "without {these}, the weight of {term} can no longer be told from none",
            "appears": "without {these}, the weight of {term} can be told from none",
            "gone": "without {these}, nothing is left to say of {term}",
        }[first.fate]
        term = weights.term(study, first.name, outcome=first.outcome, audience=audience)
        return sentence("answer", template, these=these, term=term, facts=facts)
    if not result.n_training:
        template = "the option did not learn from {these}, so nothing about it changes"
        return sentence("answer", template, these=these, facts=facts, to=audience)
    if _as_by_lot(result):
        template = "without {these}, answers change no more than without as many drawn by lot"
        return sentence("answer", template, these=these, facts=facts)
    if result.mean_move is None or not result.trials:
        return sentence("answer", "the option was made again without {these}", these=these, facts=facts, to=audience)
    template = "without {these}, answers change more than without as many drawn by lot"
    return sentence("answer", template, these=these, facts=facts)


def _as_by_lot(result: Without) -> bool:
    return result.mean_move is not None and result.usual_move is not None and result.mean_move <= result.usual_move


def _term(m: Move, study: Study, audience: Audience) -> Sentence:
    """Say what a weight was and is, with its ranges."""
    term = weights.term(study, m.name, outcome=m.outcome, audience=audience)
    facts = {"before": m.before, "after": m.after if m.after is not None else 0.0, "fate": m.fate}
    if m.fate == "gone":
        return sentence("comparison", "{term}: no row of it is left", term=term, facts=facts)
    if audience != BUSINESS:
        parts: dict[str, Any] = {
            "before": _figure(m.before),
            "before_range": _range(m.before_lower, m.before_upper),
            "after": _figure(m.after or 0.0),
            "after_range": _range(m.after_lower, m.after_upper),
        }
        template = "{term}: {before}{before_range} before, {after}{after_range} after"
        if m.usual is not None:
            parts["usual"] = _figure(m.usual)
            template += "; largest change by lot {usual}"
        return sentence("comparison", template, term=term, facts=facts, **parts)
    way = ["higher" if v > 0 else "lower" for v in (m.before, m.after or 0.0)]
    template = {
        "turns": "more of {term} went with {a} answers before, with {b} ones now",
        "fades": "{term} went clearly with {a} answers before; now anything fits",
        "appears": "{term} was unclear before; now it goes with {b} answers",
        "stays": "{term} stays as it was",
    }[m.fate]
    if "[" in m.name:
        template = template.replace("more of ", "")
    return sentence("comparison", template, term=term, a=way[0], b=way[1], facts=facts)


def _figure(value: float) -> Shown:
    text = numbers.plain(float(f"{value:.4g}"), 4)
    return Shown(text, {"": value, "text": text})


def _range(low: float | None, high: float | None) -> Shown:
    if low is None or high is None:
        return Shown("")
    return join(" ({low} to {high})", low=_figure(low), high=_figure(high))


def _scale(result: Without, study: Study, values: list[float], audience: Audience) -> Scale:
    unit: Any = "probability" if study.classes else "target"
    return amounts.scale(study, result.candidate, unit, values, audience=audience)


def _size(scale: Scale, value: float) -> Shown:
    """Return the size of an amount, or that it is smaller than what is shown."""
    if scale.step.count(value):
        return scale.size(value)
    least = scale.size(scale.step.size)
    return Shown(f"less than {least}", {**least.facts, "exact": value})


def _answers(result: Without, study: Study, audience: Audience) -> list[Sentence]:
    if result.mean_move is None or result.largest_move is None or not result.n_training:
        return []
    scale = _scale(result, study, [result.mean_move], audience)
    n = result.n_measured
    parts: dict[str, Any] = {
        "n": n,
        "cases": study.cases,
        "mean": _size(scale, result.mean_move),
        "most": _size(scale, result.largest_move),
        "id": Shown(result.largest_id, {"": result.largest_id}),
        "case": study.case,
    }
    which = "never-seen " if result.rows == "test" else ""
    said = [
        sentence("comparison", f"on {{n}} {which}{{cases}}, answers move by {{mean}} on average", **parts),
        sentence("comparison", "the answer to {case} {id} moves most, by {most}", **parts),
    ]
    if result.usual_move is not None and result.trials:
        usual = _size(scale, result.usual_move)
        template = "in {k} trials with as many {cases} drawn by lot, it was {usual} on average"
        if not usual.text.startswith("less than"):
            template = template.replace("{usual}", "at most {usual}")
        said.append(sentence("comparison", template, k=result.trials, usual=usual, cases=study.cases))
    return said


def _effects(result: Without, study: Study, audience: Audience) -> list[Sentence]:
    """Say which inputs the answer moves with otherwise than before, beyond what rows drawn by lot do."""
    clear = [
        m
        for m in result.moves
        if m.kind == "effect"
        and m.change_lower is not None
        and m.change_upper is not None
        and (m.change_lower > 0 or m.change_upper < 0)
        and abs(m.change or 0.0) > 2 * (m.usual or 0.0)
        and result.trials
    ]
    clear.sort(key=lambda m: -abs(m.change or 0.0))
    said = []
    for m in clear[:MOST_EFFECTS]:
        scale = _scale(result, study, [m.before, m.after or 0.0, m.change or 0.0], audience)
        if not scale.step.count(m.change or 0.0):
            continue
        ends: dict[str, Any] = {k: amounts.value(study, m.name, v) for k, v in (("low", m.low), ("high", m.high))}
        template = "from {low} to {high} in {input}, the answer moves by {before} before and {after} after"
        before, after = (_signed(scale, v) for v in (m.before, m.after or 0.0))
        if before.text == after.text:
            continue
        facts = {"change": m.change, "change_lower": m.change_lower, "change_upper": m.change_upper}
        name = amounts.name(study, m.name)
        said.append(sentence("comparison", template, input=name, before=before, after=after, facts=facts, **ends))
    return said


def _signed(scale: Scale, value: float) -> Shown:
    return scale.amount(value) if scale.step.count(value) else Shown("nothing", {"": value})


def _measures(result: Without, study: Study, audience: Audience) -> list[Sentence]:
    """Say how good it is with and without the rows, and what the range of the change allows one to say."""
    metrics = [m for m in result.moves if m.kind == "metric"]
    if not metrics or not result.n_training:
        return []
    if audience != BUSINESS:
        pieces = [
            join(
                "{name} {before} before, {after} after{range}",
                name=NAMES.get(m.name, m.name),
                before=_figure(m.before),
                after=_figure(m.after or 0.0),
                range=_change(m),
            )
            for m in metrics
        ]
        facts = {f"{m.name}_{k}": v for m, p in zip(metrics, pieces, strict=True) for k, v in p.facts.items()}
        text = listed([p.text for p in pieces])
        return [sentence("comparison", "{text}", text=Shown(text), facts=facts)]
    known = next((m for m in metrics if m.name in PLAIN), None)
    if known is None or known.after is None:
        return []
    if known.name == "mae":
        scale = _scale(result, study, [known.before / 10], audience)
        before, after = scale.size(known.before), scale.size(known.after)
        template = "it is usually off by {before} with them, by {after} without"
    else:
        before, after = (_of_hundred(v) for v in (known.before, known.after))
        template = "it puts {before} pairs in the right order with them, {after} without"
        if known.name == "accuracy":
            template = "it agrees with the record for {before} with them, for {after} without"
    facts = {"change_lower": known.change_lower, "change_upper": known.change_upper, "change": known.change}
    said = [sentence("comparison", template, before=before, after=after, facts=_given(facts))]
    low, high = known.change_lower, known.change_upper
    if low is not None and high is not None and before.text != after.text:
        less = known.name == "mae"
        verdict = "so few {cases} cannot tell whether that is better or worse"
        if low > 0 or high < 0:
            verdict = "that is " + ("worse" if (low > 0) == less else "better") + ", beyond luck"
        said.append(sentence("comparison", verdict, cases=study.cases, facts=_given(facts)))
    return said


def _of_hundred(value: float) -> Shown:
    text = f"{100 * value:.1f}"
    return Shown(f"{text} of 100", {"": value, "shown": float(text), "of": 100})


def _given(facts: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in facts.items() if v is not None}


def _change(m: Move) -> Shown:
    if m.change_lower is None or m.change_upper is None:
        return Shown("")
    return join(" (change {low} to {high})", low=_figure(m.change_lower), high=_figure(m.change_upper))


def _method(result: Without, study: Study, audience: Audience) -> list[Sentence]:
    learned, never, other = result.n_training, result.n_never_seen, result.n_other
    n = len(result.ids)
    template = (
        "of the {n} left out, it had learned from {learned}"
        if n > 1
        else ("it had learned from this {case}" if learned else "it had not learned from this {case}")
    )
    said = [sentence("method", template, n=n, learned=learned, case=study.case, to=audience)]
    if never:
        template = "{never} would be used to measure it and " + plural(never, "does", "do") + " not count there"
        said.append(sentence("method", template, never=never))
    if other and audience != BUSINESS:
        said.append(sentence("method", "{other} are neither training nor test rows", other=other))
    if result.unknown:
        names = listed(list(result.unknown[:5]))
        template = "not in the data: {names}"
        said.append(sentence("method", template, names=Shown(names, {"": names})))
    if audience != BUSINESS:
        template = "refitted on {left} rows; ranges of terms at 95%, of changes paired over the same rows"
        said.append(sentence("method", template, left=result.n_left, facts={"level": 95}))
    return said


def _caveats(result: Without) -> tuple[Sentence, ...]:
    said = [sentence("caveat", "nothing was taken out of the data: this is a trial", facts={"n": len(result.ids)})]
    if result.n_training:
        template = "that something changes does not say which of both is nearer the truth"
        said.append(sentence("caveat", template, facts={"n": len(result.ids)}))
    if result.fitted_anew:
        said.append(sentence("caveat", "the option came ready made, so both sides were made anew here"))
    return tuple(said)
