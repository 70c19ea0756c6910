"""Brought model files below the pages: names that are safe, answers that are compared, nothing that is run or left."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from explainers import kept, model_uploads, open_study, store, uploads
from explainers.errors import StudyError
from tests.explainers import model_files


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BAKEOFF_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def ask(target: str, **more: Any) -> dict[str, Any]:
    """Return what the page sends of a table."""
    frame = model_files.rows().assign(case=[f"h{i}" for i in range(model_files.N)], **more)
    frame["outcome"] = model_files.outcome(target)
    upload = uploads.bring(io.BytesIO(frame.to_csv(index=False).encode()), "houses.csv")
    read = uploads.read_upload(key=upload.key, name="houses.csv")
    found = uploads.guess_upload(key=upload.key, table=read["table"], target="outcome")
    about = {"title": "Houses", "target": "outcome", "split": "random"}
    return {"key": upload.key, "table": read["table"], "entries": found["entries"], "about": about}


def brought(path: Path, **more: Any) -> dict[str, Any]:
    with path.open("rb") as file:
        upload = uploads.bring(file, path.name)
    return {"key": upload.key, "name": path.name, "option": "mine", "label": "Mine", **more}


@pytest.mark.parametrize("name", ["../../x.skops", "/etc/passwd", "..", ".", "", "a\x00b.pkl", "é.ONNX", "x" * 999])
def test_no_name_of_a_file_leads_anywhere(name: str) -> None:
    found = model_uploads.file_name(name)
    assert found == Path(found).name
    assert found.strip(". ") != ""
    assert "\x00" not in found
    assert len(found.encode()) < 250
    option = model_uploads.option_name(name, [])
    assert model_uploads.relative({"option": option, "name": name}) == f"{option}/{found}"


@pytest.mark.parametrize("option", ["..", "a/b", "", "A", "x" * 99])
def test_no_option_is_a_path(option: str) -> None:
    with pytest.raises(StudyError):
        model_uploads.relative({"option": option, "name": "x.skops"})


def test_a_file_is_put_where_nothing_is_trusted_and_taken_away_again(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from explainers.models import trusted

    path = tmp_path / "x.pkl"
    path.write_bytes(b"whatever")
    monkeypatch.setenv(trusted.SETTING, str(tmp_path))  # the home lies in a trusted folder
    model = brought(path)
    with model_uploads.placed([model]) as place:
        assert place.is_relative_to(home)
        assert not trusted.is_trusted(place / model_uploads.relative(model))
    assert not list((home / "uploads").glob(".model-*"))
    assert "can run any code" in model_uploads.try_model(model=model, **ask("two"))["refused"]


def test_figures_are_those_of_the_answers(tmp_path: Path) -> None:
    path, said, _ = model_files.write("formula with coefficients", "two", tmp_path)
    found = model_uploads.try_model(model=brought(path), **ask("two"))
    assert found["n"] == 48
    assert found["part"] == "test"
    assert {r["was"] for r in found["rows"]} == {"no", "yes"}
    for row in found["rows"]:
        assert row["answers"] == pytest.approx(said[int(row["case"][1:])].tolist())
    assert 0 <= found["found"] <= found["n_positive"] <= found["n"]
    assert found["agree"] == found["found"] + found["n"] - found["n_positive"] - found["flagged"]


def test_a_usual_error_is_the_mean_distance(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    truth = model_files.outcome("numbers")
    table = pd.DataFrame({"case": [f"h{i}" for i in range(model_files.N)], "prediction": truth + 7.5})
    table.to_csv(path, index=False)
    assert model_uploads.try_model(model=brought(path), **ask("numbers"))["off"] == pytest.approx(7.5)


@pytest.mark.parametrize("digits", [0, 2, 12])
@pytest.mark.parametrize("moved", [0, 3])
def test_rounded_answers_are_the_same_and_others_are_counted(digits: int, moved: int, tmp_path: Path) -> None:
    path, said, _ = model_files.write("formula with coefficients", "numbers", tmp_path)
    data = ask("numbers")
    rows = model_uploads.try_model(model=brought(path), **data)
    assert rows["n"] == 48
    column = np.round(said, digits)
    places = [int(r["case"][1:]) for r in rows["rows"]][:moved]
    column[places] += 5.0
    found = model_uploads.try_model(model=brought(path), beside="column:earlier", **ask("numbers", earlier=column))
    assert found["beside"]["apart"] == moved
    assert found["beside"]["n"] == 48


@pytest.mark.parametrize(
    ("column", "says"), [(["a", "b"] * 120, "holds no answers"), ([2.0, 3.0] * 120, "neither outcomes nor chances")]
)
def test_a_column_without_answers_is_said(column: list[Any], says: str, tmp_path: Path) -> None:
    path, _, _ = model_files.write("formula with coefficients", "two", tmp_path)
    found = model_uploads.try_model(model=brought(path), beside="column:earlier", **ask("two", earlier=column))
    assert says in found["beside"]["failed"]
    assert found["n"] == 48


def test_labels_and_chances_of_a_column_are_compared(tmp_path: Path) -> None:
    path, said, _ = model_files.write("formula with coefficients", "two", tmp_path)
    model = brought(path)
    labels = np.where(said[:, 1] > 0.5, "yes", "no")
    for column in (labels, said[:, 1].round(3)):
        found = model_uploads.try_model(model=model, beside="column:earlier", **ask("two", earlier=column))
        assert found["beside"]["apart"] == 0, found["beside"]
    found = model_uploads.try_model(model=model, beside="column:earlier", **ask("two", earlier=1 - said[:, 1]))
    assert found["beside"]["apart"] > 40


def test_a_model_under_other_names_answers_by_place_and_survives_keeping(tmp_path: Path) -> None:
    import skops.io

    from explainers import build, predict

    made = model_files.pipeline("two")
    frame = model_files.rows()
    other = frame.rename(columns={"size": "Living area", "age": "AGE"})
    from sklearn.compose import make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    encode = make_column_transformer((SimpleImputer(), ["Living area", "AGE"]), (OneHotEncoder(), ["heating"]))
    made = make_pipeline(encode, LogisticRegression(max_iter=500)).fit(other, model_files.outcome("two"))
    skops.io.dump(made, tmp_path / "m.skops")
    data = ask("two")
    model = brought(tmp_path / "m.skops")
    assert "task" not in model_uploads.try_model(model=model, **data)
    model["columns"] = ["size", "age", "heating"]
    assert model_uploads.try_model(model=model, **data)["n"] == 48
    done = uploads.keep_upload(**data, options=[], models=[model])
    study = build.build(open_study(done["folder"], build=False))
    expected = made.predict_proba(other)
    assert np.allclose(predict.predict(study, "mine", study.frame).to_numpy(), expected)
    build._memory.clear()
    assert np.allclose(predict.predict(study, "mine", study.frame).to_numpy(), expected)  # from the store


def test_what_does_not_fit_leaves_a_kept_study_as_it_was(tmp_path: Path, home: Path) -> None:
    data = ask("two")
    done = uploads.keep_upload(**data, options=["no_model"])
    folder = Path(done["folder"])
    before = {p.name: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    path, _, _ = model_files.write("formula with coefficients", "numbers", tmp_path)
    assert "cannot be added" in kept.add_models(name=done["name"], models=[brought(path)])["message"]
    assert {p.name: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before
    path, _, _ = model_files.write("formula with coefficients", "two", tmp_path)
    for name in ("mine", "mine_2"):
        assert kept.add_models(name=done["name"], models=[brought(path)])["options"] == [name]
    assert sorted(p.name for p in (folder / "models").iterdir()) == ["mine.json", "mine_2.json"]
    assert kept.unpack(kept.pack(done["name"]), "x.zip").is_dir()
    with pytest.raises(StudyError):
        kept.add_models(name="../x", models=[brought(path)])
    assert store.home() == home


def test_a_model_is_taken_off_a_kept_study_and_comes_back_as_it_was(tmp_path: Path) -> None:
    done = uploads.keep_upload(**ask("two"), options=["no_model"])
    folder = Path(done["folder"])
    path, _, _ = model_files.write("formula with coefficients", "two", tmp_path)
    model = {**brought(path), "label": "Our score"}
    assert kept.add_models(name=done["name"], models=[model])["options"] == ["mine"]
    before, first = {p.name: p.read_bytes() for p in folder.rglob("*") if p.is_file()}, open_study(folder).first
    assert [c.name for c in model_uploads.removable(open_study(folder, build=False))] == ["mine"]
    gone = model_uploads.take_off(name=done["name"], option="mine")
    assert (gone["label"], gone["option"]) == ("Our score", "mine")
    assert list(open_study(folder, build=False).candidates) == ["no_model"]
    assert not (folder / "models").exists()
    with pytest.raises(StudyError, match="not there any more"):
        model_uploads.take_off(name=done["name"], option="mine")
    with pytest.raises(StudyError, match="only one"):
        model_uploads.take_off(name=done["name"], option="no_model")
    assert kept.add_models(name=done["name"], models=[gone])["options"] == ["mine"]
    after = {p.name: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    again, once = (yaml.safe_load(files.pop("study.yaml")) for files in (after, before))
    assert after == before
    assert {k: v for k, v in again.items() if k != "first"} == once
    assert again == once
    assert open_study(folder).first == first


def test_a_formula_that_would_run_code_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    text = {"bakeoff": "formula", "version": 1, "formula": "outcome ~ I(__import__('os').system('x'))"}
    path.write_text(json.dumps({**text, "coefficients": {"(intercept)": 1}}), encoding="utf-8")
    assert "refused" in model_uploads.try_model(model=brought(path), **ask("numbers"))
