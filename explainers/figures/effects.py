"""How answers move with one input: the average, single rows behind it, and how many rows there are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from explainers.figures.attribution import number
from explainers.figures.importance import _decimals
from explainers.figures.theme import CONTEXT, FAINT, OPTION_COLOURS, colour_of, manners, plain, ticks
from explainers.results import Effect
from explainers.study import Study

MOST_ROWS = 40
HEIGHT = 380
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")


def draw(
    result: Effect, study: Study, *, title: str, alt: str, names: tuple[str, ...] = (), technical: bool = False
) -> go.Figure:
    """Draw the average curve (points for levels) over single rows, with a strip of the data below.

    Parameters
    ----------
    result : Effect
        The curves.
    study : Study
        Gives labels and units.
    title, alt : str
        The finding, as words gave it, and the text alternative; an empty title leaves the room to the page.
    names : tuple of str
        What the groups hold, where rows were separated by a second input; or the classes to draw.
    technical : bool
        Whether chances stand as probabilities between 0 and 1 instead of counts of 100.

    Returns
    -------
    Figure
        Thin lines are single rows, a stated sample of them; bars below count training rows.
    """
    chances = result.unit == "probability"
    factor = 100.0 if chances and not technical else 1.0
    points = result.kind == "points"
    places: list[Any] = list(range(len(result.grid))) if points else list(result.grid)
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.8, 0.2], vertical_spacing=0.05)
    lines = _lines(result, study, factor, names)
    single = result.individual[:, result.focus] * factor
    drawn = (
        np.unique(np.linspace(0, len(single) - 1, min(MOST_ROWS, len(single))).astype(int))
        if len(single)
        else np.arange(0)
    )
    if len(lines) == 1:
        x: list[Any] = []
        y: list[Any] = []
        for i in drawn:
            x += [*places, None]
            y += [*map(float, single[i]), None]
        figure.add_scatter(
            x=x,
            y=y,
            mode="lines+markers" if points else "lines",
            line={"color": FAINT, "width": 1, "shape": "linear"},
            marker={"size": 4, "color": FAINT},
            hoverinfo="skip",
            row=1,
            col=1,
        )
    label = study.dictionary[result.feature].label
    values = [_value(study, result.feature, v) for v in result.grid]
    every = np.concatenate([line for _, line, _ in lines])
    decimals = 3 if chances and technical else 0 if np.ptp(every) >= 20 else 1 if np.ptp(every) >= 2 else 2
    for at, (name, line, colour) in enumerate(lines):
        said = f"{plain(name)}, " if name else ""
        figure.add_scatter(
            x=places,
            y=[float(v) for v in line],
            mode="lines+markers" if points else "lines",
            line={"color": colour, "width": 3, "dash": DASHES[at % len(DASHES)] if not points else "dot"},
            marker={"size": 11, "color": colour, "symbol": ("circle", "diamond", "square", "cross")[at % 4]},
            hovertext=[f"{said}{plain(v)}: {number(float(a), decimals)}" for v, a in zip(values, line, strict=True)],
            hoverinfo="text",
            row=1,
            col=1,
        )
    figure.add_bar(
        x=places,
        y=_heights(result.density, places, points),
        marker={"color": CONTEXT, "line": {"width": 0}},
        width=None if points else _widths(places),
        hovertext=[f"{plain(v)}: {int(n):,} rows" for v, n in zip(values, result.density, strict=True)],
        hoverinfo="text",
        row=2,
        col=1,
    )
    manners(figure, height=HEIGHT, title=title, alt=alt)
    _name_lines(figure, lines)
    low, high = _window(every, single[drawn] if len(lines) == 1 and drawn.size else every, factor if chances else 0.0)
    marks = ticks(low, high, 5)
    target = study.dictionary[study.target]
    outcome = "" if not result.outputs else study.outcome_words.get(result.outputs[result.focus], "")
    unit = "of 100" if factor == 100 else "predicted probability" if chances else target.unit or ""
    axis = f"{outcome if chances else target.label}, {unit}"
    if len(lines) > 1 and result.by is None:
        known = study.candidates.get(result.candidate)
        checked = known is not None and known.calibrated is not None and known.calibrated.holds
        axis = (f"of 100 {study.cases}" if checked else "score, of 100") if factor == 100 else unit
    figure.update_yaxes(
        range=[low, high],
        tickvals=marks,
        ticktext=[number(t, _decimals(marks)) for t in marks],
        title={"text": plain(axis.strip(", "), 34), "font": {"size": 13}},
        showgrid=True,
        gridcolor=FAINT,
        row=1,
        col=1,
    )
    figure.update_yaxes(
        showticklabels=False, title={"text": "how many", "font": {"size": 12}}, rangemode="tozero", row=2, col=1
    )
    _x_axis(figure, result, study, places, values)
    figure.update_xaxes(
        title={"text": plain(_axis_title(study, result.feature, label), 50), "font": {"size": 13}}, row=2, col=1
    )
    return figure


def _lines(result: Effect, study: Study, factor: float, names: tuple[str, ...]) -> list[tuple[str, Any, str]]:
    if result.by is not None:
        called = names or tuple(map(str, result.groups))
        return [
            (called[g], result.average[g, result.focus] * factor, OPTION_COLOURS[(g + 2) % len(OPTION_COLOURS)])
            for g in range(len(result.groups))
        ]
    if len(result.outputs) > 2:
        words = [study.outcome_words.get(c, str(c)) for c in result.outputs]
        return [
            (words[k], result.average[0, k] * factor, OPTION_COLOURS[(k + 2) % len(OPTION_COLOURS)])
            for k in range(len(result.outputs))
        ]
    return [("", result.average[0, result.focus] * factor, colour_of(study, result.candidate))]


def _name_lines(figure: go.Figure, lines: list[tuple[str, Any, str]]) -> None:
    """Write the names of several lines at the top, each with its mark, where no line runs."""
    if len(lines) < 2:
        return
    for trace, (name, _, _) in zip(figure.data, lines, strict=False):  # the strip of data comes last
        trace.update(name=plain(name, 28), showlegend=True)
    figure.data[-1].update(showlegend=False)
    figure.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})


def _window(every: Any, single: Any, most: float) -> tuple[float, float]:
    """Return the ends of the axis: all of the averages, and single rows as far as they do not squeeze these.

    ``most``: what a chance can be at most; 0 for numbers.
    """
    low, high = float(np.min(every)), float(np.max(every))
    reach = 1.5 * max(high - low, 0.1 * abs(high))
    low, high = max(float(np.min(single)), low - reach), min(float(np.max(single)), high + reach)
    room = 0.06 * (high - low) or 0.05 * abs(high) or 1.0
    if most:
        return 0.0, min(most, high + room)
    return low - room, high + room


def _heights(density: Any, places: list[Any], points: bool) -> list[float]:
    """Return bar heights: rows for levels; for numbers rows by width, so that the area is what counts."""
    wide = None if points else _widths(places)
    return [float(n) / (w or 1.0) for n, w in zip(density, wide or [1.0] * len(places), strict=True)]


def _widths(places: list[Any]) -> list[float] | None:
    """Return bar widths that reach halfway to the neighbours."""
    if len(places) < 2:
        return None
    dates = isinstance(places[0], pd.Timestamp)
    at = np.array([p.value / 1e6 for p in places] if dates else places, dtype=float)
    half = np.diff(at) / 2
    return [float(0.96 * (a + b)) for a, b in zip([half[0], *half], [*half, half[-1]], strict=True)]


def _x_axis(figure: go.Figure, result: Effect, study: Study, places: list[Any], values: list[str]) -> None:
    if result.kind == "points":
        width = 14 if len(values) <= 4 else 10
        figure.update_xaxes(tickvals=places, ticktext=[plain(v, width) for v in values], showgrid=False)
        figure.update_xaxes(range=[-0.5, len(places) - 0.5])
        return
    if isinstance(places[0], pd.Timestamp):
        return
    entry = study.dictionary[result.feature]
    percent = entry.phrase is not None and "{value:percent}" in entry.phrase
    marks = ticks(float(places[0]) * (100 if percent else 1), float(places[-1]) * (100 if percent else 1), 6)
    texts = [number(t, _decimals(marks)) + ("%" if percent else "") for t in marks]
    figure.update_xaxes(tickvals=[t / 100 if percent else t for t in marks], ticktext=texts)


def _axis_title(study: Study, name: str, label: str) -> str:
    entry = study.dictionary[name]
    percent = entry.phrase is not None and "{value:percent}" in entry.phrase
    if entry.kind != "numeric" or not entry.unit or percent or entry.unit.lower() == label.lower():
        return label
    return f"{label}, {entry.unit}"


def _value(study: Study, name: str, value: Any) -> str:
    entry = study.dictionary[name]
    for known, text in entry.level_labels.items():
        if str(known) == str(value) or known == value:
            return text
    if isinstance(value, pd.Timestamp):
        return str(value.date())
    if entry.phrase is not None and "{value:percent}" in entry.phrase and isinstance(value, (int, float)):
        return f"{number(100 * value, 0)}%"
    return f"{value:g}" if isinstance(value, float) else str(value)
