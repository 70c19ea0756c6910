"""How far off an option is along something: points over bands and the typical value."""

from __future__ import annotations

import zlib
from collections.abc import Collection
from typing import Any

import numpy as np
import plotly.graph_objects as go

from explainers.fields import FloatArray
from explainers.figures.axes import moments, tick
from explainers.figures.off_spread import BAND, SPREAD_HEIGHT, draw_qq, draw_spread
from explainers.figures.theme import AGAINST, CONTEXT, FAINT, TOWARDS, colour_of, layout_of, plain, ticks
from explainers.results import Binned
from explainers.study import Study

HEIGHT = 440
JITTER = 0.62  # of the room of a level
FINEST = 5  # digits of a place on its axis: finer than any screen
LABEL_WIDTH = 14
LYING, STANDING = 14, 18  # labels that have room beside each other, on end
LETTER, LINE = 8, 18  # pixels
OUTER = "rgba(122,133,145,0.10)"
UNITS = {
    "standardised": "standardised residual",
    "studentised": "studentised residual",
    "deviance": "deviance residual",
    "pearson": "Pearson residual",
    "quantile": "randomised quantile residual",
}

__all__ = ["HEIGHT", "SPREAD_HEIGHT", "draw", "draw_qq", "draw_spread"]


def draw(
    result: Binned,
    study: Study,
    *,
    title: str,
    alt: str,
    technical: bool = False,
    picked: Collection[str] = (),
    names: tuple[str, ...] = (),
) -> go.Figure:
    """Draw residuals along something.

    Parameters
    ----------
    result : Binned
        Bins and points.
    study : Study
        Gives labels, units and the option's colour.
    title, alt : str
        The finding, as words gave it, and the text alternative; an empty title leaves the room to the page.
    technical : bool
        Whether axes speak of residuals.
    picked : collection of str
        Ids that are marked from the start; others can be picked by box or lasso.
    names : tuple of str
        Names of the bins of levels; by default the dictionary's.

    Returns
    -------
    Figure
        Points are single cases, their id first in ``customdata``; worst cases are orange diamonds. The bands hold the
        middle nine tenths and the middle half of each bin (classes: the 95% range of the mean), the heavy line is the
        typical value.
    """
    traces = [*_bands(result), _typical(result, study), *_points(result, study, picked)]
    layout = layout_of(height=HEIGHT, title=title, alt=alt)
    layout |= {"dragmode": "select", "hovermode": "closest", "uirevision": "kept", "clickmode": "event+select"}
    layout["meta"] |= {"drawn": result.n_shown, "of": result.n_rows}
    layout["xaxis"] |= _x_axis(result, study, names, technical) | {"fixedrange": False}
    layout["yaxis"] |= _y_axis(result, study, technical) | {"fixedrange": False}
    layout["margin"] |= _room(layout["xaxis"], layout["yaxis"])
    layout["shapes"] = [
        {
            "type": "line",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "y0": 0,
            "y1": 0,
            "line": {"color": CONTEXT, "width": 1.5, "dash": "dot"},
            "layer": "below",
        }
    ]
    return go.Figure(traces, layout)  # of mappings: traces would be checked, point by point, a second time


# -- bins ------------------------------------------------------------------------------------------------------------
def spans(result: Binned) -> list[tuple[float, float]]:
    """Return where each bin begins and ends on the axis."""
    if result.kind == "levels":
        return [(k - 0.42, k + 0.42) for k in range(len(result.n))]
    ends = [(float(a), float(b)) for a, b in zip(result.edges[:-1], result.edges[1:], strict=True)]
    if result.missing and result.missing_at is not None:
        half = 0.02 * (float(np.ptp(result.edges)) if len(result.edges) else 1.0) or 0.02
        ends.append((result.missing_at - half, result.missing_at + half))
    if len(ends) == 1 and ends[0][0] == ends[0][1]:
        ends = [(ends[0][0] - 0.5, ends[0][1] + 0.5)]
    return ends


def _bands(result: Binned) -> list[Any]:
    pairs = [(result.outer_lower, result.outer_upper, OUTER), (result.lower, result.upper, BAND)]
    out = []
    for low, high, colour in pairs:
        x: list[float | None] = []
        y: list[float | None] = []
        for (a, b), lo, hi in zip(spans(result), low, high, strict=True):
            if np.isfinite(lo) and np.isfinite(hi):
                x += [a, b, b, a, a, None]
                y += [*(float(v) for v in (lo, lo, hi, hi, lo)), None]
        if x:
            line = {"x": x, "y": y, "mode": "lines", "line": {"width": 0}}
            out.append({"type": "scatter", **line, "fill": "toself", "fillcolor": colour, "hoverinfo": "skip"})
    return out


