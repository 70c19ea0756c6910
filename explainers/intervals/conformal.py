"""Split conformal ranges and sets from scores of calibration rows: arrays in, arrays out, nothing is fitted here."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]
# Sums of probabilities and products of quantile and scale are rounded; a hair's breadth outside is not outside.
HAIR = 1e-12


def rank(n: int, level: float) -> int:
    """Return the rank of the calibration score that is the quantile: ceil((n + 1) * level).

    Examples
    --------
    >>> rank(9, 0.9), rank(8, 0.9), rank(200, 0.9)
    (9, 9, 181)
    """
    return math.ceil((n + 1) * level - 1e-9)


def rows_needed(level: float) -> int:
    """Return the fewest calibration rows that give a finite range at this level.

    Examples
    --------
    >>> rows_needed(0.8), rows_needed(0.9), rows_needed(0.95)
    (4, 9, 19)
    """
    return math.ceil(level / (1 - level) - 1e-9)


def bin_needed(level: float) -> int:
    """Return the rows below which a bin is merged with its neighbour: 1 / (1 - level).

    Examples
    --------
    >>> bin_needed(0.8), bin_needed(0.9), bin_needed(0.95)
    (5, 10, 20)
    """
    return math.ceil(1 / (1 - level) - 1e-9)


def quantile(scores: Array, level: float) -> float:
    """Return the conformal quantile of calibration scores; infinity where there are too few.

    Parameters
    ----------
    scores : ndarray of shape (n,)
        Larger is stranger.
    level : float
        Share of new scores that are to be at most that large.

    Notes
    -----
    A new score that is exchangeable with these is at most that large with a probability of at least ``level``, and,
    without ties, of at most ``level + 1 / (n + 1)``. See Lei et al. (2018), https://doi.org/10.1080/01621459.2017.1307116

    Examples
    --------
    >>> quantile(np.arange(1.0, 10.0), 0.9), quantile(np.arange(1.0, 9.0), 0.9)
    (9.0, inf)
    """
    at = rank(len(scores), level)
    return float(np.partition(scores, at - 1)[at - 1]) if at <= len(scores) else math.inf


def merged(edges: Array, calibration: Array, least: int) -> Array:
    """Return those edges between bins that leave at least so many calibration rows in every bin.

    Parameters
    ----------
    edges : ndarray of shape (m,)
        Inner edges, rising; bin k holds values up to and with edge k.
    calibration : ndarray of shape (n,)
        Answers to calibration rows.
    least : int
        A bin with fewer rows is merged with the one above it, the last one with the one below.

    Examples
    --------
    >>> merged(np.array([1.0, 2.0, 3.0]), np.array([0.5, 1.5, 3.5, 3.6]), 2)
    array([2.])
    """
    counts = np.bincount(np.searchsorted(edges, calibration, side="left"), minlength=len(edges) + 1)
    kept: list[float] = []
    have = 0
    for edge, count in zip(edges, counts[:-1], strict=True):
        have += int(count)
        if have >= least:
            kept.append(float(edge))
            have = 0
    if kept and have + int(counts[-1]) < least:
        kept.pop()
    return np.array(kept)


def by_bins(edges: Array, calibration: Array, scores: Array, answers: Array, level: float) -> Array:
    """Return the quantile of the bin that each answer falls into, shape (len(answers),).

    The bins are those of :func:`merged`; within each of them the promise of :func:`quantile` holds.
    Boström and Johansson (2020), Mondrian conformal regressors, https://proceedings.mlr.press/v128/bostrom20a.html
    """
    edges = merged(edges, calibration, bin_needed(level))
    place = np.searchsorted(edges, calibration, side="left")
    table = np.array([quantile(scores[place == k], level) for k in range(len(edges) + 1)])
    return np.asarray(table[np.searchsorted(edges, answers, side="left")])


def set_threshold(calibration: Array, codes: IntArray, level: float) -> Array:
    """Return for each class the largest strangeness (1 minus its probability) that keeps it in a set.

    Parameters
    ----------
    calibration : ndarray of shape (n, k)
        Class probabilities of calibration rows.
    codes : ndarray of shape (n,)
        Recorded classes.
    level : float
        Share of sets that are to hold the recorded class.

    Notes
    -----
    The least ambiguous sets of Sadinle, Lei and Wasserman (2019), https://doi.org/10.1080/01621459.2017.1395341
    """
    strangeness = 1 - calibration[np.arange(len(codes)), codes]
    return np.full(calibration.shape[1], quantile(strangeness, level))


def set_thresholds_by_class(calibration: Array, codes: IntArray, level: float) -> Array:
    """Return the thresholds that keep the promise within every recorded class; parameters as in `set_threshold`.

    A class with too few calibration rows is never ruled out.
    """
    strangeness = 1 - calibration[np.arange(len(codes)), codes]
    return np.array([quantile(strangeness[codes == k], level) for k in range(calibration.shape[1])])


def in_sets(answers: Array, thresholds: Array) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return which classes are in the set of each row, shape (n, k); never none: the likeliest one always is."""
    chosen = np.asarray(1 - answers <= thresholds[None, :] + HAIR)
    chosen[np.arange(len(answers)), answers.argmax(axis=1)] = True
    return chosen
