"""How far out a number is: ranks inside the training rows, a fitted scale beyond them.

Ranks cannot leave the training range: beyond it every value would be as odd as the largest one seen. The upper and
lower tenth therefore get a generalised Pareto tail (Pickands 1975, doi:10.1214/aos/1176343003), fitted by
probability-weighted moments (Hosking and Wallis 1987, doi:10.1080/00401706.1987.10488243).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from explainers.fields import FloatArray

KNOTS = 256  # values that are kept of a column
TAIL = 0.1  # share of the rows in each tail
FEWEST = 10  # exceedances that a shape is fitted on
SHAPE_ROWS = 50.0  # rows that the prior for a plain exponential tail is worth
HEAVIEST = 0.9
MOST = 690.0  # of a surprise: minus the log of the smallest chance


@dataclass(frozen=True, slots=True)
class Tail:
    """One end of a column: from ``start`` on, a chance of ``mass`` and how fast it falls."""

    start: float
    mass: float
    scale: float
    shape: float

    def beyond(self, excess: FloatArray) -> FloatArray:
        """Return the chance of lying so far past the start."""
        with np.errstate(over="ignore", invalid="ignore"):
            stretched = np.maximum(excess, 0.0) / self.scale
            if self.shape < 1e-6:
                return np.asarray(self.mass * np.exp(-stretched))
            return np.asarray(self.mass * np.power(1.0 + self.shape * stretched, -1.0 / self.shape))


@dataclass(frozen=True, slots=True)
class Numbers:
    """One column of numbers over the training rows."""

    values: FloatArray  # rising
    at_most: FloatArray  # share of rows at most as large as each value
    at_least: FloatArray
    low: Tail  # of the values with their sign turned
    high: Tail
    n: int


def learn_numbers(values: FloatArray) -> Numbers:
    """Return what is kept of a column: values with their ranks, and both tails.

    Parameters
    ----------
    values : array of shape (n,)
        Training values; what is not finite is left out.
    """
    known = np.sort(values[np.isfinite(values)])
    n = int(known.size)
    kept, first = np.unique(known, return_index=True)
    last = np.append(first[1:], n)
    if kept.size > KNOTS:
        # Every row of the outermost 32 on either side, and even steps between.
        steps = np.linspace(0, kept.size - 1, KNOTS - 64).round().astype(int)
        pick = np.unique(np.concatenate([np.arange(32), steps, np.arange(kept.size - 32, kept.size)]))
        kept, first, last = kept[pick], first[pick], last[pick]
    share = max(n, 1)
    return Numbers(
        values=kept,
        at_most=last / share,
        at_least=1.0 - first / share,
        low=_tail(-known[::-1]),
        high=_tail(known),
        n=n,
    )


def _tail(known: FloatArray) -> Tail:
    """Fit the upper end of sorted values."""
    n = known.size
    if n == 0:
        return Tail(0.0, 1.0, 1.0, 0.0)
    at = n - 1 - math.floor(TAIL * n)
    start = float(known[at])  # at most a tenth of the rows lies above it
    over = known[np.searchsorted(known, start, side="right") :] - start
    width = float(known[-1] - known[0])
    if over.size < 3:  # few rows, or the largest value is common: nothing seen to fit a scale on
        middle = known[n // 4 : n - n // 4]
        spread = float(middle[-1] - middle[0]) or width or abs(float(known[-1])) * 0.1 or 1.0
        return Tail(float(known[-1]), 0.5 / (n + 1), spread, 0.0)
    mean = float(over.mean())
    shape = _shape(over, mean) if over.size >= FEWEST else 0.0
    return Tail(start, over.size / n, max(mean * (1 - shape), np.finfo(float).tiny * 1e10), shape)


def _shape(over: FloatArray, mean: float) -> float:
    k = over.size
    weights = 1.0 - (np.arange(1, k + 1) - 0.35) / k
    second = float((weights * over).mean())
    if mean - 2 * second <= 0:
        return 0.0
    found = 2.0 - mean / (mean - 2 * second)
    return float(np.clip(found, 0.0, HEAVIEST) * k / (k + SHAPE_ROWS))


def at_most(column: Numbers, x: FloatArray) -> FloatArray:
    """Return the share of training rows at most as large; between kept values by a straight line."""
    if not column.n:
        return np.full(x.shape, 0.5)
    values = column.values
    at = np.searchsorted(values, x, side="right") - 1
    left, right = np.clip(at, 0, None), np.minimum(at + 1, values.size - 1)
    gap = values[right] - values[left]
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        along = np.where(gap > 0, (x - values[left]) / gap, 0.0)
    below = 1.0 - column.at_least[right]
    inner = column.at_most[left] + np.clip(np.nan_to_num(along), 0, 1) * np.maximum(below - column.at_most[left], 0)
    out = np.where(at < 0, 0.0, np.where(at >= values.size - 1, 1.0, inner))
    return np.asarray(out)


def chances(column: Numbers, x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the chance of a value at most, and at least, as large as each; both 1 where there is none."""
    lower = at_most(column, x)
    place = np.clip(np.searchsorted(column.values, x), 0, max(column.values.size - 1, 0))
    same = column.values[place] == x if column.n else np.zeros(x.shape, dtype=bool)
    upper = np.where(same, column.at_least[place] if column.n else 1.0, 1.0 - lower)
    high, low = column.high, column.low
    upper = np.where(x > high.start, np.maximum(upper, high.beyond(x - high.start)), upper)
    lower = np.where(-x > low.start, np.maximum(lower, low.beyond(-x - low.start)), lower)
    none = np.isnan(x)
    return np.where(none, 1.0, lower), np.where(none, 1.0, upper)


