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
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

from explainers.errors import BakeoffError, CaseError, JobError

if TYPE_CHECKING:
    import pandas as pd

    from explainers.results import Agreement, Answer, Explanation, Reference
    from explainers.study import Study

_HEAD = struct.Struct(">IQ")
_MOST_STUDIES = 6
Report = Callable[[float | None, str], None]
Files = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing that a worker does."""

    run: Callable[..., Any]
    doing: str
    lane: Literal["quick", "long"] = "quick"
    kind: str = ""
    key: Callable[..., str] | None = None


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


def opened(folder: str) -> Study:
    """Return the study of a folder, from memory while its files are the same."""
    from explainers import store
    from explainers.build import attach
    from explainers.load import open_study

    files = study_files(Path(folder))
    place = f"{store.home()}\n{folder}"
    known = _studies.get(place)
    if known is None or known[0] != files:
        study = open_study(folder, build=False)
    else:
        study = known[1]
        if any(not c.built and not c.failure for c in study.candidates.values()):
            study = attach(study)  # the other worker may have built some since
    _studies[place] = (files, study)
    _studies.move_to_end(place)
    while len(_studies) > _MOST_STUDIES:
        _studies.popitem(last=False)
    return study


# -- tasks -------------------------------------------------------------------------------------------------------
def _frame(study: Study, case: Any) -> pd.DataFrame:
    from explainers import keys

    return keys.case_frame(study, _values(study, case))


def _values(study: Study, case: Any) -> dict[str, Any]:
    """Return a case as plain values, be it values already or the id of a row."""
    from explainers import keys

    if isinstance(case, Mapping):
        return keys.case_values(case)
    if isinstance(case, (str, int)):
        return keys.case_values(study.row(str(case)))
    raise CaseError(f"Expected a case as values by column or as an id, got {type(case).__name__}. Pick a case.")


def _reference(study: Study, spec: Mapping[str, Any] | None) -> Reference:
    from explainers import attribution, keys

    spec = keys.reference_spec(spec)
    if spec["kind"] == "group":
        return attribution.reference(study, group=(spec["feature"], spec["level"]))
    if spec["kind"] == "case":
        return attribution.reference(study, case=spec["case"])
    return attribution.reference(study)


def _build(study: Study, report: Report, *, names: Any = None, case: str | None = None) -> dict[str, str]:
    """Build options; with a case, also explain it here, where the fitted options are at hand."""
    from explainers import store
    from explainers.ahead import explain_ahead
    from explainers.build import build

    store.check_writable()
    built = build(study, None if names is None else tuple(names), progress=report)
    wanted = list(built.candidates) if names is None else list(names)
    for name in wanted if case is not None else ():
        if not built.candidates[name].failure:
            explain_ahead(built, name, [str(case)])
    return {n: built.candidates[n].failure or "built" for n in wanted}


def _ahead(study: Study, _report: Report, *, candidate: str, start: int, seconds: float) -> int | None:
    """Explain never-seen cases ahead for so long; return where to go on, None at the end."""
    from explainers.ahead import cases_ahead, explain_ahead

    cases = cases_ahead(study)
    end = start + explain_ahead(study, candidate, cases[start:], seconds=seconds)
    return end if end < len(cases) else None


def _explain(
    study: Study,
    _report: Report,
    *,
    candidate: str,
    case: Any,
    outcome: Any = None,
    reference: Mapping[str, Any] | None = None,
    max_seconds: float | None = None,
) -> Explanation:
    from explainers import attribution

    return attribution.explain(
        study,
        candidate,
        _frame(study, case),
        outcome=outcome,
        reference=_reference(study, reference),
        max_seconds=max_seconds,
    )


def _answers(
    study: Study, report: Report, *, case: Any, reference: Mapping[str, Any] | None = None
) -> tuple[Answer, ...]:
    from explainers.answers import answers

    return answers(study, _frame(study, case), reference=_reference(study, reference), progress=report)


def _agreement(
    study: Study,
    _report: Report,
    *,
    candidate: str,
    case: Any,
    outcome: Any = None,
    reference: Mapping[str, Any] | None = None,
) -> Agreement:
    from explainers import attribution

    compared = _reference(study, reference)
    return attribution.agreement(study, candidate, _frame(study, case), outcome=outcome, reference=compared)


def _predictions(study: Study, _report: Report, *, candidate: str) -> pd.DataFrame:
    from explainers.predict import stored

    return stored(study, candidate)


def _warm(study: Study | None, _report: Report) -> None:
    import sklearn.ensemble  # noqa: F401
    import skops.io  # noqa: F401

    from explainers import attribution  # noqa: F401
    from explainers.build import fitted

    shown = study.candidates.get(study.first) if study is not None else None
    if study is not None and shown is not None and shown.built:
        fitted(study, shown.name)


def _explanation_key(study: Study, **arguments: Any) -> str:
    from explainers import keys

    arguments.pop("max_seconds", None)
    case = _values(study, arguments.pop("case"))
    return keys.explanation_key(study, arguments.pop("candidate"), case, **arguments)


def _answers_key(study: Study, *, case: Any, reference: Mapping[str, Any] | None = None) -> str:
    from explainers import keys

    return keys.answers_key(study, _values(study, case), reference=reference)


def _agreement_key(study: Study, **arguments: Any) -> str:
    from explainers import keys

    case = _values(study, arguments.pop("case"))
    return keys.agreement_key(study, arguments.pop("candidate"), case, **arguments)


def _about(stem: str, name: str, doing: str, *, lane: Literal["quick", "long"] = "long", tells: bool = False) -> Task:
    """Return the task that asks one function about a whole candidate; ``tells``: it reports its progress."""

    def run(study: Study, report: Report, *, candidate: str, **arguments: Any) -> Any:
        function = getattr(importlib.import_module(f"explainers.{stem}"), name)
        return function(study, candidate, **arguments, **({"progress": report} if tells else {}))

    def key(study: Study, *, candidate: str, **arguments: Any) -> str:
        from explainers import keys

        return keys.candidate_result_key(study, stem, candidate, **arguments)

    return Task(run=run, doing=doing, lane=lane, kind=stem, key=key)


TASKS: dict[str, Task] = {
    "build": Task(run=_build, doing="building the options", lane="long"),
    "explain": Task(run=_explain, doing="explaining a case", kind="explanation", key=_explanation_key),
    "answers": Task(run=_answers, doing="asking the options", kind="answers", key=_answers_key),
    # Seconds of work: in the quick lane it would hold up a picked case.
    "agreement": Task(run=_agreement, doing="checking with shap", kind="agreement", key=_agreement_key, lane="long"),
    "importance": _about("importance", "importance", "looking at what counts", tells=True),
    "effect": _about("effects", "effect", "moving one input", lane="quick"),
    "interactions": _about("interactions", "interactions", "trying pairs of inputs", tells=True),
    "whole": _about("whole", "whole", "listing the whole of it", lane="quick"),
    "ahead": Task(run=_ahead, doing="explaining cases ahead", lane="long"),
    "predictions": Task(run=_predictions, doing="answering every case"),
    "warm": Task(run=_warm, doing="getting ready"),
}


def task(name: str) -> Task:
    """Return a task by name; BAKEOFF_WORKER_TASKS names a module with further ones, for tests.

    Raises
    ------
    JobError
        There is no such task.
    """
    more = os.environ.get("BAKEOFF_WORKER_TASKS", "")
    known: dict[str, Task] = TASKS | (importlib.import_module(more).TASKS if more else {})
    if name not in known:
        raise JobError(f"There is no task {name!r}. There are: {', '.join(known)}.")
    return known[name]


# -- the process -------------------------------------------------------------------------------------------------
def _work(name: str, folder: str | None, arguments: dict[str, Any], report: Report) -> tuple[Any, list[str] | None]:
    """Do one task, or find its result in the store; return the result and where in the store it is."""
    from explainers import store

    what = task(name)
    study = opened(folder) if folder is not None else None
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
        result, where = _work(name, header["study"], unpack(payload), report)
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


def main() -> None:
    """Serve requests until the parent goes away."""
    messages_in = os.fdopen(os.dup(0), "rb")
    messages_out = os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    with contextlib.suppress(OSError, AttributeError):
        os.nice(10)
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
