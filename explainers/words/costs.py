"""Say what an option takes: to be prepared, to answer, to explain; and what was not measured."""

from __future__ import annotations

from typing import Any

from explainers.results import Cost, Narrative, Sentence
from explainers.study import Study
from explainers.words import numbers, phrases
from explainers.words.durations import duration, memory
from explainers.words.growth import describe_growth as describe_growth  # noqa: PLC0414
from explainers.words.say import BUSINESS, Audience, Shown, join, listed, plural, sentence

FIGURES = {
    "train_cpu_seconds": ("Prepare it", "Train, CPU"),
    "train_seconds": ("", "Train, wall"),
    "peak_memory_mb": ("Memory to prepare it", "Peak memory"),
    "predict_ms_p50": ("One answer", "Predict one, p50"),
    "predict_ms_p95": ("", "Predict one, p95"),
    "predict_ms_per_1000": ("1,000 answers", "Predict 1,000"),
    "explain_ms": ("Reasons of one", "Explain one"),
    "serve_memory_mb": ("Memory to answer", "Memory to serve"),
    "artefact_mb": ("Size when kept", "Artefact"),
    "n_inputs_needed": ("Things it needs", "Inputs needed"),
    "n_parameters": ("Numbers it learned", "Parameters"),
    "build_hours": ("Hours to build it", "Build hours"),
}
TINY = 0.001
"""Seconds below which a time is next to none."""
ALIKE = 1.5
"""How many times as long 1,000 cases may take for one to take about as long."""
SOURCES = {
    "built": ("first figures", "taken at build"),
    "measured": ("measured", "measured"),
    "given": ("as stated by its maker", "stated in study.yaml"),
    "none": ("not known", "unknown"),
}


def describe_cost(result: Cost | None, study: Study, candidate: str, *, audience: Audience = BUSINESS) -> Narrative:
    """Say what one option takes.

    Parameters
    ----------
    result : Cost or None
        None where nothing is known yet.
    study : Study
    candidate : str
        Name of the option.
    audience : "business" or "technical"

    Returns
    -------
    Narrative
        Headline: preparing and answering. Caveats: what was not measured, or did not settle.
    """
    name = phrases.option(study, candidate, audience)
    if result is None:
        said = sentence("answer", "what {option} takes has not been measured yet", option=name)
        return Narrative(headline=said, sentences=())
    body = _plain(result, study) if audience == BUSINESS else _technical(result, study)
    return Narrative(
        headline=_headline(result, study, name, audience),
        sentences=(*body, *_how(result, audience)),
        caveats=tuple(_limits(result, name, audience)),
    )


def cells(result: Cost, *, audience: Audience = BUSINESS) -> tuple[tuple[str, str], ...]:
    """Return each known figure as label and text, for a table.

    Parameters
    ----------
    result : Cost
    audience : "business" or "technical"

    Returns
    -------
    tuple of (str, str)

    Examples
    --------
    >>> cells(Cost(train_cpu_seconds=0.5, predict_ms_p95=9.0))
    (('Prepare it', '0.5 seconds'),)
    """
    found = []
    for figure, names in FIGURES.items():
        label = names[0 if audience == BUSINESS else 1]
        text = cell(result, figure, audience=audience)
        if label and text:
            found.append((label, text))
    return tuple(found)


def cell(result: Cost | None, figure: str, *, audience: Audience = BUSINESS) -> str:
    """Return one figure as it stands in a table; empty where it is not known.

    Parameters
    ----------
    result : Cost or None
    figure : str
        A field of Cost.
    audience : "business" or "technical"

    Examples
    --------
    >>> cell(Cost(n_inputs=11, n_inputs_needed=1), "n_inputs_needed"), cell(None, "explain_ms")
    ('1 of 11', '')
    """
    value: Any = getattr(result, figure) if result is not None else None
    if result is None or value is None:
        return ""
    if figure.endswith("_mb"):
        return memory(value).text
    if figure == "n_inputs_needed":
        return f"{value:,} of {result.n_inputs:,}" if result.n_inputs is not None else f"{value:,}"
    if figure.startswith("n_"):
        return f"{value:,}"
    if figure == "build_hours":
        return numbers.plain(value, 2)
    return duration(value if figure.endswith("seconds") else value / 1e3, audience).text


