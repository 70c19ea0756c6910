"""Say how sure an answer is, and whether such statements held on never-seen cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from explainers.results import Coverage, Interval, Narrative, Sentence
from explainers.study import Study
from explainers.words import amounts, numbers, phrases
from explainers.words.numbers import Scale
from explainers.words.say import BUSINESS, Audience, Shown, listed, plural, quoted, sentence, whole
from explainers.words.segments import in_hundred

LEVELS: dict[float, str] = {0.8: "8 in 10", 0.9: "9 in 10", 0.95: "19 in 20"}
"""Levels as the reader chooses them."""
METHODS = {
    "normalised": "normalised split conformal (scale fitted to out-of-fold absolute residuals)",
    "by bins": "Mondrian split conformal by bins of the prediction",
    "plain": "split conformal",
    "formula": "OLS prediction interval",
    "sigmoid": "logistic calibration curve, delta-method interval",
    "nearest": "Wilson interval over the nearest calibration scores",
    "sets": "conformal sets (least ambiguous)",
    "sets by class": "label-conditional conformal sets",
}


def level_words(level: float) -> Shown:
    """Return a level as people say it: '8 in 10', '9 in 10', '19 in 20'."""
    known = LEVELS.get(round(level, 6))
    if known is not None:
        a, _, b = known.partition(" in ")
        return Shown(known, {"": level, "n": int(a), "of": int(b)})
    return numbers.share(level)


# -- one case -----------------------------------------------------------------------------------------------------
def describe(
    result: Interval,
    study: Study,
    *,
    coverage: Coverage | None = None,
    audience: Audience = BUSINESS,
    row: int = 0,
    scale: Scale | None = None,
) -> Narrative:
    """Say the range of one case and whether such ranges held.

    Parameters
    ----------
    result : Interval
    study : Study
    coverage : Coverage, optional
        Measured at the same level; without it the text says that nothing was checked.
    audience : "business" or "technical"
    row : int
    scale : Scale, optional
        How the answer beside it is rounded; by default by the option's usual error.

    Returns
    -------
    Narrative
        Headline: the range. Caveats: a promise that did not hold, an answer outside its own range.
    """
    if result.method == "none":
        return Narrative(headline=refusal(result, study, audience), sentences=())
    if result.sets:
        said = _set(result, study, row)
    elif study.classes:
        said = _frequency(result, study, audience, row)
    else:
        said = _range(result, study, audience, row, scale)
    checked = held(coverage, study, audience) if coverage is not None else _unchecked(result, study, audience)
    short = coverage is not None and coverage.verdict[:1] == ("short",)
    sentences = [] if short else [checked]
    if audience != BUSINESS:
        sentences += [*_nearest(result, study, row), method(result, study)]
    return Narrative(
        headline=said,
        sentences=tuple(sentences),
        caveats=(*((checked,) if short else ()), *_outside(result, study, audience, row)),
    )


def _nearest(result: Interval, study: Study, row: int) -> list[Sentence]:
    """Say what became of the set-aside cases with the nearest scores, as counts."""
    if not result.group_n:
        return []
    template = "of the {n} calibration {cases} with the nearest scores, {hits} were {outcome}"
    outcome = phrases.outcome(study, result.outcome[row])
    parts: dict[str, Any] = {"n": result.group_n[row], "hits": result.group_hits[row]}
    return [sentence("comparison", template, cases=study.cases, outcome=outcome, **parts)]


def refusal(result: Interval | Coverage, study: Study, audience: Audience = BUSINESS) -> Sentence:
    """Say why there is no range."""
    what = "no range can be given"
    templates = {
        "no calibration rows": what + ". No {cases} were set aside to test the option",
        "too few": what + " for {level}. Only {n} {cases} were set aside to test the option",
        "unknown history": what + ". Nobody has said which {cases} the option has learned from",
        "one class": what + ". All {cases} that were set aside had the same outcome",
        "no test rows": "whether ranges hold was not measured. There are no never-seen {cases}",
    }
    return sentence(
        "caveat",
        templates.get(result.why, what),
        cases=plural(result.n_calibration, study.case, study.cases) if result.why == "too few" else study.cases,
        n=result.n_calibration,
        level=level_words(result.level),
        to=audience,
    )


def scale_of(result: Interval | Coverage, study: Study, audience: Audience = BUSINESS) -> Scale:
    """Return the scale on which the ends of ranges are read: by the option's usual error."""
    given = result.upper - result.lower if isinstance(result, Interval) else result.width
    width = [float(w) for w in given if np.isfinite(w)]
    return amounts.scale(study, result.candidate, "target", width, audience=audience, coarse=True)


