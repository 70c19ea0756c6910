"""Choosing what is explained: the case, the demo cases, what it is compared with."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from explainers import pick
from explainers.errors import BakeoffError
from explainers.words import phrases
from pages.parts import cached, link, people
from pages.parts.text import plain, short

if TYPE_CHECKING:
    from explainers.database import Pin
    from explainers.study import Study
    from pages.parts.shell import Here

MOST_LISTED = 1500
SHOWN_IN_SEARCH = 200
PIN = "pin-"
ITS_ANSWER = "its answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The case on screen."""

    id: str
    row: pd.DataFrame
    record: Any
    rows: str
    pin: Pin | None = None

    @property
    def typed(self) -> bool:
        """Whether the case was typed in and is not in the data."""
        return self.pin is not None


def never_seen(study: Study) -> pd.Index[Any]:
    """Return the ids of the cases that no option saw while it was fitted."""
    key = ("never seen", study.data_key)
    return cached.once(key, lambda: study.case_ids[(study.split == "test").to_numpy()])


def pins(study: Study) -> tuple[Pin, ...]:
    """Return the typed-in cases that people kept; none when the database cannot be read."""
    from explainers import database

    try:
        return () if database.nothing_yet() else database.pins(study.name)
    except BakeoffError:
        return ()


def demo(study: Study) -> list[tuple[str, str]]:
    """Return id and note of the demo cases: those of the study, then those that people kept."""
    fixed = [(str(p["case"]), str(p.get("note", ""))) for p in study.pinned]
    return fixed + [(f"{PIN}{p.id}", f"{p.label}, kept by {p.author}") for p in pins(study)]


def show_case(case_id: str) -> None:
    """Put another case on screen; used as a callback."""
    st.session_state["case"] = case_id


def _options(study: Study) -> list[str]:
    ids = list(never_seen(study)[:MOST_LISTED])
    fixed = [case_id for case_id, _ in demo(study)]
    asked = st.session_state.get("case")
    extra = [str(asked)] if asked else []
    return list(dict.fromkeys([*fixed, *ids, *extra]))


def case(here: Here) -> Chosen:
    """Draw the controls that choose a case and return the chosen one; stops the page when there is none."""
    study = here.study
    if "go_to_case" in st.session_state:
        show_case(st.session_state.pop("go_to_case"))
    options = _options(study)
    if not options:
        st.info(plain(f"This study has no {study.cases} yet that could be explained."))
        st.stop()
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="right", key="case_controls"):
        picked = st.selectbox(
            plain(study.case.capitalize()),
            options,
            index=link.place("case", options),
            format_func=lambda i: f"Kept case {i.removeprefix(PIN)}" if i.startswith(PIN) else f"No. {i}",
            key="case",
            persist_state="session",
            accept_new_options=True,
            width=190,
            help=plain(f"Type a number to find {study.case} by number. Any {study.case} of the study can be typed."),
        )
        st.button(
            "Random",
            icon=":material/casino:",
            key="random_case",
            on_click=_random,
            args=(options,),
        )
        with st.popover("Find", icon=":material/search:", key="find", on_change="rerun") as box:
            if box.open:
                _find(here)
    link.keep("case", str(picked).removeprefix("No. ").strip())
    try:
        return _chosen(here, str(picked).removeprefix("No. ").strip())
    except BakeoffError as error:
        st.warning(plain(error.message))
        st.stop()


def _random(options: list[str]) -> None:
    show_case(random.choice([o for o in options if not o.startswith(PIN)] or options))


def _chosen(here: Here, case_id: str) -> Chosen:
    study = here.study
    names = list(study.feature_names)
    if case_id.startswith(PIN):
        kept = next((p for p in pins(study) if f"{PIN}{p.id}" == case_id), None)
        if kept is None:
            raise BakeoffError(f"The kept case {case_id.removeprefix(PIN)} is not there any more. Pick another one.")
        row = pd.DataFrame([{n: kept.case.get(n) for n in names}], index=pd.Index([case_id]))
        like = study.frame[names]
        row = row.astype({n: like[n].dtype for n in names if like[n].dtype.kind in "iufb" and row[n].notna().all()})
        return Chosen(id=case_id, row=row, record=None, rows="a typed-in case", pin=kept)
    row = study.row(case_id)
    at = study.frame.index.get_indexer_for(row.index)[0]
    label = str(study.split.iloc[at])
    words = {
        "test": f"one of {len(never_seen(study)):,} never-seen {study.cases}",
        "train": f"one of the {study.cases} that the options learned from",
        "calibration": f"one of the {study.cases} kept aside for checking",
    }
    rows = words.get(label, "of unknown history")
    if here.candidate.given_fitted and study.split_by != "labels":
        rows = f"one of {len(study.frame):,} {study.cases}, any of which the option may have learned from"
    return Chosen(id=case_id, row=row[names], record=row[study.target].iloc[0], rows=rows)


