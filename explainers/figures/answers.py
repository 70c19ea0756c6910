"""What every candidate says of one case, on one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from explainers.figures.attribution import number
from explainers.figures.theme import CONTEXT, colour_of, manners, plain, ticks
from explainers.results import Answer
from explainers.study import Study


def draw(
    answers: Sequence[Answer],
    study: Study,
    *,
    title: str,
    alt: str,
    chosen: str = "",
    threshold: float | None = None,
    texts: Mapping[str, str] | None = None,
    technical: bool = False,
) -> go.Figure:
    """Draw one dot per candidate, lowest answer on top.

    Parameters
    ----------
    answers : sequence of Answer
        What each candidate says.
    study : Study
        Gives labels, order and units.
    title, alt : str
        The finding and the text alternative.
    chosen : str
        The candidate on screen; it is drawn larger.
    threshold : float, optional
        Where cases are flagged; drawn as a line.
    texts : mapping of str to str, optional
        What stands beside a dot, by candidate name, so that it is rounded as in the sentences.
    technical : bool
        Whether options go by their names in the field.

    Returns
    -------
    Figure
        A dot plot from zero.
    """
    ranked = sorted(answers, key=lambda a: a.prediction)
    classes = study.task == "classification"
    scale = 100.0 if classes and not technical else 1.0
    values = [a.prediction * scale for a in ranked]
    decimals = 0 if max([abs(v) for v in values], default=0) >= 10 or scale == 100 else 3 if classes else 1
    labels = [plain(_label(a, study, technical), 24, most=2) for a in ranked]
    figure = go.Figure()
    for at, value in enumerate(values):
        figure.add_shape(type="line", x0=0, x1=value, y0=at, y1=at, line={"color": CONTEXT, "width": 1, "dash": "dot"})
    figure.add_scatter(
        x=values,
        y=list(range(len(values))),
        mode="markers",
        marker={
            "size": [17 if a.candidate == chosen else 11 for a in ranked],
            "color": [colour_of(study, a.candidate) for a in ranked],
            "symbol": ["diamond" if a.candidate == chosen else "circle" for a in ranked],
        },
        hovertext=[f"{label}: {number(v, decimals)}" for label, v in zip(labels, values, strict=True)],
        hoverinfo="text",
    )
    high = max([*values, (threshold or 0) * scale, 1e-9])
    for at, value in enumerate(values):
        figure.add_annotation(
            x=value,
            y=at,
            text=plain((texts or {}).get(ranked[at].candidate, number(value, decimals))),
            showarrow=False,
            xanchor="left",
            xshift=12,
            font={"size": 13},
        )
    manners(figure, height=34 * len(values) + 76, title=title, alt=alt)
    if threshold is not None:
        figure.add_vline(x=threshold * scale, line={"color": CONTEXT, "width": 1.5, "dash": "dash"})
        figure.add_annotation(
            x=threshold * scale,
            y=-0.9,
            text=plain(f"flagged from {number(threshold * scale, decimals)}"),
            showarrow=False,
            xanchor="right",
            xshift=-5,
            font={"size": 12},
        )
    places = ticks(min([0.0, *values]), high, 6)
    target = study.dictionary[study.target]
    axis = f"{target.label}, {target.unit}".rstrip(", ")
    if classes:
        outcome = (
            "the outcome that each option chooses"
            if study.positive is None
            else f"being {study.outcome_words.get(study.positive, str(study.positive))}"
        )
        axis = f"predicted probability of {outcome}" if technical else f"score for {outcome}, of 100"
    figure.update_xaxes(
        range=[min([0.0, *values]), high * 1.15],
        tickvals=places,
        ticktext=[number(t, decimals) for t in places],
        title={"text": plain(axis), "font": {"size": 13}},
    )
    figure.update_yaxes(range=[len(values) - 0.4, -1.3], tickvals=list(range(len(values))), ticktext=labels)
    return figure


def _label(answer: Answer, study: Study, technical: bool) -> str:
    """Return the option's name, with the outcome it chooses where none is in focus."""
    known = study.candidate(answer.candidate)
    name = known.technical if technical and known.technical else known.label
    if study.task != "classification" or study.positive is not None:
        return name
    return f"{name}: {study.outcome_words.get(answer.outcome, str(answer.outcome))}"
