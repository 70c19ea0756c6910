"""The sheets of an Excel workbook, row by row. No formula is run: the value that was saved with it counts."""

from __future__ import annotations

import datetime
import posixpath
import zipfile
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from explainers.load import limits
from explainers.load.workbook_parts import MOST_COLUMNS, MOST_ROWS, Work, children, elements, too_large

_BOOK = "xl/workbook.xml"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_DIGITS = "0123456789"
_LONGEST_NUMBER = 60
_EARLIEST, _EARLIEST_MAC = datetime.datetime(1899, 12, 30), datetime.datetime(1904, 1, 1)


class ExcelBook:
    """A workbook of Excel; what its sheets share is read once, when a sheet is.

    Parameters
    ----------
    path : Path
        The file.
    shown : str
        Its name, for messages.

    Attributes
    ----------
    names : list of str
        Its sheets in order; charts are left out.
    """

    def __init__(self, path: Path, shown: str) -> None:
        self._packed = zipfile.ZipFile(path)
        self._work = Work(shown)
        self._inside = set(self._packed.namelist())
        self._sheets: dict[str, str] = {}
        self._epoch = _EARLIEST
        self._strings_in, self._styles_in = "xl/sharedStrings.xml", "xl/styles.xml"
        self._shared: tuple[list[str], frozenset[int], frozenset[int]] | None = None
        self._find()

    @property
    def names(self) -> list[str]:
        """Return the names of its sheets in order."""
        return list(self._sheets)

    def close(self) -> None:
        """Close the file."""
        self._packed.close()

    def filled(self, name: str, rows: int) -> int:
        """Return how many cells hold something in the first rows of a sheet."""
        return sum(sum(c is not None for c in row) for row in islice(self.rows(name), rows))

    def rows(self, name: str, told: Callable[[float], None] | None = None) -> Iterator[list[Any]]:
        """Yield the rows of one sheet; empty ones that the file leaves out are put in.

        Parameters
        ----------
        name : str
            The sheet.
        told : callable, optional
            Told of the share that was read.

        Yields
        ------
        list
            Cells: text, numbers, true or false, moments or None.

        Raises
        ------
        StudyError
            It holds more than is read.
        """
        if self._shared is None:
            self._shared = self._strings(), *self._formats()
        cells = _Cells(*self._shared, self._epoch)
        done = 0
        for item in children(self._packed, self._sheets[name], self._work, "}sheetData", told=told):
            if not item.tag.endswith("}row"):
                continue
            row, at = cells.row(item), _whole(item.get("r") or "", done + 1)
            self._work.add_cells(len(row))
            if len(row) > limits.MOST_COLUMNS:
                limits.check_shape((1, len(row)), self._work.shown)
            if at > MOST_ROWS:
                raise too_large(self._work.shown, f"A row has the number {at:,}")
            for _ in range(at - done - 1):
                yield []
            done = max(at, done + 1)
            yield row

    # -- what the sheets share ---------------------------------------------------------------------------------------
    def _find(self) -> None:
        places = {}
        for _, item in self._elements("xl/_rels/workbook.xml.rels"):
            if item.tag.endswith("}Relationship"):
                target = str(item.get("Target", ""))
                place = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
                kind = str(item.get("Type", "")).rsplit("/", 1)[-1]
                places[str(item.get("Id", ""))] = (kind, place)
                if kind == "sharedStrings":
                    self._strings_in = place
                elif kind == "styles":
                    self._styles_in = place
        for _, item in self._elements(_BOOK):
            if item.tag.endswith("}sheet"):
                kind, place = places.get(item.get(_RELATION) or item.get(_STRICT) or "", ("", ""))
                if kind == "worksheet" and place in self._inside:
                    self._sheets.setdefault(str(item.get("name", "")), place)
            elif item.tag.endswith("}workbookPr") and item.get("date1904") in ("1", "true"):
                self._epoch = _EARLIEST_MAC

    def _elements(self, part: str) -> Iterator[tuple[str, Any]]:
        return elements(self._packed, part, self._work) if part in self._inside else iter(())

    def _strings(self) -> list[str]:
        if self._strings_in not in self._inside:
            return []
        found = children(self._packed, self._strings_in, self._work, "")
        return [_text(item) for item in found if item.tag.endswith("}si")]

    def _formats(self) -> tuple[frozenset[int], frozenset[int]]:
        """Return the formats in which a number is a moment, and those in which it is a time that passed."""
        from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

        codes: dict[str, str] = {str(k): v for k, v in BUILTIN_FORMATS.items()}
        used: list[str] = []
        for _, item in self._elements(self._styles_in):
            if item.tag.endswith("}numFmt"):
                codes[str(item.get("numFmtId"))] = str(item.get("formatCode", ""))[:255]
            elif item.tag.endswith("}cellXfs"):
                used = [str(x.get("numFmtId", "0")) for x in item]
        moments = {n for n, c in codes.items() if is_date_format(c)}
        spans = {n for n, c in codes.items() if is_timedelta_format(c)}
        return (
            frozenset(i for i, n in enumerate(used) if n in moments),
            frozenset(i for i, n in enumerate(used) if n in spans),
        )


