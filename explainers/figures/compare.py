"""Cost against quality with ranges and the line of options that no other beats; where money goes, part by part."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import plotly.graph_objects as go

from explainers.figures.attribution import number
from explainers.figures.compare_money import draw_money as draw_money  # noqa: PLC0414
from explainers.figures.currency import known, money, name_of, short
from explainers.figures.cutting import draw_cuts as draw_cuts  # noqa: PLC0414
from explainers.figures.placing import Box, Spot, apart, places
from explainers.figures.theme import CONTEXT, FAINT, colour_of, manners, plain, ticks
from explainers.results import Comparison, OptionRow
from explainers.study import Study

HEIGHT = 460
NARROW, TALL = 268.0, 340.0  # pixels of the plot on a phone
BESIDE = 8.0  # pixels between options of nearly equal cost
LABEL = 21


def draw(
    result: Comparison,
    study: Study,
    *,
    title: str,
    alt: str,
    axis: str = "",
    factor: float = 1.0,
    chosen: str = "",
    technical: bool = False,
) -> go.Figure:
    """Draw what each option costs against how good it is.

    Parameters
    ----------
    result : Comparison
    study : Study
        Gives labels and colours.
    title, alt : str
        The finding, as words gave it, and the text alternative; an empty title leaves the room to the page.
    axis : str
        What the measure is, with its unit.
    factor : float
        What figures are multiplied by to stand in the axis' unit: 100 for shares of 100.
    chosen : str
        The option on screen; its name is bold.
    technical : bool
        Whether options go by their names in the field.

    Returns
    -------
    Figure
        One dot with its range per option that has a figure; better is up. Grey: it cannot be told from a cheaper one.
        Options of nearly equal cost are drawn side by side.
    """
    rows = [o for o in result.options if not o.variant and o.value is not None]
    figure = manners(go.Figure(), height=HEIGHT, title=title, alt=alt)
    if not rows:
        return figure
    across = _costs(rows)
    x = apart([across.pixel(o.cost) for o in rows], BESIDE, NARROW)
    names = short([name_of(study, o, technical=technical) for o in rows], LABEL)
    up = _measure(rows, factor, greater_is_better=result.greater_is_better)
    spots = [_spot(x[i], o, names[i], up, factor) for i, o in enumerate(rows)]
    on = sorted((i for i, o in enumerate(rows) if o.pareto), key=lambda i: rows[i].cost)
    figure.add_trace(
        go.Scatter(
            x=[across.value(x[i]) for i in on],
            y=[factor * known(rows[i].value) for i in on],
            mode="lines",
            line={"color": FAINT, "width": 6, "shape": "hv"},
            hoverinfo="skip",
            name="line",
        )
    )
    for i, option in enumerate(rows):
        colour = CONTEXT if option.cannot_tell_from else colour_of(study, option.candidate)
        figure.add_trace(_dot(across.value(x[i]), option, result, factor, colour))
    steps = _steps([(x[i], up.pixel(factor * known(rows[i].value))) for i in on])
    for i, place in enumerate(places(spots, width=NARROW, height=TALL, lines=steps)):
        foot = math.log10(across.value(x[i])) if across.log else across.value(x[i])
        text = f"<b>{names[i]}</b>" if rows[i].candidate == chosen else names[i]
        figure.add_annotation(
            x=foot,
            y=up.value(place.y),
            text=text,
            showarrow=False,
            xanchor=place.anchor,
            xshift={"left": -4, "right": 4}.get(place.anchor, 0),
            yanchor="middle",
            font={"size": 12},
        )
        if place.leader:
            above = place.y < spots[i].y
            figure.add_shape(
                type="line",
                x0=across.value(x[i]),
                x1=across.value(x[i]),
                y0=up.value(place.y + (8.5 if above else -8.5)),
                y1=up.value(spots[i].top if above else spots[i].bottom),
                line={"color": CONTEXT, "width": 1, "dash": "dot"},
            )
    marks = across.ticks()
    figure.update_xaxes(
        type="log" if across.log else "linear",
        range=[across.low, across.high],
        tickvals=marks,
        ticktext=[money(t, result.assumptions.currency) for t in marks],
        title={"text": "to have it, a month", "font": {"size": 13}},
    )
    marks = up.ticks()
    step = min((abs(b - a) for a, b in pairwise(marks)), default=1.0)
    figure.update_yaxes(
        range=[up.high, up.low],  # its pixels run from the top
        showgrid=True,
        gridcolor=FAINT,
        tickvals=marks,
        ticktext=[number(t, _decimals(step)) for t in marks],
        title={"text": plain(axis, 40, 2), "font": {"size": 13}},
    )
    return figure


# -- inside ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Axis:
    """An axis between two ends, in the axis' own units (logs on a log axis), over so many pixels."""

    low: float
    high: float
    pixels: float
    log: bool = False

    def pixel(self, value: float) -> float:
        """Return how many pixels from the low end a value lies."""
        own = math.log10(value) if self.log else value
        return self.pixels * (own - self.low) / (self.high - self.low)

    def value(self, pixel: float) -> float:
        """Return the value at so many pixels from the low end."""
        own = self.low + (self.high - self.low) * pixel / self.pixels
        return float(10.0**own) if self.log else own

    def ticks(self) -> list[float]:
        """Return round places: 1, 2 and 5 times powers of ten on a log axis, fewer of them over many decades."""
        if not self.log:
            low, high = sorted((self.low, self.high))
            return ticks(low, high, 8)
        steps = (1, 2, 5) if self.high - self.low <= 1.7 else (1,)
        powers = range(math.floor(self.low), math.ceil(self.high) + 1)
        return [float(m * 10.0**p) for p in powers for m in steps if self.low <= math.log10(m * 10.0**p) <= self.high]


