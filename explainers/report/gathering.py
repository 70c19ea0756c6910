"""Results as the pages show them: out of the store, or worked out and kept there for the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from explainers.errors import BakeoffError

if TYPE_CHECKING:
    import pandas as pd

    from explainers.results import Judgement, Unusual
    from explainers.study import Study

Progress = Callable[[float, str], None]
PIN = "pin-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """A case to be shown: one of the study's own, or one that somebody typed in and kept."""

    id: str
    note: str
    row: pd.DataFrame
    typed: bool


def result_of(study: Study, name: str, /, **arguments: Any) -> Any:
    """Return the result of a task as a page gets it, without a second process.

    Parameters
    ----------
    study : Study
    name : str
        Name of the task.
    **arguments : object
        As a page gives them.

    Returns
    -------
    object
        What is kept under the task's key, or what the task gives now, which is kept then.

    Raises
    ------
    BakeoffError
        It cannot be worked out.
    """
    from explainers import store
    from explainers.tasks import task

    what = task(name)
    key = what.key(study, **arguments) if what.key is not None else None
    known = store.get(what.kind, key) if key is not None else None
    if known is not None:
        return known
    made = what.run(study, lambda *_: None, **arguments)
    if key is not None and not getattr(made, "stopped_early", False):
        store.put(what.kind, key, made)
    return made


def pinned(study: Study, asked: tuple[str, ...] | None = None) -> tuple[Pinned, ...]:
    """Return the cases to be shown, in the order in which pages step through them.

    Parameters
    ----------
    study : Study
    asked : tuple of str, optional
        Ids of cases; by default the demo cases of the study, then those that people kept.

    Raises
    ------
    CaseError
        The study has no such case.
    """
    notes = {str(p["case"]): str(p.get("note", "")) for p in study.pinned}
    if asked is not None:
        return tuple(_own(study, case_id, notes.get(case_id, "")) for case_id in asked)
    return (*(_own(study, case_id, note) for case_id, note in notes.items()), *_kept(study))


def _own(study: Study, case_id: str, note: str) -> Pinned:
    row = study.row(case_id)[list(study.feature_names)]
    return Pinned(id=case_id, note=note, row=row, typed=False)


def _kept(study: Study) -> tuple[Pinned, ...]:
    """Return the typed-in cases that people kept; none where the database cannot be read."""
    import pandas as pd

    from explainers import database

    try:
        kept = () if database.nothing_yet() else database.pins(study.name)
    except BakeoffError:
        return ()
    names, like = list(study.feature_names), study.frame
    found = []
    for pin in kept:
        row = pd.DataFrame([{n: pin.case.get(n) for n in names}], index=pd.Index([f"{PIN}{pin.id}"]))
        row = row.astype({n: like[n].dtype for n in names if like[n].dtype.kind in "iufb" and row[n].notna().all()})
        found.append(Pinned(id=f"{PIN}{pin.id}", note=f"{pin.label}, kept by {pin.author}", row=row, typed=True))
    return tuple(found)


def judged(study: Study) -> Mapping[str, Judgement]:
    """Return the verdict on every option against no model; nothing while some are not prepared, as all count."""
    from explainers import metrics

    if not all(c.built or c.failure for c in study.candidates.values()):
        return {}
    try:
        return metrics.verdicts(study)
    except BakeoffError:
        return {}


def unusual(study: Study, candidate: str, row: pd.DataFrame) -> Unusual | None:
    """Return how unlike anything seen a case is; None where that was not learned."""
    from explainers import outliers

    try:
        if not outliers.ready(study, candidate):
            outliers.prepare(study)
        return outliers.unusual(study, row, candidate=candidate)
    except BakeoffError:
        return None
