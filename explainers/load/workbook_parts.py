"""The parts of a packed workbook, read as a stream whose size is counted and not timed.

A packed file of a few megabytes may hold hundreds of millions of elements that mean nothing. How long the reading
takes depends on what is counted here, so that a machine's speed does not decide which file is refused.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from typing import IO, Any
from xml.etree import ElementTree

from explainers.load import limits

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384  # of a sheet of Excel
MOST_CELLS = 3_000_000  # 150,000 rows of 20: what is beyond is refused within ten seconds
ELEMENTS_PER_CELL = 3  # the cell, its value, and a formula or a text inside
PIECES_PER_CELL = 6  # attributes and lines, of which each costs a step of the parser
_PIECE = 1 << 16
_PIECES = b"=&\n\r"
_DECLARATION = b"<!DOCTYPE"


def too_large(shown: str, why: str) -> Exception:
    """Return the error of a sheet that holds more than is read."""
    return limits.refused(
        shown, f"{why}, which is more than is read of a workbook.",
        "Save the data as CSV or Parquet, which may be far larger, or bring a part of it.", "too_large",
    )  # fmt: skip


class Work:
    """What has been read of one workbook so far, and the most that is read.

    Parameters
    ----------
    shown : str
        Name of the file, for messages.
    """

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.cells = 0
        self._elements = 0
        self._pieces = 0

    def add_cells(self, n: int) -> None:
        """Count cells of a sheet; raises StudyError where they are too many."""
        self.cells += n
        if self.cells > MOST_CELLS:
            raise too_large(self.shown, f"It has more than {MOST_CELLS:,} cells")

    def add(self, part: bytes, before: bytes = b"") -> None:
        """Count what a piece of a part holds, with the last bytes before it; raises StudyError where it is too much."""
        whole = before + part
        if b"\x00" in part:  # UTF-16
            whole, part = whole.replace(b"\x00", b""), part.replace(b"\x00", b"")
        if _DECLARATION in whole:
            raise limits.refused(
                self.shown, "It declares short names for long texts, which no office program does.",
                "Save it again from the program that made it, or as CSV (UTF-8).",
            )  # fmt: skip
        self._elements += part.count(b"<") - part.count(b"</")
        self._pieces += len(part) - len(part.translate(None, _PIECES))
        if self._elements > ELEMENTS_PER_CELL * MOST_CELLS or self._pieces > PIECES_PER_CELL * MOST_CELLS:
            raise too_large(self.shown, f"It holds more than {MOST_CELLS:,} cells and their formats take")


class _Counted:
    """A part of a packed file that counts what is read of it."""

    def __init__(self, file: IO[bytes], work: Work, told: Callable[[int], None] | None) -> None:
        self._file, self._work, self._told = file, work, told
        self._last, self._done = b"", 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        part = self._file.read(size)
        self._work.add(part, self._last)
        self._last = part[-2 * len(_DECLARATION) :]
        self._done += len(part)
        if self._told is not None:
            self._told(self._done)
        return part


def children(
    packed: zipfile.ZipFile, name: str, work: Work, inside: str, *, told: Callable[[float], None] | None = None
) -> Iterator[Any]:
    """Yield the elements that stand right inside of one element, each once it is whole; faster than :func:`elements`.

    Parameters
    ----------
    packed, name, work, told
        As for :func:`elements`.
    inside : str
        End of the tag of the element; empty for the outermost one.

    Yields
    ------
    Element
        Taken out of the tree, so that a large part takes no more memory than a small one.

    Raises
    ------
    StudyError
        The part holds more than is read.
    """
    builder = ElementTree.TreeBuilder()
    parser = ElementTree.XMLParser(target=builder)
    size, place = max(1, packed.getinfo(name).file_size), None
    share = None if told is None else lambda done: told(min(1.0, done / size))
    with packed.open(name) as file:
        source = _Counted(file, work, share)
        while part := source.read(_PIECE):
            parser.feed(part)
            root = builder.close()  # what there is of the tree so far: nothing is closed by it
            if place is None and root is not None:
                place = next((c for c in root if c.tag.endswith(inside)), None) if inside else root
            if place is not None and len(place) > 1:  # the last one may go on in the next piece
                whole = place[:-1]
                del place[:-1]
                yield from whole
        parser.close()
    yield from () if place is None else place


def elements(
    packed: zipfile.ZipFile, name: str, work: Work, *, starts: bool = False, told: Callable[[float], None] | None = None
) -> Iterator[tuple[str, Any]]:
    """Yield the elements of one part as they end (and begin), counted.

    Parameters
    ----------
    packed : ZipFile
        The workbook.
    name : str
        The part.
    work : Work
        Counts what is read.
    starts : bool
        Also say where elements begin.
    told : callable, optional
        Told of the share of the part that was read.

    Yields
    ------
    tuple of str and Element
        "start" or "end", and the element. Clear what is no longer needed.

    Raises
    ------
    StudyError
        The part holds more than is read.
    """
    size = max(1, packed.getinfo(name).file_size)
    share = None if told is None else lambda done: told(min(1.0, done / size))
    with packed.open(name) as file:
        source: Any = _Counted(file, work, share)
        yield from ElementTree.iterparse(source, events=("start", "end") if starts else ("end",))