class _Cells:
    """Reads rows of cells; remembers what is written the same way again and again."""

    def __init__(
        self, strings: list[str], moments: frozenset[int], spans: frozenset[int], epoch: datetime.datetime
    ) -> None:
        self._strings, self._epoch = strings, epoch
        self._moments: Mapping[str, bool] = {str(i): i in spans for i in moments | spans}
        self._letters: dict[str, int] = {}
        self._known: dict[tuple[str, bool], Any] = {}

    def row(self, item: Any) -> list[Any]:
        """Return the cells of a row, without empty ones at its end."""
        value_tag = f"{item.tag[:-3]}v"
        out: list[Any] = []
        letters, moments, value_of = self._letters, self._moments, self._value
        for cell in item:
            get = cell.get
            place = get("r")
            if place:
                name = place.rstrip(_DIGITS)
                column = letters.get(name) or self._column(name)
                if column > len(out) + 1:
                    out += [None] * (column - len(out) - 1)
            text = cell.findtext(value_tag)
            if text and get("t", "n") == "n" and get("s", "0") not in moments:
                out.append(_number(text))
            else:
                out.append(value_of(cell, text))
        while out and out[-1] is None:
            out.pop()
        return out

    def _column(self, letters: str) -> int:
        found = 0
        for sign in letters[:4].upper():
            found = found * 26 + max(0, ord(sign) - 64)
        self._letters[letters] = min(found, MOST_COLUMNS)
        return self._letters[letters]

    def _value(self, cell: Any, text: str | None) -> Any:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return next((_text(part) for part in cell if part.tag.endswith("}is")), "").strip() or None
        if not text:
            return None
        if kind == "n":
            return self._moment(text, self._moments[cell.get("s", "0")])
        if kind == "s":
            return self._strings[_whole(text, 0)].strip() or None
        if kind == "b":
            return text.strip() != "0"
        if kind == "d":
            return self._moment(text, False, written=True)
        return text.strip() or None  # the text of a formula, or its error

    def _moment(self, text: str, span: bool, written: bool = False) -> Any:
        """Return the moment that a number or a text stands for; the text where there is none."""
        from openpyxl.utils.datetime import from_excel, from_ISO8601

        key = (text, span)
        if key not in self._known:
            try:
                found: Any = from_ISO8601(text) if written else from_excel(float(text), self._epoch, timedelta=span)
            except (OverflowError, ValueError):
                found = "#VALUE!"
            self._known[key] = str(found) if isinstance(found, datetime.time | datetime.timedelta) else found
        return self._known[key]


def _text(item: Any) -> str:
    """Return the text of an entry: in one piece or in pieces of different fonts; how it is spoken is left out."""
    parts = []
    for part in item:
        if part.tag.endswith("}t"):
            parts.append(part.text or "")
        elif part.tag.endswith("}r"):
            parts += [t.text or "" for t in part if t.tag.endswith("}t")]
    found = "".join(parts)
    return found.replace("_x000D_", "").replace("_x005F_", "_") if "_x00" in found else found


def _number(text: str) -> Any:
    if len(text) > _LONGEST_NUMBER:
        return text
    try:
        return float(text) if "." in text or "e" in text or "E" in text else int(text)
    except ValueError:
        return text.strip() or None


def _whole(text: str, otherwise: int) -> int:
    try:
        return int(float(text)) if len(text) < _LONGEST_NUMBER else otherwise
    except (ValueError, OverflowError):
        return otherwise
