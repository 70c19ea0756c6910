from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from explainers.results import Sentence
from explainers.words import glossary
from pages.parts import terms
from tests.pages import hostile
from tests.pages.conftest import Open, told, unescaped

LINK = re.compile(r"(?<!\\)\[((?:\\.|[^\]\\])*)\]\((glossary\?[^)]*)\)")
KEPT = {"study": "boston_mortgages", "option": "tree", "audience": "technical"}


def said(text: str, **facts: str) -> Sentence:
    return Sentence(text=text, kind="method", facts=facts)


def test_the_first_mention_of_each_term_is_a_link_and_no_other() -> None:
    seen: set[str] = set()
    one = terms.linked(said("ROC AUC 0.87; Shapley values and Shapley values."), seen, KEPT)
    two = terms.linked(said("The AUC again, and the log loss."), seen, KEPT)
    assert [m[1] for m in LINK.finditer(one)] == ["ROC AUC", "Shapley values"]
    assert [m[1] for m in LINK.finditer(two)] == ["log loss"]
    asked = parse_qs(urlsplit(LINK.findall(one)[0][1]).query)
    assert asked == {"term": ["AUC"], **{k: [v] for k, v in KEPT.items()}}
    assert unescaped(one + two) == "ROC AUC 0.87; Shapley values and Shapley values.The AUC again, and the log loss."


def test_every_linked_term_leads_to_its_entry() -> None:
    for entry in glossary.entries():
        for name in entry.names:
            found = glossary.mentions(f"The {name}, here")
            assert [m.entry.term for m in found] == ([] if entry.everyday else [entry.term]), name
        assert glossary.called(entry.term) is entry
        assert glossary.search(entry.term)[0] is entry


def test_names_are_told_apart_and_found_in_the_plural() -> None:
    names = [n.lower() for e in glossary.entries() for n in e.names]
    assert len(names) == len(set(names))
    assert [m.entry.term for m in glossary.mentions("Elasticities and coefficients")] == ["elasticity", "coefficient"]
    assert glossary.mentions("aucune, AUC-like, recalibrated") == ()


def test_labels_and_quotations_are_left_alone() -> None:
    assert glossary.mentions("Shuffling “AUC of the school”: nothing") == ()
    assert glossary.mentions("AUC of the school (7): +0.2", others=["AUC of the school"]) == ()
    assert [m.entry.term for m in glossary.mentions("Measured by 1 − AUC", others=["1 − AUC"])] == ["AUC"]


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_hostile_names_stay_text_beside_links(text: str) -> None:
    whole = f"{text} AUC {text}: log loss {text}"
    for facts in ({}, {"label": text}):
        made = terms.linked(said(whole, **facts), set(), {"study": text, "audience": "technical"})
        links = LINK.findall(made)
        assert all(
            set(a)
            <= set(
                "glossary?term=&study+audience%technical0123456789ABCDEFabcdefghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ_.-~"
            )
            for _, a in links
        )
        rest = LINK.sub("", made)
        assert not re.search(r"(?<!\\)(?:\\\\)*[`*_{}\[\]()#!|<>$]", rest), rest
        assert unescaped(made) == re.sub(r"\s+", " ", whole)


def test_technical_pages_link_and_business_pages_do_not(page: Open) -> None:
    link = {"study": "boston_mortgages", "option": "tree", "look": "method"}
    technical = page("looks_at", audience="technical", **link)
    every = [m for kind in ("markdown", "caption") for e in technical.get(kind) for m in LINK.findall(e.value)]
    assert {"Shapley value", "permutation importance"} <= {parse_qs(urlsplit(a).query)["term"][0] for _, a in every}
    for _, address in every:
        asked = parse_qs(urlsplit(address).query)
        assert (asked["study"], asked["option"], asked["audience"]) == (["boston_mortgages"], ["tree"], ["technical"])
    business = page("looks_at", **link)
    assert not [e for kind in ("markdown", "caption") for e in business.get(kind) if "glossary?" in e.value]


def test_a_link_opens_the_page_at_its_entry(page: Open) -> None:
    at = page("glossary", term="calibration", study="boston_mortgages", option="tree", audience="technical")
    first = next(e.value for e in at.main.get("markdown"))
    assert first.startswith("**Calibration \\(calibrated\\)** · do 30 in 100 mean 30 in 100")
    assert "more that speak of it" in told(at)
    assert at.session_state["option"] == "tree"


@pytest.mark.parametrize(
    ("asked", "says"), [("", "Why it matters"), ("xqzzy", "Nothing fits"), ("MAE", "Usually off by")]
)
def test_the_page_finds_both_ways(page: Open, asked: str, says: str) -> None:
    assert says in told(page("glossary", term=asked, study="boston_mortgages"))


@pytest.mark.parametrize("asked", ["<b>x</b>", "[a](javascript:b)", "$x^2$", "x" * 3000])
def test_a_hostile_search_stays_text(page: Open, asked: str) -> None:
    at = page("glossary", term=asked, study="boston_mortgages")
    assert not at.exception
    assert not [e.value for e in at.get("info") if re.search(r"(?<!\\)[<$\]]", e.value)]
