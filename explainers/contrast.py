"""Why one class and not another: how each column moves the lead of one probability over the other."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from time import perf_counter, process_time
from typing import Any

import numpy as np
import pandas as pd

from explainers import predict
from explainers.attribution.explaining import ADDS_UP, EXTRA_ROWS, PAIRS
from explainers.attribution.references import as_reference, training_rows
from explainers.attribution.routes import Route
from explainers.attribution.sampling import FEWEST_PAIRS, sample
from explainers.errors import CandidateError, CaseError
from explainers.results import Contrast, FloatArray, Reference
from explainers.study import Study

RESULT_VERSION = 1


def contrast(
    study: Study,
    candidate: str,
    case: pd.DataFrame | str,
    *,
    a: Hashable,
    b: Hashable,
    reference: Reference | pd.DataFrame | None = None,
    max_seconds: float | None = None,
    random_state: int = 0,
    pairs: int | None = None,
) -> Contrast:
    """Return how much each column moves the lead of class a over class b away from the average lead.

    The lead is the probability of a minus that of b. Shapley values (Shapley 1953, doi:10.1515/9781400881970-018) are
    linear in what is explained, so these are the differences of the explanations of both classes along the same walks
    and reference rows; :func:`explainers.attribution.explain` with the same seed gives the same differences. The lead
    itself is walked here rather than two results being taken apart afterwards, because the errors of both explanations
    go together (what counts for one class counts against another): the standard errors are those of the difference,
    measured from the differences along each pair of walks.

    Parameters
    ----------
    study : Study
        A study with classes.
    candidate : str
        Name of the candidate.
    case : DataFrame of one row, or str
        Raw feature columns, or the id of a case.
    a, b : hashable
        Two different classes, as values or as text.
    reference : Reference or DataFrame, optional
        What to compare with; default a fixed random sample of 200 training rows.
    max_seconds : float, optional
        Time budget; see :func:`explainers.attribution.explain`.
    random_state : int
        Seed of the orders.
    pairs : int, optional
        Pairs of walks per reference row, at least 2; default 4.

    Returns
    -------
    Contrast
        ``values`` add up to the case's lead minus the average lead.

    Raises
    ------
    CaseError
        The study has no classes, the two are the same or unknown, or the case does not fit.
    CandidateError
        The candidate is unknown, does not answer, or answers equal rows differently.

    Examples
    --------
    >>> from explainers import open_study  # doctest: +SKIP
    >>> study = open_study("sample_data/saratoga_heating")  # doctest: +SKIP
    >>> contrast(study, "boosting", "504", a="gas", b="electric").to_frame()  # doctest: +SKIP
    """
    started, processor = perf_counter(), process_time()
    option = study.candidate(candidate)
    first, second = _two(study, a, b)
    row = study.row(case) if isinstance(case, str) else case
    if len(row) != 1:
        raise CaseError(f"One {study.case} at a time can be asked about, not {len(row)}. Give one row.")
    columns = list(option.features)
    cases = predict.check_cases(study, candidate, row)[columns]
    compared = as_reference(study, reference)
    if max_seconds is not None and compared.kind == "rows":  # the first of them may be all that there is time for
        compared = replace(compared, rows=compared.rows.sample(frac=1.0, random_state=0))
    refs = predict.check_cases(study, candidate, compared.rows)[columns]
    extra = predict.check_cases(study, candidate, training_rows(study).head(EXTRA_ROWS))[columns]
    usual = predict.door(study, candidate)
    route = Route(_Lead(study, candidate, usual.estimator, first, second), cases, refs, extra)
    f_case, f_refs = route.ask(cases), route.ask(refs)
    found = sample(
        route,
        f_case[:, 0],
        f_refs,
        np.zeros(1, dtype=np.intp),
        pairs=max(FEWEST_PAIRS, pairs or PAIRS),
        max_seconds=max_seconds,
        random_state=random_state,
        started=started,
    )
    n_refs = found.n_refs
    base = f_refs[:n_refs].mean(axis=0)
    gap = abs(float(found.values[0].sum() - (f_case[0, 0] - base[0])))
    if not gap <= ADDS_UP:
        raise CandidateError(
            f"The reasons for what {option.label} says do not add up: {gap:.2g} is missing. Equal rows were answered "
            "differently. Check whether it draws at random when it is asked."
        )
    if n_refs < len(refs):
        compared = replace(compared, rows=compared.rows.iloc[:n_refs])
    drawn = float(np.sqrt(max(0.0, 1.0 - n_refs / compared.population))) if compared.population > 0 else 1.0
    return Contrast(
        candidate=candidate,
        a=study.classes[first],
        b=study.classes[second],
        values=found.values[0],
        standard_errors=None if found.exact else found.sampling[0],
        reference_errors=found.spread[0] * drawn if n_refs > 1 else None,
        answers=(float(f_case[0, 1]), float(f_case[0, 2])),
        averages=(float(base[1]), float(base[2])),
        cases=cases,
        feature_names=tuple(columns),
        method="exact enumeration" if found.exact else "sampled permutations",
        reference=compared,
        reference_rows=n_refs,
        n_evaluations=route.n_evaluations,
        seconds=process_time() - processor,
    )


class _Lead(predict.Door):
    """A door whose first answer is the lead of one class over another; the two probabilities follow it."""

    def __init__(self, study: Study, candidate: str, estimator: Any, first: int, second: int) -> None:
        super().__init__(study, candidate, estimator)
        self._first, self._second = first, second

    def ask(self, frame: pd.DataFrame) -> FloatArray:
        both = super().ask(frame)[:, [self._first, self._second]]
        return np.column_stack([both[:, 0] - both[:, 1], both])

    def beside(self, estimator: Any) -> predict.Door:
        return _Lead(self.study, self.candidate, estimator, self._first, self._second)


def _two(study: Study, a: Hashable, b: Hashable) -> tuple[int, int]:
    """Return the places of two classes among those of the study; a link gives them as text."""
    if not study.classes:
        raise CaseError(f"{study.title} asks for a number, so there are no two outcomes to set against each other.")
    texts = [str(c) for c in study.classes]
    for wanted in (a, b):
        if str(wanted) not in texts:
            raise CaseError(f"There is no outcome {wanted!r}. The outcomes are: {', '.join(texts)}.")
    first, second = texts.index(str(a)), texts.index(str(b))
    if first == second:
        raise CaseError(f"Both outcomes are {texts[first]!r}. Choose two different ones.")
    return first, second
