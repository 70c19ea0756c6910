"""Say how an option does with fewer past cases: what preparing it takes, and whether more of them would help."""

from __future__ import annotations

from typing import Any

from explainers.reasons import one_two_five
from explainers.results import Growth, Metric, Narrative, Sentence
from explainers.study import Study
from explainers.words import brackets, numbers, phrases, verdict
from explainers.words.durations import duration
from explainers.words.numbers import Scale
from explainers.words.say import BUSINESS, Audience, Shown, join, listed, sentence, whole
from explainers.words.verdict import NAMES

SHARES = {0.25: "a quarter", 0.5: "half", 1.0: "all"}


def describe_growth(result: Growth, study: Study, *, audience: Audience = BUSINESS) -> Narrative:
    """Say what fewer training cases do to one option, and whether more of them would help.

    Parameters
    ----------
    result : Growth
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    Narrative
        Headline: whether more data would help. Sentences: how good it is with a quarter, half and all, and what
        preparing it takes.
    """
    said = _steps(result, study, audience)
    more = result.more_data
    moved = more is not None and (more.lower, more.upper) != (0.0, 0.0)
    gap = verdict.amount(more, study, audience) if more is not None and moved else None
    if gap is not None:
        said.append(_about_gap(gap, audience))
    said += [*_next(result), *_time(result, audience), *_how(result, study, audience)]
    return Narrative(
        headline=headline(result, study, audience=audience),
        sentences=tuple(said),
        caveats=tuple(_limits(result, study, audience)),
    )


def headline(result: Growth, study: Study, *, audience: Audience = BUSINESS) -> Sentence:
    """Return the sentence whether more data would help."""
    name = phrases.option(study, result.candidate, audience)
    parts: dict[str, Any] = {"option": name, "cases": study.cases}
    why = {
        "came fitted": "{option} came ready-made, so it cannot be tried with fewer {cases}",
        "too few rows": "there are too few {cases} to try {option} with fewer of them",
        "cannot be fitted": "{option} could not be tried with fewer {cases}",
        "too slow": "{option} takes too long to be tried with fewer {cases}",
    }.get(result.why)
    if why is not None:
        return sentence("answer", why, facts={"n": result.n_training}, **parts)
    if result.more_data is None:
        return sentence("answer", "nothing shows if more {cases} would help {option}", **parts)
    template = {
        "better": "more past {cases} would likely help {option}: with half of them it did worse",
        "worse": "more past {cases} would not help {option}: with half of them it did better",
        "about the same": "more past {cases} would hardly help {option}: half of them do about as well",
        "cannot tell": "it cannot be told if more past {cases} would help {option}",
    }[result.more_data.verdict]
    gap = result.more_data
    return sentence("answer", template, facts={"value": gap.value, "lower": gap.lower, "upper": gap.upper}, **parts)