def _find(here: Here) -> None:
    """Draw the search: which kind of case, a text, and a table to pick from."""
    study = here.study
    ways = {"All": "never-seen ones in the order of the data"}
    if study.task == "classification":
        record = (
            "the lender decided"
            if study.decided_by == "the lender"
            else (f"{study.decided_by} decided" if study.decided_by else "the record says")
        )
        ways |= {
            f"Differs from what {record}": "those with the clearest answer first",
            "Closest to the line": f"those nearest to {100 * study.threshold:.0f} in 100, from which a case is flagged",
        }
    else:
        ways |= {"Differs most from the record": "the largest differences first"}
    ways["Most unsure"] = "those where the options' answers lie furthest apart"
    way = st.radio("Which ones", list(ways), captions=list(ways.values()), key="find_way", persist_state="session")
    asked = st.text_input(
        "Search in all values", key="find_text", placeholder="for example: self-employed", persist_state="session"
    )
    ids = _ids(here, str(way))
    found = _table(here, ids)
    for word in (asked or "").lower().split():
        found = found[found.apply(lambda r, w=word: any(w in str(v).lower() for v in r), axis=1)]
    if found.empty:
        st.caption(plain(f"None of {len(ids):,} {study.cases} fits. Try another word or another list."))
        return
    st.caption(plain(f"{len(found):,} of {len(ids):,} never-seen {study.cases}; choose a row to explain it."))
    shown = found.head(SHOWN_IN_SEARCH)
    st.dataframe(
        shown,
        hide_index=True,
        height=260,
        width=620,
        key=f"find_table_{way}_{asked}",
        on_select=_take,
        selection_mode="single-row",
        column_config={c: st.column_config.TextColumn(short(c, 40)) for c in shown.columns},
    )
    st.session_state["find_ids"] = (f"find_table_{way}_{asked}", list(shown.iloc[:, 0]))


def _take() -> None:
    key, ids = st.session_state.get("find_ids", ("", []))
    rows = (st.session_state.get(key) or {"selection": {"rows": []}})["selection"]["rows"]
    if rows:
        show_case(str(ids[rows[0]]))


def _ids(here: Here, way: str) -> list[str]:
    study, name = here.study, here.candidate.name
    if way.startswith("Most unsure"):
        return [str(i) for i in pick.unsure(study)]
    if way.startswith("Differs"):
        return [str(i) for i in pick.differs(study, name)]
    if way.startswith("Closest"):
        return [str(i) for i in pick.closest(study, name)]
    return [str(i) for i in never_seen(study)]


def _table(here: Here, ids: list[str]) -> pd.DataFrame:
    """Return the cases as people read them: number, record and every input in the dictionary's words."""
    study = here.study
    at = pd.Index(study.case_ids).get_indexer(pd.Index(ids[:5000]))
    rows = study.frame.iloc[at]
    out: dict[str, list[str]] = {study.case.capitalize(): [str(i) for i in ids[:5000]]}
    target = study.dictionary[study.target]
    out[target.label] = [phrases.value_text(target, v) for v in rows[study.target]]
    for name in study.inputs:
        column = study.dictionary[name]
        out[column.label if column.label not in out else name] = [phrases.value_text(column, v) for v in rows[name]]
    return pd.DataFrame(out)


def demo_cases(here: Here, chosen: Chosen) -> None:
    """Step through the demo cases with previous and next."""
    every = demo(here.study)
    if not every:
        return
    ids = [case_id for case_id, _ in every]
    at = ids.index(chosen.id) if chosen.id in ids else None
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", key="demo_cases", gap="small"):
        before = ids[(at - 1) % len(ids)] if at is not None else ids[-1]
        after = ids[(at + 1) % len(ids)] if at is not None else ids[0]
        st.button(
            "Previous",
            icon=":material/chevron_left:",
            key="demo_previous",
            type="tertiary",
            on_click=show_case,
            args=(before,),
        )
        where = f"Demo case {at + 1} of {len(ids)}: {every[at][1]}" if at is not None else f"{len(ids)} demo cases"
        st.button(
            "Next",
            icon=":material/chevron_right:",
            icon_position="right",
            key="demo_next",
            type="tertiary",
            on_click=show_case,
            args=(after,),
        )
        st.caption(plain(short(where, 110)))
        if chosen.pin is not None:
            st.button("Remove this kept case", key="pin_remove", type="tertiary", on_click=_remove, args=(chosen.pin,))
    removed = st.session_state.get("pin_removed")
    if removed is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(plain(f"“{removed.label}” was removed from the demo cases."), width="content")
            st.button("Undo", key="pin_restore", type="tertiary", on_click=_restore, args=(removed,))


