"""What changed: the declared measure as a dot with its range for every option, or counts of answers that turned."""

from __future__ import annotations

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from explainers.figures.attribution import number
from explainers.figures.theme import CONTEXT, PARTS, colour_of, manners, plain
from explainers.results import Changes, OptionChange
from explainers.study import Study

ROW_PIXELS = 36
LABEL_WIDTH = 22
TURNED_COLOURS = (PARTS[0], PARTS[3], CONTEXT)
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
    reach = max((abs(end) for o in found for end in ends(o, sign * factor)), default=0.0)
    digits = max(0, 2 - math.floor(math.log10(reach))) if reach else 0
    for at, option in enumerate(found):
        value, low, high = ends(option, sign * factor)
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
                hovertext=[
                    f"{plain(_name(option, technical))}: {number(value, digits)} "
                    f"({number(low, digits)} to {number(high, digits)})"
                ],
                hoverinfo="text",
            )
        )
    manners(figure, height=ROW_PIXELS * max(len(found), 1) + 66, title=title, alt=alt)
    figure.add_vline(x=0, line={"color": CONTEXT, "width": 1.5, "dash": "dot"})
    reach = 1.12 * reach or factor / 100
    figure.update_xaxes(
        range=[-reach, reach],
        title={"text": plain(axis), "font": {"size": 13}},
        exponentformat="none",
        separatethousands=True,
    )
    _rows(figure, found, technical)
    return figure


def draw_turned(
    result: Changes, *, title: str, alt: str, axis: str, parts: Sequence[str], technical: bool = False
) -> go.Figure:
    """Draw how many answers of every option turned, which way: what there is to see where no measure moved.

    Parameters
    ----------
    result : Changes
    title, alt : str
        The finding, as words gave it, and the text alternative; an empty title leaves the room to the page.
    axis : str
        What is counted.
    parts : sequence of 3 str
        What answers are called that are nearer to the record now, further from it, and neither.
    technical : bool
        Whether options go by their names in the field.

    Returns
    -------
    Figure
        One bar per option with answers that turned, its parts side by side.
    """
    found = turned(result)
    figure = manners(go.Figure(), height=ROW_PIXELS * max(len(found), 1) + 110, title=title, alt=alt)
    for name, colour, counts in zip(parts, TURNED_COLOURS, zip(*map(ways, found), strict=True), strict=False):
        if any(counts):
            figure.add_bar(
                x=list(counts),
                y=list(range(len(found))),
                orientation="h",
                name=plain(name),
                marker={"color": colour},
                text=[f"{n:,}" if n else "" for n in counts],
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                textfont={"color": "white"},
                hovertext=[
                    f"{plain(_name(o, technical))}: {n:,} {plain(name)}" for o, n in zip(found, counts, strict=True)
                ],
                hoverinfo="text",
            )
    figure.update_layout(
        barmode="stack",
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal"},
    )
    most = max((o.n_flips for o in found), default=1)
    figure.update_xaxes(
        range=[0, 1.05 * most],
        title={"text": plain(axis), "font": {"size": 13}},
        exponentformat="none",
        separatethousands=True,
        **({"dtick": 1} if most <= 5 else {"nticks": 6}),
    )
    _rows(figure, found, technical)
    return figure


def _rows(figure: go.Figure, found: Sequence[OptionChange], technical: bool) -> None:
    """Name the rows of a figure after their options."""
    figure.update_yaxes(
        range=[max(len(found), 1) - 0.4, -0.6],
        tickvals=list(range(len(found))),
        ticktext=[plain(_name(o, technical), LABEL_WIDTH, 2) for o in found],
        tickfont={"size": 13},
    )


def _name(option: OptionChange, technical: bool) -> str:
    return option.technical if technical and option.technical else option.label


def turned(result: Changes) -> list[OptionChange]:
    """Return the options of which answers turned."""
    return [o for o in result.options if o.n_flips]


def ways(option: OptionChange) -> tuple[int, int, int]:
    """Return how many answers of an option turned towards the record, away from it, and neither."""
    return option.towards, option.away, option.n_flips - option.towards - option.away


def moved(result: Changes) -> bool:
    """Whether the measure of some option moved at all, or might have."""
    return any(any(ends(o, 1.0)) for o in shown(result))


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
