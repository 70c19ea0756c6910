"""What an option comes to with somebody's own weights: one bar per option, made of its parts."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from explainers.figures.theme import CONTEXT, PARTS, manners, plain
from explainers.results import VARIANTS, RankedOption, Ranking
from explainers.study import Study

ROW_PIXELS = 38
LABEL_WIDTH = 22
# Parts stand in the same order in every bar, and the name of each inside the first bar that is wide enough.
NAMES = ("accuracy", "cost", "speed", "explainability", "answers")
COLOURS: Mapping[str, str] = dict(zip(NAMES, (*PARTS, "#6A6420"), strict=True))
BELOW = 0.4  # the range stands under its bar, where its colour can be seen
NAMED_FROM = 14.0  # of 100 points: narrower parts have no room for their name


def draw(
    result: Ranking,
    study: Study,
    *,
    title: str,
    alt: str,
    names: Mapping[str, str],
    technical: bool = False,
) -> go.Figure:
    """Draw the points of every option.

    Parameters
    ----------
    result : Ranking
    study : Study
        Gives the names of options in the field.
    title, alt : str
        The finding, as words gave it, and the text alternative; an empty title leaves the room to the page.
    names : mapping
        What each part is called.
    technical : bool
        Whether options go by their names in the field.

    Returns
    -------
    Figure
        Best on top. The line under the end of a bar is how far the points may be off by the range of the measure.
    """
    options = result.options
    figure = go.Figure()
    start = [0.0] * len(options)
    for part, colour in COLOURS.items():
        if part not in result.weights:
            continue
        share = result.weights[part]
        sizes = [100 * share * o.parts.get(part, 0.0) for o in options]
        wide = next((at for at, size in enumerate(sizes) if size >= NAMED_FROM), -1)
        figure.add_trace(
            go.Bar(
                x=sizes,
                y=list(range(len(options))),
                base=list(start),
                orientation="h",
                width=0.62,
                marker={"color": colour, "line": {"width": 1, "color": "rgba(255,255,255,0.6)"}},
                text=[plain(names.get(part, part), 18, 1) if at == wide else "" for at in range(len(options))],
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                insidetextfont={"color": "white", "size": 12},
                hovertext=[
                    f"{plain(o.label)}: {size:.0f} of {100 * share:.0f} points for {plain(names.get(part, part))}"
                    for o, size in zip(options, sizes, strict=True)
                ],
                hoverinfo="text",
            )
        )
        start = [a + b for a, b in zip(start, sizes, strict=True)]
    figure.add_trace(
        go.Scatter(
            x=[o.score for o in options],
            y=[at + BELOW for at in range(len(options))],
            mode="markers",
            marker={"color": CONTEXT, "size": 2},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [o.upper - o.score for o in options],
                "arrayminus": [o.score - o.lower for o in options],
                "color": CONTEXT,
                "thickness": 2,
                "width": 5,
            },
            hoverinfo="skip",
        )
    )
    manners(figure, height=ROW_PIXELS * max(len(options), 1) + 62, title=title, alt=alt)
    for at, o in enumerate(options):
        figure.add_annotation(x=o.score, y=at, text=f"{o.score:.0f}", showarrow=False, xanchor="left", xshift=8)
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(
        range=[0, 108],
        tickvals=[0, 20, 40, 60, 80, 100],
        title={"text": "points of 100, with your weights", "font": {"size": 13}},
    )
    figure.update_yaxes(
        range=[max(len(options), 1) - 0.4, -0.6],
        tickvals=list(range(len(options))),
        ticktext=[_label(study, o, technical) for o in options],
        tickfont={"size": 13},
    )
    return figure


def _label(study: Study, option: RankedOption, technical: bool) -> str:
    """Return what an option is called; that its cut-off is another one always stands on a line of its own."""
    known = study.candidates.get(option.candidate)
    label = option.label if known is None else known.technical if technical and known.technical else known.label
    if option.variant:
        return f"{plain(label, LABEL_WIDTH, 1)}<br>{VARIANTS.get(option.variant, plain(option.variant))}"
    return plain(label, LABEL_WIDTH, 2)
