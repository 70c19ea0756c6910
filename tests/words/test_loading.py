"""What is said of a file, of guessed columns and of cases with guessed dictionaries: plain, and true of its numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from explainers import Study, attribution, guess, uploads
from explainers.results import Problem
from explainers.words import case, loading, phrases, preview
from tests.explainers.guess_answers import TABLES
from tests.words import gates

QUICK = ("iris", "fair", "tips", "statecrime", "saratoga_prices")


def test_what_a_file_holds_is_plain() -> None:
    problem = Problem(code="x", where="y", message="z", remedy="w", severity="warning")
    said = loading.describe("sales.csv", "OpenDocument", 1_234, 1, [problem], above=2)
    assert said.headline.text == "“sales.csv” holds 1,234 rows and 1 column."
    assert "2 rows above the names of the columns were left out." in gates.text_of(said.sentences)
    assert not gates.plain(gates.every(said))


def test_what_columns_are_for_is_counted_and_named() -> None:
    roles = {"a": "feature", "b": "feature", "c": "id", **dict.fromkeys("defgh", "leakage")}
    said = loading.uses(roles, {k: k.upper() for k in roles})
    text = gates.text_of(gates.every(said))
    assert said.headline.text == "2 of 8 columns serve as things to look at."
    assert "“C” names the case." in text
    assert "“D”, “E” and “F” and 2 more: each gives the answer away." in text


def test_training_says_what_failed_and_what_took_too_long() -> None:
    said = loading.trained({"No model": "built", "Trees": "no rows"}, minutes=1.0, stopped=["Curves"])
    text = gates.text_of(gates.every(said))
    assert said.headline.text == "1 option is trained."
    assert "“Trees” could not be trained: no rows." in text
    assert "“Curves” took longer than 1 minute and was left out." in text


def _study(name: str) -> Study:
    table = TABLES[name]
    frame = table.frame()
    frame.columns = [str(c) for c in frame.columns]
    frame = frame.head(1500)
    found = guess.dictionary(frame, target=table.target)
    entries = {n: {k: v for k, v in uploads.entry(f).items() if k != "name"} for n, f in found.features.items()}
    return Study.from_frame(
        frame, target=table.target, candidates=["no_model", "tree"], dictionary=entries, case=found.case,
        cases=found.cases, name=name,
    )  # fmt: skip


@pytest.mark.parametrize("name", [n if n in QUICK else pytest.param(n, marks=pytest.mark.promise) for n in TABLES])
def test_cases_of_real_tables_with_guessed_dictionaries_pass_the_gates(name: str) -> None:
    """As strict as for the samples; labels stand where a person would have written a phrase (rules 7 and 8)."""
    study = _study(name)
    faults = []
    for feature in study.dictionary.names("feature"):
        said = preview.feature_sentences(study, feature)
        faults += [s.text for s in said if gates.UGLY.search(s.text) or gates.RAW.search(s.text)]
    cases = study.frame.iloc[[0, len(study.frame) // 2, -1]]
    for option in ("tree", "no_model"):
        explanation = attribution.explain(study, option, cases)
        for row in range(3):
            every = gates.every(case.describe(explanation, study, row=row))
            faults += [*gates.plain(every), *gates.true(every, study)]
            technical = case.describe(explanation, study, row=row, audience="technical")
            faults += gates.true(gates.every(technical), study)
    assert faults == []


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (["yes", "no"], "recorded as “Sold: yes”"),
        ([1, 0], "recorded as “Sold: yes”"),
        ([True, False], "recorded as “Sold: yes”"),
        (["ja", "nein"], "recorded as “Sold: yes”"),
        ([7, 3], "recorded as “Sold: 7”"),
        (["gone", "stayed"], "gone"),
    ],
)
def test_an_outcome_that_is_a_bare_yes_or_number_is_named(values: list[Any], says: str) -> None:
    frame = pd.DataFrame({"size": range(40), "sold": [values[i % 3 == 0] for i in range(40)]})
    entries = {"sold": uploads.entry(guess.dictionary(frame, target="sold").features["sold"])}
    del entries["sold"]["name"]
    study = Study.from_frame(frame, target="sold", positive=values[0], dictionary=entries, candidates=["no_model"])
    assert phrases.class_words(study, study.positive) == says


def test_levels_of_odd_digits_are_only_text() -> None:
    assert phrases.level_words({1: "one"}, "1") == "one"
    for odd in ("²", "٣", "7" * 5_000):
        assert phrases.level_words({1: "one"}, odd) is None


def test_a_preview_is_what_the_page_says_later(tmp_path: Path) -> None:
    study = _study("iris")
    sketch = preview.sketch(
        study.frame, study.dictionary.features, target=study.target, task=study.task, classes=study.classes
    )
    texts = [s.text for s in preview.feature_sentences(sketch, "petal length (cm)")]
    assert len(texts) == 3
    assert all(t.startswith("The petal length is ") and " cm" in t for t in texts)
    del tmp_path
