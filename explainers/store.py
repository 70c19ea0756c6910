"""Results and fitted models on disk, by key: whatever can be computed again, so that it need not be.

Everything here is a cache. When the folder cannot be written (read only, full disk), reading goes on, ``put`` says so
once in the log and returns False, and the app computes again next time; :func:`check_writable` raises for those who
have to know before they start long work. What people write is in ``database/``, never here.

Two processes may put and get the same key at once: a file is written beside its place and moved there whole.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import math
import os
import re
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from explainers import locks
from explainers.errors import BakeoffError
from explainers.packing import PackingError, pack, unpack

log = logging.getLogger(__name__)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")
_SUFFIX = ".bake"
_LEFTOVER_SECONDS = 3600.0
_warned: set[str] = set()
_sizes: dict[Path, tuple[int, int]] = {}
_sizes_lock = threading.Lock()


class StoreError(BakeoffError):
    """Something cannot be kept, or another process holds it for too long."""


def home() -> Path:
    """Return the folder of everything that Bakeoff keeps: BAKEOFF_HOME, else ~/.bakeoff; it may not exist yet."""
    return Path(os.environ.get("BAKEOFF_HOME", "").strip() or "~/.bakeoff").expanduser().absolute()


def key(*parts: Any) -> str:
    """Return the key of these parts: SHA-256 of their canonical JSON.

    Parameters
    ----------
    *parts : object
        Text, numbers, dates, None, arrays, frames, and lists, tuples, sets or mappings of these. Floats count by all
        their digits, numpy scalars as their Python value, frames by content, index, names and types; mappings
        without order. 1, 1.0, True and "1" are four different parts.

    Returns
    -------
    str
        64 hexadecimal digits.

    Examples
    --------
    >>> key("a", {"x": 1, "y": 0.5}) == key("a", {"y": np.float64(0.5), "x": np.int64(1)})
    True
    """
    return hashlib.sha256(_canonical(parts).encode()).hexdigest()


def _canonical(value: Any) -> str:
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (bool, str)):
        return json.dumps(value)
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        return "NaN" if math.isnan(value) else repr(float(value))
    if isinstance(value, Mapping):
        return "{" + ",".join(sorted(f"{_canonical(k)}:{_canonical(v)}" for k, v in value.items())) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(_canonical, value)) + "]"
    if isinstance(value, (set, frozenset)):
        return "<" + ",".join(sorted(map(_canonical, value))) + ">"
    if isinstance(value, (date, pd.Timestamp)):
        return f'{{"date":"{value.isoformat()}"}}'
    if isinstance(value, Path):
        return f'{{"path":{json.dumps(str(value))}}}'
    if value is pd.NA or value is pd.NaT:
        return "NA"
    if isinstance(value, (bytes, np.ndarray, pd.DataFrame, pd.Series, pd.Index, pd.Timedelta)):
        try:
            return f'{{"{type(value).__name__}":"{hashlib.sha256(pack(value)).hexdigest()}"}}'
        except PackingError as e:
            raise StoreError(f"This cannot be part of a key. {e}") from e
    raise StoreError(
        f"A value of the type {type(value).__name__} cannot be part of a key; use text, numbers or frames."
    )


# -- keeping and finding -----------------------------------------------------------------------------------------
def put(kind: str, key: str, value: Any) -> bool:
    """Keep a value under a key, replacing what was there.

    Parameters
    ----------
    kind : str
        What it is, such as "explanation"; a folder of that name is made.
    key : str
        As :func:`key` makes them.
    value : object
        See :func:`explainers.packing.pack`.

    Returns
    -------
    bool
        Whether it is kept. False where the folder cannot be written: go on with the value in hand.

    Raises
    ------
    StoreError
        The value is of a kind that cannot be kept, or kind or key are no plain names.
    """
    place = _place(kind, key)
    try:
        data = pack(value)
    except PackingError as e:
        raise StoreError(str(e)) from e
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.replace(name, place)  # noqa: PTH105
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)  # noqa: PTH108
            raise
    except OSError as e:
        _warn_once(f"Results cannot be kept and are computed again each time. {_remedy(e)}")
        return False
    _make_room(place, len(data))
    return True


def get(kind: str, key: str) -> Any:
    """Return what is kept under a key, or None if it is absent or damaged (a damaged file is removed).

    Parameters
    ----------
    kind, key : str
        As given to :func:`put`.

    Returns
    -------
    object
        A fresh copy.
    """
    place = _place(kind, key)
    try:
        with place.open("rb") as file:
            before = os.fstat(file.fileno())
            data = bytearray(before.st_size)
            whole = file.readinto(data) == before.st_size
    except OSError:
        return None
    try:
        value = unpack(data if whole else b"")
    except PackingError as e:
        log.warning("A kept result is damaged and is removed (%s): %s", kind, e)
        with contextlib.suppress(OSError):
            if place.stat().st_ino == before.st_ino:
                place.unlink()
        return None
    with contextlib.suppress(OSError):
        os.utime(place)
    return value


def put_bytes(kind: str, key: str, data: bytes) -> bool:
    """Keep bytes, such as those of a fitted model; returns and raises as :func:`put` does."""
    return put(kind, key, bytes(data))


def get_bytes(kind: str, key: str) -> bytes | None:
    """Return the bytes kept under a key, or None if they are absent or damaged."""
    value = get(kind, key)
    return value if isinstance(value, bytes) else None


def has(kind: str, key: str) -> bool:
    """Return whether there is a file under this key; it is not opened, so it may yet turn out to be damaged."""
    return _place(kind, key).is_file()


def remove(kind: str, key: str) -> None:
    """Forget what is kept under a key; nothing happens if there is nothing."""
    with contextlib.suppress(OSError):
        _place(kind, key).unlink()


def check_writable() -> None:
    """Say what to do where nothing can be kept.

    Raises
    ------
    StoreError
        The folder cannot be made or written.
    """
    try:
        folder = home() / "store"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"\0" * 65536)
    except OSError as e:
        raise StoreError(f"Nothing can be kept on this machine. {_remedy(e)}") from e


def _place(kind: str, key: str) -> Path:
    if not _NAME.fullmatch(kind) or not _NAME.fullmatch(key):
        raise StoreError(f"A kind and a key are letters, digits and _ . - only; got {kind!r:.60} and {key!r:.80}.")
    return home() / "store" / kind / key[:2] / f"{key}{_SUFFIX}"


def _remedy(e: OSError) -> str:
    where = "the folder that BAKEOFF_HOME names" if os.environ.get("BAKEOFF_HOME", "").strip() else "~/.bakeoff"
    return (
        f"Bakeoff could not write to {where} ({e.strerror or type(e).__name__}). Free some space there, allow writing, "
        "or set BAKEOFF_HOME to a folder that can be written, and start again."
    )


def _warn_once(text: str) -> None:
    if text not in _warned:
        _warned.add(text)
        log.warning(text)


# -- one at a time -----------------------------------------------------------------------------------------------
@contextlib.contextmanager
def lock(kind: str, key: str, *, seconds: float = 600.0) -> Iterator[bool]:
    """Hold the lock of one key, across processes and threads, while the block runs.

    The lock belongs to the open file, so the system frees it when its holder dies; ``put`` and ``get`` do not take
    it, so they may be called inside. It is not reentrant.

    Parameters
    ----------
    kind, key : str
        As given to :func:`put`.
    seconds : float
        How long to wait for another holder.

    Yields
    ------
    bool
        True; False where no lock can be made (read-only folder): the work is then merely done twice.

    Raises
    ------
    StoreError
        Another process still holds it after that time.
    """
    path = _lock_path(_place(kind, key))
    try:
        handle = locks.wait_for(path, seconds)
    except OSError as e:
        _warn_once(f"Work cannot be shared between processes and may be done twice. {_remedy(e)}")
        yield False
        return
    if handle is None:
        raise StoreError(
            f"Another process has been working on the same thing for {seconds:.0f} seconds. "
            "Wait a little and try again; if nothing else is running, restart Bakeoff."
        )
    try:
        yield True
    finally:
        locks.release(path, handle)


def _lock_path(place: Path) -> Path:
    return home() / "store" / "locks" / f"{place.parent.parent.name}.{place.stem}.lock"


# -- the cap -----------------------------------------------------------------------------------------------------
def size() -> int:
    """Return the bytes that are kept, results and fitted models together."""
    return sum(stat.st_size for _, stat in _files())


def cap() -> int:
    """Return the most bytes that are kept: BAKEOFF_STORE_MB (default 2,000) million."""
    try:
        return int(float(os.environ.get("BAKEOFF_STORE_MB", "") or 2000) * 1e6)
    except (ValueError, OverflowError):
        _warn_once("BAKEOFF_STORE_MB is not a number of megabytes; 2,000 is used. Set it to a number such as 2000.")
        return 2_000_000_000


def _files() -> Iterator[tuple[Path, os.stat_result]]:
    for folder, _, names in os.walk(home() / "store"):
        for name in names:
            path = Path(folder, name)
            if name.endswith((_SUFFIX, ".part")):
                with contextlib.suppress(OSError):
                    yield path, path.stat()


def _make_room(newest: Path, added: int) -> None:
    """Remove what was used longest ago when the cap is passed.

    Looking at every file costs too much for every put: this process counts what it adds and looks again when the
    count passes the cap, or after a twentieth of it (other processes add too).
    """
    root, most = home(), cap()
    with _sizes_lock:
        known, since = _sizes.get(root, (0, most + 1))
        known, since = known + added, since + added
        _sizes[root] = (known, since)
        if known <= most and since <= most / 20:
            return
        found = sorted(_files(), key=lambda f: f[1].st_mtime_ns)
        total = sum(stat.st_size for _, stat in found)
        goal = total if total <= most else 0.9 * most
        old = time.time() - _LEFTOVER_SECONDS
        for path, stat in found:
            leftover = path.suffix == ".part"  # of a writer that died, or of one at work
            if (leftover and stat.st_mtime < old) or (not leftover and total > goal and path != newest):
                total -= _drop(path, stat.st_size)
        _sizes[root] = (total, 0)


def _drop(path: Path, size: int) -> int:
    """Remove one file unless somebody holds its lock; return the bytes that were freed."""
    lock_path = _lock_path(path)
    try:
        handle = locks.take(lock_path)
    except OSError:
        return 0
    if handle is None:
        return 0
    try:
        path.unlink()
    except OSError:
        return 0
    finally:
        locks.release(lock_path, handle)
    return size
