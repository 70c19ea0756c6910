"""Decks: every question, the pinned cases, the same figures as the results, hostile text as text, parts that fail."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from explainers import Study, compare, database, snapshots
from explainers.errors import BakeoffError, CaseError
from explainers.reasons import reasons
from explainers.report import changed, deciding, decks, exporting, gathering, kinds, parts, slides, tables, web
from explainers.report import sections as rooms
from explainers.words import changes as say_changes
from explainers.words.say import Audience
from tests.explainers.conftest import STUDIES, study_by_name

DAY = dt.date(2026, 11, 22)
QUESTIONS = [
    "What is this about?",
    "How good is it?",
    "Why this prediction?",
    "What does it look at?",
    "How sure is it?",
    "Where is it wrong?",
    "Which option is worth it?",
    "What did we decide?",
    "Whom can I ask?",
]


def first_cases(study: Study, n: int = 2) -> tuple[str, ...]:
    return tuple(str(i) for i in study.case_ids[(study.split == "test").to_numpy()][:n])


@cache
def made(name: str, option: str = "tree", audience: Audience = "business") -> parts.Deck:
    """Return the deck of a little study; made once, as it is never changed."""
    study = study_by_name(name)
    chosen = option if option in study.candidates else list(study.candidates)[-1]
    return decks.deck(study, chosen, audience=audience, cases=first_cases(study), today=DAY)


class Reading(HTMLParser):
    """What a browser makes of a page: the tags, their attributes, the text outside of scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.inside = tag if tag in ("script", "style") else self.inside

    def handle_endtag(self, tag: str) -> None:
        self.inside = "" if tag == self.inside else self.inside

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.text.append(data)


@pytest.mark.parametrize("name", ["binary", "regression", "three classes"])
def test_every_question_has_its_section_in_the_order_of_the_meeting(name: str) -> None:
    found = made(name)
    assert list(dict.fromkeys(s.question for s in found.sections)) == QUESTIONS
    assert [s.name for s in found.sections].count("case-2") == 1
    assert len({s.name for s in found.sections}) == len(found.sections)
    for section in found.sections:
        assert section.headline.text.endswith((".", "!", "?"))


def test_a_case_has_its_reasons_and_they_add_up_to_its_answer() -> None:
    study = study_by_name("binary")
    found = next(s for s in made("binary").sections if s.name == "case-1")
    data = found.exhibits[0].data
    assert float(data["amount"].iloc[:-1].sum()) == pytest.approx(float(data["amount"].iloc[-1]), abs=1e-9)
    explanation = gathering.result_of(
        study,
        "explain",
        candidate="tree",
        case=_values(study, first_cases(study)[0]),
        reference={"kind": "everyone"},
    )
    told = reasons(explanation, study)
    assert data["amount"].tolist()[1 : 1 + len(told.shown)] == pytest.approx([100 * r.amount for r in told.shown])
    # The bars of the page's own figure are the same.
    assert list(found.exhibits[0].figure.data[0].x) == pytest.approx(data["amount"].tolist())
    assert list(found.exhibits[0].figure.data[0].base) == pytest.approx(data["start"].tolist())
    assert len(found.reasons) >= 1


def _values(study: Study, case: str) -> dict[str, object]:
    from explainers import keys

    return keys.case_values(study.row(case)[list(study.candidate("tree").features)])


def test_figures_of_quality_are_those_of_the_results() -> None:
    from explainers import metrics

    study = study_by_name("regression")
    chart = next(s for s in made("regression").sections if s.name == "good").exhibits[0]
    judged = metrics.verdicts(study)
    for row, name in zip(chart.data.to_dict("records"), study.candidates, strict=True):
        measured = judged[name].measured
        assert measured is not None
        assert (row["value"], row["lower"], row["upper"]) == (measured.value, measured.lower, measured.upper)


def test_both_audiences_have_the_same_numbers() -> None:
    ours = {s.name: s for s in made("regression").sections}
    theirs = {s.name: s for s in made("regression", audience="technical").sections}
    assert list(ours) == list(theirs)
    for name in ("good", "looks-at", "wrong", "sure"):
        for a, b in zip(ours[name].exhibits, theirs[name].exhibits, strict=True):
            columns = [c for c in a.data.columns if a.data[c].dtype.kind == "f"]
            np.testing.assert_allclose(a.data[columns], b.data[columns])
    assert ours["good"].headline.text != theirs["good"].headline.text


SLOW = ("wide", "one feature", "unseen levels", "missing values")


@pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.promise) if n in SLOW else n for n in STUDIES])
def test_any_study_has_a_deck_and_a_page(name: str) -> None:
    page = web.to_html(made(name))
    assert len(page.encode()) < 8_000_000
    assert page.count("plotly.js v") <= 1
    for section in made(name).sections:
        assert section.headline.text