def title(result: Growth, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return the finding of the figure."""
    return headline(result, study, audience=audience).text.rstrip(".")


def alt(result: Growth, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return the text alternative of the figure: its finding and its points."""
    most = _most(result)
    points = [
        f"{whole(s.rows)}: {_figure(s.measured, study, audience, most).text}"
        for s in result.steps
        if s.measured is not None
    ]
    return f"{title(result, study, audience=audience)}. {'; '.join(points)}." if points else title(result, study) + "."


def axis(result: Growth, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return what the upright axis of the figure says."""
    unit = numbers.metric_unit(study, result.metric)
    if audience != BUSINESS:
        name = NAMES.get(result.metric, result.metric)
        return f"{name}, {unit}" if unit else name
    return {
        "auc": "of 100 pairs in the right order",
        "accuracy": "of 100 as in the record",
        "mae": f"usually off by{f', {unit}' if unit else ''}",
        "rmse": f"off by, large errors weigh more{f', {unit}' if unit else ''}",
        "r2": "share of the ups and downs it tells",
    }.get(result.metric, "how far its chances are off; lower is better")


def time_axis(audience: Audience = BUSINESS) -> str:
    """Return what the upright axis of the time says."""
    return "seconds to prepare it" if audience == BUSINESS else "CPU seconds to fit"


def shown(value: float, metric: str, audience: Audience = BUSINESS) -> float:
    """Return a figure as the axis shows it: of 100 for shares in plain words."""
    return 100 * value if audience == BUSINESS and metric in ("auc", "accuracy") else value


# -- the sizes -------------------------------------------------------------------------------------------------------
def _steps(result: Growth, study: Study, audience: Audience) -> list[Sentence]:
    known = [s for s in result.steps if s.measured is not None]
    if not known:
        return []
    most = _most(result)
    if audience != BUSINESS:
        pieces = [join("{rows}: {value}", rows=s.rows, value=_figure(s.measured, study, audience, most)) for s in known]
        facts = {f"{i}_{k}": v for i, p in enumerate(pieces) for k, v in p.facts.items()}
        parts: dict[str, Any] = {"measure": NAMES.get(result.metric, result.metric), "n": result.n}
        template = "{measure} on {n} never-seen rows by training rows: {pieces}"
        text = Shown(listed([p.text for p in pieces]))
        return [sentence("comparison", template, to=audience, facts=facts, pieces=text, **parts)]
    said = []
    if known[-1].share == 1:
        whole_ = known.pop()
        value = _figure(whole_.measured, study, audience, most)
        lead, tail = _lead(result.metric)
        template = f"with all {{rows}}, {lead} {{value}}{tail}"
        said.append(sentence("comparison", template, rows=whole_.rows, value=value, facts={"of": 100}))
    for step in reversed(known):
        share = SHARES.get(step.share, f"{step.share:g}") + (" of them" if step.share == 0.5 else "")
        value = _figure(step.measured, study, audience, most)
        said.append(sentence("comparison", "with {share} it is {value}", share=share, value=value))
    return said


def _most(result: Growth) -> float:
    return max((abs(s.measured.value) for s in result.steps if s.measured is not None), default=0.0)


def _lead(metric: str) -> tuple[str, str]:
    """Return what stands before and after the figure of an option."""
    return {
        "auc": ("it puts", " of 100 pairs in the right order"),
        "accuracy": ("it answers", " of 100 as in the record"),
        "mae": ("it is usually off by", ""),
        "rmse": ("it is off by", ", large errors weighing more"),
        "r2": ("its score is", "; higher is better"),
    }.get(metric, ("its score is", "; lower is better"))


def _figure(metric: Metric | None, study: Study, audience: Audience, most: float) -> Shown:
    """Return a figure with its range; all sizes are read on one scale, which the largest of them decides."""
    if metric is None:
        return Shown("")
    ends = verdict.ends(metric)
    ends = None if ends is not None and ends[0] == ends[1] else ends
    if audience == BUSINESS and metric.name in ("auc", "accuracy"):
        n = round(100 * metric.value)
        return join("{n}{range}", n=Shown(f"{n}", {"": metric.value, "shown": n}), range=brackets.of_hundred(ends))
    if audience == BUSINESS and metric.name in ("mae", "rmse"):
        scale = Scale("number", one_two_five(most / 50 if most > 0 else 1), numbers.target_unit(study))
        return join("{size}{range}", size=scale.size(metric.value), range=brackets.between(ends, scale))
    value = _decimal(metric.value)
    if ends is None or audience == BUSINESS:
        return value
    return join("{value} ({low} to {high})", value=value, low=_decimal(ends[0]), high=_decimal(ends[1]))


def _decimal(value: float) -> Shown:
    text = numbers.decimal(value, 3) if abs(value) < 10 else numbers.plain(value, 4)
    return Shown(text, {"": value, "shown": numbers.read(text)})


def _about_gap(gap: Sentence, audience: Audience) -> Sentence:
    start = "from half to all of them: " if audience == BUSINESS else "all against half of the rows: "
    text = gap.text[0].lower() + gap.text[1:]
    return Sentence(text=(start + text)[0].upper() + (start + text)[1:], kind=gap.kind, facts=gap.facts)


def _next(result: Growth) -> list[Sentence]:
    """Say what cannot be known: how much twice as many would bring."""
    if result.more_data is None or result.more_data.verdict != "better":
        return []
    return [sentence("comparison", "twice as many were not tried. They would most likely add less than that")]


# -- time ------------------------------------------------------------------------------------------------------------
def _time(result: Growth, audience: Audience) -> list[Sentence]:
    if not result.steps:
        return []
    last = result.steps[-1]
    if result.times_as_long is None:
        if last.share < 1:
            return []
        template = "preparing it takes {time}, too little to see it grow"
        return [sentence("comparison", template, time=duration(last.train_cpu_seconds, audience))]
    times = numbers.rough(result.times_as_long)
    if audience != BUSINESS:
        template = "training time grows as rows to the power {exponent}; {times} times from half to all rows"
        if times.text == "1":
            template = "training time grows as rows to the power {exponent}; from half to all rows it stays the same"
        exponent = Shown(numbers.decimal(result.exponent or 0.0, 2), {"": result.exponent})
        exponent = Shown(exponent.text, {"": result.exponent, "shown": numbers.read(exponent.text)})
        return [sentence("comparison", template, to=audience, exponent=exponent, times=times)]
    template = "it takes {times} times as long to prepare with all as with half of them"
    if times.text == "1":
        template = "it takes as long to prepare with all as with half of them"
        return [sentence("comparison", template, facts={"times": result.times_as_long})]
    return [sentence("comparison", template, times=times)]


def _how(result: Growth, study: Study, audience: Audience) -> list[Sentence]:
    half = next((s for s in result.steps if s.share == 0.5), None)
    if half is None:
        return []
    if result.taken == "latest":
        return [sentence("method", "half means the latest half: the oldest {cases} are left out", cases=study.cases)]
    whole_groups = " as whole groups" if result.taken == "by group" else ""
    template = "half was drawn {n} times" + whole_groups + ". Ranges count how far the draws differ"
    if half.draws < 2:
        template = "half was drawn once" + whole_groups
        return [sentence("method", template, to=audience, facts={"n": half.draws})]
    return [sentence("method", template, to=audience, n=half.draws)]


# -- limits ----------------------------------------------------------------------------------------------------------
def _limits(result: Growth, study: Study, audience: Audience) -> list[Sentence]:
    said = []
    if result.cut_short:
        said.append(sentence("caveat", "time ran out before every size was tried", to=audience))
    if result.detail and result.steps:
        said.append(sentence("caveat", "with few {cases} it could not be prepared at all", cases=study.cases))
    half = next((s for s in result.steps if s.share == 0.5), None)
    if result.more_data is not None and result.taken == "at random" and half is not None and half.draws < 2:
        said.append(sentence("caveat", "another half might have told otherwise", to=audience))
    if result.rows == "unknown history":
        said.append(sentence("caveat", "the option may have seen these {cases} before", cases=study.cases, to=audience))
    return said
