"""Starting and ending one worker process."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

log = logging.getLogger(__name__)
_ROOT = Path(__file__).resolve().parent.parent


class WorkerProcess:
    """A worker process that can be started again; used by one thread, except for :meth:`kill`.

    Parameters
    ----------
    *options : str
        Its options on the command line.
    """

    def __init__(self, *options: str) -> None:
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    def is_alive(self) -> bool:
        """Return whether there is one and it runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> bool:
        """Start a new one in place of the old; return whether that could be done."""
        self.reap()
        # One thread per process: with more, boosted trees take tens of times longer on a busy machine.
        threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "explainers.worker", *self._options],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=_ROOT,
                env={**os.environ, **threads, "PYTHONPATH": os.pathsep.join(paths)},
                start_new_session=True,
            )
        except OSError:
            log.exception("A worker process could not be started")
            return False
        return True

    def writer(self) -> IO[bytes]:
        """Return the stream that the worker reads; raises BrokenPipeError without a worker."""
        if self._process is None or self._process.stdin is None:
            raise BrokenPipeError("There is no worker process.")
        return self._process.stdin

    def reader(self) -> IO[bytes]:
        """Return the stream that the worker writes; raises BrokenPipeError without a worker."""
        if self._process is None or self._process.stdout is None:
            raise BrokenPipeError("There is no worker process.")
        return self._process.stdout

    def kill(self) -> None:
        """End it at once, with all processes that it started."""
        process = self._process
        if process is not None and process.poll() is None:
            with contextlib.suppress(OSError):
                if hasattr(os, "killpg"):
                    os.killpg(process.pid, signal.SIGKILL)
                else:  # pragma: no cover
                    process.kill()

    def ended(self) -> int | None:
        """Return the exit code of a process that broke off, ending it if it has not done so itself."""
        for _ in range(2):
            if self._process is None:
                return None
            with contextlib.suppress(subprocess.TimeoutExpired):
                return self._process.wait(2)
            self.kill()
        return None

    def reap(self) -> None:
        """End it, forget it, and close our ends of its pipes."""
        self.kill()
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
            for stream in (process.stdin, process.stdout):
                with contextlib.suppress(OSError, ValueError):
                    if stream is not None:
                        stream.close()


def epitaph(doing: str, code: int | None) -> str:
    """Say in plain words that a worker is gone, by its exit code."""
    if code is not None and -code == getattr(signal, "SIGKILL", 9):
        why = "the system stopped it, most often because memory ran out"
    elif code is not None and code < 0:
        why = f"it crashed ({signal.Signals(-code).name})"
    else:
        why = "it ended without an answer"
    return f"The process that was {doing} is gone: {why}. Other work goes on. Try again, or try another option."