def _remove(kept: Pin) -> None:
    from explainers import database

    key = f"pin_remove_{kept.id}"
    database.remove_pin(kept.id, submission_id=people.submission(key), author=people.author() or people.NAMELESS)
    people.next_submission(key)
    st.session_state["pin_removed"] = kept
    st.session_state.pop("case", None)


def _restore(kept: Pin) -> None:
    from explainers import database

    key = f"pin_restore_{kept.id}"
    database.restore_pin(kept.id, submission_id=people.submission(key), author=people.author() or people.NAMELESS)
    people.next_submission(key)
    st.session_state.pop("pin_removed", None)
    show_case(f"{PIN}{kept.id}")


def outcome(here: Here) -> Any:
    """Draw the control that says for which of several classes reasons are given; None: for the answer of the option."""
    study = here.study
    if len(study.classes) < 3:
        return None
    known = {ITS_ANSWER: None} | {str(c): c for c in study.classes}
    link.only("outcome", known)
    picked = st.selectbox(
        "Reasons for",
        list(known),
        index=link.place("outcome", list(known)),
        format_func=lambda k: "its answer" if k == ITS_ANSWER else short(phrases.outcome(study, known[k]), 60),
        key="outcome",
        persist_state="session",
        width=240,
        help="Ask why it says one outcome and not another: look at the reasons for each.",
    )
    link.keep("outcome", picked)
    return known.get(picked)


def _groups(study: Study) -> dict[str, tuple[dict[str, Any], str]]:
    """Return the groups that a case can be compared with: levels that at least ten training rows have."""
    found = {}
    for name in study.inputs:
        column = study.dictionary[name]
        if column.kind not in ("boolean", "ordered", "categorical"):
            continue
        counts = study.frame.loc[(study.split == "train").to_numpy(), name].value_counts()
        for level in counts[counts >= 10].index[:12]:
            spec = {"kind": "group", "feature": name, "level": level}
            found[f"{name}:{level}"] = (spec, f"{column.label}: {phrases.value_text(column, level)}")
    return found


def reference(here: Here, chosen: Chosen) -> dict[str, Any]:
    """Draw the control that says what the case is compared with, and return its description for the worker."""
    study = here.study
    groups = cached.once(("groups", study.data_key, study.fingerprint), lambda: _groups(study))
    specs: dict[str, dict[str, Any]] = {"everyone": {"kind": "everyone"}} | {k: spec for k, (spec, _) in groups.items()}
    words = {"everyone": f"all {study.cases}"} | {k: text for k, (_, text) in groups.items()}
    known = cached.once(("ids", study.data_key), lambda: frozenset(study.case_ids))
    asked = str(st.session_state.get("reference") or "")
    for other in {asked, *(f"case:{case_id}" for case_id, _ in demo(study) if not case_id.startswith(PIN))}:
        case_id = other.removeprefix("case:")
        if other.startswith("case:") and case_id != chosen.id and case_id in known:
            specs[other] = {"kind": "case", "case": case_id}
            words[other] = f"{study.case} {case_id}"
    link.only("reference", specs)
    ordered = sorted(specs, key=lambda s: (s != "everyone", s.startswith("case:")))
    picked = st.selectbox(
        "Compared with",
        ordered,
        index=link.place("reference", ordered),
        format_func=lambda s: short(words.get(s, s), 60),
        key="reference",
        persist_state="session",
        accept_new_options=True,
        on_change=_compare_with,
        args=(known, words),
        width=330,
        help=plain(
            f"Reasons say how this one differs from these. Type the number of another {study.case} to compare with it."
        ),
    )
    if unknown := st.session_state.pop("reference_unknown", ""):
        st.warning(plain(f"There is no {study.case} {unknown} to compare with. Choose from the list or type a number."))
    link.keep("reference", picked)
    return specs.get(picked, {"kind": "everyone"})


def _compare_with(known: frozenset[str], words: dict[str, str]) -> None:
    """Take what was typed for the case of that number or the first entry with these words; else nothing changes."""
    asked = str(st.session_state.get("reference") or "").strip()
    if asked in words:
        return
    number = asked.removeprefix("No. ").strip()
    named = next((spec for spec, text in words.items() if asked.lower() in text.lower()), None)
    found = f"case:{number}" if number in known else named
    if found is None:
        st.session_state["reference_unknown"] = asked
    st.session_state["reference"] = found or st.session_state.get("linked_reference", "everyone")
