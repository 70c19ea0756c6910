from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from explainers.contrast import contrast
from explainers.figures import contrast as draw
from explainers.reasons import lead_reasons
from explainers.results import Contrast, Reference
from explainers.study import Study
from explainers.words import contrast as say
from explainers.words.say import text
from tests.studies.conftest import built
from tests.words import gates, samples


def study(**about: Any) -> Study:
    made = samples.loans(**about)
    words = {"yes": "turned down", "no": "accepted", "later": "put off"}
    return replace(made, classes=("later", "no", "yes"), outcome_words=words, outcome_is="recorded fact", decided_by="")


def lead(
    values: list[float], *, of: Study | None = None, averages: tuple[float, float] = (0.3, 0.2), **more: Any
) -> Contrast:
    about = of or study()
    names = about.candidates["trees"].features
    each = np.array(values)
    gap = averages[0] - averages[1] + each.sum()
    fields: dict[str, Any] = {
        "candidate": "trees",
        "a": "yes",
        "b": "no",
        "values": each,
        "standard_errors": np.full(len(each), 0.002),
        "reference_errors": np.full(len(each), 0.003),
        "answers": ((1 + gap) / 2 - 0.05, (1 - gap) / 2 - 0.05),
        "averages": averages,
        "cases": about.frame[list(names)].iloc[[0]],
        "feature_names": names,
        "method": "sampled permutations",
        "reference": Reference(kind="everyone", rows=about.frame[list(names)][:50], population=240),
        "reference_rows": 50,
        "n_evaluations": 880,
        "seconds": 0.1,
    }
    return Contrast(**{**fields, **more})


def test_the_text_says_lead_average_and_reasons() -> None:
    found = lead([0.20, -0.08, 0.03, 0.01, 0.0])
    said = say.describe(found, study())
    assert said.headline.text == (
        "The option says 58 in 100 for “turned down” and 32 in 100 for “accepted”: a lead of 26 in 100."
    )
    words = text(said)
    assert "On average over past applications the lead is 10 in 100: 30 in 100 against 20 in 100." in words
    assert "count towards being turned down rather than accepted" in words
    assert re.search(r"Most of all, debt payments take .* of income.* The option adds 20 in 100\.", words)
    assert re.search(r"On the other side, the credit history .* The option takes off 8 in 100\.", words)
    assert "These are not causes" in words


def test_the_technical_headline_names_the_option_as_the_field_does() -> None:
    made = study()
    trees = replace(made.candidates["trees"], technical="Random forest")
    made = made.replace(candidates={**made.candidates, "trees": trees})
    said = say.describe(lead([0.2, 0, 0, 0, 0], of=made), made, audience="technical").headline.text
    assert said.startswith("“Random forest”: lead of “turned down” over “accepted”")


def test_flipping_one_sign_changes_every_direction_word() -> None:
    towards, against = lead([0.2, 0, 0, 0, 0]), lead([-0.2, 0, 0, 0, 0], averages=(0.3, 0.3))
    one, two = text(say.describe(towards, study())), text(say.describe(against, study()))
    assert "adds 20 in 100" in one
    assert "a lead of 30 in 100" in one
    assert "takes off 20 in 100" in two
    assert "the first is 20 in 100 behind" in two
    assert "against being turned down rather than accepted" in two
    assert "most towards “turned down”" in say.title(towards, study()).lower()
    assert "most towards “accepted”" in say.title(against, study()).lower()
    assert "the two are level, at 30 in 100 each" in two


def test_what_its_own_error_covers_is_no_reason() -> None:
    wide = np.array([0.002, 0.03, 0.002, 0.002, 0.002])
    found = lead([0.20, -0.05, 0.03, 0.0, 0.0])
    for field in ("standard_errors", "reference_errors"):
        shown = [r.feature for r in lead_reasons(replace(found, **{field: wide}), study()).shown]
        assert shown == [found.feature_names[0], found.feature_names[2]]
    assert len(lead_reasons(found, study()).shown) == 3
    exact = replace(found, standard_errors=None, reference_errors=None)
    assert [r.error for r in lead_reasons(exact, study()).shown] == [0.0, 0.0, 0.0]


def test_level_and_nothing_are_said_as_such() -> None:
    level = lead([-0.1, 0, 0, 0, 0])
    assert (
        say.describe(level, study()).headline.text == "The option says 45 in 100 for both “turned down” and “accepted”."
    )
    nothing = say.describe(lead([0.0] * 5), study())
    assert "Nothing about this application counts here." in text(nothing)
    assert "adds" not in text(nothing)


def test_a_third_outcome_ahead_of_both_is_said_first() -> None:
    found = lead([0.1, 0, 0, 0, 0], answers=(0.3, 0.1))
    assert say.describe(found, study()).caveats[0].text == "“put off” is ahead of both, at 60 in 100."
    assert say.describe(lead([0.1, 0, 0, 0, 0]), study()).caveats == ()


