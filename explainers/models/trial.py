"""A model file is opened and asked for the first time in a process of its own, with limits; what came of it is kept.

``python -m explainers.models.trial KIND`` reads the bytes of a file from standard input and writes one line of JSON.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from explainers.errors import BakeoffError, ModelFileError
from explainers.models.inputs import Inputs, inputs, rows_for
from explainers.models.kinds import WORDS, Kind

TRIAL_VERSION = 1
STORED = "model_trial"
CPU_SECONDS = 8
"""Processor seconds that a small file may take; large ones get more, and so do slow machines by the clock."""
CLOCK_TIMES = 4
MEMORY = 3_000_000_000
PER_MB_SECONDS = 0.2
MOST_KEPT = 1_000
THE_FILE = "This model file"
_ROOT = Path(__file__).resolve().parents[2]
_PACKAGES = ("numpy", "scikit-learn", "skops", "xgboost", "lightgbm", "catboost", "onnxruntime")
_known: dict[str, dict[str, Any]] = {}
_lock = threading.Lock()


def mark(kind: Kind, data: bytes) -> str:
    """Return what identifies a file in the memory of files that were tried."""
    return f"{kind}:{hashlib.sha256(data).hexdigest()}"


def ours(kind: Kind, data: bytes, found: Inputs) -> None:
    """Note that this process wrote these bytes itself, so that no trial is needed."""
    _note(mark(kind, data), {"refused": "", "inputs": found.to_plain()})


def passed(kind: Kind, data: bytes, name: str) -> Inputs:
    """Refuse a file that crashed, took too long or too much memory, or was refused when it was tried apart.

    Parameters
    ----------
    kind : str
        Kind of the file.
    data : bytes
        The whole file.
    name : str
        What to call it in messages.

    Returns
    -------
    Inputs
        What the model says of its inputs, found out apart; nothing of the file is made in this process.

    Raises
    ------
    ModelFileError
        With what happened; the process that asks is not touched.
    """
    from explainers import store

    this = mark(kind, data)
    with _lock:
        record = _known.get(this)
    if record is None:
        key = store.key(STORED, TRIAL_VERSION, this, _versions(), CPU_SECONDS, MEMORY)
        record = store.get(STORED, key)
        if not (isinstance(record, dict) and isinstance(record.get("refused"), str)):
            record, lasting = _tried(kind, data)
            if lasting:
                store.put(STORED, key, record)
        _note(this, record)
    if record["refused"]:
        raise ModelFileError(str(record["refused"]).replace(THE_FILE, name))
    return Inputs.from_plain(record.get("inputs") or {})


def _note(this: str, record: dict[str, Any]) -> None:
    with _lock:
        while len(_known) >= MOST_KEPT:
            _known.pop(next(iter(_known)))
        _known[this] = record


@cache
def _versions() -> list[tuple[str, str]]:
    found = []
    for package in _PACKAGES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            found.append((package, metadata.version(package)))
    return found


# -- the process that asks ---------------------------------------------------------------------------------------
def _tried(kind: Kind, data: bytes) -> tuple[dict[str, Any], bool]:
    """Return why a file is refused (empty if it is not), its inputs, and whether that would come out again."""
    seconds = CPU_SECONDS + PER_MB_SECONDS * len(data) / 1e6
    limits = [str(round(seconds)), str(MEMORY + 6 * len(data))]
    keep = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
    environment = {k: v for k, v in os.environ.items() if k in keep}
    environment |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    environment |= {"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    with tempfile.TemporaryDirectory(prefix="bakeoff-trial-") as place:
        environment |= {"HOME": place, "BAKEOFF_HOME": place}
        try:
            process = subprocess.Popen(
                [sys.executable, "-m", "explainers.models.trial", kind, *limits],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=place,
                env=environment,
                start_new_session=True,
            )
        except OSError as e:
            raise ModelFileError(
                f"{THE_FILE} has to be tried in a process of its own, and none could be started. Try again later."
            ) from e
        try:
            said, _ = process.communicate(data, timeout=CLOCK_TIMES * seconds)
        except subprocess.TimeoutExpired:
            _end(process)
            return {"refused": f"{THE_FILE} takes too long to open and was stopped. {_TOO_LONG}"}, False
        finally:
            _end(process)
    try:
        found = json.loads(said)
        return {"refused": str(found["refused"]), "inputs": found.get("inputs") or {}}, True
    except (ValueError, KeyError, TypeError):
        return {"refused": _epitaph(process.returncode, kind)}, process.returncode != -getattr(signal, "SIGKILL", 9)


_TOO_LONG = "Nothing else was touched. Make the model smaller, or write it again where it was trained."


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with contextlib.suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:  # pragma: no cover
                process.kill()
        process.wait(5)


def _epitaph(code: int | None, kind: Kind) -> str:
    if code == -getattr(signal, "SIGXCPU", 24):
        return f"{THE_FILE} takes too long to open and was stopped. {_TOO_LONG}"
    return (
        f"{THE_FILE} was refused: the process apart in which it was tried as {WORDS[kind]} ended at once "
        f"(code {code}). It is damaged or made to do harm; nothing else was touched. Write it again where the model "
        "was trained, with the versions that are installed here."
    )


# -- the process apart -------------------------------------------------------------------------------------------
def main() -> None:
    """Open the file on standard input and ask it; say in one line whether it is refused."""
    kind, seconds, memory = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    _limit(seconds, memory)
    data = sys.stdin.buffer.read()
    refused, about = "", {}
    try:
        from explainers.models import opening

        about = asked(opening.made(kind, data, THE_FILE))  # type: ignore[arg-type]
    except BakeoffError as e:
        refused = e.message
    except MemoryError:
        refused = f"{THE_FILE} takes more memory than a model of its size may. {_TOO_LONG}"
    except Exception as e:  # whatever comes of a file, it is refused with a word
        refused = f"{THE_FILE} could not be opened ({type(e).__name__}). Write it again where the model was trained."
    json.dump({"refused": refused, "inputs": about}, answer, default=str)
    answer.flush()
    os._exit(0)


def _limit(seconds: int, memory: int) -> None:
    try:
        import resource
    except ImportError:  # pragma: no cover - Windows has the clock only
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def asked(estimator: Any) -> dict[str, Any]:
    """Ask an estimator about made-up rows, where only a crash counts; return what it says of its inputs."""
    found = inputs(estimator)
    rows = rows_for(found)
    for method in ("predict_proba", "decision_function", "predict"):
        with contextlib.suppress(Exception):
            getattr(estimator, method)(rows)
            break
    return found.to_plain()


if __name__ == "__main__":
    main()
