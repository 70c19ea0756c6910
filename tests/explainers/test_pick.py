"""Ways to pick a case: the right cases, in the right order, from never-seen rows only."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from explainers import Study, pick, predict
from tests.explainers.games import mixed_frame, study_of


@pytest.fixture(scope="module")
def binary() -> Study:
    return study_of(mixed_frame(400, 6), "binary", no_model="no_model", tree="tree", logistic="logistic")


@pytest.fixture(scope="module")
def answers(binary: Study) -> pd.DataFrame:
    """Return answer and record of never-seen rows by id."""
    test = (binary.split == "test").to_numpy()
    rows = binary.frame[test]
    yes = predict.predict(binary, "tree", rows)["yes"].to_numpy()
    return pd.DataFrame({"yes": yes, "record": rows.binary.to_numpy()}, index=binary.case_ids[test])


def test_differs(binary: Study, answers: pd.DataFrame) -> None:
    wrong = answers[(answers.yes >= 0.5) != (answers.record == "yes")]
    picked = pick.differs(binary, "tree")
    assert set(picked) == set(wrong.index)
    by_error = np.where(wrong.record == "yes", 1 - wrong.yes, wrong.yes)
    wanted = pd.Series(by_error, wrong.index)[list(picked)]
    assert wanted.is_monotonic_decreasing


def test_differs_follows_the_threshold(binary: Study, answers: pd.DataFrame) -> None:
    strict = binary.replace(threshold=0.9)
    wrong = answers[(answers.yes >= 0.9) != (answers.record == "yes")]
    assert set(pick.differs(strict, "tree")) == set(wrong.index)


def test_closest(binary: Study, answers: pd.DataFrame) -> None:
    for threshold in (0.5, 0.2):
        picked = pick.closest(binary.replace(threshold=threshold), "tree")
        assert set(picked) == set(answers.index)
        assert (answers.yes[list(picked)] - threshold).abs().is_monotonic_increasing


def test_unsure(binary: Study, answers: pd.DataFrame) -> None:
    rows = binary.rows("test")
    apart = np.abs(answers.yes.to_numpy() - predict.predict(binary, "logistic", rows)["yes"].to_numpy())
    picked = pick.unsure(binary)
    assert pd.Series(apart, answers.index)[list(picked)].is_monotonic_decreasing
    only = binary.replace(candidates={n: binary.candidates[n] for n in ("no_model", "tree")})
    assert len(pick.unsure(only)) == 0


def test_random(binary: Study, answers: pd.DataFrame) -> None:
    a, b, c = pick.random(binary), pick.random(binary), pick.random(binary, random_state=1)
    assert a.tolist() == b.tolist() != c.tolist()
    assert set(a) == set(answers.index)


def test_numbers() -> None:
    study = study_of(mixed_frame(200, 4), "number", no_model="no_model", tree="tree", logistic="logistic")
    rows = study.rows("test")
    error = (predict.predict(study, "tree", rows)["prediction"] - rows.number).abs()
    picked = pick.differs(study, "tree")
    assert error.set_axis(rows.index.astype(str))[list(picked)].is_monotonic_decreasing
    assert len(picked) == len(rows)
    assert len(pick.closest(study, "tree")) == 0
    assert len(pick.unsure(study)) == len(rows)


def test_several_classes_without_focus() -> None:
    study = study_of(mixed_frame(300, 4), "three", tree="tree").replace(positive=None)
    rows = study.rows("test")
    answer = predict.predict(study, "tree", rows)
    wrong = rows.index[answer.idxmax(axis=1) != rows.three].astype(str)
    assert set(pick.differs(study, "tree")) == set(wrong)
    top = np.sort(answer.to_numpy(), axis=1)
    lead = pd.Series(top[:, -1] - top[:, -2], rows.index.astype(str))
    assert lead[list(pick.closest(study, "tree"))].is_monotonic_increasing


def test_rows_without_a_record_are_never_wrong() -> None:
    frame = mixed_frame(200, 4)
    study = study_of(frame, "binary", tree="tree")
    blank = study.frame.binary.where(study.split != "test", None)
    assert len(pick.differs(study.replace(frame=study.frame.assign(binary=blank)), "tree")) == 0
