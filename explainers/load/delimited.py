"""Read text with separators: encoding, separator, decimal sign and the row of names are detected from its beginning."""

from __future__ import annotations

import codecs
import csv as plain_csv
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from explainers.load import limits
from explainers.load.cells import USUAL_MARKS
from explainers.load.header import header_row, names_of, title_why
from explainers.load.reading import Cells, Finding, Progress, ReadOptions, header_only
from explainers.results import Problem
from explainers.study import study_error
from explainers.validate.say import counted, listed, plain

if TYPE_CHECKING:
    import pyarrow as pa

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows, Western Europe",
    "latin-1": "ISO 8859-1",
    "cp1250": "Windows, Central Europe",
    "cp1251": "Windows, Cyrillic",
    "cp1253": "Windows, Greek",
    "cp1254": "Windows, Turkish",
    "shift_jis": "Japanese",
    "gb18030": "Chinese",
    "euc_kr": "Korean",
    "mac_roman": "Macintosh",
}
HEAD_BYTES = 262_144
HEAD_ROWS = 200
FEW_ODD_ROWS = 20
MOST_LINES_OF_ROW = 20  # text in cells may have line breaks, but hardly that many in each row
_POINT, _COMMA = re.compile(r"^[+-]?\d+\.\d+$"), re.compile(r"^[+-]?\d+,\d+$")
_THOUSANDS_POINT = re.compile(r"^[+-]?\d{1,3}(\.\d{3})+,\d+$")
_THOUSANDS_COMMA = re.compile(r"^[+-]?\d{1,3}(,\d{3})+\.\d+$")
_AS_IS = re.compile(r"^[+-]?0\d+$|^\d{1,2}:\d{2}(:\d{2})?$")  # codes and times of day stay what was written
MARKS = sorted({m for mark in USUAL_MARKS for m in (mark, mark.upper(), mark.capitalize())} | {"", "NaN", "N/a"})


def read_delimited(path: Path, shown: str, options: ReadOptions, told: Progress) -> Cells:
    """Return the cells of a text file.

    Raises
    ------
    StudyError
        It holds no table.
    """
    told(0.02, "Looking at the beginning")
    encoding, why_encoding = _encoding(path, shown, options.encoding)
    head, whole = _head(path, encoding)
    if not head.strip():
        raise limits.refused(shown, "The file holds only empty lines.", "Put the data into it.", "empty_file")
    separator, why_separator = (options.separator, "You said so.") if options.separator else _separator(head)
    rows, lines = _rows(head, separator, whole)
    at, why_header = (options.header, "You said so.") if options.header is not None else header_row(rows)
    if at > len(rows):
        raise study_error((header_only(shown),), "The data")
    names = names_of(rows, at)
    limits.check_shape((1, len(names)), shown)
    decimal, why_decimal = (options.decimal, "You said so.") if options.decimal else _decimal(rows[at:], separator)
    table, ragged = _table(
        path, encoding, separator, decimal, lines[at - 1] if at else 0, names, rows[at:], shown, told
    )
    problems = _encoding_problems(encoding, options, shown)
    if ragged:
        problems.append(_ragged(ragged, len(names), separator, table.num_rows, shown))
    if table.num_rows == 0:
        raise study_error((header_only(shown),), "The data")
    if head.count("\n") > MOST_LINES_OF_ROW * (table.num_rows + 1):
        raise limits.refused(
            shown,
            "Most of its lines were taken as the inside of one cell.",
            "Look for a quotation mark that is opened and never closed.",
        )
    findings = (
        Finding(what="encoding", value=encoding, shown=ENCODINGS.get(encoding, encoding), why=why_encoding),
        Finding(what="separator", value=separator, shown=SEPARATORS.get(separator, separator), why=why_separator),
        Finding(what="decimal", value=decimal, shown="a comma" if decimal == "," else "a point", why=why_decimal),
        Finding(what="header", value=str(at), shown=f"row {at}" if at else "none", why=why_header),
    )
    return Cells(
        frame=_frame(table, names),
        kind="CSV",
        findings=findings,
        above=title_why(rows, at),
        problems=tuple(problems),
        decimal=decimal,
    )


