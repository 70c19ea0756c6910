from __future__ import annotations

import os
import signal
import sqlite3
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from explainers import database

WRITER = """
import sys, uuid
from explainers import database

def mark(form):
    return database.add_mark(
        submission_id=form, author=sys.argv[1], study="mortgages", fingerprint="f", candidate="rule",
        candidate_key="k", case_id="1", case={"x": 1.5}, feature="x", mark="odd", comment="c" * 2000)
"""
# four processes out of one, so that SQLAlchemy is imported once
FOUR = """
import os
children = []
for n in range(4):
    child = os.fork()
    if not child:
        work(n)
        database.dispose()
        os._exit(0)
    children.append(child)
ends = [os.waitpid(child, 0)[1] for child in children]
"""
FIFTY = f"""{WRITER}
def work(n):
    os.write(1, f"{{mark(sys.argv[2]).id}}\\n".encode())
    sys.argv[1] = f"writer {{n}}"
    for _ in range(50): mark(str(uuid.uuid4()))
database.add_mark  # imports, opens nothing
{FOUR}
assert ends == [0] * 4
"""
FOREVER = f"""{WRITER}
def work(n):
    while True: os.write(1, f"saved {{os.getpid()}} {{mark(str(uuid.uuid4())).id}}\\n".encode())
mark(str(uuid.uuid4()))  # opens: the children must not use this connection
{FOUR}
assert ends == [9] * 4
mark(str(uuid.uuid4()))
"""


def test_eight_threads_send_the_same_form_into_a_new_database(kept, add):
    form, ready = str(uuid.uuid4()), threading.Barrier(8)

    def send(n: int) -> database.Mark:
        ready.wait()
        return add(submission_id=form, comment=str(n))

    with ThreadPoolExecutor(8) as pool:
        stored = list(pool.map(send, range(8)))
    assert stored == [stored[0]] * 8
    assert database.marks("mortgages") == (stored[0],)
    assert kept.sql("SELECT count(*) FROM bakeoff_version") == [(1,)]


def test_four_processes_lose_nothing_and_store_one_form_once(kept, start):
    process = start(FIFTY, ["anybody", str(uuid.uuid4())])
    printed = process.communicate(timeout=60)[0].split()
    assert process.returncode == 0
    ((shared,),) = kept.sql("SELECT id FROM bakeoff_marks WHERE author = 'anybody'")
    assert printed == [str(shared)] * 4
    assert sorted(kept.sql("SELECT author, count(*) FROM bakeoff_marks GROUP BY author")) == [
        ("anybody", 1),
        *((f"writer {n}", 50) for n in range(4)),
    ]
    assert kept.sql("SELECT count(*) FROM bakeoff_version") == [(1,)]


def test_what_was_confirmed_is_there_after_kill_9(kept, start):
    process, kill_after, confirmed, of = start(FOREVER, ["writer"]), [1, 8, 21, 40], set(), {}
    for line in process.stdout:
        _, writer, mark = line.split()
        confirmed.add(int(mark))
        if writer not in of:
            of[writer] = kill_after.pop(0)
        of[writer] -= 1
        if of[writer] == 0:
            os.kill(int(writer), signal.SIGKILL)
    assert process.wait() == 0
    assert len(confirmed) >= 70

    if kept.kind == "sqlite":
        assert kept.sql("PRAGMA integrity_check") == [("ok",)]
    found = database.marks("mortgages", limit=1_000_000)
    assert confirmed <= {mark.id for mark in found}
    assert {mark.comment for mark in found} == {"c" * 2000}
    assert len(found) - len(confirmed) <= 4 + 2  # the one that each was writing, and two of their parent


def test_sqlite_is_set_up_to_lose_nothing(home):
    from explainers.database.engine import for_writing, reading

    with reading() as session:
        connection = session.connection()
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
        assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15_000}
        engine = session.get_bind()
    with for_writing(engine).begin(), closing(sqlite3.connect(home / "bakeoff.sqlite", timeout=0)) as other:
        assert other.execute("SELECT count(*) FROM bakeoff_marks").fetchone() == (0,)  # readers do not wait
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")


def test_a_file_that_is_taken_away_under_a_running_server_is_noticed(home, add):
    add()
    for file in home.iterdir():
        file.rename(file.with_name(f"old-{file.name}"))
    stored = add(comment="after")
    database.dispose()
    assert database.marks("mortgages") == (stored,)
