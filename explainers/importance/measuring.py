"""Importance of every column, measured on rows that the candidate has never seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from time import perf_counter, process_time

import numpy as np

from explainers import predict
from explainers.attribution.explaining import EXTRA_ROWS, explain
from explainers.attribution.references import reference, training_rows
from explainers.attribution.routes import Route
from explainers.attribution.walks import Ints
from explainers.errors import CaseError
from explainers.importance.losses import loss, measure_of
from explainers.importance.shuffling import shuffle
from explainers.metrics import IntArray, measured_rows, recorded
from explainers.results import Explanation, FloatArray, Importance
from explainers.study import CALIBRATION, TEST, TRAIN, Study

LEVEL = 0.95
TINY = 1e-12
SECONDS = 30.0
ATTRIBUTED, REPEATS, CHUNK = 200, 20, 20
FEWEST_APART, WIDE = 60, 60
REFERENCES, FEWEST_REFERENCES, REFERENCE_CELLS = 50, 10, 3_000
HYBRIDS = 200_000  # rows through the estimator for one round of shuffles, about
FEWEST_ROWS, MOST_ROWS = 100, 2_000
Progress = Callable[[float | None, str], object]


def importance(
    study: Study,
    candidate: str,
    *,
    groups: Mapping[str, Sequence[str]] | None = None,
    level: float = LEVEL,
    max_seconds: float = SECONDS,
    random_state: int = 0,
    progress: Progress | None = None,
) -> Importance:
    """Measure how much a candidate looks at each column, in two ways, on rows it has never seen.

    Parameters
    ----------
    study : Study
        The study.
    candidate : str
        Name of the candidate; built on the way if it is not.
    groups : mapping of str to sequence of str, optional
        Columns to take together under one name. Attributions are added up within a group for each row, the columns
        of a group are shuffled together; columns in no group stand for themselves.
    level : float
        Level of the ranges.
    max_seconds : float
        Time budget, about half of it for each way. With less time fewer rows are taken apart and fewer shuffles done;
        the result says how many. With more than 60 columns there are fewer than 50 reference rows.
    random_state : int
        Seed of the samples and shuffles.
    progress : callable, optional
        Called with the share done and what is being done.

    Returns
    -------
    Importance
        Mean absolute attribution in probability or in the target's unit, over a random sample of never-seen rows; and
        the growth of the declared measure's loss when the column is shuffled among never-seen rows. The ranges are
        for further rows of the same kind, with the candidate and the reference rows as they are: Student's t over rows,
        for shuffles over rows and shuffles together.

    Raises
    ------
    CandidateError
        The candidate is unknown or does not answer.
    CaseError
        A group names a column that the candidate does not have, or a column is in two groups.

    Notes
    -----
    Attributions say what the candidate reacts to, shuffling what its quality rests on: a column may count in every
    answer and yet add nothing that is right. Columns that say nearly the same share both, and shuffling one of them
    makes rows that do not occur.

    Examples
    --------
    >>> from explainers import Study
    >>> frame = pd.DataFrame({"size": [float(i % 7) for i in range(60)], "price": [2.0 * (i % 7) for i in range(60)]})
    >>> study = Study.from_frame(frame, target="price", candidates={"formula": "formula"})
    >>> importance(study, "formula").share.tolist()
    [1.0]
    """
    door = predict.door(study, candidate)  # loading an estimator is no part of the time budget
    started, processor = perf_counter(), process_time()
    tell = progress or (lambda _share, _doing: None)
    columns = list(study.candidate(candidate).features)
    names, places, given = _groups(columns, groups)
    at, rows = never_seen(study, candidate)
    rng = np.random.default_rng(random_state)
    drawn = rng.permutation(at)

    tell(0.02, "taking answers apart")
    explanation = _apart(study, candidate, drawn[:ATTRIBUTED], started + 0.5 * max_seconds, random_state, tell)
    values = np.stack([explanation.values[:, p].sum(axis=1) for p in places], axis=1)
    size = np.abs(values)
    size[:, size.mean(axis=0) <= TINY * size.mean(axis=0).max(initial=0.0)] = 0.0  # sums that round to nothing
    middle, low, high = _mean_range(size, level)
    share, share_low, share_high = _share_range(size, level)

    tell(0.45, "shuffling one input after the other")
    most = int(np.clip(HYBRIDS // max(1, len(columns)), FEWEST_ROWS, MOST_ROWS))
    shuffled_at = np.sort(drawn[:most])
    cases = predict.check_cases(study, candidate, study.frame.iloc[shuffled_at])[columns]
    extra = predict.check_cases(study, candidate, training_rows(study).head(EXTRA_ROWS))[columns]
    route = Route(door, cases, cases, extra)
    actual: FloatArray | IntArray = (
        recorded(study, shuffled_at)
        if study.classes
        else study.frame[study.target].to_numpy(dtype=np.float64, na_value=np.nan)[shuffled_at]
    )
    measure = measure_of(study, actual)
    focus = study.classes.index(study.positive) if study.positive in study.classes else max(len(study.classes) - 1, 0)
    found = shuffle(
        route,
        places,
        partial(_loss, measure, actual, focus, study.threshold),
        route.ask(cases),
        repeats=REPEATS,
        deadline=started + max_seconds,
        random_state=random_state,
        progress=lambda done: tell(0.45 + 0.55 * done, "shuffling one input after the other"),
    )
    half = _t(level, len(cases)) * found.error
    half = np.where(found.increase == 0, np.where(np.isfinite(half), half, 0.0), half)
    return Importance(
        candidate=candidate,
        feature_names=tuple(names),
        attribution=middle,
        attribution_lower=low,
        attribution_upper=high,
        share=share,
        share_lower=share_low,
        share_upper=share_high,
        increase=found.increase,
        increase_lower=found.increase - half,
        increase_upper=found.increase + half,
        unit=explanation.unit,
        outcome=study.positive if study.classes else None,
        measure=measure,
        loss=found.loss,
        level=level,
        n_attributed=len(size),
        n_shuffled=len(cases),
        population=int(at.size),
        rows=rows,
        n_repeats=found.repeats,
        reference_rows=explanation.reference_rows,
        noise=_noise(explanation, places),
        groups=given,
        n_evaluations=explanation.n_evaluations + route.n_evaluations,
        seconds=process_time() - processor,
    )


def _apart(study: Study, candidate: str, at: Ints, deadline: float, random_state: int, tell: Progress) -> Explanation:
    """Return the explanation of as many of these rows as there is time for, at least 60, or 20 of many columns.

    Time costs rows and never reference rows: against few of those, attributions are larger, not only rougher.
    """
    d = len(study.candidate(candidate).features)
    compared = reference(study, size=int(np.clip(REFERENCE_CELLS // max(1, d), FEWEST_REFERENCES, REFERENCES)))
    parts: list[Explanation] = []
    for first in range(0, len(at), CHUNK):
        if first >= (FEWEST_APART if d <= WIDE else CHUNK) and perf_counter() > deadline:
            break
        rows = study.frame.iloc[at[first : first + CHUNK]]
        parts.append(explain(study, candidate, rows, reference=compared, random_state=random_state, pairs=2))
        tell(0.02 + 0.43 * (first + len(rows)) / len(at), "taking answers apart")
    errors = [p.standard_errors for p in parts]
    return replace(
        parts[0],
        values=np.concatenate([p.values for p in parts]),
        standard_errors=None
        if any(e is None for e in errors)
        else np.concatenate([e for e in errors if e is not None]),
        n_evaluations=sum(p.n_evaluations for p in parts),
    )


def never_seen(study: Study, candidate: str) -> tuple[Ints, str]:
    """Return the places of rows that the candidate has not learned from, and what they are.

    Test rows; where there are none, calibration rows; where there are none of them either, training rows, said so.
    """
    for label in (TEST, CALIBRATION, TRAIN):
        at, rows = measured_rows(study, candidate, (label,))
        if at.size:
            return np.asarray(at, dtype=np.intp), rows
    raise CaseError(f"{study.title!r} has no {study.cases} with a recorded outcome, so nothing can be measured.")


def _loss(
    measure: str, actual: FloatArray | IntArray, focus: int, threshold: float, answers: FloatArray
) -> tuple[float, FloatArray]:
    return loss(measure, answers, actual, focus=focus, threshold=threshold)


def _groups(
    columns: list[str], groups: Mapping[str, Sequence[str]] | None
) -> tuple[list[str], list[Ints], dict[str, tuple[str, ...]]]:
    """Return names, places of the columns of each, and the groups that were asked for."""
    given = {str(name): tuple(members) for name, members in (groups or {}).items()}
    taken = [c for members in given.values() for c in members]
    strange = [c for c in taken if c not in columns]
    twice = sorted({c for c in taken if taken.count(c) > 1})
    if strange or twice:
        what = f"{', '.join(map(repr, strange))} is none of its columns" if strange else f"{twice[0]!r} is named twice"
        raise CaseError(f"The groups do not fit: {what}. Name each column at most once, out of: {', '.join(columns)}.")
    names = [*(c for c in columns if c not in taken), *given]
    members = [given.get(name, (name,)) for name in names]
    return names, [np.array([columns.index(c) for c in m], dtype=np.intp) for m in members], given


def _t(level: float, n: int) -> float:
    """Return the quantile of Student's t for a mean of n rows; none for a single row."""
    from scipy.stats import t

    return float(t.ppf(0.5 + level / 2, n - 1)) if n > 1 else float("inf")