# -- encoding --------------------------------------------------------------------------------------------------------
def _encoding(path: Path, shown: str, wanted: str | None) -> tuple[str, str]:
    with path.open("rb") as file:
        start = file.read(4096)
    if wanted:
        try:
            codecs.lookup(wanted)
        except LookupError:
            raise limits.refused(
                shown, f"The encoding '{plain(wanted)}' is not known.", "Choose one of the list."
            ) from None
        return wanted, "You said so."
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", "The file begins with the mark of this encoding."
    if start[1:2] == b"\x00" or start[:1] == b"\x00":
        return ("utf-16-le" if start[1:2] == b"\x00" else "utf-16-be"), "Every second byte is empty."
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8", "The file begins with the mark of this encoding."
    if _is_utf8(path):
        return "utf-8", "Every letter of the file fits."
    return "cp1252", "The file is not UTF-8, and this is the usual encoding of older Windows programs."


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while part := file.read(1 << 22):
                decoder.decode(part)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _encoding_problems(encoding: str, options: ReadOptions, shown: str) -> list[Problem]:
    if encoding != "cp1252" or options.encoding:
        return []
    return [
        Problem(
            code="encoding",
            where=shown,
            message="The text is not UTF-8; it was read as Windows text (cp1252).",
            remedy="Check letters such as ä or é. If they are not right, choose another encoding.",
            severity="warning",
        )
    ]


def _head(path: Path, encoding: str) -> tuple[str, bool]:
    """Return the beginning as text, and whether that is all of it."""
    with path.open("rb") as file:
        data = file.read(HEAD_BYTES)
        whole = not file.read(1)
    text = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)("replace").decode(data)
    return text, whole


# -- form ------------------------------------------------------------------------------------------------------------
def _separator(head: str) -> tuple[str, str]:
    """Return the separator that cuts the lines into the same number of cells most often, and how that was seen."""
    lines = [line for line in head.splitlines()[:HEAD_ROWS] if line.strip()]
    best, score = ",", (0.0, 0)
    for sign in SEPARATORS:
        counts = [len(row) for row in plain_csv.reader(lines, delimiter=sign)] if lines else []
        wide = [c for c in counts if c > 1]
        if not wide:
            continue
        usual = max(set(wide), key=wide.count)
        found = (round(wide.count(usual) / len(counts), 3), usual)
        if found > score:
            best, score = sign, found
    if score[1] == 0:
        return ",", "The file has one column only."
    return best, f"It cuts {score[0]:.0%} of the first lines into {score[1]} cells."


def _rows(head: str, separator: str, whole: bool) -> tuple[list[list[str]], list[int]]:
    """Return the first rows as cells, with the number of the line at which each ends; the last may be cut off."""
    plain_csv.field_size_limit(HEAD_BYTES * 4)
    reader = plain_csv.reader(io.StringIO(head, newline=""), delimiter=separator)
    rows, lines = [], []
    try:
        for row in reader:
            rows.append([cell.strip() for cell in row])
            lines.append(reader.line_num)
            if len(rows) > HEAD_ROWS:
                break
    except plain_csv.Error:
        pass
    return (rows, lines) if whole or len(rows) > HEAD_ROWS or len(rows) < 2 else (rows[:-1], lines[:-1])


def _decimal(rows: list[list[str]], separator: str) -> tuple[Literal[".", ","], str]:
    """Return the sign before decimals, by which kind of number there is more of."""
    cells = [cell for row in rows for cell in row if cell]
    point = [c for c in cells if _POINT.match(c) or _THOUSANDS_COMMA.match(c)]
    comma = [c for c in cells if _COMMA.match(c) or _THOUSANDS_POINT.match(c)]
    whole = [c for c in comma if re.match(r"^[+-]?\d{1,3}(,\d{3})+$", c)]
    if len(comma) > len(whole) and len(comma) > len(point):
        return ",", f"Numbers such as {plain(next(c for c in comma if c not in whole))} are written so."
    if point:
        return ".", f"Numbers such as {plain(point[0])} are written so."
    if whole and separator != ",":
        return ".", f"Numbers such as {plain(whole[0])} have a comma every three digits."
    return ".", "No number with decimals was seen at the beginning."


