"""The inputs of a model beside the columns of the data: every difference is listed, with what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from explainers import Study, open_study
from explainers.errors import StudyError
from explainers.load.making import Making
from explainers.models import trial
from explainers.models.inputs import Inputs, inputs, rows_for
from explainers.models.matching import match
from explainers.results import Problem
from tests.explainers.model_files import outcome, pipeline, rows, study_folder, write

FOUND = Inputs(
    names=("size", "age", "heating"),
    count=3,
    levels={"heating": ("gas", "oil", "wood")},
    numbers=frozenset({"size", "age"}),
    classes=("no", "yes"),
    task="classification",
)


def differences(
    found: Inputs, change: Any = None, features: list[str] | None = None, **about: Any
) -> tuple[list[str] | None, dict[str, Problem]]:
    frame = rows().assign(sold=outcome("two"))
    frame = change(frame) if change else frame
    study = Making("The study").study(frame, target="sold", candidates={"no_model": "no_model"}, **about)
    columns, problems = match(
        found,
        study.frame,
        study.dictionary,
        target="sold",
        task=study.task,
        classes=study.classes,
        where="option mine",
        features=features,
    )
    assert all(p.message and p.remedy for p in problems)
    return columns, {p.code: p for p in problems}


def changed(**values: Any) -> Inputs:
    return Inputs(**{**{n: getattr(FOUND, n) for n in Inputs.__dataclass_fields__}, **values})


def test_what_fits_is_given_in_the_order_of_the_model_and_nothing_is_said() -> None:
    assert differences(FOUND, lambda f: f[["heating", "sold", "age", "size"]]) == (["size", "age", "heating"], {})


@pytest.mark.parametrize(
    ("found", "change", "code", "severity", "says"),
    [
        (changed(names=("size", "Ageing", "heating")), None, "columns_of_candidate", "error", "'Ageing'"),
        (changed(names=("size", "income", "heating")), None, "columns_of_candidate", "error", "'income'"),
        (changed(names=("Size", "age", "heating")), None, "inputs_renamed", "warning", "'Size' is 'size'"),
        (changed(names=("size", "age", "sold")), None, "columns_of_candidate", "error", "outcome itself"),
        (changed(names=("size", "age"), count=2, levels={}), None, "inputs_not_read", "note", "'heating'"),
        (changed(names=(), levels={}, numbers=frozenset()), None, "inputs_by_place", "warning", "'size', 'age'"),
        (changed(names=(), count=7, levels={}), None, "inputs_do_not_match", "error", "7 columns without names"),
        (changed(classes=("a", "b")), None, "classes_do_not_match", "error", "'a' and 'b'"),
        (changed(task="regression"), None, "wrong_task", "error", "answers with numbers"),
        (FOUND, lambda f: f.assign(age="old"), "input_kind", "error", "reads numbers"),
        (FOUND, lambda f: f.assign(heating=f["heating"].str.upper()), "input_kind", "error", "none of them"),
        (
            FOUND,
            lambda f: f.assign(heating=f["heating"].where(f.index > 2, "straw")),
            "input_levels",
            "warning",
            "'straw' here (3 rows)",
        ),
        (
            changed(names=("size", "age", "when"), levels={}),
            lambda f: f.assign(when=pd.Timestamp("2020-01-01")),
            "inputs_of_other_roles",
            "warning",
            "'when' (time)",
        ),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_each_difference_is_named(found: Inputs, change: Any, code: str, severity: str, says: str) -> None:
    columns, problems = differences(found, change)
    assert code in problems, problems
    assert problems[code].severity == severity
    assert says in problems[code].message
    assert (columns is None) == (severity == "error")


def test_a_column_with_a_near_name_is_suggested() -> None:
    _, problems = differences(changed(names=("sizes", "age", "heating")))
    assert "'sizes' may be 'size'" in problems["columns_of_candidate"].remedy.replace("'Sizes'", "'sizes'")


def test_columns_that_were_named_by_hand_count() -> None:
    columns, problems = differences(changed(names=()), features=["age", "size", "heating"])
    assert columns == ["age", "size", "heating"]
    assert not problems
    columns, problems = differences(changed(names=()), features=["age"])
    assert columns is None
    assert "1 column" in problems["inputs_do_not_match"].message


def test_a_model_of_other_columns_is_refused_when_the_study_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = study_folder(tmp_path / "s", "two", {"rule": {"recipe": "rule"}, "mine": {"file": "model.skops"}})
    write("skops", "two", place)
    data = place / "data.csv"
    data.write_text(data.read_text(encoding="utf-8").replace("heating", "heater", 1), encoding="utf-8")
    text = (place / "study.yaml").read_text(encoding="utf-8").replace('"heating"', '"heater"')
    (place / "study.yaml").write_text(text, encoding="utf-8")
    said = inputs(pipeline("two")).to_plain()
    monkeypatch.setattr(trial, "_tried", lambda *_: ({"refused": "", "inputs": said}, False))
    with pytest.raises(StudyError, match="It needs the columns 'heating'") as caught:
        open_study(place)
    assert "'heating' may be 'heater'" in next(p.remedy for p in caught.value.problems).lower()


def test_what_is_found_is_said_again_when_a_saved_study_is_opened(tmp_path: Path) -> None:
    fitted = pipeline("two")
    frame = rows().assign(sold=outcome("two"), garden=["no", "yes"] * 120)
    study = Study.from_frame(frame, target="sold", candidates={"mine": fitted})
    assert "inputs_not_read" in {p.code for p in study.problems}
    again = open_study(study.save(tmp_path / "s"), build=False)
    assert {p.code for p in again.problems} == {p.code for p in study.problems}


def test_made_up_rows_have_known_and_unknown_levels_and_extremes() -> None:
    made = rows_for(FOUND)
    assert list(made.columns) == ["size", "age", "heating"]
    assert made["size"].isna().any()
    assert made["size"].abs().max() == 1e30
    assert set(made["heating"]) >= {"gas", "never seen"}
    assert rows_for(Inputs(count=4)).shape[1] == 4
