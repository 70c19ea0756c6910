"""Tables of a real PostgreSQL through the connection that the operator named: only read, few rows, any names."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from explainers import guess
from explainers.errors import StudyError
from explainers.load import connections
from explainers.load.reading import Reading
from tests.explainers.database.conftest import Server

ODD = 'Preis "netto" in %, je (Stück); drop'
MAKE = f"""
CREATE TABLE goods (
    id serial PRIMARY KEY, name text, size double precision, price numeric(10, 2), day date, seen timestamptz,
    fine boolean, parts integer[], raw bytea, about jsonb, key uuid DEFAULT gen_random_uuid()
);
INSERT INTO goods (name, size, price, day, seen, fine, parts, raw, about)
SELECT 'Bö ' || i, i * 1.5, i + 0.25, DATE '2024-01-31' + i, TIMESTAMPTZ '2024-01-31 12:00+02' + i * INTERVAL '1 day',
       i % 2 = 0, ARRAY[i, 2], 'x'::bytea, '{{"a": 1}}'
FROM generate_series(1, 40) AS i;
UPDATE goods SET size = NULL, fine = NULL WHERE id = 3;
CREATE VIEW few AS SELECT name, price FROM goods WHERE id <= 2 ORDER BY id;
CREATE MATERIALIZED VIEW kept AS SELECT name, size FROM goods ORDER BY id;
CREATE TABLE "Käufe; 2024 %s" (
    "{ODD.replace('"', '""')}" integer, "%(x)s" text, ":y" text, "order" integer, " " integer, "a.b" integer
);
INSERT INTO "Käufe; 2024 %s" VALUES (1, 'one', '=1+1', 2, 3, 4), (2, NULL, '<b>', 5, 6, 7);
CREATE TABLE nothing (a integer);
CREATE FUNCTION writes() RETURNS integer LANGUAGE sql VOLATILE AS
    $$ INSERT INTO nothing VALUES (1) RETURNING a $$;
CREATE VIEW trap AS SELECT writes() AS a;
CREATE VIEW endless AS SELECT pg_sleep(30)::text AS a;
"""


@pytest.fixture(scope="module")
def shop(server: Server) -> str:
    """A database with goods; the way into it that shares no code with the product."""
    import psycopg

    address = server.address(server.new_database())
    with psycopg.connect(address, autocommit=True) as link:
        link.execute(MAKE)
    return address


@pytest.fixture(autouse=True)
def named(shop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAKEOFF_SQL_SHOP", shop.replace("postgresql://", "postgresql+psycopg://"))
    monkeypatch.delenv("BAKEOFF_SQL_MOST_ROWS", raising=False)


def rows_of(shop: str, table: str) -> int:
    import psycopg

    with psycopg.connect(shop) as link:
        found = link.execute(f"SELECT count(*) FROM {table}").fetchone()
        assert found is not None
        return int(found[0])


def codes(reading: Reading) -> set[str]:
    return {p.code for p in reading.problems}


def test_tables_and_views_are_listed_and_read() -> None:
    assert connections.tables("shop") == ("Käufe; 2024 %s", "endless", "few", "goods", "kept", "nothing", "trap")
    assert connections.read_database("shop", "few").frame["price"].tolist() == [1.25, 2.25]
    assert len(connections.read_database("shop", "kept").frame) == 40
    reading = connections.read_database("shop", "goods")
    frame = reading.frame
    assert len(frame) == 40
    assert frame["name"].iloc[0] == "Bö 1"
    assert (frame["price"].dtype.kind, frame["price"].iloc[1]) == ("f", 2.25)
    assert frame["size"].isna().sum() == 1
    assert frame["day"].iloc[0] == pd.Timestamp("2024-02-01")
    assert frame["day"].dtype.kind == frame["seen"].dtype.kind == "M"
    roles = {n: f.role for n, f in guess.dictionary(frame, target="fine").features.items()}
    assert (roles["id"], roles["size"], roles["fine"]) == ("id", "feature", "target")


def test_a_table_of_a_database_is_kept_like_a_file(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the types that only a database has, keys become text; lists, documents and bytes are left out and named."""
    from explainers import uploads

    monkeypatch.setenv("BAKEOFF_HOME", str(tmp_path))
    upload = uploads.of_table("shop", "goods")
    read = uploads.read_table(key=upload.key, connection="shop", table="goods")
    again = uploads.table_of(upload.key, read["table"])
    assert (read["n_rows"], read["kind"], len(again)) == (40, "database", 40)
    assert {c["name"]: c["read_as"] for c in read["columns"]}["key"] == "text"
    left_out = {p["where"] for p in read["problems"] if p["code"] == "nested_column"}
    assert left_out == {"column parts", "column raw", "column about"}
    found = uploads.guess_upload(key=upload.key, table=read["table"], target="price", name="goods")
    assert found["entries"]["price"]["role"] == "target"


