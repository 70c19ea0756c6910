"""A sheet saved by a real LibreOffice, with a title and decimal commas, becomes a study: read, guessed, explained."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explainers import guess
from explainers.attribution import explain
from explainers.load.beginning import begin
from explainers.load.reading import read
from explainers.words import case
from tests.explainers.office_sheets import customers, saved

pytestmark = [pytest.mark.promise, pytest.mark.xdist_group("office")]


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_a_sheet_of_libreoffice_becomes_an_explained_case(ending: str, tmp_path: Path, promise: Any) -> None:
    path = saved(tmp_path, ending)
    with zipfile.ZipFile(path) as packed:  # the file really holds text with commas and numbers beside each other
        text = b"".join(packed.read(n) for n in packed.namelist() if n.endswith(".xml")).decode("utf-8", "replace")
    want = customers()
    assert f"{want['Gewicht kg'].iloc[0]:.3f}".rstrip("0").replace(".", ",") in text
    reading = read(path)
    found = {f.what: f.value for f in reading.findings}
    assert (reading.kind, found["header"], found["decimal"]) == (
        "Excel" if ending == "xlsx" else "OpenDocument",
        "3",
        ",",
    )
    assert reading.above == ("Kunden des Jahres 2020",)
    assert [c.read_as for c in reading.columns] == ["number", "number", "number", "number", "date", "text"]
    for name in ("Kunden-Nr", "Preis EUR", "Gewicht kg", "Umsatz"):
        np.testing.assert_allclose(reading.frame[name], want[name])
    assert reading.frame["Seit"].tolist() == want["Seit"].tolist()
    assert not [p for p in reading.problems if p.severity != "note"]
    features = guess.dictionary(reading.frame, target="Gekündigt").features
    assert {n: f.role for n, f in features.items()} == {
        "Kunden-Nr": "id", "Preis EUR": "feature", "Gewicht kg": "feature", "Umsatz": "feature", "Seit": "time",
        "Gekündigt": "target",
    }  # fmt: skip
    assert (features["Preis EUR"].unit, features["Gewicht kg"].unit) == ("€", "kg")
    study = begin(tmp_path / "mine", path, target="Gekündigt", options=["no_model", "tree"]).build("tree")
    explanation = explain(study, "tree", study.frame.iloc[:1])
    np.testing.assert_allclose(
        explanation.values.sum(axis=1), explanation.predictions - explanation.base_values, atol=1e-9
    )
    said = case.describe(explanation, study)
    assert "Gekündigt" in said.headline.text
    promise(
        f"A sheet saved by LibreOffice ({ending}) with a title and decimal commas becomes an explained case",
        f"{len(reading.frame)} rows, all cells equal",
    )
