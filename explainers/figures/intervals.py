"""Whether ranges held, segment by segment; and ranges as a band beside what was recorded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from explainers.figures.attribution import number
from explainers.figures.theme import AGAINST, CONTEXT, FAINT, TOWARDS, layout_of, plain, ticks
from explainers.results import Coverage, Interval
from explainers.study import Study

ROW_PIXELS = 34
LABEL_WIDTH = 32
MOST_POINTS = 400
# Grey is what cannot be told; each colour also differs in its mark.
_COLOURS = {"held": AGAINST, "short": TOWARDS, "cannot tell": CONTEXT, "too few": CONTEXT}
_MARKS = {"held": "circle", "short": "diamond", "cannot tell": "circle-open", "too few": "line-ns-open"}


def draw(
    result: Coverage,
    study: Study,
    *,
    title: str,
    alt: str,
    labels: Sequence[str],
    segments: Sequence[int] | None = None,
) -> go.Figure:
    """Draw the share of each segment inside its ranges, with its own range, beside the promise.

    Parameters
    ----------
    result : Coverage
        Measured; for rates the stated ranges are drawn as bars behind the observed rates.
    study : Study
        Gives the word for cases.
    title, alt : str
        The finding, as words gave it, and the text alternative.
    labels : sequence of str
        Names of the segments that are drawn, as words gave them.
    segments : sequence of int, optional
        Their places, all rows first; by default every segment.

    Returns
    -------
    Figure
        One row per segment. Full dots held, open ones cannot be told, diamonds fell short, ticks are too few to say.
    """
    at = list(range(len(result.n))) if segments is None else list(segments)
    rates = result.kind == "rates"
    rows = list(range(len(at)))
    share = [100 * float(result.covered[k]) for k in at]
    low, high = ([100 * float(v[k]) for k in at] for v in (result.lower, result.upper))
    traces: list[Any] = []
    if rates:
        ends = [(100 * float(result.stated_lower[k]), 100 * float(result.stated_upper[k])) for k in at]
        traces.append(
            go.Bar(
                x=[b - a for a, b in ends],
                base=[a for a, _ in ends],
                y=rows,
                orientation="h",
                width=0.62,
                marker={"color": FAINT},
                hoverinfo="skip",
            )
        )
    colours = [_COLOURS[result.verdict[k]] for k in at]
    for k, row in zip(at, rows, strict=True):
        traces.append(
            go.Scatter(
                x=[low[row], high[row]],
                y=[row, row],
                mode="lines",
                line={"color": _COLOURS[result.verdict[k]], "width": 1.8},
                hoverinfo="skip",
            )
        )
    traces.append(
        go.Scatter(
            x=share,
            y=rows,
            mode="markers",
            marker={
                "size": [13 if k == 0 else 10 for k in at],
                "color": colours,
                "symbol": [_MARKS[result.verdict[k]] for k in at],
                "line": {"width": 2, "color": colours},
            },
            hovertext=[_hover(result, k, label) for k, label in zip(at, labels, strict=True)],
            hoverinfo="text",
        )
    )
    least = min([*low, *([a for a, _ in ends] if rates else [100 * result.level])], default=0.0)
    most = max([*high, *([b for _, b in ends] if rates else [])], default=100.0)
    start = 0.0 if rates else max(0.0, min(least, 100 * result.level) - 3)
    stop = min(100.0, most * 1.08 + 1) if rates else 101.0
    layout = layout_of(height=ROW_PIXELS * max(len(at), 1) + 84, title=title, alt=alt)
    places = ticks(start, stop, 6)
    what = {
        "ranges": f"inside their range, of 100 {study.cases}",
        "sets": f"recorded one in the list, of 100 {study.cases}",
        "rates": f"{study.outcome_words.get(study.positive, 'with the outcome')}, of 100 {study.cases}",
    }[result.kind]
    layout["xaxis"] |= {
        "range": [start, stop],
        "tickvals": places,
        "ticktext": [number(t, 0) for t in places],
        "title": {"text": plain(what), "font": {"size": 13}},
    }
    layout["yaxis"] |= {
        "range": [len(at) - 0.4, -0.9],
        "tickvals": rows,
        "ticktext": [plain(f"{label} ({result.n[k]:,})", LABEL_WIDTH, 2) for label, k in zip(labels, at, strict=True)],
    }
    layout["bargap"] = 0
    if not rates:
        promise = 100 * result.level
        layout["shapes"] = [
            {
                "type": "line",
                "x0": promise,
                "x1": promise,
                "y0": -0.5,
                "y1": len(at) - 0.5,
                "line": {"color": CONTEXT, "width": 1.5, "dash": "dash"},
                "layer": "below",
            }
        ]
        layout["annotations"] = [
            {
                "x": promise,
                "y": -0.55,
                "text": f"promised {promise:g}",
                "showarrow": False,
                "yanchor": "bottom",
                "font": {"size": 12},
            }
        ]
    return go.Figure(traces, layout)


def _hover(result: Coverage, at: int, label: str) -> str:
    n, share = result.n[at], 100 * float(result.covered[at])
    ends = f"{100 * float(result.lower[at]):.0f} to {100 * float(result.upper[at]):.0f}"
    said = f"{plain(label)}: {share:.0f} of 100 ({ends}), {n:,} tested"
    if result.kind == "rates":
        stated = f"{100 * float(result.stated_lower[at]):.0f} to {100 * float(result.stated_upper[at]):.0f}"
        said += f"; stated {stated}"
    return said + {"too few": "; too few to tell", "short": "; short of the promise"}.get(result.verdict[at], "")


def band(
    result: Interval, actual: Any, study: Study, *, title: str, alt: str, chosen: float | None = None
) -> go.Figure:
    """Draw ranges as a band against the answer, with the records of a sample of cases as points.

    Parameters
    ----------
    result : Interval
        Ranges of numbers for many cases, such as all never-seen ones.
    actual : array of shape (n,)
        What was recorded for each.
    study : Study
        Gives the target's name and unit.
    title, alt : str
        The finding and the text alternative.
    chosen : float, optional
        The answer to the case on screen; a line marks it.

    Returns
    -------
    Figure
        Lines from end to end for at most 400 cases, spread evenly over the answers; points inside are grey, outside
        orange diamonds. The number drawn is in ``figure.layout.meta["drawn"]`` and ``["of"]``.
    """
    recorded = np.asarray(actual, dtype=np.float64)
    known = np.flatnonzero(np.isfinite(recorded) & np.isfinite(result.lower) & np.isfinite(result.upper))
    order = known[np.argsort(result.prediction[known], kind="stable")]
    shown = order[np.unique(np.linspace(0, len(order) - 1, min(MOST_POINTS, len(order))).round().astype(int))]
    answer, low, high, record = (v[shown] for v in (result.prediction, result.lower, result.upper, recorded))
    inside = (record >= low) & (record <= high)
    gap = np.full(len(shown), np.nan)
    traces: list[Any] = [
        go.Scatter(
            x=np.repeat(answer, 3),
            y=np.column_stack([low, high, gap]).ravel(),
            mode="lines",
            line={"color": FAINT, "width": 3},
            hoverinfo="skip",
            connectgaps=False,
        )
    ]
    for here, colour, symbol in ((inside, CONTEXT, "circle"), (~inside, TOWARDS, "diamond")):
        traces.append(
            go.Scatter(
                x=answer[here],
                y=record[here],
                mode="markers",
                marker={"color": colour, "symbol": symbol, "size": 5 if symbol == "circle" else 8},
                hovertext=[
                    f"range {number(a, 0)} to {number(b, 0)}, recorded {number(r, 0)}"
                    for a, b, r in zip(low[here], high[here], record[here], strict=True)
                ],
                hoverinfo="text",
            )
        )
    layout = layout_of(height=380, title=title, alt=alt)
    layout["meta"] |= {"drawn": len(shown), "of": len(known)}
    target = study.dictionary[study.target]
    unit = f", {target.unit}" if target.unit else ""
    layout["xaxis"] |= {
        **_axis(answer),
        "title": {"text": plain(f"what the option says{unit}"), "font": {"size": 13}},
    }
    layout["yaxis"] |= {
        **_axis(np.r_[low, high, record]),
        "title": {"text": plain(f"{target.label}{unit}"), "font": {"size": 13}},
        "showgrid": True,
        "gridcolor": FAINT,
    }
    if chosen is not None:
        layout["shapes"] = [
            {"type": "line", "x0": chosen, "x1": chosen, "y0": 0, "y1": 1, "yref": "paper", "line": {"color": AGAINST}}
        ]
    return go.Figure(traces, layout)


def _axis(values: Any) -> dict[str, Any]:
    """Return round ticks with whole figures that cover the values."""
    if not len(values):
        return {}
    places = ticks(float(np.min(values)), float(np.max(values)), 6)
    decimals = 0 if max(abs(p) for p in places) >= 10 else 2
    return {"tickvals": places, "ticktext": [number(p, decimals) for p in places]}
