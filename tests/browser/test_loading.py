"""From one's own file to an explained case: correct a guess, see the sentence change, train, cancel, go on, explain."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser


def customers(n: int = 300) -> bytes:
    """Return a table as people keep it: a title above, decimal commas, days first."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"customer_id": range(1000, 1000 + n), "price_eur": rng.normal(50, 9, n).round(2)})
    frame["since"] = pd.date_range("2020-01-01", periods=n).strftime("%d.%m.%Y")
    frame["churn"] = np.where(frame["price_eur"] + rng.normal(0, 5, n) > 52, "yes", "no")
    return ("Customers of 2020;;\n\n" + frame.to_csv(index=False, sep=";", decimal=",")).encode()


def field(reader: Reader, label: str, text: str) -> None:
    """Write into a field and leave it."""
    box = reader.page.get_by_label(label, exact=True)
    box.fill(text)
    box.press("Enter")


def test_from_a_file_to_an_explained_case(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "Late customers.csv"
    path.write_bytes(customers())
    reader.open("/load")
    reader.page.set_input_files("input[type=file]", str(path))
    reader.says("“Late customers.csv” holds 300 rows and 4 columns.")
    reader.press("load_to_columns")
    reader.says(re.compile(r"The price is €\d"))
    field(reader, "As it stands in a sentence", "each month costs {value:number} euros")
    reader.says(re.compile(r"Each month costs [\d.]+ euros, (lower|higher) than for"))
    reader.says("You changed: the clause.")
    reader.press("load_to_question")
    field(reader, "yes", "lost")
    reader.says(re.compile(r"Of 300 customers, \d+ were lost"))
    reader.press("load_to_train")
    reader.says("No problem was found.")
    reader.press("load_make")
    reader.press("load_cancel")
    reader.says(re.compile("options? (is|are) trained"))
    again = reader.at("load_go_on").locator("button:visible")
    if again.count():  # nothing was ready yet
        again.first.click()
        reader.says(re.compile("[1-5] options? (is|are) trained"))
    expect(reader.at("load_explain")).to_be_visible()
    reader.press("load_explain")
    reader.says("Why this prediction?")
    reader.link_has(study="late-customers")
    if reader.parameter("option") == "no_model":  # training was cancelled before anything else was ready
        expect(reader.answer()).to_contain_text("gives every customer the same score")
    else:
        expect(reader.answer()).to_contain_text("customers")
        reader.says(re.compile(r"[Ee]ach month costs"))
    assert not reader.errors()
