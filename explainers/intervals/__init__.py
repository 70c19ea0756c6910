"""Ranges that hold: what is stated beside each answer, and how often that held on never-seen rows.

``conformal`` and ``frequencies`` are the arithmetic, ``spread`` learns how far off an option is on which cases,
``basis`` keeps what is needed on disk, ``stating`` makes the statements, ``covering`` counts how often they held.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from explainers.intervals import basis as _basis
from explainers.intervals import covering, stating
from explainers.intervals.basis import LEVELS as LEVELS
from explainers.results import Coverage, Interval, RangeMethod

if TYPE_CHECKING:
    import pandas as pd

    from explainers.study import Study

RESULT_VERSION = 1
__all__ = ["LEVELS", "coverage", "interval", "methods", "of_case", "of_never_seen", "prepare"]


def interval(
    study: Study, candidate: str, cases: pd.DataFrame, *, level: float = 0.9, method: RangeMethod | None = None
) -> Interval:
    """State a range, a frequency or a set of classes beside the answers to cases.

    Parameters
    ----------
    study : Study
        The study.
    candidate : str
        Name of the candidate; it is built on the way if it is not.
    cases : DataFrame of shape (n, k)
        Raw columns, as :func:`explainers.predict.predict` takes them.
    level : float
        Promised share: for so many of 1 new cases like those of the calibration rows the statement is to hold.
    method : str, optional
        "normalised", "by bins", "plain" or "formula" for numbers, "sigmoid" or "nearest" for two classes, "sets" or
        "sets by class" for several; by default the best that the option allows, see :func:`methods`.

    Returns
    -------
    Interval
        Its method is "none" and ``why`` says why where nothing can be stated: no calibration rows, too few of them,
        an option that may have learned from them, or calibration rows of one class.

    Raises
    ------
    CandidateError
        There is no such candidate, it does not answer, or the method does not fit it.
    CaseError
        A column is missing or a value is of the wrong kind.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from explainers import Study
    >>> size = np.random.default_rng(0).normal(100, 10, 200)
    >>> frame = pd.DataFrame({"size": size, "price": 3 * size + np.random.default_rng(1).normal(0, 5, 200)})
    >>> study = Study.from_frame(frame, target="price", candidates={"formula": "formula"})
    >>> found = interval(study, "formula", pd.DataFrame({"size": [100.0]}))
    >>> bool(found.lower[0] < 300 < found.upper[0]), found.n_calibration
    (True, 40)
    """
    from explainers.predict import check_cases, door

    rows = check_cases(study, candidate, cases)
    ready = _basis.prepare(study, candidate)
    answers = door(study, candidate).ask(rows)
    known = stating.methods(study, ready)
    chosen = method or (known[0] if known else None)
    more: dict[str, Any] = {}
    if chosen == "normalised" and "normalised" in known:
        from explainers.intervals import spread

        more["scales"] = spread.scales(_basis.scale_model(study, candidate), rows, answers)
    if chosen == "formula" and "formula" in known:
        from explainers.intervals import spread

        more["formula"] = spread.formula_parts(study, candidate, rows)
    index = tuple(cases.index.tolist())
    return stating.stated(study, candidate, ready, answers, level=level, method=method, index=index, **more)


def of_case(
    study: Study, candidate: str, case_id: str, *, level: float = 0.9, method: RangeMethod | None = None
) -> Interval | None:
    """State the range of one of the study's own cases from what is kept, without the estimator.

    Parameters
    ----------
    study : Study
        The study.
    candidate : str
        Name of the candidate.
    case_id : str
        Id of the case.
    level, method
        As in :func:`interval`.

    Returns
    -------
    Interval or None
        Equal to that of :func:`interval`; None where :func:`prepare` has not run yet.
    """
    at = np.flatnonzero(study.case_ids == str(case_id))
    return _kept(study, candidate, at[:1], level, method) if at.size else None


def of_never_seen(study: Study, candidate: str, *, level: float = 0.9) -> Interval | None:
    """State the ranges of all never-seen rows from what is kept, without the estimator.

    Parameters
    ----------
    study, candidate, level
        As in :func:`interval`.

    Returns
    -------
    Interval or None
        One range per never-seen row with a recorded outcome; None where :func:`prepare` has not run yet.
    """
    at, _ = covering.rows_of(study, candidate)
    return _kept(study, candidate, at, level, None)


def _kept(
    study: Study, candidate: str, at: np.ndarray[Any, Any], level: float, method: RangeMethod | None
) -> Interval | None:
    from explainers import store
    from explainers.build import candidate_key
    from explainers.predict import stored

    ready = _basis.find(study, candidate)
    if ready is None or not store.has("predictions", candidate_key(study, study.candidate(candidate))):
        return None
    answers = stored(study, candidate).to_numpy()[at]
    return _of_rows(study, candidate, ready, answers, at, level, method)


def _of_rows(
    study: Study,
    candidate: str,
    ready: _basis.Basis,
    answers: Any,
    at: np.ndarray[Any, Any],
    level: float,
    method: RangeMethod | None,
) -> Interval:
    more: dict[str, Any] = {}
    if not study.classes:
        answers, more["scales"] = answers[:, 0], ready.scales[at]
        if ready.formula is not None:
            more["formula"] = {k: ready.formula[k][at] for k in ("link", "error")}
    index = tuple(study.frame.index[at].tolist())
    return stating.stated(study, candidate, ready, answers, level=level, method=method, index=index, **more)


def prepare(study: Study, candidate: str) -> tuple[RangeMethod, ...]:
    """Work out and keep what every range of an option rests on; return the methods it allows, the default first.

    For numbers the option is fitted anew to each fold of the training rows, so this takes about five times as long as
    building it; for classes it takes milliseconds.

    Parameters
    ----------
    study : Study
        The study.
    candidate : str
        Name of the candidate.
    """
    return methods(study, candidate)


def methods(study: Study, candidate: str) -> tuple[RangeMethod, ...]:
    """Return the methods that can be asked of an option, its default first; see :func:`prepare`."""
    return stating.methods(study, _basis.prepare(study, candidate))


def coverage(
    study: Study,
    candidate: str,
    *,
    level: float = 0.9,
    by: str | Sequence[str] | None = None,
    method: RangeMethod | None = None,
) -> Coverage:
    """Measure on never-seen rows how often the statements of an option hold.

    Parameters
    ----------
    study : Study
        The study.
    candidate : str
        Name of the candidate.
    level : float
        Promised share.
    by : str or sequence of str, optional
        Columns that make the segments, or "prediction", "time", "outcome"; by default fifths of the answer, moments
        where the split is by time, recorded classes of several, and every boolean, categorical or ordered input,
        protected ones too.
    method : str, optional
        As in :func:`interval`.

    Returns
    -------
    Coverage
        All rows first, then the segments. Numbers and sets: share of rows inside, with Wilson's 95% range. Two
        classes: observed rate against the stated range. A segment is "short" where the shortfall is beyond chance,
        also for having looked at so many segments (Bonferroni); with fewer than 30 rows it is not judged. Its method
        is "none" and ``why`` says why where nothing could be measured.

    Raises
    ------
    CandidateError
        There is no such candidate, or the method does not fit it.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from explainers import Study
    >>> size = np.random.default_rng(0).normal(100, 10, 1000)
    >>> frame = pd.DataFrame({"size": size, "price": 3 * size + np.random.default_rng(1).normal(0, 5, 1000)})
    >>> study = Study.from_frame(frame, target="price", candidates={"formula": "formula"})
    >>> found = coverage(study, "formula")
    >>> found.feature[0], found.n[0], bool(found.lower[0] < 0.9 < found.upper[0])
    ('', 200, True)
    """
    from explainers.predict import stored

    ready = _basis.prepare(study, candidate)
    at, rows = covering.rows_of(study, candidate)
    found = _of_rows(study, candidate, ready, stored(study, candidate).to_numpy()[at], at, level, method)
    if found.method == "none" or not at.size:
        kind: Any = "ranges" if not study.classes else "rates" if len(study.classes) == 2 else "sets"
        why = found.why or "no test rows"
        n = found.n_calibration
        return Coverage(candidate=candidate, kind=kind, level=level, method="none", why=why, rows=rows, n_calibration=n)
    return covering.measure(study, candidate, found, at, rows, by)
