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


def test_what_was_replaced_or_dropped_does_not_come_back_with_a_late_address_but_by_going_back(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    link.read()  # the first run of a session
    for at, leave in enumerate((lambda: link.keep("figures", "hour=40"), lambda: link.drop("figures"))):
        link.keep("figures", "hour=50")
        link.keep("figures", "hour=60")
        leave()
        for late in ("hour=60", "hour=50"):  # the browser spoke before it heard of that, or of the one before
            browser.query_params["figures"] = late
            link.read()
            assert "figures" not in browser.session_state
        with monkeypatch.context() as patch:
            patch.setattr(link, "_history", lambda: True)
            link.read()
        assert browser.session_state.pop("figures") == "hour=50"
        browser.query_params["figures"] = "hour=60"  # on another page somebody was led to it
        link.read(f"elsewhere {at}")
        assert browser.session_state.pop("figures") == "hour=60"
        link.read("")


def test_what_is_dropped_leaves_the_address(browser: Browser) -> None:
    link.read()
    link.keep("pick", "1,2")
    link.drop("pick")
    assert browser.query_params == {}
    browser.query_params["pick"] = "3"
    link.read()
    assert browser.session_state["pick"] == "3"


def test_only_so_many_earlier_values_are_remembered(browser: Browser) -> None:
    link.read()
    for number in range(link.MOST_PASSED + 5):
        link.keep("case", number)
    assert len(browser.session_state["passed_case"]) == link.MOST_PASSED
    browser.query_params["case"] = str(link.MOST_PASSED)
    link.read()
    assert "case" not in browser.session_state
