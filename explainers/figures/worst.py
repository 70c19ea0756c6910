"""Where an option is most wrong: a dot with its range for each segment, and a heatmap of two columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from explainers.figures.attribution import number
from explainers.figures.theme import CONTEXT, FAINT, TOWARDS, layout_of, plain, ticks
from explainers.results import Cells, Segments

ROW_PIXELS, LINE_PIXELS, CELL_PIXELS = 40, 17, 38
LABEL_WIDTH = 28  # letters: on a phone the dots need room too
# From pale to the tone of what counts towards; grey stays what cannot be told. Opaque: plotly chooses the tone of a
# figure by its cell, and what shines through would make it wrong in one of the themes.
_SHADES = [[0.0, "#F7E9DC"], [1.0, TOWARDS]]


def draw(
    result: Segments,
    *,
    title: str,
    alt: str,
    labels: Sequence[str],
    axis: str = "",
    leaves: bool = False,
) -> go.Figure:
    """Draw the error of each segment with its range, beside the error over all rows.

    Parameters
    ----------
    result : Segments
    title, alt : str
        The finding, as words gave it, and the text alternative.
    labels : sequence of str
        Names of the segments, as words gave them.
    axis : str
        What the error is, with its unit.
    leaves : bool
        Draw the parts of the tree instead of the segments.

    Returns
    -------
    Figure
        One row per segment: an orange diamond stands out, an open grey dot may be chance. The row's place is the
        first item of its customdata.
    """
    shown = result.leaves if leaves else result.segments
    factor = 100.0 if result.measure == "wrong answers" else 1.0
    rows = list(range(len(shown)))
    values = [factor * s.error for s in shown]
    low = [factor * s.lower for s in shown]
    high = [factor * (s.upper if np.isfinite(s.upper) else s.error) for s in shown]
    colours = [TOWARDS if s.stands_out else CONTEXT for s in shown]
    traces: list[Any] = [
        go.Scatter(
            x=[low[k], high[k]],
            y=[k, k],
            mode="lines",
            line={"color": colours[k], "width": 2},
            hoverinfo="skip",
        )
        for k in rows
    ]
    decimals = _decimals(values)
    traces.append(
        go.Scatter(
            x=values,
            y=rows,
            mode="markers",
            marker={
                "size": 11,
                "color": colours,
                "symbol": ["diamond" if s.stands_out else "circle-open" for s in shown],
                "line": {"width": 2, "color": colours},
            },
            hovertext=[
                f"{plain(label)}: {number(v, decimals)} ({number(a, decimals)} to {number(b, decimals)}), "
                f"{s.n:,} rows, " + ("stands out" if s.stands_out else "may be chance")
                for label, s, v, a, b in zip(labels, shown, values, low, high, strict=True)
            ],
            hoverinfo="text",
            customdata=[[k] for k in rows],
        )
    )
    overall = factor * result.error
    top = max([*high, overall], default=1.0) if np.isfinite(overall) else 1.0
    # The count stands behind the label, so that a long label that is cut keeps it.
    names = [f"{plain(label, LABEL_WIDTH, 3)} ({s.n:,})" for label, s in zip(labels, shown, strict=True)]
    lines = max((name.count("<br>") + 1 for name in names), default=1)
    row = max(ROW_PIXELS, LINE_PIXELS * lines + 14)  # labels of three lines need taller rows
    layout = layout_of(height=row * max(len(shown), 1) + 92, title=title, alt=alt)
    places = ticks(0.0, top * 1.05 or 1.0, 6)
    layout["xaxis"] |= {
        "range": [0, (top or 1.0) * 1.06],
        "tickvals": places,
        "ticktext": [number(t, _decimals(places)) for t in places],
        "title": {"text": plain(axis, 36, 2), "font": {"size": 13}},
    }
    layout["yaxis"] |= {
        "range": [max(len(shown), 1) - 0.4, -0.95],
        "tickvals": rows,
        "ticktext": names,
    }
    if np.isfinite(overall):
        line = {"color": CONTEXT, "width": 1.5, "dash": "dash"}
        ends = {"x0": overall, "x1": overall, "y0": -0.5, "y1": len(shown) - 0.5}
        layout["shapes"] = [{"type": "line", "line": line, "layer": "below", **ends}]
        layout["annotations"] = [
            {
                "x": overall,
                "y": -0.55,
                "text": f"overall {number(overall, decimals)}",
                "showarrow": False,
                "yanchor": "bottom",
                "font": {"size": 12},
            }
        ]
    return go.Figure(traces, layout)


def draw_cells(
    result: Cells,
    *,
    title: str,
    alt: str,
    rows: Sequence[str],
    columns: Sequence[str],
    names: tuple[str, str],
    axis: str = "",
) -> go.Figure:
    """Draw the error in each cell of two columns as a heatmap.

    Parameters
    ----------
    result : Cells
    title, alt : str
        The finding, as words gave it, and the text alternative.
    rows, columns : sequence of str
        Names of the groups of both columns, as words gave them.
    names : tuple of str
        Names of both columns.
    axis : str
        What the error is, with its unit.

    Returns
    -------
    Figure
        The figure of each cell is written in it, with a mark where it differs by more than chance; cells with too
        few rows are left blank. The places of the groups are the customdata.
    """
    factor = 100.0 if result.measure == "wrong answers" else 1.0
    judged = np.array([[v != "too few" for v in row] for row in result.verdicts], dtype=bool).reshape(result.n.shape)
    values = np.where(judged, factor * result.errors, np.nan)
    known = values[np.isfinite(values)]
    # The deepest shade is never that of a cell that is better than overall, not even of the only one.
    top = max([0.0, *known.tolist(), *([factor * result.error] if np.isfinite(result.error) else [])])
    decimals = _decimals(known.tolist())
    marks = {"more": " ▲", "less": " ▼"}
    texts = [
        [
            f"{number(float(values[i, j]), decimals)}{marks.get(v, '')}" if judged[i, j] else ""
            for j, v in enumerate(row)
        ]
        for i, row in enumerate(result.verdicts)
    ]
    said = {
        "more": "worse than overall",
        "less": "better than overall",
        "cannot tell": "no clear difference",
        "too few": "too few to tell",
    }
    hover = [
        [
            f"{plain(rows[i])}, {plain(columns[j])}: {texts[i][j].rstrip(' ▲▼') or 'not judged'}, "
            f"{int(result.n[i, j]):,} rows, {said[v]}"
            for j, v in enumerate(row)
        ]
        for i, row in enumerate(result.verdicts)
    ]
    heat = go.Heatmap(
        z=values.tolist(),
        x=list(range(len(columns))),
        y=list(range(len(rows))),
        text=texts,
        texttemplate="%{text}",
        hovertext=hover,
        hoverinfo="text",
        colorscale=_SHADES,
        zmin=0,
        zmax=top if top > 0 else 1.0,
        xgap=2,
        ygap=2,
        showscale=False,
        customdata=[[[i, j] for j in range(len(columns))] for i in range(len(rows))],
    )
    layout = layout_of(height=CELL_PIXELS * max(len(rows), 1) + 150, title=title, alt=alt)
    layout["xaxis"] |= {
        "tickvals": list(range(len(columns))),
        "ticktext": [plain(c, 16, 2) for c in columns],
        "title": {
            "text": plain(f"{names[1]} (in each cell: {axis})" if axis else names[1], 44, 3),
            "font": {"size": 13},
        },
        "showgrid": False,
    }
    layout["yaxis"] |= {
        "tickvals": list(range(len(rows))),
        "ticktext": [plain(r, 20, 2) for r in rows],
        "range": [max(len(rows), 1) - 0.5, -0.5],
        "title": {"text": plain(names[0]), "font": {"size": 13}},
    }
    layout["plot_bgcolor"] = FAINT if not judged.all() else layout["plot_bgcolor"]
    return go.Figure(heat, layout)


def _decimals(values: Sequence[float]) -> int:
    """Return decimals that leave two or three figures of the largest value."""
    top = max((abs(v) for v in values if np.isfinite(v)), default=0.0)
    return 0 if top >= 10 else 1 if top >= 1 else 3
