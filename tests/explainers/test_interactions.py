from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from explainers import Study, packing
from explainers.interactions import _departure, interactions


def study_of(planted: float, n: int = 900, seed: int = 0) -> Study:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(n, 4)), columns=list("abcd"))
    frame["y"] = frame.a + frame.b + 0.5 * frame.c + planted * frame.a * frame.b + rng.normal(0, 0.7, n)
    given = {"boosting": "boosting", "formula": "formula"}
    return Study.from_frame(frame, target="y", candidates=given, name="pairs", title="Pairs")


def test_a_planted_pair_comes_first_and_stands_out() -> None:
    found = interactions(study_of(1.0), "boosting")
    assert {found.pairs[0].a, found.pairs[0].b} == {"a", "b"}
    assert [p.stands_out for p in found.pairs] == [True, *[False] * (len(found.pairs) - 1)]
    first = found.pairs[0]
    assert first.lower <= first.size <= first.upper
    assert first.size > first.noise


@pytest.mark.parametrize("seed", [0, 1])
def test_no_pair_stands_out_where_the_truth_is_a_sum(seed: int) -> None:
    assert not any(p.stands_out for p in interactions(study_of(0.0, seed=seed), "boosting").pairs)


def test_a_sum_has_pairs_of_no_size() -> None:
    found = interactions(study_of(1.0), "formula")
    assert max(p.size for p in found.pairs) < 1e-12
    assert not any(p.stands_out for p in found.pairs)


def test_the_departure_of_a_product_is_the_product_of_the_deviations() -> None:
    u, v = np.array([0.0, 1.0, 3.0]), np.array([-1.0, 2.0])
    weights = np.outer([0.5, 0.25, 0.25], [0.4, 0.6])
    answers = (5 + u[:, None] + 2 * v + u[:, None] * v)[None]
    expected = np.outer(u - weights.sum(axis=1) @ u, v - weights.sum(axis=0) @ v)
    assert _departure(answers, weights)[0] == pytest.approx(expected)


def test_short_time_says_how_many_pairs_were_tried_and_never_forgets_columns() -> None:
    found = interactions(study_of(1.0), "boosting", max_seconds=0.0)
    assert found.n_looked_at == 1 < found.n_pairs == 6
    assert len(found.columns) == 4


def test_every_kind_of_study_is_answered_and_kept(any_study: Study) -> None:
    for name in ("no_model", "rule", "boosting", "ours"):
        if name not in any_study.candidates or any_study.candidates[name].failure:
            continue
        found = interactions(any_study, name, top=3)
        assert all(np.isfinite([p.size, p.lower, p.upper, p.share]).all() for p in found.pairs)
        assert len(packing.unpack(packing.pack(found)).pairs) == len(found.pairs)
        if name in ("no_model", "rule"):
            assert not found.pairs
