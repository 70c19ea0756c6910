"""The real server in a process of its own, for benchmarks and browser tests."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers."""

    address: str
    process: subprocess.Popen[bytes]

    def memory_mb(self) -> tuple[float, float]:
        """Return the resident memory of the server's own process and of all its workers together."""
        import psutil

        own = psutil.Process(self.process.pid)
        workers = sum(p.memory_info().rss for p in own.children(recursive=True))
        return own.memory_info().rss / 1e6, workers / 1e6


def find_chromium() -> str | None:
    """Return the path of the browser: CHROMIUM, or one that is installed; None if there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next((p for name in names if (p := shutil.which(name))), None)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str], port: int, environment: dict[str, str], log: Path | None = None
) -> Iterator[Server]:
    """Run a server until the block ends; the block begins when it answers.

    Raises
    ------
    RuntimeError
        It ended or did not answer in time; the message carries its log, if it has one.
    """
    output = log.open("wb") if log is not None else subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not _answers(address):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The server did not start.\n{log.read_text() if log is not None else ''}")
            time.sleep(0.02)
        yield Server(address, process)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if log is not None:
            output.close()  # type: ignore[union-attr]


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
    except OSError as error:
        return isinstance(error, urllib.error.HTTPError)  # other servers have no such page, but they answer
    return True


@contextmanager
def started(
    home: Path, log: Path | None = None, *, script: str = "app.py", flags: Sequence[str] = (), **environment: str
) -> Iterator[Server]:
    """Run the application on a free port over one home; stop it and its workers at the end."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1", "--server.headless", "true", *flags]
    everything = {**os.environ, "BAKEOFF_HOME": str(home), "PYTHONPATH": str(ROOT), **environment}
    with running(command, port, everything, log) as server:
        yield server


@contextmanager
def serving(home: Path, log: Path | None = None, *, script: str = "app.py", **environment: str) -> Iterator[str]:
    """Run the application as :func:`started` does and give its address only."""
    with started(home, log, script=script, **environment) as server:
        yield server.address
