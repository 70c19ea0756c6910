"""What is said of the worst places and of what picked cases share: true of the counts, plain, and silent about luck."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import numpy as np
import pytest

from explainers import Study, open_study
from explainers.residuals import cells, members, segments
from explainers.results import Cells, Condition, Narrative, Segment, Segments, Trait, Traits
from explainers.traits import traits
from explainers.words import say, worst, worst_cells
from explainers.words import traits as say_traits
from explainers.words import where as say_where
from tests.conftest import ROOT
from tests.words import gates, samples

STUDIES = {
    "saratoga_prices": ("tree", "no_model"),
    "saratoga_heating": ("rule", "tree"),
    "boston_mortgages": ("tree", "logistic"),
    "cigarette_demand": ("formula", "rule"),
}


def faults(study: Study, narrative: Narrative, *, plain: bool = True) -> list[str]:
    every = gates.every(narrative)
    return gates.true(every, study) + (gates.plain(every) if plain else [])


@pytest.mark.parametrize("name", list(STUDIES))
def test_the_samples_are_told_truly_and_plainly(name: str) -> None:
    study = open_study(ROOT / "sample_data" / name, build=False)
    for option in STUDIES[name]:
        found = segments(study, option)
        table = cells(study, option, *found.columns[:2])
        rows = study.rows("test")
        inside = members(study, rows, found.segments[0].conditions)
        shared = traits(study, study.case_ids[(study.split == "test").to_numpy()][inside])
        for audience in ("business", "technical"):
            for narrative in (
                worst.describe(found, study, audience=audience),
                worst_cells.describe(table, study, audience=audience),
                say_traits.describe(shared, study, audience=audience),
            ):
                assert not faults(study, narrative, plain=audience == "business")


def segment(**given: Any) -> Segment:
    known: dict[str, Any] = {
        "conditions": (Condition(feature="record", levels=("yes",)),),
        "n": 40,
        "share": 0.1,
        "error": 0.5,
        "lower": 0.3,
        "upper": 0.65,
        "elsewhere": 0.1,
        "share_of_errors": 0.36,
        "p_value": 0.005,
        "stands_out": True,
        "found_by": "one column",
        "evidence": 4.0,
        "counts": (5, 15, 5, 15),
        "expected": 0.4,
        "n_again": 20,
        "error_again": 0.45,
    }
    return Segment(**(known | given))


def result(*found: Segment, **given: Any) -> Segments:
    known: dict[str, Any] = {
        "candidate": "boosting",
        "measure": "wrong answers",
        "error": 0.14,
        "error_again": 0.15,
        "n": 400,
        "rows": "test",
        "segments": found,
        "leaves": (),
        "columns": ("debt", "record"),
        "n_looked": 1_234,
        "n_shuffles": 199,
        "n_shuffled": 400,
        "least": 5,
    }
    return Segments(**(known | given))


@pytest.fixture
def study() -> Study:
    return samples.loans()


def test_the_worst_place_is_said_with_its_figures(study: Study) -> None:
    narrative = worst.describe(result(segment()), study)
    text = say.text(narrative)
    assert narrative.headline.text == (
        "It differs most often from what the lender decided where there is a public record: for 20 of 40. "
        "Elsewhere it does for 10 in 100."
    )
    assert "Even with luck and the long search allowed for, it differs for at least 30 in 100 there." in text
    assert "These 40 applications are 10 in 100 of all, and 36 in 100 of all that differ." in text
    assert "Of 20 there that were turned down by the lender, it finds 5. Of 20 others there it flags 5." in text
    assert "Of 20 set-aside applications of that kind, not searched, 9 differ." in text
    assert "With errors dealt out at random, none of 199 such searches found a group as clear." in text
    assert "Measured on all 400 never-seen applications." in text
    assert not faults(study, narrative)
    technical = worst.describe(result(segment()), study, audience="technical")
    assert "family-wise p 0.005" in say.text(technical)
    assert not faults(study, technical, plain=False)


def test_nothing_that_may_be_chance_is_named(study: Study) -> None:
    luck = segment(stands_out=False, p_value=0.4)
    narrative = worst.describe(result(luck), study)
    text = say.text(narrative)
    assert narrative.headline.text.startswith("No group stands out: of 1,234 that were looked at, none")
    assert "79 of 199 searches found a group at least as clear" in text
    assert "public record" not in text
    assert worst.title(result(luck), study) == "No group stands out"
    assert not faults(study, narrative)
    assert worst.table(result(luck), study)[0].verdict == "may be chance"


def test_the_title_of_the_chart_counts_what_stands_out(study: Study) -> None:
    luck = segment(stands_out=False, p_value=0.4)
    assert (
        worst.title(result(segment(), luck), study) == "One group stands out: it differs 3.5 times as often as overall"
    )
    both = worst.title(result(segment(), segment(), error=0.48), study)
    assert both == "Two groups stand out"


def test_how_much_worse_is_not_said_where_it_cannot_be_told(study: Study) -> None:
    text = say.text(worst.describe(result(segment(lower=0.09)), study))
    assert "How much worse it is there cannot be told from so few." in text
    assert "at least" not in text


def test_ends_are_rounded_outwards(study: Study) -> None:
    row = worst.table(result(segment(lower=0.2999, upper=0.6501)), study)[0]
    assert row.between == "29 to 66 in 100"
    assert row.error == "50 in 100"


@pytest.mark.parametrize("why", ["no rows", "too few", "no columns", "all errors alike"])
def test_nothing_searched_is_said_so(study: Study, why: Any) -> None:
    n = 0 if why == "no rows" else 12
    for audience in ("business", "technical"):
        narrative = worst.describe(result(why=why, n=n), study, audience=audience)
        assert not faults(study, narrative)
        assert narrative.sentences == ()


@pytest.mark.parametrize(
    ("conditions", "clause", "label"),
    [
        (
            (Condition(feature="record", levels=("yes",)), Condition(feature="debt", above=0.43)),
            "there is a public record and “Debt payments” is over 43%",
            "Public record: credit problems; Debt payments: over 43%",
        ),
        (
            (Condition(feature="history", levels=(2, 3, 4)),),
            "“Credit history” is “grade 2 of 4” to “grade 4 of 4”",
            "Credit history: grade 2 of 4 to grade 4 of 4",
        ),
        (
            (Condition(feature="debt", missing=True),),
            "nothing is recorded for “Debt payments”",
            "Debt payments: not recorded",
        ),
        (
            (Condition(feature="years", above=3.0, up_to=9.0),),
            "“Years in the job” is over 3 years and at most 9 years",
            "Years in the job: over 3 years and at most 9 years",
        ),
        (
            (Condition(feature="record", levels=("yes",), other=True),),
            "“Public record” is not “credit problems”",
            "Public record: not credit problems",
        ),
    ],
)
def test_conditions_read_as_people_say_them(study: Study, conditions: Any, clause: str, label: str) -> None:
    assert say_where.where(conditions, study).text == clause
    assert say_where.short(conditions, study) == label


def test_many_conditions_are_sentences_of_their_own(study: Study) -> None:
    long = (
        Condition(feature="history", levels=(2, 3, 4)),
        Condition(feature="debt", above=0.2, up_to=0.43),
        Condition(feature="years", above=3.0, up_to=9.0),
    )
    narrative = worst.describe(result(segment(conditions=long), segment(conditions=long)), study)
    assert not faults(study, narrative)
    assert "There “Credit history” is “grade 2 of 4” to “grade 4 of 4”. Also, “Debt" in narrative.headline.text
    assert "One more stands out." in say.text(narrative)


def test_numbers_lean_one_way_or_not() -> None:
    study = open_study(ROOT / "sample_data" / "saratoga_prices", build=False)
    where = (Condition(feature="living_area", above=2_000.0),)
    off = segment(
        conditions=where, error=60_000.0, lower=45_000.0, upper=70_000.0, elsewhere=30_000.0, counts=(),
        expected=np.nan, lean=25_000.0, lean_lower=9_000.0, lean_upper=41_000.0, n_again=12, error_again=55_000.0,
    )  # fmt: skip
    found = result(off, measure="absolute error", candidate="tree", error=35_000.0)
    text = say.text(worst.describe(found, study))
    assert "It is furthest off where “Living area” is over 2,000 square feet" in text
    assert re.search(r"There it says too little, by \$2\d,000 on average\.", text)
    assert not faults(study, worst.describe(found, study))
    even = dataclasses.replace(off, lean_lower=-5_000.0)
    text = say.text(worst.describe(dataclasses.replace(found, segments=(even,)), study))
    assert "too little" not in text
    much = dataclasses.replace(off, lean=-25_000.0, lean_lower=-41_000.0, lean_upper=-9_000.0)
    text = say.text(worst.describe(dataclasses.replace(found, segments=(much,)), study))
    assert re.search(r"There it says too much, by \$2\d,000 on average\.", text)


def table_of(**given: Any) -> Cells:
    known: dict[str, Any] = {
        "candidate": "boosting",
        "measure": "wrong answers",
        "a": "record",
        "b": "debt",
        "groups_a": (Condition(feature="record", levels=("no",)), Condition(feature="record", levels=("yes",))),
        "groups_b": (Condition(feature="debt", up_to=0.4), Condition(feature="debt", above=0.4)),
        "n": np.array([[150, 150], [70, 5]]),
        "errors": np.array([[0.1, 0.12], [0.4, 0.8]]),
        "lower": np.array([[0.05, 0.06], [0.25, np.nan]]),
        "upper": np.array([[0.2, 0.2], [0.55, np.nan]]),
        "verdicts": (("cannot tell", "cannot tell"), ("more", "too few")),
        "error": 0.17,
        "total": 375,
        "rows": "test",
        "least": 20,
    }
    return Cells(**(known | given))


def test_the_worst_cell_has_enough_cases(study: Study) -> None:
    narrative = worst_cells.describe(table_of(), study)
    assert narrative.headline.text == (
        "It differs most where there is a public record and “Debt payments” is at most 39.6%: for 40 in 100, "
        "over 70 applications. Overall it does for 17 in 100."
    )
    text = say.text(narrative)
    assert "In 1 of 3 cells it is worse than overall, beyond chance." in text
    assert "One cell has fewer than 20 applications: too few to tell." in text
    assert not faults(study, narrative)
    none = (("cannot tell",) * 2,) * 2
    assert "In none of 4 cells is it worse" in say.text(worst_cells.describe(table_of(verdicts=none), study))
    few = worst_cells.describe(table_of(verdicts=(("too few",) * 2,) * 2), study)
    assert few.headline.text == "Too few applications to tell: no cell has 20."
    alone = worst_cells.describe(table_of(verdicts=(("cannot tell", "too few"), ("too few",) * 2)), study)
    assert alone.headline.text == (
        "Only one cell has enough applications. There it differs for 10 in 100, over 150 of them. "
        "Overall it does for 17 in 100."
    )
    assert "is at most 39.6%, it is not worse than overall, beyond chance." in say.text(alone)
    assert not faults(study, alone)


# -- traits ------------------------------------------------------------------------------------------------------------
def shared(*found: Trait, **given: Any) -> Traits:
    known: dict[str, Any] = {"n_picked": 23, "n_others": 377, "columns": ("debt",), "n_looked": 375, "n_shuffles": 199}
    return Traits(traits=found, **(known | given))


def trait(picked: int, others: int, **given: Any) -> Trait:
    condition = Condition(**({"feature": "record", "levels": ("yes",)} | given))
    return Trait(condition=condition, picked=picked, others=others, p_value=0.005, stands_out=True, evidence=9.0)


def test_traits_are_said_with_counts_in_and_out(study: Study) -> None:
    narrative = say_traits.describe(shared(trait(20, 9), trait(23, 0, feature="debt", above=0.5, levels=())), study)
    assert narrative.headline.text == (
        "For 20 of 23 picked, there is a public record. Of the 377 others, 9 are like that."
    )
    assert "Also, for all 23 picked, “Debt payments” is over 50%." in say.text(narrative)
    assert "Of the 377 others, none is like that." in say.text(narrative)
    assert not faults(study, narrative)
    technical = say_traits.describe(shared(trait(20, 1)), study, audience="technical")
    assert "family-wise p 0.005" in say.text(technical)
    assert not faults(study, technical, plain=False)
    assert say_traits.table(shared(trait(20, 9)), study) == (
        ("Public record: credit problems", "20 of 23", "9 of 377"),
    )


@pytest.mark.parametrize("given", [{"n_picked": 1}, {"n_picked": 7}, {"why": "none picked"}, {"why": "no columns"}])
def test_nothing_in_common_is_said_so(study: Study, given: Any) -> None:
    for audience in ("business", "technical"):
        narrative = say_traits.describe(shared(**given), study, audience=audience)
        assert not faults(study, narrative, plain=audience == "business")
    assert "seldom" not in say.text(narrative)


def test_hostile_names_stay_text(study: Study) -> None:
    for value in samples.HOSTILE:
        text = say_where.where((Condition(feature="group", levels=(value,)),), study).text
        assert value in text


def test_ranges_of_a_heatmap_are_short_and_many_levels_are_named_in_part() -> None:
    study = open_study(ROOT / "sample_data" / "saratoga_prices", build=False)
    groups = [
        Condition(feature="living_area", up_to=1000.0),
        Condition(feature="living_area", above=1000.0, up_to=1479.0),
        Condition(feature="living_area", above=2000.0),
        Condition(feature="heating_fuel", levels=("gas",), other=True),
    ]
    assert say_where.cell_labels(groups, study) == (
        "up to 1,000 square feet",
        "1,000 to 1,479 square feet",
        "over 2,000 square feet",
        "anything else",
    )
    many = Condition(feature="heating_fuel", levels=tuple("abcdefg"), other=True)
    said = say_where.where([many], study).text
    assert "anything else" not in said
    assert said.endswith("is none of “a”, “b”, “c”, “d” and 3 others")
