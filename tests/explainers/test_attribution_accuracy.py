"""How accurate sampled attributions are, how honest their errors, and how stable the first reason is.

The small versions run with every test, the full ones (marked promise) are what is promised in words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from explainers import Study, open_study
from explainers.attribution import explain, reference
from explainers.results import Explanation
from tests.conftest import ROOT
from tests.explainers.games import by_hand, mixed_frame, pipeline, study_of

Promise = Callable[[str, str], None]


@dataclass
class Measured:
    """Sampled against exact attributions of some cases under several seeds."""

    rmse: float
    within_95: float
    within_3: float


def measure(n_cases: int, n_seeds: int, max_iter: int) -> Measured:
    frame = mixed_frame(2_000, 12)
    study = study_of(frame, "binary", m=pipeline(HistGradientBoostingClassifier(max_iter=max_iter), frame))
    cases, compared = study.rows("test").iloc[:n_cases], reference(study)
    assert len(compared.rows) == 200
    exact = np.stack([by_hand(study, "m", cases.iloc[[at]], compared.rows) for at in range(n_cases)])
    runs = [explain(study, "m", cases, reference=compared, random_state=seed, pairs=4) for seed in range(n_seeds)]
    off = np.abs(np.stack([e.values for e in runs]) - exact)
    errors = np.stack([e.standard_errors for e in runs]) + 1e-12
    return Measured(
        float(np.sqrt(np.square(off).mean())), float((off <= 1.96 * errors).mean()), float((off <= 3 * errors).mean())
    )


def test_accuracy_and_coverage_small() -> None:
    found = measure(n_cases=2, n_seeds=16, max_iter=40)
    assert found.rmse <= 0.002
    assert 0.92 <= found.within_95 <= 0.98
    assert found.within_3 >= 0.985


@pytest.mark.promise
def test_accuracy_and_coverage(promise: Promise) -> None:
    found = measure(n_cases=30, n_seeds=10, max_iter=100)
    promise(
        "Sampled attributions against exact enumeration, 12 columns, 4 pairs x 200 reference rows, 30 cases x 10 seeds",
        f"RMSE {found.rmse:.5f}, 95% errors cover {found.within_95:.1%}, 3 errors {found.within_3:.2%}",
    )
    assert found.rmse <= 0.002
    assert 0.93 <= found.within_95 <= 0.97
    assert found.within_3 >= 0.99


def first_and_clear(e: Explanation) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return the first reason of each case, and whether its lead over the second exceeds its error."""
    size = np.abs(e.values)
    order = np.argsort(-size, axis=1)
    first, second = order[:, 0], order[:, 1]
    rows = np.arange(len(size))
    variance = np.zeros_like(size)
    for errors in (e.standard_errors, e.reference_errors):
        variance += 0 if errors is None else np.square(errors)
    error = 1.96 * np.sqrt(variance[rows, first] + variance[rows, second])
    return first, size[rows, first] - size[rows, second] > error


def stability(study: Study, name: str, cases: pd.DataFrame) -> tuple[float, int]:
    """Return the share of clear cases with the same first reason under a new seed and reference sample."""
    first, clear = first_and_clear(explain(study, name, cases))
    again = explain(study, name, cases, random_state=1, reference=reference(study, random_state=1))
    return float((first == np.abs(again.values).argmax(axis=1))[clear].mean()), int(clear.sum())


@pytest.fixture(scope="module")
def mortgages() -> Study:
    return open_study(ROOT / "sample_data" / "boston_mortgages", build=False)


def test_first_reason_is_stable_small(mortgages: Study) -> None:
    same, n = stability(mortgages, "boosting", mortgages.rows("test").iloc[:60])
    assert n >= 20
    assert same >= 0.95


@pytest.mark.promise
@pytest.mark.parametrize("name", ["boosting", "forest", "logistic", "tree"])
def test_first_reason_is_stable(mortgages: Study, promise: Promise, name: str) -> None:
    same, n = stability(mortgages, name, mortgages.rows("test"))
    promise(
        f"The first reason stays under a new seed and reference sample where its lead exceeds its error ({name})",
        f"{same:.1%} of {n} cases",
    )
    assert n >= 50
    assert same >= 0.95


@pytest.mark.promise
def test_every_option_of_the_sample_adds_up(mortgages: Study, promise: Promise) -> None:
    worst = 0.0
    cases = mortgages.rows("test").iloc[:40]
    for name in mortgages.candidates:
        e = explain(mortgages, name, cases)
        worst = max(worst, float(np.abs(e.values.sum(axis=1) - (e.predictions - e.base_values)).max()))
    promise("Reasons plus the rest equal prediction minus reference, every option", f"largest gap {worst:.1g}")
    assert worst <= 1e-9


def test_a_shuffled_column_counts_for_little() -> None:
    frame = mixed_frame(1_500, 6)
    frame.insert(0, "shuffled", np.random.default_rng(3).permutation(frame.x0.to_numpy()))
    study = study_of(frame, "binary", boosting="boosting", forest="forest", logistic="logistic")
    for name in study.candidates:
        strength = np.abs(explain(study, name, study.rows("test").iloc[:40]).values).mean(axis=0)
        assert strength[study.candidate(name).features.index("shuffled")] < strength.max() / 5, name
