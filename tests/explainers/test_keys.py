"""Keys of results: what counts and what does not, without scikit-learn."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pandas as pd
import pytest

from explainers import keys
from explainers.errors import CandidateError, CaseError
from explainers.keys import agreement_key, answers_key, case_frame, case_values, explanation_key, reference_spec
from explainers.study import Candidate, Dictionary, Feature, Study

FRAME = pd.DataFrame(
    {
        "id": ["p", "q", "r"],
        "x": [1.0, 2.0, np.nan],
        "n": [1, 2, 3],
        "c": ["yes", "no", None],
        "b": [True, False, True],
        "y": ["u", "v", "u"],
    }
)
ROLES = {"id": "id", "y": "target"}


def candidate(name, **more):
    defaults = {"features": ("x", "c"), "key": f"key of {name}", "built": True}
    return Candidate(name=name, label=name, kind="rule", estimator=None, **(defaults | more))


def study(**more) -> Study:
    about = {
        "name": "s",
        "title": "S",
        "question": "?",
        "task": "classification",
        "target": "y",
        "frame": FRAME,
        "dictionary": Dictionary(
            features={n: Feature(name=n, label=n, role=ROLES.get(n, "feature")) for n in FRAME.columns}
        ),
        "split": pd.Series(["train"] * 3),
        "candidates": {"a": candidate("a"), "b": candidate("b", features=("x", "n", "b"))},
        "classes": ("u", "v"),
        "positive": "u",
        "data_key": "data",
    }
    return Study(**(about | more))


S = study()
CASE = {"x": 1.0, "n": 2, "c": "yes", "b": True}


def test_case_values_are_plain_and_case_frames_have_the_studys_numbers():
    values = case_values(S.row("r"))
    assert values == {"id": "r", "x": None, "n": 3, "c": None, "b": True, "y": "u"}
    assert [type(v) for v in values.values()] == [str, type(None), int, type(None), bool, str]
    frame = case_frame(S, values | {"stranger": 1})
    assert list(frame.columns) == list(FRAME.columns)
    assert np.isnan(frame["x"].iloc[0])
    assert frame["x"].dtype == float
    assert frame["c"].iloc[0] is None
    assert frame.index.tolist() == [0]
    assert case_values(case_frame(S, values)) == values
    with pytest.raises(CaseError, match="one case, got 2"):
        case_values(FRAME.iloc[:2])


def test_spelling_does_not_count():
    key = explanation_key(S, "a", CASE)
    same = [
        {**CASE, "x": 1},
        {**CASE, "x": np.float64(1)},
        {**CASE, "x": np.int8(1)},
        {**CASE, "n": 99, "stranger": 5},
        dict(reversed(CASE.items())),
        [CASE],
        pd.DataFrame([CASE]),
        pd.DataFrame([CASE], index=["any"]),
    ]
    assert {explanation_key(S, "a", c) for c in same} == {key}
    assert explanation_key(S, "a", CASE, outcome="u") == key, "the focus class is what None means"
    assert explanation_key(S, "a", CASE, outcome=np.str_("u")) == key
    assert explanation_key(S, "a", CASE, reference={"kind": "everyone"}) == key
    missing = {explanation_key(S, "a", {**CASE, "x": v}) for v in (None, np.nan, pd.NA, pd.NaT)}
    assert len(missing | {explanation_key(S, "a", {"c": "yes"})}) == 1


def test_everything_that_changes_the_result_counts():
    b = {"x": 1.0, "n": 1, "b": True}
    made = [
        explanation_key(S, "a", CASE),
        explanation_key(S, "b", b),
        explanation_key(S, "b", {**b, "b": 1}),
        explanation_key(S, "b", {**b, "b": "True"}),
        explanation_key(S, "a", {**CASE, "x": 1 + 1e-12}),
        explanation_key(S, "a", {**CASE, "x": "1.0"}),
        explanation_key(S, "a", {**CASE, "c": None}),
        explanation_key(S, "a", [CASE, CASE]),
        explanation_key(S, "a", CASE, outcome="v"),
        explanation_key(S, "a", CASE, reference={"kind": "group", "feature": "c", "level": "yes"}),
        explanation_key(S, "a", CASE, reference={"kind": "group", "feature": "c", "level": "no"}),
        explanation_key(S, "a", CASE, reference={"kind": "group", "feature": "b", "level": "yes"}),
        explanation_key(S, "a", CASE, reference={"kind": "case", "case": "p"}),
        explanation_key(S, "a", CASE, reference={"kind": "case", "case": "q"}),
        explanation_key(study(data_key="other"), "a", CASE),
        explanation_key(study(candidates={"a": candidate("a", key="refitted")}), "a", CASE),
        explanation_key(study(candidates={"a": candidate("a", features=("c", "x"))}), "a", CASE),
        explanation_key(study(positive="v"), "a", CASE),
        agreement_key(S, "a", CASE),
        answers_key(S, CASE),
        answers_key(S, CASE, reference={"kind": "case", "case": "p"}),
        answers_key(study(candidates={"a": candidate("a")}), CASE),
    ]
    equal = {(8, 17)}  # outcome "v" named, or "v" as the focus class
    for i, one in enumerate(made):
        for j in range(i):
            assert (one == made[j]) == ((j, i) in equal), (j, i)


def test_a_level_in_a_link_is_text_and_the_same_group():
    as_text = explanation_key(S, "a", CASE, reference={"kind": "group", "feature": "n", "level": "2"})
    assert as_text == explanation_key(S, "a", CASE, reference={"kind": "group", "feature": "n", "level": 2})


def test_the_version_of_the_computation_counts(monkeypatch):
    before, answers_before = explanation_key(S, "a", CASE), answers_key(S, CASE)
    monkeypatch.setattr(keys, "result_version", lambda stem: 999)
    assert explanation_key(S, "a", CASE) != before
    assert answers_key(S, CASE) != answers_before


@pytest.mark.parametrize("stem", ["attribution", "answers"])
def test_versions_read_without_importing_are_those_of_the_modules(stem):
    module = import_module(f"explainers.{stem}")
    assert keys.result_version(stem) == module.RESULT_VERSION >= 1


@pytest.mark.parametrize(
    "text", ["RESULT_VERSION = 7", "RESULT_VERSION: int = 7", '"""Doc."""\nx = 1\nRESULT_VERSION: Final = 7']
)
def test_both_ways_to_write_a_version_are_read(text, tmp_path, monkeypatch):
    path = tmp_path / "stem.py"
    path.write_text(text)
    monkeypatch.setattr(keys, "find_spec", lambda name: type("Spec", (), {"origin": str(path)}))
    assert keys.result_version.__wrapped__("stem") == 7


@pytest.mark.parametrize(
    "reference", [{"kind": "nobody"}, {"kind": "group", "feature": "c"}, {"kind": "case"}, {}, {"case": "p"}], ids=str
)
def test_references_that_say_too_little_are_refused(reference):
    if not reference:
        assert reference_spec(reference) == {"kind": "everyone"}
        return
    with pytest.raises(CaseError, match="everyone, a group"):
        reference_spec(reference)


def test_unknown_and_keyless_candidates_and_unknown_cases_are_refused():
    with pytest.raises(CandidateError, match="no candidate 'z'"):
        explanation_key(S, "z", CASE)
    with pytest.raises(CandidateError, match="no key"):
        explanation_key(study(candidates={"a": candidate("a", key="")}), "a", CASE)
    with pytest.raises(CaseError):
        explanation_key(S, "a", CASE, reference={"kind": "case", "case": "nobody"})
