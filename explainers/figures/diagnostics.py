"""How large every tested fault is, each beside the size from which it counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from explainers.figures.theme import AGAINST, CONTEXT, FAINT, TOWARDS, layout_of, plain
from explainers.results import Diagnostic

ROW_PIXELS, LINE_PIXELS = 32, 16
LABEL_WIDTH = 27  # letters: on a phone the marks need room too
SMALLEST, LARGEST = 0.1, 100.0
"""Times the size that counts: what is smaller or larger is drawn at the end of the axis."""
PLACES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
MARKS = {"problem": ("diamond", TOWARDS), "caution": ("square", AGAINST), "ok": ("circle-open", CONTEXT)}


def drawn(result: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return the tests that were carried out and have a size that counts, in the order in which they are drawn."""
    rank = {"problem": 0, "caution": 1, "ok": 2}
    known = [d for d in result if d.status in rank and d.effect is not None and d.threshold]
    return sorted(known, key=lambda d: (rank[d.status], -_times(d)))


def _times(d: Diagnostic) -> float:
    """Return how many times the size that counts a fault has, within the ends of the axis."""
    size = float(d.effect or 0.0) / float(d.threshold or 1.0)
    return float(np.clip(size if not np.isnan(size) else SMALLEST, SMALLEST, LARGEST))


def draw(
    result: Sequence[Diagnostic],
    *,
    title: str,
    alt: str,
    labels: Sequence[str],
    hover: Sequence[str],
    axis: str,
    counts: str,
) -> go.Figure:
    """Draw the size of each tested fault in units of the size from which it counts.

    Parameters
    ----------
    result : sequence of Diagnostic
        All tests of one option; those without a size are left out, see :func:`drawn`.
    title, alt : str
        The finding, as words gave it, and the text alternative.
    labels, hover : sequence of str
        Name of each test that is drawn, and what is said when it is pointed at, as words gave them.
    axis : str
        What runs along the foot.
    counts : str
        What stands at the line from which a size counts.

    Returns
    -------
    Figure
        One row per test, on an axis of ratios: an orange diamond matters, a blue square is worth knowing, an open grey
        ring is small or may be chance. A short bar in each row shows from where on a fault would matter.
    """
    shown = drawn(result)
    rows = list(range(len(shown)))
    ends = [min(float(d.problem_from) / float(d.threshold or 1.0), LARGEST) if d.problem_from else None for d in shown]
    traces: list[Any] = [
        go.Scatter(
            x=[e for e in ends if e is not None],
            y=[k for k, e in zip(rows, ends, strict=True) if e is not None],
            mode="markers",
            marker={"symbol": "line-ns", "size": 13, "line": {"width": 2.5, "color": TOWARDS}},
            opacity=0.75,
            hoverinfo="skip",
        )
    ]
    for status, (symbol, colour) in MARKS.items():
        here = [k for k in rows if shown[k].status == status]
        traces.append(
            go.Scatter(
                x=[_times(shown[k]) for k in here],
                y=here,
                mode="markers",
                marker={"symbol": symbol, "size": 11, "color": colour, "line": {"width": 2, "color": colour}},
                hovertext=[plain(hover[k]) for k in here],
                hoverinfo="text",
                customdata=[[shown[k].code] for k in here],
            )
        )
    names = [plain(label, LABEL_WIDTH, 2) for label in labels]
    lines = max((name.count("<br>") + 1 for name in names), default=1)
    row = max(ROW_PIXELS, LINE_PIXELS * lines + 4)
    layout = layout_of(height=row * max(len(shown), 1) + 96, title=title, alt=alt)
    # Every tick at a desktop would be five on a phone that run into each other: 1 and tens only.
    most = max([_times(d) for d in shown] + [e for e in ends if e is not None], default=1.0)
    top = next((p for p in PLACES if p >= most), LARGEST)
    places = [p for p in (0.1, 1.0, 10.0, 100.0) if p <= max(top, 10.0)]
    words = {0.1: "0.1 or less", 1.0: "1", 10.0: "10", 100.0: "100 or more"}
    layout["xaxis"] |= {
        "type": "log",
        "range": [np.log10(SMALLEST) - 0.12, np.log10(max(top, 10.0)) + 0.12],
        "tickvals": places,
        "ticktext": [words[p] for p in places],
        "title": {"text": plain(axis, 40, 2), "font": {"size": 13}},
    }
    layout["yaxis"] |= {
        "range": [max(len(shown), 1) - 0.5, -1.1],
        "tickvals": rows,
        "ticktext": names,
        "showgrid": True,
        "gridcolor": FAINT,
    }
    line = {"color": CONTEXT, "width": 1.5, "dash": "dash"}
    layout["shapes"] = [
        {"type": "line", "line": line, "layer": "below", "x0": 1, "x1": 1, "y0": -0.6, "y1": len(shown) - 0.5}
    ]
    layout["annotations"] = [
        {"x": 0.0, "y": -0.65, "text": plain(counts), "showarrow": False, "yanchor": "bottom", "font": {"size": 12}}
    ]  # on an axis of ratios an annotation stands at the logarithm
    return go.Figure(traces, layout)
