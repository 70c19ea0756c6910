"""Take the state of a study: what every option answers on never-seen cases, why, how good it is and what it costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from explainers.errors import BakeoffError, CaseError
from explainers.results import FloatArray, OptionRow, OptionState, Snapshot
from explainers.study import TEST

if TYPE_CHECKING:
    from explainers.results import Assumptions, Explanation
    from explainers.study import Candidate, Study

Progress = Callable[[float, str], Any]
Ints = np.ndarray[Any, np.dtype[np.int64]]

MOST_CASES = 100_000  # more never-seen cases than these: a sample that later states take too
MOST_REASONED = 500  # cases of each option whose reasons are kept
MOST_NEAR = 200  # of them, where there are more cases, those nearest to another answer: they turn first
PAIRS = 2  # as for many cases asked at once
BLOCK = 100
MONEY = ("build", "train", "serve", "people", "cost", "wrong", "right", "total", "total_lower", "total_upper")


def freeze(
    study: Study,
    assumptions: Assumptions | Mapping[str, float] | None = None,
    *,
    beside: Snapshot | None = None,
    progress: Progress | None = None,
) -> Snapshot:
    """Return the state of a study as it is now.

    Parameters
    ----------
    study : Study
        The study; options that are not built are noted as not there.
    assumptions : Assumptions or mapping, optional
        The figures of money and volume; by default the study's own, else examples.
    beside : Snapshot, optional
        An earlier state that this one will be compared with: cases whose reasons it kept are explained too.
    progress : callable, optional
        Called with the share done (0 to 1) and what is being done.

    Returns
    -------
    Snapshot
        Answers to at most 100,000 never-seen cases, and the reasons of at most 500 of them for each option.

    Raises
    ------
    CaseError
        There is no never-seen case with a recorded outcome, so nothing could be compared later.

    Examples
    --------
    >>> from explainers import Study
    >>> frame = pd.DataFrame({"size": [float(i) for i in range(40)], "sold": ["no", "yes"] * 20})
    >>> study = Study.from_frame(frame, target="sold", candidates=["no_model", "rule"])
    >>> [o.candidate for o in freeze(study).options]
    ['no_model', 'rule']
    """
    from explainers import metrics

    ready = [name for name, c in study.candidates.items() if c.built and not c.failure]
    at, said_of = metrics.measured_rows(study, ready[0], (TEST,)) if ready else (np.zeros(0, dtype=np.int64), TEST)
    if not at.size:
        raise CaseError(
            f"A state is kept as answers to never-seen {study.cases} with a recorded outcome, and "
            f"{'there is none' if ready else 'no option is ready'}. "
            f"{'Add some' if ready else 'Wait until one is'} and freeze again."
        )
    order = _steady_order(study, at)
    kept = at[np.sort(order[:MOST_CASES])]
    steady = at[order[: MOST_REASONED if len(at) <= MOST_REASONED else MOST_REASONED - MOST_NEAR]]
    earlier = {} if beside is None else {o.candidate: o.reasoned for o in beside.options}
    states, union = [], set(map(int, steady))
    for n, (name, candidate) in enumerate(study.candidates.items()):
        if progress is not None:
            progress(n / len(study.candidates), f"keeping what {candidate.label} answers, and why")
        if name not in ready:
            states.append(_missing(candidate))
            continue
        asked = _places_of(study, earlier.get(name, ()), at)
        places = np.unique(np.concatenate([steady, _nearest(study, name, kept), asked]))
        union |= set(map(int, places))
        states.append(_state(study, candidate, kept, places))
    figures, money = _money(study, assumptions)
    states = [_with_money(state, money.get(state.candidate)) for state in states]
    if progress is not None:
        progress(1.0, "done")
    return _snapshot(study, at, kept, np.array(sorted(union)), said_of, states, figures)


def contents(study: Study, at: Ints) -> Ints:
    """Return a number for the values of each of these rows, shape (n,): the same values, the same number."""
    columns = [n for n in study.feature_names if n in study.frame.columns]
    rows = study.frame[columns].iloc[at]
    plain = pd.DataFrame({name: _plain(rows[name]) for name in columns}, index=rows.index)
    return np.asarray(pd.util.hash_pandas_object(plain, index=False).to_numpy(dtype=np.uint64).view(np.int64))


def _plain(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return a column as floats or text, so that how it happens to be held in memory does not count."""
    if column.dtype.kind in "iufb" and not isinstance(column.dtype, pd.CategoricalDtype):
        return column.astype(np.float64)
    return pd.Series([None if pd.isna(v) else str(v) for v in column], index=column.index, dtype=object)


def _steady_order(study: Study, at: Ints) -> Ints:
    """Return places among ``at`` in an order that looks random and is the same for every later state."""
    known = study.case_ids[at] if study.dictionary.names("id") else pd.Index(contents(study, at).astype(str))
    return np.argsort(pd.util.hash_array(np.asarray(known, dtype=object)), kind="stable")


def _places_of(study: Study, ids: Sequence[str], at: Ints) -> Ints:
    """Return where these cases are, as far as they are among ``at``."""
    if not len(ids):
        return at[:0]
    found = study.case_ids.astype(str).get_indexer_for(pd.Index(ids))
    return np.intersect1d(found, at)


