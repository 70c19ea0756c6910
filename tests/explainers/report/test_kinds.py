"""The report: the six kinds of explanation in their order, and honest where something was not looked at."""

from __future__ import annotations

import dataclasses

import pytest

from explainers import Study
from explainers.report import kinds, web
from explainers.study import Dictionary
from explainers.words import kinds as say
from tests.explainers.conftest import study_by_name
from tests.explainers.report.test_decks import DAY, Reading, first_cases
from tests.studies.conftest import NAMES, built
from tests.words import gates


@pytest.mark.parametrize("audience", ["business", pytest.param("technical", marks=pytest.mark.promise)])
@pytest.mark.parametrize("name", ["binary", "regression", "three classes"])
def test_the_kinds_come_in_their_order_and_none_is_empty(name: str, audience: str) -> None:
    study = study_by_name(name)
    made = kinds.report(study, audience=audience, cases=first_cases(study), today=DAY)  # type: ignore[arg-type]
    found = [s.part for s in made.sections]
    assert list(dict.fromkeys(found)) == list(say.PARTS)
    assert found == sorted(found, key=say.PARTS.index)
    page = web.to_html(made)
    assert len(page.encode()) < 8_000_000
    links = [a["href"] for t, a in Reading(page).tags if t == "a"]
    assert links == [f"#{s.name}" for s in made.sections]


def with_protected(study: Study, column: str, *, used: bool) -> Study:
    features = {f.name: dataclasses.replace(f, protected=f.name == column) for f in study.dictionary}
    study = study.replace(dictionary=Dictionary(features=features))
    if used:
        return study
    tree = study.candidates["tree"]
    rest = tuple(n for n in tree.features if n != column)
    return study.replace(candidates={**study.candidates, "tree": dataclasses.replace(tree, features=rest)})


def test_protected_characteristics_are_named_whether_used_or_not() -> None:
    study = study_by_name("binary")
    used = say.fairness(with_protected(study, "garden", used=True), "tree")
    assert used.headline.text.endswith("uses “garden”.") or "Garden" in used.headline.text
    spared = say.fairness(with_protected(study, "garden", used=False), "tree")
    assert "no protected characteristic" in spared.headline.text
    assert "not given to it" in " ".join(s.text for s in spared.sentences)
    assert "not compared yet" in " ".join(s.text for s in spared.caveats)


def test_what_nobody_said_is_said_to_be_missing() -> None:
    study = study_by_name("binary").replace(owner="", used_for="", challenge="")
    assert "nobody stands" in say.responsibility(study, "tree").headline.text.lower()
    assert "nobody has said yet what" in say.impact(study).headline.text.lower()
    assert "nobody has said yet how" in " ".join(s.text.lower() for s in say.impact(study).sentences)


@pytest.mark.parametrize("name", [n if n == NAMES[0] else pytest.param(n, marks=pytest.mark.promise) for n in NAMES])
def test_its_own_words_are_plain_and_true(name: str) -> None:
    study = built(name)
    for made in (
        say.fairness(study, study.first),
        say.data(study),
        say.impact(study),
    ):
        ours = [s for s in gates.every(made) if "source" not in s.facts and "value" not in s.facts]
        ours = [s for s in ours if not {"challenge", "used_for", "contact"} & set(s.facts)]
        assert gates.plain(ours) == []
        assert gates.true(ours, study) == []
