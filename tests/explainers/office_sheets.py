"""Sheets saved by a real LibreOffice: a table as people keep it in Europe, typed in or brought in from a text file."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

OFFICE = "Sheets need LibreOffice with Calc. Install it, for example with: bash tests/install_services.sh office"
SEMICOLON, QUOTE, UTF8, GERMAN = 59, 34, 76, 1031
TEXT = 2
N = 120


def customers() -> pd.DataFrame:
    """Return what the sheets hold."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"Kunden-Nr": range(1000, 1000 + N), "Preis EUR": rng.normal(50, 9, N).round(2)})
    frame["Gewicht kg"] = rng.uniform(0, 3, N).round(3)
    frame["Umsatz"] = (rng.uniform(900, 9_000, N)).round(2)
    frame["Seit"] = pd.date_range("2020-01-01", periods=N)
    frame["Gekündigt"] = np.where(frame["Preis EUR"] + rng.normal(0, 5, N) > 52, "ja", "nein")
    return frame


def saved(folder: Path, ending: str) -> Path:
    """Let LibreOffice read a German text file and save it as a workbook.

    The price becomes a number that it shows with a comma, the weight stays text such as 1,25, the turnover is text with
    points between thousands; two rows above the names hold a title and nothing.
    """
    office = shutil.which("soffice")
    if not office:
        pytest.fail(OFFICE, pytrace=False)
    frame = customers()
    frame["Umsatz"] = [f"{v:,.2f}".translate(str.maketrans(",.", ".,")) for v in frame["Umsatz"]]
    table = frame.to_csv(index=False, sep=";", decimal=",", date_format="%d.%m.%Y")
    source = folder / "Kunden 2020.csv"
    source.write_text(f"Kunden des Jahres 2020;;;;;\n;;;;;\n{table}", encoding="utf-8")
    kinds = f"3/{TEXT}/4/{TEXT}"
    reading = f"CSV:{SEMICOLON},{QUOTE},{UTF8},1,{kinds},{GERMAN},false,true,false"
    done = subprocess.run(
        [office, "--headless", f"--infilter={reading}", "--convert-to", ending, "--outdir", str(folder), str(source)],
        capture_output=True,
        timeout=180,
        env={**os.environ, "HOME": str(folder)},
        check=False,
    )
    made = source.with_suffix(f".{ending}")
    if not made.is_file():
        pytest.fail(f"{OFFICE} It said: {done.stderr.decode()[:500]}", pytrace=False)
    return made
