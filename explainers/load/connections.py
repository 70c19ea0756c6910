"""Tables of databases that the operator of the server named: read only, with a limit of rows, no queries of readers.

Each is a setting ``BAKEOFF_SQL_NAME`` that holds a SQLAlchemy address, such as
``BAKEOFF_SQL_SALES=postgresql+psycopg://reader@host/sales``. Give the account the right to read and no other:
what is done here keeps honest people from harm, and the database's own rights keep everybody.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any

import pandas as pd

from explainers.errors import NotInstalledError, StudyError
from explainers.load.arrow_files import nested_column
from explainers.load.limits import refused
from explainers.load.reading import Cells, Finding, Progress, Reading, ReadOptions, finish
from explainers.results import Problem
from explainers.validate.say import plain

if TYPE_CHECKING:
    from sqlalchemy import Engine

START = "BAKEOFF_SQL_"
LIMIT = "BAKEOFF_SQL_MOST_ROWS"
ROWS = 1_000_000
SECONDS = 120
CHUNK = 20_000
_NESTED = {"list", "tuple", "dict", "set", "bytes", "bytearray", "memoryview"}


def connections() -> tuple[str, ...]:
    """Return the names of the databases that the operator named; their addresses are shown to nobody."""
    named = (n.removeprefix(START).lower() for n, v in os.environ.items() if n.startswith(START) and v.strip())
    return tuple(sorted(n for n in named if n and START + n.upper() != LIMIT))


def most_rows() -> int:
    """Return how many rows are read at most: BAKEOFF_SQL_MOST_ROWS, else a million."""
    text = os.environ.get(LIMIT, "")
    return int(text) if text.isdigit() and int(text) > 0 else ROWS


def tables(connection: str) -> tuple[str, ...]:
    """Return the tables and views of a database, sorted.

    Raises
    ------
    StudyError
        There is no such connection, or the database does not answer.
    """
    from sqlalchemy import inspect
    from sqlalchemy.exc import SQLAlchemyError

    engine = _engine(connection)
    try:
        found = inspect(engine)
        names = {*found.get_table_names(), *found.get_view_names()}
        with contextlib.suppress(NotImplementedError):  # few databases have views that keep their rows
            names |= set(found.get_materialized_view_names())
        return tuple(sorted(names))
    except (SQLAlchemyError, OSError) as error:
        raise _away(connection) from error
    finally:
        engine.dispose()


def read_database(connection: str, table: str, *, progress: Progress | None = None) -> Reading:
    """Read a table or view of a database that the operator named.

    Parameters
    ----------
    connection : str
        One of :func:`connections`.
    table : str
        One of :func:`tables`.
    progress : callable, optional
        Told of the share done.

    Returns
    -------
    Reading
        With a problem where the table has more rows than are read.

    Raises
    ------
    StudyError
        There is no such connection or table, or the database does not answer.
    """
    from sqlalchemy import MetaData, Table, select
    from sqlalchemy.exc import SQLAlchemyError

    told = progress or (lambda _fraction, _doing: None)
    shown = plain(f"{connection}: {table}")
    if table not in tables(connection):
        raise refused(shown, "The database has no such table.", "Choose one of the list.", "no_table")
    engine, most = _engine(connection), most_rows()
    try:
        with engine.connect().execution_options(**_only_reading(engine)) as link:
            _guard(link, engine)
            wanted = Table(table, MetaData(), autoload_with=link)
            answer = link.execution_options(stream_results=True).execute(select(wanted).limit(most + 1))
            names, rows = list(answer.keys()), list[Any]()
            while part := answer.fetchmany(CHUNK):
                rows += part
                told(min(0.65, 0.65 * len(rows) / most), f"Read {len(rows):,} rows")
    except (SQLAlchemyError, OSError) as error:
        raise refused(
            shown,
            f"It could not be read: the database refused, went away or took longer than {SECONDS} seconds.",
            "Choose another table, or tell whoever runs this server.",
            "not_read",
        ) from error
    finally:
        engine.dispose()
    problems = []
    if len(rows) > most:
        rows = rows[:most]
        problems.append(
            Problem(
                code="row_limit",
                where=shown,
                message=f"The table has more than {most:,} rows; only the first {most:,} were read.",
                remedy="Ask whoever runs this server for a view with the rows that matter, or for a higher limit.",
                severity="warning",
            )
        )
    frame = pd.DataFrame([tuple(r) for r in rows], columns=pd.Index(names, dtype=object), dtype=object)
    found = Finding(what="kind", value="database", shown="a database", why="The operator of this server named it.")
    nested = [n for i, n in enumerate(names) if {k.__name__ for k in set(map(type, frame.iloc[:, i]))} & _NESTED]
    problems += [nested_column(n) for n in nested]
    frame = frame.loc[:, [n not in nested for n in names]]
    cells = Cells(frame=frame, kind="database", findings=(found,), problems=tuple(problems))
    return finish(cells, shown, ReadOptions())


def _engine(connection: str) -> Engine:
    from sqlalchemy import create_engine
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    if connection not in connections():
        raise StudyError("There is no such database. Choose one of the list, or ask whoever runs this server.")
    try:
        url = make_url(os.environ[START + connection.upper()].strip())
        if url.get_backend_name() == "sqlite" and url.database:
            name = url.database.removeprefix("file:").split("?")[0]
            url = url.set(database=f"file:{name}", query={"mode": "ro", "uri": "true"})
        return create_engine(url)
    except ArgumentError as error:
        raise _away(connection) from error
    except ImportError as error:
        raise NotInstalledError(
            f"The database '{plain(connection)}' needs a package that is not installed. Tell whoever runs this server."
        ) from error


def _only_reading(engine: Engine) -> dict[str, Any]:
    return {"postgresql_readonly": True} if engine.dialect.name == "postgresql" else {}


def _guard(link: Any, engine: Engine) -> None:
    """Let the database itself refuse to write and to work for ever, where it knows how."""
    commands = {
        "sqlite": ("PRAGMA query_only = ON",),
        "postgresql": (f"SET LOCAL statement_timeout = {SECONDS * 1000}",),
        "mysql": ("SET SESSION TRANSACTION READ ONLY", f"SET SESSION max_execution_time = {SECONDS * 1000}"),
        "mariadb": ("SET SESSION TRANSACTION READ ONLY", f"SET SESSION max_statement_time = {SECONDS}"),
    }
    for command in commands.get(engine.dialect.name, ()):
        link.exec_driver_sql(command)


def _away(connection: str) -> StudyError:
    # The error itself may hold the address with its password.
    return StudyError(f"The database '{plain(connection)}' does not answer. Tell whoever runs this server.")
