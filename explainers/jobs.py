"""Heavy work in two long-lived worker processes, so that neither a page nor another person waits for it.

One process does quick work (a picked case), the other long work (building). Threads would share one interpreter lock
with the pages; pools that are started from a page script run the script again. There is one manager for the whole
server, in this module: it outlives reruns, sessions and cleared caches.
"""

from __future__ import annotations

import atexit
import logging
import os
import threading
from collections import OrderedDict, deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from explainers import added, store, tasks, worker
from explainers.errors import JobCancelled, JobError
from explainers.packing import PackingError, pack, unpack
from explainers.study import Study
from explainers.worker_process import WorkerProcess, epitaph

log = logging.getLogger(__name__)
State = Literal["waiting", "running", "done", "failed", "cancelled"]
_ENDED = ("done", "failed", "cancelled")
_MOST_REMEMBERED = 20_000


class Job:
    """One piece of work under way; equal work that is asked for at the same time is one job.

    Its properties may be read from any thread at any time. ``fraction`` is the share done (None: not known),
    ``doing`` says in plain words what is being done, ``error`` why it failed.
    """

    def __init__(
        self, task: str, study: Path | None, arguments: dict[str, Any], doing: str, more: Sequence[Any] = ()
    ) -> None:
        self.task, self.study, self.arguments = task, study, arguments
        self.more = list(more)  # options beside those of the folder
        try:
            self.payload = pack(arguments)
        except PackingError as e:
            raise JobError(f"The task {task!r} cannot be sent to a worker. {e}") from e
        self._changed = threading.Condition()
        self._state: State = "waiting"
        self._fraction: float | None = None
        self._doing = doing
        self._error = ""
        self._value: Any = None
        self._askers: set[str] = set()
        self._lane: _Lane | None = None
        self.where: list[str] | None = None

    @property
    def state(self) -> State:
        """waiting, running, done, failed or cancelled."""
        return self._state

    @property
    def fraction(self) -> float | None:
        """Share done, 0 to 1; None where it is not known."""
        return self._fraction

    @property
    def doing(self) -> str:
        """What is being done, in plain words."""
        return self._doing

    @property
    def error(self) -> str:
        """Why it failed; empty if it did not."""
        return self._error

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the job has ended, at most so many seconds; return whether it has."""
        with self._changed:
            return self._changed.wait_for(lambda: self._state in _ENDED, seconds)

    def result(self) -> Any:
        """Wait for the job and return its result, which is shared between askers: do not change it.

        Raises
        ------
        JobCancelled
            It was cancelled.
        JobError
            It failed; the text says why.
        """
        self.wait()
        if self._state == "cancelled":
            raise JobCancelled(self._error or "This was cancelled. Start it again if you still want it.")
        if self._state == "failed":
            raise JobError(self._error)
        return self._value

    @property
    def askers(self) -> frozenset[str]:
        """Who wants it, as far as they said."""
        return frozenset(self._askers)

    def join(self, asker: str) -> None:
        """Note that somebody wants it."""
        self._askers.add(asker)

    def cancel(self, asker: str | None = None) -> None:
        """Stop the job; nothing happens if it has ended.

        Parameters
        ----------
        asker : str, optional
            Who no longer wants it, as given to :func:`submit`: the job goes on while others want it. None stops it
            for everybody.
        """
        if asker is not None:
            self._askers.discard(asker)
            if self._askers:
                return
        if self._lane is not None:
            self._lane.cancel(self)

    def _set(self, state: State | None = None, *, error: str = "", value: Any = None) -> None:
        with self._changed:
            if self._state not in _ENDED and state is not None:
                self._state, self._error, self._value = state, error, value
                if state == "done":
                    self._fraction = 1.0
            self._changed.notify_all()

    def _progress(self, fraction: float | None, doing: str) -> None:
        with self._changed:
            self._fraction = None if fraction is None else min(1.0, max(0.0, fraction))
            self._doing = doing or self._doing
            self._changed.notify_all()


class _Lane:
    """One worker process, the jobs that wait for it, and the thread that talks to it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.changed = threading.Condition()
        self.waiting: deque[Job] = deque()
        self.running: Job | None = None
        self.process = WorkerProcess(*([] if name == "quick" else [worker.BEHIND]))
        self.thread: threading.Thread | None = None
        self.closing = False
        self.wanted = False

    def add(self, job: Job | None) -> None:
        """Queue a job; with None only start the process."""
        with self.changed:
            if job is not None:
                job._lane = self
                self.waiting.append(job)
            self.wanted = True
            if self.thread is None or not self.thread.is_alive():
                self.closing = False
                self.thread = threading.Thread(target=self._talk, name=f"worker {self.name}", daemon=True)
                self.thread.start()
            self.changed.notify_all()

    def cancel(self, job: Job, why: str = "") -> None:
        with self.changed:
            if job.state in _ENDED:
                return
            if job in self.waiting:
                self.waiting.remove(job)
            elif self.running is job:
                self.process.kill()
            job._set("cancelled", error=why)
            self.changed.notify_all()
        _manager.forget(job)

    def close(self) -> None:
        with self.changed:
            self.closing = True
            left = [*self.waiting, *([self.running] if self.running is not None else [])]
            thread = self.thread
            self.process.kill()
        for job in left:
            self.cancel(job, "Bakeoff was stopped. Start it again and ask again.")
        with self.changed:
            self.changed.notify_all()
        if thread is not None and thread is not threading.current_thread():
            thread.join(10)

    # -- in the lane's own thread ----------------------------------------------------------------------------
    def _talk(self) -> None:
        try:
            while True:
                with self.changed:
                    self.changed.wait_for(lambda: self.closing or self.waiting or self._must_start())
                    if self.closing:
                        return
                    if self._must_start():
                        self._start()
                    if not self.waiting:
                        continue
                    job = self.running = self.waiting.popleft()
                    job._set("running")
                try:
                    self._do(job)
                except Exception:
                    log.exception("The lane %s could not do a job", self.name)
                    job._set("failed", error=f"Something went wrong while {job.doing}. Try again.")
                finally:
                    with self.changed:
                        self.running = None
                    _manager.forget(job)
        finally:
            with self.changed:
                self.process.reap()

    def _must_start(self) -> bool:
        return self.wanted and not self.process.is_alive()

    def _start(self) -> None:
        self.wanted = self.process.start()

    def _do(self, job: Job) -> None:
        for attempt in (1, 2):
            started = self._ask(job)
            if job.state in ("done", "failed"):
                return
            code = self.process.ended()
            # It had died before it took the job up, of something else: that is no reason to fail this job.
            if not started and attempt == 1 and job.state == "running":
                with self.changed:
                    if self.closing:
                        return
                    self._start()
                continue
            if job.state == "running":
                log.error("The worker %s ended with code %s during the task %s", self.name, code, job.task)
                job._set("failed", error=epitaph(job.doing, code))
            return

    def _ask(self, job: Job) -> bool:
        """Send a job and follow it to its end; return whether the worker took it up."""
        environment = {n: v for n, v in os.environ.items() if n.startswith("BAKEOFF_")}
        environment["BAKEOFF_HOME"] = str(store.home())
        study = str(job.study) if job.study is not None else None
        header = {"task": job.task, "study": study, "environment": environment, "added": job.more}
        started = False
        try:
            worker.send(self.process.writer(), header, job.payload)
            while (message := worker.receive(self.process.reader())) is not None:
                started = True
                if self._take(job, *message):
                    break
        except (OSError, ValueError) as e:
            log.info("The worker %s broke off: %s", self.name, e)
        return started

    def _take(self, job: Job, header: dict[str, Any], payload: bytearray) -> bool:
        """Take over one message; return whether it was the last of this job."""
        if header["is"] == "progress":
            job._progress(header["fraction"], header["doing"])
        elif header["is"] == "done":
            job.where = header["where"]
            _manager.remember(job)
            job._set("done", value=unpack(payload))
            return True
        elif header["is"] == "failed":
            if "id" in header:
                log.error("Error id %s in the task %s:\n%s", header["id"], job.task, header["details"])
            job._set("failed", error=header["error"])
            return True
        return False


