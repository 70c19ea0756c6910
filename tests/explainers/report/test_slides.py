"""Slides, opened again: native charts with the results' numbers, sheets that can be edited, nothing overflows."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from openpyxl import load_workbook
from pptx import Presentation
from pptx.oxml.ns import qn
from pptx.util import Pt

from explainers.report import fitting, parts, slide_numbers, slide_pages, slides
from tests.explainers.report.test_decks import made

AUDIENCES = ["business", pytest.param("technical", marks=pytest.mark.promise)]
KINDS = [
    *("binary", "regression", "three classes", "odd names"),
    *(pytest.param(name, marks=pytest.mark.promise) for name in ("missing values", "tiny")),
]


def opened(deck: parts.Deck) -> Any:
    return Presentation(io.BytesIO(slides.to_pptx(deck)))


def charts(slide: Any) -> list[Any]:
    return [s for s in slide.shapes if s.has_chart]


def laid_out(deck: parts.Deck) -> list[tuple[parts.Section, parts.Exhibit | None]]:
    """Return what each slide behind the title slide is about: a section with one chart, or a further chart of it."""
    out: list[tuple[parts.Section, parts.Exhibit | None]] = []
    for section in deck.sections:
        first = slide_pages.chart_beside(section)
        out += [(section, first), *((section, e) for e in section.exhibits if e is not first)]
    return out


@pytest.mark.parametrize("name", KINDS)
def test_one_slide_per_section_with_its_question_and_headline(name: str) -> None:
    deck = made(name)
    seen: list[str] = []
    for slide, (section, exhibit) in zip(list(opened(deck).slides)[1:], laid_out(deck), strict=True):
        title = slide.shapes.title.text_frame.text
        notes = slide.notes_slide.notes_text_frame.text
        assert any(s.has_text_frame and s.text_frame.text == section.question for s in slide.shapes)
        assert len(charts(slide)) == (0 if exhibit is None else len(exhibit.beside) or 1)
        if section.name in seen:
            assert exhibit is not None
            assert title == exhibit.title or title.endswith("…")
            continue
        seen.append(section.name)
        assert title == section.headline.text or title.endswith("…")
        for sentence in (*section.caveats, *section.sentences):
            assert " ".join(sentence.text.split()) in notes
    assert seen == [s.name for s in deck.sections]


def assert_equal(chart: Any, exhibit: parts.Exhibit) -> None:
    """Assert that a chart, as PowerPoint reads it, holds the numbers of the exhibit."""
    frame, plot = exhibit.data, chart.plots[0]
    if exhibit.kind == "steps":
        by_name = {s.name: np.array([np.nan if v is None else v for v in s.values], float) for s in plot.series}
        up, down, fixed = (
            np.nan_to_num(_both(by_name, n)) for n in ("Counts towards", "Counts against", "Average and answer")
        )
        amounts = frame["amount"].to_numpy()
        middle = np.r_[False, np.full(len(amounts) - 2, True), False]
        np.testing.assert_allclose(np.abs(up) + np.abs(down) + np.abs(fixed), np.abs(amounts), atol=1e-9)
        np.testing.assert_allclose((np.abs(up) - np.abs(down))[middle], amounts[middle], atol=1e-9)
    elif exhibit.kind == "ranges":
        assert list(plot.series[0].values) == pytest.approx(frame["value"].tolist())
        assert [c.strip() for c in plot.categories] == [slide_numbers.label(v).strip() for v in frame["name"]]
    elif exhibit.kind == "stack":
        for series, name in zip(plot.series, frame.columns[1:], strict=True):
            assert list(series.values) == pytest.approx(frame[name].tolist())
    else:
        xs = [x for s in plot.series for x in s.iter_values() if s.name != slide_numbers.EQUAL]
        assert xs == pytest.approx(frame["y"].tolist())
    _ranges_equal(chart, exhibit)


def _both(by_name: dict[str, Any], name: str) -> Any:
    below = by_name.get(f"{name}{slide_numbers.BELOW}")
    return np.nan_to_num(by_name[name]) - (0 if below is None else np.nan_to_num(below))


def _ranges_equal(chart: Any, exhibit: parts.Exhibit) -> None:
    if "lower" not in exhibit.data:
        return
    middle = exhibit.data["value" if exhibit.kind == "ranges" else "y"]
    for tag, lengths in (("c:plus", exhibit.data["upper"] - middle), ("c:minus", middle - exhibit.data["lower"])):
        found = [float(v.text) for e in chart._chartSpace.iter(qn(tag)) for v in e.iter(qn("c:v"))]
        if found:
            assert found == pytest.approx(lengths.clip(lower=0).tolist(), abs=1e-8)
        else:
            assert not lengths.any()


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_chart_is_native_and_holds_the_figures_of_its_result(name: str, audience: Any) -> None:
    deck = made(name, audience=audience)
    seen = 0
    for slide, (_, exhibit) in zip(list(opened(deck).slides)[1:], laid_out(deck), strict=True):
        if exhibit is not None:
            for shape, one in zip(charts(slide), exhibit.beside or (exhibit,), strict=True):
                assert_equal(shape.chart, one)
                assert shape._element.nvGraphicFramePr.cNvPr.get("descr")
            seen += 1
    assert seen == sum(len(s.exhibits) for s in deck.sections) >= 3


def test_the_sheet_of_a_chart_holds_figures_and_ranges_to_edit() -> None:
    deck = made("regression")
    slide = list(opened(deck).slides)[2]
    exhibit = deck.sections[1].exhibits[0]
    book = load_workbook(io.BytesIO(charts(slide)[0].chart.part.chart_workbook.xlsx_part.blob))
    rows = list(book.active.iter_rows(min_row=2, values_only=True))
    assert [r[1] for r in rows] == pytest.approx(exhibit.data["value"].tolist())
    assert [r[2] for r in rows] == pytest.approx((exhibit.data["upper"] - exhibit.data["value"]).tolist())
    assert [r[3] for r in rows] == pytest.approx((exhibit.data["value"] - exhibit.data["lower"]).tolist())


def test_hostile_names_are_neither_formulas_nor_links() -> None:
    show = opened(made("odd names", "boosting"))
    seen = 0
    for slide in show.slides:
        for shape in charts(slide):
            book = load_workbook(io.BytesIO(shape.chart.part.chart_workbook.xlsx_part.blob))
            for row in book.active.iter_rows():
                for cell in row:
                    seen += "SUM(A1:A9)" in str(cell.value)
                    assert cell.data_type != "f"
                    assert cell.hyperlink is None
        for shape in slide.shapes:
            for paragraph in shape.text_frame.paragraphs if shape.has_text_frame else ():
                assert all(run.hyperlink.address is None for run in paragraph.runs)
    assert seen
    for text in ("=1+1", "{=1}", "http://x.example", "mailto:a@b", "FILE://x", "internal:x"):
        assert slide_numbers.label(text) == f" {text}"
    assert slide_numbers.label("a\x00b") == "ab"


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_nothing_overflows_or_lies_on_something_else(name: str, audience: Any) -> None:
    show = opened(made(name, audience=audience))
    for slide in show.slides:
        boxes = []
        for shape in slide.shapes:
            left, top, wide, high = (v / 12700 for v in (shape.left, shape.top, shape.width, shape.height))
            assert left >= 0
            assert top >= 0
            assert left + wide <= 960.5
            assert top + high <= 540.5
            boxes.append((left, top, left + wide, top + high, shape.name))
            if shape.has_text_frame and shape.text_frame.text:
                assert _height(shape.text_frame, wide) <= high + 0.5, shape.text_frame.text
        for a, b in combinations(boxes, 2):
            across, down = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
            assert across <= 0.5 or down <= 0.5, (a, b)


def _height(frame: Any, wide: float) -> float:
    total = 0.0
    for at, paragraph in enumerate(frame.paragraphs):
        size = paragraph.runs[0].font.size
        bold = all(r.font.bold for r in paragraph.runs)
        total += fitting.height([paragraph.text], size / Pt(1), wide, bold=bold) + (6 if at else 0)
    return total


def test_a_long_text_is_cut_with_a_mark_and_stands_in_the_notes_whole() -> None:
    import dataclasses

    from explainers.words.say import sentence

    deck = made("binary")
    long = " ".join(["a rather long finding that goes on"] * 60)
    section = dataclasses.replace(
        deck.sections[0], headline=sentence("answer", "{it}", it=long), sentences=(), caveats=()
    )
    show = opened(dataclasses.replace(deck, sections=(section,)))
    slide = list(show.slides)[1]
    assert slide.shapes.title.text_frame.text.endswith("…")
    assert long[:2000].capitalize()[:200] in slide.notes_slide.notes_text_frame.text


def test_widths_are_on_the_safe_side() -> None:
    pillow = pytest.importorskip("PIL.ImageFont")
    from pathlib import Path

    place = Path("/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf")
    if not place.exists():
        pytest.skip("the font with Arial's widths is not installed")
    font = pillow.truetype(str(place), 100)
    for text in ("Debt payments take 46% of income, higher than for 9 in 10 applicants.", "WWW mmm iii", "0123456789"):
        assert fitting.width(text, 100) >= font.getlength(text) * 0.99
        assert fitting.width(text, 100) <= font.getlength(text) * 1.25


def test_text_that_fits_is_not_cut() -> None:
    assert fitting.cut("short", 12, 400, 1) == "short"
    assert fitting.lines("one two three", 12, 10_000) == 1
    assert fitting.lines("x" * 400, 12, 100) > 20
    assert fitting.size_for(["a" * 4000], 100, 20, (20, 10)) is None


def test_a_long_name_leaves_the_limit_at_the_foot_of_a_slide() -> None:
    deck = replace(made("binary"), option="A model with a very long name " * 20, sample=True)
    for slide in list(opened(deck).slides)[1:]:
        foot = [
            s.text_frame.text for s in slide.shapes if s.has_text_frame and "not for decisions" in s.text_frame.text
        ]
        assert any(text.startswith("Sample study: not for decisions ·") and text.endswith("…") for text in foot)