def _typical(result: Binned, study: Study) -> Any:
    x: list[float | None] = []
    y: list[float | None] = []
    for (a, b), middle in zip(spans(result), result.middle, strict=True):
        if np.isfinite(middle):
            x += [a, b, None]
            y += [float(middle), float(middle), None]
    line = {"color": colour_of(study, result.candidate), "width": 4}
    return {"type": "scatter", "x": x, "y": y, "mode": "lines", "line": line, "connectgaps": False, "hoverinfo": "skip"}


# -- points ----------------------------------------------------------------------------------------------------------
def _points(result: Binned, study: Study, picked: Collection[str]) -> list[Any]:
    frame = result.points
    x = frame["x"].to_numpy(dtype=float)
    if result.kind == "levels":
        x = x + np.array([_aside(i) for i in frame["id"]]) if len(frame) else x
    x, y = _short(x), _short(frame["y"].to_numpy(dtype=float))
    ids = frame["id"].astype(str).to_numpy()
    told, template = _hover(result, study)
    worst = frame["worst"].to_numpy(dtype=bool)
    chosen = set(map(str, picked))
    out = []
    for here, colour, symbol, size in ((~worst, CONTEXT, "circle", 6), (worst, TOWARDS, "diamond", 8)):
        at = np.flatnonzero(here)
        marked = [int(k) for k, i in enumerate(ids[at]) if i in chosen]
        out.append(
            {
                "type": "scatter",
                "x": x[at].tolist(),
                "y": y[at].tolist(),
                "mode": "markers",
                "marker": {
                    "color": colour,
                    "symbol": symbol,
                    "size": size,
                    "opacity": 0.75 if symbol == "diamond" else 0.5,
                },
                "customdata": [[ids[k], *told[k]] for k in at],
                "hovertext": [plain(i) for i in ids[at]],
                "hovertemplate": template,
                "selectedpoints": marked if chosen else None,
                "selected": {"marker": {"color": AGAINST, "opacity": 1.0, "size": size + 3}},
                "unselected": {"marker": {"opacity": 0.22}},
            }
        )
    return out


def _short(values: FloatArray) -> FloatArray:
    """Return places with no more digits than can be seen: the browser reads the whole figure many times over."""
    span = float(np.ptp(values)) if values.size else 0.0
    if not np.isfinite(span) or span <= 0:
        return values
    return np.round(values, int(np.ceil(FINEST - np.log10(span)))) + 0.0  # + 0.0: no minus before a zero


def _aside(name: object) -> float:
    """Return how far beside its level a point is drawn: by its id, so that it stays in its place."""
    return (zlib.crc32(str(name).encode()) % 997 / 996 - 0.5) * JITTER


def _digits(result: Binned) -> int:
    spread = float(np.nanmax(np.abs(result.points["y"]))) if len(result.points) else 0.0
    return 0 if spread >= 100 else 1 if spread >= 10 else 3


def _hover(result: Binned, study: Study) -> tuple[list[list[Any]], str]:
    """Return what is told of each point, and the sentence around it, which is sent once and not with every point."""
    recorded = result.points["actual"].to_numpy(dtype=float)
    said = result.points["predicted"].to_numpy(dtype=float)
    who = plain(f"{study.case}").replace("%", "&#37;") + " %{hovertext}"
    if study.classes:
        told = [["" if a > 0.5 else "not ", int(p)] for a, p in zip(recorded, np.round(100 * said), strict=True)]
        return told, f"{who}: the option says %{{customdata[2]}} of 100;<br>it was %{{customdata[1]}}so<extra></extra>"
    digits = _digits(result)
    told = (np.round(np.column_stack([recorded, said]), digits) + 0.0).tolist()
    first, second = (f"%{{customdata[{k}]:,.{digits}f}}" for k in (1, 2))
    return told, f"{who}: recorded {first},<br>the option says {second}<extra></extra>"


