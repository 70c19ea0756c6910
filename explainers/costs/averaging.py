"""Averages over rows with their resamples, many at a time: one product of weights and columns for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from explainers.metrics import Array, IntArray, resampling

LEVEL = 0.95
Ends = tuple[float | None, float | None]
ROOM = 8_000_000  # cells of a product at a time


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
        self._drawn: Array | None = None

    def prepare(self, columns: Sequence[Array]) -> None:
        """Work out several averages at once; :meth:`spread` then has them at hand.

        Parameters
        ----------
        columns : sequence of ndarray of shape (n,)
            What each row adds.
        """
        new = {c.tobytes(): c for c in columns if c.tobytes() not in self._known}
        if len(new) < 2:
            return
        each = np.column_stack(list(new.values()))
        units = len(each) if self.groups is None else int(self.groups.max(initial=-1)) + 1
        if not resampling.LEAST_UNITS <= units <= resampling.MOST_UNITS:
            return  # none at all, or quick one by one
        if self._drawn is None:
            self._drawn = resampling.weights(units, resampling.RESAMPLES, np.random.default_rng(0))
        size = max(1, ROOM // (3 * resampling.RESAMPLES))
        for start in range(0, each.shape[1], size):
            found = spreads(each[:, start : start + size], self.groups, self._drawn)
            self._known |= dict(zip(list(new)[start : start + size], found, strict=True))

    def spread(self, each: Array, *, even: bool = False) -> resampling.Spread | None:
        """Return one average; None with fewer than 10 units, or where rows do not differ."""
        key = each.tobytes()
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


def spreads(each: Array, groups: IntArray | None, drawn: Array) -> list[resampling.Spread | None]:
    """Return the average of each column with its studentised resamples, all from the same drawn rows.

    Parameters
    ----------
    each : ndarray of shape (n, k)
        What rows add, one column per average.
    groups : ndarray of shape (n,), optional
        Rows that belong together.
    drawn : ndarray of shape (n_resamples, n_units)
        How often each unit is drawn.

    Returns
    -------
    list of Spread or None
        The same as :func:`explainers.metrics.resampling.spread` of each column; None where rows do not differ.
    """
    sums = resampling.by_unit(each, groups)
    rows = resampling.by_unit(np.ones((len(each), 1)), groups)[:, 0]
    n, total = len(sums), float(rows.sum())
    middle, share = sums.mean(axis=0), float(rows.mean())
    x, c = sums - middle, rows - share
    k = x.shape[1]
    products = drawn @ np.column_stack([x, x**2, x * c[:, None], c, c**2])
    value, error = _linearised(products, k, n, middle, share)
    whole, its = _linearised(np.column_stack([x, x**2, x * c[:, None], c, c**2]).sum(axis=0)[None], k, n, middle, share)
    value0, error0 = whole[0], its[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        studentised = (value - value0) / error
    largest = (np.abs(x).max(axis=0) + np.abs(value0) * float(np.abs(c).max())) / max(total, 1.0)
    out: list[resampling.Spread | None] = []
    for j in range(k):
        if not error0[j] > 1e-12 * max(largest[j], 1e-300):
            out.append(None)
            continue
        column = studentised[:, j]
        out.append(resampling.Spread(float(value0[j]), float(error0[j]), np.sort(column[np.isfinite(column)])))
    return out


def _linearised(products: Array, k: int, n: int, middle: Array, share: float) -> tuple[Array, Array]:
    """Return averages and their standard errors from sums of centred columns, shape (n_resamples, k) each."""
    x, xx, xc = products[:, :k], products[:, k : 2 * k], products[:, 2 * k : 3 * k]
    c, cc = products[:, 3 * k : 3 * k + 1], products[:, 3 * k + 1 : 3 * k + 2]
    rows = c + n * share
    value = (x + n * middle) / rows
    own = (x - value * c) / rows
    square = (xx - 2 * value * xc + value**2 * cc) / rows**2
    return value, np.sqrt(np.maximum((square - own**2 / n) * n / (n - 1), 0.0))
