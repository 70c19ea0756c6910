"""Everything that the page “What does it look at?” says of every sample study passes the gates, for both audiences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from explainers import Study, open_study
from explainers.effects import effect
from explainers.importance import importance
from explainers.interactions import interactions
from explainers.results import Narrative, Sentence
from explainers.whole import whole
from explainers.words import effects as say_effect
from explainers.words import formula as say_formula
from explainers.words import importance as say
from explainers.words import interactions as say_pairs
from explainers.words import levels as say_levels
from explainers.words import whole as say_whole
from explainers.words.say import Audience
from tests.studies.conftest import NAMES, SAMPLES, built
from tests.words import gates

SHORT = 0.2
SAMPLE = [
    ("boston_mortgages", "rule"),
    ("saratoga_heating", "formula"),
    ("saratoga_heating", "tree"),
    ("saratoga_prices", "tree"),
    ("saratoga_prices", "formula"),
    ("saratoga_prices", "boosting"),
    ("cigarette_demand", "formula"),
    ("cigarette_demand", "rule"),
]


def every(study: Study, option: str, *, seconds: float | None, inputs: int) -> Iterator[tuple[str, list[Sentence]]]:
    """Yield what stands together on the page, with its audience: each narrative, each method, each caption."""
    limit: dict[str, Any] = {} if seconds is None else {"max_seconds": seconds}
    found, pairs = importance(study, option, **limit), interactions(study, option, **limit)
    all_of_it = whole(study, option)
    curves = [effect(study, option, found.feature_names[i]) for i in (say.ranked(found) or [0])[:inputs]]
    if pairs.pairs:
        curves.append(effect(study, option, pairs.pairs[0].a, by=pairs.pairs[0].b))
    audiences: tuple[Audience, ...] = ("business", "technical")
    for audience in audiences:
        told: list[Narrative | None] = [
            say.describe(found, study, audience=audience),
            say_pairs.describe(pairs, study, audience=audience),
            say_whole.describe(all_of_it, study, audience=audience),
            say_formula.describe(study, candidate=option, audience=audience),
            *(say_effect.describe(c, study, audience=audience) for c in curves),
        ]
        for narrative in told:
            if narrative is not None:
                yield audience, list(gates.every(narrative))
        for method in (
            say.method(found, study, audience=audience),
            say_pairs.method(pairs, study, audience=audience),
            say_whole.method(all_of_it, study),
            *(say_effect.method(c, study, audience=audience) for c in curves[:1]),
            tuple(f.sentence for f in say_levels.folded(all_of_it, study, audience=audience)),
        ):
            if method:
                yield audience, list(method)


def check(name: str, option: str, *, seconds: float | None = None, inputs: int = 99) -> tuple[int, list[str]]:
    """Return how many texts were read, and their faults."""
    study, n, faults = built(name), 0, []
    if study.candidates[option].failure:
        return 0, []
    for audience, said in every(study, option, seconds=seconds, inputs=inputs):
        n += 1
        faults += gates.true(said, study) + (gates.plain(said) if audience == "business" else [])
    return n, [f"{name} {option}: {f}" for f in faults]


@pytest.mark.parametrize(("name", "option"), SAMPLE)
def test_what_is_said_of_a_sample_of_options_passes_the_gates(name: str, option: str) -> None:
    n, faults = check(name, option, seconds=SHORT, inputs=3)
    assert n > 10
    assert faults == []


@pytest.mark.promise
@pytest.mark.parametrize("name", NAMES)
def test_everything_said_of_every_option_and_input_passes_the_gates(
    name: str, promise: Callable[[str, str], None]
) -> None:
    found = [check(name, option) for option in open_study(SAMPLES / name, build=False).candidates]
    faults = [f for _, several in found for f in several]
    promise(
        f"everything that “What does it look at?” says of {name} passes the gates of WORDS.md",
        f"{sum(n for n, _ in found)} texts of {len(found)} options, {len(faults)} faults",
    )
    assert faults == []