# -- axes ------------------------------------------------------------------------------------------------------------
def _x_axis(result: Binned, study: Study, names: tuple[str, ...], technical: bool) -> dict[str, Any]:
    title = {"text": plain(_x_title(result, study, technical), 60), "font": {"size": 13}}
    if result.kind == "levels":
        said = names or tuple(_level(study, result, k) for k in range(len(result.levels)))
        text = [plain(f"{name} ({n:,})", LABEL_WIDTH, 3) for name, n in zip(said, result.n, strict=True)]
        crowded = len(text) > LYING
        if crowded:  # on end, and on a phone only every few of them would not lie on each other
            text = [plain(name, LABEL_WIDTH, 1) for name in said]
        step = -(-len(text) // STANDING) or 1
        return {
            "title": title,
            "tickvals": list(range(0, len(text), step)),
            "ticktext": text[::step],
            "tickangle": -90 if crowded else 0,
            "range": [-0.6, max(len(text), 1) - 0.4],
            "showgrid": False,
        }
    if not len(result.edges):
        return {"title": title}
    low, high = float(result.edges[0]), float(result.edges[-1])
    if result.dates:
        round_moments = moments(low, high)
        return {
            "title": title,
            "tickvals": [at for at, _ in round_moments],
            "ticktext": [name for _, name in round_moments],
        }
    places = ticks(low, high, 7)
    text = _place_names(result, study, places, technical)
    if result.missing and result.missing_at is not None:
        places, text = [*places, result.missing_at], [*text, "not recorded"]
    return {"title": title, "tickvals": places, "ticktext": text}


def _room(across: dict[str, Any], up: dict[str, Any]) -> dict[str, float]:
    """Return margins that hold the labels of both axes: where they do not, the browser draws every point once more."""
    wide = max((len(t) for t in up["ticktext"]), default=0)
    labels = [t.split("<br>") for t in across.get("ticktext", ())]
    foot = LINE * max((len(lines) for lines in labels), default=1)
    if across.get("tickangle"):
        foot = LETTER * max((len(line) for lines in labels for line in lines), default=0)
    beside = LINE * (1 + up["title"]["text"].count("<br>"))
    return {"l": 30 + LETTER * wide + beside, "b": 32 + foot + LINE}


def _place_names(result: Binned, study: Study, places: list[float], technical: bool) -> list[str]:
    """Return tick labels as the dictionary writes such values: shares as percentages; chances of 100, or of 1."""
    entry = study.dictionary.features.get(result.against)
    percent = entry is not None and entry.phrase is not None and "{value:percent}" in entry.phrase
    if percent or (entry is None and result.against == "predicted" and study.classes and not technical):
        hundred = [100 * p for p in places]
        return [tick(p, hundred, years=False) + ("%" if percent else "") for p in hundred]
    return [tick(p, places, years=result.kind == "time") for p in places]


def _x_title(result: Binned, study: Study, technical: bool) -> str:
    against = result.against
    if against in study.dictionary:
        entry = study.dictionary[against]
        percent = entry.phrase is not None and "{value:percent}" in entry.phrase
        return (
            f"{entry.label}, {entry.unit}" if entry.unit and result.kind == "numeric" and not percent else entry.label
        )
    target = study.dictionary[study.target]
    unit = f", {target.unit}" if target.unit else ""
    if against == "predicted":
        who = "the model" if technical else "the option"
        stated = "predicted probability" if technical else "what it states, of 100"
        return stated if study.classes else f"what {who} says{unit}"
    if against == "actual":
        return f"recorded: {target.label}{'' if study.classes else unit}"
    return "order of the rows in the data"


def _y_axis(result: Binned, study: Study, technical: bool) -> dict[str, Any]:
    hundred = bool(study.classes) and result.measure == "residual" and not technical
    ends = [v for v in (*result.lower, *result.upper) if np.isfinite(v)]
    every = np.concatenate([result.points["y"].to_numpy(dtype=float), np.array(ends), np.zeros(1)])
    low, high = float(every.min()), float(every.max())
    pad = 0.04 * (high - low) or 1.0
    places = ticks(low, high, 7)
    shown = [100 * p for p in places] if hundred else places
    return {
        "title": {
            "text": "<br>".join(plain(line, 48, 2) for line in _y_title(result, study, technical).split("; ")),
            "font": {"size": 13},
        },
        "tickvals": places,
        "ticktext": [tick(p, shown, years=False) for p in shown],
        "range": [low - pad, high + pad],
        "showgrid": True,
        "gridcolor": FAINT,
    }


def _y_title(result: Binned, study: Study, technical: bool) -> str:
    if result.measure in UNITS:
        return UNITS[result.measure]
    target = study.dictionary[study.target]
    if study.classes:
        return "residual (0 or 1 − predicted probability)" if technical else "record less what it states, of 100"
    unit = f", {target.unit}" if target.unit else ""
    return (
        f"residual (actual − predicted){unit}" if technical else f"record less answer{unit}; above 0: says too little"
    )


def _level(study: Study, result: Binned, at: int) -> str:
    value = result.levels[at]
    if value is None:
        return "not recorded"
    if result.others and at == len(result.levels) - 1 - result.missing:
        return f"{result.others} others"
    name = result.against if result.against in study.dictionary else study.target
    words = study.dictionary[name].level_labels
    return str(words.get(value, words.get(str(value), value)))