def test_hostile_names_are_text_and_nothing_else() -> None:
    found = made("odd names")
    page = web.to_html(found)
    read = Reading(page)
    known = {t for t, _ in Reading(web.to_html(made("binary"))).tags}
    assert {t for t, _ in read.tags} <= known
    assert not {"img", "iframe", "object", "link", "base", "form"} & {t for t, _ in read.tags}
    assert all(not k.startswith("on") for _, attributes in read.tags for k in attributes)
    assert [a["href"] for t, a in read.tags if t == "a"] == [f"#{s.name}" for s in found.sections]
    assert "<b>size</b>" in "".join(read.text)
    assert "=SUM(A1:A9)" in "".join(read.text)


def test_the_policy_allows_our_two_scripts_and_no_connection() -> None:
    import base64
    import hashlib

    page = web.to_html(made("binary"))
    policy = next(
        str(a["content"]) for t, a in Reading(page).tags if t == "meta" and "Content-Security-Policy" in str(a)
    )
    scripts = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    assert len(scripts) == 2
    for script in scripts:
        assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe-eval" not in policy
    assert "connect-src" not in policy
    assert not re.search(r"script-src[^;]*unsafe-inline", policy)
    assert "src=" not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)


def test_a_figure_cannot_end_the_element_it_stands_in() -> None:
    study = study_by_name("odd names")
    page = web.to_html(made("odd names"))
    for text in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page, flags=re.DOTALL):
        assert "<" not in text
        assert "&" not in text
    assert study.candidates


def test_every_chart_has_its_numbers_as_a_table_and_a_text_alternative() -> None:
    found = made("three classes")
    page = web.to_html(found)
    charts = [e for s in found.sections for e in s.exhibits]
    assert charts
    assert page.count("<details>") == len(charts)
    for chart in charts:
        assert chart.alt
        assert len(tables.of(chart)) == len(chart.data)


def test_what_cannot_be_worked_out_says_why_and_the_rest_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> parts.Section:
        raise BakeoffError("There are no rows for this. Add some.")

    monkeypatch.setattr(rooms, "wrong", fails)
    study = study_by_name("binary")
    found = decks.deck(study, "tree", cases=first_cases(study, 1))
    assert list(dict.fromkeys(s.question for s in found.sections)) == QUESTIONS
    section = next(s for s in found.sections if s.name == "wrong")
    assert section.headline.text == "There are no rows for this. Add some."
    assert section.exhibits == ()


def test_unknown_option_case_and_form_are_refused_by_name() -> None:
    study = study_by_name("binary")
    with pytest.raises(BakeoffError, match="nonsense"):
        decks.deck(study, "nonsense")
    with pytest.raises(CaseError):
        decks.deck(study, "tree", cases=("no such case",))
    with pytest.raises(BakeoffError, match="There is no form 'docx'"):
        exporting.export(study, "tree", form="docx")


def test_an_option_that_is_not_built_is_refused(mortgages_unbuilt: Study) -> None:
    waiting = next((n for n, c in mortgages_unbuilt.candidates.items() if not c.built), None)
    if waiting is None:
        study = mortgages_unbuilt
        one = next(iter(study.candidates.values()))
        import dataclasses

        study = study.replace(candidates={**study.candidates, one.name: dataclasses.replace(one, built=False)})
        waiting = one.name
    else:
        study = mortgages_unbuilt
    with pytest.raises(BakeoffError, match="not prepared yet"):
        decks.deck(study, waiting)


