"""Where the money of each option goes: what it takes to have it, and what it comes to with its answers."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from explainers.figures.currency import known, money, name_of, short
from explainers.figures.theme import CONTEXT, FAINT, TOWARDS, manners, plain, ticks
from explainers.results import VARIANTS, Comparison, OptionRow
from explainers.study import Study

ROW = 28
BELOW = 36  # pixels from the lower panel to the legend
LABEL = 24
PART_COLOURS = {
    "build": "#5C6BC0",
    "machines": "#1B8AA5",
    "people": "#8A7A12",
    "having": "#1E8F6E",
    "wrong": TOWARDS,
    "right": CONTEXT,
}
SHARED = {"zeroline": False, "fixedrange": True, "ticks": "", "automargin": True, "gridcolor": FAINT}


def draw_money(
    result: Comparison,
    study: Study,
    *,
    title: str,
    alt: str,
    chosen: str = "",
    technical: bool = False,
) -> go.Figure:
    """Draw where the money of each option goes: what it takes to have it, and beside that what its answers come to.

    Parameters
    ----------
    result : Comparison
    study : Study
    title, alt : str
        The finding, as words gave it, and the text alternative; an empty title leaves the room to the page.
    chosen : str
        The option on screen; its name is bold.
    technical : bool
        Whether options go by their names in the field.

    Returns
    -------
    Figure
        Two panels, one bar per option in each. Above: what it takes to have it. Below, orange: answers that differ from
        the record; left of zero: what right answers bring. The whisker is the range of the sum, written at its end.
    """
    rows = [
        o for o in result.options if not o.variant or (o.candidate, o.variant) == (result.least, result.least_variant)
    ]
    currency = result.assumptions.currency
    bars = 2 * ROW * max(len(rows), 1)
    figure = manners(go.Figure(), height=bars + 200, title=title, alt=alt)
    names = short([name_of(study, o, technical=technical) for o in rows], LABEL)
    names = [f"…, {VARIANTS.get(o.variant, '')}" if o.variant else name for o, name in zip(rows, names, strict=True)]
    at = list(range(len(rows)))
    parts: list[tuple[str, str, list[float], int]] = [
        ("build", "building it", [o.build for o in rows], 1),
        ("machines", "machines", [o.train + o.serve for o in rows], 1),
        ("people", "people", [o.people for o in rows], 1),
        ("having", "having it", [o.cost for o in rows], 2),
        ("wrong", "answers that differ", [o.wrong for o in rows], 2),
    ]
    if any(o.right for o in rows):
        parts.append(("right", "right answers bring", [-o.right for o in rows], 2))
    for key, name, values, panel in parts:
        said = [f"{o.label}: {name}, {money(abs(v), currency)} a month" for o, v in zip(rows, values, strict=True)]
        figure.add_trace(
            go.Bar(
                x=values,
                y=at,
                xaxis="x" if panel == 1 else "x2",
                yaxis="y" if panel == 1 else "y2",
                orientation="h",
                name=name,
                marker={"color": PART_COLOURS[key]},
                hovertext=[plain(s, 48, 4) for s in said],
                hoverinfo="text",
            )
        )
    figure.add_trace(_sums(rows, currency))
    ends = [max(known(o.total_upper, o.total), o.cost + o.wrong, 0.0) for o in rows]
    for i, option in enumerate(rows):
        for x, axis, value in ((option.cost, "", option.cost), (ends[i], "2", option.total)):
            figure.add_annotation(
                x=x,
                y=i,
                xref=f"x{axis}",
                yref=f"y{axis}",
                text=f" {money(value, currency)}",
                showarrow=False,
                xanchor="left",
                font={"size": 12},
            )
    lows = [min(-o.right, known(o.total_lower, 0.0), 0.0) for o in rows]
    spans = ((0.0, max((o.cost for o in rows), default=0.0)), (min(lows, default=0.0), max(ends, default=0.0)))
    for which, (low, high) in zip(("", "2"), spans, strict=True):
        most = high + 0.28 * ((high - low) or 1.0)
        marks = ticks(low, most, 4)
        x_axis = dict(
            range=[low - 0.02 * (most - low), most],
            tickvals=marks,
            ticktext=[money(t, currency) for t in marks],
            anchor=f"y{which}",
            **SHARED,
        )
        y_axis = dict(
            domain=[0.56, 0.95] if not which else [0.0, 0.39],
            anchor=f"x{which}",
            range=[max(len(rows), 1) - 0.4, -0.6],
            tickvals=at,
            ticktext=[f"<b>{t}</b>" if o.candidate == chosen else t for o, t in zip(rows, names, strict=True)],
            tickfont={"size": 13},
            showgrid=False,
            **{k: v for k, v in SHARED.items() if k != "gridcolor"},
        )
        figure.update_layout({f"xaxis{which}": x_axis, f"yaxis{which}": y_axis})
    for y, text in ((1.0, "To have it, a month"), (0.44, "With answers that differ, a month")):
        figure.add_annotation(
            x=0, y=y, xref="paper", yref="paper", text=text, showarrow=False, xanchor="left", font={"size": 14}
        )
    below = -BELOW / (bars + 60)  # as a share of the panels: few bars make low ones, the marks of the axis are as high
    figure.update_layout(
        barmode="relative",
        showlegend=True,
        legend={"orientation": "h", "y": below, "yanchor": "top", "x": 0, "xanchor": "left", "traceorder": "normal"},
        margin={"t": 56 if title else 16},
    )
    return figure


def _sums(rows: Sequence[OptionRow], currency: str) -> go.Scatter:
    """Return the sums with their ranges: a thin mark at each, with whiskers."""
    low = [o.total - known(o.total_lower, o.total) for o in rows]
    high = [known(o.total_upper, o.total) - o.total for o in rows]
    said = [
        f"{o.label}: {money(o.total, currency)} a month in all, "
        f"{money(o.total - a, currency)} to {money(o.total + b, currency)}"
        for o, a, b in zip(rows, low, high, strict=True)
    ]
    return go.Scatter(
        x=[o.total for o in rows],
        y=list(range(len(rows))),
        xaxis="x2",
        yaxis="y2",
        mode="markers",
        marker={"symbol": "line-ns", "size": 11, "color": CONTEXT, "line": {"width": 2, "color": CONTEXT}},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": high,
            "arrayminus": low,
            "color": CONTEXT,
            "thickness": 2,
            "width": 5,
        },
        hovertext=[plain(s, 48, 4) for s in said],
        hoverinfo="text",
        name="in all, with its range",
    )
