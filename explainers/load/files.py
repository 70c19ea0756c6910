"""Read a data file as a table of raw cells: CSV in its many forms, Parquet, Excel. Nothing in a file is run."""

from __future__ import annotations

import codecs
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from explainers.errors import StudyError
from explainers.load.limits import kind_of
from explainers.results import Problem
from explainers.study import study_error
from explainers.validate.say import counted, listed, plain

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
TEXT_ENDINGS = (".csv", ".tsv", ".txt")
ENDINGS = (*TEXT_ENDINGS, ".parquet", ".xlsx", ".xlsm")
_BINARY = {
    b"PK\x03\x04": "an Excel or zip file",
    b"PAR1": "a Parquet file",
    b"\xd0\xcf\x11\xe0": "an old Excel file",
    b"%PDF": "a PDF file",
    b"\x1f\x8b": "a compressed file",
    b"SQLite": "a database file",
}


def read_table(path: Path) -> tuple[pd.DataFrame, list[Problem], bool]:
    """Return the cells of a data file.

    Parameters
    ----------
    path : Path
        A file that ends in .csv, .tsv, .txt, .parquet or .xlsx.

    Returns
    -------
    frame : DataFrame
        The table, names as written; of a text file every cell is text and only empty cells are missing.
    problems : list of Problem
        What was wrong and could be read all the same: the encoding, empty lines.
    raw : bool
        Whether the cells are still text that has to be read as numbers and dates.

    Raises
    ------
    StudyError
        The file cannot be read as a table.
    """
    ending = path.suffix.lower()
    if not path.is_file():
        raise _refused(path, "The file is not there.", "Put it into the folder, or correct its name.", "data_missing")
    if path.stat().st_size == 0:
        raise _refused(path, "The file is empty.", "Put the data into it: names first, then rows.", "empty_file")
    if ending in TEXT_ENDINGS:
        return *_text_table(path), True
    try:
        if ending == ".parquet":
            return read_parquet(path), [], False
        if ending in (".xlsx", ".xlsm"):
            return *_excel(path), False
    except (StudyError, MemoryError):
        raise
    except Exception as error:
        what = "a Parquet file" if ending == ".parquet" else "an Excel file"
        raise _refused(
            path, f"It cannot be read as {what}.", "Save it again from the program that made it, or as CSV."
        ) from error
    raise _refused(
        path,
        f"Files that end in '{plain(ending)}' cannot be read.",
        "Save the data as .csv (UTF-8), .parquet or .xlsx.",
    )


def _refused(path: Path, message: str, remedy: str, code: str = "unreadable_file") -> StudyError:
    return study_error((Problem(code=code, where=plain(path.name), message=message, remedy=remedy),), "The data")


# -- text ----------------------------------------------------------------------------------------------------------
def _text_table(path: Path) -> tuple[pd.DataFrame, list[Problem]]:
    text, problems = _decoded(path)
    if not text.strip():
        raise _refused(path, "The file holds only empty lines.", "Put the data into it.", "empty_file")
    separator = _separator(text)
    table, ragged = _cells(path, text, separator)
    names = [("" if v is None else v) for v in (column[0].as_py() for column in table.columns)]
    if ragged:
        raise study_error([*problems, _ragged(path, ragged, len(names), separator)], "The data")
    if table.num_rows < 2:
        raise _refused(
            path, "The file has a first line with names but no rows.", "Add the rows below it.", "header_only"
        )
    body = table.slice(1)
    frame = pd.concat([body.column(i).to_pandas() for i in range(body.num_columns)], axis=1)
    frame.columns = pd.Index(names)
    return frame, problems


def _decoded(path: Path) -> tuple[str, list[Problem]]:
    data = path.read_bytes()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16"), []
        except UnicodeDecodeError:
            raise _refused(path, "Its text is cut off or damaged.", "Save it again as CSV (UTF-8).") from None
    for start, what in _BINARY.items():
        if data.startswith(start):
            raise _refused(
                path,
                f"It is named like a text file, but it is {what}.",
                "Save the data as CSV, or give the file its right ending.",
                "not_text",
            )
    if b"\x00" in data[:100_000]:
        raise _refused(path, "It is not a text file.", "Save the data as CSV (UTF-8).", "not_text")
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = Problem(
            code="encoding",
            where=plain(path.name),
            message=f"The text is not UTF-8 (first seen in line {line:,}); it was read as Windows text (cp1252).",
            remedy="Check letters such as ä or é. If they are wrong, save the file again as CSV (UTF-8).",
            severity="warning",
        )
        try:
            return data.decode("cp1252"), [problem]
        except UnicodeDecodeError:
            return data.decode("latin-1"), [problem]


