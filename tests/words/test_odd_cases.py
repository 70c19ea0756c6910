"""What is said of records to check, copies, cases that count much, and of what changes without them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from explainers import Study, open_study
from explainers.outliers import duplicates, influence, without
from explainers.results import CopyGroup, Influence, Move, Narrative, Sentence, Suspect, Suspicious, Without
from explainers.words import duplicates as say_duplicates
from explainers.words import influence as say_influence
from explainers.words import labels as say_labels
from explainers.words import say, weights
from explainers.words import without as say_without
from tests.conftest import ROOT
from tests.words import gates

STUDIES = ("boston_mortgages", "saratoga_prices", "saratoga_heating", "cigarette_demand")
AUDIENCES = ("business", "technical")


@cache
def sample(name: str) -> Study:
    return open_study(ROOT / "sample_data" / name, build=False)


@cache
def of_formula(name: str) -> Influence:
    return influence(sample(name), "formula")


@cache
def left_out(name: str, candidate: str, ids: tuple[str, ...]) -> Without:
    return without(sample(name), candidate, ids)


def faults(said: Narrative | tuple[Sentence, ...], study: Study, audience: str) -> list[str]:
    every = gates.every(said) if isinstance(said, Narrative) else said
    return (gates.plain(every) if audience == "business" else []) + gates.true(every, study)


def suspects(study: Study, n: int = 6) -> tuple[Suspect, ...]:
    made = []
    ids = study.case_ids
    for at in range(0, n * 7, 7):
        given = study.frame[study.target].iloc[at]
        if study.classes:
            expected = next(c for c in study.classes if c != given)
            near = tuple(study.frame[study.target].iloc[at + 1 : at + 21])
            more = {"chance": 0.02, "score": 0.98, "alike": sum(o == given for o in near)}
        else:
            expected = 1.7 * float(given)
            near = tuple(study.frame[study.target].iloc[at + 1 : at + 21])
            more = {"off": float(given) - expected, "usual": abs(float(given)) / 5, "score": 3.5}
        made.append(
            Suspect(
                id=str(ids[at]), at=at, part="train", given=given, expected=expected,
                neighbours=tuple(map(str, ids[at + 1 : at + 21])), neighbour_outcomes=near, **more,
            )
        )  # fmt: skip
    return tuple(made)


def suspicious(study: Study, **about: object) -> Suspicious:
    known = {
        "kind": "classes" if study.classes else "numbers", "suspects": suspects(study), "n_worth": 266,
        "scores": np.zeros(len(study.frame)), "n_scored": len(study.frame), "n_unscored": 0, "n_folds": 5,
        "options": ("forest", "boosting"), "scale": "as it is" if study.classes else "both", "first": 100,
        "precision": 161 / 300, "precision_lower": 0.48, "precision_upper": 0.592, "hits": 161, "looked_at": 300,
        "trials": 3, "planted": 119, "chance": 0.05,
    }  # fmt: skip
    return Suspicious(**{**known, **about})  # type: ignore[arg-type]


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("name", STUDIES)
def test_records_to_check_pass_the_gates(name: str, audience: str) -> None:
    study = sample(name)
    result = suspicious(study)
    assert faults(say_labels.describe(result, study, audience=audience), study, audience) == []
    for s in result.suspects:
        assert faults(say_labels.item(s, study, scale=result.scale, audience=audience), study, audience) == []
    for why in ("too few rows", "one outcome", "no rows to fold", "cannot be judged"):
        none = suspicious(study, why=why, suspects=())
        assert faults(say_labels.describe(none, study, audience=audience), study, audience) == []
    for about in (
        {"precision": None, "looked_at": 0, "n_worth": 1},
        {"trials": 1, "n_unscored": 230, "hits": 0},
        {"n_worth": 0},
    ):
        assert faults(say_labels.describe(suspicious(study, **about), study, audience=audience), study, audience) == []


def test_the_measured_share_is_stated_and_a_record_is_only_worth_a_check() -> None:
    study = sample("boston_mortgages")
    text = say.text(say_labels.describe(suspicious(study), study))
    assert text.startswith("Of 2,380 applications, 266 have records worth a check.")
    assert "As a test, we changed 119 records on purpose and made such a list, 3 times." in text
    assert "Among the first 300 on the lists, 161 were ones that we had changed: 48 to 60 in 100." in text
    assert "A draw by lot would find about 15." in text
    assert "The lender may have known more than the data hold." in text
    for a in AUDIENCES:
        every = say.text(say_labels.describe(suspicious(study), study, audience=a))
        every += " ".join(s.text for x in suspects(study) for s in say_labels.item(x, study, audience=a))
        assert not any(w in every.lower() for w in ("wrong", "mistake", "error", "incorrect", "mislabel"))
    one = say_labels.item(suspects(study)[0], study)
    assert one[0].text == "It was accepted by the lender. Options that never saw it expect: turned down."
    few = say.text(say_labels.describe(suspicious(study, precision=None), study))
    assert "Nobody can tell how good this list is" in few


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("name", STUDIES)
def test_copies_pass_the_gates(name: str, audience: str) -> None:
    study = sample(name)
    result = duplicates(study)
    assert faults(say_duplicates.describe(result, study, audience=audience), study, audience) == []
    for group in result.groups:
        assert faults(say_duplicates.item(group, study, audience=audience), study, audience) == []
    ids = tuple(map(str, study.case_ids[:9]))
    outcomes = tuple(study.frame[study.target].iloc[:9])
    many = CopyGroup(kind="other outcome", ids=ids, at=tuple(range(9)), outcomes=outcomes, parts=("train",) * 9)
    assert gates.true(say_duplicates.item(many, study, audience=audience), study) == []


def test_what_is_said_of_copies_in_saratoga() -> None:
    study = sample("saratoga_prices")
    result = duplicates(study)
    text = say.text(say_duplicates.describe(result, study))
    assert text.startswith("Of 1,728 houses, 7 repeat an earlier one in everything.")
    assert "One group of houses is alike in all but the record: 2 houses." in text
    assert "Two never-seen houses repeat one that options learned from." in text
    assert say_duplicates.item(result.groups[0], study)[1].text == "Their records run from $115,000 to $123,500."


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("name", STUDIES)
def test_cases_that_count_much_pass_the_gates(name: str, audience: str) -> None:
    study, result = sample(name), of_formula(name)
    assert faults(say_influence.describe(result, study, audience=audience), study, audience) == []
    for row in say_influence.order(result)[:12]:
        said = say_influence.item(result, study, row=int(row), audience=audience, named=True)
        assert faults(said, study, audience) == []
    for option in ("tree", "no_model"):
        said_of = say_influence.describe(influence(study, option), study, audience=audience)
        assert faults(said_of, study, audience) == []
        assert "formula" in said_of.headline.text


@pytest.mark.parametrize("pick", [np.argmax, np.argmin])
def test_the_direction_of_a_move_is_that_of_leaving_the_case_out(pick: Callable[[np.ndarray], int]) -> None:
    study, result = sample("saratoga_prices"), of_formula("saratoga_prices")
    row = int(pick(result.largest))
    name, term = str(result.ids[row]), result.terms[int(result.largest_term[row])]
    moves = [m for m in left_out("saratoga_prices", "formula", (name,)).moves if (m.kind, m.name) == ("term", term)]
    assert moves[0].change is not None
    said = say_influence.item(result, study, row=row)[1].text
    assert ("would be higher" in said) == (moves[0].change > 0)
    assert ("would be lower" in said) == (moves[0].change < 0)


def test_the_case_that_moves_a_weight_most_is_named_first() -> None:
    study, result = sample("saratoga_prices"), of_formula("saratoga_prices")
    name = result.ids[int(np.argmax(np.abs(result.largest)))]
    text = say.text(say_influence.describe(result, study))
    assert f"House {name} counts most for the weight of “Sewer”" in text


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("name", STUDIES)
def test_what_changes_without_some_passes_the_gates(name: str, audience: str) -> None:
    study, result = sample(name), of_formula(name)
    top = [str(result.ids[r]) for r in say_influence.order(result)[:3]] or list(map(str, study.case_ids[:3]))
    for candidate, ids in (("formula", top), ("formula", top[:1]), ("rule", list(map(str, study.case_ids[-9:])))):
        found = left_out(name, candidate, (*ids, "nobody"))
        assert faults(say_without.describe(found, study, audience=audience), study, audience) == []
    for why in ("no rows named", "nothing left", "cannot be fitted again"):
        none = Without(candidate="formula", ids=(), why=why, detail="It came sealed.")
        assert faults(say_without.describe(none, study, audience=audience), study, audience) == []


@pytest.mark.parametrize("fate", ["turns", "fades", "appears", "gone"])
@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_fate_of_a_term_is_said(fate: str, audience: str) -> None:
    study = sample("saratoga_prices")
    gone = fate == "gone"
    move = Move(
        kind="term", name="sewer[septic]", before=-21_000.0, before_lower=-40_000.0, before_upper=-2_000.0,
        after=None if gone else 10_466.0, after_lower=None if gone else 900.0, after_upper=None if gone else 20_000.0,
        change=None if gone else 31_466.0, usual=530.0, fate=fate,
    )  # fmt: skip
    found = Without(
        candidate="formula", ids=("1254", "141"), n_training=2, n_left=1_035, n_measured=345, rows="test", trials=5,
        moves=(move,), mean_move=2_800.0, largest_move=51_000.0, largest_id="63", usual_move=200.0,
    )  # fmt: skip
    narrative = say_without.describe(found, study, audience=audience)
    assert faults(narrative, study, audience) == []
    assert "“Sewer” at “septic" in narrative.headline.text
    said = {
        "turns": "points the other way",
        "fades": "no longer be told",
        "appears": "can be told",
        "gone": "nothing is left",
    }
    assert said[fate] in narrative.headline.text


def test_terms_are_said_in_the_words_of_the_dictionary() -> None:
    study = sample("saratoga_prices")
    assert weights.term(study, "house_age^2").text == "“Age of the house” squared"
    assert (
        weights.term(study, "house_age:sewer[septic]").text
        == "“Age of the house” together with “Sewer” at “septic tank”"
    )
    smokes = sample("cigarette_demand")
    assert weights.term(smokes, "log(real_price)").text == "“Price”"
    assert weights.term(smokes, "log(real_price)", audience="technical").text == "the log of “Price”"
    assert weights.term(study, "strange(thing)").text == "“strange(thing)”"
