"""How residuals are spread: bars, Q-Q points with a band, tails, and the furthest rows each side."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from explainers.fields import FloatArray
from explainers.residuals import normal
from explainers.residuals.binning import _outcome
from explainers.residuals.picking import furthest
from explainers.residuals.rows import Rows, measured, read_rows
from explainers.results_residuals import Measure, Spread

if TYPE_CHECKING:
    from explainers.study import Study

FEWEST_BARS, MOST_BARS, MOST_RANKS, FURTHEST, SCORE_BINS = 8, 40, 200, 5, 20
WORST_SHARE = 0.05
QUARTILES = 1.3489795  # between the quartiles of the normal distribution with spread 1
NORMAL_RATIO = 2.905847  # middle 95 in 100 over the middle half, normal distribution
# Of normal samples of so many rows: 95 in 100 stay within so many errors at every rank, with the line through their own
# quartiles, and with the line of spread 1. Simulated with 300 (many rows) to 4,000 samples; a promise test repeats it.
HALF_ROWS = (10, 15, 25, 50, 100, 200, 500, 1_000, 3_000, 10_000)
HALF_FITTED = (9.9, 7.75, 6.7, 5.7, 5.05, 4.6, 4.4, 4.2, 4.05, 3.95)
HALF_UNIT = (3.5, 3.6, 3.6, 3.6, 3.7, 3.8, 3.8, 3.8, 3.8, 3.8)


def distribution(
    study: Study,
    candidate: str,
    *,
    rows: str | Sequence[str] | None = None,
    outcome: Hashable = None,
    random_state: int = 0,
) -> Spread:
    """Return how the residuals of a candidate are spread.

    Parameters
    ----------
    study : Study
        The study.
    candidate : str
        Name of the candidate; built on the way if it is not.
    rows : None, "all", str or sequence of str
        As for :func:`explainers.residuals.residuals`; by default the never-seen rows.
    outcome : hashable, optional
        As for :func:`explainers.residuals.residuals`.
    random_state : int
        Seed of the randomised quantile residuals.

    Returns
    -------
    Spread
        Bars over the middle 99 in 100 (the outer bars hold what lies beyond), quantiles, tails, Q-Q points at up to 200
        ranks of the standardised residuals (classes: randomised quantile residuals) against normal quantiles at
        (i - 0.5) / n, and the five rows furthest off each side. The line goes through the quartiles (classes: spread
        1), and 95 in 100 normal samples lie within the band at all ranks together; its width was simulated.

    Raises
    ------
    CandidateError
        There is no such candidate, part or class, or it cannot be fitted.

    Examples
    --------
    >>> from explainers import Study
    >>> frame = pd.DataFrame({"size": [float(i % 7) for i in range(500)], "price": [float(i % 10) for i in range(500)]})
    >>> study = Study.from_frame(frame, target="price", candidates={"no_model": "no_model"})
    >>> found = distribution(study, "no_model")
    >>> found.n == sum(found.counts) == 100
    True
    """
    read = read_rows(study, candidate, rows, outcome)
    off = read.residual
    kind: Any = "classes" if study.classes else "numbers"
    wanted: Measure = "quantile" if study.classes else "standardised"
    scored = measured(study, candidate, read, wanted, random_state=random_state)
    five = np.quantile(off, (0.05, 0.25, 0.5, 0.75, 0.95)) if off.size else np.full(5, np.nan)
    edges, counts, beyond = _bars(off)
    worst = max(round(off.size * WORST_SHARE), 1) if off.size else 0
    total = float(np.abs(off).sum())
    return Spread(
        candidate=candidate,
        kind=kind,
        outcome=_outcome(study, outcome),
        n=int(off.size),
        rows=read.rows,
        edges=edges,
        counts=counts,
        beyond=beyond,
        mean=float(off.mean()) if off.size else float("nan"),
        middle=float(five[2]),
        lower=float(five[1]),
        upper=float(five[3]),
        outer_lower=float(five[0]),
        outer_upper=float(five[4]),
        off=total / off.size if off.size else float("nan"),
        above=float((off > 0).mean()) if off.size else float("nan"),
        worst_n=worst,
        worst_share=float(np.abs(off)[furthest(np.abs(off), worst)].sum()) / total if total > 0 else float("nan"),
        tails=_tails(off) if kind == "numbers" else float("nan"),
        skew=_skew(off) if kind == "numbers" else float("nan"),
        **_ranked(scored, wanted),
        lowest=_furthest(study, read, -off),
        highest=_furthest(study, read, off),
        **_by_score(study, read),
    )


def _bars(off: FloatArray) -> tuple[FloatArray, tuple[int, ...], tuple[int, int]]:
    """Return bars by Freedman and Diaconis over the middle 99 in 100; the outer bars hold the rest."""
    if not off.size:
        return np.empty(0), (), (0, 0)
    low, q1, q3, high = (float(v) for v in np.quantile(off, (0.005, 0.25, 0.75, 0.995)))
    if not high > low:
        low, high = float(off.min()), float(off.max())
    if not high > low:
        low, high = low - 0.5, high + 0.5
    width = 2 * (q3 - q1) / off.size ** (1 / 3)
    bars = int(np.clip(np.ceil((high - low) / width) if width > 0 else FEWEST_BARS, FEWEST_BARS, MOST_BARS))
    edges = np.linspace(low, high, bars + 1)
    counts = np.histogram(np.clip(off, low, high), bins=edges)[0]
    return edges, tuple(map(int, counts)), (int((off < low).sum()), int((off > high).sum()))


def _tails(off: FloatArray) -> float:
    if off.size < 40:
        return float("nan")
    low, q1, q3, high = np.quantile(off, (0.025, 0.25, 0.75, 0.975))
    return float((high - low) / (q3 - q1) / NORMAL_RATIO) if q3 > q1 else float("nan")


def _skew(off: FloatArray) -> float:
    spread = float(off.std()) if off.size > 2 else 0.0
    return float((((off - off.mean()) / spread) ** 3).mean()) if spread > 0 else float("nan")


def _ranked(scored: FloatArray, wanted: Measure) -> dict[str, Any]:
    known = np.sort(scored[np.isfinite(scored)])
    n = known.size
    if n < 2:
        none = np.empty(0)
        return {
            "qq_measure": wanted,
            "qq_theory": none,
            "qq_observed": none,
            "qq_line": none,
            "qq_lower": none,
            "qq_upper": none,
            "qq_outside": 0,
        }
    ranks = np.unique(np.r_[0 : min(n, 25), np.linspace(0, n - 1, MOST_RANKS).round(), max(n - 25, 0) : n].astype(int))
    p = (np.arange(n) + 0.5) / n
    theory = normal.quantile(p[ranks])
    observed = known[ranks]
    if wanted == "quantile":  # known to be normal with spread 1 where the chances are true
        centre, slope = 0.0, 1.0
    else:
        q1, q3 = (float(v) for v in np.quantile(known, (0.25, 0.75)))
        centre, slope = (q1 + q3) / 2, (q3 - q1) / QUARTILES
    half = _half(n, wanted) * np.sqrt(1 / (ranks + 1) + 1 / (n - ranks))
    odds = np.log(p[ranks] / (1 - p[ranks]))
    low, high = (centre + slope * normal.quantile(1 / (1 + np.exp(-o))) for o in (odds - half, odds + half))
    return {
        "qq_measure": wanted,
        "qq_theory": theory,
        "qq_observed": observed,
        "qq_line": centre + slope * theory,
        "qq_lower": low,
        "qq_upper": high,
        "qq_outside": int(((observed < low) | (observed > high)).sum()),
    }


def _half(n: int, wanted: Measure) -> float:
    """Return how many errors wide, on the scale of log odds of ranks, the band is that holds a normal sample."""
    table = HALF_UNIT if wanted == "quantile" else HALF_FITTED
    return float(np.interp(np.log(n), np.log(HALF_ROWS), table))


def _furthest(study: Study, read: Rows, off: FloatArray) -> pd.DataFrame:
    """Return the rows where a signed size is largest, as long as it is above 0."""
    at = furthest(off, FURTHEST)
    at = at[off[at] > 0]
    at = at[np.argsort(-off[at], kind="stable")]
    return pd.DataFrame(
        {
            "id": study.case_ids.to_numpy()[read.at[at]].astype(object),
            "actual": read.actual[at],
            "predicted": read.predicted[at],
            "residual": read.residual[at],
        }
    )


def _by_score(study: Study, read: Rows) -> dict[str, Any]:
    if not study.classes:
        return {"score_edges": np.empty(0)}
    edges = np.linspace(0, 1, SCORE_BINS + 1)
    place = np.clip((read.predicted * SCORE_BINS).astype(np.int64), 0, SCORE_BINS - 1)
    happened = np.bincount(place[read.actual > 0.5], minlength=SCORE_BINS)
    every = np.bincount(place, minlength=SCORE_BINS)
    return {
        "score_edges": edges,
        "score_happened": tuple(map(int, happened)),
        "score_others": tuple(map(int, every - happened)),
    }
