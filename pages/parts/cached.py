"""Studies in memory. What is costly lives on disk, so a cleared cache costs a reload and no recomputation."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from explainers.errors import DatabaseError, StudyError
from pages.parts import turn

if TYPE_CHECKING:
    from explainers.database import AddedOption
    from explainers.study import Study

# Module globals and not st.cache_resource: any client of the server may empty Streamlit's caches for everyone.
FIRST_PAGE = (
    "plotly.graph_objects",
    "explainers.figures.attribution",
    "explainers.similar",
    "explainers.words.case",
    "pages.parts.about",
    "pages.parts.answer",
    "pages.parts.change",
    "pages.parts.links",
    "pages.parts.method",
    "pages.parts.others",
)
Kept = TypeVar("Kept")
MOST_MADE = 64
_made: dict[tuple[str, ...], Any] = {}
SERVING, STOPPING = threading.Event(), threading.Event()
_lock = threading.Lock()
_opening: dict[Path, threading.Lock] = {}
_studies: dict[Path, tuple[tuple[int, ...], Study | StudyError]] = {}
FRESH, AWAY = 2.0, 15.0  # seconds until added options are read again; longer where the database did not answer
_extended: dict[Path, tuple[Study, tuple[str, ...], Study]] = {}
_read: dict[tuple[str, ...], tuple[float, tuple[AddedOption, ...]]] = {}


def folders() -> dict[str, Path]:
    """Return the studies that can be opened: name to folder, in the order of the menu."""
    from explainers.load.catalogue import list_studies

    return list_studies()


def titles() -> dict[str, str]:
    """Return name to title of every study, read without opening them."""
    from explainers.load.catalogue import heading

    return {name: heading(folder).get("title") or name for name, folder in folders().items()}


def _stamp(folder: Path) -> tuple[int, ...]:
    return tuple(int(p.stat().st_mtime_ns) for p in sorted(folder.iterdir()) if p.is_file()) if folder.is_dir() else ()


def study(folder: Path) -> Study:
    """Return the study of a folder with whatever of it is built by now; it is read again when its files change.

    Raises
    ------
    StudyError
        The study cannot be opened; the exception carries every problem.
    """
    from explainers.build import attach

    stamp = _stamp(folder)
    known = _studies.get(folder)
    if known is None or known[0] != stamp:
        with _lock:
            one_at_a_time = _opening.setdefault(folder, threading.Lock())
        # A large study takes seconds: who reads another one does not wait for it.
        with turn.given_up(), one_at_a_time:
            known = _studies.get(folder)
            if known is None or known[0] != stamp:
                known = _studies[folder] = (stamp, _opened(folder))
    found = known[1]
    if isinstance(found, StudyError):
        raise found
    if any(not c.built and not c.failure for c in found.candidates.values()):
        found = attach(found)
        _studies[folder] = (stamp, found)
    return _with_added(folder, found)


def _opened(folder: Path) -> Study | StudyError:
    from explainers.load import open_study

    try:
        return open_study(folder, build=False)
    except StudyError as error:
        return error


def _with_added(folder: Path, found: Study) -> Study:
    """Return the study with the options that people added to it."""
    from explainers.added import extended
    from explainers.build import attach

    options = _added_options(found.name)
    if not options:
        _extended.pop(folder, None)
        return found
    ids = tuple(o.submission_id for o in options)
    kept = _extended.get(folder)
    if kept is None or kept[0] is not found or kept[1] != ids:
        kept = (found, ids, extended(found, options))
    whole = kept[2]
    if any(not c.built and not c.failure for c in whole.candidates.values()):
        whole = attach(whole)
    _extended[folder] = (found, ids, whole)
    return whole


def _added_options(name: str) -> tuple[AddedOption, ...]:
    """Return what people added to the study of this name; where the database is away, what was known before."""
    from explainers.added import stored

    key = (name, *(os.environ.get(n, "") for n in ("BAKEOFF_DATABASE_URL", "BAKEOFF_HOME")))
    until, options = _read.get(key, (0.0, ()))
    if time.monotonic() >= until:
        try:
            options, fresh = stored(name), FRESH
        except DatabaseError:
            fresh = AWAY
        _read[key] = (time.monotonic() + fresh, options)
    return options


def read_added() -> None:
    """Read at the next call which options people added: something was just added or removed here."""
    for key, (_, options) in list(_read.items()):
        _read[key] = (0.0, options)


def known(key: tuple[str, ...]) -> Any:
    """Return what :func:`once` keeps for this key; None where it was not made."""
    return _made.get(key)


def once(key: tuple[str, ...], make: Callable[[], Kept]) -> Kept:
    """Return what was made for this key before: small things that follow from a study and are needed at each click."""
    if key not in _made:
        while len(_made) >= MOST_MADE:
            _made.pop(next(iter(_made)), None)
        _made[key] = make()
    found: Kept = _made[key]
    return found


def forget(folder: Path) -> None:
    """Read a study again at the next call, for example after something was rebuilt."""
    _studies.pop(folder, None)


def warm() -> None:
    """Import and open what the first page needs; called once when the server starts.

    Where the first study is built nothing else is started before its first page is drawn; where it is not, the worker
    begins with its first option at once, before a browser has even connected.
    """
    SERVING.set()
    for folder in list(folders().values())[:1]:
        try:
            opened = study(folder)
        except StudyError:
            continue
        first = opened.candidates.get(opened.first)
        if first is not None and not first.built and not first.failure:
            from pages.parts import work

            work.first_build(opened, first.name)
    for module in FIRST_PAGE:
        import_module(module)
    from explainers import kept, save

    save.put_back(kept.place())


def stop() -> None:
    """Tell what runs in the background that the server ends."""
    SERVING.clear()
    STOPPING.set()
