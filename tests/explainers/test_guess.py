"""Guesses of a dictionary against what a person says, on real tables; planted ids, dates and answers are all caught."""

from __future__ import annotations

import functools
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from explainers import guess
from explainers.guess.giving import one_level_decides, same_answer
from explainers.guess.levels import order_of
from explainers.guess.names import label_of, unit_of
from explainers.load.outcome import choose_task
from explainers.load.reading import read
from tests.explainers.guess_answers import TABLES

LEAST = 0.9
DATES = ("%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d %b %Y", "%Y/%m/%d", "%Y%m%d", "%d/%m/%Y %H:%M")


@functools.cache
def planted(name: str, place: Path) -> pd.DataFrame:
    """Return a table as it comes back from a file: with a number of the case, a date, the outcome under a new name."""
    table = TABLES[name]
    frame = table.frame().copy()
    frame.columns = [str(c) for c in frame.columns]
    at = list(TABLES).index(name)
    rng = np.random.default_rng(at)
    n = len(frame)
    ids = rng.permutation(n) + 1000
    days = pd.date_range("2019-01-05", periods=n, freq="17h")
    frame.insert(0, "record_no" if at % 2 else "client_id", [f"K-{i}" for i in ids] if at % 3 == 0 else ids)
    frame["entered_date"] = days[rng.permutation(n)].strftime(DATES[at % len(DATES)])
    y = frame[table.target]
    if choose_task(y, declared_numeric=False) == "classification":
        frame["verdict"] = "v" + y.astype(str)
        frame["seen_again"] = np.where(y == y.iloc[0], 1.0, np.nan)
    else:
        frame["verdict"] = -2.5 * y + 7
        frame["rounded"] = (y / max(float(y.std()), 1e-9) * 20).round()
    path = place / "table.csv"
    frame.to_csv(path, index=False, sep=";" if at % 2 else ",")
    return read(path).frame


@functools.cache
def guessed(name: str, place: Path) -> guess.Guesses:
    return guess.dictionary(planted(name, place), target=TABLES[name].target)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tables")


@pytest.mark.parametrize("name", TABLES)
def test_what_was_planted_is_caught(name: str, place: Path) -> None:
    found = guessed(name, place).features
    frame = planted(name, place)
    ids = {n for n in ("record_no", "client_id") if n in found}
    assert {found[n].role for n in ids} == {"id"}
    assert (found["entered_date"].kind, found["entered_date"].role) == ("date", "time")
    assert found["verdict"].role == "leakage"
    if "seen_again" in found and frame["seen_again"].notna().sum() >= 5 and len(frame) >= 60:
        assert found["seen_again"].role == "leakage"
    if "rounded" in found and len(frame) >= 60 and frame["rounded"].nunique() > 40:
        assert found["rounded"].role == "leakage"
    assert all(f.reason for f in found.values() if f.role in ("leakage", "excluded"))


def test_roles_and_kinds_are_those_of_a_person(place: Path) -> None:
    right: dict[str, Counter[str]] = {"role": Counter(), "kind": Counter()}
    every: dict[str, Counter[str]] = {"role": Counter(), "kind": Counter()}
    missed = []
    for name, table in TABLES.items():
        for column, feature in guessed(name, place).features.items():
            if column in ("verdict", "seen_again", "rounded", "record_no", "client_id", "entered_date"):
                continue
            said = {"role": "target" if column == table.target else table.roles.get(column, "feature")}
            said["kind"] = table.kinds.get(column, "numeric")
            for what, answer in said.items():
                mine = getattr(feature, what)
                answers = answer if isinstance(answer, frozenset) else {answer}
                for one in answers if len(answers) == 1 else {mine} & answers or answers:
                    every[what][one] += 1
                    right[what][one] += mine in answers
                if mine not in answers:
                    missed.append(f"{name}.{column} {what}: {mine}, not {answers}")
    shares = {(w, r): right[w][r] / n for w, counts in every.items() for r, n in counts.items()}
    rare = {r for r, n in every["role"].items() if n < 5} - {"leakage"}
    assert not {k: v for k, v in shares.items() if v < LEAST and k[1] not in rare}, (shares, missed)
    assert len(TABLES) >= 15
    assert len(missed) <= 4, missed


