"""What is saved opens as the same study, and nothing that was there is lost."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explainers.errors import BakeoffError, StudyError
from explainers.load import from_frame, open_study
from explainers.predict import predict
from explainers.save import put_back, save
from explainers.study import Study
from explainers.validate import validate
from tests.bad_studies import ODD_NAMES, Bad, loans

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data" / "boston_mortgages"


def codes(study: Study) -> list[str]:
    return sorted(p.code for p in study.problems)


def assert_same(one: Study, two: Study) -> None:
    assert two.data_key == one.data_key
    assert two.fingerprint == one.fingerprint
    assert codes(two) == codes(one)
    assert [p.code for p in validate(two)] == [p.code for p in validate(one)]
    pd.testing.assert_frame_equal(two.frame, one.frame, check_names=False)
    for field in (
        "classes",
        "positive",
        "outcome_words",
        "task",
        "title",
        "question",
        "split_by",
        "threshold",
        "pinned",
    ):
        assert getattr(two, field) == getattr(one, field), field
    assert list(two.candidates) == list(one.candidates)
    for a, b in zip(one.candidates.values(), two.candidates.values(), strict=True):
        for field in (
            "label",
            "kind",
            "technical",
            "description",
            "features",
            "recipe",
            "given_fitted",
            "uses_protected",
        ):
            assert getattr(a, field) == getattr(b, field), field
    for a, b in zip(one.dictionary, two.dictionary, strict=True):
        for field in type(a).__dataclass_fields__:
            assert getattr(a, field) == getattr(b, field), (a.name, field)


def test_the_sample_study_round_trip(tmp_path) -> None:
    study = open_study(SAMPLE, build=False)
    folder = save(study, tmp_path / "mine")
    assert folder == tmp_path / "mine"
    assert_same(study, open_study(folder, build=False))
    assert sorted(p.name for p in folder.iterdir()) == ["data.parquet", "split.csv", "study.yaml"]
    text = (folder / "study.yaml").read_text()
    assert "\n  denied:\n    label: Mortgage turned down\n" in text
    assert "!!" not in text
    assert "&id" not in text
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]  # nothing else is left behind


def test_given_estimators_answer_the_same_after_opening(tmp_path) -> None:
    from sklearn.ensemble import RandomForestClassifier

    frame = loans().drop(columns="home")
    inputs = frame[["income", "age"]]
    done = RandomForestClassifier(5).fit(inputs, frame["refused"])
    study = from_frame(
        frame, target="refused", candidates={"../odd name": RandomForestClassifier(5), "odd name": done, "rule": "rule"}
    )
    again = open_study(study.save(tmp_path / "mine"))
    for name in study.candidates:
        pd.testing.assert_frame_equal(predict(again, name, frame), predict(study, name, frame), check_exact=True)
    assert sorted(p.name for p in (tmp_path / "mine" / "models").iterdir()) == ["odd_name-2.skops", "odd_name.skops"]
    assert [c.given_fitted for c in again.candidates.values()] == [False, True, False]
    assert sorted(codes(again)) == sorted(codes(study)) == ["inputs_not_read", "unknown_history"]
    third = open_study(
        save(open_study(tmp_path / "mine", build=False), tmp_path / "other")
    )  # models that nobody loaded
    pd.testing.assert_frame_equal(predict(third, "odd name", frame), predict(study, "odd name", frame))


def test_words_that_look_like_other_things_stay_words(tmp_path) -> None:
    odd = [
        "1e5",
        "yes",
        "No",
        "on",
        "010",
        "0x1F",
        "2020-01-01",
        "12:30",
        "~",
        "null",
        ".inf",
        "1_000",
        "+1",
        "- a",
        "a: b",
        "#",
    ]
    frame = loans().assign(odd=np.resize(odd, 60))
    entry = {"label": "1e5", "description": "null", "kind": "categorical", "level_labels": {v: v for v in odd}}
    study = from_frame(frame, target="refused", dictionary={"odd": entry}, title="~", owner="1e5", candidates=["rule"])
    again = open_study(save(study, tmp_path / "mine"), build=False)
    assert_same(study, again)
    assert list(again.dictionary["odd"].level_labels) == odd
    assert again.dictionary["odd"].description == "null"
    assert (again.title, again.owner) == ("~", "1e5")


def test_what_was_repaired_is_still_told_after_opening(tmp_path) -> None:
    frame = loans().assign(ratio=[np.inf] + [1.0, 2.0, 3.0] * 19 + [1.5] * 2, odd=["a", 1, 2.5] * 20, loan_id=range(60))
    study = from_frame(frame, target="refused")
    again = open_study(save(study, tmp_path / "mine"), build=False)
    assert {"infinite", "mixed_types", "id_as_input"} <= set(codes(study))
    assert codes(again) == codes(study)


def test_a_study_replaces_a_study_and_keeps_other_files(tmp_path) -> None:
    folder = Bad("good", "", more={"README.md": "mine", "split.csv": "old"}).write(tmp_path / "loans")
    (folder / "notes").mkdir()
    (folder / "notes" / "a.txt").write_text("keep")
    study = open_study(folder, build=False)
    save(study, folder)
    save(open_study(folder, build=False), folder)
    assert (folder / "README.md").read_text() == "mine"
    assert (folder / "notes" / "a.txt").read_text() == "keep"
    assert (folder / "data.csv").is_file()
    assert open_study(folder, build=False).data_key == study.data_key
    assert [p.name for p in tmp_path.iterdir()] == ["loans"]


def test_a_folder_with_other_things_is_not_touched(tmp_path) -> None:
    study = open_study(SAMPLE, build=False)
    (tmp_path / "thesis.doc").write_text("years of work")
    with pytest.raises(StudyError, match="not a study"):
        save(study, tmp_path)
    with pytest.raises(StudyError, match="not a study"):
        save(study, tmp_path / "thesis.doc")
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.doc"]
    (tmp_path / "empty").mkdir()
    assert save(study, tmp_path / "empty" / "deep" / "er").is_dir()


@pytest.mark.parametrize("where", ["explainers.save._data", "explainers.save._proof", "explainers.save._swap"])
def test_a_failure_leaves_what_was_there(where: str, tmp_path, monkeypatch) -> None:
    folder = Bad("good", "").write(tmp_path / "loans")
    before = {p.name: p.read_bytes() for p in folder.iterdir()}

    def fail(*args: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(where, fail)
    with pytest.raises(OSError, match="disk full"):
        save(open_study(SAMPLE, build=False), folder)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["loans"]


def test_what_a_killed_save_left_is_removed_a_day_later(tmp_path) -> None:
    study = from_frame(loans(), target="refused")
    old, new, other = (tmp_path / name for name in (".mine-saving-a", ".mine-saving-b", ".yours-saving-a"))
    for place in (old, new, other):
        place.mkdir()
        (place / "data.parquet").write_bytes(b"half")
    for place in (old, other):
        os.utime(place, (time.time() - 2 * 86_400,) * 2)
    save(study, tmp_path / "mine")
    assert [p.exists() for p in (old, new, other)] == [False, True, True]


KILLED = """
import os, sys
from pathlib import Path
from explainers.load import open_study
from explainers.save import save

