"""What a reader picked on a chart, as a short text that a link can carry, and which cases that means.

A box or a lasso stands for every case inside it, also for those that the chart did not draw. Kept as text and not as a
list of cases, a pick survives a visit to another page, fits into an address, and means the same to a colleague.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote, unquote

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

Kind = Literal["cases", "box", "lasso", "worst"]
Places = np.ndarray[Any, np.dtype[np.intp]]
Coordinates = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]
MOST_CASES = 200  # named one by one in an address
MOST_CORNERS = 40
LONGEST = 6_000  # characters; addresses have ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """One pick: cases by name, everything inside a box or a lasso of one chart, or the most wrong ones."""

    kind: Kind
    cases: tuple[str, ...] = ()
    against: str = ""
    corners: tuple[tuple[float, float], ...] = ()
    n: int = 0


def to_text(pick: Pick) -> str:
    """Return a pick as text for an address.

    Examples
    --------
    >>> to_text(Pick(kind="cases", cases=("7", "a,b")))
    'cases:7,a%2Cb'
    >>> to_text(Pick(kind="box", against="predicted", corners=((0.25, -3.0), (1.0, 4.0))))
    'box:predicted:0.25,-3;1,4'
    """
    if pick.kind == "worst":
        return f"worst:{pick.n}"
    if pick.kind == "cases":
        return "cases:" + ",".join(quote(c, safe="") for c in pick.cases[:MOST_CASES])
    ends = ";".join(f"{x:.6g},{y:.6g}" for x, y in _thinned(pick.corners))
    return f"{pick.kind}:{quote(pick.against, safe='')}:{ends}"


def from_text(text: object) -> Pick | None:
    """Return the pick that a text means; None where it is none, whatever somebody wrote into an address.

    Examples
    --------
    >>> from_text("worst:10").n, from_text("cases:7,a%2Cb").cases, from_text("box:x:0,nan;1,2")
    (10, ('7', 'a,b'), None)
    """
    if not isinstance(text, str) or len(text) > LONGEST:
        return None
    kind, _, rest = text.partition(":")
    if kind == "worst" and rest.isascii() and rest.isdigit() and 0 < int(rest[:9]) <= 100_000:
        return Pick(kind="worst", n=int(rest[:9]))
    if kind == "cases" and rest:
        return Pick(kind="cases", cases=tuple(unquote(c) for c in rest.split(",")[:MOST_CASES]))
    if kind in ("box", "lasso"):
        against, _, ends = rest.partition(":")
        try:
            corners = tuple((float(x), float(y)) for x, y in (end.split(",") for end in ends.split(";")))
        except ValueError:
            return None
        enough = 2 if kind == "box" else 3
        if len(corners) < enough or not all(math.isfinite(v) for corner in corners for v in corner):
            return None
        return Pick(kind="box" if kind == "box" else "lasso", against=unquote(against), corners=corners)
    return None


def of_selection(selection: Mapping[str, Any], against: str, *, levels: bool = False) -> Pick | None:
    """Return what was picked on a chart: its box or lasso, else the points that were clicked.

    Parameters
    ----------
    selection : mapping
        What Streamlit gives for a chart: points with their customdata, box and lasso.
    against : str
        What the chart is set against; boxes are in its numbers.
    levels : bool
        Whether that is levels, at 0, 1, 2 and so on: a box holds those whose points it can touch, a lasso its points.
    """
    boxes, lassos = selection.get("box") or [], selection.get("lasso") or []
    if boxes:
        corners = _ends(boxes[-1])
        if corners is not None:
            if levels:
                corners = tuple((float(round(x)), y) for x, y in corners)
            return Pick(kind="box", against=against, corners=corners)
    if lassos and not levels:
        xs, ys = lassos[-1].get("x") or [], lassos[-1].get("y") or []
        found = _numbers(zip(xs, ys, strict=False))
        if found is not None and len(found) >= 3:
            return Pick(kind="lasso", against=against, corners=_thinned(found))
    cases = [str(_first(point.get("customdata"))) for point in selection.get("points") or [] if point.get("customdata")]
    return Pick(kind="cases", cases=tuple(dict.fromkeys(cases))[:MOST_CASES]) if cases else None


def places(pick: Pick, ids: pd.Index[Any], error: Any, coordinates: Callable[[str], Coordinates | None]) -> Places:
    """Return the places of the picked cases among the rows of the chart, the most wrong ones first.

    Parameters
    ----------
    pick : Pick
    ids : Index of shape (n,)
        Name of each row of the chart.
    error : array of shape (n,)
        How wrong each one is; missing ones come last.
    coordinates : callable
        Gives x and y of every row on the chart set against something; None where there is no such chart.
    """
    size = np.where(np.isfinite(error), error, -np.inf)
    if pick.kind == "worst":
        chosen = np.argsort(-size, kind="stable")[: pick.n]
        return chosen[np.isfinite(size[chosen])]
    if pick.kind == "cases":
        chosen = np.flatnonzero(ids.isin(list(pick.cases)))
    else:
        where = coordinates(pick.against)
        if where is None:
            return np.zeros(0, dtype=np.intp)
        x, y = where
        chosen = np.flatnonzero(
            _in_box(x, y, pick.corners) if pick.kind == "box" else _in_lasso(x, y, np.array(pick.corners))
        )
    return np.asarray(chosen[np.argsort(-size[chosen], kind="stable")])


def _ends(box: Mapping[str, Any]) -> tuple[tuple[float, float], ...] | None:
    xs, ys = box.get("x") or [], box.get("y") or []
    found = _numbers(zip(xs[:2], ys[:2], strict=False))
    if found is None or len(found) != 2:
        return None
    (a, b), (c, d) = found
    return (min(a, c), min(b, d)), (max(a, c), max(b, d))


def _numbers(pairs: Any) -> tuple[tuple[float, float], ...] | None:
    try:
        found = tuple((float(x), float(y)) for x, y in pairs)
    except (TypeError, ValueError):
        return None
    return found if all(math.isfinite(v) for pair in found for v in pair) else None


def _first(value: Any) -> Any:
    """Return the first of customdata, which comes back as a list, or as a mapping where it was an array."""
    if isinstance(value, dict):
        return next(iter(value.values()), "")
    return value[0] if isinstance(value, (list, tuple)) else value


def _thinned(corners: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    if len(corners) <= MOST_CORNERS:
        return tuple(corners)
    at = np.linspace(0, len(corners) - 1, MOST_CORNERS).round().astype(int)
    return tuple(corners[i] for i in at)


def _in_box(x: Any, y: Any, corners: Sequence[tuple[float, float]]) -> Any:
    (a, b), (c, d) = corners[:2]
    return (x >= min(a, c)) & (x <= max(a, c)) & (y >= min(b, d)) & (y <= max(b, d))


def _in_lasso(x: Any, y: Any, corners: Any) -> Any:
    """Count how often a ray to the right crosses the outline: odd is inside. Missing places are outside."""
    inside = np.zeros(len(x), dtype=bool)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        crosses = (y0 > y) != (y1 > y)
        if y1 != y0:
            inside ^= crosses & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
    return inside
