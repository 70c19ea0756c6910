"""Similar cases: the distance by hand, who is left out, and what they say."""

from __future__ import annotations

from dataclasses import replace
from time import process_time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers import Study, predict, similar
from explainers.errors import CaseError
from explainers.similar import similar as find
from explainers.words import similar as words
from tests.explainers.games import mixed_frame, study_of

FEW = {
    "age": {"label": "Age", "kind": "numeric"},
    "grade": {"label": "Grade", "kind": "ordered", "level_labels": {"low": "low", "mid": "middle", "top": "top"}},
    "town": {"label": "Town", "kind": "categorical"},
    "group": {"label": "Group", "kind": "categorical", "protected": True},
    "y": {"label": "Y", "kind": "boolean", "role": "target"},
}


def few(n: int = 41) -> Study:
    """Return a study whose ages are 0 to 40: the middle 90% of the training rows has a range of 36."""
    frame = pd.DataFrame(
        {
            "age": np.arange(n, dtype=float),
            "grade": ["low", "mid", "top"] * (n // 3) + ["low"] * (n % 3),
            "town": ["a", "b"] * (n // 2) + ["a"] * (n % 2),
            "group": ["u", "v", "v", "u"] * (n // 4) + ["u"] * (n % 4),
            "y": (["no", "yes", "yes"] * n)[:n],
        }
    )
    split = ["train"] * n
    return Study.from_frame(frame, target="y", dictionary=FEW, split=split, candidates={"no_model": "no_model"})


def case(**values: object) -> pd.DataFrame:
    return pd.DataFrame([{"age": 20.0, "grade": "mid", "town": "a", "group": "u"} | values], index=["typed"])


def test_distance_by_hand() -> None:
    study = few()
    found = find(study, case(), n=41)
    by_row = dict(zip(found.rows.index, found.distances, strict=True))
    spread = np.subtract(*np.percentile(np.arange(41), [95, 5]))
    for at, row in study.frame.iterrows():
        grade = abs({"low": 0, "mid": 1, "top": 2}[row.grade] - 1) / 2
        wanted = (min(abs(row.age - 20) / spread, 1) + grade + (row.town != "a")) / 3
        assert by_row[at] == pytest.approx(wanted, abs=1e-6)
    assert found.feature_names == ("age", "grade", "town")  # the protected column is not used
    assert found.n_searched == 41
    assert list(found.outcomes) == study.frame.y.loc[found.rows.index].tolist()
    assert (np.diff(found.distances) >= 0).all()


@pytest.mark.parametrize(("value", "extra"), [(None, 1.0), ("never seen", 1.0)])
def test_missing_and_unseen_values_are_as_far_as_can_be(value: object, extra: float) -> None:
    study = few()
    plain = find(study, case(town="a"), n=41)
    odd = find(study, case(town=value), n=41)
    same_town = study.frame.index[study.frame.town == "a"]
    a = pd.Series(plain.distances, plain.rows.index)[same_town]
    b = pd.Series(odd.distances, odd.rows.index)[same_town]
    np.testing.assert_allclose(b - a, extra / 3, atol=1e-6)


def test_missing_equals_missing() -> None:
    frame = mixed_frame(100, 4)
    frame.loc[3, ["x0", "c0"]] = None
    study = study_of(frame.assign(x1=1.0), "binary", m="no_model").replace(data_key="")
    study = study.replace(split=pd.Series("train", index=study.frame.index))
    found = find(study, frame.loc[[3]].assign(x1=1.0).set_axis(["typed"]), n=1)
    assert found.rows.index.tolist() == [3]
    assert found.distances[0] == 0


def test_the_case_itself_is_left_out_and_ties_keep_the_order() -> None:
    study = few()
    by_id = find(study, study.case_ids[7], n=41)
    by_row = find(study, study.frame.iloc[[7]], n=41)
    assert by_id.n_searched == by_row.n_searched == 40
    assert 7 not in by_id.rows.index
    assert 7 not in by_row.rows.index
    changed = find(study, study.frame.iloc[[7]].assign(age=8.0), n=41)
    assert changed.n_searched == 41  # a changed case is another case; its original is a past one
    alike = study.replace(frame=study.frame.assign(age=1.0, grade="low", town="a"), data_key="")
    assert find(alike, alike.case_ids[2], n=5).rows.index.tolist() == [0, 1, 3, 4, 5]


@settings(max_examples=20, deadline=None)
@given(at=st.integers(0, 99), n=st.integers(1, 120))
def test_the_nearest_are_the_nearest(at: int, n: int) -> None:
    study = _drawn()
    found = find(study, study.case_ids[at], n=n)
    every = find(study, study.case_ids[at], n=1_000)
    assert len(found.distances) == min(n, len(every.distances))
    np.testing.assert_array_equal(found.distances, np.sort(every.distances)[: len(found.distances)])
    assert found.rows.index.tolist() == every.rows.index.tolist()[: len(found.distances)]
    assert ((found.distances >= 0) & (found.distances <= 1)).all()


def _drawn() -> Study:
    if "drawn" not in _kept:
        _kept["drawn"] = study_of(mixed_frame(200, 6, missing=True), "binary", m="tree")
    return _kept["drawn"]


_kept: dict[str, Study] = {}


def test_few_is_said_of_a_case_far_from_all_others() -> None:
    study = study_of(mixed_frame(600, 6), "binary", m="no_model")
    shares = [find(study, study.case_ids[at]).few for at in range(60)]
    assert np.mean(shares) < 0.25
    far = study.frame.iloc[[0]].assign(x0=50.0, x1=-50.0, x2=50.0, x3=50.0, c0="zz", c1="zz")
    assert find(study, far).few
    middle = study.frame.iloc[[0]].assign(x0=0.0, x1=0.0, x2=0.0, x3=0.0).set_axis([-1])
    assert not find(study, middle).few


def test_disagreement_counts_the_nearest_never_seen_rows() -> None:
    study = study_of(mixed_frame(400, 6), "binary", m="tree")
    test = study.rows("test")
    found = find(study, test.iloc[[0]], candidate="m", n=20)
    assert found.model_checked == 20
    every = find(study, test.iloc[[0]], candidate="m", n=1_000)
    chosen = predict.predict(study, "m", test)["yes"] >= study.threshold
    wrong = (chosen != (test.binary == "yes")).iloc[1:]
    assert every.model_checked == len(test) - 1
    assert every.model_disagrees == int(wrong.sum())
    assert find(study, test.iloc[[0]]).model_checked is None
    number = study_of(mixed_frame(100, 4), "number", m="tree")
    assert find(number, number.case_ids[0], candidate="m").model_disagrees is None


def test_an_estimator_of_unknown_history_has_no_never_seen_rows() -> None:
    study = study_of(mixed_frame(200, 6), "binary", m="tree")
    given = replace(study.candidates["m"], given_fitted=True)
    assert find(study, study.case_ids[0], candidate="m").model_rows == "test"
    unknown = study.replace(candidates={"m": given})
    found = find(unknown, unknown.case_ids[0], candidate="m")
    assert found.model_rows == "unknown history"
    told = words.body(found, unknown)[-1].text
    assert "never-seen" not in told
    assert "which the option may have seen" in told


def test_a_case_that_cannot_be_placed_is_refused() -> None:
    study = few()
    with pytest.raises(CaseError, match="one case at a time"):
        find(study, study.frame.iloc[:2])
    with pytest.raises(CaseError, match="lacks the columns town"):
        find(study, case().drop(columns="town"))
    with pytest.raises(CaseError, match="There is no case"):
        find(study, "nobody")


def test_dates_are_measured_in_days() -> None:
    frame = pd.DataFrame({"day": pd.date_range("2020-01-01", periods=50), "y": ["no", "yes"] * 25})
    study = Study.from_frame(frame, target="y", split=["train"] * 50, candidates={"no_model": "no_model"})
    found = find(study, frame.iloc[[10]][["day"]].set_axis([-1]), n=3)
    assert set(found.rows.day.dt.day) == {10, 11, 12}


def test_a_hundred_thousand_rows_are_quick() -> None:
    rng = np.random.default_rng(0)
    n = 100_000
    frame = pd.DataFrame(rng.standard_normal((n, 12)), columns=[f"x{j}" for j in range(12)])
    frame = frame.assign(**{f"c{j}": rng.choice(list("abcde"), n) for j in range(8)})
    study = few().replace(
        frame=frame.assign(y="no"),
        split=pd.Series("train", index=frame.index),
        dictionary=type(few().dictionary)(
            features={
                name: type(few().dictionary["age"])(name=name, label=name, kind=kind)
                for name, kind in [(c, "numeric" if c[0] == "x" else "categorical") for c in frame]
            }
        ),
        target="y",
        data_key="a hundred thousand",
    )
    find(study, study.frame.iloc[[0]])  # the rows are turned into numbers once
    took = []
    for at in range(1, 6):
        before = process_time()
        find(study, study.frame.iloc[[at]])
        took.append(process_time() - before)
    assert np.median(took) < 0.15
    assert len(similar._spaces) <= similar.KEPT