def source(result: Cost | None, *, audience: Audience = BUSINESS) -> str:
    """Return where the figures come from, in a few words."""
    return SOURCES[result.source][0 if audience == BUSINESS else 1] if result is not None else "not measured yet"


def _headline(cost: Cost, study: Study, name: str, audience: Audience) -> Sentence:
    fit = "is prepared in" if audience == BUSINESS else "trains in"
    thousand = (cost.predict_ms_per_1000 or 0.0) / 1e3
    parts: dict[str, Any] = {"option": name, "n": 1000, "cases": study.cases}
    answers = duration(thousand, audience)
    if cost.train_cpu_seconds is not None and cost.predict_ms_per_1000 is not None:
        if audience == BUSINESS and max(cost.train_cpu_seconds, thousand) < TINY and not cost.given:
            template = "{option} takes next to no time: {time} to be prepared, and as little for {n} {cases}"
            return sentence("answer", template, time=duration(cost.train_cpu_seconds), **parts)
        template = "{option} " + fit + " {train} and answers {n} {cases} in {answers}"
        train = _stated(cost, "train_cpu_seconds", duration(cost.train_cpu_seconds, audience))
        return sentence("answer", template, train=train, answers=answers, **parts)
    if cost.predict_ms_per_1000 is not None:
        return sentence("answer", "{option} answers {n} {cases} in {answers}", answers=answers, **parts)
    if cost.train_cpu_seconds is not None:
        train = duration(cost.train_cpu_seconds, audience)
        return sentence("answer", "{option} " + fit + " {train}", option=name, train=train)
    return sentence("answer", "what {option} takes is not known", option=name)


def _stated(cost: Cost, figure: str, said: Shown) -> Shown:
    return join("{it}, as stated,", it=said) if figure in cost.given else said


# -- business --------------------------------------------------------------------------------------------------------
def _plain(cost: Cost, study: Study) -> list[Sentence]:
    said = []
    one, thousand = cost.predict_ms_p50, cost.predict_ms_per_1000
    if one is not None and not (thousand is not None and max(one, thousand) < 1e3 * TINY):
        template = "one {case} by itself takes it {time}"
        if thousand is not None and thousand < ALIKE * one:
            template = "one {case} by itself takes it about as long"
            said.append(sentence("comparison", template, case=study.case, facts={"ms": one}))
        else:
            said.append(sentence("comparison", template, case=study.case, time=duration(one / 1e3)))
    if cost.explain_ms is not None:
        template = "to work out the reasons of one {case} takes {time}"
        said.append(sentence("comparison", template, case=study.case, time=duration(cost.explain_ms / 1e3)))
    said += _needs(cost)
    if cost.peak_memory_mb is not None:
        template = "while it is prepared, it takes {memory} of memory"
        memory_ = _stated(cost, "peak_memory_mb", memory(cost.peak_memory_mb))
        if "peak_memory_mb" in cost.given:
            template = "while it is prepared, it takes {memory} of the machine's memory"
        said.append(sentence("comparison", template, memory=memory_))
    if cost.artefact_mb is not None:
        said.append(sentence("comparison", "kept on disk, it takes {size}", size=memory(cost.artefact_mb)))
    if cost.build_hours is not None:
        hours = numbers.rough(cost.build_hours)
        template = "whoever made it says that it took {hours} " + plural(round(cost.build_hours), "hour", "hours")
        said.append(sentence("comparison", template + " of work", hours=hours))
    return said


def _needs(cost: Cost) -> list[Sentence]:
    """Say how many of its inputs an option uses: what nobody needs to gather costs nothing."""
    needed, given = cost.n_inputs_needed, cost.n_inputs
    if needed is None or given is None:
        return []
    facts = {"all": given, "some": needed}
    things = plural(given, "thing", "things") + " it is given"
    if needed == 0:
        return [sentence("comparison", f"it needs none of the {{n}} {things}", n=given, facts=facts)]
    if needed == given:
        template = f"it needs all {{n}} {things}" if given > 1 else "it needs the one thing it is given"
        return [sentence("comparison", template, facts=facts, n=given)]
    return [sentence("comparison", f"it needs {{k}} of the {{n}} {things}", k=needed, n=given)]


