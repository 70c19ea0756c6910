"""Two options on the same rows: their difference with its range, and what it lets one say."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from explainers.errors import CandidateError
from explainers.metrics import ordering, resampling
from explainers.metrics.evaluating import LEAST_OF_A_CLASS, groups_of, kept_key, macro_resamples
from explainers.metrics.measures import (
    CLASS_MEASURES,
    GREATER_IS_BETTER,
    NUMBER_MEASURES,
    Array,
    IntArray,
    class_measures,
    each_row,
    focus_of,
    measured_rows,
    number_measures,
    recorded,
)
from explainers.results import Difference
from explainers.study import TEST

if TYPE_CHECKING:
    from explainers.results_quality import Standing
    from explainers.study import Study


def difference(study: Study, a: str, b: str, metric: str | None = None, *, level: float = 0.95) -> Difference:
    """Compare two options on the same never-seen rows.

    Parameters
    ----------
    study : Study
        The study; its margin counts where the measure is the declared one.
    a, b : str
        Names of candidates; the verdict speaks of a.
    metric : str, optional
        accuracy, auc, log_loss, brier, mae, rmse or r2; by default the declared measure of the study, else log_loss
        or mae.
    level : float
        Level of the range.

    Returns
    -------
    Difference
        The measure of a minus the measure of b. about the same: the whole range lies inside the margin. better or
        worse: the range leaves out zero. Without a range (too few rows) the verdict is cannot tell.

    Raises
    ------
    CandidateError
        There is no such candidate, the measure is not one of this kind of study, or these rows cannot give it.

    Notes
    -----
    auc: DeLong for two areas on the same rows (several classes: resampled standard error). accuracy: the adjusted Wald
    range of Bonett and Price, with McNemar's exact p-value beside it. The others: studentised resamples of the paired
    difference. Rows that belong together are drawn together.

    References
    ----------
    DeLong et al. (1988), https://doi.org/10.2307/2531595; Bonett and Price (2012),
    https://doi.org/10.3102/1076998611411915; McNemar (1947), https://doi.org/10.1007/BF02295996

    Examples
    --------
    >>> from explainers import Study
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"size": [float(i % 9) for i in range(200)], "price": [2.0 * (i % 9) for i in range(200)]})
    >>> study = Study.from_frame(frame, target="price", candidates=["no_model", "tree"])
    >>> difference(study, "tree", "no_model").verdict
    'better'
    """
    from explainers import store

    metric = measure_of(study) if metric is None else metric
    known = CLASS_MEASURES if study.task == "classification" else NUMBER_MEASURES
    if metric not in known:
        raise CandidateError(f"Expected a measure of this kind of study, got {metric!r}. Use {', '.join(known)}.")
    key = kept_key(study, (a, b), "difference", metric, level)
    kept = store.get("metrics", key)
    if isinstance(kept, Difference):
        return _renamed(kept, a, b)
    found = _difference(study, a, b, metric, level)
    store.put("metrics", key, found)
    return found


def measure_of(study: Study) -> str:
    """Return the declared measure of a study where it fits its kind, else the plain one: log_loss or mae."""
    known, plain = (CLASS_MEASURES, "log_loss") if study.task == "classification" else (NUMBER_MEASURES, "mae")
    return study.metric if study.metric in known else plain


def standing(lower: float | None, upper: float | None, *, greater_is_better: bool, margin: float | None) -> Standing:
    """Return what a range of a difference lets one say of the first option.

    Examples
    --------
    >>> standing(0.01, 0.05, greater_is_better=True, margin=None)
    'better'
    >>> standing(-0.01, 0.015, greater_is_better=True, margin=0.02)
    'about the same'
    >>> standing(-1.0, 3.0, greater_is_better=False, margin=2)
    'cannot tell'
    """
    if lower is None or upper is None:
        return "cannot tell"
    if max(abs(lower), abs(upper)) <= 1e-12 or (margin is not None and -margin <= lower and upper <= margin):
        return "about the same"
    if lower > 0:
        return "better" if greater_is_better else "worse"
    if upper < 0:
        return "worse" if greater_is_better else "better"
    return "cannot tell"


def _renamed(kept: Difference, a: str, b: str) -> Difference:
    """Return a kept difference under the names of today: names are no part of what is kept."""
    from dataclasses import replace

    return kept if (kept.a, kept.b) == (a, b) else replace(kept, a=a, b=b)


def _difference(study: Study, a: str, b: str, metric: str, level: float) -> Difference:
    from explainers.predict import stored

    (at, said_of), (other, said_of_other) = (measured_rows(study, c, (TEST,)) for c in (a, b))
    rows = np.intersect1d(at, other)
    answers = [stored(study, c).to_numpy(dtype=np.float64)[rows] for c in (a, b)]
    groups = groups_of(study, rows)
    measured: list[dict[str, float]] = [{}, {}]
    actual: Any = None
    if rows.size and study.task == "classification":
        actual = recorded(study, rows)
        measured = [class_measures(x, actual, focus=focus_of(study), threshold=study.threshold) for x in answers]
    elif rows.size:
        actual = study.frame[study.target].to_numpy(dtype=np.float64)[rows]
        measured = [number_measures(x[:, 0], actual) for x in answers]
    if any(metric not in m for m in measured):
        raise CandidateError(
            f"The {rows.size} rows with a recorded outcome cannot give {metric}. Use another measure, or more rows."
        )
    value = measured[0][metric] - measured[1][metric]
    lower, upper, p_value, mcnemar, method = paired(
        metric, answers[0], answers[1], actual, focus_of(study), study.threshold, groups=groups, level=level
    )
    better = GREATER_IS_BETTER[metric]
    margin = float(study.margin) if study.margin is not None and metric == study.metric else None
    return Difference(
        a=a,
        b=b,
        metric=metric,
        value=value,
        lower=lower,
        upper=upper,
        level=level,
        verdict=standing(lower, upper, greater_is_better=better, margin=margin),
        margin=margin,
        greater_is_better=better,
        p_value=p_value,
        mcnemar=mcnemar,
        n=int(rows.size),
        rows=said_of if said_of != "test" else said_of_other,
        groups=0 if groups is None else int(groups.max()) + 1,
        method=method,
    )


Paired = tuple[float | None, float | None, float | None, float | None, str]


def paired(
    metric: str,
    a: Array,
    b: Array,
    actual: Any,
    focus: int = 0,
    threshold: float = 0.5,
    *,
    groups: IntArray | None = None,
    level: float = 0.95,
) -> Paired:
    """Return lower and upper end of a difference, its p-value, McNemar's p-value (accuracy only) and the method.

    Parameters
    ----------
    metric : str
        The measure.
    a, b : ndarray of shape (n, n_outputs)
        Answers of both on the same rows.
    actual : ndarray of shape (n,)
        Places of recorded classes, or recorded numbers.
    focus, threshold
        The positive class of two, and from which probability on it is chosen.
    groups : ndarray of shape (n,), optional
        Group of each row.
    level : float
        Level of the range.
    """
    by = ", by group" if groups is not None else ""
    if np.array_equal(a, b):
        return 0.0, 0.0, 1.0, 1.0 if metric == "accuracy" else None, "the same answers"
    if metric == "auc":
        return _areas(a, b, actual, focus, groups, level)
    mine, others = (each_row(metric, x, actual, focus, threshold) for x in (a, b))
    mcnemar = _mcnemar(mine, others) if metric == "accuracy" else None
    if metric == "accuracy" and groups is None:
        return (*_bonett(mine, others, level), mcnemar, "adjusted Wald of Bonett and Price")
    y = actual if metric == "r2" else None
    if metric in ("rmse", "r2"):
        parts = [resampling.columns_of(metric, x, y) for x in (mine, others)]
    else:  # a difference of means is the mean of differences
        parts = [resampling.columns_of(metric, mine - others)]
    found = resampling.spread([metric] * len(parts), [resampling.by_unit(p, groups) for p in parts], even=True)
    method = "studentised bootstrap" + by
    if found is None:
        return None, None, None, mcnemar, method
    return (*found.ends(level), found.p_value(), mcnemar, method)


def _areas(a: Array, b: Array, actual: IntArray, focus: int, groups: IntArray | None, level: float) -> Paired:
    by = ", by group" if groups is not None else ""
    two = a.shape[1] == 2
    method = ("DeLong" if two else "bootstrap standard error") + by
    if int(np.bincount(actual, minlength=a.shape[1]).min()) < LEAST_OF_A_CLASS:
        return None, None, None, None, method
    if two:
        positive = actual == focus
        (area, each), (other, its) = (ordering.components(x[:, focus], positive) for x in (a, b))
        value, error = area - other, math.sqrt(ordering.variance(each - its, groups))
        df = ordering.freedom(each - its, positive, groups)
    else:
        areas = [np.mean([ordering.components(x[:, k], actual == k)[0] for k in range(x.shape[1])]) for x in (a, b)]
        apart = macro_resamples(a, actual, groups) - macro_resamples(b, actual, groups)
        apart = apart[np.isfinite(apart)]
        value, error = float(areas[0] - areas[1]), float(apart.std(ddof=1)) if apart.size > 1 else 0.0
        df = math.inf
    if error <= 1e-12:
        return value, value, 1.0 if abs(value) <= 1e-12 else 0.0, None, method
    half = ordering.t_quantile(level, df) * error
    return value - half, value + half, ordering.t_tail(value / error, df), None, method


def _bonett(mine: Array, others: Array, level: float) -> tuple[float, float, float]:
    n = len(mine)
    more, fewer = (float(((mine > others).sum() + 1) / (n + 2)), float(((mine < others).sum() + 1) / (n + 2)))
    value = more - fewer
    error = math.sqrt((more + fewer - value**2) / (n + 2))
    half = NormalDist().inv_cdf(0.5 + level / 2) * error
    return max(value - half, -1.0), min(value + half, 1.0), 2 * NormalDist().cdf(-abs(value) / error)


def _mcnemar(mine: Array, others: Array) -> float:
    """Return the exact two-sided p-value: of the rows that only one gets right, half for each."""
    k, m = int((mine > others).sum()), int((mine != others).sum())
    k = min(k, m - k)
    logs = [math.lgamma(m + 1) - math.lgamma(i + 1) - math.lgamma(m - i + 1) - m * math.log(2) for i in range(k + 1)]
    return min(1.0, 2 * sum(map(math.exp, logs)))
