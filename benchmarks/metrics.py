"""Resampled measures beside the loop over scikit-learn, on the same resamples.

python -m benchmarks.metrics [--rows 10000] [--resamples 1000] [--loop 50]

Four measures of two options in every resample. Ours: one matrix of weights times the columns of all measures, and one
sort for each option's area under the curve; drawing the weights counts. The loop takes the same resamples as rows and
asks scikit-learn's accuracy_score, roc_auc_score, log_loss and brier_score_loss for each option. Only the first
``--loop`` resamples are looped over and the time is scaled up; their figures have to agree to 1e-12. Times are
processor seconds.
"""

from __future__ import annotations

import argparse
import os
from time import process_time
from typing import Any

import numpy as np

from explainers.metrics.measures import each_row
from explainers.metrics.resampling import columns_of, counted, resampled, weighted_auc

MEASURES = ("accuracy", "log_loss", "brier")
PROMISED = 20.0
Array = np.ndarray[Any, Any]


def data(n: int, seed: int = 0) -> tuple[Array, list[Array]]:
    """Return recorded outcomes and the chances that two options give for them, with some ties."""
    rng = np.random.default_rng(seed)
    link = rng.normal(-1.5, 1.2, n)
    actual = (rng.random(n) < 1 / (1 + np.exp(-link))).astype(np.int64)
    said = [1 / (1 + np.exp(-(link + rng.normal(0, s, n)))) for s in (0.5, 1.0)]
    return actual, [np.clip(np.round(p, 4), 0.001, 0.999) for p in said]


def ours(actual: Array, said: list[Array], drawn: Array) -> list[dict[str, Array]]:
    """Return every measure in every resample for each option."""
    weights = counted(drawn, len(actual))
    out = []
    for p in said:
        answers = np.column_stack([1 - p, p])
        found = {m: resampled(m, columns_of(m, each_row(m, answers, actual, 1)), weights) for m in MEASURES}
        out.append({**found, "auc": weighted_auc(p, actual == 1, weights)})
    return out


def looped(actual: Array, said: list[Array], drawn: Array) -> list[dict[str, Array]]:
    """Return the same by scikit-learn, one resample after the other."""
    from sklearn import metrics as sk

    def measured(p: Array, rows: Array) -> dict[str, float]:
        a, s = actual[rows], p[rows]
        return {
            "accuracy": sk.accuracy_score(a, s >= 0.5),
            "log_loss": sk.log_loss(a, s),
            "brier": sk.brier_score_loss(a, s),
            "auc": sk.roc_auc_score(a, s),
        }

    each = [[measured(p, rows) for rows in drawn] for p in said]
    return [{m: np.array([f[m] for f in found]) for m in found[0]} for found in each]


def largest_gap(a: list[dict[str, Array]], b: list[dict[str, Array]]) -> float:
    """Return the largest difference between both, over resamples, options and measures."""
    return max(float(np.abs(x[m][: len(y[m])] - y[m]).max()) for x, y in zip(a, b, strict=True) for m in y)


def compared(rows: int, resamples: int, loop: int) -> tuple[float, float, float]:
    """Return our processor seconds, the loop's for as many resamples, and the largest gap."""
    actual, said = data(rows)
    drawn = np.random.default_rng(1).integers(0, rows, (resamples, rows))
    some = drawn[: min(loop, resamples)]
    ours(actual, said, drawn[:2])
    looped(actual, said, drawn[:2])
    start = process_time()
    mine = ours(actual, said, drawn)
    middle = process_time()
    theirs = looped(actual, said, some)
    end = process_time()
    return middle - start, (end - middle) * resamples / len(some), largest_gap(mine, theirs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--resamples", type=int, default=1_000)
    parser.add_argument("--loop", type=int, default=50, help="resamples that the loop is timed on")
    args = parser.parse_args()
    mine, theirs, gap = compared(args.rows, args.resamples, args.loop)
    ratio = theirs / mine
    print(f"{args.resamples} resamples of {args.rows} rows, four measures, two options, {os.cpu_count()} cores")
    print(
        f"ours {mine:.2f} s, loop over scikit-learn {theirs:.1f} s: {ratio:.0f} times as fast (promised {PROMISED:.0f})"
    )
    print(f"largest gap on the same resamples {gap:.1e} (promised 1e-12)")
    if ratio < PROMISED or gap > 1e-12:
        raise SystemExit("This does not keep to what was promised.")


if __name__ == "__main__":
    main()
