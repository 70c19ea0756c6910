"""Leverage, Cook's distance, DFFITS and DFBETAS of every row, beside the summary of statsmodels' OLSInfluence.

python -m benchmarks.influence [--rows 100000] [--columns 20] [--factor 20]

Ours: every figure of the summary for all rows, from one Cholesky factor. statsmodels: ``OLSInfluence.summary_frame``,
which fits again without each row, in a process of its own that is stopped after ``--factor`` times as many processor
seconds as ours took (set with ``--factor 0`` to let it run to its end). On 400 of the rows both are run whole and have
to agree to 1e-10.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
from time import process_time
from typing import Any

import numpy as np

from explainers.outliers.influential import least_squares

Array = np.ndarray[Any, Any]
SMALL = 400
SUMMARY = """
import resource, sys
import numpy as np
from benchmarks.influence import data, theirs
design, y = data(int(sys.argv[1]), int(sys.argv[2]))
limit = float(sys.argv[3])
if limit:
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    resource.setrlimit(resource.RLIMIT_CPU, (int(used + limit) + 1, int(used + limit) + 2))
theirs(design, y)
"""


def data(n: int, d: int, seed: int = 0) -> tuple[Array, Array]:
    """Return a design with an intercept, numbers of several sizes and a few levels, and what is to be fitted."""
    rng = np.random.default_rng(seed)
    numbers = rng.normal(size=(n, d - 4)) * np.logspace(-2, 3, d - 4)
    levels = np.eye(5)[rng.integers(0, 5, n)][:, 1:]
    design = np.column_stack([np.ones(n), numbers, levels])
    return design, design @ rng.normal(size=d + 1) + rng.standard_t(4, n)


def theirs(design: Array, y: Array) -> Any:
    """Return the summary of statsmodels."""
    from statsmodels.regression.linear_model import OLS
    from statsmodels.stats.outliers_influence import OLSInfluence

    return OLSInfluence(OLS(y, design).fit()).summary_frame()


def agree() -> float:
    """Return the largest gap between both on few rows."""
    design, y = data(SMALL, 8)
    ours, summary = least_squares(design, y), theirs(design, y)
    named = {
        "hat_diag": "leverage",
        "cooks_d": "cooks",
        "dffits": "dffits",
        "standard_resid": "standardised",
        "student_resid": "studentised",
    }
    gaps = [np.abs(summary[a].to_numpy() - ours[b]).max() for a, b in named.items()]
    shifts = summary[[c for c in summary if c.startswith("dfb_")]].to_numpy()
    return float(max(*gaps, np.abs(shifts - ours["dfbetas"]).max()))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--columns", type=int, default=20)
    parser.add_argument("--factor", type=float, default=100.0)
    asked = parser.parse_args()
    gap = agree()
    design, y = data(asked.rows, asked.columns)
    least_squares(design[:1000], y[:1000])
    times = []
    for _ in range(3):
        start = process_time()
        least_squares(design, y)
        times.append(process_time() - start)
    ours = min(times)
    print(f"ours, {asked.rows:,} rows x {asked.columns} columns: {ours:.2f} processor seconds; largest gap {gap:.1e}")
    limit = asked.factor * ours
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-c", SUMMARY, str(asked.rows), str(asked.columns), str(limit)]
    done = subprocess.run(command, check=False, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if done.returncode == 0:
        print(f"summary of OLSInfluence: {spent:.1f} processor seconds with its imports, {spent / ours:.0f} times ours")
        held = spent >= 20 * ours
    else:
        held = done.returncode < 0  # stopped by the limit; anything else is a failure of its own
        print(
            f"summary of OLSInfluence: stopped unfinished after more than {limit:.0f} processor seconds, "
            f"{asked.factor:.0f} times ours"
            if held
            else done.stderr.decode()[-500:]
        )
    print("held" if held and gap <= 1e-10 else "missed")
    return 0 if held and gap <= 1e-10 else 1


if __name__ == "__main__":
    sys.exit(main())
