from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser
ROW = 35  # pixels


STANDS = """canvas => new Promise(done => {
    let before = '';
    const look = () => {
        const box = JSON.stringify(canvas.getBoundingClientRect());
        if (box === before && canvas.isConnected && canvas.width) return done(true);
        before = box;
        setTimeout(look, 150);
    };
    look();
})"""


def take_first_row(reader: Reader, way: str, asked: str = "") -> str:
    """Choose the first row of a list of the search and return the case that is then on screen."""
    before = reader.parameter("case")
    key = re.sub(r"[^a-zA-Z0-9_-]", "-", f"find_table_{way}_{asked}")
    canvas = reader.popover().locator(f".st-key-{key} canvas").first
    expect(canvas).to_be_visible()
    canvas.evaluate(STANDS)  # the table of the list before is gone, and this one has its place
    box = canvas.bounding_box()
    assert box
    reader.page.mouse.click(box["x"] + 14, box["y"] + 1.5 * ROW)
    changed = "before => new URLSearchParams(location.search).get('case') !== before"
    reader.page.wait_for_function(changed, arg=before)
    return reader.parameter("case")


def test_every_way_to_pick_a_case(reader: Reader) -> None:
    page = reader.open("/explain?study=boston_mortgages&option=tree&case=211")
    reader.says("Demo case 1 of 5")

    reader.press("demo_next")
    reader.link_has(case="461")
    reader.says("Demo case 2 of 5")
    reader.press("demo_previous")
    reader.link_has(case="211")
    reader.press("demo_previous")
    reader.link_has(case="1095")

    reader.pick("case", "9")
    reader.link_has(case="9")
    reader.pick("case", "No. 8")
    reader.link_has(case="8")
    reader.says("one of 476 never-seen applications")

    reader.press("random_case")
    page.wait_for_function("() => new URLSearchParams(location.search).get('case') !== '8'")

    found = {}
    reader.press("find")
    expect(reader.popover()).to_contain_text("476 of 476 never-seen applications")
    for way, says in (
        ("Differs from what the lender decided", "those with the clearest answer first"),
        ("Closest to the line", "those nearest to 50 in 100"),
        ("Most unsure", "furthest apart"),
    ):
        reader.popover().locator("label").filter(has_text=way).first.click()
        expect(reader.popover()).to_contain_text(says)
        expect(reader.popover().get_by_role("radio", name=way)).to_be_checked()
        reader.settle()
        found[way] = take_first_row(reader, way)
    assert len(set(found.values())) == 3

    reader.popover().locator("label").filter(has_text=re.compile(r"^All")).first.click()
    reader.popover().get_by_placeholder("for example").fill("self-employed worst")
    reader.popover().get_by_placeholder("for example").press("Enter")
    expect(reader.popover()).not_to_contain_text("476 of 476")
    expect(reader.popover()).to_contain_text("of 476 never-seen applications")
    reader.settle()
    take_first_row(reader, "All", "self-employed worst")
    page.keyboard.press("Escape")
    reader.look("All its values")
    reader.says("self-employed")


def test_an_unknown_case_is_told_and_the_next_one_is_shown(reader: Reader) -> None:
    reader.open("/explain?study=boston_mortgages&option=tree&case=987654321")
    reader.says("There is no application")
    reader.says("987654321")
    reader.pick("case", "8")
    reader.link_has(case="8")
    expect(reader.answer()).to_contain_text("of 100")
