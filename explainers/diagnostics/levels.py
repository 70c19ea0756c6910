"""Whether an option is off on the whole, or in some levels or ranges of a column: on rows it was not fitted on.

The means of residuals are compared with the error they have: where rows count alone from their own spread (numbers) or
from the stated chances (classes); where the option is a formula, what its estimation adds is taken along exactly; where
rows belong together, from the spread of their groups.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

Array = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]
MOST_BINS = 10
LEAST_IN_BIN = 10
LEAST_IN_LEVEL = 5
MOST_LEVELS = 200
LEAST_GROUPS = 15


@dataclass(frozen=True, slots=True)
class Strata:
    """That a split gave every part the same share of each class: then the share itself holds no news."""

    happened: Array  # 1 where the class was recorded, of each row
    n_training: int
    n_all: int


@dataclass(frozen=True, slots=True)
class Errors:
    """Residuals of never-seen rows, and what is known of the error of their means."""

    residuals: Array
    variance: Array | None = None  # known variance of each (classes: p(1 - p)); None: estimated
    jacobian: Array | None = None  # how predictions move with a formula's coefficients, shape (n, p)
    covariance: Array | None = None  # of those coefficients, shape (p, p)
    residual_variance: float | None = None  # of a formula's training rows
    free: float = np.inf  # degrees of freedom behind it
    groups: IntArray | None = None  # rows that belong together
    strata: Strata | None = None  # classes that the split deals out evenly

    def picked(self, rows: Array | IntArray) -> Errors:
        """Return the same for some of the rows."""
        return replace(
            self,
            residuals=self.residuals[rows],
            variance=None if self.variance is None else self.variance[rows],
            jacobian=None if self.jacobian is None else self.jacobian[rows],
            groups=None if self.groups is None else self.groups[rows],
            strata=None,
        )


@dataclass(frozen=True, slots=True)
class Binned:
    """A column cut into levels or ranges: the bin of each row, and what each bin is."""

    codes: IntArray
    labels: tuple[Any, ...]  # a level, (low, high), None for missing, "other" levels as the text below


OTHER = "other levels"


def cut(values: pd.Series[Any], *, numeric: bool, classes: bool = False) -> Binned | None:
    """Cut a column into ranges of about equal numbers of rows, or its levels; None where it does not vary.

    Parameters
    ----------
    values : Series of length n
        Of the rows that are measured.
    numeric : bool
        Whether it holds numbers or dates.
    classes : bool
        Whether bins have to be larger, for counts of an outcome.
    """
    n = len(values)
    if numeric:
        raw = values.astype("int64") if values.dtype.kind in "Mm" else pd.to_numeric(values, errors="coerce")
        x = raw.to_numpy(dtype=np.float64, na_value=np.nan)
        x = np.where(values.isna().to_numpy() | ~np.isfinite(x), np.nan, x)
        finite = x[np.isfinite(x)]
        if finite.size < 2 * LEAST_IN_BIN or finite.min() == finite.max():
            return None
        wanted = int(np.clip(finite.size // (2 * LEAST_IN_BIN if classes else LEAST_IN_BIN), 2, MOST_BINS))
        edges = np.unique(np.quantile(finite, np.linspace(0, 1, wanted + 1)[1:-1]))
        codes = np.where(np.isnan(x), -1, np.searchsorted(edges, x, side="left")).astype(np.int64)
        _, codes[codes >= 0] = np.unique(codes[codes >= 0], return_inverse=True)
        found: list[Any] = []
        for k in range(int(codes.max()) + 1):
            inside = values.to_numpy()[codes == k]
            found.append((_python(inside.min()), _python(inside.max())))
        return _with_missing(codes, found, n)
    codes, levels = pd.factorize(values.astype(object))
    counts = np.bincount(codes[codes >= 0], minlength=len(levels))
    keep = np.flatnonzero(counts >= LEAST_IN_LEVEL)
    keep = keep[np.argsort(-counts[keep], kind="stable")][:MOST_LEVELS]
    table = np.full(len(levels) + 1, len(keep), dtype=np.int64)
    table[keep] = np.arange(len(keep))
    table[-1] = -1
    codes = np.asarray(table[codes], dtype=np.int64)
    found = [_python(levels[int(k)]) for k in keep]
    rest = int((codes == len(keep)).sum())
    if rest:
        found.append(OTHER)
        if rest < LEAST_IN_LEVEL:
            codes[codes == len(keep)] = -2
            found.pop()
    return _with_missing(codes, found, n)


def _with_missing(codes: IntArray, labels: list[Any], n: int) -> Binned | None:
    lost = int((codes == -1).sum())
    if lost >= LEAST_IN_LEVEL and lost < n:
        codes = np.where(codes == -1, len(labels), codes)
        labels = [*labels, None]
    if len(labels) < 2:
        return None
    return Binned(np.where(codes < 0, -1, codes), tuple(labels))


def _python(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) and value.dtype.kind != "M" else value


@dataclass(frozen=True, slots=True)
class Apart:
    """How far the means of residuals lie apart between bins."""

    statistic: float
    df: tuple[float, ...]
    p_value: float
    share: float  # of the residual variance that lies between bins, beyond chance
    means: Array
    errors: Array  # of each mean
    counts: IntArray
    free: float


def between(errors: Errors, bins: Binned) -> Apart | None:
    """Test whether the mean residual differs between bins.

    Parameters
    ----------
    errors : Errors
        Of n rows.
    bins : Binned
        Of the same rows; rows in no bin are left out.

    Returns
    -------
    Apart or None
        None where fewer than two bins have rows enough. For plain numbers the statistic is the F of an analysis of
        variance; for classes chi-squared of the expected against the recorded counts; for formulas and rows that belong
        together Wald's on the differences of means, in the form of F.

    References
    ----------
    Fisher (1925), Statistical Methods for Research Workers; Hotelling (1931), Annals of Mathematical Statistics 2,
    360-378, https://doi.org/10.1214/aoms/1177732979
    """
    from scipy.stats import chi2, f

    inside = np.flatnonzero(bins.codes >= 0)
    codes = bins.codes[inside]
    k = len(bins.labels)
    e = errors.picked(inside)
    counts = np.bincount(codes, minlength=k)
    if k < 2 or (counts == 0).any() or inside.size <= k:
        return None
    means = np.bincount(codes, e.residuals, k) / counts
    grand = float(e.residuals.mean())
    spread = float(((means - grand) ** 2 * counts).sum())
    total = float(((e.residuals - grand) ** 2).sum())
    n, free = inside.size, float(inside.size - k)
    if e.variance is None:
        within = max(total - spread, 0.0) / free
        share = max(0.0, (spread - (k - 1) * within) / (total + within)) if total > 0 else 0.0
    else:
        noise = np.bincount(codes, e.variance, k) / counts
        share = max(0.0, (spread - float((noise * (1 - counts / n)).sum())) / max(float(e.variance.sum()), 1e-300))
        within = 0.0
    covariance, free, kind = _covariance(e, codes, counts, within, free)
    own = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    contrast = np.column_stack([np.eye(k - 1), -np.ones(k - 1)])
    middle = contrast @ covariance @ contrast.T
    try:
        wald = float((contrast @ means) @ np.linalg.solve(middle, contrast @ means))
    except np.linalg.LinAlgError:
        return None
    if not np.isfinite(wald) or wald < 0:
        return None
    df: tuple[float, ...] = (float(k - 1),)
    if kind == "chi2":
        return Apart(wald, df, float(chi2.sf(wald, k - 1)), share, means, own, counts, np.inf)
    if kind == "groups":
        clusters = free + 1
        if clusters <= k:
            return None
        wald *= (clusters - k + 1) / (clusters - 1)
        df = (float(k - 1), clusters - k + 1)
    else:
        df = (float(k - 1), free)
    return Apart(wald / (k - 1), df, float(f.sf(wald / (k - 1), *df)), share, means, own, counts, free)


def _covariance(e: Errors, codes: IntArray, counts: IntArray, within: float, free: float) -> tuple[Array, float, str]:
    """Return the covariance of the bins' means, the degrees of freedom behind it, and of which kind it is."""
    k = len(counts)
    if e.groups is not None and np.unique(e.groups).size >= max(LEAST_GROUPS, k + 5):
        plain, free, kind = _robust(e, codes, counts)
        return plain + _estimation(e, codes, counts), free, kind
    if e.variance is not None:
        plain = np.diag(np.bincount(codes, e.variance, k) / counts**2)
        return plain + _estimation(e, codes, counts), np.inf, "chi2"
    if e.residual_variance is not None and e.jacobian is not None:
        return np.diag(e.residual_variance / counts) + _estimation(e, codes, counts), e.free, "f"
    return np.diag(within / counts), free, "f"


