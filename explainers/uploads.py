"""What somebody brings to a page, until it is a study: kept under BAKEOFF_HOME by the hash of its bytes.

A file's own name is shown and never used as a path. Reading, guessing and keeping run in the worker for uploads
(``tasks.py``); what crosses the pipe are plain values, the table itself stays on disk as Parquet.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from explainers import store
from explainers.errors import BakeoffError, StudyError
from explainers.results import Problem, explained
from explainers.study import Feature
from explainers.validate.say import plain

if TYPE_CHECKING:
    import pandas as pd

    from explainers.load.reading import Reading
    from explainers.study import Study

Progress = Callable[[float | None, str], None]
SECONDS = 120.0
KEEP_DAYS = 7
HEAD_ROWS = 30
_KEY = re.compile(r"[0-9a-f]{64}")
DATA = "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that somebody brought."""

    key: str = explained("SHA-256 of its bytes.")
    name: str = explained("What its owner calls it; for people only.")
    size: int = explained("Bytes.")


def folder(key: str) -> Path:
    """Return where an upload lies; only a hash is taken, whatever a client sends."""
    if not _KEY.fullmatch(key):
        raise StudyError("This is not the name of an upload. Bring the file again.")
    return store.home() / "uploads" / key


def bring(source: IO[bytes], name: str) -> Upload:
    """Keep the bytes of an upload.

    Parameters
    ----------
    source : binary stream
        Read from its current place to its end.
    name : str
        What its owner calls it.

    Returns
    -------
    Upload
        The same bytes are kept once.

    Raises
    ------
    StudyError
        It is too large, or cannot be kept.
    """
    from explainers.load import limits

    shown = plain(name.replace("\\", "/").rsplit("/", 1)[-1]) or "the file"
    place = store.home() / "uploads"
    try:
        place.mkdir(parents=True, exist_ok=True)
        sweep()
        with tempfile.TemporaryDirectory(prefix=".coming-", dir=place) as coming:
            file = Path(coming) / DATA
            size = limits.copied(source, file, shown)
            with file.open("rb") as written:
                key = hashlib.file_digest(written, "sha256").hexdigest()
            target = folder(key)
            target.mkdir(exist_ok=True)
            file.replace(target / DATA)
    except OSError as error:
        raise StudyError(
            "The file could not be kept. Tell whoever runs this server that its disk may be full or not writable."
        ) from error
    return Upload(key=key, name=shown, size=size)


def sweep() -> None:
    """Remove uploads that nobody touched for a week."""
    old = time.time() - KEEP_DAYS * 86_400
    with contextlib.suppress(OSError):
        for item in (store.home() / "uploads").iterdir():
            if item.stat().st_mtime < old:
                shutil.rmtree(item, ignore_errors=True)


# -- reading ---------------------------------------------------------------------------------------------------------
def read_upload(
    *, key: str, name: str, options: Mapping[str, Any] | None = None, progress: Progress | None = None
) -> dict[str, Any]:
    """Read an upload, keep its table, and return what was found as plain values.

    Parameters
    ----------
    key, name : str
        Of the upload.
    options : mapping
        Fields of :class:`explainers.load.reading.ReadOptions` that were corrected.
    progress : callable, optional
        Told of the share done.

    Returns
    -------
    dict
        table (its key), kind, n_rows, columns, findings, problems, sheets, above, head (the first rows), units.
    """
    from explainers.load import limits
    from explainers.load.reading import ReadOptions, read

    path = folder(key) / DATA
    with limits.memory_capped(), limits.within(SECONDS, name):
        reading = read(path, name=name, options=ReadOptions(**(options or {})), progress=progress)
        return kept_reading(reading, key, store.key("table", options or {}), progress)


def read_table(*, key: str, connection: str, table: str, progress: Progress | None = None) -> dict[str, Any]:
    """Read a table of a database that the operator named; see :func:`read_upload`."""
    from explainers.load import limits
    from explainers.load.connections import SECONDS, read_database

    folder(key).mkdir(parents=True, exist_ok=True)
    with limits.memory_capped(), limits.within(SECONDS, table):
        reading = read_database(connection, table, progress=progress)
    return kept_reading(reading, key, store.key("table", connection, table), progress)


def of_table(connection: str, table: str) -> Upload:
    """Return a place for what will be read of a database, as it is now."""
    return Upload(key=store.key("database", connection, table, time.time_ns()), name=plain(table), size=0)


