"""What loads: a real file of each kind, made here, is an option of a study and answers like the model it came from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from explainers import Study, models, open_study
from explainers.attribution import explain
from explainers.errors import CandidateError, ModelFileError
from explainers.metrics import difference, evaluate
from explainers.models import agreeing, envelope, formula_file, kinds, opening, trial
from explainers.models.inputs import inputs
from explainers.predict import predict, stored
from tests.conftest import ROOT
from tests.explainers.model_files import MAKERS, TARGETS, N, outcome, pipeline, rows, study_folder, write


def check(kind: str, target: str, folder: Path) -> Study:
    """Open a study with a model file; answers are the model's own, and reasons add up or say why there are none."""
    place = study_folder(folder / "study", target, {"no_model": {"recipe": "no_model"}, "mine": {"file": ""}})
    path, want, near = write(kind, target, place)
    text = (place / "study.yaml").read_text(encoding="utf-8").replace('"file": ""', f'"file": "{path.name}"')
    (place / "study.yaml").write_text(text, encoding="utf-8")
    study = open_study(place)
    mine = study.candidates["mine"]
    assert mine.built, mine.failure
    assert mine.given_fitted
    assert not [p for p in study.problems if p.severity == "error"]
    said = predict(study, "mine", study.frame).to_numpy()
    if target != "numbers":
        assert list(study.classes) == sorted(set(outcome(target)))
    np.testing.assert_allclose(said.reshape(np.shape(want)), want, atol=near * 100, rtol=near)
    assert evaluate(study, "mine")
    assert difference(study, "mine", "no_model", "mae" if target == "numbers" else "log_loss").n > 0
    cases = study.frame.iloc[:2]
    if kind.startswith("table"):
        with pytest.raises(CandidateError, match="Hand in a model file"):
            explain(study, "mine", cases)
    else:
        found = explain(study, "mine", cases)
        np.testing.assert_allclose(found.values.sum(axis=1), found.predictions - found.base_values, atol=1e-9)
    return study


