"""The worker's tasks on the sample study, end to end through the processes, and the parts of its protocol."""

from __future__ import annotations

import io
import json
import os
import shutil
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from explainers import attribution, jobs, keys, open_study, predict, store, tasks, worker
from explainers.errors import CaseError, JobError
from explainers.results import Agreement, Answer, Explanation
from explainers.study import Study

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data" / "boston_mortgages"
LONG = 120.0
OPTIONS = ("no_model", "tree")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A copy of the sample study with two quick options, and a home of its own."""
    place = tmp_path_factory.mktemp("study")
    home = tmp_path_factory.mktemp("home")
    folder = place / "boston_mortgages"
    folder.mkdir()
    shutil.copy(SAMPLE / "data.csv", folder)
    import yaml

    spec = yaml.safe_load((SAMPLE / "study.yaml").read_text(encoding="utf-8"))
    spec["candidates"] = {n: spec["candidates"][n] for n in OPTIONS}
    spec["first"] = "tree"
    (folder / "study.yaml").write_text(yaml.safe_dump(spec, sort_keys=False, allow_unicode=True), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BAKEOFF_HOME", str(home))
        patch.delenv("BAKEOFF_WORKER_TASKS", raising=False)
        yield folder
        jobs.shutdown()


def done(job: jobs.Job):
    assert job.wait(LONG), job.doing
    assert job.state == "done", job.error
    return job.result()


@pytest.fixture(scope="module")
def study(folder) -> Study:
    jobs.warm(folder)
    before = open_study(folder, build=False)
    assert not any(c.built for c in before.candidates.values())
    job = jobs.submit("build", study=folder)
    assert done(job) == dict.fromkeys(OPTIONS, "built")
    assert job.fraction == 1.0
    after = open_study(folder, build=False)
    assert all(c.built for c in after.candidates.values())
    return after


def case_of(study: Study, name: str = "17") -> dict[str, object]:
    return keys.case_values(study.row(name))


def test_an_explanation_equals_the_one_made_here_and_is_kept_under_the_askers_key(study, folder):
    case = case_of(study)
    key = keys.explanation_key(study, "tree", case)
    made = done(jobs.submit("explain", study=folder, candidate="tree", case=case))
    assert isinstance(made, Explanation)
    here = attribution.explain(study, "tree", keys.case_frame(study, case), reference=attribution.reference(study))
    np.testing.assert_allclose(made.values, here.values, rtol=0, atol=1e-12)
    kept = store.get("explanation", key)
    np.testing.assert_array_equal(kept.values, made.values)
    np.testing.assert_allclose(made.values.sum() + made.base_values[0], made.predictions[0], atol=1e-9)
    again = jobs.submit("explain", study=study, candidate="tree", case=case)
    assert again.state == "done", "found through the study, without a worker"


def test_a_case_by_id_or_by_values_is_the_same_question(study, folder):
    by_id = done(jobs.submit("explain", study=folder, candidate="tree", case="17"))
    by_values = jobs.submit("explain", study=study, candidate="tree", case=case_of(study))
    assert by_values.state == "done"
    np.testing.assert_array_equal(by_id.values, by_values.result().values)


@pytest.mark.parametrize(
    "reference",
    [{"kind": "group", "feature": "self_employed", "level": "yes"}, {"kind": "case", "case": "5"}],
    ids=lambda r: r["kind"],
)
def test_references_reach_the_worker(study, folder, reference):
    made = done(jobs.submit("explain", study=folder, candidate="tree", case=case_of(study), reference=reference))
    assert made.reference.kind == reference["kind"]
    if reference["kind"] == "group":
        assert set(made.reference.rows["self_employed"]) == {"yes"}
    else:
        assert made.reference.case == "5"
    assert store.has("explanation", keys.explanation_key(study, "tree", case_of(study), reference=reference))


def test_answers_agreement_and_predictions_come_back_as_what_they_are(study, folder):
    case = case_of(study)
    said = done(jobs.submit("answers", study=folder, case=case))
    assert isinstance(said, tuple)
    assert [a.candidate for a in said] == list(OPTIONS)
    assert all(isinstance(a, Answer) for a in said)
    assert jobs.submit("answers", study=study, case=case).state == "done"
    frame = done(jobs.submit("predictions", study=folder, candidate="tree"))
    pd.testing.assert_frame_equal(frame, predict.stored(study, "tree"))
    checked = done(jobs.submit("agreement", study=folder, candidate="no_model", case=case))
    assert isinstance(checked, Agreement)
    assert jobs.submit("agreement", study=study, candidate="no_model", case=case).state == "done"


def test_missing_values_and_unseen_levels_travel(study, folder):
    case = {**case_of(study), "self_employed": "sometimes", "debt_payments_to_income": None}
    made = done(jobs.submit("explain", study=folder, candidate="tree", case=case))
    assert np.isnan(made.cases["debt_payments_to_income"].iloc[0])
    assert made.cases["self_employed"].iloc[0] == "sometimes"


def test_mistakes_come_back_as_plain_words(study, folder, tmp_path):
    for job, says in [
        (jobs.submit("explain", study=folder, candidate="nobody", case="17"), "no candidate 'nobody'"),
        (jobs.submit("explain", study=folder, candidate="tree", case="-5"), "-5"),
        (jobs.submit("explain", study=folder, candidate="tree", case={"self_employed": "yes"}), "missing"),
        (jobs.submit("explain", study=tmp_path / "nowhere", candidate="tree", case="17"), "study"),
    ]:
        assert job.wait(LONG)
        assert job.state == "failed"
        assert says in job.error.lower().replace("candidate 'Nobody'", "")
        assert "error id" not in job.error
        assert "Traceback" not in job.error
        with pytest.raises(JobError):
            job.result()


def test_a_build_where_nothing_can_be_kept_says_what_to_do(study, folder, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BAKEOFF_HOME", str(tmp_path / "file" / "home"))
    job = jobs.submit("build", study=folder)
    assert job.wait(LONG)
    assert job.state == "failed"
    assert "BAKEOFF_HOME" in job.error


def test_a_study_in_memory_only_is_refused(study):
    with pytest.raises(JobError, match="in memory only"):
        jobs.submit("predictions", study=study.replace(folder=None), candidate="tree")


def test_a_repeated_explanation_costs_its_computation_and_little_more(study, folder):
    reference = attribution.reference(study)
    case = case_of(study)
    overhead = []
    for i in range(12):
        asked = {**case, "loan_to_value": 0.5 + i / 100}
        began = time.perf_counter()
        job = jobs.submit("explain", study=folder, candidate="no_model", case=asked)
        assert job.wait(LONG)
        took = time.perf_counter() - began
        frame = keys.case_frame(study, asked)
        began = time.perf_counter()
        attribution.explain(study, "no_model", frame, reference=reference)
        overhead.append(took - (time.perf_counter() - began))
    # 10 ms on an idle machine; the bound leaves room for a busy one, and is far below an import or a reading of data.
    assert min(overhead) < 0.03


# -- inside one process ------------------------------------------------------------------------------------------
def test_a_study_is_opened_once_until_its_files_change(study, folder, monkeypatch):
    import explainers.load

    calls = []
    real = explainers.load.open_study
    monkeypatch.setattr(explainers.load, "open_study", lambda *a, **k: calls.append(a) or real(*a, **k))
    monkeypatch.setattr(worker, "_studies", type(worker._studies)())
    assert worker.opened(str(folder)) is worker.opened(str(folder))
    assert len(calls) == 1
    stat = (folder / "study.yaml").stat()
    os.utime(folder / "study.yaml", ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))
    worker.opened(str(folder))
    assert len(calls) == 2
    (folder / "models").mkdir()
    (folder / "models" / "new.skops").write_bytes(b"x")
    worker.opened(str(folder))
    assert len(calls) == 3
    shutil.rmtree(folder / "models")


def test_results_cut_short_by_time_are_not_kept(study, folder, monkeypatch):
    made = attribution.explain(study, "tree", study.row("17"), reference=attribution.reference(study))
    from dataclasses import replace

    short = replace(made, stopped_early=True)
    assert worker._unfinished(short)
    assert worker._unfinished((Answer(candidate="a", prediction=1.0, explanation=short),))
    assert not worker._unfinished(made)
    assert not worker._unfinished((Answer(candidate="a", prediction=1.0),))
    monkeypatch.setitem(
        tasks.TASKS,
        "explain",
        tasks.Task(run=lambda *_, **__: short, doing="x", kind="explanation", key=tasks.TASKS["explain"].key),
    )
    arguments = {"candidate": "tree", "case": {**case_of(study), "loan_to_value": 0.123}, "max_seconds": 0.0}
    result, where = worker._work("explain", str(folder), arguments, lambda *_: None)
    assert result is short
    assert where is None
    assert not store.has("explanation", keys.explanation_key(study, "tree", arguments["case"]))


def test_cases_of_other_kinds_are_refused(study):
    with pytest.raises(CaseError, match="as values by column or as an id"):
        tasks._frame(study, ["17"])


@pytest.mark.parametrize("payload", [b"", b"\x00" * 100_000])
def test_messages_come_whole_or_not_at_all(payload):
    stream = io.BytesIO()
    worker.send(stream, {"a": "Ü"}, payload)
    whole = stream.getvalue()
    assert worker.receive(io.BytesIO(whole)) == ({"a": "Ü"}, bytearray(payload))
    for cut in (0, 5, 12, 15, len(whole) - 1):
        assert worker.receive(io.BytesIO(whole[:cut])) is None


def test_settings_of_the_parent_replace_those_of_the_worker(monkeypatch):
    monkeypatch.setenv("BAKEOFF_HOME", "old")
    monkeypatch.setenv("BAKEOFF_GONE", "x")
    monkeypatch.setenv("OTHER", "stays")
    worker._follow({"BAKEOFF_HOME": "new"})
    assert {n: v for n, v in os.environ.items() if n.startswith("BAKEOFF_")} == {"BAKEOFF_HOME": "new"}
    assert os.environ["OTHER"] == "stays"
    json.dumps(worker.study_files(Path("nowhere")))
