"""A state as bytes for years: plain values and arrays by name, which later versions can read, and nothing that runs."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from explainers.errors import StudyError
from explainers.packing import PackingError, pack, unpack
from explainers.results import OptionState, Snapshot

FORMAT = 1
"""Raised when what is written changes so that this version could not read it."""


def to_bytes(snapshot: Snapshot) -> bytes:
    """Return a state as bytes.

    Parameters
    ----------
    snapshot : Snapshot
        From :func:`explainers.snapshots.freeze`.

    Returns
    -------
    bytes
        Compressed. The same state gives the same bytes.
    """
    plain = _plain(snapshot)
    plain["options"] = [_plain(option) for option in snapshot.options]
    return zlib.compress(pack({"format": FORMAT, "state": plain}), 6)


def from_bytes(data: bytes) -> Snapshot:
    """Return the state that :func:`to_bytes` made these bytes of, also those of an older version.

    Parameters
    ----------
    data : bytes

    Returns
    -------
    Snapshot
        What an older version did not write has its default.

    Raises
    ------
    StudyError
        The bytes are damaged, or a newer version wrote them.
    """
    try:
        found = unpack(zlib.decompress(data))
        if found["format"] > FORMAT:
            raise StudyError(
                f"Expected a snapshot of format {FORMAT} or older, came {found['format']}, written by a newer Bakeoff. "
                "Update this Bakeoff, or freeze the state again."
            )
        state = dict(found["state"])
        options = tuple(_made(OptionState, option) for option in state.pop("options"))
        made: Snapshot = _made(Snapshot, {**state, "options": options})
    except (zlib.error, PackingError, KeyError, TypeError, ValueError) as error:
        raise StudyError(
            "Expected a whole snapshot, came a damaged one. Take another snapshot to compare with, or bring back a "
            "backup of the database."
        ) from error
    return made


def _plain(result: Any) -> dict[str, Any]:
    return {f.name: getattr(result, f.name) for f in fields(result)}


def _made(kind: Any, values: Mapping[str, Any]) -> Any:
    """Return a result of values by name: names of today only, and all that have no default."""
    known = {f.name: f for f in fields(kind)}
    lost = [n for n, f in known.items() if n not in values and f.default is MISSING and f.default_factory is MISSING]
    if lost:
        raise KeyError(lost[0])
    return kind(**{n: v for n, v in values.items() if n in known})
