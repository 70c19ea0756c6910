"""What a file may weigh, what it is by its first bytes, and unpacking within limits."""

from __future__ import annotations

import contextlib
import gzip
import os
import signal
import tempfile
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from explainers.errors import StudyError
from explainers.results import Problem
from explainers.study import study_error

MOST_BYTES = 2_000_000_000
MOST_UNPACKED = 2_000_000_000
MOST_RATIO = 200  # a table packs ten to thirty times; hundreds of times are made to fill a disk
RATIO_FROM = 50_000_000
MOST_RATIO_OF_SHEETS = 100
SHEETS_FROM = 5_000_000
MOST_OF_SHEETS = 500_000_000  # how much of it is cells is counted while it is read (workbook_parts.py)
MOST_COLUMNS = 2_000
MOST_CELLS = 200_000_000
LONGEST_NAME = 200
Progress = Callable[[float | None, str], None]

_STARTS: dict[bytes, tuple[str, str, str]] = {
    b"\xd0\xcf\x11\xe0": ("", "an Excel file of the old kind (.xls)", "Save it as .xlsx or as CSV (UTF-8)."),
    b"%PDF": ("", "a PDF file", "Export the table as CSV or Excel from where it was made."),
    b"SQLite format": (
        "",
        "a database file",
        "Export the table as CSV, or ask whoever runs this server for a connection.",
    ),
    b"\x89PNG": ("", "a picture", "Export the table as CSV or Excel from where it was made."),
    b"\xff\xd8\xff": ("", "a picture", "Export the table as CSV or Excel from where it was made."),
    b"\x93NUMPY": ("", "a file of numpy", "Save the table as CSV or Parquet."),
    b"BZh": ("", "a file packed with bzip2", "Unpack it, or pack it with gzip."),
    b"\xfd7zXZ": ("", "a file packed with xz", "Unpack it, or pack it with gzip."),
    b"7z\xbc\xaf": ("", "a file packed with 7-Zip", "Unpack it, or pack it with gzip."),
    b"\x28\xb5\x2f\xfd": ("", "a file packed with zstd", "Unpack it, or pack it with gzip."),
    b"\x7fELF": ("", "a program", "Bring a table: CSV, Excel, OpenDocument, Parquet or Feather."),
    b"MZ": ("", "a program", "Bring a table: CSV, Excel, OpenDocument, Parquet or Feather."),
    b"PAR1": ("parquet", "", ""),
    b"ARROW1": ("feather", "", ""),
    b"FEA1": ("feather", "", ""),
}


def refused(shown: str, message: str, remedy: str, code: str = "unreadable_file") -> StudyError:
    """Return the error of a file that is not taken."""
    return study_error((Problem(code=code, where=shown, message=message, remedy=remedy),), "The data")


@contextlib.contextmanager
def unpacked(path: Path, shown: str, told: Progress) -> Iterator[tuple[Path, str]]:
    """Give the file, unpacked where it was packed with gzip, and its kind: text, excel, ods, parquet or feather.

    Raises
    ------
    StudyError
        It is no table, or too large.
    """
    size = path.stat().st_size if path.is_file() else None
    if size is None:
        raise refused(shown, "The file is not there.", "Bring it again.", "data_missing")
    if size == 0:
        raise refused(shown, "The file is empty.", "Put the data into it: names first, then rows.", "empty_file")
    if size > MOST_BYTES:
        raise refused(
            shown, f"It has {size / 1e9:,.1f} GB; at most {MOST_BYTES / 1e9:,.0f} GB are read.", "Bring a part of it."
        )
    kind = kind_of(path, shown)
    if kind != "gzip":
        yield path, kind
        return
    with tempfile.TemporaryDirectory(prefix="bakeoff-unpacked-") as place:
        inner = Path(place) / "data"
        told(0.0, "Unpacking")
        _gunzip(path, inner, shown)
        if inner.stat().st_size == 0:
            raise refused(shown, "The packed file is empty.", "Put the data into it.", "empty_file")
        kind = kind_of(inner, shown)
        if kind == "gzip":
            raise refused(shown, "It is packed more than once.", "Pack the table once with gzip.")
        yield inner, kind


def kind_of(path: Path, shown: str) -> str:
    """Return text, excel, ods, parquet, feather or gzip by the first bytes of a file."""
    with path.open("rb") as file:
        head = file.read(4096)
    for start, (kind, what, remedy) in _STARTS.items():
        if head.startswith(start):
            if kind:
                return kind
            raise refused(shown, f"It is {what}, which cannot be read as a table.", remedy, "not_a_table")
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path, shown)
    if head[:1] == b"\x80" and head[1:2] in b"\x02\x03\x04\x05":
        raise refused(
            shown,
            "It is a pickle. Opening one runs whatever its author put in, so it is not opened.",
            "Save the table as CSV or Parquet.",
            "not_a_table",
        )
    wide = head[:2] in (b"\xff\xfe", b"\xfe\xff") or _looks_utf16(head)
    if not wide and (b"\x00" in head or _strange(head) > 0.1):
        raise refused(
            shown, "It is not a table: its bytes are neither text nor a known kind of file.",
            "Bring a table: CSV, TSV, Excel, OpenDocument, Parquet or Feather.", "not_a_table",
        )  # fmt: skip
    return "text"


