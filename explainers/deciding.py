"""Count votes, rank options by somebody's own weights, and say what a decision of then means now.

Weights are a sum of parts between 0 and 1: simple enough to follow by hand, which is what a meeting needs. They show
what follows from what a person says counts; they do not choose.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from explainers.results import VARIANTS, Comparison, Decided, OptionRow, RankedOption, Ranking, Tally, VotesFor

if TYPE_CHECKING:
    from explainers.database import Decision, Vote
    from explainers.study import Study

RESULT_VERSION = 1
WEIGHTS: Mapping[str, int] = {"accuracy": 3, "cost": 3, "speed": 3, "explainability": 3}
"""Everything counts the same until somebody says otherwise; on a scale of 0 to 5."""
ANSWERS = "answers"
"""What answers cost, less what right ones bring: counts too where an option can be had with another cut-off."""
USUAL, MOST_WEIGHT = 3, 5
_EXPLAINS = {"exact": 1.0, "estimated": 0.5, "none": 0.0}
CLOSE = 1e-9


def rank(found: Comparison, weights: Mapping[str, float] | None = None) -> Ranking:
    """Rank the options of a comparison by what counts for one person.

    Parameters
    ----------
    found : Comparison
        From :func:`explainers.compare.comparison`; with variants, options with another cut-off take part. They cost
        as much to have as their own and are as good in the declared measure, so they are left out where what answers
        cost has no weight.
    weights : mapping, optional
        accuracy, cost, speed, explainability and answers to how much each counts, 0 or more; by default everything
        that :func:`things` names counts the same. All zero means that nothing counts, and every option has the same
        score.

    Returns
    -------
    Ranking
        Each part is 0 for the worst option and 1 for the best, in between in proportion: accuracy by the declared
        measure, cost by what it costs a month to have, speed by the working days until it is in use. Explainability is
        1 where reasons are exact, a half where they are estimated. Answers: what they cost a month, less what right
        ones bring. Options that are alike in a thing all have 1. The range of a score comes from the ranges of the
        measure and of what answers cost, both at their worse or both at their better end.

    Examples
    --------
    >>> from explainers import compare, open_study  # doctest: +SKIP
    >>> study = open_study("sample_data/boston_mortgages")  # doctest: +SKIP
    >>> rank(compare.comparison(study), {"cost": 1}).options[0].candidate  # doctest: +SKIP
    'no_model'
    """
    usual = {name: WEIGHTS.get(name, USUAL) for name in things(found)}
    given = {name: max(0.0, float((weights or usual).get(name, 0.0))) for name in usual}
    total = sum(given.values())
    shares = {name: (value / total if total else 0.0) for name, value in given.items()}
    rows = [o for o in offered(found) if not o.variant or shares.get(ANSWERS)]
    sign = 1.0 if found.greater_is_better else -1.0
    quality = _scale([None if o.value is None else sign * o.value for o in rows])
    cost = _scale([-o.cost for o in rows])
    speed = _scale([-o.time_to_production_days for o in rows])
    answers = _scale([o.right - o.wrong for o in rows])
    options = [_ranked(o, shares, sign, quality, cost, speed, answers) for o in rows]
    options.sort(key=lambda o: -o.score)  # ties stay in the study's order: simplest first
    first = options[0] if options else None
    close = tuple(o.label for o in options if first is not None and o.upper >= first.lower - CLOSE)
    return Ranking(
        weights=shares,
        options=tuple(options),
        close=close if len(close) > 1 else (),
        metric=found.metric,
        example=found.example,
    )


def things(found: Comparison) -> tuple[str, ...]:
    """Return what can be weighed: what answers cost is among it where an option can be had with another cut-off."""
    return (*WEIGHTS, ANSWERS) if any(o.variant for o in offered(found)) else tuple(WEIGHTS)


def offered(found: Comparison) -> tuple[OptionRow, ...]:
    """Return the options that people can choose: all of them, and variants that answer otherwise than their own."""
    own = {o.candidate: _counted(o) for o in found.options if not o.variant}
    return tuple(o for o in found.options if not o.variant or _counted(o) != own.get(o.candidate))


def _counted(o: OptionRow) -> tuple[float | None, ...]:
    return o.finds, o.misses, o.false_alarms, o.wrong, o.right


def _ranked(
    o: OptionRow,
    shares: Mapping[str, float],
    sign: float,
    quality: _Scale,
    cost: _Scale,
    speed: _Scale,
    answers: _Scale,
) -> RankedOption:
    parts = {
        "accuracy": quality.of(None if o.value is None else sign * o.value),
        "cost": cost.of(-o.cost),
        "speed": speed.of(-o.time_to_production_days),
        "explainability": _EXPLAINS.get(o.explainability, 0.0),
        ANSWERS: answers.of(o.right - o.wrong),
    }
    parts = {name: parts[name] for name in shares}
    score = 100 * sum(shares[name] * part for name, part in parts.items())
    ends = [e for e in (o.lower, o.upper) if e is not None and o.value is not None]
    by_range = sorted(100 * shares["accuracy"] * (quality.of(sign * e) - parts["accuracy"]) for e in ends)
    known = [o.cost - e for e in (o.total_lower, o.total_upper) if e is not None]
    by_money = [100 * shares.get(ANSWERS, 0.0) * (answers.of(e) - answers.of(o.right - o.wrong)) for e in known]
    return RankedOption(
        candidate=o.candidate,
        variant=o.variant,
        label=o.label,
        score=score,
        lower=score + min([0.0, *by_range]) + min([0.0, *by_money]),
        upper=score + max([0.0, *by_range]) + max([0.0, *by_money]),
        parts=parts,
        lacking=("accuracy",) if o.value is None else (),
    )


class _Scale:
    """From the worst of some values to the best: 0 to 1; the ends of ranges may lie beyond."""

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = low, high

    def of(self, value: float | None) -> float:
        if value is None or not math.isfinite(value):
            return 0.0
        return 1.0 if self.high <= self.low else min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))


def _scale(values: Iterable[float | None]) -> _Scale:
    known = [v for v in values if v is not None and math.isfinite(v)]
    return _Scale(min(known), max(known)) if known else _Scale(0.0, 0.0)


def tally(every: Iterable[Vote], study: Study) -> Tally:
    """Count votes: of each person the latest.

    Parameters
    ----------
    every : iterable of Vote
        All votes of the study, in any order.
    study : Study
        Its options of now.

    Returns
    -------
    Tally
        Most votes first; options that are level stay in the order of the study.
    """
    latest: dict[str, Vote] = {}
    for vote in sorted(every, key=lambda one: one.id):
        latest.pop(vote.person, None)
        latest[vote.person] = vote
    counted: dict[tuple[str, str], list[Vote]] = {}
    for vote in latest.values():
        if vote.candidate:
            counted.setdefault((vote.candidate, vote.variant), []).append(vote)
    order = {name: at for at, name in enumerate(study.candidates)}
    ranked = sorted(counted.items(), key=lambda item: (-len(item[1]), order.get(item[0][0], len(order)), item[0][1]))
    options = tuple(_votes_for(study, *which, votes) for which, votes in ranked)
    most = len(options[0].names) if options else 0
    return Tally(
        options=options,
        n=sum(len(o.names) for o in options),
        abstain=tuple(v.author for v in latest.values() if not v.candidate),
        first=tuple(o.label for o in options if len(o.names) == most),
    )


def _votes_for(study: Study, candidate: str, variant: str, votes: list[Vote]) -> VotesFor:
    known = study.candidates.get(candidate)
    key = "" if known is None else known.key
    return VotesFor(
        candidate=candidate,
        variant=variant,
        label=labelled(study, candidate, variant),
        names=tuple(v.author for v in votes),
        older=sum(bool(v.candidate_key) and v.candidate_key != key for v in votes) if known is not None else 0,
        there=known is not None,
    )


def labelled(study: Study, candidate: str, variant: str = "", *, technical: bool = False) -> str:
    """Return what an option is called, its variant with it; by its name in the field where it has one."""
    known = study.candidates.get(candidate)
    label = candidate if known is None else (technical and known.technical) or known.label
    return f"{label}, {VARIANTS.get(variant, variant)}" if variant else label


def decided(record: Decision, study: Study) -> Decided:
    """Return what a recorded decision means now.

    Parameters
    ----------
    record : Decision
        From the database.
    study : Study
        As it is now.

    Returns
    -------
    Decided
        With whether option and data are still those that were decided on.
    """
    known = study.candidates.get(record.candidate)
    mine = [v for v in record.votes if _same(v, record)]
    return Decided(
        number=record.number,
        candidate=record.candidate,
        variant=record.variant,
        label=labelled(study, record.candidate, record.variant) if record.candidate else "",
        kind="" if known is None else known.kind,
        author=record.author,
        on=record.created_at.date().isoformat(),
        votes_for=len(mine),
        n_votes=sum(bool(v.get("candidate")) for v in record.votes),
        option_there=known is not None or not record.candidate,
        option_changed=known is not None and bool(record.candidate_key) and known.key != record.candidate_key,
        data_changed=record.fingerprint != study.fingerprint,
        earlier=record.number - 1,
    )


def _same(vote: Mapping[str, Any], record: Decision) -> bool:
    mine = (vote.get("candidate"), vote.get("variant", ""))
    return bool(record.candidate) and mine == (record.candidate, record.variant)
