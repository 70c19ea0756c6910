"""Repeats until they settle, the most memory a process held, and the machine that it ran on."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from statistics import median

MOST_BLOCKS = 4
MOST_REPEATS = 5_000
WITHIN, SLACK_MS = 0.2, 5.0
"""Two medians agree within this share of the smaller one, or within so many milliseconds."""
_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def agree(a: float, b: float, *, slack: float) -> bool:
    """Return whether two medians are as near to each other as is promised.

    Parameters
    ----------
    a, b : float
        Medians of two blocks.
    slack : float
        5 ms, in their unit.

    Examples
    --------
    >>> agree(100.0, 119.0, slack=5.0), agree(100.0, 121.0, slack=5.0), agree(1.0, 5.5, slack=5.0)
    (True, False, True)
    """
    return abs(a - b) <= max(WITHIN * min(a, b), slack)


def block(once: Callable[[], float], least: float, deadline: float = float("inf")) -> list[float]:
    """Repeat something until so much processor time has passed.

    Parameters
    ----------
    once : callable
        Does it once and returns the figure.
    least : float
        Seconds of processor time that all of it takes together.
    deadline : float
        On the clock of ``time.monotonic``: no further repeat is begun after it.

    Returns
    -------
    list of float
        The figures; at least one.
    """
    each, begun = [once()], time.process_time()
    while time.process_time() - begun < least and len(each) < MOST_REPEATS and time.monotonic() < deadline:
        each.append(once())
    return each


def blocks(
    once: Callable[[], float], least: float, *, slack: float, deadline: float = float("inf")
) -> list[list[float]]:
    """Repeat in blocks one after the other until the medians of the last two agree, at most four.

    The first block of a process can fall into a time when something else fills the caches of the processor: then two
    later ones that agree say more than a mean over all of it.

    Parameters
    ----------
    once, least, deadline
        As in :func:`block`.
    slack : float
        5 ms in the unit of the figure.

    Returns
    -------
    list of list of float
        The last two blocks; one where time ran out.
    """
    found = [block(once, least, deadline)]
    while len(found) < MOST_BLOCKS and time.monotonic() < deadline:
        found.append(block(once, least, deadline))
        if agree(median(found[-2]), median(found[-1]), slack=slack):
            break
    return found[-2:]


def settled(found: Sequence[Sequence[float]], *, slack: float) -> bool | None:
    """Return whether two blocks agree; None where there is one only."""
    return agree(median(found[0]), median(found[1]), slack=slack) if len(found) > 1 else None


# -- memory ------------------------------------------------------------------------------------------------------
def forget_peak() -> None:
    """Let the most memory that was held count from now on, where the system can do that."""
    try:
        _CLEAR.write_text("5", encoding="ascii")
    except OSError:
        return  # the peak then counts from the start of the process, which is not much more


def peak_mb() -> float | None:
    """Return the most memory that this process held, in MB; None where the system does not say."""
    try:
        for line in _STATUS.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    except (OSError, ValueError, IndexError):
        pass
    try:
        import resource
    except ImportError:  # not there on Windows
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1e6 if sys.platform == "darwin" else most * 1024 / 1e6


@cache
def machine() -> str:
    """Return the machine in a line: cores, processor, version of Python.

    Examples
    --------
    >>> "Python 3." in machine()
    True
    """
    n = os.cpu_count() or 1
    name = " ".join((_model_name() or platform.machine()).replace("_", "-").split())
    cores = "1 core" if n == 1 else f"{n} cores"
    return ", ".join(filter(None, [cores, name, f"Python {platform.python_version()}"]))


def _model_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor()
