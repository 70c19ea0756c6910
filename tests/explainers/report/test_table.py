from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.report.table import STARTS, filename, reasons_frame, to_csv
from tests.words.samples import explained, loans


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("start", STARTS)
def test_no_text_starts_a_formula(start: str) -> None:
    cell = f"{start}cmd|' /C calc'!A0"
    rows = read(to_csv(pd.DataFrame({cell: [cell, " " + cell]})))
    assert rows == [["'" + cell], ["'" + cell], ["' " + cell]]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), min_size=1, max_size=5))
def test_cells_come_back_and_never_start_a_formula(cells: list[str]) -> None:
    rows = read(to_csv(pd.DataFrame({"a": cells, "n": range(len(cells))})))
    back = [row[0] for row in rows[1:]]
    assert [b.removeprefix("'") if not c.startswith("'") else b for b, c in zip(back, cells, strict=True)] == cells
    assert not any(b.startswith(STARTS) for b in back)


def test_numbers_are_untouched_and_letters_survive() -> None:
    frame = pd.DataFrame(
        {"x": [-1.5, np.nan], "y": [np.int64(-2), 3], "z": ["Zoë", None], "w": [True, False]}, index=[7, 8]
    )
    data = to_csv(frame)
    assert data.startswith("﻿".encode())
    assert read(data) == [["x", "y", "z", "w"], ["-1.5", "-2", "Zoë", "True"], ["", "3", "", "False"]]


def test_two_columns_of_one_name_both_survive() -> None:
    frame = pd.DataFrame([["=1", "b"]], columns=["a", "a"])
    assert read(to_csv(frame)) == [["a", "a"], ["'=1", "b"]]


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("Boston mortgages", "../17"), "boston-mortgages-17.csv"),
        (("../../etc/passwd",), "etc-passwd.csv"),
        (("",), "bakeoff.csv"),
        (("äöü ß",), "aou.csv"),
        (("x" * 300,), "x" * 80 + ".csv"),
    ],
)
def test_file_names_are_safe(parts: tuple[str, ...], name: str) -> None:
    assert filename(*parts) == name


def test_reasons_as_a_table_use_the_labels_and_add_up() -> None:
    study = loans()
    e = explained(study, "trees", [0.2, -0.1, 0.05, 0.004, 0.0], base=0.12)
    table = reasons_frame(e, study)
    amount = table["amount (probability)"]
    assert amount.iloc[:-1].sum() == pytest.approx(amount.iloc[-1])
    assert list(table["what"])[:3] == ["average it is compared with", "Debt payments", "Credit history"]
    assert list(table["shown as a reason"].dropna()) == ["yes", "yes", "yes", "no", "no"]
    assert "debt" not in table.to_string()
