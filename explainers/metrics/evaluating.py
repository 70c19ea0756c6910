"""Figures of quality with their ranges, kept on disk by key."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from explainers import calibration
from explainers.metrics import ordering, resampling
from explainers.metrics.measures import (
    GREATER_IS_BETTER,
    Array,
    IntArray,
    class_measures,
    each_row,
    focus_of,
    measured_rows,
    number_measures,
    recorded,
)
from explainers.results import Metric
from explainers.study import TEST

if TYPE_CHECKING:
    from explainers.study import Study

LEAST_OF_A_CLASS = 5  # rows of the rarer class below which no range of an order is given


def evaluate(study: Study, candidate: str, *, rows: Sequence[str] = (TEST,), level: float = 0.95) -> tuple[Metric, ...]:
    """Measure a candidate.

    Parameters
    ----------
    study : Study
        The study.
    candidate : str
        Name of the candidate; built on the way if it is not.
    rows : sequence of str
        Split labels of the rows to measure on. Where the study has no test rows because its history is unknown, its
        unknown rows are taken, and said so.
    level : float
        Level of the ranges.

    Returns
    -------
    tuple of Metric
        Classes: accuracy, auc, log_loss, brier; numbers: mae, rmse, r2. A measure that these rows cannot give is left
        out: auc where not every class occurs (several classes: the mean over classes, each against the rest), r2
        with fewer than two rows or a target that does not vary; all of them where there are no rows. Ranges are left
        out where there are too few rows for one.

    Notes
    -----
    With two classes a case counts as positive from ``study.threshold`` on, so that accuracy agrees with
    :func:`errors`; with several it is the likeliest class. brier is halved for two classes, as scikit-learn has it.

    Ranges: accuracy by Wilson; auc by DeLong on the scale of log odds (several classes: resampled standard error);
    the others by studentised resamples on a log scale. Rows that belong together (:func:`together`) are drawn
    together. What was measured once is kept on disk by the keys of study and candidate.

    References
    ----------
    Wilson (1927), https://doi.org/10.1080/01621459.1927.10502953; DeLong et al. (1988),
    https://doi.org/10.2307/2531595

    Examples
    --------
    >>> from explainers import Study
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"size": [float(i) for i in range(100)], "sold": ["no", "yes"] * 50})
    >>> study = Study.from_frame(frame, target="sold", candidates={"no_model": "no_model"})
    >>> found = evaluate(study, "no_model")[0]
    >>> found.name, found.value, round(found.lower, 3), round(found.upper, 3)
    ('accuracy', 0.5, 0.299, 0.701)
    """
    from explainers import store

    key = kept_key(study, (candidate,), "evaluate", list(rows), level)
    known = store.get("metrics", key)
    if isinstance(known, tuple) and all(isinstance(m, Metric) for m in known):
        return known
    found = _evaluate(study, candidate, rows, level)
    store.put("metrics", key, found)
    return found


def kept_key(study: Study, candidates: Sequence[str], *what: Any) -> str:
    """Return the key under which figures of these candidates are kept: data, measure, words of nothing."""
    from explainers import keys, store
    from explainers.build import candidate_key

    return store.key(
        keys.result_version("metrics"),
        [candidate_key(study, study.candidate(c)) for c in candidates],
        [study.candidate(c).given_fitted for c in candidates],
        [study.data_key, study.target, study.split_by, study.metric, study.margin, float(study.threshold)],
        [str(study.positive), together(study) or ""],
        list(what),
    )


def _evaluate(study: Study, candidate: str, rows: Sequence[str], level: float) -> tuple[Metric, ...]:
    at, said_of = measured_rows(study, candidate, rows)
    if not at.size:
        return ()
    from explainers.predict import stored

    answers = stored(study, candidate).to_numpy(dtype=np.float64)[at]
    groups = groups_of(study, at)
    if study.task == "classification":
        actual: Any = recorded(study, at)
        values = class_measures(answers, actual, focus=focus_of(study), threshold=study.threshold)
        rarest: int | None = int(np.bincount(actual, minlength=len(study.classes)).min())
    else:
        actual = study.frame[study.target].to_numpy(dtype=np.float64)[at]
        values, rarest = number_measures(answers[:, 0], actual), None
    found = []
    for name, value in values.items():
        ends, method = range_of(
            name, value, answers, actual, focus_of(study), study.threshold, groups=groups, level=level
        )
        found.append(
            Metric(
                name=name,
                value=value,
                lower=ends[0] if ends else None,
                upper=ends[1] if ends else None,
                level=level if ends else None,
                greater_is_better=GREATER_IS_BETTER[name],
                n=int(at.size),
                rows=said_of,
                rarest=rarest,
                groups=0 if groups is None else int(groups.max()) + 1,
                method=method if ends else "",
            )
        )
    return tuple(found)


def together(study: Study) -> str | None:
    """Return the column whose equal values mark rows that belong together, or None.

    The column of the role group; else the one that the split keeps whole; else the one by which the formula's ranges
    are made robust (its parameter ``clusters``).
    """
    how, _, column = study.split_by.partition(":")
    named = [*study.dictionary.names("group"), *([column] if how == "group" else [])]
    named += [str(c.parameters["clusters"]) for c in study.candidates.values() if c.parameters.get("clusters")]
    return next((n for n in named if n in study.frame.columns), None)


def groups_of(study: Study, at: IntArray) -> IntArray | None:
    """Return the group of each of these rows as numbers from 0 on; None where rows count alone.

    A row without a group is one of its own.
    """
    import pandas as pd

    column = together(study)
    if column is None or not at.size:
        return None
    codes = np.asarray(pd.factorize(study.frame[column].iloc[at].astype(object))[0], dtype=np.int64)
    alone = codes < 0
    codes[alone] = codes.max() + 1 + np.arange(int(alone.sum()))
    return np.asarray(pd.factorize(codes)[0], dtype=np.int64)


def range_of(
    name: str,
    value: float,
    answers: Array,
    actual: Any,
    focus: int,
    threshold: float = 0.5,
    *,
    groups: IntArray | None = None,
    level: float = 0.95,
) -> tuple[tuple[float, float] | None, str]:
    """Return the range of one measure and how it was formed; no range where there are too few rows.

    Parameters
    ----------
    name : str
        The measure.
    value : float
        Its figure on these rows.
    answers : ndarray of shape (n, n_outputs)
        Class probabilities or numbers.
    actual : ndarray of shape (n,)
        Places of recorded classes, or recorded numbers.
    focus, threshold
        The positive class of two, and from which probability on it is chosen.
    groups : ndarray of shape (n,), optional
        Group of each row.
    level : float
        Level of the range.
    """
    if name == "auc":
        return _order(value, answers, actual, focus, groups, level)
    each = each_row(name, answers, actual, focus, threshold)
    if name == "accuracy":
        return _share(value, each, groups, level)
    columns = resampling.columns_of(name, each, actual if name == "r2" else None)
    found = resampling.spread([name], [resampling.by_unit(columns, groups)], log=True)
    how = "studentised bootstrap, log scale" + (", by group" if groups is not None else "")
    if found is None:
        return None, how
    low, high = (math.exp(min(e, 700.0)) for e in found.ends(level))
    return ((1 - high, 1 - low) if name == "r2" else (low, high)), how


def _share(value: float, each: Array, groups: IntArray | None, level: float) -> tuple[tuple[float, float] | None, str]:
    """Wilson's range; rows that belong together count as so many alone as would give the same spread."""
    n = calibration.effective_rows(each, groups)
    lower, upper = calibration.wilson(np.array([value]), np.array([n]), NormalDist().inv_cdf(0.5 + level / 2))
    return (float(lower[0]), float(upper[0])), "Wilson" + (", effective rows of groups" if groups is not None else "")


