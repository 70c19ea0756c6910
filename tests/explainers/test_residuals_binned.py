"""Bins of residuals: equal to a plain count, true to what is planted, silent where there is nothing."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from explainers import Study
from explainers.residuals import binned, certainty, distribution, residuals
from explainers.residuals.picking import furthest, worst_of
from explainers.results import Binned


def made(frame: pd.DataFrame, answers: Any, *, split_by: str = "labels", **about: Any) -> Study:
    """Return a study of numbers whose option "given" answers with the column of that name."""
    from sklearn.base import BaseEstimator, RegressorMixin

    class Given(RegressorMixin, BaseEstimator):  # type: ignore[misc]
        def fit(self, _x: Any, _y: Any) -> Given:
            return self

        def predict(self, rows: pd.DataFrame) -> Any:
            return rows["given"].to_numpy()

    labels = ["train"] * 20 + ["test"] * (len(frame) - 20)
    frame = frame.assign(given=answers)
    return Study.from_frame(frame, target="y", candidates={"given": Given()}, split=labels, **about)


def noise(n: int = 1_020, seed: int = 0, **more: Any) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame({"x": rng.uniform(0, 1, n), "y": rng.normal(0, 1, n), **more})


# -- equal to a plain count ----------------------------------------------------
def test_bins_equal_a_plain_count_by_pandas() -> None:
    study = made(noise(), 0.1)
    found = binned(study, "given", "x")
    rows = residuals(study, "given").assign(x=study.rows("test")["x"])
    codes = np.clip(np.searchsorted(found.edges[1:-1], rows["x"], side="right"), 0, 19)
    grouped = rows.groupby(codes)["residual"]
    assert len(found.n) == 20
    np.testing.assert_array_equal(found.n, grouped.size())
    assert max(found.n) - min(found.n) <= 2
    for name, q in (("outer_lower", 0.05), ("lower", 0.25), ("middle", 0.5), ("upper", 0.75), ("outer_upper", 0.95)):
        np.testing.assert_allclose(getattr(found, name), grouped.quantile(q), rtol=1e-12)
    np.testing.assert_allclose(found.off, rows["residual"].abs().groupby(codes).mean(), rtol=1e-12)
    np.testing.assert_allclose(found.stated, 0.1)
    np.testing.assert_allclose(found.recorded, rows["actual"].groupby(codes).mean())
    np.testing.assert_array_equal(found.smallest, rows["x"].groupby(codes).min())
    np.testing.assert_array_equal(found.largest, rows["x"].groupby(codes).max())
    assert found.overall_middle == pytest.approx(rows["residual"].median())
    assert found.overall_off == pytest.approx(rows["residual"].abs().mean())
    assert found.above == int((rows["residual"] > 0).sum())
    assert len(found.to_frame()) == 20


def test_of_classes_the_middle_is_the_observed_share_less_the_stated_chance(study_of: Callable[[str], Study]) -> None:
    from statsmodels.stats.proportion import proportion_confint

    study = study_of("binary")
    found = binned(study, "logistic", "heating")
    rows = residuals(study, "logistic").assign(level=study.rows("test")["heating"])
    for k, level in enumerate(found.levels):
        here = rows[rows["level"] == level]
        assert found.middle[k] == pytest.approx((here["actual"] - here["predicted"]).mean())
        assert found.off[k] == pytest.approx(((here["predicted"] >= 0.5) != (here["actual"] > 0.5)).mean())
        assert found.lower[k] <= found.middle[k] <= found.upper[k]
        low, high = proportion_confint(here["actual"].sum(), len(here), method="wilson")
        stated = here["predicted"].mean()
        np.testing.assert_allclose([found.lower[k], found.upper[k]], [low - stated, high - stated], atol=1e-12)
        assert found.sure_lower[k] <= found.lower[k]
        assert found.upper[k] <= found.sure_upper[k]


def test_errors_of_means_are_those_of_clusters() -> None:
    import statsmodels.api as sm

    rng = np.random.default_rng(1)
    values, codes, groups = rng.normal(0, 1, 300), np.zeros(300, dtype=np.int64), rng.integers(0, 12, 300)
    units, own, counts = certainty.units_of(codes, groups, 1)
    mean, error = certainty.errors(values, codes, units, own, counts)
    fit = sm.OLS(values, np.ones(300)).fit(cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False})
    assert mean[0] == pytest.approx(values.mean())
    assert error[0] == pytest.approx(float(fit.bse[0]) * math.sqrt(12 / 11), rel=1e-12)
    alone = certainty.units_of(codes, None, 1)
    assert certainty.errors(values, codes, *alone)[1][0] == pytest.approx(values.std(ddof=1) / math.sqrt(300))


# -- kinds of what it is set against ----------------------------------------------------
def test_few_values_have_a_bin_each_and_ties_stay_together() -> None:
    rng = np.random.default_rng(2)
    study = made(noise(rooms=rng.integers(1, 6, 1_020).astype(float)), 0.0)
    found = binned(study, "given", "rooms")
    np.testing.assert_array_equal(found.smallest, [1, 2, 3, 4, 5])
    np.testing.assert_array_equal(found.largest, [1, 2, 3, 4, 5])
    tied = made(noise(zeros=np.where(np.arange(1_020) % 3, 0.0, np.arange(1_020.0))), 0.0)
    found = binned(tied, "given", "zeros")
    assert max(found.n) >= 660
    assert (np.diff(found.edges) > 0).all()


def test_missing_values_have_a_bin_of_their_own_and_their_points_a_place() -> None:
    frame = noise()
    frame.loc[frame.index[::5], "x"] = np.nan
    found = binned(made(frame, 0.0), "given", "x")
    assert found.missing
    assert found.missing_at is not None
    assert len(found.n) == len(found.edges)
    assert found.n[-1] == 200
    assert (found.points["x"] == found.missing_at).sum() == 200
    assert found.missing_at > found.edges[-1]
    levels = made(frame.assign(town=np.where(np.arange(1_020) % 4, "a", None)), 0.0)
    found = binned(levels, "given", "town")
    assert found.levels == ("a", None)
    assert found.n == (750, 250)


def test_rare_levels_are_taken_together_and_ordered_ones_keep_their_order() -> None:
    rng = np.random.default_rng(3)
    many = pd.Series([f"level {i}" for i in rng.zipf(1.3, 1_020) % 10_000])
    found = binned(made(noise(town=many), 0.0), "given", "town")
    assert len(found.n) == 12
    assert found.others == many[20:].nunique() - 11
    assert sum(found.n) == 1_000
    counts = many[20:].value_counts()
    assert set(found.levels[:-1]) == set(counts.index[:11]) or counts.iloc[10] == counts.iloc[11]
    words = {"grade": {"kind": "ordered", "level_labels": {"low": "low", "middle": "middle", "high": "high"}}}
    graded = noise(grade=rng.choice(["high", "low", "middle"], 1_020))
    assert binned(made(graded, 0.0, dictionary=words), "given", "grade").levels == ("low", "middle", "high")


def test_moments_have_a_bin_each_where_they_are_few_else_equal_lengths() -> None:
    days = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(1_020) // 2, unit="D")
    study = made(noise(day=days), 0.0, dictionary={"day": {"kind": "date"}})
    found = binned(study, "given", "day")
    assert (found.kind, found.dates) == ("time", True)
    np.testing.assert_allclose(np.diff(found.edges), np.diff(found.edges)[0])
    assert found.edges[0] == (pd.Timestamp("2024-01-11") - pd.Timestamp(0)).days
    years = made(noise(year=2000 + np.arange(1_020) // 100), 0.0, dictionary={"year": {"role": "time"}})
    found = binned(years, "given", "year")
    assert (found.kind, found.dates) == ("time", False)
    np.testing.assert_array_equal(found.smallest, np.arange(2000, 2011))


def test_order_counts_rows_as_they_stand_in_the_data() -> None:
    found = binned(made(noise(), 0.0), "given", "order")
    assert found.smallest[0] == 20
    assert found.largest[-1] == 1_019


# -- zoom ----------------------------------------------------
def test_a_zoomed_region_has_bins_and_points_of_its_own() -> None:
    study = made(noise(20_020), 0.0)
    whole = binned(study, "given", "x", points=500)
    near = binned(study, "given", "x", zoom=(0.2, 0.25), points=500)
    assert whole.n_shown == near.n_shown == 500
    inside = study.rows("test")["x"].between(0.2, 0.25).sum()
    assert near.n_rows == sum(near.n) == inside
    assert near.points["x"].between(0.2, 0.25).all()
    box = binned(study, "given", "x", zoom=(0.2, 0.25, 1.0, 9.0), points=500)
    assert box.n == near.n
    assert (box.points["y"] >= 1.0).all()
    assert box.n_shown == int(
        (residuals(study, "given")["residual"] >= 1.0)[study.rows("test")["x"].between(0.2, 0.25)].sum()
    )
    levels = made(noise(town=np.where(np.arange(1_020) % 3, "a", "b")), 0.0)
    assert binned(levels, "given", "town", zoom=("b",)).levels == ("b",)
    assert binned(study, "given", "x", zoom=(5.0, 6.0)).n_rows == 0


# -- points ----------------------------------------------------
def test_points_are_a_sample_that_always_holds_the_worst_cases() -> None:
    study = made(noise(30_020), 0.0)
    rows = residuals(study, "given")
    worst = set(rows["id"][rows["residual"].abs().nlargest(200).index])
    for seed in range(3):
        found = binned(study, "given", "x", points=1_000, random_state=seed)
        assert (found.n_shown, found.n_worst, found.n_rows) == (1_000, 200, 30_000)
        assert set(found.points["id"][found.points["worst"]]) == worst
        rest = found.points[~found.points["worst"]]
        assert abs(rest["x"].mean() - 0.5) < 0.05
    one, two = (binned(study, "given", "x", points=1_000, random_state=s).points["id"] for s in (0, 1))
    assert set(one) != set(two)
    few = binned(made(noise(), 0.0), "given", "x")
    assert few.n_shown == few.n_rows == 1_000
    assert list(few.points["id"]) == list(residuals(made(noise(), 0.0), "given")["id"])


def test_the_furthest_of_ties_are_the_first() -> None:
    assert furthest(np.array([1.0, 3.0, 3.0, 3.0, 2.0]), 2).tolist() == [1, 2]
    assert furthest(np.zeros(0), 3).size == 0
    assert [worst_of(n) for n in (0, 1, 10, 100, 100_000)] == [0, 1, 1, 5, 200]


# -- what is said of bins ----------------------------------------------------
def named(found: Binned, verdict: str, *, off: bool = False) -> list[int]:
    return [k for k, v in enumerate(found.off_verdict if off else found.verdict) if v == verdict]


def test_a_planted_side_and_a_planted_size_are_found_where_they_are() -> None:
    frame = noise(4_020)
    low = frame["x"] < 0.1
    frame.loc[low, "y"] += 1.0
    loud = frame["x"] > 0.9
    frame.loc[loud, "y"] *= 3
    found = binned(made(frame, 0.0), "given", "x")
    assert named(found, "too low") == [0, 1]
    assert named(found, "too high") == []
    assert named(found, "more", off=True)[-2:] == [18, 19]
    flipped = binned(made(frame.assign(y=-frame["y"]), 0.0), "given", "x")
    assert named(flipped, "too high") == [0, 1]


@pytest.mark.parametrize("n_seeds", [40, pytest.param(400, marks=pytest.mark.promise)])
def test_without_anything_planted_nothing_is_named_in_19_of_20(
    n_seeds: int, promise: Callable[[str, str], None]
) -> None:
    sides = sizes = rates = 0
    for seed in range(n_seeds):
        found = binned(made(noise(520, seed=seed), 0.0), "given", "x")
        sides += any(v in ("too low", "too high") for v in found.verdict)
        rng = np.random.default_rng(1_000 + seed)
        codes = np.repeat(np.arange(10), 50)
        flips = (rng.random(500) < 0.1).astype(float)
        units, own, counts = certainty.units_of(codes, None, 10)
        off, error = certainty.errors(flips, codes, units, own, counts)
        z, n = certainty.z_of(0.95, 10), np.bincount(codes)
        said = certainty.sizes(off, error, n, counts, z, share=True, overall=float(flips.mean()))
        rates += "more" in said or "less" in said
        sizes += "more" in found.off_verdict
    figure = f"{n_seeds} studies: a side {sides}, furthest off {sizes}, share {rates}"
    promise(
        "Where nothing is planted, a part is named in at most 1 of 20 studies (joint level of each verdict)", figure
    )
    most = 0.05 * n_seeds + 2.3 * math.sqrt(0.05 * 0.95 * n_seeds)
    assert max(sides, sizes, rates) <= most


def test_rows_that_belong_together_are_one_piece_of_evidence() -> None:
    hits = {"alone": 0, "together": 0}
    for seed in range(16):
        rng = np.random.default_rng(seed)
        firm = np.repeat(np.arange(102), 10)
        frame = noise(seed=seed, firm=[f"f{i}" for i in firm], year=np.tile(np.arange(10), 102))
        frame["y"] = rng.normal(0, 3, 102)[firm] + rng.normal(0, 0.3, 1_020)
        frame["x"] = firm + rng.uniform(0, 0.5, 1_020)
        for name, about in (("alone", {}), ("together", {"dictionary": {"firm": {"role": "group"}}})):
            found = binned(made(frame.assign(wave=firm % 5), 0.0, **about), "given", "wave")
            hits[name] += any(v in ("too low", "too high") for v in found.verdict)
    assert hits["alone"] >= 5
    assert hits["together"] <= 3
    assert found.together_by == "firm"
    assert max(found.units) <= 21


def test_too_few_rows_are_called_too_few() -> None:
    found = binned(made(noise(60, town=["a"] * 51 + ["b"] * 9), 0.0), "given", "town")
    assert found.verdict[1] == "too few"
    assert found.off_verdict == ("too few", "too few")


# -- how they are spread ----------------------------------------------------
def test_the_spread_of_residuals_is_a_plain_count() -> None:
    study = made(noise(5_020), 0.0)
    found, off = distribution(study, "given"), residuals(study, "given")["residual"].to_numpy()
    assert sum(found.counts) == found.n == 5_000
    assert found.counts[0] >= found.beyond[0] == int((off < found.edges[0]).sum())
    np.testing.assert_allclose([found.mean, found.middle, found.off], [off.mean(), np.median(off), np.abs(off).mean()])
    np.testing.assert_allclose([found.outer_lower, found.outer_upper], np.quantile(off, (0.05, 0.95)))
    assert found.tails == pytest.approx(1.0, abs=0.06)
    assert abs(found.skew) < 0.1
    assert found.worst_n == 250
    assert found.worst_share == pytest.approx(np.sort(np.abs(off))[-250:].sum() / np.abs(off).sum())
    assert found.highest["residual"].tolist() == sorted(off, reverse=True)[:5]
    assert found.lowest["residual"].tolist() == sorted(off)[:5]
    assert found.qq_outside == 0


def test_heavy_tails_leave_the_band_and_are_measured() -> None:
    rng = np.random.default_rng(4)
    frame = noise(2_020).assign(y=rng.standard_t(2.5, 2_020))
    found = distribution(made(frame, 0.0), "given")
    assert found.tails > 1.3
    assert found.qq_outside > 10
    skewed = distribution(made(noise(2_020).assign(y=rng.lognormal(0, 1, 2_020)), 0.0), "given")
    assert skewed.skew > 2
    assert skewed.qq_observed[-1] > skewed.qq_upper[-1]


@pytest.mark.parametrize(("n", "samples"), [(60, 150), pytest.param(500, 600, marks=pytest.mark.promise)])
def test_a_normal_sample_stays_within_the_band_in_19_of_20(
    n: int, samples: int, promise: Callable[[str, str], None]
) -> None:
    from explainers.residuals.shape import _ranked

    rng = np.random.default_rng(6)
    for kind in ("standardised", "quantile"):
        outside = sum(_ranked(rng.standard_normal(n), kind)["qq_outside"] > 0 for _ in range(samples))  # type: ignore[arg-type]
        promise(
            "95 in 100 normal samples stay within the band of the Q-Q plot", f"{kind}, n={n}: {outside}/{samples} left"
        )
        assert 0.01 * samples <= outside <= 0.05 * samples + 3 * math.sqrt(0.0475 * samples)
