from __future__ import annotations

from pathlib import Path

import pytest

from explainers import database


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "the SQLite file ~/.bakeoff/bakeoff.sqlite"),
        ({"BAKEOFF_HOME": " ", "BAKEOFF_DATABASE_URL": ""}, "the SQLite file ~/.bakeoff/bakeoff.sqlite"),
        ({"BAKEOFF_HOME": "/srv/x"}, "the SQLite file bakeoff.sqlite in the folder that BAKEOFF_HOME names"),
        (
            {"BAKEOFF_DATABASE_URL": "sqlite:////srv/x/people.sqlite"},
            "the SQLite file people.sqlite that BAKEOFF_DATABASE_URL names",
        ),
        (
            {"BAKEOFF_DATABASE_URL": "postgresql://ada:s3cr3t@db.example:5433/said?password=s3cr3t"},
            "the PostgreSQL database said on db.example, port 5433",
        ),
        ({"BAKEOFF_DATABASE_URL": "postgres://ada@/said"}, "the PostgreSQL database said on this machine"),
    ],
)
def test_where_is_said_without_password_and_private_folder(monkeypatch, environment, expected):
    monkeypatch.delenv("BAKEOFF_HOME", raising=False)
    monkeypatch.delenv("BAKEOFF_DATABASE_URL", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert database.where() == expected


def test_the_default_is_in_the_home_folder(home, add, monkeypatch):
    monkeypatch.delenv("BAKEOFF_HOME")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    add()
    assert (home / ".bakeoff" / "bakeoff.sqlite").stat().st_size > 0


def test_another_place_is_opened_when_the_environment_changes(home, add, monkeypatch, tmp_path):
    add(comment="here")
    monkeypatch.setenv("BAKEOFF_HOME", str(tmp_path / "there"))
    add(comment="there")
    assert [mark.comment for mark in database.marks("mortgages")] == ["there"]
    monkeypatch.setenv("BAKEOFF_HOME", str(home))
    assert [mark.comment for mark in database.marks("mortgages")] == ["here"]


def test_only_what_is_needed_is_imported(home, add, start):
    add()
    code = """
import sys
before = set(sys.modules)
def heavy(): print(*({"numpy", "sqlalchemy", "alembic", "pandas", "streamlit"} & set(sys.modules) - before), sep=",")
from explainers import database
database.Mark; heavy()
assert len(database.marks("mortgages")) == 1
before |= {"numpy", "sqlalchemy"}; heavy()
"""
    process = start(code)
    assert process.communicate(timeout=60)[0] == "\n\n"
    assert process.returncode == 0


def test_every_public_name_is_there():
    assert {name: getattr(database, name) for name in database.__all__}.keys() == set(dir(database))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = database.nothing
    assert Path(database.__file__).name == "__init__.py"
