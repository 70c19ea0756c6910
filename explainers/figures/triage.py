"""What is off against how much goes to a person, for every rule: its range as a band, the chosen rule marked."""

from __future__ import annotations

import numpy as np
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
    top = min(100.0, 1.1 * max([*upper, allowed, 1.0]))
    error = [100 * (r.error or 0.0) for r in rules]
    at, below = _free(x, [lower, error, upper], allowed, top)
    figure.add_annotation(
        x=at,
        y=allowed,
        text=f"at most {allowed:.0f} allowed",
        showarrow=False,
        xanchor={0: "left", 100: "right"}.get(at, "center"),
        yanchor="top" if below else "bottom",
        font={"size": 12},
    )
    figure.update_xaxes(
        range=[-2, 102], title={"text": f"{plain(study.cases)} that go to a person, of 100", "font": {"size": 13}}
    )
    figure.update_yaxes(
        range=[0, top],
        showgrid=True,
        title={"text": "off, of 100 decided alone", "font": {"size": 13}},
    )
    return figure


def _free(x: list[float], lines: list[list[float]], allowed: float, top: float) -> tuple[int, bool]:
    """Return where the label of the dashed line stands, 0 to 100, and whether below it: where the fewest lines run.

    The label takes up a good third of a phone's width and the height of a line of text.
    """
    if not x:
        return 100, False
    wide, tall = 45.0, 0.09 * top
    order = sorted(range(len(x)), key=x.__getitem__)
    every = np.linspace(min(x), max(x), 201)
    runs = [np.interp(every, [x[k] for k in order], [line[k] for k in order]) for line in lines]

    def crossed(at: int, below: bool) -> int:
        bottom, ceiling = (allowed - tall, allowed) if below else (allowed, allowed + tall)
        start = at - wide * at / 100
        beside = (every >= start) & (every <= start + wide)
        outside = bottom < 0 or ceiling > top
        return sum(int(((run >= bottom) & (run <= ceiling) & beside).sum()) for run in runs) + 1000 * outside

    return min(((at, below) for at in (100, 0, 50, 25, 75) for below in (False, True)), key=lambda p: crossed(*p))


def _hover(result: Triage, study: Study, rule: TriageRule) -> str:
    return plain(
        f"{sum(rule.alone):,} of {result.n:,} {study.cases} decided alone, {sum(rule.off):,} of them off; "
        f"{rule.person:,} go to a person",
        48,
        4,
    )
