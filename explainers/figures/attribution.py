"""The waterfall: from what is usual, through the reasons, to the answer."""

from __future__ import annotations

import plotly.graph_objects as go

from explainers.figures.theme import AGAINST, CONTEXT, MINUS, TOWARDS, layout_of, plain, ticks
from explainers.reasons import reasons
from explainers.results import Explanation, Reasons, Reference
from explainers.study import Candidate, Study

BAR_PIXELS = 44
LABEL_WIDTH = 17
LABEL_PIXELS = 138  # room for that many characters: measured in the browser, the chart would be laid out twice


def draw(
    explanation: Explanation,
    study: Study,
    *,
    title: str,
    alt: str,
    row: int = 0,
    most: int = 4,
    technical: bool = False,
) -> go.Figure:
    """Draw the waterfall of one case.

    Parameters
    ----------
    explanation : Explanation
        The attributions.
    study : Study
        Gives labels, words and units.
    title, alt : str
        The finding, as words gave it, and the text alternative; an empty title leaves the room to the page.
    row : int
        Which of the explained cases.
    most : int
        How many reasons are drawn singly.
    technical : bool
        Draw probabilities as such, and finer, as the technical text has them.

    Returns
    -------
    Figure
        Orange bars count towards the focus outcome (or add to the number), blue bars against, grey is context. The
        figures beside the bars are rounded so that they add up exactly.
    """
    parts = reasons(explanation, study, row=row, most=most, finer=10 if technical else 1)
    axis = _axis(parts, study, study.candidates.get(explanation.candidate), technical)
    return waterfall(parts, explanation.reference, study, axis=axis, title=title, alt=alt, technical=technical)


def waterfall(
    parts: Reasons, reference: Reference, study: Study, *, axis: str, title: str, alt: str, technical: bool = False
) -> go.Figure:
    """Draw a rounded sum of reasons as steps from its base to its end.

    Parameters
    ----------
    parts : Reasons
        The sum.
    reference : Reference
        Names the base.
    study : Study
        Gives labels.
    axis : str
        What is measured, in which unit.
    title, alt, technical
        As for :func:`draw`.

    Returns
    -------
    Figure
    """
    scale, decimals = _scale(parts, technical)
    labels, starts, lengths, texts, colours, hovers = _bars(parts, reference, study, scale, decimals)

    ends = [s + w for s, w in zip(starts, lengths, strict=True)]
    low, high = min([*starts, *ends, 0.0]), max([*starts, *ends, 0.0])
    room = (high - low or 1.0) * 0.16
    gap = room * 0.06
    # Lines and figures are one trace each: a shape or an annotation per bar made the browser draw for twice as long.
    between = range(len(ends) - 1)
    steps = {
        "type": "scatter",
        "mode": "lines",
        "x": [x for at in between for x in (ends[at], ends[at], None)],
        "y": [y for at in between for y in (at + 0.34, at + 0.66, None)],
        "line": {"color": CONTEXT, "width": 1},
        "hoverinfo": "skip",
    }
    notes = {
        "type": "scatter",
        "mode": "text",
        "x": [min(s, e) - gap if w < 0 else max(s, e) + gap for s, e, w in zip(starts, ends, lengths, strict=True)],
        "y": list(range(len(ends))),
        "text": texts,
        "textposition": ["middle left" if w < 0 else "middle right" for w in lengths],
        "textfont": {"size": 13},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }
    left = low - room if low < 0 or any(w < 0 and e - room < 0 for w, e in zip(lengths, ends, strict=True)) else 0.0
    places = ticks(low, high, 6 if len(number(high, decimals)) < 6 else 4)  # long figures would turn on a phone
    # One construction: plotly validates everything again at each later change, which took most of a repaint.
    layout = layout_of(height=BAR_PIXELS * len(labels) + 56, title=title, alt=alt)
    layout["margin"] |= {"l": LABEL_PIXELS}
    layout["xaxis"] |= {
        "range": [left, high + room],
        "tickvals": places,
        "ticktext": [number(t, min(decimals, _needed(places))) for t in places],
        "title": {"text": plain(axis), "font": {"size": 13}},
        "automargin": False,
        "tickangle": 0,
    }
    layout["yaxis"] |= {
        "automargin": False,
        "range": [len(labels) - 0.4, -0.6],
        "tickvals": list(range(len(labels))),
        "ticktext": labels,
        "tickfont": {"size": 13},
    }
    bars = {
        "type": "bar",
        "x": lengths,
        "base": starts,
        "y": list(range(len(labels))),
        "orientation": "h",
        "marker": {"color": colours, "line": {"width": 0}},
        "hovertext": hovers,
        "hoverinfo": "text",
    }
    # Checking each property takes longer than all else of a figure; a test has plotly check what comes out.
    return go.Figure({"data": [bars, steps, notes], "layout": layout}, _validate=False)


