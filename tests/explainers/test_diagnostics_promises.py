"""What is promised of tests of an option: true p-values, no false alarms, planted faults found, whatever the seed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import numpy as np
import pytest

from explainers.diagnostics import diagnose
from tests.explainers.simulated import FAULTS, clean

Promise = Callable[[str, str], None]
TIMES = 400
LOWEST, HIGHEST = 0.017, 0.083  # three standard errors of 400 on either side of 5 in 100
UPPER_ONLY = ("jarque_bera", "anderson_darling")
LEAST = 200  # p-values that a share is taken of
KINDS = {"numbers": ("series", "panel"), "classes": ("two", "three")}
SEEDS = 20


@pytest.mark.promise
@pytest.mark.parametrize("n", [200, 5_000])
@pytest.mark.parametrize("of", KINDS)
def test_clean_studies_have_true_p_values_and_no_problem(of: str, n: int, promise: Promise) -> None:
    found: dict[str, list[float]] = defaultdict(list)
    problems = cautions = 0
    for seed in range(TIMES):
        result = diagnose(clean(KINDS[of][seed % 2], n, seed), "formula")
        problems += any(d.status == "problem" for d in result)
        cautions += any(d.status in ("problem", "caution") for d in result)
        for d in result:
            if d.p_value is not None:
                found[d.code].append(d.p_value)
    shares = {c: float((np.array(p) < 0.05).mean()) for c, p in found.items() if len(p) >= LEAST}
    figures = ", ".join(f"{c} {s:.1%}" for c, s in shares.items())
    promise(
        "Diagnostics: over 400 clean simulations the share of p below .05 lies in 1.7 to 8.3% (Jarque-Bera and "
        "Anderson-Darling: upper end only), and at most 5% of clean studies show a problem",
        f"{of}, {n:,} rows: {figures}; a problem in {problems / TIMES:.1%}, a caution in {cautions / TIMES:.1%}",
    )
    assert problems <= 0.05 * TIMES
    bad = {c: s for c, s in shares.items() if s > HIGHEST or (s < LOWEST and c not in UPPER_ONLY)}
    assert bad == {}


@pytest.mark.promise
@pytest.mark.parametrize("fault", FAULTS)
def test_planted_faults_are_found_whatever_the_seed(fault: str, promise: Promise) -> None:
    missed: dict[str, int] = defaultdict(int)
    wanted: tuple[str, ...] = ()
    for seed in range(SEEDS):
        study, wanted = FAULTS[fault](seed)
        result = {d.code: d for d in diagnose(study, "formula")}
        for code in wanted:
            missed[code] += result[code].status not in ("caution", "problem")
    figures = ", ".join(f"{c} {SEEDS - missed[c]} of {SEEDS}" for c in wanted)
    promise("Diagnostics: each planted fault is found", f"{fault}: {figures}")
    assert max(missed.values()) <= 1
