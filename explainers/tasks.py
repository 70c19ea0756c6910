"""What the worker does: one task per kind of question, with the lane it runs in and the key of its result.

A task is a function of an opened study; its result is kept on disk where it has a key. ``jobs.py`` sends tasks by name,
``worker.py`` runs them.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from explainers import meeting_tasks, upload_tasks
from explainers.errors import CaseError, JobError

if TYPE_CHECKING:
    import pandas as pd

    from explainers.results import Agreement, Answer, Contrast, Explanation, Interval, Reference
    from explainers.study import Study

Report = Callable[[float | None, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing that a worker does."""

    run: Callable[..., Any]
    doing: str
    lane: Literal["quick", "long", "upload"] = "quick"
    kind: str = ""
    key: Callable[..., str] | None = None


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
    """Build options; with a case, also explain it here, where the fitted options are at hand.

    What pages need besides is learned here too, as far as it takes well under a second for thousands of rows.
    """
    from explainers import store
    from explainers.ahead import explain_ahead
    from explainers.build import build
    from explainers.complete import complete

    store.check_writable()
    built = build(study, None if names is None else tuple(names), progress=report)
    wanted = list(built.candidates) if names is None else list(names)
    for name in wanted if case is not None else ():
        if not built.candidates[name].failure:
            explain_ahead(built, name, [str(case)])
    complete(built, wanted, ranges=False)
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


def _contrast(
    study: Study,
    _report: Report,
    *,
    candidate: str,
    case: Any,
    a: Any,
    b: Any,
    reference: Mapping[str, Any] | None = None,
) -> Contrast:
    from explainers.contrast import contrast

    return contrast(study, candidate, _frame(study, case), a=a, b=b, reference=_reference(study, reference))


def _interval(
    study: Study, _report: Report, *, candidate: str, case: Any, level: float = 0.9, method: Any = None
) -> Interval:
    from explainers import intervals

    return intervals.interval(study, candidate, _frame(study, case), level=level, method=method)


def _ranges(study: Study, _report: Report, *, candidate: str) -> list[str]:
    from explainers import intervals

    return list(intervals.prepare(study, candidate))


def _usual(study: Study, _report: Report) -> int:
    from explainers import outliers

    return outliers.prepare(study)


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


def _contrast_key(study: Study, **arguments: Any) -> str:
    from explainers import keys

    case = _values(study, arguments.pop("case"))
    return keys.contrast_key(study, arguments.pop("candidate"), case, **arguments)


def _many_key(study: Study, *, candidate: str, **arguments: Any) -> str:
    from explainers import keys

    version = keys.result_version("attribution")
    return keys.candidate_result_key(study, "many", candidate, attribution=version, **arguments)


def _ranges_key(study: Study, *, candidate: str, case: Any = None, **arguments: Any) -> str:
    from explainers import keys

    target = study.dictionary[study.target]  # no range goes beyond its ends
    what: dict[str, Any] = {"ends": [target.minimum, target.maximum], "split": study.split_by, "of": "coverage"}
    if case is not None:
        values = _values(study, case)
        what["of"] = {name: values.get(name) for name in study.candidate(candidate).features}
    return keys.candidate_result_key(study, "intervals", candidate, **what, **arguments)


def _diagnose_key(study: Study, *, candidate: str, **arguments: Any) -> str:
    from explainers import keys

    known = sorted(n for n, c in study.candidates.items() if c.recipe == "last_known")  # tried as a remedy
    what: dict[str, Any] = {"split": study.split_by, "margin": study.margin, "known": ",".join(known)}
    return keys.candidate_result_key(study, "diagnostics", candidate, **what, **arguments)


def _costs_key(study: Study, *, candidate: str) -> str:
    from explainers import costs

    return costs.key(study, candidate)


def _growth_key(study: Study, *, candidate: str) -> str:
    from explainers import costs

    return costs.growth_key(study, candidate)


def _about(stem: str, name: str, doing: str, *, lane: Literal["quick", "long"] = "long", tells: bool = False) -> Task:
    """Return the task that asks one function about a whole candidate; ``tells``: it reports its progress."""

    def run(study: Study, report: Report, *, candidate: str, **arguments: Any) -> Any:
        function = getattr(importlib.import_module(f"explainers.{stem}"), name)
        return function(study, candidate, **arguments, **({"progress": report} if tells else {}))

    def key(study: Study, *, candidate: str, **arguments: Any) -> str:
        from explainers import keys

        return keys.candidate_result_key(study, stem, candidate, **arguments)

    return Task(run=run, doing=doing, lane=lane, kind=stem, key=key)


def _residuals(name: str, doing: str) -> Task:
    """Return the task of one view of residuals; the views share a stem, so each has its name in the key."""

    def key(study: Study, *, candidate: str, **arguments: Any) -> str:
        from explainers import keys

        return keys.candidate_result_key(study, "residuals", candidate, of=name, split=study.split_by, **arguments)

    return replace(_about("residuals", name, doing, lane="quick"), key=key)


