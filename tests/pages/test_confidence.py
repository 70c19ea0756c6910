"""The page "How sure is it?": what it says of every kind of study, and what it says calmly that it cannot say."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from explainers import Study
from tests.pages.conftest import Open, told, unescaped

QUICK = ("no_model", "rule", "tree")
PRAISE = re.compile(
    r"\bbeats? “?no model|better than “?no model|options? (?:was|were) shown to beat|\bdoes beat\b", re.IGNORECASE
)
NEGATED = re.compile(
    r"(?:no (?:option|model) was shown to|not shown to|not been shown to|has to) beat|no better than", re.I
)
LOOKS = ("good", "meaning", "triage", "groups", "method")
SAMPLES = {
    "boston_mortgages": "groups of similar scores, the real rate fitted the stated range",
    "houses": "anges that promise 90 in 100",
    "grades": "ists of answers that promise 90 in 100",
}


def noisy(n: int = 240, seed: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"size": rng.normal(100, 20, n).round(1), "age": rng.integers(0, 60, n)})
    frame["sold"] = np.where(frame["size"] + rng.normal(0, 15, n) > 105, "yes", "no")
    return frame


def labels(frame: pd.DataFrame, *parts: str) -> pd.Series[str]:
    return pd.Series([parts[i % len(parts)] for i in range(len(frame))], index=frame.index)


def written(folder: Path, frame: pd.DataFrame, **about: Any) -> None:
    about = {"target": "sold", "candidates": {c: c for c in QUICK}} | about
    made = Study.from_frame(frame, name=folder.name, title=folder.name, case="house", cases="houses", **about)
    made.save(folder)


def one_class(folder: Path) -> None:
    """All rows that were set aside had the same outcome."""
    frame = noisy()
    part = labels(frame, "train", "train", "calibration", "test")
    frame.loc[part == "calibration", "sold"] = "no"
    written(folder, frame, split=part)


def one_class_tested(folder: Path) -> None:
    """All never-seen rows had the same outcome."""
    frame = noisy()
    part = labels(frame, "train", "train", "calibration", "test")
    frame.loc[part == "test", "sold"] = "no"
    written(folder, frame, split=part)


def nothing_aside(folder: Path) -> None:
    """No rows were set aside."""
    frame = noisy()
    written(folder, frame, split=labels(frame, "train", "train", "test"))


def nothing_aside_numbers(folder: Path) -> None:
    """A question about numbers, without rows that were set aside."""
    frame = noisy().drop(columns="sold")
    frame["price"] = (2 * frame["size"] - frame["age"] + np.random.default_rng(1).normal(0, 9, len(frame))).round(1)
    written(folder, frame, target="price", split=labels(frame, "train", "test"))


def nothing_tested(folder: Path) -> None:
    """No never-seen rows."""
    frame = noisy()
    written(folder, frame, split=labels(frame, "train", "calibration"))


def unknown_history(folder: Path) -> None:
    """A model that came fitted, without a word on which rows it learned from."""
    from sklearn.linear_model import LogisticRegression

    frame = noisy()
    fitted = LogisticRegression().fit(frame[["size", "age"]], frame["sold"])
    written(folder, frame, candidates={"given": fitted, "no_model": "no_model"})


def confirmed(folder: Path) -> None:
    """Somebody confirmed what a person's time costs, and set what may be off."""
    figures = {"most_off": 0.2, "minutes_per_case": 30, "hourly_rate": 40, "confirmed_by": "the desk"}
    written(folder, noisy(), assumptions=figures)


def shuffled(folder: Path) -> None:
    """Outcomes in any order: nothing is to be learned here."""
    frame = noisy(400, seed=8)
    frame["sold"] = np.random.default_rng(21).permutation(frame["sold"])
    written(folder, frame)


def shuffled_numbers(folder: Path) -> None:
    """Prices in any order."""
    frame = noisy(400, seed=9).drop(columns="sold")
    frame["price"] = np.random.default_rng(22).permutation(3 * frame["size"]).round(1)
    written(folder, frame, target="price")


EVERY: tuple[Callable[[Path], None], ...] = (
    one_class,
    one_class_tested,
    nothing_aside,
    nothing_aside_numbers,
    nothing_tested,
    unknown_history,
    confirmed,
    shuffled,
    shuffled_numbers,
)