def _mean_range(size: FloatArray, level: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    middle = size.mean(axis=0)
    if len(size) < 2:
        return middle, np.zeros_like(middle), np.where(middle > 0, np.inf, 0.0)
    half = _t(level, len(size)) * size.std(axis=0, ddof=1) / np.sqrt(len(size))
    return middle, np.maximum(middle - half, 0.0), middle + half


def _share_range(size: FloatArray, level: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return shares in the sum with their ranges of a ratio of means by the delta method."""
    total = size.sum(axis=1)
    whole = float(total.mean())
    if whole == 0:
        blank = np.zeros(size.shape[1])
        return blank, blank.copy(), blank.copy()
    share = size.mean(axis=0) / whole
    if len(size) < 2:
        return share, np.zeros_like(share), np.ones_like(share)
    spread = (size - share * total[:, None]).std(axis=0, ddof=1) / whole
    half = _t(level, len(size)) * spread / np.sqrt(len(size))
    return share, np.clip(share - half, 0.0, 1.0), np.clip(share + half, 0.0, 1.0)


def _noise(explanation: Explanation, places: Sequence[Ints]) -> FloatArray:
    """Return the mean absolute value that sampling errors alone would give."""
    if explanation.standard_errors is None:
        return np.zeros(len(places))
    variance = explanation.standard_errors**2
    each = np.stack([np.sqrt(variance[:, p].sum(axis=1)) for p in places], axis=1)
    return np.asarray(np.sqrt(2 / np.pi) * each.mean(axis=0))
