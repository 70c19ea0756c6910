"""Brings the tables up to date: under a lock, from any folder, without Alembic where nothing has to change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from explainers.errors import DatabaseError

if TYPE_CHECKING:
    from alembic.config import Config

    from explainers.database.place import Place

HEAD = "0004"  # the newest file in migrations/versions; a test compares the two
VERSION_TABLE = "bakeoff_version"
_FOLDER = Path(__file__).resolve().parent / "migrations"
_LOCK = 0x42414B454F4646  # any number, the same in every Bakeoff: "BAKEOFF"


def bring_up_to_date(engine: Engine, writer: Engine, place: Place) -> None:
    """Create or change the tables where needed.

    Parameters
    ----------
    engine, writer : Engine
        For reading; for writing (see `engine.for_writing`).
    place : Place
        Named in the error.

    Raises
    ------
    DatabaseError
        The database was made by a newer Bakeoff.
    """
    with engine.connect() as connection:
        version = stored_version(connection)
    if version == HEAD:
        return
    with writer.begin() as connection:
        lock(connection)
        version = stored_version(connection)  # another process may have done it meanwhile
        if version == HEAD:
            return
        if version is not None and version not in known_versions():
            raise DatabaseError(
                f"What people write is kept in {place.description}. Expected tables of version {HEAD} or older, came "
                f"{version!r:.40}, "
                "made by a newer Bakeoff. Update this Bakeoff, or name another place in BAKEOFF_HOME or "
                "BAKEOFF_DATABASE_URL. Nothing was changed."
            )
        upgrade(connection, "head")


def stored_version(connection: Connection) -> str | None:
    """The version of the tables that are there, None in an empty database."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    version: str | None = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))
    return version


def lock(connection: Connection) -> None:
    """One migration at a time until the transaction ends; with SQLite the write lock does that already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})


def known_versions() -> set[str]:
    """Every version that this program has a migration for."""
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def upgrade(connection: Connection, version: str) -> None:
    """Run the migrations up to a version ("head" for the newest) inside the caller's transaction."""
    from alembic import command

    command.upgrade(_config(connection), version)


def downgrade(connection: Connection, version: str) -> None:
    """Run the migrations backwards ("base" for an empty database): for tests, as it drops what people wrote."""
    from alembic import command

    command.downgrade(_config(connection), version)


def _config(connection: Connection | None = None) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
