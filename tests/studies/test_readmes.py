"""The tables of known answers in the READMEs of the sample studies are what is measured."""

from __future__ import annotations

import re

import pytest

from explainers.metrics import evaluate
from explainers.study import CALIBRATION
from tests.studies.conftest import NAMES, SAMPLES, built

# Header of a column to the measure it holds, the rows it is counted on, what one of it is, and how far it may be off
# on another machine: fits differ in their last digits, and a case or two at the cut-off with them.
COLUMNS = {
    "right of 345": ("accuracy", ("test",), 345, 4),
    "AUC": ("auc", ("test",), 1, 0.015),
    "log loss": ("log_loss", ("test",), 1, 0.02),
    "off by": ("mae", ("test",), 1, 0.02),
    "R2": ("r2", ("test",), 1, 0.03),
    "1981-86": ("mae", (CALIBRATION,), 1, 0.15),
    "from 1987, never seen": ("mae", ("test",), 1, 0.15),
}
WITH_TABLE = [n for n in NAMES if n != "boston_mortgages"]


def table(name: str) -> dict[str, dict[str, float]]:
    """Return the table of known answers of a README: option to header to figure."""
    text = (SAMPLES / name / "README.md").read_text(encoding="utf-8")
    lines = [line for line in text[text.index("| option |") :].split("\n\n", maxsplit=1)[0].splitlines() if line]
    header, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    said = {}
    for label, *cells in rows:
        figures = (float(cell.replace(",", "")) for cell in cells)
        said[re.sub(r" \(.*\)$", "", label)] = dict(zip(header[1:], figures, strict=True))
    return said


@pytest.mark.parametrize("name", WITH_TABLE)
def test_known_answers_are_measured(name: str) -> None:
    study, said = built(name), table(name)
    assert list(said) == [c.label for c in study.candidates.values()]
    for candidate in study.candidates.values():
        for header, figure in said[candidate.label].items():
            metric, rows, times, room = COLUMNS[header]
            found = next(m.value for m in evaluate(study, candidate.name, rows=rows) if m.name == metric) * times
            allowed = room * figure if metric == "mae" and figure > 1000 else room
            assert abs(found - figure) <= allowed, f"{candidate.label}, {header}: written {figure}, found {found:.4g}"
