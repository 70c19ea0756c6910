"""The check of probabilities: its groups, its ranges, and how often it is right."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from explainers import Study
from explainers.calibration import check, wilson


def simulated(rng: np.random.Generator, n: int, stretch: float, centre: float) -> tuple[np.ndarray, np.ndarray]:
    link = rng.normal(centre, 1.2, n)
    happened = (rng.random(n) < 1 / (1 + np.exp(-link))).astype(float)
    return 1 / (1 + np.exp(-stretch * link)), happened


def share_that_holds(repeats: int, *, stretch: float, centre: float, n: int = 476) -> float:
    rng = np.random.default_rng(0)
    found = [check(*simulated(rng, n, stretch, centre)) for _ in range(repeats)]
    assert all(f is not None for f in found)
    return float(np.mean([f.holds for f in found if f is not None]))


@pytest.mark.parametrize("centre", [0.0, -2.4])
def test_true_probabilities_hold_and_overconfident_ones_do_not(centre: float) -> None:
    assert share_that_holds(400, stretch=1.0, centre=centre) >= 0.92
    assert share_that_holds(200, stretch=2.5, centre=centre) <= 0.02


@pytest.mark.promise
@pytest.mark.parametrize("centre", [0.0, -2.4, -3.4])
def test_true_probabilities_hold_in_full(centre: float, promise) -> None:
    holds = share_that_holds(4000, stretch=1.0, centre=centre)
    caught = 1 - share_that_holds(2000, stretch=2.5, centre=centre)
    promise("true probabilities are called so, overconfident ones (2.5 times) are found", f"{holds:.3f}, {caught:.3f}")
    assert holds >= 0.93
    assert caught >= 0.98


def test_ranges_are_wilsons() -> None:
    rates, counts = np.array([0.0, 0.1, 0.5, 1.0]), np.array([40, 50, 22, 30])
    lower, upper = wilson(rates, counts, 1.959963984540054)
    for r, n, a, b in zip(rates, counts, lower, upper, strict=True):
        assert (a, b) == pytest.approx(proportion_confint(round(r * n), n, method="wilson"), abs=1e-12)


@given(
    n=st.integers(100, 600),
    levels=st.integers(1, 30),
    seed=st.integers(0, 10_000),
    shift=st.floats(-3, 3),
)
def test_groups_hold_every_row_once_in_order_with_ties_together(n: int, levels: int, seed: int, shift: float) -> None:
    rng = np.random.default_rng(seed)
    scores = 1 / (1 + np.exp(-rng.choice(rng.normal(shift, 1, levels), n)))
    happened = (rng.random(n) < 0.4).astype(float)
    found = check(scores, happened)
    if found is None:
        return
    assert sum(found.counts) == n
    assert np.all(np.diff(found.predicted) > 0)
    assert len(found.counts) == 1 or min(found.counts) >= 20
    assert len(found.counts) <= 10
    assert np.average(found.observed, weights=found.counts) == pytest.approx(happened.mean())
    assert np.average(found.predicted, weights=found.counts) == pytest.approx(scores.mean())
    # Groups are cut at whole scores, so counting by score gives the same groups.
    edges = np.cumsum(found.counts)[:-1]
    ordered = np.sort(scores)
    assert all(ordered[e - 1] < ordered[e] for e in edges)


def test_holds_is_what_the_ranges_say() -> None:
    rng = np.random.default_rng(3)
    for stretch in (1.0, 1.3, 1.6):
        found = check(*simulated(rng, 476, stretch, -1.0))
        assert found is not None
        table = found.to_frame()
        inside = (table["predicted"] >= table["lower"]) & (table["predicted"] <= table["upper"])
        assert found.holds == inside.all()
        assert found.worst_gap == pytest.approx((table["predicted"] - table["observed"]).abs().max())


@pytest.mark.parametrize(("n", "events"), [(99, 40), (200, 9), (200, 191)])
def test_with_too_few_rows_nothing_is_said(n: int, events: int) -> None:
    happened = np.r_[np.ones(events), np.zeros(n - events)]
    assert check(np.linspace(0.1, 0.9, n), happened) is None


def test_several_classes_hold_only_if_each_does() -> None:
    rng = np.random.default_rng(0)
    links = rng.normal(0, 1, (600, 3))
    said = np.exp(links) / np.exp(links).sum(axis=1, keepdims=True)
    happened = np.array([rng.multinomial(1, p) for p in said], dtype=float)
    good = check(said, happened)
    assert good is not None
    assert good.holds
    sharp = said**3 / (said**3).sum(axis=1, keepdims=True)
    bad = check(sharp, happened)
    assert bad is not None
    assert not bad.holds
    two = check(np.column_stack([1 - said[:, 0], said[:, 0]]), np.column_stack([1 - happened[:, 0], happened[:, 0]]))
    one = check(said[:, 0], happened[:, 0])
    assert two is not None
    assert one is not None
    assert two.predicted == one.predicted


def test_shapes_must_agree() -> None:
    with pytest.raises(ValueError, match="shape"):
        check(np.zeros(100), np.zeros(99))


def test_options_of_the_sample_study_were_checked_on_test_rows(mortgages: Study) -> None:
    checked = {name: c.calibrated for name, c in mortgages.candidates.items()}
    assert all(c is not None and c.n == 476 and c.rows == "test" for c in checked.values())
    assert checked["no_model"].holds
    assert checked["no_model"].counts == (476,)
