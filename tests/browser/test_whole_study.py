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


@pytest.mark.parametrize("forms", [("slides",), pytest.param(("page", "report"), marks=pytest.mark.promise)])
def test_what_is_taken_along_says_what_the_page_says(reader: Reader, forms: tuple[str, ...]) -> None:
    page = reader.open(PAGE)
    headline = reader.answer().locator("h3").inner_text()
    for name in forms:
        reader.press(f"export_{name}_make")
        expect(reader.at(f"export_{name}_download")).to_be_visible(timeout=90_000)
        file, data = download(reader, f"export_{name}_download")
        if name == "slides":
            assert file.endswith(".pptx")
            titles = [s.shapes.title.text_frame.text for s in Presentation(io.BytesIO(data)).slides]
            assert headline in titles
        else:
            assert file.endswith(".html")
            assert headline in data.decode()
            assert len(data) < 8_000_000
    # Another audience is another file: what was made before is not handed out for it.
    page.get_by_role("radio", name="Technical").click()
    reader.settle()
    expect(reader.at(f"export_{forms[0]}_download")).to_have_count(0)
    reader.says("What is on screen changed since this was made.")
