"""Do 30 in 100 mean 30 in 100: groups by hand, tilts that were planted, and the recalibrated variant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB

from explainers import Study, attribution, models
from explainers.build import candidate_key
from explainers.calibration import check, reliability, wilson
from explainers.errors import CandidateError
from explainers.estimators import Recalibrated
from explainers.metrics import difference
from explainers.predict import predict, stored
from explainers.split import folds


class Says:
    """An option that states chances bent on the scale of log odds."""

    classes_ = np.array(["no", "yes"])

    def __init__(self, slope: float = 1.0, shift: float = 0.0) -> None:
        self.slope, self.shift = slope, shift

    def fit(self, X: Any, y: Any) -> Says:
        return self

    def predict(self, X: Any) -> Any:
        return self.classes_[self.predict_proba(X).argmax(axis=1)]

    def predict_proba(self, X: Any) -> Any:
        p = 1 / (1 + np.exp(-(self.slope * np.asarray(X, dtype=float)[:, 0] + self.shift)))
        return np.column_stack([1 - p, p])


def bent(slope: float, shift: float, seed: int = 0, n: int = 6_000) -> Study:
    rng = np.random.default_rng(seed)
    link = rng.normal(-0.5, 1.2, n)
    frame = pd.DataFrame({"x": link, "y": np.where(rng.random(n) < 1 / (1 + np.exp(-link)), "yes", "no")})
    return Study.from_frame(frame, target="y", candidates={"says": Says(slope, shift)})


@pytest.mark.parametrize(
    ("slope", "shift", "tilt"),
    [
        (1.0, 0.0, "none"),
        (1.0, 0.8, "too high"),
        (1.0, -0.8, "too low"),
        (2.2, 0.33, "too extreme"),
        (0.4, -0.21, "too timid"),
    ],
)
def test_a_planted_fault_is_named(slope: float, shift: float, tilt: str) -> None:
    found = reliability(bent(slope, shift), "says")
    assert found is not None
    assert found.tilt == tilt
    assert found.holds == (tilt == "none")


def test_groups_are_those_of_the_check_with_ranges_of_their_own(mortgages: Study) -> None:
    found = reliability(mortgages, "boosting")
    known = mortgages.candidates["boosting"].calibrated
    assert found is not None
    assert known is not None
    assert (found.stated, found.observed, found.counts) == (known.predicted, known.observed, known.counts)
    assert found.joint_lower == pytest.approx(known.lower)
    assert found.holds == known.holds
    assert found.happened == tuple(round(o * n) for o, n in zip(found.observed, found.counts, strict=True))
    lower, upper = wilson(np.array(found.observed), np.array(found.counts), 1.959963984540054)
    assert (found.lower, found.upper) == (pytest.approx(lower), pytest.approx(upper))
    assert sum(found.happened) == 57
    assert found.mean_observed == pytest.approx(57 / 476)
    assert len(found.to_frame()) == len(found.counts)


def test_each_of_several_classes_can_be_asked_about(study_of: Callable[[str], Study]) -> None:
    from tests.studies.conftest import built

    study = built("saratoga_heating")
    test = study.rows("test")["heating_fuel"]
    for fuel in study.classes:
        found = reliability(study, "tree", outcome=fuel)
        assert found is not None
        assert found.outcome == fuel
        assert sum(found.happened) == int((test == fuel).sum())
    with pytest.raises(CandidateError, match="none of"):
        reliability(study, "tree", outcome="coal")
    with pytest.raises(CandidateError, match="number"):
        reliability(study_of("regression"), "tree")
    assert reliability(study_of("tiny"), "tree") is None


def test_recalibrating_gives_platts_sigmoid_and_keeps_the_order() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(1_500, 4))
    y = np.where(rng.random(1_500) < 1 / (1 + np.exp(-x[:, 0])), "yes", "no")
    doubled = np.column_stack([x, x])  # naive Bayes counts every column twice: far too bold
    bold, right = GaussianNB().fit(doubled, y), Recalibrated(GaussianNB(), 5).fit(doubled, y)
    assert right.slope_ == pytest.approx(0.5, abs=0.1)
    before, after = bold.predict_proba(doubled)[:, 1], right.predict_proba(doubled)[:, 1]
    assert (np.argsort(before) == np.argsort(after)).mean() > 0.99
    assert right.predict_proba(doubled).sum(axis=1) == pytest.approx(np.ones(1_500))
    odds = np.log(before / (1 - before))
    assert after == pytest.approx(1 / (1 + np.exp(-(right.slope_ * odds - right.offsets_[0]))), abs=1e-4)


def test_the_bend_is_that_of_a_logistic_regression_on_unseen_rows() -> None:
    from explainers.estimators.recalibrated import _bend

    rng = np.random.default_rng(1)
    p = rng.uniform(0.02, 0.98, 3_000)
    odds = np.log(p / (1 - p))
    codes = (rng.random(3_000) < 1 / (1 + np.exp(-(0.6 * odds + 0.4)))).astype(int)
    slope, offsets = _bend(np.log(np.column_stack([1 - p, p])), codes)
    fitted = LogisticRegression(C=1e9, tol=1e-10).fit(odds[:, None], codes)
    assert slope == pytest.approx(fitted.coef_[0, 0], abs=2e-3)
    assert -offsets[0] == pytest.approx(fitted.intercept_[0], abs=2e-3)


@pytest.mark.parametrize("rows", [1, 3, 7])
def test_too_few_rows_to_split_leave_chances_as_they_are(rows: int) -> None:
    x = np.arange(2.0 * rows)[:, None]
    y = np.repeat(["a", "b"], rows)
    made = Recalibrated(RandomForestClassifier(5, random_state=0), folds=min(5, rows)).fit(x, y)
    if rows == 1:
        assert (made.slope_, made.offsets_.tolist()) == (1.0, [0.0, 0.0])
    assert np.isfinite(made.predict_proba(x)).all()


@pytest.mark.parametrize("name", ["binary", "three classes", "missing values", "unseen levels"])
@pytest.mark.parametrize("of", ["boosting", "tree", "formula", "table"])
def test_the_recalibrated_option_is_built_kept_asked_and_explained(
    name: str, of: str, study_of: Callable[[str], Study]
) -> None:
    study = study_of(name)
    base = study.candidates["tree"]
    made = replace(
        base, name="right", recipe="recalibrated", parameters={"of": of}, built=False, estimator=None, key=""
    )
    study = study.replace(candidates={**study.candidates, "right": made}).build("right")
    candidate = study.candidates["right"]
    assert not candidate.failure, candidate.failure
    cases = study.rows("test").head(3)
    told = attribution.explain(study, "right", cases)
    assert np.abs(told.values.sum(axis=1) + told.base_values - told.predictions).max() <= 1e-9
    again = models.loads(models.dump(candidate.estimator))
    inputs = study.rows("test")[list(candidate.features)]
    assert again.predict_proba(inputs) == pytest.approx(candidate.estimator.predict_proba(inputs))
    assert predict(study, "right", cases).to_numpy() == pytest.approx(
        stored(study, "right").loc[cases.index].to_numpy()
    )


def test_rows_that_were_set_aside_or_never_seen_are_not_used(study_of: Callable[[str], Study]) -> None:
    study = study_of("binary")
    made = replace(study.candidates["tree"], name="right", recipe="recalibrated", parameters={"of": "tree"}, key="")
    wanted = {"right": replace(made, built=False, estimator=None)}
    first = study.replace(candidates=wanted).build().candidates["right"].estimator.steps[-1][1]
    turned = study.frame.copy()
    others = (study.split != "train").to_numpy()
    turned.loc[others, "sold"] = np.where(turned.loc[others, "sold"] == "yes", "no", "yes")
    other = study.replace(frame=turned, candidates=wanted, data_key="turned").build()
    second = other.candidates["right"].estimator.steps[-1][1]
    assert (first.slope_, first.offsets_.tolist()) == (second.slope_, second.offsets_.tolist())


class Witness(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Says which rows it was fitted to, and refuses to answer rows that do not come after them."""

    def fit(self, X: Any, y: Any) -> Witness:
        self.classes_, self.last_ = np.unique(y), float(np.max(X[:, 0]))
        return self

    def predict_proba(self, X: Any) -> Any:
        assert float(np.min(X[:, 0])) > self.last_
        return np.column_stack([np.full(len(X), 0.3), np.full(len(X), 0.7)])