def _nearest(study: Study, name: str, at: Ints) -> Ints:
    """Return the rows that would turn first if the option changed a little; for numbers none stand out."""
    from explainers import metrics, predict

    if study.task != "classification" or len(at) <= MOST_REASONED:
        return at[:0]
    answers = predict.stored(study, name).to_numpy(dtype=np.float64)[at]
    if answers.shape[1] == 2:
        apart = np.abs(answers[:, metrics.focus_of(study)] - study.threshold)
    else:
        top = np.sort(answers, axis=1)
        apart = top[:, -1] - top[:, -2]
    return at[np.argsort(apart, kind="stable")[:MOST_NEAR]]


def _missing(candidate: Candidate) -> OptionState:
    return OptionState(
        candidate=candidate.name,
        label=candidate.label,
        technical=candidate.technical,
        kind=candidate.kind,
        key=candidate.key,
        failure=candidate.failure or "it was not prepared",
        answers=np.zeros((0, 1)),
        usual_error=None,
    )


def _state(study: Study, candidate: Candidate, kept: Ints, places: Ints) -> OptionState:
    from explainers import metrics, predict

    explanation = _explained(study, candidate.name, places)
    figures = {m.name: (m.value, m.lower, m.upper) for m in metrics.evaluate(study, candidate.name)}
    return OptionState(
        candidate=candidate.name,
        label=candidate.label,
        technical=candidate.technical,
        kind=candidate.kind,
        key=candidate.key,
        answers=predict.stored(study, candidate.name).to_numpy(dtype=np.float64)[kept],
        usual_error=candidate.typical_error,
        figures=figures,
        **({} if explanation is None else _reasons(study, explanation, places)),
    )


def _reasons(study: Study, explanation: Explanation, places: Ints) -> dict[str, Any]:
    errors = [e**2 for e in (explanation.standard_errors, explanation.reference_errors) if e is not None]
    return {
        "reasoned": tuple(map(str, study.case_ids[places])),
        "columns": explanation.feature_names,
        "reasons": np.asarray(explanation.values, dtype=np.float64),
        "reason_errors": np.sqrt(sum(errors)) if errors else None,
        "bases": np.asarray(explanation.base_values, dtype=np.float64),
        "reasoned_answers": np.asarray(explanation.predictions, dtype=np.float64),
        "reasoned_outcomes": tuple(map(str, explanation.outcome)),
    }


def _explained(study: Study, name: str, places: Ints) -> Explanation | None:
    """Return the reasons of these rows, kept on disk by option; None where the option cannot be explained."""
    from explainers import attribution, keys, store
    from explainers.many import together

    version = keys.result_version("attribution")
    key = keys.candidate_result_key(study, "snapshots", name, rows=places.tolist(), attribution=version)
    known = store.get("snapshots", key)
    if known is not None:
        return None if known == "none" else known
    compared, parts = attribution.reference(study), []
    try:
        for first in range(0, places.size, BLOCK):
            rows = study.frame.iloc[places[first : first + BLOCK]]
            parts.append(attribution.explain(study, name, rows, reference=compared, pairs=PAIRS))
    except BakeoffError:
        store.put("snapshots", key, "none")
        return None
    found = together(parts)
    store.put("snapshots", key, found)
    return found


def _money(
    study: Study, assumptions: Assumptions | Mapping[str, float] | None
) -> tuple[Assumptions | None, dict[str, OptionRow]]:
    """Return the figures of money and each option's parts; nothing where they cannot be worked out."""
    from explainers import compare, costs

    try:
        plain = assumptions is None or isinstance(assumptions, Mapping)
        figures = costs.assumptions(study, assumptions) if plain else assumptions
        found = compare.comparison(study, figures)
    except BakeoffError:
        return None, {}
    return found.assumptions, {o.candidate: o for o in found.options if not o.variant}


def _with_money(state: OptionState, row: OptionRow | None) -> OptionState:
    from dataclasses import replace

    if row is None:
        return state
    amounts = {part: getattr(row, part) for part in MONEY}
    known = {part: float(v) for part, v in amounts.items() if v is not None}
    return replace(state, money=known, cost_moves_most=row.cost_moves_most)


def _snapshot(
    study: Study,
    at: Ints,
    kept: Ints,
    reasoned: Ints,
    said_of: str,
    states: list[OptionState],
    figures: Assumptions | None,
) -> Snapshot:
    from explainers import metrics

    groups = metrics.groups_of(study, kept)
    target = study.frame[study.target].iloc[kept]
    classes = study.task == "classification"
    values = study.frame[[n for n in study.feature_names if n in study.frame.columns]].iloc[reasoned]
    record = tuple(str(study.classes[c]) for c in metrics.recorded(study, kept)) if classes else ()
    numbers: FloatArray | None = None if classes else target.to_numpy(dtype=np.float64)
    return Snapshot(
        study=study.name,
        fingerprint=study.fingerprint,
        data_key=study.data_key,
        classes=tuple(map(str, study.classes)),
        positive="" if study.positive is None else str(study.positive),
        threshold=float(study.threshold),
        metric=study.metric,
        margin=study.margin,
        rows=said_of,
        n=len(at),
        cases=tuple(map(str, study.case_ids[kept])),
        by_id=bool(study.dictionary.names("id")),
        contents=tuple(map(int, contents(study, kept))),
        record=record,
        numbers=numbers,
        groups=() if groups is None else tuple(map(int, groups)),
        values=values.set_axis(study.case_ids[reasoned].astype(str), axis=0),
        options=tuple(states),
        assumptions={} if figures is None else dict(figures.values),
        figure_labels={} if figures is None else {f.name: f.label for f in figures.figures},
        currency="" if figures is None else figures.currency,
        example=figures is None or not figures.confirmed_by,
    )