def _range(result: Interval, study: Study, audience: Audience, row: int, scale: Scale | None) -> Sentence:
    low, high = float(result.lower[row]), float(result.upper[row])
    read = scale or scale_of(result, study, audience)
    label = phrases.feature(study, study.target).label
    ends = amounts.between(read, low, high)
    facts = {"lower": low, "upper": high, "promised": result.level}
    if audience == BUSINESS:
        return sentence("range", "the range is {ends}", ends=ends, facts=facts)
    template = "{level} prediction interval for “{label}”: {ends}"
    return sentence("range", template, label=label, ends=ends, level=_percent(result.level, 0), facts=facts)


def _frequency(result: Interval, study: Study, audience: Audience, row: int) -> Sentence:
    rate, low, high = (float(v[row]) for v in (result.rate, result.lower, result.upper))
    outcome = phrases.outcome(study, result.outcome[row])
    facts: dict[str, Any] = {"rate": rate, "lower": low, "upper": high, "promised": result.level}
    if audience != BUSINESS:
        return sentence(
            "range",
            "rate of being {outcome} at this score: {rate} ({level} interval {low} to {high})",
            outcome=outcome,
            rate=_three(rate),
            low=_three(low),
            high=_three(high),
            level=_percent(result.level, 0),
            facts=facts | {"promised": result.level},
        )
    of = 100 if low >= 0.005 and rate >= 0.02 else 1000
    parts: dict[str, Any] = {
        "of": of,
        "cases": study.cases,
        "outcome": outcome,
        "low": _count(low, of),
        "high": _count(high, of),
    }
    if parts["low"].text == parts["high"].text:
        template = "of {of} {cases} with a similar score, about {high} were {outcome}"
        return sentence("range", template, facts=facts, **parts)
    # Beside a chance that is read out already, a second one that rounds differently would only puzzle.
    matched = numbers.checked(study.candidates.get(result.candidate)) == "matched"
    if not matched or _count(float(result.prediction[row]), of).text == _count(rate, of).text:
        template = "of {of} {cases} with a similar score, about {rate} were {outcome}: {low} to {high}"
        return sentence("range", template, rate=_count(rate, of), facts=facts, **parts)
    template = "of {of} {cases} with a similar score, {low} to {high} were {outcome}"
    return sentence("range", template, facts=facts, **parts)


def _count(rate: float, of: int) -> Shown:
    n = int(rate * of + 0.5)
    return Shown("none" if n == 0 else "all" if n == of and rate < 1 else whole(n), {"": rate, "n": n})


def _outside(result: Interval, study: Study, audience: Audience, row: int) -> tuple[Sentence, ...]:
    """Say that the option's own figure is outside the range, where it is."""
    if len(study.classes) != 2 or result.method == "none":
        return ()
    own, low, high = (float(v[row]) for v in (result.prediction, result.lower, result.upper))
    if low - 0.005 <= own <= high + 0.005:
        return ()
    way = "above" if own > high else "below"
    said = Shown(f"{int(own * 100 + 0.5)} of 100", {"": own, "n": int(own * 100 + 0.5), "of": 100})
    return (sentence("caveat", "the option’s own score, {own}, is " + way + " that range", own=said, to=audience),)


def names(study: Study, classes: Sequence[Any]) -> list[str]:
    """Return classes as people name them in a list."""
    labels = phrases.feature(study, study.target).level_labels
    return [phrases.level_words(labels, c) or quoted(c) for c in classes]


def _set(result: Interval, study: Study, row: int) -> Sentence:
    kept = names(study, result.sets[row])
    out = names(study, [c for c in study.classes if c not in result.sets[row]])
    facts = {"promised": result.level, "kept": len(kept), "ruled_out": len(out)}
    if not out:
        return sentence("range", "nothing can be ruled out: {kept}", kept=listed(kept, "or"), facts=facts)
    template = "{kept}; {out} " + plural(len(out), "is", "are") + " ruled out"
    return sentence("range", template, kept=listed(kept, "or"), out=listed(out), facts=facts)


