"""Say what was decided, how the votes stand, and what follows from somebody's own weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from explainers.reasons import one_two_five
from explainers.results import VARIANTS, Comparison, Decided, Narrative, RankedOption, Ranking, Sentence, Tally
from explainers.study import Study
from explainers.words import numbers, phrases
from explainers.words.money import label, varied
from explainers.words.numbers import Scale
from explainers.words.say import BUSINESS, Audience, Shown, listed, none_or, plural, quoted, sentence, spelled

THINGS = {
    "accuracy": "How good it is",
    "cost": "What it costs",
    "speed": "How soon it is in use",
    "explainability": "Whether reasons are exact",
    "answers": "What its answers cost",
}
PARTS = {
    "accuracy": "how good",
    "cost": "cost",
    "speed": "how soon",
    "explainability": "reasons",
    "answers": "answers",
}
WITHIN = {
    "accuracy": "how good it is",
    "cost": "what it costs",
    "speed": "how soon it is in use",
    "explainability": "whether its reasons are exact",
    "answers": "what its answers cost",
}
MOST_NAMES = 4


def describe(votes: Tally, decision: Decided | None, study: Study, *, audience: Audience = BUSINESS) -> Narrative:
    """Say what was decided, else how the votes stand.

    Parameters
    ----------
    votes : Tally
    decision : Decided, optional
        The decision that holds; None where there is none yet.
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    Narrative
    """
    standing = counted(votes, study, audience=audience)
    if decision is None:
        return Narrative(
            headline=_undecided(votes, study, audience), sentences=tuple(standing), caveats=tuple(_old(votes, audience))
        )
    return Narrative(
        headline=_decided(decision, study, audience),
        sentences=(*_how(decision), *standing),
        caveats=(*_since(decision, audience), *_old(votes, audience)),
    )


def _undecided(votes: Tally, study: Study, audience: Audience) -> Sentence:
    if not votes.n:
        return sentence("answer", "nothing is decided yet, and nobody has voted")
    most = len(votes.options[0].names)
    first = [_named(study, o.candidate, o.label, o.variant, audience) for o in votes.options if len(o.names) == most]
    if len(first) > 1:
        template = "nothing is decided yet: {options} are level with {k} " + plural(most, "vote", "votes") + " each"
        names = listed(first[:MOST_NAMES])
        return sentence("answer", template, options=names, k=spelled(most), to=audience)
    template = "nothing is decided yet: {k} of {n} " + plural(votes.n, "vote is", "votes are") + " for {option}"
    return sentence("answer", template, k=most, n=votes.n, option=first[0])


def _decided(d: Decided, study: Study, audience: Audience) -> Sentence:
    when = numbers.date(d.on)
    if not d.candidate:
        return sentence("answer", "decided on {on}: no option is chosen yet", on=when, to=audience)
    name = _named(study, d.candidate, d.label, d.variant, audience)
    if d.kind == "baseline":
        template = "decided on {on}: go on without a model ({option})"
        return sentence("answer", template, on=when, option=name)
    return sentence("answer", "decided on {on}: go on with {option}", on=when, option=name)


def _named(study: Study, candidate: str, label: str, variant: str, audience: Audience) -> str:
    """Return what an option is called, in quotation marks; one that is gone by the name that it had."""
    if audience == BUSINESS or candidate not in study.candidates:
        return quoted(label)
    return varied(phrases.option(study, candidate, audience), variant)


def _how(d: Decided) -> list[Sentence]:
    said = []
    if not d.n_votes:
        said.append(sentence("comparison", "{who} recorded it. Nobody had voted", who=d.author))
    elif not d.candidate:
        template = "{who} recorded it; {n} " + plural(d.n_votes, "person", "people") + " had voted"
        said.append(sentence("comparison", template, who=d.author, n=spelled(d.n_votes)))
    else:
        template = "{who} recorded it; {k} of {n} " + plural(d.n_votes, "vote was", "votes were") + " for it"
        said.append(sentence("comparison", template, who=d.author, k=none_or(d.votes_for), n=d.n_votes))
    if d.earlier:
        template = "it took the place of {n} earlier " + plural(d.earlier, "decision", "decisions")
        said.append(sentence("method", template, n=spelled(d.earlier)))
    return said


def _since(d: Decided, audience: Audience) -> list[Sentence]:
    if not d.option_there:
        template = "the option that was chosen is no longer among the options"
        return [sentence("caveat", template, to=audience)]
    if d.option_changed:
        return [
            sentence("caveat", "the option was made anew since then: look again, and record what holds", to=audience)
        ]
    if d.data_changed:
        return [sentence("caveat", "the study is not as it was then: options or data were added or changed")]
    return []


def counted(votes: Tally, study: Study, *, audience: Audience = BUSINESS) -> list[Sentence]:
    """Say how many votes each option has, and of whom."""
    said = []
    for option in votes.options:
        template = "{option} has {n} " + plural(len(option.names), "vote", "votes") + ": {names}"
        said.append(
            sentence(
                "comparison",
                template,
                option=_named(study, option.candidate, option.label, option.variant, audience),
                n=spelled(len(option.names)),
                names=_names(option.names),
            )
        )
    if votes.abstain:
        template = "{names} " + plural(len(votes.abstain), "abstains", "abstain")
        said.append(sentence("comparison", template, names=_names(votes.abstain)))
    return said


def _names(names: Sequence[str]) -> Shown:
    if len(names) <= MOST_NAMES + 1:
        return Shown(listed(names), {"": listed(names)})
    rest = len(names) - MOST_NAMES
    text = f"{', '.join(names[:MOST_NAMES])} and {rest} others"
    return Shown(text, {"": text, "others": rest})


def _old(votes: Tally, audience: Audience) -> list[Sentence]:
    said = []
    older = sum(o.older for o in votes.options)
    if older:
        template = "{n} " + plural(older, "vote was", "votes were") + " given before the option was made anew"
        said.append(sentence("caveat", template, n=spelled(older), to=audience))
    gone = sum(len(o.names) for o in votes.options if not o.there)
    if gone:
        template = "{n} " + plural(gone, "vote is", "votes are") + " for an option that is gone"
        said.append(sentence("caveat", template, n=spelled(gone), to=audience))
    return said


def lines(found: Comparison, study: Study) -> dict[str, Sentence]:
    """Say in one line what each option costs a month to have and how good it is, for those who vote.

    Parameters
    ----------
    found : Comparison
    study : Study

    Returns
    -------
    dict of str to Sentence
        By name, that of a variant with a bar before its variant.
    """
    said = {}
    for o in found.options:
        template = "costs {cost} a month to have"
        if o.finds is not None and o.misses is not None and o.false_alarms is not None and len(study.classes) == 2:
            template += "; finds {finds} of {all}, flags {alarms} others"
        elif o.value is not None and found.metric in ("mae", "rmse"):
            template += "; usually off by {off}"
        size = abs(o.value or 0.0)
        scale = Scale("number", one_two_five(size / 20 if size > 0 else 1), numbers.target_unit(study))
        name = f"{o.candidate}|{o.variant}" if o.variant else o.candidate
        said[name] = sentence(
            "comparison",
            template,
            cost=money(o.cost, found.assumptions.currency),
            finds=none_or(o.finds or 0),
            all=(o.finds or 0) + (o.misses or 0),
            alarms=Shown(f"{o.false_alarms:,}" if o.false_alarms else "no", {"": o.false_alarms or 0}),
            off=scale.size(size),
        )
    return said


def also(variants: Mapping[str, Sequence[str]]) -> list[Sentence]:
    """Say once how many options can be had with which variants; the ballot asks for them after the option."""
    if not variants:
        return []
    n, every = len(variants), dict.fromkeys(v for each in variants.values() for v in each)
    template = (
        f"{{n}} {plural(n, 'option', 'options')} can also be had with {{variants}}, which is asked once you choose"
    )
    names = listed([way(v).removeprefix("With ") for v in every])
    return [sentence("method", template, facts={"n": n}, n=spelled(n), variants=names)]


def way(variant: str) -> str:
    """Return how a variant of an option answers, as a choice on a ballot.

    Examples
    --------
    >>> way(""), way("cut by cost")
    ('As it does now', 'With the cut-off by cost')
    """
    if not variant:
        return "As it does now"
    return {"cut by cost": "With the cut-off by cost"}.get(variant, f"With {VARIANTS.get(variant, variant)}")


def lines_note(found: Comparison) -> list[Sentence]:
    """Say which figure moves these costs most, and whose figures they are."""
    movers = [o.cost_moves_most for o in found.options if not o.variant and o.cost_moves_most]
    if not movers:
        return []
    most = max(dict.fromkeys(movers), key=movers.count)
    template = "{mover} moves what they cost most"
    if len(set(movers)) > 1:
        template = "for {n} of {all} options, {mover} moves what they cost most"
    mover = label(found.assumptions, most)
    said = [sentence("method", template, mover=mover, n=movers.count(most), all=len(movers))]
    if found.example:
        said.append(sentence("caveat", "these are example figures: nobody has confirmed them"))
    return said


def money(value: float, currency: str) -> Shown:
    """Return an amount of money with two figures: more would say more than is known."""
    said = numbers.rough(value)
    return Shown(numbers.measured(said.text, currency or None), said.facts)


# -- own weights -----------------------------------------------------------------------------------------------------
def ranking(result: Ranking, study: Study, *, audience: Audience = BUSINESS) -> Narrative:
    """Say what follows from somebody's own weights.

    Parameters
    ----------
    result : Ranking
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    Narrative
        Headline: which option comes first. Sentences: the next one, and which could be first within the ranges.
    """
    if not any(result.weights.values()) or not result.options:
        head = sentence("answer", "nothing counts yet: give at least one thing some weight")
        return Narrative(headline=head, sentences=())
    first, *rest = result.options
    names = {o: ranked_name(o, study, audience=audience) for o in result.options}
    level = [o for o in rest if _points(o.score).text == _points(first.score).text]
    equal = len({round(w, 9) for w in result.weights.values()}) == 1
    start = "with everything counting the same, " if equal else "with your weights "
    if level:
        every = listed([names[o] for o in (first, *level)][:MOST_NAMES])
        template = start + "{options} are level, with {points} of {most} points"
        head = sentence("answer", template, options=every, points=_points(first.score), most=100)
    else:
        template = start + "{option} comes first, with {points} of {most} points"
        others = len([label for label in result.close if label != first.label])
        template += f"; {{others}} {plural(others, 'other', 'others')} could be first too" if others else ""
        facts: dict[str, Any] = {"others": others} if others else {}
        head = sentence("answer", template, option=names[first], points=_points(first.score), most=100, **facts)
    said = []
    after = [o for o in rest if o not in level]
    if after and not level:
        said.append(
            sentence(
                "comparison",
                "{option} is next with {points}",
                option=names[after[0]],
                points=_points(after[0].score),
            )
        )
    most = max(result.weights.values())
    heaviest = [name for name, weight in result.weights.items() if weight == most]
    if not equal:
        template = "{thing} " + plural(len(heaviest), "weighs", "weigh") + " most: {share} of {most}"
        template += "" if len(heaviest) == 1 else " each"
        things = listed([WITHIN[name] for name in heaviest])
        said.append(sentence("method", template, thing=things, share=_points(100 * most), most=100))
    limits = []
    if result.close:
        close = [names[o] for o in result.options if o.label in result.close]
        names_of_close = close[:MOST_NAMES]
        more = max(len(result.close) - MOST_NAMES, 0)
        shown = ", ".join(names_of_close) if more else listed(names_of_close)
        template = "{options} could each be first, as far as the ranges tell"
        if more:
            template = "{options} and {more} more could each be first, as far as the ranges tell"
        limits.append(sentence("caveat", template, options=shown, more=more))
    if result.example:
        limits.append(sentence("caveat", "what options cost is worked out with example figures", to=audience))
    said.append(sentence("method", "points show what follows from your weights; people choose"))
    return Narrative(headline=head, sentences=tuple(said), caveats=tuple(limits))


def ranked_name(option: RankedOption, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return what an option in the order is called, in quotation marks; a variant says what it is."""
    name = phrases.option(study, option.candidate, audience)
    return varied(name, option.variant)


def _points(score: float) -> Shown:
    n = round(score)
    return Shown(str(n), {"": score, "shown": n})


def ranking_title(result: Ranking, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return the finding of the figure of own weights."""
    return ranking(result, study, audience=audience).headline.text.rstrip(".")


def ranking_alt(result: Ranking, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return its text alternative."""
    order = listed([ranked_name(o, study, audience=audience) for o in result.options])
    return f"{ranking_title(result, study, audience=audience)}. In order: {order}."
