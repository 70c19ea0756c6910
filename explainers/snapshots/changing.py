"""Compare two states: figures on the cases both have, answers that turned, reasons, money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from explainers.results import (
    Changes,
    Difference,
    FigureChange,
    FloatArray,
    OptionChange,
    OptionState,
    Snapshot,
)
from explainers.snapshots.flipping import first_reasons, flips
from explainers.snapshots.pairing import Paired, pair

if TYPE_CHECKING:
    from explainers.results import Assumptions
    from explainers.study import Study

LEVEL = 0.95


def changes(
    before: Snapshot, after: Snapshot | Study, assumptions: Assumptions | Mapping[str, float] | None = None
) -> Changes:
    """Say what changed between two states.

    Parameters
    ----------
    before : Snapshot
        The earlier state.
    after : Snapshot or Study
        The later state; a study is frozen as it is now.
    assumptions : Assumptions or mapping, optional
        For a study: the figures of money and volume of now.

    Returns
    -------
    Changes
        Figures are compared on the cases that both states have, by the record of now, with the paired ranges of
        :func:`explainers.metrics.difference`. Identical states show no difference anywhere.

    Examples
    --------
    >>> import pandas as pd
    >>> from explainers import Study
    >>> from explainers.snapshots import freeze
    >>> frame = pd.DataFrame({"size": [float(i) for i in range(40)], "sold": ["no", "yes"] * 20})
    >>> study = Study.from_frame(frame, target="sold", candidates=["no_model", "rule"])
    >>> changes(freeze(study), study).same
    True
    """
    from explainers.metrics import GREATER_IS_BETTER

    if not isinstance(after, Snapshot):
        from explainers.snapshots.freezing import freeze

        after = freeze(after, assumptions, beside=before)
    both = pair(before, after)
    metric = _metric(after)
    then = {o.candidate: o for o in before.options}
    now = {o.candidate: o for o in after.options}
    options = [_option(before, after, both, then.get(name), o, metric) for name, o in now.items()]
    options += [_option(before, after, both, o, None, metric) for name, o in then.items() if name not in now]
    figures = _figures(before, after)
    data_changed = before.data_key != after.data_key
    confirmed = (not before.example, not after.example)
    same = not data_changed and not figures and before.threshold == after.threshold and confirmed[0] == confirmed[1]
    return Changes(
        study=after.study,
        same=same and all(o.fate == "same" and _same_money(o) for o in options),
        data_changed=data_changed,
        n_before=before.n,
        n_after=after.n,
        n_both=len(both.after),
        n_values=int(both.values_changed.sum()),
        n_record=int(both.record_changed.sum()),
        threshold_before=before.threshold,
        threshold_after=after.threshold,
        metric=metric,
        greater_is_better=GREATER_IS_BETTER[metric],
        options=tuple(options),
        figures=figures,
        confirmed_before=confirmed[0],
        confirmed_after=confirmed[1],
        currency=after.currency or before.currency,
        level=LEVEL,
        rows=after.rows,
    )


def _metric(state: Snapshot) -> str:
    from explainers.metrics import CLASS_MEASURES, NUMBER_MEASURES

    known, plain = (CLASS_MEASURES, "log_loss") if state.classes else (NUMBER_MEASURES, "mae")
    return state.metric if state.metric in known else plain


def _figures(before: Snapshot, after: Snapshot) -> tuple[FigureChange, ...]:
    then, now = before.assumptions, after.assumptions
    labels = {**before.figure_labels, **after.figure_labels}
    found = [
        FigureChange(name=n, label=labels.get(n, n), before=then.get(n), after=now.get(n))
        for n in [*now, *(n for n in then if n not in now)]
    ]
    return tuple(f for f in found if f.before != f.after)


def _same_money(option: OptionChange) -> bool:
    return dict(option.money_before) == dict(option.money_after)


def _option(
    before: Snapshot,
    after: Snapshot,
    both: Paired,
    then: OptionState | None,
    now: OptionState | None,
    metric: str,
) -> OptionChange:
    shown = now if now is not None else then
    assert shown is not None
    found = OptionChange(
        candidate=shown.candidate,
        label=shown.label,
        technical=shown.technical,
        fate="gone" if now is None else "new" if then is None else "changed",
        money_before={} if then is None else then.money,
        money_after={} if now is None else now.money,
        cost_moves_most="" if now is None else after.figure_labels.get(now.cost_moves_most, ""),
    )
    if then is None or now is None:
        return found
    if then.failure or now.failure or before.classes != after.classes:
        return replace(found, fate="cannot be compared" if (then.failure, now.failure) != ("", "") else found.fate)
    answers = then.answers[both.before], now.answers[both.after]
    tolerance = None if after.classes else then.usual_error or now.usual_error
    turned = flips(before, after, both, then, now, answers, tolerance)
    names = {before.cases[b]: after.cases[a] for b, a in zip(both.before, both.after, strict=True)}
    reasons, n_reasoned, n_first = first_reasons(then, now, names)
    same = then.key == now.key and before.data_key == after.data_key and before.threshold == after.threshold
    return replace(
        found,
        fate="same" if same else "changed",
        n=len(both.after),
        **_measured(before, after, both, answers, metric),
        flips=turned.listed,
        n_flips=turned.n,
        towards=turned.towards,
        away=turned.away,
        tolerance=tolerance,
        reasons=reasons,
        n_explained=n_reasoned,
        n_first_changed=n_first,
    )


def _measured(
    before: Snapshot, after: Snapshot, both: Paired, answers: tuple[FloatArray, FloatArray], metric: str
) -> dict[str, Any]:
    """Return both figures in the measure, their paired difference, and both kinds of error."""
    from explainers.metrics import GREATER_IS_BETTER, class_measures, number_measures
    from explainers.metrics.differing import paired, standing

    if not len(both.after):
        return {}
    then, now = answers
    focus = after.classes.index(after.positive) if after.positive in after.classes else len(after.classes) - 1
    groups = _regrouped(after, both)
    counts: dict[str, Any] = {}
    if after.classes:
        places = {c: i for i, c in enumerate(after.classes)}
        actual: Any = np.array([places[after.record[i]] for i in both.after], dtype=np.int64)
        measured = [
            class_measures(a, actual, focus=focus, threshold=t)
            for a, t in ((then, before.threshold), (now, after.threshold))
        ]
        if after.positive and len(after.classes) == 2:
            counts = {
                "counts_before": _counts(then[:, focus] >= before.threshold, actual == focus),
                "counts_after": _counts(now[:, focus] >= after.threshold, actual == focus),
            }
    else:
        assert after.numbers is not None
        actual = np.asarray(after.numbers)[both.after]
        measured = [number_measures(a[:, 0], actual) for a in (then, now)]
    if any(metric not in m for m in measured):
        return counts
    # One cut-off for both: where it moved too, the counts above tell of that.
    lower, upper, p_value, mcnemar, method = paired(
        metric, now, then, actual, focus, after.threshold, groups=groups, level=LEVEL
    )
    value = measured[1][metric] - measured[0][metric]
    better = GREATER_IS_BETTER[metric]
    margin = float(after.margin) if after.margin is not None and metric == after.metric else None
    return counts | {
        "value_before": measured[0][metric],
        "value_after": measured[1][metric],
        "difference": Difference(
            a="now",
            b="then",
            metric=metric,
            value=value,
            lower=lower,
            upper=upper,
            level=LEVEL,
            verdict=standing(lower, upper, greater_is_better=better, margin=margin),
            margin=margin,
            greater_is_better=better,
            p_value=p_value,
            mcnemar=mcnemar,
            n=len(both.after),
            rows=after.rows,
            groups=0 if groups is None else int(groups.max()) + 1,
            method=method,
        ),
    }


def _regrouped(after: Snapshot, both: Paired) -> Any:
    if not after.groups:
        return None
    return np.unique(np.asarray(after.groups)[both.after], return_inverse=True)[1].astype(np.int64)


def _counts(flagged: Any, actual: Any) -> tuple[int, int, int]:
    """Return found, missed and false alarms."""
    return int((flagged & actual).sum()), int((~flagged & actual).sum()), int((flagged & ~actual).sum())
