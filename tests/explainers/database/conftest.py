"""Every test that takes `kept` runs twice: on an SQLite file and on a real PostgreSQL server."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from explainers import database

ROOT = Path(__file__).parents[3]
PASSWORD = "geheim/42@x"  # signs that an address has to escape


@dataclass(frozen=True)
class Kept:
    """A database of one test, and a second way into it that shares no code with the product."""

    kind: str
    address: str  # the path of the file, or what psycopg takes

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        if self.kind == "sqlite":
            with closing(sqlite3.connect(self.address)) as connection, connection:
                return connection.execute(statement).fetchall()
        import psycopg

        with psycopg.connect(self.address, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server that lives as long as the test session."""

    port: int

    def address(self, name: str, *, user: str = "bakeoff", password: str = "geheim%2F42%40x") -> str:
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{name}"

    def new_database(self) -> str:
        import psycopg

        name = f"test_{uuid.uuid4().hex}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return name

    def empty_database(self) -> str:
        """The same database each time: to empty one takes a tenth of the time of making one."""
        import psycopg

        with psycopg.connect(self.address("bakeoff"), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = 'bakeoff' AND pid <> pg_backend_pid()"
            )
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        return "bakeoff"


def _find(program: str) -> str | None:
    newest_first = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda path: int(path.parts[4]), reverse=True
    )
    return str(newest_first[0]) if newest_first else shutil.which(program)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    initdb, pg_ctl = _find("initdb"), _find("pg_ctl")
    if initdb is None or pg_ctl is None:
        pytest.fail("PostgreSQL's server is missing: apt-get install postgresql (or initdb on PATH)", pytrace=False)
    as_user: dict[str, Any] = {"cwd": "/", "stdout": subprocess.DEVNULL}
    folder = Path(tempfile.mkdtemp(prefix="bakeoff-pg-"))
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres", "postgres")
        as_user |= {"user": "postgres", "group": "postgres", "extra_groups": []}
    (folder / "password").write_text(PASSWORD)
    (folder / "password").chmod(0o644)
    data = str(folder / "data")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c shared_buffers=16MB"
    log = str(folder / "log")
    try:
        create = [initdb, "-D", data, "-U", "bakeoff", "-A", "scram-sha-256", "-E", "UTF8", "--no-sync"]
        subprocess.run([*create, f"--pwfile={folder / 'password'}"], check=True, **as_user)
        subprocess.run([pg_ctl, "start", "-w", "-D", data, "-l", log, "-o", options], check=True, **as_user)
        try:
            running = Server(port)
            import psycopg

            with psycopg.connect(running.address("postgres"), autocommit=True) as connection:
                connection.execute("CREATE DATABASE bakeoff")
            yield running
        finally:
            subprocess.run([pg_ctl, "stop", "-D", data, "-m", "immediate"], check=True, **as_user)
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A clean BAKEOFF_HOME with no database in it."""
    folder = tmp_path / "home 100%"
    monkeypatch.setenv("BAKEOFF_HOME", str(folder))
    monkeypatch.delenv("BAKEOFF_DATABASE_URL", raising=False)
    yield folder
    database.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    """An empty database that the environment names."""
    if request.param == "sqlite":
        return Kept("sqlite", str(home / "bakeoff.sqlite"))
    server = request.getfixturevalue("server")
    address = server.address(server.empty_database())
    monkeypatch.setenv("BAKEOFF_DATABASE_URL", address)
    return Kept("postgresql", address)


@pytest.fixture
def add() -> Callable[..., database.Mark]:
    """`add_mark` with something in every field that a test does not name."""

    def call(**changes: Any) -> database.Mark:
        fields: dict[str, Any] = {
            "submission_id": str(uuid.uuid4()),
            "author": "Ada Okafor",
            "study": "mortgages",
            "fingerprint": "f" * 64,
            "candidate": "boosting",
            "candidate_key": "k" * 64,
            "case_id": "1042",
            "case": {"debt": 0.46, "self_employed": "no"},
            "feature": "debt",
            "mark": "odd",
            "reason": "Debt payments take 46% of income.",
            "comment": "This is usual here.",
        }
        return database.add_mark(**(fields | changes))

    return call


@pytest.fixture
def pin() -> Callable[..., database.Pin]:
    """`add_pin` with something in every field that a test does not name."""

    def call(**changes: Any) -> database.Pin:
        fields: dict[str, Any] = {
            "submission_id": str(uuid.uuid4()),
            "author": "Ada Okafor",
            "study": "mortgages",
            "case_id": None,
            "case": {"debt": 0.3},
            "label": "lower debt",
        }
        return database.add_pin(**(fields | changes))

    return call


@pytest.fixture
def start() -> Iterator[Callable[[str, Sequence[str]], subprocess.Popen[str]]]:
    """Start Python processes that see the same environment; whatever still runs at the end is ended."""
    running: list[subprocess.Popen[str]] = []

    def call(code: str, arguments: Sequence[str] = ()) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", code, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd="/",
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            start_new_session=True,
        )
        running.append(process)
        return process

    yield call
    for process in running:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)  # its children too
        process.communicate()
