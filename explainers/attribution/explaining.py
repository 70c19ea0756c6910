"""Explain predictions: attributions on the original columns, in the reader's unit, that add up exactly."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from time import perf_counter, process_time

import numpy as np
import pandas as pd

from explainers import predict
from explainers.attribution.closed_form import from_terms, terms_of_formula, terms_of_numbers
from explainers.attribution.references import as_reference, training_rows
from explainers.attribution.routes import Route
from explainers.attribution.sampling import FEWEST_PAIRS, sample
from explainers.attribution.walks import Ints
from explainers.errors import CandidateError, CaseError
from explainers.results import Explanation, FloatArray, Reference
from explainers.study import Study

PAIRS = 4
PAIRS_MANY = 2
MANY_CASES = 50
EXTRA_ROWS = 100  # further training rows that help to prove the encoded route
ADDS_UP = 1e-9


def explain(
    study: Study,
    candidate: str,
    cases: pd.DataFrame,
    *,
    outcome: Hashable = None,
    reference: Reference | pd.DataFrame | None = None,
    max_seconds: float | None = None,
    random_state: int = 0,
    pairs: int | None = None,
) -> Explanation:
    """Return how much each original column moved each answer away from the average answer over the reference rows.

    The attributions are Shapley values (Shapley 1953, doi:10.1515/9781400881970-018) of the game in which a set of
    columns takes the case's values and the other columns those of a reference row, averaged over the reference rows
    (interventional, not conditional: it says what the candidate reacts to, not what causes what). The players are the
    raw columns, however many encoded columns each becomes. Each row of ``values`` adds up to prediction minus base.

    How it is computed is chosen here. A linear model of a number has a closed form. A reference row that differs from
    the case in few columns is enumerated exactly. All others are sampled along random orders in antithetic pairs, each
    reference row equally often.

    Parameters
    ----------
    study : Study
        The study.
    candidate : str
        Name of the candidate.
    cases : DataFrame, shape (n_cases, n_columns)
        Raw feature columns; further columns are ignored, order and index are kept. May be empty.
    outcome : hashable, optional
        The class to explain. Default: the study's focus class, or without one each case's predicted class.
    reference : Reference or DataFrame, optional
        What to compare with; default a fixed random sample of 200 training rows.
    max_seconds : float, optional
        Time budget. Work stops after the round in which it ran out; at least two rounds are done, with fewer
        reference rows where all of them do not fit twice. The result still adds up exactly.
    random_state : int
        Seed of the orders. They are the same for every case, so that a result does not depend on the other cases
        asked about, and cases before and after a change are compared like with like.
    pairs : int, optional
        Pairs of walks per reference row, at least 2. Default 4, or 2 for more than 50 cases, where half the time
        is worth more than a sampling error smaller by 30%.

    Returns
    -------
    Explanation
        Attributions in probability for classes, in the target's unit for numbers.

    Raises
    ------
    CandidateError
        The candidate is unknown, does not answer, or answers the same rows differently at different times.
    CaseError
        A column is missing, a value is of the wrong kind, or there is no such outcome.

    Examples
    --------
    >>> from explainers import open_study  # doctest: +SKIP
    >>> study = open_study("sample_data/boston_mortgages")  # doctest: +SKIP
    >>> explain(study, "boosting", study.row("17")).to_frame()  # doctest: +SKIP
    """
    started, processor = perf_counter(), process_time()
    option = study.candidate(candidate)
    wanted = _wanted_outcome(study, outcome)
    door = predict.door(study, candidate)
    cases = predict.check_cases(study, candidate, cases)[list(option.features)]
    compared = as_reference(study, reference)
    if max_seconds is not None and compared.kind == "rows":  # the first of them may be all that there is time for
        compared = replace(compared, rows=compared.rows.sample(frac=1.0, random_state=0))
    refs = predict.check_cases(study, candidate, compared.rows)[list(option.features)]
    extra = predict.check_cases(study, candidate, training_rows(study).head(EXTRA_ROWS))[list(option.features)]
    route = Route(door, cases, refs, extra)
    f_cases_all, f_refs = route.ask(cases) if len(cases) else np.zeros((0, max(1, len(study.classes)))), route.ask(refs)
    outputs = _outputs(study, wanted, f_cases_all)
    f_cases = f_cases_all[np.arange(len(cases)), outputs]
    if not (np.isfinite(f_cases).all() and np.isfinite(f_refs).all()):
        raise CandidateError(f"{option.label} gives answers that are not numbers, so they cannot be explained.")

    stopped, n_refs = False, len(refs)
    sampling: FloatArray | None = None
    terms = None if study.classes else _terms(route, f_cases_all, f_refs)
    if terms is not None:
        method = "closed form"
        values, spread = from_terms(*terms)
    else:
        found = sample(
            route,
            f_cases,
            f_refs,
            outputs,
            pairs=max(FEWEST_PAIRS, pairs or (PAIRS if len(cases) <= MANY_CASES else PAIRS_MANY)),
            max_seconds=max_seconds,
            random_state=random_state,
            started=started,
        )
        values, n_refs, stopped = found.values, found.n_refs, found.stopped_early
        method = "exact enumeration" if found.exact else "sampled permutations"
        sampling = None if found.exact else found.sampling
        spread = found.spread if n_refs > 1 else None
    if n_refs < len(refs):
        compared = replace(compared, rows=compared.rows.iloc[:n_refs])
    base = f_refs[:n_refs].mean(axis=0)[outputs]
    _check_sum(option.label, values, f_cases - base, f_cases)
    return Explanation(
        candidate=candidate,
        values=values,
        standard_errors=sampling,
        reference_errors=None if spread is None else spread * _drawn_share(compared, n_refs),
        base_values=base,
        predictions=f_cases,
        cases=cases,
        feature_names=tuple(option.features),
        unit="probability" if study.classes else "target",
        outcome=tuple(study.classes[k] for k in outputs) if study.classes else (),
        method=method,
        reference=compared,
        reference_rows=n_refs,
        n_evaluations=route.n_evaluations,
        seconds=process_time() - processor,
        stopped_early=stopped,
    )


def _wanted_outcome(study: Study, outcome: Hashable) -> Hashable:
    """Return the class to explain for all cases, None for each case's own; a link gives it as text."""
    if not study.classes:
        if outcome is not None:
            raise CaseError(f"{study.title} asks for a number, so there is no outcome {outcome!r}. Leave it out.")
        return None
    if outcome is None:
        return study.positive
    for known in study.classes:
        if known == outcome or str(known) == str(outcome):
            return known
    every = ", ".join(map(str, study.classes))
    raise CaseError(f"There is no outcome {outcome!r}. The outcomes are: {every}.")


