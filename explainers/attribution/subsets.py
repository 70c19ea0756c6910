"""Exact enumeration: all subsets of the columns in which a case and a reference row differ.

With k such columns there are 2^k - 2 hybrids between the two rows. For a few columns that is less work than sampling,
and there is no sampling error. The definition is Shapley's (1953), doi:10.1515/9781400881970-018.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import comb

import numpy as np

from explainers.attribution.walks import Bools, Ints
from explainers.results import FloatArray

PER_CASE = 2_000  # hybrids per case that enumeration may always take, spread over the reference rows
LARGEST = 16


def enumerable(n_refs: int, pairs: int) -> int:
    """Return the number of differing columns up to which a reference row is enumerated rather than sampled.

    Enumerated where that takes no more hybrids than ``pairs`` sampled pairs would (5 columns for 4 pairs), or where
    there are so few reference rows that it is affordable anyway (10 columns for one row).
    """
    k = 1
    while k < LARGEST and 2 ** (k + 1) - 2 <= max(2 * pairs * k, PER_CASE / n_refs):
        k += 1
    return k


@cache
def bits(k: int) -> Bools:
    """Return all subsets of k columns, shape (2^k, k); the first is empty, the last is everything."""
    return (np.arange(2**k)[:, None] >> np.arange(k) & 1).astype(bool)


@cache
def weights(k: int) -> FloatArray:
    """Return the matrix that turns the answers of all subsets into the k attributions, shape (2^k, k)."""
    inside = bits(k)
    size = inside.sum(axis=1)
    gain = np.array([1.0 / (k * comb(k - 1, s)) for s in range(k)])
    with_it, without = gain[np.maximum(size - 1, 0)][:, None], gain[np.minimum(size, k - 1)][:, None]
    return np.asarray(np.where(inside, with_it, -without))


@dataclass(frozen=True, slots=True)
class Subsets:
    """The hybrids of one case and those reference rows that differ from it in exactly k columns."""

    k: int
    ref_at: Ints  # (n_refs,): the reference rows
    columns: Ints  # (n_refs, k): the columns in which each differs
    n_columns: int

    @property
    def rows(self) -> int:
        """Hybrids to evaluate: all subsets but the two ends."""
        return int(self.ref_at.size * (2**self.k - 2))

    def request(self, start: int, stop: int) -> tuple[Ints, Bools]:
        """Return reference rows and masks (True: the case's value) of the hybrids from start to stop."""
        at, subset = np.divmod(np.arange(start, stop), 2**self.k - 2)
        masks = np.zeros((at.size, self.n_columns), dtype=bool)
        np.put_along_axis(masks, self.columns[at], bits(self.k)[subset + 1], axis=1)
        return self.ref_at[at], masks

    def values(self, answers: FloatArray, f_case: float, f_refs: FloatArray) -> FloatArray:
        """Return the attributions against each of these rows, shape (n_refs, n_columns)."""
        n = self.ref_at.size
        first = f_refs[self.ref_at][:, None]
        every = np.zeros((n, 2**self.k))  # above the reference row, so that equal answers give zero exactly
        every[:, 1:-1] = answers.reshape(n, 2**self.k - 2) - first
        every[:, -1:] = f_case - first
        out = np.zeros((n, self.n_columns))
        np.put_along_axis(out, self.columns, every @ weights(self.k), axis=1)
        return out


def plan_subsets(differs: Bools, most: int) -> list[Subsets]:
    """Return the enumerations for those reference rows that differ from the case in 1 to ``most`` columns.

    Parameters
    ----------
    differs : ndarray of bool, shape (n_refs, n_columns)
        Columns in which the case differs from each reference row.
    most : int
        Largest number of columns to enumerate.
    """
    count = differs.sum(axis=1)
    plans = []
    for k in range(1, most + 1):
        ref_at = np.flatnonzero(count == k)
        if ref_at.size:
            columns = np.nonzero(differs[ref_at])[1].reshape(ref_at.size, k)
            plans.append(Subsets(k, ref_at, columns, differs.shape[1]))
    return plans
