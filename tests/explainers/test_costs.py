"""What options take: repeats that settle, a process that ends when it must, figures that are what they say."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from explainers import Candidate, Study, costs, store, tasks
from explainers.costs import measuring, running, sending, taking, timing
from explainers.errors import CandidateError, JobCancelled, JobError
from explainers.packing import pack, unpack
from explainers.results import Cost

Promise = Callable[[str, str], None]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of its own, and short blocks."""
    monkeypatch.setenv("BAKEOFF_HOME", str(tmp_path))
    monkeypatch.setattr(measuring, "BLOCK_SECONDS", 0.02)
    return tmp_path


def nothing(*_: object) -> None:
    pass


def taken(study: Study, name: str, **more: Any) -> dict[str, Any]:
    return taking.take_cost(study, name, **{"seconds": 60.0, "tell": nothing, "keep": nothing, "least": 0.005, **more})


def no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_started", lambda: pytest.fail("another process was started"))


# -- repeats -----------------------------------------------------------------------------------------------------
def test_blocks_go_on_until_two_in_a_row_agree() -> None:
    answers = iter([1.0, 2.0, 2.3, 9.0])
    found = timing.blocks(lambda: next(answers), 0.0, slack=0.005)
    assert found == [[2.0], [2.3]]
    assert timing.settled(found, slack=0.005) is True


def test_blocks_give_up_after_four_and_say_so() -> None:
    answers = iter([1.0, 2.0, 4.0, 8.0, 16.0])
    found = timing.blocks(lambda: next(answers), 0.0, slack=0.005)
    assert found == [[4.0], [8.0]]
    assert timing.settled(found, slack=0.005) is False
    assert timing.settled(found[:1], slack=0.005) is None


def test_a_block_repeats_until_so_much_processor_time_has_passed() -> None:
    def once() -> float:
        begun = time.process_time()
        while time.process_time() - begun < 0.01:
            pass
        return 0.01

    begun = time.process_time()
    each = timing.block(once, 0.05)
    assert 5 <= len(each) <= 8
    assert 0.05 <= time.process_time() - begun < 0.2
    assert timing.block(once, 0.05, deadline=time.monotonic() - 1) == [0.01]


def test_small_times_agree_within_five_thousandths_of_a_second() -> None:
    assert timing.agree(0.1, 0.12, slack=0.005)
    assert not timing.agree(0.1, 0.121, slack=0.005)
    assert timing.agree(0.0001, 0.005, slack=0.005)
    assert not timing.agree(0.0001, 0.0052, slack=0.005)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc")
def test_the_peak_of_memory_sees_what_is_held_for_a_moment() -> None:
    timing.forget_peak()
    before = timing.peak_mb()
    held = np.ones(25_000_000)  # 200 MB
    del held
    after = timing.peak_mb()
    assert before is not None
    assert after is not None
    assert 180 < after - before < 260


# -- a study as plain values -------------------------------------------------------------------------------------
def test_a_study_comes_back_from_plain_values(any_study: Study) -> None:
    for name, option in any_study.candidates.items():
        rows = np.arange(len(any_study.frame))[::2]
        study, back, more = sending.opened(sending.as_bytes(any_study, name, rows, least=0.5))
        assert (back, more) == (name, {"least": 0.5})
        pd.testing.assert_frame_equal(study.frame, any_study.frame.iloc[rows])
        assert list(study.split) == list(any_study.split.iloc[rows])
        for mine, other in zip(study.dictionary, any_study.dictionary, strict=True):
            assert all(getattr(mine, f.name) == getattr(other, f.name) for f in fields(mine))
        assert study.classes == any_study.classes
        sent = study.candidates[name]
        assert (sent.recipe, sent.features, dict(sent.parameters)) == (
            *(option.recipe, option.features),
            dict(option.parameters),
        )
        assert (sent.estimator is None) == bool(option.recipe)