def _separator(text: str) -> str:
    """Return the separator that splits the first lines most alike; quoted text does not count."""
    counts: dict[str, list[int]] = {s: [] for s in SEPARATORS}
    for line in text[:50_000].splitlines()[:20]:
        bare = "".join(line.split('"')[::2])
        if line.strip():
            for s in SEPARATORS:
                counts[s].append(bare.count(s))
    best, score = ",", (0.0, 0)
    for s, seen in counts.items():
        if seen and seen[0]:
            like_first = sum(c == seen[0] for c in seen) / len(seen)
            if (like_first, seen[0]) > score:
                best, score = s, (like_first, seen[0])
    return best


def _cells(path: Path, text: str, separator: str) -> tuple[Any, list[tuple[int, int]]]:
    """Return an Arrow table of text with the first line as row 0, and the rows that have too many or too few cells."""
    import pyarrow as pa
    from pyarrow import csv

    ragged: list[tuple[int, int]] = []

    def note(row: Any) -> str:
        ragged.append((row.number or 0, row.actual_columns))
        return "skip"

    first = text.lstrip("\r\n").split("\n", 1)[0]
    many = separator in first
    data = text.encode("utf-8", "replace")
    # one block: quoted line breaks may lie anywhere, and rows are then counted right
    read = csv.ReadOptions(autogenerate_column_names=True, use_threads=False, block_size=len(data) + 1)
    parse = csv.ParseOptions(
        delimiter=separator, newlines_in_values=True, invalid_row_handler=note, ignore_empty_lines=many
    )
    convert = csv.ConvertOptions(
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=True,
        column_types={f"f{i}": pa.string() for i in range(first.count(separator) + 1)},
    )
    try:
        return csv.read_csv(pa.BufferReader(data), read, parse, convert), ragged
    except pa.ArrowInvalid as error:
        raise _refused(
            path,
            "It cannot be read as a table of cells.",
            "Look for a quotation mark that is opened and never closed, or save it again as CSV (UTF-8).",
        ) from error


def _ragged(path: Path, ragged: list[tuple[int, int]], expected: int, separator: str) -> Problem:
    lines = listed(f"{number:,}" for number, _ in ragged)
    return Problem(
        code="ragged_rows",
        where=plain(path.name),
        message=f"The first line has {counted(expected, 'cell')}, but {counted(len(ragged), 'row')} "
        f"{'has' if len(ragged) == 1 else 'have'} more or fewer (such as line {lines}, {ragged[0][1]} there).",
        remedy=f"Put text that holds a {SEPARATORS[separator]} in quotation marks, and give each row the same cells.",
    )


# -- Parquet and Excel ---------------------------------------------------------------------------------------------
def read_parquet(path: Path, columns: list[str] | None = None) -> pd.DataFrame:
    """Return a Parquet file as a table; categories of numbers are made again, of which it keeps the values only."""
    import pyarrow.parquet as pq

    table = pq.ParquetFile(path).read(columns)
    frame: pd.DataFrame = table.to_pandas()
    notes = json.loads((table.schema.metadata or {}).get(b"pandas", b"{}"))
    for column in notes.get("columns", []):  # Parquet keeps categories of text only: the others are made again
        name = column.get("field_name")
        if column.get("pandas_type") != "categorical" or list(frame.columns).count(name) != 1:
            continue
        if not isinstance(frame[name].dtype, pd.CategoricalDtype):
            levels = np.unique(table.column(name).drop_null().to_numpy())
            ordered = bool((column.get("metadata") or {}).get("ordered"))
            frame[name] = pd.Categorical(frame[name], categories=pd.Index(levels), ordered=ordered)
    return frame


def _excel(path: Path) -> tuple[pd.DataFrame, list[Problem]]:
    from explainers.load.sheets import FAILED, opened_book, trimmed

    shown = plain(path.name)
    if kind_of(path, shown) != "excel":
        raise _refused(path, "It cannot be read as an Excel file.", "Save it as .xlsx or as CSV.")
    with opened_book(path, "excel", shown) as book:
        sheets = book.names or [""]
        rows = trimmed(list(book.rows(sheets[0]))) if book.names else []
    frame = pd.DataFrame(rows, dtype=object)
    frame = frame.mask(frame.isin(FAILED))
    if frame.empty:
        raise _refused(path, f"Its first sheet '{plain(sheets[0])}' is empty.", "Put the data there.", "empty_file")
    names = ["" if pd.isna(v) else v for v in frame.iloc[0]]
    body = frame.iloc[1:].reset_index(drop=True)
    body = body.where(body.notna(), np.nan)
    body.columns = pd.Index(names, dtype=object)
    if body.empty:
        raise _refused(path, "It has a first line with names but no rows.", "Add the rows below it.", "header_only")
    if len(sheets) == 1:
        return body, []
    return body, [
        Problem(
            code="several_sheets",
            where=plain(path.name),
            message=f"It has {len(sheets)} sheets; only the first, '{plain(sheets[0])}', was read.",
            remedy="Put the data on the first sheet, or save the sheet you mean as its own file.",
            severity="note",
        )
    ]