class _Manager:
    def __init__(self) -> None:
        self.lock = threading.RLock()
        # What strangers bring is read in a process of its own: if a file ends it, nobody else waits or fails.
        self.lanes = {"quick": _Lane("quick"), "long": _Lane("long"), "upload": _Lane("upload")}
        self.flying: dict[str, Job] = {}
        self.places: OrderedDict[str, list[str]] = OrderedDict()

    def submit(self, name: str, study: Path | Study | None, arguments: dict[str, Any], asker: str | None) -> Job:
        what = tasks.task(name)
        folder, where, more = None, None, list[Any]()
        if isinstance(study, Study):
            if study.folder is None:
                raise JobError("This study is in memory only. Save it as a folder first, then ask again.")
            folder = Path(study.folder).absolute()
            where = [what.kind, what.key(study, **arguments)] if what.key is not None else None
            more = added.specs(study)
        elif study is not None:
            folder = Path(study).absolute()
        mark = store.key(name, str(folder), arguments, str(store.home()), more)
        with self.lock:
            job = self.flying.get(mark)
            if job is not None and job.state not in _ENDED:
                job._askers |= {asker} if asker is not None else set()
                return job
            where = where or self.places.get(store.key(mark, worker.study_files(folder) if folder else None))
        found = store.get(*where) if where is not None else None
        job = Job(name, folder, arguments, what.doing, more)
        if found is not None:
            job._set("done", value=found)
            return job
        with self.lock:
            other = self.flying.get(mark)
            if other is not None and other.state not in _ENDED:
                job = other
            else:
                self.flying[mark] = job
                self.lanes[what.lane].add(job)
            job._askers |= {asker} if asker is not None else set()
        return job

    def remember(self, job: Job) -> None:
        """Note where the result of a job is kept, so that the same question needs no worker again."""
        if job.where is not None:
            mark = store.key(job.task, str(job.study), job.arguments, str(store.home()), job.more)
            with self.lock:
                self.places[store.key(mark, worker.study_files(job.study) if job.study else None)] = job.where
                while len(self.places) > _MOST_REMEMBERED:
                    self.places.popitem(last=False)

    def forget(self, job: Job) -> None:
        with self.lock:
            for mark in [m for m, j in self.flying.items() if j is job]:
                del self.flying[mark]


