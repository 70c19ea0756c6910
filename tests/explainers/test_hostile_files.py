"""Broken and hostile files: nothing in them runs, nothing takes long, and the message says what to do."""

from __future__ import annotations

import base64
import io
import json
import os
import pickle
import signal
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explainers import models, open_study
from explainers.errors import BakeoffError, ModelFileError
from explainers.models import boosted_trees, kinds, onnx_file, protobuf, trial
from tests.conftest import ROOT
from tests.evil import Evil
from tests.explainers.model_files import pipeline, study_folder, write

MOST_SECONDS = 10.0
ENDINGS = [*kinds.ENDINGS, *kinds.RUNS_CODE, ".bin", ""]


def processor() -> float:
    """Return processor seconds of this process and those it started: the clock says more of who else is at work."""
    return sum(os.times()[:4])


def refused(path: Path, seconds: float = MOST_SECONDS) -> str:
    begun = processor()
    with pytest.raises(BakeoffError) as caught:
        models.load(path)
    assert processor() - begun < seconds
    said = str(caught.value.message)
    assert str(path.parent) not in said, "no private folder in a message"
    assert len(said) < 1_000
    return said


@pytest.mark.parametrize("how", ["pickle", "joblib"])
def test_pickle_and_joblib_are_refused_under_every_ending(how: str, tmp_path: Path, canary: Path) -> None:
    import joblib

    for ending in ENDINGS:
        path = tmp_path / f"model{ending}"
        path.write_bytes(pickle.dumps(Evil(canary))) if how == "pickle" else joblib.dump(Evil(canary), path)
        if ending in (".csv", ".parquet"):  # read as a table, when it is matched to a study
            folder = study_folder(tmp_path / ending, "two", {"mine": {"file": path.name}})
            path.rename(folder / path.name)
            failure = open_study(folder).candidates["mine"].failure
            assert "cannot be read" in failure
        else:
            assert refused(path, 2.0)
        assert not canary.exists(), ending


def test_a_pickle_inside_a_pickle_of_another_name_stays_shut(tmp_path: Path, canary: Path) -> None:
    evil = base64.b64encode(pickle.dumps(Evil(canary))).decode()
    for ending, text in {
        ".json": json.dumps({"learner": {"attributes": {"scikit_learn": evil}}}),
        ".txt": f"tree\npandas_categorical:{evil}\n",
        ".skops": evil,
    }.items():
        path = tmp_path / f"model{ending}"
        path.write_text(text, encoding="utf-8")
        assert refused(path)


# -- cut and damaged ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["skops", "ONNX", "XGBoost JSON", "LightGBM text", "formula with coefficients"])
def test_files_that_are_cut_off_are_refused(kind: str, tmp_path: Path) -> None:
    path, _, _ = write(kind, "three", tmp_path)
    whole = path.read_bytes()
    for share in (0.0, 0.01, 0.5, 0.97):
        path.write_bytes(whole[: int(share * len(whole))])
        said = refused(path).lower()
        assert "nothing in it was run" in said or "was refused" in said


def test_a_catboost_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path, _, _ = write("CatBoost", "two", tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "CatBoost" in refused(path) or "part of it is missing" in refused(path)
    path.write_bytes(whole[:8] + b"\xff" * 40 + whole[48:])
    assert "Write it again" in refused(path)


def test_an_archive_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.skops"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(6):
            archive.writestr(f"{i}.npy", b"\0" * 50_000_000)
        archive.writestr("schema.json", "{}")
    assert path.stat().st_size < 3_000_000
    assert "to fill the memory" in refused(path)


def test_an_array_that_claims_more_than_it_has_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    np.lib.format.write_array_header_1_0(out, {"descr": "<f8", "fortran_order": False, "shape": (10**12,)})
    path = tmp_path / "model.skops"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.npy", out.getvalue())
        archive.writestr("schema.json", "{}")
    assert "not what it says" in refused(path)


def test_a_file_over_the_limit_is_refused_before_it_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinds, "MOST_BYTES", 1_000)
    for ending in kinds.ENDINGS:
        if kinds.ENDINGS[ending] != ("predictions",):
            path = tmp_path / f"model{ending}"
            path.write_bytes(b"0" * 2_000)
            assert "larger than" in refused(path, 1.0)