def _order(
    value: float, answers: Array, actual: IntArray, focus: int, groups: IntArray | None, level: float
) -> tuple[tuple[float, float] | None, str]:
    by = ", by group" if groups is not None else ""
    if answers.shape[1] == 2:
        how = "DeLong, logit scale" + by
        positive = actual == focus
        rarer = min(int(positive.sum()), int((~positive).sum()))
        if rarer < LEAST_OF_A_CLASS:
            return None, how
        each = ordering.components(answers[:, focus], positive)[1]
        error = math.sqrt(ordering.variance(each, groups))
        high = ordering.t_quantile(level, ordering.freedom(each, positive, groups))
        if error == 0 and value in (0.0, 1.0):  # told apart without a fault: the rarer kind bounds how sure that is
            lower, upper = calibration.wilson(np.array([value]), np.array([rarer]), high)
            return (float(lower[0]), float(upper[0])), how
    else:
        how = "bootstrap standard error, logit scale" + by
        if int(np.bincount(actual, minlength=answers.shape[1]).min()) < LEAST_OF_A_CLASS:
            return None, how
        found = _resampled_macro(answers, actual, groups)
        error = float(found.std(ddof=1)) if found.size > 1 else 0.0
        high = NormalDist().inv_cdf(0.5 + level / 2)
    if error == 0 or value in (0.0, 1.0):
        return ((value, value) if error == 0 and 0 < value < 1 else None), how
    centre, half = math.log(value / (1 - value)), high * error / (value * (1 - value))
    return (1 / (1 + math.exp(half - centre)), 1 / (1 + math.exp(-half - centre))), how


def _resampled_macro(answers: Array, actual: IntArray, groups: IntArray | None) -> Array:
    found = macro_resamples(answers, actual, groups)
    return found[np.isfinite(found)]


def macro_resamples(answers: Array, actual: IntArray, groups: IntArray | None, n_resamples: int = 500) -> Array:
    """Return the mean over classes of auc, each against the rest, in the same resamples for every candidate."""
    n_units = len(actual) if groups is None else int(groups.max()) + 1
    rng = np.random.default_rng(0)
    out = []
    size = max(1, 4_000_000 // len(actual))
    for start in range(0, n_resamples, size):
        drawn = resampling.weights(n_units, min(size, n_resamples - start), rng)
        rows = drawn if groups is None else drawn[:, groups]
        each = [resampling.weighted_auc(answers[:, k], actual == k, rows) for k in range(answers.shape[1])]
        out.append(np.mean(each, axis=0))
    return np.concatenate(out)
