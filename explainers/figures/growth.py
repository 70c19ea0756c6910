"""How good an option is, and what preparing it takes, with a quarter, half and all of its training rows."""

from __future__ import annotations

import math

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from explainers.figures.theme import CONTEXT, FAINT, colour_of, manners, plain
from explainers.results import Growth, GrowthStep
from explainers.study import Study

HEIGHT = 420
_QUALITY = 0.66


def draw(
    result: Growth, study: Study, *, title: str, alt: str, measure: str = "", time: str = "", of: float = 1.0
) -> go.Figure:
    """Draw the sizes.

    Parameters
    ----------
    result : Growth
    study : Study
        Gives words for cases and the colour of the option.
    title, alt : str
        The finding, as words gave it, and the text alternative; an empty title leaves the room to the page.
    measure, time : str
        What the upright axes say; words give them.
    of : float
        What figures are shown as shares of: 100 for "of 100".

    Returns
    -------
    Figure
        Above the measure with its range at each number of training rows, below the processor time to fit. Without
        sizes it is empty.
    """
    steps = list(result.steps)
    colour = colour_of(study, result.candidate)
    figure = make_subplots(
        rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.09, row_heights=[_QUALITY, 1 - _QUALITY]
    )
    known = [s for s in steps if s.measured is not None]
    figure.add_trace(
        go.Scatter(
            x=[s.rows for s in known],
            y=[of * _value(s) for s in known],
            error_y={
                "type": "data",
                "array": [of * (_upper(s) - _value(s)) for s in known],
                "arrayminus": [of * (_value(s) - _lower(s)) for s in known],
                "color": colour,
                "thickness": 1.5,
                "width": 6,
            },
            mode="lines+markers",
            line={"color": colour, "width": 2},
            marker={"color": colour, "size": 9},
            hovertext=[_said(s, of) for s in known],
            hoverinfo="text",
        ),
        row=1,
        col=1,
    )
    figure.add_trace(
        go.Scatter(
            x=[s.rows for s in steps],
            y=[s.train_cpu_seconds for s in steps],
            mode="lines+markers",
            line={"color": CONTEXT, "width": 2},
            marker={"color": CONTEXT, "size": 8},
            hovertext=[plain(f"{s.rows:,} rows: {_seconds(s.train_cpu_seconds)}") for s in steps],
            hoverinfo="text",
        ),
        row=2,
        col=1,
    )
    manners(figure, height=HEIGHT, title=title, alt=alt)
    places = sorted({s.rows for s in steps if s.rows > 0})
    shared = {"type": "log", "zeroline": False, "fixedrange": True, "showgrid": True, "gridcolor": FAINT, "ticks": ""}
    if places:
        shared |= {
            "tickvals": places,
            "ticktext": [f"{n:,}" for n in places],
            "range": [math.log10(places[0] * 0.85), math.log10(places[-1] * 1.18)],
        }
    figure.update_xaxes(**shared)
    figure.update_xaxes(title={"text": f"{plain(study.cases)} it learns from", "font": {"size": 13}}, row=2, col=1)
    upright = {"showgrid": True, "gridcolor": FAINT, "zeroline": False, "fixedrange": True, "automargin": True}
    upright |= {"exponentformat": "none", "separatethousands": True}
    figure.update_yaxes(**upright)
    figure.update_yaxes(title={"text": plain(measure or result.metric, 26), "font": {"size": 13}}, row=1, col=1)
    top = max([s.train_cpu_seconds for s in steps], default=0.0)
    figure.update_yaxes(
        title={"text": plain(time or "seconds to prepare it", 16), "font": {"size": 13}},
        range=[0, 1.15 * top or 1.0],
        nticks=4,
        row=2,
        col=1,
    )
    return figure


def _value(step: GrowthStep) -> float:
    return step.measured.value if step.measured is not None else math.nan


def _lower(step: GrowthStep) -> float:
    low = step.measured.lower if step.measured is not None else None
    return _value(step) if low is None else low


def _upper(step: GrowthStep) -> float:
    high = step.measured.upper if step.measured is not None else None
    return _value(step) if high is None else high


def _said(step: GrowthStep, of: float) -> str:
    ends = f" ({_number(of * _lower(step))} to {_number(of * _upper(step))})" if _upper(step) > _lower(step) else ""
    return plain(f"{step.rows:,} rows: {_number(of * _value(step))}{ends}")


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _seconds(value: float) -> str:
    return f"{value:,.2f} s" if value >= 0.1 else f"{value * 1e3:.1f} ms"
