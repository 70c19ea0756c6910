"""What was found out about the same files before: looking for problems takes most of the time of opening a large study.

The files count by name, size, time of change and place on the disk, and so does the code that looks. Nothing here is
needed: where a home cannot be written, it is found out again.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from explainers.results import Problem

KIND = "opening"
CODE = ("explainers.validate", "explainers.load", "explainers.study", "explainers.dictionary", "explainers.split")


@dataclass(slots=True)
class Known:
    """The problems of the checks and the key of the data, from an earlier opening or to be kept for the next."""

    key: str
    checks: list[Problem] | None = None
    data_key: str = ""
    fresh: bool = False

    def note(self, *, checks: list[Problem] | None = None, data_key: str | None = None) -> None:
        """Take over what was found out now."""
        self.checks = list(checks) if checks is not None else self.checks
        self.data_key = data_key or self.data_key
        self.fresh = True

    def keep(self) -> None:
        """Keep it on disk if anything is new; only for a study without errors, whose data key is known."""
        from explainers import store

        if self.fresh and self.checks is not None and self.data_key:
            store.put(KIND, self.key, {"checks": self.checks, "data_key": self.data_key})


def recall(files: Sequence[Path]) -> Known:
    """Return what is known about these files as they are now."""
    from explainers import store

    made = Known(store.key(KIND, [_stamp(f) for f in files], _code()))
    kept = store.get(KIND, made.key)
    if isinstance(kept, dict) and isinstance(kept.get("checks"), list) and isinstance(kept.get("data_key"), str):
        made.checks, made.data_key = kept["checks"], kept["data_key"]
    return made


def _stamp(file: Path) -> list[Any]:
    try:
        found = file.stat()
    except (OSError, ValueError):  # a name out of a hostile file may be no path at all
        return [file.name, None]
    return [file.name, found.st_size, found.st_mtime_ns, found.st_ino]


@cache
def _code() -> list[list[Any]]:
    return [_stamp(path)[1:3] for name in CODE for path in _sources(name)]


def _sources(name: str) -> Iterator[Path]:
    spec = importlib.util.find_spec(name)
    if spec is not None and spec.origin is not None:
        origin = Path(spec.origin)
        yield from sorted(origin.parent.glob("*.py")) if origin.name == "__init__.py" else [origin]