def test_progress_is_told_and_ends_at_one() -> None:
    study = study_by_name("binary")
    told: list[tuple[float, str]] = []
    decks.deck(study, "tree", cases=first_cases(study), progress=lambda share, doing: told.append((share, doing)))
    shares = [s for s, _ in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert "explaining case 1 of 2" in [d for _, d in told]


def test_numbers_of_a_table_have_the_same_decimals() -> None:
    assert tables.decimals([12.34, 1.0]) == 1
    assert tables.clean("a\x00\ud800b\n c") == "ab c"


def test_report_is_imported_without_the_package_for_slides() -> None:
    import subprocess
    import sys

    code = (
        "import sys; sys.modules['pptx'] = None; sys.modules['lxml'] = None;"
        "import explainers.report, explainers.report.exporting, explainers.report.slides as s, explainers.report.web;"
        "print(callable(explainers.report.html))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "True", done.stderr


def test_slides_without_their_package_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    from explainers.errors import NotInstalledError
    from explainers.report import slides

    monkeypatch.setattr(slides, "installed", lambda: False)
    with pytest.raises(NotInstalledError, match="python-pptx"):
        exporting.export(study_by_name("binary"), "tree", form="pptx")


def test_votes_and_the_decision_are_told_as_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    study = study_by_name("binary")
    monkeypatch.setenv("BAKEOFF_DATABASE_URL", f"sqlite:///{tmp_path / 'written.sqlite'}")
    hostile = "<img src=x onerror=alert(1)> =1+1"
    about = {"study": study.name, "fingerprint": study.fingerprint, "candidate": "tree"}
    database.add_vote(submission_id=str(uuid.uuid4()), author="Ada <b>", comment=hostile, **about)
    database.add_vote(submission_id=str(uuid.uuid4()), author="Bo", comment="", **about | {"candidate": "rule"})
    database.add_decision(submission_id=str(uuid.uuid4()), author="Cy", reason=hostile, **about)
    found = decks.deck(study, "tree", cases=first_cases(study, 1))
    section = next(s for s in found.sections if s.name == "decided")
    assert study.candidates["tree"].label in section.headline.text
    assert hostile in section.about
    assert section.table is not None
    assert sorted(section.table["Who"]) == ["Ada <b>", "Bo"]
    read = Reading(web.to_html(found))
    assert hostile in "".join(read.text)
    assert "img" not in {t for t, _ in read.tags}


def test_what_changed_since_the_last_state_has_its_sections(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    now = study_by_name("binary")
    monkeypatch.setenv("BAKEOFF_DATABASE_URL", f"sqlite:///{tmp_path / 'written.sqlite'}")
    assert "changed" not in {s.name for s in made("binary").sections}  # no state was kept
    strict = now.replace(threshold=0.9)
    hostile = "<img src=x> =1+1"
    about = {"author": "Ada", "study": now.name, "fingerprint": now.fingerprint}
    for name, state in ((hostile, strict), ("Today", now)):
        payload = snapshots.to_bytes(snapshots.freeze(state))
        database.add_snapshot(submission_id=str(uuid.uuid4()), name=name, payload=payload, **about)
    found = decks.deck(now, "tree", cases=first_cases(now, 1))
    # Nothing changed since the state of today, so the one before it is told.
    first, turned = (s for s in found.sections if s.name in ("changed", "turned"))
    expected = snapshots.changes(snapshots.freeze(strict), now)
    assert hostile in first.headline.text
    assert [s.text for s in say_changes.describe(expected, now, since=hostile).sentences] == [
        s.text for s in first.sentences
    ]
    # Another threshold moves no measure: the chart counts the answers that turned, and is not an empty one of measures.
    chart = first.exhibits[0]
    every = [o for o in expected.options if o.n_flips]
    assert every
    assert all(o.difference is not None and o.difference.value == 0 for o in every)
    assert chart.kind == "stack"
    assert chart.data["name"].tolist() == [o.label for o in every]
    assert chart.data.iloc[:, 1:].sum(axis=1).tolist() == [o.n_flips for o in every]
    assert f"{sum(o.n_flips for o in every):,} answers" in chart.title
    assert sum(sum(bar.x) for bar in chart.figure.data) == sum(o.n_flips for o in every)
    assert turned.table is not None
    cases = {f.case for o in expected.options for f in o.flips}
    assert set(turned.table.iloc[:, 0]) <= cases
    assert turned.table["Option"].iloc[0] == now.candidates["tree"].label
    read = Reading(web.to_html(found))
    assert "img" not in {t for t, _ in read.tags}
    assert "What changed since last time?" in "".join(read.text)
    assert {"changed", "turned"} <= {s.name for s in kinds.report(now, "tree", cases=first_cases(now, 1)).sections}
    slides.to_pptx(found)


def test_a_slide_of_what_changed_has_no_chart_where_nothing_moved() -> None:
    now = study_by_name("binary")
    frozen, asked = snapshots.freeze(now), rooms.Asked(study=now, candidate="tree")
    dearer = snapshots.changes(frozen, now, {"hourly_rate": 900.0})
    assert not dearer.same  # what options cost is another figure now, and none of their answers is another one
    assert changed.exhibit(asked, dearer) is None
    moved = replace(dearer.options[0], difference=replace(dearer.options[0].difference, value=-0.02, lower=-0.03))
    assert changed.exhibit(asked, replace(dearer, options=(moved,))).kind == "ranges"


def test_figures_that_somebody_confirmed_are_the_ones_of_the_deck(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    study = study_by_name("binary")
    monkeypatch.setenv("BAKEOFF_DATABASE_URL", f"sqlite:///{tmp_path / 'written.sqlite'}")
    figures = {"cases_per_month": 321.0, "hourly_rate": 12.0}
    database.confirm_figures(submission_id=str(uuid.uuid4()), author="Ada", study=study.name, values=figures)
    asked = rooms.Asked(study=study, candidate="tree")
    said = deciding.worth(asked)
    expected = compare.comparison(study, figures, variants=True)
    chart = next(e for e in said.exhibits if e.kind == "points")
    assert chart.data["x"].tolist() == pytest.approx([o.cost for o in expected.options if not o.variant])
    assert "Ada" in " ".join(s.text for s in (*said.caveats, *said.sentences))
    assert "example" not in said.headline.text
    # Figures that are given hold, whoever confirmed others.
    other = deciding.worth(asked, {"cases_per_month": 100.0})
    assert "example" in other.headline.text
