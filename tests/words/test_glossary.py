"""Every field of a result and every metric has an entry, in words that a person outside the team would use."""

from __future__ import annotations

import dataclasses
import re

import pytest

from explainers import guess, results
from explainers.diagnostics.catalogue import ABOUT
from explainers.load import columns_read, reading
from explainers.metrics import class_measures, errors, evaluate, number_measures
from explainers.study import Study
from explainers.words import glossary

OF_FILES = (reading.Reading, reading.Finding, reading.ReadOptions, columns_read.ColumnRead, guess.Guess, guess.Guesses)
RESULTS = {
    name: made
    for name, made in vars(results).items()
    if dataclasses.is_dataclass(made) and getattr(made, "__module__", "").startswith(results.__name__)
} | {made.__name__: made for made in OF_FILES}
FIELDS = [f"{name}.{field.name}" for name, made in RESULTS.items() for field in dataclasses.fields(made)]


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_of_a_result_has_an_entry_and_a_help(name: str) -> None:
    assert glossary.entry_for(name), f"{name} is in no entry's covers in explainers/words/glossary.yaml"
    owner, field = name.split(".")
    found = next(f for f in dataclasses.fields(RESULTS[owner]) if f.name == field)
    assert len(found.metadata.get("help", "")) > 5


def test_every_metric_has_an_entry() -> None:
    import numpy as np

    answers, actual = np.array([[0.2, 0.8], [0.6, 0.4], [0.9, 0.1]]), np.array([1, 0, 0])
    names = {*class_measures(answers, actual, focus=1), *number_measures(np.arange(3.0), np.arange(3.0) + 1)}
    assert names == {"accuracy", "auc", "log_loss", "brier", "mae", "rmse", "r2"}
    assert not [n for n in names if glossary.entry_for(f"metric:{n}") is None]


def test_every_diagnostic_has_an_entry() -> None:
    assert not [code for code in ABOUT if glossary.entry_for(f"diagnostic:{code}") is None]


def test_no_entry_covers_what_does_not_exist() -> None:
    known = {*FIELDS, *(f"metric:{n}" for n in ("accuracy", "auc", "log_loss", "brier", "mae", "rmse", "r2"))}
    known |= {f"diagnostic:{code}" for code in ABOUT}
    assert not [c for e in glossary.entries() for c in e.covers if c not in known]


def test_each_thing_is_covered_once() -> None:
    covered = [c for e in glossary.entries() for c in e.covers]
    assert len(covered) == len(set(covered))


@pytest.mark.parametrize("entry", glossary.entries(), ids=lambda e: e.term)
def test_an_entry_is_plain_and_whole(entry: glossary.Entry) -> None:
    for text in (entry.means, entry.matters):
        assert text.endswith(".")
        assert max(len(s.split()) for s in re.split(r"[.;:?]", text)) <= 30
    assert entry.example
    assert entry.where
    assert not re.search(
        r"\b(causes|leads to|because of|drives|effect of|results in)\b", f"{entry.means} {entry.matters}"
    )


@pytest.mark.parametrize(
    ("asked", "term"),
    [
        ("usually off by", "mean absolute error"),
        ("AUC", "AUC"),
        ("shaply", "Shapley value"),
        ("option", "candidate"),
        ("found", "true positives"),
        ("never-seen", "test set"),
    ],
)
def test_search_works_both_ways(asked: str, term: str) -> None:
    assert term in [e.term for e in glossary.search(asked)[:3]]


def test_search_of_nonsense_finds_nothing_and_of_nothing_everything() -> None:
    assert glossary.search("xqzzy") == ()
    assert glossary.search("  ") == glossary.entries()


def test_the_examples_are_what_the_sample_study_shows(mortgages: Study) -> None:
    study = mortgages.build("boosting", "no_model")
    counted = errors(study, "boosting")
    found = {m.name: m.value for m in evaluate(study, "boosting")}
    none = {m.name: m.value for m in evaluate(study, "no_model")}
    flagged, rest = counted.found + counted.missed, counted.false_alarms + counted.passed
    expected = {
        "true positives": f"{counted.found} of {flagged}",
        "false negatives": f"{counted.missed} of {flagged}",
        "false positives": f"{counted.false_alarms} of the {rest}",
        "true negatives": f"{counted.passed} of {rest}",
        "AUC": f"{100 * found['auc']:.0f} of 100 pairs",
        "metric": f"AUC {found['auc']:.3f}",
    }
    pairs = {"accuracy": "accuracy", "log loss": "log_loss", "Brier score": "brier"}
    expected |= {t: f"{found[m]:.3f}, with {none[m]:.3f} for no model" for t, m in pairs.items()}
    example = {e.term: e.example for e in glossary.entries()}
    assert not {t: (w, example[t]) for t, w in expected.items() if w not in example[t]}
