"""What is said of the oddest cases and of picked ones: true, plain, and calm where nothing stands out."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from explainers import Study, open_study, outliers
from explainers.figures import odd as draw
from explainers.outliers import ranking
from explainers.results import Narrative, Sentence
from explainers.words import named_groups, picked
from explainers.words import odd as words
from tests.conftest import ROOT
from tests.words import gates, samples

STUDIES = ("boston_mortgages", "saratoga_prices", "saratoga_heating", "cigarette_demand")


@cache
def sample(name: str) -> Study:
    return open_study(ROOT / "sample_data" / name, build=False)


@cache
def ranked(name: str, rows: str = "test") -> pd.DataFrame:
    return ranking.scores(sample(name), rows=rows)


def told(name: str, **more: object) -> Narrative:
    study, found = sample(name), ranked(name)
    at = study.case_ids.get_indexer(found.index[:1])
    return words.describe(found, outliers.unusual(study, study.frame.iloc[at]), study, **more)  # type: ignore[arg-type]


def faults(said: tuple[Sentence, ...], study: Study, name: str = "") -> list[str]:
    """Names of cases are the data's: the grade reads each digit of them as a syllable, so one word stands for them."""
    read = tuple(replace(s, text=s.text.replace(name, "that one")) for s in said) if name else said
    return gates.plain(read) + gates.true(said, study)


@pytest.mark.parametrize("name", STUDIES)
@pytest.mark.parametrize(
    "marks", [None, {"real": 1, "data error": 0, "check": 2}, {"real": 12, "data error": 3, "check": 1}]
)
def test_the_card_passes_the_gates(name: str, marks: dict[str, int] | None) -> None:
    narrative = told(name, marks=marks)
    assert faults(gates.every(narrative), sample(name), str(ranked(name).index[0])) == []
    assert str(ranked(name).index[0]) in narrative.headline.text
    said = " ".join(s.text for s in narrative.sentences)
    assert ("Nothing was taken out of the data" in said) == bool(marks)
    if marks and marks["real"] == 1:
        assert "People marked three" in said
        assert "one as real and two to be checked" in said


@pytest.mark.parametrize("name", STUDIES)
def test_each_reason_of_the_list_passes_the_gates(name: str) -> None:
    study, found = sample(name), ranked(name)
    at = study.case_ids.get_indexer(found.index[:30])
    result = outliers.unusual(study, study.frame.iloc[at])
    every = [words.reason(result, study, row=row) for row in range(len(at))]
    for first in range(0, len(at), 10):  # ten are read at a time
        assert faults(tuple(s for said in every[first : first + 10] for s in said), study) == []


@pytest.mark.parametrize("rows", ["test", "all"])
def test_the_method_passes_the_gates(rows: str) -> None:
    study = sample("boston_mortgages")
    assert faults(words.method(ranked("boston_mortgages"), study, rows=rows), study) == []
    technical = words.method(ranked("boston_mortgages"), study, rows=rows, audience="technical")
    assert gates.true(technical, study) == []


def test_nothing_is_odd_where_nothing_stands_out_and_nobody_is_there() -> None:
    study = samples.loans()
    found = ranking.scores(study)
    last = found.iloc[[-1]]
    at = study.case_ids.get_indexer(last.index)
    calm = words.describe(last, outliers.unusual(study, study.frame.iloc[at]), study)
    assert "none stands out" in calm.headline.text
    assert calm.sentences == ()
    nobody = words.describe(found.iloc[:0], None, study)
    assert nobody.headline.text == "There are no never-seen applications to look at."
    assert faults(gates.every(nobody), study) == []


def test_the_chart_names_the_oddest_and_states_its_sample() -> None:
    rng = np.random.default_rng(0)
    study = samples.loans()
    n = 5_000
    names = pd.Index([f"c{i}" for i in range(n)])
    table = pd.DataFrame(
        {"score": np.sort(rng.exponential(size=n))[::-1], "share": np.arange(1, n + 1) / n}, index=names
    )
    off = pd.Series(rng.random(n), index=names)
    off.iloc[77] = 1.0
    off.iloc[5] = np.nan
    figure = draw.draw(table, off, study, title="", alt="words", axes=words.axes(study, shares=True), marked={"c4000"})
    drawn = [c[0] for t in figure.data for c in t.customdata]
    assert figure.layout.meta == {"alt": "words", "drawn": len(drawn), "of": n - 1}
    assert len(drawn) <= draw.MOST_POINTS + 1
    assert {"c0", "c1", "c2", "c77"} <= set(drawn)
    assert "c5" not in drawn
    assert {"c0", "c77"} <= {c[0] for c in figure.data[1].customdata}
    assert [a.text for a in figure.layout.annotations] == ["c0", "c77"]
    assert words.title(table, off, study) == (
        "The answer is furthest off for application c77, not for the one with the oddest values"
    )
    assert words.title(table.iloc[:0], off, study) == ""