class Homemade:
    """An estimator of a class that no model file may hold."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds

    def fit(self, frame: pd.DataFrame, target: Any) -> Homemade:
        time.sleep(self.seconds)
        self.mean_ = float(np.mean(target))
        return self

    def predict(self, frame: pd.DataFrame) -> Any:
        return np.full(len(frame), self.mean_) + frame["size"].to_numpy()


def _numbers(estimator: Any, n: int = 60, **more: Any) -> Study:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"size": rng.normal(size=n), "age": rng.normal(size=n)})
    frame["price"] = frame["size"] + rng.normal(size=n)
    return Study.from_frame(frame, target="price", candidates={"ours": estimator, "no_model": "no_model"}, **more)


def test_an_option_that_cannot_be_sent_is_measured_here_and_says_so(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_process(monkeypatch)
    found = costs.measure(_numbers(Homemade()), "ours")
    assert found.source == "measured"
    assert not found.own_process
    assert found.train_cpu_seconds is not None
    assert (found.n_inputs, found.n_inputs_needed) == (2, 1)
    assert found.artefact_mb is None


# -- what is taken -----------------------------------------------------------------------------------------------
def test_every_kind_of_option_in_every_kind_of_study_can_be_measured(any_study: Study) -> None:
    for name in [n for n in ("no_model", "tree", "ours") if n in any_study.candidates]:
        found = taken(any_study, name)
        given = any_study.candidates[name].given_fitted
        assert (found.get("train_cpu_seconds") is None) == given
        assert 0 < found["predict_ms_p50"] <= found["predict_ms_p95"]
        assert found["predict_ms_per_1000"] > 0
        assert found["n_inputs"] == len(any_study.candidates[name].features)
        if found["n_inputs_needed"] is not None:
            assert 0 <= found["n_inputs_needed"] <= found["n_inputs"]
        Cost(**found)  # nothing but fields of a Cost


def test_inputs_that_are_needed_are_counted(study_of: Callable[[str], Study]) -> None:
    study = study_of("binary")
    assert taken(study, "no_model")["n_inputs_needed"] == 0
    assert taken(study, "rule")["n_inputs_needed"] == 1
    assert taken(study, "formula")["n_inputs_needed"] == 4


def test_figures_are_processor_time_and_not_waiting() -> None:
    study = _numbers(Homemade())
    slow = study.replace(candidates={"ours": replace(study.candidates["ours"], estimator=Homemade(0.05))})
    found = taken(slow, "ours", least=0.001)
    assert found["train_seconds"] >= 0.05
    assert found["train_cpu_seconds"] < 0.02


def test_time_that_runs_out_leaves_what_is_known() -> None:
    kept: list[dict[str, Any]] = []
    study = _numbers("tree")
    found = taken(study, "ours", seconds=0.0, keep=kept.append)
    assert found["cut_short"]
    assert found["train_cpu_seconds"] > 0
    assert found["explain_ms"] is None
    assert [k["cut_short"] for k in kept] == [True, True]
    assert Cost(**kept[0]).train_cpu_seconds == pytest.approx(kept[0]["train_cpu_seconds"])


def test_hostile_studies_end_in_a_message_or_in_figures() -> None:
    two = pd.DataFrame({"x": range(30), "y": ["a"] * 15 + ["b"] * 15})
    study = Study.from_frame(two, target="y", candidates=["no_model", "tree", "formula"])
    study = study.replace(split=pd.Series(["train"] * 15 + ["test"] * 15, dtype="str"))  # one class to learn from
    for name in study.candidates:
        with pytest.raises(CandidateError, match=name):
            taken(study, name)
    missing = pd.DataFrame({"x": [np.nan] * 40, "z": range(40), "y": [float(i) for i in range(40)]})
    study = Study.from_frame(missing, target="y", candidates=["tree"], dictionary={"x": {"kind": "numeric"}})
    assert taken(study, "tree")["train_cpu_seconds"] > 0
    nobody = _numbers("tree").replace(split=pd.Series(["test"] * 60, dtype="str"))
    with pytest.raises(CandidateError, match="no row is labelled train"):
        taken(nobody, "ours")


def test_one_row_to_learn_from() -> None:
    study = _numbers("tree")
    study = study.replace(split=pd.Series(["train"] + ["test"] * 59, dtype="str"))
    for name in study.candidates:
        found = taken(study, name)
        assert (found["n_training"], found["n_inputs_needed"]) == (1, 0)


# -- the process -------------------------------------------------------------------------------------------------
def test_an_option_is_measured_in_a_process_of_its_own_and_kept(
    home: Path, study_of: Callable[[str], Study], monkeypatch: pytest.MonkeyPatch
) -> None:
    study = study_of("binary")
    before = costs.known(study, "tree")
    assert before is not None
    assert before.source == "built"
    told: list[float] = []
    found = costs.measure(study, "tree", progress=lambda share, _doing: told.append(share))
    assert (found.source, found.own_process, found.cut_short) == ("measured", True, False)
    assert told == sorted(told)
    assert set(found.blocks) == {"train_cpu_seconds", "predict_ms_p50", "predict_ms_per_1000"}
    assert all(len(b) == 2 for b in found.blocks.values())
    assert found.n_training == 180
    assert found.n_parameters == study.candidates["tree"].cost.n_parameters
    assert found.artefact_mb == pytest.approx(study.candidates["tree"].cost.artefact_mb, rel=0.02)
    assert 30 < found.peak_memory_mb < 1_000
    assert found.repeats >= 3
    assert found.explain_ms > 0
    assert found.machine
    no_process(monkeypatch)
    again = costs.measure(study, "tree")
    assert again.to_frame().equals(found.to_frame())
    assert costs.known(study, "tree").train_cpu_seconds == found.train_cpu_seconds
    what = tasks.task("costs")
    assert what.key is not None
    assert store.get(what.kind, what.key(study, candidate="tree")).source == "measured"
    assert costs.measure(study.replace(threshold=0.2, title="Other"), "tree").source == "measured"


def test_figures_of_an_option_from_elsewhere_are_those_that_were_stated(
    home: Path, study_of: Callable[[str], Study]
) -> None:
    study = study_of("given fitted")
    option = study.candidates["ours"]
    stated = replace(option, given_cost={"train_cpu_seconds": 86_400.0, "build_hours": 40.0})
    found = costs.measure(study.replace(candidates={"ours": stated}), "ours")
    assert (found.source, found.given) == ("given", ("train_cpu_seconds", "build_hours"))
    assert (found.train_cpu_seconds, found.build_hours) == (86_400.0, 40.0)
    assert found.peak_memory_mb is None
    assert found.predict_ms_p50 > 0
    assert costs.key(study, "ours") != costs.key(study.replace(candidates={"ours": stated}), "ours")


def test_what_is_measured_is_not_replaced_by_what_is_stated() -> None:
    option = Candidate(
        name="x",
        label="X",
        kind="black_box",
        estimator=None,
        features=(),
        given_cost={"train_cpu_seconds": 1.0, "build_hours": 3.0},
    )
    measured = measuring.with_given(Cost(source="measured", train_cpu_seconds=2.0), option)
    assert (measured.source, measured.train_cpu_seconds, measured.build_hours) == ("measured", 2.0, 3.0)
    assert measured.given == ("build_hours",)
    nobody = measuring.with_given(Cost(source="measured"), replace(option, given_cost={"build_hours": 3.0}))
    assert (nobody.source, nobody.train_cpu_seconds) == ("none", None)


def test_an_option_that_cannot_be_fitted_says_why_and_keeps_nothing(home: Path) -> None:
    study = _numbers("tree")
    broken = replace(study.candidates["ours"], parameters={"max_depth": -3}, key="", built=False, estimator=None)
    with pytest.raises(CandidateError, match=r"cannot be measured.*max_depth"):
        costs.measure(study.replace(candidates={"ours": broken}), "ours")
    assert not list(home.rglob("costs/**/*.bake"))


@pytest.mark.parametrize("what", ["measure", "growth"])
def test_a_process_that_is_killed_leaves_a_message_and_nothing_kept(
    what: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Any] = []
    real = running._started

    def killed() -> Any:
        process = real()
        started.append(process)
        os.kill(process.pid, signal.SIGKILL)
        return process

    monkeypatch.setattr(running, "_started", killed)
    with pytest.raises(JobError, match=r"is gone: the system stopped it.*study\.yaml"):
        getattr(costs, what)(_numbers("tree"), "ours")
    assert [p.returncode for p in started] == [-9]
    assert not [*home.rglob("costs/**/*.bake"), *home.rglob("growth/**/*.bake")]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc")
def test_a_cancelled_job_ends_the_process_that_measures(home: Path, tmp_path: Path) -> None:
    from explainers import jobs, open_study

    study = _numbers({"recipe": "forest", "parameters": {"n_estimators": 20}}, name="mine")
    slow = replace(study.candidates["ours"], parameters={"n_estimators": 20_000}, key="", built=False, estimator=None)
    folder = study.replace(candidates={"ours": slow}).save(tmp_path / "mine")
    job = jobs.submit("costs", study=open_study(folder, build=False), candidate="ours")
    try:
        until = time.monotonic() + 60
        while not _measuring(home) and time.monotonic() < until and job.state in ("waiting", "running"):
            time.sleep(0.05)
        assert len(_measuring(home)) == 1, (job.state, job.doing, job.error)
        job.cancel()
        with pytest.raises(JobCancelled):
            job.result()
        until = time.monotonic() + 10
        while _measuring(home) and time.monotonic() < until:
            time.sleep(0.05)
        assert _measuring(home) == []
    finally:
        jobs.shutdown()


def _measuring(home: Path) -> list[str]:
    """Return the processes of this home that measure."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            command = (place / "cmdline").read_bytes()
            if b"explainers.costs.process" in command and str(home).encode() in (place / "environ").read_bytes():
                found.append(place.name)
    return found


