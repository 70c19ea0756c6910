"""Small studies of every kind, for tests of everything that takes a study.

``mortgages`` is the sample study. ``any_study`` runs a test once on each study of ``STUDIES``; ``study_of`` gives one
of them by name. All are built once per session and never changed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from explainers import Study, open_study

ROOT = Path(__file__).resolve().parents[2]
QUICK = ("no_model", "rule", "table", "formula", "tree", "logistic")
ODD_NAMES = (
    "<b>size</b>",
    "$\\alpha_{1}$ & 5%",
    "=SUM(A1:A9)",
    "[link](http://example.org)",
    "a `tick` ~ b",
    "  two  spaces ",
)


@pytest.fixture(scope="session")
def mortgages() -> Study:
    """The sample study, every option built."""
    return open_study(ROOT / "sample_data" / "boston_mortgages")


@pytest.fixture(scope="session")
def mortgages_unbuilt() -> Study:
    """The sample study as the pages open it: nothing is fitted; what was built before is attached."""
    return open_study(ROOT / "sample_data" / "boston_mortgages", build=False)


@pytest.fixture(scope="session")
def any_study(request: pytest.FixtureRequest) -> Study:
    return study_by_name(request.param)


@pytest.fixture(scope="session")
def study_of() -> Callable[[str], Study]:
    """A study of STUDIES by name."""
    return study_by_name


@cache
def study_by_name(name: str) -> Study:
    return STUDIES[name]()


def _mixed(n: int, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "size": rng.normal(100, 20, n).round(1),
            "age": rng.integers(0, 60, n),
            "heating": rng.choice(["gas", "oil", "wood"], n, p=[0.6, 0.3, 0.1]),
            "garden": rng.choice(["no", "yes"], n),
        }
    )


def _link(frame: pd.DataFrame) -> np.ndarray[Any, Any]:
    size = (frame["size"].fillna(100).to_numpy() - 100) / 20
    return size - 0.03 * (frame["age"].to_numpy() - 30) + 0.8 * (frame["heating"] == "wood").to_numpy()


def _study(frame: pd.DataFrame, target: str, candidates: Any = QUICK, **about: Any) -> Study:
    given = {c: c for c in candidates} if isinstance(candidates, tuple) else candidates
    return Study.from_frame(frame, target=target, candidates=given, name="kind", title="A kind of study", **about)


def _regression() -> Study:
    frame = _mixed(240)
    frame["price"] = (200 + 30 * _link(frame) + np.random.default_rng(1).normal(0, 8, 240)).round(2)
    return _study(frame, "price", (*QUICK, "boosting", "forest"))


def _binary() -> Study:
    frame = _mixed(300)
    chance = 1 / (1 + np.exp(-_link(frame)))
    frame["sold"] = np.where(np.random.default_rng(2).random(300) < chance, "yes", "no")
    return _study(frame, "sold", (*QUICK, "boosting", "forest"))


def _three_classes() -> Study:
    frame = _mixed(300)
    noisy = _link(frame) + np.random.default_rng(3).normal(0, 0.8, 300)
    frame["grade"] = np.where(noisy < -0.7, "low", np.where(noisy < 0.7, "middle", "high"))
    return _study(frame, "grade", (*QUICK, "boosting", "forest"))


def _missing() -> Study:
    frame = _mixed(240)
    rng = np.random.default_rng(4)
    frame["sold"] = np.where(rng.random(240) < 1 / (1 + np.exp(-_link(frame))), "yes", "no")
    frame.loc[rng.random(240) < 0.2, "size"] = np.nan
    frame.loc[rng.random(240) < 0.2, "heating"] = None
    frame["age"] = frame["age"].astype("float64").mask(rng.random(240) < 0.1)
    return _study(frame, "sold", (*QUICK, "boosting", "forest"))


def _unseen_levels() -> Study:
    """Levels that occur in test rows only, and one that occurs once."""
    frame = _mixed(200)
    rng = np.random.default_rng(5)
    frame["sold"] = np.where(rng.random(200) < 1 / (1 + np.exp(-_link(frame))), "yes", "no")
    labels = np.array(["train"] * 120 + ["calibration"] * 40 + ["test"] * 40)
    frame.loc[frame.index[160:180], "heating"] = "heat pump"
    frame.loc[frame.index[3], "heating"] = "straw"
    return _study(frame, "sold", split=labels)


def _tiny() -> Study:
    frame = _mixed(12)
    frame["sold"] = ["no", "yes", "no", "yes", "no", "no", "no", "yes", "no", "no", "yes", "no"]
    return _study(frame, "sold")


def _one_feature() -> Study:
    frame = _mixed(120)[["size"]]
    frame["price"] = 3 * frame["size"] + np.random.default_rng(6).normal(0, 5, 120)
    return _study(frame, "price")


def _wide() -> Study:
    rng = np.random.default_rng(7)
    frame = pd.DataFrame(rng.normal(size=(200, 60)).round(3), columns=[f"x{i}" for i in range(60)])
    frame["hit"] = np.where(frame["x0"] + frame["x1"] + rng.normal(0, 0.7, 200) > 0, "yes", "no")
    return _study(frame, "hit")


def _odd_names() -> Study:
    rng = np.random.default_rng(8)
    frame = pd.DataFrame(rng.normal(size=(150, len(ODD_NAMES))).round(3), columns=list(ODD_NAMES))
    frame[ODD_NAMES[1]] = rng.choice(["<i>x</i>", "=1+1", "$y$"], 150)
    frame["out"] = np.where(frame[ODD_NAMES[0]] + rng.normal(0, 0.7, 150) > 0, "yes", "no")
    return _study(frame, "out", (*(q for q in QUICK if q != "formula"), "boosting"))


def _given_fitted() -> Study:
    from sklearn.compose import make_column_transformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    frame = _mixed(200)
    chance = 1 / (1 + np.exp(-_link(frame)))
    frame["sold"] = np.where(np.random.default_rng(9).random(200) < chance, "yes", "no")
    encode = make_column_transformer(
        (StandardScaler(), ["size", "age"]), (OneHotEncoder(handle_unknown="ignore"), ["heating", "garden"])
    )
    fitted = make_pipeline(encode, LogisticRegression()).fit(frame.drop(columns="sold"), frame["sold"])
    return _study(frame, "sold", {"no_model": "no_model", "ours": fitted})


STUDIES: dict[str, Callable[[], Study]] = {
    "regression": _regression,
    "binary": _binary,
    "three classes": _three_classes,
    "missing values": _missing,
    "unseen levels": _unseen_levels,
    "tiny": _tiny,
    "one feature": _one_feature,
    "wide": _wide,
    "odd names": _odd_names,
    "given fitted": _given_fitted,
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "any_study" in metafunc.fixturenames:
        metafunc.parametrize("any_study", list(STUDIES), indirect=True, scope="session")
