"""The page "My own data": from a file to an explained case, corrections, hostile files, studies kept and removed."""

from __future__ import annotations

import io
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from explainers import kept
from explainers.errors import StudyError
from tests.pages.conftest import Open, told

pytestmark = pytest.mark.usefixtures("home")


def customers(n: int = 240) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "customer_id": range(1000, 1000 + n),
            "price_eur": rng.normal(50, 9, n).round(2),
            "plan": rng.choice(["basic", "plus", "premium"], n),
            "gender": rng.choice(["F", "M"], n),
            "since": pd.date_range("2020-01-01", periods=n).strftime("%d.%m.%Y"),
        }
    )
    frame["churn"] = np.where(frame["price_eur"] + rng.normal(0, 5, n) > 52, "yes", "no")
    frame["churn_reason"] = np.where(frame["churn"] == "yes", "price", "")
    return frame


def german(frame: pd.DataFrame) -> bytes:
    return ("Customers of 2020;;\n\n" + frame.to_csv(index=False, sep=";", decimal=",")).encode()


def brought(page: Open, data: bytes, name: str = "customers.csv", look: str = "file") -> AppTest:
    at = page("load")
    at.file_uploader[0].upload(name, data, "text/csv").run()
    return look_at(at, look) if look != "file" else at


def look_at(at: AppTest, look: str) -> AppTest:
    at.session_state["look"] = look
    return at.run()


def box(at: AppTest, label: str) -> Any:
    return next(s for s in (*at.main.selectbox, *at.main.text_input) if s.label == label)


def test_a_file_becomes_an_explained_case(page: Open) -> None:
    at = brought(page, german(customers()))
    assert "“customers.csv” holds 240 rows and 7 columns." in told(at)
    assert "“Churn reason” gives the answer away." in told(at)
    shown = {s.label: s.value for s in at.main.selectbox}
    assert shown["Names stand in row"] == "3"
    assert shown["Cells are separated by"] == ";"
    assert shown["Decimals are written with a"] == ","
    assert shown["Dates are written with the"] == "day first"
    look_at(at, "columns")
    assert "The price is" in told(at)
    box(at, "Called").set_value("Monthly price").run()
    assert "“Monthly price”" in told(at) or "The price is" in told(at)
    box(at, "As it stands in a sentence").set_value("the monthly price is {value:number} euros").run()
    assert "The monthly price is" in told(at)
    assert "euros, lower than for" in told(at)
    look_at(at, "question")
    assert "were recorded as “Churn: yes”" in told(at)
    box(at, "yes").set_value("lost").run()
    assert "customers, " in told(at)
    assert "were lost" in told(at)
    look_at(at, "train")
    assert "No problem was found." in told(at)
    at.multiselect[0].set_value(["no_model", "rule", "tree"]).run()
    at.button(key="load_make").click().run()
    for _ in range(10):
        if any(b.key == "load_explain" for b in at.button):
            break
        at.run()
    assert "3 options are trained." in told(at)
    at.button(key="load_explain").click().run()
    assert "lost" in told(at)
    assert "the monthly price is" in told(at).lower()
    assert [s.name for s in kept.studies()] == ["customers"]


def test_what_was_detected_can_be_corrected(page: Open) -> None:
    at = brought(page, b"when,a\n03/04/2024,1\n05/06/2024,2\n" + b"07/08/2024,3\n" * 30, "days.csv")
    assert "may be meant with the day or with the month first" in told(at)
    dates = next(s for s in at.main.selectbox if s.label == "Dates are written with the")
    dates.set_value("month first").run()
    assert "may be meant" not in told(at)
    look_at(at, "method")
    assert "month first" in told(at)


def test_a_broken_clause_is_said_and_not_used(page: Open) -> None:
    at = brought(page, german(customers()), look="columns")
    box(at, "As it stands in a sentence").set_value("{value.__class__} x").run()
    assert "cannot be filled in" in told(at)
    assert "__class__ x" not in told(at).replace("'{value.__class__} x'", "").replace("{value.__class__} x", "")


