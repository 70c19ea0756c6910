"""What study.yaml states of the cost of an option: read, kept, and refused with a remedy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from explainers import Study, open_study
from explainers.errors import StudyError
from explainers.load.stated_cost import read_cost
from explainers.study import Candidate


def table() -> pd.DataFrame:
    return pd.DataFrame({"size": [float(i % 7) for i in range(60)], "sold": ["no", "yes", "no"] * 20})


def given(cost: dict[str, Any]) -> dict[str, Candidate]:
    from sklearn.tree import DecisionTreeClassifier

    frame = table()
    fitted = DecisionTreeClassifier(max_depth=1).fit(frame[["size"]], frame["sold"])
    return {
        "ours": Candidate(
            name="ours",
            label="Ours",
            kind="black_box",
            estimator=fitted,
            features=("size",),
            given_fitted=True,
            given_cost=cost,
        )
    }


def test_stated_figures_survive_saving_and_opening(tmp_path: Path) -> None:
    stated = {"train_cpu_seconds": 86_400.0, "peak_memory_mb": 16_000.0, "build_hours": 40.0}
    study = Study.from_frame(table(), target="sold", candidates=given(stated), name="mine")
    assert study.candidates["ours"].given_cost == stated
    again = open_study(study.save(tmp_path / "mine"), build=False)
    assert again.candidates["ours"].given_cost == stated
    assert again.data_key == study.data_key


@pytest.mark.parametrize(
    ("cost", "code", "word"),
    [
        ({"train_cpu_seconds": "ten"}, "wrong_type", "a number"),
        ({"train_cpu_seconds": True}, "wrong_type", "a number"),
        ({"train_cpu_seconds": [1]}, "wrong_type", "a number"),
        ({"peak_memory_mb": -1}, "cost_out_of_range", "0 or more"),
        ({"peak_memory_mb": float("nan")}, "cost_out_of_range", "0 or more"),
        ({"build_hours": float("inf")}, "cost_out_of_range", "0 or more"),
        ({"build_hours": 1e300}, "cost_out_of_range", "0 or more"),
        ("a lot", "wrong_type", "figures by name"),
        ([1, 2], "wrong_type", "figures by name"),
    ],
)
def test_what_is_no_cost_stops_with_a_remedy(cost: Any, code: str, word: str) -> None:
    stated, problems = read_cost(cost, "option ours", fitted_here=False)
    assert stated == {}
    assert [(p.code, p.severity) for p in problems] == [(code, "error")]
    assert word in problems[0].message + problems[0].remedy
    assert problems[0].remedy.endswith(".")
    with pytest.raises(StudyError, match="option ours"):
        Study.from_frame(table(), target="sold", candidates={"ours": {"recipe": "tree", "cost": cost}})


def test_an_unknown_figure_is_named_with_its_neighbour() -> None:
    stated, problems = read_cost({"build_hour": 3, "build_hours": 4}, "option ours", fitted_here=True)
    assert stated == {"build_hours": 4.0}
    assert [(p.code, p.severity) for p in problems] == [("unknown_field", "warning")]
    assert "build_hours" in problems[0].remedy


def test_what_is_measured_here_need_not_be_stated() -> None:
    study = Study.from_frame(
        table(),
        target="sold",
        candidates={
            "tree": {"recipe": "tree", "cost": {"train_cpu_seconds": 5, "build_hours": 16}},
            "none": "no_model",
        },
    )
    found = [p for p in study.problems if p.code == "cost_is_measured"]
    assert len(found) == 1
    assert found[0].severity == "warning"
    assert study.candidates["tree"].given_cost["build_hours"] == 16
    assert study.candidates["none"].given_cost == {}


def test_nothing_stated_is_nothing() -> None:
    assert read_cost(None, "option ours", fitted_here=False) == ({}, [])
    assert read_cost({"build_hours": None}, "option ours", fitted_here=False) == ({}, [])
