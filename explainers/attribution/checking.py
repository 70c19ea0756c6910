"""Our attributions beside those of the shap package, on the same reference rows and through the raw door."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Callable, Hashable
from dataclasses import replace
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd

from explainers import predict
from explainers.attribution.explaining import explain
from explainers.attribution.references import as_reference
from explainers.attribution.routes import Route
from explainers.errors import CaseError, NotInstalledError
from explainers.results import Agreement, FloatArray, Reference
from explainers.study import Study

SECONDS = 7.0
EXACT_COLUMNS = 10
REPEATS, FEWEST_REPEATS = 40, 4
FALSE_ALARMS = 0.01  # share of comparisons that may be called different although both sample the same game


def agreement(
    study: Study,
    candidate: str,
    case: pd.DataFrame | str,
    *,
    outcome: Hashable = None,
    reference: Reference | pd.DataFrame | None = None,
    random_state: int = 0,
) -> Agreement:
    """Return our explanation of one case beside that of the shap package (doi:10.48550/arXiv.1705.07874).

    shap is given the candidate as a black box: every mixed row goes through the raw door as a frame. Up to 10 columns
    its ExactExplainer is used where that takes some seconds at most, which has no sampling error; else its
    PermutationExplainer, run several times with different seeds: the mean is reported, and its standard error is the
    spread of the runs over the square root of their number. ``allowed_gap`` is the largest over the columns of both
    methods' standard errors together (root of the sum of squares; reference rows fixed, as both use the same), times
    the quantile of Student's t that equal games exceed in at most 1% of comparisons over all columns (degrees of
    freedom: shap's runs less one); plus a millionth of the prediction's size for rounding. Where shap would take too
    long with all reference rows, both methods use the first so many.

    Parameters
    ----------
    study : Study
        The study.
    candidate : str
        Name of the candidate.
    case : DataFrame of one row, or str
        Raw feature columns, or the id of a case.
    outcome, reference, random_state
        As for :func:`explain`.

    Returns
    -------
    Agreement
        Both results, the largest gap in the reader's unit, and whether sampling explains it.

    Raises
    ------
    NotInstalledError
        The shap package is missing.
    CaseError, CandidateError
        As for :func:`explain`.
    """
    try:
        with _quiet():
            import shap
    except ImportError as problem:
        raise NotInstalledError("The comparison needs the package shap. Install it with: pip install shap") from problem
    from scipy.stats import t

    row = study.row(case) if isinstance(case, str) else case
    if len(row) != 1:
        raise CaseError(f"One {study.case} at a time is compared with shap, not {len(row)}. Give one row.")
    option = study.candidate(candidate)
    columns = list(option.features)
    compared = as_reference(study, reference)
    route = Route(
        predict.door(study, candidate),
        predict.check_cases(study, candidate, row)[columns],
        predict.check_cases(study, candidate, compared.rows)[columns],
    )
    n_refs, d = len(compared.rows), len(columns)
    seconds_a_row = _speed(route)
    affordable = int(SECONDS / (seconds_a_row * FEWEST_REPEATS * (2 * d + 1)))
    exact = d <= EXACT_COLUMNS and 2**d * n_refs * seconds_a_row <= SECONDS
    if not exact and affordable < n_refs:
        n_refs = max(2, affordable)
        compared = replace(compared, rows=compared.rows.iloc[:n_refs])
    ours = explain(study, candidate, row, outcome=outcome, reference=compared, random_state=random_state)
    output = study.classes.index(ours.outcome[0]) if study.classes else 0
    counted = _Counted(route, output)
    codes = counted.codes
    case_codes, ref_codes = codes[:1], codes[1 : 1 + n_refs]
    started = perf_counter()
    with _quiet():
        masker = shap.maskers.Independent(ref_codes, max_samples=n_refs)  # by default it keeps 100 rows only
        if exact:
            name = "ExactExplainer"
            found = shap.explainers.ExactExplainer(counted, masker)(case_codes, max_evals=2**d, silent=True)
            values, base, error = np.ravel(found.values), float(np.ravel(found.base_values)[0]), np.zeros(d)
            freedom = n_refs  # of our own error only
        else:
            name = "PermutationExplainer"
            one_run = seconds_a_row * (2 * d + 1) * n_refs
            repeats = int(np.clip(SECONDS / max(one_run, 1e-9), FEWEST_REPEATS, REPEATS))
            values, base, error = _repeat(
                lambda seed: shap.explainers.PermutationExplainer(counted, masker, seed=seed)(
                    case_codes, max_evals=2 * d + 1, silent=True
                ),
                repeats,
                random_state,
            )
            freedom = repeats - 1
    seconds = perf_counter() - started
    gap = np.abs(ours.values[0] - values)
    own = np.zeros(d) if ours.standard_errors is None else ours.standard_errors[0]
    errors = float(t.ppf(1 - FALSE_ALARMS / (2 * d), max(1, freedom)))
    allowed = errors * float(np.sqrt(own**2 + error**2).max()) + 1e-6 * max(1.0, abs(float(ours.predictions[0])))
    return Agreement(
        ours=ours,
        shap_values=values,
        shap_base=base,
        largest_gap=float(gap.max()),
        feature=columns[int(gap.argmax())],
        allowed_gap=allowed,
        agrees=bool(gap.max() <= allowed),
        explainer=f"{name}, shap {shap.__version__}",
        n_evaluations=counted.n,
        seconds=seconds,
    )


class _Counted:
    """The candidate as a function of whole numbers: shap mixes matrices of numbers, the door wants raw values.

    Each column's values are numbered; a mixed row of numbers is turned back into the raw values they stand for.
    """

    def __init__(self, route: Route, output: int) -> None:
        self.route, self.output, self.n = route, output, 0
        codes = route.codes + 1  # missing is 0
        self.codes = codes.astype(float)
        self.first = []
        for j in range(codes.shape[1]):
            unique, first = np.unique(codes[:, j], return_index=True)
            place = np.zeros(int(unique.max()) + 1, dtype=np.intp)
            place[unique] = first
            self.first.append(place)

    def __call__(self, rows: Any) -> FloatArray:
        codes = np.asarray(rows).astype(np.intp)
        self.n += len(codes)
        at = np.column_stack([place[codes[:, j]] for j, place in enumerate(self.first)])
        return self.route.ask(self.route.frame(at))[:, self.output]


def _repeat(run: Callable[[int], Any], repeats: int, seed: int) -> tuple[FloatArray, float, FloatArray]:
    """Return mean values, base value and standard errors of several runs with different seeds."""
    found = [run((seed * 1_000 + at + 1) % 2**32) for at in range(repeats)]
    values = np.stack([np.ravel(one.values) for one in found])
    error = values.std(axis=0, ddof=1) / np.sqrt(repeats)
    return values.mean(axis=0), float(np.ravel(found[0].base_values)[0]), error


def _speed(route: Route, rows: int = 2_000) -> float:
    """Return the seconds that one mixed row takes through the raw door."""
    at = np.random.default_rng(0).integers(0, len(route.raw), size=(rows, len(route.columns)))
    started = perf_counter()
    route.ask(route.frame(at))
    return (perf_counter() - started) / rows


@contextlib.contextmanager
def _quiet() -> Any:
    """Keep shap's progress bars and its dependencies' warnings off the screen, and numpy's global seed as it was."""
    seed = np.random.get_state()
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stderr(io.StringIO()),
        contextlib.redirect_stdout(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            np.random.set_state(seed)
