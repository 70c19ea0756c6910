"""Say one fault that a test found: its size in the reader's unit, and where."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from explainers.results import Diagnostic, Sentence
from explainers.study import Study
from explainers.words import amounts, numbers, phrases
from explainers.words.numbers import Scale
from explainers.words.say import BUSINESS, Audience, Shown, join, listed, plural, quoted, sentence
from explainers.words.segments import whole_year

SHORT = {
    "bias": "answers too {side} on the whole",
    "reset": "a bend that it misses",
    "columns": "what goes with {name}",
    "groups": "some groups of {name}",
    "scores": "its stated chances",
    "breusch_pagan": "how far it is off at either end",
    "spread_by_input": "how far it is off for some inputs",
    "white": "how far it is off for some inputs together",
    "jarque_bera": "a few cases very far off",
    "anderson_darling": "no bell shape",
    "lilliefors": "no bell shape in the middle",
    "durbin_watson": "the order in time",
    "ljung_box": "stretches in time",
    "vif": "inputs that say the same",
    "condition_number": "terms that hang together",
    "influence": "single rows that move it",
}
MOST_LEVELS = 3
Sayer = Callable[[Diagnostic, Study, Audience], list[Sentence]]


def say(d: Diagnostic, study: Study, audience: Audience = BUSINESS) -> list[Sentence]:
    """Return what a test found in the reader's unit; for the technical audience with the statistic.

    Parameters
    ----------
    d : Diagnostic
        Nothing is said of a test that was not carried out.
    study : Study
    audience : "business" or "technical"
    """
    if d.effect is None:
        return []
    said = _SAYERS[d.code](d, study, audience)
    if audience == BUSINESS:
        return said
    return [*said, _statistic(d)]


def short(d: Diagnostic, study: Study) -> str:
    """Return a fault in a few words: 'the order in time', 'some groups of “State”'."""
    name = quoted(phrases.label(study, d.columns[0])) if d.columns else "its inputs"
    return SHORT[d.code].replace("{name}", name).replace("{side}", d.side or "high or low")


def _facts(d: Diagnostic) -> dict[str, Any]:
    return {"code": d.code, "effect": d.effect, "status": d.status, "p": d.p_value}


def _rows(d: Diagnostic, study: Study) -> Shown:
    word = {"training": "past", "test": "never-seen"}.get(d.rows, "tested")
    return join("{n} " + word + " {cases}", n=d.n, cases=plural(d.n, study.case, study.cases))


def _quiet(d: Diagnostic) -> bool:
    return d.status == "ok"


# -- sizes -------------------------------------------------------------------------------------------------------------
def off(value: float, d: Diagnostic, study: Study, audience: Audience, *, others: tuple[float, ...] = ()) -> Shown:
    """Return how far off answers are, with the side: '16% too high', '2,000 dollars too low', '3 in 100 too low'.

    ``value`` is recorded minus predicted, so a positive one is too low.
    """
    side = "too low" if value > 0 else "too high"
    if d.scale == "log":
        part = abs(math.expm1(-value))
        digits = 0 if part >= 0.095 or audience == BUSINESS else 1
        shown = round(100 * part, digits)
        text = f"{numbers.plain(shown, 4)}%" if shown else "less than 1%"
        return Shown(f"{text} {side}", {"": value, "shown": shown or 1, "side": side})
    unit: Any = "probability" if d.scale == "probability" else "target"
    scale = amounts.scale(study, d.candidate, unit, (value, *others), audience=audience, coarse=True)
    return join("{size} {side}", size=_size(scale, value), side=side)


def _size(scale: Scale, value: float) -> Shown:
    size = scale.size(abs(value))
    if value and scale.step.count(value) == 0:
        least = scale.size(scale.step.size)
        return Shown(f"less than {least.text}", {**least.facts, "": value})
    return Shown(size.text, {**size.facts, "exact": value})


def _what(d: Diagnostic, study: Study, audience: Audience = BUSINESS) -> Shown:
    """Return whose answers are meant: 'its answers', or 'its chances of being turned down'."""
    if d.scale != "probability" or d.outcome is None:
        return Shown("its answers")
    how = numbers.checked(study.candidates.get(d.candidate))
    noun = "its chances of being" if how == "matched" and audience == BUSINESS else "its scores for being"
    if audience != BUSINESS:
        noun = "its probabilities of being"
    said = phrases.outcome(study, d.outcome)
    return Shown(f"{noun} {said}", {"outcome": said})


def where(name: str, level: Any, study: Study) -> Shown:
    """Return a level or range of a column: '“Living area” at 2,506 to 3,896 square feet', '“State”: “S09”'."""
    label = quoted(phrases.label(study, name))
    facts: dict[str, Any] = {"label": label}
    entry = phrases.feature(study, name)
    if isinstance(level, tuple):
        years = entry.role == "time" and entry.kind == "numeric"
        ends = [whole_year(v) if years and isinstance(v, (int, float)) else None for v in level]
        low, high = (e or amounts.value(study, name, v).text for e, v in zip(ends, level, strict=True))
        unit = high.lstrip("-−0123456789,.")
        if unit.startswith(" ") and low.endswith(unit):
            low = low.removesuffix(unit) if low != high else low
        facts |= {"low": low, "high": high}
        return Shown(f"{label} at {low}" if low == high else f"{label} at {low} to {high}", facts)
    if level is None:
        return Shown(f"{label} not recorded", facts)
    text = quoted(phrases.value_text(entry, level))
    return Shown(f"{label} is {text}", {**facts, "level": text})


# -- each test ------------------------------------------------------------------------------------------------------
def _bias(d: Diagnostic, study: Study, audience: Audience) -> list[Sentence]:
    if _quiet(d):
        template = "{what} are not too high or too low on the whole, but for chance or a trifle"
        return [sentence("comparison", template, what=_what(d, study, audience), to=audience, facts=_facts(d))]
    gap = off(d.level_values[0], d, study, audience)
    typically = "typically" if d.scale == "log" else "on average"
    template = "{what} are " + typically + " {gap}. Measured on {rows}"
    parts: dict[str, Any] = {"what": _what(d, study, audience), "gap": gap, "rows": _rows(d, study)}
    return [sentence("comparison", template, to=audience, facts=_facts(d), **parts)]


def _reset(d: Diagnostic, study: Study, audience: Audience) -> list[Sentence]:
    if _quiet(d):
        return [sentence("comparison", "no bend worth naming is left over", to=audience, facts=_facts(d))]
    template = "the formula misses a bend. It would tell {share} of what is left over. Measured on {rows}"
    return [_shared(template, d, study, audience)]


def _shared(template: str, d: Diagnostic, study: Study, audience: Audience) -> Sentence:
    share = amounts.part(float(d.effect or 0.0), audience)
    return sentence("comparison", template, share=share, rows=_rows(d, study), to=audience, facts=_facts(d))


def _standing(d: Diagnostic, study: Study, audience: Audience, name: str) -> list[Sentence]:
    """Name the levels or ranges that stand out, the furthest first."""
    out = []
    for i, (level, value) in enumerate(zip(d.levels[:MOST_LEVELS], d.level_values, strict=False)):
        gap = off(value, d, study, audience, others=d.level_values[:MOST_LEVELS])
        template = "furthest off: {place}, {gap} over {n} {cases}" if i == 0 else "next: {place}, {gap}"
        parts: dict[str, Any] = {"place": where(name, level, study), "gap": gap, "n": d.level_n[i]}
        word = plural(d.level_n[i], study.case, study.cases)
        facts = {**_facts(d), "level_n": d.level_n[i]}
        out.append(sentence("comparison", template, cases=word, to=audience, facts=facts, **parts))
    return out


def _columns(d: Diagnostic, study: Study, audience: Audience) -> list[Sentence]:
    name = d.columns[0]
    label = Shown(quoted(phrases.label(study, name)), {"": quoted(phrases.label(study, name))})
    if _quiet(d):
        template = "no input sets apart where it is off, beyond chance or a trifle"
        return [sentence("comparison", template, to=audience, facts=_facts(d))]
    share = amounts.part(float(d.effect or 0.0), audience)
    used = name in study.candidate(d.candidate).features if d.candidate in study.candidates else True
    more = "" if used else ", which it does not look at"
    template = "where it is off goes with {label}" + more + ". That tells {share} of what is left over"
    said = [sentence("comparison", template, label=label, share=share, to=audience, facts=_facts(d))]
    return said + _standing(d, study, audience, name)


def _groups(d: Diagnostic, study: Study, audience: Audience) -> list[Sentence]:
    name = d.columns[0]
    label = Shown(quoted(phrases.label(study, name)), {"": quoted(phrases.label(study, name))})
    if _quiet(d):
        template = "no group of {label} stands out, beyond chance or a trifle"
        return [sentence("comparison", template, label=label, to=audience, facts=_facts(d))]
    template = "by {label}, {k} of {n} groups stand out. Which one it is tells {share} of what is left over"
    share = amounts.part(float(d.effect or 0.0), audience)
    parts: dict[str, Any] = {"label": label, "k": len(d.levels), "n": d.n_within, "share": share}
    said = sentence("comparison", template, to=audience, facts=_facts(d), **parts)
    return [said, *_standing(d, study, audience, name)]


def _scores(d: Diagnostic, study: Study, audience: Audience) -> list[Sentence]:
    what = _what(d, study, audience)
    if _quiet(d):
        template = "{what} agree with what happened. Measured on {rows}"
        return [sentence("comparison", template, what=what, rows=_rows(d, study), to=audience, facts=_facts(d))]
    said = [sentence("comparison", "{what} are not how often it happens", what=what, to=audience, facts=_facts(d))]
    if d.levels:
        low, high = (round(100 * float(v)) for v in d.levels[0])
        gap = off(d.level_values[0], d, study, audience)
        template = "where it says {low} to {high} of {of}, they are {gap} ({n} {cases})"
        parts: dict[str, Any] = {"low": low, "high": high, "gap": gap, "n": d.level_n[0], "cases": study.cases}
        said.append(sentence("comparison", template, of=100, to=audience, **parts))
    return said


def _breusch_pagan(d: Diagnostic, study: Study, audience: Audience) -> list[Sentence]:
    if _quiet(d):
        template = "it is about as far off at low answers as at high ones"
        return [sentence("comparison", template, to=audience, facts=_facts(d))]
    ends = ("high", "low") if d.side == "high" else ("low", "high")
    template = "it is about {times} times as far off at {a} answers as at {b} ones. Measured on {rows}"
    times = float(d.effect or 1.0)
    shown = round(times, 1) if times < 10 else round(times)
    if not math.isfinite(times):
        template = "it is further off at {a} answers than at {b} ones. Measured on {rows}"
    parts: dict[str, Any] = {"a": ends[0], "b": ends[1], "rows": _rows(d, study)}
    amount = Shown(numbers.plain(shown, 3), {"": times, "shown": shown})
    if d.scale == "log":
        template = template.replace(". Measured", " in percent. Measured")
    return [sentence("comparison", template, times=amount, to=audience, facts=_facts(d), **parts)]


def _by_input(d: Diagnostic, study: Study, audience: Audience) -> list[Sentence]:
    if _quiet(d):
        template = "how far it is off hardly goes with its inputs"
        return [sentence("comparison", template, to=audience, facts=_facts(d))]
    names = listed([quoted(phrases.label(study, c)) for c in d.columns[:3]])
    template = (
        "how far it is off differs by {names}. Measured on {rows}" if names else "how far it is off differs by case"
    )
    shown = Shown(names, {"": names})
    return [sentence("comparison", template, names=shown, rows=_rows(d, study), to=audience, facts=_facts(d))]


def _shape(d: Diagnostic, study: Study, audience: Audience) -> list[Sentence]:
    if _quiet(d):
        template = "how far it is off follows a bell shape closely enough"
        return [sentence("comparison", template, to=audience, facts=_facts(d))]
    if d.code == "jarque_bera":
        side = {"low": ". There its answers are mostly too low", "high": ". There its answers are mostly too high"}
        template = "a few of {rows} are off by far more than the rest" + side.get(d.side, "")
        return [sentence("comparison", template, rows=_rows(d, study), to=audience, facts=_facts(d))]
    template = "how far it is off does not follow a bell shape"
    if d.code == "lilliefors":
        template += ". Up to {share} cases lie elsewhere"
        share = amounts.part(float(d.effect or 0.0), audience)
        return [sentence("comparison", template, share=share, to=audience, facts=_facts(d))]
    return [sentence("comparison", template, to=audience, facts=_facts(d))]


def _durbin_watson(d: Diagnostic, study: Study, audience: Audience) -> list[Sentence]:
    within = _within(d, study)
    if _quiet(d):
        template = "order in time hardly matters{within}: one {case} being off says little of the next"
        return [sentence("comparison", template, within=within, case=study.case, to=audience, facts=_facts(d))]
    if d.side == "opposite":
        template = "order in time matters{within}: too high is often followed by too low"
        return [sentence("comparison", template, within=within, to=audience, facts=_facts(d))]
    template = "order in time matters{within}: about {share} of being off is still there one step later"
    share = amounts.part(min(float(d.effect or 0.0), 1.0), audience)
    said = [sentence("comparison", template, within=within, share=share, to=audience, facts=_facts(d))]
    return [*said, _counted(d, study, audience)]


def _counted(d: Diagnostic, study: Study, audience: Audience) -> Sentence:
    template = "this was looked at in {rows}" + (", each of {groups} groups by itself" if d.n_within > 1 else "")
    return sentence("method", template, rows=_rows(d, study), groups=d.n_within, to=audience)


def _within(d: Diagnostic, study: Study) -> Shown:
    if not d.within:
        return Shown("")
    label = quoted(phrases.label(study, d.within))
    return Shown(f" within each {label}", {"": label})


def _ljung_box(d: Diagnostic, study: Study, audience: Audience) -> list[Sentence]:
    within = _within(d, study)
    if _quiet(d):
        template = "there are no stretches in time{within} in which it is off the same way"
        return [sentence("comparison", template, within=within, to=audience, facts=_facts(d))]
    steps = int(d.df[0]) if d.df else 1
    template = "it is off in stretches or waves{within}, looking {steps} steps back"
    return [
        sentence("comparison", template, within=within, steps=steps, to=audience, facts=_facts(d)),
        _counted(d, study, audience),
    ]


def _vif(d: Diagnostic, study: Study, audience: Audience) -> list[Sentence]:
    names = listed([quoted(phrases.label(study, c)) for c in d.columns[:4]])
    if _quiet(d):
        return [sentence("comparison", "its inputs say different things", to=audience, facts=_facts(d))]
    template = "what {names} {say} is said by other inputs too" if names else "some inputs say the same"
    word = "says" if len(d.columns) == 1 else "say"
    shown = Shown(names, {"": names})
    return [sentence("comparison", template, names=shown, say=word, to=audience, facts=_facts(d))]


def _condition(d: Diagnostic, study: Study, audience: Audience) -> list[Sentence]:  # noqa: ARG001
    text = "its terms hardly hang together" if _quiet(d) else "several of its terms together say almost the same"
    return [sentence("comparison", text, to=audience, facts=_facts(d))]


def _rows_that_move(d: Diagnostic, study: Study, audience: Audience) -> list[Sentence]:
    if _quiet(d):
        return [sentence("comparison", "no single row moves the formula much", to=audience, facts=_facts(d))]
    large = [i for i, v in zip(d.levels, d.level_values, strict=False) if v >= (d.threshold or 0.0)]
    names = listed([str(i) for i in large])
    template = "{case} {names} alone {move} the formula a lot"
    word = plural(len(large), study.case, study.cases)
    parts: dict[str, Any] = {"case": word, "names": Shown(names, {"": names})}
    return [sentence("comparison", template, move="moves" if len(large) == 1 else "move", to=audience, **parts)]


def _statistic(d: Diagnostic) -> Sentence:
    """Return the size, the statistic, its p-values and where the test comes from."""
    from explainers.words.diagnostics import tested

    effect = numbers.plain(float(d.effect or 0.0), 3)
    text = tested(d)
    template = "{name}: {effect} (counts from {least}); {test}; n {n}, {rows} rows; {reference}"
    parts: dict[str, Any] = {
        "name": d.effect_name,
        "effect": Shown(effect, {"": effect}),
        "least": Shown(numbers.plain(d.threshold or 0.0, 3), {"": numbers.plain(d.threshold or 0.0, 3)}),
        "test": Shown(text, {"": text}),
        "rows": {"test": "test", "training": "training"}.get(d.rows, d.rows),
        "reference": Shown(d.reference, {"": d.reference}),
    }
    return sentence("method", template, to="technical", n=d.n, **parts)


_SAYERS: dict[str, Sayer] = {
    "bias": _bias,
    "reset": _reset,
    "columns": _columns,
    "groups": _groups,
    "scores": _scores,
    "breusch_pagan": _breusch_pagan,
    "spread_by_input": _by_input,
    "white": _by_input,
    "jarque_bera": _shape,
    "anderson_darling": _shape,
    "lilliefors": _shape,
    "durbin_watson": _durbin_watson,
    "ljung_box": _ljung_box,
    "vif": _vif,
    "condition_number": _condition,
    "influence": _rows_that_move,
}