study, target = open_study(sys.argv[1], build=False), Path(sys.argv[2])
rename = Path.rename
Path.rename = lambda self, to: os._exit(9) if Path(to) == target else rename(self, to)
save(study, target)
"""


def test_a_save_that_is_killed_before_the_newer_study_stands_leaves_the_older_one(tmp_path) -> None:
    target = tmp_path / "mine"
    kept = open_study(save(from_frame(loans(), target="refused"), target), build=False).data_key
    done = subprocess.run([sys.executable, "-c", KILLED, str(SAMPLE), str(target)], cwd=SAMPLE.parents[1], check=False)
    assert (done.returncode, target.exists()) == (9, False)
    put_back(tmp_path)  # another process may be about to finish
    assert not target.exists()
    for aside in tmp_path.glob(".mine-old-*"):
        os.utime(aside, (time.time() - 3,) * 2)
    put_back(tmp_path)
    assert open_study(target, build=False).data_key == kept
    assert [p.name for p in tmp_path.glob(".*-old-*")] == []


@pytest.mark.parametrize("name", [".my-old-pictures", ".mine-old-ab12cd34", ".yours-old-ab12cd34"])
def test_what_is_not_ours_is_left_where_it_is(name: str, tmp_path) -> None:
    (tmp_path / name / "mine").mkdir(parents=True)
    (tmp_path / name / "mine" / "thesis.doc").write_text("years of work")
    if name.startswith(".yours"):
        (tmp_path / name / "mine" / "study.yaml").write_text("name: mine")
    os.utime(tmp_path / name, (time.time() - 9,) * 2)
    put_back(tmp_path)
    assert (tmp_path / name / "mine" / "thesis.doc").read_text() == "years of work"
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_a_write_that_reads_back_otherwise_is_noticed(tmp_path, monkeypatch) -> None:
    import explainers.save as saving

    write = saving._data
    monkeypatch.setattr(saving, "_data", lambda frame, path: write(frame.iloc[::-1], path))
    with pytest.raises(StudyError, match="not the same"):
        save(open_study(SAMPLE, build=False), tmp_path / "mine")
    assert list(tmp_path.iterdir()) == []


# -- any frame -------------------------------------------------------------------------------------------------------
NAMES = st.one_of(st.sampled_from(ODD_NAMES), st.text(min_size=1, max_size=8).filter(lambda t: t.strip()))
CELLS = st.one_of(
    st.lists(st.one_of(st.none(), st.floats(allow_nan=False, width=32)), min_size=40, max_size=40),
    st.lists(st.one_of(st.none(), st.integers(-(2**40), 2**40)), min_size=40, max_size=40),
    st.lists(st.one_of(st.none(), st.booleans()), min_size=40, max_size=40),
    st.lists(
        st.one_of(st.none(), st.sampled_from(["a", "b", "NA", "nan", "", "1", "yes", "true", "=x"])),
        min_size=40,
        max_size=40,
    ),
    st.lists(st.one_of(st.text(max_size=5), st.integers(0, 3), st.none()), min_size=40, max_size=40),
    st.lists(st.datetimes(), min_size=40, max_size=40),
)
DTYPES = st.sampled_from(["as is", "category", "convert"])
TARGETS = st.sampled_from([["no", "yes"], [0, 1], [True, False], ["1", "2"], ["a", "b", "c"], [1.5, 2.25, 3.5, 4.5]])


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    columns=st.dictionaries(NAMES, st.tuples(CELLS, DTYPES), min_size=1, max_size=4),
    target=TARGETS,
    named_index=st.booleans(),
)
def test_any_frame_comes_back_the_same(columns, target, named_index: bool, tmp_path_factory) -> None:
    frame = pd.DataFrame(index=pd.Index([f"r{i // 2}" for i in range(40)], name="r") if named_index else None)
    for name, (cells, dtype) in columns.items():
        values = pd.Series(cells, index=frame.index if named_index else None, dtype=object).infer_objects()
        frame[name] = (
            values.astype("category")
            if dtype == "category"
            else values.convert_dtypes()
            if dtype == "convert"
            else values
        )
    frame["the target"] = np.resize(np.array(target), 40)
    try:
        study = from_frame(frame, target="the target", candidates={"rule": "rule", "no_model": "no_model"})
    except BakeoffError as error:
        assert "not as expected" not in error.message, error.message  # noqa: PT017 - every refusal has a reason
        return
    again = open_study(study.save(tmp_path_factory.mktemp("any") / "study"))
    assert_same(study, again)
    for name, candidate in study.candidates.items():
        assert again.candidate(name).failure == candidate.failure
        if not candidate.failure:
            pd.testing.assert_frame_equal(
                predict(again, name, again.frame), predict(study, name, study.frame), check_exact=True
            )
