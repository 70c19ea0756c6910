"""The numbers of an exhibit as a table of text, for those who cannot or do not want to look at a chart."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from explainers.figures.attribution import number
from explainers.report.parts import Exhibit

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_WORDS = {"step": "Step", "start": "Starts at", "amount": "Amount", "name": "What", "value": "Figure"}
_ENDS = {"lower": "Could be from", "upper": "to", "stated_lower": "Stated from", "stated_upper": "to (stated)"}


def clean(text: object) -> str:
    r"""Return text without the control characters that files cannot hold, in one line.

    Examples
    --------
    >>> clean("a\x00b  c")
    'ab c'
    """
    return " ".join(_CONTROL.sub("", str(text)).split())


def of(exhibit: Exhibit) -> pd.DataFrame:
    """Return the numbers of an exhibit as text, under headings that say what they are.

    Parameters
    ----------
    exhibit : Exhibit

    Returns
    -------
    pandas.DataFrame
        One row per row of the chart; every column has the same number of decimals.
    """
    out: dict[str, list[str]] = {}
    axes = {"x": exhibit.other_axis or "Along the foot", "y": exhibit.axis or "Up the side"}
    for name in exhibit.data.columns:
        column = exhibit.data[name]
        heading = axes.get(name) or _WORDS.get(name) or _ENDS.get(name) or str(name)
        heading = heading if heading not in out else f"{heading} ({name})"
        out[heading] = [clean(v) for v in column] if column.dtype.kind not in "if" else _numbers(column.tolist())
    return pd.DataFrame(out)


def _numbers(values: Sequence[float]) -> list[str]:
    """Write numbers with decimals that leave three figures of the largest, the same for all."""
    digits = decimals(values)
    return ["" if v is None or not np.isfinite(v) else number(float(v), digits) for v in values]


def decimals(values: Sequence[float]) -> int:
    """Return the decimals that leave about three figures of the largest value, none where all are whole.

    Examples
    --------
    >>> decimals([12.3, 4.0]), decimals([1200.0, 3.5]), decimals([3.0, 40.0])
    (1, 0, 0)
    """
    known = [abs(float(v)) for v in values if v is not None and np.isfinite(v)]
    top = max(known, default=0.0)
    if all(v == round(v) for v in known):
        return 0
    return 0 if top >= 1000 else 1 if top >= 10 else 2 if top >= 1 else 4 if top >= 0.01 else 6