def test_a_process_that_takes_too_long_is_killed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "GRACE", 0.0)
    begun = time.monotonic()
    with pytest.raises(CandidateError, match="could not be measured within 0 seconds"):
        costs.measure(_numbers("tree"), "ours", max_seconds=0.2)
    assert time.monotonic() - begun < 5


def test_the_process_ends_when_nobody_waits_any_more() -> None:
    process = running._started()
    assert os.getpgid(process.pid) == os.getpgid(0)  # a cancelled job ends its whole group
    study = _numbers("tree")
    request = sending.as_bytes(study, "ours", np.arange(60), least=30.0)
    from explainers.worker import receive, send

    send(process.stdin, {"task": "cost", "seconds": 300.0}, request)
    assert receive(process.stdout)[0]["is"] == "progress"
    process.stdin.close()
    process.stdout.close()
    process.wait(20)


def test_costs_survive_packing() -> None:
    cost = Cost(train_cpu_seconds=1.0, blocks={"train_cpu_seconds": (0.9, 1.1)}, given=("build_hours",))
    back = unpack(pack(cost))
    assert all(getattr(back, f.name) == getattr(cost, f.name) for f in fields(Cost))
    old = pack(cost).replace(b"x", b"x")  # a cost as it was kept before some fields were there
    assert isinstance(unpack(old), Cost)