@pytest.fixture(scope="module")
def poor(studies: Path) -> Iterator[Path]:
    """Studies of which a part cannot be said, beside the little ones."""
    import shutil

    made = [studies / make.__name__ for make in EVERY]
    for make, folder in zip(EVERY, made, strict=True):
        make(folder)
    yield studies
    for folder in made:
        shutil.rmtree(folder)


def ready(page: Open, name: str, **link: str) -> AppTest:
    """Open a page once every option is prepared and nothing is being worked out any more."""
    until = time.monotonic() + 60
    while True:
        at = page(name, **link)
        left = [b for b in at.button if b.key in ("build_rest_cancel", "build_cancel")]
        said = told(at)
        # What was ready between the drawing of a note and the end of the page is noted until the page runs anew.
        if not left and not any(n in said for n in ("Still being worked out", "still to come", "Not checked yet")):
            return at
        assert time.monotonic() < until, said
        time.sleep(0.2)


def calm(at: AppTest) -> str:
    """Return what is told, which is neither a failure nor an error."""
    said = told(at)
    assert "Something went wrong" not in said
    assert [e.value for e in at.error] == []
    assert not re.search(r"\bnan\b|\binf\b|\bNone\b(?! of)|\b[Oo]nly 0\b|[{}]", said), said
    return said


def praise(said: str) -> list[str]:
    return [m[0] for m in PRAISE.finditer(NEGATED.sub("", said))]


# -- what it says ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("audience", ["business", "technical"])
@pytest.mark.parametrize("study", ["boston_mortgages", "houses", "grades", "markup"])
def test_every_tab_of_every_kind_of_study_says_something(page: Open, study: str, audience: str) -> None:
    option = "tree" if study == "boston_mortgages" else "logistic"
    ready(page, "confidence", study=study, option=option)
    bodies = set()
    for look in LOOKS if audience == "business" else ("good", "triage"):
        said = calm(page("confidence", study=study, option=option, look=look, audience=audience))
        assert "How sure is it?" in said
        assert "never-seen" in said
        bodies.add(said)
        if study in SAMPLES and audience == "business":
            assert SAMPLES[study] in said
    # A question about numbers has no tab on chances: its link shows the first tab.
    assert len(bodies) == (len(LOOKS) - (study == "houses") if audience == "business" else 2)


def test_the_level_of_the_link_is_the_level_of_the_page(page: Open) -> None:
    at = ready(page, "confidence", study="houses", option="logistic", level="80", look="method")
    assert at.session_state["level"] == "80"
    assert "that promise 80 in 100" in told(at)
    assert "8 in 10" in told(at)
    higher = page("confidence", study="houses", option="logistic", level="95", look="method")
    assert "that promise 95 in 100" in told(higher)
    assert "19 in 20" in told(higher)
    assert higher.query_params["level"] == "95"


def segments_of(at: AppTest) -> list[str]:
    spec = json.loads(at.get("plotly_chart")[0].proto.spec)
    return [unescaped(t.replace("<br>", " ")) for t in spec["layout"]["yaxis"]["ticktext"]]


@pytest.mark.parametrize("study", ["boston_mortgages", "houses", "grades", "markup"])
def test_every_column_can_be_picked_and_its_groups_are_drawn_and_listed(page: Open, study: str) -> None:
    option = "tree" if study == "boston_mortgages" else "logistic"
    at = ready(page, "confidence", study=study, option=option, look="groups")
    assert at.query_params["by"] == "every_group"
    usual = segments_of(at)
    headline = next(e.value for e in at.markdown if e.value.startswith("### "))
    for place, label in enumerate(at.selectbox(key="by").options):
        at.selectbox(key="by").select_index(place).run()
        said = told(at) if study == "markup" else calm(at)  # its own names hold braces
        assert headline in [e.value for e in at.markdown]
        if label == "Every group":
            assert segments_of(at) == usual
            continue
        drawn = segments_of(at)[1:]
        assert drawn or "too few" in said.lower()
        assert "Whoever looks at many columns finds some gap by chance" in said or "There are no groups here" in said
        listed = len(at.get("table")[0].value) - 1
        assert listed >= len(drawn)


