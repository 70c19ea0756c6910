"""A study in the making: what was brought, what was read of it, what was guessed, and what the reader said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import streamlit as st

from explainers import jobs, uploads
from explainers.results import Problem
from explainers.study import Feature
from pages.parts import work
from pages.parts.load_brought import Brought

if TYPE_CHECKING:
    import pandas as pd

    from explainers.study import Study

SLOT = "load_draft"
SAMPLE_ROWS = 5_000
OPTIONS = ("no_model", "rule", "formula", "tree", "boosting")


@dataclass(slots=True)
class Draft:
    """What this reader is making a study of; it lives in the session, the table on disk."""

    upload: uploads.Upload
    source: tuple[str, str] | None = None
    options: dict[str, Any] = field(default_factory=dict)
    reading: dict[str, Any] = field(default_factory=dict)
    guessed: dict[str, Any] = field(default_factory=dict)
    said: dict[str, dict[str, Any]] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)
    target: str = ""
    kept: str = ""
    ended: float = 0.0
    stopped: list[str] = field(default_factory=list)
    models: list[Brought] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Start of the keys of its widgets: another file begins anew."""
        return f"load_{self.upload.key[:10]}"

    @property
    def columns(self) -> list[str]:
        """The columns in the order of the table."""
        return list(self.guessed.get("entries", {}))

    def entries(self) -> dict[str, dict[str, Any]]:
        """Return the dictionary: what was guessed, with what the reader said instead."""
        every: Mapping[str, Mapping[str, Any]] = self.guessed.get("entries", {})
        return {name: {**fields, **self.said.get(name, {})} for name, fields in every.items()}

    def features(self) -> dict[str, Feature]:
        """Return the dictionary as entries."""
        return {name: uploads.feature(fields) for name, fields in self.entries().items()}

    def problems(self) -> list[Problem]:
        """Return what was found while reading."""
        return [uploads.problem(p) for p in self.reading.get("problems", [])]

    def say(self, column: str, **fields: Any) -> None:
        """Note what the reader says of a column; what is as guessed is not noted."""
        guessed = self.guessed["entries"][column]
        mine = {**self.said.get(column, {}), **fields}
        self.said[column] = {k: v for k, v in mine.items() if v != guessed[k]}
        if not self.said[column]:
            del self.said[column]


def current() -> Draft | None:
    """Return the study in the making; None where nothing was brought yet."""
    found: Draft | None = st.session_state.get(SLOT)
    return found


def begin(upload: uploads.Upload, source: tuple[str, str] | None = None) -> None:
    """Start anew with a file, or with a table of a database."""
    st.session_state[SLOT] = Draft(upload=upload, source=source)


def onward(look: str, words: str) -> None:
    """Draw the button that opens the next step."""
    st.button(
        words, type="primary", icon=":material/arrow_forward:", key=f"load_to_{look}", on_click=_open, args=(look,)
    )


def _open(look: str) -> None:
    st.session_state["look"] = look


def times() -> int:
    """Return how many files were put aside: the field for a file begins empty after each."""
    return int(st.session_state.get("load_times", 0))


def drop() -> None:
    """Put the file aside."""
    st.session_state.pop(SLOT, None)
    st.session_state["load_times"] = times() + 1


def read(draft: Draft) -> None:
    """Read the file and guess its dictionary where that is not done yet; shows progress, with a way to cancel."""
    if not draft.reading:
        what: dict[str, Any] = {"name": draft.upload.name, "options": draft.options}
        if draft.source is not None:
            what = {"connection": draft.source[0], "table": draft.source[1]}
        task = "read_upload" if draft.source is None else "read_table"
        job = jobs.submit(task, study=None, key=draft.upload.key, **what)
        draft.reading = work.result_of(job, doing=f"Reading {draft.upload.name}", height=220, key="load_read")
    if not draft.guessed:
        guess(draft)


def guess(draft: Draft) -> None:
    """Guess the dictionary, for the outcome that the reader chose if any."""
    job = jobs.submit(
        "guess_upload",
        study=None,
        key=draft.upload.key,
        table=draft.reading["table"],
        target=draft.target or None,
        units=draft.reading["units"],
        name=draft.upload.name,
    )
    draft.guessed = work.result_of(job, doing="Looking at the columns", height=220, key="load_guess")
    draft.target = draft.guessed["target"] or list(draft.guessed["entries"])[-1]
    draft.said = {c: f for c, f in draft.said.items() if c in draft.guessed["entries"]}


def read_anew(draft: Draft, **options: Any) -> None:
    """Take a correction of how the file is read; what was said of columns is kept where they are still there."""
    draft.options = {k: v for k, v in {**draft.options, **options}.items() if v not in (None, "", {})}
    draft.reading, draft.guessed = {}, {}


def choose_target(draft: Draft, column: str) -> None:
    """Take another outcome: what gives it away is another question."""
    draft.target = column
    draft.guessed = {}
    for mine in draft.said.values():
        mine.pop("role", None)


def table(draft: Draft) -> pd.DataFrame:
    """Return the table as it was read; do not change it."""
    return uploads.table_of(draft.upload.key, draft.reading["table"])


def sketch(draft: Draft) -> Study:
    """Return the study as far as sentences need it, on the first rows."""
    from explainers.load.outcome import choose_classes
    from explainers.words import preview

    frame = table(draft).head(SAMPLE_ROWS)
    features = draft.features()
    about = draft.about
    task = task_of(draft)
    classes = choose_classes(frame[draft.target], features[draft.target]) if task == "classification" else ()
    return preview.sketch(
        frame,
        features,
        target=draft.target,
        task=task,
        classes=classes,
        positive=about.get("positive"),
        case=about.get("case") or draft.guessed["case"],
        cases=about.get("cases") or draft.guessed["cases"],
        outcome_words={k: v for k, v in about.get("outcome_words", {}).items() if v},
        outcome_is=about.get("outcome_is") or "recorded fact",
        decided_by=about.get("decided_by") or "",
    )


def task_of(draft: Draft) -> str:
    """Return whether the outcome is classes or numbers."""
    from explainers.load.outcome import choose_task

    if draft.about.get("task"):
        return str(draft.about["task"])
    declared = draft.entries()[draft.target]["kind"] == "numeric"
    return choose_task(table(draft)[draft.target], declared_numeric=declared)


def about(draft: Draft) -> dict[str, Any]:
    """Return the texts and choices of the study, ready to make it."""
    mine = draft.about
    title = mine.get("title") or default_title(draft)
    out = {
        "title": title,
        "target": draft.target,
        "task": task_of(draft),
        "split": mine.get("split") or draft.guessed["split"],
        "case": mine.get("case") or draft.guessed["case"],
        "cases": mine.get("cases") or draft.guessed["cases"],
        "lineage": {"supplied": draft.upload.name},
        "first": "",
    }
    names = ("question", "positive", "outcome_words", "outcome_is", "decided_by", "metric", "owner", "used_for")
    out |= {k: mine[k] for k in names if mine.get(k) not in (None, "", {})}
    if out["task"] != "classification":
        out = {k: v for k, v in out.items() if k not in ("positive", "outcome_words")}
    return {k: v for k, v in out.items() if v != ""}


def default_title(draft: Draft) -> str:
    """Return a title out of the name of the file."""
    from explainers.dictionary import humanise

    return humanise(draft.upload.name.rsplit(".", 1)[0].replace("-", "_")) or "My study"