@pytest.mark.promise
@pytest.mark.parametrize(
    ("name", "options"),
    [("boston_mortgages", None), ("saratoga_prices", ("no_model", "rule", "logistic", "forest"))],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_costs_can_be_repeated_and_plain_options_cost_less(
    name: str, options: tuple[str, ...] | None, promise: Promise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every option of one study, and of another those that the promise sets against each other."""
    from explainers import open_study

    root = Path(__file__).resolve().parents[2]
    study = open_study(root / "sample_data" / name)
    monkeypatch.setenv("BAKEOFF_HOME", str(tmp_path))  # measured anew, in a home of its own
    found = {n: costs.measure(study, n) for n in options or study.candidates}
    apart: dict[str, float] = {}
    for option, cost in found.items():
        assert cost.own_process
        for figure, (first, second) in cost.blocks.items():
            slack = 0.005 if figure.endswith("seconds") else 5.0
            assert timing.agree(first, second, slack=slack), (option, figure, first, second)
            if abs(first - second) > slack:
                apart[f"{option} {figure}"] = abs(first - second) / min(first, second)
    forest = found["forest"]
    for option in ("no_model", "rule", "logistic"):
        cost = found[option]
        assert cost.predict_ms_p50 < forest.predict_ms_p50
        assert cost.predict_ms_per_1000 < forest.predict_ms_per_1000
        assert cost.artefact_mb < forest.artefact_mb
    for option in ("no_model", "rule"):
        assert found[option].train_cpu_seconds < forest.train_cpu_seconds
    worst = max(apart, key=apart.__getitem__, default="")
    figures = f"largest gap beyond 5 ms {100 * apart[worst]:.0f}% ({worst})" if worst else "all within 5 ms"
    asked = ", ".join(f"{o} {found[o].predict_ms_p50:.1f}" for o in ("no_model", "rule", "logistic", "forest"))
    promise(
        f"Costs on {name}: two blocks agree within 20% or 5 ms; no model, rule and weighted score below the forest",
        f"{len(found)} options, {figures}; ms for one case: {asked}",
    )
