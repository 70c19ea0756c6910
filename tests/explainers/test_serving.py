"""From a notebook to the app: a server of its own that shows the study, and ends when it is told to."""

from __future__ import annotations

import os
import urllib.request
from pathlib import Path

import pytest

import explainers
from explainers import Study, open_study
from explainers.errors import ModelFileError
from explainers.predict import predict
from explainers.save import save
from explainers.serving import ServerError, free_port
from tests.explainers.model_files import outcome, pipeline, rows


def test_three_lines_from_a_fitted_estimator_to_the_app() -> None:
    fitted, frame = pipeline("two"), rows().assign(sold=outcome("two"))

    study = explainers.Study.from_frame(frame, target="sold", candidates={"mine": fitted})
    served = explainers.serve(study)
    print(served.url)

    try:
        assert served.running
        assert served.url == f"http://127.0.0.1:{served.port}/?study=study"
        with urllib.request.urlopen(served.url, timeout=20) as said:
            assert said.status == 200
            assert "default-src 'self'" in said.headers["content-security-policy"]
        assert served.folder.stat().st_mode & 0o077 == 0, "another user could read the study"
        assert open_study(served.folder / "study", build=False).name == "study"
        assert served.url in served._repr_html_()
    finally:
        served.stop()
    assert not served.running
    assert not served.folder.exists()
    served.stop()
    assert "stopped" in repr(served)


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    import socket

    study = Study.from_frame(rows().assign(sold=outcome("two")), target="sold", candidates={"no_model": "no_model"})
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ServerError, match="did not answer"):
            explainers.serve(study, port=taken.getsockname()[1], seconds=15)
    assert free_port() > 0


def test_an_option_that_no_file_can_hold_is_kept_for_the_trusted_folder_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame, factor = rows().assign(sold=outcome("numbers")), 3.0
    study = Study.from_frame(frame, target="sold", candidates={"mine": lambda f: f["size"] * factor})
    with pytest.raises(ModelFileError, match="handed in as a function"):
        save(study, tmp_path / "mine")
    assert not list(tmp_path.iterdir())
    save(study, tmp_path / "mine", trusted=True)
    refused = open_study(tmp_path / "mine").candidates["mine"]
    assert "can run any code" in refused.failure
    monkeypatch.setenv("BAKEOFF_TRUSTED_MODELS", os.fspath(tmp_path))
    (tmp_path / "mine" / "study.yaml").touch()
    again = open_study(tmp_path / "mine")
    mine = again.candidates["mine"]
    if mine.failure:  # what was refused before is remembered under the same key
        pytest.fail(mine.failure)
    assert predict(again, "mine", frame)["prediction"].tolist() == (frame["size"] * 3.0).tolist()
