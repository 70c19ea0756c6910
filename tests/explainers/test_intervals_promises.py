"""What is promised of ranges, measured: by simulation, and on real data over many random splits.

The small versions run with every test, the full ones (marked promise) are what is promised in words.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from explainers import Study, intervals, open_study
from explainers.intervals import conformal, frequencies
from explainers.split import make_split
from tests.conftest import ROOT

Promise = Callable[[str, str], None]
Array = np.ndarray[Any, Any]
LEVELS, SIZES = (0.8, 0.9, 0.95), (100, 200, 1000)


def within(shares: Array, low: float, high: float) -> bool:
    """Return whether the mean is within 3 Monte Carlo errors of low to high."""
    error = 3 * float(shares.std(ddof=1)) / np.sqrt(len(shares))
    return low - error <= float(shares.mean()) <= high + error


# -- the law of conformal coverage, at the level of scores ----------------------------------------------------------
def drawn(rng: np.random.Generator, n: int) -> tuple[Array, Array, Array]:
    """Return answers, distances from the record, and scales that are half right."""
    answer = rng.normal(size=n)
    off = np.abs(rng.standard_t(4, n)) * np.exp(0.5 * answer)
    return answer, off, np.exp(0.3 * answer + rng.normal(0, 0.2, n))


def law(level: float, n: int, draws: int) -> dict[str, tuple[Array, float]]:
    """Return for each way the coverage of every draw of calibration rows, and the upper end of its promise."""
    rng = np.random.default_rng(n)
    edges = np.quantile(rng.normal(size=1000), [0.2, 0.4, 0.6, 0.8])
    shares: dict[str, list[float]] = {}
    tops: dict[str, list[float]] = {}
    for _ in range(draws):
        answer, off, scale = drawn(rng, n)
        new, new_off, new_scale = drawn(rng, 1000)
        found = {
            "plain": new_off <= conformal.quantile(off, level),
            "normalised": new_off <= conformal.quantile(off / scale, level) * new_scale,
        }
        inside = new_off <= conformal.by_bins(edges, answer, off, new, level)
        kept = conformal.merged(edges, answer, conformal.bin_needed(level))
        place, new_place = np.searchsorted(kept, answer), np.searchsorted(kept, new)
        for name, hit in found.items():
            shares.setdefault(name, []).append(float(hit.mean()))
            tops.setdefault(name, []).append(1 / (n + 1))
        for k in (0, len(kept)):  # the lowest and the highest bin, whatever was merged
            name = "lowest bin" if k == 0 else "highest bin"
            shares.setdefault(name, []).append(float(inside[new_place == k].mean()))
            tops.setdefault(name, []).append(1 / (int((place == k).sum()) + 1))
    return {name: (np.array(v), float(np.mean(tops[name]))) for name, v in shares.items()}


@pytest.mark.parametrize("level", LEVELS)
def test_ranges_hold_as_often_as_promised_small(level: float) -> None:
    for name, (shares, more) in law(level, 100, 150).items():
        assert within(shares, level, level + more), (name, shares.mean())


@pytest.mark.promise
def test_ranges_hold_as_often_as_promised(promise: Promise) -> None:
    told = []
    for level in LEVELS:
        for n in SIZES:
            found = law(level, n, 1000)
            told.append(f"L={level} n={n}: " + ", ".join(f"{k} {v.mean():.4f}" for k, (v, _) in found.items()))
            for name, (shares, more) in found.items():
                assert within(shares, level, level + more), (level, n, name, shares.mean())
    promise(
        "Mean coverage over 1,000 draws of calibration rows within 3 Monte Carlo errors of [L, L + 1/(n+1)], plain, "
        "normalised and by bins",
        "; ".join(told),
    )


def test_sets_hold_as_often_as_promised_small() -> None:
    sets_hold(0.9, 300, 150)


def sets_hold(level: float, n: int, draws: int) -> dict[str, float]:
    rng = np.random.default_rng(n)
    marginal, classes = [], []
    for _ in range(draws):
        said = rng.dirichlet([1.0, 0.7, 0.4], n + 1000)
        codes = (said.cumsum(axis=1) > rng.random((n + 1000, 1))).argmax(axis=1)
        new, record = said[n:], codes[n:]
        one = conformal.in_sets(new, conformal.set_threshold(said[:n], codes[:n], level))
        each = conformal.in_sets(new, conformal.set_thresholds_by_class(said[:n], codes[:n], level))
        hit = each[np.arange(1000), record]
        marginal.append(one[np.arange(1000), record].mean())
        classes.append([hit[record == k].mean() for k in range(3)])
    found = {"sets": np.array(marginal)} | {f"class {k}": np.array(classes)[:, k] for k in range(3)}
    for name, shares in found.items():
        least = n if name == "sets" else n * 0.4 / 2.1 / 2
        # Sets are never empty, so they may hold a little more often than promised.
        assert within(shares, level, level + 1 / (least + 1) + 0.03), (name, shares.mean())
    return {name: float(v.mean()) for name, v in found.items()}


@pytest.mark.promise
def test_sets_hold_as_often_as_promised(promise: Promise) -> None:
    told = []
    for level in LEVELS:
        for n in (200, 1000):
            found = sets_hold(level, n, 500)
            told.append(f"L={level} n={n}: " + ", ".join(f"{k} {v:.3f}" for k, v in found.items()))
    promise(
        "Mean share of sets that hold the recorded class, over all and within each class, 500 draws", "; ".join(told)
    )


# -- a formula under its own assumptions -------------------------------------------------------------------------------
def formula_holds(level: float, log: bool, draws: int) -> Array:
    from explainers.estimators import FormulaRegressor
    from explainers.intervals import basis, spread

    shares = []
    for seed in range(draws):
        rng = np.random.default_rng(seed)
        frame = pd.DataFrame({"a": rng.normal(size=260), "b": rng.normal(size=260)})
        y = 1 + frame.a - 0.5 * frame.b + rng.normal(0, 0.7, 260)
        frame["y"] = np.exp(y) if log else y
        model = FormulaRegressor(f"{'log(y)' if log else 'y'} ~ a + b", ["a", "b"], ["number", "number"])
        model.fit(frame.iloc[:60], frame.y.iloc[:60])
        found = spread.formula_interval(model, frame.iloc[:60], frame.y.to_numpy()[:60], frame.iloc[60:])
        assert found is not None
        half = basis.student(level, found["free"]) * found["error"]
        shares.append(float((np.abs(y[60:] - found["link"]) <= half).mean()))
    return np.array(shares)


def test_a_formula_holds_under_its_own_assumptions_small() -> None:
    assert within(formula_holds(0.9, False, 100), 0.9, 0.9)


@pytest.mark.promise
def test_a_formula_holds_under_its_own_assumptions(promise: Promise) -> None:
    told = []
    for level in LEVELS:
        for log in (False, True):
            shares = formula_holds(level, log, 400)
            told.append(f"L={level}{' log' if log else ''}: {shares.mean():.4f}")
            assert within(shares, level, level)
    promise("A formula's own range under its own assumptions, 60 training rows, 400 data sets", "; ".join(told))


# -- rates of two classes ------------------------------------------------------------------------------------------
MAPS: dict[str, Callable[[Array], Array]] = {
    "true": lambda link: link,
    "too bold": lambda link: 0.6 * link - 0.3,
    "too shy": lambda link: 1.5 * link,
    "bent": lambda link: link + 0.15 * (link + 1.5) ** 2 - 0.2,
}


def rates_hold(level: float, n: int, true: Callable[[Array], Array], draws: int) -> tuple[float, float]:
    """Return the share of true rates inside their stated range, by the curve and by counts."""
    shares = []
    for seed in range(draws):
        rng = np.random.default_rng(seed)
        link = rng.normal(-1.5, 1.3, n + 300)
        rate, scores = 1 / (1 + np.exp(-true(link))), 1 / (1 + np.exp(-link))
        hits = (rng.random(n) < rate[:n]).astype(float)
        near = frequencies.counted(*frequencies.nearest(scores[n:], scores[:n], hits), level)
        fitted = frequencies.fit(scores[:n], hits)
        best = frequencies.curve(scores[n:], scores[:n], fitted, level) if fitted is not None else near
        shares.append([((low <= rate[n:]) & (rate[n:] <= high)).mean() for _, low, high in (best, near)])
    return tuple(map(float, np.mean(shares, axis=0)))  # type: ignore[return-value]


def test_rates_hold_small() -> None:
    curve, counts = rates_hold(0.9, 500, MAPS["bent"], 150)
    assert 0.9 - 0.05 <= curve <= 0.96
    assert 0.9 - 0.06 <= counts <= 0.96


@pytest.mark.promise
def test_rates_hold(promise: Promise) -> None:
    told = []
    for level in LEVELS:
        for n in (200, 500, 1000):
            found = {name: rates_hold(level, n, true, 1000)[0] for name, true in MAPS.items()}
            told.append(f"L={level} n={n}: " + ", ".join(f"{k} {v:.3f}" for k, v in found.items()))
            assert all(level - 0.03 <= v <= level + 0.06 for v in found.values()), told[-1]
    promise("True rates inside the stated range, two classes, by the curve, 1,000 draws", "; ".join(told))


# -- alike for quiet and noisy cases ---------------------------------------------------------------------------------
NOISE: dict[str, Callable[[pd.DataFrame, Array], Array]] = {
    "grows with the answer": lambda frame, mean: np.exp(0.42 * mean / mean.std()),
    "goes with one input": lambda frame, mean: np.exp(0.8 * frame["e"].to_numpy()),
    "a group of noisy cases": lambda frame, mean: np.where(frame["f"] > 0.5, 3.0, 1.0),
}


def fifths(noise: str, seed: int, candidate: str = "boosting") -> Array:
    """Return coverage overall and in fifths of the true noise, 2,000 training and 1,000 calibration rows."""
    rng = np.random.default_rng(seed)
    n = 2000 + 1000 + 3000
    frame = pd.DataFrame(rng.normal(size=(n, 6)).round(6), columns=list("abcdef"))
    mean = (2 * frame.a + np.sin(2 * frame.b) + 0.5 * frame.c * frame.d).to_numpy()
    spread = NOISE[noise](frame, mean)
    frame["y"] = mean + 0.8 * spread * rng.normal(size=n)
    labels = np.repeat(["train", "calibration", "test"], [2000, 1000, 3000])
    study = Study.from_frame(frame, target="y", candidates={candidate: candidate}, split=labels)
    test = study.rows("test")
    found = intervals.interval(study, candidate, test, level=0.9)
    assert found.method == "normalised"
    inside = ((test.y >= found.lower) & (test.y <= found.upper)).to_numpy()
    fifth = pd.qcut(pd.Series(spread[3000:]).rank(method="first"), 5, labels=False).to_numpy()
    return np.array([inside.mean(), *(inside[fifth == k].mean() for k in range(5))])


def test_ranges_hold_alike_for_quiet_and_noisy_cases_small() -> None:
    shares = fifths("goes with one input", 0)
    assert np.abs(shares - 0.9).max() <= 0.08, shares


@pytest.mark.promise
@pytest.mark.parametrize("noise", list(NOISE))
def test_ranges_hold_alike_for_quiet_and_noisy_cases(promise: Promise, noise: str) -> None:
    shares = np.array([fifths(noise, seed) for seed in range(8)])
    mean = shares.mean(axis=0)
    promise(
        f"Coverage in fifths by true noise within 8 points of 90 (noise {noise}; 2,000 and 1,000 rows, 8 data sets)",
        f"overall {mean[0]:.3f}; fifths "
        + ", ".join(f"{v:.3f}" for v in mean[1:])
        + f"; worst of all {shares.min():.3f}",
    )
    assert np.abs(mean - 0.9).max() <= 0.08


# -- real data -------------------------------------------------------------------------------------------------------
@cache
def real(name: str) -> tuple[pd.DataFrame, str, dict[str, Any]]:
    """Return frame, target and what else makes the study; sets out of packages that are installed anyway."""
    if name in ("saratoga_prices", "saratoga_heating", "boston_mortgages"):
        study = open_study(ROOT / "sample_data" / name, build=False)
        more: dict[str, Any] = {"dictionary": study.dictionary}
        return study.frame, study.target, more | ({"positive": study.positive} if len(study.classes) == 2 else {})
    if name == "diabetes":
        from sklearn.datasets import load_diabetes

        return load_diabetes(as_frame=True).frame, "target", {}
    from statsmodels import datasets

    if name == "affairs":
        frame = datasets.fair.load_pandas().data
        return frame.assign(affairs=np.where(frame.affairs > 0, "yes", "no")), "affairs", {"positive": "yes"}
    frame = datasets.anes96.load_pandas().data
    party = pd.cut(frame["PID"], [-1, 1, 4, 6], labels=["Democrat", "between", "Republican"]).astype(str)
    kept = ["popul", "TVnews", "selfLR", "ClinLR", "DoleLR", "age", "educ", "income"]
    return frame[kept].assign(party=party), "party", {}


def splits(name: str, option: str, n: int) -> list[Any]:
    frame, target, more = real(name)
    classes = not pd.api.types.is_numeric_dtype(frame[target].dtype)
    out = []
    for seed in range(n):
        labels = make_split(frame, None, target=target, classification=classes, seed=seed + 1)
        study = Study.from_frame(frame, target=target, candidates={option: option}, split=labels, **more)
        out.append(intervals.coverage(study, option, level=0.9, by="prediction"))
    return out


def test_ranges_hold_on_real_data_small() -> None:
    shares = [c.covered[0] for c in splits("diabetes", "formula", 6)]
    assert 0.85 <= float(np.mean(shares)) <= 0.95
    shares = [c.covered[0] for c in splits("voters", "logistic", 3)]
    assert 0.84 <= float(np.mean(shares)) <= 0.96


@pytest.mark.promise
@pytest.mark.parametrize("option", ["formula", "boosting"])
@pytest.mark.parametrize("name", ["saratoga_prices", "diabetes", "saratoga_heating", "voters"])
def test_ranges_hold_on_real_data(promise: Promise, name: str, option: str) -> None:
    shares = np.array([c.covered[0] for c in splits(name, option, 20)])
    promise(
        f"Coverage at 90% over 20 random splits is 87 to 93% on average ({name}, {option})",
        f"mean {shares.mean():.3f}, {shares.min():.3f} to {shares.max():.3f}",
    )
    assert 0.87 <= shares.mean() <= 0.93


@pytest.mark.promise
@pytest.mark.parametrize("option", ["no_model", "rule", "tree"])
@pytest.mark.parametrize("name", ["saratoga_prices", "saratoga_heating"])
def test_options_with_few_answers_hold_at_least(promise: Promise, name: str, option: str) -> None:
    shares = np.array([c.covered[0] for c in splits(name, option, 20)])
    promise(f"With few different answers at least 87% on average ({name}, {option})", f"mean {shares.mean():.3f}")
    assert shares.mean() >= 0.87


def score_groups(name: str, option: str, n: int) -> tuple[int, int, int]:
    """Return of the groups of similar scores how many agree, how many strictly, and how many there are."""
    agree = strictly = every = 0
    for c in splits(name, option, n):
        for k, feature in enumerate(c.feature):
            if feature == "prediction":
                every += 1
                agree += c.inside[k]
                strictly += bool(c.stated_lower[k] <= c.covered[k] <= c.stated_upper[k])
    return agree, strictly, every


def test_rates_hold_on_real_data_small() -> None:
    agree, _, every = score_groups("boston_mortgages", "logistic", 4)
    assert every == 20
    assert agree >= 15


@pytest.mark.promise
@pytest.mark.parametrize("option", ["formula", "boosting"])
@pytest.mark.parametrize("name", ["boston_mortgages", "affairs"])
def test_rates_hold_on_real_data(promise: Promise, name: str, option: str) -> None:
    agree, strictly, every = score_groups(name, option, 20)
    promise(
        f"Observed rate inside the stated range in at least 85% of score groups, chance in the group allowed for "
        f"({name}, {option}, 20 random splits)",
        f"{agree} of {every} ({agree / every:.1%}); without allowing for chance {strictly / every:.1%}",
    )
    assert agree >= 0.85 * every


def test_where_time_moves_on_the_promise_does_not_hold_and_it_is_said() -> None:
    from explainers.words import coverage as say

    study = open_study(ROOT / "sample_data" / "cigarette_demand", build=False)
    for option in ("formula", "tree", "no_model"):
        found = intervals.coverage(study, option, level=0.9)
        assert found.verdict[0] == "short"
        gap = 90 - round(100 * float(found.covered[0]))
        text = say.headline(found, study).text
        assert text.startswith("The promise did not hold")
        assert f"{gap} fewer than promised" in text