# -- technical -------------------------------------------------------------------------------------------------------
def _technical(cost: Cost, study: Study) -> list[Sentence]:
    to: Audience = "technical"
    said = []
    for figure, about in (
        ("train_cpu_seconds", "processor time to fit"),
        ("predict_ms_p50", "processor time for one case"),
        ("predict_ms_per_1000", "processor time for 1,000 cases"),
    ):
        found = cost.blocks.get(figure, ())
        if len(found) < 2:
            continue
        size = 1.0 if figure.endswith("seconds") else 1e3
        first, second = (duration(v / size, to) for v in found[-2:])
        template = "{about}: medians of two blocks {first} and {second}"
        said.append(sentence("method", template, to=to, about=about, first=first, second=second, facts={"cases": 1000}))
    pieces: list[Shown] = []
    if cost.train_seconds is not None:
        pieces.append(join("wall time to fit {t}", t=duration(cost.train_seconds, to)))
    if cost.predict_ms_p95 is not None:
        pieces.append(join("one case p95 {t}", t=duration(cost.predict_ms_p95 / 1e3, to)))
    if cost.explain_ms is not None:
        pieces.append(join("explanation of one case {t}", t=duration(cost.explain_ms / 1e3, to)))
    if cost.peak_memory_mb is not None:
        pieces.append(join("peak memory {m}", m=memory(cost.peak_memory_mb)))
    if cost.serve_memory_mb is not None:
        pieces.append(join("memory to serve {m}", m=memory(cost.serve_memory_mb)))
    if cost.artefact_mb is not None:
        pieces.append(join("artefact {m}", m=memory(cost.artefact_mb)))
    if cost.n_parameters is not None:
        pieces.append(join("{n} " + plural(cost.n_parameters, "parameter", "parameters"), n=cost.n_parameters))
    if cost.n_inputs is not None and cost.n_inputs_needed is not None:
        pieces.append(join("{k} of {n} inputs change an answer", k=cost.n_inputs_needed, n=cost.n_inputs))
    if pieces:
        facts = {f"{i}_{k}": v for i, p in enumerate(pieces) for k, v in p.facts.items()} | {"percentile": 95}
        said.append(
            sentence("comparison", "{pieces}", to=to, pieces=Shown(listed([p.text for p in pieces])), facts=facts)
        )
    if cost.build_hours is not None:
        said.append(
            sentence("comparison", "build effort as stated: {hours} h", to=to, hours=numbers.rough(cost.build_hours))
        )
    if cost.n_training is not None:
        template = "fitted to {n} training rows of {study}"
        said.append(sentence("method", template, to=to, n=cost.n_training, study=f"“{study.title}”"))
    return said


def _how(cost: Cost, audience: Audience) -> list[Sentence]:
    if not cost.machine or cost.source == "built":
        return []
    if audience == BUSINESS:
        template = "times are those of one core of the machine" + (", taken on {day}" if cost.measured_on else "")
        return [sentence("method", template, day=numbers.date(cost.measured_on) if cost.measured_on else "")]
    template = "measured {where} with one thread on {machine}" + (", {day}" if cost.measured_on else "")
    where = "in a fresh process" if cost.own_process else "beside other work"
    day = numbers.date(cost.measured_on) if cost.measured_on else ""
    return [sentence("method", template, to=audience, where=where, machine=cost.machine, day=day)]


# -- limits ----------------------------------------------------------------------------------------------------------
def _limits(cost: Cost, name: str, audience: Audience) -> list[Sentence]:
    said = []
    if cost.source == "built":
        said.append(
            sentence(
                "caveat", "these are first figures from when the option was prepared, not yet measured", to=audience
            )
        )
    elif cost.source == "given":
        said.append(
            sentence(
                "caveat",
                "what preparing {option} took is as its maker stated it; it was not measured here",
                option=name,
            )
        )
    elif cost.source == "none":
        said.append(
            sentence("caveat", "{option} came ready-made, and nobody has said what it took to prepare it", option=name)
        )
    if cost.blocks_agree is False:
        said.append(sentence("caveat", "these times did not settle: other work on the machine got in the way"))
    if cost.cut_short:
        said.append(sentence("caveat", "time ran out before everything was measured"))
    if cost.machine and not cost.own_process and cost.source != "built":
        said.append(sentence("caveat", "it could not be measured by itself, so other work may count a little too"))
    return said