def _estimation(e: Errors, codes: IntArray, counts: IntArray) -> Array:
    """Return what the estimation of a formula's coefficients adds to the covariance of the bins' means."""
    if e.jacobian is None or e.covariance is None:
        return np.zeros((len(counts), len(counts)))
    moved = np.column_stack([np.bincount(codes, column, len(counts)) for column in e.jacobian.T]) / counts[:, None]
    return np.asarray(moved @ e.covariance @ moved.T)


def _robust(e: Errors, codes: IntArray, counts: IntArray) -> tuple[Array, float, str]:
    """Return the covariance from what rows of one group have in common (Liang and Zeger)."""
    assert e.groups is not None
    k = len(counts)
    groups = np.unique(e.groups, return_inverse=True)[1]
    n_groups = int(groups.max()) + 1
    means = np.bincount(codes, e.residuals, k) / counts
    scores = np.bincount(groups * k + codes, e.residuals - means[codes], n_groups * k).reshape(n_groups, k) / counts
    return scores.T @ scores * n_groups / (n_groups - 1), float(n_groups - 1), "groups"


@dataclass(frozen=True, slots=True)
class Level:
    """How far an option is off on the whole."""

    statistic: float
    df: tuple[float, ...]
    p_value: float
    mean: float
    relative: float  # in units of the spread of residuals
    kind: str


