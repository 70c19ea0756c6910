"""How an option's distances from the record are spread: bars, scores of both kinds of record, and Q-Q points."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from explainers.figures.axes import tick
from explainers.figures.theme import AGAINST, CONTEXT, FAINT, TOWARDS, layout_of, plain, ticks
from explainers.results import Spread
from explainers.study import Study

SPREAD_HEIGHT = 320
BAND = "rgba(122,133,145,0.20)"


def draw_spread(
    result: Spread,
    study: Study,
    *,
    title: str,
    alt: str,
    technical: bool = False,
    kinds: tuple[str, str] = ("it happened", "it did not"),
) -> go.Figure:
    """Draw how residuals are spread, as bars; for classes how the scores of both kinds of record lie.

    Parameters
    ----------
    result : Spread
    study : Study
    title, alt : str
        The finding, as words gave it, and the text alternative; an empty title leaves the room to the page.
    technical : bool
        Whether axes speak of residuals.
    kinds : tuple of str
        For classes what both kinds of record are called, as words gave it.

    Returns
    -------
    Figure
        Numbers: bars of rows, orange where the record lies above the answer and blue where below. Classes: bars of the
        rows in which it happened upwards, of the others downwards.
    """
    layout = layout_of(height=SPREAD_HEIGHT, title=title, alt=alt)
    layout["bargap"] = 0.06
    if result.kind == "classes":
        return _scores(result, layout, technical, kinds)
    middles = (result.edges[:-1] + result.edges[1:]) / 2 if len(result.edges) else np.empty(0)
    places = ticks(float(result.edges[0]), float(result.edges[-1]), 7) if len(result.edges) else []
    unit = study.dictionary[study.target].unit
    said = "residual (actual − predicted)" if technical else "record less answer"
    bars = go.Bar(
        x=[float(v) for v in middles],
        y=list(result.counts),
        width=[float(v) for v in np.diff(result.edges)],
        marker={"color": [TOWARDS if m > 0 else AGAINST for m in middles], "line": {"width": 0}},
        hovertext=[_bar(result, study, k, places) for k in range(len(result.counts))],
        hoverinfo="text",
    )
    layout["xaxis"] |= {
        "title": {"text": plain(f"{said}{f', {unit}' if unit else ''}"), "font": {"size": 13}},
        "tickvals": places,
        "ticktext": [tick(p, places, years=False) for p in places],
    }
    layout["yaxis"] |= {
        "title": {"text": plain(study.cases), "font": {"size": 13}},
        "showgrid": True,
        "gridcolor": FAINT,
    }
    return go.Figure([bars], layout)


def _bar(result: Spread, study: Study, at: int, places: list[float]) -> str:
    low, high = (tick(float(v), places, years=False) for v in result.edges[at : at + 2])
    last = len(result.counts) - 1
    ends = f"{high} and below" if at == 0 else f"{low} and above" if at == last else f"{low} to {high}"
    return plain(f"{result.counts[at]:,} {study.cases}: {ends}", 48, 2)


def _scores(result: Spread, layout: dict[str, Any], technical: bool, names: tuple[str, str]) -> go.Figure:
    middles = [100 * float(v) for v in (result.score_edges[:-1] + result.score_edges[1:]) / 2]
    kinds = (
        (plain(names[0], 24, 2), [int(v) for v in result.score_happened], TOWARDS),
        (plain(names[1], 24, 2), [-int(v) for v in result.score_others], AGAINST),
    )
    bars = [
        go.Bar(
            x=middles,
            y=values,
            name=name,
            marker={"color": colour, "line": {"width": 0}},
            hovertext=[
                f"{abs(v):,} rows with a score of {m - 2.5:.0f} to {m + 2.5:.0f}: {name}"
                for v, m in zip(values, middles, strict=True)
            ],
            hoverinfo="text",
        )
        for name, values, colour in kinds
    ]
    most = max(max(map(abs, values), default=1) for _, values, _ in kinds) or 1
    places = ticks(-most, most, 7)
    below, half = result.score_others, len(result.score_others) // 2
    side = "right" if sum(below[half:]) <= sum(below[:half]) else "left"  # where fewer bars hang
    layout |= {
        "barmode": "relative",
        "showlegend": True,
        "legend": {"x": side == "right", "xanchor": side, "y": 0, "yanchor": "bottom"},
    }
    stated = "predicted probability" if technical else "what it states, of 100"
    layout["xaxis"] |= {
        "title": {"text": stated, "font": {"size": 13}},
        "range": [0, 100],
        "tickvals": list(range(0, 101, 20)),
        "ticktext": [f"{at / 100:.1f}" if technical else str(at) for at in range(0, 101, 20)],
    }
    layout["yaxis"] |= {
        "tickvals": places,
        "ticktext": [f"{abs(p):,.0f}" for p in places],
        "showgrid": True,
        "gridcolor": FAINT,
        "title": {"text": "how many", "font": {"size": 13}},
    }
    return go.Figure(bars, layout)


def draw_qq(result: Spread, study: Study, *, title: str, alt: str) -> go.Figure:  # noqa: ARG001
    """Draw residuals against normal quantiles at the same ranks, with the band that a normal sample would keep to.

    Parameters
    ----------
    result : Spread
    study : Study
        As every figure takes one.
    title, alt : str
        The finding, as words gave it, and the text alternative; an empty title leaves the room to the page.
    """
    theory = [float(v) for v in result.qq_theory]
    low, high = ([float(v) for v in ends] for ends in (result.qq_lower, result.qq_upper))
    outside = (result.qq_observed < result.qq_lower) | (result.qq_observed > result.qq_upper)
    traces = [
        go.Scatter(
            x=[*theory, *theory[::-1]],
            y=[*low, *high[::-1]],
            mode="lines",
            fill="toself",
            fillcolor=BAND,
            line={"width": 0},
            hoverinfo="skip",
        ),
        go.Scatter(
            x=theory,
            y=[float(v) for v in result.qq_line],
            mode="lines",
            line={"color": CONTEXT, "width": 1.5, "dash": "dot"},
            hoverinfo="skip",
        ),
        go.Scatter(
            x=theory,
            y=[float(v) for v in result.qq_observed],
            mode="markers",
            marker={
                "color": [TOWARDS if o else CONTEXT for o in outside],
                "symbol": ["diamond" if o else "circle" for o in outside],
                "size": 6,
            },
            hovertext=[
                f"{o:.2f} where a normal one has {t:.2f}" for t, o in zip(theory, result.qq_observed, strict=True)
            ],
            hoverinfo="text",
        ),
    ]
    layout = layout_of(height=SPREAD_HEIGHT, title=title, alt=alt)
    layout["xaxis"] |= {"title": {"text": "normal quantile", "font": {"size": 13}}}
    what = "randomised quantile residual" if result.qq_measure == "quantile" else "standardised residual"
    layout["yaxis"] |= {"title": {"text": what, "font": {"size": 13}}, "showgrid": True, "gridcolor": FAINT}
    return go.Figure(traces, layout)
