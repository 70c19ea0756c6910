"""From a data file to a study folder, by function and by command."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from explainers import open_study
from explainers.__main__ import app
from explainers.errors import StudyError
from explainers.load.beginning import begin
from explainers.predict import predict
from tests.explainers.model_files import N, outcome, rows, write

RUN = CliRunner()


def data(folder: Path, ending: str = ".csv") -> Path:
    path = folder / f"houses{ending}"
    frame = rows().assign(house_id=range(1000, 1000 + N), price=outcome("numbers").round(2), sold=outcome("two"))
    if ending == ".csv":
        frame.to_csv(path, index=False)
    elif ending == ".parquet":
        frame.to_parquet(path)
    else:
        frame.to_excel(path, index=False)
    return path


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".xlsx"])
def test_a_data_file_becomes_a_study(ending: str, tmp_path: Path) -> None:
    begin(tmp_path / "mine", data(tmp_path, ending), target="sold", options=("no_model", "rule"), title="My houses")
    study = open_study(tmp_path / "mine")
    assert (study.name, study.title, study.positive) == ("mine", "My houses", "yes")
    assert study.dictionary.names("id") == ("house_id",)
    assert all(c.built for c in study.candidates.values())
    assert "id_as_input" in {p.code for p in study.problems}


def test_a_command_makes_a_study_and_another_explains_it(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    done = RUN.invoke(
        app, ["new", str(folder), "--data", str(data(tmp_path)), "--target", "price", "--option", "formula"]
    )
    assert done.exit_code == 0, done.output
    assert "240 rows, 4 inputs" in done.stdout
    done = RUN.invoke(app, ["explain", str(folder), "1003", "--json"])
    assert done.exit_code == 0, done.output
    out = tmp_path / "why.csv"
    done = RUN.invoke(app, ["explain", str(folder), "--file", str(data(tmp_path)), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "240 houses" in done.stdout
    table = pd.read_csv(out)
    assert table["case"].tolist() == list(range(1000, 1000 + N))
    done = RUN.invoke(app, ["explain", str(folder), "--file", str(data(tmp_path)), "--out", str(out), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {
        "study": "mine",
        "option": "formula",
        "table": str(out),
        "cases": N,
        "without_an_answer": 0,
    }
    for wrong in ([], ["1003", "--file", "x.csv", "--out", "y.csv"], ["--file", "x.csv"]):
        done = RUN.invoke(app, ["explain", str(folder), *wrong])
        assert done.exit_code == 2
        assert "--file" in done.stderr
    done = RUN.invoke(app, ["explain", str(folder), "--file", "gone.csv", "--out", str(out)])
    assert done.exit_code == 1
    assert "not there" in done.stderr


def test_model_files_become_options(tmp_path: Path) -> None:
    path, want, _ = write("formula with coefficients", "two", tmp_path)
    begin(tmp_path / "mine", data(tmp_path), target="sold", options=("rule",), model_files=[path])
    study = open_study(tmp_path / "mine")
    assert list(study.candidates) == ["rule", "model"]
    assert predict(study, "model", study.frame)["yes"].to_numpy() == pytest.approx(want[:, 1])


@pytest.mark.parametrize(
    ("target", "folder", "says"),
    [("gone", "mine", "not in the data"), ("sold", "taken", "there already"), ("house_id", "mine", "")],
)
def test_what_does_not_work_is_said_and_nothing_is_written(target: str, folder: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "letter.txt").write_text("keep me", encoding="utf-8")
    done = RUN.invoke(app, ["new", str(tmp_path / folder), "--data", str(data(tmp_path)), "--target", target])
    if target == "house_id":
        return  # numbers of cases are numbers: whoever wants to answer them may
    assert done.exit_code == 1
    assert says in done.stderr
    assert "Traceback" not in done.output
    assert not (tmp_path / "mine").exists()
    assert [p.name for p in (tmp_path / "taken").iterdir()] == ["letter.txt"]


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="not there"):
        begin(tmp_path / "mine", tmp_path / "gone.csv", target="x")
    with pytest.raises(StudyError, match="no model file"):
        begin(tmp_path / "mine", data(tmp_path), target="sold", model_files=[tmp_path / "gone.skops"])
    done = RUN.invoke(app, ["serve", str(tmp_path / "gone")])
    assert done.exit_code == 2
