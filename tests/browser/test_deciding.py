"""Voting and deciding in a browser: two people see each other's votes, a lost database, a phone, the keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Reader, reading
from tests.browser.test_hostile_study import nothing_lives
from tests.browser.test_looks import INNER, SIDEWAYS, findings

pytestmark = pytest.mark.browser
PAGE = "/decision?study=grades"


def vote(reader: Reader, at: int, comment: str, name: str | None) -> None:
    """Fill in the ballot by keyboard and mouse and send it."""
    ballot = reader.page.get_by_role("radiogroup", name="Which option do you want?")
    # On its words, as people do: the circle itself is hidden, and a forced click would not wait until nothing moves.
    ballot.get_by_test_id("stRadioOption").nth(at).click()
    expect(ballot.get_by_role("radio").nth(at)).to_be_checked()
    reader.settle()
    why = reader.page.get_by_label("Why? (others read it)")
    why.fill(comment)
    why.press("Tab")
    reader.settle()
    if name is not None:
        reader.at("vote_name").locator("input").fill(name)
        reader.at("vote_name").locator("input").press("Tab")
        reader.settle()
    reader.twice(reader.at("vote_save").locator("button"))  # an impatient person votes once


def test_two_people_vote_see_each_other_and_decide(reader: Reader, browser: Browser, server: str) -> None:
    reader.open(PAGE)
    vote(reader, 1, "Simple **enough** <b>", "Ada [L](http://x.example)")
    reader.says("Saved: your vote is for")
    with reading(browser, server) as colleague:
        colleague.open(PAGE + "&look=record")
        expect(colleague.answer()).to_contain_text("1 of 1 vote is for")
        colleague.says("Simple **enough** <b>")
        vote(colleague, 1, "", "Bo")
        colleague.says("Saved: your vote is for")
        expect(reader.answer()).to_contain_text("2 of 2 votes are for")  # without a reload
        colleague.settle()
        colleague.page.get_by_label("Why?", exact=True).fill("All of us")
        colleague.page.get_by_label("Why?", exact=True).press("Tab")
        colleague.settle()
        colleague.press("decision_save")
        colleague.says("Recorded as decision 1.")
    expect(reader.answer()).to_contain_text("“All of us”")
    expect(reader.answer()).to_contain_text("Bo recorded it; 2 of 2 votes were for it.")
    nothing_lives(reader)


def test_a_database_that_is_gone_is_told_and_what_was_typed_stays(
    browser: Browser, server_without_database: str
) -> None:
    with reading(browser, server_without_database) as reader:
        reader.open(PAGE)
        vote(reader, 2, "Do not lose this", "Ada")
        reader.says("What you wrote is still here")
        expect(reader.page.get_by_label("Why? (others read it)")).to_have_value("Do not lose this")
        expect(reader.at("vote_name").locator("input")).to_have_value("Ada")
        assert "in-the-way" not in reader.text()


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.promise)])
def test_a_phone_shows_everything_and_nothing_serious_is_found(browser: Browser, server: str, scheme: str) -> None:
    with reading(browser, server, width=400, scheme=scheme) as reader:
        page = reader.open("/decision?study=boston_mortgages&option=tree")
        expect(page.locator("[class*='st-key-ranking_chart'] .main-svg").first).to_be_visible()
        assert page.evaluate(SIDEWAYS) <= 0
        assert page.evaluate(INNER) <= 0
        card, ballot, chart = (reader.at(k).bounding_box() for k in ("answer_card", "vote_save", "ranking_chart"))
        assert card
        assert ballot
        assert chart
        assert card["y"] < ballot["y"] < chart["y"]
        assert findings(reader) == []


def test_the_order_follows_the_keyboard_and_the_link_keeps_it(reader: Reader, browser: Browser, server: str) -> None:
    page = reader.open("/decision?study=boston_mortgages&option=tree")
    for name in ("weight_accuracy", "weight_speed", "weight_explainability", "weight_answers"):
        for _ in range(3):
            reader.at(name).get_by_role("slider").press("ArrowLeft")
        reader.settle()
    reader.link_has(weights="0-3-0-0")
    reader.says("“No model” comes first, with 100 of 100 points")
    with reading(browser, server) as colleague:
        colleague.open(page.url.removeprefix(server))
        colleague.says("“No model” comes first, with 100 of 100 points")
