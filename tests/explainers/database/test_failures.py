from __future__ import annotations

import sqlite3
import sys
import traceback
import uuid
from contextlib import closing

import pytest
import sqlalchemy

from explainers import database
from explainers.errors import DatabaseError


def message_of(call, *arguments, **named) -> str:
    with pytest.raises(DatabaseError) as raised:
        call(*arguments, **named)
    assert str(raised.value) == raised.value.message
    return raised.value.message


def test_a_file_that_can_only_be_read_is_read_and_not_written(home, add, monkeypatch):
    stored = add()
    database.dispose()
    monkeypatch.setenv(
        "BAKEOFF_DATABASE_URL", f"sqlite:///file:{home}/bakeoff.sqlite?mode=ro&uri=true".replace("%", "%25")
    )
    assert database.marks("mortgages") == (stored,)
    message = message_of(add)
    assert "a file that can be written, came one that can only be read" in message
    assert "may not be stored" in message
    assert str(home) not in message
    assert database.marks("mortgages") == (stored,)


def test_a_file_that_is_not_there_cannot_be_made_where_it_can_only_be_read(home, monkeypatch):
    monkeypatch.setenv(
        "BAKEOFF_DATABASE_URL", f"sqlite:///file:{home}/none.sqlite?mode=ro&uri=true".replace("%", "%25")
    )
    assert "a file that can be opened" in message_of(database.marks, "mortgages")
    assert not home.exists()


def test_a_folder_in_the_place_of_the_file(home, add):
    (home / "bakeoff.sqlite").mkdir(parents=True)
    assert "came a folder in its place or no right to open it" in message_of(add)
    (home / "bakeoff.sqlite").rmdir()
    assert add().id == 1  # nothing has to be restarted


def test_a_file_in_the_place_of_the_folder(home, add):
    home.write_text("mine")
    message = message_of(add)
    assert "a folder that can be made and written" in message
    assert "BAKEOFF_HOME" in message
    assert home.read_text() == "mine"


@pytest.mark.parametrize("size", [1, 50, 100, 600, 4096, 5000, 20_000, -4096, -1])
def test_half_a_file_is_said_and_left_as_it_is(home, add, size):
    for _ in range(30):
        add(comment="x" * 4000)
    database.dispose()
    path = home / "bakeoff.sqlite"
    half = path.read_bytes()[:size]
    path.write_bytes(half)

    message = message_of(add)
    assert "damaged one" in message or "half of one" in message
    assert "It is left as it is." in message
    assert "bakeoff.sqlite" in message
    assert path.read_bytes() == half
    assert [file.name for file in home.iterdir()] == ["bakeoff.sqlite"]


def test_any_other_file_is_said_and_left_as_it_is(home, add):
    home.mkdir()
    (home / "bakeoff.sqlite").write_bytes(b"study;case;mark\n" * 1000)
    with pytest.raises(DatabaseError, match="an SQLite file, came something else") as raised:
        add()
    assert (home / "bakeoff.sqlite").read_bytes() == b"study;case;mark\n" * 1000
    assert str(home) not in str(raised.value)
    assert raised.value.__notes__ == [f"file: {home / 'bakeoff.sqlite'}"]  # the server's log says which file


def test_an_empty_file_is_an_empty_database(home, add):
    home.mkdir()
    (home / "bakeoff.sqlite").touch()
    assert add().id == 1


