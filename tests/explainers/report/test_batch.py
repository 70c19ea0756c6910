"""A whole file explained: the same answers and reasons as case by case, four at most, and no row is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from explainers import Study
from explainers.attribution import explain
from explainers.errors import CaseError, StudyError
from explainers.reasons import reasons
from explainers.report import batch
from explainers.report.batch import COLUMNS, explain_file


def written(
    study: Study, name: str, frame: pd.DataFrame, folder: Path, ending: str = ".csv", **more: object
) -> pd.DataFrame:
    source, out = folder / "new.csv", folder / f"why{ending}"
    frame.to_csv(source, index=False)
    explain_file(study, name, source, out, **more)  # type: ignore[arg-type]
    return pd.read_csv(out, dtype={"case": str}) if ending == ".csv" else pd.read_parquet(out)


@pytest.mark.parametrize("kind", ["regression", "binary", "three classes", "missing values"])
def test_rows_say_what_single_cases_say(kind: str, study_of: Callable[[str], Study], tmp_path: Path) -> None:
    study = study_of(kind)
    frame = study.frame.head(7)
    table = written(study, "formula", frame, tmp_path, ".parquet")
    assert list(table.columns) == list(COLUMNS)
    assert len(table) == 7
    for i in range(7):
        found = explain(study, "formula", frame.iloc[[i]], pairs=2)
        want = reasons(found, study)
        row = table.iloc[i]
        assert row["answer"] == pytest.approx(want.prediction)
        shown = [row[f"reason_{k}_column"] for k in range(1, 5) if row[f"reason_{k}_column"]]
        assert shown == [r.feature for r in want.shown]
        amounts = sum(row[f"reason_{k}_amount"] for k in range(1, len(shown) + 1))
        assert row["average"] + amounts + row["others_amount"] == pytest.approx(row["answer"], abs=1e-9)
        assert all(row[f"reason_{k}"] for k in range(1, len(shown) + 1))


def test_no_more_than_four_reasons_and_the_others_make_up_the_answer(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(rng.normal(size=(400, 6)), columns=list("abcdef"))
    frame["paid"] = frame.sum(axis=1) * 10 + rng.normal(size=400)
    study = Study.from_frame(frame, target="paid", candidates={"formula": "formula"})
    table = written(study, "formula", frame.head(5), tmp_path)
    assert not [name for name in table if name.startswith("reason_5")]
    amounts = table[[f"reason_{k}_amount" for k in range(1, 5)]].sum(axis=1)
    assert np.allclose(table["average"] + amounts + table["others_amount"], table["answer"], atol=1e-9)
    assert (table["others_amount"].abs() > 1).any(), "six things count here"


def test_only_reasons_towards_the_outcome_where_that_is_asked(mortgages: Study, tmp_path: Path) -> None:
    frame = mortgages.frame.head(12).drop(columns="denied")
    table = written(mortgages, "formula", frame, tmp_path, only="towards")
    amounts = table[[f"reason_{k}_amount" for k in range(1, 5)]].to_numpy()
    assert np.nanmin(amounts) > 0
    assert table["case"].tolist() == mortgages.case_ids[:12].tolist()
    assert table["says"].str.contains("turned down").all()


def test_a_row_that_cannot_be_answered_says_why_and_the_others_are_answered(mortgages: Study, tmp_path: Path) -> None:
    frame = mortgages.frame.head(9).astype(object)
    frame.loc[frame.index[4], "loan_to_value"] = "high"
    source, out = tmp_path / "new.csv", tmp_path / "why.csv"
    frame.to_csv(source, index=False)
    assert explain_file(mortgages, "tree", source, out) == (9, 1)
    table = pd.read_csv(out)
    assert "'loan_to_value' should be a number" in table["problem"].iloc[4]
    assert table["problem"].isna().sum() == 8
    assert table["answer"].notna().sum() == 8


def test_many_blocks_make_one_table(mortgages: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = mortgages.frame.head(11)
    whole = written(mortgages, "rule", frame, tmp_path)
    monkeypatch.setattr(batch, "BLOCK", 4)
    told: list[float] = []
    for ending in (".csv", ".parquet"):
        parts = written(mortgages, "rule", frame, tmp_path, ending, progress=lambda f, _: told.append(f))
        assert len(parts) == 11
        np.testing.assert_allclose(parts["answer"], whole["answer"])
    assert told[0] == 0.0
    assert told[-1] == 1.0


def test_cells_never_start_a_formula(study_of: Callable[[str], Study], tmp_path: Path) -> None:
    study = study_of("odd names")
    source, out = tmp_path / "new.csv", tmp_path / "why.csv"
    study.frame.head(30).to_csv(source, index=False)
    explain_file(study, "tree", source, out)
    cells = pd.read_csv(out, dtype=str, keep_default_na=False)
    assert not cells.map(lambda v: v.startswith(("=", "+", "@"))).to_numpy().any()


def test_what_is_missing_is_said_and_nothing_is_left_behind(mortgages: Study, tmp_path: Path) -> None:
    source = tmp_path / "new.csv"
    mortgages.frame.head(3)[["denied"]].to_csv(source, index=False)
    with pytest.raises(CaseError, match="lacks"):
        explain_file(mortgages, "tree", source, tmp_path / "why.csv")
    with pytest.raises(StudyError, match=r"\.csv or \.parquet"):
        explain_file(mortgages, "tree", source, tmp_path / "why.xlsx")
    mortgages.frame.head(3).to_csv(source, index=False)
    with pytest.raises(StudyError, match="another folder"):
        explain_file(mortgages, "tree", source, tmp_path / "gone" / "why.csv")
    assert [p.name for p in tmp_path.iterdir()] == ["new.csv"]
