"""Words about what changed: plain, true, in step with the results, and without blame where the record is a choice."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from explainers.results import Changes, Difference, FigureChange, Flip, KeptReasons, OptionChange
from explainers.study import Study
from explainers.words import changes, changes_charts
from explainers.words import flips as flips_words
from explainers.words.say import text
from tests.words import gates
from tests.words.samples import HOSTILE, houses, loans

VERDICTS = ("better", "worse", "about the same", "cannot tell")
FATES = ("same", "changed", "new", "gone", "cannot be compared")
MONEY = {"cost": 424.0, "total": 12_000.0}


def gap(metric: str, verdict: Any, size: float = 1.0) -> Difference:
    better = metric in ("accuracy", "auc", "r2")
    sign = 1.0 if better == (verdict != "worse") else -1.0
    ends = {
        "better": (0.01, 0.05),
        "worse": (0.01, 0.05),
        "about the same": (-0.002, 0.004),
        "cannot tell": (-0.02, 0.05),
    }
    low, high = sorted(sign * size * e for e in ends[verdict])
    return Difference(
        a="now",
        b="then",
        metric=metric,
        value=(low + high) / 2,
        lower=low,
        upper=high,
        level=0.95,
        verdict=verdict,
        margin=0.01,
        greater_is_better=better,
        p_value=0.03,
        mcnemar=None,
        n=476,
        rows="test",
        groups=0,
        method="DeLong",
    )


def told(study: Study, amount: float) -> KeptReasons:
    column = study.inputs[0]
    value = study.frame[column].iloc[0]
    value = value.item() if isinstance(value, np.generic) else value
    return KeptReasons(answer=0.5, base=0.1, first=((column, amount, value),))


def flips(study: Study, n: int = 3) -> tuple[Flip, ...]:
    if study.task == "regression":
        return tuple(
            Flip(case=str(i), before=200_000.0 + i, after=260_000.0, record=231_000.0, why_after=told(study, 12_000.0))
            for i in range(n)
        )
    first, second = (str(c) for c in study.classes[:2])
    return tuple(
        Flip(
            case=str(i),
            before=first,
            after=second,
            record=second,
            chance_before=0.41,
            chance_after=0.58,
            values_changed=i == 1,
            why_before=told(study, 0.12),
            why_after=None if i == 2 else told(study, -0.08),
        )
        for i in range(n)
    )


def option(study: Study, fate: Any = "changed", verdict: Any = "better", **more: Any) -> OptionChange:
    name = list(study.candidates)[-1]
    numbers = study.task == "regression"
    fields: dict[str, Any] = {
        "candidate": name,
        "label": study.candidates[name].label,
        "technical": study.candidates[name].technical,
        "fate": fate,
        "money_before": {} if fate == "new" else MONEY,
        "money_after": {} if fate == "gone" else {**MONEY, "cost": 512.0},
    }
    if fate in ("same", "changed"):
        reasons = pd.DataFrame({"column": list(study.inputs[:2]), "first_before": [40, 60], "first_after": [71, 29]})
        fields |= {
            "n": 476,
            "value_before": 0.81,
            "value_after": 0.84,
            "difference": gap("mae" if numbers else "auc", verdict, 9e5 if numbers else 1.0),
            "counts_before": None if numbers else (9, 48, 7),
            "counts_after": None if numbers else (12, 45, 6),
            "flips": flips(study),
            "n_flips": 3,
            "towards": 2,
            "away": 1,
            "tolerance": 38_000.0 if numbers else None,
            "reasons": reasons.assign(share_before=0.5, share_after=0.5),
            "n_explained": 100,
            "n_first_changed": 31,
        }
    return OptionChange(**{**fields, **more})


def made(study: Study, *options: OptionChange, **more: Any) -> Changes:
    fields: dict[str, Any] = {
        "study": study.name,
        "same": False,
        "data_changed": False,
        "n_before": 476,
        "n_after": 476,
        "n_both": 476,
        "metric": "mae" if study.task == "regression" else "auc",
        "greater_is_better": study.task != "regression",
        "options": options,
        "currency": "$",
    }
    return Changes(**{**fields, **more})


def still(study: Study, **more: Any) -> OptionChange:
    """An option whose measure did not move, though answers turned."""
    found = option(study)
    assert found.difference is not None
    none = replace(found.difference, value=0.0, lower=0.0, upper=0.0, verdict="about the same")
    return replace(found, difference=none, **more)


STUDIES = {"loans": loans, "houses": houses}
CASES = [
    *({"fate": f, "verdict": v} for f, v in product(("same", "changed"), VERDICTS)),
    *({"fate": f} for f in ("new", "gone", "cannot be compared")),
    {"n_flips": 0, "flips": (), "towards": 0, "away": 0},
    {"n_flips": 1, "towards": 0, "away": 0},
    {"n_flips": 1, "towards": 1, "away": 0},
    {"difference": None},
    {"counts_after": (0, 57, 0)},
    {"reasons": None, "n_first_changed": 0},
    {"money_after": {"cost": 424.4}},
]


@pytest.mark.parametrize("kind", STUDIES)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_changed_is_said_plainly_and_truly(kind: str, case: dict[str, Any]) -> None:
    study = STUDIES[kind]()
    result = made(study, option(study, **case), option(study))
    said = changes.describe(result, study, since="Sprint 4")
    assert not gates.plain(gates.every(said))
    assert not gates.true(gates.every(said), study)
    technical = changes.describe(result, study, since="Sprint 4", audience="technical")
    assert not gates.true(gates.every(technical), study)


@pytest.mark.parametrize("kind", STUDIES)
@pytest.mark.parametrize(
    "case",
    [
        {"same": True},
        {"data_changed": True, "n_before": 400, "n_both": 380, "n_values": 2, "n_record": 1},
        {"rows": "unknown history"},
        {"confirmed_after": True},
        {"confirmed_before": True},
        {"threshold_after": 0.3},
        {"figures": (FigureChange(name="hourly_rate", label="An hour of an engineer", before=60.0, after=75.0),)},
        {
            "figures": (
                *(FigureChange(name=f"x{i}", label=f"Figure {'abcdef'[i]}", before=1.0, after=2.5) for i in range(3)),
                FigureChange(name="new", before=None, after=1.0),
                FigureChange(name="old", before=1e6, after=None),
            )
        },
    ],
    ids=str,
)
def test_what_changed_around_the_options_is_said(kind: str, case: dict[str, Any]) -> None:
    study = STUDIES[kind]()
    result = made(study, option(study, "same"), **case)
    for audience in ("business", "technical"):
        said = changes.describe(result, study, since="the meeting of May", audience=audience)
        assert not gates.true(gates.every(said), study)
        if audience == "business":
            assert not gates.plain(gates.every(said))


def test_the_same_state_has_one_sentence_and_no_other() -> None:
    study = loans()
    said = changes.describe(made(study, option(study, "same"), same=True), study, since="Sprint 4")
    assert said.sentences == said.caveats == ()
    assert said.headline.text.startswith("Nothing has changed since “Sprint 4”")


def test_an_option_that_is_the_same_says_nothing_of_quality() -> None:
    study = loans()
    still = replace(gap("auc", "about the same"), value=0.0, lower=0.0, upper=0.0)
    same = option(study, "same", difference=still, n_flips=0, flips=(), money_after=MONEY)
    assert changes.option(same, made(study, same), study) == []


def test_better_and_worse_are_not_mixed_up() -> None:
    study = loans()
    for verdict in ("better", "worse"):
        one = option(study, "changed", verdict)
        said = gates.text_of(changes.option(one, made(study, one), study))
        assert f"does {verdict} than it did" in said
        assert ("more in the right order" in said) == (verdict == "better")
        assert changes_charts.title(made(study, one)).startswith(f"“{one.label}” does {verdict} than before")


def test_counts_reasons_and_costs_are_those_of_the_result() -> None:
    study = loans()
    one = option(study)
    said = gates.text_of(changes.option(one, made(study, one), study))
    first = study.dictionary[study.inputs[0]].label
    for part in (
        "Of 57 applications that were turned down by the lender it finds 12 now, 9 then.",
        "Of the 419 others it flags 6 now, 7 then.",
        "3 of its 476 answers turned: 2 now agree with what the lender decided, 1 no longer does.",
        "For 31 of 100 applications another thing now clearly comes first among the reasons.",
        f"“{first}” comes first for 71 of the 100 now, for 40 then.",
        "With example figures, it costs $510 a month to have now, $420 then.",
    ):
        assert part in said


@pytest.mark.parametrize("kind", STUDIES)
def test_a_case_that_turned_is_told_with_both_first_reasons(kind: str) -> None:
    study = STUDIES[kind]()
    one = option(study)
    for flip in one.flips:
        said = flips_words.describe(flip, one, study)
        assert not gates.true(said, study)
        assert not gates.plain(said)
        assert sum(s.text.startswith(("Then", "Now")) for s in said) == 2
        assert said[-1].text.startswith("Now")
    assert "were not kept" in flips_words.describe(one.flips[2], one, study)[-1].text or kind == "houses"


def test_a_decision_of_people_is_never_called_a_mistake() -> None:
    study = loans()
    assert study.outcome_is == "a person's past decision"
    one = option(study)
    said = [
        *changes.option(one, made(study, one), study),
        *(s for f in one.flips for s in flips_words.describe(f, one, study)),
    ]
    assert not gates.BLAME.findall(gates.text_of(said))
    assert "what the lender decided" in gates.text_of(said)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_text_whatever_is_in_them(name: str) -> None:
    study = loans()
    one = option(study, label=name)
    said = changes.describe(made(study, one), study, since=name)
    assert f"“{name}”" in said.headline.text
    assert name in text(said)


def test_the_figure_and_its_words_speak_of_the_same_options() -> None:
    from explainers.figures import changes as draw

    study = loans()
    still = replace(gap("auc", "about the same"), value=0.0, lower=0.0, upper=0.0)
    rows = (
        option(study, "same", difference=still, n_flips=0, flips=()),
        option(study, "changed", "better"),
        option(study, "changed", "cannot tell"),
    )
    result = made(study, *rows)
    assert changes_charts.title(result).startswith("Of 2 options, one does better")
    figure = draw.draw(result, study, title="", alt="x", factor=100.0)
    marks = [t for t in figure.data if t.mode == "markers"]
    assert [t.marker.symbol for t in marks] == ["triangle-right", "circle-open"]
    assert marks[0].x[0] == pytest.approx(100 * rows[1].difference.value)
    assert marks[0].x[0] + marks[0].error_x.array[0] == pytest.approx(100 * rows[1].difference.upper)


@pytest.mark.parametrize("kind", STUDIES)
def test_the_figure_of_answers_that_turned_says_how_many_and_which_way(kind: str) -> None:
    study = STUDIES[kind]()
    one, none = still(study, n_flips=1, towards=0, away=1), still(study, n_flips=0, towards=0, away=0)
    for audience in ("business", "technical"):
        name = changes.named(one, audience)
        title = changes_charts.turned_title(made(study, one, none), study, audience=audience)
        assert title.startswith(f"1 answer of {name} ")
        assert ": none " in title
        several = changes_charts.turned_title(made(study, one, still(study)), study, audience=audience)
        assert several.startswith(f"4 answers of two {'options' if audience == 'business' else 'models'} ")
        assert title in changes_charts.turned_alt(made(study, one, none), study, audience=audience)
    assert len(set(changes_charts.turned_parts(made(study, one), study))) == 3
    assert "476" in changes_charts.turned_axis(made(study, one))


def test_an_axis_in_the_unit_of_the_answer_names_it() -> None:
    study = houses()
    unit = study.dictionary[study.target].unit
    assert unit
    for audience in ("business", "technical"):
        assert unit in changes_charts.axis(made(study, option(study)), study, audience=audience)
