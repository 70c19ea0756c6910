"""Verdicts: what is required, what no model does, and how seldom useless options are called better."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from explainers import Study, store
from explainers.errors import CandidateError
from explainers.metrics import beats_no_model, difference, evaluate, verdict, verdicts
from explainers.metrics.judging import _standing, holm

USELESS = ("no_model", "rule", "table", "tree", "logistic", "formula")


def shuffled(seed: int, n: int = 400, numbers: bool = False) -> Study:
    """A study whose outcome has nothing to do with its columns: no model and five options."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "size": rng.normal(100, 20, n).round(1),
            "age": rng.integers(0, 60, n),
            "heating": rng.choice(["gas", "oil", "wood"], n),
            "garden": rng.choice(["no", "yes"], n),
        }
    )
    frame["out"] = rng.gamma(2.0, 50, n).round(1) if numbers else np.where(rng.random(n) < 0.3, "yes", "no")
    metric = "mae" if numbers else ("auc", "log_loss", "brier", "accuracy")[seed % 4]
    candidates = {c: c for c in USELESS}
    return Study.from_frame(frame, target="out", candidates=candidates, name=f"shuffled {seed}", metric=metric).build()


def any_better(seed: int) -> bool:
    study = shuffled(seed, numbers=seed % 5 == 4)
    return any(v.standing == "better" for v in verdicts(study).values())


def test_holm_equals_statsmodels() -> None:
    from statsmodels.stats.multitest import multipletests

    p = np.random.default_rng(0).random(9) ** 3
    assert holm(list(p)) == pytest.approx(multipletests(p, method="holm")[1])
    assert holm([]) == []


def test_few_shuffled_studies_call_an_option_better() -> None:
    assert sum(any_better(seed) for seed in range(4)) <= 1


@pytest.mark.promise
def test_of_20_shuffled_studies_at_most_2_call_an_option_better(promise: Any) -> None:
    found = sum(any_better(seed) for seed in range(20))
    promise("20 studies with shuffled targets, five options: at most 2 call any better than no model", f"{found} of 20")
    assert found <= 2


def test_a_useful_option_is_called_better_and_no_model_is_not_asked(
    study_of: Callable[[str], Study], mortgages: Study
) -> None:
    for study in (mortgages, study_of("regression"), study_of("three classes")):
        found = verdicts(study)
        assert beats_no_model(study, "formula") == "better"
        assert beats_no_model(study, "no_model") is None
        assert found["formula"].n_options == len(study.candidates) - 1
        assert found["formula"].against_rule is not None
        assert {d.metric for d in found["formula"].others} | {found["formula"].metric} == {
            m.name for m in evaluate(study, "formula")
        }
        assert not found["formula"].to_frame().empty


def test_many_options_raise_the_bar(study_of: Callable[[str], Study]) -> None:
    study = shuffled(0)
    found = verdicts(study)
    for name, v in found.items():
        if v.difference is None:
            assert name == "no_model"
            continue
        assert v.adjusted is not None
        assert v.difference.p_value is not None
        assert v.adjusted >= v.difference.p_value
        if v.standing in ("better", "worse"):
            assert v.adjusted <= 0.05
            assert v.difference.verdict == v.standing


def test_better_alone_is_not_better_among_many(study_of: Callable[[str], Study]) -> None:
    study = study_of("three classes")
    known = difference(study, "boosting", "no_model", "log_loss")
    assert known.p_value is not None
    alone = study.replace(candidates={n: study.candidates[n] for n in ("no_model", "boosting")})
    assert verdict(alone, "boosting").adjusted == pytest.approx(known.p_value)
    for adjusted, said in ((0.04, "better"), (0.06, "cannot tell"), (1.0, "cannot tell")):
        assert _standing(replace(known, verdict="better"), adjusted, 0.95) == said
        assert _standing(replace(known, verdict="about the same"), adjusted, 0.95) == "about the same"


