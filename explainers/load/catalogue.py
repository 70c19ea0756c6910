"""Which studies there are: a quick look at the first fields of each study.yaml, for pickers and cards."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from explainers.load.study_file import FILE, as_bool
from explainers.store import home

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"
KEPT = "studies"  # below the home: those that were made on the page for one's own data
_LINE = re.compile(r"^(name|title|question|sample):\s*(.*?)\s*$")
_MOST = 20_000


def sources() -> tuple[Path, ...]:
    """Return the folders that are looked through: the samples, those of BAKEOFF_STUDIES, those that were made here."""
    more = [Path(p) for p in os.environ.get("BAKEOFF_STUDIES", "").split(os.pathsep) if p.strip()]
    return tuple(dict.fromkeys((SAMPLES, *more, home() / KEPT)))


def list_studies(*folders: str | Path) -> dict[str, Path]:
    """Return every study by name with its folder; nothing but the first lines of each study.yaml is read.

    Parameters
    ----------
    *folders : str or Path
        Folders that hold study folders (or are one), besides those of :func:`sources`.

    Returns
    -------
    dict of str to Path
        In the order found; a name that is there already gets "-2", "-3" and so on.

    Examples
    --------
    >>> "boston_mortgages" in list_studies()
    True
    """
    found: dict[str, Path] = {}
    for place in dict.fromkeys((*sources(), *(Path(f) for f in folders))):
        for folder in _studies_in(place):
            if folder in found.values():
                continue
            name = heading(folder).get("name") or folder.name
            unique, n = name, 2
            while unique in found:
                unique, n = f"{name}-{n}", n + 1
            found[unique] = folder
    return found


def heading(folder: str | Path) -> Mapping[str, str]:
    """Return name, title, question and sample ("yes" or "") of a study folder, as far as its first lines have them."""
    path = Path(folder) / FILE
    try:
        found = path.stat()
        return _heading(path, (found.st_size, found.st_mtime_ns, found.st_ino))
    except OSError:
        return {}


@lru_cache(maxsize=500)  # pages ask for the menu several times per click
def _heading(path: Path, _stamp: tuple[int, ...]) -> Mapping[str, str]:
    with path.open("rb") as file:
        text = file.read(_MOST).decode("utf-8-sig", "replace")
    fields: dict[str, str] = {}
    for line in text.splitlines():
        match = _LINE.match(line)
        if match and match.group(1) not in fields:
            fields[match.group(1)] = _unquoted(match.group(2))
    fields["sample"] = "yes" if as_bool(fields.get("sample", "")) else ""
    return MappingProxyType(fields)


def _unquoted(text: str) -> str:
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1].replace("''", "'") if text[0] == "'" else text[1:-1].replace('\\"', '"')
    return text.split(" #", 1)[0]


def _studies_in(place: Path) -> list[Path]:
    try:
        if (place / FILE).is_file():
            return [place]
        return sorted(p for p in place.iterdir() if not p.name.startswith(".") and (p / FILE).is_file())
    except OSError:
        return []
