"""Why one class and not another: sums, equality with two explanations, errors of the difference, hostile inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from explainers import Study, packing, tasks
from explainers.attribution import explain
from explainers.attribution import reference as reference_of
from explainers.contrast import contrast
from explainers.errors import CandidateError, CaseError

OPTIONS = ("no_model", "rule", "table", "formula", "tree", "logistic", "boosting", "forest")


@pytest.fixture(scope="module")
def grades(study_of: Callable[[str], Study]) -> Study:
    return study_of("three classes")


@pytest.mark.parametrize("option", OPTIONS)
def test_it_adds_up_and_is_the_difference_of_two_explanations(grades: Study, option: str) -> None:
    case = grades.rows("test").iloc[[3]]
    for a, b in (("low", "high"), ("high", "middle")):
        found = contrast(grades, option, case, a=a, b=b)
        lead = found.answers[0] - found.answers[1]
        base = found.averages[0] - found.averages[1]
        assert abs(found.values.sum() - (lead - base)) < 1e-9
        one, two = explain(grades, option, case, outcome=a), explain(grades, option, case, outcome=b)
        assert found.values == pytest.approx(one.values[0] - two.values[0], abs=1e-9)
        assert found.answers == pytest.approx((one.predictions[0], two.predictions[0]), abs=1e-12)
        assert found.averages == pytest.approx((one.base_values[0], two.base_values[0]), abs=1e-12)
        assert found.feature_names == one.feature_names
        assert found.n_evaluations <= one.n_evaluations


def test_the_other_way_round_every_sign_turns() -> None:
    study = wavy()
    case = study.rows("test").iloc[[0]]
    one = contrast(study, "wavy", case, a="low", b="high")
    two = contrast(study, "wavy", case, a="high", b="low")
    assert one.values == pytest.approx(-two.values, abs=1e-12)
    assert one.standard_errors is not None
    assert one.standard_errors == pytest.approx(two.standard_errors)
    assert (one.answers, one.averages) == (two.answers[::-1], two.averages[::-1])


def test_two_classes_have_twice_the_reasons_of_one(study_of: Callable[[str], Study]) -> None:
    """The closed form of the errors too: what counts for yes counts as much against no."""
    study = study_of("wide")
    case = study.rows("test").iloc[[1]]
    found, yes = contrast(study, "logistic", case, a="yes", b="no"), explain(study, "logistic", case, outcome="yes")
    assert found.values == pytest.approx(2 * yes.values[0], abs=1e-9)
    assert yes.standard_errors is not None
    assert yes.reference_errors is not None
    assert found.standard_errors == pytest.approx(2 * yes.standard_errors[0], rel=1e-6, abs=1e-12)
    assert found.reference_errors == pytest.approx(2 * yes.reference_errors[0], rel=1e-6, abs=1e-9)


class Wavy:
    """Three probabilities of five numbers that count together, so that walks differ."""

    classes_: Any = np.array(["high", "low", "middle"])

    def fit(self, X: Any, y: Any) -> Wavy:
        return self

    def predict_proba(self, X: Any) -> Any:
        x = np.asarray(X, dtype=float)
        link = np.column_stack(
            [3 * x[:, 0] * x[:, 1] + x[:, 2], 2 * x[:, 1] * x[:, 2] - x[:, 3] * x[:, 4], np.sin(3 * x[:, 3] * x[:, 5])]
        )
        e = np.exp(link - link.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def predict(self, X: Any) -> Any:
        return self.classes_[self.predict_proba(X).argmax(axis=1)]


def wavy() -> Study:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(400, 6)), columns=list("uvwxyz"))
    frame["grade"] = rng.choice(["high", "low", "middle"], 400)
    return Study.from_frame(frame, target="grade", candidates={"wavy": Wavy()}, name="wavy", title="Wavy")


def spread(seeds: int) -> tuple[float, float, float]:
    """Return the ratio of stated to true error, how often 95% ranges hold, and the ratio of the naive error."""
    study = wavy()
    case = study.rows("test").iloc[[0]]
    refs = reference_of(study, size=100)
    truth = contrast(study, "wavy", case, a="high", b="low", reference=refs, pairs=600).values  # all subsets: exact
    found = [contrast(study, "wavy", case, a="high", b="low", reference=refs, random_state=s) for s in range(seeds)]
    values = np.stack([f.values for f in found])
    errors = np.stack([f.standard_errors for f in found if f.standard_errors is not None])
    one, two = (explain(study, "wavy", case, outcome=c, reference=refs) for c in ("high", "low"))
    assert one.standard_errors is not None
    assert two.standard_errors is not None
    naive = np.sqrt(one.standard_errors[0] ** 2 + two.standard_errors[0] ** 2)
    true = values.std(axis=0, ddof=1)
    held = np.abs(values - truth) <= 1.96 * errors
    return float((errors.mean(axis=0) / true).mean()), float(held.mean()), float((naive / true).mean())


def test_the_errors_are_those_of_the_difference() -> None:
    ratio, held, naive = spread(40)
    assert 0.85 <= ratio <= 1.15
    assert held >= 0.88
    assert abs(naive - 1) > 0.1  # so errors put together as if the two explanations were apart would be told


@pytest.mark.promise
def test_ranges_of_the_difference_hold_as_often_as_they_say(promise: Callable[[str, str], None]) -> None:
    ratio, held, naive = spread(400)
    promise(
        "Errors of “why a and not b” are those of the difference",
        f"ranges of 95% held {held:.3f} of the time; stated over true error {ratio:.3f}, naive {naive:.3f}",
    )
    assert 0.93 <= held <= 0.97


def test_reference_and_seed_are_those_asked_for(grades: Study) -> None:
    case = grades.rows("test").iloc[[0]]
    one = contrast(grades, "tree", case, a="low", b="high", reference=reference_of(grades, group=("heating", "gas")))
    assert one.reference.kind == "group"
    other = reference_of(grades, case=str(grades.case_ids[5]))
    single = contrast(grades, "tree", case, a="low", b="high", reference=other)
    assert single.reference_errors is None
    assert single.reference_rows == 1
    again = contrast(grades, "boosting", case, a="low", b="high", random_state=3)
    assert np.array_equal(again.values, contrast(grades, "boosting", case, a="low", b="high", random_state=3).values)
    short = contrast(grades, "boosting", case, a="low", b="high", max_seconds=0.0)
    assert abs(short.values.sum() - (np.subtract(*short.answers) - np.subtract(*short.averages))) < 1e-9


@pytest.mark.parametrize(
    ("a", "b", "says"),
    [("low", "low", "different"), ("low", "gone", "gone"), ("<b>", "low", "<b>"), (None, "low", "None")],
)
def test_outcomes_that_cannot_be_set_apart_are_refused(grades: Study, a: Any, b: Any, says: str) -> None:
    with pytest.raises(CaseError, match=says):
        contrast(grades, "tree", grades.rows("test").iloc[[0]], a=a, b=b)


def test_wrong_questions_are_refused_by_name(grades: Study, study_of: Callable[[str], Study]) -> None:
    with pytest.raises(CaseError, match="Give one row"):
        contrast(grades, "tree", grades.rows("test").iloc[:2], a="low", b="high")
    numbers = study_of("regression")
    with pytest.raises(CaseError, match="a number"):
        contrast(numbers, "tree", numbers.rows("test").iloc[[0]], a="low", b="high")
    with pytest.raises(CandidateError):
        contrast(grades, "gone", grades.rows("test").iloc[[0]], a="low", b="high")


def test_every_study_with_classes_is_answered_and_kept(any_study: Study) -> None:
    if len(any_study.classes) < 2:
        return
    for name, candidate in any_study.candidates.items():
        if candidate.failure or name == "forest":
            continue
        case = any_study.frame.iloc[[0]]
        found = contrast(any_study, name, case, a=any_study.classes[0], b=any_study.classes[-1])
        assert np.isfinite(found.values).all()
        again = packing.unpack(packing.pack(found))
        assert np.array_equal(again.values, found.values)
        assert again.reference.rows.equals(found.reference.rows)
        assert len(found.to_frame()) == len(found.values)


def test_the_worker_has_a_task_whose_key_tells_every_question_apart(grades: Study) -> None:
    made = tasks.task("contrast")
    case = grades.rows("test").iloc[[0]]
    values = tasks._values(grades, case.iloc[0].to_dict())
    found = made.run(grades, lambda *_: None, candidate="tree", case=values, a="low", b="high")
    assert found.values == pytest.approx(contrast(grades, "tree", case, a="low", b="high").values)
    assert made.key is not None
    keys = {
        made.key(grades, candidate=o, case=values, a=a, b=b, reference=r)
        for o in ("tree", "boosting")
        for a, b in (("low", "high"), ("high", "low"), ("low", "middle"))
        for r in (None, {"kind": "group", "feature": "heating", "level": "gas"})
    }
    assert len(keys) == 12
