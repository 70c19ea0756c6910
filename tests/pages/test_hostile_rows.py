"""Where is it wrong, which cases are odd: studies that nobody would bring, each with a calm page and no traceback."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from explainers import Study
from tests.pages.conftest import Open, told
from tests.pages.test_confidence import labels, noisy, ready

LOOKS = {
    "residuals": ("groups", "kept", "spread", "checks", "method"),
    "outliers": ("inputs", "outcomes", "twice", "weight", "marks", "without", "method"),
}
QUICK = ("no_model", "formula", "tree")


def kept(folder: Path, frame: pd.DataFrame, target: str = "sold", **about: Any) -> None:
    about.setdefault("candidates", {c: c for c in QUICK})
    study = Study.from_frame(frame, target=target, name=folder.name, title="Hostile", question="Which?", **about)
    study.save(folder)


def one_row_tested(folder: Path) -> None:
    """A single never-seen row."""
    frame = noisy(60)
    kept(folder, frame, split=["train"] * 59 + ["test"])


def two_rows_learned(folder: Path) -> None:
    """Two training rows of each class; of fewer nothing can be learned, and no study is made."""
    frame = noisy(40)
    first = [i for c in ("no", "yes") for i in frame.index[frame["sold"] == c][:2]]
    kept(folder, frame, split=np.where(frame.index.isin(first), "train", "test"))


def all_missing(folder: Path) -> None:
    """A column without any value, one with a single one, and a record that is missing for a third."""
    frame = noisy(150)
    frame["void"], frame["nearly"] = np.nan, np.nan
    frame.loc[7, "nearly"] = 3.0
    frame["sold"] = frame["sold"].astype(object).where(frame.index % 3 > 0)
    kept(folder, frame, dictionary={"void": {"kind": "numeric", "role": "feature"}})


def nothing_recorded_of_never_seen(folder: Path) -> None:
    """Never-seen rows have no value in any input."""
    frame = noisy(150)
    inputs = [c for c in frame if c != "sold"]
    frame[inputs] = frame[inputs].astype(float)
    frame.loc[100:, inputs] = np.nan
    kept(folder, frame, split=["train"] * 80 + ["calibration"] * 20 + ["test"] * 50)


def infinities(folder: Path) -> None:
    """Infinite inputs, and one infinite value that only never-seen rows show."""
    frame = noisy(200).drop(columns="sold").astype(float)
    frame["price"] = (3 * frame["size"] + np.random.default_rng(2).normal(0, 5, 200)).round(1)
    frame.loc[[3, 190], "size"] = np.inf
    frame.loc[191, "age"] = -np.inf
    kept(folder, frame, "price", candidates={c: c for c in ("no_model", "tree")})


def tiny_numbers(folder: Path) -> None:
    """A record of about 1e-50: smaller ones are refused when a study is made."""
    frame = noisy(160).drop(columns="sold")
    frame["price"] = 1e-50 * (3 * frame["size"] + np.random.default_rng(2).normal(0, 5, 160))
    kept(folder, frame, "price")


def huge_numbers(folder: Path) -> None:
    """A record of about 1e50."""
    frame = noisy(160).drop(columns="sold")
    frame["price"] = 1e50 * (3 + frame["size"] / 100 + np.random.default_rng(2).normal(0, 0.1, 160))
    kept(folder, frame, "price")


def many_levels(folder: Path) -> None:
    """10,000 levels of one column, nearly all of them once."""
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"size": rng.normal(100, 20, 12_000).round(1)})
    frame["town"] = [f"town {i % 10_000}" for i in range(12_000)]
    frame["sold"] = np.where(rng.random(12_000) < 1 / (1 + np.exp((100 - frame["size"]) / 20)), "yes", "no")
    kept(folder, frame, dictionary={"town": {"kind": "categorical", "role": "feature"}})


def many_columns(folder: Path) -> None:
    """500 columns over 400 rows."""
    rng = np.random.default_rng(4)
    frame = pd.DataFrame(rng.normal(size=(400, 500)).round(3), columns=[f"x{i}" for i in range(500)])
    frame["sold"] = np.where(frame["x0"] + rng.normal(0, 0.7, 400) > 0, "yes", "no")
    kept(folder, frame, candidates={c: c for c in ("no_model", "tree")})


def same_twice(folder: Path) -> None:
    """A column that is another one again, under a name that differs by a blank; every row is there three times."""
    frame = noisy(60)
    frame["size "] = frame["size"]
    frame["copy"] = 2 * frame["size"]
    frame = pd.concat([frame, frame, frame], ignore_index=True)
    kept(folder, frame, split=labels(frame, "train", "calibration", "test"))


def same_answer(folder: Path) -> None:
    """Every price is the same but for one."""
    frame = noisy(120).drop(columns="sold")
    frame["price"] = 100.0
    frame.loc[119, "price"] = 101.0
    kept(folder, frame, "price", dictionary={"price": {"kind": "numeric"}})


EVERY: tuple[Callable[[Path], None], ...] = (
    one_row_tested,
    two_rows_learned,
    all_missing,
    nothing_recorded_of_never_seen,
    infinities,
    tiny_numbers,
    huge_numbers,
    many_levels,
    many_columns,
    same_twice,
    same_answer,
)
QUICKLY = (one_row_tested, all_missing, infinities)
"""Looked at with every test run, for one audience; all of them, for both, where promises are measured."""


@pytest.fixture
def hostile(studies: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    make: Callable[[Path], None] = request.param
    folder = studies / make.__name__
    make(folder)
    yield make.__name__
    shutil.rmtree(folder)


def quiet(at: Any) -> str:
    """Return what is told; the page did not fail, and shows nothing that only a programmer would write."""
    said = told(at)
    assert "Something went wrong" not in said
    for error in at.error:  # refused calmly: what is wrong and what to do, in sentences
        assert re.search(r"[A-Z].*\. ", str(error.value)), error.value
        assert not re.search(r"Traceback|Error:|0x[0-9a-f]{6}", str(error.value))
    assert not re.search(r"\bnan\b|\bNone\b(?! of)|[{}]|e[+-]\d\d\d", said), said
    return said


def looked_at(page: Open, page_name: str, study: str, audience: str) -> None:
    title = {"residuals": "Where is it wrong?", "outliers": "Which cases are odd?"}[page_name]
    ready(page, page_name, study=study, option="tree")
    for look in LOOKS[page_name]:
        at = page(page_name, study=study, option="tree", look=look, audience=audience, pick="worst:5")
        assert title in quiet(at), (audience, look)


@pytest.mark.parametrize("hostile", QUICKLY, ids=lambda m: m.__name__, indirect=True)
def test_some_hostile_studies_are_calm(page: Open, hostile: str) -> None:
    for page_name in LOOKS:
        looked_at(page, page_name, hostile, "business")


@pytest.mark.promise
@pytest.mark.parametrize("hostile", EVERY, ids=lambda m: m.__name__, indirect=True)
def test_every_tab_of_every_hostile_study_is_calm(page: Open, hostile: str) -> None:
    for page_name in LOOKS:
        for audience in ("business", "technical"):
            looked_at(page, page_name, hostile, audience)