def _costs(rows: Sequence[OptionRow]) -> _Axis:
    """Return the axis of cost: by logs where all cost something and the dearest costs three times the cheapest."""
    costs = [o.cost for o in rows]
    least, most = min(costs), max(costs)
    if least > 0 and most >= 3 * least:
        low, high = math.log10(least), math.log10(most)
        room = 0.09 * (high - low)
        return _Axis(low - room, high + room, NARROW, log=True)
    room = 0.09 * (most - least) or max(0.09 * abs(most), 1.0)
    return _Axis(least - room, most + room, NARROW)


def _measure(rows: Sequence[OptionRow], factor: float, *, greater_is_better: bool) -> _Axis:
    """Return the axis of quality, from the top down, with room for labels above and below the ranges."""
    ends = [factor * e for o in rows for e in (o.value, o.lower, o.upper) if e is not None]
    low, high = min(ends), max(ends)
    room = 0.42 * (high - low) or max(0.1 * abs(high), 0.5)
    low, high = low - room, high + room
    # Pixels run from the top, so the axis of this room begins with the better end.
    return _Axis(high, low, TALL) if greater_is_better else _Axis(low, high, TALL)


def _steps(points: Sequence[tuple[float, float]]) -> list[Box]:
    """Return the pieces of the line through these points as boxes: across, then up."""
    out: list[Box] = []
    for (x, y), (next_x, next_y) in pairwise(points):
        out.append((x, y - 3, next_x, y + 3))
        out.append((next_x - 3, min(y, next_y), next_x + 3, max(y, next_y)))
    return out


def _spot(x: float, option: OptionRow, name: str, up: _Axis, factor: float) -> Spot:
    value = known(option.value)
    low, high = (known(e, value) for e in (option.lower, option.upper))
    y, ends = up.pixel(factor * value), sorted((up.pixel(factor * low), up.pixel(factor * high)))
    return Spot(x, y, min(ends[0], y - 7), max(ends[1], y + 7), name)


def _dot(x: float, option: OptionRow, result: Comparison, factor: float, colour: str) -> go.Scatter:
    value = known(option.value)
    low, high = (known(e, value) for e in (option.lower, option.upper))
    currency = result.assumptions.currency
    digits = 1 if abs(factor * value) >= 10 else 3
    span = f"{number(factor * low, digits)} to {number(factor * high, digits)}"
    told = " It cannot be told from a cheaper one." if option.cannot_tell_from else ""
    said = f"{option.label}: {money(option.cost, currency)} a month, {number(factor * value, digits)} ({span}).{told}"
    return go.Scatter(
        x=[x],
        y=[factor * value],
        mode="markers",
        marker={
            "color": colour,
            "size": 11,
            "symbol": ("square" if option.kind == "baseline" else "circle") + ("" if option.pareto else "-open"),
            "line": {"width": 2, "color": colour},
        },
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [factor * (high - value)],
            "arrayminus": [factor * (value - low)],
            "color": colour,
            "thickness": 2,
            "width": 4,
        },
        customdata=[[option.candidate, option.cost, value]],
        hovertext=[plain(said, 48, 4)],
        hoverinfo="text",
        name=plain(option.label),
    )


def _decimals(step: float) -> int:
    return 0 if step >= 1 else min(6, len(f"{step:.6f}".rstrip("0").partition(".")[2]))