# -- trees that point outside ------------------------------------------------------------------------------------
def change_xgboost(document: dict[str, Any], key: str, at: int, value: Any) -> None:
    tree = document["learner"]["gradient_booster"]["model"]["trees"][0]
    if value is None:
        tree[key].pop()
    else:
        tree[key][at] = value


@pytest.mark.parametrize(
    "change",
    [
        ("left_children", 0, 10**6),
        ("right_children", 0, 0),
        ("left_children", 1, 1),
        ("left_children", 0, 2),
        ("left_children", 0, -7),
        ("split_indices", 0, 500),
        ("split_indices", 0, -1),
        ("split_conditions", 0, None),
        ("categories_segments", 0, 10**6),
        ("categories", 0, -1),
        ("left_children", 0, "0"),
    ],
    ids=str,
)
def test_xgboost_trees_that_point_outside_or_back_are_refused(change: Any, tmp_path: Path) -> None:
    path, _, _ = write("XGBoost JSON", "two", tmp_path)
    document = json.loads(path.read_bytes())
    trees = document["learner"]["gradient_booster"]["model"]["trees"]
    trees.sort(key=lambda t: not t["categories"])  # one that splits by levels first
    for i, tree in enumerate(trees):
        tree["id"] = i
    boosted_trees.check("xgboost", json.dumps(document).encode(), "It")
    change_xgboost(document, *change)
    path.write_text(json.dumps(document), encoding="utf-8")
    assert "refused" in (said := refused(path, 2.0)) or "not a whole" in said


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["learner"]["learner_model_param"].update(num_feature="2"),
        lambda d: d["learner"]["learner_model_param"].update(num_class="-5"),
        lambda d: d["learner"]["learner_model_param"].update(num_target="3"),
        lambda d: d["learner"]["gradient_booster"]["model"]["tree_info"].__setitem__(0, 99),
        lambda d: d["learner"]["gradient_booster"]["model"]["trees"].pop(),
        lambda d: d["learner"]["gradient_booster"]["model"]["iteration_indptr"].__setitem__(-1, 999),
        lambda d: d["learner"]["gradient_booster"].update(name="gbquantum"),
        lambda d: d["learner"].pop("gradient_booster"),
        lambda d: d["learner"]["gradient_booster"]["model"]["trees"][0]["tree_param"].update(num_nodes="1000000000"),
    ],
)
def test_xgboost_files_whose_parts_do_not_fit_are_refused(change: Callable[[Any], Any], tmp_path: Path) -> None:
    path, _, _ = write("XGBoost JSON", "three", tmp_path)
    document = json.loads(path.read_bytes())
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")
    assert refused(path, 2.0)


def replaced(text: str, key: str, at: int, value: str) -> str:
    """Return LightGBM text with one entry of the first line of that key that has so many replaced."""
    lines = text.split("\n")
    for i, line in enumerate(lines):
        if line.startswith(f"{key}=") and len(line.split("=")[1].split(" ")) > at:
            cells = line.split("=")[1].split(" ")
            cells[at] = value
            lines[i] = f"{key}={' '.join(cells)}"
            return "\n".join(lines)
    raise AssertionError(key)


@pytest.mark.parametrize(
    ("key", "at", "value"),
    [
        ("left_child", 0, "9999"),
        ("right_child", 0, "0"),
        ("right_child", 0, "-9999"),
        ("split_feature", 0, "77"),
        ("split_feature", 0, "-1"),
        ("decision_type", 0, "255"),
        ("num_leaves", 0, "3000"),
        ("leaf_value", 0, "0.1 0.2"),
        ("num_cat", 0, "9"),
        ("num_class", 0, "4"),
        ("max_feature_idx", 0, "0"),
        ("left_child", 0, "0x10"),
        ("is_linear", 0, "1"),
    ],
)
def test_lightgbm_trees_that_point_outside_or_back_are_refused(key: str, at: int, value: str, tmp_path: Path) -> None:
    path, _, _ = write("LightGBM text", "three", tmp_path)
    path.write_text(replaced(path.read_text(encoding="utf-8"), key, at, value), encoding="utf-8")
    assert refused(path, 2.0)


