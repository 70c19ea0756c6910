"""A study whose every text is markup, links, LaTeX and formulas shows it as text, and nothing is fetched."""

from __future__ import annotations

import csv
import io

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Reader
from tests.browser.test_taking_along import download
from tests.pages import hostile

pytestmark = pytest.mark.browser
ALIVE = (
    "[data-testid='stMain'] :is(a[href*='pictures.example'], img[src*='pictures.example'], .katex, iframe, script, u)"
)
# Grey at the end of a reason is ours; colour anywhere else came out of the data.
STYLED = "[data-testid='stMain'] .stMarkdownColoredText:not(.st-key-reasons td > .stMarkdownColoredText:last-child)"


def nothing_lives(reader: Reader) -> None:
    assert reader.page.locator(ALIVE).all_text_contents() == []
    assert reader.page.locator(STYLED).all_text_contents() == []
    assert reader.errors() == []


def test_markup_is_shown_as_text_everywhere(reader: Reader) -> None:
    page = reader.open("/?study=markup&option=logistic")
    reader.says("Is **this** [a question]")
    reader.says("<u>title</u>")
    nothing_lives(reader)

    reader.open("/explain?study=markup&option=logistic")
    expect(reader.at("waterfall").locator(".main-svg").first).to_be_visible()
    reader.says("<i>taken</i> $t$")
    nothing_lives(reader)

    reader.press("find")
    expect(reader.popover().locator("canvas").first).to_be_visible()
    nothing_lives(reader)
    page.keyboard.press("Escape")

    for tab, says in (
        ("What the other options say", "first reason"),
        ("All its values", "Counts"),
        ("Similar past", "What"),
    ):
        reader.look(tab)
        reader.says(says)
        nothing_lives(reader)

    reader.press("mark")
    expect(reader.popover().get_by_label("Comment")).to_be_visible()
    nothing_lives(reader)
    page.keyboard.press("Escape")

    reader.press("take_along")
    expect(reader.at("csv")).to_be_visible()
    _, table = download(reader, "csv")
    cells = [cell for row in csv.reader(io.StringIO(table.decode("utf-8-sig"))) for cell in row]
    for cell in cells:
        if cell[:1] in "=+-@" and cell:
            float(cell)
    assert any(cell == "'" + hostile.COLUMNS[0] for cell in cells)
    assert any(hostile.COLUMNS[1] in cell for cell in cells)
    if reader.at("letter_html").count():
        _, letter = download(reader, "letter_html")
        assert b"<img" not in letter
        assert b"<script" not in letter
        assert b"href=" not in letter
    nothing_lives(reader)
