from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.inspection import partial_dependence

from explainers import Study, packing
from explainers.effects import directions, effect
from explainers.errors import CaseError
from explainers.predict import check_cases, door
from tests.explainers.conftest import study_by_name


@pytest.mark.parametrize("name", ["regression", "binary", "three classes"])
@pytest.mark.parametrize("option", ["formula", "boosting", "tree", "logistic"])
@pytest.mark.parametrize("feature", ["size", "age", "heating"])
def test_curves_equal_scikit_learns_partial_dependence(name: str, option: str, feature: str) -> None:
    study = study_by_name(name)
    rows = study.rows("test")
    found = effect(study, option, feature, rows=rows)
    frame = check_cases(study, option, rows)
    frame["age"] = frame["age"].astype(float)
    estimator = door(study, option).estimator
    grid = np.array(found.grid, dtype=object if feature == "heating" else float)
    theirs = partial_dependence(
        estimator,
        frame,
        [feature],
        categorical_features=["heating", "garden"],
        custom_values={feature: grid},
        kind="both",
        method="brute",
        response_method="auto",
    )
    ours = found.individual.transpose(1, 0, 2)
    if name == "binary":
        positive = list(estimator.classes_).index(estimator.classes_[1])
        ours = ours[[list(study.classes).index(estimator.classes_[positive])]]
    elif study.classes:
        ours = ours[[list(study.classes).index(c) for c in estimator.classes_]]
    assert ours.shape == theirs["individual"].shape
    assert np.abs(ours - theirs["individual"]).max() <= 1e-10
    assert np.abs(ours.mean(axis=1) - theirs["average"]).max() <= 1e-10


def test_the_grid_holds_training_values_and_never_goes_beyond_them() -> None:
    study = study_by_name("regression")
    train = study.rows("train")
    found = effect(study, "boosting", "size")
    assert set(found.grid) <= set(train["size"])
    assert found.lowest == train["size"].min()
    assert found.lowest <= found.grid[0]
    assert found.grid[-1] <= found.highest
    assert list(found.grid) == sorted(found.grid)
    assert found.density.sum() + found.outside == len(train)
    assert found.rows == "test"
    assert found.n == found.population == len(study.rows("test"))


def test_levels_stand_in_the_dictionarys_order_with_their_counts() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"grade": rng.choice(["poor", "fair", "good"], 200, p=[0.2, 0.3, 0.5])})
    frame["y"] = frame["grade"].map({"poor": 1.0, "fair": 2.0, "good": 3.0}) + rng.normal(0, 0.1, 200)
    words = {"poor": "poor", "fair": "fair", "good": "good"}
    about = {"grade": {"label": "Grade", "kind": "ordered", "level_labels": words}}
    study = Study.from_frame(frame, target="y", candidates={"formula": "formula"}, dictionary=about)
    found = effect(study, "formula", "grade")
    assert found.grid == ("poor", "fair", "good")
    assert found.kind == "points"
    counts = study.rows("train")["grade"].value_counts()
    assert found.density.tolist() == [counts[g] for g in found.grid]
    assert (np.diff(found.average[0, 0]) > 0.8).all()
    assert found.rising == 1.0
    assert found.falling == 0.0


def test_groups_average_to_the_whole_and_are_parallel_where_nothing_interacts() -> None:
    study = study_by_name("regression")
    found = effect(study, "formula", "size", by="age")
    weights = np.array(found.counts) / sum(found.counts)
    assert (found.group_of >= 0).all()
    assert np.tensordot(weights, found.average, axes=1) == pytest.approx(found.individual.mean(axis=0))
    steps = np.diff(found.average[:, 0], axis=1)
    assert np.abs(steps - steps[0]).max() < 1e-9
    curved = effect(study, "boosting", "size", by="age")
    assert len(curved.groups) == 3


def test_missing_values_have_an_average_of_their_own() -> None:
    study = study_by_name("missing values")
    found = effect(study, "boosting", "size")
    assert found.at_missing is not None
    assert found.n_missing == int(study.rows("train")["size"].isna().sum())
    rows = check_cases(study, "boosting", study.rows("test")).assign(size=np.nan)
    expected = door(study, "boosting").ask(rows).mean(axis=0)
    assert found.at_missing[0] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("curve", "rising", "falling"),
    [
        ([0, 1, 2], 1.0, 0.0),
        ([2, 1, 0], 0.0, 1.0),
        ([1, 1, 1], 1.0, 1.0),
        ([0, 1, 0.5], 0.5, 0.5),
        ([0, 1, 0.99], 1.0, 0.5),
    ],
)
def test_directions_count_the_range_and_forgive_small_steps(curve: list[float], rising: float, falling: float) -> None:
    assert directions(np.array(curve, dtype=float), [0, 1, 2]) == (rising, falling)


def test_a_column_that_is_not_there_is_refused_by_name() -> None:
    study = study_by_name("regression")
    with pytest.raises(CaseError, match="'gone'"):
        effect(study, "formula", "gone")
    with pytest.raises(CaseError, match="'gone'"):
        effect(study, "formula", "size", by="gone")


def test_every_kind_of_study_has_curves_that_can_be_kept(any_study: Study) -> None:
    for name, candidate in any_study.candidates.items():
        if candidate.failure:
            continue
        for feature in candidate.features[:4]:
            found = effect(any_study, name, feature)
            assert np.isfinite(found.average).all()
            again = packing.unpack(packing.pack(found))
            assert again.grid == found.grid
            assert np.array_equal(again.individual, found.individual)