def test_a_booster_inside_a_skops_file_is_looked_into(tmp_path: Path) -> None:
    lightgbm = pytest.importorskip("lightgbm", reason="the extra models is not installed")
    import skops.io

    path, _, _ = write("LightGBM text", "two", tmp_path)
    text = path.read_text(encoding="utf-8")
    good = skops.io.dumps(lightgbm.Booster(model_str=text))
    assert models.loads(good).num_feature() == 3
    old = next(line for line in text.split("\n") if line.startswith("split_feature="))
    new = replaced(old, "split_feature", 0, "7")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as before, zipfile.ZipFile(out, "w") as after:
        for part in before.namelist():
            after.writestr(part, before.read(part).replace(old.encode(), new.encode()))
    assert out.getvalue() != good
    with pytest.raises(ModelFileError, match="columns that do not exist"):
        models.loads(out.getvalue())


# -- ONNX --------------------------------------------------------------------------------------------------------
def field(number: int, content: bytes | int) -> bytes:
    """Return one field of a protocol buffer."""
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    return varint(number << 3 | 2) + varint(len(content)) + content


def varint(value: int) -> bytes:
    out = b""
    while True:
        byte, value = value & 0x7F, value >> 7
        if not value:
            return out + bytes([byte])
        out += bytes([byte | 0x80])


def node(kind: str, *attributes: bytes, domain: str = "") -> bytes:
    parts = [field(4, kind.encode()), *(field(5, a) for a in attributes)]
    return field(1, b"".join([*parts, *([field(7, domain.encode())] if domain else [])]))


