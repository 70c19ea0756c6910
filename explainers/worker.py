"""The worker process: ``python -m explainers.worker``, started by ``jobs.py``; it does one task after the other.

Messages go through its standard input and output: a length, a JSON header and, where there is one, a value packed by
:mod:`explainers.packing`. Real standard output is put aside before anything else runs, so that a package that prints
cannot disturb them. When the parent dies, its end of the pipe closes and this process ends itself.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import queue
import secrets
import signal
import struct
import sys
import threading
import time
import traceback
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from explainers.errors import BakeoffError
from explainers.tasks import TASKS, Report, task

if TYPE_CHECKING:
    from explainers.study import Study

_HEAD = struct.Struct(">IQ")
_MOST_STUDIES = 6
NICE = 10
BEHIND = "--behind"  # what nobody waits for at this moment stands back
AUTOGROUP = Path("/proc/self/autogroup")
Files = tuple[tuple[str, int, int], ...]


# -- messages ----------------------------------------------------------------------------------------------------
def send(stream: IO[bytes], header: Mapping[str, Any], payload: bytes = b"") -> None:
    """Write one message; raises OSError where nobody reads any more."""
    head = json.dumps(header).encode("ascii")
    stream.write(_HEAD.pack(len(head), len(payload)) + head)
    stream.write(payload)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, Any], bytearray] | None:
    """Read one message; None at the end of the stream."""
    start = _exactly(stream, _HEAD.size)
    if start is None:
        return None
    head_size, payload_size = _HEAD.unpack(start)
    head = _exactly(stream, head_size)
    payload = _exactly(stream, payload_size)
    return None if head is None or payload is None else (json.loads(bytes(head)), payload)


def _exactly(stream: IO[bytes], size: int) -> bytearray | None:
    data = bytearray(size)
    view, at = memoryview(data), 0
    while at < size:
        got = stream.readinto(view[at:])  # type: ignore[attr-defined]
        if not got:
            return None
        at += got
    return data


# -- studies -----------------------------------------------------------------------------------------------------
_studies: OrderedDict[str, tuple[Files, Study]] = OrderedDict()


def study_files(folder: Path) -> Files:
    """Return name, size and time of change of the files of a study folder: when they differ it is opened again."""
    out: list[tuple[str, int, int]] = []
    for place in (folder, folder / "models"):
        with contextlib.suppress(OSError), os.scandir(place) as found:
            for entry in found:
                with contextlib.suppress(OSError):
                    if entry.is_file():
                        stat = entry.stat()
                        out.append((f"{place.name}/{entry.name}", stat.st_size, stat.st_mtime_ns))
    return tuple(sorted(out))


def opened(folder: str, added: Sequence[Mapping[str, Any]] = ()) -> Study:
    """Return the study of a folder with options that people added, from memory while its files are the same."""
    from explainers import store
    from explainers.added import extended
    from explainers.build import attach
    from explainers.load import open_study

    files = study_files(Path(folder))
    place = f"{store.home()}\n{folder}\n{json.dumps(added) if added else ''}"
    known = _studies.get(place)
    if known is None or known[0] != files:
        study = extended(opened(folder), added) if added else open_study(folder, build=False)
    else:
        study = known[1]
        if any(not c.built and not c.failure for c in study.candidates.values()):
            study = attach(study)  # the other worker may have built some since
    _studies[place] = (files, study)
    _studies.move_to_end(place)
    while len(_studies) > _MOST_STUDIES:
        _studies.popitem(last=False)
    return study


# -- the process -------------------------------------------------------------------------------------------------
def _work(
    name: str, folder: str | None, arguments: dict[str, Any], report: Report, added: Sequence[Mapping[str, Any]] = ()
) -> tuple[Any, list[str] | None]:
    """Do one task, or find its result in the store; return the result and where in the store it is."""
    from explainers import store

    what = task(name)
    study = opened(folder, added) if folder is not None else None
    if what.key is None:
        return what.run(study, report, **arguments), None
    key = what.key(study, **arguments)
    result = store.get(what.kind, key)
    if result is None:
        result = what.run(study, report, **arguments)
        if _unfinished(result) or not store.put(what.kind, key, result):
            return result, None
    return result, [what.kind, key]


def _unfinished(result: Any) -> bool:
    """Return whether a time budget cut the result short: such a result is for now only."""
    parts = result if isinstance(result, tuple) else (result,)
    inner = [getattr(p, "explanation", None) or getattr(p, "ours", None) or p for p in parts]
    return any(getattr(p, "stopped_early", False) for p in inner)


def _answer(header: dict[str, Any], payload: bytearray, out: IO[bytes]) -> None:
    from explainers.packing import pack, unpack

    name = str(header["task"])
    told, doing = 0.0, ""

    def report(fraction: float | None, what: str) -> None:
        nonlocal told, doing
        now = time.monotonic()
        if what != doing or now - told > 0.05:
            told, doing = now, what
            send(out, {"is": "progress", "fraction": None if fraction is None else float(fraction), "doing": doing})

    try:
        _follow(header["environment"])
        result, where = _work(name, header["study"], unpack(payload), report, header.get("added") or ())
        send(out, {"is": "done", "where": where}, pack(result))
    except BakeoffError as e:
        send(out, {"is": "failed", "error": e.message})
    except MemoryError:
        send(
            out, {"is": "failed", "error": "There was not enough memory for this. Close other programs and try again."}
        )
    except BaseException:
        number = secrets.token_hex(4)
        doing = doing or (TASKS[name].doing if name in TASKS else name)
        error = f"Something went wrong while {doing}. Tell whoever runs this server the error id {number}."
        send(out, {"is": "failed", "error": error, "id": number, "details": traceback.format_exc()})


def _follow(environment: Mapping[str, str]) -> None:
    """Take over the parent's BAKEOFF_ settings as they are now."""
    for name in [n for n in os.environ if n.startswith("BAKEOFF_")]:
        if name not in environment:
            del os.environ[name]
    os.environ.update(environment)


def _listen(stream: IO[bytes], requests: queue.SimpleQueue[tuple[dict[str, Any], bytearray]]) -> None:
    """Read requests; when the parent is gone, end at once, whatever the main thread is doing."""
    with contextlib.suppress(Exception):
        while (message := receive(stream)) is not None:
            requests.put(message)
    os._exit(0)


def _stand_back() -> None:
    """Leave the processor to the pages, the browser and the work that somebody waits for.

    Linux shares the processor between sessions first, and a worker is a session of its own: within one, niceness
    counts among its own threads only. The session as a whole has a value beside it (sched(7), autogroup).
    """
    with contextlib.suppress(OSError):
        AUTOGROUP.write_text(str(NICE))


def main() -> None:
    """Serve requests until the parent goes away."""
    messages_in = os.fdopen(os.dup(0), "rb")
    messages_out = os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    with contextlib.suppress(OSError, AttributeError):
        os.nice(NICE)
    if BEHIND in sys.argv:
        _stand_back()
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests: queue.SimpleQueue[tuple[dict[str, Any], bytearray]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(messages_in, requests), daemon=True).start()
    while True:
        header, payload = requests.get()
        send(messages_out, {"is": "started"})
        _answer(header, payload, messages_out)


if __name__ == "__main__":
    # Under its real name, so that there is one registry of tasks and one memory of studies.
    importlib.import_module("explainers.worker").main()
