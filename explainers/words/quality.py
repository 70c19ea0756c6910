"""Say what the chart of every option's quality shows: its title, its axis, its text alternative."""

from __future__ import annotations

from collections.abc import Mapping

from explainers.results import Judgement
from explainers.study import Study
from explainers.words import numbers, phrases
from explainers.words.say import BUSINESS, Audience, capital, listed, whole
from explainers.words.verdict import ABOUT as SINGLE
from explainers.words.verdict import NAMES

AXES = {
    "auc": "pairs in the right order, of 100",
    "accuracy": "same as the record, of 100",
    "log_loss": "surprise at what happened (less is better)",
    "brier": "squared gap to what happened (less is better)",
    "mae": "usually off by",
    "rmse": "off by, large misses counting more",
    "r2": "share of the differences accounted for",
}
# What each measure is about, as it fits after "options beat no model".
ABOUT = {
    "auc": "in telling outcomes apart",
    "accuracy": "in how often they agree with the record",
    "log_loss": "in the chances that they state",
    "brier": "in how near their chances come",
    "mae": "in how far off they usually are",
    "rmse": "in how far off they are when large errors weigh more",
    "r2": "in how much of the ups and downs they tell",
}
PERCENT = ("auc", "accuracy")


def title(result: Mapping[str, Judgement], study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return the finding: how many options do better than no model, or that none was shown to.

    Parameters
    ----------
    result : mapping of str to Judgement
        Verdicts by candidate name.
    study : Study
    audience : "business" or "technical"
    """
    name = _measure(result)
    one = "option" if audience == BUSINESS else "model"
    how = ABOUT.get(name, "") if audience == BUSINESS else f"in {NAMES.get(name, name)}"
    compared = {n: j for n, j in result.items() if j.standing}
    if not compared:
        return "There is nothing to compare with"
    if any(j.measured is not None and j.measured.rows != "test" for j in compared.values()):
        who = "an option" if audience == BUSINESS else "a model"
        return f"On {study.cases} that {who} may have seen, no comparison is a test"
    better = [n for n, j in compared.items() if j.standing == "better"]
    if not better:
        return f"No {one} was shown to beat “No model”"
    if len(better) == len(compared):
        every = {1: f"The one {one} beats", 2: f"Both {one}s beat"}
        return f"{every.get(len(better), f'All {whole(len(better))} {one}s beat')} no model {how}".rstrip()
    if len(better) == 1:
        only = f"Of {whole(len(compared))} {one}s, only {phrases.option(study, better[0], audience)} was shown to beat"
        return f"{only} no model {SINGLE.get(name, '') if audience == BUSINESS else how}".rstrip()
    finding = f"{whole(len(better))} of {whole(len(compared))} {one}s were shown to"
    rest = [phrases.option(study, n, audience) for n in compared if n not in better]
    named = f", not {listed(rest, 'or')}" if len(rest) <= 2 else ""
    return f"{finding} beat no model {how}{named}"


def caption(result: Mapping[str, Judgement]) -> str:
    """Return what the marks of the chart mean, of those that it has."""
    some = any(j.standing not in ("better", "") for j in result.values())
    return ("Open dots: not shown to beat no model. " if some else "") + "The dotted line is no model."


def axis(result: Mapping[str, Judgement], study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return what the axis of the chart measures, with its unit."""
    metric = _measure(result)
    unit = numbers.metric_unit(study, metric)
    name = (AXES if audience == BUSINESS else NAMES).get(metric, metric)
    return f"{name}, {unit}" if unit else name


def factor(result: Mapping[str, Judgement], *, audience: Audience = BUSINESS) -> float:
    """Return what figures are multiplied by to stand in the unit of the axis."""
    return 100.0 if audience == BUSINESS and _measure(result) in PERCENT else 1.0


def alt(result: Mapping[str, Judgement], study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return the chart's text alternative: every option with its figure and range."""
    times = factor(result, audience=audience)
    said = []
    for name, judged in result.items():
        m = judged.measured
        if m is None:
            continue
        between = "" if m.lower is None or m.upper is None else f" ({times * m.lower:.3g} to {times * m.upper:.3g})"
        said.append(f"{phrases.option(study, name, audience)[1:-1]} {times * m.value:.3g}{between}")
    text = f"Dots with ranges, {axis(result, study, audience=audience)}: {'; '.join(said)}."
    return f"{text} {capital(title(result, study, audience=audience))}."


def _measure(result: Mapping[str, Judgement]) -> str:
    return next((j.measured.name for j in result.values() if j.measured is not None), "")
