"""The example notebook runs, and its cells show the words and the figure of the page."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> list[list[dict[str, object]]]:
    """Return the outputs of the example's code cells, run by a real Jupyter kernel."""
    done = tmp_path_factory.mktemp("notebook") / "done.ipynb"
    code = (
        "import nbformat, sys; from nbclient import NotebookClient;"
        "book = nbformat.read(sys.argv[1], as_version=4);"
        "where = {'metadata': {'path': sys.argv[3]}};"
        "NotebookClient(book, timeout=240, kernel_name='python3', resources=where).execute();"
        "nbformat.write(book, sys.argv[2])"
    )
    command = [sys.executable, "-c", code, str(ROOT / "docs" / "example.ipynb"), str(done), str(ROOT)]
    subprocess.run(command, check=True, env={**os.environ, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}, capture_output=True)
    return [c["outputs"] for c in json.loads(done.read_text("utf-8"))["cells"] if c["cell_type"] == "code"]


def text_of(cell: list[dict[str, object]]) -> str:
    return json.dumps([o.get("data", {}) for o in cell], ensure_ascii=False)


def test_an_explanation_shows_its_words_and_its_figure(outputs: list[list[dict[str, object]]]) -> None:
    shown = text_of(outputs[1])
    assert "turned down by the lender" in shown
    assert "<li>" in shown
    assert "application/vnd.plotly.v1+json" in shown


def test_similar_cases_show_their_words(outputs: list[list[dict[str, object]]]) -> None:
    assert "50 most similar past applications" in text_of(outputs[2])
