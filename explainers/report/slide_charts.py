"""Charts of a slide as PowerPoint draws them itself: their numbers are in a sheet that can be edited, ranges too."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from lxml import etree
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.util import Pt

from explainers.figures.attribution import signed
from explainers.figures.theme import AGAINST, CONTEXT, TOWARDS, ticks
from explainers.report import fitting
from explainers.report.parts import Exhibit
from explainers.report.slide_numbers import BELOW, DOWN, FIXED, START, UP, alike, label, of, span, tidy
from explainers.report.tables import clean

FONT = "Arial"
ROOM_INSIDE = 0.16  # of the chart: what an amount of seven figures takes
NAME_ROOM = 150.0  # points: where the narrowest of the programs that draw slides breaks names of rows
INK, SOFT, GRID = "1F2933", "52606D", "D5DBE3"
UPPER, LOWER = "Could be more by", "Could be less by"


def add(slide: Any, exhibit: Exhibit, left: float, top: float, wide: float, high: float) -> Any:
    """Put a chart on a slide.

    Parameters
    ----------
    slide : pptx.slide.Slide
    exhibit : Exhibit
    left, top, wide, high : float
        Its place, in points.

    Returns
    -------
    pptx.shapes.graphfrm.GraphicFrame
        Named after its finding, with the text alternative as its description.
    """
    kind, data = of(exhibit)
    frame = slide.shapes.add_chart(kind, Pt(left), Pt(top), Pt(wide), Pt(high), data)
    properties = frame._element.nvGraphicFramePr.cNvPr
    properties.set("name", clean(exhibit.title)[:120] or "Chart")
    properties.set("descr", clean(exhibit.alt))
    chart = frame.chart
    chart.has_title, chart.has_legend = False, False
    chart.font.size, chart.font.name = Pt(12), FONT
    chart.font.color.rgb = RGBColor.from_string(INK)
    _DRESS[exhibit.kind](chart, exhibit, wide, high)
    return frame


# -- how they look -------------------------------------------------------------------------------------------------
def _dress_steps(chart: Any, exhibit: Exhibit, wide: float, high: float) -> None:
    _axes(chart, exhibit, wide, high)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 45, 100
    colours = {FIXED: CONTEXT, UP: TOWARDS, DOWN: AGAINST}
    for series in plot.series:
        name = series.name.removesuffix(BELOW)
        if name == START:
            series.format.fill.background()
            series.format.line.fill.background()
        else:
            _fill(series, colours[name])
    amounts = [float(a) for a in exhibit.data["amount"]]
    digits = max((_places(a) for a in amounts), default=0)
    ends = (0, len(amounts) - 1)
    texts = [signed(a, digits).removeprefix("+" if at in ends else "") for at, a in enumerate(amounts)]
    wide_ = span(exhibit.data)
    before = plot.series[0]
    for series in list(plot.series)[1:4]:
        for at, value in enumerate(series.values):
            if value is None:
                continue
            if abs(value) / wide_ > ROOM_INSIDE:
                _written(series.points[at], texts[at], "FFFFFF", XL_LABEL_POSITION.CENTER)
            elif (before.values[at] or 0.0) / wide_ > ROOM_INSIDE:  # at the end of the invisible start: beside the bar
                _written(before.points[at], texts[at], INK, XL_LABEL_POSITION.INSIDE_END)
            else:
                _written(series.points[at], texts[at], INK, XL_LABEL_POSITION.INSIDE_BASE)


def _written(point: Any, text: str, colour: str, position: Any) -> None:
    """Write an amount at a bar."""
    shown = point.data_label
    frame = shown.text_frame
    frame.text, frame.word_wrap = text, False
    run = frame.paragraphs[0].runs[0]
    run.font.size, run.font.bold, run.font.name = Pt(12), True, FONT
    run.font.color.rgb = RGBColor.from_string(colour)
    shown.position = position


def _dress_ranges(chart: Any, exhibit: Exhibit, wide: float, high: float) -> None:
    _axes(chart, exhibit, wide, high)
    plot = chart.plots[0]
    plot.gap_width = 60
    series = plot.series[0]
    _fill(series, exhibit.colours[0] if exhibit.colours else CONTEXT)
    for at, colour in enumerate(exhibit.colours):
        if colour != exhibit.colours[0]:
            point = series.points[at]
            point.format.fill.solid()
            point.format.fill.fore_color.rgb = _rgb(colour)
    frame = exhibit.data
    up, down = (frame["upper"] - frame["value"]).tolist(), (frame["value"] - frame["lower"]).tolist()
    if any(up) or any(down):
        _whiskers(chart, series, up, down, first_column=3)


def _dress_stack(chart: Any, exhibit: Exhibit, wide: float, high: float) -> None:
    _axes(chart, exhibit, wide, high)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 45, 100
    for series, colour in zip(plot.series, exhibit.colours, strict=False):
        _fill(series, colour)
    if len(exhibit.data.columns) > 2:
        _legend(chart, XL_LEGEND_POSITION.BOTTOM)


def _legend(chart: Any, position: Any) -> None:
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = position, False
    chart.legend.font.size, chart.legend.font.name = Pt(11), FONT


def _dress_points(chart: Any, exhibit: Exhibit, wide: float, high: float) -> None:
    frame = exhibit.data
    for axis, title in ((chart.category_axis, exhibit.other_axis), (chart.value_axis, exhibit.axis)):
        _axis(axis, title, wide)
    _window(chart, exhibit)
    chart.value_axis.has_major_gridlines = chart.category_axis.has_major_gridlines = True
    _grid(chart.value_axis)
    _grid(chart.category_axis)
    together = alike(exhibit)
    places = [] if together else _label_places(exhibit, wide, high)
    for at, series in enumerate(chart.plots[0].series):
        colour = exhibit.colours[min(at, len(exhibit.colours) - 1)] if exhibit.colours else CONTEXT
        series.format.line.fill.background()
        series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 9
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = _rgb(colour)
        series.marker.format.line.fill.background()
        if together and at == 1:
            series.marker.style = XL_MARKER_STYLE.NONE
            series.format.line.color.rgb = _rgb(CONTEXT)
            series.format.line.width, series.format.line.dash_style = Pt(1.25), MSO_LINE.ROUND_DOT
            continue
        rows = frame if together else frame.iloc[[at]]
        up, down = (rows["upper"] - rows["y"]).tolist(), (rows["y"] - rows["lower"]).tolist()
        if any(up) or any(down):
            _whiskers(chart, series, up, down, first_column=3, first_row=2 if together else None)
        if not together:
            _numbered(series, at + 1, places[at])
    if not together:
        _legend(chart, XL_LEGEND_POSITION.RIGHT)
    if exhibit.log:
        scaling = chart.category_axis._element.find(qn("c:scaling"))
        base = etree.SubElement(scaling, qn("c:logBase"))
        base.set("val", "10")
        scaling.insert(0, base)


def _window(chart: Any, exhibit: Exhibit) -> None:
    """Show of both axes what the points need: from zero where they are alike, else around them."""
    frame, up = exhibit.data, chart.value_axis
    low, high = (0.0 if alike(exhibit) else float(frame["lower"].min())), float(frame["upper"].max())
    _between(up, low, high)
    if not exhibit.log:
        _between(chart.category_axis, 0.0, 1.04 * float(frame["x"].max()))


def _between(axis: Any, low: float, high: float, *, counts: bool = False) -> None:
    """Give an axis round ends and steps; whole ones where it counts."""
    places = ticks(low, high, 6)
    if len(places) > 1:
        step = max(places[1] - places[0], 1.0 if counts else 0.0)
        axis.major_unit = step
        axis.maximum_scale = tidy(step * math.ceil(high / step - 1e-9))
        axis.minimum_scale = tidy(step * math.floor(low / step + 1e-9))


def _numbered(series: Any, number: int, position: Any) -> None:
    """Write the number of a series beside its one point; names would not find room where options cost alike."""
    shown = series.points[0].data_label
    frame = shown.text_frame
    frame.text, frame.word_wrap = str(number), False
    run = frame.paragraphs[0].runs[0]
    run.font.size, run.font.name, run.font.bold = Pt(11), FONT, True
    shown.position = position


def _label_places(exhibit: Exhibit, wide: float, high: float) -> list[Any]:
    """Return on which side of its point each number stands, so that it hardly meets points, ranges or others."""
    frame = exhibit.data
    x = np.log10(np.maximum(frame["x"].to_numpy(dtype=float), 1e-12)) if exhibit.log else frame["x"].to_numpy(float)
    y, low, high_ = (frame[c].to_numpy(dtype=float) for c in ("y", "lower", "upper"))
    room = (wide * 0.5, high * 0.72)
    px = (x - x.min()) / (np.ptp(x) or 1.0) * room[0]
    py, top, foot = ((high_.max() - v) / ((high_.max() - low.min()) or 1.0) * room[1] for v in (y, high_, low))
    taken = [(a - 5, b - 5, a + 5, b + 5) for a, b in zip(px, py, strict=True)]
    taken += [(a - 1.5, b, a + 1.5, c) for a, b, c in zip(px, top, foot, strict=True)]
    out = []
    for at in range(len(frame)):
        w, h = fitting.width(str(at + 1), 11, bold=True), 13.0
        a, b = float(px[at]), float(py[at])
        boxes = {
            XL_LABEL_POSITION.RIGHT: (a + 7, b - h / 2, a + 7 + w, b + h / 2),
            XL_LABEL_POSITION.LEFT: (a - 7 - w, b - h / 2, a - 7, b + h / 2),
            XL_LABEL_POSITION.ABOVE: (a - w / 2, b - 7 - h, a + w / 2, b - 7),
            XL_LABEL_POSITION.BELOW: (a - w / 2, b + 7, a + w / 2, b + 7 + h),
        }
        best = min(boxes, key=lambda side: _clash(boxes[side], taken))
        taken.append(boxes[best])
        out.append(best)
    return out


def _clash(box: tuple[float, ...], taken: Sequence[tuple[float, ...]]) -> float:
    """Return how much of a box lies on others."""
    out = 0.0
    for other in taken:
        across = min(box[2], other[2]) - max(box[0], other[0])
        down = min(box[3], other[3]) - max(box[1], other[1])
        out += across * down if across > 0 and down > 0 else 0.0
    return out


def _axes(chart: Any, exhibit: Exhibit, wide: float, high: float) -> None:
    """Dress the axes of bars: the first row on top, the numbers at the foot."""
    rows, numbers = chart.category_axis, chart.value_axis
    rows.reverse_order = True
    numbers._element.find(qn("c:crosses")).set("val", "max")  # with the rows reversed, that is the foot
    rows.has_major_gridlines = False
    rows.format.line.color.rgb = RGBColor.from_string(GRID)
    rows.tick_labels.font.size, rows.tick_labels.font.name = Pt(_letters(exhibit.data, high)), FONT
    rows.tick_labels.offset = 40
    rows._element.find(f".//{qn('a:bodyPr')}").set("rot", "0")  # LibreOffice would leave out names where one is long
    skip = etree.SubElement(rows._element, qn("c:tickLblSkip"))
    skip.set("val", "1")  # every row has its name
    rows._element.find(qn("c:noMultiLvlLbl")).addprevious(skip)
    _axis(numbers, exhibit.axis, wide)
    _ends(numbers, exhibit.data, exhibit.kind)
    numbers.has_major_gridlines = True
    _grid(numbers)
    low = rows._element.find(qn("c:tickLblPos"))
    if low is not None:
        low.set("val", "low")  # names stay at the edge where bars go below zero


def _letters(frame: pd.DataFrame, high: float) -> float:
    """Return how large names of rows may be: where they do not fit below each other, some are not drawn at all."""
    each = 0.78 * high / max(len(frame), 1)
    names = [label(v) for v in frame.iloc[:, 0]]
    fits = (s for s in (12, 11, 10, 9) if all(fitting.height([n], s, NAME_ROOM) <= each for n in names))
    return float(next(fits, 8))


def _ends(axis: Any, frame: pd.DataFrame, kind: str) -> None:
    """Give the axis of numbers round steps, and room for the longest bar with its range."""
    counts = False
    if kind == "steps":
        reach = np.r_[0.0, frame["start"], frame["start"] + frame["amount"]]
    elif kind == "stack":
        parts = frame.iloc[:, 1:].to_numpy(dtype=float)
        counts = all(dtype.kind in "iu" for dtype in frame.dtypes.iloc[1:])
        reach = np.r_[0.0, parts.clip(min=0).sum(axis=1), parts.clip(max=0).sum(axis=1)]
    else:
        reach = np.r_[0.0, frame["lower"], frame["upper"]]
    _between(axis, float(reach.min()), float(reach.max()), counts=counts)


def _axis(axis: Any, title: str, wide: float) -> None:
    axis.format.line.fill.background()
    axis.tick_labels.font.size, axis.tick_labels.font.name = Pt(11), FONT
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "#,##0.######", False
    axis.has_title = bool(title)
    if title:
        frame = axis.axis_title.text_frame
        frame.text = fitting.cut(clean(title), 11, wide * 0.72, 1)
        run = frame.paragraphs[0].runs[0]
        run.font.size, run.font.bold, run.font.name = Pt(11), False, FONT
        run.font.color.rgb = RGBColor.from_string(SOFT)


def _grid(axis: Any) -> None:
    axis.major_gridlines.format.line.color.rgb = RGBColor.from_string(GRID)
    axis.major_gridlines.format.line.width = Pt(0.75)


def _whiskers(
    chart: Any, series: Any, up: Sequence[float], down: Sequence[float], *, first_column: int, first_row: int | None = 2
) -> None:
    """Draw ranges as lines; their lengths stand in the sheet beside the figures, so that they can be edited too."""
    refs = _in_sheet(chart, up, down, first_column, first_row) if first_row is not None else ("", "")
    bars = etree.Element(qn("c:errBars"))
    scatter = series._element.find(qn("c:xVal")) is not None
    if scatter:
        etree.SubElement(bars, qn("c:errDir")).set("val", "y")
    for tag, value in (("errBarType", "both"), ("errValType", "cust"), ("noEndCap", "0")):
        etree.SubElement(bars, qn(f"c:{tag}")).set("val", value)
    for tag, values, ref in (("plus", up, refs[0]), ("minus", down, refs[1])):
        holder = etree.SubElement(bars, qn(f"c:{tag}"))
        if ref:
            holder = etree.SubElement(holder, qn("c:numRef"))
            etree.SubElement(holder, qn("c:f")).text = ref
        cache = etree.SubElement(holder, qn("c:numCache" if ref else "c:numLit"))
        etree.SubElement(cache, qn("c:formatCode")).text = "General"
        etree.SubElement(cache, qn("c:ptCount")).set("val", str(len(values)))
        for at, length in enumerate(values):
            point = etree.SubElement(cache, qn("c:pt"))
            point.set("idx", str(at))
            etree.SubElement(point, qn("c:v")).text = repr(tidy(max(float(length), 0.0)))
    shape = etree.SubElement(bars, qn("c:spPr"))
    line = etree.SubElement(shape, qn("a:ln"))
    line.set("w", "19050")
    fill = etree.SubElement(line, qn("a:solidFill"))
    etree.SubElement(fill, qn("a:srgbClr")).set("val", SOFT)
    before = series._element.find(qn("c:xVal") if scatter else qn("c:cat"))
    before.addprevious(bars)


def _in_sheet(chart: Any, up: Sequence[float], down: Sequence[float], column: int, row: int) -> tuple[str, str]:
    """Write the lengths of ranges beside the figures in the chart's sheet; return where they stand."""
    from openpyxl import load_workbook
    from openpyxl.utils import get_column_letter

    part = chart.part.chart_workbook.xlsx_part
    book = load_workbook(io.BytesIO(part.blob))
    sheet = book.active
    out = []
    for at, (name, values) in enumerate(((UPPER, up), (LOWER, down))):
        sheet.cell(row - 1, column + at, name)
        for k, length in enumerate(values):
            sheet.cell(row + k, column + at, tidy(max(float(length), 0.0)))
        letter = get_column_letter(column + at)
        out.append(f"{sheet.title}!${letter}${row}:${letter}${row + len(values) - 1}")
    kept = io.BytesIO()
    book.save(kept)
    part._blob = kept.getvalue()
    return out[0], out[1]


def _fill(series: Any, colour: str) -> None:
    series.format.fill.solid()
    series.format.fill.fore_color.rgb = _rgb(colour)
    series.invert_if_negative = False


def _rgb(colour: str) -> Any:
    return RGBColor.from_string(colour.lstrip("#"))


def _places(value: float) -> int:
    return len(f"{value:.9f}".rstrip("0").partition(".")[2])


_DRESS = {"steps": _dress_steps, "ranges": _dress_ranges, "points": _dress_points, "stack": _dress_stack}