def on_the_whole(errors: Errors) -> Level:
    """Test whether residuals are zero on average.

    Returns
    -------
    Level
        Student's t, or the normal z where the variance is known (classes); with what estimation adds for formulas, and
        over groups where rows belong together.

    References
    ----------
    Student (1908), Biometrika 6, 1-25, https://doi.org/10.1093/biomet/6.1.1
    """
    from scipy.stats import norm, t

    e, n = errors, errors.residuals.size
    mean = float(e.residuals.mean())
    spread = float(e.residuals.std(ddof=1)) if e.variance is None else float(np.sqrt(e.variance.mean()))
    relative = abs(mean) / spread if spread > 0 else 0.0
    one, counts = np.zeros(n, dtype=np.int64), np.array([n])
    within = float(e.residuals.var(ddof=1))
    covariance, free, kind = _covariance(e, one, counts, within, float(n - 1))
    error = float(np.sqrt(max(covariance[0, 0], 0.0)))
    if e.strata is not None and kind == "chi2":
        error = _dealt(e, e.strata)
    if error <= 0:
        return Level(0.0, (), 1.0 if mean == 0 else 0.0, mean, relative, kind)
    statistic = mean / error
    if kind == "chi2":
        return Level(statistic, (), float(2 * norm.sf(abs(statistic))), mean, relative, "z")
    return Level(statistic, (free,), float(2 * t.sf(abs(statistic), free)), mean, relative, "t")


def _dealt(e: Errors, strata: Strata) -> float:
    """Return the error of the mean residual where the number of recorded outcomes in the rows was fixed by the split.

    What varies is then how the stated chances lie among rows of either kind; in the training rows too for a formula,
    whose mean chance there is the share itself. Of another option the share of all rows is what it may miss.
    """
    y, n = strata.happened, e.residuals.size
    said = y - e.residuals
    within = float(sum((y == kind).mean() * said[y == kind].var() for kind in (0.0, 1.0) if (y == kind).any()))
    share = float(y.mean())
    learned = within / strata.n_training if e.jacobian is not None else share * (1 - share) / strata.n_all
    return float(np.sqrt(within / n + learned))


def standing_out(found: Apart, *, level: float = 0.05) -> list[int]:
    """Return the bins whose mean lies off zero by more than chance (Holm over the bins), the furthest first."""
    from scipy.stats import norm, t

    z = np.abs(found.means) / np.where(found.errors > 0, found.errors, np.inf)
    p = 2 * (t.sf(z, found.free) if np.isfinite(found.free) else norm.sf(z))
    order = np.argsort(p, kind="stable")
    out: list[int] = []
    for rank, i in enumerate(order):
        if p[i] * (len(p) - rank) >= level:
            break
        out.append(int(i))
    return sorted(out, key=lambda i: -abs(found.means[i]))


def sidak(p: float, times: int) -> float:
    """Return the chance that the smallest of so many p-values is as small (Šidák 1967).

    Examples
    --------
    >>> round(sidak(0.01, 5), 4)
    0.049
    """
    return float(-np.expm1(times * np.log1p(-min(p, 1.0)))) if p < 1 else 1.0
