"""The page that stands alone, in a browser without a network: charts are drawn, nothing is asked for, nothing runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from explainers.report import parts, web
from tests.explainers.report.test_decks import made

pytestmark = pytest.mark.browser
SIDEWAYS = "() => document.scrollingElement.scrollWidth - document.documentElement.clientWidth"


@contextmanager
def shown(browser: Browser, deck: parts.Deck, folder: Path, *, width: int, scheme: str) -> Iterator[Page]:
    """Open a deck from a file in a browser that cannot reach anything, and fail on any complaint or request."""
    file = folder / "deck.html"
    file.write_text(web.to_html(deck), encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
    page = context.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: complaints.append(str(e)))
    page.on("dialog", lambda d: complaints.append("a dialog"))
    page.on("request", lambda r: asked.append(r.url))
    try:
        page.goto(file.as_uri())
        yield page
        assert complaints == []
        assert asked == [file.as_uri()]
    finally:
        context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (400, "dark")])
def test_it_draws_every_chart_without_a_network(browser: Browser, tmp_path: Path, width: int, scheme: str) -> None:
    deck = made("binary")
    charts = sum(len(s.exhibits) for s in deck.sections)
    with shown(browser, deck, tmp_path, width=width, scheme=scheme) as page:
        page.wait_for_function(f"() => document.querySelectorAll('.chart .main-svg').length >= {charts}")
        assert page.locator("section").count() == len(deck.sections)
        assert page.evaluate(SIDEWAYS) <= 0
        ink = page.evaluate("() => getComputedStyle(document.querySelector('.chart .ytick text')).fill")
        assert (int(ink.split("(")[1].split(",")[0]) > 128) == (scheme == "dark")


def test_hostile_names_run_nothing(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, made("odd names"), tmp_path, width=1440, scheme="light") as page:
        page.wait_for_selector(".chart .main-svg")
        assert page.locator("main :is(img, iframe, b, i)").count() == 0
        assert "<b>size</b>" in page.locator("main").inner_text()


def test_it_prints_on_white_within_the_page(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, made("binary"), tmp_path, width=1440, scheme="dark") as page:
        page.wait_for_selector(".chart .main-svg")
        printed = page.pdf(format="A4")
        assert printed.startswith(b"%PDF")
        page.emulate_media(media="print")
        assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
