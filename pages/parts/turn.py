"""One page at a time: scripts share one interpreter, and many at once are slower than a short queue.

With twenty readers a picked case took two to three times as long when all scripts ran in threads side by side, as
they take the interpreter from each other at every message that they send. A script that waits for a worker gives its
turn to others, and nobody waits long for one that takes its time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from pages.parts import burst

PATIENCE = 1.0  # seconds; then a script runs beside the one that does not end

_turns = threading.Semaphore(1)  # first come, first served
_mine = threading.local()
_last = 0.0


@contextmanager
def taken() -> Iterator[None]:
    """Run the block when it is this script's turn."""
    global _last
    _last = time.monotonic()
    _take()
    try:
        yield
    finally:
        _give()
        _last = time.monotonic()


def quiet_for() -> float:
    """Return the seconds since a page was last begun or ended, for any reader."""
    return time.monotonic() - _last


@contextmanager
def given_up() -> Iterator[None]:
    """Let others run while the block waits for something; without a turn it just waits."""
    burst.sent()
    had = _give()
    try:
        yield
    finally:
        if had:
            _take()


def _take() -> None:
    _mine.turn = _turns.acquire(timeout=PATIENCE)


def _give() -> bool:
    had = bool(getattr(_mine, "turn", False))
    _mine.turn = False
    if had:
        _turns.release()
    return had
