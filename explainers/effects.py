"""How answers move with one column: average and individual curves, beside how many rows there are to speak from."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from explainers import predict
from explainers.attribution.references import training_rows
from explainers.errors import CaseError
from explainers.importance.measuring import never_seen
from explainers.results import Effect, FloatArray
from explainers.study import Feature, Study

RESULT_VERSION = 1
ROWS = 300
MOST_POINTS, MOST_LEVELS = 30, 15
ENDS = (0.01, 0.99)  # of training rows: beyond them there is little to speak from
MOST_GROUPS = 4
AGAINST = 0.02  # of a curve's height: a smaller step the other way does not count


def effect(
    study: Study,
    candidate: str,
    feature: str,
    *,
    by: str | None = None,
    rows: pd.DataFrame | None = None,
    grid: Any = None,
    random_state: int = 0,
) -> Effect:
    """Return what a candidate says when one column takes each of its values and everything else stays.

    Partial dependence (Friedman 2001, doi:10.1214/aos/1013203451) with the curve of every single row (Goldstein et al.
    2015, doi:10.1080/10618600.2014.907095).

    Parameters
    ----------
    study : Study
        The study.
    candidate : str
        Name of the candidate; built on the way if it is not.
    feature : str
        The column that is moved.
    by : str, optional
        A second column: rows are put into groups by their own value of it, and each group has its own average. Numbers
        make three groups of about equal size, levels one each for the four most frequent.
    rows : DataFrame, optional
        Rows to ask about; default a random sample of 300 never-seen rows.
    grid : sequence, optional
        Values to take; default quantiles of the training rows between their 1st and 99th hundredth, and never beyond
        what they hold; or the levels of the training rows, the 15 most frequent in their order.
    random_state : int
        Seed of the sample.

    Returns
    -------
    Effect
        Curves in probability for classes (one for each class), in the target's unit for numbers.

    Raises
    ------
    CaseError
        The candidate does not have the column, or there is no such second column.
    CandidateError
        The candidate is unknown or does not answer.

    Examples
    --------
    >>> from explainers import Study
    >>> frame = pd.DataFrame({"size": [float(i % 7) for i in range(60)], "price": [2.0 * (i % 7) for i in range(60)]})
    >>> study = Study.from_frame(frame, target="price", candidates={"formula": "formula"})
    >>> effect(study, "formula", "size").average[0, 0].round(6).tolist()
    [0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0]
    """
    option = study.candidate(candidate)
    if feature not in option.features:
        raise CaseError(
            f"The option {candidate!r} is not given {feature!r}, so nothing moves with it. It has: "
            f"{', '.join(option.features)}. Use one of these."
        )
    if by is not None and (by not in study.frame.columns or by == feature):
        raise CaseError(f"Curves cannot be separated by {by!r}. Name another column of the data.")
    known = training_rows(study)
    column = known[feature]
    kind = "curve" if as_curve(study.dictionary[feature], column) else "points"
    points = list(grid) if grid is not None else grid_of(study.dictionary[feature], column)
    if not points:
        raise CaseError(f"No training {study.case} holds a value of {feature!r}, so it cannot be moved.")
    if rows is None:
        at, said_of = never_seen(study, candidate)
        drawn = np.random.default_rng(random_state).permutation(at)[:ROWS]
        chosen, population = study.frame.iloc[np.sort(drawn)], int(at.size)
    else:
        chosen, population, said_of = rows, len(rows), "chosen"
    cases = predict.check_cases(study, candidate, chosen)
    n_missing = int(column.isna().sum())
    asked = [*points, None] if n_missing and kind == "curve" else points
    answers = _ask(study, candidate, cases, feature, asked)
    individual = answers[..., : len(points)]
    group_of, groups = _groups(study, chosen, known, by)
    members = [group_of == g for g in range(len(groups))]
    focus = study.classes.index(study.positive) if study.positive in study.classes else 0
    average = np.stack([individual[m].mean(axis=0) for m in members])
    density, outside = _density(column, points, kind)
    rising, falling = directions(
        individual.mean(axis=0)[focus], points if kind == "curve" else list(range(len(points)))
    )
    return Effect(
        candidate=candidate,
        feature=feature,
        kind="curve" if kind == "curve" else "points",
        grid=tuple(points),
        average=average,
        individual=individual,
        at_missing=np.stack([answers[m][..., -1].mean(axis=0) for m in members]) if len(asked) > len(points) else None,
        density=density,
        outside=outside,
        n_missing=n_missing,
        lowest=_plain(column.min()) if kind == "curve" else None,
        highest=_plain(column.max()) if kind == "curve" else None,
        outputs=tuple(study.classes),
        focus=focus,
        unit="probability" if study.classes else "target",
        by=by,
        groups=groups,
        counts=tuple(int(m.sum()) for m in members),
        group_of=group_of,
        n=len(cases),
        population=population,
        rows=said_of,
        rising=rising,
        falling=falling,
    )


def as_curve(entry: Feature, column: pd.Series[Any]) -> bool:
    """Return whether a column is moved along a line: numbers and dates that the dictionary does not call levels."""
    return column.dtype.kind in "iufM" and entry.kind in ("numeric", "date")


def grid_of(entry: Feature, column: pd.Series[Any], most: int = MOST_POINTS) -> list[Any]:
    """Return the values that a column takes: values that training rows hold, in order."""
    held = column.dropna()
    if not len(held):
        return []
    if as_curve(entry, column):
        low, high = (held.quantile(q, interpolation="nearest") for q in ENDS)
        inside = np.unique(held[(held >= low) & (held <= high)].to_numpy())
        if inside.size > most:
            at = pd.Series(held.to_numpy()).quantile(np.linspace(*ENDS, most), interpolation="nearest").to_numpy()
            inside = np.unique(at)
        return [_plain(v) for v in inside]
    frequent = held.value_counts().index[:MOST_LEVELS].tolist()
    order = {str(level): i for i, level in enumerate(entry.level_labels)}
    if entry.kind == "ordered" and not order:
        return sorted((_plain(v) for v in frequent), key=lambda v: (not isinstance(v, (int, float)), v))
    if entry.kind in ("ordered", "boolean") or column.dtype.kind in "iufb":
        return sorted((_plain(v) for v in frequent), key=lambda v: (order.get(_text(v), len(order)), str(v)))
    return [_plain(v) for v in frequent]


def directions(curve: FloatArray, places: list[Any]) -> tuple[float, float]:
    """Return the shares of a range over which a curve rises or stays, and falls or stays.

    Parameters
    ----------
    curve : ndarray of shape (n_grid,)
        Averages.
    places : list
        Where they stand: numbers, dates, or the ranks of levels.
    """
    if len(curve) < 2:
        return 1.0, 1.0
    at = pd.Series(places)
    wide = np.diff(at.astype("int64") if at.dtype.kind == "M" else at.to_numpy(dtype=float)).astype(float)
    step, least = np.diff(curve), AGAINST * float(np.ptp(curve))
    total = float(wide.sum()) or 1.0
    return float(wide[step >= -least].sum() / total), float(wide[step <= least].sum() / total)


def moved(cases: pd.DataFrame, feature: str, value: Any) -> pd.DataFrame:
    """Return the rows with one column set to a value; None is missing."""
    return cases.assign(**{feature: pd.Series([value] * len(cases), index=cases.index, dtype=object)})


def _ask(study: Study, candidate: str, cases: pd.DataFrame, feature: str, points: list[Any]) -> FloatArray:
    """Return the answers of shape (n_rows, n_outputs, n_points), all points in one batch."""
    door = predict.door(study, candidate)
    every = pd.concat([cases.drop(columns=feature)] * len(points), ignore_index=True)
    values = pd.Series(np.repeat(np.array([*points, None], dtype=object)[:-1], len(cases)), dtype=object)
    every = predict.check_cases(study, candidate, every.assign(**{feature: values}))
    said = door.ask(every).reshape(len(points), len(cases), -1)
    return np.asarray(said.transpose(1, 2, 0))


def _density(column: pd.Series[Any], points: list[Any], kind: str) -> tuple[FloatArray, int]:
    """Return training rows nearest to each point, and how many lie beyond the ends or at no point."""
    held = column.dropna()
    if kind != "curve":
        counts = held.astype(object).map(_text).value_counts()
        density = np.array([float(counts.get(_text(p), 0)) for p in points])
        return density, int(len(held) - density.sum())
    numbers = _numbers(held)
    places = _numbers(pd.Series(points))
    nearest = np.searchsorted((places[1:] + places[:-1]) / 2, numbers)
    inside = (numbers >= places[0]) & (numbers <= places[-1])
    return np.bincount(nearest[inside], minlength=len(points)).astype(float), int((~inside).sum())


def _groups(
    study: Study, chosen: pd.DataFrame, known: pd.DataFrame, by: str | None
) -> tuple[np.ndarray[Any, Any], tuple[tuple[Any, ...], ...]]:
    """Return the group of each row, -1 for none, and what each group holds; groups without rows are left out."""
    if by is None:
        return np.zeros(len(chosen), dtype=np.int64), ((),)
    column, own = known[by].dropna(), chosen[by]
    found: list[tuple[tuple[Any, ...], np.ndarray[Any, Any]]] = []
    if as_curve(study.dictionary[by], known[by]) and column.nunique() > MOST_GROUPS:
        cuts = np.unique(column.quantile([0.0, 1 / 3, 2 / 3, 1.0], interpolation="nearest").to_numpy())
        for i in range(len(cuts) - 1):
            low, high = cuts[i], cuts[i + 1]
            inside = (own <= high) & ((own > low) if i else own.notna())
            found.append(((_plain(low), _plain(high)), inside.to_numpy(dtype=bool)))
    else:
        levels = grid_of(study.dictionary[by], known[by])
        if len(levels) > MOST_GROUPS:
            levels = [v for v in levels if v in set(column.value_counts().index[:MOST_GROUPS].map(_plain))]
        texts = own.astype(object).map(_text)
        found = [((v,), (texts == _text(v)).to_numpy(dtype=bool)) for v in levels]
    kept = [(g, m) for g, m in found if m.any()]
    if not kept:
        raise CaseError(f"No row holds a value of {by!r}, so curves cannot be separated by it.")
    of = np.full(len(chosen), -1, dtype=np.int64)
    for g, (_, inside) in enumerate(kept):
        of[inside] = g
    return of, tuple(g for g, _ in kept)


def _numbers(values: pd.Series[Any]) -> FloatArray:
    if values.dtype.kind == "M":
        return np.asarray(values.astype("datetime64[ns]").astype("int64"), dtype=np.float64)
    return values.to_numpy(dtype=np.float64)


def _plain(value: Any) -> Any:
    if isinstance(value, np.datetime64):
        return pd.Timestamp(value)
    return value.item() if isinstance(value, np.generic) else value


def _text(value: Any) -> str:
    return str(int(value)) if isinstance(value, float | np.floating) and float(value).is_integer() else str(value)
