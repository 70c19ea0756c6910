"""One figure before and after: terms of a formula, effects of inputs, measures on never-seen rows, with ranges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from explainers.fields import FloatArray
from explainers.results import Fate, Move

if TYPE_CHECKING:
    from explainers.study import Study

LEVEL = 0.95
LEAST_ROWS = 20
"""Rows below which no range of an effect is given."""


def terms(before: Any, after: Any, others: Sequence[Any]) -> tuple[Move, ...]:
    """Return the coefficients of a formula before and after; nothing for any other option.

    Parameters
    ----------
    before, after : estimator
        Fitted with all rows and without some.
    others : sequence of estimator
        Fitted without as many rows drawn by lot.
    """
    if not all(hasattr(e, "names_") and hasattr(e, "cov_") for e in (before, after)):
        return ()
    old, new = _coefficients(before), _coefficients(after)
    lots = [_coefficients(e) for e in others]
    found = []
    for key, (value, low, high) in old.items():
        name, outcome = key
        then = new.get(key)
        usual = [abs(lot[key][0] - value) for lot in lots if key in lot]
        found.append(
            Move(
                kind="term",
                name=name,
                outcome=outcome,
                before=value,
                before_lower=low,
                before_upper=high,
                after=None if then is None else then[0],
                after_lower=None if then is None else then[1],
                after_upper=None if then is None else then[2],
                change=None if then is None else then[0] - value,
                usual=max(usual) if usual else None,
                fate=fate((value, low, high), then),
            )
        )
    return tuple(found)


def fate(before: tuple[float, float, float], after: tuple[float, float, float] | None) -> Fate:
    """Return what becomes of a term whose ranges (value, lower, upper) are these.

    Examples
    --------
    >>> fate((2.0, 1.0, 3.0), (-2.0, -3.0, -1.0)), fate((2.0, 1.0, 3.0), (0.5, -1.0, 2.0)), fate((2.0, 1.0, 3.0), None)
    ('turns', 'fades', 'gone')
    """
    if after is None:
        return "gone"
    was, now = (low > 0 or high < 0 for _, low, high in (before, after))
    if was and now:
        return "turns" if before[0] * after[0] < 0 else "stays"
    if was:
        return "fades"
    return "appears" if now else "stays"


def _coefficients(estimator: Any) -> dict[tuple[str, Any], tuple[float, float, float]]:
    """Return each coefficient with its 95% range, by name and class; one that no row speaks for is left out."""
    from scipy.stats import t

    coefficients = np.asarray(estimator.coef_)
    p, m = coefficients.shape
    errors = np.sqrt(np.maximum(np.diag(estimator.cov_), 0.0)).reshape(m, p).T
    free = float(getattr(estimator, "free_", np.inf))
    wide = float(t.ppf(0.5 + LEVEL / 2, free)) if free >= 1 else np.inf
    classes = getattr(estimator, "classes_", [None] * (m + 1))
    several = m > 1
    out = {}
    for a in range(m):
        for k, name in enumerate(estimator.names_):
            if errors[k, a] > 0:
                half = wide * float(errors[k, a])
                value = float(coefficients[k, a])
                out[name, classes[a + 1] if several else None] = (value, value - half, value + half)
    return out


def effects(
    inputs: Sequence[tuple[str, Any, Any]], before: FloatArray, after: FloatArray, others: Sequence[FloatArray]
) -> tuple[Move, ...]:
    """Return how far the answer moves from a low to a high value of each input, before and after.

    Parameters
    ----------
    inputs : sequence of (name, low, high)
    before, after : ndarray of shape (n_inputs, n_rows)
        Answer at the high value less answer at the low one.
    others : sequence of ndarray
        The same, without rows drawn by lot.
    """
    found = []
    for k, (name, low, high) in enumerate(inputs):
        change, change_low, change_high = _mean(after[k] - before[k])
        was, now = _mean(before[k]), _mean(after[k])
        usual = [abs(float(lot[k].mean()) - was[0]) for lot in others]
        found.append(
            Move(
                kind="effect",
                name=name,
                low=low,
                high=high,
                before=was[0],
                before_lower=was[1],
                before_upper=was[2],
                after=now[0],
                after_lower=now[1],
                after_upper=now[2],
                change=change,
                change_lower=change_low,
                change_upper=change_high,
                usual=max(usual) if usual else None,
            )
        )
    return tuple(found)


def _mean(values: FloatArray) -> tuple[float, float | None, float | None]:
    """Return a mean with its 95% range over rows; no range where there are too few."""
    value = float(values.mean())
    if values.size < LEAST_ROWS:
        return value, None, None
    half = 1.959964 * float(values.std(ddof=1)) / float(np.sqrt(values.size))
    return value, value - half, value + half


def measures(
    study: Study, rows: Any, before: FloatArray, after: FloatArray, others: Sequence[FloatArray]
) -> tuple[Move, ...]:
    """Return each measure on the same never-seen rows, the declared one first, with the paired range of the change."""
    from explainers.metrics import class_measures, focus_of, groups_of, number_measures, recorded
    from explainers.metrics.differing import measure_of, paired
    from explainers.metrics.evaluating import range_of

    if not len(rows):
        return ()
    focus, classes = focus_of(study), bool(study.classes)
    actual: Any = recorded(study, rows) if classes else study.frame[study.target].to_numpy(dtype=np.float64)[rows]

    def every(answers: FloatArray) -> dict[str, float]:
        if classes:
            return class_measures(answers, actual, focus=focus, threshold=study.threshold)
        return number_measures(answers[:, 0], actual)

    groups = groups_of(study, rows)
    was, now, lots = every(before), every(after), [every(o) for o in others]
    first = measure_of(study)
    found = []
    for name in sorted(was, key=lambda n: n != first):
        ends = [
            range_of(name, v, a, actual, focus, study.threshold, groups=groups, level=LEVEL)[0]
            for v, a in ((was[name], before), (now[name], after))
        ]
        low, high, *_ = paired(name, after, before, actual, focus, study.threshold, groups=groups, level=LEVEL)
        usual = [abs(lot[name] - was[name]) for lot in lots if name in lot]
        found.append(
            Move(
                kind="metric",
                name=name,
                before=was[name],
                before_lower=ends[0][0] if ends[0] else None,
                before_upper=ends[0][1] if ends[0] else None,
                after=now[name],
                after_lower=ends[1][0] if ends[1] else None,
                after_upper=ends[1][1] if ends[1] else None,
                change=now[name] - was[name],
                change_lower=low,
                change_upper=high,
                usual=max(usual) if usual else None,
            )
        )
    return tuple(found)
