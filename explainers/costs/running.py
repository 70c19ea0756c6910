"""Start a fresh process, follow it, and end it: when it is done, when time is up, and when nobody waits any more."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from explainers.errors import CandidateError, JobError
from explainers.packing import unpack
from explainers.worker import receive, send

Progress = Callable[[float, str], object]
GRACE = 5.0
"""Seconds beyond its time in which a process may still hand in what it has."""
_ROOT = Path(__file__).resolve().parents[2]
_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
)


def ask(
    task: str, request: bytes, *, seconds: float, label: str, progress: Progress | None = None
) -> tuple[dict[str, Any] | None, bool]:
    """Have a fresh process with one thread do something.

    Parameters
    ----------
    task : str
        "cost" or "growth".
    request : bytes
        As :func:`explainers.costs.sending.as_bytes` makes it.
    seconds : float
        Time for all of it. The process hands in what it has then; one that is stuck is killed a little later.
    label : str
        What people call the option, for messages.
    progress : callable, optional
        Called with the share done and what is being done.

    Returns
    -------
    tuple of dict or None, and bool
        What was found, None where time was up before anything was; and whether time cut it short.

    Raises
    ------
    CandidateError
        The option cannot be fitted or does not answer.
    JobError
        No process can be started, it was ended from outside, or memory ran out: another time it may go well.
    """
    process = _started()
    late = threading.Event()

    def stop() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(seconds + GRACE, stop)
    timer.daemon = True
    timer.start()
    partial: dict[str, Any] | None = None
    try:
        with contextlib.suppress(BrokenPipeError):
            send(_stream(process.stdin), {"task": task, "seconds": seconds}, request)
        while (message := receive(_stream(process.stdout))) is not None:
            header, payload = message
            if header["is"] == "progress" and progress is not None:
                progress(header["fraction"], header["doing"])
            elif header["is"] == "partial":
                partial = unpack(payload)
            elif header["is"] == "done":
                found: dict[str, Any] = unpack(payload)
                return found, bool(found.get("cut_short"))
            elif header["is"] == "failed":
                error = JobError if header.get("passing") else CandidateError
                raise error(f"What the option {label!r} takes cannot be measured. {header['error']}")
        if late.is_set():
            return partial, True
        raise JobError(_gone(label, process))
    finally:
        timer.cancel()
        process.kill()
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(OSError, ValueError):
                if stream is not None:
                    stream.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)


def _started() -> subprocess.Popen[bytes]:
    """Start it in our own process group, so that whoever ends the group (a cancelled job) ends it too."""
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "explainers.costs.process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **_ONE_THREAD, "PYTHONPATH": os.pathsep.join(paths)},
        )
    except OSError as error:
        raise JobError(
            f"No process could be started to measure in ({error.strerror or type(error).__name__}). "
            "Close other programs and try again."
        ) from error


def _stream(stream: Any) -> Any:
    if stream is None:
        raise JobError("The process that measures has no streams. Try again.")
    return stream


def _gone(label: str, process: subprocess.Popen[bytes]) -> str:
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(5)
    why = "something ended it" if (process.returncode or 0) < 0 else "it ended by itself"
    if process.returncode == -9:
        why = "the system stopped it, most often because memory ran out"
    return (
        f"The process that was measuring the option {label!r} is gone: {why}. Close other programs and try again, or "
        "give its figures as 'cost' in study.yaml."
    )
