"""A whole meeting, and the next one: figures, the choice that moves, votes, the decision, the export, what changed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, expect

from benchmarks.serving import ROOT
from explainers import Study
from tests.browser.conftest import Reader, reading, serving
from tests.browser.test_looks import findings

pytestmark = pytest.mark.browser
WORKED_OUT_MS = 240_000
"""Longest that a state may take to be kept or set against another on a machine that does much else."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study whose file a data scientist changes between two sprints."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"id": range(1, 241), "size": rng.normal(100, 20, 240).round(1), "age": rng.integers(0, 60, 240)}
    )
    pull = (frame["size"] - 100) / 20 - 0.03 * (frame["age"] - 30)
    frame["sold"] = np.where(rng.random(240) < 1 / (1 + np.exp(-2 * pull)), "yes", "no")
    made = tmp_path_factory.mktemp("sprints") / "sprint"
    study = Study.from_frame(
        frame,
        target="sold",
        positive="yes",
        candidates={"no_model": "no_model", "rule": "rule", "tree": {"recipe": "tree", "parameters": {"max_depth": 3}}},
        dictionary={"columns": {"id": {"role": "id"}}},
        name="sprint",
        title="A house sells",
        case="house",
        cases="houses",
    )
    return study.save(made)


@pytest.fixture(scope="module")
def address(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server in whose home the study is built and what options take is measured, as before a real meeting."""
    home = tmp_path_factory.mktemp("home")
    before = {**os.environ, "BAKEOFF_HOME": str(home)}
    subprocess.run([sys.executable, "-m", "tests.browser.measured", str(folder)], cwd=ROOT, env=before, check=True)
    with serving(home, home / "log", BAKEOFF_STUDIES=str(folder.parent)) as served:
        yield served
    assert "Traceback" not in (home / "log").read_text()


def name_myself(reader: Reader, key: str, name: str) -> None:
    field = reader.at(key).locator("input")
    field.fill(name)
    field.press("Tab")
    reader.settle()


def vote(reader: Reader, option: str, comment: str) -> None:
    ballot = reader.page.get_by_role("radiogroup", name="Which option do you want?")
    # On its words, as people do: the circle itself is hidden, and a forced click would not wait until nothing moves.
    ballot.get_by_test_id("stRadioOption").filter(has_text=re.compile(rf"^{option}")).first.click()
    expect(ballot.get_by_role("radio", name=re.compile(rf"^{option}")).first).to_be_checked()
    reader.settle()
    why = reader.page.get_by_label("Why? (others read it)")
    why.fill(comment)
    why.press("Tab")
    reader.settle()
    reader.twice(reader.at("vote_save").locator("button"))  # an impatient person votes once
    reader.says("Saved: your vote is for")


def says_at_last(reader: Reader, text: str | re.Pattern[str]) -> None:
    """Wait until the page says what follows from work that takes its time."""
    expect(reader.page.locator('[data-testid="stMain"]')).to_contain_text(text, timeout=WORKED_OUT_MS)


@pytest.mark.promise
def test_the_whole_meeting_and_the_next_one(browser: Browser, address: str, folder: Path) -> None:
    with reading(browser, address) as ada, reading(browser, address) as bo:
        # Open: the first page says what is needed, and leads to the figures.
        ada.open("/?study=sprint")
        ada.says("What we need from you today")
        ada.says("Nobody has confirmed the figures of money yet.")
        ada.press("ask_go_figures")
        ada.says("Which option is worth it?")
        expect(ada.at("figures_all")).to_be_visible()
        ada.settle()

        # Change an assumption: the choice moves.
        before = ada.answer().locator("h3").inner_text()
        for field in ada.at("figures_all").get_by_label(re.compile(", called ")).all():
            field.fill("0")
        ada.press("figures_take")
        expect(ada.answer().locator("h3")).not_to_have_text(before)
        expect(ada.answer()).to_contain_text("go on without a model")
        ada.settle()
        ada.press("figures_undo")
        expect(ada.answer().locator("h3")).to_have_text(before)
        ada.settle()
        ada.press("confirm")
        name_myself(ada, "confirm_name", "Ada Okafor")
        ada.popover().get_by_role("button", name="Confirm", exact=True).click()
        expect(ada.answer()).to_contain_text("confirmed by Ada Okafor")
        ada.page.keyboard.press("Escape")

        # Vote: both see both votes without a reload.
        ada.page.get_by_role("link", name="What did we decide?").click()
        ada.says("Nothing is decided yet, and nobody has voted.")
        ada.says("confirmed by Ada Okafor")
        ada.settle()
        vote(ada, "Small decision tree", "It finds most")
        bo.open("/decision?study=sprint")
        name_myself(bo, "vote_name", "Bo Lind")
        vote(bo, "Small decision tree", "And we can read it")
        for reader in (ada, bo):
            expect(reader.answer()).to_contain_text("2 of 2 votes are for “Small decision tree”")
        ada.says("And we can read it")

        # What counts for somebody moves the order, and the link keeps it.
        for _ in range(3):
            ada.at("weight_cost").get_by_role("slider").press("ArrowLeft")
            ada.settle()
        ada.link_has(weights="3-0-3-3")

        # Decide.
        ada.look("Record the decision")
        reason = ada.page.get_by_label("Why?", exact=True)
        reason.fill("Both of us want it")
        reason.press("Tab")
        ada.settle()
        ada.press("decision_save")
        ada.says("Recorded as decision 1.")
        expect(ada.answer()).to_contain_text("go on with “Small decision tree”")
        expect(bo.answer()).to_contain_text("go on with “Small decision tree”")  # nobody has to reload
        assert findings(ada) == []

        # Keep the state, and take it along.
        ada.look("Changed since last time")
        ada.press("freeze")
        name = ada.at("freeze_name_0").locator("input")
        name.fill("Sprint 1")
        name.press("Tab")
        ada.settle()
        ada.press("freeze_save")
        says_at_last(ada, "Nothing has changed since “Sprint 1”")
        ada.page.keyboard.press("Escape")
        ada.look("Take it along")
        ada.press("export_page_make")
        with ada.page.expect_download(timeout=WORKED_OUT_MS) as download:
            ada.at("export_page_download").locator("button").click(timeout=WORKED_OUT_MS)
        text = Path(download.value.path()).read_text(encoding="utf-8")
        assert "Both of us want it" in text
        assert "Small decision tree" in text

        # The next sprint: the tree is made anew.
        file = folder / "study.yaml"
        told = file.read_text(encoding="utf-8")
        assert "max_depth: 3" in told
        file.write_text(told.replace("max_depth: 3", "max_depth: 1"), encoding="utf-8")
        bo.open("/?study=sprint&option=rule")
        bo.says("Changed since last time")
        says_at_last(bo, re.compile("Since “Sprint 1”, “Small decision tree” was made anew; .*(answers|answer) turned"))
        bo.says("“Small decision tree” was made anew since it was chosen.")
        bo.press("changed_see")
        bo.says("What did we decide?")
        says_at_last(bo, "Answers that turned")
        bo.says("The option was made anew since then")
        bo.settle()
        bo.at("turned_tree").locator("summary").click()
        first = bo.page.locator("[class*='st-key-flip_tree_']").first
        expect(first).to_contain_text("Then, most of all:")
        expect(first).to_contain_text("Now")
        first.get_by_role("button", name="Explain it").click()
        bo.says("Why this prediction?")
        bo.link_has(option="tree")
        bo.press("go_back")
        bo.says("What did we decide?")
        bo.settle()
        assert findings(bo) == []

        # Decide again: the earlier decision stays beside it.
        bo.look("Record the decision")
        reason = bo.page.get_by_label("Why?", exact=True)
        reason.fill("It is still good enough")
        reason.press("Tab")
        bo.settle()
        if bo.at("decision_name").count():
            name_myself(bo, "decision_name", "Bo Lind")
        bo.press("decision_save")
        bo.says("Recorded as decision 2.")
        bo.says("replaced by decision 2")
        expect(bo.answer()).to_contain_text("It took the place of one earlier decision.")
