"""What a study keeps besides its fitted options, so that a page only has to read it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from explainers.errors import BakeoffError

if TYPE_CHECKING:
    from explainers.results import Coverage, Interval, Unusual
    from explainers.study import Study

USUAL_LEVEL = 0.9
Progress = Callable[[float, str], None]


def complete(study: Study, names: Sequence[str], *, ranges: bool, progress: Progress | None = None) -> None:
    """Learn and keep what is usual, figures and verdicts of all that is built, and how often ranges held.

    Parameters
    ----------
    study : Study
        With the options that were just built.
    names : sequence of str
        The options whose ranges are worked out.
    ranges : bool
        Whether to work out ranges of numbers too: for them an option is fitted anew to every fold, which takes about
        five times as long as building it. Ranges of classes take milliseconds and are always worked out.
    progress : callable, optional
        Called with the share done and what is being done.
    """
    from explainers import metrics, outliers
    from explainers.build import attach

    tell = progress or (lambda _share, _doing: None)
    tell(0.0, "learning what is usual")
    outliers.prepare(study)
    study = attach(study)
    with contextlib.suppress(BakeoffError):  # the page says what is the matter; what was built stays
        for name in (n for n, c in study.candidates.items() if c.built):
            metrics.evaluate(study, name)
        if all(c.built or c.failure for c in study.candidates.values()):
            metrics.verdicts(study)
    wanted = [n for n in names if study.candidates[n].built and (ranges or study.classes)]
    for at, name in enumerate(wanted):
        tell(at / len(wanted), f"learning how wide the ranges of {study.candidates[name].label} must be")
        with contextlib.suppress(BakeoffError):
            _count(study, name)


def _count(study: Study, name: str) -> None:
    """Count how often ranges at the usual level held, and keep it where the page looks for it."""
    from explainers import store
    from explainers.tasks import task

    what = task("coverage")
    if what.key is None:
        return
    key = what.key(study, candidate=name, level=USUAL_LEVEL)
    if not store.has(what.kind, key):
        store.put(what.kind, key, what.run(study, lambda *_: None, candidate=name, level=USUAL_LEVEL))


def kept(study: Study, name: str, case_id: str) -> tuple[Interval | None, Coverage | None, Unusual | None]:
    """Return what is kept of how sure one answer is, without working anything out.

    Parameters
    ----------
    study : Study
    name : str
        The option.
    case_id : str
        One of the study's own cases.

    Returns
    -------
    tuple of Interval, Coverage and Unusual
        The range at the usual level, how often such ranges held, how unlike anything seen the case is; None each where
        it was not learned yet.
    """
    from explainers import intervals, outliers, store
    from explainers.tasks import task

    what = task("coverage")
    counted = store.get(what.kind, what.key(study, candidate=name, level=USUAL_LEVEL)) if what.key else None
    stated = intervals.of_case(study, name, case_id, level=USUAL_LEVEL) if counted is not None else None
    odd = outliers.unusual(study, case_id, candidate=name) if outliers.ready(study, name) else None
    return stated, counted, odd
