"""The slides of a deck: where things stand, as large as they fit; what does not fit goes to the notes."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.util import Pt

from explainers.report import fitting, slide_charts, tables
from explainers.report.parts import Deck, Exhibit, Section, lead
from explainers.report.tables import clean
from explainers.words import numbers

WIDE, HIGH, EDGE = 960.0, 540.0, 40.0
ROOM = WIDE - 2 * EDGE
BODY_TOP, BODY_END = 150.0, 492.0
GAP = 6.0
MOST_ROWS = 14
CELL, CELL_EDGE = 11.0, 8.0
INK, SOFT, WARM, COOL = "1F2933", "52606D", "A34F00", "1D5FA0"
FONT = "Arial"
MINUS = "\u2212"
MORE = "More in the notes below this slide"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A paragraph: an amount that stands out, text, and its colour."""

    text: str
    lead: str = ""
    colour: str = INK

    @property
    def whole(self) -> str:
        """All of its text, for measuring."""
        return f"{self.lead}  {self.text}" if self.lead else self.text


def write(deck: Deck) -> bytes:
    """Return a deck as a PowerPoint file: a title slide, one slide per section, further charts behind it."""
    show = Presentation()
    show.slide_width, show.slide_height = Pt(WIDE), Pt(HIGH)
    about = show.core_properties
    about.title, about.subject, about.author = clean(deck.title), clean(deck.question), "Bakeoff"
    about.keywords = clean(deck.version)
    _title_slide(show, deck)
    for section in deck.sections:
        _slide(show, deck, section, len(show.slides) + 1)
        for exhibit in (e for e in section.exhibits if e is not chart_beside(section)):
            _more(show, deck, section, exhibit, len(show.slides) + 1)
    out = io.BytesIO()
    show.save(out)
    return out.getvalue()


def _title_slide(show: Any, deck: Deck) -> None:
    slide = show.slides.add_slide(show.slide_layouts[5])
    day = numbers.date(dt.datetime(deck.date.year, deck.date.month, deck.date.day))
    word = "Model" if deck.audience != "business" else "Option"
    _headline(slide, clean(deck.question), 150.0, 150.0, (40, 34, 28, 24))
    _text(slide, [Line(text=clean(deck.title), colour=SOFT)], EDGE, 110, ROOM, 34, (20, 18, 16, 14))
    lines = [Line(text=f"{word}: {clean(deck.option)}"), Line(text=day, colour=SOFT)]
    if deck.sample:
        lines.append(Line(text="Sample study: not for decisions", colour=WARM))
    _text(slide, lines, EDGE, 330, ROOM, 110, (20, 18, 16, 14, 12))
    _notes(slide, [clean(deck.title), clean(deck.question), f"Version {clean(deck.version)}"])


def _slide(show: Any, deck: Deck, section: Section, number: int) -> None:
    """Draw one section: question, headline, limits, reasons, sentences and charts; the whole text in the notes."""
    slide = show.slides.add_slide(show.slide_layouts[5])
    _text(slide, [Line(text=_eyebrow(section), colour=COOL)], EDGE, 20, ROOM, 24, (15, 13))
    _headline(slide, clean(section.headline.text), 44, 74, (28, 26, 24, 22, 20, 18, 16))
    if section.about:
        line = fitting.cut(clean(section.about), 12, ROOM, 1)
        _text(slide, [Line(text=line, colour=SOFT)], EDGE, 120, ROOM, 20, (12,))
    body = _body(section)
    first = chart_beside(section)
    if first is not None:
        left = _text(slide, body, EDGE, BODY_TOP, 390, BODY_END - BODY_TOP, (17, 16, 15, 14, 13, 12))
        _chart(slide, first, 450, BODY_TOP, WIDE - EDGE - 450, BODY_END - BODY_TOP)
    elif section.table is not None and not section.table.empty:
        most = max(90.0, BODY_END - BODY_TOP - 10 - _table_height(section.table))
        kept, size = _kept(body, ROOM, most, (16, 15, 14, 13, 12))
        said = min(fitting.height([line.whole for line in kept], size, ROOM, gap=GAP), most)
        _text(slide, kept, EDGE, BODY_TOP, ROOM, said, (size,))
        shown = _table(slide, section.table, BODY_TOP + said + (12 if kept else 0))  # right below what is said
        left = not shown or len(kept) < len(body)
    else:
        left = _text(slide, body, EDGE, BODY_TOP, ROOM, BODY_END - BODY_TOP, (22, 20, 18, 16, 14, 12))
    _footer(slide, deck, number, left)
    _notes(slide, _everything(section))


