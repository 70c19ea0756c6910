"""What a candidate looks at: one bar for each input, with its range."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import plotly.graph_objects as go

from explainers.figures.attribution import number
from explainers.figures.theme import CONTEXT, colour_of, manners, plain, ticks
from explainers.results import Importance
from explainers.study import Study

MOST = 12
BAR_PIXELS = 34
LABEL_WIDTH = 22


def draw(
    result: Importance,
    study: Study,
    *,
    title: str,
    alt: str,
    chosen: str = "",
    most: int = MOST,
    texts: Mapping[str, str] | None = None,
    technical: bool = False,
) -> go.Figure:
    """Draw the inputs that count, the strongest on top.

    Parameters
    ----------
    result : Importance
        Mean absolute attributions with their ranges.
    study : Study
        Gives labels and units.
    title, alt : str
        The finding, as words gave it, and the text alternative; an empty title leaves the room to the page.
    chosen : str
        The input that the page shows beside; its bar has an outline.
    most : int
        Bars at most; the others are summed up in one line of text below.
    texts : mapping of str to str, optional
        What stands beside a bar, by input, so that it is rounded as in the sentences.
    technical : bool
        Whether chances stand as probabilities between 0 and 1 instead of counts of 100.

    Returns
    -------
    Figure
        Bars from zero, ranges as lines with ends, labels beside the ends of the ranges.
    """
    order = [int(i) for i in np.argsort(-result.attribution, kind="stable") if result.attribution[i] > 0]
    shown = order[:most]
    chances = result.unit == "probability"
    factor = 100.0 if chances and not technical else 1.0
    values = [float(result.attribution[i]) * factor for i in shown]
    high = [_finite(float(result.attribution_upper[i]), float(result.attribution[i])) * factor for i in shown]
    low = [float(result.attribution_lower[i]) * factor for i in shown]
    labels = [plain(_label(result, study, i), LABEL_WIDTH) for i in shown]
    top = max([*high, 1e-9])
    write = _writer(max(values, default=0.0), probability=chances and technical)
    figure = go.Figure(
        go.Bar(
            x=values,
            y=list(range(len(shown))),
            orientation="h",
            marker={
                "color": colour_of(study, result.candidate),
                "opacity": [1.0 if result.feature_names[i] == chosen or not chosen else 0.62 for i in shown],
            },
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [h - v for h, v in zip(high, values, strict=True)],
                "arrayminus": [v - w for v, w in zip(values, low, strict=True)],
                "color": CONTEXT,
                "thickness": 1.6,
                "width": 4,
            },
            hovertext=[
                f"{plain(_label(result, study, i))}: {write(v)} ({write(w)} to {write(h)})"
                for i, v, w, h in zip(shown, values, low, high, strict=True)
            ],
            hoverinfo="text",
        )
    )
    for at, (v, h) in enumerate(zip(values, high, strict=True)):
        text = plain((texts or {}).get(result.feature_names[shown[at]], write(v)))
        figure.add_annotation(x=h, y=at, text=text, showarrow=False, xanchor="left", xshift=6, font={"size": 13})
    manners(figure, height=BAR_PIXELS * max(len(shown), 1) + 66, title=title, alt=alt)
    places = ticks(0.0, top, 5)
    decimals = _decimals(places)
    unit = study.dictionary[study.target].unit if study.target in study.dictionary else None
    axis = f"moves an answer by, {'of 100' if chances else unit or 'on average'}"
    if technical:
        axis = f"mean absolute attribution, {'probability' if chances else unit or 'unit of the target'}"
    figure.update_xaxes(
        range=[0, top * 1.18],
        tickvals=places,
        ticktext=[number(t, decimals) for t in places],
        title={"text": plain(axis), "font": {"size": 13}},
    )
    figure.update_yaxes(
        range=[max(len(shown), 1) - 0.4, -0.6], tickvals=list(range(len(shown))), ticktext=labels, tickfont={"size": 13}
    )
    return figure


def _label(result: Importance, study: Study, at: int) -> str:
    name = result.feature_names[at]
    return study.dictionary[name].label if name not in result.groups and name in study.dictionary else name


def _finite(value: float, otherwise: float) -> float:
    return value if np.isfinite(value) else otherwise


def _writer(largest: float, *, probability: bool = False) -> Callable[[float], str]:
    if probability:
        return lambda v: number(v, 3 if largest >= 0.01 else 5)
    decimals = 0 if largest >= 100 else 1 if largest >= 1 else 2 if largest >= 0.1 else 4
    return lambda v: number(v, decimals)


def _decimals(places: list[float]) -> int:
    return next((d for d in range(6) if all(abs(round(p, d) - p) < 1e-9 for p in places)), 6)
