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
from explainers.words import intervals as say_intervals
from explainers.words.say import listed
from pages.parts import answer, cached, people, pickers, show, sure, work
from pages.parts.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from explainers.results import Explanation
    from explainers.study import Feature, Study
    from pages.parts.pickers import Chosen
    from pages.parts.shell import Here

NOT_KNOWN = "not known"
CONTROL_WIDTH = 290
PREFIX = "new:"
MOST_KEPT = 50


def room(here: Here, chosen: Chosen, explanation: Explanation, spec: dict[str, Any]) -> None:
    """Draw the controls and, once a value differs, before and after side by side."""
    study = here.study
    st.caption(plain(_manner(study, here.candidate.features)))
    kept = _kept(here, chosen)
    names = sorted(here.candidate.features, key=lambda n: study.dictionary[n].changeable == "no")
    recorded = {n: chosen.row[n].iloc[0] for n in names}
    with st.container(horizontal=True, vertical_alignment="bottom", key="change_controls"):
        values = {n: _control(study, study.dictionary[n], recorded[n], kept.get(n, recorded[n])) for n in names}
    changed = [n for n in names if not _same(values[n], recorded[n])]
    kept.clear()
    kept |= {n: values[n] for n in changed}
    edited = chosen.row.copy()
    for name in changed:
        edited[name] = pd.Series([values[name]], index=edited.index)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Reset", key="change_reset", icon=":material/undo:", disabled=not changed, on_click=_reset, args=(kept,)
        )
        if not changed:
            st.caption("Nothing is changed yet.", width="content")
    if not changed:
        return
    same = explanation.outcome[0] if len(study.classes) > 2 else None
    job = answer.explain(here, chosen, spec, edited, outcome=same)
    after = work.result_of(job, doing="Asking again", height=300, key="again")
    said = say_change.describe(
        explanation,
        after,
        study,
        was_unusual=sure.unusual(here, chosen.row),
        unusual=sure.unusual(here, edited),
        audience=here.audience,
    )
    show.narrative(said)
    interval, coverage = sure.of_case(here, chosen, edited)
    if interval is not None:
        ranged = say_intervals.describe(interval, study, coverage=coverage, audience=here.audience)
        show.sentences([ranged.headline, *ranged.caveats, *ranged.sentences])
    before_side, after_side = st.columns(2, gap="large")
    for side, which, heading in ((before_side, explanation, "As recorded"), (after_side, after, "With your changes")):
        with side:
            st.markdown(f"##### {heading}: {plain(answer.short_answer(here, which))}")
            alt = display.alt(which, study, audience=here.audience)
            figure = draw.draw(which, study, title="", alt=alt, technical=here.technical)
            show.chart(figure, key=f"change_{heading}", technical=here.technical)
    _keep(here, chosen, edited, changed)


def _same(a: Any, b: Any) -> bool:
    if pd.isna(a) or pd.isna(b):
        return bool(pd.isna(a) and pd.isna(b))
    if isinstance(a, (int, float, np.number)) and isinstance(b, (int, float, np.number)):
        return bool(np.isclose(float(a), float(b), rtol=1e-9, atol=1e-12))
    return bool(a == b)


def _manner(study: Study, names: Sequence[str]) -> str:
    """Say what changing a value shows, and which values nobody can change.

    One text for all controls: a hint at each took the browser a tenth of every repaint.
    """
    said = f"Change any value. This shows what the option would say, not what would happen to the {study.case}."
    fixed = [study.dictionary[n].label for n in names if study.dictionary[n].changeable == "no"]
    if not fixed or len(fixed) == len(names):
        return said
    return f"{said} The person concerned cannot change these: {listed(fixed)}."


