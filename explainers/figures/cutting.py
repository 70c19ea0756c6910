"""What answers come to a month at every cut-off, the one chosen by cost and the study's own marked."""

from __future__ import annotations

import plotly.graph_objects as go

from explainers.figures.currency import money
from explainers.figures.theme import CONTEXT, TOWARDS, colour_of, manners, ticks
from explainers.results import ThresholdChoice
from explainers.study import Study


def draw_cuts(result: ThresholdChoice, study: Study, *, title: str, alt: str, currency: str = "$") -> go.Figure:
    """Draw what answers would come to a month at every cut-off; the chosen one and the study's own are marked.

    Parameters
    ----------
    result : ThresholdChoice
    study : Study
    title, alt : str
        The finding, as words gave it, and the text alternative.
    currency : str
        Currency of the amounts.

    Returns
    -------
    Figure
    """
    figure = manners(go.Figure(), height=320, title=title, alt=alt)
    colour = colour_of(study, result.candidate)
    x = [min(1.0, c) for c in result.cuts]
    figure.add_trace(
        go.Scatter(
            x=[100 * v for v in x],
            y=list(result.money_at),
            mode="lines",
            line={"color": colour, "width": 2, "shape": "vh"},
            hovertext=[
                f"flag from {100 * v:.0f} of 100 on: {money(m, currency)} a month"
                for v, m in zip(x, result.money_at, strict=True)
            ],
            hoverinfo="text",
        )
    )
    marks = [("by cost", result.cut, result.money, "diamond", TOWARDS)]
    marks.append(("the study's own", result.usual, result.usual_money, "circle-open", CONTEXT))
    for name, cut, amount, symbol, tone in marks:
        figure.add_trace(
            go.Scatter(
                x=[100 * min(1.0, cut)],
                y=[amount],
                mode="markers",
                marker={"symbol": symbol, "size": 13, "color": tone, "line": {"width": 2, "color": tone}},
                hovertext=[f"{name}: from {100 * min(1.0, cut):.0f} of 100 on, {money(amount, currency)} a month"],
                hoverinfo="text",
            )
        )
    low, high = min(result.money_at, default=0.0), max(result.money_at, default=1.0)
    right = 100 * min(1.0, result.cut) <= 100 * result.usual
    for (name, cut, amount, _, _), to_left in zip(marks, (right, not right), strict=True):
        figure.add_annotation(
            x=100 * min(1.0, cut),
            y=amount,
            text=name,
            showarrow=False,
            xanchor="right" if to_left and cut > 0.2 else "left" if cut < 0.8 else "right",
            yanchor="top",
            yshift=-10,
            font={"size": 12},
        )
    span = (high - low) or 1.0
    tickvals = ticks(low, high, 5)
    figure.update_xaxes(range=[-2, 102], title={"text": "flagged from this score on, of 100", "font": {"size": 13}})
    figure.update_yaxes(
        range=[low - 0.14 * span, high + 0.06 * span],
        showgrid=True,
        tickvals=tickvals,
        ticktext=[money(t, currency) for t in tickvals],
        title={"text": "answers come to, a month", "font": {"size": 13}},
    )
    return figure
