"""What can be a table: each row of the README's list is a real file made here that becomes an explained case."""

from __future__ import annotations

import gzip
import io
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from explainers import Study, guess, kept, uploads
from explainers.attribution import explain
from explainers.load import connections
from explainers.load.beginning import begin
from pages.parts import load_start
from tests.conftest import ROOT
from tests.explainers.test_reading import ods

N = 90


def sales() -> pd.DataFrame:
    """Return rows with a number of the case, decimals, levels with odd letters, a gap, dates and an outcome."""
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"sale_id": range(5001, 5001 + N), "price_eur": rng.normal(50, 9, N).round(2)})
    frame["shop"] = rng.choice(["Köln", "Genève", "Århus"], N)
    frame["weight_kg"] = rng.uniform(1, 5, N).round(3)
    frame.loc[4, "weight_kg"] = np.nan
    frame["day"] = pd.date_range("2024-01-20", periods=N)
    frame["late"] = np.where(frame["price_eur"] + rng.normal(0, 4, N) > 51, "yes", "no")
    return frame


def rows(*above: list[Any]) -> list[list[Any]]:
    frame = sales()
    return [*above, list(frame.columns), *frame.astype(object).where(frame.notna(), None).to_numpy().tolist()]


def quoted() -> bytes:
    frame = sales()
    frame["shop"] = frame["shop"].replace("Köln", 'Köln, "Dom"\nHaus 2')
    return frame.to_csv(index=False).encode()


def excel(*, title: bool = True) -> bytes:
    out = io.BytesIO()
    with pd.ExcelWriter(out, engine="openpyxl") as book:
        pd.DataFrame({"see": ["the next sheet"]}).to_excel(book, sheet_name="Cover", index=False)
        sales().to_excel(book, sheet_name="2024", index=False, startrow=2 if title else 0)
        if title:
            book.sheets["2024"]["A1"] = "Sales of 2024"
    return out.getvalue()


def with_macros() -> bytes:
    """Return a workbook with a macro in it, as Excel saves one: a part for the code, and another kind of content."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(excel(title=False))) as plain, zipfile.ZipFile(out, "w") as book:
        for part in plain.namelist():
            plainly = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
            macros = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
            book.writestr(part, plain.read(part).replace(plainly, macros))
        book.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" + b"Sub Auto_Open()" * 50)
    return out.getvalue()


def arrow(kind: str) -> bytes:
    out = io.BytesIO()
    sales().to_parquet(out) if kind == "parquet" else sales().to_feather(out)
    return out.getvalue()


def european() -> bytes:
    return sales().to_csv(index=False, sep=";", decimal=",", date_format="%d.%m.%Y").encode("cp1252")


FILES: dict[str, dict[str, Callable[[], bytes]]] = {
    "CSV with commas": {"sales.csv": quoted},
    "CSV as Europe writes it": {"sales.csv": european},
    "tabs": {
        "sales.tsv": lambda: sales().to_csv(index=False, sep="\t").encode(),
        "sales.txt": lambda: sales().to_csv(index=False, sep="\t").encode("utf-16"),
    },
    "vertical bars": {"sales.txt": lambda: sales().to_csv(index=False, sep="|").encode()},
    "packed with gzip": {"sales.csv.gz": lambda: gzip.compress(european())},
    "Excel": {"sales.xlsx": excel},
    "Excel with macros": {"sales.xlsm": with_macros},
    "OpenDocument": {"sales.ods": lambda: ods(rows(["Sales of 2024"], []))},
    "Parquet": {"sales.parquet": lambda: arrow("parquet")},
    "Feather": {"sales.feather": lambda: arrow("feather"), "sales.arrow": lambda: arrow("feather")},
}
"""Row of the list to the files it names."""


def listed() -> dict[str, list[str]]:
    """Return the rows of the README's list with the examples they give."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = text.split("### What can be a table")[1].split("###")[0].splitlines()
    cells = [[c.strip() for c in line.split("|")] for line in lines if line.startswith("| ")]
    return {row[1]: [e.strip().strip("`") for e in row[2].split(",")] for row in cells if row[1] != "table"}


def checked(study: Study, target: str = "late") -> None:
    """See that roles were told, and that the reasons of a case add up."""
    roles = {n: f.role for n, f in study.dictionary.features.items()}
    assert (roles["sale_id"], roles["day"], roles["price_eur"]) == ("id", "time", "feature")
    assert study.target == target
    assert study.frame["weight_kg"].isna().sum() == 1
    np.testing.assert_allclose(study.frame["price_eur"], sales()["price_eur"])
    assert study.frame["day"].tolist() == sales()["day"].tolist()
    towns = {str(v).split(",", maxsplit=1)[0] for v in study.frame["shop"].unique()}
    assert towns == {"Köln", "Genève", "Århus"}
    found = explain(study.build("tree"), "tree", study.frame.iloc[:1])
    np.testing.assert_allclose(found.values.sum(axis=1), found.predictions - found.base_values, atol=1e-9)