_manager = _Manager()


def submit(task: str, *, study: Path | Study | None, asker: str | None = None, **arguments: Any) -> Job:
    """Start a task in a worker process, join it if it is under way, or find its result in the store.

    Parameters
    ----------
    task : str
        ``"build"`` (names=None), ``"explain"`` (candidate, case, outcome=None, reference=None, max_seconds=None),
        ``"answers"`` (case, reference=None), ``"agreement"`` (candidate, case, outcome=None, reference=None) or
        ``"predictions"`` (candidate). A case is a mapping of column to plain value, or an id; a reference is
        ``{"kind": "everyone"}``, ``{"kind": "group", "feature": .., "level": ..}`` or ``{"kind": "case", "case": ..}``.
    study : Path or Study
        Folder of the study, or the study that was opened from it: then a kept result is found without a worker even
        if this process never asked before.
    asker : str, optional
        Who wants it, such as the id of a session; see :meth:`Job.cancel`.
    **arguments : object
        Arguments of the task.

    Returns
    -------
    Job
        It may be done already.

    Raises
    ------
    JobError
        There is no such task.
    StoreError or JobError
        An argument is no plain value.
    """
    return _manager.submit(task, study, arguments, asker)


def warm(study_folder: Path | None = None) -> None:
    """Start the quick worker, let it import what it needs and open a study; returns at once.

    The other one starts when long work comes: two at once would take both cores from the page that opens.
    """
    _manager.submit("warm", study_folder, {}, None)


def shutdown() -> None:
    """Stop both worker processes and cancel everything; a later :func:`submit` starts them again."""
    for lane in _manager.lanes.values():
        lane.close()


atexit.register(shutdown)
