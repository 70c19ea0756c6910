from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import reading, serving
from tests.pages.hostile import TEXTS

pytestmark = pytest.mark.browser
PLACES = ("paragraph", "heading", "caption", "badge", "label")
READ = """places => Object.fromEntries(places.map(place => [place, [...Array(COUNT).keys()].map(at => {
  const text = ':is([data-testid="stMarkdownContainer"], [data-testid="stCaptionContainer"])';
  return document.querySelector(`.st-key-${place}_${at} ${text}`)?.textContent ?? null; })]))"""


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u2060", "")).strip()


def test_every_hostile_text_is_shown_exactly(browser: Browser, tmp_path: Path) -> None:
    with (
        serving(tmp_path, tmp_path / "log", script="tests/browser/escaping_page.py") as address,
        reading(browser, address) as reader,
    ):
        reader.open("/")
        reader.page.wait_for_selector("table td")
        shown = reader.page.evaluate(READ.replace("COUNT", str(len(TEXTS))), list(PLACES))
        cells = reader.page.locator("table tbody td").all_text_contents()
        for place in PLACES:
            wrong = [
                (t, s) for t, s in zip(TEXTS, shown[place], strict=True) if s is None or squeezed(s) != squeezed(t)
            ]
            assert wrong == [], place
        assert [squeezed(c) for c in cells] == [squeezed(t) for t in TEXTS]
        assert (
            reader.page.locator(
                "[data-testid='stMain'] :is(a:not([aria-label]), img, .katex, code, em, del, mark)"
            ).count()
            == 0
        )
