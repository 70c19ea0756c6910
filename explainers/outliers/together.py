"""Numbers that do not go together: a Gaussian copula over the numbers of a study, and what of it is odd.

Each number becomes the normal score of its rank, so units, skew and ties do not count; how the scores go together is
one matrix (Liu, Lafferty and Wasserman 2009, the nonparanormal). Scores end at 3, since how far out one number lies is
told elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explainers.fields import FloatArray

MOST = 3.0
RIDGE = 0.01  # the least that is blended in, so that columns that follow from others can be told
STEPS = 60
CHUNK = 4_000


@dataclass(frozen=True, slots=True)
class Together:
    """How normal scores go together: the places of the columns, their spread, the matrix and its inverse."""

    at: np.ndarray
    spread: FloatArray
    matrix: FloatArray
    inverse: FloatArray


def learn_together(scores: FloatArray) -> Together:
    """Return how the columns of normal scores go together.

    Parameters
    ----------
    scores : array of shape (n, d)
        NaN where missing. Columns that never vary are left out.
    """
    known = np.isfinite(scores)
    filled = np.where(known, scores, 0.0)
    counts = known.sum(axis=0)
    spread = np.sqrt(np.square(filled).sum(axis=0) / np.maximum(counts, 1))
    varies = (np.abs(filled).max(axis=0, initial=0.0) > 0) & (counts >= 10)
    varies &= np.ptp(filled, axis=0) > 1e-9 if len(scores) else False
    at = np.flatnonzero(varies)
    z, seen = filled[:, at] / spread[at], known[:, at].astype(float)
    both = seen.T @ seen
    squares = np.square(z).T @ seen  # of the rows where the other column is known too
    with np.errstate(invalid="ignore", divide="ignore"):
        matrix = (z.T @ z) / np.sqrt(squares * squares.T)
    matrix = np.where(both >= 10, np.nan_to_num(matrix), 0.0)
    np.fill_diagonal(matrix, 1.0)
    if at.size and not known[:, at].all():
        values, vectors = np.linalg.eigh(matrix)
        matrix = (vectors * np.maximum(values, 0.0)) @ vectors.T  # pairs with gaps need not fit together
        matrix /= np.sqrt(np.outer(np.diag(matrix), np.diag(matrix)))
    blend = float(np.clip(at.size / max(len(scores), 1), RIDGE, 0.5))
    matrix = (1 - blend) * matrix + blend * np.eye(at.size)
    return Together(at, spread[at], matrix, np.linalg.inv(matrix) if at.size else matrix)


def standard(together: Together, scores: FloatArray) -> FloatArray:
    """Return the scores of the columns that count, in units of their spread; NaN where missing."""
    return np.asarray(scores[:, together.at] / together.spread)


def oddness(together: Together, scores: FloatArray) -> FloatArray:
    """Return how badly the numbers of each row go together, shape (n,): half the squared Mahalanobis distance.

    Missing numbers are left out: they take the values that make the distance smallest, which is the distance of the
    others alone.
    """
    if together.at.size < 2:
        return np.zeros(len(scores))
    out = np.empty(len(scores))
    for start in range(0, len(scores), CHUNK):
        z = fill(together, standard(together, scores[start : start + CHUNK]))
        out[start : start + CHUNK] = 0.5 * np.einsum("ij,jk,ik->i", z, together.inverse, z, optimize=True)
    return out


def fill(together: Together, z: FloatArray) -> FloatArray:
    """Return scores with what is missing filled by what the others say, by conjugate gradients over all rows."""
    gaps = np.isnan(z)
    z = np.where(gaps, 0.0, z)
    rows = np.flatnonzero(gaps.any(axis=1))
    if not rows.size:
        return z
    free, given = gaps[rows].astype(float), z[rows]
    x = np.zeros_like(given)
    left = -(given @ together.inverse) * free
    way, size = left.copy(), np.square(left).sum(axis=1)
    for _ in range(min(STEPS, int(free.sum(axis=1).max()))):
        along = (way @ together.inverse) * free
        with np.errstate(invalid="ignore", divide="ignore"):
            step = np.nan_to_num(size / (way * along).sum(axis=1), posinf=0.0)[:, None]
        x, left = x + step * way, left - step * along
        new = np.square(left).sum(axis=1)
        if float(new.max()) < 1e-16:
            break
        with np.errstate(invalid="ignore", divide="ignore"):
            way, size = left + np.nan_to_num(new / size, posinf=0.0)[:, None] * way, new
    z[rows] = given + x
    return z


def oddest(together: Together, z: FloatArray) -> tuple[int, ...]:
    """Return the places, among all numbers, of the two columns of one row that go together worst.

    Parameters
    ----------
    z : array of shape (d,)
        Normal scores of all numbers, NaN where missing.

    Returns
    -------
    tuple of int
        Two places; empty where no two columns are odd together.
    """
    z = standard(together, z[None, :])[0]
    if z.size < 2:
        return ()
    r = np.clip(together.matrix, -0.999, 0.999)
    own = np.where(np.isnan(z), 0.0, z)
    squares = np.square(own)
    # Minus the log density of two scores together over that of each alone.
    pairs = (np.square(r) * (squares[:, None] + squares[None, :]) - 2 * r * np.outer(own, own)) / (1 - np.square(r))
    pairs[np.isnan(z), :] = pairs[:, np.isnan(z)] = -np.inf
    np.fill_diagonal(pairs, -np.inf)
    first, second = np.unravel_index(int(np.argmax(pairs)), pairs.shape)
    if not pairs[first, second] > 0:
        return ()
    if abs(own[second]) > abs(own[first]):
        first, second = second, first
    return int(together.at[first]), int(together.at[second])
