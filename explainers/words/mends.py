"""Say what never-seen rows say of a change that may mend what a test found."""

from __future__ import annotations

from typing import Any

from explainers.reasons import one_two_five
from explainers.results import Mend, Sentence
from explainers.study import Study
from explainers.words import numbers, phrases
from explainers.words.numbers import Scale
from explainers.words.say import BUSINESS, Audience, Shown, quoted, sentence
from explainers.words.verdict import NAMES


def say(m: Mend, study: Study, candidate: str, audience: Audience = BUSINESS) -> list[Sentence]:
    """Return the change that was tried, and what never-seen rows say of it.

    Parameters
    ----------
    m : Mend
    study : Study
    candidate : str
        Name of the option that was tested.
    audience : "business" or "technical"
    """
    template = {
        "better": "{change}, it does better on {n} never-seen {cases}",
        "worse": "{change}, it does worse on {n} never-seen {cases}, so that does not mend it",
        "about the same": "{change}, it does about the same on {n} never-seen {cases}: not worth it",
        "cannot tell": "{change}, {n} never-seen {cases} cannot tell if it does better",
    }[m.verdict]
    parts: dict[str, Any] = {"change": _change(m, study, audience), "n": m.n, "cases": study.cases}
    facts = {"verdict": m.verdict, "before": m.before, "after": m.after, "candidate": candidate}
    said = [sentence("comparison", template, to=audience, facts=facts, **parts)]
    figures = _figures(m, study, audience)
    return [*said, figures] if figures is not None else said


def _change(m: Mend, study: Study, audience: Audience) -> Shown:
    """Return the change as it begins a sentence: 'with the square of “Living area” added'."""
    name = quoted(phrases.label(study, m.column)) if m.column else ""
    facts = {"column": name, "kind": m.kind}
    if m.kind == "last known":
        other = phrases.option(study, m.candidate, audience)
        return Shown(f"taking {other} instead", {**facts, "other": other})
    text = {
        "log target": f"with the log of {name} answered instead",
        "logs": f"with {name} and its inputs on a log scale",
        "square": f"with the square of {name} added",
        "log": f"with the log of {name} in its place",
        "group": f"with {name} added",
        "input": f"with {name} added",
    }[m.kind]
    return Shown(text, facts)


def _figures(m: Mend, study: Study, audience: Audience) -> Sentence | None:
    if audience != BUSINESS:
        ends = {k: numbers.plain(v, 3) for k, v in (("low", m.lower), ("high", m.upper)) if v is not None}
        template = "{measure} {before} before, {after} after"
        if len(ends) == 2:
            template += "; difference {gap}, {level}% range {low} to {high}"
        texts = {
            "before": numbers.plain(m.before, 4),
            "after": numbers.plain(m.after, 4),
            "gap": numbers.plain(m.after - m.before, 3),
            **ends,
        }
        shown: dict[str, Any] = {k: Shown(v, {"": v}) for k, v in texts.items()}
        return sentence(
            "method",
            template,
            measure=NAMES.get(m.metric, m.metric),
            level=round(100 * m.level),
            to="technical",
            **shown,
        )
    if m.verdict == "about the same":
        return None
    if m.metric in ("mae", "rmse"):
        size = max(m.before, m.after)
        scale = Scale("number", one_two_five(size / 50 if size > 0 else 1), numbers.target_unit(study))
        template = "it is then usually off by {after} instead of {before}"
        parts: dict[str, Any] = {"after": scale.size(m.after), "before": scale.size(m.before)}
        return sentence("range", template, **parts)
    if m.metric in ("auc", "accuracy"):
        a, b = round(100 * m.before), round(100 * m.after)
        if a == b:
            return None
        what = "pairs in the right order" if m.metric == "auc" else f"{study.cases} as in the record"
        facts = {"before_exact": m.before, "after_exact": m.after}
        template = "of {of} it then puts {after} {what}, instead of {before}"
        if m.metric == "auc":
            template = "of {of} pairs it then puts {after} in the right order, instead of {before}"
        return sentence("range", template, of=100, after=b, before=a, what=what, facts=facts)
    return None
