"""Cases by how odd their values are and by how far the answer is from the record."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from explainers.figures.attribution import number
from explainers.figures.theme import CONTEXT, FAINT, TOWARDS, layout_of, plain, ticks
from explainers.study import Study

HEIGHT = 380
MOST_POINTS = 1500
NAMED = 3


def draw(
    ranked: pd.DataFrame,
    off: pd.Series[float],
    study: Study,
    *,
    title: str,
    alt: str,
    axes: tuple[str, str],
    marked: Collection[str] = (),
    technical: bool = False,
) -> go.Figure:
    """Draw one point for each case, the oddest named.

    Parameters
    ----------
    ranked : DataFrame of shape (n, ...)
        By case: score and share, as ``outliers.scores`` gives them.
    off : Series
        By case: how far the answer is from the record, not negative; NaN where nothing is recorded.
    study : Study
    title, alt : str
        The finding, as words gave it, and the text alternative.
    axes : tuple of str
        What stands at both axes, as words gave it.
    marked : collection of str
        Cases that people marked: drawn as orange diamonds, like the oddest.
    technical : bool
        For classes on the scale of probabilities instead of 100.

    Returns
    -------
    Figure
        At most 1,500 points: the oddest both ways always, the others by chance. How many are drawn, and of how many,
        is in ``figure.layout.meta["drawn"]`` and ``["of"]``.
    """
    shares = ranked["share"].to_numpy(dtype=float)
    known = bool(np.isfinite(shares).any())
    across = -np.log10(np.maximum(shares, 1e-12)) if known else ranked["score"].to_numpy(dtype=float)
    up = off.reindex(ranked.index).to_numpy(dtype=float) * (100 if study.classes and not technical else 1)
    there = np.flatnonzero(np.isfinite(across) & np.isfinite(up))
    shown = _sample(across, up, there)
    names = np.asarray(ranked.index.astype(str))
    worst = [*there[np.argsort(-across[there], kind="stable")[:NAMED]], *there[np.argsort(-up[there])[:NAMED]]]
    told = set(worst) | {k for k in shown if names[k] in marked}
    traces: list[Any] = []
    for which, colour, symbol, size in (
        ([k for k in shown if k not in told], CONTEXT, "circle", 5),
        (sorted(told), TOWARDS, "diamond", 9),
    ):
        traces.append(
            go.Scatter(
                x=across[which],
                y=up[which],
                mode="markers",
                marker={"color": colour, "symbol": symbol, "size": size, "opacity": 0.55 if symbol == "circle" else 1},
                customdata=[[str(names[k])] for k in which],
                hovertext=[_hover(study, names[k], shares[k], up[k]) for k in which],
                hoverinfo="text",
            )
        )
    layout = layout_of(height=HEIGHT, title=title, alt=alt)
    layout["meta"] |= {"drawn": len(shown), "of": len(there)}
    layout["xaxis"] |= {"title": {"text": plain(axes[0]), "font": {"size": 13}}}
    if known and there.size:
        places = [p for p in range(7) if p <= across[there].max() + 0.3]
        layout["xaxis"] |= {"tickvals": places, "ticktext": [f"{10**p:,}" for p in places]}
    if there.size:
        upward = ticks(0.0, float(up[there].max()), 6)
        decimals = 0 if max(map(abs, upward)) >= 10 else 2
        layout["yaxis"] |= {"tickvals": upward, "ticktext": [number(t, decimals) for t in upward]}
        layout["yaxis"]["range"] = [-0.05 * float(up[there].max()), 1.14 * (float(up[there].max()) or 1.0)]
    layout["yaxis"] |= {
        "title": {"text": plain(axes[1], 40), "font": {"size": 13}},
        "showgrid": True,
        "gridcolor": FAINT,
    }
    layout["annotations"] = [
        {
            "x": across[k],
            "y": up[k],
            "text": plain(names[k]),
            "showarrow": False,
            "yanchor": "bottom",
            "yshift": 6,  # above: beside it stand others that are as odd
            "font": {"size": 12},
        }
        for k in dict.fromkeys(worst[i] for i in (0, NAMED) if i < len(worst))
    ]
    return go.Figure(traces, layout)


def _sample(across: Any, up: Any, there: Any) -> list[int]:
    """Return the places of what is drawn: the oddest both ways, then others at even steps through the ranking."""
    if there.size <= MOST_POINTS:
        return [int(k) for k in there]
    quarter = MOST_POINTS // 4
    far = {*there[np.argsort(-across[there])[:quarter]], *there[np.argsort(-up[there])[:quarter]]}
    rest = np.array([k for k in there if k not in far])
    steps = np.unique(np.linspace(0, len(rest) - 1, MOST_POINTS - len(far)).round().astype(int))
    return sorted({int(k) for k in far} | {int(k) for k in rest[steps]})


def _hover(study: Study, name: str, share: float, up: float) -> str:
    far = number(up, 0 if abs(up) >= 10 else 2)
    odd = f"; as odd as 1 in {max(1, round(1 / share)):,}" if np.isfinite(share) and share > 0 else ""
    return plain(f"{study.case.capitalize()} {name}: {far} from the record{odd}")
