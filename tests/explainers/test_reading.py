"""Files that people bring: each kind is read, what was detected is said and can be corrected, hostile ones refused."""

from __future__ import annotations

import gzip
import io
import pickle
import sqlite3
import time
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from explainers.errors import StudyError
from explainers.load import connections, limits
from explainers.load.dates_read import date_format, read_dates
from explainers.load.header import header_row
from explainers.load.reading import Reading, ReadOptions, read
from tests.evil import Evil

TABLE = pd.DataFrame(
    {
        "name": ["Ana", "Bö", "Cy"],
        "size": [1.5, 2.25, np.nan],
        "n": [1, 2, 3],
        "day": pd.to_datetime(["2024-01-31", "2024-02-01", "2024-12-24"]),
    }
)


def wrote(place: Path, data: bytes | str, name: str = "table") -> Path:
    path = place / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def found(reading: Reading) -> dict[str, str]:
    return {f.what: f.value for f in reading.findings}


def codes(reading: Reading) -> set[str]:
    return {p.code for p in reading.problems}


def made(kind: str) -> bytes:
    out = io.BytesIO()
    if kind == "parquet":
        TABLE.to_parquet(out)
    elif kind == "feather":
        TABLE.to_feather(out)
    elif kind == "xlsx":
        TABLE.to_excel(out, index=False)
    elif kind == "ods":
        return ods([list(TABLE.columns), *TABLE.astype(object).where(TABLE.notna(), None).to_numpy().tolist()])
    elif kind == "csv.gz":
        return gzip.compress(TABLE.to_csv(index=False).encode())
    elif kind == "tsv":
        return TABLE.to_csv(index=False, sep="\t").encode()
    elif kind == "utf-16":
        return TABLE.to_csv(index=False).encode("utf-16")
    elif kind == "german":
        return TABLE.to_csv(index=False, sep=";", decimal=",", date_format="%d.%m.%Y").encode("cp1252")
    else:
        return TABLE.to_csv(index=False).encode()
    return out.getvalue()


def ods(rows: list[list[Any]], sheet: str = "Sheet1") -> bytes:
    """Return a sheet in the form in which LibreOffice saves it: typed cells, a million empty rows at the end."""

    def cell(value: Any) -> str:
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, pd.Timestamp):
            return (
                f'<table:table-cell office:value-type="date" office:date-value="{value.date()}">'
                f"<text:p>{value:%d.%m.%y}</text:p></table:table-cell>"
            )
        if isinstance(value, int | float):
            return (
                f'<table:table-cell office:value-type="float" office:value="{value}">'
                f"<text:p>{str(value).replace('.', ',')}</text:p></table:table-cell>"
            )
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    spaces = " ".join(
        f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{u}:1.0"'
        for n, u in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="{sheet}">{lines}<table:table-row table:number-rows-repeated="1048500">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("META-INF/manifest.xml", "<manifest/>")
        packed.writestr("content.xml", content)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["csv", "tsv", "csv.gz", "utf-16", "german", "xlsx", "ods", "parquet", "feather"])
def test_every_kind_gives_the_same_table(kind: str, tmp_path: Path) -> None:
    reading = read(wrote(tmp_path, made(kind), "no ending tells"), name=f"table.{kind}")
    pd.testing.assert_frame_equal(reading.frame, TABLE, check_dtype=False, check_column_type=False)
    assert reading.frame["day"].dtype.kind == "M"
    assert all(f.why for f in reading.findings)


def test_a_sheet_with_a_title_and_decimal_commas_as_text(tmp_path: Path) -> None:
    rows = [
        ["Sales of 2024"],
        [],
        ["Item", "Price", "Sold"],
        ["a", "1,5", 3],
        ["b", "12,25", 4],
        ["c", "1.234,5", None],
    ]
    reading = read(wrote(tmp_path, ods(rows)))
    assert reading.frame["Price"].tolist() == [1.5, 12.25, 1234.5]
    assert found(reading)["header"] == "3"
    assert found(reading)["decimal"] == ","
    assert reading.above == ("Sales of 2024",)


