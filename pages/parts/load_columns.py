"""The dictionary: every column as guessed, one of them open to be corrected, and how its sentences will sound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from explainers.dictionary import checked_phrase
from explainers.words import preview
from pages.parts import load_draft, show
from pages.parts.load_draft import Draft
from pages.parts.text import plain

ROLES = {
    "feature": "to look at",
    "target": "the outcome",
    "id": "number of the case",
    "time": "when it was",
    "group": "whose it is",
    "leakage": "gives the answer away",
    "excluded": "left out",
}
KINDS = {
    "numeric": "numbers",
    "categorical": "groups",
    "ordered": "groups in order",
    "boolean": "yes or no",
    "date": "dates",
}
CHANGEABLE = {"no": "no", "any": "yes", "increase": "only upwards", "decrease": "only downwards"}
FIELDS = {
    "role": "How it is used",
    "kind": "What it holds",
    "protected": "Protected",
}
MOST_LEVELS = 40
# What can be said of several columns at once: words for it, the fields that say so, and how it is told afterwards.
TOGETHER: dict[str, tuple[str, dict[str, Any], str]] = {
    "out": ("Leave them out", {"role": "excluded"}, "left out"),
    "look": ("Look at them", {"role": "feature"}, "looked at"),
    "protect": ("The law protects them", {"role": "feature", "protected": True}, "protected"),
    "free": ("The law does not protect them", {"protected": False}, "not protected"),
    "fixed": ("People cannot change them", {"changeable": "no"}, "marked as what people cannot change"),
    "open": ("People can change them", {"changeable": "any"}, "marked as what people can change"),
    "groups": ("Their numbers stand for groups", {"kind": "categorical", "phrase": None}, "taken as groups"),
}
MOST_BACK = 20


def room(draft: Draft) -> None:
    """Draw the whole dictionary, and one column of it to correct with its sentences beside."""
    entries = draft.entries()
    st.markdown("##### One column")
    names = list(entries)
    with st.container(horizontal=True, vertical_alignment="bottom", key="load_pick"):
        slot = f"{draft.key}_column"
        st.session_state.setdefault(slot, _first(entries))
        name = st.selectbox(
            "Column",
            names,
            format_func=lambda n: _named(entries[n]),
            key=slot,
            persist_state="session",
            width=380,
        )
        at = names.index(name)
        st.button("Before", icon=":material/arrow_back:", key="load_before", disabled=at == 0, on_click=_step,
                  args=(slot, names, at - 1))  # fmt: skip
        st.button("Next", icon=":material/arrow_forward:", key="load_after", disabled=at == len(names) - 1,
                  on_click=_step, args=(slot, names, at + 1))  # fmt: skip
    left, right = st.columns([3, 2], gap="large")
    with left, st.container(border=True, key="load_entry"):
        _editor(draft, name, entries[name])
    with right:
        _sentences(draft, name)
    st.markdown("##### All columns")
    _together(draft, entries)
    _overview(draft)
    load_draft.onward("question", "Go on to the question")


def _first(entries: Mapping[str, Mapping[str, Any]]) -> str:
    return next((n for n, e in entries.items() if e["role"] == "feature"), next(iter(entries)))


def _named(entry: Mapping[str, Any]) -> str:
    return (
        entry["label"]
        if entry["label"].casefold() == entry["name"].casefold()
        else f"{entry['label']} ({entry['name']})"
    )


def _step(slot: str, names: list[str], at: int) -> None:
    st.session_state[slot] = names[at]


# -- one column ------------------------------------------------------------------------------------------------------
def _editor(draft: Draft, name: str, entry: dict[str, Any]) -> None:
    """Draw the fields of a column; what the reader changes is taken at once."""
    # What was said of several columns at once draws the fields anew: they would bring back what they showed before.
    key = f"{draft.key}_{draft.columns.index(name)}_{st.session_state.get(_times(draft), 0)}"
    why = draft.guessed["why"][name]
    first, second = st.columns(2)
    with first:
        label = st.text_input("Called", value=entry["label"], key=f"{key}_label", max_chars=60)
        role = _choice("How it is used", ROLES, entry["role"], f"{key}_role", why.get("role", ""),
                       disabled=name == draft.target, without=() if name == draft.target else ("target",))  # fmt: skip
    with second:
        unit = st.text_input("Unit", value=entry["unit"] or "", key=f"{key}_unit", max_chars=30)
        kind = _choice("What it holds", KINDS, entry["kind"], f"{key}_kind", why.get("kind", ""))
    fields: dict[str, Any] = {
        "label": " ".join(label.split()) or entry["label"],
        "role": role,
        "unit": unit.strip() or None,
        "kind": kind,
    }
    if role == "feature":
        fields |= _of_input(key, entry, kind, why)
    draft.say(name, **fields)
    if kind in ("categorical", "ordered", "boolean"):
        _levels(draft, name, key)


def _choice(
    words: str, options: dict[str, str], value: str, key: str, why: str, *, disabled: bool = False, without: Any = ()
) -> str:
    offered = [o for o in options if o not in without]
    return str(
        st.selectbox(
            words,
            offered,
            index=offered.index(value),
            format_func=options.__getitem__,
            key=key,
            help=plain(why) if why else None,
            disabled=disabled,
        )
    )


def _of_input(key: str, entry: dict[str, Any], kind: str, why: Mapping[str, str]) -> dict[str, Any]:
    """Draw the fields that only what an option looks at has."""
    out: dict[str, Any] = {}
    if kind in ("numeric", "ordered", "date"):
        phrase = st.text_input(
            "As it stands in a sentence",
            value=entry["phrase"] or "",
            key=f"{key}_phrase",
            max_chars=200,
            placeholder="the price is €{value:number}",
            help="A clause with {value:number} where the value goes. Also {value:integer}, {value:money}, "
            "{value:percent} for shares and {value:points} for percent. Leave it empty to quote the name.",
        ).strip()
        kept, problems = checked_phrase(phrase or None, "")
        for problem in problems:
            st.warning(plain(f"{problem.message} {problem.remedy}"))
        out["phrase"] = kept
    low, high, can = st.columns(3)
    if kind == "numeric":
        with low:
            out["minimum"] = st.number_input("Smallest", value=_float(entry["minimum"]), key=f"{key}_min", format="%g")
        with high:
            out["maximum"] = st.number_input("Largest", value=_float(entry["maximum"]), key=f"{key}_max", format="%g")
    with can:
        out["changeable"] = _choice("Can people change it?", CHANGEABLE, entry["changeable"], f"{key}_changeable", "")
    out["protected"] = st.checkbox(
        "The law protects it: options do not look at it unless they say so",
        value=entry["protected"],
        key=f"{key}_protected",
        help=plain(why["protected"]) if why.get("protected") else None,
    )
    return out


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def _levels(draft: Draft, name: str, key: str) -> None:
    """Draw the words for each level."""
    entry = draft.entries()[name]
    values = load_draft.table(draft)[name].dropna()
    seen = [v.item() if isinstance(v, np.generic) else v for v in values.value_counts().index[: MOST_LEVELS + 1]]
    if len(seen) > MOST_LEVELS:
        st.caption(f"It has more than {MOST_LEVELS} levels; they are called as they are written.")
        return
    words = entry["level_labels"]
    in_order = [v for v in words if v in seen] + [v for v in seen if v not in words]
    given = pd.DataFrame(
        {"In the data": [str(v) for v in in_order], "Called": [str(words.get(v, v)) for v in in_order]}
    )
    if entry["kind"] == "ordered":
        given["Place"] = range(1, len(in_order) + 1)
    st.caption("Words for its levels" + ("; from low to high by their place" if "Place" in given else ""))
    edited = st.data_editor(
        given, hide_index=True, disabled=["In the data"], key=f"{key}_levels_{entry['kind']}", num_rows="fixed"
    )
    order = edited["Place"].rank(method="first").argsort().tolist() if "Place" in edited else range(len(in_order))
    said = {in_order[i]: " ".join(str(edited["Called"].iloc[i] or in_order[i]).split()) for i in order}
    plainly = all(str(k) == v for k, v in said.items()) and entry["kind"] != "ordered"
    draft.say(name, level_labels={} if plainly and not draft.guessed["entries"][name]["level_labels"] else said)


# -- sentences -------------------------------------------------------------------------------------------------------
def _sentences(draft: Draft, name: str) -> None:
    """Show the sentences that this entry will produce, on values of the data."""
    entry = draft.entries()[name]
    with st.container(border=True, key="load_preview"):
        if entry["role"] != "feature":
            st.caption("In sentences")
            st.markdown(plain(_unused(entry)))
            return
        st.caption("It will be said like this")
        said = preview.feature_sentences(load_draft.sketch(draft), name)
        if not said:
            st.markdown("Nothing can be said: every cell is empty.")
        show.listed(said)
        if entry["protected"]:
            st.caption("Only options that say so look at it.")
    changed = draft.said.get(name)
    if changed:
        st.caption(plain(f"You changed: {', '.join(sorted(_field(f) for f in changed))}."))


def _field(name: str) -> str:
    words = {"label": "the name", "role": "how it is used", "kind": "what it holds", "phrase": "the clause"}
    words |= {"level_labels": "words for levels", "minimum": "the smallest", "maximum": "the largest"}
    return words.get(name, name)


def _unused(entry: Mapping[str, Any]) -> str:
    label = entry["label"]
    return {
        "target": f"“{label}” is the outcome: every answer is about it.",
        "id": f"“{label}” is how people find a case. No option looks at it.",
        "time": f"“{label}” says when a case was. No option looks at it.",
        "group": f"“{label}” keeps rows together that belong together. No option looks at it.",
        "leakage": f"“{label}” gives the answer away, so no option looks at it.",
        "excluded": f"“{label}” is left out: no sentence speaks of it.",
    }[str(entry["role"])]


# -- several columns -------------------------------------------------------------------------------------------------
def _times(draft: Draft) -> str:
    return f"{draft.key}_together_times"


def _together(draft: Draft, entries: Mapping[str, Mapping[str, Any]]) -> None:
    """Let the reader say one thing of several columns, and take it back."""
    able = [n for n in entries if n != draft.target]
    slot, how = f"{draft.key}_together", f"{draft.key}_together_how"
    with st.container(horizontal=True, vertical_alignment="bottom", key="load_together"):
        st.multiselect(
            "Several columns at once",
            able,
            format_func=lambda n: _named(entries[n]),
            key=slot,
            placeholder="Choose columns",
            width=420,
        )
        picked = [n for n in st.session_state[slot] if n in able]
        st.selectbox("What is said of them", list(TOGETHER), format_func=lambda k: TOGETHER[k][0], key=how, width=280)
        st.button("Say so", key="load_together_do", disabled=not picked, on_click=_say_of_all, args=(draft, slot, how))
    back = _said_before(draft)
    if back:
        with st.container(horizontal=True, vertical_alignment="center", key="load_together_said"):
            st.markdown(plain(f"{back[-1][0]}."), width="content")
            st.button("Undo", icon=":material/undo:", key="load_together_undo", type="tertiary", on_click=_take_back,
                      args=(draft,))  # fmt: skip


def _said_before(draft: Draft) -> list[tuple[str, dict[str, dict[str, Any]]]]:
    """Return what was said of several columns, each with what their fields were before."""
    found: list[tuple[str, dict[str, dict[str, Any]]]] = st.session_state.setdefault(f"{draft.key}_together_back", [])
    return found


def _say_of_all(draft: Draft, slot: str, how: str) -> None:
    entries = draft.entries()
    _, fields, told = TOGETHER[st.session_state[how]]
    before: dict[str, dict[str, Any]] = {}
    for name in st.session_state[slot]:
        entry = entries.get(name)
        if entry is None or name == draft.target or all(entry[k] == v for k, v in fields.items()):
            continue
        before[name] = {k: entry[k] for k in fields}
        draft.say(name, **fields)
    n = len(before)
    if n:
        said = f"“{entries[next(iter(before))]['label']}” is" if n == 1 else f"{n} columns are"
        back = _said_before(draft)
        back.append((f"{said} {told} now", before))
        del back[:-MOST_BACK]
    st.session_state[slot] = []
    _anew(draft)


def _take_back(draft: Draft) -> None:
    """Give the columns that were changed last what they had before; what was said since of other fields stays."""
    back = _said_before(draft)
    if back:
        for name, fields in back.pop()[1].items():
            if name in draft.columns and not (name == draft.target and "role" in fields):
                draft.say(name, **fields)
    _anew(draft)


def _anew(draft: Draft) -> None:
    st.session_state[_times(draft)] = st.session_state.get(_times(draft), 0) + 1


# -- all columns -----------------------------------------------------------------------------------------------------
def _overview(draft: Draft) -> None:
    entries = draft.entries()
    why = draft.guessed["why"]
    rows = [
        {
            "Column": e["name"],
            "Called": e["label"],
            "How it is used": ROLES[e["role"]],
            "What it holds": KINDS[e["kind"]],
            "Unit": e["unit"] or "",
            "Protected": "yes" if e["protected"] else "",
            "Why": "you said so"
            if draft.said.get(n)
            else " ".join(why[n][w] for w in ("role", "protected") if w in why[n]),
        }
        for n, e in entries.items()
    ]
    st.dataframe(
        pd.DataFrame(rows).map(str),
        hide_index=True,
        key=f"{draft.key}_overview",
        height="content" if len(rows) < 15 else 520,
    )
