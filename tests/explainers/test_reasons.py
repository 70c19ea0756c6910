from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explainers.errors import CandidateError
from explainers.reasons import Z95, Step, one_two_five, own_errors, reasons, rounding_step
from explainers.results import Reasons
from explainers.study import Study
from tests.words.samples import explained, houses, loans

STUDY, HOUSES = loans(), houses()
SETTINGS = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
amounts = st.floats(-0.3, 0.3, allow_nan=False)
errors = st.floats(0, 0.1, allow_nan=False)


def in_steps(r: Reasons) -> tuple[int, int]:
    """Return both sides of the sum in whole steps."""
    count = lambda x: round(x / r.step)  # noqa: E731
    return sum(map(count, (r.base, r.others, *(x.amount for x in (*r.shown, *r.protected))))), count(r.prediction)


@SETTINGS
@given(
    st.lists(amounts, min_size=6, max_size=6),
    st.lists(errors, min_size=6, max_size=6),
    st.floats(0, 1),
    st.integers(0, 6),
)
def test_probability_reasons_add_up_are_strong_and_few(
    values: list[float], sizes: list[float], base: float, most: int
) -> None:
    e = explained(STUDY, "guarded", values, base=base, errors=np.array(sizes))
    r = reasons(e, STUDY, most=most)
    left, right = in_steps(r)
    assert left == right
    assert len(r.shown) <= most
    strength = [abs(x.exact) for x in r.shown]
    assert strength == sorted(strength, reverse=True)
    assert all(abs(x.exact) > x.error and round(x.amount / r.step) != 0 for x in r.shown)
    assert all((x.amount > 0) == (x.exact > 0) for x in r.shown)
    named = [x.feature for x in (*r.shown, *r.protected)]
    assert named.count("group") == 1, "a protected column is never folded into the others"
    assert r.n_others + len(named) == 6
    assert all(x.protected == (x.feature == "group") for x in (*r.shown, *r.protected))


@SETTINGS
@given(
    st.lists(st.floats(-1e5, 1e5, allow_nan=False), min_size=3, max_size=3),
    st.floats(-1e6, 1e6, allow_nan=False),
    st.one_of(st.none(), st.floats(1e-6, 1e6)),
)
def test_numbers_add_up_on_a_step_of_the_usual_error(values: list[float], base: float, usual: float | None) -> None:
    study = houses(typical_error=usual)
    e = explained(study, "trees", values, base=base, errors=0.0)
    r = reasons(e, study)
    left, right = in_steps(r)
    assert left == right
    mantissa = float(f"{r.step:.0e}"[0])
    assert mantissa in (1, 2, 5)
    if usual is not None:
        assert r.step <= max(usual / 10, 100) * (1 + 1e-9)
        assert r.step >= usual / 10 / 2.5 * (1 - 1e-9), "never finer than useful"


@SETTINGS
@given(st.lists(amounts, min_size=6, max_size=6), st.floats(0, 1), st.integers(1, 3))
def test_finer_figures_pick_the_same_reasons_and_add_up(values: list[float], base: float, digits: int) -> None:
    e = explained(STUDY, "guarded", values, base=base)
    coarse, fine = reasons(e, STUDY), reasons(e, STUDY, finer=10**digits)
    assert [r.feature for r in coarse.shown] == [r.feature for r in fine.shown]
    assert fine.step == pytest.approx(coarse.step / 10**digits)
    left, right = in_steps(fine)
    assert left == right


def test_a_reason_within_its_error_or_that_rounds_to_nothing_is_not_shown() -> None:
    e = explained(
        STUDY, "trees", [0.10, 0.05, 0.004, -0.03, 0.0], base=0.1, errors=np.array([0.04, 0.03, 0.0, 0.01, 0.0])
    )
    assert [r.feature for r in reasons(e, STUDY).shown] == ["debt", "jobless"]


def test_both_errors_count_together() -> None:
    e = explained(STUDY, "trees", np.full(5, 0.1), base=0.1, errors=0.03)
    both = type(e)(**{**{f: getattr(e, f) for f in e.__dataclass_fields__}, "reference_errors": np.full((1, 5), 0.04)})
    assert own_errors(both)[0] == pytest.approx(Z95 * 0.05)
    exact = type(e)(
        **{**{f: getattr(e, f) for f in e.__dataclass_fields__}, "standard_errors": None, "reference_errors": None}
    )
    assert not own_errors(exact).any()
    assert len(reasons(exact, STUDY).shown) == 4


@pytest.mark.parametrize(
    ("base", "prediction", "size"),
    [
        (0.12, 0.3, 0.01),
        (0.015, 0.004, 0.001),
        (0.12, 0.004, 0.01),
        (0.99, 0.995, 0.001),
        (0.02, 0.02, 0.01),
        (0.5, 0.5, 0.01),
    ],
)
def test_the_step_is_finer_only_where_everything_is_rare(base: float, prediction: float, size: float) -> None:
    study = loans(4000)
    values = np.zeros(5)
    values[0] = prediction - base
    assert rounding_step(explained(study, "trees", values, base=base), study).size == size


def test_a_small_study_does_not_speak_of_thousandths() -> None:
    study = loans(300)
    assert rounding_step(explained(study, "trees", np.zeros(5), base=0.0), study).size == 0.01


def test_only_towards_leaves_the_rest_to_the_others() -> None:
    e = explained(STUDY, "trees", [0.2, -0.15, 0.1, -0.02, 0.01], base=0.2)
    r = reasons(e, STUDY, only="towards")
    assert [x.feature for x in r.shown] == ["debt", "record", "years"]
    left, right = in_steps(r)
    assert left == right


def test_a_constant_answer_has_no_reason() -> None:
    r = reasons(explained(STUDY, "none", np.zeros(5), base=0.12, errors=0.0), STUDY)
    assert (r.shown, r.others, r.base, r.prediction) == ((), 0.0, 0.12, 0.12)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_what_is_not_a_number_is_refused(bad: float) -> None:
    e = explained(STUDY, "trees", [bad, 0, 0, 0, 0], base=0.1)
    with pytest.raises(CandidateError, match="missing or not finite"):
        reasons(e, STUDY)


@given(st.floats(1e-9, 1e12))
def test_one_two_five_is_the_largest_such_step_below(x: float) -> None:
    step = one_two_five(x)
    assert step.mantissa in (1, 2, 5)
    assert step.size <= x * (1 + 1e-9) < step.size * 2.5 * (1 + 1e-6)


@given(st.integers(-(10**7), 10**7), st.sampled_from([1, 2, 5]), st.integers(-6, 6))
def test_steps_are_exact_decimals(n: int, mantissa: int, exponent: int) -> None:
    step = Step(mantissa, exponent)
    assert step.count(step.times(n)) == n
    assert step.times(n) == float(f"{n * mantissa}e{exponent}")


def test_a_study_without_a_target_column_still_rounds() -> None:
    study: Study = houses(typical_error=None)
    study = study.replace(frame=study.frame.drop(columns="price"))
    e = explained(study, "trees", [1.0, 0.0, 0.0], base=10.0, errors=0.0)
    left, right = in_steps(reasons(e, study))
    assert left == right
