"""The sheets of an OpenDocument workbook, row by row: the value that was saved counts."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from explainers.load import limits
from explainers.load.workbook_parts import MOST_ROWS, Work, elements

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_PART = "content.xml"
MOST_HEAD = 100


class OpenDocumentBook:
    """A workbook of LibreOffice and others; all of its sheets are in one part.

    Parameters
    ----------
    path : Path
        The file.
    shown : str
        Its name, for messages.

    Attributes
    ----------
    names : list of str
        Its sheets in order.
    """

    def __init__(self, path: Path, shown: str) -> None:
        self._packed = zipfile.ZipFile(path)
        self._shown = shown
        self.names: list[str] = []
        self._heads: list[list[int]] = []  # of each sheet, how many cells are filled in its first rows
        for event, item in elements(self._packed, _PART, Work(shown), starts=True):
            if event == "start" and item.tag == f"{_TABLE}table":
                self.names.append(str(item.get(f"{_TABLE}name", "")))
                self._heads.append([])
            elif event == "end" and item.tag == f"{_TABLE}table-row":
                if self._heads and len(self._heads[-1]) < MOST_HEAD:
                    times = _times(item.get(f"{_TABLE}number-rows-repeated"), MOST_HEAD)
                    self._heads[-1] += [sum(c is not None for c in _row(item))] * times
                item.clear()

    def filled(self, name: str, rows: int) -> int:
        """Return how many cells hold something in the first rows of a sheet, at most 100 of them.

        All sheets lie in one part of the file: to look into each by itself would read all that stand before it again.
        """
        return sum(self._heads[self.names.index(name)][: min(rows, MOST_HEAD)])

    def close(self) -> None:
        """Close the file."""
        self._packed.close()

    def rows(self, name: str, told: Callable[[float], None] | None = None) -> Iterator[list[Any]]:
        """Yield the rows of one sheet; rows and cells that are said to be repeated are, within the size of a sheet.

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
        work = Work(self._shown)
        inside, done, waiting = False, 0, 0
        for event, item in elements(self._packed, _PART, work, starts=True, told=told):
            if event == "start":
                if item.tag == f"{_TABLE}table":
                    inside = item.get(f"{_TABLE}name", "") == name
                continue
            if item.tag == f"{_TABLE}table" and inside:
                return
            if item.tag != f"{_TABLE}table-row":
                continue
            if inside:
                row = _row(item)
                limits.check_shape((1, len(row)), self._shown)
                times = _times(item.get(f"{_TABLE}number-rows-repeated"), MOST_ROWS)
                work.add_cells(len(row) * times)
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
            item.clear()


def _times(text: str | None, most: int) -> int:
    try:
        return max(1, min(most, int(text or 1)))
    except ValueError:
        return 1


def _row(item: Any) -> list[Any]:
    row: list[Any] = []
    waiting = 0
    for cell in item:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        times = _times(cell.get(f"{_TABLE}number-columns-repeated"), limits.MOST_COLUMNS + 1)
        value = _cell(cell)
        if value is None:
            waiting += times
            continue
        row += [None] * min(waiting, limits.MOST_COLUMNS + 1)
        waiting = 0
        row += [value] * times
        if len(row) > limits.MOST_COLUMNS:
            break
    return row


def _cell(cell: Any) -> Any:
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