def test_what_is_required_is_met_missed_or_open(study_of: Callable[[str], Study]) -> None:
    study = study_of("binary")
    figure = {m.name: m for m in evaluate(study, "formula")}["auc"]
    assert figure.lower is not None
    assert figure.upper is not None

    def asked(**need: Any) -> str:
        return verdict(study.replace(required={"who": "Ada", "when": "2026", **need}), "formula").required

    assert asked(measure="auc", level=figure.lower - 0.01) == "meets it"
    assert asked(measure="auc", level=figure.value) == "cannot tell"
    assert asked(measure="auc", level=figure.upper + 0.001) == "does not"
    assert asked(measure="log_loss", level=5.0) == "meets it"
    assert asked(measure="log_loss", level=0.001) == "does not"
    assert asked(measure="beauty", level=1) == "cannot tell"
    assert asked(measure="auc") == "not set"
    assert verdict(study, "formula").required == "not set"


def test_measures_that_disagree_are_named() -> None:
    """A good order with far too bold chances: auc says better, log loss says worse."""
    rng = np.random.default_rng(1)
    link = rng.normal(size=900)
    frame = pd.DataFrame({"x": link, "y": np.where(rng.random(900) < 1 / (1 + np.exp(-link)), "yes", "no")})

    class Bold:
        classes_ = np.array(["no", "yes"])

        def fit(self, X: Any, y: Any) -> Bold:
            return self

        def predict(self, X: Any) -> Any:
            return self.classes_[self.predict_proba(X).argmax(axis=1)]

        def predict_proba(self, X: Any) -> Any:
            p = 1 / (1 + np.exp(-8 * np.asarray(X, dtype=float)[:, 0]))
            return np.column_stack([1 - p, p])

    study = Study.from_frame(frame, target="y", candidates={"no_model": "no_model", "bold": Bold()}, metric="auc")
    found = verdict(study.build(), "bold")
    assert found.standing == "better"
    assert "log_loss" in found.disagreeing
    assert {d.metric: d.verdict for d in found.others}["log_loss"] == "worse"


def test_options_that_are_not_built_or_not_there_are_told(mortgages_unbuilt: Study, study_of: Any) -> None:
    study = study_of("binary")
    bare = {**study.candidates, "tree": replace(study.candidates["tree"], built=False)}
    with pytest.raises(CandidateError, match="not built"):
        verdict(study.replace(candidates=bare), "tree")
    with pytest.raises(CandidateError, match="nobody"):
        verdict(mortgages_unbuilt, "nobody")


def test_too_few_rows_cannot_tell(study_of: Callable[[str], Study]) -> None:
    found = verdicts(study_of("tiny"))
    assert {v.standing for v in found.values()} <= {"", "cannot tell", "about the same"}
    given = verdicts(study_of("given fitted"))
    assert given["ours"].measured is not None
    assert given["ours"].measured.rows == "unknown history"


def test_figures_are_kept_and_follow_the_study(
    study_of: Callable[[str], Study], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BAKEOFF_HOME", str(tmp_path))
    study = study_of("binary")
    first = verdicts(study)
    figures = evaluate(study, "tree")
    monkeypatch.setattr("explainers.metrics.evaluating._evaluate", None)  # would fail if it were asked again
    monkeypatch.setattr("explainers.metrics.judging._verdicts", None)
    again = evaluate(study, "tree")
    assert [(m.name, m.value, m.lower, m.upper) for m in again] == [
        (m.name, m.value, m.lower, m.upper) for m in figures
    ]
    assert verdicts(study)["tree"].standing == first["tree"].standing
    with pytest.raises(TypeError):
        evaluate(study.replace(threshold=0.3), "tree")
    with pytest.raises(TypeError):
        verdicts(study.replace(required={"measure": "auc", "level": 0.9}))
    assert store.size() > 0
    assert difference(study, "tree", "rule").a == "tree"
