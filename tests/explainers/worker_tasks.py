"""Tasks for the tests of jobs and worker; named by BAKEOFF_WORKER_TASKS, never part of the product."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from explainers.errors import CaseError
from explainers.tasks import Task
from explainers.worker import AUTOGROUP


def _echo(study, report, **arguments):
    return arguments


def _touch_and_hang(study, report, *, sign, **_):
    report(0.25, "hanging")
    Path(sign).write_text(str(os.getpid()))
    while True:
        time.sleep(1000)


def _count(study, report, *, path, **_):
    with Path(path).open("a") as file:
        file.write("x")
    return Path(path).read_text()


def _hold(study, report, *, sign, gate):
    """Stay at work until the gate appears."""
    Path(sign).write_text("here")
    with Path(gate).open():  # a named pipe: opens when the test opens its other end
        pass
    return "through"


def _die(study, report, *, how):
    report(0.5, "dying")
    if how == "exit":
        os._exit(3)
    os.kill(os.getpid(), getattr(signal, how))
    time.sleep(1000)


def _noise(study, report):
    print("garbage on print")
    os.write(1, b"\x00\x01garbage on the real descriptor\n" * 100)
    sys.__stdout__.write("more\n")
    sys.__stdout__.flush()
    subprocess.run([sys.executable, "-c", "print('garbage of a child')"], check=True)
    return {"read": sys.stdin.read()}


def _raise(study, report, *, what):
    report(None, "counting beans")
    if what == "bakeoff":
        raise CaseError("There is no such bean. Pick another.")
    if what == "exit":
        sys.exit(0)
    if what == "unpackable":
        return object()
    raise ZeroDivisionError("secret of the server")


def _frame(study, report, *, rows):
    rng = np.random.default_rng(0)
    return pd.DataFrame({"a": rng.normal(size=rows), "b": np.arange(rows), "t": ["Größe ☃"] * rows})


def _steps(study, report, *, n):
    for i in range(n):
        report(i / n, f"step {i}")
    return n


def _about(study, report):
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BAKEOFF_HOME", "BAKEOFF_STORE_MB")
    return {
        "pid": os.getpid(),
        "nice": os.nice(0),
        "session": AUTOGROUP.read_text() if AUTOGROUP.exists() else "",
        "cwd": str(Path.cwd()),
        "modules": sorted(m for m in ("sklearn", "scipy", "streamlit") if m in sys.modules),
        **{n: os.environ.get(n) for n in names},
    }


def _key(study, **arguments):
    from explainers import store

    return store.key("kept", sorted(arguments.items()))


TASKS = {
    "echo": Task(run=_echo, doing="echoing"),
    "hang": Task(run=_touch_and_hang, doing="hanging"),
    "hold": Task(run=_hold, doing="holding"),
    "long_hold": Task(run=_hold, doing="holding", lane="long"),
    "count": Task(run=_count, doing="counting"),
    "kept_count": Task(run=_count, doing="counting", kind="test_kept", key=_key),
    "die": Task(run=_die, doing="dying"),
    "noise": Task(run=_noise, doing="making noise"),
    "raise": Task(run=_raise, doing="raising"),
    "frame": Task(run=_frame, doing="making a frame"),
    "steps": Task(run=_steps, doing="stepping"),
    "about": Task(run=_about, doing="looking around"),
    "long_about": Task(run=_about, doing="looking around", lane="long"),
}
