"""What changed in the declared measure: a dot with its range for every option, nothing changed as a line."""

from __future__ import annotations

import plotly.graph_objects as go

from explainers.figures.attribution import number
from explainers.figures.theme import CONTEXT, colour_of, manners, plain
from explainers.results import Changes, OptionChange
from explainers.study import Study

ROW_PIXELS = 36
LABEL_WIDTH = 22
SYMBOLS = {"better": "triangle-right", "worse": "triangle-left"}


def draw(
    result: Changes,
    study: Study,
    *,
    title: str,
    alt: str,
    axis: str = "",
    factor: float = 1.0,
    technical: bool = False,
) -> go.Figure:
    """Draw how much every option changed.

    Parameters
    ----------
    result : Changes
    study : Study
        Gives colours and the order of the options.
    title, alt : str
        The finding, as words gave it, and the text alternative; an empty title leaves the room to the page.
    axis : str
        What the figure is, with its unit.
    factor : float
        What figures are multiplied by to stand in the axis' unit: 100 for shares of 100.
    technical : bool
        Whether options go by their names in the field.

    Returns
    -------
    Figure
        To the right is better, whatever the measure; open dots cannot be told from what they were. Options that are
        the same are left out, unless all are.
    """
    found = shown(result)
    sign = 1.0 if result.greater_is_better else -1.0
    figure = go.Figure()
    reach = 0.0
    for at, option in enumerate(found):
        value, low, high = ends(option, sign * factor)
        reach = max(reach, abs(low), abs(high))
        colour = colour_of(study, option.candidate)
        verdict = option.difference.verdict if option.difference is not None else "cannot tell"
        figure.add_trace(
            go.Scatter(
                x=[value],
                y=[at],
                mode="markers",
                marker={
                    "color": colour,
                    "size": 12,
                    "symbol": SYMBOLS.get(verdict, "circle-open"),
                    "line": {"width": 2, "color": colour},
                },
                error_x={
                    "type": "data",
                    "symmetric": False,
                    "array": [high - value],
                    "arrayminus": [value - low],
                    "color": colour,
                    "thickness": 2,
                    "width": 5,
                },
                hovertext=[f"{plain(option.label)}: {number(value, 3)} ({number(low, 3)} to {number(high, 3)})"],
                hoverinfo="text",
            )
        )
    manners(figure, height=ROW_PIXELS * max(len(found), 1) + 66, title=title, alt=alt)
    figure.add_vline(x=0, line={"color": CONTEXT, "width": 1.5, "dash": "dot"})
    reach = 1.12 * reach or factor / 100
    figure.update_xaxes(range=[-reach, reach], title={"text": plain(axis), "font": {"size": 13}})
    labels = [plain(o.technical if technical and o.technical else o.label, LABEL_WIDTH, 2) for o in found]
    figure.update_yaxes(
        range=[max(len(found), 1) - 0.4, -0.6],
        tickvals=list(range(len(found))),
        ticktext=labels,
        tickfont={"size": 13},
    )
    return figure


def shown(result: Changes) -> list[OptionChange]:
    """Return the options that are drawn: those that are not the same, all where every one is."""
    every = [o for o in result.options if o.difference is not None]
    return [o for o in every if o.fate != "same" or o.n_flips] or every


def ends(option: OptionChange, factor: float) -> tuple[float, float, float]:
    """Return how much an option changed and both ends of its range, times a factor."""
    d = option.difference
    assert d is not None
    value = factor * d.value
    ends = sorted(factor * e for e in (d.lower, d.upper) if e is not None) or [value, value]
    return value, min(ends[0], value), max(ends[-1], value)
