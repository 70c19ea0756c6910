from __future__ import annotations

import numpy as np
import pytest

from explainers import Study, packing
from explainers.predict import check_cases, door
from explainers.results import Condition
from explainers.whole import typical, whole
from tests.explainers.conftest import study_by_name


def holds(condition: Condition, value: object) -> bool:
    missing = value is None or value != value
    if condition.missing is not None:
        return condition.missing == missing if condition.missing else not missing and _inside(condition, value)
    return _inside(condition, value)


def _inside(condition: Condition, value: object) -> bool:
    if condition.levels or condition.other:
        return (str(value) in map(str, condition.levels)) != condition.other
    number = float(value)  # type: ignore[arg-type]
    return (condition.above is None or number > condition.above) and (
        condition.up_to is None or number <= condition.up_to
    )


@pytest.mark.parametrize("name", ["regression", "binary", "three classes"])
def test_a_reader_of_the_questions_gets_the_trees_answers(name: str) -> None:
    study = study_by_name(name)
    found = whole(study, "tree")
    rows = check_cases(study, "tree", study.rows("test"))
    said = door(study, "tree").ask(rows).reshape(len(rows), -1)
    for i in range(len(rows)):
        row, at = rows.iloc[i], 0
        branches = found.branches
        while not branches[at].leaf:
            deep = branches[at].depth + 1
            below = [k for k in range(at + 1, len(branches)) if branches[k].depth == deep]
            at = next(k for k in below if holds(branches[k].conditions[0], row[branches[k].conditions[0].feature]))
        assert branches[at].answers == pytest.approx(said[i], abs=1e-9)


@pytest.mark.parametrize("name", ["regression", "binary", "three classes", "missing values"])
@pytest.mark.parametrize("option", ["rule", "table"])
def test_a_reader_of_the_table_gets_its_answers(name: str, option: str) -> None:
    study = study_by_name(name)
    found = whole(study, option)
    rows = check_cases(study, option, study.rows("train"))
    said = door(study, option).ask(rows).reshape(len(rows), -1)
    for i in range(len(rows)):
        fits = [b for b in found.branches if all(holds(c, rows.iloc[i][c.feature]) for c in b.conditions)]
        assert len(fits) == 1
        assert fits[0].answers == pytest.approx(said[i], abs=1e-9)
    assert sum(b.rows for b in found.branches) == len(rows)


def test_the_ranges_of_a_linear_formula_are_those_of_statsmodels() -> None:
    study = study_by_name("regression")
    found = whole(study, "formula")
    estimator = door(study, "formula").estimator
    assert found.coefficients is not None
    by_name = found.coefficients.set_index("name")
    weight = next(w for w in found.weights if w.features == ("size",))
    step = float(weight.high) - float(weight.low)
    assert weight.amount == pytest.approx(step * by_name.loc["size", "coefficient"])
    assert weight.lower == pytest.approx(step * by_name.loc["size", "lower"])
    assert weight.upper == pytest.approx(step * by_name.loc["size", "upper"])
    at = estimator.names_.index("size")
    assert by_name.loc["size", "standard_error"] == pytest.approx(np.sqrt(np.diag(estimator.cov_))[at])


@pytest.mark.parametrize("name", ["binary", "three classes"])
@pytest.mark.parametrize("option", ["formula", "logistic"])
def test_weights_say_how_the_typical_cases_answer_moves(name: str, option: str) -> None:
    study = study_by_name(name)
    found = whole(study, option)
    rows = check_cases(study, option, study.rows("train"))
    for weight in found.weights:
        cases = [typical(study, rows).assign(**{weight.features[0]: v}) for v in (weight.low, weight.high)]
        said = [door(study, option).ask(check_cases(study, option, c))[0, found.focus] for c in cases]
        assert weight.before == pytest.approx(said[0])
        assert weight.amount == pytest.approx(said[1] - said[0])
        if option == "formula":
            assert weight.lower is not None
            assert weight.upper is not None
            assert weight.lower - 1e-6 <= weight.amount <= weight.upper + 1e-6


@pytest.mark.parametrize("option", ["forest", "boosting"])
def test_what_cannot_be_listed_says_so(option: str) -> None:
    assert whole(study_by_name("binary"), option).kind == "none"


def test_every_kind_of_study_is_shown_and_kept(any_study: Study) -> None:
    for name, candidate in any_study.candidates.items():
        if candidate.failure:
            continue
        found = whole(any_study, name)
        assert packing.unpack(packing.pack(found)).kind == found.kind
        assert set(found.columns) | set(found.unused) == set(candidate.features)
