"""Read a sheet of a workbook, Excel or OpenDocument. No formula is run: the value that was saved with it counts."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from explainers.load import limits
from explainers.load.excel_sheets import ExcelBook
from explainers.load.header import header_row, names_of, title_why
from explainers.load.opendocument_sheets import OpenDocumentBook
from explainers.load.reading import Cells, Finding, Progress, ReadOptions, empty_rows, header_only
from explainers.results import Problem
from explainers.study import study_error
from explainers.validate.say import counted, listed, plain

LOOKED_AT = 60
FAILED = {"#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#N/A", "#NUM!", "#NULL!", "Err:502", "Err:508"}
Book = ExcelBook | OpenDocumentBook


def read_sheet(path: Path, kind: str, shown: str, options: ReadOptions, told: Progress) -> Cells:
    """Return the cells of one sheet: the one that was asked for, else the one with the most in it.

    Raises
    ------
    StudyError
        It has no such sheet, or the sheet holds no table.
    """
    with opened_book(path, kind, shown) as book:
        return _read(book, kind, shown, options, told)


@contextlib.contextmanager
def opened_book(path: Path, kind: str, shown: str) -> Iterator[Book]:
    """Give the workbook of a file: excel or ods."""
    # Millions of cells are made and none is part of a circle: to look for one again and again takes half of the time.
    looking = gc.isenabled()
    gc.disable()
    try:
        with contextlib.closing(ExcelBook(path, shown) if kind == "excel" else OpenDocumentBook(path, shown)) as book:
            yield book
    finally:
        if looking:
            gc.enable()


def _read(book: Book, kind: str, shown: str, options: ReadOptions, told: Progress) -> Cells:
    sheets = book.names
    if not sheets:
        raise limits.refused(shown, "The workbook has no sheet with cells.", "Put the data on a sheet.", "empty_file")
    if options.sheet is not None and options.sheet not in sheets:
        raise limits.refused(
            shown, f"It has no sheet '{plain(options.sheet)}'.", f"It has: {listed(sheets, 8)}.", "no_sheet"
        )
    chosen, why = (options.sheet, "You said so.") if options.sheet is not None else _fullest(book)
    doing = f"Reading the sheet {plain(chosen)}"
    rows = trimmed(list(book.rows(chosen, lambda share: told(0.1 + 0.55 * share, doing))))
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


def _fullest(book: Book) -> tuple[str, str]:
    """Return the first sheet unless a later one holds far more: a cover page is often in front."""
    first, *others = book.names
    if not others:
        return first, "It is the only sheet."
    sizes = {name: book.filled(name, LOOKED_AT) for name in book.names[:12]}
    best = max(sizes, key=lambda n: sizes[n])
    if sizes[best] > 3 * sizes[first]:
        return best, f"The first sheet, {plain(first)}, holds hardly anything."
    return first, f"It is the first of {len(book.names)} sheets."


def trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    """Return the rows without empty ones at the end and empty cells at the right."""
    for row in rows:
        while row and row[-1] is None:
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _errors(frame: pd.DataFrame, shown: str) -> list[Problem]:
    """Empty the cells in which a formula failed, and say so."""
    n = 0
    for i in range(frame.shape[1]):
        cells = frame.iloc[:, i]
        bad = cells.map(lambda v: isinstance(v, str) and v in FAILED).to_numpy(dtype=bool)
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
