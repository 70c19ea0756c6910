"""Presenter view by keyboard: no menu, larger type, through pages and demo cases, out with Escape; at both widths."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Reader, reading
from tests.browser.test_looks import SIDEWAYS

pytestmark = pytest.mark.browser
START = "/explain?study=boston_mortgages&option=tree&case=621"
SIZE = "() => parseFloat(getComputedStyle(document.querySelector('[data-testid=\"stMain\"] h1')).fontSize)"


def where(reader: Reader) -> str:
    return reader.at("present_bar").inner_text()


def step(reader: Reader, key: str, text: str) -> None:
    """Press a key and wait until the line of presenter view says this."""
    reader.page.keyboard.press(key)
    expect(reader.at("present_bar")).to_contain_text(text)
    reader.settle()


def test_it_is_entered_stepped_through_and_left_by_keyboard(reader: Reader) -> None:
    page = reader.open("/?study=boston_mortgages&option=tree")
    before = page.evaluate(SIZE)
    menu = page.get_by_test_id("stSidebar")
    expect(menu).to_be_visible()
    reader.press("present_start")
    reader.link_has(present="1")
    expect(menu).to_be_hidden()
    expect(reader.at("present_bar")).to_contain_text("1 of ")
    reader.settle()
    assert page.evaluate(SIZE) > 1.15 * before
    step(reader, "ArrowRight", "2 of ")
    expect(page.get_by_role("heading", name="Why this prediction?")).to_be_visible()
    first = reader.parameter("case")
    step(reader, "ArrowRight", "3 of ")
    second = reader.parameter("case")
    assert first != second
    assert reader.parameter("present") == "1"
    step(reader, "ArrowLeft", "2 of ")
    reader.link_has(case=first)
    step(reader, "PageDown", "3 of ")  # what a pointer sends
    step(reader, "PageUp", "2 of ")
    page.keyboard.press("Escape")
    expect(menu).to_be_visible()
    reader.settle()
    assert reader.parameter("present") == ""
    assert reader.parameter("case") == first  # what was on screen stays
    assert page.evaluate(SIZE) < 1.05 * before


@pytest.mark.promise
def test_the_steps_are_the_pages_of_the_meeting_and_every_demo_case(reader: Reader) -> None:
    page = reader.open("/?study=boston_mortgages&option=tree&present=1")
    reader.settle()
    total = int(where(reader).split(" of ")[1].split()[0])
    seen = [page.get_by_role("heading", level=1).inner_text()]
    for at in range(2, total + 1):
        step(reader, "ArrowRight", f"{at} of {total}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        seen.append(page.get_by_role("heading", level=1).inner_text())
    order = list(dict.fromkeys(seen))
    wanted = ["Why this prediction?", "What does it look at?", "How sure is it?", "Where is it wrong?"]
    assert [q for q in order if q in wanted] == wanted
    assert seen.count("Why this prediction?") >= 2
    expect(reader.at("present_next").locator("button")).to_be_disabled()


def test_a_colleague_opens_the_same_step_by_its_link(browser: Browser, server: str) -> None:
    with reading(browser, server) as colleague:
        page = colleague.open(START + "&present=1")
        expect(colleague.at("present_bar")).to_be_visible()
        expect(page.get_by_test_id("stSidebar")).to_be_hidden()
        colleague.link_has(case="621", present="1")


@pytest.mark.parametrize("width", [1920, pytest.param(1440, marks=pytest.mark.promise)])
def test_it_fits_the_screen(browser: Browser, server: str, width: int) -> None:
    with reading(browser, server, width=width) as reader:
        page = reader.open(START + "&present=1")
        expect(reader.at("waterfall").locator(".main-svg").first).to_be_visible()
        assert page.evaluate(SIDEWAYS) <= 0
        size = page.evaluate(
            "() => parseFloat(getComputedStyle(document.querySelector('.st-key-reasons td')).fontSize)"
        )
        assert size >= 0.0125 * width  # read from the last row


# How far letters of a chart reach beyond its place, and how much of the place is left empty below it, in pixels.
BEYOND = """() => Math.max(...[...document.querySelectorAll('.js-plotly-plot')].flatMap(chart => {
  const place = chart.closest('[data-testid="stElementContainer"]').getBoundingClientRect();
  return [...chart.querySelectorAll('.main-svg text')].map(e => e.getBoundingClientRect()).filter(r => r.width)
    .map(r => Math.max(place.left - r.left, r.right - place.right));
}))"""
BELOW = """() => Math.max(...[...document.querySelectorAll('.js-plotly-plot')].map(chart =>
  Math.abs(chart.closest('[data-testid="stElementContainer"]').getBoundingClientRect().bottom
    - chart.querySelector('.main-svg').getBoundingClientRect().bottom)))"""


def test_names_in_charts_are_whole_on_the_phone_of_somebody_who_follows(browser: Browser, server: str) -> None:
    with reading(browser, server, width=400) as reader:
        page = reader.open(START + "&present=1")
        expect(reader.at("waterfall").locator(".main-svg").first).to_be_visible()
        reader.settle()
        assert page.evaluate(SIDEWAYS) <= 0
        assert page.evaluate(BEYOND) <= 1
        assert page.evaluate(BELOW) <= 2