def kept_reading(reading: Reading, key: str, table: str, progress: Progress | None = None) -> dict[str, Any]:
    """Keep the table of a reading and return the rest as plain values."""
    if progress is not None:
        progress(0.9, "Keeping the table")
    target = folder(key) / f"{table}.parquet"
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
        part = Path(file.name)
    try:
        _write(reading.frame, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    os.utime(target.parent)
    return {
        "table": table,
        "name": reading.name,
        "kind": reading.kind,
        "n_rows": len(reading.frame),
        "findings": [asdict(f) for f in reading.findings],
        "columns": [asdict(c) for c in reading.columns],
        "units": {c.name: c.unit for c in reading.columns if c.unit},
        "sheets": list(reading.sheets),
        "above": list(reading.above),
        "problems": [asdict(p) for p in reading.problems],
        "head": _head(reading.frame),
    }


def _write(frame: pd.DataFrame, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path, compression="zstd")


def _head(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the first rows as text: what people look at, whatever types it holds."""
    top = frame.head(HEAD_ROWS)
    return top.astype(object).where(top.notna(), "").map(_shown).astype("str").reset_index(drop=True)


def _shown(value: Any) -> str:
    text = str(value.date()) if hasattr(value, "date") and str(value).endswith("00:00:00") else str(value)
    return plain(text, 80)


def table_of(key: str, name: str) -> pd.DataFrame:
    """Return the table of an upload as it was read; the last two stay in memory: do not change them."""
    if not _KEY.fullmatch(name):
        raise StudyError("This is not the name of a table. Bring the file again.")
    path = folder(key) / f"{name}.parquet"
    if not path.is_file():
        raise StudyError("The file is no longer here: uploads are kept for a week. Bring it again.")
    return _table(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _table(path: Path, _stamp: int) -> pd.DataFrame:
    from explainers.load.files import read_parquet

    return read_parquet(path)


# -- guessing --------------------------------------------------------------------------------------------------------
def guess_upload(
    *,
    key: str,
    table: str,
    target: str | None = None,
    units: Mapping[str, str] | None = None,
    name: str = "",
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Guess the dictionary of an upload; see :func:`explainers.guess.dictionary`.

    Returns
    -------
    dict
        entries and why (both by column), target, target_why, split, split_why, case, cases.
    """
    from explainers import guess

    del progress
    found = guess.dictionary(table_of(key, table), target=target, units=units, file_name=name)
    return {
        "entries": {g.feature.name: entry(g.feature) for g in found.columns},
        "why": {g.feature.name: dict(g.why) for g in found.columns},
        **{k: getattr(found, k) for k in ("target", "target_why", "split", "split_why", "case", "cases")},
    }


def entry(feature: Feature) -> dict[str, Any]:
    """Return an entry of the dictionary as plain values."""
    out = {f.name: getattr(feature, f.name) for f in fields(feature)}
    return {k: dict(v) if isinstance(v, Mapping) else v for k, v in out.items()}


# -- making ----------------------------------------------------------------------------------------------------------
def made(
    key: str,
    table: str,
    entries: Mapping[str, Mapping[str, Any]],
    about: Mapping[str, Any],
    options: Sequence[str],
    models: Sequence[Mapping[str, Any]] = (),
    folder: Path | None = None,
) -> Study:
    """Return the study of an upload, not yet built, with every problem that does not stop it.

    Parameters
    ----------
    key, table, entries, about, options
        As for :func:`check_upload`.
    models : sequence of mapping
        Models that were brought, as :mod:`explainers.model_uploads` knows them.
    folder : Path, optional
        Where their files are.

    Raises
    ------
    StudyError
        With every problem, where one of them stops it.
    """
    from explainers import model_uploads
    from explainers.load.making import Making

    frame = table_of(key, table)
    asked = dict(about)
    how, _, column = str(asked.get("split", "")).partition(":")
    if how == "labels" and column in frame.columns:
        asked["split"] = frame[column].tolist()
    return Making("The study").study(
        frame,
        target=asked.pop("target", None),
        positive=asked.pop("positive", None),
        split=asked.pop("split", None),
        candidates={**{name: name for name in options}, **{m["option"]: model_uploads.fields(m) for m in models}},
        dictionary={name: {k: v for k, v in fields.items() if k != "name"} for name, fields in entries.items()},
        about=asked,
        closed=True,
        folder=folder,
    )


def check_upload(
    *,
    key: str,
    table: str,
    entries: Mapping[str, Mapping[str, Any]],
    about: Mapping[str, Any],
    options: Sequence[str] = ("no_model",),
    progress: Progress | None = None,
) -> list[dict[str, Any]]:
    """Return every problem of the study that would be made, errors first, as plain values."""
    if progress is not None:
        progress(None, "Looking for problems")
    try:
        found = made(key, table, entries, about, options).problems
    except StudyError as error:
        found = error.problems or (Problem(code="study", where="the study", message=error.message, remedy=""),)
    return [asdict(p) for p in found]


def keep_upload(
    *,
    key: str,
    table: str,
    entries: Mapping[str, Mapping[str, Any]],
    about: Mapping[str, Any],
    options: Sequence[str],
    models: Sequence[Mapping[str, Any]] = (),
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Make the study and keep it under BAKEOFF_HOME.

    Parameters
    ----------
    key, table, entries, about, options
        As for :func:`check_upload`.
    models : sequence of mapping
        Models that were brought; each becomes an option beside the others.
    progress : callable, optional
        Told of the share done.

    Returns
    -------
    dict
        name and folder of the study; or problems, where one of them stops it.
    """
    from explainers import kept, model_uploads

    told = progress or (lambda _fraction, _doing: None)
    told(0.1, "Looking for problems")
    try:
        with model_uploads.placed(models) as files:
            study = made(key, table, entries, about, options, models, files)
            told(0.6, "Keeping the study")
            place = kept.keep(study)
    except StudyError as error:
        return {"problems": [asdict(p) for p in error.problems], "message": error.message}
    except OSError as error:
        raise BakeoffError(
            "The study could not be kept. Tell whoever runs this server that its disk may be full or not writable."
        ) from error
    return {"name": place.name, "folder": str(place)}


def problem(found: Mapping[str, Any]) -> Problem:
    """Return a problem out of its plain values."""
    return Problem(**{k: found[k] for k in ("code", "where", "message", "remedy", "severity")})


def feature(found: Mapping[str, Any]) -> Feature:
    """Return an entry of the dictionary out of its plain values."""
    return Feature(**found)