def from_upload(read: dict[str, Any], key: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """Make a study of what was read as the page does, with nothing corrected but the outcome."""
    from explainers import open_study

    monkeypatch.setenv("BAKEOFF_HOME", str(home))
    found = uploads.guess_upload(key=key, table=read["table"], target="late", units=read["units"], name=read["name"])
    about = {"title": "Sales", "target": "late", "split": found["split"], "case": found["case"]}
    made = uploads.keep_upload(
        key=key, table=read["table"], entries=found["entries"], about=about, options=["no_model", "tree"]
    )
    assert "problems" not in made, made
    return open_study(made["folder"])


@pytest.mark.parametrize(("row", "name"), [(row, name) for row, files in FILES.items() for name in files])
def test_a_file_of_the_list_becomes_an_explained_case(
    row: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = FILES[row][name]()
    monkeypatch.setenv("BAKEOFF_HOME", str(tmp_path / "home"))
    upload = uploads.bring(io.BytesIO(data), name)
    read = uploads.read_upload(key=upload.key, name=upload.name)
    checked(from_upload(read, upload.key, tmp_path / "home", monkeypatch))


@pytest.mark.parametrize("name", ["sales.csv", "sales.xlsx"])
def test_the_command_takes_the_same_files(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(european() if name.endswith("csv") else excel())
    checked(begin(tmp_path / "mine", path, target="late", options=["tree"]))


def test_a_table_of_a_database_becomes_an_explained_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sales.sqlite"
    with sqlite3.connect(path) as link:
        sales().to_sql("sales", link, index=False)
    monkeypatch.setenv("BAKEOFF_SQL_SALES", f"sqlite:///{path}")
    monkeypatch.setenv("BAKEOFF_HOME", str(tmp_path / "home"))
    assert connections.connections() == ("sales",)
    upload = uploads.of_table("sales", "sales")
    read = uploads.read_table(key=upload.key, connection="sales", table="sales")
    checked(from_upload(read, upload.key, tmp_path / "home", monkeypatch))


def test_a_study_that_was_downloaded_is_the_same_study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAKEOFF_HOME", str(tmp_path / "one"))
    upload = uploads.bring(io.BytesIO(european()), "sales.csv")
    read = uploads.read_upload(key=upload.key, name=upload.name)
    study = from_upload(read, upload.key, tmp_path / "one", monkeypatch)
    packed = kept.pack(study.folder.name if study.folder is not None else study.name)
    monkeypatch.setenv("BAKEOFF_HOME", str(tmp_path / "two"))
    from explainers import open_study

    again = open_study(kept.unpack(packed, "sales.zip"))
    assert again.data_key == study.data_key
    checked(again)


def test_a_frame_of_pandas_becomes_an_explained_case() -> None:
    checked(Study.from_frame(sales(), target="late", candidates=["no_model", "tree"]))


def test_every_row_of_the_list_has_its_test_and_every_test_its_row() -> None:
    others = {"table of a database", "study from a download", "frame of pandas"}
    assert set(listed()) == {*FILES, *others}
    assert {row: names for row, names in listed().items() if row not in others} == {
        r: list(f) for r, f in FILES.items()
    }
    endings = {name.rsplit(".", 1)[1] for names in FILES.values() for name in names}
    assert endings == set(load_start.KINDS)
    assert {r: listed()[r] for r in sorted(others)} == {
        "frame of pandas": ["Study.from_frame(frame)"],
        "study from a download": ["sales.zip"],
        "table of a database": ["BAKEOFF_SQL_SALES"],
    }


def test_guesses_are_the_same_whatever_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table says the same in each form, so its dictionary is guessed the same."""
    from explainers.load.reading import read

    seen = []
    for row in ("CSV as Europe writes it", "Excel", "OpenDocument", "Parquet", "Feather"):
        for name, made in FILES[row].items():
            path = tmp_path / name
            path.write_bytes(made())
            found = guess.dictionary(read(path).frame, target="late")
            seen.append([(f.name, f.label, f.role, f.kind, f.unit, f.phrase) for f in found.features.values()])
    assert all(one == seen[0] for one in seen)