def test_few_real_inputs_are_lost(place: Path) -> None:
    ours = ("verdict", "seen_again", "rounded", "record_no", "client_id", "entered_date")
    lost = [
        f"{name}.{column}"
        for name, table in TABLES.items()
        for column, feature in guessed(name, place).features.items()
        if table.roles.get(column, "feature") == "feature"
        and column not in (*ours, table.target)
        and feature.role != "feature"
    ]
    assert len(lost) <= 2, lost


@pytest.mark.parametrize(
    ("name", "label", "unit"),
    [
        ("price_eur", "Price", "€"),
        ("sepal length (cm)", "Sepal length", "cm"),
        ("loanToValue", "Loan to value", ""),
        ("CRIM", "CRIM", ""),
        ("avg_speed_kmh", "Average speed", "km/h"),
        ("tenure_months", "Tenure months", "months"),
        ("Income [USD]", "Income", "$"),
        ("qty", "Quantity", ""),
        ("", "Column without a name", ""),
    ],
)
def test_labels_and_units(name: str, label: str, unit: str) -> None:
    assert (label_of(name), unit_of(name)) == (label, unit)


@pytest.mark.parametrize(
    ("levels", "order"),
    [
        (["high", "low", "medium"], ["low", "medium", "high"]),
        (["30-40", "<30", "40+"], ["<30", "30-40", "40+"]),
        (["Very_Good", "Poor", "Good"], ["Poor", "Good", "Very_Good"]),
        (["Sun", "Mon", "Fri"], ["Mon", "Fri", "Sun"]),
        (["red", "green"], None),
        (["1", "2", "3"], None),
    ],
)
def test_levels_of_a_known_scale_are_put_in_order(levels: list[str], order: list[str] | None) -> None:
    found = order_of("x", levels)
    assert (found[0] if found else None) == order


def test_hostile_names_and_cells_are_only_text() -> None:
    frame = pd.DataFrame({"<b>x</b>": [1.0, 2] * 30, "{value.__class__}": ["a", "b"] * 30, "=1+1": range(60)})
    found = guess.dictionary(frame, target="{value.__class__}")
    assert [g.feature.name for g in found.columns] == list(frame.columns)
    assert all("{" not in (g.feature.phrase or "").replace("{value:", "") for g in found.columns)


@pytest.mark.parametrize("_again", range(20))
def test_a_level_that_decides_is_caught_and_chance_is_not(_again: int) -> None:
    rng = np.random.default_rng()  # another table each time
    outcome = pd.Series(np.where(rng.random(800) < 0.12, "denied", "paid"))
    step = np.where((outcome == "denied") & (rng.random(800) < 0.5), "refused", "fine")
    assert one_level_decides(pd.Series(step), outcome)
    assert not one_level_decides(pd.Series(rng.choice(list("abcdefgh"), 800)), outcome)
    strong = np.where(rng.random(800) < np.where(outcome == "denied", 0.6, 0.08), "bad", "good")
    assert not one_level_decides(pd.Series(strong), outcome), "a good input is no giveaway"
    assert not one_level_decides(pd.Series(np.where(rng.random(800) < 0.01, "x", "y")), outcome), "too few to tell"


@pytest.mark.parametrize("n", [1, 2, 12])
def test_tiny_tables_do_not_fail(n: int) -> None:
    frame = pd.DataFrame({"a": range(n), "b": ["x"] * n, "c": [np.nan] * n})
    assert len(guess.dictionary(frame).columns) == 3


def test_the_same_answer_needs_more_than_one_row_per_level() -> None:
    words = pd.Series([f"w{i}" for i in range(20)])
    assert not same_answer(words, pd.Series(range(20)).astype(str), "classification")
    assert same_answer(pd.Series(["a", "b"] * 10), pd.Series([1, 0] * 10), "classification")
    assert not same_answer(pd.Series(["a", "b", "b", "b"] * 5), pd.Series([1, 0] * 10), "classification")
