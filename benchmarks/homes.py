"""Homes in which studies are built and cases are explained ahead, as on a server that has run for a while."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.serving import ROOT

LARGE = "large"
MAKE = """
import sys
from pathlib import Path
from benchmarks.homes import table
from explainers import Study
frame = table(int(sys.argv[2]), int(sys.argv[3]))
options = {name: name for name in ("no_model", "rule", "logistic", "boosting")}
study = Study.from_frame(
    frame, target="outcome", positive="yes", candidates=options, name="large", title="A large study", first="boosting"
)
study.save(Path(sys.argv[1]))
"""
AHEAD = """
import sys
from explainers import open_study
from explainers.ahead import cases_ahead, explain_ahead
study = open_study(sys.argv[1])
explain_ahead(study, sys.argv[2], cases_ahead(study)[: int(sys.argv[3])])
"""


def built(home: Path, study: str | Path, option: str, *, ahead: int) -> Path:
    """Build a study in a home and explain its first cases by one option; what is there already is kept.

    Parameters
    ----------
    home : Path
        BAKEOFF_HOME of the server that is going to be measured.
    study : str or Path
        Name of a sample study, or the folder of another one.
    option : str
        Name of the candidate.
    ahead : int
        Number of cases.
    """
    folder = ROOT / "sample_data" / study if isinstance(study, str) else study
    _run(home, AHEAD, folder, option, ahead)
    return home


def training_ids(study: str | Path) -> list[str]:
    """Return the ids of training rows, which the server never explains ahead."""
    from explainers import open_study

    folder = ROOT / "sample_data" / study if isinstance(study, str) else study
    opened = open_study(folder, build=False)
    return [str(i) for i in opened.case_ids[(opened.split == "train").to_numpy()]]


def large(home: Path, folder: Path, *, rows: int, columns: int) -> Path:
    """Make and build a study of that size in a folder; its parent is for BAKEOFF_STUDIES."""
    _run(home, MAKE, folder, rows, columns)
    return folder


def _run(home: Path, code: str, *arguments: object) -> None:
    environment = {**os.environ, "BAKEOFF_HOME": str(home), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def table(rows: int, columns: int, *, random_state: int = 0) -> pd.DataFrame:
    """Return numbers and levels, a quarter of the columns levels, with an outcome that follows from some of them."""
    rng = np.random.default_rng(random_state)
    levels, frame = columns // 4, {}
    for at in range(columns - levels):
        frame[f"number_{at}"] = rng.normal(size=rows).round(3)
    for at in range(levels):
        frame[f"level_{at}"] = rng.choice([f"kind {n}" for n in range(3 + 2 * at)], rows)
    pull = frame["number_0"] + 0.7 * frame["number_1"] * frame["number_2"] + (frame["level_0"] == "kind 1")
    frame["outcome"] = np.where(pull + rng.logistic(size=rows) > 0.5, "yes", "no")
    return pd.DataFrame(frame)
