from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser


def download(reader: Reader, key: str) -> tuple[str, bytes]:
    with reader.page.expect_download() as waiting:
        reader.at(key).locator("button:visible").first.click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def test_letter_and_table_say_what_the_screen_says(reader: Reader) -> None:
    reader.open("/explain?study=boston_mortgages&option=boosting&case=461")
    reader.press("take_along")
    name, letter = download(reader, "letter_text")
    text = letter.decode()
    assert name.endswith(".txt")
    assert "461" in name
    for part in ("Sample study: not for decisions", "461", "samples@example.org", "You can challenge"):
        assert part.lower() in text.lower()
    for protected in ("race", "Race", "marital", "single"):
        assert protected not in text

    name, page = download(reader, "letter_html")
    assert name.endswith(".html")
    html = page.decode()
    assert "<script" not in html
    assert "http" not in html.replace("http-equiv", "")
    assert "not for decisions" in html

    name, table = download(reader, "csv")
    assert name == "reasons-boston-mortgages-boosting-461.csv"
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    amount = next(k for k in rows[0] if k.startswith("amount"))
    assert rows[0]["what"] == "average it is compared with"
    assert rows[-1]["what"] == "answer"
    assert sum(float(r[amount]) for r in rows[:-1]) == pytest.approx(float(rows[-1][amount]), abs=1e-9)
    assert f"{round(100 * float(rows[-1][amount]))} in 100" in reader.answer().inner_text()
    assert "Debt payments" in {r["what"] for r in rows}


def test_the_option_with_protected_characteristics_gives_no_letter_and_says_why(reader: Reader) -> None:
    reader.open("/explain?study=boston_mortgages&option=logistic_protected&case=461")
    reader.press("take_along")
    expect(reader.popover()).to_contain_text("No letter")
    expect(reader.popover()).to_contain_text("protected")
    expect(reader.at("letter_text")).to_have_count(0)
    expect(reader.at("csv")).to_be_visible()
