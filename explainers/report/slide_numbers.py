"""The numbers of a chart as a slide holds them: a sheet of series, which PowerPoint draws from and people can edit."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE

from explainers.report.parts import Exhibit
from explainers.report.tables import clean

START, FIXED, UP, DOWN = "Starts at", "Average and answer", "Counts towards", "Counts against"
BELOW = ", below zero"
EQUAL = "Means what it says"
LABEL_LETTERS, NAME_LETTERS = 54, 36
# How many rows a group has, or which variant of an option it is: what is cut keeps that.
_END = re.compile(r" \([\d,]+\)$|, cut-off by cost$")
_SHEET_STARTS = ("=", "{", "http", "ftp", "mailto", "internal:", "external:", "file:")


def label(text: object, most: int = LABEL_LETTERS) -> str:
    """Return a name that a sheet takes as text: the writer of sheets would make formulas and links of some."""
    plain = clean(text)
    count = _END.search(plain)
    most = most if count is not None else min(most, NAME_LETTERS)
    if len(plain) > most:
        end = count[0] if count is not None else ""
        plain = plain[: most - len(end) - 1].rstrip() + "…" + end
    return f" {plain}" if plain.lower().startswith(_SHEET_STARTS) else plain


def of(exhibit: Exhibit) -> tuple[Any, Any]:
    """Return the kind of chart and its numbers.

    Parameters
    ----------
    exhibit : Exhibit

    Returns
    -------
    tuple of XL_CHART_TYPE and ChartData
    """
    return _DATA[exhibit.kind](exhibit)


def alike(exhibit: Exhibit) -> bool:
    """Whether all points of a chart are of one kind, so that they are one series."""
    return len(set(exhibit.colours)) <= 1


def tidy(value: float) -> float:
    """Return a difference of rounded figures without the digits that binary numbers leave behind."""
    return float(round(value, 9))


def _of_steps(exhibit: Exhibit) -> tuple[Any, Any]:
    """Return a sum as bars on an invisible start; what lies below zero is stacked on its own side."""
    frame = exhibit.data
    data = CategoryChartData()
    data.categories = [label(v) for v in frame["step"]]
    starts: list[float] = []
    parts: dict[str, list[float | None]] = {name: [None] * len(frame) for name in (FIXED, UP, DOWN)}
    below: dict[str, list[float | None]] = {name: [None] * len(frame) for name in parts}
    for at, (start, amount) in enumerate(zip(frame["start"], frame["amount"], strict=True)):
        low, high = sorted((float(start), float(start) + float(amount)))
        name = FIXED if at in (0, len(frame) - 1) else UP if amount > 0 else DOWN
        starts.append(low if low >= 0 else high if high <= 0 else 0.0)
        if low < 0 < high:
            parts[name][at], below[name][at] = tidy(high), tidy(low)
        else:
            parts[name][at] = tidy(high - low if low >= 0 else low - high)
    data.add_series(START, [tidy(v) for v in starts])
    for name, values in parts.items():
        data.add_series(name, values)
    for name, values in below.items():
        if any(v is not None for v in values):
            data.add_series(f"{name}{BELOW}", values)
    return XL_CHART_TYPE.BAR_STACKED, data


def _of_ranges(exhibit: Exhibit) -> tuple[Any, Any]:
    data = CategoryChartData()
    data.categories = [label(v) for v in exhibit.data["name"]]
    data.add_series(label(exhibit.axis or "Figure"), [float(v) for v in exhibit.data["value"]])
    return XL_CHART_TYPE.BAR_CLUSTERED, data


def _of_stack(exhibit: Exhibit) -> tuple[Any, Any]:
    data = CategoryChartData()
    names = list(exhibit.data.columns)
    data.categories = [label(v) for v in exhibit.data[names[0]]]
    for name in names[1:]:
        data.add_series(label(name), [float(v) for v in exhibit.data[name]])
    return XL_CHART_TYPE.BAR_STACKED, data


def _of_points(exhibit: Exhibit) -> tuple[Any, Any]:
    """Return one series per row, so that each has its name in the legend; points of one colour are one series."""
    data = XyChartData()
    frame = exhibit.data
    name = frame.columns[0]
    if alike(exhibit):
        series = data.add_series(label(exhibit.axis or "Figure"))
        for x, y in zip(frame["x"], frame["y"], strict=True):
            series.add_data_point(float(x), float(y))
        top = float(max(frame["x"].max(), frame["upper"].max()))
        line = data.add_series(EQUAL)
        line.add_data_point(0.0, 0.0)
        line.add_data_point(top, top)
    else:
        for at, row in enumerate(frame.to_dict("records"), 1):
            data.add_series(f"{at}  {label(row[name])}").add_data_point(float(row["x"]), float(row["y"]))
    return XL_CHART_TYPE.XY_SCATTER, data


def span(frame: pd.DataFrame) -> float:
    """Return how wide a sum is from its lowest to its highest point."""
    ends = np.r_[0.0, frame["start"], frame["start"] + frame["amount"]]
    return float(ends.max() - ends.min()) or 1.0


_DATA = {"steps": _of_steps, "ranges": _of_ranges, "points": _of_points, "stack": _of_stack}
