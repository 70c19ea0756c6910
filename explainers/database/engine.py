"""Connections and transactions. One engine per process; whoever reads or writes comes through here."""

from __future__ import annotations

import atexit
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, select
from sqlalchemy.exc import IntegrityError, NoSuchModuleError
from sqlalchemy.orm import Session

from explainers.database import migrate
from explainers.database.failures import told_plainly
from explainers.database.place import Place, current_place
from explainers.database.tables import Submitted
from explainers.errors import DatabaseError

BUSY_SECONDS = 15
CONNECT_SECONDS = 5
_SMALLEST_PAGE = 512  # of SQLite: every whole file is a multiple of it
_FOR_WRITING = "bakeoff_for_writing"

Row = TypeVar("Row", bound=Submitted)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    place: Place
    engine: Engine
    process: int
    file: tuple[int, int] | None

    def is_of(self, place: Place) -> bool:
        """Whether this is still the database that is asked for, in this process, on the same file."""
        return self.place == place and self.process == os.getpid() and self.file == place.file_identity()


_opened: _Opened | None = None
_opening = threading.Lock()  # also guards the migration: Alembic keeps its context in a global


@contextmanager
def reading() -> Iterator[Session]:
    """Give a session that sees one moment of the database."""
    place = current_place()
    with told_plainly(place, writes=False), Session(_engine(place)) as session:
        yield session


@contextmanager
def writing() -> Iterator[Session]:
    """Give a session whose work is committed at the end of the block, all of it or nothing."""
    place = current_place()
    with (
        told_plainly(place, writes=True),
        Session(for_writing(_engine(place)), expire_on_commit=False) as session,
        session.begin(),
    ):
        yield session


def stored_once(session: Session, row: Row) -> Row:
    """Store a row, or find what the same form stored before.

    Parameters
    ----------
    session : Session
        From `writing`.
    row : Submitted
        The new record.

    Returns
    -------
    Submitted
        The row, or the one that has its submission id already.
    """
    kind = type(row)
    same_form = select(kind).where(kind.submission_id == row.submission_id)
    stored = session.scalar(same_form)
    if stored is not None:
        return stored
    try:
        with attempt(session):
            session.add(row)
            session.flush()
    except IntegrityError:  # PostgreSQL: another process committed the same form in between
        stored = session.scalar(same_form) if session.is_active else None
        if stored is None:
            raise
        return stored
    return row


def attempt(session: Session) -> AbstractContextManager[object]:
    """Let a statement fail on a unique constraint without the end of the transaction.

    PostgreSQL needs a savepoint for that. SQLite cannot fail so, as one transaction writes at a time; and on a full
    disk it ends the transaction itself, so that going back to a savepoint would hide the reason.
    """
    return session.begin_nested() if session.get_bind().dialect.name == "postgresql" else nullcontext()


def for_writing(engine: Engine) -> Engine:
    """The same engine and pool, taking the write lock when a transaction begins (SQLite)."""
    return engine.execution_options(**{_FOR_WRITING: True})


def dispose() -> None:
    """Close every connection; the next call opens the database again."""
    global _opened
    with _opening:
        _close(_opened)
        _opened = None


def make_engine(place: Place) -> Engine:
    """Build the engine of a place; nothing is opened yet.

    Raises
    ------
    DatabaseError
        The PostgreSQL driver is missing.
    """
    if place.path is None:
        settings: dict[str, Any] = {
            "connect_args": {"connect_timeout": CONNECT_SECONDS},
            "pool_pre_ping": True,
        }
    else:
        settings = {"connect_args": {"timeout": BUSY_SECONDS}}
    try:
        # hide_parameters: what people wrote does not belong into logs
        engine = create_engine(place.url, hide_parameters=True, **settings)
    except (ImportError, NoSuchModuleError):
        raise DatabaseError(
            f"Expected a driver for {place.description}, came none that can be imported. "
            'Install the extra "postgresql" (pip install "psycopg[binary]") and begin the address with '
            "postgresql:// in BAKEOFF_DATABASE_URL."
        ) from None
    if place.path is not None:
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _engine(place: Place) -> Engine:
    global _opened
    opened = _opened
    if opened is not None and opened.is_of(place):
        return opened.engine
    with _opening:
        if _opened is None or not _opened.is_of(place):
            _close(_opened)
            _opened = None
            _opened = _open(place)
        return _opened.engine


def _open(place: Place) -> _Opened:
    if place.path is not None and place.url.query.get("mode") != "ro":
        place.path.parent.mkdir(parents=True, exist_ok=True)
    if place.path is not None:
        _refuse_fragment(place.path)
    engine = make_engine(place)
    try:
        migrate.bring_up_to_date(engine, for_writing(engine), place)
    except BaseException:
        engine.dispose()
        raise
    return _Opened(place=place, engine=engine, process=os.getpid(), file=place.file_identity())


def _refuse_fragment(path: Path) -> None:
    # SQLite takes a file of a few bytes for an empty one, and a page that ends too early for zeros
    if path.is_file() and path.stat().st_size % _SMALLEST_PAGE:
        error = sqlite3.DatabaseError("not made of whole pages")
        error.sqlite_errorname = "SQLITE_NOTADB"
        raise error


def _close(opened: _Opened | None) -> None:
    if opened is not None:
        opened.engine.dispose(close=opened.process == os.getpid())  # a fork leaves its parent's connections alone


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where `_begin_sqlite` says
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # a damaged file is refused before any write
    give_up = time.monotonic() + BUSY_SECONDS
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:
            # two processes that both open a new file: SQLite does not wait here by itself
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > give_up:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_FOR_WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


atexit.register(dispose)
