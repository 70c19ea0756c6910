"""Say which rows are there twice, and which are alike in everything but their record."""

from __future__ import annotations

from typing import Any

from explainers.results import CopyGroup, Duplicates, Narrative, Sentence
from explainers.study import Study
from explainers.words import odd_outcomes, phrases
from explainers.words.say import BUSINESS, Audience, Shown, listed, plural, sentence, spelled

NAMED = 6
MANY_BY_LUCK = 1.0


def describe(result: Duplicates, study: Study, *, audience: Audience = BUSINESS) -> Narrative:
    """Say how many rows repeat another, how many are alike with another record, and what that means.

    Parameters
    ----------
    result : Duplicates
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    Narrative
    """
    n, k = result.n_rows, result.n_copies
    parts: dict[str, Any] = {"n": n, "cases": study.cases, "case": study.case}
    if not k and not result.n_conflicts:
        head = sentence("answer", "of {n} {cases}, no two are the same in everything", **parts)
        return Narrative(headline=head, sentences=(_columns(result, audience),))
    if k:
        head = sentence(
            "answer",
            "of {n} {cases}, {k} " + plural(k, "repeats", "repeat") + " an earlier one in everything",
            k=k,
            **parts,
        )
    else:
        head = sentence("answer", "of {n} {cases}, none repeats an earlier one with the same record", **parts)
    said: list[Sentence] = []
    g = result.n_conflicts
    if g:
        groups = plural(g, "group of {cases} is", "groups of {cases} are")
        template = "{g} " + groups + " alike in all but the record: {m} {cases}"
        said.append(sentence("comparison", template, g=_count(g), m=result.n_conflicting, **parts))
        said.append(sentence("comparison", "no option can get both sides of such a group right", facts={"groups": g}))
    caveats = []
    if result.n_across:
        a = result.n_across
        template = "{a} never-seen " + plural(a, "{case} repeats", "{cases} repeat") + " one that options learned from"
        caveats.append(sentence("caveat", template, a=_count(a), **parts))
        caveats.append(sentence("caveat", "there an option can look better than it is"))
    if result.expected >= MANY_BY_LUCK:
        e = round(result.expected)
        template = "so few values are possible that about {e} such pairs would come by luck; there are {p}"
        caveats.append(sentence("caveat", template, e=e, p=result.pairs))
    said.append(_columns(result, audience))
    if audience != BUSINESS:
        template = "{pairs} pairs with equal inputs; {e} expected if the columns were independent"
        text = f"{result.expected:.3g}"
        said.append(sentence("method", template, pairs=result.pairs, e=Shown(text, {"": text})))
    return Narrative(headline=head, sentences=tuple(said), caveats=tuple(caveats))


def item(group: CopyGroup, study: Study, *, audience: Audience = BUSINESS) -> tuple[Sentence, ...]:
    """Say of one group which rows it holds and how their records differ.

    Parameters
    ----------
    group : CopyGroup
    study : Study
    audience : "business" or "technical"
        Both read the same.
    """
    del audience
    shown = [f"No. {i}" for i in group.ids[:NAMED]]
    more = len(group.ids) - len(shown)
    text = listed([*shown, *([f"{more} more"] if more else [])])
    which = Shown(text, {"": text})
    if group.kind == "copies":
        return (sentence("comparison", "{which} are the same in everything, the record too", which=which),)
    said = [sentence("comparison", "{which} are alike in all but the record", which=which)]
    if study.task == "regression":
        low, high = (odd_outcomes.amount(study, f(map(float, group.outcomes)), 6) for f in (min, max))
        said.append(sentence("comparison", "their records run from {low} to {high}", low=low, high=high))
    else:
        counts = {o: group.outcomes.count(o) for o in dict.fromkeys(group.outcomes)}
        text = listed(
            [f"{spelled(k)} {plural(k, 'was', 'were')} {phrases.outcome(study, o)}" for o, k in counts.items()]
        )
        said.append(sentence("comparison", "{what}", what=Shown(text, {str(o): k for o, k in counts.items()})))
    return tuple(said)


def _count(n: int) -> Shown:
    return spelled(n)


def _columns(result: Duplicates, audience: Audience) -> Sentence:
    d = len(result.columns)
    if audience == BUSINESS:
        template = "alike means: all {d} things that are known of them are equal, their number left aside"
        if d == 1:
            template = "alike means: the one thing that is known of them is equal"
        return sentence("method", template, d=d)
    return sentence("method", "exact equality in {d} columns, missing values equal to each other", d=d)