def test_another_outcome_changes_what_gives_it_away(page: Open) -> None:
    at = brought(page, german(customers()), look="question")
    box(at, "The outcome").set_value("plan").run()
    assert "gives the answer away" not in told(at).split("worked out")[0]
    assert "were recorded as “premium”" in told(at)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"a,b\n", "no rows"),
        (pickle.dumps([1]), "pickle"),
        (bytes(range(256)) * 20, "not a table"),
        ((",".join(f"c{i}" for i in range(10_000)) + "\n").encode() * 2, "10,000 columns"),
    ],
)
def test_hostile_files_get_a_calm_answer_and_a_way_back(data: bytes, says: str, page: Open) -> None:
    at = brought(page, data, "../../etc/passwd.csv")
    assert says in told(at)
    assert "/etc" not in told(at)
    at.button(key="load_other").click().run()
    assert at.main.get("file_uploader")


def test_one_row_is_read_and_what_is_missing_for_a_study_is_said(page: Open) -> None:
    at = brought(page, b"a,b\n1,x\n", "one.csv", look="train")
    assert "to be put right before the study can be opened" in told(at)
    assert at.button(key="load_make").disabled


def test_text_out_of_a_file_is_only_text(page: Open) -> None:
    rows = "".join(f"{i},{'yes' if i % 3 else 'no'},=cmd|x\n" for i in range(60))
    at = brought(page, f"<b>x</b>,**sold**,[a](http://b)\n{rows}".encode(), "*x* [y](http://z).csv")
    for look in ("columns", "question", "train", "method"):
        look_at(at, look)
        for element in at.main.markdown:
            assert "](http" not in element.value.replace("\\]\\(http", ""), element.value
        told(at)


def test_studies_are_renamed_removed_and_brought_back(page: Open) -> None:
    name = kept.studies()[0].name
    kept.rename(name, "Who leaves: us?")
    at = page("load")
    assert "Who leaves: us?" in told(at)
    kept.remove(name)
    at.session_state["kept_removed"] = (name, "Who leaves: us?")
    at.run()
    assert "was removed. It can be brought back" in told(at)
    at.button(key="kept_undo").click().run()
    assert [s.title for s in kept.studies()] == ["Who leaves: us?"]


def test_a_study_goes_into_one_file_and_back(home: Path) -> None:
    name = kept.studies()[0].name
    data = kept.pack(name)
    folder = kept.unpack(data, "study.zip")
    assert folder.parent == home / "studies"
    assert folder.name != name
    kept.remove(folder.name)
    assert kept.free_name("Who leaves: us?") != folder.name  # what people wrote of it would be mixed up


@pytest.mark.parametrize(
    "names",
    [
        ("../../evil.yaml", "study.yaml"),
        ("{outside}/evil.csv", "study.yaml"),
        ("a/study.yaml", "b/study.yaml"),
        ("study.yaml", "models/x.pkl"),
        ("study.yaml", "run.py"),
        ("study.yaml", "models/../../x.csv"),
        ("notes.txt",),
    ],
)
def test_a_hostile_study_file_is_refused(names: tuple[str, ...], home: Path, tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in names:
            packed.writestr(name.replace("{outside}", str(tmp_path)), "title: x\n")
    before = {p for p in home.rglob("*") if "store" not in p.parts}
    with pytest.raises(StudyError):
        kept.unpack(out.getvalue(), "x.zip")
    assert {p for p in home.rglob("*") if "store" not in p.parts} == before
    assert not list(tmp_path.iterdir())
    with pytest.raises(StudyError):
        kept.unpack(b"no zip", "x.zip")


@pytest.mark.parametrize("name", ["..", "../x", "", "a/b", ".removed", "x" * 200])
def test_no_name_of_a_reader_becomes_a_path(name: str) -> None:
    for do in (kept.folder, kept.remove, kept.restore, kept.pack):
        with pytest.raises(StudyError):
            do(name)
