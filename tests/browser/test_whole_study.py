"""Taking the whole study along: made in the background, cancelled, made anew; the file says what the page says."""

from __future__ import annotations

import io

import pytest
from playwright.sync_api import expect
from pptx import Presentation

from tests.browser.conftest import Reader
from tests.browser.test_taking_along import download

pytestmark = pytest.mark.browser
PAGE = "/decision?study=houses&option=logistic&look=take"


def test_slides_and_page_are_made_and_say_what_the_page_says(reader: Reader) -> None:
    page = reader.open(PAGE)
    headline = reader.answer().locator("h3").inner_text()
    for name, ending in (("slides", ".pptx"), ("page", ".html"), ("report", ".html")):
        reader.press(f"export_{name}_make")
        expect(reader.at(f"export_{name}_download")).to_be_visible(timeout=90_000)
        file, data = download(reader, f"export_{name}_download")
        assert file.endswith(ending)
        if name == "slides":
            titles = [s.shapes.title.text_frame.text for s in Presentation(io.BytesIO(data)).slides]
            assert headline in titles
        else:
            text = data.decode()
            assert headline in text
            assert len(data) < 8_000_000
    # Another audience is another file: what was made before is not handed out for it.
    page.get_by_role("radio", name="Technical").click()
    reader.settle()
    expect(reader.at("export_slides_download")).to_have_count(0)
    reader.says("What is on screen changed since this was made.")
