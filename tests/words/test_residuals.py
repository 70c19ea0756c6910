"""What is said of where an option is off: plain, true of the result, silent where nothing is known."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from explainers import Study, open_study
from explainers.residuals import binned, choices, distribution
from explainers.results import Binned
from explainers.words import residuals as words
from explainers.words import say
from tests.conftest import ROOT
from tests.words import gates, samples

STUDIES = ("boston_mortgages", "saratoga_prices", "saratoga_heating", "cigarette_demand")
QUICK = ("no_model", "tree", "formula")


@cache
def built(name: str, *options: str) -> Study:
    return open_study(ROOT / "sample_data" / name, build=False).build(*options)


def faults(result: Any, study: Study) -> list[str]:
    business, technical = (words.describe(result, study, audience=a) for a in ("business", "technical"))
    found = gates.plain(gates.every(business)) + gates.true(gates.every(business), study)
    found += gates.true(gates.every(technical), study)
    assert words.title(result, study) in business.headline.text
    assert words.alt(result, study).endswith(".")
    if isinstance(result, Binned):
        for audience in ("business", "technical"):
            found += gates.true(words.caption(result, study, audience=audience), study)
        found += gates.plain(words.caption(result, study)) if result.n_rows else []
        assert len(words.names(result, study)) == len(result.n)
    return found


@pytest.mark.parametrize("name", STUDIES)
def test_a_few_options_pass_the_gates_along_everything(name: str) -> None:
    study = built(name, *QUICK)
    for option in QUICK:
        for against in choices(study, owner=True):
            assert faults(binned(study, option, against), study) == []
        assert faults(distribution(study, option), study) == []
    near = binned(study, "tree", "predicted", zoom=(0.0, 0.5) if study.classes else (0.0, 150_000.0))
    assert faults(near, study) == []
    for measure in ("deviance", "quantile") if study.classes else ("standardised", "studentised"):
        option = "formula" if measure == "studentised" else "tree"
        narrative = words.describe(binned(study, option, "predicted", measure=measure), study, audience="technical")
        assert gates.true(gates.every(narrative), study) == []


@pytest.mark.promise
@pytest.mark.parametrize("name", STUDIES)
def test_every_option_passes_the_gates_along_everything(name: str, promise: Callable[[str, str], None]) -> None:
    study = open_study(ROOT / "sample_data" / name)
    options = [c for c, known in study.candidates.items() if not known.failure]
    made = [binned(study, c, a) for c in options for a in choices(study, owner=True)]
    bad = [f for result in (*made, *(distribution(study, c) for c in options)) for f in faults(result, study)]
    promise(
        "What is said of where an option is off passes the gates of WORDS.md, every option along everything",
        f"{name}: {len(made)} views of {len(options)} options, {len(bad)} faults",
    )
    assert bad == []


def bins(study: Study, **given: Any) -> Binned:
    """Return a result of three bins made by hand."""
    k = 3
    known: dict[str, Any] = {
        "candidate": "trees",
        "against": "area",
        "kind": "numeric",
        "measure": "residual",
        "edges": np.array([40.0, 90.0, 140.0, 200.0]),
        "smallest": np.array([40.0, 91.0, 141.0]),
        "largest": np.array([90.0, 140.0, 200.0]),
        "n": (50, 50, 50),
        "units": (50, 50, 50),
        "middle": np.zeros(k),
        "lower": np.full(k, -9e3),
        "upper": np.full(k, 9e3),
        "outer_lower": np.full(k, -4e4),
        "outer_upper": np.full(k, 4e4),
        "sure_lower": np.full(k, -6e3),
        "sure_upper": np.full(k, 6e3),
        "verdict": ("cannot tell",) * k,
        "stated": np.full(k, 2e5),
        "recorded": np.full(k, 2e5),
        "off": np.full(k, 2e4),
        "off_verdict": ("cannot tell",) * k,
        "overall_middle": 0.0,
        "overall_off": 2e4,
        "above": 75,
        "points": pd.DataFrame({c: [] for c in ("id", "x", "y", "actual", "predicted", "worst")}),
        "n_shown": 0,
        "n_worst": 0,
        "n_rows": 150,
        "zoom": (),
    }
    assert study.name
    return Binned(**(known | given))


def test_where_it_is_furthest_off_is_said_with_both_sizes() -> None:
    study = samples.houses()
    found = bins(study, off=np.array([2e4, 2e4, 6e4]), off_verdict=("cannot tell", "cannot tell", "more"))
    text = say.text(words.describe(found, study))
    assert text.startswith("The option is furthest off where “Living area” is 141 to 200.")
    assert "There it is off by 60,000 dollars on average. Elsewhere it is off by 20,000 dollars." in text
    less = bins(study, off=np.array([2e4, 2e4, 1e4]), off_verdict=("cannot tell", "cannot tell", "less"))
    assert say.text(words.describe(less, study)).startswith("No part of “Living area” stands out")


def test_what_the_eye_sees_is_not_denied_where_chance_could_do_it() -> None:
    study = samples.houses()
    upper = np.array([9e3, 9e3, -4e3])
    found = bins(study, middle=np.array([0.0, 0.0, -8e3]), upper=upper, units=(50, 50, 4), together_by="town")
    narrative = words.describe(found, study)
    assert narrative.headline.text == (
        "Where “Living area” is 141 to 200, the option seems to say too much, but that may be chance."
    )
    text = say.text(narrative)
    assert "At least 3 in 4 records there lie below the answer." in text
    assert "These 50 houses share 4 values of " in text
    assert not faults(found, study)
    alone = say.text(words.describe(dataclasses.replace(found, together_by="", units=(50, 50, 50)), study))
    assert "50 houses are too few to rule out luck." in alone
    even = dataclasses.replace(found, upper=np.full(3, 9e3))
    assert "seems" not in say.text(words.describe(even, study))


def test_the_side_follows_the_sign() -> None:
    study = samples.houses()
    for sign, side in ((1, "too little"), (-1, "too much")):
        middle = np.array([0.0, 0.0, sign * 15e3])
        found = bins(
            study,
            middle=middle,
            verdict=("cannot tell", "cannot tell", "too low" if sign > 0 else "too high"),
            sure_lower=middle - 4e3,
            sure_upper=middle + 4e3,
        )
        narrative = words.describe(found, study)
        assert narrative.headline.text == f"Where “Living area” is 141 to 200, the option typically says {side}."
        above = "above" if sign > 0 else "below"
        sizes = ("14,000", "15,000", "16,000")
        said = [f"Half of the records there lie {n} dollars or more {above}." for n in sizes]
        assert narrative.sentences[0].text in said


def test_one_side_everywhere_is_said_first() -> None:
    study = samples.houses()
    middle = np.array([-9e3, -10e3, -15e3])
    found = bins(
        study, middle=middle, verdict=("too high",) * 3, sure_lower=middle - 2e3, sure_upper=middle + 2e3, above=20
    )
    text = say.text(words.describe(found, study))
    assert text.startswith("In all 3 parts the option typically says too much.")
    assert "The record lies below the answer for 130 of 150." in text


def test_sorted_by_the_record_nothing_is_held_against_an_option() -> None:
    study = samples.houses()
    found = bins(
        study, against="actual", off_verdict=("more", "cannot tell", "cannot tell"), off=np.array([9e4, 1e4, 1e4])
    )
    narrative = words.describe(found, study)
    assert "furthest" not in say.text(narrative)
    assert narrative.caveats[0].text.startswith("Sorted by the record, every option says too much for the lowest")


def test_classes_are_said_in_counts_and_stated_chances() -> None:
    study = samples.loans()
    found = bins(
        study,
        against="history",
        kind="levels",
        edges=np.empty(0),
        levels=(1, 2, 4),
        outcome="yes",
        recorded=np.array([0.5, 0.1, 0.1]),
        stated=np.array([0.2, 0.1, 0.1]),
        middle=np.array([0.3, 0.0, 0.0]),
        verdict=("too low", "cannot tell", "cannot tell"),
        off=np.array([0.5, 0.1, 0.1]),
        overall_off=0.7 / 3,
    )
    text = say.text(words.describe(found, study))
    assert text.startswith("Where the credit history has grade 1 of 4, more applications were turned down than the")
    assert "That was so for 25 of 50 applications, and it states 20 in 100 on average." in text
    unchecked = say.text(words.describe(found, samples.loans(checked=None)))
    assert "it states a score of 20 of 100 on average" in unchecked
    fewer = dataclasses.replace(found, verdict=("too high", "cannot tell", "cannot tell"))
    assert "fewer applications were turned down" in say.text(words.describe(fewer, study))
    more = dataclasses.replace(found, off_verdict=("more", "cannot tell", "cannot tell"))
    text = say.text(words.describe(more, study))
    assert text.startswith(
        "The option differs from what the lender decided most often where the credit history has grade 1"
    )
    assert "There it does for 25 of 50 applications, elsewhere for 10 in 100." in text
    for result in (found, fewer, more):
        assert gates.true(gates.every(words.describe(result, study)), study) == []


def test_a_sample_is_called_one_and_its_worst_cases_are_counted() -> None:
    study = samples.houses()
    found = bins(study, n_shown=100, n_worst=8)
    text = " ".join(s.text for s in words.caption(found, study))
    assert text.startswith(
        "100 of 150 never-seen houses are drawn: the 8 furthest off, and a random sample of the others."
    )
    whole = " ".join(s.text for s in words.caption(bins(study, n_shown=150, n_worst=8), study))
    assert whole.startswith("Each point is one of 150 never-seen houses.")


def test_nothing_to_look_at_is_said_calmly() -> None:
    study = samples.houses()
    none = bins(study, n=(), n_rows=0, verdict=(), off_verdict=(), edges=np.empty(0), middle=np.empty(0))
    assert words.describe(none, study).headline.text == "There are no never-seen houses with a record to look at."
    assert words.caption(none, study) == ()
    assert words.alt(none, study)


@pytest.mark.parametrize("text", samples.HOSTILE)
def test_names_of_a_user_stay_as_they_are(text: str) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({text: rng.choice(["a", text], 400), "y": rng.normal(0, 1, 400)})
    study = Study.from_frame(frame, target="y", candidates={"none": "no_model"})
    found = binned(study, "none", text)
    narrative = words.describe(found, study)
    assert study.dictionary[text].label in say.text(narrative)
    assert text in words.names(found, study)


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("kind", ["numbers", "classes"])
@pytest.mark.parametrize("held_out", [1, 2, 60])
def test_odd_columns_and_hardly_any_rows_are_said_and_drawn(kind: str, held_out: int) -> None:
    from explainers.figures import residuals as figures

    rng, n = np.random.default_rng(0), 200
    frame = pd.DataFrame(
        {
            "yes": rng.random(n) > 0.5,
            "whole": pd.array(rng.integers(0, 5, n), dtype="Int64"),
            "two": pd.Categorical(rng.choice(["a", "b"], n)),
            "infinite": np.where(np.arange(n) % 50 == 0, np.inf, rng.normal(0, 1, n)),
            "each its own": [f"level {k}" for k in range(n)],
            "one": 1.0,
            "none": np.nan,
            "day": pd.Timestamp("2020-01-01"),
        }
    )
    frame.loc[::7, "whole"] = pd.NA
    frame["y"] = rng.normal(0, 1, n) if kind == "numbers" else rng.choice(["no", "yes"], n)
    labels = ["train"] * (n - held_out) + ["test"] * held_out
    study = Study.from_frame(frame, target="y", candidates={"none": "no_model"}, split=labels)
    for against in ("predicted", "actual", "order", *frame.columns[:-1]):
        found = binned(study, "none", against)
        assert sum(found.n) == held_out
        assert words.describe(found, study).headline.text
        assert words.alt(found, study)
        figures.draw(found, study, title="", alt="").to_json()
    shape = distribution(study, "none")
    assert words.describe(shape, study, audience="technical").headline.text
    figures.draw_spread(shape, study, title="", alt="").to_json()
    figures.draw_qq(shape, study, title="", alt="").to_json()
