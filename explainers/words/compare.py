"""Say which option is worth it: what costs least with these figures, what it buys, where that would turn."""

from __future__ import annotations

from explainers.results import (
    VARIANTS,
    AnswersByCost,
    Comparison,
    Narrative,
    OptionRow,
    Sentence,
    ThresholdChoice,
)
from explainers.study import Study
from explainers.words import cutting, money, phrases, points, turning
from explainers.words.apart import against, chances, otherwise, speaks_against
from explainers.words.apart import pair as pair  # noqa: PLC0414
from explainers.words.say import BUSINESS, Audience, listed, none_or, sentence

ROWS = {"test": "never-seen", "unknown history": "possibly seen"}
PAYS = {
    "yes": "pays for itself",
    "no": "costs more than no model",
    "cannot tell": "cannot tell if it pays",
    "": "",
}
EQUAL = 0.01  # of a cost: below it two options cost about as much
EXPLAINED = {"exact": "exact", "estimated": "estimated, with their error", "none": "none"}


def describe(
    result: Comparison, study: Study, *, candidate: str | None = None, audience: Audience = BUSINESS
) -> Narrative:
    """Say which option costs least with these figures, and what the dearer ones buy.

    Parameters
    ----------
    result : Comparison
    study : Study
    candidate : str, optional
        The option on screen, which is set beside the plainest one that adds things up; by default the study's first.
    audience : "business" or "technical"

    Returns
    -------
    Narrative
        Headline: what costs least, or that none pays for itself. Sentences: by how much, what it costs and finds, what
        the best one would add, what one more point costs, where two come to the same. Caveats: whose figures.
    """
    head = headline(result, study, audience)
    if result.state == "nothing":
        return Narrative(headline=head, sentences=(), caveats=tuple(money.assumed(result.assumptions)))
    said = [*saving(result, study, audience), *alone(result, study, audience)]
    said += [*behind(result, study, audience), *cut_off(result, study, audience)]
    chosen = spoken_of(result)
    if chosen is not None and chosen.candidate != result.no_model:
        said += _costs(chosen, result, study, audience)
    said += buys(result, study, audience)
    said += on_screen(result, study, candidate or study.first, audience)
    said += points.describe(result, study, audience=audience)
    said += turning.main(result, study, audience=audience)
    said.append(_method(result, study, audience))
    return Narrative(headline=head, sentences=tuple(said), caveats=tuple(limits(result, study, audience)))


def headline(result: Comparison, study: Study, audience: Audience = BUSINESS) -> Sentence:
    """Say what costs least, that none pays for itself, or that these rows cannot tell."""
    figures = cutting.whose(result.assumptions)
    if result.state == "nothing":
        return sentence("answer", "there is nothing to compare yet", to=audience)
    if result.state == "none":
        return sentence(
            "answer", "none pays for itself with {figures}: go on without a model", to=audience, figures=figures
        )
    if result.state == "cannot tell":
        template = "with {figures}, no option has been shown to pay for itself"
        return sentence("answer", template, to=audience, figures=figures)
    least = row(result, result.least, result.least_variant)
    return sentence(
        "answer",
        "{option} costs least with {figures}",
        to=audience,
        option=money.named(least, study, audience) if least is not None else result.least,
        figures=figures,
        facts={"total": least.total if least is not None else None},
    )


def row(result: Comparison, name: str, variant: str = "") -> OptionRow | None:
    """Return one option's row."""
    return next((o for o in result.options if o.candidate == name and o.variant == variant), None)


def spoken_of(result: Comparison) -> OptionRow | None:
    """Return the option that the sentences are about: what costs least, else the nearest to it that is a model."""
    if result.state == "least":
        return row(result, result.least, result.least_variant)
    passed = {result.no_model, *result.set_aside}
    others = [o for o in result.options if o.candidate not in passed]
    return min(others, key=lambda o: o.total, default=None)