# -- cells -----------------------------------------------------------------------------------------------------------
def _table(
    path: Path,
    encoding: str,
    separator: str,
    decimal: str,
    skip: int,
    names: list[str],
    sample: list[list[str]],
    shown: str,
    told: Progress,
) -> tuple[pa.Table, list[int]]:
    """Return the table with numbers and ISO dates read by Arrow, and the cells of each row of another length."""
    import pyarrow as pa

    held = [f"f{i}" for i in range(len(names))]
    types: dict[str, Any] = {
        key: pa.string() for i, key in enumerate(held) if any(len(r) > i and _AS_IS.match(r[i]) for r in sample)
    }
    for _ in range(2 * len(names) + 1):
        ragged: list[int] = []
        try:
            return _read(path, encoding, separator, decimal, skip, held, types, ragged, told), ragged
        except pa.ArrowInvalid as error:
            text = str(error)
            column = re.search(r"In CSV column #(\d+)", text)
            if column is None:
                raise limits.refused(
                    shown,
                    "It cannot be read as a table of cells.",
                    "Look for a quotation mark that is never closed, or choose another separator or encoding.",
                ) from error
            key = held[int(column[1])]
            # A column that began with whole numbers may go on with decimals; anything else is text.
            types[key] = pa.float64() if "to int64" in text and key not in types else pa.string()
            if len(types) > 40:
                types = dict.fromkeys(held, pa.string())
    raise limits.refused(shown, "It cannot be read as a table of cells.", "Save it again as CSV (UTF-8).")


def _read(
    path: Path,
    encoding: str,
    separator: str,
    decimal: str,
    skip: int,
    held: list[str],
    types: dict[str, Any],
    ragged: list[int],
    told: Progress,
) -> pa.Table:
    import pyarrow as pa
    from pyarrow import csv

    def note(row: Any) -> str:
        ragged.append(row.actual_columns)
        return "skip"

    size = path.stat().st_size
    block = max(1 << 20, min(1 << 23, size + 1))
    read = csv.ReadOptions(
        column_names=held, skip_rows=skip, block_size=block, encoding="utf8" if encoding == "utf-8" else encoding
    )
    parse = csv.ParseOptions(
        delimiter=separator, newlines_in_values=True, invalid_row_handler=note, ignore_empty_lines=True
    )
    convert = csv.ConvertOptions(
        null_values=MARKS,
        strings_can_be_null=False,
        true_values=["true", "True", "TRUE"],
        false_values=["false", "False", "FALSE"],
        column_types=types,
        decimal_point=decimal,
        timestamp_parsers=[csv.ISO8601],
    )
    batches, done = [], 0
    with csv.open_csv(str(path), read, parse, convert) as reader:
        for batch in reader:
            batches.append(batch)
            done += block
            told(min(0.65, 0.05 + 0.6 * done / (size + 1)), "Reading the cells")
        return pa.Table.from_batches(batches, schema=reader.schema)


def _frame(table: pa.Table, names: list[str]) -> pd.DataFrame:
    """Return the table for pandas; the Arrow table is given up while that is done."""
    import pyarrow as pa

    frame: pd.DataFrame = table.to_pandas(split_blocks=True, self_destruct=True, date_as_object=False)
    del table
    pa.default_memory_pool().release_unused()
    frame.columns = pd.Index(names, dtype="object")
    return frame


def _ragged(ragged: list[int], expected: int, separator: str, n_rows: int, shown: str) -> Problem:
    n = len(ragged)
    few = n <= max(FEW_ODD_ROWS, n_rows // 1000) and n < max(1, n_rows)
    problem = Problem(
        code="ragged_rows",
        where=shown,
        message=f"{counted(n, 'row')} {'has' if n == 1 else 'have'} more or fewer than {counted(expected, 'cell')} "
        f"(such as {listed(dict.fromkeys(ragged))})" + (" and left out." if few else "."),
        remedy=f"Put text that holds a {SEPARATORS.get(separator, 'separator')} in quotation marks, and give each row "
        "the same cells. Lines below the table, such as sums, need nothing.",
        severity="warning" if few else "error",
    )
    if not few:
        raise study_error((problem,), "The data")
    return problem
