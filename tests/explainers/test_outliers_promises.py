"""What is promised of unusual cases: odd ones are found for the right reason, others seldom flagged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from explainers import Study, open_study
from explainers.outliers import unusual
from explainers.predict import predict
from tests.conftest import ROOT
from tests.explainers.planted import auc, named, plant, rows, study

Promise = Callable[[str, str], None]
PENGUINS = Path(__file__).resolve().parents[1] / "reference" / "penguins" / "penguins.csv"
STUDIES = ("boston_mortgages", "saratoga_prices", "saratoga_heating", "cigarette_demand")


def found_in(n: int, seed: int, each: int) -> dict[str, tuple[float, float]]:
    """Return by kind of odd row the AUC against usual ones, and how often the right columns are named."""
    made = study(n, seed)
    usual = unusual(made, rows(1_000, seed + 500)).scores
    out = {}
    for kind, planted in plant(made.rows("train"), each, seed).items():
        found = unusual(made, planted.cases)
        out[kind] = (auc(usual, found.scores), named(found, planted.columns))
    return out


def test_planted_rows_are_found_small() -> None:
    for kind, (area, right) in found_in(1_500, 1, 100).items():
        assert area >= 0.95, kind
        assert right >= 0.9, kind


@pytest.mark.promise
@pytest.mark.parametrize("n", [1_500, 5_000])
def test_planted_rows_are_found(n: int, promise: Promise) -> None:
    runs = [found_in(n, seed, 300) for seed in range(2, 8)]
    for kind in runs[0]:
        area, right = np.mean([r[kind] for r in runs], axis=0)
        worst = min(r[kind][0] for r in runs)
        promise(
            f"Unusual cases, {n:,} rows: planted {kind} are found, the right columns named first",
            f"{kind}: AUC {area:.3f} (worst of {len(runs)} {worst:.3f}), named {right:.1%}",
        )
        assert area >= 0.95
        assert right >= 0.9


def flag_rate(flags: tuple[bool | None, ...]) -> float:
    """Return the share that is flagged; every case could be told."""
    assert None not in flags
    return sum(map(bool, flags)) / len(flags)


def fresh_flags(n: int, seed: int) -> tuple[float, float]:
    found = unusual(study(n, seed), rows(2_000, seed + 7_000))
    return flag_rate(found.at_1_in_100), flag_rate(found.at_1_in_20)


def test_fresh_rows_are_seldom_flagged_small() -> None:
    flags = np.mean([fresh_flags(2_000, seed) for seed in range(4)], axis=0)
    assert 0.005 <= flags[0] <= 0.02
    assert 0.035 <= flags[1] <= 0.065


@pytest.mark.promise
def test_fresh_rows_are_seldom_flagged(promise: Promise) -> None:
    flags = np.array([fresh_flags(n, seed) for n in (1_500, 5_000) for seed in range(20)])
    promise(
        "Fresh simulated rows are flagged at 1 in 100 in 0.5 to 2%, mean of 40 studies",
        f"{flags[:, 0].mean():.2%} at 1 in 100, {flags[:, 1].mean():.2%} at 1 in 20",
    )
    assert 0.005 <= flags[:, 0].mean() <= 0.02
    assert 0.04 <= flags[:, 1].mean() <= 0.06


@pytest.mark.promise
@pytest.mark.parametrize("name", STUDIES)
def test_never_seen_rows_of_real_studies_are_seldom_flagged(name: str, promise: Promise) -> None:
    made = open_study(ROOT / "sample_data" / name, build=False)
    flags = []
    for seed in range(20):
        dealt = np.random.default_rng(seed).choice(
            ["train", "calibration", "unknown"], len(made.frame), p=[0.4, 0.4, 0.2]
        )
        again = made.replace(split=pd.Series(dealt, index=made.frame.index), data_key="")
        found = unusual(again, again.rows("unknown"))
        flags.append([flag_rate(found.at_1_in_100), flag_rate(found.at_1_in_20)])
    mean = np.mean(np.array(flags, dtype=float), axis=0)
    promise(
        f"Rows of {name} that were neither learned from nor counted on are flagged at 1 in 100 in 0.5 to 2%",
        f"{name}: {mean[0]:.2%} at 1 in 100, {mean[1]:.2%} at 1 in 20, 20 random splits",
    )
    assert 0.005 <= mean[0] <= 0.02
    assert 0.035 <= mean[1] <= 0.065


def left_out(species: str, drop: list[str]) -> tuple[float, int, int]:
    """Return the share flagged at 1 in 20 of the cases of a species nobody has seen that a classifier is sure of."""
    birds = pd.read_csv(PENGUINS).drop(columns=drop)
    seen, new = birds[birds.species != species].reset_index(drop=True), birds[birds.species == species]
    made = Study.from_frame(seen, target="species", candidates={"logistic": "logistic"}, name="penguins")
    cases = new.drop(columns="species")
    sure = predict(made, "logistic", cases).max(axis=1).to_numpy() >= 0.9
    found = unusual(made, cases[sure])
    return flag_rate(found.at_1_in_20), int(sure.sum()), found.n_held_out


def test_a_species_left_out_is_unlike_anything_seen(promise: Promise) -> None:
    for drop in (["year"], ["year", "island"], ["year", "island", "sex"]):
        flagged, sure, held = left_out("Adelie", drop)
        promise(
            "Of Adelie penguins, left out of training, given 0.9 or more by a classifier, half are flagged at 1 in 20",
            f"without {', '.join(drop)}: {flagged:.0%} of {sure}, counted on {held} never-seen penguins",
        )
        assert sure >= 100
        assert flagged >= 0.5


@pytest.mark.parametrize(("study_name", "case"), [("boston_mortgages", "1095"), ("saratoga_prices", "702")])
def test_known_odd_cases_come_first(study_name: str, case: str) -> None:
    made = open_study(ROOT / "sample_data" / study_name, build=False)
    found = unusual(made, case)
    assert found.counts == (0,)
    assert found.at_1_in_100 == (True,)
    assert found.reasons[0][0].beyond


def test_the_house_sold_for_5000_dollars_is_odd_where_its_price_is_an_input() -> None:
    made = open_study(ROOT / "sample_data" / "saratoga_heating", build=False)
    cheap = made.row("1011")
    assert float(cheap["sale_price"].iloc[0]) == 5_000
    found = unusual(made, cheap)
    assert found.at_1_in_20 == (True,)
    assert "sale_price" in found.reasons[0][0].features