@pytest.mark.parametrize("checked", [None, False])
def test_scores_are_not_called_chances(checked: bool | None) -> None:
    about = study(checked=checked)
    said = say.describe(lead([0.2, -0.05, 0, 0, 0], of=about), about)
    assert "of 100" in said.headline.text
    assert "in 100" not in said.headline.text
    assert any("outcomes" in s.text for s in said.caveats)


@pytest.mark.parametrize("kind", ["everyone", "group", "case", "rows"])
@pytest.mark.parametrize("averages", [(0.5, 0.2), (0.2, 0.5), (0.3, 0.3)])
def test_every_comparison_passes_the_gates(kind: Any, averages: tuple[float, float]) -> None:
    about = study()
    reference = Reference(
        kind=kind, rows=about.frame.iloc[:3], feature="history", level=2, case="r7" if kind == "case" else None
    )
    found = lead([0.12, -0.2, 0.05, 0, 0], averages=averages, reference=reference, of=about)
    for audience in ("business", "technical"):
        said = [
            *gates.every(say.describe(found, about, audience=audience)),
            *say.method(found, about, audience=audience),
        ]
        assert gates.true(said, about) == []
        assert audience == "technical" or gates.plain(said) == []


def test_what_is_shown_adds_up_exactly() -> None:
    rng = np.random.default_rng(0)
    about = study()
    for _ in range(200):
        averages = tuple(rng.dirichlet(np.ones(3))[:2])
        answers = tuple(rng.dirichlet(np.ones(3))[:2])
        gap = (answers[0] - answers[1]) - (averages[0] - averages[1])
        parts = rng.normal(0, 0.1, 5)
        found = lead(list(parts + (gap - parts.sum()) / 5), averages=averages, answers=answers, of=about)
        for finer in (1, 10):
            r = lead_reasons(found, about, finer=finer)
            step = 100 * finer
            whole = [round(step * x) for x in (r.base, *(s.amount for s in (*r.shown, *r.protected)), r.others)]
            assert sum(whole) == round(step * r.prediction)
            assert round(step * r.prediction) == round(step * answers[0]) - round(step * answers[1])


def test_the_figure_starts_at_the_average_and_ends_at_the_lead() -> None:
    about = study()
    found = lead([0.20, -0.08, 0.03, 0.01, 0.0], of=about)
    figure = draw.draw(found, about, title="", alt=say.alt(found, about))
    bars = figure.data[0]
    assert bars.x[0] == pytest.approx(10)
    assert bars.x[-1] == pytest.approx(26)
    assert sum(bars.x[:-1]) == pytest.approx(bars.x[-1])
    assert figure.layout.meta["alt"].startswith("Chart of steps: the lead of “turned down” over “accepted”.")
    assert "lead of yes over no" in figure.layout.xaxis.title.text


def test_hostile_words_stay_words() -> None:
    about = replace(study(), outcome_words={"yes": samples.HOSTILE[1], "no": "{value} {a}", "later": "$x$"})
    said = say.describe(lead([0.2, 0, 0, 0, 0], of=about), about)
    assert samples.HOSTILE[1] in said.headline.text
    assert "{value} {a}" in said.headline.text


def check(option: str, cases: list[int]) -> list[str]:
    """Return what is at fault in the texts of some never-seen houses, for every pair of fuels."""
    about = built("saratoga_heating")
    rows = about.rows("test")
    faults = []
    for at, (a, b) in itertools.product(cases, itertools.permutations(about.classes, 2)):
        found = contrast(about, option, rows.iloc[[at]], a=a, b=b)
        for audience in ("business", "technical"):
            said = gates.every(say.describe(found, about, audience=audience))
            method = say.method(found, about, audience=audience)
            faults += gates.true((*said, *method), about)
            faults += gates.plain(said) + gates.plain(method) if audience == "business" else []
        if np.any(found.values) and not re.search("rather than|the two apart", text(say.describe(found, about))):
            faults.append(f"not contrastive: {text(say.describe(found, about))}")
    return faults


@pytest.mark.parametrize("option", ["no_model", "rule", "formula", "tree", "boosting"])
def test_why_gas_and_not_electricity_passes_the_gates(option: str) -> None:
    assert check(option, [0, 100, 200]) == []


@pytest.mark.promise
def test_every_contrast_of_every_option_passes_the_gates(promise: Any) -> None:
    about = built("saratoga_heating")
    cases = list(range(0, len(about.rows("test")), 20))
    faults = [f for option in about.candidates for f in check(option, cases)]
    promise(
        "Every “why this fuel and not that” passes the gates of WORDS.md",
        f"{len(cases)} houses, {len(about.candidates)} options, 6 pairs: {len(faults)} faults",
    )
    assert faults == []