def _looks_utf16(head: bytes) -> bool:
    body = head[: len(head) // 2 * 2]
    zeros = body[1::2].count(0) / max(1, len(body) // 2), body[::2].count(0) / max(1, len(body) // 2)
    return len(body) >= 8 and max(zeros) > 0.8 and min(zeros) < 0.05


def _strange(head: bytes) -> float:
    """Return the share of control characters, which text does not have."""
    return sum(b < 32 and b not in (9, 10, 11, 12, 13, 27) for b in head) / max(1, len(head))


def _zipped(path: Path, shown: str) -> str:
    """Return which kind of workbook a zip file is; its announced sizes are checked before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as packed:
            items = packed.infolist()
            names = {item.filename for item in items[:5000]}
            whole = sum(item.file_size for item in items)
            small = sum(item.compress_size for item in items)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise refused(
            shown, "It is a packed file that is cut off or damaged.", "Save it again from the program that made it."
        ) from error
    check_packed(whole, small, len(items), shown, sheets=bool(names & {"xl/workbook.xml", "content.xml"}))
    if any(item.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for item in items):
        raise refused(
            shown, "It is packed in a way that no office program uses and that takes long to unpack.",
            "Save it again from the program that made it, or as CSV (UTF-8).", "not_a_table",
        )  # fmt: skip
    if "xl/workbook.xml" in names:
        return "excel"
    if "content.xml" in names and "META-INF/manifest.xml" in names:
        return "ods"
    if any(n.rsplit("/", 1)[-1] == "study.yaml" for n in names):
        raise refused(
            shown,
            "It is a study that was downloaded here, not a table.",
            "Open it under “Open a study from a file”.",
            "not_a_table",
        )
    raise refused(
        shown,
        "It is a zip file, which may hold anything.",
        "Unpack it and bring the table itself, or pack one table with gzip.",
        "not_a_table",
    )


def check_packed(whole: int, packed: int, parts: int, shown: str, *, sheets: bool = False) -> None:
    """Refuse a packed file that grows out of all proportion; cells of a sheet take far longer to read than others."""
    most, ratio, start = (
        (MOST_OF_SHEETS, MOST_RATIO_OF_SHEETS, SHEETS_FROM) if sheets else (MOST_UNPACKED, MOST_RATIO, RATIO_FROM)
    )
    if whole > most or parts > 10_000 or (whole > start and whole > ratio * max(1, packed)):
        raise refused(
            shown,
            f"Unpacked it would have {whole / 1e6:,.0f} MB in {parts:,} parts, which is more than is read.",
            "Save the data as CSV or Parquet, or bring a part of it.",
            "too_large",
        )


def _gunzip(path: Path, to: Path, shown: str) -> None:
    packed, done = path.stat().st_size, 0
    try:
        with gzip.open(path, "rb") as source, to.open("wb") as out:
            while part := source.read(1 << 20):
                done += len(part)
                check_packed(done, packed, 1, shown)
                out.write(part)
    except (OSError, EOFError, zlib.error) as error:
        raise refused(shown, "It is packed with gzip and damaged or cut off.", "Pack it again.") from error


def check_shape(shape: tuple[int, int], shown: str) -> None:
    """Refuse a table that is too wide or has too many cells."""
    rows, columns = shape
    if columns > MOST_COLUMNS:
        raise refused(
            shown,
            f"It has {columns:,} columns; at most {MOST_COLUMNS:,} can be used.",
            "Keep the columns that may matter. If rows and columns are swapped, turn the table round.",
            "too_wide",
        )
    if rows * columns > MOST_CELLS:
        raise refused(
            shown, f"It has {rows:,} rows of {columns:,} cells, which is more than is read.", "Bring a part of it.",
            "too_large",
        )  # fmt: skip


@contextlib.contextmanager
def within(seconds: float, shown: str) -> Iterator[None]:
    """Give up on what takes too long; only where signals work, which is the main thread of a worker."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def late(_number: int, _frame: Any) -> None:
        raise refused(
            shown, f"Reading it took more than {seconds:.0f} seconds, so it was given up.",
            "Save it as CSV or Parquet, which are read much faster, or bring a part of it.", "too_slow",
        )  # fmt: skip

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def memory_capped() -> Iterator[None]:
    """Let the block take no more than BAKEOFF_UPLOAD_MEMORY_MB (4,000) beyond what this process holds already."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        yield
        return
    most = int(os.environ.get("BAKEOFF_UPLOAD_MEMORY_MB", "") or 4000) * 1_000_000 + _held(resource.getpagesize())
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (most if hard < 0 else min(most, hard), hard))
    try:
        yield
    finally:  # a worker does other work afterwards, which has no such limit
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _held(page: int) -> int:
    """Return the bytes of data that this process holds; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[5]) * page
    except OSError:
        return 0


def copied(source: IO[bytes], to: Path, shown: str) -> int:
    """Write a stream to a file within the limit; return its size."""
    size = 0
    with to.open("wb") as out:
        while part := source.read(1 << 20):
            size += len(part)
            if size > MOST_BYTES:
                raise refused(shown, "It is too large.", "Bring a part of it.", "too_large")
            out.write(part)
    return size
