"""Models of one's own: bring their files, see each beside the data, name it, take it away again."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from explainers import jobs, model_uploads, store, uploads
from explainers.errors import BakeoffError, JobCancelled, JobError
from explainers.words import model_files as words
from explainers.words import phrases
from explainers.words.say import BUSINESS, Audience, capital
from pages.parts import show, work
from pages.parts.load_brought import Bench, Brought
from pages.parts.text import plain

MOST = 8
MOST_LACKING = 12
KINDS = "skops, ONNX, XGBoost JSON, LightGBM text, CatBoost, a formula, or a table of answers"
MARKS = {True: ":material/block:", False: ":material/info:"}


def room(bench: Bench) -> None:
    """Draw the field for files, and below it each model that was brought."""
    _field(bench)
    for brought in bench.models:  # all of them first: a model may be compared with a table that was brought after it
        _try(bench, brought)
    for brought in bench.models:
        _card(bench, brought)


def _field(bench: Bench) -> None:
    times = int(st.session_state.get(f"{bench.key}_times", 0))
    files = st.file_uploader(
        f"Model files: {KINDS}",
        accept_multiple_files=True,
        key=f"{bench.key}_file_{times}",
        disabled=len(bench.models) >= MOST,
        help="Nothing in a file is run. It is opened apart from everything else first, with limits of time and memory. "
        "A pickle or joblib file can run any code when it is opened, so none is opened here.",
    )
    refused = st.session_state.pop(f"{bench.key}_refused", "")
    if refused:
        st.error(plain(refused))
    if not files:
        return
    for file in files:
        problem = _taken(bench, file)
        if problem:
            st.session_state[f"{bench.key}_refused"] = problem
    st.session_state[f"{bench.key}_times"] = times + 1
    st.rerun()


def _taken(bench: Bench, file: Any) -> str:
    """Take a file; return why it was not taken, if so."""
    if len(bench.models) >= MOST:
        return f"At most {MOST} model files can be brought at a time. Remove one first."
    try:
        upload = uploads.bring(file, file.name)
    except BakeoffError as error:
        return error.message
    if any(m.upload.key == upload.key for m in bench.models):
        return f"“{upload.name}” is here already."
    option = model_uploads.option_name(upload.name, {*bench.taken, *(m.option for m in bench.models)})
    label = capital(option.replace("_", " "))
    guessed = [c for c in model_uploads.answer_columns(list(bench.study.dictionary.features)) if _other(bench, c)]
    bench.models.append(
        Brought(upload=upload, option=option, label=label, beside=f"column:{guessed[0]}" if guessed else "")
    )
    return ""


def _other(bench: Bench, column: str) -> bool:
    return column != bench.study.target


# -- one model -------------------------------------------------------------------------------------------------------
def _card(bench: Bench, brought: Brought) -> None:
    key = f"{bench.key}_{brought.option}"
    with st.container(border=True, key=f"{key}_card"):
        audience: Audience = "technical" if st.session_state.get("audience") == "technical" else BUSINESS
        labels = {n: f.label for n, f in bench.study.dictionary.features.items()}
        tried = brought.tried
        said = words.describe(tried, brought.upload.name, bench.study, labels=labels, audience=audience)
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="top"):
            st.markdown(f"**{plain(said.headline.text)}**", width="stretch")
            st.button(
                "Remove", icon=":material/close:", key=f"{key}_out", type="tertiary", on_click=_removed,
                args=(bench.models, brought),
            )  # fmt: skip
        if brought.able:
            show.caveats(said, key=f"{key}_limits")
        if "rows" in tried:
            left, right = st.columns([3, 2], gap="medium")
            with left:
                show.sentences([*said.sentences, *words.beside(tried.get("beside"), bench.study)])
                _differences(bench, tried)
                _settings(bench, brought, key)
            with right:
                _preview(bench, tried)
            return
        st.markdown(" ".join(_with_code(s.text) for s in said.sentences))
        _differences(bench, tried)
        if tried.get("stopped") or tried.get("again"):
            st.button("Try it again", icon=":material/refresh:", key=f"{key}_again", on_click=_again, args=(brought,))
        elif "problems" in tried:
            _settings(bench, brought, key)


def _with_code(text: str) -> str:
    """Return text as it is, with what is to be typed elsewhere as code; nothing inside code is interpreted."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return plain(text)
    return "".join(f"`{part}`" if at % 2 else _spaced(part) for at, part in enumerate(parts) if part)


