"""The example scripts run as they stand, and say what they promise."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SAYS = {
    "fitted_estimator.py": r"Barolo.*\n - ",
    "model_file.py": r"Mean absolute error against the formula: [+-]\d.*can run any code",
    "whole_file.py": r"20 cases, 0 without an answer",
}


def test_there_are_three_and_each_is_tested() -> None:
    assert {p.name for p in (ROOT / "examples").glob("*.py")} == set(SAYS)


@pytest.mark.parametrize("name", SAYS)
def test_an_example_runs(name: str, tmp_path: Path) -> None:
    if name == "model_file.py":
        pytest.importorskip("lightgbm", reason="the extra models is not installed")
    command = [sys.executable, str(ROOT / "examples" / name)]
    done = subprocess.run(
        command, cwd=tmp_path, env=os.environ.copy(), capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr
    assert re.search(SAYS[name], done.stdout, re.DOTALL), done.stdout
    assert not list(tmp_path.iterdir()), "an example leaves nothing behind"
