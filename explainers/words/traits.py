"""Say what picked cases have in common, with counts in and out of the picked ones."""

from __future__ import annotations

from typing import Any

from explainers.results import Narrative, Sentence, Trait, Traits
from explainers.study import Study
from explainers.words.say import BUSINESS, Audience, Shown, plural, sentence
from explainers.words.where import short, where

WHY = {
    "none picked": "nothing is picked yet",
    "everything picked": "all {n} {cases} are picked, so there are no others to compare them with",
    "no columns": "there is nothing to compare the {cases} by",
}


def describe(result: Traits, study: Study, *, audience: Audience = BUSINESS) -> Narrative:
    """Say what picked cases have in common and the others have not.

    Parameters
    ----------
    result : Traits
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    Narrative
        Headline: the clearest trait, or that none is too common for chance. Sentences: the others, with counts, and
        what was looked at.
    """
    picked = plural(result.n_picked, study.case, study.cases)
    parts: dict[str, Any] = {"n": result.n_picked, "cases": picked}
    if result.why:
        return Narrative(headline=sentence("answer", WHY[result.why], **parts), sentences=())
    looked = _looked(result, audience)
    if not result.traits:
        template = "these {n} {cases} have nothing in common that chance would not show"
        if result.n_picked == 1:
            template = "one {cases} alone shows nothing that chance would not"
        return Narrative(headline=sentence("answer", template, **parts), sentences=looked)
    first, *others = result.traits
    said = [_trait(t, result, study, audience, lead="also, ") for t in others]
    return Narrative(headline=_trait(first, result, study, audience), sentences=(*said, *looked))


def _trait(t: Trait, result: Traits, study: Study, audience: Audience, *, lead: str = "") -> Sentence:
    of = _of(t.picked, result.n_picked)
    parts: dict[str, Any] = {"of": of, "what": where((t.condition,), study), "k": t.others, "m": result.n_others}
    template = lead + "for {of} picked, {what}. Of the {m} others, {k} " + plural(t.others, "is", "are") + " like that"
    if t.others == 0:
        template = lead + "for {of} picked, {what}. Of the {m} others, none is like that"
    facts = {"p_value": t.p_value, "evidence": t.evidence}
    if audience != BUSINESS:
        template += " (family-wise p {p})"
        parts["p"] = Shown(f"{t.p_value:.3f}", {"": t.p_value, "shown": round(t.p_value, 3)})
    return sentence("comparison" if lead else "answer", template, facts=facts, **parts)


def _of(k: int, n: int) -> Shown:
    facts = {"": k, "of": n}
    if k == n:
        return Shown(f"all {n:,}" if n > 1 else "the one", facts)
    return Shown(f"{k:,} of {n:,}", facts)


def _looked(result: Traits, audience: Audience) -> tuple[Sentence, ...]:
    if audience != BUSINESS:
        template = "{looked} conditions on {d} columns; maximum likelihood gain over {times} random picks"
        return (sentence("method", template, looked=result.n_looked, d=len(result.columns), times=result.n_shuffles),)
    template = "{looked} things were looked at. So much in common is seldom seen among as many picked at random"
    if not result.traits:
        template = "{looked} things were looked at"
    return (sentence("method", template, looked=result.n_looked),)


def labels(result: Traits, study: Study) -> tuple[str, ...]:
    """Return the traits as a table shows them: 'Heating fuel: electric'."""
    return tuple(short((t.condition,), study) for t in result.traits)


def table(result: Traits, study: Study) -> tuple[tuple[str, str, str], ...]:
    """Return one row per trait: what holds, for how many picked, for how many others."""
    counts = ((f"{t.picked:,} of {result.n_picked:,}", f"{t.others:,} of {result.n_others:,}") for t in result.traits)
    return tuple((name, a, b) for name, (a, b) in zip(labels(result, study), counts, strict=True))
