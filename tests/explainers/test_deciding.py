"""Votes, own weights and what a decision of then means now, each against a count by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers import Study, deciding
from explainers.database import Decision, Vote
from explainers.results import Assumptions, Comparison, OptionRow, Ranking

NAMES = ("no_model", "rule", "tree")


@pytest.fixture(scope="module")
def study() -> Study:
    import pandas as pd

    frame = pd.DataFrame({"size": [float(i % 7) for i in range(60)], "sold": ["no", "yes", "no"] * 20})
    return Study.from_frame(frame, target="sold", candidates={n: n for n in NAMES}, positive="yes")


def vote(number: int, author: str, candidate: str, **more: Any) -> Vote:
    fields = {"candidate_key": "k", "variant": "", "comment": "", "weights": {}, "study": "s", "fingerprint": "f"}
    return Vote(
        id=number,
        submission_id=str(number),
        created_at=datetime(2026, 3, 3, 12, tzinfo=UTC),
        author=author,
        candidate=candidate,
        **{**fields, **more},
    )


def row(
    name: str, *, cost: float, value: float | None, days: float = 1.0, explains: str = "exact", **more: Any
) -> OptionRow:
    money = dict.fromkeys(("build", "train", "serve", "people", "wrong", "right"), 0.0)
    known = {"label": name, "kind": "statistical", "total": cost, "pareto": True, **money, **more}
    return OptionRow(
        candidate=name, cost=cost, value=value, time_to_production_days=days, explainability=explains, **known
    )  # fmt: skip


def comparison(*rows: OptionRow, greater: bool = True) -> Comparison:
    return Comparison(
        options=rows,
        metric="auc" if greater else "mae",
        declared=True,
        greater_is_better=greater,
        line=(),
        no_model="no_model",
        state="least",
        least="",
        assumptions=Assumptions(figures=(), values={}, currency="$"),
        example=True,
        level=0.95,
        n=100,
    )


# -- own weights -----------------------------------------------------------------------------------------------------
def test_points_are_parts_times_weights() -> None:
    found = comparison(
        row("a", cost=0, value=0.5, days=10, explains="none"),
        row("b", cost=100, value=0.8, days=30, explains="exact", lower=0.7, upper=0.95),
        row("c", cost=25, value=0.65, days=20, explains="estimated"),
    )
    result = deciding.rank(found, {"accuracy": 2, "cost": 1, "speed": 1, "explainability": 4})
    assert dict(result.weights) == {"accuracy": 0.25, "cost": 0.125, "speed": 0.125, "explainability": 0.5}
    scores = {o.candidate: o.score for o in result.options}
    assert scores == pytest.approx({
        "a": 100 * (0 + 0.125 + 0.125 + 0),
        "b": 100 * (0.25 + 0 + 0 + 0.5),
        "c": 100 * (0.25 / 2 + 0.125 * 0.75 + 0.125 / 2 + 0.25),
    })  # fmt: skip
    assert [o.candidate for o in result.options] == ["b", "c", "a"]
    first = result.options[0]
    assert first.lower == pytest.approx(100 * (0.25 * (0.2 / 0.3) + 0.5))
    assert first.upper == pytest.approx(first.score)  # no more than the best


def test_less_is_better_where_the_measure_says_so() -> None:
    found = comparison(row("a", cost=0, value=9.0), row("b", cost=0, value=4.0), greater=False)
    assert [o.candidate for o in deciding.rank(found, {"accuracy": 1}).options] == ["b", "a"]


def test_options_that_could_be_first_within_their_ranges_are_named() -> None:
    found = comparison(
        row("a", cost=0, value=0.80, lower=0.70, upper=0.9),
        row("b", cost=0, value=0.78, lower=0.69, upper=0.88),
        row("c", cost=0, value=0.50, lower=0.40, upper=0.60),
    )
    assert deciding.rank(found, {"accuracy": 1}).close == ("a", "b")
    assert deciding.rank(found, {"cost": 1}).close == ("a", "b", "c")


def test_an_unknown_figure_counts_nothing() -> None:
    result = deciding.rank(comparison(row("a", cost=5, value=None)))
    assert [(o.candidate, o.lacking, o.parts["accuracy"]) for o in result.options] == [("a", ("accuracy",), 0.0)]


def with_cut_offs() -> Comparison:
    ends = {"total_lower": 5.0 + 60.0, "total_upper": 5.0 + 90.0}
    return comparison(
        row("a", cost=5, value=0.7, wrong=100.0, cut=0.5),
        row("a", cost=5, value=0.7, wrong=80.0, right=5.0, cut=0.2, variant="cut by cost", **ends),
        row("b", cost=5, value=0.8, wrong=50.0, cut=0.5),
        row("b", cost=5, value=0.8, wrong=50.0, cut=0.5, variant="cut by cost"),
    )


def test_an_option_with_another_cut_off_stands_by_itself_where_answers_count() -> None:
    found = with_cut_offs()
    assert deciding.things(found)[-1] == deciding.ANSWERS
    result = deciding.rank(found)
    assert set(result.weights.values()) == {0.2}
    # b with its own cut-off by cost is b as it is
    assert [(o.candidate, o.variant) for o in result.options] == [("b", ""), ("a", "cut by cost"), ("a", "")]
    cut = result.options[1]
    assert cut.parts["answers"] == pytest.approx((100 - 75) / (100 - 50))
    assert cut.score == pytest.approx(100 * 0.2 * (0 + 1 + 1 + 1 + 0.5))
    assert (cut.lower, cut.upper) == pytest.approx((cut.score - 20 * 0.3, cut.score + 20 * 0.3))
    without = deciding.rank(found, {"accuracy": 1, "cost": 1})
    assert [(o.candidate, o.variant) for o in without.options] == [("b", ""), ("a", "")]
    assert deciding.things(comparison(row("a", cost=5, value=0.7, cut=0.5))) == tuple(deciding.WEIGHTS)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.floats(0, 1e6), st.floats(0.4, 1.0), st.floats(0, 100), st.sampled_from(["exact", "estimated", "none"])
        ),
        min_size=1,
        max_size=6,
    ),
    weights=st.lists(st.integers(0, 5), min_size=4, max_size=4),
    more=st.integers(1, 5),
    at=st.integers(0, 3),
)
def test_scores_stay_in_bounds_and_more_weight_never_hurts_who_is_best_there(rows, weights, more, at) -> None:
    found = comparison(*(row(f"o{i}", cost=c, value=v, days=d, explains=e) for i, (c, v, d, e) in enumerate(rows)))
    names = list(deciding.WEIGHTS)
    given_weights = dict(zip(names, weights, strict=True))
    before = deciding.rank(found, given_weights)
    after = deciding.rank(found, {**given_weights, names[at]: given_weights[names[at]] + more})
    for result in (before, after):
        assert all(-1e-9 <= o.lower <= o.score <= o.upper <= 100 + 1e-9 for o in result.options)
        assert [o.score for o in result.options] == sorted((o.score for o in result.options), reverse=True)
    best = max(after.options, key=lambda o: o.parts[names[at]]).candidate
    if any(weights):
        assert ahead_of(best, after) <= ahead_of(best, before)


def ahead_of(name: str, result: Ranking) -> set[str]:
    mine = next(o.score for o in result.options if o.candidate == name)
    return {o.candidate for o in result.options if o.score > mine + 1e-9}


# -- votes -----------------------------------------------------------------------------------------------------------
def test_the_latest_vote_of_each_person_is_counted(study: Study) -> None:
    key = study.candidates["tree"].key
    every = [
        vote(1, "Ada", "rule"),
        vote(2, "Bo", "tree", candidate_key=key),
        vote(3, "ada", "tree", candidate_key="of before"),
        vote(4, "Cy", ""),
        vote(5, "Di", "gone"),
        vote(6, "Ed", "tree", variant="cut by cost"),
    ]
    found = deciding.tally(reversed(every), study)
    assert found.n == 4
    assert found.abstain == ("Cy",)
    assert [(o.candidate, o.variant, o.names, o.older, o.there) for o in found.options] == [
        ("tree", "", ("Bo", "ada"), 1, True),
        ("tree", "cut by cost", ("Ed",), 1, True),
        ("gone", "", ("Di",), 0, False),
    ]
    assert found.first == (study.candidates["tree"].label,)


def test_nobody_has_voted(study: Study) -> None:
    found = deciding.tally([], study)
    assert (found.n, found.options, found.first) == (0, (), ())


# -- decisions -------------------------------------------------------------------------------------------------------
def record(study: Study, **changes: Any) -> Decision:
    fields: dict[str, Any] = {
        "id": 7,
        "submission_id": "s",
        "created_at": datetime(2026, 3, 3, 23, tzinfo=UTC),
        "author": "Ada",
        "study": "s",
        "fingerprint": study.fingerprint,
        "number": 2,
        "supersedes": 3,
        "candidate": "tree",
        "candidate_key": study.candidates["tree"].key,
        "variant": "",
        "reason": "r",
        "said": "",
        "options": (),
        "votes": (
            {"author": "a", "candidate": "tree", "variant": ""},
            {"author": "b", "candidate": "tree", "variant": "cut by cost"},
            {"author": "c", "candidate": "", "variant": ""},
        ),
        "scenario": "",
        "values": {},
    }
    return Decision(**(fields | changes))


def test_a_decision_says_what_it_rested_on_and_if_that_still_stands(study: Study) -> None:
    found = deciding.decided(record(study), study)
    assert (found.label, found.kind, found.on) == (study.candidates["tree"].label, "glass_box", "2026-03-03")
    assert (found.votes_for, found.n_votes, found.earlier) == (1, 2, 1)
    assert (found.option_there, found.option_changed, found.data_changed) == (True, False, False)
    assert deciding.decided(record(study, candidate_key="other"), study).option_changed
    assert deciding.decided(record(study, fingerprint="other"), study).data_changed
    assert not deciding.decided(record(study, candidate="gone"), study).option_there
    nothing = deciding.decided(record(study, candidate="", candidate_key=""), study)
    assert (nothing.label, nothing.option_there, nothing.option_changed) == ("", True, False)
