"""Ranges of measures and of differences: closed forms, reference numbers, and what they promise in simulations."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from scipy import stats

from benchmarks.metrics import compared, data, largest_gap, looped, ours
from explainers import Study
from explainers.calibration import effective_rows
from explainers.errors import CandidateError
from explainers.metrics import class_measures, difference, evaluate, number_measures
from explainers.metrics.differing import paired, standing
from explainers.metrics.evaluating import range_of
from explainers.metrics.measures import each_row
from explainers.metrics.ordering import components, freedom, t_quantile, t_tail, variance
from explainers.metrics.resampling import (
    by_unit,
    columns_of,
    counted,
    of_totals,
    resampled,
    spread,
    weighted_auc,
    weights,
)

Z = NormalDist().inv_cdf(0.975)


def two(p: Any) -> Any:
    return np.column_stack([1 - p, p])


# -- reference numbers and closed forms ------------------------------------------------------------------------------
def test_delong_equals_the_definition_by_pairs() -> None:
    rng = np.random.default_rng(0)
    s, y = np.round(rng.random(60), 1), rng.random(60) < 0.4
    area, each = components(s, y)
    psi = (s[y][:, None] > s[~y]) + 0.5 * (s[y][:, None] == s[~y])
    assert area == pytest.approx(psi.mean(), abs=1e-15)
    s10, s01 = psi.mean(axis=1).var(ddof=1) / y.sum(), psi.mean(axis=0).var(ddof=1) / (~y).sum()
    assert variance(each, None) == pytest.approx(s10 + s01, rel=1e-12)
    df = (s10 + s01) ** 2 / (s10**2 / (y.sum() - 1) + s01**2 / ((~y).sum() - 1))
    assert freedom(each, y, None) == pytest.approx(df, rel=1e-9)


def test_paired_delong_equals_the_covariance_of_the_components() -> None:
    rng = np.random.default_rng(1)
    y = rng.random(80) < 0.5
    a, b = rng.random(80) + 0.5 * y, rng.random(80) + 0.3 * y
    lower, upper, p, _, method = paired("auc", two(a), two(b), y.astype(int), 1)
    v10 = np.array([[((x > s[~y]) + 0.5 * (x == s[~y])).mean() for x in s[y]] for s in (a, b)])
    v01 = np.array([[((s[y] > x) + 0.5 * (s[y] == x)).mean() for x in s[~y]] for s in (a, b)])
    cov = np.cov(v10) / y.sum() + np.cov(v01) / (~y).sum()
    error = math.sqrt(cov[0, 0] + cov[1, 1] - 2 * cov[0, 1])
    gap = v10[0].mean() - v10[1].mean()
    assert method == "DeLong"
    assert lower is not None
    assert upper is not None
    assert (lower + upper) / 2 == pytest.approx(gap, abs=1e-12)
    assert p == pytest.approx(2 * stats.norm.sf(abs(gap / error)), abs=0.01)


@pytest.mark.parametrize("df", [1.0, 2.5, 9.0, 40.0, 250.0, 1e5])
def test_student_equals_scipy(df: float) -> None:
    for level in (0.8, 0.95, 0.99):
        assert t_quantile(level, df) == pytest.approx(stats.t.ppf(0.5 + level / 2, df), rel=2e-3)
    assert t_tail(2.0, df) == pytest.approx(2 * stats.t.sf(2.0, df), rel=5e-3)


def test_wilson_and_mcnemar_equal_known_numbers() -> None:
    each = np.repeat([1.0, 0.0], [81, 182])  # Newcombe (1998): 81 of 263 gives 0.2553 to 0.3662
    said = two(np.where(each == 1, 0.9, 0.1))
    ends, method = range_of("accuracy", 81 / 263, said, np.ones(263, dtype=int), 1)
    assert method == "Wilson"
    assert ends == pytest.approx((0.2553, 0.3662), abs=5e-5)
    mine, others = np.r_[np.ones(10), np.zeros(2), np.ones(30)], np.r_[np.zeros(10), np.ones(2), np.ones(30)]
    _, _, _, exact, _ = paired("accuracy", two(mine), two(others), np.ones(42, dtype=int), 1)
    assert exact == pytest.approx(stats.binomtest(2, 12).pvalue, rel=1e-12)


@pytest.mark.parametrize("measure", ["accuracy", "log_loss", "brier", "mae", "rmse", "r2"])
def test_the_gradient_is_that_of_the_measure(measure: str) -> None:
    rng = np.random.default_rng(2)
    y = rng.normal(size=40)
    columns = columns_of(measure, rng.random(40) + 0.1, y)
    totals = columns.sum(axis=0)
    _, gradient = of_totals(measure, totals)
    for j in range(len(totals)):
        step = np.zeros(len(totals))
        step[j] = 1e-5
        slope = (of_totals(measure, totals + step)[0] - of_totals(measure, totals - step)[0]) / 2e-5
        assert gradient[j] == pytest.approx(float(slope), abs=1e-6)


def test_the_range_of_a_mean_is_close_to_students_where_errors_are_normal() -> None:
    off = np.random.default_rng(3).normal(0, 1, 4_000)
    off = np.abs(off) + 5
    ends, _ = range_of("mae", float(off.mean()), np.zeros((4_000, 1)), off, 0)
    half = 1.96 * off.std(ddof=1) / math.sqrt(4_000)
    assert ends == pytest.approx((off.mean() - half, off.mean() + half), abs=0.1 * half)


def test_more_rows_than_are_resampled_give_the_normal_range() -> None:
    off = np.abs(np.random.default_rng(4).normal(0, 1, 20_000))
    part = columns_of("mae", off)
    found = spread(["mae"], [part], log=True)
    assert found is not None
    assert found.quantiles is None
    assert found.error * off.mean() == pytest.approx(off.std(ddof=1) / math.sqrt(20_000), rel=1e-6)


# -- resamples ---------------------------------------------------------------------------------------------------------
def test_resampled_measures_equal_scikit_learn_on_the_same_rows() -> None:
    actual, said = data(400)
    drawn = np.random.default_rng(5).integers(0, 400, (60, 400))
    assert largest_gap(ours(actual, said, drawn), looped(actual, said, drawn)) <= 1e-12


def test_resampled_numbers_and_three_classes_equal_the_rows_themselves() -> None:
    rng = np.random.default_rng(6)
    y, said = rng.normal(1e4, 10, 150), rng.normal(1e4, 10, 150)
    drawn = rng.integers(0, 150, (40, 150))
    w = counted(drawn, 150)
    for measure in ("mae", "rmse", "r2"):
        found = resampled(measure, columns_of(measure, each_row(measure, said[:, None], y), y), w)
        truth = [number_measures(said[r], y[r])[measure] for r in drawn]
        assert found == pytest.approx(truth, rel=1e-9)
    answers, actual = np.round(rng.dirichlet(np.ones(3), 150), 1), rng.integers(0, 3, 150)
    found = np.mean([weighted_auc(answers[:, k], actual == k, w) for k in range(3)], axis=0)
    assert found == pytest.approx([class_measures(answers[r], actual[r], focus=0)["auc"] for r in drawn], abs=1e-12)
    assert np.isnan(weighted_auc(answers[:, 0], np.zeros(150, dtype=bool), w)).all()


def test_resamples_of_groups_draw_whole_groups() -> None:
    groups = np.repeat(np.arange(5), [3, 1, 4, 2, 10])
    drawn = weights(5, 200, np.random.default_rng(7))
    assert (drawn.sum(axis=1) == 5).all()
    columns = columns_of("mae", np.arange(20.0))
    in_rows = drawn[:, groups] @ columns
    assert drawn @ by_unit(columns, groups) == pytest.approx(in_rows)


def test_rows_that_repeat_each_other_give_the_range_of_the_groups() -> None:
    rng = np.random.default_rng(8)
    off = np.abs(rng.normal(size=60))
    answers, groups = np.zeros((600, 1)), np.repeat(np.arange(60), 10)
    once, _ = range_of("mae", float(off.mean()), answers[:60], off, 0)
    tenfold = np.repeat(off, 10)
    alone, _ = range_of("mae", float(off.mean()), answers, tenfold, 0)
    together, method = range_of("mae", float(off.mean()), answers, tenfold, 0, groups=groups)
    assert together == pytest.approx(once)
    assert "by group" in method
    assert once is not None
    assert alone is not None
    assert alone[1] - alone[0] < 0.5 * (once[1] - once[0])
    right = (rng.random(60) < 0.7).astype(float)
    assert effective_rows(np.repeat(right, 10), groups) == pytest.approx(60 - 1, rel=1e-9)
    y, s = rng.random(60) < 0.5, rng.random(60)
    wide = variance(components(np.repeat(s, 10), np.repeat(y, 10))[1], groups)
    assert wide == pytest.approx(variance(components(s, y)[1], None), rel=0.05)


# -- what is said ------------------------------------------------------------------------------------------------------
def test_a_difference_turns_with_its_options(study_of: Callable[[str], Study]) -> None:
    for name, metrics in (("binary", ("accuracy", "auc", "log_loss", "brier")), ("regression", ("mae", "rmse", "r2"))):
        study = study_of(name)
        for metric in metrics:
            d, back = difference(study, "tree", "rule", metric), difference(study, "rule", "tree", metric)
            a, b = ({m.name: m.value for m in evaluate(study, c)}[metric] for c in ("tree", "rule"))
            assert d.value == pytest.approx(a - b, abs=1e-12)
            assert d.lower is not None
            assert back.upper is not None
            assert (d.value, d.lower) == pytest.approx((-back.value, -back.upper))
            assert {d.verdict, back.verdict} in ({"better", "worse"}, {"cannot tell"}, {"about the same"})
            assert (d.p_value or 0) == pytest.approx(back.p_value or 0)
            assert difference(study, "tree", "tree", metric).verdict == "about the same"


def test_the_margin_counts_for_the_declared_measure_only(study_of: Callable[[str], Study]) -> None:
    study = study_of("binary").replace(metric="auc", margin=0.9)
    assert difference(study, "tree", "rule").verdict == "about the same"
    assert difference(study, "tree", "rule").margin == 0.9
    assert difference(study, "tree", "rule", "brier").margin is None
    assert standing(0.1, 0.2, greater_is_better=False, margin=None) == "worse"
    assert standing(None, None, greater_is_better=True, margin=9.0) == "cannot tell"


def test_a_measure_that_does_not_fit_is_refused(study_of: Callable[[str], Study]) -> None:
    with pytest.raises(CandidateError, match="accuracy, auc"):
        difference(study_of("binary"), "tree", "rule", "mae")
    with pytest.raises(CandidateError, match="nobody"):
        difference(study_of("binary"), "tree", "nobody")


def test_every_kind_of_study_has_ranges_or_too_few_rows(any_study: Study) -> None:
    for name in any_study.candidates:
        for m in evaluate(any_study, name):
            if m.lower is None:
                assert m.n < 30 or (m.rarest is not None and m.rarest < 5)
                continue
            assert m.upper is not None
            assert m.lower - 1e-12 <= m.value <= m.upper + 1e-12
            assert m.name in ("r2", "mae", "rmse", "log_loss") or 0 <= m.lower <= m.upper <= 1
            assert m.level == 0.95
            wide = {w.name: w for w in evaluate(any_study, name, level=0.99)}[m.name]
            assert wide.lower is not None
            assert wide.lower <= m.lower


def test_told_apart_without_a_fault_is_not_told_for_sure() -> None:
    p = np.r_[np.full(40, 0.1), np.full(12, 0.9)]
    y = np.r_[np.zeros(40, dtype=int), np.ones(12, dtype=int)]
    ends, _ = range_of("auc", 1.0, two(p), y, 1)
    assert ends is not None
    assert 0.6 < ends[0] < 0.9
    assert ends[1] == pytest.approx(1.0)
    assert range_of("auc", 0.5, two(np.full(52, 0.3)), y, 1)[0] == (0.5, 0.5)
    assert range_of("brier", 0.0, two(y.astype(float)), y, 1)[0] is None


# -- promises ----------------------------------------------------------------------------------------------------------
def accuracy_coverage(times: int, sizes: tuple[int, ...] = (50, 100, 300, 1000)) -> dict[tuple[float, int], float]:
    out = {}
    for true in (0.5, 0.6, 0.7, 0.8, 0.9, 0.95):
        for n in sizes:
            known: dict[int, bool] = {}
            hit = 0
            for k in np.random.default_rng(n).binomial(n, true, times):
                if k not in known:
                    said = two(np.repeat([0.9, 0.1], [k, n - k]))
                    ends, _ = range_of("accuracy", k / n, said, np.ones(n, dtype=int), 1)
                    assert ends is not None
                    known[k] = ends[0] <= true <= ends[1]
                hit += known[k]
            out[true, n] = hit / times
    return out


def auc_coverage(true: float, m: int, n: int, times: int) -> float:
    shift = NormalDist().inv_cdf(true) * math.sqrt(2)
    rng, hit, given = np.random.default_rng(m + n), 0, 0
    y = np.r_[np.ones(m, dtype=int), np.zeros(n, dtype=int)]
    for _ in range(times):
        p = 1 / (1 + np.exp(-np.r_[rng.normal(shift, 1, m), rng.normal(0, 1, n)]))
        ends, _ = range_of("auc", class_measures(two(p), y, focus=1)["auc"], two(p), y, 1)
        if ends is not None:
            given += 1
            hit += ends[0] <= true <= ends[1]
    return hit / given


NOISE: dict[str, tuple[Callable[[np.random.Generator, int], Any], float]] = {
    "normal": (lambda rng, n: rng.normal(size=n), math.sqrt(2 / math.pi)),
    "Laplace": (lambda rng, n: rng.laplace(size=n), 1.0),
    "t3": (lambda rng, n: rng.standard_t(3, n), 2 * math.sqrt(3) / math.pi),
}


def mae_coverage(noise: str, n: int, times: int) -> float:
    draw, true = NOISE[noise]
    rng, hit = np.random.default_rng(n), 0
    for _ in range(times):
        off = draw(rng, n)
        ends, _ = range_of("mae", float(np.abs(off).mean()), np.zeros((n, 1)), off, 0)
        assert ends is not None
        hit += ends[0] <= true <= ends[1]
    return hit / times


def false_alarms(metric: str, n: int, times: int, *, rare: bool = False, seed: int = 0) -> float:
    """Two options that are equally good by construction, whose errors go together in part."""
    rng, bad = np.random.default_rng(seed + n), 0
    for _ in range(times):
        if metric in ("mae", "rmse", "r2"):
            y, shared = rng.normal(size=n), rng.standard_t(3, n) if rare else rng.normal(size=n)
            a, b = ((y + 0.5 * shared + rng.normal(size=n))[:, None] for _ in range(2))
            actual: Any = y
        else:
            link = rng.normal(-2.0 if rare else 0.0, 1.5, n)
            actual = (rng.random(n) < 1 / (1 + np.exp(-link))).astype(int)
            a, b = (two(1 / (1 + np.exp(-(link + rng.normal(size=n))))) for _ in range(2))
        lower, upper, *_ = paired(metric, a, b, actual, 1)
        bad += lower is not None and upper is not None and (lower > 0 or upper < 0)
    return bad / times


def test_small_simulation_of_ranges() -> None:
    found = accuracy_coverage(1_000, (100,))
    assert all(0.91 <= v <= 0.985 for v in found.values())
    assert 0.91 <= auc_coverage(0.9, 30, 120, 300) <= 0.985
    assert 0.88 <= auc_coverage(0.75, 8, 60, 300) <= 1
    assert 0.89 <= mae_coverage("Laplace", 60, 150) <= 0.99
    assert 0.86 <= mae_coverage("t3", 60, 150) <= 0.99


def test_small_simulation_of_false_alarms() -> None:
    assert false_alarms("auc", 100, 200) <= 0.095
    assert false_alarms("accuracy", 100, 300) <= 0.09
    assert false_alarms("brier", 80, 120, rare=True) <= 0.11


@pytest.mark.promise
def test_ranges_of_accuracy_hold(promise: Any) -> None:
    found = accuracy_coverage(20_000)
    by_true = {t: [found[t, n] for (u, n) in found if u == t] for t, _ in found}
    worst, best = min(found.values()), max(found.values())
    promise("95% ranges of accuracy, true values .5 to .95: 92 to 98%", f"{100 * worst:.1f} to {100 * best:.1f}%")
    assert all(0.92 <= v <= 0.98 for values in by_true.values() for v in values), found


@pytest.mark.promise
def test_ranges_of_auc_hold(promise: Any) -> None:
    sizes = ((30, 30), (30, 300), (60, 400), (200, 200))
    found = {(a, s): auc_coverage(a, *s, 3_000) for a in (0.75, 0.9) for s in sizes}
    small = {(a, s): auc_coverage(a, *s, 3_000) for a in (0.75, 0.9) for s in ((5, 60), (10, 100), (20, 200))}
    said = f"{100 * min(found.values()):.1f} to {100 * max(found.values()):.1f}%"
    said += f"; fewer: lowest {100 * min(small.values()):.1f}%"
    promise("95% ranges of AUC, .75 and .9: 93 to 97% with 30 or more in the smaller class, 90% with 5 to 20", said)
    assert all(0.93 <= v <= 0.97 for v in found.values()), found
    assert all(v >= 0.90 for v in small.values()), small


@pytest.mark.promise
def test_ranges_of_the_usual_error_hold(promise: Any) -> None:
    found = {(d, n): mae_coverage(d, n, 1_500) for d in NOISE for n in (50, 100, 300)}
    tame = [v for (d, _), v in found.items() if d != "t3"]
    wild = [v for (d, _), v in found.items() if d == "t3"]
    said = f"{100 * min(tame):.1f} to {100 * max(tame):.1f}%; t3: lowest {100 * min(wild):.1f}%"
    promise("95% ranges of MAE: 92 to 97% for normal and Laplace errors, at least 90% for t3", said)
    assert all(0.92 <= v <= 0.97 for v in tame), found
    assert all(v >= 0.90 for v in wild), found


@pytest.mark.promise
@pytest.mark.parametrize("metric", ["accuracy", "auc", "log_loss", "brier", "mae", "rmse", "r2"])
def test_paired_differences_raise_few_false_alarms(metric: str, promise: Any) -> None:
    times = 2_000 if metric in ("accuracy", "auc") else 1_200
    found = {(n, rare): false_alarms(metric, n, times, rare=rare) for n in (80, 300) for rare in (False, True)}
    promise(
        f"False alarms of paired differences in {metric}: at most 6.5%", f"highest {100 * max(found.values()):.1f}%"
    )
    assert all(v <= 0.065 for v in found.values()), found


@pytest.mark.promise
def test_resampling_is_20_times_as_fast_as_the_loop(promise: Any) -> None:
    mine, theirs, gap = max((compared(10_000, 1_000, 25) for _ in range(2)), key=lambda r: r[1] / r[0])
    words = "Four measures, two options, 10,000 rows, 1,000 resamples: 20 times as fast as the loop over scikit-learn"
    promise(words, f"{theirs / mine:.0f} times, largest gap {gap:.0e}")
    assert theirs / mine >= 20
    assert gap <= 1e-12
