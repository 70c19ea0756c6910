"""A model that somebody has already: its file stands beside the data, becomes an option, and explains a case."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Reader
from tests.evil import Evil
from tests.explainers import model_files

pytestmark = pytest.mark.browser


def houses(path: Path) -> Path:
    frame = model_files.rows().assign(case=[f"h{i}" for i in range(model_files.N)])
    frame.assign(sold=model_files.outcome("two")).to_csv(path, index=False)
    return path


def test_a_model_file_from_the_upload_to_an_explained_case(reader: Reader, tmp_path: Path) -> None:
    model_files.skops_file(tmp_path / "Bank score.skops", "two")
    canary = tmp_path / "canary"
    (tmp_path / "old.pkl").write_bytes(pickle.dumps(Evil(canary)))
    reader.open("/load")
    reader.page.set_input_files("input[type=file]", str(houses(tmp_path / "Late houses.csv")))
    reader.says("“Late houses.csv” holds 240 rows and 5 columns.")
    reader.look("4 The options")
    reader.says("No problem was found.")
    reader.page.set_input_files("input[type=file]", str(tmp_path / "old.pkl"))
    reader.says("“old.pkl” cannot be used.")
    reader.says("can run any code when they are opened")
    reader.page.get_by_role("button", name="Remove", exact=True).click()
    expect(reader.page.locator('[data-testid="stMain"]')).not_to_contain_text("old.pkl")
    reader.page.set_input_files("input[type=file]", str(tmp_path / "Bank score.skops"))
    reader.says("“Bank score.skops” fits these data and says which of 2 outcomes is likeliest.")
    reader.says("Rows that it has seen cannot be told from new ones")
    name = reader.page.get_by_label("Called", exact=True)
    name.fill("The bank’s score")
    name.press("Enter")
    reader.press("load_make")
    reader.says(re.compile("5 of 6|6 of 6|6 options are ready"))
    reader.says(re.compile("6 of 6|6 options are ready"))
    reader.says("6 options are ready")
    reader.says("“The bank’s score” came as a file and was measured on the same rows.")
    reader.press("load_explain")
    reader.says("Why this prediction?")
    reader.link_has(study="late-houses", option="bank_score")
    expect(reader.answer()).to_contain_text("recorded as “Sold: yes”")
    expect(reader.answer()).to_contain_text("Size: ")
    assert not canary.exists()
    assert not reader.errors()