def onnx(*graph: bytes, more: bytes = b"") -> bytes:
    return field(1, 8) + field(7, b"".join(graph)) + more


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (onnx(node("Add"), field(5, field(8, b"w") + field(14, 1))), "another file"),
        (onnx(node("Add"), field(5, field(13, field(1, b"location") + field(2, b"../../etc/passwd")))), "another file"),
        (onnx(node("Constant", field(1, b"value") + field(5, field(14, 1)))), "another file"),
        (onnx(node("Loop", field(1, b"body") + field(6, node("Add")))), "Loop"),
        (onnx(node("If", field(1, b"then_branch") + field(6, node("Scan")))), "If"),
        (onnx(node("EPContext", domain="com.microsoft")), "com.microsoft.EPContext"),
        (onnx(node("Add", domain="evil")), "evil.Add"),
        (onnx(node("Add"), more=field(25, b"")), "functions of its own"),
        (b"", "not a whole ONNX file"),
        (onnx(node("Add"))[:-1], "not a whole ONNX file"),
        (field(7, field(1, b"")) * 2, "not a whole ONNX file"),
        (b"\x0a" + b"\xff" * 12, "not a whole ONNX file"),
    ],
    ids=range(12),
)
def test_onnx_files_that_reach_out_or_repeat_themselves_are_refused(data: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(data)
    assert says in refused(path, 2.0)


def test_graphs_within_graphs_end(tmp_path: Path) -> None:
    inner = node("Add")
    for _ in range(200):
        inner = node("Add", field(1, b"g") + field(6, inner))
    path = tmp_path / "model.onnx"
    path.write_bytes(onnx(inner))
    assert "not a whole ONNX file" in refused(path, 2.0)


def trees(yes: list[int], column: int = 0) -> bytes:
    """Return a tree ensemble of one split with two leaves."""

    def ints(name: str, values: list[int]) -> bytes:
        return field(1, name.encode()) + b"".join(field(8, v & (2**64 - 1)) for v in values)

    modes = field(1, b"nodes_modes") + b"".join(field(9, m) for m in (b"BRANCH_LEQ", b"LEAF", b"LEAF"))
    return node(
        "TreeEnsembleRegressor",
        ints("nodes_treeids", [0, 0, 0]),
        ints("nodes_nodeids", [0, 1, 2]),
        ints("nodes_truenodeids", yes),
        ints("nodes_falsenodeids", [2, 0, 0]),
        ints("nodes_featureids", [column, 0, 0]),
        modes,
        domain="ai.onnx.ml",
    )


def test_onnx_trees_that_point_outside_or_back_are_refused() -> None:
    onnx_file.check(onnx(trees([1, 0, 0])), "It")
    for bad in (trees([9, 0, 0]), trees([0, 0, 0]), trees([2, 0, 0]), trees([-4, 0, 0]), trees([1, 0, 0], column=-1)):
        with pytest.raises(ModelFileError, match="point outside"):
            onnx_file.check(onnx(bad), "It")


def test_the_reader_of_protocol_buffers_reads_what_the_package_writes(tmp_path: Path) -> None:
    package = pytest.importorskip("onnx", reason="the extra models is not installed")
    path, _, _ = write("ONNX", "three", tmp_path)
    data = path.read_bytes()
    model = package.ModelProto.FromString(data)
    graph = next(p for n, p in protobuf.fields(memoryview(data)) if n == 7)
    kinds_found = [
        protobuf.text(next(p for m, p in protobuf.fields(protobuf.message(part)) if m == 4))
        for number, part in protobuf.fields(protobuf.message(graph))
        if number == 1
    ]
    assert kinds_found == [n.op_type for n in model.graph.node]
    assert protobuf.float_numbers(memoryview(struct.pack("<2f", 1.5, -2.0))) == [1.5, -2.0]
    assert protobuf.whole_numbers((1 << 64) - 3) == [-3]


# -- the process apart -------------------------------------------------------------------------------------------
def apart(code: str, *limits: int) -> subprocess.CompletedProcess[bytes]:
    begin = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from explainers.models import trial; trial._limit{limits};"
    return subprocess.run([sys.executable, "-c", begin + code], capture_output=True, check=False, timeout=60)


def test_the_process_apart_stops_what_never_ends() -> None:
    assert apart("\nwhile True: pass", 1, 10**10).returncode in (-signal.SIGXCPU, -signal.SIGKILL)


def test_the_process_apart_has_a_limit_of_memory() -> None:
    assert b"MemoryError" in apart("bytearray(3_000_000_000)", 20, 2_000_000_000).stderr


@pytest.mark.parametrize(
    ("shell", "says"),
    [("kill -SEGV $$", "made to do harm"), ("kill -XCPU $$", "takes too long"), ("exit 3", "ended at once")],
)
def test_a_crash_apart_is_a_refusal_here(
    shell: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\n{shell}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(trial.sys, "executable", str(program))  # type: ignore[attr-defined]
    monkeypatch.setenv("BAKEOFF_HOME", str(tmp_path / "home"))
    path = tmp_path / "model.skops"
    import skops.io

    estimator = pipeline("two")
    estimator[-1].made_for = shell
    skops.io.dump(estimator, path)
    said = refused(path)
    assert says in said
    assert "'model.skops'" in said
    monkeypatch.undo()


def test_a_tree_that_was_tampered_with_is_refused_apart_and_here(tmp_path: Path) -> None:
    import skops.io
    from sklearn.tree import DecisionTreeClassifier

    tree = DecisionTreeClassifier(max_depth=3).fit(np.eye(8), [0, 1] * 4)
    state = tree.tree_.__getstate__()
    state["nodes"]["left_child"][0] = 10**6
    tree.tree_.__setstate__(state)
    path = tmp_path / "model.skops"
    skops.io.dump(tree, path)
    assert "point outside" in refused(path)
    with pytest.raises(ModelFileError, match="point outside"):
        models.loads(path.read_bytes())


# -- whole studies -----------------------------------------------------------------------------------------------
def test_a_study_with_a_formula_that_would_run_code_runs_nothing(tmp_path: Path, canary: Path) -> None:
    for i, formula in enumerate(
        [
            f"outcome ~ I(__import__('os').system('touch {canary}'))",
            f"outcome ~ size + `__import__('os').system('touch {canary}')`",
            "outcome ~ eval(size)",
            "outcome ~ size if True else exit()",
        ]
    ):
        folder = study_folder(
            tmp_path / f"s{i}", "numbers", {"formula": {"recipe": "formula"}}, formula=formula, task="regression"
        )
        begun = processor()
        option = open_study(folder).candidates["formula"]
        assert not option.built
        assert "formula" in option.failure.lower()
        assert processor() - begun < MOST_SECONDS


def test_a_refused_file_leaves_the_other_options_alone(tmp_path: Path, canary: Path) -> None:
    place = study_folder(tmp_path / "s", "two", {"rule": {"recipe": "rule"}, "mine": {"file": "model.skops"}})
    (place / "model.skops").write_bytes(pickle.dumps(Evil(canary)))
    study = open_study(place)
    assert study.candidates["rule"].built
    assert "not a whole skops file" in study.candidates["mine"].failure
    assert "model_refused" in {p.code for p in study.problems}