def test_odd_names_of_tables_and_columns_are_only_names() -> None:
    frame = connections.read_database("shop", "Käufe; 2024 %s").frame
    assert list(frame.columns) == [ODD, "%(x)s", ":y", "order", "column 5", "a.b"]
    assert frame[ODD].tolist() == [1, 2]
    assert frame[":y"].tolist() == ["=1+1", "<b>"]
    for table in ("goods; DROP TABLE goods", 'goods" --', "pg_catalog.pg_authid", "pg_authid", ""):
        with pytest.raises(StudyError, match="no such table"):
            connections.read_database("shop", table)


def test_the_limit_of_rows_holds_and_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAKEOFF_SQL_MOST_ROWS", "7")
    reading = connections.read_database("shop", "goods")
    assert (len(reading.frame), codes(reading)) == (7, {"row_limit", "nested_column"})
    monkeypatch.setenv("BAKEOFF_SQL_MOST_ROWS", "40")
    assert codes(connections.read_database("shop", "goods")) == {"nested_column"}


def test_nothing_is_written_even_where_reading_would_write(shop: str) -> None:
    with pytest.raises(StudyError, match="could not be read") as caught:
        connections.read_database("shop", "trap")
    assert "geheim" not in caught.value.message
    assert rows_of(shop, "nothing") == 0
    engine = connections._engine("shop")
    try:
        for statement in ("DELETE FROM goods", "CREATE TABLE mine (a integer)", "SELECT writes()"):
            with engine.connect().execution_options(**connections._only_reading(engine)) as link:
                connections._guard(link, engine)
                with pytest.raises(Exception, match="read-only"):
                    link.exec_driver_sql(statement)
    finally:
        engine.dispose()
    assert rows_of(shop, "goods") == 40


def test_what_takes_too_long_is_given_up_by_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "SECONDS", 1)
    with pytest.raises(StudyError, match="could not be read"):
        connections.read_database("shop", "endless")


def test_an_account_that_may_not_look_is_told_so_without_its_address(
    server: Server, shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    database = shop.rsplit("/", 1)[1]
    with psycopg.connect(shop, autocommit=True) as link:
        link.execute("CREATE ROLE reader LOGIN PASSWORD 'leise'; GRANT SELECT ON few TO reader")
    address = server.address(database, user="reader", password="leise")
    monkeypatch.setenv("BAKEOFF_SQL_SHOP", address.replace("postgresql://", "postgresql+psycopg://"))
    assert len(connections.read_database("shop", "few").frame) == 2
    with pytest.raises(StudyError, match="could not be read") as caught:
        connections.read_database("shop", "goods")
    assert "leise" not in caught.value.message
    monkeypatch.setenv(
        "BAKEOFF_SQL_SHOP", address.replace("leise", "other").replace("postgresql:", "postgresql+psycopg:")
    )
    with pytest.raises(StudyError, match="does not answer"):
        connections.tables("shop")