def saving(result: Comparison, study: Study, audience: Audience = BUSINESS) -> list[Sentence]:
    """Say how far the option that is spoken of is from no model, a month."""
    chosen = spoken_of(result)
    if chosen is None or chosen.saving is None:
        return []
    ends = (chosen.saving_lower, chosen.saving_upper)
    doubt = "so these {cases} cannot tell whether it pays for itself; another option is shown to"
    start = "that is" if result.state == "least" else "the nearest to it, {option}, comes to"
    if result.state == "cannot tell":
        start = "{option} comes to"
    moved = ". {mover} moves that most: were it a tenth higher, the gap would move by {by}"
    said = [
        sentence(
            "range",
            start + " {amount} a month than {none}, {whose}" + moved,
            option=money.named(chosen, study, audience),
            amount=money.less_or_more(chosen.saving, ends, result.assumptions.currency),
            none=none_of(result, study, audience),
            whose=money.whose(result.assumptions),
            mover=money.label(result.assumptions, result.moves_most),
            by=money.about(abs(result.moves_by), result.assumptions.currency),
            facts={"saving": chosen.saving},
        )
    ]
    if result.state == "least" and chosen.pays != "yes":
        said.append(sentence("caveat", doubt, cases=study.cases))
    return said


def none_of(result: Comparison, study: Study, audience: Audience = BUSINESS) -> str:
    """Return the name of no model; a study without such an option is set against the usual answer all the same."""
    known = result.no_model in study.candidates
    return phrases.option(study, result.no_model, audience) if known else "no model at all"


def behind(result: Comparison, study: Study, audience: Audience = BUSINESS) -> list[Sentence]:
    """Say which option comes next, and whether it can be told from the one that costs least."""
    if result.state != "least" or result.next_gap is None or result.next_least == result.no_model:
        return []
    passed = {(n, v) for n in result.set_aside for v in ("", *VARIANTS)} | {(result.least, result.least_variant)}
    other = min((o for o in result.options if (o.candidate, o.variant) not in passed), key=lambda o: o.total)
    currency = result.assumptions.currency
    low, high = result.next_lower, result.next_upper
    mover = money.label(result.assumptions, result.next_moves_most)
    name = money.named(other, study, audience)
    facts = {"gap": result.next_gap}
    if low is None or high is None:
        template = "{option} comes next, with {amount} a month more. {mover} moves that most"
        return [
            sentence(
                "comparison",
                template,
                option=name,
                amount=money.about(abs(result.next_gap), currency),
                mover=mover,
                facts=facts,
            )
        ]
    more = money.less_or_more(-result.next_gap, (-high, -low), currency)
    template = "{option} comes next, {amount} a month. {mover} moves that most"
    said = [sentence("range", template, option=name, amount=more, mover=mover, facts=facts)]
    if low <= 0 <= high:
        said.append(sentence("caveat", "so these {cases} cannot tell which of the two costs less", cases=study.cases))
    return said


def alone(result: Comparison, study: Study, audience: Audience = BUSINESS) -> list[Sentence]:
    """Say what no model comes to if it, too, answers by cost: so much of a saving needs no model."""
    flat = next((o for o in result.options if o.candidate == result.no_model and o.variant), None)
    if flat is None or (flat.candidate, flat.variant) == (result.least, result.least_variant):
        return []
    return [money.in_all(flat, result, subject=money.named(flat, study, audience))]


def cut_off(result: Comparison, study: Study, audience: Audience = BUSINESS) -> list[Sentence]:
    """Say what the option that is spoken of comes to beside its own with the cut-off of today, if it has another."""
    chosen = spoken_of(result)
    if chosen is None or not chosen.variant or result.next_least == chosen.candidate:
        return []  # nothing to say, or it is said as what comes next
    every: tuple[ThresholdChoice | AnswersByCost, ...] = (*result.by_cost, *result.answers_by_cost)
    found = next((t for t in every if t.candidate == chosen.candidate), None)
    if found is None or not found.moves_most:
        return []
    return [cutting.against_today(found, result.assumptions, money.named(chosen, study, audience), study)]


def _costs(chosen: OptionRow, result: Comparison, study: Study, audience: Audience) -> list[Sentence]:
    said = [
        sentence(
            "comparison",
            "to have {option} costs {amount} a month. {mover} moves that most",
            option=money.named(chosen, study, audience),
            amount=money.about(chosen.cost, result.assumptions.currency),
            mover=money.label(result.assumptions, chosen.cost_moves_most),
        )
    ]
    return [*said, *finds(chosen, result, study)]


def finds(chosen: OptionRow, result: Comparison, study: Study) -> list[Sentence]:
    """Say both kinds of error as counts, beside no model."""
    if chosen.finds is None or chosen.misses is None or chosen.false_alarms is None:
        return []
    n = chosen.finds + chosen.misses
    template = "it finds {found} of {n} {cases} that were {outcome}, and flags {alarms} of the {others} others"
    said = [
        sentence(
            "comparison",
            template,
            found=none_or(chosen.finds),
            n=n,
            cases=study.cases,
            outcome=phrases.outcome(study, study.positive),
            alarms=none_or(chosen.false_alarms),
            others=result.n - n,
        )
    ]
    none = row(result, result.no_model)
    if none is not None and none.finds is not None and none.false_alarms is not None:
        template = "{option} finds {found} of them and flags {alarms}"
        said.append(
            sentence(
                "comparison",
                template,
                option=phrases.option(study, result.no_model),
                found=none_or(none.finds),
                alarms=none_or(none.false_alarms),
            )
        )
    return said


