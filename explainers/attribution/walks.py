"""Sampled permutations in antithetic pairs: the values of one case against each reference row.

One pair walks from a reference row to the case by replacing columns in a random order, and back in the same order.
The gains along a walk telescope to f(case) - f(reference row), so every pair adds up exactly, whatever the sample.
The hybrids on the way back are the complements of those on the way there, which is what makes the pair antithetic.
Columns in which case and reference row are equal change nothing: their steps are zero and are not evaluated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from explainers.results import FloatArray

Bools = np.ndarray[Any, np.dtype[np.bool_]]
Ints = np.ndarray[Any, np.dtype[np.intp]]


def draw_orders(n_rows: int, n_columns: int, rounds: int, random_state: int) -> list[Ints]:
    """Return for each round one random order of the columns per reference row, shape (n_rows, n_columns).

    The orders depend on the seed alone, never on the case: the same case gets the same result whoever is asked with
    it, and a case before and after a change are compared along the same walks, so their difference carries less noise.
    """
    rng = np.random.default_rng(random_state)
    plain = np.tile(np.arange(n_columns), (n_rows, 1))
    return [rng.permuted(plain, axis=1) for _ in range(rounds)]


@dataclass(frozen=True, slots=True)
class Walks:
    """The steps of one case along one order per entry of ``ref_at`` that have to be evaluated."""

    order: Ints  # (n_walks, n_columns): the column that is replaced at each position
    rank: Ints  # (n_walks, n_columns): the position at which each column is replaced
    ref_at: Ints  # (n_walks,): reference row of each walk
    inner: Bools  # (n_walks, n_columns): positions whose hybrid is neither an end nor equal to the one before
    ended: Bools  # (n_walks, n_columns): positions from which on the hybrid equals the case
    walk: Ints  # (n_steps,): walk of each inner step
    position: Ints  # (n_steps,): position of each inner step

    @property
    def rows(self) -> int:
        """Hybrids to evaluate: there and back."""
        return 2 * self.walk.size

    def request(self, start: int, stop: int) -> tuple[Ints, Bools]:
        """Return reference rows and masks (True: the case's value) of the hybrids from start to stop.

        Even rows are the way there, odd rows the way back.
        """
        at = np.arange(start, stop)
        step = at >> 1
        walk = self.walk[step]
        there = self.rank[walk] <= self.position[step][:, None]
        return self.ref_at[walk], there ^ (at & 1).astype(bool)[:, None]

    def values(self, answers: FloatArray, f_case: float, f_refs: FloatArray) -> FloatArray:
        """Return each walk's pair of attributions averaged, shape (n_walks, n_columns), from the hybrids' answers."""
        first = f_refs[self.ref_at][:, None]
        there = self._levels(answers[0::2], first, f_case)
        back = self._levels(answers[1::2], np.full_like(first, f_case), first)
        gain = np.diff(there, axis=1) - np.diff(back, axis=1)
        out = np.empty_like(gain)
        np.put_along_axis(out, self.order, gain / 2.0, axis=1)
        return out

    def _levels(self, answers: FloatArray, start: FloatArray, end: FloatArray | float) -> FloatArray:
        """Return the answer at the start and after each position, where skipped positions repeat the one before."""
        n, d = self.order.shape
        level = np.empty((n, d + 1))
        level[:, :1] = start
        inside = level[:, 1:]
        inside[self.inner] = answers
        last = np.maximum.accumulate(np.where(self.inner, np.arange(1, d + 1), 0), axis=1)
        inside[:] = np.take_along_axis(level, last, axis=1)
        np.copyto(inside, np.broadcast_to(end, inside.shape), where=self.ended)
        return level


def plan_walks(order: Ints, ref_at: Ints, differs: Bools) -> Walks:
    """Return the walks of one case.

    Parameters
    ----------
    order : ndarray of int, shape (n_walks, n_columns)
        The order of each walk.
    ref_at : ndarray of int, shape (n_walks,)
        The reference row of each walk.
    differs : ndarray of bool, shape (n_walks, n_columns)
        Columns in which the case differs from that row (and that can matter to the estimator).
    """
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.broadcast_to(np.arange(order.shape[1]), order.shape), axis=1)
    moves = np.take_along_axis(differs, order, axis=1)
    done = moves.cumsum(axis=1)
    total = done[:, -1:]
    inner = moves & (done < total)
    walk, position = np.nonzero(inner)
    return Walks(order, rank, ref_at, inner, (done == total) & (total > 0), walk, position)
