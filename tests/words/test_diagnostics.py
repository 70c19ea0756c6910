"""What is said of tests: true of the result, plain, in the reader's unit, size first."""

from __future__ import annotations

import dataclasses
import re
from functools import cache

import pytest

from explainers import Study, open_study
from explainers.diagnostics import diagnose
from explainers.diagnostics.catalogue import ABOUT, found, without
from explainers.diagnostics.judging import judged
from explainers.figures import diagnostics as draw
from explainers.results import Diagnostic, Mend, Sentence
from explainers.words import diagnostics as words
from explainers.words import faults, mends, say
from tests.conftest import ROOT
from tests.words import gates

STUDIES = ("cigarette_demand", "saratoga_prices", "boston_mortgages", "saratoga_heating")
OPTIONS = ("no_model", "formula", "tree")


@cache
def sample(name: str) -> Study:
    return open_study(ROOT / "sample_data" / name, build=False)


@cache
def diagnosed(name: str, option: str) -> tuple[Diagnostic, ...]:
    return diagnose(sample(name), option)


def faults_of(result: tuple[Diagnostic, ...], study: Study) -> list[str]:
    business, technical = (words.describe(result, study, audience=a) for a in ("business", "technical"))
    out = gates.plain(gates.every(business)) + gates.true(gates.every(business), study)
    out += gates.true(gates.every(technical), study)
    for d in result:
        out += gates.true(faults.say(d, study), study)
        if said := faults.say(d, study):
            out += [f for f in gates.plain(said) if "jargon" in f]
    for row in words.rows(result, study):
        text = [Sentence(text=t, kind="comparison", facts={}) for t in (row.meaning, row.remedy, row.check) if t]
        out += [f for s in text for f in gates.plain([s]) if "jargon" in f]
    return out


@pytest.mark.parametrize("name", STUDIES)
def test_the_sample_studies_pass_the_gates(name: str) -> None:
    study = sample(name)
    for option in OPTIONS:
        if option in study.candidates:
            assert faults_of(diagnosed(name, option), study) == []


@pytest.mark.parametrize("name", STUDIES)
def test_the_picture_of_sizes_says_what_the_tests_found(name: str) -> None:
    study = sample(name)
    result = diagnosed(name, "formula")
    drawn = draw.drawn(result)
    assert {d.code for d in drawn} == {d.code for d in result if d.status in ("ok", "caution", "problem")}
    counted = sum(d.status in ("caution", "problem") for d in result)
    title = words.sizes_title(drawn)
    assert title.lower().startswith(str(say.spelled(counted))) or (not counted and title.startswith("None of"))
    told = [*words.sizes_hover(drawn, study), title, words.sizes_caption(drawn), words.AXIS, words.COUNTS]
    text = [Sentence(text=t, kind="comparison", facts={}) for t in told]
    assert [f for s in text for f in gates.plain([s]) if "jargon" in f] == []
    assert len(words.sizes_labels(drawn, study)) == len(drawn)
    assert title in words.sizes_alt(drawn, study)


@pytest.mark.parametrize("code", ABOUT)
@pytest.mark.parametrize("status", ["problem", "ok"])
def test_every_test_can_be_said_plainly(code: str, status: str) -> None:
    study = sample("saratoga_prices")
    d = dataclasses.replace(
        found(
            code,
            "formula",
            effect=2.3 if code == "breusch_pagan" else 0.6,
            p_value=1e-6,
            adjusted=1e-5,
            statistic=12.3,
            statistic_name="F",
            df=(2.0, 300.0),
            n=345,
            rows="test",
            columns=("living_area",),
            levels=((1000, 1500), (1501, 2000)),
            level_values=(25_000.0, -12_000.0),
            level_n=(40, 41),
            side="low",
            n_within=8,
        ),
        status=status,
    )
    if code == "scores":
        study = sample("boston_mortgages")
        d = dataclasses.replace(
            d, scale="probability", outcome="yes", levels=((0.1, 0.2),), level_values=(0.08,), level_n=(50,)
        )
    if code == "influence":
        d = dataclasses.replace(d, levels=("12", "99"), level_values=(2.3, 0.1), level_n=(1, 1))
    said = faults.say(d, study)
    assert said
    assert gates.true(said, study) == []
    assert [f for f in gates.plain(said) if "jargon" in f or f[:1].isdigit()] == []
    technical = faults.say(d, study, "technical")
    assert gates.true(technical, study) == []
    assert any("F(2, 300) 12.3, p below 0.0001" in s.text for s in technical)


