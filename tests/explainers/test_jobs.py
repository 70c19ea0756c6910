"""Jobs: sharing, cancelling, crashes, hostile workers; with real processes."""

from __future__ import annotations

import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from explainers import jobs, store
from explainers.errors import BakeoffError, JobCancelled, JobError

ROOT = Path(__file__).resolve().parents[2]
TASKS = "tests.explainers.worker_tasks"
LONG = 60.0
posix = pytest.mark.skipif(os.name != "posix", reason="signals and named pipes are POSIX")


@pytest.fixture(autouse=True, scope="module")
def _stop():
    yield
    jobs.shutdown()


@pytest.fixture(autouse=True)
def _settings(tmp_path, monkeypatch):
    monkeypatch.setenv("BAKEOFF_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("BAKEOFF_WORKER_TASKS", TASKS)


def run(task, **arguments):
    job = jobs.submit(task, study=None, **arguments)
    assert job.wait(LONG), f"{task} did not end: {job.state}"
    return job


def await_file(path: Path) -> str:
    """Return the text of a file as soon as another process has written it."""
    deadline = time.monotonic() + LONG
    event = threading.Event()
    while not (path.is_file() and path.stat().st_size):
        assert time.monotonic() < deadline, f"{path.name} never appeared"
        event.wait(0.01)
    return path.read_text()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not (state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z")


def await_death(pid: int) -> None:
    deadline = time.monotonic() + LONG
    event = threading.Event()
    while is_alive(pid):
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            pytest.fail(f"process {pid} was still there")
        event.wait(0.01)


@pytest.fixture
def gate(tmp_path):
    """A named pipe that holds a worker until opened, and the sign that the worker is there."""
    path = tmp_path / "gate"
    os.mkfifo(path)
    return path


def open_gate(path: Path) -> None:
    with path.open("w"):
        pass


def test_arguments_and_results_of_every_plain_kind_come_back_equal():
    arguments = {"text": "Ü ☃ \n\x00 $x$ \ud800", "number": 0.1, "whole": 2**70, "none": None, "yes": True}
    arguments |= {"nested": {"a": [1, (2.5, "x")], 3: None}, "inf": float("inf")}
    assert run("echo", **arguments).result() == arguments


def test_long_work_stands_back_as_a_session_and_not_only_among_its_own_threads():
    here = os.getsid(0)
    asked, long = run("about").result(), run("long_about").result()
    assert min(asked["nice"], long["nice"]) >= 10 or os.name != "posix"
    if long["session"]:
        assert long["session"].split()[-1] == "10"
        assert asked["session"].split()[-1] == "0"
        assert len({here, os.getsid(asked["pid"]), os.getsid(long["pid"])}) == 3


def test_worker_has_one_thread_low_priority_the_root_and_the_settings_of_now(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    first = run("about").result()
    assert first["OMP_NUM_THREADS"] == first["OPENBLAS_NUM_THREADS"] == first["MKL_NUM_THREADS"] == "1"
    assert first["nice"] >= 10 or os.name != "posix"
    assert Path(first["cwd"]) == ROOT
    assert first["BAKEOFF_HOME"] == str(tmp_path / "home")
    assert first["BAKEOFF_STORE_MB"] is None
    monkeypatch.setenv("BAKEOFF_STORE_MB", "7")
    second = run("about").result()
    assert second["BAKEOFF_STORE_MB"] == "7"
    assert second["pid"] == first["pid"]


def test_prints_to_every_kind_of_standard_output_do_not_disturb_the_messages():
    assert run("noise").result() == {"read": ""}
    assert run("echo", a=1).result() == {"a": 1}


def test_a_frame_of_fifty_megabytes_comes_back_whole():
    frame = run("frame", rows=2_000_000).result()
    assert len(frame) == 2_000_000
    assert frame["b"].sum() == 2_000_000 * 1_999_999 // 2
    assert frame["t"].iloc[-1] == "Größe ☃"
    assert frame.memory_usage(deep=True).sum() > 50e6


def test_arguments_larger_than_a_pipe_reach_the_worker():
    text = "ä" * 3_000_000
    assert run("echo", text=text).result() == {"text": text}


def test_text_of_our_own_errors_passes_and_no_other(caplog):
    ours = run("raise", what="bakeoff")
    assert ours.state == "failed"
    assert ours.error == "There is no such bean. Pick another."
    with pytest.raises(JobError, match="no such bean"):
        ours.result()
    with caplog.at_level(logging.ERROR):
        other = run("raise", what="zero")
    number = re.search(r"error id ([0-9a-f]{8})\b", other.error)
    assert number is not None
    assert "counting beans" in other.error
    assert "secret" not in other.error
    logged = [r.getMessage() for r in caplog.records]
    assert any(number[1] in m and "ZeroDivisionError: secret of the server" in m for m in logged)


@pytest.mark.parametrize("what", ["exit", "unpackable"])
def test_odd_ends_of_a_task_fail_it_and_spare_the_worker(what):
    before = run("about").result()["pid"]
    assert run("raise", what=what).state == "failed"
    assert run("about").result()["pid"] == before


@posix
@pytest.mark.parametrize(
    ("how", "says"), [("SIGKILL", "memory ran out"), ("SIGSEGV", "SIGSEGV"), ("exit", "no answer|without an answer")]
)
def test_a_crashed_worker_fails_only_its_job(how, says):
    crashed = jobs.submit("die", study=None, how=how)
    waiting = jobs.submit("echo", study=None, after=how)
    assert crashed.wait(LONG)
    assert crashed.state == "failed"
    assert re.search(says, crashed.error)
    assert "dying" in crashed.error
    assert waiting.wait(LONG)
    assert waiting.result() == {"after": how}


@posix
def test_a_worker_that_died_while_idle_costs_no_job():
    pid = run("about").result()["pid"]
    os.kill(pid, signal.SIGKILL)
    again = run("about")
    assert again.result()["pid"] != pid


@posix
def test_equal_tasks_in_flight_are_one_job_and_different_ones_are_not(tmp_path, gate):
    hold = jobs.submit("hold", study=None, sign=str(tmp_path / "sign"), gate=str(gate))
    await_file(tmp_path / "sign")
    path = str(tmp_path / "counted")
    together: list[jobs.Job] = []
    threads = [
        threading.Thread(target=lambda: together.append(jobs.submit("count", study=None, path=path, tag=1)))
        for _ in range(20)
    ]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    other = jobs.submit("count", study=None, path=str(tmp_path / "other"), tag=2)
    assert len({id(j) for j in together}) == 1
    assert other is not together[0]
    assert together[0].state == "waiting"
    open_gate(gate)
    assert hold.wait(LONG)
    assert together[0].wait(LONG)
    assert together[0].result() == "x"
    assert run("count", path=path, tag=1).result() == "xx", "what has ended is not joined"


@posix
def test_cancel_kills_the_running_job_and_spares_those_that_wait(tmp_path):
    sign = tmp_path / "sign"
    running = jobs.submit("hang", study=None, sign=str(sign))
    pid = int(await_file(sign))
    dropped = jobs.submit("count", study=None, path=str(tmp_path / "never"))
    kept = jobs.submit("about", study=None)
    dropped.cancel()
    assert dropped.state == "cancelled"
    with running._changed:  # what it reported goes through a pipe, the sign does not
        assert running._changed.wait_for(lambda: running.fraction is not None, LONG)
    assert running.doing == "hanging"
    assert running.fraction == 0.25
    running.cancel()
    assert running.state == "cancelled"
    with pytest.raises(JobCancelled, match="cancelled"):
        running.result()
    assert kept.wait(LONG)
    assert kept.result()["pid"] != pid
    await_death(pid)
    assert not (tmp_path / "never").exists()
    running.cancel()
    kept.cancel()
    assert kept.state == "done"


@posix
def test_cancel_by_one_asker_leaves_the_job_to_the_others(tmp_path, gate):
    arguments = {"sign": str(tmp_path / "sign"), "gate": str(gate)}
    one = jobs.submit("hold", study=None, asker="one", **arguments)
    two = jobs.submit("hold", study=None, asker="two", **arguments)
    jobs.submit("hold", study=None, asker="one", **arguments)
    assert one is two
    one.cancel("one")
    assert one.state in ("waiting", "running")
    await_file(tmp_path / "sign")
    open_gate(gate)
    assert two.wait(LONG)
    assert two.result() == "through"


@posix
def test_cancel_by_the_last_asker_stops_it(tmp_path):
    arguments = {"sign": str(tmp_path / "sign")}
    job = jobs.submit("hang", study=None, asker="one", **arguments)
    jobs.submit("hang", study=None, asker="two", **arguments)
    job.cancel("one")
    job.cancel("two")
    assert job.state == "cancelled"


@posix
def test_long_work_does_not_hold_up_quick_work(tmp_path, gate):
    build = jobs.submit("long_hold", study=None, sign=str(tmp_path / "sign"), gate=str(gate))
    await_file(tmp_path / "sign")
    assert run("echo", a=1).result() == {"a": 1}
    assert build.state == "running"
    open_gate(gate)
    assert build.wait(LONG)
    assert build.state == "done"


def test_progress_arrives_in_order_and_ends_at_one():
    job = run("steps", n=5)
    assert job.result() == 5
    assert job.fraction == 1.0
    assert job.doing == "step 4"


def test_a_kept_result_is_found_without_a_worker(tmp_path):
    path = str(tmp_path / "counted")
    assert run("kept_count", path=path).result() == "x"
    jobs.shutdown()
    again = jobs.submit("kept_count", study=None, path=path)
    assert again.state == "done"
    assert again.result() == "x"
    assert again.fraction == 1.0
    assert not any(lane.process.is_alive() for lane in jobs._manager.lanes.values())


def test_a_kept_result_that_is_gone_is_made_again(tmp_path):
    path = str(tmp_path / "counted")
    first = run("kept_count", path=path)
    store.remove(*first.where)
    assert run("kept_count", path=path).result() == "xx"


def test_unknown_tasks_and_studies_in_memory_are_refused_at_once(monkeypatch):
    with pytest.raises(JobError, match="no task 'nothing'"):
        jobs.submit("nothing", study=None)
    monkeypatch.delenv("BAKEOFF_WORKER_TASKS")
    with pytest.raises(JobError, match="no task 'echo'"):
        jobs.submit("echo", study=None)


def test_arguments_that_are_no_plain_values_are_refused_at_once():
    for value in (object(), Path("x")):
        with pytest.raises(BakeoffError, match=r"cannot be (part of a key|sent)"):
            jobs.submit("echo", study=None, value=value)
    assert not jobs._manager.flying


def test_many_threads_get_their_own_results():
    results: dict[int, object] = {}

    def ask(i):
        results[i] = run("echo", i=i).result()

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(60)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(LONG)
    assert results == {i: {"i": i} for i in range(60)}
    assert not jobs._manager.flying, "ended jobs are forgotten"


@posix
def test_shutdown_leaves_no_process_and_tells_those_who_wait(tmp_path):
    sign = tmp_path / "sign"
    running = jobs.submit("hang", study=None, sign=str(sign))
    pid = int(await_file(sign))
    waiting = jobs.submit("echo", study=None, a=1)
    jobs.shutdown()
    await_death(pid)
    assert running.state == waiting.state == "cancelled"
    assert "stopped" in waiting.error
    assert run("echo", a=2).result() == {"a": 2}, "asking again starts it again"


PARENT = """
import sys
from explainers import jobs
job = jobs.submit("hang", study=None, sign=sys.argv[1])
jobs.warm()
print("asked", flush=True)
{then}
"""


def parent(tmp_path, then: str) -> tuple[subprocess.Popen[bytes], int]:
    sign = tmp_path / "sign"
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT.format(then=then), str(sign)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    return process, int(await_file(sign))


@posix
def test_a_parent_that_is_killed_leaves_no_worker(tmp_path):
    process, pid = parent(tmp_path, "sys.stdin.read()")
    with process:
        assert is_alive(pid)
        process.kill()
        process.wait(LONG)
    await_death(pid)


@posix
def test_a_parent_that_ends_by_itself_leaves_no_worker(tmp_path):
    process, pid = parent(tmp_path, "sys.stdin.read(1)")
    with process:
        assert process.stdin is not None
        process.stdin.write(b"x")
        process.stdin.close()
        assert process.wait(LONG) == 0
    await_death(pid)
