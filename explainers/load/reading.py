"""Read a file that somebody brings: what was detected and why, what can be corrected, what is wrong with it.

Nothing in a file is run, its name is never used as a path, and every kind of file has limits of size before it is
unpacked. The kind is told from the first bytes and not from the ending.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from explainers.errors import StudyError
from explainers.load import limits
from explainers.load.columns_read import ColumnRead, read_columns
from explainers.results import Problem, explained
from explainers.study import study_error
from explainers.validate.say import counted, plain

Progress = Callable[[float | None, str], None]
Dates = Literal["", "day first", "month first", "year first"]
ReadAs = Literal["text", "number", "date"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReadOptions:
    """How to read a file, where what is detected has to be corrected; None and empty: detect it."""

    encoding: str | None = explained("Encoding of a text file, such as utf-8 or cp1252.", default=None)
    separator: str | None = explained("Sign between the cells of a text file.", default=None)
    decimal: Literal[".", ","] | None = explained("Sign before the decimals of numbers in text.", default=None)
    dates: Dates = explained("How dates such as 3/4/2020 are meant.", default="")
    header: int | None = explained("Row with the names of the columns, from 1; 0: there is none.", default=None)
    sheet: str | None = explained("Sheet of a workbook.", default=None)
    columns: Mapping[str, ReadAs] = explained("Column to what its cells are to be read as.", factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Finding:
    """One thing that was detected in a file."""

    what: str = explained("kind, encoding, separator, decimal, header, sheet or dates: the option that corrects it.")
    value: str = explained("What was found, as the option takes it.")
    shown: str = explained("What was found, in words.")
    why: str = explained("How that was seen.")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """A file as it was read."""

    frame: pd.DataFrame = explained("The table: one plain type per column.")
    name: str = explained("Name of the file as plain text, for people only.")
    kind: str = explained("CSV, Excel, OpenDocument, Parquet, Feather or database.")
    findings: tuple[Finding, ...] = explained("What was detected, and why.", default=())
    columns: tuple[ColumnRead, ...] = explained("How each column was read.", default=())
    sheets: tuple[str, ...] = explained("Sheets of a workbook, in order.", default=())
    above: tuple[str, ...] = explained("Rows above the names of the columns that were left out.", default=())
    problems: tuple[Problem, ...] = explained("What was wrong and could be read all the same.", default=())
    options: ReadOptions = explained("The options it was read with.", factory=ReadOptions)

    def to_frame(self) -> pd.DataFrame:
        """Return the columns with how each was read."""
        rows = [(c.name, c.read_as, c.why, c.unit, c.unreadable) for c in self.columns]
        return pd.DataFrame(rows, columns=["column", "read_as", "why", "unit", "unreadable"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """What the reader of one kind of file hands on: cells with names, not yet looked at column by column."""

    frame: pd.DataFrame
    kind: str
    findings: tuple[Finding, ...] = ()
    sheets: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    decimal: str = "."
    text: bool = True


def read(
    path: str | Path, *, name: str = "", options: ReadOptions | None = None, progress: Progress | None = None
) -> Reading:
    r"""Read a data file of any known kind.

    Parameters
    ----------
    path : str or Path
        Where it lies.
    name : str
        What its owner called it; used in messages only. Default: its name on the disk.
    options : ReadOptions, optional
        Corrections; what is not said is detected.
    progress : callable, optional
        Called with the share done (None: not known) and what is being done.

    Returns
    -------
    Reading
        The table with what was detected.

    Raises
    ------
    StudyError
        It cannot be read as a table, or is larger than the limits; with what to do.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     path = Path(place) / "sales.csv"
    ...     _ = path.write_text("Sales 2024\n\nday;price\n31.01.2024;1,5\n01.02.2024;2\n")
    ...     found = read(path)
    >>> found.frame["price"].tolist(), [f.shown for f in found.findings if f.what == "separator"]
    ([1.5, 2.0], ['semicolon'])
    """
    path, options = Path(path), options or ReadOptions()
    shown = plain(name or path.name)
    told = progress or _quiet
    with limits.unpacked(path, shown, told) as (place, kind):
        cells = _cells(place, kind, shown, options, told)
    told(0.7, "Reading numbers and dates")
    return finish(cells, shown, options)


def _quiet(_fraction: float | None, _doing: str) -> None:
    return None


def _cells(path: Path, kind: str, shown: str, options: ReadOptions, told: Progress) -> Cells:
    try:
        if kind == "text":
            from explainers.load.delimited import read_delimited

            return read_delimited(path, shown, options, told)
        if kind in ("excel", "ods"):
            from explainers.load.sheets import read_sheet

            return read_sheet(path, kind, shown, options, told)
        from explainers.load.arrow_files import read_arrow

        return read_arrow(path, kind, shown, told)
    except (StudyError, MemoryError):
        raise
    except Exception as error:
        known = {"excel": "an Excel file", "ods": "an OpenDocument sheet", "text": "a table of cells"}
        what = known.get(kind, "a Parquet or Feather file")
        raise limits.refused(
            shown,
            f"It looks like {what}, but cannot be read as one; it may be cut off or damaged.",
            "Save it again from the program that made it, or as CSV (UTF-8).",
        ) from error


def finish(cells: Cells, shown: str, options: ReadOptions) -> Reading:
    """Return the reading of cells: every column looked at, limits checked, names made different."""
    problems = list(cells.problems)
    limits.check_shape(cells.frame.shape, shown)
    frame = _with_names(cells.frame, problems)
    frame, columns, dates = read_columns(
        frame, decimal=cells.decimal, dates=options.dates, wanted=options.columns, problems=problems
    )
    findings = list(cells.findings)
    if dates:
        findings.append(Finding(what="dates", value=dates[0], shown=dates[0], why=dates[1]))
    empty = frame.isna().all(axis=1).to_numpy() if frame.shape[1] < 500 else None
    if empty is not None and empty.any():
        frame = frame.loc[~empty].reset_index(drop=True)
        problems.append(empty_rows(int(empty.sum()), shown))
    if frame.empty:
        raise study_error((header_only(shown),), "The data")
    return Reading(
        frame=frame,
        name=shown,
        kind=cells.kind,
        findings=tuple(findings),
        columns=columns,
        sheets=cells.sheets,
        above=cells.above,
        problems=tuple(problems),
        options=options,
    )


def empty_rows(n: int, shown: str) -> Problem:
    """Return what is said of rows that are left out, since nothing is in them."""
    message = f"{counted(n, 'row')} {'is' if n == 1 else 'are'} empty in every column and left out."
    return _note("empty_rows", shown, message, "Nothing to do, unless something should be there.")


def header_only(shown: str) -> Problem:
    """Return the problem of a file with names and no rows."""
    return Problem(
        code="header_only",
        where=shown,
        message="It has names of columns but no rows below them.",
        remedy="Add the rows, or say in which row the names stand.",
    )


def _note(code: str, where: str, message: str, remedy: str, severity: Any = "note") -> Problem:
    return Problem(code=code, where=where, message=message, remedy=remedy, severity=severity)


def _with_names(frame: pd.DataFrame, problems: list[Problem]) -> pd.DataFrame:
    """Give every column its own name as plain text; columns without name and cells are left out."""
    names, keep, again = [], [], []
    taken: set[str] = set()
    for i, given in enumerate(frame.columns):
        text = (
            "" if given is None or pd.isna(given) else " ".join(str(given).encode("utf-8", "replace").decode().split())
        )
        if not text and frame.iloc[:, i].isna().all():
            continue
        if not text:
            problems.append(
                _note(
                    "column_without_name",
                    f"column {i + 1}",
                    f"Column {i + 1} has no name; it is called 'column {i + 1}'.",
                    "Give it a name in the first line, or another label below.",
                    "warning",
                )
            )
        base = unique = (text or f"column {i + 1}")[: limits.LONGEST_NAME]
        n = 2
        while unique in taken:
            unique, n = f"{base} ({n})", n + 1
        if unique != base:
            again.append(base)
        taken.add(unique)
        names.append(unique)
        keep.append(i)
    for name in dict.fromkeys(again):
        problems.append(
            _note(
                "repeated_column_name",
                f"column {plain(name)}",
                f"{again.count(name) + 1} columns are called '{plain(name)}'; the later ones got a number.",
                "Check which is which, and leave out what you do not need.",
                "warning",
            )
        )
    return frame.iloc[:, keep].set_axis(pd.Index(names, dtype="str"), axis=1)


def corrected(options: ReadOptions, **changes: Any) -> ReadOptions:
    """Return the options with some changed."""
    return replace(options, **changes)
