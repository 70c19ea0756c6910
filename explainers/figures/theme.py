"""The one place for colours and chart manners.

Marks use tones that reach a contrast of 3 to 1 on the light and on the dark background, so that a figure can be kept
and shown in either; text takes its colour from the page.
"""

from __future__ import annotations

import html
import textwrap
from typing import Any

import plotly.graph_objects as go

TOWARDS = "#C8660C"
AGAINST = "#3B82C4"
CONTEXT = "#7A8591"
FAINT = "rgba(122,133,145,0.28)"
OPTION_COLOURS = ("#7A8591", "#8A7A12", "#1E8F6E", "#B05A94", "#5C6BC0", "#A0522D", "#1B8AA5", "#C8660C", "#C2568B")
PARTS = ("#2F6FAD", "#A8540A", "#167558", "#9A4A80")  # of one bar, dark enough for white names inside
MINUS = "\u2212"


def plain(text: object, width: int = 0, most: int = 3) -> str:
    """Return text that plotly shows as it is: markup escaped, lines broken at `width` characters (0: not at all).

    Broken text is cut to `most` lines, so that a label never runs into the next bar; the page says it in full.

    Examples
    --------
    >>> plain("<b>a</b> & b")
    '&lt;b&gt;a&lt;/b&gt; &amp; b'
    """
    squeezed = " ".join(str(text).split())
    wrap = textwrap.TextWrapper(width=width, max_lines=most, placeholder="…") if width else None
    lines = (wrap.wrap(squeezed) or [""]) if wrap else [squeezed]
    return "<br>".join(html.escape(line, quote=False) for line in lines)


def colour_of(study: Any, candidate: str) -> str:
    """Return the colour of a candidate, the same on every page."""
    names = list(study.candidates)
    return OPTION_COLOURS[names.index(candidate) % len(OPTION_COLOURS)] if candidate in names else CONTEXT


def manners(figure: go.Figure, *, height: int, title: str, alt: str) -> go.Figure:
    """Give a figure the manners that all share: transparent, no toolbar room, margins that fit labels.

    Parameters
    ----------
    figure : Figure
        The figure, changed in place while it is being made.
    height : int
        Height in pixels; figures keep it while they load.
    title : str
        The finding; empty where the page shows it above the chart.
    alt : str
        Text alternative, kept in the figure's meta for the page.
    """
    figure.update_layout(layout_of(height=height, title=title, alt=alt))
    return figure


def layout_of(*, height: int, title: str, alt: str) -> dict[str, Any]:
    """Return the same manners as a layout, for a figure that is made in one go; parameters as in :func:`manners`."""
    shared = {"zeroline": False, "fixedrange": True, "ticks": "", "automargin": True}
    return {
        "height": height,
        "title": {"text": plain(title, 60), "x": 0, "xanchor": "left", "font": {"size": 15}} if title else None,
        "margin": {"l": 8, "r": 16, "t": 48 if title else 8, "b": 44},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "bargap": 0.32,
        "font": {"size": 13},
        "hoverlabel": {"align": "left"},
        "meta": {"alt": alt},
        "dragmode": False,
        "xaxis": {"showgrid": True, "gridcolor": FAINT, **shared},
        "yaxis": {"showgrid": False, **shared},
    }


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Return round tick places in steps of 1, 2 or 5 that cover low to high.

    Examples
    --------
    >>> ticks(0, 40, 5)
    [0.0, 10.0, 20.0, 30.0, 40.0]
    """
    if not high > low:
        return [low]
    raw = (high - low) / max(most - 1, 1)
    power = 10.0 ** len(str(int(raw))) / 10 if raw >= 1 else 10.0 ** -(len(str(int(1 / raw))))
    step = next(m * power for m in (1, 2, 5, 10, 20) if m * power >= raw)
    first = int(low // step)
    out = []
    while first * step <= high + step * 1e-9:
        if first * step >= low - step * 1e-9:
            out.append(round(first * step, 12))
        first += 1
    return out