def test_titles_meanings_and_remedies_are_plain() -> None:
    for code, about in ABOUT.items():
        texts = [f"{about.title}.", about.meaning, about.remedy]
        said = [Sentence(text=t, kind="comparison", facts={}) for t in texts]
        assert gates.plain(said) == [], code
        assert gates.CAUSES.search(" ".join(texts)) is None, code
        assert gates.BLAME.search(" ".join(texts)) is None, code


def test_cigarettes_say_by_themselves_what_is_known_of_them() -> None:
    study = sample("cigarette_demand")
    text = say.text(words.describe(diagnosed("cigarette_demand", "formula"), study))
    assert "Order in time matters within each “State”" in text
    assert "How far it is off differs by “State”" in text
    assert re.search(r"By “State”, \d+ of 46 groups stand out", text)
    assert "“State” is “S09”, 87% too high" in text
    assert "Taking “Last known figure” instead, it does better on 276 never-seen yearly figures." in text


def gap(value: float, **about: object) -> str:
    d = found("bias", "formula", effect=1.0, level_values=(value,), **about)
    return faults.off(value, d, sample("cigarette_demand"), "business").text


def test_the_side_is_that_of_the_answers() -> None:
    # How finely packs are told depends on whether the option was built before.
    assert gap(5.0).replace("5.0", "5") == "5 packs too low"  # more was recorded than said
    assert gap(-5.0).replace("5.0", "5") == "5 packs too high"
    assert gap(-0.1542, scale="log") == "17% too high"
    assert gap(0.1542, scale="log") == "14% too low"


def test_nothing_found_is_not_called_proof() -> None:
    study = sample("saratoga_prices")
    result = judged([found(c, "formula", effect=0.0, p_value=0.5, n=40, rows="test") for c in ("bias", "columns")])
    narrative = words.describe(result, study)
    assert narrative.headline.text == "Two checks of “Plain formula” found nothing that could not be chance."
    caveats = " ".join(s.text for s in narrative.caveats)
    assert "only large faults can be found; finding none proves little" in caveats
    assert words.limit(result, study) == ()


def test_what_was_not_tested_is_said_with_the_reason() -> None:
    study = sample("saratoga_prices")
    result = (
        found("bias", "formula", effect=0.0, n=345, rows="test", side="low"),
        without("white", "formula", "there are too few rows", skipped=True),
        without("scores", "formula", "it answers with a number"),
    )
    text = " ".join(s.text for s in words.describe(result, study).caveats)
    assert "The reason: there are too few rows" in text
    assert "answers with a number" not in text
    rows = {r.code: r for r in words.rows(result, study)}
    assert rows["scores"].found == "It answers with a number."
    assert (rows["scores"].short, rows["white"].short) == ("does not apply", "could not be tested")


def mend(verdict: str, **about: object) -> Mend:
    known = {"kind": "square", "column": "living_area", "formula": "y ~ x", "candidate": "", "metric": "mae"}
    figures = {"before": 42_000.0, "after": 40_000.0, "lower": -3_000.0, "upper": -500.0, "n": 345, "rows": "test"}
    return Mend(**{**known, **figures, "verdict": verdict, **about})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("better", "it does better on 345 never-seen houses. It is then usually off by $40,000 instead of $42,000."),
        ("worse", "it does worse on 345 never-seen houses, so that does not mend it."),
        ("about the same", "it does about the same on 345 never-seen houses: not worth it."),
        ("cannot tell", "345 never-seen houses cannot tell if it does better."),
    ],
)
def test_a_change_is_judged_by_never_seen_rows_only(verdict: str, said: str) -> None:
    study = sample("saratoga_prices")
    text = gates.text_of(mends.say(mend(verdict), study, "formula"))
    assert text.startswith(f"With the square of “Living area” added, {said}")
    technical = mends.say(mend(verdict), study, "formula", "technical")
    assert gates.true(technical, study) == []
    assert "difference −2,000, 95% range −3,000 to −500" in gates.text_of(technical)


def test_problems_come_first_and_the_headline_counts_them() -> None:
    study = sample("cigarette_demand")
    result = diagnosed("cigarette_demand", "formula")
    told = words.shown(result)
    ranks = [words.RANK[d.status] for d in told]
    assert ranks == sorted(ranks)
    n = sum(d.status == "problem" for d in told)
    assert f"is off in {('one', 'two', 'three', 'four', 'five', 'six')[n - 1]} way" in words.title(result, study)
    assert words.limit(result, study)[0].kind == "caveat"
    assert len(words.rows(result, study)) == len(ABOUT)
    assert words.alt(result, study).startswith("Table of 16 tests. ")
