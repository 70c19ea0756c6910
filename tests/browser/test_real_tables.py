"""Real tables that ship in packages, from a file to an explained case in the browser, with nothing corrected."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Reader
from tests.explainers.guess_answers import TABLES
from tests.explainers.office_sheets import N, saved

pytestmark = [pytest.mark.browser, pytest.mark.promise]
ROWS = 600
COSTLY = 2
"""How many of the standard options are left out: the last ones, which take longest."""
WAYS = ("csv", "xlsx", "parquet", "csv.gz", "feather")
FEWEST = 15
ANSWER = re.compile(r"(the option says|with a score like this were|[Tt]he score for being|gives every)")
BROWSED = (
    *("iris", "breast_cancer", "diabetes", "fair", "anes96", "macrodata", "randhie", "ccard"),
    *("grunfeld", "statecrime", "heart", "modechoice", "tips", "gapminder", "boston_mortgages", "saratoga_heating"),
)


def written(name: str, way: str, folder: Path) -> tuple[Path, int]:
    """Write a table as a file of some kind; return it with the number of its rows."""
    frame = TABLES[name].frame()
    frame = frame.sample(ROWS, random_state=0).sort_index() if len(frame) > ROWS else frame
    frame.columns = [str(c) for c in frame.columns]
    frame = frame.reset_index(drop=True)
    path = folder / f"{name}.{way}"
    if way == "xlsx":
        frame.to_excel(path, index=False)
    elif way == "parquet":
        frame.to_parquet(path)
    elif way == "feather":
        frame.to_feather(path)
    else:
        frame.to_csv(path, index=False)
    return path, len(frame)


def explained(reader: Reader, path: Path, rows: int) -> str:
    """Bring a file, train the quick options as they are offered, open a case; return its answer."""
    reader.open("/load")
    reader.page.set_input_files("input[type=file]", str(path))
    reader.says(re.compile(rf"holds {rows:,} rows and \d+ columns"))
    reader.look("4 The options")
    box = reader.page.get_by_role("combobox", name="Options to try")
    for _ in range(COSTLY):
        box.press("Backspace")
        reader.settle()
    reader.press("load_make")
    reader.says(re.compile(rf"(?<!\d)[1-{5 - COSTLY}] options? (is|are) trained"))
    reader.press("load_explain")
    reader.says("Why this prediction?")
    expect(reader.answer()).to_contain_text(ANSWER)
    return reader.answer().inner_text()


def test_real_tables_go_from_a_file_to_an_explained_case(reader: Reader, tmp_path: Path, promise: Any) -> None:
    took: dict[str, float] = {}
    for i, name in enumerate(BROWSED):
        path, rows = written(name, WAYS[i % len(WAYS)], tmp_path)
        begun = time.monotonic()
        said = explained(reader, path, rows)
        took[name] = time.monotonic() - begun
        assert ANSWER.search(said), (name, said)
        assert not reader.errors(), (name, reader.errors())
    assert len(took) >= FEWEST
    slowest = max(took, key=lambda n: took[n])
    promise(
        "Real tables go from a file to an explained case in the browser with nothing corrected",
        f"{len(took)} of {len(BROWSED)} tables in {sum(took.values()):.0f} s, slowest {slowest} {took[slowest]:.0f} s",
    )


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_a_sheet_of_libreoffice_with_a_title_and_decimal_commas(
    ending: str, reader: Reader, tmp_path: Path, promise: Any
) -> None:
    path = saved(tmp_path, ending)
    reader.open("/load")
    reader.page.set_input_files("input[type=file]", str(path))
    reader.says(f"holds {N} rows and 6 columns")
    reader.says("1 row above the names of the columns was left out.")
    reader.says("Kunden des Jahres 2020")
    reader.look("2 The columns")
    reader.says(re.compile(r"“Preis” is €\d+\.\d+"))
    said = explained(reader, path, N)
    assert not reader.errors()
    promise(f"A sheet of LibreOffice ({ending}) with a title and decimal commas is explained in the browser", said[:60])
