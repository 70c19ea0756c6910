"""500 columns, 10,000 levels and 100,000 rows open and stay usable: every page, an explanation, within sane memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from explainers import Study, open_study
from explainers.attribution import explain
from tests.pages.conftest import told
from tests.studies.conftest import opened

LEVELS = 10_000


def table(rows: int, columns: int, *, levels: int) -> pd.DataFrame:
    """Numbers, four levels, and one column of very many levels; the outcome follows from two of them."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(rows, columns - 2)).round(3), columns=[f"n{i}" for i in range(columns - 2)])
    frame["kind"] = rng.choice(["a", "b", "c", "d"], rows)
    frame["town"] = np.char.add("town ", (np.arange(rows) % levels).astype(str))
    score = frame["n0"] + (frame["kind"] == "a") + rng.logistic(size=rows)
    frame["out"] = np.where(score > 0.5, "yes", "no")
    return frame


def kept(folder: Path, rows: int, columns: int) -> Study:
    frame = table(rows, columns, levels=min(LEVELS, rows // 5))
    study = Study.from_frame(
        frame,
        target="out",
        positive="yes",
        candidates={name: name for name in ("no_model", "tree")},
        dictionary={"town": {"kind": "categorical", "role": "feature"}},
        name="large",
        first="tree",
    )
    study.save(folder / "large")
    return study


@pytest.fixture(autouse=True)
def workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    from explainers import jobs
    from pages.parts import cached

    monkeypatch.setenv("BAKEOFF_STUDIES", str(tmp_path))
    monkeypatch.setenv("BAKEOFF_HOME", str(tmp_path / "home"))
    yield
    jobs.shutdown()
    cached.forget(tmp_path / "large")


def usable(folder: Path) -> dict[str, float]:
    """Open the study, explain a case and show every page; return the seconds of each."""
    took: dict[str, float] = {}

    def timed(name: str, do: Callable[[], object]) -> object:
        began = time.perf_counter()
        found = do()
        took[name] = time.perf_counter() - began
        return found

    study = timed("opening it again", lambda: open_study(folder / "large", build=False))
    assert isinstance(study, Study)
    case = str(study.case_ids[(study.split == "test").to_numpy()][0])
    found = explain(study, "tree", study.row(case))
    assert abs(found.values.sum() - (found.predictions - found.base_values)[0]) < 1e-9
    for page in ("home", "explain", "looks_at"):
        at = timed(page, lambda page=page: shown(page, case))
        assert isinstance(at, AppTest)
        text = told(at)
        assert "Something went wrong" not in text
        assert len(text) > 200
    at = shown("explain", case)
    other = str(study.case_ids[(study.split == "test").to_numpy()][3])
    timed("another case", lambda: at.selectbox(key="case").set_value(other).run())
    assert not at.exception
    return took


def shown(page: str, case: str) -> AppTest:
    return opened(page, patience=180, study="large", option="tree", case=case)


@pytest.mark.parametrize(("rows", "columns"), [pytest.param(3_000, 500, marks=pytest.mark.promise), (100_000, 12)])
def test_many_columns_many_levels_many_rows(tmp_path: Path, rows: int, columns: int) -> None:
    kept(tmp_path, rows, columns)
    took = usable(tmp_path)
    assert took["another case"] < 15


@pytest.mark.promise
def test_all_of_it_at_once(tmp_path: Path, promise: Callable[[str, str], None]) -> None:
    import psutil

    kept(tmp_path, 100_000, 500)
    took = usable(tmp_path)
    memory = psutil.Process().memory_info().rss / 1e6
    promise(
        "500 columns, 10,000 levels and 100,000 rows open and stay usable",
        ", ".join(f"{name} {s:.1f} s" for name, s in took.items()) + f"; {memory:,.0f} MB with the test itself",
    )
    assert took["opening it again"] < 20
    assert memory < 4_000
