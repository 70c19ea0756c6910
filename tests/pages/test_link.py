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


def test_what_was_replaced_or_dropped_a_moment_ago_does_not_come_back_with_a_late_address(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(link, "monotonic", lambda: now[0])
    for leave in (lambda: link.keep("figures", "hour=40"), lambda: link.drop("figures")):
        link.keep("figures", "hour=60")
        leave()
        browser.query_params["figures"] = "hour=60"  # the browser spoke before it heard of that
        link.read()
        assert "figures" not in browser.session_state
        now[0] += link.LAG + 1
        link.read()  # by now it has heard: somebody went back to it
        assert browser.session_state.pop("figures") == "hour=60"


def test_what_is_dropped_leaves_the_address(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link, "LAG", 0.0)
    link.keep("pick", "1,2")
    link.drop("pick")
    assert browser.query_params == {}
    browser.query_params["pick"] = "1,2"
    link.read()
    assert browser.session_state["pick"] == "1,2"
