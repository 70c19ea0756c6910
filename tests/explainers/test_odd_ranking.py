"""Every row ranked by how odd its values are: the same scores as one by one, in chunks and on any data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from explainers import Study, open_study, outliers
from explainers.outliers import ranking
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def mortgages() -> Study:
    return open_study(ROOT / "sample_data" / "boston_mortgages", build=False)


def small(n: int = 300, **about: object) -> Study:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "size": rng.normal(100, 20, n),
            "kind": rng.choice(["a", "b"], n),
            "same": 1.0,
            "sold": rng.choice(["no", "yes"], n),
        }
    )
    frame.loc[n - 1, "size"] = 900.0
    return Study.from_frame(frame, target="sold", candidates={"no_model": "no_model"}, **about)  # type: ignore[arg-type]


def test_scores_and_shares_are_those_of_one_case_at_a_time(mortgages: Study) -> None:
    found = ranking.scores(mortgages, "tree")
    assert found["score"].is_monotonic_decreasing
    first = found.head(40)
    at = mortgages.case_ids.get_indexer(first.index)
    alone = outliers.unusual(mortgages, mortgages.frame.iloc[at], candidate="tree")
    assert np.allclose(alone.scores, first["score"], rtol=1e-12)
    assert np.allclose(alone.shares, first["share"], rtol=1e-12)


def test_chunks_do_not_matter(mortgages: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = ranking.scores(mortgages, rows="all")
    monkeypatch.setattr(ranking, "CHUNK", 97)
    pd.testing.assert_frame_equal(ranking.scores(mortgages, rows="all"), whole, rtol=1e-12)
    assert len(whole) == len(mortgages.frame)
    assert set(whole["split"]) == {"train", "calibration", "test"}


def test_the_application_with_debts_of_three_times_the_income_is_the_oddest(mortgages: Study) -> None:
    assert ranking.scores(mortgages).index[0] == "1095"
    assert "1095" in ranking.scores(mortgages, rows="all").index[:10]


def test_the_planted_row_comes_first_among_all() -> None:
    study = small(split=["train", "train", "calibration", "test"] * 75)  # the planted one is a never-seen row
    assert ranking.scores(study, rows="all").index[0] == "299"


@pytest.mark.parametrize("n", [30, 49])
def test_few_rows_claim_no_share(n: int) -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"size": rng.normal(size=n + 1), "price": rng.normal(100.0, 20.0, n + 1)})
    parts = ["test", *["train"] * n]
    study = Study.from_frame(frame, target="price", candidates={"no_model": "no_model"}, split=parts)
    found = ranking.scores(study)
    assert len(found) == 1
    assert found["share"].isna().all()
    assert np.isfinite(found["score"]).all()


def test_without_never_seen_rows_or_columns_nothing_breaks() -> None:
    none = small(60, split=["train"] * 60)
    assert ranking.scores(none).empty
    assert len(ranking.scores(none, rows="all")) == 60
    frame = pd.DataFrame({"gone": [None] * 40, "sold": ["no", "yes"] * 20})
    study = Study.from_frame(frame, target="sold", candidates={"no_model": "no_model"})
    assert len(ranking.scores(study, rows="all")) == 40
