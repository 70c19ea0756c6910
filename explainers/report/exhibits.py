"""Charts to take along: each is the page's own figure beside the numbers that it was drawn from."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from explainers.figures import attribution as draw_attribution
from explainers.figures import importance as draw_importance
from explainers.figures import intervals as draw_intervals
from explainers.figures import quality as draw_quality
from explainers.figures import reliability as draw_reliability
from explainers.figures import worst as draw_worst
from explainers.figures.theme import AGAINST, CONTEXT, TOWARDS, colour_of
from explainers.reasons import reasons
from explainers.report.parts import Exhibit
from explainers.words import calibration as say_meaning
from explainers.words import coverage as say_coverage
from explainers.words import display
from explainers.words import importance as say_importance
from explainers.words import quality as say_quality
from explainers.words import worst as say_worst
from explainers.words.say import BUSINESS, Audience

if TYPE_CHECKING:
    from explainers.results import Coverage, Explanation, Importance, Judgement, Reliability, Segments
    from explainers.study import Study

MOST_ROWS = 12
RANGE = ("value", "lower", "upper")


def steps(explanation: Explanation, study: Study, *, audience: Audience = BUSINESS, row: int = 0) -> Exhibit:
    """Return the waterfall of one case: the average, each reason, the answer; the amounts add up exactly."""
    technical = audience != BUSINESS
    title = display.title(explanation, study, audience=audience, row=row)
    alt = display.alt(explanation, study, audience=audience, row=row)
    figure = draw_attribution.draw(explanation, study, title="", alt=alt, row=row, technical=technical)
    parts = reasons(explanation, study, row=row, finer=10 if technical else 1)
    factor = 100.0 if parts.unit == "probability" and not technical else 1.0
    names, amounts = [unwrapped(t) for t in figure.layout.yaxis.ticktext], [parts.base]
    amounts += [r.amount for r in (*parts.shown, *parts.protected)]
    if parts.n_others and (parts.shown or parts.others):
        amounts.append(parts.others)
    starts = [0.0, *np.cumsum(amounts)[:-1].tolist(), 0.0]
    amounts.append(parts.prediction)
    colours = [CONTEXT, *(TOWARDS if a > 0 else AGAINST for a in amounts[1:-1]), CONTEXT]
    digits = _digits(parts.step * factor)
    data = pd.DataFrame(
        {
            "step": names,
            "start": [round(factor * s, digits) for s in starts],
            "amount": [round(factor * a, digits) for a in amounts],
        }
    )
    return Exhibit(
        kind="steps", title=title, alt=alt, figure=figure, data=data, axis=axis_of(figure), colours=tuple(colours)
    )


def quality(
    judged: Mapping[str, Judgement], study: Study, candidate: str, *, audience: Audience = BUSINESS
) -> Exhibit | None:
    """Return how good every option is in the measure that decides, with ranges; None where nothing was measured."""
    technical = audience != BUSINESS
    names = [n for n in study.candidates if n in judged and judged[n].measured is not None]
    if not names:
        return None
    factor = say_quality.factor(judged, audience=audience)
    axis = say_quality.axis(judged, study, audience=audience)
    title = say_quality.title(judged, study, audience=audience)
    alt = say_quality.alt(judged, study, audience=audience)
    figure = draw_quality.draw(
        judged, study, title="", alt=alt, axis=axis, chosen=candidate, factor=factor, technical=technical
    )
    measured = [judged[n].measured for n in names]
    labels = [_name(study, n, technical) for n in names]
    data = _ranges(labels, [(m.value, m.lower, m.upper) for m in measured if m is not None], factor)
    none = next((judged[n].no_model for n in names), "")
    base = judged[none].measured if none in judged else None
    return Exhibit(
        kind="ranges",
        title=title,
        alt=alt,
        figure=figure,
        data=data,
        axis=axis,
        note=say_quality.caption(judged),
        slide_note="Lines show how far each figure could be off.",
        colours=tuple(colour_of(study, n) for n in names),
        level=None if base is None else factor * base.value,
    )


def importance(result: Importance, study: Study, *, audience: Audience = BUSINESS) -> Exhibit | None:
    """Return how much each input moves the answers, the strongest first; None where none does."""
    order = say_importance.ranked(result)[:MOST_ROWS]
    if not order:
        return None
    technical = audience != BUSINESS
    chances = result.unit == "probability"
    texts = {} if chances else {r.feature: r.amount.partition(" (")[0] for r in say_importance.table(result, study)}
    alt = say_importance.alt(result, study, audience=audience)
    figure = draw_importance.draw(result, study, title="", alt=alt, technical=technical, texts=texts, most=MOST_ROWS)
    factor = 100.0 if chances and not technical else 1.0
    ends = [(result.attribution[i], result.attribution_lower[i], result.attribution_upper[i]) for i in order]
    known = study.dictionary
    names = [result.feature_names[i] for i in order]
    labels = [known[n].label if n in known and n not in result.groups else n for n in names]
    return Exhibit(
        kind="ranges",
        title=say_importance.spread(result, study),
        alt=alt,
        figure=figure,
        data=_ranges(labels, ends, factor),
        axis=axis_of(figure),
        note="Lines show how far each figure could be off.",
        colours=(colour_of(study, result.candidate),) * len(order),
    )


def coverage(result: Coverage, study: Study) -> Exhibit | None:
    """Return how often what was stated held, segment by segment; None where nothing was stated."""
    if result.method == "none" or not result.n:
        return None
    places, labels = say_coverage.chart_rows(result, study)
    title, alt = say_coverage.title(result, study), say_coverage.alt(result, study)
    figure = draw_intervals.draw(result, study, title="", alt=alt, labels=labels, segments=places)
    ends = [(result.covered[k], result.lower[k], result.upper[k]) for k in places]
    data = _ranges([f"{label} ({result.n[k]:,})" for label, k in zip(labels, places, strict=True)], ends, 100.0)
    note = slide_note = "Lines show how far each figure could be off."
    level: float | None = 100.0 * result.level
    if result.kind == "rates":
        data["stated_lower"] = [100.0 * float(result.stated_lower[k]) for k in places]
        data["stated_upper"] = [100.0 * float(result.stated_upper[k]) for k in places]
        note = "Grey bars are what was stated, dots what was counted; lines show how far a count could be off."
        slide_note, level = "The shares that were counted; lines show how far a count could be off.", None
    colours = {"held": AGAINST, "short": TOWARDS}
    return Exhibit(
        kind="ranges",
        title=title,
        alt=alt,
        figure=figure,
        data=data,
        axis=axis_of(figure),
        note=note,
        slide_note=slide_note,
        colours=tuple(colours.get(result.verdict[k], CONTEXT) for k in places),
        level=level,
    )


def reliability(result: Reliability, study: Study) -> Exhibit:
    """Return stated chances beside what happened, group by group."""
    title, alt = say_meaning.title(result, study), say_meaning.alt(result, study)
    figure = draw_reliability.draw(result, study, title="", alt=alt)
    data = pd.DataFrame(
        {
            "group": [f"{n:,} {study.cases}" for n in result.counts],
            "x": [100.0 * v for v in result.stated],
            "y": [100.0 * v for v in result.observed],
            "lower": [100.0 * v for v in result.lower],
            "upper": [100.0 * v for v in result.upper],
        }
    )
    return Exhibit(
        kind="points",
        title=title,
        alt=alt,
        figure=figure,
        data=data,
        axis=axis_of(figure, "yaxis"),
        other_axis=axis_of(figure),
        colours=(colour_of(study, result.candidate),) * len(data),
    )


def worst(result: Segments, study: Study) -> Exhibit | None:
    """Return how far off the option is in the groups that were found; None where nothing was searched."""
    if not result.segments:
        return None
    axis, alt = say_worst.axis(result, study), say_worst.alt(result, study)
    labels = say_worst.labels(result, study)
    figure = draw_worst.draw(result, title="", alt=alt, labels=labels, axis=axis)
    factor = 100.0 if result.measure == "wrong answers" else 1.0
    ends = [(s.error, s.lower, s.upper) for s in result.segments]
    data = _ranges([f"{t} ({s.n:,})" for t, s in zip(labels, result.segments, strict=True)], ends, factor)
    return Exhibit(
        kind="ranges",
        title=say_worst.title(result, study),
        alt=alt,
        figure=figure,
        data=data,
        axis=axis,
        note="Orange diamonds stand out; grey rings may be chance. Lines show how far each could be off.",
        slide_note="Orange stands out; grey may be chance. Lines show how far each could be off.",
        colours=tuple(TOWARDS if s.stands_out else CONTEXT for s in result.segments),
        level=factor * result.error if np.isfinite(result.error) else None,
    )


def _ranges(labels: Sequence[str], ends: Sequence[tuple[Any, Any, Any]], factor: float) -> pd.DataFrame:
    """Return name, value and both ends per row; a missing end is the value itself."""
    rows = []
    for label, (value, low, high) in zip(labels, ends, strict=True):
        middle = float(value)
        found = [middle if v is None or not np.isfinite(v) else float(v) for v in (low, high)]
        rows.append((label, factor * middle, factor * found[0], factor * found[1]))
    return pd.DataFrame(rows, columns=["name", *RANGE])


def axis_of(figure: Any, which: str = "xaxis") -> str:
    """Return the title of an axis as it was before it was escaped and broken into lines."""
    return unwrapped(figure.layout[which].title.text or "")


def unwrapped(text: str) -> str:
    """Return a label of a figure as plain text in one line."""
    return html.unescape(str(text).replace("<br>", " "))


def _name(study: Study, candidate: str, technical: bool) -> str:
    known = study.candidates[candidate]
    return known.technical if technical and known.technical else known.label


def _digits(step: float) -> int:
    """Return the decimals that a rounding step leaves."""
    return 0 if step >= 1 else len(f"{step:.9f}".rstrip("0").partition(".")[2])