def test_the_groups_of_the_link_are_those_of_the_page_and_follow_the_order_of_the_column(page: Open) -> None:
    link = {"study": "boston_mortgages", "option": "tree"}
    at = ready(page, "confidence", by="consumer_credit_score", **link)
    assert at.session_state["by"] == at.query_params["by"] == "consumer_credit_score"
    grades = [int(m[1]) for t in segments_of(at) if (m := re.search(r"Credit history: grade (\d)", t))]
    assert len(grades) >= 4
    assert grades == sorted(grades)
    assert "furthest apart" in told(at)


@pytest.mark.parametrize("by", ["nothing", "single", "<b>x</b>", "denied", "z" * 3000])
def test_unknown_protected_or_answered_columns_fall_back_to_every_group(page: Open, by: str) -> None:
    at = ready(page, "confidence", study="boston_mortgages", option="tree", by=by)
    calm(at)
    assert at.query_params["by"] == "every_group"
    assert at.selectbox(key="by").value == "every_group"


@pytest.mark.parametrize("level", ["77", "0.9", "<b>x</b>", "9" * 3000])
def test_an_unknown_level_falls_back_to_nine_in_ten(page: Open, level: str) -> None:
    at = page("confidence", study="houses", option="logistic", level=level)
    assert "that promise 90 in 100" in calm(at)
    assert at.query_params["level"] == "90"


@pytest.mark.parametrize("state", [{"level": 90}, {"level": ["95"]}, {"level": None}, {"triage_off": "x"}])
def test_hostile_session_values_never_stop_the_page(page: Open, state: dict[str, Any]) -> None:
    assert "90 in 100" in calm(page("confidence", state=state, study="houses", option="logistic", look="triage"))


