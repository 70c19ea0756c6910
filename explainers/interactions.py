"""Which two columns a candidate looks at together: more than the sum of the two on their own."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from itertools import combinations
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd

from explainers import predict
from explainers.attribution.references import training_rows
from explainers.effects import grid_of
from explainers.errors import CaseError
from explainers.importance.measuring import never_seen
from explainers.results import FloatArray, Interactions, Pair
from explainers.study import Study

RESULT_VERSION = 1
LEVEL = 0.95
SECONDS = 20.0
ROWS, POINTS, TOP, SHUFFLES = 100, 6, 6, 100
SCREENED = 20_000  # rows through the estimator to find the strongest columns, about
# Trees learn smaller departures than these where the truth has none, measured on sums of up to three columns.
LEAST_SHARE = 0.05  # of what the two columns do together
LEAST_SIZE = 0.03  # of how much answers differ at all
Progress = Callable[[float | None, str], object]


def interactions(
    study: Study,
    candidate: str,
    *,
    top: int = TOP,
    max_seconds: float = SECONDS,
    random_state: int = 0,
    progress: Progress | None = None,
) -> Interactions:
    """Return the strongest pairs among the columns that a candidate reacts to most.

    A pair's size is how far its two-way curve (partial dependence) departs from the sum of its two one-way curves, on
    average over the cells of the grid weighted by how many training rows they hold, in the reader's unit; its share is
    Friedman's H squared (Friedman and Popescu 2008, doi:10.1214/07-AOAS148).

    Parameters
    ----------
    study : Study
        The study.
    candidate : str
        Name of the candidate; built on the way if it is not.
    top : int
        Pairs are looked for among so many columns: those that single rows' answers move most with.
    max_seconds : float
        Time budget; pairs of the strongest columns come first, and the result says how many there was time for.
    random_state : int
        Seed of the sample of rows and of the shuffles.
    progress : callable, optional
        Called with the share done and what is being done.

    Returns
    -------
    Interactions
        ``noise`` of a pair is its noise floor: the size that is left where what rows share is shuffled away, exceeded
        by any pair in 5 of 100 trials. A pair stands out above that floor, and only where its share is at least 5 in
        100 and its size at least 3 in 100 of the spread of the answers: trees learn smaller ones by chance.

    Raises
    ------
    CandidateError
        The candidate is unknown or does not answer.

    Examples
    --------
    >>> from explainers import Study
    >>> frame = pd.DataFrame({"a": [i % 5 for i in range(90)], "b": [i % 7 for i in range(90)]}, dtype=float)
    >>> frame["y"] = frame["a"] + frame["b"]
    >>> study = Study.from_frame(frame, target="y", candidates={"formula": "formula"})
    >>> any(pair.stands_out for pair in interactions(study, "formula").pairs)
    False
    """
    started = perf_counter()
    tell = progress or (lambda _share, _doing: None)
    door = predict.door(study, candidate)
    known = training_rows(study)
    at, rows = never_seen(study, candidate)
    rng = np.random.default_rng(random_state)
    chosen = study.frame.iloc[np.sort(rng.permutation(at)[:ROWS])]
    cases = predict.check_cases(study, candidate, chosen)
    outcome, output = _outcome(study, known)

    def ask(frame: pd.DataFrame) -> FloatArray:
        return door.ask(predict.check_cases(study, candidate, frame)).reshape(len(frame), -1)[:, output]

    grids = {f: _coarse(study, known, f) for f in cases.columns}
    grids = {f: g for f, g in grids.items() if len(g) > 1}
    tell(0.02, "looking for the inputs that answers move with")
    strength = _strength(cases, grids, ask, rng)
    tiny = 1e-12 * max(strength.values(), default=0.0)
    columns = [f for f in sorted(strength, key=lambda f: -strength[f]) if strength[f] > tiny][:top]
    every = list(combinations(columns, 2))
    found: list[tuple[str, str, FloatArray, FloatArray, FloatArray, list[Any], list[Any]]] = []
    for i, (a, b) in enumerate(sorted(every, key=lambda p: columns.index(p[0]) + columns.index(p[1]))):
        if found and perf_counter() - started > max_seconds:
            break
        tell(0.2 + 0.8 * i / len(every), "trying pairs of inputs")
        answers = _two_way(cases, a, grids[a], b, grids[b], ask)
        weights = _weights(known, a, grids[a], b, grids[b])
        found.append((a, b, _departure(answers, weights), answers, weights, grids[a], grids[b]))
    least = LEAST_SIZE * float(ask(cases).std())
    floors = _floors([(d, w) for _, _, d, _, w, _, _ in found], rng)
    pairs = [_pair(*one, floor, least, rng) for one, floor in zip(found, floors, strict=True)]
    return Interactions(
        candidate=candidate,
        pairs=tuple(sorted(pairs, key=lambda p: (not p.stands_out, -p.size))),
        columns=tuple(columns),
        unit="probability" if study.classes else "target",
        outcome=outcome,
        n=len(cases),
        population=int(at.size),
        rows=rows,
        n_looked_at=len(found),
        n_pairs=len(every),
        level=LEVEL,
    )


def _outcome(study: Study, known: pd.DataFrame) -> tuple[Hashable, int]:
    """Return the class that is spoken of with its place: the focus class, else the most frequent one."""
    if not study.classes:
        return None, 0
    if study.positive in study.classes:
        return study.positive, study.classes.index(study.positive)
    counts = predict.place_of(study.classes, known[study.target].to_numpy(dtype=object))
    most = int(np.bincount(counts[counts >= 0], minlength=len(study.classes)).argmax())
    return study.classes[most], most


def _coarse(study: Study, known: pd.DataFrame, feature: str) -> list[Any]:
    """Return a few values of a column: evenly out of the finer grid."""
    try:
        grid = grid_of(study.dictionary[feature], known[feature])
    except CaseError:
        return []
    if len(grid) <= POINTS:
        return grid
    if known[feature].dtype.kind in "iufM":
        return [grid[i] for i in np.unique(np.linspace(0, len(grid) - 1, POINTS).round().astype(int))]
    return grid[:POINTS]


def _strength(
    cases: pd.DataFrame, grids: dict[str, list[Any]], ask: Callable[[pd.DataFrame], FloatArray], rng: Any
) -> dict[str, float]:
    """Return how much single rows' answers move with each column: the mean spread of their curves."""
    n = int(np.clip(SCREENED // max(1, POINTS * len(grids)), 5, 50))
    few = cases.iloc[np.sort(rng.permutation(len(cases))[:n])]
    return {f: float(np.ptp(_one_way(few, f, grid, ask), axis=1).mean()) for f, grid in grids.items()}


def _one_way(
    cases: pd.DataFrame, feature: str, grid: list[Any], ask: Callable[[pd.DataFrame], FloatArray]
) -> FloatArray:
    n, m = len(cases), len(grid)
    every = cases.iloc[np.tile(np.arange(n), m)].reset_index(drop=True)
    every = every.assign(**{feature: pd.Series(np.repeat(_objects(grid), n), dtype=object)})
    return np.asarray(ask(every).reshape(m, n).T)


def _two_way(
    cases: pd.DataFrame, a: str, grid_a: list[Any], b: str, grid_b: list[Any], ask: Callable[[pd.DataFrame], FloatArray]
) -> FloatArray:
    """Return each row's answers over the grid, shape (n_rows, n_a, n_b)."""
    n, m, k = len(cases), len(grid_a), len(grid_b)
    every = cases.iloc[np.tile(np.arange(n), m * k)].reset_index(drop=True)
    values_a = pd.Series(np.repeat(_objects(grid_a), n * k), dtype=object)
    values_b = pd.Series(np.tile(np.repeat(_objects(grid_b), n), m), dtype=object)
    return np.asarray(ask(every.assign(**{a: values_a, b: values_b})).reshape(m, k, n).transpose(2, 0, 1))


def _objects(values: list[Any]) -> np.ndarray[Any, Any]:
    return np.array([*values, None], dtype=object)[:-1]


def _weights(known: pd.DataFrame, a: str, grid_a: list[Any], b: str, grid_b: list[Any]) -> FloatArray:
    """Return the share of training rows nearest to each cell, shape (n_a, n_b); equal where no row is near any."""
    places = []
    for name, grid in ((a, grid_a), (b, grid_b)):
        column = known[name]
        if column.dtype.kind in "iuf" and all(isinstance(v, (int, float)) for v in grid):
            held, cuts = column.to_numpy(dtype=float, na_value=np.nan), np.sort(np.array(grid, dtype=float))
            rank = np.argsort(np.argsort(np.array(grid, dtype=float)))
            near = np.searchsorted((cuts[1:] + cuts[:-1]) / 2, held)
            places.append(np.where(np.isnan(held), -1, np.argsort(rank)[np.clip(near, 0, len(grid) - 1)]))
        else:
            texts = {str(v): i for i, v in enumerate(grid)}
            places.append(column.astype(object).map(lambda v, t=texts: t.get(str(v), -1)).to_numpy(dtype=int))
    inside = (places[0] >= 0) & (places[1] >= 0)
    flat = places[0][inside] * len(grid_b) + places[1][inside]
    counts = np.bincount(flat, minlength=len(grid_a) * len(grid_b)).astype(float)
    counts = counts if counts.sum() else np.ones_like(counts)
    return np.asarray((counts / counts.sum()).reshape(len(grid_a), len(grid_b)))


def _departure(answers: FloatArray, weights: FloatArray) -> FloatArray:
    """Return what the sum of two one-way curves does not give, for each row: centred in both directions."""
    wa, wb = weights.sum(axis=1), weights.sum(axis=0)
    over_b = (answers * wb).sum(axis=2, keepdims=True)
    over_a = (answers * wa[:, None]).sum(axis=1, keepdims=True)
    both = (over_b * wa[:, None]).sum(axis=1, keepdims=True)
    return np.asarray(answers - over_b - over_a + both)


def _size(surface: FloatArray, weights: FloatArray) -> float:
    return float((np.abs(surface) * weights).sum())


def _floors(found: list[tuple[FloatArray, FloatArray]], rng: np.random.Generator) -> list[float]:
    """Return for each pair the size that is left when what its rows share is shuffled away.

    In each trial every row's departures get a sign of their own, so that only chance makes them agree. The floors hold
    for all pairs together: in all but 5 of 100 trials no pair is above its own.
    """
    sizes = np.zeros((SHUFFLES, len(found)))
    for p, (departure, weights) in enumerate(found):
        signs = rng.choice([-1.0, 1.0], size=(SHUFFLES, len(departure))) / len(departure)
        sizes[:, p] = (np.abs(np.tensordot(signs, departure, axes=1)) * weights).sum(axis=(1, 2))
    usual = sizes.mean(axis=0)
    largest = (sizes / np.where(usual > 0, usual, 1.0)).max(axis=1, initial=0.0)
    return [float(u * np.quantile(largest, LEVEL)) for u in usual]


def _pair(
    a: str,
    b: str,
    departure: FloatArray,
    answers: FloatArray,
    weights: FloatArray,
    grid_a: list[Any],
    grid_b: list[Any],
    noise: float,
    least: float,
    rng: np.random.Generator,
) -> Pair:
    surface = departure.mean(axis=0)
    size = _size(surface, weights)
    drawn = rng.multinomial(len(departure), np.full(len(departure), 1 / len(departure)), size=200) / len(departure)
    trials = np.abs(np.tensordot(drawn, departure, axes=1))
    low, high = np.quantile((trials * weights).sum(axis=(1, 2)), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    curve = answers.mean(axis=0)
    middle = float((curve * weights).sum())
    spread = float(((curve - middle) ** 2 * weights).sum())
    share = float((surface**2 * weights).sum()) / spread if spread > 0 else 0.0
    i, j = np.unravel_index(int((np.abs(surface) * np.sqrt(weights)).argmax()), surface.shape)
    rounding = 1e-12 * max(1.0, float(np.abs(curve).max(initial=0.0)))
    return Pair(
        a=a,
        b=b,
        size=size,
        lower=min(float(low), size),
        upper=max(float(high), size),
        share=min(share, 1.0),
        noise=noise,
        stands_out=bool(size > max(noise, least, rounding) and share >= LEAST_SHARE),
        at_a=grid_a[i],
        at_b=grid_b[j],
        there=float(surface[i, j]),
    )
