"""The figures behind every amount: each with its unit and where it comes from, changed in one form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from explainers.words import money as say_money
from explainers.words.say import listed
from pages.parts import compare_figures, compare_scenarios, show
from pages.parts.text import plain, short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from explainers.results import Assumption, Comparison, Narrative
    from pages.parts.compare_figures import Figures
    from pages.parts.shell import Here

GROUPS = {
    "cases": "How many",
    "differing": "Answers that differ from the record, and right ones",
    "people": "People",
    "machines": "Machines",
    "time": "Time",
}
STATES = {
    "example": ":gray-badge[example]",
    "study": ":blue-badge[from the study]",
    "changed": ":orange-badge[changed]",
}
PREFIX = "figure:"
SIGNIFICANT = "%.6g"
FIELD = 250  # pixels


def room(here: Here, found: Comparison, figures: Figures, said: Narrative) -> None:
    """Draw the form with every figure, what the choice is with them, and the scenarios."""
    made = figures.assumptions
    refused = st.session_state.pop("figures_refused", "") or figures.problem
    if refused:
        st.warning(plain(f"{refused} Nothing was changed."))
    show.sentences(say_money.assumed(made), small=True)
    left, right = st.columns([1, 1], gap="large", vertical_alignment="center")
    with left, st.container(border=True, key="figures_say"):
        st.caption("With these figures")
        st.markdown(f"**{plain(said.headline.text)}**")
        st.caption(plain(_changes(made.figures)))
    with right, st.container(horizontal=True, gap="small", key="figures_do"):
        st.button(
            "Undo",
            icon=":material/undo:",
            key="figures_undo",
            disabled=not compare_figures.can_undo(),
            on_click=compare_figures.undo,
        )
        st.button(
            "Back to the study's own",
            icon=":material/restart_alt:",
            key="figures_reset",
            disabled=not figures.text,
            on_click=compare_figures.reset,
        )
        compare_scenarios.keep(here, figures)
        compare_scenarios.confirm(here, figures)
    _form(here, figures)
    compare_scenarios.listed(here, figures)
    del found


def _changes(every: Sequence[Assumption]) -> str:
    """Return in a sentence which figures are changed."""
    changed = [f for f in every if f.given == "changed"]
    if not changed:
        return "No figure is changed."
    parts = [f"{short(f.label, 60)} {_number(f.usual)} → {_number(f.value)}" for f in changed[:4]]
    more = f" and {len(changed) - 4} more" if len(changed) > 4 else ""
    return f"Changed: {'; '.join(parts)}{more}."


def _number(value: float) -> str:
    return f"{value:,.12g}" if abs(value) >= 1 else f"{value:.6g}"


def _form(here: Here, figures: Figures) -> None:
    made, round_ = figures.assumptions, int(st.session_state.get("figures_round", 0))
    start = f"{PREFIX}{here.study.name}:{round_}:"
    with st.container(key="figures_all"), st.form("figures_form", border=True, enter_to_submit=True):
        for group, heading in GROUPS.items():
            some = [f for f in made.figures if f.group == group]
            if some:
                st.markdown(f"##### {heading}")
                _fields(some, start)
        st.form_submit_button(
            "Work it out with these figures",
            type="primary",
            key="figures_take",
            on_click=_take,
            args=(here, figures, start),
        )


def _fields(some: Sequence[Assumption], start: str) -> None:
    """Draw the figures of one group side by side, and below them where they come from."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        for figure in some:
            _field(figure, start)
    sources: dict[tuple[str, str], list[str]] = {}
    for figure in some:
        sources.setdefault((figure.given, figure.source), []).append(figure.label)
    lines = []
    for (given, source), names in sources.items():
        whose = "" if len(sources) == 1 else f" {plain(_named(names))}:"
        lines.append(f":small[{STATES[given]}{whose} {plain(source)}]")
    st.markdown("  \n".join(lines))


def _named(names: Sequence[str]) -> str:
    first = [short(n, 60) for n in names]
    return listed(first) if len(first) < 3 else f"{first[0]} and {len(first) - 1} more"


def _field(figure: Assumption, start: str) -> None:
    unit = "" if figure.unit in figure.label.lower() else f" ({figure.unit})"
    st.number_input(
        plain(f"{figure.label}{unit}"),
        min_value=float(figure.minimum),
        max_value=float(figure.maximum),
        value=float(figure.value),
        step=_step(figure),
        format=SIGNIFICANT,
        key=f"{start}{figure.name}",
        persist_state="session",
        width=FIELD,
    )


def _step(figure: Assumption) -> float:
    """Return by how much the buttons of a field change it."""
    size = abs(figure.value)
    return next((step for least, step in ((1000, 100.0), (100, 10.0), (10, 1.0), (1, 0.5)) if size >= least), 0.01)


def _take(here: Here, figures: Figures, start: str) -> None:
    """Put what was typed on screen; an emptied field means what it was."""
    values: dict[str, Any] = dict(compare_figures.from_text(figures.text))
    for figure in figures.assumptions.figures:
        typed = st.session_state.get(f"{start}{figure.name}")
        if typed is None or abs(float(typed) - figure.value) <= 1e-9 * max(1.0, abs(figure.value)):
            continue
        values[figure.name] = float(typed)
    compare_figures.take(here, values)
