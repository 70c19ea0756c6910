"""From a notebook to the app: a study that is in memory, shown in the browser by a server of its own."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from explainers.errors import BakeoffError

if TYPE_CHECKING:
    from explainers.study import Study

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 90.0


class ServerError(BakeoffError):
    """The server did not start."""


class Served:
    """A running server.

    Attributes
    ----------
    url : str
        Where the study is shown.
    port : int
        The port on this computer; nothing outside it can reach the server.
    folder : Path
        Where the study was written for it; removed by :meth:`stop`.
    """

    def __init__(self, process: subprocess.Popen[bytes], port: int, name: str, folder: Path) -> None:
        self._process = process
        self.port = port
        self.folder = folder
        self.url = f"http://127.0.0.1:{port}/?study={quote(name)}"

    @property
    def running(self) -> bool:
        """Whether the server still runs."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End the server and remove what was written for it; calling it again does nothing."""
        atexit.unregister(self.stop)
        end(self._process)
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Served:
        """Return itself; the server is stopped at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the server."""
        self.stop()

    def __repr__(self) -> str:
        return f"Served({self.url!r}, {'running' if self.running else 'stopped'})"

    def _repr_html_(self) -> str:
        """Return the link as Jupyter shows it."""
        state = "" if self.running else " (stopped)"
        return f'<a href="{self.url}" target="_blank" rel="noopener">{self.url}</a>{state}'


def serve(study: Study, *, port: int | None = None, browser: bool = False, seconds: float = SECONDS) -> Served:
    """Show a study in the app: start a server for it on this computer and wait until it answers.

    Parameters
    ----------
    study : Study
        Such as ``Study.from_frame(frame, target="sold", candidates={"mine": fitted})``.
    port : int, optional
        Default a free one.
    browser : bool
        Whether to open a browser as well.
    seconds : float
        How long to wait for the server at most.

    Returns
    -------
    Served
        With ``url`` and ``stop()``. The server ends with this process at the latest.

    Raises
    ------
    StudyError
        The study cannot be written.
    ServerError
        The server did not answer in time.

    Notes
    -----
    The study is written into a folder that only this user can read. An option that no safe model file can hold, such as
    a function of one's own, is kept there as a pickle: that folder, made here and now, is the only one that the server
    is told to trust.

    Examples
    --------
    >>> served = serve(study)  # doctest: +SKIP
    >>> served.url  # doctest: +SKIP
    'http://127.0.0.1:8599/?study=study'
    """
    from explainers.save import save

    folder = Path(tempfile.mkdtemp(prefix="bakeoff-served-"))  # readable by this user only
    try:
        name = _free_name(study.name)
        save(study.replace(name=name), folder / "study", trusted=True)
        number = port or free_port()
        process = start(number, [folder], trusted=[folder])
        served = Served(process, number, name, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    atexit.register(served.stop)
    if not _answers(served, seconds):
        served.stop()
        raise ServerError(
            f"The server on port {number} did not answer within {seconds:.0f} seconds. Look whether the port is free "
            "and the application starts with `make app`."
        )
    if browser:
        import webbrowser

        webbrowser.open(served.url)
    return served


def start(
    port: int, studies: Sequence[Path], *, trusted: Sequence[Path] = (), address: str = "127.0.0.1"
) -> subprocess.Popen[bytes]:
    """Start the app's server as a process of its own.

    Parameters
    ----------
    port : int
        Its port.
    studies : sequence of Path
        Folders with studies, besides the samples and those of the settings.
    trusted : sequence of Path
        Folders in which it may open pickles.
    address : str
        Who may reach it: 127.0.0.1 is this computer only.

    Returns
    -------
    Popen
        To be ended with :func:`end`.
    """
    from explainers.models.trusted import SETTING

    environment = dict(os.environ)
    for name, folders in (("BAKEOFF_STUDIES", studies), (SETTING, trusted)):
        named = [*(str(f.resolve()) for f in folders), environment.get(name, "")]
        environment[name] = os.pathsep.join(filter(None, named))
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.headless", "true"]
    command += ["--server.port", str(port), "--server.address", address, "--browser.gatherUsageStats", "false"]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def end(process: subprocess.Popen[bytes]) -> None:
    """End a server with its workers: asked first, then made to."""
    for what in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
        if process.poll() is not None:
            return
        with contextlib.suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, what)
            else:  # pragma: no cover
                process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)


def free_port() -> int:
    """Return a port of this computer that nobody uses at the moment."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def _free_name(name: str) -> str:
    """Return the study's name, with a number where another study in the menu has it already."""
    from explainers.load.catalogue import list_studies

    taken, n, free = set(list_studies()), 2, name
    while free in taken:
        free, n = f"{name}-{n}", n + 1
    return free


def _answers(served: Served, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until and served.running:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{served.port}/_stcore/health", timeout=5) as said:
                if said.status == 200:
                    return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    return False
