"""Everything that the page “How sure is it?” says of every sample study passes the gates, for both audiences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from explainers import Study, calibration, intervals, metrics, open_study, triage
from explainers.results import Sentence
from explainers.words import calibration as say_meaning
from explainers.words import coverage as say
from explainers.words import intervals as say_intervals
from explainers.words import quality as say_quality
from explainers.words import ranging
from explainers.words import triage as say_triage
from explainers.words import verdict as say_verdict
from explainers.words.say import Audience, sentence
from tests.studies.conftest import NAMES, SAMPLES, built
from tests.words import gates

SAMPLE = [
    ("boston_mortgages", "boosting"),
    ("boston_mortgages", "no_model"),
    ("saratoga_heating", "tree"),
    ("saratoga_prices", "formula"),
    ("cigarette_demand", "rule"),
]
AUDIENCES: tuple[Audience, ...] = ("business", "technical")
OFF = (0.02, 0.1, 0.3)


def every(study: Study, option: str, levels: tuple[float, ...]) -> Iterator[tuple[Audience, list[Sentence]]]:
    """Yield what stands together on the page, with its audience: card, verdict, chances, triage, method."""
    covered = [intervals.coverage(study, option, level=level) for level in levels]
    first = intervals.interval(study, option, study.rows("test").head(1), level=levels[0])
    judged = metrics.verdict(study, option)
    rules = [triage.triage(study, option, most_off=off) for off in OFF] + [triage.triage(study, option)]
    chances = calibration.reliability(study, option) if study.classes else None
    for audience in AUDIENCES:
        for found in covered:
            yield audience, list(gates.every(say.describe(found, study, audience=audience)))
            yield audience, list(ranging.made(found, study))
        told = [say_verdict.describe(judged, study, audience=audience)]
        told += [say_triage.describe(rule, study, audience=audience) for rule in rules]
        if study.classes:
            told.append(say_meaning.describe(chances, study, candidate=option, audience=audience))
        for narrative in told:
            yield audience, list(gates.every(narrative))
        # It stands among the sentences on one case, whose gates are those of the whole.
        yield (
            "technical",
            list(gates.every(say_intervals.describe(first, study, coverage=covered[0], audience=audience))),
        )


def labels(study: Study, option: str, level: float) -> list[str]:
    """Return the titles, axes, chips and cells that stand beside the sentences."""
    found, judged = intervals.coverage(study, option, level=level), metrics.verdicts(study)
    rules = triage.triage(study, option)
    out = [say.title(found, study), say.alt(found, study), say_triage.title(rules, study), say_triage.alt(rules, study)]
    out += [say_verdict.chip(judged[option]), say_verdict.required_chip(judged[option])]
    for audience in AUDIENCES:
        out += [say_quality.title(judged, study, audience=audience), say_quality.alt(judged, study, audience=audience)]
        out += [say_quality.axis(judged, study, audience=audience)]
    for row in say.table(found, study):
        out += [row.name, row.held, row.between, row.width, row.verdict]
    if study.classes:
        chances = calibration.reliability(study, option)
        if chances is not None:
            out += [say_meaning.title(chances, study), say_meaning.alt(chances, study)]
    return out


def check(name: str, option: str, levels: tuple[float, ...]) -> tuple[int, list[str]]:
    """Return how many texts were read, and their faults."""
    study, n, faults = built(name), 0, []
    if study.candidates[option].failure:
        return 0, []
    for audience, said in every(study, option, levels):
        n += 1
        faults += gates.true(said, study) + (gates.plain(said) if audience == "business" else [])
    for text in labels(study, option, levels[0]):
        n += 1
        own = re.sub(r"“[^”]*”", "“”", text)
        faults += [f"ugly {m[0]!r}: {text}" for m in re.finditer(r"\bnan\b|\binf\b|\bNone\b|  |\{|_", own)]
        faults += [f"cause: {text}" for _ in gates.CAUSES.finditer(own)]
    business = sentence("answer", "{t}", t=say_quality.title(metrics.verdicts(study), study))
    faults += [f for f in gates.plain([business]) if not f.startswith(("grade", "average"))]
    return n, [f"{name} {option}: {f}" for f in faults]


@pytest.mark.parametrize(("name", "option"), SAMPLE)
def test_what_is_said_of_a_sample_of_options_passes_the_gates(name: str, option: str) -> None:
    n, faults = check(name, option, (0.9,))
    assert n > 10
    assert faults == []


@pytest.mark.promise
@pytest.mark.parametrize("name", NAMES)
def test_everything_said_of_every_option_and_level_passes_the_gates(
    name: str, promise: Callable[[str, str], None]
) -> None:
    found = [check(name, option, intervals.LEVELS) for option in open_study(SAMPLES / name, build=False).candidates]
    faults = [f for _, several in found for f in several]
    promise(
        f"everything that “How sure is it?” says of {name} passes the gates of WORDS.md",
        f"{sum(n for n, _ in found)} texts of {len(found)} options at 3 levels, {len(faults)} faults",
    )
    assert faults == []
