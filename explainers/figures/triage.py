"""What is off against how much goes to a person, for every rule: its range as a band, the chosen rule marked."""

from __future__ import annotations

import plotly.graph_objects as go

from explainers.figures.theme import CONTEXT, FAINT, TOWARDS, colour_of, manners, plain
from explainers.results import Triage, TriageRule
from explainers.study import Study

HEIGHT = 340


def draw(result: Triage, study: Study, *, title: str, alt: str, chosen: TriageRule | None = None) -> go.Figure:
    """Draw every rule.

    Parameters
    ----------
    result : Triage
    study : Study
        Gives words for cases.
    title, alt : str
        The finding, as words gave it, and the text alternative; an empty title leaves the room to the page.
    chosen : TriageRule, optional
        The rule to mark; by default the chosen one of the result.

    Returns
    -------
    Figure
        From left to right more cases go to a person; the line is how many of 100 decided alone are off, the band its
        range, the dashed line what is allowed.
    """
    rules = [r for r in result.rules if r.error is not None]
    x = [100 * r.person / result.n for r in rules]
    upper = [100 * (r.upper or 0.0) for r in rules]
    lower = [100 * (r.lower or 0.0) for r in rules]
    colour = colour_of(study, result.candidate)
    figure = go.Figure()
    figure.add_trace(
        go.Scatter(
            x=[*x, *reversed(x)],
            y=[*upper, *reversed(lower)],
            fill="toself",
            fillcolor=FAINT,
            mode="lines",
            line={"width": 0},
            hoverinfo="skip",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=x,
            y=[100 * (r.error or 0.0) for r in rules],
            mode="lines+markers",
            line={"color": colour, "width": 2},
            marker={"color": colour, "size": 7},
            hovertext=[_hover(result, study, r) for r in rules],
            hoverinfo="text",
        )
    )
    allowed = 100 * result.allowed
    figure.add_hline(y=allowed, line={"color": CONTEXT, "width": 1.5, "dash": "dash"})
    figure.add_annotation(
        x=1,
        y=allowed,
        xref="paper",
        text=f"at most {allowed:.0f} allowed",
        showarrow=False,
        xanchor="right",
        yanchor="bottom",
        font={"size": 12},
    )
    marked = chosen if chosen is not None else result.chosen
    if marked is not None and marked.error is not None:
        figure.add_trace(
            go.Scatter(
                x=[100 * marked.person / result.n],
                y=[100 * marked.error],
                mode="markers",
                marker={"color": TOWARDS, "size": 14, "symbol": "diamond"},
                hovertext=[_hover(result, study, marked)],
                hoverinfo="text",
            )
        )
    manners(figure, height=HEIGHT, title=title, alt=alt)
    top = max([*upper, allowed, 1.0])
    figure.update_xaxes(
        range=[-2, 102], title={"text": f"{plain(study.cases)} that go to a person, of 100", "font": {"size": 13}}
    )
    figure.update_yaxes(
        range=[0, min(100.0, 1.1 * top)],
        showgrid=True,
        title={"text": "off, of 100 decided alone", "font": {"size": 13}},
    )
    return figure


def _hover(result: Triage, study: Study, rule: TriageRule) -> str:
    return plain(
        f"{sum(rule.alone):,} of {result.n:,} {study.cases} decided alone, {sum(rule.off):,} of them off; "
        f"{rule.person:,} go to a person",
        48,
        4,
    )
