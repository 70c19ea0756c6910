"""What the study asks: the outcome and the words for it, the declared measure, which rows are kept for checking."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import streamlit as st

from explainers.study import Feature
from explainers.words import home
from pages.parts import load_draft, show
from pages.parts.load_draft import Draft
from pages.parts.text import plain

MEASURES = {
    "classification": {
        "auc": "how well it puts cases in order",
        "accuracy": "how often it agrees with the record",
        "log_loss": "how good its stated chances are",
        "brier": "how far its stated chances are off",
    },
    "regression": {
        "mae": "how far it is usually off",
        "rmse": "how far it is off, large errors counting more",
        "r2": "how much better it is than the average",
    },
}
OUTCOME_IS = {"recorded fact": "a fact", "a person's past decision": "what somebody decided"}
MOST_CLASSES = 8


def room(draft: Draft) -> None:
    """Draw the question, the outcome and the split; what is chosen is taken at once."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        _outcome(draft)
        _words(draft)
    with right:
        _record(draft)
        _measure(draft)
        _split(draft)
    _who(draft)
    load_draft.onward("train", "Go on to the options")


def _outcome(draft: Draft) -> None:
    entries = draft.entries()
    able = [n for n, e in entries.items() if e["kind"] != "date"]
    slot = f"{draft.key}_target"
    st.selectbox(
        "The outcome",
        able,
        index=able.index(draft.target) if draft.target in able else 0,
        format_func=lambda n: entries[n]["label"],
        key=slot,
        help=plain(f"The column that is to be answered. {draft.guessed['target_why']}"),
        on_change=_choose,
        args=(draft, slot),
    )
    task = load_draft.task_of(draft)
    kind = {"classification": "one of several outcomes", "regression": "a number"}
    chosen = st.segmented_control(
        "The answer is",
        list(kind),
        default=task,
        required=True,
        format_func=kind.__getitem__,
        key=f"{draft.key}_task_{draft.target}",
    )
    if chosen != task:
        draft.about["task"] = chosen
        draft.about.pop("metric", None)
        st.rerun()


def _choose(draft: Draft, slot: str) -> None:
    load_draft.choose_target(draft, st.session_state[slot])
    for name in ("task", "positive", "outcome_words", "metric", "split"):
        draft.about.pop(name, None)


def _text(draft: Draft, name: str, words: str, usual: str, **more: Any) -> None:
    said = st.text_input(words, value=draft.about.get(name) or usual, key=f"{draft.key}_{name}", **more).strip()
    draft.about[name] = said if said != usual else ""


def _words(draft: Draft) -> None:
    _text(draft, "title", "Title of the study", load_draft.default_title(draft), max_chars=120)
    label = draft.entries()[draft.target]["label"]
    case = draft.about.get("case") or draft.guessed["case"]
    asked = draft.about.get("question") or ""
    draft.about["question"] = st.text_input(
        "The question",
        value=asked,
        key=f"{draft.key}_question",
        max_chars=200,
        placeholder=f"What is “{label}” for a {case}?",
    ).strip()
    one, several = st.columns(2)
    with one:
        _text(draft, "case", "One row is a", draft.guessed["case"], max_chars=30)
    with several:
        _text(draft, "cases", "Several are", draft.guessed["cases"], max_chars=30)
    if load_draft.task_of(draft) == "classification":
        _classes(draft)


