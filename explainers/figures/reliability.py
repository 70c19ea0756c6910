"""Stated chances beside what happened: a dot for each group with its range, and the line where both are equal."""

from __future__ import annotations

import math

import plotly.graph_objects as go

from explainers.figures.theme import CONTEXT, colour_of, manners, plain
from explainers.results import Reliability
from explainers.study import Study

HEIGHT = 380
SMALLEST, LARGEST = 8.0, 22.0


def draw(result: Reliability, study: Study, *, title: str, alt: str) -> go.Figure:
    """Draw a reliability diagram.

    Parameters
    ----------
    result : Reliability
    study : Study
        Gives words for cases.
    title, alt : str
        The finding, as words gave it, and the text alternative; an empty title leaves the room to the page.

    Returns
    -------
    Figure
        Both axes in cases of 100. A dot on the line means what it says; the larger it is, the more cases it stands
        for. The bar is the range of each group by itself.
    """
    stated, observed = ([100 * v for v in values] for values in (result.stated, result.observed))
    most = max(result.counts)
    top = min(100.0, 1.08 * max(*stated, *(100 * v for v in result.upper), 5.0))
    figure = go.Figure()
    figure.add_shape(
        type="line", x0=0, y0=0, x1=top, y1=top, line={"color": CONTEXT, "width": 1.5, "dash": "dot"}, layer="below"
    )
    figure.add_trace(
        go.Scatter(
            x=stated,
            y=observed,
            mode="markers",
            marker={
                "color": colour_of(study, result.candidate),
                "size": [SMALLEST + (LARGEST - SMALLEST) * math.sqrt(n / most) for n in result.counts],
                "line": {"width": 0},
            },
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [100 * (u - o) for u, o in zip(result.upper, result.observed, strict=True)],
                "arrayminus": [100 * (o - w) for w, o in zip(result.lower, result.observed, strict=True)],
                "color": CONTEXT,
                "thickness": 1.6,
                "width": 5,
            },
            hovertext=[_hover(result, study, at) for at in range(len(result.counts))],
            hoverinfo="text",
        )
    )
    figure.add_annotation(
        x=top, y=top, text="means what it says", showarrow=False, xanchor="right", yanchor="bottom", font={"size": 12}
    )
    manners(figure, height=HEIGHT, title=title, alt=alt)
    figure.update_xaxes(range=[0, top * 1.02], title={"text": "the option says, of 100", "font": {"size": 13}})
    figure.update_yaxes(
        range=[0, top * 1.06], showgrid=True, title={"text": "it came true for, of 100", "font": {"size": 13}}
    )
    return figure


def _hover(result: Reliability, study: Study, at: int) -> str:
    low, high = 100 * result.lower[at], 100 * result.upper[at]
    return plain(
        f"{result.counts[at]:,} {study.cases} were given about {100 * result.stated[at]:.0f} in 100; "
        f"it came true for {result.happened[at]:,}: {100 * result.observed[at]:.0f} in 100 ({low:.0f} to {high:.0f})",
        48,
        4,
    )
