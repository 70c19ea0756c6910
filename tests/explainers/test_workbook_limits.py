"""How much of a workbook is read is counted and not timed; what is read is what another reader reads."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from explainers.errors import StudyError
from explainers.load import opendocument_sheets, workbook_parts
from explainers.load import sheets as sheet_module
from explainers.load.excel_sheets import ExcelBook
from explainers.load.reading import read
from explainers.load.sheets import opened_book
from tests.explainers.test_hostile_tables import opendocument, sheet, workbook
from tests.explainers.test_reading import made

SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
TABLE = "".join(f"<row><c><v>{i}</v></c><c><v>{i % 7}</v></c></row>" for i in range(9))


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no more than a thousand cells be read, so that what is too much is made at once."""
    monkeypatch.setattr(workbook_parts, "MOST_CELLS", 1_000)


def said(data: bytes, place: Path) -> str:
    path = place / "book"
    path.write_bytes(data)
    try:
        read(path, name="book.xlsx")
    except StudyError as error:
        message = error.message
    else:
        message = "read"
    assert str(place) not in message
    return message


def head(text: str) -> str:
    """Return a sheet whose names are words, so that it is read as a table, and this in it."""
    return f"<row><c t='str'><v>a</v></c><c t='str'><v>b</v></c></row>{TABLE}{text}"


TOO_MUCH: dict[str, Any] = {
    "cells": lambda: sheet(head("<row><c><v>1</v></c><c><v>2</v></c></row>" * 600)),
    "empty cells": lambda: sheet(head("<row>" + "<c/>" * 4_000 + "</row>")),
    "elements that are none of a sheet": lambda: sheet(head("<x/>" * 4_000)),
    "elements in each other": lambda: sheet(head("<x>" * 4_000 + "</x>" * 4_000)),
    "attributes": lambda: sheet(head("<row " + " ".join(f"a{i}='1'" for i in range(13_000)) + "/>")),
    "lines": lambda: sheet(head("<x>" + "\n" * 13_000 + "</x>")),
    "signs that are written out": lambda: sheet(head("<x>" + "&#65;" * 13_000 + "</x>")),
    "gaps before a cell": lambda: sheet(head("".join(f"<row><c r='ZZ{i}'><v>1</v></c></row>" for i in range(20, 30)))),
    "texts that no cell has": lambda: workbook(
        **{"xl/sharedStrings.xml": f"<sst {SPACE}>{'<si><t>x</t></si>' * 2_000}</sst>".encode()}
    ),
    "formats that no cell has": lambda: workbook(
        **{"xl/styles.xml": f"<styleSheet {SPACE}><cellXfs>{'<xf/>' * 4_000}</cellXfs></styleSheet>".encode()}
    ),
    "sheets": lambda: workbook(
        **{"xl/workbook.xml": f"<workbook {SPACE}><sheets>{'<sheet/>' * 4_000}</sheets></workbook>".encode()}
    ),
    "links to parts": lambda: workbook(
        **{"xl/_rels/workbook.xml.rels": ("<R xmlns='r'>" + "<Relationship/>" * 4_000 + "</R>").encode()}
    ),
    "rows that are said to be repeated": lambda: opendocument(
        "<table:table-row table:number-rows-repeated='900'>"
        "<table:table-cell office:value-type='float' office:value='1' table:number-columns-repeated='2'/>"
        "</table:table-row>"
    ),
    "elements of OpenDocument": lambda: opendocument("<table:x/>" * 4_000),
}


@pytest.mark.parametrize("what", TOO_MUCH)
def test_too_much_of_anything_is_refused_with_what_to_do(what: str, tmp_path: Path, few: None) -> None:
    found = said(TOO_MUCH[what](), tmp_path)
    assert "more than 1,000 cells" in found
    assert "which is more than is read of a workbook." in found
    assert "Save the data as CSV or Parquet, which may be far larger, or bring a part of it." in found


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_what_is_within_the_limit_is_read(kind: str, tmp_path: Path, few: None) -> None:
    assert said(made(kind), tmp_path) == "read"
    assert said(sheet(head("")), tmp_path) == "read"


def test_rows_beyond_the_last_one_of_excel_are_refused(tmp_path: Path) -> None:
    last = "<row r='{}'><c r='A1'><v>1</v></c></row>"
    assert "A row has the number 1,048,577" in said(sheet(head(last.format(1_048_577))), tmp_path)
    assert said(sheet(head(last.format("9" * 400))), tmp_path) == "read"


DECLARED = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>]>"


@pytest.mark.parametrize("code", ["utf-8", "utf-16"])
@pytest.mark.parametrize("padding", [0, *range(16_320, 16_350)])
def test_a_declaration_of_short_names_is_found_wherever_pieces_end(code: str, padding: int) -> None:
    text = f"<?xml version='1.0' encoding='{code}'?><!--{'x' * (padding // (1 + (code == 'utf-16')))}-->{DECLARED}<y/>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("part", text.encode(code))
    with zipfile.ZipFile(out) as packed, pytest.raises(StudyError, match="declares short names for long texts"):
        list(workbook_parts.elements(packed, "part", workbook_parts.Work("book")))


