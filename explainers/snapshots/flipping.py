"""Cases that an option answers otherwise than before, with its reasons then and now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from explainers.results import Flip, FloatArray, KeptReasons

if TYPE_CHECKING:
    from explainers.results import OptionState, Snapshot
    from explainers.snapshots.pairing import Paired

MOST_LISTED = 200
MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class Turned:
    """The cases that were answered otherwise."""

    listed: tuple[Flip, ...]
    n: int
    towards: int
    away: int


def flips(
    before: Snapshot,
    after: Snapshot,
    both: Paired,
    then: OptionState,
    now: OptionState,
    answers: tuple[FloatArray, FloatArray],
    tolerance: float | None,
) -> Turned:
    """Return the cases that an option answers otherwise than before, those that moved furthest first.

    Parameters
    ----------
    before, after : Snapshot
    both : Paired
        The cases that both have.
    then, now : OptionState
    answers : pair of ndarray of shape (n_both, n_outputs)
        Then and now.
    tolerance : float, optional
        Numbers: how far an answer has to move to be another one; any move where this is not known.
    """
    if not after.classes:
        return _numbers(before, after, both, then, now, (answers[0][:, 0], answers[1][:, 0]), tolerance or 0.0)
    chosen = [_chosen(a, s) for a, s in zip(answers, (before, after), strict=True)]
    places = {c: i for i, c in enumerate(after.classes)}
    actual = np.array([places.get(after.record[i], -1) for i in both.after], dtype=np.int64)
    other = chosen[0] != chosen[1]
    two = len(after.classes) == 2
    focus = after.classes.index(after.positive) if after.positive in after.classes else len(after.classes) - 1
    moved = np.abs(answers[1] - answers[0]).max(axis=1)
    order = [int(i) for i in np.lexsort((np.arange(len(moved)), -moved)) if other[i]]
    why = _Why(before, after, then, now)
    listed = tuple(
        Flip(
            case=after.cases[both.after[i]],
            before=before.classes[chosen[0][i]],
            after=after.classes[chosen[1][i]],
            record=after.record[both.after[i]],
            chance_before=float(answers[0][i, focus]) if two else None,
            chance_after=float(answers[1][i, focus]) if two else None,
            values_changed=bool(both.values_changed[i]),
            why_before=why.then(before.cases[both.before[i]]),
            why_after=why.now(after.cases[both.after[i]]),
        )
        for i in order[:MOST_LISTED]
    )
    towards = int((other & (chosen[1] == actual)).sum())
    return Turned(listed, int(other.sum()), towards, int((other & (chosen[0] == actual)).sum()))


def _numbers(
    before: Snapshot,
    after: Snapshot,
    both: Paired,
    then: OptionState,
    now: OptionState,
    answers: tuple[Any, Any],
    tolerance: float,
) -> Turned:
    assert after.numbers is not None
    actual = np.asarray(after.numbers)[both.after]
    moved = np.abs(answers[1] - answers[0])
    other = moved > tolerance
    nearer = np.abs(answers[1] - actual) < np.abs(answers[0] - actual)
    order = [int(i) for i in np.lexsort((np.arange(len(moved)), -moved)) if other[i]]
    why = _Why(before, after, then, now)
    listed = tuple(
        Flip(
            case=after.cases[both.after[i]],
            before=float(answers[0][i]),
            after=float(answers[1][i]),
            record=float(actual[i]),
            values_changed=bool(both.values_changed[i]),
            why_before=why.then(before.cases[both.before[i]]),
            why_after=why.now(after.cases[both.after[i]]),
        )
        for i in order[:MOST_LISTED]
    )
    return Turned(listed, int(other.sum()), int((other & nearer).sum()), int((other & ~nearer).sum()))


def first_reasons(
    then: OptionState, now: OptionState, names: Mapping[str, str]
) -> tuple[pd.DataFrame | None, int, int]:
    """Compare the reasons of the cases that were explained both times.

    Parameters
    ----------
    then, now : OptionState
    names : mapping
        Id of a case then to its id now.

    Returns
    -------
    table : DataFrame or None
        One row per column: share_before, share_after (of all sizes of reasons), first_before, first_after (cases in
        which it came first). None where there is no such case.
    n : int
        Cases explained both times.
    n_first : int
        Of them, cases whose first reason is another column now, where both are larger than their own errors.
    """
    known = {names[case]: at for at, case in enumerate(then.reasoned) if case in names}
    at = np.array([known.get(case, -1) for case in now.reasoned], dtype=np.int64)
    mine = np.flatnonzero(at >= 0)
    if then.reasons is None or now.reasons is None or not mine.size:
        return None, 0, 0
    columns = list(dict.fromkeys([*now.columns, *then.columns]))
    sizes = []
    firsts = []
    for state, rows in ((then, at[mine]), (now, mine)):
        assert state.reasons is not None
        amounts = pd.DataFrame(np.abs(state.reasons[rows]), columns=list(state.columns)).reindex(columns=columns)
        found = amounts.fillna(0.0).to_numpy()
        sizes.append(found.sum(axis=0) / max(float(found.sum()), 1e-300))
        firsts.append(np.where(found.max(axis=1) > 1e-12, found.argmax(axis=1), -1))
    counted = [np.bincount(f[f >= 0], minlength=len(columns)) for f in firsts]
    table = pd.DataFrame(
        {
            "column": columns,
            "share_before": sizes[0],
            "share_after": sizes[1],
            "first_before": counted[0],
            "first_after": counted[1],
        }
    )
    clear = _clear(then, at[mine]) & _clear(now, mine)
    return table, int(mine.size), int(((firsts[0] != firsts[1]) & clear).sum())


def _clear(state: OptionState, rows: Any) -> Any:
    """Return in which cases the first reason stands out from the second by more than their errors."""
    assert state.reasons is not None
    sizes = np.abs(state.reasons[rows])
    if sizes.shape[1] < 2:
        return np.ones(len(rows), dtype=bool)
    order = np.argsort(-sizes, axis=1)[:, :2]
    top = np.take_along_axis(sizes, order, axis=1)
    if state.reason_errors is None:
        return top[:, 0] > top[:, 1]
    errors = np.take_along_axis(state.reason_errors[rows], order, axis=1)
    return top[:, 0] - top[:, 1] > 2 * np.sqrt((errors**2).sum(axis=1))


class _Why:
    """The kept reasons of cases by id, then and now."""

    def __init__(self, before: Snapshot, after: Snapshot, then: OptionState, now: OptionState) -> None:
        self._then, self._now = (then, before), (now, after)
        self._places = [{case: i for i, case in enumerate(o.reasoned)} for o in (then, now)]

    def then(self, case: str) -> KeptReasons | None:
        return _told(*self._then, self._places[0], case)

    def now(self, case: str) -> KeptReasons | None:
        return _told(*self._now, self._places[1], case)


def _told(option: OptionState, state: Snapshot, places: Mapping[str, int], case: str) -> KeptReasons | None:
    at = places.get(case)
    if at is None or option.reasons is None or option.bases is None or option.reasoned_answers is None:
        return None
    amounts = option.reasons[at]
    errors = np.zeros(len(amounts)) if option.reason_errors is None else option.reason_errors[at]
    strong = [int(j) for j in np.argsort(-np.abs(amounts), kind="stable") if abs(amounts[j]) > 1.96 * errors[j]]
    row = state.values.loc[case]
    first = tuple(
        (option.columns[j], float(amounts[j]), _value(row.get(option.columns[j]))) for j in strong[:MOST_REASONS]
    )
    return KeptReasons(
        answer=float(option.reasoned_answers[at]),
        base=float(option.bases[at]),
        outcome=option.reasoned_outcomes[at] if option.reasoned_outcomes else "",
        first=first,
    )


def _value(value: Any) -> Any:
    if value is None or pd.isna(value):
        return None
    return value.item() if isinstance(value, np.generic) else value


def _chosen(answers: FloatArray, state: Snapshot) -> Any:
    from explainers.metrics.measures import chosen

    focus = state.classes.index(state.positive) if state.positive in state.classes else len(state.classes) - 1
    return chosen(answers, focus, state.threshold)
