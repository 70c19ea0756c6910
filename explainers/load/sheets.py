"""Read a sheet of a workbook, Excel or OpenDocument. No formula is run: the value that was saved with it counts."""

from __future__ import annotations

import contextlib
import datetime
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd

from explainers.load import limits
from explainers.load.header import header_row, names_of, title_why
from explainers.load.reading import Cells, Finding, Progress, ReadOptions, empty_rows, header_only
from explainers.results import Problem
from explainers.study import study_error
from explainers.validate.say import counted, listed, plain

LOOKED_AT = 60
MOST_ROWS = 1_048_576
MOST_CELLS = 20_000_000
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_ERRORS = {"#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#N/A", "#NUM!", "#NULL!", "Err:502", "Err:508"}


def read_sheet(path: Path, kind: str, shown: str, options: ReadOptions, told: Progress) -> Cells:
    """Return the cells of one sheet: the one that was asked for, else the one with the most in it.

    Raises
    ------
    StudyError
        It has no such sheet, or the sheet holds no table.
    """
    sheets = _excel_names(path) if kind == "excel" else _ods_names(path)
    if not sheets:
        raise limits.refused(shown, "The workbook has no sheet with cells.", "Put the data on a sheet.", "empty_file")
    if options.sheet is not None and options.sheet not in sheets:
        raise limits.refused(
            shown, f"It has no sheet '{plain(options.sheet)}'.", f"It has: {listed(sheets, 8)}.", "no_sheet"
        )
    chosen, why = (options.sheet, "You said so.") if options.sheet is not None else _fullest(path, kind, sheets)
    told(0.1, f"Reading the sheet {plain(chosen)}")
    rows = _excel_rows(path, chosen, told) if kind == "excel" else list(_ods_rows(path, chosen, told))
    rows = _trimmed(rows)
    if not rows:
        raise limits.refused(shown, f"The sheet '{plain(chosen)}' is empty.", "Choose another sheet.", "empty_file")
    limits.check_shape((1, max(map(len, rows))), shown)
    at, why_header = (options.header, "You said so.") if options.header is not None else header_row(rows[:LOOKED_AT])
    if at >= len(rows):
        raise study_error((header_only(shown),), "The data")
    names = names_of(rows, at)
    width = max(map(len, rows))
    names = [*names, *[""] * (width - len(names))]
    body = [[*row, *[None] * (width - len(row))] for row in rows[at:] if row]
    frame = pd.DataFrame(body, dtype=object)
    problems = _errors(frame, shown)
    if len(body) < len(rows) - at:
        problems.append(empty_rows(len(rows) - at - len(body), shown))
    frame.columns = pd.Index(names, dtype=object)
    findings = [Finding(what="header", value=str(at), shown=f"row {at}" if at else "none", why=why_header)]
    if len(sheets) > 1:
        findings.insert(0, Finding(what="sheet", value=chosen, shown=plain(chosen), why=why))
    decimal = _decimal(frame)
    if decimal == ",":
        findings.append(
            Finding(what="decimal", value=",", shown="a comma", why="Some cells hold numbers as text with a comma.")
        )
    return Cells(
        frame=frame,
        kind="Excel" if kind == "excel" else "OpenDocument",
        findings=tuple(findings),
        sheets=tuple(sheets),
        above=title_why(rows, at),
        problems=tuple(problems),
        decimal=options.decimal or decimal,
    )


def _fullest(path: Path, kind: str, sheets: Sequence[str]) -> tuple[str, str]:
    """Return the first sheet unless a later one holds far more: a cover page is often in front."""
    if len(sheets) == 1:
        return sheets[0], "It is the only sheet."
    sizes = {}
    for name in sheets[:12]:
        rows = _excel_beginning(path, name) if kind == "excel" else list(islice(_ods_rows(path, name, None), LOOKED_AT))
        sizes[name] = sum(sum(c is not None for c in row) for row in rows)
    best = max(sizes, key=lambda n: sizes[n])
    if sizes[best] > 3 * sizes[sheets[0]]:
        return best, f"The first sheet, {plain(sheets[0])}, holds hardly anything."
    return sheets[0], f"It is the first of {len(sheets)} sheets."


def _trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    """Return the rows without empty ones at the end and empty cells at the right."""
    while rows and all(c is None for c in rows[-1]):
        rows.pop()
    out = []
    for row in rows:
        n = len(row)
        while n and row[n - 1] is None:
            n -= 1
        out.append(row[:n])
    return out


def _errors(frame: pd.DataFrame, shown: str) -> list[Problem]:
    """Empty the cells in which a formula failed, and say so."""
    n = 0
    for i in range(frame.shape[1]):
        cells = frame.iloc[:, i]
        bad = cells.map(lambda v: isinstance(v, str) and v in _ERRORS).to_numpy(dtype=bool)
        if bad.any():
            n += int(bad.sum())
            frame.isetitem(i, cells.mask(bad, None).to_numpy())
    if not n:
        return []
    return [
        Problem(
            code="formula_errors",
            where=shown,
            message=f"In {counted(n, 'cell')} a formula failed; they are taken as empty.",
            remedy="Correct the formulas in the workbook and save it again.",
            severity="warning",
        )
    ]