def _classes(draft: Draft) -> None:
    from explainers.load.outcome import choose_classes, choose_positive

    values = load_draft.table(draft)[draft.target]
    feature = draft.features()[draft.target]
    classes = choose_classes(values, feature)
    if len(classes) > MOST_CLASSES:
        return
    shown = {c: feature.level_labels.get(c, str(c)) for c in classes}
    if len(classes) == 2:
        usual, _ = choose_positive(values, classes, None, feature)
        at = classes.index(draft.about.get("positive", usual)) if draft.about.get("positive", usual) in classes else 0
        draft.about["positive"] = st.segmented_control(
            "The outcome in focus",
            list(classes),
            default=classes[at],
            required=True,
            format_func=lambda c: plain(shown[c]),
            key=f"{draft.key}_positive_{draft.target}",
        )
    st.caption(
        plain(
            f"Words for each outcome, as they fit after “the {draft.about.get('case') or draft.guessed['case']} was …”"
        )
    )
    words = draft.about.setdefault("outcome_words", {})
    for at, level in enumerate(classes):
        said = st.text_input(
            plain(shown[level]),
            value=words.get(level, ""),
            key=f"{draft.key}_words_{draft.target}_{at}",
            max_chars=60,
            placeholder=f"recorded as “{_recorded(feature, level)}”",
        ).strip()
        words[level] = said


def _recorded(feature: Feature, level: Hashable) -> str:
    known = feature.level_labels.get(level)
    return known if known and known != str(level) else f"{feature.label}: {level}"


def _record(draft: Draft) -> None:
    with st.container(border=True, key="load_record"):
        st.caption("What the record says")
        study = load_draft.sketch(draft)
        study = study.replace(frame=load_draft.table(draft))
        show.sentences([home.answer(study)])


def _measure(draft: Draft) -> None:
    offered = MEASURES[load_draft.task_of(draft)]
    mine = draft.about.get("metric")
    names = list(offered)
    draft.about["metric"] = st.selectbox(
        "Options are judged by",
        names,
        index=names.index(mine) if mine in names else 0,
        format_func=offered.__getitem__,
        key=f"{draft.key}_metric_{load_draft.task_of(draft)}",
    )
    said = st.segmented_control(
        "The outcome is",
        list(OUTCOME_IS),
        default=draft.about.get("outcome_is") or "recorded fact",
        required=True,
        format_func=OUTCOME_IS.__getitem__,
        key=f"{draft.key}_outcome_is",
        help="Where it is what somebody decided, an option that differs is not called wrong.",
    )
    draft.about["outcome_is"] = said
    if said != "recorded fact":
        _text(draft, "decided_by", "Who decided", "", max_chars=60, placeholder="the lender")


def _split(draft: Draft) -> None:
    entries = draft.entries()
    guessed = draft.guessed["split"]
    ways = {"random": "by chance"}
    ways |= {f"time:{n}": f"by time: {e['label']}" for n, e in entries.items() if e["role"] == "time"}
    ways |= {f"group:{n}": f"by group: {e['label']}" for n, e in entries.items() if e["role"] in ("group", "excluded")}
    ways |= {f"labels:{n}": f"as the column says: {e['label']}" for n, e in entries.items() if _is_split(draft, n)}
    if guessed not in ways:
        guessed = "random"
    mine = draft.about.get("split") or guessed
    mine = mine if mine in ways else guessed
    draft.about["split"] = st.selectbox(
        "Rows are kept for checking",
        list(ways),
        index=list(ways).index(mine),
        format_func=ways.__getitem__,
        key=f"{draft.key}_split_{len(ways)}",
        help=plain(
            f"Three fifths of the rows are learned from, the others are kept for checking. {draft.guessed['split_why']}"
        ),
    )


def _is_split(draft: Draft, name: str) -> bool:
    """Return whether a column says which rows are for training."""
    values = load_draft.table(draft)[name]
    if values.dtype.kind in "iufbM" or draft.target == name:
        return False
    seen = {str(v).strip().casefold() for v in values.iloc[:2000].dropna().unique()[:6]}
    return "train" in seen and seen <= {"train", "test", "calibration", "validation", "unknown"}


def _who(draft: Draft) -> None:
    owner, use = st.columns(2)
    with owner:
        _text(draft, "owner", "Who stands for this study", "", max_chars=80, placeholder="A name or a team")
    with use:
        _text(draft, "used_for", "What answers may be used for", "", max_chars=200, placeholder="trying it out")