def test_without_a_study_the_page_says_what_would_stand_here(page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explainers.load.catalogue.list_studies", dict)
    assert "Here you would see your studies" in told(page("confidence"))


@pytest.mark.parametrize("study", ["broken", "unreadable"])
def test_a_broken_study_says_what_to_mend(page: Open, study: str) -> None:
    assert "cannot be opened yet" in told(page("confidence", study=study))


def test_markup_stays_text(page: Open) -> None:
    ready(page, "confidence", study="markup", option="logistic")
    for look in LOOKS:
        at = page("confidence", study="markup", option="logistic", look=look)
        for kind in ("markdown", "caption", "subheader", "warning"):
            for element in at.get(kind):
                assert not re.search(r"(?<!\\)(?:\]\(http|<img|<script|\$x\^2|:red\[|!\[)", element.value), (
                    element.value
                )
        for chart in at.get("plotly_chart"):
            layout = {k: v for k, v in json.loads(chart.proto.spec)["layout"].items() if k != "meta"}
            assert "<img" not in json.dumps(layout)


def test_both_audiences_see_the_same_bars(page: Open) -> None:
    seen = []
    for audience in ("business", "technical"):
        at = page("confidence", study="boston_mortgages", option="tree", audience=audience)
        spec = json.loads(at.get("plotly_chart")[0].proto.spec)
        seen.append([trace.get("x") for trace in spec["data"]])
    assert seen[0] == seen[1]


# -- what it cannot say ------------------------------------------------------------------------------------------------
CANNOT = {
    "tiny": ("No range can be given for 9 in 10. Only 3 houses were set aside", "not been shown to beat"),
    "one_class": ("No range can be given. All houses that were set aside had the same outcome.", ""),
    "one_class_tested": ("90 in 100|real rate|similar scores", ""),
    "nothing_aside": ("No range can be given. No houses were set aside to test the option.", ""),
    "nothing_aside_numbers": ("No range can be given. No houses were set aside to test the option.", ""),
    "nothing_tested": ("Whether ranges hold was not measured. There are no never-seen houses.", ""),
    "unknown_history": ("No range can be given. Nobody has said which houses the option has learned from.", ""),
}


@pytest.mark.parametrize("study", CANNOT)
def test_what_cannot_be_said_is_said_calmly(page: Open, poor: Path, study: str) -> None:
    del poor
    option = {"tiny": "logistic", "unknown_history": "given"}.get(study, "tree")
    ready(page, "confidence", study=study, option=option)
    first, good = CANNOT[study]
    for look in LOOKS:
        said = calm(page("confidence", study=study, option=option, look=look))
        assert re.search(re.escape(first) if "|" not in first else first, said), said
        if look == "good":
            assert good in said
    technical = calm(page("confidence", study=study, option=option, audience="technical"))
    assert re.search(first.split(".")[0], technical)
    if study == "unknown_history":  # praise for rows that the option may have learned from would be none
        assert praise(said) == []
        assert "never-seen" not in said.replace("There are no never-seen", "")


@pytest.mark.parametrize("study", CANNOT)
def test_the_page_of_one_case_says_that_a_range_is_missing(page: Open, poor: Path, study: str) -> None:
    del poor
    option = {"tiny": "logistic", "unknown_history": "given"}.get(study, "tree")
    said = calm(ready(page, "explain", study=study, option=option))
    assert "Not checked yet: how sure this answer is" not in said
    if study not in ("one_class_tested", "nothing_tested"):
        assert "No range can be given" in said
    assert "Not checked yet: how unusual" not in said


# -- nothing to be learned ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("study", ["shuffled", "shuffled_numbers"])
def test_where_nothing_is_to_be_learned_no_page_praises_an_option(page: Open, poor: Path, study: str) -> None:
    del poor
    for option in QUICK:
        ready(page, "confidence", study=study, option=option)
        for look in LOOKS if option == "tree" else LOOKS[:1]:
            assert praise(calm(page("confidence", study=study, option=option, look=look))) == []
        assert praise(calm(page("confidence", study=study, option=option, audience="technical"))) == []
    assert praise(calm(ready(page, "explain", study=study, option="tree"))) == []
    assert praise(calm(page("home", study=study, option="tree"))) == []
    said = told(page("confidence", study=study, option="tree"))
    assert "No option was shown to beat “No model”" in said


def test_the_words_of_praise_are_found_where_they_are_due(page: Open) -> None:
    assert praise(told(ready(page, "confidence", study="houses", option="logistic"))) != []


# -- who decides -------------------------------------------------------------------------------------------------------
def test_what_may_be_off_changes_the_counts_and_is_no_example_any_more(page: Open) -> None:
    at = page("confidence", study="boston_mortgages", option="tree", look="triage")
    first = told(at)
    assert "That 10 in 100 may be off is an example figure; nobody has set it." in first
    assert "so every application goes to a person" in first
    assert "With example figures, the rest takes people about 330 hours a month" in first
    at.selectbox(key="triage_off").set_value(20).run()
    second = calm(at)
    assert "is an example figure" not in second
    hours = re.search(
        r"decide 456 of 476 never-seen.*; 20 would go to a person.*about (\d+) hours a month", second, re.S
    )
    assert hours
    at.number_input(key="triage_minutes").set_value(40.0).run()
    assert f"about {2 * int(hours[1])} hours a month" in told(at)


def test_figures_that_somebody_confirmed_are_no_examples_until_they_are_changed(page: Open, poor: Path) -> None:
    del poor
    at = ready(page, "confidence", study="confirmed", option="tree", look="triage")
    assert at.selectbox(key="triage_off").value == 20
    assert at.number_input(key="triage_minutes").value == 30
    assert "example figure" not in calm(at)
    at.number_input(key="triage_minutes").set_value(10.0).run()
    assert "With example figures" in calm(at)


@pytest.mark.parametrize("minutes", [0.0, 1e7])
def test_figures_at_their_ends_are_told(page: Open, minutes: float) -> None:
    at = page("confidence", study="boston_mortgages", option="tree", look="triage")
    at.number_input(key="triage_minutes").set_value(minutes).run()
    assert "hours a month" in calm(at)


def test_a_choice_is_kept_once_with_its_author_and_found_again(page: Open) -> None:
    from explainers import database

    link = {"study": "boston_mortgages", "option": "tree", "look": "triage"}
    at = page("confidence", state={"triage_keep": True, "triage_comment": "**so** few"}, **link)
    at.button(key="triage_save").click().run()
    assert "Write your name first" in told(at)
    at.text_input(key="triage_name").set_value("Ada <b>").run()
    at.button(key="triage_save").click().run()
    kept = database.triages("boston_mortgages", "tree")
    assert [(c.author, c.comment) for c in kept] == [("Ada <b>", "**so** few")]
    assert kept[0].rule["most_off"] == 0.1
    assert kept[0].assumptions["minutes_per_case"] == 20
    assert kept[0].said in told(page("confidence", **link))
    again = calm(page("confidence", **link))
    assert "Ada <b>" in again
    assert "**so** few" in again
    assert "holds now" in again
    assert "Ada" not in told(page("confidence", study="boston_mortgages", option="rule", look="triage"))