def _more(show: Any, deck: Deck, section: Section, exhibit: Exhibit, number: int) -> None:
    """Draw a further chart of a question on a slide of its own, with its finding as the headline."""
    slide = show.slides.add_slide(show.slide_layouts[5])
    _text(slide, [Line(text=_eyebrow(section), colour=COOL)], EDGE, 20, ROOM, 24, (15, 13))
    _headline(slide, clean(exhibit.title), 44, 74, (28, 26, 24, 22, 20, 18, 16))
    half = (ROOM - 24) / 2
    for at, one in enumerate(exhibit.beside):
        _chart(slide, one, EDGE + at * (half + 24), 124, half, BODY_END - 124)
    if not exhibit.beside:
        _chart(slide, exhibit, EDGE, 124, ROOM, BODY_END - 124, titled=False)
    _footer(slide, deck, number, False)
    _notes(slide, [section.question, exhibit.title, *_numbers(exhibit)])


def chart_beside(section: Section) -> Exhibit | None:
    """Return the chart that stands beside the text: the first one of few rows; the others have slides of their own."""
    return next((e for e in section.exhibits if len(e.data) <= MOST_ROWS and not e.beside), None)


def _eyebrow(section: Section) -> str:
    return f"{section.part}: {section.question}" if section.part else section.question


def _body(section: Section) -> list[Line]:
    """Return what stands on the slide: limits first, then reasons, then the other sentences."""
    limits = [Line(text=clean(s.text), colour=SOFT) for s in section.caveats]
    if not section.reasons:
        return [*limits[:3], *(Line(text=clean(s.text)) for s in section.sentences)]
    body = [*limits[:2], *(Line(text=clean(s.text)) for s in lead(section))]
    for amount, text in section.reasons:
        colour = COOL if amount.startswith((MINUS, "-")) else WARM
        body.append(Line(lead=clean(amount), text=clean(text), colour=colour))
    return body


def _everything(section: Section) -> list[str]:
    """Return all there is to say, for the notes."""
    out = [section.question, section.about, section.headline.text, *(s.text for s in section.caveats)]
    out += [f"{amount}  {text}" for amount, text in section.reasons]
    out += [s.text for s in section.sentences]
    if section.table is not None:
        out += [", ".join(f"{c}: {v}" for c, v in row.items() if v) for row in section.table.to_dict("records")]
    for exhibit in section.exhibits:
        out += _numbers(exhibit)
    return [clean(t) for t in out if t]


def _numbers(exhibit: Exhibit) -> list[str]:
    """Return what a chart shows as text: its alternative, then row by row."""
    rows = tables.of(exhibit).to_dict("records")
    return [clean(exhibit.alt), *(clean(", ".join(f"{c}: {v}" for c, v in row.items())) for row in rows)]


# -- the parts of a slide ------------------------------------------------------------------------------------------
def _headline(slide: Any, text: str, top: float, high: float, sizes: Sequence[float]) -> None:
    """Write the headline into the slide's title, so that outline and screen readers know it."""
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = (Pt(v) for v in (EDGE, top, ROOM, high))
    size = fitting.size_for([text], ROOM, high, sizes, bold=True)
    if size is None:
        size = sizes[-1]
        text = fitting.cut(text, size, ROOM, int(high / (size * fitting.LINE)), bold=True)
    _paragraphs(title.text_frame, [Line(text=text)], size, bold=True)


def _text(
    slide: Any, body: Sequence[Line], left: float, top: float, wide: float, high: float, sizes: Sequence[float]
) -> bool:
    """Write paragraphs as large as they fit; return whether some had to be left to the notes."""
    if not body:
        return False
    kept, size = _kept(body, wide, high, sizes)
    box = slide.shapes.add_textbox(Pt(left), Pt(top), Pt(wide), Pt(high))
    _paragraphs(box.text_frame, kept, size)
    return len(kept) < len(body)


def _kept(body: Sequence[Line], wide: float, high: float, sizes: Sequence[float]) -> tuple[list[Line], float]:
    """Return the paragraphs that fit, the first one at least in part, and how large."""
    if not body:
        return [], sizes[0]
    texts = [line.whole for line in body]
    size = fitting.size_for(texts, wide, high, sizes, gap=GAP)
    kept = list(body)
    if size is None:
        size = sizes[-1]
        kept = kept[: max(fitting.first(texts, size, wide, high, gap=GAP), 1)]
        if len(kept) == 1:
            most = max(int(high / (size * fitting.LINE)), 1)
            kept = [Line(text=fitting.cut(kept[0].whole, size, wide, most), colour=kept[0].colour)]
        elif (larger := fitting.size_for([k.whole for k in kept], wide, high, sizes, gap=GAP)) is not None:
            size = larger
    return kept, size