def test_a_full_disk(kept, add):
    first = add(comment="kept before")
    if kept.kind == "sqlite":
        database.dispose()
        pages = kept.sql("PRAGMA page_count")[0][0]

        def fill(connection, _record):
            if isinstance(connection, sqlite3.Connection):
                connection.execute(f"PRAGMA max_page_count = {pages}")

        sqlalchemy.event.listen(sqlalchemy.Engine, "connect", fill)
    else:
        kept.sql("CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                 "RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$")  # fmt: skip
        kept.sql("CREATE TRIGGER fill BEFORE INSERT ON bakeoff_marks FOR EACH ROW EXECUTE FUNCTION fill()")
    form = str(uuid.uuid4())
    try:
        message = message_of(add, submission_id=form, comment="x" * 4000, reason="x" * 4000)
        assert "full disk. Make room" in message
        assert "keep the page open and save again" in message
        assert database.marks("mortgages") == (first,)
    finally:
        if kept.kind == "sqlite":
            sqlalchemy.event.remove(sqlalchemy.Engine, "connect", fill)
            database.dispose()
        else:
            kept.sql("DROP TRIGGER fill ON bakeoff_marks")
    again = add(submission_id=form, comment="x" * 4000, reason="x" * 4000)
    assert database.marks("mortgages") == (again, first)


def test_another_program_holds_the_file(home, add, monkeypatch):
    from explainers.database import engine

    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    add()
    with closing(sqlite3.connect(home / "bakeoff.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "another program holds the file" in message_of(add)
        assert len(database.marks("mortgages")) == 1
        other.execute("ROLLBACK")
    assert add().id == 2


def test_a_server_that_can_only_be_read(server, home, add, monkeypatch):
    name = server.new_database()
    monkeypatch.setenv("BAKEOFF_DATABASE_URL", server.address(name))
    stored = add()
    database.dispose()
    import psycopg

    with psycopg.connect(server.address("postgres"), autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    assert "a server that can be written, came one that can only be read" in message_of(add)
    assert database.marks("mortgages") == (stored,)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"password": "s3cr3t%40word"}, "a name and password that the server takes"),
        ({"user": "nobody"}, "a name and password that the server takes"),
        ({"name": "nowhere"}, "no such database or user"),
        ({"port": 1}, "a server that answers, came no connection"),
        ({"host": "no-such-host.invalid"}, "a server that answers, came no connection"),
    ],
)
def test_a_server_that_does_not_let_us_in(server, home, monkeypatch, change, expected):
    parts = {
        "user": "bakeoff",
        "password": "geheim%2F42%40x",
        "host": "127.0.0.1",
        "port": server.port,
        "name": "postgres",
    }
    address = "postgresql://{user}:{password}@{host}:{port}/{name}".format(**(parts | change))
    monkeypatch.setenv("BAKEOFF_DATABASE_URL", address)
    with pytest.raises(DatabaseError, match=expected) as raised:
        database.marks("mortgages")
    assert_no_password(raised.value)
    assert not home.exists()


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ada:s3cr3t@word@host:5432x/database",
        "postgresql://ada:s3cr3t@host:s3cr3t/database",
        "s3cr3t",
        "mysql://ada:s3cr3t@host/database",
        "postgresql+nothing://ada:s3cr3t@host/database",
        "sqlite://",
        "sqlite:///:memory:",
        "://",
    ],
)
def test_an_address_that_is_none(home, monkeypatch, address):
    monkeypatch.setenv("BAKEOFF_DATABASE_URL", address)
    with pytest.raises(DatabaseError, match="BAKEOFF_DATABASE_URL") as raised:
        database.marks("mortgages")
    assert_no_password(raised.value)


def test_a_driver_that_is_missing(home, monkeypatch):
    monkeypatch.setenv("BAKEOFF_DATABASE_URL", "postgresql://ada:s3cr3t@host/database")
    monkeypatch.setitem(sys.modules, "psycopg", None)  # what Python does for a package that is not there
    with pytest.raises(DatabaseError, match=r'pip install "psycopg\[binary\]"') as raised:
        database.marks("mortgages")
    assert_no_password(raised.value)


def test_a_server_that_was_restarted_is_found_again(server, home, add, monkeypatch):
    monkeypatch.setenv("BAKEOFF_DATABASE_URL", server.address(server.new_database()))
    add()
    import psycopg

    with psycopg.connect(server.address("postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                           "AND backend_type = 'client backend'")  # fmt: skip
    add()
    assert len(database.marks("mortgages")) == 2


def test_what_people_wrote_does_not_get_into_an_error(kept, add):
    add()
    if kept.kind == "sqlite":
        kept.sql("CREATE TRIGGER no BEFORE INSERT ON bakeoff_marks BEGIN SELECT RAISE(ABORT, 'no'); END")
    else:
        kept.sql("ALTER TABLE bakeoff_marks ADD CONSTRAINT no CHECK (id < 2)")
    secret = uuid.uuid4().hex
    with pytest.raises(DatabaseError, match="came the error") as raised:
        add(comment=secret)
    told = raised.value.message if kept.kind == "postgresql" else "".join(traceback.format_exception(raised.value))
    assert secret not in told  # PostgreSQL itself repeats the row in its DETAIL line


def assert_no_password(error: BaseException) -> None:
    told = "".join(traceback.format_exception(error))
    assert "s3cr3t" not in told
    assert "geheim" not in told
