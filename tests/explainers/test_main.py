"""The command line says the same words as the page, with exit codes that a script can rely on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from explainers.__main__ import app
from explainers.attribution import explain
from explainers.complete import complete, kept
from explainers.study import Study
from explainers.words import case as words

RUN = CliRunner()


def test_list_names_every_sample_study() -> None:
    done = RUN.invoke(app, ["list", "--json"])
    assert done.exit_code == 0
    assert "boston_mortgages" in {row["name"] for row in json.loads(done.stdout)}


def test_validate_says_what_to_do_and_exits_with_one(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text("name: broken\ntarget: y\ndata: data.csv\n", encoding="utf-8")
    (tmp_path / "data.csv").write_text("x,y\n1,no\n2,no\n", encoding="utf-8")
    done = RUN.invoke(app, ["validate", str(tmp_path)])
    assert done.exit_code == 1
    assert "What to do:" in done.stdout
    assert "cannot be opened yet" in done.stdout
    assert "Traceback" not in done.output


def test_validate_of_a_good_study_exits_with_nought() -> None:
    done = RUN.invoke(app, ["validate", "boston_mortgages", "--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout)["opens"] is True


def test_an_unknown_study_or_class_is_a_misuse_and_says_which_there_are() -> None:
    done = RUN.invoke(app, ["validate", "no_such_study"])
    assert done.exit_code == 2
    assert "boston_mortgages" in done.stderr
    done = RUN.invoke(app, ["explain", "boston_mortgages", "461", "--outcome", "maybe"])
    assert done.exit_code == 2
    assert "yes" in done.stderr


@pytest.mark.parametrize("audience", ["business", "technical"])
def test_explain_prints_the_sentences_of_the_page(mortgages: Study, audience: str) -> None:
    study = mortgages.build("formula")
    found = explain(study, "formula", study.row("461")[list(study.candidate("formula").features)])
    complete(study, ["formula"], ranges=True)
    interval, coverage, unusual = kept(study, "formula", "461")
    sure = {"interval": interval, "coverage": coverage, "unusual": unusual}
    assert all(part is not None for part in sure.values())
    said = words.describe(found, study, **sure, audience=audience, case="461")
    done = RUN.invoke(app, ["explain", "boston_mortgages", "461", "--option", "formula", "--audience", audience])
    assert done.exit_code == 0, done.output
    assert "ot checked yet" not in done.stdout
    for sentence in (said.headline, *said.caveats, *said.sentences):
        if "rocessor time" not in sentence.text:
            assert sentence.text in done.stdout


def test_json_adds_up() -> None:
    done = RUN.invoke(app, ["explain", "boston_mortgages", "8", "--option", "tree", "--json"])
    said = json.loads(done.stdout)
    assert set(said) >= {"headline", "caveats", "sentences", "prediction", "base", "reasons", "others"}
    total = round(said["base"], 2) + sum(r["amount"] for r in said["reasons"]) + said["others"]
    assert total == pytest.approx(round(said["prediction"], 2), abs=1e-9)


def test_an_unknown_case_says_how_many_there_are() -> None:
    done = RUN.invoke(app, ["explain", "boston_mortgages", "999999"])
    assert done.exit_code == 1
    assert "2,380" in done.stderr


def test_build_reports_each_option() -> None:
    done = RUN.invoke(app, ["build", "boston_mortgages", "--option", "rule", "--option", "no_model"])
    assert done.exit_code == 0
    assert "One rule: ready" in done.stdout
    done = RUN.invoke(app, ["build", "boston_mortgages", "--option", "magic"])
    assert done.exit_code == 2
    assert "boosting" in done.stderr