def _paragraphs(frame: Any, body: Sequence[Line], size: float, *, bold: bool = False) -> None:
    """Fill a text frame: no margins, no automatic sizes, one paragraph per line."""
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.vertical_anchor = MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for at, line in enumerate(body):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        paragraph.alignment, paragraph.line_spacing = PP_ALIGN.LEFT, 1.0
        paragraph.space_before = Pt(GAP if at else 0)
        pieces = [(f"{line.lead}  ", True, line.colour), (line.text, bold, INK)] if line.lead else []
        for text, heavy, tint in pieces or [(line.text, bold, line.colour)]:
            run = paragraph.add_run()
            run.text = text
            run.font.size, run.font.bold, run.font.name = Pt(size), heavy, FONT
            run.font.color.rgb = RGBColor.from_string(tint)


def _chart(
    slide: Any, exhibit: Exhibit, left: float, top: float, wide: float, high: float, *, titled: bool = True
) -> None:
    """Draw a chart below its finding, with what its marks mean at its foot."""
    head = 40.0 if titled else 0.0
    if titled:
        title = fitting.cut(clean(exhibit.title), 14, wide, 2, bold=True)
        size = fitting.size_for([title], wide, 38, (14, 13, 12), bold=True) or 12
        box = slide.shapes.add_textbox(Pt(left), Pt(top), Pt(wide), Pt(38))
        _paragraphs(box.text_frame, [Line(text=title)], size, bold=True)
    note = clean(exhibit.slide_note or exhibit.note)
    foot = 16.0 if note else 0.0
    slide_charts.add(slide, exhibit, left, top + head, wide, high - head - foot)
    if note:
        note = fitting.cut(note, 10, wide, 1)
        _text(slide, [Line(text=note, colour=SOFT)], left, top + high - foot, wide, foot, (10,))


def _table(slide: Any, frame: pd.DataFrame, top: float) -> bool:
    """Write a table with as many rows as fit; return whether all did."""
    texts, wide, heights = _grid(frame)
    fit = sum(top + sum(heights[: k + 1]) <= BODY_END for k in range(len(heights)))
    if fit < 2:
        return False
    columns, used = frame.shape[1], sum(heights[:fit])
    made = slide.shapes.add_table(fit, columns, Pt(EDGE), Pt(top), Pt(ROOM), Pt(used)).table
    made.horz_banding = False
    for k, w in enumerate(wide):
        made.columns[k].width = Pt(w)
    for at in range(fit):
        made.rows[at].height = Pt(heights[at])
        for k in range(columns):
            cell = made.cell(at, k)
            cell.fill.solid()
            cell.fill.fore_color.rgb = RGBColor.from_string("EDF1F5" if at == 0 else "FFFFFF")
            _paragraphs(cell.text_frame, [Line(text=texts[at][k])], CELL, bold=at == 0)
            cell.margin_left = cell.margin_right = Pt(CELL_EDGE / 2)
            cell.margin_top = cell.margin_bottom = Pt(CELL_EDGE / 2)
    return fit == len(heights)


def _table_height(frame: pd.DataFrame) -> float:
    """Return how high a table is with all its rows."""
    return sum(_grid(frame)[2])


def _grid(frame: pd.DataFrame) -> tuple[list[list[str]], list[float], list[float]]:
    """Return the texts of a table, header first, how wide each column is and how high each row."""
    texts = [[clean(c) for c in frame.columns], *([clean(v) for v in row] for row in frame.itertuples(index=False))]
    need = [max(fitting.width(row[k], CELL, bold=True) for row in texts) + 2 * CELL_EDGE for k in range(frame.shape[1])]
    wide = _shares(need, ROOM)
    heights = [
        CELL_EDGE + max(fitting.height([t], CELL, w - CELL_EDGE, bold=at == 0) for t, w in zip(row, wide, strict=True))
        for at, row in enumerate(texts)
    ]
    return texts, wide, heights


def _shares(need: Sequence[float], room: float) -> list[float]:
    """Return widths of columns: what each needs where that fits, else narrow ones whole and the rest shared."""
    if sum(need) <= room:
        return [n * room / sum(need) for n in need]
    out, left, waiting = list(need), room, sorted(range(len(need)), key=lambda k: need[k])
    while waiting:
        k = waiting.pop(0)
        out[k] = min(need[k], left / (len(waiting) + 1))
        left -= out[k]
    return out


def _footer(slide: Any, deck: Deck, number: int, more: bool) -> None:
    day = numbers.date(dt.datetime(deck.date.year, deck.date.month, deck.date.day))
    # A long name of a model is cut, what limits the slide is not.
    parts = ["Sample study: not for decisions"] if deck.sample else []
    parts += [MORE] if more else []
    parts += [day, clean(deck.title), clean(deck.option)]
    text = fitting.cut(" · ".join(parts), 10, ROOM - 50, 1)
    _text(slide, [Line(text=text, colour=SOFT)], EDGE, 508, ROOM - 50, 16, (10,))
    _text(slide, [Line(text=str(number), colour=SOFT)], WIDE - EDGE - 30, 508, 30, 16, (10,))


def _notes(slide: Any, texts: Sequence[str]) -> None:
    slide.notes_slide.notes_text_frame.text = "\n".join(texts)
