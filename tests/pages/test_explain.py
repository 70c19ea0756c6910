from __future__ import annotations

import json
import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from explainers import jobs, keys, predict
from pages.parts import cached
from tests.pages import hostile
from tests.pages.conftest import Open, told, unescaped

OPTIONS = ("no_model", "rule", "formula", "tree", "logistic", "ebm", "forest", "boosting", "logistic_protected")
CASE = "621"
LIVE = re.compile(r"(?<!\\)(?:\]\(|<[a-z]|\$|:red\[|!\[)")
"""Markup that a browser would act on: signs without a backslash in front."""


def waterfall(at: AppTest) -> dict[str, Any]:
    return json.loads(at.get("plotly_chart")[0].proto.spec)


def amounts(at: AppTest) -> list[int]:
    """Return the amounts of the rows of reasons, as whole hundredths."""
    found = re.findall(
        r":(?:orange|blue|gray)-badge\[([+−]?\d+)(?: in 100| points?)\]",
        unescaped("\n".join(m.value for m in at.main.markdown)),
    )
    return [int(v.replace("−", "-")) for v in found]


@pytest.mark.parametrize("option", OPTIONS)
def test_every_option_says_answer_reasons_limits_and_whom_to_ask(page: Open, option: str) -> None:
    opened = cached.study(cached.folders()["boston_mortgages"])
    jobs.submit("coverage", study=opened, candidate=option, level=0.9).result()
    jobs.submit("usual", study=opened).result()
    at = page("explain", study="boston_mortgages", option=option, case=CASE)
    text = told(at)
    assert re.search(r"### .*\b\d+ (in|of) 100\b", text)
    assert "sample study: not for decisions" in text
    assert "samples@example.org" in text
    assert "You can challenge an answer" in text
    if option == "no_model":
        assert "same answer" in text
        assert not amounts(at)
    else:
        assert re.search(r"Of 100 applications with a similar score, .* were turned down by the lender", text)
        assert "Not checked yet" not in text
        assert 1 <= len(amounts(at)) <= 7
        assert "These are not causes" in text


@pytest.mark.parametrize("option", ["rule", "tree", "boosting", "logistic_protected"])
def test_the_rows_of_reasons_add_up_to_the_answer_and_are_the_bars_of_the_chart(page: Open, option: str) -> None:
    at = page("explain", study="boston_mortgages", option=option, case=CASE)
    bars = waterfall(at)["data"][0]
    lengths, starts = bars["x"], bars["base"]
    assert isinstance(lengths, list)
    start, *steps, end = (round(v) for v in lengths)
    assert steps == amounts(at)
    assert start + sum(steps) == end
    assert starts[0] == starts[-1] == 0


def test_the_two_audiences_are_told_the_same_numbers(page: Open) -> None:
    business = page("explain", study="boston_mortgages", option="boosting", case=CASE)
    technical = page("explain", study="boston_mortgages", option="boosting", case=CASE, audience="technical")
    hundredths, finer = (waterfall(at)["data"][0]["x"] for at in (business, technical))
    assert hundredths == pytest.approx([100 * v for v in finer], abs=0.6)
    assert finer == [round(v, 3) for v in finer]
    assert "Step-by-step trees" in told(business)
    assert "gradient" in told(technical).lower()
    assert "Option" in [s.label for s in business.sidebar.selectbox]
    assert "Candidate" in [s.label for s in technical.sidebar.selectbox]


def test_a_protected_characteristic_is_shown_as_what_it_is(page: Open) -> None:
    text = told(page("explain", study="boston_mortgages", option="logistic_protected", case=CASE))
    assert text.count("A protected characteristic") == 2
    assert "A protected characteristic" not in told(
        page("explain", study="boston_mortgages", option="logistic", case=CASE)
    )


def test_the_link_chooses_case_option_reference_and_audience(page: Open) -> None:
    link = {
        "study": "boston_mortgages",
        "option": "tree",
        "case": "8",
        "reference": "public_bad_credit:yes",
        "audience": "technical",
    }
    at = page("explain", **link)
    assert at.sidebar.selectbox(key="study").value == "boston_mortgages"
    assert at.sidebar.selectbox(key="option").value == "tree"
    assert at.selectbox(key="case").value == "8"
    assert at.selectbox(key="reference").value == "public_bad_credit:yes"
    assert at.session_state["audience"] == "technical"


def test_another_reference_changes_the_start_and_not_the_answer(page: Open) -> None:
    everyone = waterfall(page("explain", study="boston_mortgages", option="tree", case="379"))["data"][0]["x"]
    group = waterfall(
        page("explain", study="boston_mortgages", option="tree", case="379", reference="public_bad_credit:yes")
    )["data"][0]["x"]
    other = waterfall(page("explain", study="boston_mortgages", option="tree", case="379", reference="case:621"))[
        "data"
    ][0]["x"]
    assert everyone[-1] == group[-1] == other[-1]
    assert len({everyone[0], group[0], other[0]}) >= 2
    assert sum(group[:-1]) == pytest.approx(group[-1])