@pytest.mark.parametrize("how", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_workbook_packed_as_no_office_program_does_is_refused(how: int, tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made("xlsx"))) as book, zipfile.ZipFile(out, "w", how) as packed:
        for name in book.namelist():
            packed.writestr(name, book.read(name))
    assert "packed in a way that no office program uses" in said(out.getvalue(), tmp_path)


# -- the same as another reader --------------------------------------------------------------------------------------
def cell(rng: np.random.Generator) -> Any:
    """Return something that a cell may hold."""
    moment = datetime.datetime(1900, 3, 1) + datetime.timedelta(seconds=int(rng.integers(0, 6_000_000_000)))
    kinds: list[Any] = [
        None,
        int(rng.integers(-(10**12), 10**12)),
        float(rng.normal() * 10.0 ** rng.integers(-9, 9)),
        bool(rng.integers(2)),
        "".join(rng.choice(list("ab é€<&>'\"0_\n"), 9)).strip() or "x",
        "shared",
        moment,
        moment.date(),
        moment.time(),
        datetime.timedelta(seconds=int(rng.integers(1, 10**6))),
        "=1+1",
    ]
    return kinds[int(rng.integers(len(kinds)))]


def values(data: bytes) -> list[list[Any]]:
    """Return what openpyxl reads, in the form in which cells are handed on."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    out: list[list[Any]] = []
    for row in rows:
        found = [str(v) if isinstance(v, datetime.time | datetime.timedelta) else v for v in row]
        found = [v.strip() or None if isinstance(v, str) else v for v in found]
        while found and found[-1] is None:
            found.pop()
        out.append(found)
    while out and not out[-1]:
        out.pop()
    return out


def ours(data: bytes, place: Path) -> list[list[Any]]:
    path = place / "book"
    path.write_bytes(data)
    book = ExcelBook(path, "book")
    rows = list(book.rows(book.names[0]))
    book.close()
    while rows and not rows[-1]:
        rows.pop()
    return rows


@pytest.mark.parametrize("mac", [False, True])
def test_every_cell_is_what_another_reader_reads(mac: bool, tmp_path: Path) -> None:
    seed = np.random.SeedSequence().entropy
    rng = np.random.default_rng(seed)
    book = openpyxl.Workbook()
    if mac:
        book.epoch = CALENDAR_MAC_1904
    page = book.active
    assert page is not None
    for i in rng.choice(60, 30, replace=False):
        for j in rng.choice(30, 12, replace=False):
            page.cell(int(i) + 1, int(j) + 1).value = cell(rng)
    page["B2"] = 0.25
    page["B2"].number_format = "0%"
    page["C2"] = 45_000
    page["C2"].number_format = '"on" dd.mm.yyyy;@'
    page["D2"] = 1.5
    page["D2"].number_format = "[h]:mm:ss"
    page["E2"] = CellRichText("two ", TextBlock(InlineFont(b=True), "fonts"))
    page["F2"] = "#N/A"
    out = io.BytesIO()
    book.save(out)
    assert ours(out.getvalue(), tmp_path) == values(out.getvalue()), seed


def test_texts_inside_of_cells_and_how_they_are_spoken(tmp_path: Path) -> None:
    text = "<is><r><t>New </t></r><r><t>York</t></r><rPh sb='0' eb='1'><t>nu</t></rPh></is>"
    rows = f"<row r='2'><c r='B2' t='inlineStr'>{text}</c><c r='D2' t='d'><v>2024-01-31</v></c></row>"
    assert ours(sheet(rows), tmp_path) == [[], [None, "New York", None, datetime.date(2024, 1, 31)]]


def test_a_cover_sheet_is_passed_over_without_reading_all_sheets_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = (
        "<table:table-row>"
        + '<table:table-cell office:value-type="float" office:value="1"/>' * 9
        + "</table:table-row>"
    )
    sheets = [("cover", 1), *((f"s{i}", 3) for i in range(9)), ("data", 30)]
    body = "".join(f'<table:table table:name="{name}">{row * n}</table:table>' for name, n in sheets)
    space = "urn:oasis:names:tc:opendocument:xmlns"
    text = (
        f'<d xmlns:table="{space}:table:1.0" xmlns:office="{space}:office:1.0" xmlns:text="{space}:text:1.0">{body}</d>'
    )
    path = tmp_path / "book.ods"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("content.xml", text)
    passes: list[str] = []
    whole = opendocument_sheets.elements

    def counted(*given: Any, **more: Any) -> Any:
        passes.append("one")
        return whole(*given, **more)

    monkeypatch.setattr(opendocument_sheets, "elements", counted)
    with opened_book(path, "ods", "book.ods") as book:
        assert sheet_module._fullest(book)[0] == "data"
        assert len(list(book.rows("data"))) == 30
    assert len(passes) == 2, "one for all that is known of the sheets, one for the cells"
