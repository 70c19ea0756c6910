"""Several columns at once: one thing is said of them and taken back; and the limit of time while options train."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from explainers import jobs
from pages.parts import load_train
from tests.pages.conftest import Open, told
from tests.pages.test_load import box, brought, customers

pytestmark = pytest.mark.usefixtures("home")


def entries(at: AppTest) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = at.session_state["load_draft"].entries()
    return found


def say(at: AppTest, how: str, *columns: str) -> None:
    at.multiselect[0].set_value(list(columns)).run()
    box(at, "What is said of them").set_value(how).run()
    at.button(key="load_together_do").click().run()
    assert not at.exception


def test_several_columns_are_changed_at_once_and_back(page: Open) -> None:
    at = brought(page, customers().to_csv(index=False).encode(), look="columns")
    assert at.button(key="load_together_do").disabled
    before = {n: dict(e) for n, e in entries(at).items()}
    say(at, "protect", "price_eur", "plan", "gender")
    assert [n for n, e in entries(at).items() if e["protected"]] == ["price_eur", "plan", "gender"]
    assert "2 columns are protected now." in told(at)  # one of the three was guessed so
    say(at, "out", "plan", "price_eur")
    assert (entries(at)["plan"]["role"], entries(at)["price_eur"]["role"]) == ("excluded", "excluded")
    assert "2 columns are left out now." in told(at)
    assert at.multiselect[0].value == []
    at.button(key="load_together_undo").click().run()
    assert {n: e["role"] for n, e in entries(at).items()} == {n: e["role"] for n, e in before.items()}
    assert entries(at)["plan"]["protected"]
    at.button(key="load_together_undo").click().run()
    assert entries(at) == before
    assert "now." not in told(at)
    assert not at.session_state["load_draft"].said


def test_the_open_column_shows_what_was_said_of_all_and_later_words_stay(page: Open) -> None:
    at = brought(page, customers().to_csv(index=False).encode(), look="columns")
    assert box(at, "Column").value == "price_eur"
    say(at, "fixed", "price_eur")
    assert box(at, "Can people change it?").value == "no"
    assert "“Price” is marked as what people cannot change now." in told(at)
    box(at, "Called").set_value("Monthly price").run()
    at.button(key="load_together_undo").click().run()
    assert box(at, "Can people change it?").value == "any"
    assert (entries(at)["price_eur"]["changeable"], entries(at)["price_eur"]["label"]) == ("any", "Monthly price")
    say(at, "groups", "price_eur")
    assert (entries(at)["price_eur"]["kind"], box(at, "What it holds").value) == ("categorical", "categorical")


def test_the_outcome_is_never_among_them(page: Open) -> None:
    at = brought(page, customers().to_csv(index=False).encode(), look="columns")
    assert "churn" not in at.multiselect[0].options
    assert len(at.multiselect[0].options) == len(entries(at)) - 1
    at.session_state[f"{at.session_state['load_draft'].key}_together"] = ["churn", "plan"]
    at.run()
    at.button(key="load_together_do").click().run()
    assert (entries(at)["churn"]["role"], entries(at)["plan"]["role"]) == ("target", "excluded")


# -- the limit of time -----------------------------------------------------------------------------------------------
class Endless:
    """A job that is never done; it is noted when it is stopped."""

    state, error, value, fraction, doing = "running", "", None, 0.5, "Fitting for ever"
    askers: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self.stopped = False

    def wait(self, seconds: float | None = None) -> bool:
        return False

    def join(self, asker: str) -> None:
        del asker

    def cancel(self, asker: str | None = None) -> None:
        self.stopped = True


def test_options_that_are_not_ready_in_time_are_left_out(page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    slow, clock, real = Endless(), [0.0], jobs.submit

    def submit(task: str, **given: Any) -> Any:
        if task == "build" and given["names"] == ["tree"]:
            clock[0] += 200.0  # as if three minutes had gone by since
            return slow
        return real(task, **given)

    monkeypatch.setattr(jobs, "submit", submit)
    monkeypatch.setattr(load_train, "time", SimpleNamespace(time=lambda: time.time() + clock[0]))
    at = brought(page, customers().to_csv(index=False).encode(), "late.csv", look="train")
    at.multiselect[0].set_value(["no_model", "rule", "tree"]).run()
    at.button(key="load_make").click().run()
    for _ in range(8):
        if any(b.key == "load_explain" for b in at.button):
            break
        at.run()
    said = told(at)
    assert slow.stopped
    assert "2 options are trained." in said
    assert "took longer than 3 minutes and was left out." in said
    at.button(key="load_explain").click().run()
    assert not at.exception
    from explainers import kept, open_study

    (made,) = [s for s in kept.studies() if s.name.startswith("late")]
    assert list(open_study(made.folder).candidates) == ["no_model", "rule"], "nothing trains it later unasked"