def _outputs(study: Study, wanted: Hashable, answers: FloatArray) -> Ints:
    """Return the output to explain for each case."""
    if not study.classes:
        return np.zeros(len(answers), dtype=np.intp)
    if wanted is None:
        return np.asarray(answers.argmax(axis=1), dtype=np.intp)
    return np.full(len(answers), study.classes.index(wanted), dtype=np.intp)


def _terms(route: Route, f_cases: FloatArray, f_refs: FloatArray) -> tuple[FloatArray, FloatArray] | None:
    """Return the terms of the cases and of the reference rows, where the candidate is linear in a number."""
    together = np.concatenate([f_cases[:, 0], f_refs[:, 0]])
    terms = terms_of_numbers(route.encoded, len(route.columns), together)
    if terms is None:
        terms = terms_of_formula(route.door.estimator, route.raw, together)
    if terms is None:
        return None
    return terms[: len(f_cases)], terms[len(f_cases) : len(together)]


def _drawn_share(compared: Reference, n_refs: int) -> float:
    """Return the factor by which an error shrinks where a good share of all there is was drawn; 0 for all of it."""
    if compared.population <= 0:
        return 1.0
    return float(np.sqrt(max(0.0, 1.0 - n_refs / compared.population)))


def _check_sum(label: str, values: FloatArray, wanted: FloatArray, predictions: FloatArray) -> None:
    """Refuse a result that does not add up: the candidate then answered the same row in two ways."""
    scale = ADDS_UP * max(1.0, float(np.abs(predictions).max(initial=0.0)), float(np.abs(wanted).max(initial=0.0)))
    gap = float(np.abs(values.sum(axis=1) - wanted).max(initial=0.0))
    if not gap <= scale:
        raise CandidateError(
            f"The reasons for what {label} says do not add up: {gap:.2g} is missing. Equal rows were answered "
            "differently. Check whether it draws at random when it is asked."
        )