def number(value: float, decimals: int) -> str:
    """Write a figure with separated thousands and a real minus sign.

    Examples
    --------
    >>> number(-1234.5, 1)
    '−1,234.5'
    """
    text = f"{abs(value):,.{decimals}f}"
    return f"{MINUS}{text}" if value < 0 and float(text.replace(",", "")) != 0 else text


def _needed(places: list[float]) -> int:
    """Return the decimals that ticks need: an axis of 0 and 50 does not say 0.0 and 50.0."""
    return next((d for d in range(6) if all(abs(round(p, d) - p) < 1e-9 for p in places)), 6)


def signed(value: float, decimals: int) -> str:
    """Write a change with its sign; nothing has none."""
    text = number(value, decimals)
    return f"+{text}" if value > 0 and text.strip("0.") else text


def _scale(parts: Reasons, technical: bool) -> tuple[float, int]:
    """Return the factor to the reader's unit and the decimals that the rounding step leaves."""
    factor = 100.0 if parts.unit == "probability" and not technical else 1.0
    step = parts.step * factor
    return factor, max(0, len(f"{step:.6f}".rstrip("0").split(".")[1])) if step < 1 else 0


def _axis(parts: Reasons, study: Study, candidate: Candidate | None, technical: bool) -> str:
    if parts.unit == "probability":
        words = study.outcome_words.get(parts.outcome, str(parts.outcome))
        if technical:
            return f"predicted probability of being {words}"
        # Only chances that were borne out are drawn as so many in a hundred cases.
        held = candidate is not None and candidate.calibrated is not None and candidate.calibrated.holds
        return f"{words}, of 100 {study.cases}" if held else f"score for being {words}, of 100"
    target = study.dictionary[study.target]
    return f"{target.label}, {target.unit}" if target.unit else target.label


def _base_label(reference: Reference, study: Study) -> str:
    if reference.kind == "case":
        return f"{study.case.capitalize()} {reference.case}"
    if reference.kind == "group":
        return "Average of that group"
    return f"Average of all {study.cases}" if reference.kind == "everyone" else f"Average of the chosen {study.cases}"


def _bars(
    parts: Reasons, reference: Reference, study: Study, scale: float, decimals: int
) -> tuple[list[str], list[float], list[float], list[str], list[str], list[str]]:
    rows: list[tuple[str, float]] = [
        (study.dictionary[r.feature].label, r.amount) for r in (*parts.shown, *parts.protected)
    ]
    if parts.n_others and (parts.shown or parts.others):
        things = "other thing" if parts.n_others == 1 else "other things"
        rows.append((f"{parts.n_others} {things}", parts.others))
    base_label = _base_label(reference, study)
    labels, starts, lengths = [plain(base_label, LABEL_WIDTH)], [0.0], [parts.base * scale]
    texts, colours = [number(parts.base * scale, decimals)], [CONTEXT]
    hovers = [f"{plain(base_label)}: {texts[0]}"]
    level = parts.base * scale
    for label, amount in rows:
        labels.append(plain(label, LABEL_WIDTH))
        starts.append(level)
        lengths.append(amount * scale)
        texts.append(signed(amount * scale, decimals))
        colours.append(TOWARDS if amount > 0 else AGAINST)
        hovers.append(f"{plain(label)}: {texts[-1]}")
        level += amount * scale
    labels.append(plain(f"This {study.case}", LABEL_WIDTH))
    starts.append(0.0)
    lengths.append(parts.prediction * scale)
    texts.append(number(parts.prediction * scale, decimals))
    colours.append(CONTEXT)
    hovers.append(f"{plain(f'This {study.case}')}: {texts[-1]}")
    return labels, starts, lengths, texts, colours, hovers