def _kept(here: Here, chosen: Chosen) -> dict[str, Any]:
    """Return what this reader changed in this case, by column; the controls follow when another case is shown.

    The controls have the same keys for every case: new ones would have to be made anew by the browser at each pick.
    """
    every: dict[tuple[str, str], dict[str, Any]] = st.session_state.setdefault("changes", {})
    this = (here.study.name, chosen.id)
    if this not in every:
        while len(every) >= MOST_KEPT:
            every.pop(next(iter(every)))
        every[this] = {}
    if st.session_state.get("changes_shown") != this:
        _draw_anew()
        st.session_state["changes_shown"] = this
    return every[this]


def _reset(kept: dict[str, Any]) -> None:
    kept.clear()
    _draw_anew()


def _draw_anew() -> None:
    for key in [k for k in st.session_state if str(k).startswith(PREFIX)]:
        del st.session_state[key]


def _control(study: Study, column: Feature, recorded: Any, value: Any) -> Any:
    """Draw the control that fits the column and return the value in the data's own unit."""
    key, label = f"{PREFIX}{column.name}", plain(column.label)
    if column.kind == "numeric":
        return _number(column, recorded, value, key, label)
    if column.kind == "date":
        if key not in st.session_state:
            st.session_state[key] = None if pd.isna(value) else pd.Timestamp(value).date()
        day = st.date_input(label, key=key, width=CONTROL_WIDTH)
        return pd.NaT if day is None else pd.Timestamp(day)
    levels, some_missing = cached.once(("levels", study.data_key, column.name), lambda: _levels(study, column))
    choices: list[Any] = [*levels, *([None] if some_missing or pd.isna(recorded) else [])]
    if not pd.isna(recorded) and recorded not in choices:
        choices.append(recorded)

    def word(v: Any) -> str:
        return NOT_KNOWN if v is None else phrases.value_text(column, v)

    if key not in st.session_state:
        wanted = None if pd.isna(value) else value
        st.session_state[key] = choices.index(wanted if wanted in choices else recorded)
    picked = st.selectbox(
        label, range(len(choices)), format_func=lambda i: word(choices[i]), key=key, width=CONTROL_WIDTH
    )
    return recorded if picked is None else choices[picked]


def _levels(study: Study, column: Feature) -> tuple[list[Any], bool]:
    """Return the levels that the data has, in the order of the dictionary, and whether some are missing."""
    present = study.frame[column.name]
    found = set(present.dropna())
    levels = [v for v in (column.level_labels or {}) if v in found]
    return levels or sorted(found, key=str), bool(present.isna().any())


def _number(column: Feature, recorded: Any, value: Any, key: str, label: str) -> Any:
    """Draw a number in the unit that people read: shares of one as percent."""
    scale = 100.0 if ":percent}" in (column.phrase or "") else 1.0
    unit = " (%)" if scale == 100 or column.unit == "percent" else (f" ({plain(column.unit)})" if column.unit else "")
    unit = "" if (column.unit or "").casefold() == column.label.casefold() else unit  # not "Bedrooms (bedrooms)"
    low = None if column.minimum is None else float(column.minimum) * scale
    high = None if column.maximum is None else float(column.maximum) * scale
    start = None if pd.isna(recorded) else round(float(recorded) * scale, 6)
    if start is not None and low is not None:
        low = min(low, start)
    if start is not None and high is not None:
        high = max(high, start)
    span = (high - low) if low is not None and high is not None else abs(start or 100.0)
    if key not in st.session_state:
        st.session_state[key] = None if pd.isna(value) else round(float(value) * scale, 6)
    picked = st.number_input(
        f"{label}{unit}",
        min_value=low,
        max_value=high,
        value=None,
        step=1.0 if span >= 20 else 0.1,
        format="%.1f" if scale == 100 else "%.6g",
        key=key,
        placeholder=NOT_KNOWN,
        width=CONTROL_WIDTH,
    )
    if picked is None:
        return np.nan
    if start is not None and abs(picked - start) < 1e-9:
        return recorded
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
        form = f"keep:{study.name}:{chosen.id}"
        if people.send("Keep", form, label, key="keep_save"):
            if not name:
                st.warning("Write your name first, so that others know whose case it is.")
                return
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