def _decimal(frame: pd.DataFrame) -> str:
    texts = [v for i in range(frame.shape[1]) for v in frame.iloc[:200, i] if isinstance(v, str)]
    comma = sum(t.strip().replace("-", "").replace(",", "", 1).isdigit() and "," in t for t in texts)
    point = sum(t.strip().replace("-", "").replace(".", "", 1).isdigit() and "." in t for t in texts)
    return "," if comma > point else "."


# -- Excel -----------------------------------------------------------------------------------------------------------
@contextlib.contextmanager
def _book(path: Path) -> Iterator[Any]:
    import openpyxl

    with path.open("rb") as file, warnings.catch_warnings():  # a file, for a path would have to end like a workbook
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        try:
            yield book
        finally:
            book.close()


def _excel_names(path: Path) -> list[str]:
    with _book(path) as book:
        return [str(s.title) for s in book.worksheets]


def _excel_beginning(path: Path, name: str) -> list[Any]:
    with _book(path) as book:
        return list(islice(book[name].iter_rows(values_only=True), LOOKED_AT))


def _excel_rows(path: Path, name: str, told: Progress) -> list[list[Any]]:
    with _book(path) as book:
        sheet = book[name]
        whole = max(1, sheet.max_row or 1)
        if (sheet.max_column or 1) > limits.MOST_COLUMNS:
            # What a file says of its size may be wrong; the rows themselves tell.
            sheet.reset_dimensions()
        rows = []
        for i, row in enumerate(sheet.iter_rows(values_only=True)):
            rows.append([_excel_cell(v) for v in row])
            if i == 0:
                limits.check_shape((1, len(_trimmed([rows[0]])[0]) if _trimmed([rows[0]]) else 1), plain(name))
            if i % 2000 == 0:
                told(min(0.65, 0.1 + 0.55 * i / whole), "Reading the cells")
        return rows


def _excel_cell(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, datetime.time | datetime.timedelta):
        return str(value)
    return value


# -- OpenDocument ----------------------------------------------------------------------------------------------------
def _ods_names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as packed, packed.open("content.xml") as file:
        names = []
        for event, item in ElementTree.iterparse(file, events=("start", "end")):
            if event == "start" and item.tag == f"{_TABLE}table":
                names.append(str(item.get(f"{_TABLE}name", "")))
            elif event == "end" and item.tag == f"{_TABLE}table-row":
                item.clear()
        return names


def _ods_rows(path: Path, name: str, told: Progress | None) -> Iterator[list[Any]]:
    """Yield the rows of one sheet; rows and cells that are said to be repeated are, within the size of a sheet."""
    with zipfile.ZipFile(path) as packed, packed.open("content.xml") as file:
        inside, done = False, 0
        waiting = cells = 0
        for event, item in ElementTree.iterparse(file, events=("start", "end")):
            if event == "start":
                if item.tag == f"{_TABLE}table":
                    inside = item.get(f"{_TABLE}name", "") == name
                continue
            if item.tag == f"{_TABLE}table" and inside:
                return
            if item.tag != f"{_TABLE}table-row":
                continue
            if inside:
                row = _ods_row(item)
                times = _times(item.get(f"{_TABLE}number-rows-repeated"), MOST_ROWS)
                cells += len(row) * times
                if cells > MOST_CELLS:
                    raise limits.refused(
                        plain(name), f"It has more than {MOST_CELLS:,} cells, which is more than is read.",
                        "Save the data as CSV or Parquet, or bring a part of it.", "too_large",
                    )  # fmt: skip
                if not row:  # a sheet ends with a million empty rows in one
                    waiting += times
                else:
                    for _ in range(min(waiting, MOST_ROWS - done)):
                        done += 1
                        yield []
                    waiting = 0
                    for _ in range(min(times, MOST_ROWS - done)):
                        done += 1
                        yield list(row)
                if told is not None and done % 2000 < times:
                    told(None, "Reading the cells")
            item.clear()


def _times(text: str | None, most: int) -> int:
    try:
        return max(1, min(most, int(text or 1)))
    except ValueError:
        return 1


def _ods_row(item: Any) -> list[Any]:
    row: list[Any] = []
    waiting = 0
    for cell in item:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        times = _times(cell.get(f"{_TABLE}number-columns-repeated"), limits.MOST_COLUMNS + 1)
        value = _ods_cell(cell)
        if value is None:
            waiting += times
            continue
        row += [None] * min(waiting, limits.MOST_COLUMNS + 1)
        waiting = 0
        row += [value] * times
        if len(row) > limits.MOST_COLUMNS:
            break
    return row


def _ods_cell(cell: Any) -> Any:
    kind = cell.get(f"{_OFFICE}value-type")
    if kind in ("float", "percentage", "currency"):
        try:
            number = float(cell.get(f"{_OFFICE}value", ""))
        except ValueError:
            return None
        return int(number) if number.is_integer() and abs(number) < 2**53 else number
    if kind == "boolean":
        return cell.get(f"{_OFFICE}boolean-value") == "true"
    if kind == "date":
        text = str(cell.get(f"{_OFFICE}date-value", ""))
        try:
            return datetime.datetime.fromisoformat(text)
        except ValueError:
            return text or None
    if kind is None and not len(cell):
        return None
    text = " ".join("".join(p.itertext()) for p in cell if p.tag == f"{_TEXT}p").strip()
    return text or None