def _spaced(text: str) -> str:
    """Return plain text that keeps the blanks at its ends."""
    return f"{' ' if text[:1] == ' ' else ''}{plain(text.strip())}{' ' if text[-1:] == ' ' else ''}"


def _removed(models: list[Brought], brought: Brought) -> None:
    if brought in models:
        models.remove(brought)


def _again(brought: Brought) -> None:
    brought.mark = ""


def _try(bench: Bench, brought: Brought) -> None:
    """Try a model where that is not done yet, or where something it rests on has changed."""
    tables = {m.option: m.spec() for m in bench.models if m is not brought and m.is_table}
    if brought.beside.startswith("file:") and brought.beside[5:] not in tables:
        brought.beside = ""
    asked = store.key("trial", bench.mark, brought.columns, list(map(str, brought.classes)), brought.beside)
    if brought.mark == asked:
        return
    job = jobs.submit("try_model", study=None, model=brought.spec(), beside=brought.beside, tables=tables, **bench.ask)
    try:
        brought.tried = work.result_of(
            job, doing=f"Trying {brought.upload.name}", height=120, key=f"{bench.key}_{brought.option}_try"
        )
    except JobCancelled:
        brought.tried = {"stopped": True}
    except JobError as error:
        brought.tried = {"refused": str(error), "again": True}
    brought.mark = asked


def _differences(bench: Bench, tried: dict[str, Any]) -> None:
    """List every difference between the model and the data, each with what to do."""
    found = words.differences([uploads.problem(p) for p in tried.get("problems", ())], kept=bench.kept)
    if found:
        st.markdown("\n\n".join(f"{MARKS[d.stops]} {_with_code(f'{d.text} {d.remedy}')}" for d in found))


def _preview(bench: Bench, tried: dict[str, Any]) -> None:
    """Show a few answers beside what happened."""
    rows = words.preview(tried, bench.study)
    names = [capital(bench.study.case), "Its answer", capital(phrases.record(bench.study))]
    show.table(pd.DataFrame(rows, columns=names), alt="Answers of the model to a few cases, beside what happened")
    if tried["task"] == "classification" and tried["answers"] != "labels":
        st.caption("Whether a score of 30 means 30 in 100 is measured once the study is made.")


# -- what its owner says of it ---------------------------------------------------------------------------------------
def _settings(bench: Bench, brought: Brought, key: str) -> None:
    """Draw what only a person can say: its name, its columns in order, which outcome is which, other answers."""
    tried = brought.tried
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"{key}_settings"):
        if brought.able:
            name = st.text_input("Called", value=brought.label, key=f"{key}_label", max_chars=60, width=240)
            brought.label = " ".join(name.split()) or brought.label
        if brought.able and _unnamed(brought):
            _order(brought, key)
        if brought.able and not tried["unfitted"]:
            _beside(bench, brought, key)
    others = [*bench.labels, *(m.label for m in bench.able if m is not brought)]
    if brought.able and brought.label.casefold() in map(str.casefold, others):
        st.markdown(f"{MARKS[False]} {plain(words.called_alike(brought.label).text)}")
    if tried["says"].get("names"):
        _names(bench, brought, key)
    elif _by_place(tried) or brought.columns:
        _columns(bench, brought, key)


def _unnamed(brought: Brought) -> bool:
    """Return whether the file does not say which outcome is which, and there are few enough to choose an order."""
    tried = brought.tried
    if tried["task"] != "classification" or tried["unfitted"] or tried["table"]:
        return False
    return (not tried["names_classes"] or bool(brought.classes)) and 2 <= len(tried["classes"]) <= 3


