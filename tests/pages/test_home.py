from __future__ import annotations

import re
from pathlib import Path

import pytest

from explainers import database
from tests.pages.conftest import Open, told

JARGON = re.compile(r"\b(AUC|MAE|RMSE|R²|Brier|log loss|accuracy|calibrat\w*|p-value|candidate)\b", re.IGNORECASE)


def test_says_the_question_that_it_is_a_sample_and_how_good_beside_no_model(page: Open) -> None:
    text = told(page())
    assert "Which mortgage applications did lenders turn down?" in text
    assert "sample study: not for decisions" in text
    assert "data from around 1990" in text
    assert "2,380 applications, 476 of them never seen" in text
    assert re.search(r"Of 57 never-seen applications .* finds \d+", text)
    assert "“No model” finds none of them" in text
    assert "repeats those decisions, fair or not" in text
    assert "samples@example.org" in text


def test_lists_every_option_simplest_first_with_both_kinds_of_error(page: Open) -> None:
    table = page().main.get("table")[0].value
    assert list(table["Option"])[:2] == ["No model", "One rule"]
    assert len(table) == 9
    found = [int(v.removesuffix(" of 57")) for v in table["Finds, of those turned down"]]
    flagged = [int(v.removesuffix(" of 419")) for v in table["Flags, of those accepted"]]
    assert found[0] == flagged[0] == 0
    assert max(found) >= 8
    assert all(f < 57 for f in found)


@pytest.mark.parametrize("study", ["boston_mortgages", "houses", "grades", "tiny"])
def test_business_words_have_no_term_of_statistics_and_technical_words_have(page: Open, study: str) -> None:
    assert not JARGON.findall(told(page(study=study)))
    assert JARGON.search(told(page(study=study, audience="technical")))


def test_numbers_are_answered_in_the_unit_of_the_target(page: Open) -> None:
    text = told(page(study="houses"))
    assert re.search(r"“Weighted score” is usually off by \d+\.\d thousand euros", text)
    assert re.search(r"“No model”.* \d+\.\d thousand euros", text)
    assert "Usually off by" in text


def test_three_classes_count_how_often_the_record_agrees(page: Open) -> None:
    table = page(study="grades").main.get("table")[0].value
    assert all(re.fullmatch(r"\d+ of 48", v) for v in table["Same as the record"])


@pytest.mark.parametrize(
    ("study", "where", "what", "remedy"),
    [
        (
            "broken",
            "column gone",
            "This column should hold the outcome, but it is not in the data.",
            "Name a column of the data.",
        ),
        ("unreadable", "study.yaml", "Line 3 cannot be read", "Put text that holds a colon"),
    ],
)
@pytest.mark.parametrize("name", ["home", "explain"])
def test_a_broken_study_says_where_what_and_what_to_do(
    page: Open, name: str, study: str, where: str, what: str, remedy: str
) -> None:
    at = page(name, study=study)
    text = told(at)
    for part in ("cannot be opened yet", where, what, remedy):
        assert part in text
    assert "Traceback" not in text
    assert [b.label for b in at.main.button] == ["Read it again"]


@pytest.mark.parametrize("name", ["home", "explain"])
def test_no_study_at_all_says_what_would_be_here(
    page: Open, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("explainers.load.catalogue.SAMPLES", tmp_path)
    monkeypatch.setenv("BAKEOFF_STUDIES", str(tmp_path / "gone"))
    text = told(page(name))
    assert "No study yet" in text
    assert "BAKEOFF_STUDIES" in text


@pytest.mark.parametrize(
    "link",
    [
        {"study": "../../etc/passwd"},
        {"option": "<script>"},
        {"audience": "martian"},
        {"study": "houses", "option": "boosting"},
        {"case": "x" * 5000, "reference": "case:" + "9" * 400},
    ],
)
def test_a_link_with_nonsense_falls_back_and_says_no_error(page: Open, link: dict[str, str]) -> None:
    text = told(page(**link))
    assert "How good is each option?" in text
    assert "Something went wrong" not in text


def test_the_little_studies_are_all_on_offer_by_their_titles(page: Open) -> None:
    offered = page().sidebar.selectbox(key="study").options
    assert offered[0] == "Boston mortgage applications"
    assert {"House prices", "Three grades", "A dozen houses", "A broken study"} <= set(offered)


def test_what_people_said_is_listed_with_author_case_and_answers(page: Open) -> None:
    from pages.parts import cached

    study = cached.study(cached.folders()["boston_mortgages"])
    mark = database.add_mark(
        submission_id="11111111-1111-4111-8111-111111111111",
        author="Ada *Lovelace*",
        study=study.name,
        fingerprint=study.fingerprint,
        candidate="tree",
        candidate_key=study.candidate("tree").key,
        case_id="621",
        case={},
        feature="debt_payments_to_income",
        mark="odd",
        reason="Debt payments take 116% of income",
        comment="Nobody pays [that](http://x.example) much",
    )
    before = told(page())
    assert "Ada *Lovelace* on “Debt payments” · application 621 · Small decision tree" in before
    assert "Nobody pays [that](http://x.example) much" in before
    assert re.search(r"\d+ marks?, 1 open", before)
    database.answer_mark(
        mark.id, submission_id="22222222-2222-4222-8222-222222222222", author="Bo", text="We will look."
    )
    after = told(page())
    assert "Bo**: We will look." in after
    assert re.search(r"\d+ marks?, 0 open", after)


def test_an_unreachable_database_is_told_and_the_rest_of_the_page_stays(
    page: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("BAKEOFF_DATABASE_URL", f"sqlite:///{tmp_path / 'file' / 'x.sqlite'}")
    text = told(page())
    assert "How good is each option?" in text
    assert "What people write is kept in" in text
    assert str(tmp_path) not in text