def _of_study(stem: str, name: str, doing: str, *, lane: Literal["quick", "long"] = "long") -> Task:
    """Return the task that asks one function about the data of a study, whatever its options."""

    def run(study: Study, _report: Report, **arguments: Any) -> Any:
        return getattr(importlib.import_module(f"explainers.{stem}"), name)(study, **arguments)

    def key(study: Study, **arguments: Any) -> str:
        from explainers import keys, store

        columns = [(f.name, f.kind, f.role, list(map(str, f.level_labels))) for f in study.dictionary]
        data = [study.data_key, study.target, list(study.classes), study.split_by, columns]
        return store.key(stem, keys.result_version(stem), data, sorted(arguments.items()))

    return Task(run=run, doing=doing, lane=lane, kind=stem, key=key)


TASKS: dict[str, Task] = {
    "build": Task(run=_build, doing="building the options", lane="long"),
    "explain": Task(run=_explain, doing="explaining a case", kind="explanation", key=_explanation_key),
    "answers": Task(run=_answers, doing="asking the options", kind="answers", key=_answers_key),
    # Seconds of work: in the quick lane it would hold up a picked case.
    "agreement": Task(run=_agreement, doing="checking with shap", kind="agreement", key=_agreement_key, lane="long"),
    "contrast": Task(run=_contrast, doing="setting two outcomes apart", kind="contrast", key=_contrast_key),
    # An explanation is as old as the code that attributes, whatever gathers it.
    "explain_many": replace(_about("many", "explain_rows", "explaining many cases", tells=True), key=_many_key),
    "importance": _about("importance", "importance", "looking at what counts", tells=True),
    "effect": _about("effects", "effect", "moving one input", lane="quick"),
    "interactions": _about("interactions", "interactions", "trying pairs of inputs", tells=True),
    "segments": _about("residuals.segments", "segments", "looking where it is most wrong"),
    "cells": _about("residuals.cells", "cells", "counting errors in cells of two inputs", lane="quick"),
    "traits": _of_study("traits", "traits", "looking for what they have in common", lane="quick"),
    "triage": _about("triage", "triage", "trying rules for who decides", lane="quick"),
    "whole": _about("whole", "whole", "listing the whole of it", lane="quick"),
    "residuals": _residuals("residuals", "measuring how far off it is"),
    "binned": _residuals("binned", "counting how far off it is"),
    "distribution": _residuals("distribution", "counting how far off it is"),
    "diagnose": replace(_about("diagnostics", "diagnose", "testing what it is off by"), key=_diagnose_key),
    # Measured in a process of their own: half a minute and more for the slowest.
    "costs": replace(_about("costs", "measure", "measuring what it takes", tells=True), key=_costs_key),
    "growth": replace(
        _about("costs", "growth", "trying it with fewer rows", tells=True), kind="growth", key=_growth_key
    ),
    "interval": Task(run=_interval, doing="working out the range", kind="interval", key=_ranges_key),
    # Options for numbers are fitted anew to every fold: minutes for the slowest.
    "ranges": Task(run=_ranges, doing="learning how wide ranges must be", lane="long"),
    "coverage": replace(_about("intervals", "coverage", "counting how often ranges held"), key=_ranges_key),
    "coverage_by": replace(_about("intervals", "coverage", "counting group by group", lane="quick"), key=_ranges_key),
    "odd_inputs": _about("outliers.ranking", "scores", "looking for odd values", lane="quick"),
    # Options are fitted to folds, and again for each trial of how well such a list does.
    "suspicious": _of_study("outliers.labels", "suspicious_labels", "looking for outcomes worth a check"),
    "duplicates": _of_study("outliers.doubles", "duplicates", "looking for copies", lane="quick"),
    "influence": _about("outliers.influential", "influence", "looking at what single rows do", lane="quick"),
    "without": _about("outliers.leaving_out", "without", "fitting it without those rows", tells=True),
    # It is kept by itself, under the key of compare.quality.
    "compare": Task(run=meeting_tasks.compare, doing="setting options against each other"),
    "usual": Task(run=_usual, doing="learning what is usual"),
    "ahead": Task(run=_ahead, doing="explaining cases ahead", lane="long"),
    "predictions": Task(run=_predictions, doing="answering every case"),
    "freeze": Task(run=meeting_tasks.freeze, doing="keeping the state of today", lane="long"),
    "changes": Task(
        run=meeting_tasks.changes,
        doing="looking for what changed",
        lane="long",
        kind="changes",
        key=meeting_tasks.changes_key,
    ),
    "export": Task(run=meeting_tasks.export, doing="putting the study together", lane="long"),
    "read_upload": Task(run=upload_tasks.read, doing="reading the file", lane="upload"),
    "read_table": Task(run=upload_tasks.read_table, doing="reading the table", lane="upload"),
    "guess_upload": Task(run=upload_tasks.guess, doing="looking at the columns", lane="upload"),
    "check_upload": Task(run=upload_tasks.check, doing="looking for problems", lane="upload"),
    "keep_upload": Task(run=upload_tasks.keep, doing="keeping the study", lane="upload"),
    "try_model": Task(run=upload_tasks.try_model, doing="trying the model file", lane="upload"),
    "add_models": Task(run=upload_tasks.add_models, doing="adding to the study", lane="upload"),
    "take_off_model": Task(run=upload_tasks.take_off, doing="taking it off the study", lane="upload"),
    "unpack_upload": Task(run=upload_tasks.unpack, doing="opening the study", lane="upload"),
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
