"""Many rows explained at once: each row as if it were asked alone, and the same rows at each call."""

from __future__ import annotations

import numpy as np
import pytest

from explainers import keys, many, tasks
from explainers.attribution import explain
from explainers.packing import pack, unpack
from explainers.study import Study
from tests.explainers.conftest import study_by_name


@pytest.mark.parametrize("kind", ["binary", "regression", "three classes"])
def test_rows_are_those_that_were_asked_alone(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    study = study_by_name(kind)
    name = list(study.candidates)[-1]
    told: list[float] = []
    monkeypatch.setattr(many, "BLOCK", 7)
    found = many.explain_rows(study, name, most=17, progress=lambda share, _: told.append(share))
    assert found.values.shape == (17, len(found.feature_names))
    assert np.allclose(found.values.sum(axis=1), found.predictions - found.base_values, atol=1e-9)
    alone = explain(study, name, study.frame.loc[found.cases.index[9:10]], pairs=many.PAIRS)
    np.testing.assert_allclose(found.values[9:10], alone.values, atol=1e-12)
    assert told == [0.0, 7 / 17, 14 / 17]
    again = unpack(pack(found))
    np.testing.assert_array_equal(again.values, found.values)


def test_a_key_counts_how_many_and_how_attributions_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    study: Study = study_by_name("binary")
    name = list(study.candidates)[-1]
    key = tasks.task("explain_many").key
    assert key is not None
    plain = key(study, candidate=name, most=10)
    assert plain == key(study, candidate=name, most=10)
    assert plain != key(study, candidate=name, most=11)
    real = keys.result_version
    monkeypatch.setattr(keys, "result_version", lambda stem: real(stem) + (stem == "attribution"))
    assert plain != key(study, candidate=name, most=10)
