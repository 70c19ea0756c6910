"""What is on screen and what the address says follow each other, and a late address never undoes a click."""

from __future__ import annotations

import pytest

from pages.parts import link


class Rerun(Exception):
    """What Streamlit raises to run a page anew."""


class Browser:
    """Session and address as a page sees them."""

    def __init__(self) -> None:
        self.session_state: dict[str, object] = {}
        self.query_params: dict[str, str] = {}

    def rerun(self) -> None:
        raise Rerun


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    made = Browser()
    monkeypatch.setattr(link, "st", made)
    return made


def test_the_address_is_taken_once_and_again_when_it_changes(browser: Browser) -> None:
    browser.query_params["case"] = "8"
    link.read()
    assert browser.session_state.pop("case") == "8"
    link.read()
    assert "case" not in browser.session_state
    browser.query_params["case"] = "24"
    link.read()
    assert browser.session_state["case"] == "24"


def test_a_run_that_nobody_asked_for_does_not_undo_a_click_with_an_address_that_lags_behind(browser: Browser) -> None:
    browser.query_params["look"] = "meaning"
    link.read()
    browser.session_state.pop("look")
    link.keep("look", "method")  # a click
    browser.query_params["look"] = "meaning"  # the browser spoke before it heard of that
    with pytest.raises(Rerun):
        link.anew()
    link.read()
    assert "look" not in browser.session_state
    link.keep("look", "method")
    assert browser.query_params["look"] == "method"
    browser.query_params["look"] = "groups"  # a reader goes elsewhere
    link.read()
    assert browser.session_state["look"] == "groups"


def test_what_is_dropped_leaves_the_address(browser: Browser) -> None:
    link.keep("pick", "1,2")
    link.drop("pick")
    assert browser.query_params == {}
    browser.query_params["pick"] = "1,2"
    link.read()
    assert browser.session_state["pick"] == "1,2"