@pytest.fixture
def untried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open files without the process apart: it takes two seconds, and the tests below try it in full."""
    monkeypatch.setattr(trial, "_tried", lambda kind, data: ({"refused": "", "inputs": said_of(kind, data)}, False))


def said_of(kind: Any, data: bytes) -> dict[str, Any]:
    return trial.asked(opening.made(kind, data, trial.THE_FILE))


@pytest.mark.usefixtures("untried")
@pytest.mark.parametrize("kind", MAKERS)
def test_a_file_of_each_kind_is_an_option(kind: str, tmp_path: Path) -> None:
    check(kind, "two", tmp_path)


@pytest.mark.promise
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("kind", MAKERS)
def test_every_kind_of_file_for_every_kind_of_question(kind: str, target: str, tmp_path: Path, promise: Any) -> None:
    check(kind, target, tmp_path)
    promise(f"A file of the kind {kind} is an option of a study of {target}, and its reasons add up", "as the model")


def test_a_file_is_tried_apart_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, want, near = write("skops", "two", tmp_path)
    np.testing.assert_allclose(models.load(path).predict_proba(rows()), want, atol=near)
    assert models.describe(path).names == ("size", "age", "heating")  # type: ignore[union-attr]
    monkeypatch.setattr(trial, "_tried", lambda *_: pytest.fail("tried again"))
    models.load(path)
    trial._known.clear()  # as in another process: the store knows
    models.load(path)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises((ModelFileError, pytest.fail.Exception)):
        models.load(path)


def test_what_a_model_says_of_its_inputs() -> None:
    said = inputs(pipeline("two"))
    assert said.names == ("size", "age", "heating")
    assert said.levels == {"heating": ("gas", "oil", "wood")}
    assert said.classes == ("no", "yes")
    assert said.task == "classification"
    assert type(said).from_plain(json.loads(json.dumps(said.to_plain()))) == said


# -- kept and saved ----------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("untried")
@pytest.mark.parametrize("kind", ["XGBoost JSON", "LightGBM text", "CatBoost", "ONNX"])
def test_a_booster_is_kept_in_its_own_form_and_saved_under_its_own_ending(kind: str, tmp_path: Path) -> None:
    path, want, near = write(kind, "three", tmp_path)
    model = models.load(path)
    model.classes_ = np.array(["high", "low", "middle"], dtype=object)
    data = models.dump(model)
    assert data.startswith(envelope.MAGIC)
    again = models.loads(data)
    np.testing.assert_allclose(again.predict_proba(rows()), want, atol=near)
    assert list(again.classes_) == ["high", "low", "middle"]
    with pytest.raises(ModelFileError):
        models.loads(data[:200])
    frame = rows().assign(outcome=outcome("three"))
    study = Study.from_frame(frame, target="outcome", candidates={"mine": model})
    back = open_study(study.save(tmp_path / "mine"))
    assert back.candidates["mine"].file == f"models/mine{path.suffix}"
    pd.testing.assert_frame_equal(predict(back, "mine", frame), predict(study, "mine", frame))


def test_a_formula_goes_into_a_file_and_back(study_of: Any, tmp_path: Path) -> None:
    for name in ("regression", "binary", "three classes"):
        study = study_of(name)
        made = study.candidates["formula"].estimator
        again = formula_file.loads(formula_file.dumps(made), "The file")
        frame = study.frame[list(made.feature_names_in_)]
        for method in ("predict", "predict_proba"):
            if hasattr(made, method):
                want, got = getattr(made, method)(frame), getattr(again, method)(frame)
                assert np.array_equal(want, got) if want.dtype.kind in "OU" else np.allclose(want, got, atol=1e-12)
        np.testing.assert_allclose(again.cov_, made.cov_, rtol=1e-9)
        np.testing.assert_allclose(again.terms(frame), made.terms(frame), atol=1e-9)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"formula": "y ~ a + I(__import__('os').system('true'))"}, "not part of the grammar"),
        ({"formula": "y ~ __import__('os')"}, "not part of the grammar"),
        ({"formula": 3}, "'formula'"),
        ({"coefficients": {"(intercept)": 1.0, "a": 2.0, "b": 3.0}}, "'b' belongs to no term"),
        ({"coefficients": {"(intercept)": 1.0}}, "'a' is missing"),
        ({"coefficients": {"(intercept)": 1.0, "a": "__import__('os')"}}, "no number"),
        ({"covariance": [[1.0]]}, "2 rows"),
        ({"classes": ["one"]}, "two or more"),
        ({"levels": {"a": []}}, "a list"),
        ({"missing": {"a": "x"}}, "a number"),
        ({"code": "import os"}, "'code' is not known"),
        ({"version": 2}, "does not begin"),
    ],
    ids=str,
)
def test_a_formula_that_is_not_in_the_grammar_is_refused(change: dict[str, Any], says: str, tmp_path: Path) -> None:
    good = {"bakeoff": "formula", "version": 1, "formula": "y ~ a", "coefficients": {"(intercept)": 1.0, "a": 2.0}}
    assert formula_file.loads(json.dumps(good).encode(), "It").predict(pd.DataFrame({"a": [2.0]})).tolist() == [5.0]
    path = tmp_path / "model.json"
    path.write_text(json.dumps({**good, **change}), encoding="utf-8")
    with pytest.raises(ModelFileError, match=says.replace("(", r"\(")):
        models.load(path)


# -- two forms ---------------------------------------------------------------------------------------------------
def test_two_forms_are_compared() -> None:
    frame, one, two = rows(), pipeline("two"), pipeline("two")
    classes = ("no", "yes")
    assert agreeing.compare(one, two, frame, task="classification", classes=classes).same
    two[-1].intercept_ = two[-1].intercept_ + 0.5
    found = agreeing.compare(one, two, frame, task="classification", classes=classes)
    gap = np.abs(one.predict_proba(frame) - two.predict_proba(frame)).max(axis=1)
    assert found.n_apart == int((gap > agreeing.EQUAL).sum()) > 100
    assert found.largest == pytest.approx(gap.max())
    said = agreeing.verdict(found, "'a.onnx'", "'a.skops'", "in probability")
    assert f"of {N} rows {found.n_apart}" in said


@pytest.mark.usefixtures("untried")
def test_an_onnx_file_is_compared_with_its_estimator(tmp_path: Path) -> None:
    place = study_folder(tmp_path / "s", "two", {"mine": {"file": "model.onnx", "parameters": {"same_as": "o.skops"}}})
    write("ONNX", "two", place)
    path, _, _ = write("skops", "two", tmp_path)
    path.rename(place / "o.skops")
    study = open_study(place)
    assert any("240 rows were compared with those of 'o.skops'" in n for n in study.candidates["mine"].notes)
    again = open_study(study.save(tmp_path / "kept"))
    assert again.candidates["mine"].built, again.candidates["mine"].failure
    other = pipeline("two")
    other[-1].coef_ = -other[-1].coef_
    (place / "o.skops").write_bytes(models.dump(other))
    (place / "model.onnx").write_bytes((place / "model.onnx").read_bytes() + b"\x32\x00")  # an empty note: new bytes
    failed = open_study(place).candidates["mine"]
    assert not failed.built
    assert "does not answer like 'o.skops'" in failed.failure


@pytest.mark.usefixtures("untried")
def test_an_onnx_file_alone_is_taken_as_it_is_and_says_so(tmp_path: Path) -> None:
    place = study_folder(tmp_path / "s", "two", {"mine": {"file": "model.onnx"}})
    write("ONNX", "two", place)
    assert any("taken as it is" in n for n in open_study(place).candidates["mine"].notes)


# -- tables of answers -------------------------------------------------------------------------------------------
def with_table(folder: Path, table: pd.DataFrame, target: str = "two", **fields: Any) -> Any:
    place = study_folder(folder / "s", target, {"mine": {"file": "answers.csv"}}, **fields)
    table.to_csv(place / "answers.csv", index=False)
    return open_study(place)


IDS = [f"h{i}" for i in range(N)]


def test_a_table_of_answers_needs_no_model(tmp_path: Path) -> None:
    chance = np.linspace(0.01, 0.99, N)
    study = with_table(tmp_path, pd.DataFrame({"case": IDS[::-1], "probability": chance[::-1]}), positive="no")
    np.testing.assert_allclose(stored(study, "mine")["no"], chance)
    np.testing.assert_allclose(predict(study, "mine", study.frame.iloc[[7, 3]])["no"], chance[[7, 3]])
    changed = study.frame.iloc[[7]].assign(size=1.0)
    with pytest.raises(CandidateError, match="table of answers"):
        predict(study, "mine", changed)
    from explainers.residuals import residuals

    assert len(residuals(study, "mine"))


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"case": IDS[:-2], "prediction": ["no"] * (N - 2)}, r"no answer for 2 cases.*h238"),
        ({"case": [*IDS, "h0"], "prediction": ["no"] * (N + 1)}, "twice"),
        ({"case": IDS, "prediction": ["maybe"] * N}, "no classes of the data"),
        ({"case": IDS, "prediction": [2.0] * N}, "between 0 and 1"),
        ({"case": IDS, "no": [0.4] * N, "yes": [0.4] * N}, "sum to 1"),
        ({"case": IDS, "said": ["no"] * N}, "one column per class"),
        ({"prediction": ["no"] * 7}, "no column says which"),
        ({"case": IDS, "prediction": [""] * N}, "240 answers empty"),
    ],
    ids=lambda v: str(v)[:20],
)
def test_a_table_that_does_not_fit_says_how(table: dict[str, Any], says: str, tmp_path: Path) -> None:
    import re

    mine = with_table(tmp_path, pd.DataFrame(table)).candidates["mine"]
    assert re.search(says, mine.failure), mine.failure


# -- trusted folders ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("ending", [".pkl", ".joblib"])
def test_pickles_are_opened_in_folders_that_the_operator_trusts_only(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pickle

    import joblib

    trusted, other = tmp_path / "trusted", tmp_path / "other"
    for folder in (trusted, other):
        folder.mkdir()
        path = folder / f"model{ending}"
        joblib.dump(pipeline("two"), path) if ending == ".joblib" else path.write_bytes(pickle.dumps(pipeline("two")))
        with pytest.raises(ModelFileError, match="run any code"):
            models.load(path)
    monkeypatch.setenv("BAKEOFF_TRUSTED_MODELS", f"{trusted}:relative/folder")
    assert models.load(trusted / f"model{ending}").predict_proba(rows()).shape == (N, 2)
    with pytest.raises(ModelFileError, match="run any code"):
        models.load(other / f"model{ending}")
    (trusted / f"link{ending}").symlink_to(other / f"model{ending}")
    with pytest.raises(ModelFileError, match="run any code"):
        models.load(trusted / f"link{ending}")
    with pytest.raises(ModelFileError, match="run any code"):
        models.load(trusted / ".." / "other" / f"model{ending}")
    monkeypatch.setenv("BAKEOFF_HOME", str(trusted))  # where uploads are kept: never trusted
    with pytest.raises(ModelFileError, match="run any code"):
        models.load(trusted / f"model{ending}")


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from explainers.errors import NotInstalledError

    path, _, _ = write("XGBoost JSON", "two", tmp_path)
    monkeypatch.setattr("explainers.installed.find_spec", lambda name: None)
    with pytest.raises(NotInstalledError, match=r"xgboost.*bakeoff\[models\]"):
        models.load(path)


def test_every_ending_is_explained(tmp_path: Path) -> None:
    for ending in (".ubj", ".pmml", ".xyz", ""):
        path = tmp_path / f"model{ending}"
        path.write_bytes(b"x")
        with pytest.raises(ModelFileError, match="was not opened"):
            models.load(path)
    assert set(kinds.WORDS) == {k for known in kinds.ENDINGS.values() for k in known}


def test_the_table_of_the_readme_names_every_kind_of_file() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rows_ = [line.split("|")[2] for line in text.splitlines() if line.startswith("| ") and "`." in line]
    named = {ending.strip().strip("`") for cell in rows_ for ending in cell.split(",")}
    assert set(kinds.ENDINGS) <= named
    assert named - set(kinds.ENDINGS) == {".pkl", ".joblib"}
    assert len(MAKERS) == len([r for r in rows_ if ".pkl" not in r]) + 1  # the table of answers has two endings
