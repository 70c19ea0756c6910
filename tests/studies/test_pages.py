"""Both pages of every sample study, run as a reader opens them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.pages.conftest import told, unescaped
from tests.studies.conftest import NAMES, built, opened
from tests.words.gates import RAW


@pytest.fixture(scope="module", autouse=True)
def workers() -> Iterator[None]:
    yield
    from explainers import jobs

    jobs.shutdown()


@pytest.mark.parametrize("audience", ["business", "technical"])
@pytest.mark.parametrize("name", NAMES[1:])
def test_home_of_every_study(name: str, audience: str) -> None:
    study = built(name)
    text = told(opened("home", study=name, audience=audience))
    assert study.question in text
    assert "sample study: not for decisions" in text
    assert "Something went wrong" not in text
    assert "nothing was measured" not in text.lower()
    for pin in study.pinned[:3]:
        assert pin["note"] in text


def test_home_of_the_cigarettes_says_elasticity_and_what_is_hardest_to_beat() -> None:
    built("cigarette_demand")
    text = told(opened("home", study="cigarette_demand"))
    assert "Where the price is 10% higher, sales are 7.7% lower (5.0% to 10.2%)." in text
    assert "“Last known figure” is the hardest to beat" in text
    assert "nothing costlier has earned its place" in text
    assert "the state's figure of the year before" in text


def test_home_of_the_heating_fuels_counts_every_fuel() -> None:
    built("saratoga_heating")
    at = opened("home", study="saratoga_heating")
    text = told(at)
    assert re.search(r"agrees with the record on \d+ \(\d+ to \d+\) of 345 never-seen houses", text)
    table = at.main.get("table")[0].value
    for fuel, n in (("electricity", 63), ("gas", 239), ("oil", 43)):
        assert all(re.fullmatch(rf"\d+ of {n}", v) for v in table[f"Finds, of those heated with {fuel}"])
    assert all(re.fullmatch(r"\d+ of 345", v) for v in table["Same as the record"])


@pytest.mark.parametrize(
    ("name", "option", "says"),
    [
        ("saratoga_heating", "boosting", "heated with gas"),
        ("saratoga_heating", "rule", "heated with gas"),
        ("saratoga_prices", "formula", "the option says \\$"),
        ("saratoga_prices", "no_model", "same answer"),
        ("cigarette_demand", "formula", "the option says \\d+ packs"),
        ("cigarette_demand", "rule", "Sales the year before were"),
    ],
)
def test_explain_of_every_study(name: str, option: str, says: str) -> None:
    case = built(name).pinned[0]["case"]
    text = told(opened("explain", study=name, option=option, case=case, look="values"))
    assert "Something went wrong" not in text
    assert re.search(says, text), text[:2000]
    assert "sample study: not for decisions" in text
    assert not RAW.search(re.sub(r"https?://\S+", "", text.split("Everything the data holds")[0]))


@pytest.mark.parametrize("look", ["change", "others", "similar", "method"])
def test_every_tab_of_a_study_with_several_classes(look: str) -> None:
    built("saratoga_heating")
    text = told(opened("explain", study="saratoga_heating", option="tree", case="111", look=look))
    assert "Something went wrong" not in text


def test_reasons_for_another_fuel_than_the_answer() -> None:
    """Why gas and not electricity: the reasons for each, by the link and by the picker."""
    built("saratoga_heating")
    link = {"study": "saratoga_heating", "option": "boosting", "case": "504"}
    own = opened("explain", **link)
    assert "were heated with gas" in told(own)
    assert own.selectbox(key="outcome").value == "its answer"
    electric = opened("explain", **link, outcome="electric")
    assert electric.selectbox(key="outcome").value == "electric"
    assert re.search(r"### .*heated with electricity", unescaped(told(electric)))
    own.selectbox(key="outcome").set_value("oil").run()
    assert re.search(r"### .*heated with oil", told(own))
    assert own.query_params["outcome"] in ("oil", ["oil"])


def test_two_classes_and_numbers_have_no_picker_of_classes() -> None:
    built("saratoga_prices")
    at = opened("explain", study="saratoga_prices", option="tree", case="1543", outcome="gas")
    assert "outcome" not in [s.key for s in at.selectbox]
    assert "Something went wrong" not in told(at)
