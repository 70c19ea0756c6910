"""Counted dots: a frequency as so many of a hundred (or of fifty) dots, as a small picture with a text alternative."""

from __future__ import annotations

import html

from explainers.figures.theme import CONTEXT, TOWARDS

GAP = 16.0
RADIUS = 6.0


def draw(count: int, total: int, *, alt: str, per_row: int = 20) -> str:
    """Return an SVG with `count` of `total` dots filled.

    Parameters
    ----------
    count, total : int
        Filled dots and all dots; at most 200.
    alt : str
        What the dots say, a sentence.
    per_row : int
        Dots in one row.

    Returns
    -------
    str
        The SVG's text; the filled dots are also larger, so that the count does not rest on colour.

    Raises
    ------
    ValueError
        If the counts do not fit together.

    Examples
    --------
    >>> draw(1, 2, alt="1 of 2").count("<circle")
    2
    """
    if not 0 <= count <= total <= 200 or total == 0:
        raise ValueError(f"Expected 0 <= count <= total <= 200 with at least one dot, got {count} of {total}.")
    rows = -(-total // per_row)
    marks = []
    for at in range(total):
        x, y = (at % per_row) * GAP + GAP / 2, (at // per_row) * GAP + GAP / 2
        if at < count:
            marks.append(f'<circle cx="{x:g}" cy="{y:g}" r="{RADIUS:g}" fill="{TOWARDS}"/>')
        else:
            marks.append(f'<circle cx="{x:g}" cy="{y:g}" r="{RADIUS - 1.5:g}" fill="{CONTEXT}" fill-opacity="0.38"/>')
    width, height = min(per_row, total) * GAP, rows * GAP
    name = html.escape(alt, quote=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'style="max-width:100%;height:auto" role="img" aria-label="{name}">{"".join(marks)}</svg>'
    )
