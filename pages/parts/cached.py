"""Studies in memory. What is costly lives on disk, so a cleared cache costs a reload and no recomputation."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from explainers.errors import StudyError

if TYPE_CHECKING:
    from explainers.study import Study

# Module globals and not st.cache_resource: any client of the server may empty Streamlit's caches for everyone.
_lock = threading.Lock()
_studies: dict[Path, tuple[tuple[int, ...], Study | StudyError]] = {}


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
    from explainers.load import open_study

    stamp = _stamp(folder)
    with _lock:
        known = _studies.get(folder)
        if known is None or known[0] != stamp:
            try:
                opened: Study | StudyError = open_study(folder, build=False)
            except StudyError as error:
                opened = error
            _studies[folder] = known = (stamp, opened)
        found = known[1]
        if isinstance(found, StudyError):
            raise found
        if any(not c.built and not c.failure for c in found.candidates.values()):
            found = attach(found)
            _studies[folder] = (stamp, found)
        return found


def forget(folder: Path) -> None:
    """Read a study again at the next call, for example after something was rebuilt."""
    with _lock:
        _studies.pop(folder, None)


def warm() -> None:
    """Import and open what the first page needs, then start the workers; called once when the server starts."""
    import plotly.graph_objects  # noqa: F401

    import explainers.database
    import explainers.figures.attribution
    import explainers.words.case
    from explainers import jobs

    every = folders()
    for folder in list(every.values())[:1]:
        try:
            study(folder)
        except StudyError:
            continue
        jobs.warm(folder)
    explainers.database.where()
