from __future__ import annotations

import logging
import shutil

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from explainers import database
from explainers.database import migrate
from explainers.database.engine import for_writing, make_engine
from explainers.database.place import current_place
from explainers.database.tables import Base
from explainers.errors import DatabaseError

TABLES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE name LIKE 'bakeoff%' ORDER BY name",
    "postgresql": "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns "
    "WHERE table_schema = 'public' ORDER BY 1, 2",
}


@pytest.fixture
def engine(kept, home):
    home.mkdir()
    engine = make_engine(current_place())
    yield engine
    engine.dispose()


def test_the_newest_migration_makes_what_the_models_say(engine):
    with for_writing(engine).begin() as connection:
        migrate.upgrade(connection, "head")
    with engine.connect() as connection:
        assert migrate.stored_version(connection) == migrate.HEAD
        options = {"version_table": migrate.VERSION_TABLE, "compare_type": True, "compare_server_default": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata) == []
    assert {table for table in Base.metadata.tables if not table.startswith("bakeoff_")} == set()


def test_there_is_one_newest_migration_and_the_program_knows_it():
    scripts = ScriptDirectory.from_config(migrate._config())
    assert scripts.get_heads() == [migrate.HEAD]
    assert migrate.HEAD in migrate.known_versions()


def test_down_to_nothing_and_up_again(kept, engine, add):
    with for_writing(engine).begin() as connection:
        migrate.upgrade(connection, "head")
    first = kept.sql(TABLES[kept.kind])
    assert len(first) > 5
    with for_writing(engine).begin() as connection:
        migrate.downgrade(connection, "base")
    assert {row[0] for row in kept.sql(TABLES[kept.kind])} <= {"bakeoff_version"}
    stored = add()  # opening brings it up again
    assert kept.sql(TABLES[kept.kind]) == first
    assert database.marks("mortgages") == (stored,)


def test_a_migration_that_breaks_leaves_nothing_behind(kept, engine):
    class PowerCutError(Exception):
        pass

    with pytest.raises(PowerCutError), for_writing(engine).begin() as connection:  # noqa: PT012
        migrate.upgrade(connection, "head")
        raise PowerCutError
    assert kept.sql(TABLES[kept.kind]) == []


def test_an_older_database_is_brought_up_and_keeps_what_was_written(kept, engine, add):
    stored = add()
    with for_writing(engine).begin() as connection:
        migrate.downgrade(connection, "0001")
    database.dispose()
    assert database.marks("mortgages") == (stored,)
    assert database.triages("mortgages") == ()
    assert database.votes("mortgages") == ()


def test_tables_of_a_newer_program_are_left_alone(kept, add):
    add()
    database.dispose()
    kept.sql("UPDATE bakeoff_version SET version_num = '9999'")
    for _ in range(2):
        with pytest.raises(DatabaseError, match=r"version 0004 or older, came '9999'.*Update this Bakeoff"):
            database.marks("mortgages")
    assert kept.sql("SELECT version_num FROM bakeoff_version") == [("9999",)]
    kept.sql("UPDATE bakeoff_version SET version_num = '0004'")
    assert len(database.marks("mortgages")) == 1


def test_tables_of_other_programs_may_stand_beside_ours(kept, home, add):
    home.mkdir()
    kept.sql("CREATE TABLE alembic_version (version_num VARCHAR(32))")
    kept.sql("INSERT INTO alembic_version VALUES ('of somebody else')")
    add()
    assert kept.sql("SELECT version_num FROM alembic_version") == [("of somebody else",)]


def test_logging_is_left_alone(kept, add):
    root = logging.getLogger()
    before = (root.level, list(root.handlers), logging.getLogger("somebody").disabled)
    add()
    assert (root.level, list(root.handlers), logging.getLogger("somebody").disabled) == before


def test_the_program_may_be_installed_in_any_folder(tmp_path, monkeypatch):
    folder = tmp_path / "ünï 100% %(here)s;x:y"
    shutil.copytree(migrate._FOLDER, folder)
    monkeypatch.setattr(migrate, "_FOLDER", folder)
    monkeypatch.chdir("/")
    assert migrate.known_versions() == {"0001", "0002", "0003", "0004"}
