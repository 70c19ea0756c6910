"""How far off an option is along something: bins first, then points that always hold the worst cases."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from explainers.fields import FloatArray
from explainers.residuals import certainty
from explainers.residuals.certainty import LEVEL
from explainers.residuals.picking import picked
from explainers.residuals.places import Places, placed
from explainers.residuals.rows import Ints, Rows, measured, read_rows
from explainers.results_residuals import Binned, Measure

if TYPE_CHECKING:
    from explainers.study import Study

MIDDLE = (0.05, 0.25, 0.5, 0.75, 0.95)


def choices(study: Study, *, owner: bool = False) -> tuple[str, ...]:
    """Return what residuals can be looked at against: the answer, the record, the order of rows, and columns.

    Parameters
    ----------
    study : Study
    owner : bool
        Whether protected columns are among them.
    """
    roles = ("feature", "time", "group")
    columns = [f.name for f in study.dictionary if f.role in roles and (owner or not f.protected)]
    there = [n for n in columns if n in study.frame.columns]
    order = [n for n in ("predicted", "actual", "order") if n not in study.frame.columns]
    return (*order[:1], *there, *order[1:])


def binned(
    study: Study,
    candidate: str,
    against: str = "predicted",
    *,
    rows: str | Sequence[str] | None = None,
    zoom: Sequence[Any] | None = None,
    points: int = 2000,
    measure: Measure = "residual",
    outcome: Hashable = None,
    random_state: int = 0,
) -> Binned:
    """Return how far off a candidate is along something, in bins, with points to draw.

    Time and memory grow with the rows, no faster: bins are counted, quantiles are selected and not sorted, and at most
    ``points`` rows leave as points.

    Parameters
    ----------
    study : Study
        The study.
    candidate : str
        Name of the candidate; built on the way if it is not.
    against : str
        "predicted", "actual", "order" (of the rows in the data), or a column.
    rows : None, "all", str or sequence of str
        As for :func:`explainers.residuals.residuals`; by default the never-seen rows.
    zoom : sequence, optional
        Look closer: (x from, x to), or (x from, x to, y from, y to), or levels. Bins are made anew of the rows in that
        part of x, and points are drawn from the region.
    points : int
        At most so many rows are drawn.
    measure : str
        residual, or for numbers standardised, studentised; for classes standardised, deviance, pearson, quantile.
    outcome : hashable, optional
        As for :func:`explainers.residuals.residuals`.
    random_state : int
        Seed of the sample of points and of randomised residuals.

    Returns
    -------
    Binned
        Numbers: at most 20 bins of equal counts, or one for each moment or level, rare levels together; median, middle
        half and nine tenths of each; classes: mean, which is the observed share less the stated chance. Verdicts hold
        for all bins together (Bonferroni): of medians by ranks, of shares by Wilson's range, of means by the normal
        one. Rows that belong together count as one piece of evidence in each bin.

    Raises
    ------
    CandidateError
        There is no such candidate, part, class or measure, or it cannot be fitted.
    CaseError
        There is no such column.

    Examples
    --------
    >>> from explainers import Study
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"size": [float(i) for i in range(400)]})
    >>> frame["price"] = frame["size"] ** 2
    >>> study = Study.from_frame(frame, target="price", candidates={"formula": "formula"})
    >>> found = binned(study, "formula", "size")
    >>> found.n_rows, found.verdict
    (80, ('too low', 'too high', 'too low'))
    """
    zoom = tuple(zoom or ())
    read = read_rows(study, candidate, rows, outcome)
    places = placed(study, read, against, zoom)
    y = measured(study, candidate, read, measure, random_state=random_state)
    codes = np.where(np.isfinite(y), places.codes, -1)
    k = places.bins
    units, own, counts = certainty.units_of(codes, read.groups, k)
    inside = codes >= 0
    n = np.bincount(codes[inside], minlength=k)
    judged = int((counts >= certainty.LEAST).sum())
    off = read.differs.astype(np.float64) if study.classes else np.abs(y)
    found = (
        _means(read, y, codes, units, own, counts, n, judged, measure)
        if study.classes
        else _medians(y, codes, units, own, counts, judged)
    )
    mean_off, error = certainty.errors(off, codes, units, own, counts)
    here = y[inside]
    middle = float(here.mean() if study.classes else np.median(here)) if here.size else float("nan")
    overall = float(off[inside].mean()) if here.size else float("nan")
    sizes = certainty.sizes(
        mean_off, error, n, counts, certainty.z_of(LEVEL, judged), share=bool(study.classes), overall=overall
    )
    shown = picked(study, read, places, y, zoom=zoom, points=points, random_state=random_state)
    return Binned(
        candidate=candidate,
        against=against,
        kind=places.kind,
        measure=measure,
        outcome=_outcome(study, outcome),
        edges=places.edges,
        dates=places.dates,
        levels=places.levels,
        others=places.others,
        missing=places.missing,
        missing_at=places.missing_at,
        **_ends(places, codes, k),
        n=tuple(map(int, n)),
        units=tuple(map(int, counts)),
        **found,
        stated=_mean_of(read.predicted, codes, n),
        recorded=_mean_of(read.actual, codes, n),
        off=mean_off,
        off_verdict=sizes,
        overall_middle=middle,
        overall_off=overall,
        above=int((here > 0).sum()),
        level=LEVEL,
        together_by=_together(study, read),
        points=shown,
        n_shown=len(shown),
        n_worst=int(shown["worst"].sum()),
        n_rows=int(inside.sum()),
        rows=read.rows,
        zoom=zoom,
    )


def _outcome(study: Study, outcome: Hashable) -> Hashable:
    if not study.classes or outcome is not None:
        return outcome
    if len(study.classes) > 2:
        return None
    return study.positive if study.positive in study.classes else study.classes[-1]


def _together(study: Study, read: Rows) -> str:
    from explainers.metrics import together

    return (together(study) or "") if read.groups is not None else ""


def _ends(places: Places, codes: Ints, k: int) -> dict[str, Any]:
    """Return the smallest and the largest value of each bin."""
    low, high = np.full(k, np.inf), np.full(k, -np.inf)
    if places.kind != "levels":
        inside = codes >= 0
        np.minimum.at(low, codes[inside], places.x[inside])
        np.maximum.at(high, codes[inside], places.x[inside])
        if places.missing:
            low[-1] = np.inf
    known = np.isfinite(low)
    return {"smallest": np.where(known, low, np.nan), "largest": np.where(known, high, np.nan)}


def _mean_of(values: FloatArray, codes: Ints, n: Ints) -> FloatArray:
    inside = codes >= 0
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.bincount(codes[inside], weights=values[inside], minlength=len(n)) / n)


def _medians(y: FloatArray, codes: Ints, units: Ints, own: Ints, counts: Ints, judged: int) -> dict[str, Any]:
    """Return median, middle half and nine tenths of each bin, and the joint ranges of the medians."""
    k = len(counts)
    five, sure = np.full((5, k), np.nan), np.tile([[-np.inf], [np.inf]], (1, k))
    inside = codes >= 0
    rows = np.bincount(units[inside], minlength=own.size)
    evidence = np.bincount(units[inside], weights=y[inside], minlength=own.size) / rows  # the row itself where alone
    for at, (values, told) in enumerate(zip(_split(y, codes, k), _split(evidence, own, k), strict=True)):
        if not values.size:
            continue
        five[:, at] = np.quantile(values, MIDDLE)
        low, high = certainty.median_range(told, (1 - LEVEL) / max(judged, 1))
        sure[:, at] = min(low, five[2, at]), max(high, five[2, at])
    return {
        "outer_lower": five[0],
        "lower": five[1],
        "middle": five[2],
        "upper": five[3],
        "outer_upper": five[4],
        "sure_lower": sure[0],
        "sure_upper": sure[1],
        "verdict": certainty.sides(sure[0], sure[1], counts),
    }


def _split(values: FloatArray, codes: Ints, k: int) -> list[FloatArray]:
    """Return the values of each of k bins; small codes are dealt out in linear time."""
    inside = np.flatnonzero(codes >= 0)
    order = inside[np.argsort(codes[inside].astype(np.int16), kind="stable")]  # 16 bits: a radix sort
    ends = np.cumsum(np.bincount(codes[inside], minlength=k))
    dealt = values[order]
    return [dealt[a:b] for a, b in zip(np.r_[0, ends[:-1]], ends, strict=True)] if k else []


def _means(
    read: Rows,
    y: FloatArray,
    codes: Ints,
    units: Ints,
    own: Ints,
    counts: Ints,
    n: Ints,
    judged: int,
    measure: Measure,
) -> dict[str, Any]:
    """Return the mean of each bin with its own and its joint range."""
    mean, error = certainty.errors(y, codes, units, own, counts)
    blank = np.full(len(counts), np.nan)
    ends = {}
    for name, z in (("own", certainty.z_of(LEVEL)), ("joint", certainty.z_of(LEVEL, judged))):
        if measure == "residual":
            happened, spread = certainty.errors(read.actual, codes, units, own, counts)
            stated = happened - mean
            low, high = certainty.shares(happened, spread, n, z)
            ends[name] = low - stated, high - stated
        else:
            ends[name] = mean - z * error, mean + z * error
    low, high = ends["joint"]
    return {
        "middle": mean,
        "lower": ends["own"][0],
        "upper": ends["own"][1],
        "outer_lower": blank,
        "outer_upper": blank.copy(),
        "sure_lower": low,
        "sure_upper": high,
        "verdict": certainty.sides(low, high, counts),
    }
