"""Model files on the page "My own data": beside the data, as an option of the study, refused with a word."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from explainers import Study, kept, open_study
from explainers.models import kinds
from tests.evil import Evil
from tests.explainers import model_files
from tests.pages.conftest import Open, told

pytestmark = pytest.mark.usefixtures("home")
WHAT_TO_DO = ("skops.io.dump", "as a table of answers", "Write it again where the model was trained.")
ENDINGS = [*kinds.ENDINGS, *kinds.RUNS_CODE, ".bin", ""]


def houses(target: str = "two", **more: Any) -> bytes:
    frame = model_files.rows().assign(case=[f"h{i}" for i in range(model_files.N)], **more)
    frame["outcome"] = model_files.outcome(target)
    return frame.to_csv(index=False).encode()


def opened(page: Open, data: bytes) -> AppTest:
    """Bring a table and open the step with the options; nothing standard is trained."""
    at = page("load")
    at.file_uploader[0].upload("houses.csv", data, "text/csv").run()
    at.session_state["look"] = "question"
    at.run()
    next(s for s in at.main.selectbox if s.label == "The outcome").set_value("outcome").run()
    at.session_state["look"] = "train"
    at.run()
    at.multiselect[0].set_value([]).run()
    return at


def brought(at: AppTest, name: str, data: bytes) -> AppTest:
    return next(u for u in at.file_uploader if "Model files" in u.label).upload(name, data).run()


def bytes_of(kind: str, target: str, folder: Path) -> tuple[str, bytes]:
    path, _, _ = model_files.write(kind, target, folder)
    return path.name, path.read_bytes()


def button(at: AppTest, key: str) -> Any:
    return next(b for b in at.button if b.key is not None and b.key.endswith(key))


def made(at: AppTest) -> AppTest:
    """Make the study and wait until everything is measured."""
    at.button(key="load_make").click().run()
    for _ in range(10):
        if any(b.key == "load_explain" for b in at.button):
            break
        at.run()
    return at


def test_a_model_file_stands_beside_the_data(page: Open, tmp_path: Path) -> None:
    at = opened(page, houses())
    assert at.button(key="load_make").disabled
    brought(at, *bytes_of("formula with coefficients", "two", tmp_path))
    text = told(at)
    assert "“model.json” fits these data and says which of 2 outcomes is likeliest." in text
    assert "It looks at 3 columns: “Size”, “Age” and “Heating”." in text
    assert "Rows that it has seen cannot be told from new ones" in text
    assert " of 48 houses that are kept for checking it agrees with the record." in text
    assert "score " in text
    assert not at.button(key="load_make").disabled


@pytest.mark.promise
def test_a_model_file_becomes_an_option_that_is_explained(page: Open, tmp_path: Path) -> None:
    at = opened(page, houses())
    at.multiselect[0].set_value(["no_model"]).run()
    brought(at, *bytes_of("formula with coefficients", "two", tmp_path))
    next(t for t in at.text_input if t.label == "Called").set_value("Our old score").run()
    made(at)
    assert "2 options are ready." in told(at)
    assert "“Our old score” came as a file and was measured on the same rows." in told(at)
    at.button(key="load_explain").click().run()
    assert at.query_params["option"] == "model"
    assert "Our old score" in told(at)


def test_a_table_of_answers_is_an_option_and_is_compared(page: Open, tmp_path: Path) -> None:
    at = opened(page, houses("numbers"))
    brought(at, *bytes_of("formula with coefficients", "numbers", tmp_path))
    brought(at, *bytes_of("table of answers, CSV", "numbers", tmp_path))
    text = told(at)
    assert "“model.csv” holds answers to these 240 houses." in text
    assert "no answer to a changed case" in text
    picker = next(s for s in at.main.selectbox if s.label == "Compare its answers with")
    assert "model.csv" in picker.options
    picker.set_value("file:model_2").run()
    assert "For 48 of 48 houses its answer is not that of “model.csv”" in told(at)
    button(at, "_model_2_out").click().run()
    assert "model.csv" not in told(at)
    assert not button(at, "load_make").disabled


def test_a_column_of_answers_is_found_and_compared(page: Open, tmp_path: Path) -> None:
    path, said, _ = model_files.write("formula with coefficients", "numbers", tmp_path)
    said = np.round(said, 3)
    at = opened(page, houses("numbers", predicted_outcome=said))
    brought(at, path.name, path.read_bytes())
    assert "Its answers to 48 houses are those of “Predicted outcome”." in told(at)


def test_a_model_is_added_to_a_kept_study_once_it_fits(page: Open, tmp_path: Path) -> None:
    frame = model_files.rows().assign(case=[f"h{i}" for i in range(model_files.N)])
    frame["outcome"] = model_files.outcome("two")
    name = kept.keep(Study.from_frame(frame, target="outcome", candidates=["no_model"], title="My houses")).name
    before = (kept.folder(name) / "study.yaml").read_text(encoding="utf-8")
    at = page("load")
    at.button(key=f"kept_add_{name}").click().run()
    assert "Models from files" in told(at)
    brought(at, *bytes_of("formula with coefficients", "numbers", tmp_path))
    assert "It answers with a number, and the question asks which outcome comes." in told(at)
    assert "Bring a model that answers the question of this study." in told(at)
    assert at.button(key="load_add").disabled
    assert (kept.folder(name) / "study.yaml").read_text(encoding="utf-8") == before
    path = tmp_path / "second.csv"
    model_files.table_file(path, "two")
    brought(at, path.name, path.read_bytes())
    at.button(key="load_add").click().run()
    assert "“Second” is an option of the study now." in told(at)
    study = open_study(kept.folder(name), build=False)
    assert list(study.candidates)[-1] == "second"
    assert study.candidates["second"].file == "models/second.csv"
    assert not [p for p in (kept.folder(name) / "models").iterdir() if p.name.startswith(".")]
    at.button(key="load_explain").click().run()
    assert at.query_params["option"] == "second"


def test_a_model_is_taken_off_a_kept_study_and_put_back(page: Open, tmp_path: Path) -> None:
    frame = model_files.rows().assign(case=[f"h{i}" for i in range(model_files.N)])
    frame["outcome"] = model_files.outcome("two")
    name = kept.keep(Study.from_frame(frame, target="outcome", candidates=["no_model"], title="Their houses")).name
    path = tmp_path / "no model.csv"
    model_files.table_file(path, "two")
    at = page("load")
    at.button(key=f"kept_add_{name}").click().run()
    brought(at, path.name, path.read_bytes())
    assert "Another option" not in told(at)
    next(t for t in at.text_input if t.label == "Called").set_value("no model").run()
    assert "Another option is called “no model” too." in told(at)
    next(t for t in at.text_input if t.label == "Called").set_value("Theirs").run()
    assert "Another option" not in told(at)
    at.button(key="load_add").click().run()
    at.button(key="load_add_more").click().run()
    at.session_state["load_off_no_model_2"] = True
    at.run()
    assert "Take “Theirs” off the study, for everybody?" in told(at)
    at.button(key="load_off_no_model_2_yes").click().run()
    assert "“Theirs” is no option of the study any more; for 7 days it can be put back." in told(at)
    assert list(open_study(kept.folder(name), build=False).candidates) == ["no_model"]
    at.button(key="load_put_back").click().run()
    assert list(open_study(kept.folder(name), build=False).candidates) == ["no_model", "no_model_2"]
    assert "any more" not in told(at)


def test_a_model_of_other_columns_says_which_and_is_left_out(page: Open, tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    document = {
        "bakeoff": "formula",
        "version": 1,
        "formula": "outcome ~ sizes + salary",
        "coefficients": {"(intercept)": 1.0, "sizes": 1.0, "salary": 2.0},
        "missing": {"sizes": 1, "salary": 1},
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    at = opened(page, houses("numbers"))
    brought(at, path.name, path.read_bytes())
    text = told(at)
    assert "“other.json” does not fit these data yet: 1 thing has to be put right." in text
    assert "It needs the columns 'sizes' and 'salary', which the data do not have." in text
    assert "'sizes' may be 'size'" in text
    assert "“other.json” is left out: it cannot be used as it is." in text
    assert at.button(key="load_make").disabled


@pytest.mark.parametrize("how", ["pickle", pytest.param("joblib", marks=pytest.mark.promise)])
@pytest.mark.parametrize(
    "ending", [e if e in (".pkl", ".skops") else pytest.param(e, marks=pytest.mark.promise) for e in ENDINGS]
)
def test_pickles_stay_shut_under_every_ending(ending: str, how: str, page: Open, canary: Path, tmp_path: Path) -> None:
    import joblib

    file = tmp_path / "made"
    file.write_bytes(pickle.dumps(Evil(canary))) if how == "pickle" else joblib.dump(Evil(canary), file)
    at = opened(page, houses())
    brought(at, f"../../model{ending}", file.read_bytes())
    text = told(at)
    assert f"“model{ending}” cannot be used." in text or f"“model{ending}” gives no answer to these data." in text
    assert any(what in text for what in WHAT_TO_DO)
    assert ".." not in text.replace("…", "")
    assert at.button(key="load_make").disabled
    button(at, "_out").click().run()
    assert "cannot be used" not in told(at)


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("schema.json", "{}")
        packed.writestr("0.npy", bytes(300_000_000))
    return out.getvalue()


def _other_file() -> bytes:
    """Return an ONNX file whose numbers lie in another file."""
    onnx = pytest.importorskip("onnx", reason="the extra models is not installed")
    tensor = onnx.TensorProto(data_type=1, dims=[3], data_location=onnx.TensorProto.EXTERNAL, name="w")
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "/etc/passwd"
    graph = onnx.helper.make_graph([], "g", [], [], [tensor])
    return bytes(onnx.helper.make_model(graph).SerializeToString())


HOSTILE: dict[str, tuple[str, Callable[[Path], bytes], str]] = {
    "cut off": ("model.skops", lambda p: _cut(bytes_of("skops", "two", p)[1]), "is not a whole skops file"),
    "formula cut off": (
        "model.json",
        lambda p: _cut(bytes_of("formula with coefficients", "two", p)[1]),
        "not a whole",
    ),
    "empty": ("model.onnx", lambda _: b"", "is not a whole ONNX file"),
    "zip bomb": ("model.skops", lambda _: _bomb(), "unpacked"),
    "refers to another file": ("model.onnx", lambda _: _other_file(), "refers to another file"),
    "runs code as a formula": (
        "model.json",
        lambda _: json.dumps(
            {"bakeoff": "formula", "version": 1, "formula": "y ~ __import__('os').system('x')", "coefficients": {}}
        ).encode(),
        "“model.json” cannot be used.",
    ),
    "no name": ("\x00\x1b[2J.skops", lambda _: b"PK\x03\x04", "is not a whole skops file"),
}


@pytest.mark.parametrize(
    "what",
    [w if w == "cut off" else pytest.param(w, marks=pytest.mark.promise) for w in HOSTILE],
)
def test_broken_and_hostile_files_get_a_word_and_can_be_removed(what: str, page: Open, tmp_path: Path) -> None:
    name, make, says = HOSTILE[what]
    at = opened(page, houses())
    brought(at, name, make(tmp_path))
    assert says in told(at)
    assert str(tmp_path) not in told(at)
    assert at.button(key="load_make").disabled
    at.multiselect[0].set_value(["no_model"]).run()
    assert not at.button(key="load_make").disabled


@pytest.mark.promise
@pytest.mark.parametrize("kind", model_files.MAKERS)
def test_every_kind_of_file_is_an_option_through_the_page(kind: str, page: Open, tmp_path: Path, promise: Any) -> None:
    at = opened(page, houses())
    brought(at, *bytes_of(kind, "two", tmp_path))
    assert "fits these data" in told(at) or "holds answers" in told(at)
    made(at)
    assert "1 option is ready." in told(at)
    study = next(s for s in kept.studies())
    from explainers.predict import stored

    answers = stored(open_study(study.folder, build=False), "model").to_numpy()
    assert np.isfinite(answers).all()
    promise(f"A model file brought to the page becomes an option of the study: {kind}", "yes")


@pytest.mark.promise
def test_columns_of_other_names_are_chosen_on_the_page(page: Open, tmp_path: Path) -> None:
    import skops.io
    from sklearn.linear_model import LinearRegression

    frame = model_files.rows()[["size"]]
    made_of = LinearRegression().fit(frame.rename(columns={"size": "Living area"}), model_files.outcome("numbers"))
    data = bytes(skops.io.dumps(made_of))
    at = opened(page, houses("numbers"))
    brought(at, "area.skops", data)
    assert "It needs the columns 'Living area', which the data do not have." in told(at)
    assert at.button(key="load_make").disabled
    next(s for s in at.main.selectbox if "Living area" in s.label).set_value("size").run()
    assert "“area.skops” fits these data and answers with a number." in told(at)
    assert not at.button(key="load_make").disabled


def test_a_cancelled_trial_can_be_started_again(page: Open, tmp_path: Path) -> None:
    from explainers.errors import JobCancelled
    from pages.parts import work

    real = work.result_of

    def cancelled(job: Any, **how: Any) -> Any:
        if job.task == "try_model":
            raise JobCancelled("This was cancelled.")
        return real(job, **how)

    at = opened(page, houses())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(work, "result_of", cancelled)
        brought(at, *bytes_of("formula with coefficients", "two", tmp_path))
    assert "Trying “model.json” was cancelled." in told(at)
    assert at.button(key="load_make").disabled
    button(at, "_again").click().run()
    assert "“model.json” fits these data" in told(at)


def test_text_in_names_is_only_text(page: Open, tmp_path: Path) -> None:
    at = opened(page, houses())
    _, data = bytes_of("formula with coefficients", "two", tmp_path)
    brought(at, "**x** [a](http:b).json", data)
    for element in at.main.markdown:
        assert "](http" not in element.value.replace("\\]\\(http", ""), element.value
    assert "fits these data" in told(at)


def test_a_file_that_is_gone_is_asked_for_again(page: Open, tmp_path: Path, home: Path) -> None:
    import shutil

    from explainers import uploads

    at = opened(page, houses())
    name, data = bytes_of("formula with coefficients", "two", tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        real = uploads.bring

        def lost(source: Any, shown: str) -> Any:
            upload = real(source, shown)
            shutil.rmtree(uploads.folder(upload.key))
            return upload

        patch.setattr(uploads, "bring", lost)
        brought(at, name, data)
    assert "is no longer here: uploads are kept for a week. Bring it again." in told(at)
