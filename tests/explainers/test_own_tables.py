"""Real tables that ship in packages go from a file to an explained case by one command, without editing."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from explainers import open_study
from explainers.__main__ import app
from tests.explainers.guess_answers import TABLES

RUN = CliRunner()
QUICK = ("iris", "tips")


@pytest.mark.parametrize("name", [n if n in QUICK else pytest.param(n, marks=pytest.mark.promise) for n in TABLES])
def test_a_table_goes_from_a_file_to_an_explained_case(name: str, tmp_path: Path) -> None:
    table = TABLES[name]
    frame = table.frame().head(3000)
    path = tmp_path / f"{name}.csv"
    frame.to_csv(path, index=False)
    folder = tmp_path / "mine"
    asked = ["new", str(folder), "--data", str(path), "--target", table.target]
    done = RUN.invoke(app, [*asked, *(part for o in ("no_model", "rule", "tree") for part in ("--option", o))])
    assert done.exit_code == 0, done.output
    study = open_study(folder)
    case = study.case_ids[len(study.frame) // 2]
    done = RUN.invoke(app, ["explain", str(folder), str(case), "--option", "tree"])
    assert done.exit_code == 0, done.output
    assert len(done.stdout.splitlines()) >= 3