def buys(result: Comparison, study: Study, audience: Audience = BUSINESS) -> list[Sentence]:
    """Say what the best option buys against the best one that costs less, other measures included."""
    best = row(result, result.best)
    if best is None:
        return []
    name = phrases.option(study, best.candidate, audience)
    if not best.against:
        return []
    gap = next((d for d in result.differences if (d.a, d.b) == (best.candidate, best.against)), None)
    said = [_more(best, result, study, audience)]
    if gap is not None:
        said.append(against(gap, study, audience=audience))
    for other in result.otherwise:
        if (other.a, other.b) == (best.candidate, best.against):
            said.append(otherwise(other, name, audience=audience))
    return said


def on_screen(result: Comparison, study: Study, name: str, audience: Audience = BUSINESS) -> list[Sentence]:
    """Say what one option is against the plainest one that adds things up, and whether its chances are better too."""
    every = [d for d in result.beside_plain if d.a == name]
    first = next((d for d in every if d.metric == result.metric), None)
    if first is None:
        return []
    best = row(result, result.best)
    known = best is not None and (best.candidate, best.against) == (first.a, first.b)
    said = [] if known else [against(first, study, audience=audience)]
    for gap in every:
        if gap.metric == "log_loss" != result.metric:
            said.append(chances(gap, first, study, audience=audience))
        elif gap.metric != result.metric and not known and speaks_against(gap, first):
            said.append(otherwise(gap, name, audience=audience))
    return said


def _more(best: OptionRow, result: Comparison, study: Study, audience: Audience) -> Sentence:
    cheaper = row(result, best.against)
    assert cheaper is not None  # it was named by its row
    more = best.cost - cheaper.cost
    if more < EQUAL * best.cost:
        return sentence(
            "comparison",
            "{option} costs about as much to have as {other}",
            option=phrases.option(study, best.candidate, audience),
            other=phrases.option(study, best.against, audience),
            facts={"more": more},
        )
    return sentence(
        "comparison",
        "{option} costs {amount} a month more to have than {other}. {mover} moves that most",
        option=phrases.option(study, best.candidate, audience),
        amount=money.about(more, result.assumptions.currency),
        other=phrases.option(study, best.against, audience),
        mover=money.label(result.assumptions, best.against_moves_most),
    )


def limits(result: Comparison, study: Study, audience: Audience = BUSINESS) -> list[Sentence]:
    """Say whose figures these are, what was not measured, and which rows the counts come from."""
    said = money.assumed(result.assumptions)
    missing = [o for o in result.options if o.lacking and not o.variant]
    if missing:
        template = "for {n} of {all} options not all costs were measured. What is missing counts as nothing"
        all_ = sum(not o.variant for o in result.options)
        said.append(sentence("caveat", template, to=audience, n=len(missing), all=all_))
    if result.set_aside:
        template = "{options} uses protected characteristics. It is shown and never named as the one to take"
        if len(result.set_aside) > 1:
            template = "{options} use protected characteristics. They are shown and never named as the one to take"
        names = listed([phrases.option(study, n, audience) for n in result.set_aside])
        said.append(sentence("caveat", template, options=names))
    if result.rows != "test":
        said.append(
            sentence("caveat", "the options may have seen these {cases} before", to=audience, cases=study.cases)
        )
    if result.no_model not in study.candidates:
        said.append(sentence("caveat", "the study has no option without a model. The usual answer stands in for it"))
    return said


def _method(result: Comparison, study: Study, audience: Audience) -> Sentence:
    rows = ROWS.get(result.rows, result.rows)
    if audience == BUSINESS:
        template = "what answers come to was counted on {n} {rows} {cases}; ranges hold {of_95} times in {of_100}"
        return sentence("method", template, n=result.n, rows=rows, cases=study.cases, of_95=95, of_100=100)
    return sentence(
        "method",
        "ranges are paired studentised bootstraps at {level}% on {n} {rows} {cases}; savings are Holm-adjusted",
        level=round(100 * result.level),
        n=result.n,
        rows=rows,
        cases=study.cases,
    )
