"""Change this case: any value, controls from the dictionary, before and after side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st

from explainers import keys
from explainers.errors import DatabaseError
from explainers.figures import attribution as draw
from explainers.words import change as say_change
from explainers.words import display, phrases
from pages.parts import answer, people, pickers, show, work
from pages.parts.text import plain

if TYPE_CHECKING:
    from explainers.results import Explanation
    from explainers.study import Feature
    from pages.parts.pickers import Chosen
    from pages.parts.shell import Here

NOT_KNOWN = "not known"
FEW_LEVELS = 4


def room(here: Here, chosen: Chosen, explanation: Explanation, spec: dict[str, Any]) -> None:
    """Draw the controls and, once a value differs, before and after side by side."""
    study = here.study
    place = f"new:{study.name}:{chosen.id}:"
    # A browser keeps what was typed into a control of the same key, so each reset gives the controls new keys.
    prefix = f"{place}{st.session_state.get(f'resets:{place}', 0)}:"
    st.caption(
        plain(f"Change any value. This shows what the option would say, not what would happen to the {study.case}.")
    )
    edited = chosen.row.copy()
    controls = st.container(key="change_controls")
    names = sorted(here.candidate.features, key=lambda n: study.dictionary[n].changeable == "no")
    with controls, st.container():
        for start in range(0, len(names), 3):
            for column, name in zip(st.columns(3), names[start : start + 3], strict=False):
                with column:
                    value = _control(here, study.dictionary[name], chosen.row[name].iloc[0], f"{prefix}{name}")
                    if not _same(value, chosen.row[name].iloc[0]):
                        edited[name] = pd.Series([value], index=edited.index)
    changed = [n for n in names if not _same(edited[n].iloc[0], chosen.row[n].iloc[0])]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Reset", key="change_reset", icon=":material/undo:", disabled=not changed, on_click=_reset, args=(place,)
        )
        if not changed:
            st.caption("Nothing is changed yet.", width="content")
    if not changed:
        return
    same = explanation.outcome[0] if len(study.classes) > 2 else None
    job = answer.explain(here, chosen, spec, edited, outcome=same)
    after = work.result_of(job, doing="Asking again", height=300, key="again")
    said = say_change.describe(explanation, after, study, audience=here.audience)
    show.narrative(said)
    before_side, after_side = st.columns(2, gap="large")
    for side, which, heading in ((before_side, explanation, "As recorded"), (after_side, after, "With your changes")):
        with side:
            st.markdown(f"##### {heading}: {plain(answer.short_answer(here, which))}")
            alt = display.alt(which, study, audience=here.audience)
            show.chart(draw.draw(which, study, title="", alt=alt), key=f"change_{heading}", technical=here.technical)
    _keep(here, chosen, edited, changed)


def _same(a: Any, b: Any) -> bool:
    if pd.isna(a) or pd.isna(b):
        return bool(pd.isna(a) and pd.isna(b))
    if isinstance(a, (int, float, np.number)) and isinstance(b, (int, float, np.number)):
        return bool(np.isclose(float(a), float(b), rtol=1e-9, atol=1e-12))
    return bool(a == b)


def _reset(place: str) -> None:
    st.session_state[f"resets:{place}"] = st.session_state.get(f"resets:{place}", 0) + 1
    for key in [k for k in st.session_state if str(k).startswith(place)]:
        del st.session_state[key]


def _control(here: Here, column: Feature, value: Any, key: str) -> Any:
    """Draw the control that fits the column and return the value in the data's own unit."""
    study = here.study
    hints = {
        "no": f"The person concerned cannot change this. {column.description}",
        "increase": f"Can be increased. {column.description}",
        "decrease": f"Can be decreased. {column.description}",
        "any": f"Can be changed. {column.description}",
    }
    label = plain(column.label)
    text = plain(hints[column.changeable])
    if column.kind == "numeric":
        return _number(column, value, key, label, text)
    if column.kind == "date":
        day = st.date_input(label, value=None if pd.isna(value) else pd.Timestamp(value).date(), key=key, help=text)
        return pd.NaT if day is None else pd.Timestamp(day)
    present = study.frame[column.name]
    levels = [v for v in (column.level_labels or {}) if v in set(present.dropna())]
    levels = levels or sorted(present.dropna().unique().tolist(), key=str)
    choices: list[Any] = [*levels, *([None] if present.isna().any() or pd.isna(value) else [])]
    if not pd.isna(value) and value not in choices:
        choices.append(value)

    def word(v: Any) -> str:
        return NOT_KNOWN if v is None else phrases.value_text(column, v)

    at = choices.index(None if pd.isna(value) else value)
    picked = st.selectbox(
        label,
        range(len(choices)),
        index=at,
        format_func=lambda i: word(choices[i]),
        key=key,
        help=text,
        persist_state="session",
    )
    return choices[picked] if picked is not None else None


def _number(column: Feature, value: Any, key: str, label: str, text: str) -> Any:
    """Draw a number in the unit that people read: shares of one as percent."""
    scale = 100.0 if ":percent}" in (column.phrase or "") else 1.0
    unit = " (%)" if scale == 100 or column.unit == "percent" else (f" ({plain(column.unit)})" if column.unit else "")
    low = None if column.minimum is None else float(column.minimum) * scale
    high = None if column.maximum is None else float(column.maximum) * scale
    start = None if pd.isna(value) else round(float(value) * scale, 6)
    if start is not None and low is not None:
        low = min(low, start)
    if start is not None and high is not None:
        high = max(high, start)
    span = (high - low) if low is not None and high is not None else abs(start or 100.0)
    step = 1.0 if span >= 20 else 0.1
    picked = st.number_input(
        f"{label}{unit}",
        min_value=low,
        max_value=high,
        value=start,
        step=step,
        format="%.1f" if scale == 100 else "%.6g",
        key=key,
        help=text,
        placeholder=NOT_KNOWN,
        persist_state="session",
    )
    if picked is None:
        return np.nan
    if start is not None and abs(picked - start) < 1e-9:
        return value
    return picked / scale


def _keep(here: Here, chosen: Chosen, edited: pd.DataFrame, changed: list[str]) -> None:
    """Offer to keep the changed case among the demo cases, with a link of its own."""
    from explainers import database

    study = here.study
    with st.popover("Keep as a demo case", icon=":material/keep:", key="keep") as box:
        del box
        parts = [
            f"{study.dictionary[n].label} {phrases.value_text(study.dictionary[n], edited[n].iloc[0])}"
            for n in changed[:2]
        ]
        label = st.text_input(
            "What it shows",
            value=f"{study.case.capitalize()} {chosen.id} with {', '.join(parts)}"[:120],
            max_chars=120,
            key="keep_label",
        )
        name = people.ask_name("keep")
        if st.button("Keep", type="primary", key="keep_save"):
            if not name:
                st.warning("Write your name first, so that others know whose case it is.")
                return
            form = f"keep:{study.name}:{chosen.id}"
            try:
                kept = database.add_pin(
                    submission_id=people.submission(form),
                    author=name,
                    study=study.name,
                    case_id=chosen.id,
                    case=keys.case_values(edited),
                    label=label or f"{study.case.capitalize()} {chosen.id}, changed",
                )
            except DatabaseError as error:
                st.error(f"{plain(error.message)} What you typed is still here.")
                return
            people.written(name)
            people.next_submission(form)
            st.session_state["go_to_case"] = f"{pickers.PIN}{kept.id}"
            st.rerun()
