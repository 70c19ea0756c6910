"""What the worker does for a meeting: set options against each other, keep a state, find what changed, hand it out.

``tasks.py`` names these among all its tasks.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from explainers.results import Changes
    from explainers.study import Study

Report = Callable[[float | None, str], None]


def export(study: Study, report: Report, **arguments: Any) -> bytes:
    """Put a study together as a file; what joins words and figures is asked for by its name, as it stands above us."""
    made: bytes = importlib.import_module("explainers.report.exporting").export(study, progress=report, **arguments)
    return made


def freeze(study: Study, report: Report, *, assumptions: Mapping[str, Any] | None = None) -> bytes:
    from explainers import snapshots

    return snapshots.to_bytes(snapshots.freeze(study, assumptions, progress=report))


def changes(study: Study, report: Report, *, before: bytes, assumptions: Mapping[str, Any] | None = None) -> Changes:
    from explainers import snapshots

    then = snapshots.from_bytes(before)
    return snapshots.changes(then, snapshots.freeze(study, assumptions, beside=then, progress=report))


def changes_key(study: Study, *, before: bytes, assumptions: Mapping[str, Any] | None = None) -> str:
    from explainers import costs, keys, store

    names = [(n, c.key, c.label, c.technical, c.failure) for n, c in study.candidates.items()]
    taken = [costs.known(study, n) for n, c in study.candidates.items() if c.built]
    money = ("source", "train_cpu_seconds", "predict_ms_per_1000", "peak_memory_mb", "artefact_mb", "build_hours")
    what = [study.data_key, study.fingerprint, study.metric, study.margin, float(study.threshold), names]
    what += [None if found is None else [getattr(found, m) for m in money] for found in taken]
    return store.key("changes", keys.result_version("snapshots"), what, before, dict(assumptions or {}))


def compare(study: Study, _report: Report) -> list[str]:
    """Set every two options against each other; money follows from that at once, whatever its figures."""
    from explainers.compare.quality import quality
    from explainers.costs.money import names_of

    names = names_of(study)
    quality(study, names)
    return names
