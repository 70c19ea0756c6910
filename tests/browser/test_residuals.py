"""Where is it wrong: pick with a box, read what those share, explain one, come back; by keyboard; on a phone."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import Reader, reading
from tests.browser.test_looks import INNER, SIDEWAYS, findings

pytestmark = pytest.mark.browser
PAGE = "/residuals?study=houses&option=logistic"
LOANS = "/residuals?study=boston_mortgages&option=tree"
COUNT = re.compile(r"(\d+) of (\d+) never-seen houses picked")


def chart(reader: Reader) -> Locator:
    found = reader.page.locator("[class*='st-key-residual_chart_']").first
    expect(found.locator(".main-svg").first).to_be_visible()
    return found


def box(reader: Reader, left: float, top: float, right: float, bottom: float) -> None:
    """Draw a box over a part of the chart, in shares of its plotting area."""
    area = chart(reader).locator(".nsewdrag").first.bounding_box()
    assert area
    mouse = reader.page.mouse
    mouse.move(area["x"] + left * area["width"], area["y"] + top * area["height"])
    mouse.down()
    for step in (0.3, 0.6, 1.0):
        mouse.move(
            area["x"] + (left + step * (right - left)) * area["width"],
            area["y"] + (top + step * (bottom - top)) * area["height"],
        )
    mouse.up()


def picked(reader: Reader) -> int:
    card = reader.at("picked_card")
    expect(card).to_contain_text(COUNT)
    found = COUNT.search(card.inner_text())
    assert found
    return int(found[1])


def upright(reader: Reader) -> list[str]:
    """Return the ticks of the axis across, which tell whether the chart was zoomed."""
    return chart(reader).locator(".xtick text").all_text_contents()


def test_box_traits_explain_and_back_with_the_pick_kept(reader: Reader, browser: Browser, server: str) -> None:
    page = reader.open(PAGE)
    reader.says("Pick some houses")
    reader.says("group stands out")  # the search has ended, so that the page does not follow by itself any more
    reader.settle()
    box(reader, 0.02, 0.02, 0.98, 0.4)
    n = picked(reader)
    assert 0 < n < 48
    reader.says("Each of them, furthest off first")
    reader.settle()
    assert reader.parameter("pick").startswith("box:predicted:")
    first = reader.parameter("pick")
    drawn = chart(reader).locator(".main-svg").first.element_handle()

    # Another box on the same chart: the chart stays the same element, it is not drawn anew.
    box(reader, 0.02, 0.6, 0.98, 0.98)
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query).get("pick", [first]) != [first])
    assert drawn.evaluate("e => e.isConnected")
    reader.settle()
    reader.page.wait_for_timeout(1500)  # the browser tells of one box twice
    n = picked(reader)
    link = reader.parameter("pick")

    reader.press("picked_explain")
    reader.says("Why this prediction?")
    reader.settle()
    case = reader.parameter("case")
    reader.press("go_back")
    reader.says("Where is it wrong?")
    reader.settle()
    assert reader.parameter("pick") == link
    assert picked(reader) == n
    expect(reader.at("picked_one").locator("input")).to_have_value(f"No. {case}")
    reader.press("picked_explain")
    reader.says("Why this prediction?")
    reader.settle()
    for _ in range(12):  # each parameter that a page writes is a step of the browser's history
        page.go_back()
        page.wait_for_timeout(300)
        if "/residuals" in page.url:
            break
    reader.says("Where is it wrong?")
    reader.settle()
    assert picked(reader) == n

    with reading(browser, server) as colleague:
        colleague.page.goto(page.url)
        colleague.settle()
        assert picked(colleague) == n


def test_the_chart_keeps_its_zoom_while_cases_are_picked(reader: Reader) -> None:
    reader.open(PAGE)
    before = upright(reader)
    reader.page.locator(".modebar-btn[data-title='Zoom']").first.click()
    box(reader, 0.2, 0.1, 0.5, 0.9)
    expect(chart(reader).locator(".xtick text").last).not_to_have_text(before[-1])
    zoomed = upright(reader)
    assert zoomed != before
    reader.page.locator(".modebar-btn[data-title='Box Select']").first.click()
    box(reader, 0.02, 0.02, 0.98, 0.98)
    picked(reader)
    reader.settle()
    assert upright(reader) == zoomed


def test_by_keyboard_alone_cases_are_picked_kept_as_a_group_and_found_on_the_other_page(
    reader: Reader, browser: Browser, server: str
) -> None:
    page = reader.open(PAGE)
    field = page.get_by_role("textbox", name="By number")
    page.locator('[data-testid="stMain"]').focus()
    for _ in range(80):
        page.keyboard.press("Tab")
        if field.evaluate("e => e === document.activeElement"):
            break
    page.keyboard.type("gone, nowhere")
    page.keyboard.press("Enter")
    reader.says("None of gone, nowhere is a never-seen house")
    button = reader.at("pick_worst").locator("button").first
    for _ in range(20):
        page.keyboard.press("Tab")
        if button.evaluate("e => e === document.activeElement"):
            break
    page.keyboard.press("Enter")
    reader.says("10 of 48 never-seen houses picked")
    reader.link_has(pick="worst:10")
    reader.settle()
    keep = reader.at("picked_keep").locator("button").first
    for _ in range(60):
        page.keyboard.press("Tab")
        if keep.evaluate("e => e === document.activeElement"):
            break
    page.keyboard.press("Enter")
    form = reader.popover()
    form.get_by_label("Name of the group").fill("Far **off** <b>")
    form.get_by_label("Comment").fill("=1+1")
    form.get_by_label("Your name").fill("Ada [L](http://x.example)")
    form.get_by_label("Your name").press("Tab")
    reader.settle()
    reader.twice(form.get_by_role("button", name="Keep", exact=True))  # an impatient reader keeps one group, not two
    expect(form).to_contain_text("“Far **off** <b>” is kept")
    with reading(browser, server) as colleague:
        colleague.open(PAGE + "&look=kept")
        mine = colleague.page.locator("[class*='st-key-residuals_group_']").filter(has_text="Far **off** <b>")
        expect(mine).to_have_count(1)
        expect(mine).to_contain_text("10 of 48 never-seen houses picked")
        expect(mine).to_contain_text("Ada [L](http")
        mine.get_by_role("button", name="Show these").click()
        colleague.says("Each of them, furthest off first (10)")
        assert colleague.parameter("segment").startswith("kept-")
        colleague.open("/confidence?study=houses&option=logistic&look=groups")
        colleague.says("Far **off** <b>")


def test_picked_cases_are_taken_along_as_a_table(reader: Reader) -> None:
    page = reader.open(PAGE + "&pick=worst:10")
    reader.says("10 of 48 never-seen houses picked")
    reader.settle()
    with page.expect_download() as waiting:
        reader.press("picked_csv")
    rows = list(csv.reader(io.StringIO(waiting.value.path().read_text("utf-8-sig"))))
    assert rows[0][:4] == ["id", "actual", "predicted", "residual"]
    assert len(rows) == 11
    off = [abs(float(r[3])) for r in rows[1:]]
    assert off == sorted(off, reverse=True)


def test_against_zoom_and_audience_are_in_the_link(reader: Reader, browser: Browser, server: str) -> None:
    page = reader.open(PAGE + "&pick=worst:10")
    reader.pick("against", "Living area")
    reader.link_has(against="size", pick="worst:10")
    reader.says("10 of 48 never-seen houses picked")
    reader.settle()
    box(reader, 0.1, 0.05, 0.6, 0.95)
    reader.says("Look closer at the picked region")
    reader.press("zoom_in")
    reader.says("in the picked region")
    reader.says("Show everything again")
    page.get_by_role("radio", name="Technical").click()
    reader.link_has(audience="technical", against="size")
    reader.settle()
    with reading(browser, server) as colleague:
        colleague.page.goto(page.url)
        colleague.settle()
        colleague.says("in the picked region")
        expect(colleague.at("against").locator("input")).to_have_value("Living area")
    reader.press("zoom_out")
    expect(page.locator('[data-testid="stMain"]')).not_to_contain_text("in the picked region")


def test_every_tab_says_its_finding(reader: Reader) -> None:
    reader.open(LOANS)
    for tab, finding in {
        "Groups that people kept": "Nobody has kept a group yet",
        "How far off is it?": "of 476",
        "What to check": "Decision tree",
        "How it was worked out": "Orange diamonds are the",
    }.items():
        reader.look(tab)
        reader.settle()
        del finding
        assert not reader.errors()


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.promise)])
def test_a_phone_shows_everything_and_nothing_serious_is_found(browser: Browser, server: str, scheme: str) -> None:
    with reading(browser, server, width=400, scheme=scheme) as reader:
        page = reader.open(PAGE + "&pick=worst:10&look=groups")
        reader.says("10 of 48 never-seen houses picked")
        card, drawn, panel = (
            e.bounding_box() for e in (reader.at("answer_card"), chart(reader), reader.at("picked_card"))
        )
        assert card
        assert drawn
        assert panel
        assert card["y"] < drawn["y"] < panel["y"]
        reader.settle()
        assert page.evaluate(SIDEWAYS) <= 0
        assert page.evaluate(INNER) <= 0
        assert findings(reader) == []


@pytest.mark.promise
@pytest.mark.parametrize("look", ["groups", "kept", "spread", "checks", "method"])
@pytest.mark.parametrize("width", [400, 1440])
def test_nothing_serious_in_any_tab_at_any_width(browser: Browser, server: str, width: int, look: str) -> None:
    with reading(browser, server, width=width) as reader:
        page = reader.open(f"{LOANS}&look={look}&audience=technical&pick=worst:10")
        chart(reader)
        reader.settle()
        assert page.evaluate(SIDEWAYS) <= 0
        assert page.evaluate(INNER) <= 0
        assert findings(reader) == []
