"""Locks on files, across processes and threads; the system frees them when their holder dies."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from pathlib import Path


def wait_for(path: Path, seconds: float) -> int | None:
    """Return the handle of the lock on this file, or None if somebody else still holds it after that time.

    Raises
    ------
    OSError
        No lock can be made there.
    """
    deadline = time.monotonic() + seconds
    pause = 0.002
    while (handle := take(path)) is None:
        if time.monotonic() >= deadline:
            return None
        time.sleep(pause)
        pause = min(pause * 1.5, 0.05)
    return handle


def take(path: Path) -> int | None:
    """Return the handle of the lock, or None if somebody else holds it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        # The holder before us removes the file: a lock on a removed file excludes nobody, so look again.
        if grab(handle) and os.fstat(handle).st_nlink > 0 and os.path.samestat(os.fstat(handle), path.stat()):
            return handle
    except FileNotFoundError:
        pass
    except BaseException:
        os.close(handle)
        raise
    os.close(handle)
    return None


if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def grab(handle: int) -> bool:
        """Lock an open file; return whether nobody else holds it."""
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def release(_: Path, handle: int) -> None:
        """Free a lock and remove its file."""
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
        os.close(handle)

else:
    import fcntl

    def grab(handle: int) -> bool:
        """Lock an open file; return whether nobody else holds it."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(path: Path, handle: int) -> None:
        """Free a lock and remove its file."""
        with contextlib.suppress(OSError):
            path.unlink()
        os.close(handle)