def _unchecked(result: Interval, study: Study, audience: Audience) -> Sentence:
    template = "the promise is {level} {cases}. It was not checked yet on never-seen ones"
    return sentence("range", template, level=level_words(result.level), cases=study.cases, to=audience)


def held(coverage: Coverage, study: Study, audience: Audience = BUSINESS) -> Sentence:
    """Say how often such statements held on never-seen cases, beside the promise."""
    if coverage.method == "none":
        return refusal(coverage, study, audience)
    if coverage.kind == "rates":
        return groups_held(coverage, study, audience)
    n = coverage.n[0]
    parts: dict[str, Any] = {"n": n, "cases": plural(n, study.case, study.cases), "level": level_words(coverage.level)}
    facts = {"lower": float(coverage.lower[0]), "upper": float(coverage.upper[0])}
    what = "such ranges held for" if coverage.kind == "ranges" else "such lists held the true one for"
    if audience != BUSINESS:
        return sentence(
            "range",
            "empirical coverage {share} on {n} {rows} {cases} (95% interval {low} to {high}), nominal {promise}",
            share=_three(float(coverage.covered[0])),
            low=_three(float(coverage.lower[0])),
            high=_three(float(coverage.upper[0])),
            promise=_three(coverage.level),
            rows=_rows(coverage),
            facts=facts | {"95": 95, "95%": 95},
            **parts,
        )
    only = "only " if coverage.verdict[0] == "short" else ""
    template = what + " " + only + "{share} never-seen {cases}. The promise was {promise}"
    share, promise = in_hundred(float(coverage.covered[0])), numbers.share(coverage.level)
    return sentence("range", template, share=share, promise=promise, facts=facts | {"n_tested": n}, **parts)


def groups_held(coverage: Coverage, study: Study, audience: Audience = BUSINESS) -> Sentence:
    """Say in how many groups of similar scores the real rate was inside the stated range."""
    at = [k for k, name in enumerate(coverage.feature) if name == "prediction"] or [0]
    good = sum(coverage.inside[k] for k in at)
    parts: dict[str, Any] = {"good": good, "all": len(at), "cases": study.cases, "n": coverage.n[0]}
    if len(at) == 1:
        template = (
            "the real rate of {n} never-seen {cases} " + ("fitted" if good else "did not fit") + " the stated range"
        )
        return sentence("range", template, to=audience, **parts)
    if audience != BUSINESS:
        template = "observed rate inside the interval, binomial error allowed for, in {good} of {all} score groups"
        return sentence("range", template + " of {n} {rows} {cases}", rows=_rows(coverage), **parts)
    if good == len(at):
        every = "both" if len(at) == 2 else "all {all}"
        template = "in " + every + " groups of similar scores, the real rate fitted the stated range"
        return sentence("range", template, **parts)
    only = "only " if good < coverage.level * len(at) else ""
    template = "in " + only + "{good} of {all} groups of similar scores, the real rate fitted the stated range"
    return sentence("range", template, **parts)


def _rows(coverage: Coverage) -> str:
    return {"test": "never-seen"}.get(coverage.rows, coverage.rows)


def method(result: Interval | Coverage, study: Study) -> Sentence:
    """Say how ranges were made, for the technical audience."""
    return sentence(
        "method",
        "{how}; level {level}, {n} calibration rows",
        how=METHODS.get(result.method, result.method),
        level=_three(result.level),
        n=result.n_calibration,
        facts={"study": study.name},
        to="technical",
    )


def _three(value: float) -> Shown:
    text = numbers.decimal(value, 3)
    return Shown(text, {"": value, "shown": abs(numbers.read(text))})


def _percent(value: float, decimals: int) -> Shown:
    text = numbers.plain(100 * value, 3 if decimals == 0 else 4)
    return Shown(f"{text}%", {"": value, "shown": abs(numbers.read(text))})


__all__ = ["LEVELS", "describe", "groups_held", "held", "level_words", "method", "names", "refusal", "scale_of"]
