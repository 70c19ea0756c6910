from __future__ import annotations

import json
import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import Open, told, unescaped

LOOKS = {
    "whole": "This is the whole of it",
    "together": "pair",
    "inputs": "Everything the option is given",
    "said": "Nobody has said anything yet",
    "method": "Then one input after the other is shuffled",
}


def bars(at: AppTest) -> dict[str, Any]:
    return json.loads(at.get("plotly_chart")[0].proto.spec)


@pytest.mark.parametrize("look", LOOKS)
def test_every_tab_says_something(page: Open, look: str) -> None:
    text = told(page("looks_at", study="boston_mortgages", option="tree", look=look))
    assert "What does it look at?" in text
    assert "It looks most at “Debt payments”" in text
    assert "476 never-seen applications" in text
    assert "You expect more of “Debt payments” to count towards being turned down by the lender." in text
    assert LOOKS[look] in text
    assert "samples@example.org" in text


@pytest.mark.parametrize("study", ["houses", "grades", "tiny", "markup"])
@pytest.mark.parametrize("option", ["no_model", "logistic"])
def test_every_kind_of_study_has_the_page(page: Open, study: str, option: str) -> None:
    text = told(page("looks_at", study=study, option=option))
    assert "What does it look at?" in text
    assert "Something went wrong" not in text
    assert ("This is the whole of it" in text) or ("cannot be shown whole" in text)


def test_the_link_chooses_the_input_and_keeps_it(page: Open) -> None:
    at = page("looks_at", study="boston_mortgages", option="tree", input="loan_to_value")
    assert at.selectbox(key="input").value == "loan_to_value"
    assert "Loan against home value" in told(at)
    at.selectbox(key="input").set_value("public_bad_credit").run()
    assert "public_bad_credit" in at.query_params["input"]
    assert "“credit problems”" in told(at)


@pytest.mark.parametrize("value", ["gone", "", "<b>x</b>", "x" * 3000, "denied"])
def test_an_unknown_input_falls_back_to_the_strongest(page: Open, value: str) -> None:
    at = page("looks_at", study="boston_mortgages", option="tree", input=value)
    assert at.selectbox(key="input").value == "debt_payments_to_income"
    assert "Something went wrong" not in told(at)


def test_the_whole_tree_is_told_with_its_rows(page: Open) -> None:
    text = told(page("looks_at", study="boston_mortgages", option="tree", look="whole"))
    assert "Where “Public credit record” is “none”, it asks further." in text
    assert "(from 1,176 past applications)" in text


def test_what_cannot_be_shown_whole_is_said_calmly(page: Open) -> None:
    text = told(page("looks_at", study="boston_mortgages", option="boosting", look="whole"))
    assert "This option cannot be shown whole." in text


def test_an_experts_mark_is_kept_and_listed(page: Open) -> None:
    link = {"study": "boston_mortgages", "option": "rule", "input": "public_bad_credit", "look": "said"}
    key = "form_rule_input_public_bad_credit"
    at = page("looks_at", state={"mark_input": True, f"{key}_mark": "odd", f"{key}_comment": "too strong"}, **link)
    at.text_input(key=f"{key}_name").set_value("Ada").run()
    at.button(key=f"{key}_save").click().run()
    from explainers import database

    kept = [m for m in database.marks("boston_mortgages", candidate="rule") if m.case_id is None]
    assert [(m.feature, m.mark, m.author, m.comment) for m in kept] == [
        ("public_bad_credit", "odd", "Ada", "too strong")
    ]
    assert "Public credit record" in kept[0].reason
    again = told(page("looks_at", **link))
    assert "too strong" in again
    assert "1 times “odd”" in again or "“odd”" in again
    assert "all applications" in told(page("home", study="boston_mortgages", option="rule"))


def test_markup_stays_text(page: Open) -> None:
    at = page("looks_at", study="markup", option="logistic", look="whole")
    for kind in ("markdown", "caption", "subheader"):
        for element in at.get(kind):
            assert not re.search(r"(?<!\\)(?:\]\(http|<img|<script|\$x\^2|:red\[x)", element.value), element.value
    shown = json.dumps({k: v for k, v in bars(at)["layout"].items() if k != "meta"})
    assert "<img" not in shown


def test_both_audiences_see_the_same_bars(page: Open) -> None:
    business = page("looks_at", study="boston_mortgages", option="tree")
    technical = page("looks_at", study="boston_mortgages", option="tree", audience="technical")
    # The same bars, of 100 for one and as probabilities for the other.
    hundred, one = (bars(at)["data"][0]["x"] for at in (business, technical))
    assert hundred == pytest.approx([100 * v for v in one])
    assert "mean absolute attribution" in unescaped(told(technical))
