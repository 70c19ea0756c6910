"""Files from the command line and from the worker: the same figures, and messages where it cannot be done."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pptx import Presentation
from typer.testing import CliRunner

from explainers import jobs, open_study
from explainers.__main__ import app
from explainers.errors import BakeoffError
from explainers.report import exporting
from tests.explainers.conftest import study_by_name
from tests.explainers.report.test_decks import first_cases


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A little study as a folder, built."""
    folder = tmp_path_factory.mktemp("kept") / "sales"
    study_by_name("binary").save(folder)
    return folder


def call(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, list(words))
    return done.exit_code, done.stdout, done.stderr


def test_the_command_line_writes_both_files(kept: Path, tmp_path: Path) -> None:
    page, slides = tmp_path / "new" / "deck.html", tmp_path / "deck.pptx"
    assert call("build", str(kept))[0] == 0
    code, out, err = call("export", str(kept), "--html", str(page), "--pptx", str(slides), "--option", "tree")
    assert code == 0, err
    assert str(page) in out
    assert str(slides) in out
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert len(Presentation(str(slides)).slides) > 8


def test_the_command_line_writes_a_report(kept: Path, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    call("build", str(kept))
    code, _, err = call("report", str(kept), str(file), "--option", "tree", "--audience", "technical")
    assert code == 0, err
    assert "Responsibility" in file.read_text(encoding="utf-8")


def test_what_it_cannot_do_it_says(kept: Path, tmp_path: Path) -> None:
    assert call("export", str(kept))[0] == 2
    code, _, err = call("export", str(kept), "--html", str(tmp_path / "a.html"), "--option", "nonsense")
    assert code == 1
    assert "nonsense" in err
    code, _, err = call("export", str(kept), "--html", str(tmp_path / "a.html"), "--option", "tree", "--case", "nobody")
    assert code == 1
    assert not (tmp_path / "a.html").exists()


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    study = study_by_name("binary")
    (tmp_path / "taken").write_text("a file where a folder is needed")
    with pytest.raises(BakeoffError, match="cannot be written"):
        exporting.write(study, {"html": tmp_path / "taken" / "deck.html"}, "tree", cases=first_cases(study, 1))


def test_the_worker_makes_the_same_file_as_the_library(kept: Path) -> None:
    study = open_study(kept)
    cases = list(first_cases(study, 1))
    job = jobs.submit("export", study=kept, candidate="tree", form="pptx", kind="deck", cases=cases)
    assert job.wait(120), "the worker took too long"
    assert job.state == "done", job.error
    theirs = Presentation(io.BytesIO(job.result()))
    ours = Presentation(io.BytesIO(exporting.export(study, "tree", form="pptx", cases=cases)))
    told = [[slide.notes_slide.notes_text_frame.text for slide in show.slides] for show in (theirs, ours)]
    assert told[0] == told[1]
    jobs.shutdown()


def test_unknown_kinds_and_forms_are_refused() -> None:
    study = study_by_name("binary")
    for form, kind in (("docx", "deck"), ("html", "letter")):
        with pytest.raises(BakeoffError, match="There is no"):
            exporting.export(study, "tree", form=form, kind=kind)
