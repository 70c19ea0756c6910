"""Say what the charts of the comparison show: titles that state the finding, axes, captions, text alternatives."""

from __future__ import annotations

from explainers.results import Comparison, OptionRow
from explainers.study import Study
from explainers.words import money, numbers, phrases
from explainers.words.quality import AXES, PERCENT
from explainers.words.say import BUSINESS, Audience, listed, plural, whole
from explainers.words.verdict import ABOUT, NAMES


def title(result: Comparison, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return the finding of cost against quality: what the best option asks for its lead, or that it has none.

    Parameters
    ----------
    result : Comparison
    study : Study
    audience : "business" or "technical"
    """
    rows = _drawn(result)
    best = next((o for o in rows if o.candidate == result.best), None)
    if best is None:
        return "There is nothing to draw yet"
    name = phrases.option(study, best.candidate, audience)
    about = ABOUT[result.metric] if audience == BUSINESS else f"in {NAMES.get(result.metric, result.metric)}"
    if not best.cannot_tell_from:
        if not best.against:
            return f"{name} is best {about} and costs least to have"
        return f"{name} is best {about}, for {money.amount(best.cost, result.assumptions.currency)} a month"
    cheaper = phrases.option(study, best.cannot_tell_from, audience)
    return f"{name} is not shown to beat the cheaper {cheaper} {about}"


def caption(result: Comparison, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return what the marks of that chart mean, of those that it has, and which rows they rest on."""
    rows = _drawn(result)
    one = "an option" if audience == BUSINESS else "a model"
    said = ["Up is better."]
    if any(o.kind == "baseline" for o in rows):
        said.append("Square: no model.")
    if any(o.cannot_tell_from for o in rows):
        said.append(f"Grey: {one} that cannot be told from a cheaper one.")
    if any(not o.pareto for o in rows):
        said.append("Open dots: another is at least as good for no more.")
    said.append("Options of nearly equal cost stand side by side.")
    said.append(f"Whiskers: ranges on {whole(result.n)} {_rows(result)} {study.cases}.")
    return " ".join(said)


def axis(result: Comparison, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return what the measure is, with its unit."""
    unit = numbers.metric_unit(study, result.metric)
    name = (AXES if audience == BUSINESS else NAMES).get(result.metric, result.metric)
    return f"{name}, {unit}" if unit else name


def factor(result: Comparison, *, audience: Audience = BUSINESS) -> float:
    """Return what figures are multiplied by to stand in the unit of the axis."""
    return 100.0 if audience == BUSINESS and result.metric in PERCENT else 1.0


def alt(result: Comparison, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return the text alternative of cost against quality: every option with its cost, figure and range."""
    times, currency = factor(result, audience=audience), result.assumptions.currency
    said = []
    for o in _drawn(result):
        span = "" if o.lower is None or o.upper is None else f" ({times * o.lower:.3g} to {times * o.upper:.3g})"
        told = ", cannot be told from a cheaper one" if o.cannot_tell_from else ""
        value = f"{times * (o.value or 0.0):.3g}{span}"
        said.append(f"{_name(o, study, audience)}: {money.amount(o.cost, currency)} a month, {value}{told}")
    start = f"Dots with ranges, cost a month against {axis(result, study, audience=audience)}"
    return f"{start}: {'; '.join(said)}. {title(result, study, audience=audience)}."


def money_title(result: Comparison, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return the finding of money by part: how what options take compares with what their answers cost."""
    rows = [o for o in result.options if not o.variant]
    if not rows:
        return "There is nothing to draw yet"
    more = [o for o in rows if o.wrong > o.cost]
    if len(more) == len(rows):
        return f"Answers that differ cost more than having {plural(len(rows), 'the option', 'any option')}"
    if not more:
        return f"Having an {_one(audience)} costs more than answers that differ"
    if len(more) <= 2:
        names = listed([phrases.option(study, o.candidate, audience) for o in more])
        return f"For {names}, answers that differ cost more than having it"
    return f"For {whole(len(more))} of {whole(len(rows))} {_one(audience)}s, answers that differ cost the most"


def money_caption(result: Comparison, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return what the parts of that chart mean, whose figures they are and which rows they rest on."""
    whose = "Example figures." if result.example else f"Figures confirmed by {result.assumptions.confirmed_by}."
    record = phrases.record(study)
    how = "ranges of the sum" if audience == BUSINESS else f"{100 * result.level:.0f}% studentised bootstrap of the sum"
    return (
        f"{whose} Above: what it takes to have it. Below, orange: answers that differ from {record}, counted on "
        f"{whole(result.n)} {_rows(result)} {study.cases}. Whiskers: {how}."
    )


def money_alt(result: Comparison, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return the text alternative of money by part."""
    currency = result.assumptions.currency
    said = [
        f"{_name(o, study, audience)}: {money.amount(o.cost, currency)} to have it, "
        f"{money.amount(o.wrong, currency)} for answers that differ, {money.amount(o.total, currency)} in all"
        for o in result.options
    ]
    return f"Bars of money a month: {'; '.join(said)}. {money_title(result, study, audience=audience)}."


def _drawn(result: Comparison) -> list[OptionRow]:
    return [o for o in result.options if not o.variant and o.value is not None]


def _name(option: OptionRow, study: Study, audience: Audience) -> str:
    return money.named(option, study, audience).strip("“”")


def _rows(result: Comparison) -> str:
    return {"test": "never-seen", "unknown history": "possibly seen"}.get(result.rows, result.rows)


def _one(audience: Audience) -> str:
    return "option" if audience == BUSINESS else "model"
