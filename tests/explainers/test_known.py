"""What was found out about the same files is used again, and never about other ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from explainers import Study, open_study, store
from explainers.load import known, making


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BAKEOFF_HOME", str(tmp_path / "home"))
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": rng.normal(size=90), "same": 1.0, "out": ["no", "yes", "no"] * 30})
    return Study.from_frame(frame, target="out", candidates=("no_model",), name="little").save(tmp_path / "little")


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whenever problems are really looked for, or the data are really read through for their key."""
    done: list[str] = []
    for name in ("checks", "data_key"):
        real = getattr(making, name)
        monkeypatch.setattr(
            making, name, lambda *a, _real=real, _name=name, **k: (done.append(_name), _real(*a, **k))[1]
        )
    return done


def test_the_second_opening_finds_the_same_without_looking(folder: Path, looks: list[str]) -> None:
    first = open_study(folder, build=False)
    looks.clear()
    again = open_study(folder, build=False)
    assert looks == []
    assert [told(p) for p in again.problems] == [told(p) for p in first.problems]
    assert first.problems  # there is something to find: a column with one value
    assert (again.data_key, again.fingerprint) == (first.data_key, first.fingerprint)


def told(problem: object) -> tuple[str, ...]:
    return tuple(str(getattr(problem, name)) for name in ("code", "where", "message", "remedy", "severity"))


@pytest.mark.parametrize("file", ["data.parquet", "study.yaml", "split.csv"])
def test_a_changed_file_is_looked_at_again(folder: Path, looks: list[str], file: str) -> None:
    before = open_study(folder, build=False)
    looks.clear()
    path = folder / file
    if file == "data.parquet":
        frame = pd.read_parquet(path)
        frame.loc[3, "x"] = 5.0
        frame.to_parquet(path)
    elif file == "split.csv":
        path.write_text(path.read_text().replace("test", "train", 1))
    else:
        path.write_text(path.read_text() + "\n# a remark\n")
    after = open_study(folder, build=False)
    assert looks == ["checks", "data_key"]
    assert (after.data_key == before.data_key) is (file == "study.yaml")


def test_other_code_looks_again(folder: Path, looks: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    open_study(folder, build=False)
    looks.clear()
    monkeypatch.setattr(known, "_code", lambda: [[1, 2]])
    open_study(folder, build=False)
    assert looks == ["checks", "data_key"]


def test_a_damaged_note_is_no_note(folder: Path, looks: list[str]) -> None:
    open_study(folder, build=False)
    for place in (store.home() / "store" / known.KIND).rglob("*.bake"):
        place.write_bytes(b"nothing")
    looks.clear()
    open_study(folder, build=False)
    assert looks == ["checks", "data_key"]


def test_a_study_with_an_error_is_not_noted(folder: Path) -> None:
    (folder / "study.yaml").write_text((folder / "study.yaml").read_text().replace("target: out", "target: gone"))
    before = set((store.home() / "store" / known.KIND).rglob("*.bake"))
    for _ in range(2):
        with pytest.raises(Exception, match="gone"):
            open_study(folder, build=False)
    assert set((store.home() / "store" / known.KIND).rglob("*.bake")) == before


def test_a_name_that_is_no_path_does_no_harm() -> None:
    assert known.recall([Path("a\0b"), Path("nowhere")]).checks is None