def test_the_sheet_with_the_data_is_found_and_can_be_chosen(tmp_path: Path) -> None:
    out = io.BytesIO()
    with pd.ExcelWriter(out) as book:
        pd.DataFrame({"note": ["see next"]}).to_excel(book, sheet_name="Cover", index=False)
        TABLE.to_excel(book, sheet_name="Data", index=False, startrow=2)
    path = wrote(tmp_path, out.getvalue())
    reading = read(path)
    assert (found(reading)["sheet"], found(reading)["header"], reading.sheets) == ("Data", "3", ("Cover", "Data"))
    assert read(path, options=ReadOptions(sheet="Cover")).frame["note"].tolist() == ["see next"]
    with pytest.raises(StudyError, match="no sheet"):
        read(path, options=ReadOptions(sheet="../x"))


def test_formulas_are_not_run_and_failed_ones_are_empty(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    for row in (["a", "b"], [1, "=1+1"], [2, '=HYPERLINK("http://example.org")'], ["#DIV/0!", 5]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    reading = read(wrote(tmp_path, out.getvalue()))
    assert reading.frame["b"].isna().sum() == 2  # no value was saved with them
    assert codes(reading) == {"formula_errors"}
    csv = read(wrote(tmp_path, "a,b\n1,=cmd|' /C calc'!A0\n2,@SUM(1)\n"))
    assert csv.frame["b"].tolist() == ["=cmd|' /C calc'!A0", "@SUM(1)"]


@pytest.mark.parametrize(
    ("cells", "read_as", "values"),
    [
        (["1", "2", "x"], "text", ["1", "2", "x"]),
        (["007", "008"], "text", ["007", "008"]),
        (["1,234", "5,678,901"], "number", [1234, 5678901]),
        (["12 %", "7.5%"], "number", [12, 7.5]),
        (["$1,200.50", "$3"], "number", [1200.5, 3]),
        (["1 234", "12 000"], "number", [1234, 12000]),
        (["1e3", "2"], "number", [1000, 2]),
        (["NA", "3", "?"], "number", [np.nan, 3, np.nan]),
        (["TRUE", "false"], "yes or no", [True, False]),
        (["10:30", "11:45"], "text", ["10:30", "11:45"]),
        (["1.2.3", "4.5.6"], "text", ["1.2.3", "4.5.6"]),
        (["192.168.0.1", "10.0.0.1"], "text", ["192.168.0.1", "10.0.0.1"]),
    ],
)
def test_cells_of_a_column(cells: list[str], read_as: str, values: list[Any], tmp_path: Path) -> None:
    text = "k;v\n" + "".join(f"{i};{c}\n" for i, c in enumerate(cells))
    reading = read(wrote(tmp_path, text))
    assert {c.name: c.read_as for c in reading.columns}["v"] == read_as
    got = reading.frame["v"]
    assert [None if pd.isna(v) else v for v in got] == [None if pd.isna(v) else v for v in values]


def test_a_column_can_be_read_as_said_and_what_is_lost_is_counted(tmp_path: Path) -> None:
    path = wrote(tmp_path, "a,b\n" + "1,2024-01-01\n" * 30 + "unsure,2024-02-30\n")
    plain = read(path)
    assert plain.frame["a"].dtype == "str"
    assert "mixed_types" in codes(plain)
    said = read(path, options=ReadOptions(columns={"a": "number", "b": "date"}))
    assert {c.name: (c.read_as, c.unreadable) for c in said.columns} == {"a": ("number", 1), "b": ("date", 1)}
    assert codes(said) >= {"not_numbers", "not_dates"}
    assert read(path, options=ReadOptions(columns={"a": "text"})).frame["a"].tolist()[:2] == ["1", "1"]


@pytest.mark.parametrize(
    ("texts", "order", "first"),
    [
        (["31.12.2023", "1.2.2024"], "day first", "2023-12-31"),
        (["12/31/2023", "1/2/2024"], "month first", "2023-12-31"),
        (["31/12/23", "1/2/24"], "day first", "2023-12-31"),
        (["2023/12/31", "2024/02/01"], "", "2023-12-31"),
        (["2023-12-31T10:00:00Z", "2024-02-01T10:00:00Z"], "", "2023-12-31 10:00"),
        (["31 Dec 2023", "1 Feb 2024"], "", "2023-12-31"),
        (["Dec 31, 2023", "Feb 1, 2024"], "", "2023-12-31"),
        (["12/31/2023 10:20 PM", "1/2/2024 1:05 AM"], "month first", "2023-12-31 22:20"),
    ],
)
def test_dates_in_many_forms(texts: list[str], order: str, first: str) -> None:
    form = date_format(texts)
    assert form is not None
    assert form.order == order
    read_ = read_dates(pd.Series(texts, dtype="str"), form.form)
    assert read_.notna().all()
    assert read_.iloc[0] == pd.Timestamp(first)


def test_dates_that_may_be_meant_either_way_are_said_and_can_be_turned(tmp_path: Path) -> None:
    path = wrote(tmp_path, "day,x\n03/04/2024,1\n05/06/2024,2\n")
    reading = read(path)
    assert "dates_unsure" in codes(reading)
    assert reading.frame["day"].iloc[0] == pd.Timestamp("2024-04-03")
    turned = read(path, options=ReadOptions(dates="month first"))
    assert turned.frame["day"].iloc[0] == pd.Timestamp("2024-03-04")
    assert "dates_unsure" not in codes(turned)


@pytest.mark.parametrize(
    ("rows", "at"),
    [
        ([["a", "b"], ["1", "2"]], 1),
        ([["Report"], ["a", "b", "c"], ["1", "2", "3"], ["4", "5", "6"]], 2),
        ([["1", "2"], ["3", "4"]], 0),
        ([["only"], ["x"], ["y"]], 1),
    ],
)
def test_the_row_of_names(rows: list[list[str]], at: int) -> None:
    assert header_row(rows)[0] == at


def test_what_can_be_mended_is_mended_and_said(tmp_path: Path) -> None:
    reading = read(wrote(tmp_path, "a;a;;b\n1;2;3;4\n;;;\n5;6;7;8\n1;2\n"))
    assert list(reading.frame.columns) == ["a", "a (2)", "column 3", "b"]
    assert codes(reading) == {"repeated_column_name", "column_without_name", "ragged_rows", "empty_rows"}
    assert len(reading.frame) == 2


def bomb(inner: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(inner, b"0" * 80_000_000)
        packed.writestr("xl/workbook.xml", "<x/>")
    return out.getvalue()


def hostile(place: Path) -> dict[str, tuple[bytes, str]]:
    laughs = b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "lol">""" + b"".join(
        f'<!ENTITY a{i} "{"&a" + (str(i - 1) if i else "") + ";"}'.encode() * 1 + b'">' for i in range(3)
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("xl/workbook.xml", laughs)
        packed.writestr("[Content_Types].xml", laughs)
    return {
        "empty": (b"", "empty"),
        "only lines": (b"\n\n\n", "empty lines"),
        "header only": (b"a,b,c\n", "no rows"),
        "random": (np.random.default_rng(0).bytes(5000), "not a table"),
        "pickle": (pickle.dumps(Evil(place / "run")), "pickle"),
        "program": (b"\x7fELF" + b"\0" * 100, "program"),
        "old excel": (b"\xd0\xcf\x11\xe0" + b"\0" * 100, "old kind"),
        "pdf": (b"%PDF-1.7 x", "PDF"),
        "zip": (zipped({"a.txt": b"x"}), "zip file"),
        "zip bomb": (bomb("xl/worksheets/sheet1.xml"), "more than is read"),
        "gzip bomb": (gzip.compress(b"0" * 90_000_000), "more than is read"),
        "gzip twice": (gzip.compress(gzip.compress(b"a,b\n1,2\n")), "more than once"),
        "cut off gzip": (gzip.compress(TABLE.to_csv().encode())[:40], "damaged"),
        "cut off parquet": (made("parquet")[:300], "damaged"),
        "cut off xlsx": (made("xlsx")[:3000], "damaged"),
        "xml of entities": (out.getvalue(), "short names for long texts"),
        "10,000 columns": (
            (",".join(f"c{i}" for i in range(10_000)) + "\n" + "1," * 9_999 + "1\n").encode(),
            "columns",
        ),
        "open quotation mark": (b'a,b\n1,"2\n' + b"3,4\n" * 50, "quotation|cells|no rows"),
        "ragged": (b"a,b\n" + b"1,2,3\n4\n" * 50, "more or fewer"),
    }


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return out.getvalue()


def test_hostile_files_are_refused_in_time_with_what_to_do(tmp_path: Path) -> None:
    for name, (data, why) in hostile(tmp_path).items():
        started = time.monotonic()
        with pytest.raises(StudyError, match=f"(?is){why}") as caught:
            print(name, read(wrote(tmp_path, data), name=f"../../{name}\x00<b>.csv"))
        assert time.monotonic() - started < 10, name
        assert all(p.remedy for p in caught.value.problems), name
        assert "\x00" not in caught.value.message
    assert not (tmp_path / "run").exists()


def test_one_row_and_one_column_are_read(tmp_path: Path) -> None:
    assert read(wrote(tmp_path, "a,b\n1,x\n")).frame.shape == (1, 2)
    assert read(wrote(tmp_path, "a\n1\n2\n")).frame["a"].tolist() == [1, 2]


def test_reading_gives_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StudyError, match="more than 0 seconds"), limits.within(0.05, "x"):
        time.sleep(2)
    with limits.within(5, "x"):
        pass


def test_tables_of_a_database_are_only_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "shop.sqlite"
    with sqlite3.connect(path) as link:
        TABLE.astype({"day": str}).to_sql("goods", link, index=False)
        link.execute("create view few as select * from goods limit 2")
    assert connections.connections() == ()
    monkeypatch.setenv("BAKEOFF_SQL_SHOP", f"sqlite:///{path}")
    monkeypatch.setenv("BAKEOFF_SQL_AWAY", "postgresql+psycopg://reader:secret@127.0.0.1:1/none")
    assert connections.connections() == ("away", "shop")
    assert connections.tables("shop") == ("few", "goods")
    reading = connections.read_database("shop", "goods")
    assert reading.frame["name"].tolist() == TABLE["name"].tolist()
    assert reading.frame["day"].dtype.kind == "M"
    monkeypatch.setenv("BAKEOFF_SQL_MOST_ROWS", "1")
    few = connections.read_database("shop", "few")
    assert (len(few.frame), codes(few)) == (1, {"row_limit"})
    for connection, table in (("shop", "goods; drop table goods"), ("other", "goods")):
        with pytest.raises(StudyError):
            connections.read_database(connection, table)
    with pytest.raises(StudyError) as caught:
        connections.tables("away")
    assert "secret" not in caught.value.message
    engine = connections._engine("shop")
    with pytest.raises(Exception, match="readonly"), engine.connect() as link:
        link.exec_driver_sql("delete from goods")
    engine.dispose()


@pytest.mark.promise
def test_a_million_rows_open_in_time_and_memory(promise: Any) -> None:
    import subprocess
    import sys

    command = [sys.executable, "-m", "benchmarks.opening"]
    root = Path(__file__).resolve().parents[2]
    out = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert out.returncode == 0, out.stdout + out.stderr
    promise(
        "A CSV of 1,000,000 rows and 20 columns is an open study in 20 s and 3 times its size",
        out.stdout.split("\n")[0],
    )
