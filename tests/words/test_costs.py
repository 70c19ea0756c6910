"""Words about what options take and whether more data would help: plain, true, and in step with the results."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from explainers.results import Cost, Difference, Growth, GrowthStep, Metric
from explainers.words import costs, growth
from explainers.words.durations import duration, memory
from explainers.words.say import text
from tests.words import gates
from tests.words.samples import HOSTILE, houses, loans

MEASURES = ("accuracy", "auc", "log_loss", "brier", "mae", "rmse", "r2")
STANDINGS = ("better", "worse", "about the same", "cannot tell")


def cost(**more: Any) -> Cost:
    fields: dict[str, Any] = {
        "train_seconds": 0.66,
        "train_cpu_seconds": 0.62,
        "peak_memory_mb": 214.0,
        "predict_ms_p50": 31.2,
        "predict_ms_p95": 34.4,
        "predict_ms_per_1000": 52.0,
        "artefact_mb": 1.25,
        "n_inputs": 11,
        "n_inputs_needed": 9,
        "n_parameters": 2312,
        "explain_ms": 410.0,
        "source": "measured",
        "blocks": {"train_cpu_seconds": (0.61, 0.63), "predict_ms_p50": (31.0, 31.4)},
        "blocks_agree": True,
        "n_training": 1428,
        "own_process": True,
        "machine": "2 cores, x86-64, Python 3.11.2",
        "measured_on": "2026-11-22",
    }
    return Cost(**{**fields, **more})


def grown(name: str = "auc", word: Any = "better", **more: Any) -> Growth:
    size = 40_000.0 if name in ("mae", "rmse") else 1.0
    better = name in ("accuracy", "auc", "r2")
    sign = 1.0 if better == (word != "worse") else -1.0

    def figure(value: float) -> Metric:
        return Metric(
            name=name,
            value=value * size,
            lower=value * size * 0.95,
            upper=value * size * 1.04,
            level=0.95,
            greater_is_better=better,
            n=476,
            rarest=57,
        )

    def step(share: float, rows: int, value: float, seconds: float) -> GrowthStep:
        return GrowthStep(
            share=share,
            rows=rows,
            draws=1 if share == 1 else 5,
            train_cpu_seconds=seconds,
            predict_ms_per_1000=50.0,
            measured=figure(value),
        )

    gap = Difference(
        a="trees",
        b="trees",
        metric=name,
        value=sign * 0.03 * size,
        lower=sign * 0.03 * size - 0.02 * size,
        upper=sign * 0.03 * size + 0.02 * size,
        level=0.95,
        verdict=word,
        greater_is_better=better,
        n=476,
    )
    fields: dict[str, Any] = {
        "candidate": "trees",
        "metric": name,
        "steps": (step(0.25, 357, 0.74, 0.2), step(0.5, 714, 0.77, 0.33), step(1.0, 1428, 0.8, 0.62)),
        "more_data": gap,
        "times_as_long": 1.88,
        "exponent": 0.82,
        "n_training": 1428,
        "n": 476,
        "machine": "2 cores",
    }
    return Growth(**{**fields, **more})


def passes(narrative: Any, study: Any, *, business: bool = True) -> None:
    said = gates.every(narrative)
    assert gates.true(said, study) == []
    if business:
        assert gates.plain(said) == []


# -- spans of time -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("seconds", [0.0, *np.geomspace(1e-7, 1e7, 57).tolist()])
def test_a_span_of_time_says_what_it_is_within_its_digits(seconds: float) -> None:
    said = duration(seconds)
    assert said.facts[""] in (seconds, said.facts.get(""))
    if seconds >= 0.001:
        number, unit = said.text.split(" ", 1)
        size = next(
            s
            for u, s in (("thousandth", 1e-3), ("second", 1.0), ("minute", 60.0), ("hour", 3600.0))
            if unit.startswith(u)
        )
        near = 0.13 if unit.startswith("thousandth") else 0.06
        assert float(number.replace(",", "")) * size == pytest.approx(seconds, rel=near)


def test_memory_has_two_digits() -> None:
    assert [memory(m).text for m in (0.0001, 0.05, 12.34, 999.0, 5200.0)] == [
        "0.1 KB",
        "50 KB",
        "12 MB",
        "1,000 MB",
        "5.2 GB",
    ]


# -- what an option takes ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("audience", ["business", "technical"])
@pytest.mark.parametrize(
    "more",
    [
        {},
        {"source": "built", "blocks": {}, "machine": ""},
        {"source": "given", "given": ("train_cpu_seconds", "peak_memory_mb", "build_hours"), "build_hours": 40.0},
        {"source": "none", "train_cpu_seconds": None, "train_seconds": None, "peak_memory_mb": None},
        {"blocks_agree": False},
        {"cut_short": True, "explain_ms": None, "n_inputs_needed": None, "predict_ms_per_1000": None},
        {"own_process": False},
        {"n_inputs_needed": 0},
        {"n_inputs_needed": 11},
        {"n_inputs": 1, "n_inputs_needed": 1},
        {"train_cpu_seconds": 0.0002, "predict_ms_p50": 0.3, "predict_ms_per_1000": 0.8, "n_parameters": 1},
        {"train_cpu_seconds": 90_000.0, "explain_ms": 90_000.0, "peak_memory_mb": 5_000.0, "build_hours": 1.0},
    ],
)
def test_what_an_option_takes_is_plain_and_true(more: dict[str, Any], audience: Any) -> None:
    study = loans()
    said = costs.describe_cost(cost(**more), study, "trees", audience=audience)
    passes(said, study, business=audience == "business")
    assert "Many trees" in said.headline.text


def test_the_figures_stand_in_the_text() -> None:
    said = text(costs.describe_cost(cost(), loans(), "trees"))
    assert said.startswith("“Many trees” is prepared in 0.62 seconds and answers 1,000 applications in 0.052 seconds.")
    assert "One application by itself takes it 0.031 seconds." in said
    assert "It needs 9 of the 11 things it is given." in said
    assert "210 MB of memory" in said
    tech = text(costs.describe_cost(cost(), loans(), "trees", audience="technical"))
    assert "medians of two blocks 610 ms and 630 ms" in tech
    assert "2,312 parameters" in tech


def test_what_was_not_measured_is_said() -> None:
    study = loans()

    def limits(**more: Any) -> str:
        return " ".join(s.text for s in costs.describe_cost(cost(**more), study, "trees").caveats)

    assert "not yet measured" in limits(source="built")
    assert "as its maker stated it" in limits(source="given", given=("train_cpu_seconds",))
    assert "nobody has said" in limits(source="none", train_cpu_seconds=None)
    assert "did not settle" in limits(blocks_agree=False)
    assert "ran out" in limits(cut_short=True)
    assert limits() == ""
    assert "not been measured yet" in costs.describe_cost(None, study, "trees").headline.text


def test_cells_of_a_table() -> None:
    assert costs.cell(cost(), "n_inputs_needed") == "9 of 11"
    assert costs.cell(cost(), "predict_ms_p50", audience="technical") == "31 ms"
    assert costs.cell(cost(explain_ms=None), "explain_ms") == ""
    assert costs.source(None) == "not measured yet"
    labels = [label for label, _ in costs.cells(cost(build_hours=40.0))]
    assert len(labels) == len(set(labels))
    assert "Hours to build it" in labels


# -- whether more would help ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("audience", ["business", "technical"])
@pytest.mark.parametrize("word", STANDINGS)
@pytest.mark.parametrize("name", MEASURES)
def test_every_growth_is_plain_and_true(name: str, word: Any, audience: Any) -> None:
    study = houses() if name in ("mae", "rmse", "r2") else loans()
    quick, level = {"times_as_long": None, "exponent": None}, {"times_as_long": 1.02, "exponent": 0.03}
    for more in ({}, {"taken": "latest"}, {"taken": "by group"}, quick, level):
        result = grown(name, word, **more)
        passes(costs.describe_growth(result, study, audience=audience), study, business=audience == "business")
        assert growth.title(result, study)
        assert growth.alt(result, study, audience=audience).endswith(".")
        assert growth.axis(result, study, audience=audience)
        assert "1 times" not in gates.text_of(costs.describe_growth(result, study, audience=audience).sentences)


@pytest.mark.parametrize("why", ["came fitted", "too few rows", "cannot be fitted", "too slow"])
def test_why_there_is_none_is_said(why: Any) -> None:
    study = loans()
    result = Growth(candidate="trees", why=why, metric="auc", detail="Too few rows.", n_training=12)
    for audience in ("business", "technical"):
        passes(costs.describe_growth(result, study, audience=audience), study, business=audience == "business")  # type: ignore[arg-type]


def test_the_verdict_decides_the_headline() -> None:
    study = loans()
    said = {w: growth.headline(grown(word=w), study).text for w in STANDINGS}
    assert len(set(said.values())) == 4
    assert "would likely help" in said["better"]
    assert "would hardly help" in said["about the same"]
    assert "cannot be told" in said["cannot tell"]
    assert "would not help" in said["worse"]


def test_sizes_stand_in_the_text() -> None:
    said = text(costs.describe_growth(grown(), loans()))
    assert "With all 1,428, it puts 80 (76 to 84) of 100 pairs in the right order." in said
    assert "With half of them it is 77 (73 to 81). With a quarter it is 74 (70 to 77)." in said
    assert "It takes 1.9 times as long to prepare with all as with half of them." in said
    assert "Half was drawn 5 times" in said


def test_hostile_names_change_nothing() -> None:
    for name in HOSTILE:
        study = loans(case=name, cases=name)
        for audience in ("business", "technical"):
            assert costs.describe_cost(cost(), study, "trees", audience=audience).headline.text  # type: ignore[arg-type]
            assert costs.describe_growth(grown(), study, audience=audience).headline.text  # type: ignore[arg-type]