def surprise(lower: FloatArray, upper: FloatArray) -> FloatArray:
    """Return minus the log of the two-sided chance."""
    both = np.clip(2.0 * np.minimum(lower, upper), math.exp(-MOST), 1.0)
    return np.asarray(-np.log(both))


def _table() -> tuple[FloatArray, FloatArray]:
    z = np.linspace(8.0, 0.0, 1601)
    return z, np.log([0.5 * math.erfc(v / math.sqrt(2.0)) for v in z])


_Z, _LOG_CHANCE = _table()


def normal_scores(lower: FloatArray, upper: FloatArray, *, most: float) -> FloatArray:
    """Return the normal score of the middle between both ranks, at most ``most`` either way."""
    # Of equal values the middle rank, and far out the fitted tail that lies on that side.
    below, above = np.clip(lower, 1e-15, 1.0), np.clip(upper, 1e-15, 1.0)
    tied = np.maximum(below + above - 1.0, 0.0)
    small = np.minimum(below, above)
    rank = np.maximum(small - tied / 2.0, 1e-15)
    z = np.interp(np.log(np.minimum(rank, 0.5)), _LOG_CHANCE, _Z)
    return np.asarray(np.clip(np.where(above <= below, z, -z), -most, most))


def span(column: Numbers, share: float = 0.98) -> tuple[float, float]:
    """Return the values between which so large a share of the training rows lies, the tails alike."""
    if not column.n:
        return float("nan"), float("nan")
    edge = (1.0 - share) / 2.0
    low = column.values[int(np.searchsorted(column.at_most, edge, side="right"))]
    high = column.values[int(column.values.size - 1 - np.searchsorted(column.at_least[::-1], edge, side="right"))]
    return float(low), float(high)


def packed(column: Numbers) -> dict[str, Any]:
    """Return a column as arrays, as it is kept on disk."""
    tails = [[t.start, t.mass, t.scale, t.shape] for t in (column.low, column.high)]
    return {
        "values": column.values,
        "at_most": column.at_most,
        "at_least": column.at_least,
        "tails": np.array(tails),
        "n": column.n,
    }


def unpacked(kept: dict[str, Any]) -> Numbers:
    """Return a column as :func:`packed` kept it."""
    low, high = (Tail(*map(float, row)) for row in kept["tails"])
    return Numbers(kept["values"], kept["at_most"], kept["at_least"], low, high, int(kept["n"]))