def _order(brought: Brought, key: str) -> None:
    shown = {" · ".join(map(str, o)): o for o in model_uploads.classes_in_order(brought.tried["classes"])}
    st.selectbox(
        "Its outcomes, in its order",
        list(shown),
        key=f"{key}_order",
        width=220,
        help="The file gives a chance for each outcome without naming it. Look at the few cases beside.",
        on_change=_set_order,
        args=(brought, key, shown),
    )


def _set_order(brought: Brought, key: str, shown: dict[str, list[Any]]) -> None:
    brought.classes = shown[st.session_state[f"{key}_order"]]


def _beside(bench: Bench, brought: Brought, key: str) -> None:
    """Let its answers be compared with a column, or with a table that was brought too."""
    options = {"": "nothing"}
    options |= {
        f"column:{n}": f.label
        for n, f in bench.study.dictionary.features.items()
        if n != bench.study.target and f.kind != "date"
    }
    if not brought.is_table:
        options |= {f"file:{m.option}": m.upload.name for m in bench.models if m is not brought and m.is_table}
    st.selectbox(
        "Compare its answers with",
        list(options),
        index=list(options).index(brought.beside) if brought.beside in options else 0,
        format_func=options.__getitem__,
        key=f"{key}_beside",
        width=240,
        help="A column or a table that holds answers of this very model, from where it was made.",
        on_change=_set_beside,
        args=(brought, key),
    )


def _set_beside(brought: Brought, key: str) -> None:
    brought.beside = st.session_state[f"{key}_beside"]


def _names(bench: Bench, brought: Brought, key: str) -> None:
    """Let a column of the data be chosen for each name of the model that the data do not have."""
    entries = bench.study.dictionary.features
    lacking = [n for n in brought.tried["says"]["names"] if n not in entries]
    if not lacking or len(lacking) > MOST_LACKING:
        return
    st.caption("Which column of the data is meant by each name in the model:")
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"{key}_names"):
        for name in lacking:
            slot = _slot(brought, key, name)
            same = [n for n in entries if n != bench.study.target and model_uploads.same_name(n, name)]
            st.session_state.setdefault(slot, same[0] if len(same) == 1 else "")
            st.selectbox(
                f"“{plain(name)}” is",
                ["", *(n for n in entries if n != bench.study.target)],
                format_func=lambda n: entries[n].label if n else "not chosen yet",
                key=slot,
                width=220,
                on_change=_set_names,
                args=(bench, brought, key),
            )


def _slot(brought: Brought, key: str, name: str) -> str:
    return f"{key}_name_{brought.tried['says']['names'].index(name)}"


def _set_names(bench: Bench, brought: Brought, key: str) -> None:
    """Take the columns once each name has one of its own."""
    entries = bench.study.dictionary.features
    every = brought.tried["says"]["names"]
    chosen = [n if n in entries else str(st.session_state.get(_slot(brought, key, n)) or "") for n in every]
    brought.columns = chosen if all(chosen) and len(set(chosen)) == len(chosen) else []


def _by_place(tried: dict[str, Any]) -> bool:
    return any(p["code"] in ("inputs_by_place", "inputs_do_not_match") for p in tried["problems"])


def _columns(bench: Bench, brought: Brought, key: str) -> None:
    """Let the columns be chosen in the order of a model that does not name them."""
    count = brought.tried["says"].get("count")
    entries = bench.study.dictionary.features
    slot = f"{key}_columns"
    st.session_state.setdefault(slot, [c for c in brought.columns or brought.tried["columns"] if c in entries])
    st.multiselect(
        "Its columns, in its order" + (f" ({count} of them)" if count else ""),
        [n for n in entries if n != bench.study.target],
        format_func=lambda n: entries[n].label,
        key=slot,
        on_change=_set_columns,
        args=(brought, key),
    )


def _set_columns(brought: Brought, key: str) -> None:
    brought.columns = list(st.session_state[f"{key}_columns"])
