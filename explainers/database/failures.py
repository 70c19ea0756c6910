"""What went wrong with a database, in plain words: what was expected, what came, what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from explainers.database.place import Place
from explainers.errors import DatabaseError

_WRITING = "What you wrote may not be stored: keep the page open and save again after that; nothing is stored twice."
_READING = "Reload the page after that."
_CHECK_ADDRESS = "Check BAKEOFF_DATABASE_URL and whether the server runs and lets this machine in."

# The first key that an SQLite error name starts with decides.
_SQLITE = {
    "SQLITE_READONLY": "a file that can be written, came one that can only be read. "
    "Give the account that runs Bakeoff the right to write the file and its folder",
    "SQLITE_FULL": "room on the disk, came a full disk. Make room",
    "SQLITE_CORRUPT": "a whole SQLite file, came a damaged one. It is left as it is. Stop Bakeoff, copy the file and "
    'the ones beside it that end in -wal and -shm, then try "sqlite3 FILE .recover" on the copy or bring back a backup',
    "SQLITE_NOTADB": "an SQLite file, came something else or half of one. It is left as it is. Stop Bakeoff, move "
    "the file away and bring back a backup, or name another place in BAKEOFF_HOME",
    "SQLITE_CANTOPEN": "a file that can be opened, came a folder in its place or no right to open it. "
    "Look at the folder, or name another one in BAKEOFF_HOME",
    "SQLITE_BUSY": "its turn to write within 15 seconds, came none: another program holds the file. "
    "Close what holds it",
    "SQLITE_IOERR": "a disk that reads and writes, came an error of the disk. Check the disk and the room on it",
}
# The first key that an SQLSTATE starts with decides.
_SQLSTATE = {
    "25006": "a server that can be written, came one that can only be read. Name the primary server, or let the "
    "account write",
    "53100": "room on the server's disk, came a full disk. Make room",
    "53300": "a free connection, came none: the server has too many. Close some, or raise max_connections",
    "42501": "the right to read and write, came a refusal. Grant the account its rights on the tables",
    "28": f"a name and password that the server takes, came a refusal. {_CHECK_ADDRESS[:-1]}",
    "3D": f"a database and a user of the names given, came no such database or user. Create what is missing "
    f"(createdb, createuser). {_CHECK_ADDRESS[:-1]}",
}
# libpq tells why a connection failed in words only.
_CONNECTION = {
    "authentication failed": _SQLSTATE["28"],
    "no password supplied": _SQLSTATE["28"],
    "does not exist": _SQLSTATE["3D"],
    "too many": _SQLSTATE["53300"],
}


@contextmanager
def told_plainly(place: Place, *, writes: bool) -> Iterator[None]:
    """Turn errors of the database and of the disk into `DatabaseError`.

    Parameters
    ----------
    place : Place
        Where; named in the message.
    writes : bool
        Whether somebody has to save again.
    """
    try:
        yield
    except (DBAPIError, sqlite3.Error, PoolTimeout, OSError) as error:
        raise _explained(error, place, _WRITING if writes else _READING) from error


def _explained(error: Exception, place: Place, then: str) -> DatabaseError:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    found = _sqlite_reason(cause) if place.path is not None else _postgresql_reason(cause)
    explained = DatabaseError(f"What people write is kept in {place.description}. Expected {found}. {then}")
    if place.path is not None:
        explained.add_note(f"file: {place.path}")  # for the server's log; the message goes to any reader
    return explained


def _sqlite_reason(cause: BaseException) -> str:
    name = getattr(cause, "sqlite_errorname", None)
    for start, reason in _SQLITE.items():
        if name is not None and name.startswith(start):
            return reason
    if isinstance(cause, OSError):
        return (
            f"a folder that can be made and written, came: {cause.strerror or type(cause).__name__}. "
            "Name another folder in BAKEOFF_HOME, or give the account that runs Bakeoff the right to write it"
        )
    return f"an answer, came the error {name or type(cause).__name__}. Look into the server's log"


def _postgresql_reason(cause: BaseException) -> str:
    state = getattr(cause, "sqlstate", None)
    for start, reason in _SQLSTATE.items():
        if state is not None and state.startswith(start):
            return reason
    if isinstance(cause, PoolTimeout):
        return "a free connection within 30 seconds, came none. Wait a moment"
    if state is None:
        for words, reason in _CONNECTION.items():
            if words in str(cause):
                return reason
        return f"a server that answers, came no connection. {_CHECK_ADDRESS[:-1]}"
    return f"an answer, came the error {state}. Look into the server's log"