def test_parts_that_follow_each_other_are_answered_by_copies_fitted_on_what_came_before() -> None:
    moment = np.random.default_rng(0).permutation(60)
    y = np.where(np.random.default_rng(1).random(60) < 0.5, "a", "b")
    parts = moment // 20 - 1  # the first block is never held out
    made = Recalibrated(Witness(), parts=parts, ordered=True).fit(moment[:, None].astype(float), y)
    assert made.offsets_[0] != 0
    with pytest.raises(AssertionError):
        Recalibrated(Witness(), parts=parts, ordered=False).fit(moment[:, None].astype(float), y)
    with pytest.raises(ValueError, match="60 rows whose parts were given, got 59"):
        Recalibrated(Witness(), parts=parts, ordered=True).fit(moment[:59, None].astype(float), y[:59])


@pytest.mark.parametrize("how", ["group", "time"])
def test_chances_are_set_right_by_rows_held_out_as_the_split_is(how: str) -> None:
    rng = np.random.default_rng(2)
    town = np.repeat(np.arange(20), 70)
    frame = pd.DataFrame({"town": town, "size": rng.normal(size=1400).round(3), "habit": rng.normal(size=20)[town]})
    frame["sold"] = np.where(frame["size"] + 2 * rng.normal(size=20)[town] + rng.normal(size=1400) > 0, "yes", "no")

    def parted(split: str | None) -> Study:
        made = Study.from_frame(
            frame, target="sold", candidates={"tree": "tree"}, split=split, dictionary={"town": {"role": how}}
        )
        right = replace(made.candidates["tree"], name="right", recipe="recalibrated", parameters={"of": "boosting"})
        return made.replace(candidates={"right": replace(right, built=False, estimator=None, key="")}).build()

    study = parted(f"{how}:town")
    last = study.candidates["right"].estimator.steps[-1][1]
    rows = np.flatnonzero((study.split == "train").to_numpy())
    assert last.ordered is (how == "time")
    assert len(np.unique(last.parts[last.parts >= 0])) == 5
    together = pd.DataFrame({"town": town[rows], "part": last.parts}).groupby("town")["part"].nunique()
    assert together.max() == 1
    for part, (fit, held) in enumerate(folds(study)):
        assert sorted(rows[last.parts == part]) == sorted(held)
        assert not set(town[fit]) & set(town[held])
    other = parted(None).candidates["right"].estimator.steps[-1][1]
    assert other.parts is None
    if how == "group":  # a town shows in its habit: on towns that it knows the option looks better than it is
        assert last.slope_ < other.slope_
    assert candidate_key(study, study.candidates["right"]) != candidate_key(
        study.replace(split_by="random"), study.candidates["right"]
    )


@pytest.mark.parametrize("parameters", [{}, {"of": "nothing"}, {"of": "no_model"}, {"of": "recalibrated"}])
def test_a_recipe_that_cannot_be_recalibrated_is_named(parameters: dict[str, str], study_of: Any) -> None:
    study = study_of("binary")
    made = replace(study.candidates["tree"], recipe="recalibrated", parameters=parameters, built=False, key="")
    done = study.replace(candidates={"right": replace(made, name="right", estimator=None)}).build()
    assert "parameters: {of: RECIPE}" in done.candidates["right"].failure


def test_on_the_sample_the_recalibrated_forest_states_better_chances() -> None:
    from tests.studies.conftest import built

    study = built("saratoga_heating")
    gap = difference(study, "forest_recalibrated", "forest", "log_loss")
    assert gap.verdict == "better"
    assert gap.value == pytest.approx(-0.011, abs=0.004)
    assert check(stored(study, "forest")["oil"].to_numpy()[:300], np.zeros(300)) is None
