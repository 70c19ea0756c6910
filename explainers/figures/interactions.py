"""Pairs of inputs that count together: one bar for each pair, with its range and noise floor."""

from __future__ import annotations

import plotly.graph_objects as go

from explainers.figures.attribution import number
from explainers.figures.importance import BAR_PIXELS, _decimals, _writer
from explainers.figures.theme import CONTEXT, colour_of, manners, plain, ticks
from explainers.results import Interactions
from explainers.study import Study

MOST = 6


def draw(
    result: Interactions, study: Study, *, title: str, alt: str, most: int = MOST, technical: bool = False
) -> go.Figure:
    """Draw the strongest pairs; pairs that do not stand out are pale.

    Parameters
    ----------
    result : Interactions
        Pairs with sizes, ranges and noise floors.
    study : Study
        Gives labels and units.
    title, alt : str
        The finding, as words gave it, and the text alternative.
    most : int
        Pairs at most.
    technical : bool
        Whether chances stand as probabilities between 0 and 1 instead of counts of 100.

    Returns
    -------
    Figure
        Bars from zero; a tick across each bar is its noise floor.
    """
    pairs = result.pairs[:most]
    chances = result.unit == "probability"
    of = _out_of(result) if chances and not technical else 1
    factor = float(of)
    values = [p.size * factor for p in pairs]
    write = _writer(max(values, default=0.0), probability=chances and technical)
    labels = [
        f"{plain(study.dictionary[p.a].label, 24)}<br>with {plain(study.dictionary[p.b].label, 24)}" for p in pairs
    ]
    figure = go.Figure(
        go.Bar(
            x=values,
            y=list(range(len(pairs))),
            orientation="h",
            marker={"color": [colour_of(study, result.candidate) if p.stands_out else CONTEXT for p in pairs]},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [(p.upper - p.size) * factor for p in pairs],
                "arrayminus": [(p.size - p.lower) * factor for p in pairs],
                "color": CONTEXT,
                "thickness": 1.6,
                "width": 4,
            },
            hovertext=[
                f"{plain(study.dictionary[p.a].label)} with {plain(study.dictionary[p.b].label)}: {write(v)}, "
                f"chance alone up to {write(p.noise * factor)}"
                for p, v in zip(pairs, values, strict=True)
            ],
            hoverinfo="text",
        )
    )
    for at, p in enumerate(pairs):
        note = write(values[at]) + ("" if p.stands_out else ", does not stand out")
        figure.add_annotation(x=p.upper * factor, y=at, text=note, showarrow=False, xanchor="left", xshift=6)
    manners(figure, height=(BAR_PIXELS + 12) * max(len(pairs), 1) + 66, title=title, alt=alt)
    top = max([p.upper * factor for p in pairs], default=1e-9) or 1e-9
    places = ticks(0.0, top, 3 if chances and technical else 5)  # long figures would turn on a phone
    unit = study.dictionary[study.target].unit if study.target in study.dictionary else None
    figure.update_xaxes(
        range=[0, top * (1.9 if any(not p.stands_out for p in pairs) else 1.2)],
        tickvals=places,
        ticktext=[number(t, _decimals(places)) for t in places],
        tickangle=0,
        title={
            "text": f"beyond what each does alone, of {of:,}"
            if of > 1
            else plain(f"beyond each alone, {'probability' if chances else unit or ''}".strip(", ")),
            "font": {"size": 13},
        },
    )
    figure.update_yaxes(
        range=[max(len(pairs), 1) - 0.4, -0.6], tickvals=list(range(len(pairs))), ticktext=labels, tickfont={"size": 13}
    )
    return figure


def _out_of(result: Interactions) -> int:
    """Return what chances are counted out of: as many as the sentences beside the chart count out of."""
    largest = max([*(p.size for p in result.pairs), *(abs(p.there) for p in result.pairs[:1])], default=0.0)
    of = 100
    while 0 < largest * of < 2 and of < 10_000:
        of *= 10
    return of
