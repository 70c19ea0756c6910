"""Averages over rows with their resamples, many at a time: one product of weights and columns for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from explainers.metrics import Array, IntArray, resampling

LEVEL = 0.95
Ends = tuple[float | None, float | None]
ROOM = 8_000_000  # cells of a product at a time
KEPT = 2_000_000  # cells of a table of weights that stays in memory
TINY = 1e-6  # of a standard error: below it there is none but rounding
FEW = 0.5  # of the rows: with no more kinds of them than that, kinds are drawn instead of rows


class Averages:
    """What rows add on average, with studentised resamples, as :func:`explainers.metrics.resampling.spread` has it.

    Parameters
    ----------
    groups : ndarray of shape (n,), optional
        Rows that belong together, drawn together.
    """

    def __init__(self, groups: IntArray | None) -> None:
        self.groups = groups
        self._known: dict[bytes, resampling.Spread | None] = {}

    def prepare(self, columns: Sequence[Array]) -> None:
        """Work out several averages at once; :meth:`spread` then has them at hand.

        Parameters
        ----------
        columns : sequence of ndarray of shape (n,)
            What each row adds.
        """
        new = {c.tobytes(): c for c in columns if c.tobytes() not in self._known}
        if not new:
            return
        each = np.column_stack(list(new.values()))
        units = len(each) if self.groups is None else int(self.groups.max(initial=-1)) + 1
        if not resampling.LEAST_UNITS <= units <= resampling.MOST_UNITS:
            return  # none at all, or quick one by one
        times = None
        drawn = None
        if self.groups is None:
            kinds, places, counts = np.unique(each, axis=0, return_inverse=True, return_counts=True)
            if len(kinds) <= min(FEW * units, KEPT // resampling.RESAMPLES):
                each, times = kinds, counts.astype(np.float64)
                drawn = _kinds_drawn(places.reshape(-1).astype(np.int64).tobytes())
        if drawn is None:
            drawn = _units_drawn(units) if units * resampling.RESAMPLES <= KEPT else _weights(units)
        size = max(1, ROOM // (3 * resampling.RESAMPLES))
        for start in range(0, each.shape[1], size):
            found = spreads(each[:, start : start + size], self.groups, drawn, times)
            self._known |= dict(zip(list(new)[start : start + size], found, strict=True))

    def spread(self, each: Array, *, even: bool = False) -> resampling.Spread | None:
        """Return one average; None with fewer than 10 units, or where rows do not differ."""
        key = each.tobytes()
        if key not in self._known:
            self.prepare([each])
        if key not in self._known:
            columns = resampling.by_unit(resampling.columns_of("mae", each), self.groups)
            self._known[key] = resampling.spread(["mae"], [columns])
        found = self._known[key]
        return replace(found, even=even) if found is not None else None

    def ends(self, each: Array, *, even: bool = False) -> Ends:
        """Return the range of one average; both ends alike where all rows add the same, none with too few rows."""
        if not len(each):
            return None, None
        found = self.spread(each, even=even)
        if found is not None:
            return found.ends(LEVEL)
        flat = float(np.ptp(each)) <= 1e-12 * max(float(np.abs(each).max()), 1.0)
        return (float(each.mean()),) * 2 if flat and len(each) >= resampling.LEAST_UNITS else (None, None)


def spreads(
    each: Array, groups: IntArray | None, drawn: Array, times: Array | None = None
) -> list[resampling.Spread | None]:
    """Return the average of each column with its studentised resamples, all from the same drawn rows.

    Parameters
    ----------
    each : ndarray of shape (n, k)
        What rows add, one column per average.
    groups : ndarray of shape (n,), optional
        Rows that belong together.
    drawn : ndarray of shape (n_resamples, n_units)
        How often each unit is drawn.
    times : ndarray of shape (n,), optional
        How many rows each one stands for, without groups; by default one.

    Returns
    -------
    list of Spread or None
        The same as :func:`explainers.metrics.resampling.spread` of each column; None where rows do not differ.
    """
    sums = resampling.by_unit(each, groups)
    rows = resampling.by_unit(np.ones((len(each), 1)), groups)[:, 0]
    times = np.ones(len(sums)) if times is None else times
    n, total = round(float(times.sum())), float(times @ rows)
    middle, share = times @ sums / n, total / n
    x, c = sums - middle, rows - share
    parts = [x, x**2]
    if np.any(c):  # units of different sizes: their number counts as well
        parts += [x * c[:, None], c[:, None], c[:, None] ** 2]
    columns = np.column_stack(parts)
    value, error = _linearised(drawn @ columns, x.shape[1], n, middle, share)
    whole, its = _linearised((times @ columns)[None], x.shape[1], n, middle, share)
    value0, error0 = whole[0], its[0]
    spread = error > TINY * error0
    # Where all rows drawn are alike, rounding must not say how far out that is: such resamples are left out.
    studentised = np.divide(value - value0, error, out=np.full_like(value, np.nan), where=spread)
    studentised = np.ascontiguousarray(studentised.T)
    studentised.sort(axis=1)  # what is left out comes last
    known = spread.sum(axis=0)
    largest = (np.abs(x).max(axis=0) + np.abs(value0) * float(np.abs(c).max())) / max(total, 1.0)
    out: list[resampling.Spread | None] = []
    for j in range(x.shape[1]):
        if not error0[j] > 1e-12 * max(largest[j], 1e-300):
            out.append(None)
            continue
        out.append(resampling.Spread(float(value0[j]), float(error0[j]), studentised[j, : known[j]]))
    return out


def _linearised(products: Array, k: int, n: int, middle: Array, share: float) -> tuple[Array, Array]:
    """Return averages and their standard errors from sums of centred columns, shape (n_resamples, k) each."""
    x, xx = products[:, :k], products[:, k : 2 * k]
    if products.shape[1] == 2 * k:
        rows = n * share
        own = x / rows
        square = xx / rows**2
        return middle / share + own, np.sqrt(np.maximum((square - own**2 / n) * (n / (n - 1)), 0.0))
    xc = products[:, 2 * k : 3 * k]
    c, cc = products[:, 3 * k : 3 * k + 1], products[:, 3 * k + 1 : 3 * k + 2]
    drawn = c + n * share
    value = (x + n * middle) / drawn
    own = (x - value * c) / drawn
    square = (xx - 2 * value * xc + value**2 * cc) / drawn**2
    return value, np.sqrt(np.maximum((square - own**2 / n) * n / (n - 1), 0.0))


# -- drawing -----------------------------------------------------------------------------------------------------------
def _weights(units: int) -> Array:
    return resampling.weights(units, resampling.RESAMPLES, np.random.default_rng(0))


@lru_cache(maxsize=1)
def _units_drawn(units: int) -> Array:
    return _weights(units)


@lru_cache(maxsize=8)
def _kinds_drawn(places: bytes) -> Array:
    """Return how often each kind of row is drawn, shape (n_resamples, n_kinds): the draws of the rows themselves."""
    kinds = np.frombuffer(places, dtype=np.int64)
    n, k = len(kinds), int(kinds.max(initial=-1)) + 1
    drawn = np.random.default_rng(0).integers(0, n, (resampling.RESAMPLES, n))
    return resampling.counted(kinds[drawn], k)
