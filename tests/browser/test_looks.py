"""What everybody must be able to see and reach: on a phone, in the dark, by keyboard, with a screen reader."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Reader, reading

pytestmark = pytest.mark.browser
CASE = "/explain?study=boston_mortgages&option=boosting&case=621"
# Markup of Streamlit itself that a page cannot change: the menu's sections (lists in a list), the header, the hidden
# twin of each button with a hint, and the canvas grid of st.dataframe.
STREAMLITS_OWN = [["[data-testid='stSidebarNav']"], ["[data-testid='stHeader']"], ["[data-testid='stDataFrame']"]]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
SIDEWAYS = "() => document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
INNER = "() => { const m = document.querySelector('[data-testid=\"stMain\"]'); return m.scrollWidth - m.clientWidth; }"


def findings(reader: Reader) -> list[str]:
    """Return what axe finds that is serious or critical in our content."""
    found: dict[str, Any] = (
        Axe()
        .run(reader.page, context={"exclude": STREAMLITS_OWN}, options={"runOnly": {"type": "tag", "values": RULES}})
        .response
    )
    return [
        f"{v['id']} ({v['impact']}): {node['html'][:160]} {node['failureSummary'][:200]}"
        for v in found["violations"]
        if v["impact"] in ("serious", "critical")
        for node in v["nodes"]
    ]


@pytest.mark.parametrize("look", ["change", pytest.param("others", marks=pytest.mark.promise)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_for_people_who_see_or_reach_less(
    browser: Browser, server: str, scheme: str, look: str
) -> None:
    with reading(browser, server, scheme=scheme) as reader:
        reader.open(f"{CASE}&look={look}")
        expect(reader.at("waterfall").locator(".main-svg").first).to_be_visible()
        assert findings(reader) == []


@pytest.mark.parametrize("look", [pytest.param(t, marks=pytest.mark.promise) for t in ("similar", "values", "method")])
def test_nothing_serious_in_the_other_tabs(reader: Reader, look: str) -> None:
    reader.open(f"{CASE}&look={look}&audience=technical")
    expect(reader.at("waterfall").locator(".main-svg").first).to_be_visible()
    assert findings(reader) == []


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.promise)])
def test_nothing_serious_on_home(browser: Browser, server: str, scheme: str) -> None:
    with reading(browser, server, scheme=scheme) as reader:
        reader.open("/?study=boston_mortgages")
        assert findings(reader) == []


def test_nothing_serious_in_the_forms(reader: Reader) -> None:
    reader.open(CASE)
    reader.press("mark")
    expect(reader.popover().get_by_label("Comment")).to_be_visible()
    assert findings(reader) == []


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.promise)])
def test_a_phone_shows_everything_without_scrolling_sideways(browser: Browser, server: str, scheme: str) -> None:
    with reading(browser, server, width=400, scheme=scheme) as reader:
        page = reader.open(f"{CASE}&look=others")
        expect(page.locator("table").filter(has_text="Answer and first reason")).to_be_visible()
        assert page.evaluate(SIDEWAYS) <= 0
        assert page.evaluate(INNER) <= 0
        card, reasons, chart = (reader.at(k).bounding_box() for k in ("answer_card", "reasons", "waterfall"))
        assert card
        assert reasons
        assert chart
        assert card["y"] < reasons["y"] < chart["y"]
        for box in (card, reasons, chart):
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 400
        page.goto(f"{server}/?study=boston_mortgages")
        reader.says("How good is each option?")
        reader.settle()
        assert page.evaluate(SIDEWAYS) <= 0
        assert page.evaluate(INNER) <= 0


def test_dark_is_dark_and_light_is_light(browser: Browser, server: str) -> None:
    brightness = []
    for scheme in ("light", "dark"):
        with reading(browser, server, scheme=scheme) as reader:
            page = reader.open("/?study=boston_mortgages")
            colour = page.evaluate(
                "() => getComputedStyle(document.querySelector('[data-testid=\"stApp\"]')).backgroundColor"
            )
            brightness.append(sum(int(v) for v in colour.strip("rgba()").split(",")[:3]))
    assert brightness == [255 * 3, 0x11 + 0x17 + 0x1F]


def test_the_keyboard_reaches_the_case_picker_and_the_tabs(reader: Reader) -> None:
    page = reader.open("/explain?study=boston_mortgages&option=tree&case=211")

    def on(label: str) -> bool:
        return bool(
            page.evaluate(
                "l => (document.activeElement.getAttribute('aria-label') || document.activeElement.textContent) === l",
                label,
            )
        )

    page.locator('[data-testid="stMain"]').focus()
    for _ in range(15):
        page.keyboard.press("Tab")
        if on("Application"):
            break
    assert on("Application")
    page.keyboard.press("Control+a")
    page.keyboard.type("No. 44")
    page.keyboard.press("Enter")
    reader.link_has(case="44")
    for _ in range(60):
        page.keyboard.press("Tab")
        if on("Similar past applications"):
            break
    assert on("Similar past applications")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    reader.link_has(look="change", case="44")
    reader.says("Nothing is changed yet.")
