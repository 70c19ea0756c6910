"""How good every option is in one measure: a dot with its range for each, no model as a line to compare with."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from explainers.figures.attribution import number
from explainers.figures.theme import CONTEXT, colour_of, manners, plain
from explainers.results import Judgement
from explainers.study import Study

ROW_PIXELS = 36
LABEL_WIDTH = 24
NEAR_ZERO = 0.3
"""Share of the largest figure below which the smallest one asks for an axis from zero, to be read against it."""


def draw(
    result: Mapping[str, Judgement],
    study: Study,
    *,
    title: str,
    alt: str,
    axis: str = "",
    chosen: str = "",
    factor: float = 1.0,
    technical: bool = False,
) -> go.Figure:
    """Draw the figure that decides for every option.

    Parameters
    ----------
    result : mapping of str to Judgement
        Verdicts by candidate name.
    study : Study
        Gives labels, and the order of the options.
    title, alt : str
        The finding, as words gave it, and the text alternative; an empty title leaves the room to the page.
    axis : str
        What the figure is, with its unit.
    chosen : str
        The option on screen; its name is bold.
    factor : float
        What figures are multiplied by to stand in the axis' unit: 100 for shares of 100.
    technical : bool
        Whether options go by their names in the field.

    Returns
    -------
    Figure
        One row per option, simplest on top; an option that was not shown to beat no model has an open dot.
    """
    names = [n for n in study.candidates if n in result and result[n].measured is not None]
    figure = go.Figure()
    ends: list[float] = []
    for at, name in enumerate(names):
        judged = result[name]
        metric = judged.measured
        assert metric is not None
        value = factor * metric.value
        lower = factor * metric.lower if metric.lower is not None else value
        upper = factor * metric.upper if metric.upper is not None else value
        ends += [lower, upper]
        open_dot = judged.standing not in ("better", "")
        figure.add_trace(
            go.Scatter(
                x=[value],
                y=[at],
                mode="markers",
                marker={
                    "color": colour_of(study, name),
                    "size": 12,
                    "symbol": "circle-open" if open_dot else "circle",
                    "line": {"width": 2, "color": colour_of(study, name)},
                },
                error_x={
                    "type": "data",
                    "symmetric": False,
                    "array": [upper - value],
                    "arrayminus": [value - lower],
                    "color": colour_of(study, name),
                    "thickness": 2,
                    "width": 5,
                },
                hovertext=[f"{plain(study.candidates[name].label)}: {_said(value)} ({_said(lower)} to {_said(upper)})"],
                hoverinfo="text",
            )
        )
    none = next((result[n].no_model for n in names), "")
    base = result[none].measured if none in result else None
    if base is not None:
        figure.add_vline(x=factor * base.value, line={"color": CONTEXT, "width": 1.5, "dash": "dot"})
    manners(figure, height=ROW_PIXELS * max(len(names), 1) + 66, title=title, alt=alt)
    figure.update_xaxes(title={"text": plain(axis), "font": {"size": 13}})
    figure.update_xaxes(exponentformat="none", separatethousands=True)
    if ends and 0 <= min(ends) < NEAR_ZERO * max(ends):
        figure.update_xaxes(rangemode="tozero")
    made = [study.candidates[n] for n in names]
    labels = [plain(c.technical if technical and c.technical else c.label, LABEL_WIDTH, 2) for c in made]
    figure.update_yaxes(
        range=[max(len(names), 1) - 0.4, -0.6],
        tickvals=list(range(len(names))),
        ticktext=[f"<b>{t}</b>" if n == chosen else t for n, t in zip(names, labels, strict=True)],
        tickfont={"size": 13},
    )
    return figure


def _said(value: float) -> str:
    size = abs(value)
    return number(value, 0 if size >= 1000 else 1 if size >= 10 else 3)