def test_the_chart_is_of_100_for_business_and_of_1_for_the_technical_reader() -> None:
    study = samples.loans()
    table = pd.DataFrame({"score": [2.0, 1.0], "share": [0.1, 0.5]}, index=["a", "b"])
    off = pd.Series([0.25, 0.75], index=table.index)
    highest = {}
    for audience in ("business", "technical"):
        axes = words.axes(study, shares=True, audience=audience)
        made = draw.draw(table, off, study, title="", alt="", axes=axes, technical=audience == "technical")
        assert ("of 100" in made.layout.yaxis.title.text) == (audience == "business")
        highest[audience] = max(float(y) for t in made.data for y in t.y)
    assert highest == {"business": pytest.approx(75), "technical": pytest.approx(0.75)}


def test_names_full_of_markup_are_text_on_the_chart() -> None:
    study = samples.loans()
    table = pd.DataFrame({"score": [1.0], "share": [np.nan]}, index=["<b>x</b>"])
    figure = draw.draw(table, pd.Series([0.5], index=table.index), study, title="", alt="", axes=("a", "b"))
    assert "<b>" not in figure.data[1].hovertext[0]
    assert figure.layout.annotations[0].text == "&lt;b&gt;x&lt;/b&gt;"
    assert (
        draw.draw(table.iloc[:0], pd.Series(dtype=float), study, title="", alt="", axes=("a", "b")).layout.meta["of"]
        == 0
    )


# -- picked cases ----------------------------------------------------------------------------------------------------
def rows(values: list[float], actual: float = 100.0) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": [str(i) for i in range(len(values))],
            "actual": actual,
            "predicted": actual - np.array(values),
            "residual": values,
        }
    )


def prices() -> Study:
    return sample("saratoga_prices")


@pytest.mark.parametrize("n", [1, 2, 12])
def test_picked_numbers_are_set_beside_all(n: int) -> None:
    every = rows([1000.0, -1000.0] * 50 + [50_000.0] * 20)
    said = picked.describe(every.iloc[100 : 100 + n], every, prices())
    assert faults(said, prices()) == []
    assert f"{n} of 120 never-seen" in said[0].text
    assert "$50,000" in said[1].text
    assert "$9,200" in said[1].text
    assert (len(said) == 3) == (n >= 3)
    if n == 12:
        assert said[2].text == "The record lies above the answer for 12 of 12 houses."


def test_picked_classes_are_counted_and_not_called_wrong() -> None:
    study = sample("boston_mortgages")
    every = rows([0.5, -0.2, 0.9])
    said = picked.describe(every.iloc[:2], every, study, differs=(1, 1))
    assert faults(said, study) == []
    assert "differs from what the lender decided on 1 of 2" in said[1].text
    assert picked.describe(every.iloc[:0], every, study)[0].text == "0 of 3 never-seen applications picked."


def test_cells_of_the_table_are_in_the_readers_unit() -> None:
    study = prices()
    table = picked.cells(rows([5000.0, -20_000.0]), study, "tree")
    assert list(table.columns) == ["What the option says", "Record less answer"]
    assert table.iloc[1, 1] == "\u2212$20,000"
    loans = sample("boston_mortgages")
    chances = picked.cells(rows([0.69, -0.31], actual=1.0), loans, "tree")
    assert chances.iloc[0, 1] == "69 of 100"
    assert "turned down" in str(chances.iloc[0, 0])


@pytest.mark.parametrize("audience", ["business", "technical"])
def test_what_a_chart_is_set_against_has_a_name(audience: str) -> None:
    study = prices()
    for name in ("predicted", "actual", "order", *study.inputs):
        said = picked.against(study, name, audience=audience)  # type: ignore[arg-type]
        assert said
        assert "_" not in said


# -- groups that people kept -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("n", [0, 1, 29, 30, 400])
def test_a_kept_group_is_counted_and_small_ones_tell_little(n: int) -> None:
    loans, houses = sample("boston_mortgages"), prices()
    said = {
        houses.name: named_groups.ranges(n, n // 2, 0.9, houses),
        loans.name: named_groups.rates(n, n // 3, 0.123 * n, loans),
        "agreeing": named_groups.agreeing(n, n, loans),
    }
    for name, sentences in said.items():
        assert gates.true(sentences, houses if name == houses.name else loans) == []
        assert ("tell little" in sentences[-1].text) == (0 < n < 30)
        assert ("is a never-seen one" in sentences[0].text) == (n == 0)
    assert gates.plain([s for sentences in said.values() for s in sentences]) == []  # a single one has no grade
    if n == 400:
        assert said[houses.name][0].text == "The range held for 200 of 400 houses."
        assert said[houses.name][1].text == "It was to hold for 90 in 100."
        assert "133 were turned down by the lender" in said[loans.name][0].text
        assert said[loans.name][1].text == "The option had said 49 or so."