@pytest.mark.parametrize(("key", "said"), [("study", "There is no study"), ("option", "This study has no option")])
@pytest.mark.parametrize("asked", ["nosuch", "<b>x</b> $x$", "x" * 3000])
def test_a_link_to_what_is_not_here_says_so_until_the_reader_turns_to_something_else(
    page: Open, key: str, said: str, asked: str
) -> None:
    at = page("explain", **{"study": "boston_mortgages", "option": "tree", "case": "379"} | {key: asked})
    notes = [note.value for note in at.info]
    assert len(notes) == 1
    assert notes[0].startswith(said)
    there = at.selectbox(key="case").value == "379"
    assert there == (key == "option"), "a case of another study is not looked for here"
    other = next(name for name in ("tree", "rule") if name != at.session_state["option"])
    at.selectbox(key="option").set_value(other).run()
    assert not at.info


@pytest.mark.parametrize(
    "case", ["999999", "", "   ", "-1", "1e3", "pin-1", "pin-'; drop table pins", "<b>x</b>", "$x$", "x" * 3000]
)
def test_an_unknown_case_is_told_by_name_and_never_an_exception(page: Open, case: str) -> None:
    text = told(page("explain", study="boston_mortgages", option="tree", case=case))
    assert "Why this prediction?" in text
    assert ("There is no application" in text) or ("is not there any more" in text) or ("### " in text)
    assert "Something went wrong" not in text


@pytest.mark.parametrize(
    "state",
    [
        {"option": ["tree"]},
        {"option": 17},
        {"study": None},
        {"reference": {"kind": "case"}},
        {"reference": "self_employed:perhaps"},
        {"case": 621},
        {"case": None},
        {"audience": "<b>"},
        {"audience": 3},
        {"look": "nowhere"},
        {"look": 5},
        {"author": "<img src=x onerror=alert(1)>" * 10},
        {"find_ids": ("find_table", ["1"])},
        {"go_to_case": "nowhere"},
        {"reference_unknown": "[a](http://x.example)"},
    ],
)
def test_hostile_session_values_never_stop_the_page(page: Open, state: dict[str, Any]) -> None:
    text = told(page("explain", state=state, study="boston_mortgages", case="8"))
    assert "Why this prediction?" in text
    assert "Something went wrong" not in text


@pytest.mark.parametrize("look", ["change", "others", "similar", "values", "method"])
@pytest.mark.parametrize("study", ["boston_mortgages", "houses", "grades", "tiny", "markup"])
def test_every_tab_of_every_kind_of_study_says_something(page: Open, study: str, look: str) -> None:
    at = page("explain", study=study, look=look, **({"option": "tree"} if study == "boston_mortgages" else {}))
    text = told(at)
    says = {
        "change": "This shows what the option would say",
        "others": "Answer and first reason",
        "similar": "similar",
        "values": "Everything the data holds on this",
        "method": "A second opinion",
    }
    assert says[look] in text


def test_numbers_are_explained_in_their_unit(page: Open) -> None:
    text = told(page("explain", study="houses", option="logistic"))
    assert re.search(r"\d+\.\d thousand euros (above|below) the average of \d+\.\d thousand euros", text)
    assert " in 100 houses with a score" not in text


def test_three_classes_name_the_class_and_that_scores_were_not_checked(page: Open) -> None:
    text = told(page("explain", study="grades", option="logistic"))
    assert re.search(r"The score for being (low|middle|high) is \d+ of 100", text)
    assert "not checked against outcomes" in text


def test_a_value_that_was_changed_is_answered_beside_the_recorded_one(page: Open) -> None:
    at = page("explain", study="boston_mortgages", option="tree", case=CASE, look="change")
    control = next(n for n in at.number_input if "Debt payments" in unescaped(n.label))
    assert control.value == pytest.approx(116.0)
    control.set_value(30.0).run()
    text = told(at)
    assert "As recorded" in text
    assert "With your changes" in text
    assert len(at.get("plotly_chart")) == 3
    shown = re.search(r"With your changes: (\d+) (?:in|of) 100", text)
    assert shown
    from pages.parts import cached

    study = cached.study(cached.folders()["boston_mortgages"])
    row = study.row(CASE).assign(debt_payments_to_income=0.30)
    assert int(shown[1]) == round(100 * predict.predict(study, "tree", row)["yes"].iloc[0])
    at.button(key="change_reset").click().run()
    assert "Nothing is changed yet" in told(at)
    assert next(n for n in at.number_input if "Debt payments" in unescaped(n.label)).value == pytest.approx(116.0)


def test_markup_stays_text_in_every_sentence_label_and_chart(page: Open) -> None:
    at = page("explain", study="markup", option="logistic", look="values")
    for kind in ("markdown", "caption", "warning", "title", "subheader"):
        for element in at.get(kind):
            assert not LIVE.search(element.value), element.value
    figure = waterfall(at)
    shown = " ".join(map(str, figure["layout"]["yaxis"]["ticktext"] + figure["data"][0]["hovertext"]))
    assert "<img" not in shown
    assert "<a" not in shown


def test_no_case_is_explained_twice_under_one_key() -> None:
    """Two cases that differ in one value never share an explanation."""
    from pages.parts import cached

    study = cached.study(cached.folders()["boston_mortgages"])
    one = keys.case_values(study.row("8"))
    two = {**one, "debt_payments_to_income": one["debt_payments_to_income"] + 0.01}
    assert keys.explanation_key(study, "tree", one) != keys.explanation_key(study, "tree", two)


def test_the_hostile_study_is_hostile() -> None:
    assert len(hostile.COLUMNS[5]) == 300


def test_that_few_past_cases_are_alike_is_said_once(page: Open) -> None:
    at = page("explain", study="boston_mortgages", option="tree", case="211", look="similar")
    assert told(at).count("are like this one, so they say little about it") == 1
